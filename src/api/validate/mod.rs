//! What the API server lets through and the platform breaks on, found before anything is sent.
//!
//! The CRDs of the platform carry few rules: any string is a duration, any length a name, a string is a `config`. What
//! then happens is far from the cause: the controller stops decoding a whole kind, a Pod is refused, a Task runs with an
//! empty prompt. Each check here names the field, says what is wrong, and how to write it instead.

mod cron;

use std::collections::HashSet;

use serde_json::Value;

use super::names::session_agent;
use super::session::MAX_PROMPT_BYTES;
use super::{Agent, AgentTemplate, CronTask, GoDuration, NameRef, Session, Task, TaskSpec};
use crate::error::{Code, Error, Result};

/// Longest `description` of a Task, in bytes: the platform passes it as one argument of a program, and Linux refuses
/// arguments of 128 KiB (`MAX_ARG_STRLEN`, which counts the closing NUL).
pub const MAX_TASK_PROMPT_BYTES: usize = 128 * 1024 - 1;

/// Length of the suffix that the API server adds to `generateName`.
const GENERATED_SUFFIX: usize = 5;

/// One thing that is wrong with an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as in `spec.timeout`.
    pub field: String,
    /// What is wrong, in one line without a full stop.
    pub message: String,
    /// How to write it instead.
    pub hint: String,
}

impl Problem {
    fn new(field: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into(), hint: hint.into() }
    }
}

/// Turns what is wrong with the object `what` (as in `task/fix-login`) into one error that names every field; nothing
/// wrong is success.
pub fn check(what: &str, problems: Vec<Problem>) -> Result<()> {
    let mut problems = problems.into_iter();
    let Some(first) = problems.next() else { return Ok(()) };
    let error =
        Error::new(Code::InvalidConfiguration, format!("{what} is not valid: {}: {}", first.field, first.message));
    let error = problems.fold(error, |error, problem| error.because(format!("{}: {}", problem.field, problem.message)));
    Err(error.hint(first.hint))
}

/// Checks a Task. Its name becomes the value of a label on its Pod, so it has at most 63 characters.
pub fn task(task: &Task) -> Vec<Problem> {
    let mut found = names(&task.metadata, 63, Shape::Any);
    task_spec("spec", &task.spec, &mut found);
    found
}

/// Checks an Agent. Its name becomes the name of a Service: a DNS-1035 label of at most 63 characters.
pub fn agent(agent: &Agent) -> Vec<Problem> {
    let mut found = names(&agent.metadata, 63, Shape::Dns1035);
    let spec = &agent.spec;
    if spec.template_ref.as_ref().is_some_and(|template| template.name.is_empty()) {
        let hint = "name a template in spec.templateRef, or leave it out";
        found.push(Problem::new("spec.templateRef", "the name of the template is empty", hint));
    }
    if spec.template_ref.is_none() {
        for (field, value, example) in [
            ("workspaceDir", &spec.workspace_dir, "/workspace"),
            ("serviceAccountName", &spec.service_account_name, "default"),
        ] {
            if value.as_deref().unwrap_or_default().is_empty() {
                found.push(Problem::new(
                    format!("spec.{field}"),
                    format!("an agent without a template needs {field}"),
                    format!("set spec.{field}, for example to {example}, or name a template in spec.templateRef"),
                ));
            }
        }
    }
    if let Some(standby) = &spec.standby {
        duration("spec.standby.idleTimeout", Some(&standby.idle_timeout), &mut found);
    }
    config(spec.config.as_ref(), &mut found);
    contexts("spec", spec.unknown.get("contexts").and_then(Value::as_array), &mut found);
    found
}

/// Checks an AgentTemplate.
pub fn agent_template(template: &AgentTemplate) -> Vec<Problem> {
    let mut found = names(&template.metadata, 63, Shape::Any);
    config(template.spec.config.as_ref(), &mut found);
    contexts("spec", template.spec.unknown.get("contexts").and_then(Value::as_array), &mut found);
    found
}

