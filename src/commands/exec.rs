//! `exec`: runs a command where an agent works, and ends with the command's own code.
//!
//! The command runs in the container of the agent's server, in the directory of the session or task that was named; an
//! agent without a conversation means the container's own directory. The API knows no directory, so a shell goes there and
//! becomes the command (`cd -- DIRECTORY && exec COMMAND`), which keeps a shell's codes: 126 for what cannot be executed,
//! 127 for what is not there. Without a shell in between these are read from the words of the container's runtime.
//!
//! Without a terminal the three streams stay apart and carry any bytes. With one (`-it`), what is typed goes as it is,
//! ctrl-c included, and the terminal is put back on every way out.

use std::convert::Infallible;

use futures::FutureExt as _;
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use tokio::sync::Notify;

use super::attach::heartbeat;
use super::record::{self, Screen};
use super::{Context, agents, target};
use crate::api::Task;
use crate::api::kinds::{AGENT, Kind, SESSION, TASK};
use crate::api::names::{SERVER_CONTAINER, TASK_CONTAINER, task_pod};
use crate::cli;
use crate::cluster::{self, Cluster, Ended, Exec, ExecInput, ExecOutput, Request, Said};
use crate::error::{Code, Error, Result};
use crate::output::Stream;
use crate::terminal::{Origin, OutputFilter, Signal, Terminal};

/// Exit status for what cannot be executed, as of every shell.
const NOT_EXECUTABLE: u8 = 126;
/// Exit status for what is not there, as of every shell.
const NO_COMMAND: u8 = 127;
/// Goes to its first argument and becomes the rest.
const IN_DIRECTORY: &str = r#"cd -- "$1" && shift && exec "$@""#;
/// Longest wait for a terminal to take some of the last output.
const LAST_OUTPUT: std::time::Duration = std::time::Duration::from_secs(1);

/// Runs a command; the number is its exit status.
pub async fn run(context: &Context, args: &cli::exec::Exec) -> Result<u8> {
    let tty = wants_terminal(context, args);
    if args.record.record.is_some() && !tty {
        return Err(Error::usage("there is no terminal to record").hint("--record goes with -it, on a terminal"));
    }
    let recording = record::file(&args.record)?;
    let place = Place::find(context, args).await?;
    // What is typed or piped in belongs to the command: a credential plugin must not read it.
    let cluster = context.cluster().await?;
    let cluster = if args.stdin { cluster.without_stdin().await? } else { cluster.clone() };
    let _heartbeat = place.agent.as_deref().map(|agent| heartbeat(&cluster, agent));
    let exec = place.exec(&cluster, args, tty);
    let (input, output) = exec.start(&cluster.client).await.map_err(|error| no_container(error, args))?;
    let screen = Screen::begin(context, recording, &args.record, &args.reference.reference)?;
    let terminal = screen.terminal();
    let ended = if tty {
        let ended = on_terminal(terminal, &input, output).await;
        let status = match &ended {
            Ok(End::Command(Ended::Exited(status))) => Some(*status),
            _ => None,
        };
        screen.finish(context, status).await;
        ended?
    } else {
        context.leaves_behind(
            format!("the command may go on in container \"{}\" of Pod \"{}\"", exec.container, exec.pod),
            "give it a terminal with -it, so that ctrl-c reaches it",
        );
        on_pipes(context, terminal, args.stdin.then_some(&input), output).await?
    };
    match ended {
        End::Command(Ended::Exited(code)) => {
            if code != 0 {
                context.printer.note(&format!("command terminated with exit code {code}"));
            }
            Ok(u8::try_from(code & 0xff).unwrap_or(u8::MAX))
        }
        End::Command(Ended::Failed(words)) => not_run(context, &exec, &place, words),
        End::Signal(signal) => {
            terminal.end_by(signal);
            Err(Error::new(Code::Terminated, if signal == Signal::HangUp { "hung up" } else { "quit" }))
        }
    }
}

/// Whether the command gets a terminal; as in kubectl it gets none where there is none on this side.
fn wants_terminal(context: &Context, args: &cli::exec::Exec) -> bool {
    if args.tty && !args.stdin {
        context.printer.warn("-t goes with -i; the command gets no terminal");
    } else if args.tty && !context.printer.streams().stdin {
        context.printer.warn("Unable to use a TTY - input is not a terminal or the right kind of file");
    }
    args.tty && args.stdin && context.printer.streams().stdin
}

/// Where a command runs.
struct Place {
    /// The agent, unless it is the Pod of a task that has none.
    agent: Option<String>,
    pod: String,
    container: String,
    /// The container's own if none.
    directory: Option<String>,
}

