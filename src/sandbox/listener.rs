//! The TLS listener of the sandbox, on 127.0.0.1.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::error::{Code, Error, Result};

/// A client that has not shaken hands by then is dropped.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Connections that have shaken hands and were not taken yet.
const WAITING: usize = 64;
/// Before the next try when accepting fails, as it does when descriptors run out.
const PAUSE: Duration = Duration::from_millis(100);

/// Takes `port` of 127.0.0.1; 0 takes any that is free.
///
/// # Errors
///
/// `conflict` with the port's number if another program has it.
pub async fn bind(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            Error::new(Code::Conflict, format!("port {port} of 127.0.0.1 is taken by another program"))
                .hint("stop that program, or choose another port with --port (0 takes a free one)")
        }
        _ => Error::new(Code::InvalidConfiguration, format!("cannot listen on port {port} of 127.0.0.1"))
            .caused_by(&error)
            .hint("choose another port with --port (0 takes a free one)"),
    })
}

/// Accepts connections and shakes hands on each by itself, so that a client that stalls keeps no other from being served.
pub struct TlsListener {
    address: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    accepting: AbortHandle,
}

impl TlsListener {
    /// Speaks TLS on what `listener` accepts.
    pub fn new(listener: TcpListener, config: Arc<ServerConfig>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (sender, ready) = mpsc::channel(WAITING);
        let acceptor = TlsAcceptor::from(config);
        let accepting = tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((stream, peer)) => {
                        let (acceptor, sender) = (acceptor.clone(), sender.clone());
                        tokio::spawn(async move {
                            match tokio::time::timeout(HANDSHAKE, shake_hands(acceptor, stream)).await {
                                // The listener may be gone by now; then nobody wants the connection.
                                Ok(Ok(stream)) => drop(sender.send((stream, peer)).await),
                                Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake failed"),
                                Err(_) => tracing::debug!(%peer, "TLS handshake took too long"),
                            }
                        });
                    }
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
                        tokio::time::sleep(PAUSE).await;
                    }
                }
            }
        });
        Ok(Self { address, ready, accepting: accepting.abort_handle() })
    }
}

async fn shake_hands(acceptor: TlsAcceptor, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
    stream.set_nodelay(true)?;
    acceptor.accept(stream).await
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The accepting task holds a sender for as long as this listener lives.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::serve::Listener;

    use crate::sandbox::state::StateFolder;
    use crate::sandbox::tls::Certificates;
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName};
    use rustls::{ClientConfig, RootCertStore};

    #[tokio::test]
    async fn a_taken_port_is_named() {
        let taken = bind(0).await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = bind(port).await.unwrap_err();
        assert_eq!(error.code, Code::Conflict);
        assert!(error.message.contains(&port.to_string()) && error.hint.unwrap().contains("--port"));
    }

    #[tokio::test]
    async fn a_stalling_client_keeps_nobody_from_being_served() {
        let parent = tempfile::tempdir().unwrap();
        let folder = StateFolder::below(parent.path(), "default").unwrap();
        let _lock = folder.create_and_lock().unwrap();
        let certificates = Certificates::load_or_make(&folder, jiff::Timestamp::now()).unwrap();
        let tcp = bind(0).await.unwrap();
        let address = tcp.local_addr().unwrap();
        let mut listener = TlsListener::new(tcp, Arc::clone(&certificates.server)).unwrap();
        let _stalling = TcpStream::connect(address).await.unwrap();

        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(certificates.authority_pem.as_bytes()).unwrap()).unwrap();
        let client = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(client));
        let stream = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let (client, (_, peer)) = tokio::join!(connector.connect(name, stream), listener.accept());
        assert_eq!(client.unwrap().get_ref().0.local_addr().unwrap(), peer);
    }
}
