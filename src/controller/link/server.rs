//! Which Pod is an Agent's server, and how to reach it.

use std::net::IpAddr;
use std::sync::Arc;

use k8s_openapi::api::core::v1::{Pod, Secret as KubeSecret};
use kube::{Api, ResourceExt};

use crate::api::{keys, names};
use crate::cluster::{PasswordSource, ServerPod as Server, Tunnel, is_ready};
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

/// The ready server of an Agent among `pods`: the newest, should a rollout have two. One that is being deleted takes on
/// nothing new: its successor will.
pub fn server_of<'a>(pods: impl Iterator<Item = &'a Pod>, namespace: &str, agent: &str) -> Option<Server> {
    let serving = pods.filter(|pod| {
        pod.metadata.namespace.as_deref() == Some(namespace)
            && pod.labels().get(keys::AGENT).map(String::as_str) == Some(agent)
            && pod.metadata.deletion_timestamp.is_none()
            && is_ready(pod)
    });
    let servers = serving.filter_map(|pod| Some((pod.creation_timestamp(), Server::of(pod)?)));
    servers.max_by(|(a, _), (b, _)| a.cmp(b)).map(|(_, server)| server)
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
        let password = match &server.password {
            None => return Ok(client),
            Some(PasswordSource::Plain(password)) => password.clone(),
            Some(PasswordSource::Secret { name, key }) => self.password(namespace, name, key).await?,
        };
        Ok(client.with_password(&server.user, &password))
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
                "labels": {"kubeopencode.io/agent": "a", "app.kubernetes.io/name": "the-company-s-own"}},
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
            pod("task", "2026-01-04T00:00:00Z", true, json!({"spec": {"containers": [{"name": "agent"}]}})),
        ];
        let server = server_of(pods.iter(), "n", "a").unwrap();
        assert_eq!((server.pod.as_str(), server.port, server.ip.as_str()), ("new", 5000, "10.0.0.1"));
        assert_eq!(server_of(pods.iter(), "n", "b"), None);
    }

    #[test]
    fn addresses_of_both_families_are_written_right() {
        assert_eq!(socket_address("127.0.1.2", 4096), "127.0.1.2:4096");
        assert_eq!(socket_address("fd00::1", 4096), "[fd00::1]:4096");
    }
}
