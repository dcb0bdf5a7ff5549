//! What every command is given: the connection flags, the cluster once it is needed, the printer and the clock.

use std::sync::Mutex;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::cli::flags::Global;
use crate::output::Printer;

/// The surroundings of a command.
pub struct Context {
    /// Flags that every command takes.
    pub global: Global,
    /// Results and remarks.
    pub printer: Printer,
    pub(super) on_signal: Mutex<OnSignal>,
}

/// What happens when INT or TERM arrives.
#[derive(Clone, Default)]
pub(super) enum OnSignal {
    /// The command is dropped where it stands.
    #[default]
    Drop,
    /// The command is dropped, and the user is told what goes on and how to come back to it.
    Leave {
        /// What goes on in the cluster.
        remains: String,
        /// The command to run.
        hint: String,
    },
    /// The command ends by itself; a second signal drops it.
    Cancel(CancellationToken),
}

impl Context {
    /// A context for one command line.
    pub fn new(global: Global, printer: Printer) -> Self {
        Self { global, printer, on_signal: Mutex::default() }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// From now on a signal ends the command with these words: what goes on in the cluster, and how to come back to it.
    pub fn leaves_behind(&self, remains: impl Into<String>, hint: impl Into<String>) {
        self.set_on_signal(OnSignal::Leave { remains: remains.into(), hint: hint.into() });
    }

    /// From now on a signal cancels this token instead of dropping the command, so that it can end by itself.
    pub fn cancelled_by_signal(&self) -> CancellationToken {
        let token = CancellationToken::new();
        self.set_on_signal(OnSignal::Cancel(token.clone()));
        token
    }

    fn set_on_signal(&self, next: OnSignal) {
        if let Ok(mut on_signal) = self.on_signal.lock() {
            *on_signal = next;
        }
    }
}
