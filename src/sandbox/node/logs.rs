//! Logs of containers, in the line format of the container runtime interface.
//!
//! One file per run of a container: `<Pod folder>/logs/<container>/<restart>.log`, each line
//! `<RFC 3339 time> <stdout|stderr> <F|P> <text>`, where `P` marks a piece of a longer line. Source: KEP
//! "CRI log format" (kubernetes/design-proposals-archive, node/kubelet-cri-logging.md). A file that grows beyond
//! [`ROTATE_AT`] bytes is renamed to `.1`, over the one before; readers see both. The logs of the current run and of the one
//! before it are kept, so that a container writes at most four times that much.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Buf, Bytes, BytesMut};
use futures::StreamExt;
use futures::stream::BoxStream;
use jiff::Timestamp;
use tokio::fs::{self, File};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Mutex, watch};

use crate::sandbox::runtime::LogOptions;

/// Size in bytes at which a log file is rotated.
pub const ROTATE_AT: u64 = 10 * 1024 * 1024;
/// Longest piece of a line, in bytes, as container runtimes cut them.
const PIECE: usize = 16 * 1024;

/// The log of one run of a container, while it is written.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: Mutex<(File, u64)>,
    /// Bytes written in all, and whether the run is over.
    progress: watch::Sender<(u64, bool)>,
}

impl Log {
    /// Creates the log of the run `run` in `folder`, and removes those of runs that can be asked for no more.
    pub async fn create(folder: &Path, run: i32) -> io::Result<Arc<Self>> {
        fs::create_dir_all(folder).await?;
        let mut entries = fs::read_dir(folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            let of = entry.file_name().to_str().and_then(|name| name.split('.').next()?.parse::<i32>().ok());
            if of.is_some_and(|of| of < run - 1) {
                fs::remove_file(entry.path()).await?;
            }
        }
        let path = file(folder, run);
        let file = File::options().create(true).append(true).open(&path).await?;
        let length = file.metadata().await?.len();
        Ok(Arc::new(Self { path, file: Mutex::new((file, length)), progress: watch::Sender::new((0, false)) }))
    }

    /// Copies an output into the log, line by line, until it ends.
    ///
    /// A line is written when its end has come or when it is longer than a piece, as container runtimes do it: a prompt
    /// that waits on its line is not in the log. Source: containerd, `internal/cri/io/logger.go`.
    ///
    /// Lines that cannot be written, on a full disk say, are lost, and their loss is told once: the program must neither
    /// stall nor break on its output.
    pub async fn copy(&self, stream: &'static str, mut output: impl AsyncRead + Unpin) {
        let mut read = BytesMut::new();
        let mut lossy = false;
        let mut ended = false;
        while !ended {
            read.reserve(PIECE);
            // A pipe that breaks has said what it could.
            ended = !matches!(output.read_buf(&mut read).await, Ok(1..));
            // One write per read, with as many lines as came: a flood costs few system calls.
            let lines = take_lines(&mut read, stream, ended);
            if lines.is_empty() {
                continue;
            }
            match self.append(&lines).await {
                Ok(()) => lossy = false,
                Err(error) => {
                    if !std::mem::replace(&mut lossy, true) {
                        tracing::warn!(log = %self.path.display(), %error, "lines of a container's log are lost");
                    }
                }
            }
        }
    }

    async fn append(&self, lines: &[u8]) -> io::Result<()> {
        let mut guard = self.file.lock().await;
        let added = lines.len() as u64;
        if guard.1 + added > ROTATE_AT {
            guard.0.flush().await?;
            match fs::rename(&self.path, rotated(&self.path)).await {
                // It was renamed before, and could not be created anew.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                renamed => renamed?,
            }
            *guard = (File::options().create(true).append(true).open(&self.path).await?, 0);
        }
        guard.0.write_all(lines).await?;
        guard.0.flush().await?;
        guard.1 += added;
        drop(guard);
        self.progress.send_modify(|progress| progress.0 += added);
        Ok(())
    }

    /// Says that nothing more will be written.
    pub fn finish(&self) {
        self.progress.send_modify(|progress| progress.1 = true);
    }
}

