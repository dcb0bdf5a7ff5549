//! What a kubelet, and the API server before it, say to a port-forward: the bytes of `pkg/registry/core/pod/strategy.go`,
//! `apimachinery/pkg/util/proxy/upgradeaware.go`, `cri-streaming/pkg/streaming/portforward/websocket.go` with its
//! `wsstream`, and `golang.org/x/net/websocket`, played by a server that knows nothing of this program.

use std::sync::Arc;

use kubectl_opencode::cluster::{ConnectOptions, Exec, Tunnel, connect};
use kubectl_opencode::error::{Code, Error};
use kubectl_opencode::opencode::Connector as _;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::api_server::kubeconfig;
use crate::told::{is_as_in, told};

const PORT: u16 = 4096;

/// A tunnel to a server that answers every connection with `play`.
async fn tunnel<F: Future<Output = ()> + Send + 'static>(
    play: impl Fn(BufReader<TcpStream>, Head) -> F + Send + Sync + 'static,
) -> Tunnel {
    Tunnel::new(client(play).await, "team", "dev-server-0", PORT)
}

/// A client of such a server.
async fn client<F: Future<Output = ()> + Send + 'static>(
    play: impl Fn(BufReader<TcpStream>, Head) -> F + Send + Sync + 'static,
) -> kube::Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let play = Arc::new(play);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let play = Arc::clone(&play);
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let head = Head::read(&mut stream).await;
                play(stream, head).await;
            });
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let file = kubeconfig(folder.path(), &format!("http://{address}"), json!({}), &json!({"token": "t0ken"}));
    connect(&ConnectOptions { kubeconfig: Some(file), ..ConnectOptions::default() }).await.unwrap().client
}

/// The head of a request.
struct Head {
    first: String,
    key: String,
    protocols: Vec<String>,
}

impl Head {
    async fn read(stream: &mut BufReader<TcpStream>) -> Self {
        let mut head = Self { first: String::new(), key: String::new(), protocols: Vec::new() };
        stream.read_line(&mut head.first).await.unwrap();
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).await.unwrap();
            let Some((name, value)) = line.trim().split_once(": ") else { return head };
            match name.to_ascii_lowercase().as_str() {
                "sec-websocket-key" => value.clone_into(&mut head.key),
                "sec-websocket-protocol" => head.protocols = value.split(", ").map(str::to_owned).collect(),
                _ => {}
            }
        }
    }
}

async fn answers(mut stream: BufReader<TcpStream>, status: &str, kind: &str, body: &str) {
    let length = body.len();
    let text = format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).await.unwrap();
}

/// What `wsstream` does with the request: the first of the client's subprotocols that it knows, and then the port on both
/// channels, before anybody has looked whether something listens there.
async fn switches(stream: &mut BufReader<TcpStream>, head: &Head) {
    upgrades(stream, head).await;
    for channel in [0, 1] {
        sends(stream, &[&[channel], PORT.to_le_bytes().as_slice()].concat()).await;
    }
}

async fn upgrades(stream: &mut BufReader<TcpStream>, head: &Head) {
    let known = ["v4.channel.k8s.io", "v4.base64.channel.k8s.io"];
    let chosen = head.protocols.iter().find(|protocol| known.contains(&protocol.as_str()));
    let chosen = chosen.expect("a kubelet knows one of them");
    let accept = derive_accept_key(head.key.as_bytes());
    let text = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\
         Sec-WebSocket-Protocol: {chosen}\r\n\r\n"
    );
    stream.write_all(text.as_bytes()).await.unwrap();
}

async fn sends(stream: &mut BufReader<TcpStream>, message: &[u8]) {
    let length = u8::try_from(message.len()).ok().filter(|length| *length < 126);
    let size = match length {
        Some(length) => vec![length],
        None => [&[126], u16::try_from(message.len()).unwrap().to_be_bytes().as_slice()].concat(),
    };
    // Whoever read this may have heard enough.
    let _ = stream.write_all(&[&[0x82], size.as_slice(), message].concat()).await;
}

