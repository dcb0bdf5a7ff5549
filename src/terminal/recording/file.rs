//! A recording on its way into a file.
//!
//! A thread of its own writes whole lines, as many as wait, with one call, so that the file is valid whenever it is looked
//! at. When a line cannot be written (disk full) its beginning is taken away again, and the recording is over; what was
//! recorded goes on without it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write};
#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc as std_mpsc};
use std::time::Duration;

#[cfg(unix)]
use nix::fcntl::OFlag;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::{Encoder, Event, Header};

/// Events that wait to be written.
const QUEUE: usize = 64;
/// A disk that takes nothing for so long ends the recording rather than hold up the terminal.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes that are written at once, about.
const BATCH: usize = 64 << 10;
/// Longest wait for the disk when the program ends at once.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// Only who made it may read it: what is on a screen is not for everybody.
#[cfg(unix)]
const MODE: u32 = 0o600;

/// The file of a recording that has not begun. Unless it begins, it is removed again.
#[derive(Debug)]
pub struct RecordingFile {
    file: Option<File>,
    path: PathBuf,
}

impl RecordingFile {
    /// Makes the file. Whatever is there already, if only a link that leads nowhere, is refused with `AlreadyExists`.
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(MODE).custom_flags(OFlag::O_NOFOLLOW.bits());
        Ok(Self { file: Some(options.open(path)?), path: path.to_owned() })
    }

    /// Begins the recording now.
    pub fn begin(mut self, header: &Header) -> io::Result<Recorder> {
        let Some(mut file) = self.file.take() else { return Err(io::ErrorKind::NotFound.into()) };
        let header = Encoder::header(header);
        file.write_all(header.as_bytes())?;
        Recorder::start(file, header.len() as u64)
    }
}

impl Drop for RecordingFile {
    fn drop(&mut self) {
        if self.file.is_some() {
            // Should it stay, it stays empty.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Where the lines go; a file, but for tests.
trait Lines: Write + Send + 'static {
    /// Cuts off what is behind this many bytes.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

impl Lines for File {
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(drop)
    }
}

/// Takes what happens on a terminal. Handles are cheap and record into one file.
#[derive(Clone, Debug)]
pub struct Recorder {
    begun: Instant,
    events: mpsc::Sender<Order>,
    /// Kept free from the beginning, so that the end never waits for room.
    end: Arc<Mutex<Option<mpsc::OwnedPermit<Order>>>>,
    /// The disk took nothing for too long: what follows is left out, since what came before it is missing.
    is_stuck: Arc<AtomicBool>,
}

#[derive(Debug)]
enum Order {
    Event(Duration, Event),
    /// Nothing follows; asks how it went.
    End(std_mpsc::Sender<io::Result<()>>),
}

/// Room for one event.
#[derive(Debug)]
pub struct RecorderRoom<'a> {
    begun: Instant,
    permit: Option<mpsc::Permit<'a, Order>>,
}

impl RecorderRoom<'_> {
    /// Records, with the time of now.
    pub fn record(self, event: Event) {
        if let Some(permit) = self.permit {
            permit.send(Order::Event(self.begun.elapsed(), event));
        }
    }
}

impl Recorder {
    /// Goes on behind what is written, so many bytes.
    fn start(file: impl Lines, length: u64) -> io::Result<Self> {
        let (events, queue) = mpsc::channel(QUEUE);
        let end = events.clone().try_reserve_owned().map_err(io::Error::other)?;
        std::thread::spawn(move || write(file, length, queue));
        Ok(Self { begun: Instant::now(), events, end: Arc::new(Mutex::new(Some(end))), is_stuck: Arc::default() })
    }

    /// Waits for room for one event; an ended recording has room for any. Safe to drop while waiting.
    pub async fn room(&self) -> RecorderRoom<'_> {
        let permit = if self.is_stuck.load(Ordering::Relaxed) {
            None
        } else {
            let reserved = tokio::time::timeout(PATIENCE, self.events.reserve()).await;
            reserved.inspect_err(|_| self.is_stuck.store(true, Ordering::Relaxed)).ok().and_then(Result::ok)
        };
        RecorderRoom { begun: self.begun, permit }
    }

    /// Records an event, with the time of now.
    pub async fn record(&self, event: Event) {
        self.room().await.record(event);
    }

    /// Ends the recording, and waits until everything is written; an error says that something is missing, and why.
    pub async fn finish(&self) -> io::Result<()> {
        let Some(end) = self.order_end() else { return Ok(()) };
        let ended = tokio::task::spawn_blocking(move || end.recv_timeout(PATIENCE)).await;
        match ended.map_err(io::Error::other)? {
            Ok(Ok(())) if self.is_stuck.load(Ordering::Relaxed) => {
                Err(io::Error::new(io::ErrorKind::TimedOut, "the disk was too slow"))
            }
            Ok(written) => written,
            Err(std_mpsc::RecvTimeoutError::Timeout) => {
                Err(io::Error::new(io::ErrorKind::TimedOut, "the disk takes nothing"))
            }
            Err(std_mpsc::RecvTimeoutError::Disconnected) => Err(io::Error::other("the thread that writes it ended")),
        }
    }

    /// As [`Recorder::finish`] for a program that ends at once: waits a little, and tells nobody.
    pub fn close(&self) {
        if let Some(end) = self.order_end() {
            let _ = end.recv_timeout(LAST_WORDS);
        }
    }

    /// None if the end was ordered before.
    fn order_end(&self) -> Option<std_mpsc::Receiver<io::Result<()>>> {
        let permit = self.end.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let (asked, answer) = std_mpsc::channel();
        permit.send(Order::End(asked));
        Some(answer)
    }
}

