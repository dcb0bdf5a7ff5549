//! Every setting there is: its name, what it accepts, where it may stand, and which field of a Session it becomes.

use clap::ValueEnum as _;
use serde_json::{Map, Value, json};

use crate::api::GoDuration;
use crate::api::session::{DeletionPolicy, PermissionPolicy};
use crate::cli::approvals::OnPermission;
use crate::cli::session::Permissions;
use crate::commands::session::repository;
use crate::terminal::DetachKeys;

/// What the names of environment variables begin with.
const PREFIX: &str = "KUBECTL_OPENCODE_";

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name, which is that of the flag that sets it.
    pub key: &'static str,
    /// The field of a Session's `spec` that it becomes.
    pub field: Option<&'static str>,
    /// What it accepts.
    pub accepts: Accepts,
    /// Where it may stand, beside a flag.
    pub place: Place,
    /// What holds where nobody sets it, if that is one value.
    pub built_in: Option<&'static str>,
    /// What it is, in a line.
    pub about: &'static str,
}

/// Where a setting may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a session template alone: what one session is about.
    Template,
    /// In every layer.
    Anywhere,
    /// In the environment and the user's file: nobody else answers for a person, or takes their keys.
    Person,
}

/// What a setting accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// A text.
    Text,
    /// The name of an object.
    Name,
    /// A whole number of seconds.
    Seconds,
    /// A length of time.
    Time,
    /// `true` or `false`.
    Switch,
    /// Labels or annotations.
    Pairs,
    /// Repositories.
    Repos,
    /// A structure that has no form of one line.
    Structure,
    /// `ask`, `allow`, `deny`.
    Permissions,
    /// `delete`, `retain`.
    DeletionPolicy,
    /// `ask`, `allow`, `reject`.
    OnPermission,
    /// Keys that detach.
    DetachKeys,
}

/// What becomes a field of a Session's spec, and may stand anywhere.
const fn field(key: &'static str, field: &'static str, accepts: Accepts, about: &'static str) -> Setting {
    Setting { key, field: Some(field), accepts, place: Place::Anywhere, built_in: None, about }
}

/// What one session is about.
const fn of_template(key: &'static str, accepts: Accepts, about: &'static str) -> Setting {
    Setting { place: Place::Template, ..field(key, key, accepts, about) }
}

/// What is no field of a spec.
const fn beside(key: &'static str, place: Place, accepts: Accepts, about: &'static str) -> Setting {
    Setting { key, field: None, accepts, place, built_in: None, about }
}

/// The same, with what holds where nobody sets it.
const fn or(built_in: &'static str, setting: Setting) -> Setting {
    Setting { built_in: Some(built_in), ..setting }
}

/// All settings, in the order in which they are shown and in which the fields of a spec are written.
pub static SETTINGS: [Setting; 22] = {
    use Accepts::{DeletionPolicy, DetachKeys, Name, OnPermission, Pairs, Permissions};
    use Accepts::{Repos, Seconds, Structure, Switch, Text, Time};
    use Place::{Anywhere, Person};
    [
        beside("template", Anywhere, Text, "session template that `session create` begins with"),
        field("agent", "agentRef", Name, "agent that work is given to"),
        field("agent-template", "templateRef", Name, "template of an agent, or of a task's Pod, of its own"),
        field("fallback-agent", "fallbackAgentRef", Name, "agent to use when the one of its own is not ready in time"),
        or("300", field("start-deadline", "startDeadlineSeconds", Seconds, "seconds an agent may take to be ready")),
        of_template("title", Text, "title of the session"),
        of_template("prompt", Text, "first prompt of the session"),
        field("model", "model", Text, "model, as PROVIDER/MODEL"),
        field("mode", "mode", Text, "OpenCode agent: build, plan, …"),
        field("directory", "directory", Text, "directory inside the workspace"),
        of_template("suspend", Switch, "whether the session begins stopped"),
        field("repos", "repos", Repos, "repositories to clone, each as URL[@BRANCH]"),
        of_template("workflow", Structure, "workflow in the workspace: gitUrl, branch, path"),
        field("timeout", "timeout", Time, "longest time a session or a task may run"),
        field("idle-timeout", "idleTimeout", Time, "longest time of a session without activity"),
        field("ttl", "ttlSecondsAfterFinished", Seconds, "seconds after its end when a session is deleted"),
        or(
            "delete",
            field(
                "deletion-policy",
                "deletionPolicy",
                DeletionPolicy,
                "delete or retain the conversation with its session",
            ),
        ),
        field("permissions", "permissions", Permissions, "ask, allow or deny: what a session does by itself"),
        beside("labels", Anywhere, Pairs, "labels of sessions and tasks"),
        beside("annotations", Anywhere, Pairs, "annotations of sessions and tasks"),
        or(
            "ask",
            beside("on-permission", Person, OnPermission, "ask, allow or reject: your word while you follow a turn"),
        ),
        or("ctrl-],d", beside("detach-keys", Person, DetachKeys, "keys that leave a terminal")),
    ]
};

