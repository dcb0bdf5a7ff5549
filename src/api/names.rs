//! Names of generated objects, exactly as the KubeOpenCode platform builds them, their length limits, and what may stand in
//! a name.

/// Port of an OpenCode server where the Agent names none.
pub const DEFAULT_PORT: u16 = 4096;
/// Container of an Agent's server Pod that runs `opencode serve`.
pub const SERVER_CONTAINER: &str = "opencode-server";
/// Container of a Task's Pod that runs the prompt.
pub const TASK_CONTAINER: &str = "agent";

/// Longest label of RFC 1123, in bytes.
pub const LABEL_LENGTH: usize = 63;

/// Whether a text has the form of a label of RFC 1123, whatever its length.
///
/// Labels are the names of namespaces and the parts of other names. Source: `IsDNS1123Label` of
/// `k8s.io/apimachinery/pkg/util/validation`.
pub fn has_label_form(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_has_lower_case_letters_digits_and_inner_hyphens() {
        assert!(["a", "0", "team-1", "a--b"].into_iter().all(has_label_form));
        for text in ["", "-", "a b", "a/../b", "A", "-a", "a-", "a.b", "?", "\u{e9}"] {
            assert!(!has_label_form(text), "{text:?}");
        }
    }
}
