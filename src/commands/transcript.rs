//! `transcript`: a conversation as it is kept on the agent's server.

use std::fmt::Write as _;

use http::Method;
use serde_json::Value;

use super::Context;
use super::target::{self, Target};
use crate::api::kinds::Kind;
use crate::cli::task::Transcript;
use crate::error::Result;
use crate::opencode::types::{Role, ToolState};
use crate::opencode::{MessageQuery, MessageWithParts, PartKind};
use crate::output::{Format, Lines, Tone, Untrusted};

/// Most characters of a tool's line.
const TOOL_LINE: usize = 120;

/// Prints a conversation; `kind` is what a bare name means.
pub async fn run(context: &Context, kind: &'static Kind, args: &Transcript) -> Result<()> {
    let target = target::resolve(context, kind, &args.reference).await?;
    show(context, &target, args).await
}

/// Prints the conversation of a target.
pub async fn show(context: &Context, target: &Target, args: &Transcript) -> Result<()> {
    match args.output.format() {
        Format::Table | Format::Wide => {
            let query = MessageQuery { limit: args.tail };
            let messages = target.client.messages(&target.session, &query).await?;
            if messages.is_empty() {
                context.printer.note("nothing was said yet");
            }
            context.printer.print(&render(&messages, args, context.printer.colour()))
        }
        format => {
            let limit = args.tail.map(|tail| ("limit", tail.to_string()));
            let path = format!("/session/{}/message", target.session);
            let messages: Value = target.client.request(Method::GET, &path, limit.as_slice(), None).await?;
            context.printer.structured(&messages, &format, true)
        }
    }
}

/// A conversation for people: what the user said is marked, tools are one line each.
fn render(messages: &[MessageWithParts], args: &Transcript, colour: bool) -> String {
    let mut text = String::new();
    for message in messages {
        let mut block = String::new();
        for part in &message.parts {
            let piece = match &part.kind {
                PartKind::Text { synthetic: true, .. } => continue,
                PartKind::Text { text, .. } if message.info.role == Role::User => quoted(text, colour),
                PartKind::Text { text, .. } => Lines(text.trim_end()).to_string(),
                PartKind::Reasoning { text, .. } if args.reasoning => Tone::Faint.paint(indented(text), colour),
                PartKind::Tool { tool, state, .. } => tool_part(tool, state, args.tools, colour),
                PartKind::File { filename, mime, .. } => {
                    format!("[file {}]", Untrusted(filename.as_deref().unwrap_or(mime)))
                }
                PartKind::Patch { files } => {
                    Tone::Faint.paint(format!("changed: {}", Untrusted(&files.join(", "))), colour)
                }
                _ => continue,
            };
            if !piece.trim().is_empty() {
                block.push_str(&piece);
                block.push('\n');
            }
        }
        if let Some(error) = &message.info.error {
            let said = format!("{}: {}", error.name, error.message());
            block.push_str(&Tone::Bad.paint(Untrusted(&said), colour));
            block.push('\n');
        }
        if !block.is_empty() {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&block);
        }
    }
    text
}

fn quoted(text: &str, colour: bool) -> String {
    let lines = Lines(text.trim_end()).to_string();
    lines.lines().map(|line| Tone::Strong.paint(format!("> {line}"), colour)).collect::<Vec<_>>().join("\n")
}

fn indented(text: &str) -> String {
    let lines = Lines(text.trim_end()).to_string();
    lines.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

fn tool_part(tool: &str, state: &ToolState, whole: bool, colour: bool) -> String {
    let mut text = Tone::Faint.paint(Untrusted(&tool_line(tool, state)), colour);
    if whole {
        let (input, output) = match state {
            ToolState::Completed { input, output, .. } => (input, output.as_str()),
            ToolState::Error { input, error, .. } => (input, error.as_str()),
            ToolState::Running { input, .. } => (input, ""),
            ToolState::Pending {} | ToolState::Unknown => return text,
        };
        // Writing into a String cannot fail.
        let _ = write!(text, "\n{}", indented(&input.to_string()));
        if !output.is_empty() {
            let _ = write!(text, "\n{}", indented(output));
        }
    }
    text
}

/// A call of a tool in one line, untrusted: what it is, what it was given, and how it ended if not well.
pub fn tool_line(tool: &str, state: &ToolState) -> String {
    let given = |input: &Value| {
        ["command", "filePath", "path", "pattern", "url", "description", "question", "prompt"]
            .iter()
            .find_map(|key| input.get(key).and_then(Value::as_str))
            .unwrap_or_default()
            .to_owned()
    };
    let (what, end) = match state {
        ToolState::Completed { input, title, metadata, .. } => {
            let exit = metadata.get("exit").and_then(Value::as_i64).filter(|exit| *exit != 0);
            let what = Some(given(input)).filter(|text| !text.is_empty()).unwrap_or_else(|| title.clone());
            (what, exit.map(|exit| format!(" (exit status {exit})")).unwrap_or_default())
        }
        ToolState::Error { input, error, .. } => (given(input), format!(" (failed: {})", first_line(error))),
        ToolState::Running { input, .. } => (given(input), " (running)".to_owned()),
        ToolState::Pending {} | ToolState::Unknown => (String::new(), String::new()),
    };
    let mut what: String = first_line(&what).to_owned();
    if what.chars().count() > TOOL_LINE {
        what = what.chars().take(TOOL_LINE).chain(['…']).collect();
    }
    if what.is_empty() { format!("[{tool}]{end}") } else { format!("[{tool}] {what}{end}") }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn conversation() -> Vec<MessageWithParts> {
        let part = |value: Value| {
            let mut part = json!({"id": "p", "sessionID": "s", "messageID": "m"});
            part.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
            part
        };
        let message = |role: &str, error: Value, parts: Vec<Value>| json!({"info": {"id": "m", "sessionID": "s", "role": role, "time": {"created": 1}, "error": error}, "parts": parts});
        let tool = part(json!({"type": "tool", "tool": "bash", "callID": "c", "state": {"status": "completed",
            "input": {"command": "false\nsecond"}, "output": "out\x1b[2J", "title": "t", "metadata": {"exit": 1}, "time": {"start": 1}}}));
        serde_json::from_value(json!([
            message("user", Value::Null, vec![part(json!({"type": "text", "text": "do it\nnow"}))]),
            message(
                "assistant",
                Value::Null,
                vec![
                    part(json!({"type": "reasoning", "text": "hm"})),
                    tool,
                    part(json!({"type": "text", "text": "Done.\x1b]0;x\x07\n"}))
                ]
            ),
            message("assistant", json!({"name": "APIError", "data": {"message": "boom"}}), vec![]),
        ]))
        .unwrap()
    }

    #[test]
    fn a_conversation_reads_as_one() {
        let args = |tools, reasoning| Transcript {
            reference: crate::cli::flags::Reference::default(),
            tools,
            reasoning,
            tail: None,
            output: crate::cli::flags::Output::default(),
        };
        assert_eq!(
            render(&conversation(), &args(false, false), false),
            "> do it\n> now\n\n[bash] false (exit status 1)\nDone.\\x1b]0;x\\x07\n\nAPIError: boom\n"
        );
        let whole = render(&conversation(), &args(true, true), false);
        assert!(whole.contains("    hm\n"), "{whole}");
        assert!(whole.contains("    {\"command\":\"false\\nsecond\"}\n    out\\x1b[2J\n"), "{whole}");
    }
}
