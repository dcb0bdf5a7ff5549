//! Sessions, prompts, messages, permissions and questions, as the OpenCode server 1.18.x sends them.
//!
//! Only what this program uses is named; unknown fields and unknown kinds of parts are tolerated, so that a newer server
//! does not break an older client. Times are milliseconds since the Unix epoch; costs are US dollars.

mod message;
mod request;
mod session;

pub use message::{
    Message, MessageQuery, MessageWithParts, NamedError, Part, PartKind, Prompt, PromptPart, Role, Span, ToolState,
};
pub use request::{FileDiff, Permission, Question, QuestionItem, QuestionOption, Reply, ToolCall};
pub use session::{
    CacheTokens, Changes, Health, Model, NewSession, Paths, Rule, Session, SessionActivity, SessionModel, SessionQuery,
    Times, Tokens,
};

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[test]
    fn models_are_provider_slash_model() {
        let model = Model::parse("openrouter/meta/llama").unwrap();
        assert_eq!((model.provider_id.as_str(), model.model_id.as_str()), ("openrouter", "meta/llama"));
        assert!(Model::parse("gpt").is_none() && Model::parse("/gpt").is_none() && Model::parse("openai/").is_none());
    }

    #[test]
    fn an_exported_conversation_reads_whole() {
        #[derive(Deserialize)]
        struct Export {
            info: Session,
            messages: Vec<MessageWithParts>,
        }
        let export: Export =
            serde_json::from_str(include_str!("../../../tests/fixtures/opencode/export.json")).unwrap();
        assert!(export.info.id.starts_with("ses_"));
        assert!(export.messages.iter().any(|message| message.info.role == Role::User));
        let parts: Vec<_> = export.messages.iter().flat_map(|message| &message.parts).collect();
        assert!(
            parts.iter().any(|part| matches!(part.kind, PartKind::Tool { state: ToolState::Completed { .. }, .. }))
        );
        assert!(parts.iter().all(|part| part.kind != PartKind::Unknown));
    }

    #[test]
    fn what_a_newer_server_adds_is_tolerated() {
        let part: Part = serde_json::from_str(
            r#"{"id":"prt_1","sessionID":"ses_1","messageID":"msg_1","type":"hologram","depth":3}"#,
        )
        .unwrap();
        assert_eq!(part.kind, PartKind::Unknown);
        let part: Part = serde_json::from_str(
            r#"{"id":"p","sessionID":"s","messageID":"m","type":"tool","tool":"bash","callID":"c","state":{"status":"paused"}}"#,
        )
        .unwrap();
        assert!(matches!(part.kind, PartKind::Tool { state: ToolState::Unknown, .. }));
        let activity: SessionActivity = serde_json::from_str(r#"{"type":"dreaming","of":"sheep"}"#).unwrap();
        assert_eq!(activity, SessionActivity::Unknown);
    }
}
