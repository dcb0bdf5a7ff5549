//! The terminal as Unix has it: termios(3), signals, and a stream of bytes.

use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;

use nix::sys::signal::Signal as OsSignal;
use nix::sys::termios::{self, FlushArg, SetArg, Termios};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::super::Signal;

/// How the terminal was.
pub type Mode = Termios;

/// See [`super::OsTerminal::take_stdin`].
pub fn take_stdin() -> io::Result<File> {
    let piped = io::stdin().as_fd().try_clone_to_owned()?;
    let keyboard = File::options().read(true).write(true).open("/dev/tty")?;
    nix::unistd::dup2_stdin(keyboard)?;
    Ok(piped.into())
}

/// How the terminal is.
pub fn mode() -> io::Result<Mode> {
    Ok(termios::tcgetattr(io::stdin())?)
}

/// Hands keys over as they are typed, and answers how the terminal was.
pub fn make_raw() -> io::Result<Mode> {
    let before = mode()?;
    let mut raw = before.clone();
    termios::cfmakeraw(&mut raw);
    termios::tcsetattr(io::stdin(), SetArg::TCSANOW, &raw)?;
    Ok(before)
}

/// Puts the line discipline back, and drops what was not read.
pub fn put_back(before: &Mode) {
    let stdin = io::stdin();
    // A terminal that is gone cannot be put back, and nobody could be told.
    let _ = termios::tcflush(&stdin, FlushArg::TCIFLUSH);
    let _ = termios::tcsetattr(&stdin, SetArg::TCSANOW, before);
}

/// Sends on what is typed: the terminal writes it as bytes.
pub fn read_keys(sender: &mpsc::Sender<Vec<u8>>) {
    super::read_all(sender);
}

/// What happens to the terminal, from now on.
pub fn signals() -> io::Result<mpsc::Receiver<Signal>> {
    let mut resized = signal(SignalKind::window_change())?;
    let mut stop = signal(SignalKind::from_raw(OsSignal::SIGTSTP as i32))?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut quit = signal(SignalKind::quit())?;
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(async move {
        loop {
            let happened = tokio::select! {
                _ = resized.recv() => Signal::Resized,
                _ = stop.recv() => Signal::Stop,
                _ = hang_up.recv() => Signal::HangUp,
                _ = quit.recv() => Signal::Quit,
                () = sender.closed() => return,
            };
            if sender.send(happened).await.is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}

/// Stops this process until it is told to go on.
pub fn stop() -> io::Result<()> {
    Ok(nix::sys::signal::raise(OsSignal::SIGSTOP)?)
}

/// Ends this process as the signal does without a handler.
pub fn end_by(signal: Signal) {
    let signal = match signal {
        Signal::HangUp => OsSignal::SIGHUP,
        Signal::Quit => OsSignal::SIGQUIT,
        Signal::Resized | Signal::Stop => return,
    };
    // Should this fail, the caller's exit status says enough.
    let _ = signal_hook::low_level::emulate_default_handler(signal as i32);
}
