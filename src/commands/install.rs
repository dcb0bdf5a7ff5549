//! `install`: Sessions in a cluster that does not have them, by server-side apply.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::Api;
use kube::api::{ApiResource, DynamicObject, GroupVersionKind, Patch, PatchParams};
use serde_json::Value;

use super::Context;
use crate::api::keys;
use crate::cli::install::InstallArgs;
use crate::cluster::{self, Cluster};
use crate::error::{Code, Result};
use crate::output;

const SESSIONS: &str = include_str!("../../deploy/crds/session.kubeopencode.io_sessions.yaml");
const USERS: &str = include_str!("../../deploy/rbac/user.yaml");
const CONTROLLER_RIGHTS: &str = include_str!("../../deploy/rbac/controller.yaml");
const CONTROLLER: &str = include_str!("../../deploy/controller.yaml");

/// Definition of the platform's agents, without which Sessions have nowhere to run.
const AGENTS: &str = "agents.kubeopencode.io";

/// Applies the manifests in order, or prints them.
pub async fn run(context: &Context, args: &InstallArgs) -> Result<()> {
    let manifests = manifests(args.image.as_deref())?;
    if args.print {
        for manifest in manifests {
            context.printer.print(&format!("---\n{}", output::to_yaml(&manifest)?))?;
        }
        return Ok(());
    }
    let cluster = context.cluster().await?;
    let suffix = if args.dry_run { " (server dry run)" } else { "" };
    let mut parameters = PatchParams::apply(keys::FIELD_MANAGER);
    parameters.force = args.force_conflicts;
    parameters.dry_run = args.dry_run;
    for manifest in manifests {
        let (shown, namespace) = (shown(&manifest), text(&manifest, "/metadata/namespace"));
        match apply(cluster, &parameters, &manifest).await {
            Ok(()) => context.printer.line(&format!("{shown} serverside-applied{suffix}"))?,
            // What a dry run makes is not there for what comes after it.
            Err(error) if args.dry_run && error.code == Code::NotFound && !namespace.is_empty() => {
                context.printer.line(&format!("{shown} not checked: namespace \"{namespace}\" is yet to be made"))?;
            }
            Err(error) => return Err(error),
        }
    }
    if args.image.is_none() {
        context.printer.note(
            "Sessions wait for a controller: install one with --image, or run `kubectl opencode controller` where it can stay",
        );
    }
    let definitions = Api::<CustomResourceDefinition>::all(cluster.client.clone());
    if definitions.get_opt(AGENTS).await.is_ok_and(|found| found.is_none()) {
        context.printer.warn("this cluster has no KubeOpenCode yet, whose agents run the Sessions");
    }
    Ok(())
}

/// Everything to apply, dependencies first.
fn manifests(image: Option<&str>) -> Result<Vec<Value>> {
    let mut manifests = Vec::new();
    for text in [SESSIONS, USERS, CONTROLLER_RIGHTS] {
        manifests.extend(output::from_yaml(text)?);
    }
    if let Some(image) = image {
        let mut controller = output::from_yaml(CONTROLLER)?;
        for container in
            controller.iter_mut().filter_map(|object| object.pointer_mut("/spec/template/spec/containers/0"))
        {
            container["image"] = image.into();
        }
        manifests.extend(controller);
    }
    Ok(manifests)
}

fn text(manifest: &Value, pointer: &str) -> String {
    manifest.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Group and version of an object.
fn group_and_version(manifest: &Value) -> (String, String) {
    let api_version = text(manifest, "/apiVersion");
    let (group, version) = api_version.split_once('/').unwrap_or(("", &api_version));
    (group.to_owned(), version.to_owned())
}

/// `KIND.GROUP/NAME`, as kubectl prints it.
fn shown(manifest: &Value) -> String {
    let (group, _) = group_and_version(manifest);
    let point = if group.is_empty() { String::new() } else { format!(".{group}") };
    format!("{}{point}/{}", text(manifest, "/kind").to_lowercase(), text(manifest, "/metadata/name"))
}

async fn apply(cluster: &Cluster, parameters: &PatchParams, manifest: &Value) -> Result<()> {
    let ((group, version), kind) = (group_and_version(manifest), text(manifest, "/kind"));
    let name = text(manifest, "/metadata/name");
    // Every kind that is installed forms its plural by an s.
    let plural = format!("{}s", kind.to_lowercase());
    let resource = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(&group, &version, &kind), &plural);
    let namespace = Some(text(manifest, "/metadata/namespace")).filter(|namespace| !namespace.is_empty());
    let objects: Api<DynamicObject> = match &namespace {
        Some(namespace) => Api::namespaced_with(cluster.client.clone(), namespace, &resource),
        None => Api::all_with(cluster.client.clone(), &resource),
    };
    let asked = if group.is_empty() { plural } else { format!("{plural}.{group}") };
    objects.patch(&name, parameters, &Patch::Apply(manifest)).await.map_err(|error| {
        let request =
            cluster::Request { verb: "patch", resource: &asked, namespace: namespace.as_deref(), name: Some(&name) };
        let error = cluster::api_error(error, &request);
        if error.code == Code::Conflict {
            return error.hint("kubectl opencode install --force-conflicts");
        }
        error
    })?;
    Ok(())
}
