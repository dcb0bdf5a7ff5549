//! `session chat`: a conversation line by line, for terminals on which no full-screen interface runs.
//!
//! ```text
//! line = "/exit" | "/help" | "/" command [ arguments ] | text      a text may begin with "//" to mean a "/"
//! ```
//!
//! On a terminal lines are edited with the keys of a shell, completed (tab, commands) and brought back (arrow up, ctrl-r; kept
//! in this chat alone). Elsewhere each line of standard input is a prompt, and the answers are printed one after the other.

use std::io::{BufRead as _, IsTerminal as _};
use std::sync::{Arc, Mutex, PoisonError};

use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{Behavior, CompletionType, Config, Editor};

use super::slash;
use crate::api::kinds::SESSION;
use crate::cli::verbs::Chat;
use crate::commands::{Context, prompt, send, settings, target};
use crate::error::{Code, Error, Result};
use crate::opencode::Prompt;

const HELP: &str = "/exit, or ctrl-d, leaves; the session stays. Lines that begin with / are commands of the agent:";

/// What the chat itself knows.
const OWN: [&str; 2] = ["exit", "help"];

/// What may follow a slash.
struct Commands(Vec<String>);

impl Completer for Commands {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        cursor: usize,
        _: &rustyline::Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok((0, slash::begun(&self.0, line.get(..cursor).unwrap_or_default())))
    }
}

impl rustyline::hint::Hinter for Commands {
    type Hint = String;
}

impl rustyline::highlight::Highlighter for Commands {}
impl rustyline::validate::Validator for Commands {}
impl rustyline::Helper for Commands {}

/// Talks until the person leaves.
pub async fn run(context: &Context, args: &Chat) -> Result<()> {
    let policy = settings::on_permission(args.on_permission)?;
    let session = send::wait_until_running(context, &args.reference.reference, None).await?;
    let target = target::resolve(context, &SESSION, &args.reference).await?;
    let mut known = slash::names(&target).await?;
    known.extend(OWN.map(str::to_owned));
    let spec = session.map(|session| session.spec).unwrap_or_default();
    if std::io::stdin().is_terminal() {
        context.printer.note(&format!("talking to {}; /help tells more", target.reference));
    }
    let lines = Lines::new(context.printer.streams().can_prompt(), &known)?;
    while let Some(line) = lines.next().await? {
        let line = line.trim();
        let said = match slash::parse(line) {
            _ if line.is_empty() => continue,
            Some(("exit" | "quit", _)) => break,
            Some(("help", "")) => {
                let known: Vec<_> = known.iter().map(|name| format!("/{name}")).collect();
                context.printer.note(&format!("{HELP} {}", known.join(" ")));
                continue;
            }
            Some((command, arguments)) => slash::say(context, &target, command, arguments, policy).await,
            None => {
                let text = line.strip_prefix('/').filter(|rest| rest.starts_with('/')).unwrap_or(line);
                let mut prompt = Prompt::text(text);
                prompt.agent.clone_from(&spec.mode);
                prompt.model = spec.model.as_deref().and_then(crate::opencode::Model::parse);
                let told = async {
                    let turn = target.client.start_turn(&target.session, &prompt).await?;
                    let end = send::follow(context, &target, turn, policy, false).await?;
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
    context.printer.note(&format!("the session stays: kubectl opencode session chat {}", target.typed()));
    Ok(())
}

fn ends(code: Code) -> bool {
    matches!(code, Code::ClusterUnreachable | Code::Unauthenticated | Code::Forbidden | Code::OutputClosed)
}

/// Where lines come from: an editor on the terminal, or standard input.
struct Lines(Option<Arc<Mutex<Editor<Commands, MemHistory>>>>);

impl Lines {
    fn new(edited: bool, known: &[String]) -> Result<Self> {
        if !edited {
            return Ok(Self(None));
        }
        // Where standard output is a file it is for the answers alone.
        let behavior = if std::io::stdout().is_terminal() { Behavior::Stdio } else { Behavior::PreferTerm };
        let config = Config::builder().behavior(behavior).completion_type(CompletionType::List);
        let config = config.auto_add_history(true).build();
        let history = MemHistory::with_config(&config);
        let mut editor = Editor::with_history(config, history).map_err(|error| cannot(&error))?;
        editor.set_helper(Some(Commands(known.to_vec())));
        Ok(Self(Some(Arc::new(Mutex::new(editor)))))
    }

    /// The next line; none at the end.
    async fn next(&self) -> Result<Option<String>> {
        let editor = self.0.clone();
        let read = tokio::task::spawn_blocking(move || {
            let Some(editor) = editor else {
                let mut line = Vec::new();
                let read = std::io::stdin().lock().read_until(b'\n', &mut line).map_err(|error| cannot(&error))?;
                return if read > 0 { prompt::decoded(line, None).map(Some) } else { Ok(None) };
            };
            match editor.lock().unwrap_or_else(PoisonError::into_inner).readline("> ") {
                Ok(line) => Ok(Some(line)),
                // As in a shell: another line.
                Err(ReadlineError::Interrupted) => Ok(Some(String::new())),
                Err(ReadlineError::Eof) => Ok(None),
                Err(error) => Err(cannot(&error)),
            }
        });
        read.await.map_err(Error::unexpected)?
    }
}

fn cannot(error: &(dyn std::error::Error + 'static)) -> Error {
    Error::usage("cannot read a line").caused_by(error)
}
