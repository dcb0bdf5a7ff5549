//! A SPDY connection as the server sees it: streams that the client opens, each with two directions that close apart.

use std::collections::HashMap;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Weak};

use axum::response::Response;
use bytes::{Bytes, BytesMut};
use futures::future::BoxFuture;
use futures::{Sink, SinkExt, Stream, StreamExt};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_util::codec::{BytesCodec, Framed};
use tokio_util::sync::CancellationToken;

use super::Refusal;
use super::spdy::{Decoder, Encoder, Frame, Headers, REFUSED_STREAM};
use super::websocket::{self, Pending};

/// Frames that wait for a slow client.
const OUT: usize = 32;
/// Pieces that wait for a slow stream; then the whole connection waits, for SPDY's windows are not used.
const IN: usize = 64;
/// Most bytes that go out in one message.
const MESSAGE: usize = 256 << 10;

/// The header of the protocol inside a raw SPDY connection.
const PROTOCOL_VERSION: &str = "x-stream-protocol-version";

/// A stream that the client opened.
pub(super) struct Channel {
    /// Its number: odd, and growing.
    pub(super) id: u32,
    /// What it is for.
    pub(super) headers: Headers,
    /// What the client sends; ends when the client closes its direction.
    pub(super) input: mpsc::Receiver<Bytes>,
    /// Our direction.
    pub(super) output: Output,
    /// Cancelled when the client resets the stream.
    pub(super) reset: CancellationToken,
}

/// Our direction of a stream.
#[derive(Clone)]
pub(super) struct Output {
    stream: u32,
    frames: mpsc::Sender<Frame>,
    /// Held by every clone, so that the connection knows when the last one is gone.
    _alive: Arc<()>,
}

impl Output {
    /// Whether the client is still there.
    pub(super) async fn send(&self, bytes: Bytes) -> bool {
        self.frames.send(Frame::Data { stream: self.stream, fin: false, bytes }).await.is_ok()
    }

    /// Closes our direction.
    pub(super) async fn finish(&self) {
        let fin = Frame::Data { stream: self.stream, fin: true, bytes: Bytes::new() };
        if self.frames.send(fin).await.is_err() {
            tracing::debug!("the client left before the end of a stream");
        }
    }
}

/// What becomes of a stream: refused, kept for later, or work that begins now.
pub(super) enum Accepted {
    /// Reset at once.
    No,
    /// The acceptor holds it.
    Held,
    /// This runs on beside the other streams, and ends with the connection.
    Work(BoxFuture<'static, ()>),
}

struct Entry {
    /// `None` when the client closed its direction.
    input: Option<mpsc::Sender<Bytes>>,
    reset: CancellationToken,
    output: Weak<()>,
}

impl Entry {
    /// Whether nobody uses the stream any more, in either direction.
    fn is_over(&self) -> bool {
        self.output.strong_count() == 0 && self.input.as_ref().is_none_or(mpsc::Sender::is_closed)
    }

