//! The verbs of a session, with a real agent: what each does to the object and to the conversation.

use std::io::Write as _;

use serde_json::{Value, json};

use crate::home::{Home, PROGRAM, eventually};
use crate::program::read_until;
use crate::sandbox::{end, seen, shared, start};

fn session(home: &Home, name: &str) {
    home.inside(&["session", "create", name, "--agent", "dev", "--wait", "--timeout", "1h"]).ok();
}

fn send(home: &Home, name: &str, prompt: &str) -> String {
    home.inside(&["session", "send", name, "-q", "--on-permission", "allow", prompt]).ok()
}

fn get(home: &Home, name: &str) -> Value {
    serde_json::from_str(&home.inside(&["session", "get", name, "-o", "json"]).ok()).unwrap()
}

fn transcript(home: &Home, name: &str) -> String {
    home.inside(&["session", "transcript", name]).ok()
}

fn idle(home: &Home, name: &str) {
    home.inside(&["session", "wait", name, "--for", "idle", "--timeout", "60s"]).ok();
}

#[test]
fn fields_that_can_change_are_set_and_others_are_a_conflict() {
    let home = shared();
    session(&home, "set-me");
    let words = ["session", "set", "set-me", "--title", "Another", "--idle-timeout", "30m", "--ttl", "60"];
    assert_eq!(home.inside(&words).ok(), "session.session.kubeopencode.io/set-me changed\n");
    let spec = get(&home, "set-me")["spec"].clone();
    assert_eq!(
        (&spec["title"], &spec["idleTimeout"], &spec["ttlSecondsAfterFinished"]),
        (&"Another".into(), &"30m0s".into(), &60.into())
    );
    home.inside(&["session", "set", "set-me", "--title", "", "--ttl", "-1"]).ok();
    let spec = get(&home, "set-me")["spec"].clone();
    assert!(spec.get("title").is_none() && spec.get("ttlSecondsAfterFinished").is_none(), "{spec}");
    let refused = home.inside(&["session", "set", "set-me", "--prompt", "begin anew", "-o", "json"]).failed(6);
    let error: Value = serde_json::from_str(refused.lines().last().unwrap()).unwrap();
    assert_eq!(error["error"]["code"], "conflict", "{refused}");
    assert!(refused.contains("session stop set-me --wait"), "{refused}");
    home.inside(&["session", "stop", "set-me", "--wait"]).ok();
    home.inside(&["session", "set", "set-me", "--directory", "sub"]).ok();
    home.inside(&["session", "set", "set-me"]).failed(2);
    home.inside(&["session", "set", "set-me", "--timeout", "soon"]).failed(2);
}

#[test]
fn an_agent_is_restarted_in_a_new_pod() {
    let home = shared();
    home.inside(&["agent", "create", "again", "--wait", "--timeout", "60s"]).ok();
    let pod = || {
        let text = home.inside(&["agent", "describe", "again"]).ok();
        text.lines().find(|line| line.starts_with("Pod:")).unwrap_or_else(|| panic!("{text}")).to_owned()
    };
    let before = pod();
    for dry_run in ["client", "server"] {
        let words = ["agent", "restart", "again", &format!("--dry-run={dry_run}")];
        assert!(home.inside(&words).ok().contains("agent.kubeopencode.io/again restarted ("));
    }
    assert_eq!(pod(), before, "it was only tried");
    let restarted = seen(&home, &["agent", "restart", "again", "--timeout", "60s"]);
    restarted.exits(0).is_told("agents", "An agent is restarted");
    eventually("the old Pod is gone", || pod() != before);
    home.inside(&["agent", "suspend", "again", "--wait"]).ok();
    let refused = home.inside(&["agent", "restart", "again"]).failed(6);
    assert!(refused.contains("kubectl opencode agent resume again --wait"), "{refused}");
    home.inside(&["agent", "delete", "again", "--yes"]).ok();
}

