//! The local side: the user's terminal, or pipes in its place, over all connections and all remote terminals.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::End;
use crate::error::{Error, Result};
use crate::terminal::{Detach, DetachKeys, HOLD, Output, RawMode, SET_TUI_MODES, Signal, Size, Terminal};

/// End of input for a program on a terminal (ctrl-d).
const END_OF_INPUT: u8 = 4;

/// Where the user sits.
pub struct Console<'a> {
    pub terminal: &'a dyn Terminal,
    pub output: Arc<Output>,
    input: mpsc::Receiver<Vec<u8>>,
    signals: mpsc::Receiver<Signal>,
    input_ended: bool,
}

impl<'a> Console<'a> {
    /// Takes the terminal's input and output, for good.
    pub fn open(terminal: &'a dyn Terminal) -> Result<Self> {
        let signals = terminal.signals().map_err(|error| trouble(&error))?;
        let (input, output) = (terminal.input(), Arc::new(terminal.output()));
        Ok(Self { terminal, output, input, signals, input_ended: false })
    }

    /// Asks on standard error, and reads a line: whether it is a yes. Everything but a yes is a no.
    ///
    /// The keyboard's reader holds what is typed from now on, so that nobody else can ask.
    pub async fn confirms(&mut self) -> bool {
        let mut line = Vec::new();
        loop {
            let typed = tokio::select! {
                typed = self.input.recv() => typed,
                signal = self.signals.recv() => match signal {
                    Some(Signal::Resized) => continue,
                    _ => return false,
                },
            };
            line.extend(typed.unwrap_or_else(|| b"\n".to_vec()));
            if let Some(end) = line.iter().position(|byte| *byte == b'\n') {
                let answer = String::from_utf8_lossy(&line[..end]).trim().to_ascii_lowercase();
                return matches!(answer.as_str(), "y" | "yes");
            }
        }
    }
}

fn trouble(error: &std::io::Error) -> Error {
    Error::internal("cannot use the terminal").caused_by(error)
}

/// The user's side while one link lives.
pub struct Local<'a, 'b> {
    pub console: &'a mut Console<'b>,
    mode: Option<RawMode>,
    full_screen: bool,
    detach: Detach,
    /// When what the matcher holds back is passed on.
    give_up: Option<Instant>,
}

/// What the local side wants.
#[derive(Debug)]
pub enum Wish {
    Send(Vec<u8>),
    EndOfInput(u8),
    /// The user leaves, having typed this before.
    Detach(Vec<u8>),
    Resize(Size),
    Repaint(Size),
    Leave(End),
    Nothing,
}

impl<'a, 'b> Local<'a, 'b> {
    /// Makes the terminal raw, if it is one.
    pub fn sit_down(console: &'a mut Console<'b>, keys: &DetachKeys, full_screen: bool) -> Result<Self> {
        let interactive = console.terminal.is_interactive();
        let mode = if interactive { Some(console.terminal.raw().map_err(|error| trouble(&error))?) } else { None };
        Ok(Self { console, mode, full_screen, detach: Detach::new(keys), give_up: None })
    }

    /// Whether a person sits there.
    pub fn is_interactive(&self) -> bool {
        self.mode.is_some()
    }

    /// Gives the terminal back.
    pub fn stand_up(self) {
        drop(self.mode);
    }

    /// The next thing the local side wants; what is typed only if it is `listening`. Safe to drop while waiting.
    pub async fn wish(&mut self, listening: bool) -> Wish {
        let held = self.give_up;
        tokio::select! {
            signal = self.console.signals.recv() => match signal {
                Some(Signal::Resized) => Wish::Resize(self.console.terminal.size()),
                Some(Signal::Stop) => self.stop(),
                Some(signal) => Wish::Leave(End::Signal(signal)),
                None => Wish::Leave(End::Signal(Signal::HangUp)),
            },
            typed = self.console.input.recv(), if listening && !self.console.input_ended => match typed {
                Some(bytes) => self.typed(&bytes),
                // The terminal is gone: whoever sat there left.
                None if self.is_interactive() => Wish::Leave(End::Detached),
                None => {
                    self.console.input_ended = true;
                    Wish::EndOfInput(END_OF_INPUT)
                }
            },
            () = tokio::time::sleep_until(held.unwrap_or_else(Instant::now)), if held.is_some() => {
                self.give_up = None;
                Wish::Send(self.detach.give_up())
            }
        }
    }

    fn typed(&mut self, bytes: &[u8]) -> Wish {
        // Piped input is no typing: no byte of it detaches.
        if self.mode.is_none() {
            return Wish::Send(bytes.to_vec());
        }
        let typed = self.detach.push(bytes);
        if typed.detach {
            return Wish::Detach(typed.pass);
        }
        self.give_up = self.detach.is_holding().then(|| Instant::now() + HOLD);
        if typed.pass.is_empty() { Wish::Nothing } else { Wish::Send(typed.pass) }
    }

    /// Stops as the shell asks, and comes back with the modes and the size that are wanted then.
    fn stop(&mut self) -> Wish {
        let Some(mode) = &self.mode else { return Wish::Nothing };
        match self.console.terminal.suspend(mode) {
            Ok(()) if self.full_screen => {
                self.set_tui_modes();
                Wish::Repaint(self.console.terminal.size())
            }
            Ok(()) => Wish::Resize(self.console.terminal.size()),
            Err(_) => Wish::Leave(End::Detached),
        }
    }

    /// Sets the modes of a full-screen program that set them elsewhere. A terminal that takes nothing gets them with the
    /// next output or not at all, and shows nothing either way.
    pub fn set_tui_modes(&self) {
        if let Some(room) = self.console.output.try_room() {
            room.write(SET_TUI_MODES.into());
        }
    }
}
