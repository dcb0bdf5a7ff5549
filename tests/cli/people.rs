//! People in the loop: what a real agent asks, who sees it, and what becomes of the answers.

use serde_json::Value;

use crate::home::{Ended, Home, PROGRAM, eventually};
use crate::program::read_until;
use crate::sandbox::{Background, end, shared, start};

/// A session that asks a person before it edits or runs anything.
fn asking(home: &Home, name: &str) {
    home.inside(&["session", "create", name, "--agent", "dev", "--permissions", "ask", "--wait"]).ok();
}

/// Sends a prompt and waits until its turn waits for a person.
fn until_it_waits(home: &Home, name: &str, prompt: &str) {
    home.inside(&["session", "send", name, "--no-wait", prompt]).ok();
    home.inside(&["session", "wait", name, "--for", "waiting-input", "--timeout", "60s"]).ok();
}

fn waiting(home: &Home, words: &[&str]) -> Vec<Value> {
    let list = home.inside(&[&["approvals", "-o", "json"], words].concat()).ok();
    serde_json::from_str::<Value>(&list).unwrap()["items"].as_array().unwrap().clone()
}

fn idle(home: &Home, name: &str) {
    home.inside(&["session", "wait", name, "--for", "idle", "--timeout", "60s"]).ok();
}

fn transcript(home: &Home, name: &str) -> String {
    home.inside(&["session", "transcript", name, "--tools"]).ok()
}

#[test]
fn what_waits_is_shown_and_allowed_once_or_always() {
    let home = shared();
    asking(&home, "ask-once");
    until_it_waits(&home, "ask-once", "%bash echo first-secret\n%bash echo second\n%say all done");
    let found = waiting(&home, &["ask-once"]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0]["reference"], "session/ask-once");
    assert_eq!(found[0]["metadata"]["command"], "echo first-secret");
    let id = found[0]["id"].as_str().unwrap();
    let table = home.inside(&["approvals", "-A"]).ok();
    let row = table.lines().find(|line| line.contains(id)).unwrap_or_else(|| panic!("{table}"));
    assert!(
        row.starts_with("default ") && row.contains("session/ask-once") && row.contains("echo first-secret"),
        "{row}"
    );
    let whole = home.inside(&["approvals", "ask-once"]).ok();
    assert!(whole.contains("  echo first-secret\n  always would allow: echo *\n"), "{whole}");
    assert!(home.inside(&["session", "get", "ask-once"]).ok().contains("WaitingInput"));
    let described = home.inside(&["describe", "session", "ask-once"]).ok();
    assert!(
        described.contains("somebody has to allow or refuse") && described.contains("approvals ask-once"),
        "{described}"
    );

    let once = home.inside(&["approve", id]);
    assert_eq!(once.stdout, "session/ask-once: bash echo first-secret allowed once\n", "{once:#?}");
    eventually("the second command waits", || {
        waiting(&home, &["session/ask-once"]).iter().any(|found| found["metadata"]["command"] == "echo second")
    });
    let always = home.inside(&["session", "approve", "ask-once", "--always"]);
    assert_eq!(always.status, Some(0), "{always:#?}");
    assert!(
        always.stderr.contains("always: bash echo * is now allowed without asking, for any session of agent \"dev\""),
        "{always:#?}"
    );
    idle(&home, "ask-once");
    assert!(transcript(&home, "ask-once").contains("all done"));
    let nothing = home.inside(&["approve", "ask-once"]).failed(3);
    assert!(nothing.contains("nothing waits for a person for \"ask-once\""), "{nothing}");
}

#[test]
fn what_is_refused_stops_the_turn_or_tells_the_model_why() {
    let home = shared();
    asking(&home, "refused");
    until_it_waits(&home, "refused", "%write refused.txt x\n%say went on");
    let seen = home.inside(&["reject", "refused"]).ok();
    assert_eq!(seen, "session/refused: edit refused.txt (+1 -0) rejected\n");
    idle(&home, "refused");
    assert!(!transcript(&home, "refused").contains("\nwent on"));
    until_it_waits(&home, "refused", "%write refused.txt x\n%say went on");
    home.inside(&["reject", "refused", "-m", "take another name"]).ok();
    idle(&home, "refused");
    let told = transcript(&home, "refused");
    assert!(told.contains("take another name") && told.contains("\nwent on"), "{told}");
}

