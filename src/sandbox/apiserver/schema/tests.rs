#![expect(clippy::needless_pass_by_value, reason = "the json! literals of tests read better as values")]

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::output::from_yaml;

/// The definition of a platform resource, as its authors publish it.
fn platform(plural: &str) -> VersionSchema {
    let path = format!("{}/tests/fixtures/crds/kubeopencode.io_{plural}.yaml", env!("CARGO_MANIFEST_DIR"));
    let definition = from_yaml(&std::fs::read_to_string(path).unwrap()).unwrap().remove(0);
    VersionSchema::compile(&definition["spec"]["versions"][0]).unwrap()
}

fn schema(properties: Value) -> VersionSchema {
    compile(json!({ "type": "object", "properties": { "spec": { "type": "object", "properties": properties } } }))
        .unwrap()
}

fn compile(schema: Value) -> Result<VersionSchema, Vec<FieldError>> {
    VersionSchema::compile(&json!({ "schema": { "openAPIV3Schema": schema } }))
}

fn texts(errors: &[FieldError]) -> Vec<String> {
    errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect()
}

/// What a server says of `spec`.
/// Decodes and checks an object as a write does.
fn admit(
    schema: &VersionSchema,
    object: &mut Value,
    old: Option<&Value>,
    validation: FieldValidation,
) -> Result<Vec<String>, Vec<String>> {
    let warnings = schema.decode(object, Vec::new(), validation).map_err(|text| vec![text])?;
    let errors = schema.validate(object, old);
    if errors.is_empty() { Ok(warnings) } else { Err(texts(&errors)) }
}

fn says(schema: &VersionSchema, spec: Value) -> Vec<String> {
    let mut object = json!({ "apiVersion": "g/v1", "kind": "K", "metadata": { "name": "x" }, "spec": spec });
    match admit(schema, &mut object, None, FieldValidation::Strict) {
        Ok(_) => Vec::new(),
        Err(errors) => errors,
    }
}

fn task(spec: Value) -> Vec<String> {
    says(&platform("tasks"), spec)
}

#[test]
fn the_platform_s_rules_speak_as_on_a_real_server() {
    let tasks = platform("tasks");
    let both = json!({ "agentRef": { "name": "a" }, "templateRef": { "name": "t" }, "description": "d" });
    assert_eq!(
        says(&tasks, both),
        ["spec: Invalid value: \"object\": only one of agentRef or templateRef can be specified"]
    );
    assert_eq!(
        says(&tasks, json!({ "description": "d" })),
        ["spec: Invalid value: \"object\": either agentRef or templateRef must be specified"]
    );
    assert_eq!(says(&tasks, json!({ "agentRef": { "name": "a" }, "description": "d" })), [""; 0]);
    let config = platform("kubeopencodeconfigs");
    assert_eq!(
        says(&config, json!({})),
        ["<nil>: Invalid value: \"object\": KubeOpenCodeConfig must be named 'cluster'"]
    );
}

/// Documents that the platform's own pages show and its schema refuses.
#[test]
fn what_the_platform_s_pages_show_wrongly_is_refused() {
    let prompt = json!({ "agentRef": { "name": "a" }, "prompt": "p" });
    assert_eq!(task(prompt), ["strict decoding error: unknown field \"spec.prompt\""]);
    let text = task(json!({ "agentRef": "a", "instruction": "i" }));
    assert_eq!(text, ["strict decoding error: unknown field \"spec.instruction\""]);
    let mismatch = task(json!({ "agentRef": "a", "description": "d" }));
    assert_eq!(
        mismatch[0],
        "spec.agentRef: Invalid value: \"string\": spec.agentRef in body must be of type object: \"string\""
    );
    assert!(mismatch[1].starts_with("<nil>: Invalid value: \"null\": some validation rules were not checked"));
    let agents = platform("agents");
    let ports = json!({ "workspaceDir": "/w", "serviceAccountName": "s", "extraPorts": [{ "name": "x", "port": 1, "targetPort": 2 }] });
    assert_eq!(says(&agents, ports), ["strict decoding error: unknown field \"spec.extraPorts[0].targetPort\""]);
    let git = json!({ "workspaceDir": "/w", "serviceAccountName": "s", "contexts": [{ "type": "Git", "git": { "url": "u" } }] });
    assert_eq!(says(&agents, git), ["strict decoding error: unknown field \"spec.contexts[0].git.url\""]);
    let git = json!({ "workspaceDir": "/w", "serviceAccountName": "s", "contexts": [{ "type": "Git", "git": {} }] });
    assert!(says(&agents, git).contains(&"spec.contexts[0].git.repository: Required value".to_owned()));
}

