//! Servers that keep others out: an agent's with a password, and a cluster in which another controller works.

use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{Namespace, Pod};
use kube::api::{Api, Patch, PatchParams, PostParams};
use kubectl_opencode::api::Task;
use kubectl_opencode::api::kinds::{AGENT, SESSION, TASK};
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::script::is_as_told;

#[test]
fn an_agents_server_whose_password_is_not_to_be_had() {
    let cluster = Cluster::start();
    cluster.create(&AGENT, "dev", json!({"workspaceDir": "/workspace", "serviceAccountName": "default"}));
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}}));
    cluster.status(&SESSION, "s", &json!({"phase": "Running", "agentRef": {"name": "dev"}, "sessionID": "ses_1"}));
    let password =
        json!({"name": "OPENCODE_SERVER_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "seal", "key": "password"}}});
    let labels = json!({"kubeopencode.io/agent": "dev", "app.kubernetes.io/name": "the-company-s-own"});
    let container = json!({"name": "opencode-server", "image": "x", "env": [password]});
    let pod = json!({"metadata": {"name": "dev-server-0", "labels": labels}, "spec": {"containers": [container]}});
    let ready = json!({"status": {"phase": "Running", "podIP": "127.0.0.1", "conditions": [{"type": "Ready", "status": "True"}]}});
    let pods: Api<Pod> = Api::namespaced(cluster.client.clone(), "default");
    cluster.runtime.block_on(async {
        pods.create(&PostParams::default(), &serde_json::from_value(pod).unwrap()).await.unwrap();
        pods.patch_status("dev-server-0", &PatchParams::default(), &Patch::Merge(ready)).await.unwrap();
    });
    let all_but_secrets = json!([
        {"apiGroups": ["kubeopencode.io", "session.kubeopencode.io"], "resources": ["*"], "verbs": ["*"]},
        {"apiGroups": [""], "resources": ["pods", "pods/portforward"], "verbs": ["*"]},
    ]);
    cluster.grant("jane", &all_but_secrets);
    is_as_told(&cluster.program(), "password");
}

#[test]
fn controllers_that_cannot_work() {
    let cluster = Cluster::start();
    let object = |spec: Value| json!({"metadata": {"name": "kubeopencode.io"}, "spec": spec});
    let now = jiff::Timestamp::now().to_string();
    let lease = object(json!({"holderIdentity": "platform", "leaseDurationSeconds": 15, "renewTime": now}));
    let namespace = json!({"metadata": {"name": "kubeopencode-system"}});
    cluster.runtime.block_on(async {
        let namespaces: Api<Namespace> = Api::all(cluster.client.clone());
        namespaces.create(&PostParams::default(), &serde_json::from_value(namespace).unwrap()).await.unwrap();
        let leases: Api<Lease> = Api::namespaced(cluster.client.clone(), "kubeopencode-system");
        leases.create(&PostParams::default(), &serde_json::from_value(lease).unwrap()).await.unwrap();
    });
    cluster.create(&TASK, "left", json!({"agentRef": {"name": "dev"}, "description": "x"}));
    let tasks: Api<Task> = Api::namespaced(cluster.client.clone(), "default");
    let held = json!({"metadata": {"finalizers": ["example.com/theirs", "kubeopencode.io/task-cleanup"]}});
    let held = Patch::Merge(held);
    cluster.runtime.block_on(tasks.patch("left", &PatchParams::default(), &held)).unwrap();
    is_as_told(&cluster.program(), "controllers");
    // The other controller would never take ours off.
    let left = cluster.runtime.block_on(tasks.get("left")).unwrap().metadata.finalizers;
    assert_eq!(left, Some(vec!["example.com/theirs".to_owned()]));
}
