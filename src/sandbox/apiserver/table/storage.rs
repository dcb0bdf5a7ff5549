//! The columns of claims and volumes (`printPersistentVolumeClaim`, `printPersistentVolume`).

use jiff::Timestamp;
use serde_json::Value;

use super::builtin::{AGE, Definition, NAME, created_ago, is_deleted, items, name, or, text};

/// Of a `PersistentVolumeClaim`.
pub(super) const CLAIM: &[Definition] = &[
    NAME,
    ("Status", "string", 0),
    ("Volume", "string", 0),
    ("Capacity", "string", 0),
    ("Access Modes", "string", 0),
    ("StorageClass", "string", 0),
    ("VolumeAttributesClass", "string", 0),
    AGE,
    ("VolumeMode", "string", 1),
];

/// Of a `PersistentVolume`.
pub(super) const VOLUME: &[Definition] = &[
    NAME,
    ("Capacity", "string", 0),
    ("Access Modes", "string", 0),
    ("Reclaim Policy", "string", 0),
    ("Status", "string", 0),
    ("Claim", "string", 0),
    ("StorageClass", "string", 0),
    ("VolumeAttributesClass", "string", 0),
    ("Reason", "string", 0),
    AGE,
    ("VolumeMode", "string", 1),
];

fn access_modes(modes: &[Value]) -> String {
    let short = modes.iter().map(|mode| match text(mode) {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        other => other,
    });
    short.collect::<Vec<_>>().join(",")
}

pub(super) fn claim(object: &Value, now: Timestamp) -> Vec<Value> {
    let (spec, status) = (&object["spec"], &object["status"]);
    let bound = !text(&spec["volumeName"]).is_empty();
    let phase = if is_deleted(object) { "Terminating" } else { text(&status["phase"]) };
    vec![
        name(object),
        phase.into(),
        text(&spec["volumeName"]).into(),
        if bound { text(&status["capacity"]["storage"]).into() } else { "".into() },
        if bound { access_modes(items(status, "accessModes")).into() } else { "".into() },
        text(&spec["storageClassName"]).into(),
        or(&spec["volumeAttributesClassName"], "<unset>").into(),
        created_ago(object, now),
        or(&spec["volumeMode"], "<unset>").into(),
    ]
}

pub(super) fn volume(object: &Value, now: Timestamp) -> Vec<Value> {
    let (spec, status) = (&object["spec"], &object["status"]);
    let claim = match &spec["claimRef"] {
        Value::Null => String::new(),
        claim => format!("{}/{}", text(&claim["namespace"]), text(&claim["name"])),
    };
    let phase = if is_deleted(object) { "Terminating" } else { text(&status["phase"]) };
    vec![
        name(object),
        text(&spec["capacity"]["storage"]).into(),
        access_modes(items(spec, "accessModes")).into(),
        text(&spec["persistentVolumeReclaimPolicy"]).into(),
        phase.into(),
        claim.into(),
        text(&spec["storageClassName"]).into(),
        or(&spec["volumeAttributesClassName"], "<unset>").into(),
        text(&status["reason"]).into(),
        created_ago(object, now),
        or(&spec["volumeMode"], "<unset>").into(),
    ]
}
