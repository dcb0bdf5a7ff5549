//! `/healthz`, `/readyz` and `/metrics` (Prometheus text format 0.0.4).

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use kube::runtime::reflector::Store;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::feed::Guarded;
use super::queue::WorkQueue;
use crate::api::Session;
use crate::api::session::Pending;
use crate::error::{Code, Error, Result};

/// Upper bounds of the buckets for the time from a Session's creation to its start, in seconds. Creation times are whole
/// seconds.
const TO_RUNNING: [f64; 8] = [1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0];

/// What the controllers did.
#[derive(Default)]
pub struct Metrics {
    sessions: Mutex<Option<Store<Guarded<Session>>>>,
    turns: AtomicU64,
    orphans: AtomicU64,
    to_running: Mutex<([u64; TO_RUNNING.len()], u64, Duration)>,
    reconciles: Mutex<BTreeMap<(String, bool), (u64, Duration)>>,
    streams: AtomicUsize,
    leading: AtomicBool,
    queues: Mutex<BTreeMap<String, WorkQueue>>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("turns", &self.turns).field("leading", &self.leading).finish_non_exhaustive()
    }
}

/// Sums over the Sessions of one Agent.
#[derive(Default)]
struct Sums {
    phases: BTreeMap<&'static str, u64>,
    pending: Pending,
    tokens: [i64; 4],
    cost: f64,
}

impl Metrics {
    /// The Sessions to be counted.
    pub fn watch_sessions(&self, sessions: Store<Guarded<Session>>) {
        *self.sessions.lock().unwrap_or_else(PoisonError::into_inner) = Some(sessions);
    }