/// `websocket.Conn.Close`: a close frame of 1000, and the end of the connection without waiting for an answer.
async fn closes(mut stream: BufReader<TcpStream>) {
    let _ = stream.write_all(&[0x88, 2, 3, 0xe8]).await;
}

/// The next frame of a client: its opcode, and its payload without the mask. None at the end.
async fn hears(stream: &mut BufReader<TcpStream>) -> Option<(u8, Vec<u8>)> {
    let opcode = stream.read_u8().await.ok()? & 15;
    let size = match stream.read_u8().await.ok()? & 0x7f {
        126 => usize::from(stream.read_u16().await.ok()?),
        127 => usize::try_from(stream.read_u64().await.ok()?).unwrap(),
        size => usize::from(size),
    };
    let mut mask = [0; 4];
    stream.read_exact(&mut mask).await.ok()?;
    let mut payload = vec![0; size];
    stream.read_exact(&mut payload).await.ok()?;
    for (byte, mask) in payload.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
    Some((opcode, payload))
}

async fn refused(tunnel: &Tunnel) -> Error {
    let Err(error) = tunnel.connect().await else { panic!("opened") };
    error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()).cloned().expect("in the product's own words")
}

#[tokio::test]
async fn bytes_go_through_and_the_port_s_end_is_the_end() {
    let tunnel = tunnel(async |mut stream, head| {
        assert_eq!(head.first.trim(), "GET /api/v1/namespaces/team/pods/dev-server-0/portforward?ports=4096 HTTP/1.1");
        switches(&mut stream, &head).await;
        while let Some((opcode, payload)) = hears(&mut stream).await {
            match (opcode, payload.as_slice()) {
                (2, [0, b'q', ..]) => break,
                // The port echoes, in pieces as the copy from its socket makes them.
                (2, [0, bytes @ ..]) => {
                    for piece in bytes.chunks(32 << 10) {
                        sends(&mut stream, &[&[0], piece].concat()).await;
                    }
                }
                (9, _) => {
                    let pong = [&[0x8a, u8::try_from(payload.len()).unwrap()], payload.as_slice()].concat();
                    stream.write_all(&pong).await.unwrap();
                }
                other => panic!("{other:?}"),
            }
        }
        sends(&mut stream, b"\0bye").await;
        closes(stream).await;
    })
    .await;
    let mut stream = tunnel.connect().await.unwrap();
    let sent: Vec<u8> = (0..300_000_u32).map(|number| (number % 251) as u8 | 0x80).collect();
    let (mut reader, mut writer) = tokio::io::split(&mut stream);
    let mut echoed = vec![0; sent.len()];
    let (written, read) = tokio::join!(writer.write_all(&sent), reader.read_exact(&mut echoed));
    written.unwrap();
    read.unwrap();
    assert!(echoed == sent);
    writer.write_all(b"q").await.unwrap();
    let mut rest = String::new();
    reader.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "bye");
}

#[tokio::test]
async fn a_port_where_nothing_listens_is_told_after_the_connection_stands() {
    // containerd's words, cri-dockerd's (with socat), and what both say when their helper is not there.
    let words = [
        (
            "failed to execute portforward in network namespace \"/var/run/netns/cni-1\": failed to connect to localhost:4096 \
          inside namespace \"5f1\", IPv4: dial tcp4 127.0.0.1:4096: connect: connection refused IPv6 dial tcp6 [::1]:4096: \
          connect: connection refused",
            std::io::ErrorKind::ConnectionRefused,
        ),
        (
            "exit status 1: 2026/11/21 22:00:00 socat[1] E connect(5, AF=2 127.0.0.1:4096, 16): Connection refused\n",
            std::io::ErrorKind::ConnectionRefused,
        ),
        ("unable to do port forwarding: socat not found", std::io::ErrorKind::ConnectionAborted),
    ];
    for (words, kind) in words {
        let text = format!("\u{1}error forwarding port 4096 to pod 5f1, uid : {words}");
        let tunnel = tunnel(move |mut stream, head| {
            let text = text.clone();
            async move {
                switches(&mut stream, &head).await;
                sends(&mut stream, text.as_bytes()).await;
                closes(stream).await;
            }
        })
        .await;
        let mut stream = tunnel.connect().await.unwrap();
        let error = stream.read(&mut [0; 8]).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(words.trim()), "{error}");
        assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 0, "and then it ends");
    }
}

