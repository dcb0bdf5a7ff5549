//! `approvals --watch`: requests as they are asked and answered.
//!
//! One stream of events for each agent of the scope, and a watch on the agents themselves: one that appears, resumes or is
//! replaced is followed, too. After each reconnect the server is asked again, and what was missed is told then.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt as _;
use kube::Api;
use kube::runtime::{WatchStreamExt as _, watcher};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::Rows;
use super::asked::{Request, Waiting};
use super::gather::{self, AgentName, Scope};
use crate::api::Agent;
use crate::api::kinds::AGENT;
use crate::cli::approvals::Approvals;
use crate::cluster;
use crate::commands::{Context, api_error, watch_failed};
use crate::error::{Code, Error, Result};
use crate::opencode::{Client, Event, Followed, Reply, SessionActivity};
use crate::output::{Format, Untrusted, harmless_json};

/// Pause before an agent that has no ready server is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How long one watch lasts, in seconds, so that a dead link is noticed.
const WATCH_SECONDS: u32 = 50;

/// What a follower of an agent tells.
enum Told {
    /// Its events are followed from now on, by this client.
    Connected(AgentName, Client),
    /// Something happened.
    Event(AgentName, Client, Box<Event>),
    /// It cannot be followed now.
    Lost(AgentName, Error),
}

/// Shows what waits, then what comes and goes, until interrupted.
pub async fn follow(context: &Context, scope: Scope, args: &Approvals) -> Result<()> {
    let cluster = context.cluster().await?;
    let (sender, mut told) = mpsc::channel(256);
    let mut view = View {
        context,
        args,
        rows: Rows::new(args.asking.all_namespaces, args.output.format() == Format::Wide, true),
        headers: !args.no_headers,
        waiting: BTreeMap::new(),
        lost: BTreeMap::new(),
        scope,
    };
    let api: Api<Agent> = match &view.scope.namespace {
        Some(namespace) => Api::namespaced(cluster.client.clone(), namespace),
        None => Api::all(cluster.client.clone()),
    };
    let named = view.scope.agents.clone();
    let mut followers = Followers { client: cluster.client.clone(), sender, running: BTreeMap::new() };
    for agent in named.iter().flatten() {
        followers.begin(agent.clone());
    }
    let config = watcher::Config::default().timeout(WATCH_SECONDS);
    let mut agents = watcher(api, config).default_backoff().boxed();
    loop {
        tokio::select! {
            Some(told) = told.recv() => view.take(told).await?,
            Some(event) = agents.next(), if named.is_none() => match event {
                Ok(watcher::Event::Apply(agent) | watcher::Event::InitApply(agent)) => followers.agent(&agent),
                Ok(watcher::Event::Delete(agent)) => {
                    followers.end(&key(&agent));
                    view.gone(&key(&agent))?;
                }
                Ok(_) => {}
                Err(error) => watch_failed(context, error, |verb, error| {
                    api_error(error, verb, &AGENT, view.scope.namespace.as_deref(), None)
                })?,
            },
        }
    }
}

fn key(agent: &Agent) -> AgentName {
    (agent.metadata.namespace.clone().unwrap_or_default(), agent.metadata.name.clone().unwrap_or_default())
}

/// One task for each agent.
struct Followers {
    client: kube::Client,
    sender: mpsc::Sender<Told>,
    running: BTreeMap<AgentName, AbortHandle>,
}

impl Followers {
    fn agent(&mut self, agent: &Agent) {
        let key = key(agent);
        if agent.spec.suspend == Some(true) {
            self.end(&key);
        } else if !self.running.contains_key(&key) {
            self.begin(key);
        }
    }

    fn begin(&mut self, agent: AgentName) {
        let task = tokio::spawn(one(self.client.clone(), agent.clone(), self.sender.clone()));
        self.running.insert(agent, task.abort_handle());
    }

    fn end(&mut self, agent: &AgentName) {
        if let Some(task) = self.running.remove(agent) {
            task.abort();
        }
    }
}

