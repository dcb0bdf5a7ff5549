//! The values of `-o`.

use std::str::FromStr;

use super::jsonpath::JsonPath;

/// How a result is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Columns for people.
    #[default]
    Table,
    /// More columns for people.
    Wide,
    /// JSON as the API server wrote it.
    Json,
    /// YAML of the same.
    Yaml,
    /// `task.kubeopencode.io/NAME`, one a line.
    Name,
    /// What a JSONPath template of kubectl's dialect makes of the object or list.
    JsonPath(String),
    /// A table of the user's own columns, `HEADER:PATH,…`.
    CustomColumns(String),
}

impl Format {
    /// Every value that `-o` takes, as the help shows it.
    pub const VALUES: &'static str = "table|wide|json|yaml|name|jsonpath=…|custom-columns=…";

    /// Whether the result is for a program: nothing may stand beside it.
    pub fn is_structured(&self) -> bool {
        !matches!(self, Self::Table | Self::Wide)
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "table" => Ok(Self::Table),
            "wide" => Ok(Self::Wide),
            "json" => Ok(Self::Json),
            "yaml" => Ok(Self::Yaml),
            "name" => Ok(Self::Name),
            _ => match text.split_once('=') {
                Some(("jsonpath", template)) => {
                    JsonPath::parse(template)?;
                    Ok(Self::JsonPath(template.to_owned()))
                }
                Some(("custom-columns", columns)) => {
                    custom_columns(columns)?;
                    Ok(Self::CustomColumns(columns.to_owned()))
                }
                _ => Err(format!("must be one of {}", Self::VALUES)),
            },
        }
    }
}

/// The columns of `-o custom-columns=HEADER:PATH,…`. A path is JSONPath, with or without braces and the leading point.
///
/// # Errors
///
/// What is wrong with the specification, in kubectl's words.
pub fn custom_columns(specification: &str) -> Result<Vec<(String, JsonPath)>, String> {
    if specification.is_empty() {
        return Err("custom-columns format specified but no custom columns given".to_owned());
    }
    specification
        .split(',')
        .map(|column| {
            let (header, path) = column.split_once(':').ok_or_else(|| {
                format!("unexpected custom-columns spec: {column}, expected <header>:<json-path-expr>")
            })?;
            let path = path.strip_prefix('{').and_then(|path| path.strip_suffix('}')).unwrap_or(path);
            let path = path.strip_prefix('.').unwrap_or(path);
            Ok((header.to_owned(), JsonPath::parse(&format!("{{.{path}}}"))?.allow_missing()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn formats_are_read_and_bad_templates_named() {
        assert_eq!("yaml".parse(), Ok(Format::Yaml));
        assert_eq!("jsonpath={.a}".parse(), Ok(Format::JsonPath("{.a}".into())));
        assert!("jsonpath={.a".parse::<Format>().is_err());
        assert!("custom-columns=".parse::<Format>().unwrap_err().contains("no custom columns given"));
        assert!("custom-columns=NAME".parse::<Format>().unwrap_err().contains("<header>:<json-path-expr>"));
        assert!("xml".parse::<Format>().unwrap_err().contains("custom-columns"));
    }

    #[test]
    fn columns_take_paths_in_every_spelling() {
        let object = json!({"a": {"b": 1}});
        for spelling in ["X:.a.b", "X:a.b", "X:{.a.b}"] {
            let columns = custom_columns(spelling).unwrap();
            assert_eq!(columns[0].1.render(&object), Ok("1".to_owned()), "{spelling}");
        }
        assert_eq!(custom_columns("X:.nothing").unwrap()[0].1.render(&object), Ok(String::new()));
    }
}
