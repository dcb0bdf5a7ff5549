//! The life of one Pod on the node.
//!
//! ```text
//!   volumes ──► init containers, one after the other ──► containers, side by side ──► ended for good
//!      │                        │                                │
//!      └──────── deleted, or the node stops: preStop, TERM, grace period, KILL ──► final DELETE, folder removed
//! ```
//!
//! A sidecar (an init container with `restartPolicy: Always`) runs from its turn among the init containers until every
//! container has ended (KEP-753).
//!
//! A container that ends is started again as `restartPolicy` says: at once the first time, then after a back-off that doubles
//! from ten seconds to five minutes and is forgotten after ten minutes of running.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Container, Pod, PodSpec, Probe};
use kube::api::{DeleteParams, Patch, PatchParams, Preconditions};
use kube::runtime::events::{Event, EventType};
use kube::{Api, Resource};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::container::{self, Ended, Outputs, Program};
use super::environment::{self, References, Surroundings};
use super::logs::Log;
use super::probe::{self, Target, Timing};
use super::resume::resume;
use super::shim::{self, Launch, Order};
use super::status::{self, Progress, Record, Restart, State, Terminated};
use super::volumes::{self, Folders, Mounts};
use super::{Kubelet, NODE};

/// How long a graceful end may take when the whole node stops.
const STOP_LIMIT: Duration = Duration::from_secs(5);
/// Longest wait between two starts of a failing container.
const BACKOFF_LIMIT: Duration = Duration::from_secs(300);
/// A container that ran this long starts with a fresh back-off.
const BACKOFF_RESET: Duration = Duration::from_secs(600);

/// What the node knows of a Pod that it runs.
pub struct Running {
    /// Its address.
    pub address: String,
    progress: watch::Sender<Progress>,
    /// The current run of each container that runs.
    runs: Mutex<HashMap<String, Arc<Run>>>,
}

/// One run of one container.
pub struct Run {
    /// What was started.
    pub launch: Launch,
    /// Where its volumes are.
    pub mounts: Mounts,
    /// Its log.
    pub log: Arc<Log>,
    program: Program,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Running {
    /// The current run of `container`.
    pub fn run_of(&self, container: &str) -> Option<Arc<Run>> {
        lock(&self.runs).get(container).cloned()
    }

    fn update(&self, change: impl FnOnce(&mut Progress)) {
        self.progress.send_modify(change);
    }
}

/// Waits; false when `stop` comes first.
async fn pause(stop: &CancellationToken, time: Duration) -> bool {
    tokio::select! {
        () = tokio::time::sleep(time) => true,
        () = stop.cancelled() => false,
    }
}

/// What a container is in its Pod.
#[derive(Clone, Copy)]
enum Kind {
    Init,
    Sidecar,
    Main,
}

/// The worker of one Pod.
pub struct Worker {
    kubelet: Arc<Kubelet>,
    pod: watch::Receiver<Arc<Pod>>,
    running: Arc<Running>,
    /// The Pod is to end.
    stop: CancellationToken,
    /// Everything that sidecars serve has ended.
    served: CancellationToken,
    references: References,
    folders: Folders,
    volumes: Vec<(String, PathBuf)>,
}

impl Worker {
    /// A worker for the Pod in `pod`, whose sender is dropped when the Pod is gone from the API.
    pub fn new(kubelet: Arc<Kubelet>, pod: watch::Receiver<Arc<Pod>>, address: String) -> Self {
        let object = pod.borrow().clone();
        let namespace = object.metadata.namespace.as_deref().unwrap_or_default();
        let uid = object.metadata.uid.as_deref().unwrap_or_default();
        let folders = Folders { pod: kubelet.options.pod_folder(uid), claims: kubelet.options.root.join("claims") };
        let progress = resume(&object, &address);
        Self {
            references: References::new(kubelet.client.clone(), namespace),
            running: Arc::new(Running { address, progress: watch::Sender::new(progress), runs: Mutex::default() }),
            stop: kubelet.shutdown.child_token(),
            served: CancellationToken::new(),
            kubelet,
            pod,
            folders,
            volumes: Vec::new(),
        }
    }

    /// What the rest of the node may know of this Pod.
    pub fn running(&self) -> Arc<Running> {
        self.running.clone()
    }

    fn object(&self) -> Arc<Pod> {
        self.pod.borrow().clone()
    }

