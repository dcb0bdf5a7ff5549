//! From a kubeconfig and kubectl's connection flags to a client.
//!
//! Precedence is kubectl's: flags, then the kubeconfig (`--kubeconfig`, else the files of `$KUBECONFIG`, of which missing
//! ones are passed over and earlier ones win, else `~/.kube/config`), then the service account of the Pod we run in.
//! The client's TCP connections send at once (`TCP_NODELAY`: a keystroke must not wait for the answer to the one before)
//! and notice a dead link (keepalive after 15 s, 3 probes 5 s apart).

use std::path::{Path, PathBuf};
use std::time::Duration;

use http::{HeaderValue, Uri};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel as HttpTunnel};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::{Body, ClientBuilder, ConfigExt as _};
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError, NamedContext};
use kube::{Client, Config};
use tower::{BoxError, Service, ServiceBuilder, ServiceExt as _};

use super::deadline::{ConnectTimeout, Deadline, Retry};
use super::{exec_plugin, proxy};
use crate::api::names::{LABEL_LENGTH, has_label_form};
use crate::error::{Code, Error, Result};

/// Longest wait for TCP, TLS and proxy handshakes together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Longest wait for the head of an answer where no limit is asked for: what an API server grants itself, and a bit.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(65);
/// An idle connection is not used again after this: it may have died meanwhile, and finding that out takes a timeout.
const IDLE: Duration = Duration::from_secs(5);
const KEEPALIVE_AFTER: Duration = Duration::from_secs(15);
const KEEPALIVE_EVERY: Duration = Duration::from_secs(5);
const KEEPALIVE_PROBES: u32 = 3;

/// Which cluster, as whom: kubectl's flags of the same names. Empty means: what the kubeconfig says.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// Kubeconfig file, instead of `$KUBECONFIG` and `~/.kube/config`.
    pub kubeconfig: Option<PathBuf>,
    /// Kubeconfig context.
    pub context: Option<String>,
    /// Kubeconfig cluster.
    pub cluster: Option<String>,
    /// Kubeconfig user.
    pub user: Option<String>,
    /// Namespace.
    pub namespace: Option<String>,
    /// User to impersonate.
    pub as_user: Option<String>,
    /// Groups to impersonate.
    pub as_groups: Vec<String>,
    /// UID to impersonate.
    pub as_uid: Option<String>,
    /// Longest wait for the head of an answer; zero for ever. Watches and streams are not limited by it.
    pub request_timeout: Option<Duration>,
    /// Address of the API server.
    pub server: Option<String>,
    /// Do not check the API server's certificate.
    pub insecure_skip_tls_verify: bool,
    /// Name to find in the API server's certificate.
    pub tls_server_name: Option<String>,
    /// File with the certificate authority.
    pub certificate_authority: Option<PathBuf>,
    /// This program reads standard input itself, or holds the terminal: a credential plugin must not.
    pub stdin_in_use: bool,
}

/// A cluster that can be asked.
#[derive(Clone)]
pub struct Cluster {
    /// The client.
    pub client: Client,
    /// Namespace of this command: the flag's, else the context's, else `default`.
    pub namespace: String,
    /// Address of the API server.
    pub server: String,
    /// The kubeconfig context in use; absent inside a cluster.
    pub context: Option<String>,
    options: ConnectOptions,
    has_plugin: bool,
}

impl Cluster {
    /// The same cluster, for a command that from now on reads standard input itself or holds the terminal: a credential
    /// plugin that runs again meanwhile gets none of it.
    pub async fn without_stdin(&self) -> Result<Self> {
        if !self.has_plugin || self.options.stdin_in_use {
            return Ok(self.clone());
        }
        connect(&ConnectOptions { stdin_in_use: true, ..self.options.clone() }).await
    }
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster")
            .field("namespace", &self.namespace)
            .field("server", &self.server)
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}

