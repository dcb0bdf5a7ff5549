//! Servers that tests direct: an API server that refuses, and an OpenCode server with one scripted answer.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{Method, Request, Response, StatusCode};
use axum::routing::{get, post};
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::sync::broadcast;

/// The status of an answer that never comes.
pub const NEVER: u16 = 0;

/// Answers every request with what `answer` says; it counts calls itself.
pub struct ApiStub {
    pub address: SocketAddr,
    pub calls: Arc<Mutex<Vec<String>>>,
    _runtime: tokio::runtime::Runtime,
}

/// A refusal as the API server words it.
pub fn status(code: u16, reason: &str, message: &str) -> (u16, Value) {
    let object = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code});
    (code, object)
}

impl ApiStub {
    pub fn start(answer: impl Fn(&Method, &str, usize) -> (u16, Value) + Send + Sync + 'static) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (Arc::clone(&calls), Arc::new(answer));
        let handle = move |request: Request<Body>| {
            let line = format!("{} {}", request.method(), request.uri());
            let before = {
                let mut seen = seen.lock().unwrap();
                seen.push(line.clone());
                seen.iter().filter(|other| **other == line).count()
            };
            let uri = request.uri().to_string();
            let (code, body) = if uri.contains("/configmaps/kubectl-opencode") {
                // The namespace has no settings.
                status(404, "NotFound", "configmaps \"kubectl-opencode\" not found")
            } else {
                answer(request.method(), &uri, before)
            };
            let text = if body.is_string() { body.as_str().unwrap().to_owned() } else { body.to_string() };
            async move {
                if code == NEVER {
                    std::future::pending::<()>().await;
                }
                Response::builder()
                    .status(StatusCode::from_u16(code).unwrap())
                    .header("content-type", "application/json")
                    .body(Body::from(text))
                    .unwrap()
            }
        };
        let address = runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            tokio::spawn(async move { axum::serve(listener, Router::new().fallback(handle)).await.unwrap() });
            address
        });
        Self { address, calls, _runtime: runtime }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// An OpenCode server on which whatever a model, a tool or another user may word is `text`. It keeps a conversation that is
