//! The calls of the OpenCode server that this program makes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::Stream;
use http::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::events::{self, Events, SILENCE_LIMIT, Scope};
use super::pty::{self, Api, NewPty, Pty, PtyStream};
use super::transport::{Call, REQUEST_TIMEOUT, Transport, encode};
use super::types::{
    FileDiff, Health, MessageQuery, MessageWithParts, NewSession, PartKind, Paths, Permission, Prompt, Question, Reply,
    Session, SessionActivity, SessionQuery, ToolCall, ToolState,
};
use super::{Connector, Error, Followed, Secret};

/// Longest wait for one answer to "are you ready?".
const HEALTH_TIMEOUT: Duration = Duration::from_secs(2);
/// Pause between two such questions.
const HEALTH_PAUSE: Duration = Duration::from_millis(200);
/// Longest wait for a running turn to stop.
const ABORT_TIMEOUT: Duration = Duration::from_secs(30);

/// Client of one OpenCode server. Cheap to clone; clones share connections.
///
/// A client made by [`Client::in_directory`] speaks about that directory: terminals, permissions, questions, session
/// status and events are kept per directory (instance), and a new session works in it. Without one the server's own
/// working directory is meant.
#[derive(Clone)]
pub struct Client {
    transport: Arc<Transport>,
    directory: Option<Arc<str>>,
    pty_api: Arc<OnceCell<Api>>,
}

impl Client {
    /// A client of the server that `connector` reaches.
    pub fn new(connector: Arc<dyn Connector>) -> Self {
        Self { transport: Arc::new(Transport::new(connector)), directory: None, pty_api: Arc::default() }
    }

    /// The same server, with HTTP Basic credentials (`OPENCODE_SERVER_PASSWORD`); the usual user is `opencode`.
    #[must_use]
    pub fn with_password(&self, user: &str, password: &Secret) -> Self {
        Self { transport: Arc::new(self.transport.with_password(user, password)), ..self.clone() }
    }

    /// The same server and connections, speaking about another directory (an absolute path on the server).
    #[must_use]
    pub fn in_directory(&self, directory: &str) -> Self {
        Self { directory: Some(directory.into()), ..self.clone() }
    }

    /// The directory this client speaks about, if not the server's own.
    pub fn directory(&self) -> Option<&str> {
        self.directory.as_deref()
    }

    /// Trusts nothing that was known about the way to the server: kept connections are closed, and the connector looks
    /// again for the server. To be called when a link was lost.
    pub fn start_over(&self) {
        self.transport.start_over();
    }

    /// What the server's clock shows, in milliseconds since the epoch: as its last answer said, and the time since. None
    /// before the first answer, and for a server that does not tell.
    pub fn server_time(&self) -> Option<i64> {
        self.transport.server_time()
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// `path` with the directory, and with `query`, whose values are not yet encoded.
    pub(super) fn scoped(&self, path: &str, query: &[(&str, String)]) -> String {
        target(
            path,
            self.directory.iter().map(|directory| ("directory", directory.to_string())).chain(query.iter().cloned()),
        )
    }

    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        target: String,
        body: Option<Value>,
    ) -> Result<T, Error> {
        self.transport.exchange(&Call { method, target, body, timeout: REQUEST_TIMEOUT, fresh: false }).await
    }

    async fn get<T: DeserializeOwned>(&self, target: String) -> Result<T, Error> {
        self.call(Method::GET, target, None).await
    }

    async fn post<T: DeserializeOwned>(&self, target: String, body: Value) -> Result<T, Error> {
        self.call(Method::POST, target, Some(body)).await
    }

    /// Any other JSON endpoint: the answer as it is. `path` and the query's keys must be percent-encoded already.
    pub async fn request(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        body: Option<Value>,
    ) -> Result<Value, Error> {
        self.call(method, self.scoped(path, query), body).await
    }

    /// `GET /global/health`, once, on a fresh connection, within 2 s.
    pub async fn health(&self) -> Result<Health, Error> {
        self.transport
            .exchange(&Call {
                method: Method::GET,
                target: "/global/health".to_owned(),
                body: None,
                timeout: HEALTH_TIMEOUT,
                fresh: true,
            })
            .await
    }

