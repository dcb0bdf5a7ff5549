//! The table of session templates. To the API server they are `ConfigMap`s, of which its own table tells how many keys they
//! have; a person wants to know what they set.

use jiff::Timestamp;
use serde_json::Value;

use super::chunk::{Chunk, Column, Include, Row};
use crate::api::kinds::{Kind, SESSION_TEMPLATE};
use crate::commands::settings::{Layer, Setting, TEMPLATE_FILE, shown};
use crate::output::age;

/// The agent is `template/NAME` where each session gets one of its own; `Sets` names what else a template says.
const COLUMNS: [&str; 5] = ["Name", "Agent", "Model", "Sets", "Age"];

/// What has to come beside the cells to show this kind.
pub fn include(kind: &Kind, wanted: Include) -> Include {
    if *kind == SESSION_TEMPLATE { Include::Objects } else { wanted }
}

/// Puts our columns in the place of the server's, for the kind that needs it.
pub fn shape(kind: &Kind, chunk: &mut Chunk, now: Timestamp) {
    if *kind == SESSION_TEMPLATE {
        chunk.columns = COLUMNS.map(|name| Column { name: name.to_owned(), ..Column::default() }).into();
        chunk.rows.iter_mut().for_each(|row| row.cells = cells(row, now).map(Value::from).into());
    }
}

fn cells(row: &Row, now: Timestamp) -> [String; 5] {
    let metadata = &row.object.metadata;
    let text = row.object.data.get(TEMPLATE_FILE).map(String::as_str).unwrap_or_default();
    let made = age(metadata.creation_timestamp, now);
    let Ok(Layer { values, .. }) = Layer::of_template(text, &metadata.name) else {
        return [metadata.name.clone(), String::new(), String::new(), "<invalid>".to_owned(), made];
    };
    let value = |key: &str| {
        let found = Setting::named(key).zip(values.get(key));
        found.map(|(setting, value)| shown(setting, value))
    };
    let dedicated = value("agent-template").map(|template| format!("template/{template}"));
    let agent = value("agent").or(dedicated).unwrap_or_default();
    let told = ["agent", "agent-template", "model"];
    let others: Vec<_> = values.keys().map(String::as_str).filter(|key| !told.contains(key)).collect();
    [metadata.name.clone(), agent, value("model").unwrap_or_default(), others.join(","), made]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::kinds::TASK;
    use serde_json::json;

    fn shaped(kind: &Kind, text: &str) -> Vec<Value> {
        let row = json!({"cells": ["fix", 1, "5d"], "object": {"data": {"session.yaml": text},
            "metadata": {"name": "fix", "creationTimestamp": "2026-01-01T00:00:00Z"}}});
        let table = json!({"kind": "Table", "columnDefinitions": [{"name": "Name"}, {"name": "Data"}, {"name": "Age"}], "rows": [row]});
        let now = "2026-01-01T00:01:00Z".parse().unwrap();
        let mut chunk = Chunk::parse(&table.to_string(), now).unwrap();
        shape(kind, &mut chunk, now);
        assert_eq!(chunk.columns.len(), chunk.rows[0].cells.len());
        chunk.rows.remove(0).cells
    }

    #[test]
    fn a_template_tells_what_it_sets() {
        let text =
            "metadata: {labels: {team: red}}\nspec: {agentRef: {name: dev}, model: p/m, timeout: 1h, prompt: hi}\n";
        assert_eq!(shaped(&SESSION_TEMPLATE, text), ["fix", "dev", "p/m", "labels.team,prompt,timeout", "60s"]);
        let dedicated = "spec: {templateRef: {name: big}}";
        assert_eq!(shaped(&SESSION_TEMPLATE, dedicated), ["fix", "template/big", "", "", "60s"]);
        assert_eq!(shaped(&SESSION_TEMPLATE, "spec: 1")[3], "<invalid>");
        assert_eq!(shaped(&TASK, text), [json!("fix"), json!(1), json!("5d")]);
    }
}
