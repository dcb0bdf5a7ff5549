//! A running Session: its status follows what its OpenCode session does, and that follows the spec.

use std::time::Duration;

use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt;
use kube::runtime::reflector::ObjectRef;
use serde_json::json;
use tokio::time::Instant;

use super::workspace::{self, Progress};
use super::{Reconciler, pace, remote, status, uid, work_directory};
use crate::api::session::Activity;
use crate::api::{Session, SessionStatus, keys};
use crate::controller::link::{BEGINS_WITHIN, Link, Server, View};
use crate::controller::queue::Action;
use crate::controller::status::whole_second;
use crate::controller::transcript::Transcript;
use crate::error::Result;
use crate::opencode::Session as Remote;

/// Look again at a running Session even if nothing seems to happen.
pub(super) const LOOK_AGAIN: Duration = Duration::from_secs(300);
/// Look again at one that is in a turn; a sign of life (`kubeopencode.io/last-connection-active`) keeps an Agent with a
/// standby rule awake for two minutes.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

/// When to look again at a Session that does this, even if nothing seems to happen.
pub(super) fn rest(activity: Activity) -> Duration {
    if activity == Activity::Idle { LOOK_AGAIN } else { SIGN_OF_LIFE }
}

impl Reconciler {
    /// Keeps the status of a running Session current.
    pub(super) async fn serve(
        &self,
        session: &Session,
        link: &Link,
        server: &Server,
        view: View,
        again_in: Option<Duration>,
    ) -> Result<Action> {
        let agent_name = link.agent();
        let status = session.status.clone().unwrap_or_default();
        let id = status.session_id.clone().unwrap_or_default();
        let Some(remote) = view.session else { return self.lose(session, &id, agent_name).await };
        if status.activity.is_some_and(|before| before != Activity::Idle) && view.activity == Activity::Idle {
            self.context.metrics.turn_ended();
        }
        if let Some(failure) = link.take_failure(&id) {
            self.pace.prompt_failed(&uid(session));
            if !failure.is_abort() {
                let note = format!("{}: {}", failure.name, failure.message());
                self.context.reports.warning(session, "TurnFailed", "Prompt", note).await;
            }
        }
        self.repair(session, link, &remote).await?;
        if view.activity != Activity::Idle {
            self.keep_awake(session, agent_name, link).await;
        }
        let rest = rest(view.activity);
        let rest = again_in.map_or(rest, |again_in| again_in.min(rest));
        let mut next = status::running(session, &remote, view.activity, view.pending, link.ahead());
        next.pod_name = Some(server.pod.clone());
        let progress = self.workspace(session, link, server, &remote).await?;
        workspace::tell(session, &mut next, &progress);
        self.report_workspace(session, &progress).await;
        let wanted = work_directory(link, session).await.ok().filter(|wanted| *wanted != remote.directory);
        status::check_spec(session, &mut next, wanted.map(|_| remote.directory.as_str()));
        let look_again = match progress {
            Progress::Ended { again_in: Some(again_in), .. } => Action::requeue(again_in.min(rest)),
            _ => Action::requeue(rest),
        };
        if pace::is_urgent(&status, &next) {
            // The sums are read after that: the write brings us back here.
            self.put(session, &next).await?;
            return Ok(look_again);
        }
        let stale = self.is_summary_stale(session, &remote, &next);
        if !stale && next == status {
            return Ok(look_again);
        }
        if let Some(wait) = self.pace.wait(&uid(session), Instant::now()) {
            return Ok(Action::requeue(wait));
        }
        if stale {
            let transcript = Transcript::fetch(&link.client, &remote.id).await?;
            let is_unanswered = remote::awaits_answer(session) && !transcript.has_answers();
            if is_unanswered && self.prompt_again(session, link, &remote).await? {
                next.activity = Some(Activity::Busy);
                self.put(session, &next).await?;
                return Ok(Action::requeue(BEGINS_WITHIN));
            }
            next.summary = Some(status::summary(&remote, &transcript));
        }
        self.put(session, &next).await?;
        self.pace.wrote(&uid(session), stale.then(|| status::updated(&remote)), Instant::now());
        Ok(look_again)
    }

    /// Sends the prompt that a server took and does not answer: it was killed meanwhile, perhaps while no controller
    /// looked. Tells whether it was sent.
    async fn prompt_again(&self, session: &Session, link: &Link, remote: &Remote) -> Result<bool> {
        if !self.pace.may_prompt(&uid(session)) || !self.deliver(session, link, remote).await? {
            return Ok(false);
        }
        let note =
            format!("the prompt was sent again: OpenCode session {} had taken it and not begun to answer", remote.id);
        self.context.reports.warning(session, "PromptLost", "Prompt", note).await;
        Ok(true)
    }

    /// Whether the sums of the conversation are of an earlier turn: they are read at the end of each turn.
    fn is_summary_stale(&self, session: &Session, remote: &Remote, next: &SessionStatus) -> bool {
        let same_time = !remote::awaits_answer(session)
            && session
                .status
                .as_ref()
                .is_some_and(|before| before.summary.is_some() && before.last_activity_time == next.last_activity_time);
        // Where this process has not summed up yet, the time in the status is the best there is.
        let current = self.pace.summed(&uid(session)).map_or(same_time, |summed| summed == status::updated(remote));
        next.activity == Some(Activity::Idle) && !current
    }

    /// Keeps the standby rule of the Agent from suspending it in the middle of a turn: KubeOpenCode's own controller knows
    /// Tasks and connected people, but no Sessions.
    async fn keep_awake(&self, session: &Session, agent_name: &str, link: &Link) {
        let namespace = session.namespace().unwrap_or_default();
        let Some(agent) = self.agents.get(&ObjectRef::new(agent_name).within(&namespace)) else { return };
        let Some(agent) = agent.0.as_ref().ok().filter(|agent| agent.spec.standby.is_some()) else { return };
        if link.is_sign_of_life_due(SIGN_OF_LIFE) {
            let annotations = json!({keys::LAST_CONNECTION_ACTIVE: whole_second(Timestamp::now()).to_string()});
            if let Err(error) = self.context.patch_metadata(agent, json!({"annotations": annotations})).await {
                tracing::warn!(agent = agent_name, %error, "cannot keep the Agent from its standby");
            }
        }
    }

    /// Brings the OpenCode session to what the spec says: a title when the spec changes, as one that somebody gave it there
    /// stays; rules and metadata whenever they are others.
    async fn repair(&self, session: &Session, link: &Link, remote: &Remote) -> Result<()> {
        let seen = session.status.as_ref().and_then(|status| status.observed_generation);
        let is_new = seen != session.metadata.generation;
        let mut patch = serde_json::Map::new();
        let title = session.spec.title.as_ref().filter(|title| !title.is_empty() && **title != remote.title);
        if let Some(title) = title.filter(|_| is_new) {
            patch.insert("title".to_owned(), json!(title));
        }
        let rules = remote::rules(session.spec.permissions);
        if rules.iter().any(|rule| !remote.permission.contains(rule)) {
            patch.insert("permission".to_owned(), json!(rules));
        }
        if let Some(metadata) = remote::repaired_metadata(session, remote) {
            patch.insert("metadata".to_owned(), metadata.into());
        }
        if !patch.is_empty() {
            link.learn(link.client.patch_session(&remote.id, &patch.into()).await?);
        }
        Ok(())
    }
}
