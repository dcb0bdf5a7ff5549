//! `session VERB`: one file for each family of verbs.

mod chat;
mod copies;
mod create;
mod export;
mod prune;
mod slash;
mod spec;
mod toggle;
mod turns;
mod unmanaged;

pub use create::{LIMITS, repository, typed};

use super::{Context, approvals, attach, delete, describe, list, send, transcript, wait};
use crate::api::kinds::SESSION;
use crate::cli::session::SessionCommand;
use crate::error::Result;

/// Does what `session VERB` says; the number is the exit status.
pub async fn dispatch(context: &Context, command: &SessionCommand) -> Result<u8> {
    let done = match command {
        SessionCommand::Create(args) => create::run(context, args).await,
        SessionCommand::List(args) if args.unmanaged => unmanaged::list(context, &args.listing).await,
        SessionCommand::List(args) => list::of_kind(context, &SESSION, &[], &args.listing).await,
        SessionCommand::Get(args) => list::of_kind(context, &SESSION, &args.names, &args.listing).await,
        SessionCommand::Describe(args) => describe::of_kind(context, &SESSION, args).await,
        SessionCommand::Set(args) => spec::set(context, args).await,
        SessionCommand::Edit(args) => spec::edit(context, args).await,
        SessionCommand::Label(args) => spec::mark(context, args, "labels").await,
        SessionCommand::Annotate(args) => spec::mark(context, args, "annotations").await,
        SessionCommand::Send(args) => send::run(context, args).await,
        SessionCommand::Chat(args) => chat::run(context, args).await,
        SessionCommand::Command(args) => slash::run(context, args).await,
        SessionCommand::Commands(args) => turns::commands(context, args).await,
        SessionCommand::Transcript(args) => transcript::run(context, &SESSION, args).await,
        SessionCommand::Todo(args) => turns::todo(context, args).await,
        SessionCommand::Children(args) => turns::children(context, args).await,
        SessionCommand::Diff(args) => turns::diff(context, args).await,
        SessionCommand::Revert(args) => turns::revert(context, args).await,
        SessionCommand::Unrevert(args) => turns::unrevert(context, args).await,
        SessionCommand::Fork(args) => copies::fork(context, args).await,
        SessionCommand::Clone(args) => copies::clone(context, args).await,
        SessionCommand::Move(args) => copies::relocate(context, args).await,
        SessionCommand::Export(args) => export::run(context, args).await,
        SessionCommand::Import(args) => copies::import(context, args).await,
        SessionCommand::Adopt(args) => copies::adopt(context, args).await,
        SessionCommand::Share(args) => turns::share(context, args, true).await,
        SessionCommand::Unshare(args) => turns::share(context, args, false).await,
        SessionCommand::Endpoint(args) => turns::endpoint(context, args).await,
        SessionCommand::Wait(args) => wait::run(context, &SESSION, args).await,
        SessionCommand::Interrupt(args) => toggle::interrupt(context, args).await,
        SessionCommand::Stop(args) => toggle::toggle(context, args, true).await,
        SessionCommand::Start(args) => toggle::toggle(context, args, false).await,
        SessionCommand::Restart(args) => toggle::restart(context, args).await,
        SessionCommand::Approve(args) => approvals::approve(context, args).await,
        SessionCommand::Reject(args) => approvals::reject(context, args).await,
        SessionCommand::Answer(args) => approvals::answer(context, args).await,
        SessionCommand::Attach(args) => return attach::run(context, &args.reference, &args.options).await,
        SessionCommand::Delete(args) => delete::run(context, &SESSION, args).await,
        SessionCommand::Prune(args) => prune::run(context, args).await,
    };
    done.map(|()| 0)
}