/// Takes what can be written out of `read`, as lines of the log: whole lines, pieces of longer ones, and at the end what
/// is left.
fn take_lines(read: &mut BytesMut, stream: &str, ended: bool) -> BytesMut {
    let now = Timestamp::now();
    let mut lines = BytesMut::new();
    while !read.is_empty() {
        let (length, tag) = match read.iter().take(PIECE + 1).position(|byte| *byte == b'\n') {
            Some(end) => (end, 'F'),
            None if read.len() > PIECE => (PIECE, 'P'),
            None if ended => (read.len(), 'P'),
            None => break,
        };
        lines.extend_from_slice(format!("{now:.9} {stream} {tag} ").as_bytes());
        lines.extend_from_slice(&read.split_to(length));
        lines.extend_from_slice(b"\n");
        if tag == 'F' {
            read.advance(1);
        }
    }
    lines
}

/// The log file of one run.
pub fn file(folder: &Path, run: i32) -> PathBuf {
    folder.join(format!("{run}.log"))
}

fn rotated(path: &Path) -> PathBuf {
    path.with_extension("log.1")
}

/// One line of a log file.
#[derive(Debug, PartialEq, Eq)]
struct Line<'a> {
    time: &'a str,
    whole: bool,
    text: &'a [u8],
}

fn parse(line: &[u8]) -> Option<Line<'_>> {
    let mut fields = line.splitn(4, |byte| *byte == b' ');
    let time = std::str::from_utf8(fields.next()?).ok()?;
    let _stream = fields.next()?;
    let whole = fields.next()? == b"F";
    Some(Line { time, whole, text: fields.next()? })
}

/// What a request has let through so far.
struct Filter {
    options: LogOptions,
    line_began: bool,
    sent: u64,
}

impl Filter {
    fn admit(&mut self, line: &[u8], out: &mut BytesMut) {
        let Some(line) = parse(line) else { return };
        if let Some(since) = self.options.since
            && line.time.parse::<Timestamp>().is_ok_and(|time| time < since)
        {
            return;
        }
        if self.options.timestamps && !self.line_began {
            out.extend_from_slice(line.time.as_bytes());
            out.extend_from_slice(b" ");
        }
        out.extend_from_slice(line.text);
        if line.whole {
            out.extend_from_slice(b"\n");
        }
        self.line_began = !line.whole;
    }

    /// Cuts at `limitBytes`; whether the limit is reached.
    fn limit(&mut self, out: &mut BytesMut) -> bool {
        let Some(limit) = self.options.limit_bytes else { return false };
        let left = limit.saturating_sub(self.sent);
        out.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        self.sent += out.len() as u64;
        self.sent >= limit
    }
}

/// The last `tail` whole lines of `content`, which ends with a line end; pieces of one line count once.
fn last_lines(content: &[u8], tail: Option<u64>) -> &[u8] {
    let Some(tail) = tail else { return content };
    let mut start = content.len();
    let mut begun = 0;
    // From the end: a whole line, or the last piece before one, begins a new line of output.
    for line in content.split_inclusive(|byte| *byte == b'\n').rev() {
        if parse(line).is_none_or(|line| line.whole) || start == content.len() {
            if begun == tail {
                break;
            }
            begun += 1;
        }
        start -= line.len();
    }
    &content[start..]
}

/// Reads the log at `path`; `live` is the log while its run goes on, for `follow`.
pub async fn read(
    path: PathBuf,
    live: Option<Arc<Log>>,
    options: LogOptions,
) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
    // Subscribed before the first look at the file: what is written in between is seen by one or the other.
    let progress = live.filter(|_| options.follow).map(|log| log.progress.subscribe());
    let Some((mut file, mut content)) = open(&path).await? else { return Ok(futures::stream::empty().boxed()) };
    file.read_to_end(&mut content).await?;
    let whole = content.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let pending = content.split_off(whole);
    let tail = options.tail_lines;
    let mut filter = Filter { options, line_began: false, sent: 0 };
    let mut out = BytesMut::new();
    for line in last_lines(&content, tail).split(|byte| *byte == b'\n') {
        filter.admit(line, &mut out);
    }
    let done = filter.limit(&mut out);
    let first = futures::stream::iter((!out.is_empty()).then(|| Ok(out.freeze())));
    Ok(match progress.filter(|_| !done) {
        None => first.boxed(),
        Some(progress) => {
            let follower = Follower { path, file, pending, filter, progress, last_look: false };
            first.chain(futures::stream::unfold(Some(follower), Follower::step)).boxed()
        }
    })
}

