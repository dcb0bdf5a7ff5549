//! The ends of a Session: stopped, out of time, deleted. Each aborts the turn first.

use std::time::Duration;

use k8s_openapi::jiff::Timestamp;
use kube::{Resource, ResourceExt};

use super::checkout::{self, Outcome};
use super::decide::{self, AgentView};
use super::{Reconciler, agent_of, owner, remote, status, uid, workspace};
use crate::api::conditions::{reasons, types};
use crate::api::session::{DeletionPolicy, SessionPhase};
use crate::api::{NameRef, Session, keys};
use crate::controller::queue::Action;
use crate::controller::status::{condition, remove_condition};
use crate::error::{Code, Error, Result};
use crate::opencode::Client;

/// Longest time that deletion waits for a server that does not answer.
const CLEANUP_LIMIT: Duration = Duration::from_secs(60);
/// Pause between two tries to clean up.
const CLEANUP_PAUSE: Duration = Duration::from_secs(5);
/// Longest time for the removal of one folder.
const CLEAR_LIMIT: Duration = Duration::from_secs(10);

impl Reconciler {
    /// Aborts the turn and ends the Session, by wish or by time.
    pub(super) async fn end(
        &self,
        session: &Session,
        agent: &AgentView,
        agent_name: &str,
        phase: SessionPhase,
        reason: &'static str,
        message: String,
    ) -> Result<Action> {
        let ended = self.abort(session, agent, agent_name).await?;
        self.links.forget(&owner(session));
        self.workspaces.forget(&uid(session));
        let mut next = status::ended(session, agent, phase, reason, message.clone());
        if next.session_id.is_none() && ended.is_some() {
            (next.session_id, next.agent_ref) = (ended, Some(NameRef { name: agent_name.to_owned() }));
        }
        self.write(session, &next).await?;
        self.context.reports.normal(session, phase.as_str(), "Stop", message).await;
        Ok(Action::await_change())
    }

    /// Aborts the turn that could not be aborted when the Session ended.
    pub(super) async fn abort_left_over(
        &self,
        session: &Session,
        agent: &AgentView,
        agent_name: &str,
    ) -> Result<Action> {
        self.abort(session, agent, agent_name).await?;
        let mut next = session.status.clone().unwrap_or_default();
        next.activity = None;
        self.write(session, &next).await?;
        Ok(Action::await_change())
    }

    /// Aborts the turn where there is a server; tells the OpenCode session. One that was made, and perhaps prompted, and not
    /// written down before the Session was stopped is found.
    async fn abort(&self, session: &Session, agent: &AgentView, agent_name: &str) -> Result<Option<String>> {
        let AgentView::Ready(server) = agent else { return Ok(None) };
        let client = self.links.client(&session.namespace().unwrap_or_default(), agent_name, server).await?;
        let id = match session.status.as_ref().and_then(|status| status.session_id.clone()) {
            None => remote::find(&client, session).await?.map(|remote| remote.id),
            known => known,
        };
        if let Some(id) = &id {
            remote::end(&client, id, None).await?;
            if workspace::is_used(session) {
                checkout::cancel(&client, &uid(session)).await?;
            }
            tracing::debug!(agent = agent_name, session = id, "aborted");
        }
        Ok(id)
    }

    /// Nothing to do until somebody asks for it, or until the time to delete it.
    pub(super) async fn rest(&self, session: &Session, delete_in: Option<Duration>) -> Result<Action> {
        self.links.forget(&owner(session));
        let mut next = session.status.clone().unwrap_or_default();
        if condition(&next.conditions, types::SPEC_APPLIED).is_some_and(|told| told.reason == reasons::UNDECODABLE) {
            remove_condition(&mut next.conditions, types::SPEC_APPLIED);
            self.put(session, &next).await?;
        }
        match delete_in {
            None => Ok(Action::await_change()),
            Some(left) if left.is_zero() => {
                self.context.delete(session).await?;
                Ok(Action::await_change())
            }
            Some(left) => Ok(Action::requeue(left)),
        }
    }

