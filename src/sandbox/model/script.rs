//! The language of the offline model: directives in the last user message.
//!
//! ```text
//! message   = { line "\n" }
//! line      = directive | text                       text beside directives is ignored
//! directive = ( "%" | "@" ) [ "+" ] name [ " " arguments ]     the sign is the first of the line that is not a blank
//! ```
//!
//! Both signs mean the same; in OpenCode's own terminal "@" opens a list of files, so people type "%" there.
//! [`DIRECTIVES`] is the table of names. The directives of a message are a script that is played in order. A tool call
//! ends the model's turn: the agent runs the tool and asks again, and the script goes on behind the call. `%+` puts a
//! tool call beside the one before it, into the same turn. Where the script has ended, the model reports the last tool
//! result; a message without any directive is echoed. The place in the script is read off the conversation itself (how
//! many turns the assistant has taken since the user spoke), so the model keeps nothing and survives a restart; only the
//! tries that `%busy` counts begin anew then.
//!
//! In texts `\n`, `\t` and `\\` stand for a new line, a tab and a backslash. A message wrapped whole in double quotes
//! (`opencode run` sends them so) is unwrapped first.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::api::GoDuration;

/// The most words that one directive may ask for.
const MOST_WORDS: u32 = 1_000_000;

/// One kind of directive, as `explain offline-model` lists it.
pub struct Directive {
    /// The word after `%`.
    pub name: &'static str,
    /// What follows it.
    pub arguments: &'static str,
    /// What the model then does.
    pub meaning: &'static str,
    read: fn(&str) -> Option<Step>,
}

/// What the model does next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Answers a text.
    Say(String),
    /// Reasons a text.
    Think(String),
    /// Answers words, each after a pause.
    Slow {
        /// How many.
        words: u32,
        /// Before each.
        pause: Duration,
    },
    /// Answers words in a burst.
    Words(u32),
    /// Pauses.
    Wait(Duration),
    /// Sends nothing more and keeps the connection.
    Hang,
    /// Closes the connection in the middle of the answer.
    Drop,
    /// Answers an HTTP error instead.
    Fail {
        /// HTTP status, 400 to 599.
        status: u16,
        /// The error's message.
        message: String,
    },
    /// Answers so many tries of this turn that it has no time, and then goes on.
    Busy {
        /// How many.
        tries: u32,
        /// After how many seconds to try again.
        again: u32,
    },
    /// Calls a tool.
    Call {
        /// Its name.
        tool: String,
        /// Its arguments.
        arguments: Value,
        /// In the same turn as the call before it.
        beside: bool,
    },
    /// Answers the list of directives.
    Help,
}

