//! `run`: a task from its creation to its true outcome.
//!
//! The Task decides when it is over; the agent's server tells what is said meanwhile, whole: what `opencode run --attach`
//! prints in the task's Pod may lack its end. Where the server cannot be reached (no right to port-forward, a task in a Pod
//! of its own) or holds no conversation of the task, the Pod's log is printed instead.

use std::time::Duration;

use futures::StreamExt;
use serde_json::Value;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::answer::Answer;
use super::approvals::Responder;
use super::list::objects;
use super::missed::Missed;
use super::task_pod::TaskPod;
use super::wait::{deadline, gone, read, watch};
use super::{Context, logs, outcome, settings, stop, target, task};
use crate::api::kinds::TASK;
use crate::api::task::TaskPhase;
use crate::api::{GoDuration, Task};
use crate::cli::approvals::OnPermission;
use crate::cli::flags::{DryRun, LogOptions};
use crate::cli::run::NewTask;
use crate::cluster;
use crate::error::{Code, Error, Result};
use crate::opencode::{self, Event, Followed, MessageQuery, MessageWithParts};
use crate::output::Format;

/// How long the conversation may lag behind the Task's end.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Pause before an agent that does not answer is asked again.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// Creates a task and follows it.
pub async fn run(context: &Context, args: &NewTask) -> Result<()> {
    let stored = task::create(context, args).await?;
    let dry_run = args.creation.dry_run;
    if dry_run != DryRun::None {
        return task::done(context, &stored, &format!("created{}", dry_run.remark()), &args.output.format());
    }
    to_its_end(context, &stored, args, true).await
}

/// Follows a created task to its end, with its text if `talkative`, and answers its true outcome.
pub async fn to_its_end(context: &Context, stored: &Value, args: &NewTask, talkative: bool) -> Result<()> {
    let name = stored["metadata"]["name"].as_str().unwrap_or_default();
    let format = args.output.format();
    if format == Format::Name || (!talkative && !format.is_structured()) {
        task::created(context, stored, &format)?;
    } else {
        context.printer.note(&format!("task \"{name}\" created"));
    }
    context.leaves_behind(
        format!("task \"{name}\" goes on in the cluster"),
        format!("kubectl opencode task logs -f {name}; to end it: kubectl opencode task stop {name}"),
    );
    // The time that the cluster gives the task, whoever said it.
    let time = stored["spec"]["timeout"].as_str().and_then(|time| time.parse::<GoDuration>().ok());
    let limit = deadline(time).map(|limit| limit.at);
    let policy = settings::on_permission(args.on_permission)?;
    let silent = format.is_structured() || !talkative;
    let ended = match follow(context, name, limit, silent, policy).await {
        Ok(ended) => ended,
        Err(error) if error.code == Code::Timeout => return Err(out_of_time(context, name, time).await),
        Err(error) => return Err(error),
    };
    context.printer.done_waiting();
    if format.is_structured() && format != Format::Name {
        objects::print(context, &objects::plain(ended.object), &format)?;
    }
    if time.is_some() && outcome::timed_out(&ended.task) {
        return Err(timeout(name, time));
    }
    ended.outcome
}

/// A task that is over.
struct Over {
    object: Value,
    task: Task,
    outcome: Result<()>,
}

async fn follow(
    context: &Context,
    name: &str,
    limit: Option<Instant>,
    silent: bool,
    policy: OnPermission,
) -> Result<Over> {
    let (_, task) = until(context, name, limit, |task| {
        let phase = task.status.as_ref().and_then(|status| status.phase.as_ref());
        phase == Some(&TaskPhase::Running) || outcome::of_task(task).is_some()
    })
    .await?;
    let mut conversation = Conversation::of(context, &task, silent, policy).await;
    let ended = CancellationToken::new();
    let over = async {
        let over = until(context, name, limit, |task| outcome::of_task(task).is_some()).await?;
        ended.cancel();
        Ok(over)
    };
    let ((object, task), ()) = tokio::try_join!(over, conversation.listen(&ended))?;
    // A task may be over before it was seen to run.
    let mut outcome = outcome::of_task(&task).unwrap_or(Ok(()));
    let told = conversation.finish(name).await?;
    if let (Ok(()), Some(failure)) = (&outcome, told) {
        // The platform calls a task Completed when its Pod exits with 0, which it does after the session failed too.
        outcome = Err(Error::new(Code::TaskFailed, format!("task \"{name}\" failed"))
            .because(failure)
            .hint(format!("kubectl opencode task transcript {name}")));
    }
    Ok(Over { object, task, outcome })
}

