//! The tool against a sandbox with the real opencode: outcomes of `run`, users with few rights, Pods and clusters that die.

use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex, Weak};

use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::rbac::v1::{Role, RoleBinding};
use kube::api::{Api, DeleteParams, PostParams};
use nix::sys::signal::Signal;
use serde_json::{Value, json};

use crate::home::{Ended, Home, PROGRAM, eventually};
use crate::program::Seen;

/// A sandbox with a ready agent `dev`, shared by the tests that run at the same time.
pub fn shared() -> Arc<Home> {
    static SHARED: Mutex<Weak<Home>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(home) = shared.upgrade() {
        return home;
    }
    let home = Arc::new(with_agent());
    *shared = Arc::downgrade(&home);
    home
}

fn with_agent() -> Home {
    let home = Home::new();
    home.sandbox(&["start", "--offline-model"]).ok();
    home.inside(&["agent", "create", "dev", "--wait", "--timeout", "60s"]).ok();
    home
}

/// A program in the background; a test that fails does not leave it behind.
pub struct Background(pub std::process::Child);

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn start(home: &Home, words: &[&str]) -> Background {
    let mut command = home.command(PROGRAM);
    command.env("KUBECONFIG", home.state().join("kubeconfig")).args(words);
    Background(command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap())
}

fn signal(process: i32, signal: Signal) {
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(process), signal).unwrap();
}

/// Runs the program in the sandbox, as the other tests see a run.
pub fn seen(home: &Home, words: &[&str]) -> Seen {
    let Ended { status, stdout, stderr } = home.inside(words);
    let line = ["kubectl", "opencode"].iter().chain(words).copied().collect::<Vec<_>>().join(" ");
    Seen { line, status: status.unwrap(), stdout, stderr }
}

pub fn end(mut program: Background) -> Ended {
    let (mut stdout, mut stderr) = (program.0.stdout.take().unwrap(), program.0.stderr.take().unwrap());
    let stdout = std::thread::spawn(move || std::io::read_to_string(&mut stdout).unwrap());
    let stderr = std::io::read_to_string(&mut stderr).unwrap();
    let status = program.0.wait().unwrap().code();
    Ended { status, stdout: stdout.join().unwrap(), stderr }
}

#[test]
fn run_exits_by_the_true_outcome_and_prints_the_whole_answer() {
    let home = shared();
    let answer = (1..=400).map(|number| format!("line {number}")).collect::<Vec<_>>();
    let good = home.inside(&["run", "--agent", "dev", "--name", "good", &format!("%say {}", answer.join("\\n"))]);
    assert_eq!(good.status, Some(0), "{good:#?}");
    assert_eq!(good.stdout.lines().collect::<Vec<_>>(), answer, "the whole answer, and nothing else");

    let bad = home.inside(&["run", "--agent", "dev", "--name", "bad", "%fail 400 no such luck"]);
    assert_eq!((bad.status, bad.stdout.as_str()), (Some(1), ""), "{bad:#?}");
    assert!(bad.stderr.contains("error: task \"bad\" failed") && bad.stderr.contains("no such luck"), "{bad:#?}");

    let words = ["run", "--agent", "dev", "--name", "late", "--timeout", "4s", "-o", "json", "%wait 10m"];
    let late = home.inside(&words);
    assert_eq!(late.status, Some(124), "{late:#?}");
    let error: Value = serde_json::from_str(late.stderr.lines().last().unwrap()).unwrap();
    assert_eq!(error["error"]["code"], "timeout", "{late:#?}");
    let stopped = home.inside(&["task", "wait", "late"]);
    assert_eq!(stopped.status, Some(1), "it was stopped: {stopped:#?}");
}

#[test]
fn a_terminal_shows_the_answer_as_it_comes_and_whole() {
    let home = shared();
    let pty = nix::pty::openpty(None, None).unwrap();
    let mut command = home.command(PROGRAM);
    command.env("KUBECONFIG", home.state().join("kubeconfig")).env("TERM", "xterm-256color");
    command.args(["run", "--agent", "dev", "%say first\n%bash echo between\n%slow 30 20\n%say and the end"]);
    command.stdin(pty.slave.try_clone().unwrap()).stdout(pty.slave.try_clone().unwrap()).stderr(pty.slave);
    let mut child = command.spawn().unwrap();
    // The last copy of the slave goes with the program.
    drop(command);
    let mut seen = Vec::new();
    // Linux answers EIO when the other side is closed.
    let _ = std::fs::File::from(pty.master).read_to_end(&mut seen);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let seen = String::from_utf8_lossy(&seen);
    let places: Vec<_> =
        ["first", "[bash] echo between", "word1 ", "word30", "and the end"].map(|words| seen.find(words)).into();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}: {seen}");
}

