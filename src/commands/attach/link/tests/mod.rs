//! The link with a terminal, a server and a network that do what a test says.

mod arrivals;
mod fakes;
mod kills;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{Console, End, Link, Pace};
use crate::opencode::{Client, Replay};
use crate::terminal::{Clipboard, DetachKeys, Signal};
use arrivals::without_lines;
use fakes::{FakePty, FakeTerminal, Network, Seen, Weather};

const PTY: &str = "pty_1fdab4c35001VYqQkIMD6d5wxK";
const PATIENCE: Duration = Duration::from_secs(30);

/// The pace of the tests: everything happens a hundred times as fast.
fn pace() -> Pace {
    let ms = Duration::from_millis;
    Pace {
        ping: ms(10),
        receipt: ms(30),
        patience: ms(100),
        silence: ms(150),
        deaf: ms(200),
        apart: ms(0),
        waits: [0, 2, 5, 10, 20, 50].map(ms),
        tries: [ms(150), ms(300)],
        look: ms(5),
    }
}

/// Waits until something holds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !holds() {
        assert!(tokio::time::Instant::now() < deadline, "never came: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// How a link is used.
#[derive(Clone)]
struct Setup {
    interactive: bool,
    replay: Replay,
    fresh: bool,
    full_screen: bool,
    drop_input: bool,
    read_only: bool,
    keys: &'static str,
    holds: usize,
    reconnect: Duration,
    suspended: Arc<AtomicBool>,
    pace: Pace,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            interactive: true,
            replay: Replay::From(0),
            fresh: true,
            full_screen: false,
            drop_input: false,
            read_only: false,
            keys: "ctrl-],d",
            holds: usize::MAX,
            reconnect: Duration::from_secs(20),
            suspended: Arc::default(),
            pace: pace(),
        }
    }
}

struct Scene {
    pty: Arc<FakePty>,
    network: Arc<Network>,
    seen: Arc<Seen>,
    keyboard: Option<mpsc::Sender<Vec<u8>>>,
    signals: mpsc::Sender<Signal>,
    thief: watch::Sender<Option<String>>,
    link: JoinHandle<crate::error::Result<(End, Vec<String>)>>,
}

impl Scene {
    fn begin(setup: Setup) -> Self {
        let pty = Arc::new(FakePty {
            output: watch::Sender::default(),
            input: Mutex::default(),
            holds: setup.holds,
            refusals: Mutex::default(),
            exit: watch::Sender::default(),
            frozen: watch::Sender::default(),
            sizes: Mutex::default(),
            connections: AtomicUsize::new(0),
            breaks: AtomicUsize::new(0),
        });
        Self::with(setup, pty)
    }

