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

use std::collections::VecDeque;

use crate::opencode::InputCutter;
use crate::terminal::contains_key;

/// Most bytes without a receipt.
pub const WINDOW: usize = 128 << 10;
/// Most bytes of one message.
const MESSAGE: usize = 64 << 10;
/// ctrl-c.
pub const INTERRUPT: u8 = 3;
/// What a terminal types around a pasted text (bracketed paste).
const PASTE_BEGIN: &str = "\x1b[200~";
const PASTE_END: &str = "\x1b[201~";

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
    paste: Paste,
}

#[derive(Debug)]
struct InFlight {
    number: u64,
    bytes: usize,
    characters: usize,
}

/// Whether a paste that the program has been told of is open.
#[derive(Debug, Default)]
struct Paste {
    open: bool,
    /// Last bytes typed: a marker may be cut.
    tail: Vec<u8>,
}

impl Keys {
    /// Takes what was typed.
    pub fn push(&mut self, typed: &[u8]) {
        if let Some(open) = self.paste.last_marker(typed) {
            self.paste.open = open;
        }
        for message in self.cutter.push(typed) {
            self.unsent.push_str(&message);
        }
        if contains_key(typed, INTERRUPT) {
            self.urgent = self.unsent.len();
        }
    }

    /// Takes what was typed while there is no connection, up to `limit` bytes; after the first piece that has no room,
    /// nothing. A paste is closed where it is cut off.
    pub fn keep(&mut self, typed: &[u8], limit: usize) {
        if self.dropped == 0 && self.unsent.len() + typed.len() <= limit {
            return self.push(typed);
        }
        self.dropped += characters(typed);
        if self.paste.last_marker(typed) == Some(false) && std::mem::take(&mut self.paste.open) {
            self.unsent.push_str(PASTE_END);
        }
    }

    /// Drops what was not handed over.
    pub fn clear(&mut self) {
        self.dropped += self.unsent.chars().count();
        self.unsent.clear();
        self.urgent = 0;
    }

    /// Bytes that wait.
    pub fn unsent(&self) -> usize {
        self.unsent.len()
    }

    /// Characters that wait.
    pub fn unsent_characters(&self) -> usize {
        self.unsent.chars().count()
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
        let rest = self.unsent.split_off(end);
        let message = std::mem::replace(&mut self.unsent, rest);
        self.urgent = self.urgent.saturating_sub(end);
        let number = self.next_number();
        self.in_flight.push_back(InFlight { number, bytes: end, characters: message.chars().count() });
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
        self.in_doubt += self.in_flight.drain(..).map(|in_flight| in_flight.characters).sum::<usize>();
        self.in_flight_bytes = 0;
    }

    /// Characters that may not have arrived, and characters that were dropped; each is told once.
    pub fn losses(&mut self) -> (usize, usize) {
        (std::mem::take(&mut self.in_doubt), std::mem::take(&mut self.dropped))
    }
}

fn characters(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).chars().count()
}

impl Paste {
    /// The last marker in what was typed: whether it opens a paste.
    fn last_marker(&mut self, typed: &[u8]) -> Option<bool> {
        if self.tail.is_empty() && !typed.contains(&0x1b) {
            return None;
        }
        self.tail.extend_from_slice(typed);
        let last = |marker: &str| self.tail.windows(marker.len()).rposition(|window| window == marker.as_bytes());
        let (begin, end) = (last(PASTE_BEGIN), last(PASTE_END));
        let cut = self.tail.len() - self.tail.len().min(PASTE_BEGIN.len() - 1);
        let begins = self.tail[cut..].iter().position(|byte| *byte == 0x1b);
        self.tail.drain(..begins.map_or(self.tail.len(), |begins| cut + begins));
        match (begin, end) {
            (None, None) => None,
            (begin, end) => Some(begin > end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    proptest! {
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
