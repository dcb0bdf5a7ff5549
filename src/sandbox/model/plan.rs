//! From a chat completion request to the turn that answers it.

use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value;

use super::script::{self, Step};

/// How much of a text is quoted back.
const QUOTED: usize = 200;

/// A chat completion request, as far as the offline model reads it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Request {
    /// The model's name, sent back as it came.
    pub model: String,
    /// The conversation.
    pub messages: Vec<Message>,
    /// The tools that may be called.
    pub tools: Vec<Tool>,
    /// Whether the answer is a stream of events.
    pub stream: bool,
}

/// A message of the conversation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Message {
    /// `system`, `user`, `assistant` or `tool`.
    pub role: String,
    /// A text, or a list of parts of which some are texts.
    pub content: Value,
}

/// A tool that may be called.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Tool {
    /// The function behind it.
    pub function: Function,
}

/// The function behind a tool.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Function {
    /// Its name.
    pub name: String,
}

impl Message {
    fn text(&self) -> String {
        match &self.content {
            Value::String(text) => text.clone(),
            Value::Array(parts) => {
                let texts: Vec<_> = parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str)).collect();
                texts.join("\n")
            }
            _ => String::new(),
        }
    }
}

/// The turn that answers a request; never empty.
pub fn turn(request: &Request) -> Vec<Step> {
    let spoken = request.messages.iter().rposition(|message| message.role == "user");
    let said = spoken.map(|at| request.messages[at].text()).unwrap_or_default();
    if asks_for_title(request) {
        return vec![Step::Say(title(&said))];
    }
    let since = &request.messages[spoken.map_or(0, |at| at + 1)..];
    let taken = since.iter().filter(|message| message.role == "assistant").count();
    let steps = script::steps(&said);
    let scripted = !steps.is_empty();
    let turn = script::turns(steps).into_iter().nth(taken);
    let mut turn = turn.unwrap_or_else(|| {
        let result = since.iter().rev().find(|message| message.role == "tool").map(Message::text);
        let text = match result {
            Some(result) if scripted => format!("done: {}", quoted(&result)),
            _ if scripted => "done".to_owned(),
            _ => format!("offline model: {}", quoted(script::unwrapped(&said))),
        };
        vec![Step::Say(text)]
    });
    for step in &mut turn {
        if let Step::Call { tool, .. } = step
            && !request.tools.iter().any(|offered| offered.function.name == *tool)
        {
            *step = Step::Say(not_offered(tool, request));
        }
        if *step == Step::Help {
            *step =
                Step::Say(format!("The offline model follows these directives:\n\n```\n{}```\n", script::listing()));
        }
    }
    turn
}

fn not_offered(tool: &str, request: &Request) -> String {
    let mut text = format!("offline model: the agent offers no tool {tool}; it offers");
    for (at, tool) in request.tools.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{} {}", if at == 0 { "" } else { "," }, tool.function.name);
    }
    text
}

/// OpenCode asks for a session's title with a system prompt of its own and without tools.
fn asks_for_title(request: &Request) -> bool {
    request.tools.is_empty()
        && request
            .messages
            .iter()
            .any(|message| message.role == "system" && message.text().to_lowercase().contains("title generator"))
}

fn title(said: &str) -> String {
    let words: Vec<_> = script::unwrapped(said).split_whitespace().collect();
    let title: String = words.join(" ").chars().take(50).collect();
    if title.is_empty() { "Offline session".to_owned() } else { title }
}

fn quoted(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[expect(clippy::needless_pass_by_value, reason = "reads as the conversation at the call")]
    fn request(messages: Value) -> Request {
        serde_json::from_value(json!({
            "model": "scripted", "messages": messages, "stream": true,
            "tools": [{"type": "function", "function": {"name": "bash"}}, {"type": "function", "function": {"name": "read"}}],
        }))
        .unwrap()
    }

    fn said(messages: Value) -> String {
        match &turn(&request(messages))[..] {
            [Step::Say(text)] => text.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_message_without_directives_is_echoed() {
        assert_eq!(said(json!([{"role": "user", "content": "\"hello there\""}])), "offline model: hello there");
        let parts = json!([{"role": "user", "content": [{"type": "text", "text": "one"}, {"type": "image_url"}]}]);
        assert_eq!(said(parts), "offline model: one");
        let long = said(json!([{"role": "user", "content": "é".repeat(500)}]));
        assert_eq!(long.chars().count(), "offline model: ".len() + QUOTED + 1);
    }

    #[test]
    fn the_script_goes_on_behind_each_tool_call() {
        let user = json!({"role": "user", "content": "%bash ls\n%say half\n%read a\n"});
        let call = json!({"role": "assistant", "content": null, "tool_calls": []});
        let result = json!({"role": "tool", "content": "a.txt"});
        let old = [json!({"role": "user", "content": "before"}), json!({"role": "assistant", "content": "old"})];
        let mut messages = Vec::from(old);
        messages.push(user);
        assert!(matches!(&turn(&request(json!(messages)))[..], [Step::Call { tool, .. }] if tool == "bash"));
        messages.extend([call.clone(), result.clone()]);
        let second = turn(&request(json!(messages)));
        assert!(matches!(&second[..], [Step::Say(_), Step::Call { tool, .. }] if tool == "read"), "{second:?}");
        messages.extend([call, result]);
        assert_eq!(said(json!(messages)), "done: a.txt");
    }

    #[test]
    fn a_tool_that_is_not_offered_is_named() {
        let text = said(json!([{"role": "user", "content": "%write a b"}]));
        assert_eq!(text, "offline model: the agent offers no tool write; it offers bash, read");
    }

    #[test]
    fn titles_come_from_the_message() {
        let mut title = request(json!([
            {"role": "system", "content": "You are a title generator."},
            {"role": "user", "content": "Generate a title"},
            {"role": "user", "content": "\"%bash   ls\""},
        ]));
        title.tools.clear();
        assert_eq!(turn(&title), [Step::Say("%bash ls".into())]);
    }

    #[test]
    fn help_lists_the_directives() {
        assert!(said(json!([{"role": "user", "content": "%help"}])).contains("%question TEXT | OPTION"));
    }

    #[test]
    fn an_empty_conversation_is_answered() {
        assert_eq!(said(json!([])), "offline model: ");
    }
}
