//! The roles that every cluster has (`k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy`), for what this
//! server serves.

use serde_json::{Value, json};

const READ: &[&str] = &["get", "list", "watch"];
const WRITE: &[&str] = &["create", "delete", "deletecollection", "patch", "update"];

/// ClusterRoles and ClusterRoleBindings of a new cluster.
pub fn defaults() -> Vec<Value> {
    let meta = |name: &str| {
        json!({
            "name": name,
            "labels": { "kubernetes.io/bootstrapping": "rbac-defaults" },
            "annotations": { "rbac.authorization.kubernetes.io/autoupdate": "true" },
        })
    };
    let api = "rbac.authorization.k8s.io/v1";
    let role = |name: &str, rules: Vec<Value>| json!({ "apiVersion": api, "kind": "ClusterRole", "metadata": meta(name), "rules": rules });
    let aggregate = |name: &str, into: &str, rules: Vec<Value>| {
        let mut role = role(name, rules);
        role["metadata"]["labels"][format!("rbac.authorization.k8s.io/aggregate-to-{into}")] = "true".into();
        role
    };
    let aggregated = |name: &str| {
        let mut role = role(name, Vec::new());
        let label = format!("rbac.authorization.k8s.io/aggregate-to-{name}");
        role["aggregationRule"] = json!({ "clusterRoleSelectors": [{ "matchLabels": { label: "true" } }] });
        role
    };
    let bind = |name: &str, role: &str, group: &str| {
        json!({
            "apiVersion": api, "kind": "ClusterRoleBinding", "metadata": meta(name),
            "subjects": [{ "kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": group }],
            "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role },
        })
    };
    let may = |groups: &[&str], resources: &[&str], verbs: &[&str]| json!({ "apiGroups": groups, "resources": resources, "verbs": verbs });
    let paths = |paths: &[&str]| json!({ "nonResourceURLs": paths, "verbs": ["get"] });

    let core = ["configmaps", "endpoints", "persistentvolumeclaims", "pods", "serviceaccounts", "services"];
    let apps = ["deployments", "deployments/scale", "replicasets", "replicasets/scale"];
    let view = vec![
        may(&[""], &core, READ),
        may(&[""], &["events", "namespaces", "pods/log", "pods/status", "services/status"], READ),
        may(&["apps"], &apps, READ),
        may(&["discovery.k8s.io"], &["endpointslices"], READ),
    ];
    let edit = vec![
        may(&[""], &core, WRITE),
        may(&[""], &["secrets"], &[READ, WRITE].concat()),
        may(&[""], &["pods/attach", "pods/exec", "pods/portforward", "pods/proxy"], &["get", "create"]),
        may(&[""], &["events"], &["create", "patch", "update"]),
        may(&["apps"], &apps, WRITE),
        may(&["coordination.k8s.io"], &["leases"], &[READ, WRITE].concat()),
    ];
    let admin = vec![
        may(&["authorization.k8s.io"], &["localsubjectaccessreviews"], &["create"]),
        may(&["rbac.authorization.k8s.io"], &["rolebindings", "roles"], &[READ, WRITE].concat()),
    ];
    let labelled = |mut role: Value, into: &[&str]| {
        for into in into {
            role["metadata"]["labels"][format!("rbac.authorization.k8s.io/aggregate-to-{into}")] = "true".into();
        }
        role
    };
    vec![
        role("cluster-admin", vec![may(&["*"], &["*"], &["*"]), json!({ "nonResourceURLs": ["*"], "verbs": ["*"] })]),
        bind("cluster-admin", "cluster-admin", "system:masters"),
        aggregated("admin"),
        aggregated("edit"),
        aggregated("view"),
        aggregate("system:aggregate-to-admin", "admin", admin),
        labelled(aggregate("system:aggregate-to-edit", "edit", edit), &["admin"]),
        labelled(aggregate("system:aggregate-to-view", "view", view), &["edit", "admin"]),
        role(
            "system:basic-user",
            vec![
                may(&["authorization.k8s.io"], &["selfsubjectaccessreviews", "selfsubjectrulesreviews"], &["create"]),
                may(&["authentication.k8s.io"], &["selfsubjectreviews"], &["create"]),
            ],
        ),
        bind("system:basic-user", "system:basic-user", "system:authenticated"),
        role(
            "system:discovery",
            vec![paths(&[
                "/api",
                "/api/*",
                "/apis",
                "/apis/*",
                "/healthz",
                "/livez",
                "/openapi",
                "/openapi/*",
                "/readyz",
                "/version",
                "/version/",
            ])],
        ),
        bind("system:discovery", "system:discovery", "system:authenticated"),
        role("system:public-info-viewer", vec![paths(&["/healthz", "/livez", "/readyz", "/version", "/version/"])]),
        bind("system:public-info-viewer", "system:public-info-viewer", "system:authenticated"),
    ]
}
