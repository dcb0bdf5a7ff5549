//! Runs the program.

use std::ffi::OsString;
use std::fmt;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kubectl-opencode");
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

    /// Without these lines of stderr, which are not the same in each run.
    pub fn without(self, unwanted: &str) -> Self {
        let stderr = self.stderr.split_inclusive('\n').filter(|line| !line.contains(unwanted)).collect();
        Self { stderr, ..self }
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
pub fn read_until(stream: &mut (impl Read + AsFd), text: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    let mut told = Vec::new();
    while !String::from_utf8_lossy(&told).contains(text) {
        let left = deadline.saturating_duration_since(Instant::now());
        let ready = poll(&mut [PollFd::new(stream.as_fd(), PollFlags::POLLIN)], PollTimeout::try_from(left).unwrap());
        assert_eq!(ready, Ok(1), "it does not say {text:?}: {}", String::from_utf8_lossy(&told));
        let mut byte = [0];
        let read = stream.read(&mut byte).unwrap();
        assert_eq!(read, 1, "it ended without saying {text:?}: {}", String::from_utf8_lossy(&told));
        told.push(byte[0]);
    }
    String::from_utf8(told).unwrap()
}

/// What a shell makes ready for one run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shell {
    /// Variables of the run.
    pub environment: Vec<(String, String)>,
    /// A command before it: `ulimit …`.
    pub before: String,
    /// A file that is standard input, from the home on.
    pub stdin: Option<String>,
    /// A file that is standard output.
    pub stdout: Option<String>,
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

    /// Its home.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A file in its home.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        self.surround(command.args(arguments));
        command
    }

    /// Gives a command the surroundings of this program.
    fn surround(&self, command: &mut Command) {
        command
            .env_clear()
            .env("HOME", self.home.path())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Seen {
        self.run_with(arguments, b"")
    }

    /// Runs it to its end, with this on standard input.
    #[track_caller]
    pub fn run_with(&self, arguments: &[&str], stdin: &[u8]) -> Seen {
        self.run_in(&Shell::default(), arguments, stdin)
    }

    /// As [`Program::run_with`], where a shell has made something ready.
    #[track_caller]
    pub fn run_in(&self, shell: &Shell, arguments: &[&str], stdin: &[u8]) -> Seen {
        let mut command = self.command(arguments);
        if !shell.before.is_empty() {
            command = Command::new("bash");
            // A file that may not grow is an error then, and no signal.
            let line = format!("trap '' XFSZ; {}; exec \"$0\" \"$@\"", shell.before);
            self.surround(command.args(["-c", &line, PROGRAM]).args(arguments));
        }
        command.envs(shell.environment.iter().map(|(name, value)| (name, value))).stdin(Stdio::piped());
        if let Some(file) = &shell.stdin {
            command.stdin(std::fs::File::open(self.home.path().join(file)).unwrap());
        }
        if let Some(file) = &shell.stdout {
            command.stdout(std::fs::OpenOptions::new().write(true).open(file).unwrap());
        }
        let mut child = command.spawn().unwrap();
        let Some(mut pipe) = child.stdin.take() else { return self.end(child, arguments) };
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
        let child = self.command(arguments).stdin(stdin).stdout(writer).spawn().unwrap();
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
        self.beside(pty, arguments)
    }

    /// Starts it on a terminal that shows what is typed, as a person's does.
    pub fn on_echoing_terminal(&self, arguments: &[&str]) -> (Child, std::fs::File) {
        self.beside(nix::pty::openpty(None, None).unwrap(), arguments)
    }

    fn beside(&self, pty: nix::pty::OpenptyResult, arguments: &[&str]) -> (Child, std::fs::File) {
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
        let read = |stream: Option<Box<dyn std::io::Read + Send>>| {
            std::thread::spawn(move || {
                stream.map(|stream| std::io::read_to_string(stream).unwrap()).unwrap_or_default()
            })
        };
        let stdout = read(child.stdout.take().map(|stream| Box::new(stream) as _));
        let stderr = read(child.stderr.take().map(|stream| Box::new(stream) as _));
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
        let streams = [stdout, stderr].map(|stream| stream.join().unwrap());
        self.seen(arguments, status.code().or_else(|| status.signal().map(|signal| -signal)).unwrap(), streams)
    }

    fn seen(&self, arguments: &[&str], status: i32, streams: [String; 2]) -> Seen {
        let quote = |word: &&str| {
            if word.is_empty() || word.contains([' ', '\n']) { format!("{word:?}") } else { (*word).to_owned() }
        };
        let line: Vec<_> = ["kubectl", "opencode"].iter().chain(arguments).map(quote).collect();
        let home = self.home.path().to_str().unwrap();
        let [stdout, stderr] = streams.map(|text| text.replace(home, "[HOME]"));
        Seen { line: line.join(" ").replace(home, "[HOME]"), status, stdout, stderr }
    }

    /// Starts it, for a test in whose course something happens to it.
    pub fn begin<'a>(&'a self, words: &'a [&'a str]) -> Running<'a> {
        Running { program: self, words, child: Some(self.start(words)), streams: Default::default() }
    }

    /// Runs it on a terminal, where a person waits for each of these texts and types what stands beside it. What is seen on
    /// standard output is the last screen.
    #[track_caller]
    pub fn with_person(&self, words: &[&str], talk: &[(&str, &str)]) -> Seen {
        let (mut child, mut terminal) = self.on_terminal(words);
        let mut shown = String::new();
        for (told, typed) in talk {
            shown += &read_until(&mut terminal, told);
            terminal.write_all(typed.as_bytes()).unwrap();
        }
        let mut rest = Vec::new();
        // Linux answers EIO when the other side is closed.
        let _ = std::io::Read::read_to_end(&mut terminal, &mut rest);
        shown += &String::from_utf8(rest).unwrap();
        let mut screen = vt100::Parser::new(50, 150, 0);
        screen.process(shown.as_bytes());
        let lines = screen.screen().contents();
        self.seen(words, child.wait().unwrap().code().unwrap(), [lines, String::new()])
    }
}

/// A run in which the test has its hand.
pub struct Running<'a> {
    program: &'a Program,
    words: &'a [&'a str],
    child: Option<Child>,
    /// What was read of standard output and standard error.
    streams: [String; 2],
}

impl Running<'_> {
    /// Waits until its standard error says this.
    #[track_caller]
    pub fn says(&mut self, text: &str) -> &mut Self {
        let said = read_until(self.child.as_mut().unwrap().stderr.as_mut().unwrap(), text);
        self.streams[1] += &said;
        self
    }

    /// Waits until its standard output says this.
    #[track_caller]
    pub fn prints(&mut self, text: &str) -> &mut Self {
        let printed = read_until(self.child.as_mut().unwrap().stdout.as_mut().unwrap(), text);
        self.streams[0] += &printed;
        self
    }

    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.as_ref().unwrap().id()).unwrap()
    }

    /// Presses ctrl-c.
    pub fn interrupt(&mut self) -> &mut Self {
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(self.pid()), nix::sys::signal::Signal::SIGINT).unwrap();
        self
    }

    /// Waits for its end.
    #[track_caller]
    pub fn end(&mut self) -> Seen {
        let rest = self.program.end(self.child.take().unwrap(), self.words);
        let [stdout, stderr] = std::mem::take(&mut self.streams);
        let home = self.program.home.path().to_str().unwrap();
        let text = |before: String, rest: String| before.replace(home, "[HOME]") + &rest;
        Seen { stdout: text(stdout, rest.stdout), stderr: text(stderr, rest.stderr), ..rest }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // A test that fails leaves nothing behind.
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
