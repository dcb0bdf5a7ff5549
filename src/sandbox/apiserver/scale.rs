//! The scale subresource: an `autoscaling/v1` `Scale` in place of the object
//! (`k8s.io/kubernetes/pkg/registry/apps/deployment/storage`, `apiextensions-apiserver/pkg/registry/customresource/etcd.go`).

use serde_json::{Value, json};

use super::resources::{Resource, ScalePaths};
use super::status::{ApiError, ApiResult, FieldError};

fn at<'a>(object: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').filter(|name| !name.is_empty()).try_fold(object, |value, name| value.get(name))
}

fn set(object: &mut Value, path: &str, new: Value) {
    let mut value = object;
    for name in path.split('.').filter(|name| !name.is_empty()) {
        if !value.is_object() {
            *value = json!({});
        }
        value = &mut value[name];
    }
    *value = new;
}

/// A selector as text, which it already is in custom resources.
fn selector(value: &Value) -> String {
    if let Some(text) = value.as_str() {
        return text.to_owned();
    }
    let list = |value: &Value| {
        let values: Vec<_> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        values.join(",")
    };
    let mut terms: Vec<String> = value["matchLabels"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    for expression in value["matchExpressions"].as_array().into_iter().flatten() {
        let key = expression["key"].as_str().unwrap_or_default();
        terms.push(match expression["operator"].as_str() {
            Some("In") => format!("{key} in ({})", list(&expression["values"])),
            Some("NotIn") => format!("{key} notin ({})", list(&expression["values"])),
            Some("DoesNotExist") => format!("!{key}"),
            _ => key.to_owned(),
        });
    }
    terms.sort();
    terms.join(",")
}

/// The Scale of an object. A custom resource whose replicas are not set cannot be scaled.
pub fn of(resource: &Resource, paths: &ScalePaths, object: &Value) -> ApiResult<Value> {
    let metadata: Value = ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"]
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), object["metadata"].get(*name)?.clone())))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let number = |path: &str| at(object, path).and_then(Value::as_i64);
    let replicas = match number(&paths.spec_replicas) {
        Some(replicas) => replicas,
        None if resource.custom.is_some() => {
            return Err(ApiError::internal(format!(
                "the spec replicas field {:?} does not exist",
                paths.spec_replicas
            )));
        }
        None => 0,
    };
    let mut status = json!({"replicas": number(&paths.status_replicas).unwrap_or(0)});
    let selector = at(object, &paths.selector).map(selector).unwrap_or_default();
    if !selector.is_empty() && !paths.selector.is_empty() {
        status["selector"] = selector.into();
    }
    Ok(json!({
        "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
        "spec": {"replicas": replicas}, "status": status,
    }))
}

/// The object after its Scale was changed to `scale`.
pub fn apply(paths: &ScalePaths, object: &Value, scale: &Value) -> ApiResult<Value> {
    if scale["kind"] != "Scale" || scale["apiVersion"] != "autoscaling/v1" {
        return Err(ApiError::bad_request(format!(
            "wrong object passed to Scale update: {} {}",
            scale["apiVersion"], scale["kind"]
        )));
    }
    let replicas = scale.pointer("/spec/replicas").and_then(Value::as_i64).unwrap_or(0);
    let name = scale.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    if replicas < 0 {
        let error = FieldError::invalid("spec.replicas", &replicas.into(), "must be greater than or equal to 0");
        return Err(ApiError::invalid("autoscaling", "Scale", name, &[error]));
    }
    let mut object = object.clone();
    set(&mut object, &paths.spec_replicas, replicas.into());
    // A Scale that names a revision means that revision of the object.
    let version = scale.pointer("/metadata/resourceVersion").and_then(Value::as_str).unwrap_or_default();
    if !version.is_empty() {
        object["metadata"]["resourceVersion"] = version.into();
    }
    Ok(object)
}

#[cfg(test)]
mod tests {
    use super::super::resources::Registry;
    use super::*;

    #[test]
    fn a_scale_shows_and_changes_the_replicas_of_its_object() {
        let registry = Registry::new();
        let deployments = registry.get("apps", "v1", "deployments").unwrap();
        let paths = deployments.scale.as_ref().unwrap();
        let object = json!({
            "metadata": {"name": "a", "resourceVersion": "7"}, "status": {"replicas": 1},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"b": "1", "a": "2"}, "matchExpressions": [
                {"key": "c", "operator": "In", "values": ["x", "y"]}, {"key": "d", "operator": "DoesNotExist"},
            ]}},
        });
        let mut scale = of(&deployments, paths, &object).unwrap();
        assert_eq!(scale["spec"]["replicas"], 2);
        assert_eq!(scale["status"], json!({"replicas": 1, "selector": "!d,a=2,b=1,c in (x,y)"}));
        scale["spec"]["replicas"] = 5.into();
        assert_eq!(apply(paths, &object, &scale).unwrap()["spec"]["replicas"], 5);
        scale["spec"]["replicas"] = (-1).into();
        assert_eq!(apply(paths, &object, &scale).unwrap_err().code, 422);
    }
}
