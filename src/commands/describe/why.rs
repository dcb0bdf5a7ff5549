//! Why an object is as it is, in one sentence, and the command to type next: from the object itself, and from its Pod and
//! its Agent where they may be seen.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{ContainerStateTerminated, ContainerStatus, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::ResourceExt as _;

use super::super::{outcome, stuck};
use crate::api::conditions::{reasons, types};
use crate::api::session::{Activity, SessionPhase};
use crate::api::task::TaskPhase;
use crate::api::{Agent, CronTask, Session, Task};
use crate::cluster;
use crate::output::span;

/// How long a controller may take to notice a new object before its absence is worth a word, in seconds.
const NOTICED_WITHIN: i64 = 10;

/// The explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// What is the case, and why.
    pub because: String,
    /// The command that changes it, or shows more.
    pub next: Option<String>,
}

impl Why {
    fn new(because: impl Into<String>) -> Self {
        Self { because: because.into(), next: None }
    }

    fn next(mut self, command: impl Into<String>) -> Self {
        self.next = Some(command.into());
        self
    }
}

/// Of a task.
pub fn of_task(task: &Task, pod: Option<&Pod>, agent: Option<&Agent>, now: Timestamp) -> Why {
    let name = task.metadata.name.as_deref().unwrap_or_default();
    if let Some(why) = deleting(&task.metadata, "task", now) {
        return why;
    }
    let status = task.status.clone().unwrap_or_default();
    let lasted = || match (&status.start_time, &status.completion_time) {
        (Some(start), Some(end)) => format!(" after {}", span(end.0.as_second() - start.0.as_second())),
        _ => String::new(),
    };
    let logs = format!("kubectl opencode task logs {name}");
    let transcript = format!("kubectl opencode task transcript {name}");
    match status.phase {
        None | Some(TaskPhase::Pending) => unnoticed(task.metadata.creation_timestamp.as_ref().map(|time| time.0), now)
            .unwrap_or_else(|| Why::new("created a moment ago")),
        Some(TaskPhase::Queued) => queued(&status.conditions, agent, pod, now),
        Some(TaskPhase::Running) => match pod.and_then(cluster::trouble) {
            Some(trouble) => Why::new(format!("its Pod cannot start: {trouble}"))
                .next(format!("kubectl describe pod {}", status.pod_name.unwrap_or_default())),
            None => Why::new(match &status.start_time {
                Some(start) => format!("working for {}", span(now.as_second() - start.0.as_second())),
                None => "working".to_owned(),
            })
            .next(format!("kubectl opencode task logs -f {name}")),
        },
        Some(TaskPhase::Completed) => match outcome::condition(&status.conditions, types::STOPPED) {
            Some(stopped) if stopped.reason == reasons::TIMEOUT => {
                Why::new(format!("hit its time limit{}", lasted())).next(transcript)
            }
            Some(stopped) => Why::new(format!("stopped{}: {}", lasted(), outcome::says(stopped))).next(transcript),
            None => Why::new(format!("completed{}", lasted())).next(transcript),
        },
        Some(TaskPhase::Failed) => {
            let told = status.conditions.iter().find(|condition| {
                condition.type_ == types::READY && condition.status == "False" || condition.type_ == types::STOPPED
            });
            match told.map(outcome::says).or_else(|| pod.and_then(ended)).or_else(|| pod.and_then(cluster::trouble)) {
                Some(reason) => Why::new(format!("failed{}: {reason}", lasted())).next(logs),
                None => {
                    Why::new(format!("failed{}, and neither a condition nor its Pod tells why", lasted())).next(logs)
                }
            }
        }
        Some(TaskPhase::Other(phase)) => Why::new(format!("in the phase {phase}, which this version does not know")),
    }
}

