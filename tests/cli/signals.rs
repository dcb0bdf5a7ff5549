//! INT and TERM: the program ends by the signal, the work goes on.

use std::fs::File;
use std::os::unix::process::ExitStatusExt as _;
use std::time::{Duration, Instant};

use kubectl_opencode::api::kinds::TASK;
use nix::sys::signal::{Signal, kill};
use nix::sys::termios::{LocalFlags, tcgetattr};
use nix::unistd::Pid;
use serde_json::json;

use crate::cluster::Cluster;
use crate::program::read_until;

fn interrupted(signal: Signal) -> crate::program::Seen {
    let cluster = Cluster::start();
    cluster.ready_agent("dev");
    let program = cluster.program();
    let arguments = ["run", "hi", "--name", "t"];
    let child = program.start(&arguments);
    cluster.first(&TASK);
    // Once the task is there, the program is about to say so and to wait; the words below need it to wait.
    let mut child = child;
    let mut stderr = child.stderr.take().unwrap();
    read_until(&mut stderr, "task \"t\" is pending");
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), signal).unwrap();
    child.stderr = Some(stderr);
    let seen = program.end(child, &arguments);
    assert!(
        cluster.get(&TASK, "t")["metadata"]["annotations"].get("kubeopencode.io/stop").is_none(),
        "the task goes on"
    );
    seen
}

#[test]
fn an_interrupt_leaves_the_task_running_and_says_so() {
    let seen = interrupted(Signal::SIGINT);
    assert_eq!(seen.status, -2, "{seen}");
    seen.is_as_in("run-interrupted");
}

#[test]
fn termination_likewise() {
    let seen = interrupted(Signal::SIGTERM);
    assert_eq!(seen.status, -15, "{seen}");
    seen.says("terminated; task \"t\" goes on in the cluster");
}

#[test]
fn a_signal_ends_a_question_and_gives_the_terminal_back() {
    let cluster = Cluster::start();
    cluster.create(&TASK, "t", json!({"description": "x", "agentRef": {"name": "dev"}}));
    let program = cluster.program();
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let (mut child, mut terminal) = program.on_terminal(&["task", "delete", "--all"]);
        let hands_over_lines =
            |terminal: &File| tcgetattr(terminal).unwrap().local_flags.contains(LocalFlags::ICANON | LocalFlags::ISIG);
        assert!(hands_over_lines(&terminal));
        let asked = read_until(&mut terminal, "[y/N]");
        assert!(asked.contains("delete 1 task: t?"), "{asked}");
        // The question is drawn before keys are handed over one by one.
        let deadline = Instant::now() + Duration::from_secs(30);
        while hands_over_lines(&terminal) {
            assert!(Instant::now() < deadline, "keys are not handed over");
            std::thread::yield_now();
        }
        kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), signal).unwrap();
        // The cursor, which the question hides, is shown again.
        read_until(&mut terminal, "\x1b[?25h");
        assert_eq!(child.wait().unwrap().signal(), Some(signal as i32));
        assert!(hands_over_lines(&terminal));
    }
    cluster.get(&TASK, "t");
}
