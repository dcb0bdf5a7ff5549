//! `session set|edit|label|annotate`: changes of the object.
//!
//! Title, model, mode, time limits, repositories and workflow are taken up while the session runs. Prompt, agent and
//! directory say how its conversation begins: they change only while it is stopped, and are refused otherwise, because
//! the object would then tell of a conversation that is not there.

use std::io::Write as _;

use serde_json::{Map, Value, json};

use super::create::repository;
use crate::api::kinds::SESSION;
use crate::api::session::{PermissionPolicy, SessionPhase};
use crate::api::{GoDuration, Session, validate};
use crate::cli::flags::{Selection, Targets};
use crate::cli::verbs::{EditSession, Mark, SetSession};
use crate::commands::list::objects;
use crate::commands::task::done;
use crate::commands::{Context, agents, batch, outcome, wait, writes};
use crate::error::{Code, Error, Result};
use crate::output::{from_yaml, to_yaml};

/// What says how a conversation begins.
const AT_ITS_BEGINNING: [&str; 4] = ["agentRef", "templateRef", "prompt", "directory"];

/// Changes fields of every target.
pub async fn set(context: &Context, args: &SetSession) -> Result<()> {
    let change = change(args)?;
    if change.is_empty() {
        return Err(Error::usage("there is nothing to set")
            .because("no field is named by a flag")
            .hint("kubectl opencode session set NAME --title TITLE"));
    }
    if let Some(agent) = &args.agent {
        agents::choose(context, Some(agent)).await?;
    }
    let names = batch::names(context, &SESSION, &args.targets).await?;
    let change = Value::Object(change);
    let each = async |name: &str| {
        let session: Session = agents::get(context, &SESSION, name).await?;
        may_change(&session, name, &change)?;
        writes::patch(context, &SESSION, name, &json!({"spec": change})).await
    };
    batch::each(&names, "cannot change", each, |_, stored| done(context, &stored, "changed", &args.output.format()))
        .await
}

/// The change of the spec as a merge patch: `null` takes a field away.
fn change(args: &SetSession) -> Result<Map<String, Value>> {
    let text = |value: &Option<String>| {
        value.as_ref().map(|text| if text.is_empty() { Value::Null } else { Value::from(text.as_str()) })
    };
    let time = |flag: &str, value: &Option<String>| match value.as_deref() {
        None => Ok(None),
        Some("" | "0") => Ok(Some(Value::Null)),
        Some(typed) => match typed.parse::<GoDuration>() {
            Ok(time) => Ok(Some(time.to_string().into())),
            Err(error) => Err(Error::usage(format!("{flag}: {error}")).hint("write it as in 90s, 30m or 1h30m")),
        },
    };
    let repos = || match args.repos.as_slice() {
        [] => None,
        [only] if only.is_empty() => Some(Value::Null),
        repos => Some(repos.iter().map(|repo| repository(repo)).collect()),
    };
    let workflow = args.workflow.as_ref().map(|typed| {
        let found = repository(typed);
        let mut workflow = json!({"gitUrl": found["url"], "branch": found["branch"], "path": null});
        if typed.is_empty() {
            workflow = Value::Null;
        }
        workflow
    });
    let fields = [
        ("title", text(&args.title)),
        ("model", text(&args.model)),
        ("mode", text(&args.mode)),
        ("timeout", time("--timeout", &args.timeout)?),
        ("idleTimeout", time("--idle-timeout", &args.idle_timeout)?),
        ("ttlSecondsAfterFinished", args.ttl.map(|ttl| if ttl < 0 { Value::Null } else { ttl.into() })),
        ("permissions", args.permissions.map(|permissions| json!(PermissionPolicy::from(permissions)))),
        ("repos", repos()),
        ("workflow", workflow),
        ("prompt", text(&args.prompt)),
        ("agentRef", args.agent.as_ref().map(|name| json!({"name": name}))),
        ("directory", text(&args.directory)),
    ];
    let given = fields.into_iter().filter_map(|(field, value)| value.map(|value| (field.to_owned(), value)));
    Ok(given.collect())
}

/// Refuses a change that a session which is not stopped cannot take up.
fn may_change(session: &Session, name: &str, change: &Value) -> Result<()> {
    let phase = outcome::session_phase(session);
    if phase == SessionPhase::Stopped {
        return Ok(());
    }
    let spec = json!(session.spec);
    let refused: Vec<_> = AT_ITS_BEGINNING
        .into_iter()
        .filter(|field| change.get(field).is_some_and(|new| *new != spec[*field]))
        .collect();
    if refused.is_empty() {
        return Ok(());
    }
    Err(Error::new(Code::Conflict, format!("{} of session \"{name}\" cannot change now", refused.join(", ")))
        .because(format!("the session is {}, and these say how its conversation begins", phase.as_str()))
        .hint(format!(
            "kubectl opencode session stop {name} --wait, then set, then: kubectl opencode session start {name}"
        )))
}

