use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn named(name: &str, field: u64) -> Value {
    json!({"metadata": {"name": name}, "field": field})
}

fn state(store: &Store) -> (u64, Vec<(Key, Object)>) {
    let names = store.collections();
    (store.revision(), names.iter().flat_map(|name| store.list(name, None).objects).collect())
}

#[test]
fn writes_count_revisions_and_refuse_stale_ones() {
    let store = Store::in_memory();
    let key = Key::new("pods", "default", "a");
    let first = store.create(&key, named("a", 1)).unwrap();
    assert!(matches!(store.create(&key, named("a", 1)), Err(WriteError::Changed)));
    let second = store.replace(&key, first.revision, named("a", 2)).unwrap();
    assert_eq!(second.value()["metadata"]["resourceVersion"], second.revision.to_string());
    assert!(matches!(store.replace(&key, first.revision, named("a", 3)), Err(WriteError::Changed)));
    assert!(matches!(store.remove(&key, first.revision), Err(WriteError::Changed)));
    let last = store.remove(&key, second.revision).unwrap();
    assert_eq!((last.revision, last.value()["field"].as_u64()), (second.revision + 1, Some(2)));
    assert!(store.get(&key).is_none());
}

#[tokio::test]
async fn a_watch_sees_every_event_of_its_collection_once_and_in_order() {
    let store = Arc::new(Store::in_memory());
    let key = Key::new("pods", "default", "a");
    let mut watch = store.watch(Some("pods"), store.revision()).unwrap();
    let first = store.create(&key, named("a", 1)).unwrap();
    store.create(&Key::new("secrets", "default", "a"), named("a", 1)).unwrap();
    store.remove(&key, first.revision).unwrap();
    let events = watch.next().await.unwrap();
    assert_eq!(events.iter().map(|event| event.deleted).collect::<Vec<_>>(), [false, true]);
    assert_eq!(watch.cursor(), store.revision());
    assert!(watch.poll().unwrap().is_empty());
    let (writer, waiting) = (Arc::clone(&store), tokio::spawn(async move { watch.next().await }));
    writer.create(&key, named("a", 2)).unwrap();
    assert_eq!(waiting.await.unwrap().unwrap().len(), 1);
}

#[test]
fn what_fell_out_of_the_ring_is_expired_and_what_is_in_it_can_be_listed_as_it_was() {
    let store = Arc::new(Store::in_memory());
    let key = Key::new("pods", "default", "a");
    let first = store.create(&key, named("a", 1)).unwrap();
    let second = store.replace(&key, first.revision, named("a", 2)).unwrap();
    store.create(&Key::new("pods", "default", "b"), named("b", 1)).unwrap();
    let at = |namespace, revision| store.page(&Scope::whole("pods", namespace), Some(revision));
    let then = at(None, first.revision).unwrap();
    assert_eq!(then.objects, [(key.clone(), first.clone())]);
    store.remove(&key, second.revision).unwrap();
    assert_eq!(at(Some("default"), second.revision).unwrap().objects, [(key.clone(), second)]);

    let large = "x".repeat(1 << 20);
    for index in 0..100 {
        let key = Key::new("configmaps", "default", &format!("c{index}"));
        store.create(&key, json!({"metadata": {}, "data": {"x": large}})).unwrap();
    }
    assert!(at(None, first.revision).is_err());
    assert_eq!(store.watch(None, first.revision).err().map(|expired| expired.asked), Some(first.revision));
    assert!(store.watch(None, store.revision() - 60).is_ok());
}

#[test]
fn a_torn_last_line_is_cut_off_and_a_damaged_one_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal");
    let key = Key::new("pods", "default", "a");
    let before = {
        let store = Store::open(&path).unwrap();
        store.create(&key, named("a", 1)).unwrap();
        state(&store)
    };
    let whole = std::fs::read(&path).unwrap();
    let torn = [&whole[..], b"{\"revision\":9,\"delete\":[\"pods\",\"def"].concat();
    std::fs::write(&path, torn).unwrap();
    let store = Store::open(&path).unwrap();
    assert_eq!(state(&store), before);
    assert_eq!(std::fs::read(&path).unwrap(), whole);

    let damaged =
        [&whole[..], b"{\"revision\":9,\"del\n{\"revision\":10,\"delete\":[\"pods\",\"d\",\"a\"]}\n"].concat();
    std::fs::write(&path, damaged).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(error.to_string().contains("line 3 is damaged"), "{error}");
}

#[test]
fn another_format_version_is_refused_with_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal");
    std::fs::write(&path, "{\"format\":\"kubectl-opencode-store\",\"version\":2}\n").unwrap();
    assert!(Store::open(&path).unwrap_err().to_string().contains("version 2 was written by another release"));
    std::fs::write(&path, "something else\n").unwrap();
    assert!(Store::open(&path).unwrap_err().to_string().contains("not a journal"));
}

/// A disk with room for so many bytes; what does not fit is written in part, as by a real one.
struct SmallDisk {
    written: Arc<Mutex<Vec<u8>>>,
    room: Arc<AtomicUsize>,
    may_truncate: bool,
}