    /// The objects of a kind that wait to be looked at.
    pub fn watch_queue(&self, kind: &str, queue: WorkQueue) {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner).insert(kind.to_owned(), queue);
    }

    /// A turn of a Session ended.
    pub fn turn_ended(&self) {
        self.turns.fetch_add(1, Ordering::Relaxed);
    }

    /// An OpenCode session without a Session was removed.
    pub fn orphan_removed(&self) {
        self.orphans.fetch_add(1, Ordering::Relaxed);
    }

    /// A Session runs for the first time, this long after its creation.
    pub fn started(&self, took: Duration) {
        let mut rows = self.to_running.lock().unwrap_or_else(PoisonError::into_inner);
        for (row, bound) in rows.0.iter_mut().zip(TO_RUNNING) {
            *row += u64::from(took.as_secs_f64() <= bound);
        }
        rows.1 += 1;
        rows.2 += took;
    }

    fn sessions(&self) -> BTreeMap<(String, String), Sums> {
        let store = self.sessions.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut all: BTreeMap<(String, String), Sums> = BTreeMap::new();
        for session in store.iter().flat_map(Store::state) {
            let Ok(session) = &session.0 else { continue };
            let status = session.status.clone().unwrap_or_default();
            let agent = super::session::agent_of(session);
            let sums = all.entry((session.metadata.namespace.clone().unwrap_or_default(), agent)).or_default();
            *sums.phases.entry(status.phase.unwrap_or_default().as_str()).or_default() += 1;
            let pending = status.pending.unwrap_or_default();
            sums.pending.permissions += pending.permissions;
            sums.pending.questions += pending.questions;
            let summary = status.summary.unwrap_or_default();
            let tokens = summary.tokens;
            let used = [tokens.input, tokens.output, tokens.reasoning, tokens.cache];
            sums.tokens.iter_mut().zip(used).for_each(|(sum, used)| *sum += used);
            sums.cost += summary.cost.parse::<f64>().unwrap_or(0.0);
        }
        all
    }

    /// The part of the text that is about Sessions; writing to a `String` cannot fail.
    fn session_text(&self, text: &mut String) {
        let all = self.sessions();
        let (mut phases, mut pending, mut tokens, mut cost) = <(String, String, String, String)>::default();
        for ((namespace, agent), sums) in &all {
            let labels = format!("namespace=\"{}\",agent=\"{}\"", escaped(namespace), escaped(agent));
            for (phase, count) in &sums.phases {
                let _ = writeln!(phases, "kubectl_opencode_sessions{{{labels},phase=\"{phase}\"}} {count}");
            }
            for (kind, count) in [("permission", sums.pending.permissions), ("question", sums.pending.questions)] {
                let _ = writeln!(pending, "kubectl_opencode_session_pending{{{labels},kind=\"{kind}\"}} {count}");
            }
            for (kind, count) in ["input", "output", "reasoning", "cache"].into_iter().zip(sums.tokens) {
                let _ = writeln!(tokens, "kubectl_opencode_session_tokens{{{labels},kind=\"{kind}\"}} {count}");
            }
            let _ = writeln!(cost, "kubectl_opencode_session_cost_dollars{{{labels}}} {:.6}", sums.cost);
        }
        for (name, what, rows) in [
            ("kubectl_opencode_sessions", "Sessions by phase.", phases),
            ("kubectl_opencode_session_pending", "Answers that people owe.", pending),
            ("kubectl_opencode_session_tokens", "Tokens used by the Sessions that are there.", tokens),
            ("kubectl_opencode_session_cost_dollars", "Cost of the Sessions that are there, US dollars.", cost),
        ] {
            let _ = write!(text, "# HELP {name} {what}\n# TYPE {name} gauge\n{rows}");
        }
        for (name, what, count) in [
            ("kubectl_opencode_turns_total", "Turns of Sessions that were seen to end.", &self.turns),
            (
                "kubectl_opencode_orphans_removed_total",
                "OpenCode sessions removed, their Session being gone.",
                &self.orphans,
            ),
        ] {
            let count = count.load(Ordering::Relaxed);
            let _ = writeln!(text, "# HELP {name} {what}\n# TYPE {name} counter\n{name} {count}");
        }
        let (counts, all, sum) = *self.to_running.lock().unwrap_or_else(PoisonError::into_inner);
        let name = "kubectl_opencode_session_start_seconds";
        let _ = writeln!(text, "# HELP {name} From a Session's creation to its start.\n# TYPE {name} histogram");
        for (bound, count) in TO_RUNNING.into_iter().zip(counts) {
            let _ = writeln!(text, "{name}_bucket{{le=\"{bound}\"}} {count}");
        }
        let sum = sum.as_secs_f64();
        let _ = writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {all}\n{name}_sum {sum:.6}\n{name}_count {all}");
    }

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

    /// Everything, in Prometheus' text format.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.session_text(&mut text);
        let mut gauge = |name: &str, what: &str, value: usize| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "# HELP {name} {what}\n# TYPE {name} gauge\n{name} {value}");
        };
        let leads = usize::from(self.leading.load(Ordering::Relaxed));
        gauge("kubectl_opencode_leader", "Whether this process holds the lead.", leads);
        let streams = self.streams.load(Ordering::Relaxed);
        gauge("kubectl_opencode_event_streams", "Event streams of agents' servers that are open.", streams);
        let name = "kubectl_opencode_queue_depth";
        let _ = writeln!(text, "# HELP {name} Objects that wait to be looked at.\n# TYPE {name} gauge");
        for (kind, queue) in &*self.queues.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = writeln!(text, "{name}{{kind=\"{kind}\"}} {}", queue.len());
        }
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

/// The value of a label as Prometheus' text format writes it, version 0.0.4: `spec.agentRef.name` may be any text.
fn escaped(value: &str) -> String {
    value.replace('\\', r"\\").replace('"', r#"\""#).replace('\n', r"\n")
}

/// Listens on `address`.
pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        Error::new(Code::InvalidConfiguration, format!("cannot listen on {address}")).caused_by(&error)
    })
}

