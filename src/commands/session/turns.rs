//! What is done to a conversation where it is kept: back and forth, its changes, its list of things to do, its subagents.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::copies::no_message;
use crate::api::Session;
use crate::api::kinds::SESSION;
use crate::api::names::SERVER_CONTAINER;
use crate::cli::flags::Reference;
use crate::cli::verbs::{Diff, OfConversation, Revert};
use crate::cluster;
use crate::commands::approvals::painted_diff;
use crate::commands::target::{self, Target};
use crate::commands::{Context, agents};
use crate::error::{Code, Error, Result};
use crate::opencode::types::{FileDiff, Role};
use crate::opencode::{self, MessageQuery, MessageWithParts, PartKind, Session as Remote, SessionActivity};
use crate::output::{Description, Format, Table, Tone, Untrusted};

async fn find(context: &Context, reference: &Reference) -> Result<Target> {
    target::resolve(context, &SESSION, reference).await
}

/// The same server, speaking about the conversation's directory.
pub async fn in_its_directory(target: &Target) -> Result<(opencode::Client, Remote)> {
    let session = target.client.session(&target.session).await?;
    let client = if session.directory.is_empty() {
        target.client.clone()
    } else {
        target.client.in_directory(&session.directory)
    };
    Ok((client, session))
}

fn busy(error: opencode::Error, target: &Target) -> Error {
    if !error.is_busy() {
        return error.into();
    }
    Error::new(Code::SessionBusy, format!("{} is in the middle of a turn", target.reference)).hint(format!(
        "kubectl opencode session wait {0} --for idle, or: kubectl opencode session interrupt {0}",
        target.name()
    ))
}

/// Takes back a message of the user and all that came after it, files included.
pub async fn revert(context: &Context, args: &Revert) -> Result<()> {
    let target = find(context, &args.reference).await?;
    let messages = target.client.messages(&target.session, &MessageQuery::default()).await?;
    let users = |message: &&MessageWithParts| message.info.role == Role::User;
    let message = match &args.message {
        Some(id) => messages.iter().filter(users).find(|message| message.info.id == *id).ok_or_else(|| {
            // The server would answer with success and change nothing.
            Error::new(Code::NotFound, format!("{} has no message of the user \"{id}\"", target.reference))
                .hint(format!("kubectl opencode session transcript {} --ids", target.typed()))
        })?,
        None => messages
            .iter()
            .rev()
            .find(users)
            .ok_or_else(|| Error::new(Code::NotFound, format!("in {} nothing was said yet", target.reference)))?,
    };
    let id = &message.info.id;
    let body = json!({ "messageID": id });
    let path = format!("/session/{}/revert", target.session);
    let answer = target.client.request(http::Method::POST, &path, &[], Some(body)).await;
    let answer = answer.map_err(|error| busy(error, &target))?;
    if answer.get("revert").is_none() {
        return Err(Error::new(Code::Conflict, format!("the server did not take back \"{id}\"")));
    }
    context.printer.line(&format!("{} reverted to before {}: {}", target.reference, Untrusted(id), said(message)))?;
    context
        .printer
        .note(&format!("until the next prompt it can be undone: kubectl opencode session unrevert {}", target.typed()));
    Ok(())
}

/// The first line of what a message says, for a list.
fn said(message: &MessageWithParts) -> String {
    let text = message.parts.iter().find_map(|part| match &part.kind {
        PartKind::Text { text, synthetic: false, .. } => text.lines().next(),
        _ => None,
    });
    let text: String = text.unwrap_or_default().chars().take(60).collect();
    Untrusted(&text).to_string()
}

/// Brings back what was taken back.
pub async fn unrevert(context: &Context, args: &OfConversation) -> Result<()> {
    let target = find(context, &args.reference).await?;
    if !target.client.session(&target.session).await?.unknown.contains_key("revert") {
        return Err(Error::new(Code::Conflict, format!("nothing is reverted in {}", target.reference))
            .because("what was taken back can be brought back until the next prompt"));
    }
    let path = format!("/session/{}/unrevert", target.session);
    let answer = target.client.request(http::Method::POST, &path, &[], Some(json!({}))).await;
    answer.map_err(|error| busy(error, &target))?;
    context.printer.line(&format!("{} unreverted", target.reference))
}

