//! The kinds this program works with: their names in every form, their paths, and how their absence is called.

use kube::api::ApiResource;
use serde_json::{Value, json};

use super::keys;
use crate::error::Code;

/// One kind of object.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// API group.
    pub group: &'static str,
    /// API version.
    pub version: &'static str,
    /// As in `kind:`.
    pub kind: &'static str,
    /// As in paths.
    pub plural: &'static str,
    /// As rules of RBAC and `kubectl auth can-i` have it, with its group.
    pub resource: &'static str,
    /// As people say it.
    pub noun: &'static str,
    /// Every word that names the kind on a command line.
    pub words: &'static [&'static str],
    /// When there is none of that name.
    pub missing: Code,
    /// When there is one of that name already.
    pub exists: Code,
    /// The label without which an object of the API's kind is none of this one.
    pub label: Option<(&'static str, &'static str)>,
}

const PLATFORM: &str = "kubeopencode.io";

/// `Task`.
pub const TASK: Kind = Kind {
    group: PLATFORM,
    version: "v1alpha1",
    kind: "Task",
    plural: "tasks",
    resource: "tasks.kubeopencode.io",
    noun: "task",
    words: &["task", "tasks", "tk"],
    missing: Code::TaskNotFound,
    exists: Code::TaskAlreadyExists,
    label: None,
};

/// `Session`.
pub const SESSION: Kind = Kind {
    group: "session.kubeopencode.io",
    version: "v1alpha1",
    kind: "Session",
    plural: "sessions",
    resource: "sessions.session.kubeopencode.io",
    noun: "session",
    words: &["session", "sessions", "ses"],
    missing: Code::SessionNotFound,
    exists: Code::SessionAlreadyExists,
    label: None,
};

/// `Agent`.
pub const AGENT: Kind = Kind {
    group: PLATFORM,
    version: "v1alpha1",
    kind: "Agent",
    plural: "agents",
    resource: "agents.kubeopencode.io",
    noun: "agent",
    words: &["agent", "agents", "ag"],
    missing: Code::AgentNotFound,
    exists: Code::AlreadyExists,
    label: None,
};

/// `AgentTemplate`.
pub const TEMPLATE: Kind = Kind {
    group: PLATFORM,
    version: "v1alpha1",
    kind: "AgentTemplate",
    plural: "agenttemplates",
    resource: "agenttemplates.kubeopencode.io",
    noun: "template",
    words: &["template", "templates", "agenttemplate", "agenttemplates", "agt"],
    missing: Code::TemplateNotFound,
    exists: Code::AlreadyExists,
    label: None,
};

/// A template of Sessions: a `ConfigMap` with our label, which holds what a manifest of a Session has.
pub const SESSION_TEMPLATE: Kind = Kind {
    group: "",
    version: "v1",
    kind: "ConfigMap",
    plural: "configmaps",
    resource: "configmaps",
    noun: "template",
    words: &["sessiontemplate", "sessiontemplates"],
    missing: Code::TemplateNotFound,
    exists: Code::AlreadyExists,
    label: Some((keys::TEMPLATE, keys::TEMPLATE_OF_SESSIONS)),
};

/// `CronTask`.
pub const SCHEDULE: Kind = Kind {
    group: PLATFORM,
    version: "v1alpha1",
    kind: "CronTask",
    plural: "crontasks",
    resource: "crontasks.kubeopencode.io",
    noun: "schedule",
    words: &["schedule", "schedules", "crontask", "crontasks", "ct"],
    missing: Code::ScheduleNotFound,
    exists: Code::AlreadyExists,
    label: None,
};

/// Every kind that can be named on a command line.
pub const ALL: [&Kind; 6] = [&TASK, &SESSION, &AGENT, &TEMPLATE, &SESSION_TEMPLATE, &SCHEDULE];

