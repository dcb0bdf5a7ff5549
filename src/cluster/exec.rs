//! A command in a container: exec over WebSocket.
//!
//! `GET /api/v1/namespaces/NS/pods/NAME/exec?container=…&command=…&stdin=…&stdout=true&stderr=…&tty=…`, subprotocol
//! `v5.channel.k8s.io`, or `v4.channel.k8s.io` where the server knows no other (Kubernetes before 1.30). Binary messages,
//! the first byte names the channel: 0 the command's input, 1 its output, 2 its errors, 3 the final `Status` as JSON,
//! 4 sizes of its terminal as `{"Width":w,"Height":h}`; in v5 255 closes the channel named by the next byte. Sources:
//! `apimachinery/pkg/util/remotecommand/constants.go`, KEP-4006.
//!
//! Two tasks serve a connection, so that neither direction waits for the other. Output that nobody takes holds the command
//! up, as a pipe does. A ping every 5 s keeps the way open and asks how far our bytes came: 30 s without any sign of life
//! end the connection, unless the command has much input to read still, behind which the ping has to wait.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::{Sink, SinkExt as _, Stream, StreamExt as _};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Status;
use kube::Client;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::tungstenite::{self, Bytes, Message};
use tokio_util::task::AbortOnDropHandle;

use super::channel::message;
use super::failure::{Request, api_error};
use crate::error::{Code, Error, Result};
use crate::opencode::percent_encoded;

pub(super) const STDIN: u8 = 0;
pub(super) const STDOUT: u8 = 1;
pub(super) const STDERR: u8 = 2;
pub(super) const STATUS: u8 = 3;
const RESIZE: u8 = 4;
pub(super) const CLOSE: u8 = 255;
/// Most bytes of input in one message.
pub(super) const PIECE: usize = 32 << 10;
/// Most messages that wait to be sent.
const SEND_QUEUE: usize = 16;
/// Most messages (a kubelet sends 32 KiB each) that wait to be taken.
const READ_QUEUE: usize = 16;
/// Longest wait for the answer to the request.
const START_TIMEOUT: Duration = Duration::from_secs(65);
const PING_EVERY: Duration = Duration::from_secs(5);
const SILENCE_LIMIT: Duration = Duration::from_secs(30);
/// So many bytes of input the pipes on the way hold without the command's help.
const HELD_UP: u64 = 32 << 10;
/// Longest wait for the closing handshake.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// A command to run, and where.
#[derive(Clone, Debug, Default)]
pub struct Exec {
    /// Namespace of the Pod.
    pub namespace: String,
    /// The Pod.
    pub pod: String,
    /// The container.
    pub container: String,
    /// Program and arguments.
    pub command: Vec<String>,
    /// Whether it gets input.
    pub stdin: bool,
    /// Whether it runs on a terminal, whose output is both outputs in one.
    pub tty: bool,
}

/// What a command says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// On its output.
    Stdout(Bytes),
    /// On its errors.
    Stderr(Bytes),
    /// How it ended. Nothing follows.
    Ended(Ended),
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With this exit code (128 + signal, if a signal ended it).
    Exited(i32),
    /// It did not run, or its end is not known: the words of the API server, the kubelet or the container's runtime.
    Failed(String),
}

impl Exec {
    /// Starts the command.
    ///
    /// Errors: [`Code::Usage`] for a command line that is too long for a URL; what [`api_error`] says of a refusal. Dropping
    /// both halves ends the connection; what becomes of the command then is the container runtime's affair.
    pub async fn start(&self, client: &Client) -> Result<(ExecInput, ExecOutput)> {
        let asked = Request::new("create", "pods/exec").namespace(&self.namespace).name(&self.pod);
        let request = http::Request::get(self.path()).body(Vec::new()).map_err(|error| {
            Error::usage("the command is too long for a request to the API server (64 KiB)").caused_by(&error)
        })?;
        let connecting = tokio::time::timeout(START_TIMEOUT, client.connect(request));
        let connection = connecting
            .await
            .map_err(|_| {
                Error::new(Code::ClusterUnreachable, "the API server did not start the command")
                    .because(format!("no answer within {} s", START_TIMEOUT.as_secs()))
            })?
            .map_err(|error| api_error(error, &asked))?;
        let can_close = connection.supports_stream_close();
        let (sink, stream) = connection.into_stream().split();
        Ok(serve(sink, stream, can_close))
    }

