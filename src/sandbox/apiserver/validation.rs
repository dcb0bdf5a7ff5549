//! What a built-in kind refuses beyond types (`k8s.io/kubernetes/pkg/apis/*/validation`).

use std::collections::HashSet;

use serde_json::{Value, json};

use super::resources::Resource;
use super::status::{ApiResult, FieldError};
use crate::api::names::{LABEL_LENGTH, has_label_form};

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SERVICE_LABEL: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

/// Checks an object's name as its kind does; `field` is `metadata.name` or `metadata.generateName`.
pub fn check_name(resource: &Resource, field: &str, name: &str) -> Option<FieldError> {
    let value = Value::from(name);
    let error = |detail: &str| Some(FieldError::invalid(field, &value, detail));
    match resource.collection.as_ref() {
        "namespaces" if !has_label_form(name) => error(LABEL),
        "services" if !has_label_form(name) || name.starts_with(|c: char| c.is_ascii_digit()) => error(SERVICE_LABEL),
        "namespaces" | "services" if name.len() > LABEL_LENGTH => error("must be no more than 63 characters"),
        collection if collection.ends_with(".rbac.authorization.k8s.io") => match name {
            "." | ".." => error(&format!("may not be '{name}'")),
            _ if name.contains('/') => error("may not contain '/'"),
            _ if name.contains('%') => error("may not contain '%'"),
            _ => None,
        },
        _ if name.len() > 253 => error("must be no more than 253 characters"),
        _ if !name.split('.').all(has_label_form) => error(SUBDOMAIN),
        _ => None,
    }
}

/// What a built-in kind refuses beyond types. Deep validation is not the sandbox's purpose: what is checked is what a
/// controller or a user could get wrong and would only notice later.
pub fn validate(resource: &Resource, old: Option<&Value>, object: &Value) -> ApiResult<()> {
    let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    let mut errors = Vec::new();
    match resource.collection.as_ref() {
        "pods" => {
            pod_errors(&object["spec"], "spec", &mut errors);
            if let Some(old) = old {
                pod_update_errors(&old["spec"], &object["spec"], &mut errors);
            }
        }
        "deployments.apps" | "replicasets.apps" => {
            workload_errors(object, &mut errors);
            if old.is_some_and(|old| old["spec"]["selector"] != object["spec"]["selector"]) {
                errors.push(FieldError::invalid("spec.selector", &object["spec"]["selector"], "field is immutable"));
            }
        }
        "services" => {
            let address = |service: &Value| service["spec"]["clusterIP"].as_str().unwrap_or_default().to_owned();
            let (before, after) = (old.map(address).unwrap_or_default(), address(object));
            if !before.is_empty() && before != after && object["spec"]["type"] != "ExternalName" {
                let value = json!([after]);
                errors.push(FieldError::invalid("spec.clusterIPs[0]", &value, "may not change once set"));
            }
        }
        "configmaps" | "secrets" => {
            if let Some(old) = old.filter(|old| old["immutable"] == true)
                && (old["data"] != object["data"] || object["immutable"] != true)
            {
                errors.push(FieldError::forbidden("data", "field is immutable when `immutable` is set"));
            }
            secret_errors(resource, old, object, &mut errors);
        }
        _ => {}
    }
    if errors.is_empty() { Ok(()) } else { Err(resource.invalid(name, &errors)) }
}

fn secret_errors(resource: &Resource, old: Option<&Value>, object: &Value, errors: &mut Vec<FieldError>) {
    if resource.plural != "secrets" {
        return;
    }
    if old.is_some_and(|old| old["type"] != object["type"]) {
        errors.push(FieldError::invalid("type", &object["type"], "field is immutable"));
    }
}

fn workload_errors(object: &Value, errors: &mut Vec<FieldError>) {
    let spec = &object["spec"];
    if spec["selector"].is_null() {
        errors.push(FieldError::required("spec.selector", ""));
    }
    let labels = &spec["template"]["metadata"]["labels"];
    let selected = spec["selector"]["matchLabels"].as_object().into_iter().flatten();
    if selected.clone().any(|(key, value)| labels.get(key) != Some(value)) {
        errors.push(FieldError::invalid(
            "spec.template.metadata.labels",
            labels,
            "`selector` does not match template `labels`",
        ));
    }
    pod_errors(&spec["template"]["spec"], "spec.template.spec", errors);
}

