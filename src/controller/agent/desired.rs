//! The objects that an Agent is made of: a `ConfigMap`, volume claims, a Deployment and a Service.

use kube::{Resource, ResourceExt};
use serde_json::{Map, Value, json};

use super::resolve::{Problem, Resolved};
use crate::api::{Agent, keys, names};
use crate::controller::pod::{PodParts, SERVER_PASSWORD, container, labels, unsupported};
use crate::controller::runtime::AgentRuntime;

/// Where `opencode.db` lives when sessions are persistent.
const SESSIONS: &str = "/data/sessions";
/// Starts the server with its own directory on the PATH, so that a terminal in the Pod finds `opencode` too.
const SERVE: &str = r#"PATH="${0%/*}:$PATH"; export PATH; exec "$0" serve --port "$1" --hostname "$2""#;

/// What an Agent should consist of; `None` is "should not exist".
#[derive(Debug)]
pub struct Desired {
    /// Files of the server.
    pub config_map: Option<Value>,
    /// Volume claims: created, never changed.
    pub claims: Vec<Value>,
    /// The server.
    pub deployment: Value,
    /// In front of the server.
    pub service: Value,
    /// Fields of the spec that are left out.
    pub left_out: Vec<String>,
}

/// Port of an Agent's server.
pub fn port(agent: &Agent) -> u16 {
    agent.spec.port.unwrap_or(names::DEFAULT_PORT)
}

