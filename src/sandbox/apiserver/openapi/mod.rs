//! `/openapi/v3`: which documents there are, and the document of one group version (KEP-2896).
//!
//! kubectl reads them to explain fields, and to learn whether the server checks fields itself: `create` and `apply` stop
//! when the PATCH of a kind does not list the query parameter `fieldValidation`. A document is named by a hash of what
//! it is made from, so that clients may keep it.

mod builtin;
mod decode;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::resources::{Registry, Resource};
use builtin::Schemas;

pub use decode::{Mismatch, decode};

const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const LIST_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";
const DELETE_OPTIONS: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";
const STATUS: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.Status";
const PATCH: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch";

/// `/openapi/v3`.
pub fn index(registry: &Registry) -> Value {
    let mut paths = Map::new();
    for resource in registry.all() {
        let (group, version) = (&resource.group, &resource.version);
        let entry = paths.entry(path(group, version));
        entry.or_insert_with(|| json!({ "serverRelativeURL": url(registry, group, version) }));
    }
    json!({ "paths": paths })
}

/// Where the document of a group version is, as it is now.
pub fn url(registry: &Registry, group: &str, version: &str) -> String {
    format!("/openapi/v3/{}?hash={}", path(group, version), hash(registry, group, version))
}

/// What changes with the document of a group version.
pub fn hash(registry: &Registry, group: &str, version: &str) -> String {
    let mut hash = Sha256::new();
    for resource in registry.all().iter().filter(|one| one.group == group && one.version == version) {
        hash.update(fingerprint(resource));
    }
    let digest: [u8; 32] = hash.finalize().into();
    format!("{:032X}", digest.first_chunk().map_or(0, |half| u128::from_be_bytes(*half)))
}

/// What the part of a document that a resource makes depends on.
fn fingerprint(resource: &Resource) -> String {
    let custom = resource.custom.as_ref().map(|custom| custom.digest);
    format!("{} {} {} {custom:?}\n", env!("CARGO_PKG_VERSION"), resource.kind, resource.has_status)
}

/// `api/v1` or `apis/group/version`.
fn path(group: &str, version: &str) -> String {
    if group.is_empty() { format!("api/{version}") } else { format!("apis/{group}/{version}") }
}

