//! Stopping work: the turn on the agent's server first, then the object.

use std::time::Duration;

use serde_json::json;

use super::target;
use super::{Context, agents, outcome, writes};
use crate::api::keys;
use crate::api::kinds::TASK;
use crate::api::task::TaskPhase;
use crate::api::{Session, Task};
use crate::cluster;
use crate::error::{Code, Result};

/// Longest time that an agent's server gets to abort a turn; the object is changed in any case.
const ABORT: Duration = Duration::from_secs(10);

/// Stops one task: aborts its turn where the agent can be reached, then asks the cluster by annotation. An ended task
/// stays as it is. True if there was something to stop.
///
/// It works with the right to patch tasks alone: what may not be read is not needed.
pub async fn task(context: &Context, name: &str) -> Result<bool> {
    match agents::get::<Task>(context, &TASK, name).await {
        Ok(task) if outcome::of_task(&task).is_some() => return Ok(false),
        Ok(task) => abort_task(context, &task).await,
        Err(error) if error.code == Code::Forbidden => {}
        Err(error) => return Err(error),
    }
    let annotation = json!({"metadata": {"annotations": {keys::STOP: "true"}}});
    writes::patch(context, &TASK, name, &annotation).await.map(|_| true)
}

/// Aborts the turn of a running task, as far as the agent can be reached; else the cluster has to.
pub async fn abort_task(context: &Context, task: &Task) {
    let running = task.status.as_ref().and_then(|status| status.phase.as_ref()) == Some(&TaskPhase::Running);
    if !running || target::agent_of(task).is_none() {
        return;
    }
    let abort = async {
        let target = target::of_task(context, task).await?;
        target.client.abort(&target.session).await?;
        Ok(())
    };
    tell(context, tokio::time::timeout(ABORT, abort).await.ok());
}

/// Aborts the turn of a session, as far as the agent can be reached; else its finalizer has to.
pub async fn abort_session(context: &Context, session: &Session) {
    let status = session.status.as_ref();
    let agent = status.and_then(|status| status.agent_ref.as_ref()).or(session.spec.agent_ref.as_ref());
    let (Some(agent), Some(id)) = (agent, status.and_then(|status| status.session_id.as_deref())) else { return };
    let abort = async {
        let cluster = context.cluster().await?;
        cluster::opencode(&cluster.client, &cluster.namespace, &agent.name).await?.abort(id).await?;
        Ok(())
    };
    tell(context, tokio::time::timeout(ABORT, abort).await.ok());
}

fn tell(context: &Context, aborted: Option<Result<()>>) {
    match aborted {
        Some(Ok(())) => {}
        Some(Err(error)) if error.code == Code::SessionNotFound => {}
        Some(Err(error)) => {
            context.printer.note(&format!("the agent could not be told to abort, the cluster will see to it: {error}"));
        }
        None => context.printer.note("the agent did not abort in time, the cluster will see to it"),
    }
}
