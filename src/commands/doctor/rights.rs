//! What the user may do, feature by feature: one `SelfSubjectAccessReview` for each right, all at the same time.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::try_join_all;
use k8s_openapi::api::authorization::v1::{ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec};
use kube::Api;
use kube::api::PostParams;

use super::{Finding, Verdict};
use crate::cluster::{self, Cluster, Request};
use crate::commands::rights::{FEATURES, INSTEAD_OF_PORT_FORWARD, Rights, resource};

/// Group, resource, verb.
type Right = (&'static str, &'static str, &'static str);

/// One finding for each feature that lacks a right, the last with the command that grants them all; or one for all.
pub async fn examine(cluster: &Cluster, user: Option<&str>) -> Vec<Finding> {
    let asked: BTreeSet<Right> = FEATURES.iter().flat_map(|feature| feature.rights).flat_map(each).collect();
    let answers = try_join_all(asked.into_iter().map(async |right| Ok((right, allowed(cluster, right).await?)))).await;
    let allowed: BTreeMap<Right, bool> = match answers {
        Ok(answers) => answers.into_iter().collect(),
        Err(error) => {
            let request = Request::new("create", "selfsubjectaccessreviews.authorization.k8s.io");
            return vec![Finding::of("rights", Verdict::Warn, &cluster::api_error(error, &request))];
        }
    };
    let has = |right: &Right| allowed.get(right) == Some(&true);
    let has_instead = each(&INSTEAD_OF_PORT_FORWARD).all(|right| has(&right));
    let mut findings = Vec::new();
    for feature in &FEATURES {
        let rights = feature.rights.iter().filter(|rights| rights.1 != "pods/portforward" || !has_instead);
        let missing: Vec<_> = rights.flat_map(each).filter(|right| !has(right)).collect();
        if !missing.is_empty() {
            let text = format!("to {} you lack {}", feature.purpose, in_words(&missing));
            findings.push(Finding::warn("rights", text));
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

fn each(&(group, resource, verbs): &Rights) -> impl Iterator<Item = Right> {
    verbs.iter().map(move |verb| (group, resource, *verb))
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
    for (group, name, verb) in rights {
        let resource = resource(group, name);
        match by_resource.iter_mut().find(|(found, _)| *found == resource) {
            Some((_, verbs)) => verbs.push(verb),
            None => by_resource.push((resource, vec![verb])),
        }
    }
    let words = by_resource.iter().map(|(resource, verbs)| format!("{} {resource}", verbs.join(", ")));
    words.collect::<Vec<_>>().join("; ")
}

async fn allowed(cluster: &Cluster, (group, resource, verb): Right) -> kube::Result<bool> {
    let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
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