/// Checks a CronTask. Its Tasks are named after it with eleven characters added, and a Task's name has at most 63.
pub fn cron_task(cron_task: &CronTask) -> Vec<Problem> {
    let mut found = names(&cron_task.metadata, 52, Shape::Any);
    if let Err(message) = cron::check(&cron_task.spec.schedule) {
        found.push(Problem::new(
            "spec.schedule",
            message,
            "write five fields: minute, hour, day of month, month, day of week, as in \"0 9 * * 1-5\"",
        ));
    }
    task_spec("spec.taskTemplate.spec", &cron_task.spec.task_template.spec, &mut found);
    found
}

/// Checks the name of a Session with an Agent of its own, which is named after it, and whose Service has that name.
pub fn name_of_own_agent(metadata: &kube::core::ObjectMeta) -> Vec<Problem> {
    names(metadata, 63 - session_agent("").len(), Shape::Label)
}

/// Checks a Session. Its name becomes the value of a label, and part of the name of a dedicated Agent.
pub fn session(session: &Session) -> Vec<Problem> {
    let spec = &session.spec;
    let mut found = match spec.template_ref {
        Some(_) => name_of_own_agent(&session.metadata),
        None => names(&session.metadata, 63, Shape::Any),
    };
    exactly_one("spec", spec.agent_ref.as_ref(), spec.template_ref.as_ref(), &mut found);
    if spec.fallback_agent_ref.is_some() && spec.template_ref.is_none() {
        found.push(Problem::new(
            "spec.fallbackAgentRef",
            "a fallback needs a dedicated agent to stand in for",
            "name the template in spec.templateRef, or remove spec.fallbackAgentRef",
        ));
    }
    duration("spec.timeout", spec.timeout.as_deref(), &mut found);
    duration("spec.idleTimeout", spec.idle_timeout.as_deref(), &mut found);
    if let Some(text) = &spec.prompt {
        found.extend(prompt("spec.prompt", text, MAX_PROMPT_BYTES));
    }
    if let Some(model) = &spec.model
        && !model.split_once('/').is_some_and(|(provider, name)| {
            !provider.is_empty() && !name.is_empty() && !model.contains(char::is_whitespace)
        })
    {
        found.push(Problem::new(
            "spec.model",
            format!("{model:?} does not name a provider and a model"),
            "write PROVIDER/MODEL, as in anthropic/claude-sonnet-4-5",
        ));
    }
    if let Some(directory) = &spec.directory
        && directory.split('/').any(|part| part == "..")
    {
        found.push(Problem::new(
            "spec.directory",
            "the directory lies outside the workspace",
            "name a directory inside the workspace, without \"..\"",
        ));
    }
    let mut folders = HashSet::new();
    for (index, repo) in spec.repos.iter().enumerate() {
        let folder = repo.folder();
        let field = format!("spec.repos[{index}].name");
        if matches!(folder, "" | "." | "..") || folder.contains('/') {
            found.push(Problem::new(field, format!("{folder:?} is no name of a folder"), "set a plain folder name"));
        } else if !folders.insert(folder) {
            found.push(Problem::new(
                field,
                format!("two repositories would be cloned into {folder:?}"),
                "give one of them another name",
            ));
        }
    }
    found
}

/// Checks the text of a prompt: something to say, no NUL, at most `limit` bytes.
pub fn prompt(field: &str, text: &str, limit: usize) -> Option<Problem> {
    if text.trim().is_empty() {
        Some(Problem::new(field, "the prompt is empty", "say what to do"))
    } else if text.contains('\0') {
        Some(Problem::new(
            field,
            "the prompt holds a NUL character, which would be dropped or cut it short",
            "remove it, for example with: tr -d '\\000'",
        ))
    } else if text.len() > limit {
        Some(Problem::new(
            field,
            format!("the prompt has {} bytes and the limit is {limit}", text.len()),
            "put the long part into a file of the workspace or a context, and name it in the prompt",
        ))
    } else {
        None
    }
}