    /// Ends what the Session left on the server, then lets it go; never later than [`CLEANUP_LIMIT`].
    pub(super) async fn clean_up(&self, session: &Session) -> Result<Action> {
        if !session.finalizers().iter().any(|finalizer| finalizer == keys::SESSION_FINALIZER) {
            return Ok(Action::await_change());
        }
        let agent_name = agent_of(session);
        let since = session.meta().deletion_timestamp.as_ref().map_or_else(Timestamp::now, |time| time.0);
        let left = CLEANUP_LIMIT.saturating_sub(decide::elapsed(since, Timestamp::now()));
        // A first try is made however late it is: the controller may have been away.
        let tried = tokio::time::timeout(left.max(CLEANUP_PAUSE), self.end_remote(session, &agent_name)).await;
        let tried = tried.unwrap_or_else(|_| {
            Err(Error::new(Code::AgentUnavailable, format!("the server of Agent {agent_name} does not answer")))
        });
        if let Err(error) = tried {
            if !left.is_zero() {
                tracing::info!(session = session.name_any(), %error, "cannot clean up yet");
                return Ok(Action::requeue(CLEANUP_PAUSE.min(left)));
            }
            let note = format!("gave up on the OpenCode session: {error}");
            self.context.reports.warning(session, "CleanupSkipped", "Delete", note).await;
        }
        self.links.forget(&owner(session));
        self.pace.forget(&uid(session));
        self.workspaces.forget(&uid(session));
        self.context.remove_finalizer(session, keys::SESSION_FINALIZER).await?;
        Ok(Action::await_change())
    }

    async fn end_remote(&self, session: &Session, agent_name: &str) -> Result<()> {
        let known = session.status.as_ref().is_some_and(|status| status.session_id.is_some());
        let server = match self.agent(session, agent_name) {
            AgentView::Ready(server) => server,
            // No server, nothing runs on it; and what is not ours was never used.
            AgentView::Missing | AgentView::Suspended | AgentView::Standby | AgentView::Foreign => return Ok(()),
            // It never had an OpenCode session, so nobody need wait for a server that may never come.
            AgentView::NotReady if !known => return Ok(()),
            AgentView::NotReady => {
                return Err(Error::new(Code::AgentUnavailable, format!("no Pod of Agent {agent_name} is ready")));
            }
        };
        let client: Client = self.links.client(&session.namespace().unwrap_or_default(), agent_name, &server).await?;
        let home = client.path().await?.directory;
        let wanted = remote::directory(&home, session.spec.directory.as_deref()).unwrap_or(home);
        let remote = remote::find(&client.in_directory(&wanted), session).await?;
        // Where it works is decided once; what the spec says may have been edited since.
        let directory = remote.as_ref().map_or(wanted, |remote| remote.directory.clone());
        self.workspaces.forget(&uid(session));
        if workspace::is_used(session) {
            checkout::cancel(&client, &uid(session)).await?;
        }
        let policy = session.spec.deletion_policy.unwrap_or_default();
        if policy == DeletionPolicy::Delete {
            self.clear_workspace(session, &client, &directory).await;
        }
        if let Some(remote) = remote {
            remote::end(&client.in_directory(&directory), &remote.id, Some(policy)).await?;
        }
        Ok(())
    }

    /// Takes the Session's repositories out of the workspace, unless that takes long or loses work: that is no reason to
    /// keep the Session.
    async fn clear_workspace(&self, session: &Session, home: &Client, directory: &str) {
        for checkout in workspace::removals(session) {
            let why = match checkout.run(home, directory, &uid(session), CLEAR_LIMIT).await {
                Ok(Outcome::Done) => continue,
                Ok(Outcome::Failed { message, .. }) => message,
                Err(error) => error.to_string(),
            };
            let note = format!("{} stays in the workspace: {why}", checkout.folder);
            self.context.reports.warning(session, "FolderKept", "Delete", note).await;
        }
    }
}
