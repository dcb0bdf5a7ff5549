//! Reading asciicast v2 and v3.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::{Event, Header, Size};

/// Reads the lines of a recording.
#[derive(Clone, Copy, Debug)]
pub struct Decoder {
    version: Version,
    last: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    /// Times since the beginning.
    Two,
    /// Times since the event before.
    Three,
}

/// An event and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timed {
    /// Time since the beginning.
    pub at: Duration,
    /// What happened.
    pub event: Event,
}

/// Why a line is no part of a recording. Holds nothing of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub String);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Malformed {}

fn malformed(why: impl fmt::Display) -> Malformed {
    Malformed(why.to_string())
}

/// Why a line is no JSON, without the place: the reader knows the line.
fn not_json(error: &serde_json::Error) -> String {
    error.to_string().split(" at line ").next().unwrap_or_default().to_owned()
}

#[derive(Deserialize)]
struct RawHeader {
    version: u64,
    #[serde(default)]
    term: Option<RawTerm>,
    #[serde(default)]
    width: Option<u16>,
    #[serde(default)]
    height: Option<u16>,
    #[serde(default)]
    timestamp: Option<i64>,
    #[serde(default)]
    idle_time_limit: Option<f64>,
    #[serde(default)]
    command: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    env: Option<serde_json::Map<String, Value>>,
}

#[derive(Deserialize)]
struct RawTerm {
    cols: u16,
    rows: u16,
    #[serde(default, rename = "type")]
    kind: Option<String>,
}

impl Decoder {
    /// Reads the first line.
    pub fn begin(line: &str) -> Result<(Self, Header), Malformed> {
        let raw: RawHeader = serde_json::from_str(line)
            .map_err(|error| malformed(format!("it does not begin as one ({})", not_json(&error))))?;
        let variable = |name: &str| raw.env.as_ref()?.get(name)?.as_str().map(str::to_owned);
        let (version, size, term) = match (raw.version, &raw.term, raw.width, raw.height) {
            (3, Some(term), ..) => (Version::Three, Size { rows: term.rows, cols: term.cols }, term.kind.clone()),
            (2, _, Some(cols), Some(rows)) => (Version::Two, Size { rows, cols }, variable("TERM")),
            (2 | 3, ..) => return Err(malformed("it does not say how large its terminal was")),
            (other, ..) => return Err(malformed(format!("it is of version {other}; 2 and 3 are understood"))),
        };
        let header = Header {
            size,
            term,
            timestamp: raw.timestamp,
            idle_limit: raw.idle_time_limit.and_then(|limit| Duration::try_from_secs_f64(limit).ok()),
            command: raw.command,
            title: raw.title,
        };
        Ok((Self { version, last: Duration::ZERO }, header))
    }

    /// Reads a line after the first; none for one that says nothing to a player: a comment, an event of an unknown kind.
    pub fn event(&mut self, line: &str) -> Result<Option<Timed>, Malformed> {
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        let (seconds, code, data): (f64, String, Value) =
            serde_json::from_str(line).map_err(|error| malformed(not_json(&error)))?;
        // Neither a time before the event before nor one beyond all time keeps a player waiting.
        let time = Duration::try_from_secs_f64(seconds.max(0.0)).map_err(malformed)?;
        let at = match self.version {
            Version::Two => time.max(self.last),
            Version::Three => self.last.saturating_add(time),
        };
        let text = data.as_str();
        let event = match (code.as_str(), text) {
            ("o", Some(text)) => Some(Event::Output(text.into())),
            ("i", Some(text)) => Some(Event::Input(text.into())),
            ("m", Some(text)) => Some(Event::Marker(text.to_owned())),
            ("r", Some(text)) => {
                Some(Event::Resize(size(text).ok_or_else(|| malformed("a size has to be written as COLSxROWS"))?))
            }
            ("x", Some(text)) => Some(Event::Exit(text.trim().parse().map_err(malformed)?)),
            ("o" | "i" | "m" | "r" | "x", None) => {
                return Err(malformed("the value of such an event has to be a text"));
            }
            _ => None,
        };
        self.last = at;
        Ok(event.map(|event| Timed { at, event }))
    }
}

