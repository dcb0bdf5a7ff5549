//! What a person is asked to choose, to fill in and to edit, where no agent runs.

use kube::Api;
use kube::api::{DeleteParams, DynamicObject, Patch, PatchParams, PostParams};
use kubectl_opencode::api::kinds::{AGENT, Kind, SESSION, TEMPLATE};
use kubectl_opencode::sandbox::definitions;
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::person::Person;
use crate::shown::Shown;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kubectl-opencode");

async fn cluster() -> Cluster<()> {
    let cluster = Cluster::of((), ([127, 0, 0, 1], 1).into()).await;
    definitions::install(&cluster.client()).await.unwrap();
    cluster
}

fn api(cluster: &Cluster<()>, kind: &Kind) -> Api<DynamicObject> {
    Api::namespaced_with(cluster.client(), "default", &kind.api_resource())
}

async fn create(cluster: &Cluster<()>, kind: &Kind, name: &str, spec: Value) {
    let object = json!({"apiVersion": kind.api_version(), "kind": kind.kind, "metadata": {"name": name}, "spec": spec});
    let object = serde_json::from_value(object).unwrap();
    api(cluster, kind).create(&PostParams::default(), &object).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_picked_or_made() {
    let cluster = cluster().await;
    let mut shown = Shown::default();
    let place = json!({"workspaceDir": "/w", "serviceAccountName": "default"});
    let words = ["session", "create", "s"];
    for name in ["one", "two"] {
        create(&cluster, &AGENT, name, place.clone()).await;
    }
    let mut person = Person::run(&cluster, &words);
    person.sees("two").await;
    shown.sees("several agents", &person);
    person.presses("\x1b").await;
    shown.ends("none of them", &mut person).await;
    let dedicated = ["session", "create", "s", "--dedicated"];
    shown.ends("no template", &mut Person::run(&cluster, &dedicated)).await;
    for name in ["large", "small"] {
        create(&cluster, &TEMPLATE, name, place.clone()).await;
    }
    shown.ends("several templates", &mut Person::run(&cluster, &dedicated)).await;

    let agents = api(&cluster, &AGENT);
    for name in ["one", "two"] {
        agents.delete(name, &DeleteParams::default()).await.unwrap();
    }
    let mut person = Person::run(&cluster, &words);
    person.sees("Make one, called default?").await;
    person.presses("n").await;
    shown.ends("no agent, and none is wanted", &mut person).await;
    let mut person = Person::run(&cluster, &words);
    person.sees("Make one, called default?").await;
    shown.sees("no agent", &person);
    person.presses("y").await;
    person.sees("small").await;
    shown.sees("a template is chosen", &person);
    person.presses("\r").await;
    person.sees("(none: as the template or OpenCode says)").await;
    shown.sees("and a provider", &person);
    person.presses("\r").await;
    person.sees("key of Anthropic").await;
    person.presses("sk-very-secret\r").await;
    person.sees("anthropic/claude").await;
    person.presses("\r").await;
    person.sees("waiting for agent \"default\" to become ready").await;
    let ready = Patch::Merge(json!({"status": {"ready": true}}));
    agents.patch_status("default", &PatchParams::default(), &ready).await.unwrap();
    shown.ends("and then it is there", &mut person).await;
    assert!(!String::from_utf8_lossy(&person.seen).contains("sk-very"));
    shown.is_as_in("agents");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_waited_for_and_edited() {
    let cluster = cluster().await;
    let mut shown = Shown::default();
    create(&cluster, &SESSION, "s", json!({"agentRef": {"name": "dev"}})).await;
    let mut person = Person::run(&cluster, &["attach", "s"]);
    person.sees("session \"s\" is pending").await;
    shown.sees("a session that has not begun", &person);
    let failed = Patch::Merge(json!({"status": {"phase": "Failed"}}));
    api(&cluster, &SESSION).patch_status("s", &PatchParams::default(), &failed).await.unwrap();
    shown.ends("and never will", &mut person).await;
    let open = Patch::Merge(json!({"status": {"phase": "Pending"}}));
    api(&cluster, &SESSION).patch_status("s", &PatchParams::default(), &open).await.unwrap();

    for (what, editor) in [
        ("an editor that only shows", "EDITOR='head -n 4'"),
        ("no editor", "PATH=/nothing"),
        (
            "somebody else changes it meanwhile",
            "EDITOR='f() { $OPENCODE session set s --mode plan -q >/dev/null; echo \"  title: mine\" >>\"$1\"; }; f'",
        ),
    ] {
        let script = format!("export OPENCODE={PROGRAM} TMPDIR=$HOME; {editor} {PROGRAM} session edit s");
        let mut person = Person::at_home(cluster.home(), "sh", &["-c", &script]);
        person.line = format!("{editor} kubectl opencode session edit s");
        shown.ends(what, &mut person).await;
    }
    shown.is_as_in("editing");
}
