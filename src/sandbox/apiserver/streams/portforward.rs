//! `pods/portforward`: TCP connections to ports of a Pod over one connection.
//!
//! WebSocket protocol `v4.channel.k8s.io` (kubelet, `portforward/websocket.go`): the query lists the ports; the i-th has
//! channel 2i for data and 2i+1 for an error text. Every binary message starts with its channel; the first one that the
//! server sends on each channel is the port as u16 LE. One TCP connection stands behind each port, and the end of one
//! ends the WebSocket.
//!
//! SPDY protocol `portforward.k8s.io`, on a raw connection or inside a WebSocket: for each TCP connection the client opens
//! two streams with the headers `port`, `requestid` and `streamtype` (`error`, `data`); all connections share one.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use bytes::{BufMut, Bytes, BytesMut};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::protocol::Message;

use super::session::{self, Accepted, Channel};
use super::websocket::{self, Pending, Socket};
use super::{Options, Refusal, pod_key, require_node};
use crate::sandbox::runtime::{PodKey, PodRuntime};

/// How the ports share one connection.
#[derive(Clone, Copy)]
enum Protocol {
    Channels,
    Tunnel,
}

const PROTOCOLS: &[(&str, Protocol)] =
    &[("v4.channel.k8s.io", Protocol::Channels), ("SPDY/3.1+portforward.k8s.io", Protocol::Tunnel)];

const SPDY_PROTOCOLS: &[&str] = &["portforward.k8s.io"];

/// Streams that may wait for their other half.
const HALVES: usize = 256;

/// Most that is read from a port at once.
const PIECE: usize = 64 << 10;

/// Pieces that wait for a slow port; then the whole WebSocket waits, as with a kubelet.
const QUEUE: usize = 16;

/// Forwards ports of the Pod (`PodPortForwardOptions` in the query).
pub async fn portforward(request: Request, pod: &Value, runtime: Arc<dyn PodRuntime>) -> Response {
    answer(request, pod, runtime).unwrap_or_else(Refusal::into_response)
}

fn answer(mut request: Request, pod: &Value, runtime: Arc<dyn PodRuntime>) -> Result<Response, Refusal> {
    let query = Options::of(request.uri())?;
    require_node(pod)?;
    let pod = pod_key(pod);
    if session::is_requested(request.headers()) {
        let answer = session::switching(request.headers(), SPDY_PROTOCOLS)?;
        let pending = Pending::of(&mut request);
        tokio::spawn(async move { session::serve_raw(pending, pairs(pod, runtime)).await });
        return Ok(answer);
    }
    if !websocket::is_requested(request.headers()) {
        return Err(Refusal::bad_request("Upgrade request required"));
    }
    let Some((name, protocol)) = websocket::negotiate(request.headers(), PROTOCOLS) else {
        return Err(websocket::no_protocol());
    };
    let answer = websocket::switching(request.headers(), name)?;
    let pending = Pending::of(&mut request);
    match protocol {
        Protocol::Tunnel => {
            tokio::spawn(async move { session::serve_tunnel(pending, pairs(pod, runtime)).await });
        }
        Protocol::Channels => {
            let ports = ports(&query)?;
            tokio::spawn(async move {
                if let Some(socket) = pending.websocket().await {
                    serve(socket, &pod, &ports, &*runtime).await;
                }
            });
        }
    }
    Ok(answer)
}

/// Puts the two streams of each TCP connection together; the second one of a pair starts it.
fn pairs(pod: PodKey, runtime: Arc<dyn PodRuntime>) -> impl FnMut(Channel) -> Accepted {
    let mut halves = HashMap::<String, Channel>::new();
    move |channel| {
        let header = |name: &str| channel.headers.get(name).map(String::as_str);
        let port = header("port").and_then(|port| port.parse::<u16>().ok()).filter(|port| *port > 0);
        let (Some(port), Some(kind @ ("data" | "error"))) = (port, header("streamtype")) else {
            return Accepted::No;
        };
        let is_data = kind == "data";
        let request = match header("requestid") {
            Some(request) => request.to_owned(),
            // Clients before Kubernetes 1.1 do not number their requests: the error stream comes first.
            None if is_data => channel.id.wrapping_sub(2).to_string(),
            None => channel.id.to_string(),
        };
        let Some(other) = halves.remove(&request) else {
            if halves.len() >= HALVES {
                return Accepted::No;
            }
            halves.insert(request, channel);
            return Accepted::Held;
        };
        if other.headers.get("streamtype").map(String::as_str) == Some(kind) {
            return Accepted::No;
        }
        let (data, error) = if is_data { (channel, other) } else { (other, channel) };
        let (pod, runtime) = (pod.clone(), runtime.clone());
        Accepted::Work(async move { forward_pair(&pod, port, &*runtime, data, error).await }.boxed())
    }
}

