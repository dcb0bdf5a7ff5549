//! Checks of type, identity and metadata, which are the same for all kinds
//! (`k8s.io/apimachinery/pkg/api/validation/objectmeta.go`, `…/apis/meta/v1/validation`).

use serde_json::Value;

use super::request::DeleteOptions;
use super::resources::Resource;
use super::status::{ApiError, ApiResult, FieldError};
use super::strategy;
use super::write::Write;

const NAME: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// What is wrong with a map of labels.
pub fn label_errors(labels: &Value, field: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (key, value) in labels.as_object().into_iter().flatten() {
        let name = key.split_once('/').map_or(key.as_str(), |(_, name)| name);
        if !is_name(name) {
            errors.push(FieldError::invalid(field, &key.as_str().into(), NAME));
        } else if name.len() > 63 {
            errors.push(FieldError::invalid(
                field,
                &key.as_str().into(),
                "name part must be no more than 63 characters",
            ));
        }
        let text = value.as_str().unwrap_or_default();
        if !text.is_empty() && !is_name(text) {
            errors.push(FieldError::invalid(field, value, VALUE));
        } else if text.len() > 63 {
            errors.push(FieldError::invalid(field, value, "must be no more than 63 characters"));
        }
    }
    errors
}

/// Whether the object says it is of the kind and version that the path names.
pub fn check_type(resource: &Resource, object: &Value) -> ApiResult<()> {
    let expected = resource.api_version_as_stored();
    let kind = object["kind"].as_str().unwrap_or_default();
    let version = object["apiVersion"].as_str().unwrap_or_default();
    if kind == resource.kind && version == expected {
        return Ok(());
    }
    if kind.is_empty() || version.is_empty() {
        let missing = if kind.is_empty() { "Kind" } else { "apiVersion" };
        return Err(ApiError::bad_request(format!("Object '{missing}' is missing in '{object}'")));
    }
    if version != expected {
        return Err(ApiError::bad_request(format!(
            "the API version in the data ({version}) does not match the expected API version ({expected})"
        )));
    }
    Err(ApiError::bad_request(format!(
        "{} in version \"{}\" cannot be handled as a {}: kind {kind} does not match",
        resource.kind, resource.version, resource.kind
    )))
}

/// Whether the object is in the namespace that the path names; cluster-scoped objects are in none.
pub fn check_namespace(write: &Write<'_>, object: &mut Value) -> ApiResult<()> {
    let given = object.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or_default();
    if !write.resource.namespaced {
        if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.shift_remove("namespace");
        }
        return Ok(());
    }
    if given.is_empty() || given == write.namespace {
        return Ok(());
    }
    Err(ApiError::bad_request(format!(
        "the namespace of the provided object does not match the namespace sent on the request, expected {}, got {given}",
        write.namespace
    )))
}

/// Whether an update is of the object that is stored under the name.
pub fn check_identity(resource: &Resource, name: &str, old: &Value, new: &Value) -> ApiResult<()> {
    let given = new.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    if !given.is_empty() && given != name {
        return Err(ApiError::bad_request(format!(
            "the name of the object ({given}) does not match the name on the URL ({name})"
        )));
    }
    if !new["metadata"].is_object() {
        return Err(ApiError::bad_request("metadata is not an object"));
    }
    let uid = |object: &Value| object.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (old, new) = (uid(old), uid(new));
    if !new.is_empty() && old != new {
        let why = format!("Precondition failed: UID in precondition: {new}, UID in object meta: {old}");
        return Err(ApiError::conflict(resource, name, &why));
    }
    Ok(())
}

/// What the server set at creation or deletion stays, whatever the client sends.
pub fn keep_system_metadata(old: &Value, new: &mut Value) {
    let old = &old["metadata"];
    let Some(metadata) = strategy::members(new, "metadata") else { return };
    for name in [
        "name",
        "namespace",
        "uid",
        "creationTimestamp",
        "generation",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "resourceVersion",
        "generateName",
    ] {
        match old.get(name) {
            Some(value) => drop(metadata.insert(name.to_owned(), value.clone())),
            None => drop(metadata.shift_remove(name)),
        }
    }
    metadata.retain(|_, value| !value.is_null());
}

/// Checks labels, annotations and owner references.
pub fn check_metadata(resource: &Resource, name: &str, metadata: &Value) -> ApiResult<()> {
    let mut errors = Vec::new();
    for (field, most) in [("labels", usize::MAX), ("annotations", 256 << 10)] {
        let given = &metadata[field];
        if given.is_null() {
            continue;
        }
        let Some(pairs) = given.as_object().filter(|pairs| pairs.values().all(Value::is_string)) else {
            let kind = &resource.kind;
            return Err(ApiError::bad_request(format!(
                "{kind} in version \"{}\" cannot be handled as a {kind}: metadata.{field} must map strings to strings",
                resource.version
            )));
        };
        let size: usize = pairs.iter().map(|(key, value)| key.len() + value.as_str().map_or(0, str::len)).sum();
        if size > most {
            errors.push(FieldError {
                reason: "FieldValueTooLong",
                field: "metadata.annotations".to_owned(),
                message: format!("Too long: may not be more than {most} bytes"),
            });
        }
    }
    for (index, owner) in metadata["ownerReferences"].as_array().into_iter().flatten().enumerate() {
        for field in ["apiVersion", "kind", "name", "uid"] {
            if owner[field].as_str().unwrap_or_default().is_empty() {
                let message = if field == "apiVersion" { "version must not be empty" } else { "must not be empty" };
                let at = format!("metadata.ownerReferences[{index}].{field}");
                errors.push(FieldError::invalid(at, &"".into(), message));
            }
        }
    }
    errors.extend(label_errors(&metadata["labels"], "metadata.labels"));
    if errors.is_empty() { Ok(()) } else { Err(resource.invalid(name, &errors)) }
}

/// The finalizers of an object.
pub fn finalizers(object: &Value) -> Vec<&str> {
    let list = object.pointer("/metadata/finalizers").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Whether no finalizer is added to an object that is being deleted.
pub fn check_finalizers(resource: &Resource, name: &str, old: &Value, new: &Value) -> ApiResult<()> {
    if old.pointer("/metadata/deletionTimestamp").is_none() {
        return Ok(());
    }
    let held = finalizers(old);
    let added: Vec<&str> = finalizers(new).into_iter().filter(|finalizer| !held.contains(finalizer)).collect();
    if added.is_empty() {
        return Ok(());
    }
    let detail = format!(
        "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
        {
            let quoted: Vec<_> = added.iter().map(|finalizer| format!("\"{finalizer}\"")).collect();
            quoted.join(", ")
        }
    );
    Err(resource.invalid(name, &[FieldError::forbidden("metadata.finalizers", &detail)]))
}

/// Whether the object is the one that a deletion means.
pub fn check_preconditions(resource: &Resource, name: &str, old: &Value, options: &DeleteOptions) -> ApiResult<()> {
    for (what, field, wanted) in
        [("UID", "uid", &options.uid), ("ResourceVersion", "resourceVersion", &options.resource_version)]
    {
        let held = old["metadata"][field].as_str().unwrap_or_default();
        if let Some(wanted) = wanted.as_deref().filter(|wanted| *wanted != held) {
            let why = format!("Precondition failed: {what} in precondition: {wanted}, {what} in object meta: {held}");
            return Err(ApiError::conflict(resource, name, &why));
        }
    }
    Ok(())
}
