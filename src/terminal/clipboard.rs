//! Keeps a remote program from reading the user's clipboard.
//!
//! ```text
//! OSC 52 ; selection ; ?      asks the terminal to type the clipboard's content in: dropped
//! OSC 52 ; selection ; TEXT   puts TEXT (base64) into the clipboard: passed on, up to a limit
//! ```
//!
//! OSC is `ESC ]` or U+009D; it ends with BEL, `ESC \` or U+009C. Everything else passes untouched, however it is cut; of a
//! sequence that may become an OSC 52 no byte passes before it is known what it is. Source: xterm `ctlseqs`, "Manipulate
//! Selection Data".

/// Most bytes of a sequence that sets the clipboard.
const MOST_BYTES: usize = 1 << 20;
const PREFIX: &[u8] = b"52;";
const ESCAPE: u8 = 0x1b;
const BEL: u8 = 0x07;
/// First byte of every U+0080…U+009F in UTF-8.
const C1: u8 = 0xc2;
const C1_OSC: u8 = 0x9d;
const C1_ST: u8 = 0x9c;

/// Filters output on its way to the terminal.
#[derive(Debug, Default)]
pub struct ClipboardGuard {
    /// A sequence that is not known yet to be harmless, from its first byte on.
    held: Vec<u8>,
    /// The sequence that is being read grew beyond the limit: dropped to its end.
    dropping: bool,
}

impl ClipboardGuard {
    /// Takes output and answers what may be shown.
    pub fn push(&mut self, output: &[u8]) -> Vec<u8> {
        let mut shown = Vec::with_capacity(output.len() + self.held.len());
        for byte in output {
            self.held.push(*byte);
            self.settle(&mut shown);
        }
        shown
    }

    fn settle(&mut self, shown: &mut Vec<u8>) {
        let Some(content) = content(&self.held) else {
            if matches!(self.held.as_slice(), [ESCAPE | C1]) {
                return;
            }
            return self.release(shown);
        };
        if content.len() < PREFIX.len() && PREFIX.starts_with(content) {
            return;
        }
        if !content.starts_with(PREFIX) {
            return self.release(shown);
        }
        match ended(content) {
            Some(_) if self.dropping => {
                self.held.clear();
                self.dropping = false;
            }
            Some(End::Cancelled) => self.release(shown),
            Some(End::Whole(body)) if asks(body) => self.held.clear(),
            Some(End::Whole(_)) => shown.append(&mut self.held),
            None if self.held.len() > MOST_BYTES => {
                self.dropping = true;
                // Its beginning and its last bytes are enough to see its end.
                let tail = self.held.split_off(self.held.len() - 2);
                self.held.truncate(8);
                self.held.extend(tail);
            }
            None => {}
        }
    }

    /// Shows what is held, but for a last byte that may begin another sequence.
    fn release(&mut self, shown: &mut Vec<u8>) {
        let begins = self.held.len() > 1 && matches!(self.held.last(), Some(&(ESCAPE | C1)));
        let rest = if begins { self.held.split_off(self.held.len() - 1) } else { Vec::new() };
        shown.append(&mut self.held);
        self.held = rest;
    }
}

/// What stands behind the introducer of an OSC.
fn content(held: &[u8]) -> Option<&[u8]> {
    match held {
        [ESCAPE, b']', content @ ..] | [C1, C1_OSC, content @ ..] => Some(content),
        _ => None,
    }
}

enum End<'a> {
    Whole(&'a [u8]),
    /// Another escape sequence began, which ends this one without effect.
    Cancelled,
}

fn ended(content: &[u8]) -> Option<End<'_>> {
    match content {
        [body @ .., BEL] | [body @ .., ESCAPE, b'\\'] | [body @ .., C1, C1_ST] => Some(End::Whole(body)),
        [.., 0x18 | 0x1a] => Some(End::Cancelled),
        [.., ESCAPE, byte] if *byte != ESCAPE => Some(End::Cancelled),
        _ => None,
    }
}

/// Whether an OSC 52 asks for the clipboard: its text is `?`.
fn asks(body: &[u8]) -> bool {
    body.rsplit(|byte| *byte == b';').next().is_some_and(|text| text.contains(&b'?'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(pieces: &[&[u8]]) -> Vec<u8> {
        let mut guard = ClipboardGuard::default();
        let mut shown: Vec<u8> = pieces.iter().flat_map(|piece| guard.push(piece)).collect();
        shown.extend(guard.held);
        shown
    }

    #[test]
    fn reading_the_clipboard_is_dropped_in_every_spelling() {
        for ask in ["\x1b]52;c;?\x07", "\x1b]52;;?\x1b\\", "\u{9d}52;p;?\u{9c}", "\x1b]52;c;?\u{9c}", "\x1b]52;?\x07"] {
            let text = format!("before{ask}after");
            assert_eq!(shown(&[text.as_bytes()]), b"beforeafter", "{ask:?}");
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
            assert_eq!(shown(&pieces), b"beforeafter", "{ask:?}");
        }
    }

    #[test]
    fn setting_the_clipboard_passes_up_to_the_limit() {
        let set = b"\x1b]52;c;aGVsbG8=\x07";
        assert_eq!(shown(&[b"a", set, b"b"]), [b"a".as_slice(), set, b"b"].concat());
        let huge = [b"\x1b]52;c;".as_slice(), &vec![b'A'; MOST_BYTES + 10], b"\x07after"].concat();
        assert_eq!(shown(&[&huge]), b"after");
    }

    #[test]
    fn what_breaks_a_sequence_off_is_shown() {
        assert_eq!(shown(&[b"\x1b]52;c;\x1b[31mred"]), b"\x1b]52;c;\x1b[31mred");
        assert_eq!(shown(&[b"\x1b]0;title\x07\x1b[2J\x1b"]), b"\x1b]0;title\x07\x1b[2J\x1b");
    }

    proptest! {
        #[test]
        fn output_without_the_sequence_passes_unchanged_and_at_once(pieces in proptest::collection::vec("(\\PC|[\x1b\\];\x07\x18a\u{9d}\u{85}]){0,12}", 0..8)) {
            let whole = pieces.concat();
            prop_assume!(!whole.contains("52;"));
            let cut: Vec<&[u8]> = pieces.iter().map(String::as_bytes).collect();
            prop_assert_eq!(shown(&cut), whole.as_bytes());
            let mut guard = ClipboardGuard::default();
            for piece in &cut {
                guard.push(piece);
                prop_assert!(guard.held.len() <= 5, "only a possible beginning is held back");
            }
        }
    }
}
