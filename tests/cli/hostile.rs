//! Text that an agent or another user wrote: `hostile.json` goes through every command, and nothing that a terminal would
//! obey comes out, of JSON and YAML neither.

use kubectl_opencode::api::kinds::{AGENT, SCHEDULE, SESSION, TASK, TEMPLATE};
use serde_json::{Value, json};

use crate::cluster::{Cluster, kubeconfig};
use crate::fake::{ApiStub, status};
use crate::program::{Program, Seen};

fn corpus() -> Vec<String> {
    serde_json::from_str(include_str!("hostile.json")).unwrap()
}

/// Whether a terminal may do anything else with it than to show it in its own cell.
fn is_obeyed(character: char) -> bool {
    (character.is_control() && character != '\n' && character != '\t')
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[track_caller]
fn is_harmless(seen: &Seen) {
    for text in [&seen.stdout, &seen.stderr] {
        let found = text.chars().find(|character| is_obeyed(*character));
        assert!(found.is_none(), "{found:?} comes out of {:?}:\n{text:?}", seen.line);
        assert!(
            !text.lines().any(|line| line.starts_with("error: forged")),
            "a forged line comes out of {}",
            seen.line
        );
    }
}

#[test]
fn nothing_that_a_terminal_obeys_comes_from_the_clusters_objects() {
    let cluster = Cluster::start();
    let all = corpus().concat();
    let condition = |of_type: &str| json!({"type": of_type, "status": "True", "reason": "Reason", "message": all, "lastTransitionTime": "2026-01-01T00:00:00Z"});
    let meta = json!({"annotations": {"note": all}});
    let spec = json!({"workspaceDir": "/w", "serviceAccountName": "sa", "profile": all});
    cluster.create(&AGENT, "dev", spec.clone());
    cluster.status(&AGENT, "dev", &json!({"ready": false, "conditions": [condition("ServerReady")]}));
    cluster.create(&TEMPLATE, "tpl", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    let task = json!({"agentRef": {"name": "dev"}, "description": all});
    cluster.create(&SCHEDULE, "cron", json!({"schedule": "* * * * *", "taskTemplate": {"spec": task}}));
    cluster.create(&TASK, "t", task.clone());
    cluster.status(&TASK, "t", &json!({"phase": "Queued", "podName": all, "conditions": [condition("Queued")]}));
    cluster.create(&TASK, "failed", task);
    let stopped = json!({"phase": "Completed", "conditions": [condition("Stopped")]});
    cluster.status(&TASK, "failed", &stopped);
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}, "title": all, "prompt": all}));
    let pending = json!({"permissions": 1, "questions": 1});
    let running = json!({"phase": "Running", "activity": "WaitingInput", "pending": pending, "conditions": [condition("WaitingInput")]});
    cluster.status(&SESSION, "s", &running);
    for (kind, name) in [(&AGENT, "dev"), (&TASK, "t"), (&SESSION, "s")] {
        cluster.patch(kind, name, &json!({"metadata": meta}));
    }
    let program = cluster.program();
    let mut lines: Vec<String> = vec![
        "status".into(),
        "status -A".into(),
        "get tasks,sessions,agents,templates,schedules -A -o wide --show-labels".into(),
        "task wait failed".into(),
        "task wait t --timeout 0s".into(),
        "task retry failed --dry-run".into(),
        "task logs t".into(),
        "session wait s --for idle --timeout 0s".into(),
        "session send s hello".into(),
        "session transcript s".into(),
        "doctor".into(),
        "task create x --name t -a dev".into(),
        "session delete s".into(),
        "attach s".into(),
        "exec s -- true".into(),
        "__complete -- task get t".into(),
    ];
    for noun in ["task", "session", "agent", "template", "schedule"] {
        for verb in [
            "list",
            "list -o wide",
            "list -o yaml",
            "list -o json",
            "list -o name",
            "describe",
            "list -o custom-columns=A:.metadata.annotations.note,S:.spec,C:.status.conditions[0].message",
            "get --sort-by .metadata.name --show-kind",
        ] {
            lines.push(format!("{noun} {verb}"));
        }
    }
    for line in lines {
        let words: Vec<_> = line.split(' ').collect();
        let mut seen = program.run(&words);
        if line.contains("-o yaml") {
            // YAML escapes controls alone: what only looks odd is part of the text, as kubectl prints it.
            seen.stdout = seen.stdout.replace(|character: char| is_obeyed(character) && !character.is_control(), "");
        }
        is_harmless(&seen);
    }
}

#[test]
fn nothing_that_a_terminal_obeys_comes_from_a_server() {
    let all = corpus();
    for text in &all {
        let refusal = text.clone();
        let stub = ApiStub::start(move |_, uri, _| {
            if uri.contains("sessions") {
                return status(403, "Forbidden", &refusal);
            }
            if uri.contains("agents") {
                return status(500, "InternalError", &refusal);
            }
            let columns = json!([{"name": "Name", "type": "string", "priority": 0}, {"name": &refusal, "type": "string", "priority": 0}]);
            let row = json!({"cells": [&refusal, &refusal], "object": {"metadata": {"name": &refusal, "namespace": &refusal,
                "labels": {&refusal: &refusal}}}});
            (200, json!({"kind": "Table", "metadata": {}, "columnDefinitions": columns, "rows": [row]}))
        });
        let program = Program::with_kubeconfig(&kubeconfig(&stub.url(), "default"));
        for words in [
            &["task", "list"][..],
            &["task", "list", "-A", "--show-labels", "--show-kind"],
            &["task", "list", "-o", "name"],
            &["session", "list"],
            &["agent", "list"],
            &["agent", "get", text],
            &["task", "delete", "--all"],
            &["__complete", "--", "task", "get", ""],
        ] {
            if !words.contains(&"") || words[0] == "__complete" {
                is_harmless(&program.run(words));
            }
        }
    }
}

#[test]
fn the_corpus_says_what_it_should() {
    let corpus = corpus();
    assert!(corpus.len() >= 20);
    let harmless: Vec<_> = corpus.iter().filter(|text| !text.chars().any(|c| is_obeyed(c) || c == '\n')).collect();
    assert_eq!(harmless, Vec::<&String>::new(), "these test nothing");
    let _: Value = json!(corpus);
}
