//! Creating objects: one or several, tried out or for good, in the place of others if wanted.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::list::objects;
use super::settings::{self, Layer, Origin, Resolved};
use super::task::done;
use super::wait::read;
use super::{Context, agents, batch, delete, writes};
use crate::api::AgentTemplate;
use crate::api::kinds::{Kind, SCHEDULE, TEMPLATE};
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

/// Gives each object the name that was typed, or one that is made up for it (of its `generateName`, if it has one), and the
/// labels that were typed.
pub fn name(wanted: &mut [Value], typed: Option<&str>, prefix: &str, creation: &Creation) -> Result<()> {
    if typed.is_some() && wanted.len() > 1 {
        return Err(Error::usage(format!("one name is given, and the manifest holds {} objects", wanted.len())));
    }
    let labels = writes::labels(&creation.labels)?;
    for object in wanted {
        let metadata = &mut object["metadata"];
        let text = |field| metadata.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
        let made_up = match (typed, text("name"), text("generateName")) {
            (Some(name), ..) => Some(name.to_owned()),
            (None, Some(_), _) => None,
            (None, None, Some(base)) => Some(writes::generated_name(base)),
            (None, None, None) => Some(writes::made_up_name(prefix)),
        };
        if let Some(name) = made_up {
            metadata["name"] = name.into();
        }
        if let Some(metadata) = metadata.as_object_mut() {
            metadata.shift_remove("generateName");
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

/// What decides about the objects that are created.
pub struct Told<'a> {
    /// What was typed.
    pub typed: &'a Layer,
    /// What that and all the other places say together.
    pub all: &'a Resolved,
    /// The name that was typed.
    pub name: Option<&'a str>,
    /// How they are created.
    pub creation: &'a Creation,
}

/// Makes of objects that were typed, or stand in a manifest, the ones to create: each with its settings, a name, and an agent
/// or a template; checked before the cluster is asked anything, beside who the agent is.
///
/// A manifest says by itself what an object is: typed flags go over it, and the settings name an agent where it names none.
pub async fn complete<K: DeserializeOwned>(
    context: &Context,
    kind: &Kind,
    mut wanted: Vec<Value>,
    is_manifest: bool,
    told: &Told<'_>,
    rules: fn(&K) -> Vec<Problem>,
) -> Result<Vec<Value>> {
    if is_manifest {
        // What is no object of the kind has no place for any of this.
        wanted.iter().try_for_each(|object| read::<K>(object).map(drop))?;
    }
    let given = settings::resolve(std::slice::from_ref(told.typed));
    let fields = if is_manifest { given.object_of(kind) } else { told.all.object_of(kind) };
    for object in &mut wanted {
        let work = work(kind, object);
        fill(work, &fields);
        place(work, told.all);
    }
    name(&mut wanted, told.name, kind.noun, told.creation)?;
    assign(context, kind, &mut wanted, rules, told).await?;
    Ok(wanted)
}

/// The part of an object that says what is to be done: of a schedule that is what each of its tasks is.
fn work<'a>(kind: &Kind, object: &'a mut Value) -> &'a mut Value {
    if *kind == SCHEDULE { &mut object["spec"]["taskTemplate"] } else { object }
}

/// As [`check`], of objects that need an agent or a template; those that name neither are given an agent. Where no flag named
/// the agent, a failure tells who did.
async fn assign<K: DeserializeOwned>(
    context: &Context,
    kind: &Kind,
    wanted: &mut [Value],
    rules: fn(&K) -> Vec<Problem>,
    told: &Told<'_>,
) -> Result<()> {
    let complete = |object: &Value| {
        let mut object = object.clone();
        let spec = &mut work(kind, &mut object)["spec"];
        if spec.get("agentRef").is_none() && spec.get("templateRef").is_none() {
            spec["agentRef"] = json!({"name": "default"});
        }
        object
    };
    check(kind, &wanted.iter().map(complete).collect::<Vec<_>>(), rules)?;
    for object in wanted {
        let spec = &mut work(kind, object)["spec"];
        if spec.get("templateRef").is_some() {
            look_for_template(context, spec, told.creation.dry_run).await?;
            continue;
        }
        let named = spec.pointer("/agentRef/name").and_then(Value::as_str);
        let found = agent(context, named, told.creation.dry_run).await;
        spec["agentRef"] = found.map_err(|error| match told.all.get("agent") {
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

/// Gives an object that names neither an agent nor a template what the settings name.
fn place(object: &mut Value, told: &Resolved) {
    let spec = &told.session()["spec"];
    let references = ["agentRef", "templateRef"];
    if references.iter().any(|field| object["spec"].get(field).is_some()) {
        return;
    }
    for field in references {
        if let Some(reference) = spec.get(field) {
            object["spec"][field] = reference.clone();
        }
    }
}

/// Looks whether the template exists that a spec names, if it names one; not where nothing is to be sent, nor for who may not.
pub async fn look_for_template(context: &Context, spec: &Value, dry_run: DryRun) -> Result<()> {
    let Some(name) = spec.pointer("/templateRef/name").and_then(Value::as_str) else { return Ok(()) };
    if dry_run == DryRun::Client {
        return Ok(());
    }
    match agents::get::<AgentTemplate>(context, &TEMPLATE, name).await {
        Err(error) if error.code == Code::Forbidden => Ok(()),
        found => found.map(drop),
    }
}

/// The agent that is meant: looked up, unless it was named and nothing is to be sent.
async fn agent(context: &Context, named: Option<&str>, dry_run: DryRun) -> Result<Value> {
    match (named, dry_run) {
        (Some(named), DryRun::Client) => Ok(json!({"name": named})),
        _ => Ok(json!({"name": agents::choose(context, named).await?})),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_has_a_name_before_it_is_sent() {
        let named = |metadata: Value, typed: Option<&str>| {
            let mut wanted = [json!({"metadata": metadata})];
            name(&mut wanted, typed, "task", &Creation::default()).unwrap();
            let [object] = wanted;
            assert!(object.pointer("/metadata/generateName").is_none(), "sent twice it would be two: {object}");
            objects::text_at(&object, "/metadata/name")
        };
        assert_eq!(named(json!({"name": "t"}), None), "t");
        assert_eq!(named(json!({"name": "t", "generateName": "x-"}), Some("typed")), "typed");
        let generated = named(json!({"generateName": "nightly-"}), None);
        assert!(generated.starts_with("nightly-") && generated.len() == 13, "{generated}");
        for nothing in [json!({}), json!({"name": "", "generateName": ""})] {
            assert!(named(nothing, None).starts_with("task-"));
        }
    }
}
