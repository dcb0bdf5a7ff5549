//! Text that an agent or another user wrote: `hostile.json` goes through every command, and nothing that a terminal would
//! obey comes out, of JSON and YAML neither.

use kubectl_opencode::api::kinds::{AGENT, SCHEDULE, SESSION, TASK, TEMPLATE};
use serde_json::{Value, json};

use crate::cluster::{Cluster, kubeconfig};
use crate::fake::{ApiStub, status, wording};
use crate::leaves::{are_all_in, words};
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
    // A conversation is as many lines as it is.
    let is_conversation = ["transcript", "export"].iter().any(|word| seen.line.contains(word));
    for (text, may_have_lines) in [(&seen.stdout, is_conversation), (&seen.stderr, false)] {
        let found = text.chars().find(|character| is_obeyed(*character));
        assert!(found.is_none(), "{found:?} comes out of {:?}:\n{text:?}", seen.line);
        assert!(
            may_have_lines || !text.lines().any(|line| line.starts_with("error: forged")),
            "a forged line comes out of {}",
            seen.line
        );
    }
}

/// A cluster with an object of each kind, in which whatever a user, a model or a controller may word is `all`.
pub fn objects(all: &str) -> Cluster {
    let cluster = Cluster::start();
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
    cluster.event("s", all);
    let of_sessions = json!({"session.kubeopencode.io/template": "session"});
    let text = json!({"metadata": {"annotations": {"note": all}}, "spec": {"title": all, "prompt": all}}).to_string();
    cluster.config_map("rev", &of_sessions, "session.yaml", &text);
    cluster.config_map("bad", &of_sessions, "session.yaml", &json!({"spec": {all: all}}).to_string());
    let text = json!({"annotations": {"other": all}}).to_string();
    cluster.config_map("kubectl-opencode", &json!({}), "config.yaml", &text);
    cluster
}

#[test]
fn nothing_that_a_terminal_obeys_comes_from_the_clusters_objects() {
    let cluster = objects(&corpus().concat());
    let program = cluster.program();
    for line in object_lines() {
        let words: Vec<_> = line.iter().map(String::as_str).collect();
        let mut seen = program.run(&words);
        if words.windows(2).any(|pair| pair == ["-o", "yaml"]) {
            // YAML escapes controls alone: what only looks odd is part of the text, as kubectl prints it.
            seen.stdout = seen.stdout.replace(|character: char| is_obeyed(character) && !character.is_control(), "");
        }
        is_harmless(&seen);
    }
}

