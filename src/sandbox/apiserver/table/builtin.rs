//! The columns of built-in kinds (`k8s.io/kubernetes/pkg/printers/internalversion/printers.go`).

use jiff::Timestamp;
use serde_json::Value;

use super::{age, pod, storage};

/// Name, type, priority.
pub(super) type Definition = (&'static str, &'static str, i64);
/// The cells of an object.
pub(super) type Row = fn(&Value, Timestamp) -> Vec<Value>;

/// Resources that have columns of their own.
#[cfg(test)]
pub(super) const KNOWN: &[(&str, &str)] = &[
    ("", "configmaps"),
    ("", "endpoints"),
    ("", "events"),
    ("", "namespaces"),
    ("", "nodes"),
    ("", "persistentvolumeclaims"),
    ("", "persistentvolumes"),
    ("", "pods"),
    ("", "secrets"),
    ("", "serviceaccounts"),
    ("", "services"),
    ("apps", "deployments"),
    ("apps", "replicasets"),
    ("coordination.k8s.io", "leases"),
    ("discovery.k8s.io", "endpointslices"),
    ("rbac.authorization.k8s.io", "rolebindings"),
    ("apiextensions.k8s.io", "customresourcedefinitions"),
];

pub(super) const NAME: Definition = ("Name", "string", 0);
pub(super) const AGE: Definition = ("Age", "string", 0);

/// The columns of a resource and how to fill them.
pub(super) fn columns(group: &str, resource: &str) -> (&'static [Definition], Row) {
    match (group, resource) {
        ("", "pods") => (pod::COLUMNS, pod::cells),
        ("", "configmaps") => (&[NAME, ("Data", "string", 0), AGE], config_map),
        ("", "secrets") => (&[NAME, ("Type", "string", 0), ("Data", "string", 0), AGE], secret),
        ("", "serviceaccounts") => (&[NAME, ("Secrets", "string", 0), AGE], service_account),
        ("", "namespaces") => (&[NAME, ("Status", "string", 0), AGE], namespace),
        ("", "endpoints") => (&[NAME, ("Endpoints", "string", 0), AGE], endpoints),
        ("" | "events.k8s.io", "events") => (EVENT, event),
        ("", "nodes") => (NODE, node),
        ("", "services") => (SERVICE, service),
        ("", "persistentvolumeclaims") => (storage::CLAIM, storage::claim),
        ("", "persistentvolumes") => (storage::VOLUME, storage::volume),
        ("apps", "deployments") => (DEPLOYMENT, deployment),
        ("apps", "replicasets") => (REPLICA_SET, replica_set),
        ("coordination.k8s.io", "leases") => (&[NAME, ("Holder", "string", 0), AGE], lease),
        ("discovery.k8s.io", "endpointslices") => (ENDPOINT_SLICE, endpoint_slice),
        ("rbac.authorization.k8s.io", "rolebindings" | "clusterrolebindings") => (BINDING, binding),
        _ => (&[NAME, ("Created At", "date", 0)], created),
    }
}

const EVENT: &[Definition] = &[
    ("Last Seen", "string", 0),
    ("Type", "string", 0),
    ("Reason", "string", 0),
    ("Object", "string", 0),
    ("Subobject", "string", 1),
    ("Source", "string", 1),
    ("Message", "string", 0),
    ("First Seen", "string", 1),
    ("Count", "string", 1),
    ("Name", "string", 1),
];
const NODE: &[Definition] = &[
    NAME,
    ("Status", "string", 0),
    ("Roles", "string", 0),
    AGE,
    ("Version", "string", 0),
    ("Internal-IP", "string", 1),
    ("External-IP", "string", 1),
    ("OS-Image", "string", 1),
    ("Kernel-Version", "string", 1),
    ("Container-Runtime", "string", 1),
];
const SERVICE: &[Definition] = &[
    NAME,
    ("Type", "string", 0),
    ("Cluster-IP", "string", 0),
    ("External-IP", "string", 0),
    ("Port(s)", "string", 0),
    AGE,
    ("Selector", "string", 1),
];
const DEPLOYMENT: &[Definition] = &[
    NAME,
    ("Ready", "string", 0),
    ("Up-to-date", "string", 0),
    ("Available", "string", 0),
    AGE,
    ("Containers", "string", 1),
    ("Images", "string", 1),
    ("Selector", "string", 1),
];
const REPLICA_SET: &[Definition] = &[
    NAME,
    ("Desired", "integer", 0),
    ("Current", "integer", 0),
    ("Ready", "integer", 0),
    AGE,
    ("Containers", "string", 1),
    ("Images", "string", 1),
    ("Selector", "string", 1),
];
const ENDPOINT_SLICE: &[Definition] =
    &[NAME, ("AddressType", "string", 0), ("Ports", "string", 0), ("Endpoints", "string", 0), AGE];
