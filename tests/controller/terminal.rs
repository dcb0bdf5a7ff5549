//! Terminals of the fake server: real programs on pipes, behind the `/pty` of OpenCode 1.18.33.

use std::process::Stdio;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::{SinkExt, StreamExt};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};
use tokio_tungstenite::tungstenite::{Bytes, Message};

use crate::fake::Server;

/// A terminal that runs.
#[derive(Clone)]
pub struct Terminal {
    about: Value,
    pid: u32,
    input: Arc<tokio::sync::Mutex<tokio::process::ChildStdin>>,
    /// All output so far, and whether that is all.
    output: watch::Receiver<(String, bool)>,
}

impl Terminal {
    /// Ends its program, as a hang-up does.
    pub fn hang_up(&self) {
        // The program and what it started; it may have ended.
        let _ = std::process::Command::new("kill")
            .args(["-HUP", "--", &format!("-{}", self.pid)])
            .stderr(Stdio::null())
            .status();
    }

    pub fn title(&self) -> String {
        self.about["title"].as_str().unwrap_or_default().to_owned()
    }
}

fn unknown(id: &str) -> Response {
    let body = json!({"_tag": "PtyNotFoundError", "ptyID": id, "message": format!("PTY session not found: {id}")});
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}

pub async fn list(State(server): State<Server>) -> Response {
    let mut all = vec![json!({"id": "pty_1", "args": ["attach", "--session", "ses_9998"], "status": "running"})];
    all.extend(
        server.with(|inner| inner.terminals.values().map(|terminal| terminal.about.clone()).collect::<Vec<_>>()),
    );
    Json(json!(all)).into_response()
}

pub async fn create(State(server): State<Server>, Json(new): Json<Value>) -> Response {
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    // As the real one: a shell becomes a login shell.
    let mut arguments = texts(&new["args"]);
    arguments.push("-l".to_owned());
    let mut shell = tokio::process::Command::new("/bin/sh");
    if server.with(|inner| inner.without_git) {
        let tools = server.home().join(".tools");
        std::fs::create_dir_all(&tools).unwrap();
        // It may be there.
        let _ = std::os::unix::fs::symlink("/bin/mkdir", tools.join("mkdir"));
        shell.env("PATH", tools);
    }
    let mut child = shell
        .args(&arguments)
        .current_dir(server.home())
        .env("HOME", server.home())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    let id = server.with(|inner| {
        inner.created += 1;
        format!("pty_{:04}", inner.created + 1)
    });
    let about = json!({"id": id, "title": new["title"], "command": "sh", "args": arguments, "status": "running"});
    let (tell, output) = watch::channel((String::new(), false));
    let terminal = Terminal {
        about: about.clone(),
        pid: child.id().unwrap(),
        input: Arc::new(tokio::sync::Mutex::new(child.stdin.take().unwrap())),
        output,
    };
    server.with(|inner| inner.terminals.insert(id.clone(), terminal));
    let mut stdout = child.stdout.take().unwrap();
    tokio::spawn(async move {
        let mut chunk = vec![0; 4096];
        while let Ok(count @ 1..) = stdout.read(&mut chunk).await {
            let text = String::from_utf8_lossy(&chunk[..count]).into_owned();
            tell.send_modify(|output| output.0.push_str(&text));
        }
        let _ = child.wait().await;
        // As the real one: what ended is forgotten at once.
        server.with(|inner| inner.terminals.remove(&id));
        tell.send_modify(|output| output.1 = true);
    });
    Json(about).into_response()
}

pub async fn show(State(server): State<Server>, Path(id): Path<String>) -> Response {
    let found = server.with(|inner| inner.terminals.get(&id).map(|terminal| terminal.about.clone()));
    found.map_or_else(|| unknown(&id), |about| Json(about).into_response())
}

pub async fn delete(State(server): State<Server>, Path(id): Path<String>) -> Response {
    let found = server.with(|inner| inner.terminals.remove(&id));
    match found {
        Some(terminal) => terminal.hang_up(),
        None if id == "pty_1" => {}
        None => return unknown(&id),
    }
    Json(json!(true)).into_response()
}

pub async fn connect(State(server): State<Server>, Path(id): Path<String>, mut request: Request) -> Response {
    let Some(terminal) = server.with(|inner| inner.terminals.get(&id).cloned()) else { return unknown(&id) };
    let Some(key) = request.headers().get(header::SEC_WEBSOCKET_KEY).cloned() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let upgrade = hyper::upgrade::on(&mut request);
    let cut = server.cuts();
    tokio::spawn(async move {
        let Ok(stream) = upgrade.await else { return };
        let socket = WebSocketStream::from_raw_socket(TokioIo::new(stream), Role::Server, None).await;
        carry(socket, terminal, cut).await;
    });
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    let accept = HeaderValue::from_str(&derive_accept_key(key.as_bytes())).unwrap();
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    response
}

async fn carry(
    mut socket: WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>,
    mut terminal: Terminal,
    mut cut: tokio::sync::broadcast::Receiver<()>,
) {
    let mut sent = 0;
    let mut is_replayed = false;
    loop {
        let (text, ended) = terminal.output.borrow_and_update().clone();
        if text.len() > sent && socket.send(Message::text(text[sent..].to_owned())).await.is_err() {
            return;
        }
        sent = text.len();
        if !is_replayed {
            is_replayed = true;
            let meta = [b"\0".as_slice(), json!({"cursor": sent}).to_string().as_bytes()].concat();
            if socket.send(Message::Binary(Bytes::from(meta))).await.is_err() {
                return;
            }
        }
        if ended {
            let _ = socket.close(Some(CloseFrame { code: CloseCode::Normal, reason: "".into() })).await;
            return;
        }
        tokio::select! {
            changed = terminal.output.changed() => if changed.is_err() { return },
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    let _ = terminal.input.lock().await.write_all(text.as_bytes()).await;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
            // The server dies: no close frame.
            _ = cut.recv() => return,
        }
    }
}
