//! The reconciler of Session: `session.kubeopencode.io/v1alpha1`.
//!
//! [`decide`] says what to do, [`remote`] does it to the OpenCode session, this module carries it out and writes it down.
//! A step is written down after it is done, and every step can be done again: a controller may end anywhere.

mod decide;
mod remote;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use kube::runtime::controller::Action;
use kube::runtime::reflector::{ObjectRef, Store};
use kube::{Resource, ResourceExt};
use serde_json::json;
use tokio::time::Instant;

use super::context::Context;
use super::feed::Guarded;
use super::link::{Link, Links, Owner, Server, View, server_of};
use super::status::{Wanted, remove_condition, set_condition, whole_second};
use super::transcript::{Transcript, dollars};
use crate::api::conditions::{reasons, types};
use crate::api::session::{Activity, Pending, SessionPhase, SessionSummary, Tokens};
use crate::api::{Agent, NameRef, Session, SessionStatus, keys, names};
use crate::error::{Code, Error, Result};
use crate::opencode::Session as Remote;
use decide::{AgentView, Next};

/// Least time between two writes of a status whose phase stays.
const WRITE_EVERY: Duration = Duration::from_secs(1);
/// Longest time that deletion waits for a server that does not answer.
const CLEANUP_LIMIT: Duration = Duration::from_secs(60);
/// Pause between two tries to clean up.
const CLEANUP_PAUSE: Duration = Duration::from_secs(5);
/// Look again at a running Session even if nothing seems to happen.
const LOOK_AGAIN: Duration = Duration::from_secs(300);

/// What the Session reconciler works with.
pub struct Reconciler {
    /// Shared with the other reconcilers.
    pub context: Arc<Context>,
    /// Agents.
    pub agents: Store<Guarded<Agent>>,
    /// Pods of Agents' servers.
    pub pods: Store<Pod>,
    /// Connections to servers.
    pub links: Links,
    written: Mutex<HashMap<String, Instant>>,
}

impl Reconciler {
    /// A reconciler that has done nothing yet.
    pub fn new(context: Arc<Context>, agents: Store<Guarded<Agent>>, pods: Store<Pod>, links: Links) -> Self {
        Self { context, agents, pods, links, written: Mutex::default() }
    }

    /// Brings one Session a step further.
    pub async fn reconcile(&self, session: &Session) -> Result<Action> {
        let action = self.step(session).await;
        self.context.metrics.streams(self.links.len());
        action
    }

    async fn step(&self, session: &Session) -> Result<Action> {
        if session.meta().deletion_timestamp.is_some() {
            return self.clean_up(session).await;
        }
        if !session.finalizers().iter().any(|finalizer| finalizer == keys::SESSION_FINALIZER) {
            self.context.add_finalizer(session, keys::SESSION_FINALIZER).await?;
            // The change comes back as an event, with the resource version that the next write needs.
            return Ok(Action::await_change());
        }
        let now = Timestamp::now();
        let agent_name = agent_of(session);
        let agent = self.agent(session, &agent_name);
        let view = self.view(session, &agent_name, &agent).await?;
        let activity = view.as_ref().map(|(_, view)| view.activity);
        match decide::next(session, &agent, activity, now) {
            Next::Rest { delete_in } => self.rest(session, delete_in).await,
            Next::Restart => self.restart(session, now).await,
            Next::Stop => {
                let message = "stopped by spec.suspend".to_owned();
                self.end(session, &agent, &agent_name, SessionPhase::Stopped, reasons::USER_STOPPED, message).await
            }
            Next::Complete { reason, message } => {
                self.end(session, &agent, &agent_name, SessionPhase::Completed, reason, message).await
            }
            Next::Fail { reason, message } => self.fail(session, reason, message).await,
            Next::Wait { reason, message, again_in } => {
                self.wait(session, &agent_name, reason, message, again_in).await
            }
            Next::FallBack => self.fall_back(session).await,
            Next::Start(server) => self.start(session, &agent_name, &server).await,
            Next::Serve { again_in, .. } => match view {
                Some((link, view)) => self.serve(session, &link, view, again_in).await,
                None => Ok(Action::requeue(WRITE_EVERY)),
            },
        }
    }