/// Commands about objects of the cluster.
pub fn object_lines() -> Vec<Vec<String>> {
    let mut lines: Vec<String> = vec![
        "status".into(),
        "status -A".into(),
        "get tasks,sessions,agents,templates,schedules -A -o wide --show-labels".into(),
        "task wait failed".into(),
        "task wait t --timeout 0s".into(),
        "task retry failed".into(),
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
        "events".into(),
        "events -o json".into(),
        "events session/s -A".into(),
        "run hi -a nosuch".into(),
        "describe task t".into(),
        "tunnel dev".into(),
        "task transcript t".into(),
        "session clone s --to c".into(),
        "session set c --title x".into(),
        "session label c a=b -o json".into(),
        "session annotate c note=other".into(),
        "session stop c".into(),
        "session start c".into(),
        "session restart s --timeout 0s".into(),
        "session prune --finished -y".into(),
        "session move s --to-agent dev".into(),
        "session fork s".into(),
        "session create s -a dev".into(),
        "session attach s".into(),
        "agent attach dev".into(),
        "agent shell dev".into(),
        "agent logs dev".into(),
        "agent create dev".into(),
        "agent wait dev --timeout 0s".into(),
        "agent restart dev --timeout 0s".into(),
        "agent suspend dev".into(),
        "agent resume dev".into(),
        "template create tpl".into(),
        "template create session rev --mode plan".into(),
        "template get rev".into(),
        "template describe rev".into(),
        "session create begun -a dev --template rev -o yaml".into(),
        "session create begun -a dev --template bad".into(),
        "config resolve".into(),
        "config resolve --template rev -o json".into(),
        "config resolve --template bad".into(),
        "config set agent dev".into(),
        "config view".into(),
        "config unset agent".into(),
        "schedule create cron hi --schedule 0_0_*_*_* -a dev".into(),
        "schedule suspend cron".into(),
        "schedule resume cron".into(),
        "schedule trigger cron".into(),
        "schedule runs cron".into(),
        "task stop t".into(),
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
    for gone in ["task delete t", "template delete tpl", "schedule delete cron", "agent delete dev"] {
        lines.push(gone.into());
    }
    lines.iter().map(|line| words(line)).collect()
}

/// Commands that show what an agent's server says, or fail by it.
pub const CONVERSATION_LINES: [(bool, &[&str]); 43] = [
    (false, &["attach", "s", "--list"]),
    (true, &["session", "transcript", "s", "--ids", "--tools", "--thinking"]),
    (true, &["session", "transcript", "s", "-o", "json"]),
    (true, &["session", "export", "s"]),
    (true, &["session", "export", "s", "-o", "html"]),
    (true, &["session", "export", "s", "-o", "text"]),
    (true, &["session", "export", "s", "-o", "json"]),
    (true, &["session", "todo", "s"]),
    (true, &["session", "children", "s"]),
    (false, &["session", "children", "s", "-o", "name"]),
    (true, &["session", "diff", "s"]),
    (true, &["session", "diff", "s", "--stat"]),
    (true, &["session", "diff", "s", "-o", "json"]),
    (true, &["session", "commands", "s"]),
    (true, &["session", "commands", "s", "-o", "name"]),
    (true, &["session", "command", "s", "nosuch"]),
    (false, &["session", "chat", "s"]),
    (true, &["session", "share", "s"]),
    (false, &["session", "unshare", "s"]),
    (true, &["session", "endpoint", "s"]),
    (true, &["session", "revert", "s"]),
    (false, &["session", "unrevert", "s"]),
    (false, &["session", "interrupt", "s"]),
    (false, &["session", "fork", "s", "--at", "msg_2"]),
    (true, &["session", "list", "--unmanaged"]),
    (false, &["session", "list", "--unmanaged", "-o", "name"]),
    (true, &["session", "list", "--unmanaged", "-o", "json"]),
    (false, &["session", "adopt", "ses_child", "-a", "dev"]),
    (false, &["session", "adopt", "ses_none", "-a", "dev"]),
    (true, &["approvals"]),
    (true, &["approvals", "-o", "wide"]),
    (true, &["approvals", "-o", "json"]),
    (true, &["approvals", "asks"]),
    (true, &["approve", "per_1"]),
    (true, &["approve", "per_1", "--always"]),
    (true, &["reject", "per_1"]),
    (true, &["reject", "asks"]),
    (true, &["answer", "asks", "1"]),
    (true, &["answer", "asks"]),
    (true, &["session", "approve", "per_1", "-o", "json"]),
    (true, &["session", "reject", "que_1"]),
    (true, &["session", "answer", "asks", "other"]),
    (false, &["session", "import", "export.json", "-a", "dev"]),
];

/// A cluster with a session that is idle and one that asks for everything, on an agent whose server words all as `all`.
pub fn conversations(all: &str) -> (ApiStub, Cluster) {
    let server = wording(all);
    let cluster = Cluster::with_opencode(Some(server.address));
    cluster.ready_agent("dev");
    for (name, id, activity) in [("s", "ses_idle", "Idle"), ("asks", "ses_asks", "WaitingInput")] {
        cluster.create(&SESSION, name, json!({"agentRef": {"name": "dev"}}));
        let running = json!({"phase": "Running", "activity": activity, "sessionID": id, "agentRef": {"name": "dev"}});
        cluster.status(&SESSION, name, &running);
    }
    (server, cluster)
}

/// The program on such a cluster, with what it imports.
pub fn conversing(cluster: &Cluster, all: &str) -> Program {
    let program = cluster.program().with("KUBE_EDITOR", "true");
    program.file("export.json", json!({"info": {"id": all, "title": all}, "messages": []}).to_string());
    program
}

#[test]
fn nothing_that_a_terminal_obeys_comes_from_an_agents_server() {
    let (_server, cluster) = conversations(&corpus().concat());
    let program = conversing(&cluster, &corpus().concat());
    for (is_shown, line) in CONVERSATION_LINES {
        let seen = program.run(line);
        is_harmless(&seen);
        let said = format!("{}{}", seen.stdout, seen.stderr);
        assert!(!is_shown || said.contains("cleared"), "nothing of what the server says is in {seen}");
    }
}

#[test]
fn every_command_is_given_hostile_text() {
    let conversations = CONVERSATION_LINES.iter().map(|(_, line)| line.iter().map(ToString::to_string).collect());
    let table: Vec<Vec<String>> = object_lines().into_iter().chain(conversations).collect();
    are_all_in(
        &table,
        &[
            ("session edit", "an editor shows the object, as YAML"),
            ("play", "it shows a recording to the terminal that it is of"),
            ("install", "it writes its own manifests"),
            ("controller", "it shows nothing of objects on standard output"),
            ("sandbox", "it shows nothing of objects"),
            ("explain", "it shows its own texts"),
            ("completion", "it shows its own scripts"),
            ("version", "it shows its own version"),
            ("help", "it shows its own texts"),
            ("__generate", "it writes its own pages"),
        ],
    );
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
