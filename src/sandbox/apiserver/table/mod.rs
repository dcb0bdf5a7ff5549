//! `meta.k8s.io/v1` Tables: what kubectl prints is what the server wrote into the cells.
//!
//! Custom resources have a column for each of their `additionalPrinterColumns`
//! (`apiextensions-apiserver/pkg/registry/customresource/tableconvertor`); built-in kinds have the columns of
//! `k8s.io/kubernetes/pkg/printers/internalversion`; whatever else there is has a name and a creation time.

mod builtin;
mod part;
mod pod;
mod storage;

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::output::jsonpath::{self, JsonPath};
use crate::output::span;
use part::Part;

/// Which part of each object goes into its row (`includeObject` of `meta.k8s.io/v1` `TableOptions`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IncludeObject {
    /// Cells alone.
    None,
    /// Its metadata, as `PartialObjectMetadata`.
    #[default]
    Metadata,
    /// All of it.
    Object,
}

impl IncludeObject {
    /// From the query parameter; `None` for a value that the API does not know.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "None" => Some(Self::None),
            "" | "Metadata" => Some(Self::Metadata),
            "Object" => Some(Self::Object),
            _ => None,
        }
    }
}

/// One column (`TableColumnDefinition`).
#[derive(Clone, Debug)]
struct Column {
    name: String,
    kind: String,
    format: String,
    description: String,
    /// 0 is always shown, the rest only by `-o wide`.
    priority: i64,
}

#[derive(Clone, Debug)]
enum Cells {
    Built(fn(&Value, Timestamp) -> Vec<Value>),
    /// The paths of a custom resource; `None` for one that cannot be understood, whose cells stay empty.
    Custom(Vec<Option<JsonPath>>),
}

/// The columns of one kind.
#[derive(Clone, Debug)]
pub struct Columns {
    headers: Vec<Column>,
    cells: Cells,
    /// What the cells are made of.
    part: Part,
    /// `conditions` of a row, which clients use to tell what is over from what runs.
    conditions: fn(&Value) -> Option<Value>,
}

const NAME: &str = "Name must be unique within a namespace. Is required when creating resources, although some \
    resources may allow a client to request the generation of an appropriate name automatically. Name is primarily \
    intended for creation idempotence and configuration definition. Cannot be updated. More info: \
    https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";
const CREATED: &str = "CreationTimestamp is a timestamp representing the server time when this object was created. It \
    is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It \
    is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: \
    https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

impl Columns {
    /// The columns of one version of a CustomResourceDefinition (an element of `spec.versions`).
    pub fn for_crd(version: &Value) -> Self {
        let mut columns = vec![Column {
            name: "Name".to_owned(),
            kind: "string".to_owned(),
            format: "name".to_owned(),
            description: NAME.to_owned(),
            priority: 0,
        }];
        let age = [json!({
            "name": "Age", "type": "date", "description": CREATED, "jsonPath": ".metadata.creationTimestamp",
        })];
        let declared = version["additionalPrinterColumns"].as_array().filter(|declared| !declared.is_empty());
        let (mut paths, mut part) = (Vec::new(), Part::nothing());
        part.add(["metadata", "name"].into_iter());
        for declared in declared.map_or(&age[..], Vec::as_slice) {
            let text = |field: &str| declared[field].as_str().unwrap_or_default().to_owned();
            let path = text("jsonPath");
            let description = match text("description") {
                none if none.is_empty() => format!("Custom resource definition column (in JSONPath format): {path}"),
                description => description,
            };
            columns.push(Column {
                name: text("name"),
                kind: text("type"),
                format: text("format"),
                description,
                priority: declared["priority"].as_i64().unwrap_or_default(),
            });
            let path = JsonPath::parse(&format!("{{{path}}}")).ok().map(JsonPath::allow_missing);
            if let Some(path) = &path {
                part.add(path.stem());
            }
            paths.push(path);
        }
        Self { headers: columns, cells: Cells::Custom(paths), part, conditions: |_| None }
    }

    /// The columns of a built-in resource, by its group (empty for the core) and plural name.
    pub fn builtin(group: &str, resource: &str) -> Self {
        let (definitions, cells) = builtin::columns(group, resource);
        let columns = definitions.iter().map(|&(name, kind, priority)| Column {
            name: name.to_owned(),
            kind: kind.to_owned(),
            format: if name == "Name" { "name" } else { "" }.to_owned(),
            description: match name {
                "Name" => NAME,
                "Age" | "Created At" => CREATED,
                _ => "",
            }
            .to_owned(),
            priority,
        });
        let conditions: fn(&Value) -> Option<Value> =
            if (group, resource) == ("", "pods") { pod::row_conditions } else { |_| None };
        Self { headers: columns.collect(), cells: Cells::Built(cells), part: Part::Whole, conditions }
    }

