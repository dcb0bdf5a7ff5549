//! `exec`.

use clap::Args;

use super::flags::{Record, Reference, any_reference};

/// What to run, and where.
#[derive(Clone, Debug, Args)]
#[command(mut_args(any_reference))]
pub struct Exec {
    /// Where to run it.
    #[command(flatten)]
    pub reference: Reference,
    /// Pass standard input on to the command
    #[arg(short = 'i', long)]
    pub stdin: bool,
    /// Run the command on a terminal; goes with -i, where standard input is a terminal
    #[arg(short = 't', long)]
    pub tty: bool,
    /// Container of the Pod; the one that serves the agent if not given
    #[arg(short, long, value_name = "NAME")]
    pub container: Option<String>,
    /// Whether the terminal is recorded.
    #[command(flatten)]
    pub record: Record,
    /// The command and its arguments, after `--`
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<String>,
}
