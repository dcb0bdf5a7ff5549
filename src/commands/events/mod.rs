//! `events`: what happened to tasks, sessions and agents, as one stream.
//!
//! Two sources: the Events that controllers and people record (`v1`, kept by a cluster for an hour), and what is seen of the
//! objects themselves: each change of a phase or an activity. The second has no past: it begins with `--watch`.

mod notify;

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{BoxStream, StreamExt as _, select_all};
use jiff::Timestamp;
use k8s_openapi::api::core::v1::Event as Recorded;
use kube::api::{Api, DynamicObject, ListParams};
use kube::runtime::{WatchStreamExt as _, watcher};
use serde_json::{Value, json};

use super::list::objects::text_at;
use super::target::named;
use super::{Context, api_error, watch_failed};
use crate::api::kinds::{AGENT, Kind, SESSION, TASK};
use crate::cli::events::Events;
use crate::cluster::{self, Request};
use crate::error::{Code, Error, Result};
use crate::output::{Format, Table, age, harmless_json, list_of};
use notify::Notifier;

/// How long one watch lasts, in seconds, so that a dead link is noticed.
const WATCH_SECONDS: u32 = 50;

/// The kinds of which a phase is told.
const KINDS: [&Kind; 3] = [&SESSION, &TASK, &AGENT];

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
struct Happened {
    time: Option<Timestamp>,
    namespace: String,
    /// `session/NAME`.
    reference: String,
    /// `Normal` or `Warning`, as recorded; `Change` of what was seen.
    kind: String,
    reason: String,
    message: String,
    /// The new state of a change, as `--for` takes it.
    state: Option<String>,
}

impl Happened {
    fn value(&self) -> Value {
        json!({
            "time": self.time.map(|time| time.to_string()), "namespace": self.namespace, "reference": self.reference,
            "type": self.kind, "reason": self.reason, "message": self.message, "state": self.state,
        })
    }
}

/// Shows what happened, and what happens with `--watch`.
pub async fn run(context: &Context, args: &Events) -> Result<()> {
    if matches!(args.output.format(), Format::Name) {
        return Err(Error::usage("events have no names that anybody types; use -o json"));
    }
    let (of, states): (Vec<_>, Vec<_>) = args.wanted.iter().cloned().partition(|wanted| wanted.contains('/'));
    if args.notify.is_empty()
        && let Some(state) = states.first()
    {
        return Err(Error::usage(format!("--for: \"{state}\" is no object, and states are for --notify"))
            .hint("kubectl opencode events --for task/NAME, or --watch --notify exec=COMMAND --for completed"));
    }
    let notifier = Notifier::read(&args.notify, &states)?;
    let mut wanted = BTreeSet::new();
    for typed in args.references.iter().chain(&of) {
        let (kind, name) = named(&SESSION, typed)?;
        wanted.insert(format!("{}/{name}", kind.noun));
    }
    let cluster = context.cluster().await?;
    let namespace = (!args.all_namespaces).then_some(cluster.namespace.as_str());
    let is_wanted = |happened: &Happened| wanted.is_empty() || wanted.contains(&happened.reference);
    let api: Api<Recorded> = match namespace {
        Some(namespace) => Api::namespaced(cluster.client.clone(), namespace),
        None => Api::all(cluster.client.clone()),
    };
    let mut view = View { context, args, namespace, widths: Vec::new(), headers: !args.no_headers };
    if !args.watch {
        let listed = api.list(&ListParams::default()).await;
        let asked = Request { verb: "list", resource: "events", namespace, name: None };
        let listed = listed.map_err(|error| cluster::api_error(error, &asked))?;
        let mut found: Vec<_> = listed.items.iter().filter_map(recorded).filter(is_wanted).collect();
        found.sort_by_key(|happened| happened.time);
        return view.whole(&found);
    }
    let config = || watcher::Config::default().timeout(WATCH_SECONDS);
    let events = watcher(api, config()).default_backoff().map(Seen::Recorded).boxed();
    let mut sources: Vec<BoxStream<'static, Seen>> = vec![events];
    for kind in KINDS {
        let resource = kind.api_resource();
        let api: Api<DynamicObject> = match namespace {
            Some(namespace) => Api::namespaced_with(cluster.client.clone(), namespace, &resource),
            None => Api::all_with(cluster.client.clone(), &resource),
        };
        let seen = move |event| Seen::Object(kind, event);
        sources.push(watcher(api, config()).default_backoff().map(seen).boxed());
    }
    let mut states: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut told = Told::default();
    let mut sources = select_all(sources);
    while let Some(seen) = sources.next().await {
        let happened = match seen {
            Seen::Recorded(Ok(event)) => told.recorded(event, context.now()),
            Seen::Object(kind, Ok(event)) => change(kind, event, &mut states, context.now()).into_iter().collect(),
            Seen::Recorded(Err(error)) => {
                lost(context, error, "events", namespace)?;
                continue;
            }
            Seen::Object(kind, Err(error)) => {
                lost(context, error, kind.resource, namespace)?;
                continue;
            }
        };
        for happened in happened.into_iter().filter(|happened| is_wanted(happened)) {
            view.one(&happened)?;
            notifier.tell(context, &happened).await;
        }
    }
    Ok(())
}

