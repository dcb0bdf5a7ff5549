//! OpenCode sessions whose Session is gone: its finalizer was taken away by hand, or its server was away for too long.
//!
//! Their metadata names the Session. One is removed when it was an orphan for some time, when no Session of its name is
//! there, by a fresh look and not only by the watch, and when the Session did not want it to be kept.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use kube::ResourceExt;
use kube::runtime::reflector::{ObjectRef, Store};
use tokio::time::Instant;

use super::{Reconciler, remote};
use crate::api::session::DeletionPolicy;
use crate::api::{Session, keys};
use crate::controller::feed::Guarded;
use crate::controller::link::{Server, server_of};
use crate::error::Result;
use crate::opencode::{Client, Session as Remote, SessionQuery};

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
            if keeper.retains || sessions.get(&ObjectRef::new(&keeper.name).within(namespace)).is_some() {
                continue;
            }
            let key = (namespace.to_owned(), agent.to_owned(), remote.id.clone());
            let since = *seen.get(&key).unwrap_or(&Instant::now());
            if since.elapsed() < grace || self.context.session(namespace, &keeper.name).await?.is_some() {
                still.insert(key, since);
                continue;
            }
            self.remove_orphan(&client, namespace, agent, &remote, &keeper.name).await?;
        }
        Ok(())
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
            let note = format!("removed OpenCode session {}, whose Session {of} is gone", remote.id);
            self.context.reports.normal(&*agent, "OrphanRemoved", "Sweep", note).await;
        }
        Ok(())
    }
}
