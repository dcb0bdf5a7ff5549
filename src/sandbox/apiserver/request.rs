//! What a request asks for: its path, verb and options (`k8s.io/apiserver/pkg/endpoints/request`).

use http::{Method, Uri};
use serde_json::Value;

use super::status::{ApiError, ApiResult};

/// The parameters of a query, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// The query of a URI. Empty pairs (`?&limit=1`) do not count.
    pub fn of(uri: &Uri) -> Self {
        let pairs = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        let split = |pair: &str| match pair.split_once('=') {
            Some((name, value)) => (decode(name, true), decode(value, true)),
            None => (decode(pair, true), String::new()),
        };
        Self(pairs.map(split).collect())
    }

    /// The first value of a parameter; empty counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// A boolean as Kubernetes converts it: present and neither `false` nor `0`.
    pub fn flag(&self, name: &str) -> bool {
        self.0.iter().find(|(key, _)| key == name).is_some_and(|(_, value)| value != "false" && value != "0")
    }

    /// A number.
    pub fn number(&self, name: &str) -> ApiResult<Option<u64>> {
        let parse = |text: &str| {
            let error = |_| ApiError::bad_request(format!("strconv.ParseUint: parsing \"{text}\": invalid syntax"));
            text.parse().map_err(error)
        };
        self.get(name).map(parse).transpose()
    }
}

/// Percent-decodes; `+` is a space in queries only. What is not UTF-8 becomes U+FFFD.
fn decode(text: &str, form: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes().iter().copied();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let mut code = || Some((hex(ahead.next()?)?, hex(ahead.next()?)?));
        match byte {
            b'+' if form => bytes.push(b' '),
            b'%' => match code() {
                Some((high, low)) => {
                    bytes.push(high << 4 | low);
                    rest.nth(1);
                }
                None => bytes.push(byte),
            },
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// A request for a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// API group, empty for the core group.
    pub group: String,
    /// API version inside the group.
    pub version: String,
    /// Plural name of the resource.
    pub resource: String,
    /// Namespace, empty at cluster scope.
    pub namespace: String,
    /// Name of the object, empty for the collection.
    pub name: String,
    /// Subresource such as `status`.
    pub subresource: String,
    /// What follows the subresource (`proxy/…`).
    pub tail: Vec<String>,
}

/// What a path stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// `/api` or `/apis`: the groups.
    Groups {
        /// `/api`: the core group alone.
        core: bool,
    },
    /// `/apis/GROUP`.
    Group(String),
    /// `/api/v1` or `/apis/GROUP/VERSION`.
    Version(String, String),
    /// A resource below a group version.
    Resource(Box<Target>),
    /// Anything else, as path segments.
    Other(Vec<String>),
}

/// Finds out what a path stands for.
pub fn route(path: &str) -> Route {
    let segments: Vec<String> =
        path.split('/').filter(|segment| !segment.is_empty()).map(|segment| decode(segment, false)).collect();
    let names: Vec<&str> = segments.iter().map(String::as_str).collect();
    match &names[..] {
        ["api"] => Route::Groups { core: true },
        ["apis"] => Route::Groups { core: false },
        ["apis", group] => Route::Group((*group).to_owned()),
        ["api", version] => Route::Version(String::new(), (*version).to_owned()),
        ["apis", group, version] => Route::Version((*group).to_owned(), (*version).to_owned()),
        ["api", version, rest @ ..] => Route::Resource(Box::new(target("", version, rest))),
        ["apis", group, version, rest @ ..] => Route::Resource(Box::new(target(group, version, rest))),
        _ => Route::Other(segments),
    }
}

fn target(group: &str, version: &str, rest: &[&str]) -> Target {
    let (namespace, rest) = match rest {
        // Subresources of a namespace itself.
        ["namespaces", name, "status" | "finalize"] => ("", &["namespaces", *name, rest[2]][..]),
        ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (*namespace, rest),
        other => ("", other),
    };
    let at = |index: usize| rest.get(index).copied().unwrap_or_default().to_owned();
    Target {
        group: group.to_owned(),
        version: version.to_owned(),
        resource: at(0),
        namespace: namespace.to_owned(),
        name: at(1),
        subresource: at(2),
        tail: rest.iter().skip(3).map(|segment| (*segment).to_owned()).collect(),
    }
}

