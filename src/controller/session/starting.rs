//! A Session that starts: its OpenCode session is found or created, its workspace made ready, its prompt sent.

use std::time::Duration;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt;
use kube::runtime::reflector::ObjectRef;
use serde_json::json;
use tokio::time::Instant;

use super::serving::LOOK_AGAIN;
use super::workspace::{self, Progress};
use super::{Reconciler, decide, owner, remote, status, uid, work_directory};
use crate::api::conditions::{reasons, types};
use crate::api::session::{Activity, Pending, SessionPhase};
use crate::api::{NameRef, Session, keys};
use crate::controller::link::{BEGINS_WITHIN, Link, Server};
use crate::controller::queue::Action;
use crate::controller::status::{condition, whole_second};
use crate::error::{Code, Error, Result};
use crate::opencode::{Client, Session as Remote};

/// Least time between two Events, or two writes of the message, about one obstacle whose text changes.
const OBSTACLE_EVERY: Duration = Duration::from_secs(30);

/// What stands behind a Session that starts.
struct Opened {
    remote: Remote,
    progress: Progress,
    /// Whether its prompt was sent now; `None` before its workspace is there.
    prompted: Option<bool>,
    /// See [`Link::ahead`].
    ahead: i64,
}

impl Reconciler {
    /// Finds or creates the OpenCode session, sends the prompt, and only then calls the Session running.
    pub(super) async fn start(&self, session: &Session, agent_name: &str, server: &Server) -> Result<Action> {
        let (remote, progress, prompted, ahead) = match self.open(session, agent_name, server).await {
            Ok(Some(Opened { remote, progress, prompted: Some(prompted), ahead })) => {
                (remote, progress, prompted, ahead)
            }
            Ok(Some(Opened { remote, progress, prompted: None, .. })) => {
                return self.prepare(session, agent_name, &remote, &progress).await;
            }
            Ok(None) => {
                let id = session.status.as_ref().and_then(|status| status.session_id.clone()).unwrap_or_default();
                return self.lose(session, &id, agent_name).await;
            }
            Err(error) => {
                self.tell_obstacle(session, agent_name, &error).await?;
                return Err(error);
            }
        };
        let namespace = session.namespace().unwrap_or_default();
        let now = Timestamp::now();
        let activity = if prompted { Activity::Busy } else { Activity::Idle };
        let mut next = status::running(session, &remote, activity, Pending::default(), ahead);
        next.phase = Some(SessionPhase::Running);
        next.agent_ref = Some(NameRef { name: agent_name.to_owned() });
        next.pod_name = Some(server.pod.clone());
        next.url = self.agent_url(&namespace, agent_name);
        next.completion_time = None;
        workspace::tell(session, &mut next, &progress);
        self.report_workspace(session, &progress).await;
        if next.start_time.is_none() {
            next.start_time = Some(Time(whole_second(now)));
        }
        let is_first = session.status.as_ref().is_none_or(|status| status.start_time.is_none());
        self.write(session, &next).await?;
        if let Some(created) = session.creation_timestamp().filter(|_| is_first) {
            self.context.metrics.started(decide::elapsed(created.0, now));
        }
        let note = format!("OpenCode session {} on Agent {agent_name}", remote.id);
        self.context.reports.normal(session, "Running", "Start", note).await;
        Ok(Action::requeue(if prompted { BEGINS_WITHIN } else { LOOK_AGAIN }))
    }

    /// Waits for the workspace, which has to be there before the prompt; a Session that never ran fails where it cannot be.
    async fn prepare(
        &self,
        session: &Session,
        agent_name: &str,
        remote: &Remote,
        progress: &Progress,
    ) -> Result<Action> {
        self.report_workspace(session, progress).await;
        let mut next = status::preparing(session, agent_name, remote);
        workspace::tell(session, &mut next, progress);
        if let Some((checkout, reason, message, false)) = progress.failure() {
            let message = format!("{}: {reason}: {message}", checkout.folder);
            let failed = Session { status: Some(next), ..session.clone() };
            let next = status::failed(&failed, reasons::WORKSPACE_NOT_READY, message.clone());
            self.links.forget(&owner(session));
            self.workspaces.forget(&uid(session));
            self.write(session, &next).await?;
            self.context.reports.warning(session, reasons::WORKSPACE_NOT_READY, "Start", message).await;
            return Ok(Action::await_change());
        }
        self.write(session, &next).await?;
        Ok(match progress {
            Progress::Ended { again_in: Some(again_in), .. } => Action::requeue(*again_in),
            _ => Action::requeue(LOOK_AGAIN),
        })
    }

