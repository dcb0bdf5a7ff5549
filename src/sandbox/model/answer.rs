//! A turn as the bytes of an OpenAI chat completion: a stream of events, or one JSON object.
//!
//! Source: <https://platform.openai.com/docs/api-reference/chat/streaming>; `reasoning_content` is the extension that
//! `@ai-sdk/openai-compatible` reads as reasoning.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::script::Step;

/// Between two words of an ordinary answer.
const WORD_PAUSE: Duration = Duration::from_millis(5);
/// Length of the pieces in which a tool call's arguments are sent.
const ARGUMENT_PIECE: usize = 24;

/// What an answer does next.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Sends these bytes.
    Send(Bytes),
    /// Pauses.
    Pause(Duration),
    /// Sends nothing for ever.
    Hang,
    /// Breaks the connection.
    Break,
}

/// What every chunk of one answer carries.
#[derive(Clone)]
pub struct Envelope {
    /// `chatcmpl-…`.
    pub id: String,
    /// The model's name, as the request had it.
    pub model: String,
    /// Seconds since 1970.
    pub created: i64,
    /// Length of the request, in bytes.
    pub request_bytes: usize,
}

/// The HTTP error that a turn asks for, if it does.
pub fn failure(turn: &[Step]) -> Option<(u16, Value)> {
    turn.iter().find_map(|step| match step {
        Step::Fail { status, message } => {
            let error = json!({"message": message, "type": "offline_model_error", "code": "scripted"});
            Some((*status, json!({"error": error})))
        }
        _ => None,
    })
}

/// How often a turn wants to be tried in vain, and after how many seconds each time, if it does.
pub fn busy(turn: &[Step]) -> Option<(u32, u32)> {
    turn.iter().find_map(|step| match step {
        Step::Busy { tries, again } => Some((*tries, *again)),
        _ => None,
    })
}

/// The HTTP error of a try in vain.
pub fn too_busy() -> Value {
    let message = "the model is busy, as the prompt asked";
    json!({"error": {"message": message, "type": "rate_limit_error", "param": null, "code": "rate_limit_exceeded"}})
}

/// The pieces of a streamed answer, made as they are taken.
pub fn stream(envelope: Envelope, turn: Vec<Step>) -> impl Iterator<Item = Piece> + Send {
    let usage = usage(&envelope, &turn);
    let finish = if calls(&turn).next().is_some() { "tool_calls" } else { "stop" };
    let chunk = move |choices: Value, usage: &Value| {
        let mut chunk = json!({
            "id": envelope.id, "object": "chat.completion.chunk", "created": envelope.created, "model": envelope.model,
            "choices": choices,
        });
        if !usage.is_null() {
            chunk["usage"] = usage.clone();
        }
        Piece::Send(Bytes::from(format!("data: {chunk}\n\n")))
    };
    let delta = {
        let chunk = chunk.clone();
        move |delta: Value, finish: Option<&str>| {
            chunk(json!([{"index": 0, "delta": delta, "finish_reason": finish}]), &Value::Null)
        }
    };
    let first = delta(json!({"role": "assistant", "content": ""}), None);
    let last = [
        delta(json!({}), Some(finish)),
        chunk(json!([]), &usage),
        Piece::Send(Bytes::from_static(b"data: [DONE]\n\n")),
    ];
    let mut call_index = 0_usize;
    let body = turn.into_iter().flat_map(move |step| -> Box<dyn Iterator<Item = Piece> + Send> {
        let delta = delta.clone();
        match step {
            Step::Say(text) => Box::new(words(text, move |word| delta(json!({"content": word}), None))),
            Step::Think(text) => Box::new(words(text, move |word| delta(json!({"reasoning_content": word}), None))),
            Step::Slow { words, pause } => Box::new(
                (0..words).flat_map(move |at| [Piece::Pause(pause), delta(json!({"content": numbered(at)}), None)]),
            ),
            Step::Words(words) => Box::new((0..words).map(move |at| delta(json!({"content": numbered(at)}), None))),
            Step::Wait(time) => Box::new(std::iter::once(Piece::Pause(time))),
            Step::Hang => Box::new(std::iter::once(Piece::Hang)),
            Step::Drop => Box::new([delta(json!({"content": "cut "}), None), Piece::Break].into_iter()),
            Step::Call { tool, arguments, .. } => {
                let index = call_index;
                call_index += 1;
                let open = json!({"index": index, "id": call_id(), "type": "function",
                    "function": {"name": tool, "arguments": ""}});
                let pieces = pieces(&arguments.to_string());
                let arguments =
                    pieces.into_iter().map(move |piece| json!({"index": index, "function": {"arguments": piece}}));
                Box::new(
                    std::iter::once(open).chain(arguments).map(move |call| delta(json!({"tool_calls": [call]}), None)),
                )
            }
            // Answered before the stream begins.
            Step::Fail { .. } | Step::Busy { .. } | Step::Help => Box::new(std::iter::empty()),
        }
    });
    std::iter::once(first).chain(body).chain(last)
}

