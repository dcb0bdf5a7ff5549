//! The supervisor of one container: a small child of the sandbox that outlives it just long enough to leave no orphan.
//!
//! Two hidden stages of this program stand between the sandbox and a container's program:
//!
//! ```text
//!   sandbox ──socket pair on fd 0── shim (subreaper) ── launcher: PDEATHSIG, own session, terminal ──exec──► program
//! ```
//!
//! The **shim** is told on its standard input (a socket, both directions, JSON lines) what to run, and tells what became of
//! it. As a subreaper (prctl(2), `PR_SET_CHILD_SUBREAPER`) it inherits every descendant that is orphaned, however often it
//! forked or called setsid(2). When the program ends, when it is told to, or when the socket closes because the sandbox died,
//! it kills what is left of the tree, reaps it and only then ends.
//!
//! The **launcher** asks the kernel to be killed when the shim dies (`PR_SET_PDEATHSIG`, which survives execve(2)), so that
//! even a killed shim leaves no program behind, and becomes the program. What such a program had already sent away with
//! setsid(2) is found by the sandbox by its mark, or by the keeper as a descendant.
//!
//! Lines to the shim: one [`Launch`], then any number of [`Order`]s. Lines from it: [`Report`]s, the last one [`Report::Exited`]
//! or [`Report::Failed`]. Environment and arguments travel on the socket, never on a command line of ours.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::signal::{self, Signal};
use nix::sys::wait::{self, Id, WaitPidFlag, WaitStatus};
use nix::unistd::{self, Pid};
use serde::{Deserialize, Serialize};

use super::processes::{close_inherited, descendants, kill_descendants};

/// First argument that makes this program a shim.
pub const SHIM: &str = "__sandbox-shim";
/// First argument that makes this program a launcher.
const LAUNCHER: &str = "__sandbox-launch";
/// Environment variable in which the launcher finds its terminal, if any; not passed on.
const TERMINAL: &str = "KUBECTL_OPENCODE_LAUNCH_TERMINAL";

/// What to run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Launch {
    /// Program and arguments; a program without a slash is looked up in `PATH` of `environment`.
    pub command: Vec<String>,
    /// The whole environment.
    pub environment: BTreeMap<String, String>,
    /// Working directory.
    pub directory: PathBuf,
    /// Terminal device that becomes its controlling terminal and its three streams.
    pub terminal: Option<PathBuf>,
    /// Named pipe that becomes its standard input; without it and without a terminal, it reads an empty input.
    pub input: Option<PathBuf>,
}

/// What to do with the running program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Ask it to end: TERM to its process group.
    Terminate,
    /// End it and every descendant at once.
    Kill,
}

/// What became of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Report {
    /// It runs, with this process id.
    Started(i32),
    /// It could not be started.
    Failed(String),
    /// It ended, and nothing of it is left.
    Exited {
        /// Exit status, or 128 + signal.
        status: i32,
        /// The signal that ended it.
        signal: Option<i32>,
    },
}

/// Runs the stage that the arguments name; `None` when they name none.
pub fn dispatch(arguments: &[OsString]) -> Option<ExitCode> {
    match arguments.get(1)?.to_str()? {
        SHIM => Some(shim()),
        LAUNCHER => Some(launch(&arguments[2..])),
        _ => None,
    }
}

/// Becomes the program named by `arguments`, of which the first is the shim's pid, in an own session that dies with the shim.
fn launch(arguments: &[OsString]) -> ExitCode {
    let fail = |what: &str, cause: &dyn std::fmt::Display| {
        // The container's own standard error is where a container runtime's last words go.
        let _ = writeln!(io::stderr(), "{what}: {cause}");
        ExitCode::from(127)
    };
    let Some((shim, command)) = arguments.split_first() else {
        return fail("exec", &"no command");
    };
    if let Err(error) = prctl::set_pdeathsig(Signal::SIGKILL) {
        return fail("prctl", &error);
    }
    if shim.to_str().and_then(|pid| pid.parse().ok()) != Some(unistd::getppid().as_raw()) {
        // The shim died before the kernel was asked, and so will never tell.
        return fail("shim", &"gone");
    }
    if let Err(error) = unistd::setsid() {
        return fail("setsid", &error);
    }
    if let Err(error) = heed_signals() {
        return fail("sigaction", &error);
    }
    let Some((program, arguments)) = command.split_first() else {
        return fail("exec", &"no command");
    };
    let mut next = Command::new(program);
    next.args(arguments);
    if let Some(terminal) = std::env::var_os(TERMINAL) {
        next.env_remove(TERMINAL);
        // Opened by a session leader without one, a terminal becomes its controlling terminal (tty(4)).
        let streams = fs::File::options().read(true).write(true).open(&terminal).and_then(|input| {
            let output = input.try_clone()?;
            let errors = input.try_clone()?;
            Ok((input, output, errors))
        });
        match streams {
            Ok((input, output, errors)) => next.stdin(input).stdout(output).stderr(errors),
            Err(error) => return fail("terminal", &error),
        };
    }
    let error = next.exec();
    fail("exec", &error)
}

