//! OpenCode sessions whose Session is gone, because its finalizer was taken away by hand or its server was away for too
//! long; and those that nobody knows, because a server created one for a request that was given up and sent again.
//!
//! Their metadata names the Session. One is removed when it was an orphan for some time and is one by a fresh look, not only
//! by the watch: when its Session is not there, though perhaps another of that name, and did not want it to be kept; or when
//! its Session has another, and nothing was said in this one.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use kube::ResourceExt;
use kube::runtime::reflector::{ObjectRef, Store};
use tokio::time::Instant;

use super::remote::Keeper;
use super::{Reconciler, remote};
use crate::api::session::DeletionPolicy;
use crate::api::{Session, keys};
use crate::controller::feed::Guarded;
use crate::controller::link::{Server, server_of};
use crate::error::Result;
use crate::opencode::{Client, MessageQuery, Session as Remote, SessionQuery};

/// Most sessions of one server that are looked at.
const LOOKED_AT: u32 = 100_000;

/// Since when each orphan, by Agent and id, is known as one.
pub type Seen = HashMap<(String, String, String), Instant>;

impl Reconciler {
    /// Looks at every server once, and removes what was an orphan for `grace`.
    pub async fn sweep(&self, sessions: &Store<Guarded<Session>>, seen: &mut Seen, grace: Duration) {
        let pods = self.pods.state();
        let agents: BTreeSet<_> =
            pods.iter().filter_map(|pod| Some((pod.namespace()?, pod.labels().get(keys::AGENT)?.clone()))).collect();
        let mut still = Seen::new();
        for (namespace, agent) in agents {
            let Some(server) = server_of(pods.iter().map(|pod| &**pod), &namespace, &agent) else { continue };
            if let Err(error) = self.sweep_one(&namespace, &agent, &server, sessions, seen, &mut still, grace).await {
                tracing::info!(agent, %error, "cannot look for orphans");
            }
        }
        *seen = still;
    }

    #[expect(clippy::too_many_arguments, reason = "one loop's body")]
    async fn sweep_one(
        &self,
        namespace: &str,
        agent: &str,
        server: &Server,
        sessions: &Store<Guarded<Session>>,
        seen: &Seen,
        still: &mut Seen,
        grace: Duration,
    ) -> Result<()> {
        let client = self.links.client(namespace, agent, server).await?;
        let query = SessionQuery { limit: Some(LOOKED_AT), roots: true, ..SessionQuery::default() };
        for remote in client.sessions(&query).await? {
            let Some(keeper) = remote::keeper(&remote).filter(|keeper| keeper.namespace == namespace) else { continue };
            let known = sessions.get(&ObjectRef::new(&keeper.name).within(namespace));
            let may_be_orphan = match &known {
                None => !keeper.retains,
                Some(known) => known.0.as_ref().is_ok_and(|session| is_left_behind(session, &keeper, &remote)),
            };
            if !may_be_orphan {
                continue;
            }
            let key = (namespace.to_owned(), agent.to_owned(), remote.id.clone());
            let since = *seen.get(&key).unwrap_or(&Instant::now());
            if since.elapsed() < grace || !self.is_orphan(&client, namespace, &keeper, &remote).await? {
                still.insert(key, since);
                continue;
            }
            if let Err(error) = self.remove_orphan(&client, namespace, agent, &remote, &keeper.name).await {
                // The others behind it are looked at all the same.
                tracing::info!(agent, session = remote.id, %error, "cannot remove an orphan");
                still.insert(key, since);
            }
        }
        Ok(())
    }

    async fn is_orphan(&self, client: &Client, namespace: &str, keeper: &Keeper, remote: &Remote) -> Result<bool> {
        let Some(session) = self.context.session(namespace, &keeper.name).await? else { return Ok(!keeper.retains) };
        if !is_left_behind(&session, keeper, remote) {
            return Ok(false);
        }
        if is_namesake(&session, keeper) {
            return Ok(true);
        }
        let query = MessageQuery { limit: Some(1) };
        Ok(client.in_directory(&remote.directory).messages(&remote.id, &query).await?.is_empty())
    }

    async fn remove_orphan(
        &self,
        client: &Client,
        namespace: &str,
        agent: &str,
        remote: &Remote,
        of: &str,
    ) -> Result<()> {
        remote::end(&client.in_directory(&remote.directory), &remote.id, Some(DeletionPolicy::Delete)).await?;
        self.context.metrics.orphan_removed();
        if let Some(agent) = self.agents.get(&ObjectRef::new(agent).within(namespace)) {
            let note = format!("removed OpenCode session {}, which Session {of} left behind", remote.id);
            self.context.reports.normal(&*agent, "OrphanRemoved", "Sweep", note).await;
        }
        Ok(())
    }
}

/// Whether `remote` was made for `session`, which stands for another, or for one of its name that is gone.
fn is_left_behind(session: &Session, keeper: &Keeper, remote: &Remote) -> bool {
    let known = session.status.as_ref().and_then(|status| status.session_id.as_ref());
    if is_namesake(session, keeper) {
        let wanted = [known, session.annotations().get(keys::ADOPT)];
        return !keeper.retains && !wanted.contains(&Some(&remote.id));
    }
    known.is_some_and(|known| *known != remote.id)
}

/// Whether `session` has the name of the keeper, and is another.
fn is_namesake(session: &Session, keeper: &Keeper) -> bool {
    session.metadata.uid.as_deref() != Some(&*keeper.uid)
}
