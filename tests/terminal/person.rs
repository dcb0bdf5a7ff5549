//! A person at a terminal: types, and looks at the screen.

use std::os::fd::AsFd as _;
use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use nix::sys::termios::{Termios, tcgetattr};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Child;

use crate::cluster::Cluster;
use crate::modes::Modes;

const PATIENCE: Duration = Duration::from_secs(60);

pub struct Person {
    /// What was typed to run the program.
    pub line: String,
    pty: pty_process::Pty,
    /// Kept open, so that what was written last can still be read and the settings looked at when the program is gone.
    _pts: pty_process::Pts,
    child: Child,
    pub screen: vt100::Parser,
    pub seen: Vec<u8>,
    before: Termios,
}

impl Person {
    /// Runs `kubectl-opencode ARGUMENTS` on a new terminal of 30 rows and 100 columns.
    pub fn run<S>(cluster: &Cluster<S>, arguments: &[&str]) -> Self {
        Self::at_home(cluster.home(), env!("CARGO_BIN_EXE_kubectl-opencode"), arguments)
    }

    /// Runs a program on such a terminal, in its home, where a kubeconfig may be.
    pub fn at_home(home: &Path, program: &str, arguments: &[&str]) -> Self {
        let (pty, pts) = pty_process::open().unwrap();
        pty.resize(pty_process::Size::new(30, 100)).unwrap();
        let before = tcgetattr(pty.as_fd()).unwrap();
        let child = pty_process::Command::new(program)
            .args(arguments)
            .env_clear()
            .current_dir(home)
            .env("HOME", home)
            .env("KUBECONFIG", home.join("kubeconfig"))
            .env("TERM", "xterm-256color")
            .env("PATH", std::env::var_os("PATH").unwrap())
            .kill_on_drop(true)
            .spawn_borrowed(&pts)
            .unwrap();
        let words: Vec<_> = std::iter::once(program).chain(arguments.iter().copied()).collect();
        let line = words.strip_prefix(["sh", "-c"].as_slice()).unwrap_or(&words).join(" ");
        Self { line, pty, _pts: pts, child, screen: vt100::Parser::new(30, 100, 10_000), seen: Vec::new(), before }
    }

