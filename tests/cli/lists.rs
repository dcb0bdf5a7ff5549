//! Tables and objects.

use kubectl_opencode::api::kinds::{AGENT, SESSION, TASK};
use serde_json::{Value, json};

use crate::cluster::{Cluster, kubeconfig};
use crate::fake::ApiStub;
use crate::program::Program;

fn some_tasks() -> Cluster {
    let cluster = Cluster::start();
    cluster.create(&AGENT, "dev", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    for (name, phase) in [("alpha", "Running"), ("beta", "Failed")] {
        cluster.create(&TASK, name, json!({"agentRef": {"name": "dev"}, "description": "x"}));
        cluster.status(
            &TASK,
            name,
            &json!({"phase": phase, "agentRef": {"name": "dev"}, "podName": format!("{name}-pod")}),
        );
    }
    cluster
}

#[test]
fn tables_have_the_columns_of_the_server() {
    let column = |name: &str, priority: u8| json!({"name": name, "type": "string", "priority": priority});
    let row = |name: &str, phase: &str| {
        json!({"cells": [name, phase, "dev", null, "5m"], "object": {"metadata": {"name": name, "namespace": "default",
            "uid": name, "resourceVersion": "1", "labels": {"team": name}}}})
    };
    let columns =
        json!([column("Name", 0), column("Phase", 0), column("Agent", 0), column("Template", 1), column("Age", 0)]);
    let stub = ApiStub::start(move |_, _, _| {
        let rows = [row("alpha", "Running"), row("beta\u{1b}[2J", "Failed")];
        (
            200,
            json!({"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": {"resourceVersion": "1"},
            "columnDefinitions": columns, "rows": rows}),
        )
    });
    let program = Program::with_kubeconfig(&kubeconfig(&stub.url(), "default"));
    program.run(&["task", "list"]).exits(0).is_as_in("table");
    program.run(&["tk", "ls", "--no-headers"]).exits(0).is_as_in("table-no-headers");
    program.run(&["tasks", "list", "-A", "-o", "wide", "--show-labels"]).exits(0).is_as_in("table-wide");
    program.run(&["--color", "always", "get", "tasks"]).exits(0).is_as_in("table-colour");
    let asked = stub.calls.lock().unwrap().clone();
    assert!(asked[0].ends_with("/namespaces/default/tasks?includeObject=None&limit=500"), "{asked:?}");
    assert!(asked[2].ends_with("/v1alpha1/tasks?limit=500"), "{asked:?}");
}

#[test]
fn objects_are_shown_in_the_order_of_their_names() {
    let cluster = some_tasks();
    let table = cluster.program().run(&["task", "get", "beta", "alpha"]).exits(0).stdout;
    let names: Vec<_> = table.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(names, ["NAME", "beta", "alpha"]);
}

#[test]
fn names_and_objects_are_for_programs() {
    let cluster = some_tasks();
    let program = cluster.program();
    program
        .run(&["task", "list", "-o", "name"])
        .exits(0)
        .prints("task.kubeopencode.io/alpha\ntask.kubeopencode.io/beta\n");
    let list: Value = serde_json::from_str(&program.run(&["task", "list", "-o", "json"]).exits(0).stdout).unwrap();
    assert_eq!((list["kind"].as_str(), list["items"].as_array().unwrap().len()), (Some("List"), 2));
    assert!(list["items"][0]["metadata"].get("managedFields").is_none());
    let one: Value = serde_json::from_str(&program.run(&["get", "task/alpha", "-o", "json"]).exits(0).stdout).unwrap();
    assert_eq!((one["kind"].as_str(), one["status"]["phase"].as_str()), (Some("Task"), Some("Running")));
    let yaml = program.run(&["task", "get", "alpha", "-o", "yaml"]).exits(0).stdout;
    assert!(yaml.starts_with("apiVersion: kubeopencode.io/v1alpha1\nkind: Task\n"), "{yaml}");
}

#[test]
fn several_kinds_are_several_tables() {
    let cluster = some_tasks();
    let seen = cluster.program().run(&["get", "tasks,agents,sessions"]).exits(0);
    assert!(seen.stdout.contains("task.kubeopencode.io/alpha"), "{seen}");
    assert!(seen.stdout.contains("\n\nNAME"), "{seen}");
    assert!(seen.stdout.contains("agent.kubeopencode.io/dev"), "{seen}");
}

#[test]
fn what_is_not_there_is_told_beside_what_is() {
    let cluster = some_tasks();
    let program = cluster.program();
    let seen = program.run(&["task", "get", "alpha", "gone", "lost"]).exits(3).says("gone").says("lost");
    assert!(seen.stdout.contains("alpha"), "{seen}");
    program.run(&["task", "get", "gone"]).exits(3).is_as_in("task-not-found");
    program.run(&["session", "list"]).exits(0).prints("").says("No resources found in default namespace.");
    program.run(&["get", "pods"]).exits(2).is_as_in("get-unknown-kind");
    program.run(&["get", "tasks", "a", "-A"]).exits(2).says("every namespace");
}

#[test]
fn selectors_are_the_servers() {
    let cluster = some_tasks();
    let program = cluster.program();
    program.run(&["run", "hi", "--name", "labelled", "--agent", "dev", "--label", "team=red", "--timeout", "1s"]);
    program.run(&["task", "list", "-l", "team=red", "-o", "name"]).exits(0).prints("task.kubeopencode.io/labelled\n");
    program
        .run(&["task", "list", "--field-selector", "metadata.name=beta", "-o", "name"])
        .exits(0)
        .prints("task.kubeopencode.io/beta\n");
    program.run(&["task", "list", "-l", "a b"]).exits(7);
}

#[test]
fn untrusted_cells_cannot_move_the_cursor() {
    let cluster = Cluster::start();
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}, "title": "a\u{1b}[2J\u{202e}b"}));
    let program = cluster.program();
    let table = program.run(&["session", "list", "-o", "wide"]).exits(0).stdout;
    assert!(!table.contains('\u{1b}') && !table.contains('\u{202e}'), "{table:?}");
    let yaml = program.run(&["session", "get", "s", "-o", "yaml"]).exits(0).stdout;
    assert!(!yaml.contains('\u{1b}'), "{yaml:?}");
    let json = program.run(&["session", "get", "s", "-o", "json"]).exits(0).stdout;
    assert!(!json.contains('\u{1b}'), "{json:?}");
}

#[test]
fn a_watch_shows_what_changes() {
    use std::io::{BufRead, BufReader};
    let cluster = some_tasks();
    let program = cluster.program();
    let mut child = program.start(&["task", "list", "-w"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    for _ in 0..3 {
        lines.next().unwrap();
    }
    cluster.status(&TASK, "alpha", &json!({"phase": "Completed"}));
    let line = lines.next().unwrap();
    assert!(line.starts_with("alpha") && line.contains("Completed"), "{line}");
    cluster.delete(&TASK, "beta");
    assert!(lines.next().unwrap().starts_with("beta"));
    child.kill().unwrap();
    child.wait().unwrap();
}