    /// What stands before the rows of a Table. `list_meta` is the metadata of the list, or of the object when there is
    /// one only.
    ///
    /// `headers` is false for all events of a watch but the first, whose columns the client has.
    pub fn begin(&self, list_meta: &Value, headers: bool) -> String {
        let mut metadata = Map::new();
        for field in ["resourceVersion", "continue", "remainingItemCount"] {
            if let Some(value) = list_meta.get(field) {
                metadata.insert(field.to_owned(), value.clone());
            }
        }
        let metadata = Value::Object(metadata);
        let definitions = Value::Array(if headers { self.definitions() } else { Vec::new() });
        format!(
            r#"{{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{metadata},"columnDefinitions":{definitions},"rows":["#
        )
    }

    /// `columnDefinitions`.
    pub fn definitions(&self) -> Vec<Value> {
        let definition = |column: &Column| {
            json!({
                "name": column.name, "type": column.kind, "format": column.format,
                "description": column.description, "priority": column.priority,
            })
        };
        self.headers.iter().map(definition).collect()
    }

    /// Writes one of `rows`, of an object as it is stored.
    pub fn row(&self, json: &[u8], include: IncludeObject, now: Timestamp, text: &mut Vec<u8>) {
        let read = self.part.read(json, include == IncludeObject::Metadata);
        let object = &read.value;
        let cells = match &self.cells {
            Cells::Built(cells) => cells(object, now),
            Cells::Custom(paths) => {
                let mut cells = vec![object["metadata"]["name"].clone()];
                for (column, path) in self.headers.iter().skip(1).zip(paths) {
                    cells.push(path.as_ref().map_or(Value::Null, |path| custom_cell(path, &column.kind, object, now)));
                }
                cells
            }
        };
        text.extend_from_slice(b"{\"cells\":");
        text.extend_from_slice(Value::Array(cells).to_string().as_bytes());
        if let Some(conditions) = (self.conditions)(object) {
            text.extend_from_slice(b",\"conditions\":");
            text.extend_from_slice(conditions.to_string().as_bytes());
        }
        text.extend_from_slice(b",\"object\":");
        match include {
            IncludeObject::None => text.extend_from_slice(b"null"),
            IncludeObject::Object => text.extend_from_slice(json),
            IncludeObject::Metadata => metadata_only(&read.metadata, text),
        }
        text.push(b'}');
    }
}

/// The metadata of a stored object: as it stands, and of its members the `resourceVersion`.
pub fn metadata(json: &[u8]) -> (Cow<'_, str>, Value) {
    let mut part = Part::nothing();
    part.add(["metadata", "resourceVersion"].into_iter());
    let mut read = part.read(json, true);
    (read.metadata, read.value["metadata"].take())
}

/// What stands after the rows of a Table.
pub const END: &[u8] = b"]}";

