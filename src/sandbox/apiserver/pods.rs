//! The subresources of a Pod that change it: `binding`, by which a scheduler gives it a node, and `eviction`, by which it is
//! asked to go (`k8s.io/kubernetes/pkg/registry/core/pod/{storage,rest}`).

use http::StatusCode;
use serde_json::{Value, json};

use super::State;
use super::request::{DeleteOptions, Query, Target};
use super::resources::Resource;
use super::status::{ApiError, ApiResult, FieldError};
use super::strategy::{self, Part};
use super::write::{Write, now};

/// What both answer.
pub fn success() -> Value {
    json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
        "code": StatusCode::CREATED.as_u16(),
    })
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn is(given: &Value, api_version: &str, kind: &str) -> ApiResult<()> {
    if given["kind"] == kind && given["apiVersion"] == api_version {
        return Ok(());
    }
    let (found, version) = (text(given, "/kind"), text(given, "/apiVersion"));
    Err(ApiError::bad_request(format!(
        "no kind \"{found}\" is registered for version \"{version}\" here, expected {kind}"
    )))
}

impl State {
    /// Assigns a Pod to the node that a `Binding` names.
    pub(super) fn bind(&self, write: &Write<'_>, name: &str, binding: &Value) -> ApiResult<()> {
        is(binding, "v1", "Binding")?;
        let node = text(binding, "/target/name");
        let kind = text(binding, "/target/kind");
        let mut errors = Vec::new();
        if !matches!(kind, "" | "Node") {
            errors.push(FieldError::not_supported("target.kind", &kind.into(), &["Node", "<empty>"]));
        }
        if node.is_empty() {
            errors.push(FieldError::required("target.name", ""));
        }
        if !errors.is_empty() {
            return Err(ApiError::invalid("", "Binding", name, &errors));
        }
        let uid = text(binding, "/metadata/uid");
        let refuse = |why: &str| {
            let mut error = ApiError::conflict(write.resource, name, why);
            error.message = format!("Operation cannot be fulfilled on pods/binding \"{name}\": {why}");
            error.details.insert("kind".to_owned(), "pods/binding".into());
            error
        };
        // Assigned by nobody else: the node is no field that an update may change.
        self.update(write, name, Part::Whole, |pod| {
            let held = text(pod, "/metadata/uid");
            if !uid.is_empty() && uid != held {
                let why = format!("Precondition failed: UID in precondition: {uid}, UID in object meta: {held}");
                return Err(refuse(&why));
            }
            if pod.pointer("/metadata/deletionTimestamp").is_some() {
                return Err(refuse(&format!("pod {name} is being deleted, cannot be assigned to a host")));
            }
            let assigned = text(pod, "/spec/nodeName");
            if !assigned.is_empty() {
                return Err(refuse(&format!("pod {name} is already assigned to node \"{assigned}\"")));
            }
            let mut pod = pod.clone();
            pod["spec"]["nodeName"] = node.into();
            for field in ["labels", "annotations"] {
                let given = binding["metadata"][field].as_object().cloned().unwrap_or_default();
                if !given.is_empty()
                    && let Some(held) = pod.get_mut("metadata").and_then(|metadata| strategy::members(metadata, field))
                {
                    held.extend(given);
                }
            }
            scheduled(&mut pod);
            Ok(pod)
        })?;
        Ok(())
    }

    /// Deletes a Pod as an `Eviction` asks for; nothing here guards how many may go.
    pub(super) fn evict(&self, resource: &Resource, target: &Target, eviction: &Value, dry_run: bool) -> ApiResult<()> {
        is(eviction, "policy/v1", "Eviction")?;
        let named = text(eviction, "/metadata/name");
        if !named.is_empty() && named != target.name {
            return Err(ApiError::bad_request("name in URL does not match name in Eviction object"));
        }
        let mut options = DeleteOptions::of(&Query::default(), eviction.get("deleteOptions"))?;
        options.dry_run |= dry_run;
        self.delete(resource, &target.namespace, &target.name, &options).map(drop)
    }
}

/// Notes in the Pod's status that it has a node.
fn scheduled(pod: &mut Value) {
    let Some(status) = strategy::members(pod, "status") else { return };
    let conditions = status.entry("conditions").or_insert_with(|| json!([]));
    let Some(conditions) = conditions.as_array_mut() else { return };
    conditions.retain(|condition| condition["type"] != "PodScheduled");
    conditions.push(json!({
        "type": "PodScheduled", "status": "True", "lastProbeTime": null, "lastTransitionTime": now(),
    }));
}