/// The pieces of an answer that is one JSON object: the pauses, then the object.
pub fn whole(envelope: &Envelope, turn: &[Step]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut content, mut reasoning) = (String::new(), String::new());
    for step in turn {
        match step {
            Step::Say(text) => content.push_str(text),
            Step::Think(text) => reasoning.push_str(text),
            Step::Slow { words, pause } => {
                pieces.push(Piece::Pause(pause.saturating_mul(*words)));
                content.extend((0..*words).map(numbered));
            }
            Step::Words(words) => content.extend((0..*words).map(numbered)),
            Step::Wait(time) => pieces.push(Piece::Pause(*time)),
            Step::Hang => pieces.push(Piece::Hang),
            Step::Drop => pieces.push(Piece::Break),
            Step::Call { .. } | Step::Fail { .. } | Step::Busy { .. } | Step::Help => {}
        }
    }
    let mut message = json!({"role": "assistant", "content": content});
    if !reasoning.is_empty() {
        message["reasoning_content"] = reasoning.into();
    }
    let calls: Vec<_> = calls(turn)
        .map(|(tool, arguments)| {
            json!({"id": call_id(), "type": "function",
                "function": {"name": tool, "arguments": arguments.to_string()}})
        })
        .collect();
    let finish = if calls.is_empty() { "stop" } else { "tool_calls" };
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
    let answer = json!({
        "id": envelope.id, "object": "chat.completion", "created": envelope.created, "model": envelope.model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage(envelope, turn),
    });
    pieces.push(Piece::Send(Bytes::from(answer.to_string())));
    pieces
}

/// Four bytes are a token, half of the prompt is cached: numbers that add up, for summaries and costs.
fn usage(envelope: &Envelope, turn: &[Step]) -> Value {
    let prompt = envelope.request_bytes.div_ceil(4);
    let (mut answered, mut reasoned) = (0, 0);
    for step in turn {
        match step {
            Step::Say(text) => answered += text.len().div_ceil(4),
            Step::Think(text) => reasoned += text.len().div_ceil(4),
            Step::Slow { words, .. } | Step::Words(words) => answered += *words as usize * 2,
            Step::Call { arguments, .. } => answered += arguments.to_string().len().div_ceil(4),
            Step::Wait(_) | Step::Hang | Step::Drop | Step::Fail { .. } | Step::Busy { .. } | Step::Help => {}
        }
    }
    json!({
        "prompt_tokens": prompt, "completion_tokens": answered + reasoned, "total_tokens": prompt + answered + reasoned,
        "prompt_tokens_details": {"cached_tokens": prompt / 2},
        "completion_tokens_details": {"reasoning_tokens": reasoned},
    })
}

fn calls(turn: &[Step]) -> impl Iterator<Item = (&str, &Value)> {
    turn.iter().filter_map(|step| match step {
        Step::Call { tool, arguments, .. } => Some((tool.as_str(), arguments)),
        _ => None,
    })
}

fn call_id() -> String {
    format!("call_{}", uuid::Uuid::new_v4().simple())
}

fn numbered(at: u32) -> String {
    format!("word{} ", at + 1)
}

/// A text as words with the blanks behind them, each after a short pause.
fn words(text: String, chunk: impl Fn(&str) -> Piece + Send) -> impl Iterator<Item = Piece> + Send {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = &text[start..];
        if rest.is_empty() {
            return None;
        }
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let blank = rest[word..].find(|c: char| !c.is_whitespace()).unwrap_or(rest.len() - word);
        let end = word + blank;
        start += end;
        Some([Piece::Pause(WORD_PAUSE), chunk(&rest[..end])])
    })
    .flatten()
}

