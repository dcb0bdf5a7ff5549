//! Binds Pods that name no node to the only one.

use futures::StreamExt;
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, Patch, PatchParams};
use kube::runtime::events::{Event, EventType, Recorder, Reporter};
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Client, Resource, ResourceExt};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::overtaken;
use crate::sandbox::node::NODE;

/// Runs until `shutdown`.
pub async fn run(client: Client, shutdown: CancellationToken) {
    let recorder = Recorder::new(client.clone(), Reporter { controller: "default-scheduler".into(), instance: None });
    let unbound = watcher::Config::default().fields("spec.nodeName=");
    let mut pods = watcher(Api::<Pod>::all(client.clone()), unbound).default_backoff().applied_objects().boxed();
    while let Some(pod) = shutdown.run_until_cancelled(pods.next()).await.flatten() {
        match pod {
            Ok(pod) if pod.metadata.deletion_timestamp.is_none() => bind(&client, &recorder, &pod).await,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the watch of unbound Pods failed and is tried again"),
        }
    }
}

async fn bind(client: &Client, recorder: &Recorder, pod: &Pod) {
    let namespace = pod.namespace().unwrap_or_default();
    let name = pod.name_any();
    let pods = Api::<Pod>::namespaced(client.clone(), &namespace);
    let body = json!({ "metadata": { "uid": pod.uid() }, "spec": { "nodeName": NODE } });
    match pods.patch(&name, &PatchParams::apply("kube-scheduler"), &Patch::Merge(body)).await {
        Ok(_) => {
            let event = Event {
                type_: EventType::Normal,
                reason: "Scheduled".to_owned(),
                note: Some(format!("Successfully assigned {namespace}/{name} to {NODE}")),
                action: "Binding".to_owned(),
                secondary: None,
            };
            if let Err(error) = recorder.publish(&event, &pod.object_ref(&())).await {
                tracing::debug!(%error, "cannot write an event");
            }
        }
        Err(error) if overtaken(&error) => {}
        // The Pod stays unbound and comes again with the next list of the watch.
        Err(error) => tracing::warn!(%namespace, pod = %name, %error, "cannot bind a Pod"),
    }
}
