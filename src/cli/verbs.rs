//! The further verbs of `session`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::approvals::OnPermission;
use super::flags::{DryRun, Output, Reference, Targets, duration};
use super::session::Permissions;
use crate::api::GoDuration;

/// What to change.
#[derive(Clone, Debug, Default, Args)]
pub struct SetSession {
    /// Which.
    #[command(flatten)]
    pub targets: Targets,
    /// Title; an empty one takes it away, as with every flag here that takes a text
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Model of later prompts
    #[arg(short, long, value_name = "PROVIDER/MODEL")]
    pub model: Option<String>,
    /// OpenCode agent of later prompts: build, plan, …
    #[arg(long, value_name = "NAME")]
    pub mode: Option<String>,
    /// Longest time the session may run
    #[arg(long, value_name = "TIME")]
    pub timeout: Option<String>,
    /// Longest time without activity
    #[arg(long, value_name = "TIME")]
    pub idle_timeout: Option<String>,
    /// Seconds after its end when the session is deleted; -1: never
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub ttl: Option<i64>,
    /// What the session may do without asking
    #[arg(long, value_name = "ask|allow|deny", hide_possible_values = true)]
    pub permissions: Option<Permissions>,
    /// Repositories in the workspace, in the place of those there are; may be given again, an empty one means none
    #[arg(long = "repo", value_name = "URL[@BRANCH]")]
    pub repos: Vec<String>,
    /// Workflow in the workspace
    #[arg(long, value_name = "URL[@BRANCH]")]
    pub workflow: Option<String>,
    /// First prompt; only while the session is stopped
    #[arg(short, long, value_name = "TEXT")]
    pub prompt: Option<String>,
    /// Agent to run on; only while the session is stopped
    #[arg(short, long, value_name = "NAME")]
    pub agent: Option<String>,
    /// Directory inside the workspace; only while the session is stopped
    #[arg(long, value_name = "PATH")]
    pub directory: Option<String>,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What to edit.
#[derive(Clone, Debug, Default, Args)]
pub struct EditSession {
    /// Name
    pub name: String,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// Which labels or annotations to change, and of what.
#[derive(Clone, Debug, Default, Args)]
pub struct Mark {
    /// Names, then KEY=VALUE to set and KEY- to take away
    #[arg(value_name = "NAME… KEY=VALUE|KEY-", required = true)]
    pub words: Vec<String>,
    /// Sessions whose labels match, such as app=web
    #[arg(short = 'l', long, value_name = "QUERY", conflicts_with = "all")]
    pub selector: Option<String>,
    /// All sessions of the namespace
    #[arg(long)]
    pub all: bool,
    /// Change values that are there
    #[arg(long)]
    pub overwrite: bool,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What to restart.
#[derive(Clone, Debug, Default, Args)]
pub struct Restart {
    /// Which.
    #[command(flatten)]
    pub targets: Targets,
    /// Longest time it may take
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<GoDuration>,
    /// client: only say what would be restarted; server: have it checked and not done
    #[arg(long, value_enum, value_name = "none|client|server", num_args = 0..=1, require_equals = true,
        default_missing_value = "client", default_value_t, hide_possible_values = true)]
    pub dry_run: DryRun,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// Which sessions to interrupt.
#[derive(Clone, Debug, Default, Args)]
pub struct Interrupt {
    /// Which.
    #[command(flatten)]
    pub targets: Targets,
    /// Longest time it may take
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<GoDuration>,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What to fork.
#[derive(Clone, Debug, Default, Args)]
pub struct Fork {
    /// Session
    pub name: String,
    /// Name of the new session; one is made up if not given
    #[arg(long, value_name = "NAME")]
    pub to: Option<String>,
    /// Only what was said before this message
    #[arg(long, value_name = "msg_…")]
    pub at: Option<String>,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What to clone.
#[derive(Clone, Debug, Default, Args)]
pub struct CloneSession {
    /// Session
    pub name: String,
    /// Name of the new session; one is made up if not given
    #[arg(long, value_name = "NAME")]
    pub to: Option<String>,
    /// Agent of the new session; the same if not given
    #[arg(long, value_name = "NAME")]
    pub to_agent: Option<String>,
    /// Namespace of the new session; the same if not given
    #[arg(long, value_name = "NAME")]
    pub to_namespace: Option<String>,
    /// With what was said so far; without it only what was set is cloned
    #[arg(long)]
    pub history: bool,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What to move.
#[derive(Clone, Debug, Default, Args)]
pub struct Move {
    /// Session
    pub name: String,
    /// Agent to move to
    #[arg(long, value_name = "NAME")]
    pub to_agent: String,
    /// Name of the new session [default: NAME-AGENT]
    #[arg(long, value_name = "NAME")]
    pub to: Option<String>,
    /// Delete the old session, once the new one was found to hold everything
    #[arg(long)]
    pub delete_source: bool,
    /// Only if the old agent does not answer; what was said stays there then
    #[arg(long, conflicts_with = "delete_source")]
    pub if_unhealthy: bool,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// To which message to go back.
#[derive(Clone, Debug, Default, Args)]
pub struct Revert {
    /// Whose conversation.
    #[command(flatten)]
    pub reference: Reference,
    /// Message of the user that is taken back, with all that came after it; the last one if not given
    #[arg(value_name = "MESSAGE")]
    pub message: Option<String>,
}

/// Whose conversation.
#[derive(Clone, Debug, Default, Args)]
pub struct OfConversation {
    /// Whose.
    #[command(flatten)]
    pub reference: Reference,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// Which changes to show.
#[derive(Clone, Debug, Default, Args)]
pub struct Diff {
    /// Whose.
    #[command(flatten)]
    pub reference: Reference,
    /// Those of one turn: the message of the user that began it, or last
    #[arg(long, value_name = "msg_…|last")]
    pub turn: Option<String>,
    /// Only the files, and how many lines of each
    #[arg(long)]
    pub stat: bool,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// Which slash command to run.
#[derive(Clone, Debug, Default, Args)]
pub struct SlashCommand {
    /// Whose conversation.
    #[command(flatten)]
    pub reference: Reference,
    /// The command, with or without its slash
    #[arg(value_name = "COMMAND")]
    pub command: String,
    /// Its arguments
    #[arg(value_name = "ARGUMENT", trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<String>,
    /// What becomes of requests to a person meanwhile: ask, allow or reject
    #[arg(long, value_enum, value_name = "ask|allow|reject", hide_possible_values = true)]
    pub on_permission: Option<OnPermission>,
}

/// How a conversation is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Markdown.
    #[default]
    Md,
    /// What `import` reads: everything the server keeps.
    Json,
    /// A page for a browser, without scripts and without anything from elsewhere.
    Html,
    /// Plain text.
    Text,
}

/// What to export.
#[derive(Clone, Debug, Default, Args)]
pub struct Export {
    /// Whose conversation.
    #[command(flatten)]
    pub reference: Reference,
    /// How to write it
    #[arg(short, long, value_enum, default_value_t, value_name = "md|json|html|text", hide_possible_values = true)]
    pub output: ExportFormat,
    /// File to write, which must not be there; standard output if not given
    #[arg(short, long, value_name = "FILE")]
    pub filename: Option<PathBuf>,
}

/// What to import.
#[derive(Clone, Debug, Default, Args)]
pub struct Import {
    /// File that `export -o json` or OpenCode itself wrote; - reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Agent to run on; if not given, the one called default, or the only one there is
    #[arg(short, long, value_name = "NAME")]
    pub agent: Option<String>,
    /// Name of the new session; one is made up if not given
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What to adopt.
#[derive(Clone, Debug, Default, Args)]
pub struct Adopt {
    /// OpenCode session on the agent's server; `session list --unmanaged` shows them
    #[arg(value_name = "ses_…")]
    pub id: String,
    /// Its agent; if not given, the one that has it
    #[arg(short, long, value_name = "NAME")]
    pub agent: Option<String>,
    /// Name of the session; one is made up if not given
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Leave the conversation on the server when the session is deleted
    #[arg(long)]
    pub retain: bool,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What to clear away.
#[derive(Clone, Debug, Default, Args)]
pub struct Prune {
    /// Sessions that ended
    #[arg(long)]
    pub finished: bool,
    /// Sessions without activity for so long
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub idle: Option<GoDuration>,
    /// Conversations on the agents' servers whose session is gone
    #[arg(long)]
    pub orphaned: bool,
    /// Only sessions whose labels match, such as app=web
    #[arg(short = 'l', long, value_name = "QUERY")]
    pub selector: Option<String>,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// client: only say what would be cleared away; server: have it checked and not done
    #[arg(long, value_enum, value_name = "none|client|server", num_args = 0..=1, require_equals = true,
        default_missing_value = "client", default_value_t, hide_possible_values = true)]
    pub dry_run: DryRun,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// With whom to chat.
#[derive(Clone, Debug, Default, Args)]
pub struct Chat {
    /// Whose conversation.
    #[command(flatten)]
    pub reference: Reference,
    /// What becomes of requests to a person: ask, allow or reject
    #[arg(long, value_enum, value_name = "ask|allow|reject", hide_possible_values = true)]
    pub on_permission: Option<OnPermission>,
}
