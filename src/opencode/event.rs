//! Events of an OpenCode server as types.
//!
//! One JSON object per event: `{"id","type","properties"}` on `/event`; on `/global/event` the same inside
//! `{"directory","payload"}`, where durable events come a second time as `payload.type == "sync"`.

use serde::Deserialize;
use serde_json::Value;

use super::pty::Pty;
use super::types::{FileDiff, Message, NamedError, Part, Permission, Question, Reply, Session, SessionActivity};

/// Something that happened on the server. A type this program does not know, or one of another shape than known, is
/// [`Event::Other`], never an error.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "type", content = "properties")]
pub enum Event {
    /// First event of every connection.
    #[serde(rename = "server.connected")]
    Connected {},
    /// Every 10 s.
    #[serde(rename = "server.heartbeat")]
    Heartbeat {},
    /// The directory's instance ends; its event streams end after this.
    #[serde(rename = "server.instance.disposed")]
    InstanceDisposed {
        /// Which.
        directory: String,
    },
    /// A session was made.
    #[serde(rename = "session.created")]
    SessionCreated {
        /// The session.
        info: Session,
    },
    /// A session changed.
    #[serde(rename = "session.updated")]
    SessionUpdated {
        /// The session.
        info: Session,
    },
    /// A session is gone.
    #[serde(rename = "session.deleted")]
    SessionDeleted {
        /// What it was.
        info: Session,
    },
    /// A session began, retries, or ended a turn.
    #[serde(rename = "session.status")]
    SessionStatus {
        /// Which.
        #[serde(rename = "sessionID")]
        session_id: String,
        /// What it does now.
        status: SessionActivity,
    },
    /// A turn is over; may come twice.
    #[serde(rename = "session.idle")]
    SessionIdle {
        /// Which.
        #[serde(rename = "sessionID")]
        session_id: String,
    },
    /// A turn failed, or never began.
    #[serde(rename = "session.error")]
    SessionError {
        /// Which; absent where the server cannot tell.
        #[serde(default, rename = "sessionID")]
        session_id: Option<String>,
        /// Why.
        error: NamedError,
    },
    /// What the last turn changed.
    #[serde(rename = "session.diff")]
    SessionDiff {
        /// Which.
        #[serde(rename = "sessionID")]
        session_id: String,
        /// The changed files.
        diff: Vec<FileDiff>,
    },
    /// The conversation was summarised.
    #[serde(rename = "session.compacted")]
    SessionCompacted {
        /// Which.
        #[serde(rename = "sessionID")]
        session_id: String,
    },
    /// A message was made or changed.
    #[serde(rename = "message.updated")]
    MessageUpdated {
        /// The message.
        info: Message,
    },
    /// A message is gone.
    #[serde(rename = "message.removed")]
    MessageRemoved {
        /// Its session.
        #[serde(rename = "sessionID")]
        session_id: String,
        /// Which.
        #[serde(rename = "messageID")]
        message_id: String,
    },
    /// A part was made or changed: replaces the part of the same id.
    #[serde(rename = "message.part.updated")]
    PartUpdated {
        /// The part.
        part: Part,
    },
    /// A part is gone.
    #[serde(rename = "message.part.removed")]
    PartRemoved {
        /// Its session.
        #[serde(rename = "sessionID")]
        session_id: String,
        /// Its message.
        #[serde(rename = "messageID")]
        message_id: String,
        /// Which.
        #[serde(rename = "partID")]
        part_id: String,
    },
    /// A part's field grew: append.
    #[serde(rename = "message.part.delta")]
    PartDelta {
        /// Its session.
        #[serde(rename = "sessionID")]
        session_id: String,
        /// Its message.
        #[serde(rename = "messageID")]
        message_id: String,
        /// Which.
        #[serde(rename = "partID")]
        part_id: String,
        /// `text`.
        field: String,
        /// What to append.
        delta: String,
    },
    /// Somebody has to allow something.
    #[serde(rename = "permission.asked")]
    PermissionAsked(Permission),
    /// Somebody answered.
    #[serde(rename = "permission.replied")]
    PermissionReplied {
        /// The session.
        #[serde(rename = "sessionID")]
        session_id: String,
        /// The request.
        #[serde(rename = "requestID")]
        request_id: String,
        /// The answer.
        reply: Reply,
    },
    /// Somebody has to answer.
    #[serde(rename = "question.asked")]
    QuestionAsked(Question),
    /// Somebody answered.
    #[serde(rename = "question.replied")]
    QuestionReplied {
        /// The session.
        #[serde(rename = "sessionID")]
        session_id: String,
        /// The request.
        #[serde(rename = "requestID")]
        request_id: String,
    },
    /// Somebody would not answer.
    #[serde(rename = "question.rejected")]
    QuestionRejected {
        /// The session.
        #[serde(rename = "sessionID")]
        session_id: String,
        /// The request.
        #[serde(rename = "requestID")]
        request_id: String,
    },
    /// A terminal was made.
    #[serde(rename = "pty.created")]
    PtyCreated {
        /// The terminal.
        info: Pty,
    },
    /// A terminal changed.
    #[serde(rename = "pty.updated")]
    PtyUpdated {
        /// The terminal.
        info: Pty,
    },
    /// A terminal's program ended.
    #[serde(rename = "pty.exited")]
    PtyExited {
        /// Which.
        id: String,
        /// Its exit code.
        #[serde(rename = "exitCode")]
        exit_code: i32,
    },
    /// A terminal is gone.
    #[serde(rename = "pty.deleted")]
    PtyDeleted {
        /// Which.
        id: String,
    },
    /// Anything else.
    #[serde(skip)]
    Other {
        /// Its type.
        kind: String,
        /// What it carries.
        properties: Value,
    },
}