/// Writes the `PartialObjectMetadata` with this metadata.
pub fn metadata_only(metadata: &str, text: &mut Vec<u8>) {
    text.extend_from_slice(br#"{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":"#);
    text.extend_from_slice(metadata.as_bytes());
    text.push(b'}');
}

/// A cell is what its type says, and nothing where the object says something else.
fn custom_cell(path: &JsonPath, kind: &str, object: &Value, now: Timestamp) -> Value {
    let found = path.find(object).unwrap_or_default();
    let Some(value) = found.first().and_then(|values| values.first()) else {
        return Value::Null;
    };
    match (kind, value.as_ref()) {
        ("string", _) => jsonpath::text(std::slice::from_ref(value)).into(),
        #[expect(clippy::cast_possible_truncation, reason = "the real convertor truncates as well")]
        ("integer", Value::Number(number)) => {
            number.as_i64().or_else(|| number.as_f64().map(|number| number as i64)).into()
        }
        ("number", Value::Number(number)) => number.as_f64().into(),
        ("boolean", Value::Bool(value)) => (*value).into(),
        ("date", Value::String(text)) => {
            text.parse::<Timestamp>().map_or_else(|_| "<invalid>".to_owned(), |time| since(time, now)).into()
        }
        _ => Value::Null,
    }
}

/// How long ago, as kubectl writes it; a time more than a second in the future makes no sense.
fn since(time: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(time).as_secs();
    if seconds < -1 { "<invalid>".to_owned() } else { span(seconds) }
}

/// The age of something whose time is a field of the object (`translateTimestampSince`).
fn age(time: &Value, now: Timestamp) -> String {
    match time.as_str().and_then(|text| text.parse::<Timestamp>().ok()) {
        Some(time) => since(time, now),
        None => "<unknown>".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-01-01T00:10:00Z".parse().unwrap()
    }

    fn cells(columns: &Columns, object: &Value) -> Vec<Value> {
        row(columns, object, IncludeObject::None)["cells"].as_array().unwrap().clone()
    }

    fn row(columns: &Columns, object: &Value, include: IncludeObject) -> Value {
        let mut text = Vec::new();
        columns.row(object.to_string().as_bytes(), include, now(), &mut text);
        serde_json::from_slice(&text).unwrap()
    }

    fn begun(columns: &Columns, list: &Value, headers: bool) -> Value {
        let text = [columns.begin(list, headers).as_bytes(), END].concat();
        serde_json::from_slice(&text).unwrap()
    }

    #[test]
    fn custom_columns_show_what_their_type_allows() {
        let column = |name: &str, kind: &str, path: &str| json!({ "name": name, "type": kind, "jsonPath": path });
        let version = json!({ "additionalPrinterColumns": [
            column("Phase", "string", ".status.phase"),
            column("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status"),
            column("Count", "integer", ".spec.count"),
            column("Share", "number", ".spec.count"),
            column("On", "boolean", ".spec.on"),
            column("Wrong", "integer", ".status.phase"),
            column("List", "string", ".spec.list"),
            column("Since", "date", ".metadata.creationTimestamp"),
            column("Never", "date", ".status.never"),
            column("Odd", "date", ".status.phase"),
            column("Broken", "string", ".status["),
        ] });
        let columns = Columns::for_crd(&version);
        let object = json!({
            "metadata": { "name": "a", "creationTimestamp": "2026-01-01T00:00:00Z" },
            "spec": { "count": 3, "on": true, "list": ["x", 1] },
            "status": { "phase": "Running", "conditions": [{ "type": "Ready", "status": "True" }] },
        });
        assert_eq!(
            cells(&columns, &object),
            json!(["a", "Running", "True", 3, 3.0, true, null, "[\"x\",1]", "10m", null, "<invalid>", null])
                .as_array()
                .unwrap()
                .as_slice()
        );
        assert_eq!(
            columns.definitions()[1]["description"],
            "Custom resource definition column (in JSONPath format): .status.phase"
        );
    }

    #[test]
    fn a_definition_without_columns_shows_the_age() {
        let columns = Columns::for_crd(&json!({}));
        let names: Vec<_> = columns.definitions().iter().map(|column| column["name"].clone()).collect();
        assert_eq!(names, ["Name", "Age"]);
        assert_eq!(cells(&columns, &json!({ "metadata": { "name": "a" } })), [json!("a"), json!(null)]);
    }

    #[test]
    fn a_row_carries_as_much_of_the_object_as_was_asked_for() {
        let columns = Columns::builtin("", "configmaps");
        let object = json!({ "kind": "ConfigMap", "metadata": { "name": "a" }, "data": { "k": "v" } });
        let list = json!({ "resourceVersion": "7", "continue": "c", "remainingItemCount": 2, "selfLink": "x" });
        assert_eq!(row(&columns, &object, IncludeObject::None)["object"], Value::Null);
        assert_eq!(row(&columns, &object, IncludeObject::Object)["object"], object);
        let metadata = row(&columns, &object, IncludeObject::Metadata);
        assert_eq!(
            metadata["object"],
            json!({ "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": { "name": "a" } })
        );
        assert_eq!(metadata["cells"], json!(["a", 1, "<unknown>"]));
        let table = begun(&columns, &list, true);
        assert_eq!(table["metadata"], json!({ "resourceVersion": "7", "continue": "c", "remainingItemCount": 2 }));
        assert_eq!(table["columnDefinitions"], Value::Array(columns.definitions()));
        assert_eq!(begun(&columns, &list, false)["columnDefinitions"], json!([]));
        assert_eq!(IncludeObject::parse("Some"), None);
    }

    #[test]
    fn every_built_in_row_has_a_cell_for_each_column() {
        for (group, resource) in builtin::KNOWN {
            let columns = Columns::builtin(group, resource);
            let object = json!({ "metadata": { "name": "a" } });
            assert_eq!(cells(&columns, &object).len(), columns.definitions().len(), "{resource}.{group}");
        }
    }
}
