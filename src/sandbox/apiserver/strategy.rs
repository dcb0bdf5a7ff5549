//! What each kind does to its objects before they are stored: defaults, what a client may not set, allocation
//! (`k8s.io/kubernetes/pkg/registry/*/strategy.go`, `pkg/apis/core/v1/defaults.go`).

use std::collections::HashSet;
use std::net::Ipv4Addr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use super::resources::Resource;
use super::status::{ApiError, ApiResult, FieldError};

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

fn default(members: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    let entry = members.entry(name).or_insert(Value::Null);
    if entry.is_null() {
        *entry = value.into();
    }
}

/// Maps of quantities.
const QUANTITIES: &[&str] = &["limits", "requests", "capacity", "allocatable", "hard", "used"];

/// Writes quantities as text, which clients read; they may be sent as numbers.
pub fn quantities(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if QUANTITIES.contains(&name.as_str()) {
                    let map = value.as_object_mut().into_iter().flat_map(|map| map.values_mut());
                    map.filter(|quantity| quantity.is_number()).for_each(|number| *number = number.to_string().into());
                }
                quantities(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(quantities),
        _ => {}
    }
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

fn defaults(resource: &Resource, object: &mut Value) {
    match resource.collection.as_ref() {
        "pods" => {
            if let Some(spec) = members(object, "spec") {
                pod_spec(spec, true);
            }
        }
        "deployments.apps" => deployment(object),
        "replicasets.apps" => {
            if let Some(spec) = members(object, "spec") {
                default(spec, "replicas", 1);
                template(spec);
            }
        }
        "services" => service(object),
        "secrets" => secret(object),
        "namespaces" => {
            if let Some(spec) = members(object, "spec") {
                default(spec, "finalizers", json!(["kubernetes"]));
            }
            if let Some(name) = object.pointer("/metadata/name").and_then(Value::as_str).map(str::to_owned)
                && let Some(labels) = object.get_mut("metadata").and_then(|metadata| members(metadata, "labels"))
            {
                labels.insert("kubernetes.io/metadata.name".to_owned(), name.into());
            }
        }
        "persistentvolumeclaims" => {
            if let Some(spec) = members(object, "spec") {
                default(spec, "volumeMode", "Filesystem");
            }
        }
        "rolebindings.rbac.authorization.k8s.io" | "clusterrolebindings.rbac.authorization.k8s.io" => binding(object),
        _ => {}
    }
}

fn deployment(object: &mut Value) {
    let Some(spec) = members(object, "spec") else { return };
    default(spec, "replicas", 1);
    default(spec, "revisionHistoryLimit", 10);
    default(spec, "progressDeadlineSeconds", 600);
    default(spec, "strategy", json!({}));
    if let Some(strategy) = spec.get_mut("strategy").and_then(Value::as_object_mut) {
        default(strategy, "type", "RollingUpdate");
        if strategy["type"] == "RollingUpdate" {
            default(strategy, "rollingUpdate", json!({}));
            if let Some(rolling) = strategy.get_mut("rollingUpdate").and_then(Value::as_object_mut) {
                default(rolling, "maxSurge", "25%");
                default(rolling, "maxUnavailable", "25%");
            }
        }
    }
    template(spec);
}

fn template(spec: &mut Map<String, Value>) {
    let Some(template) = spec.get_mut("template") else { return };
    if let Some(metadata) = members(template, "metadata") {
        default(metadata, "creationTimestamp", Value::Null);
    }
    if let Some(spec) = members(template, "spec") {
        pod_spec(spec, false);
    }
}

fn pod_spec(spec: &mut Map<String, Value>, admitted: bool) {
    default(spec, "restartPolicy", "Always");
    default(spec, "terminationGracePeriodSeconds", 30);
    default(spec, "dnsPolicy", "ClusterFirst");
    default(spec, "schedulerName", "default-scheduler");
    default(spec, "securityContext", json!({}));
    if let Some(name) = spec.get("serviceAccountName").cloned() {
        default(spec, "serviceAccount", name);
    } else if let Some(name) = spec.get("serviceAccount").cloned() {
        default(spec, "serviceAccountName", name);
    } else if admitted {
        default(spec, "serviceAccountName", "default");
        default(spec, "serviceAccount", "default");
    }
    if admitted {
        default(spec, "enableServiceLinks", true);
        default(spec, "preemptionPolicy", "PreemptLowerPriority");
        default(spec, "priority", 0);
    }
    for list in ["initContainers", "containers"] {
        for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(container) = container.as_object_mut() {
                self::container(container);
            }
        }
    }
    for volume in spec.get_mut("volumes").and_then(Value::as_array_mut).into_iter().flatten() {
        for source in ["configMap", "secret", "downwardAPI", "projected"] {
            if let Some(source) = volume.get_mut(source).and_then(Value::as_object_mut) {
                default(source, "defaultMode", 0o644);
            }
        }
        if volume.as_object().is_some_and(|members| members.len() == 1) {
            volume["emptyDir"] = json!({});
        }
    }
}

