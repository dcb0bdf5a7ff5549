//! Lists for people.

use futures::{StreamExt, stream};

use super::chunk::{ACCEPT_TABLE, Chunk, Column, PAGE, Query, Row, cell, labels};
use super::{Wanted, watch};
use crate::api::kinds::Kind;
use crate::cli::flags::Listing;
use crate::commands::{Context, api_error, batch};
use crate::error::Result;
use crate::output::{Format, Table};

/// Names asked for at the same time.
const CONCURRENT: usize = 8;

/// Which columns of the server's a person wants, and which we add.
pub struct Shape {
    /// Columns that only wide tables show.
    wide: bool,
    /// A column with the namespace.
    namespace: bool,
    /// A column with the labels.
    labels: bool,
    /// Names carry the kind, because several kinds are listed.
    kind: Option<&'static Kind>,
}

impl Shape {
    fn of(listing: &Listing, kind: Option<&'static Kind>) -> Self {
        Self {
            wide: listing.output.format() == Format::Wide,
            namespace: listing.all_namespaces,
            labels: listing.show_labels,
            kind,
        }
    }

    /// Rows as a table.
    pub fn table(&self, columns: &[Column], rows: &[Row]) -> Table {
        let shown: Vec<usize> = (0..columns.len()).filter(|&index| self.wide || columns[index].priority == 0).collect();
        let headers = shown.iter().map(|&index| columns[index].name.as_str());
        let before = self.namespace.then_some("Namespace");
        let after = self.labels.then_some("Labels");
        let mut table = Table::new(before.into_iter().chain(headers).chain(after));
        for row in rows {
            let metadata = &row.object.metadata;
            let cells = shown.iter().map(|&index| match (self.kind, columns[index].name.as_str()) {
                (Some(kind), "Name") => kind.reference(&metadata.name),
                _ => row.cells.get(index).map(cell).unwrap_or_default(),
            });
            let before = self.namespace.then(|| metadata.namespace.clone());
            let after = self.labels.then(|| labels(&metadata.labels));
            table.row(before.into_iter().chain(cells).chain(after));
        }
        table
    }
}

/// Prints a table for each kind.
pub(super) async fn show(context: &Context, wanted: &[Wanted], listing: &Listing) -> Result<()> {
    let cluster = context.cluster().await?;
    let namespace = (!listing.all_namespaces).then_some(cluster.namespace.as_str());
    let mut failures = batch::Failures::default();
    let mut printed = false;
    for one in wanted {
        let kind = (wanted.len() > 1).then_some(one.kind);
        let shape = Shape::of(listing, kind);
        let chunk = if one.names.is_empty() {
            collection(context, one.kind, namespace, listing).await?
        } else {
            named(context, one, &mut failures).await?
        };
        if chunk.rows.is_empty() && one.names.is_empty() && wanted.len() == 1 {
            context.printer.note(&nothing_found(one.kind, namespace));
        }
        let table = shape.table(&chunk.columns, &chunk.rows);
        if !chunk.rows.is_empty() {
            let gap = if printed { "\n" } else { "" };
            context.printer.print(&format!("{gap}{}", table.render(!listing.no_headers, context.printer.colour())))?;
            printed = true;
        }
        if listing.watch {
            let widths = table.widths(&[], !listing.no_headers);
            let follow = watch::Follow::new(one, namespace, listing, chunk, widths);
            return watch::table(context, follow, &shape).await;
        }
    }
    if !printed && wanted.len() > 1 && failures.is_empty() {
        context.printer.note(&match namespace {
            Some(namespace) => format!("No objects found in namespace {namespace}"),
            None => "No objects found".to_owned(),
        });
    }
    failures.into_result("cannot show")
}

fn nothing_found(kind: &Kind, namespace: Option<&str>) -> String {
    match namespace {
        Some(namespace) => format!("No {}s found in namespace {namespace}", kind.noun),
        None => format!("No {}s found", kind.noun),
    }
}

/// Every page of a collection as one chunk.
///
/// Pages belong to one moment of the server; when it forgets that moment before the last page is read (410), the list is
/// read again whole, as kubectl's own client does.
pub async fn collection(
    context: &Context,
    kind: &'static Kind,
    namespace: Option<&str>,
    listing: &Listing,
) -> Result<Chunk> {
    let client = &context.cluster().await?.client;
    let query = Query::collection(kind, namespace, &listing.selection, ACCEPT_TABLE);
    let mut whole = Chunk::default();
    let mut page = query.clone().with("limit", &PAGE);
    loop {
        let text = match client.request_text(page.request()?).await {
            Err(kube::Error::Api(status)) if status.code == 410 && !whole.next.is_empty() => {
                whole = Chunk::default();
                page = query.clone();
                continue;
            }
            answer => answer.map_err(|error| api_error(error, "list", kind, namespace, None))?,
        };
        let chunk = Chunk::parse(&text, context.now())?;
        if whole.columns.is_empty() {
            whole.columns = chunk.columns;
        }
        whole.rows.extend(chunk.rows);
        whole.resource_version = chunk.resource_version;
        whole.next = chunk.next;
        if whole.next.is_empty() {
            return Ok(whole);
        }
        page = query.clone().with("limit", &PAGE).with("continue", &whole.next);
    }
}

/// Objects by name as one chunk, in the order of the names; what is not found is a failure beside what is.
async fn named(context: &Context, wanted: &Wanted, failures: &mut batch::Failures) -> Result<Chunk> {
    let cluster = context.cluster().await?;
    let (kind, namespace) = (wanted.kind, cluster.namespace.as_str());
    let mut answers = stream::iter(&wanted.names)
        .map(|name| async move {
            let request = Query::object(kind, namespace, name, ACCEPT_TABLE).request()?;
            let text = cluster.client.request_text(request).await;
            let text = text.map_err(|error| api_error(error, "get", kind, Some(namespace), Some(name)))?;
            Chunk::parse(&text, context.now())
        })
        .buffered(CONCURRENT);
    let mut whole = Chunk::default();
    while let Some(answer) = answers.next().await {
        match answer {
            Ok(chunk) => {
                if whole.columns.is_empty() {
                    whole.columns = chunk.columns;
                }
                whole.rows.extend(chunk.rows);
                whole.resource_version = chunk.resource_version;
            }
            Err(error) if batch::ends_everything(error.code) => return Err(error),
            Err(error) => failures.add(error),
        }
    }
    Ok(whole)
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
        let row = Row { cells: vec![json!("a"), json!("Running"), json!("p")], object: Partial { metadata } };
        (vec![column("Name", 0), column("Phase", 0), column("Pod", 1)], vec![row])
    }

    #[test]
    fn columns_are_the_servers_and_ours() {
        let (columns, rows) = sample();
        let shape = |wide, namespace, labels, kind| Shape { wide, namespace, labels, kind };
        let text = |shape: Shape| shape.table(&columns, &rows).render(true, false);
        assert_eq!(text(shape(false, false, false, None)), "NAME   PHASE\na      Running\n");
        assert_eq!(
            text(shape(true, true, true, None)),
            "NAMESPACE   NAME   PHASE     POD   LABELS\nn           a      Running   p     <none>\n"
        );
        assert!(text(shape(false, false, false, Some(&TASK))).contains("\ntask.kubeopencode.io/a"));
    }
}