/// Serves until `cancelled`.
pub async fn serve(listener: TcpListener, metrics: Arc<Metrics>, cancelled: CancellationToken) -> Result<()> {
    let router = Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(async || "ok\n")).route(
        "/metrics",
        get(async move || {
            let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
            (StatusCode::OK, kind, metrics.text()).into_response()
        }),
    );
    axum::serve(listener, router).with_graceful_shutdown(cancelled.cancelled_owned()).await.map_err(Error::unexpected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_counted_by_agent_and_phase() {
        let (store, mut writer) = kube::runtime::reflector::store::<Guarded<Session>>();
        for (name, phase, permissions) in [("a", "Running", 1), ("b", "Running", 2), ("c", "Failed", 0)] {
            let session: Session = serde_json::from_value(serde_json::json!({
                "metadata": {"name": name, "namespace": "n"},
                "spec": {"agentRef": {"name": "dev"}},
                "status": {"phase": phase, "pending": {"permissions": permissions, "questions": 0}, "summary": {
                    "messages": 2, "cost": "0.250000", "files": 0, "additions": 0, "deletions": 0,
                    "tokens": {"input": 3, "output": 0, "reasoning": 0, "cache": 0}}},
            }))
            .unwrap();
            writer
                .apply_watcher_event(&kube::runtime::watcher::Event::Apply(kube::core::DeserializeGuard(Ok(session))));
        }
        let metrics = Metrics::default();
        metrics.watch_sessions(store);
        let text = metrics.text();
        for line in [
            "kubectl_opencode_sessions{namespace=\"n\",agent=\"dev\",phase=\"Running\"} 2",
            "kubectl_opencode_sessions{namespace=\"n\",agent=\"dev\",phase=\"Failed\"} 1",
            "kubectl_opencode_session_pending{namespace=\"n\",agent=\"dev\",kind=\"permission\"} 3",
            "kubectl_opencode_session_tokens{namespace=\"n\",agent=\"dev\",kind=\"input\"} 9",
            "kubectl_opencode_session_cost_dollars{namespace=\"n\",agent=\"dev\"} 0.750000",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn no_name_breaks_out_of_its_label() {
        assert_eq!(escaped("a\"b\\c\nd é"), r#"a\"b\\c\nd é"#);
        let (store, mut writer) = kube::runtime::reflector::store::<Guarded<Session>>();
        let session =
            serde_json::json!({"metadata": {"name": "s", "namespace": "n"}, "spec": {"agentRef": {"name": "a\"}\n1"}}});
        let session: Session = serde_json::from_value(session).unwrap();
        writer.apply_watcher_event(&kube::runtime::watcher::Event::Apply(kube::core::DeserializeGuard(Ok(session))));
        let metrics = Metrics::default();
        metrics.watch_sessions(store);
        let line = r#"kubectl_opencode_sessions{namespace="n",agent="a\"}\n1",phase="Pending"} 1"#;
        assert!(metrics.text().lines().any(|found| found == line), "{}", metrics.text());
    }

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let metrics = Metrics::default();
        metrics.reconciled("Session", true, Duration::from_millis(1500));
        metrics.reconciled("Session", true, Duration::from_millis(500));
        metrics.reconciled("Session", false, Duration::from_millis(250));
        metrics.streams(3);
        metrics.leading(true);
        metrics.turn_ended();
        metrics.started(Duration::from_secs(2));
        let queue = WorkQueue::default();
        metrics.watch_queue("Session", queue.clone());
        queue.ask("n", "a");
        let text = metrics.text();
        for line in [
            "kubectl_opencode_leader 1",
            "kubectl_opencode_turns_total 1",
            "kubectl_opencode_session_start_seconds_bucket{le=\"1\"} 0",
            "kubectl_opencode_session_start_seconds_bucket{le=\"2\"} 1",
            "kubectl_opencode_session_start_seconds_bucket{le=\"+Inf\"} 1",
            "kubectl_opencode_event_streams 3",
            "kubectl_opencode_queue_depth{kind=\"Session\"} 1",
            "kubectl_opencode_reconcile_seconds_sum{kind=\"Session\",result=\"success\"} 2.000000",
            "kubectl_opencode_reconcile_seconds_count{kind=\"Session\",result=\"success\"} 2",
            "kubectl_opencode_reconcile_seconds_count{kind=\"Session\",result=\"error\"} 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
