//! What is known about the OpenCode sessions of one server, kept current by its events.
//!
//! A request of a subagent carries the subagent's session; it counts for the session that the subagent works for. A request
//! counts only while its session is in a turn: aborting a turn leaves its requests listed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::api::session::{Activity, Pending};
use crate::opencode::types::NamedError;
use crate::opencode::{Event, Permission, Question, Session, SessionActivity};

/// Longest chain of subagents that is followed up.
const DEPTH: usize = 16;
/// Longest time from a prompt to the beginning of its turn: the first turn of a server takes seconds.
pub const BEGINS_WITHIN: Duration = Duration::from_secs(30);

/// Name of a Session object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
}

/// What a server's events and answers have told.
#[derive(Debug, Default)]
pub struct State {
    tracked: HashMap<String, Tracked>,
    /// Directories that the newest fetch asks about, and those that have come since.
    directories: BTreeSet<String>,
    in_turn: HashMap<String, SessionActivity>,
    requests: HashMap<String, Request>,
    /// Of the subagents that are at work, or may begin to.
    parents: HashMap<String, Parent>,
    /// Sessions that were prompted, and whose turn has not been seen to begin.
    expected: HashMap<String, Instant>,
    /// Sessions of a list that nobody has asked for; absent before it was fetched, and after something was missed.
    listed: Option<HashMap<String, Known>>,
    /// How often something was missed.
    pub doubts: u64,
    /// Grows with everything that happens: what is newer than what is told by it.
    version: u64,
    /// When turns and requests were doubted last, as a version.
    doubted: u64,
    /// The newest fetch of turns and requests that is known: the version at which it began, and when it did.
    fetched: Option<(u64, Instant)>,
    /// The version at which the one began that goes on.
    fetching: Option<u64>,
    /// Sessions of whose turns events have told since that fetch began, with the version.
    turns_told: HashMap<String, u64>,
    /// Requests of which events have told since that fetch began, with the version.
    requests_told: HashMap<String, u64>,
}

/// A fetch of turns and requests that was begun.
#[derive(Clone, Copy, Debug)]
pub struct Fetch(u64, Instant);

/// What a fetch has told.
#[derive(Debug, Default)]
pub struct Fetched {
    /// Sessions that are in a turn, or were.
    pub in_turn: BTreeMap<String, SessionActivity>,
    /// Permissions that are asked for.
    pub permissions: Vec<Permission>,
    /// Questions that are asked.
    pub questions: Vec<Question>,
    /// Sessions of subagents, and those that they work for.
    pub parents: HashMap<String, String>,
}

/// The session that a subagent works for, and since when that is known.
#[derive(Debug)]
struct Parent {
    id: String,
    since: Instant,
}

impl Parent {
    fn new(id: String) -> Self {
        Self { id, since: Instant::now() }
    }
}

#[derive(Debug)]
struct Tracked {
    owner: Owner,
    directory: String,
    session: Option<Known>,
    failure: Option<Box<NamedError>>,
}

/// A session as it was last seen, as JSON: there may be ten thousand, which take four times as much when they are parsed.
#[derive(Debug)]
struct Known(Box<str>);

impl Known {
    fn new(session: Session) -> Option<Self> {
        let text = serde_json::to_string(&Session { unknown: serde_json::Map::new(), ..session });
        text.ok().map(|text| Self(text.into_boxed_str()))
    }

    /// `None` would be fetched again.
    fn session(&self) -> Option<Session> {
        serde_json::from_str(&self.0).ok()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Request {
    session: String,
    question: bool,
}

/// What a Session's status is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The session as last seen; `None` until it was fetched, and again after something suggests that it is gone.
    pub session: Option<Session>,
    /// What it does.
    pub activity: Activity,
    /// What waits.
    pub pending: Pending,
    /// How a turn failed since somebody last asked.
    pub failure: Option<NamedError>,
}

impl State {
    /// Begins to keep a session, which works in `directory`, for `owner`; what is known stays known.
    pub fn track(&mut self, id: &str, owner: Owner, directory: &str) {
        if let Some(tracked) = self.tracked.get_mut(id) {
            tracked.owner = owner;
            directory.clone_into(&mut tracked.directory);
        } else {
            let directory = directory.to_owned();
            self.tracked.insert(id.to_owned(), Tracked { owner, directory, session: None, failure: None });
        }
        if !self.directories.contains(directory) {
            self.directories.insert(directory.to_owned());
            self.doubt_turns();
        }
    }

    /// The directories to ask about: those that sessions which are kept work in.
    pub fn directories(&mut self) -> BTreeSet<String> {
        self.directories = self.tracked.values().map(|tracked| tracked.directory.clone()).collect();
        self.directories.clone()
    }

