//! What every command says in the situations that all of them meet.

use std::collections::BTreeSet;

use crate::cluster::{Cluster, kubeconfig};
use crate::hostile::{self, CONVERSATION_LINES, object_lines};
use crate::leaves::cluster_lines;
use crate::program::Program;
use crate::story::Story;

/// Each line once, without those that wait for what may come.
fn lines() -> Vec<Vec<String>> {
    let mut seen = BTreeSet::new();
    let waits = |line: &[String]| line.iter().any(|word| word == "-w" || word == "-f");
    cluster_lines().into_iter().filter(|line| !waits(line) && seen.insert(line.clone())).collect()
}

fn tell(program: &Program, lines: &[Vec<String>], name: &str) {
    let mut story = Story::default();
    for line in lines {
        story.tell(&program.run(&line.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    story.is_as_in(name);
}

#[test]
fn of_what_is_not_there() {
    tell(&Cluster::start().program(), &lines(), "nothing-there");
}

#[test]
fn without_the_platform() {
    tell(&Cluster::without_definitions(None).program(), &lines(), "no-platform");
}

#[test]
fn without_a_cluster() {
    let program = Program::with_kubeconfig(&kubeconfig("http://127.0.0.1:1", "default"));
    tell(&program, &lines(), "no-cluster");
}

#[test]
fn of_objects() {
    tell(&hostile::objects("some words").program(), &object_lines(), "objects");
}

#[test]
fn of_conversations() {
    let (_server, cluster) = hostile::conversations("some words");
    let program = hostile::conversing(&cluster, "some words");
    let lines: Vec<_> =
        CONVERSATION_LINES.iter().map(|(_, line)| line.iter().map(ToString::to_string).collect()).collect();
    tell(&program, &lines, "conversations");
}
