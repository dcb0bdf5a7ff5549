//! The OpenCode session that a Session stands for: found or created exactly once, prompted exactly once, ended.
//!
//! Its `metadata` carries the Session's namespace, name and UID. A controller that lost its memory between creating it
//! and writing that down finds it by them; one that lost it between sending the prompt and writing that down finds the
//! prompt by its id, whose tail is made from the Session's UID and the prompt's text.

use std::time::Duration;

use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt;
use serde_json::{Map, Value};

use crate::api::session::{DeletionPolicy, PermissionPolicy};
use crate::api::{Session, keys};
use crate::controller::transcript::Transcript;
use crate::opencode::types::{Rule, SessionModel};
use crate::opencode::{
    Client, Error, Model, NewSession, Prompt, Session as Remote, SessionQuery, message_id, same_seed,
};

/// Clocks of the API server and of a node may differ by this much.
const CLOCK_SKEW: Duration = Duration::from_secs(900);
/// Most sessions of one directory that are searched for ours.
const SEARCHED: u32 = 100_000;

/// Key in the OpenCode session's metadata: when it was created, milliseconds by the server's clock; a fork carries the
/// metadata of what it was forked from.
const CREATED: &str = "kubernetes.created";
/// What is to become of it when the Session goes.
const POLICY: &str = "kubernetes.deletionPolicy";
/// Most that a creation may take, and more than the coarseness of a server's `Date`.
const CREATED_WITHIN: i64 = 60_000;

/// The absolute directory in which a Session works, given the server's own.
///
/// `Err` says why it has none: it would lie outside the workspace.
pub fn directory(home: &str, wanted: Option<&str>) -> Result<String, String> {
    let wanted = wanted.unwrap_or_default().trim_matches('/');
    if wanted.split('/').any(|part| part == "..") {
        return Err(format!("spec.directory {wanted:?} leaves the workspace"));
    }
    let parts: Vec<_> = wanted.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let home = home.trim_end_matches('/');
    Ok(if parts.is_empty() { home.to_owned() } else { format!("{home}/{}", parts.join("/")) })
}

/// The rules that a Session's permission policy puts over the configuration's. Of rules that match, the last decides.
///
/// OpenCode starts a subagent under the rules of its own agent and, of those of the session that it works for, under the
/// refusals alone. So what asks is refused first: the session asks, and its subagents, which would not, cannot.
pub fn rules(policy: Option<PermissionPolicy>) -> Vec<Rule> {
    let rule = |permission: &str, action: &str| Rule {
        permission: permission.to_owned(),
        pattern: "*".to_owned(),
        action: action.to_owned(),
    };
    // What changes files, runs commands or leaves the machine.
    let acting = ["edit", "bash", "webfetch"];
    match policy {
        None => Vec::new(),
        Some(PermissionPolicy::Allow) => vec![rule("*", "allow")],
        Some(PermissionPolicy::Ask) => {
            acting.iter().flat_map(|permission| [rule(permission, "deny"), rule(permission, "ask")]).collect()
        }
        Some(PermissionPolicy::Deny) => acting.map(|permission| rule(permission, "deny")).to_vec(),
    }
}

/// The body that creates the OpenCode session of `session`.
fn new_session(session: &Session, server_time: i64) -> NewSession {
    let spec = &session.spec;
    let mut metadata = metadata(session);
    metadata.insert(CREATED.to_owned(), server_time.into());
    NewSession {
        title: Some(spec.title.clone().filter(|title| !title.is_empty()).unwrap_or_else(|| session.name_any())),
        agent: spec.mode.clone(),
        model: model(session).map(|model| SessionModel { provider_id: model.provider_id, id: model.model_id }),
        metadata: Some(metadata.into()),
        permission: rules(spec.permissions),
        ..NewSession::default()
    }
}

fn model(session: &Session) -> Option<Model> {
    session.spec.model.as_deref().and_then(Model::parse)
}

/// Who a Session is, as the metadata of its OpenCode session says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeper {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// UID.
    pub uid: String,
    /// Whether the OpenCode session is to outlive it.
    pub retains: bool,
}

/// What the metadata of the OpenCode session of `session` says of it.
pub fn metadata(session: &Session) -> Map<String, Value> {
    let mut metadata = Map::new();
    for (key, value) in [
        (keys::METADATA_NAMESPACE, session.namespace()),
        (keys::METADATA_NAME, Some(session.name_any())),
        (keys::METADATA_UID, session.uid()),
    ] {
        metadata.insert(key.to_owned(), value.unwrap_or_default().into());
    }
    if session.spec.deletion_policy == Some(DeletionPolicy::Retain) {
        metadata.insert(POLICY.to_owned(), "Retain".into());
    }
    metadata
}

