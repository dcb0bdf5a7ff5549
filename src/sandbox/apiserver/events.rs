//! Events are stored once and served by two groups: core `v1` and `events.k8s.io/v1`
//! (`k8s.io/kubernetes/pkg/apis/events/v1/conversion.go`).

use serde_json::{Map, Value};

/// Names of the same field: in `events.k8s.io/v1`, in core `v1`.
const RENAMED: &[(&str, &str)] = &[
    ("regarding", "involvedObject"),
    ("note", "message"),
    ("reportingController", "reportingComponent"),
    ("deprecatedSource", "source"),
    ("deprecatedFirstTimestamp", "firstTimestamp"),
    ("deprecatedLastTimestamp", "lastTimestamp"),
    ("deprecatedCount", "count"),
];

/// A core event as `events.k8s.io/v1`.
pub fn from_core(event: Value) -> Value {
    rename(event, "events.k8s.io/v1", |name| RENAMED.iter().find(|(_, core)| *core == name).map(|(new, _)| *new))
}

/// An `events.k8s.io/v1` event as it is stored, in core `v1`.
pub fn to_core(event: Value) -> Value {
    rename(event, "v1", |name| RENAMED.iter().find(|(new, _)| *new == name).map(|(_, core)| *core))
}

fn rename(event: Value, api_version: &str, other: impl Fn(&str) -> Option<&'static str>) -> Value {
    let Value::Object(members) = event else { return event };
    let mut renamed: Map<String, Value> = members
        .into_iter()
        .map(|(name, value)| match other(&name) {
            Some(other) => (other.to_owned(), value),
            None => (name, value),
        })
        .collect();
    if let Some(version) = renamed.get_mut("apiVersion") {
        *version = api_version.into();
    }
    Value::Object(renamed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn conversion_there_and_back_is_the_same_event() {
        let core = json!({
            "apiVersion": "v1", "kind": "Event", "metadata": {"name": "e"}, "involvedObject": {"kind": "Pod"},
            "message": "text", "reason": "Started", "type": "Normal", "count": 2, "reportingComponent": "kubelet",
        });
        let new = from_core(core.clone());
        assert_eq!(
            (&new["note"], &new["regarding"]["kind"], &new["deprecatedCount"]),
            (&json!("text"), &json!("Pod"), &json!(2))
        );
        assert_eq!(to_core(new), core);
    }
}