#[tokio::test]
async fn every_refusal_says_what_is_wrong() {
    let status = |code: u16, reason: &str, message: &str, details: serde_json::Value| {
        json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message,
            "reason": reason, "details": details, "code": code})
        .to_string()
    };
    let forbidden = "pods \"dev-server-0\" is forbidden: User \"jane\" cannot create resource \"pods/portforward\"";
    let unassigned = "pod dev-server-0 does not have a host assigned";
    let dialing = "error dialing backend: dial tcp 10.0.0.7:10250: connect: connection refused";
    let cases = [
        ("403 Forbidden", status(403, "Forbidden", forbidden, json!({})), Code::Forbidden, "you may not create"),
        ("400 Bad Request", status(400, "BadRequest", unassigned, json!({})), Code::AgentUnavailable, unassigned),
        // The Pod's node is gone.
        (
            "404 Not Found",
            status(404, "NotFound", "nodes \"n1\" not found", json!({"name": "n1", "kind": "nodes"})),
            Code::NotFound,
            "nodes \"n1\" not found",
        ),
        // The kubelet's own answers are plain text, which the API server passes on.
        ("404 Not Found", "pod does not exist\n".to_owned(), Code::NotFound, "pod \"dev-server-0\""),
        (
            "500 Internal Server Error",
            status(500, "InternalError", dialing, json!({})),
            Code::ClusterUnreachable,
            dialing,
        ),
        (
            "500 Internal Server Error",
            "container runtime is down\n".to_owned(),
            Code::ClusterUnreachable,
            "container runtime is down",
        ),
        ("503 Service Unavailable", "no healthy upstream".to_owned(), Code::ClusterUnreachable, "no healthy upstream"),
        // Something on the way dropped `Upgrade`, or answered itself.
        (
            "400 Bad Request",
            status(400, "BadRequest", "Upgrade request required", json!({})),
            Code::Unsupported,
            "carries no WebSocket",
        ),
        ("200 OK", "<html>log in</html>".to_owned(), Code::Unsupported, "carries no WebSocket"),
    ];
    for (line, body, code, words) in cases {
        let kind = if body.starts_with('{') { "application/json" } else { "text/plain; charset=utf-8" };
        let answer = body.clone();
        let tunnel = tunnel(move |stream, _| {
            let answer = answer.clone();
            async move { answers(stream, line, kind, &answer).await }
        })
        .await;
        let error = refused(&tunnel).await;
        assert_eq!(error.code, code, "{line} {body}: {error:?}");
        let told = format!("{} {}", error.message, error.causes.join(" "));
        assert!(told.contains(words) && !told.contains("to create pod "), "{line} {body}: {error:?}");
    }
}

#[tokio::test]
async fn a_server_that_takes_another_subprotocol_is_no_kubelet() {
    let tunnel = tunnel(async |mut stream, head| {
        let accept = derive_accept_key(head.key.as_bytes());
        let text = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
        );
        stream.write_all(text.as_bytes()).await.unwrap();
    })
    .await;
    assert_eq!(refused(&tunnel).await.code, Code::Unsupported);
}

const EXEC: &str = "/exec?";

/// A command that is run.
fn command(words: &[&str]) -> Exec {
    let [namespace, pod, container] = ["team", "dev-server-0", "server"].map(str::to_owned);
    let command = words.iter().map(|word| (*word).to_owned()).collect();
    Exec { namespace, pod, container, command, ..Exec::default() }
}

async fn forbids(stream: BufReader<TcpStream>, what: &str) {
    let message = format!("pods \"dev-server-0\" is forbidden: User \"jane\" cannot create resource \"{what}\"");
    let status = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message,
        "reason": "Forbidden", "details": {}, "code": 403});
    answers(stream, "403 Forbidden", "application/json", &status.to_string()).await;
}

