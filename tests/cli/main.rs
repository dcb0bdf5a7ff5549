//! The command line as its user sees it: stdout, stderr and exit status of the real program, each apart, in a hermetic
//! environment, against the sandbox's API server on loopback or a server that fails on purpose.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    clippy::unused_async,
    clippy::unused_self,
    reason = "tests"
)]

mod cluster;
mod container;
mod exec;
mod describe;
mod doctor;
mod fake;
mod faults;
mod generated;
mod help;
mod input;
mod install;
mod lists;
mod program;
mod rights;
mod shown;
mod signals;
mod texts;
mod waits;
mod work;
