//! Starting and stopping the embedded cluster.
//!
//! The order of a start, each step needing those before it: folder and lock, certificates and tokens, port, store, API
//! server, definitions and namespaces, node, controllers, listener. Requests are answered only once everything stands,
//! so `/readyz` answering is readiness. A stop goes the other way round: controllers, Pods, connections.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use jiff::Timestamp;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::apiserver::{self, ApiServer, Identity, Tokens};
use super::kubeconfig::Access;
use super::listener::{self, TlsListener};
use super::model::{self, Model};
use super::node::{Node, NodeOptions};
use super::provision::{ENV_SECRET, Provision};
use super::state::{Lock, Settings, StateFolder};
use super::store::Store;
use super::tls::Certificates;
use super::{definitions, opencode_path, recovery, workloads};
use crate::controller::{self, AgentRuntime, Reach};
use crate::error::{Code, Error, Result};

/// Where the offline model is on the API server's listener.
const MODEL_PATH: &str = "/offline-model";
/// How long connections may take to end when the sandbox stops; watches end at once.
const DRAIN: Duration = Duration::from_secs(2);
/// How long the Pods may take to end, beyond their own grace period of 30 seconds.
const PODS_END: Duration = Duration::from_secs(40);

/// How to start a sandbox.
#[derive(Clone, Debug)]
pub struct SandboxOptions {
    /// Where it keeps everything.
    pub folder: StateFolder,
    /// Port of the API server; 0 takes a free one, `None` the one of the last start.
    pub port: Option<u16>,
    /// The `opencode` program; see [`opencode_path::find`].
    pub opencode: Option<PathBuf>,
    /// Give agents that configure no model the offline model, though `env` names variables.
    pub offline_model: bool,
    /// Names of environment variables of this process that agents are given.
    pub env: Vec<String>,
    /// Serve Sessions; otherwise somebody runs `kubectl opencode controller` beside the sandbox.
    pub session_controller: bool,
}

/// An embedded cluster.
pub struct Sandbox;

/// A sandbox that runs. [`Running::stop`] ends it in order; dropping it leaves its Pods to the next start.
pub struct Running {
    /// How to reach it.
    pub access: Access,
    /// What it was started with.
    pub settings: Settings,
    /// A client inside this process, as a master.
    pub client: kube::Client,
    /// The program that agents run, if there is one.
    pub opencode: Option<PathBuf>,
    controllers: Part,
    node: Part,
    server: Part,
    lock: Lock,
}

/// A part of the sandbox that runs until it is told to stop.
struct Part {
    stop: CancellationToken,
    /// Absent once its end is known.
    task: Option<JoinHandle<Result<()>>>,
}

impl Part {
    fn start(stop: CancellationToken, task: impl Future<Output = Result<()>> + Send + 'static) -> Self {
        Self { stop, task: Some(tokio::spawn(task)) }
    }

    /// How the part ended, though nobody told it to.
    async fn end(&mut self) -> Error {
        let Some(task) = &mut self.task else { return std::future::pending().await };
        let end = task.await;
        self.task = None;
        match end {
            Ok(Ok(())) => Error::internal("a part of the sandbox ended by itself"),
            Ok(Err(error)) => error,
            Err(error) => Error::internal("a part of the sandbox ended by itself").caused_by(&error),
        }
    }

    async fn stop(&mut self, limit: Duration) {
        self.stop.cancel();
        let Some(mut task) = self.task.take() else { return };
        match tokio::time::timeout(limit, &mut task).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::warn!(%error, "a part of the sandbox did not end well"),
            Ok(Err(error)) => tracing::warn!(%error, "a part of the sandbox did not end well"),
            Err(_) => task.abort(),
        }
    }
}

