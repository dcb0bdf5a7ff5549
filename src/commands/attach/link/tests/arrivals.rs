//! What a terminal behind a failing link showed and got, against what it should have.

use std::collections::HashSet;

/// xorshift64: the same numbers in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn throw(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Fails where two texts differ, and shows where.
pub fn assert_same(shown: &str, printed: &str) {
    let same = shown.bytes().zip(printed.bytes()).take_while(|(shown, printed)| shown == printed).count();
    let near = |text: &str| text[same.saturating_sub(40)..(same + 120).min(text.len())].to_owned();
    assert!(shown == printed, "{:?} instead of {:?}", near(shown), near(printed));
}

/// Takes the state line and its title away, which are no output of the program.
pub fn without_lines(seen: &str) -> String {
    let mut text = seen.replace("\x1b[?2026l\x1b[22;0t", "").replace("\x1b[23;0t", "");
    for (begin, end) in [("\x1b]2;", "\x07"), ("\x1b7", "\x1b8")] {
        while let Some(from) = text.find(begin) {
            let to = text[from..].find(end).unwrap();
            text.replace_range(from..from + to + end.len(), "");
        }
    }
    text
}

/// How many typed characters notes told to be in doubt, which is all that they may tell of.
pub fn in_doubt(notes: &str) -> usize {
    assert!(!notes.contains("missing") && !notes.contains("dropped"), "{notes}");
    let number = |rest: &str| rest.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(1);
    notes.split("the last ").skip(1).map(number).sum()
}

/// How many characters of typed numbers, each with a comma behind it, did not arrive, or came late. Fails for one that
/// arrived twice or was never typed.
pub fn lost(typed: &str, arrived: &str) -> usize {
    let (mut lost, mut newest, mut seen) = (typed.len(), None, HashSet::new());
    for key in arrived.split_inclusive(',') {
        let number: usize = key.strip_suffix(',').and_then(|key| key.parse().ok()).unwrap_or_else(|| panic!("{key:?}"));
        assert!(seen.insert(number), "{number} arrived twice");
        if newest.is_none_or(|newest| newest < number) {
            newest = Some(number);
            lost -= key.len();
        }
    }
    lost
}
