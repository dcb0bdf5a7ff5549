//! `Task` of `kubeopencode.io/v1alpha1`: one prompt run to its end on an Agent or in a Pod made from a template.
//!
//! Source: the platform's CRD `kubeopencode.io_tasks.yaml` (v0.1.7).

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use kube::CustomResource;
use serde::{Deserialize, Serialize};

use super::names::task_session_title;
use super::{NameRef, Unknown};

/// What to run, where, and for how long at most.
#[derive(CustomResource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[kube(
    group = "kubeopencode.io",
    version = "v1alpha1",
    kind = "Task",
    plural = "tasks",
    shortname = "tk",
    namespaced,
    status = "TaskStatus",
    schema = "disabled",
    derive = "PartialEq"
)]
#[serde(rename_all = "camelCase")]
pub struct TaskSpec {
    /// The prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Extra context items, as the platform defines them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contexts: Option<Vec<serde_json::Value>>,
    /// The Agent to run on; exactly one of this and `template_ref`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_ref: Option<NameRef>,
    /// The template to make a Pod from; exactly one of this and `agent_ref`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_ref: Option<NameRef>,
    /// Longest time from `status.startTime`, as a Go duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
    /// Fields this type does not name.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What became of a Task so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskStatus {
    /// Generation of the spec this status is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Absent on a new Task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<TaskPhase>,
    /// The Agent it was resolved to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_ref: Option<NameRef>,
    /// The template it was resolved to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_ref: Option<NameRef>,
    /// Name of its Pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_name: Option<String>,
    /// Its OpenCode session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<TaskSession>,
    /// When it took its place, before its Pod was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Time>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_time: Option<Time>,
    /// See [`super::conditions`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Fields this type does not name.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Phase of a Task. A new Task has none, which people read as Pending.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskPhase {
    /// Accepted, not looked at yet; the platform declares it and never writes it.
    #[default]
    Pending,
    /// Waiting for its Agent.
    Queued,
    /// Its Pod was started.
    Running,
    /// Ended; successful unless the condition `Stopped` is true.
    Completed,
    /// Ended in failure.
    Failed,
    /// A phase of a newer platform.
    #[serde(untagged)]
    Other(String),
}

impl Task {
    /// The title of its OpenCode session: the one that its status tells, or the one that it is given.
    pub fn session_title(&self) -> String {
        let known = self.status.as_ref().and_then(|status| status.session.as_ref()?.title.clone());
        known.unwrap_or_else(|| {
            let text = |field: &Option<String>| field.clone().unwrap_or_default();
            let metadata = &self.metadata;
            task_session_title(&text(&metadata.namespace), &text(&metadata.name), &text(&metadata.uid))
        })
    }
}

impl TaskPhase {
    /// The phase as it is written in the object.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "Pending",
            Self::Queued => "Queued",
            Self::Running => "Running",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
            Self::Other(phase) => phase,
        }
    }

    /// Whether nothing more will happen.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

/// The OpenCode session in which a Task runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskSession {
    /// `kubeopencode/<namespace>/<task>/<first 8 of the UID>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// `ses_…`; the platform fills it when the Task ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Sums over the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<TaskSummary>,
    /// Fields this type does not name.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What a Task's session used and changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskSummary {
    /// Messages of the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_count: Option<i32>,
    /// Tokens used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_usage: Option<TokenUsage>,
    /// Cost in US dollars with six decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
    /// Files changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files_changed: Option<i32>,
    /// Lines added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additions: Option<i32>,
    /// Lines deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletions: Option<i32>,
    /// Fields this type does not name.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Tokens by kind; `cache` is read plus written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUsage {
    /// Sent to the model.
    #[serde(default)]
    pub input: i64,
    /// Answered by the model.
    #[serde(default)]
    pub output: i64,
    /// Spent on reasoning.
    #[serde(default)]
    pub reasoning: i64,
    /// Read from and written to the provider's cache.
    #[serde(default)]
    pub cache: i64,
}
