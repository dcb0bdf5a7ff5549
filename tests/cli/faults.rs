//! A cluster that cannot be reached, does not know us, refuses us, or fails half-way.

use kubectl_opencode::api::kinds::TASK;
use kubectl_opencode::sandbox::apiserver::{ApiServer, Options, Tokens};
use serde_json::{Value, json};

use crate::cluster::{Cluster, kubeconfig};
use crate::fake::{ApiStub, status};
use crate::program::Program;

fn to(url: &str) -> Program {
    Program::with_kubeconfig(&kubeconfig(url, "team"))
}

#[test]
fn nothing_listens() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let program = to(&format!("http://{free}"));
    program.run(&["task", "list"]).exits(5).is_as_in("unreachable");
    let seen = program.run(&["run", "hi", "-a", "dev", "-o", "json"]).exits(5);
    let error: Value = serde_json::from_str(&seen.stderr).unwrap();
    assert_eq!(
        (error["error"]["code"].as_str(), error["error"]["retryable"].as_bool()),
        (Some("cluster_unreachable"), Some(true))
    );
    assert_eq!(seen.stdout, "");
}

#[test]
fn no_kubeconfig() {
    Program::new().run(&["task", "list"]).exits(7).is_as_in("no-kubeconfig");
    let program = Program::with_kubeconfig(&kubeconfig("http://127.0.0.1:1", "team"));
    program.run(&["task", "list", "--context", "other"]).exits(7).says("other");
}

#[test]
fn another_certificate_authority() {
    let authority = |name: &str| {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new(vec![]).unwrap();
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        parameters.distinguished_name.push(rcgen::DnType::CommonName, name);
        let certificate = parameters.self_signed(&key).unwrap();
        (certificate, rcgen::Issuer::new(parameters, key))
    };
    let (_, ours) = authority("ours");
    let (other, _) = authority("other");
    let key = rcgen::KeyPair::generate().unwrap();
    let leaf = rcgen::CertificateParams::new(vec!["127.0.0.1".into()]).unwrap().signed_by(&key, &ours).unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address = runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let _ = acceptor.accept(stream).await;
            }
        });
        address
    });
    let program = to(&format!("https://{address}"));
    let authority = program.file("ca.pem", other.pem());
    program
        .run(&["task", "list", "--certificate-authority", authority.to_str().unwrap()])
        .exits(7)
        .is_as_in("wrong-authority");
}

#[test]
fn an_expired_token() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address = runtime.block_on(async {
        let options = Options { tokens: Some(Tokens::default()), ..Options::default() };
        let server = ApiServer::new(
            std::sync::Arc::new(kubectl_opencode::sandbox::store::Store::in_memory()),
            crate::cluster::no_node(),
            options,
        )
        .unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = server.router();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    });
    let text =
        kubeconfig(&format!("http://{address}"), "team").replace("user: {}", "user: {token: secret-of-yesterday}");
    let seen = Program::with_kubeconfig(&text).run(&["task", "list"]).exits(4);
    assert!(!seen.to_string().contains("secret-of-yesterday"), "{seen}");
    seen.is_as_in("unauthenticated");
}

fn forbids(method: &str) -> ApiStub {
    refuses(method, "tasks.kubeopencode.io is forbidden: User \"u\" cannot do that")
}

/// An API server that answers a method with 403.
fn refuses(method: &str, why: &'static str) -> ApiStub {
    let method = method.to_owned();
    ApiStub::start(move |asked, uri, _| {
        if asked == method.as_str() && !uri.contains("selfsubjectreviews") {
            return status(403, "Forbidden", why);
        }
        if uri.contains("selfsubjectreviews") {
            return (
                201,
                json!({"kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1", "status": {"userInfo": {"username": "u"}}}),
            );
        }
        (
            200,
            json!({"apiVersion": "kubeopencode.io/v1alpha1", "kind": "Agent", "metadata": {"name": "dev"}, "spec": {}}),
        )
    })
}

#[test]
fn a_refusal_names_what_is_missing() {
    to(&forbids("GET").url()).run(&["task", "list"]).exits(4).is_as_in("forbidden-list");
    to(&forbids("POST").url()).run(&["run", "hi", "-a", "dev", "--name", "t"]).exits(4).is_as_in("forbidden-create");
}

#[test]
fn a_quota_is_no_missing_right() {
    let why = "tasks.kubeopencode.io \"t\" is forbidden: exceeded quota: few, requested: count/tasks.kubeopencode.io=1, \
               used: count/tasks.kubeopencode.io=5, limited: count/tasks.kubeopencode.io=5";
    let stub = refuses("POST", why);
    to(&stub.url()).run(&["run", "hi", "-a", "dev", "--name", "t"]).exits(7).is_as_in("quota-create");
}

#[test]
fn the_right_to_patch_is_enough_to_stop() {
    let stub = forbids("GET");
    to(&stub.url()).run(&["task", "stop", "t"]).exits(0).prints("task.kubeopencode.io/t stop requested\n");
}

#[test]
fn a_platform_that_is_not_installed() {
    let stub = ApiStub::start(|_, _, _| (404, json!("404 page not found\n")));
    to(&stub.url()).run(&["task", "list"]).exits(7).is_as_in("not-installed");
    to(&stub.url()).run(&["session", "list"]).exits(7).is_as_in("not-installed-sessions");
}

