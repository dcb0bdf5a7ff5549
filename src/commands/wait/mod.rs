//! `wait`: until objects are in a state, or can never be.

mod state;

use std::convert::Infallible;
use std::time::Duration;

use futures::{StreamExt, stream::FuturesUnordered};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{Api, DynamicObject, ListParams};
use serde::Deserialize as _;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;

pub use self::state::State;
use self::state::why;
use super::list::objects;
use super::task_pod::TaskPod;
use super::{Context, asked, batch, stuck};
use crate::api::kinds::{AGENT, Kind, SESSION, TASK};
use crate::api::{GoDuration, keys};
use crate::cli::flags::Wait;
use crate::cluster;
use crate::error::{Code, Error, Result};
use crate::output::{Format, Untrusted};

/// Between two looks at the Pods of an Agent that is not ready.
const TROUBLE_LOOK: Duration = Duration::from_secs(2);

/// Waits for every target; what cannot come any more is a failure.
pub async fn run(context: &Context, kind: &'static Kind, args: &Wait) -> Result<()> {
    let state = State::read(kind, args.state.as_deref())?;
    let names = batch::names(context, kind, &args.targets).await?;
    // A task and its Pod are watched.
    make_room_for(names.len() * 2);
    let deadline = deadline(args.timeout);
    let (state, wait_for) = (&state, async |name: String| {
        let reached = until(context, kind, &name, &state, deadline).await;
        (name, reached)
    });
    let mut waits: FuturesUnordered<_> = names.iter().cloned().map(wait_for).collect();
    let mut failures = batch::Failures::default();
    let all: Vec<_> = names.iter().map(String::as_str).collect();
    context.printer.waiting_for(&format!("waiting {}", what_for(kind, &all, state)));
    while let Some((name, reached)) = waits.next().await {
        match reached {
            Ok(object) => told(context, kind, &name, state, object.as_ref(), &args.output.format())?,
            Err(error) if batch::ends_everything(error.code) => return Err(error),
            Err(error) => failures.add(error),
        }
    }
    failures.into_result("the wait failed for")
}

/// Lets this program hold so many connections, each a watch of its own, as far as the system allows: the soft limit of open
/// files is 1024 on many systems. Programs written in Go, kubectl among them, raise it as they start.
fn make_room_for(connections: usize) {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, getrlimit, rlim_t, setrlimit};
        /// Files that are open besides.
        const OTHERS: rlim_t = 64;

        let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return };
        let wanted = rlim_t::try_from(connections).unwrap_or(rlim_t::MAX).saturating_add(OTHERS).min(hard);
        if wanted > soft
            && let Err(error) = setrlimit(Resource::RLIMIT_NOFILE, wanted, hard)
        {
            // Then a connection may fail, which is told.
            tracing::debug!("the limit of open files stays {soft}: {error}");
        }
    }
    #[cfg(not(unix))]
    let _ = connections;
}

fn told(
    context: &Context,
    kind: &Kind,
    name: &str,
    state: &State,
    object: Option<&Value>,
    format: &Format,
) -> Result<()> {
    match (format, object) {
        (Format::Table | Format::Wide, _) => {
            // What is over has ended in some way, and that is worth more than the word.
            let phase = object.and_then(|object| object.pointer("/status/phase")).and_then(Value::as_str);
            let word = phase.filter(|_| *state == State::Ended).map_or_else(|| state.in_words(), str::to_lowercase);
            context.printer.line(&format!("{} {}", kind.reference(name), Untrusted(&word)))
        }
        (format, Some(object)) => objects::print(context, object, format),
        (Format::Name, None) => context.printer.line(&kind.reference(name)),
        (_, None) => Ok(()),
    }
}

/// A `--timeout`: how long it is, and when it passes.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// When it passes.
    pub at: Instant,
    after: GoDuration,
}

impl Limit {
    /// The failure that it passed while we waited `what_for`, such as "for an answer".
    pub fn passed(self, what_for: &str) -> Error {
        Error::new(Code::Timeout, format!("timed out after {} waiting {what_for}", self.after))
    }
}

/// What is waited for, as in "for tasks "a", "b" to finish".
pub fn what_for(kind: &Kind, names: &[&str], state: &State) -> String {
    let several = if names.len() == 1 { "" } else { "s" };
    format!("for {}{several} \"{}\" to {}", kind.noun, names.join("\", \""), state.to_come())
}

/// The limit that a `--timeout` is.
pub fn deadline(timeout: Option<GoDuration>) -> Option<Limit> {
    let after = timeout?;
    cluster::deadline(after.to_std()).map(|at| Limit { at, after })
}