const BINDING: &[Definition] = &[
    NAME,
    ("Role", "string", 0),
    AGE,
    ("Users", "string", 1),
    ("Groups", "string", 1),
    ("ServiceAccounts", "string", 1),
];

pub(super) fn items<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map(Vec::as_slice).unwrap_or_default()
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(super) fn or<'a>(value: &'a Value, missing: &'a str) -> &'a str {
    match text(value) {
        "" => missing,
        text => text,
    }
}

fn number(value: &Value) -> Value {
    value.as_i64().unwrap_or_default().into()
}

fn count(value: &Value) -> usize {
    value.as_object().map_or_else(|| value.as_array().map_or(0, Vec::len), serde_json::Map::len)
}

pub(super) fn name(object: &Value) -> Value {
    object["metadata"]["name"].clone()
}

pub(super) fn created_ago(object: &Value, now: Timestamp) -> Value {
    age(&object["metadata"]["creationTimestamp"], now).into()
}

pub(super) fn is_deleted(object: &Value) -> bool {
    object["metadata"]["deletionTimestamp"].is_string()
}

/// The first three and how many more there are.
fn some(mut texts: Vec<String>) -> String {
    if texts.is_empty() {
        return "<none>".to_owned();
    }
    let more = texts.len().saturating_sub(3);
    texts.truncate(3);
    let shown = texts.join(",");
    if more > 0 { format!("{shown} + {more} more...") } else { shown }
}

/// `a=b,c=d`, by key.
fn labels(labels: &Value) -> String {
    let mut pairs: Vec<String> =
        labels.as_object().into_iter().flatten().map(|(key, value)| format!("{key}={}", text(value))).collect();
    pairs.sort();
    if pairs.is_empty() { "<none>".to_owned() } else { pairs.join(",") }
}

/// A label selector in its text form (`metav1.FormatLabelSelector`).
fn selector(selector: &Value) -> String {
    let mut parts: Vec<String> = selector["matchLabels"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", text(value)))
        .collect();
    for requirement in items(selector, "matchExpressions") {
        let key = text(&requirement["key"]);
        let values = items(requirement, "values").iter().map(text).collect::<Vec<_>>().join(",");
        parts.push(match text(&requirement["operator"]) {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "Exists" => key.to_owned(),
            _ => format!("!{key}"),
        });
    }
    parts.sort();
    if parts.is_empty() { "<none>".to_owned() } else { parts.join(",") }
}

fn created(object: &Value, _: Timestamp) -> Vec<Value> {
    vec![name(object), object["metadata"]["creationTimestamp"].clone()]
}

fn config_map(object: &Value, now: Timestamp) -> Vec<Value> {
    let entries = count(&object["data"]) + count(&object["binaryData"]);
    vec![name(object), entries.into(), created_ago(object, now)]
}

fn secret(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name(object), text(&object["type"]).into(), count(&object["data"]).into(), created_ago(object, now)]
}

fn service_account(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name(object), count(&object["secrets"]).into(), created_ago(object, now)]
}

fn namespace(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name(object), text(&object["status"]["phase"]).into(), created_ago(object, now)]
}