/// The document of a group version; `None` when nothing of it is served.
pub fn document(registry: &Registry, group: &str, version: &str) -> Option<Value> {
    let mut resources: Vec<_> =
        registry.all().into_iter().filter(|resource| resource.group == group && resource.version == version).collect();
    resources.sort_by(|left, right| left.plural.cmp(&right.plural));
    if resources.is_empty() {
        return None;
    }
    let built_in = Schemas::read();
    let mut schemas = Map::new();
    let mut paths = Map::new();
    for resource in &resources {
        let name = add_schemas(resource, &built_in, &mut schemas);
        add_paths(resource, &name, &mut paths);
    }
    for name in [DELETE_OPTIONS, STATUS, PATCH] {
        built_in.add(name, &mut schemas);
    }
    Some(json!({
        "openapi": "3.0.0",
        "info": { "title": "Kubernetes", "version": "unversioned" },
        "paths": paths,
        "components": { "schemas": schemas },
    }))
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn gvk(resource: &Resource, kind: &str) -> Value {
    json!({ "group": resource.group, "version": resource.version, "kind": kind })
}

/// Adds the schemas of a kind and of its list with all that they refer to; the name of the kind's.
fn add_schemas(resource: &Resource, built_in: &Schemas, schemas: &mut Map<String, Value>) -> String {
    let name = if let Some(custom) = &resource.custom {
        let name = definition_name(&resource.group, &resource.version, &resource.kind);
        let mut schema = custom.version()["schema"]["openAPIV3Schema"].take();
        let properties = &mut schema["properties"];
        properties["apiVersion"] = built_in.type_meta("apiVersion");
        properties["kind"] = built_in.type_meta("kind");
        properties["metadata"] = json!({
            "description": "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
            "allOf": [reference(OBJECT_META)],
        });
        schemas.insert(name.clone(), schema);
        built_in.add(OBJECT_META, schemas);
        name
    } else {
        let name = builtin::name(&resource.group, &resource.version, &resource.kind);
        built_in.add(&name, schemas);
        name
    };
    if let Some(schema) = schemas.get_mut(&name) {
        schema["x-kubernetes-group-version-kind"] = json!([gvk(resource, &resource.kind)]);
    }
    if resource.allows("list") {
        let list = format!("{name}List");
        built_in.add(LIST_META, schemas);
        schemas.insert(list, json!({
            "description": format!("{} is a list of {}", resource.list_kind, resource.kind),
            "type": "object",
            "required": ["items"],
            "properties": {
                "apiVersion": built_in.type_meta("apiVersion"),
                "kind": built_in.type_meta("kind"),
                "items": {
                    "description": format!("List of {}.", resource.plural),
                    "type": "array",
                    "items": reference(&name),
                },
                "metadata": {
                    "description": "Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
                    "allOf": [reference(LIST_META)],
                },
            },
            "x-kubernetes-group-version-kind": [gvk(resource, &resource.list_kind)],
        }));
    }
    name
}

/// `io.kubeopencode.v1alpha1.Task`.
fn definition_name(group: &str, version: &str, kind: &str) -> String {
    let reversed: Vec<&str> = group.split('.').rev().collect();
    format!("{}.{version}.{kind}", reversed.join("."))
}

fn parameter(name: &str, place: &str, kind: &str, description: &str) -> Value {
    let mut parameter = json!({
        "name": name, "in": place, "description": description, "schema": { "type": kind, "uniqueItems": true },
    });
    if place == "path" {
        parameter["required"] = true.into();
    }
    parameter
}

/// Parameters of every write.
fn write_parameters() -> Vec<Value> {
    vec![
        parameter(
            "dryRun",
            "query",
            "string",
            "When present, indicates that modifications should not be persisted. An invalid or unrecognized dryRun directive will result in an error response and no further processing of the request. Valid values are: - All: all dry run stages will be processed",
        ),
        parameter(
            "fieldManager",
            "query",
            "string",
            "fieldManager is a name associated with the actor or entity that is making these changes. The value must be less than or 128 characters long, and only contain printable characters, as defined by https://golang.org/pkg/unicode/#IsPrint.",
        ),
        parameter(
            "fieldValidation",
            "query",
            "string",
            "fieldValidation instructs the server on how to handle objects in the request (POST/PUT/PATCH) containing unknown or duplicate fields. Valid values are: - Ignore: This will ignore any unknown fields that are silently dropped from the object, and will ignore all but the last duplicate field that the decoder encounters. - Warn: This will send a warning via the standard warning response header for each unknown field that is dropped from the object, and for each duplicate field that is encountered. - Strict: This will fail the request with a BadRequest error if any unknown fields would be dropped from the object, or if any duplicate fields are present.",
        ),
    ]
}

fn list_parameters() -> Vec<Value> {
    [
        ("allowWatchBookmarks", "boolean", "allowWatchBookmarks requests watch events with type \"BOOKMARK\"."),
        ("continue", "string", "The continue option should be set when retrieving more results from the server."),
        ("fieldSelector", "string", "A selector to restrict the list of returned objects by their fields."),
        ("labelSelector", "string", "A selector to restrict the list of returned objects by their labels."),
        ("limit", "integer", "limit is a maximum number of responses to return for a list call."),
        ("resourceVersion", "string", "resourceVersion sets a constraint on what resource versions a request may be served from."),
        ("resourceVersionMatch", "string", "resourceVersionMatch determines how resourceVersion is applied to list calls."),
        ("sendInitialEvents", "boolean", "`sendInitialEvents=true` may be set together with `watch=true`."),
        ("timeoutSeconds", "integer", "Timeout for the list/watch call."),
        ("watch", "boolean", "Watch for changes to the described resources and return them as a stream of add, update, and remove notifications."),
    ]
    .into_iter()
    .map(|(name, kind, description)| parameter(name, "query", kind, description))
    .collect()
}

/// One way to use a path.
struct Operation<'r> {
    resource: &'r Resource,
    /// `list`, `post`, … as `x-kubernetes-action` names it.
    action: &'static str,
    id: String,
    parameters: Vec<Value>,
    /// Media types and schema of the body.
    body: Option<(&'static [&'static str], &'r str)>,
    answer: &'r str,
}

