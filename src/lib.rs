//! `kubectl opencode`: AI-agent work on Kubernetes, with what kubectl gives pods.
//!
//! A folder is a room; rooms only look down this list, never up.

pub mod commands;
pub mod cli;
pub mod sandbox;
pub mod controller;
pub mod terminal;
pub mod output;
pub mod cluster;
pub mod opencode;
pub mod api;
pub mod error;
