//! Create, update and delete (`k8s.io/apiserver/pkg/registry/generic/registry/store.go`).
//!
//! An update is a function from the stored object to the new one, tried again when another writer was faster, unless
//! the client named the revision that it means.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::decoding::Way;
use super::duplicates::Duplicate;
use super::metadata::{
    check_finalizers, check_identity, check_metadata, check_namespace, check_preconditions, check_type, finalizers,
    keep_system_metadata,
};
use super::request::DeleteOptions;
use super::resources::Resource;
use super::status::{ApiError, ApiResult, FieldError};
use super::strategy::{self, Part};
use super::{State, crd, lifecycle, managed, validation};
use crate::sandbox::store::{Key, Object, WriteError};

/// etcd's `--max-request-bytes`.
const MAX_OBJECT: usize = 3 << 19;
const MAX_TRIES: usize = 32;
/// Characters of generated names: no vowels, nothing that is easily mistaken (`apimachinery/pkg/util/rand`).
const NAME_CHARACTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// What all writes of one request have in common.
#[derive(Debug, Clone, Copy)]
pub struct Write<'a> {
    /// The resource.
    pub resource: &'a Resource,
    /// Namespace from the path, empty at cluster scope.
    pub namespace: &'a str,
    /// Who writes (`fieldManager`, or the first word of the user agent).
    pub manager: &'a str,
    /// Answer without doing.
    pub dry_run: bool,
    /// How unknown and duplicate fields are treated: `Strict`, `Warn` or `Ignore`.
    pub field_validation: &'a str,
    /// Fields that stand twice in the body.
    pub duplicates: &'a [Duplicate],
    /// How the object came to be.
    pub way: Way<'a>,
}

/// What a write left behind.
#[derive(Debug, Clone)]
pub struct Written {
    /// The object after the write.
    pub object: Object,
    /// The object was created.
    pub created: bool,
    /// Warnings for the client.
    pub warnings: Vec<String>,
}

/// What a deletion left behind.
#[derive(Debug, Clone)]
pub enum Deleted {
    /// The object is gone; its last state.
    Gone(Object),
    /// The object goes on existing until it is finished.
    Pending(Object),
}

/// Now, as object metadata writes it.
pub fn now() -> String {
    time(Timestamp::now())
}

/// A time, as object metadata writes it.
pub fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn object_of(value: &Value) -> ApiResult<Object> {
    let json = serde_json::to_vec(value).map_err(ApiError::internal)?;
    Ok(Object { revision: 0, json: json.into() })
}

impl State {
    pub(super) fn key(resource: &Resource, namespace: &str, name: &str) -> Key {
        Key::new(&resource.collection, if resource.namespaced { namespace } else { "" }, name)
    }

    pub(super) fn get(&self, resource: &Resource, namespace: &str, name: &str) -> ApiResult<Object> {
        let found = self.store.get(&Self::key(resource, namespace, name));
        found.ok_or_else(|| ApiError::not_found(resource, name))
    }

    /// Creates an object.
    pub(super) fn create(&self, write: &Write<'_>, mut object: Value) -> ApiResult<Written> {
        let resource = write.resource;
        check_type(resource, &object)?;
        check_namespace(write, &mut object)?;
        let warnings = Self::decode(write, &mut object)?;
        let metadata = strategy::members(&mut object, "metadata")
            .ok_or_else(|| ApiError::bad_request("metadata is not an object"))?;
        let generate = text(metadata, "generateName");
        let given = text(metadata, "name");
        if let Some(version) =
            metadata.get("resourceVersion").and_then(Value::as_str).filter(|v| !v.is_empty() && *v != "0")
        {
            tracing::debug!(version, "create names a resourceVersion");
            return Err(ApiError::bad_request("resourceVersion should not be set on objects to be created"));
        }
        if given.is_empty() && generate.is_empty() {
            let error = FieldError::required("metadata.name", "name or generateName is required");
            return Err(resource.invalid("", &[error]));
        }
        for _ in 0..MAX_TRIES {
            let name = if given.is_empty() { generated_name(&generate) } else { given.clone() };
            match self.create_named(write, object.clone(), &name) {
                Err(error) if given.is_empty() && error.reason == "AlreadyExists" => {}
                Err(error) => return Err(error),
                Ok(mut written) => {
                    written.warnings = warnings;
                    return Ok(written);
                }
            }
        }
        Err(ApiError::already_exists(resource, &generate))
    }

