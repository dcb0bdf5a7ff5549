//! `template VERB …`: templates of agents, which are objects of the platform, and of sessions, which are `ConfigMap`s with
//! our label. One noun shows both, and names either.

use serde_json::{Value, json};

use super::list::{self, Wanted, objects};
use super::prompt::{self, Source};
use super::session::{LIMITS, typed as typed_of_session};
use super::settings::{self, Layer, Setting, shown};
use super::{Context, batch, create, delete, describe, writes};
use crate::api::kinds::{Kind, SESSION, SESSION_TEMPLATE, TEMPLATE};
use crate::api::{keys, validate};
use crate::cli::describe::DescribeNamed;
use crate::cli::flags::{Delete, DryRun};
use crate::cli::task::GetNamed;
use crate::cli::template::{
    CreateSessionTemplate, CreateTemplate, CreateTemplateOf, DeleteTemplates, OfKind, TemplateCommand, TemplateOf,
};
use crate::error::{Code, Error, Result};
use crate::output::to_yaml;

/// Does what `template VERB` says.
pub async fn dispatch(context: &Context, command: &TemplateCommand) -> Result<()> {
    match command {
        TemplateCommand::Create(args) => match &args.of {
            Some(CreateTemplateOf::Session(args)) => create_of_sessions(context, args).await,
            None => create_command(context, args).await,
        },
        TemplateCommand::List(args) => list::show(context, &all(&args.of), &args.listing).await,
        TemplateCommand::Get(args) => {
            let GetNamed { names, listing } = &args.named;
            list::show(context, &named(context, &args.of, names).await?, listing).await
        }
        TemplateCommand::Describe(args) => {
            let selection = &args.named.selection;
            let wanted = named(context, &args.of, &args.named.names).await?.into_iter();
            let wanted =
                wanted.map(|Wanted { kind, names, .. }| (kind, DescribeNamed { names, selection: selection.clone() }));
            describe::of_kinds(context, &wanted.collect::<Vec<_>>()).await
        }
        TemplateCommand::Delete(args) => delete_command(context, args).await,
    }
}

fn kinds(of: &OfKind) -> &'static [&'static Kind] {
    match of.kind {
        Some(TemplateOf::Agent) => &[&TEMPLATE],
        Some(TemplateOf::Session) => &[&SESSION_TEMPLATE],
        None => &[&TEMPLATE, &SESSION_TEMPLATE],
    }
}

/// All templates. Who may not see those of sessions sees the others.
fn all(of: &OfKind) -> Vec<Wanted> {
    let optional = |kind: &Kind| of.kind.is_none() && *kind == SESSION_TEMPLATE;
    kinds(of).iter().map(|kind| Wanted { optional: optional(kind), ..Wanted::new(kind, &[]) }).collect()
}

/// The templates of these names, of each kind in which there are some; a name may stand for one of either kind.
async fn named(context: &Context, of: &OfKind, names: &[String]) -> Result<Vec<Wanted>> {
    let kinds = kinds(of);
    if names.is_empty() {
        return Ok(all(of));
    }
    let mut wanted: Vec<Wanted> = Vec::new();
    for typed in names {
        let (possible, name) = named_kinds(kinds, typed)?;
        let found = match possible.as_slice() {
            [first, second] => {
                let looked =
                    futures::join!(objects::object(context, first, name), objects::object(context, second, name));
                let is_there = [looked.0.is_ok(), looked.1.is_ok()];
                // What is nowhere fails as one of agents, and so does what cannot be looked for.
                let of_agents = is_there[0] || !is_there[1];
                [of_agents.then_some(*first), is_there[1].then_some(*second)].into_iter().flatten().collect()
            }
            _ => possible,
        };
        for kind in found {
            match wanted.iter_mut().find(|wanted| wanted.kind == kind) {
                Some(wanted) => wanted.names.push(name.to_owned()),
                None => wanted.push(Wanted::new(kind, &[name.to_owned()])),
            }
        }
    }
    Ok(wanted)
}

/// Of which of these kinds a template may be, and its name: `-o name` writes the kind before it.
fn named_kinds<'a>(kinds: &[&'static Kind], typed: &'a str) -> Result<(Vec<&'static Kind>, &'a str)> {
    let Some((word, name)) = typed.split_once('/') else { return Ok((kinds.to_vec(), typed)) };
    if word == TEMPLATE.noun {
        return Ok((kinds.to_vec(), name));
    }
    let is_it = |kind: &&&Kind| kind.reference(name) == typed || kind.name_in(typed).is_some();
    let kind = kinds.iter().find(is_it).ok_or_else(|| Error::usage(format!("\"{typed}\" is no template")))?;
    Ok((vec![*kind], name))
}

async fn delete_command(context: &Context, args: &DeleteTemplates) -> Result<()> {
    let wanted = if args.delete.names.is_empty() {
        match (args.of.kind, &args.delete.filename) {
            (None, None) => {
                return Err(Error::usage("templates of agents, or of sessions?")
                    .because("what is not named is deleted of one kind only")
                    .hint("say --kind agent, or --kind session"));
            }
            // A manifest is one of agents, as with `template create -f`.
            (of, _) => {
                vec![Wanted::new(if of == Some(TemplateOf::Session) { &SESSION_TEMPLATE } else { &TEMPLATE }, &[])]
            }
        }
    } else {
        named(context, &args.of, &args.delete.names).await?
    };
    let twice = |name: &&String| wanted.iter().filter(|wanted| wanted.names.contains(name)).count() > 1;
    if let Some(name) = wanted.iter().flat_map(|wanted| &wanted.names).find(twice) {
        return Err(Error::new(Code::Conflict, format!("\"{name}\" names a template of agents and one of sessions"))
            .hint(format!("kubectl opencode template delete {name} --kind agent, or --kind session")));
    }
    let mut failures = batch::Failures::default();
    for Wanted { kind, names, .. } in wanted {
        if let Err(error) = delete::run(context, kind, &Delete { names, ..args.delete.clone() }).await {
            failures.add(error);
        }
    }
    failures.into_result("cannot delete")
}

