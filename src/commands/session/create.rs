//! `session create`.

use serde_json::{Value, json};

use crate::api::kinds::SESSION;
use crate::api::session::PermissionPolicy;
use crate::api::validate;
use crate::cli::flags::DryRun;
use crate::cli::session::CreateSession;
use crate::commands::prompt::{self, Source};
use crate::commands::task::{created, created_and_awaited};
use crate::commands::wait::{State, deadline, until};
use crate::commands::{Context, agents, create, list};
use crate::error::Result;

/// What a session's first prompt may be, in the user's words.
const LIMITS: &str = "a session's first prompt is part of an object of Kubernetes, which may have about 1.5 MiB; \
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
        context.printer.waiting_for(&format!("waiting until session \"{name}\" runs"));
        until(context, &SESSION, &name, &State::Ready, deadline(args.wait_timeout)).await
    })
    .await
}

/// The sessions that were typed, each checked and with an agent or a template.
async fn wanted(context: &Context, args: &CreateSession) -> Result<Vec<Value>> {
    let mut wanted = manifests(args)?;
    if args.dedicated && args.template.is_none() {
        let template = agents::choose_template(context).await?;
        for object in &mut wanted {
            object["spec"]["templateRef"] = json!({ "name": template });
        }
    }
    create::check_and_assign(context, &SESSION, &mut wanted, args.creation.dry_run, validate::session).await?;
    Ok(wanted)
}

/// The objects that were typed.
fn manifests(args: &CreateSession) -> Result<Vec<Value>> {
    let source = prompt::text_or_manifest(args.prompt.as_deref(), args.filename.as_deref(), &SESSION, LIMITS)?;
    let empty = || SESSION.object(json!({}), json!({}));
    let (mut wanted, text) = match source {
        Some(Source::Manifests(objects)) => (objects, None),
        Some(Source::Prompt(text)) => (vec![empty()], Some(text)),
        None => (vec![empty()], None),
    };
    create::name(&mut wanted, args.name.as_deref(), "session", &args.creation)?;
    let permissions = args.permissions.map(PermissionPolicy::from);
    let reference = |name: &Option<String>| name.as_ref().map(|name| json!({"name": name}));
    let fields = [
        ("agentRef", reference(&args.agent)),
        ("templateRef", reference(&args.template)),
        ("fallbackAgentRef", reference(&args.fallback_agent)),
        ("startDeadlineSeconds", args.start_deadline.map(Value::from)),
        ("prompt", text.map(Value::from)),
        ("title", args.title.clone().map(Value::from)),
        ("model", args.model.clone().map(Value::from)),
        ("mode", args.mode.clone().map(Value::from)),
        ("directory", args.directory.clone().map(Value::from)),
        ("repos", (!args.repos.is_empty()).then(|| args.repos.iter().map(|repo| repository(repo)).collect())),
        ("timeout", args.timeout.map(|timeout| timeout.to_string().into())),
        ("idleTimeout", args.idle_timeout.map(|timeout| timeout.to_string().into())),
        ("ttlSecondsAfterFinished", args.ttl.map(Value::from)),
        ("deletionPolicy", args.deletion_policy().map(|policy| json!(policy))),
        ("permissions", permissions.map(|permissions| json!(permissions))),
    ];
    for object in &mut wanted {
        for (field, value) in &fields {
            if let Some(value) = value {
                object["spec"][field] = value.clone();
            }
        }
    }
    Ok(wanted)
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
    use crate::cli::flags::Creation;

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
        let args = CreateSession {
            name: Some("s".into()),
            agent: Some("a".into()),
            prompt: Some("hi".into()),
            repos: vec!["https://e.com/a/b@main".into()],
            creation: Creation { labels: vec!["k=v".into()], ..Creation::default() },
            retain: true,
            ..CreateSession::default()
        };
        assert_eq!(
            manifests(&args).unwrap()[0],
            json!({"apiVersion": "session.kubeopencode.io/v1alpha1", "kind": "Session",
                "metadata": {"name": "s", "labels": {"k": "v"}},
                "spec": {"agentRef": {"name": "a"}, "prompt": "hi", "repos": [{"url": "https://e.com/a/b", "branch": "main"}],
                    "deletionPolicy": "Retain"}})
        );
    }
}
