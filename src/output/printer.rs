//! The two streams of the program: stdout carries the result and nothing else, stderr everything else.
//!
//! A reader of stdout that goes away (`| head -1`) ends the command at once, silently and successfully: writing answers
//! [`crate::error::Code::OutputClosed`].

use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::failure;
use super::format::{Format, custom_columns};
use super::items::pretty;
use super::jsonpath::JsonPath;
use super::progress::Progress;
use super::style::{ColorChoice, Tone};
use super::table::Table;
use super::untrusted::{Lines, Untrusted};
use super::yaml::to_yaml;
use crate::error::{Code, Error, Result};

/// Commands for which it does not matter which cluster a user works with.
const WITHOUT_CLUSTER: [&str; 3] = ["explain ", "play ", "sandbox "];

/// What kubectl does in a cluster; `kubectl config` works on the kubeconfig itself.
const OF_KUBECTL: [&str; 10] =
    ["annotate ", "auth ", "create ", "delete ", "describe ", "edit ", "explain ", "get ", "label ", "version"];

/// What of it has to do with no namespace, or names its own.
const WITHOUT_NAMESPACE: [&str; 4] = ["auth ", "explain ", "get namespaces", "version"];

/// Which of the standard streams are terminals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Streams {
    /// Standard input.
    pub stdin: bool,
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
}

impl Streams {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self {
            stdin: io::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
        }
    }

    /// Whether a person can be asked: both where a question is shown and where it is answered are terminals.
    pub fn can_prompt(self) -> bool {
        self.stdin && self.stderr
    }
}

type Sink = Box<dyn Write + Send>;

/// Writes results and remarks.
pub struct Printer {
    stdout: Mutex<Sink>,
    stderr: Mutex<Sink>,
    progress: Progress,
    streams: Streams,
    color: ColorChoice,
    quiet: bool,
    /// Flags of the user's command line that the commands in our hints need, too: the namespace, and which cluster, as whom.
    flags: (String, String),
}

impl Printer {
    /// A printer on the streams of this process.
    pub fn new(color: ColorChoice, quiet: bool) -> Self {
        let streams = Streams::of_process();
        let stdout = BufWriter::with_capacity(1 << 16, io::stdout());
        Self::on(Box::new(stdout), Box::new(io::stderr()), streams, color, quiet)
    }

    /// A printer on other streams.
    pub fn on(stdout: Sink, stderr: Sink, streams: Streams, color: ColorChoice, quiet: bool) -> Self {
        let progress = Progress::new(streams.stderr && color.allows(streams.stderr) && !quiet);
        let flags = Default::default();
        Self { stdout: Mutex::new(stdout), stderr: Mutex::new(stderr), progress, streams, color, quiet, flags }
    }

    /// Puts these words into each command that hints and notes tell to type: which cluster, as whom; and the namespace.
    #[must_use]
    pub fn with_flags(mut self, cluster: &[String], namespace: &[String]) -> Self {
        let written = |words: &[String]| words.iter().flat_map(|word| [word, " "]).collect::<String>();
        self.flags = (written(namespace), written(cluster));
        self
    }

