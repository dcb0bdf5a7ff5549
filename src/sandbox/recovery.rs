//! What is true at the start of a sandbox: no Pod runs.
//!
//! The last sandbox of this folder may have been killed, and then its objects still tell of ready Pods. Whoever believed
//! them would send work to servers that are only being started again. So before anything reads them, the Pods are marked
//! as not ready, as the node lifecycle controller does for a node that is lost, and with them what counts ready Pods.

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{ListParams, Patch, PatchParams};
use kube::{Api, Client, ResourceExt};
use serde_json::{Value, json};

use super::node::NODE;
use crate::api::Agent;
use crate::error::{Error, Result};

/// Marks everything as not ready.
pub(super) async fn nothing_runs(client: &Client) -> Result<()> {
    mark(client).await.map_err(|error| Error::internal("cannot mark the Pods as not ready").caused_by(&error))
}

async fn mark(client: &Client) -> kube::Result<()> {
    let (all, params) = (ListParams::default(), PatchParams::default());
    let bound = all.clone().fields(&format!("spec.nodeName={NODE}"));
    for pod in Api::<Pod>::all(client.clone()).list(&bound).await? {
        if let Some(status) = not_ready(&pod)? {
            let api = Api::<Pod>::namespaced(client.clone(), &pod.namespace().unwrap_or_default());
            api.patch_status(&pod.name_any(), &params, &Patch::Merge(json!({"status": status}))).await?;
        }
    }
    let none = json!({"status": {"readyReplicas": 0, "availableReplicas": 0}});
    for set in Api::<ReplicaSet>::all(client.clone()).list(&all).await? {
        if set.status.as_ref().is_some_and(|status| status.ready_replicas.unwrap_or(0) > 0) {
            let api = Api::<ReplicaSet>::namespaced(client.clone(), &set.namespace().unwrap_or_default());
            api.patch_status(&set.name_any(), &params, &Patch::Merge(&none)).await?;
        }
    }
    for deployment in Api::<Deployment>::all(client.clone()).list(&all).await? {
        if deployment.status.as_ref().is_some_and(|status| status.ready_replicas.unwrap_or(0) > 0) {
            let api = Api::<Deployment>::namespaced(client.clone(), &deployment.namespace().unwrap_or_default());
            api.patch_status(&deployment.name_any(), &params, &Patch::Merge(&none)).await?;
        }
    }
    for agent in Api::<Agent>::all(client.clone()).list(&all).await? {
        if agent.is_ready() {
            let api = Api::<Agent>::namespaced(client.clone(), &agent.namespace().unwrap_or_default());
            let patch = Patch::Merge(json!({"status": {"ready": false}}));
            api.patch_status(&agent.name_any(), &params, &patch).await?;
        }
    }
    Ok(())
}

/// The changed part of the status of a Pod that says it is ready; `None` for any other.
fn not_ready(pod: &Pod) -> kube::Result<Option<Value>> {
    let Some(mut status) = pod.status.clone() else { return Ok(None) };
    let conditions = status.conditions.iter_mut().flatten();
    let mut ready: Vec<_> = conditions
        .filter(|condition| matches!(&*condition.type_, "Ready" | "ContainersReady") && condition.status == "True")
        .collect();
    if ready.is_empty() {
        return Ok(None);
    }
    for condition in &mut ready {
        "False".clone_into(&mut condition.status);
        condition.reason = Some("NodeNotReady".to_owned());
        condition.message = Some("the sandbox was started again".to_owned());
        condition.last_transition_time =
            Some(k8s_openapi::apimachinery::pkg::apis::meta::v1::Time(jiff::Timestamp::now()));
    }
    for container in status.container_statuses.iter_mut().flatten() {
        container.ready = false;
    }
    let value = |value: Result<Value, serde_json::Error>| value.map_err(kube::Error::SerdeError);
    Ok(Some(json!({
        "conditions": value(serde_json::to_value(&status.conditions))?,
        "containerStatuses": value(serde_json::to_value(&status.container_statuses))?,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_ready_pod_is_changed() {
        let pod = |ready: &str| -> Pod {
            serde_json::from_value(json!({"metadata": {"name": "a"}, "status": {
                "phase": "Running",
                "conditions": [{"type": "PodScheduled", "status": "True"}, {"type": "Ready", "status": ready}],
                "containerStatuses": [{"name": "c", "image": "i", "imageID": "", "ready": true, "restartCount": 2}],
            }}))
            .unwrap()
        };
        assert_eq!(not_ready(&pod("False")).unwrap(), None);
        let status = not_ready(&pod("True")).unwrap().unwrap();
        assert_eq!(status["conditions"][0]["status"], "True");
        assert_eq!(status["conditions"][1]["status"], "False");
        assert_eq!(status["containerStatuses"][0]["ready"], false);
        assert_eq!(status["containerStatuses"][0]["restartCount"], 2);
    }
}