/// idle, `ses_idle`, one that asks for everything, `ses_asks`, and a subagent's.
pub fn wording(text: &str) -> ApiStub {
    let text = text.to_owned();
    ApiStub::start(move |method, uri, _| {
        let path = uri.split('?').next().unwrap();
        let session = |id: &str, name: &str| {
            json!({"id": id, "directory": "/workspace", "title": text, "agent": text,
                "metadata": {"kubernetes.namespace": "default", "kubernetes.session": name, "kubernetes.uid": text},
                "revert": {"messageID": text}, "share": {"url": text}, "time": {"created": 1_000, "updated": 1_000}})
        };
        let mut child = session("ses_child", "none");
        child["parentID"] = "ses_idle".into();
        let part = |id: &str, kind: &str, fields: Value| {
            let mut part = json!({"id": id, "sessionID": "ses_idle", "messageID": "msg_2", "type": kind});
            part.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            part
        };
        let state = json!({"status": "completed", "input": {"command": text}, "output": text, "title": text,
            "metadata": {}, "time": {"start": 1, "end": 2}});
        let failed =
            json!({"status": "error", "input": {"filePath": text}, "error": text, "time": {"start": 1, "end": 2}});
        let messages = json!([
            {"info": {"id": "msg_1", "sessionID": "ses_idle", "role": "user", "time": {"created": 2_000}}, "parts": [
                part("prt_1", "text", json!({"text": text})),
                part("prt_2", "file", json!({"mime": text, "filename": text, "url": text})),
            ]},
            {"info": {"id": "msg_2", "sessionID": "ses_idle", "role": "assistant", "parentID": "msg_1",
                "time": {"created": 3_000, "completed": 4_000}, "error": {"name": text, "data": {"message": text}}}, "parts": [
                part("prt_3", "reasoning", json!({"text": text, "time": {"start": 1, "end": 2}})),
                part("prt_4", "tool", json!({"tool": text, "callID": "call_1", "state": state})),
                part("prt_5", "tool", json!({"tool": "edit", "callID": "call_2", "state": failed})),
                part("prt_6", "text", json!({"text": text})),
            ]},
        ]);
        let asks = |id: &str| json!({"id": id, "sessionID": "ses_asks"});
        let mut permission = asks("per_1");
        permission["permission"] = text.as_str().into();
        permission["patterns"] = json!([text]);
        permission["always"] = json!([text]);
        permission["metadata"] =
            json!({"filepath": text, "diff": format!("--- {text}\n+++ {text}\n@@ -1 +1 @@\n-{text}\n+{text}\n")});
        let mut question = asks("que_1");
        question["questions"] =
            json!([{"question": text, "header": text, "options": [{"label": text, "description": text}]}]);
        let body = match path.trim_start_matches('/').split('/').collect::<Vec<_>>().as_slice() {
            ["global", "health"] => json!({"healthy": true, "version": text}),
            ["path"] => {
                json!({"home": "/", "state": "/", "config": "/", "worktree": "/workspace", "directory": "/workspace"})
            }
            ["session", "status"] => json!({"ses_asks": {"type": "busy"}}),
            ["session"] | ["experimental", "session"] => {
                json!([session("ses_idle", "s"), session("ses_asks", "asks"), session("ses_lost", "none"), child])
            }
            ["session", _, "children"] => json!([child]),
            ["session", _, "message"] => messages,
            ["session", _, "message", "msg_1"] => messages[0].clone(),
            ["session", _, "todo"] => json!([{"content": text, "status": text, "priority": text}]),
            ["session", _, "diff"] => {
                json!([{"file": text, "patch": format!("+{text}"), "additions": 1, "deletions": 0, "status": text}])
            }
            ["session", "ses_child"] => child,
            ["session", "ses_asks"] => session("ses_asks", "asks"),
            ["session", "ses_idle"] | ["session", "ses_idle", "revert" | "unrevert" | "share"] => {
                session("ses_idle", "s")
            }
            ["command"] => json!([{"name": text, "description": text}]),
            ["permission"] => json!([permission]),
            ["question"] => json!([question]),
            ["permission" | "question", _, "reply" | "reject"] if method == Method::POST => json!(true),
            ["pty"] => json!([{"id": "pty_1", "title": text, "command": text, "args": [], "cwd": "/",
                "status": "running", "pid": 1}]),
            _ => return (404, json!({"name": "NotFoundError", "data": {"message": text}})),
        };
        (200, body)
    })
}

/// How the fake OpenCode server ends a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// With the answer `stub: PROMPT`, after one call of a tool.
    Answer,
    /// With an error of the provider.
    ProviderError,
    /// Never.
    Hang,
    /// As with `Answer`, but the provider fails at first.
    Retry,
    /// Somebody stops it.
    Aborted,
    /// Somebody refuses what it asks for.
    Refused,
    /// The conversation is deleted.
    Deleted,
    /// Without a word.
    Silence,
    /// The server ends, and knows nothing of it afterwards.
    CutOff,
    /// As with `Answer`, but another turn falls idle just when the answer has begun, and the answer is finished only once
    /// the follower has asked whether the session is busy.
    BesideAnother,
}

/// An OpenCode server with one session, as far as the program asks one: HTTP, events, prompts.
pub struct OpenCode {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    _runtime: tokio::runtime::Runtime,
}

struct Shared {
    turn: Turn,
    title: Mutex<String>,
    messages: Mutex<Vec<Value>>,
    busy: Mutex<bool>,
    aborted: Mutex<bool>,
    /// The last prompt, as it was sent.
    prompted: Mutex<Value>,
    /// Paths whose next answers break off, once there was a prompt; each time that one does, it is taken away.
    breaking: Mutex<Vec<&'static str>>,
    /// The end of a path from which on no answer comes.
    mute: Mutex<Option<&'static str>>,
    /// The finished answer of [`Turn::BesideAnother`].
    finished: Mutex<Option<Value>>,
    /// How often a message is still told without what it says, as it is stored first.
    unstored: Mutex<usize>,
    events: broadcast::Sender<Value>,
}

pub const SESSION_ID: &str = "ses_fake00000000000000000001";

