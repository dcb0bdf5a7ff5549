//! Users with few rights: what they may do works, and what they lack is named.

use kubectl_opencode::api::kinds::{AGENT, SESSION, TASK};
use serde_json::json;

use crate::cluster::Cluster;
use crate::leaves::{are_all_in, words};

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
fn without_any_right_every_command_says_which_one_it_lacks() {
    let cluster = cluster(&[]);
    cluster.create(&TASK, "t", json!({"agentRef": {"name": "dev"}, "description": "x"}));
    cluster.status(&TASK, "t", &json!({"phase": "Failed", "podName": "t-pod"}));
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}}));
    cluster.status(&SESSION, "s", &json!({"phase": "Running", "activity": "Idle"}));
    let program = cluster.program();
    program.file("export.json", r#"{"info": {"id": "ses_1"}, "messages": []}"#);
    let mut lines: Vec<String> = [
        "get tasks",
        "get tasks,sessions,agents -o json",
        "get task/t",
        "describe task t",
        "status",
        "status -A",
        "run hi -a dev",
        "run hi",
        "task create hi -a dev",
        "task create hi -a dev --dry-run=server",
        "task wait t",
        "task logs t",
        "task logs -l a=b",
        "task logs -f t",
        "task stop t",
        "task retry t",
        "task transcript t",
        "session create new -a dev",
        "session wait s",
        "session send s hi",
        "session transcript s",
        "session stop s",
        "session start s",
        "session set s --title x",
        "session edit s",
        "session label s a=b",
        "session label --all a=b",
        "session annotate s a=b",
        "session chat s",
        "session command s /init",
        "session commands s",
        "session approve s",
        "session reject s",
        "session answer s yes",
        "session attach s --list",
        "session list --unmanaged",
        "session transcript s -f",
        "session todo s",
        "session children s",
        "session diff s",
        "session revert s",
        "session unrevert s",
        "session fork s",
        "session clone s",
        "session clone s --history",
        "session move s --to-agent other",
        "session move s --to-agent other --if-unhealthy",
        "session export s",
        "session import export.json -a dev",
        "session import export.json",
        "session adopt ses",
        "session adopt ses -a dev",
        "session share s",
        "session unshare s",
        "session endpoint s",
        "session interrupt s",
        "session restart s",
        "session prune -y",
        "session prune --idle 0s -y",
        "session prune --orphaned -y",
        "events",
        "events -A",
        "events session/s",
        "events -w",
        "approvals",
        "approvals -A",
        "approvals s",
        "approvals task/t",
        "approvals -l a=b",
        "approvals -w",
        "approvals s -w",
        "approve s",
        "approve --all -y",
        "reject s",
        "reject -l a=b -y",
        "answer s yes",
        "attach s --list",
        "attach agent/dev --shell",
        "agent attach dev --list",
        "exec s -- true",
        "exec task/t -- true",
        "tunnel dev",
        "agent create new",
        "agent wait dev",
        "agent logs dev",
        "agent suspend dev",
        "agent resume dev",
        "agent shell dev",
        "template create new",
        "template create session new --mode plan",
        "template list",
        "template get p",
        "template describe p",
        "template delete p",
        "session create new --template p",
        "schedule create new hi --schedule 0_3_*_*_* -a dev",
        "schedule suspend c",
        "schedule resume c",
        "schedule trigger c",
        "schedule runs c",
        "install",
    ]
    .map(str::to_owned)
    .into();
    for (noun, name) in [("task", "t"), ("session", "s"), ("agent", "dev"), ("template", "p"), ("schedule", "c")] {
        for verb in [
            "list",
            "list -A",
            "list -w",
            "list -o name",
            "get NAME",
            "get NAME -o yaml",
            "describe NAME",
            "delete NAME",
            "delete --all -y",
        ] {
            let of = if noun == "template" { " --kind session" } else { "" };
            lines.push(format!("{noun} {}{of}", verb.replace("NAME", name)));
        }
    }
    let lines: Vec<_> = lines.iter().map(|line| words(line)).collect();
    are_all_in(
        &lines,
        &[
            ("doctor", "it tells what is lacking, and succeeds"),
            ("controller", "it needs the rights of its own service account, and tries until it has them"),
            ("sandbox", "it has a cluster of its own"),
            ("play", "it needs no cluster"),
            ("config", "what may not be read is left out with a note"),
            ("explain", "it needs no cluster"),
            ("completion", "it needs no cluster"),
            ("version", "it needs no cluster"),
            ("__complete", "what cannot be listed is not offered"),
            ("__generate", "it needs no cluster"),
        ],
    );
    let mut silent = Vec::new();
    for words in lines {
        let words: Vec<_> = ["--as", "john"].into_iter().chain(words.iter().map(String::as_str)).collect();
        let seen = program.run(&words);
        if seen.status != 4 || !seen.stderr.contains("kubectl --as john auth can-i ") {
            silent.push(seen.to_string());
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
    let doctor = program.run(&["--as", "john", "doctor"]).exits(0);
    assert!(doctor.stdout.contains("to run tasks you lack create, get tasks.kubeopencode.io"), "{doctor}");
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
