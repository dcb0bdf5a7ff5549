//! Where prompts and manifests come from: an argument, a file, standard input.

use std::io::Read as _;
use std::path::Path;

use serde_json::Value;

use crate::api::kinds::Kind;
use crate::error::{Code, Error, Result};
use crate::output::from_yaml;

/// How much is read, and what is said of more.
#[derive(Clone, Copy)]
struct Limit<'a> {
    /// Bytes.
    most: u64,
    why: &'a str,
    hint: Option<&'static str>,
}

const CONVERSATION: Limit<'_> = Limit { most: 64 << 20, why: "a conversation may have 64 MiB", hint: None };
/// The server takes 30 MB in one request, and a file to send along travels as Base64.
const ATTACHMENT: Limit<'_> = Limit { most: 16 << 20, why: "a file to send along may have 16 MiB", hint: None };
const SETTINGS: Limit<'_> = Limit { why: "settings are a few lines", ..ANY };
/// More than any prompt or object may have.
const ANY: Limit<'_> = Limit { most: 4 << 20, why: "", hint: None };

/// What was given.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// The text of a prompt.
    Prompt(String),
    /// Objects, with `apiVersion` and `kind`.
    Manifests(Vec<Value>),
}

/// Reads a prompt from the argument or from the file; `-` is standard input. None if neither was given.
///
/// `limits` says in the user's words what may be sent, for a text that is too long to be read at all.
pub fn text(argument: Option<&str>, file: Option<&Path>, limits: &str) -> Result<Option<String>> {
    let text = match (argument, file) {
        (None, None) => return Ok(None),
        (Some(text), _) if text != "-" => text.to_owned(),
        (_, file) => {
            let hint = "put the long part into a file of the workspace, and name it in the prompt";
            read(file.filter(|_| argument.is_none()), Limit { why: limits, hint: Some(hint), ..ANY })?
        }
    };
    if let Some(offset) = text.find('\0') {
        return Err(Error::usage(format!("the prompt holds a NUL byte at offset {offset}"))
            .because("a NUL would be dropped or would cut the prompt short on its way")
            .hint("remove it, for example with: tr -d '\\000'"));
    }
    if text.trim().is_empty() {
        return Err(Error::usage("the prompt is empty").hint("say what to do, in words"));
    }
    Ok(Some(text))
}

/// As [`text`], but a file may be a manifest of `kind` too: YAML or JSON with `apiVersion` and `kind` at its top.
pub fn text_or_manifest(
    argument: Option<&str>,
    file: Option<&Path>,
    kind: &Kind,
    limits: &str,
) -> Result<Option<Source>> {
    let Some(text) = text(argument, file, limits)? else { return Ok(None) };
    if file.is_none() || !looks_like_manifest(&text) {
        return Ok(Some(Source::Prompt(text)));
    }
    objects(&text, kind).map(|objects| Some(Source::Manifests(objects)))
}

/// Reads the objects of `kind` in a file; `-` is standard input.
pub fn manifests(file: &Path, kind: &Kind) -> Result<Vec<Value>> {
    let limits = "an object of Kubernetes may have about 1.5 MiB";
    match text_or_manifest(None, Some(file), kind, limits)? {
        Some(Source::Manifests(objects)) => Ok(objects),
        _ => Err(Error::new(
            Code::InvalidConfiguration,
            format!("{} is no manifest: apiVersion and kind are missing at its top", named(Some(file))),
        )),
    }
}

fn looks_like_manifest(text: &str) -> bool {
    let has = |key: &str| {
        text.lines().any(|line| {
            let line = line.trim_start_matches(['{', ' ', '\t']);
            line.strip_prefix(key)
                .or_else(|| line.strip_prefix(&format!("\"{key}\"")))
                .is_some_and(|rest| rest.starts_with(':'))
        })
    };
    has("apiVersion") && (has("kind") || text.contains("\"kind\""))
}

/// The objects of a text: its documents, and the items of those that are lists.
fn objects(text: &str, kind: &Kind) -> Result<Vec<Value>> {
    let invalid = |message: String| Error::new(Code::InvalidConfiguration, message);
    let mut objects = Vec::new();
    for mut document in from_yaml(text)? {
        match document.get_mut("items").map(Value::take) {
            Some(Value::Array(items)) if document["kind"].as_str().is_some_and(|kind| kind.ends_with("List")) => {
                objects.extend(items);
            }
            _ => objects.push(document),
        }
    }
    if objects.is_empty() {
        return Err(invalid("the manifest holds no object".to_owned()));
    }
    for object in &objects {
        let found = |field: &str| object.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (version, name) = (found("apiVersion"), found("kind"));
        if (version.as_str(), name.as_str()) != (kind.api_version().as_str(), kind.kind) {
            let wanted = format!("{} of {}", kind.kind, kind.api_version());
            return Err(invalid(format!("the manifest holds a {name} of {version}, and a {wanted} is wanted"))
                .hint("create objects of several kinds with: kubectl create -f FILE"));
        }
        for field in [
            "metadata",
            "metadata/labels",
            "metadata/annotations",
            "spec",
            "spec/taskTemplate",
            "spec/taskTemplate/spec",
        ] {
            let value = object.pointer(&format!("/{field}")).filter(|value| !value.is_object() && !value.is_null());
            if let Some(value) = value {
                let field = field.replace('/', ".");
                return Err(invalid(format!("the manifest is not valid: {field}: {value} is no map")));
            }
        }
    }
    Ok(objects)
}

