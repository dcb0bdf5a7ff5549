//! States of objects that can be waited for, and whether an object is in one.

use serde_json::Value;

use super::read;
use crate::api::kinds::{AGENT, Kind, SESSION, TASK};
use crate::api::session::{Activity, SessionPhase};
use crate::api::{Agent, Session, Task};
use crate::commands::outcome;
use crate::error::{Code, Error, Result};
use crate::output::jsonpath::JsonPath;

/// The state that is waited for.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Task: ended, and well. Session: ended.
    Ended,
    /// A phase, in lower case.
    Phase(String),
    /// Session: running, and nothing to do.
    Idle,
    /// Session: running, and in a turn.
    Busy,
    /// Session: running, and a person has to answer.
    WaitingInput,
    /// Agent: a Pod is ready. Session: running.
    Ready,
    /// Agent: scaled to zero.
    Suspended,
    /// There.
    Created,
    /// Gone.
    Deleted,
    /// A path yields this, or anything.
    Field {
        /// The path.
        path: JsonPath,
        /// As it was typed.
        typed: String,
        /// What it has to yield; anything if none is given.
        value: Option<String>,
    },
    /// A condition has a status.
    Condition {
        /// Its type.
        of_type: String,
        /// Its status: `True`, `False`, `Unknown`.
        status: String,
    },
}

impl State {
    /// Reads what was typed after `--for`; the kind's own default without it.
    pub fn read(kind: &Kind, typed: Option<&str>) -> Result<Self> {
        let Some(typed) = typed else {
            return Ok(if kind == &TASK { Self::Ended } else { Self::Ready });
        };
        if let Some(condition) = typed.strip_prefix("condition=") {
            let (of_type, status) = condition.split_once('=').unwrap_or((condition, "True"));
            if of_type.is_empty() || status.is_empty() {
                return Err(Error::usage(format!("--for: \"{typed}\" is no condition"))
                    .hint("write it as in condition=Ready, or condition=Ready=False"));
            }
            let mut letters = status.chars();
            let status = letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect();
            return Ok(Self::Condition { of_type: of_type.to_owned(), status });
        }
        if let Some(field) = typed.strip_prefix("jsonpath=") {
            return Self::field(field);
        }
        let word = typed.strip_prefix("phase=").unwrap_or(typed);
        let word = match word.to_ascii_lowercase().replace('-', "").as_str() {
            // kubectl's words.
            "create" => "created".to_owned(),
            "delete" => "deleted".to_owned(),
            word => word.to_owned(),
        };
        let known: &[&str] = if kind == &TASK {
            &["ended", "pending", "queued", "running", "completed", "failed", "created", "deleted"]
        } else if kind == &SESSION {
            &[
                "ready",
                "pending",
                "running",
                "stopped",
                "completed",
                "failed",
                "ended",
                "idle",
                "busy",
                "waitinginput",
                "created",
                "deleted",
            ]
        } else {
            &["ready", "suspended", "created", "deleted"]
        };
        if !known.contains(&word.as_str()) {
            let error = Error::usage(format!("--for: {}s have no state \"{typed}\"", kind.noun));
            // What `opencode run` in its Pod does with every request.
            let refused = "the Pod of a task refuses what its agent would ask a person; what asks is a session";
            let error = if kind == &TASK && word == "waitinginput" { error.because(refused) } else { error };
            return Err(error.hint(format!(
                "the states are: {}, condition=TYPE[=STATUS], jsonpath={{PATH}}[=VALUE]",
                known.join(", ")
            )));
        }
        Ok(match word.as_str() {
            "ended" => Self::Ended,
            "ready" => Self::Ready,
            "suspended" => Self::Suspended,
            "created" => Self::Created,
            "deleted" => Self::Deleted,
            "idle" => Self::Idle,
            "busy" => Self::Busy,
            "waitinginput" => Self::WaitingInput,
            phase => Self::Phase(phase.to_owned()),
        })
    }