/// Makes a template of sessions, once it is known that a Session can be made of it.
async fn create_of_sessions(context: &Context, args: &CreateSessionTemplate) -> Result<()> {
    let fields = &args.fields;
    let source = prompt::text_or_manifest(fields.prompt.as_deref(), fields.filename.as_deref(), &SESSION, LIMITS)?;
    let (mut object, text) = match source {
        Some(Source::Manifests(objects)) => (create::only(objects, "a template")?, None),
        Some(Source::Prompt(text)) => (like(context, args.from.as_deref()).await?, Some(text)),
        None => (like(context, args.from.as_deref()).await?, None),
    };
    let typed = settings::resolve(&[typed_of_session(fields, text)]).session();
    if typed["spec"].get("agentRef").is_some() || typed["spec"].get("templateRef").is_some() {
        for field in ["agentRef", "templateRef"] {
            object["spec"].as_object_mut().map(|spec| spec.shift_remove(field));
        }
    }
    create::fill(&mut object, &typed);
    let labels = writes::labels(&args.creation.labels)?;
    for (key, value) in &labels {
        object["metadata"]["labels"][key] = value.clone();
    }
    let mut text = json!({});
    for (part, fields) in [("metadata", &["labels", "annotations"][..]), ("spec", &[])] {
        let found = object.get(part).and_then(Value::as_object).into_iter().flatten();
        for (field, value) in found.filter(|(field, _)| fields.is_empty() || fields.contains(&field.as_str())) {
            text[part][field] = value.clone();
        }
    }
    let text = to_yaml(&text)?;
    let layer = Layer::of_template(&text, &args.name)?;
    would_be_a_session(context, &layer, args.creation.dry_run).await?;
    let (label, value) = (keys::TEMPLATE, keys::TEMPLATE_OF_SESSIONS);
    let mut map = json!({"apiVersion": SESSION_TEMPLATE.api_version(), "kind": SESSION_TEMPLATE.kind,
        "metadata": {"name": args.name, "labels": {label: value}}, "data": {settings::TEMPLATE_FILE: text}});
    for (key, value) in labels {
        map["metadata"]["labels"][key] = value;
    }
    let (creation, format) = (&args.creation, args.output.format());
    create::every(context, &SESSION_TEMPLATE, vec![map], creation, &format).await?;
    if creation.dry_run == DryRun::None {
        context.printer.note(&format!("use it with: kubectl opencode session create --template {}", args.name));
    }
    Ok(())
}

/// What a session is, without what it was about and without what any session is.
async fn like(context: &Context, session: Option<&str>) -> Result<Value> {
    let Some(name) = session else { return Ok(json!({})) };
    let found = objects::object(context, &SESSION, name).await?;
    let mut object = json!({});
    let labels = found.pointer("/metadata/labels").and_then(Value::as_object);
    for (key, value) in labels.into_iter().flatten().filter(|(key, _)| !key.contains("kubeopencode.io/")) {
        object["metadata"]["labels"][key] = value.clone();
    }
    for (field, value) in found["spec"].as_object().into_iter().flatten() {
        let setting = Setting::of_field(field).filter(|setting| {
            let is_built_in = setting.built_in.is_some_and(|built_in| shown(setting, value) == built_in);
            !is_built_in && !["title", "prompt", "suspend"].contains(&setting.key)
        });
        if setting.is_some() {
            object["spec"][field] = value.clone();
        }
    }
    Ok(object)
}

/// Has the API server check a Session of the template, which it does not keep. Who may not create Sessions goes without.
async fn would_be_a_session(context: &Context, layer: &Layer, dry_run: DryRun) -> Result<()> {
    if dry_run == DryRun::Client {
        return Ok(());
    }
    let mut part = settings::resolve(std::slice::from_ref(layer)).session();
    let mut session = SESSION.object(part["metadata"].take(), part["spec"].take());
    session["metadata"]["name"] = writes::made_up_name("template").into();
    let spec = &mut session["spec"];
    if spec.get("agentRef").is_none() && spec.get("templateRef").is_none() {
        let dedicated = spec.get("fallbackAgentRef").is_some();
        spec[if dedicated { "templateRef" } else { "agentRef" }] = json!({"name": "another"});
    }
    match writes::create(context, &SESSION, session, DryRun::Server).await {
        Err(error) if error.code == Code::InvalidConfiguration => {
            Err(Error { message: format!("no session could be made of the template: {}", error.message), ..error })
        }
        // Sessions may be installed later.
        Err(error) if !matches!(error.code, Code::Forbidden | Code::Unsupported) => Err(error),
        _ => Ok(()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_its_kind_is_of_that_kind_only() {
        let both = kinds(&OfKind::default());
        let read = |typed: &'static str| named_kinds(both, typed).unwrap();
        assert_eq!((read("p"), read("template/p")), ((both.to_vec(), "p"), (both.to_vec(), "p")));
        assert_eq!(read("agenttemplate.kubeopencode.io/p"), (vec![&TEMPLATE], "p"));
        assert_eq!(read("configmap/p"), (vec![&SESSION_TEMPLATE], "p"));
        assert!(named_kinds(both, "agent/p").is_err());
        assert!(named_kinds(&[&TEMPLATE], "configmap/p").is_err());
    }
}
