//! What is said while a command runs and something happens: to the API server, to objects, to Pods.

use kubectl_opencode::api::kinds::{AGENT, SESSION, TASK};
use kubectl_opencode::api::names::task_session_title;
use serde_json::{Value, json};

use crate::cluster::{Cluster, Piece, kubeconfig};
use crate::fake::{ApiStub, NEVER, OpenCode, SESSION_ID, Turn};
use crate::program::Program;

fn task(cluster: &Cluster, name: &str) {
    cluster.create(&TASK, name, json!({"agentRef": {"name": "dev"}, "description": "x"}));
}

#[test]
fn an_api_server_that_goes_away_is_waited_for() {
    let cluster = Cluster::start();
    task(&cluster, "t");
    let program = cluster.program();

    let mut run = program.begin(&[
        "get",
        "tasks",
        "-w",
        "--sort-by",
        ".metadata.name",
        "-o",
        "custom-columns=NAME:.metadata.name,PHASE:.status.phase",
    ]);
    run.prints("<none>\n");
    cluster.goes_away();
    run.says("the watch was lost");
    cluster.comes_back();
    cluster.status(&TASK, "t", &json!({"phase": "Running"}));
    run.prints("Running\n")
        .interrupt()
        .end()
        .is_told("links", "A list is followed and the API server goes away for a time");

    drop(cluster);

    let cluster = Cluster::start();
    task(&cluster, "t");
    let program = cluster.program();
    let mut run = program.begin(&["task", "wait", "t"]);
    cluster.is_watched("tasks");
    cluster.goes_away();
    run.says("it is tried again until it answers\n");
    cluster.comes_back();
    cluster.status(&TASK, "t", &json!({"phase": "Completed"}));
    run.end().exits(0).is_told("links", "A task is waited for and the API server goes away for a time");
}

#[test]
fn a_watch_of_events_that_is_refused_is_tried_again() {
    let cluster = Cluster::start();
    let program = cluster.program();
    let mut run = program.begin(&["events", "-w"]);
    cluster.is_watched("tasks");
    cluster
        .answers(|line| line.contains("/tasks?").then(|| crate::fake::status(503, "ServiceUnavailable", "it is away")));
    cluster.cuts();
    run.says("tried again until it answers: ")
        .says("\n")
        .interrupt()
        .end()
        .is_told("links", "Events are followed and the API server does not give all");
}

#[test]
fn a_list_without_a_version_cannot_be_watched() {
    let stub = ApiStub::start(|_, _, _| {
        (200, json!({"apiVersion": TASK.api_version(), "kind": "TaskList", "metadata": {}, "items": []}))
    });
    let program = Program::with_kubeconfig(&kubeconfig(&stub.url(), "default"));
    program.run(&["task", "wait", "t"]).exits(7).is_told("links", "The API server lists and cannot watch");
}

#[test]
fn a_notification_that_cannot_be_delivered_is_told() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refusing = ApiStub::start(|_, _, _| (500, json!("no")));
    let hook = |address: &dyn std::fmt::Display| format!("webhook=http://{address}/secret");
    let targets = [
        ("A command that fails is to be told", "exec=exit 3".to_owned()),
        ("A webhook that is not there is to be told", hook(&gone)),
        ("A webhook that refuses is to be told", hook(&refusing.address)),
        ("A webhook that never answers is to be told", hook(&silent.local_addr().unwrap())),
    ];
    std::thread::scope(|scope| {
        for (situation, target) in &targets {
            scope.spawn(move || {
                let cluster = Cluster::start();
                task(&cluster, "t");
                let program = cluster.program();
                let words = ["events", "task/t", "-w", "--for", "completed", "--notify", target];
                let mut run = program.begin(&words);
                cluster.is_watched("tasks");
                cluster.status(&TASK, "t", &json!({"phase": "Completed"}));
                run.prints("\n").says(" about task/t: ").says("\n").interrupt().end().is_told("links", situation);
            });
        }
    });
}

