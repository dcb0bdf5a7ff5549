//! What hands trained on kubectl type and the parser reads differently: `--all=true`, `--watch=false`, `-v=6`.
//!
//! A flag is given or not given here. The parser itself says at which word it stumbled, so that nothing is touched which it
//! takes for a value or leaves to another program.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// More would not say more.
const MOST_VERBOSE: usize = 9;

/// The line without the word at which the parser stumbled, or with the flag that it stands for; none if it is just wrong.
pub fn mended(words: &[OsString], error: &clap::Error) -> Option<Vec<OsString>> {
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else { return None };
    let is_it = |name: &str| match error.kind() {
        ErrorKind::TooManyValues => name == flag,
        ErrorKind::UnknownArgument if flag == "-=" => name.len() == 2 && name.starts_with('-'),
        ErrorKind::UnknownArgument => flag == "--v" && name == flag,
        _ => false,
    };
    let assigned = |word: &OsString| {
        let (name, value) = word.to_str()?.split_once('=')?;
        is_it(name).then(|| (name.to_owned(), value.to_owned()))
    };
    let (at, (name, value)) = words.iter().enumerate().skip(1).find_map(|(at, word)| Some((at, assigned(word)?)))?;
    let instead = match (name.as_str(), value.as_str()) {
        ("-v" | "--v" | "--verbose", level) => {
            let level = level.parse::<usize>().ok()?.min(MOST_VERBOSE);
            (level > 0).then(|| format!("-{}", "v".repeat(level)))
        }
        (_, "true") => Some(name),
        (_, "false") => None,
        _ => return None,
    };
    let mut mended = words.to_vec();
    mended.splice(at..=at, instead.map(OsString::from));
    Some(mended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::flags::Global;
    use crate::cli::task::TaskCommand;
    use crate::cli::{Cli, Command, parse};

    fn parsed(line: &str) -> Result<Cli, clap::Error> {
        let words: Vec<_> = format!("kubectl-opencode {line}").split(' ').map(OsString::from).collect();
        parse(&words)
    }

    #[test]
    fn flags_are_switched_as_with_kubectl() {
        let listed = |line: &str| match parsed(line).unwrap().command {
            Command::Task(TaskCommand::List(listing)) => (listing.all_namespaces, listing.no_headers, listing.watch),
            other => panic!("{other:?}"),
        };
        assert_eq!(listed("task list --all-namespaces=true --no-headers=true -w=false"), (true, true, false));
        assert_eq!(listed("task list -A=true --no-headers=false --watch=true"), (true, false, true));
        // What is switched off names nothing.
        assert!(parsed("task delete --all=false").is_err());
        assert!(parsed("task delete --all=true --ignore-not-found=true").is_ok());
        assert!(parsed("task list --watch=maybe").unwrap_err().to_string().contains("--watch"));
        assert!(parsed("task list --nothing=true").is_err());
    }

    #[test]
    fn verbosity_is_a_number_with_kubectl() {
        let verbose = |line: &str| {
            let Global { verbose, .. } = parsed(line).unwrap().global;
            verbose
        };
        assert_eq!(verbose("-v=6 task list"), 6);
        assert_eq!(verbose("task list --v=99"), 9);
        assert_eq!(verbose("task list --v=0 -v"), 1);
        assert!(parsed("task list -v=x").is_err());
    }

    #[test]
    fn what_is_left_to_another_program_stays() {
        let line = parsed("exec s --stdin=true -- ls --all=true -v=6").unwrap().command;
        assert!(matches!(line, Command::Exec(args) if args.stdin && args.command == ["ls", "--all=true", "-v=6"]));
    }
}
