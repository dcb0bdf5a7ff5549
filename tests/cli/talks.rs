//! What is said while sessions are talked to and turns end in other ways than with an answer.

use kubectl_opencode::api::kinds::{SESSION, TASK};
use serde_json::json;

use crate::cluster::Cluster;
use crate::fake::{ApiStub, SESSION_ID, Turn};
use crate::program::{Program, Shell};
use crate::work::session;

#[test]
fn a_turn_ends_in_many_ways() {
    for (turn, status, situation) in [
        (Turn::Retry, 0, "The provider fails at first"),
        (Turn::Aborted, 1, "Somebody stops the turn"),
        (Turn::Refused, 1, "Somebody refuses what the turn asks for"),
        (Turn::Deleted, 1, "Somebody deletes the conversation"),
        (Turn::Silence, 1, "The turn ends without a word"),
        (Turn::CutOff, 1, "The server ends in the middle of the turn"),
    ] {
        let (_opencode, cluster) = session(turn);
        cluster.program().run(&["session", "send", "s", "hi"]).exits(status).is_told("talks", situation);
    }
}

#[test]
fn a_prompt_is_sent_at_its_time() {
    let (opencode, cluster) = session(Turn::Answer);
    let program = cluster.program();
    let once = ["session", "send", "s", "hi", "--message-id", "build-7"];
    program.run(&once).exits(0);
    program.run(&once).exits(0).is_told("talks", "A prompt with a name is sent again");
    let unread = ["session", "send", "s", "hi", "--message-id", "build-7", "--no-wait"];
    program
        .run(&unread)
        .exits(0)
        .is_told("talks", "A prompt with a name is sent again, and its answer is not waited for");
    program.run(&["session", "send", "s", "hi", "--no-wait"]).exits(0).is_told("talks", "The answer is not waited for");
    for name in ["msg_1", "msg_2"] {
        // Names that only look like ids of messages are two names.
        let words = ["session", "send", "s", name, "--message-id", name];
        program.run(&words).exits(0).prints(&format!("stub: {name}\n"));
    }
    opencode.stores_late(usize::MAX);
    let words = ["session", "send", "s", "hi", "--no-wait"];
    program.run(&words).exits(5).is_told("talks", "The server is slow to store the prompt");
    opencode.stores_late(0);

    cluster.status(&SESSION, "s", &json!({"phase": "Pending"}));
    let send = ["session", "send", "s", "hi"];
    let mut run = program.begin(&send);
    run.says("is pending");
    cluster.status(&SESSION, "s", &json!({"phase": "Running", "sessionID": SESSION_ID}));
    run.end().exits(0).is_told("talks", "The session is not there yet");

    let all = ["session", "send", "--all", "hi"];
    program.run(&all).exits(0).is_told("talks", "Every session is sent a prompt");
}

#[test]
fn a_prompt_waits_behind_a_turn() {
    let (_opencode, cluster) = session(Turn::Hang);
    let program = cluster.program();
    let named = ["session", "send", "s", "one", "--message-id", "build-7"];
    let mut first = program.begin(&named);
    first.says("waiting for the answer\n");
    let mut again = program.begin(&named);
    let seen = again.says("waiting for the answer\n").interrupt().end();
    seen.is_told("talks", "A prompt with a name is sent again, and its turn goes on");
    let mut second = program.begin(&["session", "send", "s", "two"]);
    let seen = second.says("waiting for the answer\n").interrupt().end();
    seen.is_told("talks", "The session is in a turn");
    first.interrupt().end();
}

#[test]
fn a_command_is_answered_oddly() {
    let (_opencode, cluster) = session(Turn::Answer);
    let seen = cluster.program().run(&["session", "command", "s", "/init"]).exits(7);
    seen.is_told("talks", "The server answers a command with nothing that was said");
    let (_opencode, cluster) = session(Turn::CutOff);
    let seen = cluster.program().run(&["session", "command", "s", "/init"]).exits(5);
    seen.is_told("talks", "The answer to a command breaks off");
}

#[test]
fn a_conversation_is_followed_until_it_is_deleted() {
    let (opencode, cluster) = session(Turn::Answer);
    let program = cluster.program();
    program.run(&["session", "send", "s", "hi"]).exits(0);
    let mut run = program.begin(&["session", "transcript", "s", "-f"]);
    run.prints("stub: hi");
    // Its events come only once it listens.
    let told = std::thread::scope(|scope| {
        let (done, is_done) = std::sync::mpsc::channel();
        scope.spawn(move || {
            while is_done.recv_timeout(std::time::Duration::from_millis(50)).is_err() {
                opencode.deletes();
            }
        });
        let seen = run.end();
        done.send(()).unwrap();
        seen
    });
    told.exits(0).is_told("talks", "A conversation is followed and deleted");
}

