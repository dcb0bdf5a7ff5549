//! The commands that the program has, for tables of command lines that must not leave one out.

use std::collections::BTreeSet;

use kubectl_opencode::cli;

/// The words of a line in which `_` stands for a blank inside a word.
pub fn words(line: &str) -> Vec<String> {
    line.split(' ').map(|word| if word.starts_with("__") { word.to_owned() } else { word.replace('_', " ") }).collect()
}

/// The command that a line means, as `session set`; none where it only asks for help.
#[track_caller]
fn meant<S: AsRef<str>>(line: &[S]) -> Option<String> {
    let line: Vec<_> = ["kubectl-opencode"].into_iter().chain(line.iter().map(AsRef::as_ref)).collect();
    let matches = match cli::command(&[]).try_get_matches_from(&line) {
        Ok(matches) => matches,
        Err(error) if !error.use_stderr() => return None,
        Err(error) => panic!("{line:?} is no command line: {error}"),
    };
    let (mut names, mut at) = (Vec::new(), &matches);
    while let Some((name, below)) = at.subcommand() {
        names.push(name);
        at = below;
    }
    Some(names.join(" "))
}

fn leaves(command: &clap::Command, above: &str) -> BTreeSet<String> {
    let below = command.get_subcommands().flat_map(|command| {
        let name = format!("{above} {}", command.get_name()).trim().to_owned();
        if command.has_subcommands() { leaves(command, &name) } else { BTreeSet::from([name]) }
    });
    below.collect()
}

/// Asserts that a table has a line for every command but these, each of which stands with its reason; `sandbox` stands for all
/// that is below it.
#[track_caller]
pub fn are_all_in<S: AsRef<str>>(table: &[Vec<S>], exceptions: &[(&str, &str)]) {
    let known = leaves(&cli::command(&[]), "");
    let tested: BTreeSet<_> = table.iter().filter_map(|line| meant(line)).collect();
    let is_at = |leaf: &str, name: &str| leaf == name || leaf.starts_with(&format!("{name} "));
    for (name, reason) in exceptions {
        assert!(known.iter().any(|leaf| is_at(leaf, name)), "there is no {name:?}");
        let in_table = tested.iter().find(|leaf| is_at(leaf, name));
        assert!(in_table.is_none(), "{in_table:?} is in the table, and an exception: {reason}");
    }
    let excepted = |leaf: &&String| exceptions.iter().any(|(name, _)| is_at(leaf, name));
    let missing: Vec<_> = known.difference(&tested).filter(|leaf| !excepted(leaf)).collect();
    assert!(missing.is_empty(), "the table has no line for {missing:?}");
}

#[test]
fn a_table_that_leaves_a_command_out_is_found() {
    assert_eq!(meant(&["ses", "rm", "x"]).as_deref(), Some("session delete"));
    assert_eq!(meant(&["task", "--help"]), None);
    let all: Vec<_> = leaves(&cli::command(&[]), "").into_iter().collect();
    assert!(all.len() > 80 && all.iter().any(|leaf| leaf == "session revert"), "{all:?}");
    let others: Vec<_> = all.iter().filter(|leaf| *leaf != "version").map(|leaf| (leaf.as_str(), "")).collect();
    are_all_in(&[vec!["version"]], &others);
    let lacking = std::panic::catch_unwind(|| are_all_in::<&str>(&[], &others));
    assert!(lacking.unwrap_err().downcast::<String>().unwrap().contains("version"));
}
