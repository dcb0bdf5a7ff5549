//! Requests that come while a command follows a turn: told, asked on the terminal, or answered by a rule.

use std::collections::HashSet;

use super::asked::{Request, Waiting};
use super::{gather, reply};
use crate::cli::approvals::OnPermission;
use crate::commands::{Context, confirm};
use crate::error::Result;
use crate::opencode::{self, Client, Event, Reply, Session};
use crate::output::Untrusted;

/// Answers the requests of one conversation and of its subagents, each once.
pub struct Responder<'a> {
    context: &'a Context,
    policy: OnPermission,
    /// As the user types the conversation.
    reference: String,
    family: HashSet<String>,
    seen: HashSet<String>,
}

/// What a person at the terminal chose.
#[derive(Clone, Copy)]
enum Choice {
    Say(Reply),
    Leave,
}

impl<'a> Responder<'a> {
    /// For the conversation `session`, known to the user as `reference`.
    pub fn new(context: &'a Context, policy: OnPermission, session: &str, reference: &str) -> Self {
        let family = HashSet::from([session.to_owned()]);
        Self { context, policy, reference: reference.to_owned(), family, seen: HashSet::new() }
    }

    /// Something happened on the server; `client` speaks about the directory of the conversation.
    pub async fn event(&mut self, client: &Client, event: &Event) -> Result<()> {
        match event {
            Event::SessionCreated { info } | Event::SessionUpdated { info }
                if info.parent_id.as_ref().is_some_and(|parent| self.family.contains(parent)) =>
            {
                self.family.insert(info.id.clone());
                Ok(())
            }
            Event::PermissionAsked(asked) => self.request(client, Request::Permission(asked.clone())).await,
            Event::QuestionAsked(asked) => self.request(client, Request::Question(asked.clone())).await,
            _ => Ok(()),
        }
    }

    /// Looks for requests that came when nobody listened.
    pub async fn look(&mut self, client: &Client) -> Result<()> {
        let mut above: Vec<String> = self.family.iter().cloned().collect();
        while let Some(id) = above.pop() {
            for child in client.children(&id).await? {
                if self.family.insert(child.id.clone()) {
                    above.push(child.id);
                }
            }
        }
        for request in gather::in_directory(client).await? {
            self.request(client, request).await?;
        }
        Ok(())
    }

    async fn request(&mut self, client: &Client, request: Request) -> Result<()> {
        if !self.family.contains(request.session()) || !self.seen.insert(request.id().to_owned()) {
            return Ok(());
        }
        self.context.printer.done_waiting();
        let id = request.id().to_owned();
        let settled = self.settle(client, request).await;
        if settled.as_ref().is_err_and(|error| error.code.is_retryable()) {
            self.seen.remove(&id);
        }
        settled
    }

    async fn settle(&self, client: &Client, request: Request) -> Result<()> {
        let root = Session { id: request.session().to_owned(), ..Session::default() };
        let waiting = Waiting::new("", "", client.clone(), &root, request.clone(), self.context.now());
        let reply = match self.policy {
            OnPermission::Allow => Choice::Say(Reply::Once),
            OnPermission::Reject => Choice::Say(Reply::Reject),
            OnPermission::Ask => {
                self.tell(&waiting);
                if !self.context.printer.streams().can_prompt() {
                    return Ok(());
                }
                match &request {
                    Request::Permission(_) => self.ask(&waiting).await?,
                    Request::Question(asked) => {
                        let answers = reply::pick(self.context, asked, &self.reference).await?;
                        return self.sent(&waiting, client.reply_question(&asked.id, &answers).await, "answered");
                    }
                }
            }
        };
        let Choice::Say(reply) = reply else { return Ok(()) };
        let (word, sent) = match (&request, reply) {
            (Request::Question(asked), _) => {
                ("dismissed, as nobody is here to answer", client.reject_question(&asked.id).await)
            }
            (Request::Permission(asked), Reply::Reject) => {
                ("refused", client.reply_permission(&asked.id, reply, None).await)
            }
            (Request::Permission(asked), _) => ("allowed", client.reply_permission(&asked.id, reply, None).await),
        };
        self.sent(&waiting, sent, word)
    }

    fn sent(&self, waiting: &Waiting, sent: Result<(), opencode::Error>, word: &str) -> Result<()> {
        let (kind, line) = (Untrusted(waiting.request.kind()), waiting.line());
        let line = Untrusted(&line);
        match sent {
            Ok(()) => self.context.printer.note(&format!("{word}: {kind} {line}")),
            Err(error) if error.is_not_found() => {
                self.context.printer.note(&format!("somebody else answered first: {kind} {line}"));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn tell(&self, waiting: &Waiting) {
        let (kind, reference) = (Untrusted(waiting.request.kind()), &self.reference);
        let (waits, command) = match waiting.request {
            Request::Permission(_) => ("leave", "approve"),
            Request::Question(_) => ("an answer", "answer"),
        };
        let whole = waiting.whole(false);
        let how = if self.context.printer.streams().can_prompt() {
            String::new()
        } else {
            format!("\n  kubectl opencode {command} {reference}")
        };
        self.context.printer.note(&format!("waits for {waits} ({kind}):\n{}{how}", whole.trim_end()));
    }

    async fn ask(&self, waiting: &Waiting) -> Result<Choice> {
        let always = reply::covers(waiting, "this agent");
        let choices = [
            ("allow it this time".to_owned(), Choice::Say(Reply::Once)),
            (format!("allow it always: {always}"), Choice::Say(Reply::Always)),
            ("refuse it; the turn stops".to_owned(), Choice::Say(Reply::Reject)),
            ("leave it to somebody else".to_owned(), Choice::Leave),
        ];
        confirm::ask(move || {
            let items: Vec<_> = choices.iter().map(|(text, _)| text.as_str()).collect();
            let chosen = dialoguer::Select::new().with_prompt("your answer").items(&items).default(0).interact_opt()?;
            Ok(chosen.and_then(|index| choices.get(index)).map_or(Choice::Leave, |(_, choice)| *choice))
        })
        .await
    }
}
