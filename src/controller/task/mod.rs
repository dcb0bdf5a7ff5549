//! The reconciler of Task, for clusters without KubeOpenCode's own controller, and for the sandbox.
//!
//! [`decide`] says what to do, this module carries it out. Better than the platform: a stopped, timed-out or deleted Task
//! aborts its OpenCode session; a Pod that vanished or cannot start fails the Task; the session's own error decides.

mod decide;
mod pod;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use kube::runtime::controller::Action;
use kube::runtime::reflector::{ObjectRef, Store};
use kube::{Resource, ResourceExt};
use serde_json::json;

use super::agent::resolve::{Resolved, resolve, resolve_template};
use super::context::{Context, is_status, refused};
use super::feed::Guarded;
use super::link::{Connections, server_of};
use super::pod::unsupported;
use super::status::{Wanted, set_condition, whole_second};
use super::transcript::{Transcript, dollars};
use crate::api::conditions::{reasons, types};
use crate::api::task::{TaskPhase, TaskSession, TaskSummary, TokenUsage};
use crate::api::{Agent, AgentTemplate, NameRef, Task, TaskStatus, keys, names};
use crate::error::{Code, Error, Result};
use crate::opencode::{Client, Session, SessionQuery};
use decide::{Next, PodState, Target};
pub use waiting::WaitingRoom;

/// Pause between two looks for a session that its Pod is about to create.
const SESSION_LOOK: Duration = Duration::from_millis(500);
/// Look again at a running Task even if nothing seems to happen.
const LOOK_AGAIN: Duration = Duration::from_secs(300);
/// Longest wait for a server that does not answer, before a Task ends without it.
const SERVER_PATIENCE: Duration = Duration::from_secs(60);
/// Pause between two tries to reach it.
const SERVER_PAUSE: Duration = Duration::from_secs(2);
/// Longest wait for a deleted Pod to end.
const POD_PATIENCE: Duration = Duration::from_secs(30);

/// What the Task reconciler works with.
pub struct Reconciler {
    /// Shared with the other reconcilers.
    pub context: Arc<Context>,
    /// Tasks.
    pub tasks: Store<Guarded<Task>>,
    /// Agents.
    pub agents: Store<Guarded<Agent>>,
    /// Templates.
    pub templates: Store<Guarded<AgentTemplate>>,
    /// Pods of Tasks.
    pub pods: Store<Pod>,
    /// Pods of Agents' servers.
    pub server_pods: Store<Pod>,
    /// How servers are reached.
    pub connections: Connections,
}

impl Reconciler {
    /// Brings one Task a step further.
    pub async fn reconcile(&self, task: &Task) -> Result<Action> {
        if task.meta().deletion_timestamp.is_some() {
            return self.clean_up(task).await;
        }
        let now = Timestamp::now();
        let (target, resolved) = self.target(task);
        let mut pod = self.pod(task).as_deref().map_or(PodState::None, |pod| self.pod_state(task, Some(pod), now));
        if pod == PodState::None && is_running(task) {
            // The store may be behind what this controller just created, so only the API server can say that it is gone.
            pod = self.pod_state(task, self.fetch_pod(task).await?.as_ref(), now);
        }
        match decide::next(task, &target, &pod, now) {
            Next::Rest => Ok(Action::await_change()),
            Next::Queue { reason, message } => self.enqueue(task, reason, message).await,
            Next::Take { reason } => self.take(task, reason).await,
            Next::CreatePod => match resolved {
                Some(resolved) => self.create_pod(task, &resolved).await,
                None => self.fail(task, reasons::AGENT_ERROR, unusable(&target)).await,
            },
            Next::Watch { again_in } => self.watch(task, &pod, again_in).await,
            Next::Stop { reason, message } => self.stop(task, reason, message).await,
            Next::Finish => self.finish(task, resolved.is_some_and(|resolved| resolved.command.is_some())).await,
            Next::Fail { reason, message } => self.fail_run(task, reason, message).await,
        }
    }