fn queued(conditions: &[Condition], agent: Option<&Agent>, pod: Option<&Pod>, now: Timestamp) -> Why {
    let Some(queued) = outcome::condition(conditions, types::QUEUED) else { return Why::new("queued") };
    let name = agent.and_then(|agent| agent.metadata.name.as_deref());
    let since = span(now.as_second() - queued.last_transition_time.0.as_second());
    let waits = |what: String| Why::new(format!("waiting for {since}: {what}"));
    match (queued.reason.as_str(), name) {
        (reasons::AGENT_SUSPENDED, Some(name)) => {
            waits(format!("agent \"{name}\" is suspended")).next(format!("kubectl opencode agent resume {name}"))
        }
        (reasons::AGENT_SERVER_NOT_READY, Some(name)) => {
            let reason = pod.and_then(cluster::trouble).map(|trouble| format!(": {trouble}")).unwrap_or_default();
            waits(format!("the server of agent \"{name}\" is not ready{reason}"))
                .next(format!("kubectl opencode agent describe {name}"))
        }
        (reasons::AGENT_AT_CAPACITY, Some(name)) => {
            let most = agent.and_then(|agent| agent.spec.max_concurrent_tasks);
            let most = most.map(|most| format!(", of which it takes {most}")).unwrap_or_default();
            waits(format!("agent \"{name}\" is busy with other tasks{most}")).next("kubectl opencode task list")
        }
        _ => waits(outcome::says(queued)),
    }
}

/// Of a session.
pub fn of_session(session: &Session, pod: Option<&Pod>, agent: Option<&Agent>, now: Timestamp) -> Why {
    let name = session.metadata.name.as_deref().unwrap_or_default();
    if let Some(waited) = stuck::for_seconds(&session.metadata, now) {
        let nobody = "no session controller seems to run that would take its finalizer off";
        return Why::new(format!("being deleted for {}, and {nobody}", span(waited))).next(stuck::remedy(name));
    }
    if let Some(why) = deleting(&session.metadata, "session", now) {
        return why;
    }
    let status = session.status.clone().unwrap_or_default();
    let reason = outcome::session_reason(session);
    let because = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    let start = format!("kubectl opencode session start {name} --wait");
    match outcome::session_phase(session) {
        SessionPhase::Pending => {
            if session.status.is_none()
                && let Some(why) = unnoticed(session.metadata.creation_timestamp.as_ref().map(|time| time.0), now)
            {
                return why.next("kubectl opencode install --image IMAGE");
            }
            let of_agent = agent.filter(|agent| !agent.is_ready()).map(|agent| of_agent(agent, pod, now));
            match of_agent {
                Some(why) => {
                    let agent = agent.and_then(|agent| agent.metadata.name.as_deref()).unwrap_or_default();
                    Why { because: format!("waiting for agent \"{agent}\": {}", why.because), next: why.next }
                }
                None => Why::new(format!("about to start{because}"))
                    .next(format!("kubectl opencode session wait {name} --timeout 2m")),
            }
        }
        SessionPhase::Running => running(name, &status, now),
        SessionPhase::Stopped => Why::new(format!("stopped, with its conversation kept{because}")).next(start),
        SessionPhase::Completed => Why::new(format!("over{because}")).next(start),
        SessionPhase::Failed => Why::new(format!("failed{because}")).next(start),
    }
}

fn running(name: &str, status: &crate::api::session::SessionStatus, now: Timestamp) -> Why {
    let since = |of: Option<Timestamp>| of.map(|of| format!(" for {}", span(now.as_second() - of.as_second())));
    let active = since(status.last_activity_time.as_ref().map(|time| time.0)).unwrap_or_default();
    match status.activity {
        Some(Activity::WaitingInput) => {
            let waiting = outcome::condition(&status.conditions, types::WAITING_INPUT);
            let what = match waiting.map(|waiting| waiting.reason.as_str()) {
                Some(reasons::PERMISSION_REQUIRED) => "somebody has to allow or refuse what it wants to do",
                Some(reasons::QUESTION_ASKED) => "somebody has to answer its question",
                _ => "somebody has to answer",
            };
            let waiting = since(waiting.map(|waiting| waiting.last_transition_time.0)).unwrap_or_default();
            Why::new(format!("waiting{waiting}: {what}")).next(format!("kubectl opencode approvals {name}"))
        }
        Some(Activity::Busy) => {
            Why::new(format!("working{active}")).next(format!("kubectl opencode session wait {name} --for idle"))
        }
        _ => Why::new(format!("idle{active}, ready for the next prompt"))
            .next(format!("kubectl opencode session send {name} TEXT")),
    }
}

