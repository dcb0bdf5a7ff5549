//! `attach`, `session attach`, `agent attach`, `agent shell`.

use clap::{Args, ValueEnum};

use super::flags::{Record, Reference, any_reference, duration};
use crate::api::GoDuration;
use crate::output::Format;
use crate::terminal::{self, DetachKeys};

/// What to sit down at, and how.
#[derive(Clone, Debug, Args)]
#[command(mut_args(any_reference))]
pub struct Attach {
    /// What to sit down at.
    #[command(flatten)]
    pub reference: Reference,
    /// How.
    #[command(flatten)]
    pub options: AttachOptions,
}

/// At which agent to sit down, and how.
#[derive(Clone, Debug, Args)]
pub struct AttachAgent {
    /// Name of the agent
    pub name: String,
    /// OpenCode session on the agent
    #[arg(long, value_name = "ses_…")]
    pub session: Option<String>,
    /// How.
    #[command(flatten)]
    pub options: AttachOptions,
}

impl AttachAgent {
    /// The same, as `attach` takes it.
    pub fn reference(&self) -> Reference {
        Reference { reference: format!("agent/{}", self.name), session: self.session.clone() }
    }
}

/// How to sit down.
#[derive(Clone, Debug, Args)]
pub struct AttachOptions {
    /// Open a shell in the workspace instead of the OpenCode interface
    #[arg(long)]
    pub shell: bool,
    /// Show the live terminals instead of attaching
    #[arg(long, conflicts_with_all = ["shell", "pty", "read_only", "join", "steal", "resume", "record"])]
    pub list: bool,
    /// How to write the list
    #[arg(short, long, value_name = Format::VALUES, requires = "list")]
    pub output: Option<Format>,
    /// The terminal with this ID; without one, choose from the list
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "", conflicts_with = "shell")]
    pub pty: Option<String>,
    /// Only watch: nothing that is typed is sent; ctrl-c leaves
    #[arg(long, conflicts_with_all = ["join", "steal"])]
    pub read_only: bool,
    /// Type along with whoever is attached already; without this or --steal you only watch
    #[arg(long, conflicts_with = "steal")]
    pub join: bool,
    /// Take over from whoever is attached already
    #[arg(long)]
    pub steal: bool,
    /// Keys that leave without ending what runs; empty for none [default: ctrl-],d]
    #[arg(long, value_name = "KEYS", value_parser = |keys: &str| keys.parse::<DetachKeys>())]
    pub detach_keys: Option<DetachKeys>,
    /// Drop what is typed while the link is down, instead of keeping up to 4 KiB of it
    #[arg(long)]
    pub drop_input: bool,
    /// Whether what runs there may set the clipboard; it can never read it [default: allow on a terminal]
    #[arg(long, value_name = "allow|deny", hide_possible_values = true)]
    pub clipboard: Option<Clipboard>,
    /// Resume the agent first if it is suspended, without asking
    #[arg(long)]
    pub resume: bool,
    /// Longest time to try to get a lost link back
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub reconnect_timeout: GoDuration,
    /// Whether it is recorded.
    #[command(flatten)]
    pub record: Record,
}

/// Whether the clipboard may be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Clipboard {
    /// Up to 1 MiB at a time.
    Allow,
    /// Never.
    Deny,
}

impl From<Clipboard> for terminal::Clipboard {
    fn from(clipboard: Clipboard) -> Self {
        match clipboard {
            Clipboard::Allow => Self::Allow,
            Clipboard::Deny => Self::Deny,
        }
    }
}
