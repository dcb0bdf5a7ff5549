//! Lists for programs: the objects as the API server stores them.

use serde_json::{Value, json};

use super::chunk::{ACCEPT_TABLE, Chunk, Include, Query, odd_answer};
use super::filter::Filter;
use super::pages::Pages;
use super::sort::Order;
use super::{Wanted, goes_on, left_out, table, watch};
use crate::api::kinds::Kind;
use crate::cli::flags::{Listing, Selection};
use crate::commands::{Context, api_error, batch};
use crate::error::{Error, Result};
use crate::output::{Format, Items, Untrusted, harmless_json, reference};

const ACCEPT: &str = "application/json";
/// Objects per page where the user does not say.
const PAGE: u32 = 500;

/// Prints the objects: a single named one as itself, else a `List` as kubectl does; names one a line.
pub(super) async fn show(context: &Context, wanted: &[Wanted], listing: &Listing, format: &Format) -> Result<()> {
    let cluster = context.cluster().await?;
    let namespace = (!listing.all_namespaces).then_some(cluster.namespace.as_str());
    if let (true, [one]) = (listing.watches(), wanted) {
        return follow(context, one, namespace, listing, format).await;
    }
    let single = matches!(wanted, [one] if one.names.len() == 1);
    let mut items = Items::new(&context.printer, format, !single, !listing.no_headers);
    let mut failures = batch::Failures::default();
    for one in wanted {
        let shown = if !one.names.is_empty() {
            named(context, one, listing, &mut failures, |object| items.add(object)).await.map(drop)
        } else if *format == Format::Name && table::include(listing) != Include::Objects {
            names(context, one.kind, namespace, listing).await
        } else {
            collection(context, one.kind, namespace, listing, |object| items.add(object)).await.map(drop)
        };
        if let Err(error) = shown.or_else(|error| left_out(context, one, error)) {
            goes_on(error, &mut failures, listing, one.kind)?;
        }
    }
    let nothing_to_show = items.is_empty() && (single || !failures.is_empty());
    if !nothing_to_show {
        items.end()?;
    }
    failures.into_result("cannot show")
}

/// Prints names a line each. The cells of a table have them, and are a twentieth of the objects.
async fn names(context: &Context, kind: &'static Kind, namespace: Option<&str>, listing: &Listing) -> Result<()> {
    let query = Query::collection(kind, namespace, &listing.selection, ACCEPT_TABLE).including(Include::Cells);
    let mut pages = Pages::of(context, kind, namespace, query, listing.chunk_size).await?;
    while let Some(text) = pages.next().await? {
        let chunk = Chunk::parse(&text, context.now())?;
        pages.turn(&chunk.next);
        let mut lines = String::new();
        for name in chunk.rows.iter().map(super::chunk::Row::name) {
            // Where the namespaces are not known, a list that is read again cannot go on in its middle.
            if namespace.is_none() || pages.is_new("", &name) {
                lines.extend([Untrusted(&kind.reference(&name)).text().as_ref(), "\n"]);
            }
        }
        context.printer.print(&lines)?;
    }
    Ok(())
}

/// Names of the selected objects of the namespace.
pub async fn names_of(context: &Context, kind: &'static Kind, selection: &Selection) -> Result<Vec<String>> {
    let namespace = Some(context.cluster().await?.namespace.as_str());
    let query = Query::collection(kind, namespace, selection, ACCEPT_TABLE).including(Include::Cells);
    let mut pages = Pages::of(context, kind, namespace, query, PAGE).await?;
    let mut names = Vec::new();
    while let Some(text) = pages.next().await? {
        let chunk = Chunk::parse(&text, context.now())?;
        pages.turn(&chunk.next);
        names.extend(chunk.rows.iter().map(super::chunk::Row::name).filter(|name| pages.is_new("", name)));
    }
    Ok(names)
}

