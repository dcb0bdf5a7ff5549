//! `status`: what agents, tasks and sessions do, and what waits for a person, at a glance.
//!
//! Three lists; with `-w` three watches, and the picture again at each change: in place on a terminal, one below the other
//! elsewhere. What may not be listed, or is not installed, is left out with a note.

mod picture;

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::time::Duration;

use futures::stream::{BoxStream, StreamExt, select_all};
use kube::api::{Api, DynamicObject};
use kube::runtime::{WatchStreamExt as _, watcher};
use serde_json::Value;

use super::list::objects;
use super::{Context, api_error, watch_failed};
use crate::api::kinds::{AGENT, Kind, SESSION, TASK};
use crate::cli::flags::Listing;
use crate::cli::status::StatusArgs;
use crate::error::{Code, Error, Result};
use crate::output::{Format, Untrusted};
use picture::Picture;

/// How long one watch lasts, in seconds, so that a dead link is noticed.
const WATCH_SECONDS: u32 = 50;
/// Changes that come together are shown together.
const TOGETHER: Duration = Duration::from_millis(100);
/// How often ages move on a terminal.
const TICK: Duration = Duration::from_secs(1);

const KINDS: [&Kind; 3] = [&AGENT, &TASK, &SESSION];

/// Namespace and name, by which pictures are ordered.
type Key = (String, String);

/// The objects of one kind that are known.
type Known = BTreeMap<Key, Value>;

/// Shows the picture, once or again and again.
pub async fn run(context: &Context, args: &StatusArgs) -> Result<()> {
    let format = args.output.format();
    if matches!(format, Format::Name) {
        return Err(Error::usage("status names no objects").hint("kubectl opencode get tasks,sessions,agents -o name"));
    }
    let namespace = context.cluster().await?.namespace.clone();
    let namespace = (!args.all_namespaces).then_some(namespace.as_str());
    let mut known: [Known; 3] = Default::default();
    let mut readable = Vec::new();
    let mut refused = None;
    for (index, kind) in KINDS.into_iter().enumerate() {
        let add = |object: Value| {
            known[index].insert(key(&object), picture::brief(&object));
            Ok(())
        };
        match objects::collection(context, kind, namespace, &Listing::default(), add).await {
            Ok(_) => readable.push(index),
            Err(error) if matches!(error.code, Code::Forbidden | Code::Unsupported) => {
                context.printer.note(&format!("{}s are left out: {}", kind.noun, Untrusted(&error.to_string())));
                refused = refused.or(Some(error));
            }
            Err(error) => return Err(error),
        }
    }
    if let (true, Some(error)) = (readable.is_empty(), refused) {
        return Err(error);
    }
    let mut screen = Screen::of(context, args);
    screen.show(context, &known, &format)?;
    if args.watch { watch(context, namespace, known, &readable, &mut screen, &format).await } else { Ok(()) }
}

fn key(object: &Value) -> Key {
    (objects::text_at(object, "/metadata/namespace"), objects::text_at(object, "/metadata/name"))
}

/// Where pictures are drawn.
struct Screen {
    namespaces: bool,
    /// Each picture takes the place of the last.
    in_place: bool,
    /// The last picture as it would be without the passing of time.
    shown: Option<String>,
}

impl Screen {
    fn of(context: &Context, args: &StatusArgs) -> Self {
        let in_place = args.watch && context.printer.streams().stdout && std::io::stdout().is_terminal();
        let in_place = in_place && !args.output.format().is_structured();
        Self { namespaces: args.all_namespaces, in_place, shown: None }
    }

    /// Draws a picture, unless it is the one that stands there.
    fn show(&mut self, context: &Context, known: &[Known; 3], format: &Format) -> Result<()> {
        let now = context.now();
        let picture = Picture { known, namespaces: self.namespaces, now };
        let timeless = Picture { now: jiff::Timestamp::MIN, ..picture }.text(false);
        let again = self.shown.as_ref() == Some(&timeless);
        let first = self.shown.replace(timeless).is_none();
        if format.is_structured() {
            return if again { Ok(()) } else { context.printer.structured(&picture.value(), format, true) };
        }
        let text = picture.text(context.printer.colour());
        if self.in_place {
            let height = crossterm::terminal::size().map_or(24, |(_, rows)| usize::from(rows).max(2));
            // Each line is cleared to its end, and what stood below the last one: nothing flickers.
            let lines = text.lines().take(height - 1).flat_map(|line| [line, "\x1b[K\n"]).collect::<String>();
            let start = if first { "\x1b[2J\x1b[H" } else { "\x1b[H" };
            return context.printer.print(&format!("{start}{lines}\x1b[J"));
        }
        if again {
            return Ok(());
        }
        context.printer.print(&format!("{}{text}", if first { "" } else { "\n" }))
    }
}

type Change = (usize, Result<watcher::Event<DynamicObject>, watcher::Error>);

async fn watch(
    context: &Context,
    namespace: Option<&str>,
    mut known: [Known; 3],
    readable: &[usize],
    screen: &mut Screen,
    format: &Format,
) -> Result<()> {
    let mut changes = select_all(changes(context, namespace, readable).await?);
    let mut listed: [Known; 3] = Default::default();
    loop {
        let patience = if screen.in_place { TICK } else { Duration::MAX };
        let mut change = tokio::time::timeout(patience, changes.next()).await.ok().flatten();
        while let Some((index, event)) = change {
            apply(context, namespace, &mut known[index], &mut listed[index], KINDS[index], event)?;
            change = tokio::time::timeout(TOGETHER, changes.next()).await.ok().flatten();
        }
        screen.show(context, &known, format)?;
    }
}

async fn changes(
    context: &Context,
    namespace: Option<&str>,
    readable: &[usize],
) -> Result<Vec<BoxStream<'static, Change>>> {
    let client = &context.cluster().await?.client;
    let of_kind = |index: usize| {
        let kind = KINDS[index];
        let resource = kind.api_resource();
        let api: Api<DynamicObject> = match namespace {
            Some(namespace) => Api::namespaced_with(client.clone(), namespace, &resource),
            None => Api::all_with(client.clone(), &resource),
        };
        let config = watcher::Config::default().timeout(WATCH_SECONDS);
        watcher(api, config).default_backoff().map(move |event| (index, event)).boxed()
    };
    Ok(readable.iter().map(|index| of_kind(*index)).collect())
}

/// Brings what is known up to date; a list that is made anew takes the place of the old one when it is whole.
fn apply(
    context: &Context,
    namespace: Option<&str>,
    known: &mut Known,
    listed: &mut Known,
    kind: &Kind,
    event: Result<watcher::Event<DynamicObject>, watcher::Error>,
) -> Result<()> {
    let brief = |object: DynamicObject| {
        let object = serde_json::to_value(object).map_err(Error::unexpected)?;
        Ok::<_, Error>((key(&object), picture::brief(&object)))
    };
    match event {
        Ok(watcher::Event::Init) => listed.clear(),
        Ok(watcher::Event::InitApply(object)) => listed.extend([brief(object)?]),
        Ok(watcher::Event::InitDone) => *known = std::mem::take(listed),
        Ok(watcher::Event::Apply(object)) => known.extend([brief(object)?]),
        Ok(watcher::Event::Delete(object)) => {
            known.remove(&brief(object)?.0);
        }
        Err(error) => watch_failed(context, error, |verb, error| api_error(error, verb, kind, namespace, None))?,
    }
    Ok(())
}
