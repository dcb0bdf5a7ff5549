//! The keys that leave a remote terminal without ending what runs there.
//!
//! ```text
//! keys = "" | key { "," key }          empty: nothing detaches
//! key  = "ctrl-" ( letter | "@" | "[" | "\" | "]" | "^" | "_" ) | printable ASCII character
//! ```
//!
//! While a beginning of the keys was typed it is held back; when the next key is another one, or does not follow within
//! [`HOLD`], what was held is passed on. A key counts however the terminal reports it: as its byte, or, once a program has
//! asked for the kitty keyboard protocol, as `CSI code ; modifiers u`.

use std::time::Duration;

/// How long a beginning of the keys is held back.
pub const HOLD: Duration = Duration::from_secs(1);

const ESCAPE: u8 = 0x1b;
/// Modifiers of the kitty protocol, as a bit set: caps lock and num lock change nothing here.
const LOCKS: u32 = 64 | 128;
const CONTROL: u32 = 4;

/// A sequence of keys, as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetachKeys(Vec<u8>);

impl Default for DetachKeys {
    /// `ctrl-],d`.
    fn default() -> Self {
        Self(vec![0x1d, b'd'])
    }
}

impl std::str::FromStr for DetachKeys {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self(Vec::new()));
        }
        text.split(',').map(parse_key).collect::<Result<Vec<_>, _>>().map(Self)
    }
}

impl std::fmt::Display for DetachKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, key) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            match key {
                0..0x20 => write!(f, "{comma}ctrl-{}", char::from(key + 0x40).to_ascii_lowercase())?,
                _ => write!(f, "{comma}{}", char::from(*key))?,
            }
        }
        Ok(())
    }
}

fn parse_key(key: &str) -> Result<u8, String> {
    let wrong = || format!("{key:?} is no key: write ctrl-X or one character, separated by commas");
    let control = key.strip_prefix("ctrl-").map(str::as_bytes);
    match (control, key.as_bytes()) {
        (Some([letter @ (b'a'..=b'z' | b'A'..=b'Z' | b'@' | b'[' | b'\\' | b']' | b'^' | b'_')]), _) => {
            Ok(letter & 0x1f)
        }
        (None, [character @ b' '..=b'~']) => Ok(*character),
        _ => Err(wrong()),
    }
}

/// What becomes of typed bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// What the remote program gets.
    pub pass: Vec<u8>,
    /// Whether the keys are complete; what was typed behind them is dropped.
    pub detach: bool,
}

/// Looks for the keys in what is typed.
#[derive(Debug)]
pub struct Detach {
    keys: Vec<u8>,
    /// The keys matched so far, as they were typed.
    held: Vec<Vec<u8>>,
}

impl Detach {
    /// Looks for these keys.
    pub fn new(keys: &DetachKeys) -> Self {
        Self { keys: keys.0.clone(), held: Vec::new() }
    }

    /// Takes what was typed.
    pub fn push(&mut self, bytes: &[u8]) -> Typed {
        let mut typed = Typed::default();
        let mut rest = bytes;
        loop {
            if self.held.is_empty() {
                let is_plain = |byte: &u8| *byte != ESCAPE && self.keys.first() != Some(byte);
                let plain = rest.iter().take_while(|byte| is_plain(byte)).count();
                typed.pass.extend_from_slice(&rest[..plain]);
                rest = &rest[plain..];
            }
            if rest.is_empty() {
                return typed;
            }
            let length = token_length(rest);
            let (token, after) = rest.split_at(length);
            rest = after;
            // A key coming up means nothing, and must not tear the keys apart.
            if meaning(token) == Meaning::Release {
                typed.pass.extend(token);
                continue;
            }
            self.held.push(token.to_vec());
            self.settle(&mut typed.pass);
            if !self.keys.is_empty() && self.held.len() == self.keys.len() {
                self.held.clear();
                typed.detach = true;
                return typed;
            }
        }
    }

    /// Passes on from the front of what is held until the rest is a beginning of the keys again.
    fn settle(&mut self, pass: &mut Vec<u8>) {
        let begins = |held: &[Vec<u8>]| {
            held.len() <= self.keys.len()
                && held.iter().zip(&self.keys).all(|(token, wanted)| meaning(token) == Meaning::Key(*wanted))
        };
        while !begins(&self.held) {
            pass.extend(self.held.remove(0));
        }
    }

    /// Whether something is held back: then [`Detach::give_up`] after [`HOLD`].
    pub fn is_holding(&self) -> bool {
        !self.held.is_empty()
    }

    /// Passes on what is held back.
    pub fn give_up(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held).concat()
    }
}

/// Where `key` (a control character or an ASCII character) is pressed first in what was typed, however it is reported.
pub fn find_key(typed: &[u8], key: u8) -> Option<usize> {
    let mut at = 0;
    loop {
        at += typed[at..].iter().position(|byte| *byte == ESCAPE || *byte == key)?;
        let token = &typed[at..at + token_length(&typed[at..])];
        if meaning(token) == Meaning::Key(key) {
            return Some(at);
        }
        at += token.len();
    }
}

#[derive(PartialEq, Eq)]
enum Meaning {
    Key(u8),
    Release,
    Other,
}

