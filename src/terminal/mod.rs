//! The user's terminal. All contact with the operating system's terminal stands behind [`Terminal`], so that what uses it
//! can be tested without one. This room knows neither Kubernetes nor OpenCode.

mod detach;
mod display;
mod filter;
#[cfg(any(windows, test))]
mod keys;
mod os;
pub mod picker;
mod query;
mod recorded;
pub mod recording;
mod reset;
mod state_line;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

pub use detach::{Detach, DetachKeys, HOLD, Typed, find_key};
pub use display::DisplayFilter;
pub use filter::{Clipboard, Origin, OutputFilter};
pub use os::{Kept, OsTerminal};
pub use recorded::Recorded;
pub use reset::SET_TUI_MODES;
pub use state_line::{Erased, LinePlace, StateLine};

/// Size of a terminal in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Rows.
    pub rows: u16,
    /// Columns.
    pub cols: u16,
}

impl Default for Size {
    /// What a terminal that does not know its size is taken for.
    fn default() -> Self {
        Self { rows: 24, cols: 80 }
    }
}

/// Something that happened to the terminal or to us through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The size changed (SIGWINCH).
    Resized,
    /// We shall stop (SIGTSTP): [`Terminal::suspend`] does it.
    Stop,
    /// The terminal is gone (SIGHUP).
    HangUp,
    /// We shall end (SIGQUIT).
    Quit,
}

/// A terminal: where a person sits, or pipes in its place.
pub trait Terminal: Send + Sync {
    /// Whether a person sits there: input and output both are terminals.
    fn is_interactive(&self) -> bool;

    /// Its size now.
    fn size(&self) -> Size;

    /// Whether what was written so far shows the alternate screen.
    fn shows_alternate_screen(&self) -> bool;

    /// Hands keys over as they are typed, and remembers how things were. Dropping the guard puts everything back: the line
    /// discipline, and every mode that what was shown may have set. So do a panic and [`Terminal::end_by`].
    fn raw(&self) -> io::Result<RawMode>;

    /// What is typed or piped in, piece by piece. Ends with the input. To be called once.
    fn input(&self) -> mpsc::Receiver<Vec<u8>>;

    /// Where to write. To be called once.
    fn output(&self) -> Output;

    /// What happens, from now on.
    fn signals(&self) -> io::Result<mpsc::Receiver<Signal>>;

    /// Puts the terminal back, stops this process as SIGTSTP does, and answers when it goes on, with `mode` in force again.
    fn suspend(&self, mode: &RawMode) -> io::Result<()>;

    /// Puts the terminal back and ends this process as `signal` does without a handler, so that the parent sees it.
    fn end_by(&self, signal: Signal);
}

/// While it lives the terminal is raw.
#[must_use = "the terminal is put back when this is dropped"]
pub struct RawMode {
    restore: Option<Box<dyn FnOnce() + Send>>,
}

impl RawMode {
    /// A guard that runs `restore` once when dropped.
    pub fn new(restore: impl FnOnce() + Send + 'static) -> Self {
        Self { restore: Some(Box::new(restore)) }
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        if let Some(restore) = self.restore.take() {
            restore();
        }
    }
}

impl std::fmt::Debug for RawMode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawMode").finish_non_exhaustive()
    }
}

/// Takes what is to be written, in order, and waits while the terminal does not take more.
pub struct Output {
    pieces: mpsc::Sender<Piece>,
    /// Bytes that the terminal has taken.
    taken: Arc<AtomicU64>,
}

/// Room for one piece of output.
pub struct Room<'a>(mpsc::Permit<'a, Piece>);

impl Room<'_> {
    /// Writes.
    pub fn write(self, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            self.0.send(Piece::Bytes(bytes));
        }
    }
}

/// A piece of output.
#[derive(Debug)]
pub enum Piece {
    /// Bytes to write.
    Bytes(Vec<u8>),
    /// A question whether everything before it is written.
    Written(tokio::sync::oneshot::Sender<()>),
}

impl Output {
    /// An output whose pieces somebody takes from the other end of the channel.
    pub fn new(pieces: mpsc::Sender<Piece>) -> Self {
        Self { pieces, taken: Arc::default() }
    }

    /// The same terminal, whose pieces somebody takes from another channel first.
    fn through(&self, pieces: mpsc::Sender<Piece>) -> Self {
        Self { pieces, taken: Arc::clone(&self.taken) }
    }

    /// Waits for room for one piece; an error means that nobody takes output any more. Safe to drop while waiting: a piece
    /// is written when it is given to the [`Room`], and only then.
    pub async fn room(&self) -> io::Result<Room<'_>> {
        self.pieces.reserve().await.map(Room).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    /// Room for one piece, if there is some now.
    pub fn try_room(&self) -> Option<Room<'_>> {
        self.pieces.try_reserve().ok().map(Room)
    }

    /// Waits until everything is written, as long as the terminal takes something at least every `patience`: a slow one is
    /// waited for, and one that takes nothing is not.
    pub async fn drain(&self, patience: Duration) {
        let mut written = std::pin::pin!(self.flush());
        let mut taken = self.taken.load(Ordering::Relaxed);
        while tokio::time::timeout(patience, &mut written).await.is_err() {
            let before = std::mem::replace(&mut taken, self.taken.load(Ordering::Relaxed));
            if taken == before {
                return;
            }
        }
    }

    /// Waits until everything is written.
    pub async fn flush(&self) {
        let (written, asked) = tokio::sync::oneshot::channel();
        if self.pieces.send(Piece::Written(written)).await.is_ok() {
            // An end without an answer means that nothing will be written any more.
            let _ = asked.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_slow_terminal_is_waited_for_and_one_that_takes_nothing_is_not() {
        let patience = Duration::from_millis(500);
        let (sender, mut pieces) = mpsc::channel(64);
        let output = Output::new(sender);
        for _ in 0..10 {
            output.room().await.unwrap().write(vec![0; 10]);
        }
        let taken = Arc::clone(&output.taken);
        let slow = tokio::spawn(async move {
            while let Some(Piece::Bytes(bytes)) = pieces.recv().await {
                tokio::time::sleep(patience / 5).await;
                taken.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            }
            pieces
        });
        output.drain(patience).await;
        let mut pieces = slow.await.unwrap();
        assert_eq!(output.taken.load(Ordering::Relaxed), 100);
        output.room().await.unwrap().write(vec![0; 10]);
        tokio::time::timeout(Duration::from_secs(60), output.drain(patience)).await.unwrap();
        assert!(matches!(pieces.try_recv(), Ok(Piece::Bytes(_))), "nobody took it");
    }
}