#[test]
fn an_interrupt_says_what_goes_on() {
    let opencode = OpenCode::start(Turn::Hang);
    let cluster = Cluster::with_opencode(Some(opencode.address));
    cluster.ready_agent("dev");
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}}));
    let running = json!({"phase": "Running", "activity": "Idle", "sessionID": SESSION_ID, "agentRef": {"name": "dev"}});
    cluster.status(&SESSION, "s", &running);
    task(&cluster, "t");
    cluster.status(&TASK, "t", &json!({"phase": "Failed"}));
    let program = cluster.program();
    for (words, told, situation) in [
        (&["agent", "create", "a", "--wait"][..], "for agent \"a\" to become ready\n", "An agent is made"),
        (
            &["session", "create", "new", "-a", "dev", "--wait"],
            "for session \"new\" to become ready\n",
            "A session is made",
        ),
        (&["task", "retry", "t", "--replace", "--wait"], "for task \"t\" to finish\n", "A task is done again"),
        (&["session", "stop", "s", "--wait"], "waiting for session \"s\" to be stopped\n", "A session is stopped"),
        (&["session", "send", "s", "hi"], "waiting for the answer\n", "A prompt is sent"),
        (&["session", "command", "s", "/init"], "waiting for the answer\n", "A command is said"),
    ] {
        let mut run = program.begin(words);
        let seen = run.says(told).interrupt().end();
        assert_eq!(seen.status, -2, "{seen}");
        seen.is_told("interrupted", situation);
    }
}

/// A cluster with an agent, and the program.
fn with_agent(opencode: &OpenCode) -> (Cluster, Program) {
    let cluster = Cluster::with_opencode(Some(opencode.address));
    cluster.ready_agent("dev");
    let program = cluster.program();
    (cluster, program)
}

/// The status of the running task `t`, whose conversation has the title that is answered, too.
fn running(cluster: &Cluster) -> (Value, String) {
    let title = task_session_title("default", "t", cluster.get(&TASK, "t")["metadata"]["uid"].as_str().unwrap());
    (json!({"phase": "Running", "agentRef": {"name": "dev"}, "session": {"title": title}, "podName": "t-pod"}), title)
}

/// A Pod of the task `t` that has ended.
fn ended_pod(cluster: &Cluster) {
    cluster.running_pod("t-pod", "agent", &json!({}));
    let ended = json!({"terminated": {"exitCode": 0}});
    cluster.container_state("t-pod", "agent", false, &ended, &json!({}));
}

#[test]
fn a_task_that_is_run_tells_its_true_outcome() {
    let opencode = OpenCode::start(Turn::Answer);
    let run = ["run", "hi", "--name", "t"];
    let done = json!({"phase": "Completed"});

    let (cluster, program) = with_agent(&opencode);
    let mut deleted = program.begin(&run);
    deleted.says("task \"t\" is pending\n");
    cluster.delete(&TASK, "t");
    deleted.end().exits(3).is_told("runs", "Somebody deletes the task");

    let (cluster, program) = with_agent(&opencode);
    let mut silent = program.begin(&run);
    silent.says("task \"t\" is pending\n");
    ended_pod(&cluster);
    cluster.status(&TASK, "t", &running(&cluster).0);
    silent.says("task \"t\" is running\n");
    cluster.status(&TASK, "t", &done);
    silent.end().exits(0).is_told("runs", "The agent has no conversation of the task");

    let (cluster, program) = with_agent(&opencode);
    let mut silent = program.begin(&run);
    silent.says("task \"t\" is pending\n");
    cluster.status(&TASK, "t", &json!({"phase": "Running", "agentRef": {"name": "dev"}}));
    silent.says("task \"t\" is running\n");
    cluster.status(&TASK, "t", &json!({"phase": "Completed", "podName": "gone-pod"}));
    silent.end().exits(0).is_told("runs", "There is neither a conversation nor a log of the task");

    let (cluster, program) = with_agent(&opencode);
    let mut refused = program.begin(&run);
    refused.says("task \"t\" is pending\n");
    ended_pod(&cluster);
    cluster.answers(|line| {
        let is_link = line.contains("/portforward") || line.contains("/exec");
        is_link.then(|| crate::fake::status(403, "Forbidden", "pods is forbidden: User \"u\" cannot do that"))
    });
    cluster.status(&TASK, "t", &running(&cluster).0);
    refused.prints("t-pod").says("task \"t\" is running\n");
    cluster.status(&TASK, "t", &done);
    refused.end().exits(0).is_told("runs", "Nobody may reach the agent");

    let (cluster, program) = with_agent(&opencode);
    let mut mute = program.begin(&run);
    mute.says("task \"t\" is pending\n");
    ended_pod(&cluster);
    let (status, title) = running(&cluster);
    opencode.play(&title, "hi");
    cluster.status(&TASK, "t", &status);
    // What was said is read by then.
    mute.says("task \"t\" is running\n").says("[bash] wc -w\n");
    opencode.mutes("/message");
    cluster.status(&TASK, "t", &done);
    mute.end().exits(0).is_told("runs", "The agent does not answer at the end");

    let (cluster, program) = with_agent(&opencode);
    cluster.forbids("PATCH /apis/kubeopencode.io");
    let late = ["run", "hi", "--name", "t", "--timeout", "5s"];
    program.run(&late).exits(124).is_told("runs", "The time is over and nobody may stop the task");
}

