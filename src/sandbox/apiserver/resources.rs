//! The resources that are served: the built-in table, and what `CustomResourceDefinition`s add to it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::schema::VersionSchema;
use super::table::Columns;
use crate::sandbox::store::Object;

/// Verbs of an ordinary resource, in the order of discovery documents.
const STANDARD: &[&str] = &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
/// Verbs of a review: nothing is stored.
const REVIEW: &[&str] = &["create"];

/// One resource in one version.
#[derive(Debug, Clone)]
pub struct Resource {
    /// API group, empty for the core group.
    pub group: String,
    /// Version inside the group.
    pub version: String,
    /// Name in paths: `pods`.
    pub plural: String,
    /// Singular name.
    pub singular: String,
    /// Kind.
    pub kind: String,
    /// Kind of a list.
    pub list_kind: String,
    /// Lives in a namespace.
    pub namespaced: bool,
    /// Short names.
    pub short_names: Vec<String>,
    /// Categories such as `all`.
    pub categories: Vec<String>,
    /// Verbs.
    pub verbs: &'static [&'static str],
    /// Has the status subresource: status is ignored on the main resource, all else on `/status`.
    pub has_status: bool,
    /// Paths of the scale subresource: spec replicas, status replicas, selector.
    pub scale: Option<ScalePaths>,
    /// Name of the collection in the store (group resource of the storage, without version).
    pub collection: Arc<str>,
    /// A PUT may create.
    pub creates_on_update: bool,
    /// A PUT need not name a resourceVersion.
    pub updates_unconditionally: bool,
    /// What its definition says, for a custom resource.
    pub custom: Option<Arc<Custom>>,
}

/// Paths of the scale subresource, as the definition gives them: `.spec.replicas`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScalePaths {
    /// Wanted replicas.
    pub spec_replicas: String,
    /// Observed replicas.
    pub status_replicas: String,
    /// Label selector in string form, or empty.
    pub selector: String,
}

/// What a definition says about one version of a custom resource.
#[derive(Debug)]
pub struct Custom {
    /// The definition as it is stored, whose text this shares.
    definition: Object,
    /// Which of its versions.
    index: usize,
    /// How its objects are admitted, once the first one is.
    schema: OnceLock<Option<VersionSchema>>,
    /// Columns of its tables.
    pub columns: Columns,
    /// SHA-256 of the element of `spec.versions`.
    pub digest: [u8; 32],
    /// Paths usable in field selectors, without the leading dot.
    pub selectable_fields: Vec<String>,
}

impl Custom {
    /// Revision of the definition.
    pub fn revision(&self) -> u64 {
        self.definition.revision
    }

    /// The element of `spec.versions`, read from the text: schemas are large, and seldom asked for.
    pub fn version(&self) -> Value {
        self.definition.value()["spec"]["versions"][self.index].take()
    }

    /// How its objects are admitted; `None` for a schema that was stored before it would have been refused.
    pub fn schema(&self) -> Option<&VersionSchema> {
        self.schema.get_or_init(|| VersionSchema::compile(&self.version()).ok()).as_ref()
    }
}

