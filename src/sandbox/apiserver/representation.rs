//! How an answer looks: content negotiation, lists cut together from stored text, Tables and metadata-only objects.
//!
//! kubectl asks for `application/json;as=Table;v=v1;g=meta.k8s.io`, metadata clients for `as=PartialObjectMetadata`
//! (`k8s.io/apiserver/pkg/endpoints/handlers/negotiation`).

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures::stream;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::events;
use super::request::Query;
use super::resources::Resource;
use super::status::{ApiError, ApiResult};
use super::table::{self, Columns, IncludeObject};
use crate::sandbox::store::Object;

/// What shape the client wants objects in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// As they are.
    Object,
    /// Only `metadata`.
    Metadata,
    /// As rows of a Table.
    Table,
}

/// What the client accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accept {
    /// Shape.
    pub shape: Shape,
    /// As YAML instead of JSON.
    pub yaml: bool,
}

impl Accept {
    /// From the `Accept` header: the first media type that can be served, 406 if there is none.
    pub fn of(headers: &HeaderMap) -> ApiResult<Self> {
        let json = Self { shape: Shape::Object, yaml: false };
        let mut offers = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
        if offers.peek().is_none() {
            return Ok(json);
        }
        for offer in offers.flat_map(|value| value.split(',')) {
            let mut parts = offer.split(';').map(str::trim);
            let yaml = match parts.next().unwrap_or_default() {
                "application/json" | "*/*" | "application/*" | "" => false,
                "application/yaml" => true,
                _ => continue,
            };
            let shape = match parts.find_map(|part| part.strip_prefix("as=")) {
                None => Shape::Object,
                Some("PartialObjectMetadata" | "PartialObjectMetadataList") => Shape::Metadata,
                Some("Table") if !offer.contains("v=") || offer.contains("v=v1;") || offer.ends_with("v=v1") => {
                    Shape::Table
                }
                Some(_) => continue,
            };
            return Ok(Self { shape, yaml });
        }
        Err(ApiError::not_acceptable())
    }
}

/// The first members of a stored object, which are always these two in this order.
fn head(api_version: &str, kind: &str) -> String {
    format!("{{\"apiVersion\":\"{api_version}\",\"kind\":\"{kind}\",")
}

#[derive(Debug, Clone)]
enum Shown {
    Object,
    Metadata,
    Rows(Columns),
}

/// How the objects of one resource are shown to one client.
#[derive(Debug, Clone)]
pub struct Representation {
    resource: Arc<Resource>,
    yaml: bool,
    shown: Shown,
    include: IncludeObject,
    /// The columns of a watch were sent.
    began: bool,
}

impl Representation {
    /// For a request.
    pub fn new(resource: Arc<Resource>, accept: Accept, query: &Query) -> ApiResult<Self> {
        let shown = match (accept.shape, &resource.custom) {
            (Shape::Object, _) => Shown::Object,
            (Shape::Metadata, _) => Shown::Metadata,
            (Shape::Table, Some(custom)) => Shown::Rows(custom.columns.clone()),
            (Shape::Table, None) => Shown::Rows(Columns::builtin(&resource.group, &resource.plural)),
        };
        let given = query.get("includeObject").unwrap_or_default();
        let include = IncludeObject::parse(given).ok_or_else(|| {
            ApiError::bad_request(format!(
                "includeObject: Invalid value: {given:?}: must be 'Metadata', 'Object', 'None', or empty"
            ))
        })?;
        Ok(Self { resource, yaml: accept.yaml, shown, include, began: false })
    }

    /// The object as text in the version and shape asked for.
    pub fn text(&self, object: &Object) -> Bytes {
        self.single(object, true)
    }

    fn single(&self, object: &Object, headers: bool) -> Bytes {
        let mut text = Vec::new();
        match &self.shown {
            Shown::Object => return self.versioned(&object.json),
            Shown::Metadata => table::metadata_only(&table::metadata(&object.json).0, &mut text),
            Shown::Rows(columns) => {
                text.extend_from_slice(columns.begin(&table::metadata(&object.json).1, headers).as_bytes());
                self.row(columns, object, jiff::Timestamp::now(), &mut text);
                text.extend_from_slice(table::END);
            }
        }
        Bytes::from(text)
    }

    fn row(&self, columns: &Columns, object: &Object, now: jiff::Timestamp, text: &mut Vec<u8>) {
        if self.include == IncludeObject::Object {
            columns.row(&self.versioned(&object.json), self.include, now, text);
        } else {
            columns.row(&object.json, self.include, now, text);
        }
    }

    fn versioned(&self, stored: &Bytes) -> Bytes {
        if self.resource.group == "events.k8s.io" {
            return Bytes::from(events::from_core(serde_json::from_slice(stored).unwrap_or_default()).to_string());
        }
        let head = head(&self.resource.api_version(), &self.resource.kind);
        if stored.starts_with(head.as_bytes()) {
            return stored.clone();
        }
        let mut object: Value = serde_json::from_slice(stored).unwrap_or_default();
        object["apiVersion"] = self.resource.api_version().into();
        Bytes::from(object.to_string())
    }

    /// The object as a watch shows it.
    pub fn event(&mut self, object: &Object) -> Bytes {
        let headers = !std::mem::replace(&mut self.began, true);
        self.single(object, headers)
    }

