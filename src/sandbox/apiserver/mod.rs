//! The Kubernetes API server of the sandbox: what kubectl and kube-rs ask of a kube-apiserver, answered as it answers.
//!
//! A request is authenticated ([`auth`]), understood ([`request`]), authorized, and then reads ([`read`]) or writes
//! ([`mod@write`]) the [`Store`]; [`representation`] shapes the answer. What exists is in [`resources`]. Controllers that
//! belong to every cluster (garbage collection, namespaces) are in [`garbage`].

mod access;
mod auth;
mod body;
mod crd;
mod decoding;
mod defaults;
mod discovery;
mod documents;
mod duplicates;
mod events;
mod fields;
mod garbage;
mod in_process;
mod lifecycle;
mod managed;
mod metadata;
mod openapi;
mod patch;
mod pods;
mod protobuf;
mod rbac;
mod read;
mod representation;
mod request;
mod resources;
mod scale;
mod selector;
mod schema;
mod serve;
mod status;
mod strategic;
mod strategy;
pub mod streams;
mod structure;
pub mod table;
mod validation;
mod write;

use std::net::Ipv4Addr;
use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::Router;
use serde_json::json;
use tokio_util::sync::CancellationToken;

pub use auth::{Identity, Tokens};
pub use status::{ApiError, ApiResult};

use crate::error::{Code, Error, Result};
use crate::sandbox::runtime::PodRuntime;
use crate::sandbox::store::Store;
use decoding::Way;
use resources::Registry;

/// The namespaces that every cluster has.
const NAMESPACES: &[&str] = &["default", "kube-node-lease", "kube-public", "kube-system"];

/// How the server behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who the bearer tokens stand for. `None` lets everybody in as a master, for tests on loopback without TLS.
    pub tokens: Option<Tokens>,
    /// The addresses that Services get.
    pub service_range: RangeInclusive<Ipv4Addr>,
    /// `HOST:PORT` that discovery names.
    pub address: String,
    /// Ends watches and the server's own controllers.
    pub stop: CancellationToken,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tokens: None,
            service_range: Ipv4Addr::new(127, 96, 0, 1)..=Ipv4Addr::new(127, 111, 255, 254),
            address: "127.0.0.1:6443".to_owned(),
            stop: CancellationToken::new(),
        }
    }
}

/// The server. Cheap to clone.
#[derive(Clone)]
pub struct ApiServer {
    state: Arc<State>,
}

struct State {
    store: Arc<Store>,
    registry: Registry,
    runtime: Arc<dyn PodRuntime>,
    options: Options,
    issuer: rbac::tokens::Issuer,
}

impl ApiServer {
    /// A server of what `store` holds; creates the namespaces that every cluster has and begins to collect garbage, so
    /// it must be called inside a runtime.
    pub fn new(store: Arc<Store>, runtime: Arc<dyn PodRuntime>, options: Options) -> Result<Self> {
        let state = Arc::new(State {
            store,
            registry: Registry::new(),
            runtime,
            options,
            issuer: rbac::tokens::Issuer::default(),
        });
        state.serve_definitions();
        state.bootstrap()?;
        tokio::spawn(garbage::run(Arc::clone(&state)));
        Ok(Self { state })
    }

    /// The HTTP service, with upgrades. A transport that knows who its peer is puts an [`Identity`] into the request's
    /// extensions.
    pub fn router(&self) -> Router {
        Router::new().fallback(serve::handle).with_state(Arc::clone(&self.state))
    }

    /// A client inside this process, as a master; its default namespace is `default`.
    pub fn client(&self) -> kube::Client {
        self.client_as(Identity::master("system:apiserver"))
    }

    /// A client inside this process, as somebody.
    pub fn client_as(&self, identity: Identity) -> kube::Client {
        in_process::client(self.router().layer(axum::Extension(identity)))
    }
}

impl State {
    /// Serves what the stored definitions define.
    fn serve_definitions(&self) {
        let stored = || self.store.list(crd::COLLECTION, None).objects.into_iter().map(|(_, object)| object).collect();
        self.registry.define(stored);
    }

    /// Creates what every cluster has and this one has not.
    fn bootstrap(&self) -> Result<()> {
        let namespaces =
            NAMESPACES.iter().map(|name| json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}));
        for object in namespaces.chain(rbac::defaults()) {
            let kind = object["kind"].as_str().unwrap_or_default();
            let resource = self
                .registry
                .by_kind(object["apiVersion"].as_str().unwrap_or_default(), kind)
                .ok_or_else(|| Error::internal(format!("the built-in kind {kind} is missing")))?;
            let write = write::Write {
                resource: &resource,
                namespace: "",
                manager: "kube-apiserver",
                dry_run: false,
                field_validation: "Ignore",
                duplicates: &[],
                way: Way::Body,
            };
            let what = format!("cannot create {kind} {}", object["metadata"]["name"]);
            match self.create(&write, object) {
                Ok(_) => {}
                Err(error) if error.reason == "AlreadyExists" => {}
                Err(error) => return Err(Error::new(Code::Internal, what).because(error.message)),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
