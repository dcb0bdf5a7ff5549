//! What runs: a watch for each kind, and a worker for each kind that has a reconciler.
//!
//! A worker looks at [`CONCURRENCY`] objects at a time, in the order of its [`WorkQueue`]: when more is to do than it can,
//! everybody waits equally long. A look that failed is made again after a while that grows with each failure in a row.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::Arc;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use k8s_openapi::NamespaceResourceScope;
use kube::runtime::reflector::{self, ObjectRef, Store};
use kube::runtime::watcher;
use kube::{Api, Client, Resource};
use serde::de::DeserializeOwned;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::context::Context;
use super::feed::{self, Feed, Guarded, Listed};
use super::queue::{Action, Key, WorkQueue};
use super::status::Wanted;
use crate::api::conditions::{reasons, types};
use crate::api::{Session, keys};
use crate::error::{Code, Error, Result};

/// Most objects of one kind that are worked on at a time.
const CONCURRENCY: usize = 32;

/// The running watches and workers.
pub struct Plant {
    /// The API server.
    pub client: Client,
    /// Only this namespace; every namespace if absent.
    pub namespace: Option<String>,
    /// Ends all.
    pub cancelled: CancellationToken,
    /// What runs.
    pub tasks: JoinSet<()>,
}

impl Plant {
    fn api<K>(&self) -> Api<K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        match &self.namespace {
            Some(namespace) => Api::namespaced(self.client.clone(), namespace),
            None => Api::all(self.client.clone()),
        }
    }

    /// Begins to watch a kind.
    pub fn follow<K>(&mut self, feed: Feed<K>, config: watcher::Config)
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>
            + reflector::Lookup<DynamicType = ()>
            + Clone
            + DeserializeOwned
            + Debug
            + Send
            + Sync
            + 'static,
    {
        self.tasks.spawn(feed::follow(self.api(), config, feed, self.cancelled.clone()));
    }

    /// Begins to look at the objects of `feed` that `queue` is asked for, once they and all that is `needed` were listed.
    pub fn reconcile<K>(
        &mut self,
        feed: &Feed<Guarded<K>>,
        queue: WorkQueue,
        mut needed: Vec<Listed>,
        context: Arc<Context>,
        reconciler: impl Fn(Arc<K>) -> BoxFuture<'static, Result<Action>> + Send + Sync + 'static,
    ) where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + Debug + Send + Sync + 'static,
    {
        needed.push(feed.listed.clone());
        context.metrics.watch_queue(&K::kind(&()), queue.clone());
        let worker = Worker { store: feed.store.clone(), queue, context, reconciler: Box::new(reconciler) };
        let cancelled = self.cancelled.clone();
        self.tasks.spawn(async move {
            let work = async {
                for listed in needed {
                    listed.wait().await;
                }
                worker.work().await;
            };
            tokio::select! {
                () = work => {}
                () = cancelled.cancelled() => {}
            }
        });
    }

    /// Ends with the first watch or worker that ends by itself, or with the cancellation.
    pub async fn until_cancelled(mut self) -> Result<()> {
        let ended = tokio::select! {
            ended = self.tasks.join_next() => ended,
            () = self.cancelled.cancelled() => None,
        };
        let asked = self.cancelled.is_cancelled();
        self.tasks.shutdown().await;
        match ended {
            Some(_) if !asked => Err(Error::internal("a controller ended by itself")),
            _ => Ok(()),
        }
    }
}

struct Worker<K: Resource<DynamicType = ()> + 'static> {
    store: Store<Guarded<K>>,
    queue: WorkQueue,
    context: Arc<Context>,
    reconciler: Box<dyn Fn(Arc<K>) -> BoxFuture<'static, Result<Action>> + Send + Sync>,
}

impl<K> Worker<K>
where
    K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + Debug + Send + Sync + 'static,
{
    /// Never ends.
    async fn work(&self) {
        // How often in a row each object failed.
        let mut failures: HashMap<Arc<Key>, u32> = HashMap::new();
        let mut in_work = FuturesUnordered::new();
        loop {
            let (key, outcome) = tokio::select! {
                Some(ended) = in_work.next() => ended,
                key = self.queue.take(), if in_work.len() < CONCURRENCY => {
                    in_work.push(async move {
                        let outcome = self.look(&key).await;
                        (key, outcome)
                    });
                    continue;
                }
            };
            let then = match outcome {
                Ok(action) => {
                    failures.remove(&key);
                    action
                }
                Err(error) => {
                    let tries = failures.entry(key.clone()).or_default();
                    *tries = tries.saturating_add(1);
                    // Somebody else wrote first; what they wrote is on its way to us.
                    if error.code != Code::Conflict {
                        let (kind, Key { namespace, name }) = (K::kind(&()), &*key);
                        tracing::warn!(%kind, namespace, name, tries, %error, "reconcile failed, trying again");
                    }
                    Action::requeue(feed::retry_delay(*tries))
                }
            };
            self.queue.done(key, then);
        }
    }

    async fn look(&self, key: &Key) -> Result<Action> {
        let found = self.store.get(&ObjectRef::new(&key.name).within(&key.namespace));
        let Some(object) = found.filter(|object| !self.context.is_superseded(&**object)) else {
            return Ok(Action::await_change());
        };
        let begin = Instant::now();
        let outcome = match &object.0 {
            Ok(decoded) => (self.reconciler)(Arc::new(decoded.clone())).await,
            Err(error) => pass_over(&self.context, &object, &error.error).await,
        };
        self.context.metrics.reconciled(&K::kind(&()), outcome.is_ok(), begin.elapsed());
        outcome
    }
}

/// Says of an object that cannot be read; and lets it go when it is deleted, as what it stands for cannot be found.
async fn pass_over<K>(context: &Context, object: &Guarded<K>, error: &str) -> Result<Action>
where
    K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + Debug,
{
    tracing::warn!(kind = %K::kind(&()), object = object.meta().name, error, "object cannot be read, passing it over");
    if object.meta().deletion_timestamp.is_some() {
        context.release::<K>(object.meta(), &[keys::SESSION_FINALIZER, keys::TASK_FINALIZER]).await?;
        return Ok(Action::await_change());
    }
    let note = format!("this object cannot be read and is passed over: {error}");
    // The other kinds have the conditions that KubeOpenCode gives them.
    let is_news = K::kind(&()) != Session::kind(&()) || {
        let wanted = Wanted::no(types::SPEC_APPLIED, reasons::UNDECODABLE, note.clone());
        context.tell_of_unreadable::<K>(object.meta(), wanted).await?
    };
    if is_news {
        context.reports.warning(object, reasons::UNDECODABLE, "Read", note).await;
    }
    Ok(Action::await_change())
}
