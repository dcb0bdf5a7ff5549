//! What the verbs of one noun have in common and the derived parser cannot know: the kind of object that they work on.

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command};

use super::listing::{WITH_AGENT, WITH_PHASE};
use crate::api::kinds::{Kind, TEMPLATE};

/// The parser, told the kind of each noun: names may be written as `-o name` writes them, and flags that the kind has no use
/// for are not shown.
pub fn told(command: Command) -> Command {
    command.mut_subcommands(|noun| match Kind::from_word(noun.get_name()) {
        Some(kind) => noun.mut_subcommands(|verb| of_kind(verb, kind)),
        None => noun,
    })
}

fn of_kind(verb: Command, kind: &'static Kind) -> Command {
    let creates = verb.get_name() == "create";
    let lists = ["list", "get"].contains(&verb.get_name());
    verb.mut_args(|arg| match arg.get_id().as_str() {
        // A template is of agents or of sessions: its kind says more than the noun.
        "name" | "names" if arg.is_positional() && !creates && *kind != TEMPLATE => named(arg, kind),
        "phases" if lists && !WITH_PHASE.contains(&kind) => arg.hide(true),
        "agents" if lists && !WITH_AGENT.contains(&kind) => arg.hide(true),
        _ => arg,
    })
}

fn named(arg: Arg, kind: &'static Kind) -> Arg {
    arg.value_parser(move |word: &str| match kind.name_in(word) {
        Some(name) => Ok(name.to_owned()),
        None => Err(format!("\"{word}\" is no {}", kind.noun)),
    })
}

/// A verb that only nouns have is told with them; anything else as the parser has it, but for commands that nobody types.
pub fn explained(mut error: clap::Error, parser: &Command) -> clap::Error {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return error };
    let has = |noun: &&Command| Kind::from_word(noun.get_name()).is_some() && noun.find_subcommand(word).is_some();
    let nouns: Vec<_> = parser.get_subcommands().filter(has).map(Command::get_name).collect();
    if !nouns.is_empty() {
        let hint = format!("say it with its noun: kubectl opencode {} {word} …", nouns.join("|"));
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![hint.into()]));
    } else if let Some(ContextValue::Strings(mut alike)) = error.remove(ContextKind::SuggestedSubcommand) {
        alike.retain(|name| !name.starts_with("__"));
        if !alike.is_empty() {
            error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(alike));
        }
    }
    error
}