fn endpoints(object: &Value, now: Timestamp) -> Vec<Value> {
    let mut addresses = Vec::new();
    for subset in items(object, "subsets") {
        let ports = items(subset, "ports");
        for address in items(subset, "addresses") {
            let ip = text(&address["ip"]);
            if ports.is_empty() {
                addresses.push(ip.to_owned());
            }
            addresses.extend(ports.iter().map(|port| format!("{ip}:{}", port["port"])));
        }
    }
    vec![name(object), some(addresses).into(), created_ago(object, now)]
}

fn event(object: &Value, now: Timestamp) -> Vec<Value> {
    let at = |time: &Value, missing: &str| if time.is_string() { age(time, now) } else { missing.to_owned() };
    // `events.k8s.io` has other names for the fields of the core.
    let either = |core: &str, new: &str| if object[core].is_null() { &object[new] } else { &object[core] };
    let first = at(either("firstTimestamp", "deprecatedFirstTimestamp"), &age(&object["eventTime"], now));
    let series = &object["series"];
    let (last, times) = if series.is_object() {
        (age(&series["lastObservedTime"], now), number(&series["count"]))
    } else {
        (
            at(either("lastTimestamp", "deprecatedLastTimestamp"), &first),
            either("count", "deprecatedCount").as_i64().unwrap_or_default().max(1).into(),
        )
    };
    let involved = either("involvedObject", "regarding");
    let kind = text(&involved["kind"]).to_lowercase();
    let target = match text(&involved["name"]) {
        "" => kind,
        name => format!("{kind}/{name}"),
    };
    let source = either("source", "deprecatedSource");
    let (component, instance) = match text(&source["component"]) {
        "" => (text(either("reportingComponent", "reportingController")), text(&object["reportingInstance"])),
        component => (component, text(&source["host"])),
    };
    let source = if instance.is_empty() { component.to_owned() } else { format!("{component}, {instance}") };
    vec![
        last.into(),
        text(&object["type"]).into(),
        text(&object["reason"]).into(),
        target.into(),
        text(&involved["fieldPath"]).into(),
        source.into(),
        text(either("message", "note")).trim().into(),
        first.into(),
        times,
        name(object),
    ]
}

fn node(object: &Value, now: Timestamp) -> Vec<Value> {
    let ready = items(&object["status"], "conditions").iter().find(|condition| condition["type"] == "Ready");
    let mut status = match ready {
        Some(condition) if condition["status"] == "True" => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    }
    .to_owned();
    if object["spec"]["unschedulable"] == true {
        status.push_str(",SchedulingDisabled");
    }
    let labels = object["metadata"]["labels"].as_object().into_iter().flatten();
    let mut roles: Vec<&str> = labels
        .filter_map(|(key, value)| match key.strip_prefix("node-role.kubernetes.io/") {
            Some(role) => Some(role),
            None => (key == "kubernetes.io/role").then(|| text(value)),
        })
        .filter(|role| !role.is_empty())
        .collect();
    roles.sort_unstable();
    let roles = if roles.is_empty() { "<none>".to_owned() } else { roles.join(",") };
    let address = |kind: &str| {
        let found = items(&object["status"], "addresses").iter().find(|address| address["type"] == kind);
        Value::from(found.map_or("<none>", |address| text(&address["address"])))
    };
    let about = &object["status"]["nodeInfo"];
    vec![
        name(object),
        status.into(),
        roles.into(),
        created_ago(object, now),
        text(&about["kubeletVersion"]).into(),
        address("InternalIP"),
        address("ExternalIP"),
        or(&about["osImage"], "<unknown>").into(),
        or(&about["kernelVersion"], "<unknown>").into(),
        or(&about["containerRuntimeVersion"], "<unknown>").into(),
    ]
}

