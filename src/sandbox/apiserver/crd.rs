//! `CustomResourceDefinition`s: names are checked and conditions set when one is written, and what it serves is served
//! from then on (`k8s.io/apiextensions-apiserver/pkg/controller/{status,establish}`).

use serde_json::{Value, json};

use super::State;
use super::schema::VersionSchema;
use super::status::{ApiResult, FieldError};
use super::write::now;

/// Holds a definition until its objects are gone.
pub const FINALIZER: &str = "customresourcecleanup.apiextensions.k8s.io";

/// Where definitions are stored.
pub const COLLECTION: &str = "customresourcedefinitions.apiextensions.k8s.io";

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Makes the deletion of a new definition wait for its objects.
pub fn hold(definition: &mut Value) {
    let finalizers = &mut definition["metadata"]["finalizers"];
    if finalizers.is_null() {
        *finalizers = json!([]);
    }
    if let Some(finalizers) = finalizers.as_array_mut().filter(|list| !list.iter().any(|held| held == FINALIZER)) {
        finalizers.push(FINALIZER.into());
    }
}

/// Defaults, checks and establishes a definition that is about to be written.
pub fn prepare(definition: &mut Value, state: &State) -> ApiResult<()> {
    let kind = text(definition, "/spec/names/kind").to_owned();
    let names = &mut definition["spec"]["names"];
    if names["singular"].is_null() {
        names["singular"] = kind.to_lowercase().into();
    }
    if names["listKind"].is_null() {
        names["listKind"] = format!("{kind}List").into();
    }
    if definition["spec"]["conversion"].is_null() {
        definition["spec"]["conversion"] = json!({"strategy": "None"});
    }
    check(definition, state)?;
    let conflict = name_conflict(definition, state);
    let accepted = definition["spec"]["names"].clone();
    let stored: Vec<Value> = {
        let mut stored: Vec<Value> =
            definition.pointer("/status/storedVersions").and_then(Value::as_array).cloned().unwrap_or_default();
        let versions = definition["spec"]["versions"].as_array().into_iter().flatten();
        for name in versions.filter(|version| version["storage"] == true).map(|version| version["name"].clone()) {
            if !stored.contains(&name) {
                stored.push(name);
            }
        }
        stored
    };
    let status = &mut definition["status"];
    status["storedVersions"] = stored.into();
    match conflict {
        None => {
            status["acceptedNames"] = accepted;
            set_condition(status, "NamesAccepted", true, "NoConflicts", "no conflicts found");
            set_condition(status, "Established", true, "InitialNamesAccepted", "the initial names have been accepted");
        }
        Some((reason, message)) => {
            if status["acceptedNames"].is_null() {
                status["acceptedNames"] = json!({"plural": "", "kind": ""});
            }
            set_condition(status, "NamesAccepted", false, reason, &message);
            set_condition(status, "Established", false, "NotAccepted", "not all names are accepted");
        }
    }
    Ok(())
}

fn set_condition(status: &mut Value, kind: &str, holds: bool, reason: &str, message: &str) {
    let value = if holds { "True" } else { "False" };
    let conditions = &mut status["conditions"];
    if !conditions.is_array() {
        *conditions = json!([]);
    }
    let Some(conditions) = conditions.as_array_mut() else { return };
    let held = conditions.iter().position(|condition| condition["type"] == kind);
    if held.is_some_and(|index| conditions[index]["status"] == value) {
        return;
    }
    let condition =
        json!({"type": kind, "status": value, "lastTransitionTime": now(), "reason": reason, "message": message});
    match held {
        Some(index) => conditions[index] = condition,
        None => conditions.push(condition),
    }
}

fn check(definition: &Value, state: &State) -> ApiResult<()> {
    let (group, plural) = (text(definition, "/spec/group"), text(definition, "/spec/names/plural"));
    let name = text(definition, "/metadata/name").to_owned();
    let mut errors = Vec::new();
    for field in ["spec.group", "spec.names.plural", "spec.names.kind", "spec.scope"] {
        if text(definition, &format!("/{}", field.replace('.', "/"))).is_empty() {
            errors.push(FieldError::required(field, ""));
        }
    }
    let wanted = format!("{plural}.{group}");
    if name != wanted {
        let detail = "must be spec.names.plural+\".\"+spec.group";
        errors.push(FieldError::invalid("metadata.name", &name.as_str().into(), detail));
    }
    let versions = definition["spec"]["versions"].as_array().map(Vec::as_slice).unwrap_or_default();
    if versions.iter().filter(|version| version["storage"] == true).count() != 1 {
        let detail = "must have exactly one version marked as storage version";
        errors.push(FieldError::invalid("spec.versions", &definition["spec"]["versions"], detail));
    }
    for (index, version) in versions.iter().enumerate() {
        if version.pointer("/schema/openAPIV3Schema").is_none() {
            let at = format!("spec.versions[{index}].schema.openAPIV3Schema");
            errors.push(FieldError::required(at, "schemas are required"));
        } else if let Err(mut wrong) = VersionSchema::compile(version) {
            errors.append(&mut wrong);
        }
    }
    if definition.pointer("/spec/conversion/strategy").is_some_and(|strategy| strategy == "Webhook") {
        errors.push(FieldError::not_supported("spec.conversion.strategy", &"Webhook".into(), &["None"]));
    }
    if errors.is_empty() {
        return Ok(());
    }
    let resource = state.registry.get("apiextensions.k8s.io", "v1", "customresourcedefinitions");
    Err(resource.map_or_else(super::status::ApiError::unknown_resource, |resource| resource.invalid(&name, &errors)))
}

/// Whether another definition of the group has one of the names already.
fn name_conflict(definition: &Value, state: &State) -> Option<(&'static str, String)> {
    let group = text(definition, "/spec/group");
    let name = text(definition, "/metadata/name");
    let words = |definition: &Value| {
        let names = &definition["spec"]["names"];
        let short = names["shortNames"].as_array().into_iter().flatten();
        let mut words: Vec<String> = short.filter_map(Value::as_str).map(str::to_owned).collect();
        words.extend(["plural", "singular"].iter().filter_map(|word| names[*word].as_str()).map(str::to_owned));
        words
    };
    let (mine, kind) = (words(definition), text(definition, "/spec/names/kind"));
    for (key, other) in state.store.list(COLLECTION, None).objects {
        let other = other.value();
        if &*key.name == name || text(&other, "/spec/group") != group {
            continue;
        }
        if text(&other, "/spec/names/kind") == kind {
            return Some(("KindConflict", format!("\"{kind}\" is already in use")));
        }
        if let Some(taken) = words(&other).into_iter().find(|word| mine.contains(word)) {
            return Some(("NamesConflict", format!("\"{taken}\" is already in use")));
        }
    }
    None
}
