//! Terminals of the OpenCode server: REST calls, and the WebSocket that carries one.
//!
//! Two registries live side by side and do not see each other. `/api/pty` keeps exited terminals with their exit code;
//! `/pty` forgets them at once (the code is only in the event `pty.exited`). The first is used where it is served.
//!
//! Connecting: `GET` the terminal first, since a WebSocket that is the first request of a directory's instance is never
//! answered; then the handshake, with a time limit. See `frames` for what is carried.
//! The end: close 1000 when the program ended or the terminal was deleted, 4404 when it had ended before; a stream that
//! ends without a close frame is a lost link.

use std::fmt;
use std::time::Duration;

use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt as _, StreamExt as _};
use http::header::{AUTHORIZATION, USER_AGENT};
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Bytes, Message, Utf8Bytes};

use super::client::target;
pub use super::frames::Replay;
use super::frames::{Cursor, InputCutter, parse_meta};
use super::transport::{AGENT, HOST_NAME, encode, refusal};
use super::{ByteStream, Client, Error, id_time};

/// Longest wait for a WebSocket handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// Most bytes of one message from the server; it sends 64 Ki units at most.
const MESSAGE_LIMIT: usize = 4 << 20;
/// Close code of a terminal that had ended before we came.
const CLOSE_ENDED_BEFORE: u16 = 4404;

/// Which terminal API the server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// `/pty`: forgets exited terminals.
    V1,
    /// `/api/pty`: keeps exited terminals with their exit code.
    V2,
}

/// A terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pty {
    /// `pty_…`.
    pub id: String,
    /// Title; untrusted.
    #[serde(default)]
    pub title: String,
    /// Program.
    #[serde(default)]
    pub command: String,
    /// Its arguments; a shell's end with the `-l` that the server appends.
    #[serde(default)]
    pub args: Vec<String>,
    /// Working directory as it was asked for.
    #[serde(default)]
    pub cwd: String,
    /// `running` or `exited`.
    #[serde(default)]
    pub status: String,
    /// Process.
    #[serde(default)]
    pub pid: i64,
    /// Exit code, once exited, where the server keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
}

impl Pty {
    /// Whether the program still runs.
    pub fn is_running(&self) -> bool {
        self.status == "running"
    }

    /// When it was made, in milliseconds since the epoch by the server's clock, which reads `now`: its id tells.
    pub fn created(&self, now: i64) -> Option<i64> {
        id_time(&self.id, now).filter(|_| self.id.starts_with("pty_"))
    }
}

/// What to start on a new terminal; the server's preferred shell if no command is given.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewPty {
    /// Program, by name on the server's PATH or by absolute path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// Working directory; the directory of the instance if absent, HOME if it does not exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cwd: Option<String>,
    /// Title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Variables on top of the server's own.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub env: std::collections::BTreeMap<String, String>,
}

/// `/api/pty` wraps its answers.
#[derive(Deserialize)]
struct Wrapped<T> {
    #[serde(rename = "data")]
    inner: T,
}

fn path(client: &Client, api: Api, rest: &str, query: Option<(&str, String)>) -> String {
    let (base, key) = match api {
        Api::V1 => ("/pty", "directory"),
        Api::V2 => ("/api/pty", "location%5Bdirectory%5D"),
    };
    let directory = client.directory().map(|directory| (key, directory.to_owned()));
    target(&format!("{base}{rest}"), directory.into_iter().chain(query))
}

pub(super) async fn detect(client: &Client) -> Result<Api, Error> {
    match client.call::<Value>(Method::GET, path(client, Api::V2, "", None), None).await {
        Ok(_) => Ok(Api::V2),
        Err(Error::NotServed { .. } | Error::Refused { status: 404, .. }) => Ok(Api::V1),
        Err(error) => Err(error),
    }
}

async fn call<T: serde::de::DeserializeOwned>(
    client: &Client,
    method: Method,
    rest: &str,
    body: Option<Value>,
) -> Result<T, Error> {
    let api = client.pty_api().await?;
    let target = path(client, api, rest, None);
    match api {
        Api::V1 => client.call(method, target, body).await,
        Api::V2 => client.call::<Wrapped<T>>(method, target, body).await.map(|wrapped| wrapped.inner),
    }
}

pub(super) async fn list(client: &Client) -> Result<Vec<Pty>, Error> {
    call(client, Method::GET, "", None).await
}

pub(super) async fn create(client: &Client, new: &NewPty) -> Result<Pty, Error> {
    call(client, Method::POST, "", Some(json!(new))).await
}

pub(super) async fn get(client: &Client, id: &str) -> Result<Pty, Error> {
    call(client, Method::GET, &format!("/{}", encode(id)), None).await
}