    fn path(&self) -> String {
        let Self { namespace, pod, container, command, stdin, tty } = self;
        let mut path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/exec?stdout=true");
        // A terminal has one output, and the API refuses to be asked for two.
        for (name, wanted) in [("stdin", *stdin), ("stderr", !tty), ("tty", *tty)] {
            if wanted {
                path.extend(["&", name, "=true"]);
            }
        }
        for (name, value) in [("container", container)].into_iter().chain(command.iter().map(|word| ("command", word)))
        {
            path.extend(["&", name, "=", &percent_encoded(value)]);
        }
        path
    }
}

/// How much input was sent, and how much of it is known to have left the connection.
#[derive(Debug, Default)]
struct Progress {
    sent: AtomicU64,
    arrived: AtomicU64,
}

impl Progress {
    /// Whether the other side may be unable to answer because the command does not read.
    fn is_held_up(&self) -> bool {
        self.sent.load(Ordering::Relaxed).saturating_sub(self.arrived.load(Ordering::Relaxed)) > HELD_UP
    }
}

/// Both halves of a connection, of which `can_close` tells whether it knows the end of input.
pub(super) fn serve(
    sink: impl Sink<Message, Error = tungstenite::Error> + Unpin + Send + 'static,
    stream: impl Stream<Item = Result<Message, tungstenite::Error>> + Unpin + Send + 'static,
    can_close: bool,
) -> (ExecInput, ExecOutput) {
    let (said_sender, said) = mpsc::channel(READ_QUEUE);
    let (messages, queue) = mpsc::channel(SEND_QUEUE);
    let progress = Arc::new(Progress::default());
    tokio::spawn(write(sink, queue, Arc::clone(&progress)));
    let reader = tokio::spawn(read(stream, said_sender, progress));
    let output = ExecOutput { said, _reader: AbortOnDropHandle::new(reader) };
    (ExecInput { messages, can_close }, output)
}

/// The way to a command. The connection closes when it is dropped.
#[derive(Clone, Debug)]
pub struct ExecInput {
    pub(super) messages: mpsc::Sender<Bytes>,
    pub(super) can_close: bool,
}

impl ExecInput {
    /// Sends input; waits while the command does not take what was sent before.
    pub async fn send(&self, input: &[u8]) -> io::Result<()> {
        for piece in input.chunks(PIECE) {
            self.message(STDIN, piece).await?;
        }
        Ok(())
    }

    /// Tells the command that its input ended. Answers whether the server can pass that on.
    pub async fn close(&self) -> io::Result<bool> {
        if self.can_close {
            self.message(CLOSE, &[STDIN]).await?;
        }
        Ok(self.can_close)
    }

    /// Gives the command's terminal another size.
    pub async fn resize(&self, rows: u16, cols: u16) -> io::Result<()> {
        self.message(RESIZE, json!({"Width": cols, "Height": rows}).to_string().as_bytes()).await
    }

    async fn message(&self, channel: u8, payload: &[u8]) -> io::Result<()> {
        let sent = self.messages.send(message(channel, payload)).await;
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

/// The way from a command. Reading ends when it is dropped.
#[derive(Debug)]
pub struct ExecOutput {
    said: mpsc::Receiver<io::Result<Said>>,
    _reader: AbortOnDropHandle<()>,
}

impl ExecOutput {
    /// What the command says next; an error is the end of the connection without the command's end.
    pub async fn next(&mut self) -> io::Result<Said> {
        std::future::poll_fn(|cx| self.poll_next(cx)).await
    }

    /// As [`ExecOutput::next`].
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Said>> {
        let said = ready!(self.said.poll_recv(cx));
        Poll::Ready(said.unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into())))
    }
}

/// Reads messages until the command's end or the connection's.
async fn read(
    mut stream: impl Stream<Item = Result<Message, tungstenite::Error>> + Unpin,
    said: mpsc::Sender<io::Result<Said>>,
    progress: Arc<Progress>,
) {
    loop {
        let heard = match tokio::time::timeout(SILENCE_LIMIT, stream.next()).await {
            Err(_) if progress.is_held_up() => continue,
            Err(_) => {
                let text = format!("no sign of life from the cluster for {} s", SILENCE_LIMIT.as_secs());
                Some(Err(io::Error::new(io::ErrorKind::TimedOut, text)))
            }
            Ok(None | Some(Ok(Message::Close(_)))) => {
                let text = "the connection ended, and how the command did is not known";
                Some(Err(io::Error::new(io::ErrorKind::UnexpectedEof, text)))
            }
            Ok(Some(Err(error))) => Some(Err(io::Error::new(io::ErrorKind::ConnectionReset, error))),
            Ok(Some(Ok(Message::Binary(message)))) => accept(message).transpose(),
            Ok(Some(Ok(Message::Pong(payload)))) => {
                if let Ok(count) = <[u8; 8]>::try_from(payload.as_ref()) {
                    progress.arrived.store(u64::from_be_bytes(count), Ordering::Relaxed);
                }
                None
            }
            Ok(Some(Ok(_))) => None,
        };
        let Some(heard) = heard else { continue };
        let is_last = matches!(heard, Err(_) | Ok(Said::Ended(_)));
        // A receiver that is gone wants to know nothing.
        if said.send(heard).await.is_err() || is_last {
            return;
        }
    }
}

