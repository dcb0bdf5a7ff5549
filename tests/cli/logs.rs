//! Logs as a real node gives them: not yet, broken off, of a container that crashed.

use kubectl_opencode::api::kinds::{AGENT, TASK};
use serde_json::{Value, json};

use crate::cluster::{Cluster, Piece};

/// A running task `t` with its Pod, whose log is read in these pieces, one a connection.
fn task(logs: Vec<Vec<Piece>>) -> Cluster {
    let cluster = Cluster::with_logs(logs);
    cluster.create(&TASK, "t", json!({"agentRef": {"name": "dev"}, "description": "x"}));
    cluster.running_pod("t-pod", "agent", &json!({}));
    cluster.status(&TASK, "t", &json!({"phase": "Running", "podName": "t-pod", "agentRef": {"name": "dev"}}));
    cluster
}

fn ended(code: i32) -> Value {
    json!({"terminated": {"exitCode": code, "startedAt": "2026-01-01T00:00:00Z", "finishedAt": "2026-01-01T00:00:01Z"}})
}

#[test]
fn a_followed_log_goes_on_where_it_broke_off() {
    let first = vec![
        Piece::Text("2026-01-01T00:00:01.1Z one\n2026-01-01T00:00:02.1Z two\n2026-01-01T00:00:02.2Z three\n"),
        Piece::Break,
    ];
    // `sinceTime` is asked for in whole seconds: two and three come again. Then the link is closed without a word, and the
    // container still runs.
    let second =
        vec![Piece::Text("2026-01-01T00:00:02.1Z two\n2026-01-01T00:00:02.2Z three\n2026-01-01T00:00:02.2Z four\n")];
    let third = vec![
        Piece::Text("2026-01-01T00:00:02.2Z three\n2026-01-01T00:00:02.2Z four\n2026-01-01T00:00:03Z fi"),
        Piece::Text("ve\n"),
        Piece::End,
    ];
    let cluster = task(vec![first, second, third]);
    let program = cluster.program();
    let arguments = ["task", "logs", "-f", "t"];
    let mut child = program.start(&arguments);
    let begun = crate::program::read_until(child.stdout.as_mut().unwrap(), "three\n");
    cluster.breaks();
    cluster.ends_with_its_log("t-pod", "agent", &ended(0));
    cluster.status(&TASK, "t", &json!({"phase": "Completed"}));
    let seen = program.end(child, &arguments).exits(0);
    assert_eq!(begun + &seen.stdout, "one\ntwo\nthree\nfour\nfive\n", "{}", seen.stderr);
}

#[test]
fn a_pod_that_no_node_has_yet_is_waited_for() {
    let cluster = Cluster::with_logs(vec![vec![Piece::Text("2026-01-01T00:00:01Z begun\n"), Piece::End]]);
    cluster.create(&TASK, "t", json!({"agentRef": {"name": "dev"}, "description": "x"}));
    cluster.pending_pod("t-pod", "agent", &json!({}));
    cluster.status(&TASK, "t", &json!({"phase": "Pending", "podName": "t-pod", "agentRef": {"name": "dev"}}));
    let program = cluster.program();
    let arguments = ["task", "logs", "-f", "t"];
    let mut run = program.begin(&arguments);
    run.says("waiting: the container is yet to start\n");
    cluster.run_pod("t-pod", "agent");
    cluster.ends_with_its_log("t-pod", "agent", &ended(0));
    cluster.status(&TASK, "t", &json!({"phase": "Completed"}));
    run.end().exits(0).is_told("logs", "No node has the Pod at first");
}

#[test]
fn a_log_need_not_be_text() {
    let cluster = task(vec![vec![Piece::Bytes(b"caf\xe9 \xff\n")], vec![Piece::Bytes(b"last")]]);
    let program = cluster.program();
    program.run(&["task", "logs", "t"]).exits(0).prints("caf\u{fffd} \u{fffd}\n");
    program.run(&["task", "logs", "t", "--raw"]).exits(0).prints("last");
}