impl Kind {
    /// The kind that a word names; upper case does not matter.
    pub fn from_word(word: &str) -> Option<&'static Kind> {
        let word = word.to_ascii_lowercase();
        let word = word
            .strip_suffix(".kubeopencode.io")
            .map_or(word.as_str(), |word| word.strip_suffix(".session").unwrap_or(word));
        ALL.into_iter().find(|kind| kind.words.contains(&word))
    }

    /// The name in `NAME` or `KIND/NAME`, which `-o name` writes; none if that is another kind.
    pub fn name_in<'a>(&self, word: &'a str) -> Option<&'a str> {
        let Some((kind, name)) = word.split_once('/') else { return Some(word) };
        Kind::from_word(kind).filter(|kind| *kind == self && !name.is_empty()).map(|_| name)
    }

    /// `group/version`, as in `apiVersion:`; the core group has no name.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_owned() } else { format!("{}/{}", self.group, self.version) }
    }

    /// Whether an object of the API's kind is one of this kind.
    pub fn holds(&self, object: &Value) -> bool {
        self.label.is_none_or(|(key, value)| object["metadata"]["labels"][key] == value)
    }

    /// An object of this kind.
    #[must_use]
    pub fn object(&self, metadata: Value, spec: Value) -> Value {
        let mut object = json!({"apiVersion": self.api_version(), "kind": self.kind});
        object["metadata"] = metadata;
        object["spec"] = spec;
        object
    }

    /// As the client library takes it.
    pub fn api_resource(&self) -> ApiResource {
        ApiResource {
            group: self.group.to_owned(),
            version: self.version.to_owned(),
            api_version: self.api_version(),
            kind: self.kind.to_owned(),
            plural: self.plural.to_owned(),
        }
    }

    /// `task.kubeopencode.io/NAME`, as `-o name` writes it.
    pub fn reference(&self, name: &str) -> String {
        let point = if self.group.is_empty() { "" } else { "." };
        format!("{}{point}{}/{name}", self.kind.to_ascii_lowercase(), self.group)
    }

    /// Path of the collection, in one namespace or in all.
    pub fn path(&self, namespace: Option<&str>) -> String {
        let root = if self.group.is_empty() { "/api" } else { "/apis" };
        let (version, plural) = (self.api_version(), self.plural);
        match namespace {
            Some(namespace) => format!("{root}/{version}/namespaces/{namespace}/{plural}"),
            None => format!("{root}/{version}/{plural}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_one_kind_each() {
        let mut words: Vec<_> = ALL.iter().flat_map(|kind| kind.words).collect();
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all);
        assert_eq!(Kind::from_word("Tk"), Some(&TASK));
        assert_eq!(Kind::from_word("tasks.kubeopencode.io"), Some(&TASK));
        assert_eq!(Kind::from_word("sessions.session.kubeopencode.io"), Some(&SESSION));
        assert_eq!(Kind::from_word("pods"), None);
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for kind in ALL.into_iter().filter(|kind| **kind != SESSION_TEMPLATE) {
            assert_eq!(kind.name_in(&kind.reference("a")), Some("a"));
        }
        assert_eq!((TASK.name_in("a"), TASK.name_in("tk/a")), (Some("a"), Some("a")));
        assert_eq!((TASK.name_in("session/a"), TASK.name_in("task/"), TASK.name_in("pod/a")), (None, None, None));
    }

    #[test]
    fn paths_and_references_are_those_of_the_api() {
        assert_eq!(TASK.path(Some("ns")), "/apis/kubeopencode.io/v1alpha1/namespaces/ns/tasks");
        assert_eq!(SESSION.path(None), "/apis/session.kubeopencode.io/v1alpha1/sessions");
        assert_eq!(TEMPLATE.reference("a"), "agenttemplate.kubeopencode.io/a");
        assert_eq!(SESSION_TEMPLATE.path(Some("ns")), "/api/v1/namespaces/ns/configmaps");
        assert_eq!(SESSION_TEMPLATE.reference("a"), "configmap/a");
    }
}