/// Reads a message; none for an empty one, with which a server opens its channels.
fn accept(mut message: Bytes) -> io::Result<Option<Said>> {
    if message.len() < 2 {
        return Ok(None);
    }
    let payload = message.split_off(1);
    match message[0] {
        STDOUT => Ok(Some(Said::Stdout(payload))),
        STDERR => Ok(Some(Said::Stderr(payload))),
        STATUS => Ok(Some(Said::Ended(ended(&payload)))),
        // What v5 says of a channel's end; the Status says more.
        CLOSE => Ok(None),
        channel => {
            Err(io::Error::new(io::ErrorKind::InvalidData, format!("exec message on unknown channel {channel}")))
        }
    }
}

/// Reads the `Status` with which a command ends.
fn ended(payload: &[u8]) -> Ended {
    let Ok(status) = serde_json::from_slice::<Status>(payload) else {
        return Ended::Failed(String::from_utf8_lossy(payload).trim().to_owned());
    };
    if status.status.as_deref() == Some("Success") {
        return Ended::Exited(0);
    }
    let causes = status.details.and_then(|details| details.causes).unwrap_or_default();
    let code = causes.iter().find(|cause| cause.reason.as_deref() == Some("ExitCode"));
    let code = code.and_then(|cause| cause.message.as_ref()?.parse().ok());
    match code {
        Some(code) if status.reason.as_deref() == Some("NonZeroExitCode") => Ended::Exited(code),
        _ => Ended::Failed(status.message.unwrap_or_default().trim().to_owned()),
    }
}

/// Sends what is queued, and pings; closes the WebSocket when nobody has anything more to send.
async fn write(
    mut sink: impl Sink<Message, Error = tungstenite::Error> + Unpin,
    mut queue: mpsc::Receiver<Bytes>,
    progress: Arc<Progress>,
) {
    let mut ping = tokio::time::interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let sent = tokio::select! {
            message = queue.recv() => match message {
                Some(message) => send(&mut sink, &mut queue, message, &progress).await,
                None => break,
            },
            _ = ping.tick() => {
                let count = progress.sent.load(Ordering::Relaxed).to_be_bytes();
                sink.send(Message::Ping(Bytes::copy_from_slice(&count))).await
            }
        };
        if sent.is_err() {
            // The reading task sees the same broken socket and reports it.
            return;
        }
    }
    // Whoever left does not wait for the answer to this.
    let _ = tokio::time::timeout(CLOSE_TIMEOUT, sink.close()).await;
}

