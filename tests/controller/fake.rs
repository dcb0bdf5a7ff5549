//! An OpenCode server of the tests' own: as much of the HTTP API as the controllers use, with faults on demand.
//!
//! Shapes and status codes are those recorded from OpenCode 1.18.33.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::gate::Gate;
use crate::terminal::{self, Terminal};

/// A running fake.
pub struct Fake {
    pub address: SocketAddr,
    pub server: Server,
    stop: CancellationToken,
}

/// What it knows.
#[derive(Clone)]
pub struct Server {
    state: Arc<Mutex<Inner>>,
    home: Arc<tempfile::TempDir>,
    events: broadcast::Sender<String>,
    cut: broadcast::Sender<()>,
}

#[derive(Default)]
pub struct Inner {
    pub terminals: BTreeMap<String, Terminal>,
    sessions: BTreeMap<String, Value>,
    messages: BTreeMap<String, Vec<Value>>,
    in_turn: BTreeMap<String, Value>,
    permissions: BTreeMap<String, Value>,
    calls: Vec<String>,
    /// The next calls whose path holds this text get this answer instead.
    faults: Vec<(String, Fault)>,
    /// What is still to be done.
    late: Option<Request>,
    pub created: i64,
    /// How far the server's clock is ahead, milliseconds.
    ahead: i64,
    streams: usize,
    holds_turns: bool,
    /// Streams opened in an earlier epoch than this are mute.
    muted: usize,
    /// Its terminals find no git.
    pub without_git: bool,
    gate: Option<Gate>,
}

/// What goes wrong.
#[derive(Clone, Copy, PartialEq)]
pub enum Fault {
    /// This status and an error body.
    Status(u16),
    /// The work is done, and the answer is lost.
    AnswerLost,
    /// The link breaks, and the work is done right before the next `POST /session`.
    DoneLater,
    /// No answer for this long.
    Slow(Duration),
}

type Answer = Result<Response, Response>;

impl Fake {
    pub async fn start() -> Self {
        let server = Server {
            state: Arc::default(),
            home: Arc::new(tempfile::tempdir().unwrap()),
            events: broadcast::channel(1024).0,
            cut: broadcast::channel(4).0,
        };
        let stop = CancellationToken::new();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = router(server.clone());
        let stopped = stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                _ = axum::serve(listener, router) => {}
                () = stopped.cancelled() => {}
            }
        });
        Self { address, server, stop }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.stop.cancel();
        let _ = self.server.cut.send(());
        self.server.end_terminals();
    }
}

