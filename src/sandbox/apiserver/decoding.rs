//! Bringing what a client sent into the form of its kind, and the words for what does not fit: they depend on the way that
//! it came (`k8s.io/apiserver/pkg/endpoints/handlers/{create,update,patch}.go`).
//!
//! | way | unknown or duplicate field, strictly | value of another type |
//! |---|---|---|
//! | body | 400 `Pod in version "v1" cannot be handled as a Pod: strict decoding error: …` | 400 `… json: cannot unmarshal …` |
//! | JSON or merge patch | 422 `patch: Invalid value: "{…}": strict decoding error: …` | 422 `patch: Invalid value: … json: cannot unmarshal …` |
//! | strategic patch | the same, with the patch as a Go map | 422 `… unrecognized type: int32` |
//! | apply | 500 `failed to create typed patch object (…): .spec.x: field not declared in schema`, always | 500 `… expected numeric …` |

use http::StatusCode;
use serde_json::{Map, Value};

use super::duplicates::Duplicate;
use super::openapi::{self, Mismatch};
use super::resources::Resource;
use super::schema::FieldValidation;
use super::status::{ApiError, ApiResult, FieldError};
use super::structure::Structure;
use super::write::Write;
use super::{State, defaults, fields};

/// How the object of a write came to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Way<'a> {
    /// It is the body of the request.
    #[default]
    Body,
    /// By a JSON or merge patch.
    Patch,
    /// By this strategic merge patch.
    Strategic(&'a Value),
    /// By a server-side apply, which brings its own record of managed fields.
    Apply,
}

/// Why an object is not taken.
enum Refused {
    Mismatch(Mismatch),
    Strict(String),
}

impl State {
    /// Brings an object into the form of its kind, before anything else looks inside it; answers warnings.
    pub(super) fn decode(write: &Write<'_>, object: &mut Value) -> ApiResult<Vec<String>> {
        let resource = write.resource;
        // Only a patched object is ever shown.
        let sent = if write.way == Way::Patch { object.to_string() } else { String::new() };
        let said: Vec<String> =
            write.duplicates.iter().map(|Duplicate { path, .. }| format!("duplicate field {path:?}")).collect();
        let validation = FieldValidation::parse(write.field_validation).unwrap_or_default();
        let judged = match &resource.custom {
            None => built_in(resource, object)
                .map_err(Refused::Mismatch)
                .and_then(|unknown| validation.judge(said, unknown).map_err(Refused::Strict)),
            Some(custom) => match custom.schema() {
                Some(schema) => schema.decode(object, said, validation).map_err(Refused::Strict),
                None => Ok(Vec::new()),
            },
        };
        judged.map_err(|refused| refuse(write, &sent, &refused))
    }

    /// Checks a custom object against its schema.
    pub(super) fn check_schema(resource: &Resource, object: &Value, old: Option<&Value>) -> ApiResult<()> {
        let Some(schema) = resource.custom.as_ref().and_then(|custom| custom.schema()) else { return Ok(()) };
        let errors = schema.validate(object, old);
        if errors.is_empty() {
            return Ok(());
        }
        Err(resource.invalid(object["metadata"]["name"].as_str().unwrap_or_default(), &errors))
    }

    /// Refuses an applied configuration that is not of its type. Its unknown fields are refused however fields are
    /// validated: nobody could own them.
    pub(super) fn check_applied(write: &Write<'_>, name: &str, configuration: &Value) -> ApiResult<()> {
        let resource = write.resource;
        let mut pruned = configuration.clone();
        let at = Structure::of(resource);
        let wrong: Vec<String> = match &resource.custom {
            Some(custom) => {
                let unknown = custom.schema().map(|schema| schema.prune(&mut pruned)).unwrap_or_default();
                unknown.iter().map(|path| undeclared(configuration, path, at)).collect()
            }
            None => match built_in(resource, &mut pruned) {
                Ok(unknown) => unknown.iter().map(|path| undeclared(configuration, path, at)).collect(),
                Err(error) => vec![format!("{}: {}", fields::typed_path(configuration, &error.path, at), error.typed)],
            },
        };
        let what = match &wrong[..] {
            [] => return Ok(()),
            [one] => one.clone(),
            many => format!("errors:\n  {}", many.join("\n  ")),
        };
        let (group, version, kind) = (&resource.group, &resource.version, &resource.kind);
        let of = format!("{}/{name}; {group}/{version}, Kind={kind}", write.namespace);
        let message = format!("failed to create typed patch object ({of}): {what}");
        Err(ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "", message))
    }
}

fn built_in(resource: &Resource, object: &mut Value) -> Result<Vec<String>, Mismatch> {
    if matches!(resource.plural.as_str(), "pods" | "deployments" | "replicasets" | "nodes" | "persistentvolumeclaims") {
        defaults::quantities(object);
    }
    // Events of both groups are stored in the form of the core.
    let group = if resource.group == "events.k8s.io" { "" } else { &resource.group };
    openapi::decode(group, &resource.version, &resource.kind, object)
}

fn undeclared(configuration: &Value, path: &str, at: Structure<'_>) -> String {
    format!("{}: field not declared in schema", fields::typed_path(configuration, path, at))
}

fn refuse(write: &Write<'_>, sent: &str, refused: &Refused) -> ApiError {
    let why = match (refused, write.way) {
        (Refused::Strict(text), _) => text,
        (Refused::Mismatch(mismatch), Way::Strategic(_)) => &mismatch.converter,
        (Refused::Mismatch(mismatch), _) => &mismatch.json,
    };
    let patch = |shown: &str| {
        let error = FieldError::invalid("patch", &shown.into(), why);
        ApiError::invalid("", "", "", &[error])
    };
    match write.way {
        Way::Body | Way::Apply => {
            let (kind, version) = (&write.resource.kind, &write.resource.version);
            ApiError::bad_request(format!("{kind} in version {version:?} cannot be handled as a {kind}: {why}"))
        }
        Way::Patch => patch(sent),
        Way::Strategic(given) => patch(&go(given)),
    }
}

/// A value as Go's `%+v` writes it.
fn go(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(go).collect::<Vec<_>>().join(" ")),
        Value::Object(members) => go_map(members),
        other => other.to_string(),
    }
}

fn go_map(members: &Map<String, Value>) -> String {
    let mut pairs: Vec<_> = members.iter().collect();
    pairs.sort_by_key(|(name, _)| *name);
    let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| format!("{name}:{}", go(value))).collect();
    format!("map[{}]", pairs.join(" "))
}
