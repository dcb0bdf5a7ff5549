//! Every text of the program is in a snapshot, but for those that none can show: they stand in `snapshots/never.txt`,
//! beneath lines `# …` that say why.
//!
//! A text is a string literal of several words in the sources, outside tests, attributes and what goes to the log. What is
//! filled in at `{}` may be anything; blanks and the masks of stories are as in snapshots.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use crate::story::masked;

/// Files whose texts are not looked for, each with its reason.
const ELSEWHERE: [(&str, &str); 3] = [
    ("src/cli/examples.rs", "the snapshots of help have it, in which no time is masked"),
    ("src/sandbox/", "it speaks as Kubernetes does, which the tests of conformance compare"),
    ("src/terminal/os/windows.rs", "it is not built here"),
];

/// Macros whose texts go to the log, which `-v` shows.
const LOG: [&str; 6] = ["trace", "debug", "info", "warn", "error", "debug_span"];

/// Attributes that say nothing to a user.
const SILENT: [&str; 10] =
    ["allow", "cfg", "cfg_attr", "derive", "doc", "expect", "kube", "must_use", "schemars", "serde"];

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Sign(char),
    Text(String),
}

/// Takes Rust apart, as far as it is needed to find its string literals.
fn tokens(source: &str) -> Vec<Token> {
    static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r#"(?s)//[^\n]*|/\*.*?\*/|\s+"#,
            r##"|(?P<raw>b?r(?:"(?P<raw0>.*?)"|#"(?P<raw1>.*?)"#))"##,
            r#"|b?"(?P<text>(?:\\.|[^"\\])*)""#,
            r"|'(?:\\u\{[0-9a-fA-F]+\}|\\x..|\\.|[^'\\])'",
            r"|(?P<word>[A-Za-z_][A-Za-z_0-9]*)|(?P<sign>.)",
        ))
        .unwrap()
    });
    let token = |found: regex::Captures<'_>| {
        let named = |name: &str| found.name(name).map(|found| found.as_str());
        if let Some(raw) = named("raw0").or(named("raw1")) {
            return Some(Token::Text(raw.to_owned()));
        }
        let word = named("word").map(|word| Token::Word(word.to_owned()));
        let sign = || named("sign").and_then(|sign| sign.chars().next()).map(Token::Sign);
        named("text").map(|text| Token::Text(unescaped(text))).or(word).or_else(sign)
    };
    TOKEN.captures_iter(source).filter_map(token).collect()
}

fn unescaped(text: &str) -> String {
    static ESCAPE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?s)\\(?:\n\s*|u\{([0-9a-fA-F]+)\}|x(..)|(.))").unwrap());
    let read = |found: &regex::Captures<'_>| match (found.get(1).or(found.get(2)), found.get(3).map(|one| one.as_str()))
    {
        (Some(code), _) => char::from_u32(u32::from_str_radix(code.as_str(), 16).unwrap()).unwrap().to_string(),
        (None, Some("n" | "t" | "r")) => " ".to_owned(),
        (None, Some("0")) => "\0".to_owned(),
        (None, other) => other.unwrap_or_default().to_owned(),
    };
    ESCAPE.replace_all(text, read).into_owned()
}

/// Where the bracket at `at` is closed.
fn closing(tokens: &[Token], at: usize) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token {
            Token::Sign('(' | '[' | '{') => depth += 1,
            Token::Sign(')' | ']' | '}') => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return index;
        }
    }
    tokens.len() - 1
}

/// The literals that a user may read.
fn literals(source: &str) -> Vec<String> {
    let tokens = tokens(source);
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => word.as_str(),
        _ => "",
    };
    let is = |at: usize, sign: char| tokens.get(at) == Some(&Token::Sign(sign));
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let open = at + 1 + usize::from(is(at + 1, '!'));
        if is(at, '#') && is(open, '[') {
            let end = closing(&tokens, open);
            let of_tests = word(open + 1) == "cfg" && (open..end).any(|at| word(at) == "test");
            if of_tests && !(open..end).any(|at| word(at) == "not") {
                at = end + 1;
                while !is(at, ';') && !is(at, '{') {
                    at = if is(at, '(') || is(at, '[') { closing(&tokens, at) } else { at } + 1;
                }
                at = if is(at, '{') { closing(&tokens, at) } else { at };
            } else if SILENT.contains(&word(open + 1)) {
                at = end;
            }
        } else if LOG.contains(&word(at)) && is(at + 1, '!') {
            at = closing(&tokens, at + 2);
        } else if let Token::Text(text) = &tokens[at] {
            found.push(text.clone());
        }
        at += 1;
    }
    found
}