/// Length of the first key in `bytes`: a whole `CSI … u`, or one byte.
fn token_length(bytes: &[u8]) -> usize {
    let Some(rest) = bytes.strip_prefix(&[ESCAPE, b'[']) else { return 1 };
    let parameters = rest.iter().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b';' | b':')).count();
    if parameters > 0 && rest.get(parameters) == Some(&b'u') { parameters + 3 } else { 1 }
}

/// Reads `CSI code[:…] [; modifiers[:event] [; …]] u`, or a plain byte.
fn meaning(token: &[u8]) -> Meaning {
    let [ESCAPE, b'[', parameters @ .., b'u'] = token else {
        return token.first().filter(|_| token.len() == 1).map_or(Meaning::Other, |byte| Meaning::Key(*byte));
    };
    let text = std::str::from_utf8(parameters).unwrap_or_default();
    let mut fields = text.split(';').map(|field| field.split(':').map(|number| number.parse::<u32>().ok()));
    let code = fields.next().and_then(|mut field| field.next().flatten());
    let mut modifier = fields.next().into_iter().flatten();
    let modifiers = modifier.next().flatten().unwrap_or(1).saturating_sub(1) & !LOCKS;
    if modifier.next().flatten() == Some(3) {
        return Meaning::Release;
    }
    match (code.and_then(|code| u8::try_from(code).ok()), modifiers) {
        (Some(code @ b' '..=b'~'), 0) => Meaning::Key(code),
        (Some(code @ b'@'..=b'~'), CONTROL) => Meaning::Key(code & 0x1f),
        _ => Meaning::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn detach(keys: &str) -> Detach {
        Detach::new(&keys.parse().unwrap())
    }

    #[test]
    fn keys_are_read_and_shown() {
        for keys in ["ctrl-],d", "ctrl-p,ctrl-q", "ctrl-\\", "~,.", ""] {
            assert_eq!(keys.parse::<DetachKeys>().unwrap().to_string(), keys);
        }
        assert_eq!("ctrl-],d".parse::<DetachKeys>().unwrap(), DetachKeys::default());
        for wrong in ["ctrl-", "ctrl-1", "dd", "ctrl-],", "\u{e4}", "\t"] {
            assert!(wrong.parse::<DetachKeys>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_keys_detach_and_what_stood_before_them_is_passed_on() {
        assert_eq!(detach("ctrl-],d").push(b"ls\r\x1ddmore"), Typed { pass: b"ls\r".to_vec(), detach: true });
        let mut apart = detach("ctrl-],d");
        assert_eq!(apart.push(b"\x1d"), Typed::default());
        assert!(apart.is_holding());
        assert!(apart.push(b"d").detach);
    }

    #[test]
    fn a_first_key_that_nothing_follows_is_passed_on() {
        let mut keys = detach("ctrl-],d");
        keys.push(b"\x1d");
        assert_eq!(keys.give_up(), b"\x1d");
        assert_eq!(keys.push(b"d"), Typed { pass: b"d".to_vec(), detach: false });
        assert_eq!(keys.push(b"\x1dx").pass, b"\x1dx");
        assert_eq!(keys.push(b"\x1d\x1d").pass, b"\x1d", "the second may be the beginning");
        assert!(keys.push(b"d").detach);
    }

    #[test]
    fn a_key_is_seen_in_both_spellings() {
        assert_eq!((find_key(b"ab\x03", 3), find_key(b"x\x1b[99;5u", 3)), (Some(2), Some(1)));
        assert_eq!(find_key(b"c\x1b[99;5:3u\x1b[99u", 3), None);
    }

    #[test]
    fn empty_keys_never_detach() {
        assert_eq!(detach("").push(b"\x1dd\x10\x11"), Typed { pass: b"\x1dd\x10\x11".to_vec(), detach: false });
    }

    #[test]
    fn the_kitty_protocol_s_spelling_counts_and_releases_do_not() {
        let mut keys = detach("ctrl-],d");
        assert!(keys.push(b"\x1b[93;5u\x1b[100u").detach);
        let typed = keys.push(b"\x1b[93;5:1u\x1b[93;5:3ud");
        assert_eq!(typed, Typed { pass: b"\x1b[93;5:3u".to_vec(), detach: true });
        assert!(keys.push(b"\x1b[93;133ud").detach, "num lock changes nothing");
        assert_eq!(keys.push(b"\x1b[93;7u").pass, b"\x1b[93;7u", "ctrl-alt-] is another key");
    }

    proptest! {
        #[test]
        fn nothing_typed_is_lost_or_changed(pieces in proptest::collection::vec(proptest::collection::vec(
            prop_oneof![Just(0x1d_u8), Just(b'x'), Just(0x1b), Just(b'['), any::<u8>().prop_filter("no end of the keys", |b| *b != b'd')], 0..6), 0..6)) {
            // `d` can still arrive as CSI 100 u; digits 1 0 0 in a row before u are the only way, and then detaching is right.
            let mut keys = detach("ctrl-],d");
            let mut passed = Vec::new();
            for piece in &pieces {
                let typed = keys.push(piece);
                prop_assume!(!typed.detach);
                passed.extend(typed.pass);
            }
            passed.extend(keys.give_up());
            let releases = pieces.concat().windows(3).any(|w| w == b":3u");
            if !releases {
                prop_assert_eq!(passed, pieces.concat());
            }
        }
    }
}
