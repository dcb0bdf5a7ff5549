//! Custom resources: definition, discovery, status, scale.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{ApiResource, DeleteParams, DynamicObject, GroupVersionKind, Patch, PatchParams, PostParams};
use kube::runtime::wait::{await_condition, conditions};
use kube::{Api, ResourceExt};
use serde_json::{Value, json};

use super::Cluster;

/// A definition in a group of its own, so that tests do not meet.
struct Things {
    definitions: Api<CustomResourceDefinition>,
    name: String,
    api: Api<DynamicObject>,
    group: String,
}

impl Things {
    async fn define(cluster: &Cluster) -> Self {
        let group = format!("{}.example.org", cluster.namespace);
        let name = format!("things.{group}");
        let definition = json!({
            "metadata": {"name": name},
            "spec": {
                "group": group, "scope": "Namespaced",
                "names": {"plural": "things", "kind": "Thing", "shortNames": ["thg"], "categories": ["kubeopencode"]},
                "versions": [{
                    "name": "v1", "served": true, "storage": true,
                    "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                        "spec": {"type": "object", "properties": {
                            "size": {"type": "integer"}, "text": {"type": "string"},
                            "rows": {
                                "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                                "items": {"type": "object", "required": ["name"], "properties": {
                                    "name": {"type": "string"}, "value": {"type": "string"},
                                }},
                            },
                        }},
                        "status": {"type": "object", "properties": {"size": {"type": "integer"}, "phase": {"type": "string"}}},
                    }}},
                    "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.size", "statusReplicasPath": ".status.size"}},
                    "additionalPrinterColumns": [{"name": "Phase", "type": "string", "jsonPath": ".status.phase"}],
                }],
            },
        });
        let definitions: Api<CustomResourceDefinition> = Api::all(cluster.client.clone());
        let definition = serde_json::from_value(definition).unwrap();
        definitions.create(&PostParams::default(), &definition).await.unwrap();
        await_condition(definitions.clone(), &name, conditions::is_crd_established()).await.unwrap();
        let kind = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(&group, "v1", "Thing"), "things");
        let api = Api::namespaced_with(cluster.client.clone(), &cluster.namespace, &kind);
        Self { definitions, name, api, group }
    }

    fn thing(&self, name: &str, spec: &Value) -> DynamicObject {
        let text = json!({
            "apiVersion": format!("{}/v1", self.group), "kind": "Thing", "metadata": {"name": name}, "spec": spec,
            "status": {"phase": "Ignored"},
        });
        serde_json::from_value(text).unwrap()
    }

    async fn end(self, cluster: Cluster) {
        let definition = self.definitions.get(&self.name).await.unwrap();
        self.definitions.delete(&self.name, &DeleteParams::default()).await.unwrap();
        let uid = definition.uid().unwrap();
        await_condition(self.definitions, &self.name, conditions::is_deleted(&uid)).await.unwrap();
        cluster.end().await;
    }
}

#[tokio::test]
async fn status_and_spec_change_apart_and_spec_alone_counts_generations() {
    let cluster = Cluster::start().await;
    let things = Things::define(&cluster).await;
    let api = &things.api;
    let created = api.create(&PostParams::default(), &things.thing("a", &json!({"size": 1}))).await.unwrap();
    assert_eq!(created.metadata.generation, Some(1));
    assert!(created.data.get("status").is_none(), "status is not set by create: {created:?}");

    let status = json!({"status": {"phase": "Ready"}, "spec": {"size": 9}, "metadata": {"labels": {"x": "y"}}});
    let changed = api.patch_status("a", &PatchParams::default(), &Patch::Merge(&status)).await.unwrap();
    assert_eq!((&changed.data["status"]["phase"], &changed.data["spec"]["size"]), (&json!("Ready"), &json!(1)));
    assert_eq!((changed.metadata.generation, changed.labels().len()), (Some(1), 0));

    let main = json!({"status": {"phase": "Lost"}, "spec": {"size": 2}});
    let changed = api.patch("a", &PatchParams::default(), &Patch::Merge(&main)).await.unwrap();
    assert_eq!((&changed.data["status"]["phase"], &changed.data["spec"]["size"]), (&json!("Ready"), &json!(2)));
    assert_eq!(changed.metadata.generation, Some(2));

    let mut unconditional = changed.clone();
    unconditional.metadata.resource_version = None;
    let error = api.replace("a", &PostParams::default(), &unconditional).await.unwrap_err();
    let kube::Error::Api(status) = error else { panic!("{error}") };
    assert_eq!(status.code, 422);
    assert!(
        status.message.ends_with("metadata.resourceVersion: Invalid value: 0: must be specified for an update"),
        "{}",
        status.message
    );
    things.end(cluster).await;
}

