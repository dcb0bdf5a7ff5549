//! Sets of fields in the `FieldsV1` form of `managedFields`, and what structured merging does with them
//! (`sigs.k8s.io/structured-merge-diff`).
//!
//! A set is a JSON object: `f:NAME` a member of a map, `k:{…}` an item of a list by its keys, `v:VALUE` an item of a set,
//! `.` the thing itself. An entry without anything below is a leaf.

use serde_json::{Map, Value, json};

use super::structure::Structure;

/// A set of fields.
pub type Fields = Map<String, Value>;

const SELF: &str = ".";

fn leaf() -> Value {
    json!({})
}

/// Whether the entry below stands for the thing itself: a leaf, or marked with `.`.
fn holds_itself(below: &Value) -> bool {
    below.as_object().is_none_or(|below| below.is_empty() || below.contains_key(SELF))
}

/// The members of a value with their path elements, where it merges by parts. `None` for leaves.
fn parts<'v>(value: &'v Value, at: Structure<'_>, top: bool) -> Option<Vec<(String, &'v Value, bool)>> {
    match value {
        Value::Object(members) if !at.is_atomic_map() => {
            let part = |(name, value)| (format!("f:{name}"), value, false);
            let _ = top;
            Some(members.iter().map(part).collect())
        }
        Value::Array(items) => {
            let elements = at.elements(items)?;
            Some(elements.into_iter().zip(items).map(|(element, item)| (element, item, true)).collect())
        }
        _ => None,
    }
}

fn below<'a>(at: Structure<'a>, element: &'a str, item: bool, top: bool) -> Structure<'a> {
    if item { at.item() } else { at.member(element.get(2..).unwrap_or_default(), top) }
}

/// The fields that an applied configuration names.
pub fn of(value: &Value, at: Structure<'_>) -> Fields {
    collect(value, at, true)
}

fn collect(value: &Value, at: Structure<'_>, top: bool) -> Fields {
    let mut fields = Fields::new();
    for (element, value, item) in parts(value, at, top).unwrap_or_default() {
        let inner = collect(value, below(at, &element, item, top), false);
        let mut inner = Value::Object(inner);
        if item && let Some(inner) = inner.as_object_mut().filter(|inner| !inner.is_empty()) {
            inner.insert(SELF.to_owned(), leaf());
        }
        fields.insert(element, inner);
    }
    fields
}

/// What changed between two values: fields that are new or different, and fields that are gone.
#[derive(Debug, Default, PartialEq)]
pub struct Comparison {
    /// New or different.
    pub changed: Fields,
    /// Gone.
    pub removed: Fields,
}

/// Compares two objects.
pub fn compare(old: &Value, new: &Value, at: Structure<'_>) -> Comparison {
    compare_at(old, new, at, true)
}

fn compare_at(old: &Value, new: &Value, at: Structure<'_>, top: bool) -> Comparison {
    let mut comparison = Comparison::default();
    if old == new {
        return comparison;
    }
    let (before, after) = (parts(old, at, top).unwrap_or_default(), parts(new, at, top).unwrap_or_default());
    for (element, value, item) in &after {
        let at = below(at, element, *item, top);
        match before.iter().find(|(held, _, _)| held == element) {
            None => {
                let mut inner = everything(value, at);
                if let Some(inner) = inner.as_object_mut().filter(|inner| !inner.is_empty()) {
                    inner.insert(SELF.to_owned(), leaf());
                }
                comparison.changed.insert(element.clone(), inner);
            }
            Some((_, held, _)) if held == value => {}
            Some((_, held, _)) => {
                let by_parts = |value: &Value| parts(value, at, false).is_some_and(|parts| !parts.is_empty());
                if by_parts(held) || by_parts(value) {
                    let inner = compare_at(held, value, at, false);
                    if !inner.changed.is_empty() {
                        comparison.changed.insert(element.clone(), Value::Object(inner.changed));
                    }
                    if !inner.removed.is_empty() {
                        comparison.removed.insert(element.clone(), Value::Object(inner.removed));
                    }
                    // Parts that became a scalar, or the other way round.
                    if !by_parts(value) && !value.is_object() && !value.is_array() {
                        comparison.changed.insert(element.clone(), leaf());
                    }
                } else {
                    comparison.changed.insert(element.clone(), leaf());
                }
            }
        }
    }
    for (element, value, item) in &before {
        if !after.iter().any(|(held, _, _)| held == element) {
            let at = below(at, element, *item, top);
            let mut inner = everything(value, at);
            if let Some(inner) = inner.as_object_mut().filter(|inner| !inner.is_empty()) {
                inner.insert(SELF.to_owned(), leaf());
            }
            comparison.removed.insert(element.clone(), inner);
        }
    }
    comparison
}

/// All fields of a value, maps and items themselves included.
fn everything(value: &Value, at: Structure<'_>) -> Value {
    let mut fields = Fields::new();
    for (element, value, item) in parts(value, at, false).unwrap_or_default() {
        let mut inner = everything(value, below(at, &element, item, false));
        if let Some(inner) = inner.as_object_mut().filter(|inner| !inner.is_empty()) {
            inner.insert(SELF.to_owned(), leaf());
        }
        fields.insert(element, inner);
    }
    Value::Object(fields)
}

