//! Names of generated objects, exactly as the KubeOpenCode platform builds them, and their length limits.

/// Port of an OpenCode server where the Agent names none.
pub const DEFAULT_PORT: u16 = 4096;
/// Container of an Agent's server Pod that runs `opencode serve`.
pub const SERVER_CONTAINER: &str = "opencode-server";
/// Container of a Task's Pod that runs the prompt.
pub const TASK_CONTAINER: &str = "agent";

/// Deployment of an Agent's server.
pub fn server_deployment(agent: &str) -> String {
    format!("{agent}-server")
}

/// Service in front of an Agent's server; its port is named `http`.
pub fn server_service(agent: &str) -> String {
    agent.to_owned()
}

/// `ConfigMap` with the files of an Agent's server.
pub fn server_context(agent: &str) -> String {
    format!("{agent}-server-context")
}

/// Volume claim of an Agent's `opencode.db`.
pub fn server_sessions_claim(agent: &str) -> String {
    format!("{agent}-server-sessions")
}

/// Volume claim of an Agent's workspace.
pub fn server_workspace_claim(agent: &str) -> String {
    format!("{agent}-server-workspace")
}

/// Pod of a Task.
pub fn task_pod(task: &str) -> String {
    format!("{task}-pod")
}

/// `ConfigMap` of a Task (its `task.md` and context files).
pub fn task_context(task: &str) -> String {
    format!("{task}-context")
}

/// Title of the OpenCode session of a Task: `kubeopencode/<namespace>/<task>/<first 8 of the UID>`.
pub fn task_session_title(namespace: &str, task: &str, uid: &str) -> String {
    let short: String = uid.chars().take(8).collect();
    format!("kubeopencode/{namespace}/{task}/{short}")
}

/// Agent of a Session that has one of its own.
pub fn session_agent(session: &str) -> String {
    format!("ses-{session}")
}
