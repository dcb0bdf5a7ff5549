//! What the user sees: results on stdout, everything else on stderr.
//!
//! No other room writes to stdout. Whatever came from the cluster or from an agent is [`Untrusted`] here: control
//! characters are made visible, on terminals and in pipes alike; only JSON and YAML (which escape) carry the raw text.

mod age;
mod count;
mod description;
mod failure;
pub mod format;
mod items;
pub mod jsonpath;
mod printer;
mod progress;
mod stream;
mod style;
mod table;
mod untrusted;
mod yaml;

pub use age::{age, span};
pub use count::count;
pub use description::Description;
pub use failure::{usage_error, wants_json};
pub use format::Format;
pub use items::{Items, list_of, reference};
pub use printer::{Printer, Streams};
pub use progress::Progress;
pub use stream::Stream;
pub use style::{ColorChoice, Tone};
pub use table::{Align, Table};
pub use untrusted::{Lines, Untrusted, harmless_json, log_line};
pub use yaml::{from_yaml, to_yaml};

#[cfg(test)]
pub(crate) use printer::tests as printer_tests;
