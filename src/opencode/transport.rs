//! HTTP/1.1 to one OpenCode server, over the byte streams of a [`Connector`].
//!
//! Rules, each for an observed habit of the server (1.18.x):
//! - Every request has a time limit: in its first ~180 ms the server accepts connections and never answers them.
//! - A try after a failure uses a fresh connection, for the same reason.
//! - Only what is safe to do twice is tried again: opening, a request of which no byte was sent, and GET, PUT, DELETE.
//! - An answer that is not JSON is an error: unknown paths answer `200 text/html`.
//! - Bodies are read up to a limit.
//!
//! REST requests share kept-alive connections: one while calls come one after the other, at most
//! [`MOST_CONNECTIONS`] when they come at once. Streams (events, terminals) open their own.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HOST, USER_AGENT};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::Semaphore;

use super::{ByteStream, Connector, Error, Secret};

/// Longest wait for the answer to an ordinary request.
pub(super) const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
/// Longest wait for a byte stream to open.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);
/// Most bytes of one answer: a long session's messages fit, a runaway body does not.
const BODY_LIMIT: usize = 64 << 20;
/// Most REST connections at a time.
const MOST_CONNECTIONS: usize = 4;
/// Most of them that are kept while nobody uses them: a burst needs more, and each holds its buffers.
const MOST_IDLE: usize = 2;
/// A connection that was idle for longer may have been cut by something on the way that nobody told us about.
const IDLE_LIMIT: Duration = Duration::from_secs(45);
/// Waits before the second and third try.
const RETRY_WAITS: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];
/// What this program calls itself.
pub(super) const AGENT: &str = concat!("kubectl-opencode/", env!("CARGO_PKG_VERSION"));
/// `Host` of every request; the server does not look at it.
pub(super) const HOST_NAME: &str = "opencode";

type Sender = SendRequest<Full<Bytes>>;

/// One request: everything but the connection.
pub(super) struct Call {
    pub(super) method: Method,
    /// Path and query, percent-encoded.
    pub(super) target: String,
    pub(super) body: Option<Value>,
    pub(super) timeout: Duration,
    /// Whether a kept connection may carry it.
    pub(super) fresh: bool,
}

impl Call {
    /// Method and path, for error messages; the query stays out of them.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.target.split('?').next().unwrap_or_default())
    }

    fn is_idempotent(&self) -> bool {
        matches!(self.method, Method::GET | Method::PUT | Method::DELETE)
    }
}

/// The connections to one server.
pub(super) struct Transport {
    connector: Arc<dyn Connector>,
    authorization: Option<HeaderValue>,
    idle: Mutex<Vec<(Sender, Instant)>>,
    places: Semaphore,
    /// What the server's clock showed, and when.
    clock: Mutex<Option<(i64, Instant)>>,
}

impl Transport {
    pub(super) fn new(connector: Arc<dyn Connector>) -> Self {
        Self {
            connector,
            authorization: None,
            idle: Mutex::default(),
            places: Semaphore::new(MOST_CONNECTIONS),
            clock: Mutex::default(),
        }
    }

    /// The same server, with HTTP Basic credentials.
    pub(super) fn with_password(&self, user: &str, password: &Secret) -> Self {
        let token = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{}", password.expose()));
        let mut transport = Self::new(Arc::clone(&self.connector));
        transport.authorization = HeaderValue::try_from(format!("Basic {token}")).ok().map(|mut value| {
            value.set_sensitive(true);
            value
        });
        transport
    }

