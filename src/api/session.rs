//! `Session` of `session.kubeopencode.io/v1alpha1`: a logical conversation on a running Agent's server.
//!
//! It holds references and a summary; the messages stay on the OpenCode server. Phases and their only transitions:
//!
//! ```text
//!             agent ready, session created
//!   Pending ───────────────────────────────► Running ──timeout, idleTimeout──► Completed
//!    │  ▲ ▲                                  │  │  └──agent gone, session lost, deadline──► Failed
//!    │  │ └── agent pod restarting ──────────┘  │
//!    │  └────────────── start ◄── Stopped ◄─────┘ suspend        start: Completed, Failed, Stopped → Pending
//!    └── suspend → Stopped        delete: from anywhere (Terminating while the finalizer runs)
//! ```

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use kube::{CustomResource, CustomResourceExt, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NameRef;

/// Longest prompt, in bytes: what an OpenCode server is known to take, well below what etcd stores in one object.
pub const MAX_PROMPT_BYTES: usize = 512 * 1024;

/// The CRD of Session, as `install` and the sandbox apply it and `deploy/crds` holds it.
pub fn crd() -> CustomResourceDefinition {
    Session::crd()
}

/// The rule for the name of a new Session with an Agent of its own, as `validate::name_of_own_agent` has it. What has a
/// status is older than the rule, and could not even be deleted if that refused it: its finalizer goes by an update.
const OWN_AGENT_NAME: &str = "has(self.status) || !has(self.spec.templateRef) || \
    self.metadata.name.matches('^[a-z0-9]([-a-z0-9]{0,57}[a-z0-9])?$')";

/// What the session is to be.
#[derive(CustomResource, Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "session.kubeopencode.io",
    version = "v1alpha1",
    kind = "Session",
    plural = "sessions",
    shortname = "ses",
    category = "kubeopencode",
    doc = "Session: a conversation on a running agent's server. It holds references and a summary; the messages stay on the server.",
    namespaced,
    status = "SessionStatus",
    validation = Rule::new(OWN_AGENT_NAME)
        .message("with templateRef, the name has at most 59 lower case letters, digits and -: the agent ses-NAME is named after it"),
    derive = "PartialEq",
    printcolumn = r#"{"name":"Phase", "type":"string", "jsonPath":".status.phase"}"#,
    printcolumn = r#"{"name":"Activity", "type":"string", "jsonPath":".status.activity"}"#,
    printcolumn = r#"{"name":"Agent", "type":"string", "jsonPath":".status.agentRef.name"}"#,
    printcolumn = r#"{"name":"Title", "type":"string", "jsonPath":".spec.title", "priority":1}"#,
    printcolumn = r#"{"name":"Cost", "type":"string", "jsonPath":".status.summary.cost", "priority":1}"#,
    printcolumn = r#"{"name":"Age", "type":"date", "jsonPath":".metadata.creationTimestamp"}"#
)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("has(self.agentRef) != has(self.templateRef)")
        .message("exactly one of agentRef and templateRef must be specified"),
    validation = Rule::new("!has(self.fallbackAgentRef) || has(self.templateRef)")
        .message("fallbackAgentRef needs templateRef")
)]
pub struct SessionSpec {
    /// The shared Agent to run on; exactly one of this and `templateRef`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_ref: Option<NameRef>,
    /// The template of a dedicated Agent, owned by the Session and deleted with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_ref: Option<NameRef>,
    /// Agent used when the dedicated one is not ready in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_agent_ref: Option<NameRef>,
    /// Seconds that the Agent may take to become ready.
    #[schemars(range(min = 1, max = 86400), extend("default" = 300))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_deadline_seconds: Option<i64>,
    /// Title of the OpenCode session.
    #[schemars(length(max = 256))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Sent once, when the session starts.
    #[schemars(length(min = 1, max = 524_288))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// `provider/model`.
    #[schemars(regex(pattern = r"^[^/\s]+/\S+$"), length(max = 256))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// OpenCode agent name: build, plan, …
    #[schemars(regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"), length(max = 64))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// Directory inside the workspace.
    #[schemars(
        regex(pattern = r"^/?(\.|[^/.][^/]*|\.[^/.][^/]*|\.\.[^/]+)(/+(\.|[^/.][^/]*|\.[^/.][^/]*|\.\.[^/]+))*/?$"),
        length(max = 1024)
    )]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
    /// Stopped: the conversation is kept, nothing runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// Repositories cloned into the workspace.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repos: Vec<Repo>,
    /// Workflow placed in the workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<Workflow>,
    /// Longest time from `status.startTime`, as a Go duration.
    #[schemars(regex(pattern = r"^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
    /// Longest time without activity, as a Go duration.
    #[schemars(regex(pattern = r"^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_timeout: Option<String>,
    /// Seconds after its end when the Session is deleted.
    #[schemars(range(min = 0))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_seconds_after_finished: Option<i64>,
    /// What happens to the OpenCode session when the Session is deleted.
    #[schemars(extend("default" = "Delete"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion_policy: Option<DeletionPolicy>,
    /// What the session may do without asking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions: Option<PermissionPolicy>,
}