/// Prints one kind, or one object, and what changes of it.
async fn follow(
    context: &Context,
    wanted: &Wanted,
    namespace: Option<&str>,
    listing: &Listing,
    format: &Format,
) -> Result<()> {
    let mut follow = watch::Follow::of(wanted, namespace, listing);
    let mut sequence = Sequence::new(format, listing);
    let mut failures = batch::Failures::default();
    let mut found = Vec::new();
    let each = |object: Value| {
        follow.saw_object(&object);
        if listing.watch_only {
            return Ok(());
        }
        if matches!(format, Format::CustomColumns(_)) {
            // Together, so that the columns line up.
            found.push(object);
            return Ok(());
        }
        sequence.print(context, object, watch::ADDED)
    };
    let version = if wanted.names.is_empty() {
        collection(context, wanted.kind, namespace, listing, each).await?
    } else {
        named(context, wanted, listing, &mut failures, each).await?
    };
    sequence.print_together(context, found)?;
    failures.into_result("cannot show")?;
    if version.is_empty() {
        return Ok(());
    }
    watch::objects(context, follow.from(version), sequence).await
}

/// Objects that are printed one after the other, each when it comes.
pub struct Sequence<'a> {
    format: &'a Format,
    events: bool,
    headers: bool,
    first: bool,
}

impl<'a> Sequence<'a> {
    fn new(format: &'a Format, listing: &Listing) -> Self {
        Self { format, events: listing.output_watch_events, headers: !listing.no_headers, first: true }
    }

    fn event(&self, object: Value, happened: &str) -> Value {
        if self.events { json!({"type": happened, "object": plain(object)}) } else { plain(object) }
    }

    /// Prints the next one.
    pub fn print(&mut self, context: &Context, object: Value, happened: &str) -> Result<()> {
        let first = std::mem::take(&mut self.first);
        match self.format {
            Format::Name => context.printer.line(&Untrusted(&reference(&object)).text()),
            // An event is one line, as from kubectl.
            Format::Json if self.events => {
                context.printer.line(&harmless_json(self.event(object, happened).to_string()))
            }
            Format::Yaml if !first => {
                context.printer.print("---\n")?;
                context.printer.yaml(&self.event(object, happened))
            }
            format => context.printer.structured(&self.event(object, happened), format, first && self.headers),
        }
    }

    fn print_together(&mut self, context: &Context, objects: Vec<Value>) -> Result<()> {
        if objects.is_empty() {
            return Ok(());
        }
        let items: Vec<_> = objects.into_iter().map(|object| self.event(object, watch::ADDED)).collect();
        let headers = std::mem::take(&mut self.first) && self.headers;
        context.printer.structured(&json!({"items": items}), self.format, headers)
    }
}

/// Hands on objects by name; what is not found is a failure beside what is. The answer is the version of the last one.
async fn named(
    context: &Context,
    wanted: &Wanted,
    listing: &Listing,
    failures: &mut batch::Failures,
    mut each: impl FnMut(Value) -> Result<()>,
) -> Result<String> {
    let order = listing.sort_by.as_deref().map(Order::read).transpose()?;
    let (mut found, mut version) = (Vec::new(), String::new());
    for name in &wanted.names {
        match object(context, wanted.kind, name).await {
            Ok(object) => {
                version = text_at(&object, "/metadata/resourceVersion");
                found.push((order.as_ref().and_then(|order| order.key(&object)), object));
            }
            Err(error) => goes_on(error, failures, listing, wanted.kind)?,
        }
    }
    let found = match &order {
        Some(order) => order.sort(found)?,
        None => found.into_iter().map(|(_, object)| object).collect(),
    };
    found.into_iter().try_for_each(&mut each)?;
    Ok(version)
}

/// One object as it is stored, without the bookkeeping of field managers.
pub async fn object(context: &Context, kind: &'static Kind, name: &str) -> Result<Value> {
    let cluster = context.cluster().await?;
    let request = Query::object(kind, &cluster.namespace, name, ACCEPT).request()?;
    let object: Value = cluster
        .client
        .request(request)
        .await
        .map_err(|error| api_error(error, "get", kind, Some(&cluster.namespace), Some(name)))?;
    if kind.holds(&object) { Ok(plain(object)) } else { Err(no_such(kind, &cluster.namespace, name)) }
}

