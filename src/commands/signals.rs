//! INT and TERM: what we do is left, what the cluster does goes on, and the user is told so.
//!
//! The program ends by the signal itself, so that a shell sees what happened (130, 143) and stops its loop.

use std::future::Future;

use super::context::{Context, OnSignal};
use crate::error::{Code, Error, Result};

/// Runs a command until it ends or a signal arrives.
pub(super) async fn until_signalled<T>(context: &Context, command: impl Future<Output = Result<T>>) -> Result<T> {
    let listened = Signals::listen();
    let mut signals = listened.map_err(|error| Error::internal("cannot listen for signals").caused_by(&error))?;
    let mut command = std::pin::pin!(command);
    loop {
        let code = tokio::select! {
            result = &mut command => return result,
            code = signals.next() => code,
        };
        let on_signal = context.on_signal.lock().map(|on_signal| on_signal.clone()).unwrap_or_default();
        match on_signal {
            OnSignal::Cancel(token) if !token.is_cancelled() => token.cancel(),
            OnSignal::Leave { remains, hint } => {
                return Err(Error::new(code, format!("{}; {remains}", verb(code))).hint(hint));
            }
            OnSignal::Drop | OnSignal::Cancel(_) => return Err(Error::new(code, verb(code))),
        }
    }
}

fn verb(code: Code) -> &'static str {
    if code == Code::Interrupted { "interrupted" } else { "terminated" }
}

/// INT and TERM.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Code {
        tokio::select! {
            _ = self.interrupt.recv() => Code::Interrupted,
            _ = self.terminate.recv() => Code::Terminated,
        }
    }
}

/// Windows has events of the console in their place: Ctrl-C, and the end of the window, the session or the machine.
#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    close: tokio::signal::windows::CtrlClose,
}

#[cfg(windows)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::windows::{ctrl_c, ctrl_close};
        Ok(Self { interrupt: ctrl_c()?, close: ctrl_close()? })
    }

    async fn next(&mut self) -> Code {
        tokio::select! {
            _ = self.interrupt.recv() => Code::Interrupted,
            _ = self.close.recv() => Code::Terminated,
        }
    }
}

/// Ends the process by the signal that `code` stands for, so that the parent sees a signal; else does nothing.
#[cfg(unix)]
pub(super) fn end_as(code: Code) {
    let signal = match code {
        Code::Interrupted => nix::sys::signal::Signal::SIGINT,
        Code::Terminated => nix::sys::signal::Signal::SIGTERM,
        _ => return,
    };
    let stderr = dialoguer::console::Term::stderr();
    if stderr.is_term() {
        // A question that stood there has hidden the cursor.
        let _ = stderr.show_cursor();
    }
    // Should this fail, the exit status says the same.
    let _ = signal_hook::low_level::emulate_default_handler(signal as i32);
}

/// Nothing: no parent could see more than the exit status.
#[cfg(not(unix))]
pub(super) fn end_as(_: Code) {}