    /// Ends keeping the sessions of all owners but these.
    pub fn keep(&mut self, these: impl Fn(&Owner) -> bool) {
        self.tracked.retain(|_, tracked| these(&tracked.owner));
        self.expected.retain(|id, _| self.tracked.contains_key(id));
    }

    /// A prompt is being sent: the server takes it at once, and begins its turn when it gets to it.
    pub fn expect_turn(&mut self, id: &str) {
        self.expected.insert(id.to_owned(), Instant::now());
    }

    /// No prompt was sent.
    pub fn expect_no_turn(&mut self, id: &str) {
        self.expected.remove(id);
    }

    fn is_in_turn(&self, id: &str) -> bool {
        self.in_turn.contains_key(id) || self.expected.get(id).is_some_and(|since| since.elapsed() < BEGINS_WITHIN)
    }

    /// Whether nobody is interested any more.
    pub fn is_empty(&self) -> bool {
        self.tracked.is_empty()
    }

    /// Everybody who is interested.
    pub fn owners(&self) -> Vec<Owner> {
        self.tracked.values().map(|tracked| tracked.owner.clone()).collect()
    }

    /// What was fetched about a session.
    pub fn set_session(&mut self, session: Session) {
        if let Some(tracked) = self.tracked.get_mut(&session.id) {
            tracked.session = Known::new(session);
        }
    }

    /// The stream was lost: everything has to be fetched again.
    pub fn doubt(&mut self) {
        self.tracked.values_mut().for_each(|tracked| tracked.session = None);
        self.listed = None;
        self.doubts += 1;
        self.doubt_turns();
    }

    /// Turns and requests have to be fetched again.
    pub fn doubt_turns(&mut self) {
        self.version += 1;
        self.doubted = self.version;
    }

    /// Whether turns and requests were fetched within `period`, and nothing has made them doubtful since.
    pub fn is_fetched_within(&self, period: Duration) -> bool {
        self.fetched.is_some_and(|(begun, at)| begun > self.doubted && at.elapsed() < period)
    }

    /// Begins to fetch turns and requests, unless they were fetched within `period`, or are being fetched.
    pub fn begin_fetch(&mut self, period: Duration) -> Option<Fetch> {
        let goes_on = self.fetching.is_some_and(|begun| begun > self.doubted);
        if goes_on || self.is_fetched_within(period) {
            return None;
        }
        self.version += 1;
        self.fetching = Some(self.version);
        Some(Fetch(self.version, Instant::now()))
    }

    /// Ends a fetch that has told nothing; `is_answer` if it would not the next time, either.
    pub fn end_fetch(&mut self, Fetch(begun, at): Fetch, is_answer: bool) {
        if self.fetching == Some(begun) {
            self.fetching = None;
        }
        if is_answer && self.fetched.is_none_or(|(newest, _)| newest < begun) {
            self.fetched = Some((begun, at));
        }
    }

    /// Keeps a list that was asked for after `doubts`: of those that have metadata, which ours have.
    pub fn set_listed(&mut self, all: Vec<Session>, doubts: u64) {
        if self.doubts == doubts {
            let ours = all.into_iter().filter(|session| !session.metadata.is_empty());
            self.listed = Some(ours.filter_map(|session| Some((session.id.clone(), Known::new(session)?))).collect());
        }
    }

    /// Whether there is a list.
    pub fn is_listed(&self) -> bool {
        self.listed.is_some()
    }

    /// Takes a session out of the list, if it is there.
    pub fn take_listed(&mut self, id: &str) -> Option<Session> {
        let listed = self.listed.as_mut()?;
        let taken = listed.remove(id);
        if listed.len() < listed.capacity() / 4 {
            listed.shrink_to_fit();
        }
        taken?.session()
    }

    /// Replaces what is known about turns and requests by what was fetched, where no event has told since that began.
    pub fn replace(&mut self, fetch: Fetch, told: Fetched) {
        let Fetch(begun, _) = fetch;
        if self.fetched.is_some_and(|(newest, _)| newest > begun) {
            return;
        }
        self.end_fetch(fetch, true);
        self.turns_told.retain(|_, version| *version > begun);
        self.requests_told.retain(|_, version| *version > begun);
        let (turns_told, requests_told) = (&self.turns_told, &self.requests_told);
        self.in_turn.retain(|id, _| turns_told.contains_key(id));
        let in_turn = told.in_turn.into_iter().filter(|(_, activity)| *activity != SessionActivity::Idle);
        self.in_turn.extend(in_turn.filter(|(id, _)| !turns_told.contains_key(id)));
        self.requests.retain(|id, _| requests_told.contains_key(id));
        let permissions = told.permissions.into_iter().map(|asked| (asked.id, asked.session_id, false));
        let questions = told.questions.into_iter().map(|asked| (asked.id, asked.session_id, true));
        for (id, session, question) in permissions.chain(questions) {
            let has_ended = turns_told.contains_key(&session) && !self.in_turn.contains_key(&session);
            if !has_ended && !requests_told.contains_key(&id) {
                self.requests.insert(id, Request { session, question });
            }
        }
        self.parents.extend(told.parents.into_iter().map(|(id, parent)| (id, Parent::new(parent))));
        self.forget_parents(BEGINS_WITHIN);
    }