impl Sandbox {
    /// Starts a sandbox; when this answers, it answers requests.
    ///
    /// # Errors
    ///
    /// Those of [`StateFolder::create_and_lock`], [`opencode_path::find`] and [`listener::bind`]; `usage` for a variable
    /// that is not set; `invalid_configuration` for a store that cannot be read.
    pub async fn start(options: SandboxOptions) -> Result<Running> {
        let folder = options.folder.clone();
        let opencode = opencode_path::find(options.opencode.as_deref())?;
        let lock = folder.create_and_lock()?;
        let (mut settings, mut provision) = settings(&options, folder.settings()?)?;
        let certificates = Certificates::load_or_make(&folder, Timestamp::now())?;
        provision.authority_pem.clone_from(&certificates.authority_pem);
        let token = folder.secret("token")?;
        let listener = listener::bind(options.port.unwrap_or(settings.port)).await?;
        settings.port = listener.local_addr().map_err(|error| failed("listen", &error))?.port();
        folder.keep(&settings)?;
        let address = format!("127.0.0.1:{}", settings.port);
        let access = Access {
            name: folder.context(),
            server: format!("https://{address}"),
            authority_pem: certificates.authority_pem.clone(),
            token: token.clone(),
        };
        folder.write("kubeconfig", access.kubeconfig()?.as_bytes())?;

        let store = Arc::new(Store::open(&folder.file("journal")).map_err(|error| {
            Error::new(
                Code::InvalidConfiguration,
                format!("cannot open the objects of the sandbox \"{}\"", folder.name()),
            )
            .caused_by(&error)
            .hint(format!("kubectl opencode sandbox reset --name {} (removes all of its objects)", folder.name()))
        })?);
        let mut tokens = Tokens::default();
        tokens.insert(&token, Identity::master("opencode-sandbox-admin"));
        let stop = CancellationToken::new();
        let service_range = service_range(&folder.secret("id")?);
        let server_options = apiserver::Options { tokens: Some(tokens), service_range, address, stop: stop.clone() };
        let node = Node::new(node_options(&folder)?);
        let api = ApiServer::new(store, node.clone(), server_options)?;
        let client = api.client();
        definitions::install(&client).await?;
        provision.at_start(&client).await?;
        recovery::nothing_runs(&client).await?;

        let node_stop = CancellationToken::new();
        let node = Part::start(node_stop.clone(), {
            let client = client.clone();
            async move { node.run(client, node_stop).await }
        });
        let model_token = folder.secret("model-token")?;
        let controllers_stop = CancellationToken::new();
        let controllers = Part::start(controllers_stop.clone(), {
            let client = client.clone();
            let runtime = agent_runtime(&folder, &access, &settings, opencode.as_deref(), &model_token);
            let session = options.session_controller;
            let options = controllers(runtime, session);
            async move {
                let provided = async {
                    provision.run(client.clone(), controllers_stop.clone()).await;
                    Ok(())
                };
                let workloads = workloads::run(client.clone(), controllers_stop.clone());
                let ours = controller::run(client.clone(), options, controllers_stop.clone());
                tokio::try_join!(provided, workloads, ours).map(drop)
            }
        });

        let model = Model::new(model_token);
        let router = Router::new().nest(MODEL_PATH, model.router()).merge(api.router());
        let listener = TlsListener::new(listener, certificates.server).map_err(|error| failed("listen", &error))?;
        let server = Part::start(stop.clone(), async move {
            axum::serve(listener, router)
                .with_graceful_shutdown(stop.cancelled_owned())
                .await
                .map_err(|error| failed("serve", &error))
        });
        tracing::info!(server = access.server, "ready");
        Ok(Running { access, settings, client, opencode, controllers, node, server, lock })
    }
}

impl Running {
    /// Waits until a part of the sandbox ends by itself, which none should, and says why.
    pub async fn failure(&mut self) -> Error {
        tokio::select! {
            error = self.controllers.end() => error,
            error = self.node.end() => error,
            error = self.server.end() => error,
        }
    }

    /// Stops the controllers, ends all Pods in order, then stops answering. While the answered lock lives, the folder is
    /// still this process's own.
    pub async fn stop(mut self) -> Lock {
        tracing::info!("stopping");
        self.controllers.stop(DRAIN).await;
        self.node.stop(PODS_END).await;
        self.server.stop(DRAIN).await;
        self.lock
    }
}

