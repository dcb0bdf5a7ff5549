//! Deletion: finalizers, owners, namespaces, grace.

use std::time::Duration;

use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Pod};
use kube::api::{DeleteParams, Patch, PatchParams, PostParams, Preconditions, PropagationPolicy};
use kube::runtime::wait::{await_condition, conditions};
use kube::{Api, ResourceExt};
use serde_json::{Value, json};

use super::Cluster;

const LONG: Duration = Duration::from_secs(60);

fn map(name: &str, owner: Option<&ConfigMap>, finalizers: &[&str]) -> ConfigMap {
    let owners: Vec<Value> = owner
        .iter()
        .map(|owner| {
            json!({
                "apiVersion": "v1", "kind": "ConfigMap", "name": owner.name_any(), "uid": owner.uid(),
                "blockOwnerDeletion": true,
            })
        })
        .collect();
    serde_json::from_value(json!({"metadata": {"name": name, "ownerReferences": owners, "finalizers": finalizers}}))
        .unwrap()
}

async fn gone(maps: &Api<ConfigMap>, object: &ConfigMap) {
    let (name, uid) = (object.name_any(), object.uid().unwrap());
    let deleted = await_condition(maps.clone(), &name, conditions::is_deleted(&uid));
    tokio::time::timeout(LONG, deleted).await.expect("still there").unwrap();
}

fn with(policy: PropagationPolicy) -> DeleteParams {
    DeleteParams { propagation_policy: Some(policy), ..DeleteParams::default() }
}

#[tokio::test]
async fn a_finalizer_holds_a_deleted_object() {
    let cluster = Cluster::start().await;
    let maps: Api<ConfigMap> = cluster.api();
    let held = maps.create(&PostParams::default(), &map("a", None, &["example.org/hold"])).await.unwrap();
    let answer = maps.delete("a", &DeleteParams::default()).await.unwrap();
    assert!(answer.left().unwrap().metadata.deletion_timestamp.is_some());
    let more = json!({"metadata": {"finalizers": ["example.org/hold", "example.org/more"]}});
    let error = maps.patch("a", &PatchParams::default(), &Patch::Merge(&more)).await.unwrap_err();
    let kube::Error::Api(status) = error else { panic!("{error}") };
    assert_eq!(status.code, 422);
    assert!(
        status.message.contains("no new finalizers can be added if the object is being deleted"),
        "{}",
        status.message
    );
    let none = json!({"metadata": {"finalizers": null}});
    maps.patch("a", &PatchParams::default(), &Patch::Merge(&none)).await.unwrap();
    gone(&maps, &held).await;
    cluster.end().await;
}

#[tokio::test]
async fn dependents_follow_their_owner_as_the_policy_says() {
    let cluster = Cluster::start().await;
    let maps: Api<ConfigMap> = cluster.api();
    let create = async |map: ConfigMap| maps.create(&PostParams::default(), &map).await.unwrap();

    let owner = create(map("background", None, &[])).await;
    let child = create(map("background-child", Some(&owner), &[])).await;
    maps.delete("background", &with(PropagationPolicy::Background)).await.unwrap();
    gone(&maps, &child).await;

    let owner = create(map("foreground", None, &[])).await;
    let child = create(map("foreground-child", Some(&owner), &["example.org/hold"])).await;
    maps.delete("foreground", &with(PropagationPolicy::Foreground)).await.unwrap();
    let marked = |object: Option<&ConfigMap>| object.is_some_and(|map| map.metadata.deletion_timestamp.is_some());
    tokio::time::timeout(LONG, await_condition(maps.clone(), "foreground-child", marked)).await.unwrap().unwrap();
    assert!(maps.get("foreground").await.is_ok(), "the owner waits for its dependent");
    let none = json!({"metadata": {"finalizers": null}});
    maps.patch("foreground-child", &PatchParams::default(), &Patch::Merge(&none)).await.unwrap();
    gone(&maps, &child).await;
    gone(&maps, &owner).await;

    let owner = create(map("orphan", None, &[])).await;
    create(map("orphan-child", Some(&owner), &[])).await;
    maps.delete("orphan", &with(PropagationPolicy::Orphan)).await.unwrap();
    gone(&maps, &owner).await;
    assert!(maps.get("orphan-child").await.unwrap().owner_references().is_empty());
    cluster.end().await;
}

