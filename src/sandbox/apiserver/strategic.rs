//! Strategic merge patch: a merge patch that knows the merge keys of lists
//! (`k8s.io/apimachinery/pkg/util/strategicpatch`).
//!
//! Directives: `$patch: replace|delete|merge` in a map or in a list item, `$retainKeys: [names]`,
//! `$deleteFromPrimitiveList/FIELD`, `$setElementOrder/FIELD`.

use serde_json::{Map, Value};

use super::status::{ApiError, ApiResult};
use super::structure::{ListKind, Structure};

const PATCH: &str = "$patch";
const RETAIN_KEYS: &str = "$retainKeys";
const DELETE_FROM: &str = "$deleteFromPrimitiveList/";
const ORDER: &str = "$setElementOrder/";

/// Applies a patch to an object.
pub fn apply(target: &mut Value, patch: &Value, at: Structure<'_>) -> ApiResult<()> {
    let Value::Object(patch) = patch else {
        return Err(ApiError::bad_request("error decoding patch: the patch is not an object"));
    };
    let Some(members) = target.as_object_mut() else { return Ok(()) };
    map(members, patch, at, true)
}

fn map(members: &mut Map<String, Value>, patch: &Map<String, Value>, at: Structure<'_>, top: bool) -> ApiResult<()> {
    match patch.get(PATCH).and_then(Value::as_str) {
        None if !patch.contains_key(PATCH) => {}
        Some("merge") => {}
        Some("replace") => {
            *members = plain(patch);
            return Ok(());
        }
        Some("delete") => {
            members.clear();
            return Ok(());
        }
        _ => return Err(unknown_directive(patch)),
    }
    if let Some(kept) = patch.get(RETAIN_KEYS).and_then(Value::as_array) {
        members.retain(|name, _| kept.iter().any(|kept| kept == name));
    }
    for (name, value) in patch {
        if let Some(field) = name.strip_prefix(DELETE_FROM) {
            delete_from(members, field, value);
            continue;
        }
        if name.starts_with('$') {
            continue;
        }
        let at = at.member(name, top);
        match (members.get_mut(name), value) {
            (_, Value::Null) => drop(members.shift_remove(name)),
            (Some(Value::Object(held)), Value::Object(value)) => map(held, value, at, false)?,
            (Some(Value::Array(held)), Value::Array(value)) => list(held, value, at)?,
            (_, Value::Array(value)) => {
                let mut fresh = Vec::new();
                list(&mut fresh, value, at)?;
                members.insert(name.clone(), Value::Array(fresh));
            }
            (_, Value::Object(value)) => {
                let mut fresh = Map::new();
                map(&mut fresh, value, at, false)?;
                if value.get(PATCH).is_none_or(|directive| directive != "delete") {
                    members.insert(name.clone(), Value::Object(fresh));
                }
            }
            (_, value) => drop(members.insert(name.clone(), value.clone())),
        }
    }
    for (name, order) in patch {
        let (Some(field), Some(order)) = (name.strip_prefix(ORDER), order.as_array()) else { continue };
        if let Some(Value::Array(items)) = members.get_mut(field) {
            sort(items, order, at.member(field, top));
        }
    }
    Ok(())
}

