//! The status of a Pod, computed from the records of its containers as the kubelet computes it.
//!
//! Source: `pkg/kubelet/status/generate.go` and `pkg/kubelet/kubelet_pods.go` of Kubernetes (`getPhase`, `GeneratePodReadyCondition`).

use std::net::Ipv4Addr;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{
    Container, ContainerState, ContainerStateRunning, ContainerStateTerminated, ContainerStateWaiting, ContainerStatus,
    HostIP, Pod, PodCondition, PodIP, PodStatus,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

/// One container, as far as it got.
#[derive(Clone, Debug)]
pub struct Record {
    /// Name in the spec.
    pub name: String,
    /// Image in the spec; a name only.
    pub image: String,
    /// What it is doing.
    pub state: State,
    /// How the run before ended.
    pub last: Option<Terminated>,
    /// Runs before this one.
    pub restarts: i32,
    /// Passed its readiness probe.
    pub ready: bool,
    /// Passed its startup probe.
    pub started: bool,
    /// An init container that goes on beside the containers.
    pub sidecar: bool,
}

/// Whether an init container is a sidecar (KEP-753).
pub fn is_sidecar(container: &Container) -> bool {
    container.restart_policy.as_deref() == Some("Always")
}

/// What a container is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Not yet running, and why.
    Waiting {
        /// As the kubelet names it: `ContainerCreating`, `CrashLoopBackOff`, …
        reason: String,
        /// In words.
        message: Option<String>,
    },
    /// Running since.
    Running {
        /// When it started.
        since: Timestamp,
    },
    /// Ended.
    Terminated(Terminated),
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminated {
    /// The runs before it.
    pub run: i32,
    /// Exit status.
    pub status: i32,
    /// Signal, if one ended it.
    pub signal: Option<i32>,
    /// `Completed`, `Error`, `StartError`, `ContainerStatusUnknown`, …
    pub reason: String,
    /// In words.
    pub message: Option<String>,
    /// When it started; absent for a container that never did.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub finished: Timestamp,
}

impl Record {
    /// A container that has not started.
    pub fn waiting(name: &str, image: Option<&str>, reason: &str) -> Self {
        Self {
            name: name.to_owned(),
            image: image.unwrap_or_default().to_owned(),
            state: State::Waiting { reason: reason.to_owned(), message: None },
            last: None,
            restarts: 0,
            ready: false,
            started: false,
            sidecar: false,
        }
    }

    /// Whether the Pod's next container may start: an init container ended well, a sidecar has been up once.
    fn is_past(&self) -> bool {
        match &self.state {
            State::Terminated(end) => self.sidecar || end.status == 0,
            State::Running { .. } => self.sidecar && (self.started || self.last.is_some()),
            State::Waiting { .. } => self.sidecar && self.last.is_some(),
        }
    }

    fn status(&self, pod: &str) -> ContainerStatus {
        let id = |run: i32| format!("sandbox://{pod}/{}/{run}", self.name);
        let end = |end: &Terminated| end.state(&id(end.run));
        ContainerStatus {
            name: self.name.clone(),
            image: self.image.clone(),
            image_id: String::new(),
            container_id: match &self.state {
                State::Waiting { .. } => self.last.as_ref().map(|last| id(last.run)),
                State::Running { .. } => Some(id(self.restarts)),
                State::Terminated(end) => Some(id(end.run)),
            },
            ready: self.ready,
            started: Some(self.started),
            restart_count: self.restarts,
            state: Some(match &self.state {
                State::Waiting { reason, message } => ContainerState {
                    waiting: Some(ContainerStateWaiting { reason: Some(reason.clone()), message: message.clone() }),
                    ..ContainerState::default()
                },
                State::Running { since } => ContainerState {
                    running: Some(ContainerStateRunning { started_at: Some(Time(*since)) }),
                    ..ContainerState::default()
                },
                State::Terminated(ended) => end(ended),
            }),
            last_state: self.last.as_ref().map(end),
            ..ContainerStatus::default()
        }
    }
}

impl Terminated {
    fn state(&self, id: &str) -> ContainerState {
        ContainerState {
            terminated: Some(ContainerStateTerminated {
                container_id: Some(id.to_owned()),
                exit_code: self.status,
                signal: self.signal,
                reason: Some(self.reason.clone()),
                message: self.message.clone(),
                started_at: self.started.map(Time),
                finished_at: Some(Time(self.finished)),
            }),
            ..ContainerState::default()
        }
    }
}

/// Everything a Pod's status is computed from.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Address of the Pod.
    pub address: Ipv4Addr,
    /// When the node took the Pod.
    pub since: Timestamp,
    /// Init containers in order.
    pub init: Vec<Record>,
    /// Containers in order.
    pub main: Vec<Record>,
    /// Ends, or has ended, for a reason of the Pod's own: reason and message.
    pub failed: Option<(String, String)>,
}