    /// A text whose commands name the same cluster, user and namespace as the user's own.
    pub fn to_type(&self, text: &str) -> String {
        let (namespace, cluster) = &self.flags;
        let mut pieces = text.split("kubectl ");
        let mut typed = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let begins = |words: &[&str], piece: &str| words.iter().any(|word| piece.starts_with(word));
            let command = piece.split(['`', ';']).next().unwrap_or_default();
            let (program, rest, in_cluster, in_namespace) = match piece.strip_prefix("opencode ") {
                Some(rest) => ("kubectl opencode ", rest, !begins(&WITHOUT_CLUSTER, rest), true),
                None => (
                    "kubectl ",
                    piece,
                    begins(&OF_KUBECTL, piece),
                    !begins(&WITHOUT_NAMESPACE, piece) && !command.contains(" -n "),
                ),
            };
            typed.push_str(program);
            typed.push_str(if in_cluster && in_namespace { namespace } else { "" });
            typed.push_str(if in_cluster { cluster } else { "" });
            typed.push_str(rest);
        }
        typed
    }

    /// Which streams are terminals.
    pub fn streams(&self) -> Streams {
        self.streams
    }

    /// Whether remarks are not wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether results are coloured.
    pub fn colour(&self) -> bool {
        self.color.allows(self.streams.stdout)
    }

    /// Writes a piece of the result, as it is, and sends it on at once.
    ///
    /// # Errors
    ///
    /// `output_closed` when nobody reads any more, `invalid_configuration` when it cannot be written (disk full).
    pub fn print(&self, text: &str) -> Result<()> {
        self.print_bytes(text.as_bytes())
    }

    /// As [`Printer::print`], for bytes that need not be text.
    pub fn print_bytes(&self, bytes: &[u8]) -> Result<()> {
        let write = || {
            let mut stdout = self.stdout.lock().unwrap_or_else(PoisonError::into_inner);
            stdout.write_all(bytes)?;
            stdout.flush()
        };
        self.progress.suspend(write).map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Error::output_closed(),
            _ => Error::new(Code::InvalidConfiguration, "cannot write to standard output").caused_by(&error),
        })
    }

    /// Writes one line of the result.
    pub fn line(&self, text: &str) -> Result<()> {
        self.print(&format!("{text}\n"))
    }

    /// Writes a value as indented JSON, as kubectl does.
    pub fn json(&self, value: &Value) -> Result<()> {
        self.line(&pretty(value)?)
    }

    /// Writes a value as YAML.
    pub fn yaml(&self, value: &Value) -> Result<()> {
        self.print(&to_yaml(value)?)
    }

    /// Writes an object or a list as `-o` asks: JSON, YAML, a `JSONPath` template, or the user's own columns.
    ///
    /// # Errors
    ///
    /// `usage` for a format that needs more than the object itself: tables and names.
    pub fn structured(&self, object: &Value, format: &Format, headers: bool) -> Result<()> {
        match format {
            Format::Json => self.json(object),
            Format::Yaml => self.yaml(object),
            Format::JsonPath(template) => {
                let failed = |why| Error::usage(format!("error executing jsonpath {template:?}")).because(why);
                let text = JsonPath::parse(template).and_then(|path| path.render(object)).map_err(failed)?;
                // A program wants the bytes; a terminal would obey them.
                if self.streams.stdout { self.print(&Lines(&text).text()) } else { self.print(&text) }
            }
            Format::CustomColumns(columns) => self.own_columns(object, columns, headers),
            Format::Name | Format::Table | Format::Wide => {
                Err(Error::usage("this is printed as text, json, yaml, jsonpath or custom-columns"))
            }
        }
    }

    /// A table of the user's own columns; what is absent is `<none>`, as in kubectl.
    fn own_columns(&self, object: &Value, columns: &str, headers: bool) -> Result<()> {
        let columns = custom_columns(columns).map_err(Error::usage)?;
        let mut table = Table::new(columns.iter().map(|(header, _)| header.as_str()));
        let items = object.get("items").and_then(Value::as_array);
        for item in items.map_or_else(|| std::slice::from_ref(object), Vec::as_slice) {
            table.row(columns.iter().map(|(_, path)| match path.render(item) {
                Ok(text) if !text.is_empty() => text,
                _ => "<none>".to_owned(),
            }));
        }
        self.print(&table.render(headers, false))
    }

    /// Says on stderr what happens or what to do next, unless `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.remark(&Lines(&self.to_type(text)).to_string());
        }
    }

    /// Says on stderr that something is not as it should be.
    pub fn warn(&self, text: &str) {
        let word = Tone::Waiting.paint("warning:", self.color.allows(self.streams.stderr));
        self.remark(&format!("{word} {}", Untrusted(text)));
    }

    /// Asks on stderr, also if remarks are not wanted; the answer is typed behind it.
    pub fn ask(&self, question: &str) {
        self.write_remark(&format!("{} ", Untrusted(question)));
    }

    /// Says on stderr what the command waits for: a line that is replaced on a terminal, one line for each change elsewhere.
    pub fn waiting_for(&self, text: &str) {
        if !self.quiet && self.progress.show(&Untrusted(text).text()) {
            self.remark(&Untrusted(text).text());
        }
    }

    /// Takes the line of [`Printer::waiting_for`] away.
    pub fn done_waiting(&self) {
        self.progress.clear();
    }

    /// Has the line of [`Printer::waiting_for`] keep away from a question that stands in its place, until told otherwise.
    pub fn pause_waiting(&self, paused: bool) {
        if paused {
            self.progress.pause();
        } else {
            self.progress.resume();
        }
    }

    /// Shows a failure on stderr: `error:`, `caused by:`, `hint:`, or one JSON object.
    pub fn failure(&self, error: &Error, json: bool) {
        self.progress.clear();
        let error = Error { hint: error.hint.as_deref().map(|hint| self.to_type(hint)), ..error.clone() };
        let text = if json {
            failure::to_json(&error)
        } else {
            failure::to_text(&error, self.color.allows(self.streams.stderr))
        };
        self.remark(&text);
    }

    fn remark(&self, text: &str) {
        self.write_remark(&format!("{text}\n"));
    }

    fn write_remark(&self, text: &str) {
        self.progress.suspend(|| {
            if let Ok(mut stderr) = self.stderr.lock() {
                // A remark that cannot be written has nowhere to be complained about.
                let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
            }
        });
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::Arc;

    /// A stream that keeps what was written, and can be closed as a pipe is.
    #[derive(Clone, Default)]
    pub(crate) struct Capture {
        bytes: Arc<Mutex<Vec<u8>>>,
        closed: Arc<std::sync::atomic::AtomicBool>,
    }

    impl Capture {
        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.bytes.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Capture {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.closed.load(std::sync::atomic::Ordering::SeqCst) {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.bytes.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    pub(crate) fn captured(quiet: bool) -> (Printer, Capture, Capture) {
        let (out, err) = (Capture::default(), Capture::default());
        let printer =
            Printer::on(Box::new(out.clone()), Box::new(err.clone()), Streams::default(), ColorChoice::Auto, quiet);
        (printer, out, err)
    }

    pub(crate) fn on_terminal() -> (Printer, Capture, Capture) {
        let (out, err) = (Capture::default(), Capture::default());
        let streams = Streams { stdin: true, stdout: true, stderr: false };
        let printer = Printer::on(Box::new(out.clone()), Box::new(err.clone()), streams, ColorChoice::Never, false);
        (printer, out, err)
    }

    #[test]
    fn results_and_remarks_go_apart() {
        let (printer, out, err) = captured(false);
        printer.line("task.kubeopencode.io/a").unwrap();
        printer.note("follow it");
        printer.waiting_for("waiting");
        printer.waiting_for("waiting");
        printer.warn("odd\x1b[2J");
        assert_eq!(out.text(), "task.kubeopencode.io/a\n");
        assert_eq!(err.text(), "follow it\nwaiting\nwarning: odd\\x1b[2J\n");
    }

    #[test]
    fn quiet_leaves_warnings_and_failures() {
        let (printer, _, err) = captured(true);
        printer.note("follow it");
        printer.waiting_for("waiting");
        printer.warn("odd");
        assert_eq!(err.text(), "warning: odd\n");
    }

    #[test]
    fn commands_to_type_name_the_same_cluster() {
        let (printer, _, err) = captured(false);
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let printer = printer.with_flags(&words(&["--context", "'my ctx'"]), &words(&["-n", "team"]));
        printer.note("see: kubectl opencode task list");
        let error = Error::usage("no").hint("kubectl auth can-i get pods -n team");
        printer.failure(&error, false);
        assert_eq!(
            err.text(),
            "see: kubectl opencode -n team --context 'my ctx' task list\nerror: no\n\
             hint: kubectl --context 'my ctx' auth can-i get pods -n team\n"
        );
        let typed = |text: &str| printer.to_type(text).replace("--context 'my ctx'", "-C");
        for (text, expected) in [
            ("mark one: kubectl label agents a b=true", "mark one: kubectl -n team -C label agents a b=true"),
            (
                "`kubectl get pods -n system`; kubectl edit x",
                "`kubectl -C get pods -n system`; kubectl -n team -C edit x",
            ),
            ("kubectl get namespaces", "kubectl -C get namespaces"),
            ("kubectl config get-contexts", "kubectl config get-contexts"),
            ("kubectl shows the others", "kubectl shows the others"),
            ("`kubectl opencode explain rbac` tells", "`kubectl opencode explain rbac` tells"),
        ] {
            assert_eq!(typed(text), expected);
        }
    }

    #[test]
    fn a_closed_pipe_is_told_apart() {
        let (printer, out, _) = captured(false);
        out.closed.store(true, std::sync::atomic::Ordering::SeqCst);
        let error = printer.line("x").unwrap_err();
        assert_eq!((error.code, error.code.exit_status()), (Code::OutputClosed, 0));
    }

    #[test]
    fn templates_and_own_columns_are_kubectls() {
        let list =
            serde_json::json!({"items": [{"metadata": {"name": "a\u{1b}"}}, {"metadata": {"name": "b", "x": 1}}]});
        let (printer, out, _) = captured(false);
        printer.structured(&list, &Format::JsonPath("{.items[*].metadata.name}".into()), true).unwrap();
        assert_eq!(out.text(), "a\u{1b} b");
        let (printer, out, _) = on_terminal();
        printer.structured(&list, &Format::JsonPath("{.items[0].metadata.name}".into()), true).unwrap();
        assert_eq!(out.text(), "a\\x1b");
        let (printer, out, _) = captured(false);
        printer.structured(&list, &Format::CustomColumns("NAME:.metadata.name,X:.metadata.x".into()), true).unwrap();
        assert_eq!(out.text(), "NAME    X\na\\x1b   <none>\nb       1\n");
        assert!(printer.structured(&list, &Format::JsonPath("{.nothing}".into()), true).is_err());
    }

    #[test]
    fn json_is_indented_as_kubectl_does() {
        let (printer, out, _) = captured(false);
        printer.json(&serde_json::json!({"a": [1], "b": {}})).unwrap();
        assert_eq!(out.text(), "{\n    \"a\": [\n        1\n    ],\n    \"b\": {}\n}\n");
    }
}
