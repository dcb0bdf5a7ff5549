//! Lists for programs: the objects as the API server stores them.

use serde_json::{Value, json};

use super::chunk::{PAGE, Query};
use super::{Wanted, watch};
use crate::api::kinds::Kind;
use crate::cli::flags::Listing;
use crate::commands::{Context, api_error, batch};
use crate::error::{Error, Result};
use crate::output::Format;

const ACCEPT: &str = "application/json";

/// Prints the objects: a single named one as itself, else a `List` as kubectl does; names one a line.
pub(super) async fn show(context: &Context, wanted: &[Wanted], listing: &Listing, format: &Format) -> Result<()> {
    let cluster = context.cluster().await?;
    let namespace = (!listing.all_namespaces).then_some(cluster.namespace.as_str());
    let mut failures = batch::Failures::default();
    let mut items = Vec::new();
    let mut version = String::new();
    for one in wanted {
        if one.names.is_empty() {
            version = collection(context, one.kind, namespace, listing, &mut items).await?;
            continue;
        }
        for name in &one.names {
            match object(context, one.kind, name).await {
                Ok(object) => {
                    version = text_at(&object, "/metadata/resourceVersion");
                    items.push(object);
                }
                Err(error) if batch::ends_everything(error.code) => return Err(error),
                Err(error) => failures.add(error),
            }
        }
    }
    let single = matches!(wanted, [one] if one.names.len() == 1);
    if listing.watch {
        if matches!(format, Format::CustomColumns(_)) {
            // Together, so that the columns line up.
            if !items.is_empty() {
                context.printer.structured(&json!({"items": items}), format, !listing.no_headers)?;
            }
        } else {
            for item in &items {
                print(context, item, format)?;
            }
        }
        if let [one] = wanted
            && failures.is_empty()
        {
            let follow = watch::Follow::of_objects(one, namespace, listing, &items, version);
            return watch::objects(context, follow, format).await;
        }
    } else if *format == Format::Name {
        let lines = items.iter().map(|item| reference(item) + "\n").collect::<Vec<_>>().concat();
        context.printer.print(&lines)?;
    } else if single {
        for item in &items {
            print(context, item, format)?;
        }
    } else {
        let list = json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}});
        context.printer.structured(&list, format, !listing.no_headers)?;
    }
    failures.into_result("cannot show")
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
    Ok(plain(object))
}

/// Adds the objects of a collection to `items`; the answer is the version to watch from.
pub async fn collection(
    context: &Context,
    kind: &'static Kind,
    namespace: Option<&str>,
    listing: &Listing,
    items: &mut Vec<Value>,
) -> Result<String> {
    let client = &context.cluster().await?.client;
    let query = Query::collection(kind, namespace, &listing.selection, ACCEPT);
    let before = items.len();
    let mut page = query.clone().with("limit", &PAGE);
    let mut next = String::new();
    loop {
        let mut list: Value = match client.request(page.request()?).await {
            Err(kube::Error::Api(status)) if status.code == 410 && !next.is_empty() => {
                items.truncate(before);
                next.clear();
                page = query.clone();
                continue;
            }
            answer => answer.map_err(|error| api_error(error, "list", kind, namespace, None))?,
        };
        let Some(Value::Array(found)) = list.get_mut("items").map(Value::take) else {
            return Err(Error::internal("cannot understand the API server's list"));
        };
        items.extend(found.into_iter().map(|item| with_kind(plain(item), kind)));
        next = text_at(&list, "/metadata/continue");
        if next.is_empty() {
            return Ok(text_at(&list, "/metadata/resourceVersion"));
        }
        page = query.clone().with("limit", &PAGE).with("continue", &next);
    }
}

/// Prints one object in a format for programs.
pub fn print(context: &Context, object: &Value, format: &Format) -> Result<()> {
    print_next(context, object, format, true)
}

/// Prints one of several objects that come one after the other; own columns have their `headers` once.
pub(super) fn print_next(context: &Context, object: &Value, format: &Format, headers: bool) -> Result<()> {
    match format {
        Format::Name => context.printer.line(&reference(object)),
        format => context.printer.structured(object, format, headers),
    }
}

/// `task.kubeopencode.io/NAME` of an object.
pub fn reference(object: &Value) -> String {
    let group = text_at(object, "/apiVersion");
    let group = group.split_once('/').map_or("", |(group, _)| group);
    let kind = text_at(object, "/kind").to_ascii_lowercase();
    let name = text_at(object, "/metadata/name");
    if group.is_empty() { format!("{kind}/{name}") } else { format!("{kind}.{group}/{name}") }
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
