//! `sandbox start`.

use super::background::{self, Failure, Ready, Report};
use super::named;
use crate::cli::sandbox::StartSandbox;
use crate::commands::confirm::confirmed;
use crate::commands::{Context, wait_for};
use crate::error::{Error, Result};
use crate::sandbox::kubeconfig::{self, Access};
use crate::sandbox::state::StateFolder;
use crate::sandbox::{Sandbox, SandboxOptions};

/// Starts the sandbox in the background, or here.
pub(super) fn run(context: &Context, args: &StartSandbox) -> Result<()> {
    let folder = StateFolder::of(&args.which.name)?;
    if args.kept {
        background::leave_keeper()?;
    } else if args.foreground {
        return Err(background::become_keeper());
    }
    if args.background_child {
        let started = wait_for(context, in_foreground(context, args, folder));
        if let Err(error) = &started {
            // Once it has been ready nobody reads this any more, and the log has the error too.
            let _ = report(context, &Report::Error(Failure::from(error)));
        }
        return started;
    }
    if args.foreground {
        return wait_for(context, in_foreground(context, args, folder));
    }
    if asks_for_context_alone(args)
        && let Some(pid) = folder.running()?
    {
        context.printer.note(&format!("sandbox \"{}\" runs already (pid {pid})", folder.name()));
        return wait_for(context, offer_context(context, args, &folder)).map(drop);
    }
    context.printer.waiting_for(&format!("starting sandbox \"{}\"", folder.name()));
    let ready = background::start(args, &folder, context.global.verbose)?;
    context.printer.done_waiting();
    wait_for(context, tell(context, args, &folder, &ready))
}

/// Whether a sandbox that runs already can do what is asked.
fn asks_for_context_alone(args: &StartSandbox) -> bool {
    args.set_context && args.port.is_none() && args.opencode.is_none() && args.env.is_empty() && !args.offline_model
}

async fn in_foreground(context: &Context, args: &StartSandbox, folder: StateFolder) -> Result<()> {
    super::super::log_to_stderr(context.global.verbose);
    let stop = context.cancelled_by_signal();
    let options = SandboxOptions {
        folder: folder.clone(),
        port: args.port,
        opencode: args.opencode.clone(),
        offline_model: args.offline_model,
        env: args.env.clone(),
        session_controller: !args.no_session_controller,
    };
    let mut running = Sandbox::start(options).await?;
    let ready = Ready { server: running.access.server.clone(), opencode: running.opencode.is_some() };
    if args.background_child {
        report(context, &Report::Ready(ready))?;
    } else {
        tokio::select! {
            told = tell(context, args, &folder, &ready) => {
                told?;
                context.printer.note("stop it with ctrl-c");
            }
            () = stop.cancelled() => {}
        }
    }
    let log = async {
        if args.background_child { background::keep_log_small(&folder).await } else { std::future::pending().await }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        never = log => match never {},
        error = running.failure() => {
            drop(running.stop().await);
            return Err(error.hint(format!("kubectl opencode sandbox start{}", named(&folder))));
        }
    }
    if !args.background_child {
        context.printer.waiting_for("ending the Pods");
    }
    // The end of the process gives it up, so that whoever waits for the lock finds nothing of us left.
    std::mem::forget(running.stop().await);
    context.printer.done_waiting();
    Ok(())
}

/// One line, and only one: the parent reads no more.
fn report(context: &Context, report: &Report) -> Result<()> {
    context.printer.line(&serde_json::to_string(report).map_err(Error::unexpected)?)
}

async fn tell(context: &Context, args: &StartSandbox, folder: &StateFolder, ready: &Ready) -> Result<()> {
    let printer = &context.printer;
    if !ready.opencode {
        printer.warn("opencode was not found: agents will not become ready");
        printer.note(
            "  install it (npm install -g opencode-ai), or name it with --opencode FILE or KUBECTL_OPENCODE_OPENCODE",
        );
    }
    printer.note(&format!(
        "sandbox \"{}\" is ready at {}\nAgents run as ordinary processes under your user account and can do whatever you can. Not for production.",
        folder.name(),
        ready.server,
    ));
    let is_current = offer_context(context, args, folder).await?;
    let export = format!("  export KUBECONFIG={}\n", folder.kubeconfig().display());
    printer.note(&format!(
        "\n{}  kubectl opencode agent create dev --wait\n  kubectl opencode run 'say hello' --agent dev\n",
        if is_current { "" } else { &export },
    ));
    Ok(())
}

/// Adds the context to the user's kubeconfig: if told so, or if a person says yes. Whether it is the current one there.
async fn offer_context(context: &Context, args: &StartSandbox, folder: &StateFolder) -> Result<bool> {
    refresh_contexts(context, folder)?;
    let user = kubeconfig::of_user()?;
    let user = std::path::absolute(&user).unwrap_or(user);
    if user == folder.kubeconfig() {
        return Ok(true);
    }
    let is_current =
        || kubeconfig::current_context(&user).is_ok_and(|current| current.as_deref() == Some(&*folder.context()));
    let mut settings = folder.settings()?;
    if !args.set_context {
        let asked_before = settings.asked_for_context;
        if asked_before || context.printer.is_quiet() || !context.printer.streams().can_prompt() {
            return Ok(is_current());
        }
        settings.asked_for_context = true;
        folder.keep(&settings)?;
        let question =
            format!("Add the context \"{}\" to {} and make it the current one?", folder.context(), user.display());
        if !confirmed(context, &question, "--set-context").await? {
            return Ok(is_current());
        }
    }
    let previous = Access::of(folder)?.add_to(&user)?.filter(|name| *name != folder.context());
    context.printer.note(&format!("context \"{}\" is current in {}", folder.context(), user.display()));
    if let Some(previous) = &previous {
        context.printer.note(&format!("to switch back: kubectl config use-context {previous}"));
    }
    settings.added_to(&user, previous);
    folder.keep(&settings).map(|()| true)
}

/// Brings the context up to date where an earlier start put it: the port may be another one now.
fn refresh_contexts(context: &Context, folder: &StateFolder) -> Result<()> {
    let access = Access::of(folder)?;
    for added in folder.settings()?.contexts {
        let file = added.kubeconfig.display();
        match access.refresh(&added.kubeconfig) {
            Ok(true) => {
                context.printer.note(&format!("context \"{}\" in {file} is up to date again", folder.context()));
            }
            Ok(false) => {}
            // The sandbox runs all the same.
            Err(error) => {
                context.printer.warn(&format!("context \"{}\" in {file} is not up to date: {error}", folder.context()));
            }
        }
    }
    Ok(())
}
