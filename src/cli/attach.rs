//! `attach`.

use clap::Args;

use super::flags::{Reference, duration};
use crate::api::GoDuration;
use crate::terminal::DetachKeys;

/// What to sit down at, and how.
#[derive(Clone, Debug, Args)]
pub struct Attach {
    /// What to sit down at.
    #[command(flatten)]
    pub reference: Reference,
    /// Open a shell in the workspace instead of the OpenCode interface
    #[arg(long)]
    pub shell: bool,
    /// Only watch: nothing that is typed is sent; ctrl-c leaves
    #[arg(long)]
    pub read_only: bool,
    /// Keys that leave without ending what runs; empty for none
    #[arg(long, value_name = "KEYS", default_value_t, value_parser = |keys: &str| keys.parse::<DetachKeys>())]
    pub detach_keys: DetachKeys,
    /// Resume the agent first if it is suspended
    #[arg(long)]
    pub resume: bool,
    /// Longest time to try to get a lost link back
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub reconnect_timeout: GoDuration,
}
