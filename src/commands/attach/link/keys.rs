//! What was typed, on its way to the server.
//!
//! ```text
//! typed ──► unsent ──handed to the connection──► in flight ──receipt──► arrived
//!              │                                     └──the connection is lost──► in doubt: never sent again
//!              └──the connection is lost──► kept (up to a limit), and sent on the next one
//! ```
//!
//! **What is guaranteed.** The server acknowledges no input and keeps no count of it, so nobody can ask it later what it
//! got. But it answers pings in the order of its reading: the answer to a ping sent behind some keys is their receipt.
//! - A key with a receipt has arrived, once.
//! - A key that was not handed to a connection has not arrived. It is sent later, in its order.
//! - A key in between when the connection is lost may have arrived or not; no way to find out exists. Half of a command
//!   executed is better than a command executed twice, so it is not sent again, and the user is told how many there were.
//!
//! So every key arrives at most once, none is lost that the user is not told about, and all arrive in their order but for
//! those in doubt: what is still on its way through a connection that we gave up may come late. To keep the third
//! case small, nothing more is handed over while a receipt is overdue or [`WINDOW`] bytes are without one; only an
//! interrupt (ctrl-c) does not wait, and takes along what was typed before it.
//!
//! **Pastes.** The lines of a pasted text must not reach a program that takes them for commands, nor may a program wait for
//! the end of a paste for ever. So a paste of which something is dropped, or whose beginning went to a connection that was
//! lost before its end did, ends there for the program, and the rest of it is dropped.

use std::collections::VecDeque;

use super::paste::{self, Paste};
use crate::opencode::InputCutter;
use crate::terminal::find_key;

/// Most bytes without a receipt.
pub const WINDOW: usize = 128 << 10;
/// Most bytes of one message.
const MESSAGE: usize = 64 << 10;
/// ctrl-c.
pub const INTERRUPT: u8 = 3;

/// What was typed and is not known to have arrived.
#[derive(Debug, Default)]
pub struct Keys {
    cutter: InputCutter,
    unsent: String,
    /// How much of `unsent` does not wait.
    urgent: usize,
    in_flight: VecDeque<InFlight>,
    in_flight_bytes: usize,
    /// Of the last ping.
    number: u64,
    /// Characters in flight when a connection was lost, not told yet.
    in_doubt: usize,
    /// Characters that were not kept, not told yet.
    dropped: usize,
    /// Whether a paste is open in what was typed.
    typed: Paste,
    /// Something of that paste or of its marker was dropped, and so is its rest.
    cut: bool,
    /// Whether a paste is open in what was handed over.
    handed: Paste,
}

#[derive(Debug)]
struct InFlight {
    number: u64,
    bytes: usize,
    characters: usize,
    /// A paste ends here that began in an earlier message.
    ends_paste: bool,
}

impl Keys {
    /// Takes what was typed.
    pub fn push(&mut self, typed: &[u8]) {
        let typed = self.behind_cut_paste(typed);
        self.typed.read(typed);
        for message in self.cutter.push(typed) {
            self.unsent.push_str(&message);
        }
        if find_key(typed, INTERRUPT).is_some() {
            self.urgent = self.unsent.len();
        }
    }

