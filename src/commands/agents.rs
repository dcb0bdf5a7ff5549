//! Which agent a command means, and whether work may be given to it.

use serde::de::DeserializeOwned;

use super::list::chunk::Query;
use super::list::objects;
use super::{Context, api_error, confirm, first_agent};
use crate::api::kinds::{AGENT, Kind, TEMPLATE};
use crate::api::{Agent, keys};
use crate::cli::flags::{Listing, Selection};
use crate::error::{Code, Error, Result};
use crate::output::Untrusted;

/// Name of the agent that is meant when none is named.
const DEFAULT: &str = "default";

/// Reads one object.
pub async fn get<K: DeserializeOwned>(context: &Context, kind: &'static Kind, name: &str) -> Result<K> {
    let cluster = context.cluster().await?;
    let request = Query::object(kind, &cluster.namespace, name, "application/json").request()?;
    cluster
        .client
        .request(request)
        .await
        .map_err(|error| api_error(error, "get", kind, Some(&cluster.namespace), Some(name)))
}

/// Names of all objects of a kind in the namespace.
pub async fn names(context: &Context, kind: &'static Kind) -> Result<Vec<String>> {
    objects::names_of(context, kind, &Selection::default()).await
}

/// The agent to give work to: the named one, the one called `default`, or the only one.
///
/// An unknown one is refused with the names that exist, a suspended one with the way to resume it. Who may not read
/// agents may still create work for them: then the name is taken as it is.
pub async fn choose(context: &Context, named: Option<&str>) -> Result<String> {
    let name = match named {
        Some(name) => name.to_owned(),
        None => only_one(context).await?,
    };
    match get::<Agent>(context, &AGENT, &name).await {
        Ok(agent) => check_awake(&agent, &name).map(|()| name),
        Err(error) if error.code == Code::Forbidden => Ok(name),
        Err(error) if error.code == Code::AgentNotFound => Err(unknown(context, &name).await),
        Err(error) => Err(error),
    }
}

fn check_awake(agent: &Agent, name: &str) -> Result<()> {
    if agent.spec.suspend != Some(true) || agent.spec.standby.is_some() {
        return Ok(());
    }
    Err(Error::new(Code::AgentUnavailable, format!("agent \"{name}\" is suspended"))
        .because("work for it would wait until it is resumed")
        .hint(format!("kubectl opencode agent resume {name} --wait")))
}

/// The agent that is meant where none is named: the only one, the one labelled so, the one called `default`; else, on a
/// terminal, the person picks, or makes the first one.
async fn only_one(context: &Context) -> Result<String> {
    let namespace = context.cluster().await?.namespace.clone();
    let (mut names, mut labelled) = (Vec::new(), Vec::new());
    let label = format!("/metadata/labels/{}", keys::DEFAULT_AGENT.replace('/', "~1"));
    let all = Listing::default();
    let listed = objects::collection(context, &AGENT, Some(&namespace), &all, |object| {
        let name = objects::text_at(&object, "/metadata/name");
        if objects::text_at(&object, &label) == "true" {
            labelled.push(name.clone());
        }
        names.push(name);
        Ok(())
    });
    match listed.await {
        Err(error) if error.code == Code::Forbidden => {
            return Err(error.because("no agent was named with --agent, so that they had to be looked at"));
        }
        listed => listed.map(drop)?,
    }
    match (names.as_slice(), labelled.as_slice()) {
        ([], _) => first_agent::make(context, &namespace, DEFAULT).await,
        ([one], _) | (_, [one]) => Ok(one.clone()),
        (several, _) if several.iter().any(|name| name == DEFAULT) => Ok(DEFAULT.to_owned()),
        _ => pick(context, names).await,
    }
}

/// Has the person pick an agent on the terminal.
async fn pick(context: &Context, names: Vec<String>) -> Result<String> {
    if !context.printer.streams().can_prompt() {
        return Err(Error::usage("there are several agents and none is called \"default\"")
            .because(format!("the agents are: {}", names.join(", ")))
            .hint(format!(
                "name one with --agent, or mark one: kubectl label agents {} {}=true",
                names[0],
                keys::DEFAULT_AGENT
            )));
    }
    let picked = confirm::ask(move || {
        let shown: Vec<String> = names.iter().map(|name| Untrusted(name).to_string()).collect();
        let picked =
            dialoguer::FuzzySelect::new().with_prompt("on which agent?").items(&shown).default(0).interact_opt();
        picked.map(|index| index.and_then(|index| names.get(index).cloned()))
    });
    picked.await?.ok_or_else(|| Error::usage("no agent was picked").hint("name one with --agent"))
}

/// The template that is meant where none is named: the one called `default`, or the only one.
pub async fn choose_template(context: &Context) -> Result<String> {
    let names = names(context, &TEMPLATE).await?;
    match names.as_slice() {
        [] => Err(Error::new(Code::TemplateNotFound, "there is no template to make an agent from")
            .hint("kubectl opencode template create default")),
        [one] => Ok(one.clone()),
        several if several.iter().any(|name| name == DEFAULT) => Ok(DEFAULT.to_owned()),
        several => Err(Error::usage("there are several templates and none is called \"default\"")
            .because(format!("the templates are: {}", several.join(", ")))
            .hint("name one with --template")),
    }
}

/// The failure that an agent does not exist, with the names of those that do.
pub async fn unknown(context: &Context, name: &str) -> Error {
    let namespace = context.cluster().await.map(|cluster| cluster.namespace.clone()).unwrap_or_default();
    let error =
        Error::new(Code::AgentNotFound, format!("agent \"{name}\" in namespace \"{namespace}\" does not exist"));
    match names(context, &AGENT).await {
        Ok(names) if names.is_empty() => error
            .because("there is no agent in this namespace")
            .hint(format!("kubectl opencode agent create {name} --wait")),
        Ok(names) => error.because(format!("the agents are: {}", names.join(", "))).hint("kubectl opencode agent list"),
        Err(_) => error.hint("kubectl opencode agent list"),
    }
}
