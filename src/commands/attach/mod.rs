//! `attach`: sits down at the terminal of a session, a task or an agent.
//!
//! What runs there is the OpenCode interface on the conversation, or with `--shell` a shell in its directory: a program on
//! a terminal of the agent's server, which goes on when we leave. The next `attach` of the same conversation finds that
//! terminal by its title and comes back to it. See [`link`] for the connection to it, [`presence`] for how two people at
//! one terminal know of each other, and [`visit`] for what everybody else is told.

mod link;
mod list;
mod origin;
mod place;
mod presence;
mod room;
mod visit;

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::watch;

use super::record::{self, Screen};
use super::{Context, settings};
use crate::cli::attach::AttachOptions;
use crate::cli::flags::Reference;
use crate::cluster::{self, Cluster, ServerPod};
use crate::error::{Code, Error, Result};
use crate::opencode::Replay;
use crate::output::{Untrusted, age};
use crate::terminal::{Clipboard, DetachKeys, OsTerminal, Signal, Terminal};
use link::{Console, End, Link, Pace};
pub use place::Place;
use presence::Role;
use room::{Found, Room};
use visit::Visit;
pub(super) use visit::heartbeat;

/// Longest wait for the server's first answer.
const READY: Duration = Duration::from_secs(30);
/// Longest look for what became of a terminal.
const LOOK_BACK: Duration = Duration::from_secs(5);

/// Attaches; the number is the remote program's exit status.
pub async fn run(context: &Context, reference: &Reference, options: &AttachOptions) -> Result<u8> {
    if !options.shell && !options.list && !OsTerminal.is_interactive() {
        return Err(Error::usage("attach needs a terminal")
            .hint("`kubectl opencode session send REF TEXT` works without one, and so does `attach --shell`"));
    }
    let keys = match &options.detach_keys {
        Some(keys) => keys.clone(),
        None => settings::of_person()?.detach_keys(),
    };
    let recording = record::file(&options.record)?;
    let place = Place::find(context, reference, options).await?;
    // From here on the keyboard belongs to the remote program: a credential plugin must not read it.
    let cluster = context.cluster().await?.without_stdin().await?;
    let client = cluster::opencode(&cluster.client, &cluster.namespace, &place.agent).await?;
    client.ready(READY).await?;
    let room = Room::open(&cluster, client, &place, options.shell).await?;
    if options.list {
        return list::print(context, &room.all().await?, &options.output.clone().unwrap_or_default()).map(|()| 0);
    }
    let (mut found, mut fresh) = match &options.pty {
        Some(id) if id.is_empty() => (list::choose(context, room.all().await?).await?, false),
        Some(id) => (room.by_id(id).await.map_err(|error| error.hint(command(context, &place, &["--list"])))?, false),
        None => {
            let mut running = room.running().await?;
            match running.len() {
                0 => (room.start(&OsTerminal).await?, true),
                1 => (running.swap_remove(0), false),
                _ => (list::choose(context, running).await?, false),
            }
        }
    };
    context.printer.done_waiting();
    let pod = cluster::server_pod(&cluster.client, &cluster.namespace, &place.agent).await?;
    let again = again(context, &place, options);
    let screen = Screen::begin(context, recording, &options.record, &place.reference)?;
    let seat = Seat { context, cluster, reference, options, keys, place, pod, again };
    let mut console = Console::open(screen.terminal())?;
    let end = loop {
        let end = seat.sit(&mut console, &found, fresh).await;
        let can_ask = console.terminal.is_interactive() && context.printer.streams().can_prompt();
        if !matches!(end, Ok(End::Gone)) || !can_ask {
            break end;
        }
        let error = seat.gone().await;
        context.printer.warn(&error.to_string());
        context.printer.ask("open a new terminal? [y/N]");
        if !console.confirms().await {
            break Err(Error { causes: Vec::new(), ..error });
        }
        found = match seat.start_over(screen.terminal()).await {
            Ok(found) => found,
            Err(error) => break Err(error),
        };
        fresh = true;
        context.printer.done_waiting();
    };
    let status = match &end {
        Ok(End::Exited(status)) => Some(*status),
        _ => None,
    };
    screen.finish(context, status).await;
    seat.ended(screen.terminal(), end?).await
}