    /// What is known about the Agent of that name.
    fn agent(&self, session: &Session, name: &str) -> AgentView {
        let namespace = session.namespace().unwrap_or_default();
        let Some(agent) = self.agents.get(&ObjectRef::new(name).within(&namespace)) else { return AgentView::Missing };
        match &agent.0 {
            Ok(agent) if agent.spec.suspend == Some(true) => return AgentView::Suspended,
            Ok(agent) if agent.metadata.deletion_timestamp.is_some() => return AgentView::Missing,
            // An Agent that does not decode may still have a Pod that serves.
            _ => {}
        }
        let pods = self.pods.state();
        server_of(pods.iter().map(|pod| &**pod), &namespace, name).map_or(AgentView::NotReady, AgentView::Ready)
    }

    /// The running OpenCode session as the link knows it, fetched first where the link does not.
    async fn view(&self, session: &Session, agent_name: &str, agent: &AgentView) -> Result<Option<(Arc<Link>, View)>> {
        let status = session.status.clone().unwrap_or_default();
        let (AgentView::Ready(server), Some(id), Some(SessionPhase::Running)) =
            (agent, &status.session_id, status.phase)
        else {
            return Ok(None);
        };
        let namespace = session.namespace().unwrap_or_default();
        let link = self.links.open(&namespace, agent_name, server).await?;
        let directory = work_directory(&link, session).await?;
        self.links.track(&link, id, &directory, owner(session)).await;
        Ok(link.view(id).map(|view| (link, view)))
    }

    /// Keeps the status of a running Session current.
    async fn serve(&self, session: &Session, link: &Link, view: View, again_in: Option<Duration>) -> Result<Action> {
        let status = session.status.clone().unwrap_or_default();
        let id = status.session_id.clone().unwrap_or_default();
        let remote = if let Some(remote) = view.session {
            remote
        } else {
            let Some(remote) = remote::find(&link.client, session).await? else {
                let message = format!("the server no longer knows the OpenCode session {id}");
                return self.fail(session, reasons::SESSION_LOST, message).await;
            };
            link.learn(remote.clone());
            remote
        };
        if let Some(failure) = link.take_failure(&id).filter(|failure| !failure.is_abort()) {
            let note = format!("{}: {}", failure.name, failure.message());
            self.context.reports.warning(session, "TurnFailed", "Prompt", note).await;
        }
        self.apply_title(session, link, &remote).await?;
        let mut next = running(session, &remote, view.activity, view.pending);
        if let Some(wait) = self.too_early(session).filter(|_| next != status) {
            return Ok(Action::requeue(wait));
        }
        if view.activity == Activity::Idle && next.last_activity_time != status.last_activity_time
            || status.summary.is_none()
        {
            let transcript = Transcript::fetch(&link.client, &remote.id).await?;
            next.summary = Some(summary(&remote, &transcript));
        }
        self.write(session, &next).await?;
        Ok(Action::requeue(again_in.map_or(LOOK_AGAIN, |again_in| again_in.min(LOOK_AGAIN))))
    }

    /// A changed `spec.title` becomes the OpenCode session's; a title that somebody gave it there stays.
    async fn apply_title(&self, session: &Session, link: &Link, remote: &Remote) -> Result<()> {
        let seen = session.status.as_ref().and_then(|status| status.observed_generation);
        if seen == session.metadata.generation {
            return Ok(());
        }
        let title = session.spec.title.as_ref().filter(|title| !title.is_empty() && **title != remote.title);
        if let Some(title) = title {
            link.learn(link.client.patch_session(&remote.id, &json!({"title": title})).await?);
        }
        let rules = remote::rules(session.spec.permissions);
        if rules != remote.permission && session.spec.permissions.is_some() {
            link.learn(link.client.patch_session(&remote.id, &json!({"permission": rules})).await?);
        }
        Ok(())
    }

    /// Finds or creates the OpenCode session, sends the prompt, and only then calls the Session running.
    async fn start(&self, session: &Session, agent_name: &str, server: &Server) -> Result<Action> {
        let namespace = session.namespace().unwrap_or_default();
        let link = self.links.open(&namespace, agent_name, server).await?;
        let directory = work_directory(&link, session).await?;
        let client = link.client.in_directory(&directory);
        let status = session.status.clone().unwrap_or_default();
        let remote = match remote::find(&client, session).await? {
            Some(remote) => remote,
            None => match &status.session_id {
                Some(id) => {
                    let message = format!("the server no longer knows the OpenCode session {id}");
                    return self.fail(session, reasons::SESSION_LOST, message).await;
                }
                None => client.create_session(&remote::new_session(session)).await?,
            },
        };
        self.links.track(&link, &remote.id, &directory, owner(session)).await;
        link.learn(remote.clone());
        let prompted = remote::prompt(&client, session, &remote).await?;
        let now = Timestamp::now();
        let mut next =
            running(session, &remote, if prompted { Activity::Busy } else { Activity::Idle }, Pending::default());
        next.phase = Some(SessionPhase::Running);
        next.agent_ref = Some(NameRef { name: agent_name.to_owned() });
        next.pod_name = Some(server.pod.clone());
        next.url = self.agent_url(&namespace, agent_name);
        next.completion_time = None;
        self.refuse_unsupported(session, &mut next, now).await;
        if status.start_time.is_none() {
            next.start_time = Some(Time(whole_second(now)));
        }
        self.write(session, &next).await?;
        let note = format!("OpenCode session {} on Agent {agent_name}", remote.id);
        self.context.reports.normal(session, "Running", "Start", note).await;
        Ok(Action::requeue(LOOK_AGAIN))
    }

