//! `session fork|clone|adopt|import|move`: a Session for a conversation that is there already, or is brought there.
//!
//! A Session that carries the annotation [`keys::ADOPT`] stands for that conversation instead of getting a new one; its
//! controller refuses one that another Session stands for. A conversation comes to another server as OpenCode's own
//! `import` takes it, run in the server's container; all its ids are made anew, so that it never meets itself there.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::export::conversation;
use crate::api::kinds::{AGENT, SESSION};
use crate::api::names::SERVER_CONTAINER;
use crate::api::{Session, keys, validate};
use crate::cli::flags::{Creation, DryRun, Reference};
use crate::cli::verbs::{Adopt, CloneSession, Fork, Import, Move};
use crate::cluster::{self, Ended, Exec, Said};
use crate::commands::create::Told;
use crate::commands::settings::{self, Layer, reference_to};
use crate::commands::target::{self, Target};
use crate::commands::task::created;
use crate::commands::wait::{State, deadline, until};
use crate::commands::{Context, agents, create, delete, prompt, writes};
use crate::error::{Code, Error, Result};
use crate::opencode::{self, MessageQuery};
use crate::output::Format;

/// Reads so many bytes of a conversation into a file, in the directory where it is to be, and has OpenCode import it.
const IMPORT: &str = r#"set -e
[ -z "$2" ] || cd -- "$2"
file=$(mktemp)
trap 'rm -f "$file"' EXIT
head -c "$1" > "$file"
opencode=/tools/opencode
[ -x "$opencode" ] || opencode=opencode
"$opencode" import "$file""#;
/// Longest time in which a controller takes over a conversation.
const TAKEN_OVER: &str = "2m";

/// What of a Session another one gets, too.
const KEPT: [&str; 15] = [
    "agentRef",
    "templateRef",
    "fallbackAgentRef",
    "startDeadlineSeconds",
    "title",
    "model",
    "mode",
    "directory",
    "repos",
    "workflow",
    "permissions",
    "deletionPolicy",
    "timeout",
    "idleTimeout",
    "ttlSecondsAfterFinished",
];
/// Settings that an imported conversation has no use for: it comes to an agent that runs, and says where it works.
const NOT_IMPORTED: [&str; 5] = ["agent-template", "fallback-agent", "start-deadline", "directory", "repos"];
/// Longest title of a Session, in characters.
const LONGEST_TITLE: usize = 256;

/// A Session made from another one's spec.
fn like(source: &Session, name: &str, agent: Option<&str>) -> Value {
    let old = json!(source.spec);
    let mut spec = json!({});
    for field in KEPT {
        if let Some(value) = old.get(field) {
            spec[field] = value.clone();
        }
    }
    if let Some(agent) = agent {
        spec["agentRef"] = json!({"name": agent});
        if let Some(spec) = spec.as_object_mut() {
            spec.remove("templateRef");
            spec.remove("fallbackAgentRef");
        }
    }
    let labels = source.metadata.labels.clone().unwrap_or_default();
    SESSION.object(json!({"name": name, "labels": labels}), spec)
}

/// The title of a conversation, as far as that of a Session may go; none if it has none.
fn short(title: &str) -> Option<Value> {
    let title: String = title.chars().take(LONGEST_TITLE).collect();
    (!title.is_empty()).then(|| title.into())
}

/// Makes the Session that stands for a conversation, and waits until it does.
async fn stand_for(context: &Context, mut object: Value, id: &str, format: &Format) -> Result<Value> {
    object["metadata"]["annotations"][keys::ADOPT] = id.into();
    // The conversation says how it began.
    if let Some(spec) = object["spec"].as_object_mut() {
        spec.remove("directory");
        spec.remove("repos");
        spec.remove("workflow");
    }
    let stored = writes::create(context, &SESSION, object, DryRun::None).await?;
    let name = stored["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    context.printer.waiting_for(&format!("waiting for session \"{name}\" to take over the conversation"));
    let limit = deadline(TAKEN_OVER.parse().ok());
    let running = until(context, &SESSION, &name, &State::Ready, limit).await;
    context.printer.done_waiting();
    let stored = running?.unwrap_or(stored);
    let now = stored.pointer("/status/sessionID").and_then(Value::as_str);
    if now != Some(id) {
        return Err(Error::new(
            Code::Unsupported,
            format!("the controller gave session \"{name}\" a conversation of its own"),
        )
        .because("it is older than this program, and does not know the annotation session.kubeopencode.io/adopt")
        .hint("kubectl opencode install --image IMAGE"));
    }
    created(context, &stored, format)?;
    Ok(stored)
}

