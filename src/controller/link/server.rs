//! Which Pod is an Agent's server, and how to reach it.

use std::net::IpAddr;
use std::sync::Arc;

use k8s_openapi::api::core::v1::{Pod, Secret as KubeSecret};
use kube::{Api, ResourceExt};

use crate::api::{keys, names};
use crate::cluster::{Tunnel, is_ready};
use crate::controller::context::said;
use crate::error::{Code, Error, Result};
use crate::opencode::{Client, Connector, Secret, TcpConnector};

/// How the controllers reach servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Through the API server, as a user does: from outside the cluster.
    Tunnel,
    /// By the Pod's address: from inside the cluster.
    Direct,
}

/// The Pod that serves an Agent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Pod.
    pub pod: String,
    /// Its UID: a Pod of the same name after it is another server.
    pub uid: String,
    /// Restarts of its container: after one, it is another server, too.
    pub restarts: i32,
    /// Its address.
    pub ip: String,
    /// Port of the OpenCode server.
    pub port: u16,
    /// Where its password is kept: Secret and key.
    pub password: Option<(String, String)>,
    /// User name that goes with the password.
    pub user: String,
}

/// The ready server of an Agent among `pods`: the newest, should a rollout have two.
pub fn server_of<'a>(pods: impl Iterator<Item = &'a Pod>, namespace: &str, agent: &str) -> Option<Server> {
    let serving = pods.filter(|pod| {
        pod.metadata.namespace.as_deref() == Some(namespace)
            && pod.labels().get(keys::AGENT).map(String::as_str) == Some(agent)
            && pod.labels().get(keys::APP_NAME).map(String::as_str) == Some(keys::APP_NAME_SERVER)
            && pod.metadata.deletion_timestamp.is_none()
            && is_ready(pod)
    });
    let newest = serving.max_by(|a, b| a.creation_timestamp().cmp(&b.creation_timestamp()))?;
    server(newest)
}

fn server(pod: &Pod) -> Option<Server> {
    let status = pod.status.as_ref()?;
    let container = pod.spec.as_ref()?.containers.iter().find(|container| container.name == names::SERVER_CONTAINER)?;
    let ports = container.ports.iter().flatten();
    let port = ports
        .filter(|port| port.name.as_deref() == Some("http"))
        .find_map(|port| u16::try_from(port.container_port).ok());
    let variable = |name: &str| container.env.iter().flatten().find(|variable| variable.name == name);
    let reference = variable("OPENCODE_SERVER_PASSWORD")
        .and_then(|variable| variable.value_from.as_ref())
        .and_then(|source| source.secret_key_ref.as_ref());
    let restarts = status.container_statuses.iter().flatten().find(|status| status.name == names::SERVER_CONTAINER);
    Some(Server {
        pod: pod.name_any(),
        uid: pod.uid().unwrap_or_default(),
        restarts: restarts.map_or(0, |status| status.restart_count),
        ip: status.pod_ip.clone().unwrap_or_default(),
        port: port.unwrap_or(names::DEFAULT_PORT),
        password: reference.map(|reference| (reference.name.clone(), reference.key.clone())),
        user: variable("OPENCODE_SERVER_USERNAME")
            .and_then(|variable| variable.value.clone())
            .unwrap_or_else(|| "opencode".to_owned()),
    })
}

/// Makes clients of servers.
#[derive(Clone)]
pub struct Connections {
    client: kube::Client,
    reach: Reach,
}

impl Connections {
    /// Clients that reach servers by `reach`.
    pub fn new(client: kube::Client, reach: Reach) -> Self {
        Self { client, reach }
    }

    /// A client of `server`, with its password if it has one.
    pub async fn client(&self, namespace: &str, server: &Server) -> Result<Client> {
        let connector: Arc<dyn Connector> = match self.reach {
            Reach::Direct => Arc::new(TcpConnector::new(socket_address(&server.ip, server.port))),
            Reach::Tunnel => {
                let tunnel = Tunnel::new(self.client.clone(), namespace, &server.pod, server.port);
                Arc::new(tunnel.or_exec(names::SERVER_CONTAINER, &server.ip))
            }
        };
        let client = Client::new(connector);
        match &server.password {
            None => Ok(client),
            Some((secret, key)) => {
                Ok(client.with_password(&server.user, &self.password(namespace, secret, key).await?))
            }
        }
    }

