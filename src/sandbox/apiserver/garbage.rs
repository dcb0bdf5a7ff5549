//! The garbage collector: dependents go when their last owner is gone (`k8s.io/kubernetes/pkg/controller/garbagecollector`).
//!
//! | owner | what happens to its dependents |
//! |---|---|
//! | gone | deleted, unless another owner is there; then only the reference goes |
//! | deleted with finalizer `foregroundDeletion` | deleted first; the finalizer goes when no blocking one is left |
//! | deleted with finalizer `orphan` | lose their reference to it; then the finalizer goes |
//! | of an unknown kind | nothing: it cannot be said whether it is there |

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::decoding::Way;
use super::request::DeleteOptions;
use super::resources::Resource;
use super::status::{ApiError, ApiResult};
use super::strategy::Part;
use super::write::{Write, canonical};
use super::{State, lifecycle};
use crate::sandbox::store::{Event, Key, Watch};

/// How long after a failure (a full disk) the collector tries again.
const RETRY: Duration = Duration::from_secs(1);
/// How often old events are looked for.
const SWEEP: Duration = Duration::from_secs(60);

const FOREGROUND: &str = "foregroundDeletion";
const ORPHAN: &str = "orphan";

/// Runs the collector and the other controllers of the server until it stops.
pub(super) async fn run(state: Arc<State>) {
    let mut sweep = tokio::time::interval(SWEEP);
    loop {
        let revision = state.store.revision();
        let Ok(mut watch) = state.store.watch(None, revision) else { continue };
        let mut collector = Collector::of(&state);
        // Ends when the watch has expired: everything is looked at again.
        loop {
            tokio::select! {
                biased;
                () = state.options.stop.cancelled() => return,
                _ = sweep.tick() => lifecycle::sweep_events(&state),
                followed = collector.follow(&mut watch) => if !followed { break },
            }
        }
    }
}

struct Collector<'a> {
    state: &'a State,
    /// Dependents by the UID of an owner.
    dependents: HashMap<String, BTreeSet<Key>>,
    /// UIDs of owners by dependent, to forget it by.
    owners: BTreeMap<Key, Vec<String>>,
    /// What is to be looked at.
    queue: BTreeSet<Key>,
    /// Owners that are gone and whose dependents are to be looked at.
    failed: BTreeSet<Key>,
}

