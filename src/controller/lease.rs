//! Leader election by a Lease (`coordination.k8s.io/v1`), as client-go's `leaderelection` does it.
//!
//! The holder renews every [`RETRY`]; whoever sees no renewal for [`DURATION`], by its own clock, takes over. A holder that
//! cannot renew for [`RENEW_LIMIT`] stops working before anybody else may begin.

use std::future::Future;
use std::time::Duration;

use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use k8s_openapi::jiff::Timestamp;
use kube::api::{ObjectMeta, PostParams};
use kube::{Api, Client};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::context::{is_status, refused};
use crate::api::keys;
use crate::error::{Code, Error, Result};

/// Name of the Lease of the Session controller that serves all namespaces; those of others begin with it.
pub const NAME: &str = "kubectl-opencode-controller";
/// How long a Lease holds without renewal.
const DURATION: Duration = Duration::from_secs(15);
/// How long its holder goes on without having been able to renew it.
const RENEW_LIMIT: Duration = Duration::from_secs(10);
/// Pause between two tries.
const RETRY: Duration = Duration::from_secs(2);

/// Runs `work` while this process holds the Lease `name`, again and again, until `cancelled`; gives it back at the end.
///
/// `work` gets a token that is cancelled when the lead is lost or everything ends. What it returns by itself ends this.
pub async fn while_leading<F, W>(
    client: Client,
    namespace: &str,
    name: &str,
    cancelled: CancellationToken,
    work: F,
) -> Result<()>
where
    F: Fn(CancellationToken) -> W,
    W: Future<Output = Result<()>>,
{
    let mut candidate = Candidate::new(Api::namespaced(client, namespace), name);
    let mut told = None;
    loop {
        let acquired = loop {
            let begun = Instant::now();
            if tokio::time::timeout(RENEW_LIMIT, candidate.try_to_lead()).await == Ok(Try::Leads) {
                break begun;
            }
            let holder = candidate.seen.holder();
            if holder != told {
                if let Some(holder) = &holder {
                    tracing::info!(lease = name, holder, "another one leads, waiting");
                }
                told = holder;
            }
            tokio::select! {
                () = tokio::time::sleep(RETRY) => {}
                () = cancelled.cancelled() => return Ok(()),
            }
        };
        tracing::info!(lease = name, identity = candidate.identity, "leading");
        let lead = cancelled.child_token();
        let mut work = std::pin::pin!(work(lead.clone()));
        let ended = tokio::select! {
            ended = &mut work => Some(ended),
            () = candidate.renew(acquired) => None,
        };
        if let Some(ended) = ended {
            candidate.release().await;
            return ended;
        }
        tracing::error!(lease = name, "lost the lead");
        lead.cancel();
        work.await?;
    }
}

/// How a try to get or to renew the Lease ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Try {
    /// It is ours, from now for [`DURATION`].
    Leads,
    /// Somebody else holds it.
    Taken,
    /// Nobody knows.
    Failed,
}

/// Somebody who wants to lead.
struct Candidate {
    leases: Api<Lease>,
    name: String,
    identity: String,
    seen: Seen,
}

/// The last change of the Lease, and when it was seen by our own clock.
#[derive(Default)]
struct Seen(Option<(LeaseSpec, Instant)>);

impl Seen {
    /// Who held it then.
    fn holder(&self) -> Option<String> {
        self.0.as_ref()?.0.holder_identity.clone().filter(|holder| !holder.is_empty())
    }

    /// Whether the Lease, as it is now, may be taken by `identity`.
    fn may_take(&mut self, spec: &LeaseSpec, identity: &str, now: Instant) -> bool {
        let since = match &self.0 {
            Some((seen, since)) if seen == spec => *since,
            _ => {
                self.0 = Some((spec.clone(), now));
                now
            }
        };
        let holder = spec.holder_identity.as_deref().unwrap_or_default();
        let lasts = spec.lease_duration_seconds.and_then(|seconds| u64::try_from(seconds).ok());
        let lasts = lasts.map_or(DURATION, Duration::from_secs);
        holder.is_empty() || holder == identity || now.duration_since(since) >= lasts
    }
}

