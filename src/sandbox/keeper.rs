//! The keeper: the parent of a sandbox, which sees to it that nothing outlives the sandbox, however that ends.
//!
//! ```text
//!   keeper (subreaper) ── sandbox ── shim (subreaper) ── program ── …      one shim for each container
//! ```
//!
//! The kernel hands orphans to their nearest living ancestor that is a subreaper (prctl(2), `PR_SET_CHILD_SUBREAPER`). A
//! shim cares for what its program leaves behind, and the keeper for what a killed shim leaves behind: whatever is its
//! child, but is not the sandbox, is such an orphan and is killed. When the sandbox ends, in order or by SIGKILL, and its
//! shims with it or not, the keeper waits as long as shims take to end their programs in order, kills what is left, and
//! ends as the sandbox did. Only who kills keeper, sandbox and shims all at once leaves processes behind; the next start finds
//! those by their mark.
//!
//! The keeper does nothing else. It passes signals on that are meant for the
//! sandbox; those that a terminal sends reach every process of the group by themselves.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::prctl;
use nix::sys::signal::{self, SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{self, Pid};

use super::node::processes::{close_inherited, descendants, kill_descendants, parent};

/// First argument that makes this program a keeper; the sandbox's own arguments follow.
pub const KEEPER: &str = "__sandbox-keep";
/// What the sandbox is told by its keeper, so that it does not ask for another.
pub const KEPT: &str = "--kept";
/// What marks a sandbox in the background, whose keeper begins a session of its own.
pub const BACKGROUND: &str = "--background-child";

/// `si_code` of signals that the kernel sends for a terminal (`siginfo.h`).
const SI_KERNEL: i32 = 0x80;
/// Between two looks for orphans.
const LOOK: u16 = 1000;
/// How long shims may take to end their programs in order after the sandbox ended.
const IN_ORDER: Duration = Duration::from_secs(4);

/// Runs the keeper if the arguments say so.
pub fn dispatch(arguments: &[OsString]) -> Option<ExitCode> {
    if arguments.get(1)?.to_str()? != KEEPER {
        return None;
    }
    Some(keep(&arguments[2..]).unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "sandbox keeper: {error}");
        ExitCode::FAILURE
    }))
}

fn keep(arguments: &[OsString]) -> io::Result<ExitCode> {
    if arguments.iter().any(|word| word == BACKGROUND) {
        close_inherited();
        unistd::setsid()?;
    }
    prctl::set_child_subreaper(true)?;
    // Blocked before the sandbox starts, so that none is lost; the sandbox unblocks them for itself.
    let mask = signals();
    mask.thread_block()?;
    let queue = SignalFd::with_flags(&mask, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
    let sandbox = Command::new(std::env::current_exe()?).args(arguments).arg(KEPT).spawn()?;
    let sandbox = Pid::from_raw(i32::try_from(sandbox.id()).map_err(io::Error::other)?);
    let status = loop {
        if let Some(status) = reap(Some(sandbox)) {
            break status;
        }
        while let Some(info) = queue.read_signal()? {
            let signal = i32::try_from(info.ssi_signo).ok().and_then(|number| Signal::try_from(number).ok());
            if let Some(signal) = signal.filter(|signal| *signal != Signal::SIGCHLD)
                && info.ssi_code != SI_KERNEL
            {
                let _ = signal::kill(sandbox, signal);
            }
        }
        if has_orphans(sandbox) {
            kill_descendants(Some(sandbox));
        }
        match poll(&mut [PollFd::new(std::os::fd::AsFd::as_fd(&queue), PollFlags::POLLIN)], PollTimeout::from(LOOK)) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    };
    let deadline = Instant::now() + IN_ORDER;
    while !descendants(unistd::getpid(), None).is_empty() {
        if Instant::now() >= deadline {
            kill_descendants(None);
        }
        thread::sleep(Duration::from_millis(20));
        reap(None);
    }
    Ok(ExitCode::from(status))
}

/// The signals that a keeper waits for.
fn signals() -> SigSet {
    [Signal::SIGCHLD, Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT].into_iter().collect()
}

/// Makes a sandbox under a keeper receive signals. To be called before any thread is started.
pub fn unblock_signals() -> io::Result<()> {
    signals().thread_unblock().map_err(Into::into)
}

/// Reaps every child that ended; the exit status of `sandbox` if it is among them.
fn reap(sandbox: Option<Pid>) -> Option<u8> {
    let mut status = None;
    loop {
        let (pid, end) = match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(pid, code)) => (pid, u8::try_from(code).unwrap_or(u8::MAX)),
            Ok(WaitStatus::Signaled(pid, signal, _)) => (pid, 128 + signal as u8),
            // The end by a real-time signal, which has no name; whose it was shows next.
            Err(Errno::EINVAL) => continue,
            Ok(_) | Err(_) => break,
        };
        if Some(pid) == sandbox {
            status = Some(end);
        }
    }
    // A sandbox that ended namelessly cannot be waited for any more.
    status.or_else(|| sandbox.filter(|pid| signal::kill(*pid, None) == Err(Errno::ESRCH)).map(|_| u8::MAX))
}

/// Whether the keeper has a child that is not the sandbox (proc(5): `/proc/pid/task/tid/children`).
fn has_orphans(sandbox: Pid) -> bool {
    let own = unistd::getpid();
    match fs::read_to_string(format!("/proc/{own}/task/{own}/children")) {
        Ok(children) => children.split_whitespace().any(|pid| pid != sandbox.to_string()),
        // A kernel without that file.
        Err(_) => !descendants(own, Some(sandbox)).is_empty(),
    }
}

/// The keeper of the sandbox with this process id, while both live.
pub fn of(sandbox: i32) -> Option<i32> {
    parent(sandbox).filter(|pid| is_keeper(*pid))
}

/// Whether this process is a keeper; one that ended and is not reaped yet is none any more.
pub fn is_keeper(pid: i32) -> bool {
    let arguments = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    arguments.split(|byte| *byte == 0).nth(1) == Some(KEEPER.as_bytes())
}