fn of_session(name: &str) -> Reference {
    Reference { reference: format!("session/{name}"), session: None }
}

/// The agent on which a Session's conversation is, for its copies: a dedicated one goes with its Session.
async fn shared_agent(context: &Context, source: &Session, name: &str) -> Result<String> {
    let now = source.status.as_ref().and_then(|status| status.agent_ref.as_ref());
    if source.spec.template_ref.is_some() && now.is_some() {
        context
            .printer
            .warn(&format!("the copy runs on the agent of session \"{name}\", and goes when that is deleted"));
    }
    match now.or(source.spec.agent_ref.as_ref()) {
        Some(agent) => Ok(agent.name.clone()),
        None => agents::choose(context, None).await,
    }
}

/// A second conversation that begins as the first did.
pub async fn fork(context: &Context, args: &Fork) -> Result<()> {
    let source: Session = agents::get(context, &SESSION, &args.name).await?;
    let target = target::resolve(context, &SESSION, &of_session(&args.name)).await?;
    let agent = shared_agent(context, &source, &args.name).await?;
    let id = forked(&target, args.at.as_deref()).await?;
    let name = args.to.clone().unwrap_or_else(|| writes::made_up_name(&args.name));
    let made = stand_for(context, like(&source, &name, Some(&agent)), &id, &args.output.format()).await;
    undo_on_failure(&target.client, &id, made).await.map(drop)
}

async fn forked(target: &Target, at: Option<&str>) -> Result<String> {
    if let Some(at) = at {
        // The server forks the whole at a message that it does not have.
        let found = target.client.message(&target.session, at).await;
        found.map_err(|error| if error.is_not_found() { no_message(at, target) } else { error.into() })?;
    }
    let body = at.map_or_else(|| json!({}), |at| json!({"messageID": at}));
    let path = format!("/session/{}/fork", target.session);
    let fork = target.client.request(http::Method::POST, &path, &[], Some(body)).await?;
    let id = fork["id"].as_str().ok_or_else(|| {
        Error::new(Code::Unsupported, "cannot understand the OpenCode server's answer").because("a fork without an id")
    })?;
    // The copy says that it is the conversation of the first one's Session, too.
    target.client.patch_session(id, &json!({"metadata": {}})).await?;
    Ok(id.to_owned())
}

/// The failure that a conversation has no such message.
pub fn no_message(message: &str, target: &Target) -> Error {
    Error::new(Code::NotFound, format!("{} has no message \"{message}\"", target.reference))
        .hint(format!("kubectl opencode session transcript {} --ids", target.typed()))
}

/// A conversation for which no Session came to stand is of no use to anybody.
async fn undo_on_failure(client: &opencode::Client, id: &str, made: Result<Value>) -> Result<Value> {
    if let Err(error) = &made
        && matches!(error.code, Code::Forbidden | Code::SessionAlreadyExists | Code::InvalidConfiguration)
        && let Err(left) = client.delete_session(id).await
    {
        tracing::warn!("the conversation {id} stays on the server: {left}");
    }
    made
}

/// A second session with the same settings, elsewhere if wanted, and with what was said if wanted.
pub async fn clone(context: &Context, args: &CloneSession) -> Result<()> {
    let source: Session = agents::get(context, &SESSION, &args.name).await?;
    let name = args.to.clone().unwrap_or_else(|| writes::made_up_name(&args.name));
    let format = args.output.format();
    let elsewhere = args.to_namespace.as_ref().map(|namespace| context.in_namespace(namespace));
    let there = elsewhere.as_ref().unwrap_or(context);
    if !args.history {
        // The same name is another agent in another namespace.
        let same = elsewhere.as_ref().and(source.spec.agent_ref.as_ref()).map(|agent| &agent.name);
        let agent = match args.to_agent.as_ref().or(same) {
            Some(agent) => Some(agents::choose(there, Some(agent)).await?),
            None => None,
        };
        let mut object = like(&source, &name, agent.as_deref());
        object["spec"]["prompt"] = json!(source.spec.prompt);
        let stored = writes::create(there, &SESSION, object, DryRun::None).await?;
        return created(context, &stored, &format);
    }
    let target = target::resolve(context, &SESSION, &of_session(&args.name)).await?;
    let agent = match &args.to_agent {
        Some(agent) => agents::choose(there, Some(agent)).await?,
        None => shared_agent(context, &source, &args.name).await?,
    };
    let object = like(&source, &name, Some(&agent));
    if agent == target.agent && elsewhere.is_none() {
        let id = forked(&target, None).await?;
        let made = stand_for(there, object, &id, &format).await;
        return undo_on_failure(&target.client, &id, made).await.map(drop);
    }
    let whole = conversation(&target).await?;
    carried(there, object, &agent, &whole, &format).await.map(drop)
}

