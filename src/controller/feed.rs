//! Watches shared by the controllers: one list and watch of a kind, one store, and whoever wants to be told of a change.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use kube::core::DeserializeGuard;
use kube::runtime::WatchStreamExt;
use kube::runtime::reflector::store::Writer;
use kube::runtime::reflector::{Lookup, ObjectRef, Store};
use kube::runtime::watcher::{self, watcher};
use kube::{Api, Resource};
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use super::context::said;

/// Told of every object that appeared, changed or went.
pub type Listener<K> = Box<dyn Fn(&K) + Send + Sync>;

/// A kind whose objects may fail to decode: one bad object must not hide the others.
pub type Guarded<K> = DeserializeGuard<K>;

/// Objects of a kind, before their watch begins.
pub struct Feed<K>
where
    K: Lookup + Clone + 'static,
    K::DynamicType: Eq + Hash + Clone,
{
    /// What is known of them.
    pub store: Store<K>,
    /// Whether the first list is there.
    pub listed: Listed,
    /// Whom to tell.
    pub listeners: Vec<Listener<K>>,
    writer: Writer<K>,
}

/// Whether the first list of a kind is there.
///
/// Not `Store::wait_until_ready`: of several who wait for one store it wakes only the last.
#[derive(Clone, Default)]
pub struct Listed(CancellationToken);

impl Listed {
    /// Waits until it is.
    pub async fn wait(&self) {
        self.0.cancelled().await;
    }
}

impl<K> Feed<K>
where
    K: Lookup + Clone + 'static,
    K::DynamicType: Eq + Hash + Clone + Default,
{
    /// Nothing is known yet.
    pub fn new() -> Self {
        let (store, writer) = kube::runtime::reflector::store();
        Self { store, listed: Listed::default(), listeners: Vec::new(), writer }
    }
}

impl<K> Default for Feed<K>
where
    K: Lookup + Clone + 'static,
    K::DynamicType: Eq + Hash + Clone + Default,
{
    fn default() -> Self {
        Self::new()
    }
}

/// Lists and watches a kind until cancelled, keeping the feed's store current and telling its listeners.
pub async fn follow<K>(api: Api<K>, config: watcher::Config, feed: Feed<K>, cancelled: CancellationToken)
where
    K: Resource + Lookup + Clone + DeserializeOwned + Debug + Send + Sync + 'static,
    <K as Lookup>::DynamicType: Eq + Hash + Clone + Default,
    <K as Resource>::DynamicType: Default + Clone,
{
    let Feed { store, mut writer, listed, listeners } = feed;
    let mut events = watcher(api, config).default_backoff().modify(slim).boxed();
    let mut before: HashMap<ObjectRef<K>, Arc<K>> = HashMap::new();
    let tell = |object: &K| listeners.iter().for_each(|listener| listener(object));
    loop {
        let event = tokio::select! {
            event = events.next() => event,
            () = cancelled.cancelled() => return,
        };
        match event {
            Some(Ok(event)) => {
                if matches!(event, watcher::Event::Init) {
                    before = store
                        .state()
                        .into_iter()
                        .map(|object| (ObjectRef::from_obj_with(&*object, Default::default()), object))
                        .collect();
                }
                writer.apply_watcher_event(&event);
                match event {
                    watcher::Event::Apply(object) | watcher::Event::Delete(object) => tell(&object),
                    watcher::Event::InitDone => {
                        for object in store.state() {
                            before.remove(&ObjectRef::from_obj_with(&*object, Default::default()));
                            tell(&object);
                        }
                        listed.0.cancel();
                        // What went while we were not watching.
                        for (_, object) in before.drain() {
                            tell(&object);
                        }
                    }
                    watcher::Event::Init | watcher::Event::InitApply(_) => {}
                }
            }
            Some(Err(error)) => {
                if is_unknown_kind(&error) && !listed.0.is_cancelled() {
                    // Whoever needs this kind finds none of it, instead of waiting for a platform that was taken away.
                    writer.apply_watcher_event(&watcher::Event::Init);
                    writer.apply_watcher_event(&watcher::Event::InitDone);
                    listed.0.cancel();
                }
                let of = Default::default();
                tracing::warn!(kind = %<K as Resource>::kind(&of), error = told(&error), "watch failed, trying again");
            }
            None => return,
        }
    }
}

/// Takes from an object what is more than half of it, and what nobody here asks for.
fn slim<K: Resource>(object: &mut K) {
    let meta = object.meta_mut();
    meta.managed_fields = None;
    if let Some(annotations) = &mut meta.annotations {
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
    }
}

/// What the API server said.
fn told(error: &watcher::Error) -> String {
    match error {
        watcher::Error::InitialListFailed(error)
        | watcher::Error::WatchStartFailed(error)
        | watcher::Error::WatchFailed(error) => said(error),
        watcher::Error::WatchError(status) if !status.message.is_empty() => status.message.clone(),
        other => other.to_string(),
    }
}

/// Whether the cluster has no such kind.
fn is_unknown_kind(error: &watcher::Error) -> bool {
    let (watcher::Error::InitialListFailed(kube::Error::Api(status))
    | watcher::Error::WatchStartFailed(kube::Error::Api(status))) = error
    else {
        return false;
    };
    status.code == 404
}

/// How long to wait before the `failures`-th try: doubling from 200 ms to two minutes, with a quarter of jitter so that
/// many objects that failed together do not come back together.
pub fn retry_delay(failures: u32) -> Duration {
    let base = Duration::from_millis(200)
        .saturating_mul(1 << failures.saturating_sub(1).min(10))
        .min(Duration::from_secs(120));
    let random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), failures) % 256;
    base + base.mul_f64(f64::from(u32::try_from(random).unwrap_or(0)) / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_a_limit_and_differ() {
        assert!(retry_delay(1) >= Duration::from_millis(200) && retry_delay(1) <= Duration::from_millis(250));
        assert!(retry_delay(5) >= Duration::from_millis(3200));
        assert!(retry_delay(u32::MAX) <= Duration::from_secs(150));
        let delays: std::collections::HashSet<_> = (0..20).map(|_| retry_delay(3)).collect();
        assert!(delays.len() > 1, "no jitter");
    }
}