    pub async fn types(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).await.unwrap();
    }

    /// Types once keys are taken one by one: before, the terminal would show them itself.
    pub async fn presses(&mut self, keys: &str) {
        self.until(|person| !person.has_own_settings()).await;
        self.types(keys).await;
    }

    pub fn resizes(&mut self, rows: u16, cols: u16) {
        self.pty.resize(pty_process::Size::new(rows, cols)).unwrap();
        self.screen.screen_mut().set_size(rows, cols);
    }

    /// Looks until the screen shows `text`.
    pub async fn sees(&mut self, text: &str) {
        self.looks(|screen, _| screen.contents().contains(text), text).await;
    }

    /// Looks until `what` is true of the screen and of all that was ever written to it.
    pub async fn looks(&mut self, what: impl Fn(&vt100::Screen, &[u8]) -> bool, name: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let mut buffer = [0; 8192];
        while !what(self.screen.screen(), &self.seen) {
            match tokio::time::timeout_at(deadline, self.pty.read(&mut buffer)).await {
                Ok(Ok(length)) if length > 0 => {
                    self.screen.process(&buffer[..length]);
                    self.seen.extend_from_slice(&buffer[..length]);
                }
                other => panic!("never saw {name:?} ({other:?}); the screen:\n{}", self.screen.screen().contents()),
            }
        }
    }

    /// Reads until nothing has been written for so long.
    pub async fn falls_silent(&mut self, silence: Duration) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let mut buffer = [0; 8192];
        while let Ok(read) = tokio::time::timeout(silence, self.pty.read(&mut buffer)).await {
            assert!(tokio::time::Instant::now() < deadline, "never silent");
            let length = read.unwrap();
            self.screen.process(&buffer[..length]);
            self.seen.extend_from_slice(&buffer[..length]);
        }
    }

    /// Looks for so long.
    pub async fn watches(&mut self, time: Duration) {
        let end = tokio::time::Instant::now() + time;
        let mut buffer = [0; 8192];
        while let Ok(read) = tokio::time::timeout_at(end, self.pty.read(&mut buffer)).await {
            let length = read.unwrap();
            self.screen.process(&buffer[..length]);
            self.seen.extend_from_slice(&buffer[..length]);
        }
    }

    /// Looks at the terminal slowly until `what` holds: 50 kB in a second, and less on a busy machine.
    pub async fn dawdles(&mut self, what: impl Fn(&Self) -> bool) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let mut buffer = [0; 512];
        while !what(self) {
            assert!(tokio::time::Instant::now() < deadline, "never came");
            let pause = Duration::from_millis(10);
            if let Ok(read) = tokio::time::timeout(pause, self.pty.read(&mut buffer)).await {
                let length = read.unwrap();
                self.screen.process(&buffer[..length]);
                self.seen.extend_from_slice(&buffer[..length]);
                tokio::time::sleep(pause).await;
            }
        }
    }

    /// Types much, and looks meanwhile.
    pub async fn pastes(&mut self, text: &str) {
        let (mut reader, mut writer) = self.pty.split();
        let mut buffer = [0; 8192];
        let mut typing = std::pin::pin!(writer.write_all(text.as_bytes()));
        loop {
            tokio::select! {
                typed = &mut typing => return typed.unwrap(),
                read = reader.read(&mut buffer) => {
                    let length = read.unwrap();
                    self.screen.process(&buffer[..length]);
                    self.seen.extend_from_slice(&buffer[..length]);
                }
            }
        }
    }

    /// Whether the program has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    pub fn pid(&self) -> u32 {
        self.child.id().unwrap()
    }

    pub fn signals(&self, signal: nix::sys::signal::Signal) {
        let pid = i32::try_from(self.child.id().unwrap()).unwrap();
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), signal).unwrap();
    }

    /// Whether the terminal's settings are what they were before the program ran.
    pub fn has_own_settings(&self) -> bool {
        tcgetattr(self.pty.as_fd()).unwrap() == self.before
    }

    /// Whether the program is stopped, as the kernel tells.
    pub fn is_stopped(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id().unwrap())).unwrap();
        stat.rsplit_once(") ").unwrap().1.starts_with('T')
    }

    /// Looks at the terminal until `what` holds.
    pub async fn until(&mut self, what: impl Fn(&Self) -> bool) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let mut buffer = [0; 8192];
        while !what(self) {
            assert!(tokio::time::Instant::now() < deadline, "never came");
            if let Ok(read) = tokio::time::timeout(Duration::from_millis(10), self.pty.read(&mut buffer)).await {
                let length = read.unwrap();
                self.screen.process(&buffer[..length]);
                self.seen.extend_from_slice(&buffer[..length]);
            }
        }
    }

    /// Waits for the program's end and reads on meanwhile; the terminal's settings must be what they were.
    pub async fn ends(&mut self) -> ExitStatus {
        let mut buffer = [0; 8192];
        let status = loop {
            tokio::select! {
                biased;
                read = self.pty.read(&mut buffer) => {
                    let length = read.unwrap();
                    self.screen.process(&buffer[..length]);
                    self.seen.extend_from_slice(&buffer[..length]);
                }
                status = tokio::time::timeout(PATIENCE, self.child.wait()) => {
                    break status.unwrap_or_else(|_| panic!("does not end:\n{}", self.screen.screen().contents())).unwrap();
                }
            }
        };
        // What was written just before the end.
        while let Ok(Ok(length)) = tokio::time::timeout(Duration::from_millis(100), self.pty.read(&mut buffer)).await {
            self.screen.process(&buffer[..length]);
            self.seen.extend_from_slice(&buffer[..length]);
        }
        assert_eq!(tcgetattr(self.pty.as_fd()).unwrap(), self.before, "the terminal's settings");
        assert_eq!(Modes::of(&self.seen), Modes::default(), "modes of the screen");
        status
    }
}
