//! `session stop|start|restart|interrupt`.

use serde_json::json;

use crate::api::Session;
use crate::api::kinds::SESSION;
use crate::api::session::SessionPhase;
use crate::cli::flags::{DryRun, Reference};
use crate::cli::session::Toggle;
use crate::cli::verbs::{Interrupt, Restart};
use crate::commands::list::objects;
use crate::commands::task::done;
use crate::commands::wait::{Limit, State, deadline, until, what_for};
use crate::commands::{Context, agents, batch, outcome, target, writes};
use crate::error::{Code, Error, Result};
use crate::output::Format;

/// Stops or starts every target. One that is so already stays as it is.
pub async fn toggle(context: &Context, args: &Toggle, stop: bool) -> Result<()> {
    let names = batch::names(context, &SESSION, &args.targets).await?;
    let limit = deadline(args.timeout);
    let verb = if stop { "cannot stop" } else { "cannot start" };
    batch::each(
        &names,
        verb,
        async |name| {
            if !stop && needs_restart(context, name).await? {
                // An ended session is told to start by a change: stopped first, then started.
                stopped(context, name, limit).await?;
            }
            let patch = json!({"spec": {"suspend": stop}});
            let stored = writes::patch(context, &SESSION, name, &patch).await?;
            if !args.wait {
                return Ok(stored);
            }
            let state = if stop { State::Phase("stopped".to_owned()) } else { State::Ready };
            context.printer.waiting_for(&format!("waiting {}", what_for(&SESSION, &[name], &state)));
            Ok(until(context, &SESSION, name, &state, limit).await?.unwrap_or(stored))
        },
        |_, stored| done(context, &stored, if stop { "stopped" } else { "started" }, &args.output.format()),
    )
    .await
}

/// Stops a session, and waits until it is.
async fn stopped(context: &Context, name: &str, limit: Option<Limit>) -> Result<()> {
    writes::patch(context, &SESSION, name, &json!({"spec": {"suspend": true}})).await?;
    until(context, &SESSION, name, &State::Phase("stopped".to_owned()), limit).await.map(drop)
}

/// Whether a session has ended by itself, so that it is not suspended and yet does not run.
async fn needs_restart(context: &Context, name: &str) -> Result<bool> {
    match agents::get::<Session>(context, &SESSION, name).await {
        Ok(session) => Ok(matches!(outcome::session_phase(&session), SessionPhase::Completed | SessionPhase::Failed)),
        Err(error) if error.code == Code::Forbidden => Ok(false),
        Err(error) => Err(error),
    }
}

/// Stops every target and starts it again: what runs in it is aborted, the conversation is kept.
pub async fn restart(context: &Context, args: &Restart) -> Result<()> {
    let names = batch::names(context, &SESSION, &args.targets).await?;
    let limit = deadline(args.timeout);
    let each = async |name: &str| {
        match args.dry_run {
            DryRun::None => {}
            DryRun::Client => return objects::object(context, &SESSION, name).await,
            DryRun::Server => {
                let stop = json!({"spec": {"suspend": true}});
                return writes::patch_or_try(context, &SESSION, name, &stop, true).await;
            }
        }
        context.printer.waiting_for(&format!("restarting session \"{name}\""));
        stopped(context, name, limit).await?;
        let stored = writes::patch(context, &SESSION, name, &json!({"spec": {"suspend": false}})).await?;
        Ok(until(context, &SESSION, name, &State::Ready, limit).await?.unwrap_or(stored))
    };
    let what = format!("restarted{}", args.dry_run.remark());
    batch::each(&names, "cannot restart", each, |_, stored| done(context, &stored, &what, &args.output.format())).await
}

/// Ends the turn of every target; the session stays ready for the next prompt.
pub async fn interrupt(context: &Context, args: &Interrupt) -> Result<()> {
    let names = batch::names(context, &SESSION, &args.targets).await?;
    let limit = deadline(args.timeout);
    let each = async |name: &str| {
        let reference = Reference { reference: name.to_owned(), session: None };
        let stop = async {
            let target = target::resolve(context, &SESSION, &reference).await?;
            let (place, _) = super::turns::in_its_directory(&target).await?;
            let worked = place.session_status().await?.contains_key(&target.session);
            // It returns when the turn has stopped.
            place.abort(&target.session).await?;
            Ok::<_, Error>((target.reference, worked))
        };
        match limit {
            None => stop.await,
            Some(limit) => tokio::time::timeout_at(limit.at, stop).await.unwrap_or_else(|_| {
                Err(limit
                    .passed(&format!("for session \"{name}\" to be interrupted"))
                    .hint(format!("kubectl opencode session stop {name}")))
            }),
        }
    };
    batch::each(&names, "cannot interrupt", each, |_, (reference, worked)| match args.output.format() {
        Format::Table | Format::Wide if !worked => {
            context.printer.note(&format!("{reference} was idle already"));
            Ok(())
        }
        Format::Table | Format::Wide => context.printer.line(&format!("{reference} interrupted")),
        Format::Name => context.printer.line(&reference),
        format => context.printer.structured(&json!({"reference": reference, "interrupted": worked}), &format, true),
    })
    .await
}
