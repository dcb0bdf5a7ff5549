//! What to do with a Task next: the platform's state machine with its gaps closed, as a function of what is observed.
//!
//! Queued Tasks leave the queue in order of creation: a Task may start when the Tasks that run on its Agent and those that
//! were created before it and do not run yet leave a place. So two Tasks never take the same place, however stale what is
//! observed is.

use std::time::Duration;

use k8s_openapi::api::core::v1::{ContainerStatus, Pod};
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt;

use crate::api::conditions::reasons;
use crate::api::task::TaskPhase;
use crate::api::{GoDuration, Task, keys, names};

/// How long an image may be unavailable, or a Secret or `ConfigMap` missing.
const START_PATIENCE: Duration = Duration::from_secs(60);
/// How long no node may have room: an autoscaler needs minutes.
const SCHEDULE_PATIENCE: Duration = Duration::from_secs(300);

/// What a Task is to run on.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// It cannot run, and waiting does not help.
    Unusable(String),
    /// It has to wait.
    NotNow {
        /// Reason of condition `Queued`.
        reason: &'static str,
        /// For people.
        message: String,
        /// Look again then, where no event will tell.
        again_in: Option<Duration>,
    },
    /// It can run.
    Usable {
        /// Reason of leaving the queue.
        reason: &'static str,
    },
}

/// How many Tasks want an Agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// They run.
    pub running: usize,
    /// They were created earlier and do not run yet.
    pub ahead: usize,
    /// Most that may run.
    pub limit: Option<usize>,
}

impl Queue {
    /// Whether the next Task may start, and why (not).
    pub fn target(self) -> Target {
        match self.limit {
            None => Target::Usable { reason: reasons::NO_LIMITS },
            Some(limit) if self.running + self.ahead < limit => Target::Usable { reason: reasons::CAPACITY_AVAILABLE },
            Some(limit) => {
                let Queue { running, ahead, .. } = self;
                let message = format!("{running} of at most {limit} Tasks run on the Agent, {ahead} wait in front");
                Target::NotNow { reason: reasons::AGENT_AT_CAPACITY, message, again_in: None }
            }
        }
    }
}

/// The Pod of a Task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PodState {
    /// There is none.
    None,
    /// One of its name belongs to somebody else.
    Foreign,
    /// It has been deleted and still ends.
    Ending,
    /// Not started yet.
    Starting,
    /// It will not start.
    Stuck(String),
    /// Its container runs.
    Running,
    /// It ended well.
    Succeeded,
    /// It ended badly.
    Failed(String),
}

/// The step to take.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// It has ended.
    Rest,
    /// Phase Queued.
    Queue {
        /// Reason of condition `Queued`.
        reason: &'static str,
        /// For people.
        message: String,
        /// Look again then, where no event will tell.
        again_in: Option<Duration>,
    },
    /// Phase Running: take the place before anything is created.
    Take {
        /// Reason of leaving the queue.
        reason: &'static str,
    },
    /// Create the `ConfigMap` and the Pod.
    CreatePod,
    /// It runs; look again then.
    Watch {
        /// When the time limit passes.
        again_in: Option<Duration>,
    },
    /// Abort the session, delete the Pod; when both are gone, phase Completed with condition `Stopped`.
    Stop {
        /// Reason of condition `Stopped`.
        reason: &'static str,
        /// For people.
        message: String,
    },
    /// The Pod ended well: the session tells how the Task ended.
    Finish,
    /// Phase Failed.
    Fail {
        /// Reason of condition `Ready`.
        reason: &'static str,
        /// For people.
        message: String,
    },
}

