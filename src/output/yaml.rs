//! YAML that kubectl reads back as what it was: the one place that names a YAML library.
//!
//! kubectl reads YAML 1.1, where `yes`, `on`, `1_000` and `017` without quotes are no strings.

use serde_json::Value;

use crate::error::{Code, Error, Result};

/// A value as one YAML document, with a final line feed.
pub fn to_yaml(value: &Value) -> Result<String> {
    let mut text = serde_saphyr::to_string(value).map_err(Error::unexpected)?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

/// The documents of a YAML or JSON text, as kubectl reads them; empty documents are left out.
///
/// # Errors
///
/// `invalid_configuration` with line and column.
pub fn from_yaml(text: &str) -> Result<Vec<Value>> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).map_err(|error| {
        let why = error.to_string();
        let why = why.strip_prefix("error: ").unwrap_or(&why);
        Error::new(Code::InvalidConfiguration, "the manifest is not valid YAML").because(why)
    })?;
    Ok(documents.into_iter().filter(|document| !document.is_null()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn strings_that_look_like_other_types_stay_strings() {
        let value = json!({"a": "yes", "b": "on", "c": "1_000", "d": "017", "e": "null", "f": "1e3", "g": "~", "h": "0x1f",
            "i": "2001-01-01", "j": "", "k": "- x", "l": "a: b", "m": "tab\there", "n": "\u{1b}[0m", "o": "y", "p": ".5",
            "q": "1:30", "r": "<<", "s": "=", "t": "two\nlines\n", "u": "end \n", "v": " lead", "w": "#c", "x": "0o7", "y": 1, "z": [true, null]});
        let text = to_yaml(&value).unwrap();
        assert_eq!(from_yaml(&text).unwrap(), [value], "{text}");
        for line in ["a: \"yes\"", "b: \"on\"", "c: \"1_000\"", "d: \"017\"", "o: \"y\""] {
            assert!(text.replace('\'', "\"").lines().any(|found| found == line), "no line {line} in\n{text}");
        }
    }

    #[test]
    fn several_documents_are_read_and_empty_ones_are_not() {
        assert_eq!(from_yaml("---\na: 1\n---\n---\nb: 2\n").unwrap(), [json!({"a": 1}), json!({"b": 2})]);
        assert_eq!(from_yaml("a: [").unwrap_err().code, Code::InvalidConfiguration);
    }
}
