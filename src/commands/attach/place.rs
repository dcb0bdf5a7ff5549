//! Where to sit down: from what was typed to an agent and one of its conversations, with the agent awake.

use std::time::Duration;

use k8s_openapi::api::core::v1::ObjectReference;
use kube::Resource;
use serde_json::json;
use tokio::time::Instant;

use crate::api::kinds::{AGENT, Kind, SESSION, TASK};
use crate::api::session::SessionPhase;
use crate::api::{Agent, Session, Task};
use crate::cli::attach::AttachOptions;
use crate::cli::flags::Reference;
use crate::cluster;
use crate::commands::wait::{State, until};
use crate::commands::{Context, agents, confirm, outcome, target, writes};
use crate::error::{Code, Error, Result};

/// How often is looked whether an agent is awake.
const LOOK: Duration = Duration::from_millis(500);
/// Longest wait for an agent to wake.
const AWAKE: Duration = Duration::from_secs(300);

/// An agent, and maybe one of its conversations.
pub struct Place {
    /// The agent.
    pub agent: String,
    /// `ses_…`.
    pub session: Option<String>,
    /// As the user may type it again.
    pub reference: String,
    /// `--session`, as the user typed it.
    pub named: Option<String>,
    /// The Session or the Agent, for events.
    pub about: ObjectReference,
}

impl Place {
    /// Finds the place.
    pub async fn find(context: &Context, reference: &Reference, options: &AttachOptions) -> Result<Self> {
        let typed = reference.reference.as_str();
        let (word, name) = typed.split_once('/').unwrap_or((SESSION.noun, typed));
        let kind = Kind::from_word(word);
        let mut about = None;
        if kind == Some(&AGENT) {
            awake(context, options, name).await?;
            if reference.session.is_none() {
                let reference = format!("{}/{name}", AGENT.noun);
                let about = about_agent(context, name).await?;
                return Ok(Self { agent: name.to_owned(), session: None, reference, named: None, about });
            }
        } else if kind == Some(&SESSION) {
            let session = Self::started(context, name).await?;
            let agent = session.status.as_ref().and_then(|status| status.agent_ref.as_ref());
            if let Some(agent) = agent.or(session.spec.agent_ref.as_ref()) {
                awake(context, options, &agent.name).await?;
            }
            about = Some(session.object_ref(&()));
        } else if kind == Some(&TASK) {
            let task: Task = agents::get(context, &TASK, name).await?;
            if let Some(agent) = target::agent_of(&task) {
                awake(context, options, agent).await?;
            }
        }
        let found = target::resolve(context, &SESSION, reference).await?;
        let about = match about {
            Some(about) => about,
            None => about_agent(context, &found.agent).await?,
        };
        let named = reference.session.clone();
        Ok(Self { agent: found.agent, session: Some(found.session), reference: found.reference, named, about })
    }

    /// The session, waited for if it was created a moment ago.
    async fn started(context: &Context, name: &str) -> Result<Session> {
        let session: Session = agents::get(context, &SESSION, name).await?;
        if outcome::session_phase(&session) != SessionPhase::Pending {
            return Ok(session);
        }
        context.printer.waiting_for(&format!("session \"{name}\" is pending"));
        until(context, &SESSION, name, &State::Ready, None).await?;
        agents::get(context, &SESSION, name).await
    }
}

/// An Agent, as events refer to it; without its UID for a user who may not read Agents.
async fn about_agent(context: &Context, name: &str) -> Result<ObjectReference> {
    if let Ok(agent) = agents::get::<Agent>(context, &AGENT, name).await {
        return Ok(agent.object_ref(&()));
    }
    Ok(ObjectReference {
        api_version: Some(AGENT.api_version()),
        kind: Some(AGENT.kind.to_owned()),
        name: Some(name.to_owned()),
        namespace: Some(context.cluster().await?.namespace.clone()),
        ..ObjectReference::default()
    })
}

/// Whether an agent is suspended; not for a user who may not read Agents.
pub async fn is_suspended(client: &kube::Client, namespace: &str, agent: &str) -> bool {
    let api: kube::Api<Agent> = kube::Api::namespaced(client.clone(), namespace);
    matches!(api.get(agent).await, Ok(agent) if agent.spec.suspend == Some(true))
}

/// Wakes a suspended agent, asked on a terminal or by `--resume`, and waits until its server can be reached.
async fn awake(context: &Context, options: &AttachOptions, name: &str) -> Result<()> {
    let cluster = context.cluster().await?;
    if !is_suspended(&cluster.client, &cluster.namespace, name).await {
        return Ok(());
    }
    if !options.resume && !wants_to_resume(context, name).await? {
        return Err(Error::new(Code::AgentUnavailable, format!("agent {name:?} is suspended"))
            .hint(format!("attach with --resume, or: kubectl opencode agent resume {name} --wait")));
    }
    writes::patch(context, &AGENT, name, &json!({"spec": {"suspend": false}})).await?;
    let deadline = Instant::now() + AWAKE;
    loop {
        let error = match cluster::server_pod(&cluster.client, &cluster.namespace, name).await {
            Ok(_) => return Ok(()),
            Err(error) if error.code == Code::AgentUnavailable && Instant::now() < deadline => error,
            Err(error) => return Err(error),
        };
        let why = error.causes.last().map_or(error.message.as_str(), String::as_str);
        context.printer.waiting_for(&format!("agent \"{name}\" resumes: {why}"));
        tokio::time::sleep(LOOK).await;
    }
}

async fn wants_to_resume(context: &Context, name: &str) -> Result<bool> {
    if !context.printer.streams().can_prompt() {
        return Ok(false);
    }
    context.printer.done_waiting();
    confirm::yes_or_no(format!("Agent \"{name}\" is suspended. Resume it?"), true).await
}
