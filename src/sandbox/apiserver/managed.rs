//! `metadata.managedFields` and server-side apply (KEP-555; `k8s.io/apimachinery/pkg/util/managedfields`).
//!
//! A manager is a name with an operation (`Apply`, `Update`), an API version and perhaps a subresource. A plain write
//! takes over the fields that it changes. An apply owns what its configuration names, loses what it names no more (and
//! removes it where nobody else owns it), and conflicts where it changes what others own, unless forced.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::fields::{self, Fields};
use super::resources::Resource;
use super::status::{ApiError, ApiResult};
use super::strategy::Part;
use super::structure::Structure;
use super::write::now;

/// Fields that nobody manages.
const UNMANAGED: &[&str] = &[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "generation",
    "managedFields",
    "resourceVersion",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
];

/// One entry of `managedFields`.
#[derive(Debug, Clone, PartialEq)]
struct Manager {
    name: String,
    operation: String,
    api_version: String,
    subresource: String,
    time: Value,
    fields: Fields,
}

impl Manager {
    fn of(entry: &Value) -> Self {
        let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        Self {
            name: text("manager"),
            operation: text("operation"),
            api_version: text("apiVersion"),
            subresource: text("subresource"),
            time: entry["time"].clone(),
            fields: entry["fieldsV1"].as_object().cloned().unwrap_or_default(),
        }
    }

    fn entry(&self) -> Value {
        let mut entry = json!({
            "manager": self.name, "operation": self.operation, "apiVersion": self.api_version, "time": self.time,
            "fieldsType": "FieldsV1", "fieldsV1": self.fields,
        });
        if !self.subresource.is_empty() {
            entry["subresource"] = self.subresource.as_str().into();
        }
        entry
    }

    /// An applier is the same in every version.
    fn is(&self, other: &Self) -> bool {
        self.name == other.name
            && self.operation == other.operation
            && self.subresource == other.subresource
            && (self.operation == "Apply" || self.api_version == other.api_version)
    }

    /// As conflicts name it.
    fn display(&self) -> String {
        let mut text = format!("{:?}", self.name);
        if !self.subresource.is_empty() {
            text = format!("{text} with subresource {:?}", self.subresource);
        }
        if self.operation == "Update" { format!("{text} using {}", self.api_version) } else { text }
    }
}

fn managers(object: &Value) -> Vec<Manager> {
    let entries = object.pointer("/metadata/managedFields").and_then(Value::as_array);
    entries.into_iter().flatten().map(Manager::of).collect()
}

fn store(object: &mut Value, mut managers: Vec<Manager>) {
    managers.retain(|manager| !manager.fields.is_empty());
    // Appliers first, then by time, as the real server orders them.
    managers.sort_by(|a, b| {
        let key =
            |manager: &Manager| (manager.operation != "Apply", manager.time.as_str().unwrap_or_default().to_owned());
        key(a).cmp(&key(b))
    });
    let Some(metadata) = super::strategy::members(object, "metadata") else { return };
    if managers.is_empty() {
        metadata.shift_remove("managedFields");
    } else {
        metadata.insert("managedFields".to_owned(), managers.iter().map(Manager::entry).collect());
    }
}

/// The object without what nobody manages.
fn managed_part(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(members) = object.as_object_mut() {
        members.shift_remove("apiVersion");
        members.shift_remove("kind");
        if let Some(metadata) = members.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.retain(|name, _| !UNMANAGED.contains(&name.as_str()));
            if metadata.is_empty() {
                members.shift_remove("metadata");
            }
        }
    }
    object
}

fn subresource(part: Part) -> &'static str {
    if part == Part::Status { "status" } else { "" }
}

