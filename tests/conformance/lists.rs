//! Pages, revisions, streaming lists, and kube-rs' own controllers on top.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams, WatchParams};
use kube::core::WatchEvent;
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, ResourceExt};
use serde_json::json;

use super::Cluster;

async fn fill(cluster: &Cluster, count: usize) -> Api<ConfigMap> {
    let maps: Api<ConfigMap> = cluster.api();
    for index in 0..count {
        let map = json!({"metadata": {"name": format!("m{index:02}"), "labels": {"set": "x"}}});
        maps.create(&PostParams::default(), &serde_json::from_value(map).unwrap()).await.unwrap();
    }
    maps
}

#[tokio::test]
async fn later_pages_show_the_state_of_the_first() {
    let cluster = Cluster::start().await;
    let maps = fill(&cluster, 7).await;
    let parameters = ListParams::default().labels("set=x").limit(3);
    let first = maps.list(&parameters).await.unwrap();
    assert_eq!(first.items.len(), 3);
    let token = first.metadata.continue_.clone().unwrap();
    maps.delete("m05", &DeleteParams::default()).await.unwrap();
    let second = maps.list(&parameters.clone().continue_token(&token)).await.unwrap();
    assert_eq!(second.metadata.resource_version, first.metadata.resource_version);
    assert_eq!(second.items.iter().map(ResourceExt::name_any).collect::<Vec<_>>(), ["m03", "m04", "m05"]);
    let third = maps.list(&parameters.continue_token(&second.metadata.continue_.unwrap())).await.unwrap();
    assert_eq!(third.items.iter().map(ResourceExt::name_any).collect::<Vec<_>>(), ["m06"]);
    assert!(third.metadata.continue_.unwrap_or_default().is_empty());
    cluster.end().await;
}

#[tokio::test]
async fn a_streaming_list_ends_with_its_bookmark() {
    let cluster = Cluster::start().await;
    let maps = fill(&cluster, 2).await;
    let parameters = WatchParams::default().labels("set=x").initial_events().timeout(20);
    let mut events = maps.watch(&parameters, "").await.unwrap().boxed();
    let mut names = Vec::new();
    loop {
        match events.next().await.unwrap().unwrap() {
            WatchEvent::Added(map) => names.push(map.name_any()),
            WatchEvent::Bookmark(bookmark) => {
                assert_eq!(bookmark.metadata.annotations["k8s.io/initial-events-end"], "true");
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(names, ["m00", "m01"]);
    cluster.end().await;
}

#[tokio::test]
async fn a_revision_from_before_the_cluster_is_expired() {
    let cluster = Cluster::start().await;
    let maps = fill(&cluster, 1).await;
    let mut events = maps.watch(&WatchParams::default().timeout(20), "1").await.unwrap().boxed();
    let first = events.next().await.unwrap();
    // The real server may still hold its first revision, early in its life.
    match first {
        Ok(WatchEvent::Error(status)) => assert_eq!((status.code, status.reason.as_str()), (410, "Expired")),
        Ok(WatchEvent::Added(_)) => {}
        other => panic!("{other:?}"),
    }
    cluster.end().await;
}

#[tokio::test]
async fn a_watcher_of_kube_rs_sees_every_change() {
    let cluster = Cluster::start().await;
    let maps = fill(&cluster, 3).await;
    for config in [watcher::Config::default(), watcher::Config::default().streaming_lists()] {
        let config = config.labels("set=x").page_size(2);
        let config = if config.page_size.is_some()
            && config.initial_list_strategy == watcher::InitialListStrategy::StreamingList
        {
            watcher::Config { page_size: None, ..config }
        } else {
            config
        };
        let mut objects = watcher(maps.clone(), config).applied_objects().boxed();
        for _ in 0..3 {
            objects.try_next().await.unwrap().unwrap();
        }
        let patch = json!({"data": {"tick": uuid::Uuid::new_v4().to_string()}});
        maps.patch("m01", &PatchParams::default(), &Patch::Merge(&patch)).await.unwrap();
        let next = tokio::time::timeout(Duration::from_secs(20), objects.try_next()).await.unwrap().unwrap().unwrap();
        assert_eq!(next.name_any(), "m01");
    }
    cluster.end().await;
}

#[tokio::test]
async fn watchers_agree_with_the_list_under_many_writers() {
    let cluster = Cluster::start().await;
    let maps = fill(&cluster, 4).await;
    let version = maps.list(&ListParams::default()).await.unwrap().metadata.resource_version.unwrap();
    let writers = (0..8).map(|writer| {
        let maps = maps.clone();
        async move {
            for round in 0..25 {
                let patch = json!({"data": {format!("w{writer}"): round.to_string()}});
                let name = format!("m{:02}", (writer + round) % 4);
                maps.patch(&name, &PatchParams::default(), &Patch::Merge(&patch)).await.unwrap();
            }
        }
    });
    futures::future::join_all(writers).await;
    let last = maps.list(&ListParams::default().labels("set=x")).await.unwrap();
    let mut events = maps.watch(&WatchParams::default().labels("set=x").timeout(60), &version).await.unwrap().boxed();
    let (mut seen, mut versions) = (std::collections::BTreeMap::new(), Vec::new());
    while seen.len() < 4 || last.items.iter().any(|map| seen.get(&map.name_any()) != Some(map)) {
        let WatchEvent::Modified(map) = events.next().await.unwrap().unwrap() else { continue };
        versions.push(map.resource_version().unwrap().parse::<u64>().unwrap());
        seen.insert(map.name_any(), map);
    }
    assert!(versions.is_sorted(), "events come in order");
    cluster.end().await;
}
