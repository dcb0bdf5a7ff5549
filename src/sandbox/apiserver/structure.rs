//! How lists and maps of an object merge: which are atomic, which lists are sets, and which are maps by the keys of
//! their items. Built-in kinds follow the markers of `k8s.io/api` (`+listType`, `+listMapKey`, `+mapType`, `patchMergeKey`),
//! custom resources those of their schema (`x-kubernetes-list-type`, `x-kubernetes-list-map-keys`, `x-kubernetes-map-type`).

use serde_json::{Map, Value};

use super::resources::Resource;
use super::schema::{ListType, Node};

/// How a list merges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListKind {
    /// As one value.
    Atomic,
    /// By value.
    Set,
    /// By these members of the items.
    Map(Vec<String>),
}

/// The place in a type that a value stands at.
#[derive(Debug, Clone, Copy)]
pub enum Structure<'a> {
    /// In a built-in kind: the name of the field, and whether the kind is a Service (its ports have other keys).
    BuiltIn {
        /// Name of the field that holds the value, empty for the object itself and for items.
        field: &'a str,
        /// The object is a Service.
        service: bool,
    },
    /// In a custom resource, by its schema.
    Schema(&'a Node),
    /// Below the metadata of any object.
    Metadata {
        /// Name of the field that holds the value.
        field: &'a str,
    },
    /// Nothing is known: maps are granular, lists are atomic.
    Unknown,
}

/// Lists of built-in kinds by field name, with the keys of their items.
const KEYED: &[(&str, &[&str])] = &[
    ("containers", &["name"]),
    ("initContainers", &["name"]),
    ("ephemeralContainers", &["name"]),
    ("containerStatuses", &[]),
    ("env", &["name"]),
    ("volumes", &["name"]),
    ("volumeMounts", &["mountPath"]),
    ("volumeDevices", &["devicePath"]),
    ("imagePullSecrets", &["name"]),
    ("hostAliases", &["ip"]),
    ("topologySpreadConstraints", &["topologyKey", "whenUnsatisfiable"]),
    ("conditions", &["type"]),
    ("secrets", &["name"]),
    ("podIPs", &["ip"]),
    ("hostIPs", &["ip"]),
    ("addresses", &["type"]),
    ("ownerReferences", &["uid"]),
];

/// Maps of built-in kinds that are replaced as a whole.
const ATOMIC_MAPS: &[&str] = &[
    "selector",
    "nodeSelector",
    "fieldRef",
    "resourceFieldRef",
    "configMapKeyRef",
    "secretKeyRef",
    "secretRef",
    "configMapRef",
    "involvedObject",
    "claimRef",
    "roleRef",
    "labelSelector",
    "targetRef",
    "localObjectReference",
];

fn keyed(field: &str) -> ListKind {
    let keys = KEYED.iter().find(|(name, _)| *name == field).map(|(_, keys)| *keys).unwrap_or_default();
    if keys.is_empty() { ListKind::Atomic } else { ListKind::Map(keys.iter().map(|key| (*key).to_owned()).collect()) }
}

impl<'a> Structure<'a> {
    /// Of a whole object.
    pub fn of(resource: &'a Resource) -> Self {
        match &resource.custom {
            None => Self::BuiltIn { field: "", service: resource.plural == "services" },
            Some(custom) => custom.schema().map_or(Self::Unknown, |schema| Self::Schema(schema.root())),
        }
    }

    /// Of a member of a map that stands at `self`; `top` for members of the object itself.
    pub fn member(self, name: &'a str, top: bool) -> Self {
        if top && name == "metadata" {
            return Self::Metadata { field: "" };
        }
        match self {
            Self::BuiltIn { service, .. } => Self::BuiltIn { field: name, service },
            Self::Metadata { .. } => Self::Metadata { field: name },
            Self::Schema(schema) => {
                // Objects inside objects have metadata of their own.
                if schema.embedded && name == "metadata" {
                    Self::Metadata { field: "" }
                } else {
                    schema.member(name).map_or(Self::Unknown, Self::Schema)
                }
            }
            Self::Unknown => Self::Unknown,
        }
    }

    /// Of the items of a list that stands at `self`.
    pub fn item(self) -> Self {
        match self {
            Self::BuiltIn { service, .. } => Self::BuiltIn { field: "", service },
            Self::Metadata { .. } => Self::Metadata { field: "" },
            Self::Schema(schema) => schema.items.as_deref().map_or(Self::Unknown, Self::Schema),
            Self::Unknown => Self::Unknown,
        }
    }

    /// How a list here merges.
    pub fn list(self) -> ListKind {
        match self {
            Self::BuiltIn { field: "ports", service: true } => ListKind::Map(vec!["port".into(), "protocol".into()]),
            Self::BuiltIn { field: "ports", .. } => ListKind::Map(vec!["containerPort".into(), "protocol".into()]),
            Self::BuiltIn { field: "finalizers", .. } | Self::Metadata { field: "finalizers" } => ListKind::Set,
            Self::BuiltIn { field, .. } | Self::Metadata { field } => keyed(field),
            Self::Schema(schema) => match &schema.list {
                ListType::Set => ListKind::Set,
                ListType::Map(keys) => ListKind::Map(keys.clone()),
                ListType::Atomic => ListKind::Atomic,
            },
            Self::Unknown => ListKind::Atomic,
        }
    }

    /// Whether a map here is replaced as a whole.
    pub fn is_atomic_map(self) -> bool {
        match self {
            Self::BuiltIn { field, .. } => ATOMIC_MAPS.contains(&field),
            Self::Schema(schema) => schema.atomic_map,
            Self::Metadata { .. } | Self::Unknown => false,
        }
    }

    fn default_of(self, key: &str) -> Option<Value> {
        match self {
            Self::BuiltIn { .. } if key == "protocol" => Some("TCP".into()),
            Self::Schema(schema) => schema.items.as_deref()?.properties.get(key)?.default.clone(),
            _ => None,
        }
    }

    /// The path elements of the items of a list here: `k:{"name":"a"}` or `v:"a"`. `None` when the list is atomic, or is
    /// not what its type says (no objects, keys missing, items twice), which makes it atomic too.
    pub fn elements(self, items: &[Value]) -> Option<Vec<String>> {
        let elements: Vec<String> = match self.list() {
            ListKind::Atomic => return None,
            ListKind::Set => items.iter().map(|item| format!("v:{item}")).collect(),
            ListKind::Map(mut keys) => {
                keys.sort_unstable();
                let element = |item: &Value| -> Option<String> {
                    let mut chosen = Map::new();
                    for key in &keys {
                        let value = item.get(key).cloned().or_else(|| self.default_of(key))?;
                        chosen.insert(key.clone(), value);
                    }
                    Some(format!("k:{}", Value::Object(chosen)))
                };
                items.iter().map(element).collect::<Option<_>>()?
            }
        };
        let unique: std::collections::BTreeSet<&String> = elements.iter().collect();
        if unique.len() == elements.len() { Some(elements) } else { None }
    }
}
