//! Volume claims: each is bound at once to a volume of its own, a folder of the node.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::StreamExt;
use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use kube::ResourceExt;
use kube::api::{Api, Patch, PatchParams};
use kube::runtime::controller::Action;
use kube::runtime::{Controller, watcher};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{Context, MANAGER, overtaken, retry};

/// Runs until `shutdown`.
pub async fn run(context: Arc<Context>, shutdown: CancellationToken) {
    Controller::new(Api::<PersistentVolumeClaim>::all(context.client.clone()), watcher::Config::default())
        .graceful_shutdown_on(shutdown.cancelled_owned())
        .run(reconcile, retry, context)
        .for_each(|_| std::future::ready(()))
        .await;
}

async fn reconcile(claim: Arc<PersistentVolumeClaim>, context: Arc<Context>) -> Result<Action, kube::Error> {
    let bound = claim.status.as_ref().and_then(|status| status.phase.as_deref()) == Some("Bound");
    let (Some(namespace), false) = (claim.namespace(), bound || claim.metadata.deletion_timestamp.is_some()) else {
        return Ok(Action::await_change());
    };
    let claims = Api::<PersistentVolumeClaim>::namespaced(context.client.clone(), &namespace);
    let name = claim.name_any();
    let spec = claim.spec.clone().unwrap_or_default();
    let volume = spec.volume_name.unwrap_or_else(|| format!("pvc-{}", claim.uid().unwrap_or_default()));
    let capacity: BTreeMap<_, _> = spec.resources.and_then(|resources| resources.requests).unwrap_or_default();
    let parameters = PatchParams::apply(MANAGER);
    let written = async {
        claims.patch(&name, &parameters, &Patch::Merge(json!({ "spec": { "volumeName": volume } }))).await?;
        let status = json!({ "phase": "Bound", "accessModes": spec.access_modes, "capacity": capacity });
        claims.patch_status(&name, &parameters, &Patch::Merge(json!({ "status": status }))).await
    };
    match written.await {
        Err(error) if !overtaken(&error) => Err(error),
        _ => Ok(Action::await_change()),
    }
}