fn size(text: &str) -> Option<Size> {
    let (cols, rows) = text.split_once('x')?;
    Some(Size { rows: rows.parse().ok()?, cols: cols.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(file: &str) -> Vec<(u128, Event)> {
        let mut lines = file.lines();
        let (mut decoder, _) = Decoder::begin(lines.next().unwrap()).unwrap();
        lines.filter_map(|line| decoder.event(line).unwrap()).map(|timed| (timed.at.as_millis(), timed.event)).collect()
    }

    #[test]
    fn both_versions_are_read() {
        let three = "{\"version\": 3, \"term\": {\"cols\": 80, \"rows\": 24, \"type\": \"xterm\", \"theme\": {}}, \"tags\": [\"a\"]}\n\
                     # the event stream\n[0.248, \"o\", \"Hello\"]\n\n[1.0, \"z\", {}]\n[0.5, \"m\", \"\"]\n[2, \"r\", \"90x30\"]\n\
                     [0.1, \"i\", \"q\"]\n[0.001, \"x\", \"3\"]\n";
        assert_eq!(
            read(three),
            [
                (248, Event::Output(b"Hello".into())),
                (1748, Event::Marker(String::new())),
                (3748, Event::Resize(Size { rows: 30, cols: 90 })),
                (3848, Event::Input(b"q".into())),
                (3849, Event::Exit(3)),
            ]
        );
        let two = "{\"version\": 2, \"width\": 80, \"height\": 24, \"env\": {\"TERM\": \"xterm\"}}\n\
                   [0.248848, \"o\", \"a\"]\n[1.5, \"o\", \"b\"]\n[1.2, \"o\", \"c\"]\n";
        let text = |text: &str| Event::Output(text.into());
        assert_eq!(read(two), [(248, text("a")), (1500, text("b")), (1500, text("c"))]);
        let (_, header) = Decoder::begin(two.lines().next().unwrap()).unwrap();
        assert_eq!((header.size, header.term.as_deref()), (Size { rows: 24, cols: 80 }, Some("xterm")));
    }

    #[test]
    fn what_is_no_recording_is_told() {
        for (line, why) in [
            ("", "does not begin as one"),
            ("[0, \"o\", \"x\"]", "does not begin as one"),
            ("{\"version\": 1, \"width\": 80, \"height\": 24}", "of version 1"),
            ("{\"version\": 3}", "how large"),
            ("{\"version\": 2, \"width\": 80}", "how large"),
            ("{\"version\": 3, \"term\": {\"cols\": 70000, \"rows\": 1}}", "does not begin as one"),
        ] {
            let Malformed(said) = Decoder::begin(line).unwrap_err();
            assert!(said.contains(why), "{line}: {said}");
        }
        let (mut decoder, _) = Decoder::begin("{\"version\":3,\"term\":{\"cols\":1,\"rows\":1}}").unwrap();
        for line in
            ["[1, \"o\"]", "[1, \"o\", 2]", "[1, \"r\", \"x\"]", "[1e999, \"o\", \"\"]", "[0, \"o\", \"x\"", "{}"]
        {
            assert!(decoder.event(line).is_err(), "{line}");
        }
        assert_eq!(decoder.event("[-5, \"o\", \"x\"]").unwrap().unwrap().at, Duration::ZERO);
        assert!(decoder.event("[1e18, \"o\", \"x\"]").is_ok());
        let last = decoder.event("[1.8e19, \"o\", \"x\"]").unwrap().unwrap().at;
        assert_eq!(decoder.event("[1.8e19, \"o\", \"x\"]").unwrap().unwrap().at, last.saturating_add(last));
    }

    proptest! {
        #[test]
        fn no_line_makes_the_reader_panic(lines in proptest::collection::vec("(\\PC|[\\[\\]\",.0-9eoirmx{}:-]){0,40}", 0..6)) {
            let (mut decoder, _) = Decoder::begin("{\"version\":3,\"term\":{\"cols\":1,\"rows\":1}}").unwrap();
            for line in &lines {
                let _ = Decoder::begin(line);
                let _ = decoder.event(line);
            }
        }
    }
}
