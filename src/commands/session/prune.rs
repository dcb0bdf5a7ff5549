//! `session prune`: clears away sessions that ended, that nobody uses, and conversations whose session is gone.

use jiff::Timestamp;
use serde_json::Value;

use super::unmanaged::{self, Unmanaged};
use crate::api::GoDuration;
use crate::api::kinds::SESSION;
use crate::cli::flags::{DryRun, Listing, Selection};
use crate::cli::verbs::Prune;
use crate::commands::confirm::confirmed;
use crate::commands::list::objects::{self, text_at};
use crate::commands::{Context, batch, writes};
use crate::error::{Error, Result};
use crate::output::{Format, Untrusted, count};

/// Clears away what was chosen; what ended, if nothing was.
pub async fn run(context: &Context, args: &Prune) -> Result<()> {
    let finished = args.finished || (args.idle.is_none() && !args.orphaned);
    if args.orphaned && args.selector.is_some() {
        return Err(Error::usage("a conversation without a session has no labels").hint("leave out -l or --orphaned"));
    }
    let names = if finished || args.idle.is_some() { sessions(context, args, finished).await? } else { Vec::new() };
    let orphans = if args.orphaned {
        let (found, failures) = unmanaged::find(context, false, &[]).await?;
        failures.into_result_of("cannot ask", "agent")?;
        found.into_iter().filter(|unmanaged| unmanaged.orphaned).collect()
    } else {
        Vec::new()
    };
    if names.is_empty() && orphans.is_empty() {
        context.printer.note("there is nothing to clear away");
        return Ok(());
    }
    if !args.yes && args.dry_run == DryRun::None {
        let what = [(names.len(), "session"), (orphans.len(), "orphaned conversation")];
        let what = what.iter().filter(|(number, _)| *number > 0).map(|(number, what)| count(*number, what));
        let question = format!("delete {}?", what.collect::<Vec<_>>().join(" and "));
        if !confirmed(context, &question, "--yes").await? {
            context.printer.note("nothing was deleted");
            return Ok(());
        }
    }
    let format = args.output.format();
    let told = |what: &str, name: &str| match format {
        Format::Name => context.printer.line(what),
        _ => context.printer.line(&format!("{what}{name} pruned{}", args.dry_run.remark())),
    };
    let each = async |name: &str| {
        if args.dry_run == DryRun::Client {
            return Ok(());
        }
        match writes::delete(context, &SESSION, name, None, args.dry_run == DryRun::Server).await {
            Err(error) if error.code == SESSION.missing => Ok(()),
            deleted => deleted,
        }
    };
    let deleted = batch::each(&names, "cannot delete", each, |name, ()| told(&SESSION.reference(name), "")).await;
    let mut failures = batch::Failures::default();
    if let Err(error) = deleted {
        failures.add(error);
    }
    for Unmanaged { agent, client, remote, .. } in orphans {
        let gone = async {
            if args.dry_run == DryRun::None {
                client.abort(&remote.id).await?;
                client.delete_session(&remote.id).await?;
            }
            Ok::<_, crate::opencode::Error>(())
        };
        match gone.await {
            Ok(()) => told(&remote.id, &format!(" ({}) on agent \"{agent}\"", Untrusted(&remote.title)))?,
            Err(error) if error.is_not_found() => {}
            Err(error) => failures.add(error.into()),
        }
    }
    failures.into_result("cannot clear away")
}

/// Names of the sessions that ended, and of those without activity for long enough.
async fn sessions(context: &Context, args: &Prune, finished: bool) -> Result<Vec<String>> {
    let namespace = context.cluster().await?.namespace.clone();
    let selection = Selection { selector: args.selector.clone(), ..Selection::default() };
    let listing = Listing { selection, ..Listing::default() };
    let limit = args.idle.and_then(GoDuration::to_std);
    let before = match limit {
        Some(limit) => Some(context.now().checked_sub(limit).map_err(Error::unexpected)?),
        None => None,
    };
    let mut names = Vec::new();
    objects::collection(context, &SESSION, Some(&namespace), &listing, |object| {
        if (finished && has_ended(&object)) || before.is_some_and(|before| is_idle_since(&object, before)) {
            names.push(text_at(&object, "/metadata/name"));
        }
        Ok(())
    })
    .await?;
    Ok(names)
}

fn has_ended(object: &Value) -> bool {
    ["Completed", "Failed"].contains(&text_at(object, "/status/phase").as_str())
}

/// Whether nothing happened in a session since `before`, and nothing happens now.
fn is_idle_since(object: &Value, before: Timestamp) -> bool {
    let time = |path: &str| text_at(object, path).parse::<Timestamp>().ok();
    let last = [time("/status/lastActivityTime"), time("/status/startTime"), time("/metadata/creationTimestamp")];
    let works = ["Busy", "WaitingInput"].contains(&text_at(object, "/status/activity").as_str())
        && text_at(object, "/status/phase") == "Running";
    !works && last.into_iter().flatten().max().is_some_and(|last| last < before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_does_nothing_is_idle() {
        let before: Timestamp = "2026-01-02T00:00:00Z".parse().unwrap();
        let session = |phase: &str, activity: &str, last: &str| {
            json!({"metadata": {"creationTimestamp": "2026-01-01T00:00:00Z"},
                "status": {"phase": phase, "activity": activity, "lastActivityTime": last}})
        };
        assert!(is_idle_since(&session("Running", "Idle", "2026-01-01T10:00:00Z"), before));
        assert!(!is_idle_since(&session("Running", "Busy", "2026-01-01T10:00:00Z"), before));
        assert!(!is_idle_since(&session("Running", "Idle", "2026-01-02T10:00:00Z"), before));
        assert!(is_idle_since(&session("Stopped", "Busy", "2026-01-01T10:00:00Z"), before));
        assert!(!is_idle_since(&json!({}), before), "of which nothing is known");
    }
}
