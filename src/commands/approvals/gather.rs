//! What waits for people on the agents' servers, found by asking every server.
//!
//! A server keeps requests per directory, so each directory in which sessions work is asked. A request counts only while its
//! session is in a turn and the call of the tool that asks has not ended: aborting a turn leaves its requests listed, and
//! a later turn would make them look alive.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};

use super::asked::{Request, Waiting};
use crate::api::Agent;
use crate::api::kinds::{AGENT, Kind, SESSION, TASK};
use crate::cli::approvals::Asking;
use crate::cli::flags::{Listing, Selection};
use crate::cluster;
use crate::commands::list::objects::{self, text_at};
use crate::commands::{Context, agents, batch, target, wait};
use crate::error::{Code, Error, Result};
use crate::opencode::{self, Client, Session, SessionActivity};
use crate::output::Untrusted;

/// Servers asked at the same time.
const AT_ONCE: usize = 32;
/// Sessions, most recently changed first, in whose directories requests are looked for.
const RECENT: u32 = 200;
/// Longest chain of subagents that is followed up.
const DEPTH: usize = 16;

/// Namespace and name of an agent.
pub type AgentName = (String, String);

/// Which requests are meant.
pub struct Scope {
    /// The namespace; none for all.
    pub namespace: Option<String>,
    /// The agents to ask; none for all of the scope.
    pub agents: Option<BTreeSet<AgentName>>,
    /// `session/NAME`, `task/NAME`, `agent/NAME` and IDs; everything if none.
    wanted: BTreeSet<String>,
    selector: Option<String>,
    /// Namespace and reference of what the selector finds.
    selected: BTreeSet<(String, String)>,
}

impl Scope {
    /// Reads what was typed, and looks up what it names.
    pub async fn of(context: &Context, asking: &Asking) -> Result<Self> {
        let namespace = context.cluster().await?.namespace.clone();
        let (mut wanted, mut asked, mut everywhere) = (BTreeSet::new(), BTreeSet::new(), false);
        for typed in &asking.references {
            if typed.starts_with("per_") || typed.starts_with("que_") {
                wanted.insert(typed.clone());
                everywhere = true;
                continue;
            }
            let (kind, name) = target::named(&SESSION, typed)?;
            if asking.all_namespaces {
                return Err(Error::usage(format!("\"{typed}\" is in one namespace"))
                    .hint("name the namespace with -n, instead of -A"));
            }
            wanted.insert(format!("{}/{name}", kind.noun));
            let agent = agent_of(context, kind, name).await?;
            asked.insert((namespace.clone(), agent));
        }
        let mut scope = Self {
            namespace: (!asking.all_namespaces).then_some(namespace),
            agents: (!wanted.is_empty() && !everywhere).then_some(asked),
            wanted,
            selector: asking.selector.clone(),
            selected: BTreeSet::new(),
        };
        scope.look_again(context).await?;
        Ok(scope)
    }

    /// Looks up what the selector finds now.
    pub async fn look_again(&mut self, context: &Context) -> Result<()> {
        if self.selector.is_none() {
            return Ok(());
        }
        let selection = Selection { selector: self.selector.clone(), ..Selection::default() };
        let listing = Listing { selection, ..Listing::default() };
        self.selected.clear();
        for kind in [&SESSION, &TASK] {
            for object in objects::all(context, kind, self.namespace.as_deref(), &listing).await? {
                let reference = format!("{}/{}", kind.noun, text_at(&object, "/metadata/name"));
                self.selected.insert((text_at(&object, "/metadata/namespace"), reference));
            }
        }
        Ok(())
    }

    /// Whether a request is meant.
    pub fn has(&self, waiting: &Waiting) -> bool {
        let named = self.wanted.is_empty()
            || self.wanted.contains(waiting.request.id())
            || self.wanted.contains(&waiting.reference)
            || self.wanted.contains(&format!("agent/{}", waiting.agent));
        let selected =
            self.selector.is_none() || self.selected.contains(&(waiting.namespace.clone(), waiting.reference.clone()));
        named && selected
    }

    /// What was named by its ID and is not among these requests.
    pub fn missing(&self, found: &[Waiting]) -> Vec<&str> {
        let is_there = |id: &str| found.iter().any(|waiting| waiting.request.id() == id);
        let ids = self
            .wanted
            .iter()
            .map(String::as_str)
            .filter(|wanted| wanted.starts_with("per_") || wanted.starts_with("que_"));
        ids.filter(|id| !is_there(id)).collect()
    }

    /// The agents to ask: those that were named, or all that run.
    pub async fn agents(&self, context: &Context) -> Result<Vec<AgentName>> {
        if let Some(agents) = &self.agents {
            return Ok(agents.iter().cloned().collect());
        }
        let mut agents = Vec::new();
        objects::collection(context, &AGENT, self.namespace.as_deref(), &Listing::default(), |object| {
            // Nothing waits on a server that does not run.
            let agent: Agent = wait::read(&object)?;
            if agent.spec.suspend != Some(true) {
                agents.push((text_at(&object, "/metadata/namespace"), text_at(&object, "/metadata/name")));
            }
            Ok(())
        })
        .await?;
        Ok(agents)
    }
}

