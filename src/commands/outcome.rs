//! How a task or session ended, in one place: from its status to success or the failure that is told.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use crate::api::conditions::{reasons, types};
use crate::api::session::SessionPhase;
use crate::api::task::TaskPhase;
use crate::api::{Session, Task};
use crate::error::{Code, Error, Result};

/// A condition that is true.
pub fn condition<'a>(conditions: &'a [Condition], of_type: &str) -> Option<&'a Condition> {
    conditions.iter().find(|condition| condition.type_ == of_type && condition.status == "True")
}

/// What a condition says: its reason, and its message if it has one.
pub fn says(condition: &Condition) -> String {
    if condition.message.is_empty() {
        condition.reason.clone()
    } else {
        format!("{}: {}", condition.reason, condition.message)
    }
}

/// The phase as people read it.
pub fn task_phase(task: &Task) -> &str {
    task.status.as_ref().and_then(|status| status.phase.as_ref()).map_or("Pending", TaskPhase::as_str)
}

/// How a task ended; None while it has not.
///
/// A task that was stopped or hit its time limit is `Completed` with the condition `Stopped`.
pub fn of_task(task: &Task) -> Option<Result<()>> {
    let status = task.status.as_ref()?;
    let name = task.metadata.name.as_deref().unwrap_or_default();
    let transcript = format!("kubectl opencode task transcript {name}");
    match status.phase.as_ref()? {
        TaskPhase::Completed => Some(match condition(&status.conditions, types::STOPPED) {
            Some(stopped) if stopped.reason == reasons::TIMEOUT => {
                Err(Error::new(Code::TaskStopped, format!("task \"{name}\" hit its time limit"))
                    .because(says(stopped))
                    .hint(transcript))
            }
            Some(stopped) => Err(Error::new(Code::TaskStopped, format!("task \"{name}\" was stopped"))
                .because(says(stopped))
                .hint(transcript)),
            None => Ok(()),
        }),
        TaskPhase::Failed => {
            let error = Error::new(Code::TaskFailed, format!("task \"{name}\" failed"));
            let why = status.conditions.iter().find(|condition| {
                condition.type_ == types::READY && condition.status == "False" || condition.type_ == types::STOPPED
            });
            Some(Err(match why {
                Some(why) => error.because(says(why)).hint(format!("kubectl opencode task logs {name}")),
                None => error.hint(format!("kubectl opencode task logs {name}")),
            }))
        }
        _ => None,
    }
}

/// Whether a task hit its time limit.
pub fn timed_out(task: &Task) -> bool {
    let conditions = task.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
    condition(conditions, types::STOPPED).is_some_and(|stopped| stopped.reason == reasons::TIMEOUT)
}

/// What a task that has not ended is doing, in words.
pub fn task_progress(task: &Task) -> String {
    let status = task.status.as_ref();
    let waits = status.and_then(|status| condition(&status.conditions, types::QUEUED)).map(says);
    match (status.and_then(|status| status.phase.as_ref()), waits) {
        (Some(TaskPhase::Queued), Some(why)) => format!("queued ({why})"),
        (Some(TaskPhase::Queued), None) => "queued".to_owned(),
        (Some(TaskPhase::Running), _) => "running".to_owned(),
        (Some(TaskPhase::Other(phase)), _) => phase.clone(),
        (Some(TaskPhase::Completed | TaskPhase::Failed), _) => "ended".to_owned(),
        (Some(TaskPhase::Pending) | None, _) => "pending".to_owned(),
    }
}

/// The phase of a session.
pub fn session_phase(session: &Session) -> SessionPhase {
    session.status.as_ref().and_then(|status| status.phase).unwrap_or_default()
}

/// Why a session is as it is, in words; empty where the conditions do not tell.
pub fn session_reason(session: &Session) -> String {
    let conditions = session.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
    if matches!(session_phase(session), SessionPhase::Stopped | SessionPhase::Completed)
        && let Some(stopped) = conditions.iter().find(|condition| condition.type_ == types::STOPPED)
    {
        // What it waited for before is of no matter now.
        return says(stopped);
    }
    [types::SESSION_READY, types::AGENT_READY, types::REPOS_READY, types::WORKFLOW_READY, types::READY]
        .iter()
        .find_map(|of_type| {
            conditions.iter().find(|condition| condition.type_ == *of_type && condition.status == "False").map(says)
        })
        .unwrap_or_default()
}

