//! `attach --list`, and choosing from the list.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::presence;
use super::room::Found;
use crate::commands::Context;
use crate::error::{Code, Error, Result};
use crate::output::{Format, Table, Untrusted, age};

/// Prints the terminals.
pub fn print(context: &Context, found: &[Found], format: &Format) -> Result<()> {
    match format {
        Format::Table | Format::Wide if found.is_empty() => {
            context.printer.note("no live terminals");
            Ok(())
        }
        Format::Table | Format::Wide => {
            let wide = *format == Format::Wide;
            let mut headers = vec!["ID", "Title", "Command", "Attached", "Age"];
            headers.extend(wide.then_some("Directory"));
            let mut table = Table::new(headers);
            for found in found {
                let mut cells = row(found);
                cells.extend(wide.then(|| found.pty.cwd.clone()));
                table.row(cells);
            }
            context.printer.print(&table.render(true, context.printer.colour()))
        }
        Format::Name => {
            let ids: Vec<_> = found.iter().flat_map(|found| [found.pty.id.as_str(), "\n"]).collect();
            context.printer.print(&ids.concat())
        }
        format => {
            let items: Vec<Value> = found.iter().map(object).collect();
            context.printer.structured(&json!({ "items": items }), format, true)
        }
    }
}

fn created(found: &Found) -> Option<Timestamp> {
    let created = found.pty.created(presence::time(&found.client).as_millisecond())?;
    Timestamp::from_millisecond(created).ok()
}

fn row(found: &Found) -> Vec<String> {
    let command = std::iter::once(found.pty.command.as_str()).chain(found.pty.args.iter().map(String::as_str));
    let visitors = found.visitors.iter().map(|visitor| format!("{} {}", visitor.who, visitor.role.as_str()));
    vec![
        found.pty.id.clone(),
        found.what.clone(),
        command.collect::<Vec<_>>().join(" "),
        visitors.collect::<Vec<_>>().join(", "),
        age(created(found), presence::time(&found.client)),
    ]
}

fn object(found: &Found) -> Value {
    let visitors: Vec<Value> = found
        .visitors
        .iter()
        .map(|visitor| {
            json!({
                "who": visitor.who,
                "role": visitor.role.as_str(),
                "since": visitor.since.to_string(),
                "seen": visitor.seen.to_string(),
            })
        })
        .collect();
    json!({
        "id": found.pty.id,
        "title": found.what,
        "command": found.pty.command,
        "args": found.pty.args,
        "cwd": found.pty.cwd,
        "pid": found.pty.pid,
        "created": created(found).map(|created| created.to_string()),
        "attached": visitors,
    })
}

/// Asks which terminal is meant; elsewhere than on a terminal the ID has to be given.
pub async fn choose(context: &Context, mut found: Vec<Found>) -> Result<Found> {
    if found.is_empty() {
        return Err(Error::new(Code::NotFound, "there is no live terminal to choose")
            .hint("without --pty, attach opens a terminal if there is none"));
    }
    let lines: Vec<String> = found.iter().map(|found| Untrusted(&row(found).join("  ")).to_string()).collect();
    if !context.printer.streams().can_prompt() {
        let ids: Vec<_> = found.iter().map(|found| found.pty.id.as_str()).collect();
        return Err(Error::usage("several terminals fit, and there is no terminal to ask on")
            .because(format!("they are: {}", ids.join(", ")))
            .hint("name one with --pty ID"));
    }
    context.printer.done_waiting();
    let select =
        move || dialoguer::FuzzySelect::new().with_prompt("Which terminal?").items(&lines).default(0).interact_opt();
    let chosen = tokio::task::spawn_blocking(select)
        .await
        .map_err(|error| Error::internal("cannot ask on the terminal").caused_by(&error))?
        .map_err(|dialoguer::Error::IO(error)| Error::internal("cannot ask on the terminal").caused_by(&error))?;
    match chosen {
        Some(index) => Ok(found.swap_remove(index)),
        None => Err(Error::new(Code::Interrupted, "none was chosen")),
    }
}
