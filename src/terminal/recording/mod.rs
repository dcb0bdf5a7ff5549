//! Recordings of a terminal: asciicast, the format of asciinema.
//!
//! ```text
//! file   = header LF { ( event | "#" comment ) LF }
//! header = JSON object: version, size of the terminal, what was recorded and when
//! event  = "[" seconds "," code "," text "]"
//! code   = "o" output | "i" input | "r" size, as COLSxROWS | "m" marker | "x" exit status | others, passed over
//! ```
//!
//! In version 3, which is written, `seconds` is the time since the event before; in version 2, which is read too, since the
//! beginning. Sources: docs.asciinema.org/manual/asciicast/v3 and v2.
//!
//! [`Encoder`] and [`Decoder`] are the format and do no I/O. [`RecordingReader`] reads a file; [`RecordingFile`] and [`Recorder`] write a file that is valid
//! at every instant: whole lines, written at once.

mod decode;
mod encode;
mod file;
mod read;

pub use decode::{Decoder, Malformed, Timed};
pub use encode::Encoder;
pub use file::{Recorder, RecorderRoom, RecordingFile};
pub use read::{ReadError, RecordingReader};

use std::time::Duration;

use super::Size;

/// What a recording says about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// The terminal's size at the beginning.
    pub size: Size,
    /// The kind of terminal (`$TERM`).
    pub term: Option<String>,
    /// When it began, in seconds since 1970.
    pub timestamp: Option<i64>,
    /// Longest pause that its maker wants to be seen.
    pub idle_limit: Option<Duration>,
    /// What was run.
    pub command: Option<String>,
    /// What it is about.
    pub title: Option<String>,
}

/// Something that happened on a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Bytes were shown.
    Output(Vec<u8>),
    /// Keys were typed.
    Input(Vec<u8>),
    /// The size changed.
    Resize(Size),
    /// Something to find again.
    Marker(String),
    /// The program ended with this status.
    Exit(i32),
}
