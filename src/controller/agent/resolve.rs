//! An Agent with what its template fills in, or a template alone, checked for what would break a Pod later.

use serde_json::{Map, Value};

use crate::api::{Agent, AgentTemplate, Unknown};

/// Where the workspace is when nobody says.
pub const DEFAULT_WORKSPACE: &str = "/workspace";

/// Why an Agent or template cannot be turned into a Pod; the text is for a condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The template does not exist.
    #[error("AgentTemplate {0} does not exist")]
    TemplateNotFound(String),
    /// `spec.config` is no JSON object.
    #[error("spec.config must be an object: {0}")]
    Config(String),
    /// The workspace is no absolute path below the root.
    #[error("spec.workspaceDir must be an absolute path below /, without \"..\", and not {0:?}")]
    Workspace(String),
    /// A context, skill, credential or claim is incomplete.
    #[error("{0}")]
    Incomplete(String),
}

/// What Pods of an Agent are made of, template merged in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resolved {
    /// Image with the `opencode` binary.
    pub agent_image: Option<String>,
    /// Image of the main container.
    pub executor_image: Option<String>,
    /// Image of Task Pods.
    pub attach_image: Option<String>,
    /// Absolute path of the workspace.
    pub workspace: String,
    /// Replaces a Task Pod's command.
    pub command: Option<Vec<String>>,
    /// OpenCode configuration, an object.
    pub config: Option<Map<String, Value>>,
    /// Secrets.
    pub credentials: Vec<Value>,
    /// Pod tuning; an object or null.
    pub pod: Value,
    /// Service account.
    pub service_account: Option<String>,
    /// Most Tasks at a time; `None` is no limit.
    pub max_tasks: Option<usize>,
    /// Contexts, skills, plugins, quota, proxy, CA, pull secrets, extra ports.
    pub rest: Unknown,
}

/// Merges an Agent with its template: the Agent's own field wins, whole.
pub fn resolve(agent: &Agent, template: Option<&AgentTemplate>) -> Result<Resolved, Problem> {
    let spec = &agent.spec;
    if let (Some(reference), None) = (&spec.template_ref, template) {
        return Err(Problem::TemplateNotFound(reference.name.clone()));
    }
    let base = template.map(|template| &template.spec);
    let text = |own: &Option<String>, theirs: Option<&Option<String>>| {
        let filled = |value: &String| !value.is_empty();
        own.clone().filter(filled).or_else(|| theirs.cloned().flatten().filter(filled))
    };
    let mut rest = base.map(|base| base.unknown.clone()).unwrap_or_default();
    rest.extend(
        spec.unknown.iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.clone(), value.clone())),
    );
    build(Parts {
        agent_image: text(&spec.agent_image, base.map(|base| &base.agent_image)),
        executor_image: text(&spec.executor_image, base.map(|base| &base.executor_image)),
        attach_image: text(&spec.attach_image, base.map(|base| &base.attach_image)),
        workspace: text(&spec.workspace_dir, base.map(|base| &base.workspace_dir)),
        command: spec.command.clone().or_else(|| base.and_then(|base| base.command.clone())),
        config: spec.config.clone().or_else(|| base.and_then(|base| base.config.clone())),
        credentials: spec.credentials.clone().or_else(|| base.and_then(|base| base.credentials.clone())),
        pod: spec.pod_spec.clone().or_else(|| base.and_then(|base| base.pod_spec.clone())),
        service_account: text(&spec.service_account_name, base.map(|base| &base.service_account_name)),
        max_tasks: spec.max_concurrent_tasks.or_else(|| base.and_then(|base| base.max_concurrent_tasks)),
        rest,
    })
}

/// A template alone, for a Task in a Pod of its own.
pub fn resolve_template(template: &AgentTemplate) -> Result<Resolved, Problem> {
    let spec = &template.spec;
    build(Parts {
        agent_image: spec.agent_image.clone(),
        executor_image: spec.executor_image.clone(),
        attach_image: spec.attach_image.clone(),
        workspace: spec.workspace_dir.clone(),
        command: spec.command.clone(),
        config: spec.config.clone(),
        credentials: spec.credentials.clone(),
        pod: spec.pod_spec.clone(),
        service_account: spec.service_account_name.clone(),
        max_tasks: None,
        rest: spec.unknown.clone(),
    })
}

struct Parts {
    agent_image: Option<String>,
    executor_image: Option<String>,
    attach_image: Option<String>,
    workspace: Option<String>,
    command: Option<Vec<String>>,
    config: Option<Value>,
    credentials: Option<Vec<Value>>,
    pod: Option<Value>,
    service_account: Option<String>,
    max_tasks: Option<i32>,
    rest: Unknown,
}