/// A git repository in the workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repo {
    /// Where to clone from.
    #[schemars(length(min = 1, max = 2048))]
    pub url: String,
    /// Branch to check out; the remote's default if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Folder in the workspace; the last part of the URL if absent.
    #[schemars(regex(pattern = r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$"), length(max = 128))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Repo {
    /// The folder that it is cloned into: its name, or the last part of the URL without `.git`.
    pub fn folder(&self) -> &str {
        match self.name.as_deref() {
            Some(name) if !name.is_empty() => name,
            _ => {
                let url = self.url.trim_end_matches('/');
                let last = url.rsplit(['/', ':']).next().unwrap_or(url);
                last.strip_suffix(".git").unwrap_or(last)
            }
        }
    }
}

/// A workflow in the workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Workflow {
    /// Where to clone from.
    #[schemars(length(min = 1, max = 2048))]
    pub git_url: String,
    /// Branch to check out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Folder inside the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// What happens to the OpenCode session when the Session is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DeletionPolicy {
    /// Deleted with its messages.
    #[default]
    Delete,
    /// Left on the server.
    Retain,
}

/// What a session may do without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PermissionPolicy {
    /// Edits and commands ask a person.
    Ask,
    /// Nothing asks.
    Allow,
    /// What would ask is refused.
    Deny,
}

/// What the session is now; written by the controller alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionStatus {
    /// See the module's diagram.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<SessionPhase>,
    /// What the OpenCode session is doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<Activity>,
    /// `ses_…` on the Agent's server.
    #[serde(default, rename = "sessionID", skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// The Agent it runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_ref: Option<NameRef>,
    /// The Pod of that Agent's server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_name: Option<String>,
    /// URL of the server inside the cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it became Running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Time>,
    /// Last sign of activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_activity_time: Option<Time>,
    /// When it became Completed, Failed or Stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_time: Option<Time>,
    /// Sums over the OpenCode session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<SessionSummary>,
    /// What waits for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// State of each of `spec.repos`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repos: Vec<RepoStatus>,
    /// Generation of the spec this status is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// See [`super::conditions`].
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
}

/// Phase of a Session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SessionPhase {
    /// Waiting for its Agent, or for its OpenCode session.
    #[default]
    Pending,
    /// The OpenCode session exists and answers.
    Running,
    /// Stopped by `spec.suspend`; the conversation is kept.
    Stopped,
    /// Ended by a time limit.
    Completed,
    /// Ended in failure; the conditions say why.
    Failed,
}

impl SessionPhase {
    /// The phase as it is written in the object.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Stopped => "Stopped",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
        }
    }
}

