//! `status`.

use kubectl_opencode::api::kinds::{AGENT, SESSION, TASK};
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::program::read_until;

fn cluster() -> Cluster {
    let cluster = Cluster::start();
    cluster.create(&AGENT, "dev", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    cluster.status(&AGENT, "dev", &json!({"ready": true}));
    cluster.create(&TASK, "t", json!({"agentRef": {"name": "dev"}, "description": "x"}));
    cluster.status(&TASK, "t", &json!({"phase": "Running"}));
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}, "title": "a\u{1b}[2Jtitle"}));
    let pending = json!({"permissions": 1, "questions": 0});
    cluster.status(&SESSION, "s", &json!({"phase": "Running", "activity": "WaitingInput", "pending": pending}));
    cluster
}

#[test]
fn everything_at_a_glance() {
    let cluster = cluster();
    let program = cluster.program();
    let seen = program.run(&["status"]).exits(0);
    let lines: Vec<_> = seen.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let starts = |start: &str| assert!(lines.iter().any(|line| line.starts_with(start)), "no {start:?} in {seen}");
    starts("dev Ready 1 0 1");
    starts("t Running dev");
    starts("s Running WaitingInput dev");
    starts("s 1 permission kubectl opencode approvals s");
    starts("tasks: 1 running; sessions: 1 open, 1 waiting for you");
    assert!(seen.stdout.contains("a\\x1b[2Jtitle") && seen.stderr.is_empty(), "{seen}");
    assert!(program.run(&["status", "-A"]).exits(0).stdout.contains("approvals s"));
    let value: Value = serde_json::from_str(&program.run(&["status", "-o", "json"]).exits(0).stdout).unwrap();
    assert_eq!(value["agents"][0]["running"], 1);
    assert_eq!(value["waiting"][0]["name"], "s");
    program.run(&["status", "-o", "jsonpath={.taskCounts.Running}"]).exits(0).prints("1");
    program.run(&["status", "-o", "name"]).exits(2).says("get tasks,sessions,agents -o name");
}

#[test]
fn what_may_not_be_listed_is_left_out_and_said() {
    let cluster = cluster();
    let rule = json!([{"apiGroups": ["kubeopencode.io"], "resources": ["tasks"], "verbs": ["get", "list"]}]);
    cluster.grant("jane", &rule);
    let program = cluster.program();
    let seen =
        program.run(&["--as", "jane", "status"]).exits(0).says("agents are left out").says("sessions are left out");
    assert!(seen.stdout.contains("tasks: 1 running"), "{seen}");
    program.run(&["--as", "john", "status"]).exits(4).says("kubectl --as john auth can-i list");
}

#[test]
fn a_change_is_shown_when_it_comes() {
    let cluster = cluster();
    let program = cluster.program();
    let mut child = program.start(&["status", "-w"]);
    let stdout = child.stdout.as_mut().unwrap();
    read_until(stdout, "1 waiting for you\n");
    cluster.status(&TASK, "t", &json!({"phase": "Completed"}));
    let next = read_until(stdout, "waiting for you\n");
    assert!(next.starts_with('\n') && next.contains("tasks: 1 completed"), "{next}");
    cluster.delete(&SESSION, "s");
    let next = read_until(stdout, "waiting for you\n");
    assert!(next.contains("0 open, 0 waiting"), "{next}");
    child.kill().unwrap();
    child.wait().unwrap();
}
