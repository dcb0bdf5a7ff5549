//! What the user may do, feature by feature: one `SelfSubjectAccessReview` for each verb, all at the same time.

use futures::future::join_all;
use k8s_openapi::api::authorization::v1::{ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec};
use kube::Api;
use kube::api::PostParams;

use super::{Finding, Verdict};
use crate::cluster::{self, Cluster, Request};

/// A right: verb, API group, resource, subresource.
type Right = (&'static str, &'static str, &'static str, &'static str);

const PLATFORM: &str = "kubeopencode.io";
const SESSIONS: &str = "session.kubeopencode.io";

/// The features, each with the rights that it takes. A WebSocket is a GET, and since Kubernetes 1.35 the API server also
/// asks for create.
const FEATURES: [(&str, &[Right]); 9] = [
    ("see tasks", &[("get", PLATFORM, "tasks", ""), ("list", PLATFORM, "tasks", ""), ("watch", PLATFORM, "tasks", "")]),
    ("see agents", &[("get", PLATFORM, "agents", ""), ("list", PLATFORM, "agents", "")]),
    ("run tasks", &[("create", PLATFORM, "tasks", ""), ("get", PLATFORM, "tasks", "")]),
    ("stop tasks", &[("patch", PLATFORM, "tasks", ""), ("delete", PLATFORM, "tasks", "")]),
    (
        "use sessions",
        &[
            ("get", SESSIONS, "sessions", ""),
            ("list", SESSIONS, "sessions", ""),
            ("watch", SESSIONS, "sessions", ""),
            ("create", SESSIONS, "sessions", ""),
            ("patch", SESSIONS, "sessions", ""),
            ("delete", SESSIONS, "sessions", ""),
        ],
    ),
    (
        "attach and talk",
        &[("list", "", "pods", ""), ("get", "", "pods", "portforward"), ("create", "", "pods", "portforward")],
    ),
    ("read logs", &[("get", "", "pods", ""), ("get", "", "pods", "log")]),
    ("describe", &[("get", "", "pods", ""), ("list", "", "events", "")]),
    (
        "use session templates and the namespace's settings",
        &[("get", "", "configmaps", ""), ("list", "", "configmaps", "")],
    ),
];

/// What does instead of the rights to forward ports: a command in the Pod carries the bytes.
const INSTEAD_OF_PORT_FORWARD: [Right; 2] = [("get", "", "pods", "exec"), ("create", "", "pods", "exec")];

/// One finding for each feature that lacks a right, the last with the command that grants them all; or one for all.
pub async fn examine(cluster: &Cluster, user: Option<&str>) -> Vec<Finding> {
    let answers = join_all(FEATURES.iter().map(async |(feature, rights)| {
        let mut missing = lacking(cluster, rights).await?;
        let is_port_forward = |right: &Right| right.3 == "portforward";
        if missing.iter().any(is_port_forward) && lacking(cluster, &INSTEAD_OF_PORT_FORWARD).await?.is_empty() {
            missing.retain(|right| !is_port_forward(right));
        }
        Ok((*feature, missing))
    }))
    .await;
    let mut findings = Vec::new();
    for answer in answers {
        match answer {
            Err(error) => {
                let request = Request::new("create", "selfsubjectaccessreviews.authorization.k8s.io");
                return vec![Finding::of("rights", Verdict::Warn, &cluster::api_error(error, &request))];
            }
            Ok((_, missing)) if missing.is_empty() => {}
            Ok((feature, missing)) => {
                let lacks = in_words(&missing);
                findings.push(Finding::warn("rights", format!("to {feature} you lack {lacks}")));
            }
        }
    }
    match findings.pop() {
        None => {
            vec![Finding::ok("rights", format!("every command may be used in namespace \"{}\"", cluster.namespace))]
        }
        Some(last) => {
            findings.push(last.hint(grant(user, &cluster.namespace)));
            findings
        }
    }
}

/// What an administrator types to grant everything.
fn grant(user: Option<&str>, namespace: &str) -> String {
    let user = user.unwrap_or("USER");
    let subject = match user.strip_prefix("system:serviceaccount:") {
        Some(account) => format!("--serviceaccount {account}"),
        None => format!("--user {user}"),
    };
    format!(
        "an administrator grants them: kubectl create rolebinding opencode-user --clusterrole kubectl-opencode-user {subject} -n {namespace}"
    )
}

/// Verbs by resource.
fn in_words(rights: &[Right]) -> String {
    let mut by_resource: Vec<(String, Vec<&str>)> = Vec::new();
    for right in rights {
        let resource = resource(right);
        match by_resource.iter_mut().find(|(found, _)| *found == resource) {
            Some((_, verbs)) => verbs.push(right.0),
            None => by_resource.push((resource, vec![right.0])),
        }
    }
    let words = by_resource.iter().map(|(resource, verbs)| format!("{} {resource}", verbs.join(", ")));
    words.collect::<Vec<_>>().join("; ")
}

/// As `kubectl auth can-i` takes it.
fn resource(&(_, group, resource, subresource): &Right) -> String {
    let sub = if subresource.is_empty() { String::new() } else { format!("/{subresource}") };
    let group = if group.is_empty() { String::new() } else { format!(".{group}") };
    format!("{resource}{group}{sub}")
}

/// Those of `rights` that the user does not have.
async fn lacking(cluster: &Cluster, rights: &[Right]) -> kube::Result<Vec<Right>> {
    let asked = join_all(rights.iter().map(|right| allowed(cluster, right))).await;
    let mut missing = Vec::new();
    for (right, answer) in rights.iter().zip(asked) {
        if !answer? {
            missing.push(*right);
        }
    }
    Ok(missing)
}

async fn allowed(cluster: &Cluster, &(verb, group, resource, subresource): &Right) -> kube::Result<bool> {
    let attributes = ResourceAttributes {
        verb: Some(verb.to_owned()),
        group: Some(group.to_owned()),
        resource: Some(resource.to_owned()),
        subresource: Some(subresource.to_owned()).filter(|name| !name.is_empty()),
        namespace: Some(cluster.namespace.clone()),
        ..ResourceAttributes::default()
    };
    let spec =
        SelfSubjectAccessReviewSpec { resource_attributes: Some(attributes), ..SelfSubjectAccessReviewSpec::default() };
    let review = SelfSubjectAccessReview { spec, ..SelfSubjectAccessReview::default() };
    let reviews: Api<SelfSubjectAccessReview> = Api::all(cluster.client.clone());
    let answer = reviews.create(&PostParams::default(), &review).await?;
    Ok(answer.status.is_some_and(|status| status.allowed))
}