/// What the turns of a conversation changed.
pub async fn diff(context: &Context, args: &Diff) -> Result<()> {
    let target = find(context, &args.reference).await?;
    let messages = target.client.messages(&target.session, &MessageQuery::default()).await?;
    let mut turns: Vec<_> = messages.iter().filter(|message| message.info.role == Role::User).collect();
    match args.turn.as_deref() {
        None => {}
        Some("last") => turns = turns.into_iter().next_back().into_iter().collect(),
        Some(id) => {
            turns.retain(|message| message.info.id == id);
            if turns.is_empty() {
                return Err(no_message(id, &target));
            }
        }
    }
    let mut changed: Vec<(&MessageWithParts, Vec<FileDiff>)> = Vec::new();
    for turn in turns {
        let files = target.client.diff(&target.session, &turn.info.id).await?;
        if !files.is_empty() {
            changed.push((turn, files));
        }
    }
    let format = args.output.format();
    if format.is_structured() {
        let turns: Vec<_> =
            changed.iter().map(|(turn, files)| json!({"messageID": turn.info.id, "files": files})).collect();
        return context.printer.structured(&json!({"items": turns}), &format, true);
    }
    if changed.is_empty() {
        context.printer.note("no changes are known; the server records them only in a git repository");
    }
    let colour = context.printer.colour();
    let mut text = String::new();
    for (turn, files) in &changed {
        let head = format!("turn {}: {}\n", Untrusted(&turn.info.id), said(turn));
        text.push_str(&Tone::Strong.paint(head, colour));
        for file in files {
            if args.stat {
                let (name, more, less) = (Untrusted(&file.file), file.additions, file.deletions);
                // Writing to a String cannot fail.
                let _ = writeln!(text, "  {name} (+{more} -{less}) {}", Untrusted(&file.status));
            } else {
                text.push_str(&painted_diff(&file.patch, colour));
            }
        }
    }
    context.printer.print(&text)
}

/// The list of things to do that the model keeps.
pub async fn todo(context: &Context, args: &OfConversation) -> Result<()> {
    let target = find(context, &args.reference).await?;
    let path = format!("/session/{}/todo", target.session);
    let items = target.client.request(http::Method::GET, &path, &[], None).await?;
    rows(context, args, &items, "nothing is on its list", &["status", "priority", "content"])
}

/// The conversations of its subagents.
pub async fn children(context: &Context, args: &OfConversation) -> Result<()> {
    let target = find(context, &args.reference).await?;
    let path = format!("/session/{}/children", target.session);
    let mut items = target.client.request(http::Method::GET, &path, &[], None).await?;
    let (place, _) = in_its_directory(&target).await?;
    let working = place.session_status().await?;
    for item in items.as_array_mut().into_iter().flatten().filter(|item| item.is_object()) {
        let id = item["id"].as_str().unwrap_or_default();
        let activity = if working.get(id).is_some_and(|now| *now != SessionActivity::Idle) { "Busy" } else { "Idle" };
        item["activity"] = activity.into();
    }
    rows(context, args, &items, "it has no subagents", &["id", "activity", "agent", "title"])
}

/// The slash commands of its agent.
pub async fn commands(context: &Context, args: &OfConversation) -> Result<()> {
    let target = find(context, &args.reference).await?;
    let (place, _) = in_its_directory(&target).await?;
    let mut items = place.request(http::Method::GET, "/command", &[], None).await?;
    for item in items.as_array_mut().into_iter().flatten().filter(|item| item.is_object()) {
        item["name"] = format!("/{}", item["name"].as_str().unwrap_or_default()).into();
    }
    rows(context, args, &items, "its agent has no commands", &["name", "description"])
}

