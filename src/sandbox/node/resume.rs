//! Where a Pod stands when the node takes it: at its beginning, or where a sandbox that is gone left it.

use std::net::Ipv4Addr;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Container, ContainerStateTerminated, ContainerStatus, Pod};

use super::status::{self, Progress, Record, State, Terminated};

/// The progress of `pod`, from its status. What ran in a sandbox that is gone, is gone with it and counts as killed.
pub fn resume(pod: &Pod, address: Ipv4Addr) -> Progress {
    let spec = pod.spec.clone().unwrap_or_default();
    let status = pod.status.clone().unwrap_or_default();
    let now = Timestamp::now();
    let record = |all: Option<&Vec<ContainerStatus>>, container: &Container, waiting: &str| {
        let mut record = Record::waiting(&container.name, container.image.as_deref(), waiting);
        record.sidecar = status::is_sidecar(container);
        if let Some(before) = all.and_then(|all| all.iter().find(|one| one.name == container.name)) {
            recall(&mut record, before, now);
        }
        record
    };
    let waiting = if spec.init_containers.is_none() { "ContainerCreating" } else { "PodInitializing" };
    let (init, main) = (status.init_container_statuses.as_ref(), status.container_statuses.as_ref());
    Progress {
        address,
        since: status.start_time.as_ref().map_or(now, |time| time.0),
        init: spec.init_containers.iter().flatten().map(|one| record(init, one, "PodInitializing")).collect(),
        main: spec.containers.iter().map(|one| record(main, one, waiting)).collect(),
        failed: None,
    }
}

fn recall(record: &mut Record, before: &ContainerStatus, now: Timestamp) {
    // The last part of a container's id is the number of runs before it.
    let run = |id: Option<&String>| id.and_then(|id| id.rsplit('/').next()?.parse().ok());
    let ended = |end: &ContainerStateTerminated| Terminated {
        run: run(end.container_id.as_ref()).unwrap_or(before.restart_count),
        status: end.exit_code,
        signal: end.signal,
        reason: end.reason.clone().unwrap_or_default(),
        message: end.message.clone(),
        started: end.started_at.as_ref().map(|time| time.0),
        finished: end.finished_at.as_ref().map_or(now, |time| time.0),
    };
    record.restarts = before.restart_count;
    record.last = before.last_state.as_ref().and_then(|last| last.terminated.as_ref()).map(ended);
    let Some(state) = &before.state else { return };
    if let Some(end) = &state.terminated {
        record.state = State::Terminated(ended(end));
    } else if let Some(running) = &state.running {
        record.state = State::Terminated(Terminated {
            run: before.restart_count,
            status: 137,
            signal: None,
            reason: "ContainerStatusUnknown".to_owned(),
            message: Some("The container could not be located when the pod was terminated".to_owned()),
            started: running.started_at.as_ref().map(|time| time.0),
            finished: now,
        });
    } else if let Some(last) = &record.last {
        // It waited for its next start, which must count as one and have a log of its own.
        record.state = State::Terminated(last.clone());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resumed(state: &serde_json::Value, last: &serde_json::Value) -> Record {
        let pod = serde_json::from_value(json!({
            "metadata": { "name": "p" },
            "spec": { "containers": [{ "name": "c" }] },
            "status": { "containerStatuses": [{
                "name": "c", "image": "", "imageID": "", "ready": false, "restartCount": 3, "state": state, "lastState": last,
            }] },
        }));
        resume(&pod.unwrap(), Ipv4Addr::new(127, 64, 0, 1)).main.remove(0)
    }

    #[test]
    fn what_ran_in_a_sandbox_that_is_gone_counts_as_killed() {
        let State::Terminated(end) =
            resumed(&json!({ "running": { "startedAt": "2026-01-01T00:00:00Z" } }), &json!({})).state
        else {
            panic!("still runs")
        };
        assert_eq!((end.status, end.reason.as_str()), (137, "ContainerStatusUnknown"));
    }

    #[test]
    fn a_container_that_waited_for_its_next_start_keeps_its_count_and_its_last_end() {
        let last = json!({ "terminated": { "exitCode": 7, "reason": "Error", "containerID": "sandbox://u/c/3" } });
        let record = resumed(&json!({ "waiting": { "reason": "CrashLoopBackOff" } }), &last);
        assert_eq!(record.restarts, 3);
        assert!(matches!(record.state, State::Terminated(ref end) if end.status == 7), "{record:?}");
        assert_eq!(record.last.map(|end| (end.status, end.run)), Some((7, 3)));
    }

    #[test]
    fn a_container_that_never_ran_waits() {
        let record = resumed(&json!({ "waiting": { "reason": "ContainerCreating" } }), &json!({}));
        assert!(matches!(record.state, State::Waiting { .. }), "{record:?}");
    }
}
