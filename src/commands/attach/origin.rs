//! Which program on which machine wrote something, for others on the same machine: so that whoever was killed without a
//! word is known to be gone at once by those who come after, and not only when they have been silent for long.
//!
//! ```text
//! origin = boot "-" pid namespace "-" user "-" pid "-" start time
//! ```
//!
//! It is written and understood where `/proc` tells all of it (Linux). Nobody else's origin tells anything: a process of
//! another boot, namespace or user may be alive without being seen (`proc(5)`, `hidepid`).

use std::fs;

/// This process, in words without spaces; nothing where it cannot be told.
pub fn own() -> Option<String> {
    let pid = std::process::id();
    Some(format!("{}-{pid}-{}", here()?, start_time(pid)?))
}

/// Whether the process of an origin ended: known for processes of this user on this machine, false for all others.
pub fn has_ended(origin: &str) -> bool {
    let mut parts = origin.rsplitn(3, '-');
    let (start, pid, place) = (parts.next(), parts.next().and_then(|pid| pid.parse().ok()), parts.next());
    let (Some(start), Some(pid), Some(place)) = (start, pid, place) else { return false };
    here().is_some_and(|here| here == place) && start_time(pid).is_none_or(|now| now != start)
}

/// Nothing can be told where there is no `/proc`.
#[cfg(not(unix))]
fn here() -> Option<String> {
    None
}

/// What has to be the same for two processes to see each other.
#[cfg(unix)]
fn here() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
    let namespace = namespace.to_str()?.strip_prefix("pid:[")?.strip_suffix(']')?.to_owned();
    Some(format!("{}-{namespace}-{}", boot.trim().replace('-', ""), nix::unistd::getuid()))
}

/// When a process started, in clock ticks since boot; nothing for one that is not there or only not yet waited for.
fn start_time(pid: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program, in brackets, may hold anything.
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    match fields.first() {
        Some(&("Z" | "X")) => None,
        _ => fields.get(19).map(|start| (*start).to_owned()),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_process_of_this_machine_is_known_to_have_ended() {
        let own = own().unwrap();
        assert!(!has_ended(&own));
        let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        let childs = format!("{}-{}-{}", here().unwrap(), child.id(), start_time(child.id()).unwrap());
        assert!(!has_ended(&childs));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(has_ended(&childs));
        let other_start = format!("{own}1");
        assert!(has_ended(&other_start), "another process with the same number");
        assert!(!has_ended(&format!("x{childs}")), "of another machine");
    }

    proptest! {
        #[test]
        fn words_of_others_tell_nothing(origin in "([0-9a-f-]|\\PC){0,60}") {
            prop_assert!(!has_ended(&origin));
        }
    }
}
