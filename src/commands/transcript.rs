//! `transcript`: a conversation as it is kept on the agent's server.

use std::fmt::Write as _;

use futures::StreamExt as _;
use http::Method;
use serde_json::Value;

use super::Context;
use super::missed::Missed;
use super::target::{self, Target};
use crate::api::kinds::Kind;
use crate::cli::task::Transcript;
use crate::error::{Code, Error, Result};
use crate::opencode::types::{Role, ToolState};
use crate::opencode::{Client, Event, Followed, MessageQuery, MessageWithParts, PartKind};
use crate::output::{Format, Lines, Tone, Untrusted, harmless_json};

/// Most characters of a tool's line.
const TOOL_LINE: usize = 120;

/// Prints a conversation; `kind` is what a bare name means.
pub async fn run(context: &Context, kind: &'static Kind, args: &Transcript) -> Result<()> {
    let target = target::resolve(context, kind, &args.reference).await?;
    if args.follow {
        return follow(context, &target, args).await;
    }
    show(context, &target, args).await
}

/// Prints the conversation of a target.
pub async fn show(context: &Context, target: &Target, args: &Transcript) -> Result<()> {
    match args.output.format() {
        Format::Table | Format::Wide => {
            let query = MessageQuery { limit: args.tail };
            let mut messages = target.client.messages(&target.session, &query).await?;
            let since = since(context, target, args);
            messages.retain(|message| since.is_none_or(|since| message.info.time.created >= since));
            if messages.is_empty() {
                context.printer.note("nothing was said yet");
            }
            context.printer.print(&render(&messages, args, context.printer.colour()))
        }
        format => {
            let limit = args.tail.map(|tail| ("limit", tail.to_string()));
            let path = format!("/session/{}/message", target.session);
            let mut messages: Value = target.client.request(Method::GET, &path, limit.as_slice(), None).await?;
            if let (Some(since), Some(messages)) = (since(context, target, args), messages.as_array_mut()) {
                let created = |message: &Value| message.pointer("/info/time/created").and_then(Value::as_i64);
                messages.retain(|message| created(message).is_some_and(|created| created >= since));
            }
            context.printer.structured(&messages, &format, true)
        }
    }
}

/// From when on messages are wanted, by the server's clock.
fn since(context: &Context, target: &Target, args: &Transcript) -> Option<i64> {
    let age = args.since?.to_std()?;
    let now = target.client.server_time().unwrap_or_else(|| context.now().as_millisecond());
    Some(now.saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX)))
}

/// Prints a conversation, and each message that follows once it is whole.
async fn follow(context: &Context, target: &Target, args: &Transcript) -> Result<()> {
    let format = args.output.format();
    if !matches!(format, Format::Table | Format::Wide | Format::Json) {
        return Err(Error::usage("a conversation is followed as text, or as JSON with a message a line")
            .hint("leave out -f, or use -o json"));
    }
    let session = target.client.session(&target.session).await?;
    let place = target.client.in_directory(&session.directory);
    let mut told = Told { since: since(context, target, args), tail: args.tail, last: None, blocks: 0 };
    let mut events = place.follow_events();
    let mut missed = Missed::nothing(context);
    loop {
        let followed = tokio::select! {
            followed = events.next() => followed,
            () = missed.ask_again() => Some(Followed::Connected),
        };
        match followed {
            None => return Ok(()),
            Some(Followed::Connected) => {}
            Some(Followed::Event(Event::SessionDeleted { info })) if info.id == target.session => {
                context.printer.note("the conversation was deleted");
                return Ok(());
            }
            Some(Followed::Event(event)) if event.session_id() == Some(&target.session) => match event {
                Event::MessageUpdated { info } if info.time.completed.is_some() || info.error.is_some() => {}
                Event::SessionIdle { .. } | Event::SessionError { .. } => {}
                _ => continue,
            },
            Some(Followed::Event(_)) => continue,
            Some(Followed::Lost(error)) => {
                missed.lost(error);
                continue;
            }
        }
        match told.go_on(context, &place, &target.session, args).await {
            // Its end may be seen before the event that tells of it.
            Err(error) if error.code == Code::SessionNotFound => {
                context.printer.note("the conversation was deleted");
                return Ok(());
            }
            done => missed.asked(done)?,
        }
    }
}

/// How much of a conversation was printed.
struct Told {
    since: Option<i64>,
    tail: Option<u32>,
    /// The last message, once there is one.
    last: Option<String>,
    blocks: usize,
}

impl Told {
    /// Prints what is whole and was not printed, up to the first message that is still being written.
    async fn go_on(&mut self, context: &Context, place: &Client, session: &str, args: &Transcript) -> Result<()> {
        let working = place.session_status().await?.contains_key(session);
        let limit = if self.last.is_none() { self.tail } else { None };
        let messages = place.messages(session, &MessageQuery { limit }).await?;
        for message in messages {
            let info = &message.info;
            if self.last.as_ref().is_some_and(|last| info.id <= *last) {
                continue;
            }
            // What a killed server left half-written stays so, and is not waited for.
            let is_whole = info.role == Role::User || info.time.completed.is_some() || info.error.is_some() || !working;
            if !is_whole {
                break;
            }
            if self.since.is_none_or(|since| info.time.created >= since) {
                self.print(context, place, session, args, &message).await?;
            }
            // Not before: what is asked for in vain is asked for again.
            self.last = Some(message.info.id);
        }
        Ok(())
    }

    async fn print(
        &mut self,
        context: &Context,
        place: &Client,
        session: &str,
        args: &Transcript,
        message: &MessageWithParts,
    ) -> Result<()> {
        if args.output.format() == Format::Json {
            let path = format!("/session/{session}/message/{}", message.info.id);
            let whole = place.request(Method::GET, &path, &[], None).await?;
            return context.printer.line(&harmless_json(whole.to_string()));
        }
        let block = render(std::slice::from_ref(message), args, context.printer.colour());
        if !block.is_empty() {
            let gap = if self.blocks == 0 { "" } else { "\n" };
            context.printer.print(&format!("{gap}{block}"))?;
            self.blocks += 1;
        }
        Ok(())
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
            if args.ids {
                block.insert_str(0, &format!("{}\n", Tone::Faint.paint(Untrusted(&message.info.id), colour)));
            }
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
        let args = |tools, reasoning| Transcript { tools, reasoning, ..Transcript::default() };
        assert_eq!(
            render(&conversation(), &args(false, false), false),
            "> do it\n> now\n\n[bash] false (exit status 1)\nDone.\\x1b]0;x\\x07\n\nAPIError: boom\n"
        );
        let whole = render(&conversation(), &args(true, true), false);
        assert!(whole.contains("    hm\n"), "{whole}");
        assert!(whole.contains("    {\"command\":\"false\\nsecond\"}\n    out\\x1b[2J\n"), "{whole}");
    }
}