async fn until(
    context: &Context,
    name: &str,
    limit: Option<Instant>,
    reached: impl Fn(&Task) -> bool,
) -> Result<(Value, Task)> {
    let pod = TaskPod::new();
    let namespace = &context.cluster().await?.namespace;
    let reached = watch(context, &TASK, name, limit, |object| {
        let Some(object) = object else { return Err(gone(&TASK, name, namespace).because("somebody deleted it")) };
        pod.of_task(object);
        let task: Task = read(object)?;
        if reached(&task) {
            return Ok(Some((object.clone(), task)));
        }
        context.printer.waiting_for(&format!("task \"{name}\" is {}", outcome::task_progress(&task)));
        Ok(None)
    });
    tokio::select! {
        reached = Box::pin(reached) => reached,
        lost = pod.lost(context, name) => Err(lost),
    }
}

/// The failure of `--timeout`. A task that has not started would start later, when nobody waits for it: it is stopped; one
/// that runs is ended by the cluster, which was given the same limit.
async fn out_of_time(context: &Context, name: &str, limit: Option<GoDuration>) -> Error {
    match stop::task(context, name).await {
        Ok(_) => timeout(name, limit),
        Err(error) => Error { causes: Vec::new(), ..timeout(name, limit) }
            .because(format!("the task could not be stopped: {error}"))
            .hint(format!("kubectl opencode task stop {name}")),
    }
}

fn timeout(name: &str, limit: Option<GoDuration>) -> Error {
    let after = limit.map(|limit| format!(" after {limit}")).unwrap_or_default();
    Error::new(Code::Timeout, format!("timed out{after} waiting for task \"{name}\" to finish"))
        .because("the task was stopped")
        .hint(format!("kubectl opencode task transcript {name}"))
}

/// Where a running task's words come from.
enum Conversation<'a> {
    /// The agent's server.
    Server {
        client: opencode::Client,
        title: String,
        session: Option<String>,
        talk: Box<Option<Talk<'a>>>,
        begin: Begin<'a>,
    },
    /// The log of the task's Pod.
    Log { context: &'a Context, name: String },
    /// Nowhere.
    Silence,
}

impl<'a> Conversation<'a> {
    async fn of(context: &'a Context, task: &Task, silent: bool, policy: OnPermission) -> Self {
        let name = task.metadata.name.clone().unwrap_or_default();
        let begin = Begin { context, silent, policy, reference: format!("task/{name}") };
        let log = if silent { Self::Silence } else { Self::Log { context, name } };
        let Some(agent) = target::agent_of(task) else { return log };
        let title = task.session_title();
        let reached = async {
            let cluster = context.cluster().await?;
            let client = cluster::opencode(&cluster.client, &cluster.namespace, agent).await?;
            // Whether we may open a tunnel shows only when one is opened; any other failure may pass.
            match find(&client, &title).await.map_err(Error::from) {
                Err(error) if error.code == Code::Forbidden => Err(error),
                found => Ok((client, found.unwrap_or_default())),
            }
        };
        match reached.await {
            Ok((client, session)) => Self::Server { client, title, session, talk: Box::new(None), begin },
            Err(error) => {
                let why = format!("the session on agent \"{agent}\" cannot be followed: {error}");
                context.printer.note(&why);
                if !silent {
                    context.printer.note("the log of the task's Pod, which may lack the end of the answer:");
                }
                log
            }
        }
    }

    /// Writes what is said, until the task has `ended`.
    async fn listen(&mut self, ended: &CancellationToken) -> Result<()> {
        match self {
            Self::Silence => Ok(()),
            Self::Log { context, name } => {
                tracing::info!("printing the log of the Pod of task {name}");
                let last_words = async {
                    ended.cancelled().await;
                    tokio::time::sleep(LAST_WORDS).await;
                };
                tokio::select! {
                    printed = print_log(context, name, true) => printed,
                    () = last_words => Ok(()),
                }
            }
            Self::Server { client, title, session, talk, begin } => {
                tracing::info!("printing the session {title:?} on its agent");
                let mut events = client.follow_all_events();
                let mut missed = Missed::nothing(begin.context);
                loop {
                    let followed = tokio::select! {
                        () = ended.cancelled() => return Ok(()),
                        followed = events.next() => followed,
                        () = missed.ask_again() => Some(Followed::Connected),
                    };
                    match followed {
                        None => return Ok(()),
                        Some(Followed::Connected) => {
                            missed.asked(begin.catch_up(client, title, session, talk).await)?;
                        }
                        Some(Followed::Event(Event::SessionCreated { info } | Event::SessionUpdated { info }))
                            if session.is_none() && info.title == *title =>
                        {
                            *session = Some(info.id);
                            missed.asked(begin.catch_up(client, title, session, talk).await)?;
                        }
                        Some(Followed::Event(event)) => {
                            if let Some(talk) = talk.as_mut() {
                                talk.answer.event(&event)?;
                                missed.unless(talk.responder.event(&talk.place, &event).await)?;
                            }
                        }
                        Some(Followed::Lost(error)) => missed.lost(error),
                    }
                }
            }
        }
    }