impl Place {
    async fn find(context: &Context, args: &cli::exec::Exec) -> Result<Self> {
        let typed = args.reference.reference.as_str();
        let (word, name) = typed.split_once('/').unwrap_or((SESSION.noun, typed));
        let kind = Kind::from_word(word);
        if kind == Some(&AGENT) && args.reference.session.is_none() {
            return Self::of_agent(context, name.to_owned(), None).await;
        }
        if kind == Some(&TASK) {
            let task: Task = agents::get(context, &TASK, name).await?;
            if target::agent_of(&task).is_none() {
                return Self::of_task(context, &task).await;
            }
        }
        let found = target::resolve(context, &SESSION, &args.reference).await?;
        let directory = found.client.session(&found.session).await?.directory;
        Self::of_agent(context, found.agent, Some(directory).filter(|directory| !directory.is_empty())).await
    }

    async fn of_agent(context: &Context, agent: String, directory: Option<String>) -> Result<Self> {
        let cluster = context.cluster().await?;
        let server = cluster::server_pod(&cluster.client, &cluster.namespace, &agent).await?;
        Ok(Self { agent: Some(agent), pod: server.pod, container: SERVER_CONTAINER.to_owned(), directory })
    }

    /// The Pod of a task that runs in one of its own.
    async fn of_task(context: &Context, task: &Task) -> Result<Self> {
        let cluster = context.cluster().await?;
        let name = task.metadata.name.as_deref().unwrap_or_default();
        let known = task.status.as_ref().and_then(|status| status.pod_name.clone());
        let pod = known.unwrap_or_else(|| task_pod(name));
        let pods: Api<Pod> = Api::namespaced(cluster.client.clone(), &cluster.namespace);
        let asked = Request::new("get", "pods").namespace(&cluster.namespace).name(&pod);
        let found = pods.get(&pod).await.map_err(|error| cluster::api_error(error, &asked))?;
        let phase = found.status.and_then(|status| status.phase).unwrap_or_default();
        if phase != "Running" {
            return Err(Error::new(Code::AgentUnavailable, format!("task \"{name}\" does not run now"))
                .because(format!("its Pod \"{pod}\" is {phase}"))
                .hint(format!("kubectl opencode task logs {name}")));
        }
        Ok(Self { agent: None, pod, container: TASK_CONTAINER.to_owned(), directory: None })
    }

    /// The command that `args` asks for.
    fn exec(&self, cluster: &Cluster, args: &cli::exec::Exec, tty: bool) -> Exec {
        // The directory is one of the server's container, and may be absent from any other.
        let other = args.container.as_ref().filter(|container| **container != self.container);
        let command = match (&self.directory, other) {
            (Some(directory), None) => {
                let words = ["sh", "-c", IN_DIRECTORY, "sh", directory.as_str()].map(str::to_owned);
                words.into_iter().chain(args.command.iter().cloned()).collect()
            }
            _ => args.command.clone(),
        };
        Exec {
            namespace: cluster.namespace.clone(),
            pod: self.pod.clone(),
            container: args.container.clone().unwrap_or_else(|| self.container.clone()),
            command,
            stdin: args.stdin,
            tty,
        }
    }
}

/// A refusal because of the container's name, with what to do about it.
fn no_container(error: Error, args: &cli::exec::Exec) -> Error {
    match error.code {
        Code::InvalidConfiguration if args.container.is_some() => error.hint("leave -c out for the agent's own"),
        _ => error,
    }
}

/// How our part ended.
enum End {
    Command(Ended),
    Signal(Signal),
}

/// Carries the three streams until the command ends.
async fn on_pipes(
    context: &Context,
    terminal: &dyn Terminal,
    input: Option<&ExecInput>,
    mut output: ExecOutput,
) -> Result<End> {
    let (mut stdout, mut stderr) = (Stream::stdout()?, Stream::stderr()?);
    let show = async {
        loop {
            match output.next().await.map_err(|error| lost(&error))? {
                Said::Stdout(bytes) => stdout.write(bytes).await?,
                Said::Stderr(bytes) => stderr.write(bytes).await?,
                Said::Ended(ended) => break Ok::<_, Error>(ended),
            }
        }
    };
    let feed = async {
        if let Some(input) = input
            && feed(terminal, input).await == Fed::WithoutEnd
        {
            context.printer.warn("this cluster cannot pass on the end of input, which the command may wait for");
        }
        std::future::pending::<Infallible>().await
    };
    let ended = tokio::select! {
        ended = show => ended?,
        never = feed => match never {},
    };
    stdout.finish().await?;
    stderr.finish().await?;
    Ok(End::Command(ended))
}

