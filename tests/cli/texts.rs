//! What is told without a cluster.

use crate::program::Program;

#[test]
fn version_and_topics() {
    let program = Program::new();
    let version = env!("CARGO_PKG_VERSION");
    program.run(&["version"]).exits(0).prints(&format!("kubectl-opencode {version}\n"));
    let json = program.run(&["version", "-o", "json"]).exits(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["clientVersion"]["version"], version);
    program.run(&["explain"]).exits(0).is_as_in("explain");
    for topic in program.run(&["explain"]).stdout.lines().skip(1).map(|line| line.split(' ').next().unwrap().to_owned())
    {
        program.run(&["explain", &topic]).exits(0).is_as_in(&format!("explain-{topic}"));
    }
    program.run(&["explain", "nothing"]).exits(3).is_as_in("explain-unknown");
}

#[test]
fn a_group_of_commands_alone_shows_its_help() {
    let program = Program::new();
    for group in [&[][..], &["task"], &["session"], &["agent"], &["sandbox"]] {
        let help = program.run(&[group, &["--help"]].concat()).exits(0).stdout;
        program.run(group).exits(0).prints(&help).says("");
    }
}

#[test]
fn mistakes_on_the_command_line_are_usage_errors() {
    let program = Program::new();
    program.run(&["tsk"]).exits(2).is_as_in("usage-unknown-command");
    program.run(&["task", "list", "--nope"]).exits(2).is_as_in("usage-unknown-flag");
    program.run(&["task", "list", "-o", "xml"]).exits(2).is_as_in("usage-bad-format");
    program.run(&["task", "wait", "a", "--timeout", "1d"]).exits(2).is_as_in("usage-bad-duration");
    program.run(&["task", "delete"]).exits(2).is_as_in("usage-no-target");
    program.run(&["run", "a", "--agent", "b", "--template", "c"]).exits(2).is_as_in("usage-both-references");
    let seen = program.run(&["tsk", "-o", "json"]).exits(2);
    let error: serde_json::Value = serde_json::from_str(&seen.stderr).unwrap();
    assert_eq!(error["error"]["code"], "usage");
    assert_eq!(seen.stdout, "");
}

#[test]
fn a_reader_that_goes_away_is_success_and_silent() {
    let program = Program::new();
    let mut child = program.start(&["explain", "errors"]);
    drop(child.stdout.replace(closed_pipe()));
    let seen = program.end(child, &["explain", "errors"]);
    assert_eq!((seen.status, seen.stderr.as_str()), (0, ""), "{seen}");
}

/// The reading end of another pipe, so that ours is closed while the harness still has one to read.
fn closed_pipe() -> std::process::ChildStdout {
    let mut child = std::process::Command::new("true").stdout(std::process::Stdio::piped()).spawn().unwrap();
    let stdout = child.stdout.take().unwrap();
    child.wait().unwrap();
    stdout
}

#[test]
fn colour_follows_the_flag_and_the_environment() {
    let colourful = Program::new().run(&["--color", "always", "explain", "nothing"]).stderr;
    assert!(colourful.contains("\x1b[31merror:\x1b[0m"), "{colourful:?}");
    let plain = Program::new().with("NO_COLOR", "1").run(&["explain", "nothing"]).stderr;
    assert!(!plain.contains('\x1b'), "{plain:?}");
}

#[test]
fn verbose_tells_the_requests_and_no_secret() {
    let text =
        crate::cluster::kubeconfig("http://127.0.0.1:1", "team").replace("user: {}", "user: {token: very-secret}");
    let seen = Program::with_kubeconfig(&text).run(&["-vv", "task", "list"]).exits(5);
    assert!(seen.stderr.contains("DEBUG"), "{seen}");
    assert!(!seen.stderr.contains("very-secret"), "{seen}");
}