/// Writes events until the end; after a failure takes them and writes none.
fn write(mut file: impl Lines, mut length: u64, mut queue: mpsc::Receiver<Order>) {
    let mut encoder = Encoder::default();
    let mut written = Ok(());
    let mut lines = Vec::new();
    while let Some(order) = queue.blocking_recv() {
        let mut next = Some(order);
        let mut end = None;
        // What came meanwhile goes with it.
        while let Some(order) = next {
            match order {
                Order::Event(at, event) => encoder.event(at, &event, &mut lines),
                Order::End(asked) => end = Some(asked),
            }
            next = if end.is_none() && lines.len() < BATCH { queue.try_recv().ok() } else { None };
        }
        if written.is_ok() {
            written = append(&mut file, &mut length, &lines);
        }
        lines.clear();
        if let Some(asked) = end {
            // Who asked may have stopped waiting.
            let _ = asked.send(written);
            return;
        }
    }
}

/// Writes whole lines, or none of the last one.
fn append(file: &mut impl Lines, length: &mut u64, lines: &[u8]) -> io::Result<()> {
    let (mut done, mut rest) = (0, lines);
    let failed = loop {
        if rest.is_empty() {
            break None;
        }
        match file.write(rest) {
            Ok(0) => break Some(io::ErrorKind::WriteZero.into()),
            Ok(count) => {
                done += count;
                rest = &rest[count..];
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Some(error),
        }
    };
    let whole = lines[..done].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    *length += whole as u64;
    match failed {
        None => Ok(()),
        Some(error) => {
            // A disk that is full takes a shorter file; any other failure is told all the same.
            let _ = file.cut(*length);
            Err(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Decoder;
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn output(text: &str) -> Event {
        Event::Output(text.into())
    }

    /// A recording's events; every line of it must be whole.
    fn events(path: &Path) -> Vec<Event> {
        let text = fs::read_to_string(path).unwrap();
        assert!(text.ends_with('\n'), "{text}");
        let mut lines = text.lines();
        let (mut decoder, _) = Decoder::begin(lines.next().unwrap()).unwrap();
        lines.map(|line| decoder.event(line).unwrap().unwrap().event).collect()
    }

    #[tokio::test]
    async fn a_file_is_its_owners_and_valid_at_every_instant() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.cast");
        let recorder = RecordingFile::create(&path).unwrap().begin(&Header::default()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, MODE);
        assert_eq!(events(&path), []);
        for number in 0..200 {
            recorder.record(output(&format!("line {number}\r\n"))).await;
            events(&path);
        }
        recorder.record(Event::Exit(0)).await;
        recorder.finish().await.unwrap();
        let events = events(&path);
        assert_eq!((events.len(), &events[199], &events[200]), (201, &output("line 199\r\n"), &Event::Exit(0)));
    }

    #[tokio::test]
    async fn nothing_is_overwritten_and_no_link_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("kept"), "precious").unwrap();
        symlink(at("kept"), at("link")).unwrap();
        symlink(at("nowhere"), at("dangling")).unwrap();
        nix::unistd::mkfifo(&at("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        for name in ["kept", "link", "dangling", "pipe", "."] {
            assert_eq!(RecordingFile::create(&at(name)).unwrap_err().kind(), io::ErrorKind::AlreadyExists, "{name}");
        }
        assert_eq!(fs::read_to_string(at("kept")).unwrap(), "precious");
        assert!(!at("nowhere").exists());
        assert!(RecordingFile::create(&at("no/such")).is_err());

        drop(RecordingFile::create(&at("new")).unwrap());
        assert!(!at("new").exists(), "not begun");
    }

    #[tokio::test]
    async fn what_was_recorded_before_an_end_at_once_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.cast");
        let recorder = RecordingFile::create(&path).unwrap().begin(&Header::default()).unwrap();
        for _ in 0..QUEUE {
            recorder.record(output("line\r\n")).await;
        }
        recorder.close();
        assert_eq!(events(&path).len(), QUEUE);
        recorder.close();
        recorder.record(output("late")).await;
        recorder.finish().await.unwrap();
        assert_eq!(events(&path).len(), QUEUE);
    }

    /// A disk that is full after so many bytes.
    struct SmallDisk(Arc<Mutex<Vec<u8>>>, usize);

    impl Write for SmallDisk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut file = self.0.lock().unwrap();
            let length = bytes.len().min(self.1 - file.len());
            if length == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            file.extend_from_slice(&bytes[..length]);
            Ok(length)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Lines for SmallDisk {
        fn cut(&mut self, length: u64) -> io::Result<()> {
            self.0.lock().unwrap().truncate(usize::try_from(length).unwrap());
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_full_disk_ends_the_recording_after_a_whole_line() {
        for size in 1..60 {
            let file = Arc::new(Mutex::new(Vec::new()));
            let recorder = Recorder::start(SmallDisk(Arc::clone(&file), size), 0).unwrap();
            for _ in 0..5 {
                recorder.record(output("a")).await;
            }
            assert_eq!(recorder.finish().await.unwrap_err().kind(), io::ErrorKind::StorageFull);
            let line = "[0.000, \"o\", \"a\"]\n".len();
            assert_eq!(file.lock().unwrap().len(), size / line * line, "of {size}");
        }
    }
}