impl Drop for Followers {
    fn drop(&mut self) {
        self.running.values().for_each(AbortHandle::abort);
    }
}

/// Follows one agent for as long as anybody listens.
async fn one(client: kube::Client, agent: AgentName, sender: mpsc::Sender<Told>) {
    let server = loop {
        match cluster::opencode(&client, &agent.0, &agent.1).await {
            Ok(server) => break server,
            Err(error) => {
                if sender.send(Told::Lost(agent.clone(), error)).await.is_err() {
                    return;
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
    };
    let mut events = server.follow_all_events();
    while let Some(followed) = events.next().await {
        let told = match followed {
            Followed::Connected => Told::Connected(agent.clone(), server.clone()),
            Followed::Event(event) if matters(&event) => Told::Event(agent.clone(), server.clone(), Box::new(event)),
            Followed::Event(_) => continue,
            Followed::Lost(error) => Told::Lost(agent.clone(), error.into()),
        };
        if sender.send(told).await.is_err() {
            return;
        }
    }
}

fn matters(event: &Event) -> bool {
    matches!(
        event,
        Event::PermissionAsked(_)
            | Event::QuestionAsked(_)
            | Event::PermissionReplied { .. }
            | Event::QuestionReplied { .. }
            | Event::QuestionRejected { .. }
            | Event::SessionIdle { .. }
            | Event::SessionStatus { status: SessionActivity::Idle, .. }
            | Event::SessionDeleted { .. }
    )
}

/// Whether a request about an event may fail so because of what has happened since.
fn passes(code: Code) -> bool {
    code.is_retryable() || code == Code::SessionNotFound
}

/// What is shown.
struct View<'a> {
    context: &'a Context,
    args: &'a Approvals,
    scope: Scope,
    rows: Rows,
    headers: bool,
    waiting: BTreeMap<String, Waiting>,
    /// Agents that cannot be followed, and what was said of it.
    lost: BTreeMap<AgentName, String>,
}

impl View<'_> {
    async fn take(&mut self, told: Told) -> Result<()> {
        match told {
            Told::Connected(agent, server) => {
                if self.lost.remove(&agent).is_some() {
                    self.context.printer.note(&format!("agent \"{}\" is followed", agent.1));
                }
                self.compare(&agent, &server).await
            }
            Told::Lost(agent, error) => self.lost(&agent, error),
            Told::Event(agent, server, event) => match self.event(&agent, &server, *event).await {
                // The stream will tell that the link is lost, and what is true after it.
                Err(error) if passes(error.code) => {
                    tracing::debug!("an event could not be followed up: {error}");
                    Ok(())
                }
                done => done,
            },
        }
    }

    /// Says what is wrong with an agent, once. The others are followed all the same, if there are others.
    fn lost(&mut self, agent: &AgentName, error: Error) -> Result<()> {
        let said = error.to_string();
        if self.lost.get(agent) != Some(&said) {
            self.context.printer.warn(&format!("agent \"{}\" cannot be followed now: {said}", agent.1));
            self.lost.insert(agent.clone(), said);
        }
        let is_only = self.scope.agents.as_ref().is_some_and(|named| named.len() == 1);
        match error.code {
            Code::Unauthenticated => Err(error),
            Code::Forbidden | Code::InvalidConfiguration | Code::Unsupported if is_only => Err(error),
            _ => Ok(()),
        }
    }

    /// After a link was lost: what is there now is told if it was not, and what was told and is gone likewise.
    async fn compare(&mut self, agent: &AgentName, server: &Client) -> Result<()> {
        let now = match gather::of_server(self.context, server, &agent.0, &agent.1).await {
            Ok(now) => now,
            Err(error) if error.code.is_retryable() => {
                tracing::debug!("agent {} does not say what waits: {error}", agent.1);
                return Ok(());
            }
            Err(error) => return self.lost(agent, error),
        };
        let is_there = |id: &str| now.iter().any(|waiting| waiting.request.id() == id);
        let of_agent = |waiting: &&Waiting| waiting.namespace == agent.0 && waiting.agent == agent.1;
        let gone: Vec<String> = self
            .waiting
            .values()
            .filter(of_agent)
            .map(|waiting| waiting.request.id().to_owned())
            .filter(|id| !is_there(id))
            .collect();
        for id in gone {
            self.over(&id, "over")?;
        }
        for waiting in now {
            self.asked(waiting).await?;
        }
        Ok(())
    }

    fn gone(&mut self, agent: &AgentName) -> Result<()> {
        let ids: Vec<String> = self
            .waiting
            .values()
            .filter(|waiting| waiting.namespace == agent.0 && waiting.agent == agent.1)
            .map(|waiting| waiting.request.id().to_owned())
            .collect();
        ids.iter().try_for_each(|id| self.over(id, "over"))
    }

    async fn event(&mut self, agent: &AgentName, server: &Client, event: Event) -> Result<()> {
        let request = match event {
            Event::PermissionAsked(asked) => Request::Permission(asked),
            Event::QuestionAsked(asked) => Request::Question(asked),
            Event::PermissionReplied { request_id, reply, .. } => {
                let word = match reply {
                    Reply::Once => "allowed",
                    Reply::Always => "always",
                    Reply::Reject => "rejected",
                };
                return self.over(&request_id, word);
            }
            Event::QuestionReplied { request_id, .. } => return self.over(&request_id, "answered"),
            Event::QuestionRejected { request_id, .. } => return self.over(&request_id, "rejected"),
            event => {
                let Some(session) = event.session_id() else { return Ok(()) };
                let of_session = self.waiting.values().filter(|waiting| waiting.request.session() == session);
                let ids: Vec<String> = of_session.map(|waiting| waiting.request.id().to_owned()).collect();
                return ids.iter().try_for_each(|id| self.over(id, "over"));
            }
        };
        let whose = async {
            let session = server.session(request.session()).await?;
            let client = server.in_directory(&session.directory);
            let known = BTreeMap::from([(session.id.as_str(), &session)]);
            let root = gather::root(&client, &known, &session.id).await?;
            Ok::<_, Error>((client, root))
        };
        let (client, root) = match whose.await {
            Err(error) if !passes(error.code) => return self.lost(agent, error),
            whose => whose?,
        };
        self.asked(Waiting::new(&agent.0, &agent.1, client, &root, request, self.context.now())).await
    }

    async fn asked(&mut self, waiting: Waiting) -> Result<()> {
        if self.waiting.contains_key(waiting.request.id()) {
            return Ok(());
        }
        self.scope.look_again(self.context).await?;
        if !self.scope.has(&waiting) {
            return Ok(());
        }
        self.show(&waiting, "asked", "ADDED")?;
        self.waiting.insert(waiting.request.id().to_owned(), waiting);
        Ok(())
    }

    fn over(&mut self, id: &str, how: &str) -> Result<()> {
        match self.waiting.remove(id) {
            Some(waiting) => self.show(&waiting, how, "DELETED"),
            None => Ok(()),
        }
    }

    fn show(&mut self, waiting: &Waiting, state: &str, happened: &str) -> Result<()> {
        match self.args.output.format() {
            Format::Table | Format::Wide => {
                self.rows.add(self.context, waiting, Some(state));
                self.rows.print(self.context, std::mem::take(&mut self.headers))
            }
            Format::Name => match happened {
                "ADDED" => self.context.printer.line(&Untrusted(waiting.request.id()).text()),
                _ => Ok(()),
            },
            format => {
                let mut object = waiting.value();
                object["state"] = state.into();
                let event = json!({"type": happened, "object": object});
                match format {
                    Format::Json => self.context.printer.line(&harmless_json(event.to_string())),
                    format => self.context.printer.structured(&event, &format, std::mem::take(&mut self.headers)),
                }
            }
        }
    }
}
