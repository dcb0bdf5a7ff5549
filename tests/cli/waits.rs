//! Waiting, stopping and deleting, on objects whose controllers the test plays.

use kubectl_opencode::api::kinds::{AGENT, SESSION, TASK};
use serde_json::json;

use crate::cluster::{Cluster, kubeconfig};
use crate::fake::{OpenCode, SESSION_ID, Turn};
use crate::program::{Program, Shell};

fn task(cluster: &Cluster, name: &str) {
    cluster.create(&TASK, name, json!({"agentRef": {"name": "dev"}, "description": "x"}));
}

fn stopped(reason: &str) -> serde_json::Value {
    json!({"phase": "Completed", "conditions": [{"type": "Stopped", "status": "True", "reason": reason, "message": "",
        "lastTransitionTime": "2026-01-01T00:00:00Z"}]})
}

#[test]
fn the_exit_status_is_the_outcome() {
    let cluster = Cluster::start();
    let program = cluster.program();
    for name in ["good", "bad", "halted", "slow"] {
        task(&cluster, name);
    }
    cluster.status(&TASK, "good", &json!({"phase": "Completed"}));
    cluster.status(&TASK, "bad", &json!({"phase": "Failed"}));
    cluster.status(&TASK, "halted", &stopped("UserStopped"));
    program.run(&["task", "wait", "good", "-q"]).exits(0).prints("task.kubeopencode.io/good completed\n");
    program.run(&["task", "wait", "bad"]).exits(1).is_as_in("wait-failed");
    program.run(&["task", "wait", "halted"]).exits(1).says("was stopped");
    program.run(&["task", "wait", "slow", "--timeout", "200ms"]).exits(124).is_as_in("wait-timeout");
    program.run(&["task", "wait", "nobody", "--timeout", "20s"]).exits(3);
    // No time is enough for one look.
    program.run(&["task", "wait", "good", "--timeout", "0"]).exits(0);
    program.run(&["task", "wait", "bad", "--timeout", "0"]).exits(1);
    program.run(&["task", "wait", "slow", "--timeout", "0"]).exits(124);
    program.run(&["task", "wait", "nobody", "--timeout", "0"]).exits(3);
    let nowhere = Program::with_kubeconfig(&kubeconfig("http://127.0.0.1:1", "default"));
    nowhere.run(&["task", "wait", "good", "--timeout", "0"]).exits(5);
    let seen = program.run(&["task", "wait", "bad", "good", "-o", "name"]).exits(1);
    assert_eq!(seen.stdout, "task.kubeopencode.io/good\n");
    program.run(&["task", "wait", "good", "--for", "running"]).exits(6).says("has ended");
    program.run(&["task", "wait", "good", "--for", "sunrise"]).exits(2).says("completed");
    for state in [
        "phase=Completed",
        "completed",
        "ended",
        "jsonpath={.status.phase}=Completed",
        "jsonpath=.status.phase",
        "create",
    ] {
        program.run(&["task", "wait", "good", "--for", state, "--timeout", "20s"]).exits(0);
    }
    program.run(&["task", "wait", "good", "--for", "jsonpath={.status.phase}=Odd", "--timeout", "0s"]).exits(124);
    program.run(&["task", "wait", "nobody", "--for", "delete", "--timeout", "20s"]).exits(0);
    program
        .run(&["task", "wait", "nobody", "--for=create", "--timeout", "100ms"])
        .exits(124)
        .says("timed out after 100ms waiting for task \"nobody\" to be created");
    let all = program.run(&["task", "wait", "--field-selector", "metadata.name=good"]).exits(0);
    assert_eq!(all.stdout, "task.kubeopencode.io/good completed\n");
}

#[test]
fn more_can_be_waited_for_than_files_are_open_by_default() {
    let cluster = Cluster::start();
    let names: Vec<_> = (0..60).map(|number| format!("t{number}")).collect();
    for name in &names {
        task(&cluster, name);
        cluster.status(&TASK, name, &json!({"phase": "Completed"}));
    }
    let few = Shell { before: "ulimit -Sn 40".to_owned(), ..Shell::default() };
    let seen = cluster.program().run_in(&few, &["task", "wait", "--all"], b"").exits(0);
    assert_eq!(seen.stdout.lines().count(), names.len(), "{seen}");
}

