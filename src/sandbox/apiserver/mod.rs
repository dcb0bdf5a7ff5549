//! The API server.

pub mod streams;