    pub(super) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }

    pub(super) fn start_over(&self) {
        self.lock_idle().clear();
        self.connector.start_over();
    }

    pub(super) fn server_time(&self) -> Option<i64> {
        let (then, at) = (*self.clock.lock().unwrap_or_else(PoisonError::into_inner))?;
        Some(then + i64::try_from(at.elapsed().as_millis()).ok()?)
    }

    /// Sets the clock by the header `Date` (RFC 9110, 6.6.1).
    fn set_clock(&self, headers: &http::HeaderMap) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        if let Some(date) = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok()) {
            let time = (date.timestamp().as_millisecond(), Instant::now());
            *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = Some(time);
        }
    }

    /// Opens one fresh byte stream, trying again as long as it may help.
    pub(super) async fn open_stream(&self) -> Result<Box<dyn ByteStream>, Error> {
        let mut waits = RETRY_WAITS.iter();
        loop {
            let error = match tokio::time::timeout(OPEN_TIMEOUT, self.connector.connect()).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => Error::Unreachable(error),
                Err(_) => {
                    return Err(Error::Unreachable(std::io::Error::new(
                        std::io::ErrorKind::TimedOut,
                        format!("no connection within {} s", OPEN_TIMEOUT.as_secs()),
                    )));
                }
            };
            match waits.next() {
                Some(wait) if !error.is_denied() => tokio::time::sleep(*wait).await,
                _ => return Err(error),
            }
        }
    }

    async fn open(&self, call: &Call) -> Result<Sender, Error> {
        let stream = self.open_stream().await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| broken(call, error))?;
        tokio::spawn(async move {
            // The request that was under way gets the same error; nobody else is interested.
            let _ = connection.await;
        });
        Ok(sender)
    }

    fn request(&self, call: &Call, accept: &'static str) -> Result<Request<Full<Bytes>>, Error> {
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(&call.target)
            .header(HOST, HOST_NAME)
            .header(USER_AGENT, AGENT)
            .header(ACCEPT, accept);
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let body = match &call.body {
            Some(body) => {
                request = request.header(CONTENT_TYPE, "application/json");
                Bytes::from(body.to_string())
            }
            None => Bytes::new(),
        };
        request.body(Full::new(body)).map_err(|error| malformed(call, error))
    }

    /// Sends a request and reads its answer as JSON; an empty answer reads as null.
    pub(super) async fn exchange<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        let body = self.exchange_bytes(call).await?;
        let text: &[u8] = if body.is_empty() { b"null" } else { &body };
        serde_json::from_slice(text).map_err(|error| malformed(call, error))
    }

    async fn exchange_bytes(&self, call: &Call) -> Result<Bytes, Error> {
        let mut waits = RETRY_WAITS.iter();
        let mut fresh = call.fresh;
        loop {
            let sent = AtomicBool::new(false);
            let place = self.places.acquire().await;
            let attempt = tokio::time::timeout(call.timeout, self.attempt(call, fresh, &sent)).await;
            drop(place);
            let error = match attempt {
                Ok(Ok(body)) => return Ok(body),
                Ok(Err(error)) => error,
                Err(_) => Error::Timeout { call: call.name(), after: call.timeout },
            };
            // Opening has its own tries; what the server answered stays its answer.
            let again = matches!(error, Error::Broken { .. } | Error::Timeout { .. })
                && (!sent.load(Ordering::Relaxed) || call.is_idempotent())
                && !call.fresh;
            match waits.next() {
                Some(wait) if again => tokio::time::sleep(*wait).await,
                _ => return Err(error),
            }
            fresh = true;
        }
    }

    async fn attempt(&self, call: &Call, fresh: bool, sent: &AtomicBool) -> Result<Bytes, Error> {
        let kept = if fresh { None } else { self.take_idle() };
        let mut sender = match kept {
            Some(sender) => sender,
            None => self.open(call).await?,
        };
        sender.ready().await.map_err(|error| broken(call, error))?;
        let request = self.request(call, "application/json")?;
        sent.store(true, Ordering::Relaxed);
        let response = match sender.try_send_request(request).await {
            Ok(response) => response,
            Err(mut error) => {
                sent.store(error.take_message().is_none(), Ordering::Relaxed);
                return Err(broken(call, error.into_error()));
            }
        };
        let (head, body) = response.into_parts();
        self.set_clock(&head.headers);
        let body = match Limited::new(body, BODY_LIMIT).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => {
                return Err(Error::TooLarge { call: call.name(), limit: BODY_LIMIT });
            }
            Err(error) => return Err(Error::Broken { call: call.name(), source: error }),
        };
        let mut idle = self.lock_idle();
        if !sender.is_closed() && idle.len() < MOST_IDLE {
            idle.push((sender, Instant::now()));
        }
        drop(idle);
        check(call, head.status, content_type(&head.headers), &body)?;
        Ok(body)
    }

    /// Sends a GET on a connection of its own and hands back the answer's body as it comes.
    pub(super) async fn stream(&self, call: &Call) -> Result<Incoming, Error> {
        let opening = async {
            let mut sender = self.open(call).await?;
            let request = self.request(call, "text/event-stream")?;
            sender.send_request(request).await.map_err(|error| broken(call, error))
        };
        let response: Response<Incoming> = tokio::time::timeout(call.timeout, opening)
            .await
            .map_err(|_| Error::Timeout { call: call.name(), after: call.timeout })??;
        let (head, body) = response.into_parts();
        if head.status == StatusCode::OK && content_type(&head.headers).starts_with("text/event-stream") {
            return Ok(body);
        }
        let text =
            Limited::new(body, 1 << 20).collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        check(call, head.status, content_type(&head.headers), &text)?;
        Err(Error::NotServed { call: call.name(), content_type: content_type(&head.headers).to_owned() })
    }

    fn take_idle(&self) -> Option<Sender> {
        let mut idle = self.lock_idle();
        idle.retain(|(sender, since)| !sender.is_closed() && since.elapsed() < IDLE_LIMIT);
        idle.pop().map(|(sender, _)| sender)
    }

    fn lock_idle(&self) -> std::sync::MutexGuard<'_, Vec<(Sender, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn content_type(headers: &http::HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("without a content type")
}

fn broken(call: &Call, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Broken { call: call.name(), source: error.into() }
}

fn malformed(call: &Call, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Malformed { call: call.name(), source: error.into() }
}

/// Both shapes in which the server reports an error: `{"name","data":{"message"}}` and `{"_tag","message"}`.
#[derive(Deserialize, Default)]
struct ErrorBody {
    #[serde(default, alias = "_tag")]
    name: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    data: Option<ErrorData>,
}

#[derive(Deserialize)]
struct ErrorData {
    #[serde(default)]
    message: String,
}

fn check(call: &Call, status: StatusCode, content_type: &str, body: &[u8]) -> Result<(), Error> {
    if status == StatusCode::UNAUTHORIZED {
        return Err(Error::Unauthorized);
    }
    let is_json = content_type.starts_with("application/json");
    if status.is_success() {
        return if is_json || body.is_empty() {
            Ok(())
        } else {
            Err(Error::NotServed { call: call.name(), content_type: content_type.to_owned() })
        };
    }
    Err(refusal(call.name(), status, body))
}

/// The error that an answer with an error status stands for.
pub(super) fn refusal(call: String, status: StatusCode, body: &[u8]) -> Error {
    let said: ErrorBody = serde_json::from_slice(body).unwrap_or_default();
    let name = if said.name.is_empty() { format!("status {}", status.as_u16()) } else { said.name };
    let message = [said.data.map(|data| data.message).unwrap_or_default(), said.message]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_else(|| status.canonical_reason().unwrap_or("unknown status").to_owned());
    Error::Refused { call, status: status.as_u16(), name, message }
}

/// Percent-encodes a text for one segment of a path or one value of a query (RFC 3986, all but unreserved characters).
pub(crate) fn encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    encoded
}
