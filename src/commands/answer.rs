//! The text of a conversation as it is written, from the server's events.
//!
//! A part of a message comes first as `message.part.updated` with an empty text, then piece by piece as
//! `message.part.delta`, then once more whole. What a lost link swallowed is read from the messages afterwards: for each
//! part it is known how much was written, and only the rest is.

use std::collections::{HashMap, HashSet};

use super::Context;
use super::transcript::tool_line;
use crate::error::Result;
use crate::opencode::types::{Role, ToolState};
use crate::opencode::{Event, MessageWithParts, Part, PartKind, SessionActivity, final_text};
use crate::output::Lines;

/// Writes the assistant's text of one session: as it comes, or only the final answer at the end.
pub struct Answer<'a> {
    context: &'a Context,
    session: String,
    /// As it comes, for a person; else the final answer alone, for a program.
    live: bool,
    /// Whether text is written at all; progress is told in any case.
    silent: bool,
    assistants: HashSet<String>,
    /// Bytes written of each text part.
    written: HashMap<String, usize>,
    /// Parts that are not the answer: reasoning, and tools that were told.
    passed: HashSet<String>,
    /// The part being written.
    current: Option<String>,
    at_line_start: bool,
}

impl<'a> Answer<'a> {
    /// Of this session; `silent` writes no text.
    pub fn new(context: &'a Context, session: &str, silent: bool) -> Self {
        Self {
            context,
            session: session.to_owned(),
            live: context.printer.streams().stdout,
            silent,
            assistants: HashSet::new(),
            written: HashMap::new(),
            passed: HashSet::new(),
            current: None,
            at_line_start: true,
        }
    }

    /// Takes these messages for known and written, because they were there before.
    pub fn skip(&mut self, messages: &[MessageWithParts]) {
        for part in messages.iter().flat_map(|message| &message.parts) {
            match &part.kind {
                PartKind::Text { text, .. } => {
                    self.written.insert(part.id.clone(), text.len());
                }
                _ => {
                    self.passed.insert(part.id.clone());
                }
            }
        }
    }