    /// `{PATH}` or `{PATH}=VALUE`, with or without braces and the leading point.
    fn field(typed: &str) -> Result<Self> {
        let (path, value) = match typed.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((path, rest)) => (path, rest.strip_prefix('=')),
            None => typed.split_once('=').map_or((typed, None), |(path, value)| (path, Some(value))),
        };
        let template = format!("{{.{}}}", path.strip_prefix('.').unwrap_or(path));
        let wrong = |why: String| {
            Error::usage(format!("--for: \"jsonpath={typed}\" cannot be waited for"))
                .because(why)
                .hint("write it as in jsonpath={.status.phase}=Running, or jsonpath={.status.podName}")
        };
        let parsed = JsonPath::parse(&template).map_err(wrong)?;
        // As kubectl: what is missing would be as good as an empty value.
        if value == Some("") {
            return Err(wrong("its value is empty".to_owned()));
        }
        let value = value.map(|value| value.trim_matches(['"', '\'']).to_owned());
        Ok(Self::Field { path: parsed.allow_missing(), typed: template, value })
    }

    /// Whether an object that is there is in this state.
    ///
    /// # Errors
    ///
    /// The object's own failure when the state can no longer come.
    pub(super) fn is_reached(&self, kind: &Kind, object: &Value) -> Result<bool> {
        match self {
            Self::Created => Ok(true),
            Self::Deleted => Ok(false),
            Self::Condition { of_type, status } => Ok(has_condition(object, of_type, status)),
            Self::Field { path, value, .. } => {
                let found = path.render(object).unwrap_or_default();
                Ok(value.as_ref().map_or(!found.is_empty(), |value| found == *value))
            }
            _ if kind == &TASK => task_is(&read(object)?, self),
            _ if kind == &SESSION => session_is(&read(object)?, self),
            _ => Ok(agent_is(kind, object, self)),
        }
    }

    /// What an object does that gets there.
    pub(super) fn to_come(&self) -> String {
        match self {
            Self::Ended => "finish".to_owned(),
            Self::Ready | Self::Idle | Self::Busy => format!("become {}", self.in_words()),
            Self::WaitingInput => "wait for input".to_owned(),
            Self::Suspended | Self::Created | Self::Deleted | Self::Phase(_) => format!("be {}", self.in_words()),
            Self::Field { typed, value: Some(value), .. } => format!("have {typed}={value}"),
            Self::Field { typed, value: None, .. } => format!("have {typed}"),
            Self::Condition { of_type, status } => format!("have the condition {of_type}={status}"),
        }
    }

    /// As people read it.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::Ended => "over".to_owned(),
            Self::Phase(phase) => phase.clone(),
            Self::Idle => "idle".to_owned(),
            Self::Busy => "busy".to_owned(),
            Self::WaitingInput => "waiting for input".to_owned(),
            Self::Ready => "ready".to_owned(),
            Self::Suspended => "suspended".to_owned(),
            Self::Created => "created".to_owned(),
            Self::Deleted => "deleted".to_owned(),
            Self::Field { typed, value: Some(value), .. } => format!("{typed}={value}"),
            Self::Field { typed, value: None, .. } => format!("with {typed}"),
            Self::Condition { of_type, status } => format!("{of_type}={status}"),
        }
    }
}

/// Why an object is not what is wanted, as far as its status tells: its phase, and the condition that changed last among
/// those that say no or tell what it waits for.
pub(super) fn why(object: &Value) -> String {
    let phase = object.pointer("/status/phase").and_then(Value::as_str);
    let conditions = object.pointer("/status/conditions").and_then(Value::as_array);
    let text = |condition: &Value, field: &str| condition[field].as_str().unwrap_or_default().to_owned();
    let telling = conditions.into_iter().flatten().filter(|condition| {
        let waits = matches!(condition["type"].as_str(), Some("Queued" | "WaitingInput" | "Suspended" | "Stopped"));
        condition["status"] == if waits { "True" } else { "False" }
    });
    let last = telling.max_by_key(|condition| text(condition, "lastTransitionTime"));
    let reason = last.map(|condition| {
        let message = text(condition, "message");
        let reason = format!("{} ({})", text(condition, "type"), text(condition, "reason"));
        if message.is_empty() { reason } else { format!("{reason}: {message}") }
    });
    match (phase, reason) {
        (Some(phase), Some(reason)) => format!("it is {phase}: {reason}"),
        (Some(phase), None) => format!("it is {phase}"),
        (None, Some(reason)) => reason,
        (None, None) => "no controller has looked at it yet".to_owned(),
    }
}

