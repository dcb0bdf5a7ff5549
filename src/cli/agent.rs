//! `agent VERB …`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use super::describe::DescribeNamed;
use super::flags::{Creation, Delete, Listing, Logs, Output, Wait, duration};
use super::session::Toggle;
use super::task::GetNamed;
use crate::api::GoDuration;

/// What to do with agents.
#[derive(Clone, Debug, Subcommand)]
pub enum AgentCommand {
    /// Create an agent: a running OpenCode server with a workspace
    #[command(after_help = super::examples::CREATE_AGENT)]
    Create(Box<CreateAgent>),
    /// List agents
    #[command(visible_alias = "ls")]
    List(Listing),
    /// Show agents by name
    Get(GetNamed),
    /// Show agents with their conditions and events, and why they are as they are
    Describe(DescribeNamed),
    /// Sit down at the OpenCode interface of an agent
    Attach(super::attach::AttachAgent),
    /// Open a shell in an agent's workspace
    Shell(super::attach::AttachAgent),
    /// Print the log of an agent's server
    Logs(Logs),
    /// Scale agents to zero
    Suspend(Toggle),
    /// Bring suspended agents back
    Resume(Toggle),
    /// Start the servers of agents anew, and wait until they are ready; turns in progress are lost
    Restart(super::verbs::Restart),
    /// Wait until agents are in a state
    Wait(Wait),
    /// Delete agents
    #[command(visible_alias = "rm")]
    Delete(Delete),
}

/// What to create.
#[derive(Clone, Debug, Default, Args)]
#[expect(clippy::doc_markdown, reason = "the text of the help, where a name of a variable stands as it is typed")]
pub struct CreateAgent {
    /// Name of the agent
    #[arg(value_name = "NAME", required_unless_present = "filename")]
    pub name: Option<String>,
    /// Agent manifest; - reads standard input
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["name", "template", "workspace_dir", "profile", "service_account"])]
    pub filename: Option<PathBuf>,
    /// Template whose fields fill what is not given
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub template: Option<String>,
    /// What the agent is for, in one line
    #[arg(long, value_name = "TEXT")]
    pub profile: Option<String>,
    /// Absolute path of the workspace [default: /workspace, or the template's]
    #[arg(long, value_name = "PATH")]
    pub workspace_dir: Option<String>,
    /// Service account of the agent and of its tasks [default: default, or the template's]
    #[arg(long, value_name = "NAME")]
    pub service_account: Option<String>,
    /// Image of the main container
    #[arg(long, value_name = "IMAGE")]
    pub image: Option<String>,
    /// Image that carries opencode
    #[arg(long, value_name = "IMAGE")]
    pub agent_image: Option<String>,
    /// Port of the server
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Most tasks at a time
    #[arg(long, value_name = "NUMBER")]
    pub max_concurrent_tasks: Option<i32>,
    /// Suspend it when nobody used it for so long
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub standby: Option<GoDuration>,
    /// Processor time of the server, such as 500m or 2
    #[arg(long, value_name = "QUANTITY")]
    pub cpu: Option<String>,
    /// Memory of the server, such as 2Gi; OpenCode wants 1Gi, and 300Mi for each terminal
    #[arg(long, value_name = "QUANTITY")]
    pub memory: Option<String>,
    /// Variable of the server from a Secret that is there, such as ANTHROPIC_API_KEY=anthropic:key; may be given again
    #[arg(long = "credential", value_name = "VARIABLE=SECRET[:KEY]")]
    pub credentials: Vec<String>,
    /// Keep conversations in a volume of this size
    #[arg(long, value_name = "SIZE")]
    pub persist_sessions: Option<String>,
    /// Keep the workspace in a volume of this size
    #[arg(long, value_name = "SIZE")]
    pub persist_workspace: Option<String>,
    /// Make it the agent that is meant where none is named
    #[arg(long)]
    pub default: bool,
    /// OpenCode configuration, as JSON
    #[arg(long, value_name = "JSON")]
    pub config: Option<String>,
    /// Wait until the agent is ready
    #[arg(long)]
    pub wait: bool,
    /// Longest time to wait
    #[arg(long, value_name = "TIME", requires = "wait", value_parser = duration)]
    pub timeout: Option<GoDuration>,
    /// How to create it.
    #[command(flatten)]
    pub creation: Creation,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}
