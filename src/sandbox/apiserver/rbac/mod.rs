//! Who may do what: Roles and bindings (`k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac`).
//!
//! Members of `system:masters` may do everything; everybody else what a binding of a Role or ClusterRole gives them.

mod defaults;
pub mod reviews;
pub mod tokens;

use serde_json::Value;

use super::auth::Identity;

pub use defaults::defaults;

/// What somebody wants to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attributes {
    /// Something with a resource.
    Resource(ResourceAttributes),
    /// Something with another path, such as `/healthz`.
    Path {
        /// The method in lower case.
        verb: String,
        /// The path.
        path: String,
    },
}

/// What somebody wants to do with a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceAttributes {
    /// `get`, `list`, `create`, …
    pub verb: String,
    /// API group, empty for the core.
    pub group: String,
    /// Plural name.
    pub resource: String,
    /// Empty for the object itself.
    pub subresource: String,
    /// Empty at cluster scope and for all namespaces.
    pub namespace: String,
    /// Empty for all objects.
    pub name: String,
}

impl ResourceAttributes {
    /// `pods/log`, as rules name it.
    fn combined(&self) -> String {
        if self.subresource.is_empty() {
            self.resource.clone()
        } else {
            format!("{}/{}", self.resource, self.subresource)
        }
    }
}

/// Where Roles and bindings are found.
pub trait Policy {
    /// A Role of a namespace.
    fn role(&self, namespace: &str, name: &str) -> Option<Value>;
    /// A ClusterRole.
    fn cluster_role(&self, name: &str) -> Option<Value>;
    /// All ClusterRoles, of which some are made of others.
    fn cluster_roles(&self) -> Vec<Value>;
    /// The RoleBindings of a namespace.
    fn role_bindings(&self, namespace: &str) -> Vec<Value>;
    /// All ClusterRoleBindings.
    fn cluster_role_bindings(&self) -> Vec<Value>;
}

/// Whether somebody may do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes, and why.
    Allowed(String),
    /// Nothing allows it.
    NoOpinion,
}

