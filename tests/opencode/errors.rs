//! What this program says to an OpenCode server that answers oddly, or not at all: `tests/opencode/snapshots/errors.txt`.

use std::fmt::Write as _;
use std::future::{pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::StreamExt as _;
use futures::future::{BoxFuture, join_all};
use kubectl_opencode::error;
use kubectl_opencode::opencode::{
    ByteStream, Client, Connector, Error, Followed, NewSession, Outcome, PtyEvent, Replay, TcpConnector,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// What comes after an answer.
enum Then {
    /// The next request.
    Next,
    /// The end of the connection.
    End,
    /// Nothing, for ever.
    Silence,
}

type Answer = (Vec<u8>, Then);

/// A server that answers each request, told by its head, with these bytes.
#[derive(Clone)]
struct Scripted(Arc<dyn Fn(&str) -> Answer + Send + Sync>);

impl Scripted {
    fn client(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Client {
        Client::new(Arc::new(Self(Arc::new(answer))))
    }

    async fn serve(self, mut link: DuplexStream) -> std::io::Result<()> {
        loop {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(link.read_u8().await?);
            }
            let head = String::from_utf8(head).unwrap();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            link.read_exact(&mut vec![0; length.unwrap_or(0)]).await?;
            let (answer, then) = (self.0)(&head);
            link.write_all(&answer).await?;
            match then {
                Then::Next => {}
                Then::End => return Ok(()),
                Then::Silence => pending().await,
            }
        }
    }
}

impl Connector for Scripted {
    fn connect(&self) -> BoxFuture<'_, std::io::Result<Box<dyn ByteStream>>> {
        let (near, far) = tokio::io::duplex(1 << 20);
        // It ends with the client's side.
        tokio::spawn(self.clone().serve(far));
        Box::pin(async move { Ok(Box::new(near) as Box<dyn ByteStream>) })
    }
}

/// Never opens.
struct Closed;

impl Connector for Closed {
    fn connect(&self) -> BoxFuture<'_, std::io::Result<Box<dyn ByteStream>>> {
        Box::pin(pending())
    }
}

