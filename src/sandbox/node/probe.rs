//! Probes of a container: one check, in the kubelet's words.

use std::path::Path;
use std::time::Duration;

use http_body_util::Empty;
use hyper_util::rt::TokioIo;
use k8s_openapi::api::core::v1::{Container, ExecAction, HTTPGetAction, LifecycleHandler, Probe};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::container::{self, Outputs};
use super::shim::Launch;
use super::volumes::Mounts;

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
    pub address: &'a str,
    /// This program's file, for commands.
    pub program: &'a Path,
    /// How commands run in the container.
    pub launch: &'a Launch,
    /// Where its volumes are.
    pub mounts: &'a Mounts,
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
        let address = (action.host.as_deref().unwrap_or(target.address), port);
        return match timeout(limit, TcpStream::connect(address)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(format!("dial tcp {}:{port}: {error}", address.0)),
            Err(_) => Err(format!("dial tcp {}:{port}: i/o timeout", address.0)),
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
    let command = action.command.iter().flatten().map(|word| target.mounts.rewrite(word)).collect();
    let launch = Launch { command, ..target.launch.clone() };
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
    let host = action.host.as_deref().unwrap_or(target.address);
    let path = action.path.as_deref().unwrap_or("/");
    let failed = |error: &dyn std::fmt::Display| format!("Get \"http://{host}:{port}{path}\": {error}");
    // A connection of its own for every check: a server that accepts and never answers must not spoil the next one.
    let stream = TcpStream::connect((host, port)).await.map_err(|error| failed(&error))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
    let driver = tokio::spawn(connection);
    let mut request =
        http::Request::get(path).header("host", format!("{host}:{port}")).header("user-agent", "kube-probe/1.33");
    for header in action.http_headers.iter().flatten() {
        request = request.header(&header.name, &header.value);
    }
    let request = request.body(Empty::<bytes::Bytes>::new()).map_err(|error| failed(&error))?;
    let answer = sender.send_request(request).await.map_err(|error| failed(&error));
    driver.abort();
    let status = answer?.status();
    if status.is_success() || status.is_redirection() {
        Ok(())
    } else {
        Err(format!("HTTP probe failed with statuscode: {}", status.as_u16()))
    }
}