    fn create_named(&self, write: &Write<'_>, mut object: Value, name: &str) -> ApiResult<Written> {
        let resource = write.resource;
        self.check_namespace_open(write, name)?;
        lifecycle::check_definition_open(self, resource)?;
        if let Some(error) = validation::check_name(resource, "metadata.name", name) {
            return Err(resource.invalid(name, &[error]));
        }
        let metadata = &mut object["metadata"];
        metadata["name"] = name.into();
        if resource.namespaced {
            metadata["namespace"] = write.namespace.into();
        }
        metadata["uid"] = uuid::Uuid::new_v4().to_string().into();
        metadata["creationTimestamp"] = now().into();
        if let Some(metadata) = metadata.as_object_mut() {
            for name in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion", "generation"]
            {
                metadata.shift_remove(name);
            }
            metadata.retain(|_, value| !value.is_null());
        }
        if strategy::has_generation(resource) {
            metadata["generation"] = 1.into();
        }
        check_metadata(resource, name, &object["metadata"])?;
        strategy::prepare_create(resource, &mut object);
        if resource.collection.as_ref() == "services" {
            self.allocate_cluster_ip(write, &mut object)?;
        }
        if resource.collection.as_ref() == crd::COLLECTION {
            crd::prepare(&mut object, self)?;
            crd::hold(&mut object);
        }
        Self::check_schema(resource, &object, None)?;
        validation::validate(resource, None, &object)?;
        if write.way != Way::Apply {
            managed::record_update(resource, None, &mut object, write.manager, Part::Main);
        }
        canonical(resource, &mut object);
        let key = Self::key(resource, write.namespace, name);
        if write.dry_run {
            if self.store.get(&key).is_some() {
                return Err(ApiError::already_exists(resource, name));
            }
            return Ok(Written { object: object_of(&object)?, created: true, warnings: Vec::new() });
        }
        check_size(&object)?;
        let object = self.store.create(&key, object).map_err(|error| match error {
            WriteError::Changed => ApiError::already_exists(resource, name),
            error @ WriteError::Journal(_) => ApiError::internal(error),
        })?;
        self.after_write(resource);
        Ok(Written { object, created: true, warnings: Vec::new() })
    }

    fn check_namespace_open(&self, write: &Write<'_>, name: &str) -> ApiResult<()> {
        if !write.resource.namespaced {
            return Ok(());
        }
        let Some(namespace) = self.store.get(&Key::new("namespaces", "", write.namespace)) else {
            return Err(ApiError::namespace_not_found(write.namespace));
        };
        if namespace.value().pointer("/metadata/deletionTimestamp").is_some() {
            return Err(strategy::namespace_terminating(write.resource, name, write.namespace));
        }
        Ok(())
    }

    fn allocate_cluster_ip(&self, write: &Write<'_>, service: &mut Value) -> ApiResult<()> {
        let wants = strategy::wants_cluster_ip(service);
        let services: Vec<Value> =
            self.store.list("services", None).objects.iter().map(|(_, object)| object.value()).collect();
        if wants {
            let address = strategy::free_address(&self.options.service_range, &services)
                .ok_or_else(|| ApiError::internal("failed to allocate a serviceIP: range is full"))?;
            service["spec"]["clusterIP"] = address.to_string().into();
        }
        let address = service["spec"]["clusterIP"].clone();
        if address.is_string() && address != "None" && !wants {
            let taken = services.iter().any(|other| other["spec"]["clusterIP"] == address);
            if taken {
                let detail = format!(
                    "failed to allocate IP {}: provided IP is already allocated",
                    address.as_str().unwrap_or_default()
                );
                let error = FieldError::invalid("spec.clusterIPs", &json!([address]), &detail);
                return Err(write.resource.invalid(service["metadata"]["name"].as_str().unwrap_or_default(), &[error]));
            }
        }
        if !address.is_null() && service["spec"]["clusterIPs"].is_null() {
            service["spec"]["clusterIPs"] = json!([address]);
        }
        Ok(())
    }

    /// Changes an object by `change`, which gets the stored object and answers the wanted one, in the version of
    /// `write.resource`.
    pub(super) fn update(
        &self,
        write: &Write<'_>,
        name: &str,
        part: Part,
        mut change: impl FnMut(&Value) -> ApiResult<Value>,
    ) -> ApiResult<Written> {
        let resource = write.resource;
        let key = Self::key(resource, write.namespace, name);
        for _ in 0..MAX_TRIES {
            let stored = self.store.get(&key).ok_or_else(|| ApiError::not_found(resource, name))?;
            let mut old = stored.value();
            old["apiVersion"] = resource.api_version_as_stored().into();
            let mut new = change(&old)?;
            check_type(resource, &new)?;
            check_namespace(write, &mut new)?;
            check_identity(resource, name, &old, &new)?;
            let warnings = match part {
                Part::Whole => Vec::new(),
                Part::Main | Part::Status => Self::decode(write, &mut new)?,
            };
            let named = new.pointer("/metadata/resourceVersion").and_then(Value::as_str).unwrap_or_default();
            if named.is_empty() || named == "0" {
                if !resource.updates_unconditionally {
                    let error = FieldError {
                        reason: "FieldValueInvalid",
                        field: "metadata.resourceVersion".to_owned(),
                        message: "Invalid value: 0: must be specified for an update".to_owned(),
                    };
                    return Err(resource.invalid(name, &[error]));
                }
            } else if named != stored.revision.to_string() {
                return Err(ApiError::stale(resource, name));
            }
            match self.finish_update(write, &key, &stored, &old, new, part) {
                // The revision that the change carries is the one it was computed from, so trying again is safe.
                Err(Retry::Again) => {}
                Err(Retry::Fail(error)) => return Err(error),
                Ok(mut written) => {
                    written.warnings = warnings;
                    return Ok(written);
                }
            }
        }
        Err(ApiError::stale(resource, name))
    }