pub(super) async fn resize(client: &Client, id: &str, rows: u16, cols: u16) -> Result<(), Error> {
    let size = json!({ "size": { "rows": rows.max(1), "cols": cols.max(1) } });
    call::<Value>(client, Method::PUT, &format!("/{}", encode(id)), Some(size)).await.map(drop)
}

pub(super) async fn rename(client: &Client, id: &str, title: &str) -> Result<(), Error> {
    call::<Value>(client, Method::PUT, &format!("/{}", encode(id)), Some(json!({ "title": title }))).await.map(drop)
}

pub(super) async fn delete(client: &Client, id: &str) -> Result<(), Error> {
    let api = client.pty_api().await?;
    // v2 answers 204 and an empty body, v1 `true`.
    client.call::<Value>(Method::DELETE, path(client, api, &format!("/{}", encode(id)), None), None).await.map(drop)
}

pub(super) async fn connect(client: &Client, id: &str, replay: Replay) -> Result<PtyStream, Error> {
    get(client, id).await?;
    let api = client.pty_api().await?;
    let cursor = replay.parameter().map(|cursor| ("cursor", cursor));
    let target = path(client, api, &format!("/{}/connect", encode(id)), cursor);
    let name = format!("GET {}", target.split('?').next().unwrap_or_default());
    let malformed = |source: Box<dyn std::error::Error + Send + Sync>| Error::Malformed { call: name.clone(), source };

    let mut request =
        format!("ws://{HOST_NAME}{target}").into_client_request().map_err(|error| malformed(error.into()))?;
    request.headers_mut().insert(USER_AGENT, http::HeaderValue::from_static(AGENT));
    if let Some(authorization) = client.transport().authorization() {
        request.headers_mut().insert(AUTHORIZATION, authorization.clone());
    }
    let opening = async {
        let stream = client.transport().open_stream().await?;
        let config =
            WebSocketConfig::default().max_message_size(Some(MESSAGE_LIMIT)).max_frame_size(Some(MESSAGE_LIMIT));
        match tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await {
            Ok((socket, _)) => Ok(socket),
            Err(tungstenite::Error::Http(response)) if response.status() == StatusCode::UNAUTHORIZED => {
                Err(Error::Unauthorized)
            }
            Err(tungstenite::Error::Http(response)) => {
                Err(refusal(name.clone(), response.status(), response.body().as_deref().unwrap_or_default()))
            }
            Err(error) => Err(Error::Broken { call: name.clone(), source: error.into() }),
        }
    };
    let socket = tokio::time::timeout(HANDSHAKE_TIMEOUT, opening)
        .await
        .map_err(|_| Error::Timeout { call: name.clone(), after: HANDSHAKE_TIMEOUT })??;
    let (sink, stream) = socket.split();
    Ok(PtyStream {
        output: PtyOutput { stream, cursor: Cursor::new(replay), call: name.clone() },
        input: PtyInput { sink, cutter: InputCutter::default(), call: name },
    })
}

type Socket = WebSocketStream<Box<dyn ByteStream>>;

/// A connection to a terminal. Its two halves work apart: input never waits for output to be read.
pub struct PtyStream {
    /// What the program writes.
    pub output: PtyOutput,
    /// What the program reads.
    pub input: PtyInput,
}

impl fmt::Debug for PtyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PtyStream")
            .field("call", &self.output.call)
            .field("cursor", &self.output.cursor)
            .finish_non_exhaustive()
    }
}

/// The output half. It has to be read all the time: that also answers the server's pings.
pub struct PtyOutput {
    stream: SplitStream<Socket>,
    cursor: Cursor,
    call: String,
}

/// What came from a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PtyEvent {
    /// Output, exactly as the program wrote it, but for bytes that are not UTF-8.
    Text(Utf8Bytes),
    /// The replay is over, live output follows.
    Replayed {
        /// The position at which the replay began.
        start: u64,
        /// UTF-16 units of what was asked for that no longer exist.
        missing: u64,
    },
    /// The answer to a [`PtyInput::ping`] of this number: the link lives, and the server has all that was sent before.
    Pong {
        /// Its number.
        number: u64,
    },
    /// The program ended, or the terminal was deleted.
    Closed,
}

