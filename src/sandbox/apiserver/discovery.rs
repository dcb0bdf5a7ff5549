//! Discovery documents: the legacy lists (`/api`, `/apis`, `/apis/GROUP/VERSION`) and the aggregated form that kubectl
//! asks for (`apidiscovery.k8s.io/v2` `APIGroupDiscoveryList`, KEP-3352).

use serde_json::{Value, json};

use super::resources::{Registry, Resource};

/// Media type of the aggregated form.
pub const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// A subresource as discovery shows it.
struct Subresource {
    name: &'static str,
    kind: (&'static str, &'static str, &'static str),
    verbs: &'static [&'static str],
}

fn subresources(resource: &Resource) -> Vec<Subresource> {
    const UPDATE: &[&str] = &["get", "patch", "update"];
    let sub = |name, kind, verbs| Subresource { name, kind, verbs };
    let mut found = Vec::new();
    if resource.group.is_empty() {
        match resource.plural.as_str() {
            "pods" => {
                found.push(sub("attach", ("", "v1", "PodAttachOptions"), &["create", "get"]));
                found.push(sub("binding", ("", "v1", "Binding"), &["create"]));
                found.push(sub("eviction", ("policy", "v1", "Eviction"), &["create"]));
                found.push(sub("exec", ("", "v1", "PodExecOptions"), &["create", "get"]));
                found.push(sub("log", ("", "v1", "Pod"), &["get"]));
                found.push(sub("portforward", ("", "v1", "PodPortForwardOptions"), &["create", "get"]));
            }
            "namespaces" => found.push(sub("finalize", ("", "v1", "Namespace"), &["update"])),
            "serviceaccounts" => {
                found.push(sub("token", ("authentication.k8s.io", "v1", "TokenRequest"), &["create"]));
            }
            _ => {}
        }
    }
    if resource.scale.is_some() {
        found.push(sub("scale", ("autoscaling", "v1", "Scale"), UPDATE));
    }
    if resource.has_status {
        found.push(sub("status", ("", "", ""), UPDATE));
    }
    found
}

fn of_version(registry: &Registry, group: &str, version: &str) -> Vec<std::sync::Arc<Resource>> {
    registry.all().into_iter().filter(|resource| resource.group == group && resource.version == version).collect()
}

/// `GET /api`.
pub fn api_versions(address: &str) -> Value {
    json!({
        "kind": "APIVersions",
        "versions": ["v1"],
        "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}],
    })
}

/// `GET /apis/GROUP`, or one item of `GET /apis`. `None` for a group that is not served.
pub fn group(registry: &Registry, name: &str) -> Option<Value> {
    let version = |version: &String| json!({"groupVersion": format!("{name}/{version}"), "version": version});
    let versions: Vec<Value> = registry.versions(name).iter().map(version).collect();
    let preferred = versions.first()?.clone();
    Some(json!({"name": name, "versions": versions, "preferredVersion": preferred}))
}

/// `GET /apis`.
pub fn group_list(registry: &Registry) -> Value {
    let groups: Vec<Value> = named_groups(registry).iter().filter_map(|name| group(registry, name)).collect();
    json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
}

fn named_groups(registry: &Registry) -> Vec<String> {
    registry.groups().into_iter().filter(|name| !name.is_empty()).collect()
}

/// `GET /api/v1` or `GET /apis/GROUP/VERSION`. `None` for one that is not served.
pub fn resource_list(registry: &Registry, group: &str, version: &str) -> Option<Value> {
    let mut entries = Vec::new();
    for resource in of_version(registry, group, version) {
        let mut entry = json!({
            "name": resource.plural,
            "singularName": resource.singular,
            "namespaced": resource.namespaced,
            "kind": resource.kind,
            "verbs": resource.verbs,
        });
        if !resource.short_names.is_empty() {
            entry["shortNames"] = json!(resource.short_names);
        }
        if !resource.categories.is_empty() {
            entry["categories"] = json!(resource.categories);
        }
        entries.push(entry);
        for sub in subresources(&resource) {
            let mut entry = json!({
                "name": format!("{}/{}", resource.plural, sub.name),
                "singularName": "",
                "namespaced": resource.namespaced,
                "kind": if sub.kind.2.is_empty() { &resource.kind } else { sub.kind.2 },
                "verbs": sub.verbs,
            });
            if !sub.kind.0.is_empty() {
                entry["group"] = sub.kind.0.into();
                entry["version"] = sub.kind.1.into();
            }
            entries.push(entry);
        }
    }
    if entries.is_empty() {
        return None;
    }
    let group_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    Some(json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": entries}))
}

/// `GET /api` (`core`) or `GET /apis` in the aggregated form.
pub fn aggregated(registry: &Registry, core: bool) -> Value {
    let groups = if core { vec![String::new()] } else { named_groups(registry) };
    let items: Vec<Value> = groups
        .iter()
        .map(|group| {
            let versions: Vec<Value> = registry
                .versions(group)
                .iter()
                .map(|version| {
                    let resources: Vec<Value> = of_version(registry, group, version)
                        .iter()
                        .map(|resource| aggregated_resource(resource))
                        .collect();
                    json!({"version": version, "resources": resources, "freshness": "Current"})
                })
                .collect();
            let metadata = if group.is_empty() { json!({}) } else { json!({"name": group}) };
            json!({"metadata": metadata, "versions": versions})
        })
        .collect();
    json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items})
}

fn aggregated_resource(resource: &Resource) -> Value {
    let mut entry = json!({
        "resource": resource.plural,
        "responseKind": {"group": resource.group, "version": resource.version, "kind": resource.kind},
        "scope": if resource.namespaced { "Namespaced" } else { "Cluster" },
        "singularResource": resource.singular,
        "verbs": resource.verbs,
    });
    if !resource.short_names.is_empty() {
        entry["shortNames"] = json!(resource.short_names);
    }
    if !resource.categories.is_empty() {
        entry["categories"] = json!(resource.categories);
    }
    let subresources: Vec<Value> = subresources(resource)
        .iter()
        .map(|sub| {
            let (group, version, kind) = match sub.kind {
                ("", "", "") => (resource.group.as_str(), resource.version.as_str(), resource.kind.as_str()),
                kind => kind,
            };
            json!({
                "subresource": sub.name,
                "responseKind": {"group": group, "version": version, "kind": kind},
                "verbs": sub.verbs,
            })
        })
        .collect();
    if !subresources.is_empty() {
        entry["subresources"] = Value::Array(subresources);
    }
    entry
}
