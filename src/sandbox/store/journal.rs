//! The journal: one file of JSON lines that begins with the state at its compaction and goes on with every write.
//!
//! ```text
//! {"format":"kubectl-opencode-store","version":1,"revision":41}
//! {"revision":7,"put":["pods","default","web"],"object":{…}}
//! {"revision":42,"delete":["pods","default","web"]}
//! ```
//!
//! A line counts when its line feed is there. Appending goes straight to the kernel, so a line survives the death of
//! the program; compaction writes a new file, syncs it and renames it over the old one. A line is not synced: what is lost
//! when the machine itself dies is the last seconds of a cluster whose Pods died with it, and a sync for each of the many
//! small writes of controllers would make every one of them wait for the disk.

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{Key, Object};

const FORMAT: &str = "kubectl-opencode-store";
const VERSION: u32 = 1;
/// Compaction is due when this much, and as much as the live state, was appended.
const MIN_APPENDED: u64 = 4 << 20;

#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
    version: u32,
    #[serde(default)]
    revision: u64,
}

/// A line without its object, which is cut out of the text as it stands.
#[derive(Serialize, Deserialize)]
struct Line<'a> {
    revision: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    put: Option<[Cow<'a, str>; 3]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete: Option<[Cow<'a, str>; 3]>,
}

/// Stands before the object, which is always the last member of its line. Quotes inside names are escaped, so its first
/// occurrence is it.
const OBJECT: &[u8] = b",\"object\":";

pub(super) enum Record {
    Put { key: Key, object: Object },
    Delete { key: Key },
}

/// The file under a journal, so that tests can make a disk fail.
pub(super) trait Medium: Send {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    fn truncate(&mut self, length: u64) -> io::Result<()>;
}

impl Medium for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(drop)
    }
}

pub(super) struct Journal {
    path: PathBuf,
    medium: Box<dyn Medium>,
    /// Bytes of whole, acknowledged lines.
    length: u64,
    /// Length after the last compaction.
    compacted: u64,
    /// A failed append may have left part of a line behind.
    torn: bool,
}

impl Journal {
    /// Opens or begins the journal at `path` and plays its records in order; answers it and the latest revision.
    pub(super) fn open(path: &Path, mut play: impl FnMut(Record)) -> io::Result<(Self, u64)> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
        let mut reader = BufReader::new(file);
        let (mut line, mut number, mut length, mut revision) = (Vec::new(), 0u64, 0u64, 0u64);
        loop {
            line.clear();
            let read = reader.read_until(b'\n', &mut line)?;
            if read == 0 || line.pop() != Some(b'\n') {
                break;
            }
            number += 1;
            if number == 1 {
                revision = header(path, &line)?;
            } else {
                revision = replay(&line, &mut play).map_err(|error| damaged(path, number, &error))?.max(revision);
            }
            length += read as u64;
        }
        let mut file = reader.into_inner();
        file.truncate(length)?;
        if number == 0 {
            let line = header_line(0)?;
            file.append(&line)?;
            length = line.len() as u64;
        }
        let journal = Self { path: path.to_owned(), medium: Box::new(file), length, compacted: length, torn: false };
        Ok((journal, revision))
    }

    #[cfg(test)]
    pub(super) fn on(medium: Box<dyn Medium>) -> Self {
        Self { path: PathBuf::new(), medium, length: 0, compacted: 0, torn: false }
    }

    pub(super) fn put(&mut self, key: &Key, object: &Object) -> io::Result<()> {
        let line = put_line(key, object)?;
        self.append(&line)
    }

    pub(super) fn delete(&mut self, key: &Key, revision: u64) -> io::Result<()> {
        let delete = Some(parts(key));
        let mut line = serde_json::to_vec(&Line { revision, put: None, delete })?;
        line.push(b'\n');
        self.append(&line)
    }

    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        if self.torn {
            self.medium.truncate(self.length)?;
            self.torn = false;
        }
        if let Err(error) = self.medium.append(line) {
            self.torn = self.medium.truncate(self.length).is_err();
            return Err(error);
        }
        self.length += line.len() as u64;
        Ok(())
    }

    pub(super) fn is_compaction_due(&self) -> bool {
        self.length - self.compacted > MIN_APPENDED.max(self.compacted)
    }

    pub(super) fn compact<'a>(
        &mut self,
        revision: u64,
        live: impl Iterator<Item = (Key, &'a Object)>,
    ) -> io::Result<()> {
        // Whatever happens, the next try waits until as much again was appended.
        self.compacted = self.length;
        let path = self.path.with_extension("compacting");
        let mut writer =
            BufWriter::new(OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?);
        let mut length = 0;
        let mut write = |line: Vec<u8>| {
            length += line.len() as u64;
            writer.write_all(&line)
        };
        write(header_line(revision)?)?;
        for (key, object) in live {
            write(put_line(&key, object)?)?;
        }
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        std::fs::rename(&path, &self.path)?;
        (self.medium, self.length, self.compacted, self.torn) = (Box::new(file), length, length, false);
        Ok(())
    }
}

fn header_line(revision: u64) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(&Header { format: FORMAT.to_owned(), version: VERSION, revision })?;
    line.push(b'\n');
    Ok(line)
}

fn parts(key: &Key) -> [Cow<'_, str>; 3] {
    [&key.collection, &key.namespace, &key.name].map(|part| Cow::Borrowed(&**part))
}

fn put_line(key: &Key, object: &Object) -> io::Result<Vec<u8>> {
    let put = Some(parts(key));
    let mut line = serde_json::to_vec(&Line { revision: object.revision, put, delete: None })?;
    line.pop();
    line.extend_from_slice(OBJECT);
    line.extend_from_slice(&object.json);
    line.extend_from_slice(b"}\n");
    Ok(line)
}

fn header(path: &Path, line: &[u8]) -> io::Result<u64> {
    let header: Header = serde_json::from_slice(line)
        .ok()
        .filter(|header: &Header| header.format == FORMAT)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, format!("{}: not a journal", path.display())))?;
    if header.version != VERSION {
        let reason = format!(
            "{}: journal version {} was written by another release; this one reads version {VERSION}",
            path.display(),
            header.version
        );
        return Err(io::Error::new(io::ErrorKind::Unsupported, reason));
    }
    Ok(header.revision)
}

fn replay(line: &[u8], play: &mut impl FnMut(Record)) -> Result<u64, String> {
    let parsed: Line<'_> = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let key = |[collection, namespace, name]: [Cow<'_, str>; 3]| Key::new(&collection, &namespace, &name);
    match (parsed.put, parsed.delete) {
        (Some(put), None) => {
            let start = line.windows(OBJECT.len()).position(|window| window == OBJECT).ok_or("a put without object")?;
            let json = &line[start + OBJECT.len()..line.len() - 1];
            let object = Object { revision: parsed.revision, json: Bytes::copy_from_slice(json) };
            play(Record::Put { key: key(put), object });
        }
        (None, Some(delete)) => play(Record::Delete { key: key(delete) }),
        _ => return Err("neither put nor delete".to_owned()),
    }
    Ok(parsed.revision)
}

fn damaged(path: &Path, line: u64, reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{}: line {line} is damaged: {reason}", path.display()))
}
