//! Scripts for completion, manual pages and the reference of commands, all made from the parser.

use std::fs;
use std::path::Path;

use clap_complete::aot;

use super::Context;
use crate::cli;
use crate::cli::completion::{CompletionArgs, GenerateArgs, Shell};
use crate::error::{Error, Result};

/// The script that kubectl runs.
const KUBECTL: &str = "#!/bin/sh\n# Completion of `kubectl opencode`; kubectl runs this file when it is on PATH as kubectl_complete-opencode.\n\
                       exec kubectl-opencode __complete -- \"$@\"\n";

/// Prints a script for a shell.
pub fn script(context: &Context, args: &CompletionArgs) -> Result<()> {
    context.printer.print_bytes(&script_for(args.shell))
}

fn script_for(shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    let mut command = shown(&cli::command(&[])).bin_name("kubectl-opencode");
    let name = "kubectl-opencode";
    match shell {
        Shell::Bash => aot::generate(aot::Shell::Bash, &mut command, name, &mut text),
        Shell::Zsh => aot::generate(aot::Shell::Zsh, &mut command, name, &mut text),
        Shell::Fish => aot::generate(aot::Shell::Fish, &mut command, name, &mut text),
        Shell::Powershell => aot::generate(aot::Shell::PowerShell, &mut command, name, &mut text),
        Shell::Kubectl => text.extend(KUBECTL.bytes()),
    }
    text
}

/// A command with what people are to see of it: the generators offer hidden flags and commands, too.
fn shown(command: &clap::Command) -> clap::Command {
    let mut copy = clap::Command::new(command.get_name().to_owned())
        .visible_aliases(command.get_visible_aliases().map(str::to_owned).collect::<Vec<_>>())
        .args(command.get_arguments().filter(|arg| !arg.is_hide_set()).cloned())
        .subcommands(command.get_subcommands().filter(|sub| !sub.is_hide_set()).map(shown))
        .disable_help_subcommand(true);
    if let Some(about) = command.get_about() {
        copy = copy.about(about.clone());
    }
    if let Some(version) = command.get_version() {
        copy = copy.version(version.to_owned());
    }
    copy
}

/// Writes completions, manual pages and the reference of commands below a folder.
pub fn generate(args: &GenerateArgs) -> Result<()> {
    let completions = args.folder.join("completions");
    let (man, docs) = (args.folder.join("man"), args.folder.join("docs"));
    for folder in [&completions, &man, &docs] {
        fs::create_dir_all(folder).map_err(|error| unwritten(folder, &error))?;
    }
    for (file, shell) in [
        ("kubectl-opencode.bash", Shell::Bash),
        ("_kubectl-opencode", Shell::Zsh),
        ("kubectl-opencode.fish", Shell::Fish),
        ("kubectl-opencode.ps1", Shell::Powershell),
        ("kubectl_complete-opencode", Shell::Kubectl),
    ] {
        let path = completions.join(file);
        fs::write(&path, script_for(shell)).map_err(|error| unwritten(&path, &error))?;
    }
    clap_mangen::generate_to(cli::command(&[]), &man).map_err(|error| unwritten(&man, &error))?;
    let path = docs.join("commands.md");
    fs::write(&path, reference()).map_err(|error| unwritten(&path, &error))
}

fn unwritten(path: &Path, error: &std::io::Error) -> Error {
    Error::usage(format!("cannot write {}", path.display())).caused_by(error)
}

/// The help of every command, as one page.
fn reference() -> String {
    fn add(command: &mut clap::Command, above: &str, text: &mut String) {
        let name =
            if above.is_empty() { "kubectl opencode".to_owned() } else { format!("{above} {}", command.get_name()) };
        let (help, after) = (command.render_help().to_string(), command.get_after_help().map(ToString::to_string));
        text.push_str(&format_section(&name, &help, &after.unwrap_or_default()));
        for sub in command.get_subcommands_mut().filter(|sub| !sub.is_hide_set()) {
            add(sub, &name, text);
        }
    }
    let mut text = "# Commands\n\nMade from the program by `kubectl-opencode __generate .`; do not edit.\n".to_owned();
    let mut command = cli::command(&[]).term_width(100);
    command.build();
    add(&mut command, "", &mut text);
    text
}

fn format_section(name: &str, help: &str, after: &str) -> String {
    let help: Vec<_> = help.lines().map(str::trim_end).collect();
    // What every command takes is told once, at the top.
    let is_top = name == "kubectl opencode";
    let own: Vec<_> = help.iter().take_while(|line| is_top || **line != "Connection:").copied().collect();
    // It stands beneath what every command takes.
    let after = if is_top || after.is_empty() { String::new() } else { format!("\n\n{after}") };
    format!("\n## {name}\n\n```text\n{}{after}\n```\n", own.join("\n").trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_has_a_script() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::Powershell, Shell::Kubectl] {
            let script = String::from_utf8(script_for(shell)).unwrap();
            assert!(script.len() > 50, "{shell:?}");
            for hidden in ["background-child", "--kept", "__generate", "no-session-controller"] {
                assert!(!script.contains(hidden), "{shell:?} offers {hidden}");
            }
        }
        let reference = reference();
        assert!(reference.contains("\n## kubectl opencode task wait\n"), "{reference}");
        assert_eq!(reference.matches("--certificate-authority").count(), 1);
    }
}