/// Of an agent.
pub fn of_agent(agent: &Agent, pod: Option<&Pod>, now: Timestamp) -> Why {
    let name = agent.metadata.name.as_deref().unwrap_or_default();
    if let Some(why) = deleting(&agent.metadata, "agent", now) {
        return why;
    }
    let status = agent.status.clone().unwrap_or_default();
    if agent.spec.suspend == Some(true) {
        let suspended = outcome::condition(&status.conditions, types::SUSPENDED);
        let by = match suspended.map(|suspended| suspended.reason.as_str()) {
            Some(reasons::STANDBY) => "on standby after a time without work; the next task wakes it",
            _ => "suspended",
        };
        return Why::new(by).next(format!("kubectl opencode agent resume {name}"));
    }
    if agent.is_ready() {
        return Why::new("its server is ready").next(format!("kubectl opencode run --agent {name} PROMPT"));
    }
    if status.conditions.is_empty() && status.deployment_name.is_none() {
        let created = agent.metadata.creation_timestamp.as_ref().map(|time| time.0);
        return unnoticed(created, now).unwrap_or_else(|| Why::new("created a moment ago"));
    }
    let look = match pod.filter(|pod| !has_log(pod)) {
        Some(pod) => format!("kubectl describe pod {}", pod.name_any()),
        None => format!("kubectl opencode agent logs {name}"),
    };
    if let Some(trouble) = pod.and_then(cluster::trouble).or_else(|| pod.and_then(ended)) {
        return Why::new(format!("its server's Pod does not get ready: {trouble}")).next(look);
    }
    let told = status.conditions.iter().find(|condition| {
        condition.status == "False" && [types::READY, types::SERVER_READY].contains(&condition.type_.as_str())
    });
    Why::new(match told {
        Some(told) => format!("its server is not ready: {}", outcome::says(told)),
        None => "its server is starting".to_owned(),
    })
    .next(look)
}

/// Of a schedule.
pub fn of_schedule(schedule: &CronTask, now: Timestamp) -> Why {
    let name = schedule.metadata.name.as_deref().unwrap_or_default();
    if let Some(why) = deleting(&schedule.metadata, "schedule", now) {
        return why;
    }
    let status = schedule.status.clone().unwrap_or_default();
    if schedule.spec.suspend == Some(true) {
        return Why::new("suspended, and makes no tasks").next(format!("kubectl opencode schedule resume {name}"));
    }
    match status.next_schedule_time {
        Some(next) if next.0 >= now => {
            Why::new(format!("its next task is due in {}", span(next.0.as_second() - now.as_second())))
        }
        Some(next) => Why::new(format!("a task was due {} ago", span(now.as_second() - next.0.as_second()))),
        None => unnoticed(schedule.metadata.creation_timestamp.as_ref().map(|time| time.0), now)
            .unwrap_or_else(|| Why::new("created a moment ago")),
    }
}

/// An object that no controller has written a status for, although there was time to.
fn unnoticed(created: Option<Timestamp>, now: Timestamp) -> Option<Why> {
    let age = now.as_second() - created?.as_second();
    (age > NOTICED_WITHIN).then(|| {
        Why::new(format!("no controller has taken it up for {}", span(age)))
            .next("kubectl get pods -n kubeopencode-system")
    })
}

fn deleting(
    metadata: &k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta,
    noun: &str,
    now: Timestamp,
) -> Option<Why> {
    let since = metadata.deletion_timestamp.as_ref()?;
    let finalizers = metadata.finalizers.as_deref().unwrap_or_default().join(", ");
    let name = metadata.name.as_deref().unwrap_or_default();
    let waits = if finalizers.is_empty() { String::new() } else { format!(", waiting for {finalizers}") };
    let since = span(now.as_second() - since.0.as_second());
    Some(
        Why::new(format!("being deleted for {since}{waits}"))
            .next(format!("kubectl opencode {noun} wait {name} --for deleted")),
    )
}

