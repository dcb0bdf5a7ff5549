//! Descriptions.

use kubectl_opencode::api::kinds::{AGENT, SESSION, TASK};
use regex::Regex;
use serde_json::json;

use crate::cluster::Cluster;
use crate::program::Seen;

/// The same without what differs from run to run.
pub fn steady(mut seen: Seen) -> Seen {
    for (what, name) in [(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "[TIME]"), (r"\b\d+s\b", "[AGE]")] {
        seen.stdout = Regex::new(what).unwrap().replace_all(&seen.stdout, name).into_owned();
    }
    seen
}

fn cluster() -> Cluster {
    let cluster = Cluster::start();
    cluster.create(&AGENT, "dev", json!({"workspaceDir": "/w", "serviceAccountName": "sa", "suspend": true}));
    cluster.create(
        &TASK,
        "waits",
        json!({"agentRef": {"name": "dev"}, "description": "Say\nhello\u{1b}[2J", "timeout": "5m"}),
    );
    let now = jiff::Timestamp::now().to_string();
    let queued = json!({"type": "Queued", "status": "True", "reason": "AgentSuspended", "message": "Agent dev is suspended",
        "lastTransitionTime": now});
    cluster.status(
        &TASK,
        "waits",
        &json!({"phase": "Queued", "agentRef": {"name": "dev"}, "podName": "waits-pod", "conditions": [queued]}),
    );
    let summary = json!({"messages": 2, "tokens": {"input": 10, "output": 2, "reasoning": 0, "cache": 8}, "cost": "0.004200",
        "files": 1, "additions": 3, "deletions": 1});
    cluster.create(&SESSION, "talks", json!({"agentRef": {"name": "dev"}, "title": "a talk"}));
    cluster.status(
        &SESSION,
        "talks",
        &json!({"phase": "Running", "activity": "Idle", "sessionID": "ses_1", "summary": summary}),
    );
    cluster
}

#[test]
fn what_belongs_to_an_object_is_told_with_the_reason_on_top() {
    let cluster = cluster();
    let program = cluster.program();
    steady(program.run(&["describe", "task/waits", "session/talks"])).exits(0).is_as_in("describe");
    let one = steady(program.run(&["task", "describe", "waits"])).stdout;
    assert_eq!(steady(program.run(&["describe", "tasks"])).stdout, one);
    assert!(one.starts_with("Why:        waiting for [AGE]: agent \"dev\" is suspended\n"), "{one}");
    program.run(&["describe", "task/waits", "task/nope"]).exits(3).says("nope");
    program
        .run(&["agent", "describe", "-l", "a=b"])
        .exits(0)
        .prints("")
        .says("No resources found in default namespace.");
    program.run(&["task", "describe", "waits", "-l", "a=b"]).exits(2);
}

#[test]
fn what_may_not_be_read_is_left_out_with_the_right_that_is_lacking() {
    let cluster = cluster();
    cluster.grant("jane", &json!([{"apiGroups": ["kubeopencode.io"], "resources": ["tasks"], "verbs": ["get"]}]));
    let seen = cluster.program().run(&["--as", "jane", "describe", "task", "waits"]);
    steady(seen).exits(0).is_as_in("describe-few-rights");
}
