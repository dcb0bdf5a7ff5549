//! Ages as kubectl writes them.
//!
//! Source: `HumanDuration` of `k8s.io/apimachinery/pkg/util/duration`: two units where the smaller still matters, so
//! `119s`, `2m`, `9m59s`, `10m`, `179m`, `3h`, `7h59m`, `8h`, `47h`, `2d`, `2d5h`, `8d`, `729d`, `2y`, `2y1d`, `8y`.

use jiff::Timestamp;

/// Seconds as kubectl writes an age; negative ones (clocks differ) count as none.
pub fn span(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let years = days / 365;
    let two = |large: i64, large_unit: &str, small: i64, small_unit: &str| {
        if small == 0 { format!("{large}{large_unit}") } else { format!("{large}{large_unit}{small}{small_unit}") }
    };
    if seconds < 120 {
        format!("{seconds}s")
    } else if minutes < 10 {
        two(minutes, "m", seconds % 60, "s")
    } else if minutes < 180 {
        format!("{minutes}m")
    } else if hours < 8 {
        two(hours, "h", minutes % 60, "m")
    } else if hours < 48 {
        format!("{hours}h")
    } else if hours < 24 * 8 {
        two(days, "d", hours % 24, "h")
    } else if days < 365 * 2 {
        format!("{days}d")
    } else if days < 365 * 8 {
        two(years, "y", days % 365, "d")
    } else {
        format!("{years}y")
    }
}

/// The age of something made at `since`, seen at `now`; `<unknown>` without a time, as kubectl writes it.
pub fn age(since: Option<Timestamp>, now: Timestamp) -> String {
    since.map_or_else(|| "<unknown>".to_owned(), |since| span(now.as_second() - since.as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_read_as_in_kubectl() {
        // The cases of TestHumanDuration in k8s.io/apimachinery/pkg/util/duration.
        let (minute, hour, day) = (60, 3600, 86_400);
        for (seconds, text) in [
            (0, "0s"),
            (1, "1s"),
            (70, "70s"),
            (119, "119s"),
            (2 * minute, "2m"),
            (190, "3m10s"),
            (10 * minute + 1, "10m"),
            (47 * hour, "47h"),
            (49 * hour, "2d1h"),
            (8 * day + 2 * hour, "8d"),
            (367 * day, "367d"),
            (365 * 2 * day + 25 * hour, "2y1d"),
            (365 * 8 * day + 2 * hour, "8y"),
            (3 * hour, "3h"),
            (2 * hour + 59 * minute, "179m"),
            (7 * hour + 59 * minute, "7h59m"),
            (-5, "0s"),
        ] {
            assert_eq!(span(seconds), text, "{seconds} seconds");
        }
        assert_eq!(age(None, Timestamp::UNIX_EPOCH), "<unknown>");
    }
}
