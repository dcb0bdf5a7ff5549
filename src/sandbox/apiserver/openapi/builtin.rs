//! The schemas of built-in kinds, from the types that the program is built with.

use std::sync::LazyLock;

use k8s_openapi::api::{
    apps::v1 as apps, authentication::v1 as authentication, authorization::v1 as authorization,
    coordination::v1 as coordination, core::v1 as core, discovery::v1 as discovery, events::v1 as events,
    rbac::v1 as rbac,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1 as apiextensions;
use k8s_openapi::apimachinery::pkg::apis::meta::v1 as meta;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

const PREFIX: &str = "#/components/schemas/";

static SCHEMAS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let mut generator = SchemaGenerator::new(SchemaSettings::openapi3());
    macro_rules! include {
        ($($kind:ty),* $(,)?) => { $( drop(generator.subschema_for::<$kind>()); )* };
    }
    include![
        core::ConfigMap,
        core::Endpoints,
        core::Event,
        core::Namespace,
        core::Node,
        core::PersistentVolumeClaim,
        core::PersistentVolume,
        core::Pod,
        core::Secret,
        core::ServiceAccount,
        core::Service,
        apps::Deployment,
        apps::ReplicaSet,
        apiextensions::CustomResourceDefinition,
        authentication::SelfSubjectReview,
        authentication::TokenReview,
        authentication::TokenRequest,
        authorization::LocalSubjectAccessReview,
        authorization::SelfSubjectAccessReview,
        authorization::SelfSubjectRulesReview,
        authorization::SubjectAccessReview,
        coordination::Lease,
        discovery::EndpointSlice,
        events::Event,
        rbac::ClusterRoleBinding,
        rbac::ClusterRole,
        rbac::RoleBinding,
        rbac::Role,
        meta::ObjectMeta,
        meta::ListMeta,
        meta::DeleteOptions,
        meta::Status,
        meta::Patch,
    ];
    let mut schemas = generator.take_definitions(true);
    for (name, schema) in &mut schemas {
        if name.ends_with(".IntOrString") {
            schema["oneOf"] = json!([{ "type": "integer" }, { "type": "string" }]);
            schema["format"] = "int-or-string".into();
        }
        settle(schema);
    }
    schemas
});

/// Puts a schema into the form that the API server publishes: references stand alone, and metadata need not be given.
fn settle(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(settle);
            if members.len() > 1
                && let Some(target @ Value::String(_)) = members.shift_remove("$ref")
            {
                members.insert("allOf".to_owned(), json!([{ "$ref": target }]));
            }
            if members.contains_key("properties")
                && let Some(Value::Array(required)) = members.get_mut("required")
            {
                required.retain(|name| name != "metadata");
                if required.is_empty() {
                    members.shift_remove("required");
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(settle),
        _ => {}
    }
}

/// The name of the schema of a built-in kind.
pub(super) fn name(group: &str, version: &str, kind: &str) -> String {
    let package = match group {
        "apiextensions.k8s.io" => {
            return format!("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.{version}.{kind}");
        }
        "" => "core",
        group => group.split('.').next().unwrap_or_default(),
    };
    format!("io.k8s.api.{package}.{version}.{kind}")
}

/// `apiVersion` and `kind` as every kind describes them.
pub(super) fn type_meta(field: &str) -> Value {
    SCHEMAS["io.k8s.api.core.v1.ConfigMap"]["properties"][field].clone()
}

/// A schema by its name.
pub(super) fn schema(name: &str) -> Option<&'static Value> {
    SCHEMAS.get(name)
}

/// Adds a schema and all that it refers to.
pub(super) fn add(name: &str, schemas: &mut Map<String, Value>) {
    if schemas.contains_key(name) {
        return;
    }
    if let Some(schema) = SCHEMAS.get(name) {
        schemas.insert(name.to_owned(), schema.clone());
        add_targets(schema, schemas);
    }
}

fn add_targets(schema: &Value, schemas: &mut Map<String, Value>) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str().filter(|_| name == "$ref").and_then(|target| target.strip_prefix(PREFIX)) {
                    Some(target) => add(target, schemas),
                    None => add_targets(member, schemas),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|schema| add_targets(schema, schemas)),
        _ => {}
    }
}
