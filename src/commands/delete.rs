//! `delete`: what is named, and what is chosen otherwise once that is confirmed; waits until it is gone, as kubectl does.

use jiff::Timestamp;
use serde_json::Value;

use super::confirm::confirmed;
use super::list::{filter, objects};
use super::wait::{State, deadline, until};
use super::{Context, batch, prompt, stop, writes};
use crate::api::kinds::{Kind, SESSION, TASK};
use crate::api::session::Activity;
use crate::api::{GoDuration, Session, Task};
use crate::cli::flags::{Delete, DryRun, Listing};
use crate::error::{Code, Error, Result};
use crate::output::{self, Format, Untrusted};
use objects::text_at;

/// Most names in a question.
const NAMED: usize = 10;

/// Deletes every target.
pub async fn run(context: &Context, kind: &'static Kind, args: &Delete) -> Result<()> {
    let names = names(context, kind, args).await?;
    let namespace = context.cluster().await?.namespace.clone();
    let limit = deadline(args.timeout);
    let (wait, dry_run) = (args.wait && !args.no_wait, args.dry_run);
    batch::each(
        &names,
        "cannot delete",
        async |name| {
            match one(context, kind, name, args).await {
                Err(error) if error.code == kind.missing && args.ignore_not_found => return Ok(false),
                result => result?,
            }
            if wait && dry_run == DryRun::None {
                until(context, kind, name, &State::Deleted, limit).await?;
            }
            Ok(true)
        },
        |name, deleted| match args.output.format() {
            _ if !deleted => Ok(()),
            Format::Name => context.printer.line(&kind.reference(name)),
            _ => {
                let what = kind.reference("");
                let (how, name) = (dry_run.remark(), Untrusted(name));
                context
                    .printer
                    .line(&format!("{} \"{name}\" deleted from {namespace} namespace{how}", what.trim_end_matches('/')))
            }
        },
    )
    .await
}

/// What is named, or what was chosen otherwise and confirmed.
async fn names(context: &Context, kind: &'static Kind, args: &Delete) -> Result<Vec<String>> {
    if !args.names.is_empty() {
        return Ok(args.names.clone());
    }
    if let Some(file) = &args.filename {
        let objects = prompt::manifests(file, kind)?;
        return Ok(objects.iter().map(|object| text_at(object, "/metadata/name")).collect());
    }
    let names = if args.older_than.is_some() || args.keep.is_some() {
        surplus(context, kind, args).await?
    } else {
        objects::names_of(context, kind, &args.selection).await?
    };
    let (count, noun) = (names.len(), kind.noun);
    if count == 0 {
        context.printer.note(&batch::nothing_found(Some(&context.cluster().await?.namespace)));
    } else if !args.yes && args.dry_run == DryRun::None {
        let some: Vec<_> = names.iter().take(NAMED).map(String::as_str).collect();
        let more = if count > NAMED { ", …" } else { "" };
        let question = format!("delete {}: {}{more}?", output::count(count, noun), some.join(", "));
        if !confirmed(context, &question, "--yes").await? {
            context.printer.note("nothing was deleted");
            return Ok(Vec::new());
        }
    }
    Ok(names)
}

/// What is older than wanted, or more: of tasks and sessions, only among those that ended by themselves.
async fn surplus(context: &Context, kind: &'static Kind, args: &Delete) -> Result<Vec<String>> {
    let namespace = context.cluster().await?.namespace.clone();
    let listing = Listing { selection: args.selection.clone(), ..Listing::default() };
    let mut found = Vec::new();
    objects::collection(context, kind, Some(&namespace), &listing, |object| {
        let ended = ["Completed", "Failed"].contains(&text_at(&object, "/status/phase").as_str());
        if ended || ![&TASK, &SESSION].contains(&kind) {
            let since = text_at(&object, "/status/completionTime").parse::<Timestamp>().ok();
            found.push((since.or_else(|| filter::made(&object)), text_at(&object, "/metadata/name")));
        }
        Ok(())
    })
    .await?;
    found.sort_by(|left, right| right.cmp(left));
    let age = args.older_than.and_then(GoDuration::to_std);
    let before = age.map(|age| context.now().checked_sub(age).unwrap_or(Timestamp::MIN));
    let old = |since: &Option<Timestamp>| before.is_none_or(|before| since.is_some_and(|since| since < before));
    Ok(found.into_iter().skip(args.keep.unwrap_or(0)).filter(|(since, _)| old(since)).map(|(_, name)| name).collect())
}

/// Deletes an object whose name is wanted for another one, and waits until it is gone.
pub async fn to_make_room(context: &Context, kind: &'static Kind, name: &str) -> Result<()> {
    one(context, kind, name, &Delete::default()).await?;
    until(context, kind, name, &State::Deleted, None).await.map(drop)
}

async fn one(context: &Context, kind: &'static Kind, name: &str, args: &Delete) -> Result<()> {
    if args.dry_run == DryRun::Client {
        return objects::object(context, kind, name).await.map(drop);
    }
    let mut seen = None;
    if kind.label.is_some() {
        // Somebody else's object of the same kind is not deleted.
        seen = Some(objects::object(context, kind, name).await?);
    }
    if (kind == &SESSION || kind == &TASK) && args.dry_run == DryRun::None {
        // Who may delete and not read deletes; the cluster's own finalizers abort the turn.
        match objects::object(context, kind, name).await {
            Ok(object) => {
                prepare(context, kind, name, &object, args.force).await?;
                seen = Some(object);
            }
            Err(error) if error.code == Code::Forbidden => {}
            Err(error) => return Err(error),
        }
    }
    let uid = seen.map(|object| text_at(&object, "/metadata/uid")).filter(|uid| !uid.is_empty());
    writes::delete(context, kind, name, uid.as_deref(), args.dry_run == DryRun::Server).await
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
        return Err(Error::new(Code::SessionBusy, format!("session \"{name}\" is in the middle of a turn"))
            .hint(format!("kubectl opencode session wait {name} --for idle, or delete it with --force")));
    }
    if busy {
        stop::abort_session(context, &session).await;
    }
    Ok(())
}
