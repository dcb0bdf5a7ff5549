//! What kubectl prints when something is refused, or changes nothing: the words of a kube-apiserver.

use serde_json::{Value, json};

use crate::Cluster;

impl Cluster {
    /// Runs kubectl, which must fail with this on stderr.
    async fn refused(&self, arguments: &[&str], stdin: &str, stderr: &str) {
        let (code, stdout, said) = self.kubectl_with(arguments, stdin).await;
        assert_eq!((code, stdout.as_str(), said.as_str()), (1, "", stderr), "kubectl {arguments:?}");
    }
}

#[tokio::test]
async fn patches_that_do_not_fit() {
    let cluster = Cluster::start().await;
    cluster.kubectl(&["create", "configmap", "c", "--from-literal=a=1"]).await;
    cluster.kubectl(&["create", "deployment", "web", "--image=i", "--replicas=0"]).await;
    let patch = async |arguments: &[&str], stderr: &str| {
        cluster.refused(&[&["patch"], arguments].concat(), "", stderr).await;
    };
    patch(
        &["configmap", "c", "--type=json", "-p", r#"[{"op":"replace","path":"/data/no","value":"x"}]"#],
        "The request is invalid: the server rejected our request due to an error in our request\n",
    )
    .await;
    patch(
        &["configmap", "c", "-p", r#"{"data":{"b":2}}"#],
        "The request is invalid: patch: Invalid value: \"map[data:map[b:2]]\": unrecognized type: string\n",
    )
    .await;
    patch(
        &["deployment", "web", "-p", r#"{"spec":{"replicas":"x"}}"#],
        "The request is invalid: patch: Invalid value: \"map[spec:map[replicas:x]]\": unrecognized type: int32\n",
    )
    .await;
    let (code, _, stderr) =
        cluster.kubectl_with(&["patch", "configmap", "c", "--type=merge", "-p", r#"{"data":{"b":2}}"#], "").await;
    let end = "json: cannot unmarshal number into Go struct field ConfigMap.data.b of type string\n";
    assert!(
        code == 1
            && stderr.starts_with("The request is invalid: patch: Invalid value: \"{\\\"")
            && stderr.ends_with(end),
        "{stderr}"
    );
    let arguments = ["patch", "configmap", "c", "--type=merge", "-p", r#"{"data":{"b":"3"},"odd":1}"#];
    let (code, stdout, stderr) = cluster.kubectl_with(&arguments, "").await;
    assert_eq!(
        (code, stdout.as_str(), stderr.as_str()),
        (0, "configmap/c patched\n", "Warning: unknown field \"odd\"\n")
    );
    assert_eq!(
        cluster.kubectl(&["patch", "configmap", "c", "-p", r#"{"data":{"b":"3"}}"#]).await,
        "configmap/c patched (no change)\n"
    );
    cluster.end().await;
}

#[tokio::test]
async fn applied_configurations_that_do_not_fit() {
    let cluster = Cluster::start().await;
    let namespace = &cluster.namespace;
    let deployment = |container: Value, replicas: Value| {
        json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "web" }, "spec": {
            "replicas": replicas, "selector": { "matchLabels": { "a": "b" } },
            "template": { "metadata": { "labels": { "a": "b" } }, "spec": { "containers": [container] } } } })
        .to_string()
    };
    let apply = ["apply", "--server-side", "-f", "-"];
    let failed =
        format!("Error from server: failed to create typed patch object ({namespace}/web; apps/v1, Kind=Deployment): ");
    let odd = deployment(json!({ "name": "c", "image": "i", "comand": ["x"] }), json!(1));
    let what = ".spec.template.spec.containers[name=\"c\"].comand: field not declared in schema\n";
    cluster.refused(&apply, &odd, &(failed.clone() + what)).await;
    let odd = deployment(json!({ "name": "c", "image": "i" }), json!("x"));
    let what = ".spec.replicas: expected numeric (int or float), got string\n";
    cluster.refused(&apply, &odd, &(failed + what)).await;

    let twice = r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"t"},"data":{"a":"1","a":"2"}}"#;
    let raw = |validation: &str| {
        format!("--raw=/api/v1/namespaces/{namespace}/configmaps?fieldValidation={validation}&fieldManager=m")
    };
    let (code, _, stderr) = cluster.kubectl_with(&["create", &raw("Strict"), "-f", "-"], twice).await;
    assert_eq!(
        (code, stderr.as_str()),
        (
            1,
            "Error from server (BadRequest): ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: duplicate field \"data.a\"\n"
        )
    );
    let (code, _, stderr) = cluster.kubectl_with(&["create", &raw("Warn"), "-f", "-"], twice).await;
    assert_eq!((code, stderr.as_str()), (0, "Warning: duplicate field \"data.a\"\n"));
    assert_eq!(cluster.kubectl(&["get", "configmap", "t", "-o", "jsonpath={.data.a}"]).await, "2");
    cluster.end().await;
}

#[tokio::test]
async fn a_pod_changes_where_it_may() {
    let cluster = Cluster::start().await;
    cluster.kubectl(&["run", "p", "--image=one", "--restart=Never"]).await;
    assert_eq!(cluster.kubectl(&["set", "image", "pod/p", "p=two"]).await, "pod/p image updated\n");
    assert_eq!(cluster.kubectl(&["annotate", "pod", "p", "a=b"]).await, "pod/p annotated\n");
    let (code, _, stderr) =
        cluster.kubectl_with(&["patch", "pod", "p", "-p", r#"{"spec":{"terminationGracePeriodSeconds":5}}"#], "").await;
    let start = "The Pod \"p\" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n";
    assert!(code == 1 && stderr.starts_with(start), "{stderr}");
    let add = r#"{"spec":{"containers":[{"name":"other","image":"i"}]}}"#;
    cluster
        .refused(
            &["patch", "pod", "p", "-p", add],
            "",
            "The Pod \"p\" is invalid: spec.containers: Forbidden: pod updates may not add or remove containers\n",
        )
        .await;
    cluster.end().await;
}

#[tokio::test]
async fn a_pod_is_bound_once_and_evicted() {
    let cluster = Cluster::start().await;
    if std::env::var_os("TEST_KUBECONFIG").is_some() {
        // A scheduler would be faster.
        return;
    }
    let namespace = &cluster.namespace;
    cluster.kubectl(&["run", "p", "--image=one", "--restart=Never"]).await;
    let binding = json!({ "apiVersion": "v1", "kind": "Binding", "metadata": { "name": "p" },
        "target": { "kind": "Node", "name": "n" } })
    .to_string();
    let path = format!("--raw=/api/v1/namespaces/{namespace}/pods/p/binding");
    let (code, stdout, stderr) = cluster.kubectl_with(&["create", &path, "-f", "-"], &binding).await;
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(serde_json::from_str::<Value>(&stdout).unwrap()["status"], "Success");
    assert_eq!(cluster.kubectl(&["get", "pod", "p", "-o", "jsonpath={.spec.nodeName}"]).await, "n");
    cluster
        .refused(
            &["create", &path, "-f", "-"],
            &binding,
            "Error from server (Conflict): Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node \"n\"\n",
        )
        .await;
    let eviction = json!({ "apiVersion": "policy/v1", "kind": "Eviction", "metadata": { "name": "p" },
        "deleteOptions": { "gracePeriodSeconds": 0 } })
    .to_string();
    let path = format!("--raw=/api/v1/namespaces/{namespace}/pods/p/eviction");
    let (code, _, stderr) = cluster.kubectl_with(&["create", &path, "-f", "-"], &eviction).await;
    assert_eq!(code, 0, "{stderr}");
    cluster.refused(&["get", "pod", "p"], "", "Error from server (NotFound): pods \"p\" not found\n").await;
    cluster.end().await;
}

/// A definition with two versions, of which the second has a default in the items of an atomic list.
fn definition(group: &str) -> Value {
    let schema = |properties: Value| json!({ "openAPIV3Schema": { "type": "object", "properties": { "spec": { "type": "object", "properties": properties } } } });
    let list = json!({ "a": { "type": "string" }, "list": { "type": "array", "items": { "type": "object", "properties": {
        "name": { "type": "string" }, "depth": { "type": "integer", "default": 1 } } } } });
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": { "name": format!("things.{group}") },
        "spec": { "group": group, "scope": "Namespaced", "names": { "plural": "things", "kind": "Thing" }, "versions": [
            { "name": "v1", "served": true, "storage": true, "schema": schema(list) },
            { "name": "v1beta1", "served": true, "storage": false, "schema": schema(json!({ "a": { "type": "string" } })) },
        ] },
    })
}

#[tokio::test]
async fn one_object_is_served_in_every_version() {
    let cluster = Cluster::start().await;
    let group = format!("{}.example.org", cluster.namespace);
    let (code, _, stderr) = cluster.kubectl_with(&["create", "-f", "-"], &definition(&group).to_string()).await;
    assert_eq!(code, 0, "{stderr}");
    cluster.kubectl(&["wait", "--for=condition=Established", &format!("crd/things.{group}"), "--timeout=30s"]).await;
    let thing = |version: &str, spec: Value| {
        json!({ "apiVersion": format!("{group}/{version}"), "kind": "Thing", "metadata": { "name": "t" }, "spec": spec })
            .to_string()
    };
    let apply = async |text: String| {
        let (code, stdout, stderr) = cluster.kubectl_with(&["apply", "-f", "-"], &text).await;
        assert_eq!(code, 0, "{stderr}");
        stdout
    };
    let full = thing("v1", json!({ "a": "x", "list": [{ "name": "one" }] }));
    assert_eq!(apply(full.clone()).await, format!("thing.{group}/t created\n"));
    let shown = async |version: &str, path: &str| {
        let resource = format!("things.{version}.{group}");
        cluster.kubectl(&["get", &resource, "t", "-o", &format!("jsonpath={path}")]).await
    };
    assert_eq!(shown("v1", "{.apiVersion} {.spec.list[0].depth}").await, format!("{group}/v1 1"));
    assert_eq!(shown("v1beta1", "{.apiVersion} {.spec.a}").await, format!("{group}/v1beta1 x"));
    // The list is sent again without what its items got by default, and so has not changed.
    apply(full).await;
    assert_eq!(shown("v1", "{.metadata.generation}").await, "1");
    // Written in the other version, it is the same object.
    let resource = format!("things.v1beta1.{group}");
    cluster.kubectl(&["patch", &resource, "t", "--type=merge", "-p", r#"{"spec":{"a":"y"}}"#]).await;
    assert_eq!(shown("v1", "{.spec.a} {.metadata.generation}").await, "y 2");
    cluster.kubectl(&["delete", &format!("crd/things.{group}")]).await;
    cluster.end().await;
}

#[tokio::test]
async fn metadata_is_owned_field_by_field() {
    let cluster = Cluster::start().await;
    cluster.kubectl(&["create", "configmap", "c", "--from-literal=a=1"]).await;
    cluster.kubectl(&["label", "configmap", "c", "x=y"]).await;
    let fields = async |index: usize| {
        let path = format!("jsonpath={{.metadata.managedFields[{index}].fieldsV1}}");
        let text = cluster.kubectl(&["get", "configmap", "c", "--show-managed-fields", "-o", &path]).await;
        serde_json::from_str::<Value>(&text).unwrap()
    };
    assert_eq!(fields(0).await, json!({ "f:data": { ".": {}, "f:a": {} } }));
    assert_eq!(fields(1).await, json!({ "f:metadata": { "f:labels": { ".": {}, "f:x": {} } } }));
    cluster.end().await;
}
