//! The node: processes that end with their sandbox whatever they do to get away, and whole lives of Pods and workloads.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cluster;
mod kubelet;
mod pods;
mod supervision;
mod workloads;
