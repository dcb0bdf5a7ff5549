//! Objects of built-in kinds held to their types, as Go's decoder holds them: fields that a type does not have are
//! found and removed, values that do not fit are refused (`sigs.k8s.io/json`).

use std::collections::BTreeMap;

use serde_json::Value;

use super::builtin::{self, Type};

/// Types that are more in JSON than their schemas say.
const LENIENT: &[&str] = &["Quantity", "IntOrString", "RawExtension", "FieldsV1", "JSON"];

/// A value that its type does not take, in the words of those who find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Where it is: `spec.containers[0].image`.
    pub path: String,
    /// Go's JSON decoder: `json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32`.
    pub json: String,
    /// The converter of unstructured objects: `unrecognized type: int32` (`k8s.io/apimachinery/pkg/runtime/converter.go`).
    pub converter: String,
    /// Structured merging: `expected numeric (int or float), got string` (`sigs.k8s.io/structured-merge-diff`).
    pub typed: String,
}

impl Mismatch {
    fn new(owner: &str, declared: &Type, resolved: &Type, value: &Value, path: &str) -> Self {
        let found = match value {
            Value::Number(number) if matches!(resolved, Type::Integer(_)) => format!("number {number}"),
            Value::Number(_) => "number".to_owned(),
            Value::Bool(_) => "bool".to_owned(),
            Value::String(_) => "string".to_owned(),
            Value::Array(_) => "array".to_owned(),
            _ => "object".to_owned(),
        };
        let wanted = go_type(declared);
        let kind = match value {
            Value::Number(number) if number.is_f64() => "float64",
            Value::Number(_) => "int64",
            Value::Bool(_) => "bool",
            Value::String(_) => "string",
            Value::Array(_) => "slice",
            _ => "map",
        };
        let converter = match resolved {
            Type::Struct(_) | Type::Object => format!("cannot restore struct from: {kind}"),
            Type::Map(_) => format!("cannot restore map from {kind}"),
            Type::List(_) | Type::Bytes => format!("cannot restore slice from {kind}"),
            scalar => format!("unrecognized type: {}", go_type(scalar)),
        };
        let typed = match resolved {
            Type::Struct(_) | Type::Object | Type::Map(_) => format!("expected map, got &{{{}}}", plain(value)),
            Type::List(_) => format!("expected list, got &{{{}}}", plain(value)),
            Type::String | Type::Bytes => {
                format!("expected string, got &value.valueUnstructured{{Value:{}}}", plain(value))
            }
            Type::Boolean => format!("expected boolean, got &{{{}}}", plain(value)),
            _ => {
                let kind = match kind {
                    "slice" => "[]interface {}",
                    "map" => "map[string]interface {}",
                    scalar => scalar,
                };
                format!("expected numeric (int or float), got {kind}")
            }
        };
        Self {
            path: path.to_owned(),
            json: format!("json: cannot unmarshal {found} into Go struct field {owner}.{path} of type {wanted}"),
            converter,
            typed,
        }
    }
}

