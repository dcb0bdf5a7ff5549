//! `template VERB …` and `schedule VERB …`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::describe::DescribeNamed;
use super::flags::{Creation, Delete, Listing, Output, Targets, duration};
use super::session::SessionFields;
use super::task::GetNamed;
use crate::api::GoDuration;

/// What to do with templates.
#[derive(Clone, Debug, Subcommand)]
pub enum TemplateCommand {
    /// Create a template: what agents, and tasks without an agent, are made from; or, with session, what sessions begin with
    Create(Box<CreateTemplate>),
    /// List templates of agents and of sessions
    #[command(visible_alias = "ls")]
    List(ListTemplates),
    /// Show templates by name
    Get(GetTemplates),
    /// Show templates with what they hold
    Describe(DescribeTemplates),
    /// Delete templates
    #[command(visible_alias = "rm")]
    Delete(DeleteTemplates),
}

/// Of what it is a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TemplateOf {
    /// Of agents, and of the Pods of tasks: an `AgentTemplate`.
    Agent,
    /// Of sessions: a `ConfigMap` with our label.
    Session,
}

/// Which kind of template.
#[derive(Clone, Debug, Default, Args)]
pub struct OfKind {
    /// Only templates of agents, or only those of sessions
    #[arg(long, value_enum, value_name = "agent|session", hide_possible_values = true)]
    pub kind: Option<TemplateOf>,
}

/// Which templates to list.
#[derive(Clone, Debug, Default, Args)]
pub struct ListTemplates {
    /// Of which kind.
    #[command(flatten)]
    pub of: OfKind,
    /// How to list them.
    #[command(flatten)]
    pub listing: Listing,
}

/// Which templates to show.
#[derive(Clone, Debug, Args)]
pub struct GetTemplates {
    /// Of which kind.
    #[command(flatten)]
    pub of: OfKind,
    /// Which.
    #[command(flatten)]
    pub named: GetNamed,
}

/// Which templates to describe.
#[derive(Clone, Debug, Args)]
pub struct DescribeTemplates {
    /// Of which kind.
    #[command(flatten)]
    pub of: OfKind,
    /// Which.
    #[command(flatten)]
    pub named: DescribeNamed,
}

/// Which templates to delete.
#[derive(Clone, Debug, Args)]
pub struct DeleteTemplates {
    /// Of which kind.
    #[command(flatten)]
    pub of: OfKind,
    /// Which.
    #[command(flatten)]
    pub delete: Delete,
}

/// What to do with schedules.
#[derive(Clone, Debug, Subcommand)]
pub enum ScheduleCommand {
    /// Create a schedule: a task made again and again
    #[command(after_help = super::examples::CREATE_SCHEDULE)]
    Create(Box<CreateSchedule>),
    /// List schedules
    #[command(visible_alias = "ls")]
    List(Listing),
    /// Show schedules by name
    Get(GetNamed),
    /// Show schedules with their conditions and events, and when the next task is due
    Describe(DescribeNamed),
    /// Make no more tasks until resumed
    Suspend(Switch),
    /// Go on making tasks
    Resume(Switch),
    /// Make a task now
    Trigger(Switch),
    /// List the tasks that a schedule made
    Runs(Runs),
    /// Delete schedules
    #[command(visible_alias = "rm")]
    Delete(Delete),
}

/// Of what to create a template, where it is not one of agents.
#[derive(Clone, Debug, Subcommand)]
pub enum CreateTemplateOf {
    /// Create a template of sessions, for `session create --template`
    Session(Box<CreateSessionTemplate>),
}

/// What to create.
#[derive(Clone, Debug, Default, Args)]
pub struct CreateSessionTemplate {
    /// Name of the template
    pub name: String,
    /// A session that is there, whose settings and labels to take; flags take precedence
    #[arg(long, value_name = "SESSION", conflicts_with = "filename")]
    pub from: Option<String>,
    /// What its sessions are to be. A manifest of a Session (-f) may say more: workflow, annotations, …
    #[command(flatten)]
    pub fields: SessionFields,
    /// How to create it. Its sessions get the labels, too.
    #[command(flatten)]
    pub creation: Creation,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What to create.
#[derive(Clone, Debug, Default, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct CreateTemplate {
    /// Of what, if not of agents.
    #[command(subcommand)]
    pub of: Option<CreateTemplateOf>,
    /// Name of the template
    #[arg(value_name = "NAME", required_unless_present = "filename", conflicts_with = "filename")]
    pub name: Option<String>,
    /// Manifest of templates; - reads standard input
    #[arg(short, long, value_name = "FILE")]
    pub filename: Option<PathBuf>,
    /// Absolute path of the workspace
    #[arg(long, value_name = "PATH", default_value = "/workspace", conflicts_with = "filename")]
    pub workspace_dir: String,
    /// Service account of the agents and of their tasks
    #[arg(long, value_name = "NAME", default_value = "default", conflicts_with = "filename")]
    pub service_account: String,
    /// Image of the main container
    #[arg(long, value_name = "IMAGE", conflicts_with = "filename")]
    pub image: Option<String>,
    /// Image that carries opencode
    #[arg(long, value_name = "IMAGE", conflicts_with = "filename")]
    pub agent_image: Option<String>,
    /// Most tasks at a time
    #[arg(long, value_name = "NUMBER", conflicts_with = "filename")]
    pub max_concurrent_tasks: Option<i32>,
    /// OpenCode configuration, as JSON
    #[arg(long, value_name = "JSON", conflicts_with = "filename")]
    pub config: Option<String>,
    /// How to create it.
    #[command(flatten)]
    pub creation: Creation,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What to create.
#[derive(Clone, Debug, Default, Args)]
pub struct CreateSchedule {
    /// Name of the schedule
    #[arg(value_name = "NAME", required_unless_present = "filename", conflicts_with = "filename")]
    pub name: Option<String>,
    /// What each task is to do, in words; - reads it from standard input
    #[arg(value_name = "PROMPT", required_unless_present = "filename", conflicts_with = "filename")]
    pub prompt: Option<String>,
    /// When: minute, hour, day of month, month, day of week, as in "0 9 * * 1-5"
    #[arg(long, value_name = "CRON", required_unless_present = "filename", conflicts_with = "filename")]
    pub schedule: Option<String>,
    /// Manifest of schedules; - reads standard input
    #[arg(short, long, value_name = "FILE")]
    pub filename: Option<PathBuf>,
    /// Time zone of the schedule, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", conflicts_with = "filename")]
    pub time_zone: Option<String>,
    /// Agent to run on; if not given, the one called default, or the only one there is
    #[arg(short, long, value_name = "NAME", conflicts_with_all = ["template", "filename"])]
    pub agent: Option<String>,
    /// Template to make a Pod from, instead of an agent
    #[arg(long, visible_alias = "agent-template", value_name = "NAME", conflicts_with = "filename")]
    pub template: Option<String>,
    /// Longest time each task may take
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with = "filename")]
    pub timeout: Option<GoDuration>,
    /// How to create it.
    #[command(flatten)]
    pub creation: Creation,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// Which schedules to switch.
#[derive(Clone, Debug, Args)]
pub struct Switch {
    /// Which.
    #[command(flatten)]
    pub targets: Targets,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// Whose tasks to list.
#[derive(Clone, Debug, Args)]
pub struct Runs {
    /// Name of the schedule
    pub name: String,
    /// How to list them.
    #[command(flatten)]
    pub listing: Listing,
}
