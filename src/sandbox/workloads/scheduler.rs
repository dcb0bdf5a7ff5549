//! Binds Pods that name no node to the only one.

use std::sync::Arc;

use futures::StreamExt;
use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt;
use kube::api::{Api, PostParams};
use kube::runtime::controller::Action;
use kube::runtime::events::EventType;
use kube::runtime::{Controller, watcher};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{Context, overtaken, retry};
use crate::sandbox::node::NODE;

/// Runs until `shutdown`.
pub async fn run(context: Arc<Context>, shutdown: CancellationToken) {
    let unbound = watcher::Config::default().fields("spec.nodeName=");
    Controller::new(Api::<Pod>::all(context.client.clone()), unbound)
        .graceful_shutdown_on(shutdown.cancelled_owned())
        .run(reconcile, retry, context)
        .for_each(|_| std::future::ready(()))
        .await;
}

async fn reconcile(pod: Arc<Pod>, context: Arc<Context>) -> Result<Action, kube::Error> {
    if pod.metadata.deletion_timestamp.is_some() {
        return Ok(Action::await_change());
    }
    let (namespace, name) = (pod.namespace().unwrap_or_default(), pod.name_any());
    let pods = Api::<Pod>::namespaced(context.client.clone(), &namespace);
    let binding = json!({
        "apiVersion": "v1", "kind": "Binding", "metadata": { "name": name, "uid": pod.uid() },
        "target": { "kind": "Node", "name": NODE },
    });
    let post = PostParams { field_manager: Some("kube-scheduler".to_owned()), ..PostParams::default() };
    match pods.create_subresource::<_, Value>("binding", &name, &post, &binding).await {
        Ok(_) => {
            let note = format!("Successfully assigned {namespace}/{name} to {NODE}");
            context.tell(&*pod, EventType::Normal, "Binding", "Scheduled", note).await;
        }
        Err(error) if overtaken(&error) => {}
        Err(error) => return Err(error),
    }
    Ok(Action::await_change())
}
