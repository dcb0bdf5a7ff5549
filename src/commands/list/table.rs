//! Lists for people, printed page by page: the first rows stand there while the server looks for the last.

use futures::{StreamExt, stream};

use super::chunk::{self, ACCEPT_TABLE, Chunk, Column, Include, Query, Row, cell, labels};
use super::filter::Filter;
use super::pages::Pages;
use super::sort::Order;
use super::{Wanted, goes_on, left_out, objects, templates, watch};
use crate::api::kinds::Kind;
use crate::cli::flags::Listing;
use crate::commands::batch::{Failures, nothing_found};
use crate::commands::{Context, api_error};
use crate::error::Result;
use crate::output::{Format, Table};

/// Names asked for at the same time.
const CONCURRENT: usize = 8;
/// The longest of ADDED, MODIFIED and DELETED.
const EVENT_WIDTH: usize = 8;

/// Which columns of the server's a person wants, and which we add.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// A column with what happened.
    event: bool,
    /// Columns that only wide tables show.
    wide: bool,
    /// A column with the namespace.
    namespace: bool,
    /// A column for each of these labels.
    label_columns: Vec<String>,
    /// A column with all labels.
    labels: bool,
    /// Names carry the kind, because several kinds are listed.
    kind: Option<&'static Kind>,
}

impl Shape {
    fn of(listing: &Listing, kind: Option<&'static Kind>) -> Self {
        Self {
            event: listing.output_watch_events,
            wide: listing.output.format() == Format::Wide,
            namespace: listing.all_namespaces,
            label_columns: listing.label_columns.clone(),
            labels: listing.show_labels,
            kind,
        }
    }

    /// Rows as a table; `event` is what happened to them.
    fn table(&self, columns: &[Column], rows: &[Row], event: &str) -> Table {
        let shown: Vec<usize> = (0..columns.len()).filter(|&index| self.wide || columns[index].priority == 0).collect();
        let before = || self.event.then_some("Event").into_iter().chain(self.namespace.then_some("Namespace"));
        // As kubectl does: the name of a label without its prefix.
        let short = self.label_columns.iter().map(|label| label.rsplit('/').next().unwrap_or_default());
        let headers = before().chain(shown.iter().map(|&index| columns[index].name.as_str())).chain(short);
        let mut table = Table::new(headers.chain(self.labels.then_some("Labels")));
        for row in rows {
            let metadata = &row.object.metadata;
            let before = self.event.then(|| event.to_owned()).into_iter();
            let before = before.chain(self.namespace.then(|| metadata.namespace.clone()));
            let cells = shown.iter().map(|&index| match (self.kind, columns[index].name.as_str()) {
                (Some(kind), "Name") => kind.reference(&row.name()),
                _ => row.cells.get(index).map(cell).unwrap_or_default(),
            });
            let chosen = self.label_columns.iter().map(|label| metadata.labels.get(label).cloned().unwrap_or_default());
            let all = self.labels.then(|| labels(&metadata.labels));
            table.row(before.chain(cells).chain(chosen).chain(all));
        }
        table
    }
}

/// A table that is printed in parts: its header once, and columns that only grow.
pub struct Sheet {
    shape: Shape,
    columns: Vec<Column>,
    widths: Vec<usize>,
    headers: bool,
    /// A blank line stands before it.
    gap: bool,
    /// Rows printed so far.
    pub rows: usize,
}

impl Sheet {
    fn new(shape: Shape, headers: bool, gap: bool) -> Self {
        let widths = if shape.event { vec![EVENT_WIDTH] } else { Vec::new() };
        Self { shape, columns: Vec::new(), widths, headers, gap, rows: 0 }
    }

    /// Prints some more rows. The server names the columns before the first.
    pub fn print(&mut self, context: &Context, columns: &[Column], rows: &[Row], event: &str) -> Result<()> {
        if self.columns.is_empty() {
            self.columns = columns.to_vec();
        }
        if rows.is_empty() {
            return Ok(());
        }
        let table = self.shape.table(&self.columns, rows, event);
        self.widths = table.widths(&self.widths, self.headers);
        let text = table.render_with(&self.widths, self.headers, context.printer.colour());
        let gap = if self.gap { "\n" } else { "" };
        (self.headers, self.gap) = (false, false);
        self.rows += rows.len();
        context.printer.print(&format!("{gap}{text}"))
    }
}

