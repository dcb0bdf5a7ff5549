//! Values against a structural schema, in the words of `k8s.io/kube-openapi/pkg/validation`.

use serde_json::{Number, Value};

use super::super::status::FieldError;
use super::format;
use super::node::{Checks, ListType, Node};

/// The JSON type of a value as schemas name it.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if is_integer(number) => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn is_integer(number: &Number) -> bool {
    number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|number| number.fract() == 0.0)
}

/// Errors of one place.
struct Place<'p> {
    path: &'p str,
    errors: &'p mut Vec<FieldError>,
}

impl Place<'_> {
    fn field(&self) -> String {
        if self.path.is_empty() { "<nil>".to_owned() } else { self.path.to_owned() }
    }

    /// `spec.x in body …`.
    fn says(&mut self, value: &Value, text: &str) {
        let detail = format!("{} in body {text}", self.path);
        self.errors.push(FieldError::invalid(self.field(), value, &detail));
    }

    fn wrong_type(&mut self, shown: &str, wanted: &str) {
        let detail = format!("{} in body must be of type {wanted}: {shown:?}", self.path);
        let error = FieldError::invalid(self.field(), &shown.into(), &detail);
        self.errors.push(FieldError { reason: "FieldValueTypeInvalid", ..error });
    }

    fn too_many(&mut self, count: usize, limit: usize) {
        let noun = if limit == 1 { "item" } else { "items" };
        let message = format!("Too many: {count}: must have at most {limit} {noun}");
        self.errors.push(FieldError { reason: "FieldValueTooMany", field: self.field(), message });
    }

    /// What fails as a whole carries neither field nor value.
    fn composite(&mut self, text: &str) {
        let detail = format!("{:?} {text}", self.path);
        self.errors.push(FieldError::invalid("<nil>", &"".into(), &detail));
    }
}

/// Notes what is wrong with a value that takes the place of `old`. What equals the old value is as right as it was.
pub(super) fn value(node: &Node, value: &Value, old: Option<&Value>, path: &mut String, errors: &mut Vec<FieldError>) {
    if old == Some(value) || (value.is_null() && node.nullable) {
        return;
    }
    let mut place = Place { path, errors };
    if !has_type(node, value, &mut place) {
        return;
    }
    if let Some(checks) = &node.checks {
        self::checks(checks, value, &mut place);
    }
    match value {
        Value::Object(members) => {
            if node.embedded {
                for name in ["apiVersion", "kind"] {
                    if members.get(name).and_then(Value::as_str).is_none_or(str::is_empty) {
                        errors.push(FieldError::required(join(path, name), "must not be empty"));
                    }
                }
            }
            for (name, member) in members {
                let Some(child) = node.member(name) else { continue };
                let length = path.len();
                *path = join(path, name);
                self::value(child, member, old.and_then(|old| old.get(name)), path, errors);
                path.truncate(length);
            }
        }
        Value::Array(list) => {
            duplicates(&node.list, list, path, errors);
            if let Some(items) = node.items.as_deref() {
                for (index, element) in list.iter().enumerate() {
                    let length = path.len();
                    *path = format!("{path}[{index}]");
                    self::value(items, element, counterpart(&node.list, element, old), path, errors);
                    path.truncate(length);
                }
            }
        }
        _ => {}
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The element of the old list that an element of the new one replaces; only maps know.
fn counterpart<'o>(list: &ListType, element: &Value, old: Option<&'o Value>) -> Option<&'o Value> {
    let ListType::Map(keys) = list else { return None };
    old?.as_array()?.iter().find(|old| keys.iter().all(|key| old.get(key) == element.get(key)))
}

fn duplicates(kind: &ListType, list: &[Value], path: &str, errors: &mut Vec<FieldError>) {
    let identity = |element: &Value| match kind {
        ListType::Atomic => None,
        ListType::Set => Some(element.clone()),
        ListType::Map(keys) => {
            let keys = keys.iter().filter_map(|key| element.get(key).map(|value| (key.clone(), value.clone())));
            Some(Value::Object(keys.collect()))
        }
    };
    let mut seen = std::collections::BTreeSet::new();
    for (index, element) in list.iter().enumerate() {
        if let Some(identity) = identity(element) {
            let text = identity.to_string();
            if seen.contains(&text) {
                let message = format!("Duplicate value: {text}");
                errors.push(FieldError { reason: "FieldValueDuplicate", field: format!("{path}[{index}]"), message });
            }
            seen.insert(text);
        }
    }
}

