//! A byte stream to a port of a Pod: port-forward over WebSocket; or, for users who may not forward ports, a command in the
//! Pod that carries the bytes, if they may run one (see [`super::relay`]).
//!
//! `GET /api/v1/namespaces/NS/pods/NAME/portforward?ports=N`, subprotocol `v4.channel.k8s.io` (kubelet
//! `pkg/cri/streaming/portforward/websocket.go`). Binary messages, the first byte names the channel: 0 carries the port's
//! bytes both ways, 1 an error text from the kubelet. The first message of each channel is the port, as u16 little-endian.
//! One WebSocket carries one connection. The kubelet says that it switches protocols, and sends the ports, before anybody
//! has looked whether something listens there: a refused connection is an error of the stream, not of its opening.
//!
//! API servers hand this form through to the kubelet, and kubelets to the container's runtime, in every supported version:
//! what later ones carry instead for kubectl, SPDY in a WebSocket (`SPDY/3.1+portforward.k8s.io`, from the API server on
//! since Kubernetes 1.30, from the kubelet on since 1.36), is chosen by its name alone (KEP-4006). A kubelet cuts what was
//! idle for 4 h (`--streaming-connection-idle-timeout`), and its runtime takes up to a second to pass on a port's end.
//!
//! Two tasks serve a stream, so that neither direction waits for the other: bytes go out while nobody reads what came
//! in. Dropping it closes. A ping every 10 s keeps the way open; 30 s without any sign of life end it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{Sink, SinkExt as _, Stream, StreamExt as _};
use kube::Client;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::tungstenite::{self, Bytes, Message};
use tokio_util::task::AbortOnDropHandle;

use super::channel::{self, ChannelStream, ChannelWriter};
use super::failure::{Request, api_error};
use super::relay;
use super::server::as_io;
use crate::error::{Code, Error, Result};
use crate::opencode::{ByteStream, Connector};

const DATA: u8 = 0;
const ERROR: u8 = 1;
/// Most bytes of one message that we send.
const FRAME: usize = 64 << 10;
/// Most messages that wait to be sent.
const SEND_QUEUE: usize = 16;
/// Most messages (a kubelet sends 32 KiB each) that wait to be read.
const READ_QUEUE: usize = 8;
const PING_EVERY: Duration = Duration::from_secs(10);
const SILENCE_LIMIT: Duration = Duration::from_secs(30);
/// Longest wait for the closing handshake when a stream is dropped.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Opens byte streams to one port of one Pod.
#[derive(Clone)]
pub struct Tunnel {
    client: Client,
    namespace: String,
    pod: String,
    port: u16,
    exec: Option<ByExec>,
}

/// The way around port-forward.
#[derive(Clone)]
struct ByExec {
    container: String,
    ip: String,
    /// Whether it is the only one: port-forward was refused.
    is_only_way: Arc<AtomicBool>,
}

impl Tunnel {
    /// A tunnel to `port` of a Pod.
    pub fn new(client: Client, namespace: &str, pod: &str, port: u16) -> Self {
        Self { client, namespace: namespace.to_owned(), pod: pod.to_owned(), port, exec: None }
    }

    /// The same, that leads through a command in `container` of the Pod, whose address is `ip`, where port-forward is
    /// forbidden and such a command is not.
    #[must_use]
    pub fn or_exec(self, container: &str, ip: &str) -> Self {
        let (container, ip) = (container.to_owned(), ip.to_owned());
        Self { exec: Some(ByExec { container, ip, is_only_way: Arc::default() }), ..self }
    }

    async fn open(&self) -> Result<Box<dyn ByteStream>> {
        let by_exec = self.exec.as_ref();
        if let Some(by_exec) = by_exec.filter(|by_exec| by_exec.is_only_way.load(Ordering::Relaxed)) {
            return self.open_by_exec(by_exec).await;
        }
        match (self.open_by_port_forward().await, by_exec) {
            (Ok(stream), _) => {
                tracing::debug!("port-forward to port {} of Pod {}", self.port, self.pod);
                Ok(Box::new(stream))
            }
            (Err(refused), Some(by_exec)) if refused.code == Code::Forbidden => {
                match self.open_by_exec(by_exec).await {
                    Ok(stream) => {
                        by_exec.is_only_way.store(true, Ordering::Relaxed);
                        Ok(stream)
                    }
                    Err(also) if also.code == Code::Forbidden => {
                        Err(refused.because("get and create on pods/exec would do instead, and are refused, too"))
                    }
                    Err(error) => Err(error.because(format!("port-forward is no way either: {}", refused.message))),
                }
            }
            (Err(error), _) => Err(error),
        }
    }

    async fn open_by_port_forward(&self) -> Result<TunnelStream> {
        let path = format!("/api/v1/namespaces/{}/pods/{}/portforward?ports={}", self.namespace, self.pod, self.port);
        let request = http::Request::get(path).body(Vec::new());
        let request = request.map_err(|error| Error::internal("cannot ask for a port-forward").caused_by(&error))?;
        let connection = self.client.connect(request).await.map_err(|error| {
            let request = Request::new("create", "pods/portforward").namespace(&self.namespace).name(&self.pod);
            let error = api_error(error, &request);
            // What it says of a Pod that no node has yet, or no longer; nothing else can be wrong with the request.
            let code = if error.code == Code::InvalidConfiguration { Code::AgentUnavailable } else { error.code };
            Error { code, ..error }
        })?;
        Ok(serve(connection.into_stream()))
    }

