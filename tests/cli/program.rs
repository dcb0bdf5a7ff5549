//! Runs the program.

use std::ffi::OsString;
use std::fmt;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longest life of a program under test.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the user sees of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub line: String,
    /// Exit status; minus the signal's number when a signal ended it.
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "$ {}", self.line)?;
        writeln!(f, "exit status: {}", self.status)?;
        writeln!(f, "----- stdout")?;
        write!(f, "{}", self.stdout)?;
        writeln!(f, "----- stderr")?;
        write!(f, "{}", self.stderr)
    }
}

impl Seen {
    /// Asserts the exit status and answers itself.
    #[track_caller]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// Asserts that stderr says this.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "stderr does not say {text:?}:\n{self}");
        self
    }

    /// Asserts what stdout is.
    #[track_caller]
    pub fn prints(self, text: &str) -> Self {
        assert_eq!(self.stdout, text, "{self}");
        self
    }

    /// Asserts that stdout and stderr are as in the snapshot file `tests/cli/snapshots/NAME.txt`; `SNAPSHOTS=overwrite`
    /// writes it anew.
    #[track_caller]
    pub fn is_as_in(&self, name: &str) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/snapshots").join(format!("{name}.txt"));
        snapbox::assert_data_eq!(self.to_string(), snapbox::Data::read_from(&file, None).raw());
    }
}

/// Reads what a program writes until it says `text`; the answer is all of it.
#[track_caller]
pub fn read_until(stream: &mut impl std::io::Read, text: &str) -> String {
    let mut told = Vec::new();
    while !String::from_utf8_lossy(&told).contains(text) {
        let mut byte = [0];
        let read = stream.read(&mut byte).unwrap();
        assert_eq!(read, 1, "it ended without saying {text:?}: {}", String::from_utf8_lossy(&told));
        told.push(byte[0]);
    }
    String::from_utf8(told).unwrap()
}

/// How to run the program.
#[derive(Debug)]
pub struct Program {
    home: tempfile::TempDir,
    environment: Vec<(OsString, OsString)>,
}

impl Program {
    /// Nothing of the user's environment but an empty home; no kubeconfig.
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let set = |name: &str, value: &str| (OsString::from(name), OsString::from(value));
        let environment =
            vec![set("TZ", "UTC"), set("TERM", "xterm-256color"), set("COLUMNS", "100"), set("LANG", "C.UTF-8")];
        Self { home, environment }
    }

    /// With this kubeconfig.
    pub fn with_kubeconfig(text: &str) -> Self {
        let program = Self::new();
        let file = program.home.path().join("kubeconfig");
        std::fs::write(&file, text).unwrap();
        program.with("KUBECONFIG", file)
    }

    /// With one more variable.
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// A file in its home.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kubectl-opencode"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.home.path())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Seen {
        self.run_with(arguments, b"")
    }

    /// Runs it to its end, with this on standard input.
    #[track_caller]
    pub fn run_with(&self, arguments: &[&str], stdin: &[u8]) -> Seen {
        self.run_in(&[], arguments, stdin)
    }

    /// As [`Program::run_with`], with these variables, too.
    #[track_caller]
    pub fn run_in(&self, environment: &[(String, String)], arguments: &[&str], stdin: &[u8]) -> Seen {
        let variables = environment.iter().map(|(name, value)| (name, value));
        let mut child = self.command(arguments).envs(variables).stdin(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let input = stdin.to_vec();
        // A program that does not read its input closes the pipe; that is no failure of the test.
        let writer = std::thread::spawn(move || drop(pipe.write_all(&input)));
        let seen = self.end(child, arguments);
        writer.join().unwrap();
        seen
    }

    /// Runs it to its end, with a standard output that nobody reads.
    #[track_caller]
    pub fn run_unread(&self, arguments: &[&str]) -> Seen {
        self.run_unread_with(arguments, Stdio::null())
    }

    /// As [`Program::run_unread`], with this standard input.
    #[track_caller]
    pub fn run_unread_with(&self, arguments: &[&str], stdin: impl Into<Stdio>) -> Seen {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut child = self.command(arguments).stdin(stdin).stdout(writer).spawn().unwrap();
        // The harness reads a stream that says nothing.
        let mut silent = Command::new("true").stdout(Stdio::piped()).spawn().unwrap();
        child.stdout = silent.stdout.take();
        silent.wait().unwrap();
        self.end(child, arguments)
    }

    /// Starts it, with its streams as pipes.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// Starts it on a terminal, of which the answer is the other side. What is typed is not echoed by the terminal itself.
    pub fn on_terminal(&self, arguments: &[&str]) -> (Child, std::fs::File) {
        let pty = nix::pty::openpty(None, None).unwrap();
        let mut modes = nix::sys::termios::tcgetattr(&pty.slave).unwrap();
        modes.local_flags.remove(nix::sys::termios::LocalFlags::ECHO);
        nix::sys::termios::tcsetattr(&pty.slave, nix::sys::termios::SetArg::TCSANOW, &modes).unwrap();
        let side = || pty.slave.try_clone().unwrap();
        let child = self.command(arguments).stdin(side()).stdout(side()).stderr(side()).spawn().unwrap();
        (child, std::fs::File::from(pty.master))
    }

    /// Starts it, with its streams as pipes, standard input too.
    pub fn piped(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdin(Stdio::piped()).spawn().unwrap()
    }

    /// Waits for its end and reads its streams.
    #[track_caller]
    pub fn end(&self, mut child: Child, arguments: &[&str]) -> Seen {
        let mut streams = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let stdout = std::thread::spawn(move || std::io::read_to_string(&mut streams.0).unwrap());
        let stderr = std::thread::spawn(move || std::io::read_to_string(&mut streams.1).unwrap());
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > deadline {
                child.kill().unwrap();
                panic!("{arguments:?} did not end:\n{}\n{}", stdout.join().unwrap(), stderr.join().unwrap());
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let quote = |word: &&str| {
            if word.is_empty() || word.contains([' ', '\n']) { format!("{word:?}") } else { (*word).to_owned() }
        };
        let line: Vec<_> = ["kubectl", "opencode"].iter().chain(arguments).map(quote).collect();
        let home = self.home.path().to_str().unwrap();
        let text = |text: String| text.replace(home, "[HOME]");
        Seen {
            line: text(line.join(" ")),
            status: status.code().or_else(|| status.signal().map(|signal| -signal)).unwrap(),
            stdout: text(stdout.join().unwrap()),
            stderr: text(stderr.join().unwrap()),
        }
    }
}