fn task_spec(at: &str, spec: &TaskSpec, found: &mut Vec<Problem>) {
    exactly_one(at, spec.agent_ref.as_ref(), spec.template_ref.as_ref(), found);
    duration(&format!("{at}.timeout"), spec.timeout.as_deref(), found);
    let field = format!("{at}.description");
    match &spec.description {
        Some(text) => found.extend(prompt(&field, text, MAX_TASK_PROMPT_BYTES)),
        None => found.push(Problem::new(
            field,
            "the task has no description, so it would run with an empty prompt",
            "set the prompt as the description",
        )),
    }
    contexts(at, spec.contexts.as_ref(), found);
}

fn exactly_one(at: &str, agent: Option<&NameRef>, template: Option<&NameRef>, found: &mut Vec<Problem>) {
    let message = match (agent, template) {
        (Some(named), None) | (None, Some(named)) if !named.name.is_empty() => return,
        (Some(_), None) => "the name of the agent is empty",
        (None, Some(_)) => "the name of the template is empty",
        (None, None) => "either agentRef or templateRef must be specified",
        (Some(_), Some(_)) => "only one of agentRef or templateRef can be specified",
    };
    found.push(Problem::new(at, message, "name a running agent with agentRef, or a template with templateRef"));
}

fn duration(field: &str, text: Option<&str>, found: &mut Vec<Problem>) {
    let Some(text) = text else { return };
    let message = match text.parse::<GoDuration>() {
        Ok(duration) if duration.nanoseconds() > 0 => return,
        Ok(_) => format!("{text:?} is not a length of time"),
        Err(error) => error.to_string(),
    };
    found.push(Problem::new(
        field,
        message,
        "write it with h, m and s, as in 90s, 30m or 1h30m (there is no unit for days)",
    ));
}

fn config(config: Option<&Value>, found: &mut Vec<Problem>) {
    let Some(config) = config else { return };
    if !config.is_object() {
        let is = if config.is_string() { "a string" } else { "not an object" };
        found.push(Problem::new(
            "spec.config",
            format!("the configuration is {is}, which OpenCode cannot read"),
            "write the OpenCode configuration as YAML fields below config (not after \"config: |\")",
        ));
    }
}

fn contexts(at: &str, contexts: Option<&Vec<Value>>, found: &mut Vec<Problem>) {
    for (index, context) in contexts.into_iter().flatten().enumerate() {
        let at = format!("{at}.contexts[{index}]");
        let interval = context.pointer("/git/sync/interval").and_then(Value::as_str);
        duration(&format!("{at}.git.sync.interval"), interval, found);
        if context.get("type").and_then(Value::as_str) == Some("URL") {
            found.push(Problem::new(
                format!("{at}.type"),
                "the platform's controller does not know contexts of type URL",
                "use Text, ConfigMap or Git",
            ));
        }
    }
}

/// What a name has to look like, beyond what the API server asks (a DNS-1123 subdomain).
#[derive(Clone, Copy)]
enum Shape {
    Any,
    /// Of a label, after a prefix that begins with a letter.
    Label,
    Dns1035,
}