#[test]
fn a_wait_ends_when_the_state_comes() {
    let cluster = Cluster::start();
    task(&cluster, "t");
    let program = cluster.program();
    let arguments = ["task", "wait", "t", "--timeout", "60s"];
    let child = program.start(&arguments);
    cluster.status(&TASK, "t", &json!({"phase": "Running"}));
    cluster.status(&TASK, "t", &json!({"phase": "Completed"}));
    program.end(child, &arguments).exits(0);

    cluster.create(&AGENT, "dev", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    let arguments = ["agent", "wait", "dev", "--timeout", "60s"];
    let child = program.start(&arguments);
    cluster.status(&AGENT, "dev", &json!({"ready": true}));
    program.end(child, &arguments).exits(0).prints("agent.kubeopencode.io/dev ready\n");

    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}}));
    cluster.status(&SESSION, "s", &json!({"phase": "Running", "activity": "Busy"}));
    let arguments = ["session", "wait", "s", "--for", "idle", "--timeout", "60s"];
    let child = program.start(&arguments);
    cluster.status(&SESSION, "s", &json!({"activity": "Idle"}));
    program.end(child, &arguments).exits(0).prints("session.session.kubeopencode.io/s idle\n");
    cluster.status(
        &SESSION,
        "s",
        &json!({"phase": "Failed", "conditions": [{"type": "SessionReady", "status": "False",
        "reason": "SessionLost", "message": "gone", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}),
    );
    program.run(&["session", "wait", "s"]).exits(1).is_as_in("wait-session-failed");
}

#[test]
fn a_task_whose_pod_is_gone_is_not_waited_for_for_ever() {
    let cluster = Cluster::start();
    cluster.ready_agent("dev");
    let program = cluster.program();
    // KubeOpenCode leaves a task Running whose Pod was deleted.
    let lost = json!({"phase": "Running", "podName": "t-pod", "agentRef": {"name": "dev"}});
    let (run, wait) = (["run", "hi", "--name", "t", "-o", "json"], ["task", "wait", "t"]);
    let running = program.start(&run);
    assert_eq!(cluster.first(&TASK), "t");
    cluster.status(&TASK, "t", &lost);
    let waiting = program.start(&wait);
    program.end(waiting, &wait).exits(1).is_as_in("wait-pod-gone");
    let seen = program.end(running, &run).exits(1);
    assert!(seen.stderr.contains(r#"its Pod \"t-pod\" is gone"#) && seen.stderr.contains("\"task_failed\""), "{seen}");
}

#[test]
fn a_pod_that_does_not_start_is_told() {
    let cluster = Cluster::start();
    let program = cluster.program();
    task(&cluster, "t");
    cluster.running_pod("t-pod", "agent", &json!({}));
    cluster.status(&TASK, "t", &json!({"phase": "Running", "podName": "t-pod"}));
    let arguments = ["task", "wait", "t"];
    let mut run = program.begin(&arguments);
    let waiting = json!({"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}, "running": null});
    cluster.container_state("t-pod", "agent", false, &waiting, &json!({}));
    run.says("ImagePullBackOff: no such image");
    cluster.status(&TASK, "t", &json!({"phase": "Completed"}));
    run.end().exits(0).is_told("waits", "The Pod of a task does not start");
}

#[test]
fn stopping_asks_once_and_an_ended_task_stays() {
    let opencode = OpenCode::start(Turn::Hang);
    let cluster = Cluster::with_opencode(Some(opencode.address));
    cluster.ready_agent("dev");
    let program = cluster.program();
    task(&cluster, "t");
    cluster.status(
        &TASK,
        "t",
        &json!({"phase": "Running", "agentRef": {"name": "dev"}, "session": {"id": SESSION_ID}}),
    );
    program.run(&["task", "stop", "t"]).exits(0).prints("task.kubeopencode.io/t stop requested\n");
    assert_eq!(cluster.get(&TASK, "t")["metadata"]["annotations"]["kubeopencode.io/stop"], "true");
    assert!(opencode.was_aborted(), "the agent's turn must be aborted, not orphaned");
    cluster.status(&TASK, "t", &stopped("UserStopped"));
    program.run(&["task", "stop", "t"]).exits(0).prints("").says("has ended already");
    task(&cluster, "u");
    program.run(&["task", "stop", "u", "nobody"]).exits(3).says("nobody");
    assert_eq!(cluster.get(&TASK, "u")["metadata"]["annotations"]["kubeopencode.io/stop"], "true");
}

#[test]
fn an_agent_out_of_reach_does_not_keep_a_task_from_being_stopped() {
    let cluster = Cluster::start();
    task(&cluster, "t");
    cluster.status(&TASK, "t", &json!({"phase": "Running", "agentRef": {"name": "dev"}}));
    let seen = cluster.program().run(&["task", "stop", "t"]).exits(0);
    seen.is_told("runs", "The agent cannot be told that a task is stopped");
    assert_eq!(cluster.get(&TASK, "t")["metadata"]["annotations"]["kubeopencode.io/stop"], "true");
}

#[test]
fn deleting_is_for_what_is_named() {
    let cluster = Cluster::start();
    let program = cluster.program();
    for name in ["a", "b", "c"] {
        task(&cluster, name);
    }
    program
        .run(&["task", "delete", "a", "--dry-run"])
        .exits(0)
        .prints("task.kubeopencode.io \"a\" deleted from default namespace (dry run)\n");
    program
        .run(&["task", "delete", "a", "nobody"])
        .exits(3)
        .prints("task.kubeopencode.io \"a\" deleted from default namespace\n");
    program.run(&["task", "delete", "nobody", "--ignore-not-found"]).exits(0).prints("");
    program
        .run(&["task", "delete", "--all", "-y", "-o", "name"])
        .exits(0)
        .prints("task.kubeopencode.io/b\ntask.kubeopencode.io/c\n");
    program.run(&["task", "list", "-o", "name"]).exits(0).prints("");
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}}));
    cluster.status(&SESSION, "s", &json!({"phase": "Running", "activity": "Busy", "sessionID": "ses_1"}));
    program.run(&["session", "delete", "s"]).exits(6).is_as_in("delete-busy");
    program.run(&["session", "delete", "s", "--force"]).exits(0);
}

#[test]
fn switches_are_patches() {
    let cluster = Cluster::start();
    let program = cluster.program();
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}}));
    program.run(&["session", "stop", "s"]).exits(0).prints("session.session.kubeopencode.io/s stopped\n");
    assert_eq!(cluster.get(&SESSION, "s")["spec"]["suspend"], true);
    program.run(&["session", "start", "s"]).exits(0);
    assert_eq!(cluster.get(&SESSION, "s")["spec"]["suspend"], false);
    let managers = cluster.get(&SESSION, "s")["metadata"]["managedFields"].to_string();
    assert!(managers.contains("kubectl-opencode"), "{managers}");
}
