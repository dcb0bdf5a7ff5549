//! `explain TOPIC`: what a user has to know and no `--help` has room for.

use super::Context;
use crate::cli::ExplainArgs;
use crate::error::{Code, Error, Result};
use crate::output::Table;
use crate::sandbox::model;

/// A topic: its name, what it is about, its text.
type Topic = (&'static str, &'static str, fn() -> String);

const TOPICS: &[Topic] = &[
    ("errors", "exit statuses, error codes, and what to do about them", errors),
    ("offline-model", "what the sandbox's offline model answers, and how to direct it", model::explain),
];

/// Prints a topic, or the list of topics.
pub fn run(context: &Context, args: &ExplainArgs) -> Result<()> {
    let Some(wanted) = &args.topic else {
        let mut table = Table::new(["Topic", "About"]);
        for (name, about, _) in TOPICS {
            table.row([*name, *about]);
        }
        return context.printer.print(&table.render(true, false));
    };
    if let Some((_, _, text)) = TOPICS.iter().find(|(name, ..)| name == wanted) {
        return context.printer.print(&text());
    }
    let names: Vec<_> = TOPICS.iter().map(|(name, ..)| *name).collect();
    let hint = format!("the topics are: {}", names.join(", "));
    Err(Error::new(Code::NotFound, format!("no topic `{wanted}`")).hint(hint))
}

fn errors() -> String {
    let mut table = Table::new(["Exit", "Code", "Retry may help"]).right(0);
    for (_, name, status, retryable) in Code::TABLE {
        table.row([status.to_string(), (*name).to_owned(), if *retryable { "yes" } else { "no" }.to_owned()]);
    }
    format!(
        "An error is told on stderr, in up to three kinds of lines:\n\n  error: what failed\n  caused by: why\n  \
         hint: the command to run next\n\nWith -o json stderr gets one object instead:\n\n  \
         {{\"error\":{{\"code\":…,\"message\":…,\"cause\":…,\"hint\":…,\"retryable\":…}}}}\n\n\
         The code decides the exit status. 0 is success, also when the reader of stdout goes away (`| head -1`).\n\
         1 is the outcome of the work itself: the task or session failed, was stopped, or ran out of its time.\n\
         130 and 143 mean that the signal INT or TERM ended us; the work on the cluster goes on.\n\
         `attach` and `exec` end with the remote program's own status.\n\n{}",
        table.render(true, false)
    )
}
