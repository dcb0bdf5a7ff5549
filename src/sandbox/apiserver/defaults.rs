//! What each kind fills in where nothing was said (`k8s.io/kubernetes/pkg/apis/*/v1/defaults.go`, and what the admission
//! plugins add that every cluster runs).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use super::resources::Resource;
use super::strategy::members;

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

/// What the Go type of an event writes although it is empty: `kubectl get events --sort-by=.lastTimestamp` finds nothing
/// where no event has the field at all.
fn event(object: &mut Value) {
    let Some(event) = object.as_object_mut() else { return };
    for time in ["firstTimestamp", "lastTimestamp", "eventTime"] {
        event.entry(time).or_insert(Value::Null);
    }
    default(event, "source", json!({}));
    default(event, "reportingComponent", "");
    default(event, "reportingInstance", "");
}

/// Fills them in.
pub fn defaults(resource: &Resource, object: &mut Value) {
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
        "events" => event(object),
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
        tolerations(spec);
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

/// Five minutes for a node to come back (`DefaultTolerationSeconds`).
fn tolerations(spec: &mut Map<String, Value>) {
    let held = spec.entry("tolerations").or_insert(Value::Null);
    if held.is_null() {
        *held = json!([]);
    }
    let Some(held) = held.as_array_mut() else { return };
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        let tolerated = held.iter().any(|toleration| {
            let effect = toleration["effect"].as_str().unwrap_or_default();
            (toleration["key"] == key || toleration["key"].as_str().is_none_or(str::is_empty))
                && matches!(effect, "" | "NoExecute")
        });
        if !tolerated {
            held.push(json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}));
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
pub fn qos_class(pod: &Value) -> &'static str {
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