    async fn open_by_exec(&self, way: &ByExec) -> Result<Box<dyn ByteStream>> {
        let to = relay::Destination {
            namespace: &self.namespace,
            pod: &self.pod,
            container: &way.container,
            ip: &way.ip,
            port: self.port,
        };
        let (stream, carried_by) = relay::open(&self.client, &to).await?;
        tracing::debug!(
            "port-forward is forbidden: exec in Pod \"{}\" leads to its port {}, with {carried_by}",
            self.pod,
            self.port
        );
        Ok(Box::new(stream))
    }
}

impl Connector for Tunnel {
    fn connect(&self) -> BoxFuture<'_, io::Result<Box<dyn ByteStream>>> {
        Box::pin(async move { self.open().await.map_err(as_io) })
    }
}

/// One connection through a tunnel.
type TunnelStream = ChannelStream<Received>;

/// What came from the port. Reading ends with it; the writing task ends by itself after it has closed the WebSocket.
#[derive(Debug)]
struct Received {
    arrived: mpsc::Receiver<io::Result<Bytes>>,
    _reader: AbortOnDropHandle<()>,
}

impl Stream for Received {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.arrived.poll_recv(cx)
    }
}

/// Begins to serve a connection.
fn serve<S>(socket: S) -> TunnelStream
where
    S: Stream<Item = Result<Message, tungstenite::Error>> + Sink<Message, Error = tungstenite::Error> + Send + 'static,
{
    let (sink, stream) = socket.split();
    let (arrived_sender, arrived) = mpsc::channel(READ_QUEUE);
    let (outgoing, queue) = mpsc::channel(SEND_QUEUE);
    tokio::spawn(write(sink, queue));
    let reader = tokio::spawn(read(stream, arrived_sender));
    let received = Received { arrived, _reader: AbortOnDropHandle::new(reader) };
    channel::stream(received, ChannelWriter::new(outgoing, DATA, FRAME, None))
}

/// Reads messages until the end, whose cause is the last item.
async fn read(
    mut stream: impl Stream<Item = Result<Message, tungstenite::Error>> + Unpin,
    arrived: mpsc::Sender<io::Result<Bytes>>,
) {
    let mut begun = [false; 2];
    let end = loop {
        let message = match tokio::time::timeout(SILENCE_LIMIT, stream.next()).await {
            Err(_) => {
                let text = format!("no sign of life from the cluster for {} s", SILENCE_LIMIT.as_secs());
                break Some(io::Error::new(io::ErrorKind::TimedOut, text));
            }
            Ok(None) => break None,
            Ok(Some(Err(error))) => break Some(io::Error::new(io::ErrorKind::ConnectionReset, error)),
            Ok(Some(Ok(message))) => message,
        };
        let frame = match message {
            Message::Binary(frame) => frame,
            Message::Close(_) => break None,
            _ => continue,
        };
        match accept(&mut begun, frame) {
            Ok(payload) if payload.is_empty() => {}
            Ok(payload) => {
                if arrived.send(Ok(payload)).await.is_err() {
                    return;
                }
            }
            Err(error) => break Some(error),
        }
    };
    if let Some(error) = end {
        // A receiver that is gone wants to know nothing.
        let _ = arrived.send(Err(error)).await;
    }
}

/// Takes a message apart: the port's bytes, nothing for a channel's first message, or the kubelet's error.
fn accept(begun: &mut [bool; 2], mut frame: Bytes) -> io::Result<Bytes> {
    let invalid = |text: String| io::Error::new(io::ErrorKind::InvalidData, text);
    if frame.is_empty() {
        return Ok(frame);
    }
    let channel = frame.split_to(1)[0];
    let Some(begun) = begun.get_mut(usize::from(channel)) else {
        return Err(invalid(format!("port-forward message on unknown channel {channel}")));
    };
    if !*begun {
        *begun = true;
        return if frame.len() == 2 {
            Ok(Bytes::new())
        } else {
            Err(invalid(format!("port-forward channel {channel} does not begin with its port")))
        };
    }
    if channel == ERROR && !frame.is_empty() {
        return Err(kubelet_error(&String::from_utf8_lossy(&frame)));
    }
    Ok(frame)
}

fn kubelet_error(text: &str) -> io::Error {
    let refused = text.to_ascii_lowercase().contains("connection refused");
    let kind = if refused { io::ErrorKind::ConnectionRefused } else { io::ErrorKind::ConnectionAborted };
    io::Error::new(kind, text.trim().to_owned())
}

