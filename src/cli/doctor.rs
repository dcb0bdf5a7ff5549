//! `doctor`.

use clap::Args;

use super::flags::Output;

/// How to tell what was found.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Looks and changes nothing. Exits with 7 if a check fails; a warning is no failure.")]
pub struct Doctor {
    /// How to write it.
    #[command(flatten)]
    pub output: Output,
}
