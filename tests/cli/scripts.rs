//! What the program says to mistakes, and in situations that are rare.

use kubectl_opencode::api::kinds::{AGENT, Kind, SCHEDULE, SESSION, TASK};
use serde_json::{Value, json};

use crate::cluster::{Cluster, kubeconfig};
use crate::fake::{ApiStub, status};
use crate::hostile;
use crate::program::Program;
use crate::script::is_as_told;

#[test]
fn words_that_are_none() {
    let cluster = hostile::objects("some words");
    cluster.create(&SESSION, "stopped", json!({"agentRef": {"name": "dev"}, "suspend": true}));
    cluster.status(&SESSION, "stopped", &json!({"phase": "Stopped"}));
    cluster.create(&AGENT, "other", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    let program = cluster.program();
    program.file("not-utf8", b"ab\xff");
    program.file("prompt", "words");
    program.file("empty", "");
    is_as_told(&program, "mistakes");
}

#[test]
fn manifests_that_are_wrong() {
    let cluster = hostile::objects("some words");
    let program = cluster.program();
    program.file("long", "x".repeat(130 << 10));
    program.file("longer", vec![b'x'; 5 << 20]);
    is_as_told(&program, "manifests");
}

#[test]
fn settings_that_are_wrong() {
    let cluster = hostile::objects("some words");
    let of_sessions = json!({"session.kubeopencode.io/template": "session"});
    for (name, text) in [
        ("odd-top", "kind: Session"),
        ("odd-part", "spec: words"),
        ("odd-field", "spec: {modle: a/b}"),
        ("odd-labels", "metadata: {labels: {a: 1}}"),
        ("odd-labels-too", "metadata: {labels: [a]}"),
        ("odd-list", "[a]"),
        ("odd-yaml", "a: {"),
        ("odd-repos", "spec: {repos: [{url: https://e.com/a}, {url: https://e.com/a}]}"),
    ] {
        cluster.config_map(name, &of_sessions, "session.yaml", text);
    }
    cluster.config_map("no-key", &of_sessions, "other", "");
    cluster.config_map("no-label", &json!({}), "session.yaml", "");
    let program = cluster.program();
    program.file("longer", vec![b'x'; 5 << 20]);
    program.file("file", "agent: dev\n");
    program.file("list", "[a, b]");
    program.file("several", "a: b\n---\nc: d\n");
    is_as_told(&program, "settings");
}

#[test]
fn kubeconfigs_that_are_wrong() {
    let program = Program::with_kubeconfig(&kubeconfig("http://127.0.0.1:1", "default"));
    let with = |from: &str, to: &str| kubeconfig("http://127.0.0.1:1", "default").replace(from, to);
    let exec = |command: &str| {
        with(
            "user: {}",
            &format!(
                "user: {{exec: {{apiVersion: client.authentication.k8s.io/v1, {command}, interactiveMode: Never}}}}"
            ),
        )
    };
    for (name, text) in [
        ("no-current", with("current-context: test", "current-context: \"\"")),
        ("no-cluster", with("clusters: [{name: test", "clusters: [{name: other")),
        ("no-user", with("users: [{name: test", "users: [{name: other")),
        ("not-yaml", "a: {".to_owned()),
        ("empty", String::new()),
        ("no-program", exec("command: no-such-program")),
        ("failing", exec("command: \"false\"")),
        ("silent", exec("command: \"true\"")),
        ("talking", exec("command: echo, args: [words]")),
        ("wants-input", exec("command: \"true\"").replace("Never", "Always")),
        ("no-token-file", with("user: {}", "user: {tokenFile: nothing}")),
        ("proxy", with("cluster: {server", "cluster: {proxy-url: \"ftp://proxy\", server")),
        ("no-proxy", with("cluster: {server", "cluster: {proxy-url: \"http://127.0.0.1:1\", server")),
        // A name that no resolver has to be asked for.
        ("no-host", with("127.0.0.1:1", &format!("{}.invalid", "a".repeat(64)))),
        ("bad-certificate", with("127.0.0.1:1\"", "127.0.0.1:1\", certificate-authority-data: bm9uZQ==")),
    ] {
        program.file(name, text);
    }
    program.file("no-certificate", "words");
    program.file("broken.pem", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n");
    is_as_told(&program, "kubeconfigs");
}

/// Answers a request about an object with the status that its name begins with.
fn refusing() -> ApiStub {
    ApiStub::start(|_, uri, _| {
        let path = uri.split('?').next().unwrap();
        let name = path.rsplit('/').next().unwrap();
        let reasons = [
            (400, "BadRequest", "the server does not like it"),
            (401, "Unauthorized", "Unauthorized"),
            (403, "Forbidden", "nobody may"),
            (404, "NotFound", "it is not there"),
            (405, "MethodNotAllowed", "the server does not allow this method on the requested resource"),
            (
                409,
                "Conflict",
                "the object has been modified; please apply your changes to the latest version and try again",
            ),
            (410, "Expired", "too old resource version"),
            (504, "Timeout", "the request did not finish in time"),
            (413, "RequestEntityTooLarge", "limit is 3145728"),
            (422, "Invalid", "it is not valid"),
            (500, "InternalError", "etcdserver: request timed out"),
        ];
        if let Some((code, reason, message)) = reasons.into_iter().find(|row| name.starts_with(&row.0.to_string())) {
            return status(code, reason, message);
        }
        match name {
            "words" => (200, json!("words")),
            "crontasks" => status(410, "Expired", "the provided continue parameter is too old"),
            "list" => (200, json!([1])),
            "tasks" | "sessions" => (200, json!({"kind": "Table", "metadata": {}, "rows": 7})),
            "odd" => {
                let of = if path.contains("/tasks/") {
                    ("kubeopencode.io/v1alpha1", "Task")
                } else {
                    ("session.kubeopencode.io/v1alpha1", "Session")
                };
                (
                    200,
                    json!({"apiVersion": of.0, "kind": of.1, "metadata": {"name": "odd", "namespace": "default"}, "spec": {"agentRef": 7}}),
                )
            }
            _ => status(404, "NotFound", "404 page not found"),
        }
    })
}

#[test]
fn an_api_server_that_refuses() {
    let stub = refusing();
    is_as_told(&Program::with_kubeconfig(&kubeconfig(&stub.url(), "default")), "refusals");
}

/// A cluster of objects that have been there for long, in states that are rare.
fn museum(is_whole: bool) -> ApiStub {
    let (then, later) = ("2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z");
    let condition = move |of_type: &str, status: &str, reason: &str, message: &str| json!({"type": of_type, "status": status, "reason": reason, "message": message, "lastTransitionTime": then});
    let mut objects: Vec<(&str, String, Value)> = Vec::new();
    let mut add = |kind: &Kind, name: &str, metadata: Value, spec: Value, status: Value| {
        let mut object = json!({"apiVersion": kind.api_version(), "kind": kind.kind, "spec": spec, "status": status,
            "metadata": {"name": name, "namespace": "default", "uid": name, "creationTimestamp": then}});
        object["metadata"].as_object_mut().unwrap().extend(metadata.as_object().unwrap().clone());
        objects.push((kind.plural, name.to_owned(), object));
    };
    let none = || json!({});
    let on = |agent: &str| json!({"agentRef": {"name": agent}, "description": "x"});
    let task = |phase: &str, conditions: Value, rest: Value| {
        let mut status = json!({"phase": phase, "conditions": conditions});
        status.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        status
    };
    let ends = || json!({"startTime": then, "completionTime": later});
    for (name, agent, status) in [
        ("forgotten", "dev", Value::Null),
        ("phase", "dev", task("Dreaming", json!([]), none())),
        ("queued", "dev", task("Queued", json!([]), none())),
        ("full", "small", task("Queued", json!([condition("Queued", "True", "AgentAtCapacity", "")]), none())),
        ("sleeps", "asleep", task("Queued", json!([condition("Queued", "True", "AgentSuspended", "")]), none())),
        ("waits", "pulls", task("Queued", json!([condition("Queued", "True", "AgentServerNotReady", "")]), none())),
        (
            "quota",
            "dev",
            task("Queued", json!([condition("Queued", "True", "QuotaExceeded", "2 of 2 started")]), none()),
        ),
        ("works", "dev", task("Running", json!([]), json!({"startTime": then}))),
        ("starts", "dev", task("Running", json!([]), json!({"podName": "pulls-pod"}))),
        ("timed-out", "dev", task("Completed", json!([condition("Stopped", "True", "Timeout", "")]), ends())),
        ("stopped", "dev", task("Completed", json!([condition("Stopped", "True", "UserStopped", "somebody")]), ends())),
        ("completed", "dev", task("Completed", json!([]), ends())),
        ("failed", "dev", task("Failed", json!([]), ends())),
        ("failed-pod", "dev", task("Failed", json!([]), json!({"podName": "ended-pod"}))),
        ("killed-pod", "dev", task("Failed", json!([]), json!({"podName": "killed-pod"}))),
        ("evicted-pod", "dev", task("Failed", json!([]), json!({"podName": "evicted-pod"}))),
    ] {
        add(&TASK, name, none(), on(agent), status);
    }
    let deleted = json!({"deletionTimestamp": then, "finalizers": ["example.com/wait"]});
    add(&TASK, "goes", deleted.clone(), on("dev"), none());
    for (name, agent, status) in [
        ("forgotten", "dev", Value::Null),
        ("pending", "dev", json!({"phase": "Pending", "conditions": []})),
        ("waits", "pulls", json!({"phase": "Pending", "conditions": []})),
        ("idle", "dev", json!({"phase": "Running", "activity": "Idle", "lastActivityTime": then})),
        ("busy", "dev", json!({"phase": "Running", "activity": "Busy", "lastActivityTime": then})),
        (
            "asks",
            "dev",
            json!({"phase": "Running", "activity": "WaitingInput", "conditions": [condition("WaitingInput", "True", "PermissionRequired", "")]}),
        ),
        (
            "questions",
            "dev",
            json!({"phase": "Running", "activity": "WaitingInput", "conditions": [condition("WaitingInput", "True", "QuestionAsked", "")]}),
        ),
        ("stopped", "dev", json!({"phase": "Stopped"})),
        ("completed", "dev", json!({"phase": "Completed"})),
        (
            "failed",
            "dev",
            json!({"phase": "Failed", "conditions": [condition("Ready", "False", "AgentGone", "the agent was deleted")]}),
        ),
        ("unknown", "dev", json!({"phase": "Dreaming"})),
    ] {
        add(&SESSION, name, none(), json!({"agentRef": {"name": agent}}), status);
    }
    let spec = || json!({"workspaceDir": "/w", "serviceAccountName": "sa"});
    let ready =
        || json!({"ready": true, "conditions": [condition("Ready", "True", "ServerReady", "")], "deploymentName": "x"});
    let not_ready = |reason: &str, message: &str| json!({"ready": false, "deploymentName": "x", "conditions": [condition("Ready", "False", reason, message)]});
    let mut suspended = spec();
    suspended["suspend"] = true.into();
    let mut small = spec();
    small["maxConcurrentTasks"] = 2.into();
    for (name, spec, status) in [
        ("dev", spec(), ready()),
        ("small", small, ready()),
        ("forgotten", spec(), Value::Null),
        ("asleep", suspended.clone(), not_ready("Suspended", "")),
        ("standby", suspended, json!({"conditions": [condition("Suspended", "True", "Standby", "")]})),
        ("pulls", spec(), not_ready("DeploymentNotReady", "no Pod is ready")),
        ("starts", spec(), not_ready("DeploymentNotReady", "no Pod is ready")),
        ("full", spec(), not_ready("DeploymentNotReady", "no Pod is ready")),
        ("broken", json!({"config": "text"}), json!({"deploymentName": "x"})),
        ("odd", json!({"templateRef": 7}), Value::Null),
    ] {
        add(&AGENT, name, none(), spec, status);
    }
    let each = |schedule: &str| json!({"schedule": schedule, "taskTemplate": {"spec": on("dev")}});
    let mut paused = each("* * * * *");
    paused["suspend"] = true.into();
    let times = |next: &str| json!({"nextScheduleTime": next, "lastScheduleTime": then, "lastSuccessfulTime": later});
    for (name, spec, status) in [
        ("forgotten", each("* * * * *"), Value::Null),
        ("paused", paused, none()),
        ("late", each("* * * * *"), times(then)),
        ("due", each("0 0 1 1 *"), times("2126-01-01T00:00:00Z")),
        ("wrong", each("* * *"), none()),
    ] {
        add(&SCHEDULE, name, none(), spec, status);
    }
    let pod = |name: &str, status: Value| json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default", "uid": name, "creationTimestamp": then}, "spec": {"containers": [{"name": "c", "image": "x"}]}, "status": status});
    let container = |ready: bool, restarts: u32, state: Value, last: Value| json!({"phase": "Pending", "containerStatuses": [{"name": "c", "image": "x", "imageID": "x", "ready": ready, "restartCount": restarts, "state": state, "lastState": last}]});
    let end = |code: i32, signal: i32, reason: &str, message: &str| json!({"terminated": {"exitCode": code, "signal": signal, "reason": reason, "message": message}});
    let pulls = || {
        container(
            false,
            0,
            json!({"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image \"x\""}}),
            none(),
        )
    };
    for (name, status) in [
        ("pulls-pod", pulls()),
        (
            "starts-pod",
            container(
                false,
                2,
                json!({"waiting": {"reason": "CrashLoopBackOff"}}),
                end(1, 0, "Error", "one\nlast words"),
            ),
        ),
        (
            "full-pod",
            json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes are available"}]}),
        ),
        ("dev-pod", container(true, 1, json!({"running": {"startedAt": then}}), none())),
        ("small-pod", container(false, 3, json!({"running": {"startedAt": then}}), none())),
        ("ended-pod", container(false, 0, end(3, 0, "Error", ""), none())),
        ("killed-pod", container(false, 0, end(137, 9, "OOMKilled", ""), none())),
        (
            "evicted-pod",
            json!({"phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory."}),
        ),
    ] {
        objects.push(("pods", name.to_owned(), pod(name, status)));
    }
    ApiStub::start(move |_, uri, _| {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let words: Vec<_> = path.trim_matches('/').split('/').collect();
        let list = |kind: &str, version: &str, items: Vec<Value>| {
            (200, json!({"apiVersion": version, "kind": kind, "metadata": {"resourceVersion": "1"}, "items": items}))
        };
        match words.as_slice() {
            ["version"] => (
                200,
                json!({"major": "1", "minor": "36", "gitVersion": "v1.36.0", "gitCommit": "", "gitTreeState": "", "buildDate": "", "goVersion": "", "compiler": "", "platform": ""}),
            ),
            ["apis", group, "v1alpha1"] => {
                let resource = |name: &str| json!({"name": name, "singularName": "", "namespaced": true, "kind": name, "verbs": ["get"]});
                let all = ["tasks", "agents", "agenttemplates", "crontasks", "sessions"];
                let names: Vec<_> = all[..if is_whole { 5 } else { 2 }].iter().map(|name| resource(name)).collect();
                (
                    200,
                    json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": format!("{group}/v1alpha1"), "resources": names}),
                )
            }
            [.., "selfsubjectreviews"] => (
                201,
                json!({"kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1", "metadata": {}, "status": {"userInfo": {}}}),
            ),
            [.., "selfsubjectaccessreviews"] => (
                201,
                json!({"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "metadata": {}, "spec": {}, "status": {"allowed": true}}),
            ),
            [.., "events"] => list("EventList", "v1", vec![]),
            [.., "pods"] => {
                let of_agent = query
                    .split("kubeopencode.io%2Fagent%3D")
                    .nth(1)
                    .or_else(|| query.split("kubeopencode.io/agent%3D").nth(1));
                let of_agent = of_agent.map(|rest| rest.split(['&', '%']).next().unwrap());
                let fits = |name: &str| of_agent.is_none_or(|agent| name == format!("{agent}-pod"));
                list(
                    "PodList",
                    "v1",
                    objects
                        .iter()
                        .filter(|(plural, name, _)| *plural == "pods" && fits(name))
                        .map(|(_, _, pod)| pod.clone())
                        .collect(),
                )
            }
            [.., _, "log"] => status(
                400,
                "BadRequest",
                "container \"c\" in pod \"p\" is waiting to start: trying and failing to pull image",
            ),
            [.., plural, name] if objects.iter().any(|(of, is, _)| of == plural && is == name) => {
                (200, objects.iter().find(|(of, is, _)| of == plural && is == name).unwrap().2.clone())
            }
            [.., plural] if objects.iter().any(|(of, _, _)| of == plural) => {
                let named = query.split("metadata.name%3D").nth(1).map(|rest| rest.split('&').next().unwrap());
                let items: Vec<_> = objects
                    .iter()
                    .filter(|(of, name, _)| of == plural && named.is_none_or(|named| name == named))
                    .map(|(_, _, object)| object.clone())
                    .collect();
                if query.contains("watch=true") {
                    return (200, json!(""));
                }
                let of = &objects.iter().find(|(of, _, _)| of == plural).unwrap().2;
                list(&format!("{}List", of["kind"].as_str().unwrap()), of["apiVersion"].as_str().unwrap(), items)
            }
            _ => status(404, "NotFound", "it is not there"),
        }
    })
}

#[test]
fn states_that_are_rare() {
    let stub = museum(true);
    is_as_told(&Program::with_kubeconfig(&kubeconfig(&stub.url(), "default")), "states");
    let stub = museum(false);
    is_as_told(&Program::with_kubeconfig(&kubeconfig(&stub.url(), "default")), "old-platform");
}

/// An OpenCode server that answers about a conversation with the status that its id ends with, or with something odd.
fn unwilling() -> ApiStub {
    ApiStub::start(|method, uri, _| {
        let path = uri.split('?').next().unwrap();
        let words: Vec<_> = path.trim_matches('/').split('/').collect();
        let named = |name: &str| json!({"id": format!("ses_{name}"), "directory": "/workspace", "title": name, "time": {"created": 1_000, "updated": 1_000}});
        let refused = |code: u16| (code, json!({"name": "UnknownError", "data": {"message": "it does not want to"}}));
        match words.as_slice() {
            ["global", "health"] => (200, json!({"healthy": false, "version": "1.18.33"})),
            ["session", "status"] => (200, json!({"ses_busy": {"type": "busy"}})),
            ["session" | "command" | "permission" | "question" | "pty"] if *method == axum::http::Method::GET => {
                (200, json!([]))
            }
            ["session", id] if *method == axum::http::Method::GET => (200, named(id.trim_start_matches("ses_"))),
            ["experimental", "session"] | ["session", "ses_empty", ..] => (200, json!([])),
            ["session", "ses_words", ..] => (200, json!("words")),
            ["session", "ses_list", ..] => (200, json!([7])),
            ["session", "ses_object", ..] => (200, json!({})),
            ["session", id, ..] => refused(id.trim_start_matches("ses_").parse().unwrap_or(404)),
            _ => refused(404),
        }
    })
}

#[test]
fn an_agents_server_that_is_unwilling() {
    let server = unwilling();
    let cluster = Cluster::with_opencode(Some(server.address));
    cluster.ready_agent("dev");
    cluster.create(&AGENT, "other", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    for name in ["empty", "words", "list", "object", "busy", "400", "401", "404", "409", "500", "lost"] {
        cluster.create(&SESSION, name, json!({"agentRef": {"name": "dev"}}));
        let mut running = json!({"phase": "Running", "activity": "Idle", "agentRef": {"name": "dev"}});
        if name != "lost" {
            running["sessionID"] = format!("ses_{name}").into();
        }
        cluster.status(&SESSION, name, &running);
    }
    is_as_told(&cluster.program(), "unwilling");
}

/// An OpenCode server on which the conversations `ses_NAME` wait for people, each in its own way.
fn asking() -> ApiStub {
    ApiStub::start(|method, uri, _| {
        let words: Vec<_> = uri.split('?').next().unwrap().trim_matches('/').split('/').collect();
        let session = |name: &str| {
            let of = json!({"kubernetes.namespace": "default", "kubernetes.session": name, "kubernetes.uid": name});
            json!({"id": format!("ses_{name}"), "directory": "/workspace", "title": name, "metadata": of,
                "time": {"created": 1_000, "updated": 1_000}})
        };
        let names = ["picks", "two", "several", "leave", "late"];
        let item = |text: &str, custom: bool| {
            json!({"question": text, "header": text, "custom": custom,
            "options": [{"label": "red", "description": "a colour"}, {"label": "blue", "description": "another"}]})
        };
        let question = |id: &str, name: &str, items: Value| json!({"id": format!("que_{id}"), "sessionID": format!("ses_{name}"), "questions": items});
        match words.as_slice() {
            ["global", "health"] => (200, json!({"healthy": true, "version": "1.18.33"})),
            ["session", "status"] => {
                let busy = names.iter().map(|name| (format!("ses_{name}"), json!({"type": "busy"})));
                (200, Value::Object(busy.collect()))
            }
            ["session"] | ["experimental", "session"] => (200, names.iter().map(|name| session(name)).collect()),
            ["session", _, "children"] => (200, json!([])),
            ["session", id] => (200, session(id.trim_start_matches("ses_"))),
            ["question"] => (
                200,
                json!([
                    question("picks", "picks", json!([item("which colour?", false)])),
                    question("two", "two", json!([item("which colour?", true), item("which other?", true)])),
                    question("first", "several", json!([item("which colour?", true)])),
                    question("second", "several", json!([item("which other?", true)])),
                ]),
            ),
            ["permission"] => (
                200,
                json!([
                    {"id": "per_leave", "sessionID": "ses_leave", "permission": "bash", "patterns": ["ls"], "always": [], "metadata": {"command": "ls"}},
                    {"id": "per_late", "sessionID": "ses_late", "permission": "edit", "patterns": ["a"], "always": ["*"], "metadata": {"filepath": "a"}},
                ]),
            ),
            ["permission", "per_late", "reply"] => (404, json!({"name": "NotFoundError", "data": {"message": "none"}})),
            ["permission" | "question", _, "reply" | "reject"] if *method == axum::http::Method::POST => {
                (200, json!(true))
            }
            _ => (404, json!({"name": "NotFoundError", "data": {"message": "none"}})),
        }
    })
}

#[test]
fn answers_that_fit_nothing() {
    let server = asking();
    let cluster = Cluster::with_opencode(Some(server.address));
    cluster.ready_agent("dev");
    for name in ["picks", "two", "several", "leave", "late"] {
        cluster.create(&SESSION, name, json!({"agentRef": {"name": "dev"}}));
        let running = json!({"phase": "Running", "activity": "WaitingInput", "agentRef": {"name": "dev"}, "sessionID": format!("ses_{name}")});
        cluster.status(&SESSION, name, &running);
    }
    cluster.create(&SESSION, "new", json!({"templateRef": {"name": "p"}}));
    is_as_told(&cluster.program(), "answers");
}

#[test]
fn commands_that_cannot_run() {
    let cluster = Cluster::start();
    cluster.ready_agent("dev");
    cluster.create(&TASK, "own", json!({"templateRef": {"name": "p"}, "description": "x"}));
    cluster.status(&TASK, "own", &json!({"phase": "Completed", "podName": "own-pod"}));
    cluster.pending_pod("own-pod", "agent", &json!({}));
    is_as_told(&cluster.program(), "commands");
}

#[test]
fn a_cluster_in_which_there_is_nothing() {
    let cluster = Cluster::start();
    is_as_told(&cluster.program(), "empty");
    cluster.config_map("kubectl-opencode", &json!({}), "config.yaml", "on-permission: allow");
    is_as_told(&cluster.program(), "namespace-person");
    cluster.config_map("kubectl-opencode", &json!({}), "other", "");
    is_as_told(&cluster.program(), "namespace-no-key");
}

#[test]
fn a_sandbox_that_is_not_there() {
    is_as_told(&Program::new(), "no-sandbox");
}
