//! The reconciler of Session: `session.kubeopencode.io/v1alpha1`.
//!
//! [`decide`] says what to do, [`remote`] does it to the OpenCode session, this module carries it out and writes it down.
//! A step is written down after it is done, and every step can be done again: a controller may end anywhere.

mod by_agent;
mod checkout;
mod decide;
mod ending;
mod orphans;
mod pace;
mod remote;
mod serving;
mod starting;
mod status;
mod workspace;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::jiff::Timestamp;
use kube::runtime::reflector::{ObjectRef, Store};
use kube::{Resource, ResourceExt};
use serde_json::json;

use super::agent;
use super::context::Context;
use super::feed::Guarded;
use super::link::{Link, Links, Owner, Server, View, server_of};
use super::queue::Action;
use super::status::{condition, is_true, whole_second};
use crate::api::conditions::{reasons, types};
use crate::api::session::{Activity, SessionPhase};
use crate::api::{Agent, Session, SessionStatus, keys, names, validate};
use crate::error::{Code, Error, Result};
use crate::opencode::Session as Remote;
pub use by_agent::ByAgent;
use checkout::Outcome;
use decide::{AgentView, Next};
pub use orphans::Seen;
use pace::Pace;
pub use remote::{Keeper, keeper};
use workspace::{Place, Progress, Workspaces};

/// Look again at a Session of which the server has yet to say what it does.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// What takes time, and how much of it.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Longest time to clone, update or remove one repository.
    pub checkout: Duration,
    /// How long an OpenCode session of a Session that is gone is left alone: a restored backup may bring the Session back.
    pub orphan: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { checkout: Duration::from_secs(600), orphan: Duration::from_secs(600) }
    }
}

/// What the Session reconciler works with.
pub struct Reconciler {
    /// Shared with the other reconcilers.
    pub context: Arc<Context>,
    /// Agents.
    pub agents: Store<Guarded<Agent>>,
    /// Pods of Agents' servers.
    pub pods: Store<Pod>,
    /// Connections to servers.
    pub links: Links,
    pace: Pace,
    workspaces: Workspaces,
}

impl Reconciler {
    /// A reconciler that has done nothing yet.
    pub fn new(
        context: Arc<Context>,
        agents: Store<Guarded<Agent>>,
        pods: Store<Pod>,
        links: Links,
        limits: &Limits,
    ) -> Self {
        let workspaces = Workspaces::new(limits.checkout);
        Self { context, agents, pods, links, pace: Pace::default(), workspaces }
    }

    /// Forgets the Sessions that went without their cleanup, as those whose finalizer somebody took off.
    pub fn forget_gone(&self, sessions: &Store<Guarded<Session>>) {
        let uids: HashSet<String> = sessions.state().iter().filter_map(|session| session.meta().uid.clone()).collect();
        self.pace.keep(|uid| uids.contains(uid));
        self.workspaces.keep(|uid| uids.contains(uid));
        self.links.keep(|owner| sessions.get(&ObjectRef::new(&owner.name).within(&owner.namespace)).is_some());
        self.context.metrics.streams(self.links.len());
    }

    /// Brings one Session a step further.
    pub async fn reconcile(&self, session: &Session) -> Result<Action> {
        let action = self.step(session).await;
        self.context.metrics.streams(self.links.len());
        action
    }

    async fn step(&self, session: &Session) -> Result<Action> {
        if session.meta().deletion_timestamp.is_some() {
            return self.clean_up(session).await;
        }
        if !session.finalizers().iter().any(|finalizer| finalizer == keys::SESSION_FINALIZER) {
            self.context.add_finalizer(session, keys::SESSION_FINALIZER).await?;
            // The change comes back as an event, with the resource version that the next write needs.
            return Ok(Action::await_change());
        }
        self.dismiss_dedicated(session).await?;
        let now = Timestamp::now();
        let agent_name = agent_of(session);
        let agent = self.agent(session, &agent_name);
        let view = self.view(session, &agent_name, &agent).await?;
        let activity = view.as_ref().map(|(_, view)| view.activity);
        match decide::next(session, &agent, activity, now) {
            Next::Rest { delete_in } => self.rest(session, delete_in).await,
            Next::Restart => self.restart(session, now).await,
            Next::Stop => {
                let message = "stopped by spec.suspend".to_owned();
                self.end(session, &agent, &agent_name, SessionPhase::Stopped, reasons::USER_STOPPED, message).await
            }
            Next::Complete { reason, message } => {
                self.end(session, &agent, &agent_name, SessionPhase::Completed, reason, message).await
            }
            Next::Abort => self.abort_left_over(session, &agent, &agent_name).await,
            Next::Fail { reason, message } => self.fail(session, reason, message).await,
            Next::Wait { reason, mut message, again_in } => {
                if reason == reasons::AGENT_SERVER_NOT_READY
                    && let Some(why) = self.why_not_ready(session, &agent_name)
                {
                    message = format!("{message}: {why}");
                }
                self.wait(session, &agent_name, reason, message, again_in).await
            }
            Next::Wake => self.wake(session, &agent_name).await,
            Next::FallBack { why } => self.fall_back(session, &why).await,
            Next::Start(server) => self.start(session, &agent_name, &server).await,
            Next::Serve { server, again_in } => match view {
                Some((link, view)) => self.serve(session, &link, &server, view, again_in).await,
                // The server is asked what it does, and its answer wakes us.
                None => Ok(Action::requeue(ASK_AGAIN)),
            },
        }
    }

