//! Creating several objects, trying out, replacing, doing again; templates and schedules.

use kubectl_opencode::api::kinds::{AGENT, SCHEDULE, SESSION, TASK, TEMPLATE};
use serde_json::{Value, json};

use crate::cluster::Cluster;

fn cluster() -> Cluster {
    let cluster = Cluster::start();
    cluster.create(&AGENT, "dev", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    cluster
}

fn task(name: &str) -> String {
    format!(
        "apiVersion: kubeopencode.io/v1alpha1\nkind: Task\nmetadata: {{name: {name}}}\n\
         spec: {{agentRef: {{name: dev}}, description: do {name}}}\n"
    )
}

fn names(cluster: &Cluster) -> String {
    cluster
        .program()
        .run(&["task", "list", "-o", "name"])
        .exits(0)
        .stdout
        .replace("task.kubeopencode.io/", "")
        .replace('\n', " ")
}

#[test]
fn several_documents_are_several_tasks() {
    let cluster = cluster();
    let program = cluster.program();
    let text = format!("{}---\n{}---\n", task("a"), task("b"));
    program
        .run_with(&["task", "create", "-f", "-", "--label", "team=red"], text.as_bytes())
        .exits(0)
        .prints("task.kubeopencode.io/a created\ntask.kubeopencode.io/b created\n")
        .says("");
    assert_eq!(cluster.get(&TASK, "b")["metadata"]["labels"]["team"], "red");
    // What is there already fails, and the rest is made nevertheless.
    let text = format!("{}---\n{}", task("a"), task("c"));
    let file = program.file("tasks.yaml", &text);
    program
        .run(&["task", "create", "-f", file.to_str().unwrap()])
        .exits(6)
        .prints("task.kubeopencode.io/c created\n")
        .says("task \"a\" in namespace \"default\" exists already");
    let list = json!({"apiVersion": "v1", "kind": "List", "items": [
        {"apiVersion": TASK.api_version(), "kind": "Task", "metadata": {"name": "d"}, "spec": {"description": "x"}},
        {"apiVersion": TASK.api_version(), "kind": "Task", "metadata": {"name": "e"}, "spec": {"description": "x"}}]});
    let seen = program.run_with(&["task", "create", "-f", "-", "-o", "json"], list.to_string().as_bytes()).exits(0);
    let list: Value = serde_json::from_str(&seen.stdout).unwrap();
    assert_eq!(
        (list["kind"].as_str(), list["items"][1]["spec"]["agentRef"]["name"].as_str()),
        (Some("List"), Some("dev"))
    );
    program.run(&["run", "-f", file.to_str().unwrap()]).exits(2).says("holds 2 objects");
    program.run(&["task", "create", "-f", file.to_str().unwrap(), "--name", "x"]).exits(2).says("holds 2 objects");
    assert_eq!(names(&cluster), "a b c d e ");
    program.run(&["task", "delete", "-f", file.to_str().unwrap(), "-o", "name", "--wait=false"]).exits(0);
    assert_eq!(names(&cluster), "b d e ");
}

#[test]
fn one_wrong_document_and_nothing_is_made() {
    let cluster = cluster();
    let wrong =
        "apiVersion: kubeopencode.io/v1alpha1\nkind: Task\nmetadata: {name: b}\nspec: {agentRef: {name: dev}}\n";
    let text = format!("{}---\n{wrong}", task("a"));
    cluster.program().run_with(&["task", "create", "-f", "-"], text.as_bytes()).exits(7).says("task/b");
    assert_eq!(names(&cluster), "");
}

#[test]
fn what_is_tried_out_leaves_nothing() {
    let cluster = cluster();
    let program = cluster.program();
    let create = |words: &[&str]| program.run(&[&["task", "create", "hi", "--name", "t", "-a", "dev"], words].concat());
    create(&["--dry-run=client"]).exits(0).prints("task.kubeopencode.io/t created (dry run)\n");
    create(&["--dry-run=server"]).exits(0).prints("task.kubeopencode.io/t created (server dry run)\n");
    let yaml = create(&["--dry-run=client", "-o", "yaml"]).exits(0).stdout;
    assert!(yaml.contains("description: hi") && !yaml.contains("uid"), "{yaml}");
    let stored: Value = serde_json::from_str(&create(&["--dry-run=server", "-o", "json"]).exits(0).stdout).unwrap();
    assert!(stored["metadata"]["uid"].is_string(), "{stored}");
    create(&["--dry-run=maybe"]).exits(2).says("--dry-run");
    program.run(&["run", "hi", "-a", "dev", "--dry-run=server", "-o", "name"]).exits(0);
    program
        .run(&["session", "create", "s", "-a", "dev", "--dry-run=server"])
        .exits(0)
        .prints("session.session.kubeopencode.io/s created (server dry run)\n");
    program
        .run(&["agent", "create", "x", "--dry-run=client"])
        .exits(0)
        .prints("agent.kubeopencode.io/x created (dry run)\n");
    assert_eq!(names(&cluster), "");
    cluster.create(&SESSION, "there", json!({"agentRef": {"name": "dev"}}));
    for (dry_run, remark) in [("client", "dry run"), ("server", "server dry run")] {
        program
            .run(&["session", "restart", "there", &format!("--dry-run={dry_run}")])
            .exits(0)
            .prints(&format!("session.session.kubeopencode.io/there restarted ({remark})\n"));
    }
    assert_eq!(cluster.get(&SESSION, "there")["spec"].get("suspend"), None);
    program.run(&["session", "restart", "gone", "--dry-run"]).exits(3);
    // Without the API server: what is named is not looked up.
    let nowhere = crate::program::Program::with_kubeconfig(&crate::cluster::kubeconfig("http://127.0.0.1:1", "team"));
    let yaml = nowhere.run(&["task", "create", "hi", "--name", "t", "-a", "dev", "--dry-run=client", "-o", "yaml"]);
    assert!(yaml.exits(0).stdout.contains("namespace: team"));
}

#[test]
fn one_takes_the_place_of_another() {
    let cluster = cluster();
    let program = cluster.program();
    program.run(&["task", "create", "old", "--name", "t", "-a", "dev"]).exits(0);
    let before = cluster.get(&TASK, "t");
    program.run(&["task", "create", "new", "--name", "t", "-a", "dev", "--replace"]).exits(0);
    let after = cluster.get(&TASK, "t");
    assert_eq!(after["spec"]["description"], "new");
    assert_ne!(before["metadata"]["uid"], after["metadata"]["uid"]);
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}}));
    cluster.status(&SESSION, "s", &json!({"phase": "Running", "activity": "Busy"}));
    program.run(&["session", "create", "s", "-a", "dev", "--replace"]).exits(6).says("in the middle of a turn");
    for (kind, words) in [
        (&AGENT, &["agent", "create", "other", "--profile", "new"][..]),
        (&TEMPLATE, &["template", "create", "other", "--image", "new"]),
        (&SCHEDULE, &["schedule", "create", "other", "new", "--schedule", "0 3 * * *", "-a", "dev"]),
    ] {
        program.run(words).exits(0);
        let before = cluster.get(kind, "other")["metadata"]["uid"].clone();
        program.run(words).exits(6).says("\"other\" in namespace \"default\" exists already");
        program.run(&[words, &["--replace", "--labels", "team=red,cost=low"]].concat()).exits(0);
        let after = cluster.get(kind, "other");
        assert_ne!(after["metadata"]["uid"], before);
        assert_eq!(after["metadata"]["labels"], json!({"team": "red", "cost": "low"}));
    }
}

