//! `play` on a real pseudo-terminal.

use std::fmt::Write as _;
use std::os::unix::process::ExitStatusExt as _;

use nix::sys::signal::Signal;

use crate::person::Person;
use crate::shown::Shown;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kubectl-opencode");
const HEADER: &str = "{\"version\":3,\"term\":{\"cols\":100,\"rows\":30}}\n";

/// A recording's lines, each a tenth of a second after the one before.
fn recording(outputs: &[&str]) -> String {
    outputs.iter().fold(HEADER.to_owned(), |mut file, output| {
        writeln!(file, "[0.1, \"o\", {}]", serde_json::Value::from(*output)).unwrap();
        file
    })
}

/// A full-screen program that takes over all that can be taken over, and then does nothing for an hour.
fn full_screen() -> String {
    let modes = "\x1b[?1049h\x1b[?1003h\x1b[?2004h\x1b[?25l\x1b[5;10r\x1b[31mfull screen\x1b[6n\x1b]52;c;aGk=\x07";
    recording(&["first\r\n", modes]) + "[3600, \"o\", \"late\"]\n"
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn with(recording: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.cast"), recording).unwrap();
        Self(folder)
    }

    fn play(&self, flags: &[&str]) -> Person {
        let file = self.0.path().join("a.cast");
        Person::at_home(self.0.path(), PROGRAM, &[&["play", file.to_str().unwrap()], flags].concat())
    }
}

#[tokio::test]
async fn a_recording_is_seen_to_its_end() {
    let folder = Folder::with(&(recording(&["one ", "\x1b[31mtwo\x1b[0m\r\n"]) + "[3600, \"o\", \"three\"]\n"));
    let mut person = folder.play(&["--idle-limit", "0.01", "--speed", "2"]);
    assert_eq!(person.ends().await.code(), Some(0));
    person.sees("one two\nthree").await;
}

#[tokio::test]
async fn a_recorded_terminal_that_became_larger_is_told_of() {
    let grows = recording(&["one"]) + "[0.1, \"r\", \"120x20\"]\n[0.1, \"r\", \"90x50\"]\n[0.1, \"o\", \"two\"]\n";
    let folder = Folder::with(&grows);
    let mut shown = Shown::default();
    shown.ends("it became larger on the way", &mut folder.play(&["--idle-limit", "0.01"])).await;
    let folder = Folder::with(&recording(&["one"]).replace("100", "132"));
    shown.ends("it was larger from the beginning", &mut folder.play(&[])).await;
    shown.is_as_in("play-larger");
    let folder = Folder::with(&recording(&["one"]));
    let mut person = folder.play(&[]);
    assert_eq!(person.ends().await.code(), Some(0));
    assert!(!String::from_utf8_lossy(&person.seen).contains("larger"));
}

#[tokio::test]
async fn keys_and_signals_end_it_and_give_the_terminal_back() {
    let folder = Folder::with(&full_screen());
    for (way, key, signal) in [
        ("q", Some("q"), None),
        ("ctrl-c", Some("\x03"), None),
        ("TERM", None, Some(Signal::SIGTERM)),
        ("HUP", None, Some(Signal::SIGHUP)),
        ("QUIT", None, Some(Signal::SIGQUIT)),
    ] {
        let mut person = folder.play(&[]);
        person.looks(|screen, _| screen.alternate_screen() && screen.contents().contains("full screen"), way).await;
        let seen = String::from_utf8_lossy(&person.seen).into_owned();
        assert!(!seen.contains("\x1b[6n") && !seen.contains("]52;") && !seen.contains("1003h"), "{seen:?}");
        match (key, signal) {
            (Some(key), _) => person.types(key).await,
            (_, Some(signal)) => person.signals(signal),
            _ => unreachable!(),
        }
        let status = person.ends().await;
        let expected = if key == Some("\x03") { Some(Signal::SIGINT) } else { signal };
        assert_eq!(status.signal(), expected.map(|signal| signal as i32), "{way}: {status}");
        assert!(expected.is_some() || status.code() == Some(0), "{way}: {status}");
        person.sees("first").await;
    }
}

#[tokio::test]
async fn space_halts_and_goes_on() {
    let numbers: Vec<_> = (0..400).map(|number| format!("<{number}>")).collect();
    let numbers: Vec<_> = numbers.iter().map(String::as_str).collect();
    let folder = Folder::with(&recording(&numbers));
    let mut person = folder.play(&["--speed", "20"]);
    person.sees("<20>").await;
    person.types(" ").await;
    // It is halted when nothing has come for far longer than what comes next would take.
    person.falls_silent(std::time::Duration::from_millis(500)).await;
    assert!(!String::from_utf8_lossy(&person.seen).contains("<399>"));
    person.types(" ").await;
    person.sees("<399>").await;
    assert_eq!(person.ends().await.code(), Some(0));
}

#[tokio::test]
async fn keys_are_typed_on_the_terminal_while_a_recording_is_piped_in() {
    let folder = Folder::with(&full_screen());
    let script = format!("cat a.cast | {PROGRAM} play -; echo ended-$?");
    let mut person = Person::at_home(folder.0.path(), "sh", &["-c", &script]);
    person.sees("full screen").await;
    person.types("q").await;
    assert_eq!(person.ends().await.code(), Some(0));
    person.sees("ended-0").await;
}

#[tokio::test]
async fn what_cannot_be_played_is_told() {
    let folder = Folder::with("");
    let mut shown = Shown::default();
    let line = |event: &str| format!("{}{event}\n", recording(&["begun\r\n"]));
    for (what, content) in [
        ("nothing", String::new()),
        ("something else", "# Notes\n".to_owned()),
        ("an old version", "{\"version\":1,\"width\":80,\"height\":24}\n".to_owned()),
        ("no size", "{\"version\":3}\n".to_owned()),
        ("an output that is none", line("[0.1, \"o\", 7]")),
        ("a size that is none", line("[0.1, \"r\", \"wide\"]")),
        ("a line that is too long", line(&"x".repeat(16 << 20))),
        ("a line that is cut off", line("[0.1, \"o\"")),
    ] {
        std::fs::write(folder.0.path().join("a.cast"), content).unwrap();
        shown.ends(what, &mut folder.play(&[])).await;
    }
    let play = |script: &str| Person::at_home(folder.0.path(), "sh", &["-c", &format!("{PROGRAM} {script}")]);
    shown.ends("no file", &mut play("play nothing.cast")).await;
    shown.ends("the keyboard", &mut play("play -")).await;
    // Without a terminal that controls it no keys can be read, though its output is one.
    let script = format!("setsid --wait {PROGRAM} play - < a.cast");
    shown.ends("no keyboard", &mut Person::at_home(folder.0.path(), "sh", &["-c", &script])).await;
    shown.is_as_in("play");
}
