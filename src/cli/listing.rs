//! How a list is asked for and shown. Names, short forms and meanings are kubectl's.

use clap::Args;

use super::flags::{Output, duration};
use crate::api::GoDuration;
use crate::api::kinds::{Kind, SCHEDULE, SESSION, TASK};

/// Kinds whose objects have a phase.
pub const WITH_PHASE: [&Kind; 2] = [&TASK, &SESSION];
/// Kinds whose objects are for an agent.
pub const WITH_AGENT: [&Kind; 3] = [&TASK, &SESSION, &SCHEDULE];

/// Which objects of one kind, as the API server selects them.
#[derive(Clone, Debug, Default, Args)]
pub struct Selection {
    /// Objects whose labels match, such as app=web,tier!=db
    #[arg(short = 'l', long, value_name = "QUERY")]
    pub selector: Option<String>,
    /// Objects whose fields match, such as metadata.name=a
    #[arg(long, value_name = "QUERY")]
    pub field_selector: Option<String>,
}

impl Selection {
    /// Whether everything is selected.
    pub fn is_empty(&self) -> bool {
        self.selector.is_none() && self.field_selector.is_none()
    }
}

/// Which of the selected objects; the API server cannot select by these.
#[derive(Clone, Debug, Default, Args)]
pub struct Filter {
    /// Tasks and sessions in these phases, such as queued,running
    #[arg(long = "phase", value_name = "PHASE", value_delimiter = ',')]
    pub phases: Vec<String>,
    /// Tasks, sessions and schedules that are for these agents
    #[arg(long = "agent", value_name = "NAME", value_delimiter = ',')]
    pub agents: Vec<String>,
    /// Objects made within this time, such as 2h
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub since: Option<GoDuration>,
}

impl Filter {
    /// Whether everything passes.
    pub fn is_empty(&self) -> bool {
        self.phases.is_empty() && self.agents.is_empty() && self.since.is_none()
    }
}

/// How a list is made and shown.
#[derive(Clone, Debug, Default, Args)]
pub struct Listing {
    /// Which objects.
    #[command(flatten)]
    pub selection: Selection,
    /// Which of them.
    #[command(flatten)]
    pub filter: Filter,
    /// Objects of every namespace
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
    /// Order by a field, as JSONPath: .metadata.creationTimestamp
    #[arg(long, value_name = "PATH")]
    pub sort_by: Option<String>,
    /// Objects per request; 0 asks for all at once
    #[arg(long, value_name = "NUMBER", default_value_t = 500, hide_default_value = true)]
    pub chunk_size: u32,
    /// Leave the header out
    #[arg(long)]
    pub no_headers: bool,
    /// Add a column with the labels
    #[arg(long)]
    pub show_labels: bool,
    /// Add a column for each of these labels; may be given again
    #[arg(short = 'L', long, value_name = "LABEL", value_delimiter = ',')]
    pub label_columns: Vec<String>,
    /// Write the kind before each name
    #[arg(long)]
    pub show_kind: bool,
    /// Go on with what changes, until interrupted
    #[arg(short, long)]
    pub watch: bool,
    /// As --watch, without what is there already
    #[arg(long)]
    pub watch_only: bool,
    /// With --watch: tell what happened, ADDED, MODIFIED or DELETED, too
    #[arg(long)]
    pub output_watch_events: bool,
    /// A named object that is not there is no failure
    #[arg(long)]
    pub ignore_not_found: bool,
    /// How to write it.
    #[command(flatten)]
    pub output: Output,
}

impl Listing {
    /// Whether to go on with what changes.
    pub fn watches(&self) -> bool {
        self.watch || self.watch_only
    }
}
