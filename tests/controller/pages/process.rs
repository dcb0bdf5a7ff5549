use std::sync::{Arc, Mutex};

use kubectl_opencode::api::{Session, Task};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{on, prompted, task};
use crate::record::Page;
use crate::world::World;

/// A page of the server for metrics.
async fn fetch(address: std::net::SocketAddr) -> Option<String> {
    let mut stream = tokio::net::TcpStream::connect(address).await.ok()?;
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    Some(answer.replace('\r', ""))
}

#[tokio::test]
async fn what_prometheus_reads() {
    let mut world = World::asleep().await;
    // An address of this process's own, so that nobody else takes the port before the controllers do.
    let [_, high, middle, low] = std::process::id().to_be_bytes();
    let own = std::net::Ipv4Addr::new(127, 128 | high, middle, low);
    let address = std::net::TcpListener::bind((own, 0)).unwrap().local_addr().unwrap();
    world.listen = Some(address);
    world.wake();
    world.agent("dev").await;
    world.running("s", prompted("dev")).await;
    world.create::<Task>("t", task("dev")).await;
    world.task_phase("t", "Running").await;
    let number = regex::Regex::new(r"(?m) [0-9.]+$").unwrap();
    let complete = async || {
        let page = fetch(address).await?;
        let seen = ["Session", "Agent", "Task"]
            .iter()
            .all(|kind| page.contains(&format!("reconcile_seconds_count{{kind=\"{kind}\",result=\"success\"}}")));
        (seen && page.contains("phase=\"Running\"} 1")).then_some(page)
    };
    let page = world.until("all is counted", complete).await;
    let lines = page.lines().filter(|line| !line.contains("result=\"error\"") && !line.starts_with("date: "));
    let told = number.replace_all(&lines.collect::<Vec<_>>().join("\n"), " [NUMBER]").into_owned();
    let mut page = Page::default();
    page.text(&told);
    page.is_as_in("metrics");
}

/// The log, as it is written.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn what_a_controller_logs_that_may_not_do_everything() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .without_time()
        .with_target(false)
        .with_ansi(false)
        .with_env_filter("warn")
        .with_writer(move || writer.clone());
    // All that runs here runs on this thread.
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    let mut world = World::asleep().await;
    world.gate.refuse("PATCH /apis/session.kubeopencode.io/v1alpha1/namespaces/default/sessions/s/status", 1, 403);
    world.gate.refuse("PATCH /apis/session.kubeopencode.io/v1alpha1/namespaces/default/sessions/s?", 1, 403);
    world.gate.refuse("POST /apis/events.k8s.io/v1/namespaces/default/events", 1, 403);
    world.gate.refuse("PATCH /apis/apps/v1/namespaces/default/deployments/dev-server", 1, 403);
    world.gate.refuse("GET /apis/kubeopencode.io/v1alpha1/tasks", 1, 403);
    world.wake();
    world.agent("dev").await;
    world.create::<Session>("s", on("dev")).await;
    world.session_phase("s", "Running").await;
    let mut page = Page::default();
    for words in [
        "watch failed",
        "error=cannot apply Deployment",
        "cannot patch Session",
        "cannot update the status",
        "cannot publish",
    ] {
        let line = world.until(words, async || {
            let told = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
            told.lines().find(|line| line.contains(words)).map(str::to_owned)
        });
        page.text(line.await.trim());
    }
    page.is_as_in("log");
}
