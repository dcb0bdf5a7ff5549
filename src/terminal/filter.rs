//! Keeps out of the user's terminal what a remote program may not do there.
//!
//! ```text
//! OSC 52 ; selection ; ?      asks the terminal to type the clipboard's content in: always dropped
//! OSC 52 ; selection ; TEXT   puts TEXT (base64) into the clipboard: by policy, and up to a limit
//! a question (see `query`)    dropped from replayed output, whose questions were answered long ago or never will be;
//!                             from live output it passes
//! ```
//!
//! A sequence is judged when its last byte is there, and no byte of it passes before: half a sequence would show nothing
//! on a terminal either, and so a stream that breaks in the middle of one leaves the terminal able to take other output,
//! and what the next stream brings completes it. Sequences too long to be a question pass as they come, such as images.
//! Everything else passes untouched and at once, however it is cut.
//!
//! ```text
//!            ESC                [ → Csi ──final──► judged      any ESC, CAN, SUB: what came before ends
//! Ground ──────────► Escape ──► ] P ^ _ X → Text ──ST, BEL──► judged
//!    │ U+0080…U+009F            else ──final──► judged
//!    └───────────► (the same, in one character)
//! ```
//!
//! Introducers count in both spellings, 7-bit and as U+0080…U+009F. Sources: ECMA-48, the parser of
//! <https://vt100.net/emu/dec_ansi_parser>, xterm `ctlseqs`. Some terminals carry a string out that is broken off by ESC or CAN,
//! and so those are judged too.

use super::query::{apc_unanswered, csi_asks, dcs_asks, osc_asks};

/// Most bytes of a sequence that sets the clipboard.
const CLIPBOARD_LIMIT: usize = 1 << 20;
/// A longer sequence of another kind is no question, and is not held back.
const HELD_LIMIT: usize = 8 << 10;
const CLIPBOARD: &[u8] = b"52;";
const ENQUIRY: u8 = 0x05;
const BEL: u8 = 0x07;
const CANCEL: u8 = 0x18;
const SUBSTITUTE: u8 = 0x1a;
const ESCAPE: u8 = 0x1b;
/// First byte of every U+0080…U+009F in UTF-8.
const C1: u8 = 0xc2;
const C1_ST: u8 = 0x9c;

/// Whether remote programs may put text into the user's clipboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clipboard {
    /// They may, up to 1 MiB at a time.
    #[default]
    Allow,
    /// They may not.
    Deny,
}

/// Where output comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The program writes it now.
    Live,
    /// The program wrote it earlier; it is shown again, or late.
    Replay,
}

/// Filters output on its way to the terminal.
#[derive(Debug, Default)]
pub struct OutputFilter {
    clipboard: Clipboard,
    state: State,
    /// The sequence being read, from its first byte on.
    held: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// After ESC and intermediate bytes.
    Escape,
    /// After the first byte of a C1 control.
    C1,
    Csi,
    Text(Kind, Fate),
}

/// Control strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Osc,
    Dcs,
    Apc,
    /// SOS and PM, which nobody answers.
    Other,
}

/// What becomes of a control string that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is not known yet.
    Held,
    /// It is too long to be a question; the last byte is held, since it may begin the end.
    Passing,
    /// It is too long for the clipboard.
    Dropped,
}

impl OutputFilter {
    /// A filter with a policy for the clipboard.
    pub fn new(clipboard: Clipboard) -> Self {
        Self { clipboard, ..Self::default() }
    }

    /// Takes output and answers what may be shown.
    pub fn push(&mut self, output: &[u8], origin: Origin) -> Vec<u8> {
        let mut shown = Vec::with_capacity(output.len() + self.held.len());
        let mut rest = output;
        while let Some(first) = rest.first() {
            if self.state == State::Ground {
                let run = rest.iter().position(|byte| matches!(*byte, ESCAPE | C1 | ENQUIRY)).unwrap_or(rest.len());
                shown.extend_from_slice(&rest[..run]);
                rest = &rest[run..];
                let Some(special) = rest.first() else { break };
                rest = &rest[1..];
                self.begin(*special, origin, &mut shown);
            } else {
                self.go_on(*first, origin, &mut shown);
                rest = &rest[1..];
            }
        }
        shown
    }

