//! The status of an Agent, and when standby suspends and resumes it, as functions of what is observed.

use std::time::Duration;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt;

use crate::api::conditions::{reasons, types};
use crate::api::{Agent, AgentStatus, GoDuration, keys, names};
use crate::controller::status::{Wanted, condition, set_condition, whole_second};

/// How long a sign of a connected person counts, unless the idle timeout is shorter.
const HEARTBEAT_FRESH: Duration = Duration::from_secs(120);
/// A heartbeat comes every minute: it has to count at least that long.
const HEARTBEAT_FLOOR: Duration = Duration::from_secs(60);

/// The status of an Agent whose objects are as they should be.
///
/// `trouble` is what a Pod of the server tells about why it does not get ready.
pub fn status(
    agent: &Agent,
    deployment: Option<&Deployment>,
    trouble: Option<&str>,
    url: Option<String>,
    now: Timestamp,
) -> AgentStatus {
    let name = agent.name_any();
    let generation = agent.metadata.generation;
    let suspended = agent.spec.suspend == Some(true);
    let live = deployment.and_then(|deployment| deployment.status.as_ref());
    let why_not = || trouble.map_or_else(|| why_not_ready(live), str::to_owned);
    let ready = !suspended && live.and_then(|status| status.ready_replicas).unwrap_or(0) > 0;
    let mut next = agent.status.clone().unwrap_or_default();
    next.observed_generation = generation;
    next.deployment_name = Some(names::server_deployment(&name));
    next.service_name = Some(names::server_service(&name));
    next.url = url.or(next.url);
    next.ready = Some(ready);
    next.suspended = Some(suspended);
    let mut set = |wanted| set_condition(&mut next.conditions, wanted, generation, now);
    set(if suspended {
        Wanted::no(types::SERVER_READY, reasons::SUSPENDED, "the Agent is suspended")
    } else if ready {
        Wanted::yes(types::SERVER_READY, reasons::DEPLOYMENT_READY, "")
    } else {
        Wanted::no(types::SERVER_READY, reasons::DEPLOYMENT_NOT_READY, why_not())
    });
    if !suspended {
        set(match deployment {
            None => {
                Wanted::no(types::SERVER_HEALTHY, reasons::DEPLOYMENT_NOT_FOUND, "the Deployment does not exist yet")
            }
            Some(_) if ready => Wanted::yes(types::SERVER_HEALTHY, reasons::DEPLOYMENT_HEALTHY, ""),
            Some(_) => Wanted::no(types::SERVER_HEALTHY, reasons::DEPLOYMENT_NOT_READY, why_not()),
        });
    }
    set(if !suspended {
        Wanted::no(types::SUSPENDED, reasons::ACTIVE, "")
    } else if agent.spec.standby.is_some() {
        Wanted::yes(types::SUSPENDED, reasons::STANDBY, "suspended after its idle timeout")
    } else {
        Wanted::yes(types::SUSPENDED, reasons::USER_REQUESTED, "suspended by spec.suspend")
    });
    next
}

fn why_not_ready(status: Option<&k8s_openapi::api::apps::v1::DeploymentStatus>) -> String {
    let conditions = status.and_then(|status| status.conditions.as_ref());
    let failing = conditions.into_iter().flatten().find(|condition| {
        (condition.type_ == "Progressing" && condition.status == "False")
            || (condition.type_ == "ReplicaFailure" && condition.status == "True")
    });
    failing
        .and_then(|condition| condition.message.clone())
        .unwrap_or_else(|| "no Pod of the Deployment is ready yet".to_owned())
}

/// What an Agent says itself of why its server is not ready.
pub fn trouble(agent: &Agent) -> Option<&str> {
    let conditions = &agent.status.as_ref()?.conditions;
    let failing =
        [types::SERVER_HEALTHY, types::SERVER_READY].into_iter().filter_map(|type_| condition(conditions, type_));
    let message = failing.filter(|condition| condition.status == "False").find(|found| !found.message.is_empty());
    message.map(|condition| condition.message.as_str())
}

/// The status of an Agent that cannot be turned into a server.
pub fn broken(agent: &Agent, message: &str, now: Timestamp) -> AgentStatus {
    let generation = agent.metadata.generation;
    let mut next = agent.status.clone().unwrap_or_default();
    next.observed_generation = generation;
    if next.deployment_name.is_none() {
        next.ready = Some(false);
        let wanted = Wanted::no(types::SERVER_READY, reasons::DEPLOYMENT_NOT_READY, message);
        set_condition(&mut next.conditions, wanted, generation, now);
    }
    let wanted = Wanted::no(types::SERVER_HEALTHY, reasons::CONFIGURATION_ERROR, message);
    set_condition(&mut next.conditions, wanted, generation, now);
    next
}

/// What standby asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Standby {
    /// Nothing; look again then.
    Keep {
        /// `status.idleSince` as it should be.
        idle_since: Option<Time>,
        /// When the idle timeout may pass.
        again_in: Option<Duration>,
    },
    /// Set `spec.suspend`.
    Suspend,
    /// Take `spec.suspend` away.
    Resume,
}

