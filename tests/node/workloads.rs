//! Deployments and Services on the node.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use kube::ResourceExt;
use kube::api::{ListParams, Patch, PatchParams};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::cluster::{Cluster, LONG};

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