/// Every transition that a Session makes, and what makes it. There is no other.
pub const TRANSITIONS: [(SessionPhase, SessionPhase, &str); 11] = {
    use SessionPhase::{Completed, Failed, Pending, Running, Stopped};
    [
        (Pending, Running, "its agent is ready, its OpenCode session and its workspace are there"),
        (Pending, Stopped, "spec.suspend"),
        (Pending, Failed, "startDeadlineSeconds passed, its workspace cannot be had, or its conversation is lost"),
        (Pending, Completed, "its timeout passed while its agent was away"),
        (Running, Pending, "no Pod of its agent is ready, or its agent is suspended"),
        (Running, Stopped, "spec.suspend"),
        (Running, Completed, "its timeout or its idleTimeout passed"),
        (Running, Failed, "its agent was deleted, or its conversation is lost"),
        (Completed, Stopped, "spec.suspend, on the way to a new start"),
        (Failed, Stopped, "spec.suspend, on the way to a new start"),
        (Stopped, Pending, "spec.suspend is taken back"),
    ]
};

/// What a running OpenCode session is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Activity {
    /// Nothing; ready for a prompt.
    Idle,
    /// In a turn.
    Busy,
    /// In a turn that waits for a permission or an answer.
    WaitingInput,
}

/// Sums over an OpenCode session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionSummary {
    /// Messages.
    #[serde(default)]
    pub messages: i64,
    /// Tokens used.
    #[serde(default)]
    pub tokens: Tokens,
    /// Cost in US dollars with six decimals.
    #[serde(default)]
    pub cost: String,
    /// Files changed.
    #[serde(default)]
    pub files: i64,
    /// Lines added.
    #[serde(default)]
    pub additions: i64,
    /// Lines deleted.
    #[serde(default)]
    pub deletions: i64,
}

/// Tokens by kind; `cache` is read plus written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tokens {
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

/// How many answers a person owes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pending {
    /// Open permission requests.
    #[serde(default)]
    pub permissions: i64,
    /// Open questions.
    #[serde(default)]
    pub questions: i64,
}

/// State of one repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RepoStatus {
    /// Folder in the workspace.
    pub name: String,
    /// Cloned and on its branch.
    #[serde(default)]
    pub ready: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crd_carries_the_rules() {
        let crd = serde_json::to_value(crd()).unwrap();
        let version = &crd["spec"]["versions"][0];
        let spec = &version["schema"]["openAPIV3Schema"]["properties"]["spec"];
        let rules: Vec<_> = spec["x-kubernetes-validations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| rule["rule"].as_str().unwrap())
            .collect();
        assert!(rules.contains(&"has(self.agentRef) != has(self.templateRef)"), "{rules:?}");
        let root = &version["schema"]["openAPIV3Schema"]["x-kubernetes-validations"];
        assert_eq!(root[0]["rule"], OWN_AGENT_NAME);
        let properties = &spec["properties"];
        assert_eq!(properties["startDeadlineSeconds"]["default"], 300);
        assert_eq!(properties["startDeadlineSeconds"]["minimum"], 1.0);
        assert_eq!(properties["deletionPolicy"]["default"], "Delete");
        assert!(properties["timeout"]["pattern"].is_string());
        assert!(properties["model"]["pattern"].is_string());
        let columns: Vec<_> = version["additionalPrinterColumns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| (column["name"].as_str().unwrap(), column["priority"].as_i64().unwrap_or(0)))
            .collect();
        assert_eq!(columns, [("Phase", 0), ("Activity", 0), ("Agent", 0), ("Title", 1), ("Cost", 1), ("Age", 0)]);
        assert_eq!(crd["spec"]["names"]["categories"][0], "kubeopencode");
        assert_eq!(version["subresources"]["status"], serde_json::json!({}));
    }

    #[test]
    fn a_repository_names_its_folder() {
        let folder = |url: &str, name: Option<&str>| {
            Repo { url: url.into(), name: name.map(Into::into), ..Repo::default() }.folder().to_owned()
        };
        assert_eq!(folder("https://github.com/acme/web.git", None), "web");
        assert_eq!(folder("git@github.com:web.git/", None), "web");
        assert_eq!(folder("https://github.com/acme/web", Some("site")), "site");
    }
}
