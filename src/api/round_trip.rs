//! What is read is written back whole: the platform's own manifests, and objects with fields that no type names.
//! And the CRD of Session in `deploy/crds` is the one that the type gives.

use std::path::Path;

use k8s_openapi::api::core::v1::{Namespace, ServiceAccount};
use k8s_openapi::api::rbac::v1::{Role, RoleBinding};
use kube::core::DynamicObject;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Agent, AgentTemplate, CronTask, Session, Task, session, validate};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn through<T: Serialize + DeserializeOwned>(object: Value) -> Value {
    let object: T = serde_json::from_value(object).unwrap();
    serde_json::to_value(object).unwrap()
}

/// Removes `metadata.creationTimestamp: null` and the like, which `ObjectMeta` writes for nothing that was read.
fn without_nulls(mut value: Value) -> Value {
    match &mut value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(|value| *value = without_nulls(value.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| *value = without_nulls(value.take())),
        _ => {}
    }
    value
}

#[test]
fn every_manifest_of_the_platform_is_read_and_written_back_whole() {
    let mut seen = Vec::new();
    for entry in std::fs::read_dir(Path::new(ROOT).join("tests/fixtures/manifests")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let documents: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap();
        assert!(!documents.is_empty(), "{}", path.display());
        for document in documents {
            let kind = document["kind"].as_str().unwrap().to_owned();
            let written = match kind.as_str() {
                "Agent" => through::<Agent>(document.clone()),
                "AgentTemplate" => through::<AgentTemplate>(document.clone()),
                "CronTask" => through::<CronTask>(document.clone()),
                "Task" => through::<Task>(document.clone()),
                "Namespace" => through::<Namespace>(document.clone()),
                "ServiceAccount" => through::<ServiceAccount>(document.clone()),
                "Role" => through::<Role>(document.clone()),
                "RoleBinding" => {
                    // The API server fills the apiGroup of a subject; the type writes none where none was read.
                    through::<RoleBinding>(document.clone())
                }
                "Registry" => through::<DynamicObject>(document.clone()),
                other => panic!("no type for {other} in {}", path.display()),
            };
            assert_eq!(without_nulls(written), document, "{}", path.display());
            seen.push(kind);
        }
    }
    for kind in ["Agent", "AgentTemplate", "CronTask", "Registry"] {
        assert!(seen.iter().any(|seen| seen == kind), "{kind} in {seen:?}");
    }
}

#[test]
fn the_manifests_of_the_platform_are_valid() {
    for file in ["agent", "agent-dind", "agent-plugins", "agent-vscode", "agenttemplate", "crontask"] {
        let text =
            std::fs::read_to_string(Path::new(ROOT).join(format!("tests/fixtures/manifests/{file}.yaml"))).unwrap();
        let problems = match file {
            "agenttemplate" => validate::agent_template(&serde_saphyr::from_str(&text).unwrap()),
            "crontask" => validate::cron_task(&serde_saphyr::from_str(&text).unwrap()),
            _ => validate::agent(&serde_saphyr::from_str(&text).unwrap()),
        };
        assert_eq!(problems, [], "{file}");
    }
}

#[test]
fn the_session_crd_in_the_repository_is_current() {
    let path = Path::new(ROOT).join("deploy/crds/session.kubeopencode.io_sessions.yaml");
    let mut expected = String::from(
        "# Generated from src/api/session.rs; `BLESS=1 cargo test --lib session_crd` writes it again.\n---\n",
    );
    expected.push_str(&serde_saphyr::to_string(&session::crd()).unwrap());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "run: BLESS=1 cargo test --lib session_crd");
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("x[a-zA-Z]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn unknown_fields() -> impl Strategy<Value = serde_json::Map<String, Value>> {
    // Every name starts with x, so none is a field that a type names.
    prop::collection::btree_map("x[a-zA-Z]{1,8}", json_value(), 0..4).prop_map(|map| map.into_iter().collect())
}

fn with(mut object: Value, unknown: &serde_json::Map<String, Value>) -> Value {
    object.as_object_mut().unwrap().extend(unknown.clone());
    object
}

proptest! {
    #[test]
    fn fields_that_no_type_names_survive(
        text in ".{1,40}", count in 0_i32..100, spec in unknown_fields(), status in unknown_fields(), inner in unknown_fields()
    ) {
        let head = |kind: &str, spec: Value, status: Value| json!({
            "apiVersion": "kubeopencode.io/v1alpha1", "kind": kind, "metadata": {"name": "x"}, "spec": spec, "status": status,
        });
        let task = with(json!({"description": text, "agentRef": {"name": "a"}, "contexts": [inner]}), &spec);
        let session = with(json!({"title": text, "summary": with(json!({"messageCount": count}), &inner)}), &spec);
        let task_object = head("Task", task.clone(), with(json!({"phase": "Running", "session": session}), &status));
        prop_assert_eq!(without_nulls(through::<Task>(task_object.clone())), without_nulls(task_object));

        let agent_spec = with(json!({"profile": text, "standby": with(json!({"idleTimeout": "30m"}), &inner), "port": 4096}), &spec);
        let agent = head("Agent", agent_spec, with(json!({"ready": true}), &status));
        prop_assert_eq!(without_nulls(through::<Agent>(agent.clone())), agent);

        let template = head("AgentTemplate", with(json!({"workspaceDir": text, "config": inner}), &spec), with(json!({}), &status));
        prop_assert_eq!(without_nulls(through::<AgentTemplate>(template.clone())), template);

        let cron_spec = with(json!({"schedule": text, "concurrencyPolicy": "Sometimes", "taskTemplate": {"spec": task}}), &spec);
        let cron = head("CronTask", cron_spec, with(json!({"active": count}), &status));
        prop_assert_eq!(without_nulls(through::<CronTask>(cron.clone())), cron);
    }

    #[test]
    fn sessions_are_written_back_whole(text in ".{1,40}", seconds in 1_i64..100_000, retain: bool) {
        let object = json!({
            "apiVersion": "session.kubeopencode.io/v1alpha1", "kind": "Session", "metadata": {"name": "x"},
            "spec": {
                "agentRef": {"name": "a"}, "title": text, "startDeadlineSeconds": seconds,
                "deletionPolicy": if retain { "Retain" } else { "Delete" },
                "repos": [{"url": text, "branch": "main"}], "permissions": "Ask",
            },
            "status": {"phase": "Running", "activity": "WaitingInput", "sessionID": "ses_1", "pending": {"permissions": 1, "questions": 0}},
        });
        prop_assert_eq!(without_nulls(through::<Session>(object.clone())), object);
    }
}
