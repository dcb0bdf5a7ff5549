//! `--record`: a terminal that is recorded into a file while a command uses it.

use crate::cli::flags::Record;
use crate::error::{Error, Result};
use crate::terminal::recording::{Header, RecordingFile};
use crate::terminal::{OsTerminal, Recorded, Terminal};

use super::Context;

/// The user's terminal, recorded or not.
pub enum Screen {
    Plain(OsTerminal),
    Recorded(Recorded<OsTerminal>, String),
}

/// Makes the file, if one is wanted, before anything else is done.
pub fn file(wanted: &Record) -> Result<Option<RecordingFile>> {
    let Some(path) = &wanted.record else { return Ok(None) };
    RecordingFile::create(path).map(Some).map_err(|error| {
        Error::usage(format!("cannot record to \"{}\"", path.display()))
            .caused_by(&error)
            .hint("a recording goes to a new file")
    })
}

impl Screen {
    /// Begins to record, if there is a file for it; `title` says what is shown.
    pub fn begin(context: &Context, file: Option<RecordingFile>, wanted: &Record, title: &str) -> Result<Self> {
        let (Some(file), Some(path)) = (file, &wanted.record) else { return Ok(Self::Plain(OsTerminal)) };
        let header = Header {
            size: OsTerminal.size(),
            term: std::env::var("TERM").ok(),
            timestamp: Some(context.now().as_second()),
            title: Some(title.to_owned()),
            ..Header::default()
        };
        let name = path.display().to_string();
        match file.begin(&header) {
            Ok(recorder) => Ok(Self::Recorded(Recorded::new(OsTerminal, recorder, wanted.record_input), name)),
            Err(error) => Err(Error::usage(format!("cannot record to \"{name}\"")).caused_by(&error)),
        }
    }

    pub fn terminal(&self) -> &dyn Terminal {
        match self {
            Self::Plain(terminal) => terminal,
            Self::Recorded(terminal, _) => terminal,
        }
    }

    /// Ends the recording, with the program's exit status if it has ended, and says where it is.
    pub async fn finish(&self, context: &Context, status: Option<i32>) {
        let Self::Recorded(terminal, name) = self else { return };
        match terminal.finish(status).await {
            Ok(()) => context.printer.note(&format!("recorded; see it with: kubectl opencode play {name}")),
            Err(error) => context.printer.warn(&format!("the end of the recording \"{name}\" is missing: {error}")),
        }
    }
}
