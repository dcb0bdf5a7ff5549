//! The proxy of one port of a Service: connections to its cluster IP go on to a ready Pod.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The ready Pods behind a port, taken in turn.
#[derive(Clone, Debug, Default)]
pub struct Backends(Arc<Mutex<(Vec<SocketAddr>, usize)>>);

impl Backends {
    /// Replaces them; connections that exist stay.
    pub fn set(&self, addresses: Vec<SocketAddr>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 = addresses;
    }

    fn next(&self) -> Option<SocketAddr> {
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = guard.1;
        guard.1 = turn.wrapping_add(1);
        let count = guard.0.len();
        (count > 0).then(|| guard.0[turn % count])
    }
}

/// A proxy that runs until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    /// Where connections go.
    pub backends: Backends,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// Listens on `address`; an address that is taken is tried again every second.
    pub fn start(address: SocketAddr, backends: Backends) -> Self {
        let task = tokio::spawn(serve(address, backends.clone()));
        Self { backends, task }
    }
}

async fn serve(address: SocketAddr, backends: Backends) {
    let listener = loop {
        match TcpListener::bind(address).await {
            Ok(listener) => break listener,
            Err(error) => tracing::warn!(%address, %error, "cannot listen for a Service and try again"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    };
    loop {
        match listener.accept().await {
            Ok((client, _)) => {
                // Without an endpoint the connection closes at once, the nearest thing to a refusal that an accept leaves.
                if let Some(backend) = backends.next() {
                    tokio::spawn(forward(client, backend));
                }
            }
            Err(error) => {
                tracing::warn!(%address, %error, "cannot accept a connection of a Service");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn forward(mut client: TcpStream, backend: SocketAddr) {
    let forwarded = async {
        let mut server = TcpStream::connect(backend).await?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        tokio::io::copy_bidirectional(&mut client, &mut server).await
    };
    if let Err(error) = forwarded.await {
        tracing::debug!(%backend, %error, "a connection of a Service ended");
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn connections_go_to_the_backends_in_turn_and_half_closes_pass() {
        let mut addresses = Vec::new();
        for name in ["a", "b"] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            addresses.push(listener.local_addr().unwrap());
            tokio::spawn(async move {
                while let Ok((mut stream, _)) = listener.accept().await {
                    let mut request = Vec::new();
                    stream.read_to_end(&mut request).await.unwrap();
                    stream.write_all(format!("{name}:{}", request.len()).as_bytes()).await.unwrap();
                }
            });
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let proxy = Proxy::start(address, Backends::default());
        proxy.backends.set(addresses);
        let mut answers = Vec::new();
        while answers.len() < 2 {
            // The first try may come before the proxy listens.
            let Ok(mut stream) = TcpStream::connect(address).await else {
                tokio::task::yield_now().await;
                continue;
            };
            stream.write_all(b"12345").await.unwrap();
            stream.shutdown().await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answers.push(answer);
        }
        answers.sort();
        assert_eq!(answers, ["a:5", "b:5"]);
    }
}
