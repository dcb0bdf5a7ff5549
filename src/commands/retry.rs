//! `task retry`: the same task once more.

use serde_json::{Value, json};

use super::list::objects;
use super::task::done;
use super::wait::{State, deadline, read, until};
use super::{Context, batch, create, outcome, writes};
use crate::api::kinds::TASK;
use crate::api::{Task, keys};
use crate::cli::flags::Creation;
use crate::cli::task::Retry;
use crate::error::{Code, Error, Result};

/// Most characters of a task's name.
const LONGEST_NAME: usize = 63;
/// What is added to the name of the old task: a hyphen, and characters that look like nothing.
const ADDED: usize = 6;

/// Creates every target again, and waits if asked.
pub async fn run(context: &Context, args: &Retry) -> Result<()> {
    let names = batch::names(context, &TASK, &args.targets).await?;
    let limit = deadline(args.timeout);
    batch::each(
        &names,
        "cannot retry",
        async |name| {
            let old = objects::object(context, &TASK, name).await?;
            let creation = Creation { replace: args.replace, ..Creation::default() };
            let stored = create::one(context, &TASK, again(&old, name, args.replace)?, &creation).await?;
            if !args.wait {
                return Ok(stored);
            }
            let new = objects::text_at(&stored, "/metadata/name");
            context.leaves_behind(
                format!("task \"{new}\" goes on in the cluster"),
                format!("kubectl opencode task wait {new}; to end it: kubectl opencode task stop {new}"),
            );
            context.printer.waiting_for(&format!("waiting for task \"{new}\" to finish"));
            Ok(until(context, &TASK, &new, &State::Ended, limit).await?.unwrap_or(stored))
        },
        |_, stored| done(context, &stored, if args.wait { "completed" } else { "created" }, &args.output.format()),
    )
    .await
}

/// The task as it was asked for, under a name of its own or the old one.
fn again(old: &Value, name: &str, same_name: bool) -> Result<Value> {
    let task: Task = read(old)?;
    if outcome::of_task(&task).is_none() {
        return Err(Error::new(
            Code::Conflict,
            format!("task \"{name}\" has not ended: it is {}", outcome::task_phase(&task)),
        )
        .hint(format!("kubectl opencode task stop {name}")));
    }
    let new = if same_name { name.to_owned() } else { next_name(name) };
    let metadata = json!({"name": new, "annotations": {keys::RETRY_OF: name}});
    let mut object = TASK.object(metadata, old["spec"].clone());
    // The platform's own labels say who made the old task and where it ran.
    let labels = old.pointer("/metadata/labels").and_then(Value::as_object);
    for (key, value) in labels.into_iter().flatten().filter(|(key, _)| !key.contains("kubeopencode.io/")) {
        object["metadata"]["labels"][key] = value.clone();
    }
    Ok(object)
}

fn next_name(name: &str) -> String {
    let stem: String = name.chars().take(LONGEST_NAME - ADDED).collect();
    let made_up = writes::made_up_name("");
    format!("{}{}", stem.trim_end_matches(['-', '.']), made_up.chars().take(ADDED).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_asked_for_again_as_it_was() {
        let old = json!({"apiVersion": "kubeopencode.io/v1alpha1", "kind": "Task",
            "metadata": {"name": "t", "uid": "u", "labels": {"team": "red", "kubeopencode.io/crontask": "c"}},
            "spec": {"agentRef": {"name": "dev"}, "description": "x"}, "status": {"phase": "Failed"}});
        let new = again(&old, "t", true).unwrap();
        assert_eq!(new["spec"], old["spec"]);
        assert_eq!(new["metadata"]["name"], "t");
        assert_eq!(new["metadata"]["labels"], json!({"team": "red"}));
        assert!(new["metadata"].get("uid").is_none() && new.get("status").is_none());
        let running =
            json!({"apiVersion": "v", "kind": "Task", "metadata": {}, "spec": {}, "status": {"phase": "Running"}});
        assert_eq!(again(&running, "t", false).unwrap_err().code, Code::Conflict);
    }

    #[test]
    fn the_next_name_fits() {
        assert_eq!(next_name("t").len(), 7);
        let long = next_name(&"x".repeat(63));
        assert!(long.len() == 63 && long.contains("x-"), "{long}");
    }
}
