//! The start in the background: this program runs itself again with `--foreground --background-child` under a
//! [keeper], in a session of its own, and waits until that says on its standard output that it is ready, or why it is not.
//!
//! The child writes one line of JSON: `{"ready": true}`, or `{"error": {code, message, causes, hint}}`. Names of
//! variables are in its arguments, their values only in its environment.

use std::convert::Infallible;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::cli::sandbox::StartSandbox;
use crate::error::{Code, Error, Result};
use crate::sandbox::keeper::{self, BACKGROUND, KEEPER};
use crate::sandbox::state::StateFolder;

/// A log that has grown beyond this is put aside.
const LOG_BYTES: u64 = 10 * 1024 * 1024;
/// Between two looks at how much it has grown.
const LOG_LOOK: Duration = Duration::from_secs(60);
/// How many lines of the log are told when the child dies without a word.
const LAST_LINES: usize = 5;

/// What the child tells its parent.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Report {
    /// It answers requests.
    Ready(Ready),
    /// It could not start.
    Error(Failure),
}

/// What the parent tells its user.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ready {
    /// Address of the API server.
    pub server: String,
    /// Whether there is a program for agents to run.
    pub opencode: bool,
}

/// An [`Error`] on its way from the child to the parent.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Failure {
    code: String,
    message: String,
    causes: Vec<String>,
    hint: Option<String>,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code.name().to_owned(),
            message: error.message.clone(),
            causes: error.causes.clone(),
            hint: error.hint.clone(),
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let code = Code::TABLE.iter().find(|row| row.1 == failure.code).map_or(Code::Internal, |row| row.0);
        Self { code, message: failure.message, causes: failure.causes, hint: failure.hint }
    }
}

/// Starts the child and waits for what it says.
pub(super) fn start(args: &StartSandbox, folder: &StateFolder, verbose: u8) -> Result<Ready> {
    // Made here, so that the log has a place; the child takes the lock for itself.
    drop(folder.create_and_lock()?);
    let log = folder.log();
    let cannot = |error: &std::io::Error| {
        Error::new(Code::InvalidConfiguration, "cannot start the sandbox in the background").caused_by(error)
    };
    let file = put_aside(folder, LOG_BYTES)
        .and_then(|new| new.map_or_else(|| open(&log), Ok))
        .map_err(|error| cannot(&error).hint(format!("check that {} can be written", log.display())))?;
    let program = std::env::current_exe().map_err(|error| cannot(&error))?;
    let mut command = Command::new(program);
    command.args([KEEPER, "sandbox", "start", "--foreground", BACKGROUND, "--name", folder.name()]);
    if let Some(port) = args.port {
        command.args(["--port", &port.to_string()]);
    }
    if args.offline_model {
        command.arg("--offline-model");
    }
    if args.no_session_controller {
        command.arg("--no-session-controller");
    }
    for name in &args.env {
        command.args(["--env", name]);
    }
    if let Some(opencode) = &args.opencode {
        command.arg("--opencode").arg(std::path::absolute(opencode).map_err(|error| cannot(&error))?);
    }
    command.args((0..verbose).map(|_| "-v"));
    // With glibc, what one thread frees serves the others only inside an arena: one for each thread takes twice the memory.
    command.env("MALLOC_ARENA_MAX", "1");
    // The folder of the user's shell must not be kept busy by a program in the background.
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(file);
    let mut child = command.spawn().map_err(|error| cannot(&error))?;
    let mut line = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout).read_line(&mut line).map_err(|error| cannot(&error))?;
    }
    match serde_json::from_str(&line) {
        Ok(Report::Ready(ready)) => Ok(ready),
        Ok(Report::Error(failure)) => Err(failure.into()),
        Err(_) => {
            let end = child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
            let error = Error::new(Code::ClusterUnreachable, format!("the sandbox ended before it was ready ({end})"));
            let error = last_lines(&fs::read_to_string(&log).unwrap_or_default()).fold(error, Error::because);
            Err(error.hint(format!("read {}", log.display())))
        }
    }
}

fn open(log: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(log)
}

/// Begins a new log if the one that is there is longer than `limit`; the old one stays until the next time.
fn put_aside(folder: &StateFolder, limit: u64) -> io::Result<Option<File>> {
    let log = folder.log();
    if fs::metadata(&log).is_ok_and(|metadata| metadata.len() > limit) {
        fs::rename(&log, folder.file("sandbox.log.old"))?;
        return open(&log).map(Some);
    }
    Ok(None)
}

/// Keeps the log small while the sandbox runs, whose standard error it is. Never ends.
pub(super) async fn keep_log_small(folder: &StateFolder) -> Infallible {
    loop {
        tokio::time::sleep(LOG_LOOK).await;
        let moved = put_aside(folder, LOG_BYTES)
            .and_then(|new| new.map_or(Ok(()), |new| nix::unistd::dup2_stderr(new).map_err(io::Error::from)));
        if let Err(error) = moved {
            tracing::warn!(%error, "cannot begin a new log");
        }
    }
}

fn last_lines(text: &str) -> impl Iterator<Item = &str> {
    let lines: Vec<_> = text.lines().collect();
    let from = lines.len().saturating_sub(LAST_LINES);
    lines.into_iter().skip(from)
}

/// Becomes the keeper of a sandbox in the foreground, which is started with the same arguments; returns only to say why not.
pub(super) fn become_keeper() -> Error {
    let error = std::env::current_exe().map(|program| {
        let mut keeper = Command::new(program);
        keeper.arg(KEEPER).args(std::env::args_os().skip(1)).exec()
    });
    let error = error.unwrap_or_else(|error| error);
    Error::internal("cannot start the sandbox in the foreground").caused_by(&error)
}

/// Undoes what a keeper needs for itself and its child must not have.
pub(super) fn leave_keeper() -> Result<()> {
    keeper::unblock_signals().map_err(|error| Error::internal("cannot receive signals").caused_by(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_comes_through_whole() {
        let error = Error::new(Code::Conflict, "port 1 is taken").because("in use").hint("--port");
        let line = serde_json::to_string(&Report::Error(Failure::from(&error))).unwrap();
        let Report::Error(failure) = serde_json::from_str(&line).unwrap() else { panic!("{line}") };
        let found = Error::from(failure);
        assert_eq!(
            (found.code, &found.message, &found.causes, &found.hint),
            (error.code, &error.message, &error.causes, &error.hint)
        );
    }

    #[test]
    fn a_long_log_is_put_aside() {
        let parent = tempfile::tempdir().unwrap();
        let folder = StateFolder::below(parent.path(), "default").unwrap();
        let _lock = folder.create_and_lock().unwrap();
        assert!(put_aside(&folder, 3).unwrap().is_none());
        for (text, moves) in [("abc", false), ("abcd", true)] {
            fs::write(folder.log(), text).unwrap();
            assert_eq!(put_aside(&folder, 3).unwrap().is_some(), moves, "{text}");
        }
        assert_eq!(fs::read_to_string(folder.file("sandbox.log.old")).unwrap(), "abcd");
        assert_eq!(fs::read_to_string(folder.log()).unwrap(), "");
    }

    #[test]
    fn the_end_of_a_log() {
        assert_eq!(last_lines("a\nb").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(last_lines("1\n2\n3\n4\n5\n6\n7").collect::<Vec<_>>(), ["3", "4", "5", "6", "7"]);
        assert_eq!(last_lines("").count(), 0);
    }
}
