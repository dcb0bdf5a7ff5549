//! From an Agent's name to its server: the Pod that runs it, its port, its password.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use futures::future::BoxFuture;
use k8s_openapi::api::core::v1::{Container, EnvVar, Pod, Secret as KubeSecret};
use kube::api::ListParams;
use kube::{Api, Client, ResourceExt as _};

use super::Tunnel;
use super::failure::{Request, api_error};
use crate::api::names::{DEFAULT_PORT, SERVER_CONTAINER};
use crate::api::{Agent, keys};
use crate::error::{Code, Error, Result};
use crate::opencode::{self, ByteStream, Connector, Secret};

/// Variable that holds the server's password.
const PASSWORD: &str = "OPENCODE_SERVER_PASSWORD";
/// Variable that holds the server's user name.
const USERNAME: &str = "OPENCODE_SERVER_USERNAME";
/// The server's user name where none is set.
const DEFAULT_USERNAME: &str = "opencode";

/// How much of a server's last words is told: lines, and bytes of more than one.
const LAST_LINES: usize = 3;
const LAST_BYTES: usize = 400;

/// The Pod that runs an Agent's server, in its container [`SERVER_CONTAINER`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerPod {
    /// Namespace.
    pub namespace: String,
    /// The Agent.
    pub agent: String,
    /// Name of the Pod.
    pub pod: String,
    /// `metadata.uid` of the Pod: one of the same name after it is another server.
    pub uid: String,
    /// Restarts of its container: after one, it is another server, too.
    pub restarts: i32,
    /// IP address of the Pod.
    pub ip: String,
    /// Port of the server.
    pub port: u16,
    /// User name that goes with the password.
    pub user: String,
    /// Where the server's password is; `None` where it has none.
    pub password: Option<PasswordSource>,
}

/// Where a server's password is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordSource {
    /// In the Pod, for everybody who may read that.
    Plain(Secret),
    /// In a Secret of the Pod's namespace.
    Secret {
        /// Name of the Secret.
        name: String,
        /// Key in it.
        key: String,
    },
}

impl ServerPod {
    /// What a Pod says of the server in it; `None` where no container of it is an Agent's server. Labels alone do not
    /// tell: those of the template (`spec.podSpec.labels`) take the place of the platform's own, save the Agent's name.
    pub fn of(pod: &Pod) -> Option<Self> {
        let container = server_container(pod)?;
        let status = pod.status.as_ref();
        let statuses = status.and_then(|status| status.container_statuses.as_ref()).into_iter().flatten();
        let restarts = statuses.filter(|status| status.name == container.name).map(|status| status.restart_count);
        // Of two variables of one name, the container gets the last.
        let variable = |name: &str| container.env.iter().flatten().rev().find(|variable| variable.name == name);
        let user = variable(USERNAME).and_then(|user| user.value.clone()).filter(|user| !user.is_empty());
        Some(Self {
            namespace: pod.namespace().unwrap_or_default(),
            agent: pod.labels().get(keys::AGENT).cloned().unwrap_or_default(),
            pod: pod.name_any(),
            uid: pod.uid().unwrap_or_default(),
            restarts: restarts.sum(),
            ip: status.and_then(|status| status.pod_ip.clone()).unwrap_or_default(),
            port: port(container).unwrap_or(DEFAULT_PORT),
            user: user.unwrap_or_else(|| DEFAULT_USERNAME.to_owned()),
            password: variable(PASSWORD).and_then(PasswordSource::of),
        })
    }

    /// The server's URL as a program inside its own Pod sees it, wherever the server listens.
    pub fn url(&self) -> String {
        let host = if self.ip.contains(':') { format!("[{}]", self.ip) } else { self.ip.clone() };
        format!("http://{host}:{}", self.port)
    }
}

impl PasswordSource {
    fn of(variable: &EnvVar) -> Option<Self> {
        if let Some(value) = variable.value.as_deref().filter(|value| !value.is_empty()) {
            return Some(Self::Plain(Secret::new(value)));
        }
        let reference = variable.value_from.as_ref()?.secret_key_ref.as_ref()?;
        Some(Self::Secret { name: reference.name.clone(), key: reference.key.clone() })
    }
}

