//! Lives of Pods, from the API to the process and back.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, ContainerStatus, PersistentVolumeClaim, Pod, Secret};
use kube::ResourceExt;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams};
use kubectl_opencode::sandbox::runtime::{ExecEnd, ExecOptions, LogOptions, PodRuntime, TerminalSize};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::cluster::{Cluster, LONG, key, until_file};

fn pod(name: &str, spec: Value) -> Value {
    let mut pod = json!({ "metadata": { "name": name, "labels": { "app": name } } });
    pod["spec"] = spec;
    pod
}

/// A Pod of one container `c` that runs a script, with more of the container's fields.
pub fn script(name: &str, restart: &str, script: &str, more: Value) -> Value {
    let mut container = json!({ "name": "c", "image": "any", "command": ["sh", "-c", script] });
    if let (Some(container), Value::Object(more)) = (container.as_object_mut(), more) {
        container.extend(more);
    }
    let mut spec = json!({ "restartPolicy": restart });
    spec["containers"] = json!([container]);
    pod(name, spec)
}

/// A script that runs until TERM, and then ends at once with status 0.
pub const SERVE: &str = "trap 'exit 0' TERM; while :; do sleep 600 & wait; done";

pub fn container(pod: &Pod) -> ContainerStatus {
    pod.status.as_ref().unwrap().container_statuses.as_ref().unwrap()[0].clone()
}

fn waits_for(reason: &'static str) -> impl Fn(&Pod) -> bool {
    move |pod| {
        let all = pod.status.as_ref().and_then(|status| status.container_statuses.as_deref()).unwrap_or_default();
        let state = all.first().and_then(|one| one.state.as_ref());
        state.and_then(|state| state.waiting.as_ref()).and_then(|waiting| waiting.reason.as_deref()) == Some(reason)
    }
}

pub fn is_ready(pod: &Pod) -> bool {
    let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_deref()).unwrap_or_default();
    conditions.iter().any(|one| one.type_ == "Ready" && one.status == "True")
}

