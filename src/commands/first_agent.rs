//! A namespace without any agent: the person at the terminal is led through making the first one, a script is told the
//! commands.
//!
//! The key of a provider is typed without an echo and goes into a Secret; it never stands in an argument, a log, an error or
//! in the Agent itself.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Secret as KubeSecret;
use kube::api::{ObjectMeta, PostParams};
use kube::{Api, ResourceExt as _};
use serde_json::json;

use super::list::objects;
use super::wait::{State, deadline, until};
use super::{Context, confirm, writes};
use crate::api::keys;
use crate::api::kinds::{AGENT, TEMPLATE};
use crate::cli::flags::{DryRun, Selection};
use crate::cluster::{self, Request};
use crate::error::{Code, Error, Result};
use crate::opencode::Secret;

/// Longest wait for the first agent: images are fetched.
const READY: &str = "10m";

/// Providers, the variable in which each looks for its key, and a model to begin with.
const PROVIDERS: [(&str, &str, &str); 4] = [
    ("Anthropic", "ANTHROPIC_API_KEY", "anthropic/claude-sonnet-4-5"),
    ("OpenAI", "OPENAI_API_KEY", "openai/gpt-5"),
    ("OpenRouter", "OPENROUTER_API_KEY", "openrouter/anthropic/claude-sonnet-4.5"),
    ("Google", "GEMINI_API_KEY", "google/gemini-2.5-pro"),
];

/// What the person said.
struct Wanted {
    template: Option<String>,
    /// Variable and value.
    key: Option<(String, Secret)>,
    model: Option<String>,
}

/// Makes the first agent of a namespace, called `name`, and waits until it is ready.
///
/// # Errors
///
/// `agent_not_found` with the commands to run, where there is nobody to ask or the person would rather not.
pub async fn make(context: &Context, namespace: &str, name: &str) -> Result<String> {
    let missing = || {
        Error::new(Code::AgentNotFound, format!("there is no agent in namespace \"{namespace}\""))
            .because(context.printer.to_type(
                "one that needs a provider's key gets it from a Secret: kubectl create secret generic anthropic \
                 --from-file=key=FILE, then agent create with --credential ANTHROPIC_API_KEY=anthropic:key",
            ))
            .hint(format!("kubectl opencode agent create {name} --wait"))
    };
    if !context.printer.streams().can_prompt() {
        return Err(missing());
    }
    context.printer.done_waiting();
    let templates = match objects::names_of(context, &TEMPLATE, &Selection::default()).await {
        Ok(templates) => templates,
        // What is not installed, or may not be seen, is not offered.
        Err(error) if matches!(error.code, Code::Forbidden | Code::Unsupported) => Vec::new(),
        Err(error) => return Err(error),
    };
    let question = format!("There is no agent in namespace {namespace}. Make one, called {name}?");
    let wanted = confirm::ask(move || ask(&question, &templates)).await?.ok_or_else(missing)?;
    let mut object = AGENT.object(json!({"name": name}), json!({}));
    if let Some(template) = &wanted.template {
        object["spec"]["templateRef"] = json!({ "name": template });
    } else {
        object["spec"]["workspaceDir"] = super::agent::WORKSPACE.into();
        object["spec"]["serviceAccountName"] = super::agent::SERVICE_ACCOUNT.into();
    }
    if let Some(model) = &wanted.model {
        object["spec"]["config"] = json!({ "model": model });
    }
    if let Some((variable, key)) = &wanted.key {
        let secret = create_secret(context, namespace, name, variable, key).await?;
        object["spec"]["credentials"] =
            json!([{"name": "provider", "secretRef": {"name": secret, "key": variable}, "env": variable}]);
        context.printer.note(&format!("the key is in secret {secret}"));
    }
    writes::create(context, &AGENT, object, DryRun::None).await?;
    context.printer.waiting_for(&format!("waiting for agent \"{name}\" to become ready"));
    let ready = until(context, &AGENT, name, &State::Ready, deadline(READY.parse().ok())).await;
    context.printer.done_waiting();
    ready.map(|_| name.to_owned())
}

/// Asks everything; none if the person would rather not.
fn ask(question: &str, templates: &[String]) -> dialoguer::Result<Option<Wanted>> {
    if !dialoguer::Confirm::new().with_prompt(question).default(true).interact()? {
        return Ok(None);
    }
    let mut wanted = Wanted { template: None, key: None, model: None };
    if !templates.is_empty() {
        let shown: Vec<&str> = std::iter::once("(none)").chain(templates.iter().map(String::as_str)).collect();
        let chosen = dialoguer::Select::new().with_prompt("from which template").items(&shown).default(1).interact()?;
        wanted.template = chosen.checked_sub(1).and_then(|index| templates.get(index).cloned());
    }
    let names: Vec<&str> =
        PROVIDERS.iter().map(|(name, ..)| *name).chain(["(none: as the template or OpenCode says)"]).collect();
    let chosen = dialoguer::Select::new().with_prompt("which provider").items(&names).default(0).interact()?;
    if let Some((provider, variable, model)) = PROVIDERS.get(chosen) {
        let key = hidden(&format!("key of {provider}"))?;
        wanted.key = Some(((*variable).to_owned(), key));
        let model =
            dialoguer::Input::<String>::new().with_prompt("model").default((*model).to_owned()).interact_text()?;
        wanted.model = Some(model);
    }
    Ok(Some(wanted))
}

/// A line that is not shown as it is typed.
fn hidden(prompt: &str) -> dialoguer::Result<Secret> {
    let key = dialoguer::Password::new().with_prompt(prompt).interact()?;
    Ok(Secret::new(key.trim()))
}

async fn create_secret(
    context: &Context,
    namespace: &str,
    agent: &str,
    variable: &str,
    key: &Secret,
) -> Result<String> {
    let secrets: Api<KubeSecret> = Api::namespaced(context.cluster().await?.client.clone(), namespace);
    let name = writes::made_up_name(&format!("{agent}-provider"));
    let object = KubeSecret {
        metadata: ObjectMeta {
            name: Some(name.clone()),
            labels: Some(BTreeMap::from([(keys::AGENT.to_owned(), agent.to_owned())])),
            ..ObjectMeta::default()
        },
        string_data: Some(BTreeMap::from([(variable.to_owned(), key.expose().to_owned())])),
        ..KubeSecret::default()
    };
    let params = PostParams { field_manager: Some(keys::FIELD_MANAGER.to_owned()), ..PostParams::default() };
    let asked = Request::new("create", "secrets").namespace(namespace).name(&name);
    let made = secrets.create(&params, &object).await.map_err(|error| cluster::api_error(error, &asked))?;
    Ok(made.name_any())
}
