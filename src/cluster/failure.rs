//! What the API server refused, or why it cannot be reached, in the product's words: code, causes and hint.

use std::io;

use http::StatusCode;
use kube::client::{AuthError, UpgradeConnectionError};
use kube::core::Status;

use super::deadline::{ConnectTimeout, RequestTimeout};
use super::exec_plugin::auth_error;
use crate::api::kinds::Kind;
use crate::error::{Code, Error};

/// What was asked of the API server, for messages and hints.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// RBAC verb: `get`, `list`, `watch`, `create`, `patch`, `delete`.
    pub verb: &'a str,
    /// Resource as a rule of RBAC has it, with its group: `pods`, `pods/portforward`, `tasks.kubeopencode.io`.
    pub resource: &'a str,
    /// Namespace; none for the whole cluster.
    pub namespace: Option<&'a str>,
    /// Name of the object, if it is about one.
    pub name: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// A request for a resource, not yet narrowed down.
    pub fn new(verb: &'a str, resource: &'a str) -> Self {
        Self { verb, resource, namespace: None, name: None }
    }

    /// In this namespace.
    #[must_use]
    pub fn namespace(self, namespace: &'a str) -> Self {
        Self { namespace: Some(namespace), ..self }
    }

    /// About the object of this name.
    #[must_use]
    pub fn name(self, name: &'a str) -> Self {
        Self { name: Some(name), ..self }
    }

    /// `pods` of `pods/portforward` and of `pods.example.com`.
    fn plural(&self) -> &'a str {
        self.resource.split(['.', '/']).next().unwrap_or(self.resource)
    }

    /// What it is about, for people: `task "a" in namespace "b"`.
    fn subject(&self) -> String {
        let plural = self.plural();
        let mut subject = match self.name {
            Some(name) => {
                let singular = plural.strip_suffix('s').unwrap_or(plural);
                format!("{} {name:?}", Kind::from_word(plural).map_or(singular, |kind| kind.noun))
            }
            None => plural.to_owned(),
        };
        if let Some(namespace) = self.namespace {
            subject.push_str(&in_namespace(namespace));
        }
        subject
    }

    /// What the API server was to do, for people; to create a subresource is to do what it stands for.
    fn deed(&self) -> String {
        let verb = match self.resource {
            "pods/portforward" => "forward a port of",
            "pods/exec" => "run a command in",
            _ => self.verb,
        };
        format!("{verb} {}", self.subject())
    }

    /// The command that asks for the missing right.
    pub fn can_i(&self) -> String {
        let scope = match self.namespace {
            Some(namespace) => format!("-n {namespace}"),
            None => "-A".to_owned(),
        };
        // What stands behind a slash is a name to `can-i`.
        let (resource, sub) = self.resource.split_once('/').unwrap_or((self.resource, ""));
        let sub = if sub.is_empty() { String::new() } else { format!(" --subresource={sub}") };
        format!("kubectl auth can-i {} {resource}{sub} {scope}", self.verb)
    }

    fn not_found(&self) -> Code {
        match self.plural() {
            "tasks" => Code::TaskNotFound,
            "sessions" => Code::SessionNotFound,
            "agents" => Code::AgentNotFound,
            "agenttemplates" => Code::TemplateNotFound,
            "crontasks" => Code::ScheduleNotFound,
            _ => Code::NotFound,
        }
    }

    fn already_exists(&self) -> Code {
        match self.plural() {
            "tasks" => Code::TaskAlreadyExists,
            "sessions" => Code::SessionAlreadyExists,
            _ => Code::AlreadyExists,
        }
    }
}

fn in_namespace(namespace: &str) -> String {
    format!(" in namespace {namespace:?}")
}