#[test]
fn a_container_that_has_not_started_is_waited_for_and_how_the_task_ended_is_told() {
    let cluster = task(vec![vec![Piece::Text("2026-01-01T00:00:01Z begun\n"), Piece::End]]);
    let program = cluster.program();
    let waiting = json!({"waiting": {"reason": "ContainerCreating"}, "running": null});
    cluster.container_state("t-pod", "agent", false, &waiting, &json!({}));
    program.run(&["task", "logs", "t"]).exits(5).is_as_in("logs-not-started");
    let arguments = ["task", "logs", "-f", "t"];
    let mut child = program.start(&arguments);
    let told = crate::program::read_until(child.stderr.as_mut().unwrap(), "is waiting to start: ContainerCreating");
    assert!(told.contains("there is no log yet"), "{told}");
    let running = json!({"running": {"startedAt": "2026-01-01T00:00:00Z"}, "waiting": null});
    cluster.container_state("t-pod", "agent", true, &running, &json!({}));
    cluster.ends_with_its_log("t-pod", "agent", &ended(137));
    let condition = json!({"type": "Ready", "status": "False", "reason": "PodFailed", "message": "killed",
        "lastTransitionTime": "2026-01-01T00:00:00Z"});
    cluster.status(&TASK, "t", &json!({"phase": "Failed", "conditions": [condition]}));
    program.end(child, &arguments).exits(0).prints("begun\n").says("task \"t\" failed: PodFailed: killed");
}

#[test]
fn a_server_that_crashes_shows_what_it_printed() {
    let cluster = Cluster::with_logs(vec![]);
    let program = cluster.program();
    cluster.create(&AGENT, "dev", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    program.run(&["agent", "logs", "dev"]).exits(5).is_as_in("agent-logs-no-pod");
    let labels = json!({"kubeopencode.io/agent": "dev", "app.kubernetes.io/name": "kubeopencode-server"});
    cluster.running_pod("dev-server-0", "opencode-server", &labels);
    let waiting = json!({"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s"}, "running": null});
    cluster.container_state("dev-server-0", "opencode-server", false, &waiting, &ended(132));
    let seen = program.run(&["agent", "logs", "dev"]).exits(0).says("CrashLoopBackOff").says("status 132");
    assert!(seen.stdout.contains("log of opencode-server in dev-server-0"), "{seen}");
    // It was started again a moment ago: what it printed before it died is of more use than nothing.
    let running = json!({"running": {"startedAt": "2026-01-01T00:00:00Z"}, "waiting": null});
    cluster.container_state("dev-server-0", "opencode-server", false, &running, &ended(132));
    let seen = program.run(&["agent", "logs", "dev"]).exits(0).says("its last run ended with status 132");
    seen.is_told("logs", "The server of an agent has crashed and is started again");
    program.run(&["agent", "logs", "dev", "--previous"]).exits(0).says("").prints("log of the run before\n");
    program.run(&["agent", "logs", "nobody"]).exits(3).says("nobody");
}

#[test]
fn several_logs_say_whose_lines_they_are() {
    let cluster = Cluster::start();
    for name in ["t", "u", "other"] {
        cluster.create(&TASK, name, json!({"agentRef": {"name": "dev"}, "description": "x"}));
        let pod = format!("{name}-pod");
        cluster.running_pod(&pod, "agent", &json!({}));
        cluster.status(&TASK, name, &json!({"phase": "Completed", "podName": pod, "agentRef": {"name": "dev"}}));
    }
    for name in ["t", "u"] {
        cluster.label(&TASK, name, &json!({"team": "red"}));
    }
    let program = cluster.program();
    let each =
        |name: &str| format!("[pod/{name}-pod/agent] \u{1b}[32mlog of agent in {name}-pod\u{1b}[0m\\x1b[2J\u{1b}[0m\n");
    program.run(&["task", "logs", "-l", "team=red", "--prefix"]).exits(0).prints(&(each("t") + &each("u")));
    program
        .run(&["task", "logs", "-l", "team=blue"])
        .exits(0)
        .prints("")
        .says("No resources found in default namespace.");
    let both = ["task", "logs", "-f", "-l", "team=red", "--max-log-requests"];
    program.run(&[&both[..], &["1"]].concat()).exits(2).is_told("logs", "More logs are to be followed than at once");
    program.run(&[&both[..], &["0"]].concat()).exits(2).says("--max-log-requests");
    program.run(&["task", "logs"]).exits(2).says("<NAME>");
    program.run(&["task", "logs", "t", "-l", "a=b"]).exits(2).says("cannot be used with");
    let since = "2026-01-02T03:04:05Z";
    let asked = program.run(&["task", "logs", "t", "--since-time", since, "--tail", "3"]).exits(0);
    assert!(asked.stdout.contains(&format!("since {since}, 3 lines")), "{asked}");
    let ten = program.run(&["task", "logs", "-l", "team=red", "--since-time", since]).exits(0);
    assert_eq!(ten.stdout.matches("10 lines").count(), 2, "{ten}");
    program.run(&["task", "logs", "t", "--since-time", since, "--since", "1m"]).exits(2).says("cannot be used with");
    program.run(&["task", "logs", "t", "--since-time", "yesterday"]).exits(2).says("--since-time");
}