fn http(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

const JSON: &str = "content-type: application/json\r\n";
const EVENTS: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

fn ok(body: &Value) -> Answer {
    (http("200 OK", JSON, body.to_string().as_bytes()), Then::Next)
}

fn event(kind: &str, properties: &Value) -> Vec<u8> {
    format!("data: {}\n\n", json!({"id": "evt_1", "type": kind, "properties": properties})).into_bytes()
}

/// An answer as a command would end with it.
fn said(error: Error) -> String {
    let error = error::Error::from(error);
    let mut text = format!("error: {}\n", error.message);
    error.causes.iter().for_each(|cause| writeln!(text, "caused by: {cause}").unwrap());
    error.hint.iter().for_each(|hint| writeln!(text, "hint: {hint}").unwrap());
    text + &format!("{}, exit {}\n", error.code.name(), error.code.exit_status())
}

/// What `POST /session`, which is not sent twice, says to such an answer.
async fn call(answer: Vec<u8>, then: fn() -> Then) -> String {
    let client = Scripted::client(move |_| (answer.clone(), then()));
    said(client.create_session(&NewSession::default()).await.unwrap_err())
}

/// What `GET /session/ses_1` says to it.
async fn show(answer: Vec<u8>, then: fn() -> Then) -> String {
    let client = Scripted::client(move |_| (answer.clone(), then()));
    said(client.session("ses_1").await.unwrap_err())
}

async fn events(answer: Vec<u8>, then: fn() -> Then) -> String {
    let client = Scripted::client(move |_| (answer.clone(), then()));
    let mut events = client.follow_events();
    loop {
        if let Some(Followed::Lost(error)) = events.next().await {
            return said(error);
        }
    }
}

/// A terminal whose stream answers the handshake, or does not, and then says `frame`.
async fn terminal(accepts: bool, frame: &'static [u8]) -> String {
    let client = Scripted::client(move |head| {
        let line = head.lines().next().unwrap();
        let key =
            head.lines().find_map(|line| line.to_lowercase().starts_with("sec-websocket-key: ").then(|| &line[19..]));
        match key {
            Some(key) if accepts => {
                let accept = derive_accept_key(key.as_bytes());
                let head = format!(
                    "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: {accept}\r\n\r\n"
                );
                ([head.as_bytes(), frame].concat(), Then::End)
            }
            Some(_) => (Vec::new(), Then::Silence),
            None if line.contains("/pty_1") => ok(&json!({"data": {"id": "pty_1"}})),
            None => ok(&json!({"data": []})),
        }
    });
    let mut stream = match client.connect_pty("pty_1", Replay::All).await {
        Ok(stream) => stream,
        Err(error) => return said(error),
    };
    loop {
        match stream.output.next().await {
            Ok(PtyEvent::Closed) => return "it ended\n".to_owned(),
            Ok(_) => {}
            Err(error) => return said(error),
        }
    }
}

/// How a turn ends of which these messages are left when this event comes.
async fn turn(kind: &'static str, properties: Value, messages: Value) -> String {
    let asked = AtomicBool::new(false);
    let client = Scripted::client(move |head| {
        let path = head.split([' ', '?']).nth(1).unwrap();
        match path {
            "/event" => {
                let events = [event("server.connected", &json!({})), event(kind, &properties)];
                ([EVENTS, &events.concat()].concat(), Then::Silence)
            }
            // In the turn when it is joined, and not any more.
            "/session/status" if asked.swap(true, Ordering::SeqCst) => ok(&json!({})),
            "/session/status" => ok(&json!({"ses_1": {"type": "busy"}})),
            "/session/ses_1" => ok(&json!({"id": "ses_1", "time": {"created": 1}})),
            "/session/ses_1/message" => ok(&messages),
            _ => ok(&json!([])),
        }
    });
    let turn = client.join_turn("ses_1", Some("msg_1")).await.unwrap().expect("it is in a turn");
    match turn.finish().await.unwrap().outcome {
        Outcome::Failed(error) => format!("the turn failed: {}: {}\n", error.name, error.message()),
        other => format!("{other:?}\n"),
    }
}

#[tokio::test]
async fn what_is_said_to_odd_answers() {
    let next = || Then::Next;
    let end = || Then::End;
    let silence = || Then::Silence;
    let error = |status: &str, body: &[u8]| http(status, JSON, body);
    let stored = json!({"name": "NotFoundError", "data": {"message": "Session not found: ses_1"}}).to_string();
    let html = http("200 OK", "content-type: text/html\r\n", b"<html>");
    let unlimited =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5000000\r\n";
    // One after the other, as they keep this thread busy.
    let endless = show([unlimited.as_slice(), &vec![b' '; 80 << 20]].concat(), silence).await;
    let endless_event = events([EVENTS, &vec![b'x'; 33 << 20]].concat(), silence).await;
    let no_server = Client::new(Arc::new(TcpConnector::new("127.0.0.1:1")));
    let no_link = Client::new(Arc::new(Closed));
    let new = NewSession::default();
    let no_path = error("404 Not Found", b"{}");
    let idle = json!({"sessionID": "ses_1"});
    let info =
        json!({"id": "msg_2", "sessionID": "ses_1", "role": "assistant", "parentID": "msg_1", "time": {"created": 1}});
    let half = json!([{"info": info, "parts": []}]);
    let deleted = json!({"info": {"id": "ses_1", "time": {"created": 1}}});
    let all: Vec<(&str, BoxFuture<'_, String>)> = vec![
        ("nothing listens", Box::pin(async { said(no_server.create_session(&new).await.unwrap_err()) })),
        ("no connection opens", Box::pin(async { said(no_link.create_session(&new).await.unwrap_err()) })),
        ("no answer comes", Box::pin(call(Vec::new(), silence))),
        ("the link ends before the answer", Box::pin(call(Vec::new(), end))),
        ("the link ends in the answer", Box::pin(call(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec(), end))),
        ("the answer is no HTTP", Box::pin(call(b"SSH-2.0-OpenSSH\r\n".to_vec(), end))),
        ("the answer is a page", Box::pin(call(html.clone(), next))),
        ("the answer is of no type", Box::pin(call(http("200 OK", "", b"words"), next))),
        ("the answer is no JSON", Box::pin(call(http("200 OK", JSON, b"words"), next))),
        ("the answer has no end", Box::pin(ready(endless))),
        ("401", Box::pin(call(error("401 Unauthorized", b""), next))),
        ("404 for a session", Box::pin(show(error("404 Not Found", stored.as_bytes()), next))),
        (
            "404 for another path",
            Box::pin(async move {
                let client = Scripted::client(move |_| (no_path.clone(), Then::Next));
                said(client.path().await.unwrap_err())
            }),
        ),
        ("409", Box::pin(call(error("409 Conflict", b"{\"_tag\": \"BusyError\", \"message\": \"it is busy\"}"), next))),
        ("a status that nobody knows", Box::pin(call(error("599 X", b""), next))),
        ("events: the stream ends", Box::pin(events(EVENTS.to_vec(), end))),
        (
            "events: the stream falls silent",
            Box::pin(events([EVENTS, &event("server.connected", &json!({}))].concat(), silence)),
        ),
        ("events: one has no end", Box::pin(ready(endless_event))),
        ("events: a page comes instead", Box::pin(events(html, silence))),
        ("terminal: no handshake", Box::pin(terminal(false, b""))),
        ("terminal: the link ends", Box::pin(terminal(true, b""))),
        ("terminal: closed with a code", Box::pin(terminal(true, b"\x88\x06\x03\xf3oops"))),
        ("terminal: closed without a code", Box::pin(terminal(true, b"\x88\x00"))),
        ("terminal: the program ended", Box::pin(terminal(true, b"\x88\x02\x03\xe8"))),
        ("turn: idle without an answer", Box::pin(turn("session.idle", idle.clone(), json!([])))),
        ("turn: idle within an answer", Box::pin(turn("session.idle", idle, half))),
        ("turn: the session is deleted", Box::pin(turn("session.deleted", deleted, json!([])))),
    ];
    let told =
        join_all(all.into_iter().map(|(what, answer)| async move { format!("# {what}\n{}", answer.await) })).await;
    let file = format!("{}/tests/opencode/snapshots/errors.txt", env!("CARGO_MANIFEST_DIR"));
    snapbox::assert_data_eq!(told.join("\n"), snapbox::Data::read_from(file.as_ref(), None).raw());
}
