//! Waiting for one object to become what is wanted: list, then watch; where only get is allowed, look again each second.
//!
//! A watch lasts 50 s at most and is then begun again, so that a link that died silently is noticed within a minute; an
//! outdated one (410) is listed anew. Neither loses a change: each list tells the present state again.

use std::fmt::Debug;
use std::time::Duration;

use futures::StreamExt as _;
use kube::runtime::utils::Backoff;
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
/// First pause between tries.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longest pause between tries: a person waits.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long a refusal of what was allowed before may last: an API server that has just started refuses everybody until it
/// has read its roles.
const ROLES_ARE_READ: Duration = Duration::from_secs(60);

/// Waits until `decide` has a result. It is given the object as it is now, and again at each change; `None` if there is no
/// such object. An error of `decide` ends the wait.
///
/// A server that cannot be reached from the beginning is an error. One that goes away later is tried again until the
/// deadline; `trouble` is told so, once each time.
///
/// A deadline that has passed from the beginning, as `--timeout 0` has, still looks once: it holds as soon as the server has
/// answered, for which it has the time of a request.
///
/// Errors: [`Code::Timeout`] when `deadline` passes; what [`api_error`] says of a refusal.
pub async fn until<K, T>(
    api: Api<K>,
    request: &Request<'_>,
    deadline: Option<Instant>,
    trouble: impl FnMut(&Error),
    mut decide: impl FnMut(Option<&K>) -> Result<Option<T>>,
) -> Result<T>
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + 'static,
{
    let name = request.name.unwrap_or_default();
    let config = watcher::Config::default().fields(&format!("metadata.name={name}")).timeout(WATCH_SECONDS);
    // It never ends.
    let mut events = watcher(api.clone(), config).backoff(Pauses::default()).boxed().fuse();
    let mut link = Link::new(deadline, trouble);
    let mut listed = None;
    loop {
        let Some(event) = link.in_time(events.select_next_some()).await else { return Err(link.timed_out(request)) };
        let state: Option<Option<K>> = match event {
            Ok(watcher::Event::Init) => {
                listed = None;
                None
            }
            Ok(watcher::Event::InitApply(object)) => {
                listed = Some(object);
                None
            }
            Ok(watcher::Event::InitDone) => Some(listed.take()),
            Ok(watcher::Event::Apply(object)) => Some(Some(object)),
            Ok(watcher::Event::Delete(_)) => Some(None),
            Err(error) => {
                let is_watch = matches!(error, watcher::Error::WatchStartFailed(_) | watcher::Error::WatchError(_));
                let told = told(error, request);
                if told.code == Code::Forbidden && (is_watch || !link.was_up) {
                    return Box::pin(looking(&api, request, link, decide)).await;
                }
                link.failed(told)?;
                None
            }
        };
        if let Some(object) = state {
            link.works();
            if let Some(result) = decide(object.as_ref())? {
                return Ok(result);
            }
        }
    }
}

/// The same for users who may get the object, and not list it or not watch it.
async fn looking<K, T>(
    api: &Api<K>,
    request: &Request<'_>,
    mut link: Link<impl FnMut(&Error)>,
    mut decide: impl FnMut(Option<&K>) -> Result<Option<T>>,
) -> Result<T>
where
    K: Resource + Clone + DeserializeOwned + Debug,
{
    tracing::debug!("{} may not be watched: looking at it each second", request.resource);
    let name = request.name.unwrap_or_default();
    let get = Request { verb: "get", ..*request };
    let mut looks = tokio::time::interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let look = async {
            looks.tick().await;
            api.get_opt(name).await
        };
        let Some(found) = link.in_time(look).await else { return Err(link.timed_out(request)) };
        match found.map_err(|error| api_error(error, &get)) {
            Ok(object) => {
                link.works();
                if let Some(result) = decide(object.as_ref())? {
                    return Ok(result);
                }
            }
            Err(told) => link.failed(told)?,
        }
    }
}

/// Pauses between tries, each twice as long as the one before.
#[derive(Default)]
struct Pauses(u32);

impl Iterator for Pauses {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let pause = FIRST_PAUSE.saturating_mul(2u32.saturating_pow(self.0)).min(LONGEST_PAUSE);
        self.0 = self.0.saturating_add(1);
        Some(pause)
    }
}

impl Backoff for Pauses {
    fn reset(&mut self) {
        self.0 = 0;
    }
}

/// The link to the API server during one wait.
struct Link<F> {
    deadline: Option<Instant>,
    /// Whether the deadline had passed at the beginning.
    looks_once: bool,
    tell: F,
    /// Whether the server has answered.
    was_up: bool,
    /// What is wrong since when.
    trouble: Option<(Instant, Error)>,
}

impl<F: FnMut(&Error)> Link<F> {
    fn new(deadline: Option<Instant>, tell: F) -> Self {
        let looks_once = deadline.is_some_and(|deadline| deadline <= Instant::now());
        Self { deadline, looks_once, tell, was_up: false, trouble: None }
    }

    /// What comes before the deadline.
    async fn in_time<T>(&self, next: impl Future<Output = T>) -> Option<T> {
        match self.deadline.filter(|_| self.was_up || !self.looks_once) {
            None => Some(next.await),
            Some(deadline) => tokio::time::timeout_at(deadline, next).await.ok(),
        }
    }

    fn works(&mut self) {
        self.was_up = true;
        self.trouble = None;
    }

    /// Takes note of a failure that may pass; any other is the answer.
    fn failed(&mut self, error: Error) -> Result<()> {
        let since = self.trouble.as_ref().map_or_else(Instant::now, |(since, _)| *since);
        let may_pass = match error.code {
            // The list is outdated; the next one is not.
            Code::Conflict => true,
            Code::ClusterUnreachable => self.was_up,
            Code::Forbidden => self.was_up && since.elapsed() < ROLES_ARE_READ,
            _ => false,
        };
        if !may_pass {
            return Err(error);
        }
        if self.trouble.is_none() && error.code != Code::Conflict {
            (self.tell)(&error);
        }
        self.trouble = Some((since, error));
        Ok(())
    }

    /// Who waits says for what.
    fn timed_out(self, request: &Request<'_>) -> Error {
        let error = Error::new(Code::Timeout, format!("{} {:?}", request.resource, request.name.unwrap_or_default()));
        match self.trouble {
            Some((_, trouble)) => error.because(trouble),
            None => error,
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

/// The moment that lies `limit` from now.
pub fn deadline(limit: Option<Duration>) -> Option<Instant> {
    limit.map(|limit| Instant::now() + limit)
}
