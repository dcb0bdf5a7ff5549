//! `attach` for a user who may run commands in Pods and not forward their ports.

use serde_json::json;

use crate::cluster::Cluster;
use crate::person::Person;

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_comes_through_a_command_in_the_pod() {
    let cluster = Cluster::start().await;
    let rules = json!([
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]},
        {"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["get", "create"]},
    ]);
    cluster.grant("jane", rules).await;
    let words = ["--as", "jane", "attach", "agent/dev", "--shell"];
    let mut person = Person::run(&cluster, &words);
    person.types("stty size; kept=$((1000+1)); echo first=$kept\r").await;
    person.sees("first=1001").await;
    person.sees("30 100").await;
    person.resizes(41, 120);
    person.types("until [ \"$(stty size)\" = '41 120' ]; do read -t 0.05; done; echo re''sized\r").await;
    person.sees("resized").await;
    // More than any buffer on the way holds.
    person.types("seq 1 60000; echo fl''ooded\r").await;
    person.sees("flooded").await;
    let seen = String::from_utf8_lossy(&person.seen).into_owned();
    assert!(seen.contains("59998\r\n59999\r\n60000\r\nflooded"), "whole and in order");
    person.types("\x1dd").await;
    assert_eq!(person.ends().await.code(), Some(0));
    let mut person = Person::run(&cluster, &words);
    person.types("echo again=$kept; exit 7\r").await;
    person.sees("again=1001").await;
    assert_eq!(person.ends().await.code(), Some(7));
}
