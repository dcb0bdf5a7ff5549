//! `session create`.

use serde_json::{Value, json};

use crate::api::kinds::{SESSION, TEMPLATE};
use crate::api::session::PermissionPolicy;
use crate::api::{AgentTemplate, validate};
use crate::cli::flags::DryRun;
use crate::cli::session::{CreateSession, SessionFields};
use crate::commands::create::Told;
use crate::commands::prompt::{self, Source};
use crate::commands::settings::{self, Layer, Resolved, reference_to};
use crate::commands::task::{created, created_and_awaited};
use crate::commands::wait::{State, deadline, until};
use crate::commands::{Context, agents, create, list};
use crate::error::{Code, Error, Result};

/// What a session's first prompt may be, in the user's words.
pub const LIMITS: &str = "a session's first prompt is part of an object of Kubernetes, which may have about 1.5 MiB; \
                      longer text can be sent later with `session send`";

/// Creates what was typed.
pub async fn run(context: &Context, args: &CreateSession) -> Result<()> {
    let wanted = wanted(context, args).await?;
    let dry_run = args.creation.dry_run;
    if wanted.len() > 1 || dry_run != DryRun::None {
        if args.wait && dry_run == DryRun::None {
            create::only(wanted, "--wait")?;
            return Ok(());
        }
        return create::every(context, &SESSION, wanted, &args.creation, &args.output.format()).await.map(drop);
    }
    let stored = create::one(context, &SESSION, create::only(wanted, "this")?, &args.creation).await?;
    let name = list::objects::text_at(&stored, "/metadata/name");
    let format = args.output.format();
    if !args.wait {
        created(context, &stored, &format)?;
        context.printer.note(&format!("talk to it with: kubectl opencode session send {name} TEXT"));
        return Ok(());
    }
    context.leaves_behind(
        format!("session \"{name}\" is there"),
        format!("kubectl opencode session wait {name}; to end it: kubectl opencode session delete {name}"),
    );
    created_and_awaited(context, stored, &format, async {
        context.printer.waiting_for(&format!("waiting for session \"{name}\" to become ready"));
        until(context, &SESSION, &name, &State::Ready, deadline(args.wait_timeout)).await
    })
    .await
}

/// The sessions that were typed, each checked and with an agent or a template.
async fn wanted(context: &Context, args: &CreateSession) -> Result<Vec<Value>> {
    let fields = &args.fields;
    let source = prompt::text_or_manifest(fields.prompt.as_deref(), fields.filename.as_deref(), &SESSION, LIMITS)?;
    let (manifests, text) = match source {
        Some(Source::Manifests(objects)) => (Some(objects), None),
        Some(Source::Prompt(text)) => (None, Some(text)),
        None => (None, None),
    };
    if let (Some(_), Some(_)) = (&manifests, &args.template) {
        return Err(Error::usage("--template and a manifest cannot be combined")
            .because("a manifest says by itself what a session is")
            .hint("an agent of its own is made from --agent-template"));
    }
    let typed = typed(fields, text);
    let is_manifest = manifests.is_some();
    let all = told(context, args, typed.clone(), !is_manifest).await?;
    let wanted = manifests.unwrap_or_else(|| vec![SESSION.object(json!({}), json!({}))]);
    let told = Told { typed: &typed, all: &all, name: args.name.as_deref(), creation: &args.creation };
    create::complete(context, &SESSION, wanted, is_manifest, &told, validate::session).await
}