/// Labels of everything that belongs to an Agent's server.
pub fn server_labels(agent: &str) -> [(&'static str, &str); 5] {
    [
        (keys::APP_NAME, keys::APP_NAME_SERVER),
        (keys::APP_INSTANCE, agent),
        (keys::APP_COMPONENT, "server"),
        (keys::APP_MANAGED_BY, "kubeopencode"),
        (keys::AGENT, agent),
    ]
}

/// The objects that `agent` should consist of.
pub fn desired(agent: &Agent, resolved: &Resolved, runtime: &AgentRuntime) -> Result<Desired, Problem> {
    let name = agent.name_any();
    let config_map_name = names::server_context(&name);
    let mut parts = PodParts::new(resolved, runtime, &config_map_name)?;
    let mut claims = Vec::new();
    let persistence = agent.spec.persistence.as_ref().unwrap_or(&Value::Null);
    match persistence.get("workspace").filter(|value| !value.is_null()) {
        Some(claim) => {
            let claim_name = names::server_workspace_claim(&name);
            parts.claim("workspace", &claim_name, &resolved.workspace);
            claims.push(volume_claim(agent, &claim_name, claim, "10Gi"));
        }
        None => parts.empty_dir("workspace", &resolved.workspace),
    }
    if let Some(claim) = persistence.get("sessions").filter(|value| !value.is_null()) {
        let claim_name = names::server_sessions_claim(&name);
        parts.claim("session-data", &claim_name, SESSIONS);
        parts.variable("OPENCODE_DB", &format!("{SESSIONS}/opencode.db"));
        claims.push(volume_claim(agent, &claim_name, claim, "1Gi"));
    }
    let extra_ports = extra_ports(resolved);
    let config_map = (!parts.files.is_empty()).then(|| {
        let mut object = object(agent, "v1", "ConfigMap", &config_map_name);
        object["data"] = Value::Object(parts.files.clone());
        object
    });
    let deployment = deployment(agent, resolved, runtime, parts, &extra_ports, !claims.is_empty());
    let mut service = object(agent, "v1", "Service", &names::server_service(&name));
    let port = port(agent);
    let mut service_ports = vec![json!({"name": "http", "port": port, "targetPort": port, "protocol": "TCP"})];
    service_ports.extend(
        extra_ports.iter().map(
            |(name, port, protocol)| json!({"name": name, "port": port, "targetPort": port, "protocol": protocol}),
        ),
    );
    service["spec"] = json!({"type": "ClusterIP", "selector": {keys::AGENT: name}, "ports": service_ports});
    Ok(Desired { config_map, claims, deployment, service, left_out: unsupported(resolved) })
}

fn deployment(
    agent: &Agent,
    resolved: &Resolved,
    runtime: &AgentRuntime,
    parts: PodParts,
    extra_ports: &[(String, u16, String)],
    persistent: bool,
) -> Value {
    let name = agent.name_any();
    let port = port(agent);
    let command = ["sh", "-c", SERVE, &runtime.opencode, &port.to_string(), &runtime.listen].map(str::to_owned);
    let image = resolved.executor_image.as_deref().unwrap_or(&runtime.executor_image);
    let mut main = container(names::SERVER_CONTAINER, image, Some(command.to_vec()));
    main["workingDir"] = json!(resolved.workspace);
    main["resources"] = json!({"requests": {"memory": "512Mi"}, "limits": {"memory": "4Gi"}});
    let mut container_ports = vec![json!({"name": "http", "containerPort": port, "protocol": "TCP"})];
    container_ports.extend(
        extra_ports
            .iter()
            .map(|(name, port, protocol)| json!({"name": name, "containerPort": port, "protocol": protocol})),
    );
    main["ports"] = Value::Array(container_ports);
    let (quick, patient) = if parts.sets(SERVER_PASSWORD) {
        // The server wants the password even for its health, and a probe's header would put it into the Pod.
        let probe = json!({"tcpSocket": {"port": port}});
        (probe.clone(), probe)
    } else {
        let probe = json!({"httpGet": {"path": "/session/status", "port": port}});
        (probe.clone(), probe)
    };
    // A server accepts connections before it answers them, so the first probes hang: short and often beats long and rare.
    main["startupProbe"] = with(quick, &json!({"periodSeconds": 1, "timeoutSeconds": 1, "failureThreshold": 120}));
    // A flooding terminal freezes the server for many seconds, which is no reason to take it out of service.
    main["readinessProbe"] = with(patient, &json!({"periodSeconds": 5, "timeoutSeconds": 5, "failureThreshold": 6}));
    main["livenessProbe"] = json!({"tcpSocket": {"port": port}, "periodSeconds": 30, "failureThreshold": 3});
    let labels = labels(resolved, &server_labels(&name));
    let mut annotations = Map::new();
    annotations.insert(keys::CONTEXT_HASH.to_owned(), json!(parts.hash()));
    let mut deployment = object(agent, "apps/v1", "Deployment", &names::server_deployment(&name));
    deployment["spec"] = json!({
        "replicas": i32::from(agent.spec.suspend != Some(true)),
        "selector": {"matchLabels": {keys::AGENT: name}},
        "template": {
            "metadata": {"labels": labels, "annotations": annotations},
            "spec": parts.pod_spec(main, resolved, "Always"),
        },
    });
    if persistent {
        // Two Pods cannot mount one ReadWriteOnce volume from two nodes: the old one has to go first.
        deployment["spec"]["strategy"] = json!({"type": "Recreate"});
    }
    deployment
}

/// Where the server is reached from inside the cluster; `None` until its address is known.
pub fn url(agent: &Agent, cluster_ip: Option<&str>, runtime: &AgentRuntime) -> Option<String> {
    use crate::controller::runtime::ServerAddress;
    let (name, port) = (agent.name_any(), port(agent));
    match &runtime.address {
        ServerAddress::ServiceName { cluster_domain } => {
            let namespace = agent.namespace().unwrap_or_default();
            Some(format!("http://{name}.{namespace}.svc.{cluster_domain}:{port}"))
        }
        ServerAddress::ClusterIp => cluster_ip
            .filter(|ip| !ip.is_empty() && *ip != "None")
            .map(|ip| if ip.contains(':') { format!("http://[{ip}]:{port}") } else { format!("http://{ip}:{port}") }),
    }
}

fn object(agent: &Agent, api_version: &str, kind: &str, name: &str) -> Value {
    let agent_name = agent.name_any();
    let labels: Map<_, _> =
        server_labels(&agent_name).iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    json!({
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {
            "name": name,
            "namespace": agent.namespace(),
            "labels": labels,
            "ownerReferences": agent.controller_owner_ref(&()).into_iter().collect::<Vec<_>>(),
        },
    })
}

fn volume_claim(agent: &Agent, name: &str, claim: &Value, default_size: &str) -> Value {
    let mut object = object(agent, "v1", "PersistentVolumeClaim", name);
    let size = claim.get("size").and_then(Value::as_str).filter(|size| !size.is_empty()).unwrap_or(default_size);
    object["spec"] = json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}});
    if let Some(class) = claim.get("storageClassName").filter(|value| !value.is_null()) {
        object["spec"]["storageClassName"] = class.clone();
    }
    object
}

/// Name, number and protocol of each; the API server takes none without the first two.
fn extra_ports(resolved: &Resolved) -> Vec<(String, u16, String)> {
    let ports = resolved.rest.get("extraPorts").and_then(Value::as_array);
    let port = |entry: &Value| {
        let number = u16::try_from(entry.get("port")?.as_u64()?).ok()?;
        let protocol = entry.get("protocol").and_then(Value::as_str).unwrap_or("TCP");
        Some((entry.get("name")?.as_str()?.to_owned(), number, protocol.to_owned()))
    };
    ports.into_iter().flatten().filter_map(port).collect()
}

fn with(mut probe: Value, more: &Value) -> Value {
    if let (Some(probe), Some(more)) = (probe.as_object_mut(), more.as_object()) {
        probe.extend(more.clone());
    }
    probe
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "objects are written where they are used")]
mod tests {
    use super::super::resolve::resolve;
    use super::*;
    use k8s_openapi::api::apps::v1::Deployment;
    use k8s_openapi::api::core::v1::{ConfigMap, PersistentVolumeClaim, Service};

    fn agent(spec: Value) -> Agent {
        let metadata = json!({"name": "dev", "namespace": "team", "uid": "u1"});
        serde_json::from_value(json!({"metadata": metadata, "spec": spec})).unwrap()
    }

