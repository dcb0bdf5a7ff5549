//! Messages, their parts, and prompts.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Model, Times, Tokens};

/// Which messages to list (`GET /session/{id}/message`).
#[derive(Clone, Debug, Default)]
pub struct MessageQuery {
    /// Only the last ones.
    pub limit: Option<u32>,
}

/// A message with its parts.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct MessageWithParts {
    /// The message.
    pub info: Message,
    /// What it consists of, in order.
    #[serde(default)]
    pub parts: Vec<Part>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A person, or this program for one.
    User,
    /// The model.
    Assistant,
    /// A role of a newer server.
    #[serde(other)]
    Unknown,
}

/// One message. A turn is one user message and one assistant message per step, all with that user message as parent.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Message {
    /// `msg_…`; oldest first when sorted.
    pub id: String,
    /// Its session.
    #[serde(rename = "sessionID")]
    pub session_id: String,
    /// Who speaks.
    pub role: Role,
    /// The user message it answers.
    #[serde(default, rename = "parentID")]
    pub parent_id: Option<String>,
    /// When it was created and completed.
    #[serde(default)]
    pub time: Times,
    /// How it failed; provider failures are only told here, the HTTP status is 200.
    #[serde(default)]
    pub error: Option<NamedError>,
    /// OpenCode agent.
    #[serde(default)]
    pub agent: Option<String>,
    /// Provider, on assistant messages.
    #[serde(default, rename = "providerID")]
    pub provider_id: Option<String>,
    /// Model, on assistant messages.
    #[serde(default, rename = "modelID")]
    pub model_id: Option<String>,
    /// Why it ended: `stop`, `tool-calls` (the turn goes on), …
    #[serde(default)]
    pub finish: Option<String>,
    /// Cost.
    #[serde(default)]
    pub cost: f64,
    /// Tokens.
    #[serde(default)]
    pub tokens: Tokens,
}

/// An error as messages and events carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedError {
    /// `APIError`, `ProviderAuthError`, `MessageAbortedError`, …
    pub name: String,
    /// Details; [`NamedError::message`] reads the text.
    #[serde(default)]
    pub data: Value,
}

impl NamedError {
    /// What the error says; untrusted.
    pub fn message(&self) -> &str {
        self.data.get("message").and_then(Value::as_str).unwrap_or(&self.name)
    }

    /// Whether somebody stopped the turn.
    pub fn is_abort(&self) -> bool {
        self.name == "MessageAbortedError"
    }
}

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Part {
    /// `prt_…`.
    pub id: String,
    /// Its session.
    #[serde(rename = "sessionID")]
    pub session_id: String,
    /// Its message.
    #[serde(rename = "messageID")]
    pub message_id: String,
    /// What it is.
    #[serde(flatten)]
    pub kind: PartKind,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum PartKind {
    /// Text of the model or of the user.
    Text {
        /// The text; empty while it is streamed.
        #[serde(default)]
        text: String,
        /// Made by the server, not by a person.
        #[serde(default)]
        synthetic: bool,
        /// When it began and ended.
        #[serde(default)]
        time: Option<Span>,
    },
    /// The model's reasoning.
    Reasoning {
        /// The text; empty while it is streamed.
        #[serde(default)]
        text: String,
        /// When it began and ended.
        #[serde(default)]
        time: Option<Span>,
    },
    /// A file given with a prompt or made by a tool.
    File {
        /// Media type.
        #[serde(default)]
        mime: String,
        /// Name.
        #[serde(default)]
        filename: Option<String>,
        /// `data:` or `file:` URL.
        #[serde(default)]
        url: String,
    },
    /// A call of a tool.
    Tool {
        /// `bash`, `edit`, …
        tool: String,
        /// Identifies the call in its message.
        #[serde(default, rename = "callID")]
        call_id: String,
        /// How far it is.
        state: ToolState,
    },
    /// A step of the turn begins.
    StepStart {},
    /// A step of the turn is over.
    StepFinish {
        /// `stop`, `tool-calls`, …
        #[serde(default)]
        reason: String,
        /// Cost of the step.
        #[serde(default)]
        cost: f64,
        /// Tokens of the step.
        #[serde(default)]
        tokens: Tokens,
    },
    /// The step changed files.
    Patch {
        /// Which.
        #[serde(default)]
        files: Vec<String>,
    },
    /// A subagent was called.
    Subtask {
        /// What for.
        #[serde(default)]
        description: String,
        /// Which agent.
        #[serde(default)]
        agent: String,
    },
    /// The conversation was summarised here.
    Compaction {},
    /// The provider is tried again.
    Retry {
        /// Which try.
        #[serde(default)]
        attempt: u32,
    },
    /// A kind this program does not know.
    #[serde(other)]
    Unknown,
}

/// Begin and end, milliseconds since the epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Span {
    /// Begin.
    #[serde(default)]
    pub start: i64,
    /// End; absent while it goes on.
    #[serde(default)]
    pub end: Option<i64>,
}

