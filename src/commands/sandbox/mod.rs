//! `sandbox VERB`: the embedded cluster, from the outside.

mod background;
mod logs;
mod start;

use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;

use super::confirm::confirmed;
use super::{Context, wait_for};
use crate::cli::sandbox::{ResetSandbox, SandboxCommand, SandboxKubeconfig, SandboxStatus, Which};
use crate::error::{Code, Error, Result};
use crate::output::{Format, Table};
use crate::sandbox::state::{AddedContext, DEFAULT_NAME, StateFolder};
use crate::sandbox::{keeper, kubeconfig};

/// How long an orderly stop may take: the Pods have 30 seconds, and then their end is forced.
const STOP: Duration = Duration::from_secs(60);
/// Between two looks at whether the sandbox is gone.
const LOOK: Duration = Duration::from_millis(50);

/// Runs a verb.
pub fn run(context: &Context, command: &SandboxCommand) -> Result<()> {
    match command {
        SandboxCommand::Start(args) => start::run(context, args),
        SandboxCommand::Stop(which) => wait_for(context, stop(context, which)),
        SandboxCommand::Status(args) => status(context, args),
        SandboxCommand::Reset(args) => wait_for(context, reset(context, args)),
        SandboxCommand::Kubeconfig(args) => print_kubeconfig(context, args),
        SandboxCommand::Logs(args) => wait_for(context, logs::run(context, args)),
    }
}

/// `--name NAME` where it has to be said.
fn named(folder: &StateFolder) -> String {
    if folder.name() == DEFAULT_NAME { String::new() } else { format!(" --name {}", folder.name()) }
}

fn existing(which: &Which) -> Result<StateFolder> {
    let folder = StateFolder::of(&which.name)?;
    if folder.exists()? {
        Ok(folder)
    } else {
        Err(Error::new(Code::NotFound, format!("there is no sandbox \"{}\"", folder.name()))
            .hint(format!("kubectl opencode sandbox start{}", named(&folder))))
    }
}

async fn stop(context: &Context, which: &Which) -> Result<()> {
    let folder = StateFolder::of(&which.name)?;
    if stop_running(context, &folder).await? {
        context.printer.note(&format!("sandbox \"{}\" stopped; what was created in it is kept", folder.name()));
        tell_current(context, &folder)?;
    } else {
        context.printer.note(&format!("sandbox \"{}\" does not run", folder.name()));
    }
    Ok(())
}

/// Says so where kubectl still means the sandbox that was stopped.
fn tell_current(context: &Context, folder: &StateFolder) -> Result<()> {
    for added in folder.settings()?.contexts {
        let current = kubeconfig::current_context(&added.kubeconfig).unwrap_or_default();
        if current.as_deref() == Some(&*folder.context()) {
            let back = added.previous.map(|name| format!("; to switch back: kubectl config use-context {name}"));
            let (name, file) = (folder.context(), added.kubeconfig.display());
            context.printer.note(&format!("context \"{name}\" is still current in {file}{}", back.unwrap_or_default()));
        }
    }
    Ok(())
}

/// Stops the sandbox and waits until it is gone; whether it ran.
async fn stop_running(context: &Context, folder: &StateFolder) -> Result<bool> {
    let Some(pid) = folder.running()? else { return Ok(false) };
    let keeper = keeper::of(pid);
    context.printer.waiting_for(&format!("waiting for sandbox \"{}\" to end its Pods", folder.name()));
    kill(Pid::from_raw(pid), Signal::SIGTERM).map_err(|errno| {
        Error::new(Code::InvalidConfiguration, format!("cannot stop the sandbox \"{}\" (pid {pid})", folder.name()))
            .caused_by(&errno)
            .hint(format!("kill {pid}"))
    })?;
    let deadline = Instant::now() + STOP;
    // Its keeper goes last, when nothing is left.
    while folder.running()?.is_some() || keeper.is_some_and(keeper::is_keeper) {
        if Instant::now() > deadline {
            return Err(Error::new(
                Code::Timeout,
                format!("the sandbox \"{}\" (pid {pid}) does not end", folder.name()),
            )
            .hint(format!("kill -9 {pid}; the next start cleans up after it")));
        }
        tokio::time::sleep(LOOK).await;
    }
    context.printer.done_waiting();
    Ok(true)
}

fn status(context: &Context, args: &SandboxStatus) -> Result<()> {
    let folder = existing(&args.which)?;
    let running = folder.running()?;
    let settings = folder.settings()?;
    let server = format!("https://127.0.0.1:{}", settings.port);
    let state = if running.is_some() { "Running" } else { "Stopped" };
    let model = if settings.offline_model { "offline" } else { "provider" };
    let value = json!({
        "name": folder.name(), "running": running.is_some(), "pid": running, "server": server,
        "context": folder.context(), "kubeconfig": folder.kubeconfig(), "folder": folder.path(),
        "log": folder.log(), "env": settings.env, "offlineModel": settings.offline_model,
    });
    match args.output.format() {
        Format::Name => context.printer.line(folder.name()),
        Format::Table | Format::Wide => {
            let mut table = Table::new(["Name", "State", "PID", "Server", "Model", "Kubeconfig"]);
            let pid = running.map_or_else(|| "<none>".to_owned(), |pid| pid.to_string());
            table.row([folder.name(), state, &pid, &server, model, &folder.kubeconfig().display().to_string()]);
            context.printer.print(&table.render(true, context.printer.colour()))
        }
        format => context.printer.structured(&value, &format, true),
    }
}

async fn reset(context: &Context, args: &ResetSandbox) -> Result<()> {
    let folder = StateFolder::of(&args.which.name)?;
    if !folder.exists()? {
        context.printer.note(&format!("there is no sandbox \"{}\"", folder.name()));
        return Ok(());
    }
    if !args.yes {
        let question =
            format!("Remove the sandbox \"{}\" with all agents, tasks, sessions and workspaces in it?", folder.name());
        if !confirmed(context, &question, "--yes").await? {
            context.printer.note("nothing was removed");
            return Ok(());
        }
    }
    stop_running(context, &folder).await?;
    let lock = folder.create_and_lock()?;
    let settings = folder.settings().unwrap_or_default();
    for AddedContext { kubeconfig: file, previous } in settings.contexts {
        if kubeconfig::remove_from(&file, &folder.context(), previous.as_deref())? {
            context.printer.note(&format!("context \"{}\" taken out of {}", folder.context(), file.display()));
        }
    }
    folder.remove(lock)?;
    context.printer.note(&format!("sandbox \"{}\" removed", folder.name()));
    Ok(())
}

fn print_kubeconfig(context: &Context, args: &SandboxKubeconfig) -> Result<()> {
    let folder = existing(&args.which)?;
    if args.path {
        return context.printer.line(&folder.kubeconfig().display().to_string());
    }
    let text = folder.read("kubeconfig")?.ok_or_else(|| {
        Error::new(Code::NotFound, format!("the sandbox \"{}\" has no kubeconfig yet", folder.name()))
            .hint(format!("kubectl opencode sandbox start{}", named(&folder)))
    })?;
    context.printer.print_bytes(&text)
}
