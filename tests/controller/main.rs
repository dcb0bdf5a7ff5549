//! The controllers against an API server in this process and an OpenCode server of the tests' own.

#[cfg(test)]
mod crash;
#[cfg(test)]
mod fake;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod gate;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod record;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod repos;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod walk;
#[cfg(test)]
mod world;
