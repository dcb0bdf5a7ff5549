//! A reader of standard output that went away: every command ends well, and says nothing.

use kubectl_opencode::api::kinds::{AGENT, SESSION, TASK};
use serde_json::json;

use crate::cluster::Cluster;

#[test]
fn every_command_ends_silently_when_nobody_reads() {
    let cluster = Cluster::start();
    cluster.create(&AGENT, "dev", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    cluster.status(&AGENT, "dev", &json!({"ready": true}));
    for name in ["t", "u", "v"] {
        cluster.create(&TASK, name, json!({"agentRef": {"name": "dev"}, "description": "x"}));
        cluster.status(&TASK, name, &json!({"phase": "Completed"}));
    }
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}}));
    cluster.status(&SESSION, "s", &json!({"phase": "Running", "activity": "Idle"}));
    let program = cluster.program();
    for line in [
        "get tasks -A",
        "get tasks,sessions,agents",
        "task list -w",
        "task list -o json",
        "task list -o yaml",
        "task list -o name",
        "task list -o jsonpath={.items[*].metadata.name}",
        "task list -o custom-columns=N:.metadata.name",
        "task list --sort-by .metadata.name",
        "task get t",
        "task describe t",
        "task wait t -q",
        "task retry t -q",
        "task create hi -a dev -q",
        "task create hi -a dev --dry-run=client -o yaml",
        "task stop --all -q",
        "task delete v -q",
        "session create x -a dev -q",
        "session stop s",
        "session start s",
        "session wait s --for idle -q",
        "agent suspend dev",
        "agent describe dev",
        "template create tpl",
        "schedule create c hi --schedule 0_0_*_*_* -a dev --dry-run=client",
        "status",
        "status -w",
        "explain",
        "explain rbac",
        "version",
        "version -o json",
        "completion bash",
        "completion kubectl",
        "install --print",
        "__complete -- task get t",
        "task --help",
        "--version",
    ] {
        let words: Vec<_> = line.split(' ').map(|word| word.replace('_', " ")).collect();
        let words: Vec<_> = if line.starts_with("__") { line.split(' ').map(str::to_owned).collect() } else { words };
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let seen = program.run_unread(&words);
        assert_eq!((seen.status, seen.stderr.as_str()), (0, ""), "{seen}");
    }
}