    /// What is known about the Agent of that name.
    fn agent(&self, session: &Session, name: &str) -> AgentView {
        let namespace = session.namespace().unwrap_or_default();
        let Some(agent) = self.agents.get(&ObjectRef::new(name).within(&namespace)) else { return AgentView::Missing };
        if agent.meta().deletion_timestamp.is_some() {
            return AgentView::Missing;
        }
        if !may_use(session, &*agent, name) {
            return AgentView::Foreign;
        }
        match &agent.0 {
            Ok(agent) if agent.spec.suspend == Some(true) && agent.spec.standby.is_some() => return AgentView::Standby,
            Ok(agent) if agent.spec.suspend == Some(true) => return AgentView::Suspended,
            // An Agent that does not decode may still have a Pod that serves.
            _ => {}
        }
        let pods = self.pods.state();
        server_of(pods.iter().map(|pod| &**pod), &namespace, name).map_or(AgentView::NotReady, AgentView::Ready)
    }

    /// What the Agent itself says of why it is not ready.
    fn why_not_ready(&self, session: &Session, name: &str) -> Option<String> {
        let agent = self.agents.get(&ObjectRef::new(name).within(&session.namespace().unwrap_or_default()))?;
        agent::status::trouble(agent.0.as_ref().ok()?).map(str::to_owned)
    }

    /// The running OpenCode session as the link knows it, fetched first where the link does not; none before the server has
    /// said what it does.
    async fn view(&self, session: &Session, agent_name: &str, agent: &AgentView) -> Result<Option<(Arc<Link>, View)>> {
        let status = session.status.clone().unwrap_or_default();
        let (AgentView::Ready(server), Some(id), Some(SessionPhase::Running)) =
            (agent, &status.session_id, status.phase)
        else {
            return Ok(None);
        };
        let namespace = session.namespace().unwrap_or_default();
        let link = self.links.open(&namespace, agent_name, server).await?;
        let known = link.view(id).and_then(|view| view.session);
        let found = match known {
            None => match link.listed(id).await? {
                None => remote::find(&link.client, session).await?,
                listed => listed,
            },
            known => known,
        };
        // The directory in which it was made; that of the spec may have changed since.
        let directory = match &found {
            Some(remote) => remote.directory.clone(),
            None => work_directory(&link, session).await?,
        };
        self.links.track(&link, id, &directory, owner(session));
        if let Some(found) = found.filter(|found| found.id == *id) {
            link.learn(found);
        }
        let view = link.view(id);
        link.refresh(view.as_ref().map_or(serving::LOOK_AGAIN, |view| serving::rest(view.activity)));
        Ok(view.filter(|_| link.is_fetched()).map(|view| (link, view)))
    }

    /// How far the Session's repositories and workflow are; begins what is to be done for them.
    async fn workspace(&self, session: &Session, link: &Link, server: &Server, remote: &Remote) -> Result<Progress> {
        let home = link.client.in_directory(link.home().await?);
        let (on_end, owner) = (self.links.waker(), owner(session));
        let place = Place { home: &home, server, directory: &remote.directory };
        Ok(self.workspaces.look(session, &place, move || on_end(&owner)))
    }