    /// A list.
    fn pieces(self, objects: Vec<Object>, metadata: &Value) -> Pieces {
        let of_items =
            |api_version: &str, kind: &str| format!("{}\"metadata\":{metadata},\"items\":[", head(api_version, kind));
        let begin = match &self.shown {
            Shown::Object => of_items(&self.resource.api_version(), &self.resource.list_kind),
            Shown::Metadata => of_items("meta.k8s.io/v1", "PartialObjectMetadataList"),
            Shown::Rows(columns) => columns.begin(metadata, true),
        };
        let objects = objects.into_iter();
        let now = jiff::Timestamp::now();
        Pieces { representation: self, objects, now, text: begin.into_bytes(), first: true, ended: false }
    }

    fn item(&self, object: &Object, now: jiff::Timestamp, text: &mut Vec<u8>) {
        match &self.shown {
            Shown::Object => {
                let item = self.versioned(&object.json);
                match self.without_type(&item) {
                    Some(rest) => {
                        text.push(b'{');
                        text.extend_from_slice(rest);
                    }
                    None => text.extend_from_slice(&item),
                }
            }
            Shown::Metadata => table::metadata_only(&table::metadata(&object.json).0, text),
            Shown::Rows(columns) => self.row(columns, object, now, text),
        }
    }

    /// Items of typed lists carry no type of their own; those of custom resources do.
    fn without_type<'b>(&self, item: &'b [u8]) -> Option<&'b [u8]> {
        if self.resource.custom.is_some() {
            return None;
        }
        item.strip_prefix(head(&self.resource.api_version(), &self.resource.kind).as_bytes())
    }

    /// The object of a watch's `BOOKMARK`.
    pub fn bookmark(&self, revision: u64, initial_events_end: bool) -> Value {
        let mut metadata = json!({"resourceVersion": revision.to_string(), "creationTimestamp": null});
        if initial_events_end {
            metadata["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        match &self.shown {
            Shown::Rows(_) => json!({
                "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
                "columnDefinitions": [], "rows": [],
            }),
            Shown::Metadata => {
                json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": metadata})
            }
            Shown::Object => {
                json!({"kind": self.resource.kind, "apiVersion": self.resource.api_version(), "metadata": metadata})
            }
        }
    }

    /// The answer with this text.
    pub fn respond(&self, code: StatusCode, text: Bytes, warnings: &[String]) -> ApiResult<Response> {
        let mut response = if self.yaml {
            let value: Value = serde_json::from_slice(&text).map_err(ApiError::internal)?;
            let text = serde_saphyr::to_string(&value).map_err(ApiError::internal)?;
            answer(code, Body::from(text), "application/yaml")
        } else {
            answer(code, Body::from(text), "application/json")
        };
        for warning in warnings {
            // RFC 7234 5.5, as k8s.io/apimachinery/pkg/util/net writes it; what no header may hold is left out.
            let quoted = warning.replace('\\', "\\\\").replace('"', "\\\"");
            if let Ok(value) = HeaderValue::from_str(&format!("299 - \"{quoted}\"")) {
                response.headers_mut().append(header::WARNING, value);
            }
        }
        Ok(response)
    }

    /// The answer with a list, which is written while it is sent.
    pub fn respond_list(self, objects: Vec<Object>, metadata: &Value) -> ApiResult<Response> {
        if self.yaml {
            let text: Vec<u8> = self.clone().pieces(objects, metadata).flatten().collect();
            return self.respond(StatusCode::OK, text.into(), &[]);
        }
        let mut pieces = self.pieces(objects, metadata);
        let first = pieces.next().unwrap_or_default();
        let body = if pieces.ended {
            Body::from(first)
        } else {
            Body::from_stream(stream::iter(std::iter::once(first).chain(pieces).map(Ok::<_, Infallible>)))
        };
        Ok(answer(StatusCode::OK, body, "application/json"))
    }
}

/// The text of a list, so much of it at a time as one write takes.
struct Pieces {
    representation: Representation,
    objects: std::vec::IntoIter<Object>,
    now: jiff::Timestamp,
    text: Vec<u8>,
    first: bool,
    ended: bool,
}

/// Bytes of a piece, at least.
const PIECE: usize = 1 << 16;

impl Iterator for Pieces {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        while self.text.len() < PIECE {
            let Some(object) = self.objects.next() else {
                // A list ends as the rows of a table do.
                self.text.extend_from_slice(table::END);
                self.ended = true;
                break;
            };
            if !std::mem::take(&mut self.first) {
                self.text.push(b',');
            }
            self.representation.item(&object, self.now, &mut self.text);
        }
        let room = if self.ended { 0 } else { self.text.capacity() };
        Some(std::mem::replace(&mut self.text, Vec::with_capacity(room)).into())
    }
}

fn answer(code: StatusCode, body: Body, media_type: &'static str) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = code;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    response
}

/// A JSON answer that is no stored object.
pub fn json_response(code: StatusCode, value: &Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = code;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A plain text answer.
pub fn text_response(code: StatusCode, text: impl Into<String>) -> Response {
    let mut response = Response::new(Body::from(text.into()));
    *response.status_mut() = code;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    response
}