/// Fields in either.
pub fn union(one: &Fields, other: &Fields) -> Fields {
    let mut all = one.clone();
    for (element, inner) in other {
        let Some(held) = all.get(element) else {
            all.insert(element.clone(), inner.clone());
            continue;
        };
        let itself = element != SELF && (holds_itself(held) || holds_itself(inner));
        let (Some(held), Some(inner)) = (held.as_object(), inner.as_object()) else { continue };
        let mut joined = union(held, inner);
        if itself && !joined.is_empty() {
            joined.insert(SELF.to_owned(), leaf());
        }
        all.insert(element.clone(), Value::Object(joined));
    }
    all
}

/// Fields in the first that are not in the second.
pub fn difference(one: &Fields, other: &Fields) -> Fields {
    combine(one, other, false)
}

/// Fields in both.
pub fn intersection(one: &Fields, other: &Fields) -> Fields {
    combine(one, other, true)
}

fn combine(one: &Fields, other: &Fields, both: bool) -> Fields {
    let mut left = Fields::new();
    for (element, inner) in one {
        if element == SELF {
            continue;
        }
        let Some(held) = other.get(element) else {
            if !both {
                left.insert(element.clone(), inner.clone());
            }
            continue;
        };
        let empty = Fields::new();
        let (inner, theirs) = (inner.as_object().unwrap_or(&empty), held.as_object().unwrap_or(&empty));
        let mut rest = combine(inner, theirs, both);
        let mine = inner.is_empty() || inner.contains_key(SELF);
        let itself = mine && (holds_itself(held) == both);
        if !itself && rest.is_empty() {
            continue;
        }
        if itself && !rest.is_empty() {
            rest.insert(SELF.to_owned(), leaf());
        }
        left.insert(element.clone(), Value::Object(rest));
    }
    left
}

/// The paths of a set, as conflicts name them: `.spec.containers[name="a"].image`.
pub fn paths(fields: &Fields) -> Vec<String> {
    let mut all = Vec::new();
    for (element, inner) in fields {
        if element == SELF {
            continue;
        }
        let here = shown(element);
        if holds_itself(inner) {
            all.push(here.clone());
        }
        let inner = inner.as_object().map(paths).unwrap_or_default();
        all.extend(inner.into_iter().map(|path| format!("{here}{path}")));
    }
    all
}

/// A path as decoders write it, `spec.containers[0].image`, in the form of [`paths`].
pub fn typed_path(object: &Value, path: &str, at: Structure<'_>) -> String {
    typed_path_at(object, path, at, true)
}

fn typed_path_at(value: &Value, path: &str, at: Structure<'_>, top: bool) -> String {
    let path = path.strip_prefix('.').unwrap_or(path);
    if let Some((index, rest)) = path.strip_prefix('[').and_then(|path| path.split_once(']')) {
        let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let position = index.parse::<usize>().unwrap_or(usize::MAX);
        let element = at.elements(items).and_then(|elements| elements.get(position).cloned());
        let here = element.map_or_else(|| format!("[{index}]"), |element| shown(&element));
        return match items.get(position) {
            Some(item) => here + &typed_path_at(item, rest, at.item(), false),
            None => here,
        };
    }
    // Names may have dots in them: the longest member that is there is meant.
    let members = value.as_object();
    let longest = members.into_iter().flatten().map(|(name, _)| name).filter(|name| {
        path.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    });
    match longest.max_by_key(|name| name.len()) {
        Some(name) => {
            format!(".{name}") + &typed_path_at(&value[name], &path[name.len()..], at.member(name, top), false)
        }
        None if path.is_empty() => String::new(),
        None => format!(".{path}"),
    }
}

/// A path element as conflicts name it.
fn shown(element: &str) -> String {
    match element.split_at(2.min(element.len())) {
        ("f:", name) => format!(".{name}"),
        ("v:", value) => format!("[={value}]"),
        (_, keys) => {
            let keys: Fields = serde_json::from_str(keys).unwrap_or_default();
            let keys: Vec<_> = keys.iter().map(|(key, value)| format!("{key}={value}")).collect();
            format!("[{}]", keys.join(","))
        }
    }
}

/// Merges an applied configuration into an object.
pub fn merge(target: &mut Value, applied: &Value, at: Structure<'_>) {
    merge_at(target, applied, at, true);
}