/// Undoes that whoever started the sandbox ignores signals (`nohup`, a shell's `&`), which would be inherited: a signal that is
/// handled when a program is executed has its default action in that (execve(2)), as it has here until then.
fn heed_signals() -> io::Result<()> {
    for signal in [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTERM] {
        signal_hook::flag::register_conditional_default(signal as i32, Arc::new(AtomicBool::new(true)))?;
    }
    Ok(())
}

/// The socket to the sandbox, written by two threads.
#[derive(Clone)]
struct Sandbox(Arc<Mutex<UnixStream>>);

impl Sandbox {
    /// Reports; a sandbox that is gone has nobody left to tell.
    fn report(&self, report: &Report) {
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(mut line) = serde_json::to_vec(report) {
            line.push(b'\n');
            let _ = stream.write_all(&line);
        }
    }
}

fn shim() -> ExitCode {
    match supervise() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "sandbox shim: {error}");
            ExitCode::FAILURE
        }
    }
}

fn supervise() -> io::Result<()> {
    close_inherited();
    // An own session: a Ctrl-C typed at a foreground sandbox must reach the sandbox alone, which then ends Pods in order.
    unistd::setsid().ok();
    prctl::set_child_subreaper(true)?;
    let socket: OwnedFd = io::stdin().as_fd().try_clone_to_owned()?;
    let socket = UnixStream::from(socket);
    let sandbox = Sandbox(Arc::new(Mutex::new(socket.try_clone()?)));
    let mut orders = BufReader::new(socket);
    let mut line = String::new();
    orders.read_line(&mut line)?;
    let launch: Launch = serde_json::from_str(&line)?;

    let main = match start(&launch) {
        Ok(main) => main,
        Err(message) => {
            sandbox.report(&Report::Failed(message));
            return Ok(());
        }
    };
    sandbox.report(&Report::Started(main.as_raw()));
    let main = Main { pid: main, lives: Arc::new(Mutex::new(true)) };
    let ordered = main.clone();
    thread::Builder::new().name("orders".to_owned()).spawn(move || obey(orders, &ordered))?;

    let mut end = None;
    loop {
        match main.reap_next() {
            Ok(WaitStatus::Exited(pid, status)) if pid == main.pid => {
                end = Some(Report::Exited { status, signal: None });
                kill_descendants(None);
            }
            Ok(WaitStatus::Signaled(pid, signal, _)) if pid == main.pid => {
                end = Some(Report::Exited { status: 128 + signal as i32, signal: Some(signal as i32) });
                kill_descendants(None);
            }
            // What a dead parent left behind comes to us, and follows the program into its end.
            Ok(_) if end.is_some() => kill_descendants(None),
            Err(Errno::EINVAL) if end.is_none() && !main.lives() => {
                end = Some(Report::Exited { status: 128, signal: None });
                kill_descendants(None);
            }
            Ok(_) | Err(Errno::EINTR | Errno::EINVAL) => {}
            Err(Errno::ECHILD) => break,
            Err(errno) => return Err(errno.into()),
        }
    }
    sandbox.report(&end.unwrap_or(Report::Exited { status: 137, signal: Some(Signal::SIGKILL as i32) }));
    Ok(())
}

