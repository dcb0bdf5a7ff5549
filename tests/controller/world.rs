//! An API server in this process, our controllers, and Pods that the tests play.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Patch, PatchParams, PostParams};
use kube::core::NamespaceResourceScope;
use kube::{Api, Client, Resource};
use kubectl_opencode::api::{Agent, Session, Task};
use kubectl_opencode::controller::{AgentRuntime, Limits, Options, Reach, run};
use kubectl_opencode::sandbox::apiserver::{self, ApiServer};
use kubectl_opencode::sandbox::definitions;
use kubectl_opencode::sandbox::runtime::{Exec, ExecOptions, LogOptions, PodKey, PodRuntime};
use kubectl_opencode::sandbox::store::{Key, Store};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::fake::Fake;
use crate::gate::Gate;
use crate::record::Record;

/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(90);

struct NoNode;

fn no_pod<T: Send + 'static>() -> BoxFuture<'static, std::io::Result<T>> {
    Box::pin(async { Err(std::io::ErrorKind::NotFound.into()) })
}

impl PodRuntime for NoNode {
    fn logs<'a>(
        &'a self,
        _: &'a PodKey,
        _: &'a str,
        _: LogOptions,
    ) -> BoxFuture<'a, std::io::Result<BoxStream<'static, std::io::Result<bytes::Bytes>>>> {
        no_pod()
    }

    fn exec<'a>(&'a self, _: &'a PodKey, _: &'a str, _: ExecOptions) -> BoxFuture<'a, std::io::Result<Exec>> {
        no_pod()
    }

    fn connect<'a>(&'a self, _: &'a PodKey, _: u16) -> BoxFuture<'a, std::io::Result<TcpStream>> {
        no_pod()
    }
}

/// A cluster, an OpenCode server, and the controllers.
pub struct World {
    pub client: Client,
    pub fake: Fake,
    /// Between the controllers and everybody else.
    pub gate: Gate,
    /// Of the controllers that are started next.
    pub limits: Limits,
    /// What was told so far.
    pub record: Mutex<Record>,
    /// Where `/metrics` is served by the controllers that are started next.
    pub listen: Option<std::net::SocketAddr>,
    store: Arc<Store>,
    server: ApiServer,
    pub running: Option<(CancellationToken, JoinHandle<kubectl_opencode::error::Result<()>>)>,
}

impl World {
    /// With the controllers running.
    pub async fn start() -> Self {
        let mut world = Self::asleep().await;
        world.wake();
        world
    }

    /// Without controllers yet.
    pub async fn asleep() -> Self {
        let store = Arc::new(Store::in_memory());
        let record = Mutex::new(Record::of(&store));
        let server = ApiServer::new(store.clone(), Arc::new(NoNode), apiserver::Options::default()).unwrap();
        let client = server.client();
        definitions::install(&client).await.unwrap();
        let (fake, gate) = (Fake::start().await, Gate::default());
        fake.server.set_gate(gate.clone());
        Self { client, fake, gate, limits: Limits::default(), record, listen: None, store, server, running: None }
    }

    /// Starts the controllers.
    pub fn wake(&mut self) {
        self.wake_some(true, false);
    }

    /// Starts the Session controller alone, as beside KubeOpenCode's own.
    pub fn wake_for_sessions(&mut self) {
        self.wake_some(false, false);
    }

    /// Starts the Session controller, which works while it holds the Lease.
    pub fn wake_electing(&mut self) {
        self.wake_some(false, true);
    }

    /// Ends the controllers wherever they are, as the kernel does.
    pub async fn kill(&mut self) {
        let (_, handle) = self.running.take().unwrap();
        handle.abort();
        // It ends by being aborted.
        let _ = handle.await;
    }

    fn wake_some(&mut self, all: bool, leader_election: bool) {
        let options = Options {
            session: true,
            agent: all,
            task: all,
            namespace: None,
            reach: Reach::Direct,
            runtime: AgentRuntime::cluster(),
            leader_election,
            listen: self.listen,
            limits: self.limits.clone(),
        };
        let cancelled = CancellationToken::new();
        let handle = tokio::spawn(run(self.gate.client(self.server.client()), options, cancelled.clone()));
        self.running = Some((cancelled, handle));
    }

