//! Sessions whose deletion waits for a controller that does not run: it is the controller that takes their finalizer off.

use std::convert::Infallible;
use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use tokio::sync::watch;

use super::Context;
use crate::api::keys;
use crate::output::span;

/// When a controller that runs has let go of a Session for certain, in seconds after its deletion: it gives up on the
/// agent's server after 60.
const LET_GO_WITHIN: i64 = 90;

/// Since when the deletion of a Session waits for its controller.
pub fn since(metadata: &ObjectMeta) -> Option<Timestamp> {
    let held = metadata.finalizers.iter().flatten().any(|finalizer| finalizer == keys::SESSION_FINALIZER);
    metadata.deletion_timestamp.as_ref().filter(|_| held).map(|time| time.0)
}

/// For how many seconds a Session has been waiting for nobody, if it has.
pub fn for_seconds(metadata: &ObjectMeta, now: Timestamp) -> Option<i64> {
    Some(now.as_second() - since(metadata)?.as_second()).filter(|waited| *waited > LET_GO_WITHIN)
}

/// Says so once while somebody waits until the Session is gone. Never ends.
pub async fn tell(context: &Context, name: &str, mut held: watch::Receiver<Option<Timestamp>>) -> Infallible {
    loop {
        let Ok(Some(since)) = held.wait_for(Option::is_some).await.map(|since| *since) else { break };
        let waited = |now: Timestamp| now.as_second() - since.as_second();
        let left = LET_GO_WITHIN + 1 - waited(context.now());
        tokio::time::sleep(Duration::from_secs(u64::try_from(left).unwrap_or_default())).await;
        if *held.borrow() == Some(since) {
            let (since, remedy) = (span(waited(context.now())), remedy(name));
            context.printer.warn(&format!(
                "session \"{name}\" is being deleted for {since}, and no session controller seems to run: {remedy}"
            ));
            break;
        }
    }
    std::future::pending().await
}

/// What to do about it: have a controller, or do without its cleanup, for which `patch sessions` is enough.
pub fn remedy(name: &str) -> String {
    format!(
        "kubectl opencode install --image IMAGE, or run kubectl opencode controller; to delete it without \
         cleanup: kubectl patch session {name} --type=merge -p '{{\"metadata\":{{\"finalizers\":null}}}}'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_a_controller_would_have_let_go_of_is_stuck() {
        let now = "2026-01-01T00:10:00Z".parse().unwrap();
        let waited = |deleted: &str, finalizer: &str| {
            let metadata = json!({"deletionTimestamp": deleted, "finalizers": ["example.com/other", finalizer]});
            for_seconds(&serde_json::from_value(metadata).unwrap(), now)
        };
        assert_eq!(waited("2026-01-01T00:08:00Z", keys::SESSION_FINALIZER), Some(120));
        assert_eq!(waited("2026-01-01T00:08:30Z", keys::SESSION_FINALIZER), None, "its controller may be at it");
        assert_eq!(waited("2026-01-01T00:00:00Z", "example.com/wait"), None, "that is somebody else's");
        assert_eq!(for_seconds(&ObjectMeta::default(), now), None);
    }
}
