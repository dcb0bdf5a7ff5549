//! How the Pods of the agent and task controllers find things: the one place where a cluster and a single host differ.

use serde_json::Value;

/// What the Pods made by our controllers are built with.
#[derive(Clone, Debug)]
pub struct AgentRuntime {
    /// Absolute path of the `opencode` binary inside the Pods.
    pub opencode: String,
    /// Address on which servers listen, as a container argument: `$(POD_IP)` is expanded by the kubelet.
    pub listen: String,
    /// Whether an init container of the Agent's `agentImage` has to put the binary there.
    pub init_image: bool,
    /// Image of the init container where neither Agent nor template names one.
    pub agent_image: String,
    /// Image of server and template Task containers where neither Agent nor template names one.
    pub executor_image: String,
    /// Image of Task Pods on an Agent where neither Agent nor template names one.
    pub attach_image: String,
    /// Environment of every container, before the Agent's own.
    pub env: Vec<(String, String)>,
    /// Secret whose keys become variables of every container, where the Pod's namespace has it.
    pub env_secret: Option<String>,
    /// OpenCode configuration of Agents that configure no model and no provider; `None` leaves them as they are.
    pub offline_model: Option<Value>,
    /// How `status.url` is built.
    pub address: ServerAddress,
}

/// How Pods reach an Agent's server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerAddress {
    /// By the Service's DNS name, under this cluster domain.
    ServiceName {
        /// `cluster.local` nearly everywhere.
        cluster_domain: String,
    },
    /// By the Service's cluster IP, where there is no cluster DNS.
    ClusterIp,
}

/// What keeps OpenCode from fetching anything that it need not: without the first, a first prompt behind a DNS that never
/// answers waits for 10 s.
const QUIET: [(&str, &str); 2] = [("OPENCODE_DISABLE_MODELS_FETCH", "1"), ("OPENCODE_DISABLE_AUTOUPDATE", "1")];

impl AgentRuntime {
    /// Pods of a real cluster, with the platform's images.
    pub fn cluster() -> Self {
        Self {
            opencode: "/tools/opencode".to_owned(),
            listen: "0.0.0.0".to_owned(),
            init_image: true,
            agent_image: "ghcr.io/kubeopencode/kubeopencode-agent-opencode:latest".to_owned(),
            executor_image: "ghcr.io/kubeopencode/kubeopencode-agent-devbox:latest".to_owned(),
            attach_image: "ghcr.io/kubeopencode/kubeopencode-agent-attach:latest".to_owned(),
            env: QUIET.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            env_secret: None,
            offline_model: None,
            address: ServerAddress::ServiceName { cluster_domain: "cluster.local".to_owned() },
        }
    }

    /// Pods that are processes of one host, each with an address of its own: `opencode` is a path of the host, there are
    /// no images and no cluster DNS.
    pub fn host(opencode: impl Into<String>, offline_model: Option<Value>) -> Self {
        Self {
            opencode: opencode.into(),
            listen: "$(POD_IP)".to_owned(),
            init_image: false,
            offline_model,
            address: ServerAddress::ClusterIp,
            ..Self::cluster()
        }
    }
}
