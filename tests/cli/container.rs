//! A container's runtime for tests: commands are processes of this machine, which find the container's name in `$CONTAINER`.

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};

use kubectl_opencode::sandbox::runtime::{Exec, ExecEnd, ExecOptions, TerminalSize};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot};

/// Runs a command in `container`, whose programs are those of `path`.
pub fn run(container: &str, options: &ExecOptions, path: &str) -> io::Result<Exec> {
    if options.tty { on_terminal(container, options, path) } else { on_pipes(container, options, path) }
}

/// As containerd words what runc says.
fn not_started(program: &str, error: &io::Error) -> io::Error {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "executable file not found in $PATH".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    io::Error::other(format!(
        "failed to exec in container: failed to start exec \"0123456789abcdef\": OCI runtime exec failed: exec failed: \
         unable to start container process: exec: \"{program}\": {why}: unknown"
    ))
}

fn on_pipes(container: &str, options: &ExecOptions, path: &str) -> io::Result<Exec> {
    let (program, arguments) = options.command.split_first().unwrap();
    let mut child = Command::new(program)
        .args(arguments)
        .env("CONTAINER", container)
        .env("PATH", path)
        .stdin(if options.stdin { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| not_started(program, &error))?;
    Ok(Exec {
        stdin: child.stdin.take().map(|stdin| Box::new(stdin) as _),
        stdout: Box::new(child.stdout.take().unwrap()),
        stderr: child.stderr.take().map(|stderr| Box::new(stderr) as _),
        resize: None,
        end: end_of(child, None),
    })
}

fn on_terminal(container: &str, options: &ExecOptions, path: &str) -> io::Result<Exec> {
    let (program, arguments) = options.command.split_first().unwrap();
    let (pty, pts) = pty_process::open().map_err(io::Error::other)?;
    let child = pty_process::Command::new(program)
        .args(arguments)
        .env("CONTAINER", container)
        .env("PATH", path)
        .env("TERM", "xterm")
        .kill_on_drop(true)
        .spawn_borrowed(&pts)
        .map_err(|error| not_started(program, &io::Error::other(error)))?;
    let (reader, mut writer) = pty.into_split();
    let (resize, mut sizes) = mpsc::channel::<TerminalSize>(4);
    let (input, mut typed) = tokio::io::duplex(64 << 10);
    tokio::spawn(async move {
        let mut buffer = vec![0; 16 << 10];
        loop {
            tokio::select! {
                size = sizes.recv() => match size {
                    Some(size) => writer.resize(pty_process::Size::new(size.height, size.width)).unwrap(),
                    None => return,
                },
                read = typed.read(&mut buffer) => match read {
                    Ok(length) if length > 0 && writer.write_all(&buffer[..length]).await.is_ok() => {}
                    _ => return,
                },
            }
        }
    });
    Ok(Exec {
        stdin: Some(Box::new(input)),
        stdout: Box::new(Screen(reader)),
        stderr: None,
        resize: Some(resize),
        end: end_of(child, Some(pts)),
    })
}

/// Tells the end of a program, whose terminal stays open so long; one for which nobody waits any more is killed.
fn end_of(mut child: Child, terminal: Option<pty_process::Pts>) -> oneshot::Receiver<io::Result<ExecEnd>> {
    let (mut sender, receiver) = oneshot::channel();
    tokio::spawn(async move {
        let ended = |status: ExitStatus| {
            status.signal().map_or_else(|| ExecEnd::Exited(status.code().unwrap()), ExecEnd::Signalled)
        };
        tokio::select! {
            status = child.wait() => {
                drop(terminal);
                drop(sender.send(status.map(ended)));
            }
            () = sender.closed() => child.kill().await.unwrap(),
        }
    });
    receiver
}

/// The output of a terminal; EIO, when nobody holds its other side any more, is its end (pty(7)).
struct Screen(pty_process::OwnedReadPty);

impl AsyncRead for Screen {
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