#[tokio::test]
async fn a_scale_subresource_follows_its_paths() {
    let cluster = Cluster::start().await;
    let things = Things::define(&cluster).await;
    things.api.create(&PostParams::default(), &things.thing("a", &json!({"size": 1}))).await.unwrap();
    let resource = format!("things.v1.{}/a", things.group);
    assert!(cluster.kubectl(&["scale", &resource, "--replicas=4"]).await.ends_with("/a scaled\n"));
    assert_eq!(things.api.get("a").await.unwrap().data["spec"]["size"], 4);
    let scale = things.api.get_scale("a").await.unwrap();
    assert_eq!(scale.spec.unwrap().replicas, Some(4));
    things.end(cluster).await;
}

#[tokio::test]
async fn lists_of_custom_resources_merge_by_the_keys_of_their_schema() {
    let cluster = Cluster::start().await;
    let things = Things::define(&cluster).await;
    let rows = |manager: &str, rows: Value| {
        let thing = json!({
            "apiVersion": format!("{}/v1", things.group), "kind": "Thing", "metadata": {"name": "a"}, "spec": {"rows": rows},
        });
        let parameters = PatchParams::apply(manager);
        let api = things.api.clone();
        async move { api.patch("a", &parameters, &Patch::Apply(thing)).await }
    };
    rows("one", json!([{"name": "x", "value": "1"}])).await.unwrap();
    let both = rows("two", json!([{"name": "y", "value": "2"}])).await.unwrap();
    assert_eq!(both.data["spec"]["rows"].as_array().unwrap().len(), 2);
    let error = rows("two", json!([{"name": "x", "value": "3"}, {"name": "y", "value": "2"}])).await.unwrap_err();
    let kube::Error::Api(status) = error else { panic!("{error}") };
    assert_eq!(status.message, "Apply failed with 1 conflict: conflict with \"one\": .spec.rows[name=\"x\"].value");
    things.end(cluster).await;
}

#[tokio::test]
async fn kubectl_knows_the_new_kind_at_once() {
    let cluster = Cluster::start().await;
    let things = Things::define(&cluster).await;
    things.api.create(&PostParams::default(), &things.thing("a", &json!({}))).await.unwrap();
    let status = json!({"status": {"phase": "Ready"}});
    things.api.patch_status("a", &PatchParams::default(), &Patch::Merge(&status)).await.unwrap();
    let table = cluster.kubectl(&["get", &format!("thg.{}", things.group)]).await;
    let words: Vec<&str> = table.split_whitespace().collect();
    assert_eq!(words, ["NAME", "PHASE", "a", "Ready"]);
    let listed = cluster.kubectl(&["api-resources", "--api-group", &things.group, "-o", "wide", "--no-headers"]).await;
    assert!(listed.contains("thg") && listed.contains("kubeopencode"), "{listed}");
    let kind = format!("things.{}", things.group);
    let waited =
        cluster.kubectl(&["wait", &format!("{kind}/a"), "--for=jsonpath={.status.phase}=Ready", "--timeout=20s"]).await;
    assert!(waited.ends_with("condition met\n"), "{waited}");
    let (code, _, stderr) = cluster.kubectl_with(&["get", &kind, "--field-selector=spec.text=x"], "").await;
    assert_eq!(code, 1);
    assert!(stderr.contains("field label not supported: spec.text"), "{stderr}");
    cluster.kubectl(&["delete", &kind, "--all", "--wait"]).await;
    things.end(cluster).await;
}