#[test]
fn questions_are_answered_by_option_number_or_own_words() {
    let home = shared();
    asking(&home, "asks");
    until_it_waits(&home, "asks", "%question Which colour? | red | blue");
    let lost = home.inside(&["answer", "asks"]).failed(2);
    assert!(
        lost.contains("Which colour?") && lost.contains("2) blue") && lost.contains("answer asks ANSWER"),
        "{lost}"
    );
    let wrong = home.inside(&["approve", "asks"]).failed(2);
    assert!(wrong.contains("a question is answered, not allowed"), "{wrong}");
    assert_eq!(home.inside(&["answer", "asks", "2"]).ok(), "session/asks: question Which colour? answered: blue\n");
    idle(&home, "asks");
    assert!(transcript(&home, "asks").contains("blue"));
}

#[test]
fn an_answer_that_comes_second_is_told_so() {
    let home = shared();
    asking(&home, "twice");
    until_it_waits(&home, "twice", "%write twice.txt x");
    let found = waiting(&home, &["twice"]);
    let id = found[0]["id"].as_str().unwrap();
    let both = [start(&home, &["approve", id]), start(&home, &["approve", id])].map(end);
    let (mut good, mut bad) = (0, 0);
    for Ended { status, stdout, stderr } in both {
        match status {
            Some(0) => {
                assert!(stdout.contains("allowed once"), "{stdout}");
                good += 1;
            }
            // Second at the server, or so late that nothing waits any more.
            Some(6) => {
                assert!(stderr.contains("answered by somebody else") && stdout.is_empty(), "{stderr}");
                bad += 1;
            }
            Some(3) => {
                assert!(stderr.contains("somebody answered already"), "{stderr}");
                bad += 1;
            }
            status => panic!("{status:?}: {stdout}{stderr}"),
        }
    }
    assert_eq!((good, bad), (1, 1), "exactly one answer counts");
}

#[test]
fn what_an_aborted_turn_left_behind_is_never_shown() {
    let home = shared();
    asking(&home, "ghost");
    until_it_waits(&home, "ghost", "%write ghost.txt x");
    let before = waiting(&home, &["ghost"])[0]["id"].clone();
    home.inside(&["session", "stop", "ghost", "--wait", "--timeout", "60s"]).ok();
    assert!(waiting(&home, &["ghost"]).is_empty());
    home.inside(&["session", "start", "ghost", "--wait", "--timeout", "60s"]).ok();
    // In its next turn the session is busy again, and the server still lists the old request.
    until_it_waits(&home, "ghost", "%write ghost.txt y");
    let now = waiting(&home, &["ghost"]);
    assert!(now.len() == 1 && now[0]["id"] != before, "{before}: {now:#?}");
    let late = home.inside(&["approve", before.as_str().unwrap()]).failed(3);
    assert!(late.contains("somebody answered already, or the turn that asked is over"), "{late}");
    home.inside(&["reject", "ghost"]).ok();
}

#[test]
fn requests_are_chosen_by_label_and_all_of_them_only_when_confirmed() {
    let home = shared();
    for name in ["batch-a", "batch-b", "batch-other"] {
        let team = if name == "batch-other" { "team=blue" } else { "team=red" };
        let words = ["session", "create", name, "--agent", "dev", "--permissions", "ask", "--label", team, "--wait"];
        home.inside(&words).ok();
        until_it_waits(&home, name, &format!("%write {name}.txt x"));
    }
    assert_eq!(waiting(&home, &["-l", "team=red"]).len(), 2);
    let unsure = home.inside(&["approve", "-l", "team=red"]).failed(2);
    assert!(unsure.contains("allow 2 requests") && unsure.contains("--yes"), "{unsure}");
    let none = home.inside(&["approve"]).failed(2);
    assert!(none.contains("whose requests are meant?"), "{none}");
    let seen = home.inside(&["approve", "-l", "team=red", "--yes"]).ok();
    assert_eq!(seen.lines().filter(|line| line.ends_with("allowed once")).count(), 2, "{seen}");
    assert_eq!(waiting(&home, &["batch-other"]).len(), 1);
    home.inside(&["reject", "-l", "team=blue", "--yes"]).ok();
    assert!(waiting(&home, &["-l", "team"]).is_empty());
}

