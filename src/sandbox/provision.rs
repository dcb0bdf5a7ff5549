//! What every cluster has and no API server makes: the roles for people, and in each namespace the service account
//! `default` and the `ConfigMap` with the cluster's authority (kube-controller-manager's serviceaccount controller and
//! `rootcacertpublisher`, which brings it back where somebody took or changed it). In the sandbox each namespace also gets the Secret
//! with the provider keys that agents are given.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::{TryStreamExt, stream};
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Secret, ServiceAccount};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use kube::api::{DeleteParams, ListParams, ObjectMeta, Patch, PatchParams, PostParams};
use kube::runtime::watcher::{self, Event};
use kube::{Api, Client, Resource, ResourceExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::error::{Error, Result};

/// The Secret with the variables that agents are given, in each namespace.
pub(super) const ENV_SECRET: &str = "opencode-sandbox-env";
/// The `ConfigMap` with the certificate of the cluster's authority, in each namespace.
const ROOT_CA: &str = "kube-root-ca.crt";
const ABOUT_ROOT_CA: &str = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";
/// Field manager of what is written here.
const MANAGER: &str = "opencode-sandbox";
/// Before a namespace that could not be provided for is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// What each namespace is given.
#[derive(Clone, Debug, Default)]
pub(super) struct Provision {
    /// Variables for agents; with none the Secret is taken away.
    pub env: BTreeMap<String, String>,
    /// Names of variables whose values an earlier start put into the Secret, which is left as it is for their sake.
    pub keep_env: bool,
    /// The certificate of the authority, in PEM.
    pub authority_pem: String,
}

impl Provision {
    /// Provides for the cluster and for the namespaces that are there.
    pub async fn at_start(&self, client: &Client) -> Result<()> {
        roles(client).await.map_err(|error| failed("the roles", &error))?;
        let namespaces = Api::<Namespace>::all(client.clone())
            .list(&ListParams::default())
            .await
            .map_err(|error| failed("the namespaces", &error))?;
        for namespace in namespaces {
            let name = namespace.name_any();
            self.namespace(client, &name).await.map_err(|error| failed(&format!("namespace {name}"), &error))?;
        }
        Ok(())
    }

    /// Provides for each namespace that comes, until `stop`.
    pub async fn run(self, client: Client, stop: CancellationToken) {
        let namespaces = watcher::watcher(Api::<Namespace>::all(client.clone()), watcher::Config::default());
        let authorities = watcher::Config::default().fields(&format!("metadata.name={ROOT_CA}"));
        let authorities = watcher::watcher(Api::<ConfigMap>::all(client.clone()), authorities);
        // Each says which namespace is to be looked at.
        let mut concerned = Box::pin(stream::select(
            namespaces.map_ok(|event| match event {
                Event::Apply(namespace) | Event::InitApply(namespace) => Some(namespace.name_any()),
                _ => None,
            }),
            authorities.map_ok(|event| match event {
                Event::Apply(map) | Event::InitApply(map) | Event::Delete(map) => map.namespace(),
                _ => None,
            }),
        ));
        loop {
            let event = tokio::select! {
                () = stop.cancelled() => return,
                event = concerned.try_next() => event,
            };
            let name = match event {
                Ok(Some(Some(name))) => name,
                Ok(Some(None)) => continue,
                Ok(None) => return,
                Err(error) => {
                    tracing::warn!(%error, "cannot watch namespaces");
                    tokio::time::sleep(RETRY).await;
                    continue;
                }
            };
            if let Err(error) = self.living(&client, &name).await {
                // A namespace that was deleted meanwhile needs nothing any more.
                tracing::warn!(namespace = name, %error, "cannot provide for a namespace");
            }
        }
    }

    /// Provides for a namespace unless it is going.
    async fn living(&self, client: &Client, name: &str) -> kube::Result<()> {
        let namespace = Api::<Namespace>::all(client.clone()).get_opt(name).await?;
        if namespace.is_some_and(|namespace| namespace.metadata.deletion_timestamp.is_none()) {
            self.namespace(client, name).await?;
        }
        Ok(())
    }

    async fn namespace(&self, client: &Client, namespace: &str) -> kube::Result<()> {
        let account = ServiceAccount {
            metadata: ObjectMeta { name: Some("default".to_owned()), ..ObjectMeta::default() },
            ..ServiceAccount::default()
        };
        create(&Api::namespaced(client.clone(), namespace), &account).await?;
        let authority = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "data": {"ca.crt": self.authority_pem},
            "metadata": {"name": ROOT_CA, "annotations": {"kubernetes.io/description": ABOUT_ROOT_CA}},
        });
        let maps = Api::<ConfigMap>::namespaced(client.clone(), namespace);
        maps.patch(ROOT_CA, &PatchParams::apply("kube-controller-manager").force(), &Patch::Apply(&authority)).await?;
        let secrets = Api::<Secret>::namespaced(client.clone(), namespace);
        if !self.env.is_empty() {
            let secret = json!({
                "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": {"name": ENV_SECRET},
                "stringData": self.env,
            });
            secrets.patch(ENV_SECRET, &PatchParams::apply(MANAGER).force(), &Patch::Apply(&secret)).await?;
        } else if !self.keep_env && secrets.get_opt(ENV_SECRET).await?.is_some() {
            secrets.delete(ENV_SECRET, &DeleteParams::default()).await?;
        }
        Ok(())
    }
}

async fn roles(client: &Client) -> kube::Result<()> {
    let everything =
        json!([{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}, {"nonResourceURLs": ["*"], "verbs": ["*"]}]);
    let read = ["get", "list", "watch"].as_slice();
    let write = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"].as_slice();
    let groups = ["", "apps", "kubeopencode.io", "session.kubeopencode.io", "coordination.k8s.io", "events.k8s.io"];
    let rules = |verbs: &[&str]| json!([{"apiGroups": groups, "resources": ["*"], "verbs": verbs}]);
    let api = Api::<ClusterRole>::all(client.clone());
    for (name, rules) in
        [("cluster-admin", everything), ("admin", rules(write)), ("edit", rules(write)), ("view", rules(read))]
    {
        create(&api, &from_json(json!({"metadata": {"name": name}, "rules": rules}))?).await?;
    }
    let binding = json!({
        "metadata": {"name": "cluster-admin"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "system:masters"}],
    });
    create(&Api::all(client.clone()), &from_json::<ClusterRoleBinding>(binding)?).await
}

/// Creates an object unless it is there.
async fn create<K>(api: &Api<K>, object: &K) -> kube::Result<()>
where
    K: Clone + std::fmt::Debug + Resource + Serialize + DeserializeOwned,
{
    let params = PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() };
    match api.create(&params, object).await {
        Err(kube::Error::Api(status)) if status.is_already_exists() => Ok(()),
        other => other.map(drop),
    }
}

fn from_json<T: DeserializeOwned>(value: serde_json::Value) -> kube::Result<T> {
    serde_json::from_value(value).map_err(kube::Error::SerdeError)
}

fn failed(what: &str, error: &kube::Error) -> Error {
    Error::internal(format!("cannot provide for {what} of the sandbox")).caused_by(error)
}