/// What is to be done with `task`, whose target and Pod are in these states.
pub fn next(task: &Task, target: &Target, pod: &PodState, now: Timestamp) -> Next {
    let status = task.status.clone().unwrap_or_default();
    let phase = status.phase.clone().unwrap_or_default();
    if phase.is_terminal() {
        return Next::Rest;
    }
    let stop_asked = task.annotations().get(keys::STOP).is_some_and(|value| value == "true");
    if phase != TaskPhase::Running {
        if stop_asked {
            let message = "Task was stopped while queued".to_owned();
            return Next::Stop { reason: reasons::USER_STOPPED, message };
        }
        return match target.clone() {
            Target::Unusable(message) => Next::Fail { reason: reasons::AGENT_ERROR, message },
            Target::NotNow { reason, message, again_in } => Next::Queue { reason, message, again_in },
            Target::Usable { reason } => Next::Take { reason },
        };
    }
    let left = match time_left(task, now) {
        Ok(left) => left,
        Err(limit) => {
            let message = format!("Task timed out after {limit}");
            return Next::Stop { reason: reasons::TIMEOUT, message };
        }
    };
    if stop_asked {
        let message = "Task stopped by user via kubeopencode.io/stop annotation".to_owned();
        return Next::Stop { reason: reasons::USER_STOPPED, message };
    }
    match pod {
        PodState::None if status.pod_name.is_none() => Next::CreatePod,
        PodState::None | PodState::Ending => Next::Fail {
            reason: reasons::POD_LOST,
            message: format!("Pod {} was deleted while the Task ran", names::task_pod(&task.name_any())),
        },
        PodState::Foreign => Next::Fail {
            reason: reasons::POD_CREATION_ERROR,
            message: format!("Pod {} exists and is not this Task's", names::task_pod(&task.name_any())),
        },
        PodState::Stuck(message) => Next::Fail { reason: reasons::POD_UNSTARTABLE, message: message.clone() },
        PodState::Starting | PodState::Running => Next::Watch { again_in: left },
        PodState::Succeeded => Next::Finish,
        PodState::Failed(message) => Next::Fail { reason: reasons::POD_FAILED, message: message.clone() },
    }
}

/// What is left of `spec.timeout`; `Err` is the limit that passed.
fn time_left(task: &Task, now: Timestamp) -> Result<Option<Duration>, String> {
    let Some(text) = &task.spec.timeout else { return Ok(None) };
    let limit = text.parse::<GoDuration>().ok().and_then(GoDuration::to_std);
    let started = task.status.as_ref().and_then(|status| status.start_time.as_ref());
    let (Some(limit), Some(started)) = (limit, started) else { return Ok(None) };
    let ran = Duration::try_from(now.duration_since(started.0)).unwrap_or_default();
    limit.checked_sub(ran).filter(|left| !left.is_zero()).map(Some).ok_or_else(|| text.clone())
}

/// The state of the Pod of the Task with this UID.
pub fn pod_state(pod: Option<&Pod>, task_uid: &str, now: Timestamp) -> PodState {
    let Some(pod) = pod else { return PodState::None };
    if !pod.owner_references().iter().any(|owner| owner.uid == task_uid) {
        return PodState::Foreign;
    }
    let status = pod.status.clone().unwrap_or_default();
    let containers =
        || status.init_container_statuses.iter().flatten().chain(status.container_statuses.iter().flatten());
    match status.phase.as_deref() {
        Some("Succeeded") => return PodState::Succeeded,
        Some("Failed") => return PodState::Failed(why_failed(&status, containers())),
        _ if pod.metadata.deletion_timestamp.is_some() => return PodState::Ending,
        Some("Running") => return PodState::Running,
        _ => {}
    }
    let created = pod.creation_timestamp().map_or(now, |time| time.0);
    let age = Duration::try_from(now.duration_since(created)).unwrap_or_default();
    let scheduled = status.conditions.iter().flatten().find(|condition| condition.type_ == "PodScheduled");
    if let Some(condition) = scheduled.filter(|condition| condition.status == "False") {
        let message = condition.message.clone().unwrap_or_default();
        if age >= SCHEDULE_PATIENCE {
            return PodState::Stuck(format!("no node takes the Pod: {message}"));
        }
    }
    for container in containers() {
        let Some(waiting) = container.state.as_ref().and_then(|state| state.waiting.as_ref()) else { continue };
        let reason = waiting.reason.as_deref().unwrap_or_default();
        let patience = match reason {
            "InvalidImageName" | "ErrImageNeverPull" => Duration::ZERO,
            "ImagePullBackOff"
            | "ErrImagePull"
            | "CreateContainerConfigError"
            | "CreateContainerError"
            | "RunContainerError"
            | "CrashLoopBackOff" => START_PATIENCE,
            _ => continue,
        };
        if age >= patience {
            let message = waiting.message.as_deref().unwrap_or_default();
            return PodState::Stuck(format!("container {}: {reason}: {message}", container.name));
        }
    }
    PodState::Starting
}