impl journal::Medium for SmallDisk {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut written = self.written.lock().unwrap();
        let free = self.room.load(Ordering::SeqCst).saturating_sub(written.len());
        written.extend_from_slice(&bytes[..free.min(bytes.len())]);
        if free < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        if !self.may_truncate {
            self.may_truncate = true;
            return Err(io::Error::other("input/output error"));
        }
        self.written.lock().unwrap().truncate(usize::try_from(length).unwrap());
        Ok(())
    }
}

#[test]
fn a_full_disk_refuses_the_write_and_leaves_memory_and_journal_as_they_were() {
    for may_truncate in [true, false] {
        let (written, room) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(200)));
        let disk = SmallDisk { written: Arc::clone(&written), room: Arc::clone(&room), may_truncate };
        let store = Store::with(1, BTreeMap::new(), Some(Journal::on(Box::new(disk))));
        store.create(&Key::new("pods", "default", "a"), named("a", 1)).unwrap();
        let (before, acknowledged) = (state(&store), written.lock().unwrap().clone());
        let large = json!({"metadata": {}, "data": "x".repeat(500)});
        let error = store.create(&Key::new("pods", "default", "b"), large.clone()).unwrap_err();
        assert!(matches!(&error, WriteError::Journal(cause) if cause.kind() == io::ErrorKind::StorageFull));
        assert_eq!(state(&store), before);
        room.store(10_000, Ordering::SeqCst);
        store.create(&Key::new("pods", "default", "b"), large).unwrap();
        let lines = written.lock().unwrap().clone();
        assert_eq!(&lines[..acknowledged.len()], &acknowledged[..]);
        assert!(lines.split_inclusive(|byte| *byte == b'\n').all(|line| serde_json::from_slice::<Value>(line).is_ok()));
        assert_eq!(lines.split_inclusive(|byte| *byte == b'\n').count(), 2);
    }
}

/// Roles and bindings may be called nearly anything.
fn awkward(number: u8) -> String {
    format!("n{number}\",\"object\":{{\\")
}

#[derive(Debug, Clone)]
enum Step {
    Put(u8, u64),
    Remove(u8),
    Compact,
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..6u8, any::<u64>()).prop_map(|(key, field)| Step::Put(key, field)),
        3 => (0..6u8).prop_map(Step::Remove),
        1 => Just(Step::Compact),
        1 => Just(Step::Reopen),
    ];
    proptest::collection::vec(step, 0..40)
}

proptest! {
    #[test]
    fn pages_of_a_moment_are_the_list_of_that_moment(
        before in proptest::collection::vec((0..3u8, 0..6u8, any::<bool>()), 0..30),
        after in proptest::collection::vec((0..3u8, 0..6u8, any::<bool>()), 0..30),
        count in 1..5usize,
        one_namespace in any::<bool>(),
    ) {
        let store = Store::in_memory();
        let write = |steps: &[(u8, u8, bool)]| for (namespace, name, put) in steps {
            let key = Key::new("pods", &format!("n{namespace}"), &format!("p{name}"));
            let at = store.get(&key).map(|object| object.revision);
            match (put, at) {
                (true, at) => drop(store.put(&key, at, named(&key.name, 1)).unwrap()),
                (false, Some(at)) => drop(store.remove(&key, at).unwrap()),
                (false, None) => {}
            }
        };
        write(&before);
        let namespace = one_namespace.then_some("n1");
        let whole = store.list("pods", namespace);
        write(&after);
        let (mut found, mut last): (Vec<(Key, Object)>, Option<Key>) = (Vec::new(), None);
        loop {
            let after = last.as_ref().map(|key| (&*key.namespace, &*key.name));
            let scope = Scope { collection: "pods", namespace, after, count };
            let page = store.page(&scope, Some(whole.revision)).unwrap();
            prop_assert_eq!(page.revision, whole.revision);
            prop_assert_eq!(page.remaining, whole.objects.len() - found.len() - page.objects.len());
            found.extend(page.objects);
            if page.remaining == 0 {
                break;
            }
            last = found.last().map(|(key, _)| key.clone());
        }
        prop_assert_eq!(found, whole.objects);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn replaying_the_journal_gives_the_state(steps in steps()) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal");
        let mut store = Store::open(&path).unwrap();
        for step in steps {
            match step {
                Step::Put(name, field) => {
                    let key = Key::new("tasks.kubeopencode.io", "ns", &awkward(name));
                    let at = store.get(&key).map(|object| object.revision);
                    store.put(&key, at, named(&key.name, field)).unwrap();
                }
                Step::Remove(name) => {
                    let key = Key::new("tasks.kubeopencode.io", "ns", &awkward(name));
                    if let Some(object) = store.get(&key) {
                        store.remove(&key, object.revision).unwrap();
                    }
                }
                Step::Compact => {
                    let Listing { revision, objects, .. } = store.list("tasks.kubeopencode.io", None);
                    let mut inner = store.lock();
                    let live = objects.iter().map(|(key, object)| (key.clone(), object));
                    inner.journal.as_mut().unwrap().compact(revision, live).unwrap();
                }
                Step::Reopen => {
                    let before = state(&store);
                    drop(store);
                    store = Store::open(&path).unwrap();
                    let after = state(&store);
                    prop_assert_eq!(before.1, after.1);
                    prop_assert_eq!(before.0, after.0);
                }
            }
        }
        let before = state(&store);
        drop(store);
        prop_assert_eq!(before, state(&Store::open(&path).unwrap()));
    }
}
