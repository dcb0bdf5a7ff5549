//! The controllers against an API server in this process and an OpenCode server of the tests' own.

#[cfg(test)]
mod fake;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod world;