    /// Says once of each folder what became of it.
    async fn report_workspace(&self, session: &Session, progress: &Progress) {
        let Progress::Ended { outcomes, .. } = progress else { return };
        let before = session.status.clone().unwrap_or_default();
        for (checkout, outcome) in outcomes {
            let known = before.repos.iter().find(|repo| repo.name == checkout.folder);
            let is_workflow = checkout.folder == workspace::WORKFLOW;
            let had = condition(&before.conditions, types::WORKFLOW_READY).filter(|_| is_workflow);
            let known = match (known, had) {
                (Some(repo), _) => repo.reason.as_deref().or(repo.ready.then_some(reasons::CLONED)),
                (None, Some(condition)) => Some(condition.reason.as_str()),
                // Told of when it was taken out of the status.
                (None, None) if checkout.source.is_none() => continue,
                (None, None) => None,
            };
            let (reports, folder) = (&self.context.reports, &checkout.folder);
            match (outcome, &checkout.source) {
                (Outcome::Done, Some(_)) if known != Some(reasons::CLONED) => {
                    reports.normal(session, reasons::CLONED, "Checkout", format!("{folder} is in the workspace")).await;
                }
                (Outcome::Done, None) => {
                    reports.normal(session, "Removed", "Checkout", format!("{folder} left the workspace")).await;
                }
                (Outcome::Failed { reason, message }, _) if known != Some(*reason) => {
                    reports.warning(session, reason, "Checkout", format!("{folder}: {message}")).await;
                }
                _ => {}
            }
        }
    }

    async fn wait(
        &self,
        session: &Session,
        agent_name: &str,
        reason: &'static str,
        mut message: String,
        again_in: Option<Duration>,
    ) -> Result<Action> {
        let mut asked = Ok(());
        if let Some(template) = &session.spec.template_ref
            && reason == reasons::AGENT_NOT_FOUND
        {
            // The API server takes such a name for an Agent, and then nothing comes of it.
            if let Some(problem) = validate::name_of_own_agent(&session.metadata).into_iter().next() {
                let message = format!("no Agent can be named after this Session: {}", problem.message);
                return self.fail(session, reasons::INVALID_VALUE, message).await;
            }
            asked = self.context.create_session_agent(session, agent_name, &template.name).await;
            message = match &asked {
                Ok(()) => format!("Agent {agent_name} is being created"),
                Err(error) => error.to_string(),
            };
        }
        if let Some(status) = session.status.as_ref().filter(|status| status.phase == Some(SessionPhase::Running)) {
            self.links.forget(&owner(session));
            let in_turn = status.activity.is_some_and(|activity| activity != Activity::Idle);
            let note = if in_turn { format!("{message}; the turn that ran may be lost") } else { message.clone() };
            self.context.reports.warning(session, reason, "Wait", note).await;
        }
        self.write(session, &status::waiting(session, agent_name, reason, &message)).await?;
        asked.map(|()| again_in.map_or_else(Action::await_change, Action::requeue))
    }

    /// Resumes an Agent that its standby rule suspended, as a Task does; without a sign of life the rule would suspend it
    /// again before it is ready.
    async fn wake(&self, session: &Session, agent_name: &str) -> Result<Action> {
        let namespace = session.namespace().unwrap_or_default();
        let agent = self.agents.get(&ObjectRef::new(agent_name).within(&namespace));
        let Some(agent) = agent.as_ref().and_then(|agent| agent.0.as_ref().ok()) else {
            return Ok(Action::await_change());
        };
        let annotations = json!({keys::LAST_CONNECTION_ACTIVE: whole_second(Timestamp::now()).to_string()});
        self.context.resume(agent, annotations).await?;
        let message = "the Agent was on standby and is being resumed".to_owned();
        self.context.reports.normal(session, "AgentResumed", "Start", message.clone()).await;
        self.write(session, &status::waiting(session, agent_name, reasons::AGENT_SERVER_NOT_READY, &message)).await?;
        Ok(Action::await_change())
    }

    async fn fall_back(&self, session: &Session, why: &str) -> Result<Action> {
        let Some(fallback) = &session.spec.fallback_agent_ref else { return Ok(Action::await_change()) };
        let message =
            format!("using Agent {} instead of the dedicated one, which was not ready in time: {why}", fallback.name);
        self.write(session, &status::fallen_back(session, fallback, message.clone())).await?;
        self.context.reports.warning(session, "FellBack", "Start", message).await;
        Ok(Action::await_change())
    }

    /// Deletes the Session's own Agent once it has given way: the conversation stays on the other one, so nobody would use
    /// what comes late. A Session that begins anew gets another.
    async fn dismiss_dedicated(&self, session: &Session) -> Result<()> {
        let conditions = session.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
        let name = names::session_agent(&session.name_any());
        if session.spec.template_ref.is_none() || !is_true(conditions, types::FELL_BACK) || agent_of(session) == name {
            return Ok(());
        }
        let key = ObjectRef::new(&name).within(&session.namespace().unwrap_or_default());
        let Some(agent) = self.agents.get(&key) else { return Ok(()) };
        if agent.meta().deletion_timestamp.is_none() && owns(session, &*agent) {
            match self.context.delete(&*agent).await {
                // It costs a Pod until the Session goes, and that is no reason to keep the Session from its work.
                Err(error) if error.code == Code::Forbidden => {
                    tracing::warn!(agent = name, %error, "the Agent that gave way stays");
                }
                deleted => {
                    deleted?;
                    let note = format!("deleted Agent {name}: it was not ready in time, and nothing runs on it");
                    self.context.reports.normal(session, "DedicatedAgentDeleted", "Start", note).await;
                }
            }
        }
        Ok(())
    }

