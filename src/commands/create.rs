//! Creating objects: one or several, tried out or for good, in the place of others if wanted.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::list::objects;
use super::settings::{Origin, Resolved};
use super::task::done;
use super::wait::read;
use super::{Context, agents, batch, delete, writes};
use crate::api::kinds::Kind;
use crate::api::validate::{self, Problem};
use crate::cli::flags::{Creation, DryRun};
use crate::error::{Code, Error, Result};
use crate::output::{Format, Items};

/// Creates one object, and answers it as it is stored, or as it would be.
pub async fn one(context: &Context, kind: &'static Kind, object: Value, creation: &Creation) -> Result<Value> {
    let name = objects::text_at(&object, "/metadata/name");
    match writes::create(context, kind, object.clone(), creation.dry_run).await {
        Err(error) if creation.replace && error.code == kind.exists => {
            delete::to_make_room(context, kind, &name).await?;
            writes::create(context, kind, object, creation.dry_run).await
        }
        answer => answer,
    }
}

/// Creates every object and tells of each; what fails is told at the end. The answer is the names of those that are there.
pub async fn every(
    context: &Context,
    kind: &'static Kind,
    wanted: Vec<Value>,
    creation: &Creation,
    format: &Format,
) -> Result<Vec<String>> {
    let mut items = format.is_structured().then(|| Items::new(&context.printer, format, wanted.len() > 1, true));
    let mut failures = batch::Failures::default();
    let mut names = Vec::new();
    for object in wanted {
        match one(context, kind, object, creation).await {
            Ok(stored) => {
                names.push(objects::text_at(&stored, "/metadata/name"));
                match &mut items {
                    Some(items) => items.add(objects::plain(stored))?,
                    None => done(context, &stored, &format!("created{}", creation.dry_run.remark()), format)?,
                }
            }
            Err(error) if batch::ends_everything(error.code) => return Err(error),
            Err(error) => failures.add(error),
        }
    }
    if let Some(items) = items.filter(|_| !names.is_empty()) {
        items.end()?;
    }
    failures.into_result("cannot create").map(|()| names)
}

/// The only one of several objects, for what can be done with one alone.
pub fn only(mut wanted: Vec<Value>, what: &str) -> Result<Value> {
    match wanted.pop() {
        Some(object) if wanted.is_empty() => Ok(object),
        last => {
            let count = wanted.len() + usize::from(last.is_some());
            Err(Error::usage(format!("the manifest holds {count} objects and {what} takes one")))
        }
    }
}

/// Gives each object the name that was typed, or one that is made up for it, and the labels that were typed.
pub fn name(wanted: &mut [Value], typed: Option<&str>, prefix: &str, creation: &Creation) -> Result<()> {
    if typed.is_some() && wanted.len() > 1 {
        return Err(Error::usage(format!("one name is given, and the manifest holds {} objects", wanted.len())));
    }
    let labels = writes::labels(&creation.labels)?;
    for object in wanted {
        let metadata = &mut object["metadata"];
        let named = metadata.get("name").is_some() || metadata.get("generateName").is_some();
        match typed {
            Some(name) => metadata["name"] = name.into(),
            None if !named => metadata["name"] = writes::made_up_name(prefix).into(),
            None => {}
        }
        for (key, value) in &labels {
            metadata["labels"][key] = value.clone();
        }
    }
    Ok(())
}

/// Checks objects of one kind by its rules, before the cluster is asked anything.
pub fn check<K: DeserializeOwned>(kind: &Kind, objects: &[Value], rules: fn(&K) -> Vec<Problem>) -> Result<()> {
    for object in objects {
        let what = format!("{}/{}", kind.noun, objects::text_at(object, "/metadata/name"));
        validate::check(&what, rules(&read(object)?))?;
    }
    Ok(())
}

/// As [`check`], of objects that need an agent or a template; those that name neither are given an agent. Where no flag named
/// the agent, a failure tells who did.
pub async fn check_and_assign<K: DeserializeOwned>(
    context: &Context,
    kind: &Kind,
    wanted: &mut [Value],
    dry_run: DryRun,
    rules: fn(&K) -> Vec<Problem>,
    told: &Resolved,
) -> Result<()> {
    let complete = |object: &Value| {
        let mut object = object.clone();
        let spec = &mut object["spec"];
        if spec.get("agentRef").is_none() && spec.get("templateRef").is_none() {
            spec["agentRef"] = json!({"name": "default"});
        }
        object
    };
    check(kind, &wanted.iter().map(complete).collect::<Vec<_>>(), rules)?;
    for object in wanted.iter_mut().filter(|object| object["spec"].get("templateRef").is_none()) {
        let named = object.pointer("/spec/agentRef/name").and_then(Value::as_str);
        object["spec"]["agentRef"] = agent(context, named, dry_run).await.map_err(|error| match told.get("agent") {
            Some(found) if error.code == Code::AgentNotFound && found.origin != Origin::Flag => {
                error.because(format!("{} names it", found.origin.place_of("agent")))
            }
            _ => error,
        })?;
    }
    Ok(())
}

/// Gives an object these metadata and these fields of a spec, beside those that it has.
pub fn fill(object: &mut Value, with: &Value) {
    for part in ["metadata", "spec"] {
        for (field, value) in with[part].as_object().into_iter().flatten() {
            object[part][field] = value.clone();
        }
    }
}

/// Gives objects of a manifest that name neither an agent nor a template what the settings name; a manifest says everything
/// else by itself.
pub fn place(wanted: &mut [Value], told: &Resolved) {
    let spec = &told.session()["spec"];
    for object in wanted {
        let unplaced = ["agentRef", "templateRef"].iter().all(|field| object["spec"].get(field).is_none());
        for field in ["agentRef", "templateRef"].into_iter().filter(|_| unplaced) {
            if let Some(reference) = spec.get(field) {
                object["spec"][field] = reference.clone();
            }
        }
    }
}

/// The agent that is meant: looked up, unless it was named and nothing is to be sent.
pub async fn agent(context: &Context, named: Option<&str>, dry_run: DryRun) -> Result<Value> {
    match (named, dry_run) {
        (Some(named), DryRun::Client) => Ok(json!({"name": named})),
        _ => Ok(json!({"name": agents::choose(context, named).await?})),
    }
}