/// What has to come beside the cells for what is asked.
pub fn include(listing: &Listing) -> Include {
    let metadata = listing.all_namespaces || listing.show_labels || listing.watches();
    if listing.sort_by.is_some() || !listing.filter.is_empty() {
        Include::Objects
    } else if metadata || !listing.label_columns.is_empty() {
        Include::Metadata
    } else {
        Include::Cells
    }
}

/// Prints a table for each kind.
pub(super) async fn show(context: &Context, wanted: &[Wanted], listing: &Listing) -> Result<()> {
    let cluster = context.cluster().await?;
    let namespace = (!listing.all_namespaces).then_some(cluster.namespace.as_str());
    let mut failures = Failures::default();
    let mut printed = 0;
    for one in wanted {
        let kind = (wanted.len() > 1 || listing.show_kind).then_some(one.kind);
        let mut sheet = Sheet::new(Shape::of(listing, kind), !listing.no_headers, printed > 0);
        let mut follow = watch::Follow::of(one, namespace, listing);
        let page = |columns: &[Column], rows: Vec<Row>| {
            if listing.watches() {
                follow.saw_rows(&rows);
            }
            if listing.watch_only { Ok(()) } else { sheet.print(context, columns, &rows, watch::ADDED) }
        };
        let version = if one.names.is_empty() {
            collection(context, one.kind, namespace, listing, page).await
        } else {
            named(context, one, listing, &mut failures, page).await
        };
        let version = match version {
            Ok(version) => version,
            Err(error) => {
                if let Err(error) = left_out(context, one, error) {
                    goes_on(error, &mut failures, listing, one.kind)?;
                }
                continue;
            }
        };
        printed += sheet.rows;
        if sheet.rows == 0 && one.names.is_empty() && wanted.len() == 1 && !listing.watch_only {
            context.printer.note(&nothing_found(namespace));
        }
        if listing.watches() && failures.is_empty() && !version.is_empty() {
            return watch::table(context, follow.from(version), sheet).await;
        }
    }
    if printed == 0 && wanted.len() > 1 && failures.is_empty() {
        context.printer.note(&nothing_found(namespace));
    }
    failures.into_result("cannot show")
}

/// Hands on the rows of a collection, page by page, or ordered and all at once. The answer is the version to watch from.
pub async fn collection(
    context: &Context,
    kind: &'static Kind,
    namespace: Option<&str>,
    listing: &Listing,
    mut page: impl FnMut(&[Column], Vec<Row>) -> Result<()>,
) -> Result<String> {
    let filter = Filter::of(&listing.filter, kind, context.now())?;
    let order = listing.sort_by.as_deref().map(Order::read).transpose()?;
    let include = templates::include(kind, include(listing));
    let query = Query::collection(kind, namespace, &listing.selection, ACCEPT_TABLE).including(include);
    let mut pages = Pages::of(context, kind, namespace, query, listing.chunk_size).await?;
    let mut unordered = Vec::new();
    let mut columns = Vec::new();
    let mut version = String::new();
    while let Some(text) = pages.next().await? {
        let mut chunk = Chunk::parse(&text, context.now())?;
        templates::shape(kind, &mut chunk, context.now());
        pages.turn(&chunk.next);
        version = chunk.resource_version;
        if columns.is_empty() {
            columns = chunk.columns;
        }
        let is_new = |row: &Row| pages.is_new(&row.object.metadata.namespace, &row.name());
        if include != Include::Objects {
            let mut rows = chunk.rows;
            rows.retain(is_new);
            page(&columns, rows)?;
            continue;
        }
        let objects = chunk::objects(&text)?;
        let mut is_new = is_new;
        let found = objects.into_iter().zip(chunk.rows).filter(|(object, row)| is_new(row) && filter.passes(object));
        match &order {
            Some(order) => unordered.extend(found.map(|(object, row)| (order.key(&object), row))),
            None => page(&columns, found.map(|(_, row)| row).collect())?,
        }
    }
    if let Some(order) = order {
        page(&columns, order.sort(unordered)?)?;
    }
    Ok(version)
}

