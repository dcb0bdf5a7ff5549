//! Label and field selectors (`k8s.io/apimachinery/pkg/labels`, `…/fields`).
//!
//! ```text
//! labels:  requirement ("," requirement)*      none of them: everything matches
//! requirement: key | "!" key | key ("=" | "==" | "!=") value | key ("in" | "notin") "(" value ("," value)* ")"
//!            | key (">" | "<") integer
//! fields:  path ("=" | "==" | "!=") value ("," …)*     "\" escapes ",", "=" and itself in values
//! ```

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::resources::Resource;
use super::status::{ApiError, ApiResult};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Operator {
    Exists,
    DoesNotExist,
    In(Vec<String>),
    NotIn(Vec<String>),
    GreaterThan(i64),
    LessThan(i64),
}

/// A parsed label selector.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels(Vec<(String, Operator)>);

impl Labels {
    /// Parses a selector.
    pub fn parse(text: &str) -> ApiResult<Self> {
        let mut parser = Parser { rest: text };
        let mut requirements = Vec::new();
        parser.space();
        while !parser.rest.is_empty() {
            requirements.push(
                parser
                    .requirement()
                    .map_err(|error| ApiError::bad_request(format!("unable to parse requirement: {error}")))?,
            );
            parser.space();
            if parser.rest.is_empty() {
                break;
            }
            if !parser.take(",") {
                let found = parser.token();
                return Err(ApiError::bad_request(format!("found '{found}', expected: ',' or 'end of string'")));
            }
            parser.space();
            if parser.rest.is_empty() {
                return Err(ApiError::bad_request("found '', expected: identifier after ','"));
            }
        }
        Ok(Self(requirements))
    }

    /// Whether the labels match.
    pub fn matches<K: AsRef<str> + Ord + std::borrow::Borrow<str>, V: AsRef<str>>(
        &self,
        labels: &BTreeMap<K, V>,
    ) -> bool {
        self.0.iter().all(|(key, operator)| {
            let value = labels.get(key.as_str()).map(AsRef::as_ref);
            match operator {
                Operator::Exists => value.is_some(),
                Operator::DoesNotExist => value.is_none(),
                Operator::In(values) => value.is_some_and(|value| values.iter().any(|wanted| wanted == value)),
                Operator::NotIn(values) => value.is_none_or(|value| values.iter().all(|wanted| wanted != value)),
                Operator::GreaterThan(bound) => number(value).is_some_and(|number| number > *bound),
                Operator::LessThan(bound) => number(value).is_some_and(|number| number < *bound),
            }
        })
    }

    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn number(value: Option<&str>) -> Option<i64> {
    value?.parse().ok()
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, symbol: &str) -> bool {
        match self.rest.strip_prefix(symbol) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn token(&mut self) -> &'a str {
        let end = self.rest.find(|c: char| c.is_whitespace() || "=!(),<>".contains(c)).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        token
    }

    fn requirement(&mut self) -> Result<(String, Operator), String> {
        let absent = self.take("!");
        self.space();
        let key = self.token().to_owned();
        check_key(&key)?;
        self.space();
        if absent || self.rest.is_empty() || self.rest.starts_with(',') {
            return Ok((key, if absent { Operator::DoesNotExist } else { Operator::Exists }));
        }
        let operator = if self.take("==") || self.take("=") {
            Operator::In(vec![self.value()?])
        } else if self.take("!=") {
            Operator::NotIn(vec![self.value()?])
        } else if self.take(">") {
            Operator::GreaterThan(self.bound()?)
        } else if self.take("<") {
            Operator::LessThan(self.bound()?)
        } else {
            match self.token() {
                "in" => Operator::In(self.set()?),
                "notin" => Operator::NotIn(self.set()?),
                other => {
                    return Err(format!("found '{other}', expected: in, notin, =, ==, !=, gt, lt"));
                }
            }
        };
        Ok((key, operator))
    }

    fn value(&mut self) -> Result<String, String> {
        self.space();
        let value = self.token().to_owned();
        check_value(&value)?;
        Ok(value)
    }

    fn bound(&mut self) -> Result<i64, String> {
        let value = self.value()?;
        value.parse().map_err(|_| "for 'Gt', 'Lt' operators, the value must be an integer".to_owned())
    }

