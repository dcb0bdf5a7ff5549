//! What people at one terminal know of each other, and what is told of them afterwards.

use std::net::SocketAddr;
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::cluster::Cluster;
use crate::person::Person;
use crate::pty_server::{PtyServer, Terminal};
use crate::shown::{Shown, masked};

const SHELL: &[&str] = &["attach", "agent/dev", "--shell"];

/// Waits until a terminal's title says something.
async fn titled(terminal: &Terminal, text: &str) {
    let told = async {
        while !terminal.title().contains(text) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), told)
        .await
        .unwrap_or_else(|_| panic!("no {text:?}: {}", terminal.title()));
}

/// Waits until events say something, and answers them, each once, without their ages.
async fn told(cluster: &Cluster<PtyServer>, text: &str) -> String {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
    loop {
        let output = cluster.run(&["events", "agent/dev", "--no-headers"]).await;
        let events = masked(&String::from_utf8(output.stdout).unwrap());
        if events.contains(text) {
            let mut events: Vec<_> = events.lines().collect();
            events.sort_unstable();
            events.dedup();
            return events.join("\n") + "\n";
        }
        assert!(tokio::time::Instant::now() < deadline, "no {text:?}: {events}");
    }
}

/// Sits down at the terminal, where something is shown.
async fn sits(cluster: &Cluster<PtyServer>, flags: &[&str]) -> Person {
    let terminal = cluster.terminal();
    if terminal.output.borrow().is_empty() {
        terminal.prints("$ ");
    }
    let mut person = Person::run(cluster, &[SHELL, flags].concat());
    person.sees("$ ").await;
    person
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_who_is_there() {
    let cluster = Cluster::with_terminal().await;
    let terminal = cluster.terminal();
    let mut shown = Shown::default();
    for pty in ["--pty", "--pty=pty_unknown"] {
        shown.ends("nothing runs", &mut Person::run(&cluster, &["attach", "agent/dev", pty])).await;
    }
    let mut first = sits(&cluster, &[]).await;
    titled(&terminal, " types since ").await;
    let mut second = sits(&cluster, &[]).await;
    second.types("\x03").await;
    shown.ends("somebody types already", &mut second).await;
    let mut along = sits(&cluster, &["--join"]).await;
    along.types("\x1dd").await;
    shown.ends("and somebody else joins in", &mut along).await;
    shown.said("or a script wants to", SHELL, &cluster.run(SHELL).await);
    let mut watcher = sits(&cluster, &["--read-only"]).await;
    titled(&terminal, " watches since ").await;
    let list = ["attach", "agent/dev", "--list", "-o", "wide"];
    shown.said("who is there", &list, &cluster.run(&list).await);
    let mut thief = sits(&cluster, &["--steal"]).await;
    shown.ends("somebody takes the terminal over", &mut first).await;
    titled(&terminal, " took over since ").await;
    shown.said("who is there now", &list, &cluster.run(&list).await);
    shown.tell("the title of the terminal", "", &format!("{}\n", terminal.title()));
    let mut chooser = Person::run(&cluster, &["attach", "agent/dev", "--pty"]);
    chooser.sees(" took over").await;
    shown.sees("one of the terminals is chosen", &chooser);
    chooser.presses("\x1b").await;
    shown.ends("or none", &mut chooser).await;
    watcher.types("\x03").await;
    assert_eq!(watcher.ends().await.code(), Some(0));
    thief.types("\x1dd").await;
    assert_eq!(thief.ends().await.code(), Some(0));
    shown.is_as_in("company");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_out_is_an_event() {
    let cluster = Cluster::with_terminal().await;
    let terminal = cluster.terminal();
    let mut shown = Shown::default();

    let mut person = sits(&cluster, &[]).await;
    told(&cluster, "types at").await;
    person.types("\x1dd").await;
    shown.ends("the detach keys", &mut person).await;

    let mut person = sits(&cluster, &[]).await;
    titled(&terminal, " types since ").await;
    terminal.refuses.store(true, std::sync::atomic::Ordering::SeqCst);
    shown.ends("nobody else may connect", &mut Person::run(&cluster, SHELL)).await;
    terminal.refuses.store(false, std::sync::atomic::Ordering::SeqCst);
    terminal.exits(5);
    shown.ends("the program ends", &mut person).await;

    for signal in [Signal::SIGHUP, Signal::SIGQUIT] {
        let mut person = sits(&cluster, &[]).await;
        person.signals(signal);
        shown.ends("a signal", &mut person).await;
    }

    let mut person = sits(&cluster, &["--reconnect-timeout", "1s"]).await;
    let address = cluster.server.address;
    cluster.leads_to(SocketAddr::from(([127, 0, 0, 1], 1)));
    cluster.cut();
    shown.ends("the agent's server cannot be reached any more", &mut person).await;
    cluster.leads_to(address);

    let script = format!("{} {} --join | head -c 2", env!("CARGO_BIN_EXE_kubectl-opencode"), SHELL.join(" "));
    let mut person = Person::at_home(cluster.home(), "sh", &["-c", &script]);
    person.sees("$ ").await;
    while !person.has_ended() {
        terminal.prints(".");
        person.watches(Duration::from_millis(20)).await;
    }
    shown.ends("whoever reads the output leaves", &mut person).await;
    terminal.output.send_replace("$ ".into());

    let mut person = sits(&cluster, &["--join"]).await;
    titled(&terminal, " types since ").await;
    let mut thief = sits(&cluster, &["--steal"]).await;
    assert_eq!(person.ends().await.code(), Some(6));
    told(&cluster, "took over at").await;
    terminal.goes();
    thief.sees("open a new terminal? [y/N]").await;
    shown.sees("the terminal is closed", &thief);
    thief.types("n\r").await;
    shown.ends("and no other is wanted", &mut thief).await;

    let events = told(&cluster, "the terminal was closed").await;
    shown.tell("the events", "kubectl opencode events agent/dev", &events);
    shown.is_as_in("ways-out");
}
