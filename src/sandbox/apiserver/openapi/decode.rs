//! Objects of built-in kinds held to their types, as Go's decoder holds them: fields that a type does not have are
//! found and removed, values that do not fit are refused (`sigs.k8s.io/json`).

use serde_json::Value;

use super::builtin;

/// Types that are more in JSON than their schemas say.
const LENIENT: &[&str] = &["Quantity", "IntOrString", "RawExtension", "FieldsV1", "JSON"];

/// Removes the fields that the kind's type does not have; their paths.
///
/// # Errors
///
/// The first value that does not fit, as `json: cannot unmarshal …`.
pub fn decode(group: &str, version: &str, kind: &str, object: &mut Value) -> Result<Vec<String>, String> {
    let mut unknown = Vec::new();
    let name = builtin::name(group, version, kind);
    if let Some(schema) = builtin::schema(&name) {
        let owner = Owner { type_name: last(&name), schema };
        Decoder { unknown: &mut unknown }.members(&owner, object, "")?;
    }
    Ok(unknown)
}

/// A schema and the type that it stands for.
struct Owner<'s> {
    type_name: &'s str,
    schema: &'s Value,
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The name that a schema refers to.
fn target(schema: &Value) -> Option<&str> {
    let reference = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str())?;
    reference.rsplit('/').next()
}

/// A schema as Go would name its type.
fn go_type(schema: &Value) -> String {
    if let Some(name) = target(schema) {
        let mut parts = name.rsplit('.');
        let (kind, version) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        return format!("{version}.{kind}");
    }
    match (schema["type"].as_str().unwrap_or_default(), schema["format"].as_str().unwrap_or_default()) {
        ("array", _) => format!("[]{}", go_type(&schema["items"])),
        ("object", _) => format!("map[string]{}", go_type(&schema["additionalProperties"])),
        ("string", "byte") => "[]uint8".to_owned(),
        ("boolean", _) => "bool".to_owned(),
        ("integer", "") => "int64".to_owned(),
        ("integer" | "number", format) if !format.is_empty() => format.to_owned(),
        ("number", _) => "float64".to_owned(),
        (other, _) => other.to_owned(),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

struct Decoder<'u> {
    unknown: &'u mut Vec<String>,
}

impl Decoder<'_> {
    /// The fields of an object.
    fn members(&mut self, owner: &Owner<'_>, object: &mut Value, path: &str) -> Result<(), String> {
        let (Some(properties), Some(members)) = (owner.schema["properties"].as_object(), object.as_object_mut()) else {
            return Ok(());
        };
        members.retain(|name, _| {
            let known = properties.contains_key(name);
            if !known {
                self.unknown.push(join(path, name));
            }
            known
        });
        for (name, value) in members.iter_mut() {
            self.value(owner, &properties[name.as_str()], value, &join(path, name))?;
        }
        Ok(())
    }

    /// A value that belongs to a field of `owner`.
    fn value(&mut self, owner: &Owner<'_>, schema: &Value, value: &mut Value, path: &str) -> Result<(), String> {
        if value.is_null() {
            return Ok(());
        }
        let name = target(schema);
        if name.is_some_and(|name| LENIENT.contains(&last(name)) || last(name).starts_with("JSONSchemaPropsOr")) {
            return Ok(());
        }
        let resolved = name.and_then(builtin::schema).unwrap_or(schema);
        let fits = match resolved["type"].as_str() {
            None => true,
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("boolean") => value.is_boolean(),
            Some("integer") => {
                value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
            }
            Some(_) => value.is_number(),
        };
        if !fits {
            let found = match value {
                Value::Number(number) if resolved["type"] == "integer" => format!("number {number}"),
                Value::Number(_) => "number".to_owned(),
                Value::Bool(_) => "bool".to_owned(),
                Value::String(_) => "string".to_owned(),
                Value::Array(_) => "array".to_owned(),
                _ => "object".to_owned(),
            };
            let (owner, wanted) = (owner.type_name, go_type(schema));
            return Err(format!("json: cannot unmarshal {found} into Go struct field {owner}.{path} of type {wanted}"));
        }
        match value {
            Value::Object(members) => {
                let Some(schema) = resolved.get("additionalProperties").filter(|schema| schema.is_object()) else {
                    let owner = Owner { type_name: name.map_or(owner.type_name, last), schema: resolved };
                    return self.members(&owner, value, path);
                };
                for (name, member) in members {
                    self.value(owner, schema, member, &join(path, name))?;
                }
                Ok(())
            }
            Value::Array(list) => {
                for (index, element) in list.iter_mut().enumerate() {
                    self.value(owner, &resolved["items"], element, &format!("{path}[{index}]"))?;
                }
                Ok(())
            }
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
            assert_eq!(error, format!("json: cannot unmarshal {expected}"));
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