    /// Runs the Pod to its end, and its deletion.
    pub async fn run(mut self) {
        let over = matches!(
            self.object().status.as_ref().and_then(|status| status.phase.as_deref()),
            Some("Succeeded" | "Failed")
        );
        if !over {
            let finished = CancellationToken::new();
            let statuses = self.write_statuses(finished.clone());
            let stopping = self.watch_deletion(finished.clone());
            let work = async {
                self.work().await;
                finished.cancel();
            };
            tokio::join!(work, stopping, statuses);
        }
        if self.wait_for_deletion().await {
            self.delete().await;
        }
    }

    /// Cancels `stop` when the Pod is to be deleted or is gone.
    fn watch_deletion(&self, finished: CancellationToken) -> impl Future<Output = ()> + use<> {
        let mut pod = self.pod.clone();
        let stop = self.stop.clone();
        async move {
            tokio::select! {
                _ = pod.wait_for(|pod| pod.metadata.deletion_timestamp.is_some()) => stop.cancel(),
                () = finished.cancelled() => {}
            }
        }
    }

    /// Waits until the Pod is to be deleted (true) or the node stops (false).
    async fn wait_for_deletion(&mut self) -> bool {
        let shutdown = self.kubelet.shutdown.clone();
        tokio::select! {
            _ = self.pod.wait_for(|pod| pod.metadata.deletion_timestamp.is_some()) => true,
            () = shutdown.cancelled() => false,
        }
    }

