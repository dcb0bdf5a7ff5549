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
#[path = "script_tests.rs"]
mod tests;