fn container(container: &mut Map<String, Value>) {
    let latest = container.get("image").and_then(Value::as_str).is_some_and(|image| {
        let name = image.rsplit('/').next().unwrap_or(image);
        !image.contains('@') && (!name.contains(':') || name.ends_with(":latest"))
    });
    default(container, "imagePullPolicy", if latest { "Always" } else { "IfNotPresent" });
    default(container, "terminationMessagePath", "/dev/termination-log");
    default(container, "terminationMessagePolicy", "File");
    default(container, "resources", json!({}));
    for port in container.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(port) = port.as_object_mut() {
            default(port, "protocol", "TCP");
        }
    }
    for env in container.get_mut("env").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(field) = env.pointer_mut("/valueFrom/fieldRef").and_then(Value::as_object_mut) {
            default(field, "apiVersion", "v1");
        }
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let Some(probe) = container.get_mut(probe).and_then(Value::as_object_mut) else { continue };
        for (name, value) in
            [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)]
        {
            default(probe, name, value);
        }
        if let Some(get) = probe.get_mut("httpGet").and_then(Value::as_object_mut) {
            default(get, "path", "/");
            default(get, "scheme", "HTTP");
        }
    }
}

/// Quality of service from requests and limits (`pkg/apis/core/v1/helper/qos`).
fn qos_class(pod: &Value) -> &'static str {
    let containers =
        ["containers", "initContainers"].iter().flat_map(|list| pod["spec"][*list].as_array().into_iter().flatten());
    let (mut any, mut guaranteed) = (false, true);
    for container in containers {
        let resources = &container["resources"];
        for resource in ["cpu", "memory"] {
            let (request, limit) = (&resources["requests"][resource], &resources["limits"][resource]);
            any |= !request.is_null() || !limit.is_null();
            guaranteed &= !limit.is_null() && (request.is_null() || request == limit);
        }
    }
    match (any, guaranteed) {
        (false, _) => "BestEffort",
        (true, true) => "Guaranteed",
        (true, false) => "Burstable",
    }
}