#[test]
fn the_platform_s_manifests_are_admitted() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/manifests");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        for mut object in from_yaml(&std::fs::read_to_string(&path).unwrap()).unwrap() {
            if object["apiVersion"] != "kubeopencode.io/v1alpha1" {
                continue;
            }
            let plural = match object["kind"].as_str().unwrap() {
                "Agent" => "agents",
                "AgentTemplate" => "agenttemplates",
                "Task" => "tasks",
                "CronTask" => "crontasks",
                "Registry" => "registries",
                other => panic!("no schema for {other}"),
            };
            let admitted = admit(&platform(plural), &mut object, None, FieldValidation::Strict);
            assert_eq!(admitted, Ok(Vec::new()), "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 6);
}

#[test]
fn defaults_are_filled_in_and_unknown_fields_warned_of() {
    let schema = schema(json!({
        "mode": { "type": "string", "default": "build" },
        "inner": { "type": "object", "default": {}, "properties": { "n": { "type": "integer", "default": 3 } } },
        "list": { "type": "array", "items": { "type": "object", "properties": { "on": { "type": "boolean", "default": true } } } },
        "null": { "type": "string", "nullable": true, "default": "x" },
        "free": { "type": "object", "x-kubernetes-preserve-unknown-fields": true,
            "properties": { "known": { "type": "object", "properties": {} } } },
        "map": { "type": "object", "additionalProperties": { "type": "object", "properties": { "a": { "type": "string" } } } },
    }));
    let mut object = json!({
        "apiVersion": "g/v1", "kind": "K", "metadata": { "name": "x", "odd": 1 }, "extra": 1,
        "spec": { "mode": null, "list": [{}, { "on": false, "off": 1 }], "null": null,
            "free": { "x": 1, "known": { "y": 1 } }, "map": { "k": { "a": "1", "b": 2 } } },
    });
    let warnings = admit(&schema, &mut object, None, FieldValidation::Warn).unwrap();
    assert_eq!(
        warnings,
        [
            "unknown field \"extra\"",
            "unknown field \"metadata.odd\"",
            "unknown field \"spec.free.known.y\"",
            "unknown field \"spec.list[1].off\"",
            "unknown field \"spec.map.k.b\"",
        ]
    );
    assert_eq!(
        object,
        json!({
            "apiVersion": "g/v1", "kind": "K", "metadata": { "name": "x" },
            "spec": { "mode": "build", "list": [{ "on": true }, { "on": false }], "null": null,
                "free": { "x": 1, "known": {} }, "map": { "k": { "a": "1" } }, "inner": { "n": 3 } },
        })
    );
    let keys: Vec<_> = object.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["apiVersion", "kind", "metadata", "spec"]);
    object["extra"] = json!(1);
    assert_eq!(admit(&schema, &mut object, None, FieldValidation::Ignore), Ok(Vec::new()));
    assert!(object.get("extra").is_none());
}