    fn with(setup: Setup, pty: Arc<FakePty>) -> Self {
        let network = Arc::new(Network {
            pty: Arc::clone(&pty),
            weather: Mutex::new(watch::channel(Weather::Fine).0),
            down: AtomicBool::new(false),
            opened: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
        });
        let client = Client::new(Arc::new(Arc::clone(&network)));
        let seen = Arc::new(Seen::default());
        let (keyboard, input) = mpsc::channel(64);
        let (signals, happened) = mpsc::channel(4);
        let terminal = FakeTerminal {
            interactive: setup.interactive,
            seen: Arc::clone(&seen),
            input: Mutex::new(Some(input)),
            signals: Mutex::new(Some(happened)),
        };
        let (thief, taken_over) = watch::channel(None);
        let link = tokio::spawn(async move {
            let keys: DetachKeys = setup.keys.parse().unwrap();
            let is_gone = move || -> BoxFuture<'static, bool> {
                let gone = setup.suspended.load(Ordering::SeqCst);
                async move { gone }.boxed()
            };
            let link = Link {
                client: &client,
                pty: PTY,
                keys: &keys,
                read_only: setup.read_only,
                drop_input: setup.drop_input,
                full_screen: setup.full_screen,
                replay: setup.replay,
                fresh: setup.fresh,
                clipboard: Clipboard::Allow,
                reconnect: setup.reconnect,
                is_gone: &is_gone,
                taken_over,
                pace: setup.pace,
            };
            let mut console = Console::open(&terminal)?;
            link.run(&mut console).await
        });
        Self { pty, network, seen, keyboard: Some(keyboard), signals, thief, link }
    }

    async fn types(&self, keys: impl Into<Vec<u8>>) {
        self.keyboard.as_ref().unwrap().send(keys.into()).await.unwrap();
    }

    async fn sees(&self, text: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !self.seen.text().contains(text) {
            assert!(tokio::time::Instant::now() < deadline, "never saw {text:?}: {:?}", self.seen.text());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    async fn arrives(&self, typed: &str) {
        until(&format!("{typed:?} at the server, which has {:?}", self.pty.input()), || self.pty.input() == typed)
            .await;
    }

    /// Goes down: nothing that is open works any more, and nothing opens.
    async fn goes_down(&self) {
        self.network.down.store(true, Ordering::SeqCst);
        self.network.turns(Weather::Closed);
        let seen = &self.seen;
        until("the state line", || seen.text().contains("connection lost")).await;
    }

    fn comes_back(&self) {
        self.network.down.store(false, Ordering::SeqCst);
    }

    async fn ends(self) -> (End, Vec<String>) {
        let ended = timeout(PATIENCE, self.link).await.expect("the link ends").unwrap().unwrap();
        assert!(!self.seen.raw.load(Ordering::SeqCst), "the terminal is given back");
        ended
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_typed_while_apart_wait_and_the_state_line_goes_without_a_trace() {
    let scene = Scene::begin(Setup::default());
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.types("before").await;
    scene.arrives("before").await;
    scene.goes_down().await;
    scene.types("apart 1,").await;
    scene.types(b"\xc3".as_slice()).await;
    scene.types(b"\xa9 2".as_slice()).await;
    scene.sees("typed characters not sent yet").await;
    scene.sees("ctrl-c or ctrl-],d leaves").await;
    scene.comes_back();
    scene.arrives("beforeapart 1,\u{e9} 2").await;
    scene.pty.prints("after");
    scene.sees("after").await;
    let mut screen = vt100::Parser::new(30, 100, 0);
    screen.process(&scene.seen.bytes.lock().unwrap());
    assert_eq!(screen.screen().contents(), "$ after");
    scene.types("\x1dd").await;
    let (end, notes) = scene.ends().await;
    assert!(matches!(end, End::Detached) && notes.is_empty(), "{end:?} {notes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_the_limit_keys_are_dropped_and_that_is_told() {
    for (drop_input, kept) in [(false, 4096), (true, 0)] {
        let scene = Scene::begin(Setup { drop_input, ..Setup::default() });
        scene.pty.prints("$ ");
        scene.sees("$ ").await;
        scene.goes_down().await;
        for _ in 0..5 {
            scene.types(vec![b'x'; 1024]).await;
        }
        until("all taken", || scene.keyboard.as_ref().unwrap().capacity() == 64).await;
        scene.comes_back();
        scene.sees("connected again").await;
        scene.types("!").await;
        scene.arrives(&format!("{}!", "x".repeat(kept))).await;
        scene.types("\x1dd").await;
        let (_, notes) = scene.ends().await;
        let dropped = format!("dropped {} characters typed meanwhile", 5120 - kept);
        assert!(notes.len() == 1 && notes[0].contains(&dropped), "{notes:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_for_a_silent_connection_are_kept_to_the_limit_once_it_is_given_up() {
    for (drop_input, kept) in [(false, 4096), (true, 0)] {
        let scene = Scene::begin(Setup { drop_input, ..Setup::default() });
        scene.pty.prints("$ ");
        scene.sees("$ ").await;
        scene.network.down.store(true, Ordering::SeqCst);
        scene.network.turns(Weather::Dead);
        scene.sees("no answer from the agent's server").await;
        for _ in 0..5 {
            scene.types(vec![b'x'; 1024]).await;
        }
        until("all taken", || scene.keyboard.as_ref().unwrap().capacity() == 64).await;
        scene.comes_back();
        scene.sees("connected again").await;
        scene.types("!").await;
        scene.arrives(&format!("{}!", "x".repeat(kept))).await;
        scene.types("\x1dd").await;
        let (_, notes) = scene.ends().await;
        let dropped = format!("dropped {} characters typed meanwhile", 5120 - kept);
        assert!(notes.len() == 1 && notes[0].contains(&dropped), "{notes:?}");
    }
    // Who leaves before it comes back is told, too.
    let scene = Scene::begin(Setup { drop_input: true, ..Setup::default() });
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.goes_down().await;
    scene.types("abc").await;
    scene.types("\x1dd").await;
    let (_, notes) = scene.ends().await;
    assert_eq!(notes, ["dropped 3 characters typed meanwhile"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_can_leave_a_silent_server_whatever_was_typed() {
    let scene = Scene::begin(Setup::default());
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.network.down.store(true, Ordering::SeqCst);
    scene.pty.frozen.send_replace(true);
    for _ in 0..64 {
        scene.types(vec![b'x'; 4096]).await;
    }
    scene.sees("no answer from the agent's server").await;
    timeout(PATIENCE, scene.types("\x1dd")).await.expect("keys are read");
    let (end, notes) = scene.ends().await;
    assert!(matches!(end, End::Detached), "{end:?} {notes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_can_leave_at_every_moment() {
    for (keys, read_only, expected) in [
        ("\x1dd", false, "Detached"),
        ("\x03", false, "Lost"),
        ("\x1b[99;5u", false, "Lost"),
        ("\x03", true, "Detached"),
    ] {
        let scene = Scene::begin(Setup { read_only, ..Setup::default() });
        scene.pty.prints("$ ");
        scene.sees("$ ").await;
        scene.goes_down().await;
        scene.types(keys).await;
        let (end, _) = scene.ends().await;
        assert!(format!("{end:?}").starts_with(expected), "{end:?}");
    }
    for signal in [Signal::HangUp, Signal::Quit] {
        let scene = Scene::begin(Setup::default());
        scene.pty.prints("$ ");
        scene.sees("$ ").await;
        scene.goes_down().await;
        scene.signals.send(signal).await.unwrap();
        let (end, _) = scene.ends().await;
        assert!(matches!(end, End::Signal(got) if got == signal), "{end:?}");
    }
    let scene = Scene::begin(Setup::default());
    scene.thief.send_replace(Some("bob@ci".into()));
    assert!(matches!(scene.ends().await.0, End::TakenOver(who) if who == "bob@ci"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_typed_just_before_leaving_arrive() {
    let scene = Scene::begin(Setup::default());
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.types("make\r\x1dd").await;
    let pty = Arc::clone(&scene.pty);
    assert!(matches!(scene.ends().await.0, End::Detached));
    assert_eq!(pty.input(), "make\r");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn out_of_time_the_link_is_lost() {
    let scene = Scene::begin(Setup { reconnect: Duration::from_millis(400), ..Setup::default() });
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.goes_down().await;
    let (end, _) = scene.ends().await;
    assert!(matches!(end, End::Lost(_)), "{end:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_stands_is_not_given_up_while_the_terminal_takes_nothing() {
    let reconnect = Duration::from_secs(5);
    let scene = Scene::begin(Setup { reconnect, ..Setup::default() });
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.goes_down().await;
    scene.seen.stalled.send_replace(true);
    // More than every buffer on the way has room for.
    scene.pty.prints(&"x".repeat(512 << 10));
    let connections = scene.pty.connections.load(Ordering::SeqCst);
    scene.comes_back();
    until("another connection", || scene.pty.connections.load(Ordering::SeqCst) > connections).await;
    tokio::time::sleep(reconnect + Duration::from_millis(500)).await;
    scene.seen.stalled.send_replace(false);
    scene.pty.prints("live");
    scene.sees("live").await;
    scene.types("\x1dd").await;
    assert!(matches!(scene.ends().await.0, End::Detached));
}

/// On one thread, so that everything stands still when it does.
#[tokio::test]
async fn a_process_that_stood_still_looks_for_the_server_before_it_gives_up() {
    let seconds = Duration::from_secs_f64;
    let pace = Pace { patience: seconds(1.0), silence: seconds(1.5), tries: [PATIENCE; 2], ..pace() };
    let reconnect = seconds(2.0);
    let scene = Scene::begin(Setup { reconnect, pace, ..Setup::default() });
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    // The server as well; what it said before is heard before.
    scene.pty.frozen.send_replace(true);
    tokio::time::sleep(seconds(0.05)).await;
    std::thread::sleep(reconnect + seconds(0.5));
    scene.pty.frozen.send_replace(false);
    scene.types("awake").await;
    scene.arrives("awake").await;
    scene.types("\x1dd").await;
    assert!(matches!(scene.ends().await.0, End::Detached));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_with_a_gap_that_breaks_is_shown_once() {
    let scene = Scene::begin(Setup { holds: 100, ..Setup::default() });
    let pty = Arc::clone(&scene.pty);
    pty.prints("$ ");
    scene.sees("$ ").await;
    scene.goes_down().await;
    pty.prints(&format!("{}END", "x".repeat(997)));
    pty.breaks.store(2, Ordering::SeqCst);
    scene.comes_back();
    scene.sees("900 characters of output missing").await;
    let shown = without_lines(&scene.seen.text());
    assert_eq!(shown.matches('x').count(), 97, "{shown:?}");
    assert_eq!(shown.matches("END").count(), 1, "{shown:?}");
    scene.types("\x1dd").await;
    let (_, notes) = scene.ends().await;
    assert!(notes.len() == 1 && notes[0].contains("900 characters"), "{notes:?}");

    // Somebody else comes, who has seen nothing before: nothing of that is missing.
    pty.breaks.store(1, Ordering::SeqCst);
    let other = Scene::with(Setup { fresh: false, ..Setup::default() }, pty);
    other.sees("END").await;
    let shown = without_lines(&other.seen.text());
    assert_eq!(shown.matches('x').count(), 97, "{shown:?}");
    other.types("\x1dd").await;
    let (end, notes) = other.ends().await;
    assert!(matches!(end, End::Detached) && notes.is_empty(), "{notes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_no_longer_holds_is_told_and_the_program_draws_again() {
    let scene = Scene::begin(Setup { holds: 100, ..Setup::default() });
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.goes_down().await;
    scene.pty.prints(&format!("{}END", "x".repeat(997)));
    let sizes = scene.pty.sizes.lock().unwrap().len();
    scene.comes_back();
    scene.sees("900 characters of output missing").await;
    until("a redraw", || {
        let sizes = scene.pty.sizes.lock().unwrap()[sizes..].join(" ");
        sizes.contains("\"rows\":29") && sizes.ends_with("{\"size\":{\"rows\":30,\"cols\":100}}")
    })
    .await;
    scene.types("\x1dd").await;
    let (_, notes) = scene.ends().await;
    assert!(notes.len() == 1 && notes[0].contains("900 characters"), "{notes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_carries_output_alone_is_left() {
    let deaf = Duration::from_secs(600);
    let scene = Scene::begin(Setup { pace: Pace { deaf, ..pace() }, ..Setup::default() });
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    let connections = scene.pty.connections.load(Ordering::SeqCst);
    scene.network.turns(Weather::Deaf);
    let (pty, over) = (Arc::clone(&scene.pty), tokio_util::sync::CancellationToken::new());
    let clock = tokio::spawn(over.clone().run_until_cancelled_owned(async move {
        loop {
            pty.prints(".");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }));
    scene.sees("no answer from the agent's server").await;
    until("another connection", || scene.pty.connections.load(Ordering::SeqCst) > connections).await;
    over.cancel();
    clock.await.unwrap();
    scene.types("heard").await;
    scene.arrives("heard").await;
    scene.types("\x1dd").await;
    assert!(matches!(scene.ends().await.0, End::Detached));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_server_is_waited_for_without_a_storm() {
    let scene = Scene::begin(Setup::default());
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.pty.frozen.send_replace(true);
    scene.sees("no answer from the agent's server").await;
    scene.types("held").await;
    let opened = scene.network.opened.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let tried = scene.network.opened.load(Ordering::SeqCst) - opened;
    assert!(tried <= 10, "{tried} connections within a second, of which each try lasts 0.15 s or 0.3 s");
    scene.pty.frozen.send_replace(false);
    scene.arrives("held").await;
    scene.pty.prints("awake");
    scene.sees("awake").await;
    scene.types("\x1dd").await;
    let (end, notes) = scene.ends().await;
    assert!(matches!(end, End::Detached), "{end:?}");
    assert!(notes.iter().all(|note| !note.contains("missing")), "{notes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_the_program_and_of_the_terminal_are_told_apart() {
    let scene = Scene::begin(Setup::default());
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.pty.exit.send_replace(Some(7));
    assert!(matches!(scene.ends().await.0, End::Exited(7)));

    // Ended while nobody was connected.
    let scene = Scene::begin(Setup::default());
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.goes_down().await;
    scene.pty.exit.send_replace(Some(3));
    scene.comes_back();
    assert!(matches!(scene.ends().await.0, End::Exited(3)));

    for gone in [404, 410, 500] {
        let scene = Scene::begin(Setup::default());
        scene.pty.prints("$ ");
        scene.sees("$ ").await;
        scene.goes_down().await;
        scene.pty.refusals.lock().unwrap().extend([gone; 8]);
        scene.comes_back();
        let (end, _) = scene.ends().await;
        assert!(matches!(end, End::Gone), "{gone}: {end:?}");
    }

    // The agent was suspended: it will not come back by itself.
    let suspended = Arc::new(AtomicBool::new(false));
    let scene = Scene::begin(Setup { suspended: Arc::clone(&suspended), ..Setup::default() });
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.goes_down().await;
    suspended.store(true, Ordering::SeqCst);
    assert!(matches!(scene.ends().await.0, End::Gone));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_says_later_is_asked_again() {
    let scene = Scene::begin(Setup::default());
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.goes_down().await;
    scene.pty.refusals.lock().unwrap().extend([409, 503, 429]);
    scene.comes_back();
    scene.types("back").await;
    scene.arrives("back").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replayed_question_is_not_asked_again() {
    // The program's first question is answered by nobody else.
    let scene = Scene::begin(Setup::default());
    scene.pty.prints("\x1b[cfirst");
    scene.sees("first").await;
    assert!(scene.seen.text().contains("\x1b[c"));
    scene.pty.prints("\x1b]11;");
    scene.goes_down().await;
    scene.pty.prints("?\x07second\x1b[6n");
    scene.comes_back();
    scene.sees("second").await;
    scene.pty.prints("third\x1b[6n.");
    scene.sees("third\x1b[6n.").await;
    let seen = scene.seen.text();
    assert!(!seen.contains("\x1b]11;") && !seen.contains("second\x1b[6n"), "{seen:?}");

    // Somebody comes back to it.
    let again = Scene::with(Setup { fresh: false, ..Setup::default() }, Arc::clone(&scene.pty));
    again.sees("firstsecondthird.").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ctrl_c_goes_out_while_output_floods_a_terminal_that_takes_none() {
    let scene = Scene::begin(Setup::default());
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.seen.stalled.send_replace(true);
    for _ in 0..64 {
        scene.pty.prints(&"y\n".repeat(64 << 10));
    }
    // Longer than any silence is borne: a terminal that takes nothing is no lost link.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let connections = scene.pty.connections.load(Ordering::SeqCst);
    let before = tokio::time::Instant::now();
    scene.types("\x03").await;
    scene.arrives("\x03").await;
    assert!(before.elapsed() < Duration::from_millis(250), "{:?}", before.elapsed());
    scene.types("keys").await;
    scene.arrives("\x03keys").await;
    assert_eq!(scene.pty.connections.load(Ordering::SeqCst), connections, "the same connection");
    scene.seen.stalled.send_replace(false);
    let length = scene.pty.output.borrow().len();
    until("all output", || scene.seen.bytes.lock().unwrap().len() >= length).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_paste_arrives_whole() {
    // However long the server takes over it.
    let pace = Pace { patience: PATIENCE, silence: PATIENCE, ..pace() };
    let scene = Scene::begin(Setup { pace, ..Setup::default() });
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    let numbers: Vec<String> = (0..1_200_000).map(|number| format!("{number:08}")).collect();
    let paste = numbers.join(" ");
    assert!(paste.len() > 10 << 20);
    for piece in paste.as_bytes().chunks(4095) {
        scene.types(piece).await;
    }
    until("the paste", || scene.pty.input.lock().unwrap().len() >= paste.len()).await;
    assert!(scene.pty.input() == paste);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn piped_input_ends_with_the_end_of_input_and_waits_while_apart() {
    let mut scene = Scene::begin(Setup { interactive: false, ..Setup::default() });
    scene.pty.prints("$ ");
    scene.sees("$ ").await;
    scene.network.down.store(true, Ordering::SeqCst);
    scene.network.turns(Weather::Closed);
    until("the loss is noticed", || scene.network.refused.load(Ordering::SeqCst) > 0).await;
    let script = "echo \x1dd\n".repeat(2000);
    for line in script.split_inclusive('\n').take(500) {
        let keyboard = scene.keyboard.clone().unwrap();
        let line = line.to_owned();
        tokio::spawn(async move { keyboard.send(line.into_bytes()).await });
    }
    scene.comes_back();
    scene.keyboard = None;
    until("the end of input", || scene.pty.input().ends_with('\u{4}')).await;
    let expected: String = script.split_inclusive('\n').take(500).collect::<String>() + "\u{4}";
    assert_eq!(scene.pty.input().len(), expected.len());
    assert!(!scene.seen.text().contains("connection lost"), "no state line where nobody looks");
    scene.pty.exit.send_replace(Some(0));
    assert!(matches!(scene.ends().await.0, End::Exited(0)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_screen_is_drawn_again_after_the_state_line() {
    let scene = Scene::begin(Setup { full_screen: true, fresh: false, replay: Replay::None, ..Setup::default() });
    scene.seen.alternate.store(true, Ordering::SeqCst);
    let redraws = || scene.pty.sizes.lock().unwrap().iter().filter(|size| size.contains("\"rows\":29")).count();
    until("the first drawing", || redraws() == 1).await;
    scene.goes_down().await;
    scene.comes_back();
    until("another drawing", || redraws() == 2).await;
    scene.sees("\x1b[30;1H").await;
    scene.types("\x1dd").await;
    scene.ends().await;
}
