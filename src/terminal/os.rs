//! The terminal of this process: standard input and output.
//!
//! Input is read by a thread of its own that nobody waits for: a read that is under way must not keep the program alive,
//! and the file must not be made non-blocking, since the shell shares it. Output is written by another, so that a
//! terminal that takes nothing never delays a key.
//!
//! How the terminal was before is kept in one place for the whole process, so that whoever comes first puts it back: the
//! guard, a panic, or a signal. From then on output is dropped that is still on its way: it would take the terminal over
//! again. What differs between operating systems stands in `platform`.

#[cfg_attr(unix, path = "os/unix.rs")]
#[cfg_attr(windows, path = "os/windows.rs")]
mod platform;

use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, Once, PoisonError, mpsc as std_mpsc};
use std::time::Duration;

use tokio::sync::mpsc;

use super::reset::{SAVE_TITLE, ScreenWatch, reset};
use super::{Output, Piece, RawMode, Signal, Size, Terminal};

/// Pieces of input that wait to be taken.
const INPUT_QUEUE: usize = 64;
/// Pieces of output that wait to be written.
const OUTPUT_QUEUE: usize = 16;
/// How much output is put together for one write.
const WRITE: usize = 64 << 10;
/// After so many bytes it is noted that the terminal takes them, and looked whether it is still ours.
const TAKEN: usize = 8 << 10;
/// Longest wait for a terminal to take the sequences that put it back, behind the output that it is taking.
const RESET_TIMEOUT: Duration = Duration::from_secs(2);

/// How the terminal was before it was made raw.
static BEFORE: Mutex<Option<platform::Mode>> = Mutex::new(None);
/// What was written shows this screen. Kept while standard output is locked, so that it tells of all that was written.
static SCREEN: Mutex<ScreenWatch> = Mutex::new(ScreenWatch::new());
/// Whose the terminal is. Looked at while standard output is locked, and set before that is locked for putting it back: so
/// what puts it back is written last.
static OWNER: Mutex<Owner> = Mutex::new(Owner::Program);
static OWNER_CHANGED: Condvar = Condvar::new();
static PANIC_HOOK: Once = Once::new();

/// Whose the terminal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// Output is written.
    Program,
    /// The shell's until this process goes on, for which output waits.
    ShellMeanwhile,
    /// The shell's: output is dropped.
    Shell,
}

fn set_owner(owner: Owner) {
    *OWNER.lock().unwrap_or_else(PoisonError::into_inner) = owner;
    OWNER_CHANGED.notify_all();
}

/// Standard input and output of this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsTerminal;

impl OsTerminal {
    /// Hands over what standard input leads to, and puts the terminal that controls this process in its place: so keys are
    /// typed there while something else is piped in. To be called before anything is read.
    pub fn take_stdin(self) -> io::Result<File> {
        platform::take_stdin()
    }
}

impl Terminal for OsTerminal {
    fn is_interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stdout().is_terminal()
    }

    fn size(&self) -> Size {
        match crossterm::terminal::size() {
            Ok((cols, rows)) if cols > 0 && rows > 0 => Size { rows, cols },
            _ => Size::default(),
        }
    }

    fn shows_alternate_screen(&self) -> bool {
        SCREEN.lock().unwrap_or_else(PoisonError::into_inner).alternate
    }

    fn raw(&self) -> io::Result<RawMode> {
        PANIC_HOOK.call_once(|| {
            let next = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                put_back(Owner::Shell);
                next(panic);
            }));
        });
        make_raw()?;
        Ok(RawMode::new(|| put_back(Owner::Shell)))
    }

    fn input(&self) -> mpsc::Receiver<Vec<u8>> {
        let (sender, receiver) = mpsc::channel(INPUT_QUEUE);
        std::thread::spawn(move || {
            if io::stdin().is_terminal() {
                platform::read_keys(&sender);
            } else {
                read_all(&sender);
            }
        });
        receiver
    }

    fn output(&self) -> Output {
        let (sender, mut pieces) = mpsc::channel(OUTPUT_QUEUE);
        let output = Output::new(sender);
        let taken = Arc::clone(&output.taken);
        std::thread::spawn(move || {
            let mut next = None;
            while let Some(piece) = next.take().or_else(|| pieces.blocking_recv()) {
                match piece {
                    Piece::Bytes(mut bytes) => {
                        // The server sends 4 KiB at a time; the terminal takes more at once.
                        while bytes.len() < WRITE {
                            match pieces.try_recv() {
                                Ok(Piece::Bytes(more)) => bytes.extend(more),
                                Ok(asked) => {
                                    next = Some(asked);
                                    break;
                                }
                                Err(_) => break,
                            }
                        }
                        for part in bytes.chunks(TAKEN) {
                            if write_as_program(part).is_err() {
                                return;
                            }
                            taken.fetch_add(part.len() as u64, Ordering::Relaxed);
                        }
                    }
                    Piece::Written(asked) => {
                        // Who asked may have stopped waiting.
                        let _ = asked.send(());
                    }
                }
            }
        });
        output
    }

    fn signals(&self) -> io::Result<mpsc::Receiver<Signal>> {
        platform::signals()
    }

    fn suspend(&self, _mode: &RawMode) -> io::Result<()> {
        put_back(Owner::ShellMeanwhile);
        let goes_on = platform::stop().and_then(|()| make_raw());
        if goes_on.is_err() {
            set_owner(Owner::Shell);
        }
        goes_on
    }

    fn end_by(&self, signal: Signal) {
        put_back(Owner::Shell);
        platform::end_by(signal);
    }
}

