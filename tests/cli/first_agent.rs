//! A namespace without agents, or with several: who is led, who picks, and what scripts are told.

use std::io::Write as _;

use kubectl_opencode::api::kinds::{AGENT, SESSION, TEMPLATE};
use nix::sys::termios::{LocalFlags, tcgetattr};
use serde_json::json;

use crate::cluster::Cluster;
use crate::home::eventually;
use crate::program::read_until;

#[test]
fn without_an_agent_a_script_gets_the_commands() {
    let cluster = Cluster::start();
    let seen = cluster.program().run(&["session", "create", "s"]).exits(3);
    let seen =
        seen.says("kubectl create secret generic anthropic").says("hint: kubectl opencode agent create default --wait");
    assert_eq!(seen.stdout, "");
}

#[test]
fn of_several_agents_the_labelled_one_is_meant() {
    let cluster = Cluster::start();
    cluster.ready_agent("one");
    cluster.ready_agent("two");
    let program = cluster.program();
    program.run(&["session", "create", "s"]).exits(2).says("one, two").says("session.kubeopencode.io/default=true");
    cluster.label(&AGENT, "two", &json!({"session.kubeopencode.io/default": "true"}));
    program.run(&["session", "create", "s"]).exits(0);
    assert_eq!(cluster.get(&SESSION, "s")["spec"]["agentRef"]["name"], "two");
    program.run(&["session", "create", "own", "--dedicated"]).exits(3).says("there is no template");
    cluster.create(&TEMPLATE, "base", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    program.run(&["session", "create", "own", "--dedicated"]).exits(0);
    assert_eq!(cluster.get(&SESSION, "own")["spec"]["templateRef"]["name"], "base");
}

#[test]
fn a_person_is_led_to_the_first_agent_and_the_key_is_never_shown() {
    let cluster = Cluster::start();
    let program = cluster.program();
    let (mut child, mut terminal) = program.on_echoing_terminal(&["session", "create", "s"]);
    let mut seen = String::new();
    for (question, answer) in
        [("Make one", "y"), ("which provider", "\r"), ("key of Anthropic", "sk-very-secret\r"), ("model", "\r")]
    {
        seen.push_str(&read_until(&mut terminal, question));
        if answer.starts_with("sk-") {
            // What is typed before that is thrown away.
            eventually("the terminal shows no key", || {
                let modes = tcgetattr(&terminal).unwrap().local_flags;
                modes.contains(LocalFlags::ICANON) && !modes.contains(LocalFlags::ECHO)
            });
        }
        terminal.write_all(answer.as_bytes()).unwrap();
    }
    // The rest is read beside, so that the program never waits for its terminal.
    let rest = std::thread::spawn(move || {
        let mut rest = Vec::new();
        // Linux answers EIO when the other side is closed.
        let _ = std::io::Read::read_to_end(&mut terminal, &mut rest);
        String::from_utf8_lossy(&rest).into_owned()
    });
    let agent = cluster.first(&AGENT);
    assert_eq!(agent, "default");
    let object = cluster.get(&AGENT, "default");
    let credential = &object["spec"]["credentials"][0];
    assert_eq!(
        (&credential["env"], &credential["secretRef"]["key"]),
        (&"ANTHROPIC_API_KEY".into(), &"ANTHROPIC_API_KEY".into())
    );
    assert_eq!(object["spec"]["config"]["model"], "anthropic/claude-sonnet-4-5");
    assert!(!object.to_string().contains("sk-very-secret"));
    let secret = credential["secretRef"]["name"].as_str().unwrap().to_owned();
    assert_eq!(cluster.secret(&secret)["ANTHROPIC_API_KEY"], b"sk-very-secret");
    cluster.status(&AGENT, "default", &json!({"ready": true}));
    eventually("the program ends", || child.try_wait().unwrap().is_some());
    let seen = seen + &rest.join().unwrap();
    assert!(child.wait().unwrap().success(), "{seen}");
    assert!(!seen.contains("sk-very"), "{seen}");
    assert_eq!(cluster.get(&SESSION, "s")["spec"]["agentRef"]["name"], "default");
}
