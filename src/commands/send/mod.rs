//! `session send`: one prompt to a conversation, and its answer; or the same prompt to many.
//!
//! A prompt with a name (`--message-id`) is said once, however often the command is run: the name is in the end of the
//! message's id, by which it is found again. What a repeated command then does is follow the answer, or print it.

mod broadcast;

use std::path::Path;

use base64::Engine as _;
use serde_json::{Value, json};

use super::answer::Answer;
use super::approvals::Responder;
use super::missed::Missed;
use super::target::Target;
use super::wait::{Limit, State, deadline, until};
use super::{Context, agents, outcome, prompt, settings, target};
use crate::api::Session;
use crate::api::kinds::{Kind, SESSION};
use crate::api::session::SessionPhase;
use crate::cli::approvals::OnPermission;
use crate::cli::flags::Reference;
use crate::cli::session::Send;
use crate::error::{Code, Error, Result};
use crate::opencode::types::{Model, Role};
use crate::opencode::{
    self, MessageQuery, MessageWithParts, Outcome, Prompt, PromptPart, Turn, TurnEnd, TurnEvent, message_id, same_seed,
};
use crate::output::{Format, Untrusted};

/// What may be sent, in the user's words.
const LIMITS: &str = "a prompt may have 4 MiB, which no model reads at once";
/// Longest time until a server has stored a prompt that waits behind a turn.
const STORED: std::time::Duration = std::time::Duration::from_secs(10);
/// Pause between two looks for a prompt that is being stored.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(50);

/// Sends a prompt and prints the answer.
pub async fn run(context: &Context, args: &Send) -> Result<()> {
    let is_broadcast = args.all || args.selector.is_some();
    let (reference, text) = match (is_broadcast, &args.reference, &args.text) {
        (true, _, Some(_)) => {
            return Err(Error::usage("both a session and a selection of sessions are given").hint("leave one out"));
        }
        (true, text, None) => (None, text.as_deref()),
        (false, Some(reference), text) => (Some(reference.as_str()), text.as_deref()),
        (false, None, _) => {
            return Err(Error::usage("to whom?").hint("name a session, or select with -l QUERY or --all"));
        }
    };
    let text = prompt::text(text, args.filename.as_deref(), LIMITS)?;
    if text.is_none() && args.attachments.is_empty() {
        return Err(Error::usage("there is nothing to send")
            .hint("give the text as an argument, in a file with -f FILE, or on standard input with -"));
    }
    if args.output.format() == Format::Name && !args.no_wait {
        return Err(Error::usage("an answer has no name; use -o json or -o yaml"));
    }
    let mut parts: Vec<PromptPart> = text.into_iter().map(|text| PromptPart::Text { text, id: None }).collect();
    for file in &args.attachments {
        parts.push(attachment(file)?);
    }
    let prompt = Prompt {
        parts,
        model: args.model.as_deref().map(model).transpose()?,
        agent: args.mode.clone(),
        ..Prompt::default()
    };
    match reference {
        Some(reference) => {
            let reference = Reference { reference: reference.to_owned(), session: args.session.clone() };
            one(context, args, &reference, prompt).await
        }
        None => broadcast::run(context, args, &prompt).await,
    }
}

/// A file as a part of a prompt; its kind is told by its name, or by whether it is text.
fn attachment(file: &Path) -> Result<PromptPart> {
    let bytes = prompt::attachment(file)?;
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let mime = match ending.as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "pdf" => "application/pdf",
        _ if std::str::from_utf8(&bytes).is_ok() => "text/plain",
        _ => "application/octet-stream",
    };
    let filename = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let url = format!("data:{mime};base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes));
    Ok(PromptPart::File { mime: mime.to_owned(), filename, url })
}

fn model(typed: &str) -> Result<Model> {
    Model::parse(typed).ok_or_else(|| Error::usage(format!("--model: \"{typed}\" is not PROVIDER/MODEL")))
}

async fn one(context: &Context, args: &Send, reference: &Reference, prompt: Prompt) -> Result<()> {
    let policy = settings::on_permission(args.on_permission)?;
    let limit = deadline(args.timeout);
    let format = args.output.format();
    let session = wait_until_running(context, &reference.reference, limit).await?;
    let work = async {
        let target = target::resolve(context, &SESSION, reference).await?;
        let prompt = as_the_session_wants(prompt, session.as_ref())?;
        match begin(context, &target, &prompt, args.message_id.as_deref()).await? {
            Begun::Turn(turn) if args.no_wait => receipt(context, &target, *turn, &format).await,
            Begun::Turn(turn) => {
                let end = follow(context, &target, *turn, policy, format.is_structured()).await?;
                finish(context, &target, &end, &format).await
            }
            Begun::Answered(id, end) => {
                context.printer.note(&format!("this prompt was already sent, as {id}"));
                if args.no_wait {
                    return context.printer.line(&Untrusted(&id).text());
                }
                if !format.is_structured() {
                    let mut answer = Answer::new(context, &target.session, false);
                    answer.finish(&end.messages)?;
                }
                finish(context, &target, &end, &format).await
            }
        }
    };
    match limit {
        None => work.await,
        Some(limit) => {
            tokio::time::timeout_at(limit.at, work).await.unwrap_or_else(|_| Err(too_late(limit, &reference.reference)))
        }
    }
}

