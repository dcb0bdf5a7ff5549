//! The runs of one container, one after the other.
//!
//! A container that ends is started again as `restartPolicy` says: at once the first time, then after a back-off that doubles
//! from ten seconds to five minutes and is forgotten after ten minutes of running.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Container;
use kube::runtime::events::EventType;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::probing::Unhealthy;
use super::{Kind, Patience, Worker, lock, pause};
use crate::api::GoDuration;
use crate::sandbox::node::NODE;
use crate::sandbox::node::container::{self, Ended, Outputs, Program};
use crate::sandbox::node::environment::{self, Surroundings};
use crate::sandbox::node::logs::{self, Log};
use crate::sandbox::node::probe::{self, Target};
use crate::sandbox::node::processes::MARK;
use crate::sandbox::node::shim::{Launch, Order};
use crate::sandbox::node::status::{Restart, State, Terminated};
use crate::sandbox::node::volumes::Mounts;

/// How long a graceful end may take when the whole node stops.
const STOP_LIMIT: Duration = Duration::from_secs(5);
/// Longest wait between two starts of a failing container.
const BACKOFF_LIMIT: Duration = Duration::from_secs(300);
/// A container that ran this long starts with a fresh back-off.
const BACKOFF_RESET: Duration = Duration::from_secs(600);
/// The shortest grace period, whatever was asked for (`calculateEffectiveGracePeriod` in `pkg/kubelet/pod_workers.go`).
const LEAST_GRACE: Duration = Duration::from_secs(1);
/// Most bytes of a termination message that a container wrote (`MaxContainerTerminationMessageLength`).
const MESSAGE_BYTES: usize = 4096;
/// Most lines and bytes of a log that stand in for a termination message (`MaxContainerTerminationMessageLog…`).
const MESSAGE_LOG: (u64, usize) = (80, 2048);

/// One run of one container.
pub struct Run {
    /// What was started.
    pub launch: Launch,
    /// Where its volumes are.
    pub mounts: Mounts,
    /// Its log.
    pub log: Arc<Log>,
    /// The commands that run beside it; they end with it, as they do in a container.
    pub commands: TaskTracker,
    /// It ended.
    pub over: CancellationToken,
    program: Program,
    next_command: AtomicU64,
}

impl Run {
    /// How `command` is started in the container.
    pub fn command(&self, command: &[String]) -> Launch {
        let number = self.next_command.fetch_add(1, Ordering::Relaxed);
        let mut launch =
            Launch { command: command.iter().map(|word| self.mounts.rewrite(word)).collect(), ..self.launch.clone() };
        if let Some(mark) = launch.environment.get_mut(MARK) {
            *mark = format!("{mark}/{number}");
        }
        launch
    }
}

/// Why a container cannot be started, as the kubelet says it in `state.waiting`.
struct Obstacle {
    reason: &'static str,
    message: String,
}

impl Obstacle {
    fn config(message: impl Into<String>) -> Self {
        Self { reason: "CreateContainerConfigError", message: message.into() }
    }
}

