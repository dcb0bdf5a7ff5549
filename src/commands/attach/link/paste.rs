//! Bracketed paste: what a terminal types around a pasted text once a program has asked for it (DECSET 2004 in xterm's
//! `ctlseqs`), so that the program does not take the lines of the text for commands.

/// Typed before the text.
pub const BEGIN: &str = "\x1b[200~";
/// Typed behind it.
pub const END: &str = "\x1b[201~";

/// Follows keys, however they are cut: whether a paste is open behind them.
#[derive(Clone, Debug, Default)]
pub struct Paste {
    open: bool,
    /// The beginning of a marker that was read last.
    begun: Vec<u8>,
}

impl Paste {
    /// One that is open.
    pub fn open() -> Self {
        Self { open: true, begun: Vec::new() }
    }

    pub fn is_open(&self) -> bool {
        self.open
    }

    /// The beginning of a marker that was read last.
    pub fn begun(&self) -> &[u8] {
        &self.begun
    }

    /// Forgets the beginning of a marker: what was read is not followed by its rest.
    pub fn forget_begun(&mut self) {
        self.begun.clear();
    }

    /// Reads on.
    pub fn read(&mut self, keys: &[u8]) {
        let mut rest = keys;
        while let Some(length) = self.read_marker(rest) {
            rest = &rest[length..];
        }
    }

    /// Whether a paste is open, or a marker may be begun.
    pub fn is_unfinished(&self) -> bool {
        self.open || !self.begun.is_empty()
    }

    /// Reads on to the end of the paste or the marker: so many bytes; none if it is unfinished behind all of them.
    pub fn read_end(&mut self, keys: &[u8]) -> Option<usize> {
        let mut read = 0;
        while self.is_unfinished() {
            if self.open {
                read += self.read_marker(&keys[read..])?;
                continue;
            }
            let begun = self.begun.len();
            if self.read_marker(keys.get(read..=read)?).is_none() && self.begun.len() <= begun {
                // It was no marker.
                self.begun.clear();
                break;
            }
            read += 1;
        }
        Some(read)
    }

    /// Reads on to the end of the next marker: so many bytes; none if there is none in all of them.
    fn read_marker(&mut self, keys: &[u8]) -> Option<usize> {
        let mut read = 0;
        loop {
            if self.begun.is_empty() {
                read += keys[read..].iter().position(|byte| *byte == 0x1b)?;
            }
            self.begun.push(*keys.get(read)?);
            read += 1;
            if self.begun == BEGIN.as_bytes() || self.begun == END.as_bytes() {
                self.open = self.begun == BEGIN.as_bytes();
                self.begun.clear();
                return Some(read);
            }
            if ![BEGIN, END].iter().any(|marker| marker.as_bytes().starts_with(&self.begun)) {
                // The byte that does not belong to it is read again: it may begin another one.
                read -= 1;
                self.begun.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_read_however_they_are_cut() {
        for cut in 0..12 {
            let keys = b"\x1b\x1b[200~abc";
            let mut paste = Paste::default();
            paste.read(&keys[..cut.min(keys.len())]);
            paste.read(&keys[cut.min(keys.len())..]);
            assert!(paste.is_open(), "{cut}");
        }
        let mut paste = Paste::default();
        paste.read(b"\x1b[200~a\x1b[200~b\x1b[20");
        assert_eq!((paste.is_open(), paste.begun()), (true, b"\x1b[20".as_slice()));
        assert_eq!(paste.clone().read_end(b"1~x\x1b[201~"), Some(2));
        assert_eq!(paste.clone().read_end(b"2~x\x1b[201~y"), Some(9));
        assert_eq!(paste.read_end(b"\x1b[201"), None);
        paste.forget_begun();
        assert_eq!(paste.read_end(b"~"), None);
        let mut half = Paste::default();
        half.read(b"\x1b[2");
        assert_eq!(half.clone().read_end(b"00~x\x1b[201~y"), Some(10));
        assert_eq!(half.clone().read_end(b"01~x"), Some(3));
        assert_eq!(half.clone().read_end(b"0x"), Some(1));
        assert_eq!(half.clone().read_end(b"\x1b[200~"), Some(0));
        assert_eq!(half.read_end(b"00"), None);
    }
}
