//! Flag groups that several commands share. Names, short forms and meanings are kubectl's.

use std::path::PathBuf;

use clap::Args;

use crate::output::{ColorChoice, Format};

/// Flags that every command takes, before or after its name.
#[derive(Clone, Debug, Default, Args)]
pub struct Global {
    /// Which cluster, as whom.
    #[command(flatten)]
    pub connection: Connection,
    /// Print no progress and no hints; results, warnings and errors stay
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub quiet: bool,
    /// Log what the program does on stderr (-v, -vv); secrets are never logged
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub verbose: u8,
    /// When to colour; auto: on a terminal that can show it
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "auto|always|never",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = "Global options"
    )]
    pub color: ColorChoice,
}

/// Which cluster, as whom.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct Connection {
    /// Namespace; the kubeconfig context's if not given
    #[arg(short, long, global = true, value_name = "NAME")]
    pub namespace: Option<String>,
    /// Kubeconfig context
    #[arg(long, global = true, value_name = "NAME")]
    pub context: Option<String>,
    /// Kubeconfig file; else $KUBECONFIG, else ~/.kube/config
    #[arg(long, global = true, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// Kubeconfig cluster
    #[arg(long, global = true, value_name = "NAME")]
    pub cluster: Option<String>,
    /// Kubeconfig user
    #[arg(long, global = true, value_name = "NAME")]
    pub user: Option<String>,
    /// Address of the API server
    #[arg(long, global = true, value_name = "URL")]
    pub server: Option<String>,
    /// User to impersonate
    #[arg(long = "as", global = true, value_name = "USER")]
    pub as_user: Option<String>,
    /// Group to impersonate; may be given again
    #[arg(long = "as-group", global = true, value_name = "GROUP")]
    pub as_groups: Vec<String>,
    /// UID to impersonate
    #[arg(long = "as-uid", global = true, value_name = "UID")]
    pub as_uid: Option<String>,
    /// Longest time for one request, such as 10s; 0 for no limit
    #[arg(long, global = true, value_name = "TIME")]
    pub request_timeout: Option<String>,
}

/// How the result is written.
#[derive(Clone, Debug, Default, Args)]
pub struct Output {
    /// How to write the result
    #[arg(short, long, value_name = Format::VALUES)]
    pub output: Option<Format>,
}

impl Output {
    /// The wanted format.
    pub fn format(&self) -> Format {
        self.output.clone().unwrap_or_default()
    }

    /// Whether errors are wanted as JSON.
    pub fn is_json(&self) -> bool {
        self.output == Some(Format::Json)
    }
}

/// Which objects of one kind.
#[derive(Clone, Debug, Default, Args)]
pub struct Selection {
    /// Objects whose labels match, such as app=web,tier!=db
    #[arg(short = 'l', long, value_name = "QUERY")]
    pub selector: Option<String>,
    /// Objects whose fields match, such as metadata.name=a
    #[arg(long, value_name = "QUERY")]
    pub field_selector: Option<String>,
}

/// How a list is made and shown.
#[derive(Clone, Debug, Default, Args)]
pub struct Listing {
    /// Which objects.
    #[command(flatten)]
    pub selection: Selection,
    /// Objects of every namespace
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
    /// Leave the header out
    #[arg(long)]
    pub no_headers: bool,
    /// Add a column with the labels
    #[arg(long)]
    pub show_labels: bool,
    /// Go on with what changes, until interrupted
    #[arg(short, long)]
    pub watch: bool,
    /// How to write it.
    #[command(flatten)]
    pub output: Output,
}
