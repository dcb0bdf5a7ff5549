//! Agents, tasks and sessions in a sandbox, with the real opencode; and what becomes of them when the sandbox is killed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::api::{DeleteParams, ListParams};
use kube::{Api, ResourceExt};
use kubectl_opencode::api::session::{Activity, SessionPhase};
use kubectl_opencode::api::{Agent, Session, Task};
use serde_json::Value;

use crate::home::{Home, LONG};

/// A sandbox with a ready agent `dev`.
fn with_agent() -> Home {
    let home = Home::new();
    home.sandbox(&["start"]).ok();
    home.inside(&["agent", "create", "dev", "--wait", "--timeout", "60s"]).ok();
    home
}

/// Waits until `is_true` of the object, and answers it then.
pub async fn until<K>(api: &Api<K>, name: &str, what: &str, is_true: impl Fn(&K) -> bool) -> K
where
    K: Clone + std::fmt::Debug + serde::de::DeserializeOwned,
{
    let deadline = std::time::Instant::now() + LONG;
    loop {
        // While the sandbox is away there is nothing to ask.
        let found = api.get(name).await;
        if let Ok(object) = &found
            && is_true(object)
        {
            return object.clone();
        }
        assert!(std::time::Instant::now() < deadline, "{name} is not {what}: {found:#?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

fn phase(task: &Task) -> &str {
    task.status.as_ref().and_then(|status| status.phase.as_ref()).map_or("", |phase| phase.as_str())
}

fn is_busy(session: &Session) -> bool {
    session.status.as_ref().and_then(|status| status.activity) == Some(Activity::Busy)
}

pub fn is_idle(session: &Session) -> bool {
    session
        .status
        .as_ref()
        .is_some_and(|status| status.phase == Some(SessionPhase::Running) && status.activity == Some(Activity::Idle))
}

fn messages(conditions: &[Condition]) -> String {
    let texts: Vec<_> =
        conditions.iter().map(|condition| format!("{}: {}", condition.reason, condition.message)).collect();
    texts.join("\n")
}

#[tokio::test]
async fn a_task_and_a_session_live_whole_lives() {
    let home = with_agent();
    let script = "%think first the file\n%write notes.txt one two\n%bash wc -w < notes.txt\n%say counted";
    let ended = home.inside(&["run", "--agent", "dev", "--name", "first", script]);
    assert_eq!(ended.status, Some(0), "{ended:#?}");
    assert!(ended.stdout.contains("counted"), "{ended:#?}");
    let tasks = Api::<Task>::default_namespaced(home.client().await);
    let task = tasks.get("first").await.unwrap();
    assert_eq!(phase(&task), "Completed");

    home.inside(&["session", "create", "talk", "--agent", "dev", "--prompt", "%say good morning", "--wait"]).ok();
    let answer = home.inside(&["session", "send", "talk", "%bash cat notes.txt"]).ok();
    assert!(answer.contains("one two"), "{answer}");
    let transcript = home.inside(&["session", "transcript", "talk"]).ok();
    assert!(transcript.contains("good morning") && transcript.contains("cat notes.txt"), "{transcript}");

    let ended = home.inside(&["run", "--agent", "dev", "--name", "second", "%fail 400 no such luck"]);
    assert_eq!(ended.status, Some(1), "{ended:#?}");
    assert!(ended.stderr.contains("no such luck"), "{ended:#?}");
    home.sandbox(&["stop"]).ok();
    assert_eq!(home.processes(), [""; 0]);
}

#[tokio::test]
async fn a_task_whose_sandbox_is_killed_ends_with_the_truth() {
    let home = with_agent();
    home.inside(&["task", "create", "--agent", "dev", "--name", "long", "%bash touch began; sleep 300"]).ok();
    let client = home.client().await;
    let tasks = Api::<Task>::default_namespaced(client.clone());
    until(&tasks, "long", "running", |task| phase(task) == "Running").await;
    let began = |home: &Home| find(&home.state().join("node"), "began");
    crate::home::eventually("the agent's command runs", || began(&home));
    home.kill();

    home.sandbox(&["start"]).ok();
    let task = until(&tasks, "long", "ended", |task| matches!(phase(task), "Completed" | "Failed")).await;
    assert_eq!(phase(&task), "Failed", "{task:#?}");
    let conditions = messages(&task.status.unwrap().conditions);
    assert!(!conditions.is_empty(), "it says why");

    // The agent comes back, and works.
    let ended = home.inside(&["run", "--agent", "dev", "--name", "after", "%say back again"]);
    assert_eq!(ended.status, Some(0), "{ended:#?}");
    assert!(ended.stdout.contains("back again"), "{ended:#?}");
}

/// The processes of a Pod's programs, without the shims above them.
fn programs_of(pod: &Pod) -> Vec<i32> {
    let uid = pod.uid().unwrap();
    let numbers = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let is_program = |pid: &i32| {
        let read = |name: &str| fs::read(format!("/proc/{pid}/{name}")).unwrap_or_default();
        String::from_utf8_lossy(&read("environ")).contains(&format!("/{uid}/"))
            && !String::from_utf8_lossy(&read("cmdline")).contains("__sandbox-shim")
    };
    numbers.filter(is_program).collect()
}

fn kill_9(pod: &Pod) {
    let programs = programs_of(pod);
    assert!(!programs.is_empty(), "{} runs", pod.name_any());
    for pid in programs {
        // One may end with the one before it.
        let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGKILL);
    }
}

#[tokio::test]
async fn a_task_whose_pod_is_killed_fails_and_says_why() {
    let home = with_agent();
    home.inside(&["task", "create", "--agent", "dev", "--name", "long", "%bash touch began; sleep 300"]).ok();
    let client = home.client().await;
    let tasks = Api::<Task>::default_namespaced(client.clone());
    crate::home::eventually("the agent's command runs", || find(&home.state().join("node"), "began"));
    let has_pod = |task: &Task| task.status.as_ref().is_some_and(|status| status.pod_name.is_some());
    let pod = until(&tasks, "long", "in a Pod", has_pod).await.status.and_then(|status| status.pod_name).unwrap();
    kill_9(&Api::<Pod>::default_namespaced(client).get(&pod).await.unwrap());
    let task = until(&tasks, "long", "ended", |task| matches!(phase(task), "Completed" | "Failed")).await;
    assert_eq!(phase(&task), "Failed", "{task:#?}");
    let conditions = messages(&task.status.unwrap().conditions);
    assert!(conditions.contains("137"), "{conditions}");
    let ended = home.inside(&["task", "wait", "long"]);
    assert_eq!(ended.status, Some(1), "{ended:#?}");
    // Its turn does not go on behind its back.
    let ended = home.inside(&["run", "--agent", "dev", "--name", "after", "%say next"]);
    assert!(ended.status == Some(0) && ended.stdout.contains("next"), "{ended:#?}");
}

#[tokio::test]
async fn a_task_whose_agents_server_is_killed_ends_with_the_truth() {
    let home = with_agent();
    home.inside(&["task", "create", "--agent", "dev", "--name", "long", "%bash touch began; sleep 300"]).ok();
    let tasks = Api::<Task>::default_namespaced(home.client().await);
    until(&tasks, "long", "running", |task| phase(task) == "Running").await;
    crate::home::eventually("the agent's command runs", || find(&home.state().join("node"), "began"));
    kill_9(&server_pod(&home, "dev").await);
    let task = until(&tasks, "long", "ended", |task| matches!(phase(task), "Completed" | "Failed")).await;
    assert_eq!(phase(&task), "Failed", "{task:#?}");
    assert!(!messages(&task.status.unwrap().conditions).is_empty(), "it says why");
    let ended = home.inside(&["run", "--agent", "dev", "--name", "after", "%say back"]);
    assert!(ended.status == Some(0) && ended.stdout.contains("back"), "{ended:#?}");
}

#[tokio::test]
async fn a_session_whose_sandbox_is_killed_goes_on() {
    let home = with_agent();
    home.inside(&["session", "create", "talk", "--agent", "dev", "--prompt", "%say before", "--wait"]).ok();
    let sessions = Api::<Session>::default_namespaced(home.client().await);
    let first = until(&sessions, "talk", "idle", is_idle).await;
    let id = first.status.unwrap().session_id.unwrap();
    let uid = first.metadata.uid.clone();
    home.inside(&["session", "send", "talk", "--no-wait", "%slow 5000 100"]).ok();
    until(&sessions, "talk", "busy", is_busy).await;
    home.kill();

    home.sandbox(&["start"]).ok();
    let after = until(&sessions, "talk", "idle again", is_idle).await;
    assert_eq!(after.metadata.uid, uid);
    assert_eq!(after.status.unwrap().session_id.as_deref(), Some(&*id), "the same conversation");
    let transcript = home.inside(&["session", "transcript", "talk"]).ok();
    assert!(transcript.contains("before"), "{transcript}");
    let answer = home.inside(&["session", "send", "talk", "%say after"]).ok();
    assert!(answer.contains("after"), "{answer}");
}

/// The Pod of an Agent's server.
async fn server_pod(home: &Home, agent: &str) -> Pod {
    let server = format!("kubeopencode.io/agent={agent},app.kubernetes.io/component=server");
    let pods = Api::<Pod>::default_namespaced(home.client().await);
    pods.list(&ListParams::default().labels(&server)).await.unwrap().items.remove(0)
}

/// A Session `talk` on a new Agent, in the middle of its second turn; answers the id of its conversation.
async fn in_a_turn(home: &Home, sessions: &Api<Session>, agent: &[&str]) -> Option<String> {
    home.inside(&[&["agent", "create", "dev", "--wait", "--timeout", "60s"], agent].concat()).ok();
    home.inside(&["session", "create", "talk", "--agent", "dev", "--prompt", "%say before", "--wait"]).ok();
    // A server may pass over a prompt that comes in the middle of another's turn.
    until(sessions, "talk", "idle", is_idle).await;
    home.inside(&["session", "send", "talk", "--no-wait", "%bash touch began; sleep 300"]).ok();
    crate::home::eventually("the agent's command runs", || find(&home.state().join("node"), "began"));
    until(sessions, "talk", "busy", is_busy).await.status.unwrap().session_id
}

#[tokio::test]
async fn a_session_whose_server_is_killed_in_a_turn_is_found_again_where_it_is_kept() {
    let home = Home::new();
    home.sandbox(&["start"]).ok();
    let client = home.client().await;
    let sessions = Api::<Session>::default_namespaced(client.clone());
    let id = in_a_turn(&home, &sessions, &["--persist-sessions=1Gi"]).await;
    let pods = Api::<Pod>::default_namespaced(client);
    let found = async |what: &str, pod: &str| {
        let is_found = |session: &Session| {
            is_idle(session) && session.status.as_ref().and_then(|status| status.pod_name.as_deref()) == Some(pod)
        };
        let session = until(&sessions, "talk", what, is_found).await;
        assert_eq!(session.status.unwrap().session_id, id, "the same conversation");
        let transcript = home.inside(&["session", "transcript", "talk"]).ok();
        assert!(transcript.contains("before") && transcript.contains("touch began"), "{transcript}");
        let answer = home.inside(&["session", "send", "talk", &format!("%say {what}")]).ok();
        assert!(answer.contains(what), "{answer}");
    };
    // Its container is started again in the same Pod.
    let first = server_pod(&home, "dev").await;
    kill_9(&first);
    let name = first.name_any();
    until(&pods, &name, "ready again", |pod| {
        let containers = pod.status.iter().flat_map(|status| status.container_statuses.iter().flatten());
        containers.into_iter().any(|container| container.ready && container.restart_count > 0)
    })
    .await;
    found("idle in the next container", &name).await;

    home.inside(&["session", "send", "talk", "--no-wait", "%bash touch again; sleep 300"]).ok();
    crate::home::eventually("the agent's command runs", || find(&home.state().join("node"), "again"));
    until(&sessions, "talk", "busy", is_busy).await;
    // Its Pod is replaced.
    pods.delete(&name, &DeleteParams::default().grace_period(0)).await.unwrap();
    let replaced = |session: &Session| {
        let pod = session.status.as_ref().and_then(|status| status.pod_name.as_ref());
        pod.is_some_and(|pod| *pod != name)
    };
    let next = until(&sessions, "talk", "in the next Pod", replaced).await.status.and_then(|status| status.pod_name);
    found("idle in the next Pod", &next.unwrap()).await;
    let warned = home.inside(&["session", "describe", "talk"]).ok();
    assert!(warned.contains("the turn that ran may be lost"), "{warned}");
}

#[tokio::test]
async fn a_session_whose_server_is_killed_in_a_turn_and_kept_nothing_is_lost_and_says_so() {
    let home = Home::new();
    home.sandbox(&["start"]).ok();
    let client = home.client().await;
    let sessions = Api::<Session>::default_namespaced(client.clone());
    let id = in_a_turn(&home, &sessions, &[]).await;
    let pod = server_pod(&home, "dev").await;
    kill_9(&pod);
    Api::<Pod>::default_namespaced(client)
        .delete(&pod.name_any(), &DeleteParams::default().grace_period(0))
        .await
        .unwrap();
    let has_failed =
        |session: &Session| session.status.as_ref().and_then(|status| status.phase) == Some(SessionPhase::Failed);
    let lost = until(&sessions, "talk", "failed", has_failed).await.status.unwrap();
    assert_eq!((lost.activity, lost.session_id), (None, id));
    let conditions = messages(&lost.conditions);
    assert!(conditions.contains("SessionLost: the server no longer knows the OpenCode session"), "{conditions}");
    assert!(
        conditions.contains("without spec.persistence.sessions an Agent keeps none beyond its Pod"),
        "{conditions}"
    );
    // It says what to do, and that begins anew.
    let refused = home.inside(&["session", "send", "talk", "%say more"]);
    assert!(refused.stderr.contains("kubectl opencode session start talk"), "{refused:#?}");
    home.inside(&["session", "start", "talk", "--wait"]).ok();
    // The first prompt is said again, and its turn is let end.
    crate::home::eventually("the first prompt is answered", || {
        home.inside(&["session", "transcript", "talk"]).stdout.lines().any(|line| line == "before")
    });
    until(&sessions, "talk", "idle", is_idle).await;
    let answer = home.inside(&["session", "send", "talk", "%say anew"]).ok();
    assert!(answer.contains("anew"), "{answer}");
}

#[tokio::test]
async fn no_prompt_is_lost_or_sent_twice_however_early_the_sandbox_is_killed() {
    let home = with_agent();
    let sessions = Api::<Session>::default_namespaced(home.client().await);
    let (name, text) = ("early", "%say the prompt");
    home.inside(&["session", "create", name, "--agent", "dev", "--prompt", text]).ok();
    // As soon as it is said to run: the server has taken the prompt, and need not have stored it.
    let running =
        |session: &Session| session.status.as_ref().and_then(|status| status.phase) == Some(SessionPhase::Running);
    until(&sessions, name, "running", running).await;
    home.kill();
    home.sandbox(&["start"]).ok();
    until(&sessions, name, "running after the restart", |session| {
        is_idle(session) && session.status.as_ref().is_some_and(|status| status.summary.is_some())
    })
    .await;
    let transcript = || home.inside(&["session", "transcript", name]).ok();
    crate::home::eventually("the prompt is answered", || transcript().matches("the prompt").count() > 1);
    assert_eq!(transcript().matches(text).count(), 1, "{}", transcript());
    // The first Task after a restart works.
    let ended = home.inside(&["run", "--agent", "dev", "--name", "after", "%say back"]);
    assert!(ended.status == Some(0) && ended.stdout.contains("back"), "{ended:#?}");
}

#[tokio::test]
async fn an_agent_whose_opencode_is_missing_says_so() {
    let home = Home::new();
    let output =
        home.command(crate::home::PROGRAM).args(["sandbox", "start"]).env("PATH", "/usr/bin:/bin").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    home.inside(&["agent", "create", "dev"]).ok();
    let agents = Api::<Agent>::default_namespaced(home.client().await);
    let told =
        |agent: &Agent| agent.status.as_ref().is_some_and(|status| messages(&status.conditions).contains("opencode"));
    let agent = until(&agents, "dev", "telling that opencode is missing", told).await;
    assert_ne!(agent.status.unwrap().ready, Some(true));
}

#[tokio::test]
async fn an_agent_whose_opencode_crashes_says_so() {
    let home = Home::new();
    let broken = home.path().join("opencode");
    fs::write(&broken, "#!/bin/sh\necho 'illegal instruction' >&2\nexit 132\n").unwrap();
    fs::set_permissions(&broken, fs::Permissions::from_mode(0o755)).unwrap();
    home.sandbox(&["start", "--opencode", broken.to_str().unwrap()]).ok();
    let ended = home.inside(&["agent", "create", "dev", "--wait", "--timeout", "15s"]);
    assert_eq!(ended.status, Some(124), "{ended:#?}");
    let waiting = ended.stderr.lines().find(|line| line.contains("illegal instruction")).unwrap_or_default();
    assert!(waiting.contains("status 132") && waiting.contains("kubectl opencode agent logs dev"), "{ended:#?}");
    let client = home.client().await;
    let agents = Api::<Agent>::default_namespaced(client.clone());
    let told = |agent: &Agent| {
        agent.status.as_ref().is_some_and(|status| {
            let messages = messages(&status.conditions);
            messages.contains("132") && messages.contains("illegal instruction")
        })
    };
    let agent = until(&agents, "dev", "telling that opencode crashes", told).await;
    assert_ne!(agent.status.as_ref().unwrap().ready, Some(true));
    let mut kubectl = home.command("kubectl");
    kubectl.env("KUBECONFIG", home.state().join("kubeconfig"));
    let log = kubectl.args(["logs", "--previous", "-l", "kubeopencode.io/agent=dev"]).output().unwrap();
    assert!(String::from_utf8_lossy(&log.stdout).contains("illegal instruction"), "{log:#?}");
    assert_eq!(agent.name_any(), "dev");
}

#[tokio::test]
async fn what_the_session_crd_forbids_is_refused() {
    let home = Home::new();
    home.sandbox(&["start"]).ok();
    let apply = |spec: &str| {
        let manifest = home.path().join("session.yaml");
        let head = "apiVersion: session.kubeopencode.io/v1alpha1\nkind: Session\nmetadata: {name: s}\n";
        fs::write(&manifest, format!("{head}spec: {spec}\n")).unwrap();
        let mut kubectl = home.command("kubectl");
        kubectl.env("KUBECONFIG", home.state().join("kubeconfig"));
        crate::home::Ended::from(
            kubectl.args(["create", "--dry-run=server", "-o", "json", "-f"]).arg(manifest).output().unwrap(),
        )
    };
    for (spec, complaint) in [
        ("{title: x}", "exactly one of agentRef and templateRef must be specified"),
        ("{agentRef: {name: a}, templateRef: {name: b}}", "exactly one of agentRef and templateRef must be specified"),
        ("{agentRef: {name: a}, fallbackAgentRef: {name: b}}", "fallbackAgentRef needs templateRef"),
        ("{agentRef: {name: a}, timeout: 1d}", "spec.timeout"),
        ("{agentRef: {name: a}, model: gpt}", "spec.model"),
        ("{agentRef: {name: a}, directory: a/../../b}", "spec.directory"),
        ("{agentRef: {name: a}, startDeadlineSeconds: 0}", "spec.startDeadlineSeconds"),
        ("{agentRef: {name: a}, permissions: Perhaps}", "spec.permissions"),
        ("{agentRef: {name: a}, propmt: typo}", "propmt"),
    ] {
        let ended = apply(spec);
        assert!(ended.status == Some(1) && ended.stderr.contains(complaint), "{spec}: {ended:#?}");
    }
    let good = apply("{agentRef: {name: a}, timeout: 1h30m, idleTimeout: 90s, model: a/b-c, directory: src/..a/.b}");
    let object: Value = serde_json::from_str(&good.ok()).unwrap();
    assert_eq!(object["spec"]["startDeadlineSeconds"], 300);
    assert_eq!(object["spec"]["deletionPolicy"], "Delete");
}

fn find(folder: &std::path::Path, name: &str) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.filter_map(Result::ok).any(|entry| {
        entry.file_name() == name || (entry.file_type().is_ok_and(|kind| kind.is_dir()) && find(&entry.path(), name))
    })
}
