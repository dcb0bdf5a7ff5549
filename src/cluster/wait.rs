//! Waiting for one object to become what is wanted: list, then watch; where only get is allowed, look again each second.
//!
//! A watch lasts 50 s at most and is then begun again, so that a link that died silently is noticed within a minute; an
//! outdated one (410) is listed anew. Neither loses a change: each list tells the present state again.

use std::fmt::Debug;
use std::time::Duration;

use futures::StreamExt as _;
use kube::runtime::{WatchStreamExt as _, watcher};
use kube::{Api, Resource};
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::failure::{Request, api_error};
use crate::error::{Code, Error, Result};

/// How long one watch lasts, in seconds; the watcher itself gives the link 5 s more.
const WATCH_SECONDS: u32 = 50;
/// How often to look where watching is not allowed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Waits until `decide` has a result. It is given the object as it is now, and again at each change; `None` if there is no
/// such object. An error of `decide` ends the wait.
///
/// Errors: [`Code::Timeout`] when `deadline` passes; what [`api_error`] says of a refusal. A server that cannot be reached
/// is tried again until the deadline.
pub async fn until<K, T>(
    api: Api<K>,
    request: &Request<'_>,
    deadline: Option<Instant>,
    mut decide: impl FnMut(Option<&K>) -> Result<Option<T>>,
) -> Result<T>
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + 'static,
{
    let name = request.name.unwrap_or_default();
    let config = watcher::Config::default().fields(&format!("metadata.name={name}")).timeout(WATCH_SECONDS);
    let mut events = watcher(api.clone(), config).default_backoff().boxed();
    let mut last_trouble = None;
    let mut listed = None;
    loop {
        let event = match deadline {
            None => events.next().await,
            Some(deadline) => match tokio::time::timeout_at(deadline, events.next()).await {
                Ok(event) => event,
                Err(_) => return Err(timed_out(request, last_trouble)),
            },
        };
        let state: Option<Option<K>> = match event {
            Some(Ok(watcher::Event::Init)) => {
                listed = None;
                None
            }
            Some(Ok(watcher::Event::InitApply(object))) => {
                listed = Some(object);
                None
            }
            Some(Ok(watcher::Event::InitDone)) => Some(listed.take()),
            Some(Ok(watcher::Event::Apply(object))) => Some(Some(object)),
            Some(Ok(watcher::Event::Delete(_))) => Some(None),
            Some(Err(error)) => {
                let told = told(error, request);
                match told.code {
                    Code::ClusterUnreachable | Code::Conflict => last_trouble = Some(told),
                    Code::Forbidden => return Box::pin(looking(&api, request, deadline, decide)).await,
                    _ => return Err(told),
                }
                None
            }
            None => return Err(Error::internal("a watch ended for good")),
        };
        if let Some(object) = state
            && let Some(result) = decide(object.as_ref())?
        {
            return Ok(result);
        }
    }
}

/// The same for users who may get the object and neither list nor watch.
async fn looking<K, T>(
    api: &Api<K>,
    request: &Request<'_>,
    deadline: Option<Instant>,
    mut decide: impl FnMut(Option<&K>) -> Result<Option<T>>,
) -> Result<T>
where
    K: Resource + Clone + DeserializeOwned + Debug,
{
    tracing::debug!("{} may not be watched: looking at it each second", request.resource);
    let name = request.name.unwrap_or_default();
    let get = Request { verb: "get", ..*request };
    let mut last_trouble = None;
    let mut looks = tokio::time::interval(LOOK_EVERY);
    loop {
        let look = async {
            looks.tick().await;
            api.get_opt(name).await
        };
        let found = match deadline {
            None => look.await,
            Some(deadline) => match tokio::time::timeout_at(deadline, look).await {
                Ok(found) => found,
                Err(_) => return Err(timed_out(request, last_trouble)),
            },
        };
        match found.map_err(|error| api_error(error, &get)) {
            Ok(object) => {
                if let Some(result) = decide(object.as_ref())? {
                    return Ok(result);
                }
            }
            Err(told) if told.code == Code::ClusterUnreachable => last_trouble = Some(told),
            Err(told) => return Err(told),
        }
    }
}

/// A watch error in the product's words.
fn told(error: watcher::Error, request: &Request<'_>) -> Error {
    match error {
        watcher::Error::InitialListFailed(error)
        | watcher::Error::WatchStartFailed(error)
        | watcher::Error::WatchFailed(error) => api_error(error, request),
        watcher::Error::WatchError(status) => api_error(kube::Error::Api(status), request),
        watcher::Error::NoResourceVersion => Error::new(Code::Unsupported, "the API server cannot watch this resource"),
    }
}

fn timed_out(request: &Request<'_>, trouble: Option<Error>) -> Error {
    let name = request.name.unwrap_or_default();
    let error = Error::new(Code::Timeout, format!("waiting for {} {name:?} took too long", request.resource));
    match trouble {
        Some(trouble) => error.because(trouble),
        None => error,
    }
}

/// The moment that lies `limit` from now.
pub fn deadline(limit: Option<Duration>) -> Option<Instant> {
    limit.map(|limit| Instant::now() + limit)
}
