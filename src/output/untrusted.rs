//! Text that somebody else wrote, made harmless where it is rendered.
//!
//! A terminal obeys what it is sent: an escape sequence in a task's title may clear the screen, set the clipboard or
//! hide a row; a bidirectional override may show a name backwards (CVE-2021-25743, CVE-2021-42574). So C0, DEL, C1, the
//! bidirectional controls, zero-width characters, line separators and the tag block are written as `\x1b` or
//! `\u{202e}`; everything else is kept as it is.

use std::borrow::Cow;
use std::fmt;

/// One line of untrusted text: line breaks and tabs are made visible too.
#[derive(Clone, Copy, Debug)]
pub struct Untrusted<'a>(pub &'a str);

/// Many lines of untrusted text: line feeds and tabs are kept, `\r\n` counts as a line feed.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a>(pub &'a str);

impl<'a> Untrusted<'a> {
    /// The harmless text; borrowed when nothing had to be changed.
    pub fn text(self) -> Cow<'a, str> {
        escape(self.0, false)
    }
}

impl<'a> Lines<'a> {
    /// The harmless text; borrowed when nothing had to be changed.
    pub fn text(self) -> Cow<'a, str> {
        escape(self.0, true)
    }
}

impl fmt::Display for Untrusted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text())
    }
}

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// Whether a character may change what a reader sees beyond its own cell.
fn is_unsafe(character: char) -> bool {
    matches!(character,
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

fn escape(text: &str, multiline: bool) -> Cow<'_, str> {
    let keep = |character: char| !is_unsafe(character) || (multiline && matches!(character, '\n' | '\t'));
    if text.chars().all(keep) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        if multiline && character == '\r' && rest.peek() == Some(&'\n') {
            continue;
        }
        match character {
            _ if keep(character) => safe.push(character),
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            '\0'..='\x7f' => safe.extend(format!("\\x{:02x}", u32::from(character)).chars()),
            _ => safe.extend(format!("\\u{{{:x}}}", u32::from(character)).chars()),
        }
    }
    Cow::Owned(safe)
}

/// JSON that says the same and holds nothing that a terminal obeys: what JSON does not have to escape and terminals obey
/// (DEL, C1, bidirectional and invisible characters) is escaped, too. Outside of strings JSON has no such characters.
pub fn harmless_json(text: String) -> String {
    let plain = |character: char| !is_unsafe(character) || character == '\n';
    if text.chars().all(plain) {
        return text;
    }
    let mut safe = String::with_capacity(text.len() + 64);
    for character in text.chars() {
        if plain(character) {
            safe.push(character);
        } else {
            let mut units = [0; 2];
            safe.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    safe
}

/// One line of a log: its colours (SGR) and tabs are kept, everything else that a terminal obeys is made visible.
pub fn log_line(text: &str) -> String {
    let text = text.strip_suffix('\r').unwrap_or(text);
    let mut safe = String::with_capacity(text.len());
    let mut coloured = false;
    let mut rest = text;
    while let Some(at) = rest.find("\x1b[") {
        let (before, sequence) = rest.split_at(at);
        safe.push_str(&escape(before, true));
        let length = sequence[2..].find(|c: char| !c.is_ascii_digit() && c != ';' && c != ':').map(|end| end + 3);
        match length {
            Some(length) if sequence.as_bytes().get(length - 1) == Some(&b'm') => {
                safe.push_str(&sequence[..length]);
                coloured = true;
                rest = &sequence[length..];
            }
            _ => {
                safe.push_str("\\x1b[");
                rest = &sequence[2..];
            }
        }
    }
    safe.push_str(&escape(rest, true));
    if coloured && !safe.ends_with("\x1b[0m") {
        // A line that leaves its colour on must not colour what follows.
        safe.push_str("\x1b[0m");
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn controls_are_made_visible_and_letters_are_kept() {
        assert_eq!(Untrusted("a\x1b[2Jb").to_string(), "a\\x1b[2Jb");
        assert_eq!(Untrusted("\u{9b}31m").to_string(), "\\u{9b}31m");
        assert_eq!(Untrusted("x\u{202e}gnp").to_string(), "x\\u{202e}gnp");
        assert_eq!(Untrusted("zero\u{200b}width").to_string(), "zero\\u{200b}width");
        assert_eq!(Untrusted("tag\u{e0041}").to_string(), "tag\\u{e0041}");
        assert_eq!(Untrusted("a\nb\tc\rd").to_string(), "a\\nb\\tc\\rd");
        assert_eq!(Untrusted("héllo 日本 😀").to_string(), "héllo 日本 😀");
        assert!(matches!(Untrusted("plain").text(), Cow::Borrowed(_)));
    }

    #[test]
    fn many_lines_keep_their_line_feeds_and_nothing_else() {
        assert_eq!(Lines("a\r\nb\tc").to_string(), "a\nb\tc");
        assert_eq!(Lines("a\rb").to_string(), "a\\rb");
        assert_eq!(Lines("a\x08b").to_string(), "a\\x08b");
    }

    #[test]
    fn json_says_the_same_without_what_a_terminal_obeys() {
        let value = serde_json::json!({"a": "\u{9b}31m\u{7f}\u{202e}\u{e0041}\n\u{1b}é😀"});
        let text = harmless_json(value.to_string());
        assert_eq!(text, "{\"a\":\"\\u009b31m\\u007f\\u202e\\udb40\\udc41\\n\\u001bé😀\"}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn logs_keep_their_colours_and_nothing_else() {
        assert_eq!(log_line("\x1b[1;31merr\x1b[0m ok\r"), "\x1b[1;31merr\x1b[0m ok\x1b[0m");
        assert_eq!(log_line("\x1b[0mok\x1b[0m"), "\x1b[0mok\x1b[0m");
        assert_eq!(log_line("\x1b[2Jx\x1b]52;c;aGk=\x07"), "\\x1b[2Jx\\x1b]52;c;aGk=\\x07");
        assert_eq!(log_line("cut\x1b[3"), "cut\\x1b[3");
        assert_eq!(log_line("a\tb\rc"), "a\tb\\rc");
    }

    proptest! {
        #[test]
        fn of_a_log_only_colours_survive(text in any::<String>()) {
            let safe = log_line(&text.replace('\n', ""));
            let without = safe.split("\x1b[").skip(1).map(|rest| {
                rest.split_once('m').is_some_and(|(codes, _)| codes.chars().all(|c| c.is_ascii_digit() || c == ';' || c == ':'))
            });
            prop_assert!(without.into_iter().all(|colour| colour));
            prop_assert!(!safe.replace("\x1b[", "").chars().any(|c| is_unsafe(c) && c != '\t'));
        }

        #[test]
        fn nothing_unsafe_survives(text in any::<String>()) {
            prop_assert!(!Untrusted(&text).to_string().chars().any(is_unsafe));
            prop_assert!(!Lines(&text).to_string().chars().any(|c| is_unsafe(c) && !matches!(c, '\n' | '\t')));
        }
    }
}
