//! Users with few rights: what they may do works, and what they lack is named.

use kubectl_opencode::api::kinds::{AGENT, SESSION, TASK};
use serde_json::json;

use crate::cluster::Cluster;

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

    let words = ["--as", "jane", "session", "create", "s", "--agent", "dev", "--wait"];
    let child = program.start(&words);
    assert_eq!(cluster.first(&SESSION), "s");
    let ready = json!({"type": "Ready", "status": "True", "reason": "SessionRunning", "message": "",
        "lastTransitionTime": "2026-01-01T00:00:00Z"});
    cluster.status(&SESSION, "s", &json!({"phase": "Running", "activity": "Idle", "conditions": [ready]}));
    program.end(child, &words).exits(0).prints("session.session.kubeopencode.io/s created\n");
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