/// The place of one attach.
struct Seat<'a> {
    context: &'a Context,
    cluster: Cluster,
    reference: &'a Reference,
    options: &'a AttachOptions,
    keys: DetachKeys,
    place: Place,
    /// The Pod in which the terminal was found.
    pod: ServerPod,
    /// The command that comes back here.
    again: String,
}

impl Seat<'_> {
    /// Sits down at one terminal until the end.
    async fn sit(&self, console: &mut Console<'_>, found: &Found, fresh: bool) -> Result<End> {
        let interactive = console.terminal.is_interactive();
        let role = self.role(found, interactive)?;
        let read_only = role == Role::Watches;
        let full_screen = found.is_interface() || (fresh && !self.options.shell);
        let (tell, taken_over) = watch::channel(None);
        let told = Visit::new(&self.cluster, self.place.about.clone(), &self.place.agent, found, role).begin(tell);
        let (client, namespace, agent) =
            (self.cluster.client.clone(), self.cluster.namespace.clone(), self.place.agent.clone());
        let is_gone = move || -> BoxFuture<'static, bool> {
            let (client, namespace, agent) = (client.clone(), namespace.clone(), agent.clone());
            async move { place::is_suspended(&client, &namespace, &agent).await }.boxed()
        };
        let link = Link {
            client: &found.client,
            pty: &found.pty.id,
            keys: &self.keys,
            read_only,
            drop_input: self.options.drop_input,
            full_screen,
            // A full-screen program is made to draw again; a watcher cannot do that, and a shell does not.
            replay: if full_screen && !fresh && !read_only { Replay::None } else { Replay::From(0) },
            fresh,
            clipboard: match self.options.clipboard {
                Some(clipboard) => clipboard.into(),
                None if interactive => Clipboard::Allow,
                None => Clipboard::Deny,
            },
            reconnect: self.options.reconnect_timeout.to_std().unwrap_or_default(),
            is_gone: &is_gone,
            taken_over,
            pace: Pace::default(),
        };
        match link.run(console).await {
            Ok((end, notes)) => {
                for note in notes {
                    self.context.printer.warn(&note);
                }
                if matches!(end, End::Detached) {
                    self.context.printer.note(&format!("detached; it goes on. Come back with: {}", self.again));
                }
                told.end(&in_words(&end)).await;
                Ok(end)
            }
            Err(error) => {
                told.end("no connection").await;
                Err(error)
            }
        }
    }

    /// What we do at a terminal, given who is there already.
    fn role(&self, found: &Found, interactive: bool) -> Result<Role> {
        let options = self.options;
        let Some(other) = found.visitors.iter().find(|visitor| visitor.types()) else {
            return Ok(match (options.read_only, options.steal) {
                (true, _) => Role::Watches,
                // Somebody may have come a moment ago, and be seen in a moment only.
                (_, true) => Role::TookOver,
                _ => Role::Types,
            });
        };
        let since = age(Some(other.since), presence::time(&found.client));
        let there = format!("{} has been attached for {since}", Untrusted(&other.who));
        let choice = "--join types along, --steal takes over";
        match (options.read_only, options.join, options.steal) {
            (true, ..) => Ok(Role::Watches),
            (_, true, _) => {
                self.context.printer.note(&format!("{there}: both of you type"));
                Ok(Role::Types)
            }
            (.., true) => Ok(Role::TookOver),
            _ if interactive => {
                self.context.printer.warn(&format!("{there}: you watch, and ctrl-c leaves; {choice}"));
                Ok(Role::Watches)
            }
            _ => Err(Error::new(Code::Conflict, there).hint(choice)),
        }
    }

    /// What the user is told at the end.
    async fn ended(&self, terminal: &dyn Terminal, end: End) -> Result<u8> {
        match end {
            End::Detached => Ok(0),
            End::Exited(code) => Ok(u8::try_from(code & 0xff).unwrap_or(u8::MAX)),
            End::Gone => Err(self.gone().await),
            End::Lost(error) => Err(Error::new(Code::LinkLost, "the link to the terminal is lost")
                .caused_by(&Error::from(error))
                .hint(&self.again)),
            End::TakenOver(who) => Err(Error::new(Code::Conflict, format!("{who} took the terminal over"))
                .hint(format!("{} --read-only watches, --steal takes it back", self.again))),
            End::NoOutput => Err(Error::output_closed()),
            End::Signal(signal) => {
                terminal.end_by(signal);
                Err(Error::new(Code::Terminated, if signal == Signal::HangUp { "hung up" } else { "quit" }))
            }
        }
    }

    /// The failure that the terminal is no longer there, with the reason as far as the cluster tells.
    async fn gone(&self) -> Error {
        let now = cluster::server_pod(&self.cluster.client, &self.cluster.namespace, &self.place.agent);
        let why = match tokio::time::timeout(LOOK_BACK, now).await {
            Ok(Ok(now)) if now.uid != self.pod.uid => {
                format!(
                    "the agent's Pod \"{}\" was replaced by {}, and what ran there has ended",
                    self.pod.pod, now.pod
                )
            }
            Ok(Err(error)) if error.code == Code::AgentUnavailable => error.message,
            _ => "somebody closed it, or the server was restarted".to_owned(),
        };
        Error::new(Code::LinkLost, "the terminal was closed on the agent's server")
            .because(format!("{why}; the conversation is kept"))
            .hint(&self.again)
    }

    /// Opens a new terminal, wherever the agent runs now.
    async fn start_over(&self, terminal: &dyn Terminal) -> Result<Found> {
        let options = AttachOptions { resume: true, ..self.options.clone() };
        let place = Place::find(self.context, self.reference, &options).await?;
        let client = cluster::opencode(&self.cluster.client, &self.cluster.namespace, &place.agent).await?;
        client.ready(READY).await?;
        Room::open(&self.cluster, client, &place, self.options.shell).await?.start(terminal).await
    }
}

