//! What each kind does to its objects before they are stored: what a client may not set, generations, allocation
//! (`k8s.io/kubernetes/pkg/registry/*/strategy.go`).

use std::collections::HashSet;
use std::net::Ipv4Addr;

use serde_json::{Map, Value, json};

use super::defaults::{defaults, qos_class};
use super::resources::Resource;
use super::status::ApiError;

/// Which part of an object a write may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All but the status, where there is a status subresource.
    Main,
    /// The status alone.
    Status,
    /// The whole object, for the server's own controllers.
    Whole,
}

/// The members of `object[name]`, made an object when absent.
pub fn members<'a>(object: &'a mut Value, name: &str) -> Option<&'a mut Map<String, Value>> {
    let members = object.as_object_mut()?;
    let entry = members.entry(name).or_insert_with(|| json!({}));
    if entry.is_null() {
        *entry = json!({});
    }
    entry.as_object_mut()
}

/// Makes an object ready for its creation.
pub fn prepare_create(resource: &Resource, object: &mut Value) {
    if resource.has_status
        && !keeps_status_on_create(resource)
        && let Some(members) = object.as_object_mut()
    {
        members.shift_remove("status");
    }
    defaults(resource, object);
    let initial = match resource.collection.as_ref() {
        "pods" => json!({"phase": "Pending", "qosClass": qos_class(object)}),
        "namespaces" => json!({"phase": "Active"}),
        "services" => json!({"loadBalancer": {}}),
        "persistentvolumeclaims" | "persistentvolumes" => json!({"phase": "Pending"}),
        "deployments.apps" => json!({}),
        "replicasets.apps" => json!({"replicas": 0}),
        _ => return,
    };
    object["status"] = initial;
}

fn keeps_status_on_create(resource: &Resource) -> bool {
    resource.collection.as_ref() == "nodes"
}

/// Whether `metadata.generation` counts for the kind.
pub fn has_generation(resource: &Resource) -> bool {
    resource.custom.is_some() || matches!(resource.group.as_str(), "apps" | "apiextensions.k8s.io")
}

/// Makes a changed object ready: what the part does not cover is as it was.
pub fn prepare_update(resource: &Resource, part: Part, old: &Value, new: &mut Value) {
    match part {
        Part::Main if resource.has_status => match (old.get("status"), new.as_object_mut()) {
            (Some(status), Some(members)) => drop(members.insert("status".to_owned(), status.clone())),
            (None, Some(members)) => drop(members.shift_remove("status")),
            _ => {}
        },
        Part::Main | Part::Whole => {}
        Part::Status => {
            let status = new.get("status").cloned();
            let mut metadata = new.get("metadata").cloned().unwrap_or_default();
            if resource.custom.is_some() {
                // Only the record of who manages which field may change.
                let managed = metadata.get("managedFields").cloned();
                metadata = old.get("metadata").cloned().unwrap_or_default();
                if let Some(managed) = managed {
                    metadata["managedFields"] = managed;
                }
            }
            let kept = old.clone();
            *new = kept;
            new["metadata"] = metadata;
            match status {
                Some(status) => new["status"] = status,
                None => drop(new.as_object_mut().and_then(|members| members.shift_remove("status"))),
            }
        }
    }
    if part == Part::Main {
        defaults(resource, new);
        if resource.collection.as_ref() == "services" {
            keep_cluster_ip(old, new);
        }
    }
    let same = |name: &str| old.get(name) == new.get(name);
    let changed = if resource.custom.is_some() {
        let names = |object: &Value| object.as_object().map(|members| members.keys().cloned().collect::<HashSet<_>>());
        let all: HashSet<String> = names(old).into_iter().chain(names(new)).flatten().collect();
        all.iter().any(|name| !matches!(name.as_str(), "metadata" | "status" | "apiVersion") && !same(name))
    } else {
        !same("spec")
    };
    if has_generation(resource) {
        let generation = old.pointer("/metadata/generation").and_then(Value::as_i64).unwrap_or(1);
        new["metadata"]["generation"] = (generation + i64::from(changed)).into();
    }
}

/// A Service keeps its address when an update does not name one.
fn keep_cluster_ip(old: &Value, new: &mut Value) {
    for field in ["clusterIP", "clusterIPs"] {
        let given = &new["spec"][field];
        if (given.is_null() || *given == "") && !old["spec"][field].is_null() && new["spec"]["type"] != "ExternalName" {
            new["spec"][field] = old["spec"][field].clone();
        }
    }
}

/// Whether a Service is to get an address, or the reason why it cannot have the one it asks for.
pub fn wants_cluster_ip(service: &Value) -> bool {
    let given = &service["spec"]["clusterIP"];
    service["spec"]["type"] != "ExternalName" && (given.is_null() || *given == "")
}

/// The first free address of a range.
pub fn free_address(range: &std::ops::RangeInclusive<Ipv4Addr>, services: &[Value]) -> Option<Ipv4Addr> {
    let used: HashSet<&str> = services.iter().filter_map(|service| service["spec"]["clusterIP"].as_str()).collect();
    (range.start().to_bits()..=range.end().to_bits())
        .map(Ipv4Addr::from_bits)
        .find(|address| !used.contains(address.to_string().as_str()))
}

/// The error for a namespace that is going away.
pub fn namespace_terminating(resource: &Resource, name: &str, namespace: &str) -> ApiError {
    let why = format!("unable to create new content in namespace {namespace} because it is being terminated");
    let mut error = ApiError::forbidden(resource, name, &why);
    let message = format!("namespace {namespace} is being terminated");
    error.details.insert(
        "causes".to_owned(),
        json!([{"reason": "NamespaceTerminating", "message": message, "field": "metadata.namespace"}]),
    );
    error
}