impl Server {
    pub fn with<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        change(&mut self.state.lock().unwrap())
    }

    /// The directory that it works in.
    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// Told of every cut.
    pub fn cuts(&self) -> broadcast::Receiver<()> {
        self.cut.subscribe()
    }

    /// Kills everything that runs, as the end of a Pod does.
    pub fn end_terminals(&self) {
        let all = self.with(|inner| std::mem::take(&mut inner.terminals));
        all.values().for_each(Terminal::hang_up);
    }

    /// Puts a gate before every call.
    pub fn set_gate(&self, gate: Gate) {
        self.with(|inner| inner.gate = Some(gate));
    }

    /// The event streams that are open say nothing any more.
    pub fn mute(&self) {
        self.with(|inner| inner.muted += 1);
    }

    /// Dies in the middle of a turn, and comes back without it.
    pub fn die(&self, session: &str) {
        self.with(|inner| {
            inner.in_turn.remove(session);
            inner.permissions.clear();
        });
        self.cut_streams();
    }

    /// Forks a session as the real one does: with its metadata.
    pub fn fork(&self, session: &str) -> String {
        let metadata = self.with(|inner| inner.sessions[session]["metadata"].clone());
        let fork = self.create("forked (fork #1)");
        self.change(&fork, |session| session["metadata"] = metadata);
        fork
    }

    /// Somebody says a lot.
    pub fn say_at_length(&self, session: &str, id: &str, text: &str) {
        let message = json!({"info": {"id": id, "sessionID": session, "role": "user", "time": {"created": self.now()}},
            "parts": [{"type": "text", "text": text}]});
        self.with(|inner| inner.messages.entry(session.to_owned()).or_default().push(message));
    }

    /// Titles of the terminals that run.
    pub fn terminals(&self) -> Vec<String> {
        self.with(|inner| inner.terminals.values().map(Terminal::title).collect())
    }

    /// Changes a session behind everybody's back.
    pub fn change(&self, session: &str, change: impl FnOnce(&mut Value)) {
        let info = self.with(|inner| {
            let session = inner.sessions.get_mut(session).unwrap();
            change(session);
            session.clone()
        });
        self.send("session.updated", &json!({"sessionID": session, "info": info}));
    }

    /// From now on the server's clock is this far ahead.
    pub fn set_clock(&self, ahead: Duration, is_ahead: bool) {
        let ahead = i64::try_from(ahead.as_millis()).unwrap();
        self.with(|inner| inner.ahead = if is_ahead { ahead } else { -ahead });
    }

    fn now(&self) -> i64 {
        now() + self.with(|inner| inner.ahead)
    }

    /// The next call to a path that holds `part` goes wrong.
    pub fn fail_next(&self, part: &str, fault: Fault) {
        self.with(|inner| inner.faults.push((part.to_owned(), fault)));
    }

    /// Turns go on until [`Server::finish`].
    pub fn hold_turns(&self) {
        self.with(|inner| inner.holds_turns = true);
    }

    pub fn sessions(&self) -> Vec<Value> {
        self.with(|inner| inner.sessions.values().cloned().collect())
    }

    pub fn messages(&self, session: &str) -> Vec<Value> {
        self.with(|inner| inner.messages.get(session).cloned().unwrap_or_default())
    }

    pub fn is_in_turn(&self, session: &str) -> bool {
        self.with(|inner| inner.in_turn.contains_key(session))
    }

    pub fn calls(&self) -> Vec<String> {
        self.with(|inner| inner.calls.clone())
    }

    /// Event streams that are open.
    pub fn streams(&self) -> usize {
        self.with(|inner| inner.streams)
    }

    /// Ends every event stream, as a dropped link does.
    pub fn cut_streams(&self) {
        let _ = self.cut.send(());
    }

    /// Forgets everything, as a restart without a volume does.
    pub fn forget(&self) {
        self.with(|inner| {
            inner.sessions.clear();
            inner.messages.clear();
            inner.in_turn.clear();
            inner.permissions.clear();
        });
        self.cut_streams();
    }

    /// Forgets what was said in a session, as a server does that is killed before it stored what it took.
    pub fn lose_messages(&self, session: &str) {
        self.with(|inner| {
            inner.messages.remove(session);
            inner.in_turn.remove(session);
        });
        self.cut_streams();
    }

    /// Keeps the first message of a session without its text and without an answer, as a server does that is killed a
    /// moment later.
    pub fn lose_all_but_the_envelope(&self, session: &str) {
        self.with(|inner| {
            let messages = inner.messages.entry(session.to_owned()).or_default();
            messages.truncate(1);
            messages[0]["parts"] = json!([]);
            inner.in_turn.remove(session);
        });
        self.cut_streams();
    }

    /// Somebody says something in a session.
    pub fn say(&self, session: &str, id: &str) {
        let message = json!({"info": {"id": id, "sessionID": session, "role": "user", "time": {"created": self.now()}}, "parts": []});
        self.with(|inner| inner.messages.entry(session.to_owned()).or_default().push(message));
    }

    /// The session asks for permission.
    pub fn ask(&self, session: &str, id: &str) {
        let asked = json!({"id": id, "sessionID": session, "permission": "bash", "patterns": ["ls"], "always": []});
        self.with(|inner| inner.permissions.insert(id.to_owned(), asked.clone()));
        self.send("permission.asked", &asked);
    }

    /// What a call of a tool asked for whose turn was aborted stays listed.
    pub fn leave_asked(&self, session: &str, id: &str) {
        let tool = json!({"messageID": "msg_of_an_earlier_turn", "callID": "call_1"});
        let asked = json!({"id": id, "sessionID": session, "permission": "bash", "patterns": ["ls"], "tool": tool});
        self.with(|inner| inner.permissions.insert(id.to_owned(), asked));
    }

    /// The session's turn ends, well or with an error.
    pub fn finish(&self, session: &str, error: Option<Value>) {
        let answered = self.with(|inner| {
            inner.in_turn.remove(session);
            inner.permissions.retain(|_, asked| asked["sessionID"] != session);
            inner.created += 1;
            let now = now() + inner.ahead + inner.created;
            let id = format!("msg_{now:012x}answer");
            let mut info = json!({"id": id, "sessionID": session, "role": "assistant", "cost": 0.5,
                "tokens": {"input": 10, "output": 2, "reasoning": 0, "cache": {"read": 1, "write": 0}},
                "time": {"created": now, "completed": now}});
            if let Some(error) = &error {
                info["error"] = error.clone();
            }
            inner.messages.entry(session.to_owned()).or_default().push(json!({"info": info, "parts": []}));
            let session = inner.sessions.get_mut(session)?;
            session["cost"] = json!(0.5);
            session["time"]["updated"] = json!(now);
            Some(session.clone())
        });
        if let Some(error) = error {
            self.send("session.error", &json!({"sessionID": session, "error": error}));
        }
        self.send("session.status", &json!({"sessionID": session, "status": {"type": "idle"}}));
        self.send("session.idle", &json!({"sessionID": session}));
        if let Some(info) = answered {
            self.send("session.updated", &json!({"sessionID": session, "info": info}));
        }
    }

    /// A session that somebody else made, as `opencode run --title` does.
    pub fn create(&self, title: &str) -> String {
        self.insert(&json!({"title": title}))["id"].as_str().unwrap().to_owned()
    }

    /// A turn begins.
    pub fn begin(&self, session: &str) {
        self.with(|inner| inner.in_turn.insert(session.to_owned(), json!({"type": "busy"})));
        self.send("session.status", &json!({"sessionID": session, "status": {"type": "busy"}}));
    }

    fn insert(&self, body: &Value) -> Value {
        let (now, home) = (self.now(), self.home.path().to_owned());
        let created = self.with(|inner| {
            inner.created += 1;
            let mut session = json!({"id": format!("ses_{:04}", 9999 - inner.created), "directory": home, "cost": 0.0,
                "tokens": {"input": 0, "output": 0, "reasoning": 0, "cache": {"read": 0, "write": 0}},
                "time": {"created": now, "updated": now}});
            session.as_object_mut().unwrap().extend(body.as_object().cloned().unwrap_or_default());
            inner.sessions.insert(session["id"].as_str().unwrap().to_owned(), session.clone());
            session
        });
        self.send("session.created", &json!({"sessionID": created["id"], "info": created}));
        created
    }

    fn send(&self, kind: &str, properties: &Value) {
        let payload = json!({"id": "evt_1", "type": kind, "properties": properties});
        let _ = self.events.send(json!({"directory": self.home.path(), "payload": payload}).to_string());
    }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn router(server: Server) -> Router {
    Router::new()
        .route("/global/health", get(async || axum::Json(json!({"healthy": true, "version": "1.18.33"}))))
        .route(
            "/path",
            get(async |State(server): State<Server>| {
                axum::Json(json!({"home": "/h", "worktree": "/", "directory": server.home()}))
            }),
        )
        .route("/session", get(list).post(create))
        .route(
            "/session/status",
            get(async |State(server): State<Server>| axum::Json(json!(server.with(|inner| inner.in_turn.clone())))),
        )
        .route("/session/{id}", get(show).patch(patch).delete(remove))
        .route("/session/{id}/message", get(messages))
        .route("/session/{id}/prompt_async", post(prompt))
        .route("/session/{id}/abort", post(abort))
        .route(
            "/permission",
            get(async |State(server): State<Server>| {
                axum::Json(json!(server.with(|inner| inner.permissions.values().cloned().collect::<Vec<_>>())))
            }),
        )
        .route("/question", get(async || axum::Json(json!([]))))
        .route("/pty", get(terminal::list).post(terminal::create))
        .route("/pty/{id}", get(terminal::show).delete(terminal::delete))
        .route("/pty/{id}/connect", get(terminal::connect))
        .route("/global/event", get(events))
        .layer(from_fn_with_state(server.clone(), faults))
        .with_state(server)
}

