//! Connections to the OpenCode servers of Agents: one event stream per Agent in use, however many Sessions are on it.

mod server;
mod state;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use k8s_openapi::jiff::Timestamp;
use tokio::sync::OnceCell;
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

pub use crate::cluster::ServerPod as Server;
pub use server::{Connections, Reach, server_of};
pub use state::{BEGINS_WITHIN, Owner, View};

use crate::error::Result;
use crate::opencode::types::{NamedError, ToolCall};
use crate::opencode::{Client, Followed, Session, SessionQuery};
use state::{Fetch, Fetched, State};

/// Called with the Session whose state changed.
pub type OnChange = Arc<dyn Fn(&Owner) + Send + Sync>;

/// Most sessions of one server that are listed.
const LISTED: u32 = 100_000;
/// Clocks that differ by less are taken for the same, in milliseconds.
const CLOCK_TOLERANCE: i64 = 30_000;
/// Longest wait of a first prompt for the event stream.
const CONNECTS_WITHIN: Duration = Duration::from_secs(2);

/// The servers that are followed.
pub struct Links {
    connections: Connections,
    on_change: OnChange,
    open: Mutex<HashMap<(String, String), Arc<Link>>>,
}

/// One server that is followed, for as long as this exists.
pub struct Link {
    /// Calls to it.
    pub client: Client,
    agent: String,
    server: Server,
    shared: Arc<Shared>,
    home: OnceCell<String>,
    sign_of_life: Mutex<Option<Instant>>,
    listing: tokio::sync::Mutex<()>,
    _following: DropGuard,
}

struct Shared {
    client: Client,
    state: Mutex<State>,
    connected: CancellationToken,
    on_change: OnChange,
}

impl Links {
    /// No link yet. `on_change` is called for every Session that something happened to.
    pub fn new(connections: Connections, on_change: OnChange) -> Self {
        Self { connections, on_change, open: Mutex::default() }
    }

    /// Calls to an Agent's server: over the connections of its link where one is open.
    pub async fn client(&self, namespace: &str, agent: &str, server: &Server) -> Result<Client> {
        let key = (namespace.to_owned(), agent.to_owned());
        let open = lock(&self.open).get(&key).filter(|link| link.server == *server).map(|link| link.client.clone());
        match open {
            Some(client) => Ok(client),
            None => self.connections.client(namespace, server).await,
        }
    }

    /// The link to an Agent's server; a new one if its Pod is another than before.
    pub async fn open(&self, namespace: &str, agent: &str, server: &Server) -> Result<Arc<Link>> {
        let key = (namespace.to_owned(), agent.to_owned());
        if let Some(link) = lock(&self.open).get(&key).filter(|link| link.server == *server) {
            return Ok(link.clone());
        }
        let client = self.connections.client(namespace, server).await?;
        let mut open = lock(&self.open);
        // Somebody may have been faster.
        if let Some(link) = open.get(&key).filter(|link| link.server == *server) {
            return Ok(link.clone());
        }
        let link = Arc::new(Link::new(client, agent, server.clone(), self.on_change.clone()));
        open.insert(key, link.clone());
        Ok(link)
    }

    /// Begins to keep the session `id`, which works in `directory`, for `owner`.
    pub fn track(&self, link: &Arc<Link>, id: &str, directory: &str, owner: Owner) {
        let agent = (owner.namespace.clone(), link.agent.clone());
        // Under one lock with the list of links, so that nobody closes the link as unused in between.
        let mut open = lock(&self.open);
        let mut state = lock(&link.shared.state);
        state.track(id, owner, directory);
        open.insert(agent, link.clone());
    }

    /// Ends keeping a Session.
    pub fn forget(&self, owner: &Owner) {
        self.keep(|kept| kept != owner);
    }

    /// What tells that a Session is to be looked at.
    pub fn waker(&self) -> OnChange {
        self.on_change.clone()
    }

    /// Ends keeping all Sessions but these anywhere; a link that nobody needs is closed.
    pub fn keep(&self, these: impl Fn(&Owner) -> bool) {
        lock(&self.open).retain(|_, link| {
            let mut state = lock(&link.shared.state);
            state.keep(&these);
            !state.is_empty()
        });
    }

    /// How many event streams are open.
    pub fn len(&self) -> usize {
        lock(&self.open).len()
    }

    /// Whether no event stream is open.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Link {
    fn new(client: Client, agent: &str, server: Server, on_change: OnChange) -> Self {
        let shared = Arc::new(Shared {
            client: client.clone(),
            state: Mutex::default(),
            connected: CancellationToken::new(),
            on_change,
        });
        let cancelled = CancellationToken::new();
        tokio::spawn(follow(shared.clone(), cancelled.clone()));
        Self {
            client,
            agent: agent.to_owned(),
            server,
            shared,
            home: OnceCell::new(),
            sign_of_life: Mutex::default(),
            listing: tokio::sync::Mutex::default(),
            _following: cancelled.drop_guard(),
        }
    }

    /// How far the server's clock is ahead of ours, in milliseconds; 0 where that is too little to matter.
    pub fn ahead(&self) -> i64 {
        let ahead = self.client.server_time().map_or(0, |time| time - Timestamp::now().as_millisecond());
        if ahead.abs() < CLOCK_TOLERANCE { 0 } else { ahead }
    }

    /// The Agent whose server it is.
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// The directory that the server works in, as the server sees it.
    pub async fn home(&self) -> Result<&str, crate::opencode::Error> {
        let home = self.home.get_or_try_init(|| async { self.client.path().await.map(|paths| paths.directory) });
        home.await.map(String::as_str)
    }