/// The agent on which a named object works.
async fn agent_of(context: &Context, kind: &'static Kind, name: &str) -> Result<String> {
    let agent = if kind == &AGENT {
        return Ok(name.to_owned());
    } else if kind == &SESSION {
        let session: crate::api::Session = agents::get(context, kind, name).await?;
        let now = session.status.and_then(|status| status.agent_ref);
        now.or(session.spec.agent_ref).map(|agent| agent.name)
    } else {
        let task: crate::api::Task = agents::get(context, kind, name).await?;
        target::agent_of(&task).map(str::to_owned)
    };
    agent.ok_or_else(|| Error::new(Code::AgentUnavailable, format!("{} \"{name}\" has no agent yet", kind.noun)))
}

/// What waits, oldest first, and which servers could not be asked.
pub struct Found {
    /// The requests.
    pub waiting: Vec<Waiting>,
    /// What went wrong.
    pub failures: batch::Failures,
}

/// Asks every server of the scope.
pub async fn gather(context: &Context, scope: &Scope) -> Result<Found> {
    let agents = scope.agents(context).await?;
    let client = &context.cluster().await?.client;
    let mut found = Found { waiting: Vec::new(), failures: batch::Failures::default() };
    let ask = |(namespace, agent): AgentName| async move {
        let asked = async {
            let server = cluster::opencode(client, &namespace, &agent).await?;
            of_server(context, &server, &namespace, &agent).await
        };
        (agent.clone(), asked.await)
    };
    let mut answers = stream::iter(agents).map(ask).buffered(AT_ONCE);
    while let Some((agent, answer)) = answers.next().await {
        match answer {
            Ok(waiting) => found.waiting.extend(waiting.into_iter().filter(|waiting| scope.has(waiting))),
            Err(error) if batch::ends_everything(error.code) => return Err(error),
            // A server that is starting has nothing that waits.
            Err(error) if error.code == Code::AgentUnavailable && scope.agents.is_none() => {
                context.printer.note(&format!("agent \"{agent}\" is left out: {}", Untrusted(&error.to_string())));
            }
            Err(error) => found.failures.add(error),
        }
    }
    found.waiting.sort_by(|left, right| (left.since, left.request.id()).cmp(&(right.since, right.request.id())));
    Ok(found)
}

/// What waits on one server.
pub async fn of_server(context: &Context, server: &Client, namespace: &str, agent: &str) -> Result<Vec<Waiting>> {
    let recent = match server.recent_sessions(RECENT).await {
        Ok(recent) => recent,
        // An older server keeps to one directory.
        Err(opencode::Error::NotServed { .. }) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let directories: BTreeSet<&str> =
        recent.iter().map(|session| session.directory.as_str()).filter(|directory| !directory.is_empty()).collect();
    let places: Vec<Client> = if directories.is_empty() {
        vec![server.clone()]
    } else {
        directories.into_iter().map(|directory| server.in_directory(directory)).collect()
    };
    let known: BTreeMap<&str, &Session> = recent.iter().map(|session| (session.id.as_str(), session)).collect();
    let mut waiting = Vec::new();
    for place in places {
        for request in in_directory(&place).await? {
            let root = root(&place, &known, request.session()).await?;
            waiting.push(Waiting::new(namespace, agent, place.clone(), &root, request, context.now()));
        }
    }
    Ok(waiting)
}

/// What waits in the client's directory, without what an aborted turn left behind.
pub async fn in_directory(client: &Client) -> Result<Vec<Request>, opencode::Error> {
    let (permissions, questions) = futures::try_join!(client.permissions(), client.questions())?;
    let asked = permissions.into_iter().map(Request::Permission);
    let asked: Vec<_> = asked.chain(questions.into_iter().map(Request::Question)).collect();
    if asked.is_empty() {
        return Ok(asked);
    }
    let busy = client.session_status().await?;
    let mut live = Vec::new();
    for request in asked {
        let in_turn = busy.get(request.session()).is_some_and(|activity| *activity != SessionActivity::Idle);
        if in_turn && client.still_asks(request.session(), request.tool()).await? {
            live.push(request);
        }
    }
    Ok(live)
}

/// The conversation that a session belongs to: its own, or that of the session whose subagent it is.
pub async fn root(client: &Client, known: &BTreeMap<&str, &Session>, id: &str) -> Result<Session, opencode::Error> {
    let mut id = id.to_owned();
    let mut depth = 0;
    loop {
        let session = match known.get(id.as_str()) {
            Some(session) => (*session).clone(),
            None => client.session(&id).await?,
        };
        match &session.parent_id {
            Some(parent) if depth < DEPTH => id.clone_from(parent),
            _ => return Ok(session),
        }
        depth += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[tokio::test]
    async fn a_subagents_request_belongs_to_the_session_it_works_for() {
        let session = |id: &str, parent: Option<&str>| Session {
            id: id.to_owned(),
            parent_id: parent.map(str::to_owned),
            ..Session::default()
        };
        let all = [session("ses_1", None), session("ses_2", Some("ses_1")), session("ses_3", Some("ses_2"))];
        let known: BTreeMap<&str, &Session> = all.iter().map(|session| (session.id.as_str(), session)).collect();
        // Nobody is asked: everything is known.
        let client = Client::new(Arc::new(opencode::TcpConnector::new("127.0.0.1:1")));
        for id in ["ses_1", "ses_2", "ses_3"] {
            assert_eq!(root(&client, &known, id).await.unwrap().id, "ses_1");
        }
        let turning = session("ses_4", Some("ses_4"));
        let known = BTreeMap::from([("ses_4", &turning)]);
        assert_eq!(root(&client, &known, "ses_4").await.unwrap().id, "ses_4", "a ring ends");
    }
}