impl Setting {
    /// The one of this name; `labels.KEY` is one of the labels.
    pub fn named(key: &str) -> Option<&'static Self> {
        let (of, within) = key.split_once('.').map_or((key, None), |(of, within)| (of, Some(within)));
        let found = SETTINGS.iter().find(|setting| setting.key == of)?;
        (within.is_none() || found.accepts == Accepts::Pairs && within != Some("")).then_some(found)
    }

    /// The one that becomes this field of a spec.
    pub fn of_field(field: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.field == Some(field))
    }

    /// The variable that sets it; none for what only a template says.
    pub fn variable(&self) -> Option<String> {
        let name = || format!("{PREFIX}{}", self.key.to_ascii_uppercase().replace('-', "_"));
        (self.place != Place::Template).then(name)
    }
}

/// Of some words the one that was probably meant.
pub fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |word| strsim::normalized_damerau_levenshtein(typed, word);
    let near = known.map(|word| (likeness(word), word)).filter(|(likeness, _)| *likeness > 0.6);
    // Of those that are as near the first.
    near.min_by(|(left, _), (right, _)| right.total_cmp(left)).map(|(_, word)| word)
}

impl Accepts {
    /// A value as it is typed or stands in a file, in the form that a Session has it; or why it is none.
    pub fn read(self, typed: &Value) -> Result<Value, String> {
        let text = || match typed {
            Value::String(text) => Ok(text.trim().to_owned()),
            other => Err(format!("{other} is no text")),
        };
        let word = |text: String, words: &str| format!("{text:?} is none of {words}");
        match self {
            Self::Text => text().map(Value::from),
            Self::Name => text().map(|name| json!({ "name": name })),
            Self::Seconds => match typed {
                Value::Number(number) => number.as_u64(),
                _ => text()?.parse().ok(),
            }
            .map(Value::from)
            .ok_or_else(|| format!("{typed} is no whole number of seconds")),
            Self::Time => {
                let time: GoDuration =
                    text()?.parse().map_err(|error| format!("{error}; write it as in 90s or 30m"))?;
                Ok(time.to_string().into())
            }
            // These stand in templates alone, as in a Session, whose rules check them.
            Self::Switch | Self::Structure => Ok(typed.clone()),
            Self::Pairs => pairs(typed).map(Value::Object),
            Self::Repos => repos(typed).map(Value::Array),
            Self::Permissions => {
                let text = text()?;
                let found = Permissions::from_str(&text, true).map_err(|_| word(text, "ask, allow, deny"))?;
                Ok(json!(PermissionPolicy::from(found)))
            }
            Self::DeletionPolicy => match text()?.to_ascii_lowercase().as_str() {
                "delete" => Ok(json!(DeletionPolicy::Delete)),
                "retain" => Ok(json!(DeletionPolicy::Retain)),
                other => Err(word(other.to_owned(), "delete, retain")),
            },
            Self::OnPermission => {
                let text = text()?;
                match OnPermission::from_str(&text, true) {
                    Ok(_) => Ok(text.to_ascii_lowercase().into()),
                    Err(_) => Err(word(text, "ask, allow, reject")),
                }
            }
            Self::DetachKeys => {
                let text = text()?;
                text.parse::<DetachKeys>().map(|_| text.into())
            }
        }
    }
}

/// `KEY=VALUE,…`, or a map.
fn pairs(typed: &Value) -> Result<Map<String, Value>, String> {
    match typed {
        Value::Object(pairs) => match pairs.iter().find(|(_, value)| !value.is_string() && !value.is_null()) {
            Some((key, value)) => Err(format!("{key}: {value} is no text; put it into quotes")),
            None => Ok(pairs.clone()),
        },
        Value::String(text) => text
            .split(',')
            .map(|pair| match pair.trim().split_once('=') {
                Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.into())),
                _ => Err(format!("{pair:?} is not KEY=VALUE")),
            })
            .collect(),
        other => Err(format!("{other} is no map of texts")),
    }
}

