//! The terminal is given back on every way out, whatever the remote program did to it.

use std::os::unix::process::ExitStatusExt as _;
use std::time::Duration;

use kubectl_opencode::terminal::{OsTerminal, Terminal as _};
use nix::sys::signal::Signal;

use crate::cluster::Cluster;
use crate::link::Weather;
use crate::modes::Modes;
use crate::person::Person;
use crate::pty_server::PtyServer;
use crate::shown::Shown;

/// What programs do to a terminal.
const MODES: [(&str, &str); 5] = [
    ("main screen", "\x1b[31m\x1b[4h\x1b[5;10r\x1b[3 q\x1b]8;;http://a.example\x07"),
    ("alternate screen", "\x1b[?1049h\x1b[2J\x1b[?25l\x1b[?1h\x1b=\x1b[?7l\x1b[?2026h"),
    ("mouse", "\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1006h\x1b[?1004h"),
    ("paste", "\x1b[?2004h\x1b[?2031h\x1b[?2048h\x1b[>4;1m"),
    ("kitty keyboard", "\x1b[>1u\x1b[?1049h\x1b[>5u\x1b[>7u\x1b[=3;1u"),
];

/// A way out.
#[derive(Clone, Copy, Debug)]
enum Way {
    ProgramEnds,
    Detach,
    /// The link is lost for good.
    Lost,
    Signal(Signal),
    /// The server's end, and the server with it.
    ServerCloses,
    PodDeleted,
    /// Somebody else takes over.
    TakenOver,
}