    /// What the Task is to run on, and what its Pod is made of.
    fn target(&self, task: &Task) -> (Target, Option<Resolved>) {
        let namespace = task.namespace().unwrap_or_default();
        if let Some(reference) = &task.spec.template_ref {
            return match self.template(&namespace, &reference.name) {
                None => (Target::Unusable(format!("AgentTemplate {:?} does not exist", reference.name)), None),
                Some(template) => match resolve_template(&template) {
                    Ok(resolved) => (Target::Usable { reason: reasons::NO_LIMITS }, Some(resolved)),
                    Err(problem) => (Target::Unusable(problem.to_string()), None),
                },
            };
        }
        let Some(reference) = &task.spec.agent_ref else {
            return (Target::Unusable("neither agentRef nor templateRef is given".to_owned()), None);
        };
        let Some(agent) = self.agents.get(&ObjectRef::new(&reference.name).within(&namespace)) else {
            return (Target::Unusable(format!("Agent {:?} does not exist", reference.name)), None);
        };
        let agent = match &agent.0 {
            Ok(agent) => agent,
            Err(error) => {
                return (Target::Unusable(format!("Agent {:?} cannot be read: {error}", reference.name)), None);
            }
        };
        let template = agent.spec.template_ref.as_ref().and_then(|template| self.template(&namespace, &template.name));
        let resolved = match resolve(agent, template.as_ref()) {
            Ok(resolved) => resolved,
            Err(problem) => return (Target::Unusable(problem.to_string()), None),
        };
        let status = agent.status.clone().unwrap_or_default();
        let target = if agent.spec.suspend == Some(true) {
            let message = format!("Agent {} is suspended", reference.name);
            Target::NotNow { reason: reasons::AGENT_SUSPENDED, message }
        } else if status.ready != Some(true) || status.url.is_none() {
            let message = format!("the server of Agent {} is not ready", reference.name);
            Target::NotNow { reason: reasons::AGENT_SERVER_NOT_READY, message }
        } else {
            let all = self.tasks.state();
            let others = all.iter().filter_map(|task| task.0.as_ref().ok());
            decide::queue(task, others, resolved.max_tasks).target()
        };
        (target, Some(resolved))
    }

    fn template(&self, namespace: &str, name: &str) -> Option<AgentTemplate> {
        self.templates.get(&ObjectRef::new(name).within(namespace))?.0.clone().ok()
    }

    fn pod(&self, task: &Task) -> Option<Arc<Pod>> {
        let namespace = task.namespace().unwrap_or_default();
        self.pods.get(&ObjectRef::new(&names::task_pod(&task.name_any())).within(&namespace))
    }

    #[expect(clippy::unused_self, reason = "reads as one of the observations")]
    fn pod_state(&self, task: &Task, pod: Option<&Pod>, now: Timestamp) -> PodState {
        decide::pod_state(pod, &task.uid().unwrap_or_default(), now)
    }

    async fn fetch_pod(&self, task: &Task) -> Result<Option<Pod>> {
        let (namespace, name) = (task.namespace().unwrap_or_default(), names::task_pod(&task.name_any()));
        match self.context.api::<Pod>(&namespace).get_opt(&name).await {
            Ok(pod) => Ok(pod),
            Err(error) if is_status(&error, 404) => Ok(None),
            Err(error) => Err(refused::<Pod>("get", &name, &error)),
        }
    }

    async fn enqueue(&self, task: &Task, reason: &'static str, message: String) -> Result<Action> {
        self.label(task).await?;
        let mut next = task.status.clone().unwrap_or_default();
        let before =
            super::status::condition(&next.conditions, types::QUEUED).map(|condition| condition.reason.clone());
        next.phase = Some(TaskPhase::Queued);
        next.observed_generation = task.metadata.generation;
        next.agent_ref = task.spec.agent_ref.clone();
        set_condition(
            &mut next.conditions,
            Wanted::yes(types::QUEUED, reason, message.clone()),
            None,
            Timestamp::now(),
        );
        self.context.write_status(task, task.status.as_ref(), &next).await?;
        if before.as_deref() != Some(reason) {
            self.context.reports.normal(task, "Queued", "Queue", message).await;
        }
        // Whatever it waits for is watched.
        Ok(Action::await_change())
    }

