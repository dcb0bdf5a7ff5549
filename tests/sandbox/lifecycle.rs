//! Start, stop, kill, start again.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Secret, ServiceAccount};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{DeleteParams, ListParams, ObjectMeta, PostParams};
use kube::{Api, ResourceExt};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::home::{Home, PROGRAM, eventually};

fn config_map(name: &str) -> ConfigMap {
    ConfigMap {
        metadata: ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() },
        data: Some(BTreeMap::from([("key".to_owned(), "value".to_owned())])),
        ..ConfigMap::default()
    }
}

#[tokio::test]
async fn a_sandbox_starts_answers_stops_and_keeps_what_was_created() {
    let home = Home::new();
    let started = home.sandbox(&["start"]);
    assert_eq!(started.stdout, "");
    assert!(started.stderr.contains("is ready at https://127.0.0.1:"), "{started:?}");
    assert!(started.stderr.contains("export KUBECONFIG="), "{started:?}");
    started.ok();

    let client = home.client().await;
    let mut definitions: Vec<_> = Api::<CustomResourceDefinition>::all(client.clone())
        .list(&ListParams::default())
        .await
        .unwrap()
        .iter()
        .map(ResourceExt::name_any)
        .collect();
    definitions.sort();
    assert_eq!(
        definitions,
        [
            "agents.kubeopencode.io",
            "agenttemplates.kubeopencode.io",
            "crontasks.kubeopencode.io",
            "kubeopencodeconfigs.kubeopencode.io",
            "registries.kubeopencode.io",
            "sessions.session.kubeopencode.io",
            "tasks.kubeopencode.io",
        ]
    );
    let maps = Api::<ConfigMap>::default_namespaced(client.clone());
    let created = maps.create(&PostParams::default(), &config_map("kept")).await.unwrap();
    let status = home.status();
    let pid = home.pid();

    home.sandbox(&["stop"]).ok();
    assert_eq!(home.status()["running"], false);
    assert_eq!(home.processes(), [""; 0], "process {pid} is gone");
    assert!(maps.get("kept").await.is_err(), "nothing answers");
    assert!(home.sandbox(&["stop"]).stderr.contains("does not run"));

    home.sandbox(&["start"]).ok();
    assert_eq!(home.status()["server"], status["server"], "the port is kept");
    // The same client: certificates and token are kept too.
    let found = maps.get("kept").await.unwrap();
    assert_eq!((found.uid(), found.resource_version()), (created.uid(), created.resource_version()));
}

#[tokio::test]
async fn an_acknowledged_write_survives_kill_9() {
    let home = Home::new();
    home.sandbox(&["start"]).ok();
    let maps = Api::<ConfigMap>::default_namespaced(home.client().await);
    let mut acknowledged = Vec::new();
    let pid = home.pid();
    // The kill arrives in the middle of these writes, wherever that is.
    let killer = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(150));
        kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
    });
    for number in 0.. {
        let name = format!("map-{number}");
        match maps.create(&PostParams::default(), &config_map(&name)).await {
            Ok(_) => acknowledged.push(name),
            Err(_) => break,
        }
    }
    killer.join().unwrap();
    assert!(!acknowledged.is_empty());
    eventually("the sandbox is gone", || home.status()["running"] == false);
    home.sandbox(&["start"]).ok();
    let found: Vec<_> = maps.list(&ListParams::default()).await.unwrap().iter().map(ResourceExt::name_any).collect();
    let lost: Vec<_> = acknowledged.iter().filter(|name| !found.contains(name)).collect();
    assert!(lost.is_empty(), "lost {lost:?}");
    assert!(found.len() <= acknowledged.len() + 1, "at most the write in flight was made without being acknowledged");
}

#[test]
fn a_second_start_names_the_first() {
    let home = Home::new();
    home.sandbox(&["start"]).ok();
    let pid = home.pid().to_string();
    let error = home.sandbox(&["start"]).failed(6);
    assert!(error.contains(&pid) && error.contains("hint: kubectl opencode sandbox status"), "{error}");
    let error = home.sandbox(&["start", "--foreground"]).failed(6);
    assert!(error.contains(&pid), "{error}");
}

