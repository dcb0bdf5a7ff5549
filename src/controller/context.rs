//! What every reconciler needs: the client, the way Pods are built, Events, and writes that never undo another's.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use k8s_openapi::jiff::Timestamp;
use kube::api::{ApiResource, DynamicObject, ObjectMeta, PartialObjectMeta};
use kube::api::{DeleteParams, Patch, PatchParams, PostParams, Preconditions};
use kube::core::Request;
use kube::{Api, Client, Resource, ResourceExt};
use serde::de::DeserializeOwned;
use serde::{Deserialize as _, Serialize};
use serde_json::{Value, json};

use super::metrics::Metrics;
use super::report::Reports;
use super::runtime::AgentRuntime;
use super::status::{Wanted, set_condition, status_patch};
use crate::api::{Agent, Session, keys};
use crate::error::{Code, Error, Result};

/// Shared by all reconcilers of one process.
pub struct Context {
    /// The API server.
    pub client: Client,
    /// How Pods are built.
    pub runtime: AgentRuntime,
    /// Events.
    pub reports: Reports,
    /// What was done.
    pub metrics: Arc<Metrics>,
    applied: Mutex<HashMap<String, (u64, String)>>,
    /// Of each object that was written, by its UID: the version that the write replaced.
    superseded: Mutex<HashMap<String, String>>,
}

impl Context {
    /// A context that has written nothing yet.
    pub fn new(client: Client, runtime: AgentRuntime, reports: Reports, metrics: Arc<Metrics>) -> Self {
        Self { client, runtime, reports, metrics, applied: Mutex::default(), superseded: Mutex::default() }
    }