fn why_failed<'a>(
    status: &k8s_openapi::api::core::v1::PodStatus,
    mut containers: impl Iterator<Item = &'a ContainerStatus>,
) -> String {
    let ended = containers.find_map(|container| {
        let ended = container.state.as_ref()?.terminated.as_ref().filter(|ended| ended.exit_code != 0)?;
        let reason = ended.reason.as_deref().unwrap_or("Error");
        Some(format!("container {}: exit code {} ({reason})", container.name, ended.exit_code))
    });
    let pod =
        [status.reason.as_deref(), status.message.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(": ");
    match (ended, pod.is_empty()) {
        (Some(ended), true) => ended,
        (Some(ended), false) => format!("{ended}; {pod}"),
        (None, false) => pod,
        (None, true) => "the Pod failed and does not say why".to_owned(),
    }
}

/// The queue in front of `task` on its Agent, among all Tasks of its namespace.
pub fn queue<'a>(task: &Task, others: impl Iterator<Item = &'a Task>, limit: Option<usize>) -> Queue {
    let agent = |task: &Task| task.spec.agent_ref.as_ref().map(|agent| agent.name.clone());
    let order = |task: &Task| (task.creation_timestamp().map(|time| time.0), task.name_any());
    let (own_agent, own_order) = (agent(task), order(task));
    let mut queue = Queue { limit, ..Queue::default() };
    for other in others {
        if other.uid() == task.uid() || other.namespace() != task.namespace() || agent(other) != own_agent {
            continue;
        }
        let phase = other.status.as_ref().and_then(|status| status.phase.clone()).unwrap_or_default();
        if phase == TaskPhase::Running {
            queue.running += 1;
        } else if !phase.is_terminal() && other.metadata.deletion_timestamp.is_none() && order(other) < own_order {
            queue.ahead += 1;
        }
    }
    queue
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "objects are written where they are used")]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn task(name: &str, created: i64, more: Value) -> Task {
        let mut task = json!({
            "metadata": {"name": name, "namespace": "n", "uid": format!("{name}-uid"), "creationTimestamp": at(created).to_string()},
            "spec": {"agentRef": {"name": "a"}, "description": "do it"},
        });
        json_patch::merge(&mut task, &more);
        serde_json::from_value(task).unwrap()
    }

    fn running(more: Value) -> Task {
        let mut all = json!({"status": {"phase": "Running", "startTime": at(100).to_string(), "podName": "t-pod"}});
        json_patch::merge(&mut all, &more);
        task("t", 0, all)
    }

    fn pod(more: Value) -> Pod {
        let mut pod = json!({"metadata": {"name": "t-pod", "creationTimestamp": at(100).to_string(),
            "ownerReferences": [{"apiVersion": "v", "kind": "Task", "name": "t", "uid": "t-uid"}]}});
        json_patch::merge(&mut pod, &more);
        serde_json::from_value(pod).unwrap()
    }

    const FREE: Target = Target::Usable { reason: "NoLimits" };

    #[test]
    fn a_task_waits_takes_its_place_and_then_gets_a_pod() {
        let new = task("t", 0, json!({}));
        let busy = Target::NotNow { reason: "AgentSuspended", message: "m".into(), again_in: None };
        assert!(matches!(next(&new, &busy, &PodState::None, at(1)), Next::Queue { reason: "AgentSuspended", .. }));
        assert_eq!(next(&new, &FREE, &PodState::None, at(1)), Next::Take { reason: "NoLimits" });
        let unusable = Target::Unusable("gone".into());
        assert!(matches!(next(&new, &unusable, &PodState::None, at(1)), Next::Fail { reason: "AgentError", .. }));
        let taken = running(json!({"status": {"podName": null}}));
        assert_eq!(next(&taken, &FREE, &PodState::None, at(101)), Next::CreatePod);
        assert!(matches!(
            next(&taken, &FREE, &PodState::Foreign, at(101)),
            Next::Fail { reason: "PodCreationError", .. }
        ));
    }

    #[test]
    fn a_running_task_follows_its_pod() {
        let next = |pod| super::next(&running(json!({})), &FREE, &pod, at(101));
        assert_eq!(next(PodState::Running), Next::Watch { again_in: None });
        assert_eq!(next(PodState::Starting), Next::Watch { again_in: None });
        assert_eq!(next(PodState::Succeeded), Next::Finish);
        for (state, expected) in [
            (PodState::None, "PodLost"),
            (PodState::Ending, "PodLost"),
            (PodState::Stuck("x".into()), "PodUnstartable"),
            (PodState::Failed("x".into()), "PodFailed"),
        ] {
            assert!(matches!(next(state), Next::Fail { reason, .. } if reason == expected), "{expected}");
        }
    }

    #[test]
    fn stop_and_timeout_win_over_everything_but_the_end() {
        let stop = json!({"metadata": {"annotations": {"kubeopencode.io/stop": "true"}}});
        let queued = task("t", 0, stop.clone());
        assert!(matches!(next(&queued, &FREE, &PodState::None, at(1)), Next::Stop { reason: "UserStopped", .. }));
        let stopped = next(&running(stop.clone()), &FREE, &PodState::Running, at(101));
        assert!(matches!(stopped, Next::Stop { reason: "UserStopped", .. }));
        let limited = running(json!({"spec": {"timeout": "30s"}}));
        assert_eq!(
            next(&limited, &FREE, &PodState::Running, at(120)),
            Next::Watch { again_in: Some(Duration::from_secs(10)) }
        );
        assert!(matches!(next(&limited, &FREE, &PodState::Succeeded, at(130)), Next::Stop { reason: "Timeout", .. }));
        let mut ended = running(stop);
        ended.status.as_mut().unwrap().phase = Some(TaskPhase::Completed);
        assert_eq!(next(&ended, &FREE, &PodState::None, at(999)), Next::Rest);
    }

    #[test]
    fn the_queue_is_first_come_first_served() {
        let tasks = [
            task("first", 1, json!({})),
            task("second", 2, json!({})),
            task("third", 2, json!({})),
            task("elsewhere", 0, json!({"spec": {"agentRef": {"name": "b"}}})),
            task("ended", 0, json!({"status": {"phase": "Completed"}})),
            task("runs", 9, json!({"status": {"phase": "Running"}})),
        ];
        let queue = |index: usize, limit| queue(&tasks[index], tasks.iter(), limit);
        assert_eq!(queue(0, Some(2)), Queue { running: 1, ahead: 0, limit: Some(2) });
        assert_eq!(queue(0, Some(2)).target(), Target::Usable { reason: "CapacityAvailable" });
        assert_eq!(queue(1, Some(2)).ahead, 1);
        assert!(matches!(queue(1, Some(2)).target(), Target::NotNow { reason: "AgentAtCapacity", .. }));
        assert_eq!(queue(2, Some(2)).ahead, 2);
        assert_eq!(queue(2, None).target(), Target::Usable { reason: "NoLimits" });
    }

    #[test]
    fn pods_of_others_are_not_taken_for_ours() {
        assert_eq!(pod_state(None, "t-uid", at(1)), PodState::None);
        assert_eq!(pod_state(Some(&pod(json!({}))), "another-uid", at(1)), PodState::Foreign);
        assert_eq!(pod_state(Some(&pod(json!({}))), "t-uid", at(1)), PodState::Starting);
    }

    #[test]
    fn the_end_of_a_pod_says_why() {
        let state = |status: Value| pod_state(Some(&pod(json!({"status": status}))), "t-uid", at(101));
        assert_eq!(state(json!({"phase": "Succeeded"})), PodState::Succeeded);
        let killed = json!({"phase": "Failed", "containerStatuses": [{"name": "agent", "image": "", "imageID": "", "ready": false,
            "restartCount": 0, "state": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}}]});
        assert_eq!(state(killed), PodState::Failed("container agent: exit code 137 (OOMKilled)".into()));
        let evicted = json!({"phase": "Failed", "reason": "Evicted", "message": "low on memory"});
        assert_eq!(state(evicted), PodState::Failed("Evicted: low on memory".into()));
    }

    #[test]
    fn a_pod_that_cannot_start_is_given_time_to_and_no_more() {
        let waiting = |reason: &str| {
            json!({"status": {"phase": "Pending", "containerStatuses": [{"name": "agent", "image": "", "imageID": "",
                "ready": false, "restartCount": 0, "state": {"waiting": {"reason": reason, "message": "m"}}}]}})
        };
        let state = |reason: &str, now| pod_state(Some(&pod(waiting(reason))), "t-uid", at(now));
        assert_eq!(state("ContainerCreating", 9999), PodState::Starting);
        assert_eq!(state("ImagePullBackOff", 110), PodState::Starting);
        assert_eq!(state("ImagePullBackOff", 160), PodState::Stuck("container agent: ImagePullBackOff: m".into()));
        assert!(matches!(state("InvalidImageName", 100), PodState::Stuck(_)));
        let homeless = json!({"status": {"phase": "Pending", "conditions": [
            {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}]}});
        assert_eq!(pod_state(Some(&pod(homeless.clone())), "t-uid", at(399)), PodState::Starting);
        assert_eq!(
            pod_state(Some(&pod(homeless)), "t-uid", at(400)),
            PodState::Stuck("no node takes the Pod: 0/3 nodes".into())
        );
    }
}