/// What stands between the places that are filled in, with single blanks; nothing of a text that is no message.
fn pieces(literal: &str) -> Option<Vec<String>> {
    static PLACE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\{[A-Za-z0-9_.]*(?::[^{}]*)?\}").unwrap());
    static WORDS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"[A-Za-z]{2,}[,:;.'"`)]* [("'`]*[A-Za-z]{2,}|[A-Za-z]{2,} $|^ [A-Za-z]{2,}"#).unwrap()
    });
    let text = literal.replace("{{", "\u{1}").replace("}}", "\u{2}");
    let pieces: Vec<_> =
        PLACE.split(&text).map(|piece| single(&masked(&piece.replace('\u{1}', "{").replace('\u{2}', "}")))).collect();
    let words = pieces.iter().flat_map(|piece| piece.split(|c: char| !c.is_ascii_alphabetic()));
    let is_message =
        words.filter(|word| word.len() > 1).count() > 1 && pieces.iter().any(|piece| WORDS.is_match(piece));
    is_message.then(|| pieces.into_iter().filter(|piece| !piece.trim().is_empty()).collect())
}

/// With a single blank wherever there is any.
fn single(text: &str) -> String {
    static BLANKS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\s+").unwrap());
    BLANKS.replace_all(text, " ").into_owned()
}

/// Whether the pieces stand in a text one after the other, near to each other.
fn shows(text: &str, pieces: &[String]) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return true };
    text.match_indices(first.as_str()).any(|(at, _)| {
        let mut from = at + first.len();
        rest.iter().all(|piece| {
            let mut to = text.len().min(from + 3_000);
            while !text.is_char_boundary(to) {
                to += 1;
            }
            let found = text[from..to].find(piece.as_str());
            from += found.map_or(0, |at| at + piece.len());
            found.is_some()
        })
    })
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(files(&entry, ending));
        } else if entry.extension().is_some_and(|extension| extension == ending) {
            found.push(entry);
        }
    }
    found.sort();
    found
}

/// The texts of a list of `file: text` lines, in which others begin with `#`; a text may move to another file.
fn listed(list: &str) -> BTreeSet<&str> {
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .map(|(_, text)| text)
        .collect()
}

#[test]
fn every_text_is_in_a_snapshot_or_can_be_in_none() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = root.join("tests/cli/snapshots/never.txt");
    let snapshots = files(&root.join("tests"), "txt")
        .into_iter()
        .filter(|file| file.components().any(|part| part.as_os_str() == "snapshots") && *file != list);
    // What is generated is compared, too.
    let generated = ["docs/commands.md", "completions/kubectl_complete-opencode"].map(|file| root.join(file));
    let snapshots: String =
        snapshots.chain(generated).map(|file| single(&std::fs::read_to_string(file).unwrap())).collect();
    let mut outside = BTreeSet::new();
    let mut count = 0;
    for file in files(&root.join("src"), "rs") {
        let name = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        let of_tests = name.ends_with("/tests.rs") || name.contains("/tests/") || name.ends_with("/round_trip.rs");
        if of_tests || ELSEWHERE.iter().any(|(path, _)| name.starts_with(path)) {
            continue;
        }
        for literal in literals(&std::fs::read_to_string(file).unwrap()) {
            let Some(pieces) = pieces(&literal) else { continue };
            count += 1;
            // The heads of tables are in capitals.
            let heads: Vec<_> = pieces.iter().map(|piece| piece.to_uppercase()).collect();
            if !shows(&snapshots, &pieces) && !shows(&snapshots, &heads) {
                outside.insert(format!("{name}: {}\n", single(&literal).trim_end()));
            }
        }
    }
    assert!(count > 1_000, "only {count} texts were found");
    let never = std::fs::read_to_string(list).unwrap();
    let (never, outside) = (listed(&never), outside.into_iter().collect::<String>());
    let stale: Vec<_> = never.difference(&listed(&outside)).copied().collect();
    assert!(stale.is_empty(), "never.txt has what is shown, or no longer there:\n{}", stale.join("\n"));
    let new: String = outside.split_inclusive('\n').filter(|line| listed(line).is_disjoint(&never)).collect();
    assert!(new.is_empty(), "texts in no snapshot:\n{new}");
}

#[test]
fn texts_are_found_and_others_are_not() {
    let source = r##"
        #[expect(lint, reason = "not this")]
        // "not this"
        fn f(c: char) {
            Error::new(c, format!("no agent {name:?}\n  there \"now\" {{ok}} in {}", 1)).hint(r#"raw "text" here"#);
            tracing::warn!("not this");
            let _ = ('"', b'"', "one");
        }
        #[error("an attribute that speaks")]
        enum E {}
        #[cfg(test)]
        mod tests { fn f() { g("not this") } }
    "##;
    let found: Vec<_> = literals(source).into_iter().filter(|text| pieces(text).is_some()).collect();
    let expected = ["no agent {name:?} there \"now\" {{ok}} in {}", "raw \"text\" here", "an attribute that speaks"];
    assert_eq!(found.iter().map(|text| single(text)).collect::<Vec<_>>(), expected);
    let pieces = pieces(&found[0]).unwrap();
    assert!(shows("error: no agent \"x\" there \"now\" {ok} in 7", &pieces));
    assert!(!shows("no agent \"x\" in there", &pieces));
}
