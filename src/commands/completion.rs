//! Completion, manual pages and the reference of commands, all made from the parser.
//!
//! kubectl completes a plugin by running `kubectl_complete-NAME` with the words after the plugin's name, the last one
//! unfinished; that prints one candidate a line and may end with `:N`, cobra's directive (4: no file names). Source:
//! `pkg/cmd/plugin/plugin_completion.go` of kubectl.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::Duration;

use clap_complete::aot;

use super::{Context, agents};
use crate::api::kinds::{AGENT, Kind, TEMPLATE};
use crate::cli::completion::{CompleteArgs, CompletionArgs, GenerateArgs, Shell};
use crate::cli::{self};
use crate::error::{Error, Result};

/// Longest time for names from the cluster: a person waits at the keyboard.
const NAMES: Duration = Duration::from_secs(2);
/// The script that kubectl runs.
const KUBECTL: &str = "#!/bin/sh\n# Completion of `kubectl opencode`; kubectl runs this file when it is on PATH as kubectl_complete-opencode.\n\
                       exec kubectl-opencode __complete -- \"$@\"\n";

/// Prints a script for a shell.
pub fn script(context: &Context, args: &CompletionArgs) -> Result<()> {
    context.printer.print_bytes(&script_for(args.shell))
}

fn script_for(shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    let mut command = cli::command(&[]).bin_name("kubectl-opencode");
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

/// Prints the candidates for the last word: what the parser knows, and names from the cluster.
pub async fn complete(context: &Context, args: &CompleteArgs) -> Result<()> {
    let mut words: Vec<OsString> =
        std::iter::once("kubectl-opencode".into()).chain(args.words.iter().cloned()).collect();
    if words.len() == 1 {
        words.push(OsString::new());
    }
    let index = words.len() - 1;
    let known = clap_complete::engine::complete(&mut cli::command(&[]), words.clone(), index, None);
    let known = known.map_err(|error| Error::internal("cannot complete").caused_by(&error))?;
    let mut lines: Vec<String> = known
        .iter()
        .filter(|candidate| !candidate.is_hide_set())
        .map(|candidate| {
            let value = candidate.get_value().to_string_lossy();
            candidate.get_help().map_or_else(|| value.to_string(), |help| format!("{value}\t{help}"))
        })
        .collect();
    let texts: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    if let Some(kind) = wants_names(&texts) {
        // Whatever keeps the names away, the person at the keyboard has no use for it.
        let names = tokio::time::timeout(NAMES, agents::names(context, kind)).await;
        let last = texts.last().map(AsRef::as_ref).unwrap_or_default();
        let found = names.ok().and_then(Result::ok).unwrap_or_default();
        lines.extend(found.into_iter().filter(|name| name.starts_with(last)));
    }
    lines.push(":4\n".to_owned());
    context.printer.print(&lines.join("\n"))
}

/// The kind of which the last word may be a name: `NOUN VERB [NAME…] WORD`, or the value of a flag that names one.
fn wants_names(words: &[std::borrow::Cow<'_, str>]) -> Option<&'static Kind> {
    let (last, before) = words.split_last()?;
    match before.last().map(AsRef::as_ref) {
        Some("--agent" | "-a" | "--fallback-agent") => return Some(&AGENT),
        Some("--template") => return Some(&TEMPLATE),
        _ if last.starts_with('-') => return None,
        _ => {}
    }
    let plain: Vec<_> = before.iter().skip(1).filter(|word| !word.starts_with('-')).collect();
    match plain.as_slice() {
        [word, kind] if word.as_ref() == "get" => Kind::from_word(kind),
        [noun, verb, ..] if !matches!(verb.as_ref(), "create" | "list" | "ls") => Kind::from_word(noun),
        [verb] if verb.as_ref() == "tunnel" => Some(&AGENT),
        [verb] if matches!(verb.as_ref(), "attach" | "exec") => Some(&crate::api::kinds::SESSION),
        _ => None,
    }
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
        text.push_str(&format_section(&name, &command.render_help().to_string()));
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

fn format_section(name: &str, help: &str) -> String {
    let help: Vec<_> = help.lines().map(str::trim_end).collect();
    // What every command takes is told once, at the top.
    let own = help.iter().take_while(|line| name == "kubectl opencode" || **line != "Connection:");
    let own: Vec<_> = own.copied().collect();
    format!("\n## {name}\n\n```text\n{}\n```\n", own.join("\n").trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::kinds::{SESSION, TASK};

    #[test]
    fn names_are_offered_where_a_name_belongs() {
        let kind = |line: &str| {
            let words: Vec<_> = line.split(' ').map(std::borrow::Cow::from).collect();
            wants_names(&words)
        };
        assert_eq!(kind("k task get "), Some(&TASK));
        assert_eq!(kind("k tk delete a b"), Some(&TASK));
        assert_eq!(kind("k task create "), None);
        assert_eq!(kind("k run hi --agent "), Some(&AGENT));
        assert_eq!(kind("k get sessions "), Some(&SESSION));
        assert_eq!(kind("k task get --"), None);
        assert_eq!(kind("k ta"), None);
    }

    #[test]
    fn every_shell_has_a_script() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::Powershell, Shell::Kubectl] {
            assert!(script_for(shell).len() > 50, "{shell:?}");
        }
        let reference = reference();
        assert!(reference.contains("\n## kubectl opencode task wait\n"), "{reference}");
        assert_eq!(reference.matches("--certificate-authority").count(), 1);
    }
}
