//! `session export`: a conversation as a document.
//!
//! JSON is what OpenCode's own `export` writes and `import` reads, `{"info":Session,"messages":[{"info","parts"}]}`. The other
//! forms are for people: everything in them is made harmless for where it is read, a terminal or a browser.

use std::fmt::Write as _;
use std::io::Write as _;

use http::Method;
use serde_json::{Value, json};

use crate::api::kinds::SESSION;
use crate::cli::verbs::{Export, ExportFormat};
use crate::commands::Context;
use crate::commands::target::{self, Target};
use crate::commands::transcript::tool_line;
use crate::error::{Code, Error, Result};
use crate::opencode::types::{Role, ToolState};
use crate::opencode::{MessageWithParts, PartKind};
use crate::output::{Lines, Untrusted, harmless_json};

/// Writes a conversation down.
pub async fn run(context: &Context, args: &Export) -> Result<()> {
    let target = target::resolve(context, &SESSION, &args.reference).await?;
    let whole = conversation(&target).await?;
    let text = match args.output {
        ExportFormat::Json => harmless_json(serde_json::to_string_pretty(&whole).map_err(Error::unexpected)?) + "\n",
        format => {
            let messages: Vec<MessageWithParts> =
                serde_json::from_value(whole["messages"].clone()).map_err(|error| {
                    Error::new(Code::Unsupported, "cannot understand the conversation")
                        .caused_by(&error)
                        .hint("-o json writes it as the server tells it")
                })?;
            let title = whole["info"]["title"].as_str().unwrap_or_default();
            document(format, title, &messages)
        }
    };
    let Some(path) = &args.filename else { return context.printer.print(&text) };
    // What is there is somebody's, and a link may lead to it.
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    made.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        let error_of = |code| Error::new(code, format!("cannot write \"{}\"", path.display())).caused_by(&error);
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            error_of(Code::AlreadyExists)
        } else {
            error_of(Code::Usage)
        }
    })?;
    context.printer.note(&format!("written to {}", path.display()));
    Ok(())
}

/// A conversation as the server keeps it.
pub async fn conversation(target: &Target) -> Result<Value> {
    let path = format!("/session/{}", target.session);
    let info = target.client.request(Method::GET, &path, &[], None).await?;
    let messages = target.client.request(Method::GET, &format!("{path}/message"), &[], None).await?;
    Ok(json!({"info": info, "messages": messages}))
}

