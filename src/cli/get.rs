//! `get KIND[,KIND] [NAME…]`: the same table for hands trained on kubectl.

use clap::Args;

use super::flags::Listing;

/// Which kinds and objects to show.
#[derive(Clone, Debug, Args)]
pub struct GetArgs {
    /// Kinds, separated by commas: tasks, sessions, agents, templates, schedules; or KIND/NAME
    #[arg(value_name = "KIND", required = true)]
    pub kind: String,
    /// Names of objects; all of the namespace if none is given
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// How to list them.
    #[command(flatten)]
    pub listing: Listing,
}
