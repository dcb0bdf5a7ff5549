//! Cron schedules as the platform reads them (`robfig/cron` v3, standard parser without descriptors):
//!
//! ```text
//! schedule = [ ( "TZ=" | "CRON_TZ=" ) zone " " ] minute hour day month weekday
//! field    = part { "," part }        part = ( "*" | "?" | value [ "-" value ] ) [ "/" step ]
//! ```

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// One field: what it is called, its lowest and highest value, and names for the values from the lowest on.
type Field = (&'static str, u32, u32, &'static [&'static str]);

const FIELDS: [Field; 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of month", 1, 31, &[]),
    ("month", 1, 12, MONTHS),
    ("day of week", 0, 6, DAYS),
];

/// Says what is wrong with a schedule.
pub(super) fn check(schedule: &str) -> Result<(), String> {
    let mut words = schedule.split_ascii_whitespace().peekable();
    if words.peek().is_some_and(|word| word.starts_with("TZ=") || word.starts_with("CRON_TZ=")) {
        words.next();
    }
    let words: Vec<_> = words.collect();
    if words.len() != FIELDS.len() {
        return Err(format!("{schedule:?} is no schedule of five fields: it has {}", words.len()));
    }
    for (word, field) in words.iter().zip(&FIELDS) {
        if word.is_empty() || !word.split(',').all(|part| is_part(part, field)) {
            return Err(format!("{word:?} is no {} ({} to {})", field.0, field.1, field.2));
        }
    }
    Ok(())
}

fn is_part(part: &str, field: &Field) -> bool {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (part, None),
    };
    if step.is_some_and(|step| !step.parse::<u32>().is_ok_and(|step| step > 0)) {
        return false;
    }
    if matches!(range, "*" | "?") {
        return true;
    }
    let (low, high) = range.split_once('-').unwrap_or((range, range));
    matches!((value(low, field), value(high, field)), (Some(low), Some(high)) if low <= high)
}

fn value(text: &str, &(_, low, high, names): &Field) -> Option<u32> {
    let by_name = names.iter().position(|name| text.eq_ignore_ascii_case(name)).and_then(|at| u32::try_from(at).ok());
    match by_name {
        Some(at) => Some(low + at),
        None => text.parse().ok().filter(|value| (low..=high).contains(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use proptest::prelude::*;

    #[test]
    fn schedules() {
        for good in [
            "0 9 * * *",
            "*/5 * * * *",
            "0 0 1 1 ?",
            "CRON_TZ=Asia/Tokyo 30 4 * * mon-FRI",
            "1,2,30-40/2 0 1-31 JAN,dec 0",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "@daily",
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 7",
            "*/0 * * * *",
            "5-1 * * * *",
            "a * * * *",
            ", * * * *",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_range_inside_the_limits_is_taken(low in 0_u32..60, high in 0_u32..60, step in 1_u32..60) {
            let schedule = format!("{low}-{high}/{step} * * * *");
            prop_assert_eq!(check(&schedule).is_ok(), low <= high);
        }
    }
}
