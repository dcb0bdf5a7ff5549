//! What a person saw, written down: a file `snapshots/NAME.txt` holds the moments of a test, each with its command line and
//! with what stood on the terminal, or with how it ended.

use std::process::{ExitStatus, Output};
use std::sync::LazyLock;

use regex::Regex;

use crate::person::Person;

/// What no two runs share, and what stands for it. Blanks of a table follow the widths of such words.
const MASKS: [(&str, &str); 20] = [
    (r#"(/[^\s"',:]+)?/\.tmp[A-Za-z0-9]{6}\b"#, "[FOLDER]"),
    (r#"/[^\s"']*/kubectl-opencode\b"#, "kubectl opencode"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[UID]"),
    (r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?Z", "[TIME]"),
    (r"[A-Za-z0-9:._-]+@[A-Za-z0-9._-]+", "[WHO]"),
    (r"(seen \[TIME\]) [0-9a-f]{8}[0-9a-f-]*", "$1 [TOKEN]"),
    (r"\b127\.[0-9.]+:[0-9]+\b", "[SERVER]"),
    (r"\b(pty|ses|msg|per|que)_[0-9a-f]{12}[0-9A-Za-z]{14}\b", "${1}_[ID]"),
    (r"\b[0-9]+(ms|[smhdy])([0-9]+[smhd])?\b", "[AGE]"),
    (r"\b[0-9]+ s\b", "[N] s"),
    (r", try [0-9]+", ", try [N]"),
    // The way to a server that is gone is refused in many ways.
    (r" leaves \| [^\n]*", " leaves | [WHY]"),
    (
        r"(?i)caused by: [^\n]*(reset by peer|broken pipe|connection closed|broke off|without closing)[^\n]*",
        "caused by: [WHY]",
    ),
    (r"default-provider-[a-z0-9]{8}\b", "default-provider-[NAME]"),
    (r"\bsession-s-[A-Za-z0-9]{6}\.yaml", "session-s-[NAME].yaml"),
    (r"(the link to the terminal is lost\n)caused by: [^\n]*", "${1}caused by: [WHY]"),
    // On a machine that is busy with other things.
    (r"warning: the link to the agent is lost and tried again[^\n]*\n", ""),
    (r"(are commands of the agent:) [^\n]*", "$1 [NAMES]"),
    // A frame of what turns while something is waited for.
    (r"[\u{2800}-\u{28ff}]", "*"),
    (r" {3,}", "   "),
];

static READ: LazyLock<Vec<(Regex, &str)>> =
    LazyLock::new(|| MASKS.iter().map(|(mask, word)| (Regex::new(mask).unwrap(), *word)).collect());

/// With what no two runs share masked.
pub fn masked(text: &str) -> String {
    READ.iter().fold(text.to_owned(), |text, (mask, word)| mask.replace_all(&text, *word).into_owned())
}

/// The moments of a test, in their order.
#[derive(Default)]
pub struct Shown(Vec<String>);

impl Shown {
    /// What was written down by several, one after the other.
    pub fn of(several: impl IntoIterator<Item = Self>) -> Self {
        Self(several.into_iter().flat_map(|shown| shown.0).collect())
    }

    /// Writes down what stands on the terminal.
    pub fn sees(&mut self, when: &str, person: &Person) {
        let screen = person.screen.screen().contents();
        self.tell(when, &person.line, &format!("{}\n", screen.trim_end_matches('\n')));
    }

    /// Waits for the program's end, and writes down what stands on the terminal then, and how it ended.
    pub async fn ends(&mut self, when: &str, person: &mut Person) -> ExitStatus {
        let status = person.ends().await;
        let screen = person.screen.screen().contents();
        let screen = screen.trim_end_matches('\n');
        let gap = if screen.is_empty() { "" } else { "\n" };
        self.tell(when, &person.line, &format!("{screen}{gap}{}", ended(status)));
        status
    }

    /// Writes down what a program without a terminal said.
    pub fn said(&mut self, when: &str, words: &[&str], output: &Output) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\n').to_owned();
        let streams = [("stdout", text(&output.stdout)), ("stderr", text(&output.stderr))];
        let streams = streams.into_iter().filter(|(_, said)| !said.is_empty());
        let said = streams.map(|(name, said)| format!("--- {name}\n{said}\n")).collect::<Vec<_>>().concat();
        let line = format!("kubectl opencode {} | cat", words.join(" "));
        self.tell(when, &line, &format!("{said}{}", ended(output.status)));
    }

    /// Writes down some text.
    pub fn tell(&mut self, when: &str, line: &str, text: &str) {
        let line = if line.is_empty() { String::new() } else { format!("$ {line}\n") };
        self.0.push(masked(&format!("# {when}\n{line}{text}")));
    }

    /// Asserts that it is as in the file `tests/terminal/snapshots/NAME.txt`.
    #[track_caller]
    pub fn is_as_in(&self, name: &str) {
        let file = format!("{}/tests/terminal/snapshots/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        snapbox::assert_data_eq!(self.0.join("\n"), snapbox::Data::read_from(file.as_ref(), None).raw());
    }
}

fn ended(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match status.signal() {
        Some(signal) => {
            format!(
                "--- ended by {}\n",
                nix::sys::signal::Signal::try_from(signal).map_or("?", |signal| signal.as_str())
            )
        }
        None => format!("--- exit {}\n", status.code().unwrap_or_default()),
    }
}

#[test]
fn what_differs_is_masked() {
    let text =
        "kubernetes-admin@host-1 types since 2026-01-01T00:00:00.123Z seen 2026-01-01T00:00:00Z 0a1b2c3d-0a1b2c-12-3";
    assert_eq!(masked(text), "[WHO] types since [TIME] seen [TIME] [TOKEN]");
    assert_eq!(
        masked("connection lost 6 s ago, try 7 | ctrl-c leaves | refused"),
        "connection lost [N] s ago, try [N] | ctrl-c leaves | [WHY]"
    );
    assert_eq!(masked("in \"/tmp/.tmpA1b2C3/workspace\""), "in \"[FOLDER]/workspace\"");
}