    async fn password(&self, namespace: &str, name: &str, key: &str) -> Result<Secret> {
        let secrets: Api<KubeSecret> = Api::namespaced(self.client.clone(), namespace);
        let what = || format!("cannot read the server's password from key {key:?} of Secret {name:?}");
        let secret = secrets
            .get(name)
            .await
            .map_err(|error| Error::new(Code::InvalidConfiguration, what()).because(said(&error)))?;
        let bytes = secret.data.as_ref().and_then(|data| data.get(key));
        let text = bytes.and_then(|bytes| String::from_utf8(bytes.0.clone()).ok());
        text.map(Secret::new).ok_or_else(|| {
            Error::new(Code::InvalidConfiguration, what()).because("the Secret has no such key, or it is no text")
        })
    }
}

fn socket_address(ip: &str, port: u16) -> String {
    match ip.parse::<IpAddr>() {
        Ok(IpAddr::V6(ip)) => format!("[{ip}]:{port}"),
        _ => format!("{ip}:{port}"),
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "objects are written where they are used")]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn pod(name: &str, created: &str, ready: bool, more: Value) -> Pod {
        let mut pod = json!({
            "metadata": {"name": name, "namespace": "n", "uid": name, "creationTimestamp": created,
                "labels": {"kubeopencode.io/agent": "a", "app.kubernetes.io/name": "kubeopencode-server"}},
            "spec": {"containers": [{"name": "opencode-server", "ports": [{"name": "http", "containerPort": 5000}]}]},
            "status": {"phase": "Running", "podIP": "10.0.0.1", "conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" }}]},
        });
        json_patch::merge(&mut pod, &more);
        serde_json::from_value(pod).unwrap()
    }

    #[test]
    fn the_newest_ready_pod_serves() {
        let pods = [
            pod("old", "2026-01-01T00:00:00Z", true, json!({})),
            pod("new", "2026-01-02T00:00:00Z", true, json!({})),
            pod("starting", "2026-01-03T00:00:00Z", false, json!({})),
            pod(
                "going",
                "2026-01-04T00:00:00Z",
                true,
                json!({"metadata": {"deletionTimestamp": "2026-01-05T00:00:00Z"}}),
            ),
            pod("other", "2026-01-04T00:00:00Z", true, json!({"metadata": {"namespace": "m"}})),
            pod(
                "task",
                "2026-01-04T00:00:00Z",
                true,
                json!({"metadata": {"labels": {"app.kubernetes.io/name": null}}}),
            ),
        ];
        let server = server_of(pods.iter(), "n", "a").unwrap();
        assert_eq!((server.pod.as_str(), server.port, server.ip.as_str()), ("new", 5000, "10.0.0.1"));
        assert_eq!(server_of(pods.iter(), "n", "b"), None);
    }

    #[test]
    fn a_password_is_found_by_reference_only() {
        let reference = json!({"spec": {"containers": [{"name": "opencode-server", "env": [
            {"name": "OPENCODE_SERVER_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
            {"name": "OPENCODE_SERVER_USERNAME", "value": "bob"}]}]}});
        let server = server_of([pod("p", "2026-01-01T00:00:00Z", true, reference)].iter(), "n", "a").unwrap();
        assert_eq!(server.password, Some(("s".into(), "k".into())));
        assert_eq!((server.user.as_str(), server.port), ("bob", 4096));
    }

    #[test]
    fn addresses_of_both_families_are_written_right() {
        assert_eq!(socket_address("127.0.1.2", 4096), "127.0.1.2:4096");
        assert_eq!(socket_address("fd00::1", 4096), "[fd00::1]:4096");
    }
}