fn too_late(limit: Limit, reference: &str) -> Error {
    limit
        .passed("for an answer")
        .because("the session goes on")
        .hint(format!("kubectl opencode session transcript {reference}"))
}

/// The server would take model and agent of its last message, or its own; the Session says what is wanted now.
fn as_the_session_wants(prompt: Prompt, session: Option<&Session>) -> Result<Prompt> {
    let spec = session.map(|session| &session.spec);
    let wanted = spec.and_then(|spec| spec.model.as_deref()).map(model).transpose()?;
    let mode = spec.and_then(|spec| spec.mode.clone());
    Ok(Prompt { model: prompt.model.or(wanted), agent: prompt.agent.or(mode), ..prompt })
}

/// A session that was created a moment ago is waited for; one that is stopped or has ended is refused. None where the
/// conversation is no Session's.
pub async fn wait_until_running(context: &Context, typed: &str, limit: Option<Limit>) -> Result<Option<Session>> {
    let name = match typed.split_once('/') {
        Some((word, name)) if Kind::from_word(word) == Some(&SESSION) => name,
        Some(_) => return Ok(None),
        None => typed,
    };
    let session: Session = agents::get(context, &SESSION, name).await?;
    match outcome::session_phase(&session) {
        SessionPhase::Running => Ok(Some(session)),
        SessionPhase::Pending => {
            let reason = outcome::session_reason(&session);
            let because = if reason.is_empty() { reason } else { format!(": {reason}") };
            context.printer.waiting_for(&format!("session \"{name}\" is pending{because}"));
            until(context, &SESSION, name, &State::Ready, limit).await?;
            context.printer.done_waiting();
            Ok(Some(session))
        }
        _ => Err(outcome::session_not_running(&session)),
    }
}

/// A prompt that was sent, now or before.
enum Begun {
    /// Its turn goes on.
    Turn(Box<Turn>),
    /// Its turn is over: its message, and how it ended.
    Answered(String, TurnEnd),
}

/// Sends a prompt, unless it was sent before under the same name.
async fn begin(context: &Context, target: &Target, prompt: &Prompt, name: Option<&str>) -> Result<Begun> {
    let (client, id) = (&target.client, target.session.as_str());
    let Some(name) = name else { return Ok(Begun::Turn(Box::new(client.start_turn(id, prompt).await?))) };
    let messages = client.messages(id, &MessageQuery::default()).await?;
    let created = client.session(id).await?.time.created;
    let newest = messages.iter().map(|message| message.info.time.created).max().unwrap_or(created);
    let own = message_id(newest, name);
    let said = messages.iter().map(|message| &message.info);
    let said = said.filter(|info| info.role == Role::User).find(|info| same_seed(&info.id, &own));
    let said = said.map(|info| info.id.clone());
    if let Some(said) = &said {
        if let Some(turn) = client.join_turn(id, Some(said)).await? {
            context.printer.note(&format!("this prompt was already sent, as {said}, and its turn goes on"));
            return Ok(Begun::Turn(Box::new(turn)));
        }
        let is_answered = messages.iter().any(|message| message.info.parent_id.as_ref() == Some(said));
        let is_last = messages.iter().rfind(|message| message.info.role == Role::User);
        let is_last = is_last.is_some_and(|message| message.info.id == *said);
        if (is_answered || !is_last)
            && let Some(end) = client.turn_end(id, Some(said)).await?
        {
            return Ok(Begun::Answered(said.clone(), end));
        }
        // The server ended before it began to answer, perhaps before it had stored the text: it gets both again.
    }
    let own = said.unwrap_or(own);
    let part = own.replacen("msg_", "prt_", 1);
    let mut prompt = Prompt { message_id: Some(own), ..prompt.clone() };
    if let Some(PromptPart::Text { id, .. }) = prompt.parts.first_mut() {
        *id = Some(part);
    }
    Ok(Begun::Turn(Box::new(client.start_turn(id, &prompt).await?)))
}

/// Prints the id of the message, once the server has it.
async fn receipt(context: &Context, target: &Target, turn: Turn, format: &Format) -> Result<()> {
    let id = stored(target, turn).await?;
    match format {
        Format::Table | Format::Wide | Format::Name => context.printer.line(&Untrusted(&id).text())?,
        format => {
            let value = json!({"reference": target.reference, "sessionID": target.session, "messageID": id});
            context.printer.structured(&value, format, true)?;
        }
    }
    let typed = target.typed();
    context.printer.note(&format!("sent; the answer will be in: kubectl opencode session transcript {typed}"));
    Ok(())
}