    /// Drops the rest of a paste of which something was dropped. Who interrupts does not wait for its end.
    fn behind_cut_paste<'t>(&mut self, typed: &'t [u8]) -> &'t [u8] {
        if !self.cut {
            return typed;
        }
        let end = self.typed.read_end(typed).or_else(|| find_key(typed, INTERRUPT));
        if end.is_some() {
            (self.typed, self.cut) = (Paste::default(), false);
        }
        let (rest, behind) = typed.split_at(end.unwrap_or(typed.len()));
        self.dropped += characters(&String::from_utf8_lossy(rest));
        behind
    }

    /// Takes what was typed while nothing can be sent, up to `limit` bytes; after the first piece that has no room, nothing.
    /// But an interrupt then takes the place of all that waits.
    pub fn keep(&mut self, typed: &[u8], limit: usize) {
        if self.dropped == 0 && self.unsent.len() + typed.len() <= limit {
            return self.push(typed);
        }
        let (dropped, interrupt) = typed.split_at(find_key(typed, INTERRUPT).unwrap_or(typed.len()));
        if self.typed.is_open() && !self.cut {
            self.unsent.push_str(paste::END);
        }
        self.dropped += characters(&String::from_utf8_lossy(dropped));
        self.typed.read(dropped);
        self.cut = self.typed.is_unfinished();
        if !interrupt.is_empty() {
            self.cut_to(0);
            (self.typed, self.cut) = (Paste::default(), false);
            self.push(interrupt);
        }
    }

    /// Drops what was not handed over, but for its first `limit` bytes.
    pub fn cut_to(&mut self, limit: usize) {
        if self.unsent.len() <= limit {
            return;
        }
        let mut end = limit;
        while !self.unsent.is_char_boundary(end) {
            end -= 1;
        }
        let mut kept = self.handed.clone();
        kept.read(&self.unsent.as_bytes()[..end]);
        let rest = self.unsent.split_off(end.saturating_sub(kept.begun().len()));
        self.dropped += characters(&rest);
        self.urgent = self.urgent.min(self.unsent.len());
        if kept.is_open() {
            self.unsent.push_str(paste::END);
        }
        self.cut = self.typed.is_unfinished();
    }

    /// Bytes that wait.
    pub fn unsent(&self) -> usize {
        self.unsent.len()
    }

    /// Characters that wait.
    pub fn unsent_characters(&self) -> usize {
        characters(&self.unsent)
    }

    /// Whether everything has arrived.
    pub fn is_settled(&self) -> bool {
        self.unsent.is_empty() && self.in_flight.is_empty()
    }

    /// Whether something may be handed over now: `overdue` says that a receipt is, `unread` that none can be seen, since
    /// the user's terminal takes no output.
    pub fn may_send(&self, overdue: bool, unread: bool) -> bool {
        self.urgent > 0 || (!self.unsent.is_empty() && !overdue && (unread || self.in_flight_bytes < WINDOW))
    }

    /// Takes the next message to hand over, and the number of the ping to send behind it. From now on it is in flight.
    pub fn take(&mut self) -> Option<(String, u64)> {
        if self.unsent.is_empty() {
            return None;
        }
        let mut end = self.unsent.len().min(MESSAGE);
        while !self.unsent.is_char_boundary(end) {
            end -= 1;
        }
        let message: String = self.unsent.drain(..end).collect();
        self.urgent = self.urgent.saturating_sub(end);
        let number = self.next_number();
        let ends_paste = self.handed.is_open() && self.handed.clone().read_end(message.as_bytes()).is_some();
        self.handed.read(message.as_bytes());
        self.in_flight.push_back(InFlight { number, bytes: end, characters: characters(&message), ends_paste });
        self.in_flight_bytes += end;
        Some((message, number))
    }

    /// The number of the next ping.
    pub fn next_number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    /// The ping of this number was answered.
    pub fn received(&mut self, number: u64) {
        while let Some(first) = self.in_flight.front()
            && first.number <= number
        {
            self.in_flight_bytes -= first.bytes;
            self.in_flight.pop_front();
        }
    }

    /// The connection is lost: what is in flight on it is in doubt.
    pub fn connection_lost(&mut self) {
        let end_in_doubt = self.in_flight.iter().any(|in_flight| in_flight.ends_paste);
        self.in_doubt += self.in_flight.drain(..).map(|in_flight| in_flight.characters).sum::<usize>();
        self.in_flight_bytes = 0;
        if self.handed.is_open() {
            let end = self.handed.read_end(self.unsent.as_bytes());
            let rest: String = self.unsent.drain(..end.unwrap_or(self.unsent.len())).collect();
            self.dropped += characters(&rest);
            self.urgent = self.urgent.saturating_sub(rest.len());
            self.cut |= end.is_none() && self.typed.is_open();
            self.send_first(paste::END);
            self.handed = Paste::open();
            return;
        }
        // Half a marker alone means nothing to a program, and its other half would be typed as it is. But escape may be a
        // key.
        let begun = String::from_utf8_lossy(self.handed.begun()).into_owned();
        if begun.len() > 1 || self.unsent.starts_with('[') {
            self.send_first(&begun);
        }
        self.handed.forget_begun();
        if end_in_doubt {
            self.send_first(paste::END);
            self.handed = Paste::open();
        }
    }

    /// Puts something of ours before what waits.
    fn send_first(&mut self, text: &str) {
        self.unsent.insert_str(0, text);
        if self.urgent > 0 {
            self.urgent += text.len();
        }
    }

    /// Characters that may not have arrived, and characters that were dropped; each is told once.
    pub fn losses(&mut self) -> (usize, usize) {
        (std::mem::take(&mut self.in_doubt), std::mem::take(&mut self.dropped))
    }
}

