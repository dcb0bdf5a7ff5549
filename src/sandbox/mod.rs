//! The embedded cluster: an API server on loopback, a node that runs Pods as processes, and an offline model.

pub mod apiserver;
pub mod definitions;
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
