//! `agent create|suspend|resume` and the dispatch of `agent VERB`.

mod restart;

use serde_json::{Value, json};

use super::task::{created_and_awaited, done};
use super::wait::{State, deadline, until};
use super::{Context, attach, batch, create, delete, describe, list, logs, prompt, wait, writes};
use crate::api::keys;
use crate::api::kinds::AGENT;
use crate::api::validate;
use crate::cli::agent::{AgentCommand, CreateAgent};
use crate::cli::attach::AttachOptions;
use crate::cli::flags::DryRun;
use crate::cli::session::Toggle;
use crate::error::{Error, Result};

/// Workspace and service account of an agent without a template: the platform asks for both and sets neither.
pub const WORKSPACE: &str = "/workspace";
pub const SERVICE_ACCOUNT: &str = "default";

/// Does what `agent VERB` says.
pub async fn dispatch(context: &Context, command: &AgentCommand) -> Result<u8> {
    let done = match command {
        AgentCommand::Create(args) => create_command(context, args).await,
        AgentCommand::List(listing) => list::of_kind(context, &AGENT, &[], listing).await,
        AgentCommand::Get(args) => list::of_kind(context, &AGENT, &args.names, &args.listing).await,
        AgentCommand::Describe(args) => describe::of_kind(context, &AGENT, args).await,
        AgentCommand::Logs(args) => logs::run(context, &AGENT, args).await,
        AgentCommand::Suspend(args) => toggle(context, args, true).await,
        AgentCommand::Resume(args) => toggle(context, args, false).await,
        AgentCommand::Restart(args) => restart::run(context, args).await,
        AgentCommand::Wait(args) => wait::run(context, &AGENT, args).await,
        AgentCommand::Attach(args) => return attach::run(context, &args.reference(), &args.options).await,
        AgentCommand::Shell(args) => {
            let options = AttachOptions { shell: true, ..args.options.clone() };
            return attach::run(context, &args.reference(), &options).await;
        }
        AgentCommand::Delete(args) => delete::run(context, &AGENT, args).await,
    };
    done.map(|()| 0)
}

async fn create_command(context: &Context, args: &CreateAgent) -> Result<()> {
    let wanted = wanted(args)?;
    create::check(&AGENT, &wanted, validate::agent)?;
    let creation = &args.creation;
    for agent in &wanted {
        create::look_for_template(context, &agent["spec"], creation.dry_run).await?;
    }
    if !args.wait || creation.dry_run != DryRun::None {
        let names = create::every(context, &AGENT, wanted, creation, &args.output.format()).await?;
        if let ([name], DryRun::None) = (names.as_slice(), creation.dry_run) {
            context.printer.note(&format!("wait for it with: kubectl opencode agent wait {name}"));
        }
        return Ok(());
    }
    let stored = create::one(context, &AGENT, create::only(wanted, "--wait")?, creation).await?;
    let name = list::objects::text_at(&stored, "/metadata/name");
    context.leaves_behind(
        format!("agent \"{name}\" is there"),
        format!("kubectl opencode agent wait {name}; to remove it: kubectl opencode agent delete {name}"),
    );
    created_and_awaited(context, stored, &args.output.format(), async {
        context.printer.waiting_for(&format!("waiting for agent \"{name}\" to become ready"));
        until(context, &AGENT, &name, &State::Ready, deadline(args.timeout)).await
    })
    .await
}

/// The objects that were typed.
fn wanted(args: &CreateAgent) -> Result<Vec<Value>> {
    let mut wanted = match &args.filename {
        Some(file) => prompt::manifests(file, &AGENT)?,
        None => vec![typed(args)?],
    };
    create::name(&mut wanted, None, "agent", &args.creation)?;
    Ok(wanted)
}

