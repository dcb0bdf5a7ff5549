//! Authentication, authorization and the kinds that are questions, over what is stored
//! (`k8s.io/apiserver/pkg/endpoints/filters`).

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};

use super::rbac::{Attributes, Policy, ResourceAttributes, authorize, refusal, reviews};
use super::request::{Query, Target};
use super::resources::Resource;
use super::serve::Asked;
use super::status::{ApiError, ApiResult, FieldError};
use super::{Identity, State, auth};
use crate::sandbox::store::Key;

const GROUP: &str = "rbac.authorization.k8s.io";

impl Policy for State {
    fn role(&self, namespace: &str, name: &str) -> Option<Value> {
        Some(self.store.get(&Key::new(&format!("roles.{GROUP}"), namespace, name))?.value())
    }

    fn cluster_role(&self, name: &str) -> Option<Value> {
        Some(self.store.get(&Key::new(&format!("clusterroles.{GROUP}"), "", name))?.value())
    }

    fn cluster_roles(&self) -> Vec<Value> {
        self.all("clusterroles", None)
    }

    fn role_bindings(&self, namespace: &str) -> Vec<Value> {
        self.all("rolebindings", Some(namespace))
    }

    fn cluster_role_bindings(&self) -> Vec<Value> {
        self.all("clusterrolebindings", None)
    }
}

impl State {
    fn all(&self, plural: &str, namespace: Option<&str>) -> Vec<Value> {
        let listing = self.store.list(&format!("{plural}.{GROUP}"), namespace);
        listing.objects.iter().map(|(_, object)| object.value()).collect()
    }

    /// Who asks: whom the transport or a token vouches for, or whom they may and want to be taken for.
    pub(super) fn identity(&self, request: &Request<Body>) -> ApiResult<Identity> {
        let identity = match (request.extensions().get::<Identity>(), &self.options.tokens) {
            (Some(known), _) => known.clone(),
            (None, None) => Identity::master("system:admin"),
            (None, Some(_)) => {
                let token = auth::bearer(request.headers()).ok_or_else(ApiError::unauthorized)?;
                self.token_identity(token).ok_or_else(ApiError::unauthorized)?
            }
        };
        let Some((impersonated, asked)) = auth::impersonation(request.headers()).map_err(ApiError::internal)? else {
            return Ok(identity);
        };
        for wanted in asked {
            self.require(
                &identity,
                &Attributes::Resource(ResourceAttributes {
                    verb: "impersonate".to_owned(),
                    group: wanted.group.to_owned(),
                    resource: wanted.resource.to_owned(),
                    subresource: wanted.subresource,
                    namespace: wanted.namespace,
                    name: wanted.name,
                }),
            )?;
        }
        Ok(impersonated)
    }

    /// Whom a bearer token stands for.
    fn token_identity(&self, token: &str) -> Option<Identity> {
        let known = self.options.tokens.as_ref().and_then(|tokens| tokens.get(token));
        known.cloned().or_else(|| {
            self.issuer.identity(token, jiff::Timestamp::now(), |namespace, name| {
                let account = self.store.get(&Key::new("serviceaccounts", namespace, name))?.value();
                account["metadata"]["uid"].as_str().map(str::to_owned)
            })
        })
    }

    /// 403 unless the identity may do this.
    fn require(&self, identity: &Identity, attributes: &Attributes) -> ApiResult<()> {
        if authorize(identity, attributes, self).is_allowed() {
            return Ok(());
        }
        let why = refusal(identity, attributes);
        Err(match attributes {
            Attributes::Path { .. } => ApiError::new(StatusCode::FORBIDDEN, "Forbidden", format!("forbidden: {why}")),
            Attributes::Resource(wanted) => ApiError::forbidden_to(&wanted.group, &wanted.resource, &wanted.name, &why),
        })
    }