#[test]
fn values_are_checked_in_the_server_s_words() {
    let schema = schema(json!({
        "pattern": { "type": "string", "pattern": "^[a-z]+$" },
        "enum": { "type": "string", "enum": ["a", "b"] },
        "count": { "type": "integer", "minimum": 1, "maximum": 5, "format": "int32" },
        "long": { "type": "string", "maxLength": 3, "minLength": 2 },
        "list": { "type": "array", "maxItems": 1, "items": { "type": "string" } },
        "few": { "type": "array", "minItems": 1, "items": { "type": "string" } },
        "time": { "type": "string", "format": "date-time" },
        "port": { "x-kubernetes-int-or-string": true },
        "set": { "type": "array", "x-kubernetes-list-type": "set", "items": { "type": "string" } },
        "map": { "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"], "items":
            { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } } },
        "need": { "type": "object", "required": ["this"], "properties": { "this": { "type": "string" } } },
        "one": { "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "string" } },
            "oneOf": [{ "required": ["a"] }, { "required": ["b"] }] },
        "resource": { "type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
    }));
    for (spec, expected) in [
        (json!({ "pattern": "A" }), "spec.pattern: Invalid value: \"A\": spec.pattern in body should match '^[a-z]+$'"),
        (json!({ "enum": "c" }), "spec.enum: Unsupported value: \"c\": supported values: \"a\", \"b\""),
        (
            json!({ "count": 0 }),
            "spec.count: Invalid value: 0: spec.count in body should be greater than or equal to 1",
        ),
        (json!({ "count": 9 }), "spec.count: Invalid value: 9: spec.count in body should be less than or equal to 5"),
        (
            json!({ "count": "1" }),
            "spec.count: Invalid value: \"string\": spec.count in body must be of type integer: \"string\"",
        ),
        (
            json!({ "count": 1.5 }),
            "spec.count: Invalid value: \"number\": spec.count in body must be of type integer: \"number\"",
        ),
        (json!({ "long": "abcd" }), "spec.long: Too long: may not be more than 3 bytes"),
        (json!({ "long": "a" }), "spec.long: Invalid value: \"a\": spec.long in body should be at least 2 chars long"),
        (json!({ "list": ["a", "b"] }), "spec.list: Too many: 2: must have at most 1 item"),
        (
            json!({ "list": [1] }),
            "spec.list[0]: Invalid value: \"integer\": spec.list[0] in body must be of type string: \"integer\"",
        ),
        (json!({ "few": [] }), "spec.few: Invalid value: 0: spec.few in body should have at least 1 items"),
        (
            json!({ "time": "now" }),
            "spec.time: Invalid value: \"now\": spec.time in body must be of type date-time: \"now\"",
        ),
        (
            json!({ "port": true }),
            "spec.port: Invalid value: \"boolean\": spec.port in body must be of type integer,string: \"boolean\"",
        ),
        (json!({ "set": ["a", "b", "a"] }), "spec.set[2]: Duplicate value: \"a\""),
        (json!({ "map": [{ "name": "a" }, { "name": "a" }] }), "spec.map[1]: Duplicate value: {\"name\":\"a\"}"),
        (json!({ "need": {} }), "spec.need.this: Required value"),
        (
            json!({ "one": {} }),
            "<nil>: Invalid value: \"\": \"spec.one\" must validate one and only one schema (oneOf). Found none valid",
        ),
        (
            json!({ "one": { "a": "", "b": "" } }),
            "<nil>: Invalid value: \"\": \"spec.one\" must validate one and only one schema (oneOf). Found 2 valid alternatives",
        ),
        (json!({ "resource": { "kind": "K", "x": 1 } }), "spec.resource.apiVersion: Required value: must not be empty"),
    ] {
        assert_eq!(says(&schema, spec.clone()), [expected], "{spec}");
    }
    for right in
        [json!({ "count": 1.0 }), json!({ "port": 1 }), json!({ "port": "http" }), json!({ "one": { "b": "" } })]
    {
        assert_eq!(says(&schema, right.clone()), [""; 0], "{right}");
    }
}

#[test]
fn transition_rules_see_the_old_object() {
    let schema = schema(json!({
        "fixed": { "type": "string", "x-kubernetes-validations": [{ "rule": "self == oldSelf", "message": "is immutable" }] },
    }));
    let object = |value: &str| json!({ "apiVersion": "g/v1", "kind": "K", "metadata": { "name": "x" }, "spec": { "fixed": value } });
    assert!(schema.validate(&object("a"), None).is_empty());
    assert!(schema.validate(&object("a"), Some(&object("a"))).is_empty());
    let errors = schema.validate(&object("b"), Some(&object("a")));
    assert_eq!(texts(&errors), ["spec.fixed: Invalid value: \"string\": is immutable"]);
}

