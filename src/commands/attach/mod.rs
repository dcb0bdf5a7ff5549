//! `attach`: sits down at the terminal of a session, a task or an agent.
//!
//! What runs there is the OpenCode interface on the conversation, or with `--shell` a shell in its directory: a program on
//! a terminal of the agent's server, which goes on when we leave. The next `attach` of the same conversation finds that
//! terminal by its title and comes back to it. See [`link`] for the connection to it.

mod link;

use std::time::Duration;

use serde_json::json;
use tokio_util::task::AbortOnDropHandle;

use super::wait::{State, deadline, until};
use super::{Context, agents, outcome, target, writes};
use crate::api::kinds::{AGENT, Kind, SESSION, TASK};
use crate::api::session::SessionPhase;
use crate::api::{Agent, GoDuration, Session, keys};
use crate::cli::attach::Attach;
use crate::cluster::{self, Cluster, Request};
use crate::error::{Code, Error, Result};
use crate::opencode::{self, NewPty, Pty, Replay};
use crate::terminal::{OsTerminal, Signal, Terminal};
use link::{End, Link};

/// How often the Agent is told that somebody is connected, so that standby does not suspend it.
const HEARTBEAT: Duration = Duration::from_secs(60);
/// Longest wait for the server's first answer.
const READY: Duration = Duration::from_secs(30);
/// Where KubeOpenCode's Pods keep the program when it is not on the server's PATH.
const TOOLS: &str = "/tools/opencode";
/// Beginning of the titles of our terminals.
const TITLE: &str = "kubectl-opencode";

/// Attaches; the number is the remote program's exit status.
pub async fn run(context: &Context, args: &Attach) -> Result<u8> {
    let terminal = OsTerminal;
    if !args.shell && !terminal.is_interactive() {
        return Err(Error::usage("attach needs a terminal")
            .hint("`kubectl opencode session send REF TEXT` works without one, and so does `attach --shell`"));
    }
    let place = Place::find(context, args).await?;
    // From here on the keyboard belongs to the remote program: a credential plugin must not read it.
    let cluster = context.cluster().await?.without_stdin().await?;
    let client = cluster::opencode(&cluster.client, &cluster.namespace, &place.agent).await?;
    client.ready(READY).await?;
    let _heartbeat = heartbeat(&cluster, &place.agent);

    let room = Room::open(&cluster, client, &place, args.shell).await?;
    let (pty, replay) = match room.running().await? {
        Some(pty) if args.shell => (pty, Replay::All),
        Some(pty) => (pty, Replay::None),
        None => (room.start(&terminal).await?, Replay::All),
    };
    context.printer.done_waiting();
    let came_back = replay == Replay::None;
    let link = Link {
        client: &room.client,
        pty: &pty.id,
        keys: &args.detach_keys,
        read_only: args.read_only,
        full_screen: !args.shell,
        repaint: came_back,
        reconnect: args.reconnect_timeout.to_std().unwrap_or_default(),
    };
    let again = again(context, args, &place.reference);
    match link.run(&terminal, replay).await? {
        End::Detached => {
            context.printer.note(&format!("detached; it goes on. Come back with: {again}"));
            Ok(0)
        }
        End::Exited(code) => Ok(u8::try_from(code & 0xff).unwrap_or(u8::MAX)),
        End::Gone => Err(Error::new(Code::LinkLost, "the terminal was closed on the agent's server")
            .because("somebody closed it, or the server was restarted; the conversation is kept")
            .hint(again)),
        End::Lost(error) => Err(Error::new(Code::LinkLost, "the link to the terminal is lost")
            .caused_by(&Error::from(error))
            .hint(again)),
        End::Signal(signal) => {
            terminal.end_by(signal);
            Err(Error::new(Code::Terminated, if signal == Signal::HangUp { "hung up" } else { "quit" }))
        }
    }
}

/// Where to sit down: an agent, and maybe one of its conversations.
struct Place {
    agent: String,
    session: Option<String>,
    /// As the user may type it again.
    reference: String,
}

impl Place {
    async fn find(context: &Context, args: &Attach) -> Result<Self> {
        let typed = args.reference.reference.as_str();
        let (word, name) = typed.split_once('/').unwrap_or((SESSION.noun, typed));
        if Kind::from_word(word) == Some(&AGENT) {
            resume(context, args, name).await?;
            let reference = format!("{}/{name}", AGENT.noun);
            return Ok(Self { agent: name.to_owned(), session: args.reference.session.clone(), reference });
        }
        if Kind::from_word(word) == Some(&SESSION) {
            let session = Self::started(context, name).await?;
            let agent = session.status.as_ref().and_then(|status| status.agent_ref.as_ref());
            if let Some(agent) = agent.or(session.spec.agent_ref.as_ref()) {
                resume(context, args, &agent.name).await?;
            }
        } else if Kind::from_word(word) == Some(&TASK) {
            let task = agents::get(context, &TASK, name).await?;
            if let Some(agent) = target::agent_of(&task) {
                resume(context, args, agent).await?;
            }
        }
        let found = target::resolve(context, &SESSION, &args.reference).await?;
        Ok(Self { agent: found.agent, session: Some(found.session), reference: found.reference })
    }

