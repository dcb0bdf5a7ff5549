//! The `kubectl-opencode` program: parse, run, exit status.

use std::process::ExitCode;

#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    #[cfg(target_os = "linux")]
    if let Some(status) = kubectl_opencode::sandbox::dispatch(&arguments) {
        return status;
    }
    match kubectl_opencode::cli::parse(&arguments) {
        Ok(cli) => kubectl_opencode::commands::start(cli, &arguments),
        Err(error) => kubectl_opencode::output::usage_error(&error, &arguments),
    }
}
