//! The shim and the launcher, driven as the node drives them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kubectl_opencode::sandbox::node::container::{self, Outputs, Program};
use kubectl_opencode::sandbox::node::processes;
use kubectl_opencode::sandbox::node::shim::{self, Launch, Order};
use tokio::io::AsyncReadExt;
use tokio::time::{Instant, sleep, timeout};

const LIMIT: Duration = Duration::from_secs(20);

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_kubectl-opencode"))
}

fn launch(mark: &str, command: &[&str]) -> Launch {
    Launch {
        command: command.iter().map(|word| (*word).to_owned()).collect(),
        environment: BTreeMap::from([
            ("PATH".to_owned(), std::env::var("PATH").unwrap()),
            (processes::MARK.to_owned(), format!("{mark}/pod")),
        ]),
        directory: PathBuf::from("/"),
        terminal: None,
        input: None,
    }
}

/// The processes that carry the mark of a test, by their environment; zombies have none.
pub fn marked(mark: &str) -> Vec<i32> {
    let text = format!("{}={mark}/", processes::MARK);
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok())
        .filter(|pid| {
            fs::read(format!("/proc/{pid}/environ"))
                .is_ok_and(|all| all.split(|byte| *byte == 0).any(|one| one.starts_with(text.as_bytes())))
        })
        .collect()
}

/// The shims among them.
pub fn shims(mark: &str) -> Vec<i32> {
    let is_shim = |pid: &i32| {
        fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| String::from_utf8_lossy(&line).contains(shim::SHIM))
    };
    marked(mark).into_iter().filter(is_shim).collect()
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !condition() {
        assert!(Instant::now() < deadline, "never happened: {what}");
        sleep(Duration::from_millis(10)).await;
    }
}

async fn start(mark: &str, command: &[&str]) -> (Program, String, container::Pipes) {
    let (program, pipes) = container::start(program(), &launch(mark, command), Outputs::Piped).await.unwrap();
    (program, mark.to_owned(), pipes)
}

/// A program that forks twice, leaves its session, ignores TERM, and says when that is done.
const RUNAWAY: &[&str] = &[
    "sh",
    "-c",
    "trap '' TERM; (setsid sh -c 'trap \"\" TERM HUP; sleep 600 & sleep 600 & echo up; wait' &) ; sleep 600",
];

async fn runaway(mark: &str) -> (Program, container::Pipes) {
    let (program, _, mut pipes) = start(mark, RUNAWAY).await;
    let mut said = [0; 3];
    timeout(LIMIT, pipes.as_mut().unwrap().0.read_exact(&mut said)).await.unwrap().unwrap();
    assert_eq!(&said, b"up\n");
    assert!(marked(mark).len() >= 5, "shim, program, sleep, runaway shell and its two sleeps");
    (program, pipes)
}

#[tokio::test]
async fn outputs_exit_status_and_environment_are_the_programs_own() {
    let (program, _, pipes) = start("plain", &["sh", "-c", "echo out; echo err >&2; pwd; exit 7"]).await;
    let (mut stdout, mut stderr) = pipes.unwrap();
    let (mut out, mut err) = (String::new(), String::new());
    stdout.read_to_string(&mut out).await.unwrap();
    stderr.read_to_string(&mut err).await.unwrap();
    assert_eq!((out.as_str(), err.as_str()), ("out\n/\n", "err\n"));
    let end = program.ended().await;
    assert_eq!((end.status, end.signal), (7, None));
}

#[tokio::test]
async fn a_program_that_is_missing_is_told_in_the_runtimes_words() {
    let error =
        container::start(program(), &launch("missing", &["no-such-program"]), Outputs::Piped).await.unwrap_err();
    assert_eq!(error.to_string(), r#"exec: "no-such-program": executable file not found in $PATH"#);
    assert_eq!(marked("missing"), Vec::<i32>::new());
}

#[tokio::test]
async fn term_reaches_the_program_and_its_own_status_comes_back() {
    let (program, _, mut pipes) =
        start("term", &["sh", "-c", "trap 'exit 3' TERM; echo up; while :; do sleep 0.05; done"]).await;
    let mut said = [0; 3];
    pipes.as_mut().unwrap().0.read_exact(&mut said).await.unwrap();
    program.order(Order::Terminate);
    assert_eq!(timeout(LIMIT, program.ended()).await.unwrap().status, 3);
}

#[tokio::test]
async fn kill_ends_daemons_in_sessions_of_their_own() {
    let (program, _pipes) = runaway("kill").await;
    program.order(Order::Kill);
    let end = timeout(LIMIT, program.ended()).await.unwrap();
    assert_eq!((end.status, end.signal), (137, Some(9)));
    assert_eq!(marked("kill"), Vec::<i32>::new());
}

#[tokio::test]
async fn the_end_of_the_program_is_the_end_of_its_daemons() {
    let (program, _, _pipes) =
        start("main-ends", &["sh", "-c", "(setsid sleep 600 &); (setsid sleep 600 &); exit 0"]).await;
    assert_eq!(timeout(LIMIT, program.ended()).await.unwrap().status, 0);
    assert_eq!(marked("main-ends"), Vec::<i32>::new());
}

#[tokio::test]
async fn a_dropped_program_leaves_nothing() {
    let (program, pipes) = runaway("dropped").await;
    drop((program, pipes));
    until("nothing is left", || marked("dropped").is_empty()).await;
}

#[tokio::test]
async fn a_killed_shim_takes_its_program_and_what_that_sent_away_along() {
    let (program, _pipes) = runaway("shim-killed").await;
    let shim = shims("shim-killed")[0];
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(shim), nix::sys::signal::Signal::SIGKILL).unwrap();
    assert_eq!(timeout(LIMIT, program.ended()).await.unwrap().status, 137);
    assert_eq!(marked("shim-killed"), Vec::<i32>::new());
}

