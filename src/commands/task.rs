//! `task create|stop` and the dispatch of `task VERB`.

use serde_json::{Value, json};

use super::create::Told;
use super::list::objects;
use super::prompt::{self, Source};
use super::settings::{self, Layer, reference_to};
use super::{Context, batch, create, delete, describe, list, logs, retry, run, stop, transcript, wait};
use crate::api::kinds::TASK;
use crate::api::validate;
use crate::cli::flags::DryRun;
use crate::cli::run::NewTask;
use crate::cli::task::{CreateTask, StopTask, TaskCommand};
use crate::error::{Error, Result};
use crate::output::{Format, Untrusted, reference};

/// What a task's prompt may be, in the user's words.
const LIMITS: &str = "the prompt of a task may have 128 KiB, because the platform passes it as one argument of a program; \
                      an object of Kubernetes may have about 1.5 MiB";

/// Does what `task VERB` says.
pub async fn dispatch(context: &Context, command: &TaskCommand) -> Result<()> {
    match command {
        TaskCommand::Create(args) => create_command(context, args).await,
        TaskCommand::List(listing) => list::of_kind(context, &TASK, &[], listing).await,
        TaskCommand::Get(args) => list::of_kind(context, &TASK, &args.names, &args.listing).await,
        TaskCommand::Describe(args) => describe::of_kind(context, &TASK, args).await,
        TaskCommand::Logs(args) => logs::run(context, &TASK, args).await,
        TaskCommand::Wait(args) => wait::run(context, &TASK, args).await,
        TaskCommand::Stop(args) => stop_command(context, args).await,
        TaskCommand::Retry(args) => retry::run(context, args).await,
        TaskCommand::Delete(args) => delete::run(context, &TASK, args).await,
        TaskCommand::Transcript(args) => transcript::run(context, &TASK, args).await,
    }
}

async fn create_command(context: &Context, args: &CreateTask) -> Result<()> {
    let (task, dry_run) = (&args.task, args.task.creation.dry_run);
    if args.wait && dry_run == DryRun::None {
        return run::to_its_end(context, &create(context, task).await?, task, false).await;
    }
    let wanted = wanted(context, task).await?;
    let names = create::every(context, &TASK, wanted, &task.creation, &task.output.format()).await?;
    if let ([name], DryRun::None) = (names.as_slice(), dry_run) {
        context.printer.note(&format!("follow it with: kubectl opencode task logs -f {name}"));
    }
    Ok(())
}

/// Says that an object was created: its name for people, the object for programs.
pub fn created(context: &Context, stored: &Value, format: &Format) -> Result<()> {
    done(context, stored, "created", format)
}

/// Says that an object was created, and waits: its name is told at once, an object once it is as wanted.
pub async fn created_and_awaited(
    context: &Context,
    stored: Value,
    format: &Format,
    wanted: impl Future<Output = Result<Option<Value>>>,
) -> Result<()> {
    let name_only = matches!(format, Format::Table | Format::Wide | Format::Name);
    if name_only {
        created(context, &stored, format)?;
    }
    let reached = wanted.await?;
    context.printer.done_waiting();
    if name_only { Ok(()) } else { created(context, &reached.unwrap_or(stored), format) }
}

/// Says what was done to an object.
pub fn done(context: &Context, stored: &Value, what: &str, format: &Format) -> Result<()> {
    match format {
        Format::Table | Format::Wide => context.printer.line(&format!("{} {what}", Untrusted(&reference(stored)))),
        format => objects::print(context, &objects::plain(stored.clone()), format),
    }
}

/// Creates the one task that was typed.
pub async fn create(context: &Context, args: &NewTask) -> Result<Value> {
    let object = create::only(wanted(context, args).await?, "this")?;
    create::one(context, &TASK, object, &args.creation).await
}

/// The tasks that were typed, each checked and with an agent or a template.
async fn wanted(context: &Context, args: &NewTask) -> Result<Vec<Value>> {
    let source = prompt::text_or_manifest(args.prompt.as_deref(), args.filename.as_deref(), &TASK, LIMITS)?;
    let typed = Layer::of_flags([
        ("agent", reference_to(args.agent.as_ref())),
        ("agent-template", reference_to(args.template.as_ref())),
        ("timeout", args.timeout.map(|timeout| timeout.to_string().into())),
    ]);
    let (wanted, is_manifest) = match source {
        Some(Source::Manifests(objects)) => (objects, true),
        Some(Source::Prompt(text)) => (vec![TASK.object(json!({}), json!({"description": text}))], false),
        None => {
            return Err(Error::usage("there is no prompt")
                .hint("give it as an argument, in a file with -f FILE, or on standard input with -"));
        }
    };
    let all = settings::for_new_work(context, typed.clone(), false, args.creation.dry_run).await?.resolve();
    let told = Told { typed: &typed, all: &all, name: args.name.as_deref(), creation: &args.creation };
    create::complete(context, &TASK, wanted, is_manifest, &told, validate::task).await
}

async fn stop_command(context: &Context, args: &StopTask) -> Result<()> {
    let names = batch::names(context, &TASK, &args.targets).await?;
    batch::each(
        &names,
        "cannot stop",
        async |name| stop::task(context, name).await,
        |name, stopped| {
            if !stopped {
                context.printer.note(&format!("task \"{name}\" has ended already"));
            }
            match args.output.format() {
                Format::Name => context.printer.line(&TASK.reference(name)),
                _ if stopped => context.printer.line(&format!("{} stop requested", TASK.reference(name))),
                _ => Ok(()),
            }
        },
    )
    .await
}