/// How many characters a text has, but for the markers of pastes, which nobody typed.
fn characters(text: &str) -> usize {
    let markers = text.matches(paste::BEGIN).count() + text.matches(paste::END).count();
    text.chars().count() - markers * paste::BEGIN.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::TestCaseError;

    fn sent(keys: &mut Keys) -> String {
        std::iter::from_fn(|| keys.take()).map(|(message, _)| message).collect()
    }

    #[test]
    fn what_is_in_flight_when_the_link_breaks_is_never_sent_again() {
        let mut keys = Keys::default();
        keys.push(b"one");
        let (_, first) = keys.take().unwrap();
        keys.push("zw\u{f6}lf".as_bytes());
        let (_, second) = keys.take().unwrap();
        keys.received(first);
        keys.push(b"three");
        keys.connection_lost();
        keys.keep(b" four", 100);
        assert_eq!(keys.losses(), (5, 0));
        assert_eq!(keys.losses(), (0, 0));
        assert_eq!(sent(&mut keys), "three four");
        keys.received(second);
        assert!(!keys.is_settled());
    }

    #[test]
    fn a_character_cut_by_a_lost_connection_arrives_whole_on_the_next() {
        let mut keys = Keys::default();
        keys.push(b"a\xc3");
        assert_eq!(sent(&mut keys), "a");
        keys.connection_lost();
        keys.keep(b"\xa9b", 100);
        assert_eq!(sent(&mut keys), "\u{e9}b");
    }

    #[test]
    fn beyond_the_limit_nothing_is_kept_and_a_cut_paste_is_closed() {
        let mut keys = Keys::default();
        keys.keep(b"\x1b[200~abc", 12);
        keys.keep(b"defg", 12);
        keys.keep(b"h\x1b[20", 12);
        keys.keep(b"1~x", 12);
        assert_eq!(keys.losses().1, 4 + 5 + 3);
        assert_eq!(sent(&mut keys), "\x1b[200~abc\x1b[201~");
        keys.keep(b"y", 12);
        assert_eq!(sent(&mut keys), "y");
    }

    #[test]
    fn an_interrupt_does_not_wait_for_receipts() {
        let mut keys = Keys::default();
        keys.push(b"a");
        assert!(keys.may_send(false, false) && !keys.may_send(true, false));
        keys.push(b"\x1b[99;5u");
        keys.push(b"later");
        assert!(keys.may_send(true, false));
        sent(&mut keys);
        keys.push(&vec![b'x'; WINDOW]);
        sent(&mut keys);
        keys.push(b"more");
        assert!(!keys.may_send(false, false) && keys.may_send(false, true));
        keys.push(b"\x03");
        assert!(keys.may_send(false, false));
    }

    #[test]
    fn the_rest_of_a_paste_that_went_to_a_lost_connection_is_dropped() {
        let mut keys = Keys::default();
        keys.push(b"\x1b[200~one\r");
        keys.take().unwrap();
        keys.push(b"two\rth");
        keys.connection_lost();
        keys.push(b"ree\r\x1b[20");
        keys.push(b"1~ls");
        assert_eq!(sent(&mut keys), "\x1b[201~ls");
        assert_eq!(keys.losses().0, "one\r".len());
        keys.received(u64::MAX);

        // Its end waits already.
        keys.push(b"\x1b[200~one\r");
        keys.take().unwrap();
        keys.push(b"two\r\x1b[201~ls\x03");
        keys.connection_lost();
        keys.connection_lost();
        assert!(keys.may_send(true, false));
        assert_eq!(sent(&mut keys), "\x1b[201~ls\x03");
        assert_eq!(keys.losses(), (4, 4));
        assert!(!keys.may_send(true, false));

        // It is dropped before the connection is lost, and nobody knows whether it began.
        keys.push(b"\x1b[200~one");
        keys.take().unwrap();
        keys.push(b"two\x1b[201~ls");
        keys.cut_to(0);
        assert_eq!(sent(&mut keys), "\x1b[201~");
    }

    #[test]
    fn a_paste_whose_end_may_not_have_arrived_is_closed_again() {
        let mut keys = Keys::default();
        keys.push(b"\x1b[200~one");
        let (_, begin) = keys.take().unwrap();
        keys.received(begin);
        keys.push(b"two\x1b[201~");
        keys.take().unwrap();
        keys.connection_lost();
        keys.cut_to(0);
        assert_eq!(sent(&mut keys), "\x1b[201~");
        assert_eq!(keys.losses(), (3, 0));
        keys.received(u64::MAX);
        // One message arrives whole or not at all.
        keys.push(b"\x1b[200~one\x1b[201~");
        keys.take().unwrap();
        keys.connection_lost();
        assert_eq!(sent(&mut keys), "");
    }

    #[test]
    fn where_nothing_has_room_an_interrupt_takes_the_place_of_what_waits() {
        for interrupt in [b"\x03".as_slice(), b"\x1b[99;5u"] {
            let mut keys = Keys::default();
            keys.keep(b"make", 4);
            keys.keep(b"x", 4);
            keys.keep(&[b"y", interrupt].concat(), 4);
            assert!(keys.may_send(true, false));
            assert_eq!(sent(&mut keys).as_bytes(), interrupt);
            assert_eq!(keys.losses(), (0, "makexy".len()));
        }
        // One does not wait for the end of a paste that never comes.
        let mut keys = Keys::default();
        keys.push(b"\x1b[200~one");
        keys.take().unwrap();
        keys.connection_lost();
        keys.push(b"two");
        keys.push(b"\x03ls");
        assert_eq!(sent(&mut keys), "\x1b[201~\x03ls");
    }

    /// Fails unless pasted text (capitals) is in pastes, and keys are not.
    fn assert_pasted_in_pastes(arrived: &str) -> Result<bool, TestCaseError> {
        let (mut rest, mut open) = (arrived, false);
        while let Some(first) = rest.chars().next() {
            if let Some(behind) = rest.strip_prefix(paste::BEGIN) {
                (rest, open) = (behind, true);
            } else if let Some(behind) = rest.strip_prefix(paste::END) {
                (rest, open) = (behind, false);
            } else {
                prop_assert!(!first.is_alphabetic() || first.is_uppercase() == open, "{:?} in {:?}", rest, arrived);
                rest = &rest[first.len_utf8()..];
            }
        }
        Ok(open)
    }

    proptest! {
        #[test]
        fn pastes_stay_pastes(
            words in proptest::collection::vec(("[a-z]{0,3}", "[A-Z]{0,9}"), 1..6),
            steps in proptest::collection::vec((0u8..7, 1usize..12), 0..60),
        ) {
            let pieces = words.iter().flat_map(|(keys, text)| [keys.as_str(), paste::BEGIN, text, paste::END]);
            let typed: String = pieces.collect();
            let mut typed = typed.as_bytes();
            let mut piece = |length: usize| {
                let mut length = length.min(typed.len());
                // Escape alone is a key, which is not held back.
                length += usize::from(length > 0 && typed[length - 1] == 0x1b);
                let (piece, rest) = typed.split_at(length);
                typed = rest;
                piece
            };
            let mut keys = Keys::default();
            let (mut on_the_way, mut arrived, mut told) = (VecDeque::new(), String::new(), 0);
            for (step, number) in steps {
                match step {
                    0 => keys.push(piece(number)),
                    1 => keys.keep(piece(number), 20),
                    2 | 3 => on_the_way.extend(keys.take()),
                    4 => for (message, receipt) in on_the_way.drain(..number.min(on_the_way.len())) {
                        arrived.push_str(&message);
                        keys.received(receipt);
                    },
                    5 => keys.cut_to(number),
                    _ => {
                        let came = number.min(on_the_way.len());
                        arrived.extend(on_the_way.drain(..).take(came).map(|(message, _)| message));
                        keys.connection_lost();
                        let (in_doubt, dropped) = keys.losses();
                        told += in_doubt + dropped;
                    }
                }
            }
            keys.push(piece(usize::MAX));
            arrived.extend(on_the_way.drain(..).map(|(message, _)| message));
            arrived.push_str(&sent(&mut keys));
            prop_assert!(!assert_pasted_in_pastes(&arrived)?, "left open: {arrived:?}");
            let (in_doubt, dropped) = keys.losses();
            let letters = |text: &str| text.chars().filter(|character| character.is_alphabetic()).count();
            let all: usize = words.iter().map(|(keys, text)| letters(keys) + letters(text)).sum();
            let missing = all.checked_sub(letters(&arrived));
            prop_assert!(missing.is_some_and(|missing| missing <= in_doubt + dropped + told), "{arrived:?}");
        }

        #[test]
        fn every_character_arrives_once_or_is_told(steps in proptest::collection::vec((0u8..5, "[a-z\u{e9}\u{20ac}]{0,4}"), 0..60)) {
            let mut keys = Keys::default();
            let (mut typed, mut arrived, mut told) = (0, 0, 0);
            let mut on_the_way = Vec::new();
            for (step, text) in steps {
                match step {
                    0 => { keys.push(text.as_bytes()); typed += text.chars().count(); }
                    1 => { keys.keep(text.as_bytes(), 16); typed += text.chars().count(); }
                    2 => on_the_way.extend(keys.take()),
                    3 => for (message, number) in on_the_way.drain(..) {
                        arrived += message.chars().count();
                        keys.received(number);
                    },
                    _ => {
                        on_the_way.clear();
                        keys.connection_lost();
                        let (in_doubt, dropped) = keys.losses();
                        told += in_doubt + dropped;
                    }
                }
            }
            on_the_way.extend(std::iter::from_fn(|| keys.take()));
            arrived += on_the_way.iter().map(|(message, _)| message.chars().count()).sum::<usize>();
            let (in_doubt, dropped) = keys.losses();
            prop_assert_eq!(typed, arrived + told + in_doubt + dropped);
        }
    }
}
