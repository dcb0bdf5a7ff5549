//! What asks a person, or draws again and again: confirmations, and `status -w`.

use std::os::unix::process::ExitStatusExt as _;

use kube::Api;
use kube::api::{DeleteParams, DynamicObject, Patch, PatchParams, PostParams};
use kubectl_opencode::api::keys;
use kubectl_opencode::api::kinds::{AGENT, SESSION, TASK};
use kubectl_opencode::opencode::{MessageQuery, NewSession, Prompt, Reply};
use kubectl_opencode::sandbox::definitions;
use nix::sys::signal::Signal;
use serde_json::json;

use crate::cluster::Cluster;
use crate::person::Person;
use crate::server::Server;
use crate::shown::Shown;

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
    let mut shown = Shown::default();
    for (name, answer) in [("n", "n"), ("enter", "\r"), ("escape", "\x1b")] {
        let mut person = Person::run(&cluster, &words);
        person.sees("delete 2 tasks: a, b?").await;
        person.presses(answer).await;
        person.sees("nothing was deleted").await;
        shown.ends(name, &mut person).await;
    }
    // One that ended, and so is cleared away.
    let sessions: Api<DynamicObject> = Api::namespaced_with(cluster.client(), "default", &SESSION.api_resource());
    let session = json!({"apiVersion": SESSION.api_version(), "kind": SESSION.kind, "metadata": {"name": "s"},
        "spec": {"agentRef": {"name": "dev"}}});
    sessions.create(&PostParams::default(), &serde_json::from_value(session).unwrap()).await.unwrap();
    set_phase(&sessions, "s", "Failed").await;
    answers(&mut shown, "n", Person::run(&cluster, &["session", "prune"]), "delete 1 session?", "n").await;
    let mut person = Person::run(&cluster, &words);
    person.sees("delete 2 tasks: a, b?").await;
    person.presses("\x03").await;
    assert_eq!(person.ends().await.signal(), Some(Signal::SIGINT as i32), "{}", person.screen.screen().contents());
    assert_eq!(count(&tasks).await, 2);
    let mut person = Person::run(&cluster, &words);
    person.sees("delete 2 tasks: a, b?").await;
    person.presses("y").await;
    person.sees("task.kubeopencode.io \"b\" deleted from default namespace").await;
    shown.ends("y", &mut person).await;
    assert_eq!(count(&tasks).await, 0);
    shown.is_as_in("deletion");
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

