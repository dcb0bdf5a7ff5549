//! The embedded cluster: an API server on loopback, a node that runs Pods as processes, and an offline model.

pub mod apiserver;
pub mod definitions;
pub mod keeper;
pub mod kubeconfig;
mod lifecycle;
pub mod listener;
pub mod model;
pub mod node;
pub mod opencode_path;
mod provision;
mod recovery;
pub mod runtime;
pub mod state;
pub mod store;
pub mod tls;
pub mod workloads;

pub use lifecycle::{Running, Sandbox, SandboxOptions};

/// Runs the hidden stage of a sandbox that the arguments name; `None` when they name none.
pub fn dispatch(arguments: &[std::ffi::OsString]) -> Option<std::process::ExitCode> {
    keeper::dispatch(arguments).or_else(|| node::shim::dispatch(arguments))
}
