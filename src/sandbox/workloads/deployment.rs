//! `Deployment`: one replica set per version of the Pod template, rolled from the old to the new.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::StreamExt;
use jiff::Timestamp;
use k8s_openapi::api::apps::v1::{Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet, ReplicaSetSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, Time};
use kube::api::{Api, DeleteParams, ListParams, ObjectMeta, Patch, PatchParams, PostParams};
use kube::runtime::controller::Action;
use kube::runtime::events::EventType;
use kube::runtime::{Controller, watcher};
use kube::{Resource, ResourceExt};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use super::{Context, MANAGER, overtaken, retry};

/// Label that tells the versions of a template apart.
const HASH: &str = "pod-template-hash";
/// Annotation that numbers the versions.
const REVISION: &str = "deployment.kubernetes.io/revision";
/// Letters that make no words, as the API server uses for generated names (`k8s.io/apimachinery/pkg/util/rand`).
const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// Runs until `shutdown`.
pub async fn run(context: Arc<Context>, shutdown: CancellationToken) {
    let deployments = Api::<Deployment>::all(context.client.clone());
    let sets = Api::<ReplicaSet>::all(context.client.clone());
    Controller::new(deployments, watcher::Config::default())
        .owns(sets, watcher::Config::default())
        .graceful_shutdown_on(shutdown.cancelled_owned())
        .run(reconcile, retry, context)
        .for_each(|_| std::future::ready(()))
        .await;
}

/// Hash of the Pod template, in the letters of generated names.
fn template_hash(deployment: &Deployment) -> String {
    let template = json!(deployment.spec.as_ref().map(|spec| &spec.template));
    let digest = Sha256::digest(template.to_string());
    digest.iter().take(10).map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect()
}

fn replicas(set: &ReplicaSet) -> i32 {
    set.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1)
}

/// Replicas of a set that exist, ready or not, and that are ready.
fn counts(set: &ReplicaSet) -> (i32, i32) {
    set.status.as_ref().map_or((0, 0), |status| (status.replicas, status.ready_replicas.unwrap_or(0)))
}

/// How many replicas the new set and all old ones together should have next.
///
/// `Recreate` ends the old ones first. A rolling update, with the defaults rounded for the few replicas that agents have, brings
/// up the new ones beside the old and takes those away as the new become ready.
fn next_step(wanted: i32, recreate: bool, new_ready: i32, old: i32) -> (i32, i32) {
    if recreate {
        return if old > 0 { (0, 0) } else { (wanted, 0) };
    }
    (wanted, old.min((wanted - new_ready).max(0)))
}