fn has_condition(object: &Value, of_type: &str, status: &str) -> bool {
    let conditions = object.pointer("/status/conditions").and_then(Value::as_array);
    conditions.into_iter().flatten().any(|condition| {
        condition["type"].as_str().is_some_and(|found| found.eq_ignore_ascii_case(of_type))
            && condition["status"] == status
    })
}

fn task_is(task: &Task, state: &State) -> Result<bool> {
    let ended = outcome::of_task(task);
    match state {
        State::Phase(phase) if outcome::task_phase(task).eq_ignore_ascii_case(phase) => match ended {
            // Stopped tasks are Completed too; who waits for that wants to know.
            Some(Err(error)) if phase == "completed" => Err(error),
            _ => Ok(true),
        },
        State::Phase(_) => match ended {
            Some(Err(error)) => Err(error),
            Some(Ok(())) => {
                let name = task.metadata.name.as_deref().unwrap_or_default();
                Err(Error::new(
                    Code::Conflict,
                    format!("task \"{name}\" has ended: it is {}", outcome::task_phase(task)),
                ))
            }
            None => Ok(false),
        },
        _ => ended.map_or(Ok(false), |ended| ended.map(|()| true)),
    }
}

fn session_is(session: &Session, state: &State) -> Result<bool> {
    let phase = outcome::session_phase(session);
    let activity = session.status.as_ref().and_then(|status| status.activity);
    let running = phase == SessionPhase::Running;
    // One that was just started again is still called Stopped until its controller has seen it.
    let stopped = phase == SessionPhase::Stopped && session.spec.suspend == Some(true);
    let over = stopped || matches!(phase, SessionPhase::Completed | SessionPhase::Failed);
    let reached = match state {
        State::Ready => running,
        State::Idle => running && activity == Some(Activity::Idle),
        State::Busy => running && activity == Some(Activity::Busy),
        State::WaitingInput => running && activity == Some(Activity::WaitingInput),
        State::Phase(wanted) => phase.as_str().eq_ignore_ascii_case(wanted),
        _ => over,
    };
    // What its controller wrote before it saw the latest change says nothing about what becomes of that.
    let seen = session.status.as_ref().and_then(|status| status.observed_generation);
    let is_stale = seen.zip(session.metadata.generation).is_some_and(|(seen, now)| seen < now);
    if !reached && over && !is_stale { Err(outcome::session_not_running(session)) } else { Ok(reached) }
}

