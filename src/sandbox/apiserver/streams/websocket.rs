//! The WebSocket side of a stream: the upgrade, the writer, and the end that loses nothing.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role};

use super::Refusal;

/// A WebSocket to a client.
pub(super) type Socket = WebSocketStream<TokioIo<Upgraded>>;
/// The half that is read.
pub(super) type Reader = SplitStream<Socket>;
/// The half that is written.
pub(super) type Writer = SplitSink<Socket, Message>;

/// How long a client may take to answer our Close before its connection is dropped.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Messages that wait for a slow client; then its streams wait too.
pub(super) const QUEUE: usize = 32;

/// The connection that follows an answer with status 101.
pub(super) struct Pending(OnUpgrade);

impl Pending {
    /// Takes the connection out of a request.
    pub(super) fn of(request: &mut Request) -> Self {
        Self(hyper::upgrade::on(request))
    }

    /// The connection, once the answer is on its way; `None` if the client left before.
    pub(super) async fn raw(self) -> Option<TokioIo<Upgraded>> {
        match self.0.await {
            Ok(upgraded) => Some(TokioIo::new(upgraded)),
            Err(error) => {
                tracing::debug!(%error, "the client left during an upgrade");
                None
            }
        }
    }

    /// The connection as a WebSocket.
    pub(super) async fn websocket(self) -> Option<Socket> {
        Some(WebSocketStream::from_raw_socket(self.raw().await?, Role::Server, None).await)
    }
}

/// The words of a header that is a comma-separated list, over all its lines.
pub(super) fn list(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(name).into_iter();
    lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).map(str::trim)
}

/// Whether a request asks to become a WebSocket.
pub(super) fn is_requested(headers: &HeaderMap) -> bool {
    list(headers, header::UPGRADE).any(|word| word.eq_ignore_ascii_case("websocket"))
}

/// The first of the client's subprotocols that the server speaks too.
pub(super) fn negotiate<T: Copy>(headers: &HeaderMap, spoken: &[(&'static str, T)]) -> Option<(&'static str, T)> {
    list(headers, header::SEC_WEBSOCKET_PROTOCOL)
        .find_map(|wanted| spoken.iter().find(|(name, _)| *name == wanted).copied())
}

/// The refusal of a client whose subprotocols are all unknown.
pub(super) fn no_protocol() -> Refusal {
    let message = "no stream protocol of the request is supported".to_owned();
    Refusal { code: StatusCode::FORBIDDEN, reason: "Forbidden", message }
}

/// The answer that turns a connection into a WebSocket of this subprotocol (RFC 6455 §4.2.2).
pub(super) fn switching(headers: &HeaderMap, protocol: &'static str) -> Result<Response, Refusal> {
    let Some(key) = headers.get(header::SEC_WEBSOCKET_KEY) else {
        return Err(Refusal::bad_request("Upgrade request required"));
    };
    let Ok(accept) = HeaderValue::from_str(&derive_accept_key(key.as_bytes())) else {
        return Err(Refusal::bad_request("Upgrade request required"));
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
    Ok(response)
}

/// Writes what comes until every sender is gone, then Close 1000. Ends early when the client is gone.
///
/// Whatever waits already is written before one flush, so that small frames share a packet and a lone one never waits.
pub(super) async fn write(mut writer: Writer, mut messages: mpsc::Receiver<Message>) {
    let mut batch = Vec::with_capacity(QUEUE);
    while messages.recv_many(&mut batch, QUEUE).await > 0 {
        for message in batch.drain(..) {
            if writer.feed(message).await.is_err() {
                return;
            }
        }
        if writer.flush().await.is_err() {
            return;
        }
    }
    let close = CloseFrame { code: CloseCode::Normal, reason: "".into() };
    if let Err(error) = writer.send(Message::Close(Some(close))).await {
        tracing::debug!(%error, "the client left before the end of its stream");
    }
}

/// Reads on until the client has closed too: a connection dropped with bytes unread is reset, and a reset takes the
/// last bytes sent with it.
pub(super) async fn drain(mut reader: Reader) {
    let all = async { while let Some(Ok(_)) = reader.next().await {} };
    if tokio::time::timeout(CLOSE_TIMEOUT, all).await.is_err() {
        tracing::debug!("the client did not close its stream");
    }
}
