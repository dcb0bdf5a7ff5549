//! Which Tasks wait for which Agent, so that whoever frees a place need not look at every Task.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use kube::ResourceExt;

use crate::api::Task;
use crate::api::task::TaskPhase;

/// Names of waiting Tasks by namespace and Agent.
#[derive(Debug, Default)]
pub struct WaitingRoom(Mutex<HashMap<(String, String), BTreeSet<String>>>);

impl WaitingRoom {
    /// Takes in that a Task changed or went; the answer is who should look whether a place is free now.
    pub fn update(&self, task: &Task) -> Vec<String> {
        let Some(agent) = &task.spec.agent_ref else { return Vec::new() };
        let key = (task.namespace().unwrap_or_default(), agent.name.clone());
        let phase = task.status.as_ref().and_then(|status| status.phase.clone()).unwrap_or_default();
        let waits = !phase.is_terminal() && phase != TaskPhase::Running && task.metadata.deletion_timestamp.is_none();
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waits {
            rooms.entry(key).or_default().insert(task.name_any());
            return Vec::new();
        }
        let Some(room) = rooms.get_mut(&key) else { return Vec::new() };
        room.remove(&task.name_any());
        let others = room.iter().cloned().collect();
        if room.is_empty() {
            rooms.remove(&key);
        }
        others
    }

    /// The Tasks that wait for an Agent.
    pub fn of(&self, namespace: &str, agent: &str) -> Vec<String> {
        let rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.get(&(namespace.to_owned(), agent.to_owned())).into_iter().flatten().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whoever_leaves_wakes_those_who_wait_for_the_same_agent() {
        let task = |name: &str, agent: &str, phase: &str| -> Task {
            serde_json::from_value(json!({"metadata": {"name": name, "namespace": "n"},
                "spec": {"agentRef": {"name": agent}}, "status": {"phase": phase}}))
            .unwrap()
        };
        let room = WaitingRoom::default();
        assert!(room.update(&task("one", "a", "Queued")).is_empty());
        assert!(room.update(&task("two", "a", "Queued")).is_empty());
        assert!(room.update(&task("other", "b", "Queued")).is_empty());
        assert_eq!(room.of("n", "a"), ["one", "two"]);
        assert_eq!(room.update(&task("one", "a", "Running")), ["two"]);
        assert_eq!(room.update(&task("one", "a", "Completed")), ["two"]);
        assert!(room.update(&task("two", "a", "Running")).is_empty());
        assert!(room.of("n", "a").is_empty() && room.of("m", "b").is_empty());
    }
}
