//! `-w`: what changes after a list, one row or one object for each change, until interrupted.
//!
//! `GET …?watch=true&resourceVersion=…`: one JSON line for each event, `{"type","object"}`; the object is a `Table` of one
//! row where tables were asked for. Each request ends after a minute, so that a dead link is noticed soon; the next goes
//! on where it ended. A server that no longer knows that point (410) is asked for the list again, and only what differs
//! from what was shown is shown.

use std::collections::HashMap;
use std::time::Duration;

use futures::io::AsyncBufReadExt;
use futures::{StreamExt, TryStreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::chunk::{self, ACCEPT_TABLE, Chunk, Include, Query, Row};
use super::filter::Filter;
use super::objects::{self, Sequence, text_at};
use super::table::{self, Sheet};
use super::{Wanted, templates};
use crate::api::kinds::Kind;
use crate::cli::flags::{Listing, Selection};
use crate::commands::{Context, api_error};
use crate::error::{Code, Error, Result};

/// What is said to have happened to what is there already.
pub const ADDED: &str = "ADDED";
const MODIFIED: &str = "MODIFIED";
/// What is said of an object that went, or that is no longer what was asked for.
const DELETED: &str = "DELETED";
/// Seconds after which the server ends a watch.
const WATCH_SECONDS: u64 = 60;
/// A watch that has not ended by then is dead.
const DEAD_AFTER: Duration = Duration::from_secs(WATCH_SECONDS + 10);
/// How long a watch has to last to count as one that works.
const WORKS_AFTER: Duration = Duration::from_secs(5);
/// Pauses between tries, in milliseconds; the last one repeats.
const PAUSES: [u64; 6] = [0, 250, 500, 1000, 2000, 5000];

/// Where a watch goes on, and what was shown.
pub struct Follow {
    kind: &'static Kind,
    namespace: Option<String>,
    listing: Listing,
    /// What was seen of each object, by UID.
    seen: HashMap<String, Seen>,
    version: String,
    /// When the server began to answer the watch.
    since: Option<Instant>,
}

struct Seen {
    version: String,
    namespace: String,
    name: String,
}

impl Follow {
    /// Of one kind, or of one named object.
    pub fn of(wanted: &Wanted, namespace: Option<&str>, listing: &Listing) -> Self {
        let mut listing = Listing { sort_by: None, ..listing.clone() };
        if let [name] = wanted.names.as_slice() {
            listing.selection = Selection { field_selector: Some(format!("metadata.name={name}")), selector: None };
        }
        let namespace = namespace.map(str::to_owned);
        Self { kind: wanted.kind, namespace, listing, seen: HashMap::new(), version: String::new(), since: None }
    }

    /// Remembers what was listed.
    pub fn saw_rows(&mut self, rows: &[Row]) {
        for row in rows {
            let (uid, seen) = identity_of_row(row);
            self.is_new(uid, seen);
        }
    }

    /// As [`Follow::saw_rows`], of a whole object.
    pub fn saw_object(&mut self, object: &Value) {
        let (uid, seen) = identity(object);
        self.is_new(uid, seen);
    }

    /// Goes on after this version.
    #[must_use]
    pub fn from(mut self, version: String) -> Self {
        self.version = version;
        self
    }

    /// Whether this version of the object was not shown yet.
    fn is_new(&mut self, uid: String, seen: Seen) -> bool {
        let version = seen.version.clone();
        uid.is_empty() || self.seen.insert(uid, seen).is_none_or(|before| before.version != version)
    }
}

fn identity(object: &Value) -> (String, Seen) {
    let text = |pointer| text_at(object, pointer);
    let (version, namespace) = (text("/metadata/resourceVersion"), text("/metadata/namespace"));
    (text("/metadata/uid"), Seen { version, namespace, name: text("/metadata/name") })
}

fn identity_of_row(row: &Row) -> (String, Seen) {
    let metadata = row.object.metadata.clone();
    (metadata.uid, Seen { version: metadata.resource_version, namespace: metadata.namespace, name: metadata.name })
}

/// How changes are shown.
enum Sink<'a> {
    Table(Sheet),
    Objects(Sequence<'a>),
}

/// Follows with one row for each change.
pub async fn table(context: &Context, follow: Follow, sheet: Sheet) -> Result<()> {
    run(context, follow, &mut Sink::Table(sheet)).await
}

/// Follows with one object for each change.
pub async fn objects(context: &Context, follow: Follow, sequence: Sequence<'_>) -> Result<()> {
    run(context, follow, &mut Sink::Objects(sequence)).await
}

async fn run(context: &Context, mut follow: Follow, sink: &mut Sink<'_>) -> Result<()> {
    let (mut tries, mut failures) = (0, 0);
    loop {
        follow.since = None;
        let watched = tokio::time::timeout(DEAD_AFTER, once(context, &mut follow, sink)).await;
        if follow.since.is_some_and(|since| since.elapsed() >= WORKS_AFTER) {
            (tries, failures) = (0, 0);
        }
        let went_on = match watched {
            Ok(Err(Ended::Gone)) => relist(context, &mut follow, sink).await,
            Ok(Err(Ended::Failed(error))) => Err(error),
            Ok(Ok(())) | Err(_) => Ok(()),
        };
        if let Err(error) = went_on {
            if error.code != Code::ClusterUnreachable {
                return Err(error);
            }
            if failures == 1 {
                context.printer.warn(&format!("the watch was lost and is tried again: {error}"));
            }
            failures += 1;
        }
        // Also after one that ended well: a server, or a proxy, may end each at once.
        tokio::time::sleep(Duration::from_millis(PAUSES[tries.min(PAUSES.len() - 1)])).await;
        tries += 1;
    }
}

/// Why a watch ended before its time.
enum Ended {
    /// The server no longer knows where we were.
    Gone,
    Failed(Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// One watch, to its end.
async fn once(context: &Context, follow: &mut Follow, sink: &mut Sink<'_>) -> Result<(), Ended> {
    let (kind, namespace) = (follow.kind, follow.namespace.clone());
    let lost = |error| Ended::Failed(api_error(error, "watch", kind, namespace.as_deref(), None));
    let (accept, include) = match sink {
        Sink::Table(_) => (ACCEPT_TABLE, templates::include(kind, table::include(&follow.listing))),
        Sink::Objects(_) => ("application/json", Include::Metadata),
    };
    let request = Query::collection(kind, follow.namespace.as_deref(), &follow.listing.selection, accept)
        .including(include)
        .with("watch", &true)
        .with("allowWatchBookmarks", &true)
        .with("resourceVersion", &follow.version)
        .with("timeoutSeconds", &WATCH_SECONDS)
        .request()?;
    let stream = match context.cluster().await?.client.request_stream(request).await {
        Err(kube::Error::Api(status)) if status.code == 410 => return Err(Ended::Gone),
        answer => answer.map_err(lost)?,
    };
    follow.since = Some(Instant::now());
    let mut lines = stream.lines().map_err(|error| lost(kube::Error::ReadEvents(error))).boxed();
    while let Some(line) = lines.try_next().await? {
        let Event { happened } = serde_json::from_str(&line).map_err(chunk::odd_answer)?;
        if let (Some(happened), Sink::Table(sheet)) = (told(&happened), &mut *sink)
            && follow.listing.filter.is_empty()
            && let Some(mut chunk) = Chunk::of_event(&line)
        {
            templates::shape(kind, &mut chunk, context.now());
            follow.rows(context, happened, &chunk, &[], sheet)?;
            continue;
        }
        let mut event: Value = serde_json::from_str(&line).map_err(chunk::odd_answer)?;
        let object = event["object"].take();
        match happened.as_str() {
            "ERROR" if object["code"] == 410 => return Err(Ended::Gone),
            "ERROR" => {
                let status = serde_json::from_value(object).map_err(chunk::odd_answer)?;
                return Err(lost(kube::Error::Api(Box::new(status))));
            }
            "BOOKMARK" => {
                let places = ["/metadata/resourceVersion", "/rows/0/object/metadata/resourceVersion"];
                let version = places.iter().map(|place| text_at(&object, place)).find(|version| !version.is_empty());
                follow.version = version.unwrap_or_else(|| follow.version.clone());
            }
            happened => {
                if let Some(happened) = told(happened) {
                    follow.event(context, happened, object, sink)?;
                }
            }
        }
    }
    Ok(())
}

/// What begins each line of a watch.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    happened: String,
}

/// The events that people are told of.
fn told(happened: &str) -> Option<&'static str> {
    [ADDED, MODIFIED, DELETED].into_iter().find(|known| *known == happened)
}

impl Follow {
    fn event(&mut self, context: &Context, happened: &str, object: Value, sink: &mut Sink<'_>) -> Result<()> {
        match sink {
            Sink::Table(sheet) => {
                let text = object.to_string();
                let mut chunk = Chunk::parse(&text, context.now())?;
                templates::shape(self.kind, &mut chunk, context.now());
                let whole = if self.listing.filter.is_empty() { Vec::new() } else { chunk::objects(&text)? };
                self.rows(context, happened, &chunk, &whole, sheet)
            }
            Sink::Objects(sequence) => match self.happened(context, happened, identity(&object), Some(&object))? {
                Some(happened) => sequence.print(context, object, happened),
                None => Ok(()),
            },
        }
    }

    fn rows(
        &mut self,
        context: &Context,
        happened: &str,
        chunk: &Chunk,
        whole: &[Value],
        sheet: &mut Sheet,
    ) -> Result<()> {
        for (index, row) in chunk.rows.iter().enumerate() {
            if let Some(happened) = self.happened(context, happened, identity_of_row(row), whole.get(index))? {
                sheet.print(context, &chunk.columns, std::slice::from_ref(row), happened)?;
            }
        }
        Ok(())
    }

    /// What has to be told of an event; None if nothing. To whoever filters, an object that does not pass any more is gone.
    fn happened<'a>(
        &mut self,
        context: &Context,
        happened: &'a str,
        (uid, seen): (String, Seen),
        object: Option<&Value>,
    ) -> Result<Option<&'a str>> {
        self.version.clone_from(&seen.version);
        let filter = Filter::of(&self.listing.filter, self.kind, context.now())?;
        let passes = object.is_none_or(|object| filter.passes(object));
        if happened == DELETED || !passes {
            let was_seen = self.seen.remove(&uid).is_some();
            return Ok((was_seen || (passes && happened == DELETED)).then_some(DELETED));
        }
        let known = self.seen.contains_key(&uid);
        let happened = if known || self.listing.filter.is_empty() { happened } else { ADDED };
        Ok(self.is_new(uid, seen).then_some(happened))
    }
}