#[test]
fn a_create_whose_answer_was_lost_is_found_again() {
    let stored = std::sync::Arc::new(std::sync::Mutex::new(Value::Null));
    let stub = ApiStub::start(move |method, uri, call| {
        let task = json!({"apiVersion": TASK.api_version(), "kind": "Task", "metadata": {"name": "t", "namespace": "team"}, "spec": {}});
        match (method.as_str(), uri) {
            ("POST", uri) if uri.contains("selfsubjectreviews") => {
                status(404, "NotFound", "the server could not find the requested resource")
            }
            // The first answer is lost in a proxy, the second finds the object there.
            ("POST", _) if call == 1 => (504, json!("upstream timed out")),
            ("POST", _) => status(409, "AlreadyExists", "tasks.kubeopencode.io \"t\" already exists"),
            (_, uri) if uri.contains("/agents/") => {
                (200, json!({"apiVersion": "v", "kind": "Agent", "metadata": {"name": "dev"}, "spec": {}}))
            }
            _ => {
                let mut known = stored.lock().unwrap();
                if known.is_null() {
                    *known = task;
                }
                (200, known.clone())
            }
        }
    });
    // The object that is there carries another request ID: it is somebody else's.
    to(&stub.url()).run(&["task", "create", "hi", "-a", "dev", "--name", "t"]).exits(6).says("exists already");
    let posts =
        stub.calls.lock().unwrap().iter().filter(|call| call.starts_with("POST") && call.contains("/tasks")).count();
    assert_eq!(posts, 2, "{:?}", stub.calls.lock().unwrap());
}

#[test]
fn a_deletion_whose_answer_was_lost_is_done() {
    let agent = || json!({"apiVersion": "v", "kind": "Agent", "metadata": {"name": "dev", "uid": "u"}, "spec": {}});
    let stub = ApiStub::start(move |method, uri, call| match method.as_str() {
        "DELETE" if call == 1 => (504, json!("upstream timed out")),
        "DELETE" => status(404, "NotFound", uri),
        _ => (200, agent()),
    });
    let words = ["agent", "delete", "dev", "--no-wait"];
    to(&stub.url()).run(&words).exits(0).says("").prints("agent.kubeopencode.io \"dev\" deleted from team namespace\n");
    // Where the first try says so, there was none.
    let stub = ApiStub::start(move |method, uri, _| match method.as_str() {
        "DELETE" => status(404, "NotFound", uri),
        _ => (200, agent()),
    });
    to(&stub.url()).run(&words).exits(3);
}

#[test]
fn a_list_that_fails_after_a_watch_went_out_of_date_is_read_again() {
    let row = |name: &str| json!({"cells": [name], "object": {"metadata": {"name": name, "uid": name, "resourceVersion": "1"}}});
    let lists = std::sync::atomic::AtomicUsize::new(0);
    let stub = ApiStub::start(move |_, uri, _| {
        let table = |rows: Vec<Value>, version: &str| {
            (
                200,
                json!({"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": {"resourceVersion": version},
                "columnDefinitions": [{"name": "Name", "type": "string", "priority": 0}], "rows": rows}),
            )
        };
        if uri.contains("watch=true") {
            let is_old = uri.contains("resourceVersion=5&");
            return if is_old { status(410, "Expired", "too old resource version") } else { (200, json!("")) };
        }
        match lists.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => table(vec![row("a")], "5"),
            1 => status(500, "InternalError", "the server is starting"),
            _ => table(vec![row("a"), row("b")], "6"),
        }
    });
    let program = to(&stub.url());
    let words = ["task", "list", "-w"];
    let mut run = program.begin(&words);
    run.prints("b");
    assert_eq!(run.interrupt().end().stdout, "NAME\na\nb\n");
}

#[test]
fn a_busy_server_is_asked_again() {
    let stub = ApiStub::start(|method, uri, call| match method.as_str() {
        "PATCH" if call < 3 => status(429, "TooManyRequests", "slow down"),
        "PATCH" => (
            200,
            json!({"apiVersion": "session.kubeopencode.io/v1alpha1", "kind": "Session", "metadata": {"name": "s"}, "spec": {"suspend": true}}),
        ),
        _ => status(404, "NotFound", uri),
    });
    to(&stub.url()).run(&["session", "stop", "s"]).exits(0).prints("session.session.kubeopencode.io/s stopped\n");
    assert_eq!(stub.calls.lock().unwrap().len(), 3);
}

#[test]
fn a_list_whose_pages_expire_is_read_again_whole() {
    let row = |name: &str| json!({"cells": [name], "object": {"metadata": {"name": name, "uid": name, "resourceVersion": "1"}}});
    let stub = ApiStub::start(move |_, uri, _| {
        let table = |rows: Vec<Value>, next: &str| {
            (
                200,
                json!({"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": {"resourceVersion": "5", "continue": next},
                "columnDefinitions": [{"name": "Name", "type": "string", "priority": 0}], "rows": rows}),
            )
        };
        if uri.contains("continue=") {
            status(410, "Expired", "the provided continue parameter is too old")
        } else if uri.contains("limit=") {
            table(vec![row("a")], "token")
        } else {
            table(vec![row("a"), row("b")], "")
        }
    });
    to(&stub.url()).run(&["task", "list"]).exits(0).prints("NAME\na\nb\n");
}

#[test]
fn a_task_of_an_odd_shape_is_told_as_such() {
    let cluster = Cluster::start();
    cluster.ready_agent("dev");
    let stub = ApiStub::start(|_, uri, _| {
        if uri.contains("watch=true") {
            return (200, json!(""));
        }
        let task = json!({"apiVersion": TASK.api_version(), "kind": "Task", "metadata": {"name": "t", "resourceVersion": "1"}, "spec": {"agentRef": "dev"}});
        (
            200,
            json!({"apiVersion": TASK.api_version(), "kind": "TaskList", "metadata": {"resourceVersion": "1"}, "items": [task]}),
        )
    });
    to(&stub.url()).run(&["task", "wait", "t", "--timeout", "20s"]).exits(7).says("cannot read");
}