/// A server that knows nothing of port-forwards, but says this in the first command.
async fn only_commands(said: &'static [&'static [u8]]) -> Tunnel {
    let tunnel = tunnel(move |mut stream, head| async move {
        if !head.first.contains(EXEC) {
            return forbids(stream, "pods/portforward").await;
        }
        upgrades(&mut stream, &head).await;
        for message in said {
            sends(&mut stream, message).await;
        }
        while hears(&mut stream).await.is_some() {}
    });
    tunnel.await.or_exec("server", "10.0.0.7")
}

#[tokio::test]
async fn what_a_kubelet_never_says_is_told() {
    let mut shown = Vec::new();
    for (what, message) in [
        ("a channel that is none", b"\x07words".as_slice()),
        ("an error of the kubelet", b"\x01error forwarding port 4096: connection refused"),
    ] {
        let tunnel = tunnel(move |mut stream, head| async move {
            switches(&mut stream, &head).await;
            sends(&mut stream, message).await;
        });
        let error = tunnel.await.connect().await.unwrap().read(&mut [0; 8]).await.unwrap_err();
        shown.push(format!("port-forward: {what}: {error}"));
    }
    let no_port = tunnel(async |mut stream, head| {
        upgrades(&mut stream, &head).await;
        sends(&mut stream, b"\0words").await;
    });
    let error = no_port.await.connect().await.unwrap().read(&mut [0; 8]).await.unwrap_err();
    shown.push(format!("port-forward: bytes without a port: {error}"));
    for (what, message) in [("a channel that is none", Some(b"\x09words".as_slice())), ("no status at the end", None)] {
        let client = client(move |mut stream, head| async move {
            upgrades(&mut stream, &head).await;
            match message {
                Some(message) => sends(&mut stream, message).await,
                None => closes(stream).await,
            }
        });
        let (_input, mut output) = command(&["true"]).start(&client.await).await.unwrap();
        shown.push(format!("exec: {what}: {}", output.next().await.unwrap_err()));
    }
    shown.push(String::new());

    let nobody = client(async |stream, head: Head| {
        forbids(stream, if head.first.contains(EXEC) { "pods/exec" } else { "pods/portforward" }).await;
    });
    let nobody = nobody.await;
    let both = Tunnel::new(nobody.clone(), "team", "dev-server-0", PORT).or_exec("server", "10.0.0.7");
    shown.push(told("neither port-forward nor exec", &refused(&both).await));
    shown.push(told("a shell that greets", &refused(&only_commands(&[b"\x01Welcome!\n"]).await).await));
    shown.push(told("a command that says nothing", &refused(&only_commands(&[NOTHING_SAID]).await).await));
    shown.push(told(
        "a port where nothing listens",
        &refused(&only_commands(&[b"\x02connect: Connection refused\n", NOTHING_SAID]).await).await,
    ));
    shown.push(told(
        "a namespace that is none",
        &refused(&Tunnel::new(nobody.clone(), "a b", "dev-server-0", PORT)).await,
    ));
    let long = "x".repeat(70_000);
    shown.push(told("a long command", &command(&["echo", &long]).start(&nobody).await.unwrap_err()));
    is_as_in("streams", &shown);
}

const NOTHING_SAID: &[u8] = b"\x03{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"2\"}]}}";

#[tokio::test]
async fn silence_is_given_up() {
    let silent = async |mut stream: BufReader<TcpStream>, head: Head| {
        upgrades(&mut stream, &head).await;
        std::future::pending::<()>().await;
    };
    let port_forward = async {
        let mut stream = tunnel(silent).await.connect().await.unwrap();
        format!("port-forward: {}", stream.read(&mut [0; 8]).await.unwrap_err())
    };
    let exec = async {
        let (_input, mut output) = command(&["true"]).start(&client(silent).await).await.unwrap();
        format!("exec: {}\n", output.next().await.unwrap_err())
    };
    let start = async {
        let client = client(async |_stream, _head| std::future::pending().await).await;
        told("exec, which is not answered", &command(&["true"]).start(&client).await.unwrap_err())
    };
    let (port_forward, exec, start) = tokio::join!(port_forward, exec, start);
    is_as_in("silence", &[port_forward, exec, start]);
}
