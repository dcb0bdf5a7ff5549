//! Port-forward and exec over SPDY, as kubectl speaks it, against a node in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::net::TcpListener;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Message;

use super::fake::{Fake, dial, serve};
use super::spdy::{Decoder, Encoder, Frame, Headers};

enum Link {
    Raw(DuplexStream),
    Tunnel(Box<WebSocketStream<DuplexStream>>),
}

/// A SPDY client: what kubectl's `spdystream` does, one frame at a time.
struct Client {
    link: Link,
    encoder: Encoder,
    decoder: Decoder,
    buffer: BytesMut,
}

impl Client {
    async fn raw(node: &Arc<Fake>, target: &str, protocol: &str) -> Self {
        let mut link = serve(node);
        let request = format!(
            "POST {target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\nX-Stream-Protocol-Version: {protocol}\r\n\r\n"
        );
        link.write_all(request.as_bytes()).await.unwrap();
        let mut head = vec![];
        while !head.ends_with(b"\r\n\r\n") {
            head.push(link.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 101") && head.contains(&format!("version: {protocol}")), "{head}");
        Self::new(Link::Raw(link))
    }

    async fn tunnel(node: &Arc<Fake>) -> Self {
        Self::new(Link::Tunnel(Box::new(dial(node, "/pf", "SPDY/3.1+portforward.k8s.io").await.unwrap())))
    }

    fn new(link: Link) -> Self {
        Self { link, encoder: Encoder::new().unwrap(), decoder: Decoder::new(), buffer: BytesMut::new() }
    }

    async fn send(&mut self, frame: Frame) {
        let mut bytes = BytesMut::new();
        self.encoder.encode(frame, &mut bytes).unwrap();
        match &mut self.link {
            Link::Raw(stream) => stream.write_all(&bytes).await.unwrap(),
            Link::Tunnel(socket) => socket.send(Message::Binary(bytes.freeze())).await.unwrap(),
        }
    }

    async fn open(&mut self, stream: u32, headers: &[(&str, &str)]) {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.send(Frame::SynStream { stream, fin: false, headers }).await;
    }

    async fn write(&mut self, stream: u32, bytes: &'static [u8], fin: bool) {
        self.send(Frame::Data { stream, fin, bytes: Bytes::from_static(bytes) }).await;
    }

    async fn next(&mut self) -> Frame {
        loop {
            if let Some(frame) = self.decoder.decode(&mut self.buffer).unwrap() {
                return frame;
            }
            match &mut self.link {
                Link::Raw(stream) => assert_ne!(stream.read_buf(&mut self.buffer).await.unwrap(), 0),
                Link::Tunnel(socket) => {
                    self.buffer.extend_from_slice(&socket.next().await.unwrap().unwrap().into_data());
                }
            }
        }
    }

    /// Collects what streams say until all of these are closed.
    async fn until_closed(&mut self, streams: &[u32]) -> BTreeMap<u32, Vec<u8>> {
        let mut said = BTreeMap::<u32, Vec<u8>>::new();
        let mut open = streams.to_vec();
        while !open.is_empty() {
            if let Frame::Data { stream, fin, bytes } = self.next().await {
                said.entry(stream).or_default().extend_from_slice(&bytes);
                open.retain(|id| !(fin && *id == stream));
            }
        }
        said
    }
}

/// Answers each connection, once its input has ended, with what came in, doubled.
async fn doubler() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut input = vec![];
                stream.read_to_end(&mut input).await.unwrap();
                stream.write_all(&input.repeat(2)).await.unwrap();
            });
        }
    });
    port
}

async fn forwards(mut client: Client) {
    let port = doubler().await.to_string();
    for request in ["0", "1"] {
        let first = if request == "0" { 1 } else { 5 };
        client.open(first, &[("streamtype", "error"), ("port", &port), ("requestid", request)]).await;
        client.open(first + 2, &[("streamtype", "data"), ("port", &port), ("requestid", request)]).await;
        client.send(Frame::Data { stream: first, fin: true, bytes: Bytes::new() }).await;
    }
    client.write(7, b"second", true).await;
    client.write(3, b"fir", false).await;
    client.write(3, b"st", true).await;
    let said = client.until_closed(&[1, 3, 5, 7]).await;
    assert_eq!(said[&3], b"firstfirst");
    assert_eq!(said[&7], b"secondsecond");
    assert_eq!((said[&1].len(), said[&5].len()), (0, 0));

    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port().to_string();
    client.open(9, &[("streamtype", "error"), ("port", &closed), ("requestid", "2")]).await;
    client.open(11, &[("streamtype", "data"), ("port", &closed), ("requestid", "2")]).await;
    let said = client.until_closed(&[9, 11]).await;
    assert!(String::from_utf8_lossy(&said[&9]).ends_with("connect: connection refused"));

    client.open(13, &[("streamtype", "data"), ("requestid", "3")]).await;
    assert_eq!(client.next().await, Frame::Reset { stream: 13, status: 3 });
    client.send(Frame::Ping(1)).await;
    assert_eq!(client.next().await, Frame::Ping(1));
}

#[tokio::test]
async fn connections_share_a_raw_spdy_connection_and_half_close() {
    let node = Arc::new(Fake::default());
    forwards(Client::raw(&node, "/pf", "portforward.k8s.io").await).await;
}

#[tokio::test]
async fn connections_share_a_tunnel_and_half_close() {
    let node = Arc::new(Fake::default());
    forwards(Client::tunnel(&node).await).await;
}

#[tokio::test]
async fn a_reset_stream_ends_its_connection_to_the_port() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let node = Arc::new(Fake::default());
    let mut client = Client::tunnel(&node).await;
    client.open(1, &[("streamtype", "error"), ("port", &port), ("requestid", "0")]).await;
    client.open(3, &[("streamtype", "data"), ("port", &port), ("requestid", "0")]).await;
    client.write(3, b"x", false).await;
    let (mut stream, _) = listener.accept().await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), b'x');
    client.send(Frame::Reset { stream: 3, status: 5 }).await;
    assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
}

#[tokio::test]
async fn exec_runs_when_all_its_streams_are_there() {
    let node = Arc::new(Fake::default());
    let mut client = Client::raw(&node, "/exec?command=cat&stdin=1&stdout=1&stderr=1", "v4.channel.k8s.io").await;
    for (stream, kind) in [(1, "error"), (3, "stdin"), (5, "stdout"), (7, "stderr")] {
        client.open(stream, &[("streamtype", kind)]).await;
        assert_eq!(client.next().await, Frame::SynReply { stream, headers: Headers::new() });
    }
    client.write(3, b"over SPDY", true).await;
    let said = client.until_closed(&[1, 5, 7]).await;
    assert_eq!(said[&5], b"over SPDY");
    assert_eq!(serde_json::from_slice::<Value>(&said[&1]).unwrap()["status"], "Success");
}

#[tokio::test]
async fn sizes_reach_a_terminal_over_spdy() {
    let node = Arc::new(Fake::default());
    let mut client = Client::raw(&node, "/exec?command=sizes&stdin=1&stdout=1&tty=1", "v4.channel.k8s.io").await;
    for (stream, kind) in [(1, "error"), (3, "stdin"), (5, "stdout"), (7, "resize")] {
        client.open(stream, &[("streamtype", kind)]).await;
    }
    client.write(7, b"{\"Width\":7,\"Height\":9}\n", false).await;
    let size = loop {
        if let Frame::Data { stream: 5, bytes, .. } = client.next().await {
            break bytes;
        }
    };
    assert_eq!(size, "7x9\n");
    client.write(3, b"", true).await;
    client.until_closed(&[1, 5]).await;
}
