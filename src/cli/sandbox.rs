//! `sandbox VERB …`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::flags::Output;

/// What to do with the sandbox.
#[derive(Clone, Debug, Subcommand)]
pub enum SandboxCommand {
    /// Start a cluster on this machine, for trying and for tests
    Start(StartSandbox),
    /// Stop it; what was created stays
    Stop(Which),
    /// Show whether it runs, and how to reach it
    Status(SandboxStatus),
    /// Stop it and remove everything that was created in it
    Reset(ResetSandbox),
    /// Print its kubeconfig
    Kubeconfig(SandboxKubeconfig),
    /// Print its log
    Logs(SandboxLogs),
}

/// Which sandbox.
#[derive(Clone, Debug, Args)]
pub struct Which {
    /// Which sandbox
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub name: String,
}

/// How to start.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Agents run as ordinary processes under your user account and can do whatever you can. Not for production. \
    Without --env, an offline model answers: `kubectl opencode explain offline-model`. \
    KUBECTL_OPENCODE_OPENCODE names the opencode program as --opencode does."
)]
pub struct StartSandbox {
    /// Which.
    #[command(flatten)]
    pub which: Which,
    /// Port of the API server on 127.0.0.1; 0 takes a free one [default: that of the last start, else a free one]
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Stay in the foreground until interrupted
    #[arg(long)]
    pub foreground: bool,
    /// Add the sandbox's context to your kubeconfig and make it the current one, without asking
    #[arg(long)]
    pub set_context: bool,
    /// Agents that configure no model get the offline model, also with --env
    #[arg(long)]
    pub offline_model: bool,
    /// Give agents this variable of your environment, such as a provider's key; may be given again
    #[arg(long, value_name = "VARIABLE")]
    pub env: Vec<String>,
    /// The opencode program that agents run [default: the one on PATH, else the installed one]
    #[arg(long, value_name = "FILE")]
    pub opencode: Option<PathBuf>,
    /// Leave Sessions to a controller that runs beside it: `kubectl opencode controller`
    #[arg(long, hide = true)]
    pub no_session_controller: bool,
    /// Report on standard output, for the start in the background
    #[arg(long, hide = true)]
    pub background_child: bool,
    /// A keeper is there already
    #[arg(long, hide = true)]
    pub kept: bool,
}

/// What to show.
#[derive(Clone, Debug, Args)]
pub struct SandboxStatus {
    /// Which.
    #[command(flatten)]
    pub which: Which,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What to remove.
#[derive(Clone, Debug, Args)]
pub struct ResetSandbox {
    /// Which.
    #[command(flatten)]
    pub which: Which,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

/// How to print the kubeconfig.
#[derive(Clone, Debug, Args)]
pub struct SandboxKubeconfig {
    /// Which.
    #[command(flatten)]
    pub which: Which,
    /// Print the path of the file instead, for KUBECONFIG
    #[arg(long)]
    pub path: bool,
}

/// How much of the log to print.
#[derive(Clone, Debug, Args)]
pub struct SandboxLogs {
    /// Which.
    #[command(flatten)]
    pub which: Which,
    /// Go on until interrupted
    #[arg(short, long)]
    pub follow: bool,
}
