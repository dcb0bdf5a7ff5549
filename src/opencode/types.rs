//! Sessions, prompts, messages, permissions and questions, as the OpenCode server 1.18.x sends them.
//!
//! Only what this program uses is named; unknown fields and unknown kinds of parts are tolerated, so that a newer server
//! does not break an older client. Times are milliseconds since the Unix epoch; costs are US dollars.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Answer of `GET /global/health`.
#[derive(Clone, Debug, Deserialize)]
pub struct Health {
    /// Whether the server calls itself healthy.
    pub healthy: bool,
    /// Version of the server.
    #[serde(default)]
    pub version: String,
}

/// Answer of `GET /path`.
#[derive(Clone, Debug, Deserialize)]
pub struct Paths {
    /// Home directory of the server's user.
    #[serde(default)]
    pub home: String,
    /// Root of the version-controlled tree; `/` without one.
    pub worktree: String,
    /// Directory this answer is about.
    pub directory: String,
}

/// Tokens by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tokens {
    /// Sent to the model, without what came from its cache.
    pub input: i64,
    /// Answered by the model.
    pub output: i64,
    /// Spent on reasoning.
    pub reasoning: i64,
    /// The provider's cache.
    pub cache: CacheTokens,
}

/// Tokens of the provider's cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CacheTokens {
    /// Read from it.
    pub read: i64,
    /// Written to it.
    pub write: i64,
}

/// When something began and changed, in milliseconds since the epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Times {
    /// Created.
    pub created: i64,
    /// Last changed (sessions).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<i64>,
    /// Completed (messages).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<i64>,
    /// Archived (sessions); archived sessions stay in the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<i64>,
}

/// One rule of what may be done without asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// `bash`, `edit`, … or `*`.
    pub permission: String,
    /// What it applies to, with `*`.
    pub pattern: String,
    /// `allow`, `ask` or `deny`.
    pub action: String,
}

/// A session as `GET /session/{id}` tells it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// `ses_…`; newest first when sorted.
    pub id: String,
    /// The directory it works in.
    #[serde(default)]
    pub directory: String,
    /// The session that made it, for subagents.
    #[serde(default, rename = "parentID", skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// Title, verbatim as somebody gave it: untrusted.
    #[serde(default)]
    pub title: String,
    /// OpenCode agent (build, plan, …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Model of the last prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<SessionModel>,
    /// Cost so far.
    #[serde(default)]
    pub cost: f64,
    /// Tokens so far.
    #[serde(default)]
    pub tokens: Tokens,
    /// Lines and files changed; filled by the server only after a revert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Changes>,
    /// Whatever its creator keeps there.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
    /// Its own rules, on top of the configuration's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permission: Vec<Rule>,
    /// When it was created, changed, archived.
    #[serde(default)]
    pub time: Times,
    /// Fields this type does not name.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

/// Model of a session; prompts and messages spell it as [`Model`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionModel {
    /// Provider.
    #[serde(rename = "providerID")]
    pub provider_id: String,
    /// Model.
    pub id: String,
}

/// Model of a prompt or a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Provider.
    #[serde(rename = "providerID")]
    pub provider_id: String,
    /// Model.
    #[serde(rename = "modelID")]
    pub model_id: String,
}

impl Model {
    /// Reads `provider/model`; the model's name may hold further slashes.
    pub fn parse(text: &str) -> Option<Self> {
        let (provider, model) = text.split_once('/')?;
        (!provider.is_empty() && !model.is_empty())
            .then(|| Self { provider_id: provider.to_owned(), model_id: model.to_owned() })
    }
}

/// Lines and files changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    /// Lines added.
    pub additions: i64,
    /// Lines deleted.
    pub deletions: i64,
    /// Files.
    pub files: i64,
}

/// Body of `POST /session`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewSession {
    /// Title; the server asks the model for one if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Session whose subagent it is.
    #[serde(rename = "parentID", skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// OpenCode agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<SessionModel>,
    /// Kept with the session, verbatim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
    /// Its own rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub permission: Vec<Rule>,
}

/// Which sessions to list (`GET /session`); the server's own limit is 100 where none is given.
#[derive(Clone, Debug, Default)]
pub struct SessionQuery {
    /// Changed since, milliseconds since the epoch.
    pub start: Option<i64>,
    /// Part of the title.
    pub search: Option<String>,
    /// Most sessions.
    pub limit: Option<u32>,
    /// No subagents' sessions.
    pub roots: bool,
}

