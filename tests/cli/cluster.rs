//! The sandbox's API server on loopback, with the custom resources and no node; tests play the controllers.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use k8s_openapi::api::rbac::v1::{ClusterRole, Role, RoleBinding};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{Api, DynamicObject, Patch, PatchParams, PostParams};
use kubectl_opencode::api::kinds::Kind;
use kubectl_opencode::sandbox::apiserver::{ApiServer, Options};
use kubectl_opencode::sandbox::definitions;
use kubectl_opencode::sandbox::runtime::{Exec, ExecOptions, LogOptions, PodKey, PodRuntime};
use kubectl_opencode::sandbox::store::Store;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::container;
use crate::fake::status;
use crate::program::Program;

/// A piece of a log as it comes.
pub enum Piece {
    Text(&'static str),
    Bytes(&'static [u8]),
    /// The link breaks when the test says so.
    Break,
    /// The log ends when the test says that the container has.
    End,
}

/// A node on which every Pod's port is one fixed server, every log one fixed text unless a test says what comes, and every
/// command a process here.
#[derive(Default)]
struct Node {
    server: Option<SocketAddr>,
    /// What each reader of a log gets, one after the other.
    logs: Mutex<VecDeque<Vec<Piece>>>,
    ended: CancellationToken,
    broken: CancellationToken,
    /// Where containers find their programs, if not where they usually are.
    programs: Mutex<Option<String>>,
}

impl Node {
    /// The log for the next reader, where the test says what it gets.
    fn next_log(&self) -> Option<BoxStream<'static, std::io::Result<Bytes>>> {
        let pieces = self.logs.lock().unwrap().pop_front()?;
        let (ended, broken) = (self.ended.clone(), self.broken.clone());
        let come = futures::stream::iter(pieces).filter_map(move |piece| {
            let (ended, broken) = (ended.clone(), broken.clone());
            async move {
                match piece {
                    Piece::Text(text) => Some(Ok(Bytes::from_static(text.as_bytes()))),
                    Piece::Bytes(bytes) => Some(Ok(Bytes::from_static(bytes))),
                    Piece::Break => {
                        broken.cancelled().await;
                        Some(Err(std::io::Error::other("the link broke")))
                    }
                    Piece::End => {
                        ended.cancelled().await;
                        None
                    }
                }
            }
        });
        Some(Box::pin(come))
    }
}

fn absent<T: Send + 'static>(what: &'static str) -> BoxFuture<'static, std::io::Result<T>> {
    Box::pin(async move { Err(std::io::Error::new(std::io::ErrorKind::NotFound, what)) })
}

impl PodRuntime for Node {
    fn logs<'a>(
        &'a self,
        pod: &'a PodKey,
        container: &'a str,
        options: LogOptions,
    ) -> BoxFuture<'a, std::io::Result<BoxStream<'static, std::io::Result<Bytes>>>> {
        let text = if options.previous {
            "log of the run before\n".to_owned()
        } else {
            let lines = options.tail_lines.unwrap_or_default();
            let asked = options.since.map(|since| format!("since {since}, {lines} lines")).unwrap_or_default();
            format!("\x1b[32mlog of {} in {}\x1b[0m\x1b[2J{asked}\n", container, pod.name)
        };
        Box::pin(async move {
            Ok(self.next_log().unwrap_or_else(|| Box::pin(futures::stream::iter([Ok(Bytes::from(text))]))))
        })
    }

    fn exec<'a>(&'a self, _: &'a PodKey, name: &'a str, options: ExecOptions) -> BoxFuture<'a, std::io::Result<Exec>> {
        let programs = self.programs.lock().unwrap().clone();
        Box::pin(async move { container::run(name, &options, programs.as_deref().unwrap_or("/usr/bin:/bin")) })
    }

    fn connect<'a>(&'a self, _: &'a PodKey, _: u16) -> BoxFuture<'a, std::io::Result<TcpStream>> {
        match self.server {
            Some(address) => Box::pin(TcpStream::connect(address)),
            None => absent("no such pod"),
        }
    }
}

/// How the API server answers a request that is to go wrong: `METHOD PATH?QUERY` in, status and body out.
type Rule = Box<dyn Fn(&str) -> Option<(u16, Value)> + Send + Sync>;