    /// Hands on what the client sent. Bytes for work that has ended go nowhere.
    async fn take(&mut self, bytes: Bytes, fin: bool) {
        if let Some(input) = &self.input
            && !bytes.is_empty()
            && input.send(bytes).await.is_err()
        {
            self.input = None;
        }
        if fin {
            self.input = None;
        }
    }
}

/// Both ends of a new stream.
fn open(stream: u32, fin: bool, headers: Headers, frames: &mpsc::Sender<Frame>) -> (Channel, Entry) {
    let (deliver, input) = mpsc::channel(IN);
    let reset = CancellationToken::new();
    let alive = Arc::new(());
    let entry = Entry { input: (!fin).then_some(deliver), reset: reset.clone(), output: Arc::downgrade(&alive) };
    let output = Output { stream, frames: frames.clone(), _alive: alive };
    (Channel { id: stream, headers, input, output, reset }, entry)
}

async fn forward(frames: &mpsc::Sender<Frame>, frame: Frame) -> io::Result<()> {
    frames.send(frame).await.map_err(|_| io::ErrorKind::BrokenPipe.into())
}

/// Whether a request asks to become a raw SPDY connection.
pub(super) fn is_requested(headers: &HeaderMap) -> bool {
    websocket::list(headers, header::UPGRADE).any(|word| word.eq_ignore_ascii_case("SPDY/3.1"))
}

/// The answer that turns a connection into a raw SPDY connection of the first protocol both sides speak.
pub(super) fn switching(headers: &HeaderMap, spoken: &[&'static str]) -> Result<Response, Refusal> {
    let name = header::HeaderName::from_static(PROTOCOL_VERSION);
    let Some(protocol) =
        websocket::list(headers, name.clone()).find_map(|wanted| spoken.iter().find(|name| **name == wanted))
    else {
        return Err(websocket::no_protocol());
    };
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("SPDY/3.1"));
    headers.insert(name, HeaderValue::from_static(protocol));
    Ok(response)
}

/// Serves a raw SPDY connection to its end.
pub(super) async fn serve_raw(pending: Pending, accept: impl FnMut(Channel) -> Accepted) {
    if let Some(connection) = pending.raw().await {
        let (send, receive) = Framed::new(connection, BytesCodec::new()).split();
        let receive = receive.map(|piece| piece.map(BytesMut::freeze));
        report(serve(receive, send, accept).await);
    }
}

/// Serves SPDY frames inside the binary messages of a WebSocket to its end (KEP-4006, `SPDY/3.1+…`).
pub(super) async fn serve_tunnel(pending: Pending, accept: impl FnMut(Channel) -> Accepted) {
    if let Some(socket) = pending.websocket().await {
        let (send, receive) = socket.split();
        let receive = receive.filter_map(async |message| match message {
            Ok(Message::Binary(bytes)) => Some(Ok(bytes)),
            Ok(_) => None,
            Err(error) => Some(Err(io::Error::other(error))),
        });
        let send = send.sink_map_err(io::Error::other).with(async |bytes| Ok::<_, io::Error>(Message::Binary(bytes)));
        report(serve(receive, send, accept).await);
    }
}

fn report(end: io::Result<()>) {
    if let Err(error) = end {
        tracing::debug!(%error, "a SPDY connection broke off");
    }
}

async fn serve(
    receive: impl Stream<Item = io::Result<Bytes>>,
    send: impl Sink<Bytes, Error = io::Error>,
    accept: impl FnMut(Channel) -> Accepted,
) -> io::Result<()> {
    let (frames, queue) = mpsc::channel(OUT);
    tokio::select! {
        end = read(receive, frames, accept) => end,
        end = write(send, queue) => end,
    }
}

/// Writes frames as they come, those that wait together in one message.
async fn write(send: impl Sink<Bytes, Error = io::Error>, mut queue: mpsc::Receiver<Frame>) -> io::Result<()> {
    let mut send = pin!(send);
    let mut encoder = Encoder::new()?;
    let mut out = BytesMut::new();
    while let Some(frame) = queue.recv().await {
        encoder.encode(frame, &mut out)?;
        while out.len() < MESSAGE
            && let Ok(frame) = queue.try_recv()
        {
            encoder.encode(frame, &mut out)?;
        }
        send.send(out.split().freeze()).await?;
    }
    Ok(())
}

async fn read(
    receive: impl Stream<Item = io::Result<Bytes>>,
    frames: mpsc::Sender<Frame>,
    mut accept: impl FnMut(Channel) -> Accepted,
) -> io::Result<()> {
    let mut receive = pin!(receive);
    let mut decoder = Decoder::new();
    let mut buffer = BytesMut::new();
    let mut streams = HashMap::<u32, Entry>::new();
    let mut work = JoinSet::new();
    while let Some(piece) = receive.next().await {
        buffer.extend_from_slice(&piece?);
        while let Some(frame) = decoder.decode(&mut buffer)? {
            match frame {
                Frame::SynStream { stream, fin, headers } => {
                    while work.try_join_next().is_some() {}
                    streams.retain(|_, entry| !entry.is_over());
                    let (channel, entry) = open(stream, fin, headers, &frames);
                    let answer = match accept(channel) {
                        Accepted::No => Frame::Reset { stream, status: REFUSED_STREAM },
                        Accepted::Held => Frame::SynReply { stream, headers: Headers::new() },
                        Accepted::Work(future) => {
                            work.spawn(future);
                            Frame::SynReply { stream, headers: Headers::new() }
                        }
                    };
                    streams.insert(stream, entry);
                    forward(&frames, answer).await?;
                }
                Frame::Data { stream, fin, bytes } => {
                    if let Some(entry) = streams.get_mut(&stream) {
                        entry.take(bytes, fin).await;
                    }
                }
                Frame::Reset { stream, .. } => {
                    if let Some(entry) = streams.remove(&stream) {
                        entry.reset.cancel();
                    }
                }
                // The client numbers its pings with odd numbers; an even one is an answer.
                Frame::Ping(id) if id % 2 == 1 => forward(&frames, Frame::Ping(id)).await?,
                _ => {}
            }
        }
    }
    Ok(())
}
