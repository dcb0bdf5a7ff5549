//! `explain TOPIC`: what a user has to know and no `--help` has room for.

use std::fmt::Write as _;

use super::rights::{BEYOND, FEATURES, resource};
use super::{Context, config};
use crate::api::session::TRANSITIONS;
use crate::cli::ExplainArgs;
use crate::error::{Code, Error, Result};
use crate::output::Table;
use crate::sandbox::model;

/// A topic: its name, what it is about, its text.
type Topic = (&'static str, &'static str, fn() -> String);

const TOPICS: &[Topic] = &[
    ("errors", "exit statuses, error codes, and what to do about them", errors),
    ("lifecycle", "the phases of tasks, sessions and agents, and what moves them", lifecycle),
    ("providers", "how agents come to a model: providers, keys, and where they are kept", providers),
    (
        "settings",
        "what need not be said every time: where settings stand, which there are, and variables",
        config::explain,
    ),
    ("rbac", "which rights the commands need, and the roles that give them", rbac),
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
    Err(Error::new(Code::NotFound, format!("no topic \"{wanted}\"")).hint(hint))
}

/// Every topic and what it is about.
pub fn topics() -> impl Iterator<Item = (&'static str, &'static str)> {
    TOPICS.iter().map(|(name, about, _)| (*name, *about))
}

fn providers() -> String {
    "\
An agent asks a model through a provider. OpenCode's own configuration names both; it is part of the Agent:

  kubectl opencode agent create dev --config '{\"model\": \"anthropic/claude-sonnet-4-5\"}'

The key of a provider is a Secret, which the Agent names in spec.credentials; its value becomes a variable of the server's
environment. It never stands in a command line, in a log or in the Agent itself:

  kubectl create secret generic anthropic --from-file=key=FILE

  spec:
    credentials:
    - name: anthropic
      secretRef: {name: anthropic, key: key}
      env: ANTHROPIC_API_KEY

  Which models an agent can use:   ask its server, /models in the terminal of `kubectl opencode attach`
  Another model for one session:   kubectl opencode session create --model PROVIDER/MODEL
  Another model for one prompt:    kubectl opencode session send NAME TEXT --model PROVIDER/MODEL

A provider that refuses or does not answer makes the turn fail: session_failed or task_failed, exit status 1.
In the sandbox an agent without any configuration gets the offline model: kubectl opencode explain offline-model
"
    .to_owned()
}

fn rbac() -> String {
    let mut table = Table::new(["Commands", "Verbs", "Resources"]);
    for feature in &FEATURES {
        let mut commands = feature.commands;
        for (group, name, verbs) in feature.rights {
            table.row([commands, &verbs.join(", "), &resource(group, name)]);
            commands = "";
        }
    }
    let mut beyond = Table::new(["Beyond these roles", "Verbs", "Resources"]);
    for (what, verbs, resources) in BEYOND {
        beyond.row([what, verbs, resources]);
    }
    format!(
        "The cluster's RBAC is the only login: what the user of the kubeconfig may do, the commands can do.\n\n{}\n\
         A refusal names the verb, the resource and the namespace, exits with 4, and shows the line that asks the cluster:\n\n  \
         kubectl auth can-i create tasks.kubeopencode.io -n team\n\n\
         `kubectl opencode doctor` asks for all of them. Who may run programs in Pods need not forward ports: one carries the\n\
         bytes. `kubectl opencode install` brings two ClusterRoles:\n\n  \
         kubectl-opencode-viewer   to look\n  \
         kubectl-opencode-user     to look, to create, to stop, to delete, to talk and to attach\n\n\
         To give one to a user in a namespace:\n\n  \
         kubectl create rolebinding jane --clusterrole=kubectl-opencode-user --user=jane -n team\n\n\
         Who has the built-in role `admin`, `edit` or `view` in a namespace may do so with its Sessions, too: two further\n\
         ClusterRoles add them (kubectl-opencode-sessions-edit, kubectl-opencode-sessions-view).\n\n{}",
        table.render(true, false),
        beyond.render(true, false)
    )
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
         1 is the outcome of the work itself: the task or session failed, was stopped, or hit its time limit.\n\
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
  A task does not wait for a person: `opencode run` in its Pod rejects permission requests and dismisses questions. What
  asks is a session, or a task of an agent with a command of its own.
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

{transitions}
AGENT    a running OpenCode server with a workspace

  `agent suspend` scales it to zero: its sessions wait, its workspace stays where it has a volume.
  `agent resume` brings it back. An agent with --standby suspends itself, and the next task wakes it.
"
    .replace("{transitions}", &transitions())
}

/// The arrows of the picture, one by one.
fn transitions() -> String {
    let mut text = String::new();
    for (from, to, when) in TRANSITIONS {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {:<9} ─► {:<9}  {when}", from.as_str(), to.as_str());
    }
    text
}
