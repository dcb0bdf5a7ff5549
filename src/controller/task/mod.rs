//! The reconciler of Task, for clusters without KubeOpenCode's own controller, and for the sandbox.
//!
//! [`decide`] says what to do, this module carries it out. Better than the platform: a stopped, timed-out or deleted Task
//! aborts its OpenCode session; a Pod that vanished or cannot start fails the Task; the session's own error decides.

mod decide;
mod ending;
mod handover;
mod pod;
mod quota;
mod remote;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use kube::runtime::reflector::{ObjectRef, Store};
use kube::{Resource, ResourceExt};
use serde_json::json;

use super::agent::resolve::{Resolved, resolve, resolve_template};
use super::agent::status::trouble;
use super::context::{Context, is_status, refused};
use super::feed::Guarded;
use super::link::Connections;
use super::pod::unsupported;
use super::queue::Action;
use super::status::{Wanted, set_condition, whole_second};
use crate::api::conditions::{reasons, types};
use crate::api::task::{TaskPhase, TaskSession};
use crate::api::{Agent, AgentTemplate, NameRef, Task, keys, names};
use crate::error::{Code, Error, Result};
use decide::{Next, PodState, Target};
pub use handover::hand_over;
use quota::Quota;
pub use waiting::WaitingRoom;

/// Pause between two looks for a session that its Pod is about to create.
const SESSION_LOOK: Duration = Duration::from_millis(500);
/// Pause between two looks whether a Pod that does not start ever will.
const START_LOOK: Duration = Duration::from_secs(60);
/// Look again at a running Task even if nothing seems to happen.
const LOOK_AGAIN: Duration = Duration::from_secs(300);
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
            Next::Rest => self.rest(task).await,
            Next::Queue { reason, message, again_in } => self.enqueue(task, reason, message, again_in).await,
            Next::Take { reason } => self.take(task, reason, resolved.as_ref().and_then(Quota::of)).await,
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
                None => (Target::Unusable(format!("AgentTemplate {} does not exist", reference.name)), None),
                Some(template) => match resolve_template(&template) {
                    Ok(resolved) => (Target::Usable { reason: reasons::NO_LIMITS }, Some(resolved)),
                    Err(problem) => (Target::Unusable(format!("AgentTemplate {}: {problem}", reference.name)), None),
                },
            };
        }
        let Some(reference) = &task.spec.agent_ref else {
            return (Target::Unusable("either agentRef or templateRef must be specified".to_owned()), None);
        };
        let Some(agent) = self.agents.get(&ObjectRef::new(&reference.name).within(&namespace)) else {
            return (Target::Unusable(format!("Agent {} does not exist", reference.name)), None);
        };
        let agent = match &agent.0 {
            Ok(agent) => agent,
            Err(error) => {
                return (Target::Unusable(format!("Agent {} cannot be read: {error}", reference.name)), None);
            }
        };
        let template = agent.spec.template_ref.as_ref().and_then(|template| self.template(&namespace, &template.name));
        let resolved = match resolve(agent, template.as_ref()) {
            Ok(resolved) => resolved,
            Err(problem) => return (Target::Unusable(format!("Agent {}: {problem}", reference.name)), None),
        };
        let status = agent.status.clone().unwrap_or_default();
        let target = if agent.spec.suspend == Some(true) {
            let message = format!("Agent {} is suspended", reference.name);
            Target::NotNow { reason: reasons::AGENT_SUSPENDED, message, again_in: None }
        } else if status.ready != Some(true) || status.url.is_none() {
            let mut message = format!("the server of Agent {} is not ready", reference.name);
            if let Some(why) = trouble(agent) {
                message = format!("{message}: {why}");
            }
            Target::NotNow { reason: reasons::AGENT_SERVER_NOT_READY, message, again_in: None }
        } else {
            let all = self.tasks.state();
            let others = all.iter().filter_map(|task| task.0.as_ref().ok());
            let queue = decide::queue(task, others, resolved.max_tasks);
            match (queue.target(), Quota::of(&resolved)) {
                (Target::Usable { reason }, Some(quota)) => quota.target(agent, task, queue.ahead, reason),
                (target, _) => target,
            }
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

    async fn enqueue(
        &self,
        task: &Task,
        reason: &'static str,
        message: String,
        again_in: Option<Duration>,
    ) -> Result<Action> {
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
        // Whatever it waits for is watched, or comes with time.
        Ok(again_in.map_or_else(Action::await_change, Action::requeue))
    }

    /// Takes the place: from here on the Task counts as running, whatever happens to this process.
    async fn take(&self, task: &Task, reason: &'static str, quota: Option<Quota>) -> Result<Action> {
        if self.label(task).await? {
            return Ok(Action::await_change());
        }
        if let Some(quota) = quota {
            self.record_start(task, quota).await?;
        }
        let mut next = task.status.clone().unwrap_or_default();
        let now = Timestamp::now();
        next.phase = Some(TaskPhase::Running);
        next.observed_generation = task.metadata.generation;
        next.start_time = Some(Time(whole_second(now)));
        next.agent_ref = task.spec.agent_ref.clone();
        next.template_ref = task.spec.template_ref.clone();
        if task.spec.agent_ref.is_some() {
            next.session = Some(TaskSession { title: Some(task.session_title()), ..TaskSession::default() });
        }
        if super::status::condition(&next.conditions, types::QUEUED).is_some() {
            set_condition(&mut next.conditions, Wanted::no(types::QUEUED, reason, ""), None, now);
        }
        self.context.write_status(task, task.status.as_ref(), &next).await?;
        Ok(Action::await_change())
    }

    /// Puts the start of a Task on its Agent's record before it happens. Of two that would use up the same place in the
    /// quota, one meets a conflict and looks again; a start that is on record already is not put there again.
    async fn record_start(&self, task: &Task, quota: Quota) -> Result<()> {
        let name = task.spec.agent_ref.as_ref().map(|agent| agent.name.clone()).unwrap_or_default();
        let key = ObjectRef::new(&name).within(&task.namespace().unwrap_or_default());
        let Some(agent) = self.agents.get(&key) else { return Ok(()) };
        let Some(agent) = agent.0.as_ref().ok() else { return Ok(()) };
        match quota.record(agent, task, Timestamp::now()) {
            Some(next) => self.context.write_status(agent, agent.status.as_ref(), &next).await.map(drop),
            None => Ok(()),
        }
    }

    /// An ended Task runs nothing, so its deletion need not wait for this controller, which may be gone by then.
    async fn rest(&self, task: &Task) -> Result<Action> {
        if has_finalizer(task) {
            self.context.remove_finalizer(task, keys::TASK_FINALIZER).await?;
        }
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
                let Some(url) = status.and_then(|status| status.url) else { return Ok(Action::requeue(SESSION_LOOK)) };
                let Some(directory) = self.workspace(task).await? else { return Ok(Action::requeue(SESSION_LOOK)) };
                Some((url, directory))
            }
        };
        let server = server.as_ref().map(|(url, directory)| pod::ServedAt { url, directory });
        let objects = pod::objects(task, resolved, server, &self.context.runtime);
        let (config_map, pod) = match objects {
            Ok(objects) => objects,
            Err(problem) => {
                let of = [("Agent", &task.spec.agent_ref), ("AgentTemplate", &task.spec.template_ref)];
                let of = of.into_iter().find_map(|(kind, of)| Some(format!("{kind} {}: ", of.as_ref()?.name)));
                let message = format!("{}{problem}", of.unwrap_or_default());
                return self.fail(task, reasons::CONTEXT_ERROR, message).await;
            }
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
                let mut left_out = pod::unsupported_contexts(task);
                if task.spec.template_ref.is_some() {
                    left_out.extend(unsupported(resolved));
                }
                if !left_out.is_empty() {
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
            return Ok(look(START_LOOK));
        }
        if session.title.is_none() || session.id.is_some() {
            return Ok(look(LOOK_AGAIN));
        }
        let found = match self.client(task).await? {
            Some(client) => client.session_titled(&task.session_title()).await?,
            None => None,
        };
        let Some(found) = found else { return Ok(look(SESSION_LOOK)) };
        let mut next = task.status.clone().unwrap_or_default();
        next.session = Some(TaskSession { id: Some(found.id), ..session });
        self.context.write_status(task, task.status.as_ref(), &next).await?;
        Ok(look(LOOK_AGAIN))
    }
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
