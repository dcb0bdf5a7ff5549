//! One request from headers to answer.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Extract;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};

use super::decoding::Way;
use super::duplicates::Duplicate;
use super::managed::Apply;
use super::metadata::check_type;
use super::representation::{Accept, Representation, json_response, text_response};
use super::request::{DeleteOptions, ListOptions, Query, Route, Target};
use super::resources::{Registry, Resource};
use super::status::{ApiError, ApiResult, FieldError};
use super::strategy::Part;
use super::write::{Deleted, Write, Written};
use super::{Identity, State, access, body, discovery, events, openapi, patch, pods, read, request, scale, streams};

/// The Kubernetes version that the server says it is.
const GIT_VERSION: &str = "v1.33.5";

/// Answers any request.
pub(super) async fn handle(Extract(state): Extract<Arc<State>>, request: Request<Body>) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = state.answer(request).await.unwrap_or_else(IntoResponse::into_response);
    tracing::debug!(%method, path, status = response.status().as_u16(), "request");
    response
}

/// A request after authentication.
pub(super) struct Asked {
    /// Who asks.
    pub identity: Identity,
    /// For what.
    pub target: Target,
    /// The query.
    pub query: Query,
    /// The headers.
    pub headers: HeaderMap,
}

impl State {
    async fn answer(self: &Arc<Self>, request: Request<Body>) -> ApiResult<Response> {
        let path = request.uri().path().trim_end_matches('/').to_owned();
        if matches!(path.as_str(), "/healthz" | "/livez" | "/readyz") {
            return Ok(text_response(StatusCode::OK, "ok"));
        }
        let identity = self.identity(&request)?;
        let query = Query::of(request.uri());
        match request::route(&path) {
            Route::Resource(target) => {
                let headers = request.headers().clone();
                let verb = request::verb(request.method(), &target, &query);
                self.require_resource(&identity, &target, verb, &query, &headers)?;
                self.resource(Asked { identity, target: *target, query, headers }, request).await
            }
            route => {
                self.require_path(&identity, request.method(), &path)?;
                Ok(self.document(&route, request.headers(), &query))
            }
        }
    }

