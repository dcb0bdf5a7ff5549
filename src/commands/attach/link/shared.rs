//! What the reading task, the writing task and the desk have in common, and the two tasks themselves.
//!
//! Each task waits for one side only: the writing task for the server to take keys, the reading task for output to come
//! and for the local terminal to take it. So ctrl-c goes out while the local terminal takes nothing.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, MissedTickBehavior};

use super::Pace;
use super::keys::Keys;
use crate::opencode::{self, PtyEvent, PtyInput, PtyOutput, Replay, utf16_len};
use crate::terminal::{Clipboard, LinePlace, Origin, Output, OutputFilter, Size, StateLine};

/// A server that says more than this while a ping waits floods, and answers behind what it has to say.
const FLOOD: usize = 64 << 10;
/// Most bytes of a replay that wait for its end; the server holds 2 Mi UTF-16 units.
const HELD: usize = 8 << 20;
/// A position that is not known.
const UNKNOWN: u64 = u64::MAX;

/// What both tasks and the desk know.
pub struct Shared {
    pub output: Arc<Output>,
    pub pace: Pace,
    screen: Mutex<Screen>,
    keys: Mutex<Keys>,
    pulse: Mutex<Pulse>,
    /// How far the output came that was given to the terminal.
    position: AtomicU64,
    /// UTF-16 units left out before that since this was last told.
    missing: AtomicU64,
    /// Something may be sent now.
    send: Notify,
    /// Something was sent, or arrived.
    pub sent: Notify,
    /// Somebody types while there is no connection.
    pub typed_in_vain: Notify,
}

/// What the local terminal shows.
#[derive(Debug)]
struct Screen {
    filter: OutputFilter,
    line: StateLine,
    /// Nobody saw this terminal before: its first replay is the program's beginning, whose questions wait for answers.
    fresh: bool,
    /// The state line stood where the program has to draw again.
    redraw: bool,
}

/// Signs of life.
#[derive(Debug)]
pub struct Pulse {
    heard: Instant,
    /// Since when the network is waited for; none while the local terminal is.
    reading: Option<Instant>,
    /// When the local terminal last began to take output again.
    unblocked: Instant,
    /// When the oldest ping was sent since something was heard.
    asked: Option<Instant>,
    /// When the oldest ping was sent since one was answered, and how many bytes came since.
    unanswered: Option<(Instant, usize)>,
}

impl Pulse {
    fn new() -> Self {
        let now = Instant::now();
        Self { heard: now, reading: None, unblocked: now, asked: None, unanswered: None }
    }

    /// How long the server is silent, or does not hear us. Not reading is no silence. A server that floods may leave pings
    /// unanswered for `deaf` before that counts.
    fn silence(&self, now: Instant, deaf: Duration) -> Duration {
        let Some(reading) = self.reading else { return Duration::ZERO };
        let silent = now.saturating_duration_since(reading.max(self.heard));
        let unheard = self.unanswered.map_or(Duration::ZERO, |(asked, said)| {
            let unanswered = now.saturating_duration_since(self.unblocked.max(asked));
            if said > FLOOD { unanswered.saturating_sub(deaf) } else { unanswered }
        });
        silent.max(unheard)
    }

    fn hear(&mut self, bytes: usize) {
        self.heard = Instant::now();
        self.asked = None;
        if let Some((_, said)) = &mut self.unanswered {
            *said += bytes;
        }
    }

    fn ask(&mut self) {
        let now = Instant::now();
        self.asked.get_or_insert(now);
        self.unanswered.get_or_insert((now, 0));
    }

    fn is_overdue(&self, now: Instant, limit: Duration) -> bool {
        matches!((self.reading, self.asked), (Some(reading), Some(asked)) if now.saturating_duration_since(reading.max(asked)) > limit)
    }
}

/// What the reading task tells the desk.
#[derive(Debug)]
pub enum News {
    /// Everything old was shown.
    Live,
    /// The server closed the terminal.
    Closed,
    /// The connection is broken.
    Broken(opencode::Error),
    /// The local terminal takes no output any more.
    NoOutput,
}

impl Shared {
    pub fn new(output: Arc<Output>, pace: Pace, clipboard: Clipboard, fresh: bool) -> Self {
        let screen = Screen { filter: OutputFilter::new(clipboard), line: StateLine::default(), fresh, redraw: false };
        Self {
            output,
            pace,
            screen: Mutex::new(screen),
            keys: Mutex::default(),
            pulse: Mutex::new(Pulse::new()),
            position: AtomicU64::new(UNKNOWN),
            missing: AtomicU64::new(0),
            send: Notify::new(),
            sent: Notify::new(),
            typed_in_vain: Notify::new(),
        }
    }