    fn build(spec: Value, runtime: &AgentRuntime) -> Desired {
        let agent = agent(spec);
        desired(&agent, &resolve(&agent, None).unwrap(), runtime).unwrap()
    }

    #[test]
    fn names_labels_and_selector_are_the_platform_s() {
        let desired =
            build(json!({"port": 5000, "extraPorts": [{"name": "web", "port": 80}]}), &AgentRuntime::cluster());
        let deployment: Deployment = serde_json::from_value(desired.deployment).unwrap();
        assert_eq!(deployment.metadata.name.as_deref(), Some("dev-server"));
        assert_eq!(deployment.metadata.owner_references.as_ref().unwrap()[0].uid, "u1");
        let spec = deployment.spec.unwrap();
        assert_eq!(spec.replicas, Some(1));
        assert_eq!(
            spec.selector.match_labels.unwrap(),
            [("kubeopencode.io/agent".to_owned(), "dev".to_owned())].into()
        );
        let pod = spec.template.spec.unwrap();
        assert_eq!(pod.containers[0].name, "opencode-server");
        let probe = pod.containers[0].readiness_probe.as_ref().unwrap();
        assert_eq!(probe.http_get.as_ref().unwrap().path.as_deref(), Some("/session/status"));
        let command = pod.containers[0].command.as_ref().unwrap();
        assert_eq!(command[3..], ["/tools/opencode", "5000", "0.0.0.0"]);
        let service: Service = serde_json::from_value(desired.service).unwrap();
        assert_eq!(service.metadata.name.as_deref(), Some("dev"));
        let ports = service.spec.unwrap().ports.unwrap();
        assert_eq!((ports[0].name.as_deref(), ports[0].port, ports[1].port), (Some("http"), 5000, 80));
        assert!(desired.config_map.is_none());
    }

    #[test]
    fn suspending_keeps_everything_and_scales_to_zero() {
        let desired = build(json!({"suspend": true}), &AgentRuntime::cluster());
        assert_eq!(desired.deployment["spec"]["replicas"], 0);
    }

    #[test]
    fn a_changed_file_rolls_the_server() {
        let hash = |model: &str| {
            let desired = build(json!({"config": {"model": model}}), &AgentRuntime::cluster());
            let config_map: ConfigMap = serde_json::from_value(desired.config_map.unwrap()).unwrap();
            assert!(config_map.data.unwrap()["tools-opencode.json"].contains(model));
            desired.deployment["spec"]["template"]["metadata"]["annotations"][keys::CONTEXT_HASH].clone()
        };
        assert_eq!(hash("a/b"), hash("a/b"));
        assert_ne!(hash("a/b"), hash("a/c"));
    }

    #[test]
    fn persistence_makes_claims_and_replaces_the_pod_before_the_next() {
        let spec = json!({"persistence": {"sessions": {}, "workspace": {"size": "5Gi", "storageClassName": "fast"}}});
        let desired = build(spec, &AgentRuntime::cluster());
        let claims: Vec<PersistentVolumeClaim> =
            desired.claims.into_iter().map(|claim| serde_json::from_value(claim).unwrap()).collect();
        let names: Vec<_> = claims.iter().map(kube::ResourceExt::name_any).collect();
        assert_eq!(names, ["dev-server-workspace", "dev-server-sessions"]);
        assert_eq!(claims[0].spec.as_ref().unwrap().storage_class_name.as_deref(), Some("fast"));
        assert_eq!(desired.deployment["spec"]["strategy"]["type"], "Recreate");
        let env = desired.deployment.pointer("/spec/template/spec/containers/0/env").unwrap().to_string();
        assert!(env.contains("/data/sessions/opencode.db"));
    }

    #[test]
    fn a_password_keeps_http_probes_away() {
        let secret = json!({"name": "pw", "secretRef": {"name": "s", "key": "k"}, "env": "OPENCODE_SERVER_PASSWORD"});
        let desired = build(json!({"credentials": [secret]}), &AgentRuntime::cluster());
        let container = desired.deployment.pointer("/spec/template/spec/containers/0").unwrap();
        assert!(container["startupProbe"]["tcpSocket"].is_object() && container["readinessProbe"]["httpGet"].is_null());
    }

    #[test]
    fn the_url_is_a_name_in_a_cluster_and_an_address_on_a_host() {
        let agent = agent(json!({}));
        let name = url(&agent, None, &AgentRuntime::cluster());
        assert_eq!(name.as_deref(), Some("http://dev.team.svc.cluster.local:4096"));
        let host = AgentRuntime::host("/o", None);
        assert_eq!(url(&agent, None, &host), None);
        assert_eq!(url(&agent, Some("127.0.1.7"), &host).as_deref(), Some("http://127.0.1.7:4096"));
        assert_eq!(url(&agent, Some("fd00::7"), &host).as_deref(), Some("http://[fd00::7]:4096"));
    }
}
