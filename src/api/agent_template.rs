//! `AgentTemplate` of `kubeopencode.io/v1alpha1`: what several Agents, and Tasks without an Agent, are made from.
//!
//! Source: the platform's CRD `kubeopencode.io_agenttemplates.yaml` (v0.1.7). An Agent's own field wins over its
//! template's; lists and objects are replaced whole, never merged.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::CustomResource;
use serde::{Deserialize, Serialize};

use super::Unknown;

/// What is shared by everything made from the template.
#[derive(CustomResource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[kube(
    group = "kubeopencode.io",
    version = "v1alpha1",
    kind = "AgentTemplate",
    plural = "agenttemplates",
    shortname = "agt",
    namespaced,
    status = "AgentTemplateStatus",
    schema = "disabled",
    derive = "PartialEq"
)]
#[serde(rename_all = "camelCase")]
pub struct AgentTemplateSpec {
    /// Image that carries the `opencode` binary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_image: Option<String>,
    /// Image of the main container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor_image: Option<String>,
    /// Image of the Pods of Tasks that run on an Agent made from this template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attach_image: Option<String>,
    /// Absolute path of the workspace; the API server requires it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace_dir: Option<String>,
    /// Replaces the command of a Task's Pod; servers ignore it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// OpenCode configuration; must be an object, though the API server takes a string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<serde_json::Value>,
    /// Secrets given to the agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Vec<serde_json::Value>>,
    /// Pod tuning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_spec: Option<serde_json::Value>,
    /// Service account of servers and Task Pods; the API server requires it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// Most Tasks at a time on an Agent made from this template; absent or 0 is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_concurrent_tasks: Option<i32>,
    /// Fields this type does not name (contexts, skills, plugins, quota, proxy …).
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Whether the template was accepted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentTemplateStatus {
    /// Generation of the spec this status is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// See [`super::conditions`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Fields this type does not name.
    #[serde(flatten)]
    pub unknown: Unknown,
}
