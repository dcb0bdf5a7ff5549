//! What to do with a Session next: the state machine of `api::session`, as a function of what is observed.

use std::time::Duration;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;

use super::agent_of;
use crate::api::conditions::{reasons, types};
use crate::api::session::{Activity, SessionPhase};
use crate::api::{GoDuration, Session};
use crate::controller::link::Server;
use crate::controller::status::condition;

/// How long an Agent may take to become ready where the spec does not say.
const START_DEADLINE: Duration = Duration::from_secs(300);

/// The Agent of a Session, as far as a Session is concerned.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentView {
    /// There is none of that name.
    Missing,
    /// One of that name is not this Session's own, as it should be.
    Foreign,
    /// Scaled to zero by somebody's wish: waiting for it has no end.
    Suspended,
    /// Scaled to zero, perhaps by its standby rule: whoever begins to use it may resume it.
    Standby,
    /// No Pod serves it yet, or any more.
    NotReady,
    /// This Pod serves it.
    Ready(Server),
}

/// The step to take.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Nothing happens any more, until somebody asks for it or the object's time is up.
    Rest {
        /// Until then; `None` is for ever.
        delete_in: Option<Duration>,
    },
    /// Begin again from Pending.
    Restart,
    /// Abort the turn, keep the conversation, phase Stopped.
    Stop,
    /// Abort the turn, phase Completed, for this reason.
    Complete {
        /// Reason of condition `Stopped`.
        reason: &'static str,
        /// For people.
        message: String,
    },
    /// Abort the turn that could not be aborted when the Session ended.
    Abort,
    /// Resume the Agent, phase Pending.
    Wake,
    /// Phase Failed.
    Fail {
        /// Reason of condition `Ready`.
        reason: &'static str,
        /// For people.
        message: String,
    },
    /// Phase Pending until the Agent is ready.
    Wait {
        /// Reason of conditions `AgentReady` and `Ready`.
        reason: &'static str,
        /// For people.
        message: String,
        /// Look again then at the latest.
        again_in: Option<Duration>,
    },
    /// The dedicated Agent is late: use the other one.
    FallBack {
        /// Why it is late.
        why: String,
    },
    /// Find or create the OpenCode session, send the prompt, phase Running.
    Start(Server),
    /// Keep the status of a running Session current.
    Serve {
        /// On this server.
        server: Server,
        /// Look again then at the latest, because a time limit may pass.
        again_in: Option<Duration>,
    },
}

/// What is to be done with `session`, of whose Agent `agent` is known and whose OpenCode session does `activity`.
pub fn next(session: &Session, agent: &AgentView, activity: Option<Activity>, now: Timestamp) -> Next {
    let status = session.status.clone().unwrap_or_default();
    let phase = status.phase.unwrap_or_default();
    let suspend = session.spec.suspend == Some(true);
    let has_ended = !matches!(phase, SessionPhase::Pending | SessionPhase::Running);
    if has_ended && status.activity.is_some() && *agent != AgentView::NotReady {
        return Next::Abort;
    }
    match phase {
        SessionPhase::Stopped if !suspend => return Next::Restart,
        SessionPhase::Stopped => return Next::Rest { delete_in: None },
        // An ended Session is started again by way of Stopped: suspended, then not.
        _ if suspend => return Next::Stop,
        SessionPhase::Completed | SessionPhase::Failed => return Next::Rest { delete_in: delete_in(session, now) },
        SessionPhase::Pending | SessionPhase::Running => {}
    }
    let limit = match limits(session, activity, now) {
        Limits::Passed { reason, message } => return Next::Complete { reason, message },
        Limits::In(limit) => limit,
    };
    let running = phase == SessionPhase::Running;
    match agent {
        AgentView::Ready(server) if running => Next::Serve { server: server.clone(), again_in: limit },
        AgentView::Ready(server) => match obstructed(session, now) {
            Some(message) => Next::Fail { reason: reasons::START_DEADLINE, message },
            None => Next::Start(server.clone()),
        },
        AgentView::Missing | AgentView::Foreign if running => Next::Fail {
            reason: reasons::AGENT_NOT_FOUND,
            message: format!("Agent {} was deleted while the Session ran on it", agent_of(session)),
        },
        // One that ran before is idle, or the Agent would not be on standby: it waits for somebody who wants it.
        AgentView::Standby if status.start_time.is_none() => Next::Wake,
        AgentView::Suspended | AgentView::Standby => Next::Wait {
            reason: reasons::AGENT_SUSPENDED,
            message: format!("Agent {} is suspended; resume it to go on", agent_of(session)),
            again_in: limit,
        },
        AgentView::Foreign => {
            let message = format!("Agent {} exists and was not made for this Session", agent_of(session));
            wait(session, reasons::AGENT_NAME_TAKEN, &message, now)
        }
        AgentView::Missing => {
            wait(session, reasons::AGENT_NOT_FOUND, &format!("Agent {} does not exist", agent_of(session)), now)
        }
        AgentView::NotReady => {
            let message = format!("the server of Agent {} is not ready", agent_of(session));
            wait(session, reasons::AGENT_SERVER_NOT_READY, &message, now)
        }
    }
}

