//! Frames of a terminal's WebSocket, and the arithmetic of its output cursor. No I/O.
//!
//! Server to client: text frames are output; one binary frame `0x00 {"cursor":N}` after the replay says that the output
//! so far ends at position N. Client to server: every message is input. Positions count UTF-16 code units.

use serde::Deserialize;

/// Most bytes of one input message; the server takes 16 MiB.
pub const INPUT_LIMIT: usize = 64 << 10;

/// Reads the meta frame: the position at which the replayed output ends.
pub fn parse_meta(frame: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Meta {
        cursor: u64,
    }
    let json = frame.strip_prefix(&[0])?;
    serde_json::from_slice::<Meta>(json).ok().map(|meta| meta.cursor)
}

/// Length of a text as the server's cursor counts it.
pub fn utf16_len(text: &str) -> u64 {
    text.encode_utf16().fold(0, |count, _| count + 1)
}

/// Where output replay begins when a client connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// With all that the server still holds (the last 2 MiB).
    All,
    /// Nowhere: only what comes from now on.
    None,
    /// After this position.
    From(u64),
}

impl Replay {
    /// Value of the `cursor` query parameter.
    pub fn parameter(self) -> Option<String> {
        match self {
            Self::All => None,
            Self::None => Some("-1".to_owned()),
            // 0 means the whole buffer to the server, and so it does here: nothing was seen yet.
            Self::From(position) => Some(position.to_string()),
        }
    }
}

/// Follows the position of a terminal's output over one connection.
///
/// ```text
/// Replaying(units so far) ──meta(N)──► Live(N) ──text──► Live(N + units)
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Cursor {
    requested: Replay,
    units: u64,
    live: Option<u64>,
}

impl Cursor {
    /// A connection that was asked to replay from `requested`.
    pub fn new(requested: Replay) -> Self {
        Self { requested, units: 0, live: None }
    }

    /// Counts output.
    pub fn text(&mut self, text: &str) {
        let units = utf16_len(text);
        match &mut self.live {
            Some(position) => *position += units,
            None => self.units += units,
        }
    }

    /// Takes the meta frame. Answers at which position the replay began, and how many units are missing between what was
    /// asked for and that: more than zero when the server's buffer no longer held them.
    pub fn meta(&mut self, position: u64) -> (u64, u64) {
        self.live = Some(position);
        let start = position.saturating_sub(self.units);
        let missing = match self.requested {
            Replay::None => 0,
            Replay::All => start,
            Replay::From(from) => start.saturating_sub(from),
        };
        (start, missing)
    }

    /// Whether the replay is over.
    pub fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// The position after the last output seen; unknown during a replay, since only its end tells where it began: not
    /// where it was asked for, if the server's buffer has a gap there.
    pub fn position(&self) -> Option<u64> {
        self.live
    }
}

/// Cuts input bytes into messages that are UTF-8 as a whole, as the server demands: it drops any other silently.
///
/// A character cut at the end of a read waits for its rest. Bytes that can never be UTF-8 (X10 mouse reports beyond
/// column 95) are left out, since no message can carry them.
#[derive(Debug, Default)]
pub struct InputCutter {
    rest: Vec<u8>,
}

impl InputCutter {
    /// Takes bytes as they were typed and answers the messages to send, in order.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        self.rest.extend_from_slice(bytes);
        let mut text = String::with_capacity(self.rest.len());
        let mut tail = Vec::new();
        let mut chunks = self.rest.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            text.push_str(chunk.valid());
            let is_unfinished = chunks.peek().is_none() && is_cut(chunk.invalid());
            if is_unfinished {
                tail = chunk.invalid().to_vec();
            }
        }
        self.rest = tail;
        let mut messages = Vec::new();
        while !text.is_empty() {
            let mut end = text.len().min(INPUT_LIMIT);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let rest = text.split_off(end);
            messages.push(std::mem::replace(&mut text, rest));
        }
        messages
    }
}

/// Whether `bytes`, the invalid end of a text, may become a character when more bytes come.
fn is_cut(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_meta_frame_is_zero_and_json() {
        assert_eq!(parse_meta(b"\0{\"cursor\":49}"), Some(49));
        assert_eq!(parse_meta(b"\0{\"cursor\":49,\"more\":true}"), Some(49));
        assert_eq!(parse_meta(b"{\"cursor\":49}"), None);
        assert_eq!(parse_meta(b"\0{\"cursor\":-1}"), None);
        assert_eq!(parse_meta(b""), None);
    }

    #[test]
    fn positions_count_utf16_units() {
        assert_eq!(utf16_len("h\u{e9}llo \u{1f600}"), 8);
        let mut cursor = Cursor::new(Replay::From(10));
        cursor.text("\u{1f600}");
        assert_eq!(cursor.position(), None);
        assert_eq!(cursor.meta(12), (10, 0));
        cursor.text("ab");
        assert_eq!(cursor.position(), Some(14));
    }

    #[test]
    fn a_gap_is_what_the_server_no_longer_held() {
        let mut cursor = Cursor::new(Replay::From(100));
        cursor.text("0123456789");
        assert_eq!(cursor.meta(150), (140, 40));
        let mut cursor = Cursor::new(Replay::None);
        assert_eq!(cursor.meta(1 << 40), (1 << 40, 0));
        let mut cursor = Cursor::new(Replay::All);
        assert_eq!(cursor.position(), None);
        cursor.text("xy");
        assert_eq!(cursor.meta(2), (0, 0));
    }

    proptest! {
        #[test]
        fn any_text_cut_anywhere_arrives_whole(text in "\\PC{0,40}", cuts in proptest::collection::vec(0usize..200, 0..6)) {
            let bytes = text.as_bytes();
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let mut cutter = InputCutter::default();
            let sent: String = cuts.windows(2).flat_map(|pair| cutter.push(&bytes[pair[0]..pair[1]])).collect();
            prop_assert_eq!(sent, text);
        }

        #[test]
        fn any_bytes_become_messages_within_the_limit_and_the_rest_stays_short(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut cutter = InputCutter::default();
            let mut sent = String::new();
            for byte in &bytes {
                for message in cutter.push(&[*byte]) {
                    prop_assert!(!message.is_empty() && message.len() <= INPUT_LIMIT);
                    sent.push_str(&message);
                }
                prop_assert!(cutter.rest.len() < 4);
            }
            let mut whole = InputCutter::default();
            prop_assert_eq!(whole.push(&bytes).concat(), sent);
        }

        #[test]
        fn the_position_never_depends_on_how_output_is_cut(pieces in proptest::collection::vec("\\PC{0,8}", 0..8), from in 0u64..1000) {
            let mut cursor = Cursor::new(Replay::From(from));
            prop_assert_eq!(cursor.meta(from), (from, 0));
            for piece in &pieces {
                cursor.text(piece);
            }
            prop_assert_eq!(cursor.position(), Some(from + utf16_len(&pieces.concat())));
        }

        #[test]
        fn no_frame_makes_the_meta_reader_panic(frame in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = parse_meta(&frame);
        }
    }

    #[test]
    fn a_large_paste_is_cut_at_characters() {
        let text = "\u{20ac}".repeat(50_000);
        let messages = InputCutter::default().push(text.as_bytes());
        assert!(messages.len() > 2 && messages.iter().all(|message| message.len() <= INPUT_LIMIT));
        assert_eq!(messages.concat(), text);
    }
}