/// Whether `logs` has anything to print of a Pod: of an init container that failed, or of one that has run.
fn has_log(pod: &Pod) -> bool {
    let status = pod.status.clone().unwrap_or_default();
    let mut inits = status.init_container_statuses.iter().flatten();
    let mut containers = status.container_statuses.iter().flatten();
    let lives =
        |container: &ContainerStatus| [container.state.clone(), container.last_state.clone()].into_iter().flatten();
    inits.any(|init| lives(init).any(|state| state.terminated.is_some_and(|end| end.exit_code != 0)))
        || containers
            .any(|container| lives(container).any(|state| state.running.is_some() || state.terminated.is_some()))
}

/// How a Pod ended, if it ended badly.
fn ended(pod: &Pod) -> Option<String> {
    let status = pod.status.as_ref()?;
    if let Some(reason) = &status.reason {
        return Some(
            [Some(reason.clone()), status.message.clone()].into_iter().flatten().collect::<Vec<_>>().join(": "),
        );
    }
    let mut containers =
        status.init_container_statuses.iter().flatten().chain(status.container_statuses.iter().flatten());
    containers.find_map(|container| {
        let ended = |state: &k8s_openapi::api::core::v1::ContainerState| state.terminated.clone();
        let end = container.state.as_ref().and_then(ended).or_else(|| container.last_state.as_ref().and_then(ended))?;
        (end.exit_code != 0).then(|| format!("container \"{}\" {}", container.name, end_of(&end)))
    })
}

