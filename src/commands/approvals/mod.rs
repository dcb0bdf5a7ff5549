//! `approvals`, `approve`, `reject`, `answer`: one place for a person to answer every agent.
//!
//! The requests are kept by the agents' servers alone; a Session's status has their number. So every server of the scope is
//! asked, through the same tunnels as everything else.

mod asked;
mod follow;
mod gather;
mod person;
mod reply;
mod responder;

pub use asked::painted_diff;
pub use reply::{answer, approve, reject};
pub use responder::Responder;

use super::Context;
use crate::cli::approvals::Approvals;
use crate::error::{Error, Result};
use crate::output::{Format, Table, Tone, Untrusted, age, list_of};
use asked::{Request, Waiting};
use gather::{Found, Scope};

/// Shows what waits, and with `--watch` what comes and goes.
pub async fn run(context: &Context, args: &Approvals) -> Result<()> {
    let scope = Scope::of(context, &args.asking).await?;
    if args.watch {
        return follow::follow(context, scope, args).await;
    }
    let Found { waiting, failures } = gather::gather(context, &scope).await?;
    match args.output.format() {
        Format::Table if !args.asking.references.is_empty() => details(context, &waiting)?,
        format @ (Format::Table | Format::Wide) => {
            let mut table = Rows::new(args.asking.all_namespaces, format == Format::Wide, false);
            for waiting in &waiting {
                table.add(context, waiting, None);
            }
            if !waiting.is_empty() {
                table.print(context, !args.no_headers)?;
            }
        }
        Format::Name => {
            waiting.iter().try_for_each(|waiting| context.printer.line(&Untrusted(waiting.request.id()).text()))?;
        }
        format => {
            let items: Vec<_> = waiting.iter().map(Waiting::value).collect();
            context.printer.structured(&list_of(items), &format, !args.no_headers)?;
        }
    }
    if !args.output.format().is_structured() {
        match scope.missing(&waiting).as_slice() {
            [] if waiting.is_empty() && failures.is_empty() => context.printer.note("nothing waits for a person"),
            [] => {}
            missing => context.printer.note(&format!("no longer waiting: {}", quoted(missing))),
        }
    }
    failures.into_result_of("cannot ask", "agent")
}

/// Each request at full length.
fn details(context: &Context, waiting: &[Waiting]) -> Result<()> {
    let colour = context.printer.colour();
    for (index, waiting) in waiting.iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        context.printer.print(&format!("{gap}{}", shown(context, waiting, colour)))?;
    }
    if let [first, ..] = waiting {
        let reference = first.command_reference();
        context.printer.note(&match first.request {
            Request::Permission(_) => {
                format!(
                    "`kubectl opencode approve {reference}` allows it, `kubectl opencode reject {reference}` refuses it"
                )
            }
            Request::Question(_) => format!("`kubectl opencode answer {reference}` answers it"),
        });
    }
    Ok(())
}

/// A request at full length, with whose it is.
fn shown(context: &Context, waiting: &Waiting, colour: bool) -> String {
    let head = format!("{} on agent {}", Untrusted(&waiting.reference), waiting.agent);
    let (kind, id) = (Untrusted(waiting.request.kind()), Untrusted(waiting.request.id()));
    let since = age(Some(waiting.since), context.now());
    format!(
        "{}: {kind}, for {since}   {}\n{}",
        Tone::Strong.paint(head, colour),
        Tone::Faint.paint(id, colour),
        waiting.whole(colour)
    )
}

/// A table of requests.
struct Rows {
    namespaces: bool,
    wide: bool,
    states: bool,
    table: Table,
    widths: Vec<usize>,
}

impl Rows {
    fn new(namespaces: bool, wide: bool, states: bool) -> Self {
        let mut rows = Self { namespaces, wide, states, table: Table::default(), widths: Vec::new() };
        rows.table = rows.empty();
        rows
    }

    fn empty(&self) -> Table {
        let first = self.states.then_some("State").into_iter().chain(self.namespaces.then_some("Namespace"));
        let columns = first.chain(["Session", "Agent", "Age", "Asks", "What"]);
        Table::new(
            columns.chain(["ID"]).chain(self.wide.then_some("Title")).chain(self.wide.then_some("Always allows")),
        )
    }

    fn add(&mut self, context: &Context, waiting: &Waiting, state: Option<&str>) {
        let mut cells: Vec<String> = state.map(str::to_owned).into_iter().collect();
        if self.namespaces {
            cells.push(waiting.namespace.clone());
        }
        let age = age(Some(waiting.since), context.now());
        cells.extend([waiting.reference.clone(), waiting.agent.clone(), age]);
        cells.extend([waiting.request.kind().to_owned(), waiting.line(), waiting.request.id().to_owned()]);
        if self.wide {
            let always = match &waiting.request {
                Request::Permission(asked) => asked.always.join(", "),
                Request::Question(_) => String::new(),
            };
            cells.extend([waiting.title.clone(), always]);
        }
        self.table.row(cells);
    }

    /// Prints the rows that were added, below those printed before.
    fn print(&mut self, context: &Context, headers: bool) -> Result<()> {
        let table = std::mem::take(&mut self.table);
        self.table = self.empty();
        self.widths = table.widths(&self.widths, headers);
        context.printer.print(&table.render_with(&self.widths, headers, context.printer.colour()))
    }
}

/// Names as messages show them.
fn quoted(names: &[impl AsRef<str>]) -> String {
    names.iter().map(|name| format!("\"{}\"", name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// The failure that nothing waits.
fn nothing_waits(scope: &Scope, typed: &[String]) -> Error {
    let what = if typed.is_empty() { String::new() } else { format!(" for {}", quoted(typed)) };
    let error = Error::new(crate::error::Code::NotFound, format!("nothing waits for a person{what}"));
    let error = if scope.missing(&[]).is_empty() {
        error
    } else {
        error.because("somebody answered already, or the turn that asked is over")
    };
    error.hint("kubectl opencode approvals")
}
