//! What the controllers tell people, as it was stored: every condition and every Event, however short it stood; and pages of
//! it, which are compared with `tests/controller/snapshots/NAME.txt` (`SNAPSHOTS=overwrite` writes them anew).

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use kubectl_opencode::sandbox::store::{Store, Watch};
use regex::Regex;
use serde_json::Value;

use crate::world::World;

/// Longest wait for anything to be told.
const PATIENCE: Duration = Duration::from_secs(300);

/// What no two runs share, and what others say, with what stands for it.
const MASKS: [(&str, &str); 9] = [
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[UID]"),
    (r"\bses_[0-9]{4}\b", "ses_[ID]"),
    (r"127\.[0-9]+\.[0-9]+\.[0-9]+:[0-9]+", "[SERVER]"),
    (r"/[^ ;']*/\.tmp[A-Za-z0-9]{6}", "[FOLDER]"),
    (r"broke in ([A-Z]+ [^ :]+): .*", "broke in $1: [how]"),
    (r"fatal: .*", "fatal: [what git says]"),
    (r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?Z", "[TIME]"),
    (r"[0-9]+\.[0-9]{6}\b", "[NUMBER]"),
    (r"(?m) +$", ""),
];

static READ: LazyLock<Vec<(Regex, &str)>> =
    LazyLock::new(|| MASKS.iter().map(|(mask, word)| (Regex::new(mask).unwrap(), *word)).collect());

/// Everything that was ever told in one cluster.
pub struct Record {
    watch: Watch,
    /// Object, what was told of it, and in which words: `Ready=False`, `Reason: message`.
    told: Vec<[String; 3]>,
    /// The conditions of each object as they are.
    conditions: HashMap<String, Value>,
}

impl Record {
    /// From the beginning of `store`.
    pub fn of(store: &Arc<Store>) -> Self {
        Self { watch: store.watch(None, store.revision()).unwrap(), told: Vec::new(), conditions: HashMap::new() }
    }

    fn take_in(&mut self) {
        for event in self.watch.poll().expect("everything since the last look is still there") {
            let object = event.object.value();
            let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            let named = |kind: &str, name: &str| format!("{}/{name}", kind.to_lowercase());
            match text("/kind") {
                _ if event.deleted => {}
                "Event" => self.told.push([
                    named(text("/involvedObject/kind"), text("/involvedObject/name")),
                    text("/type").to_owned(),
                    format!("{}: {}", text("/reason"), text("/message")),
                ]),
                kind @ ("Session" | "Task" | "Agent") => {
                    let key = named(kind, text("/metadata/name"));
                    let conditions = object.pointer("/status/conditions").cloned().unwrap_or_default();
                    let before = self.conditions.insert(key.clone(), conditions.clone()).unwrap_or_default();
                    for condition in conditions.as_array().into_iter().flatten() {
                        let field = |name: &str| condition[name].as_str().unwrap_or_default();
                        let same = |other: &Value| {
                            ["type", "status", "reason", "message"].iter().all(|name| other[name] == condition[name])
                        };
                        if !before.as_array().into_iter().flatten().any(same) {
                            let what = format!("{}={}", field("type"), field("status"));
                            let words = format!("{}: {}", field("reason"), field("message"));
                            self.told.push([key.clone(), what, words]);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// See [`told`].
    fn find(&mut self, object: &str, words: &str) -> Option<[String; 3]> {
        self.take_in();
        let fits = |told: &&[String; 3]| told[0] == object && format!("{} {}", told[1], told[2]).starts_with(words);
        self.told.iter().find(fits).cloned()
    }

    /// Everything that was told of `object`, a line each.
    fn all_of(&self, object: &str) -> String {
        let of = self.told.iter().filter(|told| told[0] == object);
        of.map(|told| format!("{} {}", told[1], told[2])).collect::<Vec<_>>().join("\n")
    }
}

/// Waits until something was told of `object`, as in `task/t`, that begins with `words`, as in `Ready=False PodLost: ` or
/// `Warning Failed`.
pub async fn told(world: &World, object: &str, words: &str) -> [String; 3] {
    let begin = Instant::now();
    loop {
        if let Some(found) = world.record.lock().unwrap().find(object, words) {
            return found;
        }
        let told = || world.record.lock().unwrap().all_of(object);
        assert!(begin.elapsed() < PATIENCE, "{object} never says {words:?}, but\n{}", told());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A page of what was told, in the order in which a person would read it.
#[derive(Default)]
pub struct Page(String);

impl Page {
    /// Begins what is told in a situation.
    pub fn situation(&mut self, what: &str) {
        let gap = if self.0.is_empty() { "" } else { "\n" };
        writeln!(self.0, "{gap}# {what}").unwrap();
    }

    /// Waits until each of these was told of `object`, and writes them down; see [`told`].
    pub async fn tell(&mut self, world: &World, object: &str, all: &[&str]) {
        for words in all {
            let [object, what, told] = told(world, object, words).await;
            self.row(&object, &what, told.trim_end_matches([':', ' ']));
        }
    }

    /// A line of the page.
    pub fn row(&mut self, object: &str, what: &str, words: &str) {
        writeln!(self.0, "{object:<18} {what:<20} {words}").unwrap();
    }

    /// A text as it is.
    pub fn text(&mut self, text: &str) {
        writeln!(self.0, "{}", text.trim_end()).unwrap();
    }

    /// Asserts that it is as in the snapshot of that name.
    #[track_caller]
    pub fn is_as_in(&self, name: &str) {
        let file = format!("{}/tests/controller/snapshots/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        let read = READ.iter().fold(self.0.clone(), |text, (mask, word)| mask.replace_all(&text, *word).into_owned());
        snapbox::assert_data_eq!(read, snapbox::Data::read_from(file.as_ref(), None).raw());
    }
}