    /// Asks [`Client::health`] until the server answers, for at most `limit`; then the last error.
    ///
    /// A refusal (password, leave of the cluster) ends it at once.
    pub async fn ready(&self, limit: Duration) -> Result<Health, Error> {
        let deadline = Instant::now() + limit;
        loop {
            let error = match self.health().await {
                Ok(health) if health.healthy => return Ok(health),
                Ok(_) => Error::Timeout { call: "GET /global/health".to_owned(), after: limit },
                Err(error) if error.is_unreachable() && !error.is_denied() => error,
                Err(error) => return Err(error),
            };
            if Instant::now() + HEALTH_PAUSE >= deadline {
                return Err(error);
            }
            tokio::time::sleep(HEALTH_PAUSE).await;
        }
    }

    /// `GET /path`: the directories this client speaks about.
    pub async fn path(&self) -> Result<Paths, Error> {
        self.get(self.scoped("/path", &[])).await
    }

    /// `POST /session`. Not repeated when the link breaks: look for the session's metadata before trying again.
    pub async fn create_session(&self, new: &NewSession) -> Result<Session, Error> {
        self.post(self.scoped("/session", &[]), json!(new)).await
    }

    /// `GET /session`, most recently changed first.
    pub async fn sessions(&self, query: &SessionQuery) -> Result<Vec<Session>, Error> {
        let mut pairs = Vec::new();
        pairs.extend(query.start.map(|start| ("start", start.to_string())));
        pairs.extend(query.search.clone().map(|search| ("search", search)));
        pairs.extend(query.limit.map(|limit| ("limit", limit.to_string())));
        pairs.extend(query.roots.then(|| ("roots", "true".to_owned())));
        self.get(self.scoped("/session", &pairs)).await
    }

    /// The newest session with this very title, a subagent's not among them.
    pub async fn session_titled(&self, title: &str) -> Result<Option<Session>, Error> {
        let query = SessionQuery { search: Some(title.to_owned()), roots: true, ..SessionQuery::default() };
        let found = self.sessions(&query).await?.into_iter().filter(|session| session.title == title);
        Ok(found.max_by_key(|session| session.time.created))
    }

    /// `GET /experimental/session`: the sessions of all directories, most recently changed first.
    pub async fn recent_sessions(&self, limit: u32) -> Result<Vec<Session>, Error> {
        self.get(target("/experimental/session", [("limit", limit.to_string())].into_iter())).await
    }

    /// `GET /session/{id}`.
    pub async fn session(&self, id: &str) -> Result<Session, Error> {
        self.get(session_path(id, "")).await
    }

    /// `PATCH /session/{id}`: `title`, `metadata`, `permission`, `time.archived`.
    pub async fn patch_session(&self, id: &str, patch: &Value) -> Result<Session, Error> {
        self.call(Method::PATCH, session_path(id, ""), Some(patch.clone())).await
    }

    /// `DELETE /session/{id}`, with its children. It does not stop a running turn: [`Client::abort`] first.
    pub async fn delete_session(&self, id: &str) -> Result<(), Error> {
        self.call::<Value>(Method::DELETE, session_path(id, ""), None).await.map(drop)
    }

    /// `DELETE /session/{id}/message/{message}`.
    pub async fn delete_message(&self, id: &str, message: &str) -> Result<(), Error> {
        let path = session_path(id, &format!("/message/{}", encode(message)));
        self.call::<Value>(Method::DELETE, path, None).await.map(drop)
    }

    /// `GET /session/{id}/children`: the sessions of its subagents.
    pub async fn children(&self, id: &str) -> Result<Vec<Session>, Error> {
        self.get(session_path(id, "/children")).await
    }

    /// `POST /session/{id}/abort`: returns when the turn has stopped; an idle or unknown session is fine.
    pub async fn abort(&self, id: &str) -> Result<(), Error> {
        self.transport
            .exchange::<Value>(&Call {
                method: Method::POST,
                target: session_path(id, "/abort"),
                body: Some(json!({})),
                timeout: ABORT_TIMEOUT,
                fresh: false,
            })
            .await
            .map(drop)
    }

    /// `GET /session/status`: the sessions of this directory that are not idle.
    pub async fn session_status(&self) -> Result<BTreeMap<String, SessionActivity>, Error> {
        self.get(self.scoped("/session/status", &[])).await
    }

