//! The node: a kubelet that runs Pods as process groups of this host.
//!
//! It talks to the API server as any kubelet does: it watches the Pods bound to it, writes their status, and confirms a deletion
//! with a DELETE of grace period 0. The API server talks to it through [`PodRuntime`]. A container's image is only a name:
//! its command runs as a program of this host, as the user who started the sandbox, with an own address, home folder and volumes.

mod addresses;
pub mod container;
mod environment;
mod exec;
mod logs;
mod places;
mod pod;
mod probe;
pub mod processes;
mod resources;
mod resume;
pub mod shim;
mod status;
mod volumes;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Pod};
use kube::api::ListParams;
use kube::runtime::WatchStreamExt;
use kube::runtime::events::Reporter;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Client};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::addresses::Block;
use self::places::Places;
use self::status::State;
use super::runtime::{Exec, ExecOptions, LogOptions, PodKey, PodRuntime};
use crate::cluster::EventRecorder;
use crate::error::{Error, Result};

/// Name of the only node.
pub const NODE: &str = "sandbox";

/// What a node needs to know.
#[derive(Clone, Debug)]
pub struct NodeOptions {
    /// Identity of the sandbox; marks its processes, so that leftovers of this sandbox alone are swept.
    pub id: String,
    /// Folder for Pods, logs and volume claims.
    pub root: PathBuf,
    /// This program's file, which is also the shim.
    pub program: PathBuf,
    /// Variables that every container has unless its spec says otherwise (`PATH`, `LANG` …).
    pub environment: BTreeMap<String, String>,
    /// First wait before a failing container is started a third time; ten seconds on a real node.
    pub backoff: Duration,
    /// How often what is mounted is compared with the API (`--sync-frequency`); a minute on a real node.
    pub sync: Duration,
}

impl NodeOptions {
    fn pod_folder(&self, uid: &str) -> PathBuf {
        self.root.join("pods").join(uid)
    }

    fn log_folder(&self, uid: &str, container: &str) -> PathBuf {
        self.pod_folder(uid).join("logs").join(container)
    }

    /// The variables of this program's own environment that containers may have: where programs are and how text is shown,
    /// nothing that could be a secret.
    pub fn host_environment() -> BTreeMap<String, String> {
        ["PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)))
            .collect()
    }
}

/// What the workers of Pods share.
pub struct Kubelet {
    options: NodeOptions,
    client: Client,
    recorder: EventRecorder,
    places: Places,
    shutdown: CancellationToken,
}

/// The node.
pub struct Node {
    options: NodeOptions,
    pods: Mutex<HashMap<String, Arc<pod::Running>>>,
    addresses: Mutex<Option<Block>>,
    client: OnceLock<Client>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The entries of `folder`; one that does not exist yet has none.
async fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries = match tokio::fs::read_dir(folder).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        paths.push(entry.path());
    }
    Ok(paths)
}

/// Removes those folders whose name is not in `names`.
async fn keep(folders: Vec<PathBuf>, names: &HashSet<String>) -> io::Result<()> {
    let stays =
        |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).is_some_and(|name| names.contains(name));
    for folder in folders.into_iter().filter(|path| !stays(path)) {
        volumes::remove(folder).await?;
    }
    Ok(())
}

impl Node {
    /// A node that runs nothing yet.
    pub fn new(options: NodeOptions) -> Arc<Self> {
        Arc::new(Self { options, pods: Mutex::default(), addresses: Mutex::default(), client: OnceLock::new() })
    }

