//! `/healthz`, `/readyz` and `/metrics` (Prometheus text format 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::error::{Code, Error, Result};

/// What the controllers did.
#[derive(Debug, Default)]
pub struct Metrics {
    reconciles: Mutex<BTreeMap<(String, bool), (u64, Duration)>>,
    streams: AtomicUsize,
    leading: AtomicBool,
}

impl Metrics {
    /// One look at an object ended, well or not, after this time.
    pub fn reconciled(&self, kind: &str, well: bool, took: Duration) {
        let mut rows = self.reconciles.lock().unwrap_or_else(PoisonError::into_inner);
        let row = rows.entry((kind.to_owned(), well)).or_default();
        row.0 += 1;
        row.1 += took;
    }

    /// So many event streams are open.
    pub fn streams(&self, open: usize) {
        self.streams.store(open, Ordering::Relaxed);
    }

    /// Whether this process works.
    pub fn leading(&self, leads: bool) {
        self.leading.store(leads, Ordering::Relaxed);
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut gauge = |name: &str, what: &str, value: usize| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "# HELP {name} {what}\n# TYPE {name} gauge\n{name} {value}");
        };
        let leads = usize::from(self.leading.load(Ordering::Relaxed));
        gauge("kubectl_opencode_leader", "Whether this process holds the lead.", leads);
        let streams = self.streams.load(Ordering::Relaxed);
        gauge("kubectl_opencode_event_streams", "Event streams of agents' servers that are open.", streams);
        let rows = self.reconciles.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let name = "kubectl_opencode_reconcile_seconds";
        let _ = writeln!(text, "# HELP {name} Time spent on objects.\n# TYPE {name} summary");
        for ((kind, well), (count, took)) in rows {
            let labels = format!("{{kind=\"{kind}\",result=\"{}\"}}", if well { "success" } else { "error" });
            let _ = writeln!(text, "{name}_sum{labels} {:.6}\n{name}_count{labels} {count}", took.as_secs_f64());
        }
        text
    }
}

/// Serves on `address` until `cancelled`.
pub async fn serve(address: SocketAddr, metrics: Arc<Metrics>, cancelled: CancellationToken) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::new(Code::InvalidConfiguration, format!("cannot listen on {address}")).caused_by(&error)
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let router = Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(async || "ok\n")).route(
        "/metrics",
        get(async move || {
            let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
            (StatusCode::OK, kind, metrics.text()).into_response()
        }),
    );
    axum::serve(listener, router).with_graceful_shutdown(cancelled.cancelled_owned()).await.map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let metrics = Metrics::default();
        metrics.reconciled("Session", true, Duration::from_millis(1500));
        metrics.reconciled("Session", true, Duration::from_millis(500));
        metrics.reconciled("Session", false, Duration::from_millis(250));
        metrics.streams(3);
        metrics.leading(true);
        let text = metrics.text();
        for line in [
            "kubectl_opencode_leader 1",
            "kubectl_opencode_event_streams 3",
            "kubectl_opencode_reconcile_seconds_sum{kind=\"Session\",result=\"success\"} 2.000000",
            "kubectl_opencode_reconcile_seconds_count{kind=\"Session\",result=\"success\"} 2",
            "kubectl_opencode_reconcile_seconds_count{kind=\"Session\",result=\"error\"} 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
