//! `events`.

use clap::Args;

use super::flags::Output;

/// Which events to show, and whom to tell.
#[derive(Clone, Debug, Default, Args)]
pub struct Events {
    /// Of these objects: session/NAME, task/NAME, agent/NAME, or SESSION; of all if none is given
    #[arg(value_name = "REF")]
    pub references: Vec<String>,
    /// Every namespace
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
    /// Go on with what happens, until interrupted
    #[arg(short, long)]
    pub watch: bool,
    /// Tell of each change to one of the wanted states: exec=COMMAND runs it in a shell with the change as JSON on its
    /// standard input, webhook=URL posts that JSON, webhook=@FILE to the URL in a file; may be given again
    #[arg(long, value_name = "exec=COMMAND|webhook=URL", requires = "watch")]
    pub notify: Vec<String>,
    /// With a slash, only what happened to this object, as in kubectl: task/NAME. Without one, which states --notify tells of:
    /// phases and activities, such as completed,failed,waiting-input
    #[arg(long = "for", value_name = "REF|STATE", value_delimiter = ',')]
    pub wanted: Vec<String>,
    /// Leave the header out
    #[arg(long)]
    pub no_headers: bool,
    /// How to write it
    #[command(flatten)]
    pub output: Output,
}