/// What lies between the program and the API server.
struct Way {
    rule: Mutex<Option<Rule>>,
    /// What was asked: `METHOD PATH?QUERY`.
    asked: Mutex<Vec<String>>,
    cut: watch::Sender<()>,
}

impl Way {
    /// Passes a request on, unless the rule has an answer for it. The answer breaks off when the way is cut.
    async fn pass(State(way): State<Arc<Self>>, request: Request, next: Next) -> Response {
        let line = format!("{} {}", request.method(), request.uri());
        way.asked.lock().unwrap().push(line.clone());
        let refusal = way.rule.lock().unwrap().as_ref().and_then(|rule| rule(&line));
        if let Some((code, body)) = refusal {
            let answer = Response::builder().status(code).header("content-type", "application/json");
            return answer.body(Body::from(body.to_string())).unwrap();
        }
        let cut = way.cut.subscribe();
        let (parts, body) = next.run(request).await.into_parts();
        let pieces = futures::stream::unfold((body.into_data_stream(), cut), |(mut body, mut cut)| async move {
            tokio::select! {
                piece = body.next() => piece.map(|piece| (piece.map_err(std::io::Error::other), (body, cut))),
                Ok(()) = cut.changed() => {
                    // An answer whose body fails at once is not even begun.
                    tokio::task::yield_now().await;
                    Some((Err(std::io::Error::other("cut")), (body, cut)))
                }
            }
        });
        let body =
            if parts.status == StatusCode::SWITCHING_PROTOCOLS { Body::empty() } else { Body::from_stream(pieces) };
        Response::from_parts(parts, body)
    }
}

/// A node without Pods.
pub fn no_node() -> Arc<dyn PodRuntime> {
    Arc::new(Node::default())
}

/// A cluster of its own for one test.
pub struct Cluster {
    pub runtime: tokio::runtime::Runtime,
    pub client: kube::Client,
    pub address: SocketAddr,
    node: Arc<Node>,
    way: Arc<Way>,
}

impl Cluster {
    /// An empty cluster.
    pub fn start() -> Self {
        Self::with_opencode(None)
    }

    /// A cluster in which the server of every agent answers at `opencode`.
    pub fn with_opencode(opencode: Option<SocketAddr>) -> Self {
        let cluster = Self::without_definitions(opencode);
        cluster.runtime.block_on(definitions::install(&cluster.client)).unwrap();
        cluster
    }

    /// A cluster whose readers of logs get these pieces, one after the other.
    pub fn with_logs(logs: Vec<Vec<Piece>>) -> Self {
        let cluster = Self::with_opencode(None);
        *cluster.node.logs.lock().unwrap() = logs.into();
        cluster
    }

    /// A cluster that has heard of neither the platform nor Sessions.
    pub fn without_definitions(opencode: Option<SocketAddr>) -> Self {
        let node = Arc::new(Node { server: opencode, ..Node::default() });
        let runs = Arc::clone(&node);
        let way = Arc::new(Way { rule: Mutex::default(), asked: Mutex::default(), cut: watch::Sender::new(()) });
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (client, address) = runtime.block_on(async {
            let server = ApiServer::new(Arc::new(Store::in_memory()), runs, Options::default()).unwrap();
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let router = server.router().layer(axum::middleware::from_fn_with_state(Arc::clone(&way), Way::pass));
            tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
            (server.client(), address)
        });
        Self { runtime, client, address, node, way }
    }

    /// From now on, requests (`METHOD PATH?QUERY`) for which the rule has a status and a body are answered so.
    pub fn answers(&self, rule: impl Fn(&str) -> Option<(u16, Value)> + Send + Sync + 'static) {
        *self.way.rule.lock().unwrap() = Some(Box::new(rule));
    }

    /// From now on, requests of which this is a part are refused.
    pub fn forbids(&self, part: &'static str) {
        self.answers(move |line| line.contains(part).then(|| status(403, "Forbidden", "User \"u\" cannot do that")));
    }

    /// Waits until somebody watches these, who then knows all that there was; once for each time that somebody does.
    #[track_caller]
    pub fn is_watched(&self, plural: &str) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
        let of = format!("/{plural}?");
        loop {
            let mut asked = self.way.asked.lock().unwrap();
            if let Some(at) = asked.iter().position(|line| line.contains(&of) && line.contains("watch=true")) {
                asked.drain(..=at);
                return;
            }
            drop(asked);
            assert!(std::time::Instant::now() < deadline, "nobody watches {plural}");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }

    /// The API server goes away, and breaks off every answer.
    pub fn goes_away(&self) {
        self.answers(|_| {
            Some(status(503, "ServiceUnavailable", "the server is currently unable to handle the request"))
        });
        self.cuts();
    }

    /// Every answer that is being given breaks off.
    pub fn cuts(&self) {
        self.way.cut.send_replace(());
    }

    /// The API server comes back.
    pub fn comes_back(&self) {
        *self.way.rule.lock().unwrap() = None;
    }

    /// The program with this cluster in its kubeconfig.
    pub fn program(&self) -> Program {
        Program::with_kubeconfig(&kubeconfig(&format!("http://{}", self.address), "default"))
    }

    fn api(&self, kind: &Kind) -> Api<DynamicObject> {
        Api::namespaced_with(self.client.clone(), "default", &kind.api_resource())
    }

    /// Creates an object.
    pub fn create(&self, kind: &Kind, name: &str, spec: Value) -> Value {
        let object =
            json!({"apiVersion": kind.api_version(), "kind": kind.kind, "metadata": {"name": name}, "spec": spec});
        let object: DynamicObject = serde_json::from_value(object).unwrap();
        let created = self.runtime.block_on(self.api(kind).create(&PostParams::default(), &object)).unwrap();
        serde_json::to_value(created).unwrap()
    }

    /// Sets labels of an object.
    pub fn label(&self, kind: &Kind, name: &str, labels: &Value) {
        self.patch(kind, name, &json!({"metadata": {"labels": labels}}));
    }

    /// Changes fields of an object.
    pub fn patch(&self, kind: &Kind, name: &str, change: &Value) {
        let patch = Patch::Merge(change);
        self.runtime.block_on(self.api(kind).patch(name, &PatchParams::default(), &patch)).unwrap();
    }

    /// Plays the controller: sets fields of the status.
    pub fn status(&self, kind: &Kind, name: &str, status: &Value) {
        let patch = Patch::Merge(json!({"status": status}));
        self.runtime.block_on(self.api(kind).patch_status(name, &PatchParams::default(), &patch)).unwrap();
    }

    /// Reads a custom resource definition.
    pub fn definition(&self, name: &str) -> Value {
        let definitions: Api<CustomResourceDefinition> = Api::all(self.client.clone());
        serde_json::to_value(self.runtime.block_on(definitions.get(name)).unwrap()).unwrap()
    }