fn typed(args: &CreateAgent) -> Result<Value> {
    let mut object = AGENT.object(json!({"name": args.name}), json!({}));
    let config = args.config.as_deref().map(|text| {
        serde_json::from_str::<Value>(text).map_err(|error| Error::usage("--config is not JSON").caused_by(&error))
    });
    let own = |given: &Option<String>, fallback: &str| {
        given.clone().or_else(|| args.template.is_none().then(|| fallback.to_owned())).map(Value::from)
    };
    let amounts = [("cpu", &args.cpu), ("memory", &args.memory)];
    let amounts: serde_json::Map<String, Value> = amounts
        .into_iter()
        .filter_map(|(name, amount)| amount.as_ref().map(|amount| (name.to_owned(), amount.as_str().into())))
        .collect();
    // What it may take is what it is promised: a server that is starved answers nobody.
    let resources = (!amounts.is_empty()).then(|| json!({"resources": {"requests": amounts, "limits": amounts}}));
    let volumes = [("sessions", &args.persist_sessions), ("workspace", &args.persist_workspace)];
    let volumes: serde_json::Map<String, Value> = volumes
        .into_iter()
        .filter_map(|(name, size)| size.as_ref().map(|size| (name.to_owned(), json!({"size": size}))))
        .collect();
    let credentials = args.credentials.iter().map(|typed| credential(typed)).collect::<Result<Vec<_>>>()?;
    let fields = [
        ("podSpec", resources),
        ("persistence", (!volumes.is_empty()).then_some(Value::Object(volumes))),
        ("credentials", (!credentials.is_empty()).then_some(Value::Array(credentials))),
        ("templateRef", args.template.as_ref().map(|name| json!({"name": name}))),
        ("profile", args.profile.clone().map(Value::from)),
        ("workspaceDir", own(&args.workspace_dir, WORKSPACE)),
        ("serviceAccountName", own(&args.service_account, SERVICE_ACCOUNT)),
        ("executorImage", args.image.clone().map(Value::from)),
        ("agentImage", args.agent_image.clone().map(Value::from)),
        ("port", args.port.map(Value::from)),
        ("maxConcurrentTasks", args.max_concurrent_tasks.map(Value::from)),
        ("standby", args.standby.map(|idle| json!({"idleTimeout": idle.to_string()}))),
        ("config", config.transpose()?),
    ];
    for (field, value) in fields {
        if let Some(value) = value {
            object["spec"][field] = value;
        }
    }
    if args.default {
        object["metadata"]["labels"][keys::DEFAULT_AGENT] = "true".into();
    }
    Ok(object)
}

/// `VARIABLE=SECRET[:KEY]`; without a key the variable's own name is the key.
fn credential(typed: &str) -> Result<Value> {
    let parts = typed.split_once('=').filter(|(variable, secret)| !variable.is_empty() && !secret.is_empty());
    let Some((variable, secret)) = parts else {
        return Err(Error::usage("--credential: write VARIABLE=SECRET or VARIABLE=SECRET:KEY")
            .because("the value itself never stands on a command line")
            .hint("kubectl create secret generic SECRET --from-file=KEY=FILE"));
    };
    let (secret, key) = secret.split_once(':').unwrap_or((secret, variable));
    let name = variable.to_ascii_lowercase().replace('_', "-");
    Ok(json!({"name": name, "secretRef": {"name": secret, "key": key}, "env": variable}))
}

/// Suspends or resumes every target. One that is so already stays as it is.
async fn toggle(context: &Context, args: &Toggle, suspend: bool) -> Result<()> {
    let names = batch::names(context, &AGENT, &args.targets).await?;
    let limit = deadline(args.timeout);
    batch::each(
        &names,
        if suspend { "cannot suspend" } else { "cannot resume" },
        async |name| {
            let stored = writes::patch(context, &AGENT, name, &json!({"spec": {"suspend": suspend}})).await?;
            if !args.wait {
                return Ok(stored);
            }
            context.printer.waiting_for(&format!("waiting for agent \"{name}\""));
            let state = if suspend { State::Suspended } else { State::Ready };
            Ok(until(context, &AGENT, name, &state, limit).await?.unwrap_or(stored))
        },
        |_, stored| done(context, &stored, if suspend { "suspended" } else { "resumed" }, &args.output.format()),
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_without_a_template_gets_what_the_platform_asks_for() {
        let args = CreateAgent { name: Some("a".into()), ..CreateAgent::default() };
        let spec = typed(&args).unwrap()["spec"].clone();
        assert_eq!(spec, json!({"workspaceDir": "/workspace", "serviceAccountName": "default"}));
        let args = CreateAgent { name: Some("a".into()), template: Some("t".into()), ..CreateAgent::default() };
        assert_eq!(typed(&args).unwrap()["spec"], json!({"templateRef": {"name": "t"}}));
        let args = CreateAgent {
            name: Some("a".into()),
            template: Some("t".into()),
            memory: Some("2Gi".into()),
            credentials: vec!["ANTHROPIC_API_KEY=anthropic:key".into()],
            persist_sessions: Some("1Gi".into()),
            default: true,
            ..CreateAgent::default()
        };
        let object = typed(&args).unwrap();
        assert_eq!(
            object["spec"],
            json!({"podSpec": {"resources": {"requests": {"memory": "2Gi"}, "limits": {"memory": "2Gi"}}},
                "persistence": {"sessions": {"size": "1Gi"}},
                "credentials": [{"name": "anthropic-api-key", "secretRef": {"name": "anthropic", "key": "key"}, "env": "ANTHROPIC_API_KEY"}],
                "templateRef": {"name": "t"}})
        );
        assert_eq!(object["metadata"]["labels"]["session.kubeopencode.io/default"], "true");
        for bad in ["sk-secret-key", "=x", "A="] {
            let error = credential(bad).unwrap_err();
            assert!(!format!("{error:?}").contains("sk-secret"), "{error:?}");
        }
        let args = CreateAgent { name: Some("a".into()), config: Some("{".into()), ..CreateAgent::default() };
        assert_eq!(typed(&args).unwrap_err().message, "--config is not JSON");
    }
}
