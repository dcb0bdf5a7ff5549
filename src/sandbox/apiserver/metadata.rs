//! Checks of labels (`k8s.io/apimachinery/pkg/apis/meta/v1/validation`).

use serde_json::Value;

use super::status::FieldError;

const NAME: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// What is wrong with a map of labels.
pub fn label_errors(labels: &Value, field: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (key, value) in labels.as_object().into_iter().flatten() {
        let name = key.split_once('/').map_or(key.as_str(), |(_, name)| name);
        if !is_name(name) {
            errors.push(FieldError::invalid(field, &key.as_str().into(), NAME));
        } else if name.len() > 63 {
            errors.push(FieldError::invalid(
                field,
                &key.as_str().into(),
                "name part must be no more than 63 characters",
            ));
        }
        let text = value.as_str().unwrap_or_default();
        if !text.is_empty() && !is_name(text) {
            errors.push(FieldError::invalid(field, value, VALUE));
        } else if text.len() > 63 {
            errors.push(FieldError::invalid(field, value, "must be no more than 63 characters"));
        }
    }
    errors
}