    /// Objects of a kind in a namespace.
    pub fn api<K>(&self, namespace: &str) -> Api<K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), namespace)
    }

    fn api_of<K>(&self, object: &K) -> Api<K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        self.api(&object.namespace().unwrap_or_default())
    }

    /// Writes what changed between `before` and `next`, unless the object changed since it was read; tells whether there
    /// was anything to write.
    pub async fn write_status<K, S>(&self, object: &K, before: Option<&S>, next: &S) -> Result<bool>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + Debug,
        S: Serialize,
    {
        let Some(status) = status_patch(before, next) else { return Ok(false) };
        let patch = json!({"metadata": {"resourceVersion": object.resource_version()}, "status": status});
        let params = PatchParams { field_manager: Some(keys::CONTROLLER_MANAGER.to_owned()), ..PatchParams::default() };
        let written = self
            .api_of(object)
            .patch_status(&object.name_any(), &params, &Patch::Merge(patch))
            .await
            .map_err(|error| refused::<K>("update the status of", &object.name_any(), &error))?;
        self.supersede(object, &written);
        Ok(true)
    }

    /// Changes metadata of the object as it was read.
    pub async fn patch_metadata<K>(&self, object: &K, metadata: Value) -> Result<()>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + Debug,
    {
        self.merge(object, json!({"metadata": metadata})).await
    }

    /// Changes the spec of the object as it was read.
    pub async fn patch_spec<K>(&self, object: &K, spec: Value) -> Result<()>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + Debug,
    {
        self.merge(object, json!({"spec": spec})).await
    }

    /// Takes an Agent's `spec.suspend` away and annotates it.
    pub async fn resume(&self, agent: &Agent, annotations: Value) -> Result<()> {
        self.merge(agent, json!({"metadata": {"annotations": annotations}, "spec": {"suspend": false}})).await
    }

    async fn merge<K>(&self, object: &K, mut patch: Value) -> Result<()>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + Debug,
    {
        patch["metadata"]["resourceVersion"] = json!(object.resource_version());
        let params = PatchParams { field_manager: Some(keys::CONTROLLER_MANAGER.to_owned()), ..PatchParams::default() };
        let written = self
            .api_of(object)
            .patch(&object.name_any(), &params, &Patch::Merge(patch))
            .await
            .map_err(|error| refused::<K>("patch", &object.name_any(), &error))?;
        self.supersede(object, &written);
        Ok(())
    }

    fn supersede<K: Resource>(&self, before: &K, written: &K) {
        let (Some(uid), Some(version)) = (before.meta().uid.clone(), before.meta().resource_version.clone()) else {
            return;
        };
        let meta = written.meta();
        // A write that changed nothing brings no event either, and one that lets the object go is the last.
        let changed = meta.resource_version.as_ref() != Some(&version);
        let gone = meta.deletion_timestamp.is_some() && meta.finalizers.as_ref().is_none_or(Vec::is_empty);
        if changed && !gone {
            self.superseded.lock().unwrap_or_else(PoisonError::into_inner).insert(uid, version);
        }
    }

    /// Whether this process itself has written a newer version of the object, which is still on its way to it.
    pub fn is_superseded<K: Resource>(&self, object: &K) -> bool {
        let Some(uid) = &object.meta().uid else { return false };
        let mut superseded = self.superseded.lock().unwrap_or_else(PoisonError::into_inner);
        let is = superseded.get(uid).is_some_and(|version| object.meta().resource_version.as_ref() == Some(version));
        if !is {
            superseded.remove(uid);
        }
        is
    }

    /// Holds the object's deletion back until we are done with it.
    pub async fn add_finalizer<K>(&self, object: &K, finalizer: &str) -> Result<()>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + Debug,
    {
        let mut finalizers = object.finalizers().to_vec();
        finalizers.push(finalizer.to_owned());
        self.patch_metadata(object, json!({"finalizers": finalizers})).await
    }

    /// Lets the object's deletion go on.
    pub async fn remove_finalizer<K>(&self, object: &K, finalizer: &str) -> Result<()>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + Debug,
    {
        let left: Vec<_> = object.finalizers().iter().filter(|present| *present != finalizer).collect();
        self.patch_metadata(object, json!({"finalizers": left})).await
    }

    /// Takes our finalizers from an object of which only the metadata can be read.
    pub async fn release<K>(&self, meta: &ObjectMeta, finalizers: &[&str]) -> Result<()>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + Debug,
    {
        release::<K>(&self.client, meta, finalizers).await
    }

    /// Puts a condition among those of an object of which only the metadata can be read; tells whether it is new.
    pub async fn tell_of_unreadable<K>(&self, meta: &ObjectMeta, wanted: Wanted) -> Result<bool>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        let (namespace, name) =
            (meta.namespace.as_deref().unwrap_or_default(), meta.name.as_deref().unwrap_or_default());
        let objects: Api<DynamicObject> =
            Api::namespaced_with(self.client.clone(), namespace, &ApiResource::erase::<K>(&()));
        let found = objects.get_opt(name).await.map_err(|error| refused::<K>("get", name, &error))?;
        let Some(object) = found else { return Ok(false) };
        let listed = object.data.pointer("/status/conditions").and_then(Value::as_array);
        // What is no condition tells nobody anything.
        let before: Vec<Condition> =
            listed.into_iter().flatten().filter_map(|condition| Condition::deserialize(condition).ok()).collect();
        let mut conditions = before.clone();
        set_condition(&mut conditions, wanted, object.metadata.generation, Timestamp::now());
        if conditions == before {
            return Ok(false);
        }
        let patch = json!({
            "metadata": {"resourceVersion": object.metadata.resource_version},
            "status": {"conditions": conditions},
        });
        let params = PatchParams { field_manager: Some(keys::CONTROLLER_MANAGER.to_owned()), ..PatchParams::default() };
        objects
            .patch_status(name, &params, &Patch::Merge(patch))
            .await
            .map_err(|error| refused::<K>("update the status of", name, &error))?;
        Ok(true)
    }

    /// Deletes this very object; one that is gone already is fine.
    pub async fn delete<K>(&self, object: &K) -> Result<()>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + Debug,
    {
        let preconditions = Preconditions { uid: object.uid(), resource_version: None };
        let params = DeleteParams { preconditions: Some(preconditions), ..DeleteParams::background() };
        match self.api_of(object).delete(&object.name_any(), &params).await {
            Err(error) if !is_status(&error, 404) => Err(refused::<K>("delete", &object.name_any(), &error)),
            _ => Ok(()),
        }
    }

    /// Creates an object, which is sent as it is written; `None` if one of that name exists.
    pub async fn create<K>(&self, namespace: &str, object: &Value) -> Result<Option<K>>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + Debug,
    {
        let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
        let params = PostParams { field_manager: Some(keys::CONTROLLER_MANAGER.to_owned()), ..PostParams::default() };
        let request = Request::new(K::url_path(&(), Some(namespace))).create(&params, object.to_string().into_bytes());
        let created = match request {
            Ok(request) => self.client.request(request).await,
            Err(error) => Err(kube::Error::BuildRequest(error)),
        };
        match created {
            Ok(created) => Ok(Some(created)),
            Err(error) if is_status(&error, 409) => Ok(None),
            Err(error) => Err(refused::<K>("create", name, &error)),
        }
    }

    /// Makes an object as `desired` by server-side apply, unless it was made so already and nobody changed it since.
    ///
    /// `live` is the object as last seen. Fields of others are left alone; a field that others hold is taken over.
    pub async fn apply<K>(&self, desired: &Value, live: Option<&K>) -> Result<()>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + Debug,
    {
        let text = |pointer: &str| desired.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
        let key = format!("{}/{namespace}/{name}", K::kind(&()));
        let mut hasher = DefaultHasher::new();
        desired.to_string().hash(&mut hasher);
        let hash = hasher.finish();
        if let Some(live) = live {
            let applied = self.applied.lock().unwrap_or_else(PoisonError::into_inner);
            if applied.get(&key).is_some_and(|(before, mark)| *before == hash && *mark == mark_of(live)) {
                return Ok(());
            }
        }
        let params = PatchParams::apply(keys::CONTROLLER_MANAGER).force();
        let applied: K = self
            .api(namespace)
            .patch(name, &params, &Patch::Apply(desired))
            .await
            .map_err(|error| refused::<K>("apply", name, &error))?;
        // What nobody watches is not compared either.
        if live.is_some() {
            self.applied.lock().unwrap_or_else(PoisonError::into_inner).insert(key, (hash, mark_of(&applied)));
        }
        Ok(())
    }

    /// The Session of that name as it is now.
    pub async fn session(&self, namespace: &str, name: &str) -> Result<Option<Session>> {
        let found = self.api::<Session>(namespace).get_opt(name).await;
        found.map_err(|error| refused::<Session>("get", name, &error))
    }

    /// Creates the Agent that a Session has of its own, unless it is there.
    pub async fn create_session_agent(&self, session: &Session, name: &str, template: &str) -> Result<()> {
        let owner: Vec<_> = session.controller_owner_ref(&()).into_iter().collect();
        let agent = json!({
            "apiVersion": Agent::api_version(&()),
            "kind": Agent::kind(&()),
            "metadata": {
                "name": name,
                "namespace": session.namespace(),
                "labels": {keys::SESSION: session.name_any()},
                "ownerReferences": owner,
            },
            "spec": {
                "templateRef": {"name": template},
                "profile": format!("Dedicated to Session {}", session.name_any()),
            },
        });
        self.create::<Agent>(&session.namespace().unwrap_or_default(), &agent).await?;
        Ok(())
    }
}