#[test]
fn a_task_is_done_again() {
    let cluster = cluster();
    let program = cluster.program();
    program
        .run(&["task", "create", "hi", "--name", "t", "-a", "dev", "--label", "team=red", "--timeout", "5m"])
        .exits(0);
    program.run(&["task", "retry", "t"]).exits(6).says("has not ended").says("kubectl opencode task stop t");
    cluster.status(&TASK, "t", &json!({"phase": "Failed"}));
    let name = program.run(&["task", "retry", "t", "-o", "name"]).exits(0).stdout;
    let name = name.trim().strip_prefix("task.kubeopencode.io/").unwrap().to_owned();
    let (old, new) = (cluster.get(&TASK, "t"), cluster.get(&TASK, &name));
    assert_eq!(new["spec"], old["spec"]);
    assert_eq!(new["metadata"]["labels"], json!({"team": "red"}));
    assert_eq!(new["metadata"]["annotations"]["session.kubeopencode.io/retry-of"], "t");
    program.run(&["task", "retry", "t", "--replace"]).exits(0).prints("task.kubeopencode.io/t created\n");
    assert!(cluster.get(&TASK, "t").get("status").is_none());
    let words = ["task", "retry", &name, "--replace", "--wait", "--timeout", "60s"];
    cluster.status(&TASK, &name, &json!({"phase": "Completed"}));
    let child = program.start(&words);
    cluster.until_new(&TASK, &name, &new["metadata"]["uid"]);
    cluster.status(&TASK, &name, &json!({"phase": "Failed"}));
    program.end(child, &words).exits(1).says("failed");
}