impl Candidate {
    fn new(leases: Api<Lease>, name: &str) -> Self {
        let host =
            std::env::var("POD_NAME").or_else(|_| std::env::var("HOSTNAME")).unwrap_or_else(|_| "localhost".into());
        let identity = format!("{host}_{}", uuid::Uuid::new_v4());
        Self { leases, name: name.to_owned(), identity, seen: Seen::default() }
    }

    /// One try; a failure is no lead, and is logged.
    async fn try_to_lead(&mut self) -> Try {
        self.attempt().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "leader election failed, trying again");
            Try::Failed
        })
    }

    async fn attempt(&mut self) -> Result<Try> {
        let now = MicroTime(Timestamp::now());
        let mine = |before: &LeaseSpec| {
            let same = before.holder_identity.as_deref() == Some(self.identity.as_str());
            LeaseSpec {
                holder_identity: Some(self.identity.clone()),
                lease_duration_seconds: i32::try_from(DURATION.as_secs()).ok(),
                acquire_time: if same { before.acquire_time.clone() } else { Some(now.clone()) },
                renew_time: Some(now.clone()),
                lease_transitions: Some(before.lease_transitions.unwrap_or(0) + i32::from(!same)),
                ..LeaseSpec::default()
            }
        };
        let params = PostParams { field_manager: Some(keys::CONTROLLER_MANAGER.to_owned()), ..PostParams::default() };
        let found = self.leases.get_opt(&self.name).await;
        let found = found.map_err(|error| refused::<Lease>("get", &self.name, &error))?;
        let written = match found {
            None => {
                let metadata = ObjectMeta { name: Some(self.name.clone()), ..ObjectMeta::default() };
                let spec = LeaseSpec { lease_transitions: Some(0), ..mine(&LeaseSpec::default()) };
                self.leases.create(&params, &Lease { metadata, spec: Some(spec) }).await
            }
            Some(mut lease) => {
                let spec = lease.spec.clone().unwrap_or_default();
                if !self.seen.may_take(&spec, &self.identity, Instant::now()) {
                    return Ok(Try::Taken);
                }
                lease.spec = Some(mine(&spec));
                // With its resource version: of two who see it free, one is refused.
                self.leases.replace(&self.name, &params, &lease).await
            }
        };
        match written {
            Ok(_) => Ok(Try::Leads),
            // Somebody wrote at the same time; the next try tells who.
            Err(error) if is_status(&error, 409) => Ok(Try::Failed),
            Err(error) => Err(refused::<Lease>("write", &self.name, &error)),
        }
    }

    /// Keeps the Lease, which is ours since a try that was begun then; returns when it is lost.
    ///
    /// Others count from when they see it written, which may be long before we are told of it: so the limit counts from
    /// the beginning of the try.
    async fn renew(&mut self, acquired: Instant) {
        let mut renewed = acquired;
        loop {
            tokio::time::sleep(RETRY).await;
            let begun = Instant::now();
            let left = RENEW_LIMIT.saturating_sub(renewed.elapsed());
            match tokio::time::timeout(left, self.try_to_lead()).await {
                Ok(Try::Leads) => renewed = begun,
                Ok(Try::Taken) => return,
                Ok(Try::Failed) | Err(_) if renewed.elapsed() >= RENEW_LIMIT => return,
                Ok(Try::Failed) | Err(_) => {}
            }
        }
    }

    /// Gives the Lease back, so that the next one need not wait.
    async fn release(&self) {
        let given_back = async {
            let mut lease = self.leases.get(&self.name).await?;
            if let Some(spec) = lease.spec.as_mut().filter(|spec| spec.holder_identity.as_ref() == Some(&self.identity))
            {
                spec.holder_identity = Some(String::new());
                spec.lease_duration_seconds = Some(1);
                self.leases.replace(&self.name, &PostParams::default(), &lease).await?;
            }
            Ok::<_, kube::Error>(())
        };
        match tokio::time::timeout(RETRY, given_back).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::info!(%error, "cannot give the Lease back"),
            Err(_) => tracing::info!("cannot give the Lease back in time"),
        }
    }
}

