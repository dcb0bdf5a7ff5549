//! Where the volumes of Pods lie on the host.
//!
//! In a container a mount path is the same in every Pod made from one template, and programs count on it: they store it,
//! and a Pod that replaces another finds it again. Here a mount path becomes a folder of the host, so that folder must not
//! be named after the Pod. The Pods of a workload (or a bare Pod, by its name) have numbered places, and each takes the
//! first that is free, empty:
//!
//! ```text
//! volumes/NAMESPACE/WORKLOAD/NUMBER/VOLUME        and beside the volumes `.pod`, which holds the UID of the Pod
//! ```
//!
//! A Pod with folders of its own (`emptyDir`) that replaces one that is being deleted waits until that has ended: its place
//! is the place that programs know.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use k8s_openapi::api::core::v1::Pod;
use tokio::fs;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::{entries, volumes};

/// The file that says whose a place is.
const OWNER: &str = ".pod";

/// The newest state of a Pod; closed when the Pod is gone from the API.
pub type Latest = watch::Receiver<Arc<Pod>>;

/// The places of a node.
pub struct Places {
    root: PathBuf,
    /// The Pods that have or want a place, by UID.
    pods: Mutex<HashMap<String, Latest>>,
    /// One at a time looks for a place.
    taking: tokio::sync::Mutex<()>,
    freed: Notify,
}

/// What a place is, seen by one Pod.
enum Place {
    Own,
    Free,
    /// Its Pod is being deleted.
    SoonFree,
    Taken,
}

impl Places {
    /// The places below `root`, the node's folder.
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            pods: Mutex::default(),
            taking: tokio::sync::Mutex::default(),
            freed: Notify::new(),
        }
    }

    fn pods(&self) -> MutexGuard<'_, HashMap<String, Latest>> {
        self.pods.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place of a Pod, which `stop` ends: the one that it has, else the first that is free.
    pub async fn take(&self, latest: &Latest, stop: &CancellationToken) -> io::Result<PathBuf> {
        let pod = latest.borrow().clone();
        let uid = pod.metadata.uid.as_deref().unwrap_or_default();
        let workload = self.workload(&pod);
        self.pods().insert(uid.to_owned(), latest.clone());
        let volumes = pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten());
        let mut patient = volumes.into_iter().any(|volume| volume.empty_dir.is_some());
        loop {
            let freed = self.freed.notified();
            tokio::pin!(freed);
            freed.as_mut().enable();
            if let Some(place) = self.try_take(&workload, uid, patient).await? {
                return Ok(place);
            }
            tokio::select! {
                () = freed => {}
                () = stop.cancelled() => patient = false,
            }
        }
    }

    async fn try_take(&self, workload: &Path, uid: &str, patient: bool) -> io::Result<Option<PathBuf>> {
        let _one = self.taking.lock().await;
        for place in entries(workload).await? {
            if matches!(self.look(&place, uid).await, Place::Own) {
                return Ok(Some(place));
            }
        }
        for number in 0.. {
            let place = workload.join(number.to_string());
            match self.look(&place, uid).await {
                Place::SoonFree if patient => return Ok(None),
                Place::SoonFree | Place::Taken => {}
                Place::Own | Place::Free => {
                    volumes::remove(place.clone()).await?;
                    volumes::create(&place).await?;
                    fs::write(place.join(OWNER), uid).await?;
                    return Ok(Some(place));
                }
            }
        }
        Ok(None)
    }

    async fn look(&self, place: &Path, uid: &str) -> Place {
        // Without an owner a place is what a crash left between two steps.
        let Ok(owner) = fs::read_to_string(place.join(OWNER)).await else { return Place::Free };
        if owner == uid {
            return Place::Own;
        }
        match self.pods().get(&owner) {
            Some(latest) if is_going(latest) => Place::SoonFree,
            // Its worker may not have come to life yet after a restart of the sandbox.
            Some(_) | None => Place::Taken,
        }
    }

    /// Gives the place of a Pod back, with all that is in it.
    pub async fn give_back(&self, pod: &Pod) -> io::Result<()> {
        let uid = pod.metadata.uid.as_deref().unwrap_or_default();
        let mut given = Ok(());
        for place in entries(&self.workload(pod)).await? {
            if matches!(self.look(&place, uid).await, Place::Own) {
                given = volumes::remove(place).await;
            }
        }
        self.pods().remove(uid);
        self.freed.notify_waiters();
        given
    }

    /// Clears the places of Pods that are none of `pods`.
    pub async fn clear(&self, pods: &HashSet<String>) -> io::Result<()> {
        let _one = self.taking.lock().await;
        for namespace in entries(&self.root.join("volumes")).await? {
            for workload in entries(&namespace).await? {
                for place in entries(&workload).await? {
                    let owner = fs::read_to_string(place.join(OWNER)).await.unwrap_or_default();
                    let takes = self.pods().contains_key(&owner);
                    if !takes && !pods.contains(&owner) {
                        volumes::remove(place).await?;
                    }
                }
            }
        }
        self.freed.notify_waiters();
        Ok(())
    }

    /// The folder of the places of a workload.
    fn workload(&self, pod: &Pod) -> PathBuf {
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        self.root.join("volumes").join(namespace).join(workload(pod))
    }
}