/// Connects: reads the configuration, runs its credential plugin if it has one, and builds the client. No request is sent.
pub async fn connect(options: &ConnectOptions) -> Result<Cluster> {
    let (mut config, context) = load(options).await?;
    apply(options, &mut config)?;
    let namespace = options.namespace.clone().unwrap_or_else(|| config.default_namespace.clone());
    // It becomes a part of the path of every request.
    if !has_label_form(&namespace) || namespace.len() > LABEL_LENGTH {
        return Err(Error::usage(format!("{namespace:?} cannot be a namespace"))
            .because("a namespace has at most 63 lower case letters, digits and \"-\"")
            .hint("kubectl get namespaces"));
    }
    exec_plugin::check_token(&config.auth_info)?;
    exec_plugin::guard_stdin(&mut config.auth_info, options.stdin_in_use)?;
    let server = config.cluster_url.to_string();
    let plugin = config.auth_info.exec.clone();
    let has_plugin = plugin.is_some();
    let limit = match options.request_timeout {
        None => Some(REQUEST_TIMEOUT),
        Some(Duration::ZERO) => None,
        Some(limit) => Some(limit),
    };
    let client = if has_plugin || config.auth_info.auth_provider.is_some() {
        // The first run of a credential plugin blocks its thread.
        let built = tokio::task::spawn_blocking(move || build(&config, limit)).await;
        built.map_err(|error| Error::internal("connecting ended unexpectedly").caused_by(&error))?
    } else {
        build(&config, limit)
    };
    let client = client.map_err(|error| exec_plugin::explain(error, plugin.as_ref()))?;
    Ok(Cluster { client, namespace, server, context, options: options.clone(), has_plugin })
}

/// The configuration before any flag but those that choose within a kubeconfig, and the name of the context.
async fn load(options: &ConnectOptions) -> Result<(Config, Option<String>)> {
    let server = options.server.as_deref().map(parse_server).transpose()?;
    let Some(mut kubeconfig) = read_kubeconfig(options.kubeconfig.as_deref())? else {
        if let Ok(config) = Config::incluster() {
            return Ok((config, None));
        }
        if let Some(server) = server {
            return Ok((Config::new(server), None));
        }
        return Err(Error::new(Code::InvalidConfiguration, "there is no kubeconfig")
            .because(
                "neither --kubeconfig nor $KUBECONFIG nor ~/.kube/config names one, and this is no Pod of a cluster",
            )
            .hint("kubectl opencode sandbox start"));
    };
    if let Some(server) = &options.server {
        // kubectl lets --server stand for a cluster that the kubeconfig does not hold.
        for cluster in &mut kubeconfig.clusters {
            if let Some(cluster) = &mut cluster.cluster {
                cluster.server = Some(server.clone());
            }
        }
    }
    let context = options.context.clone().or_else(|| kubeconfig.current_context.clone());
    if context.as_deref().is_none_or(str::is_empty) {
        return Err(Error::new(Code::InvalidConfiguration, "the kubeconfig has no current context")
            .hint("kubectl config use-context NAME, or --context NAME"));
    }
    let names: Vec<_> = kubeconfig.contexts.iter().map(|context| context.name.clone()).collect();
    let wanted = KubeConfigOptions {
        context: options.context.clone(),
        cluster: options.cluster.clone(),
        user: options.user.clone(),
    };
    let chosen = kubeconfig.contexts.iter().find(|named| Some(&named.name) == context.as_ref());
    // The library goes on without credentials then; kubectl does not.
    if let Some(user) = named_user(options, chosen)
        && !kubeconfig.auth_infos.iter().any(|known| known.name == user)
    {
        return Err(Error::new(Code::InvalidConfiguration, format!("the kubeconfig has no user {user:?}"))
            .hint("kubectl config get-users"));
    }
    let proxy_url = cluster_proxy(&kubeconfig, options, chosen);
    let mut config =
        Config::from_custom_kubeconfig(kubeconfig, &wanted).await.map_err(|error| kubeconfig_error(&error, &names))?;
    config.proxy_url = match proxy_url {
        Some(url) => Some(proxy::parse(&url)?),
        None => proxy::from_environment(&config.cluster_url, |name| std::env::var(name).ok())?,
    };
    Ok((config, context))
}