/// A conversation from a file.
pub async fn import(context: &Context, args: &Import) -> Result<()> {
    let text = prompt::conversation(&args.file)?;
    let other = |why: String| {
        let message = format!("{} is no exported conversation", prompt::named(Some(&args.file)));
        Error::new(Code::InvalidConfiguration, message)
            .because(why)
            .hint("kubectl opencode session export NAME -o json, which writes one")
    };
    let whole: Value = serde_json::from_str(&text).map_err(|error| other(error.to_string()))?;
    if whole["info"]["id"].as_str().is_none() || whole["messages"].as_array().is_none() {
        return Err(other("it has no info.id and no messages".to_owned()));
    }
    let typed = Layer::of_flags([
        ("agent", reference_to(args.agent.as_ref())),
        ("title", whole["info"]["title"].as_str().and_then(short)),
    ]);
    let all = settings::for_new_work(context, typed.clone(), false, DryRun::None).await?.resolve();
    let all = all.without(&NOT_IMPORTED);
    let creation = Creation::default();
    let told = Told { typed: &typed, all: &all, name: args.name.as_deref(), creation: &creation };
    let wanted = vec![SESSION.object(json!({}), json!({}))];
    let wanted = create::complete(context, &SESSION, wanted, false, &told, validate::session).await?;
    let object = create::only(wanted, "this")?;
    let agent = object.pointer("/spec/agentRef/name").and_then(Value::as_str).unwrap_or_default().to_owned();
    carried(context, object, &agent, &whole, &args.output.format()).await.map(drop)
}

/// The session on another agent; the old one goes only when the new one holds everything.
pub async fn relocate(context: &Context, args: &Move) -> Result<()> {
    let source: Session = agents::get(context, &SESSION, &args.name).await?;
    let agent = agents::choose(context, Some(&args.to_agent)).await?;
    let name = args.to.clone().unwrap_or_else(|| format!("{}-{agent}", args.name));
    let format = args.output.format();
    let found = async {
        let target = target::resolve(context, &SESSION, &of_session(&args.name)).await?;
        if !target.client.health().await?.healthy && args.if_unhealthy {
            let message = format!("the server of agent \"{}\" is not healthy", target.agent);
            return Err(Error::new(Code::AgentUnavailable, message));
        }
        Ok::<_, Error>(target)
    };
    let target = match (found.await, args.if_unhealthy) {
        (Ok(target), true) => {
            context
                .printer
                .note(&format!("agent \"{}\" is healthy; session \"{}\" was not moved", target.agent, args.name));
            return Ok(());
        }
        (Err(error), true)
            if matches!(error.code, Code::AgentUnavailable | Code::AgentNotFound | Code::Timeout | Code::LinkLost) =>
        {
            context.printer.warn(&format!("{error}: what was said stays there; the new session begins anew"));
            let mut object = like(&source, &name, Some(&agent));
            object["spec"]["prompt"] = json!(source.spec.prompt);
            let stored = writes::create(context, &SESSION, object, DryRun::None).await?;
            return created(context, &stored, &format);
        }
        (found, _) => found?,
    };
    if target.agent == agent {
        return Err(Error::new(Code::Conflict, format!("session \"{}\" is on agent \"{agent}\" already", args.name)));
    }
    if target.client.session_status().await?.contains_key(&target.session) {
        return Err(Error::new(Code::SessionBusy, format!("session \"{}\" is in the middle of a turn", args.name))
            .hint(format!("kubectl opencode session wait {} --for idle", args.name)));
    }
    let whole = conversation(&target).await?;
    carried(context, like(&source, &name, Some(&agent)), &agent, &whole, &format).await?;
    if args.delete_source {
        delete::to_make_room(context, &SESSION, &args.name).await?;
        context.printer.note(&format!("session \"{}\" is deleted: \"{name}\" holds everything", args.name));
    } else {
        context
            .printer
            .note(&format!("session \"{0}\" is still there: kubectl opencode session delete {0}", args.name));
    }
    Ok(())
}

