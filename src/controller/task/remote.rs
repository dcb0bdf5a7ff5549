//! The OpenCode session of a Task: found by its title, asked how it ended.

use kube::ResourceExt;
use kube::runtime::reflector::ObjectRef;

use super::Reconciler;
use crate::api::Task;
use crate::api::task::{TaskSession, TaskSummary, TokenUsage};
use crate::controller::link::server_of;
use crate::controller::transcript::{Transcript, dollars};
use crate::error::{Code, Error, Result};
use crate::opencode::{Client, Session};

impl Reconciler {
    /// A client of the server that the Task runs on; `None` where there is none to ask.
    pub(super) async fn client(&self, task: &Task) -> Result<Option<Client>> {
        let Some(agent) = &task.spec.agent_ref else { return Ok(None) };
        let namespace = task.namespace().unwrap_or_default();
        let gone = match self.agents.get(&ObjectRef::new(&agent.name).within(&namespace)) {
            None => true,
            Some(agent) => agent.0.as_ref().is_ok_and(|agent| agent.spec.suspend == Some(true)),
        };
        let pods = self.server_pods.state();
        match server_of(pods.iter().map(|pod| &**pod), &namespace, &agent.name) {
            Some(server) => self.connections.client(&namespace, &server).await.map(Some),
            None if gone => Ok(None),
            None => Err(Error::new(Code::AgentUnavailable, format!("no Pod of Agent {} is ready", agent.name))),
        }
    }

    /// The workspace of the Task's Agent, as its server knows it; `None` where there is none to ask.
    pub(super) async fn workspace(&self, task: &Task) -> Result<Option<String>> {
        let Some(client) = self.client(task).await? else { return Ok(None) };
        Ok(Some(client.path().await?.directory))
    }

    /// Ends the turn of the Task's session, if it has one.
    pub(super) async fn abort(&self, task: &Task) -> Result<Option<(Client, Session)>> {
        let Some(client) = self.client(task).await? else { return Ok(None) };
        let Some(session) = client.session_titled(&task.session_title()).await? else { return Ok(None) };
        client.abort(&session.id).await?;
        Ok(Some((client, session)))
    }

    /// How the Task's session ended.
    pub(super) async fn outcome(&self, task: &Task) -> Result<Outcome> {
        let Some(client) = self.client(task).await? else { return Ok(Outcome::NoServer) };
        let Some(session) = client.session_titled(&task.session_title()).await? else { return Ok(Outcome::NotFound) };
        let transcript = Transcript::fetch(&client, &session.id).await?;
        let (session, failed) = outcome(task, &session, &transcript);
        Ok(Outcome::Known(Box::new(session), failed))
    }
}

/// What the server tells about a Task's session.
pub enum Outcome {
    /// There is no server to ask.
    NoServer,
    /// It does not know the session.
    NotFound,
    /// The session with its sums, and how it failed.
    Known(Box<TaskSession>, Option<String>),
}

/// The sums of a session that is over; without them if they cannot be read.
pub async fn summarised(client: &Client, task: &Task, session: &Session) -> (TaskSession, Option<String>) {
    match Transcript::fetch(client, &session.id).await {
        Ok(transcript) => outcome(task, session, &transcript),
        Err(error) => {
            tracing::info!(task = task.name_any(), %error, "cannot sum up a session");
            let known = task.status.as_ref().and_then(|status| status.session.clone()).unwrap_or_default();
            (TaskSession { id: Some(session.id.clone()), ..known }, None)
        }
    }
}

fn outcome(task: &Task, session: &Session, transcript: &Transcript) -> (TaskSession, Option<String>) {
    let short = |number: i64| i32::try_from(number).ok();
    let [input, output, reasoning, cache] = transcript.tokens;
    let summary = TaskSummary {
        message_count: short(transcript.messages),
        token_usage: Some(TokenUsage { input, output, reasoning, cache }),
        cost: Some(dollars(transcript.cost)),
        files_changed: short(transcript.files),
        additions: short(transcript.additions),
        deletions: short(transcript.deletions),
        ..TaskSummary::default()
    };
    let known = task.status.as_ref().and_then(|status| status.session.clone()).unwrap_or_default();
    let failure = match &transcript.failure {
        Some(failure) => Some(format!("{}: {}", failure.name, failure.message())),
        None if !transcript.answered => Some("the session ended without an answer".to_owned()),
        None => None,
    };
    (TaskSession { id: Some(session.id.clone()), summary: Some(summary), ..known }, failure)
}