    /// Writes what is missing, once the task is over. The answer says how the conversation failed, if it did.
    async fn finish(&mut self, name: &str) -> Result<Option<String>> {
        let Self::Server { client, title, session, talk, begin } = self else { return Ok(None) };
        let (context, silent) = (begin.context, begin.silent);
        let (id, messages) = match whole(client, title, session.take()).await {
            Ok(Some(found)) => found,
            missing => {
                match missing {
                    Ok(_) => context.printer.note("the agent has no conversation of this task; its Pod's log:"),
                    Err(error) => {
                        let lost = "the end of the conversation cannot be read";
                        context.printer.warn(&format!("{lost}: {error}; the log of the task's Pod:"));
                    }
                }
                return if silent { Ok(None) } else { print_log(context, name, false).await.map(|()| None) };
            }
        };
        let id = id.as_str();
        match talk.as_mut() {
            Some(talk) => talk.answer.finish(&messages)?,
            None => Answer::new(context, id, silent).finish(&messages)?,
        }
        let last = messages.last().and_then(|message| message.info.error.as_ref());
        Ok(last.map(|error| format!("{}: {}", error.name, error.message())))
    }
}

/// The id of the session with this title.
async fn find(client: &opencode::Client, title: &str) -> Result<Option<String>, opencode::Error> {
    Ok(client.session_titled(title).await?.map(|session| session.id))
}

/// The session of a task that is over, and its messages; None if there is no such session. An agent that does not answer
/// may be starting again, and is asked for a while.
async fn whole(
    client: &opencode::Client,
    title: &str,
    known: Option<String>,
) -> Result<Option<(String, Vec<MessageWithParts>)>> {
    let limit = Instant::now() + LAST_WORDS;
    loop {
        let read = async {
            let session = match &known {
                Some(id) => Some(id.clone()),
                None => find(client, title).await?,
            };
            let Some(id) = session else { return Ok(None) };
            let messages = client.messages(&id, &MessageQuery::default()).await?;
            Ok::<_, opencode::Error>(Some((id, messages)))
        };
        let error = match tokio::time::timeout_at(limit, read).await {
            Ok(Ok(found)) => return Ok(found),
            Ok(Err(error)) => Error::from(error),
            Err(_) => Error::new(Code::AgentUnavailable, "the agent does not answer in time"),
        };
        if !error.code.is_retryable() || Instant::now() + ASK_AGAIN > limit {
            return Err(error);
        }
        tokio::time::sleep(ASK_AGAIN).await;
    }
}

/// Writes what the task's Pod printed; a log that cannot be had is no failure of the task.
async fn print_log(context: &Context, name: &str, follow: bool) -> Result<()> {
    let wanted = LogOptions { follow, ..LogOptions::default() };
    match logs::what_task_printed(context, name, &wanted).await {
        Err(error) if error.code != Code::OutputClosed => {
            context.printer.note(&format!("the log of the task's Pod cannot be read: {error}"));
            Ok(())
        }
        printed => printed,
    }
}

/// A conversation whose session is known.
struct Talk<'a> {
    answer: Answer<'a>,
    responder: Responder<'a>,
    /// The server, speaking about the session's directory.
    place: opencode::Client,
}

/// With what a [`Talk`] begins.
struct Begin<'a> {
    context: &'a Context,
    silent: bool,
    policy: OnPermission,
    reference: String,
}

impl<'a> Begin<'a> {
    /// Writes what was said before, or while the link was lost, and looks for what waits for a person. What cannot be read
    /// for good is left to the end.
    async fn catch_up(
        &self,
        client: &opencode::Client,
        title: &str,
        session: &mut Option<String>,
        talk: &mut Option<Talk<'a>>,
    ) -> Result<()> {
        let caught_up = async {
            if session.is_none() {
                *session = find(client, title).await?;
            }
            let Some(id) = session.as_deref() else { return Ok(()) };
            if talk.is_none() {
                let place = client.in_directory(&client.session(id).await?.directory);
                let answer = Answer::new(self.context, id, self.silent);
                let responder = Responder::new(self.context, self.policy, id, &self.reference);
                *talk = Some(Talk { answer, responder, place });
            }
            let Some(talk) = talk else { return Ok(()) };
            let messages = client.messages(id, &MessageQuery::default()).await?;
            talk.answer.catch_up(&messages)?;
            talk.responder.look(&talk.place).await
        };
        match caught_up.await {
            Err(error) if error.code == Code::SessionNotFound => {
                tracing::debug!("the session is not there: {error}");
                Ok(())
            }
            caught_up => caught_up,
        }
    }
}
