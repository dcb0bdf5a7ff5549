//! Protobuf bodies of the requests that kubectl's typed clients make (`application/vnd.kubernetes.protobuf`), as JSON.
//!
//! A body is `k8s\0` and a `runtime.Unknown`: the type (1: `apiVersion` 1, `kind` 2) and the object's own bytes (2).
//! The tables in [`messages`] are the `generated.proto` files of `k8s.io/api` for the kinds that kubectl creates that way. A field
//! that is not in them may be absent from an object only while it is empty: nothing that a client said is dropped.

mod messages;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use messages::Kind::{
    self, Bool, BytesMap, Int, Json, ListMap, Many, Map as StringMap, One, Port, Quantities, SomeBool, SomeInt, Text,
    Texts, Time,
};
use messages::{Message, message};

/// What stands before every object.
const MAGIC: &[u8] = b"k8s\0";
/// How far messages may nest.
const DEPTH: usize = 32;

/// One field as it is on the wire.
enum Wire<'b> {
    Number(u64),
    Bytes(&'b [u8]),
}

/// Reads fields one after the other.
struct Fields<'b>(&'b [u8]);

impl<'b> Fields<'b> {
    fn varint(&mut self) -> Result<u64, String> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first().ok_or("unexpected end of protobuf")?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err("protobuf number is too long".to_owned())
    }

    fn take(&mut self, length: u64) -> Result<&'b [u8], String> {
        let length = usize::try_from(length).ok().filter(|length| *length <= self.0.len());
        let (taken, rest) = self.0.split_at(length.ok_or("unexpected end of protobuf")?);
        self.0 = rest;
        Ok(taken)
    }

    fn next(&mut self) -> Result<Option<(u32, Wire<'b>)>, String> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let number = u32::try_from(tag >> 3).map_err(|_| "protobuf field number is too large")?;
        let wire = match tag & 7 {
            0 => Wire::Number(self.varint()?),
            1 => Wire::Bytes(self.take(8)?),
            2 => {
                let length = self.varint()?;
                Wire::Bytes(self.take(length)?)
            }
            5 => Wire::Bytes(self.take(4)?),
            other => return Err(format!("protobuf wire type {other} is not known")),
        };
        Ok(Some((number, wire)))
    }
}

impl<'b> Wire<'b> {
    fn bytes(&self) -> Result<&'b [u8], String> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Number(_) => Err("protobuf field has the wrong type".to_owned()),
        }
    }

    fn text(&self) -> Result<String, String> {
        String::from_utf8(self.bytes()?.to_vec()).map_err(|_| "protobuf string is not UTF-8".to_owned())
    }

    fn number(&self) -> Result<i64, String> {
        match self {
            // Negative numbers are their two's complement.
            Self::Number(number) => Ok(number.cast_signed()),
            Self::Bytes(_) => Err("protobuf field has the wrong type".to_owned()),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Number(number) => *number == 0,
            Self::Bytes(bytes) => bytes.is_empty(),
        }
    }
}

/// The object of a body.
///
/// # Errors
///
/// What of it cannot be understood; the client can send JSON instead.
pub fn decode(body: &[u8]) -> Result<Value, String> {
    let envelope = body.strip_prefix(MAGIC).ok_or("provided data does not appear to be a protobuf message")?;
    let (mut api_version, mut kind, mut raw) = (String::new(), String::new(), &[][..]);
    let mut fields = Fields(envelope);
    while let Some((number, wire)) = fields.next()? {
        match number {
            1 => {
                let mut parts = Fields(wire.bytes()?);
                while let Some((number, wire)) = parts.next()? {
                    match number {
                        1 => api_version = wire.text()?,
                        2 => kind = wire.text()?,
                        _ => {}
                    }
                }
            }
            2 => raw = wire.bytes()?,
            _ if wire.is_empty() => {}
            _ => return Err("protobuf body has an encoding that is not known".to_owned()),
        }
    }
    let message =
        message(&api_version, &kind).ok_or_else(|| format!("no protobuf schema for {kind:?} in {api_version:?}"))?;
    let mut object = Map::new();
    object.insert("apiVersion".to_owned(), api_version.into());
    object.insert("kind".to_owned(), kind.clone().into());
    read(message, raw, &kind, DEPTH, &mut object)?;
    Ok(Value::Object(object))
}