/// How an attach ended, for events.
fn in_words(end: &End) -> String {
    match end {
        End::Detached => "detached".to_owned(),
        End::Exited(code) => format!("the program ended with status {code}"),
        End::Gone => "the terminal was closed".to_owned(),
        End::Lost(_) => "the link was lost".to_owned(),
        End::TakenOver(who) => format!("{who} took over"),
        End::NoOutput => "nobody read the output".to_owned(),
        End::Signal(Signal::HangUp) => "hung up".to_owned(),
        End::Signal(_) => "ended by a signal".to_owned(),
    }
}

/// The command that comes back here.
fn again(context: &Context, place: &Place, options: &AttachOptions) -> String {
    let pty = options.pty.as_deref().filter(|id| !id.is_empty());
    let mut flags = Vec::new();
    flags.extend(options.shell.then_some("--shell"));
    flags.extend(pty.into_iter().flat_map(|id| ["--pty", id]));
    command(context, place, &flags)
}

fn command(context: &Context, place: &Place, more: &[&str]) -> String {
    let connection = &context.global.connection;
    let flags =
        [("--session", &place.named), ("--namespace", &connection.namespace), ("--context", &connection.context)];
    let mut command = format!("kubectl opencode attach {}", place.reference);
    for (flag, value) in flags.into_iter().filter_map(|(flag, value)| Some((flag, value.as_ref()?))) {
        command.extend([" ", flag, " ", value]);
    }
    for flag in more {
        command.extend([" ", flag]);
    }
    command
}
