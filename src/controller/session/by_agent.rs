//! Which Sessions are on which Agent, so that whoever sees an Agent change need not look at every Session.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

/// Sessions and Agents by namespace and name.
#[derive(Debug, Default)]
pub struct ByAgent(Mutex<Places>);

#[derive(Debug, Default)]
struct Places {
    /// The Agent of each Session.
    agents: HashMap<(String, String), String>,
    /// The Sessions of each Agent.
    sessions: HashMap<(String, String), BTreeSet<String>>,
}

impl ByAgent {
    /// Takes in that a Session is on this Agent now, or on none.
    pub fn place(&self, namespace: &str, session: &str, agent: Option<String>) {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Places { agents, sessions } = &mut *places;
        let key = (namespace.to_owned(), session.to_owned());
        let before = match &agent {
            Some(agent) => agents.insert(key, agent.clone()),
            None => agents.remove(&key),
        };
        if before == agent {
            return;
        }
        if let Some(before) = before {
            let left = (namespace.to_owned(), before);
            if let Some(others) = sessions.get_mut(&left) {
                others.remove(session);
                if others.is_empty() {
                    sessions.remove(&left);
                }
            }
        }
        if let Some(agent) = agent {
            sessions.entry((namespace.to_owned(), agent)).or_default().insert(session.to_owned());
        }
    }

    /// The Sessions on an Agent.
    pub fn of(&self, namespace: &str, agent: &str) -> Vec<String> {
        let places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        places.sessions.get(&(namespace.to_owned(), agent.to_owned())).into_iter().flatten().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_knows_what_looking_at_every_session_would_find(
            moves in prop::collection::vec(("[mn]", "[s-v]", prop::option::of("[a-c]")), 0..40)
        ) {
            let known = ByAgent::default();
            let mut all = BTreeMap::new();
            for (namespace, session, agent) in moves {
                known.place(&namespace, &session, agent.clone());
                all.insert((namespace, session), agent);
            }
            for namespace in ["m", "n"] {
                for agent in ["a", "b", "c"] {
                    let found = all.iter().filter(|(key, on)| key.0 == namespace && on.as_deref() == Some(agent));
                    let found: Vec<_> = found.map(|((_, session), _)| session.clone()).collect();
                    prop_assert_eq!(known.of(namespace, agent), found);
                }
            }
            for ((namespace, session), _) in all {
                known.place(&namespace, &session, None);
            }
            let places = known.0.into_inner().unwrap();
            prop_assert!(places.agents.is_empty() && places.sessions.is_empty(), "something stays: {:?}", places);
        }
    }
}