/// Whether containers that end are started again (`spec.restartPolicy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// Whatever the exit status.
    Always,
    /// After a failure.
    OnFailure,
    /// Never.
    Never,
}

impl Restart {
    /// The policy of `pod`.
    pub fn of(pod: &Pod) -> Self {
        match pod.spec.as_ref().and_then(|spec| spec.restart_policy.as_deref()) {
            Some("Never") => Self::Never,
            Some("OnFailure") => Self::OnFailure,
            _ => Self::Always,
        }
    }

    /// Whether a run that ended with `status` is followed by another.
    pub fn again(self, status: i32) -> bool {
        match self {
            Self::Always => true,
            Self::OnFailure => status != 0,
            Self::Never => false,
        }
    }
}

/// The phase of a Pod.
pub fn phase(progress: &Progress, restart: Restart) -> &'static str {
    // A Pod is not over while anything of it runs (KEP-3329).
    let runs = |record: &Record| matches!(record.state, State::Running { .. });
    if progress.failed.is_some() && !progress.init.iter().chain(&progress.main).any(runs) {
        return "Failed";
    }
    let ended_for_good = |record: &Record| match &record.state {
        State::Terminated(end) if !restart.again(end.status) => Some(end.status),
        _ => None,
    };
    let failed =
        |record: &Record| !record.sidecar && matches!(&record.state, State::Terminated(end) if end.status != 0);
    if restart == Restart::Never && progress.init.iter().any(failed) {
        return "Failed";
    }
    if !progress.init.iter().all(Record::is_past) {
        return "Pending";
    }
    let ends: Option<Vec<i32>> = progress.main.iter().map(ended_for_good).collect();
    let served = progress.init.iter().any(|record| record.sidecar && !matches!(record.state, State::Terminated(_)));
    if let Some(ends) = ends.filter(|_| !served) {
        return if ends.iter().all(|status| *status == 0) { "Succeeded" } else { "Failed" };
    }
    let never_ran = |record: &Record| matches!(record.state, State::Waiting { .. }) && record.last.is_none();
    if progress.main.iter().any(never_ran) { "Pending" } else { "Running" }
}

