//! Bringing sessions to a cluster.

use kubectl_opencode::api::kinds::SESSION;
use serde_json::json;

use crate::cluster::Cluster;
use crate::program::Program;

#[test]
fn sessions_come_to_a_cluster_and_coming_again_changes_nothing() {
    let cluster = Cluster::without_definitions(None);
    let program = cluster.program();
    program.run(&["session", "list"]).exits(7).says("kubectl opencode install");
    program.run(&["install", "--dry-run"]).exits(0).is_as_in("install-dry-run");
    let image = ["install", "--dry-run", "--image", "example.com/team/kubectl-opencode:1"];
    program.run(&image).exits(0).is_as_in("install-dry-run-image");
    program.run(&["session", "list"]).exits(7);
    program.run(&["install"]).exits(0).is_as_in("install");
    let version = |cluster: &Cluster| cluster.definition("sessions.session.kubeopencode.io")["metadata"].clone();
    let before = version(&cluster);
    program.run(&["install", "--image", "example.com/team/kubectl-opencode:1"]).exits(0).is_as_in("install-image");
    assert_eq!(version(&cluster), before);
    cluster.create(&SESSION, "first", json!({"agentRef": {"name": "dev"}}));
    program.run(&["session", "list"]).exits(0).says("");
    // Once the namespace is there, a dry run checks what comes into it.
    let seen = program.run(&image).exits(0);
    assert!(!seen.stdout.contains("not checked"), "{seen}");
}

#[test]
fn the_built_in_roles_get_sessions() {
    let cluster = Cluster::without_definitions(None);
    let program = cluster.program();
    program.run(&["install"]).exits(0);
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}}));
    for (user, role) in [("alice", "admin"), ("eve", "edit"), ("victor", "view")] {
        cluster.bind(user, role);
        program
            .run(&["--as", user, "session", "list", "-o", "name"])
            .exits(0)
            .prints("session.session.kubeopencode.io/s\n");
    }
    program.run(&["--as", "victor", "session", "stop", "s"]).exits(4);
    program.run(&["--as", "eve", "session", "stop", "s"]).exits(0);
    program.run(&["--as", "alice", "session", "delete", "s", "--no-wait"]).exits(0);
}

#[test]
fn sessions_are_removed_before_what_their_deletion_needs() {
    let help = Program::new().run(&["install", "--help"]).exits(0).stdout;
    let at = |step: &str| help.find(step).unwrap_or_else(|| panic!("no {step} in {help}"));
    let (sessions, rest) = (
        at("kubectl delete sessions.session.kubeopencode.io --all -A"),
        at("kubectl opencode install --image IMAGE --print | kubectl delete --ignore-not-found -f -"),
    );
    assert!(sessions < rest);
}

#[test]
fn a_field_of_somebody_else_is_not_taken_over_unasked() {
    let cluster = Cluster::without_definitions(None);
    let program = cluster.program();
    program.run(&["install"]).exits(0);
    cluster.own_rules("kubectl-opencode-viewer");
    program.run(&["install"]).exits(6).is_as_in("install-conflict");
    program.run(&["install", "--force-conflicts"]).exits(0);
}

#[test]
fn what_would_be_installed_is_printed_without_a_cluster() {
    let printed = Program::new().run(&["install", "--print", "--image", "example.com/c:1"]).exits(0).stdout;
    let documents: Vec<serde_json::Value> = kubectl_opencode::output::from_yaml(&printed).unwrap();
    let kinds: Vec<_> = documents.iter().map(|document| document["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "CustomResourceDefinition",
            "ClusterRole",
            "ClusterRole",
            "ClusterRole",
            "ClusterRole",
            "ClusterRole",
            "ClusterRole",
            "Namespace",
            "ServiceAccount",
            "ClusterRoleBinding",
            "Role",
            "RoleBinding",
            "Deployment"
        ]
    );
    assert_eq!(documents[12]["spec"]["template"]["spec"]["containers"][0]["image"], "example.com/c:1");
}
