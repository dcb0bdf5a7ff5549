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
use serde_json::Value;

use super::Wanted;
use super::chunk::{ACCEPT_TABLE, Chunk, Column, Query, Row};
use super::objects::{self, text_at};
use super::table::{self, Shape};
use crate::api::kinds::Kind;
use crate::cli::flags::{Listing, Selection};
use crate::commands::{Context, api_error};
use crate::error::{Code, Error, Result};
use crate::output::Format;

/// Seconds after which the server ends a watch.
const WATCH_SECONDS: u64 = 60;
/// A watch that has not ended by then is dead.
const DEAD_AFTER: Duration = Duration::from_secs(WATCH_SECONDS + 10);
/// Pauses between tries, in milliseconds; the last one repeats.
const PAUSES: [u64; 6] = [0, 250, 500, 1000, 2000, 5000];

/// Where a watch goes on, and what was shown.
pub struct Follow {
    kind: &'static Kind,
    namespace: Option<String>,
    listing: Listing,
    columns: Vec<Column>,
    widths: Vec<usize>,
    headers: bool,
    /// Version of each object that was shown, by UID.
    seen: HashMap<String, String>,
    version: String,
}

impl Follow {
    /// After a table of one kind, or of one named object, whose columns were so wide.
    pub fn new(wanted: &Wanted, namespace: Option<&str>, listing: &Listing, chunk: Chunk, widths: Vec<usize>) -> Self {
        let mut follow = Self::at(wanted, namespace, listing, chunk.resource_version);
        follow.headers = chunk.rows.is_empty() && !listing.no_headers;
        follow.seen = chunk.rows.iter().map(version_of_row).collect();
        follow.columns = chunk.columns;
        follow.widths = widths;
        follow
    }

    /// After objects of one kind, or one named object.
    pub fn of_objects(
        wanted: &Wanted,
        namespace: Option<&str>,
        listing: &Listing,
        items: &[Value],
        version: String,
    ) -> Self {
        let mut follow = Self::at(wanted, namespace, listing, version);
        follow.seen = items.iter().map(version_of).collect();
        follow.headers = items.is_empty() && !listing.no_headers;
        follow
    }

    fn at(wanted: &Wanted, namespace: Option<&str>, listing: &Listing, version: String) -> Self {
        let mut listing = listing.clone();
        if let [name] = wanted.names.as_slice() {
            listing.selection = Selection { field_selector: Some(format!("metadata.name={name}")), selector: None };
        }
        Self {
            kind: wanted.kind,
            namespace: namespace.map(str::to_owned),
            listing,
            columns: Vec::new(),
            widths: Vec::new(),
            headers: false,
            seen: HashMap::new(),
            version,
        }
    }

    /// Whether this version of the object was not shown yet.
    fn is_new(&mut self, (uid, version): (String, String)) -> bool {
        uid.is_empty() || self.seen.insert(uid, version.clone()).as_ref() != Some(&version)
    }
}

fn version_of(object: &Value) -> (String, String) {
    (text_at(object, "/metadata/uid"), text_at(object, "/metadata/resourceVersion"))
}

fn version_of_row(row: &Row) -> (String, String) {
    (row.object.metadata.uid.clone(), row.object.metadata.resource_version.clone())
}