/// Waits until one object is in a state; the answer is the object then, None if it is gone.
///
/// # Errors
///
/// `timeout`; the kind's own failure when the state can no longer come; not found, unless its absence is waited for.
pub async fn until(
    context: &Context,
    kind: &'static Kind,
    name: &str,
    state: &State,
    limit: Option<Limit>,
) -> Result<Option<Value>> {
    let namespace = &context.cluster().await?.namespace;
    let mut uid = None;
    let mut seen = String::new();
    let pod = TaskPod::new();
    let held = tokio::sync::watch::Sender::new(None);
    let watched = watch(context, kind, name, limit.map(|limit| limit.at), |object: Option<&Value>| {
        seen = object.map(why).unwrap_or_default();
        if kind == &SESSION && *state == State::Deleted {
            let metadata = object.and_then(|object| ObjectMeta::deserialize(&object["metadata"]).ok());
            held.send_replace(metadata.as_ref().and_then(stuck::since));
        }
        if let Some(task) = object.filter(|_| kind == &TASK && *state != State::Deleted) {
            pod.of_task(task);
        }
        let Some(object) = object else {
            return match state {
                State::Deleted => Ok(Some(None)),
                State::Created => Ok(None),
                _ => Err(gone(kind, name, namespace)),
            };
        };
        if *state == State::Deleted {
            let now = object["metadata"]["uid"].as_str().map(str::to_owned);
            let replaced = uid.is_some() && uid != now;
            uid = now;
            return Ok(replaced.then_some(None));
        }
        let reached = state.is_reached(kind, object)?;
        Ok(reached.then(|| Some(objects::plain(object.clone()))))
    });
    let watched = Box::pin(watched);
    let waited = if kind == &AGENT && *state == State::Ready {
        tokio::select! {
            waited = watched => waited,
            never = tell_trouble(context, name) => match never {},
        }
    } else {
        tokio::select! {
            waited = watched => waited,
            lost = pod.lost(context, name) => Err(lost),
            never = stuck::tell(context, name, held.subscribe()) => match never {},
        }
    };
    waited.map_err(|error| {
        let Some(limit) = limit.filter(|_| error.code == Code::Timeout) else { return error };
        let message = limit.passed(&what_for(kind, &[name], state)).message;
        let look = if kind == &AGENT { "logs" } else { "get" };
        let error = Error { message, ..error }.hint(format!("kubectl opencode {} {look} {name}", kind.noun));
        if seen.is_empty() { error } else { error.because(&seen) }
    })
}

/// Says what keeps an Agent's server from getting ready, as soon as one of its Pods tells: a server that dies at each start
/// would be waited for in silence. Never ends.
async fn tell_trouble(context: &Context, agent: &str) -> Infallible {
    let Ok(cluster) = context.cluster().await else { return std::future::pending().await };
    let pods = Api::<Pod>::namespaced(cluster.client.clone(), &cluster.namespace);
    let of_agent = ListParams::default().labels(&format!("{}={agent}", keys::AGENT));
    let mut told = String::new();
    loop {
        tokio::time::sleep(TROUBLE_LOOK).await;
        let found = match pods.list(&of_agent).await {
            Ok(found) => found,
            // Who may not read Pods learns it from the Agent's conditions when the time is over.
            Err(kube::Error::Api(status)) if status.is_forbidden() => return std::future::pending().await,
            Err(_) => continue,
        };
        if let Some(trouble) = found.iter().find_map(cluster::trouble)
            && trouble != told
        {
            let look = format!("kubectl opencode agent logs {agent}");
            context.printer.waiting_for(&format!("waiting for agent \"{agent}\" to become ready: {trouble} ({look})"));
            told = trouble;
        }
    }
}

/// Waits on one object as JSON, see [`cluster::until`].
pub async fn watch<T>(
    context: &Context,
    kind: &'static Kind,
    name: &str,
    deadline: Option<Instant>,
    mut decide: impl FnMut(Option<&Value>) -> Result<Option<T>>,
) -> Result<T> {
    let cluster = context.cluster().await?;
    let api: Api<DynamicObject> =
        Api::namespaced_with(cluster.client.clone(), &cluster.namespace, &kind.api_resource());
    let request = asked("watch", kind, Some(&cluster.namespace), Some(name));
    let away = |error: &Error| {
        context.printer.warn(&format!("{error}; it is tried again until it answers"));
    };
    cluster::until(api, &request, deadline, away, |object: Option<&DynamicObject>| {
        let object = object.map(serde_json::to_value).transpose().map_err(Error::unexpected)?;
        decide(object.as_ref())
    })
    .await
}

/// The failure that an object is not there.
pub fn gone(kind: &Kind, name: &str, namespace: &str) -> Error {
    Error::new(kind.missing, format!("{} \"{name}\" in namespace \"{namespace}\" does not exist", kind.noun))
        .hint(format!("kubectl opencode {} list", kind.noun))
}

/// Reads an object as its type.
pub fn read<K: DeserializeOwned>(object: &Value) -> Result<K> {
    K::deserialize(object).map_err(|error| {
        let what = crate::output::reference(object);
        Error::new(Code::InvalidConfiguration, format!("{what} has a shape that this version cannot read"))
            .caused_by(&error)
    })
}
