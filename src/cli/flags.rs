//! Flag groups that several commands share. Names, short forms and meanings are kubectl's.

use std::path::PathBuf;

use clap::{Arg, Args, ValueEnum};
use jiff::Timestamp;

pub use super::listing::{Filter, Listing, Selection};
use crate::api::GoDuration;
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
    /// Certificate authority of the API server
    #[arg(long, global = true, value_name = "FILE")]
    pub certificate_authority: Option<PathBuf>,
    /// Name in the API server's certificate
    #[arg(long, global = true, value_name = "NAME")]
    pub tls_server_name: Option<String>,
    /// Do not check the API server's certificate; this makes the connection insecure
    #[arg(long, global = true)]
    pub insecure_skip_tls_verify: bool,
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

impl Connection {
    /// Which cluster and as whom, as it has to be typed again in a shell; nothing where the kubeconfig decides.
    pub fn cluster_words(&self) -> Vec<String> {
        let file = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let flags = [
            ("--context", self.context.clone()),
            ("--kubeconfig", file(&self.kubeconfig)),
            ("--cluster", self.cluster.clone()),
            ("--user", self.user.clone()),
            ("--server", self.server.clone()),
            ("--certificate-authority", file(&self.certificate_authority)),
            ("--tls-server-name", self.tls_server_name.clone()),
            ("--as", self.as_user.clone()),
            ("--as-uid", self.as_uid.clone()),
        ];
        let groups = self.as_groups.iter().map(|group| ("--as-group", Some(group.clone())));
        let given = flags.into_iter().chain(groups).filter_map(|(flag, value)| value.map(|value| (flag, value)));
        let mut words: Vec<String> = given.flat_map(|(flag, value)| [flag.to_owned(), quoted(&value)]).collect();
        if self.insecure_skip_tls_verify {
            words.push("--insecure-skip-tls-verify".to_owned());
        }
        words
    }

    /// The namespace, likewise.
    pub fn namespace_words(&self) -> Vec<String> {
        self.namespace.iter().flat_map(|namespace| ["-n".to_owned(), quoted(namespace)]).collect()
    }
}

/// A word as a POSIX shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./:@=+,%".contains(character);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
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

/// Reads a length of time that is not negative.
pub fn duration(text: &str) -> Result<GoDuration, String> {
    let example = "write it with h, m and s, as in 90s, 30m or 1h30m";
    match text.parse::<GoDuration>() {
        Ok(duration) if duration.nanoseconds() >= 0 => Ok(duration),
        Ok(_) => Err(format!("a length of time is not negative; {example}")),
        Err(error) => Err(format!("{error}; {example}")),
    }
}

/// Whether a terminal is recorded.
#[derive(Clone, Debug, Default, Args)]
pub struct Record {
    /// Record what the terminal shows into a new file, in the format asciicast; `kubectl opencode play FILE` shows it
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Record what is typed, too: passwords and all
    #[arg(long, requires = "record")]
    pub record_input: bool,
}

/// Which objects a command works on: names, a selector, or all.
#[derive(Clone, Debug, Default, Args)]
pub struct Targets {
    /// Names
    #[arg(value_name = "NAME", required_unless_present_any = ["selector", "field_selector", "all"],
        conflicts_with_all = ["selector", "field_selector", "all"])]
    pub names: Vec<String>,
    /// Which objects.
    #[command(flatten)]
    pub selection: Selection,
    /// All objects of the namespace
    #[arg(long, conflicts_with_all = ["selector", "field_selector"])]
    pub all: bool,
}

/// Whether something is done, or only tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DryRun {
    /// It is done.
    #[default]
    None,
    /// Nothing is sent; what would be sent is shown.
    Client,
    /// The API server checks everything and keeps nothing.
    Server,
}

impl DryRun {
    /// What is added to the words that tell what was done.
    pub fn remark(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Client => " (dry run)",
            Self::Server => " (server dry run)",
        }
    }
}

/// How objects are created.
#[derive(Clone, Debug, Default, Args)]
pub struct Creation {
    /// client: only show what would be sent; server: have it checked and not kept
    #[arg(long, value_enum, value_name = "none|client|server", num_args = 0..=1, require_equals = true,
        default_missing_value = "client", default_value_t, hide_possible_values = true)]
    pub dry_run: DryRun,
    /// Take the place of an object of that name, which is deleted first
    #[arg(long, conflicts_with = "dry_run")]
    pub replace: bool,
    /// Label for what is created, or several with commas between them; may be given again
    #[arg(long = "label", visible_alias = "labels", value_name = "KEY=VALUE", value_delimiter = ',')]
    pub labels: Vec<String>,
}

