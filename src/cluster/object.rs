//! Writes that carry our field manager, and who we are to the cluster.

use std::fmt::Debug;
use std::time::Duration;

use k8s_openapi::api::authentication::v1::SelfSubjectReview;
use kube::api::{Patch, PatchParams, PostParams};
use kube::{Api, Client};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::keys::FIELD_MANAGER;

/// Longest wait for the API server to say who we are.
const WHO_AM_I: Duration = Duration::from_secs(5);

/// Changes an object by a JSON merge patch (RFC 7396) in this program's name; `null` removes a field.
pub async fn merge_patch<K>(api: &Api<K>, name: &str, patch: &Value) -> kube::Result<K>
where
    K: Clone + DeserializeOwned + Debug,
{
    let params = PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
    api.patch(name, &params, &Patch::Merge(patch)).await
}

/// Our user name, as the API server knows us (`SelfSubjectReview`, which every authenticated user may create).
pub async fn who_am_i(client: &Client) -> kube::Result<Option<String>> {
    let api: Api<SelfSubjectReview> = Api::all(client.clone());
    let review = api.create(&PostParams::default(), &SelfSubjectReview::default()).await?;
    Ok(review.status.and_then(|status| status.user_info).and_then(|user| user.username))
}

/// As [`who_am_i`], for whom it is good to know and no more: nothing where the API server does not tell, or not soon.
pub async fn user_name(client: &Client) -> Option<String> {
    let user = tokio::time::timeout(WHO_AM_I, who_am_i(client)).await.ok()?;
    user.inspect_err(|error| tracing::debug!("the API server does not say who we are: {error}")).ok().flatten()
}
