//! Many runs in one snapshot: what every command says in a situation, to be read as one text.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use regex::Regex;

use crate::program::Seen;

/// What no two runs share, and what stands for it. Blanks of a table follow the widths of such words.
const MASKS: [(&str, &str); 17] = [
    (r"\x1b\[[0-9;]*m", ""),
    (r"\.tmp[A-Za-z0-9]{6}", ".tmp[NAME]"),
    (
        r"Why: +(created a moment ago|no controller has taken it up for [0-9]+(m[0-9]*)?s?|waiting for agent .*: its server is starting)(\nNext: .*)?",
        "Why: [YOUNG]",
    ),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[UID]"),
    (r"\bsession-s-[A-Za-z0-9]{6}\.yaml", "session-s-[NAME].yaml"),
    (r"127\.0\.0\.1:[0-9]+", "[SERVER]"),
    (r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?Z", "[TIME]"),
    (r"\b[0-9]+(ms|[smhdy])([0-9]+[smhd])?\b", "[AGE]"),
    (r"\b(msg|ses)_[0-9a-f]{12}[0-9A-Za-z]{14}\b", "${1}_[ID]"),
    (r"\b[0-9]+ ms\b", "[AGE]"),
    (r"\b(pid|kill|kill -9) [0-9]+", "$1 [PID]"),
    (r"-server-[a-z0-9]{5,10}-[a-z0-9]{5}\b", "-server-[POD]"),
    (r"\bRunning +[0-9]+ +https:", "Running   [PID]   https:"),
    (r"\b(task|session|template)-[b-z0-9]{8}\b", "$1-[NAME]"),
    (r"\b(failed|cron|s)-[bcdfghjklmnpqrstvwxz2-9]{5}\b", "$1-[NAME]"),
    (r#"(resourceVersion"?: "?)[0-9]+"#, "${1}[VERSION]"),
    (r" {3,}", "   "),
];

static READ: LazyLock<Vec<(Regex, &str)>> =
    LazyLock::new(|| MASKS.iter().map(|(mask, word)| (Regex::new(mask).unwrap(), *word)).collect());

/// Runs, in their order; those that say the same stand together.
#[derive(Default)]
pub struct Story(Vec<(Vec<String>, String)>);

impl Story {
    /// Adds a run.
    pub fn tell(&mut self, seen: &Seen) {
        let said = said(seen);
        match self.0.iter_mut().find(|(_, other)| *other == said) {
            Some((lines, _)) => lines.push(seen.line.clone()),
            None => self.0.push((vec![seen.line.clone()], said)),
        }
    }

    /// Asserts that the runs are as in the snapshot file `tests/cli/snapshots/stories/NAME.txt`.
    #[track_caller]
    pub fn is_as_in(&self, name: &str) {
        let told = self.0.iter().map(|(lines, said)| format!("$ {}\n{said}", lines.join("\n$ ")));
        let file = format!("{}/tests/cli/snapshots/stories/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        snapbox::assert_data_eq!(
            told.collect::<Vec<_>>().join("\n"),
            snapbox::Data::read_from(file.as_ref(), None).raw()
        );
    }
}

impl Seen {
    /// Asserts that the run is as it stands beneath the line `# SITUATION` of the snapshot file
    /// `tests/cli/snapshots/moments/NAME.txt`, which tells of what happens while a command runs.
    #[track_caller]
    pub fn is_told(&self, name: &str, situation: &str) {
        static RENEWED: Mutex<()> = Mutex::new(());
        let file = format!("{}/tests/cli/snapshots/moments/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        let told = format!("$ {}\n{}", masked(&self.line), said(self));
        let _one = RENEWED.lock().unwrap_or_else(PoisonError::into_inner);
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let moments = text.strip_prefix("# ").unwrap_or_default().split("\n# ");
        let mut moments: BTreeMap<_, _> = moments.filter_map(|moment| moment.split_once('\n')).collect();
        let known = moments.insert(situation, &told).unwrap_or_default();
        if std::env::var("SNAPSHOTS").is_ok_and(|action| action == "overwrite") {
            let moments = moments.into_iter().map(|(situation, told)| format!("# {situation}\n{}\n", told.trim_end()));
            std::fs::create_dir_all(std::path::Path::new(&file).parent().unwrap()).unwrap();
            return std::fs::write(&file, moments.collect::<Vec<_>>().join("\n")).unwrap();
        }
        snapbox::assert_data_eq!(told.trim_end(), snapbox::Data::text(known.trim_end()).raw());
    }
}

/// What a run says on each stream, and its exit status.
pub fn said(seen: &Seen) -> String {
    let streams = [("stdout", &seen.stdout), ("stderr", &seen.stderr)];
    let said = streams.into_iter().filter(|(_, said)| !said.is_empty());
    let said = said.map(|(name, said)| format!("--- {name}\n{}\n", said.trim_end_matches('\n')));
    masked(&format!("{}--- exit {}\n", said.collect::<Vec<_>>().concat(), seen.status))
}

/// With what no two runs share masked.
pub fn masked(text: &str) -> String {
    READ.iter().fold(text.to_owned(), |text, (mask, word)| mask.replace_all(&text, *word).into_owned())
}