async fn leaves(way: Way, name: &str, modes: &str) {
    let cluster = Cluster::with_terminal().await;
    let terminal = cluster.terminal();
    let mut person = Person::run(
        &cluster,
        &["attach", "agent/dev", "--shell", "--reconnect-timeout", "1s", "--detach-keys", "ctrl-a,d"],
    );
    // The shell's screen before is none of the program's business.
    terminal.prints("\x1b[Hbefore ");
    terminal.prints(modes);
    terminal.prints("shown");
    person.sees("shown").await;
    assert!(!person.has_own_settings(), "{name}: raw");
    assert_ne!(Modes::of(&person.seen), Modes::default(), "{name}: set");
    let expected = match way {
        Way::ProgramEnds => {
            terminal.exits(5);
            Some(5)
        }
        Way::Detach => {
            person.types("\x01d").await;
            Some(0)
        }
        Way::Lost => {
            cluster.link.next(Weather::Reset);
            Some(255)
        }
        Way::Signal(signal) => {
            person.signals(signal);
            None
        }
        Way::ServerCloses => {
            terminal.goes();
            person.sees("open a new terminal? [y/N]").await;
            person.types("n\r").await;
            Some(255)
        }
        Way::PodDeleted => {
            cluster.delete("dev-server-0").await;
            Some(255)
        }
        Way::TakenOver => {
            let is_there = async {
                while !terminal.title().contains(" types since ") {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(60), is_there).await.unwrap();
            let mut thief = Person::run(&cluster, &["attach", "agent/dev", "--shell", "--steal"]);
            thief.sees("shown").await;
            let status = person.ends().await;
            assert_eq!(status.code(), Some(6), "{name}");
            person.sees("took the terminal over").await;
            thief.types("\x1dd").await;
            assert_eq!(thief.ends().await.code(), Some(0));
            return;
        }
    };
    // Compares settings and modes.
    let status = person.ends().await;
    assert_eq!(status.code(), expected, "{way:?} from {name}: {}", person.screen.screen().contents());
    let signal = if let Way::Signal(signal) = way { Some(signal as i32) } else { None };
    assert_eq!(status.signal(), signal, "{name}");
}

async fn leaves_every_mode(way: Way) {
    futures::future::join_all(MODES.map(|(name, modes)| leaves(way, name, modes))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_program_ends() {
    leaves_every_mode(Way::ProgramEnds).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_user_leaves() {
    leaves_every_mode(Way::Detach).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_link_is_lost() {
    leaves_every_mode(Way::Lost).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_signals() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT] {
        leaves_every_mode(Way::Signal(signal)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_server_closes() {
    leaves_every_mode(Way::ServerCloses).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_pod_is_deleted() {
    leaves_every_mode(Way::PodDeleted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_somebody_else_takes_over() {
    leaves_every_mode(Way::TakenOver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_stopped_and_back_again() {
    for (name, modes) in MODES {
        let cluster = Cluster::with_terminal().await;
        let terminal = cluster.terminal();
        let mut person = Person::run(&cluster, &["attach", "agent/dev", "--shell"]);
        terminal.prints(modes);
        terminal.prints("shown");
        person.sees("shown").await;
        person.signals(Signal::SIGTSTP);
        person.until(Person::is_stopped).await;
        person.watches(Duration::from_millis(50)).await;
        assert!(person.has_own_settings(), "{name}: as before while stopped");
        assert_eq!(Modes::of(&person.seen), Modes::default(), "{name}");
        person.signals(Signal::SIGCONT);
        person.until(|person| !person.has_own_settings()).await;
        person.types("key").await;
        terminal.input.subscribe().wait_for(|input| input == "key").await.unwrap();
        terminal.exits(0);
        assert_eq!(person.ends().await.code(), Some(0), "{name}");
    }
}

/// Somebody at a program that sets modes without a pause.
async fn floods() -> (Cluster<PtyServer>, Person) {
    let cluster = Cluster::with_terminal().await;
    let mut person = Person::run(&cluster, &["attach", "agent/dev", "--shell"]);
    cluster.terminal().prints("$ ");
    person.sees("$ ").await;
    cluster.terminal().prints(&"\x1b[?1000h\x1b[?25l\x1b[?1049h<and so on>".repeat(1 << 18));
    person.looks(|screen, _| screen.alternate_screen(), "the flood").await;
    (cluster, person)
}

#[tokio::test(flavor = "multi_thread")]
async fn while_output_floods() {
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
        let (_cluster, mut person) = floods().await;
        person.signals(signal);
        assert_eq!(person.ends().await.signal(), Some(signal as i32));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_output_floods_a_slow_terminal() {
    let (_cluster, mut person) = floods().await;
    person.types("\x1dd").await;
    person.dawdles(Person::has_own_settings).await;
    assert_eq!(person.ends().await.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn while_output_floods_and_it_stops() {
    let (_cluster, mut person) = floods().await;
    person.signals(Signal::SIGTSTP);
    person.until(Person::is_stopped).await;
    person.watches(Duration::from_millis(50)).await;
    assert!(person.has_own_settings());
    assert_eq!(Modes::of(&person.seen), Modes::default());
    person.signals(Signal::SIGCONT);
    person.until(|person| Modes::of(&person.seen) != Modes::default()).await;
    person.types("\x1dd").await;
    assert_eq!(person.ends().await.code(), Some(0));
}

/// Runs on the terminal of the test below.
#[test]
#[ignore = "breaks down, as the test `after_a_panic` wants it to"]
fn breaks_down() {
    let terminal = OsTerminal;
    let _raw = terminal.raw().unwrap();
    let output = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let output = terminal.output();
        for (_, modes) in MODES {
            output.room().await.unwrap().write(modes.into());
        }
        output.room().await.unwrap().write(b"shown".into());
        output.flush().await;
        output
    });
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    drop(output);
    panic!("broken down");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_panic() {
    let home = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let words = ["--exact", "restore::breaks_down", "--ignored", "--nocapture"];
    let mut person = Person::at_home(home.path(), program.to_str().unwrap(), &words);
    person.looks(|_, seen| String::from_utf8_lossy(seen).contains("shown"), "shown").await;
    assert!(!person.has_own_settings());
    person.types("\n").await;
    assert_eq!(person.ends().await.code(), Some(101));
    let seen = String::from_utf8_lossy(&person.seen).into_owned();
    let message = seen.find("broken down").unwrap();
    assert_eq!(Modes::of(&seen.as_bytes()[..message]), Modes::default(), "given back before the message");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_pod_is_told() {
    let cluster = Cluster::with_terminal().await;
    let mut person = Person::run(&cluster, &["attach", "agent/dev", "--shell"]);
    cluster.terminal().prints("before");
    person.sees("before").await;
    let other = PtyServer::start().await;
    cluster.leads_to(other.address);
    cluster.delete("dev-server-0").await;
    cluster.run_agent("dev-server-1").await;
    person.sees("open a new terminal? [y/N]").await;
    let mut shown = Shown::default();
    shown.sees("the Pod was replaced", &person);
    shown.is_as_in("replaced");
    assert!(person.has_own_settings(), "asked on the terminal as it was");
    person.types("y\r").await;
    other.terminal.output.send_replace("after".into());
    person.sees("after").await;
    other.terminal.exits(3);
    assert_eq!(person.ends().await.code(), Some(3));
}
