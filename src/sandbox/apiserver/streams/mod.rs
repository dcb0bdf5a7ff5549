//! The streaming subresources of a Pod: `log`, `exec`, `attach` and `portforward`.
//!
//! Each function here answers one request whose Pod was found and authorized already, as kube-apiserver and the
//! kubelet behind it do together: the API server resolves the container, the kubelet speaks the stream's protocol.
//!
//! | subresource | protocols |
//! |---|---|
//! | `log` | plain text, chunked |
//! | `exec`, `attach` | WebSocket `v5.channel.k8s.io`, `v4.channel.k8s.io` (KEP-4006); `Upgrade: SPDY/3.1` |
//! | `portforward` | WebSocket `v4.channel.k8s.io` (one stream pair per listed port), WebSocket `SPDY/3.1+portforward.k8s.io` (KEP-4006), `Upgrade: SPDY/3.1` |

mod exec;
#[cfg(test)]
pub mod fake;
#[cfg(test)]
mod kubectl_tests;
mod log;
mod portforward;
mod session;
mod spdy;
#[cfg(test)]
mod spdy_tests;
mod websocket;

use axum::body::Body;
use axum::extract::Query;
use axum::response::Response;
use http::{StatusCode, Uri, header};
use serde_json::{Value, json};

pub use exec::{attach, exec};
pub use log::log;
pub use portforward::portforward;

use crate::sandbox::runtime::PodKey;

/// Why there is no stream: a `Status` of failure.
#[derive(Debug)]
struct Refusal {
    code: StatusCode,
    reason: &'static str,
    message: String,
}

impl Refusal {
    fn bad_request(message: impl Into<String>) -> Self {
        Self { code: StatusCode::BAD_REQUEST, reason: "BadRequest", message: message.into() }
    }

    fn internal(message: impl std::fmt::Display) -> Self {
        let message = format!("Internal error occurred: {message}");
        Self { code: StatusCode::INTERNAL_SERVER_ERROR, reason: "InternalError", message }
    }

    fn into_response(self) -> Response {
        let status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": self.message, "reason": self.reason, "code": self.code.as_u16(),
        });
        let mut response = Response::new(Body::from(status.to_string()));
        *response.status_mut() = self.code;
        response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
        response
    }
}

/// The node's name for a Pod object.
pub fn pod_key(pod: &Value) -> PodKey {
    let text = |field: &str| pod["metadata"][field].as_str().unwrap_or_default().to_owned();
    PodKey { namespace: text("namespace"), name: text("name"), uid: text("uid") }
}

/// The query of a request, in order, as the conversion of `Pod…Options` reads it.
struct Options(Vec<(String, String)>);

impl Options {
    fn of(uri: &Uri) -> Result<Self, Refusal> {
        Query::try_from_uri(uri)
            .map(|Query(pairs)| Self(pairs))
            .map_err(|error| Refusal::bad_request(error.body_text()))
    }

    fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Anything but `false` and `0` is true, as apimachinery's `Convert_Slice_string_To_bool` has it.
    fn flag(&self, name: &str) -> bool {
        self.first(name).is_some_and(|value| !value.eq_ignore_ascii_case("false") && value != "0")
    }

    fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let parse = |value: &str| {
            value
                .parse()
                .map_err(|_| Refusal::bad_request(format!("strconv.ParseInt: parsing {value:?}: invalid syntax")))
        };
        self.first(name).map(parse).transpose()
    }
}

/// The names in one of the container lists of a Pod.
fn container_names<'a>(pod: &'a Value, list: &str) -> Vec<&'a str> {
    let containers = pod["spec"][list].as_array().map(Vec::as_slice).unwrap_or_default();
    containers.iter().filter_map(|container| container["name"].as_str()).collect()
}

/// The container a request means: the named one, or the Pod's only one (`validateContainer` of the API server).
fn container<'a>(pod: &'a Value, options: &'a Options) -> Result<&'a str, Refusal> {
    let name = pod["metadata"]["name"].as_str().unwrap_or_default();
    let containers = container_names(pod, "containers");
    let init = container_names(pod, "initContainers");
    match options.first("container").filter(|wanted| !wanted.is_empty()) {
        Some(wanted) => {
            let known = containers.contains(&wanted)
                || init.contains(&wanted)
                || container_names(pod, "ephemeralContainers").contains(&wanted);
            known
                .then_some(wanted)
                .ok_or_else(|| Refusal::bad_request(format!("container {wanted} is not valid for pod {name}")))
        }
        None => match containers.as_slice() {
            [only] => Ok(only),
            [] => Err(Refusal::bad_request(format!("a container name must be specified for pod {name}"))),
            several => {
                let mut message = format!(
                    "a container name must be specified for pod {name}, choose one of: [{}]",
                    several.join(" ")
                );
                if !init.is_empty() {
                    message.push_str(" or one of the init containers: [");
                    message.push_str(&init.join(" "));
                    message.push(']');
                }
                Err(Refusal::bad_request(&message))
            }
        },
    }
}

/// Streams need a node: a Pod that is not scheduled has none.
fn require_node(pod: &Value) -> Result<(), Refusal> {
    match pod["spec"]["nodeName"].as_str() {
        Some(node) if !node.is_empty() => Ok(()),
        _ => {
            let name = pod["metadata"]["name"].as_str().unwrap_or_default();
            Err(Refusal::bad_request(format!("pod {name} does not have a host assigned")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(containers: &[&str], init: &[&str]) -> Value {
        let list = |names: &[&str]| names.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>();
        json!({ "metadata": { "name": "web" }, "spec": { "containers": list(containers), "initContainers": list(init) } })
    }

    fn options(query: &str) -> Options {
        Options::of(&format!("/x?{query}").parse().unwrap()).unwrap()
    }

    #[test]
    fn the_container_is_the_named_or_the_only_one() {
        assert_eq!(container(&pod(&["a"], &["i"]), &options("&container=")).unwrap(), "a");
        assert_eq!(container(&pod(&["a", "b"], &["i"]), &options("container=i")).unwrap(), "i");
        let refused = container(&pod(&["a", "b"], &["i"]), &options("")).unwrap_err();
        assert_eq!(
            refused.message,
            "a container name must be specified for pod web, choose one of: [a b] or one of the init containers: [i]"
        );
        let refused = container(&pod(&["a"], &[]), &options("container=z")).unwrap_err();
        assert_eq!(refused.message, "container z is not valid for pod web");
    }

    #[test]
    fn flags_and_integers_read_as_apimachinery_reads_them() {
        let options = options("a=&b=False&c=0&d=1&n=x&m=-3");
        assert_eq!(["a", "b", "c", "d", "e"].map(|name| options.flag(name)), [true, false, false, true, false]);
        assert_eq!(options.integer("m").unwrap(), Some(-3));
        assert!(options.integer("n").is_err());
    }
}