/// Records a plain write. The client may reset the record by sending an empty one, and nothing else.
pub fn record_update(resource: &Resource, old: Option<&Value>, new: &mut Value, name: &str, part: Part) {
    let reset = new.pointer("/metadata/managedFields").and_then(Value::as_array).is_some_and(|entries| {
        entries.is_empty() || entries.iter().all(|entry| entry.as_object().is_some_and(Map::is_empty))
    });
    let mut held = if reset { Vec::new() } else { old.map(managers).unwrap_or_default() };
    let (mut before, mut after) = (old.map_or_else(|| json!({}), managed_part), managed_part(new));
    // Nobody manages the metadata itself, nor the structs of Go's types, which are there before anything is said.
    let bare: &[&str] = if old.is_none() && resource.custom.is_none() { &["metadata", "spec"] } else { &["metadata"] };
    for part in bare {
        super::strategy::members(&mut before, part);
        super::strategy::members(&mut after, part);
    }
    // A status that comes with the creation is the server's.
    if old.is_none()
        && resource.has_status
        && let Some(members) = after.as_object_mut()
    {
        members.shift_remove("status");
    }
    let comparison = fields::compare(&before, &after, Structure::of(resource));
    if old.is_some() && comparison == fields::Comparison::default() {
        store(new, held);
        return;
    }
    let mut writer = Manager {
        name: name.to_owned(),
        operation: "Update".to_owned(),
        api_version: resource.api_version(),
        subresource: subresource(part).to_owned(),
        time: now().into(),
        fields: comparison.changed.clone(),
    };
    held.retain_mut(|manager| {
        manager.fields = fields::difference(&manager.fields, &comparison.removed);
        if manager.is(&writer) {
            writer.fields = fields::union(&manager.fields, &writer.fields);
            return false;
        }
        manager.fields = fields::difference(&manager.fields, &comparison.changed);
        true
    });
    held.push(writer);
    store(new, held);
}

/// An apply request.
#[derive(Debug, Clone, Copy)]
pub struct Apply<'a> {
    /// The resource.
    pub resource: &'a Resource,
    /// Main or status.
    pub part: Part,
    /// Field manager.
    pub manager: &'a str,
    /// Take over what others own.
    pub force: bool,
}

impl Apply<'_> {
    /// The object after the apply; `live` is absent when it is created.
    pub fn run(&self, live: Option<&Value>, configuration: &Value) -> ApiResult<Value> {
        if configuration.pointer("/metadata/managedFields").is_some_and(|managed| !managed.is_null()) {
            return Err(ApiError::bad_request("metadata.managedFields must be nil"));
        }
        let at = Structure::of(self.resource);
        let mut wanted = configuration.clone();
        self.reset(&mut wanted);
        prune_nulls(&mut wanted);
        let mut applier = Manager {
            name: self.manager.to_owned(),
            operation: "Apply".to_owned(),
            api_version: self.resource.api_version(),
            subresource: subresource(self.part).to_owned(),
            time: now().into(),
            fields: fields::of(&managed_part(&wanted), at),
        };
        let Some(live) = live else {
            store(&mut wanted, vec![applier]);
            return Ok(wanted);
        };
        let mut held = managers(live);
        let mut merged = live.clone();
        fields::merge(&mut merged, &wanted, at);
        let mut before = Fields::new();
        held.retain(|manager| {
            let same = manager.is(&applier);
            if same {
                before.clone_from(&manager.fields);
                if manager.fields == applier.fields {
                    applier.time = manager.time.clone();
                }
            }
            !same
        });
        let owned = held.iter().fold(applier.fields.clone(), |all, manager| fields::union(&all, &manager.fields));
        let dropped = keep_parents(&fields::difference(&before, &applier.fields), &owned);
        fields::remove(&mut merged, &dropped, at);

        let comparison = fields::compare(&managed_part(live), &managed_part(&merged), at);
        self.take_over(&mut held, &comparison)?;
        held.push(applier);
        store(&mut merged, held);
        Ok(merged)
    }

    /// What the part does not cover is not applied.
    fn reset(&self, wanted: &mut Value) {
        let Some(members) = wanted.as_object_mut() else { return };
        match self.part {
            Part::Status => {
                members.retain(|name, _| matches!(name.as_str(), "apiVersion" | "kind" | "metadata" | "status"));
                if let Some(metadata) = members.get_mut("metadata").and_then(Value::as_object_mut) {
                    metadata.retain(|name, _| UNMANAGED.contains(&name.as_str()));
                }
            }
            Part::Main if self.resource.has_status => drop(members.shift_remove("status")),
            Part::Main | Part::Whole => {}
        }
    }

    fn take_over(&self, held: &mut [Manager], comparison: &fields::Comparison) -> ApiResult<()> {
        let mut conflicts = Vec::new();
        for manager in &*held {
            let taken = fields::intersection(&manager.fields, &comparison.changed);
            conflicts.extend(fields::paths(&taken).into_iter().map(|path| (manager.display(), path)));
        }
        if !conflicts.is_empty() && !self.force {
            return Err(conflict(&conflicts));
        }
        for manager in held {
            manager.fields = fields::difference(&manager.fields, &comparison.changed);
            manager.fields = fields::difference(&manager.fields, &comparison.removed);
        }
        Ok(())
    }
}