fn read(
    message: Message,
    bytes: &[u8],
    path: &str,
    depth: usize,
    object: &mut Map<String, Value>,
) -> Result<(), String> {
    let depth = depth.checked_sub(1).ok_or("protobuf is nested too deeply")?;
    let mut fields = Fields(bytes);
    while let Some((number, wire)) = fields.next()? {
        let Some((_, name, kind)) = message.iter().find(|(known, ..)| *known == number) else {
            if wire.is_empty() {
                continue;
            }
            return Err(format!("protobuf field {number} of {path} is not known; send JSON instead"));
        };
        field(name, *kind, &wire, &format!("{path}.{name}"), depth, object)?;
    }
    Ok(())
}

/// Key and value of an entry of a map.
fn entry<'b>(wire: &Wire<'b>) -> Result<(String, Wire<'b>), String> {
    let (mut key, mut value) = (String::new(), Wire::Bytes(&[]));
    let mut fields = Fields(wire.bytes()?);
    while let Some((number, wire)) = fields.next()? {
        match number {
            1 => key = wire.text()?,
            2 => value = wire,
            _ => {}
        }
    }
    Ok((key, value))
}

/// Every value of field 1, as of the messages that only wrap one.
fn wrapped<'b>(wire: &Wire<'b>) -> Result<Vec<Wire<'b>>, String> {
    let mut values = Vec::new();
    let mut fields = Fields(wire.bytes()?);
    while let Some((number, wire)) = fields.next()? {
        if number == 1 {
            values.push(wire);
        }
    }
    Ok(values)
}

fn push(object: &mut Map<String, Value>, name: &str, value: Value) {
    if let Value::Array(list) = object.entry(name).or_insert_with(|| json!([])) {
        list.push(value);
    }
}

fn put(object: &mut Map<String, Value>, name: &str, key: String, value: Value) {
    if let Value::Object(members) = object.entry(name).or_insert_with(|| json!({})) {
        members.insert(key, value);
    }
}

fn field(
    name: &str,
    kind: Kind,
    wire: &Wire<'_>,
    path: &str,
    depth: usize,
    object: &mut Map<String, Value>,
) -> Result<(), String> {
    let value = match kind {
        Text => Some(Value::from(wire.text()?)).filter(|text| text != ""),
        Int => Some(Value::from(wire.number()?)).filter(|number| number != 0),
        SomeInt => Some(wire.number()?.into()),
        Bool => (wire.number()? != 0).then_some(Value::Bool(true)),
        SomeBool => Some((wire.number()? != 0).into()),
        Time => time(wire)?.map(Value::from),
        Port => Some(port(wire)?),
        Json => {
            let raw = wrapped(wire)?.first().map(Wire::bytes).transpose()?.unwrap_or(b"{}");
            Some(serde_json::from_slice(raw).map_err(|error| format!("{path} is not JSON: {error}"))?)
        }
        One(message) => {
            let mut inner = Map::new();
            read(message, wire.bytes()?, path, depth, &mut inner)?;
            Some(Value::Object(inner))
        }
        Many(message) => {
            let mut inner = Map::new();
            read(message, wire.bytes()?, path, depth, &mut inner)?;
            push(object, name, Value::Object(inner));
            None
        }
        Texts => {
            push(object, name, wire.text()?.into());
            None
        }
        StringMap | BytesMap | ListMap | Quantities => {
            let (key, value) = entry(wire)?;
            let value = match kind {
                BytesMap => STANDARD.encode(value.bytes()?).into(),
                ListMap => wrapped(&value)?.iter().map(Wire::text).collect::<Result<Vec<_>, _>>()?.into(),
                Quantities => wrapped(&value)?.first().map(Wire::text).transpose()?.into(),
                _ => value.text()?.into(),
            };
            put(object, name, key, value);
            None
        }
    };
    if let Some(value) = value {
        object.insert(name.to_owned(), value);
    }
    Ok(())
}

/// A time; an empty message is the zero time, which JSON leaves out.
fn time(wire: &Wire<'_>) -> Result<Option<String>, String> {
    let (mut seconds, mut nanoseconds) = (0, 0);
    if wire.is_empty() {
        return Ok(None);
    }
    let mut fields = Fields(wire.bytes()?);
    while let Some((number, wire)) = fields.next()? {
        match number {
            1 => seconds = wire.number()?,
            2 => nanoseconds = wire.number()?,
            _ => {}
        }
    }
    let nanoseconds = i32::try_from(nanoseconds).map_err(|_| "protobuf time is out of range")?;
    let time = jiff::Timestamp::new(seconds, nanoseconds).map_err(|_| "protobuf time is out of range")?;
    Ok(Some(time.to_string()))
}

fn port(wire: &Wire<'_>) -> Result<Value, String> {
    let (mut is_text, mut number, mut text) = (false, 0, String::new());
    let mut fields = Fields(wire.bytes()?);
    while let Some((field, wire)) = fields.next()? {
        match field {
            1 => is_text = wire.number()? == 1,
            2 => number = wire.number()?,
            3 => text = wire.text()?,
            _ => {}
        }
    }
    Ok(if is_text { text.into() } else { number.into() })
}