async fn faults(State(server): State<Server>, request: Request, next: Next) -> Response {
    let call = format!("{} {}", request.method(), request.uri().path());
    let fault = server.with(|inner| {
        inner.calls.push(call.clone());
        let index = inner.faults.iter().position(|(part, _)| call.contains(part.as_str()))?;
        Some(inner.faults.remove(index).1)
    });
    if call == "POST /session"
        && let Some(late) = server.with(|inner| inner.late.take())
    {
        next.clone().run(late).await;
    }
    let (ahead, gate) = server.with(|inner| (inner.ahead, inner.gate.clone()));
    let answer = answer(&server, request, next, fault, ahead);
    match gate.filter(|_| !call.ends_with("/global/event")) {
        Some(gate) => gate.pass(answer).await,
        None => answer.await,
    }
}

async fn answer(server: &Server, request: Request, next: Next, fault: Option<Fault>, ahead: i64) -> Response {
    match fault {
        None if ahead != 0 => {
            let mut response = next.run(request).await;
            let now = jiff::Timestamp::from_millisecond(server.now()).unwrap();
            let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now).unwrap();
            response.headers_mut().insert(header::DATE, date.parse().unwrap());
            response
        }
        None => next.run(request).await,
        Some(Fault::Status(code)) => {
            let body = json!({"name": "UnknownError", "data": {"message": "made to fail"}});
            (StatusCode::from_u16(code).unwrap(), axum::Json(body)).into_response()
        }
        Some(Fault::AnswerLost) => {
            next.run(request).await;
            link_lost()
        }
        Some(Fault::DoneLater) => {
            let (head, body) = request.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            server.with(|inner| inner.late = Some(Request::from_parts(head, Body::from(body))));
            link_lost()
        }
        Some(Fault::Slow(time)) => {
            tokio::time::sleep(time).await;
            next.run(request).await
        }
    }
}