#[tokio::test]
async fn preconditions_and_dry_runs_protect() {
    let cluster = Cluster::start().await;
    let maps: Api<ConfigMap> = cluster.api();
    maps.create(&PostParams::default(), &map("a", None, &[])).await.unwrap();
    let preconditions = Preconditions { uid: Some("other".into()), resource_version: None };
    let parameters = DeleteParams { preconditions: Some(preconditions), ..DeleteParams::default() };
    let error = maps.delete("a", &parameters).await.unwrap_err();
    let kube::Error::Api(status) = error else { panic!("{error}") };
    assert_eq!((status.code, status.reason.as_str()), (409, "Conflict"));
    assert!(status.message.contains("Precondition failed: UID in precondition: other"), "{}", status.message);
    maps.delete("a", &DeleteParams { dry_run: true, ..DeleteParams::default() }).await.unwrap();
    assert!(maps.get("a").await.is_ok());
    cluster.end().await;
}

#[tokio::test]
async fn a_namespace_goes_with_everything_in_it() {
    let cluster = Cluster::start().await;
    let namespaces: Api<Namespace> = Api::all(cluster.client.clone());
    let maps: Api<ConfigMap> = cluster.api();
    let held = maps.create(&PostParams::default(), &map("a", None, &["example.org/hold"])).await.unwrap();
    let namespace = namespaces.get(&cluster.namespace).await.unwrap();
    namespaces.delete(&cluster.namespace, &DeleteParams::default()).await.unwrap();
    let terminating = namespaces.get(&cluster.namespace).await.unwrap();
    assert_eq!(terminating.status.unwrap().phase.as_deref(), Some("Terminating"));
    let error = maps.create(&PostParams::default(), &map("b", None, &[])).await.unwrap_err();
    let kube::Error::Api(status) = error else { panic!("{error}") };
    assert_eq!((status.code, status.reason.as_str()), (403, "Forbidden"));
    assert!(status.message.ends_with("because it is being terminated"), "{}", status.message);
    let none = json!({"metadata": {"finalizers": null}});
    maps.patch("a", &PatchParams::default(), &Patch::Merge(&none)).await.unwrap();
    gone(&maps, &held).await;
    let uid = namespace.uid().unwrap();
    let ended = await_condition(namespaces.clone(), &cluster.namespace, conditions::is_deleted(&uid));
    tokio::time::timeout(LONG, ended).await.unwrap().unwrap();
    let error = maps.create(&PostParams::default(), &map("b", None, &[])).await.unwrap_err();
    let kube::Error::Api(status) = error else { panic!("{error}") };
    assert_eq!((status.code, status.message), (404, format!("namespaces {:?} not found", cluster.namespace)));
}

#[tokio::test]
async fn a_pod_on_no_node_is_deleted_at_once_and_has_its_defaults() {
    let cluster = Cluster::start().await;
    let pods: Api<Pod> = cluster.api();
    let pod = serde_json::from_value(json!({
        "metadata": {"name": "a"},
        "spec": {"nodeSelector": {"example.org/none": "x"}, "containers": [{"name": "c", "image": "example.org/x"}]},
    }));
    let pod = pods.create(&PostParams::default(), &pod.unwrap()).await.unwrap();
    let spec = pod.spec.as_ref().unwrap();
    assert_eq!(spec.restart_policy.as_deref(), Some("Always"));
    assert_eq!(spec.termination_grace_period_seconds, Some(30));
    assert_eq!(spec.service_account_name.as_deref(), Some("default"));
    assert_eq!(spec.containers[0].image_pull_policy.as_deref(), Some("Always"));
    assert_eq!(pod.status.as_ref().unwrap().phase.as_deref(), Some("Pending"));
    pods.delete("a", &DeleteParams::default()).await.unwrap();
    assert!(pods.get_opt("a").await.unwrap().is_none());
    cluster.end().await;
}
