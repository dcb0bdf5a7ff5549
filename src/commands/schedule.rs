//! `schedule VERB …`.

use serde_json::{Value, json};

use super::create::Told;
use super::settings::{self, Layer, reference_to};
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
    let (wanted, is_manifest) = match &args.filename {
        Some(file) => (prompt::manifests(file, &SCHEDULE)?, true),
        None => (vec![typed(args)?], false),
    };
    let typed = Layer::of_flags([
        ("agent", reference_to(args.agent.as_ref())),
        ("agent-template", reference_to(args.template.as_ref())),
        ("timeout", args.timeout.map(|timeout| timeout.to_string().into())),
    ]);
    let all = settings::for_new_work(context, typed.clone(), false, args.creation.dry_run).await?.resolve();
    let told = Told { typed: &typed, all: &all, name: args.name.as_deref(), creation: &args.creation };
    let wanted = create::complete(context, &SCHEDULE, wanted, is_manifest, &told, validate::cron_task).await?;
    create::every(context, &SCHEDULE, wanted, &args.creation, &args.output.format()).await.map(drop)
}

fn typed(args: &CreateSchedule) -> Result<Value> {
    let text = prompt::text(args.prompt.as_deref(), None, LIMITS)?.ok_or_else(|| Error::usage("there is no prompt"))?;
    let mut spec = json!({"schedule": args.schedule, "taskTemplate": {"spec": {"description": text}}});
    if let Some(zone) = &args.time_zone {
        spec["timeZone"] = zone.as_str().into();
    }
    Ok(SCHEDULE.object(json!({}), spec))
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