/// The metadata that `remote` should have, if it has another.
pub fn repaired_metadata(session: &Session, remote: &Remote) -> Option<Map<String, Value>> {
    let wanted = metadata(session);
    let mut next = remote.metadata.clone();
    next.remove(POLICY);
    next.entry(CREATED).or_insert_with(|| remote.time.created.into());
    next.extend(wanted);
    (next != remote.metadata).then_some(next)
}

/// The metadata of `remote` from when `session` takes it over.
pub fn adopted_metadata(session: &Session, remote: &Remote) -> Map<String, Value> {
    let mut next = remote.metadata.clone();
    next.remove(POLICY);
    next.insert(CREATED.to_owned(), remote.time.created.into());
    next.extend(metadata(session));
    next
}

/// Whether `remote` is a fork, so that its metadata speaks of another.
fn is_fork(remote: &Remote) -> bool {
    let created = remote.metadata.get(CREATED).and_then(Value::as_i64);
    created.is_some_and(|created| (remote.time.created - created).abs() > CREATED_WITHIN)
        || remote.title.rsplit_once(" (fork #").is_some_and(|(_, number)| number.ends_with(')'))
}

/// The Session that `remote` was made for, if one of this program's made it.
pub fn keeper(remote: &Remote) -> Option<Keeper> {
    let text = |key: &str| remote.metadata.get(key).and_then(Value::as_str).map(str::to_owned);
    let keeper = Keeper {
        namespace: text(keys::METADATA_NAMESPACE)?,
        name: text(keys::METADATA_NAME)?,
        uid: text(keys::METADATA_UID)?,
        retains: remote.metadata.contains_key(POLICY),
    };
    (!is_fork(remote)).then_some(keeper)
}

/// Whether `remote` is the OpenCode session of the Session with this UID.
fn is_of(remote: &Remote, uid: &str) -> bool {
    keeper(remote).is_some_and(|keeper| keeper.uid == uid)
}

/// The OpenCode session of `session`, if the server has it: the one it is known by, or one created and not written down.
pub async fn find(client: &Client, session: &Session) -> Result<Option<Remote>, Error> {
    if let Some(id) = session.status.as_ref().and_then(|status| status.session_id.as_ref()) {
        match client.session(id).await {
            Ok(remote) => return Ok(Some(remote)),
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error),
        }
    }
    oldest(client, session).await
}

/// Creates the OpenCode session of `session`.
///
/// A server may do what an earlier try asked for after the link of that try broke, and after it was looked for. So it is
/// looked for again: what this try made and nobody knows goes, if it is not the oldest. What comes later still is an orphan.
pub async fn create(client: &Client, session: &Session) -> Result<Remote, Error> {
    let now = client.server_time().unwrap_or_else(|| Timestamp::now().as_millisecond());
    let created = client.create_session(&new_session(session, now)).await?;
    match oldest(client, session).await? {
        Some(oldest) if oldest.id != created.id => match client.delete_session(&created.id).await {
            Err(error) if !error.is_not_found() => Err(error),
            _ => Ok(oldest),
        },
        _ => Ok(created),
    }
}

/// The first that the server made for `session`.
async fn oldest(client: &Client, session: &Session) -> Result<Option<Remote>, Error> {
    let uid = session.uid().unwrap_or_default();
    // A server whose clock is behind dates what it made for us before the Session was made.
    let behind = client.server_time().map_or(0, |time| Timestamp::now().as_millisecond() - time).max(0);
    let created = session.creation_timestamp().map_or(0, |time| time.0.as_millisecond() - behind);
    let skew = i64::try_from(CLOCK_SKEW.as_millis()).unwrap_or(i64::MAX);
    let query = SessionQuery {
        start: Some(created.saturating_sub(skew).max(0)),
        limit: Some(SEARCHED),
        roots: true,
        ..SessionQuery::default()
    };
    let found = client.sessions(&query).await?.into_iter().filter(|remote| is_of(remote, &uid));
    // Ids sort newest first.
    Ok(found.max_by(|a, b| a.id.cmp(&b.id)))
}