/// Says what became of `request`.
pub fn api_error(error: kube::Error, request: &Request<'_>) -> Error {
    match error {
        kube::Error::Api(status) => status_error(&status, request),
        kube::Error::UpgradeConnection(UpgradeConnectionError::ProtocolSwitch(code))
            if code.is_client_error() || code.is_server_error() =>
        {
            let status = Status { code: code.as_u16(), ..Status::default() };
            status_error(&status, request)
        }
        kube::Error::UpgradeConnection(error) if !matches!(error, UpgradeConnectionError::GetPendingUpgrade(_)) => {
            no_websocket(request).because(error.to_string())
        }
        kube::Error::Auth(error) => auth_error(&error, None),
        kube::Error::SerdeError(error) => Error::new(
            Code::Unsupported,
            format!("cannot understand the API server's answer about {}", request.subject()),
        )
        .caused_by(&error),
        // The path of a name from an object's status, say, that no object can have.
        kube::Error::HttpError(_) | kube::Error::BuildRequest(_) if request.name.is_some() => {
            Error::new(request.not_found(), format!("{} does not exist", request.subject()))
                .because("no object can have that name")
        }
        other => unreachable(&other, request),
    }
}

fn status_error(status: &Status, request: &Request<'_>) -> Error {
    let subject = request.subject();
    let said = status.message.trim();
    let told = |error: Error| if said.is_empty() { error } else { error.because(said) };
    let code = StatusCode::from_u16(status.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match code {
        StatusCode::UNAUTHORIZED => told(Error::new(Code::Unauthenticated, "the API server does not know who you are"))
            .because("the kubeconfig's credentials are missing, wrong or expired")
            .hint("log in again; `kubectl auth whoami` then shows who you are"),
        StatusCode::FORBIDDEN => forbidden(status, request),
        StatusCode::NOT_FOUND if is_missing_api(status) => {
            let error = Error::new(Code::Unsupported, format!("the cluster does not serve {}", request.resource));
            if request.resource.ends_with(".session.kubeopencode.io") {
                error.hint("kubectl opencode install")
            } else if request.resource.ends_with(".kubeopencode.io") {
                error
                    .because("KubeOpenCode is not installed there, or your kubeconfig names another cluster")
                    .hint("kubectl config current-context; to try things without a cluster: kubectl opencode sandbox start --set-context")
            } else {
                error
            }
        }
        StatusCode::NOT_FOUND => {
            let error = Error::new(request.not_found(), format!("{subject} does not exist"));
            // Creating in a namespace that is not there is a 404, too, about the namespace.
            let kind = status.details.as_ref().map(|details| details.kind.as_str()).unwrap_or_default();
            if kind == "namespaces" && request.plural() != "namespaces" {
                return Error::new(
                    Code::NotFound,
                    format!("namespace {:?} does not exist", request.namespace.unwrap_or_default()),
                )
                .hint("kubectl get namespaces");
            }
            // What a port of the Pod is forwarded through may be what is missing: its node.
            if kind.is_empty() || kind == request.plural() { error } else { told(error) }
        }
        StatusCode::CONFLICT if status.reason == "AlreadyExists" => {
            Error::new(request.already_exists(), format!("{subject} exists already"))
        }
        StatusCode::CONFLICT => told(Error::new(Code::Conflict, format!("{subject} was changed by somebody else")))
            .hint("run the command again"),
        StatusCode::UNPROCESSABLE_ENTITY => {
            let mut error = Error::new(Code::InvalidConfiguration, format!("{subject} is not valid"));
            let causes = status.details.as_ref().map(|details| details.causes.as_slice()).unwrap_or_default();
            for cause in causes {
                let field = cause.field.trim();
                error = error.because(if field.is_empty() {
                    cause.message.clone()
                } else {
                    format!("{field}: {}", cause.message)
                });
            }
            if causes.is_empty() { told(error) } else { error }
        }
        // The API server never saw that we asked for one.
        StatusCode::BAD_REQUEST if said == "Upgrade request required" => told(no_websocket(request)),
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE => {
            told(Error::new(Code::InvalidConfiguration, format!("the API server refused to {}", request.deed())))
        }
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_ACCEPTABLE | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            told(Error::new(Code::Unsupported, format!("the API server cannot {}", request.deed())))
        }
        StatusCode::GONE => {
            told(Error::new(Code::Conflict, format!("the list of {subject} is outdated"))).hint("run the command again")
        }
        _ => told(Error::new(
            Code::ClusterUnreachable,
            format!("the API server could not {} now (status {})", request.deed(), code.as_u16()),
        )),
    }
}

