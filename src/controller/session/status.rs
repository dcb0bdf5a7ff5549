//! The status of a Session after each step, as a function of what it was and what was done.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;

use super::decide::AgentView;
use crate::api::conditions::{reasons, types};
use crate::api::session::{Activity, Pending, SessionPhase, SessionSummary, Tokens};
use crate::api::{NameRef, Session, SessionStatus, validate};
use crate::controller::status::{Wanted, condition, remove_condition, set_condition, whole_second};
use crate::controller::transcript::{Transcript, dollars};
use crate::opencode::Session as Remote;

/// It runs, and does this.
///
/// `ahead` is how far the server's clock is ahead of ours, in milliseconds, where that is worth mentioning.
pub fn running(session: &Session, remote: &Remote, activity: Activity, pending: Pending, ahead: i64) -> SessionStatus {
    let mut next = session.status.clone().unwrap_or_default();
    let (generation, now) = (session.metadata.generation, Timestamp::now());
    next.session_id = Some(remote.id.clone());
    next.activity = Some(activity);
    next.pending = (pending != Pending::default()).then_some(pending);
    next.observed_generation = generation;
    if let Ok(updated) = Timestamp::from_millisecond(updated(remote) - ahead) {
        let before = next.last_activity_time.as_ref();
        // How far it is ahead is known to the second, and is no sign of life.
        let same = before.is_some_and(|before| ahead != 0 && (before.0.as_second() - updated.as_second()).abs() <= 2);
        if !same {
            next.last_activity_time = Some(Time(whole_second(updated)));
        }
    }
    if let Some(summary) = &mut next.summary {
        summary.cost = dollars(remote.cost);
        summary.tokens = tokens(remote);
    }
    let mut set = |wanted| set_condition(&mut next.conditions, wanted, generation, now);
    set(Wanted::yes(types::AGENT_READY, reasons::DEPLOYMENT_READY, ""));
    set(Wanted::yes(types::SESSION_READY, reasons::SESSION_FOUND, format!("OpenCode session {}", remote.id)));
    set(Wanted::yes(types::READY, reasons::SESSION_RUNNING, ""));
    set(if pending.permissions > 0 {
        let text = waiting_requests(pending.permissions, "permission request");
        Wanted::yes(types::WAITING_INPUT, reasons::PERMISSION_REQUIRED, text)
    } else if pending.questions > 0 {
        Wanted::yes(types::WAITING_INPUT, reasons::QUESTION_ASKED, waiting_requests(pending.questions, "question"))
    } else {
        Wanted::no(types::WAITING_INPUT, reasons::NO_INPUT_NEEDED, "")
    });
    next
}

fn waiting_requests(count: i64, what: &str) -> String {
    if count == 1 { format!("1 {what} waits") } else { format!("{count} {what}s wait") }
}

/// It waits for its Agent.
pub fn waiting(session: &Session, agent: &str, reason: &'static str, message: &str) -> SessionStatus {
    let mut next = session.status.clone().unwrap_or_default();
    next.phase = Some(SessionPhase::Pending);
    next.agent_ref = Some(NameRef { name: agent.to_owned() });
    next.activity = None;
    next.pending = None;
    next.pod_name = None;
    next.observed_generation = session.metadata.generation;
    let before = condition(&next.conditions, types::AGENT_READY).map(|condition| condition.reason.clone());
    if before.is_some_and(|before| (before == reasons::AGENT_SUSPENDED) != (reason == reasons::AGENT_SUSPENDED)) {
        // Being suspended stops the clock of the start deadline, so its end sets the clock anew.
        remove_condition(&mut next.conditions, types::AGENT_READY);
    }
    let (generation, now) = (session.metadata.generation, Timestamp::now());
    set_condition(&mut next.conditions, Wanted::no(types::AGENT_READY, reason, message), generation, now);
    set_condition(&mut next.conditions, Wanted::no(types::READY, reason, message), generation, now);
    remove_condition(&mut next.conditions, types::WAITING_INPUT);
    if condition(&next.conditions, types::SESSION_READY)
        .is_some_and(|condition| condition.reason == reasons::SESSION_NOT_CREATED)
    {
        // Its clock is that of a server that answers.
        remove_condition(&mut next.conditions, types::SESSION_READY);
    }
    next
}

/// Its OpenCode session is there, and its workspace is not yet.
pub fn preparing(session: &Session, agent: &str, remote: &Remote) -> SessionStatus {
    let mut next = session.status.clone().unwrap_or_default();
    next.phase = Some(SessionPhase::Pending);
    next.agent_ref = Some(NameRef { name: agent.to_owned() });
    next.session_id = Some(remote.id.clone());
    next.observed_generation = session.metadata.generation;
    let (generation, now) = (session.metadata.generation, Timestamp::now());
    let mut set = |wanted| set_condition(&mut next.conditions, wanted, generation, now);
    set(Wanted::yes(types::AGENT_READY, reasons::DEPLOYMENT_READY, ""));
    set(Wanted::yes(types::SESSION_READY, reasons::SESSION_FOUND, format!("OpenCode session {}", remote.id)));
    set(Wanted::no(types::READY, reasons::WORKSPACE_NOT_READY, "its repositories and its workflow are being cloned"));
    next
}