    /// A prompt is about to be sent: waits until the events that it brings are listened to, though not for ever.
    pub async fn expect_turn(&self, id: &str) {
        if tokio::time::timeout(CONNECTS_WITHIN, self.shared.connected.cancelled()).await.is_err() {
            tracing::info!(agent = self.agent, "no events yet, prompting all the same");
        }
        lock(&self.shared.state).expect_turn(id);
    }

    /// No prompt was sent.
    pub fn expect_no_turn(&self, id: &str) {
        lock(&self.shared.state).expect_no_turn(id);
    }

    /// Whether a sign of life is due, once for all Sessions of the Agent in every `period`.
    pub fn is_sign_of_life_due(&self, period: Duration) -> bool {
        let mut last = lock(&self.sign_of_life);
        let due = last.is_none_or(|last| last.elapsed() >= period);
        if due {
            *last = Some(Instant::now());
        }
        due
    }

    /// Has the server asked what its sessions do, unless that was asked within `period`; those who keep one are woken by
    /// its answer. Events tell the same, but one may have been missed.
    pub fn refresh(&self, period: Duration) {
        let begun = lock(&self.shared.state).begin_fetch(period);
        if let Some(fetch) = begun {
            let shared = self.shared.clone();
            tokio::spawn(async move { shared.fetch(fetch).await });
        }
    }

    /// Whether the server has said what its sessions do since the last time that something was missed.
    pub fn is_fetched(&self) -> bool {
        lock(&self.shared.state).is_fetched_within(Duration::MAX)
    }

    /// What is known about a session that is kept.
    pub fn view(&self, id: &str) -> Option<View> {
        lock(&self.shared.state).view(id)
    }

    /// The session of that id, where a list of them all tells: asked once after every connect, however many are looked for.
    pub async fn listed(&self, id: &str) -> Result<Option<Session>, crate::opencode::Error> {
        let _one_at_a_time = self.listing.lock().await;
        let version = {
            let mut state = lock(&self.shared.state);
            if state.is_listed() {
                return Ok(state.take_listed(id));
            }
            state.doubts
        };
        let query = SessionQuery { limit: Some(LISTED), roots: true, ..SessionQuery::default() };
        let all = self.client.sessions(&query).await?;
        let mut state = lock(&self.shared.state);
        state.set_listed(all, version);
        Ok(state.take_listed(id))
    }

    /// Remembers what was fetched about a session.
    pub fn learn(&self, session: Session) {
        lock(&self.shared.state).set_session(session);
    }

    /// The failure of the last turn, once.
    pub fn take_failure(&self, id: &str) -> Option<NamedError> {
        lock(&self.shared.state).take_failure(id)
    }
}

/// Follows the server's events until cancelled.
async fn follow(shared: Arc<Shared>, cancelled: CancellationToken) {
    let mut events = shared.client.follow_all_events();
    loop {
        let followed = tokio::select! {
            followed = events.next() => followed,
            () = cancelled.cancelled() => return,
        };
        match followed {
            Some(Followed::Connected) => {
                let owners = {
                    let mut state = lock(&shared.state);
                    state.doubt();
                    state.owners()
                };
                shared.connected.cancel();
                shared.wake(&owners);
            }
            Some(Followed::Event(event)) => {
                let changed = lock(&shared.state).apply(event);
                if let Some(owner) = changed {
                    (shared.on_change)(&owner);
                }
            }
            Some(Followed::Lost(error)) => tracing::info!(%error, "event stream lost, trying again"),
            None => return,
        }
    }
}

impl Shared {
    /// Fetches turns and requests of every directory in use.
    async fn fetch(&self, fetch: Fetch) {
        let fetched = self.fetched().await;
        let owners = {
            let mut state = lock(&self.state);
            match fetched {
                Ok(told) => state.replace(fetch, told),
                Err(error) => {
                    tracing::info!(%error, "cannot fetch the state of a server");
                    state.end_fetch(fetch, !error.is_unreachable());
                }
            }
            if state.is_fetched_within(Duration::MAX) { state.owners() } else { Vec::new() }
        };
        self.wake(&owners);
    }

    fn wake(&self, owners: &[Owner]) {
        for owner in owners {
            (self.on_change)(owner);
        }
    }

    async fn fetched(&self) -> Result<Fetched, crate::opencode::Error> {
        let directories = lock(&self.state).directories();
        let Fetched { mut in_turn, mut permissions, mut questions, mut parents } = Fetched::default();
        for directory in directories {
            let client = self.client.in_directory(&directory);
            let in_turn_here = client.session_status().await?;
            let is_live = async |session: &str, call: Option<&ToolCall>| -> Result<bool, crate::opencode::Error> {
                Ok(in_turn_here.contains_key(session) && client.still_asks(session, call).await?)
            };
            for asked in client.permissions().await? {
                if is_live(&asked.session_id, asked.tool.as_ref()).await? {
                    permissions.push(asked);
                }
            }
            for asked in client.questions().await? {
                if is_live(&asked.session_id, asked.tool.as_ref()).await? {
                    questions.push(asked);
                }
            }
            in_turn.extend(in_turn_here);
        }
        let asking = permissions.iter().map(|asked| &asked.session_id);
        let asking: BTreeSet<_> = asking.chain(questions.iter().map(|asked| &asked.session_id)).cloned().collect();
        for mut id in asking {
            loop {
                let unknown = lock(&self.state).is_unknown(&id);
                if !unknown || parents.contains_key(&id) {
                    break;
                }
                match self.client.session(&id).await {
                    Ok(Session { parent_id: Some(parent), .. }) => {
                        parents.insert(id, parent.clone());
                        id = parent;
                    }
                    Ok(_) => break,
                    Err(error) if error.is_not_found() => break,
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(Fetched { in_turn, permissions, questions, parents })
    }
}

/// A poisoned lock holds plain data that is still the best there is.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
