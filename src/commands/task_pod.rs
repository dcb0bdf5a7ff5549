//! The Pod of a running task, watched beside the task itself.
//!
//! The platform's controller is silent about a Pod that cannot start, and leaves a task Running for ever when its Pod is
//! deleted: who waits for such a task is told by us.

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::api::Api;
use serde_json::Value;
use tokio::sync::watch;

use super::Context;
use crate::cluster::{self, Request};
use crate::error::{Code, Error, Result};

/// How long the cluster's controller has to end a task itself whose Pod is gone.
const CONTROLLER_ENDS_IT: Duration = Duration::from_secs(10);

/// Watches the Pod of one task.
pub struct TaskPod {
    /// Its name, while the task runs.
    name: watch::Sender<Option<String>>,
}

impl TaskPod {
    /// Of a task of which nothing is known yet.
    pub fn new() -> Self {
        Self { name: watch::Sender::new(None) }
    }

    /// Learns from the task as it is now.
    pub fn of_task(&self, task: &Value) {
        let running = task.pointer("/status/phase").and_then(Value::as_str) == Some("Running");
        let name = task.pointer("/status/podName").and_then(Value::as_str);
        let name = name.filter(|name| running && !name.is_empty()).map(str::to_owned);
        self.name.send_if_modified(|known| {
            let changed = *known != name;
            *known = name;
            changed
        });
    }

    /// Tells why the Pod does not start, and ends with the failure that it is gone and that the task does not end of it.
    ///
    /// Never ends otherwise, nor where Pods may not be looked at.
    pub async fn lost(&self, context: &Context, task: &str) -> Error {
        let mut names = self.name.subscribe();
        loop {
            let Ok(name) = names.wait_for(Option::is_some).await.map(|name| name.clone().unwrap_or_default()) else {
                return std::future::pending().await;
            };
            let lost = Box::pin(async {
                gone(context, &name).await?;
                tokio::time::sleep(CONTROLLER_ENDS_IT).await;
                is_gone(context, &name).await
            });
            match lost.await {
                Ok(true) => {
                    return Error::new(Code::TaskFailed, format!("task \"{task}\" cannot end by itself"))
                        .because(format!(
                            "its Pod \"{name}\" is gone, and the cluster's controller leaves the task Running"
                        ))
                        .hint(format!("kubectl opencode task stop {task}"));
                }
                // Made again under the same name.
                Ok(false) => {}
                Err(error) => {
                    tracing::debug!("the Pod of task {task} cannot be watched: {error}");
                    return std::future::pending().await;
                }
            }
        }
    }
}

/// Waits until a Pod is gone, and tells meanwhile why it does not start.
async fn gone(context: &Context, name: &str) -> Result<()> {
    let mut told = None;
    let cluster = context.cluster().await?;
    let request = Request::new("watch", "pods").namespace(&cluster.namespace).name(name);
    cluster::until(
        pods(context).await?,
        &request,
        None,
        |_| (),
        |pod: Option<&Pod>| {
            let Some(pod) = pod else { return Ok(Some(())) };
            let trouble = cluster::trouble(pod);
            if let Some(trouble) = trouble.as_ref().filter(|_| trouble != told) {
                context.printer.note(&format!("Pod \"{name}\" does not start: {trouble}"));
            }
            told = trouble;
            Ok(None)
        },
    )
    .await
}

async fn is_gone(context: &Context, name: &str) -> Result<bool> {
    let cluster = context.cluster().await?;
    let request = Request::new("get", "pods").namespace(&cluster.namespace).name(name);
    let found = pods(context).await?.get_opt(name).await;
    found.map(|found| found.is_none()).map_err(|error| cluster::api_error(error, &request))
}

async fn pods(context: &Context) -> Result<Api<Pod>> {
    let cluster = context.cluster().await?;
    Ok(Api::namespaced(cluster.client.clone(), &cluster.namespace))
}
