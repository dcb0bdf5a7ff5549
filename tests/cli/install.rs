//! Bringing sessions to a cluster.

use kubectl_opencode::api::kinds::SESSION;
use serde_json::json;

use crate::cluster::Cluster;
use crate::program::Program;

#[test]
fn sessions_come_to_a_cluster_and_coming_again_changes_nothing() {
    let cluster = Cluster::without_definitions(None);
    let program = cluster.program();
    program.run(&["session", "list"]).exits(3).says("kubectl opencode install");
    program.run(&["install", "--dry-run"]).exits(0).is_as_in("install-dry-run");
    program.run(&["session", "list"]).exits(3);
    program.run(&["install"]).exits(0).is_as_in("install");
    let version = |cluster: &Cluster| cluster.definition("sessions.session.kubeopencode.io")["metadata"].clone();
    let before = version(&cluster);
    program.run(&["install", "--image", "example.com/team/kubectl-opencode:1"]).exits(0).is_as_in("install-image");
    assert_eq!(version(&cluster), before);
    cluster.create(&SESSION, "first", json!({"agentRef": {"name": "dev"}}));
    program.run(&["session", "list"]).exits(0).says("");
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
            "Namespace",
            "ServiceAccount",
            "ClusterRoleBinding",
            "Role",
            "RoleBinding",
            "Deployment"
        ]
    );
    assert_eq!(documents[10]["spec"]["template"]["spec"]["containers"][0]["image"], "example.com/c:1");
}
