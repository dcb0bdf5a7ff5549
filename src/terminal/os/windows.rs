//! The terminal as Windows has it: a console that reports keys and sizes as events and, from Windows 10 on, obeys the same
//! sequences as any other terminal. There is no stopping, and no signal but those of the whole program.

use std::fs::File;
use std::io;
use std::sync::{Mutex, PoisonError};

use crossterm::event::{self, Event};
use tokio::sync::mpsc;

use super::super::{Signal, keys};

/// The console keeps how it was itself.
pub type Mode = ();

/// Who is told of a new size: it comes among the keys.
static RESIZED: Mutex<Option<mpsc::Sender<Signal>>> = Mutex::new(None);

/// See [`super::OsTerminal::take_stdin`]; a console cannot take the place of standard input.
pub fn take_stdin() -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Nothing: see [`Mode`].
pub fn mode() -> io::Result<Mode> {
    Ok(())
}

/// Hands keys over as they are typed, and has the console obey sequences.
pub fn make_raw() -> io::Result<Mode> {
    if !crossterm::ansi_support::supports_ansi() {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "this console obeys no control sequences"));
    }
    crossterm::terminal::enable_raw_mode()
}

/// Puts the console back.
pub fn put_back(_: &Mode) {
    // A console that is gone cannot be put back, and nobody could be told.
    let _ = crossterm::terminal::disable_raw_mode();
}

/// Sends on what is typed, as another terminal would write it.
pub fn read_keys(sender: &mpsc::Sender<Vec<u8>>) {
    loop {
        match event::read() {
            Ok(Event::Key(key)) => {
                if let Some(bytes) = keys::encode(&key)
                    && sender.blocking_send(bytes).is_err()
                {
                    return;
                }
            }
            Ok(Event::Resize(..)) => {
                let listener = RESIZED.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // Where nobody listens, nobody has to know.
                listener.map(|listener| listener.try_send(Signal::Resized));
            }
            Ok(_) => {}
            Err(_) => return,
        }
    }
}

/// New sizes, from now on.
pub fn signals() -> io::Result<mpsc::Receiver<Signal>> {
    let (sender, receiver) = mpsc::channel(4);
    *RESIZED.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
    Ok(receiver)
}

/// A process that cannot be stopped goes on.
pub fn stop() -> io::Result<()> {
    Ok(())
}

/// No signal ends a process here; the caller's exit status says enough.
pub fn end_by(_: Signal) {}
