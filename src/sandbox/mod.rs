//! The embedded cluster: an API server on loopback, a node that runs Pods as processes, and an offline model.

pub mod apiserver;
pub mod model;
pub mod node;
pub mod runtime;
pub mod store;
