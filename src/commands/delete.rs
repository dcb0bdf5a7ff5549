//! `delete`: what is named, and nothing else; waits until it is gone, as kubectl does.

use serde_json::Value;

use super::list::objects;
use super::wait::{State, deadline, until};
use super::{Context, batch, stop, writes};
use crate::api::kinds::{Kind, SESSION, TASK};
use crate::api::session::Activity;
use crate::api::{Session, Task};
use crate::cli::flags::Delete;
use crate::error::{Code, Error, Result};
use crate::output::{Format, Untrusted};

/// Deletes every target.
pub async fn run(context: &Context, kind: &'static Kind, args: &Delete) -> Result<()> {
    let names = batch::names(context, kind, &args.targets).await?;
    let namespace = context.cluster().await?.namespace.clone();
    let limit = deadline(args.timeout);
    batch::each(
        &names,
        "cannot delete",
        async |name| {
            match one(context, kind, name, args).await {
                Err(error) if error.code == kind.missing && args.ignore_not_found => return Ok(false),
                result => result?,
            }
            if !args.no_wait && !args.dry_run {
                until(context, kind, name, &State::Deleted, limit).await?;
            }
            Ok(true)
        },
        |name, deleted| match args.output.format() {
            _ if !deleted => Ok(()),
            Format::Name => context.printer.line(&kind.reference(name)),
            _ => {
                let what = kind.reference("");
                let how = if args.dry_run { " (dry run)" } else { "" };
                let name = Untrusted(name);
                context
                    .printer
                    .line(&format!("{} \"{name}\" deleted from {namespace} namespace{how}", what.trim_end_matches('/')))
            }
        },
    )
    .await
}

async fn one(context: &Context, kind: &'static Kind, name: &str, args: &Delete) -> Result<()> {
    if (kind == &SESSION || kind == &TASK) && !args.dry_run {
        // Who may delete and not read deletes; the cluster's own finalizers abort the turn.
        match objects::object(context, kind, name).await {
            Ok(object) => prepare(context, kind, name, &object, args.force).await?,
            Err(error) if error.code == Code::Forbidden => {}
            Err(error) => return Err(error),
        }
    }
    writes::delete(context, kind, name, args.dry_run).await.map(drop)
}

/// Refuses to delete a session in the middle of a turn; with `--force`, and for tasks, the turn is aborted first.
async fn prepare(context: &Context, kind: &Kind, name: &str, object: &Value, force: bool) -> Result<()> {
    if kind == &TASK {
        let task: Task = super::wait::read(object)?;
        stop::abort_task(context, &task).await;
        return Ok(());
    }
    let session: Session = super::wait::read(object)?;
    let busy = session.status.as_ref().and_then(|status| status.activity).is_some_and(|now| now != Activity::Idle);
    if busy && !force {
        return Err(Error::new(Code::SessionBusy, format!("session `{name}` is in the middle of a turn"))
            .hint(format!("kubectl opencode session wait {name} --for idle, or delete it with --force")));
    }
    if busy {
        stop::abort_session(context, &session).await;
    }
    Ok(())
}
