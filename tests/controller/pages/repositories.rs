use std::time::Duration;

use kube::api::DeleteParams;
use kubectl_opencode::api::Session;
use serde_json::{Value, json};

use crate::record::Page;
use crate::repos::{bare, web};
use crate::world::World;

#[tokio::test]
async fn what_is_said_of_repositories() {
    let mut page = Page::default();
    let world = World::start().await;
    let remotes = tempfile::tempdir().unwrap();
    let there = bare(remotes.path(), "there");
    let locked = web(
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    )
    .await;
    world.agent("dev").await;
    let home = world.fake.server.home().to_owned();
    std::fs::create_dir(home.join("taken")).unwrap();
    let spec = |repo: &Value| json!({"agentRef": {"name": "dev"}, "prompt": "work", "repos": [repo]});

    page.situation("Repositories that cannot be cloned");
    for (name, reason, repo) in [
        ("absent", "RepositoryNotFound", json!({"url": remotes.path().join("absent.git")})),
        ("no-branch", "BranchNotFound", json!({"url": there, "branch": "nope"})),
        ("odd-branch", "BranchNotFound", json!({"url": there, "branch": "--force"})),
        ("locked", "AuthenticationRequired", json!({"url": format!("{locked}/x.git")})),
        ("secret", "InvalidURL", json!({"url": "https://bob:hunter2@example.com/x.git"})),
        ("command", "InvalidURL", json!({"url": "ext::sh -c touch% /tmp/x"})),
        ("no-folder", "InvalidURL", json!({"url": "https://example.com/.."})),
        ("taken", "FolderTaken", json!({"url": there, "name": "taken"})),
    ] {
        world.create::<Session>(name, spec(&repo)).await;
        page.tell(&world, &format!("session/{name}"), &[&format!("ReposReady=False {reason}")]).await;
        world.session_phase(name, "Failed").await;
    }
    page.tell(&world, "session/taken", &["Ready=False WorkspaceNotReady: taken", "Warning WorkspaceNotReady"]).await;
    let workflow = |path: &str| json!({"agentRef": {"name": "dev"}, "workflow": {"gitUrl": there, "path": path}});
    world.create::<Session>("no-path", workflow("none")).await;
    page.tell(&world, "session/no-path", &["WorkflowReady=False PathNotFound"]).await;
    world.create::<Session>("leaves", workflow("../other")).await;
    page.tell(&world, "session/leaves", &["WorkflowReady=False PathNotFound"]).await;
    world.fake.server.with(|inner| inner.without_git = true);
    world.create::<Session>("no-git", spec(&json!({"url": there, "name": "no-git"}))).await;
    page.tell(&world, "session/no-git", &["ReposReady=False GitNotFound"]).await;
    world.session_phase("no-git", "Failed").await;
    world.fake.server.with(|inner| inner.without_git = false);

    page.situation("One that comes, and one that goes and is kept, as its work is nowhere else");
    world.create::<Session>("s", spec(&json!({"url": there, "name": "code"}))).await;
    page.tell(&world, "session/s", &["ReposReady=False Cloning", "Ready=False WorkspaceNotReady"]).await;
    page.tell(&world, "session/s", &["ReposReady=True", "Normal Cloned"]).await;
    std::fs::write(home.join("code/new.txt"), "work").unwrap();
    world.patch::<Session>("s", json!({"spec": {"repos": []}})).await;
    page.tell(&world, "session/s", &["Warning LocalChanges"]).await;
    world.patch::<Session>("s", json!({"spec": {"repos": [{"url": there, "name": "code"}]}})).await;
    world
        .session("s", "has it again", |session| {
            session.status.as_ref().is_some_and(|status| status.repos.iter().any(|repo| repo.ready))
        })
        .await;
    world.api::<Session>().delete("s", &DeleteParams::default()).await.unwrap();
    page.tell(&world, "session/s", &["Warning FolderKept"]).await;
    world.create::<Session>("t", spec(&json!({"url": there, "name": "more"}))).await;
    world.session_phase("t", "Running").await;
    world.patch::<Session>("t", json!({"spec": {"repos": []}})).await;
    page.tell(&world, "session/t", &["Normal Removed"]).await;

    page.situation("A clone that somebody ends, and one that does not end by itself");
    let silent = web("").await;
    world.create::<Session>("killed", spec(&json!({"url": format!("{silent}/x.git")}))).await;
    let terminals = || world.fake.server.terminals();
    world.until("it clones", async || (terminals().len() == 1).then_some(())).await;
    page.row("on the server", "a terminal", &terminals()[0]);
    let connects = || world.fake.server.calls().iter().rev().position(|call| call.ends_with("/connect"));
    let creation = || world.fake.server.calls().iter().rev().position(|call| call == "POST /pty");
    world.until("it is listened to", async || (connects() < creation()).then_some(())).await;
    world.fake.server.end_terminals();
    page.tell(&world, "session/killed", &["ReposReady=False CloneFailed"]).await;
    let mut world = World::asleep().await;
    world.limits.checkout = Duration::from_secs(2);
    world.wake();
    world.agent("dev").await;
    world.create::<Session>("endless", spec(&json!({"url": format!("{silent}/huge.git")}))).await;
    page.tell(&world, "session/endless", &["ReposReady=False CloneTimeout"]).await;

    page.is_as_in("repositories");
}
