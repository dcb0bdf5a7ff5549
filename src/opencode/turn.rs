//! One turn of a session, from the prompt to its true end.
//!
//! ```text
//! subscribe ─► server.connected ─► send prompt ─► user message seen ─► … ─► session.idle ─► read the messages: outcome
//!                 ▲                                     │
//!                 └──────────── link lost ◄─────────────┘      after a reconnect the state is read again
//! ```
//! The end of a turn is its session falling idle, never a finished message: a turn has a message per step. Whether it
//! succeeded stands in the messages, not in any HTTP status. A prompt that never began (unknown model or agent) shows up
//! as `session.error` alone.

use std::collections::BTreeSet;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use futures::stream::{Stream, StreamExt as _};
use serde_json::json;
use tokio::time::Instant;

use super::events::ended;
use super::types::ToolState;
use super::{
    Client, Error, Event, Followed, MessageQuery, MessageWithParts, NamedError, PartKind, Prompt, Role,
    SessionActivity, message_id,
};

/// How long after a `session.error` without an end of turn the session's status is asked for.
const ERROR_GRACE: Duration = Duration::from_secs(1);
/// Times a prompt is sent before its sender gives up; each time only if the server does not have it.
const DELIVERIES: usize = 3;

/// How a turn ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The model finished its answer.
    Completed,
    /// Somebody refused a permission or a question, which stops the turn.
    Refused,
    /// Somebody stopped it.
    Aborted,
    /// The provider, the model or the server failed.
    Failed(NamedError),
}

/// The end of a turn.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnEnd {
    /// How it ended.
    pub outcome: Outcome,
    /// What the assistant wrote in it, a message per step.
    pub messages: Vec<MessageWithParts>,
}

