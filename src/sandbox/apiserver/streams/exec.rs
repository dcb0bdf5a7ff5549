//! `pods/exec` and `pods/attach`: a command's standard streams over one connection.
//!
//! WebSocket protocol `v5.channel.k8s.io` (KEP-4006; `v4` is the same without closing): every binary message starts
//! with its channel: 0 stdin, 1 stdout, 2 stderr, 3 the final `Status`, 4 terminal sizes as `{"Width":w,"Height":h}`,
//! 255 closes the channel named by the next byte. The server opens with an empty message on the lowest output, sends
//! the `Status` after all output, and closes with 1000.
//!
//! Raw SPDY, protocol `v4.channel.k8s.io`: the client opens one stream per channel, named by the header `streamtype`
//! (`stdin`, `stdout`, `stderr`, `error`, `resize`); the command starts when all that the query implies are there.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use bytes::{BufMut, Bytes, BytesMut};
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_util::io::StreamReader;

use super::session::{self, Accepted, Channel};
use super::websocket::{self, Pending, Reader, Socket};
use super::{Options, Refusal, container, pod_key, require_node};
use crate::sandbox::runtime::{Exec, ExecEnd, ExecOptions, LogOptions, PodRuntime, TerminalSize};

const STDIN: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const ERROR: u8 = 3;
const RESIZE: u8 = 4;
const CLOSE: u8 = 255;

/// Whether the client can close one channel.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    V4,
    V5,
}

const PROTOCOLS: &[(&str, Version)] = &[("v5.channel.k8s.io", Version::V5), ("v4.channel.k8s.io", Version::V4)];

const SPDY_PROTOCOLS: &[&str] = &["v4.channel.k8s.io"];

/// Most that is read from the command at once.
const PIECE: usize = 32 << 10;

/// Runs a command in a container of the Pod (`PodExecOptions` in the query).
pub async fn exec(request: Request, pod: &Value, runtime: Arc<dyn PodRuntime>) -> Response {
    answer(request, pod, &*runtime, Verb::Exec).await.unwrap_or_else(Refusal::into_response)
}

/// Attaches to a container of the Pod (`PodAttachOptions` in the query): its output from now on, both streams as one.
///
/// Input goes nowhere, as with every container that was started without `stdin: true`.
pub async fn attach(request: Request, pod: &Value, runtime: Arc<dyn PodRuntime>) -> Response {
    answer(request, pod, &*runtime, Verb::Attach).await.unwrap_or_else(Refusal::into_response)
}

#[derive(Clone, Copy)]
enum Verb {
    Exec,
    Attach,
}

async fn answer(mut request: Request, pod: &Value, runtime: &dyn PodRuntime, verb: Verb) -> Result<Response, Refusal> {
    let query = Options::of(request.uri())?;
    let container = container(pod, &query)?;
    require_node(pod)?;
    let wanted = Wanted::of(&query)?;
    let spdy = session::is_requested(request.headers());
    if !spdy && !websocket::is_requested(request.headers()) {
        return Err(Refusal::bad_request("Upgrade request required"));
    }
    let (answer, version) = if spdy {
        (session::switching(request.headers(), SPDY_PROTOCOLS)?, Version::V4)
    } else {
        let negotiated = websocket::negotiate(request.headers(), PROTOCOLS);
        let (name, version) = negotiated.ok_or_else(websocket::no_protocol)?;
        (websocket::switching(request.headers(), name)?, version)
    };
    let pending = Pending::of(&mut request);
    let command = query.all("command").map(str::to_owned).collect::<Vec<_>>();
    let line = command.join(" ");
    let started = match verb {
        Verb::Exec if command.is_empty() => {
            return Err(Refusal::bad_request("you must specify at least one command for the container"));
        }
        Verb::Exec => {
            let options = ExecOptions { command, stdin: wanted.stdin, tty: wanted.tty };
            runtime.exec(&pod_key(pod), container, options).await
        }
        Verb::Attach => {
            let options = LogOptions { follow: true, tail_lines: Some(0), ..LogOptions::default() };
            runtime.logs(&pod_key(pod), container, options).await.map(output_only)
        }
    };
    let missing = |error: &io::Error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotConnected);
    let started = match started {
        Ok(exec) => Ok(exec),
        // v4 is proxied to the kubelet as it is; v5 ends at the API server, which can only speak inside the stream.
        Err(error) if missing(&error) && version == Version::V4 => {
            let mut response = Response::new(Body::from(format!("container not found ({container:?})")));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            return Ok(response);
        }
        Err(error) if missing(&error) => {
            Err(internal(&format!("unable to upgrade connection: container not found ({container:?})")))
        }
        Err(error) => Err(internal(&format!("error executing command in container: {error}"))),
    };
    tokio::spawn(async move {
        if spdy {
            session::serve_raw(pending, gather(wanted, started, line)).await;
        } else if let Some(socket) = pending.websocket().await {
            serve(socket, version, wanted, started, &line).await;
        }
    });
    Ok(answer)
}

