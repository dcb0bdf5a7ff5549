//! A queue of objects to look at, in the order in which they were first asked for.
//!
//! An object is in one place at a time, so that asking for it twice is looking at it once, and nobody looks at one from two
//! sides (the rules of client-go's `workqueue`):
//!
//! ```text
//!   elsewhere ──ask──► waiting ──take──► in work ──done──► elsewhere, or later
//!                         ▲                 │
//!     later ──its time, ask                 └──ask──► in work, wanted again ──done──► waiting
//! ```

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// Namespace and name of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
}

/// When to look at an object again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action(Option<Duration>);

impl Action {
    /// After this time, or when somebody asks for it.
    pub const fn requeue(after: Duration) -> Self {
        Self(Some(after))
    }

    /// When somebody asks for it.
    pub const fn await_change() -> Self {
        Self(None)
    }
}

/// The queue; clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct WorkQueue {
    places: Arc<Mutex<Places>>,
    changed: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Places {
    of: HashMap<Arc<Key>, Place>,
    waiting: VecDeque<Arc<Key>>,
    later: BTreeSet<(Instant, Arc<Key>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Later(Instant),
    Waiting,
    InWork { wanted_again: bool },
}

impl WorkQueue {
    /// Asks to look at an object.
    pub fn ask(&self, namespace: &str, name: &str) {
        self.places().ask(Key { namespace: namespace.to_owned(), name: name.to_owned() });
        self.changed.notify_one();
    }

    /// The object that has waited longest: in work from now on, until [`WorkQueue::done`]. For one caller at a time.
    pub async fn take(&self) -> Arc<Key> {
        loop {
            let next = {
                let mut places = self.places();
                if let Some(key) = places.take(Instant::now()) {
                    return key;
                }
                places.later.first().map(|(at, _)| *at)
            };
            let changed = self.changed.notified();
            match next {
                None => changed.await,
                Some(at) => tokio::select! {
                    () = changed => {}
                    () = tokio::time::sleep_until(at) => {}
                },
            }
        }
    }

    /// An object that was taken has been looked at.
    pub fn done(&self, key: Arc<Key>, then: Action) {
        self.places().done(key, then, Instant::now());
        self.changed.notify_one();
    }

    /// How many objects wait.
    pub fn len(&self) -> usize {
        self.places().waiting.len()
    }

    /// Whether no object waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Places {
    fn ask(&mut self, key: Key) {
        match self.of.get_key_value(&key).map(|(known, place)| (known.clone(), *place)) {
            Some((_, Place::Waiting)) => {}
            Some((known, Place::InWork { .. })) => {
                self.of.insert(known, Place::InWork { wanted_again: true });
            }
            Some((known, Place::Later(at))) => {
                self.later.remove(&(at, known.clone()));
                self.wait(known);
            }
            None => self.wait(Arc::new(key)),
        }
    }

    fn wait(&mut self, key: Arc<Key>) {
        self.of.insert(key.clone(), Place::Waiting);
        self.waiting.push_back(key);
    }

    fn take(&mut self, now: Instant) -> Option<Arc<Key>> {
        while self.later.first().is_some_and(|(at, _)| *at <= now) {
            let (_, key) = self.later.pop_first()?;
            self.wait(key);
        }
        let key = self.waiting.pop_front()?;
        self.of.insert(key.clone(), Place::InWork { wanted_again: false });
        Some(key)
    }

    fn done(&mut self, key: Arc<Key>, then: Action, now: Instant) {
        if self.of.get(&key) == Some(&Place::InWork { wanted_again: true }) {
            return self.wait(key);
        }
        match then.0.and_then(|after| now.checked_add(after)) {
            None => {
                self.of.remove(&key);
            }
            Some(at) => {
                self.of.insert(key.clone(), Place::Later(at));
                self.later.insert((at, key));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(name: &str) -> Key {
        Key { namespace: "n".to_owned(), name: name.to_owned() }
    }

    fn asked(names: &[&str]) -> Places {
        let mut places = Places::default();
        for name in names {
            places.ask(key(name));
        }
        places
    }

    fn take(places: &mut Places, now: Instant) -> Option<String> {
        places.take(now).map(|key| key.name.clone())
    }

    #[test]
    fn who_asked_first_is_first_and_is_looked_at_once() {
        let (mut places, now) = (asked(&["c", "a", "b", "a", "c"]), Instant::now());
        let taken: Vec<_> = std::iter::from_fn(|| take(&mut places, now)).collect();
        assert_eq!(taken, ["c", "a", "b"]);
    }

    #[test]
    fn one_in_work_is_looked_at_again_behind_the_others_and_from_one_side() {
        let (mut places, now) = (asked(&["a"]), Instant::now());
        let in_work = places.take(now).unwrap();
        places.ask(key("a"));
        places.ask(key("b"));
        assert_eq!((take(&mut places, now).as_deref(), take(&mut places, now)), (Some("b"), None));
        // It is wanted now, whenever the look itself would have wanted the next one.
        places.done(in_work, Action::requeue(Duration::from_secs(300)), now);
        let again = places.take(now).unwrap();
        places.done(again, Action::await_change(), now);
        assert_eq!(take(&mut places, now + Duration::from_secs(300)), None);
    }

    #[test]
    fn one_that_is_due_later_comes_then_or_when_it_is_asked_for() {
        let (mut places, begin) = (asked(&["late", "soon"]), Instant::now());
        let after = |seconds| begin + Duration::from_secs(seconds);
        for seconds in [60, 20] {
            let key = places.take(begin).unwrap();
            places.done(key, Action::requeue(Duration::from_secs(seconds)), begin);
        }
        assert_eq!(take(&mut places, after(19)), None);
        assert_eq!((take(&mut places, after(20)).as_deref(), take(&mut places, after(20))), (Some("soon"), None));
        places.ask(key("late"));
        let late = places.take(after(21)).unwrap();
        // What it was due for has passed with that.
        places.done(late, Action::await_change(), after(21));
        assert_eq!(take(&mut places, after(60)), None);
    }

    #[tokio::test]
    async fn whoever_waits_is_told_of_what_comes() {
        let queue = WorkQueue::default();
        queue.ask("n", "a");
        let in_work = queue.take().await;
        queue.done(in_work, Action::requeue(Duration::from_secs(3600)));
        let asking = queue.clone();
        let (taken, ()) = tokio::join!(queue.take(), async move { asking.ask("n", "b") });
        assert_eq!(taken.name, "b");
        queue.done(taken, Action::requeue(Duration::from_millis(1)));
        assert_eq!(queue.take().await.name, "b");
    }

    proptest! {
        #[test]
        fn no_object_is_lost_or_kept_for_ever(steps in prop::collection::vec((0..4u8, "[a-d]", 0..3u64), 0..60)) {
            let (mut places, mut now) = (Places::default(), Instant::now());
            let mut in_work: Vec<Arc<Key>> = Vec::new();
            for (step, name, seconds) in steps {
                match step {
                    0 => {
                        places.ask(key(&name));
                        prop_assert!(places.of.contains_key(&key(&name)));
                    }
                    1 => {
                        if let Some(taken) = places.take(now) {
                            prop_assert!(!in_work.contains(&taken), "{taken:?} is in work twice");
                            in_work.push(taken);
                        }
                    }
                    2 if !in_work.is_empty() => {
                        let then = if seconds == 0 { Action::await_change() } else { Action::requeue(Duration::from_secs(seconds)) };
                        places.done(in_work.remove(0), then, now);
                    }
                    _ => now += Duration::from_secs(seconds),
                }
                let count = |is: fn(&Place) -> bool| places.of.values().filter(|place| is(place)).count();
                prop_assert_eq!(count(|place| matches!(place, Place::Waiting)), places.waiting.len());
                prop_assert_eq!(count(|place| matches!(place, Place::Later(_))), places.later.len());
                prop_assert_eq!(count(|place| matches!(place, Place::InWork { .. })), in_work.len());
            }
            loop {
                for key in in_work.drain(..) {
                    places.done(key, Action::await_change(), now);
                }
                now += Duration::from_secs(3);
                let Some(taken) = places.take(now) else { break };
                in_work.push(taken);
            }
            prop_assert!(places.of.is_empty() && places.later.is_empty(), "something stays: {:?}", places);
        }
    }
}
