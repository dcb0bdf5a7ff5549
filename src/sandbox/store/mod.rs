//! Storage of the embedded API server: JSON objects under one revision counter, with watches and a durable journal.
//!
//! The semantics are those that a kube-apiserver gets from etcd:
//!
//! * every write gets the next revision, which becomes the object's `metadata.resourceVersion`;
//! * a write names the revision it was computed from and fails with [`WriteError::Changed`] when that is not current;
//! * a watch goes on from any revision that the event ring still holds, and is [`Expired`] before that;
//! * a write is in the journal before it is visible, so that an acknowledged write survives `kill -9`.
//!
//! Objects are kept as compact JSON text, not as trees: a tree takes five times the memory.

mod journal;
mod page;
mod ring;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::watch as signal;

use journal::Journal;
pub use page::{Listing, Scope};
use ring::Ring;

/// Where an object is stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The resource with its group: `pods`, `tasks.kubeopencode.io`.
    pub collection: Arc<str>,
    /// The namespace, empty for cluster-scoped objects.
    pub namespace: Arc<str>,
    /// The name.
    pub name: Arc<str>,
}

impl Key {
    /// A key from its parts; `namespace` is empty for cluster-scoped objects.
    pub fn new(collection: &str, namespace: &str, name: &str) -> Self {
        Self { collection: collection.into(), namespace: namespace.into(), name: name.into() }
    }
}

/// An object as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Revision of the write that made it so; also in its `metadata.resourceVersion`.
    pub revision: u64,
    /// The object as compact JSON.
    pub json: Bytes,
}

impl Object {
    /// The object as a tree. Stored text is JSON by construction.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.json).unwrap_or(Value::Null)
    }
}

/// What happened to an object.
#[derive(Clone, Debug)]
pub struct Event {
    /// Revision of the write.
    pub revision: u64,
    /// Which object.
    pub key: Key,
    /// The object after the write; for a deletion its last state, carrying the revision of the deletion.
    pub object: Object,
    /// The object before the write; absent for a creation.
    pub previous: Option<Object>,
    /// Whether the write removed the object.
    pub deleted: bool,
}

/// Why a write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The object is not at the revision that the write was computed from (it may be absent, or present).
    #[error("the object was changed meanwhile")]
    Changed,
    /// The journal could not be written; nothing was changed.
    #[error("cannot write the journal: {0}")]
    Journal(#[from] io::Error),
}

/// The revision asked for is older than what the event ring holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too old resource version: {asked} ({oldest})")]
pub struct Expired {
    /// The revision asked for.
    pub asked: u64,
    /// The oldest revision that can be continued from.
    pub oldest: u64,
}

type Collection = BTreeMap<(Arc<str>, Arc<str>), Object>;

struct Inner {
    revision: u64,
    collections: BTreeMap<Arc<str>, Collection>,
    ring: Ring,
    journal: Option<Journal>,
}

/// The store. All methods are short and never wait for the network; share it in an [`Arc`].
pub struct Store {
    inner: Mutex<Inner>,
    latest: signal::Sender<u64>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("revision", &self.revision()).finish_non_exhaustive()
    }
}

impl Store {
    /// A store without a journal.
    pub fn in_memory() -> Self {
        Self::with(1, BTreeMap::new(), None)
    }

