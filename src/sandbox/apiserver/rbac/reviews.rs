//! The kinds that are questions: an object with a `spec` goes in, the same object with a `status` comes out, nothing is
//! stored (`authorization.k8s.io/v1`, `authentication.k8s.io/v1`).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Attributes, Decision, Policy, ResourceAttributes, authorize, grants, items, text};
use crate::sandbox::apiserver::auth::Identity;
use crate::sandbox::apiserver::status::FieldError;

/// What a review asks about.
fn attributes(spec: &Value) -> Result<Attributes, FieldError> {
    let (resource, path) = (&spec["resourceAttributes"], &spec["nonResourceAttributes"]);
    if resource.is_object() == path.is_object() {
        let detail = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
        return Err(FieldError::invalid("spec.resourceAttributes", resource, detail));
    }
    let own = |value: &Value, field: &str| text(value, field).to_owned();
    Ok(if path.is_object() {
        Attributes::Path { verb: own(path, "verb"), path: own(path, "path") }
    } else {
        Attributes::Resource(ResourceAttributes {
            verb: own(resource, "verb"),
            group: own(resource, "group"),
            resource: own(resource, "resource"),
            subresource: own(resource, "subresource"),
            namespace: own(resource, "namespace"),
            name: own(resource, "name"),
        })
    })
}

fn answer(review: &mut Value, decision: Decision) {
    let mut status = Map::new();
    status.insert("allowed".to_owned(), decision.is_allowed().into());
    if let Decision::Allowed(reason) = decision
        && !reason.is_empty()
    {
        status.insert("reason".to_owned(), reason.into());
    }
    review["status"] = Value::Object(status);
}

/// `SelfSubjectAccessReview`: may I?
pub fn self_access(review: &mut Value, identity: &Identity, policy: &dyn Policy) -> Result<(), FieldError> {
    let decision = authorize(identity, &attributes(&review["spec"])?, policy);
    answer(review, decision);
    Ok(())
}

/// `SubjectAccessReview` and, with the namespace of the request, `LocalSubjectAccessReview`: may they?
pub fn access(review: &mut Value, namespace: &str, policy: &dyn Policy) -> Result<(), FieldError> {
    let spec = &review["spec"];
    let groups: Vec<String> = items(spec, "groups").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if text(spec, "user").is_empty() && groups.is_empty() {
        let detail = "at least one of user or group must be specified";
        return Err(FieldError::invalid("spec.user", &spec["user"], detail));
    }
    if !namespace.is_empty() && text(&spec["resourceAttributes"], "namespace") != namespace {
        let detail = "must match metadata.namespace";
        let given = &spec["resourceAttributes"]["namespace"];
        return Err(FieldError::invalid("spec.resourceAttributes.namespace", given, detail));
    }
    let identity = Identity { user: text(spec, "user").to_owned(), groups, ..Identity::default() };
    let decision = authorize(&identity, &attributes(spec)?, policy);
    answer(review, decision);
    Ok(())
}

/// `SelfSubjectRulesReview`: what may I, in this namespace?
pub fn self_rules(review: &mut Value, identity: &Identity, policy: &dyn Policy) -> Result<(), FieldError> {
    let namespace = text(&review["spec"], "namespace").to_owned();
    if namespace.is_empty() {
        return Err(FieldError::required("spec.namespace", "no namespace on request"));
    }
    let (mut resources, mut paths) = (Vec::new(), Vec::new());
    for rule in grants(identity, &namespace, policy).iter().flat_map(|grant| &grant.rules) {
        let only = |fields: &[&str]| {
            let members =
                fields.iter().filter_map(|field| rule.get(field).map(|value| ((*field).to_owned(), value.clone())));
            Value::Object(members.collect())
        };
        if !items(rule, "resources").is_empty() {
            resources.push(only(&["verbs", "apiGroups", "resources", "resourceNames"]));
        }
        if !items(rule, "nonResourceURLs").is_empty() {
            paths.push(only(&["verbs", "nonResourceURLs"]));
        }
    }
    review["status"] = json!({ "resourceRules": resources, "nonResourceRules": paths, "incomplete": false });
    Ok(())
}