fn names(metadata: &kube::core::ObjectMeta, limit: usize, shape: Shape) -> Vec<Problem> {
    let (field, name, length) = match (&metadata.name, &metadata.generate_name) {
        (Some(name), _) => ("metadata.name", name, name.len()),
        (None, Some(prefix)) => ("metadata.generateName", prefix, prefix.len() + GENERATED_SUFFIX),
        (None, None) => return Vec::new(),
    };
    let mut found = Vec::new();
    if length > limit {
        found.push(Problem::new(
            field,
            format!("the name has {length} characters and the limit is {limit}"),
            format!("choose a name of at most {limit} characters"),
        ));
    }
    let starts_with_letter = name.starts_with(|c: char| c.is_ascii_lowercase());
    let hint = match shape {
        Shape::Dns1035 if !starts_with_letter || name.contains('.') => {
            "start with a lower case letter and use only lower case letters, digits and -"
        }
        Shape::Label if name.contains('.') => "use only lower case letters, digits and -",
        Shape::Any | Shape::Label | Shape::Dns1035 => return found,
    };
    found.push(Problem::new(field, format!("{name:?} cannot name a Service"), hint));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields<T: serde::de::DeserializeOwned>(check: impl Fn(&T) -> Vec<Problem>, object: Value) -> Vec<String> {
        let object: T = serde_json::from_value(object).unwrap();
        let problems = check(&object);
        assert!(problems.iter().all(|p| !p.hint.is_empty() && !p.message.ends_with('.')), "{problems:?}");
        problems.into_iter().map(|p| p.field).collect()
    }

    #[expect(clippy::needless_pass_by_value, reason = "reads as the object at the call")]
    fn a_task(name: &str, spec: Value) -> Value {
        json!({"apiVersion": "kubeopencode.io/v1alpha1", "kind": "Task", "metadata": {"name": name}, "spec": spec})
    }

    #[test]
    fn tasks() {
        let good = json!({"agentRef": {"name": "a"}, "description": "hi", "timeout": "1h30m"});
        assert_eq!(fields(task, a_task("t", good)), [""; 0]);
        assert_eq!(fields(task, a_task("t", json!({"description": "hi"}))), ["spec"]);
        let both = json!({"agentRef": {"name": "a"}, "templateRef": {"name": "b"}, "description": "hi"});
        assert_eq!(fields(task, a_task("t", both)), ["spec"]);
        let day = json!({"agentRef": {"name": "a"}, "description": "hi", "timeout": "1d"});
        assert_eq!(fields(task, a_task("t", day)), ["spec.timeout"]);
        let zero = json!({"agentRef": {"name": "a"}, "description": "hi", "timeout": "0"});
        assert_eq!(fields(task, a_task("t", zero)), ["spec.timeout"]);
        let wordless = json!({"agentRef": {"name": "a"}, "prompt": "the field of another version"});
        assert_eq!(fields(task, a_task("t", wordless)), ["spec.description"]);
        let long = json!({"agentRef": {"name": "a"}, "description": "hi"});
        assert_eq!(fields(task, a_task(&"t".repeat(64), long.clone())), ["metadata.name"]);
        assert_eq!(fields(task, a_task(&"t".repeat(63), long)), [""; 0]);
        let generated = json!({"metadata": {"generateName": "t".repeat(59)}, "spec": {"agentRef": {"name": "a"}, "description": "x"},
            "apiVersion": "kubeopencode.io/v1alpha1", "kind": "Task"});
        assert_eq!(fields(task, generated), ["metadata.generateName"]);
        let url = json!({"agentRef": {"name": "a"}, "description": "hi", "contexts": [
            {"type": "URL", "url": {"source": "https://example.com"}}, {"type": "Git", "git": {"sync": {"interval": "1 hour"}}}]});
        assert_eq!(fields(task, a_task("t", url)), ["spec.contexts[0].type", "spec.contexts[1].git.sync.interval"]);
    }

    #[test]
    fn prompts() {
        assert!(prompt("p", "say hello", 100).is_none());
        assert!(prompt("p", " \n\t", 100).unwrap().message.contains("empty"));
        assert!(prompt("p", "a\0b", 100).unwrap().message.contains("NUL"));
        assert!(prompt("p", &"x".repeat(101), 100).unwrap().message.contains("101 bytes"));
    }

    #[test]
    fn agents() {
        let agent_of = |name: &str, spec: Value| json!({"apiVersion": "kubeopencode.io/v1alpha1", "kind": "Agent", "metadata": {"name": name}, "spec": spec});
        let good = json!({"workspaceDir": "/w", "serviceAccountName": "default", "config": {"model": "a/b"}});
        assert_eq!(fields(agent, agent_of("dev", good.clone())), [""; 0]);
        assert_eq!(fields(agent, agent_of("dev", json!({"templateRef": {"name": "base"}}))), [""; 0]);
        assert_eq!(fields(agent, agent_of("dev", json!({}))), ["spec.workspaceDir", "spec.serviceAccountName"]);
        for name in ["1dev", "my.dev"] {
            assert_eq!(fields(agent, agent_of(name, good.clone())), ["metadata.name"]);
        }
        let text = json!({"templateRef": {"name": "base"}, "config": "{\"model\": \"a/b\"}", "standby": {"idleTimeout": "soon"}});
        assert_eq!(fields(agent, agent_of("dev", text)), ["spec.standby.idleTimeout", "spec.config"]);
    }

    #[test]
    fn schedules() {
        let cron_of = |name: &str, schedule: &str| {
            json!({"apiVersion": "kubeopencode.io/v1alpha1", "kind": "CronTask", "metadata": {"name": name},
                "spec": {"schedule": schedule, "taskTemplate": {"spec": {"agentRef": {"name": "a"}, "description": "hi"}}}})
        };
        assert_eq!(fields(cron_task, cron_of("nightly", "0 3 * * *")), [""; 0]);
        assert_eq!(fields(cron_task, cron_of("nightly", "@daily")), ["spec.schedule"]);
        assert_eq!(fields(cron_task, cron_of(&"n".repeat(53), "0 3 * * *")), ["metadata.name"]);
    }

    #[test]
    fn sessions() {
        let session_of = |spec: Value| json!({"apiVersion": "session.kubeopencode.io/v1alpha1", "kind": "Session", "metadata": {"name": "s"}, "spec": spec});
        assert_eq!(fields(session, session_of(json!({"agentRef": {"name": "a"}, "model": "openai/gpt"}))), [""; 0]);
        assert_eq!(fields(session, session_of(json!({}))), ["spec"]);
        let wrong = json!({"agentRef": {"name": "a"}, "fallbackAgentRef": {"name": "b"}, "timeout": "1w", "idleTimeout": "-5s",
            "prompt": "", "model": "gpt", "directory": "../other",
            "repos": [{"url": "https://h/a.git"}, {"url": "https://g/a"}, {"url": "https://g/b", "name": ".."}]});
        assert_eq!(
            fields(session, session_of(wrong)),
            [
                "spec.fallbackAgentRef",
                "spec.timeout",
                "spec.idleTimeout",
                "spec.prompt",
                "spec.model",
                "spec.directory",
                "spec.repos[1].name",
                "spec.repos[2].name"
            ]
        );
    }

    #[test]
    fn the_name_of_a_session_with_an_agent_of_its_own_names_a_service() {
        let of = |metadata: Value, spec: Value| {
            fields(
                session,
                json!({"apiVersion": "session.kubeopencode.io/v1alpha1", "kind": "Session", "metadata": metadata, "spec": spec}),
            )
        };
        let own = || json!({"templateRef": {"name": "t"}});
        assert_eq!(of(json!({"name": "1".repeat(59)}), own()), [""; 0]);
        assert_eq!(of(json!({"name": "a".repeat(60)}), own()), ["metadata.name"]);
        assert_eq!(of(json!({"name": "a.b"}), own()), ["metadata.name"]);
        assert_eq!(of(json!({"name": "a".repeat(60)}), json!({"agentRef": {"name": "a"}})), [""; 0]);
        assert_eq!(of(json!({"generateName": "a".repeat(54)}), own()), [""; 0]);
        assert_eq!(of(json!({"generateName": "a".repeat(55)}), own()), ["metadata.generateName"]);
    }

    #[test]
    fn one_error_names_every_field() {
        let problems =
            vec![Problem::new("spec.a", "is wrong", "do this"), Problem::new("spec.b", "is worse", "do that")];
        let error = check("task/x", problems).unwrap_err();
        assert_eq!(error.message, "task/x is not valid: spec.a: is wrong");
        assert_eq!(error.causes, ["spec.b: is worse"]);
        assert_eq!(error.hint.as_deref(), Some("do this"));
        assert!(check("task/x", Vec::new()).is_ok());
    }
}
