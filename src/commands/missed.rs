//! What was missed of a server's words because a request of ours failed, or because its events were lost for a time.

use std::time::Duration;

use super::Context;
use crate::error::{Code, Error, Result};

/// Pause before what was missed is asked for again.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// Whether something was missed, and whether the user knows that the link is lost.
pub struct Missed<'a> {
    context: &'a Context,
    something: bool,
    told: bool,
}

impl<'a> Missed<'a> {
    /// Nothing was missed.
    pub fn nothing(context: &'a Context) -> Self {
        Self { context, something: false, told: false }
    }

    /// The link is lost, which is said once.
    pub fn lost(&mut self, error: impl Into<Error>) {
        self.something = true;
        if !self.told {
            self.context.printer.warn(&format!("the link to the agent is lost and tried again: {}", error.into()));
        }
        self.told = true;
    }

    /// Takes note of what came of asking for what was missed; a failure that does not pass is answered.
    pub fn asked(&mut self, outcome: Result<()>) -> Result<()> {
        let is_known = outcome.is_ok();
        self.unless(outcome)?;
        if is_known {
            (self.something, self.told) = (false, false);
        }
        Ok(())
    }

    /// Takes note of what came of something else; a failure that does not pass is answered.
    pub fn unless(&mut self, outcome: Result<()>) -> Result<()> {
        match outcome {
            // Who interrupts what is asked wants to leave.
            Err(error) if error.code.is_retryable() && error.code != Code::Interrupted => {
                self.lost(error);
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Waits until it is time to ask for what was missed; for ever if nothing was.
    pub async fn ask_again(&self) {
        if self.something {
            tokio::time::sleep(ASK_AGAIN).await;
        } else {
            std::future::pending::<()>().await;
        }
    }
}