#[test]
fn in_the_foreground_it_ends_with_the_signal() {
    let home = Home::new();
    let mut child =
        home.command(PROGRAM).args(["sandbox", "start", "--foreground"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let ready = lines.find(|line| line.as_ref().unwrap().contains("is ready at")).expect("it becomes ready");
    ready.unwrap();
    assert_eq!(home.status()["running"], true);
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGINT).unwrap();
    // The rest is read, so that the child never waits for us.
    lines.for_each(drop);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(home.status()["running"], false);
}

#[tokio::test]
async fn provider_keys_reach_each_namespace_as_a_secret_and_nothing_else() {
    let home = Home::new();
    let start = |words: &[&str], key: Option<&str>| {
        let mut command = home.command(PROGRAM);
        command.args(["sandbox", "start"]).args(words);
        if let Some(key) = key {
            command.env("SOME_API_KEY", key);
        }
        crate::home::Ended::from(command.output().unwrap())
    };
    let error = start(&["--env", "SOME_API_KEY"], None).failed(2);
    assert!(error.contains("SOME_API_KEY is not set"), "{error}");
    start(&["--env", "SOME_API_KEY"], Some("s3cret-value")).ok();
    let client = home.client().await;
    let namespace = Namespace {
        metadata: ObjectMeta { name: Some("team".to_owned()), ..ObjectMeta::default() },
        ..Namespace::default()
    };
    Api::all(client.clone()).create(&PostParams::default(), &namespace).await.unwrap();
    for namespace in ["default", "team"] {
        let secrets = Api::<Secret>::namespaced(client.clone(), namespace);
        let secret = wait_for(&secrets, "opencode-sandbox-env").await;
        let data = secret.data.unwrap();
        assert_eq!(data["SOME_API_KEY"].0, b"s3cret-value");
        wait_for(&Api::<ServiceAccount>::namespaced(client.clone(), namespace), "default").await;
        let authority = std::fs::read_to_string(home.state().join("ca.crt")).unwrap();
        let maps = Api::<ConfigMap>::namespaced(client.clone(), namespace);
        let map = wait_for(&maps, "kube-root-ca.crt").await;
        assert_eq!(map.data.unwrap()["ca.crt"], authority);
        maps.delete("kube-root-ca.crt", &DeleteParams::default()).await.unwrap();
        assert_eq!(wait_for(&maps, "kube-root-ca.crt").await.data.unwrap()["ca.crt"], authority);
    }
    let arguments = std::fs::read(format!("/proc/{}/cmdline", home.pid())).unwrap();
    assert!(!String::from_utf8_lossy(&arguments).contains("s3cret-value"));
    assert!(!home.sandbox(&["logs"]).ok().contains("s3cret-value"));
    assert_eq!(home.status()["offlineModel"], false);

    // A start that says nothing about it keeps the key, though the variable is not there any more.
    home.sandbox(&["stop"]).ok();
    start(&[], None).ok();
    let secrets = Api::<Secret>::namespaced(client.clone(), "default");
    assert_eq!(wait_for(&secrets, "opencode-sandbox-env").await.data.unwrap()["SOME_API_KEY"].0, b"s3cret-value");
    // One that asks for the offline model takes it away.
    home.sandbox(&["stop"]).ok();
    start(&["--offline-model"], None).ok();
    assert!(secrets.get_opt("opencode-sandbox-env").await.unwrap().is_none());
    assert_eq!(home.status()["offlineModel"], true);
}

async fn wait_for<K>(api: &Api<K>, name: &str) -> K
where
    K: Clone + std::fmt::Debug + serde::de::DeserializeOwned,
{
    let deadline = std::time::Instant::now() + crate::home::LONG;
    loop {
        if let Some(object) = api.get_opt(name).await.unwrap() {
            return object;
        }
        assert!(std::time::Instant::now() < deadline, "{name} never came");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn reset_removes_everything_but_asks_first() {
    let home = Home::new();
    home.sandbox(&["start"]).ok();
    let error = home.sandbox(&["reset"]).failed(2);
    assert!(error.contains("--yes"), "{error}");
    assert_eq!(home.status()["running"], true);
    home.sandbox(&["reset", "--yes"]).ok();
    assert!(!home.state().exists());
    assert_eq!(home.processes(), [""; 0]);
    home.sandbox(&["reset", "--yes"]).ok();
    let error = home.sandbox(&["status"]).failed(3);
    assert!(error.contains("kubectl opencode sandbox start"), "{error}");
}

#[tokio::test]
async fn two_sandboxes_live_side_by_side() {
    let home = Home::new();
    home.sandbox(&["start"]).ok();
    home.sandbox(&["start", "--name", "other"]).ok();
    let other: serde_json::Value =
        serde_json::from_str(&home.sandbox(&["status", "--name", "other", "-o", "json"]).ok()).unwrap();
    assert_ne!(other["server"], home.status()["server"]);
    assert_eq!(other["context"], "opencode-sandbox-other");
    home.sandbox(&["reset", "--yes", "--name", "other"]).ok();
    assert_eq!(home.status()["running"], true);
    let maps = Api::<ConfigMap>::default_namespaced(home.client().await);
    maps.create(&PostParams::default(), &config_map("x")).await.unwrap();
    maps.delete("x", &DeleteParams::default()).await.unwrap();
}

#[test]
fn what_it_writes_is_for_its_user_alone() {
    let home = Home::new();
    home.sandbox(&["start"]).ok();
    for entry in std::fs::read_dir(home.state()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o077;
        assert!(mode == 0 || entry.metadata().unwrap().is_dir(), "{:?} is {mode:o} for others", entry.path());
    }
    assert_eq!(std::fs::metadata(home.state()).unwrap().permissions().mode() & 0o777, 0o700);
}