/// The log file, and what was rotated out of it; `None` where there is none.
async fn open(path: &Path) -> io::Result<Option<(File, Vec<u8>)>> {
    loop {
        let file = match File::open(path).await {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let before = match fs::read(rotated(path)).await {
            Ok(before) => before,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        // A rotation in between would have made both the same.
        if !is_other(&file, path).await? {
            return Ok(Some((file, before)));
        }
    }
}

/// Whether `path` is another file by now, as it is after a rotation.
async fn is_other(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata().await?.ino();
    Ok(fs::metadata(path).await.is_ok_and(|current| current.ino() != ours))
}

/// The last lines of a log, at most `lines` of them and `bytes` bytes, as text.
pub async fn tail(path: PathBuf, lines: u64, bytes: usize) -> io::Result<String> {
    let options = LogOptions { tail_lines: Some(lines), ..LogOptions::default() };
    let mut text = BytesMut::new();
    let mut pieces = read(path, None, options).await?;
    while let Some(piece) = pieces.next().await {
        text.extend_from_slice(&piece?);
    }
    let from = text.len().saturating_sub(bytes);
    Ok(String::from_utf8_lossy(&text[from..]).into_owned())
}

/// Reads on behind the writer.
struct Follower {
    path: PathBuf,
    file: File,
    /// The beginning of a line whose end is not written yet.
    pending: Vec<u8>,
    filter: Filter,
    progress: watch::Receiver<(u64, bool)>,
    /// The file was rotated, and nothing more will be written to it.
    last_look: bool,
}

impl Follower {
    async fn step(this: Option<Self>) -> Option<(io::Result<Bytes>, Option<Self>)> {
        let mut this = this?;
        match this.next().await {
            Ok(Some((bytes, done))) => Some((Ok(bytes), (!done).then_some(this))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    }

    /// The next bytes for the reader, and whether they are the last; `None` at the end of the run.
    async fn next(&mut self) -> io::Result<Option<(Bytes, bool)>> {
        loop {
            let finished = self.progress.borrow_and_update().1;
            let mut chunk = vec![0; 64 * 1024];
            let count = self.file.read(&mut chunk).await?;
            if count > 0 {
                self.pending.extend_from_slice(&chunk[..count]);
                let whole = self.pending.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
                let rest = self.pending.split_off(whole);
                let lines = std::mem::replace(&mut self.pending, rest);
                let mut out = BytesMut::new();
                for line in lines.split(|byte| *byte == b'\n') {
                    self.filter.admit(line, &mut out);
                }
                let done = self.filter.limit(&mut out);
                if done || !out.is_empty() {
                    return Ok(Some((out.freeze(), done)));
                }
            } else if self.last_look {
                self.file = File::open(&self.path).await?;
                self.last_look = false;
            } else if is_other(&self.file, &self.path).await? {
                // What was written between the look at the file and the rotation is still to be read.
                self.last_look = true;
            } else if finished || self.progress.changed().await.is_err() {
                return Ok(None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn text(path: &Path, options: LogOptions) -> String {
        let pieces: Vec<_> = read(path.to_owned(), None, options).await.unwrap().collect().await;
        String::from_utf8(pieces.into_iter().flat_map(|piece| piece.unwrap().to_vec()).collect()).unwrap()
    }

    #[tokio::test]
    async fn lines_come_back_as_written_with_tail_and_limit() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("c");
        let (log, path) = (Log::create(&folder, 0).await.unwrap(), file(&folder, 0));
        let wide = "x".repeat(PIECE * 2 + 7);
        log.copy("stdout", format!("one\ntwo\n{wide}\nlast").as_bytes()).await;
        log.finish();
        assert_eq!(text(&path, LogOptions::default()).await, format!("one\ntwo\n{wide}\nlast"));
        let tail = |lines| LogOptions { tail_lines: Some(lines), ..LogOptions::default() };
        assert_eq!(text(&path, tail(0)).await, "");
        assert_eq!(text(&path, tail(1)).await, "last");
        assert_eq!(text(&path, tail(2)).await, format!("{wide}\nlast"));
        assert_eq!(text(&path, tail(9)).await, format!("one\ntwo\n{wide}\nlast"));
        let limited = LogOptions { limit_bytes: Some(5), ..LogOptions::default() };
        assert_eq!(text(&path, limited).await, "one\nt");
        let stamped = text(&path, LogOptions { timestamps: true, ..tail(1) }).await;
        assert!(stamped.ends_with("Z last"), "{stamped}");
    }

    #[tokio::test]
    async fn a_follower_sees_everything_and_ends_with_the_run_even_over_a_rotation() {
        let folder = tempfile::tempdir().unwrap();
        let (log, path) = (Log::create(folder.path(), 0).await.unwrap(), file(folder.path(), 0));
        log.copy("stdout", &b"before\n"[..]).await;
        let options = LogOptions { follow: true, ..LogOptions::default() };
        let stream = read(path, Some(log.clone()), options).await.unwrap();
        let reader = tokio::spawn(stream.map(|piece| piece.unwrap().len()).collect::<Vec<_>>());
        let line = format!("{}\n", "y".repeat(1023));
        let count = usize::try_from(ROTATE_AT).unwrap() / 1024 + 100;
        for _ in 0..count / 100 {
            log.copy("stderr", line.repeat(100).as_bytes()).await;
        }
        log.finish();
        let read: usize = reader.await.unwrap().into_iter().sum();
        assert_eq!(read, 7 + count / 100 * 100 * 1024);
    }

    #[tokio::test]
    async fn the_logs_of_two_runs_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        for run in [0, 1, 2, 10] {
            Log::create(folder.path(), run).await.unwrap();
        }
        std::fs::write(folder.path().join("10.log.1"), "").unwrap();
        Log::create(folder.path(), 11).await.unwrap();
        let mut names: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["10.log", "10.log.1", "11.log"]);
    }

    #[tokio::test]
    async fn a_log_that_cannot_be_written_does_not_stall_the_program() {
        let folder = tempfile::tempdir().unwrap();
        // A device that is always full, in the place of the file.
        std::os::unix::fs::symlink("/dev/full", file(folder.path(), 0)).unwrap();
        let log = Log::create(folder.path(), 0).await.unwrap();
        let (mut program, output) = tokio::io::duplex(16);
        let copy = tokio::spawn(async move { log.copy("stdout", output).await });
        for _ in 0..100 {
            program.write_all(b"a line that nobody will read\n").await.unwrap();
        }
        drop(program);
        copy.await.unwrap();
    }

    #[tokio::test]
    async fn the_tail_is_cut_to_its_last_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::create(folder.path(), 3).await.unwrap();
        log.copy("stderr", &b"one\ntwo\nthree\n"[..]).await;
        assert_eq!(tail(file(folder.path(), 3), 2, 100).await.unwrap(), "two\nthree\n");
        assert_eq!(tail(file(folder.path(), 3), 2, 4).await.unwrap(), "ree\n");
        assert_eq!(tail(file(folder.path(), 4), 2, 4).await.unwrap(), "");
    }

    #[tokio::test]
    async fn a_line_is_written_when_its_end_has_come_and_in_pieces_when_it_is_long() {
        let folder = tempfile::tempdir().unwrap();
        let (log, path) = (Log::create(folder.path(), 0).await.unwrap(), file(folder.path(), 0));
        // Read in two parts, of which the first ends within a line.
        let parts = AsyncReadExt::chain(&b"one\ntw"[..], &b"o\n"[..]);
        log.copy("stdout", parts).await;
        let wide = "x".repeat(PIECE * 2 + 7);
        log.copy("stdout", format!("{wide}\n{}\nlast", &wide[..PIECE]).as_bytes()).await;
        let written = std::fs::read(path).unwrap();
        let lines: Vec<_> = written.split(|byte| *byte == b'\n').filter_map(parse).collect();
        let lines: Vec<_> = lines.iter().map(|line| (line.whole, line.text.len())).collect();
        let pieces = [(false, PIECE), (false, PIECE), (true, 7)];
        assert_eq!(lines[..2], [(true, 3), (true, 3)]);
        assert_eq!(lines[2..5], pieces);
        assert_eq!(lines[5..], [(true, PIECE), (false, 4)]);
    }

    #[test]
    fn a_line_that_is_no_log_line_is_skipped() {
        assert_eq!(parse(b"nonsense"), None);
        assert_eq!(parse(b"2026-01-01T00:00:00Z stdout F a b").unwrap().text, b"a b");
    }
}