    fn begin(&mut self, special: u8, origin: Origin, shown: &mut Vec<u8>) {
        match special {
            ENQUIRY if origin == Origin::Replay => {}
            ENQUIRY => shown.push(special),
            _ => {
                self.held.push(special);
                self.state = if special == ESCAPE { State::Escape } else { State::C1 };
            }
        }
    }

    fn go_on(&mut self, byte: u8, origin: Origin, shown: &mut Vec<u8>) {
        self.held.push(byte);
        match self.state {
            State::Ground => {}
            State::Escape => match byte {
                ESCAPE => self.restart(1, shown),
                b' '..=b'/' => {}
                // An introducer counts only right behind ESC.
                _ if self.held.len() > 2 => self.release(shown),
                b'Z' => self.settle(origin == Origin::Replay, shown),
                _ => self.introduce(byte, shown),
            },
            State::C1 => match byte {
                0x9a => self.settle(origin == Origin::Replay, shown),
                0x80..=0x9f => self.introduce(byte - 0x40, shown),
                _ => self.release(shown),
            },
            State::Csi => match byte {
                ESCAPE => self.restart(1, shown),
                b'@'..=b'~' => {
                    let asks = origin == Origin::Replay && csi_asks(&self.held[2..]);
                    if origin == Origin::Replay {
                        self.held.retain(|byte| *byte != ENQUIRY);
                    }
                    self.settle(asks, shown);
                }
                CANCEL | SUBSTITUTE | 0x80.. => self.release(shown),
                _ if self.held.len() > HELD_LIMIT => self.release(shown),
                _ => {}
            },
            State::Text(kind, fate) => self.in_text(kind, fate, byte, origin, shown),
        }
    }

    fn introduce(&mut self, letter: u8, shown: &mut Vec<u8>) {
        self.state = match letter {
            b'[' => State::Csi,
            b']' => State::Text(Kind::Osc, Fate::Held),
            b'P' => State::Text(Kind::Dcs, Fate::Held),
            b'_' => State::Text(Kind::Apc, Fate::Held),
            b'X' | b'^' => State::Text(Kind::Other, Fate::Held),
            _ => return self.release(shown),
        };
    }

    fn in_text(&mut self, kind: Kind, fate: Fate, byte: u8, origin: Origin, shown: &mut Vec<u8>) {
        // Both introducers have two bytes, and so have both spellings of ST.
        let content = self.held.len() - 2;
        let before = if content > 1 || fate != Fate::Held { self.held[self.held.len() - 2] } else { 0 };
        let (ending, again) = match (before, byte) {
            (ESCAPE, b'\\') | (C1, C1_ST) => (2, 0),
            // Broken off by another sequence, whose first bytes these are.
            (ESCAPE, _) => (2, 2),
            (_, BEL) if kind == Kind::Osc => (1, 0),
            (_, CANCEL | SUBSTITUTE) => (1, 0),
            _ => return self.grow(kind, fate, shown),
        };
        let next = self.held.split_off(self.held.len() - again);
        match fate {
            Fate::Held => {
                let end = self.held.split_off(self.held.len() - (ending - again));
                self.judge(kind, &end, origin, shown);
            }
            Fate::Passing => shown.append(&mut self.held),
            Fate::Dropped => self.held.clear(),
        }
        self.state = State::Ground;
        if let [first, rest @ ..] = next.as_slice() {
            self.begin(*first, origin, shown);
            for byte in rest {
                self.go_on(*byte, origin, shown);
            }
        }
    }