    /// Forgets whom the subagents that have done their work did it for, once that is known for so long: a new one has yet
    /// to begin.
    fn forget_parents(&mut self, after: Duration) {
        let mut needed = HashSet::new();
        let asking = self.requests.values().map(|request| &request.session);
        for mut id in self.in_turn.keys().chain(self.expected.keys()).chain(asking) {
            while let Some(parent) = self.parents.get(id).filter(|_| needed.insert(id.clone())) {
                id = &parent.id;
            }
        }
        self.parents.retain(|id, parent| needed.contains(id) || parent.since.elapsed() < after);
    }

    /// Sessions with requests or turns of which it is unknown whether somebody's subagent they are.
    pub fn is_unknown(&self, id: &str) -> bool {
        !self.tracked.contains_key(id) && !self.parents.contains_key(id)
    }

    /// Takes in an event and tells whose Session it changed.
    pub fn apply(&mut self, event: Event) -> Option<Owner> {
        let about = event.session_id()?.to_owned();
        self.version += 1;
        match event {
            Event::SessionCreated { info } => {
                if let Some(parent) = info.parent_id {
                    self.parents.insert(info.id, Parent::new(parent));
                }
                return None;
            }
            Event::SessionUpdated { info } => {
                self.take_listed(&about);
                // One that has done its work may be given more.
                if let Some(parent) = &info.parent_id {
                    self.parents.insert(about.clone(), Parent::new(parent.clone()));
                }
                self.tracked.get_mut(&about)?.session = Known::new(info);
            }
            Event::SessionDeleted { .. } => {
                self.take_listed(&about);
                self.parents.remove(&about);
                self.idle(&about);
                self.tracked.get_mut(&about)?.session = None;
            }
            Event::SessionStatus { status, .. } => match (status, self.expected.remove(&about)) {
                (SessionActivity::Idle, _) => self.idle(&about),
                (busy, _) => {
                    self.turns_told.insert(about.clone(), self.version);
                    self.in_turn.insert(about.clone(), busy);
                }
            },
            Event::SessionIdle { .. } => self.idle(&about),
            Event::SessionError { error, .. } => {
                self.expected.remove(&about);
                self.tracked.get_mut(&about)?.failure = Some(Box::new(error));
            }
            Event::PermissionAsked(asked) => self.asked(asked.id, &about, false),
            Event::QuestionAsked(asked) => self.asked(asked.id, &about, true),
            Event::PermissionReplied { request_id, .. }
            | Event::QuestionReplied { request_id, .. }
            | Event::QuestionRejected { request_id, .. } => {
                self.requests.remove(&request_id);
                self.requests_told.insert(request_id, self.version);
            }
            _ => return None,
        }
        let root = self.root(&about).to_owned();
        self.tracked.get(&root).map(|tracked| tracked.owner.clone())
    }

    fn asked(&mut self, id: String, session: &str, question: bool) {
        self.requests_told.insert(id.clone(), self.version);
        self.requests.insert(id, Request { session: session.to_owned(), question });
    }

    fn idle(&mut self, id: &str) {
        self.turns_told.insert(id.to_owned(), self.version);
        self.expected.remove(id);
        self.in_turn.remove(id);
        self.requests.retain(|_, request| request.session != id);
    }

    fn root<'a>(&'a self, id: &'a str) -> &'a str {
        let mut root = id;
        for _ in 0..DEPTH {
            match self.parents.get(root) {
                Some(parent) if !self.tracked.contains_key(root) => root = &parent.id,
                _ => break,
            }
        }
        root
    }

    /// What is known about a session.
    pub fn view(&self, id: &str) -> Option<View> {
        let tracked = self.tracked.get(id)?;
        let mut pending = Pending::default();
        for request in self.requests.values() {
            if self.in_turn.contains_key(&request.session) && self.root(&request.session) == id {
                *(if request.question { &mut pending.questions } else { &mut pending.permissions }) += 1;
            }
        }
        let activity = if pending != Pending::default() {
            Activity::WaitingInput
        } else if self.is_in_turn(id) {
            Activity::Busy
        } else {
            Activity::Idle
        };
        let session = tracked.session.as_ref().and_then(Known::session);
        Some(View { session, activity, pending, failure: tracked.failure.as_deref().cloned() })
    }

    /// Takes the failure of the last turn, so that it is told once.
    pub fn take_failure(&mut self, id: &str) -> Option<NamedError> {
        self.tracked.get_mut(id)?.failure.take().map(|failure| *failure)
    }
}

#[cfg(test)]
mod tests;