/// A table of some fields, or the whole for programs.
fn rows(context: &Context, args: &OfConversation, items: &Value, nothing: &str, fields: &[&str]) -> Result<()> {
    let format = args.output.format();
    let items = items.as_array().cloned().unwrap_or_default();
    if format == Format::Name {
        let mut names = items.iter().filter_map(|item| item[fields[0]].as_str());
        return names.try_for_each(|name| context.printer.line(&Untrusted(name).text()));
    }
    if format.is_structured() {
        return context.printer.structured(&json!({"items": items}), &format, true);
    }
    if items.is_empty() {
        context.printer.note(nothing);
        return Ok(());
    }
    let mut table = Table::new(fields.iter().copied());
    for item in &items {
        table.row(fields.iter().map(|field| item[*field].as_str().unwrap_or_default()));
    }
    context.printer.print(&table.render(true, context.printer.colour()))
}

/// Puts the conversation on a public page, or takes it away from there.
pub async fn share(context: &Context, args: &OfConversation, on: bool) -> Result<()> {
    let target = find(context, &args.reference).await?;
    let path = format!("/session/{}/share", target.session);
    let method = if on { http::Method::POST } else { http::Method::DELETE };
    let unwilling = |why: &str| {
        let what = if on { "share" } else { "unshare" };
        Error::new(Code::Unsupported, format!("the server does not {what} {}", target.reference))
            .because(why)
            .hint("an agent's configuration allows it with {\"share\": \"manual\"}")
    };
    let answer =
        target.client.request(method, &path, &[], on.then(|| json!({}))).await.map_err(|error| match error {
            opencode::Error::Refused { status: 500, .. } => unwilling(
                "its configuration forbids it, or it does not reach the service that shows shared conversations",
            ),
            error => error.into(),
        })?;
    let format = args.output.format();
    let url = answer.pointer("/share/url").and_then(Value::as_str);
    match url {
        None if on => Err(unwilling("it answered without the address of a page")),
        _ if format.is_structured() => context.printer.structured(&answer, &format, true),
        Some(url) if on => context.printer.line(&Untrusted(url).text()),
        _ => context.printer.line(&format!("{} unshared", target.reference)),
    }
}

/// Where the conversation is kept, and what stands there.
pub async fn endpoint(context: &Context, args: &OfConversation) -> Result<()> {
    let target = find(context, &args.reference).await?;
    let cluster = context.cluster().await?;
    let pod = cluster::server_pod(&cluster.client, &cluster.namespace, &target.agent).await?;
    let health = target.client.health().await?;
    let (place, session) = in_its_directory(&target).await?;
    let terminals = place.ptys().await?;
    let url = match target.reference.strip_prefix("session/") {
        Some(name) => agents::get::<Session>(context, &SESSION, name).await?.status.and_then(|status| status.url),
        None => None,
    };
    let terminals: Vec<_> = terminals
        .iter()
        .map(|pty| json!({"id": pty.id, "title": pty.title, "command": pty.command, "pid": pty.pid}))
        .collect();
    let value = json!({
        "reference": target.reference, "agent": target.agent, "namespace": pod.namespace, "pod": pod.pod, "container": SERVER_CONTAINER,
        "podURL": pod.url(), "serviceURL": url, "sessionID": target.session, "directory": session.directory,
        "healthy": health.healthy, "version": health.version, "terminals": terminals,
    });
    let format = args.output.format();
    if format.is_structured() {
        return context.printer.structured(&value, &format, true);
    }
    let mut page = Description::default();
    let text = |field: &str| value[field].as_str().unwrap_or_default().to_owned();
    page.field("Agent", text("agent"));
    page.field("Pod", format!("{}, container {}", text("pod"), text("container")));
    page.field("Pod URL", text("podURL"));
    if let Some(url) = url {
        page.field("Service URL", url);
    }
    page.field(
        "Server",
        format!("OpenCode {}, {}", health.version, if health.healthy { "healthy" } else { "not healthy" }),
    );
    page.field("OpenCode session", text("sessionID"));
    page.field("Directory", text("directory"));
    for pty in value["terminals"].as_array().into_iter().flatten() {
        let text = |field: &str| pty[field].as_str().unwrap_or_default().to_owned();
        page.field("Terminal", format!("{} {} ({})", text("id"), text("command"), text("title")));
    }
    context.printer.print(&page.render())?;
    context.printer.note(&format!("to reach it from here: kubectl opencode tunnel {}", target.agent));
    Ok(())
}
