//! The same prompt for many sessions.

use futures::{StreamExt as _, stream};
use serde_json::json;

use super::{Begun, as_the_session_wants, begin, follow, judge, stored, too_late, wait_until_running};
use crate::api::Session;
use crate::api::kinds::SESSION;
use crate::api::session::SessionPhase;
use crate::cli::approvals::OnPermission;
use crate::cli::flags::{Reference, Selection};
use crate::cli::session::Send;
use crate::commands::list::objects;
use crate::commands::wait::deadline;
use crate::commands::{Context, agents, batch, outcome, settings, target};
use crate::error::{Code, Error, Result};
use crate::opencode::{Prompt, final_text};
use crate::output::{Format, Table, Untrusted};

/// Sessions that are prompted at the same time.
const AT_ONCE: usize = 8;

/// One session's part in a broadcast.
struct Part {
    name: String,
    message: String,
    answer: String,
    failure: Option<Error>,
}

/// Sends the same prompt to every selected session, and reports on each.
pub(super) async fn run(context: &Context, args: &Send, prompt: &Prompt) -> Result<()> {
    let selection = Selection { selector: args.selector.clone(), ..Selection::default() };
    let mut names = objects::names_of(context, &SESSION, &selection).await?;
    if args.all {
        // A broadcast to all means those that can hear it.
        let mut running = Vec::new();
        for name in names {
            let session: Session = agents::get(context, &SESSION, &name).await?;
            if outcome::session_phase(&session) == SessionPhase::Running {
                running.push(name);
            }
        }
        names = running;
    }
    if names.is_empty() {
        context.printer.note(&batch::nothing_found(Some(&context.cluster().await?.namespace)));
        return Ok(());
    }
    let limit = deadline(args.timeout);
    let policy = settings::on_permission(args.on_permission)?;
    context.printer.waiting_for(&match names.len() {
        1 => "waiting for one session".to_owned(),
        count => format!("waiting for {count} sessions"),
    });
    let mut working = stream::iter(names.into_iter().enumerate())
        .map(|(place, name)| async move {
            let work = part(context, args, policy, &name, prompt.clone());
            let done = match limit {
                None => work.await,
                Some(limit) => {
                    tokio::time::timeout_at(limit.at, work).await.unwrap_or_else(|_| Err(too_late(limit, &name)))
                }
            };
            let failed = |error| Part { name, message: String::new(), answer: String::new(), failure: Some(error) };
            (place, done.unwrap_or_else(failed))
        })
        .buffer_unordered(AT_ONCE);
    let mut parts = Vec::new();
    while let Some((place, mut part)) = working.next().await {
        // By ctrl-c in the place of an answer: the person leaves, and is asked nothing more.
        if let Some(error) = part.failure.take_if(|error| error.code == Code::Interrupted) {
            return Err(error);
        }
        parts.push((place, part));
    }
    parts.sort_by_key(|(place, _)| *place);
    let mut parts: Vec<Part> = parts.into_iter().map(|(_, part)| part).collect();
    context.printer.done_waiting();
    report(context, &parts, &args.output.format())?;
    let mut failures = batch::Failures::default();
    for failure in parts.iter_mut().filter_map(|part| part.failure.take().map(|error| (part.name.clone(), error))) {
        let (name, error) = failure;
        let message = format!("session \"{name}\": {}", error.message);
        failures.add(Error { message, ..error });
    }
    failures.into_result("no answer from")
}

async fn part(context: &Context, args: &Send, policy: OnPermission, name: &str, prompt: Prompt) -> Result<Part> {
    let session = wait_until_running(context, name, deadline(args.timeout)).await?;
    let reference = Reference { reference: name.to_owned(), session: None };
    let target = target::resolve(context, &SESSION, &reference).await?;
    let prompt = as_the_session_wants(prompt, session.as_ref())?;
    let (message, end) = match begin(context, &target, &prompt, args.message_id.as_deref()).await? {
        Begun::Answered(message, end) => (message, end),
        Begun::Turn(turn) => {
            if args.no_wait {
                let message = stored(&target, *turn).await?;
                return Ok(Part { name: name.to_owned(), message, answer: String::new(), failure: None });
            }
            let message = turn.prompt().unwrap_or_default().to_owned();
            (message, follow(context, &target, *turn, policy, true).await?)
        }
    };
    let failure = judge(&end.outcome, &target).err();
    Ok(Part { name: name.to_owned(), message, answer: final_text(&end.messages), failure })
}

fn report(context: &Context, parts: &[Part], format: &Format) -> Result<()> {
    let result = |part: &Part| match &part.failure {
        Some(error) => error.code.name(),
        None if part.answer.is_empty() => "sent",
        None => "answered",
    };
    if *format == Format::Name {
        return parts.iter().try_for_each(|part| context.printer.line(&Untrusted(&part.message).text()));
    }
    if format.is_structured() {
        let items: Vec<_> = parts
            .iter()
            .map(|part| {
                let error = part.failure.as_ref().map(ToString::to_string);
                json!({"session": part.name, "result": result(part), "messageID": part.message, "answer": part.answer, "error": error})
            })
            .collect();
        return context.printer.structured(&json!({ "items": items }), format, true);
    }
    let mut table = Table::new(["Session", "Result", "Message", "Answer"]);
    for part in parts {
        let told = part.failure.as_ref().map_or_else(|| part.answer.clone(), ToString::to_string);
        let line = told.trim().lines().next().unwrap_or_default().to_owned();
        table.row([part.name.clone(), result(part).to_owned(), part.message.clone(), line]);
    }
    context.printer.print(&table.render(true, context.printer.colour()))
}