impl OpenCode {
    pub fn start(turn: Turn) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let shared = Arc::new(Shared {
            turn,
            title: Mutex::new("fake".into()),
            messages: Mutex::default(),
            busy: Mutex::default(),
            aborted: Mutex::default(),
            prompted: Mutex::default(),
            breaking: Mutex::default(),
            mute: Mutex::default(),
            finished: Mutex::default(),
            unstored: Mutex::default(),
            events: broadcast::channel(256).0,
        });
        let router = Router::new()
            .route("/global/health", get(|| async { json_body(&json!({"healthy": true, "version": "1.18.33"})) }))
            .route("/session", get(|State(s): State<Arc<Shared>>| async move { json_body(&json!([s.session()])) }))
            .route("/session/status", get(|State(s): State<Arc<Shared>>| async move { json_body(&s.status()) }))
            .route("/session/{id}", get(|State(s): State<Arc<Shared>>| async move { json_body(&s.session()) }))
            .route("/session/{id}/children", get(|| async { json_body(&json!([])) }))
            .route(
                "/session/{id}/message",
                get(|State(s): State<Arc<Shared>>| async move {
                    json_body(&Value::from(s.messages.lock().unwrap().clone()))
                }),
            )
            .route("/session/{id}/message/{message}", get(Shared::message).delete(|| async { json_body(&json!(true)) }))
            .route("/session/{id}/prompt_async", post(Shared::prompt))
            .route("/session/{id}/share", post(Shared::share).delete(Shared::share))
            .route(
                "/session/{id}/abort",
                post(|State(s): State<Arc<Shared>>| async move {
                    *s.aborted.lock().unwrap() = true;
                    s.idle();
                    json_body(&json!(true))
                }),
            )
            .route("/session/{id}/command", post(Shared::command))
            .route("/command", get(|| async { json_body(&json!([{"name": "init"}, {"name": "review"}])) }))
            .route("/permission", get(|| async { json_body(&json!([])) }))
            .route("/question", get(|| async { json_body(&json!([])) }))
            .route("/event", get(|State(s): State<Arc<Shared>>| async move { s.stream(false) }))
            .route("/global/event", get(|State(s): State<Arc<Shared>>| async move { s.stream(true) }))
            .layer(axum::middleware::from_fn_with_state(Arc::clone(&shared), Shared::broken))
            .with_state(Arc::clone(&shared));
        let address = runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
            address
        });
        Self { address, shared, _runtime: runtime }
    }

    /// Whether a turn was aborted.
    pub fn was_aborted(&self) -> bool {
        *self.shared.aborted.lock().unwrap()
    }

    /// Breaks the answers to these GET requests off, one for each path, once there is a prompt.
    pub fn breaks(&self, paths: &[&'static str]) {
        paths.clone_into(&mut self.shared.breaking.lock().unwrap());
    }

    /// Answers no request any more whose path ends so.
    pub fn mutes(&self, end: &'static str) {
        *self.shared.mute.lock().unwrap() = Some(end);
    }

    /// Somebody deletes the conversation.
    pub fn deletes(&self) {
        self.shared.send("session.deleted", json!({"info": self.shared.session()}));
    }

    /// The paths of [`OpenCode::breaks`] that were not asked for.
    pub fn unbroken(&self) -> Vec<&'static str> {
        self.shared.breaking.lock().unwrap().clone()
    }

    /// Tells messages so many times before they have any part, as a server does that is slow to store them.
    pub fn stores_late(&self, times: usize) {
        *self.shared.unstored.lock().unwrap() = times;
    }

    /// How many of these times are left.
    pub fn unstored(&self) -> usize {
        *self.shared.unstored.lock().unwrap()
    }

    /// The last prompt, as it was sent.
    pub fn prompted(&self) -> Value {
        self.shared.prompted.lock().unwrap().clone()
    }

    /// Plays a turn that somebody else began: a task's.
    pub fn play(&self, title: &str, prompt: &str) {
        title.clone_into(&mut self.shared.title.lock().unwrap());
        self.shared.send("session.updated", json!({"info": self.shared.session()}));
        self.shared.run(&json!({"messageID": "msg_1", "parts": [{"type": "text", "text": prompt}]}));
    }
}

/// An answer that breaks off.
fn cut_off() -> Response<Body> {
    let pieces = [Ok(Bytes::from_static(b"[")), Err(std::io::Error::other("broken"))];
    Response::new(Body::from_stream(futures::stream::iter(pieces)))
}

fn json_body(value: &Value) -> Response<Body> {
    Response::builder().header("content-type", "application/json").body(Body::from(value.to_string())).unwrap()
}