    /// 403 unless the identity may read this path, which is no resource.
    pub(super) fn require_path(&self, identity: &Identity, method: &http::Method, path: &str) -> ApiResult<()> {
        let verb = method.as_str().to_ascii_lowercase();
        self.require(identity, &Attributes::Path { verb, path: path.to_owned() })
    }

    /// 403 unless the identity may do what a request for a resource asks.
    pub(super) fn require_resource(
        &self,
        identity: &Identity,
        target: &Target,
        verb: &str,
        query: &Query,
        headers: &HeaderMap,
    ) -> ApiResult<()> {
        // A list of one object by its name is as good as that object.
        let selected = query.get("fieldSelector").and_then(|selector| selector.strip_prefix("metadata.name="));
        let name = match selected {
            Some(name) if target.name.is_empty() && !name.contains([',', '=', '!']) => name,
            _ => &target.name,
        };
        let mut wanted = ResourceAttributes {
            verb: verb.to_owned(),
            group: target.group.clone(),
            resource: target.resource.clone(),
            subresource: target.subresource.clone(),
            namespace: target.namespace.clone(),
            name: name.to_owned(),
        };
        self.require(identity, &Attributes::Resource(wanted.clone()))?;
        // Since Kubernetes 1.35 a WebSocket, which is a GET, needs the right to create as well.
        let streams = matches!(target.subresource.as_str(), "exec" | "attach" | "portforward");
        if verb == "get" && streams && target.resource == "pods" && headers.contains_key(http::header::UPGRADE) {
            "create".clone_into(&mut wanted.verb);
            self.require(identity, &Attributes::Resource(wanted))?;
        }
        Ok(())
    }

    /// Answers a review, of which nothing is stored.
    pub(super) fn review(&self, asked: &Asked, resource: &Resource, mut object: Value) -> ApiResult<Value> {
        let wrong = |error: FieldError| resource.invalid("", &[error]);
        let identity = &asked.identity;
        object["apiVersion"] = resource.api_version().into();
        object["kind"] = resource.kind.as_str().into();
        if !object["metadata"].is_object() {
            object["metadata"] = json!({});
        }
        match resource.plural.as_str() {
            "selfsubjectaccessreviews" => reviews::self_access(&mut object, identity, self).map_err(wrong)?,
            "selfsubjectrulesreviews" => reviews::self_rules(&mut object, identity, self).map_err(wrong)?,
            "subjectaccessreviews" | "localsubjectaccessreviews" => {
                reviews::access(&mut object, &asked.target.namespace, self).map_err(wrong)?;
            }
            "tokenreviews" => {
                let token = object["spec"]["token"].as_str().unwrap_or_default();
                object["status"] = match self.token_identity(token) {
                    Some(identity) => json!({ "authenticated": true, "user": reviews::user_info(&identity) }),
                    None => json!({ "error": "invalid bearer token" }),
                };
            }
            _ => reviews::self_subject(&mut object, identity),
        }
        Ok(object)
    }

    /// Answers a `TokenRequest` for a service account (`serviceaccounts/token`).
    pub(super) fn issue_token(&self, target: &Target, accounts: &Resource, mut object: Value) -> ApiResult<Value> {
        let account = self.get(accounts, &target.namespace, &target.name)?.value();
        object["apiVersion"] = "authentication.k8s.io/v1".into();
        object["kind"] = "TokenRequest".into();
        object["metadata"]["name"] = target.name.as_str().into();
        object["metadata"]["namespace"] = target.namespace.as_str().into();
        self.issuer
            .issue(&mut object, &account, jiff::Timestamp::now())
            .map_err(|error| ApiError::invalid("authentication.k8s.io", "TokenRequest", &target.name, &[error]))?;
        Ok(object)
    }
}

/// The answer to a review or a token request.
pub(super) fn created(object: &Value) -> Response {
    let mut response = Response::new(Body::from(Bytes::from(object.to_string())));
    *response.status_mut() = StatusCode::CREATED;
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(http::header::CONTENT_TYPE, json);
    response
}