/// Opens the object in the user's editor, and sends what was changed.
pub async fn edit(context: &Context, args: &EditSession) -> Result<()> {
    let name = args.name.as_str();
    let before = objects::object(context, &SESSION, name).await?;
    let mut shown = before.clone();
    if let Some(object) = shown.as_object_mut() {
        object.remove("status");
    }
    let original = to_yaml(&shown)?;
    let head = "# What you save is sent, unless nothing was changed or everything was removed.\n";
    let cannot = |error: &std::io::Error| {
        let message = format!("cannot keep a file to edit in {}", std::env::temp_dir().display());
        Error::new(Code::InvalidConfiguration, message)
            .caused_by(error)
            .hint("set TMPDIR to a folder that you may write to")
    };
    let prefix = format!("session-{name}-");
    let mut made =
        tempfile::Builder::new().prefix(&prefix).suffix(".yaml").tempfile().map_err(|error| cannot(&error))?;
    write!(made, "{head}{original}").map_err(|error| cannot(&error))?;
    // Closed, since another program writes it now; gone with its name, unless something is wrong with what was written.
    let file = made.into_temp_path();
    editor(&file).await?;
    // An editor may have put another file into its place.
    let text = std::fs::read_to_string(&file).map_err(|error| cannot(&error))?;
    let sent = async {
        let edited = from_yaml(&text)?.into_iter().find(|document| !document.is_null());
        let Some(edited) = edited else { return Ok(None) };
        let Some(change) = difference(&shown, &edited) else { return Ok(None) };
        if edited["kind"] != shown["kind"] || edited["metadata"]["name"] != shown["metadata"]["name"] {
            return Err(Error::usage("kind and name of an object do not change")
                .because("another session is made as a copy")
                .hint(format!("kubectl opencode session clone {name}")));
        }
        validate::check(&format!("session/{name}"), validate::session(&wait::read(&edited)?))?;
        if let Some(spec) = change.get("spec") {
            may_change(&wait::read(&before)?, name, spec)?;
        }
        // What somebody else wanted meanwhile is not overwritten; a status changes all the time.
        let now = objects::object(context, &SESSION, name).await?;
        if now["metadata"]["generation"] != before["metadata"]["generation"] {
            return Err(Error::new(
                Code::Conflict,
                format!("session \"{name}\" was changed by somebody else meanwhile"),
            )
            .hint(format!("kubectl opencode session edit {name}")));
        }
        writes::patch(context, &SESSION, name, &change).await.map(Some)
    };
    let sent = match sent.await {
        Ok(sent) => sent,
        Err(error) => {
            let kept = file.keep().map_err(|error| cannot(&error.error))?;
            return Err(error.because(format!("what you wrote is kept in {}", kept.display())));
        }
    };
    if let Some(stored) = sent {
        return done(context, &stored, "edited", &args.output.format());
    }
    context.printer.note("nothing was changed");
    Ok(())
}

/// Runs the user's editor on a file, as kubectl does.
async fn editor(path: &std::path::Path) -> Result<()> {
    let named = ["KUBE_EDITOR", "VISUAL", "EDITOR"].iter().find_map(std::env::var_os).unwrap_or_else(|| "vi".into());
    let mut line = named.clone();
    line.push(" \"$1\"");
    let status = tokio::process::Command::new("sh").arg("-c").arg(line).arg("sh").arg(path).status().await;
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::usage(format!("the editor {} failed", named.display()))
            .because(status)
            .hint("set KUBE_EDITOR or EDITOR to one that works")),
        Err(error) => Err(Error::usage("cannot start an editor").caused_by(&error)),
    }
}