fn finalizers(object: &Value) -> impl Iterator<Item = &str> {
    object.pointer("/metadata/finalizers").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn references(object: &Value) -> &[Value] {
    object.pointer("/metadata/ownerReferences").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn uid(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn is_deleted(object: &Value) -> bool {
    object.pointer("/metadata/deletionTimestamp").is_some()
}

/// Text that every object of interest contains; most objects are skipped without building their tree.
fn may_matter(json: &[u8]) -> bool {
    const WORDS: [&[u8]; 2] = [b"\"ownerReferences\"", b"\"deletionTimestamp\""];
    WORDS.iter().any(|word| json.windows(word.len()).any(|window| window == *word))
}

impl<'a> Collector<'a> {
    fn of(state: &'a State) -> Self {
        let mut collector = Self {
            state,
            dependents: HashMap::new(),
            owners: BTreeMap::new(),
            queue: BTreeSet::new(),
            failed: BTreeSet::new(),
        };
        for collection in state.store.collections() {
            for (key, object) in state.store.list(&collection, None).objects {
                if may_matter(&object.json) {
                    collector.learn(&key, &object.value());
                    collector.queue.insert(key.clone());
                }
                if lifecycle::is_concerned(&key) {
                    collector.queue.insert(key);
                }
            }
        }
        collector
    }

    /// Does what there is to do and learns the next events. False when the watch has expired.
    async fn follow(&mut self, watch: &mut Watch) -> bool {
        while let Some(key) = self.queue.pop_first() {
            if let Err(error) = self.visit(&key) {
                tracing::warn!(?key, error = error.message, "garbage collection failed");
                self.failed.insert(key);
            }
        }
        let events = if self.failed.is_empty() {
            watch.next().await
        } else if let Ok(events) = tokio::time::timeout(RETRY, watch.next()).await {
            events
        } else {
            self.queue.append(&mut self.failed);
            return true;
        };
        let Ok(events) = events else { return false };
        for event in &events {
            self.event(event);
        }
        true
    }

    fn event(&mut self, event: &Event) {
        if lifecycle::is_concerned(&event.key) {
            self.queue.insert(event.key.clone());
        }
        let mattered = event.previous.as_ref().is_some_and(|object| may_matter(&object.json));
        if event.deleted {
            let object = event.object.value();
            self.forget(&event.key);
            // Its dependents, and owners that wait for it.
            let own = uid(&object["metadata"]["uid"]);
            self.queue.extend(self.dependents.get(own).into_iter().flatten().cloned());
            for reference in references(&object) {
                if let Some((key, _)) = self.owner(&event.key, reference) {
                    self.queue.insert(key);
                }
            }
            if !event.key.namespace.is_empty() {
                self.queue.insert(Key::new("namespaces", "", &event.key.namespace));
            }
            if let Some(definition) = lifecycle::definition_of(self.state, &event.key) {
                self.queue.insert(definition);
            }
        } else if mattered || may_matter(&event.object.json) {
            self.learn(&event.key, &event.object.value());
            self.queue.insert(event.key.clone());
        }
    }

    fn learn(&mut self, key: &Key, object: &Value) {
        self.forget(key);
        let owners: Vec<String> = references(object).iter().map(|owner| uid(&owner["uid"]).to_owned()).collect();
        if owners.is_empty() {
            return;
        }
        for owner in &owners {
            self.dependents.entry(owner.clone()).or_default().insert(key.clone());
        }
        self.owners.insert(key.clone(), owners);
    }

    fn forget(&mut self, key: &Key) {
        for owner in self.owners.remove(key).unwrap_or_default() {
            if let Some(dependents) = self.dependents.get_mut(&owner) {
                dependents.remove(key);
                if dependents.is_empty() {
                    self.dependents.remove(&owner);
                }
            }
        }
    }

    /// Where the owner of a reference would be stored. `None` when its kind is unknown.
    fn owner(&self, dependent: &Key, reference: &Value) -> Option<(Key, Arc<Resource>)> {
        let text = |name: &str| reference[name].as_str().unwrap_or_default();
        let resource = self.state.registry.by_kind(text("apiVersion"), text("kind"))?;
        let key = State::key(&resource, &dependent.namespace, text("name"));
        Some((key, resource))
    }

    fn visit(&mut self, key: &Key) -> ApiResult<()> {
        lifecycle::visit(self.state, key)?;
        let Some(stored) = self.state.store.get(key) else { return Ok(()) };
        if !may_matter(&stored.json) {
            return Ok(());
        }
        let object = stored.value();
        if is_deleted(&object) {
            let own = uid(&object["metadata"]["uid"]).to_owned();
            if finalizers(&object).any(|finalizer| finalizer == ORPHAN) {
                return self.orphan(key, &own);
            }
            if finalizers(&object).any(|finalizer| finalizer == FOREGROUND) {
                return self.delete_dependents_first(key, &own);
            }
            return Ok(());
        }
        self.collect(key, &object)
    }

    /// Deletes an object whose owners are all gone, or drops references to those that are.
    fn collect(&mut self, key: &Key, object: &Value) -> ApiResult<()> {
        let (mut gone, mut waiting, mut solid) = (Vec::new(), Vec::new(), 0);
        for reference in references(object) {
            let own = uid(&reference["uid"]);
            match self.owner(key, reference) {
                None => solid += 1,
                Some((owner, _)) => match self.state.store.get(&owner).map(|owner| owner.value()) {
                    Some(owner) if uid(&owner["metadata"]["uid"]) == own => {
                        if is_deleted(&owner) && finalizers(&owner).any(|finalizer| finalizer == FOREGROUND) {
                            waiting.push(own.to_owned());
                        } else {
                            solid += 1;
                        }
                    }
                    _ => gone.push(own.to_owned()),
                },
            }
        }
        if gone.is_empty() && waiting.is_empty() {
            return Ok(());
        }
        if solid > 0 {
            gone.append(&mut waiting);
            return self.drop_references(key, &gone);
        }
        // Dependents of a foreground deletion are deleted in the foreground themselves when they have dependents.
        let own = uid(&object["metadata"]["uid"]);
        let foreground = !waiting.is_empty() && self.dependents.contains_key(own);
        self.delete(key, own, if foreground { "Foreground" } else { "Background" })
    }

    fn delete(&self, key: &Key, own: &str, propagation: &str) -> ApiResult<()> {
        let Some(resource) = self.state.registry.by_collection(&key.collection) else { return Ok(()) };
        let options = DeleteOptions {
            propagation: propagation.to_owned(),
            uid: Some(own.to_owned()),
            ..DeleteOptions::default()
        };
        tolerate(self.state.delete(&resource, &key.namespace, &key.name, &options).map(drop))
    }

    fn orphan(&mut self, key: &Key, own: &str) -> ApiResult<()> {
        for dependent in self.dependents.get(own).cloned().unwrap_or_default() {
            self.drop_references(&dependent, &[own.to_owned()])?;
        }
        self.drop_finalizer(key, ORPHAN)
    }

    fn delete_dependents_first(&mut self, key: &Key, own: &str) -> ApiResult<()> {
        let mut blocking = false;
        for dependent in self.dependents.get(own).cloned().unwrap_or_default() {
            let Some(object) = self.state.store.get(&dependent).map(|object| object.value()) else { continue };
            let blocks = references(&object)
                .iter()
                .any(|reference| uid(&reference["uid"]) == own && reference["blockOwnerDeletion"] == true);
            if !is_deleted(&object) {
                self.collect(&dependent, &object)?;
            }
            let still_there = self.state.store.get(&dependent).is_some_and(|object| {
                references(&object.value()).iter().any(|reference| uid(&reference["uid"]) == own)
            });
            blocking |= blocks && still_there;
        }
        if blocking { Ok(()) } else { self.drop_finalizer(key, FOREGROUND) }
    }

    fn drop_references(&self, key: &Key, gone: &[String]) -> ApiResult<()> {
        change(self.state, key, Part::Whole, |object| {
            if let Some(list) = object.pointer_mut("/metadata/ownerReferences").and_then(Value::as_array_mut) {
                list.retain(|reference| !gone.iter().any(|own| own == uid(&reference["uid"])));
                if list.is_empty() {
                    remove(object, "ownerReferences");
                }
            }
        })
    }

    fn drop_finalizer(&self, key: &Key, name: &str) -> ApiResult<()> {
        drop_finalizer(self.state, key, name)
    }
}

fn remove(object: &mut Value, field: &str) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.shift_remove(field);
    }
}

/// Takes a finalizer from an object, which finishes its deletion when it was the last.
pub(super) fn drop_finalizer(state: &State, key: &Key, name: &str) -> ApiResult<()> {
    change(state, key, Part::Whole, |object| {
        if let Some(list) = object.pointer_mut("/metadata/finalizers").and_then(Value::as_array_mut) {
            list.retain(|finalizer| finalizer != name);
            if list.is_empty() {
                remove(object, "finalizers");
            }
        }
    })
}

/// Changes an object as a controller of the server does.
pub(super) fn change(state: &State, key: &Key, part: Part, change: impl Fn(&mut Value)) -> ApiResult<()> {
    let Some(resource) = state.registry.by_collection(&key.collection) else { return Ok(()) };
    let write = Write {
        resource: &resource,
        namespace: &key.namespace,
        manager: "kube-controller-manager",
        dry_run: false,
        field_validation: "Ignore",
        duplicates: &[],
        way: Way::Body,
    };
    let changed = state.update(&write, &key.name, part, |old| {
        let mut new = old.clone();
        change(&mut new);
        canonical(&resource, &mut new);
        Ok(new)
    });
    tolerate(changed.map(drop))
}

/// What is gone, or was replaced, needs nothing more: its own event brings the collector back to it.
fn tolerate(result: ApiResult<()>) -> ApiResult<()> {
    match result {
        Err(ApiError { reason: "NotFound" | "Conflict", .. }) => Ok(()),
        other => other,
    }
}