/// The failure that a session is not in a state to be talked to.
pub fn session_not_running(session: &Session) -> Error {
    let name = session.metadata.name.as_deref().unwrap_or_default();
    let phase = session_phase(session);
    let reason = session_reason(session);
    let (code, hint) = match phase {
        SessionPhase::Pending | SessionPhase::Running => {
            (Code::AgentUnavailable, format!("kubectl opencode session wait {name} --timeout 2m"))
        }
        SessionPhase::Stopped | SessionPhase::Completed => {
            (Code::Conflict, format!("kubectl opencode session start {name} --wait"))
        }
        SessionPhase::Failed => (Code::SessionFailed, format!("kubectl opencode session start {name} --wait")),
    };
    let error = Error::new(code, format!("session \"{name}\" is {}", phase.as_str())).hint(hint);
    if reason.is_empty() { error } else { error.because(reason) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[expect(clippy::needless_pass_by_value, reason = "reads as the object at the call")]
    fn task(status: Value) -> Task {
        serde_json::from_value(json!({"apiVersion": "kubeopencode.io/v1alpha1", "kind": "Task",
            "metadata": {"name": "t"}, "spec": {}, "status": status}))
        .unwrap()
    }

    fn held(of_type: &str, status: &str, reason: &str) -> Value {
        json!({"type": of_type, "status": status, "reason": reason, "message": "m", "lastTransitionTime": "2026-01-01T00:00:00Z"})
    }

    #[test]
    fn the_true_outcome_of_a_task_is_in_its_conditions_too() {
        assert!(of_task(&task(json!({}))).is_none());
        assert!(of_task(&task(json!({"phase": "Running"}))).is_none());
        assert!(of_task(&task(json!({"phase": "NewOne"}))).is_none());
        assert!(of_task(&task(json!({"phase": "Completed"}))).unwrap().is_ok());
        let stopped = task(json!({"phase": "Completed", "conditions": [held("Stopped", "True", "UserStopped")]}));
        assert_eq!(of_task(&stopped).unwrap().unwrap_err().code, Code::TaskStopped);
        assert!(!timed_out(&stopped));
        let late = task(json!({"phase": "Completed", "conditions": [held("Stopped", "True", "Timeout")]}));
        assert!(timed_out(&late));
        assert!(of_task(&late).unwrap().unwrap_err().message.contains("hit its time limit"));
        let failed = task(json!({"phase": "Failed", "conditions": [held("Ready", "False", "AgentError")]}));
        let error = of_task(&failed).unwrap().unwrap_err();
        assert_eq!((error.code, error.causes), (Code::TaskFailed, vec!["AgentError: m".to_owned()]));
    }

    #[test]
    fn a_session_that_was_stopped_while_it_waited_says_that_it_was_stopped() {
        let session = |phase: &str| -> Session {
            let conditions =
                json!([held("AgentReady", "False", "AgentSuspended"), held("Stopped", "True", "UserStopped")]);
            serde_json::from_value(json!({"metadata": {"name": "s"}, "spec": {"agentRef": {"name": "a"}},
                "status": {"phase": phase, "conditions": conditions}}))
            .unwrap()
        };
        assert_eq!(session_reason(&session("Stopped")), "UserStopped: m");
        assert_eq!(session_reason(&session("Pending")), "AgentSuspended: m");
    }

    #[test]
    fn a_queued_task_says_what_it_waits_for() {
        let queued = task(json!({"phase": "Queued", "conditions": [held("Queued", "True", "AgentAtCapacity")]}));
        assert_eq!(task_progress(&queued), "queued (AgentAtCapacity: m)");
        assert_eq!(task_progress(&task(json!({}))), "pending");
        assert_eq!(task_progress(&task(json!({"phase": "Odd"}))), "Odd");
    }
}