/// One TCP connection over a pair of streams, each direction closing apart.
async fn forward_pair(pod: &PodKey, port: u16, runtime: &dyn PodRuntime, data: Channel, error: Channel) {
    let Channel { mut input, output, reset, .. } = data;
    let copying = async {
        match connect(pod, port, runtime).await {
            Err(text) => drop(error.output.send(text.into()).await),
            Ok(stream) => {
                let (from, mut to) = stream.into_split();
                let uploading = async {
                    while let Some(piece) = input.recv().await {
                        if to.write_all(&piece).await.is_err() {
                            break;
                        }
                    }
                    drop(to.shutdown().await);
                    while input.recv().await.is_some() {}
                    std::future::pending::<()>().await;
                };
                tokio::select! {
                    () = download(from, Download::Stream(&output)) => {}
                    () = uploading => {}
                }
            }
        }
    };
    tokio::select! {
        () = copying => {}
        () = reset.cancelled() => {}
    }
    output.finish().await;
    error.output.finish().await;
}

/// The ports of the query, each `ports` value one or several with commas.
fn ports(query: &Options) -> Result<Vec<u16>, Refusal> {
    let mut ports = Vec::new();
    for value in query.all("ports") {
        for text in value.split(',') {
            match text.parse::<u16>() {
                Ok(0) => return Err(Refusal::bad_request(format!("port {text:?} must be > 0"))),
                Ok(port) => ports.push(port),
                Err(_) => return Err(Refusal::bad_request(format!("unable to parse {text:?} as a port"))),
            }
        }
    }
    // A channel is one byte.
    match ports.len() {
        0 => Err(Refusal::bad_request("query parameter \"port\" is required")),
        1..=127 => Ok(ports),
        _ => Err(Refusal::bad_request("too many ports")),
    }
}

/// One WebSocket, from the first port frames to its Close.
async fn serve(socket: Socket, pod: &PodKey, ports: &[u16], runtime: &dyn PodRuntime) {
    let (writer, mut reader) = socket.split();
    let (messages, queue) = mpsc::channel(websocket::QUEUE);
    let conversation = async {
        for (index, port) in ports.iter().enumerate() {
            for channel in [data_channel(index), error_channel(index)] {
                send(&messages, channel, &port.to_le_bytes()).await?;
            }
        }
        let mut uploads = Vec::new();
        let mut forwards = FuturesUnordered::new();
        for (index, &port) in ports.iter().enumerate() {
            let (upload, pieces) = mpsc::channel::<Bytes>(QUEUE);
            uploads.push(upload);
            let messages = messages.clone();
            forwards.push(async move {
                if let Err(text) = forward(pod, port, runtime, pieces, &messages, data_channel(index)).await {
                    send(&messages, error_channel(index), text.as_bytes()).await?;
                }
                Some(())
            });
        }
        let sorting = async {
            while let Some(Ok(message)) = reader.next().await {
                let payload = match message {
                    Message::Binary(payload) => payload,
                    Message::Close(_) => return,
                    _ => continue,
                };
                // Data channels are the even ones; what a client writes on an error channel is for nobody.
                if let Some(&channel) = payload.first()
                    && channel.is_multiple_of(2)
                    && let Some(upload) = uploads.get(usize::from(channel / 2))
                {
                    // The port is gone; its forward is about to say so.
                    drop(upload.send(payload.slice(1..)).await);
                }
            }
        };
        tokio::select! {
            ended = forwards.next() => ended.flatten(),
            () = sorting => None,
        }
    };
    let mut writing = std::pin::pin!(websocket::write(writer, queue));
    tokio::select! {
        finished = conversation => if finished.is_none() { return },
        () = &mut writing => return,
    }
    drop(messages);
    tokio::join!(writing, websocket::drain(reader));
}

#[expect(clippy::cast_possible_truncation, reason = "there are at most 127 ports")]
fn data_channel(index: usize) -> u8 {
    2 * index as u8
}

fn error_channel(index: usize) -> u8 {
    data_channel(index) + 1
}

/// `None` when the client is gone.
async fn send(messages: &mpsc::Sender<Message>, channel: u8, bytes: &[u8]) -> Option<()> {
    let mut payload = BytesMut::with_capacity(1 + bytes.len());
    payload.put_u8(channel);
    payload.put_slice(bytes);
    messages.send(Message::Binary(payload.freeze())).await.ok()
}

/// Connects to a port, in the words of a kubelet when that fails.
async fn connect(pod: &PodKey, port: u16, runtime: &dyn PodRuntime) -> Result<TcpStream, String> {
    let stream = runtime.connect(pod, port).await.map_err(|error| failure(pod, port, &error))?;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY towards a port");
    }
    Ok(stream)
}

