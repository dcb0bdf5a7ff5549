//! INT and TERM: what we do is left, what the cluster does goes on, and the user is told so.
//!
//! The program ends by the signal itself, so that a shell sees what happened (130, 143) and stops its loop.

use std::future::Future;

use tokio::signal::unix::{SignalKind, signal};

use super::context::{Context, OnSignal};
use crate::error::{Code, Error, Result};

/// Runs a command until it ends or a signal arrives.
pub(super) async fn until_signalled<T>(context: &Context, command: impl Future<Output = Result<T>>) -> Result<T> {
    let listen = |kind| signal(kind).map_err(|error| Error::internal("cannot listen for signals").caused_by(&error));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    let mut command = std::pin::pin!(command);
    loop {
        let code = tokio::select! {
            result = &mut command => return result,
            _ = interrupt.recv() => Code::Interrupted,
            _ = terminate.recv() => Code::Terminated,
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

/// Ends the process by the signal that `code` stands for, so that the parent sees a signal; else does nothing.
pub(super) fn end_as(code: Code) {
    let signal = match code {
        Code::Interrupted => nix::sys::signal::Signal::SIGINT,
        Code::Terminated => nix::sys::signal::Signal::SIGTERM,
        _ => return,
    };
    // Should this fail, the exit status says the same.
    let _ = signal_hook::low_level::emulate_default_handler(signal as i32);
}
