//! Server-side apply and the other patches.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::Api;
use kube::api::{Patch, PatchParams, PostParams};
use serde_json::{Value, json};

use super::Cluster;

fn deployment() -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
        "spec": {
            "replicas": 0, "selector": {"matchLabels": {"app": "a"}},
            "template": {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [
                {"name": "one", "image": "x", "env": [{"name": "A", "value": "1"}]}, {"name": "two", "image": "y"},
            ]}},
        },
    })
}

#[tokio::test]
async fn appliers_share_an_object_and_conflict_over_fields() {
    let cluster = Cluster::start().await;
    let maps: Api<ConfigMap> = cluster.api();
    let map = |data: Value| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data});
    let apply = async |manager: &str, data: Value| {
        maps.patch("a", &PatchParams::apply(manager), &Patch::Apply(map(data))).await
    };
    apply("one", json!({"a": "1", "b": "2"})).await.unwrap();
    apply("two", json!({"b": "2", "c": "3"})).await.unwrap();
    let object = apply("one", json!({"a": "1"})).await.unwrap();
    assert_eq!(object.data.unwrap().into_keys().collect::<Vec<_>>(), ["a", "b", "c"], "b has another owner");
    let object = apply("one", json!({})).await.unwrap();
    assert_eq!(object.data.unwrap().into_keys().collect::<Vec<_>>(), ["b", "c"]);
    let error = apply("one", json!({"c": "x"})).await.unwrap_err();
    let kube::Error::Api(status) = error else { panic!("{error}") };
    assert_eq!(status.message, "Apply failed with 1 conflict: conflict with \"two\": .data.c");
    assert_eq!((status.code, status.details.unwrap().causes[0].field.as_str()), (409, ".data.c"));
    let forced = PatchParams::apply("one").force();
    let object = maps.patch("a", &forced, &Patch::Apply(map(json!({"c": "x"})))).await.unwrap();
    assert_eq!(object.data.unwrap()["c"], "x");
    let version = object.metadata.resource_version;
    let object = maps.patch("a", &forced, &Patch::Apply(map(json!({"c": "x"})))).await.unwrap();
    assert_eq!(object.metadata.resource_version, version, "an apply that changes nothing writes nothing");
    cluster.end().await;
}

#[tokio::test]
async fn a_strategic_patch_merges_lists_by_key_and_a_merge_patch_does_not() {
    let cluster = Cluster::start().await;
    let deployments: Api<Deployment> = cluster.api();
    let object = serde_json::from_value(deployment()).unwrap();
    let created = deployments.create(&PostParams::default(), &object).await.unwrap();
    assert_eq!(created.metadata.generation, Some(1));
    let containers = |list: Value| json!({"spec": {"template": {"spec": {"containers": list}}}});
    let names = |object: &Deployment| {
        let spec = object.spec.as_ref().unwrap().template.spec.as_ref().unwrap();
        spec.containers
            .iter()
            .map(|container| (container.name.clone(), container.image.clone().unwrap()))
            .collect::<Vec<_>>()
    };
    let pair = |name: &str, image: &str| (name.to_owned(), image.to_owned());
    let patch = containers(json!([{"name": "two", "image": "z"}]));
    let patched = deployments.patch("a", &PatchParams::default(), &Patch::Strategic(&patch)).await.unwrap();
    assert_eq!(names(&patched), [pair("one", "x"), pair("two", "z")]);
    assert_eq!(patched.metadata.generation, Some(2));
    let patch = containers(json!([{"name": "three", "image": "z"}]));
    let patched = deployments.patch("a", &PatchParams::default(), &Patch::Merge(&patch)).await.unwrap();
    assert_eq!(names(&patched), [pair("three", "z")]);
    let labels = json!({"metadata": {"labels": {"x": "y"}}});
    let patched = deployments.patch("a", &PatchParams::default(), &Patch::Merge(&labels)).await.unwrap();
    assert_eq!(patched.metadata.generation, Some(3), "labels are no new generation");
    let selector = json!({"spec": {"selector": {"matchLabels": {"app": "b"}}}});
    let error = deployments.patch("a", &PatchParams::default(), &Patch::Merge(&selector)).await.unwrap_err();
    let kube::Error::Api(status) = error else { panic!("{error}") };
    assert_eq!((status.code, status.reason.as_str()), (422, "Invalid"));
    cluster.end().await;
}

#[tokio::test]
async fn kubectl_applies_edits_and_labels() {
    let cluster = Cluster::start().await;
    let mut manifest = deployment();
    let apply = async |manifest: &Value, more: &[&str]| {
        let arguments = [&["apply", "--validate=false", "-f", "-"], more].concat();
        cluster.kubectl_with(&arguments, &manifest.to_string()).await
    };
    assert_eq!(apply(&manifest, &[]).await, (0, "deployment.apps/a created\n".into(), String::new()));
    assert_eq!(apply(&manifest, &[]).await.1, "deployment.apps/a unchanged\n");
    manifest["spec"]["template"]["spec"]["containers"] = json!([{"name": "one", "image": "x2"}]);
    assert_eq!(apply(&manifest, &[]).await.1, "deployment.apps/a configured\n");
    let images = "jsonpath={.spec.template.spec.containers[*].image}";
    assert_eq!(cluster.kubectl(&["get", "deployment", "a", "-o", images]).await, "x2");
    let (code, _, stderr) = apply(&manifest, &["--server-side", "--field-manager=other"]).await;
    assert_eq!(code, 0, "equal values are no conflict: {stderr}");
    manifest["spec"]["template"]["spec"]["containers"][0]["image"] = "x3".into();
    let (code, _, stderr) = apply(&manifest, &["--server-side", "--field-manager=other"]).await;
    assert_eq!(code, 1);
    assert!(stderr.contains("Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using apps/v1: .spec.template.spec.containers[name=\"one\"].image"), "{stderr}");
    let (code, stdout, stderr) =
        apply(&manifest, &["--server-side", "--field-manager=other", "--force-conflicts"]).await;
    assert_eq!((code, stdout.as_str()), (0, "deployment.apps/a serverside-applied\n"), "{stderr}");
    cluster.kubectl(&["label", "deployment", "a", "tier=web"]).await;
    cluster.kubectl(&["annotate", "deployment", "a", "note=hello"]).await;
    assert_eq!(
        cluster.kubectl(&["get", "deployment", "-l", "tier in (web)", "-o", "name"]).await,
        "deployment.apps/a\n"
    );
    cluster
        .kubectl(&[
            "patch",
            "deployment",
            "a",
            "--type=json",
            "-p",
            r#"[{"op":"add","path":"/spec/paused","value":true}]"#,
        ])
        .await;
    cluster.end().await;
}