    /// Runs the Pods bound to this node until `shutdown`, then ends them all and returns when nothing is left.
    ///
    /// Leftovers of a sandbox of the same id that was killed together with its shims are ended first.
    pub async fn run(self: &Arc<Self>, client: Client, shutdown: CancellationToken) -> Result<()> {
        let id = self.options.id.clone();
        let block =
            Block::claim(&id).map_err(|error| Error::internal("no addresses for Pods are left").caused_by(&error))?;
        *lock(&self.addresses) = Some(block);
        let swept = tokio::task::spawn_blocking(move || processes::sweep(&id)).await.unwrap_or_default();
        if swept > 0 {
            tracing::warn!(processes = swept, "ended what an earlier sandbox left behind");
        }
        let _ = self.client.set(client.clone());
        let recorder =
            EventRecorder::new(client.clone(), Reporter { controller: "kubelet".into(), instance: Some(NODE.into()) });
        let kubelet = Arc::new(Kubelet {
            options: self.options.clone(),
            client: client.clone(),
            recorder,
            places: Places::new(&self.options.root),
            shutdown: shutdown.clone(),
        });
        let config = watcher::Config::default().fields(&format!("spec.nodeName={NODE}"));
        let mut events = watcher(Api::<Pod>::all(client), config).default_backoff().boxed();
        let mut bound: HashMap<String, watch::Sender<Arc<Pod>>> = HashMap::new();
        let mut listed: HashSet<String> = HashSet::new();
        let mut cleared = false;
        let mut workers = JoinSet::new();
        loop {
            let event = tokio::select! {
                event = events.next() => event,
                Some(_) = workers.join_next() => continue,
                () = shutdown.cancelled() => break,
            };
            match event {
                Some(Ok(Event::Init)) => listed.clear(),
                Some(Ok(Event::InitApply(pod))) => {
                    listed.extend(pod.metadata.uid.clone());
                    self.take(pod, &kubelet, &mut bound, &mut workers);
                }
                Some(Ok(Event::InitDone)) => {
                    bound.retain(|uid, _| listed.contains(uid));
                    if !std::mem::replace(&mut cleared, true)
                        && let Err(error) = self.clear(&kubelet, &listed).await
                    {
                        tracing::warn!(%error, "cannot remove the folders of Pods and claims that are gone");
                    }
                }
                Some(Ok(Event::Apply(pod))) => self.take(pod, &kubelet, &mut bound, &mut workers),
                Some(Ok(Event::Delete(pod))) => {
                    // Its last state says how long it may take to end.
                    if let Some(sender) = bound.remove(pod.metadata.uid.as_deref().unwrap_or_default()) {
                        sender.send_replace(Arc::new(pod));
                    }
                }
                Some(Err(error)) => tracing::warn!(%error, "the watch of Pods failed and is tried again"),
                None => break,
            }
        }
        while workers.join_next().await.is_some() {}
        Ok(())
    }

    /// Removes the folders of Pods and claims that went while no sandbox ran, or before their folder could be removed.
    async fn clear(&self, kubelet: &Kubelet, pods: &HashSet<String>) -> io::Result<()> {
        // The folders are looked for before the claims: the folder of a claim that is made meanwhile stays.
        let folders = entries(&self.options.root.join("claims")).await?;
        let claims = Api::<PersistentVolumeClaim>::all(kubelet.client.clone());
        let claims = claims.list_metadata(&ListParams::default()).await.map_err(io::Error::other)?.items;
        let claims = claims.iter().filter_map(|claim| claim.metadata.uid.as_deref());
        keep(folders, &claims.map(environment::claim_folder).collect()).await?;
        kubelet.places.clear(pods).await?;
        keep(entries(&self.options.root.join("pods")).await?, pods).await
    }

    /// Tells the Pod's worker of its new state, or starts one.
    fn take(
        self: &Arc<Self>,
        pod: Pod,
        kubelet: &Arc<Kubelet>,
        bound: &mut HashMap<String, watch::Sender<Arc<Pod>>>,
        workers: &mut JoinSet<()>,
    ) {
        let Some(uid) = pod.metadata.uid.clone() else { return };
        if let Some(sender) = bound.get(&uid) {
            sender.send_replace(Arc::new(pod));
            return;
        }
        let before = pod.status.as_ref().and_then(|status| status.pod_ip.as_deref()).and_then(|ip| ip.parse().ok());
        let address = lock(&self.addresses).as_mut().and_then(|block| block.take(&uid, before));
        let Some(address) = address else {
            tracing::error!(pod = ?pod.metadata.name, "the node runs as many Pods as it has addresses for");
            return;
        };
        let (sender, receiver) = watch::channel(Arc::new(pod));
        bound.insert(uid.clone(), sender);
        let worker = pod::Worker::new(kubelet.clone(), receiver, address);
        lock(&self.pods).insert(uid.clone(), worker.running());
        let node = self.clone();
        workers.spawn(async move {
            Box::pin(worker.run()).await;
            lock(&node.pods).remove(&uid);
            if let Some(block) = lock(&node.addresses).as_mut() {
                block.give_back(address);
            }
        });
    }

