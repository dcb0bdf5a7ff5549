//! Which rights the commands need, feature by feature: what `explain rbac` shows, what `doctor` asks the cluster for, and what
//! the role `kubectl-opencode-user` grants. It is one list, so that none of the three leaves one out.

/// Verbs on a resource of an API group; a subresource stands behind a slash.
pub type Rights = (&'static str, &'static str, &'static [&'static str]);

/// What people do, and what it takes.
#[derive(Clone, Copy, Debug)]
pub struct Feature {
    /// The commands.
    pub commands: &'static str,
    /// What they do: `to … you lack …`.
    pub purpose: &'static str,
    /// What it takes.
    pub rights: &'static [Rights],
}

const PLATFORM: &str = "kubeopencode.io";
const SESSIONS: &str = "session.kubeopencode.io";
const LOOK: &[&str] = &["get", "list", "watch"];
const CHANGE: &[&str] = &["get", "create", "patch", "delete"];
const SOCKET: &[&str] = &["get", "create"];

/// The features. A WebSocket is a GET, and since Kubernetes 1.35 the API server also asks for create.
pub const FEATURES: [Feature; 12] = [
    Feature {
        commands: "get, list, describe, wait, status",
        purpose: "see tasks, agents, templates and schedules",
        rights: &[
            (PLATFORM, "tasks", LOOK),
            (PLATFORM, "agents", LOOK),
            (PLATFORM, "agenttemplates", LOOK),
            (PLATFORM, "crontasks", LOOK),
        ],
    },
    Feature {
        commands: "run, task create, retry, stop, delete",
        purpose: "run and stop tasks",
        rights: &[(PLATFORM, "tasks", CHANGE)],
    },
    Feature {
        commands: "session …",
        purpose: "use sessions",
        rights: &[(SESSIONS, "sessions", &["get", "list", "watch", "create", "patch", "delete"])],
    },
    Feature {
        commands: "agent create, suspend, resume, share, delete; attach resumes",
        purpose: "make and change agents",
        rights: &[(PLATFORM, "agents", CHANGE)],
    },
    Feature {
        commands: "template create, delete",
        purpose: "make templates of agents",
        rights: &[(PLATFORM, "agenttemplates", &["create", "delete"])],
    },
    Feature {
        commands: "schedule create, suspend, resume, trigger, delete",
        purpose: "use schedules",
        rights: &[(PLATFORM, "crontasks", CHANGE)],
    },
    Feature {
        commands: "attach, session send, transcript, approvals, tunnel, …",
        purpose: "attach and talk",
        rights: &[("", "pods", LOOK), ("", "pods/portforward", SOCKET)],
    },
    Feature {
        commands: "exec, session import, move",
        purpose: "run programs in Pods",
        rights: &[("", "pods", &["get", "list"]), ("", "pods/exec", SOCKET)],
    },
    Feature {
        commands: "task logs, agent logs",
        purpose: "read logs",
        rights: &[("", "pods", &["get", "list"]), ("", "pods/log", &["get"])],
    },
    Feature {
        commands: "describe, events",
        purpose: "see events",
        rights: &[("", "pods", &["get"]), ("", "events", &["list", "watch"])],
    },
    Feature { commands: "agent restart", purpose: "restart agents", rights: &[("", "pods", &["list", "delete"])] },
    Feature {
        commands: "session create --template, template …; settings of the namespace",
        purpose: "use session templates and the namespace's settings",
        rights: &[("", "configmaps", &["get", "list", "watch", "create", "delete"])],
    },
];

/// What instead of the rights to forward ports serves those who may not: a program in the Pod carries the bytes.
pub const INSTEAD_OF_PORT_FORWARD: Rights = ("", "pods/exec", SOCKET);

/// What no role of ours grants: an administrator does, to whom it is due. The commands do without where they can.
pub const BEYOND: [(&str, &str, &str); 4] = [
    ("agents with a password", "get", "secrets (the one that the agent names)"),
    ("the first agent, with a provider's key", "create", "secrets"),
    ("attach: an event that says so", "create", "events.events.k8s.io"),
    ("install: an administrator", "patch", "customresourcedefinitions.apiextensions.k8s.io, clusterroles and more"),
];

