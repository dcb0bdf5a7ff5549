//! What people do with the real kubectl, and the words it prints.

use serde_json::{Value, json};

use crate::Cluster;

/// Creates a definition of the platform, as its authors publish it, and waits until it is served.
async fn define(cluster: &Cluster, plural: &str) {
    let file = format!("{}/tests/fixtures/crds/kubeopencode.io_{plural}.yaml", env!("CARGO_MANIFEST_DIR"));
    cluster.kubectl(&["apply", "--server-side", "-f", &file]).await;
    let name = format!("crd/{plural}.kubeopencode.io");
    cluster.kubectl(&["wait", "--for=condition=Established", &name, "--timeout=30s"]).await;
}

fn task(name: &str, spec: &Value) -> String {
    json!({ "apiVersion": "kubeopencode.io/v1alpha1", "kind": "Task", "metadata": { "name": name }, "spec": spec })
        .to_string()
}

#[tokio::test]
async fn custom_resources_are_held_to_their_schema() {
    let cluster = Cluster::start().await;
    define(&cluster, "tasks").await;

    let both = json!({ "agentRef": { "name": "a" }, "templateRef": { "name": "t" }, "description": "d" });
    let (code, _, stderr) = cluster.kubectl_with(&["create", "-f", "-"], &task("x", &both)).await;
    assert_eq!(
        (code, stderr.as_str()),
        (
            1,
            "The Task \"x\" is invalid: spec: Invalid value: \"object\": only one of agentRef or templateRef can be specified\n"
        )
    );
    let (code, _, stderr) = cluster
        .kubectl_with(&["create", "-f", "-"], &task("x", &json!({ "agentRef": { "name": "a" }, "prompt": "p" })))
        .await;
    assert_eq!(code, 1);
    assert_eq!(
        stderr,
        "Error from server (BadRequest): error when creating \"STDIN\": Task in version \"v1alpha1\" cannot be handled as a Task: strict decoding error: unknown field \"spec.prompt\"\n"
    );
    let warned = json!({ "agentRef": { "name": "a" }, "description": "d", "prompt": "p" });
    let (code, stdout, stderr) =
        cluster.kubectl_with(&["create", "--validate=warn", "-f", "-"], &task("x", &warned)).await;
    assert_eq!((code, stdout.as_str()), (0, "task.kubeopencode.io/x created\n"), "{stderr}");
    assert_eq!(stderr, "Warning: unknown field \"spec.prompt\"\n");
    assert_eq!(cluster.kubectl(&["get", "task", "x", "-o", "jsonpath={.spec.prompt}{.spec.description}"]).await, "d");

    let table = cluster.kubectl(&["get", "tasks"]).await;
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("NAME") && lines[0].trim_end().ends_with("AGE"), "{table}");
    assert!(lines[1].starts_with("x "), "{table}");
    cluster.end().await;
}

#[tokio::test]
async fn apply_and_explain_read_the_published_schemas() {
    let cluster = Cluster::start().await;
    define(&cluster, "tasks").await;
    let manifest = task("y", &json!({ "agentRef": { "name": "a" }, "description": "one" }));
    let apply = async |text: &str, extra: &[&str]| {
        let (code, stdout, stderr) = cluster.kubectl_with(&[&["apply", "-f", "-"], extra].concat(), text).await;
        assert_eq!(code, 0, "{stderr}");
        stdout
    };
    assert_eq!(apply(&manifest, &[]).await, "task.kubeopencode.io/y created\n");
    assert_eq!(apply(&manifest, &[]).await, "task.kubeopencode.io/y unchanged\n");
    assert_eq!(apply(&manifest.replace("one", "two"), &[]).await, "task.kubeopencode.io/y configured\n");
    let other = task("z", &json!({ "agentRef": { "name": "a" }, "description": "one" }));
    assert_eq!(apply(&other, &["--server-side"]).await, "task.kubeopencode.io/z serverside-applied\n");
    let map = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "m" }, "data": { "k": "v" } })
        .to_string();
    assert_eq!(apply(&map, &[]).await, "configmap/m created\n");
    assert_eq!(apply(&map.replace("\"v\"", "\"w\""), &[]).await, "configmap/m configured\n");

    let text = cluster.kubectl(&["explain", "task.spec"]).await;
    assert!(text.contains("KIND:       Task") && text.contains("FIELD: spec <Object>"), "{text}");
    assert!(text.contains("agentRef\t<Object>"), "{text}");
    let text = cluster.kubectl(&["explain", "pods.spec.containers.image"]).await;
    assert!(text.contains("FIELD: image <string>"), "{text}");
    let text = cluster.kubectl(&["explain", "deployment.metadata.labels"]).await;
    assert!(text.contains("FIELD: labels <map[string]string>"), "{text}");
    cluster.end().await;
}

