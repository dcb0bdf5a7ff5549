//! Conditions, and writing a status without touching what did not change.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use k8s_openapi::jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Longest message of a condition (`metav1.Condition`, maxLength 32768) that we write: enough to read, small to store.
const MESSAGE_LIMIT: usize = 1024;

/// A condition to be, before it meets the ones that are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Type.
    pub type_: &'static str,
    /// `True` or `False`.
    pub status: bool,
    /// Reason in CamelCase.
    pub reason: &'static str,
    /// Text for people.
    pub message: String,
}

impl Wanted {
    /// The condition holds.
    pub fn yes(type_: &'static str, reason: &'static str, message: impl Into<String>) -> Self {
        Self { type_, status: true, reason, message: message.into() }
    }

    /// The condition does not hold.
    pub fn no(type_: &'static str, reason: &'static str, message: impl Into<String>) -> Self {
        Self { type_, status: false, reason, message: message.into() }
    }
}

/// Puts `wanted` among `conditions`; the transition time moves only when the status does.
pub fn set_condition(conditions: &mut Vec<Condition>, wanted: Wanted, generation: Option<i64>, now: Timestamp) {
    let Wanted { type_, status, reason, message } = wanted;
    let mut next = Condition {
        type_: type_.to_owned(),
        status: if status { "True" } else { "False" }.to_owned(),
        reason: reason.to_owned(),
        message: if message.len() > MESSAGE_LIMIT { shorten(&message, MESSAGE_LIMIT) } else { message },
        observed_generation: generation,
        last_transition_time: Time(whole_second(now)),
    };
    match conditions.iter_mut().find(|condition| condition.type_ == type_) {
        Some(present) => {
            if present.status == next.status {
                next.last_transition_time = present.last_transition_time.clone();
            }
            *present = next;
        }
        None => conditions.push(next),
    }
}

/// Takes a condition away.
pub fn remove_condition(conditions: &mut Vec<Condition>, type_: &str) {
    conditions.retain(|condition| condition.type_ != type_);
}

/// The condition of that type.
pub fn condition<'a>(conditions: &'a [Condition], type_: &str) -> Option<&'a Condition> {
    conditions.iter().find(|condition| condition.type_ == type_)
}

/// Whether the condition of that type is `True`.
pub fn is_true(conditions: &[Condition], type_: &str) -> bool {
    condition(conditions, type_).is_some_and(|condition| condition.status == "True")
}

/// `metav1.Time` carries whole seconds; anything finer would differ from what is read back.
pub fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// At most `limit` bytes of `text`, cut at a character and marked as cut.
pub fn shorten(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let mut end = limit.saturating_sub('…'.len_utf8());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}

/// The JSON merge patch (RFC 7396) that turns the status `from` into `to`; `None` when they are the same.
pub fn status_patch<S: Serialize>(from: Option<&S>, to: &S) -> Option<Value> {
    let from = from.map_or_else(|| json!({}), |from| json!(from));
    merge_patch(&from, &json!(to))
}

fn merge_patch(from: &Value, to: &Value) -> Option<Value> {
    let (Value::Object(from), Value::Object(to)) = (from, to) else {
        return (from != to).then(|| to.clone());
    };
    let mut patch = Map::new();
    for key in from.keys().filter(|key| !to.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    for (key, value) in to {
        let change = match from.get(key) {
            Some(present) => merge_patch(present, value),
            None => Some(value.clone()),
        };
        if let Some(change) = change {
            patch.insert(key.clone(), change);
        }
    }
    (!patch.is_empty()).then_some(Value::Object(patch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_keeps_its_transition_time_until_its_status_changes() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut conditions = Vec::new();
        set_condition(&mut conditions, Wanted::no("Ready", "Starting", "a"), Some(1), at(10));
        set_condition(&mut conditions, Wanted::no("Ready", "StillStarting", "b"), Some(2), at(20));
        assert_eq!(conditions.len(), 1);
        assert_eq!(conditions[0].last_transition_time.0, at(10));
        assert_eq!(conditions[0].reason, "StillStarting");
        set_condition(&mut conditions, Wanted::yes("Ready", "Started", ""), Some(2), at(30));
        assert_eq!(conditions[0].last_transition_time.0, at(30));
        assert!(is_true(&conditions, "Ready"));
        remove_condition(&mut conditions, "Ready");
        assert!(condition(&conditions, "Ready").is_none());
    }

    #[test]
    fn a_patch_holds_only_what_changed_and_nulls_what_went() {
        let from = json!({"phase": "Pending", "podName": "p", "session": {"title": "t", "id": "x"}, "list": [1]});
        let to = json!({"phase": "Running", "session": {"title": "t"}, "list": [1, 2]});
        let patch = merge_patch(&from, &to).unwrap();
        assert_eq!(patch, json!({"podName": null, "phase": "Running", "session": {"id": null}, "list": [1, 2]}));
        let mut patched = from.clone();
        json_patch::merge(&mut patched, &patch);
        assert_eq!(patched, to);
        assert_eq!(merge_patch(&to, &to), None);
    }

    #[test]
    fn long_texts_are_cut_at_a_character() {
        assert_eq!(shorten("short", 10), "short");
        let cut = shorten(&"é".repeat(10), 10);
        assert!(cut.len() <= 10 && cut.ends_with('…'));
    }
}