#[test]
fn labels_and_annotations_are_set_and_taken_away() {
    let home = shared();
    session(&home, "marked");
    home.inside(&["session", "label", "marked", "team=red", "tier=web"]).ok();
    let refused = home.inside(&["session", "label", "marked", "team=blue"]).failed(6);
    assert!(refused.contains("--overwrite"), "{refused}");
    home.inside(&["session", "label", "-l", "tier=web", "team=blue", "tier-", "--overwrite"]).ok();
    home.inside(&["session", "annotate", "marked", "note=hello there"]).ok();
    let metadata = get(&home, "marked")["metadata"].clone();
    assert_eq!(metadata["labels"], serde_json::json!({"team": "blue"}));
    assert_eq!(metadata["annotations"]["note"], "hello there");
    home.inside(&["session", "label", "marked"]).failed(2);
    home.inside(&["session", "label", "team=x"]).failed(2);
}

#[test]
fn an_editor_changes_the_object_and_what_it_refuses_is_kept() {
    let home = shared();
    session(&home, "edited");
    let edit = |script: &str| {
        let mut command = home.command(PROGRAM);
        command
            .env("KUBECONFIG", home.state().join("kubeconfig"))
            .env("TMPDIR", home.path())
            .env("KUBE_EDITOR", script);
        crate::home::Ended::from(command.args(["session", "edit", "edited"]).output().unwrap())
    };
    let seen = edit("sed -i 's/^spec:/spec:\\n  title: From the editor/'");
    assert_eq!(seen.stdout, "session.session.kubeopencode.io/edited edited\n", "{seen:#?}");
    assert_eq!(get(&home, "edited")["spec"]["title"], "From the editor");
    assert!(edit("true").stderr.contains("nothing was changed"));
    let refused = edit("sed -i 's/name: dev/name: other/'").failed(6);
    assert!(
        refused.contains("agentRef of session \"edited\" cannot change now") && refused.contains("is kept in"),
        "{refused}"
    );
    edit("false").failed(2);
}

#[test]
fn a_conversation_is_forked_cloned_and_adopted() {
    let home = shared();
    session(&home, "origin");
    send(&home, "origin", "%say first answer");
    send(&home, "origin", "%say second answer");
    home.inside(&["session", "fork", "origin", "--to", "forked"]).ok();
    assert!(transcript(&home, "forked").contains("second answer"));
    send(&home, "forked", "%say only in the fork");
    assert!(!transcript(&home, "origin").contains("only in the fork"));
    let messages: Value =
        serde_json::from_str(&home.inside(&["session", "transcript", "origin", "-o", "json"]).ok()).unwrap();
    let second = messages[2]["info"]["id"].as_str().unwrap();
    home.inside(&["session", "fork", "origin", "--to", "earlier", "--at", second]).ok();
    let earlier = transcript(&home, "earlier");
    assert!(earlier.contains("first answer") && !earlier.contains("second answer"), "{earlier}");
    home.inside(&["session", "fork", "origin", "--at", "msg_000000000000none0000000000"]).failed(3);

    home.inside(&["session", "set", "origin", "--model", ""]).ok();
    home.inside(&["session", "clone", "origin", "--to", "cloned"]).ok();
    home.inside(&["session", "wait", "cloned", "--timeout", "60s"]).ok();
    assert_eq!(get(&home, "cloned")["spec"]["timeout"], get(&home, "origin")["spec"]["timeout"]);
    assert_eq!(transcript(&home, "cloned"), "");
    home.inside(&["session", "clone", "origin", "--to", "with-history", "--history"]).ok();
    assert!(transcript(&home, "with-history").contains("first answer"));

    let id = get(&home, "forked")["status"]["sessionID"].as_str().unwrap().to_owned();
    home.inside(&["session", "set", "forked", "--title", "Left behind"]).ok();
    let patch = r#"{"spec":{"deletionPolicy":"Retain"}}"#;
    let kubeconfig = home.state().join("kubeconfig");
    let kubectl = home
        .command("kubectl")
        .env("KUBECONFIG", &kubeconfig)
        .args(["patch", "ses", "forked", "--type=merge", "-p", patch])
        .output();
    assert!(kubectl.unwrap().status.success());
    home.inside(&["session", "delete", "forked"]).ok();
    let listed = home.inside(&["session", "list", "--unmanaged"]).ok();
    let row = listed.lines().find(|line| line.starts_with(&id)).unwrap_or_else(|| panic!("{listed}"));
    assert!(row.contains("dev") && row.contains("false"), "one that was to be kept is no orphan: {row}");
    home.inside(&["session", "adopt", &id, "--name", "adopted"]).ok();
    assert!(transcript(&home, "adopted").contains("only in the fork"));
    assert!(!home.inside(&["session", "list", "--unmanaged", "-o", "name"]).ok().contains(&id));
    home.inside(&["session", "adopt", "ses_nothing00000000000000000001"]).failed(3);
}