pub fn restarted(times: i32) -> impl Fn(&Pod) -> bool {
    move |pod| {
        let all = pod.status.as_ref().and_then(|status| status.container_statuses.as_deref()).unwrap_or_default();
        all.first().is_some_and(|one| {
            one.restart_count >= times && one.state.as_ref().is_some_and(|state| state.running.is_some())
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_runs_with_its_environment_volumes_and_log_and_succeeds() {
    let cluster = Cluster::start();
    cluster.create::<Secret>(json!({ "metadata": { "name": "s" }, "stringData": { "token": "t0k" } })).await;
    cluster
        .create::<ConfigMap>(json!({ "metadata": { "name": "m" }, "data": { "a.txt": "from map", "B": "b" } }))
        .await;
    let volumes = json!([
        { "name": "files", "configMap": { "name": "m" } },
        { "name": "keys", "secret": { "secretName": "s", "defaultMode": 0o400 } },
        { "name": "shared", "emptyDir": {} },
    ]);
    let mounts = json!([
        { "name": "files", "mountPath": "/etc/files" },
        { "name": "keys", "mountPath": "/etc/keys" },
        { "name": "shared", "mountPath": "/shared" },
    ]);
    let created: Pod = cluster
        .create(pod(
            "whole",
            json!({
                "restartPolicy": "Never", "volumes": volumes,
                "initContainers": [
                    { "name": "first", "image": "x", "command": ["sh", "-c", "printf 1 > /shared/n"], "volumeMounts": mounts },
                    { "name": "second", "image": "x", "command": ["sh", "-c", "printf 2 >> /shared/n"], "volumeMounts": mounts },
                ],
                "containers": [{
                    "name": "c", "image": "x", "volumeMounts": mounts, "workingDir": "/shared",
                    "command": ["sh", "-c"],
                    "args": ["echo \"$TOKEN $(GREETING) $P_B $NODE\"; echo \"$(cat /etc/files/a.txt n)\"; stat -c %a /etc/keys/token; echo oops >&2"],
                    "envFrom": [{ "prefix": "P_", "configMapRef": { "name": "m" } }],
                    "env": [
                        { "name": "TOKEN", "valueFrom": { "secretKeyRef": { "name": "s", "key": "token" } } },
                        { "name": "NODE", "valueFrom": { "fieldRef": { "fieldPath": "spec.nodeName" } } },
                        { "name": "GREETING", "value": "hi-$(TOKEN)" },
                    ],
                }],
            }),
        ))
        .await;
    let done = cluster.phase("whole", "Succeeded").await;
    let log = cluster.log(&created, "c", LogOptions::default()).await;
    let mut lines: Vec<&str> = log.lines().collect();
    // The two outputs are two streams; their order is not told.
    let oops = lines.iter().position(|line| *line == "oops").unwrap();
    lines.remove(oops);
    assert_eq!(lines, ["t0k hi-t0k b sandbox", "from map12", "400"]);
    let status = done.status.unwrap();
    assert!(status.pod_ip.unwrap().starts_with("127."));
    let init = status.init_container_statuses.unwrap();
    assert!(
        init.iter().all(|one| one.ready && one.state.as_ref().unwrap().terminated.as_ref().unwrap().exit_code == 0)
    );
    for reason in ["Scheduled", "Created", "Started"] {
        assert!(cluster.reasons("whole").await.iter().any(|one| one == reason), "{reason}");
    }
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_run_in_the_container_with_input_and_on_a_terminal() {
    let cluster = Cluster::start();
    let spec = script("box", "Always", SERVE, json!({ "env": [{ "name": "WHO", "value": "me" }] }));
    let pod: Pod = cluster.create(spec).await;
    cluster.until("box", "ready", is_ready).await;
    assert_eq!(cluster.exec(&pod, &["sh", "-c", "printf $WHO"]).await, "me");

    let command = ["sh", "-c", "cat; exit 7"].map(str::to_owned).to_vec();
    let options = ExecOptions { command, stdin: true, tty: false };
    let mut exec = cluster.node.exec(&key(&pod), "c", options).await.unwrap();
    let mut stdin = exec.stdin.take().unwrap();
    stdin.write_all(b"typed").await.unwrap();
    drop(stdin);
    let mut said = String::new();
    exec.stdout.read_to_string(&mut said).await.unwrap();
    assert_eq!((said.as_str(), exec.end.await.unwrap().unwrap()), ("typed", ExecEnd::Exited(7)));

    let command = ["sh", "-c", "read line; stty size; echo got $line"].map(str::to_owned).to_vec();
    let options = ExecOptions { command, stdin: true, tty: true };
    let mut exec = cluster.node.exec(&key(&pod), "c", options).await.unwrap();
    exec.resize.as_ref().unwrap().send(TerminalSize { width: 91, height: 17 }).await.unwrap();
    exec.stdin.as_mut().unwrap().write_all(b"word\n").await.unwrap();
    let mut said = String::new();
    timeout(LONG, exec.stdout.read_to_string(&mut said)).await.unwrap().unwrap();
    assert!(said.contains("got word"), "{said:?}");
    assert_eq!(exec.end.await.unwrap().unwrap(), ExecEnd::Exited(0));

    // A command nobody waits for any more ends.
    let before = cluster.processes().len();
    let options = ExecOptions { command: vec!["sleep".into(), "600".into()], ..ExecOptions::default() };
    drop(cluster.node.exec(&key(&pod), "c", options).await.unwrap());
    let deadline = tokio::time::Instant::now() + LONG;
    while cluster.processes().len() > before {
        assert!(tokio::time::Instant::now() < deadline, "the dropped command still runs");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_of_a_ready_server_is_reached_and_no_other_pods_port_is() {
    let cluster = Cluster::start();
    let server = |name: &str| {
        json!({ "restartPolicy": "Always", "containers": [{
            "name": name, "image": "x", "command": ["python3", "-m", "http.server", "8123", "--bind", "$(POD_IP)"],
            "env": [{ "name": "POD_IP", "valueFrom": { "fieldRef": { "fieldPath": "status.podIP" } } }],
            "ports": [{ "name": "http", "containerPort": 8123 }],
            "readinessProbe": { "httpGet": { "port": "http" }, "periodSeconds": 1 },
        }] })
    };
    let web: Pod = cluster.create(pod("web", server("web"))).await;
    let idle: Pod = cluster.create(script("idle", "Always", SERVE, json!({}))).await;
    cluster.until("web", "ready", is_ready).await;
    cluster.until("idle", "ready", is_ready).await;
    let mut stream = cluster.node.connect(&key(&web), 8123).await.unwrap();
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    let refused = cluster.node.connect(&key(&idle), 8123).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_container_is_started_again_after_a_backoff_and_keeps_its_last_log() {
    let cluster = Cluster::start();
    let pod: Pod = cluster.create(script("crash", "Always", "echo run; exit 3", json!({}))).await;
    let looping = cluster.until("crash", "CrashLoopBackOff", waits_for("CrashLoopBackOff")).await;
    let last = container(&looping).last_state.unwrap().terminated.unwrap();
    assert_eq!((last.exit_code, last.reason.as_deref()), (3, Some("Error")));
    let twice = |pod: &Pod| container(pod).restart_count >= 2;
    cluster.until("crash", "restarted twice", twice).await;
    let previous = LogOptions { previous: true, ..LogOptions::default() };
    assert_eq!(cluster.log(&pod, "c", previous).await, "run\n");
    assert!(cluster.reasons("crash").await.iter().any(|reason| reason == "BackOff"));
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_start_says_why_and_starts_once_it_can() {
    let cluster = Cluster::start();
    let missing: Value = json!({ "command": ["no-such-program-anywhere"] });
    cluster.create::<Pod>(script("missing", "Never", "", missing)).await;
    let failed = cluster.phase("missing", "Failed").await;
    let end = container(&failed).state.unwrap().terminated.unwrap();
    assert_eq!(end.reason.as_deref(), Some("StartError"));
    assert!(end.message.unwrap().contains("executable file not found in $PATH"));

    let env = json!({ "env": [{ "name": "A", "valueFrom": { "secretKeyRef": { "name": "late", "key": "k" } } }] });
    let pod: Pod = cluster.create(script("late", "Never", "echo $A", env)).await;
    let waiting = cluster.until("late", "a config error", waits_for("CreateContainerConfigError")).await;
    let reason = container(&waiting).state.unwrap().waiting.unwrap().message.unwrap();
    assert_eq!(reason, "secret \"late\" not found");
    cluster.create::<Secret>(json!({ "metadata": { "name": "late" }, "stringData": { "k": "came" } })).await;
    cluster.phase("late", "Succeeded").await;
    assert_eq!(cluster.log(&pod, "c", LogOptions::default()).await, "came\n");
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_whose_liveness_probe_fails_is_started_again() {
    let cluster = Cluster::start();
    let mut spec = script(
        "sick",
        "Always",
        &format!("rm -f /state/sick; {SERVE}"),
        json!({
            "volumeMounts": [{ "name": "state", "mountPath": "/state" }],
            "livenessProbe": { "exec": { "command": ["test", "!", "-e", "/state/sick"] }, "periodSeconds": 1,
                               "failureThreshold": 1 },
        }),
    );
    spec["spec"]["volumes"] = json!([{ "name": "state", "emptyDir": {} }]);
    let pod: Pod = cluster.create(spec).await;
    cluster.until("sick", "running", restarted(0)).await;
    cluster.exec(&pod, &["touch", "/state/sick"]).await;
    cluster.until("sick", "restarted", restarted(1)).await;
    assert!(cluster.reasons("sick").await.iter().any(|reason| reason == "Unhealthy"));
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_pod_gets_its_hook_and_term_and_leaves_nothing_but_its_claim() {
    let cluster = Cluster::start();
    let claim = json!({
        "metadata": { "name": "data" },
        "spec": { "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "1Gi" } } },
    });
    let bound = |claim: &PersistentVolumeClaim| {
        claim.status.as_ref().and_then(|status| status.phase.as_deref()) == Some("Bound")
    };
    cluster.create::<PersistentVolumeClaim>(claim.clone()).await;
    let first = cluster.until("data", "bound", bound).await;
    let using = |name: &str, text: &str| {
        let mut spec = script(
            name,
            "Always",
            text,
            json!({
                "volumeMounts": [{ "name": "data", "mountPath": "/data" }],
                "lifecycle": { "preStop": { "exec": { "command": ["sh", "-c", "printf 'hook ' >> /data/said"] } } },
            }),
        );
        spec["spec"]["volumes"] = json!([{ "name": "data", "persistentVolumeClaim": { "claimName": "data" } }]);
        spec
    };
    let ends = "trap 'printf term >> /data/said; exit 0' TERM; (setsid sleep 600 &); sleep 600 & echo up; wait";
    let pod: Pod = cluster.create(using("ends", ends)).await;
    cluster.until("ends", "ready", is_ready).await;
    let follow = LogOptions { follow: true, ..LogOptions::default() };
    let mut log = cluster.node.logs(&key(&pod), "c", follow).await.unwrap();
    assert_eq!(futures::StreamExt::next(&mut log).await.unwrap().unwrap(), "up\n");
    cluster.delete(&pod).await;
    assert!(cluster.processes().is_empty(), "{:?}", cluster.processes());
    assert!(!cluster.folder(&pod).exists());
    let volume = first.spec.unwrap().volume_name.unwrap();
    let said = cluster.home.path().join("node/claims").join(volume).join("said");
    assert_eq!(std::fs::read_to_string(said).unwrap(), "hook term");

    // A claim made again under its name is another claim.
    let claims = cluster.api::<PersistentVolumeClaim>();
    claims.delete("data", &DeleteParams::default()).await.unwrap();
    cluster.create::<PersistentVolumeClaim>(claim).await;
    let pod: Pod = cluster.create(using("fresh", &format!("ls -A /data; echo listed; {SERVE}"))).await;
    cluster.until("fresh", "ready", is_ready).await;
    let mut log =
        cluster.node.logs(&key(&pod), "c", LogOptions { follow: true, ..LogOptions::default() }).await.unwrap();
    assert_eq!(futures::StreamExt::next(&mut log).await.unwrap().unwrap(), "listed\n");
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sidecar_runs_beside_the_containers_and_ends_after_them() {
    let cluster = Cluster::start();
    let pod: Pod = cluster
        .create(pod(
            "cars",
            json!({
                "restartPolicy": "Never", "volumes": [{ "name": "v", "emptyDir": {} }],
                "initContainers": [{
                    "name": "side", "image": "x", "restartPolicy": "Always",
                    "command": ["sh", "-c", "mkfifo /v/pipe; touch /v/up; trap 'echo served; exit 0' TERM; echo hello > /v/pipe; while :; do sleep 600 & wait; done"],
                    "startupProbe": { "exec": { "command": ["test", "-e", "/v/up"] }, "periodSeconds": 1 },
                    "volumeMounts": [{ "name": "v", "mountPath": "/v" }],
                }],
                "containers": [{
                    "name": "c", "image": "x", "command": ["cat", "/v/pipe"],
                    "volumeMounts": [{ "name": "v", "mountPath": "/v" }],
                }],
            }),
        ))
        .await;
    cluster.phase("cars", "Succeeded").await;
    assert_eq!(cluster.log(&pod, "c", LogOptions::default()).await, "hello\n");
    assert_eq!(cluster.log(&pod, "side", LogOptions::default()).await, "served\n");
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_of_a_sandbox_that_died_are_told_as_lost_and_started_again_where_they_may() {
    let cluster = Cluster::start();
    cluster.create::<Pod>(script("always", "Always", SERVE, json!({}))).await;
    cluster.create::<Pod>(script("never", "Never", SERVE, json!({}))).await;
    cluster.until("always", "ready", is_ready).await;
    cluster.until("never", "ready", is_ready).await;
    let before = cluster.processes();
    let cluster = cluster.crash_and_start().await;
    let failed = cluster.phase("never", "Failed").await;
    let end = container(&failed).state.unwrap().terminated.unwrap();
    assert_eq!((end.exit_code, end.reason.as_deref()), (137, Some("ContainerStatusUnknown")));
    let again = cluster.until("always", "restarted", restarted(1)).await;
    assert_eq!(container(&again).restart_count, 1);
    assert!(before.iter().all(|pid| !cluster.processes().contains(pid)), "an old process lives");
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_mounted_follows_the_objects_that_it_is_made_of() {
    let cluster = Cluster::start();
    let maps = cluster.api::<ConfigMap>();
    cluster.create::<ConfigMap>(json!({ "metadata": { "name": "m" }, "data": { "kept": "old", "gone": "old" } })).await;
    let mut spec =
        script("reader", "Always", SERVE, json!({ "volumeMounts": [{ "name": "files", "mountPath": "/f" }] }));
    spec["spec"]["volumes"] = json!([{ "name": "files", "configMap": { "name": "m" } }]);
    let pod: Pod = cluster.create(spec).await;
    cluster.until("reader", "ready", is_ready).await;
    assert_eq!(cluster.exec(&pod, &["sh", "-c", "cat /f/kept /f/gone"]).await, "oldold");
    let patch = Patch::Merge(json!({ "data": { "kept": "new", "gone": null } }));
    maps.patch("m", &PatchParams::default(), &patch).await.unwrap();
    let folder = cluster.volume("reader", "files");
    until_file(&folder.join("kept"), "new").await;
    until_file(&folder.join("gone"), "").await;
    assert_eq!(cluster.exec(&pod, &["sh", "-c", "ls /f"]).await, "kept\n");

    // What is gone stays mounted, and that is told.
    maps.delete("m", &DeleteParams::default()).await.unwrap();
    let deadline = tokio::time::Instant::now() + LONG;
    while !cluster.reasons("reader").await.iter().any(|reason| reason == "FailedMount") {
        assert!(tokio::time::Instant::now() < deadline, "{:?}", cluster.reasons("reader").await);
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(cluster.exec(&pod, &["cat", "/f/kept"]).await, "new");
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_pod_of_a_deployment_finds_its_paths_as_they_were_and_empty() {
    let cluster = Cluster::start();
    let text = format!("echo /work; ls -A /work; echo kept > /work/file; echo listed; {SERVE}");
    let mut template = script("x", "Always", &text, json!({ "volumeMounts": [{ "name": "w", "mountPath": "/work" }] }));
    template["metadata"] = json!({ "labels": { "app": "keeper" } });
    template["spec"]["volumes"] = json!([{ "name": "w", "emptyDir": {} }]);
    cluster
        .create::<Deployment>(json!({
            "metadata": { "name": "keeper" },
            "spec": { "selector": { "matchLabels": { "app": "keeper" } }, "template": template },
        }))
        .await;
    let pods = cluster.api::<Pod>();
    let mut before: Vec<Pod> = Vec::new();
    for parameters in [DeleteParams::default().grace_period(0), DeleteParams::default(), DeleteParams::default()] {
        let deadline = tokio::time::Instant::now() + LONG;
        let pod = loop {
            let found = pods.list(&ListParams::default().labels("app=keeper")).await.unwrap().items;
            let is_next = |pod: &Pod| before.iter().all(|earlier| earlier.uid() != pod.uid()) && is_ready(pod);
            if let Some(pod) = found.iter().find(|pod| is_next(pod)) {
                break pod.clone();
            }
            assert!(tokio::time::Instant::now() < deadline, "no next Pod is ready: {found:#?}");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        };
        let options = LogOptions { follow: true, ..LogOptions::default() };
        let mut log = cluster.node.logs(&key(&pod), "c", options).await.unwrap();
        let mut said = String::new();
        while !said.contains("listed") {
            let piece = timeout(LONG, futures::StreamExt::next(&mut log)).await.unwrap().unwrap().unwrap();
            said.push_str(std::str::from_utf8(&piece).unwrap());
        }
        assert_eq!(said, format!("{}\nlisted\n", cluster.volume("keeper", "w").display()));
        pods.delete(&pod.name_any(), &parameters).await.unwrap();
        before.push(pod);
    }
    cluster.stop().await;
}
