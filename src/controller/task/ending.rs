//! The ends of a Task: stopped, out of time, ended by itself, failed, deleted. None leaves anything running.

use std::time::Duration;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use kube::{Resource, ResourceExt};

use super::remote::{Outcome, summarised};
use super::{Reconciler, SESSION_LOOK, age, has_ended, has_finalizer, is_owned, is_running};
use crate::api::conditions::{reasons, types};
use crate::api::task::TaskPhase;
use crate::api::{Task, TaskStatus, keys};
use crate::controller::queue::Action;
use crate::controller::status::{Wanted, is_true, set_condition, whole_second};
use crate::error::{Code, Result};

/// Longest wait for a server that does not answer, before a Task ends without it.
const SERVER_PATIENCE: Duration = Duration::from_secs(60);
/// Pause between two tries to reach it.
const SERVER_PAUSE: Duration = Duration::from_secs(2);
/// Longest wait for a deleted Pod to end.
const POD_PATIENCE: Duration = Duration::from_secs(30);

impl Reconciler {
    /// Aborts the session, deletes the Pod, and calls the Task stopped when nothing of it runs any more.
    pub(super) async fn stop(&self, task: &Task, reason: &'static str, message: String) -> Result<Action> {
        let mut next = task.status.clone().unwrap_or_default();
        if is_running(task) {
            let found = self.abort(task).await;
            if let Some(pod) = self.fetch_pod(task).await?.filter(|pod| is_owned(pod, task) && !has_ended(pod)) {
                if pod.metadata.deletion_timestamp.is_none() {
                    self.context.delete(&pod).await?;
                    return Ok(Action::requeue(SESSION_LOOK));
                }
                let since = pod.metadata.deletion_timestamp.as_ref().map_or_else(Timestamp::now, |time| time.0);
                if age(since) < POD_PATIENCE {
                    return Ok(Action::requeue(SESSION_LOOK));
                }
            }
            match found {
                Ok(Some((client, session))) => next.session = Some(summarised(&client, task, &session).await.0),
                Ok(None) => {}
                Err(error) if error.code == Code::AgentUnavailable => {
                    let note = format!("the OpenCode session may still run: {error}");
                    self.context.reports.warning(task, "AbortFailed", "Stop", note).await;
                }
                Err(error) => return Err(error),
            }
        }
        let now = Timestamp::now();
        next.phase = Some(TaskPhase::Completed);
        next.completion_time = Some(Time(whole_second(now)));
        next.observed_generation = task.metadata.generation;
        set_condition(&mut next.conditions, Wanted::yes(types::STOPPED, reason, message.clone()), None, now);
        if is_true(&next.conditions, types::QUEUED) {
            set_condition(&mut next.conditions, Wanted::no(types::QUEUED, reason, ""), None, now);
        }
        self.context.write_status(task, task.status.as_ref(), &next).await?;
        let event = if reason == reasons::TIMEOUT { "Timeout" } else { "Stopped" };
        self.context.reports.normal(task, event, "Stop", message).await;
        Ok(Action::await_change())
    }

    /// The Pod ended well; whether the Task did is for its session to say. A Pod with a command of its own, `own_command`,
    /// need not have one.
    pub(super) async fn finish(&self, task: &Task, own_command: bool) -> Result<Action> {
        let mut next = task.status.clone().unwrap_or_default();
        let mut failure = None;
        let known = next.session.clone().unwrap_or_default();
        if known.title.is_some() {
            match self.outcome(task).await {
                Ok(Outcome::Known(session, failed)) => {
                    next.session = Some(*session);
                    failure = failed;
                }
                // `opencode run` ends well whatever happens, so without a session there is nothing to believe.
                Ok(Outcome::NotFound) if known.id.is_none() && !own_command => {
                    let message = "the Agent's server never had a session of this Task".to_owned();
                    return self.write_failure(task, next, reasons::SESSION_LOST, message).await;
                }
                Ok(Outcome::NotFound | Outcome::NoServer) if own_command => {}
                Ok(Outcome::NotFound | Outcome::NoServer) => {
                    let note = "the Agent's server no longer knows the session of this Task";
                    self.context.reports.warning(task, "OutcomeUnknown", "Complete", note).await;
                }
                Err(error) if self.ended_for(task) < SERVER_PATIENCE => {
                    tracing::info!(task = task.name_any(), %error, "cannot read the outcome yet");
                    return Ok(Action::requeue(SERVER_PAUSE));
                }
                Err(error) => {
                    let note = format!("cannot read how the session ended: {error}");
                    self.context.reports.warning(task, "OutcomeUnknown", "Complete", note).await;
                }
            }
        }
        if let Some(message) = failure {
            return self.write_failure(task, next, reasons::SESSION_ERROR, message).await;
        }
        next.phase = Some(TaskPhase::Completed);
        next.completion_time = Some(Time(whole_second(Timestamp::now())));
        next.observed_generation = task.metadata.generation;
        self.context.write_status(task, task.status.as_ref(), &next).await?;
        self.context.reports.normal(task, "Completed", "Complete", "the Task ended well").await;
        Ok(Action::await_change())
    }