    fn set(&mut self) -> Result<Vec<String>, String> {
        self.space();
        if !self.take("(") {
            return Err(format!("found '{}', expected: '('", self.token()));
        }
        let mut values = Vec::new();
        loop {
            values.push(self.value()?);
            self.space();
            if self.take(")") {
                return Ok(values);
            }
            if !self.take(",") {
                return Err(format!("found '{}', expected: ',' or ')'", self.token()));
            }
        }
    }
}

fn is_name(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.len() <= 63
        && edge(text.chars().next())
        && edge(text.chars().last())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

fn check_key(key: &str) -> Result<(), String> {
    let (prefix, name) = key.split_once('/').unwrap_or(("a", key));
    if is_name(name) && !prefix.is_empty() {
        return Ok(());
    }
    Err(format!(
        "<nil>: Invalid value: \"{key}\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
    ))
}

fn check_value(value: &str) -> Result<(), String> {
    if value.is_empty() || is_name(value) {
        return Ok(());
    }
    Err(format!(
        "<nil>: Invalid value: \"{value}\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    ))
}

/// A parsed field selector, checked against what the resource supports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields(Vec<(String, bool, String)>);

impl Fields {
    /// Parses a selector for a resource; unknown fields are refused as the real server does.
    pub fn parse(text: &str, resource: &Resource) -> ApiResult<Self> {
        let mut fields = Vec::new();
        for term in split_terms(text) {
            let (path, equal, value) = ["!=", "==", "="]
                .iter()
                .find_map(|operator| {
                    let (path, value) = term.split_once(operator)?;
                    // `a==b` also contains `=`, and `a=b!=c` has its operator first.
                    (!path.contains(['=', '!'])).then(|| (path, *operator != "!=", unescape(value)))
                })
                .ok_or_else(|| {
                    ApiError::bad_request(format!("invalid selector: '{text}'; can't understand '{term}'"))
                })?;
            if !is_supported(resource, path) {
                return Err(ApiError::bad_request(unsupported(resource, path)));
            }
            fields.push((path.to_owned(), equal, value));
        }
        Ok(Self(fields))
    }

    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the object matches.
    pub fn matches(&self, object: &Value) -> bool {
        self.0.iter().all(|(path, equal, wanted)| (field(object, path) == *wanted) == *equal)
    }
}

fn field(object: &Value, path: &str) -> String {
    // Two names of the core Event differ from where the object holds them.
    let found = match path {
        "source" => {
            object.pointer("/source/component").filter(|value| *value != "").or(object.get("reportingComponent"))
        }
        _ => path.split('.').try_fold(object, |value, segment| value.get(segment)),
    };
    match found {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(flag)) => flag.to_string(),
        Some(Value::Number(number)) => number.to_string(),
        // Absent booleans and numbers read as Go's zero values.
        _ if matches!(path, "spec.hostNetwork" | "spec.unschedulable") => "false".to_owned(),
        _ if matches!(path, "status.replicas") => "0".to_owned(),
        _ => String::new(),
    }
}

fn known_fields(resource: &Resource) -> &'static [&'static str] {
    match (resource.group.as_str(), resource.plural.as_str()) {
        ("", "pods") => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName",
        ],
        ("" | "events.k8s.io", "events") => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        ("", "secrets") => &["type"],
        ("", "namespaces") => &["status.phase"],
        ("", "nodes") => &["spec.unschedulable"],
        ("", "services") => &["spec.clusterIP", "spec.type"],
        ("apps", "replicasets") => &["status.replicas"],
        _ => &[],
    }
}

fn is_supported(resource: &Resource, path: &str) -> bool {
    match path {
        "metadata.name" => true,
        "metadata.namespace" => resource.custom.is_none() || resource.namespaced,
        _ => {
            known_fields(resource).contains(&path)
                || resource
                    .custom
                    .as_ref()
                    .is_some_and(|custom| custom.selectable_fields.iter().any(|known| known == path))
        }
    }
}