/// How far a tool call is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum ToolState {
    /// The model is still writing the call.
    Pending {},
    /// It runs, or waits for a permission.
    Running {
        /// The call's arguments.
        #[serde(default)]
        input: Value,
        /// What it does, in words.
        #[serde(default)]
        title: Option<String>,
        /// Of `bash`: `output` so far.
        #[serde(default)]
        metadata: Value,
    },
    /// It ended.
    Completed {
        /// The call's arguments.
        #[serde(default)]
        input: Value,
        /// What the model is told.
        #[serde(default)]
        output: String,
        /// What it did, in words.
        #[serde(default)]
        title: String,
        /// Of `bash`: `output` and `exit`.
        #[serde(default)]
        metadata: Value,
        /// When.
        #[serde(default)]
        time: Span,
    },
    /// It failed or was refused.
    Error {
        /// The call's arguments.
        #[serde(default)]
        input: Value,
        /// Why.
        #[serde(default)]
        error: String,
        /// When.
        #[serde(default)]
        time: Span,
    },
    /// A state of a newer server.
    #[serde(other)]
    Unknown,
}

/// Body of `POST /session/{id}/prompt_async`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Prompt {
    /// What is asked.
    pub parts: Vec<PromptPart>,
    /// Model; a failed one sticks to the session until another is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<Model>,
    /// OpenCode agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Chosen by the client, see [`crate::opencode::message_id()`]; makes sending it again recognisable.
    #[serde(rename = "messageID", skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Only stored: the model is not asked.
    #[serde(rename = "noReply", skip_serializing_if = "std::ops::Not::not")]
    pub no_reply: bool,
}

impl Prompt {
    /// A prompt of one text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { parts: vec![PromptPart::Text { text: text.into(), id: None }], ..Self::default() }
    }

    /// A prompt of one text under an id that the client chose. However often it is sent, the server (1.18.33) keeps one
    /// message of one part and answers it once: it replaces both by their ids, a running turn goes on, and a message
    /// with an answer gets no second one.
    pub fn repeatable(text: impl Into<String>, message_id: String) -> Self {
        let id = message_id.replacen("msg_", "prt_", 1);
        let parts = vec![PromptPart::Text { text: text.into(), id: Some(id) }];
        Self { parts, message_id: Some(message_id), ..Self::default() }
    }
}

/// A piece of a prompt.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum PromptPart {
    /// A text.
    Text {
        /// The text.
        text: String,
        /// Chosen by the client: `prt_…`. The server makes one if it is absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
    },
    /// A file.
    File {
        /// Media type.
        mime: String,
        /// Name.
        #[serde(skip_serializing_if = "Option::is_none")]
        filename: Option<String>,
        /// `data:…;base64,…` or `file:///…` on the server.
        url: String,
    },
}
