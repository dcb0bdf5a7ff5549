//! Requests that come while a command follows a turn: told, asked on the terminal, or answered by a rule.

use std::collections::HashSet;
use std::io;

use super::asked::{Request, Waiting};
use super::person::{self, Asked};
use super::{gather, reply};
use crate::cli::approvals::OnPermission;
use crate::commands::Context;
use crate::error::Result;
use crate::opencode::{self, Client, Event, Reply, Session};
use crate::output::Untrusted;
use crate::terminal::picker::List;

/// What became of a request that was not answered here.
const SETTLED: &str = "somebody else answered first, or the turn ended";

/// Answers the requests of one conversation and of its subagents, each once.
pub struct Responder<'a> {
    context: &'a Context,
    policy: OnPermission,
    /// As the user types the conversation.
    reference: String,
    family: HashSet<String>,
    seen: HashSet<String>,
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
        let waiting = Waiting::new("", "", client.clone(), &root, request, self.context.now());
        // Several conversations are followed at once where the same prompt is sent to many.
        let _person;
        let (word, sent) = match (self.policy, &waiting.request) {
            (OnPermission::Ask, request) => {
                if !self.context.printer.streams().can_prompt() {
                    self.tell(&waiting);
                    return Ok(());
                }
                _person = self.context.person().await;
                self.tell(&waiting);
                let said = match request {
                    Request::Permission(asked) => match person::ask(client, request, self.pick()).await? {
                        Asked::Answered(reply) => Some(say(client, &asked.id, reply).await),
                        Asked::Left => return Ok(()),
                        Asked::Settled => None,
                    },
                    Request::Question(asked) => match person::ask(client, request, person::pick(asked)).await? {
                        Asked::Answered(answers) => {
                            Some(("answered", client.reply_question(&asked.id, &answers).await))
                        }
                        Asked::Left => return Ok(()),
                        Asked::Settled => None,
                    },
                };
                let Some(said) = said else {
                    self.note(SETTLED, &waiting);
                    return Ok(());
                };
                said
            }
            (_, Request::Question(asked)) => {
                ("dismissed, as nobody is here to answer", client.reject_question(&asked.id).await)
            }
            (OnPermission::Allow, Request::Permission(asked)) => say(client, &asked.id, Reply::Once).await,
            (OnPermission::Reject, Request::Permission(asked)) => say(client, &asked.id, Reply::Reject).await,
        };
        match sent {
            Ok(()) => self.note(word, &waiting),
            Err(error) if error.is_not_found() => self.note(SETTLED, &waiting),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn note(&self, what: &str, waiting: &Waiting) {
        let (kind, line) = (waiting.request.kind(), waiting.line());
        self.context.printer.note(&format!("{what}: {} {}", Untrusted(kind), Untrusted(&line)));
    }

    fn tell(&self, waiting: &Waiting) {
        let (kind, reference) = (Untrusted(waiting.request.kind()), &self.reference);
        let (waits, command) = match waiting.request {
            Request::Permission(_) => ("asks for permission", "approve"),
            Request::Question(_) => ("waits for an answer", "answer"),
        };
        let whole = waiting.whole(false);
        let how = match (self.context.printer.streams().can_prompt(), &waiting.request) {
            (false, _) => format!("\n  kubectl opencode {command} {reference}"),
            (true, Request::Permission(_)) => format!("\n  always is for {}", reply::reach(waiting, "this agent")),
            (true, Request::Question(_)) => String::new(),
        };
        self.context.printer.note(&format!("{reference} {waits} ({kind}):\n{}{how}", whole.trim_end()));
    }

    /// What the person says to a permission request; none for one who leaves it to somebody else.
    async fn pick(&self) -> io::Result<Option<Reply>> {
        let choices = [
            ("allow it this time", Some(Reply::Once)),
            ("allow it always", Some(Reply::Always)),
            ("refuse it; the turn stops", Some(Reply::Reject)),
            ("leave it to somebody else", None),
        ];
        let items = choices.iter().map(|(text, _)| (*text).to_owned()).collect();
        let picked = List::new("your answer", items).pick().await?;
        Ok(picked.and_then(|picked| choices.get(*picked.first()?)?.1))
    }
}

/// Says it to a permission request; the answer has a word for it.
async fn say(client: &Client, id: &str, reply: Reply) -> (&'static str, Result<(), opencode::Error>) {
    let word = if reply == Reply::Reject { "refused" } else { "allowed" };
    (word, client.reply_permission(id, reply, None).await)
}
