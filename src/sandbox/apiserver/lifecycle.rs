//! Lives that end with their contents, and what comes with a namespace.
//!
//! * A namespace gets its `default` service account; when it is deleted, everything in it goes before it does
//!   (`k8s.io/kubernetes/pkg/controller/{namespace,serviceaccount}`).
//! * A definition of custom resources is deleted after all its objects (`apiextensions-apiserver/pkg/controller/finalizer`).
//! * Events are kept for an hour (`--event-ttl`).

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::decoding::Way;
use super::garbage::{change, drop_finalizer};
use super::request::DeleteOptions;
use super::resources::{Resource, collection};
use super::status::{ApiError, ApiResult};
use super::strategy::Part;
use super::write::Write;
use super::{State, crd};
use crate::sandbox::store::Key;

const EVENT_TTL: SignedDuration = SignedDuration::from_hours(1);

/// Whether changes of the object are looked at here.
pub(super) fn is_concerned(key: &Key) -> bool {
    matches!(&*key.collection, "namespaces" | "serviceaccounts") || &*key.collection == crd::COLLECTION
}

/// The definition behind a custom object.
pub(super) fn definition_of(state: &State, key: &Key) -> Option<Key> {
    let resource = state.registry.by_collection(&key.collection)?;
    resource.custom.as_ref().map(|_| Key::new(crd::COLLECTION, "", &resource.group_resource()))
}

/// Looks at an object again.
pub(super) fn visit(state: &State, key: &Key) -> ApiResult<()> {
    match &*key.collection {
        "namespaces" => namespace(state, key),
        "serviceaccounts" if &*key.name == "default" => {
            let namespace = Key::new("namespaces", "", &key.namespace);
            self::namespace(state, &namespace)
        }
        definitions if definitions == crd::COLLECTION => definition(state, key),
        _ => Ok(()),
    }
}

fn is_deleted(object: &Value) -> bool {
    object.pointer("/metadata/deletionTimestamp").is_some()
}

fn namespace(state: &State, key: &Key) -> ApiResult<()> {
    let Some(object) = state.store.get(key) else { return Ok(()) };
    if is_deleted(&object.value()) {
        return end_namespace(state, key);
    }
    if state.store.get(&Key::new("serviceaccounts", &key.name, "default")).is_some() {
        return Ok(());
    }
    let Some(accounts) = state.registry.get("", "v1", "serviceaccounts") else { return Ok(()) };
    let write = Write {
        resource: &accounts,
        namespace: &key.name,
        manager: "kube-controller-manager",
        dry_run: false,
        field_validation: "Ignore",
        duplicates: &[],
        way: Way::Body,
    };
    let account = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}});
    match state.create(&write, account) {
        Err(error) if !matches!(error.reason, "AlreadyExists" | "Forbidden" | "NotFound") => Err(error),
        _ => Ok(()),
    }
}

fn end_namespace(state: &State, key: &Key) -> ApiResult<()> {
    let mut remaining = 0;
    for collection in state.store.collections_in(&key.name) {
        let Some(resource) = state.registry.by_collection(&collection) else { continue };
        remaining += delete_all(state, &resource, Some(&key.name))?;
    }
    if remaining > 0 {
        return Ok(());
    }
    change(state, key, Part::Whole, |namespace| {
        namespace["spec"]["finalizers"] = json!([]);
    })
}

/// Deletes all objects of a resource; answers how many are still there.
fn delete_all(state: &State, resource: &Resource, namespace: Option<&str>) -> ApiResult<usize> {
    let options = DeleteOptions { propagation: "Background".to_owned(), ..DeleteOptions::default() };
    for (key, object) in state.store.list(&resource.collection, namespace).objects {
        if is_deleted(&object.value()) {
            continue;
        }
        match state.delete(resource, &key.namespace, &key.name, &options) {
            Err(error) if error.reason != "NotFound" => return Err(error),
            _ => {}
        }
    }
    Ok(state.store.list(&resource.collection, namespace).objects.len())
}

fn definition(state: &State, key: &Key) -> ApiResult<()> {
    let Some(object) = state.store.get(key).map(|object| object.value()) else { return Ok(()) };
    if !is_deleted(&object) {
        return Ok(());
    }
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let name = collection(text("/spec/group"), text("/spec/names/plural"));
    if let Some(resource) = state.registry.by_collection(&name).filter(|resource| resource.custom.is_some())
        && delete_all(state, &resource, None)? > 0
    {
        return Ok(());
    }
    drop_finalizer(state, key, crd::FINALIZER)
}

/// Removes events that were last seen longer ago than they are kept.
pub(super) fn sweep_events(state: &State) {
    let oldest = Timestamp::now() - EVENT_TTL;
    for (key, object) in state.store.list("events", None).objects {
        let event = object.value();
        let times = ["/lastTimestamp", "/series/lastObservedTime", "/eventTime", "/metadata/creationTimestamp"];
        let seen = times
            .iter()
            .filter_map(|pointer| event.pointer(pointer).and_then(Value::as_str)?.parse::<Timestamp>().ok())
            .max();
        if seen.is_none_or(|seen| seen < oldest) {
            // A write between the list and here keeps the event, and so does a full disk: the next sweep comes.
            if let Err(error) = state.store.remove(&key, object.revision) {
                tracing::debug!(?key, %error, "an old event stays");
            }
        }
    }
}

/// The refusal of a new object of a kind whose definition is being deleted.
pub(super) fn check_definition_open(state: &State, resource: &Resource) -> ApiResult<()> {
    if resource.custom.is_none() {
        return Ok(());
    }
    let definition = state.store.get(&Key::new(crd::COLLECTION, "", &resource.group_resource()));
    if definition.is_some_and(|definition| is_deleted(&definition.value())) {
        let mut error = ApiError::method_not_allowed();
        error.message = format!(
            "create not allowed while custom resource definition is terminating: {}",
            resource.group_resource()
        );
        return Err(error);
    }
    Ok(())
}