/// A piece of a document, not yet made harmless.
enum Piece<'a> {
    User(&'a str),
    Text(&'a str),
    Tool(String, String),
    Note(String),
}

fn pieces(messages: &[MessageWithParts]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for message in messages {
        for part in &message.parts {
            match &part.kind {
                PartKind::Text { synthetic: true, .. } => {}
                PartKind::Text { text, .. } if text.trim().is_empty() => {}
                PartKind::Text { text, .. } if message.info.role == Role::User => {
                    pieces.push(Piece::User(text.trim_end()));
                }
                PartKind::Text { text, .. } => pieces.push(Piece::Text(text.trim_end())),
                PartKind::Tool { tool, state, .. } => {
                    let said = match state {
                        ToolState::Completed { output, .. } => output.trim_end(),
                        ToolState::Error { error, .. } => error.trim_end(),
                        _ => "",
                    };
                    pieces.push(Piece::Tool(tool_line(tool, state), said.to_owned()));
                }
                PartKind::File { filename, mime, .. } => {
                    pieces.push(Piece::Note(format!("file: {}", filename.as_deref().unwrap_or(mime))));
                }
                _ => {}
            }
        }
        if let Some(error) = &message.info.error {
            pieces.push(Piece::Note(format!("failed: {}: {}", error.name, error.message())));
        }
    }
    pieces
}

fn document(format: ExportFormat, title: &str, messages: &[MessageWithParts]) -> String {
    let pieces = pieces(messages);
    match format {
        ExportFormat::Html => html(title, &pieces),
        ExportFormat::Md => markdown(title, &pieces),
        ExportFormat::Text | ExportFormat::Json => text(title, &pieces),
    }
}

fn text(title: &str, pieces: &[Piece]) -> String {
    let mut out = format!("{}\n", Untrusted(title));
    let prefixed = |sign: &str, text: &str| {
        Lines(text).to_string().lines().flat_map(|line| [sign, line, "\n"].map(str::to_owned)).collect::<String>()
    };
    for piece in pieces {
        out.push('\n');
        match piece {
            Piece::User(said) => out.push_str(&prefixed("> ", said)),
            Piece::Text(said) => out.push_str(&prefixed("", said)),
            Piece::Tool(line, said) => {
                out.push_str(&prefixed("", line));
                out.push_str(&prefixed("    ", said));
            }
            Piece::Note(note) => out.push_str(&prefixed("", &format!("[{note}]"))),
        }
    }
    out
}

fn markdown(title: &str, pieces: &[Piece]) -> String {
    let mut out = format!("# {}\n", Untrusted(title));
    for piece in pieces {
        // Writing to a String cannot fail.
        let _ = match piece {
            Piece::User(said) => writeln!(out, "\n## User\n\n{}", Lines(said)),
            Piece::Text(said) => writeln!(out, "\n{}", Lines(said)),
            Piece::Tool(line, said) => {
                let fence = fence(said);
                let _ = writeln!(out, "\n\"{}\"", Untrusted(&line.replace('`', "'")));
                if said.is_empty() { Ok(()) } else { writeln!(out, "\n{fence}\n{}\n{fence}", Lines(said)) }
            }
            Piece::Note(note) => writeln!(out, "\n*{}*", Untrusted(note)),
        };
    }
    out
}

/// A fence longer than any row of backticks in the text.
fn fence(text: &str) -> String {
    let (mut longest, mut run) = (0, 0);
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    "`".repeat((longest + 1).max(3))
}

fn html(title: &str, pieces: &[Piece]) -> String {
    const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}\
        pre{white-space:pre-wrap;overflow-wrap:anywhere}.user{border-left:.25rem solid #888;padding-left:1rem;font-weight:bold}\
        .note{color:#a00}summary{font-family:monospace}";
    let title = escaped(title);
    let mut out = format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n"
    );
    for piece in pieces {
        // Writing to a String cannot fail.
        let _ = match piece {
            Piece::User(said) => writeln!(out, "<pre class=\"user\">{}</pre>", escaped(said)),
            Piece::Text(said) => writeln!(out, "<pre>{}</pre>", escaped(said)),
            Piece::Tool(line, said) => {
                writeln!(out, "<details><summary>{}</summary><pre>{}</pre></details>", escaped(line), escaped(said))
            }
            Piece::Note(note) => writeln!(out, "<p class=\"note\">{}</p>", escaped(note)),
        };
    }
    out.push_str("</body></html>\n");
    out
}

fn escaped(text: &str) -> String {
    let safe = Lines(text).to_string();
    safe.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages() -> Vec<MessageWithParts> {
        let part = |kind: Value| {
            let mut part = json!({"id": "p", "sessionID": "s", "messageID": "m"});
            part.as_object_mut().unwrap().extend(kind.as_object().unwrap().clone());
            part
        };
        let tool = part(json!({"type": "tool", "tool": "bash", "callID": "c", "state": {"status": "completed",
            "input": {"command": "cat x"}, "output": "a ``` b\x1b[2J\n", "title": "t", "metadata": {}, "time": {"start": 1}}}));
        let info = |role: &str| json!({"id": "m", "sessionID": "s", "role": role, "time": {"created": 1}});
        serde_json::from_value(json!([
            {"info": info("user"), "parts": [part(json!({"type": "text", "text": "do <it>"}))]},
            {"info": info("assistant"), "parts": [tool, part(json!({"type": "text", "text": "<script>x</script> done"}))]}
        ]))
        .unwrap()
    }

    #[test]
    fn every_form_holds_everything_and_nothing_that_is_obeyed() {
        let of = |format| document(format, "T\x1b]0;x\x07", &messages());
        assert_eq!(
            of(ExportFormat::Text),
            "T\\x1b]0;x\\x07\n\n> do <it>\n\n[bash] cat x\n    a ``` b\\x1b[2J\n\n<script>x</script> done\n"
        );
        let page = of(ExportFormat::Html);
        assert!(page.contains("&lt;script&gt;x&lt;/script&gt; done") && !page.contains("<script"), "{page}");
        assert!(page.contains("default-src 'none'") && page.contains("do &lt;it&gt;"), "{page}");
        let text = of(ExportFormat::Md);
        assert!(text.contains("## User\n\ndo <it>\n") && text.contains("\n````\na ``` b\\x1b[2J\n````\n"), "{text}");
    }
}