    /// Takes the place: from here on the Task counts as running, whatever happens to this process.
    async fn take(&self, task: &Task, reason: &'static str) -> Result<Action> {
        if self.label(task).await? {
            return Ok(Action::await_change());
        }
        let mut next = task.status.clone().unwrap_or_default();
        let now = Timestamp::now();
        next.phase = Some(TaskPhase::Running);
        next.observed_generation = task.metadata.generation;
        next.start_time = Some(Time(whole_second(now)));
        next.agent_ref = task.spec.agent_ref.clone();
        next.template_ref = task.spec.template_ref.clone();
        if task.spec.agent_ref.is_some() {
            next.session = Some(TaskSession { title: Some(title(task)), ..TaskSession::default() });
        }
        if super::status::condition(&next.conditions, types::QUEUED).is_some() {
            set_condition(&mut next.conditions, Wanted::no(types::QUEUED, reason, ""), None, now);
        }
        self.context.write_status(task, task.status.as_ref(), &next).await?;
        Ok(Action::await_change())
    }

    /// Sets label and finalizer; tells whether they had to be set.
    async fn label(&self, task: &Task) -> Result<bool> {
        let mut metadata = json!({});
        let targets = [(keys::AGENT, &task.spec.agent_ref), (keys::AGENT_TEMPLATE, &task.spec.template_ref)];
        for (key, NameRef { name }) in targets.into_iter().filter_map(|(key, target)| Some((key, target.as_ref()?))) {
            if task.labels().get(key) != Some(name) {
                metadata["labels"][key] = json!(name);
            }
        }
        if !has_finalizer(task) {
            let finalizers = task.finalizers().iter().map(String::as_str).chain([keys::TASK_FINALIZER]);
            metadata["finalizers"] = json!(finalizers.collect::<Vec<_>>());
        }
        if metadata == json!({}) {
            return Ok(false);
        }
        self.context.patch_metadata(task, metadata).await?;
        Ok(true)
    }

    async fn create_pod(&self, task: &Task, resolved: &Resolved) -> Result<Action> {
        let namespace = task.namespace().unwrap_or_default();
        let server = match &task.spec.agent_ref {
            None => None,
            Some(agent) => {
                let agent = self.agents.get(&ObjectRef::new(&agent.name).within(&namespace));
                let status = agent.and_then(|agent| agent.0.as_ref().ok().and_then(|agent| agent.status.clone()));
                match status.and_then(|status| status.url) {
                    Some(url) => Some((url, self.workspace(task).await?)),
                    None => return Ok(Action::requeue(SESSION_LOOK)),
                }
            }
        };
        let server = server.as_ref().map(|(url, directory)| pod::ServedAt { url, directory });
        let objects = pod::objects(task, resolved, server, &self.context.runtime);
        let (config_map, pod) = match objects {
            Ok(objects) => objects,
            Err(problem) => return self.fail(task, reasons::CONTEXT_ERROR, problem.to_string()).await,
        };
        // Server-side apply: what a Task of the same name left behind must not become this one's prompt.
        if let Err(error) = self.context.apply::<ConfigMap>(&config_map, None).await {
            return self.refused(task, reasons::CONFIG_MAP_CREATION_ERROR, error).await;
        }
        match self.context.create::<Pod>(&namespace, &pod).await {
            // One of its name exists: ours from before a restart, or somebody else's, which the next look tells.
            Ok(created) => {
                let mut next = task.status.clone().unwrap_or_default();
                if created.is_none() {
                    let found = self.fetch_pod(task).await?;
                    match self.pod_state(task, found.as_ref(), Timestamp::now()) {
                        PodState::None => return Ok(Action::requeue(SESSION_LOOK)),
                        PodState::Foreign if found.is_some_and(|pod| pod.metadata.deletion_timestamp.is_some()) => {
                            // It is on its way out, and its name will be free.
                            return Ok(Action::requeue(SESSION_LOOK));
                        }
                        PodState::Foreign => {
                            let message =
                                format!("Pod {} exists and is not this Task's", names::task_pod(&task.name_any()));
                            return self.fail(task, reasons::POD_CREATION_ERROR, message).await;
                        }
                        _ => {}
                    }
                }
                next.pod_name = Some(names::task_pod(&task.name_any()));
                self.context.write_status(task, task.status.as_ref(), &next).await?;
                let note = format!("Pod {}", names::task_pod(&task.name_any()));
                self.context.reports.normal(task, "PodCreated", "Create", note).await;
                let left_out = unsupported(resolved);
                if task.spec.template_ref.is_some() && !left_out.is_empty() {
                    let note = format!("this controller leaves out {}", left_out.join(", "));
                    self.context.reports.warning(task, reasons::UNSUPPORTED, "Create", note).await;
                }
                Ok(Action::await_change())
            }
            Err(error) => self.refused(task, reasons::POD_CREATION_ERROR, error).await,
        }
    }