/// Its Agent is there, and the OpenCode session could not be made or asked; it is tried again.
pub fn obstructed(session: &Session, agent: &str, message: &str) -> SessionStatus {
    let mut next = session.status.clone().unwrap_or_default();
    next.phase = Some(SessionPhase::Pending);
    next.agent_ref = Some(NameRef { name: agent.to_owned() });
    next.observed_generation = session.metadata.generation;
    let (generation, now) = (session.metadata.generation, Timestamp::now());
    let mut set = |wanted| set_condition(&mut next.conditions, wanted, generation, now);
    set(Wanted::yes(types::AGENT_READY, reasons::DEPLOYMENT_READY, ""));
    set(Wanted::no(types::SESSION_READY, reasons::SESSION_NOT_CREATED, message));
    set(Wanted::no(types::READY, reasons::SESSION_NOT_CREATED, message));
    next
}

/// It uses its fallback Agent from now on.
pub fn fallen_back(session: &Session, fallback: &NameRef, message: String) -> SessionStatus {
    let mut next = session.status.clone().unwrap_or_default();
    next.agent_ref = Some(fallback.clone());
    remove_condition(&mut next.conditions, types::AGENT_READY);
    let wanted = Wanted::yes(types::FELL_BACK, reasons::DEDICATED_NOT_READY, message);
    set_condition(&mut next.conditions, wanted, session.metadata.generation, Timestamp::now());
    next
}

/// It ended by somebody's wish or by its time.
///
/// A turn that may still run, because its server did not answer just now, stays in `activity` until it was aborted.
pub fn ended(
    session: &Session,
    agent: &AgentView,
    phase: SessionPhase,
    reason: &'static str,
    message: String,
) -> SessionStatus {
    let mut next = session.status.clone().unwrap_or_default();
    let (generation, now) = (session.metadata.generation, Timestamp::now());
    next.phase = Some(phase);
    let may_run = *agent == AgentView::NotReady && next.session_id.is_some();
    next.activity = next.activity.filter(|activity| may_run && *activity != Activity::Idle).map(|_| Activity::Busy);
    next.pending = None;
    next.completion_time = Some(Time(whole_second(now)));
    next.observed_generation = generation;
    set_condition(&mut next.conditions, Wanted::yes(types::STOPPED, reason, message.clone()), generation, now);
    set_condition(&mut next.conditions, Wanted::no(types::READY, reason, message), generation, now);
    remove_condition(&mut next.conditions, types::WAITING_INPUT);
    next
}

/// It failed.
pub fn failed(session: &Session, reason: &'static str, message: String) -> SessionStatus {
    let mut next = session.status.clone().unwrap_or_default();
    let (generation, now) = (session.metadata.generation, Timestamp::now());
    next.phase = Some(SessionPhase::Failed);
    next.activity = None;
    next.pending = None;
    next.completion_time = Some(Time(whole_second(now)));
    next.observed_generation = generation;
    if reason == reasons::SESSION_LOST {
        set_condition(
            &mut next.conditions,
            Wanted::yes(types::AGENT_READY, reasons::DEPLOYMENT_READY, ""),
            generation,
            now,
        );
        let wanted = Wanted::no(types::SESSION_READY, reason, message.clone());
        set_condition(&mut next.conditions, wanted, generation, now);
    }
    set_condition(&mut next.conditions, Wanted::no(types::READY, reason, message), generation, now);
    remove_condition(&mut next.conditions, types::WAITING_INPUT);
    next
}

/// It begins again: the conversation stays unless it is lost, the clocks start anew.
pub fn restarted(session: &Session, now: Timestamp) -> SessionStatus {
    let before = session.status.clone().unwrap_or_default();
    let lost = condition(&before.conditions, types::SESSION_READY)
        .is_some_and(|condition| condition.reason == reasons::SESSION_LOST);
    // A conversation does not follow to another Agent.
    let moved =
        session.spec.agent_ref.is_some() && before.agent_ref.is_some() && session.spec.agent_ref != before.agent_ref;
    let keeps = !lost && !moved && before.session_id.is_some();
    let fell_back = before.conditions.into_iter().find(|condition| keeps && condition.type_ == types::FELL_BACK);
    let mut next = SessionStatus {
        phase: Some(SessionPhase::Pending),
        session_id: before.session_id.filter(|_| keeps),
        agent_ref: before.agent_ref.filter(|_| keeps),
        summary: before.summary.filter(|_| keeps),
        conditions: fell_back.into_iter().collect(),
        last_activity_time: before.last_activity_time,
        repos: before.repos,
        observed_generation: session.metadata.generation,
        ..SessionStatus::default()
    };
    let wanted = Wanted::no(types::STOPPED, reasons::STARTED, "");
    set_condition(&mut next.conditions, wanted, session.metadata.generation, now);
    next
}