    /// Says of what the spec asks for and this controller does not do, so that nobody waits for it.
    async fn refuse_unsupported(&self, session: &Session, next: &mut SessionStatus, now: Timestamp) {
        let asked = [
            (types::REPOS_READY, "spec.repos", !session.spec.repos.is_empty()),
            (types::WORKFLOW_READY, "spec.workflow", session.spec.workflow.is_some()),
        ];
        for (type_, field, _) in asked.into_iter().filter(|(_, _, asked)| *asked) {
            let message = format!("{field} is not supported by this controller; clone it in the session");
            let wanted = Wanted::no(type_, reasons::UNSUPPORTED, message.clone());
            set_condition(&mut next.conditions, wanted, session.metadata.generation, now);
            self.context.reports.warning(session, reasons::UNSUPPORTED, "Start", message).await;
        }
    }

    fn agent_url(&self, namespace: &str, name: &str) -> Option<String> {
        let agent = self.agents.get(&ObjectRef::new(name).within(namespace))?;
        agent.0.as_ref().ok()?.status.as_ref()?.url.clone()
    }

    async fn wait(
        &self,
        session: &Session,
        agent_name: &str,
        reason: &'static str,
        message: String,
        again_in: Option<Duration>,
    ) -> Result<Action> {
        if let Some(template) = &session.spec.template_ref
            && reason == reasons::AGENT_NOT_FOUND
        {
            self.context.create_session_agent(session, agent_name, &template.name).await?;
        }
        let mut next = session.status.clone().unwrap_or_default();
        if next.phase == Some(SessionPhase::Running) {
            self.links.forget(&owner(session));
            self.context.reports.warning(session, reason, "Wait", message.clone()).await;
        }
        next.phase = Some(SessionPhase::Pending);
        next.agent_ref = Some(NameRef { name: agent_name.to_owned() });
        next.activity = None;
        next.pending = None;
        next.pod_name = None;
        next.observed_generation = session.metadata.generation;
        let before =
            super::status::condition(&next.conditions, types::AGENT_READY).map(|condition| condition.reason.clone());
        if before.is_some_and(|before| (before == reasons::AGENT_SUSPENDED) != (reason == reasons::AGENT_SUSPENDED)) {
            // Being suspended stops the clock of the start deadline, so its end sets the clock anew.
            remove_condition(&mut next.conditions, types::AGENT_READY);
        }
        let (generation, now) = (session.metadata.generation, Timestamp::now());
        set_condition(&mut next.conditions, Wanted::no(types::AGENT_READY, reason, message.clone()), generation, now);
        set_condition(&mut next.conditions, Wanted::no(types::READY, reason, message), generation, now);
        self.write(session, &next).await?;
        Ok(again_in.map_or_else(Action::await_change, Action::requeue))
    }

    async fn fall_back(&self, session: &Session) -> Result<Action> {
        let Some(fallback) = &session.spec.fallback_agent_ref else { return Ok(Action::await_change()) };
        let mut next = session.status.clone().unwrap_or_default();
        let message = format!("the dedicated Agent was not ready in time, using Agent {}", fallback.name);
        next.agent_ref = Some(fallback.clone());
        remove_condition(&mut next.conditions, types::AGENT_READY);
        let wanted = Wanted::yes(types::FELL_BACK, reasons::DEDICATED_NOT_READY, message.clone());
        set_condition(&mut next.conditions, wanted, session.metadata.generation, Timestamp::now());
        self.write(session, &next).await?;
        self.context.reports.warning(session, "FellBack", "Start", message).await;
        Ok(Action::await_change())
    }