/// The failure that an object of this name is none of the kind.
pub fn no_such(kind: &Kind, namespace: &str, name: &str) -> Error {
    let message = format!("{} \"{name}\" in namespace \"{namespace}\" is no {}", kind.resource, kind.noun);
    Error::new(kind.missing, message).hint(format!("kubectl opencode {} list", kind.noun))
}

/// Every object of a collection.
pub async fn all(
    context: &Context,
    kind: &'static Kind,
    namespace: Option<&str>,
    listing: &Listing,
) -> Result<Vec<Value>> {
    let mut items = Vec::new();
    let add = |item| {
        items.push(item);
        Ok(())
    };
    collection(context, kind, namespace, listing, add).await.map(|_| items)
}

/// Hands on the objects of a collection as they come, or ordered; the answer is the version to watch from.
pub async fn collection(
    context: &Context,
    kind: &'static Kind,
    namespace: Option<&str>,
    listing: &Listing,
    mut each: impl FnMut(Value) -> Result<()>,
) -> Result<String> {
    let filter = Filter::of(&listing.filter, kind, context.now())?;
    let order = listing.sort_by.as_deref().map(Order::read).transpose()?;
    let query = Query::collection(kind, namespace, &listing.selection, ACCEPT);
    let mut pages = Pages::of(context, kind, namespace, query, listing.chunk_size).await?;
    let (mut unordered, mut version) = (Vec::new(), String::new());
    while let Some(text) = pages.next().await? {
        let mut list: Value = serde_json::from_str(&text).map_err(odd_answer)?;
        let Some(Value::Array(found)) = list.get_mut("items").map(Value::take) else {
            return Err(odd_answer("a list without items"));
        };
        version = text_at(&list, "/metadata/resourceVersion");
        pages.turn(&text_at(&list, "/metadata/continue"));
        for item in found {
            if !pages.is_new_object(&item) || !filter.passes(&item) {
                continue;
            }
            let item = with_kind(plain(item), kind);
            match &order {
                Some(order) => unordered.push((order.key(&item), item)),
                None => each(item)?,
            }
        }
    }
    if let Some(order) = order {
        order.sort(unordered)?.into_iter().try_for_each(each)?;
    }
    Ok(version)
}

/// Prints one object in a format for programs.
pub fn print(context: &Context, object: &Value, format: &Format) -> Result<()> {
    match format {
        Format::Name => context.printer.line(&Untrusted(&reference(object)).text()),
        format => context.printer.structured(object, format, true),
    }
}

/// The object without `metadata.managedFields`, as kubectl shows it.
pub fn plain(mut object: Value) -> Value {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.shift_remove("managedFields");
    }
    object
}

/// Items of a list need not say what they are.
fn with_kind(mut object: Value, kind: &Kind) -> Value {
    if let Some(fields) = object.as_object_mut() {
        if !fields.contains_key("kind") {
            fields.shift_insert(0, "kind".to_owned(), kind.kind.into());
        }
        if !fields.contains_key("apiVersion") {
            fields.shift_insert(0, "apiVersion".to_owned(), kind.api_version().into());
        }
    }
    object
}

/// The text at a JSON pointer; empty where there is none.
pub fn text_at(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::kinds::SESSION;
    use crate::output::reference;

    #[test]
    fn items_say_what_they_are_and_nothing_of_field_managers() {
        let item = plain(json!({"metadata": {"name": "a", "managedFields": [1], "uid": "u"}}));
        let item = with_kind(item, &SESSION);
        assert_eq!(
            item.to_string(),
            r#"{"apiVersion":"session.kubeopencode.io/v1alpha1","kind":"Session","metadata":{"name":"a","uid":"u"}}"#
        );
        assert_eq!(reference(&item), "session.session.kubeopencode.io/a");
    }
}