    /// The session, waited for if it was created a moment ago.
    async fn started(context: &Context, name: &str) -> Result<Session> {
        let session: Session = agents::get(context, &SESSION, name).await?;
        if outcome::session_phase(&session) != SessionPhase::Pending {
            return Ok(session);
        }
        context.printer.waiting_for(&format!("session {name} is pending"));
        until(context, &SESSION, name, &State::Ready, None).await?;
        agents::get(context, &SESSION, name).await
    }
}

/// The command that comes back here.
fn again(context: &Context, args: &Attach, reference: &str) -> String {
    let connection = &context.global.connection;
    let flags = [
        ("--session", &args.reference.session),
        ("--namespace", &connection.namespace),
        ("--context", &connection.context),
    ];
    let mut command = format!("kubectl opencode attach {reference}");
    for (flag, value) in flags.into_iter().filter_map(|(flag, value)| Some((flag, value.as_ref()?))) {
        command.extend([" ", flag, " ", value]);
    }
    if args.shell {
        command.push_str(" --shell");
    }
    command
}

/// Wakes a suspended agent if that was asked for.
async fn resume(context: &Context, args: &Attach, name: &str) -> Result<()> {
    if !args.resume {
        return Ok(());
    }
    let agent: Agent = agents::get(context, &AGENT, name).await?;
    if agent.spec.suspend != Some(true) {
        return Ok(());
    }
    writes::patch(context, &AGENT, name, &json!({"spec": {"suspend": false}})).await?;
    context.printer.waiting_for(&format!("waiting for agent {name}"));
    until(context, &AGENT, name, &State::Ready, deadline(None::<GoDuration>)).await?;
    Ok(())
}

/// Tells the platform that somebody is here, at once and every minute, as long as the handle lives. Who may not patch
/// Agents attaches all the same.
pub(super) fn heartbeat(cluster: &Cluster, agent: &str) -> AbortOnDropHandle<()> {
    let api: kube::Api<Agent> = kube::Api::namespaced(cluster.client.clone(), &cluster.namespace);
    let (namespace, agent) = (cluster.namespace.clone(), agent.to_owned());
    AbortOnDropHandle::new(tokio::spawn(async move {
        let mut tick = tokio::time::interval(HEARTBEAT);
        loop {
            tick.tick().await;
            let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            let patch = json!({"metadata": {"annotations": {keys::LAST_CONNECTION_ACTIVE: now}}});
            if let Err(error) = cluster::merge_patch(&api, &agent, &patch).await {
                let request = Request::new("patch", AGENT.resource).namespace(&namespace).name(&agent);
                tracing::debug!("cannot tell that somebody is connected: {}", cluster::api_error(error, &request));
            }
        }
    }))
}

/// The server's terminals for one conversation.
struct Room {
    /// Speaking about the conversation's directory.
    client: opencode::Client,
    session: Option<String>,
    directory: Option<String>,
    shell: bool,
    /// The server's address as its own Pod sees it.
    url: String,
}

impl Room {
    async fn open(cluster: &Cluster, client: opencode::Client, place: &Place, shell: bool) -> Result<Self> {
        let directory = match &place.session {
            Some(id) => Some(client.session(id).await?.directory).filter(|directory| !directory.is_empty()),
            None => None,
        };
        let client = match &directory {
            Some(directory) => client.in_directory(directory),
            None => client,
        };
        let url = cluster::server_pod(&cluster.client, &cluster.namespace, &place.agent).await?.url();
        Ok(Self { client, session: place.session.clone(), directory, shell, url })
    }

    fn title(&self) -> String {
        let what = if self.shell { "shell" } else { "interface" };
        let session = self.session.as_deref().unwrap_or("agent");
        format!("{TITLE} {what} {session}")
    }

    /// The terminal that an earlier attach left running.
    async fn running(&self) -> Result<Option<Pty>, opencode::Error> {
        let title = self.title();
        Ok(self.client.ptys().await?.into_iter().find(|pty| pty.is_running() && pty.title == title))
    }

    /// Starts the program on a new terminal of the user's size.
    async fn start(&self, terminal: &dyn Terminal) -> Result<Pty> {
        let pty =
            if self.shell { self.client.create_pty(&self.program(None)).await? } else { self.interface().await? };
        let size = terminal.size();
        self.client.resize_pty(&pty.id, size.rows, size.cols).await?;
        Ok(pty)
    }

    async fn interface(&self) -> Result<Pty> {
        match self.client.create_pty(&self.program(Some("opencode"))).await {
            // How this server says that there is no such program.
            Err(opencode::Error::Refused { status: 500, .. }) => {
                Ok(self.client.create_pty(&self.program(Some(TOOLS))).await?)
            }
            made => Ok(made?),
        }
    }

    fn program(&self, opencode: Option<&str>) -> NewPty {
        let mut new = NewPty { title: Some(self.title()), cwd: self.directory.clone(), ..NewPty::default() };
        if let Some(opencode) = opencode {
            new.command = Some(opencode.to_owned());
            new.args = vec!["attach".to_owned(), self.url.clone()];
            if let Some(session) = &self.session {
                new.args.extend(["--session".to_owned(), session.clone()]);
            }
        }
        if let Ok(colours) = std::env::var("COLORTERM") {
            new.env.insert("COLORTERM".to_owned(), colours);
        }
        new
    }
}
