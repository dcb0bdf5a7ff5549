//! `controller`.

use std::net::SocketAddr;

use clap::{Args, ValueEnum};

/// Which controllers to run, and how.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Without --session, --agent or --task, the session controller runs. --agent and --task are for clusters \
    without KubeOpenCode's own controller. With -n, only that namespace is served. With --leader-elect, those take turns that do \
    the same for the same namespaces: each such job has a Lease of its own."
)]
pub struct ControllerArgs {
    /// Serve Sessions
    #[arg(long)]
    pub session: bool,
    /// Serve Agents, where KubeOpenCode's own controller is absent
    #[arg(long)]
    pub agent: bool,
    /// Serve Tasks, where KubeOpenCode's own controller is absent
    #[arg(long)]
    pub task: bool,
    /// How to reach the agents' servers; auto: direct inside a cluster, tunnel elsewhere
    #[arg(long, value_enum, default_value_t)]
    pub reach: ReachArg,
    /// Work only while holding a Lease, so that several may run
    #[arg(long)]
    pub leader_elect: bool,
    /// Serve /healthz, /readyz and /metrics on this address
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
}

/// How the controllers reach agents' servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReachArg {
    /// Direct inside a cluster, through the API server elsewhere
    #[default]
    Auto,
    /// By the Pod's address
    Direct,
    /// Through the API server, as a port-forward
    Tunnel,
}