/// The id of a prompt, once the server has stored it with its text: it takes a prompt first, and one that is killed just
/// then loses it.
async fn stored(target: &Target, mut turn: Turn) -> Result<String> {
    let work = async {
        while turn.prompt().is_none() {
            if turn.next().await?.is_none() {
                break;
            }
        }
        let id = turn.prompt().unwrap_or_default();
        loop {
            match target.client.message(&target.session, id).await {
                Ok(message) if !message.parts.is_empty() => return Ok::<_, opencode::Error>(id.to_owned()),
                Err(error) if !error.is_not_found() => return Err(error),
                _ => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
    };
    match tokio::time::timeout(STORED, work).await {
        Ok(id) => Ok(id?),
        Err(_) => Err(Error::new(Code::AgentUnavailable, "the server took the prompt and did not store it yet")
            .hint(format!("kubectl opencode session transcript {}", target.typed()))),
    }
}

/// Follows a turn to its end, and writes what is said unless `silent`.
pub async fn follow(
    context: &Context,
    target: &Target,
    mut turn: Turn,
    policy: OnPermission,
    silent: bool,
) -> Result<TurnEnd> {
    let (client, id) = (&target.client, target.session.as_str());
    let mut answer = Answer::new(context, id, silent);
    let place = turn.client().clone();
    let prompt = turn.prompt().map(str::to_owned);
    let earlier = |message: &MessageWithParts| prompt.is_none() || message.info.parent_id != prompt;
    context.leaves_behind(
        "the session goes on with its answer",
        format!("kubectl opencode session transcript {}", target.typed()),
    );
    if prompt.is_none() {
        context.printer.note("the session is busy; the prompt is queued behind the current turn");
    }
    context.printer.waiting_for("waiting for the answer");
    let mut responder = Responder::new(context, policy, id, &target.reference);
    let mut is_begun = false;
    let mut catch_up = async |answer: &mut Answer<'_>, responder: &mut Responder<'_>| {
        let messages = client.messages(id, &MessageQuery::default()).await?;
        if !is_begun {
            answer.skip(&messages.iter().filter(|message| earlier(message)).cloned().collect::<Vec<_>>());
            is_begun = true;
        }
        answer.catch_up(&messages)?;
        // A busy session may wait for a person already, and this prompt behind it.
        responder.look(&place).await
    };
    let mut missed = Missed::nothing(context);
    missed.asked(catch_up(&mut answer, &mut responder).await)?;
    loop {
        let event = {
            let mut next = std::pin::pin!(turn.next());
            loop {
                tokio::select! {
                    event = &mut next => break event?,
                    () = missed.ask_again() => missed.asked(catch_up(&mut answer, &mut responder).await)?,
                }
            }
        };
        match event {
            Some(TurnEvent::Event(event)) => {
                answer.event(&event)?;
                missed.unless(responder.event(&place, &event).await)?;
            }
            Some(TurnEvent::Lost(error)) => missed.lost(error),
            Some(TurnEvent::Reconnected) => missed.asked(catch_up(&mut answer, &mut responder).await)?,
            Some(TurnEvent::Ended(end)) => {
                context.printer.done_waiting();
                answer.finish(&end.messages)?;
                return Ok(end);
            }
            None => return Err(opencode::ended().into()),
        }
    }
}

async fn finish(context: &Context, target: &Target, end: &TurnEnd, format: &Format) -> Result<()> {
    if format.is_structured() {
        print_messages(context, target, &end.messages, format).await?;
    }
    judge(&end.outcome, target)
}

/// The messages of the answer as the server keeps them.
async fn print_messages(
    context: &Context,
    target: &Target,
    messages: &[MessageWithParts],
    format: &Format,
) -> Result<()> {
    let mut whole = Vec::new();
    for message in messages {
        let path = format!("/session/{}/message/{}", target.session, message.info.id);
        whole.push(target.client.request(http::Method::GET, &path, &[], None).await?);
    }
    let whole = Value::from(whole);
    context.printer.structured(&whole, format, true)
}

/// The failure of a turn, if it failed.
pub fn judge(outcome: &Outcome, target: &Target) -> Result<()> {
    let failed = |message: &str| {
        Error::new(Code::SessionFailed, message).hint(format!("kubectl opencode session transcript {}", target.typed()))
    };
    match outcome {
        Outcome::Completed => Ok(()),
        Outcome::Refused => Err(failed("the turn ended because somebody refused a permission or a question")),
        Outcome::Aborted => Err(failed("somebody stopped the turn")),
        Outcome::Failed(error) => {
            Err(failed("the session could not answer").because(format!("{}: {}", error.name, error.message())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn files_go_along_as_what_they_are() {
        let file = |suffix: &str, content: &[u8]| {
            let mut file = tempfile::Builder::new().suffix(suffix).tempfile().unwrap();
            file.write_all(content).unwrap();
            match attachment(file.path()).unwrap() {
                PromptPart::File { mime, url, .. } => (mime, url),
                PromptPart::Text { .. } => unreachable!("a file"),
            }
        };
        assert_eq!(file(".rs", b"hi"), ("text/plain".into(), "data:text/plain;base64,aGk=".into()));
        assert_eq!(file(".PNG", b"\x89PNG").0, "image/png");
        assert_eq!(file(".bin", b"\xff").0, "application/octet-stream");
    }
}
