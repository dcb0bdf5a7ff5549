//! INT and TERM: the program ends by the signal, the work goes on.

use kubectl_opencode::api::kinds::TASK;

use crate::cluster::Cluster;

fn interrupted(signal: nix::sys::signal::Signal) -> crate::program::Seen {
    let cluster = Cluster::start();
    cluster.ready_agent("dev");
    let program = cluster.program();
    let arguments = ["run", "hi", "--name", "t"];
    let child = program.start(&arguments);
    cluster.first(&TASK);
    // Once the task is there, the program is about to say so and to wait; the words below need it to wait.
    let mut child = child;
    let mut stderr = child.stderr.take().unwrap();
    crate::program::read_until(&mut stderr, "task \"t\" is pending");
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap()), signal).unwrap();
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
    let seen = interrupted(nix::sys::signal::Signal::SIGINT);
    assert_eq!(seen.status, -2, "{seen}");
    seen.is_as_in("run-interrupted");
}

#[test]
fn termination_likewise() {
    let seen = interrupted(nix::sys::signal::Signal::SIGTERM);
    assert_eq!(seen.status, -15, "{seen}");
    seen.says("terminated; task \"t\" goes on in the cluster");
}
