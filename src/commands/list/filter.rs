//! `--phase`, `--agent`, `--since`: what the API server cannot select by is left out here.

use jiff::Timestamp;
use serde_json::Value;

use super::objects::text_at;
use crate::api::kinds::Kind;
use crate::cli::flags;
use crate::cli::listing::{WITH_AGENT, WITH_PHASE};
use crate::error::{Error, Result};

/// What an object of one kind has to be like.
pub struct Filter<'a> {
    wanted: &'a flags::Filter,
    made_after: Option<Timestamp>,
}

impl<'a> Filter<'a> {
    /// # Errors
    ///
    /// `usage` for a kind that has no such thing.
    pub fn of(wanted: &'a flags::Filter, kind: &Kind, now: Timestamp) -> Result<Self> {
        if !wanted.phases.is_empty() && !WITH_PHASE.contains(&kind) {
            return Err(Error::usage(format!("--phase: {}s have no phase", kind.noun)));
        }
        if !wanted.agents.is_empty() && !WITH_AGENT.contains(&kind) {
            return Err(Error::usage(format!("--agent: {}s are for no agent", kind.noun)));
        }
        let since = wanted.since.and_then(crate::api::GoDuration::to_std);
        let made_after = since.map(|since| now.checked_sub(since).unwrap_or(Timestamp::MIN));
        Ok(Self { wanted, made_after })
    }

    /// Whether an object is like that.
    pub fn passes(&self, object: &Value) -> bool {
        let flags::Filter { phases, agents, .. } = self.wanted;
        self.made_after.is_none_or(|after| made(object).is_some_and(|made| made >= after))
            && (phases.is_empty() || phases.iter().any(|phase| phase.eq_ignore_ascii_case(&phase_of(object))))
            && (agents.is_empty() || agents.contains(&agent_of(object)))
    }
}

/// When an object was made.
pub fn made(object: &Value) -> Option<Timestamp> {
    text_at(object, "/metadata/creationTimestamp").parse().ok()
}

/// The phase of a task or a session; one that no controller has looked at is pending.
pub fn phase_of(object: &Value) -> String {
    let phase = text_at(object, "/status/phase");
    if phase.is_empty() { "Pending".to_owned() } else { phase }
}

/// The agent that a task, a session or a schedule is for; empty where it makes its own.
pub fn agent_of(object: &Value) -> String {
    let places = ["/status/agentRef/name", "/spec/agentRef/name", "/spec/taskTemplate/spec/agentRef/name"];
    places.iter().map(|place| text_at(object, place)).find(|name| !name.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::kinds::{AGENT, SCHEDULE, TASK, TEMPLATE};
    use serde_json::json;

    #[test]
    fn objects_pass_by_phase_agent_and_age() {
        let now: Timestamp = "2026-01-01T02:00:00Z".parse().unwrap();
        let task = json!({"metadata": {"creationTimestamp": "2026-01-01T01:00:00Z"}, "spec": {"agentRef": {"name": "dev"}},
            "status": {"phase": "Running"}});
        let passes = |phases: &[&str], agents: &[&str], since: Option<&str>| {
            let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
            let wanted = flags::Filter {
                phases: texts(phases),
                agents: texts(agents),
                since: since.map(|since| since.parse().unwrap()),
            };
            Filter::of(&wanted, &TASK, now).unwrap().passes(&task)
        };
        assert!(passes(&[], &[], None));
        assert!(passes(&["queued", "running"], &["dev"], Some("1h")));
        assert!(!passes(&["queued"], &[], None));
        assert!(!passes(&[], &["ops"], None));
        assert!(!passes(&[], &[], Some("59m")));
        assert_eq!(phase_of(&json!({})), "Pending");
        assert_eq!(agent_of(&json!({"spec": {"taskTemplate": {"spec": {"agentRef": {"name": "a"}}}}})), "a");
    }

    #[test]
    fn kinds_without_a_phase_say_so() {
        let now = Timestamp::UNIX_EPOCH;
        let phase = flags::Filter { phases: vec!["x".into()], ..flags::Filter::default() };
        assert!(Filter::of(&phase, &AGENT, now).is_err());
        let agent = flags::Filter { agents: vec!["x".into()], ..flags::Filter::default() };
        assert!(Filter::of(&agent, &TEMPLATE, now).is_err());
        assert!(Filter::of(&agent, &SCHEDULE, now).is_ok());
    }
}
