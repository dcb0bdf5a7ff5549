//! The help of every command, as it is shown.

use std::collections::BTreeSet;
use std::path::Path;

use kubectl_opencode::cli;

use crate::program::Program;
use crate::script::split;

fn paths(command: &clap::Command, above: &[String], found: &mut Vec<Vec<String>>) {
    found.push(above.to_vec());
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        let path: Vec<_> = above.iter().cloned().chain([sub.get_name().to_owned()]).collect();
        paths(sub, &path, found);
    }
}

#[test]
fn every_command_explains_itself() {
    let program = Program::new();
    let mut found = Vec::new();
    paths(&cli::command(&["kubectl-opencode".into()]), &[], &mut found);
    let mut names = BTreeSet::new();
    for path in found {
        let words: Vec<_> = path.iter().map(String::as_str).chain(["--help"]).collect();
        let seen = program.run(&words).exits(0);
        assert_eq!(seen.stderr, "", "{seen}");
        let name = if path.is_empty() { "opencode".to_owned() } else { path.join("-") };
        seen.is_as_in(&format!("help/{name}"));
        names.insert(format!("{name}.txt"));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/snapshots/help");
    let kept: BTreeSet<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let stale: Vec<_> = kept.difference(&names).collect();
    assert!(stale.is_empty(), "snapshots of commands that are no more: {stale:?}");
}

/// The help beneath a command's flags, and that of the commands below it.
fn beneath(command: &clap::Command, found: &mut Vec<(String, String)>) {
    found.extend(command.get_after_help().map(|help| (command.get_name().to_owned(), help.to_string())));
    for sub in command.get_subcommands() {
        beneath(sub, found);
    }
}

#[test]
fn every_example_can_be_typed() {
    let mut found = Vec::new();
    beneath(&cli::command(&["kubectl-opencode".into()]), &mut found);
    let mut count = 0;
    for (command, help) in found {
        let Some(examples) = help.strip_prefix("Examples:\n") else { continue };
        assert!(examples.lines().all(|line| line.len() <= 100), "{command}: longer than the help is wide");
        for line in examples.replace("\\\n", "").lines().filter(|line| !line.is_empty()) {
            let Some(line) = line.strip_prefix("  ").filter(|line| !line.starts_with("# ")) else {
                assert!(line.starts_with("  # "), "{command}: {line}");
                continue;
            };
            let typed = line.rsplit(" | ").next().unwrap();
            let words = split(typed.strip_prefix("kubectl opencode ").unwrap_or_else(|| panic!("{command}: {line}")));
            let words = ["kubectl-opencode".to_owned()].into_iter().chain(words).map(Into::into).collect::<Vec<_>>();
            if let Err(error) = cli::parse(&words) {
                panic!("{line}\n{error}");
            }
            count += 1;
        }
    }
    assert!(count >= 18, "only {count} examples were found");
}
