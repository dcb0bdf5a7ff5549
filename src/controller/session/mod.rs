//! The reconciler of Session: `session.kubeopencode.io/v1alpha1`.
//!
//! [`decide`] says what to do, [`remote`] does it to the OpenCode session, this module carries it out and writes it down.
//! A step is written down after it is done, and every step can be done again: a controller may end anywhere.

mod decide;
mod ending;
mod pace;
mod remote;
mod status;

use std::sync::Arc;
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
use super::link::{BEGINS_WITHIN, Link, Links, Owner, Server, View, server_of};
use super::status::{Wanted, condition, set_condition, whole_second};
use super::transcript::Transcript;
use crate::api::conditions::{reasons, types};
use crate::api::session::{Activity, Pending, SessionPhase};
use crate::api::{Agent, NameRef, Session, SessionStatus, keys, names};
use crate::error::{Code, Error, Result};
use crate::opencode::{Client, Session as Remote};
use decide::{AgentView, Next};
use pace::Pace;
pub use remote::Keeper;

/// Look again at a running Session even if nothing seems to happen.
const LOOK_AGAIN: Duration = Duration::from_secs(300);
/// Least time between two Events, or two writes of the message, about one obstacle whose text changes.
const OBSTACLE_EVERY: Duration = Duration::from_secs(30);
/// A sign of life keeps an Agent with a standby rule awake (`kubeopencode.io/last-connection-active`) for two minutes.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

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
    pace: Pace,
}

