//! Processes of this host as proc(5) shows them: the descendants of one, and those that carry a mark.
//!
//! A process id is only as good as the moment it was read in. What is killed here is a descendant of the killer, which cannot
//! be replaced by a stranger before its ancestor reaps it, or was found by its mark an instant ago.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{self, Signal};
use nix::sys::wait::{self, WaitPidFlag};
use nix::unistd::{self, Pid};

/// Environment variable that every process of a Pod carries: `<sandbox id>/<Pod UID>/<container>`, and for a command that
/// was started in the container (exec, probe, hook) one more segment.
pub const MARK: &str = "KUBECTL_OPENCODE_POD";

/// How long [`sweep`] tries.
const SWEEP_LIMIT: Duration = Duration::from_secs(5);

/// Closes what this process inherited besides its three streams: whoever started the sandbox may wait for the end of a pipe,
/// or for a lock, that no Pod must hold. Call it before anything is opened.
pub fn close_inherited() {
    let entries = fs::read_dir("/proc/self/fd").into_iter().flatten();
    let open: Vec<i32> = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
    for descriptor in open.into_iter().filter(|descriptor| *descriptor > 2) {
        // That of the folder just read is closed already.
        let _ = unistd::close(descriptor);
    }
}

/// The ids of all processes.
fn all() -> impl Iterator<Item = i32> {
    fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

/// The parent of a process that lives; zombies have nothing left to end.
pub fn parent(pid: i32) -> Option<i32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the program's name in parentheses, and may itself hold spaces and parentheses.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace();
    let state = fields.next()?;
    fields.next()?.parse().ok().filter(|_| state != "Z")
}

/// Every living descendant of `ancestor`, those nearest to it first, leaving out `except` and what descends from it.
pub fn descendants(ancestor: Pid, except: Option<Pid>) -> Vec<Pid> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for (pid, parent) in all().filter_map(|pid| Some((pid, parent(pid)?))) {
        if except.is_none_or(|except| except.as_raw() != pid) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = Vec::new();
    let mut next = vec![ancestor.as_raw()];
    while let Some(pid) = next.pop() {
        for child in children.remove(&pid).unwrap_or_default() {
            found.push(Pid::from_raw(child));
            next.push(child);
        }
    }
    found
}

/// Kills every descendant of this process, but for `except` and what descends from it, until a look finds no new one.
pub fn kill_descendants(except: Option<Pid>) {
    let mut seen = HashSet::new();
    loop {
        let found = descendants(unistd::getpid(), except);
        let fresh: Vec<Pid> = found.into_iter().filter(|pid| seen.insert(*pid)).collect();
        if fresh.is_empty() {
            return;
        }
        for pid in fresh {
            let _ = signal::kill(pid, Signal::SIGKILL);
        }
    }
}

/// Kills every process whose mark is `mark` or begins with `mark/`: what is left when a shim could not do its work.
/// Blocks for a few milliseconds per round, five seconds at most; returns how many there were.
pub fn sweep(mark: &str) -> usize {
    let deadline = Instant::now() + SWEEP_LIMIT;
    let mark = format!("{MARK}={mark}");
    let has_mark = |variable: &[u8]| {
        variable.strip_prefix(mark.as_bytes()).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    };
    let own = unistd::getpid().as_raw();
    let marked = |pid: &i32| {
        *pid != own
            && fs::read(format!("/proc/{pid}/environ"))
                .is_ok_and(|variables| variables.split(|byte| *byte == 0).any(has_mark))
    };
    let mut count = 0;
    loop {
        let left: Vec<i32> = all().filter(marked).collect();
        if left.is_empty() || Instant::now() > deadline {
            return count;
        }
        count += left.len();
        for pid in left {
            let _ = signal::kill(Pid::from_raw(pid), Signal::SIGKILL);
            // A child of ours stays a zombie, whose environment reads as empty, until it is reaped; others are init's.
            let _ = wait::waitpid(Pid::from_raw(pid), Some(WaitPidFlag::WNOHANG));
        }
        thread::park_timeout(Duration::from_millis(10));
    }
}