/// Says what of the spec has no effect, and why. `directory` is where the OpenCode session works, if that is not where the
/// spec says.
pub fn check_spec(session: &Session, next: &mut SessionStatus, directory: Option<&str>) {
    let problems = validate::session(session);
    let mut told: Vec<_> = problems.iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect();
    let reason = if told.is_empty() { reasons::NOT_WHILE_RUNNING } else { reasons::INVALID_VALUE };
    let is_on = next.agent_ref.as_ref().filter(|_| next.session_id.is_some());
    if let (Some(wanted), Some(on)) = (&session.spec.agent_ref, is_on)
        && wanted != on
    {
        told.push(format!(
            "spec.agentRef: the conversation is on Agent {}; stop the Session to begin another",
            on.name
        ));
    }
    told.extend(directory.map(|directory| {
        format!("spec.directory: the conversation works in {directory}, which does not change; begin another Session")
    }));
    if told.is_empty() {
        remove_condition(&mut next.conditions, types::SPEC_APPLIED);
    } else {
        let wanted = Wanted::no(types::SPEC_APPLIED, reason, told.join("; "));
        set_condition(&mut next.conditions, wanted, session.metadata.generation, Timestamp::now());
    }
}

/// When something last happened in the OpenCode session, milliseconds since the epoch by the server's clock.
pub fn updated(remote: &Remote) -> i64 {
    remote.time.updated.unwrap_or(remote.time.created)
}

fn tokens(remote: &Remote) -> Tokens {
    let tokens = remote.tokens;
    Tokens {
        input: tokens.input,
        output: tokens.output,
        reasoning: tokens.reasoning,
        cache: tokens.cache.read + tokens.cache.write,
    }
}

/// What the conversation amounts to.
pub fn summary(remote: &Remote, transcript: &Transcript) -> SessionSummary {
    SessionSummary {
        messages: transcript.messages,
        tokens: tokens(remote),
        cost: dollars(remote.cost),
        files: transcript.files,
        additions: transcript.additions,
        deletions: transcript.deletions,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn session(status: &Value) -> Session {
        let metadata = json!({"name": "s", "namespace": "n", "uid": "u", "generation": 4});
        serde_json::from_value(json!({"metadata": metadata, "spec": {"agentRef": {"name": "a"}}, "status": status}))
            .unwrap()
    }

    #[test]
    fn a_turn_that_could_not_be_aborted_stays_visible() {
        let busy = session(&json!({"phase": "Running", "sessionID": "ses_1", "activity": "WaitingInput"}));
        let end = |agent| ended(&busy, &agent, SessionPhase::Stopped, reasons::USER_STOPPED, "m".into());
        assert_eq!(end(AgentView::NotReady).activity, Some(Activity::Busy));
        assert_eq!(end(AgentView::Missing).activity, None);
        let idle = session(&json!({"phase": "Running", "sessionID": "ses_1", "activity": "Idle"}));
        let ended = ended(&idle, &AgentView::NotReady, SessionPhase::Stopped, reasons::USER_STOPPED, "m".into());
        assert_eq!((ended.activity, ended.observed_generation), (None, Some(4)));
    }

    #[test]
    fn the_deadline_s_clock_starts_anew_after_a_suspension() {
        let since = "2020-01-01T00:00:00Z";
        let suspended = session(&json!({"phase": "Pending", "conditions": [{"type": "AgentReady", "status": "False",
            "reason": "AgentSuspended", "message": "", "lastTransitionTime": since}]}));
        let time = |status: &SessionStatus| {
            condition(&status.conditions, types::AGENT_READY).unwrap().last_transition_time.0.to_string()
        };
        assert_eq!(time(&waiting(&suspended, "a", reasons::AGENT_SUSPENDED, "m")), since);
        assert_ne!(time(&waiting(&suspended, "a", reasons::AGENT_SERVER_NOT_READY, "m")), since);
    }

    #[test]
    fn a_lost_conversation_is_not_looked_for_after_a_restart() {
        let at = "2020-01-01T00:00:00Z";
        let lost = session(&json!({"phase": "Failed", "sessionID": "ses_1", "startTime": at, "conditions": [
            {"type": "SessionReady", "status": "False", "reason": "SessionLost", "message": "", "lastTransitionTime": at}]}));
        let again = restarted(&lost, Timestamp::now());
        assert_eq!((again.session_id, again.start_time, again.phase), (None, None, Some(SessionPhase::Pending)));
        let stopped = session(&json!({"phase": "Stopped", "sessionID": "ses_1"}));
        assert_eq!(restarted(&stopped, Timestamp::now()).session_id.as_deref(), Some("ses_1"));
    }
}