impl Decision {
    /// Whether it may be done.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

/// Decides whether `identity` may do what `attributes` say.
pub fn authorize(identity: &Identity, attributes: &Attributes, policy: &dyn Policy) -> Decision {
    if identity.is_master() {
        return Decision::Allowed(String::new());
    }
    let namespace = match attributes {
        Attributes::Resource(wanted) => wanted.namespace.as_str(),
        Attributes::Path { .. } => "",
    };
    for grant in grants(identity, namespace, policy) {
        if grant.rules.iter().any(|rule| allows(rule, attributes)) {
            return Decision::Allowed(format!("RBAC: allowed by {}", grant.because));
        }
    }
    Decision::NoOpinion
}

/// The text of a 403, without what the Status puts before it.
pub fn refusal(identity: &Identity, attributes: &Attributes) -> String {
    let user = &identity.user;
    match attributes {
        Attributes::Path { verb, path } => format!("User {user:?} cannot {verb} path {path:?}"),
        Attributes::Resource(wanted) => {
            let place = if wanted.namespace.is_empty() {
                "at the cluster scope".to_owned()
            } else {
                format!("in the namespace {:?}", wanted.namespace)
            };
            format!(
                "User {user:?} cannot {} resource {:?} in API group {:?} {place}",
                wanted.verb,
                wanted.combined(),
                wanted.group
            )
        }
    }
}

/// What one binding gives.
struct Grant {
    rules: Vec<Value>,
    because: String,
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_default()
}

fn items<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    value[field].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Everything that bindings give somebody in a namespace, or at cluster scope when it is empty.
fn grants(identity: &Identity, namespace: &str, policy: &dyn Policy) -> Vec<Grant> {
    let mut grants = Vec::new();
    for binding in policy.cluster_role_bindings() {
        if let Some(subject) = subject_of(&binding, identity, "")
            && let Some(role) = policy.cluster_role(text(&binding["roleRef"], "name"))
        {
            let (name, role_name) = (text(&binding["metadata"], "name"), text(&binding["roleRef"], "name"));
            let because = format!("ClusterRoleBinding {name:?} of ClusterRole {role_name:?} to {subject}");
            grants.push(Grant { rules: rules(&role, policy), because });
        }
    }
    if namespace.is_empty() {
        return grants;
    }
    for binding in policy.role_bindings(namespace) {
        let reference = &binding["roleRef"];
        let (kind, role_name) = (text(reference, "kind"), text(reference, "name"));
        let role = match kind {
            "ClusterRole" => policy.cluster_role(role_name),
            _ => policy.role(namespace, role_name),
        };
        if let (Some(subject), Some(role)) = (subject_of(&binding, identity, namespace), role) {
            let name = format!("{}/{namespace}", text(&binding["metadata"], "name"));
            let because = format!("RoleBinding {name:?} of {kind} {role_name:?} to {subject}");
            grants.push(Grant { rules: rules(&role, policy), because });
        }
    }
    grants
}

/// The rules of a role: its own, or those of the ClusterRoles that its aggregation selects.
fn rules(role: &Value, policy: &dyn Policy) -> Vec<Value> {
    let mut rules = items(role, "rules").to_vec();
    let selectors = items(&role["aggregationRule"], "clusterRoleSelectors");
    if !selectors.is_empty() {
        let selected = |other: &Value| {
            selectors.iter().any(|selector| {
                let wanted = selector["matchLabels"].as_object();
                wanted.is_some_and(|wanted| {
                    wanted.iter().all(|(key, value)| other["metadata"]["labels"].get(key) == Some(value))
                })
            })
        };
        for other in policy.cluster_roles().iter().filter(|other| selected(other)) {
            rules.extend_from_slice(items(other, "rules"));
        }
    }
    rules
}

/// Which subject of a binding somebody is, in words.
fn subject_of(binding: &Value, identity: &Identity, namespace: &str) -> Option<String> {
    items(binding, "subjects").iter().find_map(|subject| {
        let name = text(subject, "name");
        match text(subject, "kind") {
            "User" => (identity.user == name).then(|| format!("User {name:?}")),
            "Group" => identity.groups.iter().any(|group| group == name).then(|| format!("Group {name:?}")),
            "ServiceAccount" => {
                let namespace = match text(subject, "namespace") {
                    "" => namespace,
                    own => own,
                };
                let user = format!("system:serviceaccount:{namespace}:{name}");
                let who = format!("{name}/{namespace}");
                (identity.user == user).then(|| format!("ServiceAccount {who:?}"))
            }
            _ => None,
        }
    })
}

fn has(rule: &Value, field: &str, wanted: &str) -> bool {
    items(rule, field).iter().any(|value| value == "*" || value == wanted)
}

/// Whether a PolicyRule covers a request.
fn allows(rule: &Value, attributes: &Attributes) -> bool {
    match attributes {
        Attributes::Path { verb, path } => {
            has(rule, "verbs", verb)
                && items(rule, "nonResourceURLs").iter().filter_map(Value::as_str).any(|url| {
                    match url.strip_suffix('*') {
                        Some(prefix) => path.starts_with(prefix),
                        None => path == url,
                    }
                })
        }
        Attributes::Resource(wanted) => {
            let combined = wanted.combined();
            let any = format!("*/{}", wanted.subresource);
            let resource = items(rule, "resources").iter().any(|resource| {
                resource == "*" || resource == &combined || (!wanted.subresource.is_empty() && resource == &any)
            });
            let names = items(rule, "resourceNames");
            resource
                && has(rule, "verbs", &wanted.verb)
                && has(rule, "apiGroups", &wanted.group)
                && (names.is_empty() || names.iter().any(|name| name == &wanted.name))
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;

    /// Roles and bindings in memory.
    #[derive(Default)]
    pub struct Fixed(pub Vec<Value>);

    impl Fixed {
        fn all(&self, kind: &str, namespace: &str) -> Vec<Value> {
            let matches =
                |object: &&Value| object["kind"] == kind && text(&object["metadata"], "namespace") == namespace;
            self.0.iter().filter(matches).cloned().collect()
        }
    }

    impl Policy for Fixed {
        fn role(&self, namespace: &str, name: &str) -> Option<Value> {
            self.all("Role", namespace).into_iter().find(|role| role["metadata"]["name"] == name)
        }
        fn cluster_role(&self, name: &str) -> Option<Value> {
            self.cluster_roles().into_iter().find(|role| role["metadata"]["name"] == name)
        }
        fn cluster_roles(&self) -> Vec<Value> {
            self.all("ClusterRole", "")
        }
        fn role_bindings(&self, namespace: &str) -> Vec<Value> {
            self.all("RoleBinding", namespace)
        }
        fn cluster_role_bindings(&self) -> Vec<Value> {
            self.all("ClusterRoleBinding", "")
        }
    }

    pub fn policy() -> Fixed {
        let rule = |groups: &[&str], resources: &[&str], verbs: &[&str]| json!({ "apiGroups": groups, "resources": resources, "verbs": verbs });
        Fixed(vec![
            json!({ "kind": "Role", "metadata": { "name": "dev", "namespace": "team" }, "rules": [
                rule(&["kubeopencode.io"], &["tasks", "*/status"], &["get", "list", "create"]),
                rule(&[""], &["pods", "pods/log"], &["get"]),
                json!({ "apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["one"] }),
            ] }),
            json!({ "kind": "RoleBinding", "metadata": { "name": "devs", "namespace": "team" },
                "subjects": [{ "kind": "User", "name": "dev" }, { "kind": "ServiceAccount", "name": "bot" }],
                "roleRef": { "kind": "Role", "name": "dev" } }),
            json!({ "kind": "ClusterRole", "metadata": { "name": "look" }, "aggregationRule":
                { "clusterRoleSelectors": [{ "matchLabels": { "to-look": "true" } }] } }),
            json!({ "kind": "ClusterRole", "metadata": { "name": "nodes", "labels": { "to-look": "true" } }, "rules": [
                rule(&["*"], &["*"], &["get"]),
                json!({ "nonResourceURLs": ["/metrics", "/debug/*"], "verbs": ["get"] }),
            ] }),
            json!({ "kind": "ClusterRoleBinding", "metadata": { "name": "lookers" },
                "subjects": [{ "kind": "Group", "name": "ops" }], "roleRef": { "kind": "ClusterRole", "name": "look" } }),
        ])
    }

    fn resource(verb: &str, group: &str, resource: &str, namespace: &str, name: &str) -> Attributes {
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        let [verb, group, resource, subresource, namespace, name] =
            [verb, group, resource, subresource, namespace, name].map(str::to_owned);
        Attributes::Resource(ResourceAttributes { verb, group, resource, subresource, namespace, name })
    }

    #[test]
    fn rules_cover_what_they_name_and_nothing_else() {
        let dev = Identity::new("dev", &[]);
        let bot = Identity::service_account("team", "bot", "");
        for (attributes, allowed) in [
            (resource("list", "kubeopencode.io", "tasks", "team", ""), true),
            (resource("list", "kubeopencode.io", "tasks", "other", ""), false),
            (resource("list", "kubeopencode.io", "tasks", "", ""), false),
            (resource("delete", "kubeopencode.io", "tasks", "team", "a"), false),
            (resource("get", "kubeopencode.io", "agents/status", "team", "a"), true),
            (resource("get", "kubeopencode.io", "agents", "team", "a"), false),
            (resource("get", "", "pods/log", "team", "a"), true),
            (resource("get", "", "pods/exec", "team", "a"), false),
            (resource("get", "", "secrets", "team", "one"), true),
            (resource("get", "", "secrets", "team", "two"), false),
            (resource("list", "", "secrets", "team", ""), false),
        ] {
            for who in [&dev, &bot] {
                assert_eq!(authorize(who, &attributes, &policy()).is_allowed(), allowed, "{who:?} {attributes:?}");
            }
            let stranger = Identity::new("stranger", &[]);
            assert!(!authorize(&stranger, &attributes, &policy()).is_allowed());
            assert!(authorize(&Identity::master("root"), &attributes, &Fixed::default()).is_allowed());
        }
    }

    #[test]
    fn aggregated_roles_and_paths_are_granted_to_groups() {
        let ops = Identity::new("o", &["ops"]);
        let path = |path: &str| Attributes::Path { verb: "get".to_owned(), path: path.to_owned() };
        for (attributes, allowed) in [
            (path("/metrics"), true),
            (path("/metrics/x"), false),
            (path("/debug/pprof"), true),
            (resource("get", "apps", "deployments/scale", "any", "x"), true),
            (resource("update", "apps", "deployments", "any", "x"), false),
        ] {
            assert_eq!(authorize(&ops, &attributes, &policy()).is_allowed(), allowed, "{attributes:?}");
        }
        assert_eq!(
            authorize(&ops, &path("/metrics"), &policy()),
            Decision::Allowed(
                "RBAC: allowed by ClusterRoleBinding \"lookers\" of ClusterRole \"look\" to Group \"ops\"".to_owned()
            )
        );
    }

    #[test]
    fn refusals_read_as_on_a_real_server() {
        let dev = Identity::new("dev", &[]);
        for (attributes, text) in [
            (
                resource("list", "kubeopencode.io", "tasks", "default", ""),
                "User \"dev\" cannot list resource \"tasks\" in API group \"kubeopencode.io\" in the namespace \"default\"",
            ),
            (
                resource("create", "", "pods/portforward", "default", "web"),
                "User \"dev\" cannot create resource \"pods/portforward\" in API group \"\" in the namespace \"default\"",
            ),
            (
                resource("list", "", "nodes", "", ""),
                "User \"dev\" cannot list resource \"nodes\" in API group \"\" at the cluster scope",
            ),
            (
                Attributes::Path { verb: "get".to_owned(), path: "/metrics".to_owned() },
                "User \"dev\" cannot get path \"/metrics\"",
            ),
        ] {
            assert_eq!(refusal(&dev, &attributes), text);
        }
    }

    #[test]
    fn everybody_may_discover_and_ask_about_himself() {
        let policy = Fixed(defaults());
        let somebody = Identity::new("somebody", &[]);
        let path = |path: &str| Attributes::Path { verb: "get".to_owned(), path: path.to_owned() };
        for attributes in [
            path("/openapi/v3/api/v1"),
            path("/apis"),
            path("/version"),
            resource("create", "authorization.k8s.io", "selfsubjectaccessreviews", "", ""),
            resource("create", "authentication.k8s.io", "selfsubjectreviews", "", ""),
        ] {
            assert!(authorize(&somebody, &attributes, &policy).is_allowed(), "{attributes:?}");
        }
        assert!(!authorize(&somebody, &resource("list", "", "pods", "default", ""), &policy).is_allowed());
    }
}