impl PtyOutput {
    /// The next thing that comes. After [`PtyEvent::Closed`] or an error nothing more comes; an error means the link is
    /// lost while the program may still run.
    pub async fn next(&mut self) -> Result<PtyEvent, Error> {
        loop {
            let message = match self.stream.next().await {
                Some(Ok(message)) => message,
                Some(Err(error)) => return Err(Error::Broken { call: self.call.clone(), source: error.into() }),
                None => Message::Close(None),
            };
            match message {
                Message::Text(text) => {
                    self.cursor.text(&text);
                    return Ok(PtyEvent::Text(text));
                }
                Message::Binary(frame) => {
                    // Unknown binary frames of a newer server are no output: output is text.
                    if let Some(position) = parse_meta(&frame) {
                        let (start, missing) = self.cursor.meta(position);
                        return Ok(PtyEvent::Replayed { start, missing });
                    }
                }
                Message::Pong(number) => {
                    let number = number.as_ref().try_into().map(u64::from_be_bytes).unwrap_or_default();
                    return Ok(PtyEvent::Pong { number });
                }
                Message::Close(Some(close)) => {
                    let code = u16::from(close.code);
                    if code == 1000 || code == CLOSE_ENDED_BEFORE {
                        return Ok(PtyEvent::Closed);
                    }
                    return Err(self.lost(&format!("the server closed the stream with code {code}: {}", close.reason)));
                }
                Message::Close(None) => return Err(self.lost("the server closed the stream without a code")),
                Message::Ping(_) | Message::Frame(_) => {}
            }
        }
    }

    /// The position after the last output seen, for [`Replay::From`]; unknown during a replay.
    pub fn position(&self) -> Option<u64> {
        self.cursor.position()
    }

    /// Whether the replay is over.
    pub fn is_live(&self) -> bool {
        self.cursor.is_live()
    }

    fn lost(&self, why: &str) -> Error {
        Error::Broken { call: self.call.clone(), source: why.into() }
    }
}

/// The input half.
///
/// What is sent may be known to have arrived: a server answers pings in the order of its reading, so the answer to a ping
/// says that it has read everything sent before (RFC 6455, 5.5.2 and 5.5.3). The PTY protocol itself acknowledges nothing.
pub struct PtyInput {
    sink: SplitSink<Socket, Message>,
    cutter: InputCutter,
    call: String,
}

impl PtyInput {
    /// Sends bytes as they were typed; a character that is not complete yet waits for its rest.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        for message in self.cutter.push(bytes) {
            self.ready().await?;
            self.put(message)?;
        }
        self.flush().await
    }

    /// Asks the server for a sign of life; [`PtyEvent::Pong`] with this number is the answer.
    pub async fn ping(&mut self, number: u64) -> Result<(), Error> {
        self.ready().await?;
        self.put_ping(number)?;
        self.flush().await
    }

    /// Waits until the connection takes more. Safe to drop while waiting.
    pub async fn ready(&mut self) -> Result<(), Error> {
        let ready = std::future::poll_fn(|cx| self.sink.poll_ready_unpin(cx)).await;
        ready.map_err(|error| self.broken(error))
    }

    /// Hands one message of input to the connection, which is [`PtyInput::ready`]; [`PtyInput::flush`] sends it.
    pub fn put(&mut self, message: String) -> Result<(), Error> {
        self.sink.start_send_unpin(Message::text(message)).map_err(|error| self.broken(error))
    }

    /// As [`PtyInput::put`], for a ping.
    pub fn put_ping(&mut self, number: u64) -> Result<(), Error> {
        let ping = Message::Ping(Bytes::copy_from_slice(&number.to_be_bytes()));
        self.sink.start_send_unpin(ping).map_err(|error| self.broken(error))
    }

    /// Sends what was handed over.
    pub async fn flush(&mut self) -> Result<(), Error> {
        self.sink.flush().await.map_err(|error| self.broken(error))
    }

    /// Says good-bye; the program goes on.
    pub async fn close(&mut self) -> Result<(), Error> {
        self.sink.close().await.map_err(|error| self.broken(error))
    }

    fn broken(&self, error: tungstenite::Error) -> Error {
        Error::Broken { call: self.call.clone(), source: error.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_tells_when_a_terminal_was_made() {
        // Recorded: made between the two times.
        let pty = Pty { id: "pty_1fdab4c35001VYqQkIMD6d5wxK".into(), ..Pty::default() };
        let created = pty.created(1_795_257_225_441).unwrap();
        assert!((1_795_257_224_000..=1_795_257_224_756).contains(&created), "{created}");
        let later = pty.created(1_795_257_225_441 + 30 * 86_400_000).unwrap();
        assert_eq!(later, created, "a month later");
        for id in ["", "pty_", "pty_short", "ses_1fdab4c35001VYqQkIMD6d5wxK", "pty_zzzzzzzzzzzz"] {
            assert_eq!(Pty { id: id.into(), ..Pty::default() }.created(0), None, "{id}");
        }
    }
}