    /// `GET /session/{id}/message`, oldest first.
    pub async fn messages(&self, id: &str, query: &MessageQuery) -> Result<Vec<MessageWithParts>, Error> {
        let limit = query.limit.map(|limit| ("limit", limit.to_string()));
        self.get(target(&session_path(id, "/message"), limit.into_iter())).await
    }

    /// `GET /session/{id}/message`, oldest first, of which only what `T` names is kept: a conversation may be long.
    pub async fn messages_as<T: DeserializeOwned>(&self, id: &str) -> Result<Vec<T>, Error> {
        self.get(session_path(id, "/message")).await
    }

    /// `GET /session/{id}/message/{message}`.
    pub async fn message(&self, id: &str, message: &str) -> Result<MessageWithParts, Error> {
        self.get(session_path(id, &format!("/message/{}", encode(message)))).await
    }

    /// `POST /session/{id}/prompt_async`: accepted at once, followed by events.
    ///
    /// Unknown models and agents are accepted too and show up as [`super::Event::SessionError`]; see
    /// [`Client::start_turn`]. Not repeated when the link breaks, unless nothing was sent.
    pub async fn prompt_async(&self, id: &str, prompt: &Prompt) -> Result<(), Error> {
        self.post::<Value>(session_path(id, "/prompt_async"), json!(prompt)).await.map(drop)
    }

    /// `POST /session/{id}/command`: returns when the turn is over, with its last message. An unknown command is an
    /// `UnknownError`: `GET /command` lists them.
    pub async fn command(
        &self,
        id: &str,
        command: &str,
        arguments: &str,
        limit: Duration,
    ) -> Result<MessageWithParts, Error> {
        self.transport
            .exchange(&Call {
                method: Method::POST,
                target: session_path(id, "/command"),
                body: Some(json!({"command": command, "arguments": arguments})),
                timeout: limit,
                fresh: true,
            })
            .await
    }

    /// `GET /permission`: what waits for permission in this directory, ghosts of aborted turns included.
    pub async fn permissions(&self) -> Result<Vec<Permission>, Error> {
        self.get(self.scoped("/permission", &[])).await
    }

    /// `POST /permission/{id}/reply`; with a `message`, a rejected turn goes on and the model is told.
    pub async fn reply_permission(&self, id: &str, reply: Reply, message: Option<&str>) -> Result<(), Error> {
        let mut body = json!({ "reply": reply });
        if let Some(message) = message {
            body["message"] = message.into();
        }
        self.post::<Value>(self.scoped(&format!("/permission/{}/reply", encode(id)), &[]), body).await.map(drop)
    }

    /// `GET /question`: what waits for an answer in this directory.
    pub async fn questions(&self) -> Result<Vec<Question>, Error> {
        self.get(self.scoped("/question", &[])).await
    }

    /// Whether the call of a tool that asked in this session goes on. Aborting a turn ends its calls and leaves what they asked
    /// for listed, and a later turn would make it look alive.
    pub async fn still_asks(&self, session: &str, call: Option<&ToolCall>) -> Result<bool, Error> {
        let Some(call) = call else { return Ok(true) };
        let message = match self.message(session, &call.message_id).await {
            Ok(message) => message,
            Err(error) if error.is_not_found() => return Ok(false),
            Err(error) => return Err(error),
        };
        Ok(!message.parts.iter().any(|part| match &part.kind {
            PartKind::Tool { call_id, state, .. } if *call_id == call.call_id => {
                matches!(state, ToolState::Completed { .. } | ToolState::Error { .. })
            }
            _ => false,
        }))
    }

    /// `POST /question/{id}/reply`: for each question the chosen labels.
    pub async fn reply_question(&self, id: &str, answers: &[Vec<String>]) -> Result<(), Error> {
        let path = self.scoped(&format!("/question/{}/reply", encode(id)), &[]);
        self.post::<Value>(path, json!({ "answers": answers })).await.map(drop)
    }

    /// `POST /question/{id}/reject`: the turn stops.
    pub async fn reject_question(&self, id: &str) -> Result<(), Error> {
        let path = self.scoped(&format!("/question/{}/reject", encode(id)), &[]);
        self.post::<Value>(path, json!({})).await.map(drop)
    }

    /// `GET /session/{id}/diff` of one turn; without the user message's id the server answers an empty list.
    pub async fn diff(&self, id: &str, user_message: &str) -> Result<Vec<FileDiff>, Error> {
        let query = [("messageID", user_message.to_owned())];
        self.get(target(&session_path(id, "/diff"), query.into_iter())).await
    }

