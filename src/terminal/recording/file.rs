//! A recording on its way into a file.
//!
//! A thread of its own writes, one line at a time and each with one call, so that the file is valid whenever it is looked
//! at. When a line cannot be written (disk full) its beginning is taken away again, and the recording is over; what was
//! recorded goes on without it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nix::fcntl::OFlag;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::{Encoder, Event, Header};

/// Events that wait to be written.
const QUEUE: usize = 64;
/// A disk that takes nothing for so long ends the recording rather than hold up the terminal.
const PATIENCE: Duration = Duration::from_secs(5);
/// Only who made it may read it: what is on a screen is not for everybody.
const MODE: u32 = 0o600;

/// The file of a recording that has not begun. Unless it begins, a file that was made for it is removed again.
#[derive(Debug)]
pub struct RecordingFile {
    file: Option<File>,
    path: PathBuf,
    is_new: bool,
}

impl RecordingFile {
    /// Makes the file. One that exists is refused with `AlreadyExists`, unless it is to be overwritten. A symbolic link is
    /// never followed, and what is no file never written to.
    pub fn create(path: &Path, overwrite: bool) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        // Not blocking: a pipe without a reader is refused and not waited for.
        options.write(true).mode(MODE).custom_flags((OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits());
        let (file, is_new) = match options.clone().create_new(true).open(path) {
            Ok(file) => (file, true),
            Err(error) if overwrite && error.kind() == io::ErrorKind::AlreadyExists => (options.open(path)?, false),
            Err(error) => return Err(error),
        };
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        Ok(Self { file: Some(file), path: path.to_owned(), is_new })
    }

    /// Begins the recording now.
    pub fn begin(mut self, header: &Header) -> io::Result<Recorder> {
        let Some(mut file) = self.file.take() else { return Err(io::ErrorKind::NotFound.into()) };
        if !self.is_new {
            file.set_permissions(fs::Permissions::from_mode(MODE))?;
            file.set_len(0)?;
        }
        file.write_all(Encoder::header(header).as_bytes())?;
        Ok(Recorder::start(file))
    }
}