impl Worker {
    /// Runs a container until it is not to be started again; its last exit status, or `None` when the Pod is to end.
    pub(super) async fn run_container(
        &self,
        container: &Container,
        kind: Kind,
        index: usize,
        restart: Restart,
    ) -> Option<i32> {
        let mut backoff = Duration::ZERO;
        // A run that a killed sandbox took with it counts as an end.
        let mut lost = match self.peek(kind, index, |record| record.state.clone())? {
            State::Terminated(end) => Some(end),
            _ => None,
        };
        loop {
            let end = match lost.take() {
                Some(end) => end,
                None => self.run_once(container, kind, index).await?,
            };
            let ran = end.started.map_or(Duration::ZERO, |started| {
                Duration::try_from(end.finished.duration_since(started)).unwrap_or_default()
            });
            let status = end.status;
            self.record(kind, index, |record| {
                record.state = State::Terminated(end.clone());
                record.ready = matches!(kind, Kind::Init) && status == 0;
                record.started = false;
            });
            if self.end_of(kind).is_cancelled() {
                return None;
            }
            if !restart.again(status) {
                return Some(status);
            }
            if ran > BACKOFF_RESET {
                backoff = Duration::ZERO;
            }
            if !backoff.is_zero() {
                let metadata = &self.object().metadata;
                let text = |field: &Option<String>| field.clone().unwrap_or_default();
                let pod = format!("{}_{}({})", text(&metadata.name), text(&metadata.namespace), text(&metadata.uid));
                let note = format!("Back-off restarting failed container {} in pod {pod}", container.name);
                self.event(EventType::Warning, "BackOff", note).await;
                let message = format!(
                    "back-off {} restarting failed container={} pod={pod}",
                    GoDuration::from(backoff),
                    container.name
                );
                self.record(kind, index, |record| {
                    record.last = Some(end.clone());
                    record.state = State::Waiting { reason: "CrashLoopBackOff".to_owned(), message: Some(message) };
                });
                if !pause(self.end_of(kind), backoff).await {
                    return None;
                }
            }
            backoff = (backoff * 2).clamp(self.kubelet.options.backoff, BACKOFF_LIMIT);
            self.record(kind, index, |record| {
                record.last = Some(end);
                record.restarts += 1;
            });
        }
    }

    /// One run; `None` when the Pod is to end before it began.
    async fn run_once(&self, container: &Container, kind: Kind, index: usize) -> Option<Terminated> {
        let stop = self.end_of(kind);
        let restarts = self.peek(kind, index, |record| record.restarts)?;
        let mut patience = Patience::new();
        let (launch, mounts) = loop {
            if stop.is_cancelled() {
                return None;
            }
            match self.launch(container).await {
                Ok(ready) => break ready,
                Err(Obstacle { reason, message }) => {
                    self.event(EventType::Warning, "Failed", format!("Error: {message}")).await;
                    self.record(kind, index, |record| {
                        record.state = State::Waiting { reason: reason.to_owned(), message: Some(message) };
                    });
                    patience.pause(stop).await;
                }
            }
        };
        let begun = Timestamp::now();
        let folder = self.kubelet.options.log_folder(&self.uid(), &container.name);
        let started = async {
            let log = Log::create(&folder, restarts).await?;
            let (program, pipes) = container::start(&self.kubelet.options.program, &launch, Outputs::Piped).await?;
            Ok::<_, std::io::Error>((log, program, pipes))
        };
        let (log, program, pipes) = match started.await {
            Ok(started) => started,
            Err(error) => {
                let message = format!(
                    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: {error}: unknown"
                );
                self.event(EventType::Warning, "Failed", format!("Error: {message}")).await;
                return Some(Terminated {
                    run: restarts,
                    status: 128,
                    signal: None,
                    reason: "StartError".to_owned(),
                    message: Some(message),
                    started: None,
                    finished: begun,
                });
            }
        };
        let copies = pipes.map(|(stdout, stderr)| {
            let log = log.clone();
            tokio::spawn(async move {
                tokio::join!(log.copy("stdout", stdout), log.copy("stderr", stderr));
                log.finish();
            })
        });
        self.event(EventType::Normal, "Created", format!("Created container: {}", container.name)).await;
        let run = Arc::new(Run {
            launch,
            mounts,
            log,
            commands: TaskTracker::new(),
            over: CancellationToken::new(),
            program,
            next_command: AtomicU64::new(0),
        });
        lock(&self.running.runs).insert(container.name.clone(), run.clone());
        self.event(EventType::Normal, "Started", format!("Started container {}", container.name)).await;

        let end = tokio::select! {
            end = run.program.ended() => end,
            () = stop.cancelled() => self.terminate(&run, container, None).await,
            unhealthy = self.attend(container, kind, index, &run, begun) => {
                self.event(EventType::Normal, "Killing", unhealthy.message).await;
                self.terminate(&run, container, unhealthy.grace).await
            }
        };
        run.over.cancel();
        run.commands.close();
        run.commands.wait().await;
        if let Some(copies) = copies {
            // Everything that held the other ends has ended; the rest of the output is on its way.
            let _ = copies.await;
        }
        // Not before its log is whole: who follows it from now on must see its last words.
        lock(&self.running.runs).remove(&container.name);
        Some(Terminated {
            run: restarts,
            status: end.status,
            signal: end.signal,
            reason: if end.status == 0 { "Completed" } else { "Error" }.to_owned(),
            message: self.last_words(container, restarts, end.status).await,
            started: Some(begun),
            finished: Timestamp::now(),
        })
    }