#[test]
fn a_turn_is_reverted_shown_and_brought_back() {
    let home = shared();
    // The server takes snapshots in repositories alone, and looks for one when it first works in a directory.
    let make = "mkdir back && cd back && git init -q . \
        && git -c user.name=t -c user.email=t@t commit -q --allow-empty -m x";
    home.inside(&["exec", "agent/dev", "--", "sh", "-c", make]).ok();
    let words = ["session", "create", "back", "--agent", "dev", "--directory", "back", "--wait"];
    home.inside(&words).ok();
    send(&home, "back", "%write back.txt hello\n%say written");
    let is_there = || home.inside(&["exec", "back", "--", "ls"]).ok().contains("back.txt");
    let content = || home.inside(&["exec", "back", "--", "cat", "back.txt"]).ok();
    let written = content();
    assert!(written.starts_with("hello"), "{written}");
    eventually("the server knows what the turn changed", || {
        let diff = home.inside(&["session", "diff", "back"]).ok();
        diff.contains("back.txt") && diff.contains("+hello")
    });
    let stat = home.inside(&["session", "diff", "back", "--turn", "last", "--stat"]).ok();
    assert!(stat.contains("back.txt (+1 -0) added"), "{stat}");
    let reverted = home.inside(&["session", "revert", "back"]).ok();
    assert!(reverted.starts_with("session/back reverted to before msg_"), "{reverted}");
    assert!(!is_there());
    home.inside(&["session", "unrevert", "back"]).ok();
    assert_eq!(content(), written);
    home.inside(&["session", "unrevert", "back"]).failed(6);
    home.inside(&["session", "revert", "back", "msg_000000000000none0000000000"]).failed(3);
}

#[test]
fn a_turn_is_interrupted_and_the_session_goes_on() {
    let home = shared();
    session(&home, "busy");
    let talk = start(&home, &["session", "send", "busy", "%wait 10m"]);
    home.inside(&["session", "wait", "busy", "--for", "busy", "--timeout", "60s"]).ok();
    assert_eq!(home.inside(&["session", "interrupt", "busy", "--timeout", "60s"]).ok(), "session/busy interrupted\n");
    let told = end(talk).failed(1);
    assert!(told.contains("somebody stopped the turn"), "{told}");
    idle(&home, "busy");
    assert_eq!(send(&home, "busy", "%say still here"), "still here\n");
    let nothing = home.inside(&["session", "interrupt", "busy"]);
    assert!(nothing.status == Some(0) && nothing.stderr.contains("was idle already"), "{nothing:#?}");
    home.inside(&["session", "restart", "busy", "--timeout", "60s"]).ok();
    assert!(transcript(&home, "busy").contains("still here"));
}

#[test]
fn lists_of_things_to_do_subagents_commands_and_the_place_are_shown() {
    let home = shared();
    session(&home, "lists");
    send(&home, "lists", "%todo wash; dry\n%task %say from below\n%say done");
    let todo = home.inside(&["session", "todo", "lists"]).ok();
    assert!(
        todo.lines().nth(1).is_some_and(|line| line.starts_with("in_progress") && line.ends_with("wash")),
        "{todo}"
    );
    let children = home.inside(&["session", "children", "lists", "-o", "name"]).ok();
    assert!(children.starts_with("ses_") && children.lines().count() == 1, "{children}");
    let commands = home.inside(&["session", "commands", "lists", "-o", "name"]).ok();
    assert!(commands.lines().any(|line| line == "/init"), "{commands}");
    let unknown = home.inside(&["session", "command", "lists", "nosuch"]).failed(3);
    assert!(unknown.contains("/init"), "{unknown}");
    let ran = home.inside(&["session", "command", "lists", "/review", "%say reviewed"]);
    assert_eq!(ran.status, Some(0), "{ran:#?}");
    let place: Value =
        serde_json::from_str(&home.inside(&["session", "endpoint", "lists", "-o", "json"]).ok()).unwrap();
    assert_eq!(
        (&place["agent"], &place["healthy"], &place["version"]),
        (&"dev".into(), &true.into(), &"1.18.33".into())
    );
    let refused = home.inside(&["session", "share", "lists"]);
    assert!(matches!(refused.status, Some(7 | 5)), "nothing is shared without a network: {refused:#?}");
}

