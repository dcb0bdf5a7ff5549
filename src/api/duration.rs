//! Go durations (`1h30m`, `1.5s`, `300ms`), as `metav1.Duration` reads and writes them.
//!
//! The platform's CRDs take any string for a duration, and its controller then fails to decode not only the object but
//! every list that holds it. So durations are read here with the grammar of Go's `time.ParseDuration`, before they are sent:
//!
//! ```text
//! duration = [ "-" | "+" ] ( "0" | { number unit } )      number = digits [ "." [ digits ] ] | "." digits
//! unit     = "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h"
//! ```

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// A signed length of time in nanoseconds, with Go's range (about 292 years).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoDuration(i64);

/// Why a text is not a Go duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseDurationError {
    /// It does not follow the grammar.
    #[error("invalid duration {0:?}")]
    Invalid(String),
    /// A number stands without a unit.
    #[error("missing unit in duration {0:?}")]
    MissingUnit(String),
    /// A unit that Go does not know (`d` and `w` are the common ones).
    #[error("unknown unit {unit:?} in duration {text:?}")]
    UnknownUnit {
        /// The unit.
        unit: String,
        /// The whole text.
        text: String,
    },
}

impl GoDuration {
    /// The length in nanoseconds.
    pub const fn nanoseconds(self) -> i64 {
        self.0
    }

    /// The length as a [`Duration`]; `None` if negative.
    pub fn to_std(self) -> Option<Duration> {
        u64::try_from(self.0).ok().map(Duration::from_nanos)
    }
}

impl From<Duration> for GoDuration {
    /// Longer than Go can hold becomes the longest that it can.
    fn from(duration: Duration) -> Self {
        Self(i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX))
    }
}

impl FromStr for GoDuration {
    type Err = ParseDurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || ParseDurationError::Invalid(text.to_owned());
        let negative = text.starts_with('-');
        let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let (whole, after) = split_digits(rest);
            let (fraction, after) = match after.strip_prefix('.') {
                Some(after) => split_digits(after),
                None => ("", after),
            };
            if whole.is_empty() && fraction.is_empty() {
                return Err(invalid());
            }
            let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
            let (unit, after) = after.split_at(end);
            let scale = match unit {
                "" => return Err(ParseDurationError::MissingUnit(text.to_owned())),
                "ns" => 1,
                "us" | "µs" | "μs" => 1_000,
                "ms" => 1_000_000,
                "s" => SECOND,
                "m" => MINUTE,
                "h" => HOUR,
                _ => {
                    return Err(ParseDurationError::UnknownUnit { unit: unit.to_owned(), text: text.to_owned() });
                }
            };
            let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| invalid())? };
            total = whole
                .checked_mul(scale)
                .and_then(|part| part.checked_add(fraction_of(fraction, scale)))
                .and_then(|part| total.checked_add(part))
                .ok_or_else(invalid)?;
            rest = after;
        }
        let signed = if negative { -i128::from(total) } else { i128::from(total) };
        i64::try_from(signed).map(Self).map_err(|_| invalid())
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// `scale` times the decimal fraction `0.digits`, cut to whole nanoseconds; digits below a nanosecond of an hour
/// (thirteen) cannot matter.
fn fraction_of(digits: &str, scale: u64) -> u64 {
    let (value, power) = digits
        .bytes()
        .take(18)
        .fold((0_u128, 1_u128), |(value, power), digit| (value * 10 + u128::from(digit - b'0'), power * 10));
    u64::try_from(value * u128::from(scale) / power).unwrap_or(u64::MAX)
}

impl fmt::Display for GoDuration {
    /// Exactly as Go's `Duration.String`: `1h30m0s`, `1.5s`, `300ms`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        match nanos {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{nanos}ns"),
            1_000..1_000_000 => write!(f, "{}µs", Decimal(nanos, 1_000)),
            1_000_000..SECOND => write!(f, "{}ms", Decimal(nanos, 1_000_000)),
            _ => {
                let (hours, minutes) = (nanos / HOUR, nanos / MINUTE % 60);
                if hours > 0 {
                    write!(f, "{hours}h")?;
                }
                if nanos >= MINUTE {
                    write!(f, "{minutes}m")?;
                }
                write!(f, "{}s", Decimal(nanos % MINUTE, SECOND))
            }
        }
    }
}

/// A count of nanoseconds in units of a power of ten, without trailing zeros.
struct Decimal(u64, u64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(nanos, unit) = *self;
        write!(f, "{}", nanos / unit)?;
        let rest = nanos % unit;
        if rest == 0 {
            return Ok(());
        }
        let digits = format!("{:0width$}", rest, width = unit.ilog10() as usize);
        write!(f, ".{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nanos(text: &str) -> i64 {
        text.parse::<GoDuration>().unwrap().nanoseconds()
    }

    #[test]
    fn reads_what_go_reads() {
        // The table of Go's own time_test.go, as far as it is about the grammar.
        let cases: &[(&str, i64)] = &[
            ("0", 0),
            ("5s", 5_000_000_000),
            ("1478s", 1_478_000_000_000),
            ("-5s", -5_000_000_000),
            ("+5s", 5_000_000_000),
            ("5.0s", 5_000_000_000),
            ("5.6s", 5_600_000_000),
            ("5.s", 5_000_000_000),
            (".5s", 500_000_000),
            ("1.004s", 1_004_000_000),
            ("100.00100s", 100_001_000_000),
            ("10ns", 10),
            ("11us", 11_000),
            ("12µs", 12_000),
            ("12μs10ns", 12_010),
            ("39h9m14.425s", ((39 * 60 + 9) * 60 + 14) * 1_000_000_000 + 425_000_000),
            ("0.3333333333333333333h", 1_200_000_000_000 - 1),
            ("9223372036854775807ns", i64::MAX),
            ("-9223372036854775808ns", i64::MIN),
        ];
        for (text, expected) in cases {
            let difference = nanos(text) - expected;
            assert!((0..=1).contains(&difference), "{text}: {} instead of {expected}", nanos(text));
        }
    }

    #[test]
    fn refuses_what_go_refuses() {
        for text in
            ["", "3", "-", "s", ".", "-.", ".s", "+.s", "1d", "2w", "1h 30m", "1H", "9223372036854775808ns", "3000000h"]
        {
            assert!(text.parse::<GoDuration>().is_err(), "{text:?}");
        }
        assert_eq!(
            "1d".parse::<GoDuration>().unwrap_err(),
            ParseDurationError::UnknownUnit { unit: "d".into(), text: "1d".into() }
        );
    }

    #[test]
    fn writes_what_go_writes() {
        for text in [
            "0s",
            "1ns",
            "1.1µs",
            "2.2ms",
            "3.3s",
            "4m5s",
            "4m5.001s",
            "5h6m7.001s",
            "8m0.000000001s",
            "1h0m0s",
            "-2.5s",
        ] {
            assert_eq!(text.parse::<GoDuration>().unwrap().to_string(), text);
        }
        assert_eq!(GoDuration(i64::MIN).to_string(), "-2562047h47m16.854775808s");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(nanoseconds: i64) {
            let duration = GoDuration(nanoseconds);
            prop_assert_eq!(duration.to_string().parse::<GoDuration>(), Ok(duration));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[-+]?([0-9.]{0,25}(ns|us|µs|ms|s|m|h|d|x)?){0,4}") {
            if let Ok(duration) = text.parse::<GoDuration>() {
                prop_assert_eq!(duration.to_string().parse::<GoDuration>(), Ok(duration));
            }
        }
    }
}