/// A scalar without quotes, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Removes the fields that the kind's type does not have; their paths.
///
/// # Errors
///
/// The first value that does not fit.
pub fn decode(group: &str, version: &str, kind: &str, object: &mut Value) -> Result<Vec<String>, Mismatch> {
    let mut unknown = Vec::new();
    let name = builtin::name(group, version, kind);
    if let Some(Type::Struct(fields)) = builtin::named(&name) {
        Decoder { unknown: &mut unknown }.members(last(&name), fields, object, "")?;
    }
    Ok(unknown)
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A type as Go names it.
fn go_type(kind: &Type) -> String {
    match kind {
        Type::Named(name) => {
            let mut parts = name.rsplit('.');
            let (kind, version) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            format!("{version}.{kind}")
        }
        Type::List(items) => format!("[]{}", go_type(items)),
        Type::Map(values) => format!("map[string]{}", go_type(values)),
        Type::Integer(name) | Type::Number(name) => name.to_string(),
        Type::String => "string".to_owned(),
        Type::Bytes => "[]uint8".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Struct(_) | Type::Object | Type::Any => "object".to_owned(),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn fits(kind: &Type, value: &Value) -> bool {
    match kind {
        Type::Any | Type::Named(_) => true,
        Type::Struct(_) | Type::Map(_) | Type::Object => value.is_object(),
        Type::List(_) => value.is_array(),
        Type::String | Type::Bytes => value.is_string(),
        Type::Boolean => value.is_boolean(),
        Type::Integer(_) => {
            value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        Type::Number(_) => value.is_number(),
    }
}

struct Decoder<'u> {
    unknown: &'u mut Vec<String>,
}

impl Decoder<'_> {
    /// The fields of an object of the type `owner`.
    fn members(
        &mut self,
        owner: &str,
        fields: &BTreeMap<Box<str>, Type>,
        object: &mut Value,
        path: &str,
    ) -> Result<(), Mismatch> {
        let Some(members) = object.as_object_mut() else { return Ok(()) };
        members.retain(|name, _| {
            let known = fields.contains_key(name.as_str());
            if !known {
                self.unknown.push(join(path, name));
            }
            known
        });
        for (name, value) in members.iter_mut() {
            self.value(owner, &fields[name.as_str()], value, &join(path, name))?;
        }
        Ok(())
    }

    /// A value that belongs to a field of `owner`.
    fn value(&mut self, owner: &str, declared: &Type, value: &mut Value, path: &str) -> Result<(), Mismatch> {
        if value.is_null() {
            return Ok(());
        }
        let (kind, owner_inside) = match declared {
            Type::Named(name) => {
                let name = &**name;
                if LENIENT.contains(&last(name)) || last(name).starts_with("JSONSchemaPropsOr") {
                    return Ok(());
                }
                (builtin::named(name).unwrap_or(declared), last(name))
            }
            other => (other, owner),
        };
        if !fits(kind, value) {
            return Err(Mismatch::new(owner, declared, kind, value, path));
        }
        match (kind, value) {
            (Type::Struct(fields), value) => self.members(owner_inside, fields, value, path),
            (Type::Map(values), Value::Object(members)) => {
                members.iter_mut().try_for_each(|(name, member)| self.value(owner, values, member, &join(path, name)))
            }
            (Type::List(items), Value::Array(list)) => list
                .iter_mut()
                .enumerate()
                .try_for_each(|(index, element)| self.value(owner, items, element, &format!("{path}[{index}]"))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_that_a_type_has_not_are_found_and_removed() {
        let mut pod = json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "a", "labels": { "any": "x" }, "odd": 1 },
            "spec": { "containers": [{ "name": "c", "commnd": ["x"], "resources": { "limits": { "cpu": 1, "memory": "1Gi" } },
                "livenessProbe": { "httpGet": { "port": "http", "prt": 1 } } }], "nodeSelector": null },
        });
        let unknown = decode("", "v1", "Pod", &mut pod).unwrap();
        assert_eq!(
            unknown,
            ["metadata.odd", "spec.containers[0].commnd", "spec.containers[0].livenessProbe.httpGet.prt"]
        );
        assert_eq!(decode("", "v1", "Pod", &mut pod), Ok(Vec::new()));
        assert_eq!(pod["spec"]["containers"][0]["livenessProbe"]["httpGet"], json!({ "port": "http" }));
    }

    #[test]
    fn values_of_another_type_are_refused_in_go_s_words() {
        for (group, kind, object, expected) in [
            (
                "apps",
                "Deployment",
                json!({ "spec": { "replicas": "x" } }),
                "string into Go struct field DeploymentSpec.spec.replicas of type int32",
            ),
            (
                "",
                "Pod",
                json!({ "spec": { "containers": {} } }),
                "object into Go struct field PodSpec.spec.containers of type []v1.Container",
            ),
            (
                "",
                "ConfigMap",
                json!({ "data": { "k": 1 } }),
                "number into Go struct field ConfigMap.data.k of type string",
            ),
            ("", "Secret", json!({ "data": [] }), "array into Go struct field Secret.data of type map[string][]uint8"),
            ("", "Pod", json!({ "spec": "x" }), "string into Go struct field Pod.spec of type v1.PodSpec"),
            (
                "",
                "Pod",
                json!({ "spec": { "hostNetwork": 1 } }),
                "number into Go struct field PodSpec.spec.hostNetwork of type bool",
            ),
            (
                "apps",
                "Deployment",
                json!({ "spec": { "replicas": 1.5 } }),
                "number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32",
            ),
        ] {
            let mut object = object;
            let error = decode(group, "v1", kind, &mut object).unwrap_err();
            assert_eq!(error.json, format!("json: cannot unmarshal {expected}"));
        }
    }

    #[test]
    fn definitions_pass_with_all_that_schemas_may_say() {
        let mut definition = json!({ "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": { "group": "g",
            "versions": [{ "name": "v1", "schema": { "openAPIV3Schema": { "type": "object", "default": { "any": 1 }, "properties": {
                "a": { "type": "array", "items": { "type": "string" }, "x-kubernetes-list-type": "set" },
                "b": { "x-kubernetes-int-or-string": true, "enum": [1, "2"] },
                "c": { "type": "object", "additionalProperties": { "type": "string" }, "x-kubernetes-validations": [{ "rule": "true" }] } } } } }] } });
        let before = definition.clone();
        assert_eq!(decode("apiextensions.k8s.io", "v1", "CustomResourceDefinition", &mut definition), Ok(Vec::new()));
        assert_eq!(definition, before);
    }
}
