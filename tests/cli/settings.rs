//! Settings in layers: where they are said, which one wins, and who may not read them.

use std::os::unix::fs::PermissionsExt as _;

use kubectl_opencode::api::kinds::{AGENT, SCHEDULE, SESSION, TASK, TEMPLATE};
use serde_json::{Value, json};

use crate::cluster::{Cluster, kubeconfig};
use crate::describe::steady;
use crate::program::Program;

fn cluster() -> Cluster {
    let cluster = Cluster::start();
    for name in ["dev", "other"] {
        cluster.create(&AGENT, name, json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    }
    cluster
}

fn defaults(cluster: &Cluster, text: &str) {
    cluster.config_map("kubectl-opencode", &json!({}), "config.yaml", text);
}

fn spec(cluster: &Cluster, name: &str) -> Value {
    cluster.get(&SESSION, name)["spec"].clone()
}

#[test]
fn settings_of_several_places_become_one_and_each_tells_its_origin() {
    let cluster = cluster();
    defaults(
        &cluster,
        "agent: other\nmodel: of/namespace\nmode: plan\ntimeout: 2h\nlabels: {team: red, cost: low}\nrepos: [https://e.com/a]\n",
    );
    let program = cluster.program().with("KUBECTL_OPENCODE_MODEL", "of/environment");
    for (setting, value) in [
        ("agent", "dev"),
        ("labels.team", "blue"),
        ("labels.who", "jane"),
        ("repos", "https://e.com/b@main,https://e.com/c"),
        ("idle-timeout", "30m"),
        ("ttl", "60"),
    ] {
        program.run(&["config", "set", setting, value]).exits(0);
    }
    program.run(&["config", "view"]).exits(0).is_as_in("config-view");
    program.run(&["config", "resolve"]).exits(0).is_as_in("config-resolve");
    let json: Value =
        serde_json::from_str(&program.run(&["config", "resolve", "model", "labels", "-o", "json"]).exits(0).stdout)
            .unwrap();
    assert_eq!(
        json["settings"][0],
        json!({"setting": "model", "value": "of/environment", "layer": "environment", "origin": "KUBECTL_OPENCODE_MODEL"})
    );
    assert_eq!(json["settings"].as_array().unwrap().len(), 4);
    assert_eq!(json["layers"].as_array().unwrap().iter().filter(|layer| layer["read"] == true).count(), 5);

    program.run(&["session", "create", "s", "--mode", "build", "--label", "team=green"]).exits(0);
    let session = cluster.get(&SESSION, "s");
    assert_eq!(session["metadata"]["labels"], json!({"team": "green", "cost": "low", "who": "jane"}));
    assert_eq!(
        session["spec"],
        json!({"agentRef": {"name": "other"}, "model": "of/environment", "mode": "build", "timeout": "2h0m0s",
            "idleTimeout": "30m0s", "ttlSecondsAfterFinished": 60, "repos": [{"url": "https://e.com/a"}],
            "deletionPolicy": "Delete", "startDeadlineSeconds": 300})
    );
    program.run(&["task", "create", "hi", "--name", "t", "--timeout", "5m"]).exits(0);
    let task = cluster.get(&TASK, "t");
    assert_eq!(task["spec"], json!({"agentRef": {"name": "other"}, "description": "hi", "timeout": "5m0s"}));
    assert_eq!(task["metadata"]["labels"]["team"], "red");
    program.run(&["schedule", "create", "nightly", "hi", "--schedule", "0 3 * * *", "--label", "is=mine"]).exits(0);
    let schedule = cluster.get(&SCHEDULE, "nightly");
    assert_eq!(schedule["metadata"]["labels"], json!({"is": "mine"}));
    assert_eq!(
        schedule["spec"]["taskTemplate"],
        json!({"metadata": {"labels": {"team": "red", "cost": "low", "who": "jane"}},
            "spec": {"agentRef": {"name": "other"}, "description": "hi", "timeout": "2h0m0s"}})
    );
    // What is taken away in a higher place is not there.
    defaults(&cluster, "model: null\nlabels: null\n");
    program.run(&["session", "create", "plain"]).exits(0);
    assert_eq!(spec(&cluster, "plain")["agentRef"], json!({"name": "dev"}));
    assert_eq!(cluster.get(&SESSION, "plain")["metadata"].get("labels"), None);
}

#[test]
fn a_schedule_of_a_manifest_gets_an_agent_and_nothing_else() {
    let cluster = cluster();
    defaults(&cluster, "agent: other\ntimeout: 2h\nlabels: {team: red}\n");
    let program = cluster.program();
    let schedule = |name: &str, agent: &str| {
        format!(
            "apiVersion: kubeopencode.io/v1alpha1\nkind: CronTask\nmetadata: {{name: {name}}}\n\
             spec: {{schedule: '0 3 * * *', taskTemplate: {{spec: {{description: hi{agent}}}}}}}\n"
        )
    };
    program.file("s.yaml", format!("{}---\n{}", schedule("a", ""), schedule("b", ", agentRef: {name: dev}")));
    program.run(&["schedule", "create", "-f", "s.yaml"]).exits(0);
    let made = |name: &str| cluster.get(&SCHEDULE, name)["spec"]["taskTemplate"].clone();
    assert_eq!(made("a"), json!({"spec": {"agentRef": {"name": "other"}, "description": "hi"}}));
    assert_eq!(made("b"), json!({"spec": {"agentRef": {"name": "dev"}, "description": "hi"}}));
    program.file("broken.yaml", schedule("c", "").replace("{spec: {description: hi}}", "5"));
    program.run(&["schedule", "create", "-f", "broken.yaml"]).exits(7).says("spec.taskTemplate: 5 is no map");
    defaults(&cluster, "agent: gone\n");
    program
        .run(&["schedule", "create", "d", "hi", "--schedule", "0 3 * * *"])
        .exits(3)
        .says("configmap kubectl-opencode of namespace default names it");
}

#[test]
fn an_imported_conversation_asks_the_settings_for_its_agent() {
    let cluster = cluster();
    defaults(&cluster, "agent: gone\n");
    let program = cluster.program();
    program.file("export.json", r#"{"info": {"id": "ses_1", "title": "x"}, "messages": []}"#);
    program
        .run(&["session", "import", "export.json"])
        .exits(3)
        .says("agent \"gone\" in namespace \"default\" does not exist")
        .says("configmap kubectl-opencode of namespace default names it");
    program.run(&["session", "import", "export.json", "-a", "dev"]).says("dev");
}

#[test]
fn your_file_is_changed_setting_by_setting() {
    let program = Program::new();
    program.run(&["config", "view"]).exits(0).prints("").says("config set");
    program.run(&["config", "set", "labels.team", "red"]).exits(0);
    program.run(&["config", "set", "labels", "a=b,team=blue"]).exits(0);
    program.run(&["config", "set", "labels.team", "blue"]).exits(0).says("nothing is changed");
    program.run(&["config", "unset", "labels.a"]).exits(0);
    program
        .run(&["config", "view", "-o", "json"])
        .exits(0)
        .prints("{\n    \"labels\": {\n        \"team\": \"blue\"\n    }\n}\n");
    program.run(&["config", "unset", "labels.team"]).exits(0);
    program.run(&["config", "unset", "labels.team"]).exits(0).says("nothing is changed");
    program.run(&["config", "view"]).exits(0).prints("");
    program.run(&["config", "set", "modle", "a/b"]).exits(2).is_as_in("config-unknown");
    program.run(&["config", "set", "model", "sonnet"]).exits(2).is_as_in("config-invalid");
    program.run(&["config", "set", "title", "x"]).exits(2).says("no setting \"title\"");
    program.run(&["config", "set", "agent", "dev"]).exits(0);
    program.run(&["config", "set", "agent-template", "t"]).exits(7).says("only one of agentRef or templateRef");
    program.run(&["config", "view"]).exits(0).prints("agent: dev\n");
    let file = program.file(".config/kubectl-opencode/config.yaml", "agnet: dev\n");
    program.run(&["task", "create", "hi"]).exits(7).says("there is no setting \"agnet\"").says("did you mean agent?");
    std::fs::remove_file(&file).unwrap();
    program.run(&["config", "set", "detach-keys", "ctrl-p,q"]).exits(0);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    // A file that is a link stays one.
    let real = program.file("real.yaml", "");
    std::fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink(&real, &file).unwrap();
    program.run(&["config", "set", "agent", "dev"]).exits(0);
    assert!(file.is_symlink());
    assert_eq!(std::fs::read_to_string(&real).unwrap(), "agent: dev\n");
}

#[test]
fn a_namespace_that_says_nothing_or_nonsense() {
    let cluster = cluster();
    let program = cluster.program();
    defaults(&cluster, "agent: dev\n");
    // Who may not read it goes without.
    let rules = |configmaps: &[&str]| {
        json!([
            {"apiGroups": ["kubeopencode.io"], "resources": ["agents", "tasks"], "verbs": ["get", "list", "create"]},
            {"apiGroups": [""], "resources": ["configmaps"], "verbs": configmaps},
        ])
    };
    cluster.grant("jane", &rules(&[]));
    cluster.grant("jill", &rules(&["get"]));
    let create = |user: &str, name: &str| program.run(&["--as", user, "task", "create", "hi", "--name", name]);
    create("jane", "a").exits(2).says("there are several agents");
    create("jill", "a").exits(0);
    assert_eq!(cluster.get(&TASK, "a")["spec"]["agentRef"]["name"], "dev");
    program.run(&["--as", "jane", "task", "create", "hi", "-a", "dev", "--name", "b"]).exits(0);
    program
        .run(&["--as", "jane", "-v", "task", "create", "hi", "-a", "dev"])
        .exits(0)
        .says("defaults of the namespace are not read");
    program.run(&["--as", "jane", "config", "resolve", "agent"]).exits(0).is_as_in("config-resolve-forbidden");
    // Nonsense is told, with its place.
    for (text, told) in [("agnet: dev", "did you mean agent?"), ("on-permission: allow", "for each person to say")] {
        defaults(&cluster, text);
        create("jill", "c").exits(7).says("configmap kubectl-opencode of namespace default").says(told);
    }
    defaults(&cluster, "agent: gone\n");
    create("jill", "c")
        .exits(3)
        .says("agent \"gone\" in")
        .says("configmap kubectl-opencode of namespace default names it");
    // Nothing of it concerns what only shows.
    program.run(&["task", "list"]).exits(0);
    // A cluster that is away is left out where nothing is sent.
    let away =
        Program::with_kubeconfig(&kubeconfig("http://127.0.0.1:1", "team")).with("KUBECTL_OPENCODE_AGENT", "dev");
    away.run(&["config", "resolve", "agent"]).exits(0).says("configmap kubectl-opencode of namespace team is not read");
    away.run(&["task", "create", "hi", "--dry-run=client"]).exits(0);
}

#[test]
fn a_manifest_says_everything_by_itself_but_its_agent() {
    let cluster = cluster();
    let program = cluster.program();
    defaults(&cluster, "agent: dev\nmodel: a/b\ntimeout: 5m\nlabels: {team: red}\n");
    let manifest =
        "apiVersion: session.kubeopencode.io/v1alpha1\nkind: Session\nmetadata: {name: s}\nspec: {title: x}\n";
    program.run_with(&["session", "create", "-f", "-"], manifest.as_bytes()).exits(0);
    let session = cluster.get(&SESSION, "s");
    assert_eq!(session["metadata"].get("labels"), None);
    assert_eq!((&session["spec"]["agentRef"]["name"], session["spec"].get("model")), (&json!("dev"), None));
    let words = ["session", "create", "-f", "-", "--template", "t"];
    program.run_with(&words, manifest.as_bytes()).exits(2).says("--agent-template");
}

#[test]
fn the_template_of_an_agent_is_told_from_that_of_a_session() {
    let cluster = cluster();
    let program = cluster.program();
    cluster.create(&TEMPLATE, "big", json!({"workspaceDir": "/w", "serviceAccountName": "sa"}));
    program.run(&["session", "create", "a", "--agent-template", "big"]).exits(0);
    program.run(&["session", "create", "b", "--template", "big"]).exits(0).says("write --agent-template big");
    program.run(&["session", "create", "c", "--dedicated"]).exits(0);
    for name in ["a", "b", "c"] {
        assert_eq!(spec(&cluster, name)["templateRef"], json!({"name": "big"}), "{name}");
    }
    program.run(&["session", "create", "d", "--template", "none"]).exits(3).is_as_in("template-unknown");
    // The flag decides against an agent that a lower place names.
    defaults(&cluster, "agent: dev\n");
    program.run(&["session", "create", "d", "--dedicated"]).exits(0);
    assert_eq!(spec(&cluster, "d").get("agentRef"), None);
}

const REVIEW: &str = "metadata:\n  labels: {team: red}\n  annotations: {a: b}\nspec:\n  title: Review\n  mode: plan\n  model: of/template\n";

#[test]
fn a_session_begins_with_its_template() {
    let cluster = cluster();
    let program = cluster.program();
    program
        .run(&[
            "template",
            "create",
            "session",
            "review",
            "--mode",
            "plan",
            "--model",
            "of/template",
            "--label",
            "team=red",
        ])
        .exits(0)
        .prints("configmap/review created\n")
        .says("session create --template review");
    let listed = program.run(&["template", "list"]).exits(0).stdout;
    let row: Vec<_> = listed.lines().nth(1).unwrap_or_default().split_whitespace().take(3).collect();
    assert!(listed.starts_with("NAME               AGENT   MODEL         SETS               AGE\n"), "{listed}");
    assert_eq!(row, ["configmap/review", "of/template", "labels.team,mode"], "{listed}");
    defaults(&cluster, "agent: dev\nmodel: of/namespace\ntimeout: 1h\nlabels: {team: blue, cost: low}\n");
    program.run(&["session", "create", "a", "--template", "review", "--mode", "build"]).exits(0);
    let session = cluster.get(&SESSION, "a");
    assert_eq!(session["metadata"]["labels"], json!({"team": "red", "cost": "low"}));
    let spec = |name| spec(&cluster, name);
    assert_eq!(
        (&spec("a")["model"], &spec("a")["mode"], &spec("a")["timeout"]),
        (&json!("of/template"), &json!("build"), &json!("1h0m0s"))
    );
    // One that is there is the model of others; what it was about, and what any session is, is left out.
    program.run(&["session", "set", "a", "--title", "About this", "--ttl", "60"]).exits(0);
    program.run(&["template", "create", "session", "like-a", "--from", "a", "-a", "other", "-p", "Go on"]).exits(0);
    steady(program.run(&["template", "describe", "like-a"])).exits(0).is_as_in("template-describe");
    // A default template is one of the settings.
    program.run(&["config", "set", "template", "like-a"]).exits(0);
    program.run(&["session", "create", "b"]).exits(0);
    assert_eq!((&spec("b")["agentRef"]["name"], &spec("b")["prompt"]), (&json!("other"), &json!("Go on")));
    program.run(&["config", "set", "template", "gone"]).exits(0);
    program
        .run(&["session", "create", "c"])
        .exits(3)
        .says("session template \"gone\" in namespace \"default\" does not exist")
        .says("config.yaml names it");
    program.run(&["session", "create", "c", "--template", "review", "-o", "name"]).exits(0);
    let json: Value = serde_json::from_str(
        &program.run(&["config", "resolve", "mode", "--template", "review", "-o", "json"]).exits(0).stdout,
    )
    .unwrap();
    assert_eq!((&json["settings"][0]["layer"], &json["settings"][0]["value"]), (&json!("template"), &json!("plan")));
}

#[test]
fn templates_of_both_kinds_are_one_noun() {
    let cluster = cluster();
    let program = cluster.program();
    let label = json!({"session.kubeopencode.io/template": "session"});
    cluster.config_map("review", &label, "session.yaml", REVIEW);
    cluster.config_map("somebodys", &json!({}), "session.yaml", REVIEW);
    program.run(&["template", "create", "big"]).exits(0);
    program.run(&["template", "create", "review"]).exits(0);
    program
        .run(&["template", "list", "-o", "name"])
        .exits(0)
        .prints("agenttemplate.kubeopencode.io/big\nagenttemplate.kubeopencode.io/review\nconfigmap/review\n");
    program.run(&["template", "list", "--kind", "session", "-o", "name"]).exits(0).prints("configmap/review\n");
    program.run(&["get", "sessiontemplates", "-o", "name"]).exits(0).prints("configmap/review\n");
    let table = program.run(&["template", "list"]).exits(0).stdout;
    assert!(table.contains("agenttemplate.kubeopencode.io/big") && table.contains("\nconfigmap/review"), "{table}");
    assert!(!table.contains("somebodys"), "{table}");
    program.run(&["template", "list", "-w"]).exits(2).says("--kind agent");
    program.run(&["template", "get", "big", "-o", "name"]).exits(0).prints("agenttemplate.kubeopencode.io/big\n");
    program.run(&["template", "get", "somebodys", "--kind", "session"]).exits(3).says("is no template");
    program.run(&["template", "get", "somebodys", "--kind", "session", "-o", "json"]).exits(3).says("is no template");
    // Both kinds have this name.
    assert_eq!(
        program
            .run(&["template", "get", "review", "--no-headers"])
            .exits(0)
            .stdout
            .lines()
            .filter(|line| line.contains("review"))
            .count(),
        2
    );
    program.run(&["template", "delete", "review"]).exits(6).says("a template of agents and one of sessions");
    program
        .run(&["template", "delete", "review", "--kind", "session"])
        .exits(0)
        .prints("configmap \"review\" deleted from default namespace\n");
    program.run(&["template", "delete", "review", "big"]).exits(0);
    // Whoever else has a configmap keeps it.
    program.run(&["template", "delete", "somebodys", "--kind", "session"]).exits(3).says("is no template");
    program
        .run(&["template", "create", "session", "somebodys", "--mode", "plan", "--replace"])
        .exits(3)
        .says("is no template");
    program.run(&["template", "create", "session", "somebodys", "--mode", "plan"]).exits(6).says("exists already");
    // Who may not list them sees the others.
    cluster.grant(
        "jane",
        &json!([{"apiGroups": ["kubeopencode.io"], "resources": ["agenttemplates"], "verbs": ["list"]}]),
    );
    program.run(&["--as", "jane", "template", "list"]).exits(0).says("configmaps are left out");
    program.run(&["--as", "jane", "template", "list", "--kind", "session"]).exits(4).says("list configmaps");
}

#[test]
fn a_template_that_makes_no_session_is_refused_or_told() {
    let cluster = cluster();
    let program = cluster.program();
    let create = |words: &[&str]| program.run(&[&["template", "create", "session", "t"], words].concat());
    create(&["--model", "sonnet"]).exits(7).says("spec.model");
    create(&["--label", "a=not a label"]).exits(7).says("no session could be made of the template");
    let manifest = "apiVersion: session.kubeopencode.io/v1alpha1\nkind: Session\nmetadata: {annotations: {a: b}}\n\
                    spec: {workflow: {gitUrl: https://e.com/a, branch: main}, prompt: hi}\n";
    program
        .run_with(&["template", "create", "session", "t", "-f", "-", "--dry-run=server"], manifest.as_bytes())
        .exits(0);
    let nested = manifest.replace("branch", "brnch");
    program.run_with(&["template", "create", "session", "t", "-f", "-"], nested.as_bytes()).exits(7).says("brnch");
    let label = json!({"session.kubeopencode.io/template": "session"});
    for (text, snapshot) in [
        ("spec: {modle: a/b}", "template-unknown-field"),
        ("spec: {timeout: soon}", "template-invalid"),
        ("spec: [", "template-no-yaml"),
    ] {
        cluster.config_map("edited", &label, "session.yaml", text);
        program.run(&["session", "create", "s", "--template", "edited"]).exits(7).is_as_in(snapshot);
    }
}
