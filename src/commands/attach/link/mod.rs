//! The connection between the user's terminal and a terminal of the agent's server.
//!
//! ```text
//!             opened               all replayed
//! Connecting ────────► Replaying ───────────────► Live ──detach keys──► Detached   the program goes on
//!     ▲                    │                      ▲  ├────close 1000───► Exited     with the program's exit code
//!     │ found              ▼        heard again   │  ▼
//!     └──────────────── Searching ────────────────┘  stream broken, or nothing heard for 8 s
//!                          ├──the terminal is no longer there──► Gone
//!                          └──out of time, or ctrl-c───────────► Lost
//! ```
//!
//! Output, input and sizes go by tasks of their own, so that none waits for another (see [`shared`]); the [`desk`] waits
//! for what the user does, what the tasks tell, and the clock.
//!
//! **Loss.** A ping every 3 s keeps the whole way in use and shows whether it lives; silence counts only while we wait for
//! the network, not while the local terminal does not take what came. A server that speaks and answers no ping does not
//! hear us, unless it floods: then the answer stands behind what it has to say. One whose terminal floods may be silent,
//! too: it answers nobody. So a silent connection is kept while another is searched for, one try at a time, and whichever speaks
//! first is used. Where the server is, is found out anew for each try.
//!
//! **Output.** After a loss the stream goes on from the position of the last output shown: nothing is shown twice and
//! nothing is left out, as far as the server still holds it (2 MiB); what it does not hold is told. What is replayed is
//! shown once all of it has come, since only its end tells where it began. Questions to the terminal in what is replayed
//! are left out (see [`OutputFilter`](crate::terminal::OutputFilter)).
//!
//! **Input.** See [`keys`]: everything arrives at most once and in order, and what may be lost is told. Keys typed while
//! there is no connection are kept up to 4 KiB, and while it is silent up to 16 MiB. The detach keys leave at every moment;
//! ctrl-c goes to the program as long as there is a connection, and leaves when there is none.
//!
//! **State.** From 5 s on, a line says what is wrong, what is tried and how to leave; see
//! [`StateLine`](crate::terminal::StateLine) for where it stands.

mod console;
mod desk;
mod keys;
mod paste;
mod search;
mod shared;
mod size;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::watch;

use crate::error::Result;
use crate::opencode::{self, Client, Replay};
use crate::terminal::{Clipboard, DetachKeys, Signal};
pub use console::Console;
use console::Local;
use desk::Desk;
use shared::Shared;

/// How long is waited for what.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two pings.
    pub ping: Duration,
    /// A receipt that takes longer is overdue, if nothing else is heard either.
    pub receipt: Duration,
    /// Trouble that lasts longer is shown.
    pub patience: Duration,
    /// A server that floods may leave pings unanswered for so much longer than another.
    pub deaf: Duration,
    /// Silence after which another connection is searched for, so that one stands after 10 s.
    pub silence: Duration,
    /// Waits before the first, second, … try; the last one repeats.
    pub waits: [Duration; 6],
    /// Between the beginnings of two tries, at least.
    pub apart: Duration,
    /// Longest wait for one of the first tries, and for a later one.
    pub tries: [Duration; 2],
    /// Between two looks at the clock.
    pub look: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            ping: Duration::from_secs(3),
            receipt: Duration::from_secs(1),
            patience: Duration::from_secs(5),
            deaf: Duration::from_secs(20),
            silence: Duration::from_secs(8),
            apart: Duration::from_millis(100),
            waits: [0, 250, 500, 1000, 2000, 5000].map(Duration::from_millis),
            tries: [Duration::from_secs(2), Duration::from_secs(10)],
            look: Duration::from_millis(250),
        }
    }
}

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
    /// Somebody else took the terminal over.
    TakenOver(String),
    /// Nobody reads our output any more.
    NoOutput,
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
    /// Nothing typed is kept while there is no connection.
    pub drop_input: bool,
    /// The program takes the whole screen, and draws it again when its size changes.
    pub full_screen: bool,
    /// Where the output shown begins.
    pub replay: Replay,
    /// Nobody was connected before.
    pub fresh: bool,
    /// Whether the program may set the clipboard.
    pub clipboard: Clipboard,
    /// Longest time to search for a lost link.
    pub reconnect: Duration,
    /// Says whether the agent is gone for good, when it cannot be reached.
    pub is_gone: &'a (dyn Fn() -> BoxFuture<'static, bool> + Sync),
    /// Says who took the terminal over, once somebody did.
    pub taken_over: watch::Receiver<Option<String>>,
    /// How long is waited for what.
    pub pace: Pace,
}

impl Link<'_> {
    /// Connects and stays until the end. The texts are what the user has to be told then.
    pub async fn run(&self, console: &mut Console<'_>) -> Result<(End, Vec<String>)> {
        let stream = self.client.connect_pty(self.pty, self.replay).await?;
        let shared = Arc::new(Shared::new(Arc::clone(&console.output), self.pace, self.clipboard, self.fresh));
        let local = Local::sit_down(console, self.keys, self.full_screen)?;
        let mut desk = Desk::new(self, local, shared);
        desk.connect(stream, 0);
        let end = desk.serve().await;
        Ok(desk.leave(end).await)
    }
}