fn pod_errors(spec: &Value, path: &str, errors: &mut Vec<FieldError>) {
    let containers = spec["containers"].as_array().map(Vec::as_slice).unwrap_or_default();
    if containers.is_empty() {
        errors.push(FieldError::required(format!("{path}.containers"), ""));
    }
    let volumes: HashSet<&str> =
        spec["volumes"].as_array().into_iter().flatten().filter_map(|volume| volume["name"].as_str()).collect();
    let mut names = HashSet::new();
    for list in ["initContainers", "containers"] {
        for (index, container) in spec[list].as_array().into_iter().flatten().enumerate() {
            let at = format!("{path}.{list}[{index}]");
            match container["name"].as_str() {
                None | Some("") => errors.push(FieldError::required(format!("{at}.name"), "")),
                Some(name) if !names.insert(name) => errors.push(FieldError {
                    reason: "FieldValueDuplicate",
                    field: format!("{at}.name"),
                    message: format!("Duplicate value: \"{name}\""),
                }),
                Some(name) if !has_label_form(name) => {
                    errors.push(FieldError::invalid(format!("{at}.name"), &name.into(), LABEL));
                }
                Some(_) => {}
            }
            if container["image"].as_str().unwrap_or_default().is_empty() {
                errors.push(FieldError::required(format!("{at}.image"), ""));
            }
            for (mount, given) in container["volumeMounts"].as_array().into_iter().flatten().enumerate() {
                if given["name"].as_str().is_some_and(|name| !volumes.contains(name)) {
                    errors.push(FieldError {
                        reason: "FieldValueNotFound",
                        field: format!("{at}.volumeMounts[{mount}].name"),
                        message: format!("Not found: {}", given["name"]),
                    });
                }
            }
        }
    }
    let policy = &spec["restartPolicy"];
    if !matches!(policy.as_str(), Some("Always" | "OnFailure" | "Never")) {
        let known = ["Always", "OnFailure", "Never"];
        errors.push(FieldError::not_supported(format!("{path}.restartPolicy"), policy, &known));
    }
}

const UPDATABLE: &str = "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/// What a Pod may not become (`ValidatePodUpdate` of `pkg/apis/core/validation`).
fn pod_update_errors(old: &Value, new: &Value, errors: &mut Vec<FieldError>) {
    for list in ["containers", "initContainers"] {
        let count = |spec: &Value| spec[list].as_array().map_or(0, Vec::len);
        if count(old) != count(new) {
            let detail = "pod updates may not add or remove containers";
            errors.push(FieldError::forbidden(format!("spec.{list}"), detail));
            return;
        }
    }
    let deadline = |spec: &Value| spec["activeDeadlineSeconds"].as_i64();
    match (deadline(old), deadline(new)) {
        (Some(before), Some(after)) if after > before => {
            let detail = format!("must be less than or equal to previous value {before}");
            errors.push(FieldError::invalid("spec.activeDeadlineSeconds", &after.into(), &detail));
            return;
        }
        (Some(_), None) => {
            let detail = "must not update from a positive integer to nil value";
            errors.push(FieldError::invalid("spec.activeDeadlineSeconds", &Value::Null, detail));
            return;
        }
        _ => {}
    }
    let tolerations = |spec: &Value| spec["tolerations"].as_array().cloned().unwrap_or_default();
    let (before, after) = (tolerations(old), tolerations(new));
    if before.iter().any(|toleration| !after.contains(toleration)) {
        let detail = "existing toleration can not be modified except its tolerationSeconds";
        errors.push(FieldError::forbidden("spec.tolerations", detail));
        return;
    }
    let mut allowed = new.clone();
    for name in ["activeDeadlineSeconds", "tolerations"] {
        keep(&mut allowed, old, name);
    }
    if old["terminationGracePeriodSeconds"].as_i64().is_some_and(|seconds| seconds < 0)
        && new["terminationGracePeriodSeconds"] == 1
    {
        keep(&mut allowed, old, "terminationGracePeriodSeconds");
    }
    for list in ["containers", "initContainers"] {
        let containers = allowed.get_mut(list).and_then(Value::as_array_mut);
        for (index, container) in containers.into_iter().flatten().enumerate() {
            keep(container, &old[list][index], "image");
        }
    }
    if allowed != *old {
        let mut changes = Vec::new();
        differences(old, &allowed, "spec", &mut changes);
        let detail = format!("pod updates may not change fields other than {UPDATABLE}\n{}", changes.join("\n"));
        errors.push(FieldError::forbidden("spec", &detail));
    }
}

/// Takes back what was done to a member.
fn keep(new: &mut Value, old: &Value, name: &str) {
    let Some(members) = new.as_object_mut() else { return };
    match old.get(name) {
        Some(value) => drop(members.insert(name.to_owned(), value.clone())),
        None => drop(members.shift_remove(name)),
    }
}

/// Lines that say what is different and where.
fn differences(old: &Value, new: &Value, path: &str, lines: &mut Vec<String>) {
    match (old, new) {
        _ if old == new => {}
        (Value::Object(before), Value::Object(after)) => {
            let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
            names.sort_unstable();
            names.dedup();
            for name in names {
                differences(&old[name.as_str()], &new[name.as_str()], &format!("{path}.{name}"), lines);
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                differences(before, after, &format!("{path}[{index}]"), lines);
            }
        }
        _ => {
            lines.extend(Some(format!("- {path}: {old}")).filter(|_| !old.is_null()));
            lines.extend(Some(format!("+ {path}: {new}")).filter(|_| !new.is_null()));
        }
    }
}