    async fn fail(&self, session: &Session, reason: &'static str, message: String) -> Result<Action> {
        self.links.forget(&owner(session));
        self.write(session, &status::failed(session, reason, message.clone())).await?;
        self.context.reports.warning(session, reason, "Run", message).await;
        Ok(Action::await_change())
    }

    /// Fails a Session whose conversation is gone, and says what keeps the next one.
    async fn lose(&self, session: &Session, id: &str, agent_name: &str) -> Result<Action> {
        let agent = self.agents.get(&ObjectRef::new(agent_name).within(&session.namespace().unwrap_or_default()));
        let is_kept = agent.as_ref().and_then(|agent| agent.0.as_ref().ok()).is_none_or(|agent| {
            agent.spec.persistence.as_ref().is_some_and(|persistence| !persistence["sessions"].is_null())
        });
        let hint = if is_kept { "" } else { "; without spec.persistence.sessions an Agent keeps none beyond its Pod" };
        let message = format!("the server no longer knows the OpenCode session {id}{hint}");
        self.fail(session, reasons::SESSION_LOST, message).await
    }

    async fn restart(&self, session: &Session, now: Timestamp) -> Result<Action> {
        let next = status::restarted(session, now);
        let before = session.status.clone().unwrap_or_default();
        if let (Some(id), None, Some(agent)) = (&before.session_id, &next.session_id, &before.agent_ref)
            && let Some(wanted) = session.spec.agent_ref.as_ref().filter(|wanted| *wanted != agent)
        {
            let note =
                format!("begins anew on Agent {}; OpenCode session {id} stays on Agent {}", wanted.name, agent.name);
            self.context.reports.warning(session, "AgentChanged", "Start", note).await;
        }
        self.write(session, &next).await?;
        Ok(Action::await_change())
    }

    /// Writes the status, with what is wrong with the spec.
    async fn write(&self, session: &Session, next: &SessionStatus) -> Result<()> {
        let mut next = next.clone();
        status::check_spec(session, &mut next, None);
        self.put(session, &next).await
    }

    async fn put(&self, session: &Session, next: &SessionStatus) -> Result<()> {
        self.context.write_status(session, session.status.as_ref(), next).await.map(drop)
    }
}

fn uid(session: &Session) -> String {
    session.uid().unwrap_or_default()
}

/// Whether `session` may run on `agent`: one of its own has to be its own, not a namesake that somebody else made, or that
/// an earlier Session of this name left behind.
fn may_use<K: Resource>(session: &Session, agent: &K, name: &str) -> bool {
    let fallback = session.spec.fallback_agent_ref.as_ref();
    if session.spec.template_ref.is_none() || fallback.is_some_and(|fallback| fallback.name == name) {
        return true;
    }
    owns(session, agent)
}

fn owns<K: Resource>(session: &Session, agent: &K) -> bool {
    let owner = session.metadata.uid.as_deref();
    agent.meta().owner_references.iter().flatten().any(|reference| Some(reference.uid.as_str()) == owner)
}

/// Where a Session's messages about itself come from.
fn owner(session: &Session) -> Owner {
    Owner { namespace: session.namespace().unwrap_or_default(), name: session.name_any() }
}

/// Name of the Agent that a Session runs on, or is to run on. A conversation stays where it is: another Agent in the spec
/// counts from the next start.
pub fn agent_of(session: &Session) -> String {
    let status = session.status.as_ref();
    let current = status.and_then(|status| status.agent_ref.as_ref());
    match (&session.spec.agent_ref, current) {
        (_, Some(current)) if status.is_some_and(|status| status.session_id.is_some()) => current.name.clone(),
        (Some(agent), _) => agent.name.clone(),
        (None, Some(current)) => current.name.clone(),
        (None, None) => names::session_agent(&session.name_any()),
    }
}

async fn work_directory(link: &Link, session: &Session) -> Result<String> {
    let home = link.home().await?;
    remote::directory(home, session.spec.directory.as_deref())
        .map_err(|message| Error::new(Code::InvalidConfiguration, message))
}
