//! What a Pod's worker tells the API server: its status and its events.

use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::{ObjectReference, Pod};
use kube::api::{Patch, PatchParams};
use kube::runtime::events::{Event, EventType};
use kube::{Api, Resource};
use tokio_util::sync::CancellationToken;

use super::Worker;
use crate::sandbox::node::{Kubelet, status};

/// First and longest wait before a status that could not be written is tried again.
const WRITE_AGAIN: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// Leaves events on one Pod.
pub(super) struct Events {
    kubelet: Arc<Kubelet>,
    reference: ObjectReference,
}

impl Events {
    /// Leaves an event; that it cannot be written is only logged, as by a kubelet.
    pub(super) async fn tell(&self, kind: EventType, reason: &str, note: String) {
        let event = Event {
            type_: kind,
            reason: reason.to_owned(),
            note: Some(note),
            action: reason.to_owned(),
            secondary: None,
        };
        if let Err(error) = self.kubelet.recorder.publish(&event, &self.reference).await {
            tracing::debug!(%error, reason, "cannot write an event");
        }
    }
}

impl Worker {
    pub(super) fn events(&self) -> Events {
        Events { kubelet: self.kubelet.clone(), reference: self.object().object_ref(&()) }
    }

    pub(super) async fn event(&self, kind: EventType, reason: &str, note: String) {
        self.events().tell(kind, reason, note).await;
    }

    /// Writes the status whenever it changed, a last time when the Pod's work is over.
    pub(super) fn write_statuses(&self, finished: CancellationToken) -> impl Future<Output = ()> + use<> {
        let running = self.running.clone();
        let pod = self.pod.clone();
        let client = self.kubelet.client.clone();
        async move {
            let mut changes = running.progress.subscribe();
            let mut written = None;
            let mut over = false;
            let mut pause = WRITE_AGAIN.0;
            loop {
                let object = pod.borrow().clone();
                let namespace = object.metadata.namespace.as_deref().unwrap_or_default();
                let name = object.metadata.name.as_deref().unwrap_or_default();
                let progress = changes.borrow_and_update().clone();
                let status = serde_json::json!(status::compute(&object, &progress));
                if written.as_ref() != Some(&status) {
                    let body = serde_json::json!({ "metadata": { "uid": object.metadata.uid }, "status": status });
                    let api = Api::<Pod>::namespaced(client.clone(), namespace);
                    match api.patch_status(name, &PatchParams::apply("kubelet"), &Patch::Merge(body)).await {
                        Ok(_) => {
                            written = Some(status);
                            pause = WRITE_AGAIN.0;
                        }
                        Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => return,
                        Err(error) => {
                            tracing::warn!(%namespace, pod = %name, %error, "cannot write the status of a Pod");
                            let retry = tokio::time::sleep(pause);
                            pause = (pause * 2).min(WRITE_AGAIN.1);
                            tokio::select! { () = retry => {}, () = finished.cancelled() => {} }
                            if !finished.is_cancelled() || pause < Duration::from_secs(2) {
                                continue;
                            }
                        }
                    }
                }
                if over {
                    return;
                }
                tokio::select! {
                    _ = changes.changed() => {}
                    () = finished.cancelled() => over = true,
                }
            }
        }
    }
}
