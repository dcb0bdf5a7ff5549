//! `approve`, `reject`, `answer`: what a person says to requests.
//!
//! The server takes the first answer to a request and knows nothing of it afterwards. An answer that comes second is told so,
//! and never passed off as the one that counted.

use std::collections::BTreeSet;

use serde_json::Value;

use super::asked::{Request, Waiting};
use super::gather::{Found, Scope, gather};
use super::person::{self, Asked};
use super::{nothing_waits, shown};
use crate::cli::approvals::{Answer, Approve, Asking, Chosen, Reject};
use crate::commands::confirm::confirmed;
use crate::commands::{Context, batch};
use crate::error::{Code, Error, Result};
use crate::opencode::types::QuestionItem;
use crate::opencode::{self, Question, Reply};
use crate::output::{Format, Untrusted, count, list_of};

/// Allows requests.
pub async fn approve(context: &Context, args: &Approve) -> Result<()> {
    let chosen = |waiting: &Waiting| matches!(waiting.request, Request::Permission(_));
    let reply = if args.always { Reply::Always } else { Reply::Once };
    let Some(waiting) = choose(context, &args.chosen, "allow", chosen).await? else { return Ok(()) };
    if let Some(question) = waiting.iter().find(|waiting| !chosen(waiting)) {
        return Err(Error::usage("a question is answered, not allowed")
            .hint(format!("kubectl opencode answer {}", question.command_reference())));
    }
    if args.always {
        for waiting in &waiting {
            let whose = format!("agent \"{}\"", waiting.agent);
            context.printer.note(&format!("always: {}", covers(waiting, &whose)));
        }
    }
    let word = if args.always { "allowed always" } else { "allowed once" };
    say(context, &waiting, reply, None, word, &args.output.format()).await
}

/// Refuses requests; questions are dismissed.
pub async fn reject(context: &Context, args: &Reject) -> Result<()> {
    let Some(waiting) = choose(context, &args.chosen, "refuse", |_| true).await? else { return Ok(()) };
    say(context, &waiting, Reply::Reject, args.message.as_deref(), "rejected", &args.output.format()).await
}

/// What "always" means for a request to the agent `whose`, in words.
fn covers(waiting: &Waiting, whose: &str) -> String {
    let Request::Permission(asked) = &waiting.request else { return String::new() };
    let what = if asked.always.is_empty() { "the same again".to_owned() } else { asked.always.join(", ") };
    let (asked, what) = (Untrusted(&asked.permission), Untrusted(&what));
    format!("{asked} {what} is now allowed without asking, for {}", reach(waiting, whose))
}

/// For whom "always" is, in words.
pub fn reach(waiting: &Waiting, whose: &str) -> String {
    // An older server keeps to one directory, and names none.
    let place = waiting.client.directory().map(|directory| format!(" in \"{directory}\"")).unwrap_or_default();
    format!("any session of {whose}{}, until its server restarts", Untrusted(&place))
}

/// The requests that were typed, and confirmed where they were not named. None if the person says no.
async fn choose(
    context: &Context,
    chosen: &Chosen,
    verb: &str,
    is_meant: impl Fn(&Waiting) -> bool,
) -> Result<Option<Vec<Waiting>>> {
    let asking = &chosen.asking;
    if asking.references.is_empty() && asking.selector.is_none() && !chosen.all {
        return Err(Error::usage("whose requests are meant?").hint(
            "name a session or a request, select with -l, or take --all; `kubectl opencode approvals` lists them",
        ));
    }
    let scope = Scope::of(context, asking).await?;
    let Found { mut waiting, failures } = gather(context, &scope).await?;
    failures.into_result_of("cannot ask", "agent")?;
    if let [first, ..] = scope.missing(&waiting).as_slice() {
        return Err(nothing_waits(&scope, &[(*first).to_owned()]));
    }
    let named = !asking.references.is_empty();
    if !named {
        waiting.retain(is_meant);
    }
    if waiting.is_empty() {
        return if named {
            Err(nothing_waits(&scope, &asking.references))
        } else {
            context.printer.note("nothing waits for a person");
            Ok(None)
        };
    }
    if !named && !chosen.yes {
        if context.printer.streams().can_prompt() {
            for waiting in &waiting {
                context.printer.note(shown(context, waiting, false).trim_end());
            }
        }
        let question = format!("{verb} {}?", count(waiting.len(), "request"));
        if !confirmed(context, &question, "--yes").await? {
            context.printer.note("nothing was answered");
            return Ok(None);
        }
    }
    Ok(Some(waiting))
}