/// Carries the terminal until the command ends or a signal ends us.
async fn on_terminal(terminal: &dyn Terminal, input: &ExecInput, mut output: ExecOutput) -> Result<End> {
    let trouble = |error| Error::internal("cannot use the terminal").caused_by(&error);
    let mut signals = terminal.signals().map_err(trouble)?;
    let mode = terminal.raw().map_err(trouble)?;
    let screen = terminal.output();
    let changed = Notify::new();
    changed.notify_one();
    let resize = async {
        loop {
            changed.notified().await;
            let size = terminal.size();
            if input.resize(size.rows, size.cols).await.is_err() {
                // A broken link is told by the output's side.
                std::future::pending::<()>().await;
            }
        }
    };
    let show = async {
        let mut filter = OutputFilter::default();
        loop {
            let bytes = match output.next().await.map_err(|error| lost(&error))? {
                Said::Stdout(bytes) | Said::Stderr(bytes) => bytes,
                Said::Ended(ended) => break Ok::<_, Error>(ended),
            };
            let room = screen.room().await.map_err(|_| Error::output_closed())?;
            room.write(filter.push(&bytes, Origin::Live));
        }
    };
    // The first size goes before the first key. None of these waits for another: a command may take nothing or say nothing.
    let (mut resize, mut show) = (std::pin::pin!(resize), std::pin::pin!(show));
    let mut feed = std::pin::pin!(feed(terminal, input).fuse());
    let end = loop {
        let happened = tokio::select! {
            biased;
            happened = signals.recv() => happened.unwrap_or(Signal::HangUp),
            ended = &mut show => break ended.map(End::Command),
            () = &mut resize => continue,
            _ = &mut feed => continue,
        };
        match happened {
            Signal::Resized => changed.notify_one(),
            Signal::Stop => {
                if terminal.suspend(&mode).is_err() {
                    break Ok(End::Signal(Signal::HangUp));
                }
                changed.notify_one();
            }
            signal => break Ok(End::Signal(signal)),
        }
    };
    // What came is shown before the terminal is given back; one that takes nothing is not waited for.
    screen.drain(LAST_OUTPUT).await;
    drop(mode);
    end
}

/// Whether the command was told that its input ended.
#[derive(PartialEq, Eq)]
enum Fed {
    ToTheEnd,
    WithoutEnd,
}

/// Passes on what is typed or piped in, and its end. A broken link is told by the output's side.
async fn feed(terminal: &dyn Terminal, input: &ExecInput) -> Fed {
    let mut typed = terminal.input();
    while let Some(bytes) = typed.recv().await {
        if input.send(&bytes).await.is_err() {
            return Fed::ToTheEnd;
        }
    }
    match input.close().await {
        Ok(false) => Fed::WithoutEnd,
        Ok(true) | Err(_) => Fed::ToTheEnd,
    }
}

fn lost(error: &std::io::Error) -> Error {
    let message = "the link to the command is lost; the command may have ended, or go on without us";
    Error::new(Code::LinkLost, message).caused_by(error)
}

/// The command did not run: says why, in the words of the container's runtime, and ends as a shell would.
fn not_run(context: &Context, exec: &Exec, place: &Place, words: String) -> Result<u8> {
    let program = exec.command.first().map(String::as_str).unwrap_or_default();
    let mut error =
        Error::new(Code::Unsupported, format!("cannot run `{program}` in container \"{}\"", exec.container));
    if let (Some(_), Some(agent)) = (&place.directory, &place.agent) {
        let hint = format!("kubectl opencode exec agent/{agent} -- … needs no shell, but goes to no directory");
        error = error.hint(hint);
    }
    match shell_status(&words) {
        Some(status) => {
            context.printer.failure(&error.because(words), false);
            Ok(status)
        }
        None => Err(error.because(words)),
    }
}

/// The status with which a shell ends that cannot run a program, by the words of runc and crun.
fn shell_status(words: &str) -> Option<u8> {
    let said = |text: &str| words.contains(text);
    if said("executable file not found") || said("no such file or directory") || said("No such file or directory") {
        Some(NO_COMMAND)
    } else if said("permission denied") || said("Permission denied") || said("exec format error") {
        Some(NOT_EXECUTABLE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_cannot_run_ends_as_in_a_shell() {
        let runc = "OCI runtime exec failed: exec failed: unable to start container process: exec: \"nope\": ";
        assert_eq!(shell_status(&format!("{runc}executable file not found in $PATH: unknown")), Some(127));
        assert_eq!(shell_status(&format!("{runc}stat /x: no such file or directory: unknown")), Some(127));
        assert_eq!(shell_status(&format!("{runc}permission denied: unknown")), Some(126));
        assert_eq!(shell_status("Internal error occurred: unable to upgrade connection: container not found"), None);
    }
}
