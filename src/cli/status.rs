//! `status`.

use clap::Args;

use super::flags::Output;

/// What to show.
#[derive(Clone, Debug, Default, Args)]
pub struct StatusArgs {
    /// Every namespace
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
    /// Stay, and show each change, until interrupted
    #[arg(short, long)]
    pub watch: bool,
    /// How to write it.
    #[command(flatten)]
    pub output: Output,
}