/// Says the same to every request, one after the other: an answer may settle others of its session, too.
async fn say(
    context: &Context,
    waiting: &[Waiting],
    reply: Reply,
    message: Option<&str>,
    word: &str,
    format: &Format,
) -> Result<()> {
    let mut failures = batch::Failures::default();
    let mut answered: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut values = Vec::new();
    for waiting in waiting {
        let id = waiting.request.id();
        let sent = match &waiting.request {
            Request::Permission(_) => waiting.client.reply_permission(id, reply, message).await,
            Request::Question(_) => waiting.client.reject_question(id).await,
        };
        let settles_others = reply != Reply::Once;
        match sent {
            Ok(()) => {}
            // Settled by our own answer to another one.
            Err(error)
                if error.is_not_found()
                    && settles_others
                    && answered.contains(&(waiting.agent.as_str(), waiting.session.as_str())) => {}
            Err(error) => {
                failures.add(refused(error, waiting));
                continue;
            }
        }
        answered.insert((&waiting.agent, &waiting.session));
        told(context, waiting, word, format, &mut values)?;
    }
    print_values(context, values, format)?;
    failures.into_result_of("cannot answer", "request")
}

fn refused(error: opencode::Error, waiting: &Waiting) -> Error {
    if !error.is_not_found() {
        return error.into();
    }
    settled(waiting).because("your answer came second and changed nothing")
}

fn settled(waiting: &Waiting) -> Error {
    Error::new(Code::Conflict, format!("\"{}\" was answered by somebody else, or its turn ended", waiting.request.id()))
        .hint(format!("kubectl opencode session transcript {} --tools", waiting.reference))
}

fn told(context: &Context, waiting: &Waiting, word: &str, format: &Format, values: &mut Vec<Value>) -> Result<()> {
    match format {
        Format::Table | Format::Wide => context.printer.line(&format!(
            "{}: {} {} {word}",
            Untrusted(&waiting.reference),
            Untrusted(waiting.request.kind()),
            Untrusted(&waiting.line())
        )),
        Format::Name => context.printer.line(&Untrusted(waiting.request.id()).text()),
        _ => {
            let mut value = waiting.value();
            value["answer"] = word.into();
            values.push(value);
            Ok(())
        }
    }
}

fn print_values(context: &Context, mut values: Vec<Value>, format: &Format) -> Result<()> {
    match (values.len(), format) {
        (0, _) => Ok(()),
        (1, format) => context.printer.structured(&values.remove(0), format, true),
        (_, format) => context.printer.structured(&list_of(values), format, true),
    }
}