/// What a proxy that drops the headers of an upgrade makes of it.
fn no_websocket(request: &Request<'_>) -> Error {
    let what = format!("the way to the API server carries no WebSocket, which {} needs", request.resource);
    Error::new(Code::Unsupported, what)
        .hint("kubectl config view --minify shows the address: a proxy there has to pass on `Upgrade: websocket`")
}

/// Whether a 403 tells of a missing right. That of an upgrade says nothing; whatever authorizes, the API server writes
/// `User "jane" cannot get resource …`. Source: `pkg/endpoints/handlers/responsewriters/errors.go` of `k8s.io/apiserver`.
fn is_missing_right(said: &str) -> bool {
    said.is_empty() || said.split_once("User \"").is_some_and(|(_, user)| user.contains("\" cannot "))
}

fn forbidden(status: &Status, request: &Request<'_>) -> Error {
    let said = status.message.trim();
    if !is_missing_right(said) {
        // A quota, a namespace that is going and a policy of the cluster are told as 403, too: what was to be written does not
        // fit there, whoever writes it.
        let is_write =
            !request.resource.contains('/') && ["create", "patch", "update", "delete"].contains(&request.verb);
        let code = if is_write { Code::InvalidConfiguration } else { Code::Forbidden };
        return Error::new(code, format!("the cluster refused to {}", request.deed())).because(said);
    }
    let mut error =
        Error::new(Code::Forbidden, format!("you may not {} {}", request.verb, request.resource_in_words()));
    if !said.is_empty() {
        error = error.because(said);
    }
    if matches!(request.resource, "pods/portforward" | "pods/exec") {
        // Since Kubernetes 1.35 a WebSocket needs both.
        error = error.because(format!("the verbs get and create on {} are needed", request.resource));
    }
    error.hint(request.can_i())
}

impl Request<'_> {
    fn resource_in_words(&self) -> String {
        // No rule can name what is yet to be made.
        let name = self.name.filter(|_| self.verb != "create" || self.resource.contains('/'));
        let name = name.map(|name| format!(" {name:?}")).unwrap_or_default();
        let place = self.namespace.map_or_else(|| " in the whole cluster".to_owned(), in_namespace);
        format!("{}{name}{place}", self.resource)
    }
}

/// Whether a 404 means that the resource itself is unknown. The server says so in plain text or without naming an object.
fn is_missing_api(status: &Status) -> bool {
    let names_an_object = status.details.as_ref().is_some_and(|details| !details.name.is_empty());
    !names_an_object
        && (status.message.starts_with("the server could not find the requested resource")
            || status.message.contains("404 page not found"))
}

/// Every error below `error`, outermost first, including those that an `io::Error` wraps.
fn chain<'a>(error: &'a (dyn std::error::Error + 'static)) -> Vec<&'a (dyn std::error::Error + 'static)> {
    let mut found: Vec<&'a (dyn std::error::Error + 'static)> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        found.push(error);
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped as &(dyn std::error::Error + 'static)),
            None => error.source(),
        };
    }
    found
}