    pub fn keys(&self) -> MutexGuard<'_, Keys> {
        lock(&self.keys)
    }

    /// Takes what was typed, to be sent at once.
    pub fn type_in(&self, typed: &[u8]) {
        self.keys().push(typed);
        self.send.notify_one();
    }

    /// Takes what was typed while nothing is heard, up to `limit` bytes.
    pub fn keep(&self, typed: &[u8], limit: usize) {
        self.keys().keep(typed, limit);
        self.send.notify_one();
    }

    /// How many UTF-16 units of output are missing; told once.
    pub fn missing(&self) -> u64 {
        self.missing.swap(0, Ordering::SeqCst)
    }

    /// A replay begins there, behind units that are missing; before the first one nothing is missed.
    fn replay_begins(&self, start: u64, missing: u64) {
        if self.position.swap(start, Ordering::SeqCst) != UNKNOWN {
            self.missing.fetch_add(missing, Ordering::SeqCst);
        }
    }

    /// Where the next connection goes on.
    pub fn replay_from_here(&self) -> Option<Replay> {
        Some(self.position.load(Ordering::SeqCst)).filter(|position| *position != UNKNOWN).map(Replay::From)
    }

    /// How long the server is silent.
    pub fn silence(&self) -> Duration {
        lock(&self.pulse).silence(Instant::now(), self.pace.deaf)
    }

    /// Forgets the silence of the connection before.
    pub fn new_connection(&self) {
        *lock(&self.pulse) = Pulse::new();
    }

    /// Output of ours that stands between the program's; dropped if the terminal takes none now.
    pub fn write(&self, bytes: &[u8]) {
        if let Some(room) = self.output.try_room() {
            room.write(bytes.to_vec());
        }
    }

    /// Shows a state line, if the terminal takes output.
    pub fn show_line(&self, place: LinePlace, text: &str, size: Size) {
        let mut screen = lock(&self.screen);
        if let Some(room) = self.output.try_room() {
            room.write(screen.line.show(place, text, size));
        }
    }

    /// Takes the state line away. True if the program has to draw its screen again: now, or since output came over it.
    pub fn erase_line(&self) -> bool {
        let mut screen = lock(&self.screen);
        if screen.line.is_shown()
            && let Some(room) = self.output.try_room()
        {
            let erased = screen.line.erase();
            screen.redraw |= erased.redraw;
            room.write(erased.bytes);
        }
        std::mem::take(&mut screen.redraw)
    }

    fn may_send(&self) -> bool {
        let (overdue, unread) = {
            let pulse = lock(&self.pulse);
            (pulse.is_overdue(Instant::now(), self.pace.receipt), pulse.reading.is_none())
        };
        self.keys().may_send(overdue, unread)
    }

    fn heard(&self, event: &PtyEvent) {
        let bytes = if let PtyEvent::Text(text) = event { text.len() } else { 0 };
        lock(&self.pulse).hear(bytes);
        if self.keys().unsent() > 0 {
            self.send.notify_one();
        }
    }

    fn reading(&self, reading: bool) {
        lock(&self.pulse).reading = reading.then(Instant::now);
        if !reading {
            // Receipts cannot be seen now, and are not waited for.
            self.send.notify_one();
        }
    }

    /// Gives output to the terminal. Nothing waits between looking at it and noting its position, so that a task that is
    /// ended has shown and counted a piece, or neither.
    async fn show_text(&self, text: &str, replayed: bool, position: Option<u64>) -> Result<(), News> {
        let room = if let Some(room) = self.output.try_room() {
            room
        } else {
            self.reading(false);
            let room = self.output.room().await.map_err(|_| News::NoOutput)?;
            lock(&self.pulse).unblocked = Instant::now();
            room
        };
        let mut screen = lock(&self.screen);
        let origin = if replayed && !screen.fresh { Origin::Replay } else { Origin::Live };
        let erased = screen.line.erase();
        screen.redraw |= erased.redraw;
        let mut bytes = erased.bytes;
        bytes.extend(screen.filter.push(text.as_bytes(), origin));
        room.write(bytes);
        if let Some(position) = position {
            self.position.store(position, Ordering::SeqCst);
        }
        Ok(())
    }
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Shows what comes, and notes how far it came.
pub async fn show(mut remote: PtyOutput, shared: Arc<Shared>, news: mpsc::UnboundedSender<News>) {
    let (Ok(end) | Err(end)) = show_all(&mut remote, &shared, &news).await;
    let _ = news.send(end);
}

