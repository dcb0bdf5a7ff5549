//! What `sandbox VERB` says: a sandbox that is started, stopped and removed, and what can be in its way.

use std::path::PathBuf;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::home::{children_of, eventually};
use crate::program::{Program, Shell};

/// A home whose sandbox goes with it.
struct Place(Program);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.run(&["sandbox", "reset", "--yes"]);
    }
}

impl Place {
    fn new() -> Self {
        Self(Program::new().with("PATH", std::env::var_os("PATH").unwrap()))
    }

    /// Runs `sandbox` with these words, which is told.
    #[track_caller]
    fn told(&self, words: &[&str], status: i32, situation: &str) {
        self.0.run(&[&["sandbox"], words].concat()).exits(status).is_told("sandbox", situation);
    }

    #[track_caller]
    fn done(&self, words: &[&str]) {
        self.0.run(&[&["sandbox"], words].concat()).exits(0);
    }

    fn status(&self) -> Value {
        serde_json::from_str(&self.0.run(&["sandbox", "status", "-o", "json"]).exits(0).stdout).unwrap()
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.status()["pid"].as_i64().unwrap()).unwrap())
    }

    fn folder(&self) -> PathBuf {
        self.0.home().join(".local/state/kubectl-opencode/sandboxes/default")
    }
}

const OTHERS: &str = "apiVersion: v1\nkind: Config\ncurrent-context: work\nclusters: [{name: work, cluster: {server: 'https://work:6443'}}]\n\
    contexts: [{name: work, context: {cluster: work, user: me}}]\nusers: [{name: me, user: {token: 'yes'}}]\n";

#[test]
fn a_sandbox_says_what_becomes_of_it() {
    let place = Place::new();
    let user = place.0.home().join(".kube/config");
    std::fs::create_dir_all(user.parent().unwrap()).unwrap();
    std::fs::write(&user, OTHERS).unwrap();
    let start = ["sandbox", "start"];
    let shell = Shell { environment: vec![("PATH".into(), "/nowhere".into())], ..Shell::default() };
    place.0.run_in(&shell, &start, b"").exits(0).is_told("sandbox", "It is started without opencode");
    place.told(&["stop"], 0, "It is stopped");
    place.told(&["stop"], 0, "It is stopped again");
    let asked = [("[y/N]", "y")];
    place.0.with_person(&start, &asked).exits(0).is_told("sandbox", "It is started by a person, who wants its context");
    place.told(&["start", "--set-context"], 0, "It runs, and its context is wanted");
    place.told(&["status"], 0, "It runs");
    place.told(&["stop"], 0, "It is stopped and its context is current");

    let server = place.status()["server"].as_str().unwrap().replace("https://", "");
    let taken = std::net::TcpListener::bind(server).unwrap();
    place.told(&["start", "--port", "0"], 0, "It gets another port");
    drop(taken);
    place.done(&["stop"]);
    std::fs::write(&user, "a: {").unwrap();
    place.told(&["start"], 0, "The user's kubeconfig is broken");
    place.done(&["stop"]);
    std::fs::write(&user, OTHERS).unwrap();
    place.told(&["start", "--set-context"], 0, "It is started with its context");
    place.done(&["stop"]);

    let words = ["sandbox", "start", "--foreground"];
    let mut run = place.0.begin(&words);
    // Its log stands between.
    let seen = run.says("stop it with ctrl-c").interrupt().end().exits(0).without(" kubectl_opencode::");
    seen.is_told("sandbox", "It runs in the foreground and is interrupted");
    let no = [("[y/N]", "n")];
    place
        .0
        .with_person(&["sandbox", "reset"], &no)
        .exits(0)
        .is_told("sandbox", "It is to be removed, and a person says no");
    place.told(&["reset", "--yes"], 0, "It is removed");
    place.told(&["reset", "--yes"], 0, "It is removed again");
}

#[test]
fn files_of_a_sandbox_are_missed() {
    let place = Place::new();
    place.done(&["start"]);
    place.done(&["stop"]);
    let file = |name: &str| place.folder().join(name);
    std::fs::remove_file(file("kubeconfig")).unwrap();
    place.told(&["kubeconfig"], 3, "It has no kubeconfig");
    std::fs::remove_file(file("sandbox.log")).unwrap();
    place.told(&["logs"], 3, "It has no log");
    std::fs::create_dir(file("sandbox.log")).unwrap();
    place.told(&["start"], 7, "Its log cannot be written");
    std::fs::remove_dir(file("sandbox.log")).unwrap();

    // It waits for somebody to write to its journal, and is killed meanwhile.
    let journal = std::fs::read(file("journal")).unwrap();
    std::fs::remove_file(file("journal")).unwrap();
    nix::unistd::mkfifo(&file("journal"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let words = ["sandbox", "start"];
    let mut run = place.0.begin(&words);
    let mut writer = None;
    eventually("the sandbox waits for its journal", || {
        let mut options = std::fs::OpenOptions::new();
        std::os::unix::fs::OpenOptionsExt::custom_flags(options.write(true), nix::libc::O_NONBLOCK);
        writer = options.open(file("journal")).ok();
        writer.is_some()
    });
    let own: Vec<_> = children_of(run.pid()).into_iter().flat_map(children_of).collect();
    assert_eq!(own.len(), 1);
    kill(Pid::from_raw(own[0]), Signal::SIGKILL).unwrap();
    run.end().exits(5).is_told("sandbox", "It is killed before it is ready");
    std::fs::remove_file(file("journal")).unwrap();
    std::fs::write(file("journal"), journal).unwrap();
}

#[test]
fn a_sandbox_that_does_not_end_is_told() {
    let place = Place::new();
    place.done(&["start"]);
    let pid = place.pid();
    kill(pid, Signal::SIGSTOP).unwrap();
    let seen = place.0.run(&["sandbox", "stop"]);
    kill(pid, Signal::SIGCONT).unwrap();
    seen.exits(124).is_told("sandbox", "It does not end");
}
