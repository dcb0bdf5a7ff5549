//! `Agent` of `kubeopencode.io/v1alpha1`: a running OpenCode server with its workspace.
//!
//! Source: the platform's CRD `kubeopencode.io_agents.yaml` (v0.1.7). The pod tuning, contexts, skills and credentials are
//! carried as JSON: they are the platform's own shapes, and the API server has checked them.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use kube::CustomResource;
use serde::{Deserialize, Serialize};

use super::{NameRef, Unknown};

/// What an Agent's server is made of.
#[derive(CustomResource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[kube(
    group = "kubeopencode.io",
    version = "v1alpha1",
    kind = "Agent",
    plural = "agents",
    shortname = "ag",
    namespaced,
    status = "AgentStatus",
    schema = "disabled",
    derive = "PartialEq"
)]
#[serde(rename_all = "camelCase")]
pub struct AgentSpec {
    /// Template whose fields fill what this spec leaves empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_ref: Option<NameRef>,
    /// What the agent is for, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Image that carries the `opencode` binary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_image: Option<String>,
    /// Image of the main container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor_image: Option<String>,
    /// Image of the Pods of Tasks that run on this Agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attach_image: Option<String>,
    /// Absolute path of the workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace_dir: Option<String>,
    /// Replaces the command of a Task's Pod; the server ignores it.
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
    /// Service account of the server and of Task Pods; without it every Task fails on the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// Most Tasks at a time; absent or 0 is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_concurrent_tasks: Option<i32>,
    /// Port of the server; 4096 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Volumes that outlive the Pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persistence: Option<serde_json::Value>,
    /// Scaled to zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// Automatic suspend and resume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standby: Option<Standby>,
    /// Fields this type does not name (contexts, skills, plugins, quota, proxy, share …).
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Automatic suspend after a time without tasks and connections.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Standby {
    /// Go duration.
    pub idle_timeout: String,
    /// Fields this type does not name.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What an Agent's server looks like now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentStatus {
    /// Generation of the spec this status is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// See [`super::conditions`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Name of the server's Deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_name: Option<String>,
    /// Name of the server's Service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,
    /// URL of the server inside the cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether a Pod of the server is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<bool>,
    /// Mirror of `spec.suspend`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<bool>,
    /// Since when nothing used it, for standby.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_since: Option<Time>,
    /// Fields this type does not name.
    #[serde(flatten)]
    pub unknown: Unknown,
}

impl Agent {
    /// Whether its server takes work, as its controller last saw it.
    pub fn is_ready(&self) -> bool {
        self.status.as_ref().and_then(|status| status.ready) == Some(true)
    }
}
