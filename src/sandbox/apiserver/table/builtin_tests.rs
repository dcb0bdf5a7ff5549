use super::*;
use serde_json::json;

fn row(group: &str, resource: &str, mut object: Value) -> Value {
    object["metadata"]["name"] = json!("a");
    object["metadata"]["creationTimestamp"] = json!("2026-01-01T00:00:00Z");
    let (_, cells) = columns(group, resource);
    cells(&object, "2026-01-01T00:05:30Z".parse().unwrap()).into()
}

#[test]
fn rows_read_as_in_kubectl() {
    for (group, resource, object, expected) in [
        ("", "secrets", json!({ "type": "Opaque", "data": { "x": "", "y": "" } }), json!(["a", "Opaque", 2, "5m30s"])),
        ("", "namespaces", json!({ "status": { "phase": "Active" } }), json!(["a", "Active", "5m30s"])),
        (
            "",
            "services",
            json!({ "spec": { "type": "ClusterIP", "clusterIP": "127.9.0.1", "selector": { "b": "1", "a": "2" },
                "ports": [{ "port": 4096, "protocol": "TCP" }, { "port": 80, "nodePort": 30080, "protocol": "TCP" }] } }),
            json!(["a", "ClusterIP", "127.9.0.1", "<none>", "4096/TCP,80:30080/TCP", "5m30s", "a=2,b=1"]),
        ),
        (
            "apps",
            "deployments",
            json!({ "spec": { "replicas": 2, "selector": { "matchLabels": { "app": "x" } },
                "template": { "spec": { "containers": [{ "name": "c", "image": "i" }] } } },
                "status": { "readyReplicas": 1, "updatedReplicas": 2, "availableReplicas": 1 } }),
            json!(["a", "1/2", 2, 1, "5m30s", "c", "i", "app=x"]),
        ),
        (
            "",
            "events",
            json!({ "type": "Normal", "reason": "Started", "message": " Started container\n", "count": 4,
                "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "2026-01-01T00:05:00Z",
                "source": { "component": "kubelet", "host": "n" },
                "involvedObject": { "kind": "Pod", "name": "p", "fieldPath": "spec" } }),
            json!(["30s", "Normal", "Started", "pod/p", "spec", "kubelet, n", "Started container", "5m30s", 4, "a"]),
        ),
        (
            "",
            "events",
            json!({ "type": "Warning", "reason": "R", "message": "m", "eventTime": "2026-01-01T00:05:00.000000Z",
                "reportingComponent": "c", "involvedObject": { "kind": "Task", "name": "t" } }),
            json!(["30s", "Warning", "R", "task/t", "", "c", "m", "30s", 1, "a"]),
        ),
        (
            "",
            "nodes",
            json!({ "metadata": { "labels": { "node-role.kubernetes.io/control-plane": "" } },
                "status": { "conditions": [{ "type": "Ready", "status": "Unknown" }],
                    "addresses": [{ "type": "InternalIP", "address": "127.0.0.1" }], "nodeInfo": { "kubeletVersion": "v1.33.0" } } }),
            json!([
                "a",
                "NotReady",
                "control-plane",
                "5m30s",
                "v1.33.0",
                "127.0.0.1",
                "<none>",
                "<unknown>",
                "<unknown>",
                "<unknown>"
            ]),
        ),
        (
            "",
            "endpoints",
            json!({ "subsets": [{ "addresses": [{ "ip": "1" }, { "ip": "2" }], "ports": [{ "port": 1 }, { "port": 2 }] }] }),
            json!(["a", "1:1,1:2,2:1 + 1 more...", "5m30s"]),
        ),
        (
            "",
            "persistentvolumeclaims",
            json!({ "spec": { "volumeName": "v" }, "status": { "phase": "Bound", "capacity": { "storage": "1Gi" }, "accessModes": ["ReadWriteOnce"] } }),
            json!(["a", "Bound", "v", "1Gi", "RWO", "", "<unset>", "5m30s", "<unset>"]),
        ),
        (
            "rbac.authorization.k8s.io",
            "rolebindings",
            json!({ "roleRef": { "kind": "Role", "name": "r" }, "subjects": [
                { "kind": "User", "name": "u" }, { "kind": "User", "name": "v" },
                { "kind": "ServiceAccount", "namespace": "n", "name": "s" }] }),
            json!(["a", "Role/r", "5m30s", "u, v", "", "n/s"]),
        ),
        ("rbac.authorization.k8s.io", "roles", json!({}), json!(["a", "2026-01-01T00:00:00Z"])),
        (
            "apps",
            "replicasets",
            json!({ "spec": { "replicas": 1, "selector": { "matchExpressions": [{ "key": "k", "operator": "In", "values": ["x", "y"] }] } } }),
            json!(["a", 1, 0, 0, "5m30s", "", "", "k in (x,y)"]),
        ),
    ] {
        assert_eq!(row(group, resource, object), expected, "{resource}");
    }
}