impl Resource {
    /// `tasks.kubeopencode.io`, or `pods` in the core group.
    pub fn group_resource(&self) -> String {
        if self.group.is_empty() { self.plural.clone() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// `apps/v1`, or `v1` in the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }

    /// The error for an object of this kind.
    pub fn invalid(&self, name: &str, errors: &[super::status::FieldError]) -> super::status::ApiError {
        super::status::ApiError::invalid(&self.group, &self.kind, name, errors)
    }

    /// Whether its objects are questions, answered and not stored.
    pub fn is_review(&self) -> bool {
        self.verbs == REVIEW
    }

    /// Whether the verb is served.
    pub fn allows(&self, verb: &str) -> bool {
        self.verbs.contains(&verb)
    }
}

/// All resources that are served now.
#[derive(Debug)]
pub struct Registry {
    served: RwLock<Arc<Served>>,
}

type Served = BTreeMap<(String, String, String), Arc<Resource>>;

impl Registry {
    /// The built-in resources alone.
    pub fn new() -> Self {
        Self { served: RwLock::new(Arc::new(built_in())) }
    }

    fn served(&self) -> Arc<Served> {
        Arc::clone(&self.served.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// One resource by group, version and plural name.
    pub fn get(&self, group: &str, version: &str, plural: &str) -> Option<Arc<Resource>> {
        self.served().get(&(group.to_owned(), version.to_owned(), plural.to_owned())).cloned()
    }

    /// A resource by the name of its collection, in its first served version.
    pub fn by_collection(&self, collection: &str) -> Option<Arc<Resource>> {
        // Events are served by two groups; the core one owns the collection.
        self.served().values().find(|resource| &*resource.collection == collection).cloned()
    }

    /// A resource by API version and kind, as owner references and applied objects name it.
    pub fn by_kind(&self, api_version: &str, kind: &str) -> Option<Arc<Resource>> {
        self.served().values().find(|resource| resource.kind == kind && resource.api_version() == api_version).cloned()
    }

    /// All, ordered by group, version and name.
    pub fn all(&self) -> Vec<Arc<Resource>> {
        self.served().values().cloned().collect()
    }

    /// The versions of a group that are served, most preferred first.
    pub fn versions(&self, group: &str) -> Vec<String> {
        let mut versions: Vec<String> =
            self.served().keys().filter(|key| key.0 == group).map(|key| key.1.clone()).collect();
        versions.sort_by_key(|version| std::cmp::Reverse(version_priority(version)));
        versions.dedup();
        versions
    }

    /// The groups that are served, the core group first.
    pub fn groups(&self) -> Vec<String> {
        let mut groups: Vec<String> = self.served().keys().map(|key| key.0.clone()).collect();
        groups.dedup();
        groups
    }

    /// Whether the group is one of the built-in ones.
    pub fn is_built_in(group: &str) -> bool {
        TABLE.iter().any(|row| row.0 == group)
    }

    /// Replaces the custom resources by what the definitions serve that `stored` answers. It is asked while nobody else
    /// replaces them, so that the last one to come has seen all writes before it.
    pub fn define(&self, stored: impl FnOnce() -> Vec<Object>) {
        let mut current = self.served.write().unwrap_or_else(PoisonError::into_inner);
        let mut served = built_in();
        for definition in stored() {
            // An unchanged definition keeps what was made of it.
            let same = |resource: &&Arc<Resource>| {
                resource.custom.as_ref().is_some_and(|custom| custom.revision() == definition.revision)
            };
            let known: Vec<_> = current.values().filter(same).cloned().collect();
            let resources =
                if known.is_empty() { from_definition(&definition).into_iter().map(Arc::new).collect() } else { known };
            for resource in resources {
                let key = (resource.group.clone(), resource.version.clone(), resource.plural.clone());
                served.entry(key).or_insert(resource);
            }
        }
        *current = Arc::new(served);
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

/// Order of versions: GA before beta before alpha, higher numbers first (`k8s.io/apimachinery/pkg/version`).
pub fn version_priority(version: &str) -> (u8, u64, u64) {
    let parse = || -> Option<(u8, u64, u64)> {
        let rest = version.strip_prefix('v')?;
        let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
        let major = rest[..digits].parse().ok()?;
        match &rest[digits..] {
            "" => Some((3, major, 0)),
            pre => {
                let (rank, number) = match (pre.strip_prefix("beta"), pre.strip_prefix("alpha")) {
                    (Some(number), _) => (2, number),
                    (_, Some(number)) => (1, number),
                    _ => return None,
                };
                Some((rank, major, number.parse().ok()?))
            }
        }
    };
    parse().unwrap_or((0, 0, 0))
}

/// Group, version, plural, singular, kind, namespaced, short names, categories, flags.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
    &'static [&'static str],
    &'static [&'static str],
    u8,
);

const STATUS: u8 = 1;
const SCALE: u8 = 2;
const REVIEWS: u8 = 4;
const UPSERT: u8 = 8;
/// Updates must name a resourceVersion.
const CONDITIONAL: u8 = 16;

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("", "v1", "configmaps", "configmap", "ConfigMap", true, &["cm"], &[], 0),
    ("", "v1", "endpoints", "endpoints", "Endpoints", true, &["ep"], &[], UPSERT),
    ("", "v1", "events", "event", "Event", true, &["ev"], &[], UPSERT),
    ("", "v1", "namespaces", "namespace", "Namespace", false, &["ns"], &[], STATUS),
    ("", "v1", "nodes", "node", "Node", false, &["no"], &[], STATUS),
    ("", "v1", "persistentvolumeclaims", "persistentvolumeclaim", "PersistentVolumeClaim", true, &["pvc"], &[], STATUS),
    ("", "v1", "persistentvolumes", "persistentvolume", "PersistentVolume", false, &["pv"], &[], STATUS),
    ("", "v1", "pods", "pod", "Pod", true, &["po"], &["all"], STATUS),
    ("", "v1", "secrets", "secret", "Secret", true, &[], &[], 0),
    ("", "v1", "serviceaccounts", "serviceaccount", "ServiceAccount", true, &["sa"], &[], 0),
    ("", "v1", "services", "service", "Service", true, &["svc"], &["all"], STATUS),
    ("apiextensions.k8s.io", "v1", "customresourcedefinitions", "customresourcedefinition", "CustomResourceDefinition", false, &["crd", "crds"], &["api-extensions"], STATUS | CONDITIONAL),
    ("apps", "v1", "deployments", "deployment", "Deployment", true, &["deploy"], &["all"], STATUS | SCALE),
    ("apps", "v1", "replicasets", "replicaset", "ReplicaSet", true, &["rs"], &["all"], STATUS | SCALE),
    ("authentication.k8s.io", "v1", "selfsubjectreviews", "selfsubjectreview", "SelfSubjectReview", false, &[], &[], REVIEWS),
    ("authentication.k8s.io", "v1", "tokenreviews", "tokenreview", "TokenReview", false, &[], &[], REVIEWS),
    ("authorization.k8s.io", "v1", "localsubjectaccessreviews", "localsubjectaccessreview", "LocalSubjectAccessReview", true, &[], &[], REVIEWS),
    ("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "selfsubjectaccessreview", "SelfSubjectAccessReview", false, &[], &[], REVIEWS),
    ("authorization.k8s.io", "v1", "selfsubjectrulesreviews", "selfsubjectrulesreview", "SelfSubjectRulesReview", false, &[], &[], REVIEWS),
    ("authorization.k8s.io", "v1", "subjectaccessreviews", "subjectaccessreview", "SubjectAccessReview", false, &[], &[], REVIEWS),
    ("coordination.k8s.io", "v1", "leases", "lease", "Lease", true, &[], &[], UPSERT | CONDITIONAL),
    ("discovery.k8s.io", "v1", "endpointslices", "endpointslice", "EndpointSlice", true, &[], &[], 0),
    ("events.k8s.io", "v1", "events", "event", "Event", true, &["ev"], &[], UPSERT),
    ("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "clusterrolebinding", "ClusterRoleBinding", false, &[], &[], UPSERT),
    ("rbac.authorization.k8s.io", "v1", "clusterroles", "clusterrole", "ClusterRole", false, &[], &[], UPSERT),
    ("rbac.authorization.k8s.io", "v1", "rolebindings", "rolebinding", "RoleBinding", true, &[], &[], UPSERT),
    ("rbac.authorization.k8s.io", "v1", "roles", "role", "Role", true, &[], &[], UPSERT),
];

fn built_in() -> Served {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    TABLE
        .iter()
        .map(|&(group, version, plural, singular, kind, namespaced, short_names, categories, flags)| {
            let has = |flag: u8| flags & flag != 0;
            let storage_group = if group == "events.k8s.io" { "" } else { group };
            let resource = Resource {
                group: group.to_owned(),
                version: version.to_owned(),
                plural: plural.to_owned(),
                singular: singular.to_owned(),
                kind: kind.to_owned(),
                list_kind: format!("{kind}List"),
                namespaced,
                short_names: owned(short_names),
                categories: owned(categories),
                verbs: if has(REVIEWS) { REVIEW } else { STANDARD },
                has_status: has(STATUS),
                scale: has(SCALE).then(|| ScalePaths {
                    spec_replicas: ".spec.replicas".to_owned(),
                    status_replicas: ".status.replicas".to_owned(),
                    selector: ".spec.selector".to_owned(),
                }),
                collection: collection(storage_group, plural),
                creates_on_update: has(UPSERT),
                updates_unconditionally: !has(CONDITIONAL),
                custom: None,
            };
            ((resource.group.clone(), resource.version.clone(), resource.plural.clone()), Arc::new(resource))
        })
        .collect()
}

/// The name of a collection in the store.
pub fn collection(group: &str, plural: &str) -> Arc<str> {
    if group.is_empty() { plural.into() } else { format!("{plural}.{group}").into() }
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn texts(value: &Value, pointer: &str) -> Vec<String> {
    let items = value.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The resources that a definition serves: none before its names were accepted.
fn from_definition(stored: &Object) -> Vec<Resource> {
    let definition = &stored.value();
    let established = definition.pointer("/status/conditions").and_then(Value::as_array).is_some_and(|conditions| {
        conditions.iter().any(|condition| condition["type"] == "Established" && condition["status"] == "True")
    });
    if !established {
        return Vec::new();
    }
    let (group, plural) = (text(definition, "/spec/group"), text(definition, "/spec/names/plural"));
    let kind = text(definition, "/spec/names/kind");
    let or = |value: String, other: String| if value.is_empty() { other } else { value };
    let versions = definition.pointer("/spec/versions").and_then(Value::as_array).into_iter().flatten();
    versions
        .enumerate()
        .filter(|(_, version)| version["served"] == json!(true))
        .map(|(index, version)| {
            let scale = version.pointer("/subresources/scale").map(|scale| ScalePaths {
                spec_replicas: text(scale, "/specReplicasPath"),
                status_replicas: text(scale, "/statusReplicasPath"),
                selector: text(scale, "/labelSelectorPath"),
            });
            let selectable = version["selectableFields"].as_array().into_iter().flatten();
            Resource {
                version: text(version, "/name"),
                singular: or(text(definition, "/spec/names/singular"), kind.to_lowercase()),
                list_kind: or(text(definition, "/spec/names/listKind"), format!("{kind}List")),
                kind: kind.clone(),
                namespaced: definition.pointer("/spec/scope").is_some_and(|scope| scope == "Namespaced"),
                short_names: texts(definition, "/spec/names/shortNames"),
                categories: texts(definition, "/spec/names/categories"),
                verbs: STANDARD,
                has_status: version.pointer("/subresources/status").is_some(),
                scale,
                collection: collection(&group, &plural),
                creates_on_update: false,
                updates_unconditionally: false,
                custom: Some(Arc::new(Custom {
                    definition: stored.clone(),
                    index,
                    schema: OnceLock::new(),
                    columns: Columns::for_crd(version),
                    digest: Sha256::digest(version.to_string()).into(),
                    selectable_fields: selectable
                        .map(|field| text(field, "/jsonPath").trim_start_matches('.').to_owned())
                        .collect(),
                })),
                group: group.clone(),
                plural: plural.clone(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_kubernetes_orders_them() {
        let mut versions = ["v1alpha1", "foo1", "v1", "v10", "v2beta1", "v2", "v1beta2"];
        versions.sort_by_key(|version| std::cmp::Reverse(version_priority(version)));
        assert_eq!(versions, ["v10", "v2", "v1", "v2beta1", "v1beta2", "v1alpha1", "foo1"]);
    }

    fn stored(revision: u64, definition: &Value) -> Object {
        Object { revision, json: definition.to_string().into() }
    }

    #[test]
    fn a_definition_is_served_once_its_names_are_accepted() {
        let registry = Registry::new();
        let mut definition = json!({
            "spec": {
                "group": "example.org", "scope": "Namespaced",
                "names": {"plural": "things", "kind": "Thing", "shortNames": ["th"], "categories": ["all"]},
                "versions": [
                    {"name": "v1", "served": true, "storage": true, "subresources": {"status": {}}},
                    {"name": "v2", "served": false},
                ],
            },
        });
        registry.define(|| vec![stored(1, &definition)]);
        assert!(registry.get("example.org", "v1", "things").is_none());
        definition["status"] = json!({"conditions": [{"type": "Established", "status": "True"}]});
        registry.define(|| vec![stored(2, &definition)]);
        let resource = registry.get("example.org", "v1", "things").unwrap();
        assert_eq!((resource.singular.as_str(), resource.list_kind.as_str()), ("thing", "ThingList"));
        assert!(resource.has_status && resource.namespaced);
        assert!(registry.get("example.org", "v2", "things").is_none());

        registry.define(|| vec![stored(2, &definition)]);
        let again = registry.get("example.org", "v1", "things").unwrap();
        assert!(Arc::ptr_eq(&resource, &again), "an unchanged definition is not read again");
        registry.define(|| vec![stored(3, &definition)]);
        let changed = registry.get("example.org", "v1", "things").unwrap();
        assert!(!Arc::ptr_eq(&resource, &changed));
        registry.define(Vec::new);
        assert!(registry.get("example.org", "v1", "things").is_none());
    }
}
