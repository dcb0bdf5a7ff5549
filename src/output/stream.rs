//! A standard stream that carries a remote program's bytes as they are.
//!
//! A thread of its own writes, so that whoever reads slowly holds up the bytes that come and nothing else: not the bytes
//! that go, and not the end of the program.

use std::fs::File;
use std::io::{self, Write as _};
#[cfg(unix)]
use std::os::fd::AsFd;
#[cfg(windows)]
use std::os::windows::io::AsHandle;

use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Bytes;

use crate::error::{Code, Error, Result};

/// Pieces that wait to be written.
const QUEUE: usize = 16;

/// One of the standard streams of this process.
pub struct Stream {
    name: &'static str,
    pieces: mpsc::Sender<Bytes>,
    end: oneshot::Receiver<io::Result<()>>,
}

impl Stream {
    /// Standard output.
    pub fn stdout() -> Result<Self> {
        Self::on("standard output", copy(&io::stdout()))
    }

    /// Standard error.
    pub fn stderr() -> Result<Self> {
        Self::on("standard error", copy(&io::stderr()))
    }

    fn on(name: &'static str, file: io::Result<File>) -> Result<Self> {
        let mut file = file.map_err(|error| failure(name, &error))?;
        let (pieces, mut queue) = mpsc::channel::<Bytes>(QUEUE);
        let (ended, end) = oneshot::channel();
        std::thread::spawn(move || {
            let mut written = Ok(());
            while let (Ok(()), Some(piece)) = (&written, queue.blocking_recv()) {
                written = file.write_all(&piece);
            }
            // Before who waits is told: a sender that is refused asks for the reason.
            queue.close();
            let _ = ended.send(written);
        });
        Ok(Self { name, pieces, end })
    }

    /// Writes; waits while the reader does not take what was written before.
    ///
    /// Errors: [`crate::error::Code::OutputClosed`] when there is no reader any more, `internal` when it cannot be written (disk full).
    pub async fn write(&mut self, piece: Bytes) -> Result<()> {
        match self.pieces.send(piece).await {
            Ok(()) => Ok(()),
            Err(_) => self.ended().await,
        }
    }

    /// Waits until everything is written.
    pub async fn finish(mut self) -> Result<()> {
        self.pieces = mpsc::channel(1).0;
        self.ended().await
    }

    async fn ended(&mut self) -> Result<()> {
        match (&mut self.end).await {
            Ok(written) => written.map_err(|error| failure(self.name, &error)),
            Err(_) => Err(Error::internal(format!("the thread that writes to {} ended", self.name))),
        }
    }
}

/// The same file under a descriptor of its own.
#[cfg(unix)]
fn copy(stream: &impl AsFd) -> io::Result<File> {
    stream.as_fd().try_clone_to_owned().map(File::from)
}

/// The same file under a handle of its own.
#[cfg(windows)]
fn copy(stream: &impl AsHandle) -> io::Result<File> {
    stream.as_handle().try_clone_to_owned().map(File::from)
}

fn failure(name: &str, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Error::output_closed(),
        _ => Error::new(Code::InvalidConfiguration, format!("cannot write to {name}")).caused_by(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[tokio::test]
    async fn bytes_are_written_in_order_and_a_reader_that_is_gone_is_told_apart() {
        let (mut reader, writer) = io::pipe().unwrap();
        let mut stream = Stream::on("x", Ok(std::os::fd::OwnedFd::from(writer).into())).unwrap();
        stream.write(b"one \xff"[..].into()).await.unwrap();
        stream.write("two".into()).await.unwrap();
        stream.finish().await.unwrap();
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        assert_eq!(read, b"one \xfftwo");

        let (reader, writer) = io::pipe().unwrap();
        let mut stream = Stream::on("x", Ok(std::os::fd::OwnedFd::from(writer).into())).unwrap();
        drop(reader);
        let failed = loop {
            if let Err(error) = stream.write("y\n".into()).await {
                break error;
            }
        };
        assert_eq!(failed.code, Code::OutputClosed);
    }

    #[tokio::test]
    async fn a_full_disk_is_a_failure() {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut stream = Stream::on("x", Ok(full)).unwrap();
        stream.write("lost".into()).await.unwrap();
        let error = stream.finish().await.unwrap_err();
        assert_eq!(error.code, Code::InvalidConfiguration);
        assert!(error.causes[0].contains("No space left"), "{error:?}");
    }
}
