//! The Pod and the `ConfigMap` of a Task.
//!
//! The prompt reaches `opencode run` by standard input from a mounted file: as an argument it could not be longer than
//! 128 KiB, and OpenCode would put quotes round it.

use kube::{Resource, ResourceExt};
use serde_json::{Map, Value, json};

use crate::api::{Task, keys, names};
use crate::controller::agent::resolve::{Problem, Resolved};
use crate::controller::pod::{PodParts, container, context_text, labels};
use crate::controller::runtime::AgentRuntime;

/// Key of the prompt in the `ConfigMap`, as the platform names it.
const PROMPT_KEY: &str = "workspace-task.md";
/// `$1` server, `$2` its workspace, `$3` title, `$4` file of the prompt.
const RUN_ATTACHED: &str =
    r#"PATH="${0%/*}:$PATH"; export PATH; exec "$0" run --attach "$1" --dir "$2" --title "$3" <"$4""#;
/// `$1` title, `$2` file of the prompt.
const RUN_ALONE: &str = r#"PATH="${0%/*}:$PATH"; export PATH; exec "$0" run --title "$1" <"$2""#;

/// The server that a Task runs on.
#[derive(Clone, Copy, Debug)]
pub struct ServedAt<'a> {
    /// Its URL.
    pub url: &'a str,
    /// Its workspace, as it knows it: `opencode run` would name its own, which need not be the same path.
    pub directory: &'a str,
}

/// Builds the `ConfigMap` and the Pod of `task`; `server` is its Agent's, absent for a Task from a template.
pub fn objects(
    task: &Task,
    resolved: &Resolved,
    server: Option<ServedAt<'_>>,
    runtime: &AgentRuntime,
) -> Result<(Value, Value), Problem> {
    let name = task.name_any();
    let namespace = task.namespace().unwrap_or_default();
    let title = names::task_session_title(&namespace, &name, &task.uid().unwrap_or_default());
    let config_map_name = names::task_context(&name);
    let mut parts = PodParts::new(resolved, runtime, &config_map_name)?;
    parts.variable("TASK_NAME", &name);
    parts.variable("TASK_NAMESPACE", &namespace);
    let prompt = parts.file(PROMPT_KEY, prompt(task));
    parts.empty_dir("workspace", &resolved.workspace);
    let shell = |script: &str, arguments: &[&str]| {
        let words = ["sh", "-c", script, &runtime.opencode].into_iter().chain(arguments.iter().copied());
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    let command = match (&resolved.command, server) {
        (Some(command), _) => command.clone(),
        (None, Some(at)) => shell(RUN_ATTACHED, &[at.url, at.directory, &title, &prompt]),
        (None, None) => shell(RUN_ALONE, &[&title, &prompt]),
    };
    let attached = server.is_some() && resolved.command.is_none();
    let image = if attached {
        resolved.attach_image.as_deref().unwrap_or(&runtime.attach_image)
    } else {
        resolved.executor_image.as_deref().unwrap_or(&runtime.executor_image)
    };
    let mut main = container(names::TASK_CONTAINER, image, Some(command));
    main["workingDir"] = json!(resolved.workspace);
    let own = [(keys::APP, keys::APP_VALUE), (keys::TASK, name.as_str())];
    let plain: Map<_, _> = own.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    let mut config_map = object(task, "ConfigMap", &config_map_name, &plain);
    config_map["data"] = Value::Object(parts.files.clone());
    let mut pod = object(task, "Pod", &names::task_pod(&name), &labels(resolved, &own));
    pod["spec"] = parts.pod_spec(main, resolved, "Never");
    Ok((config_map, pod))
}

/// The Task's description, with its own texts in front: the Agent's tools see no file of the Task's Pod.
fn prompt(task: &Task) -> String {
    let texts: String = task.spec.contexts.iter().flatten().filter_map(context_text).collect();
    texts + task.spec.description.as_deref().unwrap_or_default()
}

/// The Task's own contexts that are left out, by the path of the field.
pub fn unsupported_contexts(task: &Task) -> Vec<String> {
    let contexts = task.spec.contexts.iter().flatten().enumerate();
    let other = contexts.filter(|(_, context)| context_text(context).is_none());
    let kind = |context: &Value| context.get("type").and_then(Value::as_str).unwrap_or("untyped").to_owned();
    other.map(|(index, context)| format!("spec.contexts[{index}] ({})", kind(context))).collect()
}

fn object(task: &Task, kind: &str, name: &str, labels: &Map<String, Value>) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {
            "name": name,
            "namespace": task.namespace(),
            "labels": labels,
            "ownerReferences": task.controller_owner_ref(&()).into_iter().collect::<Vec<_>>(),
        },
    })
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "objects are written where they are used")]
mod tests {
    use super::*;
    use crate::controller::agent::resolve::resolve;
    use k8s_openapi::api::core::v1::{ConfigMap, Pod};

