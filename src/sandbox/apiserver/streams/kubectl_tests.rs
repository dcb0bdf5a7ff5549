//! The streams as the real kubectl opens them, against an API server with a node in memory.

use std::process::Stdio;
use std::sync::Arc;

use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::{Patch, PatchParams, PostParams};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;

use super::fake::{Fake, pod};
use crate::sandbox::apiserver::{ApiServer, Options};
use crate::sandbox::store::Store;

/// An API server on loopback with the running Pod `web`, and a home for kubectl.
struct Cluster {
    home: tempfile::TempDir,
}

impl Cluster {
    async fn start() -> Self {
        let store = Arc::new(Store::in_memory());
        let server = ApiServer::new(store, Arc::new(Fake::default()), Options::default()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = server.router();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let home = tempfile::tempdir().unwrap();
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "t", "users": [{ "name": "t", "user": {} }],
            "clusters": [{ "name": "t", "cluster": { "server": format!("http://{address}") } }],
            "contexts": [{ "name": "t", "context": { "cluster": "t", "user": "t" } }],
        });
        std::fs::write(home.path().join("kubeconfig"), config.to_string()).unwrap();

        let pods: Api<Pod> = Api::default_namespaced(server.client());
        let mut object = pod("web");
        object["metadata"].as_object_mut().unwrap().remove("uid");
        pods.create(&PostParams::default(), &serde_json::from_value(object.clone()).unwrap()).await.unwrap();
        let status = json!({ "status": {
            "phase": "Running",
            "containerStatuses": [{ "name": "main", "image": "x", "imageID": "", "ready": true, "restartCount": 0, "state": { "running": {} } }],
        } });
        pods.patch_status("web", &PatchParams::default(), &Patch::Merge(status)).await.unwrap();
        Self { home }
    }

    fn kubectl(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Command {
        let program = std::env::var_os("KUBECTL").unwrap_or_else(|| "kubectl".into());
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("KUBECONFIG", self.home.path().join("kubeconfig"))
            .env("HOME", self.home.path())
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    async fn run(&self, environment: &[(&str, &str)], arguments: &[&str], stdin: &str) -> (i32, String, String) {
        let mut child = self.kubectl(environment, arguments).spawn().expect("kubectl is on PATH, or KUBECTL names it");
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).await.unwrap();
        let output = tokio::time::timeout(std::time::Duration::from_secs(60), child.wait_with_output());
        let output = output.await.expect("kubectl ends").unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_and_commands() {
    let cluster = Cluster::start().await;
    let (code, stdout, stderr) = cluster.run(&[], &["logs", "web", "--tail=2"], "").await;
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(stdout, "main follow=false previous=false tail=Some(2) since=None timestamps=false limit=None\n");
    let (code, _, stderr) = cluster.run(&[], &["logs", "web", "-p"], "").await;
    assert_eq!(
        (code, stderr.as_str()),
        (1, "Error from server (BadRequest): previous terminated container \"main\" in pod \"web\" not found\n")
    );

    for environment in [&[][..], &[("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "false")]] {
        let outcome = cluster.run(environment, &["exec", "web", "--", "both"], "").await;
        assert_eq!(outcome, (0, "out".to_owned(), "err".to_owned()), "{environment:?}");
        let text = "typed\n".repeat(40_000);
        let (code, stdout, stderr) = cluster.run(environment, &["exec", "-i", "web", "--", "cat"], &text).await;
        assert_eq!((code, stderr.as_str()), (0, ""), "{environment:?}");
        assert!(stdout == text, "{environment:?}: {} of {} bytes came back", stdout.len(), text.len());
        let (code, _, stderr) = cluster.run(environment, &["exec", "web", "--", "exit", "3"], "").await;
        assert_eq!((code, stderr.as_str()), (3, "command terminated with exit code 3\n"), "{environment:?}");
        let (code, _, stderr) = cluster.run(environment, &["exec", "web", "--", "broken"], "").await;
        assert_eq!(code, 1, "{environment:?}");
        assert_eq!(
            stderr, "error: Internal error occurred: error executing command in container: no such program\n",
            "{environment:?}"
        );
        let (code, stdout, stderr) = cluster.run(environment, &["attach", "web"], "").await;
        assert_eq!(code, 0, "{environment:?}: {stderr}");
        assert!(stdout.contains("main follow=true"), "{environment:?}: {stdout}{stderr}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forwarded_ports() {
    let cluster = Cluster::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut input = vec![];
                stream.read_to_end(&mut input).await.unwrap();
                input.reverse();
                stream.write_all(&input).await.unwrap();
            });
        }
    });
    for environment in [&[][..], &[("KUBECTL_PORT_FORWARD_WEBSOCKETS", "false")]] {
        let mut child =
            cluster.kubectl(environment, &["port-forward", "pod/web", &format!(":{port}")]).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("kubectl says where it listens");
        let local = line.strip_prefix("Forwarding from ").unwrap().split_once(" -> ").unwrap().0.to_owned();
        let ask = async |text: Vec<u8>| {
            let mut stream = TcpStream::connect(&local).await.unwrap();
            let mut answer = vec![];
            let (mut reader, mut writer) = stream.split();
            let write = async {
                writer.write_all(&text).await.unwrap();
                writer.shutdown().await.unwrap();
            };
            let read = async { reader.read_to_end(&mut answer).await.unwrap() };
            tokio::join!(write, read);
            answer.reverse();
            assert!(answer == text, "{} of {} bytes came back", answer.len(), text.len());
        };
        let megabyte = (0u32..1 << 18).flat_map(u32::to_le_bytes).collect::<Vec<_>>();
        tokio::join!(ask(b"one".to_vec()), ask(megabyte), ask(b"three".to_vec()));
        ask(b"later".to_vec()).await;
        child.kill().await.unwrap();
    }
}
