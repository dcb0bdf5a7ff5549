//! `session VERB …`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand, ValueEnum};

use super::describe::DescribeNamed;
use super::flags::{Creation, Delete, Listing, Output, Targets, Wait, duration};
use super::task::{GetNamed, Transcript};
use super::{examples, verbs};
use crate::api::GoDuration;
use crate::api::session::{DeletionPolicy, PermissionPolicy};

/// What to do with sessions.
#[derive(Clone, Debug, Subcommand)]
pub enum SessionCommand {
    /// Create a session on an agent
    #[command(after_help = examples::CREATE_SESSION)]
    Create(Box<CreateSession>),
    /// List sessions
    #[command(visible_alias = "ls")]
    List(ListSessions),
    /// Show sessions by name
    Get(GetNamed),
    /// Show sessions with their conditions and events, and why they are as they are
    Describe(DescribeNamed),
    /// Change what sessions are: title, model, limits, …
    Set(Box<verbs::SetSession>),
    /// Change a session in an editor
    Edit(verbs::EditSession),
    /// Set and take away labels
    Label(verbs::Mark),
    /// Set and take away annotations
    Annotate(verbs::Mark),
    /// Send a prompt and print the answer
    #[command(after_help = examples::SEND)]
    Send(Box<Send>),
    /// Talk to a session line by line
    Chat(verbs::Chat),
    /// Run a slash command of a session's agent
    Command(verbs::SlashCommand),
    /// List the slash commands of a session's agent
    Commands(verbs::OfConversation),
    /// Approve permission requests from sessions
    Approve(super::approvals::Approve),
    /// Reject permission requests and dismiss questions from sessions
    Reject(super::approvals::Reject),
    /// Answer the questions of a session
    Answer(super::approvals::Answer),
    /// Sit down at a session's terminal
    Attach(super::attach::Attach),
    /// Print the conversation
    Transcript(Transcript),
    /// Show what the model has to do and has done
    Todo(verbs::OfConversation),
    /// Show the conversations of its subagents
    Children(verbs::OfConversation),
    /// Show what its turns changed
    Diff(verbs::Diff),
    /// Go back to before a message: the files, too
    Revert(verbs::Revert),
    /// Undo the last revert
    Unrevert(verbs::OfConversation),
    /// Begin a second conversation as the first one began
    Fork(verbs::Fork),
    /// Make another session with the same settings
    Clone(verbs::CloneSession),
    /// Move a session to another agent
    Move(verbs::Move),
    /// Write a conversation down
    Export(verbs::Export),
    /// Make a session of an exported conversation
    Import(verbs::Import),
    /// Make a session for a conversation that is on an agent's server already
    Adopt(verbs::Adopt),
    /// Put a conversation on a public page
    Share(verbs::OfConversation),
    /// Take a conversation from its public page
    Unshare(verbs::OfConversation),
    /// Show where a conversation is kept: Pod, service, server, terminals
    Endpoint(verbs::OfConversation),
    /// Wait until sessions are in a state
    Wait(Wait),
    /// End the turn that sessions are in; they stay ready
    Interrupt(verbs::Interrupt),
    /// Stop sessions; the conversation is kept
    Stop(Toggle),
    /// Start stopped or ended sessions again
    Start(Toggle),
    /// Stop sessions and start them again
    Restart(verbs::Restart),
    /// Delete sessions and their conversations
    #[command(visible_alias = "rm")]
    Delete(Delete),
    /// Clear away what ended, what is idle, and conversations without a session
    Prune(verbs::Prune),
}

/// Which sessions to list.
#[derive(Clone, Debug, Default, Args)]
pub struct ListSessions {
    /// How to list them.
    #[command(flatten)]
    pub listing: Listing,
    /// Conversations on the agents' servers that no session stands for
    #[arg(long, conflicts_with_all = ["selector", "field_selector", "watch", "watch_only"])]
    pub unmanaged: bool,
}