    /// The postStart hook, then the probes; ends with why the container is to be ended.
    async fn attend(&self, container: &Container, kind: Kind, index: usize, run: &Run, since: Timestamp) -> Unhealthy {
        let hook = container.lifecycle.as_ref().and_then(|lifecycle| lifecycle.post_start.as_ref());
        if let Some(hook) = hook
            && let Err(message) = probe::hook(hook, &self.target(container, run)).await
        {
            self.event(EventType::Warning, "FailedPostStartHook", format!("PostStartHook failed: {message}")).await;
            return Unhealthy { message: "FailedPostStartHook".to_owned(), grace: None };
        }
        let started = container.startup_probe.is_none();
        let ready = started && container.readiness_probe.is_none() && !matches!(kind, Kind::Init);
        self.record(kind, index, |record| {
            record.state = State::Running { since };
            record.started = started;
            record.ready = ready;
        });
        self.probe(container, kind, index, run).await
    }

    /// How long a container may take to end, now: a deletion may shorten it while it is under way.
    fn grace(&self, of_probe: Option<i64>) -> Duration {
        let pod = self.object();
        let asked = pod.metadata.deletion_grace_period_seconds;
        // A Pod that is gone from the API was deleted by force; its name may be in use again.
        let seconds = if self.pod.has_changed().is_err() {
            Some(0)
        } else {
            asked.or(of_probe).or(pod.spec.as_ref().and_then(|spec| spec.termination_grace_period_seconds))
        };
        let grace = Duration::from_secs(u64::try_from(seconds.unwrap_or(30)).unwrap_or(0)).max(LEAST_GRACE);
        if self.kubelet.shutdown.is_cancelled() { grace.min(STOP_LIMIT) } else { grace }
    }

    /// Waits until the grace period, counted from `since`, is over.
    async fn grace_is_over(&self, since: Instant, of_probe: Option<i64>) {
        let mut pod = self.pod.clone();
        loop {
            pod.mark_unchanged();
            let over = tokio::time::sleep_until(since + self.grace(of_probe));
            tokio::select! {
                () = over => return,
                () = self.kubelet.shutdown.cancelled(), if !self.kubelet.shutdown.is_cancelled() => {}
                changed = pod.changed() => if changed.is_err() {
                    return tokio::time::sleep_until(since + self.grace(of_probe)).await;
                },
            }
        }
    }

    /// The preStop hook, TERM, the rest of the grace period, KILL.
    async fn terminate(&self, run: &Run, container: &Container, of_probe: Option<i64>) -> Ended {
        if self.object().metadata.deletion_timestamp.is_some() && !self.kubelet.shutdown.is_cancelled() {
            self.event(EventType::Normal, "Killing", format!("Stopping container {}", container.name)).await;
        }
        let since = Instant::now();
        let politely = async {
            let hook = container.lifecycle.as_ref().and_then(|lifecycle| lifecycle.pre_stop.as_ref());
            if let Some(hook) = hook {
                let target = self.target(container, run);
                let hooked = tokio::select! {
                    () = self.grace_is_over(since, of_probe) => Err("the hook did not end within the grace period".to_owned()),
                    done = probe::hook(hook, &target) => done,
                };
                if let Err(message) = hooked {
                    self.event(EventType::Warning, "FailedPreStopHook", format!("PreStopHook failed: {message}")).await;
                }
            }
            run.program.order(Order::Terminate);
            self.grace_is_over(since, of_probe).await;
        };
        tokio::select! {
            end = run.program.ended() => end,
            () = politely => {
                run.program.order(Order::Kill);
                run.program.ended().await
            }
        }
    }

