//! `approvals`, `approve`, `reject`, `answer`: what agents ask of people, and what people say.

use clap::{Args, ValueEnum};

use super::flags::Output;

/// Whose requests.
#[derive(Clone, Debug, Default, Args)]
pub struct Asking {
    /// SESSION, session/NAME, task/NAME, agent/NAME, or the ID of a request (per_…, que_…)
    #[arg(value_name = "REF")]
    pub references: Vec<String>,
    /// Those of sessions and tasks whose labels match, such as app=web
    #[arg(short = 'l', long, value_name = "QUERY", conflicts_with = "references")]
    pub selector: Option<String>,
    /// Every namespace
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
}

/// What to show.
#[derive(Clone, Debug, Default, Args)]
pub struct Approvals {
    /// Whose requests; all of the namespace if none is given.
    #[command(flatten)]
    pub asking: Asking,
    /// Go on with what is asked and answered, until interrupted
    #[arg(short, long)]
    pub watch: bool,
    /// Leave the header out
    #[arg(long)]
    pub no_headers: bool,
    /// How to write it
    #[command(flatten)]
    pub output: Output,
}

/// Which requests to answer.
#[derive(Clone, Debug, Default, Args)]
#[group(skip)]
pub struct Chosen {
    /// Whose.
    #[command(flatten)]
    pub asking: Asking,
    /// Every request of the namespace
    #[arg(long, conflicts_with_all = ["references", "selector"])]
    pub all: bool,
    /// Do not ask before answering what was not named
    #[arg(short, long)]
    pub yes: bool,
}

/// What to allow.
#[derive(Clone, Debug, Default, Args)]
pub struct Approve {
    /// Which.
    #[command(flatten)]
    pub chosen: Chosen,
    /// From now on, too: for every session of the agent's directory, until its server restarts
    #[arg(long)]
    pub always: bool,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What to refuse.
#[derive(Clone, Debug, Default, Args)]
pub struct Reject {
    /// Which.
    #[command(flatten)]
    pub chosen: Chosen,
    /// What the model is told; it then goes on. Without it the turn stops
    #[arg(short, long, value_name = "TEXT")]
    pub message: Option<String>,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What to answer.
#[derive(Clone, Debug, Default, Args)]
pub struct Answer {
    /// SESSION, session/NAME, task/NAME, agent/NAME, or the ID of a question (que_…)
    #[arg(value_name = "REF")]
    pub reference: String,
    /// For each question an option, its number, or your own words; picked on a terminal if not given
    #[arg(value_name = "ANSWER")]
    pub answers: Vec<String>,
    /// Every namespace
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What becomes of requests that come while a command follows a turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OnPermission {
    /// They are shown; on a terminal the person is asked.
    #[default]
    Ask,
    /// Permissions are given, once each; questions are dismissed.
    Allow,
    /// Permissions are refused, questions dismissed.
    Reject,
}
