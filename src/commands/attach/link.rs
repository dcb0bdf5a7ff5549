//! The connection between the user's terminal and a terminal of the agent's server.
//!
//! ```text
//!             opened               all replayed
//! Connecting ────────► Replaying ───────────────► Live ──detach keys──► Detached   the program goes on
//!     ▲                    │                        ├────close 1000───► Exited     with the program's exit code
//!     │                    ▼                        ▼
//!     └──retry────────── Apart ◄──stream broken, nothing heard for 10 s
//!                          ├──the terminal is no longer there──► Gone
//!                          └──out of time, or ctrl-c───────────► Lost
//! ```
//!
//! Output, input and sizes go by tasks of their own, so that none waits for another: ctrl-c is sent while the local
//! terminal takes no output. A ping every 3 s keeps the whole way in use and shows whether it lives; silence counts only
//! while we wait for the network, not while the local terminal does not take what came. After a loss the stream goes on
//! from the position of the last output taken: nothing is shown twice and nothing is left out. Keys typed while apart are
//! dropped, but for the detach keys and ctrl-c, which leave.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use crate::error::{Error, Result};
use crate::opencode::{self, Client, PtyEvent, PtyInput, PtyOutput, Replay};
use crate::terminal::{
    ClipboardGuard, Detach, DetachKeys, HOLD, Output, RawMode, SET_TUI_MODES, Signal, Size, Terminal,
};

const PING: Duration = Duration::from_secs(3);
const SILENCE: Duration = Duration::from_secs(10);
/// Waits before the first, second, … try to reconnect; the last one repeats.
const RECONNECT_WAITS: [u64; 6] = [0, 250, 500, 1000, 2000, 5000];
/// Longest wait for one of the first tries: a server that starts accepts connections and never answers them.
const FIRST_TRIES: (usize, Duration) = (5, Duration::from_secs(2));
/// How long a program is given to notice one size before it is given another.
const REPAINT_PAUSE: Duration = Duration::from_millis(150);
/// Typed pieces that wait to be sent.
const SEND_QUEUE: usize = 64;
/// Tries to read how a program ended, once its terminal is closed.
const EXIT_TRIES: u32 = 20;
const EXIT_PAUSE: Duration = Duration::from_millis(50);
/// End of input for a program on a terminal (ctrl-d).
const END_OF_INPUT: u8 = 4;
const INTERRUPT: u8 = 3;
/// A position that is not known.
const UNKNOWN: u64 = u64::MAX;

/// How a link ended.
#[derive(Debug)]
pub enum End {
    /// The user left; the program goes on.
    Detached,
    /// The program ended with this code.
    Exited(i32),
    /// The terminal is no longer on the server.
    Gone,
    /// The way to the server is lost.
    Lost(opencode::Error),
    /// A signal asks us to end.
    Signal(Signal),
}

/// What to connect to, and how.
pub struct Link<'a> {
    /// The agent's server, speaking about the terminal's directory.
    pub client: &'a Client,
    /// The terminal.
    pub pty: &'a str,
    /// Keys that leave.
    pub keys: &'a DetachKeys,
    /// Nothing typed is sent, and the size stays as it is.
    pub read_only: bool,
    /// The program takes the whole screen, and draws it again when its size changes.
    pub full_screen: bool,
    /// It runs already and has to be made to draw everything again.
    pub repaint: bool,
    /// Longest time to try to get a lost link back.
    pub reconnect: Duration,
}

/// Why one connection ended.
enum Over {
    End(End),
    /// Broken; whether it was live before.
    Broken(opencode::Error),
}

/// The local side, as long as the link lives.
struct Local<'a> {
    terminal: &'a dyn Terminal,
    output: Arc<Output>,
    /// One for all connections: a sequence may be cut by a broken link.
    clipboard: Arc<Mutex<ClipboardGuard>>,
    input: mpsc::Receiver<Vec<u8>>,
    signals: mpsc::Receiver<Signal>,
    mode: Option<RawMode>,
    full_screen: bool,
    detach: Detach,
    /// When what the matcher holds back is passed on.
    give_up: Option<Instant>,
    input_ended: bool,
}