/// Gives a user these rights, and no others.
async fn grant(home: &Home, user: &str, rules: &Value) {
    let client = home.client().await;
    let meta = json!({"name": user, "namespace": "default"});
    let role: Role = serde_json::from_value(json!({"metadata": meta, "rules": rules})).unwrap();
    let binding: RoleBinding = serde_json::from_value(json!({"metadata": meta,
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": user},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}]}))
    .unwrap();
    Api::namespaced(client.clone(), "default").create(&PostParams::default(), &role).await.unwrap();
    Api::namespaced(client, "default").create(&PostParams::default(), &binding).await.unwrap();
}

#[tokio::test]
async fn who_may_run_commands_in_pods_needs_no_port_forward() {
    let home = shared();
    let rules = json!([
        {"apiGroups": ["kubeopencode.io"], "resources": ["tasks", "agents"], "verbs": ["get", "list", "watch", "create"]},
        {"apiGroups": ["session.kubeopencode.io"], "resources": ["sessions"], "verbs": ["get", "list", "watch", "create"]},
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]},
        {"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["get", "create"]},
    ]);
    grant(&home, "jill", &rules).await;
    let jill = |words: &[&str]| home.inside(&[&["--as", "jill"], words].concat());
    let answer = (1..=400).map(|number| format!("zeile {number} ß")).collect::<Vec<_>>();
    let run = jill(&["run", "-v", "--agent", "dev", "--name", "of-jill", &format!("%say {}", answer.join("\\n"))]);
    assert_eq!(run.status, Some(0), "{run:#?}");
    assert_eq!(run.stdout.lines().collect::<Vec<_>>(), answer, "the whole answer, and nothing else");
    assert!(run.stderr.contains("port-forward is forbidden: exec in Pod \"dev-server-"), "{run:#?}");
    assert!(run.stderr.contains("with bash"), "{run:#?}");
    let bad = jill(&["run", "--agent", "dev", "--name", "of-jill-too", "%fail 400 oh no"]);
    assert_eq!(bad.status, Some(1), "{bad:#?}");
    assert!(bad.stderr.contains("task \"of-jill-too\" failed") && !bad.stderr.contains("portforward"), "{bad:#?}");

    jill(&["session", "create", "of-jill", "--agent", "dev", "--wait"]).ok();
    let sent = jill(&["session", "send", "of-jill", "-q", "%say hello"]);
    assert_eq!((sent.status, sent.stdout.as_str()), (Some(0), "hello\n"), "{sent:#?}");
    let told = jill(&["session", "transcript", "of-jill"]);
    assert!(told.status == Some(0) && told.stdout.contains("hello"), "{told:#?}");

    let mut tunnel = start(&home, &["--as", "jill", "tunnel", "dev"]);
    let line = crate::program::read_until(tunnel.0.stdout.as_mut().unwrap(), "\n");
    let mut stream = std::net::TcpStream::connect(line.trim().strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(b"GET /global/health HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n").unwrap();
    let answer = std::io::read_to_string(&mut stream).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    signal(i32::try_from(tunnel.0.id()).unwrap(), Signal::SIGINT);
    assert_eq!(tunnel.0.wait().unwrap().code(), Some(0));
}

#[tokio::test]
async fn who_may_not_read_the_session_gets_the_log_and_the_true_outcome() {
    let home = shared();
    let rules = json!([
        {"apiGroups": ["kubeopencode.io"], "resources": ["tasks", "agents"], "verbs": ["get", "create"]},
        {"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get", "list"]},
    ]);
    grant(&home, "jane", &rules).await;
    let good = home.inside(&["--as", "jane", "run", "--agent", "dev", "--name", "of-jane", "%say hello"]);
    assert_eq!(good.status, Some(0), "{good:#?}");
    assert!(good.stdout.contains("> build"), "the Pod's log: {good:#?}");
    assert!(good.stderr.contains("you may not create pods/portforward"), "{good:#?}");
    let bad = home.inside(&["--as", "jane", "run", "--agent", "dev", "--name", "of-jane-too", "%fail 400 oh no"]);
    assert_eq!(bad.status, Some(1), "{bad:#?}");
    let shell = home.inside(&["--as", "jane", "session", "list"]).failed(4);
    assert!(shell.contains("hint: kubectl --as jane auth can-i list sessions"), "{shell}");
}

#[tokio::test]
async fn a_pod_that_is_killed_ends_everything_that_waits_for_its_task() {
    let home = shared();
    let run = start(&home, &["run", "--agent", "dev", "--name", "killed", "%wait 10m"]);
    eventually("the task is there", || home.inside(&["task", "get", "killed"]).status == Some(0));
    home.inside(&["task", "wait", "killed", "--for", "running", "--timeout", "60s"]).ok();
    let wait = start(&home, &["task", "wait", "killed", "-o", "json"]);
    let mut logs = start(&home, &["task", "logs", "-f", "killed"]);
    crate::program::read_until(logs.0.stdout.as_mut().unwrap(), "> build");
    let pods: Api<Pod> = Api::default_namespaced(home.client().await);
    pods.delete("killed-pod", &DeleteParams::default().grace_period(0)).await.unwrap();

    let run = end(run).failed(1);
    assert!(run.contains("error: task \"killed\" failed") && run.contains("killed-pod was deleted"), "{run}");
    let wait = end(wait).failed(1);
    let error: Value = serde_json::from_str(wait.lines().last().unwrap()).unwrap();
    assert_eq!(error["error"]["code"], "task_failed", "{wait}");
    let logs = end(logs);
    assert_eq!(logs.status, Some(0), "{logs:#?}");
    assert!(logs.stderr.contains("task \"killed\" failed"), "{logs:#?}");
}

#[tokio::test]
async fn a_sandbox_that_is_killed_while_it_is_followed_is_waited_for() {
    let home = with_agent();
    home.inside(&["session", "create", "talk", "--agent", "dev", "--wait"]).ok();
    let run = start(&home, &["run", "--agent", "dev", "--name", "long", "%slow 3000 100"]);
    eventually("the task is there", || home.inside(&["task", "get", "long"]).status == Some(0));
    let mut logs = start(&home, &["task", "logs", "-f", "long"]);
    crate::program::read_until(logs.0.stdout.as_mut().unwrap(), "> build");
    let mut wait = start(&home, &["task", "wait", "long"]);
    crate::program::read_until(wait.0.stderr.as_mut().unwrap(), "waiting for task \"long\" to finish");
    let mut send = start(&home, &["session", "send", "talk", "%slow 3000 100"]);
    crate::program::read_until(send.0.stderr.as_mut().unwrap(), "waiting for the answer");
    let mut watch = start(&home, &["get", "tasks", "-w"]);
    crate::program::read_until(watch.0.stdout.as_mut().unwrap(), "Running");
    let talk = || home.inside(&["session", "get", "talk", "-o", "jsonpath={.status.activity}"]).stdout;
    eventually("the session is busy", || talk() == "Busy");
    // Not `Home::kill`, which waits for our programs, too.
    signal(home.pid(), Signal::SIGKILL);
    eventually("the sandbox is gone", || home.status()["running"] == false);
    // While it is away, what begins says so at once; what goes on waits.
    let away = home.inside(&["task", "wait", "long", "-o", "json"]).failed(5);
    assert!(away.contains("cluster_unreachable"), "{away}");
    let told = crate::program::read_until(watch.0.stderr.as_mut().unwrap(), "the watch was lost");
    assert!(told.starts_with("warning:"), "{told}");
    home.sandbox(&["start", "--offline-model"]).ok();

    let run = end(run);
    assert_eq!(run.status, Some(1), "{run:#?}");
    assert!(run.stderr.contains("task \"long\" failed") && run.stderr.contains("is lost and tried again"), "{run:#?}");
    let wait = end(wait).failed(1);
    assert!(wait.contains("it is tried again until it answers") && wait.contains("task \"long\" failed"), "{wait}");
    let logs = end(logs);
    assert_eq!(logs.status, Some(0), "{logs:#?}");
    assert!(logs.stderr.contains("task \"long\" failed"), "{logs:#?}");
    let send = end(send);
    assert_eq!(send.status, Some(1), "{send:#?}");
    assert!(send.stderr.contains("the session could not answer"), "{send:#?}");
    assert_eq!(send.stderr.matches("is lost and tried again").count(), 1, "{send:#?}");
    crate::program::read_until(watch.0.stdout.as_mut().unwrap(), "Failed");
    signal(i32::try_from(watch.0.id()).unwrap(), Signal::SIGINT);
    watch.0.wait().unwrap();
}
