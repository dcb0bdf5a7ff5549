//! Decoding of built-in kinds: values of the wrong type are refused, unknown fields are dropped, and refused or warned
//! about as `fieldValidation` says (KEP-2885).

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{
    ConfigMap, Endpoints, Event, Namespace, Node, PersistentVolumeClaim, Pod, Secret, Service, ServiceAccount,
};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::resources::Resource;
use super::status::{ApiError, ApiResult};

/// Maps of quantities, which may be written as numbers.
const QUANTITIES: &[&str] = &["limits", "requests", "capacity", "allocatable", "hard", "used"];

/// Brings an object into the form of its type; answers warnings.
pub fn decode(resource: &Resource, field_validation: &str, object: &mut Value) -> ApiResult<Vec<String>> {
    let check = match resource.collection.as_ref() {
        "configmaps" => known::<ConfigMap>,
        "endpoints" => known::<Endpoints>,
        "events" => known::<Event>,
        "namespaces" => known::<Namespace>,
        "nodes" => known::<Node>,
        "persistentvolumeclaims" => known::<PersistentVolumeClaim>,
        "pods" => known::<Pod>,
        "secrets" => known::<Secret>,
        "serviceaccounts" => known::<ServiceAccount>,
        "services" => known::<Service>,
        "deployments.apps" => known::<Deployment>,
        "replicasets.apps" => known::<ReplicaSet>,
        "leases.coordination.k8s.io" => known::<Lease>,
        "endpointslices.discovery.k8s.io" => known::<EndpointSlice>,
        "roles.rbac.authorization.k8s.io" => known::<Role>,
        "rolebindings.rbac.authorization.k8s.io" => known::<RoleBinding>,
        "clusterroles.rbac.authorization.k8s.io" => known::<ClusterRole>,
        "clusterrolebindings.rbac.authorization.k8s.io" => known::<ClusterRoleBinding>,
        "customresourcedefinitions.apiextensions.k8s.io" => known::<CustomResourceDefinition>,
        _ => return Ok(Vec::new()),
    };
    let refuse = |why: &str| {
        let (kind, version) = (&resource.kind, &resource.version);
        ApiError::bad_request(format!("{kind} in version \"{version}\" cannot be handled as a {kind}: {why}"))
    };
    quantities(object);
    let known = check(object).map_err(|error| refuse(&error.to_string()))?;
    let mut unknown = Vec::new();
    prune(object, &known, "", &mut unknown);
    if unknown.is_empty() || field_validation == "Ignore" {
        return Ok(Vec::new());
    }
    if field_validation == "Strict" {
        return Err(refuse(&format!("strict decoding error: {}", unknown.join(", "))));
    }
    Ok(unknown)
}

fn known<T: DeserializeOwned + Serialize>(object: &Value) -> serde_json::Result<Value> {
    serde_json::to_value(T::deserialize(object)?)
}

fn quantities(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if QUANTITIES.contains(&name.as_str()) {
                    for quantity in value.as_object_mut().into_iter().flat_map(|map| map.values_mut()) {
                        if quantity.is_number() {
                            *quantity = quantity.to_string().into();
                        }
                    }
                }
                quantities(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(quantities),
        _ => {}
    }
}

/// Drops what the type does not know, and notes where it stood.
fn prune(object: &mut Value, known: &Value, path: &str, unknown: &mut Vec<String>) {
    match (object, known) {
        (Value::Object(members), Value::Object(known)) => members.retain(|name, value| {
            let at = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            match known.get(name) {
                Some(known) => prune(value, known, &at, unknown),
                // A null stands for nothing, whether the type knows the field or not.
                None if value.is_null() => {}
                None => {
                    unknown.push(format!("unknown field \"{at}\""));
                    return false;
                }
            }
            true
        }),
        (Value::Array(items), Value::Array(known)) => {
            for (index, (item, known)) in items.iter_mut().zip(known).enumerate() {
                prune(item, known, &format!("{path}[{index}]"), unknown);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::resources::Registry;
    use super::*;

    fn pod() -> Value {
        json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "creationTimestamp": null},
            "spec": {
                "containers": [{"name": "c", "image": "x", "colour": "red", "resources": {"limits": {"cpu": 1}}}],
                "volumes": [{"name": "v", "emptyDir": {}}], "nul": null,
            },
        })
    }

    #[test]
    fn unknown_fields_are_dropped_warned_about_or_refused() {
        let pods = Registry::new().get("", "v1", "pods").unwrap();
        let mut object = pod();
        let warnings = decode(&pods, "Warn", &mut object).unwrap();
        assert_eq!(warnings, ["unknown field \"spec.containers[0].colour\""]);
        let container = json!({"name": "c", "image": "x", "resources": {"limits": {"cpu": "1"}}});
        assert_eq!(object["spec"]["containers"][0], container);
        assert_eq!(object["spec"]["volumes"], json!([{"name": "v", "emptyDir": {}}]));
        let error = decode(&pods, "Strict", &mut pod()).unwrap_err();
        assert_eq!(
            error.message,
            "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field \"spec.containers[0].colour\""
        );
        assert!(decode(&pods, "Ignore", &mut pod()).unwrap().is_empty());
    }

    #[test]
    fn values_of_the_wrong_type_are_refused() {
        let pods = Registry::new().get("", "v1", "pods").unwrap();
        for (pointer, wrong) in [("/spec", json!("x")), ("/metadata", json!([])), ("/spec/containers", json!({"a": 1}))]
        {
            let mut object = pod();
            *object.pointer_mut(pointer).unwrap() = wrong;
            let error = decode(&pods, "Ignore", &mut object).unwrap_err();
            assert_eq!(error.code, 400, "{pointer}");
        }
    }
}