    /// One more byte of a string that goes on.
    fn grow(&mut self, kind: Kind, fate: Fate, shown: &mut Vec<u8>) {
        let clipboard = kind == Kind::Osc && self.held[2..].starts_with(CLIPBOARD);
        let limit = if clipboard { CLIPBOARD_LIMIT } else { HELD_LIMIT };
        let fate = match fate {
            Fate::Held if self.held.len() <= limit => return,
            Fate::Held if clipboard => Fate::Dropped,
            Fate::Held => Fate::Passing,
            fate => fate,
        };
        self.state = State::Text(kind, fate);
        let last = self.held.split_off(self.held.len() - 1);
        if fate == Fate::Passing {
            shown.append(&mut self.held);
        }
        self.held = last;
    }

    /// Decides about a whole string: `held` up to its `end`.
    fn judge(&mut self, kind: Kind, end: &[u8], origin: Origin, shown: &mut Vec<u8>) {
        let body = &self.held[2..];
        let replay = origin == Origin::Replay;
        let dropped = match kind {
            Kind::Osc if body.starts_with(CLIPBOARD) => self.clipboard == Clipboard::Deny || reads_clipboard(body),
            Kind::Osc => replay && osc_asks(body),
            Kind::Dcs => replay && dcs_asks(body),
            Kind::Apc if replay => match apc_unanswered(body) {
                Some(body) => {
                    self.held.truncate(2);
                    self.held.extend(body);
                    false
                }
                None => true,
            },
            Kind::Apc | Kind::Other => false,
        };
        if dropped {
            self.held.clear();
        } else {
            shown.append(&mut self.held);
            shown.extend(end);
        }
    }

    /// Ends the sequence: dropped, or shown.
    fn settle(&mut self, dropped: bool, shown: &mut Vec<u8>) {
        if dropped {
            self.held.clear();
        }
        self.release(shown);
    }

    fn release(&mut self, shown: &mut Vec<u8>) {
        shown.append(&mut self.held);
        self.state = State::Ground;
    }

    /// Another sequence began with the last `bytes` held: what stands before them has no effect, and passes.
    fn restart(&mut self, bytes: usize, shown: &mut Vec<u8>) {
        let next = self.held.split_off(self.held.len() - bytes);
        shown.append(&mut self.held);
        self.held = next;
        self.state = State::Escape;
    }
}