/// What a session is doing (`GET /session/status`); idle sessions are absent there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum SessionActivity {
    /// Nothing.
    Idle,
    /// In a turn; waiting for a person counts, see [`super::Client::permissions`].
    Busy,
    /// The provider failed and is tried again, without end.
    Retry {
        /// Tries so far.
        #[serde(default)]
        attempt: u32,
        /// What the provider said.
        #[serde(default)]
        message: String,
        /// When the next try comes, milliseconds since the epoch.
        #[serde(default)]
        next: i64,
    },
    /// A state of a newer server.
    #[serde(other)]
    Unknown,
}

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
    /// Chosen by the client, see [`super::MessageId`]; makes sending it again recognisable.
    #[serde(rename = "messageID", skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Only stored: the model is not asked.
    #[serde(rename = "noReply", skip_serializing_if = "std::ops::Not::not")]
    pub no_reply: bool,
}

impl Prompt {
    /// A prompt of one text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { parts: vec![PromptPart::Text { text: text.into() }], ..Self::default() }
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

/// The tool call that something is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The message it is in.
    #[serde(rename = "messageID")]
    pub message_id: String,
    /// Identifies the call in its message.
    #[serde(rename = "callID")]
    pub call_id: String,
}

/// Something that waits for a person's leave. Abort leaves ghosts: it counts only while its session is busy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Permission {
    /// `per_…`.
    pub id: String,
    /// The session, which may be a subagent's.
    #[serde(rename = "sessionID")]
    pub session_id: String,
    /// `bash`, `edit`, …
    pub permission: String,
    /// What exactly.
    #[serde(default)]
    pub patterns: Vec<String>,
    /// Of `bash`: `command`; of `edit`: `filepath` and `diff`.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// What "always" would allow from now on.
    #[serde(default)]
    pub always: Vec<String>,
    /// The tool call that asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<ToolCall>,
}

/// Answer to a [`Permission`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reply {
    /// Yes, this time.
    Once,
    /// Yes, and whatever [`Permission::always`] names, for every session of the directory, until the server restarts.
    Always,
    /// No; without a message to the model the turn stops.
    Reject,
}

/// Questions that wait for a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// `que_…`.
    pub id: String,
    /// The session.
    #[serde(rename = "sessionID")]
    pub session_id: String,
    /// What is asked; one answer each.
    #[serde(default)]
    pub questions: Vec<QuestionItem>,
    /// The tool call that asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<ToolCall>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionItem {
    /// The question.
    pub question: String,
    /// A short label.
    #[serde(default)]
    pub header: String,
    /// What may be answered.
    #[serde(default)]
    pub options: Vec<QuestionOption>,
    /// More than one option may be chosen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub multiple: bool,
    /// Whether an own text may be answered; the server takes absent as yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<bool>,
}

/// One possible answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionOption {
    /// What is answered.
    pub label: String,
    /// What it means.
    #[serde(default)]
    pub description: String,
}

/// A changed file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileDiff {
    /// Path in the worktree.
    #[serde(default)]
    pub file: String,
    /// Unified diff.
    #[serde(default)]
    pub patch: String,
    /// Lines added.
    #[serde(default)]
    pub additions: i64,
    /// Lines deleted.
    #[serde(default)]
    pub deletions: i64,
    /// `added`, `deleted` or `modified`.
    #[serde(default)]
    pub status: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_provider_slash_model() {
        let model = Model::parse("openrouter/meta/llama").unwrap();
        assert_eq!((model.provider_id.as_str(), model.model_id.as_str()), ("openrouter", "meta/llama"));
        assert!(Model::parse("gpt").is_none() && Model::parse("/gpt").is_none() && Model::parse("openai/").is_none());
    }

    #[test]
    fn an_exported_conversation_reads_whole() {
        #[derive(Deserialize)]
        struct Export {
            info: Session,
            messages: Vec<MessageWithParts>,
        }
        let export: Export = serde_json::from_str(include_str!("../../tests/fixtures/opencode/export.json")).unwrap();
        assert!(export.info.id.starts_with("ses_"));
        assert!(export.messages.iter().any(|message| message.info.role == Role::User));
        let parts: Vec<_> = export.messages.iter().flat_map(|message| &message.parts).collect();
        assert!(
            parts.iter().any(|part| matches!(part.kind, PartKind::Tool { state: ToolState::Completed { .. }, .. }))
        );
        assert!(parts.iter().all(|part| part.kind != PartKind::Unknown));
    }

    #[test]
    fn what_a_newer_server_adds_is_tolerated() {
        let part: Part = serde_json::from_str(
            r#"{"id":"prt_1","sessionID":"ses_1","messageID":"msg_1","type":"hologram","depth":3}"#,
        )
        .unwrap();
        assert_eq!(part.kind, PartKind::Unknown);
        let part: Part = serde_json::from_str(
            r#"{"id":"p","sessionID":"s","messageID":"m","type":"tool","tool":"bash","callID":"c","state":{"status":"paused"}}"#,
        )
        .unwrap();
        assert!(matches!(part.kind, PartKind::Tool { state: ToolState::Unknown, .. }));
        let activity: SessionActivity = serde_json::from_str(r#"{"type":"dreaming","of":"sheep"}"#).unwrap();
        assert_eq!(activity, SessionActivity::Unknown);
    }
}
