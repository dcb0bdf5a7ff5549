//! A structural schema (`k8s.io/apiextensions-apiserver/pkg/apiserver/schema`) as a tree that is quick to walk, and
//! what is wrong with a schema that is none.

use std::collections::{BTreeMap, HashMap};

use kube_cel::CompiledSchema;
use regex::Regex;
use serde_json::{Map, Value};

use super::super::status::FieldError;
use super::check;

/// How far schemas may nest.
const DEPTH: usize = 64;

/// What the keys are that no property names.
#[derive(Debug, Default)]
pub enum Additional {
    /// Unknown fields.
    #[default]
    None,
    /// Whatever they are.
    Any,
    /// Keys of a map.
    Schema(Box<Node>),
}

/// What makes elements of a list the same.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum ListType {
    #[default]
    Atomic,
    Set,
    Map(Vec<String>),
}

/// One place of a schema.
#[derive(Debug, Default)]
pub struct Node {
    /// Empty where any type goes.
    pub(super) kind: String,
    pub(super) nullable: bool,
    pub(super) int_or_string: bool,
    /// Unknown fields stay.
    pub(super) preserves_unknown: bool,
    /// Holds a whole object of some kind, with `apiVersion`, `kind` and `metadata`.
    pub(in super::super) embedded: bool,
    pub(in super::super) properties: BTreeMap<String, Node>,
    pub(super) additional: Additional,
    pub(in super::super) items: Option<Box<Node>>,
    pub(in super::super) default: Option<Value>,
    pub(in super::super) list: ListType,
    /// A map that is replaced as a whole.
    pub(in super::super) atomic_map: bool,
    /// Absent where any value of the type will do, which is nearly everywhere.
    pub(super) checks: Option<Box<Checks>>,
}

/// What a value must be beyond its type.
#[derive(Debug, Default)]
pub struct Checks {
    pub(super) required: Vec<String>,
    pub(super) allowed: Vec<Value>,
    pub(super) pattern: Option<Regex>,
    pub(super) format: Option<String>,
    pub(super) minimum: Option<f64>,
    pub(super) maximum: Option<f64>,
    pub(super) exclusive_minimum: bool,
    pub(super) exclusive_maximum: bool,
    pub(super) multiple_of: Option<f64>,
    pub(super) min_length: Option<usize>,
    pub(super) max_length: Option<usize>,
    pub(super) min_items: Option<usize>,
    pub(super) max_items: Option<usize>,
    pub(super) min_properties: Option<usize>,
    pub(super) max_properties: Option<usize>,
    pub(super) all_of: Vec<Node>,
    pub(super) any_of: Vec<Node>,
    pub(super) one_of: Vec<Node>,
    pub(super) not: Option<Box<Node>>,
}

/// Reads a schema and notes what is wrong with it.
struct Reader<'e> {
    errors: &'e mut Vec<FieldError>,
    /// Those compiled so far: the pattern of quantities alone stands a hundred times in the schema of a Pod.
    patterns: HashMap<String, Regex>,
}

impl Node {
    /// The schema of a whole object.
    pub(super) fn root(schema: &Value, path: &str, errors: &mut Vec<FieldError>) -> Self {
        if schema["type"] != "object" {
            let detail = "must be object at the root";
            let error = match &schema["type"] {
                Value::Null => FieldError::required(format!("{path}.type"), "must not be empty at the root"),
                other => FieldError::invalid(format!("{path}.type"), other, detail),
            };
            errors.push(error);
        }
        let mut root = Reader { errors, patterns: HashMap::new() }.node(schema, path, 0, false);
        root.nullable = false;
        root
    }

    /// What stands under a name in an object.
    pub(in super::super) fn member(&self, name: &str) -> Option<&Self> {
        self.properties.get(name).or(match &self.additional {
            Additional::Schema(schema) => Some(schema),
            _ => None,
        })
    }

    /// Whether a property must be given.
    fn requires(&self, name: &str) -> bool {
        self.checks.as_ref().is_some_and(|checks| checks.required.iter().any(|required| required == name))
    }
}

/// What a value can be checked for beyond its type.
const CHECKS: &[&str] = &[
    "required",
    "enum",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
];

/// What a schema may not say, because it could not be served or would mean nothing.
const FORBIDDEN: &[&str] = &["$ref", "definitions", "dependencies", "id", "patternProperties", "additionalItems"];

