//! Deployments and Services on the node.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Node, Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use kube::api::{ListParams, Patch, PatchParams};
use kube::runtime::wait::await_condition;
use kube::{Api, ResourceExt};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::cluster::{Cluster, LONG};
use crate::pods::{SERVE, is_ready, script};

/// Complete in its newest version: every replica is of it, ready, and no other is left.
fn complete(replicas: i32) -> impl Fn(&Deployment) -> bool {
    move |deployment| {
        let Some(status) = &deployment.status else { return false };
        status.observed_generation == deployment.metadata.generation
            && status.replicas.unwrap_or(0) == replicas
            && status.updated_replicas.unwrap_or(0) == replicas
            && status.available_replicas.unwrap_or(0) == replicas
    }
}

async fn answer(address: &str) -> String {
    let deadline = tokio::time::Instant::now() + LONG;
    // The endpoints may be told a moment before the proxy listens.
    let mut stream = loop {
        match TcpStream::connect(address).await {
            Ok(stream) => break stream,
            Err(error) => assert!(tokio::time::Instant::now() < deadline, "{address}: {error}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    stream.write_all(b"GET /name HTTP/1.0\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_behind_a_service_is_reached_rolled_and_scaled_to_nothing() {
    let cluster = Cluster::start();
    let script = "cd \"$HOME\"; printf \"version $VERSION\" > name; exec python3 -m http.server 8124 --bind $POD_IP";
    cluster
        .create::<Deployment>(json!({
            "metadata": { "name": "web" },
            "spec": {
                "replicas": 2, "selector": { "matchLabels": { "app": "web" } },
                "template": {
                    "metadata": { "labels": { "app": "web" } },
                    "spec": { "terminationGracePeriodSeconds": 1, "containers": [{
                        "name": "c", "image": "x", "command": ["sh", "-c", script],
                        "env": [
                            { "name": "POD_IP", "valueFrom": { "fieldRef": { "fieldPath": "status.podIP" } } },
                            { "name": "VERSION", "value": "one" },
                        ],
                        "readinessProbe": { "tcpSocket": { "port": 8124 }, "periodSeconds": 1 },
                    }] },
                },
            },
        }))
        .await;
    let service: Service = cluster
        .create(json!({
            "metadata": { "name": "web" },
            "spec": { "selector": { "app": "web" }, "ports": [{ "name": "http", "port": 18124, "targetPort": 8124 }] },
        }))
        .await;
    cluster.until("web", "complete", complete(2)).await;
    let address = format!("{}:18124", service.spec.unwrap().cluster_ip.unwrap());
    let ready = |wanted: usize| {
        move |slice: &EndpointSlice| {
            let ready = |one: &&k8s_openapi::api::discovery::v1::Endpoint| {
                one.conditions.as_ref().and_then(|conditions| conditions.ready) == Some(true)
            };
            slice.endpoints.iter().filter(ready).count() == wanted
        }
    };
    cluster.until("web", "two endpoints", ready(2)).await;
    assert!(answer(&address).await.ends_with("version one"));

    let pods = cluster.api::<Pod>();
    let names = |pods: Vec<Pod>| pods.iter().map(ResourceExt::name_any).collect::<Vec<_>>();
    let old = names(pods.list(&ListParams::default()).await.unwrap().items);
    let deployments = cluster.api::<Deployment>();
    let patch = |body| {
        let deployments = deployments.clone();
        async move {
            deployments.patch("web", &PatchParams::default(), &Patch::Strategic(body)).await.unwrap();
        }
    };
    patch(json!({ "spec": { "template": { "spec": { "containers": [
        { "name": "c", "env": [{ "name": "VERSION", "value": "two" }] },
    ] } } } }))
    .await;
    cluster.until("web", "complete in its new version", complete(2)).await;
    cluster.until("web", "two endpoints", ready(2)).await;
    let new = pods.list(&ListParams::default()).await.unwrap().items;
    let new = names(new.into_iter().filter(|pod| pod.metadata.deletion_timestamp.is_none()).collect());
    assert!(new.iter().all(|name| !old.contains(name)), "{old:?} {new:?}");
    assert!(answer(&address).await.ends_with("version two"));

    patch(json!({ "spec": { "replicas": 0 } })).await;
    cluster.until("web", "nothing", complete(0)).await;
    cluster.until("web", "no endpoint", ready(0)).await;
    cluster.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cordoned_node_gets_no_pod_until_it_is_uncordoned() {
    let cluster = Cluster::start();
    let nodes = Api::<Node>::all(cluster.client.clone());
    let registered = await_condition(nodes.clone(), "sandbox", |node: Option<&Node>| {
        node.and_then(|node| node.status.as_ref()).is_some_and(|status| status.conditions.is_some())
    });
    tokio::time::timeout(LONG, registered).await.unwrap().unwrap();
    let cordon = |wanted: bool| Patch::Strategic(json!({ "spec": { "unschedulable": wanted } }));
    nodes.patch("sandbox", &PatchParams::default(), &cordon(true)).await.unwrap();
    cluster.create::<Pod>(script("waits", "Always", SERVE, json!({}))).await;
    let condition = |pod: &Pod| {
        let conditions = pod.status.as_ref().and_then(|status| status.conditions.clone()).unwrap_or_default();
        conditions.into_iter().find(|condition| condition.type_ == "PodScheduled")
    };
    let waiting = cluster.until("waits", "a condition", |pod: &Pod| condition(pod).is_some()).await;
    let told = condition(&waiting).unwrap();
    assert_eq!((told.status.as_str(), told.reason.as_deref()), ("False", Some("Unschedulable")));
    assert!(told.message.unwrap().starts_with("0/1 nodes are available: 1 node(s) were unschedulable."));
    let mut tolerant = script("tolerates", "Always", SERVE, json!({}));
    tolerant["spec"]["tolerations"] = json!([{ "operator": "Exists" }]);
    cluster.create::<Pod>(tolerant).await;
    cluster.until("tolerates", "ready", is_ready).await;
    let waiting = cluster.api::<Pod>().get("waits").await.unwrap();
    assert_eq!(waiting.spec.unwrap().node_name, None);

    nodes.patch("sandbox", &PatchParams::default(), &cordon(false)).await.unwrap();
    let pod = cluster.until("waits", "ready", is_ready).await;
    assert_eq!(condition(&pod).unwrap().status, "True");
    let reasons = cluster.reasons("waits").await;
    assert!(reasons.iter().any(|reason| reason == "FailedScheduling"), "{reasons:?}");
    cluster.stop().await;
}
