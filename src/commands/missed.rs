//! What was missed of a server's words because a request of ours failed, or because its events were lost for a time.

use std::time::Duration;

use tokio::time::Instant;

use super::Context;
use crate::error::{Code, Error, Result};

/// Pause before what was missed is asked for again.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// Whether something was missed, and whether the user knows that the link is lost.
pub struct Missed<'a> {
    context: &'a Context,
    /// When to ask for what was missed; none if nothing was.
    due: Option<Instant>,
    told: bool,
}

impl<'a> Missed<'a> {
    /// Nothing was missed.
    pub fn nothing(context: &'a Context) -> Self {
        Self { context, due: None, told: false }
    }

    /// The link is lost, which is said once.
    pub fn lost(&mut self, error: impl Into<Error>) {
        self.due.get_or_insert_with(|| Instant::now() + ASK_AGAIN);
        if !self.told {
            self.context.printer.warn(&format!("the link to the agent is lost and tried again: {}", error.into()));
        }
        self.told = true;
    }

    /// Takes note of what came of asking for what was missed; a failure that does not pass is answered.
    pub fn asked(&mut self, outcome: Result<()>) -> Result<()> {
        self.due = None;
        if outcome.is_ok() {
            self.told = false;
        }
        self.unless(outcome)
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

    /// Waits until it is time to ask for what was missed; for ever if nothing was. That time does not move when other things
    /// happen meanwhile.
    pub async fn ask_again(&self) {
        match self.due {
            Some(due) => tokio::time::sleep_until(due).await,
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::flags::Global;
    use crate::output::printer_tests::captured;

    #[tokio::test]
    async fn what_was_missed_is_asked_for_at_its_time_whatever_happens_meanwhile() {
        let (printer, _, _) = captured(false);
        let context = Context::new(Global::default(), printer);
        let mut missed = Missed::nothing(&context);
        let away = || Err(Error::new(Code::AgentUnavailable, "it is away"));
        missed.unless(away()).unwrap();
        let due = missed.due.unwrap();
        // Events of other conversations, closer to each other than the pause.
        let mut events = tokio::time::interval(ASK_AGAIN / 10);
        loop {
            tokio::select! {
                biased;
                _ = events.tick() => missed.unless(Ok(())).unwrap(),
                () = missed.ask_again() => break,
            }
        }
        assert_eq!(missed.due, Some(due));
        assert!(Instant::now() >= due);
        missed.asked(away()).unwrap();
        assert!(missed.due.unwrap() > due, "in vain, and so once more");
        missed.asked(Ok(())).unwrap();
        assert_eq!(missed.due, None);
    }
}
