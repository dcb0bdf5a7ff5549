//! `session send`: one prompt to a conversation, and its answer.

use tokio::time::Instant;

use super::answer::Answer;
use super::approvals::Responder;
use super::wait::{State, deadline, until};
use super::{Context, agents, outcome, prompt, target};
use crate::api::Session;
use crate::api::kinds::{Kind, SESSION};
use crate::api::session::SessionPhase;
use crate::cli::approvals::OnPermission;
use crate::cli::session::Send;
use crate::error::{Code, Error, Result};
use crate::opencode::types::Model;
use crate::opencode::{MessageQuery, Outcome, Prompt, TurnEvent};
use crate::output::Format;

/// What may be sent, in the user's words.
const LIMITS: &str = "a prompt may have 4 MiB, which no model reads at once";

/// Sends a prompt and prints the answer.
pub async fn run(context: &Context, args: &Send) -> Result<()> {
    let text = prompt::text(args.text.as_deref(), args.filename.as_deref(), LIMITS)?.ok_or_else(|| {
        Error::usage("there is nothing to send")
            .hint("give the text as an argument, in a file with -f FILE, or on standard input with -")
    })?;
    let format = args.output.format();
    if format == Format::Name {
        return Err(Error::usage("an answer has no name; use -o json or -o yaml"));
    }
    let limit = deadline(args.timeout);
    let session = wait_until_running(context, args, limit).await?;
    let work = async {
        let target = target::resolve(context, &SESSION, &args.reference).await?;
        // The server would take those of its last message, or its own; the Session says what is wanted now.
        let wanted = session.map(|session| (session.spec.model, session.spec.mode)).unwrap_or_default();
        let mut prompt = Prompt::text(text);
        prompt.agent = args.mode.clone().or(wanted.1);
        prompt.model = args.model.clone().or(wanted.0).as_deref().map(model).transpose()?;
        if args.no_wait {
            target.client.prompt_async(&target.session, &prompt).await?;
            context.printer.note(&format!(
                "sent; the answer will be in: kubectl opencode session transcript {}",
                target.reference
            ));
            return Ok(());
        }
        answer(context, &target, &prompt, args.on_permission, &format).await
    };
    match limit {
        None => work.await,
        Some(limit) => tokio::time::timeout_at(limit, work).await.unwrap_or_else(|_| {
            Err(Error::new(Code::Timeout, "there was no answer in time")
                .because("the session goes on")
                .hint(format!("kubectl opencode session transcript {}", args.reference.reference)))
        }),
    }
}

fn model(typed: &str) -> Result<Model> {
    Model::parse(typed).ok_or_else(|| Error::usage(format!("--model: \"{typed}\" is not PROVIDER/MODEL")))
}

/// A session that was created a moment ago is waited for; one that is stopped or has ended is refused. None where the
/// conversation is no Session's.
async fn wait_until_running(context: &Context, args: &Send, limit: Option<Instant>) -> Result<Option<Session>> {
    let name = match args.reference.reference.split_once('/') {
        Some((word, name)) if Kind::from_word(word) == Some(&SESSION) => name,
        Some(_) => return Ok(None),
        None => args.reference.reference.as_str(),
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

async fn answer(
    context: &Context,
    target: &target::Target,
    prompt: &Prompt,
    policy: OnPermission,
    format: &Format,
) -> Result<()> {
    let (client, id) = (&target.client, target.session.as_str());
    let mut answer = Answer::new(context, id, format.is_structured());
    answer.skip(&client.messages(id, &MessageQuery::default()).await?);
    context.leaves_behind(
        "the session goes on with its answer",
        format!("kubectl opencode session transcript {}", target.reference),
    );
    context.printer.waiting_for("waiting for the answer");
    let mut turn = client.start_turn(id, prompt).await?;
    let mut responder = Responder::new(context, policy, id, &target.reference);
    // A busy session may wait for a person already, and this prompt behind it.
    responder.look(&turn.client().clone()).await?;
    let mut lost = false;
    while let Some(event) = turn.next().await? {
        match event {
            TurnEvent::Event(event) => {
                answer.event(&event)?;
                responder.event(&turn.client().clone(), &event).await?;
            }
            TurnEvent::Lost(error) => {
                if !lost {
                    let error = Error::from(error);
                    context.printer.warn(&format!("the link to the agent is lost and tried again: {error}"));
                }
                lost = true;
            }
            TurnEvent::Reconnected => {
                lost = false;
                let messages = client.messages(id, &MessageQuery::default()).await?;
                answer.catch_up(&messages)?;
                responder.look(&turn.client().clone()).await?;
            }
            TurnEvent::Ended(end) => {
                context.printer.done_waiting();
                answer.finish(&end.messages)?;
                if format.is_structured() {
                    print_messages(context, target, &end.messages, format).await?;
                }
                return judge(&end.outcome, target);
            }
        }
    }
    Err(Error::internal("the turn was left before its end"))
}

/// The messages of the answer as the server keeps them.
async fn print_messages(
    context: &Context,
    target: &target::Target,
    messages: &[crate::opencode::MessageWithParts],
    format: &Format,
) -> Result<()> {
    let mut whole = Vec::new();
    for message in messages {
        let path = format!("/session/{}/message/{}", target.session, message.info.id);
        whole.push(target.client.request(http::Method::GET, &path, &[], None).await?);
    }
    let whole = serde_json::Value::from(whole);
    context.printer.structured(&whole, format, true)
}

fn judge(outcome: &Outcome, target: &target::Target) -> Result<()> {
    let failed = |message: &str| {
        Error::new(Code::SessionFailed, message)
            .hint(format!("kubectl opencode session transcript {}", target.reference))
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