#[expect(clippy::large_enum_variant, reason = "handed over one at a time and never kept")]
enum Seen {
    Recorded(Result<watcher::Event<Recorded>, watcher::Error>),
    Object(&'static Kind, Result<watcher::Event<DynamicObject>, watcher::Error>),
}

/// What may pass is waited for; what may not be watched ends the command.
fn lost(context: &Context, error: watcher::Error, resource: &str, namespace: Option<&str>) -> Result<()> {
    let failed =
        watch_failed(context, error, |verb, error| match KINDS.into_iter().find(|kind| kind.resource == resource) {
            Some(kind) => api_error(error, verb, kind, namespace, None),
            None => cluster::api_error(error, &Request { verb, resource, namespace, name: None }),
        });
    match failed {
        // A platform without sessions, or without tasks.
        Err(error) if matches!(error.code, Code::NotFound | Code::Unsupported) => Ok(()),
        failed => failed,
    }
}

/// When an Event was seen for the last time: those of `events.k8s.io` that come again say so in their series alone.
pub fn last_seen(event: &Recorded) -> Option<Timestamp> {
    let series = event.series.as_ref().and_then(|series| series.last_observed_time.as_ref()).map(|time| time.0);
    let seen = event.last_timestamp.as_ref().or(event.first_timestamp.as_ref()).map(|time| time.0);
    series
        .or(seen)
        .or_else(|| event.event_time.as_ref().map(|time| time.0))
        .or_else(|| event.metadata.creation_timestamp.as_ref().map(|time| time.0))
}

/// How often an Event was seen.
pub fn times_seen(event: &Recorded) -> Option<i32> {
    event.series.as_ref().and_then(|series| series.count).or(event.count)
}

/// A recorded Event about one of our kinds.
fn recorded(event: &Recorded) -> Option<Happened> {
    let about = &event.involved_object;
    let kind = KINDS.into_iter().find(|kind| about.kind.as_deref() == Some(kind.kind))?;
    let group = about.api_version.as_deref().unwrap_or_default();
    if !group.is_empty() && !group.starts_with(&format!("{}/", kind.group)) {
        return None;
    }
    Some(Happened {
        time: last_seen(event),
        namespace: event.metadata.namespace.clone().unwrap_or_default(),
        reference: format!("{}/{}", kind.noun, about.name.as_deref().unwrap_or_default()),
        kind: event.type_.clone().unwrap_or_else(|| "Normal".to_owned()),
        reason: event.reason.clone().unwrap_or_default(),
        message: event.message.clone().unwrap_or_default(),
        state: None,
    })
}

/// Recorded events that were told: a list that is made anew tells nothing twice.
#[derive(Default)]
struct Told {
    versions: BTreeMap<(String, String), (Option<i32>, Option<Timestamp>)>,
}

impl Told {
    fn recorded(&mut self, event: watcher::Event<Recorded>, now: Timestamp) -> Vec<Happened> {
        let event = match event {
            watcher::Event::Apply(event) | watcher::Event::InitApply(event) => event,
            watcher::Event::Delete(event) => {
                self.versions.remove(&Self::key(&event));
                return Vec::new();
            }
            watcher::Event::Init | watcher::Event::InitDone => return Vec::new(),
        };
        let Some(mut happened) = recorded(&event) else { return Vec::new() };
        let version = (times_seen(&event), happened.time);
        if self.versions.insert(Self::key(&event), version) == Some(version) {
            return Vec::new();
        }
        happened.time = happened.time.or(Some(now));
        vec![happened]
    }

