//! `get` and every `NOUN list|get`: tables from the server, objects as it stores them.

pub mod chunk;
pub mod filter;
pub mod objects;
mod pages;
mod sort;
mod table;
mod templates;
mod watch;

use super::Context;
use super::batch::{self, Failures};
use crate::api::kinds::Kind;
use crate::cli::flags::Listing;
use crate::cli::get::GetArgs;
use crate::error::{Code, Error, Result};
use crate::output::{Format, Untrusted};

/// What to list: one kind, and names if not all of it.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The kind.
    pub kind: &'static Kind,
    /// Names; empty for all.
    pub names: Vec<String>,
    /// Whether the rest is shown, with a note, to whoever may not see these.
    pub optional: bool,
}

impl Wanted {
    /// These, or all.
    pub fn new(kind: &'static Kind, names: &[String]) -> Self {
        Self { kind, names: names.to_vec(), optional: false }
    }
}

/// `get KIND[,KIND] [NAME…]`, `get KIND/NAME…`.
pub async fn get(context: &Context, args: &GetArgs) -> Result<()> {
    show(context, &wanted(&args.kind, &args.names)?, &args.listing).await
}

/// `NOUN list`, `NOUN get [NAME…]`.
pub async fn of_kind(context: &Context, kind: &'static Kind, names: &[String], listing: &Listing) -> Result<()> {
    show(context, &[Wanted::new(kind, names)], listing).await
}

/// Reads the words of `get` and `describe`.
pub(super) fn wanted(kinds: &str, names: &[String]) -> Result<Vec<Wanted>> {
    let kind_of = |word: &str| {
        Kind::from_word(word).ok_or_else(|| {
            Error::usage(format!("no kind of object is called \"{word}\""))
                .hint("the kinds are: tasks, sessions, agents, templates, schedules; kubectl shows the others")
        })
    };
    if kinds.contains('/') {
        let mut wanted: Vec<Wanted> = Vec::new();
        for reference in std::iter::once(kinds).chain(names.iter().map(String::as_str)) {
            let (word, name) = reference.split_once('/').ok_or_else(|| {
                Error::usage(format!("\"{reference}\" names no kind"))
                    .hint("write every object as KIND/NAME, or all as KIND NAME…")
            })?;
            let kind = kind_of(word)?;
            match wanted.iter_mut().find(|wanted| wanted.kind == kind) {
                Some(wanted) => wanted.names.push(name.to_owned()),
                None => wanted.push(Wanted::new(kind, &[name.to_owned()])),
            }
        }
        return Ok(wanted);
    }
    kinds.split(',').map(|word| Ok(Wanted::new(kind_of(word)?, names))).collect()
}

pub(super) async fn show(context: &Context, wanted: &[Wanted], listing: &Listing) -> Result<()> {
    let named = wanted.iter().any(|wanted| !wanted.names.is_empty());
    if named && listing.all_namespaces {
        return Err(
            Error::usage("an object cannot be named in every namespace").hint("give -n NAMESPACE instead of -A")
        );
    }
    if named && !(listing.selection.is_empty() && listing.filter.is_empty()) {
        return Err(Error::usage("names and selectors cannot be combined").hint("leave one out"));
    }
    if listing.watches() && (wanted.len() > 1 || wanted.iter().any(|wanted| wanted.names.len() > 1)) {
        let error = Error::usage("-w follows one kind, or one object");
        let of_templates = wanted.iter().any(|wanted| wanted.optional);
        return Err(if of_templates { error.hint("say --kind agent, or --kind session") } else { error });
    }
    if listing.output_watch_events && !listing.watches() {
        return Err(Error::usage("--output-watch-events option can only be used with --watch or --watch-only"));
    }
    if listing.sort_by.is_some() && listing.watches() {
        context.printer.warn("--watch requested, --sort-by will be ignored for watch events received");
    }
    match listing.output.format() {
        Format::Table | Format::Wide => table::show(context, wanted, listing).await,
        format => objects::show(context, wanted, listing, &format).await,
    }
}

/// What somebody may not see is left out with a note, where the rest makes sense without it.
fn left_out(context: &Context, wanted: &Wanted, error: Error) -> Result<()> {
    if !wanted.optional || error.code != Code::Forbidden {
        return Err(error);
    }
    context.printer.note(&format!("{} are left out: {}", wanted.kind.resource, Untrusted(&error.to_string())));
    Ok(())
}

/// How the rest of a list is worked on after a failure: what would fail for every object ends it.
fn goes_on(error: Error, failures: &mut Failures, listing: &Listing, kind: &Kind) -> Result<()> {
    if batch::ends_everything(error.code) || error.code == Code::Usage {
        return Err(error);
    }
    if !(listing.ignore_not_found && error.code == kind.missing) {
        failures.add(error);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::kinds::{AGENT, TASK};

    #[test]
    fn kinds_and_names_are_read_as_kubectl_reads_them() {
        let all = wanted("tk,agents", &[]).unwrap();
        assert_eq!(all.iter().map(|wanted| wanted.kind).collect::<Vec<_>>(), [&TASK, &AGENT]);
        let one = wanted("task/a", &["agent/b".into(), "task/c".into()]).unwrap();
        assert_eq!((one[0].kind, one[0].names.join(",")), (&TASK, "a,c".to_owned()));
        assert_eq!((one[1].kind, one[1].names.join(",")), (&AGENT, "b".to_owned()));
        assert!(wanted("task/a", &["b".into()]).unwrap_err().message.contains("names no kind"));
        assert!(wanted("pods", &[]).unwrap_err().message.contains("\"pods\""));
    }
}