/// A body that breaks off: the client cannot know what was done.
fn link_lost() -> Response {
    let broken = futures::stream::once(async { Err::<bytes::Bytes, _>(std::io::Error::other("link lost")) });
    Response::builder().header(header::CONTENT_TYPE, "application/json").body(Body::from_stream(broken)).unwrap()
}

fn not_found(what: &str) -> Response {
    let body = json!({"name": "NotFoundError", "data": {"message": format!("Session not found: {what}")}});
    (StatusCode::NOT_FOUND, axum::Json(body)).into_response()
}

async fn list(State(server): State<Server>, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let search = query.get("search").cloned().unwrap_or_default();
    let start: i64 = query.get("start").and_then(|start| start.parse().ok()).unwrap_or(0);
    let found: Vec<_> = server
        .sessions()
        .into_iter()
        .filter(|session| session["title"].as_str().unwrap_or_default().contains(&search))
        .filter(|session| session["time"]["updated"].as_i64().unwrap_or(0) >= start)
        .collect();
    axum::Json(json!(found)).into_response()
}

async fn create(
    State(server): State<Server>,
    Query(query): Query<BTreeMap<String, String>>,
    mut body: axum::Json<Value>,
) -> Response {
    if let Some(directory) = query.get("directory") {
        body["directory"] = json!(directory);
    }
    axum::Json(server.insert(&body)).into_response()
}

