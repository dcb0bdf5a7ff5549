//! `template VERB …`.

use serde_json::{Value, json};

use super::{Context, create, delete, describe, list, prompt};
use crate::api::kinds::TEMPLATE;
use crate::api::validate;
use crate::cli::template::{CreateTemplate, TemplateCommand};
use crate::error::{Error, Result};

/// Does what `template VERB` says.
pub async fn dispatch(context: &Context, command: &TemplateCommand) -> Result<()> {
    match command {
        TemplateCommand::Create(args) => create_command(context, args).await,
        TemplateCommand::List(listing) => list::of_kind(context, &TEMPLATE, &[], listing).await,
        TemplateCommand::Get(args) => list::of_kind(context, &TEMPLATE, &args.names, &args.listing).await,
        TemplateCommand::Describe(args) => describe::of_kind(context, &TEMPLATE, args).await,
        TemplateCommand::Delete(args) => delete::run(context, &TEMPLATE, args).await,
    }
}

async fn create_command(context: &Context, args: &CreateTemplate) -> Result<()> {
    let mut wanted = match &args.filename {
        Some(file) => prompt::manifests(file, &TEMPLATE)?,
        None => vec![typed(args)?],
    };
    create::name(&mut wanted, None, "template", &args.creation)?;
    create::check(&TEMPLATE, &wanted, validate::agent_template)?;
    create::every(context, &TEMPLATE, wanted, &args.creation, &args.output.format()).await.map(drop)
}

fn typed(args: &CreateTemplate) -> Result<Value> {
    let config = args.config.as_deref().map(|text| {
        serde_json::from_str::<Value>(text).map_err(|error| Error::usage("--config is not JSON").caused_by(&error))
    });
    let mut object = json!({
        "apiVersion": TEMPLATE.api_version(),
        "kind": TEMPLATE.kind,
        "metadata": {"name": args.name},
        "spec": {"workspaceDir": args.workspace_dir, "serviceAccountName": args.service_account},
    });
    let fields = [
        ("executorImage", args.image.clone().map(Value::from)),
        ("agentImage", args.agent_image.clone().map(Value::from)),
        ("maxConcurrentTasks", args.max_concurrent_tasks.map(Value::from)),
        ("config", config.transpose()?),
    ];
    for (field, value) in fields {
        if let Some(value) = value {
            object["spec"][field] = value;
        }
    }
    Ok(object)
}
