//! The user's terminal.