    /// Opens the journal at `path`, or begins one. A torn last line (a write that was never acknowledged) is cut off;
    /// an unknown format version or a damaged line before the end is refused, with the reason.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut collections: BTreeMap<Arc<str>, Collection> = BTreeMap::new();
        let (journal, revision) = Journal::open(path, |record| match record {
            journal::Record::Put { key, object } => {
                collections.entry(key.collection).or_default().insert((key.namespace, key.name), object);
            }
            journal::Record::Delete { key } => {
                if let Some(objects) = collections.get_mut(&key.collection) {
                    objects.remove(&(key.namespace, key.name));
                }
            }
        })?;
        Ok(Self::with(revision.max(1), collections, Some(journal)))
    }

    fn with(revision: u64, collections: BTreeMap<Arc<str>, Collection>, journal: Option<Journal>) -> Self {
        let inner = Inner { revision, collections, ring: Ring::starting_after(revision), journal };
        Self { inner: Mutex::new(inner), latest: signal::Sender::new(revision) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // No code below panics while it holds the lock half-way through a change.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The revision of the latest write.
    pub fn revision(&self) -> u64 {
        *self.latest.borrow()
    }

    /// One object.
    pub fn get(&self, key: &Key) -> Option<Object> {
        let inner = self.lock();
        inner.collections.get(&key.collection)?.get(&(key.namespace.clone(), key.name.clone())).cloned()
    }

    /// The names of all collections.
    pub fn collections(&self) -> Vec<Arc<str>> {
        self.lock().collections.keys().cloned().collect()
    }

    /// The collections that hold anything in `namespace`.
    pub fn collections_in(&self, namespace: &str) -> Vec<Arc<str>> {
        let inner = self.lock();
        let holds = |objects: &Collection| objects.keys().any(|(held_in, _)| &**held_in == namespace);
        inner.collections.iter().filter(|(_, objects)| holds(objects)).map(|(name, _)| name.clone()).collect()
    }

    /// Stores an object that must not exist yet.
    pub fn create(&self, key: &Key, value: Value) -> Result<Object, WriteError> {
        self.put(key, None, value)
    }

    /// Replaces an object that must still be at revision `at`.
    pub fn replace(&self, key: &Key, at: u64, value: Value) -> Result<Object, WriteError> {
        self.put(key, Some(at), value)
    }

    fn put(&self, key: &Key, at: Option<u64>, mut value: Value) -> Result<Object, WriteError> {
        let mut inner = self.lock();
        let previous = inner.current(key, at)?;
        let object = stamp(inner.revision + 1, &mut value)?;
        if let Some(journal) = &mut inner.journal {
            journal.put(key, &object)?;
        }
        let collection = match inner.collections.get_mut(&key.collection) {
            Some(collection) => collection,
            None => inner.collections.entry(key.collection.clone()).or_default(),
        };
        collection.insert((key.namespace.clone(), key.name.clone()), object.clone());
        self.publish(
            &mut inner,
            Event { revision: object.revision, key: key.clone(), object: object.clone(), previous, deleted: false },
        );
        Ok(object)
    }

    /// Removes an object that must still be at revision `at`; answers its last state.
    pub fn remove(&self, key: &Key, at: u64) -> Result<Object, WriteError> {
        let mut inner = self.lock();
        let Some(previous) = inner.current(key, Some(at))? else { return Err(WriteError::Changed) };
        let object = stamp(inner.revision + 1, &mut previous.value())?;
        if let Some(journal) = &mut inner.journal {
            journal.delete(key, object.revision)?;
        }
        if let Some(collection) = inner.collections.get_mut(&key.collection) {
            collection.remove(&(key.namespace.clone(), key.name.clone()));
        }
        self.publish(
            &mut inner,
            Event {
                revision: object.revision,
                key: key.clone(),
                object: object.clone(),
                previous: Some(previous),
                deleted: true,
            },
        );
        Ok(object)
    }

    fn publish(&self, inner: &mut Inner, event: Event) {
        inner.revision = event.revision;
        inner.ring.push(event);
        inner.compact_if_due();
        self.latest.send_replace(inner.revision);
    }

    /// Follows a collection (all collections when `None`) from just after `revision`.
    pub fn watch(self: &Arc<Self>, collection: Option<&str>, revision: u64) -> Result<Watch, Expired> {
        self.lock().ring.since(revision).map(drop)?;
        Ok(Watch {
            store: Arc::clone(self),
            collection: collection.map(Arc::from),
            cursor: revision,
            latest: self.latest.subscribe(),
        })
    }
}

impl Inner {
    fn current(&self, key: &Key, at: Option<u64>) -> Result<Option<Object>, WriteError> {
        let found = self
            .collections
            .get(&key.collection)
            .and_then(|collection| collection.get(&(key.namespace.clone(), key.name.clone())));
        if found.map(|object| object.revision) == at { Ok(found.cloned()) } else { Err(WriteError::Changed) }
    }

    fn compact_if_due(&mut self) {
        let Some(journal) = &mut self.journal else { return };
        if !journal.is_compaction_due() {
            return;
        }
        let live = self.collections.iter().flat_map(|(name, objects)| {
            objects.iter().map(|((namespace, key), object)| {
                (Key { collection: name.clone(), namespace: namespace.clone(), name: key.clone() }, object)
            })
        });
        // The journal as it stands is complete: a failed compaction costs space, not writes.
        if let Err(error) = journal.compact(self.revision, live) {
            tracing::warn!(%error, "cannot compact the journal");
        }
    }
}

/// Writes the revision into the object and serialises it.
fn stamp(revision: u64, value: &mut Value) -> Result<Object, WriteError> {
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.insert("resourceVersion".to_owned(), Value::String(revision.to_string()));
    }
    let json = serde_json::to_vec(value).map_err(io::Error::from)?;
    Ok(Object { revision, json: Bytes::from(json.into_boxed_slice()) })
}

/// A position in the stream of events.
pub struct Watch {
    store: Arc<Store>,
    collection: Option<Arc<str>>,
    cursor: u64,
    latest: signal::Receiver<u64>,
}

impl Watch {
    /// The revision up to which everything was delivered.
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// The events that happened since the last call; waits until there is at least one. Cancel safe.
    pub async fn next(&mut self) -> Result<Vec<Event>, Expired> {
        loop {
            let events = self.poll()?;
            if !events.is_empty() {
                return Ok(events);
            }
            if self.latest.changed().await.is_err() {
                // Unreachable: the sender lives in the store, which this watch keeps alive.
                std::future::pending::<()>().await;
            }
        }
    }

    /// The events since the last call, possibly none, without waiting.
    pub fn poll(&mut self) -> Result<Vec<Event>, Expired> {
        self.latest.mark_unchanged();
        let inner = self.store.lock();
        let wanted = |event: &&Event| self.collection.as_ref().is_none_or(|wanted| *wanted == event.key.collection);
        let events = inner.ring.since(self.cursor)?.filter(wanted).cloned().collect();
        self.cursor = inner.revision.max(self.cursor);
        Ok(events)
    }
}

#[cfg(test)]
mod tests;