impl Drop for RecordingFile {
    fn drop(&mut self) {
        if self.is_new && self.file.is_some() {
            // Should it stay, it stays empty.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Where the lines go; a file, but for tests.
trait Lines: Write + Send + 'static {
    /// Cuts off what is behind this many bytes.
    fn cut(&mut self, length: u64) -> io::Result<()>;

    /// Bytes so far.
    fn length(&self) -> io::Result<u64>;
}

impl Lines for File {
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

/// Takes what happens on a terminal. Handles are cheap and record into one file.
#[derive(Clone, Debug)]
pub struct Recorder {
    begun: Instant,
    events: mpsc::Sender<Order>,
    /// The disk took nothing for too long: what follows is left out, since what came before it is missing.
    is_stuck: Arc<AtomicBool>,
}

#[derive(Debug)]
enum Order {
    Event(Duration, Event),
    /// Nothing follows; asks how it went.
    End(oneshot::Sender<io::Result<()>>),
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
    fn start(file: impl Lines) -> Self {
        let (events, queue) = mpsc::channel(QUEUE);
        std::thread::spawn(move || write(file, queue));
        Self { begun: Instant::now(), events, is_stuck: Arc::default() }
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

    /// Waits until everything is written; an error says why the recording ended before.
    pub async fn finish(self) -> io::Result<()> {
        let (asked, answer) = oneshot::channel();
        let finished = async {
            // A thread that is gone has told nobody why: it only goes after it was asked.
            let _ = self.events.send(Order::End(asked)).await;
            answer.await
        };
        let stuck = self.is_stuck.load(Ordering::Relaxed);
        match tokio::time::timeout(PATIENCE, finished).await {
            Ok(Ok(Ok(()))) if stuck => Err(io::Error::new(io::ErrorKind::TimedOut, "the disk was too slow")),
            Ok(Ok(written)) => written,
            Ok(Err(_)) => Err(io::Error::other("the thread that writes it ended")),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the disk takes nothing")),
        }
    }
}

/// Writes events until the end; after a failure takes them and writes none.
fn write(mut file: impl Lines, mut queue: mpsc::Receiver<Order>) {
    let mut encoder = Encoder::default();
    let mut written = Ok(());
    while let Some(order) = queue.blocking_recv() {
        match order {
            Order::Event(at, event) => {
                if written.is_ok()
                    && let Some(line) = encoder.event(at, &event)
                {
                    written = write_line(&mut file, &line);
                }
            }
            Order::End(asked) => {
                // Who asked may have stopped waiting.
                let _ = asked.send(written);
                return;
            }
        }
    }
}

/// Writes a whole line or nothing of it.
fn write_line(file: &mut impl Lines, line: &str) -> io::Result<()> {
    let length = file.length()?;
    file.write_all(line.as_bytes()).inspect_err(|_| {
        // A disk that is full takes a shorter file; any other failure is told all the same.
        let _ = file.cut(length);
    })
}

#[cfg(test)]
mod tests {
    use super::super::Decoder;
    use super::*;
    use std::os::unix::fs::symlink;
    use std::sync::Mutex;

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
        let recorder = RecordingFile::create(&path, false).unwrap().begin(&Header::default()).unwrap();
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
    async fn nothing_is_overwritten_unasked_and_no_link_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let kind = |path: &Path, overwrite| RecordingFile::create(path, overwrite).unwrap_err().kind();
        fs::write(at("kept"), "precious").unwrap();
        symlink(at("kept"), at("link")).unwrap();
        symlink(at("nowhere"), at("dangling")).unwrap();
        nix::unistd::mkfifo(&at("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert_eq!(kind(&at("kept"), false), io::ErrorKind::AlreadyExists);
        for name in ["link", "dangling"] {
            assert_eq!(kind(&at(name), false), io::ErrorKind::AlreadyExists);
            let refused = RecordingFile::create(&at(name), true).unwrap_err();
            assert_eq!(refused.raw_os_error(), Some(nix::libc::ELOOP));
        }
        assert!(RecordingFile::create(&at("pipe"), true).is_err());
        assert!(RecordingFile::create(Path::new("/dev/null"), true).is_err());
        assert_eq!(fs::read_to_string(at("kept")).unwrap(), "precious");
        assert!(!at("nowhere").exists());

        // Not begun: nothing happened to it, and a new one is gone again.
        drop(RecordingFile::create(&at("kept"), true).unwrap());
        assert_eq!(fs::read_to_string(at("kept")).unwrap(), "precious");
        drop(RecordingFile::create(&at("new"), false).unwrap());
        assert!(!at("new").exists());

        fs::set_permissions(at("kept"), fs::Permissions::from_mode(0o644)).unwrap();
        let recorder = RecordingFile::create(&at("kept"), true).unwrap().begin(&Header::default()).unwrap();
        recorder.finish().await.unwrap();
        assert_eq!(events(&at("kept")), []);
        assert_eq!(fs::metadata(at("kept")).unwrap().permissions().mode() & 0o7777, MODE);
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

        fn length(&self) -> io::Result<u64> {
            Ok(self.0.lock().unwrap().len() as u64)
        }
    }

    #[tokio::test]
    async fn a_full_disk_ends_the_recording_after_a_whole_line() {
        for size in 1..60 {
            let file = Arc::new(Mutex::new(Vec::new()));
            let recorder = Recorder::start(SmallDisk(Arc::clone(&file), size));
            for _ in 0..5 {
                recorder.record(output("a")).await;
            }
            assert_eq!(recorder.finish().await.unwrap_err().kind(), io::ErrorKind::StorageFull);
            let line = "[0.000, \"o\", \"a\"]\n".len();
            assert_eq!(file.lock().unwrap().len(), size / line * line, "of {size}");
        }
    }
}