#[test]
fn what_was_wrong_before_and_has_not_changed_is_forgiven() {
    let schema = schema(json!({
        "a": { "type": "string", "pattern": "^x$" },
        "b": { "type": "string" },
        "c": { "type": "object", "properties": { "d": { "type": "string" } },
            "x-kubernetes-validations": [{ "rule": "has(self.d)", "message": "d is needed" }] },
        "list": { "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"], "items": { "type": "object",
            "required": ["k"], "properties": { "k": { "type": "string" }, "v": { "type": "string", "enum": ["ok"] } } } },
    }));
    let object = |b: &str| json!({ "spec": { "a": "wrong", "b": b, "c": {}, "list": [{ "k": "1", "v": "bad" }] } });
    assert_eq!(schema.validate(&object("1"), None).len(), 3);
    assert_eq!(texts(&schema.validate(&object("2"), Some(&object("1")))), [""; 0]);
    let mut moved = object("1");
    moved["spec"]["list"] = json!([{ "k": "0", "v": "ok" }, { "k": "1", "v": "bad" }]);
    assert_eq!(texts(&schema.validate(&moved, Some(&object("1")))), [""; 0]);
    moved["spec"]["a"] = json!("other");
    assert_eq!(schema.validate(&moved, Some(&object("1"))).len(), 1);
}

#[test]
fn schemas_that_are_not_structural_are_refused() {
    let at = |property: Value| {
        let schema = json!({ "type": "object", "properties": { "p": property } });
        texts(&compile(schema).unwrap_err())
    };
    let path = "spec.validation.openAPIV3Schema.properties[p]";
    for (property, expected) in [
        (json!({}), format!("{path}.type: Required value: must not be empty for specified object fields")),
        (
            json!({ "type": "text" }),
            format!(
                "{path}.type: Unsupported value: \"text\": supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \"string\""
            ),
        ),
        (json!({ "type": "array" }), format!("{path}.items: Required value: must be specified")),
        (json!({ "type": "string", "$ref": "#/x" }), format!("{path}.$ref: Forbidden: $ref is not supported")),
        (
            json!({ "type": "object", "additionalProperties": false }),
            format!("{path}.additionalProperties: Forbidden: additionalProperties cannot be set to false"),
        ),
        (
            json!({ "type": "integer", "default": "x" }),
            format!(
                "{path}.default: Invalid value: \"string\": {path}.default in body must be of type integer: \"string\""
            ),
        ),
        (
            json!({ "type": "array", "items": { "type": "object" }, "x-kubernetes-list-type": "map" }),
            format!(
                "{path}.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map"
            ),
        ),
    ] {
        assert_eq!(at(property.clone()), [expected], "{property}");
    }
    assert!(at(json!({ "type": "string", "pattern": "(" }))[0].contains("must be a valid regular expression"));
    let rule = at(json!({ "type": "string", "x-kubernetes-validations": [{ "rule": "self ==" }] }));
    assert!(rule[0].starts_with(&format!("{path}.x-kubernetes-validations[0].rule: Invalid value: ")), "{rule:?}");
    assert!(rule[0].contains("compilation failed"), "{rule:?}");
    assert_eq!(
        texts(&compile(json!({ "type": "string" })).unwrap_err()),
        ["spec.validation.openAPIV3Schema.type: Invalid value: \"string\": must be object at the root"]
    );
    assert_eq!(
        texts(&VersionSchema::compile(&json!({})).unwrap_err()),
        ["spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required"]
    );
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-c]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-c]|spec|metadata|agentRef|contexts|name|type|git", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_object_makes_it_panic_and_admission_settles(mut object in values(), old in values()) {
        thread_local!(static TASKS: VersionSchema = platform("tasks"));
        TASKS.with(|tasks| {
            if admit(tasks, &mut object, Some(&old), FieldValidation::Warn).is_ok() {
                let once = object.clone();
                assert_eq!(admit(tasks, &mut object, Some(&old), FieldValidation::Strict), Ok(Vec::new()));
                assert_eq!(object, once);
            }
        });
    }

    #[test]
    fn no_schema_makes_it_panic(schema in values()) {
        drop(compile(schema));
    }
}
