//! Who is attached to a terminal, as far as anybody can know.
//!
//! The server tells nobody how many clients a terminal has. So each client of this program writes itself into the title
//! of the terminal, which everybody who may attach can read and write, and which goes when the terminal goes:
//!
//! ```text
//! title = what { " | " entry }
//! entry = who " " ( "types" | "watches" | "took over" ) " since " time " seen " time " " token
//! token = random [ "-" origin ]
//! ```
//!
//! Times are the server's, so that clients with different clocks agree. An entry that was not renewed for [`STALE`] is that
//! of a client that vanished; so is one whose [`origin`] is known to have ended. Two clients that write at once may lose an entry; its owner notices and writes again. Other
//! clients (the server's web interface, `opencode attach`) leave no trace, and whoever can reach the server can write
//! anything: this is courtesy between people, no lock.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::origin;
use crate::opencode::{Client, Error};

/// Between the words of a title.
const BETWEEN: &str = " | ";
/// How often an entry is renewed.
const RENEW: Duration = Duration::from_secs(25);
/// How often somebody who types looks whether somebody else took over.
const LOOK: Duration = Duration::from_secs(3);
/// Age of an entry whose client is gone.
const STALE: SignedDuration = SignedDuration::from_secs(75);
/// Longest name.
const WHO: usize = 64;

/// What somebody does at a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Types.
    Types,
    /// Watches.
    Watches,
    /// Types, and whoever typed before must leave.
    TookOver,
}

impl Role {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Types => "types",
            Self::Watches => "watches",
            Self::TookOver => "took over",
        }
    }
}

/// One client of a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// User and machine; untrusted.
    pub who: String,
    /// What they do.
    pub role: Role,
    /// When they came.
    pub since: Timestamp,
    /// When they were last there.
    pub seen: Timestamp,
    token: String,
}

impl Visitor {
    /// Whether they hold the keyboard.
    pub fn types(&self) -> bool {
        self.role != Role::Watches
    }

    /// Whether the client vanished without a word.
    fn is_gone(&self, now: Timestamp) -> bool {
        let origin = self.token.split_once('-').map(|(_, origin)| origin);
        now.duration_since(self.seen) >= STALE || origin.is_some_and(origin::has_ended)
    }

    fn read(entry: &str) -> Option<Self> {
        let (who, rest) = entry.split_once(' ')?;
        let (role, rest) = rest.split_once(" since ")?;
        let role = [Role::Types, Role::Watches, Role::TookOver].into_iter().find(|known| known.as_str() == role)?;
        let (since, rest) = rest.split_once(" seen ")?;
        let (seen, token) = rest.split_once(' ')?;
        Some(Self {
            who: who.to_owned(),
            role,
            since: since.parse().ok()?,
            seen: seen.parse().ok()?,
            token: token.to_owned(),
        })
    }

    fn write(&self) -> String {
        let time = |time: Timestamp| time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        format!(
            "{} {} since {} seen {} {}",
            self.who,
            self.role.as_str(),
            time(self.since),
            time(self.seen),
            self.token
        )
    }
}

/// Takes a title apart: what the terminal is for, and who was there at `now` (the server's time).
pub fn read(title: &str, now: Timestamp) -> (&str, Vec<Visitor>) {
    let mut parts = title.split(BETWEEN);
    let what = parts.next().unwrap_or_default();
    (what, parts.filter_map(Visitor::read).filter(|visitor| !visitor.is_gone(now)).collect())
}

/// The server's time; ours, where it does not tell.
pub fn time(client: &Client) -> Timestamp {
    client.server_time().and_then(|time| Timestamp::from_millisecond(time).ok()).unwrap_or_else(Timestamp::now)
}

/// Our own entry in a terminal's title, while we are there.
pub struct Presence {
    client: Client,
    pty: String,
    own: Visitor,
    /// Others have seen it.
    written: bool,
}

impl Presence {
    /// Nothing is written yet.
    pub fn new(client: &Client, pty: &str, who: &str, role: Role) -> Self {
        let now = time(client);
        let who: String =
            who.chars()
                .map(|character| {
                    if character.is_whitespace() || character.is_control() || character == '|' {
                        '_'
                    } else {
                        character
                    }
                })
                .take(WHO)
                .collect();
        let mut token = uuid::Uuid::new_v4().simple().to_string()[..8].to_owned();
        if let Some(origin) = origin::own() {
            token.extend(["-", &origin]);
        }
        Self {
            client: client.clone(),
            pty: pty.to_owned(),
            own: Visitor { who, role, since: now, seen: now, token },
            written: false,
        }
    }