/// Every directive.
pub const DIRECTIVES: &[Directive] = &[
    Directive { name: "say", arguments: "TEXT", meaning: "answer TEXT", read: |text| Some(Step::Say(unescape(text))) },
    Directive {
        name: "think",
        arguments: "TEXT",
        meaning: "reason TEXT",
        read: |text| Some(Step::Think(unescape(text))),
    },
    Directive {
        name: "bash",
        arguments: "COMMAND",
        meaning: "call the tool bash",
        read: |text| {
            call_if(!text.is_empty(), "bash", json!({"command": text, "description": "Runs a scripted command"}))
        },
    },
    Directive {
        name: "write",
        arguments: "PATH TEXT",
        meaning: "call the tool write; the file gets TEXT and a new line",
        read: |text| {
            let (path, content) = split(text);
            call_if(!path.is_empty(), "write", json!({"filePath": path, "content": unescape(content) + "\n"}))
        },
    },
    Directive {
        name: "edit",
        arguments: "PATH OLD => NEW",
        meaning: "call the tool edit",
        read: |text| {
            let (path, change) = split(text);
            let (old, new) = change.split_once(" => ")?;
            let arguments = json!({"filePath": path, "oldString": unescape(old), "newString": unescape(new)});
            call_if(!path.is_empty() && !old.is_empty(), "edit", arguments)
        },
    },
    Directive {
        name: "read",
        arguments: "PATH",
        meaning: "call the tool read",
        read: |text| call_if(!text.is_empty(), "read", json!({"filePath": text})),
    },
    Directive {
        name: "todo",
        arguments: "ITEM; ITEM …",
        meaning: "call the tool todowrite; the first item is in progress",
        read: |text| {
            let todos: Vec<_> = items(text, ';')
                .enumerate()
                .map(|(at, item)| {
                    let status = if at == 0 { "in_progress" } else { "pending" };
                    json!({"id": (at + 1).to_string(), "content": item, "status": status, "priority": "medium"})
                })
                .collect();
            call_if(!todos.is_empty(), "todowrite", json!({"todos": todos}))
        },
    },
    Directive {
        name: "question",
        arguments: "TEXT | OPTION | OPTION …",
        meaning: "call the tool question, which waits for a person",
        read: |text| {
            let (question, options) = text.split_once('|')?;
            let options: Vec<_> =
                items(options, '|').map(|option| json!({"label": option, "description": option})).collect();
            let question = json!({"question": question.trim(), "header": "Question", "options": options});
            call_if(!options.is_empty(), "question", json!({"questions": [question]}))
        },
    },
    Directive {
        name: "task",
        arguments: "PROMPT",
        meaning: "call the tool task: a subagent gets PROMPT, which may be a directive itself",
        read: |text| {
            let arguments = json!({"description": "Scripted subtask", "prompt": text, "subagent_type": "general"});
            call_if(!text.is_empty(), "task", arguments)
        },
    },
    Directive {
        name: "tool",
        arguments: "NAME JSON",
        meaning: "call any tool with these arguments",
        read: |text| {
            let (tool, arguments) = split(text);
            let arguments: Value = serde_json::from_str(arguments).ok().filter(Value::is_object)?;
            call_if(!tool.is_empty(), tool, arguments)
        },
    },
    Directive {
        name: "slow",
        arguments: "COUNT [MILLISECONDS]",
        meaning: "answer COUNT words, each after a pause (200 ms)",
        read: |text| {
            let (words, pause) = split(text);
            let pause = if pause.is_empty() { 200 } else { pause.parse::<u32>().ok()? };
            Some(Step::Slow { words: count(words)?, pause: Duration::from_millis(pause.into()) })
        },
    },
    Directive {
        name: "words",
        arguments: "COUNT",
        meaning: "answer COUNT words in a burst",
        read: |text| count(text).map(Step::Words),
    },
    Directive {
        name: "wait",
        arguments: "DURATION",
        meaning: "pause, as in 90s or 5m",
        read: |text| text.parse::<GoDuration>().ok()?.to_std().map(Step::Wait),
    },
    Directive {
        name: "hang",
        arguments: "",
        meaning: "send nothing more and keep the connection open",
        read: |text| text.is_empty().then_some(Step::Hang),
    },
    Directive {
        name: "drop",
        arguments: "",
        meaning: "close the connection in the middle of the answer",
        read: |text| text.is_empty().then_some(Step::Drop),
    },
    Directive {
        name: "fail",
        arguments: "STATUS [TEXT]",
        meaning: "fail this turn with an HTTP status (400 to 599); OpenCode tries again on 429 and 5xx",
        read: |text| {
            let (status, message) = split(text);
            let status = status.parse().ok().filter(|status| (400..600).contains(status))?;
            let message = if message.is_empty() { "failed as the prompt asked" } else { message };
            Some(Step::Fail { status, message: unescape(message) })
        },
    },
    Directive {
        name: "busy",
        arguments: "COUNT [SECONDS]",
        meaning: "answer COUNT tries with status 429 and Retry-After (1 s), then go on",
        read: |text| {
            let (tries, again) = split(text);
            let again = if again.is_empty() { 1 } else { again.parse().ok()? };
            Some(Step::Busy { tries: tries.parse().ok()?, again })
        },
    },
    Directive {
        name: "help",
        arguments: "",
        meaning: "answer this list",
        read: |text| text.is_empty().then_some(Step::Help),
    },
];

/// The list of directives, one a line, for people.
pub fn listing() -> String {
    let shown = |directive: &Directive| format!("%{} {}", directive.name, directive.arguments).trim_end().to_owned();
    let width = DIRECTIVES.iter().map(|directive| shown(directive).chars().count()).max().unwrap_or(0);
    DIRECTIVES.iter().fold(String::new(), |mut text, directive| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {:width$}  {}", shown(directive), directive.meaning);
        text
    })
}

/// Reads the script of a message; empty if the message holds no directive.
///
/// A directive whose arguments cannot be read becomes an answer that says how to write it.
pub fn steps(message: &str) -> Vec<Step> {
    unwrapped(message).lines().filter_map(step).collect()
}