#[test]
fn a_conversation_is_exported_imported_and_moved() {
    let home = shared();
    home.inside(&["agent", "create", "far", "--wait", "--timeout", "60s"]).ok();
    session(&home, "export-me");
    send(&home, "export-me", "%bash echo from the tool\n%say the <answer>");
    let text = home.inside(&["session", "export", "export-me", "-o", "text"]).ok();
    assert!(text.contains("> %bash echo from the tool") && text.contains("the <answer>"), "{text}");
    let page = home.inside(&["session", "export", "export-me", "-o", "html"]).ok();
    assert!(page.contains("the &lt;answer&gt;"), "{page}");
    assert!(home.inside(&["session", "export", "export-me"]).ok().contains("## User"));
    let file = home.path().join("export.json");
    let file = file.to_str().unwrap();
    home.inside(&["session", "export", "export-me", "-o", "json", "-f", file]).ok();
    home.inside(&["session", "export", "export-me", "-o", "json", "-f", file]).failed(6);
    home.inside(&["session", "import", file, "--agent", "dev", "--name", "imported"]).ok();
    assert_eq!(transcript(&home, "imported"), transcript(&home, "export-me"));
    assert_ne!(get(&home, "imported")["status"]["sessionID"], get(&home, "export-me")["status"]["sessionID"]);
    assert_eq!(send(&home, "imported", "%say goes on"), "goes on\n");
    let nonsense = home.path().join("nonsense.json");
    std::fs::write(&nonsense, "{}").unwrap();
    home.inside(&["session", "import", nonsense.to_str().unwrap(), "--agent", "dev"]).failed(7);

    let told = home.inside(&["session", "move", "export-me", "--to-agent", "far", "--if-unhealthy"]);
    assert!(told.status == Some(0) && told.stderr.contains("was not moved"), "{told:#?}");
    let before = transcript(&home, "export-me");
    home.inside(&["session", "move", "export-me", "--to-agent", "far", "--to", "moved", "--delete-source"]).ok();
    assert_eq!(get(&home, "moved")["status"]["agentRef"]["name"], "far");
    assert_eq!(transcript(&home, "moved"), before);
    home.inside(&["session", "get", "export-me"]).failed(3);
    home.inside(&["session", "move", "moved", "--to-agent", "far"]).failed(6);

    // Its agent is away: what was set begins anew elsewhere, and the old one is left for when the agent is back.
    home.inside(&["agent", "suspend", "far", "--wait", "--timeout", "60s"]).ok();
    let told = home.inside(&["session", "move", "moved", "--to-agent", "dev", "--to", "saved", "--if-unhealthy"]);
    assert!(told.status == Some(0) && told.stderr.contains("begins anew"), "{told:#?}");
    home.inside(&["session", "wait", "saved", "--timeout", "60s"]).ok();
    assert_eq!(get(&home, "saved")["status"]["agentRef"]["name"], "dev");
    assert_eq!(transcript(&home, "saved"), "");
    home.inside(&["session", "get", "moved"]).ok();
    home.inside(&["session", "move", "moved", "--to-agent", "dev", "--to", "not-saved"]).failed(5);
    home.inside(&["agent", "delete", "far", "--force"]).ok();
}

#[test]
fn a_session_is_cloned_into_another_namespace() {
    let home = shared();
    let kubectl = |words: &[&str]| {
        let output = home.command("kubectl").env("KUBECONFIG", home.state().join("kubeconfig")).args(words).output();
        assert!(output.as_ref().unwrap().status.success(), "{output:?}");
    };
    kubectl(&["create", "namespace", "next-door"]);
    session(&home, "clone-me");
    send(&home, "clone-me", "%say said here");
    let clone = |more: &[&str]| {
        let words =
            [&["session", "clone", "clone-me", "--to", "cloned-there", "--to-namespace", "next-door"], more].concat();
        home.inside(&words)
    };
    let missing = clone(&[]).failed(3);
    assert!(missing.contains("agent \"dev\""), "the other namespace has none of that name: {missing}");
    home.inside(&["agent", "create", "there", "-n", "next-door", "--wait", "--timeout", "60s"]).ok();
    clone(&["--to-agent", "there", "--history"]).ok();
    let told = home.inside(&["session", "transcript", "cloned-there", "-n", "next-door"]).ok();
    assert_eq!(told, transcript(&home, "clone-me"));
    home.inside(&["session", "get", "cloned-there"]).failed(3);
    kubectl(&["delete", "namespace", "next-door"]);
}

