//! `ReplicaSet`: as many Pods as asked for, replaced when they end or go.

use std::sync::Arc;

use futures::StreamExt;
use futures::future::join_all;
use k8s_openapi::api::apps::v1::{ReplicaSet, ReplicaSetStatus};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, DeleteParams, ListParams, ObjectMeta, Patch, PatchParams, PostParams};
use kube::runtime::controller::Action;
use kube::runtime::events::EventType;
use kube::runtime::{Controller, watcher};
use kube::{Resource, ResourceExt};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{Context, MANAGER, overtaken, retry};

/// Runs until `shutdown`.
pub async fn run(context: Arc<Context>, shutdown: CancellationToken) {
    let sets = Api::<ReplicaSet>::all(context.client.clone());
    let pods = Api::<Pod>::all(context.client.clone());
    Controller::new(sets, watcher::Config::default())
        .owns(pods, watcher::Config::default())
        .graceful_shutdown_on(shutdown.cancelled_owned())
        .run(reconcile, retry, context)
        .for_each(|_| std::future::ready(()))
        .await;
}

/// Whether the Pod counts: it neither ended nor is on its way out.
fn counts(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    pod.metadata.deletion_timestamp.is_none() && !matches!(phase, Some("Succeeded" | "Failed"))
}

/// Whether the Pod passed its readiness probes.
pub fn is_ready(pod: &Pod) -> bool {
    let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_deref()).unwrap_or_default();
    pod.metadata.deletion_timestamp.is_none()
        && conditions.iter().any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

async fn reconcile(set: Arc<ReplicaSet>, context: Arc<Context>) -> Result<Action, kube::Error> {
    if set.metadata.deletion_timestamp.is_some() {
        return Ok(Action::await_change());
    }
    let (Some(spec), Some(namespace)) = (&set.spec, set.namespace()) else { return Ok(Action::await_change()) };
    let pods = Api::<Pod>::namespaced(context.client.clone(), &namespace);
    let owned: Vec<Pod> = pods
        .list(&ListParams::default())
        .await?
        .items
        .into_iter()
        .filter(|pod| pod.owner_references().iter().any(|owner| Some(&owner.uid) == set.metadata.uid.as_ref()))
        .collect();
    let (mut active, ended): (Vec<&Pod>, Vec<&Pod>) = owned.iter().partition(|pod| counts(pod));
    let wanted = usize::try_from(spec.replicas.unwrap_or(1)).unwrap_or(0);

    let gone = |result: Result<_, kube::Error>| match result {
        Err(error) if !overtaken(&error) => Err(error),
        _ => Ok(()),
    };
    // What ended by itself (a lost node's Pod, say) makes room for its replacement.
    for pod in ended.into_iter().filter(|pod| pod.metadata.deletion_timestamp.is_none()) {
        gone(pods.delete(&pod.name_any(), &DeleteParams::default()).await.map(drop))?;
    }
    if active.len() < wanted {
        let post = PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() };
        let new = pod_of(&set);
        let created = join_all((active.len()..wanted).map(|_| pods.create(&post, &new))).await;
        for result in &created {
            let (type_, reason, note) = match result {
                Ok(pod) => (EventType::Normal, "SuccessfulCreate", format!("Created pod: {}", pod.name_any())),
                Err(error) => (EventType::Warning, "FailedCreate", format!("Error creating: {error}")),
            };
            context.tell(&*set, type_, "Create", reason, note).await;
        }
        created.into_iter().collect::<Result<Vec<_>, _>>()?;
    } else if active.len() > wanted {
        // The Pods that are of least use go first.
        active.sort_by_key(|pod| (is_ready(pod), std::cmp::Reverse(pod.creation_timestamp())));
        for pod in &active[..active.len() - wanted] {
            let name = pod.name_any();
            gone(pods.delete(&name, &DeleteParams::default()).await.map(drop))?;
            let note = format!("Deleted pod: {name}");
            context.tell(&*set, EventType::Normal, "Delete", "SuccessfulDelete", note).await;
        }
    }

    let count =
        |test: fn(&Pod) -> bool| i32::try_from(active.iter().filter(|pod| test(pod)).count()).unwrap_or(i32::MAX);
    let status = ReplicaSetStatus {
        replicas: count(|_| true),
        fully_labeled_replicas: Some(count(|_| true)),
        ready_replicas: Some(count(is_ready)),
        available_replicas: Some(count(is_ready)),
        observed_generation: set.metadata.generation,
        ..ReplicaSetStatus::default()
    };
    if set.status.as_ref() != Some(&status) {
        let sets = Api::<ReplicaSet>::namespaced(context.client.clone(), &namespace);
        let body = json!({ "metadata": { "uid": set.uid() }, "status": status });
        gone(sets.patch_status(&set.name_any(), &PatchParams::apply(MANAGER), &Patch::Merge(body)).await.map(drop))?;
    }
    Ok(Action::await_change())
}

/// A Pod of the set's template; the API server completes its name.
fn pod_of(set: &ReplicaSet) -> Pod {
    let template = set.spec.as_ref().and_then(|spec| spec.template.clone()).unwrap_or_default();
    let metadata = template.metadata.unwrap_or_default();
    Pod {
        metadata: ObjectMeta {
            generate_name: Some(format!("{}-", set.name_any())),
            labels: metadata.labels,
            annotations: metadata.annotations,
            owner_references: set.controller_owner_ref(&()).map(|owner| vec![owner]),
            ..ObjectMeta::default()
        },
        spec: template.spec,
        status: None,
    }
}
