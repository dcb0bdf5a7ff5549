//! What kubectl says of a Pod in one line (`printPod` of `k8s.io/kubernetes/pkg/printers/internalversion`).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{age, since};

pub(super) const COLUMNS: &[super::builtin::Definition] = &[
    ("Name", "string", 0),
    ("Ready", "string", 0),
    ("Status", "string", 0),
    ("Restarts", "string", 0),
    ("Age", "string", 0),
    ("IP", "string", 1),
    ("Node", "string", 1),
    ("Nominated Node", "string", 1),
    ("Readiness Gates", "string", 1),
];

/// A Pod that is over says so beside its cells.
pub(super) fn row_conditions(pod: &Value) -> Option<Value> {
    let (reason, message) = match pod["status"]["phase"].as_str()? {
        "Succeeded" => ("Succeeded", "The pod has completed successfully."),
        "Failed" => ("Failed", "The pod failed."),
        _ => return None,
    };
    Some(json!([{ "type": "Completed", "status": "True", "reason": reason, "message": message }]))
}

pub(super) fn cells(pod: &Value, now: Timestamp) -> Vec<Value> {
    let status = &pod["status"];
    let summary = Summary::of(pod);
    let restarts = match summary.last_restart {
        Some(time) if summary.restarts > 0 => format!("{} ({} ago)", summary.restarts, since(time, now)),
        _ => summary.restarts.to_string(),
    };
    let or_none = |value: &Value| match value.as_str() {
        Some(text) if !text.is_empty() => text.to_owned(),
        _ => "<none>".to_owned(),
    };
    vec![
        pod["metadata"]["name"].clone(),
        format!("{}/{}", summary.ready, summary.containers).into(),
        summary.reason.into(),
        restarts.into(),
        age(&pod["metadata"]["creationTimestamp"], now).into(),
        or_none(&status["podIPs"][0]["ip"]).into(),
        or_none(&pod["spec"]["nodeName"]).into(),
        or_none(&status["nominatedNodeName"]).into(),
        readiness_gates(pod).into(),
    ]
}

fn items<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn has_condition(pod: &Value, kind: &str) -> bool {
    items(&pod["status"], "conditions")
        .iter()
        .any(|condition| condition["type"] == kind && condition["status"] == "True")
}

fn readiness_gates(pod: &Value) -> String {
    let gates = items(&pod["spec"], "readinessGates");
    if gates.is_empty() {
        return "<none>".to_owned();
    }
    let passed = gates.iter().filter(|gate| has_condition(pod, text(&gate["conditionType"]))).count();
    format!("{passed}/{}", gates.len())
}

struct Summary {
    containers: usize,
    ready: usize,
    restarts: u64,
    last_restart: Option<Timestamp>,
    reason: String,
}

impl Summary {
    fn of(pod: &Value) -> Self {
        let status = &pod["status"];
        let phase = text(&status["phase"]);
        let reason = match text(&status["reason"]) {
            "" => phase,
            reason => reason,
        };
        let gated = items(status, "conditions")
            .iter()
            .any(|condition| condition["type"] == "PodScheduled" && condition["reason"] == "SchedulingGated");
        let mut summary = Self {
            containers: items(&pod["spec"], "containers").len(),
            ready: 0,
            restarts: 0,
            last_restart: None,
            reason: if gated { "SchedulingGated".to_owned() } else { reason.to_owned() },
        };
        let initializing = summary.initialize(pod);
        if !initializing || has_condition(pod, "Initialized") {
            summary.run(pod);
        }
        if pod["metadata"]["deletionTimestamp"].is_string() {
            if text(&status["reason"]) == "NodeLost" {
                "Unknown".clone_into(&mut summary.reason);
            } else if phase != "Succeeded" && phase != "Failed" {
                "Terminating".clone_into(&mut summary.reason);
            }
        }
        summary
    }

    fn restarted(&mut self, container: &Value) {
        self.restarts += container["restartCount"].as_u64().unwrap_or_default();
        let finished = container["lastState"]["terminated"]["finishedAt"].as_str();
        self.last_restart = self.last_restart.max(finished.and_then(|time| time.parse().ok()));
    }

    /// Goes through the init containers; whether one of them still has to end.
    fn initialize(&mut self, pod: &Value) -> bool {
        let declared = items(&pod["spec"], "initContainers");
        let is_sidecar = |name: &Value| {
            declared.iter().any(|container| container["name"] == *name && container["restartPolicy"] == "Always")
        };
        self.containers += declared.iter().filter(|container| container["restartPolicy"] == "Always").count();
        let mut sidecars = (0, None);
        let mut initializing = false;
        for (index, container) in items(&pod["status"], "initContainerStatuses").iter().enumerate() {
            self.restarted(container);
            let sidecar = is_sidecar(&container["name"]);
            if sidecar {
                let mut only = Self { restarts: sidecars.0, last_restart: sidecars.1, ..Self::empty() };
                only.restarted(container);
                sidecars = (only.restarts, only.last_restart);
            }
            let state = &container["state"];
            let terminated = state["terminated"].is_object();
            if terminated && state["terminated"]["exitCode"].as_i64().unwrap_or_default() == 0 {
                continue;
            }
            if sidecar && container["started"] == true {
                self.ready += usize::from(container["ready"] == true);
                continue;
            }
            let waiting = text(&state["waiting"]["reason"]);
            self.reason = if terminated {
                format!("Init:{}", termination(&state["terminated"]))
            } else if !waiting.is_empty() && waiting != "PodInitializing" {
                format!("Init:{waiting}")
            } else {
                format!("Init:{index}/{}", declared.len())
            };
            initializing = true;
            break;
        }
        if !initializing || has_condition(pod, "Initialized") {
            (self.restarts, self.last_restart) = sidecars;
        }
        initializing
    }

