//! Failures as a person sees them, in files `snapshots/NAME.txt`.

use kubectl_opencode::error::Error;

/// A failure's three kinds of lines, and its exit status.
pub fn told(what: &str, error: &Error) -> String {
    let line = |word: &str, text: &str| format!("{word}: {}\n", text.trim_end());
    let causes: Vec<_> = error.causes.iter().map(|cause| line("caused by", cause)).collect();
    let hint = error.hint.as_deref().map(|hint| line("hint", hint)).unwrap_or_default();
    let status = error.code.exit_status();
    format!("# {what}\n{}{}{hint}--- exit {status}\n", line("error", &error.message), causes.concat())
}

/// Asserts that these are the lines of the file `tests/cluster/snapshots/NAME.txt`.
#[track_caller]
pub fn is_as_in(name: &str, told: &[String]) {
    let file = format!("{}/tests/cluster/snapshots/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    snapbox::assert_data_eq!(told.join("\n"), snapbox::Data::read_from(file.as_ref(), None).raw());
}