/// Cuts a script into turns: each ends behind a tool call and the calls beside it.
pub fn turns(steps: Vec<Step>) -> Vec<Vec<Step>> {
    let mut turns: Vec<Vec<Step>> = Vec::new();
    for step in steps {
        let beside = matches!(step, Step::Call { beside: true, .. });
        match turns.last_mut() {
            Some(turn) if beside || !matches!(turn.last(), Some(Step::Call { .. })) => turn.push(step),
            _ => turns.push(vec![step]),
        }
    }
    turns
}

/// The message without the double quotes round the whole of it.
pub fn unwrapped(message: &str) -> &str {
    let message = message.trim();
    message.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(message)
}

fn step(line: &str) -> Option<Step> {
    let (word, arguments) = split(line.trim().strip_prefix(['%', '@'])?);
    let (name, besides) = match word.strip_prefix('+') {
        Some(name) => (name, true),
        None => (word, false),
    };
    let directive = DIRECTIVES.iter().find(|directive| directive.name == name)?;
    let step = match (directive.read)(arguments) {
        Some(Step::Call { tool, arguments, .. }) => Step::Call { tool, arguments, beside: besides },
        Some(step) if !besides => step,
        _ => Step::Say(format!("offline model: cannot read {:?}; write: %{name} {}", line.trim(), directive.arguments)),
    };
    Some(step)
}

fn call_if(complete: bool, tool: &str, arguments: Value) -> Option<Step> {
    complete.then(|| Step::Call { tool: tool.to_owned(), arguments, beside: false })
}

fn count(text: &str) -> Option<u32> {
    text.parse().ok().filter(|count| *count <= MOST_WORDS)
}

/// The first word and what follows it, both without blanks around them.
fn split(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim())
}