/// `URL[@BRANCH],…`, or a list of those, or of what a Session has.
fn repos(typed: &Value) -> Result<Vec<Value>, String> {
    let one = |typed: &Value| match typed {
        Value::String(typed) if !typed.trim().is_empty() => Ok(repository(typed.trim())),
        Value::Object(repo) if repo.get("url").is_some_and(Value::is_string) => Ok(typed.clone()),
        other => Err(format!("{other} is no repository; write URL or URL@BRANCH")),
    };
    match typed {
        Value::String(text) => text.split(',').map(|typed| one(&typed.into())).collect(),
        Value::Array(all) => all.iter().map(one).collect(),
        other => one(other).map(|repo| vec![repo]),
    }
}

/// A value as it is typed.
pub fn shown(setting: &Setting, value: &Value) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match (setting.accepts, value) {
        (Accepts::Name, value) => text(&value["name"]),
        (Accepts::Permissions | Accepts::DeletionPolicy, value) => text(value).to_ascii_lowercase(),
        (Accepts::Repos, Value::Array(repos)) => {
            let repo = |repo: &Value| match repo["branch"].as_str() {
                Some(branch) => format!("{}@{branch}", text(&repo["url"])),
                None => text(&repo["url"]),
            };
            repos.iter().map(repo).collect::<Vec<_>>().join(",")
        }
        (_, value) => text(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_every_field_of_a_session_has_one() {
        let mut keys: Vec<_> = SETTINGS.iter().map(|setting| setting.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), SETTINGS.len());
        let crd = serde_json::to_value(crate::api::session::crd()).unwrap();
        let fields = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"];
        let fields: Vec<_> = fields.as_object().unwrap().keys().collect();
        assert!(fields.len() > 10);
        let lacking: Vec<_> = fields.iter().filter(|field| Setting::of_field(field).is_none()).collect();
        assert!(lacking.is_empty(), "{lacking:?}");
        let known = SETTINGS.iter().filter_map(|setting| setting.field);
        let unknown: Vec<_> = known.filter(|known| !fields.iter().any(|field| field == known)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn what_is_typed_gets_the_form_that_a_session_has() {
        let read = |key: &str, typed: Value| Setting::named(key).unwrap().accepts.read(&typed);
        assert_eq!(read("agent", json!("dev")).unwrap(), json!({"name": "dev"}));
        assert_eq!(read("timeout", json!("90m")).unwrap(), json!("1h30m0s"));
        assert_eq!(read("ttl", json!("60")).unwrap(), json!(60));
        assert_eq!(read("permissions", json!("ask")).unwrap(), json!("Ask"));
        assert_eq!(read("deletion-policy", json!("Retain")).unwrap(), json!("Retain"));
        assert_eq!(read("labels", json!("a=b,c=")).unwrap(), json!({"a": "b", "c": ""}));
        assert_eq!(
            read("repos", json!("https://e.com/a@main,https://e.com/b")).unwrap(),
            json!([{"url": "https://e.com/a", "branch": "main"}, {"url": "https://e.com/b"}])
        );
        for (key, typed) in [
            ("timeout", json!("soon")),
            ("ttl", json!(-1)),
            ("model", json!(7)),
            ("permissions", json!("maybe")),
            ("labels", json!({"a": 1})),
            ("repos", json!([1])),
            ("detach-keys", json!("ctrl-")),
        ] {
            assert!(read(key, typed.clone()).is_err(), "{key}: {typed}");
        }
        for (key, typed) in [("agent", "dev"), ("repos", "https://e.com/a@main"), ("permissions", "deny")] {
            let setting = Setting::named(key).unwrap();
            assert_eq!(shown(setting, &setting.accepts.read(&typed.into()).unwrap()), typed);
        }
    }

    #[test]
    fn what_was_probably_meant_is_found() {
        let meant = |typed: &str| nearest(typed, SETTINGS.iter().map(|setting| setting.key));
        assert_eq!(meant("modle"), Some("model"));
        assert_eq!(meant("idleTimeout"), Some("idle-timeout"));
        assert_eq!(meant("xyzzy"), None);
    }
}
