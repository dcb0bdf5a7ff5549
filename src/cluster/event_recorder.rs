//! Events about objects (`events.k8s.io/v1`), for those who look with `kubectl describe`.
//!
//! An event that is repeated word by word becomes a series on the first one, as client-go's recorder of `core/v1` events
//! does. The recorder of `kube` leaves the note out of the comparison: it would turn "scaled down" into one more "scaled up".

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ObjectReference;
use k8s_openapi::api::events::v1::{Event as ApiEvent, EventSeries};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta};
use kube::api::{Api, Patch, PatchParams, PostParams};
use kube::runtime::events::{Event, EventType, Reporter};
use kube::{Client, ResourceExt};
use serde_json::json;

/// How long after its last time an event is still the same one.
const SERIES_GAP: Duration = Duration::from_secs(6 * 60);

/// What was told, and how often.
#[derive(Clone)]
struct Told {
    name: String,
    count: i32,
    at: Timestamp,
}

/// Publishes events of one reporter. Clones share what was told.
#[derive(Clone)]
pub struct EventRecorder {
    client: Client,
    reporter: Reporter,
    /// By a hash of what makes two events the same: object, type, reason, action, note. A process tells thousands.
    told: Arc<Mutex<HashMap<u64, Told>>>,
    hasher: RandomState,
}

impl EventRecorder {
    /// A recorder that has told nothing yet.
    pub fn new(client: Client, reporter: Reporter) -> Self {
        Self { client, reporter, told: Arc::default(), hasher: RandomState::new() }
    }

    /// Publishes `event` about `object`, in its namespace, or in `default` where it has none.
    ///
    /// Needs `create` and `patch` on `events` of `events.k8s.io`.
    pub async fn publish(&self, event: &Event, object: &ObjectReference) -> Result<(), kube::Error> {
        let now = Timestamp::now();
        let type_ = match event.type_ {
            EventType::Normal => "Normal",
            EventType::Warning => "Warning",
        };
        let identity = object.uid.clone().or_else(|| object.name.clone()).unwrap_or_default();
        let key = self.hasher.hash_one((identity, type_, &event.reason, &event.action, &event.note));
        let namespace = object.namespace.as_deref().unwrap_or("default");
        let events = Api::<ApiEvent>::namespaced(self.client.clone(), namespace);

        let former = self.told_again(key, now);
        if let Some(Told { name, count, .. }) = former {
            let series = EventSeries { count, last_observed_time: MicroTime(now) };
            let patch = Patch::Merge(json!({ "series": series }));
            match events.patch(&name, &PatchParams::default(), &patch).await {
                Ok(_) => return Ok(()),
                // It was deleted, or outlived its time to live: told anew.
                Err(kube::Error::Api(status)) if status.code == 404 => {}
                Err(error) => return Err(error),
            }
        }
        let event = self.event(event, type_, object, now);
        events.create(&PostParams::default(), &event).await?;
        self.told().insert(key, Told { name: event.name_any(), count: 1, at: now });
        Ok(())
    }

    /// The event that this one repeats, counted on.
    fn told_again(&self, key: u64, now: Timestamp) -> Option<Told> {
        let mut told = self.told();
        // Looking at all of them each time would cost more than they do.
        if told.len() == told.capacity() {
            told.retain(|_, told| now.duration_since(told.at).unsigned_abs() < SERIES_GAP);
        }
        let former = told.get_mut(&key).filter(|told| now.duration_since(told.at).unsigned_abs() < SERIES_GAP)?;
        (former.count, former.at) = (former.count + 1, now);
        Some(former.clone())
    }

    fn told(&self) -> MutexGuard<'_, HashMap<u64, Told>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn event(&self, event: &Event, type_: &str, object: &ObjectReference, now: Timestamp) -> ApiEvent {
        let Reporter { controller, instance } = &self.reporter;
        let name = object.name.as_ref().unwrap_or(controller);
        ApiEvent {
            metadata: ObjectMeta {
                name: Some(format!("{name}.{:x}", now.as_nanosecond())),
                namespace: Some(object.namespace.clone().unwrap_or_else(|| "default".to_owned())),
                ..ObjectMeta::default()
            },
            type_: Some(type_.to_owned()),
            reason: Some(event.reason.clone()),
            action: Some(event.action.clone()),
            note: event.note.clone(),
            regarding: Some(object.clone()),
            related: event.secondary.clone(),
            event_time: Some(MicroTime(now)),
            reporting_controller: Some(controller.clone()),
            reporting_instance: Some(instance.as_ref().unwrap_or(controller).clone()),
            ..ApiEvent::default()
        }
    }
}