/// What flags, environment, template, namespace and file say together.
async fn told(context: &Context, args: &CreateSession, mut typed: Layer, templates: bool) -> Result<Resolved> {
    let dry_run = args.creation.dry_run;
    if let Some(template) = &args.template {
        typed.set("template", template.as_str().into());
    }
    let layers = settings::for_new_work(context, typed.clone(), templates, dry_run).await;
    let mut layers = match (&args.template, layers) {
        (Some(template), Err(error)) if matches!(error.code, Code::TemplateNotFound | Code::Forbidden) => {
            // Before there were session templates, the flag named the template of an agent.
            if agents::get::<AgentTemplate>(context, &TEMPLATE, template).await.is_err() {
                return Err(error);
            }
            context.printer.note(&format!("\"{template}\" is a template of agents: write --agent-template {template}"));
            typed.values.remove("template");
            typed.set("agent-template", json!({ "name": template }));
            settings::for_new_work(context, typed, templates, dry_run).await?
        }
        (_, layers) => layers?,
    };
    let told = layers.resolve();
    if !args.dedicated || told.get("agent-template").is_some() {
        return Ok(told);
    }
    // The flag decides against an agent that a lower layer names, and for the template that one names.
    let below = layers.read.iter().find_map(|layer| layer.values.get("agent-template").filter(|name| !name.is_null()));
    let template = match below {
        Some(template) => template.clone(),
        None => json!({"name": agents::choose_template(context).await?}),
    };
    layers.read[0].set("agent-template", template);
    Ok(layers.resolve())
}

/// What the flags say.
pub fn typed(fields: &SessionFields, prompt: Option<String>) -> Layer {
    let permissions = fields.permissions.map(PermissionPolicy::from);
    let text = |text: &Option<String>| text.clone().map(Value::from);
    Layer::of_flags([
        ("agent", reference_to(fields.agent.as_ref())),
        ("agent-template", reference_to(fields.agent_template.as_ref())),
        ("fallback-agent", reference_to(fields.fallback_agent.as_ref())),
        ("start-deadline", fields.start_deadline.map(Value::from)),
        ("prompt", prompt.map(Value::from)),
        ("title", text(&fields.title)),
        ("model", text(&fields.model)),
        ("mode", text(&fields.mode)),
        ("directory", text(&fields.directory)),
        ("repos", (!fields.repos.is_empty()).then(|| fields.repos.iter().map(|repo| repository(repo)).collect())),
        ("timeout", fields.timeout.map(|timeout| timeout.to_string().into())),
        ("idle-timeout", fields.idle_timeout.map(|timeout| timeout.to_string().into())),
        ("ttl", fields.ttl.map(Value::from)),
        ("deletion-policy", fields.deletion_policy().map(|policy| json!(policy))),
        ("permissions", permissions.map(|permissions| json!(permissions))),
    ])
}

/// `URL` or `URL@BRANCH`; the `@` of `git@host:path` and of `https://user@host` is none of a branch.
pub fn repository(typed: &str) -> Value {
    match typed.rsplit_once('@') {
        Some((url, branch))
            if url.contains(['/', ':']) && !branch.contains(':') && !url.ends_with('/') && {
                let host_follows =
                    url.ends_with("//") || url.split("//").nth(1).is_some_and(|rest| !rest.contains('/'));
                !host_follows && !branch.is_empty()
            } =>
        {
            json!({"url": url, "branch": branch})
        }
        _ => json!({"url": typed}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_read() {
        let branch = |typed: &str| repository(typed)["branch"].as_str().map(str::to_owned);
        assert_eq!(branch("https://example.com/a/b.git@main").as_deref(), Some("main"));
        assert_eq!(branch("https://example.com/a/b.git"), None);
        assert_eq!(branch("git@example.com:a/b.git"), None);
        assert_eq!(branch("git@example.com:a/b.git@v1").as_deref(), Some("v1"));
        assert_eq!(branch("https://user@example.com/a.git"), None);
        assert_eq!(branch("ssh://git@example.com/a.git@fix/x").as_deref(), Some("fix/x"));
    }

    #[test]
    fn what_is_typed_becomes_the_object() {
        let fields = SessionFields {
            agent: Some("a".into()),
            repos: vec!["https://e.com/a/b@main".into()],
            retain: Some(true),
            ..SessionFields::default()
        };
        assert_eq!(
            settings::resolve(&[typed(&fields, Some("hi".into()))]).session()["spec"],
            json!({"agentRef": {"name": "a"}, "prompt": "hi", "repos": [{"url": "https://e.com/a/b", "branch": "main"}],
                "deletionPolicy": "Retain"})
        );
    }
}
