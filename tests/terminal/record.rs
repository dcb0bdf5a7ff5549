//! `--record` on a real pseudo-terminal, and `play` of what was recorded.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};

use kubectl_opencode::terminal::Size;
use kubectl_opencode::terminal::recording::{Event, Header, RecordingReader};
use nix::sys::signal::Signal;

use crate::cluster::Cluster;
use crate::person::Person;
use crate::shown::Shown;

const SHELL: &[&str] = &["attach", "agent/dev", "--shell"];

/// A whole recording.
fn read(path: &Path) -> (Header, Vec<Event>) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'), "a line is not whole: {text}");
    let (mut reader, header) = RecordingReader::begin(text.as_bytes()).unwrap();
    let mut events = Vec::new();
    while let Some(timed) = reader.next_event().unwrap() {
        events.push(timed.event);
    }
    (header, events)
}

fn shown(events: &[Event]) -> String {
    let output =
        events.iter().filter_map(|event| if let Event::Output(bytes) = event { Some(&bytes[..]) } else { None });
    String::from_utf8(output.collect::<Vec<_>>().concat()).unwrap()
}

fn typed(events: &[Event]) -> String {
    let input = events.iter().filter_map(|event| if let Event::Input(bytes) = event { Some(&bytes[..]) } else { None });
    String::from_utf8(input.collect::<Vec<_>>().concat()).unwrap()
}

fn file(cluster: &Cluster) -> PathBuf {
    cluster.home().join("a.cast")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_terminal_shows_is_recorded_and_played() {
    let cluster = Cluster::start().await;
    let words = [SHELL, &["--record", "a.cast"]].concat();
    let mut person = Person::run(&cluster, &words);
    person.presses("stty -echo; echo off-$((1+1)); read secret; stty echo; echo got-${#secret}\r").await;
    person.sees("off-2").await;
    person.types("hunter22\r").await;
    person.sees("got-8").await;
    // It is written while the terminal goes on, by another thread than the screen.
    person.until(|_| shown(&read(&file(&cluster)).1).contains("got-8")).await;
    let (header, _) = read(&file(&cluster));
    assert_eq!((header.size, header.title.as_deref()), (Size { rows: 30, cols: 100 }, Some("agent/dev")));
    assert_eq!(header.term.as_deref(), Some("xterm-256color"));
    person.resizes(41, 120);
    person.types("until [ \"$(stty size)\" = '41 120' ]; do read -t 0.05; done; echo re''sized\r").await;
    person.sees("resized").await;
    // Again and again a full-screen program's modes, which the end of the recording has to take back.
    person.types("printf '\\033[?1049h\\033[?1003h\\033[31mbig pic''ture \\303\\244'; sleep 1; exit 7\r").await;
    person.sees("big picture \u{e4}").await;
    assert_eq!(person.ends().await.code(), Some(7));
    person.sees("recorded; see it with: kubectl opencode play a.cast").await;

    let path = file(&cluster);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    let (_, events) = read(&path);
    assert!(events.contains(&Event::Resize(Size { rows: 41, cols: 120 })), "{events:?}");
    assert_eq!(events.last(), Some(&Event::Exit(7)));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(typed(&events).is_empty() && !text.contains("hunter22"), "what was typed is not in it");

    // It is never written over.
    let mut shown = Shown::default();
    shown.ends("a file that is there", &mut Person::run(&cluster, &words)).await;
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);

    let mut person = Person::run(&cluster, &["play", "a.cast", "--idle-limit", "0.05"]);
    person
        .looks(|screen, _| screen.alternate_screen() && screen.contents().contains("big picture \u{e4}"), "play")
        .await;
    assert_eq!(person.ends().await.code(), Some(0));
    person.sees("got-8").await;

    // A disk that is full after the first lines: `ulimit -f` counts 512 bytes, or 1024.
    let script = format!(
        "trap '' XFSZ; ulimit -f 1; exec {} exec -it --record b.cast agent/dev -- sh -c \"head -c 1200 /dev/zero | tr '\\\\0' '\\\\r'; echo hi\"",
        env!("CARGO_BIN_EXE_kubectl-opencode")
    );
    shown.ends("a full disk", &mut Person::at_home(cluster.home(), "sh", &["-c", &script])).await;
    let (_, events) = read(&cluster.home().join("b.cast"));
    assert!(events.len() < 3, "{events:?}");
    let words = ["exec", "-it", "--record", "c.cast", "agent/dev", "--", "echo", "hi"];
    shown.ends("all is well", &mut Person::run(&cluster, &words)).await;
    shown.is_as_in("record");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_recorded_if_asked_for_and_nothing_is_lost_on_a_way_out() {
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP, Signal::SIGQUIT] {
        let cluster = Cluster::start().await;
        let words = [SHELL, &["--record", "a.cast", "--record-input"]].concat();
        let mut person = Person::run(&cluster, &words);
        // What is typed before the terminal is raw is not what it is after.
        person.until(|person| !person.has_own_settings()).await;
        person.types("echo la''st\r").await;
        person.sees("last").await;
        person.signals(signal);
        assert_eq!(person.ends().await.signal(), Some(signal as i32), "{signal}");
        let (_, events) = read(&file(&cluster));
        assert!(shown(&events).contains("last"), "{signal}: {events:?}");
        assert_eq!(typed(&events), "echo la''st\r", "{signal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_ends_a_recording_and_exec_records_too() {
    let cluster = Cluster::start().await;
    let mut person = Person::run(&cluster, &[SHELL, &["--record", "a.cast"]].concat());
    person.types("echo here-$((40+2))\r").await;
    person.sees("here-42").await;
    person.types("\x1dd").await;
    assert_eq!(person.ends().await.code(), Some(0));
    person.sees("recorded; see it with: kubectl opencode play a.cast").await;
    let (_, events) = read(&file(&cluster));
    assert!(shown(&events).contains("here-42"));
    assert!(!events.iter().any(|event| matches!(event, Event::Exit(_))), "it goes on");

    let command =
        ["exec", "-it", "--record", "b.cast", "agent/dev", "--", "sh", "-c", "echo fl''ood; seq 1 300000; exit 3"];
    let mut person = Person::run(&cluster, &command);
    assert_eq!(person.ends().await.code(), Some(3));
    let (_, events) = read(&cluster.home().join("b.cast"));
    let all = shown(&events);
    assert_eq!(all.lines().count(), 300_001, "whole");
    assert!(all.starts_with("flood\r\n1\r\n2\r\n") && all.ends_with("300000\r\n"));
    assert_eq!(events.last(), Some(&Event::Exit(3)));

    let mut person = Person::run(&cluster, &["exec", "--record", "c.cast", "agent/dev", "--", "true"]);
    assert_eq!(person.ends().await.code(), Some(2));
    person.sees("there is no terminal to record").await;
    assert!(!cluster.home().join("c.cast").exists());
}