    /// How long ago the Pod's container ended.
    fn ended_for(&self, task: &Task) -> Duration {
        let pod = self.pod(task);
        let statuses = pod.as_ref().and_then(|pod| pod.status.as_ref()?.container_statuses.clone()).unwrap_or_default();
        let ended = statuses.iter().find_map(|status| status.state.as_ref()?.terminated.as_ref()?.finished_at.clone());
        ended.map_or(SERVER_PATIENCE, |ended| age(ended.0))
    }

    /// Fails a Task whose Pod did, with the session's own words where it has some, and leaves nothing running.
    pub(super) async fn fail_run(&self, task: &Task, reason: &'static str, message: String) -> Result<Action> {
        if !is_running(task) {
            return self.fail(task, reason, message).await;
        }
        let mut next = task.status.clone().unwrap_or_default();
        let (mut reason, mut message) = (reason, message);
        match self.abort(task).await {
            Ok(Some((client, session))) => {
                let (session, failed) = summarised(&client, task, &session).await;
                next.session = Some(session);
                // That it was aborted is our doing, and says nothing about why.
                let failed = failed.filter(|failed| !failed.starts_with("MessageAbortedError"));
                if let Some(failed) = failed.filter(|_| reason == reasons::POD_FAILED) {
                    (reason, message) = (reasons::SESSION_ERROR, failed);
                }
            }
            Ok(None) => {}
            Err(error) => {
                let note = format!("the OpenCode session may still run: {error}");
                self.context.reports.warning(task, "AbortFailed", "Fail", note).await;
            }
        }
        if reason == reasons::POD_UNSTARTABLE
            && let Some(pod) = self.fetch_pod(task).await?.filter(|pod| is_owned(pod, task))
        {
            self.context.delete(&pod).await?;
        }
        self.write_failure(task, next, reason, message).await
    }

    pub(super) async fn fail(&self, task: &Task, reason: &'static str, message: String) -> Result<Action> {
        self.write_failure(task, task.status.clone().unwrap_or_default(), reason, message).await
    }

    async fn write_failure(
        &self,
        task: &Task,
        mut next: TaskStatus,
        reason: &'static str,
        message: String,
    ) -> Result<Action> {
        let now = Timestamp::now();
        next.phase = Some(TaskPhase::Failed);
        next.completion_time = Some(Time(whole_second(now)));
        next.observed_generation = task.metadata.generation;
        set_condition(&mut next.conditions, Wanted::no(types::READY, reason, message.clone()), None, now);
        self.context.write_status(task, task.status.as_ref(), &next).await?;
        self.context.reports.warning(task, "Failed", "Run", message).await;
        Ok(Action::await_change())
    }

    /// Aborts the session of a Task that goes, then lets it go; never later than [`SERVER_PATIENCE`].
    pub(super) async fn clean_up(&self, task: &Task) -> Result<Action> {
        if !has_finalizer(task) {
            return Ok(Action::await_change());
        }
        let ended = task.status.as_ref().and_then(|status| status.phase.as_ref()).is_some_and(TaskPhase::is_terminal);
        if !ended && is_running(task) {
            if let Some(pod) = self.fetch_pod(task).await?.filter(|pod| is_owned(pod, task)) {
                self.context.delete(&pod).await?;
            }
            if let Err(error) = self.abort(task).await {
                let since = task.meta().deletion_timestamp.as_ref().map_or_else(Timestamp::now, |time| time.0);
                if age(since) < SERVER_PATIENCE {
                    return Ok(Action::requeue(SERVER_PAUSE));
                }
                let note = format!("gave up on the OpenCode session: {error}");
                self.context.reports.warning(task, "CleanupSkipped", "Delete", note).await;
            }
        }
        self.context.remove_finalizer(task, keys::TASK_FINALIZER).await?;
        Ok(Action::await_change())
    }
}