/// A container's log as a command without input; the end of the output is all that is known of its end.
fn output_only(log: BoxStream<'static, io::Result<Bytes>>) -> Exec {
    let (ended, end) = oneshot::channel();
    drop(ended.send(Ok(ExecEnd::Exited(0))));
    Exec { stdin: None, stdout: Box::new(StreamReader::new(log)), stderr: None, resize: None, end }
}

/// Collects the streams of a SPDY connection; the last one starts the conversation.
fn gather(wanted: Wanted, started: Result<Exec, Value>, command: String) -> impl FnMut(Channel) -> Accepted {
    let mut missing: Vec<&str> = [
        (true, "error"),
        (wanted.stdin, "stdin"),
        (wanted.stdout, "stdout"),
        (wanted.stderr, "stderr"),
        (wanted.tty, "resize"),
    ]
    .into_iter()
    .filter_map(|(wanted, name)| wanted.then_some(name))
    .collect();
    let mut channels = HashMap::<&str, Channel>::new();
    let mut started = Some((started, command));
    move |channel| {
        let kind = channel.headers.get("streamtype");
        let Some(index) = missing.iter().position(|name| Some(*name) == kind.map(String::as_str)) else {
            return Accepted::No;
        };
        channels.insert(missing.swap_remove(index), channel);
        match started.take_if(|_| missing.is_empty()) {
            None => Accepted::Held,
            Some((started, command)) => {
                let channels = std::mem::take(&mut channels);
                Accepted::Work(async move { converse(channels, wanted, started, &command).await }.boxed())
            }
        }
    }
}

/// One command over SPDY streams.
async fn converse(
    mut channels: HashMap<&'static str, Channel>,
    wanted: Wanted,
    started: Result<Exec, Value>,
    command: &str,
) {
    let (resize, resize_out) = mpsc::channel(1);
    let sizes = channels.remove("resize");
    let sizing = async {
        if let Some(mut sizes) = sizes {
            while let Some(bytes) = sizes.input.recv().await {
                if let Some(size) = terminal_size(&bytes) {
                    // The receiver is dropped only when the command has ended, and then nobody needs its size.
                    let _: Result<(), _> = resize.send(size).await;
                }
            }
        }
        std::future::pending::<()>().await;
    };
    let stdin = channels.remove("stdin").map_or_else(|| mpsc::channel(1).1, |channel| channel.input);
    let mut outputs = HashMap::new();
    for (name, channel) in [("stdout", STDOUT), ("stderr", STDERR), ("error", ERROR)] {
        if let Some(stream) = channels.remove(name) {
            outputs.insert(channel, stream.output);
        }
    }
    let output = Output::Streams(outputs);
    let status = match started {
        Err(status) => status,
        Ok(exec) => tokio::select! {
            status = run(exec, wanted, Input { stdin, resize: resize_out }, &output, command) => status,
            () = sizing => return,
        },
    };
    output.send(ERROR, status.to_string().as_bytes()).await;
    output.finish().await;
}