fn agent_is(kind: &Kind, object: &Value, state: &State) -> bool {
    if kind != &AGENT {
        return has_condition(object, "Ready", "True");
    }
    let Ok(agent) = read::<Agent>(object) else { return false };
    let status = agent.status.unwrap_or_default();
    let suspended = agent.spec.suspend == Some(true);
    match state {
        State::Suspended => suspended && status.suspended == Some(true) && status.ready != Some(true),
        _ => !suspended && status.suspended != Some(true) && status.ready == Some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_status_from_before_the_latest_change_ends_no_wait() {
        let session = |seen: i64| -> Session {
            serde_json::from_value(
                json!({"metadata": {"name": "s", "generation": 3}, "spec": {"agentRef": {"name": "a"}},
                "status": {"phase": "Completed", "observedGeneration": seen}}),
            )
            .unwrap()
        };
        assert!(!session_is(&session(2), &State::Ready).unwrap(), "it was started, and that was not seen yet");
        assert_eq!(session_is(&session(3), &State::Ready).unwrap_err().code, Code::Conflict);
        assert!(session_is(&session(2), &State::Phase("completed".into())).unwrap());
    }

    #[test]
    fn what_is_waited_for_is_said_in_words() {
        let words = |typed: &str| State::read(&SESSION, Some(typed)).unwrap().to_come();
        assert_eq!(State::read(&TASK, None).unwrap().to_come(), "finish");
        assert_eq!([words("ready"), words("stopped"), words("deleted")], ["become ready", "be stopped", "be deleted"]);
        assert_eq!(words("waiting-input"), "wait for input");
        assert_eq!(words("condition=Ready"), "have the condition Ready=True");
        assert_eq!(words("jsonpath={.status.phase}=Running"), "have {.status.phase}=Running");
    }

    #[test]
    fn states_are_read_and_bad_ones_named() {
        assert_eq!(State::read(&TASK, None).unwrap(), State::Ended);
        assert_eq!(State::read(&SESSION, None).unwrap(), State::Ready);
        assert_eq!(State::read(&SESSION, Some("waiting-input")).unwrap(), State::WaitingInput);
        assert_eq!(
            State::read(&AGENT, Some("condition=serverReady=false")).unwrap(),
            State::Condition { of_type: "serverReady".into(), status: "False".into() }
        );
        let error = State::read(&TASK, Some("waiting-input")).unwrap_err();
        assert!(error.causes[0].contains("what asks is a session"), "{error:?}");
        let error = State::read(&TASK, Some("idle")).unwrap_err();
        assert!(error.hint.unwrap().contains("completed"));
    }

    #[test]
    fn agents_are_ready_only_when_awake() {
        let agent = |spec: &Value, status: &Value| json!({"apiVersion": "kubeopencode.io/v1alpha1", "kind": "Agent", "metadata": {"name": "a"}, "spec": spec, "status": status});
        let awake = agent(&json!({}), &json!({"ready": true, "suspended": false}));
        assert!(agent_is(&AGENT, &awake, &State::Ready));
        // Just suspended: the status is still the old one.
        let just = agent(&json!({"suspend": true}), &json!({"ready": true}));
        assert!(!agent_is(&AGENT, &just, &State::Ready) && !agent_is(&AGENT, &just, &State::Suspended));
        let asleep = agent(&json!({"suspend": true}), &json!({"ready": false, "suspended": true}));
        assert!(agent_is(&AGENT, &asleep, &State::Suspended));
    }

    #[test]
    fn a_wait_in_vain_says_what_was_seen_last() {
        let condition = |of_type: &str, status: &str, time: &str| json!({"type": of_type, "status": status, "reason": "R", "message": "m", "lastTransitionTime": time});
        assert_eq!(why(&json!({})), "no controller has looked at it yet");
        assert_eq!(why(&json!({"status": {"phase": "Running"}})), "it is Running");
        let agent = json!({"status": {"conditions": [condition("ServerHealthy", "True", "3"), condition("ServerReady", "False", "2"),
            condition("Suspended", "False", "4")]}});
        assert_eq!(why(&agent), "ServerReady (R): m");
        let task = json!({"status": {"phase": "Queued", "conditions": [condition("Queued", "True", "1")]}});
        assert_eq!(why(&task), "it is Queued: Queued (R): m");
    }

    #[test]
    fn a_state_that_can_no_longer_come_is_a_failure() {
        let task = |phase: &str| -> Task {
            read(&json!({"apiVersion": "v", "kind": "Task", "metadata": {"name": "t"}, "spec": {}, "status": {"phase": phase}})).unwrap()
        };
        let running = State::Phase("running".into());
        assert!(!task_is(&task("Queued"), &running).unwrap());
        assert!(task_is(&task("Running"), &running).unwrap());
        assert_eq!(task_is(&task("Completed"), &running).unwrap_err().code, Code::Conflict);
        assert_eq!(task_is(&task("Failed"), &State::Ended).unwrap_err().code, Code::TaskFailed);
        let session: Session =
            read(&json!({"apiVersion": "v", "kind": "Session", "metadata": {"name": "s"}, "spec": {},
            "status": {"phase": "Failed"}}))
            .unwrap();
        assert_eq!(session_is(&session, &State::Idle).unwrap_err().code, Code::SessionFailed);
        assert!(session_is(&session, &State::Ended).unwrap());
        let stopped = |suspend: bool| -> Session {
            read(&json!({"apiVersion": "v", "kind": "Session", "metadata": {"name": "s"}, "spec": {"suspend": suspend},
                "status": {"phase": "Stopped"}}))
            .unwrap()
        };
        assert!(session_is(&stopped(true), &State::Ready).is_err());
        assert!(!session_is(&stopped(false), &State::Ready).unwrap(), "its controller has yet to start it");
    }
}
