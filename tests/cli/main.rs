//! The command line as its user sees it: stdout, stderr and exit status of the real program, each apart, in a hermetic
//! environment, against the sandbox's API server on loopback, a server that fails on purpose, or a whole sandbox with the
//! real opencode, which has to be on PATH.

#![allow(clippy::needless_pass_by_value, clippy::unused_async, clippy::unused_self, reason = "tests")]

#[cfg(test)]
mod closed;
#[cfg(test)]
mod cluster;
#[cfg(test)]
mod container;
#[cfg(test)]
mod exec;
#[cfg(test)]
mod describe;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod fake;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod first_agent;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod glance;
#[cfg(test)]
mod habits;
#[cfg(test)]
mod help;
#[cfg(test)]
mod hostile;
#[path = "../sandbox/home.rs"]
#[expect(dead_code, reason = "the tests of the sandbox itself use more of it")]
#[cfg(test)]
mod home;
#[cfg(test)]
mod input;
#[cfg(test)]
mod install;
#[cfg(test)]
mod leaves;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod people;
#[cfg(test)]
mod picture;
#[cfg(test)]
mod play;
#[cfg(test)]
mod making;
#[cfg(test)]
mod moments;
#[cfg(test)]
mod program;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod release;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod sandboxes;
#[cfg(test)]
mod script;
#[cfg(test)]
mod scripts;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod shown;
#[cfg(test)]
mod signals;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod story;
#[cfg(test)]
mod talks;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod tunnel;
#[cfg(test)]
mod verbs;
#[cfg(test)]
mod waits;
#[cfg(test)]
mod work;
