//! Leaves the Tasks to KubeOpenCode's own controller.

use kube::api::ListParams;
use kube::{Api, Client, ResourceExt};

use crate::api::{Task, keys};
use crate::controller::context::{refused, release};
use crate::error::Result;

/// Times that all Tasks are looked at: somebody may write one at the same time.
const ROUNDS: usize = 3;

/// Takes our finalizer from every Task: who takes them over does not know it, and a Task that has it is never gone once it
/// is deleted.
pub async fn hand_over(client: &Client, namespace: Option<&str>) {
    for _ in 0..ROUNDS {
        match release_all(client, namespace).await {
            Ok(0) => return,
            Ok(held) => tracing::info!(held, "leaving Tasks to KubeOpenCode's own controller"),
            Err(error) => {
                tracing::warn!(%error, finalizer = keys::TASK_FINALIZER, "cannot take the finalizer from Tasks");
            }
        }
    }
}

/// How many Tasks had it.
async fn release_all(client: &Client, namespace: Option<&str>) -> Result<usize> {
    let tasks: Api<Task> = match namespace {
        Some(namespace) => Api::namespaced(client.clone(), namespace),
        None => Api::all(client.clone()),
    };
    let listed = tasks.list_metadata(&ListParams::default()).await;
    let mut held = listed.map_err(|error| refused::<Task>("list", "", &error))?.items;
    held.retain(|task| task.finalizers().iter().any(|finalizer| finalizer == keys::TASK_FINALIZER));
    let mut failure = None;
    for task in &held {
        failure = release::<Task>(client, &task.metadata, &[keys::TASK_FINALIZER]).await.err().or(failure);
    }
    failure.map_or(Ok(held.len()), Err)
}