/// Sends what is queued, and pings; closes the WebSocket when the stream is gone.
async fn write(mut sink: impl Sink<Message, Error = tungstenite::Error> + Unpin, mut queue: mpsc::Receiver<Bytes>) {
    let mut ping = tokio::time::interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let sent = tokio::select! {
            biased;
            queued = queue.recv() => match queued {
                Some(frame) => {
                    let mut sent = sink.feed(Message::Binary(frame)).await;
                    while let (Ok(()), Ok(frame)) = (&sent, queue.try_recv()) {
                        sent = sink.feed(Message::Binary(frame)).await;
                    }
                    match sent {
                        Ok(()) => sink.flush().await,
                        failed => failed,
                    }
                }
                None => break,
            },
            _ = ping.tick() => sink.send(Message::Ping(Bytes::new())).await,
        };
        if sent.is_err() {
            // The reading task sees the same broken socket and reports it.
            return;
        }
    }
    let _ = tokio::time::timeout(CLOSE_TIMEOUT, sink.close()).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::channel::mpsc as futures_mpsc;
    use proptest::prelude::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    /// Both ends of a WebSocket: the tunnel's, and what a kubelet would send and see.
    fn pair() -> (TunnelStream, futures_mpsc::UnboundedSender<Message>, futures_mpsc::UnboundedReceiver<Message>) {
        let (to_client, from_server) = futures_mpsc::unbounded();
        let (to_server, from_client) = futures_mpsc::unbounded();
        let sink = to_server.sink_map_err(|_| tungstenite::Error::ConnectionClosed);
        let socket = Both { sink: Box::pin(sink), stream: Box::pin(from_server.map(Ok)) };
        (serve(socket), to_client, from_client)
    }

    struct Both {
        sink: Pin<Box<dyn Sink<Message, Error = tungstenite::Error> + Send>>,
        stream: Pin<Box<dyn Stream<Item = Result<Message, tungstenite::Error>> + Send>>,
    }

    impl Stream for Both {
        type Item = Result<Message, tungstenite::Error>;
        fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            self.stream.as_mut().poll_next(cx)
        }
    }

    impl Sink<Message> for Both {
        type Error = tungstenite::Error;
        fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            self.sink.as_mut().poll_ready(cx)
        }
        fn start_send(mut self: Pin<&mut Self>, item: Message) -> Result<(), Self::Error> {
            self.sink.as_mut().start_send(item)
        }
        fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            self.sink.as_mut().poll_flush(cx)
        }
        fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            self.sink.as_mut().poll_close(cx)
        }
    }

    fn frame(channel: u8, payload: &[u8]) -> Message {
        Message::Binary([&[channel], payload].concat().into())
    }

    fn begin(server: &futures_mpsc::UnboundedSender<Message>) {
        server.unbounded_send(frame(DATA, &4096_u16.to_le_bytes())).unwrap();
        server.unbounded_send(frame(ERROR, &4096_u16.to_le_bytes())).unwrap();
    }

    #[tokio::test]
    async fn bytes_go_both_ways_and_an_answer_survives_shutdown() {
        let (mut stream, server, mut seen) = pair();
        begin(&server);
        stream.write_all(b"hello").await.unwrap();
        stream.shutdown().await.unwrap();
        assert_eq!(seen.next().await.unwrap(), frame(DATA, b"hello"));
        server.unbounded_send(frame(DATA, b"late answer")).unwrap();
        drop(server);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "late answer");
    }

    #[tokio::test]
    async fn nobody_reading_does_not_hold_back_what_is_sent() {
        let (mut stream, server, mut seen) = pair();
        begin(&server);
        for _ in 0..READ_QUEUE * 2 {
            server.unbounded_send(frame(DATA, &vec![0; 32 << 10])).unwrap();
        }
        stream.write_all(b"\x03").await.unwrap();
        let sent = tokio::time::timeout(Duration::from_secs(5), seen.next()).await.unwrap();
        assert_eq!(sent, Some(frame(DATA, b"\x03")));
    }

    #[tokio::test]
    async fn the_kubelet_s_words_become_the_error() {
        let (mut stream, server, _seen) = pair();
        begin(&server);
        server.unbounded_send(frame(ERROR, b"dial tcp4 127.0.0.1:4096: connect: connection refused")).unwrap();
        let error = stream.read(&mut [0; 8]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        assert!(error.to_string().contains("127.0.0.1:4096"));
        assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn dropping_the_stream_closes_the_websocket() {
        let (stream, server, mut seen) = pair();
        begin(&server);
        drop(stream);
        let end = tokio::time::timeout(Duration::from_secs(5), seen.next()).await.unwrap();
        assert_eq!(end, None);
    }

    proptest! {
        #[test]
        fn no_message_makes_the_reader_panic(frames in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..6), 0..6)) {
            let mut begun = [false; 2];
            for frame in frames {
                let _ = accept(&mut begun, frame.into());
            }
        }

        #[test]
        fn the_port_s_bytes_arrive_as_they_were_sent(pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..20), 0..8)) {
            let mut begun = [false; 2];
            accept(&mut begun, Bytes::from_static(&[DATA, 0, 16])).unwrap();
            let mut whole = Vec::new();
            for piece in &pieces {
                let frame = [&[DATA], piece.as_slice()].concat();
                whole.extend(accept(&mut begun, frame.into()).unwrap());
            }
            prop_assert_eq!(whole, pieces.concat());
        }
    }
}