fn is_going(latest: &Latest) -> bool {
    latest.borrow().metadata.deletion_timestamp.is_some() || latest.has_changed().is_err()
}

/// What stays the same when a Pod is replaced: its Deployment's name, its other controller's, its own if it has none.
fn workload(pod: &Pod) -> &str {
    let owner = pod.metadata.owner_references.iter().flatten().find(|owner| owner.controller == Some(true));
    let Some(owner) = owner else { return pod.metadata.name.as_deref().unwrap_or_default() };
    let hash = pod.metadata.labels.as_ref().and_then(|labels| labels.get("pod-template-hash"));
    let deployment = hash.and_then(|hash| owner.name.strip_suffix(hash.as_str())?.strip_suffix('-'));
    deployment.unwrap_or(&owner.name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(uid: &str, name: &str) -> watch::Sender<Arc<Pod>> {
        let owner =
            json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-abc", "uid": "s", "controller": true});
        let metadata = json!({
            "name": name, "namespace": "ns", "uid": uid,
            "ownerReferences": if name.starts_with("web-") { json!([owner]) } else { json!([]) },
            "labels": {"pod-template-hash": "abc"},
        });
        let spec = json!({"containers": [], "volumes": [{"name": "v", "emptyDir": {}}]});
        let pod = serde_json::from_value(json!({"metadata": metadata, "spec": spec})).unwrap();
        watch::Sender::new(Arc::new(pod))
    }

    #[tokio::test]
    async fn the_next_pod_of_a_workload_takes_the_place_of_the_last_and_finds_it_empty() {
        let root = tempfile::tempdir().unwrap();
        let places = Places::new(root.path());
        let (first, second, bare) = (pod("1", "web-abc-1"), pod("2", "web-abc-2"), pod("3", "bare"));
        let stop = CancellationToken::new();
        let of_first = places.take(&first.subscribe(), &stop).await.unwrap();
        assert_eq!(of_first, root.path().join("volumes/ns/web/0"));
        fs::write(of_first.join("file"), "").await.unwrap();
        assert_eq!(places.take(&first.subscribe(), &stop).await.unwrap(), of_first, "it keeps its place");
        assert!(of_first.join("file").exists(), "and what is in it");
        let of_second = places.take(&second.subscribe(), &stop).await.unwrap();
        assert_eq!(of_second, root.path().join("volumes/ns/web/1"), "side by side");
        let of_bare = places.take(&bare.subscribe(), &stop).await.unwrap();
        assert_eq!(of_bare, root.path().join("volumes/ns/bare/0"));
        for pod in [first, second] {
            places.give_back(&pod.borrow()).await.unwrap();
        }
        let third = places.take(&pod("4", "web-abc-4").subscribe(), &stop).await.unwrap();
        assert!(third == of_first && !third.join("file").exists(), "the same place, empty");
    }

    #[tokio::test]
    async fn a_pod_waits_for_the_place_of_one_that_is_deleted() {
        let root = tempfile::tempdir().unwrap();
        let places = Places::new(root.path());
        let (first, second) = (pod("1", "web-abc-1"), pod("2", "web-abc-2"));
        let stop = CancellationToken::new();
        let place = places.take(&first.subscribe(), &stop).await.unwrap();
        let object = first.borrow().clone();
        drop(first);
        let latest = second.subscribe();
        let taken = places.take(&latest, &stop);
        tokio::pin!(taken);
        assert!(futures::poll!(&mut taken).is_pending());
        let (taken, given) = tokio::join!(taken, places.give_back(&object));
        given.unwrap();
        assert_eq!(taken.unwrap(), place);
    }

    #[tokio::test]
    async fn after_a_restart_pods_find_their_places_and_those_of_the_gone_are_cleared() {
        let root = tempfile::tempdir().unwrap();
        let (first, second) = (pod("1", "web-abc-1"), pod("2", "web-abc-2"));
        let stop = CancellationToken::new();
        let before = Places::new(root.path());
        let gone = before.take(&first.subscribe(), &stop).await.unwrap();
        let kept = before.take(&second.subscribe(), &stop).await.unwrap();
        let after = Places::new(root.path());
        after.clear(&["2".to_owned()].into()).await.unwrap();
        assert!(!gone.exists() && kept.exists());
        assert_eq!(after.take(&second.subscribe(), &stop).await.unwrap(), kept);
        assert_eq!(after.take(&pod("3", "web-abc-3").subscribe(), &stop).await.unwrap(), gone);
    }
}