impl Reader<'_> {
    fn invalid(&mut self, path: String, value: &Value, detail: &str) {
        self.errors.push(FieldError::invalid(path, value, detail));
    }

    fn forbidden(&mut self, path: String, detail: &str) {
        self.errors.push(FieldError::forbidden(path, detail));
    }

    /// `junctor`: inside `allOf`, `anyOf`, `oneOf` or `not`, where only values are checked.
    fn node(&mut self, schema: &Value, path: &str, depth: usize, junctor: bool) -> Node {
        let Some(members) = schema.as_object() else {
            self.invalid(path.to_owned(), schema, "must be a schema");
            return Node::default();
        };
        if depth > DEPTH {
            self.forbidden(path.to_owned(), "schema is nested too deeply");
            return Node::default();
        }
        let flag = |name: &str| members.get(name) == Some(&Value::Bool(true));
        let mut node = Node {
            kind: text(members, "type"),
            nullable: flag("nullable"),
            int_or_string: flag("x-kubernetes-int-or-string"),
            preserves_unknown: flag("x-kubernetes-preserve-unknown-fields"),
            embedded: flag("x-kubernetes-embedded-resource"),
            default: members.get("default").filter(|default| !default.is_null()).cloned(),
            atomic_map: members.get("x-kubernetes-map-type").is_some_and(|kind| *kind == "atomic"),
            ..Node::default()
        };
        self.check_node(&node, members, path, depth, junctor);
        if let Some(properties) = members.get("properties").and_then(Value::as_object) {
            for (name, property) in properties {
                let child = self.node(property, &format!("{path}.properties[{name}]"), depth + 1, junctor);
                node.properties.insert(name.clone(), child);
            }
        }
        match members.get("additionalProperties") {
            None | Some(Value::Null) => {}
            Some(Value::Bool(true)) => node.additional = Additional::Any,
            Some(Value::Bool(false)) => {
                self.forbidden(format!("{path}.additionalProperties"), "additionalProperties cannot be set to false");
            }
            Some(schema) => {
                let child = self.node(schema, &format!("{path}.additionalProperties"), depth + 1, junctor);
                node.additional = Additional::Schema(Box::new(child));
            }
        }
        if let Some(items) = members.get("items") {
            node.items = Some(Box::new(self.node(items, &format!("{path}.items"), depth + 1, junctor)));
        }
        node.list = self.list_type(&node, members, path);
        if CHECKS.iter().any(|name| members.contains_key(*name)) {
            node.checks = Some(Box::new(self.checks(members, path, depth)));
        }
        if let Some(default) = &node.default {
            if junctor {
                self.forbidden(format!("{path}.default"), "must be undefined to be structural");
            } else {
                let mut errors = Vec::new();
                check::value(&node, default, None, &mut format!("{path}.default"), &mut errors);
                self.errors.append(&mut errors);
            }
        }
        node
    }

    fn check_node(&mut self, node: &Node, members: &Map<String, Value>, path: &str, depth: usize, junctor: bool) {
        for name in FORBIDDEN {
            if members.contains_key(*name) {
                self.forbidden(format!("{path}.{name}"), &format!("{name} is not supported"));
            }
        }
        if members.get("uniqueItems") == Some(&Value::Bool(true)) {
            let detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
            self.forbidden(format!("{path}.uniqueItems"), detail);
        }
        if members.contains_key("properties")
            && members.get("additionalProperties").is_some_and(|additional| !additional.is_null())
        {
            let detail = "additionalProperties and properties are mutual exclusive";
            self.forbidden(format!("{path}.additionalProperties"), detail);
        }
        let any = node.int_or_string || node.preserves_unknown;
        match node.kind.as_str() {
            "" if junctor || any || depth == 0 => {}
            "" => {
                let detail = "must not be empty for specified object fields";
                self.errors.push(FieldError::required(format!("{path}.type"), detail));
            }
            "array" if !members.contains_key("items") && !junctor => {
                self.errors.push(FieldError::required(format!("{path}.items"), "must be specified"));
            }
            "array" | "object" | "string" | "integer" | "number" | "boolean" => {}
            other => {
                let known = ["array", "boolean", "integer", "number", "object", "string"];
                self.errors.push(FieldError::not_supported(format!("{path}.type"), &other.into(), &known));
            }
        }
        if node.int_or_string && !node.kind.is_empty() {
            let detail = "must be empty if x-kubernetes-int-or-string is true";
            self.invalid(format!("{path}.type"), &node.kind.as_str().into(), detail);
        }
        if node.embedded && node.kind != "object" {
            let detail = "must be object if x-kubernetes-embedded-resource is true";
            self.invalid(format!("{path}.type"), &node.kind.as_str().into(), detail);
        }
    }

    fn list_type(&mut self, node: &Node, members: &Map<String, Value>, path: &str) -> ListType {
        let at = format!("{path}.x-kubernetes-list-type");
        let declared = text(members, "x-kubernetes-list-type");
        if !declared.is_empty() && node.kind != "array" {
            self.invalid(
                format!("{path}.type"),
                &node.kind.as_str().into(),
                "must be array if x-kubernetes-list-type is set",
            );
        }
        match declared.as_str() {
            "" | "atomic" => ListType::Atomic,
            "set" => ListType::Set,
            "map" => {
                let keys = texts(members, "x-kubernetes-list-map-keys");
                if keys.is_empty() {
                    let detail = "must not be empty if x-kubernetes-list-type is map";
                    self.errors.push(FieldError::required(format!("{path}.x-kubernetes-list-map-keys"), detail));
                }
                for (index, key) in keys.iter().enumerate() {
                    let item = node.items.as_deref();
                    let at = format!("{path}.x-kubernetes-list-map-keys[{index}]");
                    match item.and_then(|item| item.properties.get(key)) {
                        None => self.invalid(at, &key.as_str().into(), "entries must all be names of item properties"),
                        Some(property) => {
                            let required = item.is_some_and(|item| item.requires(key));
                            if !required && property.default.is_none() {
                                let detail = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
                                let at = format!("{path}.items.properties[{key}].default");
                                self.errors.push(FieldError::required(at, detail));
                            }
                        }
                    }
                }
                ListType::Map(keys)
            }
            other => {
                self.errors.push(FieldError::not_supported(at, &other.into(), &["atomic", "map", "set"]));
                ListType::Atomic
            }
        }
    }

    fn pattern(&mut self, pattern: String, path: &str) -> Option<Regex> {
        if let Some(known) = self.patterns.get(&pattern) {
            return Some(known.clone());
        }
        match Regex::new(&pattern) {
            Ok(regex) => {
                self.patterns.insert(pattern, regex.clone());
                Some(regex)
            }
            Err(error) => {
                let detail = format!("must be a valid regular expression, but isn't: {error}");
                self.invalid(format!("{path}.pattern"), &pattern.into(), &detail);
                None
            }
        }
    }

    fn checks(&mut self, members: &Map<String, Value>, path: &str, depth: usize) -> Checks {
        let number = |name: &str| members.get(name).and_then(Value::as_f64);
        let size = |name: &str| members.get(name).and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok());
        let flag = |name: &str| members.get(name) == Some(&Value::Bool(true));
        let pattern = Some(text(members, "pattern")).filter(|pattern| !pattern.is_empty());
        let pattern = pattern.and_then(|pattern| self.pattern(pattern, path));
        let mut branches = |name: &str| -> Vec<Node> {
            let branches = members.get(name).and_then(Value::as_array).into_iter().flatten().enumerate();
            branches
                .map(|(index, branch)| self.node(branch, &format!("{path}.{name}[{index}]"), depth + 1, true))
                .collect()
        };
        let (all_of, any_of, one_of) = (branches("allOf"), branches("anyOf"), branches("oneOf"));
        let not = members.get("not").map(|schema| Box::new(self.node(schema, &format!("{path}.not"), depth + 1, true)));
        Checks {
            required: texts(members, "required"),
            allowed: members.get("enum").and_then(Value::as_array).cloned().unwrap_or_default(),
            pattern,
            format: Some(text(members, "format")).filter(|format| !format.is_empty()),
            minimum: number("minimum"),
            maximum: number("maximum"),
            exclusive_minimum: flag("exclusiveMinimum"),
            exclusive_maximum: flag("exclusiveMaximum"),
            multiple_of: number("multipleOf").filter(|factor| *factor > 0.0),
            min_length: size("minLength"),
            max_length: size("maxLength"),
            min_items: size("minItems"),
            max_items: size("maxItems"),
            min_properties: size("minProperties"),
            max_properties: size("maxProperties"),
            all_of,
            any_of,
            one_of,
            not,
        }
    }
}

