//! The kinds this program works with: their names in every form, their paths, and how their absence is called.

use kube::api::ApiResource;
use serde_json::{Value, json};

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
    /// As `kubectl auth can-i` takes it.
    pub resource: &'static str,
    /// As people say it.
    pub noun: &'static str,
    /// Every word that names the kind on a command line.
    pub words: &'static [&'static str],
    /// When there is none of that name.
    pub missing: Code,
    /// When there is one of that name already.
    pub exists: Code,
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
};

/// Every kind that can be named on a command line.
pub const ALL: [&Kind; 5] = [&TASK, &SESSION, &AGENT, &TEMPLATE, &SCHEDULE];

impl Kind {
    /// The kind that a word names; upper case does not matter.
    pub fn from_word(word: &str) -> Option<&'static Kind> {
        let word = word.to_ascii_lowercase();
        let word = word
            .strip_suffix(".kubeopencode.io")
            .map_or(word.as_str(), |word| word.strip_suffix(".session").unwrap_or(word));
        ALL.into_iter().find(|kind| kind.words.contains(&word))
    }

    /// `group/version`, as in `apiVersion:`.
    pub fn api_version(&self) -> String {
        format!("{}/{}", self.group, self.version)
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
        format!("{}.{}/{name}", self.kind.to_ascii_lowercase(), self.group)
    }

    /// Path of the collection, in one namespace or in all.
    pub fn path(&self, namespace: Option<&str>) -> String {
        let (group, version, plural) = (self.group, self.version, self.plural);
        match namespace {
            Some(namespace) => format!("/apis/{group}/{version}/namespaces/{namespace}/{plural}"),
            None => format!("/apis/{group}/{version}/{plural}"),
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
    fn paths_and_references_are_those_of_the_api() {
        assert_eq!(TASK.path(Some("ns")), "/apis/kubeopencode.io/v1alpha1/namespaces/ns/tasks");
        assert_eq!(SESSION.path(None), "/apis/session.kubeopencode.io/v1alpha1/sessions");
        assert_eq!(TEMPLATE.reference("a"), "agenttemplate.kubeopencode.io/a");
    }
}
