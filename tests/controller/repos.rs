//! Repositories and workflows in the workspace: real git, real shells, a local bare repository.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use kube::api::DeleteParams;
use kubectl_opencode::api::Session;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::world::{World, reason};

fn git(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(directory)
        .output()
        .expect("git must be installed");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A bare repository with the branches `main` and `dev`.
pub fn bare(root: &Path, name: &str) -> PathBuf {
    let (work, bare) = (root.join(format!("{name}-work")), root.join(format!("{name}.git")));
    std::fs::create_dir(&work).unwrap();
    git(&work, &["init", "-q"]);
    std::fs::create_dir(work.join("flows")).unwrap();
    std::fs::write(work.join("flows/plan.md"), "plan").unwrap();
    git(&work, &["add", "."]);
    git(&work, &["commit", "-qm", "first"]);
    git(&work, &["branch", "dev"]);
    git(root, &["clone", "-q", "--bare", work.to_str().unwrap(), bare.to_str().unwrap()]);
    bare
}

fn spec(repos: &Value) -> Value {
    json!({"agentRef": {"name": "dev"}, "prompt": "work", "repos": repos})
}

#[tokio::test]
async fn repositories_are_there_before_the_prompt_and_follow_the_spec() {
    let world = World::start().await;
    let remotes = tempfile::tempdir().unwrap();
    let (web, api) = (bare(remotes.path(), "web"), bare(remotes.path(), "api"));
    world.agent("dev").await;
    let id = world.running("s", spec(&json!([{"url": web}, {"url": api, "branch": "dev", "name": "back"}]))).await;
    let home = world.fake.server.home().to_owned();
    assert_eq!(git(&home.join("back"), &["symbolic-ref", "--short", "HEAD"]), "dev");
    assert!(home.join("web/flows/plan.md").exists());
    let calls = world.fake.server.calls();
    let at = |part: &str| calls.iter().rposition(|call| call.contains(part)).unwrap();
    assert!(at("/connect") < at("prompt_async"), "the prompt came first: {calls:?}");
    let status = world.condition("s", "ReposReady", "True/Cloned").await.status.unwrap();
    let ready: Vec<_> = status.repos.iter().map(|repo| (repo.name.as_str(), repo.ready)).collect();
    assert_eq!(ready, [("web", true), ("back", true)]);
    // One leaves, one changes its branch.
    world.patch::<Session>("s", json!({"spec": {"repos": [{"url": api, "branch": "main", "name": "back"}]}})).await;
    world
        .session("s", "has one", |session| session.status.as_ref().is_some_and(|status| status.repos.len() == 1))
        .await;
    assert!(!home.join("web").exists());
    assert_eq!(git(&home.join("back"), &["symbolic-ref", "--short", "HEAD"]), "main");
    // What is on no remote is kept.
    std::fs::write(home.join("back/new.txt"), "work").unwrap();
    world.patch::<Session>("s", json!({"spec": {"repos": []}})).await;
    world.condition("s", "ReposReady", "absent").await;
    let kept = world.session("s", "keeps it", |session| {
        let repos = session.status.clone().unwrap_or_default().repos;
        repos.iter().any(|repo| repo.reason.as_deref() == Some("LocalChanges"))
    });
    kept.await;
    assert!(home.join("back/new.txt").exists());
    assert_eq!(world.fake.server.messages(&id).len(), 2, "one prompt and one answer");
    assert!(world.fake.server.terminals().is_empty());
}

#[tokio::test]
async fn a_workflow_is_switched_live_and_goes_with_the_session() {
    let world = World::start().await;
    let remotes = tempfile::tempdir().unwrap();
    let (first, second) = (bare(remotes.path(), "first"), bare(remotes.path(), "second"));
    world.agent("dev").await;
    let workflow = |url: &Path, path: &str| json!({"gitUrl": url, "branch": "main", "path": path});
    world.running("s", json!({"agentRef": {"name": "dev"}, "workflow": workflow(&first, "flows")})).await;
    let home = world.fake.server.home().to_owned();
    world.condition("s", "WorkflowReady", "True/Cloned").await;
    // While one folder takes the other's place there is none.
    let is_from = |origin: &Path| {
        let config = std::fs::read_to_string(home.join(".workflow/.git/config")).unwrap_or_default();
        config.contains(origin.to_str().unwrap())
    };
    assert!(is_from(&first));
    world.patch::<Session>("s", json!({"spec": {"workflow": workflow(&second, "flows")}})).await;
    world.until("it is switched", async || is_from(&second).then_some(())).await;
    world.patch::<Session>("s", json!({"spec": {"workflow": workflow(&second, "none")}})).await;
    world.condition("s", "WorkflowReady", "False/PathNotFound").await;
    world.api::<Session>().delete("s", &DeleteParams::default()).await.unwrap();
    let api = world.api::<Session>();
    world.until("it is deleted", async || api.get_opt("s").await.unwrap().is_none().then_some(())).await;
    assert!(!home.join(".workflow").exists());
}

/// A web server that answers everything with this.
pub async fn web(answer: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
                if answer.is_empty() {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn a_repository_that_cannot_be_cloned_says_why_and_never_hangs() {
    let world = World::start().await;
    let remotes = tempfile::tempdir().unwrap();
    let there = bare(remotes.path(), "there");
    let password = web(
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    )
    .await;
    world.agent("dev").await;
    std::fs::create_dir(world.fake.server.home().join("taken")).unwrap();
    for (name, repo, expected) in [
        ("absent", json!({"url": remotes.path().join("absent.git")}), "RepositoryNotFound"),
        ("branch", json!({"url": there, "name": "b", "branch": "nope"}), "BranchNotFound"),
        ("password", json!({"url": format!("{password}/x.git")}), "AuthenticationRequired"),
        ("secret", json!({"url": "https://bob:hunter2@example.com/x.git"}), "InvalidURL"),
        ("command", json!({"url": "ext::sh -c touch% /tmp/x"}), "InvalidURL"),
        ("taken", json!({"url": there, "name": "taken"}), "FolderTaken"),
    ] {
        world.create::<Session>(name, spec(&json!([repo]))).await;
        let status = world.session_phase(name, "Failed").await.status.unwrap();
        assert_eq!(reason(&status.conditions, "ReposReady"), format!("False/{expected}"), "{name}");
        assert_eq!(reason(&status.conditions, "Ready"), "False/WorkspaceNotReady", "{name}");
        assert!(!serde_json::to_string(&status).unwrap().contains("hunter2"), "{status:?}");
    }
    assert!(!world.fake.server.calls().iter().any(|call| call.contains("prompt_async")));
    // Mended and started again, it goes on.
    world.patch::<Session>("branch", json!({"spec": {"suspend": true, "repos": [{"url": there, "name": "b"}]}})).await;
    world.session_phase("branch", "Stopped").await;
    world.patch::<Session>("branch", json!({"spec": {"suspend": false}})).await;
    world.session_phase("branch", "Running").await;
}

#[tokio::test]
async fn a_clone_without_end_is_ended_and_fails_the_session_at_its_deadline() {
    let mut world = World::asleep().await;
    world.limits.checkout = Duration::from_secs(2);
    world.wake();
    let silent = web("").await;
    world.agent("dev").await;
    let mut spec = spec(&json!([{"url": format!("{silent}/huge.git")}]));
    spec["startDeadlineSeconds"] = json!(3);
    world.create::<Session>("s", spec).await;
    let failed = world.session_phase("s", "Failed").await.status.unwrap();
    assert_eq!(reason(&failed.conditions, "ReposReady"), "False/CloneTimeout");
    assert_eq!(reason(&failed.conditions, "Ready"), "False/StartDeadlineExceeded");
    world.until("nothing runs", async || world.fake.server.terminals().is_empty().then_some(())).await;
}

#[tokio::test]
async fn a_clone_survives_its_controller_and_its_server() {
    let mut world = World::start().await;
    let remotes = tempfile::tempdir().unwrap();
    let there = bare(remotes.path(), "there");
    let silent = web("").await;
    world.agent("dev").await;
    let server = world.fake.server.clone();
    world.create::<Session>("s", spec(&json!([{"url": format!("{silent}/x.git"), "name": "x"}]))).await;
    world.until("it clones", async || (server.terminals().len() == 1).then_some(())).await;
    let connects = || server.calls().iter().filter(|call| call.ends_with("/connect")).count();
    world.until("it is listened to", async || (connects() == 1).then_some(())).await;
    let creations = |server: &crate::fake::Server| server.calls().iter().filter(|call| *call == "POST /pty").count();
    world.sleep().await;
    world.wake();
    world.until("it is listened to again", async || (connects() == 2).then_some(())).await;
    assert_eq!((creations(&server), server.terminals().len()), (1, 1), "two clone at a time");
    // The server dies with what it ran; another Pod takes its place, and the spec names a repository that is there.
    world.set_ready("dev", false).await;
    server.end_terminals();
    server.cut_streams();
    world.patch::<Session>("s", json!({"spec": {"repos": [{"url": there, "name": "x"}]}})).await;
    world.set_ready("dev", true).await;
    world.session_phase("s", "Running").await;
    assert!(server.home().join("x/flows/plan.md").exists());
    let prompts = server.calls().iter().filter(|call| call.contains("prompt_async")).count();
    assert_eq!((prompts, server.sessions().len()), (1, 1));
    // Stopping ends what runs.
    world.patch::<Session>("s", json!({"spec": {"repos": [{"url": format!("{silent}/y.git")}]}})).await;
    world.until("it clones", async || (server.terminals().len() == 1).then_some(())).await;
    world.patch::<Session>("s", json!({"spec": {"suspend": true}})).await;
    world.session_phase("s", "Stopped").await;
    world.until("nothing runs", async || server.terminals().is_empty().then_some(())).await;
}
