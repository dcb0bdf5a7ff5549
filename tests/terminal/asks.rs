//! What asks a person, or draws again and again: confirmations, and `status -w`.

use std::os::unix::process::ExitStatusExt as _;

use kube::Api;
use kube::api::{DeleteParams, DynamicObject, Patch, PatchParams, PostParams};
use kubectl_opencode::api::kinds::TASK;
use kubectl_opencode::opencode::{MessageQuery, NewSession, Reply};
use kubectl_opencode::sandbox::definitions;
use nix::sys::signal::Signal;
use serde_json::json;

use crate::cluster::Cluster;
use crate::person::Person;

/// A cluster with the running tasks `a` and `b`.
async fn cluster() -> (Cluster<()>, Api<DynamicObject>) {
    let cluster = Cluster::of((), ([127, 0, 0, 1], 1).into()).await;
    definitions::install(&cluster.client()).await.unwrap();
    let tasks: Api<DynamicObject> = Api::namespaced_with(cluster.client(), "default", &TASK.api_resource());
    for name in ["a", "b"] {
        let task = json!({"apiVersion": TASK.api_version(), "kind": TASK.kind, "metadata": {"name": name},
            "spec": {"agentRef": {"name": "dev"}, "description": "x"}});
        tasks.create(&PostParams::default(), &serde_json::from_value(task).unwrap()).await.unwrap();
        set_phase(&tasks, name, "Running").await;
    }
    (cluster, tasks)
}

async fn set_phase(tasks: &Api<DynamicObject>, name: &str, phase: &str) {
    let status = Patch::Merge(json!({"status": {"phase": phase}}));
    tasks.patch_status(name, &PatchParams::default(), &status).await.unwrap();
}

