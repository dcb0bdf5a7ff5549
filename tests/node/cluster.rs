//! A node with its API server and workloads, in this process; its Pods are real processes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use k8s_openapi::api::core::v1::{Event, Pod};
use kube::api::{DeleteParams, ListParams, PostParams};
use kube::runtime::wait::await_condition;
use kube::{Api, Client, Resource, ResourceExt};
use kubectl_opencode::sandbox::apiserver::{ApiServer, Options};
use kubectl_opencode::sandbox::node::{Node, NodeOptions};
use kubectl_opencode::sandbox::runtime::{ExecOptions, LogOptions, PodKey, PodRuntime};
use kubectl_opencode::sandbox::store::Store;
use kubectl_opencode::sandbox::workloads;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How long anything may take on a busy machine.
pub const LONG: Duration = Duration::from_secs(60);

pub struct Cluster {
    pub client: Client,
    pub node: Arc<Node>,
    pub home: tempfile::TempDir,
    pub id: String,
    stop: CancellationToken,
    run: JoinHandle<()>,
    store: Arc<Store>,
}

impl Cluster {
    pub fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self::begin(home, Arc::new(Store::in_memory()), format!("test-{}", uuid::Uuid::new_v4().simple()))
    }

    fn begin(home: tempfile::TempDir, store: Arc<Store>, id: String) -> Self {
        let node = Node::new(NodeOptions {
            id: id.clone(),
            root: home.path().join("node"),
            program: PathBuf::from(env!("CARGO_BIN_EXE_kubectl-opencode")),
            environment: NodeOptions::host_environment(),
            backoff: Duration::from_millis(50),
            sync: Duration::from_millis(50),
        });
        let stop = CancellationToken::new();
        let options = Options { stop: stop.clone(), ..Options::default() };
        let client = ApiServer::new(store.clone(), node.clone(), options).unwrap().client();
        let run = tokio::spawn({
            let (node, client, stop) = (node.clone(), client.clone(), stop.clone());
            async move {
                let (node, workloads) =
                    tokio::join!(node.run(client.clone(), stop.clone()), workloads::run(client, stop));
                node.unwrap();
                workloads.unwrap();
            }
        });
        Self { client, node, home, id, stop, run, store }
    }

    /// Ends everything as `sandbox stop` does.
    pub async fn stop(self) {
        self.stop.cancel();
        timeout(LONG, self.run).await.unwrap().unwrap();
    }

    /// Drops the node without a word, as a kill would, and starts another one on what is stored.
    pub async fn crash_and_start(self) -> Self {
        self.run.abort();
        let _ = self.run.await;
        self.stop.cancel();
        Self::begin(self.home, self.store, self.id)
    }

    /// An API of a kind in the namespace `default`.
    pub fn api<K>(&self) -> Api<K>
    where
        K: Resource<Scope = k8s_openapi::NamespaceResourceScope>,
        K::DynamicType: Default,
    {
        Api::default_namespaced(self.client.clone())
    }

    pub async fn create<K>(&self, object: Value) -> K
    where
        K: Resource<Scope = k8s_openapi::NamespaceResourceScope>
            + Clone
            + std::fmt::Debug
            + Serialize
            + DeserializeOwned,
        K::DynamicType: Default,
    {
        self.api::<K>().create(&PostParams::default(), &serde_json::from_value(object).unwrap()).await.unwrap()
    }

    /// Waits until the object is there and `holds` of it.
    #[track_caller]
    pub fn until<K>(&self, name: &str, what: &str, holds: impl Fn(&K) -> bool + Send) -> impl Future<Output = K>
    where
        K: Resource<Scope = k8s_openapi::NamespaceResourceScope>
            + Clone
            + std::fmt::Debug
            + Serialize
            + DeserializeOwned
            + Send
            + 'static,
        K::DynamicType: Default,
    {
        let api = self.api::<K>();
        async move {
            let condition = |object: Option<&K>| object.is_some_and(&holds);
            let found = timeout(LONG, await_condition(api.clone(), name, condition)).await;
            assert!(found.is_ok(), "{name} never got {what}: {:#?}", api.get_opt(name).await);
            found.unwrap().unwrap().unwrap()
        }
    }

    pub async fn phase(&self, name: &str, phase: &str) -> Pod {
        self.until(name, phase, |pod: &Pod| {
            pod.status.as_ref().and_then(|status| status.phase.as_deref()) == Some(phase)
        })
        .await
    }

    pub async fn delete(&self, pod: &Pod) {
        let name = pod.name_any();
        let pods = self.api::<Pod>();
        pods.delete(&name, &DeleteParams::default()).await.unwrap();
        let uid = pod.uid().unwrap();
        let gone = kube::runtime::conditions::is_deleted(&uid);
        timeout(LONG, await_condition(pods, &name, gone)).await.unwrap().unwrap();
    }

    pub async fn log(&self, pod: &Pod, container: &str, options: LogOptions) -> String {
        let pieces: Vec<bytes::Bytes> =
            self.node.logs(&key(pod), container, options).await.unwrap().try_collect().await.unwrap();
        String::from_utf8(pieces.concat()).unwrap()
    }

    /// What a command in the first container wrote to its standard output.
    pub async fn exec(&self, pod: &Pod, command: &[&str]) -> String {
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        let options = ExecOptions { command, ..ExecOptions::default() };
        let mut exec = self.node.exec(&key(pod), "", options).await.unwrap();
        let mut said = String::new();
        exec.stdout.read_to_string(&mut said).await.unwrap();
        exec.end.await.unwrap().unwrap();
        said
    }

    /// Reasons of the events on an object, in no order.
    pub async fn reasons(&self, name: &str) -> Vec<String> {
        let events = self.api::<Event>().list(&ListParams::default()).await.unwrap();
        let of = events.items.into_iter().filter(|event| event.involved_object.name.as_deref() == Some(name));
        of.filter_map(|event| event.reason).collect()
    }

    /// The folder of a Pod.
    pub fn folder(&self, pod: &Pod) -> PathBuf {
        self.home.path().join("node/pods").join(pod.uid().unwrap())
    }

    /// The folder of a volume of a Pod that is alone in its workload.
    pub fn volume(&self, workload: &str, volume: &str) -> PathBuf {
        self.home.path().join("node/volumes/default").join(workload).join("0").join(volume)
    }

    /// The living processes of this node's Pods.
    pub fn processes(&self) -> Vec<i32> {
        crate::supervision::marked(&self.id)
    }
}

pub fn key(pod: &Pod) -> PodKey {
    PodKey { namespace: pod.namespace().unwrap(), name: pod.name_any(), uid: pod.uid().unwrap() }
}

/// Waits until a file holds this text.
pub async fn until_file(path: &Path, text: &str) {
    let read = || std::fs::read_to_string(path).unwrap_or_default();
    let deadline = tokio::time::Instant::now() + LONG;
    while read() != text {
        assert!(tokio::time::Instant::now() < deadline, "{} holds {:?}, never {text:?}", path.display(), read());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