/// Takes these finalizers from an object, unless somebody has written it since.
pub async fn release<K>(client: &Client, meta: &ObjectMeta, finalizers: &[&str]) -> Result<()>
where
    K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + Debug,
{
    let present = meta.finalizers.clone().unwrap_or_default();
    let left: Vec<_> = present.iter().filter(|present| !finalizers.contains(&present.as_str())).collect();
    if left.len() == present.len() {
        return Ok(());
    }
    let (namespace, name) = (meta.namespace.as_deref().unwrap_or_default(), meta.name.as_deref().unwrap_or_default());
    let patch = json!({"metadata": {"resourceVersion": meta.resource_version, "finalizers": left}});
    let params = PatchParams { field_manager: Some(keys::CONTROLLER_MANAGER.to_owned()), ..PatchParams::default() };
    let objects: Api<PartialObjectMeta<K>> = Api::namespaced(client.clone(), namespace);
    objects
        .patch_metadata(name, &params, &Patch::Merge(patch))
        .await
        .map_err(|error| refused::<K>("patch", name, &error))?;
    Ok(())
}

/// Tells whether an object is still as we left it: the generation where there is one, as status changes do not count.
fn mark_of<K: Resource>(object: &K) -> String {
    let uid = object.uid().unwrap_or_default();
    match object.meta().generation {
        Some(generation) => format!("{uid}/g{generation}"),
        None => format!("{uid}/{}", object.resource_version().unwrap_or_default()),
    }
}

/// Whether the API server answered with this HTTP status.
pub fn is_status(error: &kube::Error, code: u16) -> bool {
    matches!(error, kube::Error::Api(status) if status.code == code)
}

/// What the API server refused, in our words.
pub fn refused<K: Resource<DynamicType = ()>>(verb: &str, name: &str, error: &kube::Error) -> Error {
    let code = match error {
        kube::Error::Api(status) => match status.code {
            401 => Code::Unauthenticated,
            403 => Code::Forbidden,
            404 => Code::NotFound,
            409 => Code::Conflict,
            400 | 422 => Code::InvalidConfiguration,
            _ => Code::ClusterUnreachable,
        },
        _ => Code::ClusterUnreachable,
    };
    Error::new(code, format!("cannot {verb} {} {name:?}", K::kind(&()))).because(said(error))
}

/// What the API server said, alone: the text of `error` repeats it with all its fields.
pub fn said(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) if !status.message.is_empty() => status.message.clone(),
        other => other.to_string(),
    }
}
