//! Asking a person, for as long as nobody else has answered.

use std::future::Future;
use std::io;
use std::time::Duration;

use futures::StreamExt as _;

use super::asked::Request;
use super::gather;
use crate::commands::confirm;
use crate::error::Result;
use crate::opencode::types::QuestionItem;
use crate::opencode::{Client, Event, Followed, Question};
use crate::output::Untrusted;
use crate::terminal::picker::{Line, List};

/// Pause before a server that could not be asked is asked again.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// What came of asking.
#[derive(Debug)]
pub enum Asked<T> {
    /// The person answered.
    Answered(T),
    /// The person leaves it to somebody else.
    Left,
    /// Somebody else answered, or the turn ended: the question was taken off the screen.
    Settled,
}

/// Waits for a person's answer to `request`, or until it is settled without; `client` speaks about its directory.
pub async fn ask<T>(
    client: &Client,
    request: &Request,
    asking: impl Future<Output = io::Result<Option<T>>>,
) -> Result<Asked<T>> {
    tokio::select! {
        answer = asking => match answer.map_err(confirm::unanswered)? {
            Some(answer) => Ok(Asked::Answered(answer)),
            None => Ok(Asked::Left),
        },
        () = settled(client, request) => Ok(Asked::Settled),
    }
}

/// Waits until a request waits no longer.
async fn settled(client: &Client, request: &Request) {
    let mut events = client.follow_events();
    while let Some(followed) = events.next().await {
        match followed {
            Followed::Event(
                Event::PermissionReplied { request_id, .. }
                | Event::QuestionReplied { request_id, .. }
                | Event::QuestionRejected { request_id, .. },
            ) if request_id == request.id() => return,
            // It may have been answered before, or its turn may be over.
            Followed::Connected
            | Followed::Event(Event::SessionStatus { .. } | Event::SessionIdle { .. } | Event::SessionError { .. }) => {
                if !waits(client, request).await {
                    return;
                }
            }
            Followed::Event(_) | Followed::Lost(_) => {}
        }
    }
}

async fn waits(client: &Client, request: &Request) -> bool {
    loop {
        if let Ok(waiting) = gather::in_directory(client).await {
            return waiting.iter().any(|waiting| waiting.id() == request.id());
        }
        // Whether it waits is not known; meanwhile the person may answer.
        tokio::time::sleep(ASK_AGAIN).await;
    }
}

/// Has the person answer all that is asked, one after the other; none for one who leaves.
pub async fn pick(asked: &Question) -> io::Result<Option<Vec<Vec<String>>>> {
    let mut answers = Vec::new();
    for item in &asked.questions {
        let Some(answer) = pick_one(item).await? else { return Ok(None) };
        answers.push(answer);
    }
    Ok(Some(answers))
}

async fn pick_one(item: &QuestionItem) -> io::Result<Option<Vec<String>>> {
    const OWN: &str = "(something else)";
    let prompt = Untrusted(&item.question).to_string();
    let mut shown: Vec<String> = item
        .options
        .iter()
        .map(|option| match option.description.as_str() {
            "" => Untrusted(&option.label).to_string(),
            about if about == option.label => Untrusted(about).to_string(),
            about => format!("{}: {}", Untrusted(&option.label), Untrusted(about)),
        })
        .collect();
    let label = |index: usize| item.options.get(index).map(|option| option.label.clone());
    if item.multiple && !shown.is_empty() {
        let picked = List::new(&prompt, shown).several().pick().await?;
        return Ok(picked.map(|picked| picked.into_iter().filter_map(label).collect()));
    }
    if item.custom != Some(false) {
        shown.push(OWN.to_owned());
    }
    if shown.len() > 1 {
        let Some(picked) = List::new(&prompt, shown).pick().await? else { return Ok(None) };
        if let Some(label) = picked.first().copied().and_then(label) {
            return Ok(Some(vec![label]));
        }
    }
    Ok(Line::new(&prompt).write().await?.map(|line| vec![line]))
}
