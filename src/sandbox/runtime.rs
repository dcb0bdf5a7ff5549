//! What the API server asks of the node, as a real one asks a kubelet: logs, exec and port-forward of a Pod.

use std::io;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};

/// A Pod as the node knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PodKey {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// `metadata.uid`, so that a Pod that was replaced under its name is not mistaken for the new one.
    pub uid: String,
}

/// What part of a log is wanted (`PodLogOptions`).
#[derive(Clone, Debug, Default)]
pub struct LogOptions {
    /// Go on as the container writes, until it ends.
    pub follow: bool,
    /// The container's run before this one.
    pub previous: bool,
    /// Only the last lines.
    pub tail_lines: Option<u64>,
    /// Only lines written at or after this time.
    pub since: Option<jiff::Timestamp>,
    /// Each line preceded by its RFC 3339 time.
    pub timestamps: bool,
    /// At most this many bytes.
    pub limit_bytes: Option<u64>,
}

/// A command to run in a container (`PodExecOptions`).
#[derive(Clone, Debug, Default)]
pub struct ExecOptions {
    /// Program and arguments.
    pub command: Vec<String>,
    /// Standard input is wanted.
    pub stdin: bool,
    /// Run on a pseudo-terminal; stdout carries both outputs then.
    pub tty: bool,
}

/// Size of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalSize {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecEnd {
    /// With this exit status (0 is success).
    Exited(i32),
    /// By this signal; a kubelet reports 128 + signal.
    Signalled(i32),
}

/// A command that runs in a container. Dropping it ends the command.
pub struct Exec {
    /// Its standard input, if wanted; dropping it closes it.
    pub stdin: Option<Box<dyn AsyncWrite + Send + Unpin>>,
    /// Its standard output, or the terminal's output.
    pub stdout: Box<dyn AsyncRead + Send + Unpin>,
    /// Its standard error; absent on a terminal.
    pub stderr: Option<Box<dyn AsyncRead + Send + Unpin>>,
    /// Sizes of the terminal, latest wins; absent without a terminal.
    pub resize: Option<mpsc::Sender<TerminalSize>>,
    /// How it ended.
    pub end: oneshot::Receiver<io::Result<ExecEnd>>,
}

/// A node as the API server sees it.
///
/// `container` empty means the Pod's only or first container. Errors: `NotFound` for an unknown Pod or container (the
/// text says which), `NotConnected` for one that does not run, `ConnectionRefused` for a port nobody listens on.
pub trait PodRuntime: Send + Sync + 'static {
    /// The log of a container, in pieces.
    fn logs<'a>(
        &'a self,
        pod: &'a PodKey,
        container: &'a str,
        options: LogOptions,
    ) -> BoxFuture<'a, io::Result<BoxStream<'static, io::Result<Bytes>>>>;

    /// Runs a command in a container.
    fn exec<'a>(&'a self, pod: &'a PodKey, container: &'a str, options: ExecOptions)
    -> BoxFuture<'a, io::Result<Exec>>;

    /// Connects to a port of the Pod.
    fn connect<'a>(&'a self, pod: &'a PodKey, port: u16) -> BoxFuture<'a, io::Result<TcpStream>>;
}
