//! Colour: only where a person looks, and only to say again what the words say already.
//!
//! The rule is kubectl's and <https://no-color.org>: a terminal, `TERM` not `dumb`, `NO_COLOR` unset or empty.

use std::fmt;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal that can show it.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// Whether to colour a stream; `terminal` says whether it is one.
    pub fn allows(self, terminal: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                terminal
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && std::env::var_os("TERM").is_none_or(|value| value != "dumb")
            }
        }
    }
}

/// What a colour says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// Done, ready, healthy.
    Good,
    /// Waits, or wants attention.
    Waiting,
    /// Failed.
    Bad,
    /// Less important than the rest.
    Faint,
    /// More important than the rest.
    Strong,
}

impl Tone {
    /// The tone of a phase or an activity, by the words that this program's kinds and their platform use.
    pub fn of_phase(phase: &str) -> Self {
        match phase {
            "Completed" | "Ready" | "True" | "true" | "OK" => Self::Good,
            "Failed" | "Error" | "FAIL" => Self::Bad,
            "WARN" | "Queued" | "Pending" | "WaitingInput" | "Terminating" => Self::Waiting,
            "Running" | "Busy" => Self::Strong,
            "Stopped" | "Suspended" | "Idle" => Self::Faint,
            _ => Self::Plain,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Good => "\x1b[32m",
            Self::Waiting => "\x1b[33m",
            Self::Bad => "\x1b[31m",
            Self::Faint => "\x1b[2m",
            Self::Strong => "\x1b[1m",
        }
    }

    /// `text` in this tone, if `colour`.
    pub fn paint<T: fmt::Display>(self, text: T, colour: bool) -> String {
        if colour && self != Self::Plain { format!("{}{text}\x1b[0m", self.code()) } else { text.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_never_written_where_it_is_not_wanted() {
        assert_eq!(Tone::Bad.paint("Failed", false), "Failed");
        assert_eq!(Tone::Bad.paint("Failed", true), "\x1b[31mFailed\x1b[0m");
        assert_eq!(Tone::Plain.paint("x", true), "x");
        assert!(!ColorChoice::Auto.allows(false));
        assert!(ColorChoice::Always.allows(false));
        assert!(!ColorChoice::Never.allows(true));
    }
}