    /// Aborts the turn and ends the Session, by wish or by time.
    async fn end(
        &self,
        session: &Session,
        agent: &AgentView,
        agent_name: &str,
        phase: SessionPhase,
        reason: &'static str,
        message: String,
    ) -> Result<Action> {
        let mut next = session.status.clone().unwrap_or_default();
        if let (AgentView::Ready(server), Some(id)) = (agent, &next.session_id) {
            let namespace = session.namespace().unwrap_or_default();
            let client = self.links.connections().client(&namespace, server).await?;
            remote::end(&client, id, None).await?;
            tracing::debug!(agent = agent_name, session = id, "aborted");
        }
        self.links.forget(&owner(session));
        let (generation, now) = (session.metadata.generation, Timestamp::now());
        next.phase = Some(phase);
        next.activity = None;
        next.pending = None;
        next.completion_time = Some(Time(whole_second(now)));
        next.observed_generation = generation;
        set_condition(&mut next.conditions, Wanted::yes(types::STOPPED, reason, message.clone()), generation, now);
        set_condition(&mut next.conditions, Wanted::no(types::READY, reason, message.clone()), generation, now);
        remove_condition(&mut next.conditions, types::WAITING_INPUT);
        self.write(session, &next).await?;
        self.context.reports.normal(session, phase.as_str(), "Stop", message).await;
        Ok(Action::await_change())
    }

    async fn fail(&self, session: &Session, reason: &'static str, message: String) -> Result<Action> {
        self.links.forget(&owner(session));
        let mut next = session.status.clone().unwrap_or_default();
        let (generation, now) = (session.metadata.generation, Timestamp::now());
        next.phase = Some(SessionPhase::Failed);
        next.activity = None;
        next.pending = None;
        next.completion_time = Some(Time(whole_second(now)));
        next.observed_generation = generation;
        if reason == reasons::SESSION_LOST {
            set_condition(
                &mut next.conditions,
                Wanted::no(types::SESSION_READY, reason, message.clone()),
                generation,
                now,
            );
        }
        set_condition(&mut next.conditions, Wanted::no(types::READY, reason, message.clone()), generation, now);
        remove_condition(&mut next.conditions, types::WAITING_INPUT);
        self.write(session, &next).await?;
        self.context.reports.warning(session, reason, "Run", message).await;
        Ok(Action::await_change())
    }

    /// Begins again: the conversation stays unless it is lost, the clocks start anew.
    async fn restart(&self, session: &Session, now: Timestamp) -> Result<Action> {
        let before = session.status.clone().unwrap_or_default();
        let lost = super::status::condition(&before.conditions, types::SESSION_READY)
            .is_some_and(|condition| condition.reason == reasons::SESSION_LOST);
        let mut next = SessionStatus {
            phase: Some(SessionPhase::Pending),
            session_id: before.session_id.filter(|_| !lost),
            summary: before.summary.filter(|_| !lost),
            last_activity_time: before.last_activity_time,
            repos: before.repos,
            observed_generation: session.metadata.generation,
            ..SessionStatus::default()
        };
        let wanted = Wanted::no(types::STOPPED, reasons::STARTED, "");
        set_condition(&mut next.conditions, wanted, session.metadata.generation, now);
        self.write(session, &next).await?;
        Ok(Action::await_change())
    }

