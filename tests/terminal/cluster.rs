//! A cluster with one agent: the sandbox's API server, and a Pod whose ports lead to a real OpenCode server. The way
//! between them can be cut.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::rbac::v1::{Role, RoleBinding};
use kube::Api;
use kube::api::{DeleteParams, Patch, PatchParams, PostParams};
use kubectl_opencode::sandbox::apiserver::{ApiServer, Options};
use kubectl_opencode::sandbox::runtime::{Exec, ExecOptions, LogOptions, PodKey, PodRuntime};
use kubectl_opencode::sandbox::store::Store;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::link::Link;
use crate::pty_server::{PtyServer, Terminal};
use crate::server::Server;

/// Leads to the server, through connections that can be cut.
struct Wire {
    to: Mutex<SocketAddr>,
    cut: Mutex<CancellationToken>,
}

impl Wire {
    async fn connect(&self) -> io::Result<TcpStream> {
        let to = *self.to.lock().unwrap();
        let mut far = TcpStream::connect(to).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let near = TcpStream::connect(listener.local_addr()?).await?;
        let (mut middle, _) = listener.accept().await?;
        let cut = self.cut.lock().unwrap().clone();
        tokio::spawn(async move {
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut middle, &mut far) => {}
                () = cut.cancelled() => {}
            }
        });
        Ok(near)
    }
}

struct Node(Arc<Wire>);

fn unsupported<T: Send + 'static>() -> BoxFuture<'static, io::Result<T>> {
    Box::pin(async { Err(io::Error::from(io::ErrorKind::Unsupported)) })
}

impl PodRuntime for Node {
    fn logs<'a>(
        &'a self,
        _: &'a PodKey,
        _: &'a str,
        _: LogOptions,
    ) -> BoxFuture<'a, io::Result<BoxStream<'static, io::Result<bytes::Bytes>>>> {
        unsupported()
    }

    fn exec<'a>(&'a self, pod: &'a PodKey, name: &'a str, options: ExecOptions) -> BoxFuture<'a, io::Result<Exec>> {
        let path = if pod.name.starts_with("bare-") { "/nothing" } else { "/usr/bin:/bin" };
        Box::pin(async move { crate::container::run(name, &options, path) })
    }

    fn connect<'a>(&'a self, _: &'a PodKey, _: u16) -> BoxFuture<'a, io::Result<TcpStream>> {
        Box::pin(self.0.connect())
    }
}

pub struct Cluster<S = Server> {
    pub server: S,
    /// Between the program and the API server.
    pub link: Link,
    wire: Arc<Wire>,
    folder: tempfile::TempDir,
    client: kube::Client,
}

impl Cluster {
    /// A cluster in which the agent `dev` runs.
    pub async fn start() -> Self {
        let server = Server::start(None).await;
        let address = server.address();
        let cluster = Self::of(server, address).await;
        cluster.run_agent("dev-server-0").await;
        cluster
    }
}

impl Cluster<PtyServer> {
    /// A cluster in which the agent `dev` runs, where everything that runs is the test.
    pub async fn with_terminal() -> Self {
        let server = PtyServer::start().await;
        let address = server.address;
        let cluster = Self::of(server, address).await;
        cluster.run_agent("dev-server-0").await;
        cluster
    }

    pub fn terminal(&self) -> Arc<Terminal> {
        Arc::clone(&self.server.terminal)
    }
}

impl<S> Cluster<S> {
    /// A cluster in which nothing runs; the ports of every Pod lead to `to`.
    pub async fn of(server: S, to: SocketAddr) -> Self {
        let wire = Arc::new(Wire { to: Mutex::new(to), cut: Mutex::default() });
        let node = Arc::new(Node(Arc::clone(&wire)));
        let api = ApiServer::new(Arc::new(Store::in_memory()), node, Options::default()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(axum::serve(listener, api.router()).into_future());
        let link = Link::to(address).await;
        let address = link.address;
        let folder = tempfile::tempdir().unwrap();
        let kubeconfig = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [{"name": "test", "cluster": {"server": format!("http://{address}")}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "users": [{"name": "test", "user": {}}],
        });
        std::fs::write(folder.path().join("kubeconfig"), kubeconfig.to_string()).unwrap();
        Self { server, link, wire, folder, client: api.client() }
    }

    /// Gives a user these rights in the namespace, and no others.
    pub async fn grant(&self, user: &str, rules: serde_json::Value) {
        let meta = json!({"name": user, "namespace": "default"});
        let role: Role = serde_json::from_value(json!({"metadata": meta, "rules": rules})).unwrap();
        let binding: RoleBinding = serde_json::from_value(json!({"metadata": meta,
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": user},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}]}))
        .unwrap();
        let client = || self.client.clone();
        Api::namespaced(client(), "default").create(&PostParams::default(), &role).await.unwrap();
        Api::namespaced(client(), "default").create(&PostParams::default(), &binding).await.unwrap();
    }

    /// Runs the program without a terminal.
    pub async fn run(&self, arguments: &[&str]) -> std::process::Output {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_kubectl-opencode"));
        command.args(arguments).env("KUBECONFIG", self.kubeconfig()).env("HOME", self.home());
        command.stdin(std::process::Stdio::null()).output().await.unwrap()
    }

    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.path().join("kubeconfig")
    }

    pub fn home(&self) -> &Path {
        self.folder.path()
    }

    pub fn client(&self) -> kube::Client {
        self.client.clone()
    }

    /// Cuts every connection between node and server that is open now.
    pub fn cut(&self) {
        std::mem::take(&mut *self.wire.cut.lock().unwrap()).cancel();
    }

    /// Deletes a Pod at once, and everything in it.
    pub async fn delete(&self, pod: &str) {
        let pods: Api<Pod> = Api::namespaced(self.client(), "default");
        pods.delete(pod, &DeleteParams::default().grace_period(0)).await.unwrap();
        self.cut();
    }

    /// From now on the ports of Pods lead here.
    pub fn leads_to(&self, server: SocketAddr) {
        *self.wire.to.lock().unwrap() = server;
    }

    /// Runs a Pod as the platform makes it for the agent `dev`, ready.
    pub async fn run_agent(&self, name: &str) {
        let to = *self.wire.to.lock().unwrap();
        run_agent(&self.client, name, to).await;
    }
}

/// A Pod as the platform makes it for the agent `dev`, running and ready.
async fn run_agent(client: &kube::Client, name: &str, server: SocketAddr) {
    let pods: Api<Pod> = Api::namespaced(client.clone(), "default");
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name},
        "spec": {"nodeName": "node", "containers": [{
            "name": "opencode-server", "image": "none", "ports": [{"name": "http", "containerPort": server.port()}],
        }]},
    });
    pods.create(&PostParams::default(), &serde_json::from_value(pod).unwrap()).await.unwrap();
    let status = json!({"status": {
        "phase": "Running", "podIP": server.ip().to_string(),
        "conditions": [{"type": "Ready", "status": "True"}],
        "containerStatuses": [{"name": "opencode-server", "ready": true, "restartCount": 0, "image": "none", "imageID": "none",
            "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}}}],
    }});
    pods.patch_status(name, &PatchParams::default(), &Patch::Merge(status)).await.unwrap();
    // Nobody finds it before it is ready.
    let labels = json!({"app.kubernetes.io/name": "kubeopencode-server", "kubeopencode.io/agent": "dev"});
    let labelled = json!({"metadata": {"labels": labels}});
    pods.patch(name, &PatchParams::default(), &Patch::Merge(labelled)).await.unwrap();
}
