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

/// A line at least for every command that needs a cluster, on objects that are there by these names or not: task `t`, session
/// `s`, agent `dev`, template `p`, schedule `c`, and a file `export.json`.
pub fn cluster_lines() -> Vec<Vec<String>> {
    let mut lines: Vec<String> = [
        "get tasks",
        "get tasks,sessions,agents -o json",
        "get task/t",
        "describe task t",
        "status",
        "status -A",
        "run hi -a dev",
        "run hi",
        "task create hi -a dev",
        "task create hi -a dev --dry-run=server",
        "task wait t",
        "task logs t",
        "task logs -l a=b",
        "task logs -f t",
        "task stop t",
        "task retry t",
        "task transcript t",
        "session create new -a dev",
        "session wait s",
        "session send s hi",
        "session transcript s",
        "session stop s",
        "session start s",
        "session set s --title x",
        "session edit s",
        "session label s a=b",
        "session label --all a=b",
        "session annotate s a=b",
        "session chat s",
        "session command s /init",
        "session commands s",
        "session approve s",
        "session reject s",
        "session answer s yes",
        "session attach s --list",
        "session list --unmanaged",
        "session transcript s -f",
        "session todo s",
        "session children s",
        "session diff s",
        "session revert s",
        "session unrevert s",
        "session fork s",
        "session clone s",
        "session clone s --history",
        "session move s --to-agent other",
        "session move s --to-agent other --if-unhealthy",
        "session export s",
        "session import export.json -a dev",
        "session import export.json",
        "session adopt ses",
        "session adopt ses -a dev",
        "session share s",
        "session unshare s",
        "session endpoint s",
        "session interrupt s",
        "session restart s",
        "session prune -y",
        "session prune --idle 0s -y",
        "session prune --orphaned -y",
        "events",
        "events -A",
        "events session/s",
        "events -w",
        "approvals",
        "approvals -A",
        "approvals s",
        "approvals task/t",
        "approvals -l a=b",
        "approvals -w",
        "approvals s -w",
        "approve s",
        "approve --all -y",
        "reject s",
        "reject -l a=b -y",
        "answer s yes",
        "attach s --list",
        "attach agent/dev --shell",
        "agent attach dev --list",
        "exec s -- true",
        "exec task/t -- true",
        "tunnel dev",
        "agent create new",
        "agent wait dev",
        "agent logs dev",
        "agent restart dev",
        "agent suspend dev",
        "agent resume dev",
        "agent shell dev",
        "template create new",
        "template create session new --mode plan",
        "template list",
        "template get p",
        "template describe p",
        "template delete p",
        "session create new --template p",
        "schedule create new hi --schedule 0_3_*_*_* -a dev",
        "schedule suspend c",
        "schedule resume c",
        "schedule trigger c",
        "schedule runs c",
        "install",
    ]
    .map(str::to_owned)
    .into();
    for (noun, name) in [("task", "t"), ("session", "s"), ("agent", "dev"), ("template", "p"), ("schedule", "c")] {
        for verb in [
            "list",
            "list -A",
            "list -w",
            "list -o name",
            "get NAME",
            "get NAME -o yaml",
            "describe NAME",
            "delete NAME",
            "delete --all -y",
        ] {
            let of = if noun == "template" { " --kind session" } else { "" };
            lines.push(format!("{noun} {}{of}", verb.replace("NAME", name)));
        }
    }
    let lines: Vec<_> = lines.iter().map(|line| words(line)).collect();
    are_all_in(
        &lines,
        &[
            ("doctor", "it tells what is lacking, and succeeds"),
            ("controller", "it needs the rights of its own service account, and tries until it has them"),
            ("sandbox", "it has a cluster of its own"),
            ("play", "it needs no cluster"),
            ("config", "what may not be read is left out with a note"),
            ("explain", "it needs no cluster"),
            ("completion", "it needs no cluster"),
            ("version", "it needs no cluster"),
            ("help", "it needs no cluster"),
            ("__complete", "what cannot be listed is not offered"),
            ("__generate", "it needs no cluster"),
        ],
    );
    lines
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
