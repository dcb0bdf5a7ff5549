//! Questions to the person at the terminal.

use super::Context;
use crate::error::{Error, Result};

/// Asks on the terminal; elsewhere the flag has to be given.
pub fn confirmed(context: &Context, question: &str, flag: &str) -> Result<bool> {
    if !context.printer.streams().can_prompt() {
        return Err(Error::usage("this has to be confirmed, and there is no terminal to ask on")
            .because(question.trim_end_matches('?'))
            .hint(format!("say so with {flag}")));
    }
    dialoguer::Confirm::new()
        .with_prompt(question)
        .default(false)
        .interact_opt()
        .map(|answer| answer == Some(true))
        .map_err(|dialoguer::Error::IO(error)| Error::internal("cannot ask on the terminal").caused_by(&error))
}
