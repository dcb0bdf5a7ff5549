//! The modes of a terminal, read from everything that was ever written to it.

use std::collections::BTreeSet;

/// What differs from a terminal that nobody touched.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Modes {
    /// Private modes (DECSET) that are not as they are at first.
    private: BTreeSet<u16>,
    inserts: bool,
    application_keypad: bool,
    modify_other_keys: bool,
    margins: bool,
    cursor_shape: bool,
    colours: bool,
    link: bool,
    titles: i32,
    /// Entries on the kitty keyboard's stack and flags set, of the normal and of the alternate screen.
    keyboards: [(u16, bool); 2],
}

/// Modes that are on at first: wrapping, the cursor.
const ON: [u16; 2] = [7, 25];

impl Modes {
    pub fn of(output: &[u8]) -> Self {
        let mut modes = Self::default();
        let mut rest = output;
        while let Some(escape) = rest.iter().position(|byte| *byte == 0x1b) {
            rest = &rest[escape + 1..];
            match rest {
                [b'[', more @ ..] => {
                    let Some(end) = more.iter().position(|byte| (b'@'..=b'~').contains(byte)) else { break };
                    if more[..end].iter().all(|byte| (b' '..=b'?').contains(byte)) {
                        modes.sequence(std::str::from_utf8(&more[..end]).unwrap(), more[end]);
                        rest = &more[end + 1..];
                    }
                }
                [b']', b'8', b';', more @ ..] => {
                    let end = more.iter().position(|byte| matches!(byte, 0x07 | 0x1b)).unwrap_or(more.len());
                    modes.link = more[..end] != *b";";
                }
                [b'=', ..] => modes.application_keypad = true,
                [b'>', ..] => modes.application_keypad = false,
                _ => {}
            }
        }
        modes
    }

    fn sequence(&mut self, parameters: &str, last: u8) {
        let screen = usize::from(self.private.contains(&1049));
        match (parameters.split_at_checked(1).unwrap_or_default(), last) {
            (("?", numbers), b'h' | b'l') => {
                for number in numbers.split(';').filter_map(|number| number.parse().ok()) {
                    if ON.contains(&number) == (last == b'l') {
                        self.private.insert(number);
                    } else {
                        self.private.remove(&number);
                    }
                }
            }
            ((">", numbers), b'm') => self.modify_other_keys = numbers.starts_with("4;") && numbers != "4;0",
            ((">", _), b'u') => self.keyboards[screen].0 += 1,
            (("<", number), b'u') => {
                let popped = number.parse().unwrap_or(1);
                // Popping the last one clears the flags as well (kitty's keyboard protocol).
                self.keyboards[screen] = (self.keyboards[screen].0.saturating_sub(popped), false);
            }
            (("=", flags), b'u') => self.keyboards[screen].1 = !flags.starts_with('0'),
            (_, b'q') if parameters.ends_with(' ') => self.cursor_shape = !matches!(parameters, " " | "0 "),
            (_, b'r') => self.margins = !parameters.is_empty(),
            (_, b'm') if !parameters.starts_with('>') => self.colours = !matches!(parameters, "" | "0"),
            (_, b't') if parameters.starts_with("22;") => self.titles += 1,
            (_, b't') if parameters.starts_with("23;") => self.titles -= 1,
            (_, b'h' | b'l') if parameters == "4" => self.inserts = last == b'h',
            _ => {}
        }
    }
}

#[test]
fn modes_are_read() {
    let set = b"\x1b[22;0t\x1b[?1049h\x1b[?25;7l\x1b[>1u\x1b[=3;1u\x1b[>4;1m\x1b[5;9r\x1b[5 q\x1b[31m\x1b[4h\x1b=\x1b]8;;http://a\x07";
    let modes = Modes::of(set);
    assert_eq!(modes.private, BTreeSet::from([7, 25, 1049]));
    assert_eq!((modes.keyboards[1], modes.titles), ((1, true), 1));
    assert!(modes.inserts && modes.application_keypad && modes.modify_other_keys && modes.margins);
    assert!(modes.cursor_shape && modes.colours && modes.link);
    let reset = b"\x1b[<u\x1b[?1049l\x1b[?25;7h\x1b[>4;0m\x1b[r\x1b[0 q\x1b[0m\x1b[4l\x1b>\x1b]8;;\x1b\\\x1b[23;0t";
    assert_eq!(Modes::of(&[set.as_slice(), reset].concat()), Modes::default());
}
