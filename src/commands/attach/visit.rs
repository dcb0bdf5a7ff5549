//! What others get to know of an attach: the heartbeat that keeps standby from suspending the agent, an entry in the
//! terminal's title (see [`presence`](super::presence)), and events on the session or agent when somebody comes and goes.
//!
//! All of it is told as far as the user's rights go, in the background: who may do none of it attaches all the same.

use std::time::Duration;

use k8s_openapi::api::core::v1::ObjectReference;
use kube::runtime::events::{Event, EventType, Reporter};
use serde_json::json;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::presence::{Presence, Role};
use super::room::Found;
use crate::api::kinds::AGENT;
use crate::api::{Agent, keys};
use crate::cluster::{self, Cluster, EventRecorder, Request};
use crate::output::span;

/// How often the Agent is told that somebody is connected, so that standby does not suspend it.
const HEARTBEAT: Duration = Duration::from_secs(60);
/// Longest wait for the last things to be told, after the user has left.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// One attach to one terminal, as others see it.
pub struct Visit {
    cluster: Cluster,
    /// The Session or Agent.
    about: ObjectReference,
    agent: String,
    found: Found,
    role: Role,
}

/// A visit that others are told of. Dropping it ends the telling without a word.
pub struct Told {
    leaving: oneshot::Sender<String>,
    telling: JoinHandle<()>,
}

impl Visit {
    /// A visit of an agent's terminal, which events tell about a Session or the Agent.
    pub fn new(cluster: &Cluster, about: ObjectReference, agent: &str, found: &Found, role: Role) -> Self {
        Self { cluster: cluster.clone(), about, agent: agent.to_owned(), found: found.clone(), role }
    }

    /// Begins to tell; `taken_over` learns who took the terminal over.
    pub fn begin(self, taken_over: watch::Sender<Option<String>>) -> Told {
        let (leaving, left) = oneshot::channel();
        Told { leaving, telling: tokio::spawn(self.tell(taken_over, left)) }
    }

    async fn tell(self, taken_over: watch::Sender<Option<String>>, left: oneshot::Receiver<String>) {
        let began = Instant::now();
        let who = self.who().await;
        let recorder = EventRecorder::new(
            self.cluster.client.clone(),
            Reporter { controller: keys::FIELD_MANAGER.to_owned(), instance: None },
        );
        let mut presence = Presence::new(&self.found.client, &self.found.pty.id, &who, self.role);
        let what = format!("terminal {} of agent \"{}\"", self.found.pty.id, self.agent);
        let meanwhile = async {
            let came = format!("{who} {} at {what}", self.role.as_str());
            tokio::join!(
                self.publish(&recorder, "Attached", "Attach", came),
                presence.keep(&taken_over),
                beat(&self.cluster, &self.agent),
            );
        };
        let how = tokio::select! {
            how = left => how,
            () = meanwhile => return,
        };
        if let Ok(how) = how {
            let seconds = i64::try_from(began.elapsed().as_secs()).unwrap_or(i64::MAX);
            let went = format!("{who} was at {what} for {}: {how}", span(seconds));
            let gone = async {
                if let Err(error) = presence.leave().await {
                    tracing::debug!("cannot tell others that somebody left: {error}");
                }
            };
            tokio::join!(self.publish(&recorder, "Detached", "Detach", went), gone);
        }
    }

    /// User and machine.
    async fn who(&self) -> String {
        let user = cluster::user_name(&self.cluster.client).await.unwrap_or_else(|| "somebody".to_owned());
        match machine() {
            Some(host) => format!("{user}@{host}"),
            None => user,
        }
    }

    async fn publish(&self, recorder: &EventRecorder, reason: &str, action: &str, note: String) {
        let event = Event {
            type_: EventType::Normal,
            reason: reason.to_owned(),
            note: Some(note),
            action: action.to_owned(),
            secondary: None,
        };
        if let Err(error) = recorder.publish(&event, &self.about).await {
            let request = Request::new("create", "events.events.k8s.io").namespace(&self.cluster.namespace);
            tracing::debug!("cannot leave an event: {}", cluster::api_error(error, &request));
        }
    }
}

/// Name of this machine.
fn machine() -> Option<String> {
    #[cfg(unix)]
    return nix::unistd::gethostname().ok()?.into_string().ok();
    #[cfg(not(unix))]
    return std::env::var("COMPUTERNAME").ok();
}

/// Tells the platform that somebody is here, as long as the handle lives.
pub fn heartbeat(cluster: &Cluster, agent: &str) -> AbortOnDropHandle<()> {
    let (cluster, agent) = (cluster.clone(), agent.to_owned());
    AbortOnDropHandle::new(tokio::spawn(async move { beat(&cluster, &agent).await }))
}

/// Tells the platform that somebody is here, at once and every minute.
async fn beat(cluster: &Cluster, agent: &str) {
    let api: kube::Api<Agent> = kube::Api::namespaced(cluster.client.clone(), &cluster.namespace);
    let mut tick = tokio::time::interval(HEARTBEAT);
    loop {
        tick.tick().await;
        let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let patch = json!({"metadata": {"annotations": {keys::LAST_CONNECTION_ACTIVE: now}}});
        if let Err(error) = cluster::merge_patch(&api, agent, &patch).await {
            let request = Request::new("patch", AGENT.resource).namespace(&cluster.namespace).name(agent);
            tracing::debug!("cannot tell that somebody is connected: {}", cluster::api_error(error, &request));
        }
    }
}

impl Told {
    /// The visit is over; says how it ended. Waits a little until that is told.
    pub async fn end(self, how: &str) {
        // A task that has ended has nothing to tell.
        let _ = self.leaving.send(how.to_owned());
        let mut telling = self.telling;
        if tokio::time::timeout(LAST_WORDS, &mut telling).await.is_err() {
            telling.abort();
        }
    }
}