    fn key(event: &Recorded) -> (String, String) {
        (event.metadata.namespace.clone().unwrap_or_default(), event.metadata.name.clone().unwrap_or_default())
    }
}

/// The state of an object in one word, as `--for` takes it: what it does if it runs, else its phase.
fn state(kind: &Kind, object: &Value) -> String {
    let text = |path: &str| text_at(object, path);
    if kind == &AGENT {
        return match (object.pointer("/spec/suspend"), object.pointer("/status/ready")) {
            (Some(Value::Bool(true)), _) => "suspended",
            (_, Some(Value::Bool(true))) => "ready",
            _ => "notready",
        }
        .to_owned();
    }
    let (phase, activity) = (text("/status/phase"), text("/status/activity"));
    let word = if phase == "Running" && !activity.is_empty() { activity } else { phase };
    if word.is_empty() { "pending".to_owned() } else { word.to_ascii_lowercase() }
}

/// What changed of an object, if its state did. What was there when the watch began has not changed.
fn change(
    kind: &'static Kind,
    event: watcher::Event<DynamicObject>,
    states: &mut BTreeMap<(String, String), String>,
    now: Timestamp,
) -> Option<Happened> {
    let (object, new, gone) = match event {
        watcher::Event::Apply(object) => (object, true, false),
        watcher::Event::InitApply(object) => (object, false, false),
        watcher::Event::Delete(object) => (object, true, true),
        watcher::Event::Init | watcher::Event::InitDone => return None,
    };
    let object = serde_json::to_value(object).ok()?;
    let reference = format!("{}/{}", kind.noun, text_at(&object, "/metadata/name"));
    let namespace = text_at(&object, "/metadata/namespace");
    let key = (namespace.clone(), reference.clone());
    let now_is = if gone { "deleted".to_owned() } else { state(kind, &object) };
    let before = if gone { states.remove(&key) } else { states.insert(key, now_is.clone()) };
    let message = match &before {
        Some(before) if *before == now_is => return None,
        Some(before) => format!("{before} → {now_is}"),
        None if new => now_is.clone(),
        None => return None,
    };
    let kind = "Change".to_owned();
    Some(Happened {
        time: Some(now),
        namespace,
        reference,
        kind,
        reason: capitalised(&now_is),
        message,
        state: Some(now_is),
    })
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Where events are shown.
struct View<'a> {
    context: &'a Context,
    args: &'a Events,
    /// All of them, if none.
    namespace: Option<&'a str>,
    widths: Vec<usize>,
    headers: bool,
}

impl View<'_> {
    fn table(&self) -> Table {
        let first = self.args.all_namespaces.then_some("Namespace").into_iter();
        Table::new(first.chain([if self.args.watch { "Time" } else { "Age" }, "Type", "Object", "Reason", "Message"]))
    }

    fn row(&self, table: &mut Table, happened: &Happened) {
        let now = self.context.now();
        let time = happened.time.unwrap_or(now);
        // In a stream that is kept, an age would be wrong a moment later.
        let time = if self.args.watch { format!("{time:.0}") } else { age(Some(time), now) };
        let first = self.args.all_namespaces.then(|| happened.namespace.clone()).into_iter();
        let Happened { kind, reference, reason, message, .. } = happened.clone();
        table.row(first.chain([time, kind, reference, reason, message]));
    }

    fn whole(&mut self, found: &[Happened]) -> Result<()> {
        let format = self.args.output.format();
        if format.is_structured() {
            let items: Vec<_> = found.iter().map(Happened::value).collect();
            return self.context.printer.structured(&list_of(items), &format, self.headers);
        }
        if found.is_empty() {
            self.context.printer.note(&match self.namespace {
                Some(namespace) => format!("No events found in {namespace} namespace."),
                None => "No events found.".to_owned(),
            });
            return Ok(());
        }
        let mut table = self.table();
        for happened in found {
            self.row(&mut table, happened);
        }
        self.context.printer.print(&table.render(self.headers, self.context.printer.colour()))
    }

