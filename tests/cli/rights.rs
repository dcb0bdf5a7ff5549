//! Users with few rights: what they may do works, and what they lack is named.

use std::collections::BTreeSet;

use kubectl_opencode::api::kinds::{AGENT, SESSION, TASK};
use serde_json::json;

use crate::cluster::Cluster;
use crate::leaves::cluster_lines;
use crate::story::Story;

/// With an agent, and jane, who may do that with tasks and sessions.
fn cluster(verbs: &[&str]) -> Cluster {
    let cluster = Cluster::start();
    cluster.create(&AGENT, "dev", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    cluster.grant(
        "jane",
        &json!([
            {"apiGroups": ["kubeopencode.io"], "resources": ["tasks"], "verbs": verbs},
            {"apiGroups": ["session.kubeopencode.io"], "resources": ["sessions"], "verbs": verbs},
        ]),
    );
    cluster
}

#[test]
fn to_get_and_to_create_is_enough_to_run_and_to_wait() {
    runs_and_waits(&cluster(&["get", "create"]));
}

#[test]
fn who_may_list_and_not_watch_waits_by_looking() {
    runs_and_waits(&cluster(&["get", "list", "create"]));
}

fn runs_and_waits(cluster: &Cluster) {
    let program = cluster.program();
    let words = ["--as", "jane", "run", "hello", "--agent", "dev", "--name", "t"];
    let child = program.start(&words);
    assert_eq!(cluster.first(&TASK), "t");
    cluster.status(&TASK, "t", &json!({"phase": "Running", "agentRef": {"name": "dev"}}));
    cluster.status(&TASK, "t", &json!({"phase": "Completed"}));
    program.end(child, &words).exits(0);
    program.run(&["--as", "jane", "task", "wait", "t"]).exits(0);
    program.run(&["--as", "jane", "task", "wait", "t", "--timeout", "0"]).exits(0);

    let words = ["--as", "jane", "session", "create", "s", "--agent", "dev", "--wait"];
    let child = program.start(&words);
    assert_eq!(cluster.first(&SESSION), "s");
    let ready = json!({"type": "Ready", "status": "True", "reason": "SessionRunning", "message": "",
        "lastTransitionTime": "2026-01-01T00:00:00Z"});
    cluster.status(&SESSION, "s", &json!({"phase": "Running", "activity": "Idle", "conditions": [ready]}));
    program.end(child, &words).exits(0).prints("session.session.kubeopencode.io/s created\n");
}

#[test]
fn without_any_right_every_command_says_which_one_it_lacks() {
    let cluster = cluster(&[]);
    cluster.create(&TASK, "t", json!({"agentRef": {"name": "dev"}, "description": "x"}));
    cluster.status(&TASK, "t", &json!({"phase": "Failed", "podName": "t-pod"}));
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}}));
    cluster.status(&SESSION, "s", &json!({"phase": "Running", "activity": "Idle"}));
    let program = cluster.program();
    program.file("export.json", r#"{"info": {"id": "ses_1"}, "messages": []}"#);
    let mut silent = Vec::new();
    let mut lacked = BTreeSet::new();
    let mut story = Story::default();
    let asks = regex::Regex::new(r"auth can-i (\S+) (\S+)(?: --subresource=(\S+))?").unwrap();
    for words in cluster_lines() {
        let words: Vec<_> = ["--as", "john"].into_iter().chain(words.iter().map(String::as_str)).collect();
        let seen = program.run(&words);
        // Of several watches at once any may be refused first.
        if !words.contains(&"-w") {
            story.tell(&seen);
        }
        if seen.status != 4 || !seen.stderr.contains("kubectl --as john auth can-i ") {
            silent.push(seen.to_string());
        }
        lacked.extend(asks.captures_iter(&seen.stderr).map(|found| {
            let sub = found.get(3).map(|sub| format!("/{}", sub.as_str())).unwrap_or_default();
            (found[1].to_owned(), found[2].to_owned() + &sub)
        }));
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
    story.is_as_in("rights-none");
    let told = program.run(&["explain", "rbac"]).exits(0).stdout;
    let has = |line: &str, word: &str| line.split([' ', ',']).any(|found| found == word);
    lacked.retain(|(verb, resource)| !told.lines().any(|line| has(line, verb) && has(line, resource)));
    assert!(lacked.is_empty(), "`explain rbac` does not tell of {lacked:?}:\n{told}");
    let doctor = program.run(&["--as", "john", "doctor"]).exits(0);
    assert!(
        doctor.stdout.contains("to run and stop tasks you lack get, create, patch, delete tasks.kubeopencode.io"),
        "{doctor}"
    );
}

#[test]
fn what_is_lacking_is_named() {
    let cluster = cluster(&["get", "create"]);
    let program = cluster.program();
    program.run(&["--as", "jane", "run", "hello"]).exits(4).is_as_in("forbidden-choice");
    program
        .run(&["--as", "jane", "task", "list"])
        .exits(4)
        .says("kubectl --as jane auth can-i list tasks.kubeopencode.io -n default");
    program.run(&["--as", "john", "task", "wait", "t"]).exits(4).is_as_in("forbidden-wait");
}
