//! `session chat`: a conversation line by line, for terminals on which no full-screen interface runs.
//!
//! ```text
//! line = "/exit" | "/help" | "/" command [ arguments ] | text      a text may begin with "//" to mean a "/"
//! ```
//!
//! On a terminal lines are edited, completed (tab, commands) and brought back (arrow up, kept in this chat alone). Elsewhere
//! each line of standard input is a prompt, and the answers are printed one after the other.

use std::io::{BufRead as _, IsTerminal as _};
use std::sync::{Arc, Mutex, PoisonError};

use dialoguer::{BasicHistory, Completion, Input};

use super::slash;
use crate::api::kinds::SESSION;
use crate::cli::verbs::Chat;
use crate::commands::target;
use crate::commands::{Context, send};
use crate::error::{Code, Error, Result};
use crate::opencode::Prompt;

const HELP: &str =
    "/exit, or ctrl-c at an empty line, leaves; the session stays. Lines that begin with / are commands of the agent:";

/// What the chat itself knows.
const OWN: [&str; 2] = ["exit", "help"];

struct Commands(Vec<String>);

impl Completion for Commands {
    fn get(&self, input: &str) -> Option<String> {
        slash::complete(&self.0, input)
    }
}

/// Talks until the person leaves.
pub async fn run(context: &Context, args: &Chat) -> Result<()> {
    let session = send::wait_until_running(context, &args.reference.reference, None).await?;
    let target = target::resolve(context, &SESSION, &args.reference).await?;
    let mut known = slash::names(&target).await?;
    known.extend(OWN.map(str::to_owned));
    let spec = session.map(|session| session.spec).unwrap_or_default();
    if std::io::stdin().is_terminal() {
        context.printer.note(&format!("talking to {}; /help tells more", target.reference));
    }
    let lines = Lines { history: Arc::new(Mutex::new(BasicHistory::new().no_duplicates(true))), known: known.clone() };
    while let Some(line) = lines.next(context.printer.streams().can_prompt()).await? {
        let line = line.trim();
        let said = match slash::parse(line) {
            _ if line.is_empty() => continue,
            Some(("exit" | "quit", _)) => break,
            Some(("help", "")) => {
                let known: Vec<_> = known.iter().map(|name| format!("/{name}")).collect();
                context.printer.note(&format!("{HELP} {}", known.join(" ")));
                continue;
            }
            Some((command, arguments)) => slash::say(context, &target, command, arguments, args.on_permission).await,
            None => {
                let text = line.strip_prefix('/').filter(|rest| rest.starts_with('/')).unwrap_or(line);
                let mut prompt = Prompt::text(text);
                prompt.agent.clone_from(&spec.mode);
                prompt.model = spec.model.as_deref().and_then(crate::opencode::Model::parse);
                let told = async {
                    let turn = target.client.start_turn(&target.session, &prompt).await?;
                    let end = send::follow(context, &target, turn, args.on_permission, false).await?;
                    send::judge(&end.outcome, &target)
                };
                told.await
            }
        };
        match said {
            Ok(()) => {}
            // A turn that failed is told, and the talk goes on; on a pipe it ends the command with the true status.
            Err(error) if context.printer.streams().can_prompt() && !ends(error.code) => {
                context.printer.failure(&error, false);
            }
            Err(error) => return Err(error),
        }
    }
    context.printer.note(&format!("the session stays: kubectl opencode session chat {}", target.reference));
    Ok(())
}

fn ends(code: Code) -> bool {
    matches!(code, Code::ClusterUnreachable | Code::Unauthenticated | Code::Forbidden | Code::OutputClosed)
}

/// Where lines come from.
struct Lines {
    history: Arc<Mutex<BasicHistory>>,
    known: Vec<String>,
}

impl Lines {
    /// The next line; none at the end.
    async fn next(&self, edited: bool) -> Result<Option<String>> {
        let cannot = |error: &(dyn std::error::Error + 'static)| Error::internal("cannot read a line").caused_by(error);
        let (history, commands) = (Arc::clone(&self.history), Commands(self.known.clone()));
        let read = tokio::task::spawn_blocking(move || {
            if !edited {
                let mut line = String::new();
                let read = std::io::stdin().lock().read_line(&mut line)?;
                return Ok((read > 0).then_some(line));
            }
            let mut history = history.lock().unwrap_or_else(PoisonError::into_inner);
            let input = Input::<String>::new().with_prompt(">").allow_empty(true);
            match input.history_with(&mut *history).completion_with(&commands).interact_text() {
                Ok(line) => Ok(Some(line)),
                Err(dialoguer::Error::IO(error)) => match error.kind() {
                    std::io::ErrorKind::Interrupted | std::io::ErrorKind::UnexpectedEof => Ok(None),
                    _ => Err(error),
                },
            }
        });
        read.await.map_err(|error| cannot(&error))?.map_err(|error| cannot(&error))
    }
}