    /// Keeps the entry there until somebody takes over, whose name is told. Who may not write titles is not seen.
    pub async fn keep(&mut self, taken_over: &watch::Sender<Option<String>>) {
        let mut renewed = None::<tokio::time::Instant>;
        loop {
            match self.look(renewed.is_none_or(|renewed| renewed.elapsed() >= RENEW)).await {
                Ok(Some(thief)) => {
                    taken_over.send_replace(Some(thief.who));
                    return;
                }
                Ok(None) if renewed.is_none_or(|renewed| renewed.elapsed() >= RENEW) => {
                    renewed = Some(tokio::time::Instant::now());
                }
                Ok(None) => {}
                Err(error) => tracing::debug!("cannot tell others that somebody is here: {error}"),
            }
            tokio::time::sleep(if self.own.types() { LOOK } else { RENEW }).await;
        }
    }

    /// Looks who is there, and writes our entry if it is time to or if it is not there.
    async fn look(&mut self, renew: bool) -> Result<Option<Visitor>, Error> {
        let pty = self.client.pty(&self.pty).await?;
        self.own.seen = time(&self.client);
        let (what, mut visitors) = read(&pty.title, self.own.seen);
        let is_thief = |visitor: &&Visitor| {
            visitor.role == Role::TookOver && visitor.since > self.own.since && visitor.token != self.own.token
        };
        if self.own.types()
            && let Some(thief) = visitors.iter().find(is_thief)
        {
            return Ok(Some(thief.clone()));
        }
        // The server tells whole seconds, so that who came a moment ago may seem to have come later than we.
        if self.own.role == Role::TookOver
            && !self.written
            && let Some(last) = visitors.iter().map(|visitor| visitor.since).max()
        {
            self.own.since = self.own.since.max(last + SignedDuration::from_millis(1));
        }
        if !renew && visitors.iter().any(|visitor| visitor.token == self.own.token) {
            return Ok(None);
        }
        let own = &self.own;
        visitors.retain(|visitor| {
            let leaves = own.role == Role::TookOver && visitor.types() && visitor.since < own.since;
            visitor.token != own.token && !leaves
        });
        visitors.push(self.own.clone());
        self.client.rename_pty(&self.pty, &title(what, &visitors)).await?;
        self.written = true;
        Ok(None)
    }

    /// Takes the entry away.
    pub async fn leave(&self) -> Result<(), Error> {
        let pty = self.client.pty(&self.pty).await?;
        if !pty.is_running() {
            return Ok(());
        }
        let (what, mut visitors) = read(&pty.title, time(&self.client));
        visitors.retain(|visitor| visitor.token != self.own.token);
        self.client.rename_pty(&self.pty, &title(what, &visitors)).await
    }
}

fn title(what: &str, visitors: &[Visitor]) -> String {
    let entries = visitors.iter().map(Visitor::write);
    std::iter::once(what.to_owned()).chain(entries).collect::<Vec<_>>().join(BETWEEN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn visitor(who: &str, role: Role, seen: &str) -> Visitor {
        let since = "2026-11-21T10:31:00.5Z".parse().unwrap();
        Visitor { who: who.into(), role, since, seen: seen.parse().unwrap(), token: "k3f9x2aa".into() }
    }

    #[test]
    fn a_title_says_who_is_there_and_who_was() {
        let there = visitor("alice@laptop", Role::Types, "2026-11-21T11:00:00Z");
        let watching = visitor("system:serviceaccount:a:b@ci", Role::Watches, "2026-11-21T11:00:30Z");
        let gone = visitor("carol@home", Role::TookOver, "2026-11-21T10:50:00Z");
        let text = title("kubectl-opencode shell ses_1", &[there.clone(), watching.clone(), gone]);
        assert!(
            text.starts_with("kubectl-opencode shell ses_1 | alice@laptop types since 2026-11-21T10:31:00.500Z seen "),
            "{text}"
        );
        let (what, visitors) = read(&text, "2026-11-21T11:00:40Z".parse().unwrap());
        assert_eq!((what, visitors), ("kubectl-opencode shell ses_1", vec![there, watching]));
        assert_eq!(read("Terminal | 7", Timestamp::UNIX_EPOCH), ("Terminal", vec![]));
    }

    #[test]
    fn a_name_cannot_forge_an_entry() {
        let client = Client::new(std::sync::Arc::new(crate::opencode::TcpConnector::new("127.0.0.1:1")));
        let presence = Presence::new(&client, "pty_1", "eve | bob types since\n", Role::Types);
        let text = title("what", std::slice::from_ref(&presence.own));
        let (_, visitors) = read(&text, presence.own.seen);
        assert_eq!(visitors.len(), 1);
        assert_eq!(visitors[0].who, "eve___bob_types_since_");
    }

    proptest! {
        #[test]
        fn no_title_makes_the_reader_panic(title in "(\\PC|[| ]| since | seen | types ){0,20}") {
            read(&title, Timestamp::UNIX_EPOCH);
        }
    }
}
