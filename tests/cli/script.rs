//! Runs written down with what they say: a snapshot that is its own table of command lines.
//!
//! A file `tests/cli/snapshots/scripts/NAME.txt` holds blocks. A line
//! `$ [ulimit …;] [VARIABLE=VALUE…] kubectl opencode WORD… [<<< INPUT] [< FILE] [> FILE]` is a run, words and input are quoted as
//! a shell does; runs that say the same stand together, above what they say. To add a run, write its line anywhere between two
//! blocks and renew the snapshot. Lines that begin with `#` stand as they are.

use std::mem::take;

use crate::program::{Program, Shell};
use crate::story::said;

/// A run as it is written down.
#[derive(Debug, Default, PartialEq, Eq)]
struct Run {
    shell: Shell,
    words: Vec<String>,
    input: String,
}

/// The words of a line, as a shell takes them apart.
pub fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut is_word) = (Vec::new(), String::new(), None, false);
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, ' ') if !is_word => {}
            (None, ' ') => {
                words.push(take(&mut word));
                is_word = false;
            }
            (None, '"' | '\'') => {
                quote = Some(character);
                is_word = true;
            }
            (Some(open), _) if open == character => quote = None,
            (Some('"'), '\\') => word.push(match characters.next().unwrap() {
                'n' => '\n',
                '0' => '\0',
                other => other,
            }),
            _ => {
                word.push(character);
                is_word = true;
            }
        }
    }
    assert_eq!(quote, None, "a quote is not closed in {line}");
    words.extend(is_word.then_some(word));
    words
}

impl Run {
    #[track_caller]
    fn read(line: &str) -> Self {
        let mut run = Self::default();
        let mut rest = line;
        if let Some((before, after)) = line.split_once("; ").filter(|(before, _)| before.starts_with("ulimit ")) {
            (run.shell.before, rest) = (before.to_owned(), after);
        }
        let mut words = split(rest).into_iter().peekable();
        while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
            run.shell.environment.push((name.to_owned(), value.to_owned()));
            words.next();
        }
        assert_eq!(words.by_ref().take(2).collect::<Vec<_>>(), ["kubectl", "opencode"], "{line}");
        run.words = words.collect();
        let mut after = |sign: &str| {
            let at = run.words.iter().position(|word| word == sign)?;
            Some(run.words.drain(at..at + 2).next_back().unwrap())
        };
        run.shell.stdout = after(">");
        run.shell.stdin = after("<");
        run.input = after("<<<").unwrap_or_default();
        run
    }
}

/// Runs every line of a script in its order, and asserts that all say what is written down there.
#[track_caller]
pub fn is_as_told(program: &Program, name: &str) {
    let file = format!("{}/tests/cli/snapshots/scripts/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let script = std::fs::read_to_string(&file).unwrap();
    // Blocks: what stands above, and what is said.
    let mut blocks: Vec<(String, String)> = Vec::new();
    let mut is_output = false;
    for line in script.lines() {
        if is_output {
            is_output = !line.starts_with("--- exit ");
        } else if let Some(typed) = line.strip_prefix("$ ") {
            let run = Run::read(typed);
            let words: Vec<_> = run.words.iter().map(String::as_str).collect();
            let seen = program.run_in(&run.shell, &words, run.input.as_bytes());
            let said = said(&seen);
            match blocks.last_mut() {
                Some((lines, same)) if *same == said => lines.extend([line, "\n"]),
                _ => blocks.push((format!("{line}\n"), said)),
            }
        } else if line.starts_with('#') {
            blocks.push((format!("{line}\n"), String::new()));
        } else {
            is_output = line.starts_with("--- ");
        }
    }
    let told: Vec<_> = blocks.into_iter().map(|(lines, said)| lines + &said).collect();
    snapbox::assert_data_eq!(told.join("\n"), snapbox::Data::read_from(file.as_ref(), None).raw());
}

#[test]
fn lines_are_read_as_a_shell_reads_them() {
    let run = Run::read(r#"A=b kubectl opencode run 'a "b' "c\nd" '' e"f g" <<< "x\n""#);
    assert_eq!(run.shell.environment, [("A".to_owned(), "b".to_owned())]);
    assert_eq!(run.words, ["run", "a \"b", "c\nd", "", "ef g"]);
    assert_eq!(run.input, "x\n");
    let run = Run::read("ulimit -n 4; kubectl opencode version < in > out");
    assert_eq!((run.shell.before.as_str(), run.words.as_slice()), ("ulimit -n 4", ["version".to_owned()].as_slice()));
    assert_eq!((run.shell.stdin.as_deref(), run.shell.stdout.as_deref()), (Some("in"), Some("out")));
}
