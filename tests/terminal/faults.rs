//! `attach` through a network that fails in every way, to a terminal whose output and input are counted.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use kube::Api;
use kube::api::{Patch, PatchParams, PostParams};
use kubectl_opencode::api::Agent;
use kubectl_opencode::sandbox::definitions;
use serde_json::json;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use crate::arrivals::{Dice, assert_same, in_doubt, lost, without_lines};
use crate::cluster::Cluster;
use crate::link::Weather;
use crate::person::Person;
use crate::pty_server::PtyServer;
use crate::shown::Shown;

const SHELL: &[&str] = &["attach", "agent/dev", "--shell"];
const PATIENCE: Duration = Duration::from_secs(60);

/// How long links are killed.
const BAD_DAY: Duration = Duration::from_secs(20);

/// One person at one terminal whose link is killed again and again: how often, how many typed characters were told to
/// be in doubt, and how many did not arrive.
async fn bad_day(first_throw: u64, silent: Weather) -> (usize, usize, usize) {
    let mut dice = Dice(first_throw);
    let cluster = Cluster::with_terminal().await;
    let terminal = cluster.terminal();
    let mut person = Person::run(&cluster, SHELL);
    // Notes would stand between the counted output on the normal screen.
    terminal.prints("\x1b[?1049h[");
    person.looks(|_, seen| seen.ends_with(b"["), "the beginning").await;
    let begin = person.seen.len();
    let over = CancellationToken::new();
    let program = {
        let (terminal, over) = (Arc::clone(&terminal), over.clone());
        tokio::spawn(async move {
            for number in 0.. {
                terminal.prints(&format!("<{number}>"));
                tokio::select! {
                    () = over.cancelled() => break,
                    () = tokio::time::sleep(Duration::from_millis(2)) => {}
                }
            }
            terminal.prints("}");
        })
    };
    let (mut typed, mut number, mut kills) = (String::new(), 0, 0);
    let end = Instant::now() + BAD_DAY;
    while Instant::now() < end {
        let connections = *terminal.connections.borrow();
        let weather = match dice.throw(2) {
            // One that is noticed by silence alone.
            _ if kills == 20 => silent,
            0 => Weather::Reset,
            _ => Weather::Closed,
        };
        cluster.link.turns(weather);
        kills += 1;
        let deadline = Instant::now() + PATIENCE;
        while *terminal.connections.borrow() == connections {
            assert!(Instant::now() < deadline, "{weather:?}, and no new connection");
            let key = format!("{number},");
            number += 1;
            person.types(&key).await;
            typed.push_str(&key);
            person.watches(Duration::from_millis(20)).await;
        }
        match dice.throw(4) {
            0 => cluster.link.next(Weather::Split),
            1 => cluster.link.next(Weather::Late(Duration::from_millis(dice.throw(8)))),
            _ => cluster.link.next(Weather::Fine),
        }
        person.watches(Duration::from_micros(dice.throw(50_000))).await;
    }
    cluster.link.next(Weather::Fine);
    over.cancel();
    program.await.unwrap();
    person.types("END").await;
    person.looks(|_, seen| seen[begin..].contains(&b'}'), "the last output").await;
    timeout(PATIENCE, terminal.input.subscribe().wait_for(|input| input.ends_with("END"))).await.unwrap().unwrap();
    let shown = String::from_utf8(person.seen[begin - 1..].to_vec()).unwrap();
    assert_same(&without_lines(&shown), &terminal.output.borrow()["\x1b[?1049h".len()..]);
    person.types("\x1dd").await;
    assert_eq!(person.ends().await.code(), Some(0));
    let told = in_doubt(&String::from_utf8_lossy(&person.seen));
    let lost = lost(&typed, terminal.input.borrow().strip_suffix("END").unwrap());
    assert!(lost <= told, "{lost} characters lost, {told} told");
    (kills, told, lost)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_links_lose_nothing_silently_and_double_nothing() {
    let silent = [Weather::Dead, Weather::Mute, Weather::HalfOpen, Weather::Dead];
    let days = (0..).zip(silent).map(|(person, silent)| bad_day(0x9e37_79b9_7f4a_7c15 + person, silent));
    let results = futures::future::join_all(days).await;
    println!("kills, characters told to be in doubt, and lost: {results:?}");
    let kills: usize = results.iter().map(|(kills, ..)| kills).sum();
    assert!(kills >= 40, "{kills}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_cut_at_every_byte_and_a_late_one_carry_everything() {
    for weather in [Weather::Split, Weather::Late(Duration::from_millis(40))] {
        let cluster = Cluster::with_terminal().await;
        cluster.link.next(weather);
        let terminal = cluster.terminal();
        let mut person = Person::run(&cluster, SHELL);
        let text = (0..2000).map(|number| format!("<{number}>")).collect::<Vec<_>>().concat();
        terminal.prints(&text);
        person.looks(|_, seen| seen.ends_with(b"<1999>"), "the last output").await;
        assert!(String::from_utf8_lossy(&person.seen).ends_with(&text));
        person.pastes(&text).await;
        timeout(PATIENCE, terminal.input.subscribe().wait_for(|input| *input == text)).await.unwrap().unwrap();
        terminal.exits(0);
        assert_eq!(person.ends().await.code(), Some(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_shown_and_another_connection_made_in_ten_seconds() {
    let mut shown = Shown::default();
    for weather in [Weather::Dead, Weather::HalfOpen] {
        let cluster = Cluster::with_terminal().await;
        let terminal = cluster.terminal();
        let mut person = Person::run(&cluster, SHELL);
        terminal.prints("$ ");
        person.sees("$ ").await;
        let (opened, began) = (cluster.link.opened(), Instant::now());
        cluster.link.turns(weather);
        // An interrupt goes out at once with what was typed before, and never arrives.
        person.types(if weather == Weather::Dead { "ab\x03" } else { "\x03" }).await;
        person.sees("no answer from the agent's server for").await;
        let told = began.elapsed();
        shown.sees("nothing is heard", &person);
        let connections = *terminal.connections.borrow();
        terminal.prints("meanwhile");
        // Presence and heartbeat open connections too, so the terminal's own are counted.
        let again =
            async { terminal.connections.subscribe().wait_for(|now| *now > connections).await.unwrap().to_owned() };
        tokio::select! {
            again = timeout(PATIENCE, again) => drop(again.unwrap()),
            () = person.watches(PATIENCE) => {}
        }
        let noticed = began.elapsed();
        println!("{weather:?}: shown after {told:?}, connected again after {noticed:?}; {opened} connections before");
        // 10 s, and what a busy machine adds; the connection itself would take 30 s to call the silence an end.
        assert!(noticed.as_secs() < 25, "{told:?} {noticed:?}");
        person.sees("$ meanwhile").await;
        person.sees("connected again").await;
        person.looks(|screen, _| !screen.contents().contains("no answer"), "no trace").await;
        person.types("\x1dd").await;
        shown.ends("connected again, and left", &mut person).await;
    }
    shown.is_as_in("silence");
}

/// Somebody whose link is lost while "apart" is typed; "before" was typed before, if it matters.
async fn apart(flags: &[&str], before: &str) -> (Cluster<PtyServer>, Person) {
    let cluster = Cluster::with_terminal().await;
    let terminal = cluster.terminal();
    let mut person = Person::run(&cluster, &[SHELL, flags].concat());
    terminal.prints("$ ");
    person.sees("$ ").await;
    person.types(before).await;
    timeout(PATIENCE, terminal.input.subscribe().wait_for(|input| input == before)).await.unwrap().unwrap();
    cluster.link.next(Weather::Reset);
    person.sees("connection lost").await;
    person.types("apart").await;
    (cluster, person)
}

async fn wait(shown: &mut Shown) {
    let (cluster, mut person) = apart(&[], "before").await;
    let terminal = cluster.terminal();
    person.sees("5 typed characters not sent yet").await;
    shown.sees("keys are typed while the link is lost", &person);
    cluster.link.next(Weather::Fine);
    terminal.prints("again");
    person.sees("again").await;
    timeout(PATIENCE, terminal.input.subscribe().wait_for(|input| input == "beforeapart")).await.unwrap().unwrap();
    terminal.exits(0);
    assert_eq!(person.ends().await.code(), Some(0));
}

async fn are_dropped(shown: &mut Shown) {
    let (cluster, mut person) = apart(&["--drop-input"], "").await;
    let terminal = cluster.terminal();
    // Time to read what was typed, of which nothing is seen; and more output than the server keeps.
    person.watches(Duration::from_millis(500)).await;
    terminal.prints(&"x".repeat(900));
    terminal.held_from.store(terminal.output.borrow().len(), Ordering::SeqCst);
    terminal.prints("again");
    cluster.link.next(Weather::Fine);
    person.sees("again").await;
    person.sees("connected again").await;
    person.types("after").await;
    timeout(PATIENCE, terminal.input.subscribe().wait_for(|input| input == "after")).await.unwrap().unwrap();
    terminal.exits(0);
    shown.ends("keys are dropped, and output is gone, while the link is lost", &mut person).await;
}

async fn are_told(shown: &mut Shown) {
    let (_cluster, mut person) = apart(&[], "").await;
    person.sees("5 typed characters not sent yet").await;
    person.types("\x1dd").await;
    shown.ends("keys are typed while the link is lost, and then the detach keys", &mut person).await;
}

async fn are_in_doubt(shown: &mut Shown) {
    let cluster = Cluster::with_terminal().await;
    let mut person = Person::run(&cluster, SHELL);
    cluster.terminal().prints("$ ");
    person.sees("$ ").await;
    cluster.link.turns(Weather::Dead);
    person.types("ab\x03").await;
    person.types("\x1dd").await;
    shown.ends("keys are typed when nothing is heard any more, and then the detach keys", &mut person).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_typed_while_apart_arrive_or_are_dropped_as_asked_or_told() {
    let mut shown = [Shown::default(), Shown::default(), Shown::default(), Shown::default()];
    let [waiting, dropped, told, doubtful] = &mut shown;
    tokio::join!(wait(waiting), are_dropped(dropped), are_told(told), are_in_doubt(doubtful));
    Shown::of(shown).is_as_in("apart");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_mebibytes_of_paste_arrive_whole() {
    let cluster = Cluster::with_terminal().await;
    let terminal = cluster.terminal();
    let mut person = Person::run(&cluster, SHELL);
    terminal.prints("$ \x1b[?2004h");
    person.sees("$ ").await;
    let mut paste = "\x1b[200~".to_owned();
    let mut number = 0;
    while paste.len() < 10 << 20 {
        write!(paste, "line {number} \u{e4}\u{20ac}\u{1f600}\r").unwrap();
        number += 1;
    }
    paste.push_str("\x1b[201~");
    let began = Instant::now();
    person.pastes(&paste).await;
    let arrived =
        async { terminal.input.subscribe().wait_for(|input| input.len() >= paste.len()).await.unwrap().len() };
    timeout(PATIENCE, arrived).await.unwrap();
    println!("{} bytes pasted in {:?}", paste.len(), began.elapsed());
    assert!(*terminal.input.borrow() == paste, "whole and in order");
    terminal.exits(0);
    assert_eq!(person.ends().await.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_arrives_while_output_floods_a_stopped_terminal() {
    let cluster = Cluster::with_terminal().await;
    let terminal = cluster.terminal();
    let mut person = Person::run(&cluster, SHELL);
    terminal.prints("$ ");
    person.sees("$ ").await;
    // As `yes` does: more than every buffer on the way has room for.
    terminal.prints(&"y\r\n".repeat(40 << 20));
    // Nobody reads the terminal from here on, and in the end nothing moves.
    let deadline = Instant::now() + PATIENCE;
    let (mut taken, mut since) = (0, Instant::now());
    while since.elapsed() < Duration::from_millis(500) || taken == 0 {
        assert!(Instant::now() < deadline, "never stalls");
        tokio::time::sleep(Duration::from_millis(10)).await;
        let now = terminal.taken.load(Ordering::SeqCst);
        if now != taken {
            (taken, since) = (now, Instant::now());
        }
    }
    assert!(taken < 100 << 20, "{taken} bytes are somewhere on the way");
    let status = std::fs::read_to_string(format!("/proc/{}/status", person.pid())).unwrap();
    // What is not mapped from the program's file.
    let used = |line: &str| line.strip_prefix("RssAnon:")?.trim().strip_suffix(" kB")?.parse::<usize>().ok();
    let used = status.lines().find_map(used).unwrap();
    println!("{taken} bytes on the way, {used} kB of memory used");
    assert!(used < 24 << 10, "{used} kB");
    let began = Instant::now();
    person.types("\x03").await;
    timeout(PATIENCE, terminal.input.subscribe().wait_for(|input| input == "\x03")).await.unwrap().unwrap();
    let took = began.elapsed();
    println!("ctrl-c took {took:?}");
    // 20 ms, and what a busy machine adds; behind the output it would never arrive.
    assert!(took < Duration::from_secs(20), "{took:?}");
    person.types("\x1dd").await;
    assert_eq!(person.ends().await.code(), Some(0));
}

/// Sockets on which a process listens (`/proc/PID/fd` and `/proc/net/tcp`, state 0A).
fn listening(pid: u32) -> Vec<String> {
    let own: HashSet<String> = std::fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap()
        .filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok())
        .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect();
    assert!(!own.is_empty(), "it is connected");
    let is_listening = |line: &&str| {
        let fields: Vec<_> = line.split_whitespace().collect();
        fields.get(3) == Some(&"0A") && fields.get(9).is_some_and(|inode| own.contains(*inode))
    };
    let tables = ["tcp", "tcp6"].map(|table| std::fs::read_to_string(format!("/proc/net/{table}")).unwrap_or_default());
    tables.iter().flat_map(|table| table.lines().filter(is_listening).map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_listens_on_the_user_s_machine() {
    let cluster = Cluster::with_terminal().await;
    let mut person = Person::run(&cluster, SHELL);
    cluster.terminal().prints("$ ");
    person.sees("$ ").await;
    assert_eq!(listening(person.pid()), Vec::<String>::new());
    assert!(!listening(std::process::id()).is_empty(), "who listens is seen");
    person.types("\x1dd").await;
    assert_eq!(person.ends().await.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_agent_is_resumed() {
    let mut shown = Shown::default();
    for (flag, answer) in [(Some("--resume"), None), (None, Some("y"))] {
        let server = PtyServer::start().await;
        let address = server.address;
        let terminal = Arc::clone(&server.terminal);
        let cluster = Cluster::of(server, address).await;
        definitions::install(&cluster.client()).await.unwrap();
        let agents: Api<Agent> = Api::namespaced(cluster.client(), "default");
        let agent = json!({
            "apiVersion": "kubeopencode.io/v1alpha1", "kind": "Agent", "metadata": {"name": "dev"},
            "spec": {"suspend": true, "workspaceDir": "/workspace", "serviceAccountName": "default"},
        });
        agents.create(&PostParams::default(), &serde_json::from_value(agent).unwrap()).await.unwrap();
        let status = json!({"status": {"suspended": true}});
        agents.patch_status("dev", &PatchParams::default(), &Patch::Merge(status)).await.unwrap();
        if answer.is_some() {
            let mut person = Person::run(&cluster, SHELL);
            person.sees("Agent \"dev\" is suspended. Resume it?").await;
            shown.sees("the agent is suspended", &person);
            person.presses("n").await;
            shown.ends("and shall stay so", &mut person).await;
        }
        let mut person = Person::run(&cluster, &SHELL.iter().copied().chain(flag).collect::<Vec<_>>());
        if let Some(answer) = answer {
            person.sees("Agent \"dev\" is suspended. Resume it?").await;
            person.presses(answer).await;
        }
        person.sees("agent \"dev\" resumes").await;
        assert_eq!(agents.get("dev").await.unwrap().spec.suspend, Some(false));
        // What the platform's controller does then.
        let status = json!({"status": {"suspended": false, "ready": true}});
        agents.patch_status("dev", &PatchParams::default(), &Patch::Merge(status)).await.unwrap();
        cluster.run_agent("dev-server-0").await;
        terminal.prints("here");
        person.sees("here").await;
        terminal.exits(0);
        assert_eq!(person.ends().await.code(), Some(0));
    }
    shown.is_as_in("resume");
}