#[cfg(test)]
mod tests {
    use super::messages::CONFIG_MAP;
    use super::*;
    use proptest::prelude::*;

    fn varint(mut value: u64, out: &mut Vec<u8>) {
        while value >= 0x80 {
            out.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
            value >>= 7;
        }
        out.push(u8::try_from(value).unwrap());
    }

    /// A field of bytes.
    fn bytes(number: u64, content: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        varint(number << 3 | 2, &mut out);
        varint(content.len() as u64, &mut out);
        [out, content.to_vec()].concat()
    }

    fn number(field: u64, value: i64) -> Vec<u8> {
        let mut out = Vec::new();
        varint(field << 3, &mut out);
        varint(value.cast_unsigned(), &mut out);
        out
    }

    fn body(api_version: &str, kind: &str, raw: &[u8]) -> Vec<u8> {
        let kind = [bytes(1, api_version.as_bytes()), bytes(2, kind.as_bytes())].concat();
        // kubectl writes the empty contentEncoding and contentType too.
        [MAGIC.to_vec(), bytes(1, &kind), bytes(2, raw), bytes(3, b""), bytes(4, b"")].concat()
    }

    /// Writes JSON as the message; the inverse of the decoder, for every kind of field.
    fn encode(message: Message, object: &Value) -> Vec<u8> {
        let text = |value: &Value| value.as_str().unwrap().as_bytes().to_vec();
        let pair = |key: &str, value: &[u8]| [bytes(1, key.as_bytes()), bytes(2, value)].concat();
        let mut out = Vec::new();
        for (field, name, kind) in message {
            let field = u64::from(*field);
            let value = &object[*name];
            if value.is_null() {
                continue;
            }
            let list = || value.as_array().unwrap().iter();
            let members = || value.as_object().unwrap().iter();
            let encoded: Vec<Vec<u8>> = match kind {
                Text => vec![bytes(field, &text(value))],
                Texts => list().map(|value| bytes(field, &text(value))).collect(),
                Int | SomeInt => vec![number(field, value.as_i64().unwrap())],
                Bool | SomeBool => vec![number(field, i64::from(value.as_bool().unwrap()))],
                Time => {
                    let time: jiff::Timestamp = value.as_str().unwrap().parse().unwrap();
                    vec![bytes(
                        field,
                        &[number(1, time.as_second()), number(2, time.subsec_nanosecond().into())].concat(),
                    )]
                }
                Port => match value.as_i64() {
                    Some(port) => vec![bytes(field, &[number(1, 0), number(2, port), bytes(3, b"")].concat())],
                    None => vec![bytes(field, &[number(1, 1), number(2, 0), bytes(3, &text(value))].concat())],
                },
                Json => vec![bytes(field, &bytes(1, value.to_string().as_bytes()))],
                StringMap => members().map(|(key, value)| bytes(field, &pair(key, &text(value)))).collect(),
                BytesMap => members()
                    .map(|(key, value)| bytes(field, &pair(key, &STANDARD.decode(text(value)).unwrap())))
                    .collect(),
                Quantities => members().map(|(key, value)| bytes(field, &pair(key, &bytes(1, &text(value))))).collect(),
                ListMap => members()
                    .map(|(key, value)| {
                        let items = value.as_array().unwrap().iter().flat_map(|value| bytes(1, &text(value)));
                        bytes(field, &pair(key, &items.collect::<Vec<u8>>()))
                    })
                    .collect(),
                One(message) => vec![bytes(field, &encode(message, value))],
                Many(message) => list().map(|value| bytes(field, &encode(message, value))).collect(),
            };
            out.extend(encoded.concat());
        }
        out
    }

    #[test]
    fn what_kubectl_auth_can_i_sends() {
        // `kubectl auth can-i list tasks.kubeopencode.io`, without `-n`: empty strings are written, and mean nothing.
        let attributes = [
            bytes(1, b"default"),
            bytes(2, b"list"),
            bytes(3, b"kubeopencode.io"),
            bytes(4, b""),
            bytes(5, b"tasks"),
            bytes(6, b""),
            bytes(7, b""),
        ]
        .concat();
        let meta = [bytes(1, b""), bytes(2, b""), bytes(5, b""), number(7, 0), bytes(8, b"")].concat();
        let status = [number(1, 0), bytes(2, b""), bytes(3, b""), number(4, 0)].concat();
        let raw = [bytes(1, &meta), bytes(2, &bytes(1, &attributes)), bytes(3, &status)].concat();
        let review = decode(&body("authorization.k8s.io/v1", "SelfSubjectAccessReview", &raw)).unwrap();
        assert_eq!(
            review,
            json!({
                "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "metadata": {},
                "spec": { "resourceAttributes": {
                    "namespace": "default", "verb": "list", "group": "kubeopencode.io", "resource": "tasks" } },
                "status": {},
            })
        );
    }