    /// The events of this directory, on one connection: ends with the first error or with the server's end of it.
    pub async fn events(&self) -> Result<Events, Error> {
        self.open_events(Scope::Directory).await
    }

    pub(super) async fn open_events(&self, scope: Scope) -> Result<Events, Error> {
        let target = match scope {
            Scope::Directory => self.scoped("/event", &[]),
            Scope::Server => "/global/event".to_owned(),
        };
        let call = Call { method: Method::GET, target, body: None, timeout: REQUEST_TIMEOUT, fresh: true };
        let body = self.transport.stream(&call).await?;
        Ok(events::read(call.name(), body, SILENCE_LIMIT))
    }

    /// The events of this directory for ever, over reconnects; see [`Followed`].
    pub fn follow_events(&self) -> impl Stream<Item = Followed> + Send + Unpin + 'static {
        Box::pin(events::follow(self.clone(), Scope::Directory))
    }

    /// The events of every directory of the server for ever, over reconnects.
    pub fn follow_all_events(&self) -> impl Stream<Item = Followed> + Send + Unpin + 'static {
        Box::pin(events::follow(self.clone(), Scope::Server))
    }

    /// Which terminal API the server has; asked once.
    pub async fn pty_api(&self) -> Result<Api, Error> {
        self.pty_api.get_or_try_init(|| pty::detect(self)).await.copied()
    }

    /// The terminals of this directory; exited ones only where the server keeps them.
    pub async fn ptys(&self) -> Result<Vec<Pty>, Error> {
        pty::list(self).await
    }

    /// Starts a program on a new terminal, 80×24 until it is resized.
    ///
    /// The server appends `-l` to the arguments of a shell.
    pub async fn create_pty(&self, new: &NewPty) -> Result<Pty, Error> {
        pty::create(self, new).await
    }

    /// One terminal.
    pub async fn pty(&self, id: &str) -> Result<Pty, Error> {
        pty::get(self, id).await
    }

    /// Sets a terminal's size.
    pub async fn resize_pty(&self, id: &str, rows: u16, cols: u16) -> Result<(), Error> {
        pty::resize(self, id, rows, cols).await
    }

    /// Sets a terminal's title, which everybody who lists the terminals sees.
    pub async fn rename_pty(&self, id: &str, title: &str) -> Result<(), Error> {
        pty::rename(self, id, title).await
    }

    /// Ends a terminal's program (SIGHUP) and forgets it.
    pub async fn delete_pty(&self, id: &str) -> Result<(), Error> {
        pty::delete(self, id).await
    }

    /// Connects to a terminal; `cursor` is where the output replay begins, see [`super::Replay`].
    pub async fn connect_pty(&self, id: &str, replay: pty::Replay) -> Result<PtyStream, Error> {
        pty::connect(self, id, replay).await
    }
}

fn session_path(id: &str, rest: &str) -> String {
    format!("/session/{}{rest}", encode(id))
}

/// A path with a query, whose values are encoded here.
pub(super) fn target<'a>(path: &str, query: impl Iterator<Item = (&'a str, String)>) -> String {
    let mut target = path.to_owned();
    for (index, (key, value)) in query.enumerate() {
        target.push(if index == 0 { '?' } else { '&' });
        target.push_str(key);
        target.push('=');
        target.push_str(&encode(&value));
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_encoded_and_scoped() {
        let client = Client::new(Arc::new(crate::opencode::TcpConnector::new("127.0.0.1:1"))).in_directory("/w/a b&c");
        assert_eq!(
            client.scoped("/session", &[("search", "x=y".into())]),
            "/session?directory=%2Fw%2Fa%20b%26c&search=x%3Dy"
        );
        assert_eq!(session_path("ses_1/../x?", "/abort"), "/session/ses_1%2F..%2Fx%3F/abort");
    }

    #[test]
    fn calls_can_be_made_from_tasks() {
        fn sendable(_: &impl Send) {}
        let client = Client::new(Arc::new(crate::opencode::TcpConnector::new("127.0.0.1:1")));
        sendable(&client.health());
        sendable(&client.start_turn("ses_1", &Prompt::default()));
        sendable(&client.connect_pty("pty_1", pty::Replay::All));
    }
}
