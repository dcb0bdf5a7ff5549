//! `play`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::flags::duration;

/// Which recording to show, and how.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Keys: space halts and goes on, q and ctrl-c end.\n\n\
                        Where standard output is no terminal, all output is written at once.")]
pub struct Play {
    /// The recording, of the format asciicast, version 2 or 3; `-` for standard input
    pub file: PathBuf,
    /// How many times as fast
    #[arg(long, value_name = "NUMBER", default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
    /// Longest pause to be seen, such as 2s or 0.5 [default: what the recording says, or none]
    #[arg(long, value_name = "TIME", visible_alias = "idle-time-limit", value_parser = pause)]
    pub idle_limit: Option<Duration>,
    /// Pass everything on, also what asks the terminal, sets the clipboard, or takes the mouse; for recordings that you trust
    #[arg(long)]
    pub raw: bool,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.trim_end_matches(['x', '×']).parse::<f64>() {
        Ok(speed) if speed.is_finite() && speed > 0.0 => Ok(speed),
        _ => Err("it is a number above 0, as in 2 or 0.5".to_owned()),
    }
}

/// Reads a length of time; a bare number means seconds.
fn pause(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    match seconds {
        Some(limit) => Ok(limit),
        None => duration(text)?.to_std().ok_or_else(|| "a length of time is not negative".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_and_pauses_are_read() {
        assert_eq!(speed("2"), Ok(2.0));
        assert_eq!(speed("0.5x"), Ok(0.5));
        for wrong in ["0", "-1", "inf", "NaN", "", "x", "fast"] {
            assert!(speed(wrong).is_err(), "{wrong}");
        }
        assert_eq!(pause("0.5"), Ok(Duration::from_millis(500)));
        assert_eq!(pause("1m2s"), Ok(Duration::from_secs(62)));
        assert_eq!(pause("0"), Ok(Duration::ZERO));
        for wrong in ["-1", "inf", "NaN", "", "soon", "-1s"] {
            assert!(pause(wrong).is_err(), "{wrong}");
        }
    }
}
