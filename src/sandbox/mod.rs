//! The embedded cluster: an API server on loopback, a node that runs Pods as processes, and an offline model.
//!
//! Pods have addresses of their own on loopback and are supervised through `/proc`: there is a sandbox on Linux alone, and
//! what its model answers can be read everywhere.

#[cfg(target_os = "linux")]
pub mod apiserver;
#[cfg(target_os = "linux")]
pub mod definitions;
#[cfg(target_os = "linux")]
pub mod keeper;
#[cfg(target_os = "linux")]
pub mod kubeconfig;
#[cfg(target_os = "linux")]
mod lifecycle;
#[cfg(target_os = "linux")]
pub mod listener;
pub mod model;
#[cfg(target_os = "linux")]
pub mod node;
#[cfg(target_os = "linux")]
pub mod opencode_path;
#[cfg(target_os = "linux")]
mod provision;
#[cfg(target_os = "linux")]
mod recovery;
#[cfg(target_os = "linux")]
pub mod runtime;
#[cfg(target_os = "linux")]
pub mod state;
#[cfg(target_os = "linux")]
pub mod store;
#[cfg(target_os = "linux")]
pub mod tls;
#[cfg(target_os = "linux")]
pub mod workloads;

#[cfg(target_os = "linux")]
pub use lifecycle::{Running, Sandbox, SandboxOptions};

/// Runs the hidden stage of a sandbox that the arguments name; `None` when they name none.
#[cfg(target_os = "linux")]
pub fn dispatch(arguments: &[std::ffi::OsString]) -> Option<std::process::ExitCode> {
    keeper::dispatch(arguments).or_else(|| node::shim::dispatch(arguments))
}
