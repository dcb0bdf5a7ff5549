//! A command in a container: under a shim of its own, with the container's environment, directory and mounts.

use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use nix::sys::stat::Mode;
use tokio::io::AsyncWrite;
use tokio::net::unix::pipe;
use tokio::sync::{mpsc, oneshot};

use super::container::{self, Outputs, Program};
use super::pod::Run;
use super::shim::{Launch, Order};
use crate::sandbox::runtime::{Exec, ExecEnd, ExecOptions, TerminalSize};

/// Starts the command that `options` describe in the container of `run`; `program` is the shim, `folder` the Pod's.
pub async fn run(program: &Path, folder: &Path, run: &Run, options: ExecOptions) -> io::Result<Exec> {
    let launch = run.command(&options.command);
    let started = if options.tty {
        on_terminal(program, run, launch, options.stdin).await
    } else {
        on_pipes(program, folder, run, launch, options.stdin).await
    };
    started.map_err(|error| match error.kind() {
        // The container is there, its program is not: what containerd makes of runc's words.
        io::ErrorKind::NotFound => io::Error::other(format!(
            "failed to exec in container: failed to start exec \"{}\": OCI runtime exec failed: exec failed: \
             unable to start container process: {error}: unknown",
            uuid::Uuid::new_v4().simple()
        )),
        _ => error,
    })
}

async fn on_pipes(program: &Path, folder: &Path, run: &Run, mut launch: Launch, stdin: bool) -> io::Result<Exec> {
    let mut input: Option<Box<dyn AsyncWrite + Send + Unpin>> = None;
    let mut named = None;
    if stdin {
        let path = next_pipe(folder);
        nix::unistd::mkfifo(&path, Mode::S_IRUSR | Mode::S_IWUSR)?;
        // Opened for reading, too, so that it opens before the command does; its close is still the command's end of input.
        input = Some(Box::new(pipe::OpenOptions::new().read_write(true).open_sender(&path)?));
        launch.input = Some(path.clone());
        named = Some(path);
    }
    let started = container::start(program, &launch, Outputs::Piped).await;
    if let Some(path) = named {
        tokio::fs::remove_file(path).await?;
    }
    let (program, pipes) = started?;
    let (stdout, stderr) = pipes.ok_or_else(|| io::Error::other("the shim has no outputs"))?;
    Ok(Exec {
        stdin: input,
        stdout: Box::new(stdout),
        stderr: Some(Box::new(stderr)),
        resize: None,
        end: end_of(run, program, None),
    })
}

async fn on_terminal(program: &Path, run: &Run, mut launch: Launch, stdin: bool) -> io::Result<Exec> {
    let (pty, pts) = pty_process::open().map_err(io::Error::other)?;
    launch.terminal = Some(std::fs::read_link(format!("/proc/self/fd/{}", pts.as_fd().as_raw_fd()))?);
    launch.environment.entry("TERM".to_owned()).or_insert_with(|| "xterm".to_owned());
    let (program, _) = container::start(program, &launch, Outputs::Terminal).await?;
    let (reader, writer) = pty.into_split();
    let (resize, mut sizes) = mpsc::channel::<TerminalSize>(4);
    let (input, mut typed) = tokio::io::duplex(64 * 1024);
    tokio::spawn(async move {
        let mut writer = writer;
        let mut buffer = vec![0; 16 * 1024];
        let mut open = (true, stdin);
        while open.0 || open.1 {
            tokio::select! {
                size = sizes.recv(), if open.0 => match size {
                    Some(size) => {
                        if let Err(error) = writer.resize(pty_process::Size::new(size.height, size.width)) {
                            tracing::debug!(%error, "cannot resize a terminal");
                        }
                    }
                    None => open.0 = false,
                },
                count = tokio::io::AsyncReadExt::read(&mut typed, &mut buffer), if open.1 => match count {
                    Ok(0) | Err(_) => open.1 = false,
                    Ok(count) => {
                        if tokio::io::AsyncWriteExt::write_all(&mut writer, &buffer[..count]).await.is_err() {
                            open.1 = false;
                        }
                    }
                },
            }
        }
    });
    Ok(Exec {
        stdin: stdin.then(|| Box::new(input) as Box<dyn AsyncWrite + Send + Unpin>),
        stdout: Box::new(TerminalOutput(reader)),
        stderr: None,
        resize: Some(resize),
        // The terminal's other side stays open until the end, so that output before the program opened it is not an end of file.
        end: end_of(run, program, Some(pts)),
    })
}

/// Reports the end of `program`; ends it when nobody waits for that any more, and with the container of `run`.
fn end_of(run: &Run, program: Program, terminal: Option<pty_process::Pts>) -> oneshot::Receiver<io::Result<ExecEnd>> {
    let (mut sender, receiver) = oneshot::channel();
    let over = run.over.clone();
    run.commands.spawn(async move {
        let end = tokio::select! {
            end = program.ended() => end,
            () = async { tokio::select! { () = sender.closed() => {}, () = over.cancelled() => {} } } => {
                program.order(Order::Kill);
                program.ended().await
            }
        };
        drop(terminal);
        let end = end.signal.map_or(ExecEnd::Exited(end.status), ExecEnd::Signalled);
        let _ = sender.send(Ok(end));
    });
    receiver
}

/// A terminal's output: what the kernel reports as EIO, when the last program has closed it, is its end (pty(7)).
struct TerminalOutput(pty_process::OwnedReadPty);

impl tokio::io::AsyncRead for TerminalOutput {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        buffer: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        match std::pin::Pin::new(&mut self.0).poll_read(context, buffer) {
            std::task::Poll::Ready(Err(error)) if error.raw_os_error() == Some(nix::libc::EIO) => {
                std::task::Poll::Ready(Ok(()))
            }
            other => other,
        }
    }
}

fn next_pipe(folder: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    folder.join(format!("exec-{}.stdin", NEXT.fetch_add(1, Ordering::Relaxed)))
}