fn failure(pod: &PodKey, port: u16, error: &io::Error) -> String {
    let reason = match error.kind() {
        io::ErrorKind::ConnectionRefused => "connect: connection refused".to_owned(),
        _ => error.to_string(),
    };
    let target = format!("failed to connect to localhost:{port} inside namespace of pod {:?}", pod.name);
    format!("error forwarding port {port} to pod {}, uid : {target}: dial tcp4 127.0.0.1:{port}: {reason}", pod.uid)
}

/// Copies both ways until the port has said all it had to say.
async fn forward(
    pod: &PodKey,
    port: u16,
    runtime: &dyn PodRuntime,
    mut pieces: mpsc::Receiver<Bytes>,
    messages: &mpsc::Sender<Message>,
    channel: u8,
) -> Result<(), String> {
    let (from, mut to) = connect(pod, port, runtime).await?.into_split();
    let uploading = async {
        while let Some(piece) = pieces.recv().await {
            if to.write_all(&piece).await.is_err() {
                break;
            }
        }
        // What comes after the port stopped reading has nowhere to go; its answer may still be on the way.
        while pieces.recv().await.is_some() {}
    };
    tokio::select! {
        () = download(from, Download::Channel(messages, channel)) => Ok(()),
        () = uploading => Ok(()),
    }
}

/// Where what a port says goes.
enum Download<'a> {
    Channel(&'a mpsc::Sender<Message>, u8),
    Stream(&'a session::Output),
}

/// Hands on what the port says until it ends or the client is gone.
async fn download(mut from: OwnedReadHalf, to: Download<'_>) {
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece).await {
            Ok(0) => return,
            Ok(length) => {
                let sent = match to {
                    Download::Channel(messages, channel) => send(messages, channel, &piece[..length]).await.is_some(),
                    Download::Stream(output) => output.send(Bytes::copy_from_slice(&piece[..length])).await,
                };
                if !sent {
                    return;
                }
            }
            Err(error) => {
                tracing::debug!(%error, "a port broke off");
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, dial};
    use super::*;
    use futures::SinkExt;
    use std::collections::BTreeMap;
    use tokio::net::TcpListener;

    async fn closed_port() -> u16 {
        TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
    }

    #[tokio::test]
    async fn bytes_go_both_ways_behind_the_port_frames() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let echo = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 5];
            stream.read_exact(&mut buffer).await.unwrap();
            stream.write_all(&buffer).await.unwrap();
        });
        let node = Arc::new(Fake::default());
        let mut client = dial(&node, &format!("/pf?ports={port}"), "v4.channel.k8s.io").await.unwrap();
        client.send(Message::Binary(Bytes::from_static(b"\0hello"))).await.unwrap();
        let mut channels = BTreeMap::<u8, Vec<u8>>::new();
        while let Some(Ok(message)) = client.next().await {
            if let Message::Binary(payload) = message {
                channels.entry(payload[0]).or_default().extend_from_slice(&payload[1..]);
            }
        }
        echo.await.unwrap();
        let head = port.to_le_bytes().to_vec();
        assert_eq!(channels[&0], [&head[..], b"hello"].concat());
        assert_eq!(channels[&1], head);
    }

    #[tokio::test]
    async fn a_refused_port_is_said_on_its_error_channel() {
        let port = closed_port().await;
        let node = Arc::new(Fake::default());
        let mut client = dial(&node, &format!("/pf?ports={port}"), "v4.channel.k8s.io").await.unwrap();
        let mut text = String::new();
        while let Some(Ok(message)) = client.next().await {
            match message {
                Message::Binary(payload) if payload[0] == 1 && payload.len() > 3 => {
                    text = String::from_utf8(payload[1..].to_vec()).unwrap();
                }
                Message::Close(frame) => assert_eq!(u16::from(frame.unwrap().code), 1000),
                _ => {}
            }
        }
        assert!(text.starts_with(&format!("error forwarding port {port} to pod u1, uid : ")), "{text}");
        assert!(text.ends_with("connect: connection refused"), "{text}");
    }

    #[test]
    fn ports_are_a_list_of_lists() {
        let parse = |query: &str| ports(&Options::of(&format!("/x?{query}").parse().unwrap()).unwrap());
        assert_eq!(parse("ports=1,2&ports=3").unwrap(), [1, 2, 3]);
        for wrong in ["", "ports=", "ports=0", "ports=65536", "ports=1,x"] {
            assert_eq!(parse(wrong).unwrap_err().code, 400, "{wrong}");
        }
    }
}