fn end_of(end: &ContainerStateTerminated) -> String {
    let reason = end.reason.as_deref().filter(|reason| !matches!(*reason, "Error" | ""));
    let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
    let how = match (end.signal, end.exit_code) {
        (Some(signal), _) if signal != 0 => format!("was ended by signal {signal}"),
        (_, code) => format!("ended with status {code}"),
    };
    let message = end.message.as_deref().map(str::trim).filter(|message| !message.is_empty());
    let message = message.map(|message| format!(": {message}")).unwrap_or_default();
    format!("{how}{reason}{message}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    const NOW: &str = "2026-01-01T01:00:00Z";

    fn object<K: DeserializeOwned>(kind: &str, spec: &Value, status: &Value) -> K {
        let (api_version, name) = match kind {
            "Session" => ("session.kubeopencode.io/v1alpha1", "s"),
            "Agent" => ("kubeopencode.io/v1alpha1", "dev"),
            _ => ("kubeopencode.io/v1alpha1", "t"),
        };
        serde_json::from_value(json!({"apiVersion": api_version, "kind": kind, "spec": spec, "status": status,
            "metadata": {"name": name, "creationTimestamp": "2026-01-01T00:00:00Z"}}))
        .unwrap()
    }

    fn held(of_type: &str, status: &str, reason: &str) -> Value {
        json!({"type": of_type, "status": status, "reason": reason, "message": "", "lastTransitionTime": "2026-01-01T00:57:00Z"})
    }

    fn pod(status: &Value) -> Pod {
        serde_json::from_value(json!({"metadata": {"name": "p"}, "status": status})).unwrap()
    }

    #[track_caller]
    fn says(why: &Why, because: &str, next: &str) {
        assert_eq!((why.because.as_str(), why.next.as_deref().unwrap_or_default()), (because, next));
    }

    fn task(status: &Value, pod: Option<&Pod>, agent: Option<&Agent>) -> Why {
        of_task(&object("Task", &json!({"agentRef": {"name": "dev"}}), status), pod, agent, NOW.parse().unwrap())
    }

    fn session(status: &Value, agent: Option<&Agent>) -> Why {
        of_session(&object("Session", &json!({"agentRef": {"name": "dev"}}), status), None, agent, NOW.parse().unwrap())
    }

    #[test]
    fn a_task_that_waits_names_what_it_waits_for() {
        let agent: Agent = object("Agent", &json!({"maxConcurrentTasks": 2}), &json!({}));
        let waiting = |reason: &str| json!({"phase": "Queued", "conditions": [held("Queued", "True", reason)]});
        says(
            &task(&waiting("AgentSuspended"), None, Some(&agent)),
            "waiting for 3m: agent \"dev\" is suspended",
            "kubectl opencode agent resume dev",
        );
        says(
            &task(&waiting("AgentAtCapacity"), None, Some(&agent)),
            "waiting for 3m: agent \"dev\" is busy with other tasks, of which it takes 2",
            "kubectl opencode task list",
        );
        let unpulled = pod(&json!({"containerStatuses": [{"name": "c", "image": "i", "imageID": "", "ready": false,
            "restartCount": 0, "state": {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}}]}));
        says(
            &task(&waiting("AgentServerNotReady"), Some(&unpulled), Some(&agent)),
            "waiting for 3m: the server of agent \"dev\" is not ready: ImagePullBackOff: no such image",
            "kubectl opencode agent describe dev",
        );
        // Who may not read the agent still gets the condition's own words.
        says(&task(&waiting("QuotaExceeded"), None, None), "waiting for 3m: QuotaExceeded", "");
        says(
            &task(&json!({}), None, None),
            "no controller has taken it up for 60m",
            "kubectl get pods -n kubeopencode-system",
        );
    }

    #[test]
    fn a_task_that_ended_tells_how() {
        let times = |phase: &str, conditions: Value| {
            json!({"phase": phase, "conditions": conditions, "startTime": "2026-01-01T00:10:00Z",
                "completionTime": "2026-01-01T00:10:42Z"})
        };
        let (logs, transcript) = ("kubectl opencode task logs t", "kubectl opencode task transcript t");
        says(&task(&times("Completed", json!([])), None, None), "completed after 42s", transcript);
        let stopped = times("Completed", json!([held("Stopped", "True", "UserStopped")]));
        says(&task(&stopped, None, None), "stopped after 42s: UserStopped", transcript);
        let late = times("Completed", json!([held("Stopped", "True", "Timeout")]));
        says(&task(&late, None, None), "hit its time limit after 42s", transcript);
        let killed =
            pod(&json!({"phase": "Failed", "containerStatuses": [{"name": "agent", "image": "i", "imageID": "",
            "ready": false, "restartCount": 0, "state": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}}]}));
        says(
            &task(&times("Failed", json!([])), Some(&killed), None),
            "failed after 42s: container \"agent\" ended with status 137 (OOMKilled)",
            logs,
        );
        let evicted = pod(&json!({"phase": "Failed", "reason": "Evicted", "message": "low on memory"}));
        says(
            &task(&times("Failed", json!([])), Some(&evicted), None),
            "failed after 42s: Evicted: low on memory",
            logs,
        );
        says(
            &task(&times("Failed", json!([])), None, None),
            "failed after 42s, and neither a condition nor its Pod tells why",
            logs,
        );
    }

    #[test]
    fn a_session_says_who_has_to_do_something() {
        let asks = json!({"phase": "Running", "activity": "WaitingInput",
            "conditions": [held("WaitingInput", "True", "PermissionRequired")]});
        says(
            &session(&asks, None),
            "waiting for 3m: somebody has to allow or refuse what it wants to do",
            "kubectl opencode approvals s",
        );
        let idle = json!({"phase": "Running", "activity": "Idle", "lastActivityTime": "2026-01-01T00:55:00Z"});
        says(&session(&idle, None), "idle for 5m, ready for the next prompt", "kubectl opencode session send s TEXT");
        let suspended: Agent = object("Agent", &json!({"suspend": true}), &json!({"ready": false}));
        says(
            &session(&json!({"phase": "Pending"}), Some(&suspended)),
            "waiting for agent \"dev\": suspended",
            "kubectl opencode agent resume dev",
        );
        let lost = json!({"phase": "Failed", "conditions": [held("SessionReady", "False", "SessionLost")]});
        says(&session(&lost, None), "failed: SessionLost", "kubectl opencode session start s --wait");
    }

    #[test]
    fn an_agent_says_why_its_server_is_not_ready() {
        let now = NOW.parse().unwrap();
        let agent = |spec: Value, status: Value| object::<Agent>("Agent", &spec, &status);
        let crashing =
            pod(&json!({"containerStatuses": [{"name": "opencode-server", "image": "i", "imageID": "", "ready": false,
            "restartCount": 3, "state": {"waiting": {"reason": "CrashLoopBackOff"}},
            "lastState": {"terminated": {"exitCode": 1}}}]}));
        let starting = agent(json!({}), json!({"ready": false, "deploymentName": "dev-server"}));
        says(
            &of_agent(&starting, Some(&crashing), now),
            "its server's Pod does not get ready: CrashLoopBackOff: it last ended with status 1",
            "kubectl opencode agent logs dev",
        );
        says(&of_agent(&starting, None, now), "its server is starting", "kubectl opencode agent logs dev");
        let unpulled = pod(
            &json!({"initContainerStatuses": [{"name": "init", "image": "i", "imageID": "", "ready": true,
            "restartCount": 0, "state": {"terminated": {"exitCode": 0}}}], "containerStatuses": [{"name": "opencode-server",
            "image": "i", "imageID": "", "ready": false, "restartCount": 0,
            "state": {"waiting": {"reason": "ImagePullBackOff"}}}]}),
        );
        says(
            &of_agent(&starting, Some(&unpulled), now),
            "its server's Pod does not get ready: ImagePullBackOff",
            "kubectl describe pod p",
        );
        let unscheduled = pod(&json!({"conditions": [
            {"type": "PodScheduled", "status": "False", "message": "0/3 nodes are available"}]}));
        says(
            &of_agent(&starting, Some(&unscheduled), now),
            "its server's Pod does not get ready: 0/3 nodes are available",
            "kubectl describe pod p",
        );
        let standby = agent(json!({"suspend": true}), json!({"conditions": [held("Suspended", "True", "Standby")]}));
        says(
            &of_agent(&standby, None, now),
            "on standby after a time without work; the next task wakes it",
            "kubectl opencode agent resume dev",
        );
        let ready = agent(json!({}), json!({"ready": true}));
        assert_eq!(of_agent(&ready, None, now).because, "its server is ready");
    }

    #[test]
    fn what_is_being_deleted_names_its_finalizers() {
        let mut session: Session = object("Session", &json!({}), &json!({"phase": "Running"}));
        session.metadata.deletion_timestamp = serde_json::from_value(json!("2026-01-01T00:59:00Z")).unwrap();
        session.metadata.finalizers = Some(vec!["session.kubeopencode.io/cleanup".to_owned()]);
        says(
            &of_session(&session, None, None, NOW.parse().unwrap()),
            "being deleted for 60s, waiting for session.kubeopencode.io/cleanup",
            "kubectl opencode session wait s --for deleted",
        );
        session.metadata.deletion_timestamp = serde_json::from_value(json!("2026-01-01T00:58:00Z")).unwrap();
        says(
            &of_session(&session, None, None, NOW.parse().unwrap()),
            "being deleted for 2m, and no session controller seems to run that would take its finalizer off",
            &stuck::remedy("s"),
        );
    }

    #[test]
    fn a_schedule_says_when_its_next_task_is_due() {
        let now = NOW.parse().unwrap();
        let schedule = |spec: Value, status: Value| object::<CronTask>("CronTask", &spec, &status);
        let spec = json!({"schedule": "0 * * * *", "taskTemplate": {"spec": {}}});
        let due = schedule(spec.clone(), json!({"nextScheduleTime": "2026-01-01T02:00:00Z"}));
        assert_eq!(of_schedule(&due, now).because, "its next task is due in 60m");
        let mut suspended = spec;
        suspended["suspend"] = true.into();
        assert_eq!(of_schedule(&schedule(suspended, json!({})), now).because, "suspended, and makes no tasks");
    }
}
