use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Patch, PatchParams};
use kubectl_opencode::api::{Agent, Task};
use serde_json::{Value, json};

use super::{container, task};
use crate::record::Page;
use crate::world::World;

#[tokio::test]
async fn what_agents_say() {
    let world = World::start().await;
    let mut page = Page::default();
    let deployments = world.api::<Deployment>();
    let replicas = async |agent: &str, ready: i32| {
        let patch = Patch::Merge(json!({"status": {"replicas": 1, "readyReplicas": ready}}));
        deployments.patch_status(&format!("{agent}-server"), &PatchParams::default(), &patch).await.unwrap();
    };

    page.situation("New, ready, not ready, suspended");
    world.create::<Agent>("dev", json!({})).await;
    page.tell(&world, "agent/dev", &["ServerHealthy=False DeploymentNotFound", "Normal DeploymentCreated"]).await;
    page.tell(&world, "agent/dev", &["ServerReady=False", "Suspended=False"]).await;
    world.serve("dev").await;
    page.tell(&world, "agent/dev", &["ServerReady=True", "ServerHealthy=True", "Normal Ready"]).await;
    replicas("dev", 0).await;
    page.tell(&world, "agent/dev", &["Warning NotReady", "ServerHealthy=False DeploymentNotReady"]).await;
    replicas("dev", 1).await;
    let agents = world.api::<Agent>();
    let is_ready = async || (agents.get("dev").await.unwrap().status?.ready == Some(true)).then_some(());
    world.until("it is ready again", is_ready).await;
    world.patch::<Agent>("dev", json!({"spec": {"suspend": true}})).await;
    page.tell(&world, "agent/dev", &["Suspended=True", "ServerReady=False Suspended", "Normal Suspended"]).await;

    page.situation("On standby, and awake for a Task");
    world.create::<Agent>("naps", json!({"standby": {"idleTimeout": "1s"}})).await;
    page.tell(&world, "agent/naps", &["Normal StandbySuspended", "Suspended=True"]).await;
    world.create::<Task>("t", task("naps")).await;
    page.tell(&world, "agent/naps", &["Normal Resumed"]).await;

    page.situation("Its Pod does not start, or there is none");
    world.create::<Agent>("pulls", json!({})).await;
    let labels = json!({"kubeopencode.io/agent": "pulls", "app.kubernetes.io/name": "kubeopencode-server"});
    let containers = json!([{"name": "opencode-server", "image": "x"}]);
    world.pod("pulls-server-0", json!({"metadata": {"labels": labels}, "spec": {"containers": containers}})).await;
    let waiting = json!({"waiting": {"reason": "ErrImagePull", "message": "manifest unknown"}});
    world.pod_status("pulls-server-0", json!({"phase": "Pending", "containerStatuses": container(&waiting)})).await;
    page.tell(&world, "agent/pulls", &["ServerReady=False DeploymentNotReady: ErrImagePull"]).await;
    world.create::<Agent>("rationed", json!({})).await;
    world.until("it is made", async || deployments.get_opt("rationed-server").await.unwrap()).await;
    let failure = json!({"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
        "message": "pods \"rationed-server-0\" is forbidden: exceeded quota: pods"});
    let patch = Patch::Merge(json!({"status": {"conditions": [failure]}}));
    deployments.patch_status("rationed-server", &PatchParams::default(), &patch).await.unwrap();
    page.tell(&world, "agent/rationed", &["ServerReady=False DeploymentNotReady: pods"]).await;

    page.situation("No server can be made of it");
    let credential = |fields: Value| {
        let mut credential = json!({"name": "c"});
        credential.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        json!({"credentials": [credential]})
    };
    for (name, spec) in [
        ("no-template", json!({"templateRef": {"name": "none"}})),
        ("text", json!({"config": "model: a/b"})),
        ("list", json!({"config": "[1]"})),
        ("number", json!({"config": 7})),
        ("outside", json!({"workspaceDir": "/a/../b"})),
        ("no-secret", credential(json!({"secretRef": {"name": ""}}))),
        ("no-key", credential(json!({"secretRef": {"name": "s", "key": ""}, "env": "E"}))),
        ("no-place", credential(json!({"secretRef": {"name": "s", "key": "k"}}))),
    ] {
        world.create::<Agent>(name, spec).await;
        page.tell(&world, &format!("agent/{name}"), &["ServerHealthy=False ConfigurationError"]).await;
    }
    page.tell(&world, "agent/no-place", &["ServerReady=False", "Warning ConfigurationError"]).await;
    world.gate.refuse("PATCH /apis/apps/v1/namespaces/default/deployments/denied-server", 1, 403);
    world.create::<Agent>("denied", json!({})).await;
    page.tell(&world, "agent/denied", &["ServerHealthy=False ConfigurationError", "Normal DeploymentCreated"]).await;

    page.situation("Parts of it are left out; what its model is told to read");
    let contexts = json!([{"type": "Text", "text": "Be brief."}, {"type": "Runtime", "runtime": {}}]);
    let skills = json!([{"name": "s", "git": {"repository": "https://example.com/s"}}]);
    world.create::<Agent>("whole", json!({"contexts": contexts, "skills": skills})).await;
    page.tell(&world, "agent/whole", &["Warning Unsupported"]).await;
    let maps = world.api::<ConfigMap>();
    let map = world.until("its files are there", async || maps.get_opt("whole-server-context").await.unwrap()).await;
    page.text(&map.data.unwrap()["workspace-.kubeopencode-context.md"]);

    page.is_as_in("agents");
}