    /// Plays another administrator, who makes the rules of a ClusterRole their own.
    pub fn own_rules(&self, role: &str) {
        let role_of_their_own =
            json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "rules": []});
        let roles: Api<ClusterRole> = Api::all(self.client.clone());
        let parameters = PatchParams::apply("somebody").force();
        self.runtime.block_on(roles.patch(role, &parameters, &Patch::Apply(role_of_their_own))).unwrap();
    }

    /// Gives a user these rights in the namespace, and no others.
    pub fn grant(&self, user: &str, rules: &Value) {
        let meta = json!({"name": user, "namespace": "default"});
        let role = serde_json::from_value::<Role>(json!({"metadata": meta, "rules": rules})).unwrap();
        let binding = serde_json::from_value::<RoleBinding>(json!({
            "metadata": meta,
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": user},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}],
        }))
        .unwrap();
        self.runtime.block_on(async {
            let client = || self.client.clone();
            Api::namespaced(client(), "default").create(&PostParams::default(), &role).await.unwrap();
            Api::namespaced(client(), "default").create(&PostParams::default(), &binding).await.unwrap();
        });
    }

    /// Gives a user a `ClusterRole` in the namespace.
    pub fn bind(&self, user: &str, role: &str) {
        let binding = serde_json::from_value::<RoleBinding>(json!({
            "metadata": {"name": format!("{user}-{role}"), "namespace": "default"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}],
        }))
        .unwrap();
        let bindings: Api<RoleBinding> = Api::namespaced(self.client.clone(), "default");
        self.runtime.block_on(bindings.create(&PostParams::default(), &binding)).unwrap();
    }

    /// Creates or replaces a `ConfigMap` with one key.
    pub fn config_map(&self, name: &str, labels: &Value, key: &str, text: &str) {
        let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": labels}, "data": {key: text}});
        let maps: Api<k8s_openapi::api::core::v1::ConfigMap> = Api::namespaced(self.client.clone(), "default");
        let parameters = PatchParams::apply("somebody").force();
        self.runtime.block_on(maps.patch(name, &parameters, &Patch::Apply(map))).unwrap();
    }

    /// What is in a secret.
    pub fn secret(&self, name: &str) -> std::collections::BTreeMap<String, Vec<u8>> {
        let secrets: Api<k8s_openapi::api::core::v1::Secret> = Api::namespaced(self.client.clone(), "default");
        let found = self.runtime.block_on(secrets.get(name)).unwrap();
        found.data.unwrap_or_default().into_iter().map(|(key, value)| (key, value.0)).collect()
    }

    /// Reads an object.
    pub fn get(&self, kind: &Kind, name: &str) -> Value {
        let object = self.runtime.block_on(self.api(kind).get(name)).unwrap();
        serde_json::to_value(object).unwrap()
    }

    /// Deletes an object.
    pub fn delete(&self, kind: &Kind, name: &str) {
        self.runtime.block_on(self.api(kind).delete(name, &kube::api::DeleteParams::default())).unwrap();
    }

    /// Waits until an object is another one than that with `uid`.
    pub fn until_new(&self, kind: &Kind, name: &str, uid: &Value) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
        loop {
            let found = self.runtime.block_on(self.api(kind).get_opt(name)).unwrap();
            if found.and_then(|object| object.metadata.uid).is_some_and(|found| *uid != found) {
                return;
            }
            assert!(std::time::Instant::now() < deadline, "{name} stays as it is");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }

    /// Waits until an object of a kind exists, and answers its name.
    pub fn first(&self, kind: &Kind) -> String {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
        loop {
            let list = self.runtime.block_on(self.api(kind).list(&kube::api::ListParams::default())).unwrap();
            if let Some(object) = list.items.first() {
                return object.metadata.name.clone().unwrap();
            }
            assert!(std::time::Instant::now() < deadline, "no {} was created", kind.noun);
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }

    /// Makes an agent whose server Pod is ready.
    pub fn ready_agent(&self, name: &str) {
        use kubectl_opencode::api::kinds::AGENT;
        self.create(&AGENT, name, json!({"workspaceDir": "/workspace", "serviceAccountName": "default"}));
        let status = json!({"ready": true, "deploymentName": format!("{name}-server"), "serviceName": name});
        self.status(&AGENT, name, &status);
        let labels = json!({"kubeopencode.io/agent": name, "app.kubernetes.io/name": "kubeopencode-server",
            "app.kubernetes.io/instance": name, "app.kubernetes.io/component": "server"});
        self.running_pod(&format!("{name}-server-0"), "opencode-server", &labels);
    }

    /// Records an event of a session.
    pub fn event(&self, session: &str, message: &str) {
        use k8s_openapi::api::core::v1::Event;
        let events: Api<Event> = Api::namespaced(self.client.clone(), "default");
        let event = json!({"metadata": {"name": "recorded"}, "type": "Normal", "reason": "Running", "message": message,
            "lastTimestamp": "2026-01-01T00:00:00Z", "involvedObject": {"apiVersion": "session.kubeopencode.io/v1alpha1",
            "kind": "Session", "namespace": "default", "name": session}});
        let event = serde_json::from_value(event).unwrap();
        self.runtime.block_on(events.create(&PostParams::default(), &event)).unwrap();
    }

    /// Deletes a Pod at once.
    pub fn delete_pod(&self, name: &str) {
        let pods: Api<k8s_openapi::api::core::v1::Pod> = Api::namespaced(self.client.clone(), "default");
        let now = kube::api::DeleteParams { grace_period_seconds: Some(0), ..Default::default() };
        self.runtime.block_on(pods.delete(name, &now)).unwrap();
    }

    /// Begins to delete a Pod; its containers run on in their grace period.
    pub fn terminate_pod(&self, name: &str) {
        let pods: Api<k8s_openapi::api::core::v1::Pod> = Api::namespaced(self.client.clone(), "default");
        let pod = self.runtime.block_on(pods.delete(name, &kube::api::DeleteParams::default())).unwrap();
        assert!(pod.left().is_some_and(|pod| pod.metadata.deletion_timestamp.is_some()), "it is gone at once");
    }

    /// Adds a container to a Pod, by making the Pod again.
    pub fn add_container(&self, pod: &str, container: &str) {
        use k8s_openapi::api::core::v1::{Container, Pod};
        let pods: Api<Pod> = Api::namespaced(self.client.clone(), "default");
        self.runtime.block_on(async {
            let mut object = pods.get(pod).await.unwrap();
            let one = Container { name: container.into(), image: Some("x".into()), ..Container::default() };
            object.spec.as_mut().unwrap().containers.insert(0, one);
            object.metadata.resource_version = None;
            object.metadata.uid = None;
            let now = kube::api::DeleteParams { grace_period_seconds: Some(0), ..Default::default() };
            pods.delete(pod, &now).await.unwrap();
            pods.create(&PostParams::default(), &object).await.unwrap();
            let status = json!({ "status": object.status });
            pods.patch_status(pod, &PatchParams::default(), &Patch::Merge(status)).await.unwrap();
        });
    }

    /// Sets the state of a Pod's only container.
    pub fn container_state(&self, pod: &str, container: &str, ready: bool, state: &Value, last: &Value) {
        let pods: Api<k8s_openapi::api::core::v1::Pod> = Api::namespaced(self.client.clone(), "default");
        let condition = json!({"type": "Ready", "status": if ready { "True" } else { "False" }});
        let status = json!({"status": {"conditions": [condition], "containerStatuses": [{"name": container, "ready": ready,
            "restartCount": 1, "image": "x", "imageID": "x", "state": state, "lastState": last}]}});
        self.runtime.block_on(pods.patch_status(pod, &PatchParams::default(), &Patch::Merge(status))).unwrap();
    }

    /// Containers find their programs in these folders.
    pub fn has_programs(&self, path: &str) {
        *self.node.programs.lock().unwrap() = Some(path.to_owned());
    }

    /// Breaks the links that are to break.
    pub fn breaks(&self) {
        self.node.broken.cancel();
    }

    /// Ends a container, and the last of the logs that were announced, once somebody reads it.
    pub fn ends_with_its_log(&self, pod: &str, container: &str, state: &Value) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while !self.node.logs.lock().unwrap().is_empty() {
            assert!(std::time::Instant::now() < deadline, "nobody reads the log");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        self.container_state(pod, container, false, state, &json!({}));
        self.node.ended.cancel();
    }

    /// Makes a Pod with one container, which runs and listens on port 4096.
    pub fn running_pod(&self, name: &str, container: &str, labels: &Value) {
        self.pending_pod(name, container, labels);
        self.run_pod(name, container);
    }

    /// Makes a Pod that no node has yet.
    pub fn pending_pod(&self, name: &str, container: &str, labels: &Value) {
        use k8s_openapi::api::core::v1::Pod;
        let pods: Api<Pod> = Api::namespaced(self.client.clone(), "default");
        let pod: Pod =
            serde_json::from_value(json!({"metadata": {"name": name, "labels": labels}, "spec": {"containers": [
            {"name": container, "image": "x", "ports": [{"name": "http", "containerPort": 4096}]}]}}))
            .unwrap();
        self.runtime.block_on(pods.create(&PostParams::default(), &pod)).unwrap();
    }

    /// Gives a Pod a node, on which its container runs.
    pub fn run_pod(&self, name: &str, container: &str) {
        use k8s_openapi::api::core::v1::{Binding, Pod};
        let pods: Api<Pod> = Api::namespaced(self.client.clone(), "default");
        let binding: Binding =
            serde_json::from_value(json!({"metadata": {"name": name}, "target": {"kind": "Node", "name": "n"}}))
                .unwrap();
        let status = json!({"status": {"phase": "Running", "podIP": "127.0.0.1",
            "conditions": [{"type": "Ready", "status": "True"}],
            "containerStatuses": [{"name": container, "ready": true, "restartCount": 0, "image": "x", "imageID": "x",
                "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}}}]}});
        self.runtime.block_on(async {
            let _: Value = pods.create_subresource("binding", name, &PostParams::default(), &binding).await.unwrap();
            pods.patch_status(name, &PatchParams::default(), &Patch::Merge(status)).await.unwrap();
        });
    }
}

/// A kubeconfig for a server.
pub fn kubeconfig(server: &str, namespace: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: test\n\
         contexts: [{{name: test, context: {{cluster: test, user: test, namespace: {namespace}}}}}]\n\
         clusters: [{{name: test, cluster: {{server: \"{server}\"}}}}]\n\
         users: [{{name: test, user: {{}}}}]\n"
    )
}
