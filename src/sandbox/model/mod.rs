//! The offline model: an OpenAI-compatible endpoint that follows directives instead of thinking.
//!
//! With it whole lives of tasks and sessions run with the real OpenCode, without network and without a key. It answers
//! `POST /v1/chat/completions` (streamed or not) and `GET /v1/models` to whoever shows its bearer token. What it answers
//! is written in the prompt: see [`script`] for the language, and [`explain`] for the text that users read.

mod answer;
mod plan;
pub mod script;

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use futures::stream;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use answer::{Envelope, Piece};

/// The provider's id in an OpenCode configuration.
pub const PROVIDER: &str = "offline";
/// The model's id.
pub const MODEL: &str = "scripted";
/// Provider and model, as OpenCode and `spec.model` write them.
pub const MODEL_REF: &str = "offline/scripted";
/// The longest request; conversations grow with every turn.
const MOST_REQUEST_BYTES: usize = 64 * 1024 * 1024;
/// Of how many requests the refused tries are counted at most; then counting begins anew.
const MOST_REFUSED: usize = 1024;

/// The offline model. Cloning is cheap.
#[derive(Clone)]
pub struct Model {
    token: Arc<str>,
    open: Arc<AtomicUsize>,
    /// How often each request was answered that the model is busy, by the hash of its conversation.
    refused: Arc<Mutex<HashMap<[u8; 32], u32>>>,
}

impl Model {
    /// A model that answers to this bearer token.
    pub fn new(token: impl Into<Arc<str>>) -> Self {
        Self { token: token.into(), open: Arc::default(), refused: Arc::default() }
    }

    /// How many answers are being sent.
    pub fn open_answers(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// The endpoint, with paths from `/v1` on.
    pub fn router(self) -> Router {
        Router::new()
            .route("/v1/models", get(models))
            .route("/v1/chat/completions", post(complete))
            .fallback(async || refusal(StatusCode::NOT_FOUND, "no such path"))
            .layer(DefaultBodyLimit::max(MOST_REQUEST_BYTES))
            .with_state(self)
    }

    /// Whether this try of the request is one of the `tries` in vain.
    fn refuses(&self, request: &[u8], tries: u32) -> bool {
        let mut counts = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_REFUSED {
            counts.clear();
        }
        let count = counts.entry(Sha256::digest(request).into()).or_default();
        let in_vain = *count < tries;
        *count += u32::from(in_vain);
        in_vain
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
        shown.is_some_and(|shown| same(shown, self.token.as_bytes()))
    }
}

/// The OpenCode configuration that makes an agent use the offline model at `base_url` (up to and with `/v1`).
pub fn agent_config(base_url: &str, token: &str) -> Value {
    json!({
        "model": MODEL_REF,
        "small_model": MODEL_REF,
        "enabled_providers": [PROVIDER],
        "provider": {PROVIDER: {
            "npm": "@ai-sdk/openai-compatible",
            "name": "Offline",
            "options": {"baseURL": base_url, "apiKey": token},
            "models": {MODEL: {
                "name": "Scripted",
                "tool_call": true,
                "reasoning": true,
                "limit": {"context": 128_000, "output": 8192},
                "cost": {"input": 1, "output": 2, "cache_read": 0.1},
            }},
        }},
    })
}

/// What users read about the offline model.
pub fn explain() -> String {
    format!(
        "The sandbox answers prompts with an offline model when no provider key is given. It does not think: it follows\n\
         directives in the prompt, one a line, in the order in which they stand. Each tool call is really run by the\n\
         agent, and the next directive follows when its result is there. A prompt without directives is echoed.\n\n\
         {}\n\
         %+bash, %+read, %+tool …  put a tool call beside the one before it, so that both run at once.\n\
         A session or agent whose permissions are set to ask waits for a person before each tool call.\n\
         @ may be written for %; in OpenCode's own terminal @ opens a list of files, so type % there.\n\
         In texts, \\n is a new line, \\t a tab and \\\\ a backslash.\n\n\
         Example:\n\n  \
         kubectl opencode run --agent dev '%think I look first\n  %bash ls -la\n  %write notes.md It is all there\n  %say done'\n",
        script::listing()
    )
}

async fn models(State(model): State<Model>, headers: HeaderMap) -> Response {
    if !model.admits(&headers) {
        return refusal(StatusCode::UNAUTHORIZED, "wrong or missing bearer token");
    }
    let listed = json!({"id": MODEL, "object": "model", "created": 0, "owned_by": PROVIDER});
    Json(json!({"object": "list", "data": [listed]})).into_response()
}

async fn complete(State(model): State<Model>, headers: HeaderMap, body: Bytes) -> Response {
    if !model.admits(&headers) {
        return refusal(StatusCode::UNAUTHORIZED, "wrong or missing bearer token");
    }
    let request: plan::Request = match serde_json::from_slice(&body) {
        Ok(request) => request,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, &format!("cannot read the request: {error}")),
    };
    let turn = plan::turn(&request);
    if let Some((status, body)) = answer::failure(&turn) {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        return (status, Json(body)).into_response();
    }
    if let Some((tries, again)) = answer::busy(&turn)
        && model.refuses(&body, tries)
    {
        let headers = [(header::RETRY_AFTER, again.to_string())];
        return (StatusCode::TOO_MANY_REQUESTS, headers, Json(answer::too_busy())).into_response();
    }
    let envelope = Envelope {
        id: format!("chatcmpl-{}", uuid::Uuid::new_v4().simple()),
        model: request.model,
        created: jiff::Timestamp::now().as_second(),
        request_bytes: body.len(),
    };
    let open = Open::new(&model.open);
    if request.stream {
        let pieces = answer::stream(envelope, turn);
        ([(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-cache")], sent(pieces, open))
            .into_response()
    } else {
        let pieces = answer::whole(&envelope, &turn).into_iter();
        ([(header::CONTENT_TYPE, "application/json")], sent(pieces, open)).into_response()
    }
}

/// Pieces as a response body. The body is dropped when the client goes, and the pauses with it.
fn sent(pieces: impl Iterator<Item = Piece> + Send + 'static, open: Open) -> Body {
    Body::from_stream(stream::unfold((pieces, open, false), async |(mut pieces, open, broken)| {
        if broken {
            return None;
        }
        loop {
            match pieces.next()? {
                Piece::Send(bytes) => return Some((Ok(bytes), (pieces, open, false))),
                Piece::Pause(time) => tokio::time::sleep(time).await,
                Piece::Hang => std::future::pending().await,
                Piece::Break => {
                    return Some((Err(io::Error::other("broken off as the prompt asked")), (pieces, open, true)));
                }
            }
        }
    }))
}

fn refusal(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": {"message": message, "type": "invalid_request_error"}}))).into_response()
}

/// Compares without telling by its time where the difference lies.
fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |difference, (l, r)| difference | (l ^ r)) == 0
}

/// Counts one open answer while it lives.
struct Open(Arc<AtomicUsize>);

impl Open {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    fn ask(model: &Model, token: &str, body: &Value) -> impl Future<Output = Response> {
        let request = axum::http::Request::post("/v1/chat/completions")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from(body.to_string()))
            .unwrap();
        let router = model.clone().router();
        async { router.oneshot(request).await.unwrap() }
    }

