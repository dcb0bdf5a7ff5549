//! Lists as the API server renders them: `Table` of `meta.k8s.io/v1`, page by page.
//!
//! `GET …/PLURAL?limit=500` with `Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json`: the columns are
//! the CRD's `additionalPrinterColumns`, so a newer platform's columns appear here without a change. A server that
//! cannot make tables answers with the list itself; it is shown with the columns that every kind has.

use std::collections::BTreeMap;

use http::Request;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::api::kinds::Kind;
use crate::cli::flags::Selection;
use crate::error::{Code, Error, Result};
use crate::opencode::percent_encoded;
use crate::output::age;

/// What stands in the place of a page's objects beside its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Include {
    /// Nothing: the cells are enough.
    Cells,
    /// Their metadata, which is what the server sends if nothing is said.
    Metadata,
    /// All of them.
    Objects,
}

/// What the request asks for.
pub const ACCEPT_TABLE: &str =
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Column {
    /// Header.
    pub name: String,
    /// `integer`, `number`, `date`, `string`, `boolean`.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// 0 is shown always, more only in wide tables.
    #[serde(default)]
    pub priority: i32,
}

/// A row: its cells, and what identifies its object.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Row {
    /// Cells, in the order of the columns.
    #[serde(default)]
    pub cells: Vec<Value>,
    /// The object's metadata; nothing where cells alone were asked for.
    #[serde(default, deserialize_with = "absent_is_empty")]
    pub object: Partial,
}

fn absent_is_empty<'de, D: serde::Deserializer<'de>>(object: D) -> Result<Partial, D::Error> {
    Option::deserialize(object).map(Option::unwrap_or_default)
}

impl Row {
    /// Name of the object: what every table has in its first column, if not in its metadata.
    pub fn name(&self) -> String {
        let name = &self.object.metadata.name;
        if name.is_empty() { self.cells.first().map(cell).unwrap_or_default() } else { name.clone() }
    }
}

/// What is read of an object.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Partial {
    /// The metadata.
    #[serde(default)]
    pub metadata: Metadata,
    /// What a `ConfigMap` holds.
    #[serde(default)]
    pub data: BTreeMap<String, String>,
}

/// The metadata that lists show.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Namespace.
    #[serde(default)]
    pub namespace: String,
    /// UID.
    #[serde(default)]
    pub uid: String,
    /// Version, which changes with every write.
    #[serde(default)]
    pub resource_version: String,
    /// Labels.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// When it was made.
    #[serde(default)]
    pub creation_timestamp: Option<Timestamp>,
}

/// A page of a list, or one event of a watch.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// Columns; absent on pages after the first and on most events of a watch.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Where to watch from.
    pub resource_version: String,
    /// Token of the next page; empty on the last.
    pub next: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    metadata: AnswerMetadata,
    #[serde(default)]
    column_definitions: Vec<Column>,
    #[serde(default)]
    rows: Vec<Row>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerMetadata {
    #[serde(default)]
    resource_version: String,
    #[serde(default, rename = "continue")]
    next: String,
}

impl Chunk {
    /// Reads a table, a list, or a single object.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self> {
        let answer: Answer = serde_json::from_str(text).map_err(odd_answer)?;
        if answer.kind == "Table" {
            return Ok(answer.into());
        }
        Ok(Self {
            columns: ["Name", "Phase", "Age"].map(|name| Column { name: name.to_owned(), ..Column::default() }).into(),
            rows: objects(text)?.into_iter().map(|item| plain_row(item, now)).collect(),
            resource_version: answer.metadata.resource_version,
            next: answer.metadata.next,
        })
    }
}

/// The failure that the API server, or whatever answers at its address, answers in a shape that is none of Kubernetes'.
pub fn odd_answer(why: impl std::fmt::Display) -> Error {
    Error::new(Code::Unsupported, "cannot understand the API server's answer")
        .because(why)
        .hint("kubectl config view --minify shows its address; `kubectl version` tells whether it is one")
}

/// The objects of a table that was asked for with [`Include::Objects`], of a list, or of one object.
pub fn objects(text: &str) -> Result<Vec<Value>> {
    let mut value: Value = serde_json::from_str(text).map_err(odd_answer)?;
    Ok(match (value.get_mut("rows").map(Value::take), value.get_mut("items").map(Value::take)) {
        (Some(Value::Array(mut rows)), _) => rows.iter_mut().map(|row| row["object"].take()).collect(),
        (_, Some(Value::Array(items))) => items,
        _ => vec![value],
    })
}

impl From<Answer> for Chunk {
    fn from(table: Answer) -> Self {
        Self {
            columns: table.column_definitions,
            rows: table.rows,
            resource_version: table.metadata.resource_version,
            next: table.metadata.next,
        }
    }
}

/// One line of a watch.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    object: Answer,
}

impl Chunk {
    /// Reads the event of a watch on tables without taking more of it apart than is shown; None if it is none on a table.
    pub fn of_event(line: &str) -> Option<Self> {
        let line: Line = serde_json::from_str(line).ok()?;
        (line.object.kind == "Table").then(|| line.object.into())
    }
}

fn plain_row(item: Value, now: Timestamp) -> Row {
    let phase = item.pointer("/status/phase").cloned().unwrap_or(Value::Null);
    let object: Partial = serde_json::from_value(item).unwrap_or_default();
    let made = age(object.metadata.creation_timestamp, now);
    Row { cells: vec![Value::from(object.metadata.name.clone()), phase, Value::from(made)], object }
}