/// Reads an exported conversation; `-` is standard input.
pub fn conversation(file: &Path) -> Result<String> {
    read(Some(file), CONVERSATION)
}

/// Reads a file of settings; none if there is no such file.
pub fn settings(file: &Path) -> Result<Option<String>> {
    if matches!(file.try_exists(), Ok(false)) {
        return Ok(None);
    }
    read(Some(file), SETTINGS).map(Some)
}

/// Reads a file to send along.
pub fn attachment(file: &Path) -> Result<Vec<u8>> {
    bytes(Some(file), ATTACHMENT)
}

/// How what is read is called in messages; `-` is standard input.
pub fn named(file: Option<&Path>) -> String {
    match file.filter(|file| *file != Path::new("-")) {
        Some(file) => format!("\"{}\"", file.display()),
        None => "standard input".to_owned(),
    }
}

/// A text; none and `-` are standard input.
fn read(file: Option<&Path>, limit: Limit<'_>) -> Result<String> {
    let file = file.filter(|file| *file != Path::new("-"));
    decoded(bytes(file, limit)?, file)
}

/// The text that these bytes are, of a file or of standard input.
pub fn decoded(bytes: Vec<u8>, file: Option<&Path>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let (what, offset) = (named(file), error.utf8_error().valid_up_to());
        Error::usage(format!("{what} is not UTF-8 text: the byte at offset {offset} fits no character"))
    })
}

/// What a file holds, or standard input.
fn bytes(file: Option<&Path>, limit: Limit<'_>) -> Result<Vec<u8>> {
    let most = limit.most;
    let mut bytes = Vec::new();
    let read = match file {
        Some(path) => std::fs::File::open(path).and_then(|file| {
            let length = file.metadata()?.len();
            if length > most {
                return Ok(length);
            }
            file.take(most + 1).read_to_end(&mut bytes).map(|read| read as u64)
        }),
        None => std::io::stdin().lock().take(most + 1).read_to_end(&mut bytes).map(|read| read as u64),
    };
    let what = named(file);
    let read = read.map_err(|error| Error::usage(format!("cannot read {what}")).caused_by(&error))?;
    if read > most {
        let size = if file.is_some() { format!("has {read} bytes") } else { format!("has more than {most} bytes") };
        let error = Error::usage(format!("{what} {size}, which is too long")).because(limit.why);
        return Err(match limit.hint {
            Some(hint) => error.hint(hint),
            None => error,
        });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::kinds::TASK;
    use std::io::Write as _;

    fn file(content: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        file
    }

    #[test]
    fn bad_prompts_are_refused_with_the_place() {
        let told = |content: &[u8]| text(None, Some(file(content).path()), "limits").unwrap_err();
        assert_eq!(told(b"ab\0c").message, "the prompt holds a NUL byte at offset 2");
        assert!(told(b"ab\xff").message.contains("offset 2"));
        assert_eq!(told(b" \n").message, "the prompt is empty");
        let long = told(&vec![b'x'; 5 << 20]);
        assert!(long.message.contains("has 5242880 bytes"), "{}", long.message);
        assert_eq!(long.causes, ["limits"]);
        assert_eq!(text(Some(""), None, "").unwrap_err().message, "the prompt is empty");
        assert!(text(None, Some(Path::new("/no/such")), "").unwrap_err().message.contains("/no/such"));
    }

    #[test]
    fn escape_bytes_are_part_of_the_prompt() {
        assert_eq!(text(Some("a\x1b[2Jb"), None, "").unwrap().unwrap(), "a\x1b[2Jb");
    }

    #[test]
    fn a_manifest_is_told_from_a_prompt() {
        let read = |content: &str| text_or_manifest(None, Some(file(content.as_bytes()).path()), &TASK, "");
        let yaml = "apiVersion: kubeopencode.io/v1alpha1\nkind: Task\nmetadata: {name: a}\n";
        assert!(
            matches!(read(yaml).unwrap(), Some(Source::Manifests(objects)) if objects[0]["metadata"]["name"] == "a")
        );
        let json = r#"{"apiVersion": "kubeopencode.io/v1alpha1", "kind": "Task"}"#;
        assert!(matches!(read(json).unwrap(), Some(Source::Manifests(_))));
        assert!(matches!(read("explain what apiVersion: means").unwrap(), Some(Source::Prompt(_))));
        assert!(read("apiVersion: v1\nkind: Pod\n").unwrap_err().message.contains("a Pod of v1"));
        assert!(matches!(read(&format!("{yaml}---\n{yaml}")).unwrap(), Some(Source::Manifests(two)) if two.len() == 2));
        let argument = text_or_manifest(Some(yaml), None, &TASK, "").unwrap();
        assert!(matches!(argument, Some(Source::Prompt(_))), "an argument is always words");
    }
}