    fn prompt(text: &str) -> Value {
        json!({"model": MODEL, "stream": true, "messages": [{"role": "user", "content": text}]})
    }

    #[tokio::test]
    async fn only_the_token_opens_it() {
        let model = Model::new("secret");
        for token in ["", "secre", "secretx", "sEcret"] {
            assert_eq!(ask(&model, token, &prompt("%say hi")).await.status(), StatusCode::UNAUTHORIZED);
        }
        assert_eq!(ask(&model, "secret", &prompt("%say hi")).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn an_answer_is_streamed_to_its_end() {
        let response = ask(&Model::new("t"), "t", &prompt("%say hello")).await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(text.contains(r#""content":"hello""#) && text.ends_with("data: [DONE]\n\n"), "{text}");
    }

    #[tokio::test]
    async fn failures_and_broken_connections_are_real() {
        let model = Model::new("t");
        assert_eq!(ask(&model, "t", &prompt("%fail 503")).await.status(), StatusCode::SERVICE_UNAVAILABLE);
        let body = ask(&model, "t", &prompt("%say a\n%drop")).await.into_body();
        assert!(body.collect().await.is_err());
        let request = axum::http::Request::post("/v1/chat/completions").header("authorization", "Bearer t");
        let response = model.router().oneshot(request.body(Body::from("{")).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    }

    #[tokio::test]
    async fn a_busy_model_has_time_in_the_end() {
        let model = Model::new("t");
        for expected in [StatusCode::TOO_MANY_REQUESTS, StatusCode::TOO_MANY_REQUESTS, StatusCode::OK, StatusCode::OK] {
            let response = ask(&model, "t", &prompt("%busy 2 7\n%say at last")).await;
            assert_eq!(response.status(), expected);
            let again = response.headers().get(header::RETRY_AFTER).map(|value| value.to_str().unwrap().to_owned());
            assert_eq!(again.as_deref(), (expected != StatusCode::OK).then_some("7"));
        }
        // Another conversation is counted for itself.
        let other = ask(&model, "t", &prompt("%busy 1\n%say another")).await;
        assert_eq!(other.status(), StatusCode::TOO_MANY_REQUESTS);
    }

    #[tokio::test]
    async fn an_answer_ends_when_its_client_goes() {
        let model = Model::new("t");
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(axum::serve(listener, model.clone().router()).into_future());
        let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
        let body = prompt("%say first\n%hang").to_string();
        let head = format!(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer t\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        tokio::io::AsyncWriteExt::write_all(&mut client, (head + &body).as_bytes()).await.unwrap();
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains("first") {
            assert_ne!(tokio::io::AsyncReadExt::read_buf(&mut client, &mut seen).await.unwrap(), 0);
        }
        assert_eq!(model.open_answers(), 1);
        drop(client);
        let deadline = Instant::now() + Duration::from_secs(10);
        while model.open_answers() > 0 {
            assert!(Instant::now() < deadline, "the answer is still open");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server.abort();
    }

    #[test]
    fn the_explanation_lists_every_directive() {
        let text = explain();
        assert!(script::DIRECTIVES.iter().all(|directive| text.contains(directive.meaning)), "{text}");
    }
}
