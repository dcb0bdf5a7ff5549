//! Keys that stand twice in one object of a JSON text, which parsers drop without a word and `fieldValidation` is about
//! (`sigs.k8s.io/json`).

use std::collections::HashSet;

/// A key that stood in its object before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// Where it is: `spec.containers[0].name`.
    pub path: String,
    /// The key.
    pub key: String,
    /// Line of the text that it stands in, from 1.
    pub line: usize,
}

/// A map or list that is open.
enum Open {
    Map { seen: HashSet<String>, key: String },
    List { index: usize },
}

/// Finds them in a text that is JSON.
pub fn find(text: &str) -> Vec<Duplicate> {
    let (mut found, mut open, mut line) = (Vec::new(), Vec::<Open>::new(), 1);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match first {
            '"' => {
                let string = &rest[..string_length(rest)];
                rest = &rest[string.len()..];
                if let Some(Open::Map { seen, key }) = open.last_mut()
                    && rest.trim_start().starts_with(':')
                {
                    *key = serde_json::from_str(string).unwrap_or_default();
                    if !seen.insert(key.clone()) {
                        let key = key.clone();
                        found.push(Duplicate { path: path(&open), key, line });
                    }
                }
                continue;
            }
            '\n' => line += 1,
            '{' => open.push(Open::Map { seen: HashSet::new(), key: String::new() }),
            '[' => open.push(Open::List { index: 0 }),
            '}' | ']' => drop(open.pop()),
            ',' => {
                if let Some(Open::List { index }) = open.last_mut() {
                    *index += 1;
                }
            }
            _ => {}
        }
        rest = &rest[first.len_utf8()..];
    }
    found
}

/// The bytes of the string that a text begins with, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn path(open: &[Open]) -> String {
    let mut path = String::new();
    for place in open {
        match place {
            Open::List { index } => path = format!("{path}[{index}]"),
            Open::Map { key, .. } if path.is_empty() => path.clone_from(key),
            Open::Map { key, .. } => path = format!("{path}.{key}"),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn keys_that_stand_twice_are_found_where_they_are() {
        let text = "{\"a\": {\"b\": [1, {\"c\": 1,\n\"c\": {\"c\": 2}}], \"b\": \"}\\\"{\"},\n \"x\": [\"k\", \"k\"], \"\\u0061\": 1}";
        let found: Vec<_> = find(text).into_iter().map(|one| (one.path, one.key, one.line)).collect();
        let expected = [("a.b[1].c", "c", 2), ("a.b", "b", 2), ("a", "a", 3)];
        assert_eq!(found, expected.map(|(path, key, line)| (path.to_owned(), key.to_owned(), line)));
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![Just(Value::Null), any::<i32>().prop_map(Value::from), ".{0,6}".prop_map(Value::from)];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map(".{0,3}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_a_serializer_writes_has_none_and_one_that_is_added_is_found(value in json(), key in ".{0,4}") {
            prop_assert_eq!(find(&value.to_string()), []);
            prop_assert_eq!(find(&serde_json::to_string_pretty(&value).unwrap()), []);
            let key = Value::from(key);
            let twice = format!("[{value},{{{key}:{value},{key}:{value}}}]");
            let found = find(&twice);
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!(&found[0].key, key.as_str().unwrap());
            prop_assert_eq!(&found[0].path, &format!("[1].{}", key.as_str().unwrap()));
        }
    }
}