/// Hands on the rows of objects by name, in the order of the names; what is not found is a failure beside what is. The
/// answer is the version of the last one.
async fn named(
    context: &Context,
    wanted: &Wanted,
    listing: &Listing,
    failures: &mut Failures,
    mut page: impl FnMut(&[Column], Vec<Row>) -> Result<()>,
) -> Result<String> {
    let cluster = context.cluster().await?;
    let (kind, namespace) = (wanted.kind, cluster.namespace.as_str());
    let order = listing.sort_by.as_deref().map(Order::read).transpose()?;
    // Whether it is one of the kind shows in its metadata.
    let include = if kind.label.is_some() { Include::Objects } else { include(listing) };
    let mut answers = stream::iter(&wanted.names)
        .map(|name| async move {
            let request = Query::object(kind, namespace, name, ACCEPT_TABLE).including(include).request()?;
            let text = cluster.client.request_text(request).await;
            text.map_err(|error| api_error(error, "get", kind, Some(namespace), Some(name)))
        })
        .buffered(CONCURRENT);
    let (mut rows, mut columns, mut version) = (Vec::new(), Vec::new(), String::new());
    while let Some(answer) = answers.next().await {
        match answer {
            Ok(text) if kind.label.is_some() && !chunk::objects(&text)?.iter().all(|object| kind.holds(object)) => {
                let chunk = Chunk::parse(&text, context.now())?;
                let name = chunk.rows.first().map(Row::name).unwrap_or_default();
                goes_on(objects::no_such(kind, namespace, &name), failures, listing, kind)?;
            }
            Ok(text) => {
                let mut chunk = Chunk::parse(&text, context.now())?;
                templates::shape(kind, &mut chunk, context.now());
                if columns.is_empty() {
                    columns = chunk.columns;
                }
                let objects = if order.is_some() { chunk::objects(&text)? } else { Vec::new() };
                for (index, row) in chunk.rows.into_iter().enumerate() {
                    version.clone_from(&row.object.metadata.resource_version);
                    let key = order.as_ref().zip(objects.get(index)).and_then(|(order, object)| order.key(object));
                    rows.push((key, row));
                }
            }
            Err(error) => goes_on(error, failures, listing, kind)?,
        }
    }
    let rows = match &order {
        Some(order) => order.sort(rows)?,
        None => rows.into_iter().map(|(_, row)| row).collect(),
    };
    page(&columns, rows)?;
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::kinds::TASK;
    use crate::commands::list::chunk::{Metadata, Partial};
    use serde_json::json;

    fn sample() -> (Vec<Column>, Vec<Row>) {
        let column = |name: &str, priority| Column { name: name.into(), kind: "string".into(), priority };
        let metadata = Metadata { name: "a".into(), namespace: "n".into(), ..Metadata::default() };
        let row = Row {
            cells: vec![json!("a"), json!("Running"), json!("p")],
            object: Partial { metadata, ..Partial::default() },
        };
        (vec![column("Name", 0), column("Phase", 0), column("Pod", 1)], vec![row])
    }

    #[test]
    fn columns_are_the_servers_and_ours() {
        let (columns, mut rows) = sample();
        let text = |shape: &Shape, rows: &[Row]| shape.table(&columns, rows, "ADDED").render(true, false);
        assert_eq!(text(&Shape::default(), &rows), "NAME   PHASE\na      Running\n");
        let all = Shape { event: true, wide: true, namespace: true, labels: true, ..Shape::default() };
        assert_eq!(
            text(&all, &rows),
            "EVENT   NAMESPACE   NAME   PHASE     POD   LABELS\nADDED   n           a      Running   p     <none>\n"
        );
        let kinds = Shape { kind: Some(&TASK), ..Shape::default() };
        assert!(text(&kinds, &rows).contains("\ntask.kubeopencode.io/a"));
        rows[0].object.metadata.labels.insert("x.io/team".into(), "red".into());
        let label = Shape { label_columns: vec!["x.io/team".into(), "y".into()], ..Shape::default() };
        assert_eq!(text(&label, &rows), "NAME   PHASE     TEAM   Y\na      Running   red\n");
    }

    #[test]
    fn no_more_is_asked_for_than_is_shown() {
        let listing = Listing::default();
        assert_eq!(include(&listing), Include::Cells);
        assert_eq!(include(&Listing { all_namespaces: true, ..listing.clone() }), Include::Metadata);
        assert_eq!(include(&Listing { watch: true, ..listing.clone() }), Include::Metadata);
        assert_eq!(include(&Listing { sort_by: Some(".a".into()), ..listing }), Include::Objects);
    }
}