    #[test]
    fn objects_survive_the_way_there_and_back() {
        let meta = json!({ "name": "a", "labels": { "l": "" }, "creationTimestamp": "2026-01-02T03:04:05Z", "finalizers": ["f"],
            "ownerReferences": [{ "kind": "K", "name": "n", "uid": "u", "apiVersion": "v1", "controller": false }],
            "managedFields": [{ "manager": "m", "fieldsV1": { "f:data": {} } }] });
        for object in [
            json!({ "apiVersion": "v1", "kind": "Secret", "metadata": meta, "data": { "k": "AAH/" }, "type": "Opaque", "immutable": false }),
            json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": { "k": "v\n" }, "binaryData": { "b": "aGk=" } }),
            json!({ "apiVersion": "v1", "kind": "Service", "metadata": {}, "spec": { "type": "ClusterIP", "selector": { "a": "b" },
                "ports": [{ "name": "x", "port": 80, "targetPort": 8080 }, { "port": 81, "targetPort": "http" }] } }),
            json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {},
                "rules": [{ "verbs": ["get"], "apiGroups": [""], "resources": ["pods", "pods/log"], "resourceNames": ["p"] }] }),
            json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {},
                "subjects": [{ "kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "u" }],
                "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view" } }),
            json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "metadata": {},
                "spec": { "audiences": ["a"], "expirationSeconds": 600, "boundObjectRef": { "kind": "Pod", "apiVersion": "v1", "name": "p" } } }),
            json!({ "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "metadata": {}, "spec": {
                "nonResourceAttributes": { "path": "/x", "verb": "get" }, "user": "u", "groups": ["g", "h"], "extra": { "e": ["1", "2"] } } }),
            json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {}, "spec": { "replicas": 0, "selector": { "matchLabels": { "a": "b" } },
                "template": { "metadata": {}, "spec": { "containers": [{ "name": "c", "image": "i", "command": ["x"],
                    "resources": { "limits": { "cpu": "1" } }, "ports": [{ "containerPort": 80 }] }] } } } }),
        ] {
            let (api_version, kind) = (object["apiVersion"].as_str().unwrap(), object["kind"].as_str().unwrap());
            let raw = encode(message(api_version, kind).unwrap(), &object);
            assert_eq!(decode(&body(api_version, kind, &raw)), Ok(object));
        }
    }

    #[test]
    fn nothing_that_was_said_is_dropped() {
        let unknown = [bytes(1, b""), bytes(99, b"x")].concat();
        assert_eq!(
            decode(&body("v1", "Secret", &unknown)).unwrap_err(),
            "protobuf field 99 of Secret is not known; send JSON instead"
        );
        let unset = [bytes(99, b""), number(98, 0)].concat();
        assert_eq!(decode(&body("v1", "Secret", &unset)), Ok(json!({ "apiVersion": "v1", "kind": "Secret" })));
        assert_eq!(decode(&body("v9", "Odd", b"")).unwrap_err(), "no protobuf schema for \"Odd\" in \"v9\"");
        assert!(decode(b"{}").is_err());
        assert_eq!(decode(&body("v1", "Secret", &[0x0a, 5, 1])).unwrap_err(), "unexpected end of protobuf");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(raw in proptest::collection::vec(any::<u8>(), 0..200), bare in any::<bool>(), kind in 0usize..6) {
            let (api_version, kind) = [
                ("v1", "Secret"), ("v1", "Service"), ("apps/v1", "Deployment"), ("authentication.k8s.io/v1", "TokenRequest"),
                ("authorization.k8s.io/v1", "SubjectAccessReview"), ("rbac.authorization.k8s.io/v1", "ClusterRole"),
            ][kind];
            drop(decode(&if bare { [MAGIC, &raw].concat() } else { body(api_version, kind, &raw) }));
        }

        #[test]
        fn a_config_map_survives(
            name in "[a-z]{1,10}",
            entries in proptest::collection::btree_map("[a-z.]{1,8}", "\\PC{0,30}", 1..5),
            immutable in any::<bool>(),
        ) {
            let object = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name }, "data": entries, "immutable": immutable });
            prop_assert_eq!(decode(&body("v1", "ConfigMap", &encode(CONFIG_MAP, &object))), Ok(object));
        }
    }
}
