//! One request of an agent to a person: whose it is, what it wants to do, since when it waits.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::api::keys;
use crate::opencode::types::ToolCall;
use crate::opencode::{Client, Permission, Question, Session, id_time};
use crate::output::{Lines, Tone, Untrusted};

/// Most characters of a request in one line.
const LINE: usize = 80;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Leave to do something.
    Permission(Permission),
    /// Answers.
    Question(Question),
}

impl Request {
    /// `per_…` or `que_…`.
    pub fn id(&self) -> &str {
        match self {
            Self::Permission(asked) => &asked.id,
            Self::Question(asked) => &asked.id,
        }
    }

    /// The session that asks, which may be a subagent's.
    pub fn session(&self) -> &str {
        match self {
            Self::Permission(asked) => &asked.session_id,
            Self::Question(asked) => &asked.session_id,
        }
    }

    /// The call of a tool that asks.
    pub fn tool(&self) -> Option<&ToolCall> {
        match self {
            Self::Permission(asked) => asked.tool.as_ref(),
            Self::Question(asked) => asked.tool.as_ref(),
        }
    }

    /// What kind of permission, or that it is a question.
    pub fn kind(&self) -> &str {
        match self {
            Self::Permission(asked) => &asked.permission,
            Self::Question(_) => "question",
        }
    }

    /// What is asked in one line, untrusted.
    pub fn line(&self) -> String {
        let text = match self {
            Self::Permission(asked) => match self.text("command").or_else(|| self.text("filepath")) {
                Some(text) => match self.text("diff") {
                    Some(diff) => format!("{text} ({})", changed(diff)),
                    None => text.to_owned(),
                },
                None => asked.patterns.join(" "),
            },
            Self::Question(asked) => {
                asked.questions.iter().map(|item| item.question.as_str()).collect::<Vec<_>>().join(" / ")
            }
        };
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        let cut = first.chars().count() > LINE || lines.next().is_some();
        let kept: String = first.chars().take(LINE).collect();
        if cut { format!("{kept}…") } else { kept }
    }

    /// Everything that is asked, made harmless: the whole command, the diff, the questions with their options.
    pub fn whole(&self, colour: bool) -> String {
        let mut text = String::new();
        match self {
            Self::Permission(asked) => {
                if let Some(command) = self.text("command") {
                    text.push_str(&indented(command));
                } else if let Some(path) = self.text("filepath") {
                    text.push_str(&indented(path));
                    if let Some(diff) = self.text("diff") {
                        text.push_str(&painted_diff(diff, colour));
                    }
                } else {
                    text.push_str(&indented(&asked.patterns.join("\n")));
                }
                if !asked.always.is_empty() {
                    // Writing to a String cannot fail.
                    let _ = writeln!(text, "  always would allow: {}", Untrusted(&asked.always.join(", ")));
                }
            }
            Self::Question(asked) => {
                for item in &asked.questions {
                    text.push_str(&indented(&item.question));
                    for (number, option) in item.options.iter().enumerate() {
                        let about = if option.description == option.label { "" } else { option.description.as_str() };
                        let gap = if about.is_empty() { "" } else { ": " };
                        let (label, about) = (Untrusted(&option.label), Untrusted(about));
                        let _ = writeln!(text, "    {}) {label}{gap}{about}", number + 1);
                    }
                }
            }
        }
        text
    }

    fn text(&self, key: &str) -> Option<&str> {
        match self {
            Self::Permission(asked) => {
                asked.metadata.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
            }
            Self::Question(_) => None,
        }
    }
}

/// `+2 -1` of a unified diff.
fn changed(diff: &str) -> String {
    let count = |sign: char, header: &str| {
        diff.lines().filter(|line| line.starts_with(sign) && !line.starts_with(header)).count()
    };
    format!("+{} -{}", count('+', "+++"), count('-', "---"))
}

fn indented(text: &str) -> String {
    Lines(text.trim_end()).to_string().lines().flat_map(|line| ["  ", line, "\n"].map(str::to_owned)).collect()
}

/// A unified diff with its signs in colour, indented.
pub fn painted_diff(diff: &str, colour: bool) -> String {
    let safe = Lines(diff.trim_end()).to_string();
    let lines = safe.lines().map(|line| {
        let painted = match line.as_bytes().first() {
            Some(b'+') => Tone::Good.paint(line, colour),
            Some(b'-') => Tone::Bad.paint(line, colour),
            Some(b'@') => Tone::Faint.paint(line, colour),
            _ => line.to_owned(),
        };
        format!("  {painted}\n")
    });
    lines.collect()
}

/// A request, and where it waits.
#[derive(Clone)]
pub struct Waiting {
    /// Namespace of the agent.
    pub namespace: String,
    /// The agent.
    pub agent: String,
    /// The agent's server, speaking about the directory in which it waits.
    pub client: Client,
    /// As the user may type it: `session/NAME`, `task/NAME`, or `agent/NAME` of a conversation that no object stands for.
    pub reference: String,
    /// The conversation, not a subagent's.
    pub session: String,
    /// Its title, untrusted.
    pub title: String,
    /// Since when, by this machine's clock.
    pub since: Timestamp,
    /// What is asked.
    pub request: Request,
}

