//! What `doctor` finds.

use kubectl_opencode::api::kinds::{AGENT, TASK};
use serde_json::{Value, json};

use crate::cluster::{Cluster, kubeconfig};
use crate::describe::steady;
use crate::fake::ApiStub;
use crate::program::{Program, Seen};

/// The same without what differs from run to run.
fn still(mut seen: Seen, cluster: &Cluster) -> Seen {
    seen.stdout = seen.stdout.replace(&cluster.address.to_string(), "[ADDRESS]");
    let speed = regex::Regex::new(r"v[\d.]+ in \d+ ms").unwrap();
    seen.stdout = speed.replace_all(&seen.stdout, "[VERSION]").into_owned();
    steady(seen)
}

#[test]
fn a_cluster_in_which_everything_is_well() {
    let cluster = Cluster::start();
    cluster.ready_agent("dev");
    let seen = cluster.program().run(&["doctor"]);
    still(seen, &cluster).exits(0).is_as_in("doctor");
}

#[test]
fn rights_that_are_lacking_are_warnings_with_the_way_to_them() {
    let cluster = Cluster::start();
    cluster
        .grant("jane", &json!([{"apiGroups": ["kubeopencode.io"], "resources": ["tasks"], "verbs": ["get", "list"]}]));
    let seen = cluster.program().run(&["--as", "jane", "doctor"]);
    still(seen, &cluster).exits(0).is_as_in("doctor-few-rights");
}

#[test]
fn faults_of_objects_are_seen() {
    let cluster = Cluster::start();
    let agent = json!({"workspaceDir": "/w", "serviceAccountName": "sa", "config": "{\"model\": \"a/b\"}"});
    cluster.create(&AGENT, "quoted", agent);
    cluster.status(&AGENT, "quoted", &json!({"ready": true, "deploymentName": "d"}));
    cluster.create(&TASK, "lost", json!({"agentRef": {"name": "quoted"}, "description": "x"}));
    cluster.status(&TASK, "lost", &json!({"phase": "Running", "podName": "lost-pod"}));
    let seen = cluster.program().run(&["doctor"]).exits(0);
    assert!(seen.stdout.contains("task \"lost\" is Running and its Pod is gone"), "{seen}");
    assert!(seen.stdout.contains("agent/quoted: spec.config"), "{seen}");
}

#[test]
fn without_the_platform_a_check_fails() {
    let cluster = Cluster::without_definitions(None);
    let seen = cluster.program().run(&["doctor"]);
    still(seen, &cluster).exits(7).is_as_in("doctor-no-platform");
    let seen = cluster.program().run(&["doctor", "-o", "json"]).exits(7);
    let found: Value = serde_json::from_str(&seen.stdout).unwrap();
    assert_eq!(found["checks"][3]["status"], "FAIL");
    let told: Value = serde_json::from_str(&seen.stderr).unwrap();
    assert_eq!(told["error"]["code"], "preflight_failed");
}

#[test]
fn without_a_cluster_the_first_check_fails() {
    Program::new().run(&["doctor"]).exits(7).is_as_in("doctor-no-kubeconfig");
    let gone = Program::with_kubeconfig(&kubeconfig("http://127.0.0.1:1", "default"));
    gone.run(&["doctor"]).exits(7).is_as_in("doctor-unreachable");
    let stub = ApiStub::start(|_, _, _| {
        (
            401,
            json!({"kind": "Status", "status": "Failure", "reason": "Unauthorized", "code": 401, "message": "Unauthorized"}),
        )
    });
    let seen = Program::with_kubeconfig(&kubeconfig(&stub.url(), "default")).run(&["doctor"]).exits(7);
    assert!(seen.stdout.contains("the API server does not know who you are"), "{seen}");
}
