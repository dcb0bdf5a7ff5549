//! Containers as processes: what is started ends with its sandbox, whatever it does to get away.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod supervision;