impl Shared {
    fn session(&self) -> Value {
        json!({"id": SESSION_ID, "directory": "/workspace", "title": *self.title.lock().unwrap(), "cost": 0.0,
            "tokens": {"input": 0, "output": 0, "reasoning": 0, "cache": {"read": 0, "write": 0}},
            "time": {"created": 1_000, "updated": 1_000}})
    }

    fn status(self: &Arc<Self>) -> Value {
        if let Some(answer) = self.finished.lock().unwrap().take() {
            let shared = Arc::clone(self);
            tokio::spawn(async move {
                shared.put(&answer);
                shared.idle();
            });
            return json!({SESSION_ID: {"type": "busy"}});
        }
        if *self.busy.lock().unwrap() { json!({SESSION_ID: {"type": "busy"}}) } else { json!({}) }
    }

    fn send(&self, kind: &str, properties: Value) {
        let _ = self.events.send(json!({"id": "evt_1", "type": kind, "properties": properties}));
    }

    fn stream(&self, global: bool) -> Response<Body> {
        let wrap = move |event: Value| {
            let event = if global { json!({"directory": "/workspace", "payload": event}) } else { event };
            Ok::<_, Infallible>(Bytes::from(format!("data: {event}\n\n")))
        };
        let connected = json!({"id": "evt_0", "type": "server.connected", "properties": {}});
        let receiver = self.events.subscribe();
        let later = futures::stream::unfold(receiver, |mut receiver| async {
            receiver.recv().await.ok().map(|event| (event, receiver))
        });
        let stream = futures::stream::iter([connected]).chain(later).map(wrap);
        Response::builder().header("content-type", "text/event-stream").body(Body::from_stream(stream)).unwrap()
    }

    async fn message(State(shared): State<Arc<Self>>, Path((_, id)): Path<(String, String)>) -> Response<Body> {
        let found =
            shared.messages.lock().unwrap().iter().find(|message| message["info"]["id"] == id.as_str()).cloned();
        found.map_or_else(
            || {
                let mut response =
                    json_body(&json!({"name": "NotFoundError", "data": {"message": "Message not found"}}));
                *response.status_mut() = StatusCode::NOT_FOUND;
                response
            },
            |mut message| {
                let mut unstored = shared.unstored.lock().unwrap();
                if *unstored > 0 {
                    *unstored -= 1;
                    message["parts"] = json!([]);
                }
                json_body(&message)
            },
        )
    }

    async fn command(State(shared): State<Arc<Self>>) -> Response<Body> {
        if shared.turn == Turn::Hang {
            std::future::pending::<()>().await;
        }
        if shared.turn == Turn::CutOff {
            return cut_off();
        }
        // What it answers is no message that was said.
        json_body(
            &json!({"info": {"id": "msg_9", "sessionID": SESSION_ID, "role": "assistant", "time": {"created": 1}}, "parts": []}),
        )
    }

    async fn share(State(shared): State<Arc<Self>>, method: Method) -> Response<Body> {
        let mut session = shared.session();
        if method == Method::POST {
            session["share"] = json!({"url": "https://opncd.ai/share/fake"});
        }
        json_body(&session)
    }

    async fn broken(
        State(shared): State<Arc<Self>>,
        request: Request<Body>,
        next: axum::middleware::Next,
    ) -> Response<Body> {
        let is_mute = shared.mute.lock().unwrap().is_some_and(|end| request.uri().path().ends_with(end));
        if is_mute {
            std::future::pending::<()>().await;
        }
        let breaks = request.method() == Method::GET && !shared.prompted.lock().unwrap().is_null() && {
            let mut breaking = shared.breaking.lock().unwrap();
            let found = breaking.iter().position(|path| request.uri().path() == *path);
            found.map(|at| breaking.remove(at)).is_some()
        };
        if breaks {
            return cut_off();
        }
        next.run(request).await
    }

    async fn prompt(State(shared): State<Arc<Self>>, body: Bytes) -> Response<Body> {
        let prompt = serde_json::from_slice::<Value>(&body).unwrap();
        shared.prompted.lock().unwrap().clone_from(&prompt);
        shared.run(&prompt);
        Response::builder().status(204).body(Body::empty()).unwrap()
    }