/// What the local side wants.
enum Wish {
    Send(Vec<u8>),
    EndOfInput,
    Resize(Size),
    Repaint(Size),
    Leave(End),
    Nothing,
}

impl Link<'_> {
    /// Connects and stays until the end.
    pub async fn run(&self, terminal: &dyn Terminal, replay: Replay) -> Result<End> {
        let stream = self.client.connect_pty(self.pty, replay).await?;
        let trouble = |error| Error::internal("cannot use the terminal").caused_by(&error);
        let signals = terminal.signals().map_err(trouble)?;
        let interactive = terminal.is_interactive();
        let mode = if interactive { Some(terminal.raw().map_err(trouble)?) } else { None };
        let output = Arc::new(terminal.output());
        let mut local = Local {
            terminal,
            output: Arc::clone(&output),
            clipboard: Arc::default(),
            input: terminal.input(),
            signals,
            mode,
            full_screen: self.full_screen,
            detach: Detach::new(self.keys),
            give_up: None,
            input_ended: false,
        };
        if self.repaint && interactive {
            // A terminal that takes nothing shows up when the link is used.
            let _ = output.write(SET_TUI_MODES.into()).await;
        }
        let position = Arc::new(AtomicU64::new(UNKNOWN));
        let mut stream = stream;
        let mut repaint = self.repaint;
        let end = loop {
            let missing = Arc::new(AtomicBool::new(repaint));
            match self.connected(&mut local, stream, &position, &missing).await {
                Over::End(end) => break end,
                Over::Broken(error) => {
                    let replay = match position.load(Ordering::Relaxed) {
                        UNKNOWN => replay,
                        position => Replay::From(position),
                    };
                    match self.again(&mut local, replay, error).await {
                        Ok(opened) => stream = opened,
                        Err(end) => break end,
                    }
                    repaint = false;
                }
            }
        };
        // Everything that came is shown before the terminal is given back; one that takes nothing is not waited for.
        let _ = tokio::time::timeout(Duration::from_secs(1), output.flush()).await;
        drop(local.mode.take());
        Ok(end)
    }

    /// One connection, from its opening to its end.
    async fn connected(
        &self,
        local: &mut Local<'_>,
        stream: opencode::PtyStream,
        position: &Arc<AtomicU64>,
        repaint: &Arc<AtomicBool>,
    ) -> Over {
        let (over, mut ended) = oneshot::channel();
        let pump = show(
            stream.output,
            Arc::clone(&local.output),
            Arc::clone(position),
            Arc::clone(repaint),
            Arc::clone(&local.clipboard),
            over,
        );
        let _pump = AbortOnDropHandle::new(tokio::spawn(pump));
        let (typed, queue) = mpsc::channel(SEND_QUEUE);
        let _sender = AbortOnDropHandle::new(tokio::spawn(send(stream.input, queue)));
        let (sizes, wanted) = watch::channel(local.terminal.size());
        let _resizer = (!self.read_only && local.mode.is_some()).then(|| {
            let resize = resize(self.client.clone(), self.pty.to_owned(), wanted, Arc::clone(repaint));
            AbortOnDropHandle::new(tokio::spawn(resize))
        });
        loop {
            let wish = tokio::select! {
                biased;
                result = &mut ended => return self.over(result.unwrap_or(None)).await,
                // Nothing is read that could not be sent: a long paste waits in the local terminal.
                wish = async { let _room = typed.reserve().await; local.wish(self.read_only).await } => wish,
            };
            match wish {
                Wish::Send(bytes) if self.read_only => {
                    if bytes.contains(&INTERRUPT) {
                        return Over::End(End::Detached);
                    }
                }
                // The sender is gone only when the link is broken, which `ended` tells.
                Wish::Send(bytes) => drop(typed.send(bytes).await),
                Wish::EndOfInput => drop(typed.send(vec![END_OF_INPUT]).await),
                Wish::Resize(size) => drop(sizes.send_replace(size)),
                Wish::Repaint(size) => {
                    repaint.store(true, Ordering::Relaxed);
                    sizes.send_replace(size);
                }
                Wish::Leave(end) => return Over::End(end),
                Wish::Nothing => {}
            }
        }
    }

    /// What a connection's end means: closed by the server (`None`), or broken.
    async fn over(&self, error: Option<opencode::Error>) -> Over {
        match error {
            Some(error) => Over::Broken(error),
            None => match self.exit_code().await {
                Ok(Some(code)) => Over::End(End::Exited(code)),
                Ok(None) => Over::End(End::Gone),
                Err(error) => Over::Broken(error),
            },
        }
    }

    /// The exit code of the program, whose terminal is closed; none if the terminal was deleted.
    async fn exit_code(&self) -> Result<Option<i32>, opencode::Error> {
        for _ in 0..EXIT_TRIES {
            match self.client.pty(self.pty).await {
                Ok(pty) if pty.is_running() => tokio::time::sleep(EXIT_PAUSE).await,
                Ok(pty) => return Ok(Some(pty.exit_code.unwrap_or_default())),
                Err(error) if error.is_not_found() => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Gets a lost link back.
    async fn again(
        &self,
        local: &mut Local<'_>,
        replay: Replay,
        mut error: opencode::Error,
    ) -> Result<opencode::PtyStream, End> {
        let out_of_time = Instant::now() + self.reconnect;
        let mut tries = 0;
        local.title("connection lost, reconnecting").await;
        loop {
            if Instant::now() >= out_of_time {
                return Err(End::Lost(error));
            }
            let wait = RECONNECT_WAITS[tries.min(RECONNECT_WAITS.len() - 1)];
            tries += 1;
            let attempt = async {
                tokio::time::sleep(Duration::from_millis(wait)).await;
                let connect = self.client.connect_pty(self.pty, replay);
                match FIRST_TRIES {
                    (first, limit) if tries <= first => {
                        tokio::time::timeout(limit, connect).await.unwrap_or_else(|_| {
                            Err(opencode::Error::Timeout { call: "GET /pty".to_owned(), after: limit })
                        })
                    }
                    _ => connect.await,
                }
            };
            let mut attempt = std::pin::pin!(attempt);
            let opened = loop {
                let wish = tokio::select! {
                    opened = &mut attempt => break opened,
                    () = tokio::time::sleep_until(out_of_time) => return Err(End::Lost(error)),
                    wish = local.wish(true) => wish,
                };
                match wish {
                    Wish::Leave(end) => return Err(end),
                    Wish::Send(bytes) if bytes.contains(&INTERRUPT) => return Err(End::Lost(error)),
                    _ => {}
                }
            };
            match opened {
                Ok(stream) => {
                    local.title("connected again").await;
                    return Ok(stream);
                }
                // A directory that went with the Pod is a failure, not an unknown terminal, to this server.
                Err(gone) if gone.is_not_found() || matches!(gone, opencode::Error::Refused { status: 500, .. }) => {
                    return Err(match self.exit_code().await {
                        Ok(Some(code)) => End::Exited(code),
                        _ => End::Gone,
                    });
                }
                Err(refused) if !refused.is_unreachable() => return Err(End::Lost(refused)),
                Err(again) => error = again,
            }
        }
    }
}

impl Local<'_> {
    /// The next thing the local side wants. Safe to drop while waiting.
    async fn wish(&mut self, read_only: bool) -> Wish {
        let held = self.give_up;
        tokio::select! {
            signal = self.signals.recv() => match signal {
                Some(Signal::Resized) => Wish::Resize(self.terminal.size()),
                Some(Signal::Stop) => self.stop().await,
                Some(signal) => Wish::Leave(End::Signal(signal)),
                None => Wish::Leave(End::Signal(Signal::HangUp)),
            },
            typed = self.input.recv(), if !self.input_ended => match (typed, &self.mode) {
                (Some(bytes), _) => self.typed(&bytes),
                // The terminal is gone: whoever sat there left.
                (None, Some(_)) => Wish::Leave(End::Detached),
                (None, None) => {
                    self.input_ended = true;
                    if read_only { Wish::Nothing } else { Wish::EndOfInput }
                }
            },
            () = tokio::time::sleep_until(held.unwrap_or_else(Instant::now)), if held.is_some() => {
                self.give_up = None;
                Wish::Send(self.detach.give_up())
            }
        }
    }

    fn typed(&mut self, bytes: &[u8]) -> Wish {
        // Piped input is data: no byte of it detaches.
        if self.mode.is_none() {
            return Wish::Send(bytes.to_vec());
        }
        let typed = self.detach.push(bytes);
        if typed.detach {
            return Wish::Leave(End::Detached);
        }
        self.give_up = self.detach.is_holding().then(|| Instant::now() + HOLD);
        if typed.pass.is_empty() { Wish::Nothing } else { Wish::Send(typed.pass) }
    }

    /// Stops as the shell asks, and comes back with the modes and the size that are wanted then.
    async fn stop(&mut self) -> Wish {
        let Some(mode) = &self.mode else { return Wish::Nothing };
        match self.terminal.suspend(mode) {
            Ok(()) if self.full_screen => {
                // A terminal that takes nothing shows up when the link is used.
                let _ = self.output.write(SET_TUI_MODES.into()).await;
                Wish::Repaint(self.terminal.size())
            }
            Ok(()) => Wish::Resize(self.terminal.size()),
            Err(_) => Wish::Leave(End::Detached),
        }
    }

    /// Shows a state in the terminal's title, the one place that the remote program's screen does not use.
    async fn title(&self, text: &str) {
        if self.mode.is_some() {
            // Should the terminal take nothing, there is nobody to tell.
            let written = self.output.write(format!("\x1b]2;{text}\x07").into());
            let _ = tokio::time::timeout(Duration::from_millis(100), written).await;
        }
    }
}

/// Shows what comes, and notes how far it came. `over` gets `None` when the server closed the terminal, else the error.
async fn show(
    mut remote: PtyOutput,
    local: Arc<Output>,
    position: Arc<AtomicU64>,
    repaint: Arc<AtomicBool>,
    clipboard: Arc<Mutex<ClipboardGuard>>,
    over: oneshot::Sender<Option<opencode::Error>>,
) {
    let end = loop {
        let event = match tokio::time::timeout(SILENCE, remote.next()).await {
            Err(_) => break Some(opencode::Error::Silent { after: SILENCE }),
            Ok(Err(error)) => break Some(error),
            Ok(Ok(event)) => event,
        };
        match event {
            PtyEvent::Text(text) => {
                let shown = clipboard.lock().unwrap_or_else(PoisonError::into_inner).push(text.as_bytes());
                if local.write(shown).await.is_err() {
                    break Some(opencode::Error::Unreachable(std::io::ErrorKind::BrokenPipe.into()));
                }
            }
            PtyEvent::Replayed { missing } => {
                if missing > 0 {
                    repaint.store(true, Ordering::Relaxed);
                }
            }
            PtyEvent::Pong => {}
            PtyEvent::Closed => break None,
        }
        if let Some(now) = remote.position() {
            position.store(now, Ordering::Relaxed);
        }
    };
    // Who waited may have left.
    let _ = over.send(end);
}

/// Sends what is typed, and pings. A broken link is told by the reading side.
async fn send(mut remote: PtyInput, mut typed: mpsc::Receiver<Vec<u8>>) {
    let mut ping = tokio::time::interval(PING);
    loop {
        let sent = tokio::select! {
            bytes = typed.recv() => match bytes {
                Some(bytes) => remote.send(&bytes).await,
                None => break,
            },
            _ = ping.tick() => remote.ping().await,
        };
        if sent.is_err() {
            return;
        }
    }
    let _ = remote.close().await;
}

/// Passes sizes on, the latest wins; draws everything again where that is wanted.
async fn resize(client: Client, pty: String, mut sizes: watch::Receiver<Size>, repaint: Arc<AtomicBool>) {
    loop {
        let size = *sizes.borrow_and_update();
        let mut set = Ok(());
        if repaint.swap(false, Ordering::Relaxed) {
            // The same size twice draws nothing.
            set = client.resize_pty(&pty, size.rows.saturating_sub(1), size.cols).await;
            tokio::time::sleep(REPAINT_PAUSE).await;
        }
        if set.is_ok() {
            set = client.resize_pty(&pty, size.rows, size.cols).await;
        }
        if let Err(error) = set {
            tracing::debug!("cannot set the size of the remote terminal: {error}");
        }
        if sizes.changed().await.is_err() {
            return;
        }
    }
}