fn unreachable(error: &kube::Error, request: &Request<'_>) -> Error {
    let chain = chain(error);
    let find =
        |matches: &dyn Fn(&(dyn std::error::Error + 'static)) -> bool| chain.iter().copied().find(|e| matches(*e));

    if let Some(found) = find(&|e| e.is::<AuthError>()).and_then(|e| e.downcast_ref::<AuthError>()) {
        return auth_error(found, None);
    }
    if let Some(found) = find(&|e| e.is::<rustls::Error>()).and_then(|e| e.downcast_ref::<rustls::Error>()) {
        return tls_error(found);
    }
    let unreachable = |why: String| {
        Error::new(Code::ClusterUnreachable, "cannot reach the API server")
            .because(why)
            .hint("kubectl config view --minify shows its address; `kubectl opencode sandbox start` gives you one")
    };
    if let Some(timeout) = find(&|e| e.is::<RequestTimeout>()) {
        return Error::new(Code::ClusterUnreachable, format!("the API server did not {}", request.deed()))
            .because(timeout)
            .hint("try again, or give it longer with --request-timeout");
    }
    if let Some(timeout) = find(&|e| e.is::<ConnectTimeout>()) {
        return unreachable(timeout.to_string());
    }
    let texts: Vec<_> = chain.iter().map(ToString::to_string).collect();
    // What the library says on the way to a proxy.
    let has = |part: &str| texts.iter().any(|text| text.contains(part));
    let whose = if has("tunnel error") || has("SOCKS") { "the proxy's" } else { "its" };
    if has("dns error") || has("failed to lookup address") {
        return unreachable(format!("{whose} host name is not known (DNS)"));
    }
    for error in &chain {
        let Some(io) = error.downcast_ref::<io::Error>() else { continue };
        match io.kind() {
            io::ErrorKind::ConnectionRefused => {
                return unreachable(format!("connection refused: nothing listens at {whose} address"));
            }
            // rustls adds a link to its manual; a link on which probes are not answered has timed out.
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::TimedOut => {
                return unreachable("the connection broke off".to_owned());
            }
            _ => {}
        }
    }
    let mut error = unreachable(texts.last().cloned().unwrap_or_default());
    error.causes.dedup();
    error
}

fn tls_error(error: &rustls::Error) -> Error {
    use rustls::CertificateError as Bad;
    let wrong = |why: &str, hint: &str| {
        Error::new(Code::InvalidConfiguration, "the API server's certificate cannot be trusted").because(why).hint(hint)
    };
    let authority = "check certificate-authority in the kubeconfig, or give --certificate-authority";
    match error {
        // A wrong authority of the same name shows up as a bad signature.
        rustls::Error::InvalidCertificate(Bad::UnknownIssuer | Bad::BadSignature) => {
            wrong("it is not signed by the kubeconfig's certificate authority", authority)
        }
        rustls::Error::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => {
            wrong("it is for another host name", "give the name in the certificate with --tls-server-name")
        }
        rustls::Error::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => {
            wrong("it has expired", "renew it, or check this machine's clock")
        }
        rustls::Error::InvalidCertificate(other) => wrong(&other.to_string(), authority),
        other => Error::new(Code::ClusterUnreachable, "cannot reach the API server")
            .because(format!("TLS: {other}"))
            .hint("kubectl config view --minify shows its address"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u16, reason: &str, message: &str) -> Status {
        Status { code, reason: reason.into(), message: message.into(), ..Status::default() }
    }

    fn told(status: Status) -> Error {
        let request = Request::new("get", "tasks.kubeopencode.io").namespace("team").name("a");
        api_error(kube::Error::Api(Box::new(status)), &request)
    }

    #[test]
    fn a_refusal_names_verb_resource_namespace_and_the_question_to_ask() {
        let said = "tasks.kubeopencode.io \"a\" is forbidden: User \"jane\" cannot get resource \"tasks\"";
        let error = told(status(403, "Forbidden", said));
        assert_eq!(error.code, Code::Forbidden);
        assert_eq!(error.message, "you may not get tasks.kubeopencode.io \"a\" in namespace \"team\"");
        assert_eq!(error.hint.as_deref(), Some("kubectl auth can-i get tasks.kubeopencode.io -n team"));
    }

    #[test]
    fn a_quota_and_a_policy_are_no_missing_right() {
        let create = Request::new("create", "tasks.kubeopencode.io").namespace("team").name("a");
        let refused = |said: &str, request: &Request<'_>| {
            api_error(kube::Error::Api(Box::new(status(403, "Forbidden", said))), request)
        };
        for said in [
            "tasks.kubeopencode.io \"a\" is forbidden: exceeded quota: few, requested: count/tasks.kubeopencode.io=1",
            "tasks.kubeopencode.io \"a\" is forbidden: unable to create new content in namespace team because it is \
             being terminated",
            "admission webhook \"policy.example.com\" denied the request: no",
        ] {
            let error = refused(said, &create);
            assert_eq!((error.code, error.hint), (Code::InvalidConfiguration, None), "{said}");
            assert_eq!(error.message, "the cluster refused to create task \"a\" in namespace \"team\"");
            assert_eq!(error.causes, [said]);
        }
        // Who may not watch is to be told apart from who may, whatever stands in between says.
        let error = refused("access denied", &Request::new("watch", "pods").namespace("team"));
        assert_eq!((error.code, error.hint), (Code::Forbidden, None));
        assert_eq!(error.message, "the cluster refused to watch pods in namespace \"team\"");
    }

    #[test]
    fn both_spellings_of_a_forbidden_port_forward_become_one_error() {
        let request = Request::new("create", "pods/portforward").namespace("team").name("p");
        let as_status = api_error(kube::Error::Api(Box::new(status(403, "Forbidden", ""))), &request);
        let as_upgrade = api_error(
            kube::Error::UpgradeConnection(UpgradeConnectionError::ProtocolSwitch(StatusCode::FORBIDDEN)),
            &request,
        );
        for error in [as_status, as_upgrade] {
            assert_eq!(error.code, Code::Forbidden);
            assert_eq!(error.causes, ["the verbs get and create on pods/portforward are needed"]);
            assert_eq!(error.hint.as_deref(), Some("kubectl auth can-i create pods --subresource=portforward -n team"));
        }
    }

    #[test]
    fn not_found_knows_the_kind_and_the_missing_api() {
        let mut missing = status(404, "NotFound", "tasks.kubeopencode.io \"a\" not found");
        missing.details = serde_json::from_value(serde_json::json!({"name": "a", "kind": "tasks"})).unwrap();
        let error = told(missing);
        assert_eq!(
            (error.code, error.message.as_str()),
            (Code::TaskNotFound, "task \"a\" in namespace \"team\" does not exist")
        );
        let missing = || status(404, "NotFound", "the server could not find the requested resource");
        let error = told(missing());
        // A script that waits for the end of a task must not take another cluster for it.
        assert_eq!(error.code, Code::Unsupported);
        assert!(error.hint.unwrap().contains("sandbox start"));
        let sessions = Request::new("list", "sessions.session.kubeopencode.io");
        let error = api_error(kube::Error::Api(Box::new(missing())), &sessions);
        assert_eq!((error.code, error.hint.as_deref()), (Code::Unsupported, Some("kubectl opencode install")));
    }

    #[test]
    fn an_invalid_object_lists_its_fields() {
        let mut invalid = status(422, "Invalid", "Task is invalid: …");
        let causes = serde_json::json!([{"reason": "FieldValueRequired", "field": "spec.agentRef", "message": "Required value"}]);
        invalid.details = serde_json::from_value(serde_json::json!({ "causes": causes })).unwrap();
        let error = told(invalid);
        assert_eq!(
            (error.code, error.causes),
            (Code::InvalidConfiguration, vec!["spec.agentRef: Required value".to_owned()])
        );
    }

    #[test]
    fn the_other_statuses_have_their_codes() {
        let codes = [
            (401, "Unauthorized", Code::Unauthenticated),
            (409, "AlreadyExists", Code::TaskAlreadyExists),
            (409, "Conflict", Code::Conflict),
            (400, "BadRequest", Code::InvalidConfiguration),
            (405, "MethodNotAllowed", Code::Unsupported),
            (429, "TooManyRequests", Code::ClusterUnreachable),
            (500, "InternalError", Code::ClusterUnreachable),
            (503, "ServiceUnavailable", Code::ClusterUnreachable),
        ];
        for (code, reason, expected) in codes {
            assert_eq!(told(status(code, reason, "why")).code, expected, "{code} {reason}");
        }
    }

    #[test]
    fn an_unreachable_server_is_told_by_its_cause() {
        let error = |inner: io::Error| {
            let request = Request::new("get", "pods");
            api_error(kube::Error::Service(Box::new(inner)), &request)
        };
        let refused = error(io::Error::from(io::ErrorKind::ConnectionRefused));
        assert_eq!(refused.code, Code::ClusterUnreachable);
        assert!(refused.causes[0].starts_with("connection refused"));
        let unknown = error(io::Error::other("failed to lookup address information: Name or service not known"));
        assert!(unknown.causes[0].contains("DNS"));
        let bad = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let tls = error(io::Error::new(io::ErrorKind::InvalidData, bad));
        assert_eq!((tls.code, tls.causes.len()), (Code::InvalidConfiguration, 1));
    }
}
