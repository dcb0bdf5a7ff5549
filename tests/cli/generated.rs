//! Files in the repository that are made from the program are current; `SNAPSHOTS=overwrite` makes them so.

use std::collections::BTreeMap;
use std::path::Path;

use kubectl_opencode::api::kinds::TASK;
use serde_json::json;

use crate::cluster::Cluster;
use crate::program::Program;

fn files(folder: &Path, below: &str) -> BTreeMap<String, String> {
    let Ok(entries) = std::fs::read_dir(folder.join(below)) else { return BTreeMap::new() };
    let entries = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    entries
        .map(|name| format!("{below}/{name}"))
        .map(|path| {
            let text = std::fs::read_to_string(folder.join(&path)).unwrap();
            (path, text)
        })
        .collect()
}

#[test]
fn generated_files_are_current() {
    let fresh = tempfile::tempdir().unwrap();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    Program::new().run(&["__generate", fresh.path().to_str().unwrap()]).exits(0).prints("");
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        for below in ["completions", "man"] {
            let _ = std::fs::remove_dir_all(repository.join(below));
        }
        Program::new().run(&["__generate", repository.to_str().unwrap()]).exits(0);
    }
    for below in ["completions", "man"] {
        let (made, kept) = (files(fresh.path(), below), files(repository, below));
        assert!(made.len() >= 5, "{below}: {:?}", made.keys());
        let stale: Vec<_> = made.keys().chain(kept.keys()).filter(|path| made.get(*path) != kept.get(*path)).collect();
        assert!(stale.is_empty(), "stale: {stale:?}; run with SNAPSHOTS=overwrite");
    }
    let page = |folder: &Path| std::fs::read_to_string(folder.join("docs/commands.md")).unwrap_or_default();
    assert!(page(fresh.path()) == page(repository), "docs/commands.md is stale; run with SNAPSHOTS=overwrite");
}

#[test]
fn kubectl_is_told_commands_flags_and_names() {
    let cluster = Cluster::start();
    for name in ["alpha", "beta"] {
        cluster.create(&TASK, name, json!({"agentRef": {"name": "dev"}, "description": "x"}));
    }
    let program = cluster.program();
    let complete = |words: &[&str]| {
        let line: Vec<_> = ["__complete", "--"].iter().chain(words).copied().collect();
        program.run(&line).exits(0).stdout
    };
    let commands = complete(&["ta"]);
    assert!(commands.lines().any(|line| line.starts_with("task\t")), "{commands}");
    assert!(commands.ends_with(":4\n"), "{commands}");
    assert_eq!(complete(&["task", "get", "al"]), "alpha\n:4\n");
    let names = complete(&["task", "delete", ""]);
    assert!(names.contains("alpha\nbeta\n"), "{names}");
    cluster.status(&TASK, "beta", &json!({"phase": "Running", "agentRef": {"name": "dev"}}));
    assert_eq!(complete(&["-n", "default", "task", "delete", "alpha", "be"]), "beta\tRunning dev\n:4\n");
    assert_eq!(complete(&["get", "task/be"]), "task/beta\tRunning dev\n:4\n");
    assert!(complete(&["task", "list", "-n", "def"]).starts_with("default"));
    assert_eq!(complete(&["task", "list", "--context", "t"]), "test\ttest\n:4\n");
    assert!(complete(&["explain", "rb"]).starts_with("rbac\t"));
    // What goes wrong is none of a completion's business.
    let nowhere = Program::with_kubeconfig(&crate::cluster::kubeconfig("http://127.0.0.1:1", "default"));
    nowhere.run(&["__complete", "--", "task", "get", "al"]).exits(0).prints(":4\n").says("");
    assert!(complete(&["task", "list", "--no-h"]).starts_with("--no-headers"));
    assert!(!complete(&[""]).contains("__complete"));
}
