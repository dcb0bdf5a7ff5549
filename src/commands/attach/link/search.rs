//! The search for a connection, and for what became of the program where there is none to be had.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;

use super::shared::Shared;
use super::{End, Link};
use crate::error::Error;
use crate::opencode::{self, PtyStream, Replay};
use crate::output::Untrusted;

/// Tries to read how a program ended, once its terminal is closed.
const EXIT_TRIES: u32 = 20;
const EXIT_PAUSE: Duration = Duration::from_millis(50);

/// What a search came to.
pub enum Found {
    Stream(Box<PtyStream>),
    End(End),
    Nothing(opencode::Error),
}

/// The search for a connection.
pub struct Search<'a> {
    pub found: BoxFuture<'a, Found>,
    /// Where its stream goes on.
    pub from: Option<Replay>,
}

impl Link<'_> {
    /// Waits for a try's turn, but not longer than somebody who types has patience; then tries.
    pub(super) async fn search(&self, shared: Arc<Shared>, replay: Replay, wait: Duration, limit: Duration) -> Found {
        let at_least = wait.min(self.pace.waits[2]);
        tokio::time::sleep(at_least).await;
        tokio::select! {
            () = tokio::time::sleep(wait.saturating_sub(at_least)) => {}
            () = shared.typed_in_vain.notified() => {}
        }
        self.client.start_over();
        let connecting = tokio::time::timeout(limit, self.client.connect_pty(self.pty, replay));
        let error = match connecting.await {
            Ok(Ok(stream)) => return Found::Stream(Box::new(stream)),
            Ok(Err(error)) => error,
            Err(_) => opencode::Error::Timeout { call: "GET /pty".to_owned(), after: limit },
        };
        match &error {
            // A directory that went with the Pod is a failure, not an unknown terminal, to this server.
            opencode::Error::Refused { status: 404 | 410 | 500, .. } => self.how_it_ended().await,
            opencode::Error::Refused { status: 409 | 429 | 502..=504, .. } => Found::Nothing(error),
            _ if !error.is_unreachable() => Found::End(End::Lost(error)),
            // Asked over connections that may be as dead.
            _ => match tokio::time::timeout(limit, (self.is_gone)()).await {
                Ok(true) => Found::End(End::Gone),
                Ok(false) | Err(_) => Found::Nothing(error),
            },
        }
    }

    /// What became of the program, whose terminal is closed.
    pub(super) async fn how_it_ended(&self) -> Found {
        let limit = self.pace.tries[1];
        match tokio::time::timeout(limit, self.exit_code()).await {
            Ok(Ok(Some(code))) => Found::End(End::Exited(code)),
            Ok(Ok(None) | Err(opencode::Error::Refused { status: 500, .. })) => Found::End(End::Gone),
            Ok(Err(error)) => Found::Nothing(error),
            Err(_) => Found::Nothing(opencode::Error::Timeout { call: "GET /pty".to_owned(), after: limit }),
        }
    }

    /// The exit code; none if the server does not know the terminal any more.
    async fn exit_code(&self) -> Result<Option<i32>, opencode::Error> {
        for _ in 0..EXIT_TRIES {
            match self.client.pty(self.pty).await {
                Ok(pty) if pty.is_running() => tokio::time::sleep(EXIT_PAUSE).await,
                Ok(pty) => return Ok(pty.exit_code),
                Err(opencode::Error::Refused { status: 404 | 410, .. }) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}

/// What a search came to, and from where its stream goes on; for ever nothing without one.
pub async fn result_of(search: &mut Option<Search<'_>>) -> (Found, Option<Replay>) {
    match search {
        Some(search) => ((&mut search.found).await, search.from),
        None => std::future::pending().await,
    }
}

/// The innermost cause of an error, in one line.
pub fn reason(error: &opencode::Error) -> String {
    let own: Error = match error {
        opencode::Error::Unreachable(cause) => match cause.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(own) => own.clone(),
            None => Error::internal(cause.to_string()),
        },
        error => Error::internal(error.to_string()),
    };
    let text = match own.causes.last() {
        Some(cause) => format!("{}: {cause}", own.message),
        None => own.message,
    };
    Untrusted(&text).to_string()
}
