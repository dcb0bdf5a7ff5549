//! How the client reaches a server: whoever can open a byte stream can carry it.

use std::io;
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// A byte stream to an OpenCode server.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for S {}

/// Opens byte streams to one OpenCode server; a port-forward tunnel is one, a TCP address another.
pub trait Connector: Send + Sync + 'static {
    /// Opens one fresh stream. Dropping the stream closes it.
    ///
    /// An error of kind `PermissionDenied` is the cluster's refusal; `ConnectionRefused` means nothing listens.
    fn connect(&self) -> BoxFuture<'_, io::Result<Box<dyn ByteStream>>>;

    /// Forgets where the server was found: a link to it was lost, and it may be somewhere else now.
    fn start_over(&self) {}
}

impl<C: Connector + ?Sized> Connector for Arc<C> {
    fn connect(&self) -> BoxFuture<'_, io::Result<Box<dyn ByteStream>>> {
        (**self).connect()
    }

    fn start_over(&self) {
        (**self).start_over();
    }
}

/// Reaches a server by TCP, without a tunnel.
#[derive(Clone, Debug)]
pub struct TcpConnector {
    address: String,
}

impl TcpConnector {
    /// `address` is `host:port`.
    pub fn new(address: impl Into<String>) -> Self {
        Self { address: address.into() }
    }
}

impl Connector for TcpConnector {
    fn connect(&self) -> BoxFuture<'_, io::Result<Box<dyn ByteStream>>> {
        Box::pin(async move {
            let stream = TcpStream::connect(&self.address).await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(stream) as Box<dyn ByteStream>)
        })
    }
}