/// Answers questions.
pub async fn answer(context: &Context, args: &Answer) -> Result<()> {
    let references = vec![args.reference.clone()];
    let all_namespaces = args.all_namespaces;
    let asking = Asking { references: references.clone(), all_namespaces, ..Asking::default() };
    let scope = Scope::of(context, &asking).await?;
    let Found { waiting, failures } = gather(context, &scope).await?;
    failures.into_result_of("cannot ask", "agent")?;
    let questions: Vec<_> = waiting.iter().filter(|waiting| matches!(waiting.request, Request::Question(_))).collect();
    let waiting = match (questions.as_slice(), waiting.first()) {
        ([one], _) => *one,
        ([], None) => return Err(nothing_waits(&scope, &references)),
        ([], Some(permission)) => {
            let reference = permission.command_reference();
            return Err(Error::usage("this is a permission request, not a question")
                .hint(format!("kubectl opencode approve {reference}, or: kubectl opencode reject {reference}")));
        }
        (several, _) => {
            let ids: Vec<_> = several.iter().map(|waiting| waiting.request.id()).collect();
            return Err(Error::usage(format!("\"{}\" asks several questions", args.reference))
                .because(ids.join(", "))
                .hint(format!("kubectl opencode answer {}", ids[0])));
        }
    };
    let Request::Question(asked) = &waiting.request else { return Err(nothing_waits(&scope, &references)) };
    let answers = if !args.answers.is_empty() {
        read(asked, &args.answers)?
    } else if context.printer.streams().can_prompt() {
        match person::ask(&waiting.client, &waiting.request, person::pick(asked)).await? {
            Asked::Answered(answers) => answers,
            Asked::Settled => return Err(settled(waiting)),
            Asked::Left => {
                context.printer.note("nothing was answered");
                return Ok(());
            }
        }
    } else {
        return Err(Error::usage("there is no answer, and no terminal to pick one on")
            .because(waiting.request.whole(false).trim_end())
            .hint(format!("kubectl opencode answer {} ANSWER", args.reference)));
    };
    let sent = waiting.client.reply_question(&asked.id, &answers).await;
    sent.map_err(|error| refused(error, waiting))?;
    let flat = answers.iter().map(|chosen| chosen.join(", ")).collect::<Vec<_>>().join("; ");
    let mut values = Vec::new();
    let format = args.output.format();
    told(context, waiting, &format!("answered: {}", Untrusted(&flat)), &format, &mut values)?;
    print_values(context, values, &format)
}

/// Reads typed answers: one for each question; for a single question with several choices, all of them.
fn read(asked: &Question, typed: &[String]) -> Result<Vec<Vec<String>>> {
    if let [only] = asked.questions.as_slice()
        && only.multiple
    {
        return Ok(vec![typed.iter().map(|word| one(only, word)).collect::<Result<_>>()?]);
    }
    if typed.len() != asked.questions.len() {
        let (given, wanted) = (count(typed.len(), "answer"), count(asked.questions.len(), "question"));
        return Err(Error::usage(format!("{given} to {wanted}"))
            .because(asked.questions.iter().map(|item| item.question.as_str()).collect::<Vec<_>>().join(" / "))
            .hint("quote an answer of several words"));
    }
    asked.questions.iter().zip(typed).map(|(item, word)| one(item, word).map(|answer| vec![answer])).collect()
}

/// An option by its label, in any case, or by its number; else own words, where the question takes them.
fn one(item: &QuestionItem, typed: &str) -> Result<String> {
    let by_label = item.options.iter().find(|option| option.label.eq_ignore_ascii_case(typed));
    let by_number = || typed.parse::<usize>().ok().and_then(|number| item.options.get(number.checked_sub(1)?));
    match by_label.or_else(by_number) {
        Some(option) => Ok(option.label.clone()),
        None if item.custom != Some(false) => Ok(typed.to_owned()),
        None => {
            let labels: Vec<_> = item.options.iter().map(|option| format!("\"{}\"", option.label)).collect();
            Err(Error::usage(format!("\"{typed}\" is none of the options")).because(labels.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn question(items: &Value) -> Question {
        serde_json::from_value(json!({"id": "que_1", "sessionID": "ses_1", "questions": items})).unwrap()
    }

    #[test]
    fn answers_are_labels_numbers_or_own_words() {
        let colours = json!([{"label": "Red"}, {"label": "blue"}]);
        let free = question(&json!([{"question": "Which?", "options": colours}]));
        let words = |typed: &[&str]| typed.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(read(&free, &words(&["red"])).unwrap(), [["Red"]]);
        assert_eq!(read(&free, &words(&["2"])).unwrap(), [["blue"]]);
        assert_eq!(read(&free, &words(&["3"])).unwrap(), [["3"]]);
        assert!(read(&free, &words(&["red", "blue"])).unwrap_err().message.contains("2 answers to 1 question"));
        let strict = question(&json!([{"question": "Which?", "options": colours, "custom": false}]));
        assert_eq!(read(&strict, &words(&["green"])).unwrap_err().causes, ["\"Red\", \"blue\""]);
        let several = question(&json!([{"question": "Which?", "options": colours, "multiple": true}]));
        assert_eq!(read(&several, &words(&["1", "blue"])).unwrap(), [["Red", "blue"]]);
    }
}
