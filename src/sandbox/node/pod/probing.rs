//! When a container is probed, and what follows from it (`pkg/kubelet/prober/worker.go`).
//!
//! Until the startup probe succeeds, neither of the others runs. Readiness comes and goes; liveness and startup that fail
//! `failureThreshold` times in a row end the container.

use k8s_openapi::api::core::v1::{Container, Probe};
use kube::runtime::events::EventType;
use tokio::time::{Instant, sleep_until};

use super::{Kind, Run, Worker};
use crate::sandbox::node::probe::{self, Target, Timing};

/// Why a container is to be ended.
pub(super) struct Unhealthy {
    /// In the kubelet's words.
    pub message: String,
    /// Grace period that the probe asks for, in seconds, instead of the Pod's.
    pub grace: Option<i64>,
}

impl Worker {
    /// Probes until liveness or startup fails for good.
    pub(super) async fn probe(&self, container: &Container, kind: Kind, index: usize, run: &Run) -> Unhealthy {
        let target = self.target(container, run);
        let begun = Instant::now();
        let first = |probe: &Probe| begun + Timing::of(probe).delay;
        let unhealthy = |probe: Option<&Probe>, name: &str| Unhealthy {
            message: format!("Container {} failed {name} probe, will be restarted", container.name),
            grace: probe.and_then(|probe| probe.termination_grace_period_seconds),
        };
        if let Some(startup) = &container.startup_probe {
            if !self.settle(startup, &target, "Startup", true, first(startup)).await {
                return unhealthy(Some(startup), "startup");
            }
            let ready = container.readiness_probe.is_none();
            self.record(kind, index, |record| {
                record.started = true;
                record.ready = ready;
            });
        }
        let readiness = async {
            let Some(probe) = &container.readiness_probe else { return std::future::pending().await };
            let period = Timing::of(probe).period;
            let mut next = first(probe);
            loop {
                if self.settle(probe, &target, "Readiness", true, next).await {
                    self.record(kind, index, |record| record.ready = true);
                }
                self.settle(probe, &target, "Readiness", false, Instant::now() + period).await;
                self.record(kind, index, |record| record.ready = false);
                next = Instant::now() + period;
            }
        };
        let liveness = async {
            let Some(probe) = &container.liveness_probe else { return std::future::pending().await };
            self.settle(probe, &target, "Liveness", false, first(probe)).await;
        };
        tokio::select! {
            () = readiness => {}
            () = liveness => {}
        }
        unhealthy(container.liveness_probe.as_ref(), "liveness")
    }

    /// Probes from `first` on until the threshold of failures (`false`) is reached, or, when `until_success`, that of
    /// successes (`true`).
    async fn settle(
        &self,
        probe: &Probe,
        target: &Target<'_>,
        name: &str,
        until_success: bool,
        first: Instant,
    ) -> bool {
        let timing = Timing::of(probe);
        sleep_until(first).await;
        let (mut failures, mut successes) = (0, 0);
        loop {
            let next = Instant::now() + timing.period;
            match probe::check(probe, target).await {
                Ok(()) => {
                    failures = 0;
                    successes += 1;
                    if until_success && successes >= timing.successes {
                        return true;
                    }
                }
                Err(message) => {
                    successes = 0;
                    failures += 1;
                    if !until_success || failures >= timing.failures {
                        self.event(EventType::Warning, "Unhealthy", format!("{name} probe failed: {message}")).await;
                    }
                    // Readiness keeps trying for ever; only its loss and the other probes count failures.
                    if failures >= timing.failures && (name != "Readiness" || !until_success) {
                        return false;
                    }
                }
            }
            sleep_until(next).await;
        }
    }
}
