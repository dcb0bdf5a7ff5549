//! Binds Pods that name no node to the only one, unless it is cordoned.
//!
//! A Pod that must wait says so as the real scheduler does (`pkg/scheduler/framework/plugins/nodeunschedulable`).

use std::sync::Arc;

use futures::StreamExt;
use k8s_openapi::api::core::v1::{Node, Pod, Toleration};
use kube::ResourceExt;
use kube::api::{Api, Patch, PatchParams, PostParams};
use kube::runtime::controller::Action;
use kube::runtime::events::EventType;
use kube::runtime::reflector::ObjectRef;
use kube::runtime::{Controller, watcher};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{Context, overtaken, retry};
use crate::sandbox::node::NODE;

/// Runs until `shutdown`.
pub async fn run(context: Arc<Context>, shutdown: CancellationToken) {
    let unbound = watcher::Config::default().fields("spec.nodeName=");
    let controller = Controller::new(Api::<Pod>::all(context.client.clone()), unbound);
    let waiting = controller.store();
    let nodes = Api::<Node>::all(context.client.clone());
    controller
        .watches(nodes, watcher::Config::default(), move |_| {
            waiting.state().iter().map(|pod| ObjectRef::from_obj(&**pod)).collect::<Vec<_>>()
        })
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
    let found = Api::<Node>::all(context.client.clone()).get_opt(NODE).await?;
    let tolerations = pod.spec.iter().flat_map(|spec| spec.tolerations.iter().flatten());
    if found.is_some_and(|node| is_cordoned(&node)) && !tolerations.into_iter().any(tolerates_cordon) {
        return wait(&pod, &pods, &context).await;
    }
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

fn is_cordoned(node: &Node) -> bool {
    node.spec.as_ref().and_then(|spec| spec.unschedulable) == Some(true)
}

/// Whether Pods with this toleration go to a cordoned node: it is as if it had the taint
/// `node.kubernetes.io/unschedulable:NoSchedule`.
fn tolerates_cordon(toleration: &Toleration) -> bool {
    let text = |field: &Option<String>| field.as_deref().unwrap_or_default().to_owned();
    let (key, operator, effect) = (text(&toleration.key), text(&toleration.operator), text(&toleration.effect));
    let exists = operator == "Exists";
    (key == "node.kubernetes.io/unschedulable" || (key.is_empty() && exists))
        && (exists || text(&toleration.value).is_empty())
        && matches!(&*effect, "" | "NoSchedule")
}

const CORDONED: &str = "0/1 nodes are available: 1 node(s) were unschedulable. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";

/// Says once that the Pod cannot be scheduled; a change of the node brings it back here.
async fn wait(pod: &Pod, pods: &Api<Pod>, context: &Context) -> Result<Action, kube::Error> {
    let mut conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    if conditions.any(|condition| condition.type_ == "PodScheduled" && condition.message.as_deref() == Some(CORDONED)) {
        return Ok(Action::await_change());
    }
    let condition = json!({
        "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": CORDONED,
        "lastTransitionTime": jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    });
    let status = Patch::Strategic(json!({"status": {"conditions": [condition]}}));
    let parameters = PatchParams { field_manager: Some("kube-scheduler".to_owned()), ..PatchParams::default() };
    match pods.patch_status(&pod.name_any(), &parameters, &status).await {
        Ok(_) => context.tell(pod, EventType::Warning, "Scheduling", "FailedScheduling", CORDONED.to_owned()).await,
        Err(error) if overtaken(&error) => {}
        Err(error) => return Err(error),
    }
    Ok(Action::await_change())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tolerations_of_a_cordon_are_those_of_its_taint() {
        for (toleration, expected) in [
            (json!({"key": "node.kubernetes.io/unschedulable", "operator": "Exists", "effect": "NoSchedule"}), true),
            (json!({"key": "node.kubernetes.io/unschedulable"}), true),
            (json!({"operator": "Exists"}), true),
            (json!({"key": "node.kubernetes.io/unschedulable", "value": "x"}), false),
            (json!({"key": "node.kubernetes.io/unschedulable", "operator": "Exists", "effect": "NoExecute"}), false),
            (json!({"key": "other", "operator": "Exists"}), false),
        ] {
            let given = serde_json::from_value(toleration.clone()).unwrap();
            assert_eq!(tolerates_cordon(&given), expected, "{toleration}");
        }
    }
}
