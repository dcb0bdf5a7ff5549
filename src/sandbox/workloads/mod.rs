//! What a cluster's controller manager, scheduler and service proxy do, as far as agents need it.
//!
//! Deployments become replica sets, replica sets Pods, Pods are bound to the only node; Services get endpoints and, on their
//! cluster IP, which is a loopback address here, a proxy; claims are bound. Everything goes through the API.

mod claims;
mod deployment;
mod node_object;
mod proxy;
mod replica_set;
mod scheduler;
mod service;

use std::sync::Arc;
use std::time::Duration;

use kube::runtime::controller::Action;
use kube::runtime::events::{Event, EventType, Reporter};
use kube::{Client, Resource};
use tokio_util::sync::CancellationToken;

use crate::cluster::EventRecorder;
use crate::error::Result;

/// Field manager of the writes made here.
const MANAGER: &str = "kube-controller-manager";

/// What every reconciler here works with.
struct Context {
    client: Client,
    recorder: EventRecorder,
}

impl Context {
    /// For the controller of this name, which its events carry as their source.
    fn of(client: &Client, controller: &str) -> Arc<Self> {
        let reporter = Reporter { controller: controller.to_owned(), instance: None };
        Arc::new(Self { client: client.clone(), recorder: EventRecorder::new(client.clone(), reporter) })
    }

    /// Tells users what was done to `object`. An event that cannot be written is no reason to do the work again.
    async fn tell<K>(&self, object: &K, type_: EventType, action: &str, reason: &str, note: String)
    where
        K: Resource<DynamicType = ()>,
    {
        let (reason, action) = (reason.to_owned(), action.to_owned());
        let event = Event { type_, reason, note: Some(note), action, secondary: None };
        if let Err(error) = self.recorder.publish(&event, &object.object_ref(&())).await {
            tracing::debug!(%error, "cannot write an event");
        }
    }
}

/// Runs everything until `shutdown`.
pub async fn run(client: Client, shutdown: CancellationToken) -> Result<()> {
    let context = |controller| Context::of(&client, controller);
    tokio::join!(
        node_object::run(client.clone(), shutdown.clone()),
        scheduler::run(context("default-scheduler"), shutdown.clone()),
        claims::run(context("persistentvolume-controller"), shutdown.clone()),
        deployment::run(context("deployment-controller"), shutdown.clone()),
        replica_set::run(context("replicaset-controller"), shutdown.clone()),
        service::run(context("endpoint-controller"), shutdown.clone()),
    );
    Ok(())
}

/// A failed reconciliation is tried again after a second; a conflict means that a newer state is on its way.
fn retry<K>(_object: Arc<K>, error: &kube::Error, _context: Arc<Context>) -> Action {
    tracing::debug!(%error, "a reconciliation is tried again");
    Action::requeue(Duration::from_secs(1))
}

/// Whether the API server's answer says that the object is gone or was changed meanwhile, which a newer event follows up.
fn overtaken(error: &kube::Error) -> bool {
    matches!(error, kube::Error::Api(status) if matches!(status.code, 404 | 409))
}

#[cfg(test)]
mod tests;
