//! What the command line writes: objects with names that it chose itself, patches with its field manager, deletions.
//!
//! A request whose answer is lost may have been served. A create can therefore be sent again: the object has a name and
//! carries a request ID, and one that exists already with that ID is ours. A patch says the same when repeated; where a
//! deletion is repeated and the object is gone, it is done.
//!
//! The client itself sends again what the server was too busy to look at (`cluster::deadline`); here that is done only with
//! what it leaves to us.

use std::time::Duration;

use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use super::list::chunk::Query;
use super::{Context, api_error};
use crate::api::keys;
use crate::api::kinds::Kind;
use crate::cli::flags::DryRun;
use crate::cluster;
use crate::error::{Error, Result};

/// Pauses before each further try, in milliseconds.
const PAUSES: [u64; 4] = [100, 400, 1500, 4000];

/// A name for an object that the user gave none: the prefix and eight characters that look like nothing.
pub fn made_up_name(prefix: &str) -> String {
    format!("{prefix}-{}", letters(8))
}

/// The name that the API server would make of a `generateName` (`SimpleNameGenerator` in apiserver's storage/names), made
/// here: of one that the server makes anew for each try, each try would be another object.
pub fn generated_name(base: &str) -> String {
    const LONGEST: usize = 63;
    const ADDED: usize = 5;
    let base: String = base.chars().take(LONGEST - ADDED).collect();
    format!("{base}{}", letters(ADDED))
}

/// Letters that look like nothing.
fn letters(count: usize) -> String {
    // The alphabet of Kubernetes' own generated names: no vowels, so no words; no look-alikes.
    const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let random = uuid::Uuid::new_v4();
    random.as_bytes().iter().take(count).map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect()
}

/// Labels as they are typed, `KEY=VALUE`.
pub fn labels(typed: &[String]) -> Result<serde_json::Map<String, Value>> {
    typed
        .iter()
        .map(|label| match label.split_once('=') {
            Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), Value::from(value))),
            _ => Err(Error::usage(format!("--label: \"{label}\" is not KEY=VALUE"))),
        })
        .collect()
}

/// Creates an object and answers it as it is stored, or as it would be. Its namespace, request ID and creator are filled in.
///
/// Fields that the kind does not have are refused by the server, not dropped.
pub async fn create(context: &Context, kind: &'static Kind, mut object: Value, dry_run: DryRun) -> Result<Value> {
    let cluster = context.cluster().await?;
    let namespace = cluster.namespace.as_str();
    let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let told = object["metadata"]["namespace"].as_str().map(str::to_owned);
    if told.is_some_and(|told| told != namespace) {
        return Err(Error::usage("the manifest's namespace is another one than the command's")
            .hint("give the manifest's namespace with -n, or leave it out of the manifest"));
    }
    let request_id = uuid::Uuid::new_v4().to_string();
    object["metadata"]["namespace"] = namespace.into();
    if dry_run == DryRun::Client {
        return Ok(object);
    }
    object["metadata"]["annotations"][keys::REQUEST] = request_id.as_str().into();
    if let Some(user) = cluster::user_name(&cluster.client).await {
        object["metadata"]["annotations"][keys::CREATED_BY] = user.into();
    }
    let mut path =
        format!("{}?fieldManager={}&fieldValidation=Strict", kind.path(Some(namespace)), keys::FIELD_MANAGER);
    if dry_run == DryRun::Server {
        path.push_str("&dryRun=All");
    }
    let sent = repeated(&PAUSES, &Method::POST, || async {
        cluster.client.request::<Value>(request(Method::POST, &path, "application/json", &object)?).await
    })
    .await;
    match sent {
        Err(kube::Error::Api(status)) if status.reason == "AlreadyExists" => {
            let stored: Option<Value> =
                cluster.client.request(Query::object(kind, namespace, &name, "application/json").request()?).await.ok();
            match stored {
                Some(stored) if stored["metadata"]["annotations"][keys::REQUEST] == request_id.as_str() => Ok(stored),
                _ => Err(api_error(kube::Error::Api(status), "create", kind, Some(namespace), Some(&name))),
            }
        }
        sent => sent.map_err(|error| api_error(error, "create", kind, Some(namespace), Some(&name))),
    }
}

/// Applies a merge patch (RFC 7386) and answers the object as it is stored.
pub async fn patch(context: &Context, kind: &'static Kind, name: &str, change: &Value) -> Result<Value> {
    patch_or_try(context, kind, name, change, false).await
}

/// As [`patch`]; with `dry_run` the API server checks everything and keeps nothing.
pub async fn patch_or_try(
    context: &Context,
    kind: &'static Kind,
    name: &str,
    change: &Value,
    dry_run: bool,
) -> Result<Value> {
    let cluster = context.cluster().await?;
    let namespace = cluster.namespace.as_str();
    let query = Query::object(kind, namespace, name, "application/json").with("fieldManager", keys::FIELD_MANAGER);
    let query = if dry_run { query.with("dryRun", "All") } else { query };
    let path = query.request()?.uri().to_string();
    repeated(&PAUSES, &Method::PATCH, || async {
        cluster.client.request(request(Method::PATCH, &path, "application/merge-patch+json", change)?).await
    })
    .await
    .map_err(|error| api_error(error, "patch", kind, Some(namespace), Some(name)))
}

