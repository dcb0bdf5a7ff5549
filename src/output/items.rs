//! Objects for programs, written as they come: a list of any length takes the memory of one object.
//!
//! The text is what kubectl prints of a `List`: items in the order in which they come, `metadata.resourceVersion` empty.
//! Templates and the user's own columns look at the whole list, and wait for it.

use serde_json::{Value, json};

use super::format::Format;
use super::printer::Printer;
use super::untrusted::{Untrusted, harmless_json};
use super::yaml::to_yaml;
use crate::error::{Error, Result};

/// Bytes that are written together.
const BLOCK: usize = 1 << 16;

/// `task.kubeopencode.io/NAME` of an object, as `-o name` writes it.
pub fn reference(object: &Value) -> String {
    let text = |pointer| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let group = text("/apiVersion").split_once('/').map_or("", |(group, _)| group);
    let (kind, name) = (text("/kind").to_ascii_lowercase(), text("/metadata/name"));
    if group.is_empty() { format!("{kind}/{name}") } else { format!("{kind}.{group}/{name}") }
}

/// A list that is being written.
pub struct Items<'a> {
    printer: &'a Printer,
    format: &'a Format,
    /// A `List`, even of one; else the object itself.
    list: bool,
    headers: bool,
    count: usize,
    block: String,
    /// What is written only when all is known.
    whole: Vec<Value>,
}

impl<'a> Items<'a> {
    /// In a format for programs; `headers` stand above the user's own columns.
    pub fn new(printer: &'a Printer, format: &'a Format, list: bool, headers: bool) -> Self {
        Self { printer, format, list, headers, count: 0, block: String::new(), whole: Vec::new() }
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds an object.
    pub fn add(&mut self, object: Value) -> Result<()> {
        match self.format {
            Format::Name => self.block.extend([Untrusted(&reference(&object)).text().as_ref(), "\n"]),
            Format::Json if self.list => {
                let start = "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n        ";
                self.block.push_str(if self.count == 0 { start } else { ",\n        " });
                self.block.push_str(&pretty(&object)?.replace('\n', "\n        "));
            }
            Format::Yaml if self.list => {
                self.block.push_str(if self.count == 0 { "apiVersion: v1\nitems:\n" } else { "" });
                self.block.push_str(&to_yaml(&Value::Array(vec![object]))?);
            }
            _ => self.whole.push(object),
        }
        self.count += 1;
        if self.block.len() >= BLOCK { self.flush() } else { Ok(()) }
    }

    /// Writes what is left.
    pub fn end(mut self) -> Result<()> {
        match self.format {
            Format::Name => {}
            Format::Json | Format::Yaml if self.list && self.count == 0 => {
                return self.printer.structured(&list_of(Vec::new()), self.format, self.headers);
            }
            Format::Json if self.list => self.block.push_str(
                "\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n",
            ),
            Format::Yaml if self.list => self.block.push_str("kind: List\nmetadata:\n  resourceVersion: \"\"\n"),
            format => {
                let items = std::mem::take(&mut self.whole);
                if !self.list {
                    return items.iter().try_for_each(|item| self.printer.structured(item, format, self.headers));
                }
                return self.printer.structured(&list_of(items), format, self.headers);
            }
        }
        self.flush()
    }

    fn flush(&mut self) -> Result<()> {
        self.printer.print(&std::mem::take(&mut self.block))
    }
}

/// A list of the kind that kubectl writes for several objects.
pub fn list_of(items: Vec<Value>) -> Value {
    json!({"apiVersion": "v1", "items": Value::Array(items), "kind": "List", "metadata": {"resourceVersion": ""}})
}

/// A value as kubectl writes JSON: indented by four blanks, without a final line feed.
pub(super) fn pretty(value: &Value) -> Result<String> {
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    serde::Serialize::serialize(value, &mut serializer).map_err(Error::unexpected)?;
    String::from_utf8(bytes).map(harmless_json).map_err(Error::unexpected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::printer_tests::captured;

    fn written(format: &Format, items: &[Value]) -> String {
        let (printer, out, _) = captured(false);
        let mut list = Items::new(&printer, format, true, true);
        for item in items {
            list.add(item.clone()).unwrap();
        }
        list.end().unwrap();
        out.text()
    }

    #[test]
    fn a_list_that_is_written_as_it_comes_is_the_list() {
        let items = [json!({"a": {"b": "x\ny"}, "c": []}), json!({"k": "v\u{1b}"})];
        for count in 0..=2 {
            let items = &items[..count];
            let list = json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}});
            for format in [Format::Json, Format::Yaml] {
                let (printer, out, _) = captured(false);
                printer.structured(&list, &format, true).unwrap();
                assert_eq!(written(&format, items), out.text());
            }
        }
    }

    #[test]
    fn names_are_a_line_each() {
        let task = json!({"apiVersion": "kubeopencode.io/v1alpha1", "kind": "Task", "metadata": {"name": "a\u{1b}"}});
        assert_eq!(written(&Format::Name, &[task]), "task.kubeopencode.io/a\\x1b\n");
        assert_eq!(written(&Format::JsonPath("{.items[*].k}".into()), &[json!({"k": 1}), json!({"k": 2})]), "1 2");
        assert_eq!(reference(&json!({"kind": "Pod", "metadata": {"name": "p"}})), "pod/p");
    }
}
