//! Work from its prompt to its answer, with a scripted OpenCode server behind the agent.

use std::io::Write as _;

use kubectl_opencode::api::kinds::{SESSION, TASK};
use kubectl_opencode::api::names::task_session_title;
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::fake::{OpenCode, SESSION_ID, Turn};
use crate::program::read_until;

/// A session `s` on an agent whose server answers so.
pub fn session(turn: Turn) -> (OpenCode, Cluster) {
    let opencode = OpenCode::start(turn);
    let cluster = Cluster::with_opencode(Some(opencode.address));
    cluster.ready_agent("dev");
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}}));
    cluster.status(
        &SESSION,
        "s",
        &json!({"phase": "Running", "activity": "Idle", "sessionID": SESSION_ID, "agentRef": {"name": "dev"}}),
    );
    (opencode, cluster)
}

#[test]
fn a_prompt_is_answered() {
    let (_opencode, cluster) = session(Turn::Answer);
    let program = cluster.program();
    program.run(&["session", "send", "s", "hello you"]).exits(0).prints("stub: hello you\n").says("[bash] wc -w");
    program
        .run_with(&["session", "send", "session/s", "-", "-q"], b"from a pipe")
        .exits(0)
        .prints("stub: from a pipe\n");
    let json: Value =
        serde_json::from_str(&program.run(&["session", "send", "s", "x", "-o", "json"]).exits(0).stdout).unwrap();
    assert_eq!(json[0]["parts"][1]["text"], "stub: x");
    let seen = program.run(&["session", "transcript", "s"]).exits(0);
    seen.is_as_in("transcript");
    let agent = program.run(&["session", "transcript", "agent/dev", "--session", SESSION_ID]).exits(0);
    assert_eq!(agent.stdout, seen.stdout);
    let messages = program.run(&["session", "transcript", "s", "-o", "json"]).exits(0).stdout;
    assert_eq!(serde_json::from_str::<Value>(&messages).unwrap().as_array().unwrap().len(), 6);
}

