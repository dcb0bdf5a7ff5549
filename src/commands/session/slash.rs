//! `session command`: a slash command of the agent, run in a conversation.
//!
//! The server answers when the command's turn is over, so its events are followed meanwhile.

use std::time::Duration;

use futures::StreamExt as _;

use super::turns::in_its_directory;
use crate::api::kinds::SESSION;
use crate::cli::approvals::OnPermission;
use crate::cli::verbs::SlashCommand;
use crate::commands::answer::Answer;
use crate::commands::approvals::Responder;
use crate::commands::missed::Missed;
use crate::commands::target::{self, Target};
use crate::commands::{Context, send, settings};
use crate::error::{Code, Error, Result};
use crate::opencode::{self, Followed, MessageQuery};

/// Longest turn of a command.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Runs a command and prints its answer.
pub async fn run(context: &Context, args: &SlashCommand) -> Result<()> {
    send::wait_until_running(context, &args.reference.reference, None).await?;
    let target = target::resolve(context, &SESSION, &args.reference).await?;
    let policy = settings::on_permission(args.on_permission)?;
    say(context, &target, &args.command, &args.arguments.join(" "), policy).await
}

/// The names of the commands that the agent knows.
pub async fn names(target: &Target) -> Result<Vec<String>> {
    let (place, _) = in_its_directory(target).await?;
    let known = place.request(http::Method::GET, "/command", &[], None).await?;
    let names = known.as_array().into_iter().flatten().filter_map(|command| command["name"].as_str());
    Ok(names.map(str::to_owned).collect())
}

/// Runs one command in a conversation.
pub async fn say(
    context: &Context,
    target: &Target,
    command: &str,
    arguments: &str,
    policy: OnPermission,
) -> Result<()> {
    let command = command.trim_start_matches('/');
    let known = names(target).await?;
    if !known.iter().any(|name| name == command) {
        let known: Vec<_> = known.iter().map(|name| format!("/{name}")).collect();
        return Err(Error::new(Code::NotFound, format!("{} has no command /{command}", target.reference))
            .because(match known.as_slice() {
                [] => "its agent has no commands".to_owned(),
                known => format!("the commands are: {}", known.join(", ")),
            })
            .hint(format!("kubectl opencode session commands {}", target.typed())));
    }
    let (place, _) = in_its_directory(target).await?;
    let id = target.session.as_str();
    let mut answer = Answer::new(context, id, false);
    answer.skip(&place.messages(id, &MessageQuery::default()).await?);
    let mut responder = Responder::new(context, policy, id, &target.reference);
    let mut events = place.follow_events();
    if let Some(Followed::Lost(error)) = events.next().await {
        return Err(error.into());
    }
    context.leaves_behind(
        "the session goes on with its answer",
        format!("kubectl opencode session transcript {}", target.typed()),
    );
    context.printer.waiting_for("waiting for the answer");
    let mut missed = Missed::nothing(context);
    let mut running = std::pin::pin!(place.command(id, command, arguments, LONGEST));
    let last = loop {
        tokio::select! {
            ended = &mut running => break ended,
            Some(followed) = events.next() => match followed {
                Followed::Event(event) => {
                    answer.event(&event)?;
                    missed.unless(responder.event(&place, &event).await)?;
                }
                Followed::Connected => missed.asked(responder.look(&place).await)?,
                Followed::Lost(error) => missed.lost(error),
            },
            () = missed.ask_again() => missed.asked(responder.look(&place).await)?,
        }
    };
    context.printer.done_waiting();
    let last = last.map_err(|error| match error {
        opencode::Error::Broken { .. } | opencode::Error::Timeout { .. } => {
            let error = Error::from(error);
            error.because("the command goes on").hint(format!("kubectl opencode session transcript {}", target.typed()))
        }
        error => error.into(),
    })?;
    let end = place.turn_end(id, last.info.parent_id.as_deref()).await?;
    let end = end.ok_or_else(|| {
        Error::new(Code::Unsupported, "cannot understand the OpenCode server's answer")
            .because("a command that was never said")
    })?;
    answer.finish(&end.messages)?;
    send::judge(&end.outcome, target)
}

/// `/NAME ARGUMENTS` as command and arguments; none for a text that is no command.
pub fn parse(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix('/')?;
    let (name, arguments) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let plain = |name: &str| name.chars().all(|letter| letter.is_alphanumeric() || "-_.:".contains(letter));
    (!name.is_empty() && plain(name)).then_some((name, arguments.trim()))
}

/// The commands that begin as typed, with their slash.
pub fn begun(known: &[String], typed: &str) -> Vec<String> {
    let Some(typed) = typed.strip_prefix('/') else { return Vec::new() };
    known.iter().filter(|name| name.starts_with(typed)).map(|name| format!("/{name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_at_the_beginning_makes_a_command() {
        assert_eq!(parse("/init"), Some(("init", "")));
        assert_eq!(parse("/review  the last commit "), Some(("review", "the last commit")));
        assert_eq!(parse("//not one"), None);
        assert_eq!(parse("/etc/passwd is a file"), None);
        assert_eq!(parse("and /init"), None);
    }

    #[test]
    fn commands_are_found_by_their_beginning() {
        let known: Vec<String> = ["init", "review", "release"].map(String::from).into();
        assert_eq!(begun(&known, "/i"), ["/init"]);
        assert_eq!(begun(&known, "/re"), ["/review", "/release"]);
        assert_eq!(begun(&known, "x"), [""; 0]);
    }
}