/// A resource with its group, as refusals name it.
pub fn resource(group: &str, resource: &str) -> String {
    let group = if group.is_empty() { String::new() } else { format!(".{group}") };
    match resource.split_once('/') {
        None => format!("{resource}{group}"),
        Some((resource, sub)) => format!("{resource}{group}/{sub}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use k8s_openapi::api::rbac::v1::ClusterRole;
    use serde_json::Value;

    use super::*;
    use crate::output::from_yaml;

    /// Group, resource and verb of everything that a role grants.
    fn granted(role: &str) -> BTreeSet<(String, String, String)> {
        let roles = from_yaml(include_str!("../../deploy/rbac/user.yaml")).unwrap();
        let is_it = |object: &Value| object["metadata"]["name"] == role;
        let role: ClusterRole = serde_json::from_value(roles.into_iter().find(is_it).unwrap()).unwrap();
        let mut granted = BTreeSet::new();
        for rule in role.rules.unwrap() {
            for group in rule.api_groups.unwrap() {
                for resource in rule.resources.iter().flatten() {
                    granted.extend(rule.verbs.iter().map(|verb| (group.clone(), resource.clone(), verb.clone())));
                }
            }
        }
        granted
    }

    #[test]
    fn the_role_for_users_grants_what_the_features_need_and_nothing_else() {
        let mut needed = BTreeSet::new();
        for (group, resource, verbs) in FEATURES.iter().flat_map(|feature| feature.rights) {
            needed.extend(verbs.iter().map(|verb| (group.to_string(), resource.to_string(), verb.to_string())));
        }
        let granted = granted("kubectl-opencode-user");
        let (lacking, unused): (Vec<_>, Vec<_>) =
            (needed.difference(&granted).collect(), granted.difference(&needed).collect());
        assert!(lacking.is_empty() && unused.is_empty(), "lacks {lacking:?}, and grants {unused:?} for nothing");
    }

    #[test]
    fn who_looks_on_may_do_nothing_that_users_may_not_and_change_nothing() {
        let (viewer, user) = (granted("kubectl-opencode-viewer"), granted("kubectl-opencode-user"));
        let more: Vec<_> = viewer.difference(&user).collect();
        assert!(more.is_empty(), "{more:?}");
        assert!(viewer.iter().all(|(_, _, verb)| LOOK.contains(&verb.as_str())), "{viewer:?}");
    }

    #[test]
    fn the_built_in_roles_get_sessions_and_no_more() {
        for (role, of) in
            [("kubectl-opencode-sessions-edit", &["edit", "admin"][..]), ("kubectl-opencode-sessions-view", &["view"])]
        {
            let roles = from_yaml(include_str!("../../deploy/rbac/user.yaml")).unwrap();
            let labels = roles.iter().find(|object| object["metadata"]["name"] == role).unwrap()["metadata"]["labels"]
                .as_object()
                .unwrap();
            let wanted: BTreeSet<_> =
                of.iter().map(|of| format!("rbac.authorization.k8s.io/aggregate-to-{of}")).collect();
            assert_eq!(labels.keys().cloned().collect::<BTreeSet<_>>(), wanted);
            assert!(labels.values().all(|value| value == "true"), "a label is a text: {labels:?}");
            let others = |resource: &str| !["sessions", "sessions/status"].contains(&resource);
            assert!(!granted(role).iter().any(|(group, resource, _)| group != SESSIONS || others(resource)));
        }
        let (edit, user) = (granted("kubectl-opencode-sessions-edit"), granted("kubectl-opencode-user"));
        let lacking: Vec<_> =
            user.iter().filter(|(group, ..)| group == SESSIONS).filter(|right| !edit.contains(right)).collect();
        assert!(lacking.is_empty(), "who may edit lacks {lacking:?}");
        let view = granted("kubectl-opencode-sessions-view");
        assert!(view.iter().all(|(_, _, verb)| LOOK.contains(&verb.as_str())) && view.is_subset(&edit), "{view:?}");
    }

    #[test]
    fn resources_are_named_with_their_group() {
        assert_eq!(resource("", "pods/log"), "pods/log");
        assert_eq!(resource("kubeopencode.io", "tasks"), "tasks.kubeopencode.io");
        assert_eq!(resource("kubeopencode.io", "tasks/status"), "tasks.kubeopencode.io/status");
    }
}