impl Event {
    /// Reads one event as `/event` or `/global/event` send it.
    ///
    /// `None` is an event to pass over: the second copy of a durable event. An error means text that is no event.
    pub fn parse(text: &str) -> serde_json::Result<Option<Self>> {
        if let Ok(event) = serde_json::from_str(text) {
            return Ok(Some(event));
        }
        let mut value: Value = serde_json::from_str(text)?;
        let inner = value.get_mut("payload").map(Value::take).unwrap_or(value);
        if let Ok(event) = Self::deserialize(&inner) {
            return Ok(Some(event));
        }
        let Unnamed { kind, properties } = serde_json::from_value(inner)?;
        Ok((kind != "sync").then_some(Self::Other { kind, properties }))
    }

    /// The session it is about, if any.
    pub fn session_id(&self) -> Option<&str> {
        match self {
            Self::SessionCreated { info } | Self::SessionUpdated { info } | Self::SessionDeleted { info } => {
                Some(&info.id)
            }
            Self::SessionStatus { session_id, .. }
            | Self::SessionIdle { session_id }
            | Self::SessionDiff { session_id, .. }
            | Self::SessionCompacted { session_id }
            | Self::MessageRemoved { session_id, .. }
            | Self::PartRemoved { session_id, .. }
            | Self::PartDelta { session_id, .. }
            | Self::PermissionReplied { session_id, .. }
            | Self::QuestionReplied { session_id, .. }
            | Self::QuestionRejected { session_id, .. } => Some(session_id),
            Self::SessionError { session_id, .. } => session_id.as_deref(),
            Self::MessageUpdated { info } => Some(&info.session_id),
            Self::PartUpdated { part } => Some(&part.session_id),
            Self::PermissionAsked(permission) => Some(&permission.session_id),
            Self::QuestionAsked(question) => Some(&question.session_id),
            Self::Other { properties, .. } => properties.get("sessionID").and_then(Value::as_str),
            _ => None,
        }
    }
}

/// An event of an unknown type.
#[derive(Deserialize)]
struct Unnamed {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    properties: Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The `data:` lines of a recording (`seconds<TAB>line`).
    fn recorded(text: &str) -> impl Iterator<Item = &str> {
        text.lines().filter_map(|line| line.split_once('\t')?.1.strip_prefix("data: "))
    }

    fn kinds(text: &str) -> Vec<Event> {
        recorded(text).filter_map(|line| Event::parse(line).unwrap()).collect()
    }

    #[test]
    fn a_recorded_turn_with_a_tool_and_a_permission_reads_whole() {
        let events = kinds(include_str!("../../tests/fixtures/opencode/sse-ev-tool.txt"));
        assert_eq!(events.first(), Some(&Event::Connected {}));
        assert!(
            events.iter().any(|event| matches!(event, Event::PermissionAsked(asked) if asked.permission == "bash"))
        );
        assert!(events.iter().any(|event| matches!(event, Event::PartDelta { field, .. } if field == "text")));
        assert!(events.iter().any(|event| matches!(event, Event::SessionIdle { .. })));
        let unknown: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                Event::Other { kind, .. } => Some(kind.as_str()),
                _ => None,
            })
            .filter(|kind| {
                kind.starts_with("session.") || kind.starts_with("message.") || kind.starts_with("permission.")
            })
            .collect();
        assert_eq!(unknown, Vec::<&str>::new(), "known types must not fall through to Other");
    }

    #[test]
    fn global_events_are_unwrapped_and_durable_copies_passed_over() {
        let text = include_str!("../../tests/fixtures/opencode/sse-gev1.txt");
        let all = recorded(text).count();
        let copies = recorded(text).filter(|line| line.contains(r#""type":"sync""#)).count();
        let events = kinds(text);
        assert!(copies > 0);
        assert_eq!(events.len(), all - copies);
        assert_eq!(events.first(), Some(&Event::Connected {}));
    }

    #[test]
    fn errors_carry_the_session_and_the_text() {
        let events = kinds(include_str!("../../tests/fixtures/opencode/sse-ev-err.txt"));
        let errors: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                Event::SessionError { session_id, error } => Some((session_id.is_some(), error.name.as_str())),
                _ => None,
            })
            .collect();
        assert!(!errors.is_empty() && errors.iter().all(|(has_session, _)| *has_session));
    }

    #[test]
    fn unknown_types_and_changed_shapes_are_kept_as_they_are() {
        let event = Event::parse(r#"{"id":"evt_1","type":"moon.rose","properties":{"sessionID":"ses_1"}}"#).unwrap();
        assert_eq!(event.as_ref().and_then(Event::session_id), Some("ses_1"));
        let event = Event::parse(r#"{"id":"evt_1","type":"session.idle","properties":{"who":"ses_1"}}"#).unwrap();
        assert!(matches!(event, Some(Event::Other { kind, .. }) if kind == "session.idle"));
        assert!(Event::parse("no json").is_err());
        assert!(Event::parse(r#"{"nothing":1}"#).is_err());
    }
}
