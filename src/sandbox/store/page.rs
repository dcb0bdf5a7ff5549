//! Parts of a collection, as it is or as it was: a page is read where it lies, without what stands before it.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::{Expired, Inner, Key, Object, Store};

/// Which part of a collection.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The resource with its group.
    pub collection: &'a str,
    /// The namespace; all of them when absent.
    pub namespace: Option<&'a str>,
    /// Namespace and name of the last object that is not wanted any more.
    pub after: Option<(&'a str, &'a str)>,
    /// How many objects at most.
    pub count: usize,
}

impl<'a> Scope<'a> {
    /// A whole collection, or what a namespace holds of it.
    pub fn whole(collection: &'a str, namespace: Option<&'a str>) -> Self {
        Self { collection, namespace, after: None, count: usize::MAX }
    }

    fn holds(&self, key: &Key) -> bool {
        *key.collection == *self.collection
            && self.namespace.is_none_or(|wanted| wanted == &*key.namespace)
            && self.after.is_none_or(|after| after < (&*key.namespace, &*key.name))
    }
}

/// Part of a collection as it was at one revision.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The revision at which the listing is true.
    pub revision: u64,
    /// The objects, ordered by namespace and name.
    pub objects: Vec<(Key, Object)>,
    /// How many more follow in the same scope.
    pub remaining: usize,
}

/// Namespace and name.
type Place<'a> = (&'a Arc<str>, &'a Arc<str>);

impl Store {
    /// The objects of a collection, of one namespace if one is given, as they are now.
    pub fn list(&self, collection: &str, namespace: Option<&str>) -> Listing {
        let inner = self.lock();
        inner.page(&Scope::whole(collection, namespace), inner.revision, &BTreeMap::new())
    }

    /// Part of a collection as it is now, or as it was at `revision`, undone from the event ring.
    pub fn page(&self, scope: &Scope<'_>, revision: Option<u64>) -> Result<Listing, Expired> {
        let inner = self.lock();
        let mut before = BTreeMap::new();
        if let Some(revision) = revision {
            for event in inner.ring.since(revision)?.rev().filter(|event| scope.holds(&event.key)) {
                before.insert((&event.key.namespace, &event.key.name), event.previous.as_ref());
            }
        }
        Ok(inner.page(scope, revision.unwrap_or(inner.revision), &before))
    }
}

impl Inner {
    /// `before` holds what has changed since `revision`, as it was then.
    fn page(&self, scope: &Scope<'_>, revision: u64, before: &BTreeMap<Place<'_>, Option<&Object>>) -> Listing {
        let place = |(namespace, name): (&str, &str)| (Arc::from(namespace), Arc::from(name));
        let start = match scope.after {
            Some(after) => Bound::Excluded(place(after)),
            None => Bound::Included(place((scope.namespace.unwrap_or_default(), ""))),
        };
        let mut now = self
            .collections
            .get(scope.collection)
            .into_iter()
            .flat_map(|objects| objects.range((start.clone(), Bound::Unbounded)))
            .map(|((namespace, name), object)| ((namespace, name), object))
            .take_while(|((namespace, _), _)| scope.namespace.is_none_or(|wanted| *wanted == ***namespace))
            .filter(|(place, _)| before.is_empty() || !before.contains_key(place))
            .peekable();
        let mut undone = before.iter().filter_map(|(place, object)| Some((*place, (*object)?))).peekable();
        let mut both = std::iter::from_fn(|| match (now.peek(), undone.peek()) {
            (Some((left, _)), Some((right, _))) if right < left => undone.next(),
            (None, _) => undone.next(),
            _ => now.next(),
        });
        let collection: Arc<str> = scope.collection.into();
        let objects = both.by_ref().take(scope.count).map(|((namespace, name), object)| {
            let key = Key { collection: Arc::clone(&collection), namespace: namespace.clone(), name: name.clone() };
            (key, object.clone())
        });
        let objects = objects.collect();
        Listing { revision, objects, remaining: both.count() }
    }
}