async fn reconcile(deployment: Arc<Deployment>, context: Arc<Context>) -> Result<Action, kube::Error> {
    if deployment.metadata.deletion_timestamp.is_some() {
        return Ok(Action::await_change());
    }
    let (Some(spec), Some(namespace)) = (&deployment.spec, deployment.namespace()) else {
        return Ok(Action::await_change());
    };
    let sets = Api::<ReplicaSet>::namespaced(context.client.clone(), &namespace);
    let mut owned: Vec<ReplicaSet> = sets
        .list(&ListParams::default())
        .await?
        .items
        .into_iter()
        .filter(|set| set.owner_references().iter().any(|owner| Some(&owner.uid) == deployment.metadata.uid.as_ref()))
        .collect();
    let hash = template_hash(&deployment);
    let name = format!("{}-{hash}", deployment.name_any());
    let revision =
        |set: &ReplicaSet| set.annotations().get(REVISION).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    let latest = owned.iter().map(revision).max().unwrap_or(0);
    let current = owned.iter().position(|set| set.name_any() == name).map(|at| owned.swap_remove(at));
    let wanted = spec.replicas.unwrap_or(1);
    let recreate = spec.strategy.as_ref().and_then(|strategy| strategy.type_.as_deref()) == Some("Recreate");

    let old_existing: i32 = owned.iter().map(|set| counts(set).0.max(replicas(set))).sum();
    let (new_ready, old_now) = (current.as_ref().map_or(0, |set| counts(set).1), owned.iter().map(replicas).sum());
    let (new_target, mut old_target) =
        next_step(wanted, recreate, new_ready, if recreate { old_existing } else { old_now });
    let newest = match &current {
        None => {
            let post = PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() };
            let set = set_of(&deployment, &name, &hash, new_target, latest + 1);
            match sets.create(&post, &set).await {
                Ok(_) => tell_scaled(&context, &deployment, &name, 0, new_target).await,
                Err(error) if overtaken(&error) => {}
                Err(error) => return Err(error),
            }
            latest + 1
        }
        Some(set) => {
            let newest =
                revision(set).max(if owned.iter().any(|old| revision(old) > revision(set)) { latest + 1 } else { 0 });
            let body = json!({
                "metadata": { "annotations": { REVISION: newest.to_string() } },
                "spec": { "replicas": new_target },
            });
            if replicas(set) != new_target || newest != revision(set) {
                sets.patch(&name, &PatchParams::apply(MANAGER), &Patch::Merge(body)).await?;
                tell_scaled(&context, &deployment, &name, replicas(set), new_target).await;
            }
            newest
        }
    };
    number(&deployment, newest, &context).await?;
    owned.sort_by_key(|set| std::cmp::Reverse(revision(set)));
    for set in &owned {
        let keep = old_target.min(replicas(set));
        old_target -= keep;
        if replicas(set) != keep {
            let body = json!({ "spec": { "replicas": keep } });
            sets.patch(&set.name_any(), &PatchParams::apply(MANAGER), &Patch::Merge(body)).await?;
            tell_scaled(&context, &deployment, &set.name_any(), replicas(set), keep).await;
        }
    }
    let history = usize::try_from(spec.revision_history_limit.unwrap_or(10)).unwrap_or(10);
    for set in owned.iter().filter(|set| replicas(set) == 0 && counts(set).0 == 0).skip(history) {
        match sets.delete(&set.name_any(), &DeleteParams::default()).await {
            Err(error) if !overtaken(&error) => return Err(error),
            _ => {}
        }
    }
    let status = status(&deployment, current.as_ref(), &owned, wanted);
    if deployment.status.as_ref() != Some(&status) {
        let deployments = Api::<Deployment>::namespaced(context.client.clone(), &namespace);
        let body = json!({ "metadata": { "uid": deployment.uid() }, "status": whole(&status) });
        let (name, parameters) = (deployment.name_any(), PatchParams::apply(MANAGER));
        match deployments.patch_status(&name, &parameters, &Patch::Merge(body)).await {
            Err(error) if !overtaken(&error) => return Err(error),
            _ => {}
        }
    }
    Ok(Action::await_change())
}

/// Notes on the Deployment which version of its template it is at; `kubectl rollout undo` needs that there.
async fn number(deployment: &Deployment, revision: u64, context: &Context) -> Result<(), kube::Error> {
    let revision = revision.to_string();
    if deployment.annotations().get(REVISION) == Some(&revision) {
        return Ok(());
    }
    let deployments =
        Api::<Deployment>::namespaced(context.client.clone(), &deployment.namespace().unwrap_or_default());
    let body = json!({ "metadata": { "uid": deployment.uid(), "annotations": { REVISION: revision } } });
    match deployments.patch(&deployment.name_any(), &PatchParams::apply(MANAGER), &Patch::Merge(body)).await {
        Err(error) if !overtaken(&error) => Err(error),
        _ => Ok(()),
    }
}

/// The event `ScalingReplicaSet`, in the words of the Deployment controller (`pkg/controller/deployment/sync.go`).
async fn tell_scaled(context: &Context, deployment: &Deployment, set: &str, from: i32, to: i32) {
    if from != to {
        let direction = if to > from { "up" } else { "down" };
        let note = format!("Scaled {direction} replica set {set} from {from} to {to}");
        context.tell(deployment, EventType::Normal, "Scale", "ScalingReplicaSet", note).await;
    }
}

fn set_of(deployment: &Deployment, name: &str, hash: &str, replicas: i32, revision: u64) -> ReplicaSet {
    let spec = deployment.spec.clone().unwrap_or_default();
    let mut template = spec.template;
    let labelled = |labels: &mut Option<BTreeMap<String, String>>| {
        labels.get_or_insert_default().insert(HASH.to_owned(), hash.to_owned());
    };
    labelled(&mut template.metadata.get_or_insert_default().labels);
    let mut match_labels = spec.selector.match_labels;
    labelled(&mut match_labels);
    ReplicaSet {
        metadata: ObjectMeta {
            name: Some(name.to_owned()),
            namespace: deployment.namespace(),
            labels: template.metadata.as_ref().and_then(|metadata| metadata.labels.clone()),
            annotations: Some(BTreeMap::from([(REVISION.to_owned(), revision.to_string())])),
            owner_references: deployment.controller_owner_ref(&()).map(|owner| vec![owner]),
            ..ObjectMeta::default()
        },
        spec: Some(ReplicaSetSpec {
            replicas: Some(replicas),
            selector: LabelSelector { match_labels, match_expressions: spec.selector.match_expressions },
            template: Some(template),
            ..ReplicaSetSpec::default()
        }),
        status: None,
    }
}

