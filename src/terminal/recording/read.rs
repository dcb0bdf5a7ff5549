//! Reading a recording from wherever it comes.

use std::fmt;
use std::io::{self, BufRead, Read as _};

use super::{Decoder, Header, Malformed, Timed};

/// Longest line that is read, in bytes: far more than a terminal is given at once.
const LINE: u64 = 16 << 20;

/// Reads a recording line by line, so that one of any length takes little memory.
#[derive(Debug)]
pub struct RecordingReader<R> {
    lines: R,
    line: String,
    number: u64,
    decoder: Decoder,
}

/// Why a recording cannot be read on.
#[derive(Debug)]
pub enum ReadError {
    /// It cannot be read at all.
    Io(io::Error),
    /// It is no recording: its first line says so.
    NoRecording(Malformed),
    /// This line, counted from one, is damaged.
    Damaged(u64, Malformed),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::NoRecording(why) => why.fmt(f),
            Self::Damaged(line, why) => write!(f, "line {line}: {why}"),
        }
    }
}

impl std::error::Error for ReadError {}

impl<R: BufRead> RecordingReader<R> {
    /// Reads the first line.
    pub fn begin(mut lines: R) -> Result<(Self, Header), ReadError> {
        let mut line = String::new();
        let begun = match read_line(&mut lines, &mut line) {
            Ok(true) => Decoder::begin(&line).map_err(LineError::Malformed),
            Ok(false) => Err(LineError::Malformed(Malformed("it is empty".to_owned()))),
            Err(error) => Err(error),
        };
        match begun {
            Ok((decoder, header)) => Ok((Self { lines, line, number: 1, decoder }, header)),
            Err(LineError::Io(error)) => Err(ReadError::Io(error)),
            Err(LineError::Malformed(why)) => Err(ReadError::NoRecording(why)),
        }
    }

    /// The next event; none at the end.
    pub fn next_event(&mut self) -> Result<Option<Timed>, ReadError> {
        loop {
            self.number += 1;
            let event = match read_line(&mut self.lines, &mut self.line) {
                Ok(true) => self.decoder.event(&self.line).map_err(LineError::Malformed),
                Ok(false) => return Ok(None),
                Err(error) => Err(error),
            };
            match event {
                Ok(None) => {}
                Ok(event) => return Ok(event),
                Err(LineError::Io(error)) => return Err(ReadError::Io(error)),
                Err(LineError::Malformed(why)) => return Err(ReadError::Damaged(self.number, why)),
            }
        }
    }
}

enum LineError {
    Io(io::Error),
    Malformed(Malformed),
}

/// Reads a line; false at the end.
fn read_line(lines: &mut impl BufRead, line: &mut String) -> Result<bool, LineError> {
    line.clear();
    let malformed = |why: &str| LineError::Malformed(Malformed(why.to_owned()));
    let read = match lines.take(LINE).read_line(line) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => return Err(malformed("it is no text")),
        read => read.map_err(LineError::Io)?,
    };
    if read as u64 == LINE && !line.ends_with('\n') {
        return Err(malformed("it is longer than a line of a recording may be (16 MiB)"));
    }
    Ok(read > 0)
}

#[cfg(test)]
mod tests {
    use super::super::Event;
    use super::*;

    const HEADER: &str = "{\"version\":3,\"term\":{\"cols\":80,\"rows\":24}}\n";

    fn read(file: &[u8]) -> (Vec<Event>, Option<ReadError>) {
        let (mut reader, _) = RecordingReader::begin(file).unwrap();
        let mut events = Vec::new();
        loop {
            match reader.next_event() {
                Ok(Some(timed)) => events.push(timed.event),
                Ok(None) => return (events, None),
                Err(error) => return (events, Some(error)),
            }
        }
    }

    #[test]
    fn what_comes_before_the_damage_is_read_and_the_place_is_told() {
        let output = |text: &str| Event::Output(text.into());
        let file = format!("{HEADER}# comment\n[0.1, \"o\", \"a\"]\n\n[0.1, \"o\", \"b\"]\n[0.1, \"o\", \"c");
        let (events, error) = read(file.as_bytes());
        assert_eq!(events, [output("a"), output("b")]);
        assert!(matches!(error, Some(ReadError::Damaged(6, _))), "{error:?}");
        let (events, error) = read([HEADER.as_bytes(), b"[0.1, \"o\", \"\xff\"]\n"].concat().as_slice());
        assert!(events.is_empty() && error.unwrap().to_string() == "line 2: it is no text");
    }

    #[test]
    fn a_line_without_an_end_is_not_kept() {
        let endless = io::BufReader::new(HEADER.as_bytes().chain(io::repeat(b'[')));
        let (mut reader, _) = RecordingReader::begin(endless).unwrap();
        assert!(matches!(reader.next_event(), Err(ReadError::Damaged(2, _))));
        let endless = io::BufReader::new(io::repeat(b'{'));
        assert!(matches!(RecordingReader::begin(endless), Err(ReadError::NoRecording(_))));
        assert!(matches!(RecordingReader::begin(&b""[..]), Err(ReadError::NoRecording(_))));
    }
}
