//! Which conversation a command means: that of a session, of a task, or any on an agent's server.

use super::Context;
use super::agents;
use super::outcome;
use crate::api::kinds::{AGENT, Kind, SESSION, TASK};
use crate::api::session::SessionPhase;
use crate::api::{Session, Task};
use crate::cli::flags::Reference;
use crate::cluster;
use crate::error::{Code, Error, Result};
use crate::opencode;

/// A conversation on an agent's server.
pub struct Target {
    /// The agent's server.
    pub client: opencode::Client,
    /// The agent.
    pub agent: String,
    /// `ses_…`.
    pub session: String,
    /// As the user may type it again: `session/NAME`, `task/NAME`, `agent/NAME`.
    pub reference: String,
}

impl Target {
    /// The words that name it on a command line.
    pub fn typed(&self) -> String {
        if self.reference.starts_with("agent/") {
            format!("{} --session {}", self.reference, self.session)
        } else {
            self.reference.clone()
        }
    }

    /// The name of the object, without its kind.
    pub fn name(&self) -> &str {
        self.reference.split_once('/').map_or(self.reference.as_str(), |(_, name)| name)
    }
}

/// Kind and name in `KIND/NAME` or `NAME`; `bare` is the kind that a name without a kind means.
pub fn named<'a>(bare: &'static Kind, typed: &'a str) -> Result<(&'static Kind, &'a str)> {
    let Some((word, name)) = typed.split_once('/') else { return Ok((bare, typed)) };
    let kind = Kind::from_word(word).filter(|kind| [&SESSION, &TASK, &AGENT].contains(kind));
    let kind = kind.ok_or_else(|| {
        Error::usage(format!("\"{word}\" names nothing that has a conversation"))
            .hint("write session/NAME, task/NAME, or agent/NAME with --session")
    })?;
    Ok((kind, name))
}

/// Finds a conversation; `bare` is the kind that a name without a kind means.
pub async fn resolve(context: &Context, bare: &'static Kind, reference: &Reference) -> Result<Target> {
    let (kind, name) = named(bare, &reference.reference)?;
    if reference.session.is_some() && kind != &AGENT {
        return Err(Error::usage("--session goes with agent/NAME"));
    }
    let (agent, session) = if kind == &SESSION {
        of_session(&agents::get(context, kind, name).await?, name)?
    } else if kind == &TASK {
        let task = agents::get(context, kind, name).await?;
        return of_task(context, &task).await;
    } else {
        let session = reference.session.clone().ok_or_else(|| {
            Error::usage(format!("agent/{name} has many conversations")).hint("name one with --session ses_…")
        })?;
        (name.to_owned(), session)
    };
    let cluster = context.cluster().await?;
    let client = cluster::opencode(&cluster.client, &cluster.namespace, &agent).await?;
    Ok(Target { client, agent, session, reference: format!("{}/{name}", kind.noun) })
}

/// The agent of a session and its conversation there.
fn of_session(session: &Session, name: &str) -> Result<(String, String)> {
    let status = session.status.as_ref();
    let agent = status
        .and_then(|status| status.agent_ref.as_ref())
        .or(session.spec.agent_ref.as_ref())
        .map(|agent| agent.name.clone());
    match (agent, status.and_then(|status| status.session_id.clone())) {
        (Some(agent), Some(id)) => Ok((agent, id)),
        _ if outcome::session_phase(session) == SessionPhase::Running => {
            let what = format!("session \"{name}\" runs without an OpenCode session");
            Err(Error::new(Code::AgentUnavailable, what).hint(format!("kubectl opencode session describe {name}")))
        }
        _ => Err(outcome::session_not_running(session)),
    }
}

/// The agent on which a task runs.
pub fn agent_of(task: &Task) -> Option<&str> {
    let status = task.status.as_ref().and_then(|status| status.agent_ref.as_ref());
    status.or(task.spec.agent_ref.as_ref()).map(|agent| agent.name.as_str())
}

/// The conversation of a task: by the ID in its status, or, before the platform has written that, by its title.
pub async fn of_task(context: &Context, task: &Task) -> Result<Target> {
    let name = task.metadata.name.as_deref().unwrap_or_default();
    let Some(agent) = agent_of(task) else {
        return Err(Error::new(
            Code::Unsupported,
            format!("task \"{name}\" ran in a Pod of its own, which kept no conversation"),
        )
        .hint(format!("kubectl opencode task logs {name}")));
    };
    let cluster = context.cluster().await?;
    let client = cluster::opencode(&cluster.client, &cluster.namespace, agent).await?;
    let known = task.status.as_ref().and_then(|status| status.session.as_ref()).and_then(|session| session.id.clone());
    let session = match known {
        Some(id) => Some(id),
        None => client.session_titled(&task.session_title()).await?.map(|session| session.id),
    };
    let session = session.ok_or_else(|| {
        let yet = if outcome::of_task(task).is_some() { "" } else { " yet" };
        Error::new(Code::SessionNotFound, format!("task \"{name}\" has no conversation on agent \"{agent}\"{yet}"))
            .because(format!("the task is {}", outcome::task_phase(task)))
            .hint(format!("kubectl opencode task logs {name}"))
    })?;
    Ok(Target { client, agent: agent.to_owned(), session, reference: format!("task/{name}") })
}