/// The streams a client asked for.
#[derive(Clone, Copy)]
struct Wanted {
    stdin: bool,
    stdout: bool,
    stderr: bool,
    tty: bool,
}

impl Wanted {
    fn of(query: &Options) -> Result<Self, Refusal> {
        let tty = query.flag("tty");
        let wanted = Self {
            stdin: query.flag("stdin"),
            stdout: query.flag("stdout"),
            stderr: query.flag("stderr") && !tty,
            tty,
        };
        if wanted.stdin || wanted.stdout || wanted.stderr {
            Ok(wanted)
        } else {
            Err(Refusal::bad_request("you must specify at least 1 of stdin, stdout, stderr"))
        }
    }
}

/// What a client sends, sorted; the channels end when the client closes its side or leaves.
struct Input {
    stdin: mpsc::Receiver<Bytes>,
    resize: mpsc::Receiver<TerminalSize>,
}

/// One WebSocket, from its first message to its Close.
async fn serve(socket: Socket, version: Version, wanted: Wanted, started: Result<Exec, Value>, command: &str) {
    let (writer, mut reader) = socket.split();
    let (messages, queue) = mpsc::channel(websocket::QUEUE);
    let (stdin, stdin_out) = mpsc::channel(1);
    let (resize, resize_out) = mpsc::channel(1);
    let input = Input { stdin: stdin_out, resize: resize_out };
    let conversation = async {
        let first = if wanted.stdout {
            STDOUT
        } else if wanted.stderr {
            STDERR
        } else {
            ERROR
        };
        let output = Output::Messages(messages.clone());
        output.send(first, &[]).await;
        let status = match started {
            Err(status) => status,
            Ok(exec) => tokio::select! {
                status = run(exec, wanted, input, &output, command) => status,
                () = sort(&mut reader, version, stdin, resize) => return false,
            },
        };
        output.send(ERROR, status.to_string().as_bytes()).await;
        true
    };
    let mut writing = std::pin::pin!(websocket::write(writer, queue));
    tokio::select! {
        finished = conversation => if !finished { return },
        () = &mut writing => return,
    }
    drop(messages);
    tokio::join!(writing, websocket::drain(reader));
}

