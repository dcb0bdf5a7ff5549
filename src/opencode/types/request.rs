//! What waits for a person: permissions and questions; and what a turn changed.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
