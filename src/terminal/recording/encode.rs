//! Writing asciicast v3.

use std::borrow::Cow;
use std::io::Write as _;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Event, Header};

/// Makes the lines of a recording.
///
/// Intervals have three decimals. What is rounded off one is made good by the next: a time is rounded first, and the interval
/// is the difference of two rounded times, so that no error adds up.
#[derive(Debug, Default)]
pub struct Encoder {
    /// The time of the event before, in milliseconds since the beginning.
    last: u128,
    output: Utf8Cutter,
    input: Utf8Cutter,
}

impl Encoder {
    /// The first line.
    pub fn header(header: &Header) -> String {
        let mut term = json!({"cols": header.size.cols, "rows": header.size.rows});
        if let Some(kind) = &header.term {
            term["type"] = kind.as_str().into();
        }
        let mut object = Map::from_iter([("version".to_owned(), 3.into()), ("term".to_owned(), term)]);
        let fields = [
            ("timestamp", header.timestamp.map(Value::from)),
            ("idle_time_limit", header.idle_limit.map(|limit| limit.as_secs_f64().into())),
            ("command", header.command.clone().map(Value::from)),
            ("title", header.title.clone().map(Value::from)),
        ];
        object.extend(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        format!("{}\n", Value::Object(object))
    }

    /// Appends the line for what happened `at` a time since the beginning; nothing as long as only a part of a character came.
    pub fn event(&mut self, at: Duration, event: &Event, lines: &mut Vec<u8>) {
        match event {
            Event::Output(bytes) => {
                let text = self.output.push(bytes);
                self.text(at, 'o', &text, lines);
            }
            Event::Input(bytes) => {
                let text = self.input.push(bytes);
                self.text(at, 'i', &text, lines);
            }
            Event::Resize(size) => self.line(at, 'r', &format!("{}x{}", size.cols, size.rows), lines),
            Event::Marker(label) => self.line(at, 'm', label, lines),
            Event::Exit(status) => self.line(at, 'x', &status.to_string(), lines),
        }
    }

    fn text(&mut self, at: Duration, code: char, text: &str, lines: &mut Vec<u8>) {
        if !text.is_empty() {
            self.line(at, code, text, lines);
        }
    }

    fn line(&mut self, at: Duration, code: char, text: &str, lines: &mut Vec<u8>) {
        // Never back: an event that was late to be written happened, as far as a player sees, with the one before.
        let now = ((at.as_micros() + 500) / 1000).max(self.last);
        let interval = now - self.last;
        self.last = now;
        // Writing into a Vec cannot fail, nor can text be no JSON.
        let _ = write!(lines, "[{}.{:03}, \"{code}\", ", interval / 1000, interval % 1000);
        let _ = serde_json::to_writer(&mut *lines, text);
        lines.extend_from_slice(b"]\n");
    }
}

/// Makes text of bytes that are cut anywhere; what is no UTF-8 becomes U+FFFD.
#[derive(Debug, Default)]
struct Utf8Cutter {
    rest: Vec<u8>,
}

impl Utf8Cutter {
    fn push<'a>(&mut self, bytes: &'a [u8]) -> Cow<'a, str> {
        let whole;
        let bytes = if self.rest.is_empty() {
            if let Ok(text) = std::str::from_utf8(bytes) {
                return text.into();
            }
            bytes
        } else {
            whole = [&self.rest, bytes].concat();
            self.rest.clear();
            &whole
        };
        let mut text = String::with_capacity(bytes.len());
        let mut chunks = bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            text.push_str(chunk.valid());
            let invalid = chunk.invalid();
            let is_cut = std::str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none());
            if chunks.peek().is_none() && is_cut {
                self.rest = invalid.to_vec();
            } else if !invalid.is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Decoder;
    use super::*;
    use crate::terminal::Size;
    use proptest::prelude::*;

    const SIZE: Size = Size { rows: 24, cols: 80 };

    fn line(encoder: &mut Encoder, at: Duration, event: &Event) -> String {
        let mut lines = Vec::new();
        encoder.event(at, event, &mut lines);
        String::from_utf8(lines).unwrap()
    }

    #[test]
    fn a_recording_reads_as_the_format_says() {
        let header = Header {
            size: SIZE,
            term: Some("xterm-256color".into()),
            timestamp: Some(1_504_467_315),
            title: Some("Demo".into()),
            ..Header::default()
        };
        assert_eq!(
            Encoder::header(&header),
            "{\"version\":3,\"term\":{\"cols\":80,\"rows\":24,\"type\":\"xterm-256color\"},\"timestamp\":1504467315,\
             \"title\":\"Demo\"}\n"
        );
        let mut encoder = Encoder::default();
        let mut line = |millis, event| line(&mut encoder, Duration::from_millis(millis), &event);
        assert_eq!(
            line(248, Event::Output(b"\x1b[1;31mHello\r\n".into())),
            "[0.248, \"o\", \"\\u001b[1;31mHello\\r\\n\"]\n"
        );
        assert_eq!(line(3748, Event::Marker(String::new())), "[3.500, \"m\", \"\"]\n");
        assert_eq!(line(3748, Event::Resize(Size { rows: 30, cols: 90 })), "[0.000, \"r\", \"90x30\"]\n");
        assert_eq!(line(3750, Event::Exit(1)), "[0.002, \"x\", \"1\"]\n");
        assert_eq!(line(3000, Event::Input(b"q".into())), "[0.000, \"i\", \"q\"]\n");
        assert_eq!(line(3751, Event::Input(b"q".into())), "[0.001, \"i\", \"q\"]\n");
    }

    #[test]
    fn a_character_that_is_cut_waits_for_its_rest() {
        let mut encoder = Encoder::default();
        let mut output = |bytes: &[u8]| line(&mut encoder, Duration::ZERO, &Event::Output(bytes.into()));
        assert_eq!(output(b"\xe2\x82"), "");
        assert_eq!(output(b"\xac!"), "[0.000, \"o\", \"\u{20ac}!\"]\n");
        assert_eq!(output(b"\xff\xe2x"), "[0.000, \"o\", \"\u{fffd}\u{fffd}x\"]\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_and_no_rounding_adds_up(
            steps in proptest::collection::vec((0u64..3_000_000, "\\PC{1,5}"), 0..60)
        ) {
            let (mut decoder, header) = Decoder::begin(&Encoder::header(&Header { size: SIZE, ..Header::default() })).unwrap();
            prop_assert_eq!(header.size, SIZE);
            let (mut encoder, mut micros) = (Encoder::default(), 0);
            for (step, text) in steps {
                micros += step;
                let event = Event::Output(text.into_bytes());
                let line = line(&mut encoder, Duration::from_micros(micros), &event);
                prop_assert!(line.ends_with('\n') && line.matches('\n').count() == 1);
                let read = decoder.event(&line).unwrap().unwrap();
                prop_assert_eq!(read.event, event);
                prop_assert!(read.at.abs_diff(Duration::from_micros(micros)) <= Duration::from_micros(500));
            }
        }

        #[test]
        fn any_bytes_cut_anywhere_are_the_text_they_are_as_a_whole(
            pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..8), 0..8)
        ) {
            let mut cutter = Utf8Cutter::default();
            let mut text: String = pieces.iter().map(|piece| cutter.push(piece).into_owned()).collect();
            if !cutter.rest.is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
            let whole = pieces.concat();
            prop_assert_eq!(text, String::from_utf8_lossy(&whole));
        }
    }
}