/// Leaves out of `dropped` whatever others own, and every item or map in which they own something.
fn keep_parents(dropped: &Fields, owned: &Fields) -> Fields {
    let mut left = Fields::new();
    for (element, inner) in dropped {
        let Some(kept) = owned.get(element).and_then(Value::as_object) else {
            left.insert(element.clone(), inner.clone());
            continue;
        };
        let Some(inner) = inner.as_object().filter(|inner| !inner.is_empty()) else { continue };
        let mut inner = keep_parents(inner, kept);
        inner.shift_remove(".");
        if !inner.is_empty() {
            left.insert(element.clone(), Value::Object(inner));
        }
    }
    left
}

fn prune_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, value| !value.is_null());
            members.values_mut().for_each(prune_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(prune_nulls),
        _ => {}
    }
}

/// `getConflictMessage` of `managedfields/internal/conflict.go`.
fn conflict(conflicts: &[(String, String)]) -> ApiError {
    let message = match conflicts {
        [(manager, path)] => format!("Apply failed with 1 conflict: conflict with {manager}: {path}"),
        many => {
            let mut lines: Vec<String> = Vec::new();
            let mut last = None;
            for (manager, path) in many {
                if last != Some(manager) {
                    lines.push(format!("conflicts with {manager}:"));
                    last = Some(manager);
                }
                lines.push(format!("- {path}"));
            }
            format!("Apply failed with {} conflicts: {}", many.len(), lines.join("\n"))
        }
    };
    let causes: Vec<Value> = conflicts
        .iter()
        .map(|(manager, path)| {
            json!({"reason": "FieldManagerConflict", "message": format!("conflict with {manager}"), "field": path})
        })
        .collect();
    let mut error = ApiError::new(StatusCode::CONFLICT, "Conflict", message);
    error.details.insert("causes".to_owned(), causes.into());
    error
}

#[cfg(test)]
mod tests {
    use super::super::resources::Registry;
    use super::*;

    fn map(pairs: &Value) -> Value {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": pairs})
    }

    #[test]
    fn an_applier_owns_removes_and_shares_fields() {
        let registry = Registry::new();
        let maps = registry.get("", "v1", "configmaps").unwrap();
        let apply = |manager| Apply { resource: &maps, part: Part::Main, manager, force: false };
        let live = apply("one").run(None, &map(&json!({"a": "1", "b": "2"}))).unwrap();
        // The same value may be owned twice.
        let live = apply("two").run(Some(&live), &map(&json!({"b": "2", "c": "3"}))).unwrap();
        assert_eq!(live["data"], json!({"a": "1", "b": "2", "c": "3"}));
        // One lets go of a, which goes, and of b, which two still owns.
        let live = apply("one").run(Some(&live), &map(&json!({"d": "4"}))).unwrap();
        assert_eq!(live["data"], json!({"b": "2", "c": "3", "d": "4"}));
        let error = apply("one").run(Some(&live), &map(&json!({"c": "x", "d": "4"}))).unwrap_err();
        assert_eq!(error.message, "Apply failed with 1 conflict: conflict with \"two\": .data.c");
        assert_eq!(error.details["causes"][0]["field"], ".data.c");
        let forced = Apply { force: true, ..apply("one") };
        let live = forced.run(Some(&live), &map(&json!({"c": "x", "d": "4"}))).unwrap();
        assert_eq!(live["data"]["c"], "x");
        let two = managers(&live).into_iter().find(|manager| manager.name == "two").unwrap();
        assert_eq!(fields::paths(&two.fields), [".data.b"]);
    }

    #[test]
    fn a_plain_write_takes_over_what_it_changes() {
        let registry = Registry::new();
        let maps = registry.get("", "v1", "configmaps").unwrap();
        let apply = Apply { resource: &maps, part: Part::Main, manager: "one", force: false };
        let live = apply.run(None, &map(&json!({"a": "1", "b": "2"}))).unwrap();
        let mut changed = live.clone();
        changed["data"]["a"] = "9".into();
        record_update(&maps, Some(&live), &mut changed, "kubectl-edit", Part::Main);
        let error = apply.run(Some(&changed), &map(&json!({"a": "1", "b": "2"}))).unwrap_err();
        let expected = "Apply failed with 1 conflict: conflict with \"kubectl-edit\" using v1: .data.a";
        assert_eq!(error.message, expected);
        let mut same = changed.clone();
        record_update(&maps, Some(&changed), &mut same, "other", Part::Main);
        assert_eq!(same, changed);
    }
}
