//! `schedule VERB …`.

use serde_json::{Value, json};

use super::task::done;
use super::{Context, agents, batch, create, delete, describe, list, prompt, writes};
use crate::api::kinds::{SCHEDULE, TASK};
use crate::api::{keys, validate};
use crate::cli::flags::{Listing, Selection};
use crate::cli::template::{CreateSchedule, Runs, ScheduleCommand, Switch};
use crate::error::{Code, Error, Result};

/// What the prompt of a schedule's tasks may be, in the user's words.
const LIMITS: &str =
    "the prompt of a task may have 128 KiB, because the platform passes it as one argument of a program";

/// Does what `schedule VERB` says.
pub async fn dispatch(context: &Context, command: &ScheduleCommand) -> Result<()> {
    match command {
        ScheduleCommand::Create(args) => create_command(context, args).await,
        ScheduleCommand::List(listing) => list::of_kind(context, &SCHEDULE, &[], listing).await,
        ScheduleCommand::Get(args) => list::of_kind(context, &SCHEDULE, &args.names, &args.listing).await,
        ScheduleCommand::Describe(args) => describe::of_kind(context, &SCHEDULE, args).await,
        ScheduleCommand::Suspend(args) => {
            let suspended = json!({"spec": {"suspend": true}});
            patch(context, args, &suspended, "cannot suspend", "suspended").await
        }
        ScheduleCommand::Resume(args) => {
            let resumed = json!({"spec": {"suspend": false}});
            patch(context, args, &resumed, "cannot resume", "resumed").await
        }
        ScheduleCommand::Trigger(args) => {
            // The platform's controller makes the task, and takes the annotation away.
            let asked = json!({"metadata": {"annotations": {keys::TRIGGER: "true"}}});
            patch(context, args, &asked, "cannot trigger", "triggered").await
        }
        ScheduleCommand::Runs(args) => runs(context, args).await,
        ScheduleCommand::Delete(args) => delete::run(context, &SCHEDULE, args).await,
    }
}

async fn create_command(context: &Context, args: &CreateSchedule) -> Result<()> {
    let mut wanted = match &args.filename {
        Some(file) => prompt::manifests(file, &SCHEDULE)?,
        None => vec![typed(context, args).await?],
    };
    create::name(&mut wanted, None, "schedule", &args.creation)?;
    create::check(&SCHEDULE, &wanted, validate::cron_task)?;
    create::every(context, &SCHEDULE, wanted, &args.creation, &args.output.format()).await.map(drop)
}

async fn typed(context: &Context, args: &CreateSchedule) -> Result<Value> {
    let text = prompt::text(args.prompt.as_deref(), None, LIMITS)?.ok_or_else(|| Error::usage("there is no prompt"))?;
    let mut task = json!({"description": text});
    match &args.template {
        Some(template) => task["templateRef"] = json!({"name": template}),
        None => task["agentRef"] = create::agent(context, args.agent.as_deref(), args.creation.dry_run).await?,
    }
    if let Some(timeout) = args.timeout {
        task["timeout"] = timeout.to_string().into();
    }
    let mut spec = json!({"schedule": args.schedule, "taskTemplate": {"spec": task}});
    if let Some(zone) = &args.time_zone {
        spec["timeZone"] = zone.as_str().into();
    }
    Ok(
        json!({"apiVersion": SCHEDULE.api_version(), "kind": SCHEDULE.kind, "metadata": {"name": args.name}, "spec": spec}),
    )
}

async fn patch(context: &Context, args: &Switch, change: &Value, cannot: &str, what: &str) -> Result<()> {
    let names = batch::names(context, &SCHEDULE, &args.targets).await?;
    batch::each(
        &names,
        cannot,
        async |name| writes::patch(context, &SCHEDULE, name, change).await,
        |_, stored| done(context, &stored, what, &args.output.format()),
    )
    .await
}

/// The tasks that a schedule made carry its name as a label.
async fn runs(context: &Context, args: &Runs) -> Result<()> {
    // Who may not read schedules may be allowed to see tasks.
    if let Err(error) = agents::get::<Value>(context, &SCHEDULE, &args.name).await
        && error.code != Code::Forbidden
    {
        return Err(error);
    }
    let made = format!("{}={}", keys::CRON_TASK, args.name);
    let Selection { selector, field_selector } = args.listing.selection.clone();
    let selector = Some(selector.map_or_else(|| made.clone(), |selector| format!("{made},{selector}")));
    let listing = Listing { selection: Selection { selector, field_selector }, ..args.listing.clone() };
    list::of_kind(context, &TASK, &[], &listing).await
}
