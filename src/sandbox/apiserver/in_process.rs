//! A `kube::Client` that reaches the server without a socket: real HTTP over pipes in memory, so that upgrades, streams
//! and errors are those of a connection.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use futures::future::BoxFuture;
use http::Uri;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};

/// Bytes in flight per direction.
const PIPE: usize = 64 << 10;

/// Our end of a pipe.
pub(super) struct Pipe(DuplexStream);

impl Connection for Pipe {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl AsyncRead for Pipe {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[derive(Clone)]
struct Connector(Router);

impl tower::Service<Uri> for Connector {
    type Response = TokioIo<Pipe>;
    type Error = std::io::Error;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _uri: Uri) -> Self::Future {
        let service = TowerToHyperService::new(self.0.clone());
        Box::pin(async move {
            let (near, far) = tokio::io::duplex(PIPE);
            tokio::spawn(async move {
                let connection =
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(far), service);
                if let Err(error) = connection.with_upgrades().await {
                    tracing::debug!(%error, "in-process connection ended");
                }
            });
            Ok(TokioIo::new(Pipe(near)))
        })
    }
}

/// A client whose requests go to `router`.
pub(super) fn client(router: Router) -> kube::Client {
    let http = Client::builder(TokioExecutor::new()).build::<_, kube::client::Body>(Connector(router));
    let service = tower::ServiceBuilder::new()
        .map_request(|mut request: http::Request<kube::client::Body>| {
            // The HTTP client wants an absolute URI to name its pool by.
            let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
            if let Ok(uri) = Uri::builder().scheme("http").authority("in-process").path_and_query(path).build() {
                *request.uri_mut() = uri;
            }
            request
        })
        .service(http);
    kube::Client::new(service, "default")
}
