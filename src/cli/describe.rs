//! `describe`.

use clap::Args;

use super::flags::Selection;

/// What to describe.
#[derive(Clone, Debug, Args)]
pub struct Describe {
    /// Kinds, separated by commas: tasks, sessions, agents, templates, schedules; or KIND/NAME
    #[arg(value_name = "KIND", required = true)]
    pub kind: String,
    /// Names of objects; all of the namespace if none is given
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Which objects.
    #[command(flatten)]
    pub selection: Selection,
}

/// What to describe of one kind.
#[derive(Clone, Debug, Args)]
pub struct DescribeNamed {
    /// Names; all of the namespace if none is given
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Which objects.
    #[command(flatten)]
    pub selection: Selection,
}