/// A conversation that asks for permission before it writes.
async fn conversation(cluster: &Cluster) -> String {
    let new = NewSession { title: Some("talk".into()), ..NewSession::default() };
    cluster.server.client().create_session(&new).await.unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_taken_off_the_screen_when_somebody_else_answers() {
    let cluster = Cluster::start().await;
    let (client, session) = (cluster.server.client(), conversation(&cluster).await);
    let send = |prompt| Person::run(&cluster, &["session", "send", "agent/dev", "--session", &session, prompt]);
    let mut shown = Shown::default();

    let mut person = send("%write a.txt x\n%say written");
    person.sees("leave it to somebody else").await;
    shown.sees("an agent asks for permission", &person);
    let asked = client.permissions().await.unwrap();
    client.reply_permission(&asked[0].id, Reply::Once, None).await.unwrap();
    // Nobody touches the keyboard.
    person.sees("somebody else answered first, or the turn ended: edit a.txt").await;
    person.sees("written").await;
    shown.ends("somebody else allows it", &mut person).await;

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
    shown.is_as_in("asked-elsewhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_asked_by_one_session_at_a_time() {
    let cluster = Cluster::start().await;
    definitions::install(&cluster.client()).await.unwrap();
    let sessions: Api<DynamicObject> = Api::namespaced_with(cluster.client(), "default", &SESSION.api_resource());
    for name in ["a", "b"] {
        let session = json!({"apiVersion": SESSION.api_version(), "kind": SESSION.kind, "metadata": {"name": name},
            "spec": {"agentRef": {"name": "dev"}}});
        sessions.create(&PostParams::default(), &serde_json::from_value(session).unwrap()).await.unwrap();
        let running =
            json!({"phase": "Running", "sessionID": conversation(&cluster).await, "agentRef": {"name": "dev"}});
        let status = Patch::Merge(json!({"status": running}));
        sessions.patch_status(name, &PatchParams::default(), &status).await.unwrap();
    }
    let mut person = Person::run(&cluster, &["session", "send", "--all", "%question Which? | red | blue\n%say chosen"]);
    person.sees("(something else)").await;
    let client = cluster.server.client();
    let both_ask = async {
        while client.questions().await.unwrap().len() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), both_ask).await.expect("both ask");
    person.types("\r").await;
    person.sees("answered: question Which?").await;
    let asks_again = |screen: &vt100::Screen| {
        let text = screen.contents();
        let second = text.split("answered: question Which?").nth(1).unwrap_or_default();
        second.contains("waits for an answer") && second.contains("(something else)")
    };
    person.looks(|screen, _| asks_again(screen), "the next question").await;
    person.types("\r").await;
    assert_eq!(person.ends().await.code(), Some(0));
    let seen = String::from_utf8_lossy(&person.seen).into_owned();
    let places: Vec<_> = ["waits for an answer", "answered: question"]
        .iter()
        .flat_map(|text| seen.match_indices(text))
        .map(|(place, text)| (place, text.chars().next().unwrap()))
        .collect::<std::collections::BTreeMap<_, _>>()
        .into_values()
        .collect();
    assert_eq!(places, ['w', 'a', 'w', 'a'], "{seen}");
    for name in ["session/a waits", "session/b waits"] {
        assert_eq!(seen.matches(name).count(), 1, "{seen}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_answers_with_the_arrows_and_in_own_words() {
    let cluster = Cluster::start().await;
    let session = conversation(&cluster).await;
    let send = |prompt| Person::run(&cluster, &["session", "send", "agent/dev", "--session", &session, prompt]);
    let mut shown = Shown::default();

    let mut person = send("%write a.txt x\n%say written");
    person.looks(|screen, _| screen.contents().contains("> allow it this time"), "the first is picked").await;
    person.types("\x1b[B\x1b[B").await;
    person.looks(|screen, _| screen.contents().contains("> refuse it; the turn stops"), "the third is picked").await;
    person.types("\r").await;
    person.sees("refused: edit a.txt").await;
    shown.ends("what an agent asks for is refused", &mut person).await;

    let mut person = send("%question Which? | red | blue\n%say chosen");
    person.looks(|screen, _| screen.contents().contains("> red"), "the first is picked").await;
    person.types("\x1b[A").await;
    person.looks(|screen, _| screen.contents().contains("> (something else)"), "the last is picked").await;
    shown.sees("an agent asks a question", &person);
    person.types("\r").await;
    person.looks(|screen, _| screen.contents().trim_end().ends_with("\nWhich?"), "a line to write").await;
    person.types("green\r").await;
    person.sees("answered: question Which?").await;
    shown.ends("the person answers in own words", &mut person).await;
    let messages = cluster.server.client().messages(&session, &MessageQuery::default()).await.unwrap();
    assert!(format!("{messages:?}").contains("green"), "{messages:?}");

    let several =
        r#"%tool question {"questions": [{"question": "Which ones?", "header": "h", "multiple": true, "options":
        [{"label": "red", "description": "the warm one"}, {"label": "blue", "description": "blue"}]}]}"#
            .replace('\n', " ");
    let mut person = send(&several);
    person.looks(|screen, _| screen.contents().contains("[ ] blue"), "both").await;
    person.types(" ").await;
    person.looks(|screen, _| screen.contents().contains("[x] red"), "the first is picked").await;
    shown.sees("several answers may be picked", &person);
    person.types("\r").await;
    person.sees("answered: question Which ones?").await;
    assert_eq!(person.ends().await.code(), Some(0));

    let mut person = send("%write c.txt x\n%say written");
    person.sees("leave it to somebody else").await;
    person.types("\x03").await;
    shown.ends("the person leaves with ctrl-c", &mut person).await;
    let mut person = Person::run(&cluster, &["session", "chat", "agent/dev", "--session", &session]);
    person.sees("> ").await;
    person.types("/help\r").await;
    person.sees("/help\n").await;
    person.looks(|screen, _| screen.contents().trim_end().ends_with('>'), "the next line").await;
    person.types("/exit\r").await;
    shown.ends("a conversation line by line", &mut person).await;
    let script = format!(
        "printf '\\377\\n' | {} session chat agent/dev --session {session}",
        env!("CARGO_BIN_EXE_kubectl-opencode")
    );
    shown.ends("of which a line is no text", &mut Person::at_home(cluster.home(), "sh", &["-c", &script])).await;
    shown.is_as_in("asked");
}