    /// What the API server refuses for good fails the Task; anything else is tried again.
    async fn refused(&self, task: &Task, reason: &'static str, error: Error) -> Result<Action> {
        match error.code {
            Code::Forbidden | Code::InvalidConfiguration => self.fail(task, reason, error.to_string()).await,
            _ => Err(error),
        }
    }

    /// Finds the session of a running Task as soon as its Pod has created it.
    async fn watch(&self, task: &Task, pod: &PodState, again_in: Option<Duration>) -> Result<Action> {
        let session = task.status.as_ref().and_then(|status| status.session.clone()).unwrap_or_default();
        let look = |next: Duration| Action::requeue(again_in.map_or(next, |again_in| again_in.min(next)));
        if *pod == PodState::Starting {
            return Ok(look(SERVER_PATIENCE));
        }
        if session.title.is_none() || session.id.is_some() {
            return Ok(look(LOOK_AGAIN));
        }
        let found = match self.client(task).await? {
            Some(client) => session_of(&client, task).await?,
            None => None,
        };
        let Some(found) = found else { return Ok(look(SESSION_LOOK)) };
        let mut next = task.status.clone().unwrap_or_default();
        next.session = Some(TaskSession { id: Some(found.id), ..session });
        self.context.write_status(task, task.status.as_ref(), &next).await?;
        Ok(look(LOOK_AGAIN))
    }

    /// Aborts the session, deletes the Pod, and calls the Task stopped when nothing of it runs any more.
    async fn stop(&self, task: &Task, reason: &'static str, message: String) -> Result<Action> {
        let mut next = task.status.clone().unwrap_or_default();
        if is_running(task) {
            let found = self.abort(task).await;
            if let Some(pod) = self.fetch_pod(task).await?.filter(|pod| is_owned(pod, task) && !has_ended(pod)) {
                if pod.metadata.deletion_timestamp.is_none() {
                    self.context.delete(&pod).await?;
                    return Ok(Action::requeue(SESSION_LOOK));
                }
                let since = pod.metadata.deletion_timestamp.as_ref().map_or_else(Timestamp::now, |time| time.0);
                if age(since) < POD_PATIENCE {
                    return Ok(Action::requeue(SESSION_LOOK));
                }
            }
            match found {
                Ok(Some((client, session))) => next.session = Some(summarised(&client, task, &session).await.0),
                Ok(None) => {}
                Err(error) if error.code == Code::AgentUnavailable => {
                    let note = format!("the OpenCode session may still run: {error}");
                    self.context.reports.warning(task, "AbortFailed", "Stop", note).await;
                }
                Err(error) => return Err(error),
            }
        }
        let now = Timestamp::now();
        next.phase = Some(TaskPhase::Completed);
        next.completion_time = Some(Time(whole_second(now)));
        next.observed_generation = task.metadata.generation;
        set_condition(&mut next.conditions, Wanted::yes(types::STOPPED, reason, message.clone()), None, now);
        if super::status::is_true(&next.conditions, types::QUEUED) {
            set_condition(&mut next.conditions, Wanted::no(types::QUEUED, reason, ""), None, now);
        }
        self.context.write_status(task, task.status.as_ref(), &next).await?;
        let event = if reason == reasons::TIMEOUT { "Timeout" } else { "Stopped" };
        self.context.reports.normal(task, event, "Stop", message).await;
        Ok(Action::await_change())
    }

