//! How many Tasks may start on an Agent in a time: `spec.quota` of the Agent (`maxTaskStarts` in any `windowSeconds`).
//!
//! Starts are on record in `status.taskStartHistory` of the Agent, as the platform keeps them, so that they count across a
//! restart and after their Tasks were deleted.

use std::time::Duration;

use k8s_openapi::jiff::{SignedDuration, Timestamp};
use kube::ResourceExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::decide::Target;
use crate::api::conditions::reasons;
use crate::api::{Agent, AgentStatus, Task};
use crate::controller::agent::resolve::Resolved;
use crate::controller::status::whole_second;

/// Key of the record in an Agent's status.
const HISTORY: &str = "taskStartHistory";

/// `spec.quota` of an Agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// So many Tasks may start
    pub starts: usize,
    /// in any time of this length.
    pub window: Duration,
}

/// A start on record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Start {
    task_name: String,
    task_namespace: String,
    #[serde(rename = "startTime")]
    at: Timestamp,
}

impl Start {
    /// Whether this is the start of `task`, and not of an earlier one of its name.
    fn is_of(&self, task: &Task) -> bool {
        let created = task.creation_timestamp().map_or(Timestamp::MIN, |time| time.0);
        self.task_name == task.name_any()
            && Some(&self.task_namespace) == task.metadata.namespace.as_ref()
            && self.at >= created
    }
}

impl Quota {
    /// The quota of an Agent, template merged in, if it has one.
    pub fn of(resolved: &Resolved) -> Option<Self> {
        let quota = resolved.rest.get("quota")?;
        let number = |key: &str| quota.get(key).and_then(Value::as_u64).filter(|number| *number > 0);
        let starts = usize::try_from(number("maxTaskStarts")?).ok()?;
        Some(Self { starts, window: Duration::from_secs(number("windowSeconds")?) })
    }

    /// Whether `task`, with `ahead` Tasks in front of it, may start on `agent` for `reason`.
    pub fn target(self, agent: &Agent, task: &Task, ahead: usize, reason: &'static str) -> Target {
        self.target_at(agent, task, ahead, reason, Timestamp::now())
    }

    fn target_at(self, agent: &Agent, task: &Task, ahead: usize, reason: &'static str, now: Timestamp) -> Target {
        let mut history = self.history(agent, now);
        if history.iter().any(|start| start.is_of(task)) {
            return Target::Usable { reason };
        }
        if history.len() + ahead < self.starts {
            return Target::Usable { reason };
        }
        history.sort_by_key(|start| start.at);
        // When so many have left the window that there is a place behind those in front.
        let leaves =
            history.get((history.len() + ahead).saturating_sub(self.starts).min(history.len().saturating_sub(1)));
        let again_in = leaves.map(|start| self.window.saturating_sub(elapsed(start.at, now)));
        let seconds = self.window.as_secs();
        let message =
            format!("{} of at most {} Tasks started in {seconds} s, {ahead} wait in front", history.len(), self.starts);
        Target::NotNow { reason: reasons::QUOTA_EXCEEDED, message, again_in }
    }

    /// The status of `agent` with the start of `task` on record; `None` if it is there already.
    pub fn record(self, agent: &Agent, task: &Task, now: Timestamp) -> Option<AgentStatus> {
        let mut history = self.history(agent, now);
        if history.iter().any(|start| start.is_of(task)) {
            return None;
        }
        history.push(Start {
            task_name: task.name_any(),
            task_namespace: task.namespace().unwrap_or_default(),
            at: whole_second(now),
        });
        let mut next = agent.status.clone().unwrap_or_default();
        next.unknown.insert(HISTORY.to_owned(), json!(history));
        Some(next)
    }

    /// The starts that count.
    fn history(self, agent: &Agent, now: Timestamp) -> Vec<Start> {
        let entries = agent.status.as_ref().and_then(|status| status.unknown.get(HISTORY)?.as_array());
        let starts = entries.into_iter().flatten().filter_map(|entry| Start::deserialize(entry).ok());
        starts.filter(|start| elapsed(start.at, now) < self.window).collect()
    }
}

fn elapsed(since: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(since).max(SignedDuration::ZERO)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota { starts: 2, window: Duration::from_secs(60) };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn task(name: &str, created: i64) -> Task {
        serde_json::from_value(json!({"metadata": {"name": name, "namespace": "n", "creationTimestamp": at(created).to_string()}, "spec": {}})).unwrap()
    }

    fn agent(starts: &[(&str, i64)]) -> Agent {
        let history: Vec<_> = starts
            .iter()
            .map(|(name, second)| json!({"taskName": name, "taskNamespace": "n", "startTime": at(*second).to_string()}))
            .collect();
        serde_json::from_value(json!({"metadata": {"name": "a"}, "spec": {}, "status": {HISTORY: history}})).unwrap()
    }

    #[test]
    fn so_many_start_in_a_window_and_the_next_when_the_oldest_has_left_it() {
        let target = |agent: &Agent, ahead, now| QUOTA.target_at(agent, &task("new", 0), ahead, "NoLimits", at(now));
        let usable = Target::Usable { reason: "NoLimits" };
        assert_eq!(target(&agent(&[]), 0, 100), usable);
        assert_eq!(target(&agent(&[("x", 90)]), 0, 100), usable);
        let full = agent(&[("y", 95), ("x", 90)]);
        let Target::NotNow { reason, again_in, .. } = target(&full, 0, 100) else { panic!() };
        assert_eq!((reason, again_in), ("QuotaExceeded", Some(Duration::from_secs(50))));
        assert_eq!(target(&full, 0, 150), usable);
        // One in front takes the place of the first to leave.
        let Target::NotNow { again_in, .. } = target(&full, 1, 100) else { panic!() };
        assert_eq!(again_in, Some(Duration::from_secs(55)));
        let Target::NotNow { again_in, .. } = target(&agent(&[]), 2, 100) else { panic!() };
        assert_eq!(again_in, None);
    }

    #[test]
    fn a_start_is_on_record_once_and_old_ones_are_dropped() {
        let agent = agent(&[("old", 10), ("x", 90)]);
        let next = QUOTA.record(&agent, &task("new", 50), at(100)).unwrap();
        assert_eq!(next.unknown[HISTORY].as_array().unwrap().len(), 2);
        let recorded = Agent { status: Some(next), ..agent };
        assert_eq!(QUOTA.record(&recorded, &task("new", 50), at(101)), None);
        assert!(matches!(QUOTA.target_at(&recorded, &task("new", 50), 5, "NoLimits", at(101)), Target::Usable { .. }));
        // A Task of the same name that was created later is another one.
        assert!(QUOTA.record(&recorded, &task("new", 101), at(101)).is_some());
    }

    #[test]
    fn half_a_quota_is_none() {
        let resolved = |quota: Value| Resolved {
            rest: [("quota".to_owned(), quota)].into_iter().collect(),
            ..Resolved::default()
        };
        assert_eq!(Quota::of(&resolved(json!({"maxTaskStarts": 2, "windowSeconds": 60}))), Some(QUOTA));
        assert_eq!(Quota::of(&resolved(json!({"maxTaskStarts": 2}))), None);
        assert_eq!(Quota::of(&Resolved::default()), None);
    }
}
