//! A home directory of a test's own, with its sandbox; both are gone when it is dropped.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use kube::config::{KubeConfigOptions, Kubeconfig};
use serde_json::Value;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_kubectl-opencode");

/// How long anything may take on a busy machine.
pub const LONG: Duration = Duration::from_secs(60);

/// A home directory.
pub struct Home {
    folder: tempfile::TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ended {
    /// The standard output of a command that must have succeeded.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.status, Some(0), "{self:#?}");
        self.stdout
    }

    /// The standard error of a command that must have ended with this status.
    #[track_caller]
    pub fn failed(self, status: i32) -> String {
        assert_eq!(self.status, Some(status), "{self:#?}");
        assert_eq!(self.stdout, "", "{self:#?}");
        self.stderr
    }
}

impl Home {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of the sandbox `default`.
    pub fn state(&self) -> PathBuf {
        self.path().join(".local/state/kubectl-opencode/sandboxes/default")
    }

    /// A program whose surroundings are this home.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("XDG_") || name.starts_with("KUBE") || name.starts_with("OPENCODE") {
                command.env_remove(&*name);
            }
        }
        command.env("HOME", self.path()).current_dir(self.path()).stdin(Stdio::null());
        command
    }

    /// Runs `kubectl-opencode` with these words.
    pub fn run(&self, words: &[&str]) -> Ended {
        self.command(PROGRAM).args(words).output().unwrap().into()
    }

    /// Runs `sandbox` with these words.
    pub fn sandbox(&self, words: &[&str]) -> Ended {
        self.run(&[&["sandbox"], words].concat())
    }

    /// What `sandbox status -o json` says.
    pub fn status(&self) -> Value {
        serde_json::from_str(&self.sandbox(&["status", "-o", "json"]).ok()).unwrap()
    }

    /// The pid of the running sandbox.
    pub fn pid(&self) -> i32 {
        i32::try_from(self.status()["pid"].as_i64().expect("the sandbox runs")).unwrap()
    }

    /// A client of the sandbox, made from its kubeconfig.
    pub async fn client(&self) -> kube::Client {
        client_of(&self.state().join("kubeconfig")).await
    }

    /// Runs `kubectl-opencode` with these words against the sandbox.
    pub fn inside(&self, words: &[&str]) -> Ended {
        self.command(PROGRAM).env("KUBECONFIG", self.state().join("kubeconfig")).args(words).output().unwrap().into()
    }

    /// Kills the sandbox as `kill -9` does, and waits until it and everything that it ran are gone.
    #[track_caller]
    pub fn kill(&self) {
        let pid = nix::unistd::Pid::from_raw(self.pid());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL).unwrap();
        eventually("the sandbox is gone with all that it ran", || {
            self.status()["running"] == false && self.processes().is_empty()
        });
    }

    /// Processes whose environment or arguments name this home.
    pub fn processes(&self) -> Vec<String> {
        let home = self.path().to_str().unwrap().as_bytes();
        let mut found = Vec::new();
        for entry in std::fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
            let pid = entry.file_name();
            if !pid.to_string_lossy().bytes().all(|byte| byte.is_ascii_digit())
                || pid == *std::process::id().to_string()
            {
                continue;
            }
            let read = |name: &str| std::fs::read(entry.path().join(name)).unwrap_or_default();
            let names_home = |bytes: &[u8]| bytes.windows(home.len()).any(|window| window == home);
            if names_home(&read("environ")) || names_home(&read("cmdline")) {
                let words = String::from_utf8_lossy(&read("cmdline")).replace('\0', " ");
                found.push(format!("{} {words}", pid.to_string_lossy()));
            }
        }
        found
    }
}

/// A client of the cluster that a kubeconfig names.
pub async fn client_of(kubeconfig: &Path) -> kube::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = Kubeconfig::read_from(kubeconfig).unwrap();
    let config = kube::Config::from_custom_kubeconfig(config, &KubeConfigOptions::default()).await.unwrap();
    kube::Client::try_from(config).unwrap()
}

/// The children of a process.
pub fn children_of(pid: i32) -> Vec<i32> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap().filter_map(Result::ok);
    let children = tasks.map(|task| std::fs::read_to_string(task.path().join("children")).unwrap_or_default());
    children.collect::<String>().split_whitespace().map(|pid| pid.parse().unwrap()).collect()
}

impl Drop for Home {
    fn drop(&mut self) {
        // A test that failed may have left its sandbox running.
        let _ = self.command(PROGRAM).args(["sandbox", "reset", "--yes"]).output();
    }
}

/// Waits until `is_true`, and fails after [`LONG`].
#[track_caller]
pub fn eventually(what: &str, mut is_true: impl FnMut() -> bool) {
    let deadline = Instant::now() + LONG;
    while !is_true() {
        assert!(Instant::now() < deadline, "not so after {LONG:?}: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
