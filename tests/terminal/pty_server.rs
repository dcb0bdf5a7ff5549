//! A server with one terminal, as far as `attach` asks an OpenCode server: what runs there is the test.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE};
use axum::http::{Method, Response, StatusCode};
use futures::{SinkExt as _, StreamExt as _};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

const ID: &str = "pty_1fdab4c35001VYqQkIMD6d5wxK";

/// Its one terminal.
pub struct Terminal {
    pub output: watch::Sender<String>,
    pub input: watch::Sender<String>,
    exit: watch::Sender<Option<i32>>,
    /// Made, and not gone again.
    exists: AtomicBool,
    title: Mutex<String>,
    /// Wanted sizes, as they came.
    pub sizes: Mutex<Vec<Value>>,
    pub connections: watch::Sender<usize>,
    /// Nobody is connected to it.
    pub refuses: AtomicBool,
    /// Where the output begins that is still held.
    pub held_from: AtomicUsize,
    /// How much of the output was taken by the latest connection.
    pub taken: AtomicUsize,
}

impl Terminal {
    pub fn prints(&self, text: &str) {
        self.output.send_modify(|output| output.push_str(text));
    }

    pub fn title(&self) -> String {
        self.title.lock().unwrap().clone()
    }

    /// The program ends.
    pub fn exits(&self, code: i32) {
        self.exit.send_replace(Some(code));
    }

    /// The terminal goes, and nobody knows it any more.
    pub fn goes(&self) {
        self.exists.store(false, Ordering::SeqCst);
        self.exit.send_replace(Some(0));
    }
}

/// The server.
pub struct PtyServer {
    pub address: SocketAddr,
    pub terminal: Arc<Terminal>,
}

impl PtyServer {
    pub async fn start() -> Self {
        let terminal = Arc::new(Terminal {
            output: watch::Sender::default(),
            input: watch::Sender::default(),
            exit: watch::Sender::default(),
            exists: AtomicBool::default(),
            title: Mutex::default(),
            sizes: Mutex::default(),
            connections: watch::Sender::default(),
            refuses: AtomicBool::default(),
            held_from: AtomicUsize::default(),
            taken: AtomicUsize::default(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&terminal));
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { address, terminal }
    }
}

async fn answer(State(terminal): State<Arc<Terminal>>, request: Request) -> Response<Body> {
    let exists = terminal.exists.load(Ordering::SeqCst);
    let path = request.uri().path().to_owned();
    let object = || {
        let exit = *terminal.exit.borrow();
        let status = if exit.is_some() { "exited" } else { "running" };
        json!({"id": ID, "title": *terminal.title.lock().unwrap(), "command": "test", "args": [], "cwd": "/", "status": status, "pid": 1, "exitCode": exit})
    };
    let body = match (request.method(), path.strip_prefix("/api/pty")) {
        _ if path == "/global/health" => json!({"healthy": true, "version": "1.18.33"}),
        _ if path == "/session" => json!([]),
        (&Method::GET, Some("")) => json!({"data": if exists { vec![object()] } else { Vec::new() }}),
        (&Method::POST, Some("")) => {
            let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
            let new: Value = serde_json::from_slice(&body).unwrap();
            *terminal.title.lock().unwrap() = new["title"].as_str().unwrap_or_default().to_owned();
            terminal.exit.send_replace(None);
            terminal.exists.store(true, Ordering::SeqCst);
            json!({"data": object()})
        }
        (_, Some(rest)) if exists && rest.strip_prefix('/').is_some_and(|rest| rest.starts_with(ID)) => {
            if rest.ends_with("/connect") && terminal.refuses.load(Ordering::SeqCst) {
                return reply(StatusCode::BAD_REQUEST, &json!({"_tag": "BadRequest", "message": "no more clients"}));
            } else if rest.ends_with("/connect") {
                return connect(terminal, request);
            }
            let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
            if let Ok(change) = serde_json::from_slice::<Value>(&body) {
                if let Some(title) = change["title"].as_str() {
                    *terminal.title.lock().unwrap() = title.to_owned();
                }
                terminal.sizes.lock().unwrap().extend(change.get("size").cloned());
            }
            json!({"data": object()})
        }
        _ => return reply(StatusCode::NOT_FOUND, &json!({"_tag": "NotFound", "message": "no such thing"})),
    };
    reply(StatusCode::OK, &body)
}

fn reply(status: StatusCode, body: &Value) -> Response<Body> {
    let answer = Response::builder().status(status).header("content-type", "application/json");
    answer.body(Body::from(body.to_string())).unwrap()
}

fn connect(terminal: Arc<Terminal>, mut request: Request) -> Response<Body> {
    let query = request.uri().query().unwrap_or_default();
    let cursor = query.split('&').find_map(|pair| pair.strip_prefix("cursor=")?.parse().ok()).unwrap_or(0);
    let accept = derive_accept_key(request.headers()[SEC_WEBSOCKET_KEY].as_bytes());
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        if let Ok(stream) = upgrade.await {
            let config = WebSocketConfig::default();
            let socket = WebSocketStream::from_raw_socket(TokioIo::new(stream), Role::Server, Some(config)).await;
            terminal.connections.send_modify(|connections| *connections += 1);
            serve(&terminal, socket, cursor).await;
        }
    });
    let answer = Response::builder().status(StatusCode::SWITCHING_PROTOCOLS);
    let answer = answer.header(CONNECTION, "Upgrade").header(UPGRADE, "websocket").header(SEC_WEBSOCKET_ACCEPT, accept);
    answer.body(Body::empty()).unwrap()
}

/// Output from `cursor` on (ASCII), and input; as in the real server, output that nobody takes delays no input.
async fn serve<S: AsyncRead + AsyncWrite + Unpin>(terminal: &Terminal, socket: WebSocketStream<S>, cursor: i64) {
    let (mut output, mut exit) = (terminal.output.subscribe(), terminal.exit.subscribe());
    let (mut sink, mut stream) = socket.split();
    let reads = async {
        while let Some(Ok(message)) = stream.next().await {
            if let Message::Text(typed) = message {
                terminal.input.send_modify(|input| input.push_str(&typed));
            }
        }
    };
    let writes = async {
        let all = output.borrow_and_update().len();
        let held = terminal.held_from.load(Ordering::SeqCst);
        let mut position = usize::try_from(cursor).map_or(all, |cursor| cursor.min(all)).max(held);
        let mut replayed = false;
        loop {
            let more = output.borrow_and_update()[position..].to_owned();
            for piece in more.as_bytes().chunks(4096) {
                position += piece.len();
                if sink.send(Message::text(std::str::from_utf8(piece).unwrap())).await.is_err() {
                    return;
                }
                terminal.taken.store(position, Ordering::SeqCst);
            }
            if !replayed {
                replayed = true;
                let meta = [b"\0".as_slice(), json!({ "cursor": position }).to_string().as_bytes()].concat();
                if sink.send(Message::Binary(meta.into())).await.is_err() {
                    return;
                }
            }
            if exit.borrow_and_update().is_some() && output.borrow().len() == position {
                // Who listened may have left.
                let _ = sink.send(Message::Close(Some(CloseFrame { code: 1000.into(), reason: "".into() }))).await;
                return;
            }
            tokio::select! {
                _ = output.changed() => {}
                _ = exit.changed() => {}
            }
        }
    };
    tokio::select! {
        () = reads => {}
        () = writes => {}
    }
}