    async fn rest(&self, session: &Session, delete_in: Option<Duration>) -> Result<Action> {
        self.links.forget(&owner(session));
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
    async fn clean_up(&self, session: &Session) -> Result<Action> {
        if !session.finalizers().iter().any(|finalizer| finalizer == keys::SESSION_FINALIZER) {
            return Ok(Action::await_change());
        }
        let agent_name = agent_of(session);
        if let Err(error) = self.end_remote(session, &agent_name).await {
            let since = session.meta().deletion_timestamp.as_ref().map_or_else(Timestamp::now, |time| time.0);
            if decide::elapsed(since, Timestamp::now()) < CLEANUP_LIMIT {
                tracing::info!(session = session.name_any(), %error, "cannot clean up yet");
                return Ok(Action::requeue(CLEANUP_PAUSE));
            }
            let note = format!("gave up on the OpenCode session: {error}");
            self.context.reports.warning(session, "CleanupSkipped", "Delete", note).await;
        }
        self.links.forget(&owner(session));
        if let Some(uid) = session.uid() {
            self.written.lock().unwrap_or_else(PoisonError::into_inner).remove(&uid);
        }
        self.context.remove_finalizer(session, keys::SESSION_FINALIZER).await?;
        Ok(Action::await_change())
    }

    async fn end_remote(&self, session: &Session, agent_name: &str) -> Result<()> {
        let server = match self.agent(session, agent_name) {
            AgentView::Ready(server) => server,
            // No server, nothing runs on it.
            AgentView::Missing | AgentView::Suspended => return Ok(()),
            AgentView::NotReady => {
                return Err(Error::new(Code::AgentUnavailable, format!("no Pod of Agent {agent_name} is ready")));
            }
        };
        let namespace = session.namespace().unwrap_or_default();
        let client = self.links.connections().client(&namespace, &server).await?;
        let home = client.path().await?.directory;
        let Ok(directory) = remote::directory(&home, session.spec.directory.as_deref()) else { return Ok(()) };
        let client = client.in_directory(&directory);
        let Some(remote) = remote::find(&client, session).await? else { return Ok(()) };
        remote::end(&client, &remote.id, Some(session.spec.deletion_policy.unwrap_or_default())).await?;
        Ok(())
    }

    /// How long a status that changed in nothing but detail has to wait.
    fn too_early(&self, session: &Session) -> Option<Duration> {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let last = written.get(&session.uid()?)?;
        WRITE_EVERY.checked_sub(last.elapsed()).filter(|left| !left.is_zero())
    }

    async fn write(&self, session: &Session, next: &SessionStatus) -> Result<()> {
        if self.context.write_status(session, session.status.as_ref(), next).await?
            && let Some(uid) = session.uid()
        {
            self.written.lock().unwrap_or_else(PoisonError::into_inner).insert(uid, Instant::now());
        }
        Ok(())
    }
}

/// Where a Session's messages about itself come from.
fn owner(session: &Session) -> Owner {
    Owner { namespace: session.namespace().unwrap_or_default(), name: session.name_any() }
}

/// Name of the Agent that a Session runs on, or is to run on.
pub fn agent_of(session: &Session) -> String {
    if let Some(agent) = &session.spec.agent_ref {
        return agent.name.clone();
    }
    let current = session.status.as_ref().and_then(|status| status.agent_ref.as_ref());
    current.map_or_else(|| names::session_agent(&session.name_any()), |agent| agent.name.clone())
}

async fn work_directory(link: &Link, session: &Session) -> Result<String> {
    let home = link.home().await?;
    remote::directory(home, session.spec.directory.as_deref())
        .map_err(|message| Error::new(Code::InvalidConfiguration, message))
}

/// The status of a Session that runs.
fn running(session: &Session, remote: &Remote, activity: Activity, pending: Pending) -> SessionStatus {
    let mut next = session.status.clone().unwrap_or_default();
    let (generation, now) = (session.metadata.generation, Timestamp::now());
    next.session_id = Some(remote.id.clone());
    next.activity = Some(activity);
    next.pending = (pending != Pending::default()).then_some(pending);
    next.observed_generation = generation;
    let updated = remote.time.updated.unwrap_or(remote.time.created);
    if let Ok(updated) = Timestamp::from_millisecond(updated) {
        next.last_activity_time = Some(Time(whole_second(updated)));
    }
    if let Some(summary) = &mut next.summary {
        summary.cost = dollars(remote.cost);
        summary.tokens = tokens(remote);
    }
    let mut set = |wanted| set_condition(&mut next.conditions, wanted, generation, now);
    set(Wanted::yes(types::AGENT_READY, reasons::DEPLOYMENT_READY, ""));
    set(Wanted::yes(types::SESSION_READY, reasons::SESSION_FOUND, format!("OpenCode session {}", remote.id)));
    set(Wanted::yes(types::READY, reasons::SESSION_RUNNING, ""));
    set(if pending.permissions > 0 {
        let text = format!("{} permission requests wait", pending.permissions);
        Wanted::yes(types::WAITING_INPUT, reasons::PERMISSION_REQUIRED, text)
    } else if pending.questions > 0 {
        Wanted::yes(types::WAITING_INPUT, reasons::QUESTION_ASKED, format!("{} questions wait", pending.questions))
    } else {
        Wanted::no(types::WAITING_INPUT, reasons::NO_INPUT_NEEDED, "")
    });
    next
}

fn tokens(remote: &Remote) -> Tokens {
    let tokens = remote.tokens;
    Tokens {
        input: tokens.input,
        output: tokens.output,
        reasoning: tokens.reasoning,
        cache: tokens.cache.read + tokens.cache.write,
    }
}

fn summary(remote: &Remote, transcript: &Transcript) -> SessionSummary {
    SessionSummary {
        messages: transcript.messages,
        tokens: tokens(remote),
        cost: dollars(remote.cost),
        files: transcript.files,
        additions: transcript.additions,
        deletions: transcript.deletions,
    }
}
