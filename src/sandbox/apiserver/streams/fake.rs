//! A node in memory, for tests of what stands in front of one.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{self, client::IntoClientRequest};

use crate::sandbox::runtime::{Exec, ExecEnd, ExecOptions, LogOptions, PodKey, PodRuntime, TerminalSize};

/// A running Pod with one container `main`, as the API server stores it.
pub fn pod(name: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": name, "namespace": "default", "uid": "u1" },
        "spec": { "nodeName": "node", "containers": [{ "name": "main", "image": "x" }] },
        "status": { "phase": "Running", "containerStatuses": [{ "name": "main", "state": { "running": {} } }] },
    })
}

/// A node whose Pods log their options, run a few commands of our own and reach ports of this machine.
///
/// Commands: `cat` copies stdin to stdout and exits 0 at its end; `exit N`; `signal N`; `both` writes to both outputs;
/// `sizes` writes each size of the terminal until stdin ends; `flood N` writes N bytes; `broken` fails to start.
#[derive(Default)]
pub struct Fake {
    /// Every command that was started.
    pub started: Mutex<Vec<ExecOptions>>,
    /// Commands that run now.
    pub running: Arc<AtomicUsize>,
}

impl PodRuntime for Fake {
    fn logs<'a>(
        &'a self,
        _: &'a PodKey,
        container: &'a str,
        options: LogOptions,
    ) -> BoxFuture<'a, io::Result<BoxStream<'static, io::Result<Bytes>>>> {
        let line = format!(
            "{container} follow={} previous={} tail={:?} since={:?} timestamps={} limit={:?}\n",
            options.follow,
            options.previous,
            options.tail_lines,
            options.since,
            options.timestamps,
            options.limit_bytes
        );
        async move { Ok(stream::iter([Ok(Bytes::from(line))]).boxed()) }.boxed()
    }

    fn exec<'a>(&'a self, _: &'a PodKey, _: &'a str, options: ExecOptions) -> BoxFuture<'a, io::Result<Exec>> {
        self.started.lock().unwrap().push(options.clone());
        let running = self.running.clone();
        async move { start(&options, running) }.boxed()
    }

    fn connect<'a>(&'a self, _: &'a PodKey, port: u16) -> BoxFuture<'a, io::Result<TcpStream>> {
        TcpStream::connect(("127.0.0.1", port)).boxed()
    }
}

fn start(options: &ExecOptions, running: Arc<AtomicUsize>) -> io::Result<Exec> {
    if options.command[0] == "broken" {
        return Err(io::Error::other("no such program"));
    }
    let (stdin, mut stdin_inside) = tokio::io::duplex(1 << 16);
    let (mut stdout_inside, stdout) = tokio::io::duplex(1 << 16);
    let (mut stderr_inside, stderr) = tokio::io::duplex(1 << 16);
    let (resize, mut sizes) = mpsc::channel::<TerminalSize>(4);
    let (ended, end) = oneshot::channel();
    let command = options.command.clone();
    running.fetch_add(1, Ordering::SeqCst);
    tokio::spawn(async move {
        let number = |text: &str| text.parse::<i32>().unwrap();
        let exited = match command[0].as_str() {
            "cat" => tokio::io::copy(&mut stdin_inside, &mut stdout_inside).await.map(|_| ExecEnd::Exited(0)),
            "exit" => Ok(ExecEnd::Exited(number(&command[1]))),
            "signal" => Ok(ExecEnd::Signalled(number(&command[1]))),
            "both" => {
                stdout_inside.write_all(b"out").await.unwrap();
                stderr_inside.write_all(b"err").await.map(|()| ExecEnd::Exited(0))
            }
            "flood" => {
                let piece = vec![b'x'; usize::try_from(number(&command[1])).unwrap()];
                stdout_inside.write_all(&piece).await.map(|()| ExecEnd::Exited(0))
            }
            "sizes" => {
                let mut buffer = [0; 64];
                loop {
                    tokio::select! {
                        biased;
                        Some(size) = sizes.recv() => {
                            let line = format!("{}x{}\n", size.width, size.height);
                            stdout_inside.write_all(line.as_bytes()).await.unwrap();
                        }
                        read = stdin_inside.read(&mut buffer) => if read.unwrap() == 0 { break Ok(ExecEnd::Exited(0)) },
                    }
                }
            }
            other => Err(io::Error::other(format!("no fake command {other}"))),
        };
        drop((stdout_inside, stderr_inside));
        running.fetch_sub(1, Ordering::SeqCst);
        drop(ended.send(exited));
    });
    Ok(Exec {
        stdin: options.stdin.then_some(Box::new(stdin) as _),
        stdout: Box::new(stdout),
        stderr: (!options.tty).then_some(Box::new(stderr) as _),
        resize: options.tty.then_some(resize),
        end,
    })
}

/// A connection, in memory, to a server that answers `exec`, `attach` and `portforward` of [`pod`] with this node.
pub fn serve(node: &Arc<Fake>) -> DuplexStream {
    let (client, server) = tokio::io::duplex(1 << 16);
    let node = node.clone();
    let service = hyper::service::service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let node = node.clone();
        async move {
            let request = request.map(axum::body::Body::new);
            let pod = pod("web");
            Ok::<_, std::convert::Infallible>(match request.uri().path() {
                "/exec" => super::exec(request, &pod, node).await,
                "/attach" => super::attach(request, &pod, node).await,
                _ => super::portforward(request, &pod, node).await,
            })
        }
    });
    tokio::spawn(async move {
        hyper::server::conn::http1::Builder::new()
            .serve_connection(hyper_util::rt::TokioIo::new(server), service)
            .with_upgrades()
            .await
    });
    client
}

/// A WebSocket to [`serve`].
pub async fn dial(
    node: &Arc<Fake>,
    target: &str,
    protocol: &str,
) -> Result<WebSocketStream<DuplexStream>, tungstenite::Error> {
    let mut request = format!("ws://server{target}").into_client_request()?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", protocol.parse().unwrap());
    let (socket, answer) = tokio_tungstenite::client_async(request, serve(node)).await?;
    assert_eq!(answer.headers()["Sec-WebSocket-Protocol"], protocol);
    Ok(socket)
}