/// The platform's standby table: `active` is whether a Task wants the Agent, or a session on it is in a turn.
pub fn standby(agent: &Agent, active: bool, now: Timestamp) -> Standby {
    let idle_since = agent.status.as_ref().and_then(|status| status.idle_since.clone());
    let limit =
        agent.spec.standby.as_ref().and_then(|standby| standby.idle_timeout.parse::<GoDuration>().ok()?.to_std());
    let Some(limit) = limit else { return Standby::Keep { idle_since: None, again_in: None } };
    let suspended = agent.spec.suspend == Some(true);
    if active {
        return if suspended { Standby::Resume } else { Standby::Keep { idle_since: None, again_in: None } };
    }
    let fresh_for = heartbeat(agent, limit, now);
    if let Some(left) = fresh_for {
        return Standby::Keep { idle_since: None, again_in: Some(left) };
    }
    match idle_since {
        _ if suspended => Standby::Keep { idle_since, again_in: None },
        None => Standby::Keep { idle_since: Some(Time(whole_second(now))), again_in: Some(limit) },
        Some(since) => {
            let idle = Duration::try_from(now.duration_since(since.0)).unwrap_or_default();
            match limit.checked_sub(idle).filter(|left| !left.is_zero()) {
                Some(left) => Standby::Keep { idle_since: Some(since), again_in: Some(left) },
                None => Standby::Suspend,
            }
        }
    }
}

/// How long the last heartbeat still counts.
fn heartbeat(agent: &Agent, limit: Duration, now: Timestamp) -> Option<Duration> {
    let last: Timestamp = agent.annotations().get(keys::LAST_CONNECTION_ACTIVE)?.parse().ok()?;
    let counts = if limit < HEARTBEAT_FRESH { (limit / 2).max(HEARTBEAT_FLOOR) } else { HEARTBEAT_FRESH };
    let age = Duration::try_from(now.duration_since(last)).unwrap_or_default();
    counts.checked_sub(age).filter(|left| !left.is_zero())
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "objects are written where they are used")]
mod tests {
    use super::*;
    use crate::controller::status::is_true;
    use serde_json::{Value, json};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn agent(spec: Value, status: Value) -> Agent {
        serde_json::from_value(
            json!({"metadata": {"name": "a", "namespace": "n", "generation": 3}, "spec": spec, "status": status}),
        )
        .unwrap()
    }

    fn deployment(ready: i32) -> Deployment {
        serde_json::from_value(json!({"metadata": {}, "status": {"readyReplicas": ready}})).unwrap()
    }

    #[test]
    fn ready_follows_the_deployment() {
        let agent = agent(json!({}), Value::Null);
        let none = status(&agent, None, None, Some("u".into()), at(1));
        assert_eq!((none.ready, none.suspended, none.observed_generation), (Some(false), Some(false), Some(3)));
        assert_eq!(condition(&none.conditions, "ServerHealthy").unwrap().reason, "DeploymentNotFound");
        let up = status(&agent, Some(&deployment(1)), None, Some("u".into()), at(1));
        assert_eq!((up.ready, up.url.as_deref()), (Some(true), Some("u")));
        assert!(is_true(&up.conditions, "ServerReady") && is_true(&up.conditions, "ServerHealthy"));
        assert!(!is_true(&up.conditions, "Suspended"));
        assert_eq!((up.deployment_name.as_deref(), up.service_name.as_deref()), (Some("a-server"), Some("a")));
    }

    #[test]
    fn a_suspended_agent_is_not_ready_even_while_its_pod_still_ends() {
        let down = status(&agent(json!({"suspend": true}), Value::Null), Some(&deployment(1)), None, None, at(1));
        assert_eq!((down.ready, down.suspended), (Some(false), Some(true)));
        assert_eq!(condition(&down.conditions, "Suspended").unwrap().reason, "UserRequested");
        let spec = json!({"suspend": true, "standby": {"idleTimeout": "30m"}});
        let standby = status(&agent(spec, Value::Null), None, None, None, at(1));
        assert_eq!(condition(&standby.conditions, "Suspended").unwrap().reason, "Standby");
    }

    #[test]
    fn a_broken_spec_does_not_take_a_running_server_out_of_service() {
        let new = broken(&agent(json!({}), Value::Null), "no template", at(1));
        assert_eq!(new.ready, Some(false));
        assert_eq!(condition(&new.conditions, "ServerHealthy").unwrap().reason, "ConfigurationError");
        let old = agent(json!({}), json!({"ready": true, "deploymentName": "a-server"}));
        assert_eq!(broken(&old, "no template", at(1)).ready, Some(true));
    }

    #[test]
    fn standby_follows_the_platform_s_table() {
        let spec = |suspend: bool| json!({"suspend": suspend, "standby": {"idleTimeout": "10m"}});
        let running =
            |since: Option<i64>| agent(spec(false), json!({"idleSince": since.map(|since| at(since).to_string())}));
        assert_eq!(standby(&running(Some(5)), true, at(10)), Standby::Keep { idle_since: None, again_in: None });
        assert_eq!(standby(&agent(spec(true), Value::Null), true, at(10)), Standby::Resume);
        assert!(matches!(standby(&agent(spec(true), Value::Null), false, at(10)), Standby::Keep { .. }));
        let Standby::Keep { idle_since, again_in } = standby(&running(None), false, at(10)) else { panic!() };
        assert_eq!((idle_since.unwrap().0, again_in), (at(10), Some(Duration::from_secs(600))));
        let Standby::Keep { again_in, .. } = standby(&running(Some(10)), false, at(70)) else { panic!() };
        assert_eq!(again_in, Some(Duration::from_secs(540)));
        assert_eq!(standby(&running(Some(10)), false, at(610)), Standby::Suspend);
        let mut watched = running(Some(10));
        watched.annotations_mut().insert(keys::LAST_CONNECTION_ACTIVE.into(), at(600).to_string());
        let kept = standby(&watched, false, at(610));
        assert_eq!(kept, Standby::Keep { idle_since: None, again_in: Some(Duration::from_secs(110)) });
        assert_eq!(
            standby(&agent(json!({}), Value::Null), false, at(1)),
            Standby::Keep { idle_since: None, again_in: None }
        );
    }
}