#[tokio::test]
async fn conversations_whose_session_is_gone_are_pruned_and_no_others() {
    let home = shared();
    session(&home, "to-be-kept");
    let client = home.client().await;
    let server = kubectl_opencode::cluster::opencode(&client, "default", "dev").await.unwrap();
    let make = async |title: &str, of: &str, more: Value| {
        let mut metadata = json!({"kubernetes.namespace": "default", "kubernetes.session": of, "kubernetes.uid": format!("gone-{of}")});
        metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let new = kubectl_opencode::opencode::NewSession {
            title: Some(title.to_owned()),
            metadata: Some(metadata),
            ..Default::default()
        };
        server.create_session(&new).await.unwrap().id
    };
    let orphan = make("orphan", "long-gone", json!({})).await;
    let retained = make("retained", "also-gone", json!({"kubernetes.deletionPolicy": "Retain"})).await;
    let fork = make("orphan (fork #1)", "long-gone", json!({})).await;
    let elsewhere = make("elsewhere", "unseen", json!({"kubernetes.namespace": "another"})).await;
    let kept = get(&home, "to-be-kept")["status"]["sessionID"].as_str().unwrap().to_owned();
    let tried = home.inside(&["session", "prune", "--orphaned", "--dry-run"]).ok();
    assert!(tried.contains(&orphan) && tried.contains("(dry run)"), "{tried}");
    let pruned = home.inside(&["session", "prune", "--orphaned", "--yes"]).ok();
    assert!(pruned.contains(&format!("{orphan} (orphan) on agent \"dev\"")), "{pruned}");
    assert!(server.session(&orphan).await.unwrap_err().is_not_found());
    for id in [&retained, &fork, &elsewhere, &kept] {
        assert!(!pruned.contains(id.as_str()), "{pruned}");
        server.session(id).await.unwrap();
    }
    for id in [&retained, &fork, &elsewhere] {
        server.delete_session(id).await.unwrap();
    }
}

#[test]
fn what_nobody_needs_is_pruned_once_that_is_confirmed() {
    let home = shared();
    let words = ["session", "create", "short", "--agent", "dev", "--timeout", "1s", "--label", "prune=me"];
    home.inside(&words).ok();
    home.inside(&["session", "wait", "short", "--for", "completed", "--timeout", "60s"]).ok();
    session(&home, "stays");
    home.inside(&["session", "label", "stays", "prune=me"]).ok();
    let unsure = home.inside(&["session", "prune", "-l", "prune=me"]).failed(2);
    assert!(unsure.contains("delete 1 session") && unsure.contains("--yes"), "{unsure}");
    let tried = home.inside(&["session", "prune", "-l", "prune=me", "--dry-run"]).ok();
    assert_eq!(tried, "session.session.kubeopencode.io/short pruned (dry run)\n");
    home.inside(&["session", "prune", "-l", "prune=me", "--yes"]).ok();
    home.inside(&["session", "wait", "short", "--for", "deleted", "--timeout", "60s"]).ok();
    home.inside(&["session", "get", "stays"]).ok();
    let idle = home.inside(&["session", "prune", "-l", "prune=me", "--idle", "1h", "--yes"]);
    assert!(idle.stderr.contains("nothing to clear away"), "{idle:#?}");
    home.inside(&["session", "prune", "-l", "prune=me", "--idle", "0s", "--yes"]).ok();
    home.inside(&["session", "wait", "stays", "--for", "deleted", "--timeout", "60s"]).ok();
}