/// How changes are shown.
enum Sink<'a> {
    Table(&'a Shape),
    Objects(&'a Format),
}

/// Follows with one row for each change.
pub async fn table(context: &Context, follow: Follow, shape: &Shape) -> Result<()> {
    run(context, follow, &Sink::Table(shape)).await
}

/// Follows with one object for each change.
pub async fn objects(context: &Context, follow: Follow, format: &Format) -> Result<()> {
    run(context, follow, &Sink::Objects(format)).await
}

async fn run(context: &Context, mut follow: Follow, sink: &Sink<'_>) -> Result<()> {
    let mut failures = 0;
    loop {
        let ended = match tokio::time::timeout(DEAD_AFTER, once(context, &mut follow, sink)).await {
            Ok(Ok(())) | Err(_) => {
                failures = 0;
                continue;
            }
            Ok(Err(ended)) => ended,
        };
        match ended {
            Ended::Gone => relist(context, &mut follow, sink).await?,
            Ended::Failed(error) if error.code != Code::ClusterUnreachable => return Err(error),
            Ended::Failed(error) => {
                if failures == 1 {
                    context.printer.warn(&format!("the watch was lost and is tried again: {error}"));
                }
                let pause = PAUSES[failures.min(PAUSES.len() - 1)];
                failures += 1;
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
        }
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
async fn once(context: &Context, follow: &mut Follow, sink: &Sink<'_>) -> Result<(), Ended> {
    let (kind, namespace) = (follow.kind, follow.namespace.clone());
    let lost = |error| Ended::Failed(api_error(error, "watch", kind, namespace.as_deref(), None));
    let accept = if matches!(sink, Sink::Table(_)) { ACCEPT_TABLE } else { "application/json" };
    let request = Query::collection(kind, follow.namespace.as_deref(), &follow.listing.selection, accept)
        .with("watch", &true)
        .with("resourceVersion", &follow.version)
        .with("timeoutSeconds", &WATCH_SECONDS)
        .request()?;
    let stream = match context.cluster().await?.client.request_stream(request).await {
        Err(kube::Error::Api(status)) if status.code == 410 => return Err(Ended::Gone),
        answer => answer.map_err(lost)?,
    };
    let mut lines = stream.lines().map_err(|error| lost(kube::Error::ReadEvents(error))).boxed();
    while let Some(line) = lines.try_next().await? {
        let malformed = |error| Error::internal("cannot understand the API server's watch").caused_by(&error);
        let event: Value = serde_json::from_str(&line).map_err(malformed)?;
        let object = &event["object"];
        match event["type"].as_str() {
            Some("ERROR") if object["code"] == 410 => return Err(Ended::Gone),
            Some("ERROR") => {
                let status = serde_json::from_value(object.clone()).map_err(malformed)?;
                return Err(lost(kube::Error::Api(Box::new(status))));
            }
            Some("ADDED" | "MODIFIED" | "DELETED") => follow.event(context, object, sink)?,
            _ => {}
        }
    }
    Ok(())
}

impl Follow {
    fn event(&mut self, context: &Context, object: &Value, sink: &Sink<'_>) -> Result<()> {
        match sink {
            Sink::Table(shape) => {
                let chunk = Chunk::parse(&object.to_string(), context.now())?;
                if self.columns.is_empty() {
                    self.columns = chunk.columns;
                }
                self.rows(context, chunk.rows, shape)
            }
            Sink::Objects(format) => self.object(context, object.clone(), format),
        }
    }

    fn rows(&mut self, context: &Context, rows: Vec<Row>, shape: &Shape) -> Result<()> {
        for row in rows {
            self.version.clone_from(&row.object.metadata.resource_version);
            if !self.is_new(version_of_row(&row)) {
                continue;
            }
            let table = shape.table(&self.columns, &[row]);
            self.widths = table.widths(&self.widths, self.headers);
            context.printer.print(&table.render_with(&self.widths, self.headers, context.printer.colour()))?;
            self.headers = false;
        }
        Ok(())
    }

    fn object(&mut self, context: &Context, object: Value, format: &Format) -> Result<()> {
        let version = version_of(&object);
        self.version.clone_from(&version.1);
        if !self.is_new(version) {
            return Ok(());
        }
        objects::print_next(context, &objects::plain(object), format, std::mem::take(&mut self.headers))
    }
}

/// The list again, of which only what was not shown is shown.
async fn relist(context: &Context, follow: &mut Follow, sink: &Sink<'_>) -> Result<()> {
    let namespace = follow.namespace.clone();
    let found: Result<()> = match sink {
        Sink::Table(shape) => {
            let chunk = table::collection(context, follow.kind, namespace.as_deref(), &follow.listing).await?;
            let version = chunk.resource_version.clone();
            let shown = follow.rows(context, chunk.rows, shape);
            follow.version = version;
            shown
        }
        Sink::Objects(format) => {
            let mut items = Vec::new();
            let version =
                objects::collection(context, follow.kind, namespace.as_deref(), &follow.listing, &mut items).await?;
            for item in items {
                follow.object(context, item, format)?;
            }
            follow.version = version;
            Ok(())
        }
    };
    found
}