fn pieces(text: &str) -> Vec<String> {
    let characters: Vec<_> = text.chars().collect();
    characters.chunks(ARGUMENT_PIECE).map(|piece| piece.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::model::script;

    fn envelope() -> Envelope {
        Envelope { id: "chatcmpl-1".into(), model: "scripted".into(), created: 1, request_bytes: 400 }
    }

    fn chunks(message: &str) -> Vec<Value> {
        stream(envelope(), script::steps(message))
            .filter_map(|piece| match piece {
                Piece::Send(bytes) => Some(bytes),
                _ => None,
            })
            .map(|bytes| {
                let text = String::from_utf8(bytes.to_vec()).unwrap();
                let event = text.strip_prefix("data: ").and_then(|text| text.strip_suffix("\n\n")).unwrap();
                if event == "[DONE]" { Value::Null } else { serde_json::from_str(event).unwrap() }
            })
            .collect()
    }

    fn joined(chunks: &[Value], pointer: &str) -> String {
        chunks.iter().filter_map(|chunk| chunk.pointer(pointer).and_then(Value::as_str)).collect()
    }

    #[test]
    fn a_streamed_text_is_whole_and_ends_with_usage() {
        let chunks = chunks("%think  hm \n%say two  words\\nand é");
        assert_eq!(joined(&chunks, "/choices/0/delta/content"), "two  words\nand é");
        assert_eq!(joined(&chunks, "/choices/0/delta/reasoning_content"), "hm");
        let [.., finish, usage, done] = &chunks[..] else { panic!("{chunks:?}") };
        assert_eq!(finish["choices"][0]["finish_reason"], "stop");
        assert_eq!(usage["usage"]["prompt_tokens"], 100);
        assert_eq!(usage["usage"]["prompt_tokens_details"]["cached_tokens"], 50);
        assert_eq!(done, &Value::Null);
    }

    #[test]
    fn tool_calls_of_one_turn_are_numbered_and_their_arguments_whole() {
        let chunks = chunks("%bash echo a rather long command with é\n%+read b");
        let arguments = |index: u64| -> Value {
            let text: String = chunks
                .iter()
                .filter_map(|chunk| chunk.pointer("/choices/0/delta/tool_calls/0"))
                .filter(|call| call["index"] == index)
                .map(|call| call["function"]["arguments"].as_str().unwrap())
                .collect();
            serde_json::from_str(&text).unwrap()
        };
        assert_eq!(arguments(0)["command"], "echo a rather long command with é");
        assert_eq!(arguments(1)["filePath"], "b");
        assert!(chunks.iter().any(|chunk| chunk["choices"][0]["finish_reason"] == "tool_calls"));
    }

    #[test]
    fn hanging_breaking_and_pausing_are_pieces() {
        let pieces: Vec<_> = stream(envelope(), script::steps("%wait 2s\n%slow 2 7\n%hang\n%drop")).collect();
        assert!(pieces.contains(&Piece::Pause(Duration::from_secs(2))));
        assert_eq!(pieces.iter().filter(|piece| **piece == Piece::Pause(Duration::from_millis(7))).count(), 2);
        assert!(pieces.contains(&Piece::Hang) && pieces.contains(&Piece::Break));
    }

    #[test]
    fn an_answer_in_one_piece_says_the_same() {
        let pieces = whole(&envelope(), &script::steps("%think why\n%say a b\n%words 2\n%bash ls"));
        let [Piece::Send(bytes)] = &pieces[..] else { panic!("{pieces:?}") };
        let answer: Value = serde_json::from_slice(bytes).unwrap();
        let choice = &answer["choices"][0];
        assert_eq!(choice["message"]["content"], "a bword1 word2 ");
        assert_eq!(choice["message"]["reasoning_content"], "why");
        assert_eq!(choice["message"]["tool_calls"][0]["function"]["name"], "bash");
        assert_eq!(choice["finish_reason"], "tool_calls");
    }

    #[test]
    fn a_failure_is_an_http_error() {
        let (status, body) = failure(&script::steps("%fail 429 slow down")).unwrap();
        assert_eq!((status, body["error"]["message"].as_str()), (429, Some("slow down")));
        assert!(failure(&script::steps("%say no")).is_none());
    }
}
