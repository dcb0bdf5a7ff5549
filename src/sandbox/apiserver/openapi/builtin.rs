//! The schemas of built-in kinds: those of the types that the program is built with, in the form that the API server
//! publishes.
//!
//! They are embedded as one compressed JSON object by name. Documents, which are seldom asked for, are made from the whole
//! of it; decoding needs names and types alone, which are kept.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::sync::LazyLock;

use flate2::read::ZlibDecoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

const PREFIX: &str = "#/components/schemas/";

static EMBEDDED: &[u8] = include_bytes!("builtin.json.z");

/// A test reads what is embedded, so that there is nothing to fail here.
fn read<T: DeserializeOwned + Default>() -> T {
    let mut text = Vec::new();
    if let Err(error) = ZlibDecoder::new(EMBEDDED).read_to_end(&mut text) {
        tracing::error!(%error, "the embedded schemas are damaged");
    }
    serde_json::from_slice(&text).unwrap_or_default()
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

/// All schemas, whole.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Schemas(Map<String, Value>);

impl Schemas {
    /// Reads them.
    pub(super) fn read() -> Self {
        read()
    }

    /// `apiVersion` and `kind` as every kind describes them.
    pub(super) fn type_meta(&self, field: &str) -> Value {
        self.0["io.k8s.api.core.v1.ConfigMap"]["properties"][field].clone()
    }

    /// Adds a schema and all that it refers to.
    pub(super) fn add(&self, name: &str, schemas: &mut Map<String, Value>) {
        if schemas.contains_key(name) {
            return;
        }
        if let Some(schema) = self.0.get(name) {
            schemas.insert(name.to_owned(), schema.clone());
            self.add_targets(schema, schemas);
        }
    }

    fn add_targets(&self, schema: &Value, schemas: &mut Map<String, Value>) {
        match schema {
            Value::Object(members) => {
                for (name, member) in members {
                    match member.as_str().filter(|_| name == "$ref").and_then(|target| target.strip_prefix(PREFIX)) {
                        Some(target) => self.add(target, schemas),
                        None => self.add_targets(member, schemas),
                    }
                }
            }
            Value::Array(list) => list.iter().for_each(|schema| self.add_targets(schema, schemas)),
            _ => {}
        }
    }
}

/// What a schema says to a decoder.
#[derive(Debug, Deserialize)]
#[serde(from = "Schema")]
pub(super) enum Type {
    /// The type of this name.
    Named(Box<str>),
    /// Fields by name.
    Struct(BTreeMap<Box<str>, Type>),
    /// Keys that are user data.
    Map(Box<Type>),
    List(Box<Type>),
    /// An object with fields that nobody knows.
    Object,
    String,
    /// Text in base64.
    Bytes,
    Boolean,
    /// A whole number, with its Go type.
    Integer(Box<str>),
    /// Any number, with its Go type.
    Number(Box<str>),
    Any,
}

/// A schema as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    #[serde(rename = "$ref")]
    reference: Option<Box<str>>,
    #[serde(default)]
    all_of: Vec<Schema>,
    #[serde(default, rename = "type")]
    kind: Box<str>,
    #[serde(default)]
    format: Box<str>,
    #[serde(default)]
    properties: BTreeMap<Box<str>, Type>,
    items: Option<Box<Type>>,
    additional_properties: Option<Additional>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Additional {
    Schema(Box<Type>),
    #[expect(dead_code, reason = "there may be others, of any type")]
    Allowed(bool),
}

impl From<Schema> for Type {
    fn from(mut schema: Schema) -> Self {
        if let Some(target) = schema.reference {
            return Self::Named(target.strip_prefix(PREFIX).unwrap_or(&target).into());
        }
        if let Some(target) = schema.all_of.pop() {
            return target.into();
        }
        let format = |bare: &str| if schema.format.is_empty() { bare.into() } else { schema.format.clone() };
        match (&*schema.kind, schema.items, schema.additional_properties) {
            ("array", Some(items), _) => Self::List(items),
            ("object", _, Some(Additional::Schema(values))) => Self::Map(values),
            ("object", ..) if schema.properties.is_empty() => Self::Object,
            ("object", ..) => Self::Struct(schema.properties),
            ("string", ..) if *schema.format == *"byte" => Self::Bytes,
            ("string", ..) => Self::String,
            ("boolean", ..) => Self::Boolean,
            ("integer", ..) => Self::Integer(format("int64")),
            ("number", ..) => Self::Number(format("float64")),
            _ => Self::Any,
        }
    }
}

static TYPES: LazyLock<HashMap<Box<str>, Type>> = LazyLock::new(read);

/// A type by its name.
pub(super) fn named(name: &str) -> Option<&'static Type> {
    TYPES.get(name)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::Path;

    use k8s_openapi::api::{
        apps::v1 as apps, authentication::v1 as authentication, authorization::v1 as authorization,
        coordination::v1 as coordination, core::v1 as core, discovery::v1 as discovery, events::v1 as events,
        rbac::v1 as rbac,
    };
    use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1 as apiextensions;
    use k8s_openapi::apimachinery::pkg::apis::meta::v1 as meta;
    use schemars::SchemaGenerator;
    use schemars::generate::SchemaSettings;
    use serde_json::json;

    use super::*;

    fn generated() -> Map<String, Value> {
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
    }

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

    #[test]
    fn the_embedded_schemas_are_those_of_the_types() {
        let expected = generated();
        if std::env::var_os("BLESS").is_some() {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(&serde_json::to_vec(&expected).unwrap()).unwrap();
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/apiserver/openapi/builtin.json.z");
            std::fs::write(file, encoder.finish().unwrap()).unwrap();
        } else {
            let embedded = Schemas::read().0;
            assert!(embedded == expected, "run: BLESS=1 cargo test --lib embedded_schemas");
            assert_eq!(TYPES.len(), expected.len());
        }
    }
}