#[test]
fn the_same_prompt_under_the_same_name_is_said_once() {
    let home = shared();
    session(&home, "once");
    let words = ["session", "send", "once", "--message-id", "build-7", "%say said"];
    let first = home.inside(&words);
    assert_eq!((first.status, first.stdout.as_str()), (Some(0), "said\n"), "{first:#?}");
    let again = home.inside(&words);
    assert_eq!((again.status, again.stdout.as_str()), (Some(0), "said\n"), "{again:#?}");
    assert!(again.stderr.contains("this prompt was already sent, as msg_"), "{again:#?}");
    assert_eq!(transcript(&home, "once").matches("> %say said").count(), 1);
    let receipt = home.inside(&["session", "send", "once", "--no-wait", "--message-id", "build-7", "%say said"]).ok();
    assert!(receipt.starts_with("msg_") && receipt.lines().count() == 1, "{receipt}");
    let other = home.inside(&["session", "send", "once", "--no-wait", "%say other"]).ok();
    assert!(other.starts_with("msg_") && other != receipt, "{other}");
    eventually("it is answered", || transcript(&home, "once").contains("\nother\n"));
}

#[tokio::test]
async fn a_prompt_that_a_killed_server_stored_without_its_text_is_said_when_it_is_sent_again() {
    let home = shared();
    session(&home, "halved");
    let id = get(&home, "halved")["status"]["sessionID"].as_str().unwrap().to_owned();
    let client = home.client().await;
    let server = kubectl_opencode::cluster::opencode(&client, "default", "dev").await.unwrap();
    let created = server.session(&id).await.unwrap().time.created;
    let message = kubectl_opencode::opencode::message_id(created, "build-8");
    let stored = json!({"parts": [], "noReply": true, "messageID": message});
    server.request(http::Method::POST, &format!("/session/{id}/message"), &[], Some(stored)).await.unwrap();
    let words = ["session", "send", "halved", "--message-id", "build-8", "%say said"];
    assert_eq!(home.inside(&words).ok(), "said\n");
    let messages = server.messages(&id, &kubectl_opencode::opencode::MessageQuery::default()).await.unwrap();
    assert_eq!(messages.len(), 2, "{messages:#?}");
    assert_eq!((messages[0].info.id.as_str(), messages[0].parts.len()), (message.as_str(), 1), "{messages:#?}");
}

#[test]
fn a_prompt_to_a_busy_session_waits_behind_its_turn() {
    let home = shared();
    home.inside(&["session", "create", "queue", "--agent", "dev", "--permissions", "ask", "--wait"]).ok();
    let first = start(&home, &["session", "send", "queue", "%write hold.txt x\n%say first"]);
    home.inside(&["session", "wait", "queue", "--for", "waiting-input", "--timeout", "60s"]).ok();
    let mut second = start(&home, &["session", "send", "queue", "%say second"]);
    read_until(second.0.stderr.as_mut().unwrap(), "the prompt is queued behind the current turn");
    home.inside(&["approve", "queue"]).ok();
    assert_eq!(end(first).status, Some(0));
    let second = end(second);
    assert_eq!((second.status, second.stdout.trim().ends_with("second")), (Some(0), true), "{second:#?}");
}

#[test]
fn a_broadcast_reports_on_each_session() {
    let home = shared();
    for name in ["hear-a", "hear-b"] {
        home.inside(&["session", "create", name, "--agent", "dev", "--label", "hear=yes", "--wait"]).ok();
    }
    home.inside(&["session", "create", "hear-c", "--agent", "dev", "--label", "hear=yes", "--wait"]).ok();
    home.inside(&["session", "stop", "hear-c", "--wait"]).ok();
    let seen = home.inside(&["session", "send", "-l", "hear=yes", "%say heard"]);
    assert_eq!(seen.status, Some(6), "{seen:#?}");
    for row in ["hear-a", "hear-b"] {
        let line = seen.stdout.lines().find(|line| line.starts_with(row)).unwrap_or_else(|| panic!("{seen:#?}"));
        assert!(line.contains("answered") && line.ends_with("heard"), "{line}");
    }
    assert!(
        seen.stdout.contains("hear-c") && seen.stderr.contains("session \"hear-c\": session \"hear-c\" is Stopped"),
        "{seen:#?}"
    );
    home.inside(&["session", "send", "hear-a", "text", "-l", "hear=yes"]).failed(2);
    home.inside(&["session", "send"]).failed(2);
}