/// Finds the ready Pod of an Agent's server.
///
/// Errors: [`Code::AgentNotFound`]; [`Code::AgentUnavailable`] if the Agent is suspended or its server not ready, with the
/// reason; [`Code::Forbidden`].
pub async fn server_pod(client: &Client, namespace: &str, agent: &str) -> Result<ServerPod> {
    let pods = server_pods(client, namespace, agent).await?;
    let serving = serving(&pods);
    let Some(server) = serving.and_then(ServerPod::of) else {
        return Err(why_not_ready(client, namespace, agent, &pods).await);
    };
    if serving.is_some_and(|pod| pod.metadata.deletion_timestamp.is_some()) {
        not_suspended(client, namespace, agent).await?;
    }
    Ok(server)
}

/// The Pod of an Agent's server, ready or not: one that is ready, else the newest.
///
/// Errors: as [`server_pod`], where there is no Pod at all.
pub async fn newest_server_pod(client: &Client, namespace: &str, agent: &str) -> Result<Pod> {
    let pods = server_pods(client, namespace, agent).await?;
    let rank = |pod: &&Pod| (is_ready(pod), pod.metadata.deletion_timestamp.is_none(), pod.creation_timestamp());
    match pods.iter().max_by_key(rank) {
        Some(pod) => Ok(pod.clone()),
        None => Err(why_not_ready(client, namespace, agent, &pods).await),
    }
}

/// The Pods of an Agent's server, ready or not.
///
/// Errors: those of a list of Pods.
pub async fn server_pods(client: &Client, namespace: &str, agent: &str) -> Result<Vec<Pod>> {
    let pods: Api<Pod> = Api::namespaced(client.clone(), namespace);
    let listed = pods.list(&ListParams::default().labels(&format!("{}={agent}", keys::AGENT))).await;
    let listed = listed.map_err(|error| api_error(error, &Request::new("list", "pods").namespace(namespace)))?;
    Ok(listed.items.into_iter().filter(|pod| server_container(pod).is_some()).collect())
}

/// The Pod to go to: the newest that is ready. One that is being deleted still serves those who have no other, until its
/// grace period ends.
fn serving(pods: &[Pod]) -> Option<&Pod> {
    let rank = |pod: &&Pod| (pod.metadata.deletion_timestamp.is_none(), pod.creation_timestamp());
    pods.iter().filter(|pod| is_ready(pod)).max_by_key(rank)
}

