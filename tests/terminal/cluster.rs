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
use kube::api::{Patch, PatchParams, PostParams};
use kubectl_opencode::sandbox::apiserver::{ApiServer, Options};
use kubectl_opencode::sandbox::runtime::{Exec, ExecOptions, LogOptions, PodKey, PodRuntime};
use kubectl_opencode::sandbox::store::Store;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::server::Server;

/// Leads to the server, through connections that can be cut.
struct Wire {
    to: SocketAddr,
    cut: Mutex<CancellationToken>,
}

impl Wire {
    async fn connect(&self) -> io::Result<TcpStream> {
        let mut far = TcpStream::connect(self.to).await?;
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

    fn exec<'a>(&'a self, _: &'a PodKey, name: &'a str, options: ExecOptions) -> BoxFuture<'a, io::Result<Exec>> {
        Box::pin(async move { crate::container::run(name, &options, "/usr/bin:/bin") })
    }

    fn connect<'a>(&'a self, _: &'a PodKey, _: u16) -> BoxFuture<'a, io::Result<TcpStream>> {
        Box::pin(self.0.connect())
    }
}

pub struct Cluster {
    pub server: Server,
    wire: Arc<Wire>,
    folder: tempfile::TempDir,
    client: kube::Client,
}

impl Cluster {
    /// A cluster in which the agent `dev` runs.
    pub async fn start() -> Self {
        let server = Server::start(None).await;
        let to = server.address();
        let wire = Arc::new(Wire { to, cut: Mutex::default() });
        let node = Arc::new(Node(Arc::clone(&wire)));
        let api = ApiServer::new(Arc::new(Store::in_memory()), node, Options::default()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(axum::serve(listener, api.router()).into_future());
        let folder = tempfile::tempdir().unwrap();
        let kubeconfig = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [{"name": "test", "cluster": {"server": format!("http://{address}")}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "users": [{"name": "test", "user": {}}],
        });
        std::fs::write(folder.path().join("kubeconfig"), kubeconfig.to_string()).unwrap();
        run_agent(&api.client(), to).await;
        Self { server, wire, folder, client: api.client() }
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

    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.path().join("kubeconfig")
    }

    pub fn home(&self) -> &Path {
        self.folder.path()
    }

    /// Cuts every connection that is open now.
    pub fn cut(&self) {
        std::mem::take(&mut *self.wire.cut.lock().unwrap()).cancel();
    }
}

/// A Pod as the platform makes it for the agent `dev`, running and ready.
async fn run_agent(client: &kube::Client, server: SocketAddr) {
    let pods: Api<Pod> = Api::namespaced(client.clone(), "default");
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": "dev-server-0",
            "labels": {"app.kubernetes.io/name": "kubeopencode-server", "kubeopencode.io/agent": "dev"},
        },
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
    pods.patch_status("dev-server-0", &PatchParams::default(), &Patch::Merge(status)).await.unwrap();
}