    /// The OpenCode session, with its workspace and then its prompt as far as that could be done; `None` if it is lost.
    async fn open(&self, session: &Session, agent_name: &str, server: &Server) -> Result<Option<Opened>> {
        let link = self.links.open(&session.namespace().unwrap_or_default(), agent_name, server).await?;
        let directory = work_directory(&link, session).await?;
        let client = link.client.in_directory(&directory);
        let status = session.status.as_ref();
        let remote = match remote::find(&client, session).await? {
            Some(remote) => remote,
            None if status.is_some_and(|status| status.session_id.is_some()) => return Ok(None),
            None => self.create(&client, session).await?,
        };
        self.links.track(&link, &remote.id, &directory, owner(session));
        link.learn(remote.clone());
        let progress = self.workspace(session, &link, server, &remote).await?;
        let has_run = status.is_some_and(|status| status.start_time.is_some());
        let is_ready = progress != Progress::Working && (has_run || progress.failure().is_none());
        let prompted = if is_ready { Some(self.deliver(session, &link, &remote).await?) } else { None };
        Ok(Some(Opened { remote, progress, prompted, ahead: link.ahead() }))
    }

    async fn create(&self, client: &Client, session: &Session) -> Result<Remote> {
        if let Some(id) = session.annotations().get(keys::ADOPT) {
            return self.adopt(client, session, id).await;
        }
        Ok(remote::create(client, session).await?)
    }

    /// Makes an OpenCode session that is there already the one that `session` stands for.
    async fn adopt(&self, client: &Client, session: &Session, id: &str) -> Result<Remote> {
        let refused = |why: String| {
            let hint = format!("kubectl annotate session {} {}-", session.name_any(), keys::ADOPT);
            Error::new(Code::InvalidConfiguration, format!("cannot take over OpenCode session {id:?}: {why}"))
                .hint(hint)
        };
        let remote = match client.session(id).await {
            Err(error) if error.is_not_found() => return Err(refused("the server has none of that id".to_owned())),
            found => found?,
        };
        if let Some(keeper) = remote::keeper(&remote).filter(|keeper| keeper.uid != uid(session))
            && let Some(other) = self.context.session(&keeper.namespace, &keeper.name).await?
            && other.metadata.uid.as_deref() == Some(&*keeper.uid)
        {
            return Err(refused(format!("it is that of Session {}/{}", keeper.namespace, keeper.name)));
        }
        let metadata = remote::adopted_metadata(session, &remote);
        Ok(client.patch_session(id, &json!({"metadata": metadata})).await?)
    }

    /// Sends the Session's prompt unless the conversation has it; tells whether it was sent.
    pub(super) async fn deliver(&self, session: &Session, link: &Link, remote: &Remote) -> Result<bool> {
        if !remote::awaits_answer(session) {
            return Ok(false);
        }
        link.expect_turn(&remote.id).await;
        let prompted = remote::prompt(&link.client.in_directory(&remote.directory), session, remote).await;
        if matches!(prompted, Ok(true)) {
            self.pace.prompted(&uid(session));
        } else {
            link.expect_no_turn(&remote.id);
        }
        Ok(prompted?)
    }

    /// Says what keeps a Session from starting. The text may differ with every try, and each write wakes the next one, so
    /// only a new obstacle is told at once.
    async fn tell_obstacle(&self, session: &Session, agent_name: &str, error: &Error) -> Result<()> {
        let message = error.hint.as_ref().map_or_else(|| error.to_string(), |hint| format!("{error} (hint: {hint})"));
        let conditions = session.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
        let known = condition(conditions, types::SESSION_READY)
            .is_some_and(|condition| condition.reason == reasons::SESSION_NOT_CREATED);
        if known && self.pace.since(&uid(session), Instant::now()).is_some_and(|since| since < OBSTACLE_EVERY) {
            return Ok(());
        }
        self.write(session, &status::obstructed(session, agent_name, &message)).await?;
        self.pace.wrote(&uid(session), None, Instant::now());
        self.context.reports.warning(session, reasons::SESSION_NOT_CREATED, "Start", message).await;
        Ok(())
    }

    fn agent_url(&self, namespace: &str, name: &str) -> Option<String> {
        let agent = self.agents.get(&ObjectRef::new(name).within(namespace))?;
        agent.0.as_ref().ok()?.status.as_ref()?.url.clone()
    }
}