/// Whether a Pod serves: it runs and its condition `Ready` is true, though it may be on its way out.
pub fn is_ready(pod: &Pod) -> bool {
    let Some(status) = &pod.status else { return false };
    status.phase.as_deref() == Some("Running")
        && status.conditions.iter().flatten().any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

fn server_container(pod: &Pod) -> Option<&Container> {
    pod.spec.as_ref()?.containers.iter().find(|container| container.name == SERVER_CONTAINER)
}

fn port(container: &Container) -> Option<u16> {
    let ports = container.ports.as_ref()?;
    let port = ports.iter().find(|port| port.name.as_deref() == Some("http")).or_else(|| ports.first())?;
    u16::try_from(port.container_port).ok()
}

fn suspended(agent: &str) -> Error {
    Error::new(Code::AgentUnavailable, format!("agent \"{agent}\" is suspended"))
        .hint(format!("kubectl opencode agent resume {agent} --wait"))
}

/// An error if the Agent is known to be suspended: its Pod ends for good.
async fn not_suspended(client: &Client, namespace: &str, agent: &str) -> Result<()> {
    let agents: Api<Agent> = Api::namespaced(client.clone(), namespace);
    // Who may not look, or finds the Agent gone, learns from the Pod what it is worth.
    match agents.get(agent).await {
        Ok(found) if found.spec.suspend == Some(true) => Err(suspended(agent)),
        _ => Ok(()),
    }
}

/// Looks at the Agent to tell unknown, suspended and not ready apart.
async fn why_not_ready(client: &Client, namespace: &str, agent: &str, pods: &[Pod]) -> Error {
    let agents: Api<Agent> = Api::namespaced(client.clone(), namespace);
    let found = match agents.get(agent).await {
        Ok(found) => found,
        Err(error) => {
            let request = Request::new("get", "agents.kubeopencode.io").namespace(namespace).name(agent);
            let error = api_error(error, &request);
            return if error.code == Code::AgentNotFound { error.hint("kubectl opencode agent list") } else { error };
        }
    };
    if found.spec.suspend == Some(true) {
        return suspended(agent);
    }
    let error = Error::new(Code::AgentUnavailable, format!("the server of agent \"{agent}\" is not ready"));
    let wait = format!("kubectl opencode agent wait {agent} --timeout 2m");
    match pods.iter().find_map(trouble) {
        Some(trouble) => error.because(trouble).hint(format!("kubectl opencode agent logs {agent}")),
        None if pods.is_empty() => error.because("it has no Pod yet").hint(wait),
        None => error.because("its Pod is starting").hint(wait),
    }
}

/// Why a Pod does not get ready, where Kubernetes says so.
pub fn trouble(pod: &Pod) -> Option<String> {
    let status = pod.status.as_ref()?;
    let containers = status.init_container_statuses.iter().flatten().chain(status.container_statuses.iter().flatten());
    let waiting = containers.clone().find_map(|container| {
        let waiting = container.state.as_ref()?.waiting.as_ref()?;
        let reason =
            waiting.reason.as_deref().filter(|reason| !matches!(*reason, "ContainerCreating" | "PodInitializing"))?;
        let ended = container.last_state.as_ref().and_then(|state| state.terminated.as_ref());
        let ended = ended.map(|end| {
            let status = format!("it last ended with status {}", end.exit_code);
            match end.message.as_deref().map(last_words).filter(|words| !words.is_empty()) {
                Some(words) => format!("{status}, saying: {words}"),
                None => status,
            }
        });
        let said = [Some(reason.to_owned()), waiting.message.clone(), ended];
        Some(said.into_iter().flatten().collect::<Vec<_>>().join(": "))
    });
    let unscheduled = || {
        let scheduled = status.conditions.iter().flatten().find(|condition| condition.type_ == "PodScheduled")?;
        scheduled.message.clone().filter(|_| scheduled.status == "False")
    };
    waiting.or_else(unscheduled)
}

/// The end of a termination message, which may be the end of a log, on one line.
fn last_words(message: &str) -> String {
    let lines: Vec<&str> = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut words = String::new();
    for line in lines.iter().rev().take(LAST_LINES) {
        let longer = if words.is_empty() { (*line).to_owned() } else { format!("{line} / {words}") };
        if longer.len() > LAST_BYTES && !words.is_empty() {
            break;
        }
        words = longer;
    }
    words
}

/// The password of a server, if it has one.
async fn password(client: &Client, server: &ServerPod) -> Result<Option<Secret>> {
    let (name, key) = match &server.password {
        None => return Ok(None),
        Some(PasswordSource::Plain(password)) => return Ok(Some(password.clone())),
        Some(PasswordSource::Secret { name, key }) => (name, key),
    };
    let secrets: Api<KubeSecret> = Api::namespaced(client.clone(), &server.namespace);
    let request = Request::new("get", "secrets").namespace(&server.namespace).name(name);
    let secret = secrets.get(name).await.map_err(|error| {
        api_error(error, &request).because("the agent's server asks for the password that is in it")
    })?;
    let value = secret.data.as_ref().and_then(|keys| keys.get(key));
    let value = value.and_then(|value| std::str::from_utf8(&value.0).ok()).filter(|value| !value.is_empty());
    Ok(value.map(Secret::new))
}

/// Reaches an Agent's server through a tunnel to whichever Pod runs it at that moment.
pub struct AgentConnector {
    client: Client,
    namespace: String,
    agent: String,
    /// Of the Pod; the server's if none.
    port: Option<u16>,
    known: Mutex<Option<Tunnel>>,
}

impl AgentConnector {
    /// A connector for an Agent; the Pod is looked up when it is needed.
    pub fn new(client: Client, namespace: &str, agent: &str) -> Self {
        Self { client, namespace: namespace.to_owned(), agent: agent.to_owned(), port: None, known: Mutex::new(None) }
    }

    /// The same to another port of the Pod, if one is given.
    #[must_use]
    pub fn to_port(self, port: Option<u16>) -> Self {
        Self { port, ..self }
    }

    fn tunnel(&self, pod: &ServerPod) -> Tunnel {
        Tunnel::new(self.client.clone(), &pod.namespace, &pod.pod, self.port.unwrap_or(pod.port))
            .or_exec(SERVER_CONTAINER, &pod.ip)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Option<Tunnel>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connector for AgentConnector {
    fn connect(&self) -> BoxFuture<'_, io::Result<Box<dyn ByteStream>>> {
        Box::pin(async move {
            let known = self.known().clone();
            let tunnel = if let Some(tunnel) = known {
                tunnel
            } else {
                let pod = server_pod(&self.client, &self.namespace, &self.agent).await.map_err(as_io)?;
                let tunnel = self.tunnel(&pod);
                *self.known() = Some(tunnel.clone());
                tunnel
            };
            let opened = tunnel.connect().await;
            if opened.is_err() {
                // The Pod may have been replaced: look again next time.
                *self.known() = None;
            }
            opened
        })
    }

    fn start_over(&self) {
        *self.known() = None;
    }
}

/// Carries an error through the connector; what is final keeps a kind that is not tried again.
pub(super) fn as_io(error: Error) -> io::Error {
    let kind = match error.code {
        Code::Forbidden | Code::Unauthenticated => io::ErrorKind::PermissionDenied,
        Code::AgentNotFound | Code::NotFound => io::ErrorKind::NotFound,
        _ => io::ErrorKind::NotConnected,
    };
    io::Error::new(kind, error)
}

/// A client of an Agent's OpenCode server. It survives the Pod: after a replacement the next connection finds the new one.
pub async fn opencode(client: &Client, namespace: &str, agent: &str) -> Result<opencode::Client> {
    let found = server_pod(client, namespace, agent).await?;
    let connector = AgentConnector::new(client.clone(), namespace, agent);
    *connector.known() = Some(connector.tunnel(&found));
    let server = opencode::Client::new(Arc::new(connector));
    Ok(match password(client, &found).await? {
        Some(password) => server.with_password(&found.user, &password),
        None => server,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn server(containers: &Value) -> Option<ServerPod> {
        let pod = json!({
            "metadata": {"name": "p", "namespace": "n", "uid": "u", "labels": {"kubeopencode.io/agent": "a"}},
            "spec": {"containers": containers},
            "status": {"podIP": "10.0.0.1", "containerStatuses": [
                {"name": "mesh", "image": "i", "imageID": "", "ready": true, "restartCount": 7},
                {"name": "opencode-server", "image": "i", "imageID": "", "ready": true, "restartCount": 2}]},
        });
        ServerPod::of(&serde_json::from_value(pod).unwrap())
    }

    #[test]
    fn the_container_tells_a_server_whatever_stands_beside_it() {
        let found = server(&json!([
            {"name": "mesh", "ports": [{"name": "http", "containerPort": 15000}]},
            {"name": "opencode-server", "ports": [{"containerPort": 9000}, {"name": "http", "containerPort": 5000}]},
        ]));
        let found = found.unwrap();
        assert_eq!((found.namespace.as_str(), found.agent.as_str(), found.ip.as_str()), ("n", "a", "10.0.0.1"));
        assert_eq!((found.port, found.restarts, found.user.as_str(), found.password), (5000, 2, "opencode", None));
        let unnamed = server(&json!([{"name": "opencode-server", "ports": [{"containerPort": 9000}]}])).unwrap();
        assert_eq!(unnamed.port, 9000, "the first, where none is called http");
        assert_eq!(server(&json!([{"name": "opencode-server"}])).unwrap().port, 4096);
        assert_eq!(server(&json!([{"name": "agent"}])), None, "a Task's Pod");
    }

    #[test]
    fn a_password_stands_in_the_pod_or_in_a_secret() {
        let of = |env: Value| server(&json!([{"name": "opencode-server", "env": env}])).unwrap();
        let reference = json!({"name": PASSWORD, "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}});
        let kept = Some(PasswordSource::Secret { name: "s".into(), key: "k".into() });
        let named = of(json!([reference, {"name": USERNAME, "value": "bob"}]));
        assert_eq!((named.user.as_str(), named.password), ("bob", kept.clone()));
        let plain = json!({"name": PASSWORD, "value": "sesame"});
        assert_eq!(of(json!([plain])).password, Some(PasswordSource::Plain(Secret::new("sesame"))));
        assert_eq!(of(json!([plain, reference])).password, kept, "the last one counts");
        assert_eq!(of(json!([{"name": PASSWORD, "value": ""}])).password, None);
    }
}
