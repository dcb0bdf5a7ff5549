//! The four kinds of patch, by content type.

use serde_json::Value;

use super::resources::Resource;
use super::status::{ApiError, ApiResult};
use super::strategic;
use super::structure::Structure;

/// Operations of a JSON patch (`maxJSONPatchOperations`).
const MAX_OPERATIONS: usize = 10_000;

/// Kind of a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// RFC 6902.
    Json,
    /// RFC 7386.
    Merge,
    /// Kubernetes' own merge, which knows the keys of lists.
    Strategic,
    /// Server-side apply.
    Apply,
}

impl Kind {
    /// By media type; 415 for any other, and for strategic merge patches of custom resources.
    pub fn of(content_type: &str, resource: &Resource) -> ApiResult<Self> {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        match media_type {
            "application/json-patch+json" => Ok(Self::Json),
            "application/merge-patch+json" => Ok(Self::Merge),
            "application/strategic-merge-patch+json" if resource.custom.is_none() => Ok(Self::Strategic),
            "application/apply-patch+yaml" => Ok(Self::Apply),
            _ if resource.custom.is_some() => Err(ApiError::unsupported_media_type(
                "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
            )),
            _ => Err(ApiError::unsupported_media_type(
                "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml",
            )),
        }
    }
}

/// The object after the patch.
pub fn patched(kind: Kind, resource: &Resource, old: &Value, patch: &Value) -> ApiResult<Value> {
    let mut new = old.clone();
    match kind {
        Kind::Json => {
            let operations: json_patch::Patch = serde_json::from_value(patch.clone())
                .map_err(|error| ApiError::bad_request(format!("error decoding patch: {error}")))?;
            if operations.0.len() > MAX_OPERATIONS {
                return Err(ApiError::too_many_operations(MAX_OPERATIONS, operations.0.len()));
            }
            json_patch::patch(&mut new, &operations).map_err(|error| {
                // The real server does not say which operation it was either.
                tracing::debug!(%error, "a JSON patch does not apply");
                ApiError::new(
                    http::StatusCode::UNPROCESSABLE_ENTITY,
                    "Invalid",
                    "the server rejected our request due to an error in our request",
                )
            })?;
        }
        Kind::Strategic => strategic::apply(&mut new, patch, Structure::of(resource))?,
        Kind::Merge | Kind::Apply => merge(&mut new, patch),
    }
    if new.is_object() { Ok(new) } else { Err(ApiError::bad_request("the patched object is not an object")) }
}

/// RFC 7386.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Some(members) = target.as_object_mut() else { return };
    for (name, value) in patch {
        if value.is_null() {
            members.shift_remove(name);
        } else {
            merge(members.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[a-c]{0,2}".prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                proptest::collection::btree_map("[a-d]", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn has_null(value: &Value) -> bool {
        value.as_object().is_some_and(|members| members.values().any(|value| value.is_null() || has_null(value)))
    }

    proptest! {
        #[test]
        fn a_merge_patch_is_idempotent(mut target in json(), patch in json()) {
            merge(&mut target, &patch);
            let once = target.clone();
            merge(&mut target, &patch);
            prop_assert_eq!(once, target);
        }

        #[test]
        fn merging_into_nothing_gives_the_patch_without_nulls(patch in json()) {
            let mut target = Value::Null;
            merge(&mut target, &patch);
            prop_assert!(!has_null(&target));
            if !has_null(&patch) {
                prop_assert_eq!(target, patch);
            }
        }
    }

    #[test]
    fn the_examples_of_rfc_7386_hold() {
        for (target, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            let mut merged = target;
            merge(&mut merged, &patch);
            assert_eq!(merged, result);
        }
    }
}
