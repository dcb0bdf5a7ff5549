//! Byte streams out of a WebSocket's messages, the first byte of which names a channel: what port-forward and exec share.
//!
//! A stream is the two ends of two queues, which tasks of the connection serve. There is no half of a close: shutting a
//! stream down sends what is queued and goes on reading, so that an answer still arrives.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;
use tokio::io::{AsyncWrite, Join, join};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Bytes;
use tokio_util::io::StreamReader;
use tokio_util::sync::PollSender;

/// Bytes both ways: those of what was received, and those that are written to a channel.
pub(super) type ChannelStream<R> = Join<StreamReader<R, Bytes>, ChannelWriter>;

/// Puts the two directions together.
pub(super) fn stream<R>(received: R, writer: ChannelWriter) -> ChannelStream<R>
where
    R: Stream<Item = io::Result<Bytes>>,
{
    join(StreamReader::new(received), writer)
}

/// A message for a channel.
pub(super) fn message(channel: u8, payload: &[u8]) -> Bytes {
    let mut message = Vec::with_capacity(payload.len() + 1);
    message.push(channel);
    message.extend_from_slice(payload);
    message.into()
}

/// Writes bytes to one channel.
#[derive(Debug)]
pub(super) struct ChannelWriter {
    queue: PollSender<Bytes>,
    channel: u8,
    /// Most bytes of one message.
    piece: usize,
    last: Option<Bytes>,
}

impl ChannelWriter {
    /// Queues messages of at most `piece` bytes for `channel`; `last` is the message to end with when this is dropped.
    pub(super) fn new(queue: mpsc::Sender<Bytes>, channel: u8, piece: usize, last: Option<Bytes>) -> Self {
        Self { queue: PollSender::new(queue), channel, piece, last }
    }
}

impl AsyncWrite for ChannelWriter {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        ready!(self.queue.poll_reserve(cx)).map_err(gone)?;
        let length = bytes.len().min(self.piece);
        let message = message(self.channel, &bytes[..length]);
        self.queue.send_item(message).map_err(gone)?;
        Poll::Ready(Ok(length))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The writing task sends whatever is queued at once.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl Drop for ChannelWriter {
    fn drop(&mut self) {
        // The end of the connection says the same, later.
        if let Some((queue, last)) = self.queue.get_ref().zip(self.last.take()) {
            let _ = queue.try_send(last);
        }
    }
}