#[test]
fn deleting_by_age_and_number_is_for_what_ended() {
    let cluster = cluster();
    let program = cluster.program();
    for (name, hour) in [("a", "01"), ("b", "02"), ("c", "03"), ("d", "04")] {
        cluster.create(&TASK, name, json!({"agentRef": {"name": "dev"}, "description": "x"}));
        cluster.status(
            &TASK,
            name,
            &json!({"phase": "Completed", "completionTime": format!("2020-01-01T{hour}:00:00Z")}),
        );
    }
    cluster.create(&TASK, "young", json!({"agentRef": {"name": "dev"}, "description": "x"}));
    cluster.status(&TASK, "young", &json!({"phase": "Running"}));
    let seen = program.run(&["task", "delete", "--keep", "3", "--dry-run=client"]).exits(0);
    assert_eq!(seen.stdout, "task.kubeopencode.io \"a\" deleted from default namespace (dry run)\n");
    program.run(&["task", "delete", "--keep", "3"]).exits(2).says("has to be confirmed").says("--yes");
    program.run(&["task", "delete", "--all"]).exits(2).says("delete 5 tasks: a, b, c, d, young").says("--yes");
    assert_eq!(names(&cluster), "a b c d young ");
    program.run(&["task", "delete", "--keep", "3", "-y", "-o", "name"]).exits(0).prints("task.kubeopencode.io/a\n");
    program.run(&["task", "delete", "--older-than", "1h", "--keep", "1", "-y"]).exits(0);
    assert_eq!(names(&cluster), "d young ");
    program.run(&["task", "delete", "--older-than", "1h", "-y"]).exits(0);
    program
        .run(&["task", "delete", "--older-than", "0s", "-y"])
        .exits(0)
        .says("No resources found in default namespace.");
    assert_eq!(names(&cluster), "young ");
    program.run(&["agent", "delete", "--older-than", "1h", "-y"]).exits(0).prints("");
    program.run(&["task", "delete", "--field-selector", "metadata.name=young", "-y"]).exits(0);
    assert_eq!(names(&cluster), "");
}

#[test]
fn templates_and_schedules_are_nouns() {
    let cluster = cluster();
    let program = cluster.program();
    program
        .run(&["template", "create", "t", "--image", "img", "--config", "{}", "--label", "a=b"])
        .exits(0)
        .prints("agenttemplate.kubeopencode.io/t created\n");
    let spec = cluster.get(&TEMPLATE, "t")["spec"].clone();
    assert_eq!((spec["executorImage"].as_str(), spec["workspaceDir"].as_str()), (Some("img"), Some("/workspace")));
    program.run(&["agt", "ls", "-o", "name"]).exits(0).prints("agenttemplate.kubeopencode.io/t\n");
    program
        .run(&["template", "get", "nobody"])
        .exits(3)
        .says("template \"nobody\" in namespace \"default\" does not exist");
    program.run(&["template", "delete", "--all", "--yes"]).exits(2).says("say --kind agent, or --kind session");
    assert!(program.run(&["template", "describe", "t"]).exits(0).stdout.contains("Name:"));

    program
        .run(&[
            "schedule",
            "create",
            "nightly",
            "tidy up",
            "--schedule",
            "0 3 * * *",
            "-a",
            "dev",
            "--time-zone",
            "Europe/Berlin",
        ])
        .exits(0)
        .prints("crontask.kubeopencode.io/nightly created\n");
    let spec = cluster.get(&SCHEDULE, "nightly")["spec"].clone();
    assert_eq!(spec["taskTemplate"]["spec"], json!({"description": "tidy up", "agentRef": {"name": "dev"}}));
    program.run(&["schedule", "create", "x", "y", "--schedule", "sometimes", "-a", "dev"]).exits(7).says("five fields");
    program.run(&["ct", "suspend", "nightly"]).exits(0).prints("crontask.kubeopencode.io/nightly suspended\n");
    assert_eq!(cluster.get(&SCHEDULE, "nightly")["spec"]["suspend"], true);
    program.run(&["schedule", "resume", "--all"]).exits(0).prints("crontask.kubeopencode.io/nightly resumed\n");
    assert_eq!(cluster.get(&SCHEDULE, "nightly")["spec"]["suspend"], false);
    program.run(&["schedule", "trigger", "nightly"]).exits(0).prints("crontask.kubeopencode.io/nightly triggered\n");
    assert_eq!(cluster.get(&SCHEDULE, "nightly")["metadata"]["annotations"]["kubeopencode.io/trigger"], "true");
    cluster.create(&TASK, "nightly-1", json!({"agentRef": {"name": "dev"}, "description": "x"}));
    cluster.create(&TASK, "another", json!({"agentRef": {"name": "dev"}, "description": "x"}));
    cluster.label(&TASK, "nightly-1", &json!({"kubeopencode.io/crontask": "nightly"}));
    program.run(&["schedule", "runs", "nightly", "-o", "name"]).exits(0).prints("task.kubeopencode.io/nightly-1\n");
    program.run(&["schedule", "delete", "nightly"]).exits(0);
    program.run(&["schedule", "list"]).exits(0).prints("").says("No resources found in default namespace.");
}