/// The merge patch (RFC 7396) that makes `new` of `old`; none if they are the same.
fn difference(old: &Value, new: &Value) -> Option<Value> {
    let (Some(before), Some(after)) = (old.as_object(), new.as_object()) else {
        return (old != new).then(|| new.clone());
    };
    let mut patch = Map::new();
    for key in before.keys().filter(|key| !after.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    for (key, value) in after {
        if let Some(change) = before.get(key).map_or_else(|| Some(value.clone()), |old| difference(old, value)) {
            patch.insert(key.clone(), change);
        }
    }
    (!patch.is_empty()).then_some(Value::Object(patch))
}

/// Sets and takes away labels (`field` is `labels`) or annotations.
pub async fn mark(context: &Context, args: &Mark, field: &str) -> Result<()> {
    let is_change = |word: &&String| word.contains('=') || word.ends_with('-');
    let (names, changes) = args.words.split_at(args.words.iter().take_while(|word| !is_change(word)).count());
    let name = |word: &String| {
        let name = SESSION.name_in(word).ok_or_else(|| Error::usage(format!("\"{word}\" is no session")));
        name.map(str::to_owned)
    };
    let names: Vec<_> = names.iter().map(name).collect::<Result<_>>()?;
    let mut change = Map::new();
    for word in changes {
        match (word.split_once('='), word.strip_suffix('-')) {
            (Some((key, value)), _) if !key.is_empty() => change.insert(key.to_owned(), value.into()),
            (None, Some(key)) if !key.is_empty() => change.insert(key.to_owned(), Value::Null),
            _ => return Err(Error::usage(format!("\"{word}\" is neither KEY=VALUE nor KEY-")).hint("names come first")),
        };
    }
    if change.is_empty() {
        return Err(Error::usage("there is nothing to change").hint("write KEY=VALUE to set, KEY- to take away"));
    }
    let chosen = args.all || args.selector.is_some();
    if names.is_empty() != chosen {
        return Err(Error::usage("which sessions?").hint("name them, or select with -l QUERY or --all"));
    }
    let selection = Selection { selector: args.selector.clone(), ..Selection::default() };
    let names = batch::names(context, &SESSION, &Targets { names, selection, all: args.all }).await?;
    let each = async |name: &str| {
        let object = objects::object(context, &SESSION, name).await?;
        let there = &object["metadata"][field];
        let differs = |(key, value): (&String, &Value)| {
            let old = there.get(key).filter(|old| *old != value && !value.is_null())?;
            Some(format!("\"{key}\" is {old} already"))
        };
        if let Some(why) = change.iter().find_map(differs).filter(|_| !args.overwrite) {
            return Err(
                Error::new(Code::Conflict, format!("session \"{name}\": {why}")).hint("change it with --overwrite")
            );
        }
        writes::patch(context, &SESSION, name, &json!({"metadata": {field: change}})).await
    };
    let what = if field == "labels" { "labeled" } else { "annotated" };
    batch::each(&names, "cannot change", each, |_, stored| done(context, &stored, what, &args.output.format())).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_a_patch_and_nothing_takes_away() {
        let args = SetSession {
            title: Some(String::new()),
            model: Some("a/b".into()),
            timeout: Some("90m".into()),
            idle_timeout: Some("0".into()),
            ttl: Some(-1),
            repos: vec!["https://e.com/a@main".into()],
            ..SetSession::default()
        };
        let expected = json!({"title": null, "model": "a/b", "timeout": "1h30m0s", "idleTimeout": null, "ttlSecondsAfterFinished": null,
            "repos": [{"url": "https://e.com/a", "branch": "main"}]});
        assert_eq!(Value::Object(change(&args).unwrap()), expected);
        let args = SetSession { timeout: Some("soon".into()), ..SetSession::default() };
        assert_eq!(change(&args).unwrap_err().code, Code::Usage);
    }

    #[test]
    fn a_difference_is_a_merge_patch() {
        let old = json!({"a": 1, "b": {"c": 1, "d": [1]}, "e": 2});
        assert_eq!(difference(&old, &old), None);
        let new = json!({"a": 1, "b": {"c": 2, "d": [1, 2]}, "f": 3});
        assert_eq!(difference(&old, &new).unwrap(), json!({"e": null, "b": {"c": 2, "d": [1, 2]}, "f": 3}));
    }

    #[test]
    fn how_a_conversation_begins_changes_only_while_it_is_stopped() {
        let session = |phase: &str| -> Session {
            serde_json::from_value(
                json!({"apiVersion": "session.kubeopencode.io/v1alpha1", "kind": "Session", "metadata": {"name": "s"},
                "spec": {"agentRef": {"name": "a"}}, "status": {"phase": phase}}),
            )
            .unwrap()
        };
        let change = json!({"agentRef": {"name": "b"}, "title": "x"});
        let error = may_change(&session("Running"), "s", &change).unwrap_err();
        assert_eq!(
            (error.code, error.message.as_str()),
            (Code::Conflict, "agentRef of session \"s\" cannot change now")
        );
        assert!(may_change(&session("Stopped"), "s", &change).is_ok());
        assert!(may_change(&session("Running"), "s", &json!({"agentRef": {"name": "a"}, "title": "y"})).is_ok());
    }
}