#[test]
fn an_agent_that_does_not_abort_keeps_nobody_from_stopping_a_task() {
    let opencode = OpenCode::start(Turn::Hang);
    let (cluster, program) = with_agent(&opencode);
    opencode.mutes("/abort");
    task(&cluster, "t");
    let running = json!({"phase": "Running", "agentRef": {"name": "dev"}, "session": {"id": SESSION_ID}});
    cluster.status(&TASK, "t", &running);
    program.run(&["task", "stop", "t"]).exits(0).is_told("runs", "The agent does not abort the turn of a task");
}

#[test]
fn who_may_not_delete_pods_is_told_what_else_restarts_an_agent() {
    let cluster = Cluster::start();
    cluster.ready_agent("dev");
    cluster.forbids("DELETE /api/v1/namespaces/default/pods");
    let words = ["agent", "restart", "dev"];
    cluster.program().run(&words).exits(4).is_told("agents", "Nobody may delete the agent's Pod");
}

#[test]
fn a_wait_tells_what_is_in_the_way() {
    let cluster = Cluster::start();
    let program = cluster.program();
    cluster.create(&AGENT, "dev", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    cluster.running_pod("dev-server-0", "opencode-server", &json!({"kubeopencode.io/agent": "dev"}));
    let waiting = json!({"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s"}, "running": null});
    cluster.container_state("dev-server-0", "opencode-server", false, &waiting, &json!({}));
    let mut run = program.begin(&["agent", "wait", "dev"]);
    run.says("CrashLoopBackOff");
    cluster.status(&AGENT, "dev", &json!({"ready": true}));
    run.end().exits(0).is_told("waits", "An agent's server crashes before it is ready");
}

fn ended(code: i32) -> Value {
    json!({"terminated": {"exitCode": code, "startedAt": "2026-01-01T00:00:00Z", "finishedAt": "2026-01-01T00:00:01Z"}})
}

fn logged(logs: Vec<Vec<Piece>>) -> Cluster {
    let cluster = Cluster::with_logs(logs);
    task(&cluster, "t");
    cluster.running_pod("t-pod", "agent", &json!({}));
    cluster.status(&TASK, "t", &json!({"phase": "Running", "podName": "t-pod", "agentRef": {"name": "dev"}}));
    cluster
}

#[test]
fn a_log_that_is_followed_tells_of_breaks_and_of_the_end() {
    let follow = ["task", "logs", "-f", "t"];
    let line = || Piece::Text("2026-01-01T00:00:01Z begun\n");

    let cluster = logged(vec![vec![line()], vec![line()], vec![line(), Piece::End]]);
    let program = cluster.program();
    let mut run = program.begin(&follow);
    run.says("the log broke off");
    cluster.ends_with_its_log("t-pod", "agent", &ended(0));
    cluster.status(&TASK, "t", &json!({"phase": "Completed"}));
    run.end().exits(0).is_told("logs", "The link breaks off again and again");

    let cluster = logged(vec![vec![line(), Piece::End]]);
    let program = cluster.program();
    let mut run = program.begin(&follow);
    run.prints("begun\n");
    cluster.ends_with_its_log("t-pod", "agent", &ended(0));
    run.end().exits(0).is_told("logs", "The log ends and the task does not");

    let cluster = logged(vec![vec![line(), Piece::End]]);
    let program = cluster.program();
    let mut run = program.begin(&follow);
    run.prints("begun\n");
    cluster.delete(&TASK, "t");
    cluster.ends_with_its_log("t-pod", "agent", &ended(0));
    run.end().exits(0).is_told("logs", "Somebody deletes the task");
}

#[test]
fn no_connection_comes_of_a_silent_server() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("https://{}", silent.local_addr().unwrap());
    let program = Program::with_kubeconfig(&kubeconfig(&server, "default"));
    program.run(&["task", "list"]).exits(5).is_told("links", "The API server accepts a connection and says nothing");
    let never = ApiStub::start(|_, _, _| (NEVER, Value::Null));
    let program = Program::with_kubeconfig(&kubeconfig(&never.url(), "default"));
    let words = ["task", "list", "--request-timeout", "1s"];
    program.run(&words).exits(5).is_told("links", "The API server does not answer a request");
    let closing = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("https://{}", closing.local_addr().unwrap());
    std::thread::spawn(move || closing.incoming().for_each(drop));
    let program = Program::with_kubeconfig(&kubeconfig(&server, "default"));
    program.run(&["task", "list"]).exits(5).is_told("links", "The API server closes every connection");
}