    fn finish_update(
        &self,
        write: &Write<'_>,
        key: &Key,
        stored: &Object,
        old: &Value,
        mut new: Value,
        part: Part,
    ) -> Result<Written, Retry> {
        let resource = write.resource;
        keep_system_metadata(old, &mut new);
        strategy::prepare_update(resource, part, old, &mut new);
        check_metadata(resource, &key.name, &new["metadata"])?;
        check_finalizers(resource, &key.name, old, &new)?;
        if resource.collection.as_ref() == crd::COLLECTION && part == Part::Main {
            crd::prepare(&mut new, self)?;
        }
        // Controllers of the server only take things away; what was admitted once does not stop them.
        if part != Part::Whole {
            Self::check_schema(resource, &new, Some(old))?;
        }
        if part == Part::Main {
            validation::validate(resource, Some(old), &new)?;
        }
        if write.way != Way::Apply {
            managed::record_update(resource, Some(old), &mut new, write.manager, part);
        }
        canonical(resource, &mut new);
        if unchanged(old, &new) {
            return Ok(Written { object: stored.clone(), created: false, warnings: Vec::new() });
        }
        if write.dry_run {
            return Ok(Written { object: object_of(&new)?, created: false, warnings: Vec::new() });
        }
        check_size(&new)?;
        let removed = is_finished(&new);
        let result = if removed {
            self.store.remove(key, stored.revision)
        } else {
            self.store.replace(key, stored.revision, new)
        };
        match result {
            Ok(object) => {
                self.after_write(resource);
                Ok(Written { object, created: false, warnings: Vec::new() })
            }
            Err(WriteError::Changed) => Err(Retry::Again),
            Err(error) => Err(Retry::Fail(ApiError::internal(error))),
        }
    }

    /// Deletes an object, or begins to.
    pub(super) fn delete(
        &self,
        resource: &Resource,
        namespace: &str,
        name: &str,
        options: &DeleteOptions,
    ) -> ApiResult<Deleted> {
        let key = Self::key(resource, namespace, name);
        for _ in 0..MAX_TRIES {
            let stored = self.store.get(&key).ok_or_else(|| ApiError::not_found(resource, name))?;
            let old = stored.value();
            check_preconditions(resource, name, &old, options)?;
            let mut new = old.clone();
            begin_deletion(resource, &mut new, options);
            let finished = is_finished(&new);
            if options.dry_run {
                return Ok(if finished { Deleted::Gone(stored) } else { Deleted::Pending(object_of(&new)?) });
            }
            let result = if finished {
                self.store.remove(&key, stored.revision).map(Deleted::Gone)
            } else if new == old {
                return Ok(Deleted::Pending(stored));
            } else {
                self.store.replace(&key, stored.revision, new).map(Deleted::Pending)
            };
            match result {
                Ok(deleted) => {
                    self.after_write(resource);
                    return Ok(deleted);
                }
                Err(WriteError::Changed) => {}
                Err(error) => return Err(ApiError::internal(error)),
            }
        }
        Err(ApiError::stale(resource, name))
    }

    fn after_write(&self, resource: &Resource) {
        if resource.collection.as_ref() == crd::COLLECTION {
            self.serve_definitions();
        }
    }
}

enum Retry {
    Again,
    Fail(ApiError),
}

impl From<ApiError> for Retry {
    fn from(error: ApiError) -> Self {
        Self::Fail(error)
    }
}

impl Resource {
    /// The version that stored text carries while it is worked on: events keep their core form.
    pub(super) fn api_version_as_stored(&self) -> String {
        if self.group == "events.k8s.io" { "v1".to_owned() } else { self.api_version() }
    }
}