    fn running(&self, pod: &PodKey) -> Option<Arc<pod::Running>> {
        lock(&self.pods).get(&pod.uid).cloned()
    }

    /// The name of the container that a request means.
    async fn container(&self, pod: &PodKey, name: &str) -> io::Result<String> {
        if !name.is_empty() {
            return Ok(name.to_owned());
        }
        let not_found = || io::Error::new(io::ErrorKind::NotFound, format!("pods {:?} not found", pod.name));
        let client = self.client.get().cloned().ok_or_else(not_found)?;
        let object = Api::<Pod>::namespaced(client, &pod.namespace).get(&pod.name).await.map_err(io::Error::other)?;
        let spec = object.spec.ok_or_else(not_found)?;
        spec.containers.first().map(|container| container.name.clone()).ok_or_else(not_found)
    }

    async fn read_log(
        &self,
        pod: &PodKey,
        container: &str,
        options: LogOptions,
    ) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
        let container = self.container(pod, container).await?;
        let refused = |text: String| Err(io::Error::new(io::ErrorKind::NotConnected, text));
        let running = self.running(pod);
        let Some(record) = running.as_ref().and_then(|running| running.record_of(&container)) else {
            return refused(format!("container {container:?} in pod {:?} is not available", pod.name));
        };
        // As `validateContainerLogStatus` in pkg/kubelet/kubelet_pods.go chooses.
        let last = record.last.as_ref().map(|end| end.run);
        let (run, why_not) = match &record.state {
            _ if options.previous => {
                (last, format!("previous terminated container {container:?} in pod {:?} not found", pod.name))
            }
            State::Running { .. } => (Some(record.restarts), String::new()),
            State::Terminated(end) => (Some(end.run), String::new()),
            State::Waiting { reason, .. } => {
                (last, format!("container {container:?} in pod {:?} is waiting to start: {reason}", pod.name))
            }
        };
        let Some(run) = run else { return refused(why_not) };
        let live = running.and_then(|running| running.run_of(&container)).filter(|_| !options.previous);
        let file = logs::file(&self.options.log_folder(&pod.uid, &container), run);
        logs::read(file, live.map(|run| run.log.clone()), options).await
    }

    async fn run_command(&self, pod: &PodKey, container: &str, options: ExecOptions) -> io::Result<Exec> {
        let container = self.container(pod, container).await?;
        let run = self.running(pod).and_then(|running| running.run_of(&container)).ok_or_else(|| {
            io::Error::new(io::ErrorKind::NotConnected, format!("container not found (\"{container}\")"))
        })?;
        exec::run(&self.options.program, &self.options.pod_folder(&pod.uid), &run, options).await
    }
}

impl PodRuntime for Node {
    fn logs<'a>(
        &'a self,
        pod: &'a PodKey,
        container: &'a str,
        options: LogOptions,
    ) -> BoxFuture<'a, io::Result<BoxStream<'static, io::Result<Bytes>>>> {
        Box::pin(self.read_log(pod, container, options))
    }

    fn exec<'a>(
        &'a self,
        pod: &'a PodKey,
        container: &'a str,
        options: ExecOptions,
    ) -> BoxFuture<'a, io::Result<Exec>> {
        Box::pin(self.run_command(pod, container, options))
    }

    fn connect<'a>(&'a self, pod: &'a PodKey, port: u16) -> BoxFuture<'a, io::Result<TcpStream>> {
        Box::pin(async move {
            let running = self.running(pod).ok_or_else(|| {
                io::Error::new(io::ErrorKind::NotConnected, format!("pod {:?} is not running", pod.name))
            })?;
            let stream = TcpStream::connect((running.address, port)).await?;
            stream.set_nodelay(true)?;
            Ok(stream)
        })
    }
}