/// What to create.
#[derive(Clone, Debug, Default, Args)]
pub struct CreateSession {
    /// Name of the session; one is made up if not given
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Session template to begin with; what flags and variables say takes precedence (see `template create session`)
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// An agent of its own, from --agent-template, the template of agents called default, or the only one
    #[arg(long, conflicts_with = "agent")]
    pub dedicated: bool,
    /// What it is to be.
    #[command(flatten)]
    pub fields: SessionFields,
    /// Wait until the session runs
    #[arg(long)]
    pub wait: bool,
    /// Longest time to wait
    #[arg(long, value_name = "TIME", requires = "wait", value_parser = duration)]
    pub wait_timeout: Option<GoDuration>,
    /// How to create it.
    #[command(flatten)]
    pub creation: Creation,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What a session is to be.
#[derive(Clone, Debug, Default, Args)]
#[group(skip)]
pub struct SessionFields {
    /// Agent to run on; if not given, the one called default, or the only one there is
    #[arg(short, long, value_name = "NAME", conflicts_with = "agent_template", value_parser = NonEmptyStringValueParser::new())]
    pub agent: Option<String>,
    /// Template of an agent of its own, which goes when the session goes
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub agent_template: Option<String>,
    /// Agent to use when the agent of its own is not ready in time
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub fallback_agent: Option<String>,
    /// Seconds that the agent may take to become ready
    #[arg(long, value_name = "SECONDS")]
    pub start_deadline: Option<i64>,
    /// First prompt; - reads it from standard input
    #[arg(short, long, value_name = "TEXT")]
    pub prompt: Option<String>,
    /// File with the first prompt, or a manifest of Sessions (apiVersion and kind at its top); - reads standard input
    #[arg(short, long, value_name = "FILE", conflicts_with = "prompt")]
    pub filename: Option<PathBuf>,
    /// Title
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Model
    #[arg(short, long, value_name = "PROVIDER/MODEL")]
    pub model: Option<String>,
    /// OpenCode agent: build, plan, …
    #[arg(long, value_name = "NAME")]
    pub mode: Option<String>,
    /// Directory inside the workspace
    #[arg(long, value_name = "PATH")]
    pub directory: Option<String>,
    /// Repository to clone into the workspace; may be given again
    #[arg(long = "repo", value_name = "URL[@BRANCH]")]
    pub repos: Vec<String>,
    /// Longest time the session may run
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<GoDuration>,
    /// Longest time without activity
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub idle_timeout: Option<GoDuration>,
    /// Seconds after its end when the session is deleted
    #[arg(long, value_name = "SECONDS")]
    pub ttl: Option<i64>,
    /// What the session may do without asking
    #[arg(long, value_name = "ask|allow|deny", hide_possible_values = true)]
    pub permissions: Option<Permissions>,
    /// Keep the conversation on the agent's server when the session is deleted
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        hide_possible_values = true)]
    pub retain: Option<bool>,
}

/// What a session may do without asking, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Permissions {
    /// Edits and commands ask a person.
    Ask,
    /// Nothing asks.
    Allow,
    /// What would ask is refused.
    Deny,
}

impl From<Permissions> for PermissionPolicy {
    fn from(permissions: Permissions) -> Self {
        match permissions {
            Permissions::Ask => Self::Ask,
            Permissions::Allow => Self::Allow,
            Permissions::Deny => Self::Deny,
        }
    }
}

impl SessionFields {
    /// What becomes of the conversation in the end.
    pub fn deletion_policy(&self) -> Option<DeletionPolicy> {
        self.retain.map(|retain| if retain { DeletionPolicy::Retain } else { DeletionPolicy::Delete })
    }
}

/// What to say, and to whom.
#[derive(Clone, Debug, Default, Args)]
pub struct Send {
    /// SESSION, session/NAME, task/NAME, or agent/NAME with --session; left out with -l and --all
    #[arg(value_name = "REF")]
    pub reference: Option<String>,
    /// What to say; - reads it from standard input
    #[arg(value_name = "TEXT")]
    pub text: Option<String>,
    /// OpenCode session on the agent
    #[arg(long, value_name = "ses_…")]
    pub session: Option<String>,
    /// Every session whose labels match, such as app=web
    #[arg(short = 'l', long, value_name = "QUERY", conflicts_with = "all")]
    pub selector: Option<String>,
    /// Every running session of the namespace
    #[arg(long)]
    pub all: bool,
    /// File with the text; - reads standard input
    #[arg(short, long, value_name = "FILE", conflicts_with = "text")]
    pub filename: Option<PathBuf>,
    /// File to send along: a text, an image, a PDF; may be given again
    #[arg(long = "attach", value_name = "FILE")]
    pub attachments: Vec<PathBuf>,
    /// Model for this and later prompts
    #[arg(short, long, value_name = "PROVIDER/MODEL")]
    pub model: Option<String>,
    /// OpenCode agent for this prompt: build, plan, …
    #[arg(long, value_name = "NAME")]
    pub mode: Option<String>,
    /// Name of this prompt, chosen by you: sent again under the same name it is not said twice
    #[arg(long, value_name = "NAME")]
    pub message_id: Option<String>,
    /// Send it, print the ID of its message, and do not wait for the answer
    #[arg(long, conflicts_with = "timeout")]
    pub no_wait: bool,
    /// What becomes of requests to a person meanwhile: ask shows them (and asks on a terminal), allow and reject answer them
    #[arg(long, value_enum, value_name = "ask|allow|reject", hide_possible_values = true, conflicts_with = "no_wait")]
    pub on_permission: Option<super::approvals::OnPermission>,
    /// Longest time to wait for the answer; the session goes on
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<GoDuration>,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// Which sessions to stop or start.
#[derive(Clone, Debug, Args)]
pub struct Toggle {
    /// Which.
    #[command(flatten)]
    pub targets: Targets,
    /// Wait until it is so
    #[arg(long)]
    pub wait: bool,
    /// Longest time to wait
    #[arg(long, value_name = "TIME", requires = "wait", value_parser = duration)]
    pub timeout: Option<GoDuration>,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}
