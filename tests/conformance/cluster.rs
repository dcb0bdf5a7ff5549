//! The cluster under test.

use std::path::PathBuf;
use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use k8s_openapi::api::core::v1::Namespace;
use kube::api::{DeleteParams, PostParams};
use kube::{Api, Client};
use kubectl_opencode::sandbox::apiserver::{ApiServer, Options};
use kubectl_opencode::sandbox::runtime::{Exec, ExecOptions, LogOptions, PodKey, PodRuntime};
use kubectl_opencode::sandbox::store::Store;
use tokio::net::TcpStream;

/// A node without Pods.
struct NoNode;

fn no_pod<T>() -> BoxFuture<'static, std::io::Result<T>>
where
    T: Send + 'static,
{
    Box::pin(async { Err(std::io::Error::new(std::io::ErrorKind::NotFound, "no such pod")) })
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

/// A cluster and a namespace in it.
pub struct Cluster {
    pub client: Client,
    pub namespace: String,
    kubeconfig: PathBuf,
    home: tempfile::TempDir,
}

impl Cluster {
    pub async fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let (client, kubeconfig) = if let Some(file) = std::env::var_os("TEST_KUBECONFIG") {
            let kubeconfig = kube::config::Kubeconfig::read_from(&file).unwrap();
            let config = kube::Config::from_custom_kubeconfig(kubeconfig, &kube::config::KubeConfigOptions::default())
                .await
                .unwrap();
            (Client::try_from(config).unwrap(), PathBuf::from(file))
        } else {
            let server = ApiServer::new(Arc::new(Store::in_memory()), Arc::new(NoNode), Options::default()).unwrap();
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let router = server.router();
            tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
            let file = home.path().join("kubeconfig");
            std::fs::write(&file, kubeconfig(&format!("http://{address}"))).unwrap();
            (server.client(), file)
        };
        let namespace = format!("conformance-{}", uuid::Uuid::new_v4().simple());
        let object = Namespace {
            metadata: kube::api::ObjectMeta { name: Some(namespace.clone()), ..Default::default() },
            ..Default::default()
        };
        Api::<Namespace>::all(client.clone()).create(&PostParams::default(), &object).await.unwrap();
        Self { client, namespace, kubeconfig, home }
    }

    /// An API of the namespace.
    pub fn api<K>(&self) -> Api<K>
    where
        K: kube::Resource<Scope = kube::core::NamespaceResourceScope>,
        K::DynamicType: Default,
    {
        Api::namespaced(self.client.clone(), &self.namespace)
    }

    /// Runs kubectl in the namespace with this on stdin; answers exit code, stdout and stderr.
    pub async fn kubectl_with(&self, arguments: &[&str], stdin: &str) -> (i32, String, String) {
        use tokio::io::AsyncWriteExt;
        let program = std::env::var_os("KUBECTL").unwrap_or_else(|| "kubectl".into());
        let mut child = tokio::process::Command::new(&program)
            .arg("--namespace")
            .arg(&self.namespace)
            .args(arguments)
            .env("KUBECONFIG", &self.kubeconfig)
            .env("HOME", self.home.path())
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {}: {error}; set KUBECTL", program.display()));
        let mut pipe = child.stdin.take().unwrap();
        pipe.write_all(stdin.as_bytes()).await.unwrap();
        drop(pipe);
        let output = tokio::time::timeout(std::time::Duration::from_secs(60), child.wait_with_output());
        let output = output.await.unwrap_or_else(|_| panic!("kubectl {arguments:?} did not end")).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    /// Runs kubectl, which must succeed; answers stdout.
    pub async fn kubectl(&self, arguments: &[&str]) -> String {
        let (code, stdout, stderr) = self.kubectl_with(arguments, "").await;
        assert_eq!(code, 0, "kubectl {arguments:?}: {stderr}");
        stdout
    }

    /// Removes the namespace, where that outlives the test.
    pub async fn end(self) {
        if std::env::var_os("TEST_KUBECONFIG").is_some() {
            let namespaces = Api::<Namespace>::all(self.client.clone());
            namespaces.delete(&self.namespace, &DeleteParams::default()).await.unwrap();
        }
    }
}

fn kubeconfig(server: &str) -> String {
    serde_json::json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "test",
        "clusters": [{"name": "test", "cluster": {"server": server}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
        "users": [{"name": "test", "user": {}}],
    })
    .to_string()
}