/// A patch map without its directives.
fn plain(patch: &Map<String, Value>) -> Map<String, Value> {
    patch.iter().filter(|(name, _)| !name.starts_with('$')).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn unknown_directive(patch: &Map<String, Value>) -> ApiError {
    let directive = patch.get(PATCH).cloned().unwrap_or_default();
    ApiError::bad_request(format!("error decoding patch: unrecognized type: {directive}"))
}

fn delete_from(members: &mut Map<String, Value>, field: &str, values: &Value) {
    let values = values.as_array().map(Vec::as_slice).unwrap_or_default();
    if let Some(Value::Array(items)) = members.get_mut(field) {
        items.retain(|item| !values.contains(item));
    }
}

/// The member by which items of a list are told apart.
fn merge_key(at: Structure<'_>) -> Option<String> {
    match at.list() {
        ListKind::Map(keys) => keys.into_iter().next(),
        ListKind::Atomic | ListKind::Set => None,
    }
}

fn list(items: &mut Vec<Value>, patch: &[Value], at: Structure<'_>) -> ApiResult<()> {
    if patch.iter().any(|item| item.get(PATCH).is_some_and(|directive| directive == "replace")) {
        *items = patch
            .iter()
            .filter_map(Value::as_object)
            .map(plain)
            .filter(|item| !item.is_empty())
            .map(Value::Object)
            .collect();
        return Ok(());
    }
    let Some(key) = merge_key(at) else {
        if at.list() == ListKind::Set {
            let fresh = patch.iter().filter(|value| !items.contains(value)).cloned().collect::<Vec<_>>();
            items.extend(fresh);
        } else {
            *items = patch.to_vec();
        }
        return Ok(());
    };
    for wanted in patch {
        let Some(members) = wanted.as_object() else {
            *items = patch.to_vec();
            return Ok(());
        };
        let Some(value) = members.get(&key) else {
            return Err(ApiError::bad_request(format!("map: {wanted} does not contain declared merge key: {key}")));
        };
        let held = items.iter().position(|item| item.get(&key) == Some(value));
        if members.get(PATCH).is_some_and(|directive| directive == "delete") {
            items.retain(|item| item.get(&key) != Some(value));
        } else if let Some(held) = held.and_then(|index| items[index].as_object_mut()) {
            map(held, members, at.item(), false)?;
        } else {
            let mut fresh = Map::new();
            map(&mut fresh, members, at.item(), false)?;
            items.push(Value::Object(fresh));
        }
    }
    Ok(())
}

/// Puts the items that `order` names into its order; the others stay behind the one that they stood behind.
fn sort(items: &mut Vec<Value>, order: &[Value], at: Structure<'_>) {
    let key = merge_key(at);
    let rank = |item: &Value| {
        order.iter().position(|wanted| match &key {
            Some(key) => wanted.get(key).is_some() && wanted.get(key) == item.get(key),
            None => wanted == item,
        })
    };
    let mut last = 0;
    let mut ranked: Vec<(usize, usize, Value)> = Vec::with_capacity(items.len());
    for (index, item) in items.drain(..).enumerate() {
        let at = rank(&item).map_or(last, |rank| rank + 1);
        last = at;
        ranked.push((at, index, item));
    }
    ranked.sort_by_key(|(at, index, _)| (*at, *index));
    items.extend(ranked.into_iter().map(|(_, _, item)| item));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::resources::Registry;
    use super::*;

    fn patched(target: &Value, patch: &Value) -> Value {
        let registry = Registry::new();
        let pods = registry.get("", "v1", "pods").unwrap();
        let mut target = target.clone();
        apply(&mut target, patch, Structure::of(&pods)).unwrap();
        target
    }

    #[test]
    fn lists_merge_by_their_keys() {
        let pod = json!({"spec": {"containers": [
            {"name": "a", "image": "x", "env": [{"name": "E", "value": "1"}], "args": ["1", "2"]}, {"name": "b", "image": "y"},
        ]}});
        let patch = json!({"spec": {
            "$setElementOrder/containers": [{"name": "c"}, {"name": "b"}, {"name": "a"}],
            "containers": [
                {"name": "a", "env": [{"name": "F", "value": "2"}], "args": ["3"]},
                {"name": "b", "image": null},
                {"name": "c", "image": "z"},
            ],
        }});
        assert_eq!(
            patched(&pod, &patch),
            json!({"spec": {"containers": [
                {"name": "c", "image": "z"},
                {"name": "b"},
                {"name": "a", "image": "x", "env": [{"name": "E", "value": "1"}, {"name": "F", "value": "2"}], "args": ["3"]},
            ]}})
        );
    }

    #[test]
    fn directives_delete_and_replace() {
        let pod = json!({
            "metadata": {"finalizers": ["x", "y"], "labels": {"a": "1"}},
            "spec": {"volumes": [{"name": "v", "emptyDir": {}}], "containers": [{"name": "a"}, {"name": "b"}], "nodeSelector": {"k": "v"}},
        });
        let patch = json!({
            "metadata": {"$deleteFromPrimitiveList/finalizers": ["x"], "labels": {"$patch": "replace", "b": "2"}},
            "spec": {
                "volumes": [{"name": "v", "$retainKeys": ["name", "secret"], "secret": {"secretName": "s"}}],
                "containers": [{"name": "a", "$patch": "delete"}],
                "nodeSelector": {"$patch": "delete"},
            },
        });
        assert_eq!(
            patched(&pod, &patch),
            json!({
                "metadata": {"finalizers": ["y"], "labels": {"b": "2"}},
                "spec": {"volumes": [{"name": "v", "secret": {"secretName": "s"}}], "containers": [{"name": "b"}], "nodeSelector": {}},
            })
        );
        let whole = json!({"spec": {"containers": [{"$patch": "replace"}, {"name": "z"}]}});
        assert_eq!(patched(&pod, &whole)["spec"]["containers"], json!([{"name": "z"}]));
    }

    #[test]
    fn an_item_without_its_key_is_refused() {
        let registry = Registry::new();
        let pods = registry.get("", "v1", "pods").unwrap();
        let error = apply(&mut json!({}), &json!({"spec": {"containers": [{"image": "x"}]}}), Structure::of(&pods));
        assert!(error.unwrap_err().message.contains("does not contain declared merge key: name"));
    }
}
