//! The documents beside the resources: discovery, the version and the schemas.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::representation::{json_response, text_response};
use super::request::{Query, Route};
use super::resources::Registry;
use super::{State, discovery, openapi};

/// The Kubernetes version that the server says it is.
const GIT_VERSION: &str = "v1.33.5";

impl State {
    /// Answers what is no resource: discovery and the like.
    pub(super) fn document(&self, route: &Route, headers: &HeaderMap, query: &Query) -> Response {
        let registry = &self.registry;
        let found = |document: Option<Value>| match document {
            Some(document) => json_response(StatusCode::OK, &document),
            None => no_page(),
        };
        match route {
            Route::Groups { core } => {
                if wants_aggregated(headers) {
                    let mut response = json_response(StatusCode::OK, &discovery::aggregated(registry, *core));
                    let media_type = HeaderValue::from_static(discovery::AGGREGATED);
                    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
                    response
                } else if *core {
                    json_response(StatusCode::OK, &discovery::api_versions(&self.options.address))
                } else {
                    json_response(StatusCode::OK, &discovery::group_list(registry))
                }
            }
            Route::Group(name) => found(discovery::group(registry, name).map(|mut group| {
                group["kind"] = "APIGroup".into();
                group["apiVersion"] = "v1".into();
                group
            })),
            Route::Version(group, version) => found(discovery::resource_list(registry, group, version)),
            Route::Other(segments) => match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                ["version"] => json_response(StatusCode::OK, &version()),
                ["openapi", "v3"] => json_response(StatusCode::OK, &openapi::index(registry)),
                ["openapi", "v3", "api", version] => schemas(registry, "", version, query),
                ["openapi", "v3", "apis", group, version] => schemas(registry, group, version, query),
                _ => no_page(),
            },
            Route::Resource(_) => no_page(),
        }
    }
}

/// The answer to a path that leads nowhere.
pub(super) fn no_page() -> Response {
    text_response(StatusCode::NOT_FOUND, "404 page not found\n")
}

/// The schemas of a group version. Under the name of their hash they never change and may be kept; another hash is sent to
/// the present one (`k8s.io/kube-openapi/pkg/handler3`).
fn schemas(registry: &Registry, group: &str, version: &str, query: &Query) -> Response {
    let hash = openapi::hash(registry, group, version);
    let asked = query.get("hash");
    if asked.is_some_and(|asked| asked != hash) && registry.versions(group).iter().any(|known| known == version) {
        let mut response = text_response(StatusCode::MOVED_PERMANENTLY, "");
        if let Ok(url) = HeaderValue::from_str(&openapi::url(registry, group, version)) {
            response.headers_mut().insert(header::LOCATION, url);
        }
        return response;
    }
    let Some(document) = openapi::document(registry, group, version) else { return no_page() };
    let mut response = json_response(StatusCode::OK, &document);
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{hash}\"")) {
        headers.insert(header::ETAG, tag);
    }
    if asked.is_some() {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, immutable"));
        let year = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(365 * 24);
        if let Ok(end) = HeaderValue::from_str(&year.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()) {
            headers.insert(header::EXPIRES, end);
        }
    }
    response
}

fn wants_aggregated(headers: &HeaderMap) -> bool {
    let offers = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    offers.flat_map(|value| value.split(',')).map(|offer| offer.replace(' ', "")).any(|offer| {
        offer.contains("as=APIGroupDiscoveryList") && offer.contains("v=v2") && !offer.contains("v=v2beta1")
    })
}

fn version() -> Value {
    json!({
        "major": "1", "minor": "33", "emulationMajor": "1", "emulationMinor": "33", "minCompatibilityMajor": "1",
        "minCompatibilityMinor": "32", "gitVersion": GIT_VERSION, "gitCommit": "", "gitTreeState": "clean",
        "buildDate": "2025-09-09T00:00:00Z", "goVersion": "", "compiler": "rustc",
        "platform": format!("{}/{}", std::env::consts::OS, match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        }),
    })
}
