//! `wait`: until objects are in a state, or can never be.

use std::convert::Infallible;
use std::time::Duration;

use futures::{StreamExt, stream::FuturesUnordered};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, DynamicObject, ListParams};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;

use super::list::objects;
use super::task_pod::TaskPod;
use super::{Context, asked, batch, outcome};
use crate::api::kinds::{AGENT, Kind, SESSION, TASK};
use crate::api::session::{Activity, SessionPhase};
use crate::api::{Agent, GoDuration, Session, Task, keys};
use crate::cli::flags::Wait;
use crate::cluster;
use crate::error::{Code, Error, Result};
use crate::output::jsonpath::JsonPath;
use crate::output::{Format, Untrusted};

/// Between two looks at the Pods of an Agent that is not ready.
const TROUBLE_LOOK: Duration = Duration::from_secs(2);

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
            return Err(Error::usage(format!("--for: a {} has no state \"{typed}\"", kind.noun)).hint(format!(
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
        let parsed = JsonPath::parse(&template).map_err(|why| Error::usage("--for jsonpath").because(why))?;
        let value = value.map(|value| value.trim_matches(['"', '\'']).to_owned());
        Ok(Self::Field { path: parsed.allow_missing(), typed: template, value })
    }

    /// As people read it.
    fn in_words(&self) -> String {
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

/// Waits for every target; what cannot come any more is a failure.
pub async fn run(context: &Context, kind: &'static Kind, args: &Wait) -> Result<()> {
    let state = State::read(kind, args.state.as_deref())?;
    let names = batch::names(context, kind, &args.targets).await?;
    let deadline = deadline(args.timeout);
    let (state, wait_for) = (&state, async |name: String| {
        let reached = until(context, kind, &name, &state, deadline).await;
        (name, reached)
    });
    let mut waits: FuturesUnordered<_> = names.iter().cloned().map(wait_for).collect();
    let mut failures = batch::Failures::default();
    context.printer.waiting_for(&format!(
        "waiting until {} \"{}\" is {}",
        kind.noun,
        names.join("\", \""),
        state.in_words()
    ));
    while let Some((name, reached)) = waits.next().await {
        match reached {
            Ok(object) => told(context, kind, &name, state, object.as_ref(), &args.output.format())?,
            Err(error) if batch::ends_everything(error.code) => return Err(error),
            Err(error) => failures.add(error),
        }
    }
    failures.into_result("the wait failed for")
}

fn told(
    context: &Context,
    kind: &Kind,
    name: &str,
    state: &State,
    object: Option<&Value>,
    format: &Format,
) -> Result<()> {
    match (format, object) {
        (Format::Table | Format::Wide, _) => {
            // What is over has ended in some way, and that is worth more than the word.
            let phase = object.and_then(|object| object.pointer("/status/phase")).and_then(Value::as_str);
            let word = phase.filter(|_| *state == State::Ended).map_or_else(|| state.in_words(), str::to_lowercase);
            context.printer.line(&format!("{} {}", kind.reference(name), Untrusted(&word)))
        }
        (format, Some(object)) => objects::print(context, object, format),
        (Format::Name, None) => context.printer.line(&kind.reference(name)),
        (_, None) => Ok(()),
    }
}

/// The moment when a `--timeout` passes.
pub fn deadline(timeout: Option<GoDuration>) -> Option<Instant> {
    cluster::deadline(timeout.and_then(GoDuration::to_std))
}

/// Waits until one object is in a state; the answer is the object then, None if it is gone.
///
/// # Errors
///
/// `timeout`; the kind's own failure when the state can no longer come; not found, unless its absence is waited for.
pub async fn until(
    context: &Context,
    kind: &'static Kind,
    name: &str,
    state: &State,
    deadline: Option<Instant>,
) -> Result<Option<Value>> {
    let mut uid = None;
    let mut seen = String::new();
    let pod = TaskPod::new();
    let watched = watch(context, kind, name, deadline, |object: Option<&Value>| {
        seen = object.map(why).unwrap_or_default();
        if let Some(task) = object.filter(|_| kind == &TASK && *state != State::Deleted) {
            pod.of_task(task);
        }
        let Some(object) = object else {
            return match state {
                State::Deleted => Ok(Some(None)),
                State::Created => Ok(None),
                _ => Err(gone(kind, name)),
            };
        };
        if *state == State::Deleted {
            let now = object["metadata"]["uid"].as_str().map(str::to_owned);
            let replaced = uid.is_some() && uid != now;
            uid = now;
            return Ok(replaced.then_some(None));
        }
        let reached = if let State::Condition { of_type, status } = state {
            has_condition(object, of_type, status)
        } else if let State::Field { path, value, .. } = state {
            let found = path.render(object).unwrap_or_default();
            value.as_ref().map_or(!found.is_empty(), |value| found == *value)
        } else if *state == State::Created {
            true
        } else if kind == &TASK {
            task_is(&read(object)?, state)?
        } else if kind == &SESSION {
            session_is(&read(object)?, state)?
        } else {
            agent_is(kind, object, state)
        };
        Ok(reached.then(|| Some(objects::plain(object.clone()))))
    });
    let watched = Box::pin(watched);
    let waited = if kind == &AGENT && *state == State::Ready {
        tokio::select! {
            waited = watched => waited,
            never = tell_trouble(context, name) => match never {},
        }
    } else {
        tokio::select! {
            waited = watched => waited,
            lost = pod.lost(context, name) => Err(lost),
        }
    };
    waited.map_err(|error| {
        if error.code != Code::Timeout {
            return error;
        }
        let message = format!("{} \"{name}\" is not {} in time", kind.noun, state.in_words());
        let look = if kind == &AGENT { "logs" } else { "get" };
        let error = Error { message, ..error }.hint(format!("kubectl opencode {} {look} {name}", kind.noun));
        if seen.is_empty() { error } else { error.because(&seen) }
    })
}

/// Says what keeps an Agent's server from getting ready, as soon as one of its Pods tells: a server that dies at each start
/// would be waited for in silence. Never ends.
async fn tell_trouble(context: &Context, agent: &str) -> Infallible {
    let Ok(cluster) = context.cluster().await else { return std::future::pending().await };
    let pods = Api::<Pod>::namespaced(cluster.client.clone(), &cluster.namespace);
    let of_agent = ListParams::default().labels(&format!("{}={agent}", keys::AGENT));
    let mut told = String::new();
    loop {
        tokio::time::sleep(TROUBLE_LOOK).await;
        let found = match pods.list(&of_agent).await {
            Ok(found) => found,
            // Who may not read Pods learns it from the Agent's conditions when the time is over.
            Err(kube::Error::Api(status)) if status.is_forbidden() => return std::future::pending().await,
            Err(_) => continue,
        };
        if let Some(trouble) = found.iter().find_map(cluster::trouble)
            && trouble != told
        {
            let look = format!("kubectl opencode agent logs {agent}");
            context.printer.waiting_for(&format!("waiting until agent \"{agent}\" is ready: {trouble} ({look})"));
            told = trouble;
        }
    }
}

/// Why an object is not what is wanted, as far as its status tells: its phase, and the condition that changed last among
/// those that say no or tell what it waits for.
fn why(object: &Value) -> String {
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

/// Waits on one object as JSON, see [`cluster::until`].
pub async fn watch<T>(
    context: &Context,
    kind: &'static Kind,
    name: &str,
    deadline: Option<Instant>,
    mut decide: impl FnMut(Option<&Value>) -> Result<Option<T>>,
) -> Result<T> {
    let cluster = context.cluster().await?;
    let api: Api<DynamicObject> =
        Api::namespaced_with(cluster.client.clone(), &cluster.namespace, &kind.api_resource());
    let request = asked("watch", kind, Some(&cluster.namespace), Some(name));
    let away = |error: &Error| {
        context.printer.warn(&format!("{error}; it is tried again until it answers"));
    };
    cluster::until(api, &request, deadline, away, |object: Option<&DynamicObject>| {
        let object = object.map(serde_json::to_value).transpose();
        let object = object.map_err(|error| Error::internal("cannot keep an object").caused_by(&error))?;
        decide(object.as_ref())
    })
    .await
}

/// The failure that an object is not there.
pub fn gone(kind: &Kind, name: &str) -> Error {
    Error::new(kind.missing, format!("{} \"{name}\" does not exist", kind.noun))
        .hint(format!("kubectl opencode {} list", kind.noun))
}

/// Reads an object as its type.
pub fn read<K: DeserializeOwned>(object: &Value) -> Result<K> {
    K::deserialize(object).map_err(|error| {
        let what = crate::output::reference(object);
        Error::new(Code::InvalidConfiguration, format!("{what} has a shape that this version cannot read"))
            .caused_by(&error)
    })
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
    fn states_are_read_and_bad_ones_named() {
        assert_eq!(State::read(&TASK, None).unwrap(), State::Ended);
        assert_eq!(State::read(&SESSION, None).unwrap(), State::Ready);
        assert_eq!(State::read(&SESSION, Some("waiting-input")).unwrap(), State::WaitingInput);
        assert_eq!(
            State::read(&AGENT, Some("condition=serverReady=false")).unwrap(),
            State::Condition { of_type: "serverReady".into(), status: "False".into() }
        );
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