/// The user that a flag or the context names.
fn named_user(options: &ConnectOptions, context: Option<&NamedContext>) -> Option<String> {
    let of_context = || context?.context.as_ref()?.user.clone();
    options.user.clone().or_else(of_context).filter(|user| !user.is_empty())
}

/// The proxy that the kubeconfig names for the cluster in use; it is not subject to `NO_PROXY`.
fn cluster_proxy(kubeconfig: &Kubeconfig, options: &ConnectOptions, context: Option<&NamedContext>) -> Option<String> {
    let of_context = || Some(&context?.context.as_ref()?.cluster);
    let name = options.cluster.as_ref().or_else(of_context)?;
    let cluster = kubeconfig.clusters.iter().find(|cluster| cluster.name == *name)?;
    cluster.cluster.as_ref()?.proxy_url.clone().filter(|url| !url.is_empty())
}

/// The merged kubeconfig; `None` if no file is named or none of those there is.
fn read_kubeconfig(file: Option<&Path>) -> Result<Option<Kubeconfig>> {
    let read = |path: &Path| Kubeconfig::read_from(path).map_err(|error| kubeconfig_error(&error, &[]));
    if let Some(file) = file {
        return read(file).map(Some);
    }
    let listed = std::env::var_os("KUBECONFIG").filter(|list| !list.is_empty());
    let paths: Vec<PathBuf> = match listed {
        Some(list) => std::env::split_paths(&list).filter(|path| !path.as_os_str().is_empty()).collect(),
        None => etcetera::home_dir().map(|home| home.join(".kube/config")).into_iter().collect(),
    };
    let mut merged: Option<Kubeconfig> = None;
    for path in paths.iter().filter(|path| path.exists()) {
        let next = read(path)?;
        merged = Some(match merged {
            None => next,
            Some(earlier) => earlier.merge(next).map_err(|error| kubeconfig_error(&error, &[]))?,
        });
    }
    Ok(merged)
}

fn kubeconfig_error(error: &KubeconfigError, contexts: &[String]) -> Error {
    let wrong = |message: String| Error::new(Code::InvalidConfiguration, message);
    match error {
        KubeconfigError::LoadContext(name) => wrong(format!("the kubeconfig has no context {name:?}"))
            .hint(format!("use --context {}; `kubectl config get-contexts` lists them", contexts.join("|"))),
        KubeconfigError::LoadClusterOfContext(name) => {
            wrong(format!("the kubeconfig has no cluster {name:?}")).hint("kubectl config get-clusters")
        }
        KubeconfigError::ReadConfig(source, path) => {
            wrong(format!("cannot read the kubeconfig {}", path.display())).caused_by(source)
        }
        // The parser's text may quote a piece of the file, and the file holds credentials.
        KubeconfigError::Parse(_) => wrong("the kubeconfig is not valid YAML of kind Config".to_owned())
            .hint("kubectl config view shows what kubectl makes of it"),
        other => wrong("the kubeconfig cannot be used".to_owned()).caused_by(other),
    }
}

fn parse_server(server: &str) -> Result<Uri> {
    let with_scheme = if server.contains("://") { server.to_owned() } else { format!("https://{server}") };
    with_scheme.parse().map_err(|error: http::uri::InvalidUri| {
        Error::usage(format!("--server: {server:?} is no URL"))
            .caused_by(&error)
            .hint("write it as in https://HOST:6443")
    })
}

