//! Message ids that a client chooses, so that a prompt whose sending was interrupted can be recognised.
//!
//! Format, as OpenCode 1.18 makes them: `msg_`, then 12 hexadecimal digits (the low 48 bits of milliseconds since the
//! epoch × 4096 + counter), then 14 characters of `[0-9A-Za-z]`. The server orders messages by id and ends a turn when
//! the assistant's id is greater than the user's, so an id must be greater than every id there and not lie in the
//! server's future: it is made from the server's own times, never from this machine's clock.

use sha2::{Digest as _, Sha256};

/// Hexadecimal digits of the time in an id.
const STAMP: usize = 12;
/// Characters after the time.
const TAIL: usize = 14;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The id that follows everything made at or before `server_time` (milliseconds since the epoch, by the server's clock:
/// `time.created` of the newest message, or of the session). The same `seed` gives the same id, but for the time in it:
/// [`same_seed`] knows it again. A seed that is an id itself gives that id, at its time.
pub fn message_id(server_time: i64, seed: &str) -> String {
    let stamp =
        u64::try_from(server_time).unwrap_or_default().wrapping_mul(0x1000).wrapping_add(0xfff) & 0xffff_ffff_ffff;
    let tail = tail(seed).map_or_else(
        || {
            let digest = Sha256::digest(seed.as_bytes());
            digest.iter().take(TAIL).map(|byte| char::from(DIGITS[usize::from(*byte) % DIGITS.len()])).collect()
        },
        str::to_owned,
    );
    format!("msg_{stamp:012x}{tail}")
}

/// Whether two ids were made of the same seed, perhaps at other times. What is no id was not.
pub fn same_seed(left: &str, right: &str) -> bool {
    tail(left).is_some_and(|seed| tail(right) == Some(seed))
}

/// What follows the time in a message's id; `None` for a text that has not the form of one.
fn tail(id: &str) -> Option<&str> {
    let (stamp, tail) = id.strip_prefix("msg_")?.split_at_checked(STAMP)?;
    let is_id = stamp.bytes().all(|byte| byte.is_ascii_hexdigit())
        && tail.len() == TAIL
        && tail.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then_some(tail)
}

/// When the server made an id (`msg_…`, `per_…`, `que_…`, `pty_…`: those that sort oldest first), in milliseconds since the epoch;
/// `None` for a text that is no id. An id keeps 36 bits of it, which repeat every two years: the time meant is the last one
/// before `server_time` (and a minute after it, for clocks that are read one after the other).
pub fn id_time(id: &str, server_time: i64) -> Option<i64> {
    const RANGE: i64 = 1 << 36;
    let stamp = id.split_once('_')?.1.get(..STAMP)?;
    let low = i64::try_from(u64::from_str_radix(stamp, 16).ok()? >> 12).ok()?;
    let latest = server_time.checked_add(60_000)?;
    Some(latest - (latest - low).rem_euclid(RANGE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_follows_what_the_server_made_in_the_same_millisecond() {
        // Recorded: a message of 1795235251547 ms.
        let recorded = "msg_1fc5c055b001vcIqo0qOFQwHsI";
        let id = message_id(1_795_235_251_547, "uid");
        assert!(id.as_str() > recorded, "{id}");
        assert!(id.as_str() < "msg_1fc5c055c001", "{id}");
        assert_eq!(id.len(), recorded.len());
    }

    #[test]
    fn an_id_tells_when_it_was_made() {
        let now = 1_795_235_300_000;
        assert_eq!(id_time("msg_1fc5c055b001vcIqo0qOFQwHsI", now), Some(1_795_235_251_547));
        assert_eq!(id_time("per_1fc5c055b001vcIqo0qOFQwHsI", now + (1 << 35)), Some(1_795_235_251_547));
        assert_eq!(id_time(&message_id(now, "x"), now), Some(now));
        assert_eq!(id_time("per_short", now), None);
        assert_eq!(id_time("per_zzzzzzzzzzzzz", now), None);
    }

    #[test]
    fn an_id_is_known_again_at_another_time() {
        let (then, now) = (message_id(1, "build-7"), message_id(99, "build-7"));
        assert_ne!(then, now);
        assert!(same_seed(&then, &now));
        assert!(!same_seed(&then, &message_id(1, "build-8")));
        assert_eq!(message_id(99, &then), now, "an id is its own seed, and takes its place behind what is there");
    }

    #[test]
    fn what_only_looks_like_an_id_is_a_name_as_any() {
        let long = format!("{}x", message_id(1, "a"));
        for name in
            ["msg_1", "msg_2", "msg_", "msg_build-7-of-the-main-branch", "msg_1fc5c055b001\u{e9}cIqo0qOFQwHs", &long]
        {
            let id = message_id(99, name);
            assert!(id.starts_with("msg_000000063fff") && tail(&id).is_some(), "{id}");
            assert!(!same_seed(name, name), "{name} is no id");
        }
        assert!(!same_seed(&message_id(1, "msg_1"), &message_id(1, "msg_2")));
    }

    #[test]
    fn ids_are_stable_and_differ_by_seed() {
        assert_eq!(message_id(1, "a"), message_id(1, "a"));
        assert_ne!(message_id(1, "a"), message_id(1, "b"));
        assert!(message_id(i64::MIN, "a").starts_with("msg_000000000fff"));
    }
}