/// Sorts messages into channels until the client leaves.
async fn sort(reader: &mut Reader, version: Version, stdin: mpsc::Sender<Bytes>, resize: mpsc::Sender<TerminalSize>) {
    let mut stdin = Some(stdin);
    while let Some(Ok(message)) = reader.next().await {
        let payload = match message {
            Message::Binary(payload) => payload,
            Message::Text(text) => Bytes::from(text),
            Message::Close(_) => return,
            _ => continue,
        };
        match payload.first() {
            Some(&STDIN) => {
                if let Some(open) = &stdin
                    && open.send(payload.slice(1..)).await.is_err()
                {
                    stdin = None;
                }
            }
            Some(&RESIZE) => {
                if let Some(size) = terminal_size(&payload[1..]) {
                    // The receiver is dropped only when the command has ended, and then nobody needs its size.
                    let _: Result<(), _> = resize.send(size).await;
                }
            }
            Some(&CLOSE) if version == Version::V5 && payload.get(1) == Some(&STDIN) => stdin = None,
            _ => {}
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Size {
    width: u16,
    height: u16,
}

fn terminal_size(payload: &[u8]) -> Option<TerminalSize> {
    let size = serde_json::from_slice::<Size>(payload).ok()?;
    Some(TerminalSize { width: size.width, height: size.height })
}

/// Where output goes.
enum Output {
    /// Messages that start with their channel.
    Messages(mpsc::Sender<Message>),
    /// A stream for each channel.
    Streams(HashMap<u8, session::Output>),
}

impl Output {
    /// Whether the client is still there.
    async fn send(&self, channel: u8, bytes: &[u8]) -> bool {
        match self {
            Self::Messages(messages) => {
                let mut payload = BytesMut::with_capacity(1 + bytes.len());
                payload.put_u8(channel);
                payload.put_slice(bytes);
                messages.send(Message::Binary(payload.freeze())).await.is_ok()
            }
            Self::Streams(streams) => match streams.get(&channel) {
                Some(stream) => stream.send(Bytes::copy_from_slice(bytes)).await,
                None => true,
            },
        }
    }

    /// Closes what can be closed alone.
    async fn finish(&self) {
        if let Self::Streams(streams) = self {
            for stream in streams.values() {
                stream.finish().await;
            }
        }
    }
}

/// Connects a command with its client until it has ended and all its output was taken; the `Status` to end with.
async fn run(exec: Exec, wanted: Wanted, input: Input, output: &Output, command: &str) -> Value {
    let Exec { stdin, stdout, stderr, resize, end } = exec;
    let Input { stdin: mut typed, resize: mut sizes } = input;
    let feeding = async move {
        if let Some(mut stdin) = stdin {
            while let Some(bytes) = typed.recv().await {
                // A command that closed its stdin may still have much to say: what is typed now is lost, as in a pipe.
                if stdin.write_all(&bytes).await.is_err() || stdin.flush().await.is_err() {
                    break;
                }
            }
            drop(stdin.shutdown().await);
        }
        while typed.recv().await.is_some() {}
    };
    let sizing = async move {
        while let Some(size) = sizes.recv().await {
            if let Some(resize) = &resize {
                let _: Result<(), _> = resize.send(size).await;
            }
        }
    };
    let ending = async {
        let stderr = async {
            if let Some(stderr) = stderr {
                pump(stderr, wanted.stderr.then_some(STDERR), output).await;
            }
        };
        tokio::join!(pump(stdout, wanted.stdout.then_some(STDOUT), output), stderr);
        end.await
    };
    let mut inputs = std::pin::pin!(async { tokio::join!(feeding, sizing) }.fuse());
    let mut ending = std::pin::pin!(ending);
    let end = loop {
        tokio::select! {
            end = &mut ending => break end,
            _ = &mut inputs, if !futures::future::FusedFuture::is_terminated(&inputs) => {}
        }
    };
    match end {
        Ok(Ok(end)) => ended(end, command),
        Ok(Err(error)) => internal(&format!("error executing command in container: {error}")),
        Err(_) => internal("error executing command in container: the node forgot the command"),
    }
}

/// Sends what a command writes, or only takes it when nobody wants it, so that the command never blocks.
async fn pump(mut from: impl AsyncRead + Unpin, channel: Option<u8>, output: &Output) {
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece).await {
            Ok(0) => return,
            Ok(length) => {
                if let Some(channel) = channel
                    && !output.send(channel, &piece[..length]).await
                {
                    return;
                }
            }
            Err(error) => {
                tracing::debug!(%error, "the output of a command broke off");
                return;
            }
        }
    }
}

/// The `Status` for the end of a command (`NonZeroExitCode` is what kubectl takes its own exit code from).
fn ended(end: ExecEnd, command: &str) -> Value {
    let code = match end {
        ExecEnd::Exited(0) => return json!({ "metadata": {}, "status": "Success" }),
        ExecEnd::Exited(code) => code,
        ExecEnd::Signalled(signal) => 128 + signal,
    };
    json!({
        "metadata": {},
        "status": "Failure",
        "message": format!(
            "command terminated with non-zero exit code: error executing command [{command}], exit code {code}"
        ),
        "reason": "NonZeroExitCode",
        "details": { "causes": [{ "reason": "ExitCode", "message": code.to_string() }] },
    })
}

fn internal(message: &str) -> Value {
    let message = format!("Internal error occurred: {message}");
    json!({
        "metadata": {}, "status": "Failure", "message": message, "reason": "InternalError",
        "details": { "causes": [{ "message": message.trim_start_matches("Internal error occurred: ") }] },
        "code": 500,
    })
}

#[cfg(test)]
#[path = "exec_tests.rs"]
mod tests;
