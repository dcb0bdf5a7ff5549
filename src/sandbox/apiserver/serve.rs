//! One request from headers to answer.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Extract;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};

use super::decoding::Way;
use super::documents::no_page;
use super::duplicates::Duplicate;
use super::managed::Apply;
use super::metadata::check_type;
use super::representation::{Accept, Representation, json_response, text_response};
use super::request::{DeleteOptions, ListOptions, Query, Route, Target};
use super::resources::{Registry, Resource};
use super::status::{ApiError, ApiResult, FieldError};
use super::strategy::Part;
use super::write::{Deleted, Write, Written};
use super::{Identity, State, access, body, events, patch, pods, read, request, scale, streams};

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
        representation.respond_list(page.objects, &page.metadata)
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
        representation.respond_list(page.objects, &page.metadata)
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

/// The manager of a client that names none: its user agent up to the first slash (`managerOrUserAgent`).
fn manager_of(headers: &HeaderMap) -> &str {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("unknown");
    agent.split('/').next().unwrap_or(agent)
}
