//! Probes and hooks of a container: one check, in the kubelet's words (`pkg/probe`).

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Empty;
use hyper_util::rt::TokioIo;
use k8s_openapi::api::core::v1::{Container, ExecAction, HTTPGetAction, LifecycleHandler, Probe};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::container::{self, Outputs};
use super::pod::Run;

/// How much of what a probe's command said is told, in bytes.
const SAID_LIMIT: u64 = 512;

/// The timing of a probe, with the API's defaults.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Before the first check.
    pub delay: Duration,
    /// Between checks.
    pub period: Duration,
    /// Longest time of one check.
    pub limit: Duration,
    /// Failures in a row that count as failure.
    pub failures: i32,
    /// Successes in a row that count as success.
    pub successes: i32,
}

impl Timing {
    /// The timing that `probe` asks for.
    pub fn of(probe: &Probe) -> Self {
        let seconds = |value: Option<i32>, default: u64| {
            Duration::from_secs(value.and_then(|value| u64::try_from(value).ok()).unwrap_or(default))
        };
        Self {
            delay: seconds(probe.initial_delay_seconds, 0),
            period: seconds(probe.period_seconds.filter(|value| *value > 0), 10),
            limit: seconds(probe.timeout_seconds.filter(|value| *value > 0), 1),
            failures: probe.failure_threshold.filter(|value| *value > 0).unwrap_or(3),
            successes: probe.success_threshold.filter(|value| *value > 0).unwrap_or(1),
        }
    }
}

/// What a check needs to know of its container.
pub struct Target<'a> {
    /// The container.
    pub container: &'a Container,
    /// Address of its Pod.
    pub address: Ipv4Addr,
    /// This program's file, for commands.
    pub program: &'a Path,
    /// The container's run.
    pub run: &'a Run,
}

impl Target<'_> {
    /// The host that an action means.
    fn host(&self, host: Option<&str>) -> String {
        host.filter(|host| !host.is_empty()).map_or_else(|| self.address.to_string(), str::to_owned)
    }
}

/// Runs a hook of the container's life to its end; the error is what the event says.
pub async fn hook(hook: &LifecycleHandler, target: &Target<'_>) -> Result<(), String> {
    if let Some(action) = &hook.exec {
        command(action, target).await
    } else if let Some(action) = &hook.http_get {
        http_get(action, target).await
    } else {
        if let Some(action) = &hook.sleep {
            tokio::time::sleep(Duration::from_secs(u64::try_from(action.seconds).unwrap_or(0))).await;
        }
        Ok(())
    }
}

/// Makes one check; the error is what the event says.
pub async fn check(probe: &Probe, target: &Target<'_>) -> Result<(), String> {
    let limit = Timing::of(probe).limit;
    if let Some(action) = &probe.http_get {
        let result = timeout(limit, http_get(action, target)).await;
        return result.unwrap_or_else(|_| {
            let path = action.path.as_deref().unwrap_or("/");
            Err(format!("Get {path:?}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)"))
        });
    }
    if let Some(action) = &probe.tcp_socket {
        let port = port(&action.port, target.container)?;
        let host = target.host(action.host.as_deref());
        return match timeout(limit, TcpStream::connect((&*host, port))).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(format!("dial tcp {host}:{port}: {error}")),
            Err(_) => Err(format!("dial tcp {host}:{port}: i/o timeout")),
        };
    }
    if let Some(action) = &probe.exec {
        return timeout(limit, command(action, target)).await.unwrap_or_else(|_| {
            let command = action.command.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
            Err(format!("command timed out: {command:?} timed out after {}s", limit.as_secs()))
        });
    }
    Ok(())
}

/// Runs a command in the container; the error is what it said, or how it ended. Dropping this ends the command.
async fn command(action: &ExecAction, target: &Target<'_>) -> Result<(), String> {
    let launch = target.run.command(action.command.as_deref().unwrap_or_default());
    let (program, pipes) =
        container::start(target.program, &launch, Outputs::Piped).await.map_err(|error| error.to_string())?;
    let Some((stdout, stderr)) = pipes else { return Err("the command has no outputs".to_owned()) };
    let (end, mut said, errors) = tokio::join!(program.ended(), beginning(stdout), beginning(stderr));
    if end.status == 0 {
        return Ok(());
    }
    said.extend(errors);
    let said = String::from_utf8_lossy(&said).trim_end().to_owned();
    Err(if said.is_empty() { format!("command terminated with exit code {}", end.status) } else { said })
}

/// Reads an output to its end and keeps as much as an event may hold.
async fn beginning(output: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut output = output.take(SAID_LIMIT);
    // A pipe that breaks has said what it could.
    if output.read_to_end(&mut kept).await.is_ok() {
        let _ = tokio::io::copy(&mut output.into_inner(), &mut tokio::io::sink()).await;
    }
    kept
}

fn port(port: &IntOrString, container: &Container) -> Result<u16, String> {
    match port {
        IntOrString::Int(number) => u16::try_from(*number).map_err(|_| format!("invalid port number: {number}")),
        IntOrString::String(name) => container
            .ports
            .iter()
            .flatten()
            .find(|port| port.name.as_deref() == Some(name))
            .and_then(|port| u16::try_from(port.container_port).ok())
            .ok_or_else(|| format!("couldn't find port: {name}")),
    }
}

async fn http_get(action: &HTTPGetAction, target: &Target<'_>) -> Result<(), String> {
    let port = port(&action.port, target.container)?;
    let host = target.host(action.host.as_deref());
    let path = action.path.as_deref().filter(|path| !path.is_empty()).unwrap_or("/");
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let scheme = action.scheme.as_deref().unwrap_or("HTTP").to_ascii_lowercase();
    let failed = |error: &dyn std::fmt::Display| format!("Get \"{scheme}://{host}:{port}{path}\": {error}");
    let mut request =
        http::Request::get(&path).header("host", format!("{host}:{port}")).header("user-agent", "kube-probe/1.33");
    for header in action.http_headers.iter().flatten() {
        request = request.header(&header.name, &header.value);
    }
    let request = request.body(Empty::new()).map_err(|error| failed(&error))?;
    // A connection of its own for every check: a server that accepts and never answers must not spoil the next one.
    let stream = TcpStream::connect((&*host, port)).await.map_err(|error| failed(&error))?;
    let status = if scheme == "https" {
        let name = ServerName::try_from(host.clone()).map_err(|error| failed(&error))?;
        let connector = TlsConnector::from(anyone().map_err(|error| failed(&error))?);
        let stream = connector.connect(name, stream).await.map_err(|error| failed(&error))?;
        ask(stream, request).await
    } else {
        ask(stream, request).await
    };
    let status = status.map_err(|error| failed(&error))?;
    if status.is_success() || status.is_redirection() {
        Ok(())
    } else {
        Err(format!("HTTP probe failed with statuscode: {}", status.as_u16()))
    }
}

async fn ask(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: http::Request<Empty<bytes::Bytes>>,
) -> hyper::Result<http::StatusCode> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let answer = sender.send_request(request).await;
    driver.abort();
    Ok(answer?.status())
}

/// TLS with whatever certificate the server has: a probe asks whether the server lives, not who it is, as the kubelet's do.
fn anyone() -> Result<Arc<ClientConfig>, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(Anyone(provider.signature_verification_algorithms));
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(Arc::new(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()))
}

#[derive(Debug)]
struct Anyone(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}