/// `SelfSubjectReview`: who am I?
pub fn self_subject(review: &mut Value, identity: &Identity) {
    review["status"] = json!({ "userInfo": user_info(identity) });
}

/// An identity as `UserInfo`.
pub fn user_info(identity: &Identity) -> Value {
    let mut user = json!({ "username": identity.user });
    if !identity.uid.is_empty() {
        user["uid"] = identity.uid.as_str().into();
    }
    if !identity.groups.is_empty() {
        user["groups"] = json!(identity.groups);
    }
    if !identity.extra.is_empty() {
        let extra: &BTreeMap<String, Vec<String>> = &identity.extra;
        user["extra"] = json!(extra);
    }
    user
}

#[cfg(test)]
mod tests {
    use super::super::tests::policy;
    use super::*;

    #[test]
    fn somebody_learns_what_he_may() {
        let dev = Identity::new("dev", &[]);
        let mut review = json!({ "spec": { "resourceAttributes": {
            "namespace": "team", "verb": "list", "group": "kubeopencode.io", "resource": "tasks" } } });
        self_access(&mut review, &dev, &policy()).unwrap();
        assert_eq!(
            review["status"],
            json!({ "allowed": true, "reason": "RBAC: allowed by RoleBinding \"devs/team\" of Role \"dev\" to User \"dev\"" })
        );
        review["spec"]["resourceAttributes"]["verb"] = json!("delete");
        self_access(&mut review, &dev, &policy()).unwrap();
        assert_eq!(review["status"], json!({ "allowed": false }));
        let error = self_access(&mut json!({ "spec": {} }), &dev, &policy()).unwrap_err();
        assert!(
            error.message.ends_with("exactly one of nonResourceAttributes or resourceAttributes must be specified")
        );
    }

    #[test]
    fn others_are_asked_about_by_name_and_group() {
        let spec =
            json!({ "user": "o", "groups": ["ops"], "nonResourceAttributes": { "path": "/metrics", "verb": "get" } });
        let mut review = json!({ "spec": spec });
        access(&mut review, "", &policy()).unwrap();
        assert_eq!(review["status"]["allowed"], true);
        assert!(access(&mut json!({ "spec": { "nonResourceAttributes": {} } }), "", &policy()).is_err());
        let mut local = json!({ "spec": { "user": "dev", "resourceAttributes": { "namespace": "team", "verb": "get", "resource": "pods" } } });
        access(&mut local, "team", &policy()).unwrap();
        assert_eq!(local["status"]["allowed"], true);
        assert!(access(&mut local, "other", &policy()).is_err());
    }

    #[test]
    fn rules_are_listed_apart() {
        let mut review = json!({ "spec": { "namespace": "team" } });
        self_rules(&mut review, &Identity::new("dev", &["ops"]), &policy()).unwrap();
        assert_eq!(review["status"]["resourceRules"].as_array().unwrap().len(), 4);
        assert_eq!(
            review["status"]["nonResourceRules"],
            json!([{ "verbs": ["get"], "nonResourceURLs": ["/metrics", "/debug/*"] }])
        );
        assert!(self_rules(&mut json!({ "spec": {} }), &Identity::new("dev", &[]), &policy()).is_err());
    }

    #[test]
    fn an_identity_is_shown_with_what_it_has() {
        let mut review = json!({});
        self_subject(&mut review, &Identity::service_account("ns", "bot", "u1"));
        assert_eq!(review["status"]["userInfo"]["username"], "system:serviceaccount:ns:bot");
        assert_eq!(review["status"]["userInfo"]["uid"], "u1");
        assert_eq!(review["status"]["userInfo"].get("extra"), None);
    }
}