impl Reconciler {
    /// A reconciler that has done nothing yet.
    pub fn new(context: Arc<Context>, agents: Store<Guarded<Agent>>, pods: Store<Pod>, links: Links) -> Self {
        Self { context, agents, pods, links, pace: Pace::default() }
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
            Next::Abort => self.abort_left_over(session, &agent, &agent_name).await,
            Next::Fail { reason, message } => self.fail(session, reason, message).await,
            Next::Wait { reason, message, again_in } => {
                self.wait(session, &agent_name, reason, message, again_in).await
            }
            Next::Wake => self.wake(session, &agent_name).await,
            Next::FallBack => self.fall_back(session).await,
            Next::Start(server) => self.start(session, &agent_name, &server).await,
            Next::Serve { again_in, .. } => match view {
                Some((link, view)) => self.serve(session, &link, view, &agent_name, again_in).await,
                None => Ok(Action::requeue(pace::WRITE_EVERY)),
            },
        }
    }

    /// What is known about the Agent of that name.
    fn agent(&self, session: &Session, name: &str) -> AgentView {
        let namespace = session.namespace().unwrap_or_default();
        let Some(agent) = self.agents.get(&ObjectRef::new(name).within(&namespace)) else { return AgentView::Missing };
        if agent.meta().deletion_timestamp.is_some() {
            return AgentView::Missing;
        }
        if !may_use(session, &*agent, name) {
            return AgentView::Foreign;
        }
        match &agent.0 {
            Ok(agent) if agent.spec.suspend == Some(true) && agent.spec.standby.is_some() => return AgentView::Standby,
            Ok(agent) if agent.spec.suspend == Some(true) => return AgentView::Suspended,
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
    async fn serve(
        &self,
        session: &Session,
        link: &Link,
        view: View,
        agent_name: &str,
        again_in: Option<Duration>,
    ) -> Result<Action> {
        let status = session.status.clone().unwrap_or_default();
        let id = status.session_id.clone().unwrap_or_default();
        let remote = if let Some(remote) = view.session {
            remote
        } else {
            let Some(remote) = remote::find(&link.client, session).await? else {
                return self.lose(session, &id, agent_name).await;
            };
            link.learn(remote.clone());
            remote
        };
        if let Some(failure) = link.take_failure(&id) {
            self.pace.prompt_failed(&uid(session));
            if !failure.is_abort() {
                let note = format!("{}: {}", failure.name, failure.message());
                self.context.reports.warning(session, "TurnFailed", "Prompt", note).await;
            }
        }
        self.apply_title(session, link, &remote).await?;
        if view.activity != Activity::Idle {
            self.keep_awake(session, agent_name, link).await;
        }
        let look_again = if view.activity == Activity::Idle { LOOK_AGAIN } else { SIGN_OF_LIFE };
        let look_again = Action::requeue(again_in.map_or(look_again, |again_in| again_in.min(look_again)));
        let mut next = status::running(session, &remote, view.activity, view.pending);
        if pace::is_urgent(&status, &next) {
            // The sums are read after that: the write brings us back here.
            self.write(session, &next).await?;
            return Ok(look_again);
        }
        let stale = self.is_summary_stale(session, &remote, &next);
        if !stale && next == status {
            return Ok(look_again);
        }
        if let Some(wait) = self.pace.wait(&uid(session), Instant::now()) {
            return Ok(Action::requeue(wait));
        }
        if stale {
            let transcript = Transcript::fetch(&link.client, &remote.id).await?;
            let is_unanswered = remote::awaits_answer(session) && !transcript.has_answers();
            if is_unanswered && self.prompt_again(session, link, &remote).await? {
                self.write(session, &status::running(session, &remote, Activity::Busy, view.pending)).await?;
                return Ok(Action::requeue(BEGINS_WITHIN));
            }
            next.summary = Some(status::summary(&remote, &transcript));
        }
        self.write(session, &next).await?;
        self.pace.wrote(&uid(session), stale.then(|| status::updated(&remote)), Instant::now());
        Ok(look_again)
    }

    /// Sends the prompt that a server took and does not answer: it was killed meanwhile, perhaps while no controller
    /// looked. Tells whether it was sent.
    async fn prompt_again(&self, session: &Session, link: &Link, remote: &Remote) -> Result<bool> {
        if !self.pace.may_prompt(&uid(session)) || !self.deliver(session, link, remote).await? {
            return Ok(false);
        }
        let note = format!("OpenCode session {} had not begun to answer the prompt that it had taken", remote.id);
        self.context.reports.warning(session, "PromptLost", "Prompt", note).await;
        Ok(true)
    }

    /// Whether the sums of the conversation are of an earlier turn: they are read at the end of each turn.
    fn is_summary_stale(&self, session: &Session, remote: &Remote, next: &SessionStatus) -> bool {
        let same_time = !remote::awaits_answer(session)
            && session
                .status
                .as_ref()
                .is_some_and(|before| before.summary.is_some() && before.last_activity_time == next.last_activity_time);
        // Where this process has not summed up yet, the time in the status is the best there is.
        let current = self.pace.summed(&uid(session)).map_or(same_time, |summed| summed == status::updated(remote));
        next.activity == Some(Activity::Idle) && !current
    }

    /// Keeps the standby rule of the Agent from suspending it in the middle of a turn: KubeOpenCode's own controller knows
    /// Tasks and connected people, but no Sessions.
    async fn keep_awake(&self, session: &Session, agent_name: &str, link: &Link) {
        let namespace = session.namespace().unwrap_or_default();
        let Some(agent) = self.agents.get(&ObjectRef::new(agent_name).within(&namespace)) else { return };
        let Some(agent) = agent.0.as_ref().ok().filter(|agent| agent.spec.standby.is_some()) else { return };
        if link.is_sign_of_life_due(SIGN_OF_LIFE) {
            let annotations = json!({keys::LAST_CONNECTION_ACTIVE: whole_second(Timestamp::now()).to_string()});
            if let Err(error) = self.context.patch_metadata(agent, json!({"annotations": annotations})).await {
                tracing::warn!(agent = agent_name, %error, "cannot keep the Agent from its standby");
            }
        }
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
        let (remote, prompted) = match self.open(session, agent_name, server).await {
            Ok(Some(opened)) => opened,
            Ok(None) => {
                let id = session.status.as_ref().and_then(|status| status.session_id.clone()).unwrap_or_default();
                return self.lose(session, &id, agent_name).await;
            }
            Err(error) => {
                self.tell_obstacle(session, agent_name, &error).await?;
                return Err(error);
            }
        };
        let namespace = session.namespace().unwrap_or_default();
        let now = Timestamp::now();
        let activity = if prompted { Activity::Busy } else { Activity::Idle };
        let mut next = status::running(session, &remote, activity, Pending::default());
        next.phase = Some(SessionPhase::Running);
        next.agent_ref = Some(NameRef { name: agent_name.to_owned() });
        next.pod_name = Some(server.pod.clone());
        next.url = self.agent_url(&namespace, agent_name);
        next.completion_time = None;
        self.refuse_unsupported(session, &mut next, now).await;
        if next.start_time.is_none() {
            next.start_time = Some(Time(whole_second(now)));
        }
        self.write(session, &next).await?;
        let note = format!("OpenCode session {} on Agent {agent_name}", remote.id);
        self.context.reports.normal(session, "Running", "Start", note).await;
        Ok(Action::requeue(if prompted { BEGINS_WITHIN } else { LOOK_AGAIN }))
    }

    /// The OpenCode session with its prompt delivered, and whether that was done now; `None` if it is lost.
    async fn open(&self, session: &Session, agent_name: &str, server: &Server) -> Result<Option<(Remote, bool)>> {
        let link = self.links.open(&session.namespace().unwrap_or_default(), agent_name, server).await?;
        let directory = work_directory(&link, session).await?;
        let client = link.client.in_directory(&directory);
        let status = session.status.as_ref();
        let remote = match remote::find(&client, session).await? {
            Some(remote) => remote,
            None if status.is_some_and(|status| status.session_id.is_some()) => return Ok(None),
            None => match session.annotations().get(keys::ADOPT) {
                Some(id) => self.adopt(&client, session, id).await?,
                None => client.create_session(&remote::new_session(session)).await?,
            },
        };
        self.links.track(&link, &remote.id, &directory, owner(session)).await;
        link.learn(remote.clone());
        let prompted = self.deliver(session, &link, &remote).await?;
        Ok(Some((remote, prompted)))
    }

    /// Makes an OpenCode session that is there already the one that `session` stands for.
    async fn adopt(&self, client: &Client, session: &Session, id: &str) -> Result<Remote> {
        let refused = |why: String| {
            let hint = format!("kubectl annotate session {} {}-", session.name_any(), keys::ADOPT);
            Error::new(Code::InvalidConfiguration, format!("cannot take over OpenCode session {id:?}: {why}"))
                .hint(hint)
        };
        let remote = match client.session(id).await {
            Err(error) if error.is_not_found() => return Err(refused("the server has none of that id".to_owned())),
            found => found?,
        };
        if let Some(keeper) = remote::keeper(&remote).filter(|keeper| keeper.uid != uid(session))
            && self.context.exists(&keeper).await?
        {
            return Err(refused(format!("it is that of Session {}/{}", keeper.namespace, keeper.name)));
        }
        let mut metadata = remote.metadata.clone();
        metadata.extend(remote::metadata(session));
        Ok(client.patch_session(id, &json!({"metadata": metadata})).await?)
    }

    /// Sends the Session's prompt unless the conversation has it; tells whether it was sent.
    async fn deliver(&self, session: &Session, link: &Link, remote: &Remote) -> Result<bool> {
        if !remote::awaits_answer(session) {
            return Ok(false);
        }
        link.expect_turn(&remote.id).await;
        let prompted = remote::prompt(&link.client.in_directory(&remote.directory), session, remote).await;
        if matches!(prompted, Ok(true)) {
            self.pace.prompted(&uid(session));
        } else {
            link.expect_no_turn(&remote.id);
        }
        Ok(prompted?)
    }

    /// Says what keeps a Session from starting. The text may differ with every try, and each write wakes the next one, so
    /// only a new obstacle is told at once.
    async fn tell_obstacle(&self, session: &Session, agent_name: &str, error: &Error) -> Result<()> {
        let message = error.to_string();
        let conditions = session.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
        let known = condition(conditions, types::SESSION_READY)
            .is_some_and(|condition| condition.reason == reasons::SESSION_NOT_CREATED);
        if known && self.pace.since(&uid(session), Instant::now()).is_some_and(|since| since < OBSTACLE_EVERY) {
            return Ok(());
        }
        self.write(session, &status::obstructed(session, agent_name, &message)).await?;
        self.pace.wrote(&uid(session), None, Instant::now());
        self.context.reports.warning(session, reasons::SESSION_NOT_CREATED, "Start", message).await;
        Ok(())
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
        if let Some(status) = session.status.as_ref().filter(|status| status.phase == Some(SessionPhase::Running)) {
            self.links.forget(&owner(session));
            let in_turn = status.activity.is_some_and(|activity| activity != Activity::Idle);
            let note = if in_turn { format!("{message}; the turn that ran may be lost") } else { message.clone() };
            self.context.reports.warning(session, reason, "Wait", note).await;
        }
        self.write(session, &status::waiting(session, agent_name, reason, &message)).await?;
        Ok(again_in.map_or_else(Action::await_change, Action::requeue))
    }

    /// Resumes an Agent that its standby rule suspended, as a Task does; without a sign of life the rule would suspend it
    /// again before it is ready.
    async fn wake(&self, session: &Session, agent_name: &str) -> Result<Action> {
        let namespace = session.namespace().unwrap_or_default();
        let agent = self.agents.get(&ObjectRef::new(agent_name).within(&namespace));
        let Some(agent) = agent.as_ref().and_then(|agent| agent.0.as_ref().ok()) else {
            return Ok(Action::await_change());
        };
        let annotations = json!({keys::LAST_CONNECTION_ACTIVE: whole_second(Timestamp::now()).to_string()});
        self.context.resume(agent, annotations).await?;
        let message = "the Agent was on standby and is being resumed".to_owned();
        self.context.reports.normal(session, "AgentResumed", "Start", message.clone()).await;
        self.write(session, &status::waiting(session, agent_name, reasons::AGENT_SERVER_NOT_READY, &message)).await?;
        Ok(Action::await_change())
    }

    async fn fall_back(&self, session: &Session) -> Result<Action> {
        let Some(fallback) = &session.spec.fallback_agent_ref else { return Ok(Action::await_change()) };
        let message = format!("the dedicated Agent was not ready in time, using Agent {}", fallback.name);
        self.write(session, &status::fallen_back(session, fallback, message.clone())).await?;
        self.context.reports.warning(session, "FellBack", "Start", message).await;
        Ok(Action::await_change())
    }

    async fn fail(&self, session: &Session, reason: &'static str, message: String) -> Result<Action> {
        self.links.forget(&owner(session));
        self.write(session, &status::failed(session, reason, message.clone())).await?;
        self.context.reports.warning(session, reason, "Run", message).await;
        Ok(Action::await_change())
    }

    /// Fails a Session whose conversation is gone, and says what keeps the next one.
    async fn lose(&self, session: &Session, id: &str, agent_name: &str) -> Result<Action> {
        let agent = self.agents.get(&ObjectRef::new(agent_name).within(&session.namespace().unwrap_or_default()));
        let is_kept = agent.as_ref().and_then(|agent| agent.0.as_ref().ok()).is_none_or(|agent| {
            agent.spec.persistence.as_ref().is_some_and(|persistence| !persistence["sessions"].is_null())
        });
        let hint = if is_kept { "" } else { "; without spec.persistence.sessions an Agent keeps none beyond its Pod" };
        let message = format!("the server no longer knows the OpenCode session {id}{hint}");
        self.fail(session, reasons::SESSION_LOST, message).await
    }

    async fn restart(&self, session: &Session, now: Timestamp) -> Result<Action> {
        self.write(session, &status::restarted(session, now)).await?;
        Ok(Action::await_change())
    }

    async fn write(&self, session: &Session, next: &SessionStatus) -> Result<()> {
        self.context.write_status(session, session.status.as_ref(), next).await.map(drop)
    }
}

fn uid(session: &Session) -> String {
    session.uid().unwrap_or_default()
}

/// Whether `session` may run on `agent`: one of its own has to be its own, not a namesake that somebody else made, or that
/// an earlier Session of this name left behind.
fn may_use<K: Resource>(session: &Session, agent: &K, name: &str) -> bool {
    let fallback = session.spec.fallback_agent_ref.as_ref();
    if session.spec.template_ref.is_none() || fallback.is_some_and(|fallback| fallback.name == name) {
        return true;
    }
    let owner = session.metadata.uid.as_deref();
    agent.meta().owner_references.iter().flatten().any(|reference| Some(reference.uid.as_str()) == owner)
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
