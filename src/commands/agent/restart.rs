//! `agent restart`: the Pods of the servers are deleted, and their Deployments bring new ones.
//!
//! The annotation of `kubectl rollout restart` does nothing here: the platform's controller owns the Deployment's whole
//! spec and takes the annotation away at once, before a new Pod is ready. `spec.suspend`, the platform's own switch, works
//! with fewer rights, and leaves the agent switched off when whoever restarts it is cut off in between: it is the hint where
//! Pods may not be deleted.

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::api::{DeleteParams, Preconditions};
use kube::{Api, ResourceExt as _};
use serde_json::Value;
use tokio::time::Instant;

use crate::api::Agent;
use crate::api::kinds::AGENT;
use crate::cli::flags::DryRun;
use crate::cli::verbs::Restart;
use crate::cluster::{self, Request, ServerPod};
use crate::commands::list::objects;
use crate::commands::task::done;
use crate::commands::wait::{Limit, State, deadline, read, what_for};
use crate::commands::{Context, batch};
use crate::error::{Code, Error, Result};

/// Between two looks for the new Pod.
const LOOK: Duration = Duration::from_millis(500);

/// Restarts every target, and waits until a new Pod of each is ready.
pub async fn run(context: &Context, args: &Restart) -> Result<()> {
    let names = batch::names(context, &AGENT, &args.targets).await?;
    let limit = deadline(args.timeout);
    let what = format!("restarted{}", args.dry_run.remark());
    batch::each(
        &names,
        "cannot restart",
        async |name| one(context, name, args.dry_run, limit).await,
        |_, stored| done(context, &stored, &what, &args.output.format()),
    )
    .await
}

async fn one(context: &Context, name: &str, dry_run: DryRun, limit: Option<Limit>) -> Result<Value> {
    let cluster = context.cluster().await?;
    let namespace = cluster.namespace.as_str();
    let object = objects::object(context, &AGENT, name).await?;
    let agent: Agent = read(&object)?;
    if agent.spec.suspend == Some(true) {
        return Err(Error::new(Code::Conflict, format!("agent \"{name}\" is suspended: it has no server to restart"))
            .hint(format!("kubectl opencode agent resume {name} --wait")));
    }
    let kept = |agent: &Agent| agent.spec.persistence.as_ref().is_some_and(|volumes| volumes.get("sessions").is_some());
    if agent.spec.template_ref.is_none() && !kept(&agent) {
        context.printer.warn(&format!("agent \"{name}\" keeps no conversations in a volume: they go with its Pod"));
    }
    let old = cluster::server_pods(&cluster.client, namespace, name).await?;
    if dry_run == DryRun::Client {
        return Ok(object);
    }
    let pods: Api<Pod> = Api::namespaced(cluster.client.clone(), namespace);
    for pod in old.iter().filter(|pod| pod.metadata.deletion_timestamp.is_none()) {
        // A Pod of the same name that came meanwhile is a new one.
        let this = Preconditions { uid: pod.uid(), resource_version: None };
        let options =
            DeleteParams { dry_run: dry_run == DryRun::Server, preconditions: Some(this), ..DeleteParams::default() };
        match pods.delete(&pod.name_any(), &options).await {
            Err(kube::Error::Api(status)) if [404, 409].contains(&status.code) => {}
            deleted => {
                let (pod, asked) = (pod.name_any(), Request::new("delete", "pods").namespace(namespace));
                deleted.map_err(|error| refused(cluster::api_error(error, &asked.name(&pod)), name))?;
            }
        }
    }
    if dry_run == DryRun::Server {
        return Ok(object);
    }
    context.printer.waiting_for(&format!("waiting for agent \"{name}\" to become ready again"));
    let pod = ready(context, name, &old, limit).await?;
    context.printer.note(&format!("agent \"{name}\" runs in Pod {} now", pod.pod));
    objects::object(context, &AGENT, name).await
}

/// Who may not delete Pods may still switch the agent off and on.
fn refused(error: Error, name: &str) -> Error {
    if error.code != Code::Forbidden {
        return error;
    }
    let can_i = error.hint.clone().unwrap_or_default();
    error.hint(format!(
        "{can_i}; without that right: kubectl opencode agent suspend {name} --wait, then: kubectl opencode agent resume {name} --wait"
    ))
}

/// Waits until a Pod that was not there before serves.
async fn ready(context: &Context, agent: &str, old: &[Pod], limit: Option<Limit>) -> Result<ServerPod> {
    let cluster = context.cluster().await?;
    let mut seen = None;
    loop {
        match cluster::server_pod(&cluster.client, &cluster.namespace, agent).await {
            Ok(pod) if !old.iter().any(|old| old.uid().as_deref() == Some(&pod.uid)) => return Ok(pod),
            Ok(_) => {}
            Err(error) if error.code == Code::AgentUnavailable => seen = Some(error),
            Err(error) => return Err(error),
        }
        if let Some(limit) = limit.filter(|limit| Instant::now() >= limit.at) {
            let error = limit
                .passed(&what_for(&AGENT, &[agent], &State::Ready))
                .hint(format!("kubectl opencode agent describe {agent}"));
            return Err(match seen {
                Some(seen) => error.because(seen),
                None => error,
            });
        }
        tokio::time::sleep(LOOK).await;
    }
}