fn has_type(node: &Node, value: &Value, place: &mut Place<'_>) -> bool {
    let found = type_name(value);
    if node.int_or_string {
        if found != "integer" && found != "string" {
            place.wrong_type(found, "integer,string");
            return false;
        }
        return true;
    }
    let fits = match node.kind.as_str() {
        "" => true,
        "number" => found == "integer" || found == "number",
        kind => kind == found,
    };
    if !fits {
        place.wrong_type(found, &node.kind);
    }
    fits
}

fn checks(checks: &Checks, value: &Value, place: &mut Place<'_>) {
    if !checks.allowed.is_empty() && !checks.allowed.iter().any(|allowed| same(allowed, value)) {
        let allowed: Vec<String> = checks
            .allowed
            .iter()
            .map(|allowed| allowed.as_str().map_or_else(|| allowed.to_string(), str::to_owned))
            .collect();
        let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
        place.errors.push(FieldError::not_supported(place.field(), value, &allowed));
    }
    match value {
        Value::String(text) => string(checks, text, value, place),
        Value::Number(amount) => number(checks, amount, value, place),
        Value::Array(list) => {
            if let Some(least) = checks.min_items.filter(|least| list.len() < *least) {
                place.says(&list.len().into(), &format!("should have at least {least} items"));
            }
            if let Some(most) = checks.max_items.filter(|most| list.len() > *most) {
                place.too_many(list.len(), most);
            }
        }
        Value::Object(members) => {
            for name in checks.required.iter().filter(|name| !members.contains_key(*name)) {
                place.errors.push(FieldError::required(join(place.path, name), ""));
            }
            if let Some(least) = checks.min_properties.filter(|least| members.len() < *least) {
                place.says(&members.len().into(), &format!("should have at least {least} properties"));
            }
            if let Some(most) = checks.max_properties.filter(|most| members.len() > *most) {
                place.too_many(members.len(), most);
            }
        }
        _ => {}
    }
    junctors(checks, value, place);
}

/// `1` and `1.0` are the same number.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        _ => left == right,
    }
}

fn string(checks: &Checks, text: &str, value: &Value, place: &mut Place<'_>) {
    let length = text.chars().count();
    if let Some(most) = checks.max_length.filter(|most| length > *most) {
        let message = format!("Too long: may not be more than {most} bytes");
        place.errors.push(FieldError { reason: "FieldValueTooLong", field: place.field(), message });
    }
    if let Some(least) = checks.min_length.filter(|least| length < *least) {
        place.says(value, &format!("should be at least {least} chars long"));
    }
    if let Some(pattern) = checks.pattern.as_ref().filter(|pattern| !pattern.is_match(text)) {
        place.says(value, &format!("should match '{pattern}'"));
    }
    if let Some(format) = &checks.format
        && !format::is_valid(format, text)
    {
        place.wrong_type(text, format);
    }
}

fn number(checks: &Checks, amount: &Number, value: &Value, place: &mut Place<'_>) {
    let Some(amount) = amount.as_f64() else { return };
    if let Some(least) = checks.minimum {
        if checks.exclusive_minimum && amount <= least {
            place.says(value, &format!("should be greater than {least}"));
        } else if amount < least {
            place.says(value, &format!("should be greater than or equal to {least}"));
        }
    }
    if let Some(most) = checks.maximum {
        if checks.exclusive_maximum && amount >= most {
            place.says(value, &format!("should be less than {most}"));
        } else if amount > most {
            place.says(value, &format!("should be less than or equal to {most}"));
        }
    }
    if let Some(factor) = checks.multiple_of
        && (amount / factor).fract() != 0.0
    {
        place.says(value, &format!("should be a multiple of {factor}"));
    }
    let range = match checks.format.as_deref() {
        Some("int32") => f64::from(i32::MIN)..=f64::from(i32::MAX),
        _ => return,
    };
    if !range.contains(&amount) {
        place.wrong_type(&amount.to_string(), "int32");
    }
}

fn junctors(checks: &Checks, value: &Value, place: &mut Place<'_>) {
    let holds = |node: &Node| {
        let mut errors = Vec::new();
        self::value(node, value, None, &mut place.path.to_owned(), &mut errors);
        errors.is_empty()
    };
    for node in &checks.all_of {
        self::value(node, value, None, &mut place.path.to_owned(), place.errors);
    }
    if !checks.any_of.is_empty() && !checks.any_of.iter().any(holds) {
        place.composite("must validate at least one schema (anyOf)");
    }
    if !checks.one_of.is_empty() {
        match checks.one_of.iter().filter(|node| holds(node)).count() {
            1 => {}
            0 => place.composite("must validate one and only one schema (oneOf). Found none valid"),
            several => {
                let text = format!("must validate one and only one schema (oneOf). Found {several} valid alternatives");
                place.composite(&text);
            }
        }
    }
    if checks.not.as_deref().is_some_and(holds) {
        place.composite("must not validate the schema (not)");
    }
}
