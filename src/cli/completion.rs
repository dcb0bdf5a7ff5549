//! `completion SHELL`, and the two hidden commands behind completion and the generated files.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// For which shell.
#[derive(Clone, Debug, Args)]
pub struct CompletionArgs {
    /// bash, zsh, fish, powershell; or kubectl, for the file `kubectl_complete-opencode` that kubectl's own completion runs
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    pub shell: Shell,
}

/// Who completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// bash.
    Bash,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
    /// `PowerShell`.
    Powershell,
    /// kubectl's completion of plugins.
    Kubectl,
}

/// What kubectl's completion asks: the words after the plugin's name, the last one unfinished.
#[derive(Clone, Debug, Args)]
pub struct CompleteArgs {
    /// The words
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub words: Vec<OsString>,
}

/// Where to write the generated files.
#[derive(Clone, Debug, Args)]
pub struct GenerateArgs {
    /// Folder that gets completions/, man/ and docs/
    pub folder: PathBuf,
}
