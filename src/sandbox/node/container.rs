//! One run of a container's program, under its shim.

use std::io;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::OwnedWriteHalf;
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, watch};

use super::processes::{self, MARK};
use super::shim::{self, Launch, Order, Report};

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Exit status; 128 + signal when a signal ended it.
    pub status: i32,
    /// The signal that ended it.
    pub signal: Option<i32>,
}

/// How a program ended whose shim was killed.
const KILLED: Ended = Ended { status: 137, signal: Some(9) };

/// A program that runs under its shim. Dropping it ends the program and everything it started.
#[derive(Debug)]
pub struct Program {
    orders: mpsc::UnboundedSender<Order>,
    end: watch::Receiver<Option<Ended>>,
}

/// Where a program's outputs go, and what the caller reads of them.
#[derive(Debug)]
pub enum Outputs {
    /// Two pipes, returned by [`start`].
    Piped,
    /// Nowhere: a terminal carries them.
    Terminal,
}

/// The reading ends of a program's outputs.
pub type Pipes = Option<(tokio::process::ChildStdout, tokio::process::ChildStderr)>;

/// Starts `launch` under a shim, which is `program` (this program's own file).
///
/// An error of kind `NotFound` carries the container runtime's words about a program that cannot be started; any other
/// means that the shim itself could not.
pub async fn start(program: &Path, launch: &Launch, outputs: Outputs) -> io::Result<(Program, Pipes)> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let mut command = Command::new(program);
    command.arg(shim::SHIM).env_clear();
    // The shim carries the mark as well, so that a sweep finds it should it ever be left.
    let mark = launch.environment.get(MARK).cloned();
    if let Some(mark) = &mark {
        command.env(MARK, mark);
    }
    command.stdin(Stdio::from(std::os::fd::OwnedFd::from(theirs)));
    match outputs {
        Outputs::Piped => command.stdout(Stdio::piped()).stderr(Stdio::piped()),
        Outputs::Terminal => command.stdout(Stdio::null()).stderr(Stdio::null()),
    };
    let mut child = command.spawn()?;
    // Our copy of their end must close with the command, or the shim's death would not be seen as an end of file.
    drop(command);
    let pipes = child.stdout.take().zip(child.stderr.take());
    let (reader, mut writer) = UnixStream::from_std(ours)?.into_split();
    let mut line = serde_json::to_vec(launch).map_err(io::Error::other)?;
    line.push(b'\n');
    writer.write_all(&line).await?;

    let mut reports = BufReader::new(reader).lines();
    match next_report(&mut reports).await? {
        Some(Report::Started(_)) => {}
        Some(Report::Failed(message)) => {
            child.wait().await?;
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
        Some(Report::Exited { .. }) | None => {
            return Err(io::Error::other("the shim ended before it started the program"));
        }
    }
    let (orders, inbox) = mpsc::unbounded_channel();
    let (ended, end) = watch::channel(None);
    tokio::spawn(follow(child, mark, reports, writer, inbox, ended));
    Ok((Program { orders, end }, pipes))
}

type Reports = tokio::io::Lines<BufReader<tokio::net::unix::OwnedReadHalf>>;

async fn next_report(reports: &mut Reports) -> io::Result<Option<Report>> {
    match reports.next_line().await? {
        None => Ok(None),
        Some(line) => serde_json::from_str(&line).map(Some).map_err(io::Error::other),
    }
}

/// Passes orders on until the shim reports the end; closing the socket, when the last handle is dropped, ends the program.
async fn follow(
    mut child: Child,
    mark: Option<String>,
    mut reports: Reports,
    writer: OwnedWriteHalf,
    mut inbox: mpsc::UnboundedReceiver<Order>,
    ended: watch::Sender<Option<Ended>>,
) {
    let mut writer = Some(writer);
    let reported = loop {
        tokio::select! {
            report = next_report(&mut reports) => match report {
                Ok(Some(Report::Exited { status, signal })) => break Some(Ended { status, signal }),
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => break None,
            },
            order = inbox.recv(), if writer.is_some() => match (order, writer.as_mut()) {
                (Some(order), Some(open)) => {
                    if let Ok(mut line) = serde_json::to_vec(&order) {
                        line.push(b'\n');
                        // A shim that is gone reports its end on the other half.
                        let _ = open.write_all(&line).await;
                    }
                }
                _ => writer = None,
            },
        }
    };
    let _ = child.wait().await;
    if let (None, Some(mark)) = (reported, mark) {
        // The shim itself was killed, and the program with it; what the program had sent away is ended here.
        let _ = tokio::task::spawn_blocking(move || processes::sweep(&mark)).await;
    }
    let _ = ended.send(Some(reported.unwrap_or(KILLED)));
}

impl Program {
    /// Gives an order; a program that ended already takes none.
    pub fn order(&self, order: Order) {
        let _ = self.orders.send(order);
    }

    /// Waits for the end of the program and of everything it started.
    pub async fn ended(&self) -> Ended {
        let mut end = self.end.clone();
        match end.wait_for(Option::is_some).await {
            Ok(ended) => ended.unwrap_or(KILLED),
            // The follower ends only after it sent the end, or with the runtime.
            Err(_) => KILLED,
        }
    }
}