/// The verb that authorization and discovery call a request by.
pub fn verb(method: &Method, target: &Target, query: &Query) -> &'static str {
    match (method.as_str(), target.name.is_empty()) {
        ("GET" | "HEAD", true) if query.flag("watch") => "watch",
        ("GET" | "HEAD", true) => "list",
        ("GET" | "HEAD", false) => "get",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", true) => "deletecollection",
        ("DELETE", false) => "delete",
        _ => "",
    }
}

/// Options of list and watch (`meta/v1` `ListOptions`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListOptions {
    /// Label selector, unparsed.
    pub label_selector: String,
    /// Field selector, unparsed.
    pub field_selector: String,
    /// Page size, 0 for all.
    pub limit: usize,
    /// Continue token, empty for the first page.
    pub continue_token: String,
    /// Resource version, absent when not given.
    pub resource_version: Option<u64>,
    /// `Exact`, `NotOlderThan` or empty.
    pub resource_version_match: String,
    /// How long a watch lasts, in seconds.
    pub timeout_seconds: Option<u64>,
    /// Bookmarks are wanted.
    pub bookmarks: bool,
    /// A watch begins with the present objects and a bookmark.
    pub send_initial_events: Option<bool>,
}

impl ListOptions {
    /// From the query.
    pub fn of(query: &Query) -> ApiResult<Self> {
        let text = |name: &str| query.get(name).unwrap_or_default().to_owned();
        let resource_version = match query.get("resourceVersion") {
            None => None,
            Some(given) => Some(given.parse().map_err(|_| {
                ApiError::bad_request(format!("resourceVersion: Invalid value: \"{given}\": strconv.ParseUint: parsing \"{given}\": invalid syntax"))
            })?),
        };
        let options = Self {
            label_selector: text("labelSelector"),
            field_selector: text("fieldSelector"),
            limit: query.number("limit")?.and_then(|limit| usize::try_from(limit).ok()).unwrap_or_default(),
            continue_token: text("continue"),
            resource_version,
            resource_version_match: text("resourceVersionMatch"),
            timeout_seconds: query.number("timeoutSeconds")?,
            bookmarks: query.flag("allowWatchBookmarks"),
            send_initial_events: query.get("sendInitialEvents").map(|_| query.flag("sendInitialEvents")),
        };
        options.validate(query.flag("watch"))?;
        Ok(options)
    }

    /// `k8s.io/apimachinery/pkg/apis/meta/internalversion/validation`.
    fn validate(&self, watch: bool) -> ApiResult<()> {
        use super::status::FieldError;
        let mut errors = Vec::new();
        let matching = self.resource_version_match.as_str();
        if watch {
            match (self.send_initial_events, matching) {
                (Some(_), "NotOlderThan") | (None, "") => {}
                (Some(_), _) => errors.push(FieldError::forbidden(
                    "resourceVersionMatch",
                    "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
                )),
                (None, _) => errors.push(FieldError::forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
                )),
            }
        } else {
            if self.send_initial_events.is_some() {
                errors.push(FieldError::forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
            }
            match matching {
                "" => {}
                _ if self.resource_version.is_none() => errors.push(FieldError::forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch is forbidden unless resourceVersion is provided",
                )),
                _ if !self.continue_token.is_empty() => errors.push(FieldError::forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch is forbidden when continue is provided",
                )),
                "Exact" if self.resource_version == Some(0) => errors.push(FieldError::forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"",
                )),
                "Exact" | "NotOlderThan" => {}
                other => errors.push(FieldError::not_supported(
                    "resourceVersionMatch",
                    &other.into(),
                    &["Exact", "NotOlderThan", ""],
                )),
            }
        }
        if errors.is_empty() {
            return Ok(());
        }
        Err(ApiError::invalid("meta.k8s.io", "ListOptions", "", &errors))
    }
}