    fn build(agent: Value, server: Option<&str>) -> (ConfigMap, Pod) {
        let task: Task = serde_json::from_value(json!({
            "metadata": {"name": "fix", "namespace": "team", "uid": "0123456789"},
            "spec": {"agentRef": {"name": "a"}, "description": "it's \"quoted\" $HOME"}
        }))
        .unwrap();
        let agent = serde_json::from_value(json!({"metadata": {"name": "a"}, "spec": agent})).unwrap();
        let resolved = resolve(&agent, None).unwrap();
        let at = server.map(|url| ServedAt { url, directory: "/workspace" });
        let (config_map, pod) = objects(&task, &resolved, at, &AgentRuntime::cluster()).unwrap();
        (serde_json::from_value(config_map).unwrap(), serde_json::from_value(pod).unwrap())
    }

    #[test]
    fn a_task_on_an_agent_is_what_observers_of_the_platform_know() {
        let (config_map, pod) = build(json!({"serviceAccountName": "sa"}), Some("http://a.team.svc:4096"));
        assert_eq!((pod.name_any().as_str(), config_map.name_any().as_str()), ("fix-pod", "fix-context"));
        assert_eq!(pod.labels()["app"], "kubeopencode");
        assert_eq!(pod.labels()["kubeopencode.io/task"], "fix");
        assert_eq!(pod.owner_references()[0].uid, "0123456789");
        let spec = pod.spec.unwrap();
        assert_eq!((spec.restart_policy.as_deref(), spec.service_account_name.as_deref()), (Some("Never"), Some("sa")));
        let main = &spec.containers[0];
        assert_eq!(main.name, "agent");
        assert!(main.image.as_deref().unwrap().contains("attach"));
        let command = main.command.as_ref().unwrap();
        assert_eq!(command[4..7], ["http://a.team.svc:4096", "/workspace", "kubeopencode/team/fix/01234567"]);
        assert!(!command.iter().any(|word| word.contains("quoted")), "the prompt is on the command line");
        assert_eq!(config_map.data.unwrap()["workspace-task.md"], "it's \"quoted\" $HOME");
    }

    #[test]
    fn texts_of_a_task_go_in_front_of_its_prompt_and_nothing_is_left_out_in_silence() {
        let task: Task =
            serde_json::from_value(json!({"metadata": {"name": "t"}, "spec": {"description": "do it", "contexts": [
            {"type": "Text", "text": "be brief"}, {"type": "Git", "git": {"repository": "r"}}]}}))
            .unwrap();
        assert_eq!(prompt(&task), "<context name=\"context\" type=\"Text\">\nbe brief\n</context>\ndo it");
        assert_eq!(unsupported_contexts(&task), ["spec.contexts[1] (Git)"]);
    }

    #[test]
    fn a_task_from_a_template_runs_alone_in_the_executor() {
        let (_, pod) = build(json!({"workspaceDir": "/w"}), None);
        let main = &pod.spec.unwrap().containers[0];
        assert!(main.image.as_deref().unwrap().contains("devbox"));
        assert_eq!(main.working_dir.as_deref(), Some("/w"));
        assert!(!main.command.as_ref().unwrap()[2].contains("--attach"));
    }

    #[test]
    fn a_command_of_the_agent_is_taken_verbatim() {
        let (_, pod) = build(json!({"command": ["sh", "-c", "echo hi"], "executorImage": "e:1"}), Some("http://x"));
        let main = &pod.spec.unwrap().containers[0];
        assert_eq!(main.command.as_ref().unwrap(), &["sh", "-c", "echo hi"]);
        assert_eq!(main.image.as_deref(), Some("e:1"));
    }
}
