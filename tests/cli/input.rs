//! Input that is wrong: refused before anything is created, with the place and the way out.

use kubectl_opencode::api::kinds::{AGENT, SESSION, TASK};
use serde_json::json;

use crate::cluster::Cluster;

fn with_agent() -> Cluster {
    let cluster = Cluster::start();
    cluster.create(&AGENT, "dev", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    cluster
}

#[track_caller]
fn nothing_was_created(cluster: &Cluster) {
    cluster.program().run(&["task", "list", "-o", "name"]).exits(0).prints("");
}

#[test]
fn prompts() {
    let cluster = with_agent();
    let program = cluster.program();
    program.run(&["run"]).exits(2).is_as_in("prompt-none");
    program.run(&["run", ""]).exits(2).is_as_in("prompt-empty");
    program.run_with(&["run", "-"], b" \n\t").exits(2).says("the prompt is empty");
    program.run_with(&["run", "-"], b"ab\0cd").exits(2).is_as_in("prompt-nul");
    program.run_with(&["run", "-"], b"ab\xff").exits(2).says("offset 2");
    program.run(&["run", "-f", "nowhere"]).exits(2).is_as_in("prompt-no-file");
    let file = program.file("long.md", vec![b'x'; 5 << 20]);
    program
        .run(&["run", "-f", file.to_str().unwrap()])
        .exits(2)
        .says("has 5242880 bytes")
        .says("128 KiB")
        .says("1.5 MiB");
    let file = program.file("task.md", vec![b'x'; 200 << 10]);
    program.run(&["run", "-f", file.to_str().unwrap()]).exits(7).says("204800 bytes").says("131071");
    nothing_was_created(&cluster);
}

#[test]
fn escape_bytes_are_kept_and_shown_visibly() {
    let cluster = with_agent();
    let program = cluster.program();
    program.run_with(&["task", "create", "--name", "esc", "-"], b"red \x1b[31m\n").exits(0);
    assert_eq!(cluster.get(&TASK, "esc")["spec"]["description"], "red \u{1b}[31m\n");
    assert!(!program.run(&["task", "get", "esc", "-o", "yaml"]).stdout.contains('\u{1b}'));
}

#[test]
fn agents() {
    let cluster = with_agent();
    let program = cluster.program();
    program.run(&["run", "hi", "--agent", "nobody"]).exits(3).is_as_in("agent-unknown");
    cluster.create(&AGENT, "ops", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    program.run(&["run", "hi"]).exits(2).is_as_in("agent-several");
    program.run(&["agent", "suspend", "ops"]).exits(0).prints("agent.kubeopencode.io/ops suspended\n");
    program.run(&["run", "hi", "-a", "ops"]).exits(5).is_as_in("agent-suspended");
    program.run(&["session", "create", "-a", "nobody"]).exits(3).says("the agents are: dev, ops");
    nothing_was_created(&cluster);
    let empty = Cluster::start();
    empty.program().run(&["run", "hi"]).exits(3).is_as_in("agent-none");
}

#[test]
fn names_and_references() {
    let cluster = with_agent();
    let program = cluster.program();
    let long = "x".repeat(64);
    program.run(&["run", "hi", "--name", &long]).exits(7).says("the name has 64 characters and the limit is 63");
    program.run(&["run", "hi", "--name", "Not_Valid"]).exits(7).says("metadata.name");
    program.run(&["agent", "create", "1st"]).exits(7).says("cannot name a Service");
    program.run(&["session", "create", "s", "--model", "nonsense"]).exits(7).says("PROVIDER/MODEL");
    program.run(&["run", "hi", "--label", "nonsense"]).exits(2).says("KEY=VALUE");
    nothing_was_created(&cluster);
}

#[test]
fn manifests() {
    let cluster = with_agent();
    let program = cluster.program();
    let task =
        |body: &str| format!("apiVersion: kubeopencode.io/v1alpha1\nkind: Task\nmetadata: {{name: m}}\nspec:\n{body}");
    let create = |text: &str| {
        let file = program.file("task.yaml", text);
        program.run(&["task", "create", "-f", file.to_str().unwrap()])
    };
    create(&task("  agentRef: {name: dev}\n  description: hi\n  prompt: hi\n"))
        .exits(7)
        .is_as_in("manifest-unknown-field");
    create(&task("  agentRef: {name: dev}\n  templateRef: {name: t}\n  description: hi\n"))
        .exits(7)
        .is_as_in("manifest-both-references");
    create(&task("  agentRef: {name: dev}\n")).exits(7).says("spec.description");
    create(&task("  agentRef: {name: dev}\n  description: hi\n  timeout: 1d\n"))
        .exits(7)
        .is_as_in("manifest-bad-duration");
    create("apiVersion: kubeopencode.io/v1alpha1\nkind: Agent\nmetadata: {name: m}\n").exits(7).says("a Agent of");
    create("apiVersion: kubeopencode.io/v1alpha1\nkind: Task\nmetadata: {name: m\n").exits(7).says("not valid YAML");
    nothing_was_created(&cluster);
    create(&task("  agentRef: {name: dev}\n  description: yes\n")).exits(7);
    create(&task("  agentRef: {name: dev}\n  description: \"yes\"\n"))
        .exits(0)
        .prints("task.kubeopencode.io/m created\n");
    assert_eq!(cluster.get(&TASK, "m")["spec"]["description"], "yes");
    create(&task("  agentRef: {name: dev}\n  description: hi\n")).exits(6).is_as_in("task-exists");
}

#[test]
fn what_is_created_names_its_request() {
    let cluster = with_agent();
    let program = cluster.program();
    program
        .run(&["session", "create", "s", "--prompt", "hi", "--repo", "https://e.com/a/b@main"])
        .exits(0)
        .prints("session.session.kubeopencode.io/s created\n");
    let session = cluster.get(&SESSION, "s");
    assert_eq!(session["spec"]["agentRef"]["name"], "dev");
    assert!(session["metadata"]["annotations"]["session.kubeopencode.io/request-id"].is_string());
    let name = program.run(&["task", "create", "hi", "-o", "name", "-q"]).exits(0);
    assert_eq!(name.stderr, "");
    assert!(name.stdout.starts_with("task.kubeopencode.io/task-"), "{name}");
}