/// Sends the Session's prompt unless the model has begun to answer it; tells whether it was sent.
///
/// The server takes a prompt, then stores its message, then the message's text, then asks the model: one that is killed on
/// the way has any part of that. So a Session that ran before is looked at again, and what was stored is sent again under
/// the ids that it has. A conversation that went on, or is empty again, was reverted by somebody.
pub async fn prompt(client: &Client, session: &Session, remote: &Remote) -> Result<bool, Error> {
    let Some(text) = first_prompt(session).filter(|_| awaits_answer(session)) else { return Ok(false) };
    let uid = session.uid().unwrap_or_default();
    let transcript = Transcript::fetch(client, &remote.id).await?;
    let id = message_id(transcript.newest.max(remote.time.created), &format!("{uid}/{text}"));
    let stored = transcript.asked.iter().find(|asked| same_seed(asked, &id)).cloned();
    let has_run = session.status.as_ref().is_some_and(|status| status.start_time.is_some());
    let has_gone_on = has_run && stored.is_none() && !transcript.asked.is_empty();
    if has_gone_on || transcript.has_answers() {
        return Ok(false);
    }
    let prompt = Prompt {
        model: model(session),
        agent: session.spec.mode.clone(),
        ..Prompt::repeatable(text, stored.unwrap_or(id))
    };
    client.prompt_async(&remote.id, &prompt).await?;
    Ok(true)
}

/// Whether the Session has a prompt and its conversation was not seen to hold more than that.
pub fn awaits_answer(session: &Session) -> bool {
    let summary = session.status.as_ref().and_then(|status| status.summary.as_ref());
    first_prompt(session).is_some() && summary.is_none_or(|summary| summary.messages <= 1)
}

fn first_prompt(session: &Session) -> Option<&str> {
    session.spec.prompt.as_deref().filter(|text| !text.trim().is_empty())
}

/// Ends what runs in an OpenCode session, and the terminals that show it; then deletes it if `policy` says so.
pub async fn end(client: &Client, id: &str, policy: Option<DeletionPolicy>) -> Result<(), Error> {
    client.abort(id).await?;
    let Some(policy) = policy else { return Ok(()) };
    let ptys = match client.ptys().await {
        // Of a folder that is gone the server lists none, and fails.
        Err(error) if !error.is_unreachable() => {
            tracing::info!(session = id, %error, "cannot list the terminals of a session that ends");
            Vec::new()
        }
        ptys => ptys?,
    };
    for pty in ptys {
        if pty.args.iter().any(|argument| argument == id) || pty.title.contains(id) {
            match client.delete_pty(&pty.id).await {
                Err(error) if !error.is_not_found() => return Err(error),
                _ => {}
            }
        }
    }
    if policy == DeletionPolicy::Delete {
        match client.delete_session(id).await {
            Err(error) if !error.is_not_found() => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn directories_stay_inside_the_workspace() {
        for (wanted, found) in
            [(None, "/w"), (Some(""), "/w"), (Some("a/b"), "/w/a/b"), (Some("./a/"), "/w/a"), (Some("/a"), "/w/a")]
        {
            assert_eq!(directory("/w/", wanted).as_deref(), Ok(found));
        }
        assert!(directory("/w", Some("a/../../etc")).is_err());
    }

    #[test]
    fn the_new_session_carries_who_it_is() {
        let session: Session = serde_json::from_value(json!({
            "metadata": {"name": "fix", "namespace": "team", "uid": "u-1"},
            "spec": {"agentRef": {"name": "a"}, "model": "p/m/x", "mode": "plan", "permissions": "Deny"}
        }))
        .unwrap();
        let new = new_session(&session, 7_000);
        assert_eq!(new.title.as_deref(), Some("fix"));
        assert_eq!(new.model.as_ref().map(|model| model.id.as_str()), Some("m/x"));
        assert!(new.permission.iter().all(|rule| rule.action == "deny"));
        let metadata = new.metadata.unwrap();
        let mut remote = Remote { metadata: metadata.as_object().unwrap().clone(), ..Remote::default() };
        remote.time.created = 7_500;
        assert!(is_of(&remote, "u-1") && !is_of(&remote, "u-2") && !is_of(&Remote::default(), "u-1"));
        assert_eq!(repaired_metadata(&session, &remote), None);
        let renamed = Remote { title: "t (fork #2)".into(), ..remote.clone() };
        let mut later = remote.clone();
        later.time.created = 99_000;
        assert!(!is_of(&renamed, "u-1") && !is_of(&later, "u-1"), "a fork passes for the session");
    }

    #[test]
    fn allowing_everything_is_one_rule_and_saying_nothing_none() {
        assert!(rules(None).is_empty());
        let allow = rules(Some(PermissionPolicy::Allow));
        assert_eq!((allow.len(), allow[0].permission.as_str()), (1, "*"));
    }
}