async fn show(State(server): State<Server>, Path(id): Path<String>) -> Answer {
    let found = server.with(|inner| inner.sessions.get(&id).cloned());
    Ok(axum::Json(found.ok_or_else(|| not_found(&id))?).into_response())
}

async fn patch(State(server): State<Server>, Path(id): Path<String>, body: axum::Json<Value>) -> Answer {
    let patched = server.with(|inner| {
        let session = inner.sessions.get_mut(&id)?;
        session.as_object_mut()?.extend(body.as_object()?.clone());
        Some(session.clone())
    });
    Ok(axum::Json(patched.ok_or_else(|| not_found(&id))?).into_response())
}

async fn remove(State(server): State<Server>, Path(id): Path<String>) -> Answer {
    // As the real one: a running turn goes on.
    server.with(|inner| inner.sessions.remove(&id)).ok_or_else(|| not_found(&id))?;
    Ok(axum::Json(json!(true)).into_response())
}

async fn messages(State(server): State<Server>, Path(id): Path<String>) -> Answer {
    if !server.with(|inner| inner.sessions.contains_key(&id)) {
        return Err(not_found(&id));
    }
    Ok(axum::Json(json!(server.messages(&id))).into_response())
}

async fn prompt(State(server): State<Server>, Path(id): Path<String>, body: axum::Json<Value>) -> Answer {
    if !server.with(|inner| inner.sessions.contains_key(&id)) {
        return Err(not_found(&id));
    }
    let message = json!({"info": {"id": body["messageID"], "sessionID": id, "role": "user", "time": {"created": server.now()}},
        "parts": body["parts"]});
    // As the real one: a message of this id is replaced, its running turn goes on, and its answer stands.
    let (is_settled, holds) = server.with(|inner| {
        let messages = inner.messages.entry(id.clone()).or_default();
        let place = messages.iter().position(|known| known["info"]["id"] == message["info"]["id"]);
        let is_settled = place.is_some_and(|place| place + 1 < messages.len()) || inner.in_turn.contains_key(&id);
        match place {
            Some(place) => messages[place] = message,
            None => messages.push(message),
        }
        (is_settled, inner.holds_turns)
    });
    if is_settled {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    server.begin(&id);
    if !holds {
        server.finish(&id, None);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn abort(State(server): State<Server>, Path(id): Path<String>) -> Response {
    if server.is_in_turn(&id) {
        server.finish(&id, Some(json!({"name": "MessageAbortedError", "data": {"message": "Aborted"}})));
    }
    axum::Json(json!(true)).into_response()
}

/// Counts an open stream for as long as it exists.
struct Open(Server);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.with(|inner| inner.streams -= 1);
    }
}

async fn events(State(server): State<Server>) -> Response {
    let epoch = server.with(|inner| {
        inner.streams += 1;
        inner.muted
    });
    let open = Open(server.clone());
    let (events, cut) = (server.events.subscribe(), server.cut.subscribe());
    let first = json!({"payload": {"id": "evt_0", "type": "server.connected", "properties": {}}}).to_string();
    let stream = futures::stream::unfold(
        (Some(first), events, cut, open),
        move |(first, mut events, mut cut, open)| async move {
            let event = if let Some(first) = first {
                first
            } else {
                loop {
                    let event = tokio::select! {
                        event = events.recv() => event.ok()?,
                        _ = cut.recv() => return None,
                    };
                    if open.0.with(|inner| inner.muted) == epoch {
                        break event;
                    }
                }
            };
            Some((Ok::<_, std::convert::Infallible>(format!("data: {event}\n\n")), (None, events, cut, open)))
        },
    );
    Response::builder().header(header::CONTENT_TYPE, "text/event-stream").body(Body::from_stream(stream)).unwrap()
}
