//! A byte stream to a port of a Pod through a command in it: for users who may run commands there (`pods/exec`) and may not
//! forward ports.
//!
//! `sh` runs [`RELAY`], which takes the first program of the container that can carry a connection: bash with its
//! `/dev/tcp`, socat, Node.js, Bun, OpenCode, which is Bun when `BUN_BE_BUN` is set, or nc. The first line of its output
//! names it, [`MARK`] before; all other output is what the port says, and input is what it hears. Words on its error output
//! and its exit code tell why a connection failed.
//!
//! Dropping the stream ends the command's input, and with it the command and its connection.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;
use kube::Client;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _};
use tokio_tungstenite::tungstenite::Bytes;

use super::channel::{self, ChannelStream, ChannelWriter, message};
use super::exec::{CLOSE, Ended, Exec, ExecInput, ExecOutput, PIECE, STDIN, Said};
use crate::error::{Code, Error, Result};

/// Begins the line that names the program.
const MARK: &str = "kubectl-opencode-relay";
const RELAY: &str = include_str!("relay.sh");
const FOR_BASH: &str = include_str!("relay.bash");
const FOR_JAVASCRIPT: &str = include_str!("relay.js");
/// Most bytes of the first line.
const LINE: u64 = 256;
/// How much of the error output is kept, in bytes: its end.
const WORDS: usize = 1 << 10;

/// Where a connection is to lead.
#[derive(Clone, Debug)]
pub(super) struct Destination<'a> {
    pub(super) namespace: &'a str,
    pub(super) pod: &'a str,
    pub(super) container: &'a str,
    /// Address of the Pod.
    pub(super) ip: &'a str,
    pub(super) port: u16,
}

impl Destination<'_> {
    /// The addresses at which a program in the Pod reaches it: what a kubelet would try, then the Pod's own. A Pod with a
    /// loopback address shares loopback with others, and only its own address is sure to be meant.
    fn addresses(&self) -> Vec<String> {
        let is_loopback = self.ip.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        let shared = if is_loopback { None } else { Some("127.0.0.1") };
        shared.into_iter().chain([self.ip]).filter(|ip| !ip.is_empty()).map(str::to_owned).collect()
    }

    fn exec(&self) -> Exec {
        let port = self.port.to_string();
        let words = ["sh", "-c", RELAY, MARK, FOR_BASH, FOR_JAVASCRIPT, &port];
        Exec {
            namespace: self.namespace.to_owned(),
            pod: self.pod.to_owned(),
            container: self.container.to_owned(),
            command: words.map(str::to_owned).into_iter().chain(self.addresses()).collect(),
            stdin: true,
            tty: false,
        }
    }
}

/// Opens a connection; the answer is the stream, and the program that carries it.
///
/// Errors: as [`Exec::start`]; [`Code::Unsupported`] for a container without any such program; [`Code::AgentUnavailable`],
/// caused by an I/O error, for a port that does not take the connection.
pub(super) async fn open(client: &Client, to: &Destination<'_>) -> Result<(RelayStream, String)> {
    let (input, output) = to.exec().start(client).await?;
    let mut stream = carry(&input, output);
    let carried_by = begin(&mut stream).await.map_err(|error| {
        let code = match error.kind() {
            io::ErrorKind::Unsupported => Code::Unsupported,
            _ => Code::AgentUnavailable,
        };
        let what = format!("cannot reach port {} of Pod {:?} through a command in it", to.port, to.pod);
        Error::new(code, what).caused_by(&error)
    })?;
    Ok((stream, carried_by))
}

/// One connection through a command.
pub(super) type RelayStream = ChannelStream<Heard>;

/// Begins to serve a connection; its end, where the server can be told, is the end of the command's input.
fn carry(input: &ExecInput, output: ExecOutput) -> RelayStream {
    let heard = Heard { output, ended: false, words: Vec::new() };
    let close = input.can_close.then(|| message(CLOSE, &[STDIN]));
    channel::stream(heard, ChannelWriter::new(input.messages.clone(), STDIN, PIECE, close))
}

/// Reads the first line; the answer is the program's name in it.
async fn begin(stream: &mut RelayStream) -> io::Result<String> {
    let mut line = Vec::new();
    (&mut *stream).take(LINE).read_until(b'\n', &mut line).await?;
    let told = std::str::from_utf8(&line).ok();
    match told.and_then(|line| line.strip_prefix(MARK)?.strip_prefix(' ')?.strip_suffix('\n')) {
        Some(name) => Ok(name.to_owned()),
        None => Err(not_a_relay(&line)),
    }
}

/// What the command says on its output.
#[derive(Debug)]
pub(super) struct Heard {
    output: ExecOutput,
    ended: bool,
    /// The end of what came on the error output.
    words: Vec<u8>,
}

impl Stream for Heard {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while !self.ended {
            match ready!(self.output.poll_next(cx)) {
                Ok(Said::Stdout(piece)) => return Poll::Ready(Some(Ok(piece))),
                Ok(Said::Stderr(piece)) => {
                    self.words.extend_from_slice(&piece);
                    let surplus = self.words.len().saturating_sub(WORDS);
                    self.words.drain(..surplus);
                }
                Ok(Said::Ended(Ended::Exited(0))) => self.ended = true,
                Ok(Said::Ended(ended)) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(failure(&ended, &String::from_utf8_lossy(&self.words)))));
                }
                Err(error) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        Poll::Ready(None)
    }
}

/// What the end of the command means for its connection.
fn failure(ended: &Ended, words: &str) -> io::Error {
    let last = words.lines().map(str::trim).rfind(|line| !line.is_empty());
    let (code, text) = match ended {
        // `sh` itself is missing, says the container's runtime.
        Ended::Failed(words) => (127, words.clone()),
        Ended::Exited(code) => (*code, last.map_or_else(|| format!("it ended with exit code {code}"), str::to_owned)),
    };
    let kind = match code {
        126 | 127 => io::ErrorKind::Unsupported,
        _ if text.to_ascii_lowercase().contains("refused") => io::ErrorKind::ConnectionRefused,
        _ => io::ErrorKind::ConnectionAborted,
    };
    io::Error::new(kind, text)
}

fn not_a_relay(said: &[u8]) -> io::Error {
    let said = String::from_utf8_lossy(said);
    io::Error::new(io::ErrorKind::InvalidData, format!("its shell says something else first: {}", said.trim()))
}

#[cfg(test)]
mod tests;
