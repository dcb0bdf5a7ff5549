//! Nothing outlives a sandbox, however it and its helpers end.

use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::PostParams;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;

use crate::home::{Home, children_of, eventually};

/// A sandbox with a Pod whose program sends a daemon away that leaves its session and throws away its environment, and
/// with it its mark.
async fn with_daemon() -> Home {
    let home = Home::new();
    home.sandbox(&["start"]).ok();
    let daemon =
        format!("env -i setsid sh -c 'trap \"\" TERM HUP; /bin/sleep 600; : daemon of {}'", home.path().display());
    let pod = json!({
        "metadata": { "name": "runaway" },
        "spec": { "containers": [{ "name": "c", "image": "x", "command": ["sh", "-c", format!("({daemon} &); sleep 600")] }] },
    });
    let pods = Api::<Pod>::default_namespaced(home.client().await);
    pods.create(&PostParams::default(), &serde_json::from_value(pod).unwrap()).await.unwrap();
    eventually("the daemon runs", || daemons(&home) == 1);
    home
}

fn daemons(home: &Home) -> usize {
    home.processes().iter().filter(|line| line.contains(": daemon of") && line.contains(" sh -c trap")).count()
}

fn shims(home: &Home) -> Vec<i32> {
    let all = children_of(home.pid());
    assert!(!all.is_empty(), "a container has a shim");
    all
}

fn kill_9(pid: i32) {
    kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
}

#[tokio::test]
async fn nothing_is_left_when_the_sandbox_is_killed() {
    let home = with_daemon().await;
    kill_9(home.pid());
    eventually("nothing is left", || home.processes().is_empty());
}

#[tokio::test]
async fn nothing_is_left_when_the_sandbox_and_its_shims_are_killed_at_once() {
    let home = with_daemon().await;
    let (sandbox, shims) = (home.pid(), shims(&home));
    kill_9(sandbox);
    shims.into_iter().for_each(kill_9);
    eventually("nothing is left", || home.processes().is_empty());
}

#[tokio::test]
async fn the_daemon_of_a_killed_shim_ends_while_the_sandbox_goes_on() {
    let home = with_daemon().await;
    let daemon = |home: &Home| home.processes().into_iter().find(|line| line.contains(" sh -c trap"));
    let before = daemon(&home).unwrap();
    shims(&home).into_iter().for_each(kill_9);
    eventually("the daemon is gone", || daemon(&home).as_ref() != Some(&before));
    // The container is started again, and its program with it.
    eventually("the next one runs", || daemons(&home) == 1);
    home.sandbox(&["stop"]).ok();
    assert_eq!(home.processes(), [""; 0]);
}

#[tokio::test]
async fn a_stop_ends_daemons_too() {
    let home = with_daemon().await;
    home.sandbox(&["stop"]).ok();
    assert_eq!(home.processes(), [""; 0]);
}

#[test]
fn a_lock_of_whoever_starts_the_sandbox_is_not_held_by_it() {
    let home = Home::new();
    let file = home.path().join("lock");
    let script = "exec 9>\"$1\"; flock 9; exec \"$0\" sandbox start";
    let started = home.command("bash").args(["-c", script, crate::home::PROGRAM]).arg(&file).output().unwrap();
    crate::home::Ended::from(started).ok();
    let taken = home.command("flock").arg("--nonblock").arg(&file).arg("true").status().unwrap();
    assert!(taken.success(), "the sandbox holds it");
}
