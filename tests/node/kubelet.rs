//! What a kubelet does beyond starting a program: hooks, deadlines, grace periods, references, tokens, last words.

use futures::StreamExt as _;
use k8s_openapi::api::core::v1::{ConfigMap, ContainerStateTerminated, Pod, Secret, ServiceAccount};
use kube::ResourceExt;
use kube::api::{DeleteParams, ListParams};
use kubectl_opencode::sandbox::runtime::{ExecEnd, ExecOptions, LogOptions, PodRuntime};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant, timeout};

use crate::cluster::{Cluster, LONG, key, until_file};
use crate::pods::{SERVE, container, is_ready, restarted, script};

/// A program that does not end when it is asked to.
const STUBBORN: &str = "trap '' TERM; while :; do sleep 600 & wait; done";

/// Whether the first container was started again so many times, whatever it does now.
fn restarts(times: i32) -> impl Fn(&Pod) -> bool {
    move |pod| {
        let all = pod.status.as_ref().and_then(|status| status.container_statuses.as_deref()).unwrap_or_default();
        all.first().is_some_and(|one| one.restart_count >= times)
    }
}

fn last_end(pod: &Pod) -> ContainerStateTerminated {
    let status = container(pod);
    let ended = |state: Option<k8s_openapi::api::core::v1::ContainerState>| state.and_then(|state| state.terminated);
    ended(status.state).or(ended(status.last_state)).unwrap()
}

