//! Limits of a request to the API server, and which requests are sent again.

use std::fmt;
use std::future::Future;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use http::header::UPGRADE;
use http::{Method, Request, Response, StatusCode};
use kube::client::Body;
use kube::client::retry::RetryPolicy;
use tower::retry::Policy;
use tower::{BoxError, Service};

const RETRY_FIRST: Duration = Duration::from_millis(100);
const RETRY_LONGEST: Duration = Duration::from_secs(5);
const RETRIES: u32 = 4;

/// No connection in time.
#[derive(Debug)]
pub(super) struct ConnectTimeout(pub(super) Duration);

impl fmt::Display for ConnectTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no connection within {} s", self.0.as_secs())
    }
}

impl std::error::Error for ConnectTimeout {}

/// No answer in time.
#[derive(Debug)]
pub(super) struct RequestTimeout(pub(super) Duration);

impl fmt::Display for RequestTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no answer within {} s", self.0.as_secs_f32())
    }
}

impl std::error::Error for RequestTimeout {}

/// Whether a request that may have been served is not sent again here: one that creates, or runs a command, would do it twice,
/// and the answer to a deletion that is repeated is another one. Who sends it knows what to make of that.
pub fn is_sent_once(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::DELETE)
}

/// Sends again what the server was too busy for: 429 always, since it was not looked at; 503 and 504 unless
/// [`is_sent_once`] or it opens a stream. `Retry-After` is honoured.
#[derive(Clone)]
pub(super) struct Retry(RetryPolicy);

impl Default for Retry {
    fn default() -> Self {
        Self(RetryPolicy::new(RETRY_FIRST, RETRY_LONGEST, RETRIES, true).unwrap_or_default())
    }
}

impl<R> Policy<Request<Body>, Response<R>, BoxError> for Retry {
    type Future = tokio::time::Sleep;

    fn retry(
        &mut self,
        request: &mut Request<Body>,
        result: &mut Result<Response<R>, BoxError>,
    ) -> Option<Self::Future> {
        let untouched = matches!(result, Ok(response) if response.status() == StatusCode::TOO_MANY_REQUESTS);
        // A command may have run; and who opens a stream tries again as often as it likes to.
        let acts = is_sent_once(request.method()) || request.headers().contains_key(UPGRADE);
        if acts && !untouched {
            return None;
        }
        self.0.retry(request, result)
    }

    fn clone_request(&mut self, request: &Request<Body>) -> Option<Request<Body>> {
        Policy::<_, Response<R>, _>::clone_request(&mut self.0, request)
    }
}

/// Limits the wait for the head of an answer. Upgrades and streams (watch, followed logs) have limits of their own.
#[derive(Clone)]
pub(super) struct Deadline<S> {
    inner: S,
    limit: Option<Duration>,
}

impl<S> Deadline<S> {
    pub(super) fn new(inner: S, limit: Option<Duration>) -> Self {
        Self { inner, limit }
    }
}

impl<S, B> Service<Request<B>> for Deadline<S>
where
    S: Service<Request<B>, Error = BoxError>,
    S::Future: Future + Send + 'static,
    S::Response: Send,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<S::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let limit = self.limit.filter(|_| !is_stream(&request));
        let answer = self.inner.call(request);
        Box::pin(async move {
            match limit {
                None => answer.await,
                Some(limit) => match tokio::time::timeout(limit, answer).await {
                    Ok(answered) => answered,
                    Err(_) => Err(RequestTimeout(limit).into()),
                },
            }
        })
    }
}

fn is_stream<B>(request: &Request<B>) -> bool {
    let asks_for = |name: &str| {
        let query = request.uri().query().unwrap_or_default();
        query.split('&').any(|pair| pair.strip_prefix(name).is_some_and(|rest| rest == "=true" || rest == "=1"))
    };
    request.headers().contains_key(UPGRADE) || asks_for("watch") || asks_for("follow")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower::ServiceExt as _;

    fn get(uri: &str) -> Request<Body> {
        Request::get(uri).body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn an_answer_that_does_not_come_is_a_timeout_unless_it_is_a_stream() {
        let never = tower::service_fn(|_: Request<Body>| std::future::pending::<Result<Response<()>, BoxError>>());
        let limited = Deadline::new(never, Some(Duration::from_millis(10)));
        let error = limited.clone().oneshot(get("/api/v1/pods")).await.unwrap_err();
        assert_eq!(error.to_string(), "no answer within 0.01 s");
        let watch = limited.oneshot(get("/api/v1/pods?watch=true"));
        assert!(tokio::time::timeout(Duration::from_millis(60), watch).await.is_err());
    }

    #[tokio::test]
    async fn a_create_is_repeated_only_when_it_was_not_looked_at() {
        let answered = |status: StatusCode| Ok::<_, BoxError>(Response::builder().status(status).body(()).unwrap());
        let mut post = Request::post("/").body(Body::empty()).unwrap();
        let mut delete = Request::delete("/").body(Body::empty()).unwrap();
        let (mut get, mut exec) = (get("/"), get("/api/v1/namespaces/n/pods/p/exec?command=rm"));
        exec.headers_mut().insert(UPGRADE, http::HeaderValue::from_static("websocket"));
        let mut retry = Retry::default();
        assert!(retry.retry(&mut post, &mut answered(StatusCode::TOO_MANY_REQUESTS)).is_some());
        assert!(retry.retry(&mut post, &mut answered(StatusCode::GATEWAY_TIMEOUT)).is_none());
        assert!(retry.retry(&mut exec, &mut answered(StatusCode::GATEWAY_TIMEOUT)).is_none());
        assert!(retry.retry(&mut delete, &mut answered(StatusCode::GATEWAY_TIMEOUT)).is_none());
        assert!(retry.retry(&mut get, &mut answered(StatusCode::GATEWAY_TIMEOUT)).is_some());
        assert!(retry.retry(&mut get, &mut answered(StatusCode::OK)).is_none());
    }
}