    /// The Pod ended well; whether the Task did is for its session to say. A Pod with a command of its own, `own_command`,
    /// need not have one.
    async fn finish(&self, task: &Task, own_command: bool) -> Result<Action> {
        let mut next = task.status.clone().unwrap_or_default();
        let mut failure = None;
        let known = next.session.clone().unwrap_or_default();
        if known.title.is_some() {
            match self.outcome(task).await {
                Ok(Outcome::Known(session, failed)) => {
                    next.session = Some(*session);
                    failure = failed;
                }
                // `opencode run` ends well whatever happens, so without a session there is nothing to believe.
                Ok(Outcome::NotFound) if known.id.is_none() && !own_command => {
                    let message = "the Agent's server never had a session of this Task".to_owned();
                    return self.write_failure(task, next, reasons::SESSION_LOST, message).await;
                }
                Ok(Outcome::NotFound | Outcome::NoServer) if own_command => {}
                Ok(Outcome::NotFound | Outcome::NoServer) => {
                    let note = "the Agent's server no longer knows the session of this Task";
                    self.context.reports.warning(task, "OutcomeUnknown", "Complete", note).await;
                }
                Err(error) if self.ended_for(task) < SERVER_PATIENCE => {
                    tracing::info!(task = task.name_any(), %error, "cannot read the outcome yet");
                    return Ok(Action::requeue(SERVER_PAUSE));
                }
                Err(error) => {
                    let note = format!("cannot read how the session ended: {error}");
                    self.context.reports.warning(task, "OutcomeUnknown", "Complete", note).await;
                }
            }
        }
        if let Some(message) = failure {
            return self.write_failure(task, next, reasons::SESSION_ERROR, message).await;
        }
        next.phase = Some(TaskPhase::Completed);
        next.completion_time = Some(Time(whole_second(Timestamp::now())));
        next.observed_generation = task.metadata.generation;
        self.context.write_status(task, task.status.as_ref(), &next).await?;
        self.context.reports.normal(task, "Completed", "Complete", "the Task ended well").await;
        Ok(Action::await_change())
    }

    /// How long ago the Pod's container ended.
    fn ended_for(&self, task: &Task) -> Duration {
        let pod = self.pod(task);
        let statuses = pod.as_ref().and_then(|pod| pod.status.as_ref()?.container_statuses.clone()).unwrap_or_default();
        let ended = statuses.iter().find_map(|status| status.state.as_ref()?.terminated.as_ref()?.finished_at.clone());
        ended.map_or(SERVER_PATIENCE, |ended| age(ended.0))
    }

    /// Fails a Task whose Pod did, with the session's own words where it has some, and leaves nothing running.
    async fn fail_run(&self, task: &Task, reason: &'static str, message: String) -> Result<Action> {
        if !is_running(task) {
            return self.fail(task, reason, message).await;
        }
        let mut next = task.status.clone().unwrap_or_default();
        let (mut reason, mut message) = (reason, message);
        match self.abort(task).await {
            Ok(Some((client, session))) => {
                let (session, failed) = summarised(&client, task, &session).await;
                next.session = Some(session);
                // That it was aborted is our doing, and says nothing about why.
                let failed = failed.filter(|failed| !failed.starts_with("MessageAbortedError"));
                if let Some(failed) = failed.filter(|_| reason == reasons::POD_FAILED) {
                    (reason, message) = (reasons::SESSION_ERROR, failed);
                }
            }
            Ok(None) => {}
            Err(error) => {
                let note = format!("the OpenCode session may still run: {error}");
                self.context.reports.warning(task, "AbortFailed", "Fail", note).await;
            }
        }
        if reason == reasons::POD_UNSTARTABLE
            && let Some(pod) = self.fetch_pod(task).await?.filter(|pod| is_owned(pod, task))
        {
            self.context.delete(&pod).await?;
        }
        self.write_failure(task, next, reason, message).await
    }

    async fn fail(&self, task: &Task, reason: &'static str, message: String) -> Result<Action> {
        self.write_failure(task, task.status.clone().unwrap_or_default(), reason, message).await
    }

    async fn write_failure(
        &self,
        task: &Task,
        mut next: TaskStatus,
        reason: &'static str,
        message: String,
    ) -> Result<Action> {
        let now = Timestamp::now();
        next.phase = Some(TaskPhase::Failed);
        next.completion_time = Some(Time(whole_second(now)));
        next.observed_generation = task.metadata.generation;
        set_condition(&mut next.conditions, Wanted::no(types::READY, reason, message.clone()), None, now);
        self.context.write_status(task, task.status.as_ref(), &next).await?;
        self.context.reports.warning(task, "Failed", "Run", message).await;
        Ok(Action::await_change())
    }

