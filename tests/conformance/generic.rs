//! Objects: create, read, change, watch, delete.

use std::collections::BTreeMap;

use futures::StreamExt;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams, WatchEvent, WatchParams};
use kube::{Api, ResourceExt};
use serde_json::json;

use super::Cluster;

fn map(name: &str, pairs: &[(&str, &str)]) -> ConfigMap {
    let data: BTreeMap<String, String> = pairs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    ConfigMap {
        metadata: kube::api::ObjectMeta { name: Some(name.into()), ..Default::default() },
        data: Some(data),
        ..Default::default()
    }
}

fn status(error: kube::Error) -> Box<kube::core::Status> {
    match error {
        kube::Error::Api(status) => status,
        other => panic!("no Status: {other}"),
    }
}

#[tokio::test]
async fn an_object_lives_from_create_to_delete() {
    let cluster = Cluster::start().await;
    let maps: Api<ConfigMap> = cluster.api();
    let created = maps.create(&PostParams::default(), &map("a", &[("k", "1")])).await.unwrap();
    assert!(created.uid().is_some() && created.creation_timestamp().is_some() && created.resource_version().is_some());

    let again = status(maps.create(&PostParams::default(), &map("a", &[])).await.unwrap_err());
    assert_eq!((again.code, again.reason.as_str()), (409, "AlreadyExists"));
    assert_eq!(again.message, "configmaps \"a\" already exists");

    let patch = json!({"data": {"k": null, "l": "2"}});
    let patched = maps.patch("a", &PatchParams::default(), &Patch::Merge(&patch)).await.unwrap();
    assert_eq!(patched.data.unwrap(), BTreeMap::from([("l".to_owned(), "2".to_owned())]));

    let stale = status(maps.replace("a", &PostParams::default(), &created).await.unwrap_err());
    assert_eq!((stale.code, stale.reason.as_str()), (409, "Conflict"));
    assert_eq!(
        stale.message,
        "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again"
    );

    let deleted = maps.delete("a", &DeleteParams::default()).await.unwrap();
    let deleted = deleted.right().unwrap();
    assert_eq!(deleted.details.unwrap().uid, created.uid().unwrap());
    let gone = status(maps.get("a").await.unwrap_err());
    assert_eq!(
        (gone.code, gone.reason.as_str(), gone.message.as_str()),
        (404, "NotFound", "configmaps \"a\" not found")
    );
    cluster.end().await;
}

#[tokio::test]
async fn a_watch_goes_on_from_a_list_and_follows_the_selector() {
    let cluster = Cluster::start().await;
    let maps: Api<ConfigMap> = cluster.api();
    let listed = maps.list(&ListParams::default()).await.unwrap();
    let version = listed.metadata.resource_version.unwrap();
    let parameters = WatchParams::default().labels("app=web").timeout(20);
    let mut events = maps.watch(&parameters, &version).await.unwrap().boxed();
    maps.create(&PostParams::default(), &map("a", &[])).await.unwrap();
    for label in [json!("web"), json!("web2"), json!("web")] {
        let patch = json!({"metadata": {"labels": {"app": label}}});
        maps.patch("a", &PatchParams::default(), &Patch::Merge(&patch)).await.unwrap();
    }
    maps.delete("a", &DeleteParams::default()).await.unwrap();
    let mut seen = Vec::new();
    while seen.len() < 4 {
        match events.next().await.unwrap().unwrap() {
            WatchEvent::Added(object) => seen.push(("ADDED", object.labels()["app"].clone())),
            WatchEvent::Modified(object) => seen.push(("MODIFIED", object.labels()["app"].clone())),
            WatchEvent::Deleted(object) => seen.push(("DELETED", object.labels()["app"].clone())),
            WatchEvent::Bookmark(_) => {}
            WatchEvent::Error(error) => panic!("{error}"),
        }
    }
    let web = || "web".to_owned();
    assert_eq!(seen, [("ADDED", web()), ("DELETED", web()), ("ADDED", web()), ("DELETED", web())]);
    cluster.end().await;
}

#[tokio::test]
async fn kubectl_creates_reads_and_deletes() {
    let cluster = Cluster::start().await;
    let manifest = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"k": "v"}});
    let (code, stdout, stderr) =
        cluster.kubectl_with(&["create", "--validate=false", "-f", "-"], &manifest.to_string()).await;
    assert_eq!((code, stdout.as_str()), (0, "configmap/a created\n"), "{stderr}");
    assert_eq!(cluster.kubectl(&["get", "cm", "a", "-o", "jsonpath={.data.k}"]).await, "v");
    assert!(cluster.kubectl(&["get", "configmaps", "-o", "name"]).await.contains("configmap/a\n"));
    assert!(cluster.kubectl(&["delete", "configmap", "a"]).await.starts_with("configmap \"a\" deleted"));
    let (code, _, stderr) = cluster.kubectl_with(&["get", "configmap", "a"], "").await;
    assert_eq!((code, stderr.as_str()), (1, "Error from server (NotFound): configmaps \"a\" not found\n"));
    cluster.end().await;
}