fn service(object: &Value, now: Timestamp) -> Vec<Value> {
    let spec = &object["spec"];
    let mut external: Vec<&str> = items(spec, "externalIPs").iter().map(text).collect();
    let external = match text(&spec["type"]) {
        "ExternalName" => text(&spec["externalName"]).to_owned(),
        "LoadBalancer" => {
            let mut all: Vec<&str> = items(&object["status"]["loadBalancer"], "ingress")
                .iter()
                .map(|ingress| or(&ingress["ip"], text(&ingress["hostname"])))
                .collect();
            all.append(&mut external);
            if all.is_empty() { "<pending>".to_owned() } else { all.join(",") }
        }
        _ if external.is_empty() => "<none>".to_owned(),
        _ => external.join(","),
    };
    let ports = items(spec, "ports").iter().map(|port| {
        let protocol = or(&port["protocol"], "TCP");
        match port["nodePort"].as_i64() {
            Some(node) if node > 0 => format!("{}:{node}/{protocol}", port["port"]),
            _ => format!("{}/{protocol}", port["port"]),
        }
    });
    let ports = ports.collect::<Vec<_>>().join(",");
    let ports = if ports.is_empty() { "<none>".to_owned() } else { ports };
    vec![
        name(object),
        text(&spec["type"]).into(),
        or(&spec["clusterIP"], "<none>").into(),
        external.into(),
        ports.into(),
        created_ago(object, now),
        labels(&spec["selector"]).into(),
    ]
}

/// Names and images of the containers of a template, and the selector of its owner.
fn workload(spec: &Value) -> [Value; 3] {
    let containers = items(&spec["template"]["spec"], "containers");
    let joined =
        |field: &str| containers.iter().map(|container| text(&container[field])).collect::<Vec<_>>().join(",").into();
    [joined("name"), joined("image"), selector(&spec["selector"]).into()]
}

fn deployment(object: &Value, now: Timestamp) -> Vec<Value> {
    let (spec, status) = (&object["spec"], &object["status"]);
    let mut cells = vec![
        name(object),
        format!("{}/{}", number(&status["readyReplicas"]), number(&spec["replicas"])).into(),
        number(&status["updatedReplicas"]),
        number(&status["availableReplicas"]),
        created_ago(object, now),
    ];
    cells.extend(workload(spec));
    cells
}

fn replica_set(object: &Value, now: Timestamp) -> Vec<Value> {
    let (spec, status) = (&object["spec"], &object["status"]);
    let mut cells = vec![
        name(object),
        number(&spec["replicas"]),
        number(&status["replicas"]),
        number(&status["readyReplicas"]),
        created_ago(object, now),
    ];
    cells.extend(workload(spec));
    cells
}

fn lease(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name(object), text(&object["spec"]["holderIdentity"]).into(), created_ago(object, now)]
}

fn endpoint_slice(object: &Value, now: Timestamp) -> Vec<Value> {
    let ports = items(object, "ports").iter().map(|port| match port["port"].as_i64() {
        Some(port) => port.to_string(),
        None => "*".to_owned(),
    });
    let ports: Vec<String> = ports.collect();
    let ports = if ports.is_empty() { "<unset>".to_owned() } else { some(ports) };
    let addresses = items(object, "endpoints").iter().flat_map(|endpoint| items(endpoint, "addresses"));
    let addresses: Vec<String> = addresses.map(|address| text(address).to_owned()).collect();
    let addresses = if addresses.is_empty() { "<unset>".to_owned() } else { some(addresses) };
    vec![name(object), text(&object["addressType"]).into(), ports.into(), addresses.into(), created_ago(object, now)]
}

fn binding(object: &Value, now: Timestamp) -> Vec<Value> {
    let role = format!("{}/{}", text(&object["roleRef"]["kind"]), text(&object["roleRef"]["name"]));
    let subjects = |kind: &str| {
        let names = items(object, "subjects").iter().filter(|subject| subject["kind"] == kind).map(|subject| {
            match (kind, text(&subject["name"])) {
                ("ServiceAccount", name) => format!("{}/{name}", text(&subject["namespace"])),
                (_, name) => name.to_owned(),
            }
        });
        Value::from(names.collect::<Vec<_>>().join(", "))
    };
    vec![
        name(object),
        role.into(),
        created_ago(object, now),
        subjects("User"),
        subjects("Group"),
        subjects("ServiceAccount"),
    ]
}

#[cfg(test)]
#[path = "builtin_tests.rs"]
mod tests;