/// The list again, of which only what differs from what was shown is shown.
async fn relist(context: &Context, follow: &mut Follow, sink: &mut Sink<'_>) -> Result<()> {
    let mut before = std::mem::take(&mut follow.seen);
    let listed = list_again(context, follow, sink, &mut before).await;
    if listed.is_err() {
        // What the list did not come to is still what was shown.
        follow.seen.extend(before);
    }
    listed
}

async fn list_again(
    context: &Context,
    follow: &mut Follow,
    sink: &mut Sink<'_>,
    before: &mut HashMap<String, Seen>,
) -> Result<()> {
    let (kind, namespace, listing) = (follow.kind, follow.namespace.clone(), follow.listing.clone());
    let mut changed = |follow: &mut Follow, (uid, now): (String, Seen)| {
        let known = before.remove(&uid);
        let happened = if known.is_some() { MODIFIED } else { ADDED };
        let is_new = known.is_none_or(|known| known.version != now.version);
        follow.is_new(uid, now);
        is_new.then_some(happened)
    };
    let version = match sink {
        Sink::Table(sheet) => {
            table::collection(context, kind, namespace.as_deref(), &listing, |columns, rows| {
                for row in rows {
                    if let Some(happened) = changed(follow, identity_of_row(&row)) {
                        sheet.print(context, columns, &[row], happened)?;
                    }
                }
                Ok(())
            })
            .await?
        }
        Sink::Objects(sequence) => {
            objects::collection(context, kind, namespace.as_deref(), &listing, |object| {
                match changed(follow, identity(&object)) {
                    Some(happened) => sequence.print(context, object, happened),
                    None => Ok(()),
                }
            })
            .await?
        }
    };
    follow.version = version;
    // What went meanwhile can be named, and no more.
    let mut gone: Vec<_> = before.drain().collect();
    gone.sort_by(|(_, left), (_, right)| (&left.namespace, &left.name).cmp(&(&right.namespace, &right.name)));
    for (uid, Seen { name, namespace, .. }) in gone.into_iter().filter(|_| listing.output_watch_events) {
        match sink {
            Sink::Table(sheet) => {
                let object = json!({"metadata": {"name": name, "namespace": namespace}});
                let object = serde_json::from_value(object).unwrap_or_default();
                sheet.print(context, &[], &[Row { cells: vec![name.into()], object }], DELETED)?;
            }
            Sink::Objects(sequence) => {
                let metadata = json!({"name": name, "namespace": namespace, "uid": uid});
                let object = json!({"apiVersion": kind.api_version(), "kind": kind.kind, "metadata": metadata});
                sequence.print(context, object, DELETED)?;
            }
        }
    }
    Ok(())
}
