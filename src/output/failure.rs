//! How a failure looks: three kinds of lines for people, one JSON object for programs.
//!
//! ```text
//! error: what failed
//! caused by: why
//! hint: the command to run
//! ```
//!
//! JSON: `{"error":{"code","message","cause","hint","retryable"}}`, `cause` and `hint` null when there is none.

use std::ffi::OsString;
use std::process::ExitCode;

use serde_json::json;

use super::printer::Printer;
use super::style::{ColorChoice, Tone};
use super::untrusted::Lines;
use crate::error::{Code, Error};

/// Most lines of one message or cause that are shown.
const MOST_LINES: usize = 20;

/// The lines for people, without a final line feed.
pub fn to_text(error: &Error, colour: bool) -> String {
    let mut text = entry("error:", Tone::Bad, &error.message, colour);
    for cause in &error.causes {
        text.push('\n');
        text.push_str(&entry("caused by:", Tone::Strong, cause, colour));
    }
    if let Some(hint) = &error.hint {
        text.push('\n');
        text.push_str(&entry("hint:", Tone::Good, hint, colour));
    }
    text
}

fn entry(word: &str, tone: Tone, message: &str, colour: bool) -> String {
    let message = Lines(message.trim_end()).to_string();
    let mut lines = message.lines();
    let mut text = format!("{} {}", tone.paint(word, colour), lines.next().unwrap_or_default());
    for line in lines.by_ref().take(MOST_LINES - 1) {
        text.push_str("\n  ");
        text.push_str(line);
    }
    let left = lines.count();
    if left > 0 {
        text.extend(["\n  … ", &left.to_string(), " more lines"]);
    }
    text
}

/// The object for programs, on one line.
pub fn to_json(error: &Error) -> String {
    let cause = (!error.causes.is_empty()).then(|| error.causes.join(": "));
    json!({"error": {
        "code": error.code.name(),
        "message": error.message,
        "cause": cause,
        "hint": error.hint,
        "retryable": error.code.is_retryable(),
    }})
    .to_string()
}

/// Shows what the parser says: help and version on stdout with success, a mistake on stderr as a usage error.
pub fn usage_error(error: &clap::Error, arguments: &[OsString]) -> ExitCode {
    let printer = Printer::new(ColorChoice::Auto, false);
    // A group of commands without a command answers its help and success, as kubectl does.
    let is_help = error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if error.use_stderr() && !is_help {
        let failure = from_parser(error);
        printer.failure(&failure, wants_json(arguments));
        return ExitCode::from(failure.code.exit_status());
    }
    let rendered = error.render();
    let text = if printer.colour() { rendered.ansi().to_string() } else { rendered.to_string() };
    match printer.print(&text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.code == Code::OutputClosed => ExitCode::SUCCESS,
        Err(failure) => {
            printer.failure(&failure, false);
            ExitCode::from(failure.code.exit_status())
        }
    }
}

/// The parser's paragraphs as our three kinds of lines: its `error:` line, its `tip:` lines, its usage.
fn from_parser(error: &clap::Error) -> Error {
    let rendered = error.render().to_string();
    let mut message = Vec::new();
    let mut hint = Vec::new();
    for line in rendered.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        if let Some(first) = line.strip_prefix("error: ") {
            message.push(first.to_owned());
        } else if let Some(tip) = line.trim_start().strip_prefix("tip: ") {
            hint.push(tip.to_owned());
        } else if line.starts_with("For more information") {
            // The usage, or the tip, says it already.
        } else if let Some(usage) = line.strip_prefix("Usage: ") {
            hint.push(format!("usage: {usage}"));
        } else if hint.is_empty() {
            message.push(line.trim_start().to_owned());
        } else {
            hint.push(line.trim_start().to_owned());
        }
    }
    let failure = Error::usage(message.join("\n"));
    if hint.is_empty() { failure } else { failure.hint(hint.join("\n")) }
}

/// Whether the command line asks for JSON: errors are JSON then, those of a line that does not parse too.
pub fn wants_json(arguments: &[OsString]) -> bool {
    let words: Vec<_> = arguments.iter().filter_map(|word| word.to_str()).take_while(|word| *word != "--").collect();
    words.iter().any(|word| matches!(*word, "-ojson" | "-o=json" | "--output=json"))
        || words.windows(2).any(|pair| matches!(pair, ["-o" | "--output", "json"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_get_three_kinds_of_lines() {
        let error =
            Error::new(Code::Forbidden, "cannot create tasks").because("no\x1b[2J\nreally").hint("ask your admin");
        assert_eq!(
            to_text(&error, false),
            "error: cannot create tasks\ncaused by: no\\x1b[2J\n  really\nhint: ask your admin"
        );
    }

    #[test]
    fn long_messages_are_cut() {
        let error = Error::internal(["line"; 50].join("\n"));
        let text = to_text(&error, false);
        assert_eq!(text.lines().count(), MOST_LINES + 1);
        assert!(text.ends_with("… 30 more lines"), "{text}");
    }

    #[test]
    fn programs_get_one_object() {
        let error = Error::new(Code::ClusterUnreachable, "cannot reach it").because("refused");
        assert_eq!(
            to_json(&error),
            r#"{"error":{"code":"cluster_unreachable","message":"cannot reach it","cause":"refused","hint":null,"retryable":true}}"#
        );
    }

    #[test]
    fn json_is_recognised_on_a_command_line_that_does_not_parse() {
        let line = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert!(wants_json(&line("x get -o json")));
        assert!(wants_json(&line("x get --output=json")));
        assert!(!wants_json(&line("x get json -o yaml")));
        assert!(!wants_json(&line("x exec a -- ls -o json")));
    }
}
