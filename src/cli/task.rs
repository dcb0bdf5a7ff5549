//! `task VERB …`.

use clap::{Args, Subcommand};

use super::describe::DescribeNamed;
use super::flags::{Delete, Listing, Logs, Output, Reference, Targets, Wait, duration};
use super::run::NewTask;
use crate::api::GoDuration;

/// What to do with tasks.
#[derive(Clone, Debug, Subcommand)]
pub enum TaskCommand {
    /// Create a task and leave it to the cluster
    Create(CreateTask),
    /// List tasks
    #[command(visible_alias = "ls")]
    List(Listing),
    /// Show tasks by name
    Get(GetNamed),
    /// Show tasks with their conditions and events, and why they are as they are
    Describe(DescribeNamed),
    /// Print the output of a task
    Logs(Logs),
    /// Wait until tasks end; exit by their outcome
    #[command(after_help = super::examples::WAIT_FOR_TASK)]
    Wait(Wait),
    /// Stop running and queued tasks; the agent's turn is aborted
    Stop(StopTask),
    /// Create tasks again from ones that ended
    Retry(Retry),
    /// Delete tasks
    #[command(visible_alias = "rm")]
    Delete(Delete),
    /// Print the conversation of a task
    Transcript(Transcript),
}

/// What to create.
#[derive(Clone, Debug, Args)]
pub struct CreateTask {
    /// The task.
    #[command(flatten)]
    pub task: NewTask,
    /// Wait until the task ends, and exit by its outcome
    #[arg(long)]
    pub wait: bool,
}

/// Which objects to show.
#[derive(Clone, Debug, Args)]
pub struct GetNamed {
    /// Names; all of the namespace if none is given
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// How to list them.
    #[command(flatten)]
    pub listing: Listing,
}

/// Which tasks to stop.
#[derive(Clone, Debug, Args)]
pub struct StopTask {
    /// Which.
    #[command(flatten)]
    pub targets: Targets,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// Which tasks to create again.
#[derive(Clone, Debug, Args)]
pub struct Retry {
    /// Which.
    #[command(flatten)]
    pub targets: Targets,
    /// Under their own names: the old tasks are deleted first
    #[arg(long)]
    pub replace: bool,
    /// Wait until they end, and exit by their outcome
    #[arg(long)]
    pub wait: bool,
    /// Longest time to wait
    #[arg(long, value_name = "TIME", requires = "wait", value_parser = duration)]
    pub timeout: Option<GoDuration>,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// Which conversation to print.
#[derive(Clone, Debug, Default, Args)]
pub struct Transcript {
    /// Whose conversation.
    #[command(flatten)]
    pub reference: Reference,
    /// Show what the tools were given and what they answered
    #[arg(long)]
    pub tools: bool,
    /// Show the model's reasoning
    #[arg(long, visible_alias = "thinking")]
    pub reasoning: bool,
    /// Show the ID of each message
    #[arg(long)]
    pub ids: bool,
    /// Only the last messages
    #[arg(long, value_name = "NUMBER")]
    pub tail: Option<u32>,
    /// Only what is newer, such as 10m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub since: Option<GoDuration>,
    /// Go on with what is said, until interrupted
    #[arg(short, long)]
    pub follow: bool,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}
