//! What a conversation amounts to: how many messages, what changed, and whether its last turn failed.
//!
//! `GET /session/{id}/message` of the OpenCode server; only the envelopes are read, the parts are skipped.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::opencode::types::{NamedError, Role};
use crate::opencode::{Client, Error};

/// Sums over the messages of one OpenCode session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transcript {
    /// Messages.
    pub messages: i64,
    /// Cost of all assistant messages, US dollars.
    pub cost: f64,
    /// Input, output, reasoning and cache (read and written) tokens.
    pub tokens: [i64; 4],
    /// Files changed.
    pub files: i64,
    /// Lines added.
    pub additions: i64,
    /// Lines deleted.
    pub deletions: i64,
    /// How the last turn failed, if it did.
    pub failure: Option<NamedError>,
    /// Whether a last turn has an answer at all.
    pub answered: bool,
    /// When the newest message was created, milliseconds since the epoch by the server's clock.
    pub newest: i64,
    /// Ids of the user's messages.
    pub asked: Vec<String>,
}

#[derive(Deserialize)]
struct Envelope {
    info: Info,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    id: String,
    role: Role,
    #[serde(default)]
    error: Option<NamedError>,
    #[serde(default)]
    cost: f64,
    #[serde(default)]
    tokens: crate::opencode::types::Tokens,
    #[serde(default)]
    time: crate::opencode::types::Times,
    #[serde(default)]
    summary: Value,
}

impl Transcript {
    /// Reads the conversation of `session`.
    pub async fn fetch(client: &Client, session: &str) -> Result<Self, Error> {
        Ok(Self::of(client.messages_as(session).await?))
    }

    /// Whether the model has begun to answer anything.
    pub fn has_answers(&self) -> bool {
        usize::try_from(self.messages).is_ok_and(|messages| messages > self.asked.len())
    }

    fn of(messages: Vec<Envelope>) -> Self {
        let mut sums = Self::default();
        let mut files: BTreeSet<String> = BTreeSet::new();
        for Envelope { info } in messages {
            sums.messages += 1;
            sums.newest = sums.newest.max(info.time.created);
            match info.role {
                Role::User => {
                    sums.failure = None;
                    sums.answered = false;
                    sums.asked.push(info.id);
                    for diff in info.summary.get("diffs").and_then(Value::as_array).into_iter().flatten() {
                        let number = |key| diff.get(key).and_then(Value::as_i64).unwrap_or(0);
                        sums.additions += number("additions");
                        sums.deletions += number("deletions");
                        files.insert(diff.get("file").and_then(Value::as_str).unwrap_or_default().to_owned());
                    }
                }
                Role::Assistant => {
                    sums.answered = true;
                    sums.failure = info.error;
                    sums.cost += info.cost;
                    let tokens = info.tokens;
                    let used = [tokens.input, tokens.output, tokens.reasoning, tokens.cache.read + tokens.cache.write];
                    for (sum, used) in sums.tokens.iter_mut().zip(used) {
                        *sum += used;
                    }
                }
                Role::Unknown => {}
            }
        }
        sums.files = i64::try_from(files.len()).unwrap_or(i64::MAX);
        sums
    }
}

/// A cost as status fields carry it: US dollars with six decimals.
pub fn dollars(cost: f64) -> String {
    format!("{cost:.6}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(messages: Value) -> Transcript {
        Transcript::of(serde_json::from_value(messages).unwrap())
    }

    #[test]
    fn sums_run_over_all_turns_and_the_last_one_decides() {
        let sums = of(json!([
            {"info": {"id": "msg_1", "role": "user", "time": {"created": 5}, "summary": {"diffs": [
                {"file": "a", "additions": 2, "deletions": 1}, {"file": "b", "additions": 1, "deletions": 0}]}}, "parts": []},
            {"info": {"id": "msg_2", "role": "assistant", "cost": 0.5, "error": {"name": "APIError", "data": {"message": "no"}},
                "tokens": {"input": 3, "output": 4, "reasoning": 5, "cache": {"read": 6, "write": 7}}}},
            {"info": {"id": "msg_3", "role": "user", "time": {"created": 9}, "summary": {"diffs": [{"file": "a", "additions": 1, "deletions": 1}]}}},
            {"info": {"id": "msg_4", "role": "assistant", "cost": 0.25, "time": {"created": 10}}}
        ]));
        assert_eq!((sums.messages, sums.files, sums.additions, sums.deletions), (4, 2, 4, 2));
        assert_eq!((sums.tokens, dollars(sums.cost).as_str()), ([3, 4, 5, 13], "0.750000"));
        assert_eq!((sums.failure, sums.answered, sums.newest), (None, true, 10));
        assert_eq!(sums.asked, ["msg_1", "msg_3"]);
    }

    #[test]
    fn a_failure_of_the_last_turn_is_kept_and_an_unanswered_turn_is_none() {
        let failed = of(json!([
            {"info": {"id": "msg_1", "role": "user"}},
            {"info": {"id": "msg_2", "role": "assistant", "error": {"name": "APIError", "data": {"message": "no key"}}}}
        ]));
        assert_eq!(failed.failure.unwrap().message(), "no key");
        let open = of(json!([{"info": {"id": "msg_1", "role": "user"}}]));
        assert!(!open.answered && open.failure.is_none());
        assert_eq!(of(json!([])), Transcript::default());
    }
}
