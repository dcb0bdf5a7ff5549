//! Reading no more of a stored object than its row shows.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Which part of a value somebody looks at.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// Of these members, if it is an object.
    Members(BTreeMap<String, Part>),
}

/// What was read of an object.
pub(super) struct Read<'a> {
    /// The part.
    pub value: Value,
    /// Its `metadata` as JSON, where it was asked for.
    pub metadata: Cow<'a, str>,
}

impl Part {
    /// No part.
    pub fn nothing() -> Self {
        Self::Members(BTreeMap::new())
    }

    /// And what these names lead to.
    pub fn add<'n>(&mut self, mut names: impl Iterator<Item = &'n str>) {
        match (self, names.next()) {
            (Self::Whole, _) => {}
            (whole, None) => *whole = Self::Whole,
            (Self::Members(members), Some(name)) => {
                members.entry(name.to_owned()).or_insert_with(Self::nothing).add(names);
            }
        }
    }

    /// Reads a stored object, which is JSON by construction, and its whole `metadata` if that is asked for.
    pub fn read<'a>(&self, json: &'a [u8], metadata: bool) -> Read<'a> {
        if let Self::Members(members) = self
            && let Ok(read) =
                (Object { members, metadata }).deserialize(&mut serde_json::Deserializer::from_slice(json))
        {
            return read;
        }
        let value: Value = serde_json::from_slice(json).unwrap_or_default();
        let metadata = if metadata { value["metadata"].to_string() } else { String::new() };
        Read { metadata: metadata.into(), value }
    }
}

impl<'de> DeserializeSeed<'de> for &Part {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        match self {
            Part::Whole => Value::deserialize(from),
            Part::Members(members) => from.deserialize_any(Below(members)),
        }
    }
}

/// A member's name, if it is one of these.
struct Name<'m>(&'m BTreeMap<String, Part>);

impl<'de, 'm> DeserializeSeed<'de> for Name<'m> {
    type Value = Option<(&'m String, &'m Part)>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'m> Visitor<'_> for Name<'m> {
    type Value = Option<(&'m String, &'m Part)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.get_key_value(name))
    }
}

/// A stored object.
struct Object<'m> {
    members: &'m BTreeMap<String, Part>,
    /// `metadata` is kept as it stands as well.
    metadata: bool,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = Read<'de>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Read<'de>, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = Read<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Read<'de>, A::Error> {
        let (mut found, mut metadata) = (Map::new(), "null");
        while let Some(name) = members.next_key_seed(Name(self.members))? {
            match name {
                None => drop(members.next_value::<IgnoredAny>()?),
                Some((name, part)) if self.metadata && name == "metadata" => {
                    metadata = members.next_value::<&RawValue>()?.get();
                    let value = part.deserialize(&mut serde_json::Deserializer::from_str(metadata));
                    found.insert(name.clone(), value.map_err(serde::de::Error::custom)?);
                }
                Some((name, part)) => drop(found.insert(name.clone(), members.next_value_seed(part)?)),
            }
        }
        Ok(Read { value: Value::Object(found), metadata: metadata.into() })
    }
}

/// A value of which members are wanted: nothing is left of it where it is no object.
struct Below<'m>(&'m BTreeMap<String, Part>);

impl<'de> Visitor<'de> for Below<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut found = Map::new();
        while let Some(name) = members.next_key_seed(Name(self.0))? {
            match name {
                None => drop(members.next_value::<IgnoredAny>()?),
                Some((name, part)) => drop(found.insert(name.clone(), members.next_value_seed(part)?)),
            }
        }
        Ok(Value::Object(found))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Null)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_str<E>(self, _: &str) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn part(paths: &[&str]) -> Part {
        let mut part = Part::nothing();
        for path in paths {
            part.add(path.split('.').filter(|name| !name.is_empty()));
        }
        part
    }

    #[test]
    fn only_what_is_wanted_is_read() {
        let object = json!({
            "kind": "Task", "metadata": {"name": "a\"b", "labels": {"x": "1"}},
            "spec": {"a": [1, {"b": 2}], "text": "t"}, "status": "none", "other": [1.5, true, null, -1],
        });
        let text = object.to_string();
        for (paths, expected) in [
            (&["metadata.name"][..], json!({"metadata": {"name": "a\"b"}})),
            (&["metadata.name", "spec.a"], json!({"metadata": {"name": "a\"b"}, "spec": {"a": [1, {"b": 2}]}})),
            (&["spec.a.b", "spec.text.x"], json!({"spec": {"a": null, "text": null}})),
            (&["status.phase", "missing.x"], json!({"status": null})),
            (&["spec.text", "spec"], json!({"spec": {"a": [1, {"b": 2}], "text": "t"}})),
            (&["metadata.name", ""], object.clone()),
        ] {
            for metadata in [true, false] {
                let read = part(paths).read(text.as_bytes(), metadata);
                assert_eq!(read.value, expected, "{paths:?}");
            }
        }
        for paths in [&["metadata.name"][..], &[""]] {
            assert_eq!(part(paths).read(text.as_bytes(), true).metadata, object["metadata"].to_string());
        }
    }
}
