//! The life of one Pod on the node.
//!
//! ```text
//!   volumes ──► init containers, one after the other ──► containers, side by side ──► ended for good
//!      │                        │                                │
//!      └── deleted, past its deadline, or the node stops: preStop, TERM, grace period, KILL ──► final DELETE, folder removed
//! ```
//!
//! A sidecar (an init container with `restartPolicy: Always`) runs from its turn among the init containers until every
//! container has ended (KEP-753). A Pod that is active for longer than `activeDeadlineSeconds` ends as Failed
//! (`pkg/kubelet/active_deadline.go`).

mod probing;
mod report;
mod run;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Container, Pod, PodSpec};
use kube::Api;
use kube::api::{DeleteParams, Preconditions};
use kube::runtime::events::EventType;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::environment::{References, Surroundings};
use super::resume::resume;
use super::status::{self, Progress, Record, Restart, State};
use super::volumes::{self, Folders};
use super::{Kubelet, NODE};

pub use run::Run;

/// First and longest wait before something that a Pod refers to is looked for again.
const LOOK_AGAIN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(10));

/// What the node knows of a Pod that it runs.
pub struct Running {
    /// Its address.
    pub address: Ipv4Addr,
    progress: watch::Sender<Progress>,
    /// The current run of each container that runs.
    runs: Mutex<HashMap<String, Arc<Run>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Running {
    /// The current run of `container`.
    pub fn run_of(&self, container: &str) -> Option<Arc<Run>> {
        lock(&self.runs).get(container).cloned()
    }

    /// How far `container` got.
    pub fn record_of(&self, container: &str) -> Option<Record> {
        let progress = self.progress.borrow();
        progress.init.iter().chain(&progress.main).find(|record| record.name == container).cloned()
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

/// The waits between tries that go on failing, each twice as long as the one before.
struct Patience(Duration);

impl Patience {
    fn new() -> Self {
        Self(LOOK_AGAIN.0)
    }

    /// Waits for the next try; false when `stop` comes first.
    async fn pause(&mut self, stop: &CancellationToken) -> bool {
        let wait = self.0;
        self.0 = (wait * 2).min(LOOK_AGAIN.1);
        pause(stop, wait).await
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
    pub fn new(kubelet: Arc<Kubelet>, pod: watch::Receiver<Arc<Pod>>, address: Ipv4Addr) -> Self {
        let object = pod.borrow().clone();
        let uid = object.metadata.uid.as_deref().unwrap_or_default();
        let folders = Folders {
            pod: kubelet.options.pod_folder(uid),
            // Until the Pod takes its place.
            volumes: kubelet.options.pod_folder(uid).join("volumes"),
            claims: kubelet.options.root.join("claims"),
        };
        let progress = resume(&object, address);
        Self {
            references: References::new(kubelet.client.clone(), &object),
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

    fn uid(&self) -> String {
        self.object().metadata.uid.clone().unwrap_or_default()
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
            let deadline = self.keep_deadline(finished.clone());
            let work = async {
                Box::pin(self.work()).await;
                finished.cancel();
            };
            tokio::join!(work, stopping, deadline, statuses);
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

    /// Ends the Pod as failed when it was active for `activeDeadlineSeconds`, which may be set or shortened at any time.
    fn keep_deadline(&self, finished: CancellationToken) -> impl Future<Output = ()> + use<> {
        let (mut pod, running, stop) = (self.pod.clone(), self.running.clone(), self.stop.clone());
        let since = running.progress.borrow().since;
        let events = self.events();
        async move {
            loop {
                let seconds = pod.borrow_and_update().spec.as_ref().and_then(|spec| spec.active_deadline_seconds);
                let passed = async {
                    let Some(seconds) = seconds else { return std::future::pending().await };
                    let active = Duration::try_from(Timestamp::now().duration_since(since)).unwrap_or_default();
                    let limit = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
                    tokio::time::sleep(limit.saturating_sub(active)).await;
                };
                tokio::select! {
                    () = passed => {
                        let message = "Pod was active on the node longer than the specified deadline";
                        events.tell(EventType::Normal, "DeadlineExceeded", message.to_owned()).await;
                        running.update(|progress| {
                            progress.failed = Some(("DeadlineExceeded".to_owned(), message.to_owned()));
                        });
                        stop.cancel();
                        return;
                    }
                    () = finished.cancelled() => return,
                    () = stop.cancelled() => return,
                    changed = pod.changed() => if changed.is_err() { return },
                }
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
        // The folders go first: who sees that the Pod is gone may count on that nothing of it is left.
        let (place, folder) =
            tokio::join!(self.kubelet.places.give_back(&object), volumes::remove(self.folders.pod.clone()));
        if let Err(error) = place.and(folder) {
            tracing::warn!(%namespace, pod = %name, %error, "cannot remove the folders of a Pod");
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
        let containers = async { tokio::join!(course, join_all(sidecars)) };
        tokio::select! {
            _ = containers => {}
            () = this.sync_volumes() => {}
        }
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
        let mut patience = Patience::new();
        loop {
            let surroundings = Surroundings { pod: &object, address: self.running.address, node: NODE, base: &base };
            let prepared = match self.take_place(&object).await {
                Ok(()) => volumes::prepare(&surroundings, &self.folders, &self.references).await,
                Err(error) => Err(format!("MountVolume.SetUp failed : {error}")),
            };
            match prepared {
                Ok(volumes) => {
                    self.volumes = volumes;
                    return true;
                }
                Err(message) => {
                    self.event(EventType::Warning, "FailedMount", message).await;
                    if !patience.pause(&self.stop).await {
                        return false;
                    }
                }
            }
        }
    }

    async fn take_place(&mut self, object: &Pod) -> io::Result<()> {
        if object.spec.as_ref().is_some_and(|spec| spec.volumes.iter().flatten().next().is_some()) {
            self.folders.volumes = self.kubelet.places.take(&self.pod, &self.stop).await?;
        }
        Ok(())
    }

    /// Keeps what is mounted as the API has it, for ever.
    async fn sync_volumes(&self) {
        if !volumes::change(&self.object()) {
            return std::future::pending().await;
        }
        let base = BTreeMap::new();
        loop {
            tokio::time::sleep(self.kubelet.options.sync).await;
            let object = self.object();
            let surroundings = Surroundings { pod: &object, address: self.running.address, node: NODE, base: &base };
            if let Err(message) = volumes::sync(&surroundings, &self.folders, &self.references).await {
                self.event(EventType::Warning, "FailedMount", message).await;
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
}