    /// Ends the controllers where they stand.
    pub async fn sleep(&mut self) {
        let (cancelled, handle) = self.running.take().unwrap();
        cancelled.cancel();
        handle.await.unwrap().unwrap();
    }

    pub fn api<K>(&self) -> Api<K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), "default")
    }

    /// Creates an object of a custom kind.
    pub async fn create<K>(&self, name: &str, spec: Value) -> K
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>
            + Clone
            + DeserializeOwned
            + serde::Serialize
            + Debug,
    {
        self.create_with(json!({"name": name}), spec).await
    }

    /// Creates an object of a custom kind with this metadata.
    pub async fn create_with<K>(&self, metadata: Value, spec: Value) -> K
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>
            + Clone
            + DeserializeOwned
            + serde::Serialize
            + Debug,
    {
        let object =
            json!({"apiVersion": K::api_version(&()), "kind": K::kind(&()), "metadata": metadata, "spec": spec});
        self.api::<K>().create(&PostParams::default(), &serde_json::from_value(object).unwrap()).await.unwrap()
    }

    /// Merges into an object.
    pub async fn patch<K>(&self, name: &str, patch: Value)
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + Debug,
    {
        self.api::<K>().patch(name, &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
    }

    /// An Agent whose server Pod the fake plays.
    pub async fn agent(&self, name: &str) {
        self.create::<Agent>(name, json!({})).await;
        self.serve(name).await;
    }

    /// An Agent of another controller's, whose server Pod the fake plays.
    pub async fn agent_without_controller(&self, name: &str) {
        self.create::<Agent>(name, json!({})).await;
        self.serve_again(name, &format!("{name}-server-0")).await;
    }

    /// A ready server Pod for an Agent.
    pub async fn serve(&self, agent: &str) {
        self.serve_again(agent, &format!("{agent}-server-0")).await;
        let ready = json!({"status": {"replicas": 1, "readyReplicas": 1}});
        let name = format!("{agent}-server");
        let deployments = self.api::<k8s_openapi::api::apps::v1::Deployment>();
        self.until("the Deployment exists", async || deployments.get_opt(&name).await.unwrap()).await;
        deployments.patch_status(&name, &PatchParams::default(), &Patch::Merge(ready)).await.unwrap();
    }

    /// Another ready server Pod for an Agent.
    pub async fn serve_again(&self, agent: &str, pod: &str) {
        self.serve_at(agent, pod, self.fake.address).await;
    }

    /// A ready server Pod for an Agent, played by the server at this address.
    pub async fn serve_at(&self, agent: &str, pod: &str, address: std::net::SocketAddr) {
        let port = address.port();
        self.pod(pod, json!({
            "metadata": {"labels": {"kubeopencode.io/agent": agent, "app.kubernetes.io/name": "the-company-s-own"}},
            "spec": {"containers": [{"name": "opencode-server", "image": "x", "ports": [{"name": "http", "containerPort": port}]}]}
        }))
        .await;
        self.pod_status(
            pod,
            json!({"phase": "Running", "podIP": "127.0.0.1", "conditions": [{"type": "Ready", "status": "True"}]}),
        )
        .await;
    }

    /// The server of an Agent is (not) ready.
    pub async fn set_ready(&self, agent: &str, ready: bool) {
        let status = if ready { "True" } else { "False" };
        self.pod_status(&format!("{agent}-server-0"), json!({"conditions": [{"type": "Ready", "status": status}]}))
            .await;
    }

    /// Creates a Pod.
    pub async fn pod(&self, name: &str, more: Value) {
        let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}});
        json_patch::merge(&mut pod, &more);
        self.api::<Pod>().create(&PostParams::default(), &serde_json::from_value(pod).unwrap()).await.unwrap();
    }

    /// Creates a Secret; its data is in base64.
    pub async fn secret(&self, name: &str, data: &Value) {
        let secret = serde_json::from_value(json!({"metadata": {"name": name}, "data": data})).unwrap();
        self.api::<k8s_openapi::api::core::v1::Secret>().create(&PostParams::default(), &secret).await.unwrap();
    }

    /// Plays the kubelet.
    pub async fn pod_status(&self, name: &str, status: Value) {
        let patch = Patch::Merge(json!({"status": status}));
        self.api::<Pod>().patch_status(name, &PatchParams::default(), &patch).await.unwrap();
    }

    /// Lets a time of an object lie ten minutes further back, as if so long had passed since.
    pub fn age(&self, collection: &str, name: &str, time: impl Fn(&mut Value) -> Option<&mut Value>) {
        let key = Key::new(collection, "default", name);
        loop {
            let object = self.store.get(&key).unwrap();
            let mut aged = object.value();
            let time = time(&mut aged).unwrap();
            let then: jiff::Timestamp = time.as_str().unwrap().parse().unwrap();
            *time = json!(jiff::Timestamp::from_second(then.as_second() - 600).unwrap().to_string());
            // Somebody may write in between.
            if self.store.replace(&key, object.revision, aged).is_ok() {
                return;
            }
        }
    }

    /// Takes an object away, whatever finalizers it has.
    pub fn vanish(&self, collection: &str, name: &str) {
        let key = Key::new(collection, "default", name);
        // Somebody may write in between.
        while self.store.remove(&key, self.store.get(&key).unwrap().revision).is_err() {}
    }

    /// Lets a condition of an object be so for ten minutes longer.
    pub fn age_condition(&self, collection: &str, name: &str, type_: &str) {
        self.age(collection, name, |object| {
            let conditions = object.pointer_mut("/status/conditions")?.as_array_mut()?;
            conditions.iter_mut().find(|condition| condition["type"] == type_)?.get_mut("lastTransitionTime")
        });
    }

    /// Waits until `look` finds something.
    pub async fn until<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let begin = Instant::now();
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(begin.elapsed() < PATIENCE, "waited in vain until {what}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until a Session is as wanted.
    pub async fn session(&self, name: &str, what: &str, mut is: impl FnMut(&Session) -> bool) -> Session {
        let api = self.api::<Session>();
        let mut last = None;
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            last = api.get_opt(name).await.unwrap();
            if let Some(session) = last.as_ref().filter(|session| is(session)) {
                return session.clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("waited in vain until Session {name} {what}; it is {:#?}", last.and_then(|session| session.status));
    }

    /// Waits until a condition of a Session is so, as [`reason`] tells it.
    pub async fn condition(&self, name: &str, type_: &str, expected: &str) -> Session {
        self.session(name, &format!("has {type_} {expected}"), |session| {
            let conditions = session.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
            reason(conditions, type_) == expected
        })
        .await
    }

    /// Waits until a Session has a phase.
    pub async fn session_phase(&self, name: &str, phase: &str) -> Session {
        self.session(name, &format!("is {phase}"), |session| {
            session.status.as_ref().and_then(|status| status.phase).is_some_and(|now| now.as_str() == phase)
        })
        .await
    }

    /// Creates a Session, waits until it runs, and answers the id of its OpenCode session.
    pub async fn running(&self, name: &str, spec: Value) -> String {
        self.create::<Session>(name, spec).await;
        self.session_phase(name, "Running").await.status.unwrap().session_id.unwrap()
    }

    /// Waits until a Task has a phase.
    pub async fn task_phase(&self, name: &str, phase: &str) -> Task {
        let api = self.api::<Task>();
        let mut last = None;
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            last = api.get_opt(name).await.unwrap();
            let is = |task: &Task| {
                task.status.as_ref().and_then(|status| status.phase.as_ref()).is_some_and(|now| now.as_str() == phase)
            };
            if let Some(task) = last.as_ref().filter(|task| is(task)) {
                return task.clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("waited in vain until Task {name} is {phase}; it is {:#?}", last.and_then(|task| task.status));
    }
}

/// The reason of a condition, with its status: `True/Reason`.
pub fn reason(conditions: &[k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition], type_: &str) -> String {
    conditions
        .iter()
        .find(|condition| condition.type_ == type_)
        .map_or_else(|| "absent".to_owned(), |condition| format!("{}/{}", condition.status, condition.reason))
}