    fn one(&mut self, happened: &Happened) -> Result<()> {
        let headers = std::mem::take(&mut self.headers);
        match self.args.output.format() {
            Format::Json => self.context.printer.line(&harmless_json(happened.value().to_string())),
            format if format.is_structured() => self.context.printer.structured(&happened.value(), &format, headers),
            _ => {
                let mut table = self.table();
                self.row(&mut table, happened);
                self.widths = table.widths(&self.widths, headers);
                self.context.printer.print(&table.render_with(&self.widths, headers, self.context.printer.colour()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(status: &Value) -> DynamicObject {
        serde_json::from_value(json!({"apiVersion": "session.kubeopencode.io/v1alpha1", "kind": "Session",
            "metadata": {"name": "s", "namespace": "n"}, "status": status}))
        .unwrap()
    }

    #[test]
    fn only_a_change_of_state_is_told() {
        let now = Timestamp::UNIX_EPOCH;
        let mut states = BTreeMap::new();
        let mut seen = |event| change(&SESSION, event, &mut states, now).map(|happened| happened.message);
        let idle = json!({"phase": "Running", "activity": "Idle"});
        assert_eq!(seen(watcher::Event::InitApply(object(&idle))), None, "it was so before");
        assert_eq!(seen(watcher::Event::Apply(object(&idle))), None);
        let waiting = json!({"phase": "Running", "activity": "WaitingInput"});
        assert_eq!(seen(watcher::Event::Apply(object(&waiting))).as_deref(), Some("idle → waitinginput"));
        assert_eq!(
            seen(watcher::Event::InitApply(object(&json!({"phase": "Failed"})))).as_deref(),
            Some("waitinginput → failed"),
            "in a gap of the watch"
        );
        assert_eq!(seen(watcher::Event::Delete(object(&idle))).as_deref(), Some("failed → deleted"));
        assert_eq!(seen(watcher::Event::Apply(object(&json!({})))).as_deref(), Some("pending"), "it is new");
    }

    #[test]
    fn recorded_events_are_ours_and_told_once() {
        let event = |kind: &str, version: &str, count: i32| -> Recorded {
            serde_json::from_value(json!({"metadata": {"name": "e", "namespace": "n"}, "reason": "Running", "type": "Normal", "message": "m",
                "count": count, "lastTimestamp": "2026-01-01T00:00:00Z", "involvedObject": {"kind": kind, "apiVersion": version, "name": "s"}}))
            .unwrap()
        };
        let ours = "session.kubeopencode.io/v1alpha1";
        assert_eq!(recorded(&event("Session", ours, 1)).unwrap().reference, "session/s");
        assert!(recorded(&event("Session", "other.io/v1", 1)).is_none());
        assert!(recorded(&event("Pod", "v1", 1)).is_none());
        let mut told = Told::default();
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(told.recorded(watcher::Event::InitApply(event("Session", ours, 1)), now).len(), 1);
        assert_eq!(
            told.recorded(watcher::Event::InitApply(event("Session", ours, 1)), now).len(),
            0,
            "the list was made anew"
        );
        assert_eq!(told.recorded(watcher::Event::Apply(event("Session", ours, 2)), now).len(), 1);
    }

    #[test]
    fn an_event_that_comes_again_is_told_again_and_at_its_last_time() {
        let mut event: Recorded = serde_json::from_value(json!({
            "metadata": {"name": "e", "namespace": "n", "creationTimestamp": "2026-01-01T00:00:00Z"},
            "reason": "CleanupSkipped", "type": "Warning", "message": "m", "eventTime": "2026-01-01T00:00:00.000000Z",
            "involvedObject": {"kind": "Session", "apiVersion": "session.kubeopencode.io/v1alpha1", "name": "s"},
        }))
        .unwrap();
        let (mut told, now) = (Told::default(), Timestamp::UNIX_EPOCH);
        assert_eq!(told.recorded(watcher::Event::InitApply(event.clone()), now).len(), 1);
        let series = json!({"count": 3, "lastObservedTime": "2026-01-01T00:30:00.000000Z"});
        event.series = serde_json::from_value(series).unwrap();
        let again = told.recorded(watcher::Event::Apply(event.clone()), now);
        assert_eq!(again[0].time, Some("2026-01-01T00:30:00Z".parse().unwrap()));
        assert!(told.recorded(watcher::Event::Apply(event), now).is_empty());
    }
}