#[test]
fn a_file_goes_along_with_a_prompt() {
    let home = shared();
    session(&home, "attach-file");
    let file = home.path().join("notes.txt");
    std::fs::write(&file, "the notes").unwrap();
    let seen = home.inside(&["session", "send", "attach-file", "--attach", file.to_str().unwrap(), "%say got it"]);
    assert_eq!((seen.status, seen.stdout.as_str()), (Some(0), "got it\n"), "{seen:#?}");
    assert!(transcript(&home, "attach-file").contains("[file notes.txt]"));
}

#[test]
fn a_conversation_is_followed_as_it_grows() {
    let home = shared();
    session(&home, "followed");
    send(&home, "followed", "%say before");
    let mut follow = start(&home, &["session", "transcript", "followed", "-f", "--ids"]);
    let stdout = follow.0.stdout.as_mut().unwrap();
    let told = read_until(stdout, "before\n\nmsg_");
    assert!(told.starts_with("msg_"), "{told}");
    send(&home, "followed", "%think deeply\n%say after");
    read_until(stdout, "\nafter\n");
    let newer = home.inside(&["session", "transcript", "followed", "--since", "1h", "--thinking"]).ok();
    assert!(newer.contains("    deeply") && newer.contains("after"), "{newer}");
    assert!(!home.inside(&["session", "transcript", "followed", "--tail", "1"]).ok().contains("before"));
    home.inside(&["session", "delete", "followed"]).ok();
    assert_eq!(end(follow).status, Some(0), "it ends with the conversation");
}

#[test]
fn a_chat_on_a_pipe_answers_line_by_line() {
    let home = shared();
    session(&home, "chat");
    let mut command = home.command(PROGRAM);
    command.env("KUBECONFIG", home.state().join("kubeconfig")).args(["session", "chat", "chat"]);
    command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"%say one\n\n/help\n%say two\n/exit\n%say never\n").unwrap();
    drop(input);
    let seen = crate::home::Ended::from(child.wait_with_output().unwrap());
    assert_eq!((seen.status, seen.stdout.as_str()), (Some(0), "one\ntwo\n"), "{seen:#?}");
    assert!(seen.stderr.contains("/init"), "{seen:#?}");
}

#[test]
fn what_happens_is_one_stream_and_others_are_told() {
    let home = shared();
    session(&home, "told");
    let out = home.path().join("told.json");
    let notify = format!("exec=cat > {}.new && mv {0}.new {0}", out.display());
    let mut watch = start(&home, &["events", "told", "-w", "-o", "json", "--notify", &notify, "--for", "stopped"]);
    let stdout = watch.0.stdout.as_mut().unwrap();
    // What is recorded of it is told first, so that the stream is known to stand.
    read_until(stdout, "\"reason\":\"Running\"");
    eventually("the change of a state is seen", || {
        home.inside(&["session", "stop", "told", "--wait", "--timeout", "60s"]).ok();
        home.inside(&["session", "start", "told", "--wait", "--timeout", "60s"]).ok();
        out.exists()
    });
    let change: Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!((&change["reference"], &change["state"]), (&"session/told".into(), &"stopped".into()), "{change}");
    let told = read_until(stdout, "\"state\":\"stopped\"");
    assert!(told.contains("\"type\":\"Change\""), "{told}");
    let listed = home.inside(&["events", "told"]).ok();
    assert!(listed.contains("session/told") && listed.contains("Running"), "{listed}");
    home.inside(&["events", "-w", "--notify", "mail=x"]).failed(2);
}

#[test]
fn the_page_of_sessions_names_tests_that_exist() {
    fn read(folder: &std::path::Path, sources: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, sources);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/sessions.md")).unwrap();
    let mut sources = String::new();
    for folder in ["tests", "src"] {
        read(&root.join(folder), &mut sources);
    }
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| F") && line.ends_with("` |")).collect();
    let wanted: Vec<_> = (1..=26).chain([30, 31, 53, 54, 100, 101]).map(|number| format!("| F{number} |")).collect();
    let lacking: Vec<_> =
        wanted.iter().filter(|start| !rows.iter().any(|row| row.starts_with(start.as_str()))).collect();
    assert!(lacking.is_empty(), "no rows: {lacking:?}");
    let of_row = |row: &&str| row.trim_end_matches("` |").rsplit('`').next().unwrap().to_owned();
    let missing: Vec<_> = rows.iter().map(of_row).filter(|test| !sources.contains(&format!("fn {test}()"))).collect();
    assert!(missing.is_empty(), "no such tests: {missing:?}");
}