fn build(parts: Parts) -> Result<Resolved, Problem> {
    let workspace = parts.workspace.unwrap_or_else(|| DEFAULT_WORKSPACE.to_owned());
    let trimmed = workspace.trim_end_matches('/');
    if !workspace.starts_with('/') || trimmed.is_empty() || trimmed.split('/').any(|part| part == "..") {
        return Err(Problem::Workspace(workspace));
    }
    Ok(Resolved {
        agent_image: parts.agent_image,
        executor_image: parts.executor_image,
        attach_image: parts.attach_image,
        workspace: trimmed.to_owned(),
        command: parts.command.filter(|command| !command.is_empty()),
        config: parts.config.map(config_object).transpose()?.flatten(),
        credentials: parts.credentials.unwrap_or_default(),
        pod: parts.pod.unwrap_or(Value::Null),
        service_account: parts.service_account,
        max_tasks: parts.max_tasks.and_then(|most| usize::try_from(most).ok()).filter(|most| *most > 0),
        rest: parts.rest,
    })
}

/// The API server also takes a string there, and old manifests hold JSON in one (`config: |`).
fn config_object(config: Value) -> Result<Option<Map<String, Value>>, Problem> {
    match config {
        Value::Null => Ok(None),
        Value::Object(object) => Ok(Some(object)),
        Value::String(text) => match serde_json::from_str(&text) {
            Ok(Value::Object(object)) => Ok(Some(object)),
            Ok(_) => Err(Problem::Config("it is a text whose JSON is no object".to_owned())),
            Err(error) => Err(Problem::Config(format!("it is a text that is no JSON: {error}"))),
        },
        other => Err(Problem::Config(format!("it is {other}"))),
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "objects are written where they are used")]
mod tests {
    use super::*;
    use serde_json::json;

    fn agent(spec: Value) -> Agent {
        serde_json::from_value(json!({"metadata": {"name": "a", "namespace": "n"}, "spec": spec})).unwrap()
    }

    fn template(spec: Value) -> AgentTemplate {
        serde_json::from_value(json!({"metadata": {"name": "t", "namespace": "n"}, "spec": spec})).unwrap()
    }

    #[test]
    fn the_agent_wins_and_lists_are_replaced_whole() {
        let template = template(json!({
            "workspaceDir": "/w", "serviceAccountName": "sa", "executorImage": "tpl", "maxConcurrentTasks": 2,
            "contexts": [{"name": "theirs"}], "skills": [{"name": "s"}], "config": {"model": "a/b", "share": "disabled"}
        }));
        let agent = agent(json!({
            "templateRef": {"name": "t"}, "executorImage": "own", "workspaceDir": "",
            "contexts": [{"name": "own"}], "config": {"model": "c/d"}
        }));
        let resolved = resolve(&agent, Some(&template)).unwrap();
        assert_eq!(resolved.executor_image.as_deref(), Some("own"));
        assert_eq!((resolved.workspace.as_str(), resolved.max_tasks), ("/w", Some(2)));
        assert_eq!(resolved.service_account.as_deref(), Some("sa"));
        assert_eq!(Value::Object(resolved.config.unwrap()), json!({"model": "c/d"}));
        assert_eq!(resolved.rest["contexts"], json!([{"name": "own"}]));
        assert_eq!(resolved.rest["skills"], json!([{"name": "s"}]));
    }

    #[test]
    fn what_is_missing_has_a_default_or_a_reason() {
        assert_eq!(resolve(&agent(json!({})), None).unwrap().workspace, DEFAULT_WORKSPACE);
        let missing = resolve(&agent(json!({"templateRef": {"name": "gone"}})), None);
        assert_eq!(missing, Err(Problem::TemplateNotFound("gone".into())));
        for bad in ["relative", "/", "/a/../b"] {
            assert!(matches!(resolve(&agent(json!({"workspaceDir": bad})), None), Err(Problem::Workspace(_))), "{bad}");
        }
    }

    #[test]
    fn a_config_in_a_string_is_read_and_nonsense_is_refused() {
        let resolved = resolve(&agent(json!({"config": "{\"model\": \"a/b\"}"})), None).unwrap();
        assert_eq!(resolved.config.unwrap()["model"], "a/b");
        for bad in [json!("model: a/b"), json!("[1]"), json!(7)] {
            assert!(matches!(resolve(&agent(json!({"config": bad})), None), Err(Problem::Config(_))));
        }
        assert_eq!(resolve(&agent(json!({"config": null})), None).unwrap().config, None);
        assert_eq!(resolve(&agent(json!({"maxConcurrentTasks": 0})), None).unwrap().max_tasks, None);
    }
}