/// Whether an OSC 52 asks for the clipboard: its text is `?`.
fn reads_clipboard(body: &[u8]) -> bool {
    body.rsplit(|byte| *byte == b';').next().is_some_and(|text| text.contains(&b'?'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every question in the spellings that programs use.
    const QUESTIONS: &[&str] = &[
        "\x1b[c",
        "\x1b[0c",
        "\x1b[>c",
        "\x1b[>0c",
        "\x1b[=c",
        "\x1bZ",
        "\u{9a}",
        "\u{9b}c",
        "\x05",
        "\x1b[5n",
        "\x1b[6n",
        "\x1b[?6n",
        "\x1b[?15n",
        "\x1b[?996n",
        "\x1b[?2026$p",
        "\x1b[4$p",
        "\x1b[>q",
        "\x1b[>0q",
        "\x1b[?u",
        "\x1b[?4m",
        "\x1b[?1;1;0S",
        "\x1b[14t",
        "\x1b[16t",
        "\x1b[18t",
        "\x1b[21t",
        "\x1b[x",
        "\x1b[1;1;1;1;24;80*y",
        "\x1b['|",
        "\x1b[1$w",
        "\x1b[&u",
        "\x1b]10;?\x07",
        "\x1b]11;?\x1b\\",
        "\u{9d}12;?\u{9c}",
        "\x1b]4;1;?\x07",
        "\x1b]4;0;?;1;?\x1b\\",
        "\x1b]21;foreground=?\x1b\\",
        "\x1b]22;?__current__\x1b\\",
        "\x1b]50;?\x07",
        "\x1b]99;i=1:p=?;\x1b\\",
        "\x1b]60\x07",
        "\x1b]1337;ReportCellSize\x07",
        "\x1b]1337;Capabilities\x1b\\",
        "\x1b]5522;type=read;Lg==\x1b\\",
        "\x1b]702;?\x07",
        "\x1bP$qm\x1b\\",
        "\x1bP+q544e;524742\x1b\\",
        "\u{90}+q544e\u{9c}",
        "\x1bP+Qx\x1b\\",
        "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\",
    ];
    /// What asks nothing, whether replayed or not.
    const STATEMENTS: &[&str] = &[
        "plain text",
        "gr\u{fc}n \u{1f600} \u{a0}",
        "\r\n",
        "\x1b[1;31mred\x1b[0m",
        "\x1b[?1049h\x1b[2J\x1b[H",
        "\x1b]0;what?\x07",
        "\x1b]2;?\x1b\\",
        "\x1b]8;;http://x/?q\x1b\\link\x1b]8;;\x1b\\",
        "\x1b[>1u",
        "\x1b[<u",
        "\x1b[2 q",
        "\x1b(B",
        "\x1b7\x1b8",
        "\x1bM",
        "\x1b[22;0t",
        "\x1b]4;1;rgb:ff/00/00\x07",
        "\x1bPq#0;2;0;0;0~\x1b\\",
        "\x1b_Gq=2,i=1;AAAA\x1b\\",
        "\x1b]52;c;aGk=\x07",
        "\x1b[?2004h",
        "\x1b[>4;1m",
        "\x1b#8",
        "\u{85}",
    ];

    fn run(filter: &mut OutputFilter, text: &[u8], cuts: &[usize], origin: Origin) -> Vec<u8> {
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut % (text.len() + 1)).chain([0, text.len()]).collect();
        cuts.sort_unstable();
        cuts.windows(2).flat_map(|pair| filter.push(&text[pair[0]..pair[1]], origin)).collect()
    }

    fn shown(pieces: &[&[u8]], origin: Origin) -> Vec<u8> {
        let mut filter = OutputFilter::default();
        let mut shown: Vec<u8> = pieces.iter().flat_map(|piece| filter.push(piece, origin)).collect();
        shown.extend(filter.held);
        shown
    }

    #[test]
    fn reading_the_clipboard_is_dropped_in_every_spelling() {
        for ask in ["\x1b]52;c;?\x07", "\x1b]52;;?\x1b\\", "\u{9d}52;p;?\u{9c}", "\x1b]52;c;?\u{9c}", "\x1b]52;?\x07"] {
            let text = format!("before{ask}after");
            assert_eq!(shown(&[text.as_bytes()], Origin::Live), b"beforeafter", "{ask:?}");
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
            assert_eq!(shown(&pieces, Origin::Live), b"beforeafter", "{ask:?}");
        }
        // Wrapped for the terminal around a tmux, in both spellings of the end.
        for ask in ["\x1bPtmux;\x1b\x1b]52;c;?\x07\x1b\\", "\x1bPtmux;\x1b\x1b]52;c;?\x1b\x1b\\\x1b\\"] {
            let seen = String::from_utf8(shown(&[ask.as_bytes()], Origin::Live)).unwrap();
            assert!(!seen.contains("52;"), "{seen:?}");
        }
    }

    #[test]
    fn setting_the_clipboard_passes_up_to_the_limit_or_not_at_all() {
        let set = b"\x1b]52;c;aGVsbG8=\x07";
        assert_eq!(shown(&[b"a", set, b"b"], Origin::Live), [b"a".as_slice(), set, b"b"].concat());
        for end in [b"\x07after".as_slice(), b"\x1b\\after"] {
            let huge = [b"\x1b]52;c;".as_slice(), &vec![b'A'; CLIPBOARD_LIMIT + 10], end].concat();
            assert_eq!(shown(&[&huge], Origin::Live), b"after");
        }
        let mut denied = OutputFilter::new(Clipboard::Deny);
        assert_eq!(denied.push(b"a\x1b]52;c;aGVsbG8=\x07b", Origin::Live), b"ab");
    }

    #[test]
    fn what_is_too_long_to_be_a_question_passes_as_it_comes() {
        let image = [b"\x1bPq".as_slice(), &vec![b'~'; HELD_LIMIT * 3], b"\x1b\\after\x1b[c"].concat();
        let mut filter = OutputFilter::default();
        let early = filter.push(&image[..HELD_LIMIT * 2], Origin::Replay);
        assert!(early.len() >= HELD_LIMIT * 2 - 1);
        let late = filter.push(&image[HELD_LIMIT * 2..], Origin::Replay);
        assert_eq!([early, late].concat(), &image[..image.len() - 3]);
    }

    #[test]
    fn what_breaks_a_sequence_off_takes_effect() {
        assert_eq!(shown(&[b"\x1b]52;c;?\x1b[31mred"], Origin::Live), b"\x1b[31mred");
        assert_eq!(shown(&[b"\x1b]0;title\x07\x1b[2J\x1b"], Origin::Live), b"\x1b]0;title\x07\x1b[2J\x1b");
        assert_eq!(shown(&[b"\x1b]11;?\x1b[6n\x1b[1m"], Origin::Replay), b"\x1b[1m");
        assert_eq!(shown(&[b"\x1b[3\x1b[1mx"], Origin::Replay), b"\x1b[3\x1b[1mx");
    }

    #[test]
    fn every_question_is_dropped_from_a_replay_and_passes_live() {
        for question in QUESTIONS {
            let text = format!("a{question}b");
            assert_eq!(shown(&[text.as_bytes()], Origin::Live), text.as_bytes(), "{question:?}");
            assert_eq!(shown(&[text.as_bytes()], Origin::Replay), b"ab", "{question:?}");
        }
    }

    #[test]
    fn a_question_that_a_broken_link_cut_is_dropped_whole() {
        let mut filter = OutputFilter::default();
        assert_eq!(filter.push(b"a\x1b]11;", Origin::Live), b"a", "half of it is never shown");
        assert_eq!(filter.push(b"?\x1b\\b", Origin::Replay), b"b");
        assert_eq!(filter.push(b"\x1b[?2026", Origin::Replay), b"");
        assert_eq!(filter.push(b"$p", Origin::Live), b"\x1b[?2026$p", "it ends in live output: the answer is awaited");
    }

    proptest! {
        #[test]
        fn a_replay_loses_its_questions_and_nothing_else(
            pieces in proptest::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..12),
            cuts in proptest::collection::vec(any::<usize>(), 0..12),
        ) {
            let (mut text, mut wanted) = (String::new(), String::new());
            for (question, which) in pieces {
                if question {
                    text.push_str(QUESTIONS[which.index(QUESTIONS.len())]);
                } else {
                    let statement = STATEMENTS[which.index(STATEMENTS.len())];
                    text.push_str(statement);
                    wanted.push_str(statement);
                }
            }
            let replayed = run(&mut OutputFilter::default(), text.as_bytes(), &cuts, Origin::Replay);
            prop_assert_eq!(String::from_utf8(replayed).unwrap(), wanted);
            let live = run(&mut OutputFilter::default(), text.as_bytes(), &cuts, Origin::Live);
            prop_assert_eq!(String::from_utf8(live).unwrap(), text);
        }

        #[test]
        fn live_output_passes_unchanged_and_only_a_beginning_is_held_back(
            pieces in proptest::collection::vec("(\\PC|[\x05\x1b\\]\\[P_;\x07\x18a\u{9d}\u{9b}\u{85}?c]){0,12}", 0..8)
        ) {
            let whole = pieces.concat();
            prop_assume!(!whole.contains("52;"));
            let mut filter = OutputFilter::default();
            let mut seen = Vec::new();
            for piece in &pieces {
                seen.extend(filter.push(piece.as_bytes(), Origin::Live));
            }
            prop_assert!(whole.as_bytes().starts_with(&seen));
            prop_assert_eq!(&whole.as_bytes()[seen.len()..], &filter.held);
        }

        #[test]
        fn no_bytes_make_it_panic_or_hoard(bytes in proptest::collection::vec(any::<u8>(), 0..300), replay in any::<bool>()) {
            let mut filter = OutputFilter::default();
            let origin = if replay { Origin::Replay } else { Origin::Live };
            filter.push(&bytes, origin);
            prop_assert!(filter.held.len() <= bytes.len());
        }
    }
}
