//! The controllers together, against an API server in memory.

use futures::StreamExt;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Event as ApiEvent, Pod};
use kube::ResourceExt;
use kube::api::{Api, Patch, PatchParams, PostParams};
use kube::runtime::{WatchStreamExt, watcher};
use serde_json::{from_value, json};
use tokio::task::JoinHandle;

use super::*;
use crate::sandbox::apiserver::streams::fake::Fake;
use crate::sandbox::apiserver::{ApiServer, Options};
use crate::sandbox::node::NODE;
use crate::sandbox::store::Store;

fn start() -> (Client, CancellationToken, JoinHandle<Result<()>>) {
    let server = ApiServer::new(Arc::new(Store::in_memory()), Arc::new(Fake::default()), Options::default()).unwrap();
    let (client, shutdown) = (server.client(), CancellationToken::new());
    let running = tokio::spawn(run(client.clone(), shutdown.clone()));
    (client, shutdown, running)
}

/// Waits for an object that passes `test`.
async fn seen<K>(client: &Client, test: impl Fn(&K) -> bool) -> K
where
    K: Resource<DynamicType = (), Scope = kube::core::NamespaceResourceScope>
        + Clone
        + std::fmt::Debug
        + Send
        + 'static,
    K: serde::de::DeserializeOwned,
{
    let api = Api::<K>::namespaced(client.clone(), "default");
    let mut objects = watcher(api, watcher::Config::default()).default_backoff().applied_objects().boxed();
    let found = async {
        loop {
            if let Some(Ok(object)) = objects.next().await
                && test(&object)
            {
                return object;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), found).await.expect("no such object came")
}

fn says<'a>(reason: &'a str, note: &'a str) -> impl Fn(&ApiEvent) -> bool + 'a {
    move |event| {
        let message = event.message.as_deref().unwrap_or_default();
        event.reason.as_deref() == Some(reason) && message.contains(note)
    }
}

#[tokio::test]
async fn a_deployment_becomes_a_bound_pod_of_a_replica_set_and_each_step_is_told() {
    let (client, shutdown, running) = start();
    let deployments = Api::<Deployment>::namespaced(client.clone(), "default");
    let deployment: Deployment = from_value(json!({
        "metadata": { "name": "web" },
        "spec": {
            "replicas": 1, "selector": { "matchLabels": { "app": "web" } },
            "template": {
                "metadata": { "labels": { "app": "web" } },
                "spec": { "containers": [{ "name": "c", "image": "i" }] },
            },
        },
    }))
    .unwrap();
    deployments.create(&PostParams::default(), &deployment).await.unwrap();

    let bound = |pod: &Pod| pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref()) == Some(NODE);
    let pod = seen(&client, bound).await;
    let owner = pod.owner_references()[0].clone();
    assert_eq!((owner.kind.as_str(), owner.controller), ("ReplicaSet", Some(true)));
    assert_eq!(owner.name, format!("web-{}", pod.labels()["pod-template-hash"]));
    assert!(pod.name_any().starts_with(&format!("{}-", owner.name)));

    let (set, name) = (owner.name, pod.name_any());
    seen(&client, says("Scheduled", &format!("Successfully assigned default/{name} to {NODE}"))).await;
    seen(&client, says("SuccessfulCreate", &format!("Created pod: {name}"))).await;
    seen(&client, says("ScalingReplicaSet", &format!("Scaled up replica set {set} from 0 to 1"))).await;

    let down = Patch::Merge(json!({ "spec": { "replicas": 0 } }));
    deployments.patch("web", &PatchParams::default(), &down).await.unwrap();
    seen(&client, says("ScalingReplicaSet", &format!("Scaled down replica set {set} from 1 to 0"))).await;
    seen(&client, says("SuccessfulDelete", &format!("Deleted pod: {name}"))).await;

    // Word by word the same as the first time, which makes it a series.
    let up = Patch::Merge(json!({ "spec": { "replicas": 1 } }));
    deployments.patch("web", &PatchParams::default(), &up).await.unwrap();
    let note = format!("Scaled up replica set {set} from 0 to 1");
    let again = |event: &ApiEvent| {
        says("ScalingReplicaSet", &note)(event) && event.series.as_ref().is_some_and(|series| series.count == Some(2))
    };
    seen(&client, again).await;

    shutdown.cancel();
    running.await.unwrap().unwrap();
}