/// The text of the last assistant message that has any; untrusted.
pub fn final_text(messages: &[MessageWithParts]) -> String {
    let text_of = |message: &MessageWithParts| {
        let texts = message.parts.iter().filter_map(|part| match &part.kind {
            PartKind::Text { text, synthetic: false, .. } => Some(text.as_str()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    };
    let answers = messages.iter().rev().filter(|message| message.info.role == Role::Assistant);
    answers.map(text_of).find(|text| !text.is_empty()).unwrap_or_default()
}

/// What a follower of a turn sees.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "handed over one at a time and never kept")]
pub enum TurnEvent {
    /// Something happened in the session or in one of its subagents' sessions.
    Event(Event),
    /// The link was lost; the turn goes on at the server and the follower tries to reconnect.
    Lost(Error),
    /// The link is back; what happened meanwhile has to be read from the session's messages.
    Reconnected,
    /// The turn is over. The last thing to come.
    Ended(TurnEnd),
}

/// A turn that is followed. Dropping it leaves the turn running on the server.
pub struct Turn {
    client: Client,
    session: String,
    /// The user message that began it, once known.
    prompt: Option<String>,
    /// The newest message before it.
    before: Option<String>,
    /// What was sent under an id of ours, and may be sent again under another.
    request: Option<Prompt>,
    /// How often it was sent.
    sent: usize,
    events: Pin<Box<dyn Stream<Item = Followed> + Send>>,
    /// The session and its subagents' sessions.
    family: BTreeSet<String>,
    began: bool,
    error: Option<NamedError>,
    /// When to ask whether the turn ended without a word.
    ask_at: Option<Instant>,
    ended: bool,
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn")
            .field("session", &self.session)
            .field("prompt", &self.prompt)
            .field("began", &self.began)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Sends a prompt to a session and follows the turn that answers it.
    ///
    /// A prompt to a busy session waits its turn; the follower then sees the running turn, too. The prompt is sent once:
    /// when the link breaks while it is sent, the server is asked whether it has it before it is sent again.
    pub async fn start_turn(&self, session: &str, prompt: &Prompt) -> Result<Turn, Error> {
        let mut turn = Turn::subscribe(self, session).await?;
        let busy = turn.client.session_status().await?.contains_key(session);
        let newest = turn.client.messages(session, &MessageQuery { limit: Some(1) }).await?.pop();
        turn.before = newest.as_ref().map(|message| message.info.id.clone());
        let mut prompt = prompt.clone();
        if prompt.message_id.is_none() && !busy {
            // In a busy session a message could be made between our look and our prompt, and ours would be passed over.
            let server_time = match &newest {
                Some(message) => message.info.time.created,
                None => turn.client.session(session).await?.time.created,
            };
            turn.request = Some(prompt.clone());
            prompt.message_id = Some(message_id(server_time, &uuid::Uuid::new_v4().to_string()));
        }
        turn.prompt.clone_from(&prompt.message_id);
        turn.sent = 1;
        turn.client.deliver(session, &prompt).await?;
        Ok(turn)
    }

    /// Follows the turn that a session is in. `None` if the session is idle.
    ///
    /// `prompt` is the user message whose answer decides the outcome; the session's last one if absent.
    pub async fn join_turn(&self, session: &str, prompt: Option<&str>) -> Result<Option<Turn>, Error> {
        let mut turn = Turn::subscribe(self, session).await?;
        if !turn.client.session_status().await?.contains_key(session) {
            return Ok(None);
        }
        turn.began = true;
        turn.prompt = match prompt {
            Some(prompt) => Some(prompt.to_owned()),
            None => last_prompt(&turn.client.messages(session, &MessageQuery::default()).await?),
        };
        for child in turn.client.children(session).await? {
            turn.family.insert(child.id);
        }
        Ok(Some(turn))
    }

    /// How the turn that `prompt` (a user message; the last one if absent) began has ended. Meant for an idle session.
    pub async fn turn_end(&self, session: &str, prompt: Option<&str>) -> Result<Option<TurnEnd>, Error> {
        let messages = self.messages(session, &MessageQuery::default()).await?;
        let prompt = prompt.map(str::to_owned).or_else(|| last_prompt(&messages));
        Ok(prompt.map(|prompt| judge(messages, &prompt, None)))
    }

    /// Sends a prompt that carries its own message id exactly once, whatever the link does meanwhile; one without an id
    /// is not sent again unless nothing of it was sent.
    pub async fn deliver(&self, session: &str, prompt: &Prompt) -> Result<(), Error> {
        let mut tries = 1;
        loop {
            let error = match self.prompt_async(session, prompt).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            let Some(id) = prompt.message_id.as_deref().filter(|_| error.is_unreachable() && tries < DELIVERIES) else {
                return Err(error);
            };
            match self.message(session, id).await {
                Ok(_) => return Ok(()),
                Err(unknown) if unknown.is_not_found() => tries += 1,
                Err(_) => return Err(error),
            }
        }
    }
}

impl Turn {
    async fn subscribe(client: &Client, session: &str) -> Result<Self, Error> {
        // Events are kept per directory, and the session may work in another one than the client speaks about.
        let directory = client.session(session).await?.directory;
        let client = if directory.is_empty() { client.clone() } else { client.in_directory(&directory) };
        let mut events = client.follow_events();
        match events.next().await {
            Some(Followed::Connected) => {}
            Some(Followed::Lost(error)) => return Err(error),
            _ => return Err(ended()),
        }
        Ok(Self {
            session: session.to_owned(),
            prompt: None,
            before: None,
            request: None,
            sent: 0,
            events: Box::pin(events),
            family: BTreeSet::from([session.to_owned()]),
            began: false,
            error: None,
            ask_at: None,
            ended: false,
            client,
        })
    }

    /// The session.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// The message of the user that began it, once it is known: at once, unless the session was in a turn already.
    pub fn prompt(&self) -> Option<&str> {
        self.prompt.as_deref()
    }

    /// The client, speaking about the session's directory: for answers to permissions and questions.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The next thing that happens; `None` after [`TurnEvent::Ended`].
    ///
    /// Dropped while it waits for an event, or asks the server about the end of the turn, nothing is missed: the next call
    /// asks again. Dropped while a prompt that the server passed over is sent again, that prompt may be lost.
    pub async fn next(&mut self) -> Result<Option<TurnEvent>, Error> {
        while !self.ended {
            let followed = match self.ask_at {
                Some(at) => tokio::time::timeout_at(at, self.events.next()).await,
                None => Ok(self.events.next().await),
            };
            match followed {
                Err(_) => {
                    if let Some(end) = self.end_if_idle().await? {
                        return Ok(Some(end));
                    }
                }
                Ok(Some(Followed::Connected)) => {
                    // What was missed may be the end; it is told at the next call.
                    self.ask_at = Some(Instant::now());
                    return Ok(Some(TurnEvent::Reconnected));
                }
                Ok(Some(Followed::Lost(error))) => {
                    self.ask_at = None;
                    return Ok(Some(TurnEvent::Lost(error)));
                }
                Ok(Some(Followed::Event(event))) => {
                    if self.is_end(&event) {
                        self.ask_at = Some(Instant::now());
                        if let Some(end) = self.end().await? {
                            return Ok(Some(end));
                        }
                        continue;
                    }
                    if event.session_id().is_some_and(|id| self.family.contains(id)) {
                        return Ok(Some(TurnEvent::Event(event)));
                    }
                }
                Ok(None) => return Err(ended()),
            }
        }
        Ok(None)
    }

    /// Follows to the end, whatever happens on the way.
    pub async fn finish(mut self) -> Result<TurnEnd, Error> {
        while let Some(event) = self.next().await? {
            if let TurnEvent::Ended(end) = event {
                return Ok(end);
            }
        }
        Err(ended())
    }

    /// Takes note of an event; whether it ends the turn.
    fn is_end(&mut self, event: &Event) -> bool {
        if let Event::SessionCreated { info } | Event::SessionUpdated { info } = event
            && info.parent_id.as_ref().is_some_and(|parent| self.family.contains(parent))
        {
            self.family.insert(info.id.clone());
        }
        if event.session_id() != Some(&self.session) {
            return false;
        }
        match event {
            Event::MessageUpdated { info } if info.role == Role::User => {
                let is_new = self.before.as_ref().is_none_or(|before| info.id > *before);
                if self.prompt.is_none() && is_new {
                    self.prompt = Some(info.id.clone());
                }
                self.began |= self.prompt.as_ref() == Some(&info.id);
                false
            }
            Event::SessionError { error, .. } => {
                self.error = Some(error.clone());
                self.ask_at = Some(Instant::now() + ERROR_GRACE);
                false
            }
            Event::SessionIdle { .. } | Event::SessionStatus { status: SessionActivity::Idle, .. } => self.began,
            Event::SessionDeleted { .. } => {
                self.error.get_or_insert_with(|| named("SessionDeleted", "the session was deleted"));
                true
            }
            _ => false,
        }
    }

    /// Ends the turn if the server says that the session is idle.
    async fn end_if_idle(&mut self) -> Result<Option<TurnEvent>, Error> {
        match self.client.session_status().await {
            Ok(busy) if busy.contains_key(&self.session) => {
                self.began = true;
                self.ask_at = None;
                Ok(None)
            }
            Ok(_) => self.end().await,
            // The stream will tell if the link is lost.
            Err(error) if error.is_unreachable() => {
                self.ask_at = Some(Instant::now() + ERROR_GRACE);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Whether the turn goes on although an end was seen: that was the end of the turn before it, or the server passed
    /// the prompt over and it was sent again.
    ///
    /// A prompt of somebody else that came between our look and our prompt has a greater id, and so has its answer: the
    /// server then takes ours for answered, without a word (`message_id` tells why).
    async fn goes_on(&mut self, messages: &[MessageWithParts]) -> Result<bool, Error> {
        let Some(prompt) = &self.prompt else { return Ok(false) };
        let answer = messages.iter().rev().find(|message| message.info.parent_id.as_ref() == Some(prompt));
        if self.error.is_some() || answer.is_some_and(|answer| is_last_word(&answer.info)) {
            return Ok(false);
        }
        if self.client.session_status().await?.contains_key(&self.session) {
            return Ok(true);
        }
        let stored = messages.iter().any(|message| message.info.id == *prompt);
        let (Some(request), true) = (&self.request, stored && answer.is_none() && self.sent < DELIVERIES) else {
            return Ok(false);
        };
        let newest = messages.iter().map(|message| message.info.time.created).max().unwrap_or_default();
        let id = message_id(newest, &uuid::Uuid::new_v4().to_string());
        let again = Prompt { message_id: Some(id.clone()), ..request.clone() };
        self.client.delete_message(&self.session, prompt).await?;
        self.prompt = Some(id);
        self.sent += 1;
        self.client.deliver(&self.session, &again).await?;
        Ok(true)
    }

    /// The end of the turn, unless it turns out that it goes on. A server that does not answer is asked again.
    async fn end(&mut self) -> Result<Option<TurnEvent>, Error> {
        match self.judged().await {
            Err(error) if error.is_unreachable() => {
                self.ask_at = Some(Instant::now() + ERROR_GRACE);
                Ok(None)
            }
            Ok(None) => {
                // Events will tell; a server that has just got the prompt again may not have begun with it for a while.
                self.ask_at = None;
                Ok(None)
            }
            end => end,
        }
    }

    async fn judged(&mut self) -> Result<Option<TurnEvent>, Error> {
        let messages = match self.client.messages(&self.session, &MessageQuery::default()).await {
            Ok(messages) => messages,
            Err(error) if error.is_not_found() => Vec::new(),
            Err(error) => return Err(error),
        };
        if self.goes_on(&messages).await? {
            return Ok(None);
        }
        self.ended = true;
        let prompt = self.prompt.clone().unwrap_or_default();
        Ok(Some(TurnEvent::Ended(judge(messages, &prompt, self.error.take()))))
    }
}

fn last_prompt(messages: &[MessageWithParts]) -> Option<String> {
    messages.iter().rev().find(|message| message.info.role == Role::User).map(|message| message.info.id.clone())
}

/// The outcome of the turn that the user message `prompt` began, once its session is idle. `seen` is the last
/// `session.error` that was seen in it.
fn judge(messages: Vec<MessageWithParts>, prompt: &str, seen: Option<NamedError>) -> TurnEnd {
    let messages: Vec<_> =
        messages.into_iter().filter(|message| message.info.parent_id.as_deref() == Some(prompt)).collect();
    let told = messages.last().and_then(|last| last.info.error.clone());
    let outcome = match (told.or(seen), messages.last()) {
        (Some(error), _) if error.is_abort() => Outcome::Aborted,
        (Some(error), _) => Outcome::Failed(error),
        (None, None) => Outcome::Failed(named("NoAnswer", "the session fell idle without an answer")),
        (None, Some(last)) if last.parts.iter().any(is_refusal) => Outcome::Refused,
        (None, Some(last)) if last.info.time.completed.is_none() => {
            Outcome::Failed(named("Interrupted", "the server ended in the middle of the turn"))
        }
        (None, Some(last)) if last.info.finish.is_none() => Outcome::Aborted,
        (None, Some(_)) => Outcome::Completed,
    };
    TurnEnd { outcome, messages }
}

/// Whether no step of the turn follows this one.
fn is_last_word(answer: &super::Message) -> bool {
    let completed = answer.time.completed.is_some() && answer.finish.as_deref() != Some("tool-calls");
    answer.error.is_some() || completed
}

/// Whether a tool call ended because a person refused it and gave the model no word to go on with.
fn is_refusal(part: &super::Part) -> bool {
    let PartKind::Tool { state: ToolState::Error { error, .. }, .. } = &part.kind else { return false };
    error.starts_with("The user rejected permission") || error.starts_with("The user dismissed this question")
}

fn named(name: &str, message: &str) -> NamedError {
    NamedError { name: name.to_owned(), data: json!({ "message": message }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(info: &serde_json::Value, parts: &serde_json::Value) -> MessageWithParts {
        let mut whole = json!({
            "info": { "id": "msg_2", "sessionID": "ses_1", "role": "assistant", "parentID": "msg_1", "time": {"created": 1} },
            "parts": parts,
        });
        for (key, value) in info.as_object().unwrap() {
            whole["info"][key] = value.clone();
        }
        serde_json::from_value(whole).unwrap()
    }

    fn outcome(info: &serde_json::Value, parts: &serde_json::Value) -> Outcome {
        judge(vec![message(info, parts)], "msg_1", None).outcome
    }

    #[test]
    fn the_last_message_decides() {
        let done = json!({"finish": "stop", "time": {"created": 1, "completed": 2}});
        assert_eq!(outcome(&done, &json!([])), Outcome::Completed);
        let failed =
            json!({"error": {"name": "APIError", "data": {"message": "boom"}}, "time": {"created": 1, "completed": 2}});
        assert!(matches!(outcome(&failed, &json!([])), Outcome::Failed(error) if error.message() == "boom"));
        let aborted = json!({"error": {"name": "MessageAbortedError", "data": {"message": "Aborted"}}});
        assert_eq!(outcome(&aborted, &json!([])), Outcome::Aborted);
        assert_eq!(outcome(&json!({"time": {"created": 1, "completed": 2}}), &json!([])), Outcome::Aborted);
        assert!(matches!(outcome(&json!({}), &json!([])), Outcome::Failed(error) if error.name == "Interrupted"));
        assert!(matches!(judge(Vec::new(), "msg_1", None).outcome, Outcome::Failed(error) if error.name == "NoAnswer"));
        let of_another_turn = vec![message(&done, &json!([]))];
        assert!(judge(of_another_turn, "msg_0", None).messages.is_empty());
    }

    #[test]
    fn a_refused_tool_is_told_apart() {
        let part = json!([{"id": "p", "sessionID": "ses_1", "messageID": "msg_2", "type": "tool", "tool": "bash", "callID": "c",
            "state": {"status": "error", "input": {}, "error": "The user rejected permission to use this specific tool call."}}]);
        let info = json!({"finish": "tool-calls", "time": {"created": 1, "completed": 2}});
        assert_eq!(outcome(&info, &part), Outcome::Refused);
    }
}
