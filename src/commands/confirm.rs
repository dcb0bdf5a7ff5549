//! Questions to the person at the terminal.

use std::io::ErrorKind;

use super::Context;
use crate::error::{Code, Error, Result};
use crate::terminal::Kept;

/// Asks on the terminal; elsewhere the flag has to be given.
pub async fn confirmed(context: &Context, question: &str, flag: &str) -> Result<bool> {
    if !context.printer.streams().can_prompt() {
        return Err(Error::usage("this has to be confirmed, and there is no terminal to ask on")
            .because(question.trim_end_matches('?'))
            .hint(format!("say so with {flag}")));
    }
    yes_or_no(question.to_owned(), false).await
}

/// Has a person say yes or no on the terminal; escape is no.
pub async fn yes_or_no(question: String, default: bool) -> Result<bool> {
    let asked = move || dialoguer::Confirm::new().with_prompt(question).default(default).interact_opt();
    Ok(ask(asked).await? == Some(true))
}

/// Has a person answer on the terminal, while the rest of the program goes on.
///
/// Dropping this puts the terminal back, which is then for the end of the program: nothing ends the thread that reads.
pub async fn ask<T: Send + 'static>(question: impl FnOnce() -> dialoguer::Result<T> + Send + 'static) -> Result<T> {
    let kept = Kept::now().map_err(unanswered)?;
    let asked = tokio::task::spawn_blocking(question).await;
    kept.release();
    let answer = asked.map_err(|error| unanswered(std::io::Error::other(error)))?;
    answer.map_err(|dialoguer::Error::IO(error)| unanswered(error))
}

/// The failure of a question that got no answer: Ctrl-C in its place, or a terminal that is gone.
#[expect(clippy::needless_pass_by_value, reason = "to be passed to map_err")]
pub fn unanswered(error: std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::Interrupted => Error::new(Code::Interrupted, "interrupted"),
        _ => Error::internal("cannot ask on the terminal").caused_by(&error),
    }
}
