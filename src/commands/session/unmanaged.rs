//! Conversations on the agents' servers that no object stands for: `session list --unmanaged`, and those that `prune
//! --orphaned` clears away.
//!
//! A conversation is a Session's if its metadata says so and that Session is there with that UID, or if a Session says so in
//! its status; a task's, if it has the title that the platform gives. The others are unmanaged; of these, one whose
//! metadata names a Session that is gone is orphaned, unless that Session wanted it to be kept (`deletionPolicy: Retain`).

use std::collections::BTreeSet;

use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::api::kinds::{AGENT, SESSION};
use crate::cli::flags::Listing;
use crate::cluster;
use crate::commands::list::objects::{self, text_at};
use crate::commands::{Context, batch};
use crate::controller::keeper;
use crate::error::{Code, Error, Result};
use crate::opencode::{Client, Session as Remote};
use crate::output::{Format, Table, Untrusted, age, list_of};

/// Sessions asked of each server.
const MOST: u32 = 10_000;
const AT_ONCE: usize = 16;

/// A conversation that no object stands for.
pub struct Unmanaged {
    /// Namespace of the agent.
    pub namespace: String,
    /// The agent.
    pub agent: String,
    /// The agent's server.
    pub client: Client,
    /// The conversation.
    pub remote: Remote,
    /// Whether it belonged to a Session that is gone.
    pub orphaned: bool,
}

/// Finds them on every agent that answers; the failures are those that did not.
pub async fn find(
    context: &Context,
    all_namespaces: bool,
    agents: &[String],
) -> Result<(Vec<Unmanaged>, batch::Failures)> {
    let own = context.cluster().await?.namespace.clone();
    let namespace = (!all_namespaces).then_some(own.as_str());
    let (mut uids, mut ids) = (BTreeSet::new(), BTreeSet::new());
    objects::collection(context, &SESSION, namespace, &Listing::default(), |object| {
        uids.insert(text_at(&object, "/metadata/uid"));
        ids.insert(text_at(&object, "/status/sessionID"));
        Ok(())
    })
    .await?;
    let mut servers = Vec::new();
    objects::collection(context, &AGENT, namespace, &Listing::default(), |object| {
        let name = text_at(&object, "/metadata/name");
        if object.pointer("/spec/suspend") != Some(&Value::Bool(true)) && (agents.is_empty() || agents.contains(&name))
        {
            servers.push((text_at(&object, "/metadata/namespace"), name));
        }
        Ok(())
    })
    .await?;
    let client = &context.cluster().await?.client;
    let ask = |(namespace, agent): (String, String)| async move {
        let asked = async {
            let server = cluster::opencode(client, &namespace, &agent).await?;
            let sessions = server.recent_sessions(MOST).await?;
            Ok::<_, Error>((server, sessions))
        };
        let answer = asked.await;
        (namespace, agent, answer)
    };
    let mut answers = stream::iter(servers).map(ask).buffered(AT_ONCE);
    let (mut found, mut failures) = (Vec::new(), batch::Failures::default());
    while let Some((namespace, agent, answer)) = answers.next().await {
        let (client, sessions) = match answer {
            Ok(answer) => answer,
            Err(error) if batch::ends_everything(error.code) => return Err(error),
            Err(error) if error.code == Code::AgentUnavailable => {
                context.printer.note(&format!("agent \"{agent}\" is left out: {}", Untrusted(&error.to_string())));
                continue;
            }
            Err(error) => {
                failures.add(error);
                continue;
            }
        };
        for remote in sessions {
            let keeper = keeper(&remote);
            let is_tasks = remote.title.starts_with("kubeopencode/");
            let is_kept = ids.contains(&remote.id) || keeper.as_ref().is_some_and(|keeper| uids.contains(&keeper.uid));
            if remote.parent_id.is_some() || is_tasks || is_kept {
                continue;
            }
            // A Session of another namespace may not be seen from here, and is not called gone.
            let orphaned = keeper.is_some_and(|keeper| keeper.namespace == namespace && !keeper.retains);
            let (namespace, agent) = (namespace.clone(), agent.clone());
            found.push(Unmanaged { namespace, agent, client: client.clone(), remote, orphaned });
        }
    }
    Ok((found, failures))
}

/// The agent of the namespace that has a conversation.
pub async fn agent_with(context: &Context, id: &str) -> Result<String> {
    let (found, failures) = find(context, false, &[]).await?;
    if let Some(unmanaged) = found.into_iter().find(|unmanaged| unmanaged.remote.id == id) {
        return Ok(unmanaged.agent);
    }
    failures.into_result_of("cannot ask", "agent")?;
    Err(Error::new(Code::SessionNotFound, format!("no agent has an unmanaged conversation \"{id}\""))
        .hint("kubectl opencode session list --unmanaged"))
}

/// `session list --unmanaged`.
pub async fn list(context: &Context, listing: &Listing) -> Result<()> {
    let (found, failures) = find(context, listing.all_namespaces, &listing.filter.agents).await?;
    let format = listing.output.format();
    let time = |milliseconds: i64| Timestamp::from_millisecond(milliseconds).ok();
    match format {
        Format::Table | Format::Wide => {
            let first = listing.all_namespaces.then_some("Namespace").into_iter();
            let mut table = Table::new(first.chain(["ID", "Agent", "Title", "Orphaned", "Age"]));
            for Unmanaged { namespace, agent, remote, orphaned, .. } in &found {
                let first = listing.all_namespaces.then(|| namespace.clone()).into_iter();
                let age = age(time(remote.time.created), context.now());
                let cells = [remote.id.clone(), agent.clone(), remote.title.clone(), orphaned.to_string(), age];
                table.row(first.chain(cells));
            }
            if found.is_empty() && failures.is_empty() {
                context.printer.note("every conversation has its object");
            } else if !found.is_empty() {
                context.printer.print(&table.render(!listing.no_headers, context.printer.colour()))?;
            }
        }
        Format::Name => {
            found.iter().try_for_each(|unmanaged| context.printer.line(&Untrusted(&unmanaged.remote.id).text()))?;
        }
        format => {
            let value = |unmanaged: &Unmanaged| {
                let Unmanaged { namespace, agent, remote, orphaned, .. } = unmanaged;
                let created = time(remote.time.created).map(|time| time.to_string());
                json!({"id": remote.id, "namespace": namespace, "agent": agent, "title": remote.title, "orphaned": orphaned,
                    "directory": remote.directory, "created": created})
            };
            let items: Vec<Value> = found.iter().map(value).collect();
            context.printer.structured(&list_of(items), &format, !listing.no_headers)?;
        }
    }
    failures.into_result_of("cannot ask", "agent")
}
