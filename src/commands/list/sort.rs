//! `--sort-by PATH`, as kubectl orders: what has no such field first, numbers and quantities by what they are worth, texts
//! by their letters with the numbers in them counted.
//!
//! Source: `k8s.io/kubectl/pkg/cmd/get/sorter.go` and its `sortorder.NaturalLess`.

use std::cmp::Ordering;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::output::jsonpath::JsonPath;

/// An order of objects.
pub struct Order {
    path: JsonPath,
    typed: String,
}

impl Order {
    /// Reads a path, with or without braces and the leading point.
    pub fn read(typed: &str) -> Result<Self> {
        let path = typed.strip_prefix('{').and_then(|path| path.strip_suffix('}')).unwrap_or(typed);
        let path = format!("{{.{}}}", path.strip_prefix('.').unwrap_or(path));
        let parsed = JsonPath::parse(&path).map_err(|why| {
            Error::usage(format!("--sort-by: \"{typed}\" is no path of a field"))
                .because(why)
                .hint("write it as in .metadata.name")
        })?;
        Ok(Self { path: parsed.allow_missing(), typed: path })
    }

    /// What an object is ordered by; None where it has no such field.
    pub fn key(&self, object: &Value) -> Option<Value> {
        let found = self.path.find(object).ok()?;
        found.into_iter().flatten().next().map(std::borrow::Cow::into_owned)
    }

    /// Orders what was found with its keys.
    ///
    /// # Errors
    ///
    /// `usage` when no object has the field, or when it is none that can be ordered.
    pub fn sort<T>(&self, found: Vec<(Option<Value>, T)>) -> Result<Vec<T>> {
        let mut found = found;
        if !found.is_empty() && found.iter().all(|(key, _)| key.is_none()) {
            return Err(Error::usage(format!(
                "couldn't find any field with path \"{}\" in the list of objects",
                self.typed
            )));
        }
        if let Some(kind) = found.iter().find_map(|(key, _)| match key {
            Some(Value::Object(_)) => Some("an object"),
            Some(Value::Array(_)) => Some("a list"),
            _ => None,
        }) {
            return Err(Error::usage(format!("--sort-by: the field {} is {kind}, which has no order", self.typed)));
        }
        found.sort_by(|(left, _), (right, _)| match (left, right) {
            (Some(left), Some(right)) => compare(left, right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        });
        Ok(found.into_iter().map(|(_, one)| one).collect())
    }
}

fn compare(left: &Value, right: &Value) -> Ordering {
    let number = |value: &Value| match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => quantity(text),
        _ => None,
    };
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        _ => match (number(left), number(right)) {
            (Some(left), Some(right)) => left.total_cmp(&right),
            _ => natural(left.as_str().unwrap_or_default(), right.as_str().unwrap_or_default()),
        },
    }
}

/// A Kubernetes quantity, as `10`, `0.5`, `100m`, `64Mi`.
fn quantity(text: &str) -> Option<f64> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | '-' | '+'));
    let (digits, suffix) = text.split_at(end.unwrap_or(text.len()));
    let factor = match suffix {
        "" => 1.0,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1024f64.powi(2),
        "Gi" => 1024f64.powi(3),
        "Ti" => 1024f64.powi(4),
        "Pi" => 1024f64.powi(5),
        "Ei" => 1024f64.powi(6),
        _ => return None,
    };
    digits.parse::<f64>().ok().map(|number| number * factor)
}

/// By letters, where digits that stand together count as one number.
fn natural(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.as_bytes(), right.as_bytes());
    while let (Some(&one), Some(&other)) = (left.first(), right.first()) {
        if one.is_ascii_digit() && other.is_ascii_digit() {
            let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let ((number, after), (against, rest)) = (left.split_at(digits(left)), right.split_at(digits(right)));
            let worth = |digits: &[u8]| digits.iter().skip_while(|digit| **digit == b'0').copied().collect::<Vec<_>>();
            let (value, opposite) = (worth(number), worth(against));
            let order = value.len().cmp(&opposite.len()).then_with(|| value.cmp(&opposite));
            let order = order.then(number.len().cmp(&against.len()));
            if order != Ordering::Equal {
                return order;
            }
            (left, right) = (after, rest);
        } else if one == other {
            (left, right) = (&left[1..], &right[1..]);
        } else {
            return one.cmp(&other);
        }
    }
    left.len().cmp(&right.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sorted(path: &str, values: &[Value]) -> Result<Vec<Value>> {
        let order = Order::read(path)?;
        order.sort(values.iter().map(|value| (order.key(value), value.clone())).collect())
    }

    #[test]
    fn texts_numbers_and_quantities_have_their_own_order() {
        let list = |values: &[Value]| values.iter().map(|value| json!({"a": value})).collect::<Vec<_>>();
        let of = |values: &[Value]| {
            sorted("a", &list(values)).unwrap().iter().map(|value| value["a"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(of(&[json!("t10"), json!("t9"), json!("s")]), [json!("s"), json!("t9"), json!("t10")]);
        assert_eq!(of(&[json!(10), json!(9), json!(9.5)]), [json!(9), json!(9.5), json!(10)]);
        assert_eq!(of(&[json!("1Gi"), json!("500Mi"), json!("100m")]), [json!("100m"), json!("500Mi"), json!("1Gi")]);
        assert_eq!(of(&[json!(true), json!(false)]), [json!(false), json!(true)]);
        assert_eq!(natural("a01", "a1"), Ordering::Greater);
    }

    #[test]
    fn what_lacks_the_field_comes_first_and_all_lacking_it_is_a_mistake() {
        let some = [json!({"a": 1}), json!({"b": 1})];
        assert_eq!(sorted("{.a}", &some).unwrap(), [json!({"b": 1}), json!({"a": 1})]);
        assert!(sorted(".c", &some).unwrap_err().message.contains("couldn't find any field with path \"{.c}\""));
        assert!(sorted(".a", &[json!({"a": {}})]).unwrap_err().message.contains("has no order"));
        assert!(sorted("{.a", &some).is_err());
        assert_eq!(sorted(".a", &[]).unwrap(), Vec::<Value>::new());
    }
}