/// Sends a message and those that wait behind it.
async fn send(
    sink: &mut (impl Sink<Message, Error = tungstenite::Error> + Unpin),
    queue: &mut mpsc::Receiver<Bytes>,
    first: Bytes,
    progress: &Progress,
) -> Result<(), tungstenite::Error> {
    let mut next = Some(first);
    while let Some(message) = next {
        progress.sent.fetch_add(message.len() as u64, Ordering::Relaxed);
        sink.feed(Message::Binary(message)).await?;
        next = queue.try_recv().ok();
    }
    sink.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
    use proptest::prelude::*;

    /// Both halves, and what a server would send and see.
    fn pair(can_close: bool) -> (ExecInput, ExecOutput, UnboundedSender<Message>, UnboundedReceiver<Message>) {
        let (to_client, from_server) = unbounded();
        let (to_server, from_client) = unbounded();
        let sink = to_server.sink_map_err(|_| tungstenite::Error::ConnectionClosed);
        let (input, output) = serve(Box::pin(sink), Box::pin(from_server.map(Ok)), can_close);
        (input, output, to_client, from_client)
    }

    fn binary(channel: u8, payload: &[u8]) -> Message {
        Message::Binary(message(channel, payload))
    }

    #[test]
    fn the_request_asks_for_what_is_wanted() {
        let mut exec = Exec {
            namespace: "team".into(),
            pod: "dev-server-0".into(),
            container: "opencode-server".into(),
            command: ["sh", "-c", "echo \"a&b\" é"].map(str::to_owned).to_vec(),
            ..Exec::default()
        };
        assert_eq!(
            exec.path(),
            "/api/v1/namespaces/team/pods/dev-server-0/exec?stdout=true&stderr=true&container=opencode-server\
             &command=sh&command=-c&command=echo%20%22a%26b%22%20%C3%A9"
        );
        (exec.stdin, exec.tty, exec.command) = (true, true, vec!["sh".to_owned()]);
        assert!(exec.path().ends_with("/exec?stdout=true&stdin=true&tty=true&container=opencode-server&command=sh"));
    }

    #[tokio::test]
    async fn input_is_cut_and_ends_where_the_server_can_be_told() {
        let (input, _output, _server, mut seen) = pair(true);
        input.send(&vec![7; PIECE + 1]).await.unwrap();
        input.resize(30, 100).await.unwrap();
        assert!(input.close().await.unwrap());
        assert_eq!(seen.next().await, Some(binary(STDIN, &vec![7; PIECE])));
        assert_eq!(seen.next().await, Some(binary(STDIN, &[7])));
        assert_eq!(seen.next().await, Some(binary(RESIZE, br#"{"Width":100,"Height":30}"#)));
        assert_eq!(seen.next().await, Some(binary(CLOSE, &[STDIN])));
        drop(input);
        assert_eq!(seen.next().await, None, "closed");
        let (input, _output, _server, _seen) = pair(false);
        assert!(!input.close().await.unwrap(), "v4 has no word for it");
    }

    #[tokio::test]
    async fn outputs_come_apart_and_the_end_is_the_last() {
        let (_input, mut output, server, _seen) = pair(true);
        let status = json!({"metadata": {}, "status": "Failure", "reason": "NonZeroExitCode", "message": "…",
            "details": {"causes": [{"reason": "ExitCode", "message": "137"}]}});
        for message in [
            binary(STDOUT, b""),
            binary(STDOUT, b"out"),
            binary(STDERR, b"err"),
            binary(STATUS, status.to_string().as_bytes()),
            Message::Close(None),
        ] {
            server.unbounded_send(message).unwrap();
        }
        assert_eq!(output.next().await.unwrap(), Said::Stdout("out".into()));
        assert_eq!(output.next().await.unwrap(), Said::Stderr("err".into()));
        assert_eq!(output.next().await.unwrap(), Said::Ended(Ended::Exited(137)));
    }

    #[tokio::test]
    async fn a_connection_that_ends_early_is_an_error() {
        for last in [None, Some(Message::Close(None)), Some(binary(9, b"?"))] {
            let (_input, mut output, server, _seen) = pair(true);
            server.unbounded_send(binary(STDOUT, b"half")).unwrap();
            if let Some(last) = last {
                server.unbounded_send(last).unwrap();
            }
            drop(server);
            assert_eq!(output.next().await.unwrap(), Said::Stdout("half".into()));
            assert!(output.next().await.is_err());
        }
    }

    #[tokio::test]
    async fn output_that_nobody_takes_does_not_hold_input_back() {
        let (input, _output, server, mut seen) = pair(true);
        for _ in 0..READ_QUEUE * 2 {
            server.unbounded_send(binary(STDOUT, &[0; 1024])).unwrap();
        }
        input.send(b"\x03").await.unwrap();
        let sent = tokio::time::timeout(Duration::from_secs(5), seen.next()).await.unwrap();
        assert_eq!(sent, Some(binary(STDIN, b"\x03")));
    }

    #[test]
    fn a_command_that_does_not_read_is_told_from_a_dead_link() {
        let progress = Progress::default();
        progress.sent.store(HELD_UP, Ordering::Relaxed);
        assert!(!progress.is_held_up(), "so much waits in pipes");
        progress.sent.store(HELD_UP + 1, Ordering::Relaxed);
        assert!(progress.is_held_up());
        progress.arrived.store(HELD_UP + 1, Ordering::Relaxed);
        assert!(!progress.is_held_up());
    }

    #[test]
    fn every_end_is_read() {
        let read = |status: serde_json::Value| ended(status.to_string().as_bytes());
        assert_eq!(read(json!({"metadata": {}, "status": "Success"})), Ended::Exited(0));
        let words = "Internal error occurred: error executing command in container: no such file";
        let failed = json!({"status": "Failure", "reason": "InternalError", "message": words, "code": 500,
            "details": {"causes": [{"message": "no such file"}]}});
        assert_eq!(read(failed), Ended::Failed(words.to_owned()));
        assert_eq!(ended(b"container not found\n"), Ended::Failed("container not found".to_owned()));
    }

    proptest! {
        #[test]
        fn no_message_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let payload = bytes.get(1..).unwrap_or_default().to_vec();
            match accept(bytes.into()) {
                Ok(Some(Said::Stdout(taken) | Said::Stderr(taken))) => prop_assert_eq!(taken, payload),
                Ok(None | Some(Said::Ended(_))) | Err(_) => {}
            }
        }
    }
}