/// Options of a delete, from the body or the query (`meta/v1` `DeleteOptions`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeleteOptions {
    /// Seconds until a graceful deletion becomes final.
    pub grace_period_seconds: Option<u64>,
    /// `Background`, `Foreground`, `Orphan` or empty.
    pub propagation: String,
    /// Refuse when the object has another UID.
    pub uid: Option<String>,
    /// Refuse when the object is at another revision.
    pub resource_version: Option<String>,
    /// Answer without doing.
    pub dry_run: bool,
}

impl DeleteOptions {
    /// From the query, overridden by the body where there is one.
    pub fn of(query: &Query, body: Option<&Value>) -> ApiResult<Self> {
        let mut options = Self {
            grace_period_seconds: query.number("gracePeriodSeconds")?,
            propagation: query.get("propagationPolicy").unwrap_or_default().to_owned(),
            dry_run: dry_run(query)?,
            ..Self::default()
        };
        if query.flag("orphanDependents") {
            "Orphan".clone_into(&mut options.propagation);
        }
        if let Some(body) = body {
            let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
            options.grace_period_seconds = body["gracePeriodSeconds"].as_u64().or(options.grace_period_seconds);
            options.propagation = text("/propagationPolicy").unwrap_or(options.propagation);
            if let Some(orphan) = body["orphanDependents"].as_bool() {
                if orphan { "Orphan" } else { "Background" }.clone_into(&mut options.propagation);
            }
            options.uid = text("/preconditions/uid");
            options.resource_version = text("/preconditions/resourceVersion");
            options.dry_run |=
                body["dryRun"].as_array().is_some_and(|stages| stages.iter().any(|stage| stage == "All"));
        }
        match options.propagation.as_str() {
            "" | "Background" | "Foreground" | "Orphan" => Ok(options),
            other => Err(ApiError::invalid(
                "meta.k8s.io",
                "DeleteOptions",
                "",
                &[super::status::FieldError::not_supported(
                    "propagationPolicy",
                    &other.into(),
                    &["Background", "Foreground", "Orphan", "nil"],
                )],
            )),
        }
    }
}

/// Whether the request is to be answered without doing.
pub fn dry_run(query: &Query) -> ApiResult<bool> {
    match query.get("dryRun") {
        None => Ok(false),
        Some("All") => Ok(true),
        Some(other) => Err(ApiError::invalid(
            "meta.k8s.io",
            "CreateOptions",
            "",
            &[super::status::FieldError::not_supported("dryRun", &other.into(), &["All"])],
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(path: &str) -> Target {
        match route(path) {
            Route::Resource(target) => *target,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn paths_name_resources() {
        let pod = resource("/api/v1/namespaces/default/pods/web/log");
        assert_eq!((&*pod.namespace, &*pod.resource, &*pod.name, &*pod.subresource), ("default", "pods", "web", "log"));
        let namespace = resource("/api/v1/namespaces/default");
        assert_eq!((&*namespace.namespace, &*namespace.resource, &*namespace.name), ("", "namespaces", "default"));
        let status = resource("/api/v1/namespaces/default/status");
        assert_eq!((&*status.resource, &*status.name, &*status.subresource), ("namespaces", "default", "status"));
        let role = resource("/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode");
        assert_eq!(role.name, "system:node");
        assert_eq!(route("/apis/apps/v1"), Route::Version("apps".into(), "v1".into()));
    }

    #[test]
    fn queries_tolerate_empty_pairs_and_decode() {
        let query = Query::of(&"/x?&limit=5&labelSelector=a%3Db+c&watch&flag=false".parse().unwrap());
        assert_eq!(query.number("limit").unwrap(), Some(5));
        assert_eq!(query.get("labelSelector"), Some("a=b c"));
        assert!(query.flag("watch") && !query.flag("flag"));
    }

    #[test]
    fn a_watch_with_initial_events_needs_its_match_rule() {
        let options = |text: &str| ListOptions::of(&Query::of(&format!("/x?{text}").parse().unwrap()));
        assert!(options("watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan").is_ok());
        let error = options("watch=1&sendInitialEvents=true").unwrap_err();
        assert_eq!(error.code, 422);
        assert!(error.message.starts_with("ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden"));
        assert_eq!(options("limit=x").unwrap_err().code, 400);
    }
}