#[test]
fn what_is_asked_and_answered_is_followed_live() {
    let home = shared();
    asking(&home, "live");
    let mut words = home.command(PROGRAM);
    words.env("KUBECONFIG", home.state().join("kubeconfig")).args(["approvals", "live", "-w", "-o", "json"]);
    let mut watch = Background(words.stdout(std::process::Stdio::piped()).spawn().unwrap());
    let stdout = watch.0.stdout.as_mut().unwrap();
    home.inside(&["session", "send", "live", "--no-wait", "%write live.txt x"]).ok();
    let asked: Value = serde_json::from_str(&read_until(stdout, "\n")).unwrap();
    assert_eq!((&asked["type"], &asked["object"]["state"]), (&"ADDED".into(), &"asked".into()), "{asked}");
    assert_eq!(asked["object"]["reference"], "session/live");
    home.inside(&["approve", asked["object"]["id"].as_str().unwrap()]).ok();
    let over: Value = serde_json::from_str(&read_until(stdout, "\n")).unwrap();
    assert_eq!((&over["type"], &over["object"]["state"]), (&"DELETED".into(), &"allowed".into()), "{over}");
    assert_eq!(over["object"]["id"], asked["object"]["id"]);
}

#[test]
fn a_script_decides_beforehand_and_never_hangs() {
    let home = shared();
    asking(&home, "ci");
    let send = |policy: &str, prompt: &str| home.inside(&["session", "send", "ci", "--on-permission", policy, prompt]);
    let allowed = send("allow", "%write ci.txt x\n%say written");
    assert_eq!((allowed.status, allowed.stdout.as_str()), (Some(0), "written\n"), "{allowed:#?}");
    assert!(allowed.stderr.contains("allowed: edit ci.txt"), "{allowed:#?}");
    let refused = send("reject", "%write ci.txt y\n%say written");
    assert_eq!((refused.status, refused.stdout.as_str()), (Some(1), ""), "{refused:#?}");
    assert!(refused.stderr.contains("refused: edit ci.txt"), "{refused:#?}");
    let nobody = send("allow", "%question Which? | a | b\n%say chosen");
    assert_eq!(nobody.status, Some(1), "{nobody:#?}");
    assert!(nobody.stderr.contains("dismissed, as nobody is here to answer"), "{nobody:#?}");
    let mut waits = start(&home, &["session", "send", "ci", "%write ci.txt z\n%say written"]);
    let told = read_until(waits.0.stderr.as_mut().unwrap(), "kubectl opencode approve session/ci");
    assert!(told.contains("asks for permission (edit):\n  ci.txt"), "{told}");
    home.inside(&["approve", "ci"]).ok();
    let answered = end(waits);
    assert_eq!((answered.status, answered.stdout.as_str()), (Some(0), "written\n"), "{answered:#?}");
}

#[test]
fn a_subagent_does_nothing_that_its_session_would_ask_leave_for() {
    let home = shared();
    asking(&home, "asks-for-all");
    let told = home.inside(&["session", "send", "asks-for-all", "%task %bash echo by the subagent\n%say over"]);
    assert!(told.status == Some(0) && told.stdout == "over\n", "nobody was asked: {told:#?}");
    let messages = home.inside(&["session", "transcript", "asks-for-all", "-o", "json"]).ok();
    assert!(messages.contains("the agent offers no tool bash"), "{messages}");
}