    /// Something happened on the server.
    pub fn event(&mut self, event: &Event) -> Result<()> {
        if event.session_id() != Some(&self.session) {
            return Ok(());
        }
        match event {
            Event::MessageUpdated { info } if info.role == Role::Assistant => {
                self.assistants.insert(info.id.clone());
            }
            Event::PartUpdated { part } => self.part(part)?,
            Event::PartDelta { part_id, message_id, field, delta, .. }
                if field == "text" && self.assistants.contains(message_id) && self.written.contains_key(part_id) =>
            {
                self.write(part_id, delta)?;
            }
            Event::SessionStatus { status: SessionActivity::Retry { attempt, message, .. }, .. } => {
                self.context.printer.note(&format!("the model's provider failed, try {attempt}: {message}"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes what these messages hold and was not written yet.
    pub fn catch_up(&mut self, messages: &[MessageWithParts]) -> Result<()> {
        for message in messages.iter().filter(|message| message.info.role == Role::Assistant) {
            self.assistants.insert(message.info.id.clone());
            for part in &message.parts {
                self.part(part)?;
            }
        }
        Ok(())
    }

    /// Writes what is missing of the answer: all that was not seen, or the final answer for a program.
    pub fn finish(&mut self, messages: &[MessageWithParts]) -> Result<()> {
        self.catch_up(messages)?;
        if self.silent {
            return Ok(());
        }
        if self.live {
            return self.end_line();
        }
        let text = final_text(messages);
        if text.is_empty() { Ok(()) } else { self.context.printer.line(&Lines(text.trim_end()).text()) }
    }

    fn part(&mut self, part: &Part) -> Result<()> {
        if !self.assistants.contains(&part.message_id) {
            return Ok(());
        }
        match &part.kind {
            PartKind::Text { text, synthetic: false, .. } => {
                let written = *self.written.entry(part.id.clone()).or_default();
                match text.get(written..) {
                    Some(rest) if !rest.is_empty() => self.write(&part.id, rest),
                    _ => Ok(()),
                }
            }
            PartKind::Tool { tool, state, .. }
                if matches!(state, ToolState::Completed { .. } | ToolState::Error { .. }) =>
            {
                if self.passed.insert(part.id.clone()) {
                    self.end_line()?;
                    self.context.printer.note(&tool_line(tool, state));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn write(&mut self, part: &str, text: &str) -> Result<()> {
        *self.written.entry(part.to_owned()).or_default() += text.len();
        if !self.live || self.silent {
            return Ok(());
        }
        if self.current.as_deref() != Some(part) {
            self.end_line()?;
            self.current = Some(part.to_owned());
        }
        self.context.printer.done_waiting();
        self.at_line_start = text.ends_with('\n');
        self.context.printer.print(&Lines(text).text())
    }

    fn end_line(&mut self) -> Result<()> {
        if self.at_line_start {
            return Ok(());
        }
        self.at_line_start = true;
        self.context.printer.print("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::flags::Global;
    use crate::output::printer_tests::{captured, on_terminal};
    use serde_json::{Value, json};

    fn event(kind: &str, properties: &Value) -> Event {
        Event::parse(&json!({"id": "evt_1", "type": kind, "properties": properties}).to_string()).unwrap().unwrap()
    }

    fn text(id: &str, text: &str) -> Value {
        json!({"id": id, "sessionID": "ses_1", "messageID": "msg_2", "type": "text", "text": text})
    }

    fn messages(parts: &[Value]) -> Vec<MessageWithParts> {
        let info = json!({"id": "msg_2", "sessionID": "ses_1", "role": "assistant", "time": {"created": 1}});
        vec![serde_json::from_value(json!({"info": info, "parts": parts})).unwrap()]
    }

    fn play(answer: &mut Answer) {
        let info = json!({"id": "msg_2", "sessionID": "ses_1", "role": "assistant", "time": {"created": 1}});
        answer.event(&event("message.updated", &json!({"info": info}))).unwrap();
        answer.event(&event("message.part.updated", &json!({"part": text("prt_1", "")}))).unwrap();
        for delta in ["Hel", "lo\x1b[2J"] {
            let delta =
                json!({"sessionID": "ses_1", "messageID": "msg_2", "partID": "prt_1", "field": "text", "delta": delta});
            answer.event(&event("message.part.delta", &delta)).unwrap();
        }
    }

    #[test]
    fn a_person_sees_the_text_as_it_comes_and_what_the_link_swallowed_at_the_end() {
        let (printer, out, _) = on_terminal();
        let context = Context::new(Global::default(), printer);
        let mut answer = Answer::new(&context, "ses_1", false);
        play(&mut answer);
        assert_eq!(out.text(), "Hello\\x1b[2J");
        answer.finish(&messages(&[text("prt_1", "Hello\x1b[2J, you"), text("prt_2", "Bye")])).unwrap();
        assert_eq!(out.text(), "Hello\\x1b[2J, you\nBye\n");
    }

    #[test]
    fn a_program_gets_the_final_answer_alone() {
        let (printer, out, err) = captured(false);
        let context = Context::new(Global::default(), printer);
        let mut answer = Answer::new(&context, "ses_1", false);
        play(&mut answer);
        assert_eq!(out.text(), "");
        let tool = json!({"id": "prt_t", "sessionID": "ses_1", "messageID": "msg_2", "type": "tool", "tool": "bash", "callID": "c",
            "state": {"status": "completed", "input": {"command": "ls"}, "output": "x", "title": "ls", "metadata": {}, "time": {"start": 1, "end": 2}}});
        answer.finish(&messages(&[tool, text("prt_1", "Hello, you\n")])).unwrap();
        assert_eq!(out.text(), "Hello, you\n");
        assert!(err.text().contains("bash"), "{}", err.text());
    }

    #[test]
    fn what_was_there_before_is_not_written_again() {
        let (printer, out, _) = on_terminal();
        let context = Context::new(Global::default(), printer);
        let mut answer = Answer::new(&context, "ses_1", false);
        let before = messages(&[text("prt_1", "old")]);
        answer.skip(&before);
        answer.finish(&before).unwrap();
        assert_eq!(out.text(), "");
    }
}