fn unsupported(resource: &Resource, path: &str) -> String {
    let own_conversion = resource.custom.is_some() || !known_fields(resource).is_empty();
    if own_conversion {
        format!("field label not supported: {path}")
    } else {
        format!("\"{path}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
    }
}

fn split_terms(text: &str) -> Vec<String> {
    let (mut terms, mut term, mut escaped) = (Vec::new(), String::new(), false);
    for character in text.chars() {
        match character {
            ',' if !escaped => terms.push(std::mem::take(&mut term)),
            _ => term.push(character),
        }
        escaped = character == '\\' && !escaped;
    }
    terms.push(term);
    terms.retain(|term| !term.is_empty());
    terms
}

fn unescape(value: &str) -> String {
    let (mut text, mut escaped) = (String::new(), false);
    for character in value.chars() {
        if character == '\\' && !escaped {
            escaped = true;
        } else {
            text.push(character);
            escaped = false;
        }
    }
    text
}

#[derive(Deserialize)]
struct Labelled<'a> {
    #[serde(borrow, default)]
    metadata: LabelledMeta<'a>,
}

#[derive(Deserialize, Default)]
struct LabelledMeta<'a> {
    #[serde(borrow, default)]
    labels: Option<BTreeMap<Cow<'a, str>, Cow<'a, str>>>,
}

/// Both selectors of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selector {
    /// On labels.
    pub labels: Labels,
    /// On fields.
    pub fields: Fields,
}

impl Selector {
    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// Whether a stored object matches. Labels are read without building the whole tree.
    pub fn matches(&self, json: &[u8]) -> bool {
        if !self.labels.is_empty() {
            let Ok(object) = serde_json::from_slice::<Labelled<'_>>(json) else { return false };
            if !self.labels.matches(&object.metadata.labels.unwrap_or_default()) {
                return false;
            }
        }
        self.fields.is_empty() || serde_json::from_slice(json).is_ok_and(|object| self.fields.matches(&object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::resources::Registry;
    use super::*;

    fn matches(selector: &str, labels: &[(&str, &str)]) -> bool {
        Labels::parse(selector).unwrap().matches(&labels.iter().copied().collect())
    }

    #[test]
    fn label_selectors_follow_the_grammar() {
        let web = [("app", "web"), ("tier", "1"), ("example.org/x", "")];
        for selector in [
            "",
            "app",
            "app=web",
            "app==web",
            "app!=db",
            "!gone",
            "app in (web,db)",
            "app notin (db)",
            "tier>0",
            "tier < 2",
            "example.org/x=",
            " app = web , tier in ( 1 , 2 ) ",
            "gone!=x",
            "gone notin (a)",
        ] {
            assert!(matches(selector, &web), "{selector}");
        }
        for selector in ["!app", "app=db", "gone", "app in (db)", "app notin (web)", "tier>1", "app=", "gone in (a)"] {
            assert!(!matches(selector, &web), "{selector}");
        }
        for selector in ["app=web,", "=x", "app in web", "app in (web", "app>x", "a b", "-a", "a=-"] {
            assert_eq!(Labels::parse(selector).unwrap_err().code, 400, "{selector}");
        }
    }

    #[test]
    fn field_selectors_know_what_each_resource_supports() {
        let registry = Registry::new();
        let pods = registry.get("", "v1", "pods").unwrap();
        let object = json!({"metadata": {"name": "a"}, "spec": {"nodeName": "n,1"}, "status": {"phase": "Running"}});
        let fields = Fields::parse("status.phase!=Failed,spec.nodeName=n\\,1,spec.hostNetwork=false", &pods).unwrap();
        assert!(fields.matches(&object));
        assert!(!Fields::parse("status.phase==Failed", &pods).unwrap().matches(&object));
        let error = Fields::parse("spec.foo=1", &pods).unwrap_err();
        assert_eq!((error.code.as_u16(), error.message.as_str()), (400, "field label not supported: spec.foo"));
        let maps = registry.get("", "v1", "configmaps").unwrap();
        let error = Fields::parse("a=b", &maps).unwrap_err();
        assert_eq!(
            error.message,
            "\"a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        );
    }

    proptest! {
        #[test]
        fn in_and_notin_partition_the_labelled(value in "[a-z]{1,3}", set in proptest::collection::vec("[a-z]{1,3}", 1..5)) {
            let labels = [("k", value.as_str())];
            let set = set.join(",");
            prop_assert_ne!(matches(&format!("k in ({set})"), &labels), matches(&format!("k notin ({set})"), &labels));
        }

        #[test]
        fn no_selector_panics_the_parser(text in ".{0,40}") {
            let _ = Labels::parse(&text);
            let _ = Fields::parse(&text, &Registry::new().get("", "v1", "pods").unwrap());
        }
    }
}