impl Waiting {
    /// A request, with the conversation to which it belongs.
    pub fn new(namespace: &str, agent: &str, client: Client, root: &Session, request: Request, now: Timestamp) -> Self {
        let skew = client.server_time().unwrap_or_else(|| now.as_millisecond()) - now.as_millisecond();
        let asked = id_time(request.id(), now.as_millisecond() + skew).map(|time| time - skew);
        let since = asked.and_then(|time| Timestamp::from_millisecond(time).ok()).unwrap_or(now).min(now);
        Self {
            namespace: namespace.to_owned(),
            agent: agent.to_owned(),
            client,
            reference: reference(root, namespace, agent),
            session: root.id.clone(),
            title: root.title.clone(),
            since,
            request,
        }
    }

    /// What is asked in one line, untrusted; files are named from the directory in which it works.
    pub fn line(&self) -> String {
        self.in_short().line()
    }

    /// Everything that is asked, see [`Request::whole`].
    pub fn whole(&self, colour: bool) -> String {
        self.in_short().whole(colour)
    }

    fn in_short(&self) -> Request {
        let mut request = self.request.clone();
        if let (Request::Permission(asked), Some(directory)) = (&mut request, self.client.directory()) {
            let prefix = format!("{}/", directory.trim_end_matches('/'));
            for value in asked.metadata.values_mut() {
                if let Value::String(text) = value {
                    *text = text.replace(&prefix, "");
                }
            }
        }
        request
    }

    /// The words that name it in a command.
    pub fn command_reference(&self) -> &str {
        if self.reference.starts_with("agent/") { self.request.id() } else { &self.reference }
    }

    /// What scripts see.
    pub fn value(&self) -> Value {
        let mut value = json!({
            "type": if matches!(self.request, Request::Permission(_)) { "permission" } else { "question" },
            "id": self.request.id(),
            "namespace": self.namespace,
            "agent": self.agent,
            "reference": self.reference,
            "sessionID": self.session,
            "title": self.title,
            "since": self.since.to_string(),
        });
        match &self.request {
            Request::Permission(asked) => {
                value["permission"] = asked.permission.clone().into();
                value["patterns"] = json!(asked.patterns);
                value["always"] = json!(asked.always);
                value["metadata"] = Value::Object(asked.metadata.clone());
            }
            Request::Question(asked) => value["questions"] = json!(asked.questions),
        }
        value
    }
}

/// The object that an OpenCode session stands for, as it is typed.
pub fn reference(session: &Session, namespace: &str, agent: &str) -> String {
    let metadata = |key: &str| session.metadata.get(key).and_then(Value::as_str);
    if let (Some(found), Some(name)) = (metadata(keys::METADATA_NAMESPACE), metadata(keys::METADATA_NAME))
        && found == namespace
    {
        return format!("session/{name}");
    }
    // The title that the platform gives a task's session: kubeopencode/NAMESPACE/TASK/UID.
    let mut parts = session.title.split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("kubeopencode"), Some(found), Some(task), Some(_), None) if found == namespace => format!("task/{task}"),
        _ => format!("agent/{agent}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permission(metadata: &Value) -> Request {
        let asked = json!({"id": "per_1", "sessionID": "ses_1", "permission": "bash", "patterns": ["ls"], "always": ["ls *"], "metadata": metadata});
        Request::Permission(serde_json::from_value(asked).unwrap())
    }

    #[test]
    fn a_request_says_what_it_wants_to_do() {
        let command = permission(&json!({"command": "rm -rf build\x1b[2J\nmake"}));
        assert_eq!(command.line(), "rm -rf build\x1b[2J…", "rendered where it is shown");
        assert_eq!(command.whole(false), "  rm -rf build\\x1b[2J\n  make\n  always would allow: ls *\n");
        let edit =
            permission(&json!({"filepath": "/w/a.txt", "diff": "--- a.txt\n+++ a.txt\n@@ -1 +1,2 @@\n-x\n+y\n+z\n"}));
        assert_eq!(edit.line(), "/w/a.txt (+2 -1)");
        assert!(edit.whole(true).contains("\x1b[32m+y\x1b[0m"), "{:?}", edit.whole(true));
        assert_eq!(permission(&json!({})).line(), "ls");
        let question: Question = serde_json::from_value(json!({"id": "que_1", "sessionID": "ses_1", "questions": [
            {"question": "Which?", "options": [{"label": "red", "description": "the warm one"}, {"label": "blue", "description": "blue"}]}]}))
        .unwrap();
        assert_eq!(Request::Question(question).whole(false), "  Which?\n    1) red: the warm one\n    2) blue\n");
    }

    #[test]
    fn a_conversation_is_called_by_its_object() {
        let of = |value: Value| reference(&serde_json::from_value(value).unwrap(), "team", "dev");
        let metadata = json!({"kubernetes.namespace": "team", "kubernetes.session": "fix"});
        assert_eq!(of(json!({"id": "ses_1", "metadata": metadata})), "session/fix");
        assert_eq!(of(json!({"id": "ses_1", "title": "kubeopencode/team/t1/12345678"})), "task/t1");
        assert_eq!(of(json!({"id": "ses_1", "title": "kubeopencode/other/t1/12345678"})), "agent/dev");
        let metadata = json!({"kubernetes.namespace": "other", "kubernetes.session": "fix"});
        assert_eq!(of(json!({"id": "ses_1", "metadata": metadata, "title": "x"})), "agent/dev");
    }
}