    fn empty() -> Self {
        Self { containers: 0, ready: 0, restarts: 0, last_restart: None, reason: String::new() }
    }

    /// Goes through the containers, the first one last, so that it has the last word.
    fn run(&mut self, pod: &Value) {
        let mut running = false;
        for container in items(&pod["status"], "containerStatuses").iter().rev() {
            self.restarted(container);
            let state = &container["state"];
            let waiting = text(&state["waiting"]["reason"]);
            if !waiting.is_empty() {
                waiting.clone_into(&mut self.reason);
            } else if state["terminated"].is_object() {
                self.reason = termination(&state["terminated"]);
            } else if container["ready"] == true && state["running"].is_object() {
                running = true;
                self.ready += 1;
            }
        }
        if self.reason == "Completed" && running {
            let ready = if has_condition(pod, "Ready") { "Running" } else { "NotReady" };
            ready.clone_into(&mut self.reason);
        }
    }
}

fn termination(terminated: &Value) -> String {
    let signal = terminated["signal"].as_i64().unwrap_or_default();
    match text(&terminated["reason"]) {
        "" if signal != 0 => format!("Signal:{signal}"),
        "" => format!("ExitCode:{}", terminated["exitCode"].as_i64().unwrap_or_default()),
        reason => reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(pod: &Value) -> String {
        let now = "2026-01-01T00:10:00Z".parse().unwrap();
        cells(pod, now).iter().take(5).map(|cell| cell.as_str().unwrap_or_default()).collect::<Vec<_>>().join(" ")
    }

    fn pod(status: &Value) -> Value {
        json!({
            "metadata": { "name": "a", "creationTimestamp": "2026-01-01T00:09:30Z" },
            "spec": { "containers": [{ "name": "one" }, { "name": "two" }], "initContainers": [{ "name": "i" }, { "name": "j" }] },
            "status": status,
        })
    }

    #[test]
    fn the_status_is_the_one_kubectl_prints() {
        let running = json!({ "ready": true, "restartCount": 0, "state": { "running": {} } });
        let done =
            |code: i64, reason: &str| json!({ "state": { "terminated": { "exitCode": code, "reason": reason } } });
        let waiting = |reason: &str| json!({ "state": { "waiting": { "reason": reason } } });
        for (status, expected) in [
            (json!({ "phase": "Pending" }), "a 0/2 Pending 0 30s"),
            (json!({ "phase": "Failed", "reason": "Evicted" }), "a 0/2 Evicted 0 30s"),
            (json!({ "phase": "Running", "containerStatuses": [running, running] }), "a 2/2 Running 0 30s"),
            (
                json!({ "phase": "Running", "containerStatuses": [done(0, "Completed"), running] }),
                "a 1/2 NotReady 0 30s",
            ),
            (
                json!({ "phase": "Pending", "initContainerStatuses": [done(0, "Completed"), waiting("PodInitializing")] }),
                "a 0/2 Init:1/2 0 30s",
            ),
            (json!({ "phase": "Pending", "initContainerStatuses": [done(1, "Error")] }), "a 0/2 Init:Error 0 30s"),
            (json!({ "phase": "Pending", "initContainerStatuses": [done(3, "")] }), "a 0/2 Init:ExitCode:3 0 30s"),
            (
                json!({ "phase": "Pending", "containerStatuses": [waiting("ContainerCreating"), waiting("ErrImagePull")] }),
                "a 0/2 ContainerCreating 0 30s",
            ),
            (
                json!({ "phase": "Running", "containerStatuses": [{
                    "ready": false, "restartCount": 3, "state": { "waiting": { "reason": "CrashLoopBackOff" } },
                    "lastState": { "terminated": { "finishedAt": "2026-01-01T00:09:50Z" } },
                }, running] }),
                "a 1/2 CrashLoopBackOff 3 (10s ago) 30s",
            ),
        ] {
            assert_eq!(line(&pod(&status)), expected, "{status}");
        }
        let mut deleted = pod(&json!({ "phase": "Running", "containerStatuses": [running, running] }));
        deleted["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        assert_eq!(line(&deleted), "a 2/2 Terminating 0 30s");
        assert!(row_conditions(&deleted).is_none());
        assert_eq!(row_conditions(&pod(&json!({ "phase": "Failed" }))).unwrap()[0]["reason"], "Failed");
    }

    #[test]
    fn sidecars_count_as_containers() {
        let mut pod = pod(&json!({
            "phase": "Running",
            "initContainerStatuses": [{ "name": "i", "ready": true, "started": true, "restartCount": 1, "state": { "running": {} } }],
            "containerStatuses": [{ "ready": true, "state": { "running": {} } }],
        }));
        pod["spec"]["initContainers"][0]["restartPolicy"] = json!("Always");
        assert_eq!(line(&pod), "a 2/3 Running 1 30s");
    }
}