    /// Tells the API that nothing is left of the Pod, and removes its folder.
    async fn delete(&self) {
        let object = self.object();
        let (namespace, name) =
            (object.metadata.namespace.clone().unwrap_or_default(), object.metadata.name.clone().unwrap_or_default());
        let parameters = DeleteParams {
            grace_period_seconds: Some(0),
            preconditions: Some(Preconditions { uid: object.metadata.uid.clone(), resource_version: None }),
            ..DeleteParams::default()
        };
        // The folder goes first: who sees that the Pod is gone may count on that nothing of it is left.
        if let Err(error) = tokio::fs::remove_dir_all(&self.folders.pod).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%namespace, pod = %name, %error, "cannot remove the folder of a Pod");
        }
        let pods = Api::<Pod>::namespaced(self.kubelet.client.clone(), &namespace);
        while self.pod.has_changed().is_ok() {
            match pods.delete(&name, &parameters).await {
                Ok(_) => return,
                Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => return,
                Err(error) => tracing::warn!(%namespace, pod = %name, %error, "cannot confirm the deletion of a Pod"),
            }
            if !pause(&self.kubelet.shutdown, Duration::from_secs(1)).await {
                return;
            }
        }
    }

    /// Writes the status whenever it changed, a last time when the Pod's work is over.
    fn write_statuses(&self, finished: CancellationToken) -> impl Future<Output = ()> + use<> {
        let running = self.running.clone();
        let pod = self.pod.clone();
        let client = self.kubelet.client.clone();
        async move {
            let mut changes = running.progress.subscribe();
            let mut written = None;
            let mut over = false;
            let mut pause = Duration::from_millis(100);
            loop {
                let object = pod.borrow().clone();
                let namespace = object.metadata.namespace.as_deref().unwrap_or_default();
                let name = object.metadata.name.as_deref().unwrap_or_default();
                let progress = changes.borrow_and_update().clone();
                let status = serde_json::json!(status::compute(&object, &progress));
                if written.as_ref() != Some(&status) {
                    let body = serde_json::json!({ "metadata": { "uid": object.metadata.uid }, "status": status });
                    let api = Api::<Pod>::namespaced(client.clone(), namespace);
                    match api.patch_status(name, &PatchParams::apply("kubelet"), &Patch::Merge(body)).await {
                        Ok(_) => {
                            written = Some(status);
                            pause = Duration::from_millis(100);
                        }
                        Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => return,
                        Err(error) => {
                            tracing::warn!(%namespace, pod = %name, %error, "cannot write the status of a Pod");
                            let retry = tokio::time::sleep(pause);
                            pause = (pause * 2).min(Duration::from_secs(10));
                            tokio::select! { () = retry => {}, () = finished.cancelled() => {} }
                            if !finished.is_cancelled() || pause < Duration::from_secs(2) {
                                continue;
                            }
                        }
                    }
                }
                if over {
                    return;
                }
                tokio::select! {
                    _ = changes.changed() => {}
                    () = finished.cancelled() => over = true,
                }
            }
        }
    }

    async fn work(&mut self) {
        let object = self.object();
        let Some(spec) = object.spec.clone() else { return };
        if !self.prepare_volumes().await {
            return;
        }
        let this = &*self;
        let init: Vec<&Container> = spec.init_containers.iter().flatten().collect();
        let turns: Vec<CancellationToken> = init.iter().map(|_| CancellationToken::new()).collect();
        let course = async {
            this.course(&spec, Restart::of(&object), &turns).await;
            this.served.cancel();
        };
        let sidecars = init.iter().zip(&turns).enumerate().filter(|(_, (container, _))| status::is_sidecar(container));
        let sidecars = sidecars.map(|(index, (container, turn))| async move {
            tokio::select! {
                () = turn.cancelled() => {
                    this.run_container(container, Kind::Sidecar, index, Restart::Always).await;
                }
                () = this.served.cancelled() => {}
            }
        });
        tokio::join!(course, join_all(sidecars));
    }

    /// Runs init containers in order, each sidecar's turn cancelled when it may start, then the containers.
    async fn course(&self, spec: &PodSpec, restart: Restart, turns: &[CancellationToken]) {
        for (index, (container, turn)) in spec.init_containers.iter().flatten().zip(turns).enumerate() {
            if status::is_sidecar(container) {
                turn.cancel();
                if !self.has_started(index).await {
                    return;
                }
                continue;
            }
            let done = |record: &Record| matches!(&record.state, State::Terminated(end) if end.status == 0);
            if self.peek(Kind::Init, index, done) == Some(true) {
                continue;
            }
            // An init container that fails is tried again unless nothing in this Pod is.
            let again = if restart == Restart::Never { Restart::Never } else { Restart::OnFailure };
            if self.run_container(container, Kind::Init, index, again).await != Some(0) {
                return;
            }
        }
        let containers = spec.containers.iter().enumerate();
        join_all(containers.map(|(index, one)| self.run_container(one, Kind::Main, index, restart))).await;
    }

    /// Waits until a sidecar has started; false when the Pod is to end.
    async fn has_started(&self, index: usize) -> bool {
        let mut progress = self.running.progress.subscribe();
        tokio::select! {
            found = progress.wait_for(|all| all.init.get(index).is_some_and(|record| record.started)) => found.is_ok(),
            () = self.stop.cancelled() => false,
        }
    }

    /// What ends a container of this kind.
    fn end_of(&self, kind: Kind) -> &CancellationToken {
        match kind {
            Kind::Sidecar => &self.served,
            Kind::Init | Kind::Main => &self.stop,
        }
    }

    async fn prepare_volumes(&mut self) -> bool {
        let object = self.object();
        let base = BTreeMap::new();
        loop {
            let surroundings = Surroundings { pod: &object, address: &self.running.address, node: NODE, base: &base };
            match volumes::prepare(&surroundings, &self.folders, &self.references).await {
                Ok(volumes) => {
                    self.volumes = volumes;
                    return true;
                }
                Err(message) => {
                    self.event(EventType::Warning, "FailedMount", message).await;
                    if !pause(&self.stop, Duration::from_secs(2)).await {
                        return false;
                    }
                }
            }
        }
    }

    fn record(&self, kind: Kind, index: usize, change: impl FnOnce(&mut Record)) {
        self.running.update(|progress| {
            let list = match kind {
                Kind::Init | Kind::Sidecar => &mut progress.init,
                Kind::Main => &mut progress.main,
            };
            if let Some(record) = list.get_mut(index) {
                change(record);
            }
        });
    }

    fn peek<T>(&self, kind: Kind, index: usize, look: impl FnOnce(&Record) -> T) -> Option<T> {
        let progress = self.running.progress.borrow();
        let list = match kind {
            Kind::Init | Kind::Sidecar => &progress.init,
            Kind::Main => &progress.main,
        };
        list.get(index).map(look)
    }

    /// Runs a container until it is not to be started again; its last exit status, or `None` when the Pod is to end.
    async fn run_container(&self, container: &Container, kind: Kind, index: usize, restart: Restart) -> Option<i32> {
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
                let pod = self.object();
                let message = format!(
                    "back-off {backoff:?} restarting failed container={} pod={}_{}({})",
                    container.name,
                    pod.metadata.name.as_deref().unwrap_or_default(),
                    pod.metadata.namespace.as_deref().unwrap_or_default(),
                    pod.metadata.uid.as_deref().unwrap_or_default(),
                );
                self.event(EventType::Warning, "BackOff", message.clone()).await;
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
        if stop.is_cancelled() {
            return None;
        }
        let restarts = self.peek(kind, index, |record| record.restarts)?;
        let (launch, mounts) = loop {
            match self.launch(container).await {
                Ok(ready) => break ready,
                Err(message) => {
                    self.event(EventType::Warning, "Failed", format!("Error: {message}")).await;
                    self.record(kind, index, |record| {
                        let reason = "CreateContainerConfigError".to_owned();
                        record.state = State::Waiting { reason, message: Some(message) };
                    });
                    if !pause(stop, Duration::from_secs(2)).await {
                        return None;
                    }
                }
            }
        };
        let begun = Timestamp::now();
        let path = self.kubelet.options.log_file(&self.uid(), &container.name, restarts);
        let started = async {
            let log = Log::create(path).await?;
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
                let (out, err) = tokio::join!(log.copy("stdout", stdout), log.copy("stderr", stderr));
                if let Err(error) = out.and(err) {
                    tracing::warn!(%error, "cannot write the log of a container");
                }
                log.finish();
            })
        });
        self.event(EventType::Normal, "Created", format!("Created container: {}", container.name)).await;
        let run = Arc::new(Run { launch, mounts, log, program });
        lock(&self.running.runs).insert(container.name.clone(), run.clone());
        let no_startup = container.startup_probe.is_none();
        let no_readiness = container.readiness_probe.is_none();
        self.record(kind, index, |record| {
            record.state = State::Running { since: begun };
            record.started = no_startup;
            record.ready = no_startup && no_readiness && !matches!(kind, Kind::Init);
        });
        self.event(EventType::Normal, "Started", format!("Started container {}", container.name)).await;

        let end = tokio::select! {
            end = run.program.ended() => end,
            () = stop.cancelled() => self.terminate(&run, container).await,
            message = self.probe(container, kind, index, &run) => {
                self.event(EventType::Normal, "Killing", message).await;
                self.terminate(&run, container).await
            }
        };
        if let Some(copies) = copies {
            // Everything that held the other ends has ended; the rest of the output is on its way.
            let _ = copies.await;
        }
        // Not before its log is whole: who follows it from now on must see its last words.
        lock(&self.running.runs).remove(&container.name);
        Some(Terminated {
            status: end.status,
            signal: end.signal,
            reason: if end.status == 0 { "Completed" } else { "Error" }.to_owned(),
            message: None,
            started: Some(begun),
            finished: Timestamp::now(),
        })
    }

    /// The preStop hook, TERM, the rest of the grace period, KILL.
    async fn terminate(&self, run: &Run, container: &Container) -> Ended {
        let pod = self.object();
        let seconds = pod
            .metadata
            .deletion_grace_period_seconds
            .or(pod.spec.as_ref().and_then(|spec| spec.termination_grace_period_seconds))
            .unwrap_or(30);
        let mut grace = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
        if self.kubelet.shutdown.is_cancelled() {
            grace = grace.min(STOP_LIMIT);
        } else if pod.metadata.deletion_timestamp.is_some() {
            self.event(EventType::Normal, "Killing", format!("Stopping container {}", container.name)).await;
        }
        let deadline = Instant::now() + grace;
        let hook = container.lifecycle.as_ref().and_then(|lifecycle| lifecycle.pre_stop.as_ref());
        if let Some(hook) = hook.filter(|_| !grace.is_zero()) {
            let target = self.target(container, run);
            let failed = tokio::select! {
                end = run.program.ended() => return end,
                done = tokio::time::timeout_at(deadline, probe::hook(hook, &target)) => match done {
                    Ok(done) => done.err(),
                    Err(_) => Some("the hook did not end within the grace period".to_owned()),
                },
            };
            if let Some(message) = failed {
                self.event(EventType::Warning, "FailedPreStopHook", format!("PreStopHook failed: {message}")).await;
            }
        }
        run.program.order(Order::Terminate);
        if let Ok(end) = tokio::time::timeout_at(deadline, run.program.ended()).await {
            return end;
        }
        run.program.order(Order::Kill);
        run.program.ended().await
    }

    /// The container as probes and hooks see it.
    fn target<'a>(&'a self, container: &'a Container, run: &'a Run) -> Target<'a> {
        Target {
            container,
            address: &self.running.address,
            program: &self.kubelet.options.program,
            launch: &run.launch,
            mounts: &run.mounts,
        }
    }

    fn uid(&self) -> String {
        self.object().metadata.uid.clone().unwrap_or_default()
    }

    /// What to start for `container`; the error is the kubelet's text for `CreateContainerConfigError`.
    async fn launch(&self, container: &Container) -> Result<(Launch, Mounts), String> {
        let object = self.object();
        let uid = self.uid();
        let home = self.folders.pod.join("home");
        let temporary = self.folders.pod.join("tmp");
        for folder in [&home, &temporary] {
            tokio::fs::create_dir_all(folder).await.map_err(|error| error.to_string())?;
        }
        let mut base = self.kubelet.options.environment.clone();
        base.insert("HOME".to_owned(), home.to_string_lossy().into_owned());
        base.insert("TMPDIR".to_owned(), temporary.to_string_lossy().into_owned());
        base.insert("HOSTNAME".to_owned(), object.metadata.name.clone().unwrap_or_default());
        let surroundings = Surroundings { pod: &object, address: &self.running.address, node: NODE, base: &base };
        let variables = environment::resolve(container, &surroundings, &self.references).await?;
        let mounts = Mounts::of(container, &self.volumes).await?;
        let mut environment: BTreeMap<String, String> = variables
            .iter()
            // Containers have a /tmp of their own, and images point HOME there; here it would be everybody's.
            .map(|(name, value)| match value.as_str() {
                "/tmp" => (name.clone(), temporary.to_string_lossy().into_owned()),
                value => (name.clone(), mounts.rewrite(value)),
            })
            .collect();
        environment.insert(shim::MARK.to_owned(), format!("{}/{uid}", self.kubelet.options.id));
        let command: Vec<String> = container
            .command
            .iter()
            .flatten()
            .chain(container.args.iter().flatten())
            .map(|word| mounts.rewrite(&environment::expand(word, &variables)))
            .collect();
        if command.is_empty() {
            return Err(
                "no command specified: a Pod of the sandbox runs programs of this host, not an image".to_owned()
            );
        }
        let directory = container
            .working_dir
            .as_deref()
            .filter(|path| !path.is_empty())
            .map_or(home, |path| PathBuf::from(mounts.rewrite(path)));
        Ok((Launch { command, environment, directory, terminal: None, input: None }, mounts))
    }

    /// Probes until liveness or startup fails for good; the text is why.
    async fn probe(&self, container: &Container, kind: Kind, index: usize, run: &Run) -> String {
        let target = self.target(container, run);
        let begun = Instant::now();
        let first = |probe: &Probe| begun + Timing::of(probe).delay;
        if let Some(startup) = &container.startup_probe {
            if !self.settle(startup, &target, "Startup", true, first(startup)).await {
                return format!("Container {} failed startup probe, will be restarted", container.name);
            }
            let ready = container.readiness_probe.is_none();
            self.record(kind, index, |record| {
                record.started = true;
                record.ready = ready;
            });
        }
        let readiness = async {
            let Some(probe) = &container.readiness_probe else { return std::future::pending().await };
            let period = Timing::of(probe).period;
            let mut next = first(probe);
            loop {
                if self.settle(probe, &target, "Readiness", true, next).await {
                    self.record(kind, index, |record| record.ready = true);
                }
                self.settle(probe, &target, "Readiness", false, Instant::now() + period).await;
                self.record(kind, index, |record| record.ready = false);
                next = Instant::now() + period;
            }
        };
        let liveness = async {
            let Some(probe) = &container.liveness_probe else { return std::future::pending().await };
            self.settle(probe, &target, "Liveness", false, first(probe)).await;
        };
        tokio::select! {
            () = readiness => {}
            () = liveness => {}
        }
        format!("Container {} failed liveness probe, will be restarted", container.name)
    }

    /// Probes from `first` on until the threshold of failures (`false`) is reached, or, when `until_success`, that of
    /// successes (`true`).
    async fn settle(
        &self,
        probe: &Probe,
        target: &Target<'_>,
        name: &str,
        until_success: bool,
        first: Instant,
    ) -> bool {
        let timing = Timing::of(probe);
        sleep_until(first).await;
        let (mut failures, mut successes) = (0, 0);
        loop {
            let next = Instant::now() + timing.period;
            match probe::check(probe, target).await {
                Ok(()) => {
                    failures = 0;
                    successes += 1;
                    if until_success && successes >= timing.successes {
                        return true;
                    }
                }
                Err(message) => {
                    successes = 0;
                    failures += 1;
                    if !until_success || failures >= timing.failures {
                        self.event(EventType::Warning, "Unhealthy", format!("{name} probe failed: {message}")).await;
                    }
                    // Readiness keeps trying for ever; only its loss and the other probes count failures.
                    if failures >= timing.failures && (name != "Readiness" || !until_success) {
                        return false;
                    }
                }
            }
            sleep_until(next).await;
        }
    }

    /// Leaves an event on the Pod; that it cannot be written is only logged, as by a kubelet.
    async fn event(&self, kind: EventType, reason: &str, note: String) {
        let reference = self.object().object_ref(&());
        let event = Event {
            type_: kind,
            reason: reason.to_owned(),
            note: Some(note),
            action: reason.to_owned(),
            secondary: None,
        };
        if let Err(error) = self.kubelet.recorder.publish(&event, &reference).await {
            tracing::debug!(%error, reason, "cannot write an event");
        }
    }
}