/// A cell as text; what is absent stays empty, as in kubectl.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Labels as kubectl writes them.
pub fn labels(labels: &BTreeMap<String, String>) -> String {
    if labels.is_empty() {
        return "<none>".to_owned();
    }
    labels.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
}

/// What to ask the API server for.
#[derive(Clone, Debug)]
pub struct Query {
    path: String,
    parameters: Vec<(&'static str, String)>,
    accept: &'static str,
}

impl Query {
    /// The objects of a kind, in a namespace or in all, that match a selection.
    pub fn collection(kind: &Kind, namespace: Option<&str>, selection: &Selection, accept: &'static str) -> Self {
        let mut parameters = Vec::new();
        let of_kind = kind.label.map(|(key, value)| format!("{key}={value}"));
        let selectors: Vec<_> = of_kind.into_iter().chain(selection.selector.clone()).collect();
        if !selectors.is_empty() {
            parameters.push(("labelSelector", selectors.join(",")));
        }
        if let Some(selector) = &selection.field_selector {
            parameters.push(("fieldSelector", selector.clone()));
        }
        Self { path: kind.path(namespace), parameters, accept }
    }

    /// What is at a path.
    pub fn path(path: &str, accept: &'static str) -> Self {
        Self { path: path.to_owned(), parameters: Vec::new(), accept }
    }

    /// One object.
    pub fn object(kind: &Kind, namespace: &str, name: &str, accept: &'static str) -> Self {
        let mut path = format!("{}/", kind.path(Some(namespace)));
        path.push_str(&percent_encoded(name));
        Self { path, parameters: Vec::new(), accept }
    }

    /// The same with this part of each object beside its row.
    #[must_use]
    pub fn including(self, include: Include) -> Self {
        match include {
            Include::Cells => self.with("includeObject", "None"),
            Include::Metadata => self,
            Include::Objects => self.with("includeObject", "Object"),
        }
    }

    /// The same with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        self.parameters.push((name, value.to_string()));
        self
    }

    /// The request.
    pub fn request(&self) -> Result<Request<Vec<u8>>> {
        let mut uri = self.path.clone();
        for (index, (name, value)) in self.parameters.iter().enumerate() {
            uri.push(if index == 0 { '?' } else { '&' });
            uri.push_str(name);
            uri.push('=');
            uri.push_str(&percent_encoded(value));
        }
        Request::get(uri)
            .header(http::header::ACCEPT, self.accept)
            .body(Vec::new())
            .map_err(|error| Error::internal("cannot build a request").caused_by(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::kinds::{SESSION, TASK};
    use serde_json::json;

    #[test]
    fn requests_name_what_they_want() {
        let selection =
            Selection { selector: Some("a=b,c in (d,e)".into()), field_selector: Some("metadata.name=x".into()) };
        let query = Query::collection(&TASK, Some("ns"), &selection, ACCEPT_TABLE).with("limit", &500);
        let request = query.request().unwrap();
        assert_eq!(
            request.uri(),
            "/apis/kubeopencode.io/v1alpha1/namespaces/ns/tasks?labelSelector=a%3Db%2Cc%20in%20%28d%2Ce%29&fieldSelector=metadata.name%3Dx&limit=500"
        );
        assert_eq!(request.headers()["accept"], ACCEPT_TABLE);
        let one = Query::object(&SESSION, "ns", "../x?y", "application/json").request().unwrap();
        assert_eq!(one.uri().path(), "/apis/session.kubeopencode.io/v1alpha1/namespaces/ns/sessions/..%2Fx%3Fy");
    }

    #[test]
    fn tables_lists_and_objects_are_read() {
        let now: Timestamp = "2026-01-01T00:01:00Z".parse().unwrap();
        let table = json!({"kind": "Table", "metadata": {"resourceVersion": "7", "continue": "next"},
            "columnDefinitions": [{"name": "Name", "type": "string", "priority": 0}, {"name": "Pod", "type": "string", "priority": 1}],
            "rows": [{"cells": ["a", null], "object": {"metadata": {"name": "a", "namespace": "n", "labels": {"k": "v"}}}}]});
        let chunk = Chunk::parse(&table.to_string(), now).unwrap();
        assert_eq!((chunk.columns.len(), chunk.next.as_str(), chunk.resource_version.as_str()), (2, "next", "7"));
        assert_eq!(chunk.rows[0].cells.iter().map(cell).collect::<Vec<_>>(), ["a", ""]);
        assert_eq!(labels(&chunk.rows[0].object.metadata.labels), "k=v");

        let item = json!({"metadata": {"name": "b", "creationTimestamp": "2026-01-01T00:00:00Z"}, "status": {"phase": "Running"}});
        let list = json!({"kind": "TaskList", "items": [item], "metadata": {"resourceVersion": "8"}});
        let chunk = Chunk::parse(&list.to_string(), now).unwrap();
        assert_eq!(chunk.rows[0].cells.iter().map(cell).collect::<Vec<_>>(), ["b", "Running", "60s"]);
        let chunk = Chunk::parse(&item.to_string(), now).unwrap();
        assert_eq!(chunk.rows[0].object.metadata.name, "b");
        assert_eq!(objects(&list.to_string()).unwrap(), [item]);
        assert!(Chunk::parse("<html>", now).is_err());

        let cells = json!({"kind": "Table", "rows": [{"cells": ["c"], "object": null}]});
        assert_eq!(Chunk::parse(&cells.to_string(), now).unwrap().rows[0].name(), "c");
    }
}
