//! The server's terminals for one conversation, or for a whole agent.

use std::collections::BTreeSet;

use super::Place;
use super::presence::{self, Visitor};
use crate::cluster::{self, Cluster};
use crate::error::{Code, Error, Result};
use crate::opencode::{self, NewPty, Pty, SessionQuery};
use crate::terminal::Terminal;

/// Where KubeOpenCode's Pods keep the program when it is not on the server's PATH.
const TOOLS: &str = "/tools/opencode";
/// Beginning of the titles of our terminals.
const TITLE: &str = "kubectl-opencode";
/// The OpenCode interface, in titles.
const INTERFACE: &str = "interface";
/// A shell, in titles.
const SHELL: &str = "shell";

/// The terminals of one conversation, or of an agent.
pub struct Room {
    /// Speaking about the conversation's directory.
    pub client: opencode::Client,
    session: Option<String>,
    directory: Option<String>,
    shell: bool,
    /// The server's address as its own Pod sees it.
    url: String,
}

/// A terminal that is there.
#[derive(Clone)]
pub struct Found {
    /// Speaking about the terminal's directory.
    pub client: opencode::Client,
    /// The terminal.
    pub pty: Pty,
    /// Its title, without who is there.
    pub what: String,
    /// Who is there.
    pub visitors: Vec<Visitor>,
}

impl Found {
    fn new(client: &opencode::Client, pty: Pty) -> Self {
        let (what, visitors) = presence::read(&pty.title, presence::time(client));
        let what = what.to_owned();
        Self { client: client.clone(), pty, what, visitors }
    }

    /// Its title, without who is there and without this program's name.
    pub fn short_title(&self) -> &str {
        self.what.strip_prefix(TITLE).map_or(self.what.as_str(), str::trim_start)
    }

    /// Whether the program there takes the whole screen, and is not known to be a shell.
    pub fn is_interface(&self) -> bool {
        self.what.starts_with(&format!("{TITLE} {INTERFACE} "))
    }
}

impl Room {
    /// Finds the room of a place.
    pub async fn open(cluster: &Cluster, client: opencode::Client, place: &Place, shell: bool) -> Result<Self> {
        let directory = match &place.session {
            Some(id) => Some(client.session(id).await?.directory).filter(|directory| !directory.is_empty()),
            None => None,
        };
        let client = match &directory {
            Some(directory) => client.in_directory(directory),
            None => client,
        };
        let url = cluster::server_pod(&cluster.client, &cluster.namespace, &place.agent).await?.url();
        Ok(Self { client, session: place.session.clone(), directory, shell, url })
    }

    fn title(&self) -> String {
        let what = if self.shell { SHELL } else { INTERFACE };
        let session = self.session.as_deref().unwrap_or("agent");
        format!("{TITLE} {what} {session}")
    }

    /// The terminals that an earlier attach left running: one, or none, unless two people came at once.
    pub async fn running(&self) -> Result<Vec<Found>, opencode::Error> {
        let title = self.title();
        let mut found = live(&self.client).await?;
        found.retain(|found| found.what == title);
        Ok(found)
    }

    /// Every live terminal of the conversation; of the whole agent, where no conversation was named.
    pub async fn all(&self) -> Result<Vec<Found>, opencode::Error> {
        if let Some(session) = &self.session {
            let mut found = live(&self.client).await?;
            found.retain(|found| {
                found.what.contains(session.as_str()) || found.pty.args.iter().any(|argument| argument == session)
            });
            return Ok(found);
        }
        // Terminals are kept by directory, and only sessions tell which there are.
        let sessions = self.client.sessions(&SessionQuery::default()).await?;
        let directories: BTreeSet<_> = sessions.into_iter().map(|session| session.directory).collect();
        let mut found = live(&self.client).await?;
        for directory in directories.iter().filter(|directory| !directory.is_empty()) {
            for more in live(&self.client.in_directory(directory)).await? {
                if found.iter().all(|known| known.pty.id != more.pty.id) {
                    found.push(more);
                }
            }
        }
        found.sort_by(|one, other| one.pty.id.cmp(&other.pty.id));
        Ok(found)
    }

    /// The live terminal of this ID.
    pub async fn by_id(&self, id: &str) -> Result<Found> {
        if let Ok(pty) = self.client.pty(id).await
            && pty.is_running()
        {
            return Ok(Found::new(&self.client, pty));
        }
        let found = self.all().await?.into_iter().find(|found| found.pty.id == id);
        found.ok_or_else(|| Error::new(Code::NotFound, format!("no live terminal {id:?}")))
    }

    /// Starts the program on a new terminal of the user's size.
    pub async fn start(&self, terminal: &dyn Terminal) -> Result<Found> {
        let pty =
            if self.shell { self.client.create_pty(&self.program(None)).await? } else { self.interface().await? };
        let size = terminal.size();
        self.client.resize_pty(&pty.id, size.rows, size.cols).await?;
        Ok(Found::new(&self.client, pty))
    }

    async fn interface(&self) -> Result<Pty> {
        match self.client.create_pty(&self.program(Some("opencode"))).await {
            // How this server says that there is no such program.
            Err(opencode::Error::Refused { status: 500, .. }) => {
                Ok(self.client.create_pty(&self.program(Some(TOOLS))).await?)
            }
            made => Ok(made?),
        }
    }

    fn program(&self, opencode: Option<&str>) -> NewPty {
        let mut new = NewPty { title: Some(self.title()), cwd: self.directory.clone(), ..NewPty::default() };
        if let Some(opencode) = opencode {
            new.command = Some(opencode.to_owned());
            new.args = vec!["attach".to_owned(), self.url.clone()];
            if let Some(session) = &self.session {
                new.args.extend(["--session".to_owned(), session.clone()]);
            }
        }
        if let Ok(colours) = std::env::var("COLORTERM") {
            new.env.insert("COLORTERM".to_owned(), colours);
        }
        new
    }
}

async fn live(client: &opencode::Client) -> Result<Vec<Found>, opencode::Error> {
    let ptys = client.ptys().await?;
    Ok(ptys.into_iter().filter(Pty::is_running).map(|pty| Found::new(client, pty)).collect())
}