fn text(members: &Map<String, Value>, name: &str) -> String {
    members.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn texts(members: &Map<String, Value>, name: &str) -> Vec<String> {
    let list = members.get(name).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Whether a schema has CEL rules anywhere.
pub(super) fn has_rules(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => members.contains_key("x-kubernetes-validations") || members.values().any(has_rules),
        Value::Array(list) => list.iter().any(has_rules),
        _ => false,
    }
}

/// Notes rules that cannot be compiled.
pub(super) fn check_rules(compiled: &CompiledSchema, schema: &Value, path: &str, errors: &mut Vec<FieldError>) {
    for (index, rule) in compiled.validations.iter().enumerate() {
        if let Err(error) = rule {
            let rule = &schema["x-kubernetes-validations"][index];
            let detail = format!("compilation failed: {error}");
            errors.push(FieldError::invalid(format!("{path}.x-kubernetes-validations[{index}].rule"), rule, &detail));
        }
    }
    let mut properties: Vec<_> = compiled.properties.iter().collect();
    properties.sort_by_key(|(name, _)| *name);
    for (name, child) in properties {
        check_rules(child, &schema["properties"][name.as_str()], &format!("{path}.properties[{name}]"), errors);
    }
    if let Some(items) = &compiled.items {
        check_rules(items, &schema["items"], &format!("{path}.items"), errors);
    }
    if let Some(additional) = &compiled.additional_properties {
        check_rules(additional, &schema["additionalProperties"], &format!("{path}.additionalProperties"), errors);
    }
}
