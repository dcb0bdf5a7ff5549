//! `GET /api/v1/namespaces/{namespace}/pods/{name}/log` (`PodLogOptions`).

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, Uri, header};
use serde_json::Value;

use super::{Options, Refusal, container, pod_key};
use crate::sandbox::runtime::{LogOptions, PodRuntime};

/// Answers with the log of a container of the Pod.
///
/// 400 when the container is not clear, does not run yet or has no earlier run; 422 for options out of range.
pub async fn log(uri: &Uri, pod: &Value, runtime: Arc<dyn PodRuntime>) -> Response {
    answer(uri, pod, runtime).await.unwrap_or_else(Refusal::into_response)
}

async fn answer(uri: &Uri, pod: &Value, runtime: Arc<dyn PodRuntime>) -> Result<Response, Refusal> {
    let query = Options::of(uri)?;
    let options = log_options(pod, &query)?;
    let container = container(pod, &query)?;
    let body = if pod["spec"]["nodeName"].as_str().is_none_or(str::is_empty) {
        Body::empty()
    } else {
        require_log(pod, container, options.previous)?;
        let stream = runtime.logs(&pod_key(pod), container, options).await.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotConnected => Refusal::bad_request(error.to_string()),
            _ => Refusal::internal(error),
        })?;
        Body::from_stream(stream)
    };
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    Ok(response)
}

fn log_options(pod: &Value, query: &Options) -> Result<LogOptions, Refusal> {
    let invalid = |cause: String| {
        let name = pod["metadata"]["name"].as_str().unwrap_or_default();
        let message = format!("PodLogOptions {name:?} is invalid: {cause}");
        Refusal { code: StatusCode::UNPROCESSABLE_ENTITY, reason: "Invalid", message }
    };
    let at_least = |field: &str, least: i64| match query.integer(field)? {
        None => Ok(None),
        Some(value) if value < least => {
            let bound = if least == 0 { "greater than or equal to 0" } else { "greater than 0" };
            Err(invalid(format!("{field}: Invalid value: {value}: must be {bound}")))
        }
        Some(value) => Ok(Some(value.unsigned_abs())),
    };
    let since_seconds = at_least("sinceSeconds", 1)?;
    let since_time = match query.first("sinceTime") {
        None => None,
        Some(text) => Some(text.parse::<jiff::Timestamp>().map_err(|error| Refusal::bad_request(error.to_string()))?),
    };
    if since_seconds.is_some() && since_time.is_some() {
        return Err(invalid(
            "sinceSeconds: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified".to_owned(),
        ));
    }
    let since = match since_seconds {
        None => since_time,
        // A span that reaches beyond the calendar is every line there is.
        Some(seconds) => jiff::Timestamp::now().checked_sub(std::time::Duration::from_secs(seconds)).ok(),
    };
    Ok(LogOptions {
        follow: query.flag("follow"),
        previous: query.flag("previous"),
        tail_lines: at_least("tailLines", 0)?,
        since,
        timestamps: query.flag("timestamps"),
        limit_bytes: at_least("limitBytes", 1)?,
    })
}

/// Whether the container has a log yet, by its status (`validateContainerLogStatus` of the kubelet).
fn require_log(pod: &Value, container: &str, previous: bool) -> Result<(), Refusal> {
    let name = pod["metadata"]["name"].as_str().unwrap_or_default();
    let status = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"]
        .iter()
        .filter_map(|list| pod["status"][list].as_array())
        .flatten()
        .find(|status| status["name"].as_str() == Some(container));
    let who = format!("container {container:?} in pod {name:?}");
    let Some(status) = status else {
        return Err(Refusal::bad_request(format!("{who} is not available")));
    };
    let has = |state: &str, kind: &str| status[state][kind].is_object();
    let problem = if previous {
        (!has("lastState", "terminated")).then(|| format!("previous terminated {who} not found"))
    } else if has("state", "running") || has("state", "terminated") || has("lastState", "terminated") {
        None
    } else if has("state", "waiting") {
        Some(match status["state"]["waiting"]["reason"].as_str().unwrap_or_default() {
            "ErrImagePull" => format!("{who} is waiting to start: image can't be pulled"),
            "ImagePullBackOff" => format!("{who} is waiting to start: trying and failing to pull image"),
            reason => format!("{who} is waiting to start: {reason}"),
        })
    } else {
        Some(format!("{who} is waiting to start - no logs yet"))
    };
    problem.map_or(Ok(()), |problem| Err(Refusal::bad_request(problem)))
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, pod};
    use super::*;
    use http_body_util::BodyExt;
    use serde_json::json;

    async fn get(pod: &Value, query: &str) -> (u16, String) {
        let uri = format!("/log?{query}").parse().unwrap();
        let response = log(&uri, pod, Arc::new(Fake::default())).await;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn refused(pod: &Value, query: &str) -> (u16, String) {
        let (status, body) = get(pod, query).await;
        (status, serde_json::from_str::<Value>(&body).unwrap()["message"].as_str().unwrap().to_owned())
    }

    #[tokio::test]
    async fn options_reach_the_node() {
        let (status, body) =
            get(&pod("web"), "tailLines=2&timestamps=true&limitBytes=9&sinceTime=2026-01-02T03:04:05Z").await;
        assert_eq!(status, 200);
        assert_eq!(
            body,
            "main follow=false previous=false tail=Some(2) since=Some(2026-01-02T03:04:05Z) timestamps=true limit=Some(9)\n"
        );
    }

    #[tokio::test]
    async fn a_container_without_a_log_is_said_as_the_kubelet_says_it() {
        let mut waiting = pod("web");
        waiting["status"]["containerStatuses"][0]["state"] = json!({ "waiting": { "reason": "ContainerCreating" } });
        let text = "container \"main\" in pod \"web\" is waiting to start: ContainerCreating";
        assert_eq!(refused(&waiting, "").await, (400, text.to_owned()));
        let text = "previous terminated container \"main\" in pod \"web\" not found";
        assert_eq!(refused(&pod("web"), "previous=true").await, (400, text.to_owned()));
        waiting["status"] = json!({});
        assert_eq!(refused(&waiting, "").await.1, "container \"main\" in pod \"web\" is not available");
        waiting["spec"]["nodeName"] = json!("");
        assert_eq!(get(&waiting, "").await, (200, String::new()));
    }

    #[tokio::test]
    async fn options_out_of_range_are_invalid() {
        let text = "PodLogOptions \"web\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0";
        assert_eq!(refused(&pod("web"), "tailLines=-1").await, (422, text.to_owned()));
        let text = "PodLogOptions \"web\" is invalid: limitBytes: Invalid value: 0: must be greater than 0";
        assert_eq!(refused(&pod("web"), "limitBytes=0").await, (422, text.to_owned()));
        let both = "sinceSeconds=1&sinceTime=2026-01-02T03:04:05Z";
        assert!(refused(&pod("web"), both).await.1.contains("at most one of"));
        assert_eq!(get(&pod("web"), "sinceSeconds=9223372036854775807").await.0, 200);
    }
}
