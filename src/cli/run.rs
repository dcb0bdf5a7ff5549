//! `run` and `task create`: one prompt, run to its end.

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::flags::{Creation, Output, duration};
use crate::api::GoDuration;

/// What to run, and where.
#[derive(Clone, Debug, Default, Args)]
pub struct NewTask {
    /// What to do, in words; - reads it from standard input
    #[arg(value_name = "PROMPT")]
    pub prompt: Option<String>,
    /// File with the prompt, or a manifest of Tasks (apiVersion and kind at its top); - reads standard input
    #[arg(short, long, value_name = "FILE", conflicts_with = "prompt")]
    pub filename: Option<PathBuf>,
    /// Name of the task; one is made up if not given
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Agent to run on; if not given, the one called default, or the only one there is
    #[arg(short, long, value_name = "NAME", conflicts_with = "template", value_parser = NonEmptyStringValueParser::new())]
    pub agent: Option<String>,
    /// Template to make a Pod from, instead of an agent
    #[arg(long, visible_alias = "agent-template", value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub template: Option<String>,
    /// Longest time the task may take; then the cluster stops it
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<GoDuration>,
    /// What becomes of requests to a person where the agent runs tasks by a command of its own: ask shows them (and asks on a
    /// terminal), allow and reject answer them. By default tasks run by `opencode run`, which rejects all of them at once
    #[arg(long, value_enum, value_name = "ask|allow|reject", hide_possible_values = true)]
    pub on_permission: Option<super::approvals::OnPermission>,
    /// How to create it.
    #[command(flatten)]
    pub creation: Creation,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}