/// Deletes an object, whose dependents the cluster deletes after it; only the one with this `uid`, where that is known.
pub async fn delete(
    context: &Context,
    kind: &'static Kind,
    name: &str,
    uid: Option<&str>,
    dry_run: bool,
) -> Result<()> {
    let cluster = context.cluster().await?;
    let namespace = cluster.namespace.as_str();
    let path = Query::object(kind, namespace, name, "application/json").request()?.uri().to_string();
    let mut options = json!({"propagationPolicy": "Background"});
    if dry_run {
        options["dryRun"] = json!(["All"]);
    }
    if let Some(uid) = uid {
        options["preconditions"] = json!({"uid": uid});
    }
    let mut tries = 0;
    let deleted = repeated(&PAUSES, &Method::DELETE, || {
        tries += 1;
        async { cluster.client.request(request(Method::DELETE, &path, "application/json", &options)?).await }
    });
    match deleted.await.map(|_: Value| ()) {
        // An earlier try was served, and its answer lost.
        Err(kube::Error::Api(status)) if status.code == 404 && tries > 1 => Ok(()),
        deleted => deleted.map_err(|error| api_error(error, "delete", kind, Some(namespace), Some(name))),
    }
}

fn request(method: Method, path: &str, content_type: &str, body: &Value) -> Result<Request<Vec<u8>>, kube::Error> {
    let body = serde_json::to_vec(body).map_err(kube::Error::SerdeError)?;
    Request::builder()
        .method(method)
        .uri(path)
        .header(http::header::CONTENT_TYPE, content_type)
        .header(http::header::ACCEPT, "application/json")
        .body(body)
        .map_err(kube::Error::HttpError)
}

/// Sends a request that may be served twice, until it is answered.
async fn repeated<T, F>(pauses: &[u64], method: &Method, mut send: impl FnMut() -> F) -> Result<T, kube::Error>
where
    F: Future<Output = Result<T, kube::Error>>,
{
    for &pause in pauses {
        match send().await {
            Err(error) if may_pass(method, &error) => tracing::debug!("sent again in {pause} ms: {error}"),
            answer => return answer,
        }
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    send().await
}

/// Whether the same request may succeed in a moment, and was not sent again by the client: its server is busy and it may have
/// been served, a proxy lost the answer, or the link broke after it stood.
fn may_pass(method: &Method, error: &kube::Error) -> bool {
    match error {
        kube::Error::Api(status) => match StatusCode::from_u16(status.code).unwrap_or_default() {
            StatusCode::BAD_GATEWAY => true,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => cluster::is_sent_once(method),
            _ => false,
        },
        kube::Error::Service(source) => {
            let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(source.as_ref());
            while let Some(error) = cause {
                if let Some(error) = error.downcast_ref::<hyper_util::client::legacy::Error>() {
                    return !error.is_connect();
                }
                cause = error.source();
            }
            false
        }
        kube::Error::HyperError(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn status(code: u16, reason: &str) -> kube::Error {
        let mut status = kube::core::Status::failure("no", reason);
        status.code = code;
        kube::Error::Api(Box::new(status))
    }

    #[tokio::test]
    async fn what_may_pass_is_sent_again_and_the_rest_is_not() {
        let tries = Cell::new(0);
        let answer = repeated(&[0; 4], &Method::POST, || {
            tries.set(tries.get() + 1);
            let answer = if tries.get() < 3 { Err(status(503, "ServiceUnavailable")) } else { Ok(tries.get()) };
            async move { answer }
        });
        assert!(matches!(answer.await, Ok(3)));
        for (method, code, expected) in [
            (Method::POST, 403, 1),
            (Method::POST, 502, 5),
            (Method::POST, 504, 5),
            (Method::DELETE, 504, 5),
            (Method::PATCH, 502, 5),
            // The client itself has sent it five times by then.
            (Method::POST, 429, 1),
            (Method::DELETE, 429, 1),
            (Method::PATCH, 503, 1),
            (Method::PATCH, 504, 1),
        ] {
            let tries = Cell::new(0);
            let answer = repeated(&[0; 4], &method, || {
                tries.set(tries.get() + 1);
                async { Err::<(), _>(status(code, "Odd")) }
            });
            assert!(answer.await.is_err());
            assert_eq!(tries.get(), expected, "{method} {code}");
        }
    }

    #[test]
    fn names_are_made_up_of_letters_that_spell_nothing() {
        let name = made_up_name("task");
        assert_eq!(name.len(), 13);
        assert!(
            name.starts_with("task-")
                && name[5..].bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        );
        assert_ne!(name, made_up_name("task"));
    }

    #[test]
    fn a_generated_name_is_one_that_the_api_server_could_have_made() {
        assert_eq!(generated_name("nightly-").len(), 13);
        assert!(generated_name("nightly-").starts_with("nightly-"));
        assert_ne!(generated_name("nightly-"), generated_name("nightly-"));
        let long = generated_name(&"x".repeat(80));
        assert!(long.len() == 63 && long.starts_with(&"x".repeat(58)), "{long}");
    }

    #[test]
    fn labels_are_read() {
        assert_eq!(labels(&["a=b".into(), "c=".into()]).unwrap().len(), 2);
        assert!(labels(&["a".into()]).is_err());
        assert!(labels(&["=b".into()]).is_err());
    }
}
