//! What is taken from an object and added to it before it is checked: unknown fields, nulls, defaults
//! (`k8s.io/apiextensions-apiserver/pkg/apiserver/schema/{pruning,defaulting}`).

use serde_json::{Map, Value};

use super::node::{Additional, Node};

/// Fields of every object, which no schema need name.
const TYPE_AND_METADATA: &[&str] = &["apiVersion", "kind", "metadata"];

/// Fields of `metadata` (`meta.k8s.io/v1` `ObjectMeta`).
const OBJECT_META: &[&str] = &[
    "annotations",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "labels",
    "managedFields",
    "name",
    "namespace",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// Removes what the schema does not know; the paths of what was removed.
pub(super) fn unknown_fields(root: &Node, object: &mut Value) -> Vec<String> {
    let mut removed = Vec::new();
    whole_object(root, object, &mut String::new(), &mut removed);
    removed
}

/// Runs `visit` with the path of a part of what is at `path`.
fn below(path: &mut String, part: &str, visit: impl FnOnce(&mut String)) {
    let length = path.len();
    if !path.is_empty() && !part.starts_with('[') {
        path.push('.');
    }
    path.push_str(part);
    visit(path);
    path.truncate(length);
}

fn whole_object(node: &Node, object: &mut Value, path: &mut String, removed: &mut Vec<String>) {
    let Some(members) = object.as_object_mut() else { return };
    let own: Map<String, Value> =
        TYPE_AND_METADATA.iter().filter_map(|name| members.shift_remove_entry(*name)).collect();
    prune(node, object, path, removed);
    let Some(members) = object.as_object_mut() else { return };
    let rest = std::mem::take(members);
    members.extend(own);
    members.extend(rest);
    if let Some(metadata) = members.get_mut("metadata").and_then(Value::as_object_mut) {
        below(path, "metadata", |path| {
            metadata.retain(|name, _| {
                let known = OBJECT_META.contains(&name.as_str());
                if !known {
                    below(path, name, |path| removed.push(path.clone()));
                }
                known
            });
        });
    }
}

fn visit(node: &Node, value: &mut Value, path: &mut String, removed: &mut Vec<String>) {
    if node.embedded { whole_object(node, value, path, removed) } else { prune(node, value, path, removed) }
}

fn prune(node: &Node, value: &mut Value, path: &mut String, removed: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            let keep = node.preserves_unknown || matches!(node.additional, Additional::Any);
            members.retain(|name, member| match node.member(name) {
                Some(child) => {
                    below(path, name, |path| visit(child, member, path, removed));
                    true
                }
                None if keep => true,
                None => {
                    below(path, name, |path| removed.push(path.clone()));
                    false
                }
            });
        }
        Value::Array(list) => {
            if let Some(items) = node.items.as_deref() {
                for (index, element) in list.iter_mut().enumerate() {
                    below(path, &format!("[{index}]"), |path| visit(items, element, path, removed));
                }
            }
        }
        _ => {}
    }
}

/// Removes nulls from fields that may not be null, as if they had not been given.
pub(super) fn nulls(node: &Node, value: &mut Value) {
    match value {
        Value::Object(members) => members.retain(|name, member| match node.member(name) {
            Some(child) if member.is_null() => child.nullable,
            Some(child) => {
                nulls(child, member);
                true
            }
            None => true,
        }),
        Value::Array(list) => {
            if let Some(items) = node.items.as_deref() {
                for element in list {
                    nulls(items, element);
                }
            }
        }
        _ => {}
    }
}

/// Fills in what is not given and has a default.
pub(super) fn defaults(node: &Node, value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, property) in &node.properties {
                if let Some(default) = &property.default
                    && !members.contains_key(name)
                {
                    members.insert(name.clone(), default.clone());
                }
            }
            for (name, member) in members.iter_mut() {
                if let Some(child) = node.member(name) {
                    defaults(child, member);
                }
            }
        }
        Value::Array(list) => {
            if let Some(items) = node.items.as_deref() {
                for element in list {
                    defaults(items, element);
                }
            }
        }
        _ => {}
    }
}