async fn count(tasks: &Api<DynamicObject>) -> usize {
    tasks.list(&kube::api::ListParams::default()).await.unwrap().items.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_named_is_deleted_once_a_person_says_yes() {
    let (cluster, tasks) = cluster().await;
    let words = ["task", "delete", "--all"];
    for answer in ["n", "\r", "\x1b"] {
        let mut person = Person::run(&cluster, &words);
        person.sees("delete 2 tasks: a, b?").await;
        person.types(answer).await;
        person.sees("nothing was deleted").await;
        assert_eq!(person.ends().await.code(), Some(0), "{answer:?}");
    }
    let mut person = Person::run(&cluster, &words);
    person.sees("delete 2 tasks: a, b?").await;
    person.types("\x03").await;
    assert_eq!(person.ends().await.signal(), Some(Signal::SIGINT as i32), "{}", person.screen.screen().contents());
    assert_eq!(count(&tasks).await, 2);
    let mut person = Person::run(&cluster, &words);
    person.sees("delete 2 tasks: a, b?").await;
    person.types("y").await;
    person.sees("task.kubeopencode.io \"b\" deleted from default namespace").await;
    assert_eq!(person.ends().await.code(), Some(0));
    assert_eq!(count(&tasks).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_glance_stays_in_its_place() {
    let (cluster, tasks) = cluster().await;
    let mut person = Person::run(&cluster, &["status", "-w"]);
    person.sees("tasks: 2 running").await;
    set_phase(&tasks, "a", "Completed").await;
    let (before, after) = ("tasks: 2 running", "tasks: 1 running, 1 completed");
    let in_place = |screen: &vt100::Screen| screen.contents().contains(after) && !screen.contents().contains(before);
    person.looks(|screen, _| in_place(screen), "one picture in the place of the other").await;
    tasks.delete("b", &DeleteParams::default()).await.unwrap();
    let cleared = |screen: &vt100::Screen| !screen.contents().lines().any(|line| line.starts_with("b "));
    let whole = |screen: &vt100::Screen| screen.contents().contains("tasks: 1 completed") && cleared(screen);
    person
        .looks(|screen, _| whole(screen) && screen.contents().matches("tasks:").count() == 1, "what went cleared")
        .await;
    // More than a smaller terminal has rows for is cut off, not scrolled.
    person.resizes(3, 100);
    set_phase(&tasks, "a", "Failed").await;
    person.looks(|screen, _| !screen.contents().contains("Completed"), "the next picture").await;
    person.types("\x03").await;
    assert_eq!(person.ends().await.signal(), Some(Signal::SIGINT as i32));
}

/// A conversation that asks for leave before it writes.
async fn conversation(cluster: &Cluster) -> String {
    let new = NewSession { title: Some("talk".into()), ..NewSession::default() };
    cluster.server.client().create_session(&new).await.unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_taken_off_the_screen_when_somebody_else_answers() {
    let cluster = Cluster::start().await;
    let (client, session) = (cluster.server.client(), conversation(&cluster).await);
    let send = |prompt| Person::run(&cluster, &["session", "send", "agent/dev", "--session", &session, prompt]);

    let mut person = send("%write a.txt x\n%say written");
    person.sees("leave it to somebody else").await;
    let asked = client.permissions().await.unwrap();
    client.reply_permission(&asked[0].id, Reply::Once, None).await.unwrap();
    // Nobody touches the keyboard.
    person.sees("somebody else answered first, or the turn ended: edit a.txt").await;
    person.sees("written").await;
    assert_eq!(person.ends().await.code(), Some(0));
    let shown = person.screen.screen().contents();
    assert!(!shown.contains("your answer") && !shown.contains("allow it"), "{shown}");

    let mut person = send("%question Which? | red | blue\n%say chosen");
    person.sees("(something else)").await;
    let asked = client.questions().await.unwrap();
    client.reply_question(&asked[0].id, &[vec!["blue".to_owned()]]).await.unwrap();
    person.sees("somebody else answered first, or the turn ended: question Which?").await;
    person.sees("chosen").await;
    assert_eq!(person.ends().await.code(), Some(0));

    // A turn that ends takes its question with it.
    let mut person = send("%write b.txt x\n%say written");
    person.sees("leave it to somebody else").await;
    client.abort(&session).await.unwrap();
    person.sees("somebody else answered first, or the turn ended: edit b.txt").await;
    assert_eq!(person.ends().await.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_answers_with_the_arrows_and_in_own_words() {
    let cluster = Cluster::start().await;
    let session = conversation(&cluster).await;
    let send = |prompt| Person::run(&cluster, &["session", "send", "agent/dev", "--session", &session, prompt]);

    let mut person = send("%write a.txt x\n%say written");
    person.looks(|screen, _| screen.contents().contains("> allow it this time"), "the first is picked").await;
    person.types("\x1b[B\x1b[B").await;
    person.looks(|screen, _| screen.contents().contains("> refuse it; the turn stops"), "the third is picked").await;
    person.types("\r").await;
    person.sees("refused: edit a.txt").await;
    assert_eq!(person.ends().await.code(), Some(1));
    assert!(person.screen.screen().contents().contains("your answer: refuse it; the turn stops"));

    let mut person = send("%question Which? | red | blue\n%say chosen");
    person.looks(|screen, _| screen.contents().contains("> red"), "the first is picked").await;
    person.types("\x1b[A").await;
    person.looks(|screen, _| screen.contents().contains("> (something else)"), "the last is picked").await;
    person.types("\r").await;
    person.looks(|screen, _| screen.contents().trim_end().ends_with("\nWhich?:"), "a line to write").await;
    person.types("green\r").await;
    person.sees("answered: question Which?").await;
    assert_eq!(person.ends().await.code(), Some(0));
    let messages = cluster.server.client().messages(&session, &MessageQuery::default()).await.unwrap();
    assert!(format!("{messages:?}").contains("green"), "{messages:?}");

    let mut person = send("%write c.txt x\n%say written");
    person.sees("leave it to somebody else").await;
    person.types("\x03").await;
    assert_eq!(person.ends().await.signal(), Some(Signal::SIGINT as i32), "{}", person.screen.screen().contents());
    person.sees("the session goes on with its answer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_nothing_is_told_so_before_the_terminal_changes() {
    let (cluster, _) = cluster().await;
    for line in ["attach s", "session attach s", "agent attach dev", "attach task/a"] {
        let words: Vec<_> = ["--as", "john"].into_iter().chain(line.split(' ')).collect();
        let mut person = Person::run(&cluster, &words);
        person.sees("kubectl --as john auth can-i ").await;
        assert_eq!(person.ends().await.code(), Some(4), "{line}");
    }
}
