//! What each command does. A command takes the [`Context`] and its arguments, writes its result through the printer, and
//! answers how the program ends.

mod agent;
mod agents;
mod answer;
mod approvals;
mod attach;
mod batch;
mod complete;
mod completion;
mod config;
mod confirm;
mod context;
mod controller;
mod create;
mod delete;
mod describe;
mod doctor;
mod events;
mod exec;
mod explain;
mod first_agent;
mod install;
mod list;
mod logs;
mod missed;
mod outcome;
mod play;
mod prompt;
mod record;
mod retry;
mod rights;
mod run;
mod send;
#[cfg(target_os = "linux")]
mod sandbox;
#[cfg(not(target_os = "linux"))]
#[path = "sandbox/unsupported.rs"]
mod sandbox;
mod schedule;
mod session;
mod settings;
mod signals;
mod status;
mod stop;
mod stuck;
mod target;
mod task;
mod task_pod;
mod template;
mod transcript;
mod tunnel;
mod version;
mod wait;
mod writes;

use std::ffi::OsString;
use std::process::ExitCode;

use tokio::runtime::Builder;

pub use context::{Context, api_error, asked, watch_failed};

use crate::cli::{Cli, Command};
use crate::error::{Code, Error, Result};
use crate::output::{self, Printer};

/// Runs a parsed command line to its end.
pub fn start(cli: Cli, arguments: &[OsString]) -> ExitCode {
    let connection = &cli.global.connection;
    let printer = Printer::new(cli.global.color, cli.global.quiet)
        .with_flags(&connection.cluster_words(), &connection.namespace_words());
    let json = output::wants_json(arguments);
    if cli.global.verbose > 0 {
        log_to_stderr(cli.global.verbose);
    }
    let context = Context::new(cli.global, printer);
    match run_command(&context, &cli.command) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            let error = context.with_what_remains(error);
            context.printer.done_waiting();
            if error.code != Code::OutputClosed {
                context.printer.failure(&error, json);
            }
            signals::end_as(error.code);
            ExitCode::from(error.code.exit_status())
        }
    }
}

/// The command's own work; the number is the exit status (the remote program's, for `attach` and `exec`).
///
/// What needs neither runtime nor cluster runs without them, so that it starts in a millisecond.
fn run_command(context: &Context, command: &Command) -> Result<u8> {
    match command {
        Command::Sandbox(command) => sandbox::run(context, command).map(|()| 0),
        Command::Version(args) => version::run(context, args).map(|()| 0),
        Command::Completion(args) => completion::script(context, args).map(|()| 0),
        Command::Complete(args) => wait_for(context, complete::complete(context, args)).map(|()| 0),
        Command::Generate(args) => completion::generate(args).map(|()| 0),
        Command::Explain(args) => explain::run(context, args).map(|()| 0),
        Command::Run(args) => wait_for(context, run::run(context, args)).map(|()| 0),
        Command::Attach(args) => wait_for(context, attach::run(context, &args.reference, &args.options)),
        Command::Exec(args) => wait_for(context, exec::run(context, args)),
        Command::Play(args) => wait_for(context, play::run(context, args)).map(|()| 0),
        Command::Tunnel(args) => wait_for(context, tunnel::run(context, args)).map(|()| 0),
        Command::Get(args) => wait_for(context, list::get(context, args)).map(|()| 0),
        Command::Task(command) => wait_for(context, task::dispatch(context, command)).map(|()| 0),
        Command::Session(command) => wait_for(context, session::dispatch(context, command)),
        Command::Config(command) => wait_for(context, config::dispatch(context, command)).map(|()| 0),
        Command::Controller(args) => serve(context, controller::run(context, args)).map(|()| 0),
        Command::Describe(args) => wait_for(context, describe::run(context, args)).map(|()| 0),
        Command::Doctor(args) => wait_for(context, doctor::run(context, args)).map(|()| 0),
        Command::Install(args) => wait_for(context, install::run(context, args)).map(|()| 0),
        Command::Template(command) => wait_for(context, template::dispatch(context, command)).map(|()| 0),
        Command::Schedule(command) => wait_for(context, schedule::dispatch(context, command)).map(|()| 0),
        Command::Status(args) => wait_for(context, status::run(context, args)).map(|()| 0),
        Command::Events(args) => wait_for(context, events::run(context, args)).map(|()| 0),
        Command::Approvals(args) => wait_for(context, approvals::run(context, args)).map(|()| 0),
        Command::Approve(args) => wait_for(context, approvals::approve(context, args)).map(|()| 0),
        Command::Reject(args) => wait_for(context, approvals::reject(context, args)).map(|()| 0),
        Command::Answer(args) => wait_for(context, approvals::answer(context, args)).map(|()| 0),
        Command::Agent(command) => wait_for(context, agent::dispatch(context, command)),
    }
}

/// Sends this program's log to stderr, for the commands that go on until they are told to stop.
fn log_to_stderr(verbose: u8) {
    let level = match verbose {
        0 => "warn,kubectl_opencode=info",
        1 => "info,kubectl_opencode=debug",
        _ => "debug,kubectl_opencode=trace",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    // A second subscriber is refused, and then the first one logs.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).try_init();
}

/// Runs a command that waits for others, until it ends or a signal arrives. One thread does: what reads keys and writes
/// output has threads of its own, and each further one costs memory and makes a key wait for it to wake.
fn wait_for<T>(context: &Context, command: impl Future<Output = Result<T>>) -> Result<T> {
    run_on(Builder::new_current_thread(), context, command)
}

/// As [`wait_for`], for a command that serves many at once.
fn serve<T>(context: &Context, command: impl Future<Output = Result<T>>) -> Result<T> {
    let mut threads = Builder::new_multi_thread();
    threads.worker_threads(2);
    run_on(threads, context, command)
}

fn run_on<T>(mut runtime: Builder, context: &Context, command: impl Future<Output = Result<T>>) -> Result<T> {
    // A second installation fails because of the first, and both are the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = runtime
        .enable_all()
        .build()
        .map_err(|error| Error::internal("cannot start the asynchronous runtime").caused_by(&error))?;
    let result = runtime.block_on(signals::until_signalled(context, command));
    if matches!(&result, Err(error) if matches!(error.code, Code::Interrupted | Code::Terminated)) {
        // Else it would wait for a thread that reads the terminal or a pipe, for as long as nothing comes.
        runtime.shutdown_background();
    }
    result
}
