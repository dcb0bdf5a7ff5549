//! `task create|stop` and the dispatch of `task VERB`.

use serde_json::{Value, json};

use super::list::objects;
use super::prompt::{self, Source};
use super::{Context, agents, batch, delete, describe, list, logs, run, stop, transcript, wait, writes};
use crate::api::kinds::TASK;
use crate::api::{Task, validate};
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
        TaskCommand::Logs(args) => logs::of_task(context, args).await,
        TaskCommand::Wait(args) => wait::run(context, &TASK, args).await,
        TaskCommand::Stop(args) => stop_command(context, args).await,
        TaskCommand::Delete(args) => delete::run(context, &TASK, args).await,
        TaskCommand::Transcript(args) => transcript::run(context, &TASK, args).await,
    }
}

async fn create_command(context: &Context, args: &CreateTask) -> Result<()> {
    let stored = create(context, &args.task).await?;
    let name = stored["metadata"]["name"].as_str().unwrap_or_default();
    if args.wait {
        return run::to_its_end(context, &stored, &args.task, false).await;
    }
    created(context, &stored, &args.task.output.format())?;
    context.printer.note(&format!("follow it with: kubectl opencode task logs -f {name}"));
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

/// Creates the task that was typed.
pub async fn create(context: &Context, args: &NewTask) -> Result<Value> {
    let source = prompt::text_or_manifest(args.prompt.as_deref(), args.filename.as_deref(), &TASK, LIMITS)?;
    let mut object = match source {
        Some(Source::Manifest(object)) => object,
        Some(Source::Prompt(text)) => json!({
            "apiVersion": TASK.api_version(),
            "kind": TASK.kind,
            "metadata": {},
            "spec": {"description": text},
        }),
        None => {
            return Err(Error::usage("there is no prompt")
                .hint("give it as an argument, in a file with -f FILE, or on standard input with -"));
        }
    };
    let named = object["metadata"].get("name").is_some() || object["metadata"].get("generateName").is_some();
    match &args.name {
        Some(name) => object["metadata"]["name"] = name.as_str().into(),
        None if !named => object["metadata"]["name"] = writes::made_up_name("task").into(),
        None => {}
    }
    for (key, value) in writes::labels(&args.labels)? {
        object["metadata"]["labels"][key] = value;
    }
    if let Some(timeout) = args.timeout {
        object["spec"]["timeout"] = timeout.to_string().into();
    }
    if let Some(template) = &args.template {
        object["spec"]["templateRef"] = json!({"name": template});
    }
    if let Some(agent) = &args.agent {
        object["spec"]["agentRef"] = json!({"name": agent});
    }
    // What is wrong in itself is told before the cluster is asked anything.
    let refers = object["spec"].get("agentRef").is_some() || object["spec"].get("templateRef").is_some();
    if !refers {
        object["spec"]["agentRef"] = json!({"name": args.agent.as_deref().unwrap_or("default")});
    }
    let task: Task = wait::read(&object)?;
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    validate::check(&format!("task/{name}"), validate::task(&task))?;
    if object["spec"].get("templateRef").is_none() {
        let named = task.spec.agent_ref.as_ref().map(|agent| agent.name.as_str()).filter(|_| refers);
        let agent = agents::choose(context, named).await?;
        object["spec"]["agentRef"] = json!({"name": agent});
    }
    writes::create(context, &TASK, object).await
}

async fn stop_command(context: &Context, args: &StopTask) -> Result<()> {
    let names = batch::names(context, &TASK, &args.targets).await?;
    batch::each(
        &names,
        "cannot stop",
        async |name| stop::task(context, name).await,
        |name, stopped| {
            if !stopped {
                context.printer.note(&format!("task {name} has ended already"));
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