fn deadline(session: &Session) -> Duration {
    let seconds = session.spec.start_deadline_seconds.and_then(|seconds| u64::try_from(seconds).ok());
    seconds.map_or(START_DEADLINE, Duration::from_secs)
}

/// What has kept the Session from starting for all of its deadline, though its Agent is ready. One that ran before runs
/// again with the workspace that it has.
fn obstructed(session: &Session, now: Timestamp) -> Option<String> {
    let status = session.status.as_ref()?;
    let (conditions, has_run) = (status.conditions.as_slice(), status.start_time.is_some());
    let workspace = [types::REPOS_READY, types::WORKFLOW_READY].into_iter().filter(|_| !has_run);
    let obstacle = std::iter::once(types::SESSION_READY)
        .chain(workspace)
        .filter_map(|type_| condition(conditions, type_))
        // What is being cloned has a limit of its own.
        .find(|condition| condition.status == "False" && condition.reason != reasons::CLONING)?;
    let deadline = deadline(session);
    (elapsed(obstacle.last_transition_time.0, now) >= deadline).then(|| too_late(&obstacle.message, deadline))
}

fn too_late(why: &str, deadline: Duration) -> String {
    format!("not started within {} s: {why}", deadline.as_secs())
}

fn wait(session: &Session, reason: &'static str, message: &str, now: Timestamp) -> Next {
    let deadline = deadline(session);
    let waited = elapsed(waiting_since(session, now), now);
    if let Some(left) = deadline.checked_sub(waited).filter(|left| !left.is_zero()) {
        return Next::Wait { reason, message: message.to_owned(), again_in: Some(left) };
    }
    let why = told(session, reason).unwrap_or(message);
    if can_fall_back(session) {
        return Next::FallBack { why: why.to_owned() };
    }
    Next::Fail { reason: reasons::START_DEADLINE, message: too_late(why, deadline) }
}

/// What the Session already says of what it waits for: with more detail than is known here.
fn told<'a>(session: &'a Session, reason: &str) -> Option<&'a str> {
    let conditions = session.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
    let told = condition(conditions, types::AGENT_READY).filter(|condition| condition.reason == reason)?;
    (!told.message.is_empty()).then_some(told.message.as_str())
}

/// Whether there is another Agent to use that is not in use yet. A conversation is not left behind: with the Agent that
/// gives way its volumes go, too.
fn can_fall_back(session: &Session) -> bool {
    let fallback = session.spec.fallback_agent_ref.as_ref().filter(|_| session.spec.template_ref.is_some());
    let status = session.status.as_ref();
    let has_conversation = status.is_some_and(|status| status.session_id.is_some());
    fallback.is_some() && !has_conversation && fallback != status.and_then(|status| status.agent_ref.as_ref())
}

/// Since when the Agent has not been ready. A suspended Agent stops this clock: its condition has another reason, and the
/// transition time is set anew when the reason changes.
fn waiting_since(session: &Session, now: Timestamp) -> Timestamp {
    let conditions = session.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
    condition(conditions, types::AGENT_READY)
        .filter(|condition| condition.status == "False" && condition.reason != reasons::AGENT_SUSPENDED)
        .map_or(now, |condition| condition.last_transition_time.0)
}