/// The status of `pod` for `progress`, with transition times kept from the status it has.
pub fn compute(pod: &Pod, progress: &Progress) -> PodStatus {
    let restart = Restart::of(pod);
    let phase = phase(progress, restart);
    let uid = pod.metadata.uid.as_deref().unwrap_or_default();
    let over = matches!(phase, "Succeeded" | "Failed");
    let initialized = progress.init.iter().all(Record::is_past);
    let serving = progress.init.iter().filter(|record| record.sidecar).chain(&progress.main);
    let unready: Vec<&str> = serving.filter(|record| !record.ready).map(|record| record.name.as_str()).collect();
    let ready = unready.is_empty() && !over;
    let (reason, message) = if phase == "Succeeded" {
        (Some("PodCompleted"), None)
    } else if phase == "Failed" {
        (Some("PodFailed"), None)
    } else if ready {
        (None, None)
    } else {
        (Some("ContainersNotReady"), Some(format!("containers with unready status: [{}]", unready.join(" "))))
    };
    let conditions = [
        ("PodReadyToStartContainers", !over, None, None),
        ("Initialized", initialized, (!initialized).then_some("ContainersNotInitialized"), None),
        ("Ready", ready, reason, message.clone()),
        ("ContainersReady", ready, reason, message),
        ("PodScheduled", true, None, None),
    ];
    let before = pod.status.as_ref().and_then(|status| status.conditions.as_ref());
    let now = Timestamp::now();
    let conditions = conditions.map(|(kind, holds, reason, message)| {
        let status = if holds { "True" } else { "False" };
        let same = before.and_then(|all| all.iter().find(|one| one.type_ == kind && one.status == status));
        PodCondition {
            type_: kind.to_owned(),
            status: status.to_owned(),
            reason: reason.map(str::to_owned),
            message,
            last_transition_time: same.and_then(|one| one.last_transition_time.clone()).or(Some(Time(now))),
            ..PodCondition::default()
        }
    });
    PodStatus {
        phase: Some(phase.to_owned()),
        reason: progress.failed.as_ref().map(|(reason, _)| reason.clone()),
        message: progress.failed.as_ref().map(|(_, message)| message.clone()),
        pod_ip: Some(progress.address.to_string()),
        pod_ips: Some(vec![PodIP { ip: progress.address.to_string() }]),
        host_ip: Some("127.0.0.1".to_owned()),
        host_ips: Some(vec![HostIP { ip: "127.0.0.1".to_owned() }]),
        start_time: Some(Time(progress.since)),
        // The API server has computed it.
        qos_class: pod.status.as_ref().and_then(|status| status.qos_class.clone()),
        conditions: Some(conditions.into()),
        init_container_statuses: (!progress.init.is_empty())
            .then(|| progress.init.iter().map(|record| record.status(uid)).collect()),
        container_statuses: Some(progress.main.iter().map(|record| record.status(uid)).collect()),
        ..PodStatus::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(status: i32) -> State {
        State::Terminated(Terminated {
            run: 0,
            status,
            signal: None,
            reason: "x".into(),
            message: None,
            started: None,
            finished: Timestamp::UNIX_EPOCH,
        })
    }

    fn record(state: State) -> Record {
        Record { state, ..Record::waiting("c", None, "ContainerCreating") }
    }

    fn progress(init: Vec<State>, main: Vec<State>) -> Progress {
        Progress {
            address: Ipv4Addr::new(127, 64, 0, 1),
            since: Timestamp::UNIX_EPOCH,
            init: init.into_iter().map(record).collect(),
            main: main.into_iter().map(record).collect(),
            failed: None,
        }
    }

    #[test]
    fn the_phase_is_the_kubelets() {
        let waiting = || State::Waiting { reason: "ContainerCreating".into(), message: None };
        let running = || State::Running { since: Timestamp::UNIX_EPOCH };
        for (init, main, restart, expected) in [
            (vec![], vec![waiting()], Restart::Always, "Pending"),
            (vec![running()], vec![waiting()], Restart::Always, "Pending"),
            (vec![ended(1)], vec![waiting()], Restart::Never, "Failed"),
            (vec![ended(1)], vec![waiting()], Restart::Always, "Pending"),
            (vec![ended(0)], vec![running()], Restart::Always, "Running"),
            (vec![], vec![ended(0)], Restart::Never, "Succeeded"),
            (vec![], vec![ended(2)], Restart::Never, "Failed"),
            (vec![], vec![ended(0), running()], Restart::Never, "Running"),
            (vec![], vec![ended(2)], Restart::OnFailure, "Running"),
            (vec![], vec![ended(0)], Restart::OnFailure, "Succeeded"),
            (vec![], vec![ended(0)], Restart::Always, "Running"),
        ] {
            assert_eq!(
                phase(&progress(init.clone(), main.clone()), restart),
                expected,
                "{init:?} {main:?} {restart:?}"
            );
        }
    }

    #[test]
    fn a_sidecar_lets_the_pod_begin_once_it_started_and_end_once_it_ended() {
        let running = || State::Running { since: Timestamp::UNIX_EPOCH };
        let waiting = || State::Waiting { reason: "PodInitializing".into(), message: None };
        for (sidecar, started, main, expected) in [
            (waiting(), false, waiting(), "Pending"),
            (running(), false, waiting(), "Pending"),
            (running(), true, running(), "Running"),
            (running(), true, ended(0), "Running"),
            (ended(143), false, ended(0), "Succeeded"),
            (ended(143), false, ended(3), "Failed"),
        ] {
            let mut progress = progress(vec![sidecar.clone()], vec![main.clone()]);
            progress.init[0].sidecar = true;
            progress.init[0].started = started;
            assert_eq!(phase(&progress, Restart::Never), expected, "{sidecar:?} {main:?}");
        }
    }
}
