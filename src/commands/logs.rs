//! `logs`: what a Pod printed.

use std::time::Duration;

use futures::{AsyncBufReadExt, TryStreamExt};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, LogParams};

use super::wait::{read, watch};
use super::{Context, agents, outcome, target, transcript};
use crate::api::kinds::TASK;
use crate::api::names::{SERVER_CONTAINER, TASK_CONTAINER, task_pod};
use crate::api::{GoDuration, Task};
use crate::cli::flags::{Logs, Output, Reference};
use crate::cli::task::Transcript;
use crate::cluster;
use crate::error::{Code, Error, Result};
use crate::output::log_line;

/// The log of a task's Pod. With `-f` it waits until there is one; when the Pod is gone, the conversation that the agent
/// keeps is printed instead.
pub async fn of_task(context: &Context, args: &Logs) -> Result<()> {
    let task: Task =
        if args.follow { started(context, &args.name).await? } else { agents::get(context, &TASK, &args.name).await? };
    let known = task.status.as_ref().and_then(|status| status.pod_name.clone());
    if known.is_none() && outcome::of_task(&task).is_none() {
        return Err(Error::new(Code::NotFound, format!("task `{}` has no output yet", args.name))
            .because(format!("the task is {}", outcome::task_progress(&task)))
            .hint(format!("kubectl opencode task logs -f {}", args.name)));
    }
    let pod = known.unwrap_or_else(|| task_pod(&args.name));
    match stream(context, &pod, TASK_CONTAINER, args).await {
        Err(error) if error.code == Code::NotFound => instead(context, &task, args, error).await,
        result => result,
    }
}

/// The log of an agent's server.
pub async fn of_agent(context: &Context, args: &Logs) -> Result<()> {
    let cluster = context.cluster().await?;
    let pod = cluster::server_pod(&cluster.client, &cluster.namespace, &args.name).await?;
    stream(context, &pod.pod, SERVER_CONTAINER, args).await
}

/// Waits until a task has a Pod, or has ended without one.
async fn started(context: &Context, name: &str) -> Result<Task> {
    watch(context, &TASK, name, None, |object| {
        let Some(object) = object else { return Err(super::wait::gone(&TASK, name)) };
        let task: Task = read(object)?;
        let has_pod = task.status.as_ref().is_some_and(|status| status.pod_name.is_some());
        if has_pod || outcome::of_task(&task).is_some() {
            return Ok(Some(task));
        }
        context.printer.waiting_for(&format!("task {name} is {}", outcome::task_progress(&task)));
        Ok(None)
    })
    .await
}

/// The conversation in place of a log whose Pod is gone.
async fn instead(context: &Context, task: &Task, args: &Logs, gone: Error) -> Result<()> {
    let target = match target::of_task(context, task).await {
        Ok(target) => target,
        Err(error) => return Err(gone.because(error)),
    };
    context.printer.note("the task's Pod is gone; this is the conversation that the agent keeps");
    let wanted = Transcript {
        reference: Reference { reference: target.reference.clone(), session: None },
        tools: true,
        reasoning: false,
        tail: None,
        output: Output::default(),
    };
    tracing::debug!("no log of {}: {gone}", args.name);
    transcript::show(context, &target, &wanted).await
}

async fn stream(context: &Context, pod: &str, container: &str, args: &Logs) -> Result<()> {
    let cluster = context.cluster().await?;
    let api: Api<Pod> = Api::namespaced(cluster.client.clone(), &cluster.namespace);
    let parameters = LogParams {
        container: Some(args.container.clone().unwrap_or_else(|| container.to_owned())),
        follow: args.follow,
        previous: args.previous,
        tail_lines: args.tail,
        since_seconds: args.since.and_then(GoDuration::to_std).map(|since| seconds(since).max(1)),
        timestamps: args.timestamps,
        ..LogParams::default()
    };
    let refused = |error| {
        let request = cluster::Request {
            verb: "get",
            resource: "pods/log",
            namespace: Some(&cluster.namespace),
            name: Some(pod),
        };
        cluster::api_error(error, &request)
    };
    let log = loop {
        match api.log_stream(pod, &parameters).await {
            // The kubelet's word for a container that has not started.
            Err(kube::Error::Api(status)) if args.follow && status.message.contains("waiting to start") => {
                context.printer.waiting_for(&format!("waiting: {}", status.message));
                running(context, pod).await?;
            }
            answer => break answer.map_err(refused)?,
        }
    };
    context.printer.done_waiting();
    let mut lines = log.lines();
    while let Some(line) = lines.try_next().await.map_err(|error| refused(kube::Error::ReadEvents(error)))? {
        context.printer.line(&if args.raw { line } else { log_line(&line) })?;
    }
    Ok(())
}

fn seconds(length: Duration) -> i64 {
    i64::try_from(length.as_secs()).unwrap_or(i64::MAX)
}

/// Waits until a Pod's containers run or have run.
async fn running(context: &Context, name: &str) -> Result<()> {
    let cluster = context.cluster().await?;
    let api: Api<Pod> = Api::namespaced(cluster.client.clone(), &cluster.namespace);
    let request =
        cluster::Request { verb: "watch", resource: "pods", namespace: Some(&cluster.namespace), name: Some(name) };
    cluster::until(api, &request, None, |pod: Option<&Pod>| {
        let Some(pod) = pod else {
            return Err(Error::new(Code::NotFound, format!("Pod `{name}` is gone")));
        };
        let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
        Ok((phase != Some("Pending")).then_some(()))
    })
    .await
}
