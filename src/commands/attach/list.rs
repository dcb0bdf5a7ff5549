//! `attach --list`, and choosing from the list.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::presence;
use super::room::Found;
use crate::commands::{Context, confirm};
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
            let more: &[&str] = if wide { &["Who", "Command", "Directory"] } else { &[] };
            let mut table = Table::new([&["ID", "Title", "Attached", "Age"], more].concat());
            for found in found {
                let mut cells = row(found);
                if wide {
                    cells.extend([who(found), command(found), found.pty.cwd.clone()]);
                }
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
    let age = age(created(found), presence::time(&found.client));
    vec![found.pty.id.clone(), found.short_title().to_owned(), found.visitors.len().to_string(), age]
}

fn who(found: &Found) -> String {
    let visitors = found.visitors.iter().map(|visitor| format!("{} {}", visitor.who, visitor.role.as_str()));
    visitors.collect::<Vec<_>>().join(", ")
}

fn command(found: &Found) -> String {
    let words = std::iter::once(&found.pty.command).chain(&found.pty.args);
    words.map(String::as_str).collect::<Vec<_>>().join(" ")
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
    let line = |found: &Found| Untrusted(&format!("{}  {}", row(found).join("  "), who(found))).to_string();
    let lines: Vec<String> = found.iter().map(line).collect();
    if !context.printer.streams().can_prompt() {
        if found.len() == 1 {
            return Ok(found.swap_remove(0));
        }
        let ids: Vec<_> = found.iter().map(|found| found.pty.id.as_str()).collect();
        return Err(Error::usage("several terminals fit, and there is no terminal to ask on")
            .because(format!("they are: {}", ids.join(", ")))
            .hint("name one with --pty ID, on a terminal and without --shell"));
    }
    context.printer.done_waiting();
    let select =
        move || dialoguer::FuzzySelect::new().with_prompt("which terminal?").items(&lines).default(0).interact_opt();
    match confirm::ask(select).await? {
        Some(index) => Ok(found.swap_remove(index)),
        None => Err(Error::new(Code::Interrupted, "none was chosen")),
    }
}