/// As [`show`], to the end. A replay is shown when all of it came, since only then it is known where it began: shown
/// before, it would be doubled or torn if the connection broke meanwhile.
async fn show_all(remote: &mut PtyOutput, shared: &Shared, news: &mpsc::UnboundedSender<News>) -> Result<News, News> {
    let (mut held, mut held_bytes) = (Vec::new(), 0);
    loop {
        shared.reading(true);
        let event = remote.next().await.map_err(News::Broken)?;
        shared.heard(&event);
        match event {
            PtyEvent::Text(text) if remote.is_live() => shared.show_text(&text, false, remote.position()).await?,
            PtyEvent::Text(text) => {
                held_bytes += text.len();
                held.push(text.to_string());
                if held_bytes > HELD {
                    show_replay(shared, &mut held, None).await?;
                }
            }
            PtyEvent::Replayed { start, missing } => {
                shared.replay_begins(start, missing);
                show_replay(shared, &mut held, Some(start)).await?;
                lock(&shared.screen).fresh = false;
                if let Some(position) = remote.position() {
                    shared.position.store(position, Ordering::SeqCst);
                }
                // Who listened may have left.
                let _ = news.send(News::Live);
            }
            PtyEvent::Pong { number } => {
                lock(&shared.pulse).unanswered = None;
                shared.keys().received(number);
                shared.send.notify_one();
                shared.sent.notify_one();
            }
            PtyEvent::Closed => {
                // Nothing comes that could double it.
                show_replay(shared, &mut held, None).await?;
                return Ok(News::Closed);
            }
        }
    }
}

/// Shows what is held of a replay, which begins at `start` if that is known.
async fn show_replay(shared: &Shared, held: &mut Vec<String>, start: Option<u64>) -> Result<(), News> {
    let mut position = start;
    for text in held.drain(..) {
        position = position.map(|position| position + utf16_len(&text));
        shared.show_text(&text, true, position).await?;
    }
    Ok(())
}

/// Sends what is typed, each message with a ping behind it, and pings where nothing is typed. A broken connection is told
/// by the reading task.
pub async fn send(mut remote: PtyInput, shared: Arc<Shared>) {
    let mut ping = tokio::time::interval_at(Instant::now() + shared.pace.ping, shared.pace.ping);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let may_send = async {
            while !shared.may_send() {
                shared.send.notified().await;
            }
        };
        let keys = tokio::select! {
            biased;
            () = may_send => true,
            _ = ping.tick() => false,
        };
        if send_one(&mut remote, &shared, keys).await.is_err() {
            return;
        }
        shared.sent.notify_one();
    }
}

async fn send_one(remote: &mut PtyInput, shared: &Shared, keys: bool) -> Result<(), opencode::Error> {
    remote.ready().await?;
    // Taken and handed over in one go: what is taken is in flight.
    let taken = if keys { shared.keys().take() } else { None };
    let number = match taken {
        Some((message, number)) => {
            remote.put(message)?;
            remote.ready().await?;
            number
        }
        None => shared.keys().next_number(),
    };
    remote.put_ping(number)?;
    lock(&shared.pulse).ask();
    remote.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_does_not_hear_is_told_from_one_that_floods() {
        let limit = Duration::from_secs(20);
        let mut pulse = Pulse::new();
        let later = Instant::now() + Duration::from_secs(9);
        assert_eq!(pulse.silence(later, limit), Duration::ZERO, "nobody reads");
        pulse.reading = Some(Instant::now());
        pulse.ask();
        assert!(pulse.silence(later, limit) > Duration::from_secs(8), "silent");
        pulse.hear(FLOOD);
        pulse.heard = later;
        assert!(pulse.silence(later, limit) > Duration::from_secs(8), "it speaks, and does not hear");
        pulse.hear(1);
        pulse.heard = later;
        assert_eq!(pulse.silence(later, limit), Duration::ZERO, "it floods");
        let much_later = later + limit;
        pulse.heard = much_later;
        assert!(pulse.silence(much_later, limit) > Duration::from_secs(8), "it floods, and does not hear");
        pulse.unanswered = None;
        assert_eq!(pulse.silence(much_later, limit), Duration::ZERO);
    }
}