    fn put(&self, message: &Value) {
        let mut messages = self.messages.lock().unwrap();
        messages.retain(|other| other["info"]["id"] != message["info"]["id"]);
        messages.push(message.clone());
        drop(messages);
        self.send("message.updated", json!({"info": message["info"]}));
        for part in message["parts"].as_array().unwrap() {
            self.send("message.part.updated", json!({"part": part}));
        }
    }

    fn idle(&self) {
        *self.busy.lock().unwrap() = false;
        self.tell_idle();
    }

    fn tell_idle(&self) {
        self.send("session.status", json!({"sessionID": SESSION_ID, "status": {"type": "idle"}}));
        self.send("session.idle", json!({"sessionID": SESSION_ID}));
    }

    /// One turn, at once.
    fn run(&self, prompt: &Value) {
        let user = prompt["messageID"].as_str().unwrap_or("msg_0").to_owned();
        let text = prompt["parts"][0]["text"].as_str().unwrap().to_owned();
        let id = format!("{user}z");
        let part = |number: u32, value: Value| {
            let mut part = json!({"id": format!("prt_{user}_{number}"), "sessionID": SESSION_ID, "messageID": id});
            part.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
            part
        };
        *self.busy.lock().unwrap() = true;
        self.put(&json!({"info": {"id": user, "sessionID": SESSION_ID, "role": "user", "time": {"created": 2_000}},
            "parts": [{"id": "prt_u", "sessionID": SESSION_ID, "messageID": user, "type": "text", "text": text}]}));
        let mut info = json!({"id": id, "sessionID": SESSION_ID, "role": "assistant", "parentID": user, "time": {"created": 3_000}});
        match self.turn {
            Turn::Hang => self.put(&json!({"info": info, "parts": []})),
            Turn::ProviderError => {
                info["error"] = json!({"name": "APIError", "data": {"message": "the model is on fire\u{1b}[2J"}});
                info["time"]["completed"] = 4_000.into();
                self.put(&json!({"info": info, "parts": []}));
                self.idle();
            }
            Turn::Aborted => {
                info["error"] = json!({"name": "MessageAbortedError", "data": {"message": "Aborted"}});
                info["time"]["completed"] = 4_000.into();
                self.put(&json!({"info": info, "parts": []}));
                self.idle();
            }
            Turn::Refused => {
                let error = "The user rejected permission to use this specific tool call.";
                let state = json!({"status": "error", "input": {"command": "rm -r x"}, "error": error, "time": {"start": 1, "end": 2}});
                let tool = part(1, json!({"type": "tool", "tool": "bash", "callID": "c", "state": state}));
                info["time"]["completed"] = 4_000.into();
                info["finish"] = "tool-calls".into();
                self.put(&json!({"info": info, "parts": [tool]}));
                self.idle();
            }
            Turn::Deleted => self.send("session.deleted", json!({"info": self.session()})),
            Turn::Silence => self.idle(),
            Turn::CutOff => {
                self.put(&json!({"info": info, "parts": []}));
                self.idle();
            }
            Turn::Answer | Turn::BesideAnother | Turn::Retry => {
                if self.turn == Turn::Retry {
                    let retry = json!({"type": "retry", "attempt": 1, "message": "Overloaded", "next": 5_000});
                    self.send("session.status", json!({"sessionID": SESSION_ID, "status": retry}));
                }
                let tool = part(
                    1,
                    json!({"type": "tool", "tool": "bash", "callID": "c", "state": {"status": "completed",
                    "input": {"command": "wc -w"}, "output": "2", "title": "wc", "metadata": {"exit": 0}, "time": {"start": 1, "end": 2}}}),
                );
                self.put(&json!({"info": info, "parts": [tool, part(2, json!({"type": "text", "text": ""}))]}));
                let answer = format!("stub: {text}");
                for piece in answer.split_inclusive(' ') {
                    self.send(
                        "message.part.delta",
                        json!({"sessionID": SESSION_ID, "messageID": id,
                        "partID": format!("prt_{user}_2"), "field": "text", "delta": piece}),
                    );
                }
                info["time"]["completed"] = 4_000.into();
                info["finish"] = "stop".into();
                let answer = json!({"info": info, "parts": [tool, part(2, json!({"type": "text", "text": answer}))]});
                if self.turn == Turn::BesideAnother {
                    *self.finished.lock().unwrap() = Some(answer);
                    self.tell_idle();
                } else {
                    self.put(&answer);
                    self.idle();
                }
            }
        }
    }
}