/// Answers a question as it is drawn, and looks how the program ends.
async fn answers(shown: &mut Shown, when: &str, mut person: Person, question: &str, answer: &str) {
    person.sees(question).await;
    if !answer.is_empty() {
        person.presses(answer).await;
    }
    shown.ends(when, &mut person).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn approvals_come_and_go_and_are_answered_one_by_one() {
    let server = Server::start(None).await;
    let address = server.address();
    let cluster = Cluster::of(server, address).await;
    definitions::install(&cluster.client()).await.unwrap();
    let agents: Api<DynamicObject> = Api::namespaced_with(cluster.client(), "default", &AGENT.api_resource());
    let agent = json!({"apiVersion": AGENT.api_version(), "kind": AGENT.kind, "metadata": {"name": "dev"},
        "spec": {"workspaceDir": "/workspace", "serviceAccountName": "default"}});
    agents.create(&PostParams::default(), &serde_json::from_value(agent).unwrap()).await.unwrap();
    let mut shown = Shown::default();
    let mut follower = Person::run(&cluster, &["approvals", "--watch"]);
    follower.sees("cannot be followed now").await;
    cluster.run_agent("dev-server-0").await;
    follower.sees("agent \"dev\" is followed").await;

    let (client, session) = (cluster.server.client(), conversation(&cluster).await);
    let write = client.start_turn(&session, &Prompt::text("%write a.txt x")).await.unwrap();
    follower.sees("a.txt (+1 -0)").await;
    answers(&mut shown, "nothing is allowed", Person::run(&cluster, &["approve", "--all"]), "request?", "n").await;
    let always = Person::run(&cluster, &["approve", "--all", "--always"]);
    answers(&mut shown, "always", always, "request?", "y").await;
    write.finish().await.unwrap();
    follower.sees("always").await;
    let ask = client.start_turn(&session, &Prompt::text("%question Which? | red | blue")).await.unwrap();
    follower.sees("Which?").await;
    let id = client.questions().await.unwrap()[0].id.clone();
    answers(&mut shown, "a question is left", Person::run(&cluster, &["answer", &id]), "(something else)", "\x1b")
        .await;
    answers(&mut shown, "a question is dismissed", Person::run(&cluster, &["reject", &id]), "rejected", "").await;
    ask.finish().await.unwrap();
    follower.looks(|screen, _| screen.contents().contains("rejected"), "the end").await;
    follower.types("\x03").await;
    shown.ends("all the time", &mut follower).await;
    let question = "%question Which? | red\n%say dismissed";
    let words = ["session", "send", "agent/dev", "--session", &session, "--on-permission", "reject", question];
    shown.said("nobody is there to answer", &words, &cluster.run(&words).await);
    let nobody = Person::run(&cluster, &["approvals", "agent/a", "agent/b"]);
    answers(&mut shown, "agents that are not there", nobody, "cannot ask", "").await;
    let metadata = json!({keys::METADATA_NAMESPACE: "default", keys::METADATA_NAME: "gone", keys::METADATA_UID: "1"});
    let orphan = NewSession { title: Some("left".into()), metadata: Some(metadata), ..NewSession::default() };
    client.create_session(&orphan).await.unwrap();
    let prune = Person::run(&cluster, &["session", "prune", "--orphaned"]);
    answers(&mut shown, "a conversation whose session is gone", prune, "orphaned conversation?", "y").await;
    shown.is_as_in("approvals");
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
