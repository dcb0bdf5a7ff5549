//! The README's commands, run as they stand there, one after the other, by a shell in a home of their own: with the real
//! kubectl, which finds the program as its plugin, and a sandbox with the real opencode.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::symlink;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Instant;

use kubectl_opencode::error::Code;

use crate::home::{Home, LONG, PROGRAM};

const README: &str = include_str!("../../README.md");

/// The scripts of the page: the lines between the fences.
fn scripts() -> Vec<&'static str> {
    let fenced = README.split("```sh\n").skip(1);
    fenced.map(|rest| rest.split_once("\n```\n").expect("a fence is closed").0).collect()
}

fn shell(home: &Home) -> Command {
    let mut command = home.command("bash");
    let path = std::env::var("PATH").unwrap();
    command
        .env("PATH", format!("{}/bin:{path}", home.path().display()))
        .env("TERM", "xterm-256color")
        .args(["-euo", "pipefail", "-c"]);
    command
}

/// Waits for a program's end; one that does not end is killed.
fn end(child: &mut Child) -> Option<ExitStatus> {
    let deadline = Instant::now() + 3 * LONG;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        if Instant::now() > deadline {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// Runs a script that needs no terminal.
fn runs(home: &Home, script: &str) {
    let output = |name: &str| std::fs::File::create(home.path().join(name)).unwrap();
    let mut child = shell(home).arg(script).stdout(output("out")).stderr(output("err")).spawn().unwrap();
    let status = end(&mut child);
    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).unwrap();
    assert!(status.is_some_and(|status| status.success()), "{script}\n{status:?}\n{}\n{}", read("out"), read("err"));
}

/// Runs a command on a terminal, and leaves it when it shows something.
fn attaches(home: &Home, line: &str) {
    let size = nix::pty::Winsize { ws_row: 30, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
    let pty = nix::pty::openpty(Some(&size), None).unwrap();
    let mut command = shell(home);
    command.arg(format!("exec {line}")).stdin(pty.slave.try_clone().unwrap()).stdout(pty.slave.try_clone().unwrap());
    let mut child = command.stderr(pty.slave).spawn().unwrap();
    // The last copy of the slave goes with the program.
    drop(command);
    let mut master = std::fs::File::from(pty.master);
    let mut keys = master.try_clone().unwrap();
    let reader = std::thread::spawn(move || {
        let (mut seen, mut buffer, mut left) = (Vec::new(), [0; 4096], false);
        // Linux answers EIO when the other side is closed.
        while let Ok(length @ 1..) = master.read(&mut buffer) {
            seen.extend_from_slice(&buffer[..length]);
            let shown = String::from_utf8_lossy(&seen);
            if !left && (shown.contains("\x1b[?1049h") || shown.contains("$ ") || shown.contains("# ")) {
                keys.write_all(b"\x1dd").unwrap();
                left = true;
            }
        }
        String::from_utf8_lossy(&seen).into_owned()
    });
    let status = end(&mut child);
    let seen = reader.join().unwrap();
    assert!(status.is_some_and(|status| status.success()), "{line}\n{status:?}\n{seen:?}");
}

#[test]
fn every_command_of_the_readme_works() {
    let home = Home::new();
    std::fs::create_dir(home.path().join("bin")).unwrap();
    symlink(PROGRAM, home.path().join("bin/kubectl-opencode")).unwrap();
    std::fs::write(home.path().join("prompt.md"), "%write notes.md from a file\n%say It is written.\n").unwrap();
    for script in scripts() {
        if script.contains("install.sh") {
            is_run_by_the_gate(script);
        } else if script.contains("opencode attach") {
            for line in script.lines() {
                if line.contains("opencode attach") { attaches(&home, line) } else { runs(&home, line) }
            }
        } else {
            runs(&home, script);
        }
    }
    let mut stop = shell(&home).arg("kubectl opencode sandbox reset --yes").stderr(Stdio::null()).spawn().unwrap();
    assert!(end(&mut stop).is_some_and(|status| status.success()));
}

/// Installing takes a release build: `tests/run` does it in the sources, and `release.rs` in an unpacked archive.
fn is_run_by_the_gate(script: &str) {
    for line in script.lines() {
        let command = line.split('#').next().unwrap().trim();
        assert!(include_str!("../run").contains(command), "tests/run does not run {command}");
    }
}

#[test]
fn the_readme_lists_every_exit_status() {
    let listed = |status: u8| {
        let row = |line: &str| {
            let first = line.split('|').nth(1).unwrap_or_default();
            first.split(',').any(|number| number.trim() == status.to_string())
        };
        README.lines().filter(|line| line.starts_with("| ")).any(row)
    };
    let missing: Vec<_> =
        Code::TABLE.iter().map(|(_, name, status, _)| (name, *status)).filter(|(_, status)| !listed(*status)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_page_and_picture_that_the_readme_leads_to_is_there() {
    for link in README.split("](").skip(1).map(|rest| rest.split_once(')').unwrap().0) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(link);
        assert!(link.starts_with("https://") || path.exists(), "{link}");
    }
}