fn controllers(runtime: AgentRuntime, session: bool) -> controller::Options {
    controller::Options {
        session,
        agent: true,
        task: true,
        namespace: None,
        reach: Reach::Direct,
        runtime,
        leader_election: false,
        listen: None,
        limits: controller::Limits::default(),
    }
}

/// How Pods of agents and tasks are built here.
fn agent_runtime(
    folder: &StateFolder,
    access: &Access,
    settings: &Settings,
    opencode: Option<&Path>,
    model_token: &str,
) -> AgentRuntime {
    let config = model::agent_config(&format!("{}{MODEL_PATH}/v1", access.server), model_token);
    // Without the program the Pod fails to start, and says that it was not found.
    let opencode = opencode.map_or_else(|| "opencode".to_owned(), |path| path.display().to_string());
    let mut runtime = AgentRuntime::host(opencode, settings.offline_model.then_some(config));
    // Without this OpenCode would not trust the offline model's certificate.
    runtime.env.push(("NODE_EXTRA_CA_CERTS".to_owned(), folder.file("ca.crt").display().to_string()));
    runtime.env_secret = (!settings.env.is_empty()).then(|| ENV_SECRET.to_owned());
    runtime
}

/// The 1022 addresses that Services of the sandbox `id` get: their proxies listen on them, and so do those of another
/// sandbox on this host on its own.
fn service_range(id: &str) -> RangeInclusive<Ipv4Addr> {
    const BLOCKS: u32 = 1 << 10;
    let first = Ipv4Addr::new(127, 96, 0, 0).to_bits();
    let block = id.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte))) % BLOCKS;
    let base = first + block * 1024;
    Ipv4Addr::from_bits(base + 1)..=Ipv4Addr::from_bits(base + 1022)
}

fn node_options(folder: &StateFolder) -> Result<NodeOptions> {
    Ok(NodeOptions {
        id: folder.secret("id")?,
        root: folder.file("node"),
        program: std::env::current_exe().map_err(|error| failed("find its own program", &error))?,
        environment: NodeOptions::host_environment(),
        backoff: Duration::from_secs(10),
        sync: Duration::from_secs(60),
    })
}

/// What this start runs with, from what it was asked for and what the last one kept.
fn settings(options: &SandboxOptions, kept: Settings) -> Result<(Settings, Provision)> {
    let first = kept.port == 0;
    let mut settings = kept;
    let anew = first || options.offline_model || !options.env.is_empty();
    if anew {
        settings.offline_model = options.offline_model || options.env.is_empty();
        settings.env.clone_from(&options.env);
    }
    let mut env = BTreeMap::new();
    for name in &settings.env {
        match std::env::var(name) {
            Ok(value) => drop(env.insert(name.clone(), value)),
            Err(_) if anew => {
                return Err(Error::usage(format!("the environment variable {name} is not set, or is not text"))
                    .hint(format!("export {name} before the start, or leave out --env {name}")));
            }
            Err(_) => {}
        }
    }
    let keep_env = env.len() < settings.env.len();
    let env = if keep_env { BTreeMap::new() } else { env };
    Ok((settings, Provision { env, keep_env, ..Provision::default() }))
}

fn failed(verb: &str, error: &(dyn std::error::Error + 'static)) -> Error {
    Error::internal(format!("the sandbox cannot {verb}")).caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sandboxes_have_services_apart() {
        let ranges: Vec<_> = ["a", "b", "5e0c", "d1f3a7"].map(service_range).into();
        for (at, range) in ranges.iter().enumerate() {
            assert!(*range.start() > Ipv4Addr::new(127, 96, 0, 0) && *range.end() < Ipv4Addr::new(127, 112, 0, 0));
            assert_eq!(range.end().to_bits() - range.start().to_bits(), 1021);
            assert!(ranges[at + 1..].iter().all(|other| !other.contains(range.start())), "{ranges:?}");
        }
        assert_eq!(service_range("a"), service_range("a"));
    }
}