#[test]
fn a_chat_is_told_what_is_wrong_with_its_lines() {
    let (_opencode, cluster) = session(Turn::Answer);
    let program = cluster.program();
    let chat = ["session", "chat", "s"];
    program.run_with(&chat, b"\xff\n").exits(2).is_told("talks", "A chat reads what is no text");
    let folder = Shell { stdin: Some(".".to_owned()), ..Shell::default() };
    program.run_in(&folder, &chat, b"").exits(2).is_told("talks", "A chat cannot read");
    let talk = [("> ", "/help\r"), ("/exit /help", ""), ("> ", "\x04")];
    program.with_person(&chat, &talk).exits(0).is_told("people", "A person asks for help in a chat");
}

/// How the ids of conversations begin: one that no agent imports, one that every agent has imported, one whose object is
/// gone, and one that cannot be deleted, either.
const IDS: [&str; 4] = ["ses_000000000001", "ses_000000000002", "ses_000000000003", "ses_000000000004"];

fn id(index: usize) -> String {
    format!("{}aaaaaaaaaaaaaa", IDS[index])
}

/// A server with these conversations.
fn keeper() -> ApiStub {
    ApiStub::start(|method, uri, _| {
        let path = uri.split('?').next().unwrap();
        let words: Vec<_> = path.trim_matches('/').split('/').collect();
        let named = |id: &str| {
            let mut named =
                json!({"id": id, "directory": "/tmp", "title": "words", "time": {"created": 1_000, "updated": 1_000}});
            if id >= IDS[2] {
                named["metadata"] =
                    json!({"kubernetes.namespace": "default", "kubernetes.session": "gone", "kubernetes.uid": "u"});
            }
            named
        };
        let said = json!([{"info": {"id": "msg_1", "sessionID": "ses_1", "role": "user", "time": {"created": 1}},
            "parts": [{"id": "prt_1", "sessionID": "ses_1", "messageID": "msg_1", "type": "text", "text": "hi"}]}]);
        let body = match words.as_slice() {
            ["global", "health"] => json!({"healthy": true, "version": "1.18.33"}),
            ["path"] => json!({"home": "/", "state": "/", "config": "/", "worktree": "/tmp", "directory": "/tmp"}),
            ["session", "status"] => json!({}),
            ["session"] | ["experimental", "session"] => json!([named(&id(0)), named(&id(2)), named(&id(3))]),
            ["session", one, "message"] if *one == id(0) || one.starts_with(IDS[1]) => said,
            ["session", _, "message"] => json!([]),
            ["session", one, "abort"] if one.starts_with(IDS[3]) => {
                return (500, json!({"name": "UnknownError", "data": {"message": "it does not want to"}}));
            }
            ["session", _, "abort"] => json!(true),
            ["session", _] if *method == axum::http::Method::DELETE => json!(true),
            ["session", one] => named(one),
            _ => return (404, json!({"name": "NotFoundError", "data": {"message": "none"}})),
        };
        (200, body)
    })
}

fn with_keeper() -> (ApiStub, Cluster, Program) {
    let server = keeper();
    let cluster = Cluster::with_opencode(Some(server.address));
    cluster.ready_agent("dev");
    cluster.ready_agent("other");
    cluster.create(&SESSION, "dedicated", json!({"templateRef": {"name": "t"}}));
    for (name, index) in [("s", 0), ("whole", 1), ("dedicated", 1)] {
        if name != "dedicated" {
            cluster.create(&SESSION, name, json!({"agentRef": {"name": "dev"}}));
        }
        let running =
            json!({"phase": "Running", "activity": "Idle", "sessionID": id(index), "agentRef": {"name": "dev"}});
        cluster.status(&SESSION, name, &running);
    }
    let program = cluster.program();
    (server, cluster, program)
}