impl Operation<'_> {
    fn document(self) -> Value {
        let content = |types: &[&str], schema: &str| {
            let content = types.iter().map(|kind| ((*kind).to_owned(), json!({ "schema": reference(schema) })));
            Value::Object(content.collect())
        };
        let tag = if self.resource.group.is_empty() {
            format!("core_{}", self.resource.version)
        } else {
            format!(
                "{}_{}",
                camel(self.resource.group.split('.').next().unwrap_or_default()).to_lowercase(),
                self.resource.version
            )
        };
        let mut operation = json!({
            "tags": [tag],
            "description": format!("{} {}", self.action, self.resource.kind),
            "operationId": self.id,
            "parameters": self.parameters,
            "responses": {
                "200": { "description": "OK", "content": content(&["application/json", "application/yaml"], self.answer) },
                "401": { "description": "Unauthorized" },
            },
            "x-kubernetes-action": self.action,
            "x-kubernetes-group-version-kind": gvk(self.resource, &self.resource.kind),
        });
        if let Some((types, schema)) = self.body {
            operation["requestBody"] = json!({ "content": content(types, schema), "required": true });
        }
        operation
    }
}

fn camel(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Any media type: what is in the body decides.
const ANY: &[&str] = &["*/*"];
/// Kinds of patches. Strategic merge is left out: clients know that of built-in kinds by themselves, and would take
/// every list without a patch strategy in these schemas for an atomic one.
const PATCHES: &[&str] =
    &["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];

fn add_paths(resource: &Resource, schema: &str, paths: &mut Map<String, Value>) {
    let base = format!("/{}", path(&resource.group, &resource.version));
    let scope = if resource.namespaced { "Namespaced" } else { "" };
    let group = camel(resource.group.split('.').next().unwrap_or("core"));
    let group = if group.is_empty() { "Core".to_owned() } else { group };
    let tail = format!("{group}{}{scope}{}", camel(&resource.version), resource.kind);
    let list = format!("{schema}List");
    let plural = &resource.plural;
    let collection = if resource.namespaced {
        format!("{base}/namespaces/{{namespace}}/{plural}")
    } else {
        format!("{base}/{plural}")
    };
    let operation = |action, verb: &str, parameters: Vec<Value>, body, answer| {
        Operation { resource, action, id: format!("{verb}{tail}"), parameters, body, answer }.document()
    };
    let mut common = Vec::new();
    if resource.namespaced {
        common.push(parameter(
            "namespace",
            "path",
            "string",
            "object name and auth scope, such as for teams and projects",
        ));
    }
    common.push(parameter("pretty", "query", "string", "If 'true', then the output is pretty printed."));

    let mut members = Map::new();
    if resource.allows("list") {
        members.insert("get".to_owned(), operation("list", "list", list_parameters(), None, &list));
        if resource.namespaced {
            let all = operation("list", "listAll", list_parameters(), None, &list);
            paths.insert(format!("{base}/{plural}"), json!({ "get": all, "parameters": [common[1]] }));
        }
    }
    if resource.allows("create") {
        let post = operation("post", "create", write_parameters(), Some((ANY, schema)), schema);
        members.insert("post".to_owned(), post);
    }
    if resource.allows("deletecollection") {
        let delete =
            operation("deletecollection", "deleteCollection", list_parameters(), Some((ANY, DELETE_OPTIONS)), STATUS);
        members.insert("delete".to_owned(), delete);
    }
    members.insert("parameters".to_owned(), common.clone().into());
    paths.insert(collection.clone(), Value::Object(members));
    if !resource.allows("get") {
        return;
    }

    common.insert(0, parameter("name", "path", "string", &format!("name of the {}", resource.kind)));
    let mut force = write_parameters();
    force.push(parameter("force", "query", "boolean", "Force is going to \"force\" Apply requests. It means user will re-acquire conflicting fields owned by other people."));
    let item = |id: &str| {
        json!({
            "get": operation("get", &format!("read{id}"), Vec::new(), None, schema),
            "put": operation("put", &format!("replace{id}"), write_parameters(), Some((ANY, schema)), schema),
            "patch": operation("patch", &format!("patch{id}"), force.clone(), Some((PATCHES, PATCH)), schema),
            "parameters": common,
        })
    };
    let mut main = item("");
    main["delete"] = operation("delete", "delete", write_parameters(), Some((ANY, DELETE_OPTIONS)), STATUS);
    paths.insert(format!("{collection}/{{name}}"), main);
    if resource.has_status {
        paths.insert(format!("{collection}/{{name}}/status"), item("Status"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every reference of a document must lead somewhere.
    fn check_references(document: &Value, value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(target)) = members.get("$ref") {
                    let name = target.strip_prefix("#/components/schemas/").unwrap();
                    assert!(document["components"]["schemas"].get(name).is_some(), "{target}");
                    assert_eq!(members.len(), 1, "a reference with siblings: {value}");
                }
                members.values().for_each(|value| check_references(document, value));
            }
            Value::Array(list) => list.iter().for_each(|value| check_references(document, value)),
            _ => {}
        }
    }

    fn registry() -> Registry {
        let registry = Registry::new();
        let definition = json!({
            "metadata": { "name": "tasks.kubeopencode.io" },
            "spec": {
                "group": "kubeopencode.io", "scope": "Namespaced",
                "names": { "plural": "tasks", "kind": "Task" },
                "versions": [{ "name": "v1alpha1", "served": true, "storage": true, "subresources": { "status": {} }, "schema": {
                    "openAPIV3Schema": { "type": "object", "properties": { "spec": { "type": "object", "description": "What to do.",
                        "properties": { "description": { "type": "string" } } } } } } }],
            },
            "status": { "conditions": [{ "type": "Established", "status": "True" }] },
        });
        registry.define(|| vec![crate::sandbox::store::Object { revision: 1, json: definition.to_string().into() }]);
        registry
    }

    #[test]
    fn every_document_of_the_index_is_there_and_whole() {
        let registry = registry();
        let index = index(&registry);
        let paths = index["paths"].as_object().unwrap();
        assert!(paths.contains_key("api/v1") && paths.contains_key("apis/kubeopencode.io/v1alpha1"));
        for (path, entry) in paths {
            let parts: Vec<&str> = path.split('/').collect();
            let (group, version) = if parts[0] == "api" { ("", parts[1]) } else { (parts[1], parts[2]) };
            let document = document(&registry, group, version).unwrap();
            check_references(&document, &document);
            let url = entry["serverRelativeURL"].as_str().unwrap();
            assert!(url.starts_with(&format!("/openapi/v3/{path}?hash=")) && url.len() > 32 + path.len(), "{url}");
        }
        assert_eq!(document(&registry, "nobody.example", "v1"), None);
    }

    #[test]
    fn writes_list_field_validation_beside_their_kind() {
        let registry = registry();
        for (group, version, path, kind) in [
            ("", "v1", "/api/v1/namespaces/{namespace}/configmaps/{name}", "ConfigMap"),
            ("", "v1", "/api/v1/namespaces/{name}", "Namespace"),
            (
                "kubeopencode.io",
                "v1alpha1",
                "/apis/kubeopencode.io/v1alpha1/namespaces/{namespace}/tasks/{name}",
                "Task",
            ),
        ] {
            let document = document(&registry, group, version).unwrap();
            for method in ["put", "patch"] {
                let operation = &document["paths"][path][method];
                assert_eq!(operation["x-kubernetes-group-version-kind"]["kind"], kind, "{method} {path}");
                let parameters = operation["parameters"].as_array().unwrap();
                assert!(parameters.iter().any(|parameter| parameter["name"] == "fieldValidation"), "{method} {path}");
            }
        }
    }

    #[test]
    fn a_custom_resource_is_described_by_its_definition() {
        let document = document(&registry(), "kubeopencode.io", "v1alpha1").unwrap();
        let task = &document["components"]["schemas"]["io.kubeopencode.v1alpha1.Task"];
        assert_eq!(task["properties"]["spec"]["description"], "What to do.");
        assert_eq!(task["properties"]["metadata"]["allOf"][0], reference(OBJECT_META));
        assert_eq!(task["x-kubernetes-group-version-kind"][0]["kind"], "Task");
        assert!(
            document["paths"]
                .get("/apis/kubeopencode.io/v1alpha1/namespaces/{namespace}/tasks/{name}/status")
                .is_some()
        );
    }

    #[test]
    fn another_schema_is_another_hash() {
        let (one, other) = (registry(), Registry::new());
        let hash = |registry: &Registry, path: &str| index(registry)["paths"][path]["serverRelativeURL"].clone();
        assert_eq!(hash(&one, "api/v1"), hash(&other, "api/v1"));
        assert_ne!(hash(&one, "apis/kubeopencode.io/v1alpha1"), hash(&other, "apis/kubeopencode.io/v1alpha1"));
    }
}
