//! `config VERB …`: settings that are said once.

use clap::{Args, Subcommand};

use super::flags::Output;

/// What to do with settings.
#[derive(Clone, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show what holds here and now, and where each value comes from
    Resolve(ResolveSettings),
    /// Show your file of settings
    View(ViewSettings),
    /// Write a setting into your file
    Set(SetSetting),
    /// Take a setting out of your file
    Unset(UnsetSetting),
}

/// What to show.
#[derive(Clone, Debug, Default, Args)]
pub struct ResolveSettings {
    /// Settings; all if none is given
    #[arg(value_name = "SETTING")]
    pub settings: Vec<String>,
    /// With this session template
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// How to write it
    #[command(flatten)]
    pub output: Output,
}

/// How to show it.
#[derive(Clone, Debug, Default, Args)]
pub struct ViewSettings {
    /// How to write it
    #[command(flatten)]
    pub output: Output,
}

/// What to write.
#[derive(Clone, Debug, Default, Args)]
pub struct SetSetting {
    /// Setting, such as agent, model, idle-timeout or labels.team; `kubectl opencode explain settings` lists them
    pub setting: String,
    /// Its value, as its flag takes it; several with commas between them where it is a list
    #[arg(allow_hyphen_values = true)]
    pub value: String,
}

/// What to take away.
#[derive(Clone, Debug, Default, Args)]
pub struct UnsetSetting {
    /// Setting
    pub setting: String,
}
