//! Servers to connect to: one that answers the headers it got, with or without TLS.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use kubectl_opencode::sandbox::runtime::{Exec, ExecOptions, LogOptions, PodKey, PodRuntime};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

/// A certificate authority of one test.
pub struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    pub fn pem(&self) -> &str {
        &self.pem
    }

    fn server_config(&self) -> rustls::ServerConfig {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let leaf = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key).unwrap()
    }
}

/// Answers `GET /headers` with the request's headers.
pub struct Echo {
    address: SocketAddr,
    secure: bool,
}

impl Echo {
    pub async fn start(authority: Option<&Authority>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/headers", get(headers));
        match authority {
            None => {
                tokio::spawn(axum::serve(listener, router).into_future());
            }
            Some(authority) => {
                let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(authority.server_config()));
                tokio::spawn(async move {
                    while let Ok((stream, _)) = listener.accept().await {
                        let (acceptor, router) = (acceptor.clone(), router.clone());
                        tokio::spawn(async move {
                            let Ok(stream) = acceptor.accept(stream).await else { return };
                            let service = hyper_util::service::TowerToHyperService::new(router);
                            let _ = hyper::server::conn::http1::Builder::new()
                                .serve_connection(hyper_util::rt::TokioIo::new(stream), service)
                                .await;
                        });
                    }
                });
            }
        }
        Self { address, secure: authority.is_some() }
    }

    pub fn url(&self) -> String {
        format!("{}://{}", if self.secure { "https" } else { "http" }, self.address)
    }
}

async fn headers(headers: HeaderMap) -> axum::Json<BTreeMap<String, Vec<String>>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in &headers {
        found.entry(name.to_string()).or_default().push(value.to_str().unwrap().to_owned());
    }
    axum::Json(found)
}

/// Writes a kubeconfig with the context `test`, whose namespace is `from-context`.
pub fn kubeconfig(folder: &Path, server: &str, mut cluster: Value, user: &Value) -> PathBuf {
    cluster["server"] = server.into();
    let file = folder.join("kubeconfig");
    let config = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "test",
        "clusters": [{"name": "test", "cluster": cluster}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test", "namespace": "from-context"}}],
        "users": [{"name": "test", "user": user}],
    });
    std::fs::write(&file, config.to_string()).unwrap();
    file
}

/// A node without Pods.
pub struct NoNode;

fn no_pod<T: Send + 'static>() -> BoxFuture<'static, io::Result<T>> {
    Box::pin(async { Err(io::Error::new(io::ErrorKind::NotFound, "no such pod")) })
}

impl PodRuntime for NoNode {
    fn logs<'a>(
        &'a self,
        _: &'a PodKey,
        _: &'a str,
        _: LogOptions,
    ) -> BoxFuture<'a, io::Result<BoxStream<'static, io::Result<bytes::Bytes>>>> {
        no_pod()
    }

    fn exec<'a>(&'a self, _: &'a PodKey, _: &'a str, _: ExecOptions) -> BoxFuture<'a, io::Result<Exec>> {
        no_pod()
    }

    fn connect<'a>(&'a self, _: &'a PodKey, _: u16) -> BoxFuture<'a, io::Result<TcpStream>> {
        no_pod()
    }
}
