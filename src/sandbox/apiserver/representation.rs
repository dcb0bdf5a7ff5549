//! How an answer looks: content negotiation, lists cut together from stored text, Tables and metadata-only objects.
//!
//! kubectl asks for `application/json;as=Table;v=v1;g=meta.k8s.io`, metadata clients for `as=PartialObjectMetadata`
//! (`k8s.io/apiserver/pkg/endpoints/handlers/negotiation`).

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::events;
use super::request::Query;
use super::resources::Resource;
use super::status::{ApiError, ApiResult};
use super::table::{Columns, IncludeObject};
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

/// How the objects of one resource are shown to one client.
#[derive(Debug, Clone)]
pub struct Representation {
    resource: Arc<Resource>,
    accept: Accept,
    columns: Option<Columns>,
    include: IncludeObject,
    /// The columns of a watch were sent.
    began: bool,
}

impl Representation {
    /// For a request.
    pub fn new(resource: Arc<Resource>, accept: Accept, query: &Query) -> ApiResult<Self> {
        let columns = (accept.shape == Shape::Table).then(|| match &resource.custom {
            Some(custom) => custom.columns.clone(),
            None => Columns::builtin(&resource.group, &resource.plural),
        });
        let given = query.get("includeObject").unwrap_or_default();
        let include = IncludeObject::parse(given).ok_or_else(|| {
            ApiError::bad_request(format!(
                "includeObject: Invalid value: {given:?}: must be 'Metadata', 'Object', 'None', or empty"
            ))
        })?;
        Ok(Self { resource, accept, columns, include, began: false })
    }

    /// The object as text in the version asked for.
    pub fn text(&self, object: &Object) -> Bytes {
        match self.accept.shape {
            Shape::Object => self.versioned(&object.json),
            Shape::Metadata | Shape::Table => self.value(object.value(), true),
        }
    }

    /// The Table of these objects.
    fn table(&self, objects: &[Value], metadata: &Value, headers: bool) -> Bytes {
        let table = self
            .columns
            .as_ref()
            .map(|columns| columns.render(objects, metadata, self.include, headers, jiff::Timestamp::now()));
        Bytes::from(table.unwrap_or_default().to_string())
    }

    fn metadata(object: &Value) -> Value {
        json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"]})
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
        match self.accept.shape {
            Shape::Object => self.text(object),
            Shape::Metadata | Shape::Table => self.value(object.value(), headers),
        }
    }

    /// An object that is not stored (a dry run, a review), as text.
    fn value(&self, object: Value, headers: bool) -> Bytes {
        let text = match self.accept.shape {
            Shape::Table => {
                let object = if self.resource.group == "events.k8s.io" { events::from_core(object) } else { object };
                let metadata = object["metadata"].clone();
                return self.table(&[object], &metadata, headers);
            }
            Shape::Metadata => Self::metadata(&object).to_string(),
            Shape::Object if self.resource.group == "events.k8s.io" => events::from_core(object).to_string(),
            Shape::Object => object.to_string(),
        };
        Bytes::from(text)
    }

    /// A list.
    pub fn list(&self, objects: &[Object], metadata: &Value) -> Bytes {
        let (api_version, kind) = match self.accept.shape {
            Shape::Table => {
                let values: Vec<Value> = objects.iter().map(Object::value).collect();
                return self.table(&values, metadata, true);
            }
            Shape::Metadata => ("meta.k8s.io/v1".to_owned(), "PartialObjectMetadataList"),
            Shape::Object => (self.resource.api_version(), self.resource.list_kind.as_str()),
        };
        let length: usize = objects.iter().map(|object| object.json.len() + 1).sum();
        let mut text = Vec::with_capacity(length + 256);
        text.extend_from_slice(head(&api_version, kind).as_bytes());
        text.extend_from_slice(format!("\"metadata\":{metadata},\"items\":[").as_bytes());
        for (index, object) in objects.iter().enumerate() {
            if index > 0 {
                text.push(b',');
            }
            let item = self.text(object);
            match self.without_type(&item) {
                Some(rest) => {
                    text.push(b'{');
                    text.extend_from_slice(rest);
                }
                None => text.extend_from_slice(&item),
            }
        }
        text.extend_from_slice(b"]}");
        Bytes::from(text)
    }

    /// Items of typed lists carry no type of their own; those of custom resources and of metadata lists do.
    fn without_type<'b>(&self, item: &'b [u8]) -> Option<&'b [u8]> {
        if self.resource.custom.is_some() || self.accept.shape != Shape::Object {
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
        match self.accept.shape {
            Shape::Table => json!({
                "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
                "columnDefinitions": [], "rows": [],
            }),
            Shape::Metadata => Self::metadata(&json!({"metadata": metadata})),
            Shape::Object => {
                json!({"kind": self.resource.kind, "apiVersion": self.resource.api_version(), "metadata": metadata})
            }
        }
    }

    /// The answer with this text.
    pub fn respond(&self, code: StatusCode, text: Bytes, warnings: &[String]) -> ApiResult<Response> {
        let (text, media_type) = if self.accept.yaml {
            let value: Value = serde_json::from_slice(&text).map_err(ApiError::internal)?;
            (Bytes::from(serde_saphyr::to_string(&value).map_err(ApiError::internal)?), "application/yaml")
        } else {
            (text, "application/json")
        };
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = code;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
        for warning in warnings {
            // RFC 7234 5.5, as k8s.io/apimachinery/pkg/util/net writes it; what no header may hold is left out.
            let quoted = warning.replace('\\', "\\\\").replace('"', "\\\"");
            if let Ok(value) = HeaderValue::from_str(&format!("299 - \"{quoted}\"")) {
                headers.append(header::WARNING, value);
            }
        }
        Ok(response)
    }
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