/// A Session for a conversation that no object stands for.
pub async fn adopt(context: &Context, args: &Adopt) -> Result<()> {
    let agent = match &args.agent {
        Some(agent) => agents::choose(context, Some(agent)).await?,
        None => super::unmanaged::agent_with(context, &args.id).await?,
    };
    let cluster = context.cluster().await?;
    let client = cluster::opencode(&cluster.client, &cluster.namespace, &agent).await?;
    let found = client.session(&args.id).await.map_err(|error| {
        if !error.is_not_found() {
            return error.into();
        }
        Error::new(Code::SessionNotFound, format!("agent \"{agent}\" has no conversation \"{}\"", args.id))
            .hint("kubectl opencode session list --unmanaged")
    })?;
    if let Some(parent) = &found.parent_id {
        return Err(Error::new(Code::Unsupported, format!("\"{}\" is a subagent's conversation", args.id))
            .hint(format!("adopt the one it works for: kubectl opencode session adopt {parent} --agent {agent}")));
    }
    let name = args.name.clone().unwrap_or_else(|| writes::made_up_name("session"));
    let mut spec = json!({"agentRef": {"name": agent}});
    if let Some(title) = short(&found.title) {
        spec["title"] = title;
    }
    if args.retain {
        spec["deletionPolicy"] = "Retain".into();
    }
    let object = SESSION.object(json!({"name": name}), spec);
    stand_for(context, object, &args.id, &args.output.format()).await.map(drop)
}

/// Brings a conversation to an agent's server, looks whether all of it came, and makes the Session that stands for it.
async fn carried(context: &Context, object: Value, agent: &str, whole: &Value, format: &Format) -> Result<Value> {
    let cluster = context.cluster().await?;
    let client = cluster::opencode(&cluster.client, &cluster.namespace, agent).await?;
    let renewed = renewed(whole);
    let id = renewed["info"]["id"].as_str().unwrap_or_default().to_owned();
    context.printer.waiting_for(&format!("bringing the conversation to agent \"{agent}\""));
    run_import(context, agent, &client, &renewed).await?;
    let came = client.messages(&id, &MessageQuery::default()).await?;
    let count = |parts: &Value| parts.as_array().map_or(0, Vec::len);
    let sent = renewed["messages"].as_array().map_or(0, Vec::len);
    let sent_parts: usize =
        renewed["messages"].as_array().into_iter().flatten().map(|message| count(&message["parts"])).sum();
    let came_parts: usize = came.iter().map(|message| message.parts.len()).sum();
    if (came.len(), came_parts) != (sent, sent_parts) {
        let error = Error::new(Code::Unsupported, format!("agent \"{agent}\" did not take the whole conversation"))
            .because(format!("{} of {sent} messages, {came_parts} of {sent_parts} parts", came.len()));
        client.delete_session(&id).await?;
        return Err(error);
    }
    let made = stand_for(context, object, &id, format).await;
    undo_on_failure(&client, &id, made).await
}

/// The same conversation under new ids, which keep its order: the end of each id is made anew, its time stays.
fn renewed(whole: &Value) -> Value {
    fn walk(value: &mut Value, known: &mut HashMap<String, String>) {
        match value {
            Value::String(text) if is_id(text) => {
                let renewed = known.entry(text.clone()).or_insert_with(|| {
                    let random = uuid::Uuid::new_v4().simple().to_string();
                    format!("{}{}", &text[..16], &random[..14])
                });
                text.clone_from(renewed);
            }
            Value::Array(items) => items.iter_mut().for_each(|item| walk(item, known)),
            Value::Object(fields) => fields.values_mut().for_each(|item| walk(item, known)),
            _ => {}
        }
    }
    let mut renewed = whole.clone();
    walk(&mut renewed, &mut HashMap::new());
    if let Some(info) = renewed["info"].as_object_mut() {
        // Whose it was, and what was taken back in it, it leaves behind.
        for field in ["metadata", "revert", "share", "parentID"] {
            info.remove(field);
        }
    }
    renewed
}