    /// Answers what is no resource: discovery and the like.
    fn document(&self, route: &Route, headers: &HeaderMap, query: &Query) -> Response {
        let registry = &self.registry;
        let found = |document: Option<Value>| match document {
            Some(document) => json_response(StatusCode::OK, &document),
            None => no_page(),
        };
        match route {
            Route::Groups { core } => {
                if wants_aggregated(headers) {
                    let mut response = json_response(StatusCode::OK, &discovery::aggregated(registry, *core));
                    let media_type = http::HeaderValue::from_static(discovery::AGGREGATED);
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

    async fn resource(self: &Arc<Self>, asked: Asked, request: Request<Body>) -> ApiResult<Response> {
        let target = &asked.target;
        let Some(resource) = self.registry.get(&target.group, &target.version, &target.resource) else {
            let known = self.registry.versions(&target.group).contains(&target.version);
            if known && Registry::is_built_in(&target.group) {
                return Err(ApiError::unknown_resource());
            }
            return Ok(no_page());
        };
        let method = request.method().clone();
        let verb = request::verb(&method, target, &asked.query);
        let cluster_wide = target.namespace.is_empty();
        if (!cluster_wide && !resource.namespaced)
            || (cluster_wide && resource.namespaced && !matches!(verb, "list" | "watch" | "deletecollection"))
        {
            return Err(if resource.namespaced && verb == "create" {
                ApiError::method_not_allowed()
            } else {
                ApiError::unknown_resource()
            });
        }
        if target.subresource.is_empty() && !resource.allows(verb) {
            return Err(ApiError::method_not_allowed());
        }
        match target.subresource.as_str() {
            "" => self.main(&asked, &resource, &method, verb, request).await,
            "status" if resource.has_status => match verb {
                "get" => self.get_object(&asked, &resource),
                "update" | "patch" => self.change(&asked, &resource, &method, Part::Status, request).await,
                _ => Err(ApiError::method_not_allowed()),
            },
            "scale" if resource.scale.is_some() => self.scale(&asked, &resource, &method, verb, request).await,
            "finalize" if resource.collection.as_ref() == "namespaces" && verb == "update" => {
                self.change(&asked, &resource, &method, Part::Whole, request).await
            }
            "log" | "exec" | "attach" | "portforward" if resource.collection.as_ref() == "pods" => {
                self.stream(target, &resource, verb, request).await
            }
            "binding" | "eviction" if resource.collection.as_ref() == "pods" && verb == "create" => {
                let media_type = body::media_type(request.headers()).to_owned();
                let object = body::parse(&media_type, &body::read(request.into_body()).await?)?;
                if target.subresource == "binding" {
                    self.bind(&Self::write(&asked, &resource, &[])?, &target.name, &object)?;
                } else {
                    self.evict(&resource, target, &object, request::dry_run(&asked.query)?)?;
                }
                Ok(json_response(StatusCode::CREATED, &pods::success()))
            }
            "token" if resource.collection.as_ref() == "serviceaccounts" && verb == "create" => {
                let media_type = body::media_type(request.headers()).to_owned();
                let object = body::parse(&media_type, &body::read(request.into_body()).await?)?;
                Ok(access::created(&self.issue_token(target, &resource, object)?))
            }
            _ => Err(ApiError::unknown_resource()),
        }
    }

    /// The streaming subresources of a Pod.
    async fn stream(
        &self,
        target: &Target,
        resource: &Resource,
        verb: &str,
        request: Request<Body>,
    ) -> ApiResult<Response> {
        if !matches!((verb, target.subresource.as_str()), ("get", _) | ("create", "exec" | "attach" | "portforward")) {
            return Err(ApiError::method_not_allowed());
        }
        let pod = self.get(resource, &target.namespace, &target.name)?.value();
        let runtime = Arc::clone(&self.runtime);
        Ok(match target.subresource.as_str() {
            "log" => streams::log(request.uri(), &pod, runtime).await,
            "exec" => streams::exec(request, &pod, runtime).await,
            "attach" => streams::attach(request, &pod, runtime).await,
            _ => streams::portforward(request, &pod, runtime).await,
        })
    }

    async fn main(
        self: &Arc<Self>,
        asked: &Asked,
        resource: &Arc<Resource>,
        method: &Method,
        verb: &str,
        request: Request<Body>,
    ) -> ApiResult<Response> {
        match verb {
            "get" if asked.query.flag("watch") => self.list_or_watch(asked, resource, true),
            "get" => self.get_object(asked, resource),
            "list" => self.list_or_watch(asked, resource, false),
            "watch" => self.list_or_watch(asked, resource, true),
            "create" if asked.target.name.is_empty() => {
                let media_type = body::media_type(request.headers()).to_owned();
                let bytes = body::read(request.into_body()).await?;
                let object = body::parse(&media_type, &bytes)?;
                if resource.is_review() {
                    return Ok(access::created(&self.review(asked, resource, object)?));
                }
                let object = stored_form(resource, object);
                let duplicates = Self::duplicates(asked, &media_type, &bytes);
                let written = self.create(&Self::write(asked, resource, &duplicates)?, object)?;
                Self::respond(asked, resource, &written)
            }
            "update" | "patch" => self.change(asked, resource, method, Part::Main, request).await,
            "delete" | "deletecollection" => {
                let media_type = body::media_type(request.headers()).to_owned();
                let bytes = body::read(request.into_body()).await?;
                let given = if bytes.is_empty() { None } else { Some(body::parse(&media_type, &bytes)?) };
                let options = DeleteOptions::of(&asked.query, given.as_ref())?;
                if verb == "delete" {
                    self.delete_object(asked, resource, &options)
                } else {
                    self.delete_collection(asked, resource, &options)
                }
            }
            _ => Err(ApiError::method_not_allowed()),
        }
    }

    fn representation(asked: &Asked, resource: &Arc<Resource>) -> ApiResult<Representation> {
        Representation::new(Arc::clone(resource), Accept::of(&asked.headers)?, &asked.query)
    }

    /// The fields that stand twice in the body, where that matters.
    fn duplicates(asked: &Asked, media_type: &str, bytes: &[u8]) -> Vec<Duplicate> {
        if asked.query.get("fieldValidation") == Some("Ignore") {
            return Vec::new();
        }
        body::duplicates(media_type, bytes)
    }

    fn write<'a>(asked: &'a Asked, resource: &'a Resource, duplicates: &'a [Duplicate]) -> ApiResult<Write<'a>> {
        Ok(Write {
            resource,
            namespace: &asked.target.namespace,
            manager: asked.query.get("fieldManager").unwrap_or_else(|| manager_of(&asked.headers)),
            dry_run: request::dry_run(&asked.query)?,
            field_validation: asked.query.get("fieldValidation").unwrap_or("Warn"),
            duplicates,
            way: Way::Body,
        })
    }

    fn respond(asked: &Asked, resource: &Arc<Resource>, written: &Written) -> ApiResult<Response> {
        let representation = Self::representation(asked, resource)?;
        let code = if written.created { StatusCode::CREATED } else { StatusCode::OK };
        representation.respond(code, representation.text(&written.object), &written.warnings)
    }

    fn get_object(&self, asked: &Asked, resource: &Arc<Resource>) -> ApiResult<Response> {
        let representation = Self::representation(asked, resource)?;
        let object = self.get(resource, &asked.target.namespace, &asked.target.name)?;
        representation.respond(StatusCode::OK, representation.text(&object), &[])
    }

    fn list_or_watch(self: &Arc<Self>, asked: &Asked, resource: &Arc<Resource>, watch: bool) -> ApiResult<Response> {
        let representation = Self::representation(asked, resource)?;
        let options = ListOptions::of(&asked.query)?;
        let selector = read::selector(resource, &options, &asked.target.name)?;
        let namespace = Some(asked.target.namespace.as_str()).filter(|namespace| !namespace.is_empty());
        if watch {
            return self.watch(resource, namespace, selector, &options, representation);
        }
        let page = self.page(resource, namespace, &selector, &options)?;
        representation.respond(StatusCode::OK, representation.list(&page.objects, &page.metadata), &[])
    }

    async fn change(
        self: &Arc<Self>,
        asked: &Asked,
        resource: &Arc<Resource>,
        method: &Method,
        part: Part,
        request: Request<Body>,
    ) -> ApiResult<Response> {
        let media_type = body::media_type(request.headers()).to_owned();
        let name = asked.target.name.as_str();
        let put = *method == Method::PUT;
        let kind = if put { None } else { Some(patch::Kind::of(&media_type, resource)?) };
        let bytes = body::read(request.into_body()).await?;
        let duplicates = Self::duplicates(asked, &media_type, &bytes);
        let write = Self::write(asked, resource, &duplicates)?;
        let Some(kind) = kind else {
            let object = stored_form(resource, body::parse(&media_type, &bytes)?);
            let written = match self.update(&write, name, part, |_| Ok(object.clone())) {
                Err(error) if error.reason == "NotFound" && resource.creates_on_update && part == Part::Main => {
                    self.create(&write, object)?
                }
                other => other?,
            };
            return Self::respond(asked, resource, &written);
        };
        if kind == patch::Kind::Apply {
            let written = self.apply(asked, write, name, part, &body::yaml(&bytes)?)?;
            return Self::respond(asked, resource, &written);
        }
        if asked.query.flag("force") {
            let error = FieldError::forbidden("force", "may not be specified for non-apply patch");
            return Err(ApiError::invalid("meta.k8s.io", "PatchOptions", "", &[error]));
        }
        let patch = body::json(&bytes)?;
        let way = if kind == patch::Kind::Strategic { Way::Strategic(&patch) } else { Way::Patch };
        let written = self.update(&Write { way, ..write }, name, part, |old| {
            if resource.group == "events.k8s.io" {
                let new = patch::patched(kind, resource, &events::from_core(old.clone()), &patch)?;
                return Ok(events::to_core(new));
            }
            patch::patched(kind, resource, old, &patch)
        })?;
        Self::respond(asked, resource, &written)
    }

    /// The scale subresource.
    async fn scale(
        &self,
        asked: &Asked,
        resource: &Arc<Resource>,
        method: &Method,
        verb: &str,
        request: Request<Body>,
    ) -> ApiResult<Response> {
        let paths = resource.scale.as_ref().ok_or_else(ApiError::unknown_resource)?;
        let target = &asked.target;
        if verb == "get" {
            let object = self.get(resource, &target.namespace, &target.name)?.value();
            return Ok(json_response(StatusCode::OK, &scale::of(resource, paths, &object)?));
        }
        if !matches!(verb, "update" | "patch") {
            return Err(ApiError::method_not_allowed());
        }
        let media_type = body::media_type(request.headers()).to_owned();
        let bytes = body::read(request.into_body()).await?;
        let given = if *method == Method::PUT { body::parse(&media_type, &bytes)? } else { body::yaml(&bytes)? };
        let written = self.update(&Self::write(asked, resource, &[])?, &target.name, Part::Main, |old| {
            let wanted = if *method == Method::PUT {
                given.clone()
            } else {
                // A Scale has no lists, so that all patches but the JSON one are merges.
                let kind =
                    if media_type == "application/json-patch+json" { patch::Kind::Json } else { patch::Kind::Merge };
                patch::patched(kind, resource, &scale::of(resource, paths, old)?, &given)?
            };
            scale::apply(paths, old, &wanted)
        })?;
        Ok(json_response(StatusCode::OK, &scale::of(resource, paths, &written.object.value())?))
    }

    /// Server-side apply: changes the object, or creates it.
    fn apply(
        &self,
        asked: &Asked,
        write: Write<'_>,
        name: &str,
        part: Part,
        configuration: &Value,
    ) -> ApiResult<Written> {
        let Some(manager) = asked.query.get("fieldManager") else {
            let error = FieldError::required("fieldManager", "is required for apply patch");
            return Err(ApiError::invalid("meta.k8s.io", "PatchOptions", "", &[error]));
        };
        let resource = write.resource;
        let strictly = asked.query.get("fieldValidation") == Some("Strict");
        if let Some(Duplicate { key, line, .. }) = write.duplicates.first().filter(|_| strictly) {
            return Err(ApiError::bad_request(format!(
                "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line {line}: key {key:?} already set in map"
            )));
        }
        let write = Write { way: Way::Apply, ..write };
        let mut configuration = stored_form(resource, configuration.clone());
        check_type(resource, &configuration)?;
        if configuration.get("metadata").is_some_and(|metadata| !metadata.is_object()) {
            return Err(ApiError::bad_request("metadata is not an object"));
        }
        let given = configuration.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
        if !given.is_empty() && given != name {
            return Err(ApiError::bad_request(format!(
                "the name of the object ({given}) does not match the name on the URL ({name})"
            )));
        }
        configuration["metadata"]["name"] = name.into();
        Self::check_applied(&write, name, &configuration)?;
        let apply = Apply { resource, part, manager, force: asked.query.flag("force") };
        match self.update(&write, name, part, |live| apply.run(Some(live), &configuration)) {
            Err(error) if error.reason == "NotFound" && part == Part::Main => {
                self.create(&write, apply.run(None, &configuration)?)
            }
            other => other,
        }
    }

    fn delete_object(&self, asked: &Asked, resource: &Arc<Resource>, options: &DeleteOptions) -> ApiResult<Response> {
        let representation = Self::representation(asked, resource)?;
        let target = &asked.target;
        match self.delete(resource, &target.namespace, &target.name, options)? {
            Deleted::Pending(object) => representation.respond(StatusCode::OK, representation.text(&object), &[]),
            Deleted::Gone(object) if answers_deleted_object(resource) => {
                representation.respond(StatusCode::OK, representation.text(&object), &[])
            }
            Deleted::Gone(object) => {
                let mut details = json!({"name": target.name});
                if !resource.group.is_empty() {
                    details["group"] = resource.group.as_str().into();
                }
                details["kind"] = resource.plural.as_str().into();
                details["uid"] = object.value()["metadata"]["uid"].clone();
                let status = json!({
                    "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details,
                });
                Ok(json_response(StatusCode::OK, &status))
            }
        }
    }

    fn delete_collection(
        &self,
        asked: &Asked,
        resource: &Arc<Resource>,
        options: &DeleteOptions,
    ) -> ApiResult<Response> {
        let representation = Self::representation(asked, resource)?;
        let list = ListOptions::of(&asked.query)?;
        let selector = read::selector(resource, &list, "")?;
        let namespace = Some(asked.target.namespace.as_str()).filter(|namespace| !namespace.is_empty());
        let page = self.page(resource, namespace, &selector, &list)?;
        for object in &page.objects {
            let metadata = &object.value()["metadata"];
            let text = |name: &str| metadata[name].as_str().unwrap_or_default().to_owned();
            match self.delete(resource, &text("namespace"), &text("name"), options) {
                Ok(_) => {}
                // Somebody else was faster: what was asked for is so.
                Err(error) if error.reason == "NotFound" => {}
                Err(error) => return Err(error),
            }
        }
        representation.respond(StatusCode::OK, representation.list(&page.objects, &page.metadata), &[])
    }
}

/// Kinds whose deletion answers the object (`ReturnDeletedObject`).
fn answers_deleted_object(resource: &Resource) -> bool {
    let kinds = ["pods", "persistentvolumeclaims", "persistentvolumes", "serviceaccounts", "services"];
    kinds.contains(&resource.collection.as_ref())
}

/// The form in which an object of a resource is worked on and stored.
fn stored_form(resource: &Resource, object: Value) -> Value {
    let foreign = resource.group == "events.k8s.io" && object["apiVersion"] == "events.k8s.io/v1";
    if foreign { events::to_core(object) } else { object }
}

fn no_page() -> Response {
    text_response(StatusCode::NOT_FOUND, "404 page not found\n")
}

/// The schemas of a group version. Under the name of their hash they never change and may be kept; another hash is sent to
/// the present one (`k8s.io/kube-openapi/pkg/handler3`).
fn schemas(registry: &Registry, group: &str, version: &str, query: &Query) -> Response {
    let hash = openapi::hash(registry, group, version);
    let asked = query.get("hash");
    if asked.is_some_and(|asked| asked != hash) && registry.versions(group).iter().any(|known| known == version) {
        let mut response = text_response(StatusCode::MOVED_PERMANENTLY, "");
        if let Ok(url) = http::HeaderValue::from_str(&openapi::url(registry, group, version)) {
            response.headers_mut().insert(header::LOCATION, url);
        }
        return response;
    }
    let Some(document) = openapi::document(registry, group, version) else { return no_page() };
    let mut response = json_response(StatusCode::OK, &document);
    let headers = response.headers_mut();
    headers.insert(header::VARY, http::HeaderValue::from_static("Accept"));
    if let Ok(tag) = http::HeaderValue::from_str(&format!("\"{hash}\"")) {
        headers.insert(header::ETAG, tag);
    }
    if asked.is_some() {
        headers.insert(header::CACHE_CONTROL, http::HeaderValue::from_static("public, immutable"));
        let year = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(365 * 24);
        if let Ok(end) = http::HeaderValue::from_str(&year.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()) {
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

/// The manager of a client that names none: its user agent up to the first slash (`managerOrUserAgent`).
fn manager_of(headers: &HeaderMap) -> &str {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("unknown");
    agent.split('/').next().unwrap_or(agent)
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
