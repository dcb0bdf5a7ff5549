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
    ("lifecycle", "the phases of tasks, sessions and agents, and what moves them", lifecycle),
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

fn lifecycle() -> String {
    "\
TASK     one prompt, run to its end

  Pending ──► Queued ──► Running ──► Completed
     │           ▲          │
     │           │          └──────► Failed
     └───────────┘

  Queued: its agent is suspended, not ready or at capacity, or the quota is used up; the condition Queued says which.
  Completed with the condition Stopped=True: somebody stopped it (UserStopped), or its --timeout passed (Timeout).
  `run` and `task wait` exit with 0 only when the work itself went well.
  `task stop` aborts the agent's turn first, then stops the task. `task delete` does both, and removes it.

SESSION  a conversation that stays

              agent ready, session created
    Pending ───────────────────────────────► Running ──timeout, idleTimeout──► Completed
     │  ▲ ▲                                  │  │  └──agent gone, session lost, deadline──► Failed
     │  │ └── agent pod restarting ──────────┘  │
     │  └────────────── start ◄── Stopped ◄─────┘ stop           start: Completed, Failed, Stopped → Pending
     └── stop → Stopped        delete: from anywhere

  While it runs its activity is Idle, Busy or WaitingInput (somebody has to allow or answer something).
  `session stop` keeps the conversation, `session start` goes on with it, `session delete` removes both.

AGENT    a running OpenCode server with a workspace

  `agent suspend` scales it to zero: its sessions wait, its workspace stays where it has a volume.
  `agent resume` brings it back. An agent with --standby suspends itself, and the next task wakes it.
"
    .to_owned()
}
