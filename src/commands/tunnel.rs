//! `tunnel`: a port on this machine that leads to an agent's Pod, for those who want one on purpose.
//!
//! Every connection to the port gets a stream of its own to whichever Pod serves the agent at that moment, so that a Pod
//! that is replaced costs its open connections and nothing else. The port listens on a loopback address alone: whoever
//! reaches it has the agent's power, without the cluster's rights.

use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use tokio::io::BufReader;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::Context;
use super::attach::heartbeat;
use crate::api::kinds::{AGENT, Kind};
use crate::cli::tunnel::Tunnel;
use crate::cluster::AgentConnector;
use crate::error::{Code, Error, Result};
use crate::opencode::{self, ByteStream, Connector};

/// Most connections at a time; each is one more to the API server. The next ones wait.
const MOST: usize = 128;
/// How long a connection waits for a Pod that starts.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two tries to reach it.
const RETRY: Duration = Duration::from_millis(500);
/// How long an answer is waited for when the client has sent all it will: port-forward does not know half of a close, and
/// a client that left looks the same as one that waits.
const HALF_CLOSED: Duration = Duration::from_secs(300);
/// How long an answer is waited for from a server that takes no more.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// Bytes that are passed on at once.
const BUFFER: usize = 64 << 10;
/// Wait after a connection that could not be accepted, since the next one will fare no better.
const NOT_ACCEPTED: Duration = Duration::from_millis(100);

/// Listens and leads until a signal ends it.
pub async fn run(context: &Context, args: &Tunnel) -> Result<()> {
    let agent = agent(&args.agent)?;
    let (listener, address) =
        listen(agent, SocketAddr::new(args.address, args.ports.local.unwrap_or_default())).await?;
    let cluster = context.cluster().await?;
    let connector = AgentConnector::new(cluster.client.clone(), &cluster.namespace, agent).to_port(args.ports.remote);
    // Whether the way is open at all is told before anybody is led astray.
    connector.connect().await.map_err(reason)?;

    let stop = context.cancelled_by_signal();
    context.printer.warn(&format!("anyone who can reach {address} can control agent \"{agent}\" while this runs"));
    context.printer.line(&format!("http://{address}"))?;
    let told = Told(context, Mutex::default());
    let mut connections = FuturesUnordered::new();
    let mut beating = None;
    loop {
        if connections.is_empty() {
            beating = None;
        } else {
            beating.get_or_insert_with(|| heartbeat(cluster, agent));
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            Some(()) = connections.next(), if !connections.is_empty() => {}
            accepted = listener.accept(), if connections.len() < MOST => match accepted {
                Ok((local, _)) => connections.push(lead(local, &connector, &told)),
                Err(error) => {
                    told.failure(&Error::internal("cannot accept a connection").caused_by(&error));
                    tokio::time::sleep(NOT_ACCEPTED).await;
                }
            },
        }
    }
}

/// The name of the agent that is meant.
fn agent(typed: &str) -> Result<&str> {
    match typed.split_once('/') {
        None => Ok(typed),
        Some((word, name)) if Kind::from_word(word) == Some(&AGENT) => Ok(name),
        Some((word, _)) => Err(Error::usage(format!("\"{word}\" is no agent")).hint("kubectl opencode tunnel AGENT")),
    }
}

/// Listens; the address has the port that was taken if any would do.
async fn listen(agent: &str, address: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let bound = TcpListener::bind(address).await;
    bound.and_then(|listener| listener.local_addr().map(|taken| (listener, taken))).map_err(|error| {
        let (code, hint) = match error.kind() {
            io::ErrorKind::AddrInUse => {
                (Code::Conflict, Some(format!("`kubectl opencode tunnel {agent}` takes a free port")))
            }
            io::ErrorKind::PermissionDenied => {
                (Code::InvalidConfiguration, Some("choose a port above 1023".to_owned()))
            }
            _ => (Code::InvalidConfiguration, None),
        };
        let error = Error::new(code, format!("cannot listen on {address}")).caused_by(&error);
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    })
}

/// What a connector's error says in the product's words.
fn reason(error: io::Error) -> Error {
    opencode::Error::Unreachable(error).into()
}

/// Tells a failure once, until something works again.
struct Told<'a>(&'a Context, Mutex<Option<String>>);

impl Told<'_> {
    fn failure(&self, error: &Error) {
        let text = error.to_string();
        let mut last = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref() != Some(&text) {
            self.0.printer.warn(&text);
        }
        *last = Some(text);
    }

    fn success(&self) {
        *self.1.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Leads one connection to the Pod and back, until either side ends it.
async fn lead(local: TcpStream, connector: &AgentConnector, told: &Told<'_>) {
    let mut remote = match open(connector).await {
        Ok(remote) => remote,
        Err(error) => return told.failure(&error),
    };
    told.success();
    if let Err(error) = carry(local, &mut remote).await {
        // Connections end in many ways, and most of them are the client's own wish.
        tracing::debug!("a connection through the tunnel broke: {error}");
    }
}

/// Opens a stream; one to a Pod that is being replaced is tried again.
async fn open(connector: &AgentConnector) -> Result<Box<dyn ByteStream>> {
    let out_of_time = Instant::now() + PATIENCE;
    loop {
        let error = match connector.connect().await {
            Ok(opened) => return Ok(opened),
            Err(error) => reason(error),
        };
        let is_final = matches!(error.code, Code::AgentNotFound | Code::Forbidden | Code::Unauthenticated);
        if is_final || Instant::now() + RETRY > out_of_time {
            return Err(error);
        }
        tokio::time::sleep(RETRY).await;
    }
}

async fn carry(mut local: TcpStream, remote: &mut Box<dyn ByteStream>) -> io::Result<()> {
    local.set_nodelay(true)?;
    let (from_local, mut to_local) = local.split();
    let (from_remote, mut to_remote) = tokio::io::split(remote);
    let mut from_local = BufReader::with_capacity(BUFFER, from_local);
    let mut from_remote = BufReader::with_capacity(BUFFER, from_remote);
    let up = tokio::io::copy_buf(&mut from_local, &mut to_remote);
    let mut down = std::pin::pin!(tokio::io::copy_buf(&mut from_remote, &mut to_local));
    let sent = tokio::select! {
        answered = &mut down => return answered.map(drop),
        sent = up => sent,
    };
    // Who refuses a long request answers before it has read it all.
    let limit = if sent.is_ok() { HALF_CLOSED } else { LAST_WORDS };
    match tokio::time::timeout(limit, down).await {
        Ok(answered) => answered.and(sent).map(drop),
        Err(_) => sent.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_agent_has_a_tunnel() {
        assert_eq!(agent("dev").unwrap(), "dev");
        assert_eq!(agent("ag/dev").unwrap(), "dev");
        assert_eq!(agent("session/talk").unwrap_err().code, Code::Usage);
    }
}