#[test]
fn a_conversation_is_brought_elsewhere_or_not() {
    let (_server, cluster, program) = with_keeper();
    let to = ["session", "move", "s", "--to-agent", "other"];
    program.run(&[&to[..], &["--if-unhealthy"]].concat()).exits(0).is_told("copies", "The agent is well");
    cluster.has_programs(&format!("{}:/usr/bin:/bin", program.home().display()));
    let tool = program.home().join("opencode");
    std::os::unix::fs::symlink("/bin/false", &tool).unwrap();
    program.run(&to).exits(7).is_told("copies", "The agent cannot import");
    std::fs::remove_file(&tool).unwrap();
    std::os::unix::fs::symlink("/bin/true", &tool).unwrap();
    program.run(&to).exits(7).is_told("copies", "The agent imports nothing");
    program.run(&["session", "fork", "dedicated"]).exits(3).is_told("copies", "A dedicated session is forked");

    for (name, more, situation) in [
        ("kept", None, "A conversation is brought to another agent"),
        ("moved", Some("--delete-source"), "A conversation is brought to another agent, and goes from its own"),
    ] {
        let words: Vec<_> =
            ["session", "move", "whole", "--to-agent", "other", "--to", name].into_iter().chain(more).collect();
        let mut run = program.begin(&words);
        run.says("take over the conversation\n");
        let id = cluster.get(&SESSION, name)["metadata"]["annotations"]["session.kubeopencode.io/adopt"].clone();
        cluster.status(&SESSION, name, &json!({"phase": "Running", "sessionID": id, "agentRef": {"name": "other"}}));
        run.end().exits(0).is_told("copies", situation);
    }

    let adopt = ["session", "adopt", &id(2), "--agent", "dev", "--name", "adopted"];
    let mut run = program.begin(&adopt);
    run.says("take over the conversation\n");
    let own = json!({"phase": "Running", "sessionID": "ses_3", "agentRef": {"name": "dev"}});
    cluster.status(&SESSION, "adopted", &own);
    run.end().exits(7).is_told("copies", "The controller knows nothing of adopting");
    program
        .run(&["session", "prune", "--orphaned", "-y"])
        .exits(5)
        .is_told("copies", "Conversations without a session are cleared away");
}

#[test]
fn a_conversation_is_on_its_way_when_the_link_breaks() {
    let (_server, cluster, program) = with_keeper();
    // Written by another program: while any of our threads starts a program, a file that we write cannot be run.
    let script = "printf '#!/bin/sh\\n>\"$0.began\"\\nexec sleep 600\\n' > opencode && chmod +x opencode";
    let made = std::process::Command::new("sh").args(["-c", script]).current_dir(program.home()).status().unwrap();
    assert!(made.success());
    cluster.has_programs(&format!("{}:/usr/bin:/bin", program.home().display()));
    let words = ["session", "move", "s", "--to-agent", "other"];
    let mut run = program.begin(&words);
    crate::home::eventually("the agent imports", || program.home().join("opencode.began").exists());
    drop(cluster);
    // How the system words it, depends on what was under way.
    let seen = run.end().exits(5).without("caused by");
    seen.is_told("copies", "The link breaks while the agent imports");
}

#[test]
fn a_person_decides_what_is_deleted() {
    let (_server, cluster, program) = with_keeper();
    cluster.create(&TASK, "t", json!({"agentRef": {"name": "dev"}, "description": "x"}));
    cluster.status(&SESSION, "s", &json!({"phase": "Completed"}));
    let no = [("[y/N]", "n")];
    program
        .with_person(&["task", "delete", "--all"], &no)
        .exits(0)
        .is_told("people", "Every task is to be deleted, and a person says no");
    let prune = ["session", "prune", "--orphaned", "--finished"];
    program
        .with_person(&prune, &no)
        .exits(0)
        .is_told("people", "Sessions are to be cleared away, and a person says no");
}

#[test]
fn an_agent_that_refuses_keeps_nobody_from_following_the_others() {
    let (_opencode, cluster) = session(Turn::Answer);
    cluster.ready_agent("other");
    cluster.answers(|line| {
        // Neither port-forward nor exec.
        let is_link = line.contains("/other-server-0/");
        is_link.then(|| crate::fake::status(403, "Forbidden", "nobody may"))
    });
    let program = cluster.program();
    let words = ["approvals", "-w"];
    let mut run = program.begin(&words);
    run.says("agent \"other\" cannot be followed now");
    cluster.answers(|_| None);
    run.says("agent \"other\" is followed");
    run.interrupt().end().exits(-2);
    // Who named it wants to know.
    cluster.forbids("/dev-server-0/");
    program.run(&["approvals", "s", "-w"]).exits(4).says("cannot be followed now");
}

#[test]
fn agents_that_refuse_are_told() {
    let (_server, cluster, program) = with_keeper();
    cluster.answers(|line| {
        let is_link = line.contains("/portforward") || line.contains("/exec");
        is_link.then(|| crate::fake::status(403, "Forbidden", "User \"u\" cannot do that"))
    });
    for (words, situation) in [
        (&["session", "list", "--unmanaged"][..], "Nobody may ask the agents for conversations"),
        (&["session", "adopt", "ses_2"], "Nobody may ask the agents who has a conversation"),
        (&["session", "prune", "--orphaned", "-y"], "Nobody may ask the agents what to clear away"),
    ] {
        program.run(words).exits(4).is_told("copies", situation);
    }
}