/// Starts the launcher of `launch`; the error is in the words of a container runtime.
fn start(launch: &Launch) -> Result<Pid, String> {
    let Some(program) = launch.command.first() else {
        return Err("no command specified".to_owned());
    };
    let resolved = resolve(program, launch.environment.get("PATH").map_or("", String::as_str), &launch.directory)?;
    let ours = std::env::current_exe().map_err(|error| format!("cannot find the sandbox's own program: {error}"))?;
    let mut command = Command::new(ours);
    command.arg(LAUNCHER).arg(unistd::getpid().to_string()).arg(resolved).args(&launch.command[1..]);
    command.env_clear().envs(&launch.environment).current_dir(&launch.directory);
    match (&launch.terminal, &launch.input) {
        (Some(terminal), _) => {
            command.env(TERMINAL, terminal).stdin(Stdio::null());
        }
        (None, Some(input)) => {
            let input = fs::File::open(input).map_err(|error| format!("cannot open standard input: {error}"))?;
            command.stdin(input);
        }
        (None, None) => {
            command.stdin(Stdio::null());
        }
    }
    let child = command.spawn().map_err(|error| {
        if launch.directory.is_dir() {
            format!("cannot start: {error}")
        } else {
            format!(
                "chdir to cwd ({:?}) set in config.json failed: no such file or directory",
                launch.directory.display()
            )
        }
    })?;
    i32::try_from(child.id()).map(Pid::from_raw).map_err(|error| error.to_string())
}

/// Finds the program as execvp(3) would, in the container's own `PATH`.
fn resolve(program: &str, path: &str, directory: &Path) -> Result<PathBuf, String> {
    let is_executable =
        |file: &Path| fs::metadata(file).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0);
    if program.contains('/') {
        let file = directory.join(program);
        return match fs::metadata(&file) {
            Err(_) => Err(format!("exec: {program:?}: stat {program}: no such file or directory")),
            Ok(_) if !is_executable(&file) => Err(format!("exec: {program:?}: permission denied")),
            Ok(_) => Ok(file),
        };
    }
    std::env::split_paths(path)
        .map(|folder| folder.join(program))
        .find(|file| is_executable(file))
        .ok_or_else(|| format!("exec: {program:?}: executable file not found in $PATH"))
}

/// The program, as long as its process id is its own.
#[derive(Clone)]
struct Main {
    pid: Pid,
    lives: Arc<Mutex<bool>>,
}

impl Main {
    /// Asks its process group to end: a shell or a wrapper in front of the real program seldom passes the signal on.
    fn terminate(&self) {
        let lives = self.lives.lock().unwrap_or_else(PoisonError::into_inner);
        if *lives {
            let _ = signal::killpg(self.pid, Signal::SIGTERM);
        }
    }

    /// Waits for the next child that ends and reaps it. From then on the kernel may give its process id to a stranger, so
    /// that no signal may be on its way at that moment. `EINVAL` is the end of one by a real-time signal, which has no name.
    fn reap_next(&self) -> Result<WaitStatus, Errno> {
        match wait::waitid(Id::All, WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) {
            Ok(_) | Err(Errno::EINVAL) => {}
            Err(errno) => return Err(errno),
        }
        let mut lives = self.lives.lock().unwrap_or_else(PoisonError::into_inner);
        let reaped = wait::waitpid(None, Some(WaitPidFlag::WNOHANG));
        *lives = *lives && signal::kill(self.pid, None).is_ok();
        reaped
    }

    fn lives(&self) -> bool {
        *self.lives.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does what the sandbox orders until the socket closes, which means that it died: then everything ends here.
fn obey(orders: BufReader<UnixStream>, main: &Main) {
    for line in orders.lines() {
        match line.ok().and_then(|line| serde_json::from_str(&line).ok()) {
            Some(Order::Terminate) => main.terminate(),
            Some(Order::Kill) => kill_descendants(None),
            None => break,
        }
    }
    main.terminate();
    // OpenCode writes its database on the way out; after that nothing may be left.
    let deadline = std::time::Instant::now() + Duration::from_secs(2);
    while std::time::Instant::now() < deadline {
        if descendants(unistd::getpid(), None).is_empty() {
            return;
        }
        thread::park_timeout(Duration::from_millis(20));
    }
    loop {
        kill_descendants(None);
        thread::park_timeout(Duration::from_millis(50));
    }
}