/// `ses_`, `msg_` or `prt_`, twelve hexadecimal digits, and letters or digits.
fn is_id(text: &str) -> bool {
    let Some((kind, rest)) = text.split_once('_') else { return false };
    ["ses", "msg", "prt"].contains(&kind)
        && (26..=30).contains(&text.len())
        && rest.len() >= 12
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && rest.bytes().take(12).all(|byte| byte.is_ascii_hexdigit())
}

async fn run_import(context: &Context, agent: &str, client: &opencode::Client, whole: &Value) -> Result<()> {
    let cluster = context.cluster().await?;
    let server = cluster::server_pod(&cluster.client, &cluster.namespace, agent).await?;
    let directory = client.path().await?.directory;
    let bytes = whole.to_string().into_bytes();
    let words = ["sh", "-c", IMPORT, "import", &bytes.len().to_string(), &directory];
    let exec = Exec {
        namespace: server.namespace,
        pod: server.pod,
        container: SERVER_CONTAINER.to_owned(),
        command: words.map(str::to_owned).into(),
        stdin: true,
        tty: false,
    };
    let broken = |error: std::io::Error| {
        Error::new(Code::AgentUnavailable, "the link broke while the conversation was sent").caused_by(&error)
    };
    let (input, mut output) = exec.start(&cluster.client).await?;
    let fed = async {
        input.send(&bytes).await.map_err(broken)?;
        Ok::<_, Error>(())
    };
    let mut heard = Vec::new();
    let hear = async {
        loop {
            match output.next().await.map_err(broken)? {
                Said::Stdout(text) | Said::Stderr(text) => heard.extend_from_slice(&text),
                Said::Ended(ended) => return Ok::<_, Error>(ended),
            }
        }
    };
    let ((), ended) = futures::try_join!(fed, hear)?;
    match ended {
        Ended::Exited(0) => Ok(()),
        ended => {
            let how = match ended {
                Ended::Exited(code) => format!("it ended with code {code}"),
                Ended::Failed(words) => words,
            };
            let text = String::from_utf8_lossy(&heard);
            let end = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
            let hint = format!("kubectl opencode exec {}/{agent} -- opencode --version", AGENT.noun);
            let error = Error::new(Code::Unsupported, format!("agent \"{agent}\" could not import the conversation"));
            let error = error.because(how).hint(hint);
            Err(if end.is_empty() { error } else { error.because(end) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_gets_new_ids_in_the_same_order() {
        let old = json!({"info": {"id": "ses_e03a25ffcffelRpau1u99GG9I8", "title": "msg_ is no id", "metadata": {"a": 1}}, "messages": [
            {"info": {"id": "msg_1fc5c055b001vcIqo0qOFQwHsI", "sessionID": "ses_e03a25ffcffelRpau1u99GG9I8"}, "parts": []},
            {"info": {"id": "msg_1fc5c055b002vcIqo0qOFQwHsI", "parentID": "msg_1fc5c055b001vcIqo0qOFQwHsI"}, "parts": [{"callID": "call_1"}]}]});
        let new = renewed(&old);
        let text = |path: &str| new.pointer(path).unwrap().as_str().unwrap().to_owned();
        assert_ne!(text("/info/id"), "ses_e03a25ffcffelRpau1u99GG9I8");
        assert_eq!(text("/messages/0/info/sessionID"), text("/info/id"));
        assert_eq!(text("/messages/1/info/parentID"), text("/messages/0/info/id"));
        assert!(text("/messages/0/info/id") < text("/messages/1/info/id"));
        assert_eq!(
            (text("/info/title").as_str(), text("/messages/1/parts/0/callID").as_str()),
            ("msg_ is no id", "call_1")
        );
        assert!(new["info"].get("metadata").is_none());
        assert_eq!(text("/info/id").len(), 30);
    }

    #[test]
    fn a_copy_keeps_what_was_set_and_not_what_was_said() {
        let source: Session =
            serde_json::from_value(json!({"metadata": {"name": "s", "labels": {"team": "a"}, "uid": "u"},
            "spec": {"templateRef": {"name": "t"}, "prompt": "hi", "model": "p/m", "timeout": "1h", "suspend": true}}))
            .unwrap();
        let copy = like(&source, "c", Some("dev"));
        assert_eq!(copy["spec"], json!({"agentRef": {"name": "dev"}, "model": "p/m", "timeout": "1h"}));
        assert_eq!(copy["metadata"], json!({"name": "c", "labels": {"team": "a"}}));
    }
}
