//! Request bodies: JSON, YAML and the protobuf that kubectl sends for some built-in kinds.

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value;

use super::duplicates::{self, Duplicate};
use super::protobuf;
use super::status::{ApiError, ApiResult};

/// What the real server reads at most (`MaxRequestBodyBytes`).
pub const LIMIT: usize = 3 << 20;

/// The media type of a body, without parameters.
pub fn media_type(headers: &HeaderMap) -> &str {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim()
}

/// Reads a body; 413 when it is larger than [`LIMIT`].
pub async fn read(body: Body) -> ApiResult<Bytes> {
    match Limited::new(body, LIMIT).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(ApiError::body_too_large(LIMIT)),
        Err(error) => Err(ApiError::bad_request(format!("cannot read the request body: {error}"))),
    }
}

/// The object in a body. Clients that name no type send JSON.
pub fn parse(media_type: &str, bytes: &[u8]) -> ApiResult<Value> {
    match media_type {
        "" | "application/json" | "*/*" => json(bytes),
        "application/yaml" => yaml(bytes),
        "application/vnd.kubernetes.protobuf" => protobuf::decode(bytes).map_err(ApiError::bad_request),
        _ => Err(ApiError::unsupported_media_type(
            "application/json, application/yaml, application/vnd.kubernetes.protobuf",
        )),
    }
}

/// The fields that stand twice in a body. Only JSON can hold them: YAML with such fields is refused, and the others have
/// no names.
pub fn duplicates(media_type: &str, bytes: &[u8]) -> Vec<Duplicate> {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let is_json = media_type.ends_with("json") || text.trim_start().starts_with('{');
    if is_json { duplicates::find(text) } else { Vec::new() }
}

/// Decodes JSON.
pub fn json(bytes: &[u8]) -> ApiResult<Value> {
    serde_json::from_slice(bytes)
        .map_err(|error| ApiError::bad_request(format!("couldn't get version/kind; json parse error: {error}")))
}

/// Decodes YAML, of which JSON is a part.
pub fn yaml(bytes: &[u8]) -> ApiResult<Value> {
    if bytes.first() == Some(&b'{')
        && let Ok(value) = serde_json::from_slice(bytes)
    {
        return Ok(value);
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| ApiError::bad_request(format!("error decoding YAML: {error}")))?;
    serde_saphyr::from_str(text).map_err(|error| ApiError::bad_request(format!("error decoding YAML: {error}")))
}