/// The status as a merge patch: a count that is zero, and so absent, must not leave the one before in its place.
fn whole(status: &DeploymentStatus) -> Value {
    let mut body = json!({
        "replicas": null, "updatedReplicas": null, "readyReplicas": null, "availableReplicas": null,
        "unavailableReplicas": null,
    });
    if let (Some(body), Value::Object(status)) = (body.as_object_mut(), json!(status)) {
        body.extend(status);
    }
    body
}

fn status(deployment: &Deployment, current: Option<&ReplicaSet>, old: &[ReplicaSet], wanted: i32) -> DeploymentStatus {
    let (updated, updated_ready) = current.map_or((0, 0), counts);
    let all = updated + old.iter().map(|set| counts(set).0).sum::<i32>();
    let ready = updated_ready + old.iter().map(|set| counts(set).1).sum::<i32>();
    let complete = updated == wanted && all == wanted && ready >= wanted;
    let set = current.map(ResourceExt::name_any).unwrap_or_default();
    let before = deployment.status.as_ref().and_then(|status| status.conditions.as_deref()).unwrap_or_default();
    let now = Some(Time(Timestamp::now()));
    let condition = |kind: &str, holds: bool, reason: &str, message: String| {
        let status = if holds { "True" } else { "False" };
        let same = before.iter().find(|one| one.type_ == kind && one.status == status);
        let unchanged =
            same.filter(|one| one.reason.as_deref() == Some(reason) && one.message.as_deref() == Some(&message));
        unchanged.cloned().unwrap_or_else(|| DeploymentCondition {
            type_: kind.to_owned(),
            status: status.to_owned(),
            reason: Some(reason.to_owned()),
            message: Some(message),
            last_transition_time: same.and_then(|one| one.last_transition_time.clone()).or(now.clone()),
            last_update_time: now.clone(),
        })
    };
    let available = if ready >= wanted {
        condition("Available", true, "MinimumReplicasAvailable", "Deployment has minimum availability.".to_owned())
    } else {
        condition(
            "Available",
            false,
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.".to_owned(),
        )
    };
    let progressing = if complete {
        condition(
            "Progressing",
            true,
            "NewReplicaSetAvailable",
            format!("ReplicaSet \"{set}\" has successfully progressed."),
        )
    } else {
        condition("Progressing", true, "ReplicaSetUpdated", format!("ReplicaSet \"{set}\" is progressing."))
    };
    let some = |count: i32| (count > 0).then_some(count);
    DeploymentStatus {
        observed_generation: deployment.metadata.generation,
        replicas: some(all),
        updated_replicas: some(updated),
        ready_replicas: some(ready),
        available_replicas: some(ready),
        unavailable_replicas: some(wanted - ready),
        conditions: Some(vec![available, progressing]),
        ..DeploymentStatus::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rolling_update_never_takes_the_old_away_before_the_new_are_ready() {
        // (wanted, recreate, ready new ones, old ones) → (new ones, old ones)
        for (state, expected) in [
            ((1, false, 0, 0), (1, 0)),
            ((1, false, 0, 1), (1, 1)),
            ((1, false, 1, 1), (1, 0)),
            ((3, false, 1, 3), (3, 2)),
            ((0, false, 0, 2), (0, 0)),
            ((1, true, 0, 1), (0, 0)),
            ((1, true, 0, 0), (1, 0)),
        ] {
            let (wanted, recreate, ready, old) = state;
            assert_eq!(next_step(wanted, recreate, ready, old), expected, "{state:?}");
        }
    }

    #[test]
    fn the_hash_follows_the_template_alone() {
        let deployment: Deployment = serde_json::from_value(json!({
            "metadata": { "name": "a" },
            "spec": { "selector": {}, "template": { "spec": { "containers": [{ "name": "c" }] } } },
        }))
        .unwrap();
        let mut scaled = deployment.clone();
        scaled.spec.as_mut().unwrap().replicas = Some(0);
        assert_eq!(template_hash(&deployment), template_hash(&scaled));
        let mut changed = deployment.clone();
        changed.spec.as_mut().unwrap().template.spec.as_mut().unwrap().hostname = Some("x".into());
        assert_ne!(template_hash(&deployment), template_hash(&changed));
    }
}