fn items(text: &str, separator: char) -> impl Iterator<Item = &str> {
    text.split(separator).map(str::trim).filter(|item| !item.is_empty())
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('\\') | None => out.push('\\'),
            Some(other) => out.extend(['\\', other]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn call(tool: &str, arguments: Value) -> Step {
        Step::Call { tool: tool.into(), arguments, beside: false }
    }

    #[test]
    fn every_directive_is_read() {
        let script = r#"Do this:
            %think why\nnot
            %bash ls -la | wc -l
            %+read notes.md
            %write src/a.txt one\ntwo
            %edit a.txt one => 1
            %todo look; leap
            %question Which? | red | blue
            %task %bash ls
            %tool grep {"pattern": "x"}
            %slow 3
            %slow 3 10
            %words 9
            %wait 1m30s
            %fail 429 slow down
            %busy 2
            %busy 3 10
            %hang
            %drop
            %help
            %say bye"#;
        let read = |path: &str| json!({"filePath": path});
        let expected = [
            Step::Think("why\nnot".into()),
            call("bash", json!({"command": "ls -la | wc -l", "description": "Runs a scripted command"})),
            Step::Call { tool: "read".into(), arguments: read("notes.md"), beside: true },
            call("write", json!({"filePath": "src/a.txt", "content": "one\ntwo\n"})),
            call("edit", json!({"filePath": "a.txt", "oldString": "one", "newString": "1"})),
            call(
                "todowrite",
                json!({"todos": [
                    {"id": "1", "content": "look", "status": "in_progress", "priority": "medium"},
                    {"id": "2", "content": "leap", "status": "pending", "priority": "medium"}]}),
            ),
            call(
                "question",
                json!({"questions": [{"question": "Which?", "header": "Question", "options": [
                    {"label": "red", "description": "red"}, {"label": "blue", "description": "blue"}]}]}),
            ),
            call("task", json!({"description": "Scripted subtask", "prompt": "%bash ls", "subagent_type": "general"})),
            call("grep", json!({"pattern": "x"})),
            Step::Slow { words: 3, pause: Duration::from_millis(200) },
            Step::Slow { words: 3, pause: Duration::from_millis(10) },
            Step::Words(9),
            Step::Wait(Duration::from_secs(90)),
            Step::Fail { status: 429, message: "slow down".into() },
            Step::Busy { tries: 2, again: 1 },
            Step::Busy { tries: 3, again: 10 },
            Step::Hang,
            Step::Drop,
            Step::Help,
            Step::Say("bye".into()),
        ];
        let found = steps(script);
        assert_eq!(found, expected);
        for Directive { name, .. } in DIRECTIVES {
            assert!(script.contains(&format!("%{name}")) || script.contains(&format!("%+{name}")), "{name}");
        }
    }

    #[test]
    fn a_directive_that_cannot_be_read_says_how_to_write_it() {
        for line in [
            "%slow many",
            "%words 99999999",
            "%fail 200",
            "%busy",
            "%busy 1 soon",
            "%wait 1d",
            "%edit a.txt b",
            "%question alone",
            "%tool x []",
            "%bash",
            "%+say x",
        ] {
            let found = steps(line);
            assert!(matches!(&found[..], [Step::Say(text)] if text.contains("; write: %")), "{line}: {found:?}");
        }
    }

    #[test]
    fn other_text_is_no_directive() {
        for text in
            ["", "hello", "100 % sure", "a %bash ls", "mail me@say.it", "@src/a.rs", "%unknown x", "% bash ls", "%"]
        {
            assert_eq!(steps(text), [], "{text:?}");
        }
    }

    #[test]
    fn quotes_round_the_whole_message_do_not_matter() {
        assert_eq!(steps("\"%say a \"b\"\"\n"), [Step::Say("a \"b\"".into())]);
    }

    #[test]
    fn both_signs_mean_the_same() {
        assert_eq!(steps("@bash ls\n@+read a"), steps("%bash ls\n%+read a"));
    }

    #[test]
    fn a_tool_call_ends_the_turn() {
        let script = turns(steps("%think a\n%bash b\n%+bash c\n%say d\n%read e\n%read f\n%say g\n%say h"));
        let shape: Vec<_> = script.iter().map(Vec::len).collect();
        assert_eq!(shape, [3, 2, 1, 2]);
    }

    #[test]
    fn the_listing_names_each_directive_once() {
        let listing = listing();
        assert_eq!(listing.lines().count(), DIRECTIVES.len());
        assert!(listing.lines().all(|line| line.starts_with("  %")));
    }

    fn written(step: &Step) -> String {
        let escaped = |text: &str| text.replace('\\', r"\\").replace('\n', r"\n").replace('\t', r"\t");
        match step {
            Step::Say(text) => format!("%say {}", escaped(text)),
            Step::Think(text) => format!("%think {}", escaped(text)),
            Step::Slow { words, pause } => format!("%slow {words} {}", pause.as_millis()),
            Step::Words(words) => format!("%words {words}"),
            Step::Wait(time) => format!("%wait {}", GoDuration::from(*time)),
            Step::Hang => "%hang".into(),
            Step::Drop => "%drop".into(),
            Step::Fail { status, message } => format!("%fail {status} {}", escaped(message)),
            Step::Call { tool, arguments, beside } => {
                format!("%{}tool {tool} {arguments}", if *beside { "+" } else { "" })
            }
            Step::Busy { tries, again } => format!("%busy {tries} {again}"),
            Step::Help => "%help".into(),
        }
    }

    fn any_step() -> impl Strategy<Value = Step> {
        let text = "[a-z\\\\\n\t\"%=|;{}é]{0,20}[a-z]";
        prop_oneof![
            text.prop_map(Step::Say),
            text.prop_map(Step::Think),
            (0..=MOST_WORDS, any::<u32>())
                .prop_map(|(words, pause)| Step::Slow { words, pause: Duration::from_millis(pause.into()) }),
            (0..=MOST_WORDS).prop_map(Step::Words),
            (0..u64::from(u32::MAX)).prop_map(|millis| Step::Wait(Duration::from_millis(millis))),
            Just(Step::Hang),
            Just(Step::Drop),
            Just(Step::Help),
            (400_u16..600, text).prop_map(|(status, message)| Step::Fail { status, message }),
            any::<(u32, u32)>().prop_map(|(tries, again)| Step::Busy { tries, again }),
            ("[a-z_]{1,12}", ".{0,20}", any::<bool>()).prop_map(|(tool, value, beside)| Step::Call {
                tool,
                arguments: json!({"value": value}),
                beside
            }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(script in prop::collection::vec(any_step(), 1..8)) {
            // A first text line keeps a quote at the start and one at the end from looking like a wrapped message.
            let message = script.iter().fold(String::from("script"), |text, step| text + "\n" + &written(step));
            prop_assert_eq!(steps(&message), script);
        }

        #[test]
        fn turns_lose_nothing(script in prop::collection::vec(any_step(), 0..20)) {
            prop_assert_eq!(turns(script.clone()).concat(), script);
        }

        #[test]
        fn any_text_is_read(text in "(%[+a-z]{0,8}[ -~\\n]{0,20}){0,6}") {
            let _ = turns(steps(&text));
        }
    }
}