/// Applies the flags that change the chosen cluster and user.
fn apply(options: &ConnectOptions, config: &mut Config) -> Result<()> {
    if let Some(server) = &options.server {
        config.cluster_url = parse_server(server)?;
    }
    if let Some(name) = &options.tls_server_name {
        config.tls_server_name = Some(name.clone());
    }
    if let Some(path) = &options.certificate_authority {
        let pem = std::fs::read(path).map_err(|error| {
            Error::new(Code::InvalidConfiguration, format!("cannot read the certificate authority {}", path.display()))
                .caused_by(&error)
        })?;
        config.root_cert = Some(certificates(&pem, path)?);
    }
    if options.insecure_skip_tls_verify {
        config.accept_invalid_certs = true;
    }
    let auth = &mut config.auth_info;
    if let Some(user) = &options.as_user {
        auth.impersonate = Some(user.clone());
    }
    if !options.as_groups.is_empty() {
        auth.impersonate_groups = Some(options.as_groups.clone());
    }
    if let Some(uid) = &options.as_uid {
        auth.impersonate_uid = Some(uid.clone());
    }
    let impersonates = auth.impersonate.as_deref().is_some_and(|user| !user.is_empty());
    let has_groups = auth.impersonate_groups.as_ref().is_some_and(|groups| !groups.is_empty());
    if !impersonates && (has_groups || auth.impersonate_uid.is_some()) {
        // The API server refuses this with a puzzling text; kubectl refuses it before sending.
        return Err(Error::usage("--as-group and --as-uid need --as").hint("name a user with --as, too"));
    }
    config.headers.push((
        http::header::USER_AGENT,
        HeaderValue::from_static(concat!("kubectl-opencode/", env!("CARGO_PKG_VERSION"))),
    ));
    Ok(())
}

/// The certificates of a PEM file, as DER.
fn certificates(pem: &[u8], file: &Path) -> Result<Vec<Vec<u8>>> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;
    let found: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(pem).map(|item| item.map(|certificate| certificate.to_vec())).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(Error::new(Code::InvalidConfiguration, format!("{} holds no certificate", file.display()))),
        Err(error) => Err(Error::new(Code::InvalidConfiguration, format!("{} is not PEM", file.display()))
            .because(format!("{error:?}"))),
    }
}

fn build(config: &Config, limit: Option<Duration>) -> Result<Client, kube::Error> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(KEEPALIVE_AFTER));
    tcp.set_keepalive_interval(Some(KEEPALIVE_EVERY));
    tcp.set_keepalive_retries(Some(KEEPALIVE_PROBES));
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let Some(proxy) = config.proxy_url.clone() else { return stack(config, tcp, limit) };
    match proxy.scheme_str() {
        Some("socks5" | "socks5h") => stack(config, SocksV5::new(proxy, tcp), limit),
        Some("https") => {
            let secured = config.rustls_https_connector_with_connector(tcp)?;
            let tunnel = proxy::authorized(&proxy, HttpTunnel::new(proxy.clone(), secured));
            stack(config, tunnel, limit)
        }
        _ => {
            let tunnel = proxy::authorized(&proxy, HttpTunnel::new(proxy.clone(), tcp));
            stack(config, tunnel, limit)
        }
    }
}

/// The client over a connector: base address, credentials, headers, limits and repetition.
fn stack<C>(config: &Config, connector: C, limit: Option<Duration>) -> Result<Client, kube::Error>
where
    C: Service<Uri> + Clone + Send + Sync + 'static,
    C::Response:
        hyper_util::client::legacy::connect::Connection + hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
    C::Future: Send + 'static,
    C::Error: std::error::Error + Send + Sync + 'static,
{
    let secured = config.rustls_https_connector_with_connector(connector)?;
    let connector = secured.map_future(|connecting| {
        Box::pin(async move {
            match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
                Ok(connected) => connected,
                Err(_) => Err(BoxError::from(ConnectTimeout(CONNECT_TIMEOUT))),
            }
        })
    });
    let http: hyper_util::client::legacy::Client<_, Body> =
        hyper_util::client::legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(connector);
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .layer(tower::retry::RetryLayer::new(Retry::default()))
        .option_layer(config.auth_layer()?)
        .layer(config.extra_headers_layer()?)
        .layer_fn(|inner| Deadline::new(inner, limit))
        .map_err(BoxError::from)
        .service(http);
    Ok(ClientBuilder::new(service, config.default_namespace.clone()).build())
}