fn text(members: &Map<String, Value>, name: &str) -> String {
    members.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn generated_name(base: &str) -> String {
    let base: String = base.chars().take(58).collect();
    let random = uuid::Uuid::new_v4();
    let suffix = random
        .as_bytes()
        .iter()
        .rev()
        .take(5)
        .map(|byte| char::from(NAME_CHARACTERS[usize::from(*byte) % NAME_CHARACTERS.len()]));
    base.chars().chain(suffix).collect()
}

/// Marks an object as being deleted, as its kind and the options want it.
fn begin_deletion(resource: &Resource, object: &mut Value, options: &DeleteOptions) {
    let grace = grace_period(resource, object, options);
    let mut held: Vec<Value> =
        object.pointer("/metadata/finalizers").and_then(Value::as_array).cloned().unwrap_or_default();
    let wanted = match options.propagation.as_str() {
        "Foreground" => Some("foregroundDeletion"),
        "Orphan" => Some("orphan"),
        "Background" => Some(""),
        _ => None,
    };
    if let Some(wanted) = wanted {
        held.retain(|finalizer| *finalizer != "foregroundDeletion" && *finalizer != "orphan");
        if !wanted.is_empty() {
            held.push(wanted.into());
        }
    }
    let Some(metadata) = strategy::members(object, "metadata") else { return };
    if held.is_empty() {
        metadata.shift_remove("finalizers");
    } else {
        metadata.insert("finalizers".to_owned(), held.into());
    }
    let pending = metadata.get("deletionGracePeriodSeconds").and_then(Value::as_u64);
    let begun = metadata.contains_key("deletionTimestamp");
    if !begun || pending.is_some_and(|pending| grace < pending) {
        let seconds = i64::try_from(grace).unwrap_or(i64::MAX);
        let end = Timestamp::now().checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
        metadata.insert("deletionTimestamp".to_owned(), time(end).into());
        metadata.insert("deletionGracePeriodSeconds".to_owned(), grace.into());
        if let Some(generation) = metadata.get("generation").and_then(Value::as_i64) {
            metadata.insert("generation".to_owned(), (generation + 1).into());
        }
    }
    if resource.collection.as_ref() == "namespaces" {
        object["status"]["phase"] = "Terminating".into();
    }
}

/// Seconds that the deletion waits for the node: Pods alone are deleted gracefully, and only while they may run.
fn grace_period(resource: &Resource, object: &Value, options: &DeleteOptions) -> u64 {
    if resource.collection.as_ref() != "pods" {
        return 0;
    }
    let finished = matches!(object["status"]["phase"].as_str(), Some("Succeeded" | "Failed"));
    let scheduled = object["spec"]["nodeName"].as_str().is_some_and(|node| !node.is_empty());
    if finished || !scheduled {
        return 0;
    }
    options.grace_period_seconds.or_else(|| object["spec"]["terminationGracePeriodSeconds"].as_u64()).unwrap_or(30)
}

/// Whether nothing holds a deleted object any more.
fn is_finished(object: &Value) -> bool {
    let metadata = &object["metadata"];
    let spec_finalizers = object.pointer("/spec/finalizers").and_then(Value::as_array);
    let namespace_held = object["kind"] == "Namespace" && spec_finalizers.is_some_and(|list| !list.is_empty());
    !metadata["deletionTimestamp"].is_null()
        && metadata["deletionGracePeriodSeconds"].as_u64().unwrap_or(0) == 0
        && finalizers(object).is_empty()
        && !namespace_held
}

/// Puts `apiVersion`, `kind` and `metadata` first: stored text is cut by that order.
pub(super) fn canonical(resource: &Resource, object: &mut Value) {
    let Value::Object(members) = std::mem::take(object) else { return };
    let mut ordered = Map::new();
    ordered.insert("apiVersion".to_owned(), resource.api_version_as_stored().into());
    ordered.insert("kind".to_owned(), resource.kind.as_str().into());
    ordered.insert("metadata".to_owned(), Value::Null);
    for (name, value) in members {
        if !matches!(name.as_str(), "apiVersion" | "kind") {
            ordered.insert(name, value);
        }
    }
    *object = Value::Object(ordered);
}

/// Whether a write would change nothing but the times at which fields were managed.
fn unchanged(old: &Value, new: &Value) -> bool {
    let without_times = |object: &Value| {
        let mut object = object.clone();
        let managed = object.pointer_mut("/metadata/managedFields").and_then(Value::as_array_mut);
        for entry in managed.into_iter().flatten().filter_map(Value::as_object_mut) {
            entry.shift_remove("time");
        }
        object
    };
    without_times(old) == without_times(new)
}

fn check_size(object: &Value) -> ApiResult<()> {
    if object_of(object)?.json.len() > MAX_OBJECT { Err(ApiError::object_too_large()) } else { Ok(()) }
}
