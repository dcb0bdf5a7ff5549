//! The server, its sessions, and what they do.

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
    /// In a turn; waiting for a person counts, see [`crate::opencode::Client::permissions`].
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