fn service(object: &mut Value) {
    let Some(spec) = members(object, "spec") else { return };
    default(spec, "type", "ClusterIP");
    default(spec, "sessionAffinity", "None");
    if spec["type"] != "ExternalName" {
        default(spec, "internalTrafficPolicy", "Cluster");
        default(spec, "ipFamilies", json!(["IPv4"]));
        default(spec, "ipFamilyPolicy", "SingleStack");
    }
    for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(port) = port.as_object_mut() {
            default(port, "protocol", "TCP");
            let number = port.get("port").cloned().unwrap_or_default();
            default(port, "targetPort", number);
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

fn secret(object: &mut Value) {
    let Some(members) = object.as_object_mut() else { return };
    default(members, "type", "Opaque");
    let Some(Value::Object(plain)) = members.shift_remove("stringData") else { return };
    let entry = members.entry("data").or_insert_with(|| json!({}));
    if !entry.is_object() {
        *entry = json!({});
    }
    if let Some(encoded) = entry.as_object_mut() {
        for (name, value) in plain {
            if let Value::String(text) = value {
                encoded.insert(name, BASE64_STANDARD.encode(text).into());
            }
        }
    }
}

fn binding(object: &mut Value) {
    for subject in object.get_mut("subjects").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(subject) = subject.as_object_mut() else { continue };
        if matches!(subject.get("kind").and_then(Value::as_str), Some("User" | "Group")) {
            default(subject, "apiGroup", "rbac.authorization.k8s.io");
        }
    }
    if let Some(role) = object.get_mut("roleRef").and_then(Value::as_object_mut) {
        default(role, "apiGroup", "rbac.authorization.k8s.io");
    }
}

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SERVICE_LABEL: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

fn is_label(text: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    !text.is_empty()
        && text.chars().all(|c| alphanumeric(c) || c == '-')
        && text.starts_with(alphanumeric)
        && text.ends_with(alphanumeric)
}

/// Checks an object's name as its kind does; `field` is `metadata.name` or `metadata.generateName`.
pub fn check_name(resource: &Resource, field: &str, name: &str) -> Option<FieldError> {
    let value = Value::from(name);
    let error = |detail: &str| Some(FieldError::invalid(field, &value, detail));
    match resource.collection.as_ref() {
        "namespaces" if !is_label(name) => error(LABEL),
        "services" if !is_label(name) || name.starts_with(|c: char| c.is_ascii_digit()) => error(SERVICE_LABEL),
        "namespaces" | "services" if name.len() > 63 => error("must be no more than 63 characters"),
        collection if collection.ends_with(".rbac.authorization.k8s.io") => match name {
            "." | ".." => error(&format!("may not be '{name}'")),
            _ if name.contains('/') => error("may not contain '/'"),
            _ if name.contains('%') => error("may not contain '%'"),
            _ => None,
        },
        _ if name.len() > 253 => error("must be no more than 253 characters"),
        _ if !name.split('.').all(is_label) => error(SUBDOMAIN),
        _ => None,
    }
}

/// What a built-in kind refuses beyond types. Deep validation is not the sandbox's purpose: what is checked is what a
/// controller or a user could get wrong and would only notice later.
pub fn validate(resource: &Resource, old: Option<&Value>, object: &Value) -> ApiResult<()> {
    let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    let mut errors = Vec::new();
    match resource.collection.as_ref() {
        "pods" => pod_errors(&object["spec"], "spec", &mut errors),
        "deployments.apps" | "replicasets.apps" => {
            workload_errors(object, &mut errors);
            if old.is_some_and(|old| old["spec"]["selector"] != object["spec"]["selector"]) {
                errors.push(FieldError::invalid("spec.selector", &object["spec"]["selector"], "field is immutable"));
            }
        }
        "services" => {
            let address = |service: &Value| service["spec"]["clusterIP"].as_str().unwrap_or_default().to_owned();
            let (before, after) = (old.map(address).unwrap_or_default(), address(object));
            if !before.is_empty() && before != after && object["spec"]["type"] != "ExternalName" {
                let value = json!([after]);
                errors.push(FieldError::invalid("spec.clusterIPs[0]", &value, "may not change once set"));
            }
        }
        "configmaps" | "secrets" => {
            if let Some(old) = old.filter(|old| old["immutable"] == true)
                && (old["data"] != object["data"] || object["immutable"] != true)
            {
                errors.push(FieldError::forbidden("data", "field is immutable when `immutable` is set"));
            }
            secret_errors(resource, old, object, &mut errors);
        }
        _ => {}
    }
    if errors.is_empty() { Ok(()) } else { Err(resource.invalid(name, &errors)) }
}

fn secret_errors(resource: &Resource, old: Option<&Value>, object: &Value, errors: &mut Vec<FieldError>) {
    if resource.plural != "secrets" {
        return;
    }
    if old.is_some_and(|old| old["type"] != object["type"]) {
        errors.push(FieldError::invalid("type", &object["type"], "field is immutable"));
    }
}

fn workload_errors(object: &Value, errors: &mut Vec<FieldError>) {
    let spec = &object["spec"];
    if spec["selector"].is_null() {
        errors.push(FieldError::required("spec.selector", ""));
    }
    let labels = &spec["template"]["metadata"]["labels"];
    let selected = spec["selector"]["matchLabels"].as_object().into_iter().flatten();
    if selected.clone().any(|(key, value)| labels.get(key) != Some(value)) {
        errors.push(FieldError::invalid(
            "spec.template.metadata.labels",
            labels,
            "`selector` does not match template `labels`",
        ));
    }
    pod_errors(&spec["template"]["spec"], "spec.template.spec", errors);
}

fn pod_errors(spec: &Value, path: &str, errors: &mut Vec<FieldError>) {
    let containers = spec["containers"].as_array().map(Vec::as_slice).unwrap_or_default();
    if containers.is_empty() {
        errors.push(FieldError::required(format!("{path}.containers"), ""));
    }
    let volumes: HashSet<&str> =
        spec["volumes"].as_array().into_iter().flatten().filter_map(|volume| volume["name"].as_str()).collect();
    let mut names = HashSet::new();
    for list in ["initContainers", "containers"] {
        for (index, container) in spec[list].as_array().into_iter().flatten().enumerate() {
            let at = format!("{path}.{list}[{index}]");
            match container["name"].as_str() {
                None | Some("") => errors.push(FieldError::required(format!("{at}.name"), "")),
                Some(name) if !names.insert(name) => errors.push(FieldError {
                    reason: "FieldValueDuplicate",
                    field: format!("{at}.name"),
                    message: format!("Duplicate value: \"{name}\""),
                }),
                Some(name) if !is_label(name) => {
                    errors.push(FieldError::invalid(format!("{at}.name"), &name.into(), LABEL));
                }
                Some(_) => {}
            }
            if container["image"].as_str().unwrap_or_default().is_empty() {
                errors.push(FieldError::required(format!("{at}.image"), ""));
            }
            for (mount, given) in container["volumeMounts"].as_array().into_iter().flatten().enumerate() {
                if given["name"].as_str().is_some_and(|name| !volumes.contains(name)) {
                    errors.push(FieldError {
                        reason: "FieldValueNotFound",
                        field: format!("{at}.volumeMounts[{mount}].name"),
                        message: format!("Not found: {}", given["name"]),
                    });
                }
            }
        }
    }
    let policy = &spec["restartPolicy"];
    if !matches!(policy.as_str(), Some("Always" | "OnFailure" | "Never")) {
        let known = ["Always", "OnFailure", "Never"];
        errors.push(FieldError::not_supported(format!("{path}.restartPolicy"), policy, &known));
    }
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
