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

use kube::Client;
use kube::runtime::controller::Action;
use tokio_util::sync::CancellationToken;

use crate::error::Result;

/// Field manager of the writes made here.
const MANAGER: &str = "kube-controller-manager";

/// What every reconciler here works with.
struct Context {
    client: Client,
}

/// Runs everything until `shutdown`.
pub async fn run(client: Client, shutdown: CancellationToken) -> Result<()> {
    let context = Arc::new(Context { client: client.clone() });
    tokio::join!(
        node_object::run(client.clone(), shutdown.clone()),
        scheduler::run(client.clone(), shutdown.clone()),
        claims::run(context.clone(), shutdown.clone()),
        deployment::run(context.clone(), shutdown.clone()),
        replica_set::run(context.clone(), shutdown.clone()),
        service::run(context, shutdown),
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