async fn until_nothing_runs(cluster: &Cluster) {
    let deadline = Instant::now() + LONG;
    while !cluster.processes().is_empty() {
        assert!(Instant::now() < deadline, "still run: {:?}", cluster.processes());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_is_up_once_its_post_start_hook_is_done_and_is_ended_when_it_fails() {
    let cluster = Cluster::start();
    let volume = json!([{ "name": "v", "emptyDir": {} }]);
    let hooked = |name: &str, hook: &str| {
        let more = json!({
            "volumeMounts": [{ "name": "v", "mountPath": "/v" }],
            "lifecycle": { "postStart": { "exec": { "command": ["sh", "-c", hook] } } },
        });
        let mut spec = script(name, "Always", SERVE, more);
        spec["spec"]["volumes"] = volume.clone();
        spec
    };
    let good: Pod =
        cluster.create(hooked("good", "until [ -e /v/go ]; do sleep 0.05; done; echo done > /v/hook")).await;
    let begun = cluster.volume(&good.name_any(), "v");
    let deadline = Instant::now() + LONG;
    while cluster.processes().len() < 4 {
        assert!(Instant::now() < deadline, "the hook never began");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let during = cluster.api::<Pod>().get("good").await.unwrap();
    assert!(!is_ready(&during), "{during:#?}");
    std::fs::write(begun.join("go"), "").unwrap();
    cluster.until("good", "ready", is_ready).await;
    until_file(&begun.join("hook"), "done\n").await;

    cluster.create::<Pod>(hooked("bad", "echo no luck; exit 3")).await;
    cluster.until("bad", "started again", restarts(1)).await;
    let events = cluster.reasons("bad").await;
    assert!(events.iter().any(|reason| reason == "FailedPostStartHook"), "{events:?}");
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_that_is_active_for_too_long_fails() {
    let cluster = Cluster::start();
    let mut spec = script("late", "Always", SERVE, json!({}));
    spec["spec"]["activeDeadlineSeconds"] = json!(1);
    cluster.create::<Pod>(spec).await;
    let failed = cluster.phase("late", "Failed").await;
    let status = failed.status.clone().unwrap();
    assert_eq!(status.reason.as_deref(), Some("DeadlineExceeded"));
    assert_eq!(status.message.as_deref(), Some("Pod was active on the node longer than the specified deadline"));
    assert_ne!(last_end(&failed).exit_code, 137, "it was asked to end first: {failed:#?}");
    assert_eq!(cluster.processes(), [0; 0]);
    assert!(cluster.reasons("late").await.iter().any(|reason| reason == "DeadlineExceeded"));
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn resources_reach_the_environment() {
    let cluster = Cluster::start();
    let from =
        |resource: &str, divisor: &str| json!({ "resourceFieldRef": { "resource": resource, "divisor": divisor } });
    let more = json!({
        "resources": { "limits": { "cpu": "1500m", "memory": "64Mi" } },
        "env": [
            { "name": "CPU", "valueFrom": from("limits.cpu", "0") },
            { "name": "MEMORY", "valueFrom": from("limits.memory", "1Mi") },
        ],
    });
    let pod: Pod = cluster.create(script("sized", "Never", "echo $CPU $MEMORY", more)).await;
    cluster.phase("sized", "Succeeded").await;
    assert_eq!(cluster.log(&pod, "c", LogOptions::default()).await, "2 64\n");
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn references_that_lead_nowhere_are_told_in_the_kubelets_words() {
    let cluster = Cluster::start();
    cluster.create::<ConfigMap>(json!({ "metadata": { "name": "map" }, "data": { "a": "1" } })).await;
    cluster.create::<Secret>(json!({ "metadata": { "name": "key" }, "stringData": { "a": "1" } })).await;
    let named = |source: Value| json!({ "env": [{ "name": "A", "valueFrom": source }] });
    for (name, more, message) in [
        ("s", named(json!({ "secretKeyRef": { "name": "none", "key": "a" } })), "secret \"none\" not found"),
        (
            "k",
            named(json!({ "secretKeyRef": { "name": "key", "key": "b" } })),
            "couldn't find key b in Secret default/key",
        ),
        ("m", named(json!({ "configMapKeyRef": { "name": "none", "key": "a" } })), "configmap \"none\" not found"),
        (
            "n",
            named(json!({ "configMapKeyRef": { "name": "map", "key": "b" } })),
            "couldn't find key b in ConfigMap default/map",
        ),
        ("e", json!({ "envFrom": [{ "configMapRef": { "name": "none" } }] }), "configmap \"none\" not found"),
        ("f", json!({ "envFrom": [{ "secretRef": { "name": "none" } }] }), "secret \"none\" not found"),
    ] {
        cluster.create::<Pod>(script(name, "Never", "true", more)).await;
        let waits = |pod: &Pod| {
            let all = pod.status.as_ref().and_then(|status| status.container_statuses.as_deref()).unwrap_or_default();
            let waiting = all.first().and_then(|one| one.state.as_ref()?.waiting.as_ref());
            waiting.is_some_and(|waiting| {
                waiting.reason.as_deref() == Some("CreateContainerConfigError")
                    && waiting.message.as_deref() == Some(message)
            })
        };
        cluster.until(name, message, waits).await;
    }
    let optional = named(json!({ "secretKeyRef": { "name": "none", "key": "a", "optional": true } }));
    let pod: Pod = cluster.create(script("o", "Never", "echo \"[$A]\"", optional)).await;
    cluster.phase("o", "Succeeded").await;
    assert_eq!(cluster.log(&pod, "c", LogOptions::default()).await, "[]\n");
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_that_is_deleted_by_force_does_not_get_its_grace_period() {
    let cluster = Cluster::start();
    let pods = cluster.api::<Pod>();
    let mut spec = script("stubborn", "Always", STUBBORN, json!({}));
    spec["spec"]["terminationGracePeriodSeconds"] = json!(600);
    let pod: Pod = cluster.create(spec.clone()).await;
    cluster.until("stubborn", "ready", is_ready).await;
    pods.delete("stubborn", &DeleteParams::default().grace_period(0)).await.unwrap();
    assert!(pods.get_opt("stubborn").await.unwrap().is_none(), "it is gone from the API at once");
    until_nothing_runs(&cluster).await;

    // A deletion under way is shortened.
    let again: Pod = cluster.create(spec).await;
    assert_ne!(again.uid(), pod.uid());
    cluster.until("stubborn", "ready", is_ready).await;
    pods.delete("stubborn", &DeleteParams::default()).await.unwrap();
    pods.delete("stubborn", &DeleteParams::default().grace_period(1)).await.unwrap();
    let uid = again.uid().unwrap();
    let gone = kube::runtime::wait::await_condition(pods, "stubborn", kube::runtime::conditions::is_deleted(&uid));
    timeout(LONG, gone).await.unwrap().unwrap();
    assert_eq!(cluster.processes(), [0; 0]);
    assert!(!cluster.folder(&again).exists());
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_https_probe_takes_any_certificate() {
    let cluster = Cluster::start();
    let own = rcgen::generate_simple_self_signed(["elsewhere".to_owned()]).unwrap();
    let files = json!({ "tls.crt": own.cert.pem(), "tls.key": own.signing_key.serialize_pem() });
    cluster.create::<Secret>(json!({ "metadata": { "name": "tls" }, "stringData": files })).await;
    let serve = "import http.server as h, os, ssl\n\
                 s = h.HTTPServer((os.environ['POD_IP'], 8443), h.SimpleHTTPRequestHandler)\n\
                 c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n\
                 c.load_cert_chain('/tls/tls.crt', '/tls/tls.key')\n\
                 s.socket = c.wrap_socket(s.socket, server_side=True)\n\
                 s.serve_forever()";
    let probe = |scheme: &str| json!({ "httpGet": { "port": 8443, "scheme": scheme }, "periodSeconds": 1, "failureThreshold": 1 });
    let server = |name: &str, scheme: &str| {
        json!({ "metadata": { "name": name }, "spec": {
            "volumes": [{ "name": "tls", "secret": { "secretName": "tls" } }],
            "containers": [{
                "name": "c", "image": "x", "command": ["python3", "-c", serve], "readinessProbe": probe(scheme),
                "volumeMounts": [{ "name": "tls", "mountPath": "/tls" }],
                "env": [{ "name": "POD_IP", "valueFrom": { "fieldRef": { "fieldPath": "status.podIP" } } }],
            }],
        } })
    };
    cluster.create::<Pod>(server("plain", "HTTP")).await;
    cluster.create::<Pod>(server("secure", "HTTPS")).await;
    cluster.until("secure", "ready", is_ready).await;
    assert!(!is_ready(&cluster.api::<Pod>().get("plain").await.unwrap()), "plain HTTP is no answer to TLS");
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_has_a_token_of_its_service_account() {
    let cluster = Cluster::start();
    cluster.create::<ServiceAccount>(json!({ "metadata": { "name": "bot" } })).await;
    let ca = json!({ "metadata": { "name": "root" }, "data": { "ca.crt": "PEM" } });
    cluster.create::<ConfigMap>(ca).await;
    let show = "cat /var/run/secrets/kubernetes.io/serviceaccount/ca.crt /var/run/secrets/kubernetes.io/serviceaccount/namespace; \
                echo; cut -d. -f2 /var/run/secrets/kubernetes.io/serviceaccount/token";
    let more =
        json!({ "volumeMounts": [{ "name": "access", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount" }] });
    let mut spec = script("caller", "Never", show, more);
    spec["spec"]["serviceAccountName"] = json!("bot");
    spec["spec"]["volumes"] = json!([{ "name": "access", "projected": { "defaultMode": 0o400, "sources": [
        { "serviceAccountToken": { "path": "token", "expirationSeconds": 3607 } },
        { "configMap": { "name": "root", "items": [{ "key": "ca.crt", "path": "ca.crt" }] } },
        { "downwardAPI": { "items": [{ "path": "namespace", "fieldRef": { "fieldPath": "metadata.namespace" } }] } },
    ] } }]);
    let pod: Pod = cluster.create(spec).await;
    cluster.phase("caller", "Succeeded").await;
    let log = cluster.log(&pod, "c", LogOptions::default()).await;
    let (files, claims) = log.trim_end().split_once('\n').unwrap();
    assert_eq!(files, "PEMdefault");
    let claims = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["sub"], "system:serviceaccount:default:bot");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3607);
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_words_of_a_container_are_in_its_status() {
    let cluster = Cluster::start();
    let words = "echo starting; echo 'no such model' >&2; exit 1";
    let to_logs = json!({ "terminationMessagePolicy": "FallbackToLogsOnError" });
    cluster.create::<Pod>(script("log", "Never", words, to_logs.clone())).await;
    let failed = cluster.phase("log", "Failed").await;
    let message = last_end(&failed).message.unwrap();
    assert!(message.contains("no such model\n") && message.contains("starting\n"), "{message}");
    cluster.create::<Pod>(script("silent", "Never", words, json!({}))).await;
    assert_eq!(last_end(&cluster.phase("silent", "Failed").await).message, None);
    let written = script("file", "Never", "echo in short > /dev/termination-log; echo more; exit 1", to_logs);
    cluster.create::<Pod>(written).await;
    assert_eq!(last_end(&cluster.phase("file", "Failed").await).message.as_deref(), Some("in short\n"));
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_in_a_container_ends_with_it() {
    let cluster = Cluster::start();
    let pod: Pod = cluster.create(script("box", "Always", SERVE, json!({}))).await;
    cluster.until("box", "ready", is_ready).await;
    let command = ["sh", "-c", "trap '' TERM; (setsid sleep 600 &); sleep 600"].map(str::to_owned).to_vec();
    let exec = cluster.node.exec(&key(&pod), "c", ExecOptions { command, ..ExecOptions::default() }).await.unwrap();
    cluster.delete(&pod).await;
    assert_eq!(cluster.processes(), [0; 0]);
    assert_eq!(timeout(LONG, exec.end).await.unwrap().unwrap().unwrap(), ExecEnd::Signalled(9));
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_is_killed_says_so_and_its_log_is_that_of_the_run_before() {
    let cluster = Cluster::start();
    let pod: Pod = cluster.create(script("victim", "Always", &format!("echo run; {SERVE}"), json!({}))).await;
    cluster.until("victim", "ready", is_ready).await;
    let follow = LogOptions { follow: true, ..LogOptions::default() };
    let mut log = cluster.node.logs(&key(&pod), "c", follow).await.unwrap();
    assert_eq!(log.next().await.unwrap().unwrap(), "run\n");
    let shims = crate::supervision::shims(&cluster.id);
    for process in cluster.processes().into_iter().filter(|process| !shims.contains(process)) {
        let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(process), nix::sys::signal::Signal::SIGKILL);
    }
    let again = cluster.until("victim", "started again", restarted(1)).await;
    let end = container(&again).last_state.unwrap().terminated.unwrap();
    assert_eq!((end.exit_code, end.reason.as_deref()), (137, Some("Error")));
    let previous = LogOptions { previous: true, ..LogOptions::default() };
    assert_eq!(cluster.log(&pod, "c", previous).await, "run\n");
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_pods_start_at_once_each_with_an_address_and_leave_nothing() {
    let cluster = Cluster::start();
    let pods = cluster.api::<Pod>();
    let names: Vec<String> = (0..100).map(|number| format!("pod-{number}")).collect();
    let made = names.iter().map(|name| cluster.create::<Pod>(script(name, "Always", "exec sleep 600", json!({}))));
    futures::future::join_all(made).await;
    for name in &names {
        cluster.until(name, "ready", is_ready).await;
    }
    let all = pods.list(&ListParams::default()).await.unwrap();
    let addresses: std::collections::HashSet<String> =
        all.iter().map(|pod| pod.status.as_ref().unwrap().pod_ip.clone().unwrap()).collect();
    assert_eq!(addresses.len(), 100);
    let begun = Instant::now();
    cluster.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}
