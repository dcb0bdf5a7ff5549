//! What asks a person, or draws again and again: confirmations, and `status -w`.

use std::os::unix::process::ExitStatusExt as _;

use kube::Api;
use kube::api::{DeleteParams, DynamicObject, Patch, PatchParams, PostParams};
use kubectl_opencode::api::kinds::TASK;
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