/// How the terminal hands over what is typed; dropping this puts that back.
#[derive(Debug)]
pub struct Kept(Option<platform::Mode>);

impl Kept {
    /// As it is now.
    pub fn now() -> io::Result<Self> {
        platform::mode().map(|mode| Self(Some(mode)))
    }

    /// Leaves the terminal as it is.
    pub fn release(mut self) {
        self.0 = None;
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(mode) = &self.0 {
            platform::put_back(mode);
        }
    }
}

/// Sends on what is piped in, to its end.
fn read_all(sender: &mpsc::Sender<Vec<u8>>) {
    let mut buffer = vec![0; 64 << 10];
    loop {
        match io::stdin().lock().read(&mut buffer) {
            Ok(0) => return,
            Ok(length) => {
                if sender.blocking_send(buffer[..length].to_vec()).is_err() {
                    return;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // The terminal is gone (EIO): the end of input.
            Err(_) => return,
        }
    }
}

/// Writes output, if the terminal is ours, or once it is again; drops it if it was given back.
fn write_as_program(output: &[u8]) -> io::Result<()> {
    loop {
        let mut stdout = io::stdout().lock();
        let owner = OWNER.lock().unwrap_or_else(PoisonError::into_inner);
        match *owner {
            Owner::Program => {
                drop(owner);
                SCREEN.lock().unwrap_or_else(PoisonError::into_inner).push(output);
                return stdout.write_all(output).and_then(|()| stdout.flush());
            }
            Owner::Shell => return Ok(()),
            Owner::ShellMeanwhile => {
                drop(stdout);
                let is_meanwhile = |owner: &mut Owner| *owner == Owner::ShellMeanwhile;
                drop(OWNER_CHANGED.wait_while(owner, is_meanwhile).unwrap_or_else(PoisonError::into_inner));
            }
        }
    }
}

/// Makes the terminal ours.
fn make_raw() -> io::Result<()> {
    {
        let mut kept = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        let before = platform::make_raw()?;
        kept.get_or_insert(before);
    }
    write_within(|| SAVE_TITLE.to_owned());
    set_owner(Owner::Program);
    Ok(())
}

/// Puts the terminal back as it was found, once; does nothing if it was not made raw. What was typed and not read is
/// dropped: it was meant for the remote program (or is the terminal's own answer to it), not for the shell.
fn put_back(owner: Owner) {
    let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(before) = before else { return };
    set_owner(owner);
    if io::stdout().is_terminal() {
        write_within(|| {
            let screen = &mut *SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
            reset(&std::mem::replace(screen, ScreenWatch::new()))
        });
    }
    platform::put_back(&before);
}

/// Writes to the terminal, but waits no longer than [`RESET_TIMEOUT`] for one that takes nothing. What is written is asked
/// for when nothing else is being written.
fn write_within(text: impl FnOnce() -> String + Send + 'static) {
    let (done, waited) = std_mpsc::channel();
    std::thread::spawn(move || {
        let mut stdout = io::stdout().lock();
        let _ = stdout.write_all(text().as_bytes()).and_then(|()| stdout.flush());
        let _ = done.send(());
    });
    let _ = waited.recv_timeout(RESET_TIMEOUT);
}