/// Which objects to delete, and how.
#[derive(Clone, Debug, Default, Args)]
pub struct Delete {
    /// Names
    #[arg(value_name = "NAME", required_unless_present_any = ["selector", "field_selector", "all", "older_than", "keep", "filename"],
        conflicts_with_all = ["selector", "field_selector", "all", "older_than", "keep", "filename"])]
    pub names: Vec<String>,
    /// Those of a manifest; - reads standard input
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["selector", "field_selector", "all", "older_than", "keep"])]
    pub filename: Option<PathBuf>,
    /// Which objects.
    #[command(flatten)]
    pub selection: Selection,
    /// All objects of the namespace
    #[arg(long, conflicts_with_all = ["selector", "field_selector"])]
    pub all: bool,
    /// Only what is older: tasks and sessions that ended so long ago, other objects made so long ago
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub older_than: Option<GoDuration>,
    /// Only what is more: all but this many of the newest, of tasks and sessions among those that ended
    #[arg(long, value_name = "NUMBER")]
    pub keep: Option<usize>,
    /// false: do not wait until they are gone
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value_t = true, action = clap::ArgAction::Set, hide_possible_values = true, hide_default_value = true)]
    pub wait: bool,
    /// As --wait=false
    #[arg(long, conflicts_with = "wait")]
    pub no_wait: bool,
    /// Longest time to wait until they are gone
    #[arg(long, value_name = "TIME", conflicts_with = "no_wait", value_parser = duration)]
    pub timeout: Option<GoDuration>,
    /// Sessions and tasks in the middle of a turn too: the turn is aborted
    #[arg(long)]
    pub force: bool,
    /// What is not there is no failure
    #[arg(long)]
    pub ignore_not_found: bool,
    /// Do not ask before deleting what was not named
    #[arg(short, long)]
    pub yes: bool,
    /// client: only say what would be deleted; server: have it checked and not done
    #[arg(long, value_enum, value_name = "none|client|server", num_args = 0..=1, require_equals = true,
        default_missing_value = "client", default_value_t, hide_possible_values = true)]
    pub dry_run: DryRun,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// What to wait for.
#[derive(Clone, Debug, Default, Args)]
pub struct Wait {
    /// Which.
    #[command(flatten)]
    pub targets: Targets,
    /// State to wait for: completed, idle, …; or phase=PHASE, condition=TYPE[=STATUS], jsonpath={PATH}[=VALUE], create, delete
    #[arg(long = "for", value_name = "STATE")]
    pub state: Option<String>,
    /// Longest time to wait; 0 looks once
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<GoDuration>,
    /// How to write the result
    #[command(flatten)]
    pub output: Output,
}

/// Which logs to print, and how much of them.
#[derive(Clone, Debug, Default, Args)]
pub struct Logs {
    /// Name
    #[arg(required_unless_present = "selector")]
    pub name: Option<String>,
    /// All with these labels; of each only the last 10 lines, unless --tail or --follow says otherwise
    #[arg(short = 'l', long, value_name = "LABELS", conflicts_with = "name")]
    pub selector: Option<String>,
    /// Most logs that are followed at once, each on a connection of its own
    #[arg(long, value_name = "NUMBER", default_value = "5", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_log_requests: u32,
    /// How much, and how.
    #[command(flatten)]
    pub options: LogOptions,
}

/// How much of a log to print, and how.
#[derive(Clone, Debug, Default, Args)]
pub struct LogOptions {
    /// Go on until it ends
    #[arg(short, long)]
    pub follow: bool,
    /// Container; the one that does the work if not given
    #[arg(short, long, value_name = "NAME")]
    pub container: Option<String>,
    /// The container's run before this one
    #[arg(short, long)]
    pub previous: bool,
    /// Only the last lines
    #[arg(long, value_name = "LINES")]
    pub tail: Option<i64>,
    /// Only what is newer, such as 10m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub since: Option<GoDuration>,
    /// Only what was printed from this time on, such as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "TIME", conflicts_with = "since")]
    pub since_time: Option<Timestamp>,
    /// Put the time before each line
    #[arg(long)]
    pub timestamps: bool,
    /// Put the Pod and the container before each line
    #[arg(long)]
    pub prefix: bool,
    /// Write the bytes as they are, terminal escape sequences included
    #[arg(long)]
    pub raw: bool,
}

/// A [`Reference`] where an agent itself is one, too.
pub fn any_reference(arg: Arg) -> Arg {
    if arg.get_id() == "reference" { arg.help("SESSION, session/NAME, task/NAME or agent/NAME") } else { arg }
}

/// A conversation: that of a session, a task, or any on an agent.
#[derive(Clone, Debug, Default, Args)]
pub struct Reference {
    /// SESSION, session/NAME, task/NAME, or agent/NAME with --session
    #[arg(value_name = "REF")]
    pub reference: String,
    /// OpenCode session on the agent
    #[arg(long, value_name = "ses_…")]
    pub session: Option<String>,
}