#[tokio::test]
async fn a_sweep_takes_what_bears_the_mark_and_no_other() {
    // Children of this test, which no shim knows.
    let bearing = |mark: &str| {
        let mut command = std::process::Command::new("sleep");
        command.arg("600").env(processes::MARK, mark).spawn().unwrap()
    };
    let (mut one, mut other) = (bearing("sweep-a/pod/c"), bearing("sweep-ab/pod/c"));
    until("both bear their marks", || marked("sweep-a").len() + marked("sweep-ab").len() == 2).await;
    assert!(tokio::task::spawn_blocking(|| processes::sweep("sweep-a")).await.unwrap() >= 1);
    assert_eq!((marked("sweep-a").len(), marked("sweep-ab").len()), (0, 1));
    other.kill().unwrap();
    other.wait().unwrap();
    // The sweep has reaped it.
    assert!(one.wait().is_err() || one.try_wait().is_ok());
}

#[tokio::test]
async fn a_program_inherits_no_descriptor_but_its_streams() {
    let (program, _, pipes) = start("descriptors", &["sh", "-c", "ls /proc/self/fd | wc -l"]).await;
    let mut out = String::new();
    pipes.unwrap().0.read_to_string(&mut out).await.unwrap();
    // Three streams and the folder that ls reads.
    assert_eq!(out.trim(), "4");
    assert_eq!(program.ended().await.status, 0);
}

#[tokio::test]
async fn a_program_starts_with_no_signal_blocked_or_ignored_whoever_starts_the_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let deaf = folder.path().join("deaf");
    let script = format!("#!/bin/sh\ntrap '' HUP INT QUIT TERM\nexec {} \"$@\"\n", program().display());
    // Written by another process: a file that this one has open for writing may be open in a child of it, too, and is then
    // no program that can be started (execve(2), `ETXTBSY`).
    let write = r#"printf %s "$1" >"$2" && chmod 700 "$2""#;
    let written = std::process::Command::new("sh").args(["-c", write, "sh", &script]).arg(&deaf).status().unwrap();
    assert!(written.success());
    let launch = launch("signals", &["grep", "-E", "^Sig(Blk|Ign):", "/proc/self/status"]);
    let (program, pipes) = container::start(&deaf, &launch, Outputs::Piped).await.unwrap();
    let mut out = String::new();
    pipes.unwrap().0.read_to_string(&mut out).await.unwrap();
    let masks: Vec<u64> =
        out.lines().map(|line| u64::from_str_radix(line.split_whitespace().nth(1).unwrap(), 16).unwrap()).collect();
    // HUP, INT, QUIT, PIPE, TERM and CHLD; others may be ignored by whoever runs this test.
    let signals = [1, 2, 3, 13, 15, 17].map(|signal| 1_u64 << (signal - 1)).iter().sum::<u64>();
    assert!(masks.len() == 2 && masks.iter().all(|mask| mask & signals == 0), "{out}");
    assert_eq!(program.ended().await.status, 0);
}

#[tokio::test]
async fn input_reaches_the_program_through_a_named_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("input");
    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let mut writer = tokio::net::unix::pipe::OpenOptions::new().read_write(true).open_sender(&path).unwrap();
    let launch = Launch { input: Some(path), ..launch("input", &["cat"]) };
    let (program, pipes) = container::start(program(), &launch, Outputs::Piped).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut writer, b"typed").await.unwrap();
    drop(writer);
    let mut out = String::new();
    pipes.unwrap().0.read_to_string(&mut out).await.unwrap();
    assert_eq!(out, "typed");
    assert_eq!(program.ended().await.status, 0);
}