    /// Aborts the session of a Task that goes, then lets it go; never later than [`SERVER_PATIENCE`].
    async fn clean_up(&self, task: &Task) -> Result<Action> {
        if !has_finalizer(task) {
            return Ok(Action::await_change());
        }
        let ended = task.status.as_ref().and_then(|status| status.phase.as_ref()).is_some_and(TaskPhase::is_terminal);
        if !ended && is_running(task) {
            if let Some(pod) = self.fetch_pod(task).await?.filter(|pod| is_owned(pod, task)) {
                self.context.delete(&pod).await?;
            }
            if let Err(error) = self.abort(task).await {
                let since = task.meta().deletion_timestamp.as_ref().map_or_else(Timestamp::now, |time| time.0);
                if age(since) < SERVER_PATIENCE {
                    return Ok(Action::requeue(SERVER_PAUSE));
                }
                let note = format!("gave up on the OpenCode session: {error}");
                self.context.reports.warning(task, "CleanupSkipped", "Delete", note).await;
            }
        }
        self.context.remove_finalizer(task, keys::TASK_FINALIZER).await?;
        Ok(Action::await_change())
    }

    /// A client of the server that the Task runs on; `None` where there is none to ask.
    async fn client(&self, task: &Task) -> Result<Option<Client>> {
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

    /// The workspace of the Task's Agent, as its server knows it.
    async fn workspace(&self, task: &Task) -> Result<String> {
        let gone = || Error::new(Code::AgentUnavailable, "the Agent went away before its Task started");
        let client = self.client(task).await?.ok_or_else(gone)?;
        Ok(client.path().await?.directory)
    }

    /// Ends the turn of the Task's session, if it has one.
    async fn abort(&self, task: &Task) -> Result<Option<(Client, Session)>> {
        let Some(client) = self.client(task).await? else { return Ok(None) };
        let Some(session) = session_of(&client, task).await? else { return Ok(None) };
        client.abort(&session.id).await?;
        Ok(Some((client, session)))
    }

    /// How the Task's session ended.
    async fn outcome(&self, task: &Task) -> Result<Outcome> {
        let Some(client) = self.client(task).await? else { return Ok(Outcome::NoServer) };
        let Some(session) = session_of(&client, task).await? else { return Ok(Outcome::NotFound) };
        let transcript = Transcript::fetch(&client, &session.id).await?;
        let (session, failed) = outcome(task, &session, &transcript);
        Ok(Outcome::Known(Box::new(session), failed))
    }
}

/// What the server tells about a Task's session.
enum Outcome {
    /// There is no server to ask.
    NoServer,
    /// It does not know the session.
    NotFound,
    /// The session with its sums, and how it failed.
    Known(Box<TaskSession>, Option<String>),
}

/// The sums of a session that is over; without them if they cannot be read.
async fn summarised(client: &Client, task: &Task, session: &Session) -> (TaskSession, Option<String>) {
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

/// The newest session with the Task's very title.
async fn session_of(client: &Client, task: &Task) -> Result<Option<Session>> {
    let title = title(task);
    let query = SessionQuery { search: Some(title.clone()), roots: true, ..SessionQuery::default() };
    let found = client.sessions(&query).await?;
    Ok(found.into_iter().filter(|session| session.title == title).max_by_key(|session| session.time.created))
}

fn title(task: &Task) -> String {
    let known = task.status.as_ref().and_then(|status| status.session.as_ref()?.title.clone());
    known.unwrap_or_else(|| {
        let namespace = task.namespace().unwrap_or_default();
        names::task_session_title(&namespace, &task.name_any(), &task.uid().unwrap_or_default())
    })
}

fn is_running(task: &Task) -> bool {
    task.status.as_ref().is_some_and(|status| status.phase == Some(TaskPhase::Running))
}

fn has_finalizer(task: &Task) -> bool {
    task.finalizers().iter().any(|finalizer| finalizer == keys::TASK_FINALIZER)
}

fn is_owned(pod: &Pod, task: &Task) -> bool {
    let uid = task.uid().unwrap_or_default();
    pod.owner_references().iter().any(|owner| owner.uid == uid)
}

fn has_ended(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    matches!(phase, Some("Succeeded" | "Failed"))
}

fn age(since: Timestamp) -> Duration {
    Duration::try_from(Timestamp::now().duration_since(since)).unwrap_or_default()
}

fn unusable(target: &Target) -> String {
    match target {
        Target::Unusable(message) | Target::NotNow { message, .. } => message.clone(),
        Target::Usable { .. } => String::new(),
    }
}