#[test]
fn a_chat_has_the_keys_of_a_shell() {
    let (_opencode, cluster) = session(Turn::Answer);
    let program = cluster.program();
    let (mut child, mut terminal) = program.on_terminal(&["session", "chat", "s"]);
    // What is typed before the prompt is there would not be edited.
    for (typed, answer) in [
        ("/in\t", "/init"),
        ("\x15no one\x01\x1bd\x04\r", "stub: one\r\n"),
        ("\x1b[A more\r", "stub: one more\r\n"),
        ("junk\x03", ""),
        ("and on\r", "stub: and on\r\n"),
    ] {
        if answer != "stub: one\r\n" {
            read_until(&mut terminal, "> ");
        }
        terminal.write_all(typed.as_bytes()).unwrap();
        read_until(&mut terminal, answer);
    }
    read_until(&mut terminal, "> ");
    terminal.write_all(b"\x04").unwrap();
    read_until(&mut terminal, "the session stays");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_prompt_outlives_requests_that_break_off() {
    let (opencode, cluster) = session(Turn::Answer);
    let messages: &str = Box::leak(format!("/session/{SESSION_ID}/message").into_boxed_str());
    // What is said and the end of the turn, then who waits; each request is tried three times by itself.
    let asked = "/permission";
    opencode.breaks(&[messages, messages, messages, messages, messages, messages, asked, asked, asked]);
    let seen = cluster.program().run(&["session", "send", "s", "hello you"]).exits(0).prints("stub: hello you\n");
    assert_eq!(seen.stderr.matches("the link to the agent is lost and tried again").count(), 1, "{seen}");
    seen.is_told("talks", "Requests about the answer break off");
    assert_eq!(opencode.unbroken(), [""; 0], "{seen}");
}

#[test]
fn the_end_of_another_turn_is_not_taken_for_the_end_of_the_prompt() {
    let (_opencode, cluster) = session(Turn::BesideAnother);
    cluster.program().run(&["session", "send", "s", "hello you"]).exits(0).prints("stub: hello you\n");
}

#[test]
fn a_receipt_is_given_once_the_prompt_is_stored_with_what_it_says() {
    let (opencode, cluster) = session(Turn::Answer);
    opencode.stores_late(3);
    let seen = cluster.program().run(&["session", "send", "s", "hello you", "--no-wait"]).exits(0);
    assert_eq!(opencode.unstored(), 0, "the server had not stored it: {seen}");
    assert_eq!(seen.stdout.trim_end(), opencode.prompted()["messageID"]);
}

#[test]
fn a_conversation_is_put_on_a_public_page_and_taken_from_it() {
    let (_opencode, cluster) = session(Turn::Answer);
    let program = cluster.program();
    program.run(&["session", "share", "s"]).exits(0).prints("https://opncd.ai/share/fake\n");
    program.run(&["session", "unshare", "s"]).exits(0).prints("session/s unshared\n");
}

#[test]
fn a_prompt_is_for_the_model_and_mode_of_its_session() {
    let (opencode, cluster) = session(Turn::Answer);
    let spec = json!({"agentRef": {"name": "dev"}, "model": "some/model/x", "mode": "plan"});
    cluster.create(&SESSION, "p", spec);
    let running = json!({"phase": "Running", "activity": "Idle", "sessionID": SESSION_ID, "agentRef": {"name": "dev"}});
    cluster.status(&SESSION, "p", &running);
    let program = cluster.program();
    program.run(&["session", "send", "p", "hello"]).exits(0);
    let prompt = opencode.prompted();
    assert_eq!(prompt["model"], json!({"providerID": "some", "modelID": "model/x"}));
    assert_eq!(prompt["agent"], "plan");
    program.run(&["session", "send", "p", "hello", "--mode", "build", "-m", "other/y"]).exits(0);
    let prompt = opencode.prompted();
    assert_eq!((prompt["model"]["modelID"].as_str(), prompt["agent"].as_str()), (Some("y"), Some("build")));
}

#[test]
fn a_turn_that_fails_is_told() {
    let (_opencode, cluster) = session(Turn::ProviderError);
    cluster.program().run(&["session", "send", "s", "hello"]).exits(1).is_as_in("send-provider-error");
}

#[test]
fn an_answer_that_does_not_come_is_a_timeout() {
    let (_opencode, cluster) = session(Turn::Hang);
    cluster.program().run(&["session", "send", "s", "hello", "--timeout", "1s"]).exits(124).is_as_in("send-timeout");
}

#[test]
fn only_a_running_session_is_talked_to() {
    let (_opencode, cluster) = session(Turn::Answer);
    let program = cluster.program();
    cluster.status(&SESSION, "s", &json!({"phase": "Stopped"}));
    program.run(&["session", "send", "s", "hello"]).exits(6).is_as_in("send-stopped");
    program.run(&["session", "send", "nobody", "hello"]).exits(3);
    program.run(&["session", "send", "pod/x", "hello"]).exits(2);
    program.run(&["session", "send", "agent/dev", "hello"]).exits(2).says("--session");
}

/// Runs a task whose controller and agent the test plays; `end` is its last status.
fn run_task(turn: Turn, arguments: &[&str], end: &Value) -> (crate::program::Seen, Cluster) {
    let opencode = OpenCode::start(turn);
    let cluster = Cluster::with_opencode(Some(opencode.address));
    cluster.ready_agent("dev");
    let program = cluster.program();
    let child = program.start(arguments);
    let name = cluster.first(&TASK);
    let title = task_session_title("default", &name, cluster.get(&TASK, &name)["metadata"]["uid"].as_str().unwrap());
    cluster.status(
        &TASK,
        &name,
        &json!({"phase": "Running", "agentRef": {"name": "dev"}, "session": {"title": title}}),
    );
    let prompt = cluster.get(&TASK, &name)["spec"]["description"].as_str().unwrap().to_owned();
    opencode.play(&title, &prompt);
    cluster.status(&TASK, &name, end);
    (program.end(child, arguments), cluster)
}

#[test]
fn run_prints_the_answer_and_exits_by_the_outcome() {
    let done = json!({"phase": "Completed"});
    let (seen, _) = run_task(Turn::Answer, &["run", "say hi", "--agent", "dev", "--name", "t"], &done);
    seen.exits(0).prints("stub: say hi\n").says("task \"t\" created").says("[bash] wc -w");

    let (seen, _) = run_task(Turn::Answer, &["run", "say hi", "-o", "json", "-q"], &done);
    let object: Value = serde_json::from_str(&seen.exits(0).stdout).unwrap();
    assert_eq!(object["status"]["phase"], "Completed");

    let (seen, _) = run_task(Turn::Answer, &["run", "say hi", "--name", "f"], &json!({"phase": "Failed"}));
    seen.exits(1).says("task \"f\" failed");
}

#[test]
fn a_completed_task_whose_session_failed_is_a_failure() {
    let done = json!({"phase": "Completed"});
    let (seen, _) = run_task(Turn::ProviderError, &["run", "say hi", "--name", "t"], &done);
    seen.exits(1).says("the model is on fire\\x1b[2J");
}

#[test]
fn run_ends_in_time_and_leaves_nothing_running() {
    let cluster = Cluster::start();
    cluster.ready_agent("dev");
    let program = cluster.program();
    program.run(&["run", "hi", "--name", "t", "--timeout", "300ms"]).exits(124).is_as_in("run-timeout");
    let task = cluster.get(&TASK, "t");
    assert_eq!(task["spec"]["timeout"], "300ms");
    assert_eq!(task["metadata"]["annotations"]["kubeopencode.io/stop"], "true");
}

#[test]
fn a_task_that_waits_says_why() {
    let cluster = Cluster::start();
    cluster.ready_agent("dev");
    let program = cluster.program();
    let arguments = ["run", "hi", "--name", "t"];
    let child = program.start(&arguments);
    cluster.first(&TASK);
    cluster.status(
        &TASK,
        "t",
        &json!({"phase": "Queued", "conditions": [{"type": "Queued", "status": "True",
        "reason": "AgentAtCapacity", "message": "1 of 1", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}),
    );
    // The queue must have been seen before the end comes.
    let mut child = child;
    let mut told = String::new();
    {
        use std::io::{BufRead, BufReader};
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        while !told.contains("queued (AgentAtCapacity: 1 of 1)") {
            told.push_str(&lines.next().unwrap_or_else(|| panic!("never told: {told}")).unwrap());
        }
        cluster.status(&TASK, "t", &json!({"phase": "Failed"}));
        assert!(lines.any(|line| line.unwrap().contains("task \"t\" failed")));
    }
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn logs_keep_colours_and_fall_back_to_the_conversation() {
    let opencode = OpenCode::start(Turn::Answer);
    let cluster = Cluster::with_opencode(Some(opencode.address));
    cluster.ready_agent("dev");
    let program = cluster.program();
    program
        .run(&["agent", "logs", "dev"])
        .exits(0)
        .prints("\u{1b}[32mlog of opencode-server in dev-server-0\u{1b}[0m\\x1b[2J\u{1b}[0m\n");
    cluster.create(&TASK, "t", json!({"agentRef": {"name": "dev"}, "description": "x"}));
    program.run(&["task", "logs", "t"]).exits(3).is_as_in("logs-not-yet");
    cluster.running_pod("t-pod", "agent", &json!({}));
    cluster.status(
        &TASK,
        "t",
        &json!({"phase": "Running", "podName": "t-pod", "agentRef": {"name": "dev"}, "session": {"id": SESSION_ID}}),
    );
    program.run(&["task", "logs", "t", "--raw"]).exits(0).prints("\u{1b}[32mlog of agent in t-pod\u{1b}[0m\u{1b}[2J\n");
    opencode.play("whatever", "say hi");
    cluster.status(&TASK, "t", &json!({"phase": "Completed", "podName": "gone-pod"}));
    let seen = program.run(&["task", "logs", "t"]).exits(0).says("the conversation that the agent keeps");
    assert!(seen.stdout.contains("stub: say hi"), "{seen}");
    seen.is_told("logs", "The Pod of the task is gone");
}