#[tokio::test]
async fn typed_commands_and_rights_work() {
    let cluster = Cluster::start().await;
    assert_eq!(
        cluster.kubectl(&["create", "secret", "generic", "s", "--from-literal=k=v"]).await,
        "secret/s created\n"
    );
    assert_eq!(cluster.kubectl(&["get", "secret", "s", "-o", "jsonpath={.data.k}/{.type}"]).await, "dg==/Opaque");
    cluster.kubectl(&["create", "configmap", "c", "--from-literal=k=v"]).await;
    cluster.kubectl(&["create", "serviceaccount", "bot"]).await;
    cluster.kubectl(&["create", "role", "reader", "--verb=get,list", "--resource=configmaps,pods/log"]).await;
    cluster.kubectl(&["create", "rolebinding", "readers", "--role=reader", "--user=dev"]).await;
    cluster.kubectl(&["create", "deployment", "web", "--image=i", "--replicas=0"]).await;
    cluster.kubectl(&["create", "service", "clusterip", "web", "--tcp=80:8080"]).await;
    assert_eq!(cluster.kubectl(&["get", "service", "web", "-o", "jsonpath={.spec.ports[0].targetPort}"]).await, "8080");

    assert_eq!(cluster.kubectl(&["auth", "can-i", "list", "configmaps", "--as=dev"]).await, "yes\n");
    let (code, stdout, _) = cluster.kubectl_with(&["auth", "can-i", "delete", "configmaps", "--as=dev"], "").await;
    assert_eq!((code, stdout.as_str()), (1, "no\n"));
    let listed = cluster.kubectl(&["auth", "can-i", "--list", "--as=dev"]).await;
    assert!(listed.lines().any(|line| line.starts_with("configmaps ") && line.contains("[get list]")), "{listed}");
    let who = cluster.kubectl(&["auth", "whoami", "--as=dev", "--as-group=devs"]).await;
    assert!(who.contains("Username") && who.contains("dev") && who.contains("[devs system:authenticated]"), "{who}");

    assert!(cluster.kubectl(&["get", "configmaps", "--as=dev"]).await.contains("c "));
    let (code, _, stderr) = cluster.kubectl_with(&["get", "secrets", "--as=dev"], "").await;
    let namespace = &cluster.namespace;
    assert_eq!(
        (code, stderr),
        (
            1,
            format!(
                "Error from server (Forbidden): secrets is forbidden: User \"dev\" cannot list resource \"secrets\" in API group \"\" in the namespace \"{namespace}\"\n"
            )
        )
    );
    let (code, _, stderr) = cluster.kubectl_with(&["delete", "configmap", "c", "--as=dev"], "").await;
    assert_eq!(
        (code, stderr),
        (
            1,
            format!(
                "Error from server (Forbidden): configmaps \"c\" is forbidden: User \"dev\" cannot delete resource \"configmaps\" in API group \"\" in the namespace \"{namespace}\"\n"
            )
        )
    );
    let token = cluster.kubectl(&["create", "token", "bot", "--duration=10m"]).await;
    assert_eq!(token.trim().split('.').count(), 3);
    cluster.end().await;
}

#[tokio::test]
async fn built_in_kinds_are_held_to_their_types() {
    let cluster = Cluster::start().await;
    let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p" },
        "spec": { "containers": [{ "name": "c", "image": "i", "commnd": ["x"] }] } });
    let (code, _, stderr) = cluster.kubectl_with(&["create", "-f", "-"], &pod.to_string()).await;
    assert_eq!(
        (code, stderr.as_str()),
        (
            1,
            "Error from server (BadRequest): error when creating \"STDIN\": Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field \"spec.containers[0].commnd\"\n"
        )
    );
    let deployment = json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "d" }, "spec": { "replicas": "x" } });
    let (code, _, stderr) = cluster.kubectl_with(&["create", "-f", "-"], &deployment.to_string()).await;
    assert_eq!(code, 1);
    assert!(
        stderr
            .contains("json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"),
        "{stderr}"
    );
    cluster.end().await;
}

#[tokio::test]
async fn events_of_the_new_group_are_sorted_by_fields_of_the_old() {
    let cluster = Cluster::start().await;
    let namespace = &cluster.namespace;
    let event = json!({ "apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": { "name": "e" },
        "regarding": { "kind": "ConfigMap", "name": "c", "namespace": namespace }, "note": "it happened", "type": "Normal",
        "reason": "Happened", "action": "Happen", "eventTime": "2026-01-01T00:00:00.000000Z",
        "reportingController": "tests", "reportingInstance": "tests-1" });
    let (code, _, stderr) = cluster.kubectl_with(&["create", "-f", "-"], &event.to_string()).await;
    assert_eq!((code, stderr.as_str()), (0, ""));
    let listed = cluster.kubectl(&["get", "events", "--sort-by=.lastTimestamp"]).await;
    assert!(listed.contains("Happened") && listed.contains("it happened"), "{listed}");
    cluster.end().await;
}