enum Limits {
    Passed { reason: &'static str, message: String },
    In(Option<Duration>),
}

fn limits(session: &Session, activity: Option<Activity>, now: Timestamp) -> Limits {
    let status = session.status.as_ref();
    let mut nearest: Option<Duration> = None;
    let mut check = |limit: &Option<String>, since: Option<&Time>| {
        let text = limit.as_ref()?;
        let limit = text.parse::<GoDuration>().ok()?.to_std()?;
        match limit.checked_sub(elapsed(since?.0, now)).filter(|left| !left.is_zero()) {
            Some(left) => {
                nearest = Some(nearest.map_or(left, |nearest| nearest.min(left)));
                None
            }
            None => Some(text.clone()),
        }
    };
    let started = status.and_then(|status| status.start_time.as_ref());
    if let Some(limit) = check(&session.spec.timeout, started) {
        return Limits::Passed {
            reason: reasons::TIMEOUT,
            message: format!("the Session has run for its timeout of {limit}"),
        };
    }
    // Only a session that is known to do nothing is idle, since it last did something, or since it was started.
    let active = status.and_then(|status| status.last_activity_time.as_ref().max(status.start_time.as_ref()));
    let idle = active.filter(|_| activity == Some(Activity::Idle));
    if let Some(limit) = check(&session.spec.idle_timeout, idle) {
        return Limits::Passed { reason: reasons::IDLE_TIMEOUT, message: format!("the Session was idle for {limit}") };
    }
    Limits::In(nearest)
}

fn delete_in(session: &Session, now: Timestamp) -> Option<Duration> {
    let ttl = u64::try_from(session.spec.ttl_seconds_after_finished?).ok()?;
    let ended = session.status.as_ref()?.completion_time.as_ref()?;
    Some(Duration::from_secs(ttl).saturating_sub(elapsed(ended.0, now)))
}

/// Time from `since` to `now`; none if that lies in the future.
pub fn elapsed(since: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(since)).unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "objects are written where they are used")]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn session(spec: Value, status: Value) -> Session {
        let metadata = json!({"name": "s", "namespace": "n", "uid": "u", "creationTimestamp": at(0).to_string()});
        serde_json::from_value(json!({"metadata": metadata, "spec": spec, "status": status})).unwrap()
    }

    fn ready() -> AgentView {
        AgentView::Ready(server())
    }

    fn server() -> Server {
        Server {
            namespace: "n".into(),
            agent: "a".into(),
            pod: "p".into(),
            uid: "pu".into(),
            restarts: 0,
            ip: "10.0.0.1".into(),
            port: 4096,
            password: None,
            user: "opencode".into(),
        }
    }

    fn waiting(reason: &str, since: i64) -> Value {
        json!({"phase": "Pending", "conditions": [{"type": "AgentReady", "status": "False", "reason": reason,
            "message": "", "lastTransitionTime": at(since).to_string()}]})
    }

    #[test]
    fn a_new_session_starts_when_its_agent_is_ready() {
        let new = session(json!({"agentRef": {"name": "a"}}), Value::Null);
        assert_eq!(next(&new, &ready(), None, at(1)), Next::Start(server()));
        let Next::Wait { reason, again_in, .. } = next(&new, &AgentView::NotReady, None, at(1)) else { panic!() };
        assert_eq!((reason, again_in), ("AgentServerNotReady", Some(Duration::from_secs(300))));
        assert!(matches!(next(&new, &AgentView::Missing, None, at(1)), Next::Wait { reason: "AgentNotFound", .. }));
    }

    #[test]
    fn waiting_ends_at_the_deadline_but_not_while_the_agent_is_suspended() {
        let spec = json!({"agentRef": {"name": "a"}, "startDeadlineSeconds": 30});
        let waits = session(spec.clone(), waiting("AgentServerNotReady", 10));
        let Next::Wait { again_in, .. } = next(&waits, &AgentView::NotReady, None, at(39)) else { panic!() };
        assert_eq!(again_in, Some(Duration::from_secs(1)));
        let failed = next(&waits, &AgentView::NotReady, None, at(40));
        assert!(matches!(failed, Next::Fail { reason: "StartDeadlineExceeded", .. }));
        let suspended = session(spec, waiting("AgentSuspended", 10));
        assert!(matches!(
            next(&suspended, &AgentView::Suspended, None, at(9999)),
            Next::Wait { reason: "AgentSuspended", .. }
        ));
        // Resumed long after: the deadline begins now.
        assert!(matches!(next(&suspended, &AgentView::NotReady, None, at(9999)), Next::Wait { .. }));
    }

    #[test]
    fn a_late_dedicated_agent_gives_way_to_the_fallback_once() {
        let spec = json!({"templateRef": {"name": "t"}, "fallbackAgentRef": {"name": "f"}, "startDeadlineSeconds": 1});
        let mut late = session(spec, waiting("AgentServerNotReady", 10));
        let why = "the server of Agent ses-s is not ready".to_owned();
        assert_eq!(next(&late, &AgentView::NotReady, None, at(20)), Next::FallBack { why });
        late.status.as_mut().unwrap().agent_ref = Some(crate::api::NameRef { name: "f".into() });
        assert!(matches!(next(&late, &AgentView::NotReady, None, at(20)), Next::Fail { .. }));
    }

    #[test]
    fn a_conversation_is_not_left_behind_on_an_agent_that_is_late_again() {
        let spec = json!({"templateRef": {"name": "t"}, "fallbackAgentRef": {"name": "f"}, "startDeadlineSeconds": 1});
        let mut late = session(spec, waiting("AgentServerNotReady", 10));
        late.status.as_mut().unwrap().session_id = Some("ses_1".into());
        assert!(matches!(next(&late, &AgentView::NotReady, None, at(20)), Next::Fail { .. }));
    }

    #[test]
    fn a_running_session_follows_its_agent() {
        let running = session(json!({"agentRef": {"name": "a"}}), json!({"phase": "Running"}));
        assert_eq!(next(&running, &ready(), None, at(1)), Next::Serve { server: server(), again_in: None });
        assert!(matches!(next(&running, &AgentView::NotReady, None, at(1)), Next::Wait { .. }));
        assert!(matches!(next(&running, &AgentView::Missing, None, at(1)), Next::Fail { reason: "AgentNotFound", .. }));
    }

    #[test]
    fn suspend_stops_and_its_end_starts_again() {
        for phase in ["Pending", "Running"] {
            let stop = session(json!({"agentRef": {"name": "a"}, "suspend": true}), json!({"phase": phase}));
            assert_eq!(next(&stop, &ready(), None, at(1)), Next::Stop);
        }
        let stopped =
            |suspend| session(json!({"agentRef": {"name": "a"}, "suspend": suspend}), json!({"phase": "Stopped"}));
        assert_eq!(next(&stopped(true), &ready(), None, at(1)), Next::Rest { delete_in: None });
        assert_eq!(next(&stopped(false), &ready(), None, at(1)), Next::Restart);
    }

    #[test]
    fn a_turn_left_over_is_aborted_as_soon_as_its_server_is_back() {
        let spec = json!({"agentRef": {"name": "a"}, "suspend": true});
        let stopped = session(spec, json!({"phase": "Stopped", "activity": "Busy"}));
        assert_eq!(next(&stopped, &AgentView::NotReady, None, at(1)), Next::Rest { delete_in: None });
        for agent in [ready(), AgentView::Missing, AgentView::Suspended] {
            assert_eq!(next(&stopped, &agent, None, at(1)), Next::Abort, "{agent:?}");
        }
    }

    #[test]
    fn an_obstacle_fails_the_session_at_its_deadline() {
        let spec = json!({"agentRef": {"name": "a"}, "startDeadlineSeconds": 30});
        let status = json!({"phase": "Pending", "conditions": [{"type": "SessionReady", "status": "False",
            "reason": "SessionNotCreated", "message": "no such model", "lastTransitionTime": at(10).to_string()}]});
        let obstructed = session(spec, status);
        assert_eq!(next(&obstructed, &ready(), None, at(39)), Next::Start(server()));
        let Next::Fail { reason, message } = next(&obstructed, &ready(), None, at(40)) else { panic!() };
        assert!(reason == "StartDeadlineExceeded" && message.contains("no such model"), "{reason}: {message}");
    }

    #[test]
    fn a_workspace_that_failed_keeps_no_session_from_running_again() {
        for type_ in ["ReposReady", "WorkflowReady"] {
            let conditions = json!([{"type": type_, "status": "False", "reason": "RepositoryNotFound", "message": "gone",
                "lastTransitionTime": at(10).to_string()}]);
            let spec = json!({"agentRef": {"name": "a"}});
            let new = session(spec.clone(), json!({"phase": "Pending", "conditions": conditions}));
            assert!(matches!(next(&new, &ready(), None, at(9999)), Next::Fail { .. }));
            let status = json!({"phase": "Pending", "startTime": at(5).to_string(), "conditions": conditions});
            assert_eq!(next(&session(spec, status), &ready(), None, at(9999)), Next::Start(server()));
        }
    }

    #[test]
    fn a_standby_is_ended_by_a_session_that_begins_and_by_no_other() {
        let spec = json!({"agentRef": {"name": "a"}});
        let new = session(spec.clone(), Value::Null);
        assert_eq!(next(&new, &AgentView::Standby, None, at(1)), Next::Wake);
        let idle = session(spec, json!({"phase": "Running", "startTime": at(0).to_string()}));
        assert!(matches!(next(&idle, &AgentView::Standby, None, at(1)), Next::Wait { reason: "AgentSuspended", .. }));
    }

    #[test]
    fn another_s_agent_is_not_used() {
        let spec = json!({"templateRef": {"name": "t"}, "startDeadlineSeconds": 1});
        let new = session(spec.clone(), Value::Null);
        assert!(matches!(next(&new, &AgentView::Foreign, None, at(1)), Next::Wait { reason: "AgentNameTaken", .. }));
        let late = session(spec.clone(), waiting("AgentNameTaken", 10));
        assert!(matches!(next(&late, &AgentView::Foreign, None, at(11)), Next::Fail { .. }));
        let running = session(spec, json!({"phase": "Running"}));
        assert!(matches!(next(&running, &AgentView::Foreign, None, at(1)), Next::Fail { reason: "AgentNotFound", .. }));
    }

    #[test]
    fn an_ended_session_rests_until_it_is_suspended() {
        for phase in ["Completed", "Failed"] {
            let spec = json!({"agentRef": {"name": "a"}, "ttlSecondsAfterFinished": 60});
            let status =
                json!({"phase": phase, "startTime": at(50).to_string(), "completionTime": at(100).to_string()});
            let mut ended = session(spec, status);
            assert_eq!(next(&ended, &ready(), None, at(110)), Next::Rest { delete_in: Some(Duration::from_secs(50)) });
            assert_eq!(next(&ended, &ready(), None, at(500)), Next::Rest { delete_in: Some(Duration::ZERO) });
            ended.spec.suspend = Some(true);
            assert_eq!(next(&ended, &AgentView::Missing, None, at(500)), Next::Stop);
        }
    }

    #[test]
    fn time_limits_complete_and_only_true_idleness_counts() {
        let spec = json!({"agentRef": {"name": "a"}, "timeout": "1m", "idleTimeout": "10s"});
        let status =
            json!({"phase": "Running", "startTime": at(100).to_string(), "lastActivityTime": at(110).to_string()});
        let running = session(spec, status);
        let Next::Serve { again_in, .. } = next(&running, &ready(), Some(Activity::Idle), at(115)) else { panic!() };
        assert_eq!(again_in, Some(Duration::from_secs(5)));
        let ended = next(&running, &ready(), Some(Activity::Idle), at(120));
        assert!(matches!(ended, Next::Complete { reason: "IdleTimeout", .. }));
        for activity in [Some(Activity::Busy), Some(Activity::WaitingInput), None] {
            assert!(matches!(next(&running, &ready(), activity, at(120)), Next::Serve { .. }), "{activity:?}");
        }
        assert!(matches!(
            next(&running, &ready(), Some(Activity::Busy), at(160)),
            Next::Complete { reason: "Timeout", .. }
        ));
    }
}