    /// The container as probes and hooks see it.
    pub(super) fn target<'a>(&'a self, container: &'a Container, run: &'a Run) -> Target<'a> {
        Target { container, address: self.running.address, program: &self.kubelet.options.program, run }
    }

    /// The file that the container's `terminationMessagePath` means.
    fn message_file(&self, container: &str, run: i32) -> PathBuf {
        self.folders.pod.join("termination").join(format!("{container}-{run}"))
    }

    /// What the container left as its termination message; with `FallbackToLogsOnError`, else the end of its log.
    async fn last_words(&self, container: &Container, run: i32, status: i32) -> Option<String> {
        let written = tokio::fs::read(self.message_file(&container.name, run)).await.unwrap_or_default();
        let written = String::from_utf8_lossy(&written[..written.len().min(MESSAGE_BYTES)]).into_owned();
        let fall_back = container.termination_message_policy.as_deref() == Some("FallbackToLogsOnError");
        if !written.is_empty() || status == 0 || !fall_back {
            return Some(written).filter(|text| !text.is_empty());
        }
        let folder = self.kubelet.options.log_folder(&self.uid(), &container.name);
        let (lines, bytes) = MESSAGE_LOG;
        logs::tail(logs::file(&folder, run), lines, bytes).await.ok().filter(|text| !text.is_empty())
    }

    /// What to start for `container`.
    async fn launch(&self, container: &Container) -> Result<(Launch, Mounts), Obstacle> {
        let object = self.object();
        let home = self.folders.pod.join("home");
        let temporary = self.folders.pod.join("tmp");
        let run = self.running.record_of(&container.name).map_or(0, |record| record.restarts);
        let message = self.message_file(&container.name, run);
        for folder in [Some(&*home), Some(&*temporary), message.parent()].into_iter().flatten() {
            tokio::fs::create_dir_all(folder).await.map_err(|error| Obstacle::config(error.to_string()))?;
        }
        let mut base = self.kubelet.options.environment.clone();
        base.insert("HOME".to_owned(), home.to_string_lossy().into_owned());
        base.insert("TMPDIR".to_owned(), temporary.to_string_lossy().into_owned());
        base.insert("HOSTNAME".to_owned(), object.metadata.name.clone().unwrap_or_default());
        let surroundings = Surroundings { pod: &object, address: self.running.address, node: NODE, base: &base };
        let variables =
            environment::resolve(container, &surroundings, &self.references).await.map_err(Obstacle::config)?;
        let mut mounts = Mounts::of(container, &self.volumes, &variables).await.map_err(Obstacle::config)?;
        mounts.add(container.termination_message_path.as_deref().unwrap_or("/dev/termination-log"), &message);
        let mut environment: BTreeMap<String, String> = variables
            .iter()
            // Containers have a /tmp of their own, and images point HOME there; here it would be everybody's.
            .map(|(name, value)| match value.as_str() {
                "/tmp" => (name.clone(), temporary.to_string_lossy().into_owned()),
                value => (name.clone(), mounts.rewrite(value)),
            })
            .collect();
        environment.insert(MARK.to_owned(), format!("{}/{}/{}", self.kubelet.options.id, self.uid(), container.name));
        let command: Vec<String> = container
            .command
            .iter()
            .flatten()
            .chain(container.args.iter().flatten())
            .map(|word| mounts.rewrite(&environment::expand(word, &variables)))
            .collect();
        if command.is_empty() {
            return Err(Obstacle {
                reason: "CreateContainerError",
                message: "no command specified: a Pod of the sandbox runs programs of this host, not an image"
                    .to_owned(),
            });
        }
        let directory = container
            .working_dir
            .as_deref()
            .filter(|path| !path.is_empty())
            .map_or(home, |path| PathBuf::from(mounts.rewrite(path)));
        Ok((Launch { command, environment, directory, terminal: None, input: None }, mounts))
    }
}
