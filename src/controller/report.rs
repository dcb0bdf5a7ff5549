//! Events that a user would want to see in `kubectl describe`.

use kube::Resource;
use kube::runtime::events::{Event, EventType, Reporter};

use super::context::said;
use super::status::shorten;
use crate::cluster::EventRecorder;

/// Longest note of an Event (`events.k8s.io/v1`).
const NOTE_LIMIT: usize = 1000;

/// Publishes Events of our controllers. A refusal is logged: an Event is never worth failing the work that it tells of.
#[derive(Clone)]
pub struct Reports {
    recorder: EventRecorder,
}

impl Reports {
    /// Reports by the controllers of the process `instance`.
    pub fn new(client: kube::Client, instance: Option<String>) -> Self {
        Self { recorder: EventRecorder::new(client, Reporter { controller: "kubectl-opencode".to_owned(), instance }) }
    }

    /// Says that something happened to `object`.
    pub async fn normal<K>(&self, object: &K, reason: &str, action: &str, note: impl Into<String>)
    where
        K: Resource<DynamicType = ()>,
    {
        self.publish(object, EventType::Normal, reason, action, note.into()).await;
    }

    /// Says that something is wrong with `object`.
    pub async fn warning<K>(&self, object: &K, reason: &str, action: &str, note: impl Into<String>)
    where
        K: Resource<DynamicType = ()>,
    {
        self.publish(object, EventType::Warning, reason, action, note.into()).await;
    }

    async fn publish<K>(&self, object: &K, type_: EventType, reason: &str, action: &str, note: String)
    where
        K: Resource<DynamicType = ()>,
    {
        let event = Event {
            type_,
            reason: reason.to_owned(),
            note: Some(shorten(&note, NOTE_LIMIT)),
            action: action.to_owned(),
            secondary: None,
        };
        if let Err(error) = self.recorder.publish(&event, &object.object_ref(&())).await {
            tracing::warn!(error = said(&error), reason, note, "cannot publish an event");
        }
    }
}
