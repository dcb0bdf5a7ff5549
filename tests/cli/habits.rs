//! What hands trained on kubectl type, beside kubectl itself (which has to be on PATH): the same words print the same.

use std::process::Command;

use kubectl_opencode::api::kinds::{AGENT, Kind, SCHEDULE, SESSION, TASK, TEMPLATE};
use serde_json::{Value, json};

use crate::cluster::{Cluster, kubeconfig};
use crate::fake::{ApiStub, status};
use crate::program::{Program, Seen, read_until};

/// Every noun, with what makes an object of it.
fn nouns() -> [(&'static Kind, Value); 5] {
    let agent = json!({"workspaceDir": "/w", "serviceAccountName": "sa"});
    let task = json!({"agentRef": {"name": "dev"}, "description": "x"});
    [
        (&TASK, task.clone()),
        (&SESSION, json!({"agentRef": {"name": "dev"}, "title": "a title"})),
        (&AGENT, agent.clone()),
        (&TEMPLATE, agent),
        (&SCHEDULE, json!({"schedule": "* * * * *", "taskTemplate": {"spec": task}})),
    ]
}

/// Three objects of each kind, whose labels sort otherwise than their names.
fn cluster() -> Cluster {
    let cluster = Cluster::start();
    for (kind, spec) in nouns() {
        for (name, rank) in [("a", "10"), ("b", "9"), ("c", "1")] {
            cluster.create(kind, name, spec.clone());
            cluster.label(kind, name, &json!({"rank": rank, "example.com/team": format!("t{rank}")}));
        }
    }
    cluster
}

struct Kubectl {
    home: tempfile::TempDir,
    kubeconfig: String,
}

impl Kubectl {
    fn of(cluster: &Cluster) -> Self {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("kubeconfig");
        std::fs::write(&file, kubeconfig(&format!("http://{}", cluster.address), "default")).unwrap();
        Self { kubeconfig: file.to_str().unwrap().to_owned(), home }
    }

    fn run(&self, words: &[&str]) -> (bool, String) {
        let output = Command::new("kubectl")
            .args(words)
            .env("KUBECONFIG", &self.kubeconfig)
            .env("HOME", self.home.path())
            .output()
            .expect("kubectl has to be on PATH");
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    }
}

/// Blanks at the ends of lines are kubectl's alone.
fn trimmed(text: &str) -> String {
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

#[test]
fn lists_print_what_kubectl_prints() {
    let cluster = cluster();
    let (program, kubectl) = (cluster.program(), Kubectl::of(&cluster));
    let habits = [
        "",
        "b",
        "c a",
        "-A",
        "-o wide",
        "-o name",
        "-o name -A",
        "-o json",
        "-o jsonpath={.items[*].metadata.name}",
        "-o custom-columns=N:.metadata.name,R:.metadata.labels.rank",
        "--no-headers",
        "--show-labels",
        "-L rank,example.com/team",
        "--show-kind",
        "-l rank=9",
        "-l rank!=9 -L rank --show-labels -A",
        "--field-selector metadata.name=a",
        "--sort-by=.metadata.labels.rank",
        "--sort-by={.metadata.name} -o name",
        "--chunk-size=2",
        "--ignore-not-found nobody",
    ];
    let several = ("tasks,agents", "-L rank");
    let every = nouns().into_iter().flat_map(|(kind, _)| habits.map(|habit| (kind.plural, habit)));
    for (kind, habit) in every.chain([several]) {
        let words: Vec<&str> = ["get", kind].into_iter().chain(habit.split_whitespace()).collect();
        // An age may turn between the two.
        let pair = || {
            let (done, theirs) = kubectl.run(&words);
            assert!(done, "kubectl {words:?}");
            let ours = program.run(&words).exits(0);
            let same = if habit == "-o json" {
                serde_json::from_str::<Value>(&ours.stdout).unwrap() == serde_json::from_str::<Value>(&theirs).unwrap()
            } else {
                trimmed(&ours.stdout) == trimmed(&theirs)
            };
            (same, ours, theirs)
        };
        let (same, ours, theirs) = (0..10).map(|_| pair()).find(|pair| pair.0).unwrap_or_else(pair);
        assert!(same, "{ours}----- kubectl\n{theirs}");
    }
}

#[test]
fn what_the_server_cannot_select_by_is_left_out_here() {
    let cluster = cluster();
    let program = cluster.program();
    cluster.status(&TASK, "a", &json!({"phase": "Running"}));
    cluster.create(&TASK, "other", json!({"agentRef": {"name": "ops"}, "description": "x"}));
    let names = |words: &[&str]| {
        let all = [&["task", "list", "-o", "name"], words].concat();
        program.run(&all).exits(0).stdout.replace("task.kubeopencode.io/", "").replace('\n', " ")
    };
    assert_eq!(names(&["--phase", "running"]), "a ");
    assert_eq!(names(&["--phase", "Pending,Queued", "--agent", "dev"]), "b c ");
    assert_eq!(names(&["--agent", "ops"]), "other ");
    assert_eq!(names(&["--since", "1h"]), "a b c other ");
    assert_eq!(names(&["--since", "0s"]), "");
    let table = program.run(&["task", "list", "--phase", "running", "--no-headers"]).exits(0).stdout;
    assert!(table.starts_with("a ") && table.lines().count() == 1, "{table}");
    program.run(&["agent", "list", "--phase", "running"]).exits(2).says("agents have no phase");
    program.run(&["get", "templates", "--agent", "dev"]).exits(2).says("for no agent");
}

#[test]
fn names_that_are_printed_are_taken() {
    let cluster = cluster();
    let program = cluster.program();
    cluster.config_map("b", &json!({"session.kubeopencode.io/template": "session"}), "session.yaml", "spec: {}");
    for (kind, _) in nouns() {
        let get = |name: &str| program.run(&[kind.noun, "get", name, "-o", "name"]).exits(0).stdout;
        let printed = get("a");
        assert_eq!(printed, format!("{}\n", kind.reference("a")));
        assert_eq!(get(printed.trim()), printed);
        program.run(&[kind.noun, "get", "pod/a"]).exits(2).says("\"pod/a\" is no ");
        program.run(&[kind.noun, "delete", printed.trim()]).exits(0);
        program.run(&[kind.noun, "get", "a"]).exits(3);
    }
    program.run(&["template", "delete", "configmap/b"]).exits(0);
    program.run(&["template", "get", "b", "-o", "name"]).exits(0).prints("agenttemplate.kubeopencode.io/b\n");
    program
        .run(&["session", "label", "session/b", "example.com/x=y"])
        .exits(0)
        .prints("session.session.kubeopencode.io/b labeled\n");
}

#[test]
fn flags_are_switched_as_with_kubectl() {
    let cluster = cluster();
    let program = cluster.program();
    for words in [&["--no-headers=true"][..], &["--no-headers=false"], &["--watch=false"], &["-A=true"]] {
        let listed = program.run(&[&["task", "list"], words].concat()).exits(0).stdout;
        assert_eq!(listed.starts_with("NAME"), words != ["--no-headers=true"], "{listed}");
        assert_eq!(listed.starts_with("NAMESPACE"), words == ["-A=true"], "{listed}");
    }
    program.run(&["task", "get", "nobody", "--ignore-not-found=true"]).exits(0).says("");
    program.run(&["task", "delete", "--all=false", "--yes=true"]).exits(2);
    program.run(&["task", "list", "-v=6"]).exits(0).says("DEBUG");
}

#[test]
fn mistakes_of_lists_are_told() {
    let cluster = cluster();
    let program = cluster.program();
    program
        .run(&["task", "list", "--sort-by", ".spec.nothing"])
        .exits(2)
        .prints("")
        .says("couldn't find any field with path \"{.spec.nothing}\" in the list of objects");
    program.run(&["task", "list", "--sort-by", ".spec"]).exits(2).says("has no order");
    program.run(&["task", "list", "--sort-by", "{.spec"]).exits(2).says("--sort-by");
    program.run(&["task", "list", "--output-watch-events"]).exits(2).says("can only be used with --watch");
    program.run(&["task", "get", "nobody", "a", "--ignore-not-found", "-o", "name"]).exits(0).says("");
    program.run(&["task", "get", "nobody", "-o", "json", "--ignore-not-found"]).exits(0).prints("");
}

#[test]
fn one_kind_that_may_not_be_listed_does_not_hide_the_others() {
    let cluster = cluster();
    let rule = json!([{"apiGroups": ["kubeopencode.io"], "resources": ["tasks"], "verbs": ["get", "list"]}]);
    cluster.grant("jane", &rule);
    let program = cluster.program();
    let seen = program.run(&["--as", "jane", "get", "agents,tasks"]).exits(4).says("agents.kubeopencode.io");
    assert!(seen.stdout.contains("task.kubeopencode.io/a"), "{seen}");
    let seen = program.run(&["--as", "jane", "get", "agents,tasks", "-o", "json"]).exits(4);
    let list: Value = serde_json::from_str(&seen.stdout).unwrap();
    assert_eq!(list["items"].as_array().unwrap().len(), 3, "{seen}");
}

#[test]
fn rows_stand_there_before_the_last_page_is_asked_for() {
    let (shown, wait) = std::sync::mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let stub = ApiStub::start(move |_, uri, _| {
        let page = |name: &str, next: &str| {
            let columns = json!([{"name": "Name", "type": "string", "priority": 0}]);
            json!({"kind": "Table", "columnDefinitions": columns, "metadata": {"continue": next, "resourceVersion": "1"},
                "rows": [{"cells": [name], "object": null}]})
        };
        if !uri.contains("continue=") {
            return (200, page("first", "token"));
        }
        wait.lock().unwrap().recv().unwrap();
        (200, page("the-second-is-longer", ""))
    });
    let program = Program::with_kubeconfig(&kubeconfig(&stub.url(), "default"));
    let mut child = program.start(&["task", "list"]);
    assert_eq!(read_until(child.stdout.as_mut().unwrap(), "first\n"), "NAME\nfirst\n");
    shown.send(()).unwrap();
    program.end(child, &["task", "list"]).exits(0).prints("the-second-is-longer\n");
    let calls = stub.calls.lock().unwrap();
    assert!(calls[0].ends_with("/tasks?includeObject=None&limit=500"), "{calls:?}");
}

/// Starts a watch; the test goes on once it has printed `text`.
fn watch(program: &Program, words: &[&str], text: &str) -> std::process::Child {
    let mut child = program.start(words);
    read_until(child.stdout.as_mut().unwrap(), text);
    child
}

fn stop(program: &Program, mut child: std::process::Child) -> Seen {
    child.kill().unwrap();
    program.end(child, &["task", "list", "-w"])
}

#[test]
fn a_watch_tells_what_happened() {
    let cluster = cluster();
    let program = cluster.program();
    let words = ["task", "list", "-w", "--output-watch-events", "--sort-by", ".metadata.name"];
    let mut table = watch(&program, &words, "ADDED      c");
    let words = ["task", "get", "a", "-w", "--output-watch-events", "-o", "json"];
    let mut lines = watch(&program, &words, "\"type\":\"ADDED\"");
    cluster.status(&TASK, "a", &json!({"phase": "Running"}));
    read_until(table.stdout.as_mut().unwrap(), "MODIFIED   a");
    read_until(lines.stdout.as_mut().unwrap(), "\"type\":\"MODIFIED\"");
    cluster.delete(&TASK, "a");
    read_until(table.stdout.as_mut().unwrap(), "DELETED    a");
    read_until(lines.stdout.as_mut().unwrap(), "\"type\":\"DELETED\"");
    let seen = stop(&program, table);
    assert!(seen.stderr.contains("--sort-by will be ignored for watch events received"), "{seen}");
    stop(&program, lines);
}

#[test]
fn a_watch_only_leaves_out_what_is_there() {
    let cluster = cluster();
    let program = cluster.program();
    let mut child = program.start(&["task", "list", "--watch-only", "-o", "yaml"]);
    // Whether it has begun cannot be seen before a change is: there is one until it ends.
    let mut stdout = child.stdout.take();
    let reader = std::thread::spawn(move || read_until(stdout.as_mut().unwrap(), "podName"));
    let mut turn = 0;
    while !reader.is_finished() {
        turn += 1;
        cluster.status(&TASK, "b", &json!({"phase": "Running", "podName": format!("p{turn}")}));
    }
    let first = reader.join().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(first.starts_with("apiVersion: ") && first.contains("name: b"), "{first}");
    assert!(!first.contains("name: a\n") && !first.contains("name: c\n"), "{first}");
}

#[test]
fn to_who_filters_a_watch_an_object_that_changed_is_gone() {
    let cluster = cluster();
    let program = cluster.program();
    cluster.status(&TASK, "a", &json!({"phase": "Running"}));
    let words = ["task", "list", "-w", "--phase", "running", "--output-watch-events"];
    let mut child = watch(&program, &words, "ADDED      a");
    cluster.status(&TASK, "b", &json!({"phase": "Completed"}));
    cluster.status(&TASK, "a", &json!({"phase": "Completed"}));
    cluster.status(&TASK, "c", &json!({"phase": "Running"}));
    let text = read_until(child.stdout.as_mut().unwrap(), "ADDED      c");
    assert!(text.contains("DELETED    a") && !text.contains("  b "), "{text}");
    stop(&program, child);
}

#[test]
fn after_a_gap_a_watch_shows_only_what_differs() {
    let row = |name: &str, version: &str| {
        json!({"cells": [name], "object": {"metadata": {"name": name, "namespace": "default", "uid": name,
            "resourceVersion": version}}})
    };
    let table = move |rows: Vec<Value>| {
        json!({"kind": "Table", "columnDefinitions": [{"name": "Name", "type": "string", "priority": 0}],
            "metadata": {"resourceVersion": "5"}, "rows": rows})
    };
    let stub = ApiStub::start(move |_, uri, calls| {
        if !uri.contains("watch=true") {
            let rows = if calls == 1 {
                vec![row("kept", "1"), row("gone", "2")]
            } else {
                vec![row("kept", "1"), row("new", "4")]
            };
            return (200, table(rows));
        }
        if calls == 1 { status(410, "Expired", "too old resource version") } else { status(403, "Forbidden", "enough") }
    });
    let program = Program::with_kubeconfig(&kubeconfig(&stub.url(), "default"));
    let seen = program.run(&["task", "list", "-w", "--output-watch-events"]).exits(4);
    assert_eq!(
        seen.stdout, "EVENT      NAME\nADDED      kept\nADDED      gone\nADDED      new\nDELETED    gone\n",
        "{seen}"
    );
}

#[test]
fn the_page_of_habits_names_tests_that_exist() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/kubectl.md")).unwrap();
    let mut sources = String::new();
    for folder in ["tests/cli", "src/output"] {
        for file in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| ") && line.ends_with("` |")).collect();
    assert!(rows.len() >= 25, "only {} rows", rows.len());
    let of_row = |row: &&str| row.trim_end_matches("` |").rsplit('`').next().unwrap().to_owned();
    let missing: Vec<_> = rows.iter().map(of_row).filter(|test| !sources.contains(&format!("fn {test}()"))).collect();
    assert!(missing.is_empty(), "no such tests: {missing:?}");
}