fn merge_at(target: &mut Value, applied: &Value, at: Structure<'_>, top: bool) {
    match (&mut *target, applied) {
        (Value::Object(members), Value::Object(applied)) if !at.is_atomic_map() => {
            for (name, value) in applied {
                let at = at.member(name, top);
                match members.get_mut(name) {
                    Some(held) => merge_at(held, value, at, false),
                    None => drop(members.insert(name.clone(), value.clone())),
                }
            }
        }
        (Value::Array(items), Value::Array(applied)) => {
            let (Some(held), Some(wanted)) = (at.elements(items), at.elements(applied)) else {
                items.clone_from(applied);
                return;
            };
            for (element, value) in wanted.iter().zip(applied) {
                match held.iter().position(|held| held == element) {
                    Some(index) => merge_at(&mut items[index], value, at.item(), false),
                    None => items.push(value.clone()),
                }
            }
        }
        _ => applied.clone_into(target),
    }
}

/// Removes fields from an object; what is empty then goes too.
pub fn remove(target: &mut Value, fields: &Fields, at: Structure<'_>) {
    remove_at(target, fields, at, true);
}

fn remove_at(target: &mut Value, fields: &Fields, at: Structure<'_>, top: bool) {
    match target {
        Value::Object(members) if !at.is_atomic_map() => {
            for (element, inner) in fields {
                let Some(name) = element.strip_prefix("f:") else { continue };
                let Some(value) = members.get_mut(name) else { continue };
                if gone(value, inner, at.member(name, top)) {
                    members.shift_remove(name);
                }
            }
        }
        Value::Array(items) => {
            let Some(elements) = at.elements(items) else { return };
            let mut elements = elements.into_iter();
            items.retain_mut(|item| {
                let inner = elements.next().and_then(|element| fields.get(&element));
                inner.is_none_or(|inner| !gone(item, inner, at.item()))
            });
        }
        _ => {}
    }
}

fn gone(value: &mut Value, inner: &Value, at: Structure<'_>) -> bool {
    match inner.as_object().filter(|inner| !inner.is_empty()) {
        None => true,
        Some(inner) => {
            remove_at(value, inner, at, false);
            match value {
                Value::Object(members) => members.is_empty() || inner.contains_key(SELF),
                Value::Array(items) => items.is_empty(),
                _ => false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::resources::Registry;
    use super::*;

    fn pod(image: &str, env: &Value) -> Value {
        json!({"spec": {"containers": [{"name": "a", "image": image, "env": env, "ports": [{"containerPort": 80}]}]}})
    }

    #[test]
    fn sets_look_as_in_managed_fields() {
        let registry = Registry::new();
        let pods = registry.get("", "v1", "pods").unwrap();
        let fields = of(&pod("x", &json!([{"name": "E", "value": "1"}])), Structure::of(&pods));
        let expected = json!({"f:spec": {"f:containers": {"k:{\"name\":\"a\"}": {
            ".": {}, "f:name": {}, "f:image": {},
            "f:env": {"k:{\"name\":\"E\"}": {".": {}, "f:name": {}, "f:value": {}}},
            "f:ports": {"k:{\"containerPort\":80,\"protocol\":\"TCP\"}": {".": {}, "f:containerPort": {}}},
        }}}});
        assert_eq!(Value::Object(fields.clone()), expected);
        assert!(paths(&fields).contains(&".spec.containers[name=\"a\"].env[name=\"E\"].value".to_owned()));
        assert_eq!(difference(&fields, &fields), Fields::new());
        assert_eq!(union(&fields, &fields), fields);
        assert_eq!(intersection(&fields, &fields), fields);
    }

    #[test]
    fn a_comparison_names_what_differs() {
        let registry = Registry::new();
        let pods = registry.get("", "v1", "pods").unwrap();
        let at = Structure::of(&pods);
        let (old, new) = (pod("x", &json!([{"name": "E", "value": "1"}])), pod("y", &json!([])));
        let comparison = compare(&old, &new, at);
        assert_eq!(paths(&comparison.changed), [".spec.containers[name=\"a\"].image"]);
        let gone = ".spec.containers[name=\"a\"].env[name=\"E\"]";
        assert!(paths(&comparison.removed).contains(&gone.to_owned()));
        assert_eq!(compare(&old, &old, at), Comparison::default());
    }

    #[test]
    fn lists_merge_by_key_and_lose_items_by_key() {
        let registry = Registry::new();
        let pods = registry.get("", "v1", "pods").unwrap();
        let at = Structure::of(&pods);
        let mut object = pod("x", &json!([{"name": "E", "value": "1"}]));
        merge(&mut object, &pod("y", &json!([{"name": "F", "value": "2"}])), at);
        let env = object.pointer("/spec/containers/0/env").unwrap();
        assert_eq!(*env, json!([{"name": "E", "value": "1"}, {"name": "F", "value": "2"}]));
        let fields = of(&json!({"spec": {"containers": [{"name": "a", "env": [{"name": "E", "value": "1"}]}]}}), at);
        let only =
            json!({"f:spec": {"f:containers": {"k:{\"name\":\"a\"}": {"f:env": {"k:{\"name\":\"E\"}": {".": {}}}}}}});
        let only = intersection(&fields, only.as_object().unwrap());
        remove(&mut object, &only, at);
        assert_eq!(*object.pointer("/spec/containers/0/env").unwrap(), json!([{"name": "F", "value": "2"}]));
    }
}