/// Name of the Lease of the platform's own controller.
const PLATFORM: &str = "kubeopencode.io";
/// Pause between two looks for the platform's own controller.
const PLATFORM_LOOK: Duration = Duration::from_secs(30);

/// The namespace in which KubeOpenCode's own controller works now, if it does.
///
/// # Errors
///
/// `forbidden` without leave to list Leases in all namespaces.
pub async fn platform_controller(client: &Client) -> Result<Option<String>> {
    let leases: Api<Lease> = Api::all(client.clone());
    let params = kube::api::ListParams::default().fields(&format!("metadata.name={PLATFORM}"));
    let found = match leases.list(&params).await {
        Ok(found) => found,
        Err(error) => return Err(refused::<Lease>("list", PLATFORM, &error)),
    };
    let fresh = |lease: &&Lease| {
        let renewed = lease.spec.as_ref().and_then(|spec| spec.renew_time.as_ref());
        renewed.is_some_and(|renewed| Timestamp::now().duration_since(renewed.0).as_secs() < 60)
    };
    Ok(found.items.iter().find(fresh).and_then(|lease| lease.metadata.namespace.clone()))
}

/// Waits until KubeOpenCode's own controller begins to work beside ours, whose work on the same objects it would undo; for
/// ever if `!concerned`. Tells the namespace that it works in.
pub async fn until_platform_works(client: Client, concerned: bool) -> String {
    if !concerned {
        return std::future::pending().await;
    }
    loop {
        tokio::time::sleep(PLATFORM_LOOK).await;
        match platform_controller(&client).await {
            Ok(Some(namespace)) => return namespace,
            Ok(None) => {}
            Err(error) => tracing::info!(%error, "cannot look for KubeOpenCode's own controller"),
        }
    }
}

/// Two controllers that speak the same API undo each other's work.
pub fn beside_platform(namespace: &str) -> Error {
    Error::new(Code::PreflightFailed, "KubeOpenCode's own controller serves this cluster")
        .because(format!("it renews the Lease {PLATFORM} in namespace {namespace}"))
        .hint("kubectl opencode controller --session")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(by: &str, second: i64) -> LeaseSpec {
        LeaseSpec {
            holder_identity: Some(by.to_owned()),
            lease_duration_seconds: Some(15),
            renew_time: Some(MicroTime(Timestamp::from_second(second).unwrap())),
            ..LeaseSpec::default()
        }
    }

    #[test]
    fn a_lease_is_taken_when_it_was_not_renewed_for_its_duration_by_our_clock() {
        let begin = Instant::now();
        let mut seen = Seen::default();
        // Its renew time lies far back by our clock: the holder's clock may differ, so only changes count.
        assert!(!seen.may_take(&held("other", 5), "me", begin));
        assert!(!seen.may_take(&held("other", 5), "me", begin + Duration::from_secs(14)));
        assert!(!seen.may_take(&held("other", 7), "me", begin + Duration::from_secs(16)));
        assert!(!seen.may_take(&held("other", 7), "me", begin + Duration::from_secs(30)));
        assert!(seen.may_take(&held("other", 7), "me", begin + Duration::from_secs(31)));
    }

    #[test]
    fn one_s_own_and_a_returned_lease_are_free() {
        let now = Instant::now();
        assert!(Seen::default().may_take(&held("me", 5), "me", now));
        assert!(Seen::default().may_take(&held("", 5), "me", now));
        assert!(Seen::default().may_take(&LeaseSpec::default(), "me", now));
    }
}
