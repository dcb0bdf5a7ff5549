//! Commands that texts show: every one can be typed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use kubectl_opencode::cli;
use regex::Regex;

/// Files of the repository under these paths.
fn files(paths: &[&str]) -> Vec<PathBuf> {
    let mut found: Vec<_> = paths.iter().map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).collect();
    let mut files = Vec::new();
    while let Some(path) = found.pop() {
        if path.is_dir() {
            found.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            files.push(path);
        }
    }
    files
}

/// The words of a shown command: placeholders of format strings filled in, what a sentence goes on with left out.
fn words(shown: &str) -> Vec<String> {
    // `start{}` leaves room for flags; elsewhere a placeholder is a word.
    let plain = Regex::new(r"\b\{[^}]*\}").unwrap().replace_all(shown, "");
    let filled = Regex::new(r"\{[^}]*\}").unwrap().replace_all(&plain, "x");
    let until = Regex::new(r"  #|\\n|;|, | \(|…| >| \|").unwrap();
    let command = until.split(&filled).next().unwrap().trim_end_matches(['.', ',', ':', ')', '\\', ' ']);
    let quotes = Regex::new(r"'([^']*)'?|(\S+)").unwrap();
    quotes.captures_iter(command).map(|word| word.get(1).or(word.get(2)).unwrap().as_str().to_owned()).collect()
}

#[test]
fn every_command_that_a_text_shows_is_one() {
    let shown = Regex::new(r#"(?:kubectl opencode|^oc) ([a-z][^`"\n]*)"#).unwrap();
    let variable = Regex::new(r#""\$\w+""#).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in files(&["src", "docs", "examples", "deploy", "README.md", "CONTRIBUTING.md", "install.sh"]) {
        // Some files are no text.
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let text = variable.replace_all(&text, "x");
        for line in text.lines() {
            for found in shown.captures_iter(line) {
                let words = words(&found[1]);
                // A usage line describes commands, and is made from them.
                if words.iter().any(|word| word.starts_with(['[', '<']) || word.contains('|')) {
                    continue;
                }
                count += 1;
                let arguments: Vec<_> = ["kubectl-opencode"]
                    .into_iter()
                    .chain(words.iter().map(String::as_str))
                    .map(OsString::from)
                    .collect();
                if let Err(error) = cli::parse(&arguments)
                    && !is_prefix(&error)
                {
                    let why = error.to_string().lines().next().unwrap_or_default().to_owned();
                    wrong.push(format!("{}: {}: {why}", file.display(), words.join(" ")));
                }
            }
        }
    }
    assert!(count > 100, "only {count} commands found");
    assert_eq!(wrong, Vec::<String>::new());
}

/// A text may name a command without its arguments, or the one that shows help.
fn is_prefix(error: &clap::Error) -> bool {
    use clap::error::ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, MissingRequiredArgument};
    matches!(error.kind(), DisplayHelp | DisplayHelpOnMissingArgumentOrSubcommand | MissingRequiredArgument)
}
