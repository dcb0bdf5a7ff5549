//! What is known about the OpenCode sessions of one server, kept current by its events.
//!
//! A request of a subagent carries the subagent's session; it counts for the session that the subagent works for. A request
//! counts only while its session is in a turn: aborting a turn leaves its requests listed.

use std::collections::{BTreeMap, HashMap};
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
    in_turn: HashMap<String, SessionActivity>,
    requests: HashMap<String, Request>,
    parents: HashMap<String, String>,
    /// Sessions that were prompted, and whose turn has not been seen to begin.
    expected: HashMap<String, Instant>,
    /// Sessions of a list that nobody has asked for; absent before it was fetched, and after something was missed.
    listed: Option<HashMap<String, Known>>,
    /// How often something was missed.
    pub doubts: u64,
    /// Grows with every event that changed something: a fetch that overlapped one is told by it.
    pub version: u64,
}

#[derive(Debug)]
struct Tracked {
    owner: Owner,
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
    /// Begins to keep a session for `owner`; what is known stays known.
    pub fn track(&mut self, id: &str, owner: Owner) {
        match self.tracked.get_mut(id) {
            Some(tracked) => tracked.owner = owner,
            None => {
                self.tracked.insert(id.to_owned(), Tracked { owner, session: None, failure: None });
            }
        }
    }

    /// Ends keeping the sessions of `owner`.
    pub fn forget(&mut self, owner: &Owner) {
        self.tracked.retain(|_, tracked| tracked.owner != *owner);
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

    /// Replaces what is known about turns and requests by what was fetched.
    pub fn replace(
        &mut self,
        in_turn: BTreeMap<String, SessionActivity>,
        permissions: Vec<Permission>,
        questions: Vec<Question>,
        parents: HashMap<String, String>,
    ) {
        self.in_turn = in_turn.into_iter().filter(|(_, activity)| *activity != SessionActivity::Idle).collect();
        let permissions = permissions.into_iter().map(|asked| (asked.id, asked.session_id, false));
        let questions = questions.into_iter().map(|asked| (asked.id, asked.session_id, true));
        self.requests =
            permissions.chain(questions).map(|(id, session, question)| (id, Request { session, question })).collect();
        self.parents.extend(parents);
    }

    /// Sessions with requests or turns of which it is unknown whether somebody's subagent they are.
    pub fn is_unknown(&self, id: &str) -> bool {
        !self.tracked.contains_key(id) && !self.parents.contains_key(id)
    }

    /// Takes in an event and tells whose Session it changed.
    pub fn apply(&mut self, event: Event) -> Option<Owner> {
        let about = event.session_id()?.to_owned();
        match event {
            Event::SessionCreated { info } => {
                if let Some(parent) = info.parent_id {
                    self.parents.insert(info.id, parent);
                }
                return None;
            }
            Event::SessionUpdated { info } => {
                self.take_listed(&about);
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
                    self.in_turn.insert(about.clone(), busy);
                }
            },
            Event::SessionIdle { .. } => self.idle(&about),
            Event::SessionError { error, .. } => {
                self.expected.remove(&about);
                self.tracked.get_mut(&about)?.failure = Some(Box::new(error));
            }
            Event::PermissionAsked(asked) => {
                self.requests.insert(asked.id, Request { session: about.clone(), question: false });
            }
            Event::QuestionAsked(asked) => {
                self.requests.insert(asked.id, Request { session: about.clone(), question: true });
            }
            Event::PermissionReplied { request_id, .. }
            | Event::QuestionReplied { request_id, .. }
            | Event::QuestionRejected { request_id, .. } => {
                self.requests.remove(&request_id);
            }
            _ => return None,
        }
        self.version += 1;
        let root = self.root(&about).to_owned();
        self.tracked.get(&root).map(|tracked| tracked.owner.clone())
    }

    fn idle(&mut self, id: &str) {
        self.expected.remove(id);
        self.in_turn.remove(id);
        self.requests.retain(|_, request| request.session != id);
    }

    fn root<'a>(&'a self, id: &'a str) -> &'a str {
        let mut root = id;
        for _ in 0..DEPTH {
            match self.parents.get(root) {
                Some(parent) if !self.tracked.contains_key(root) => root = parent,
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
mod tests {
    use super::*;

    fn owner() -> Owner {
        Owner { namespace: "n".into(), name: "s".into() }
    }

    fn event(text: &str) -> Event {
        Event::parse(text).unwrap().unwrap()
    }

    fn tracking() -> State {
        let mut state = State::default();
        state.track("ses_1", owner());
        state
    }

    fn status(id: &str, kind: &str) -> Event {
        event(&format!(
            r#"{{"type":"session.status","properties":{{"sessionID":"{id}","status":{{"type":"{kind}"}}}}}}"#
        ))
    }

    fn asked(id: &str, session: &str) -> Event {
        event(&format!(
            r#"{{"type":"permission.asked","properties":{{"id":"{id}","sessionID":"{session}","permission":"bash"}}}}"#
        ))
    }

    #[test]
    fn a_turn_goes_from_busy_over_waiting_to_idle() {
        let mut state = tracking();
        assert_eq!(state.view("ses_1").unwrap().activity, Activity::Idle);
        assert_eq!(state.apply(status("ses_1", "busy")), Some(owner()));
        assert_eq!(state.view("ses_1").unwrap().activity, Activity::Busy);
        assert_eq!(state.apply(asked("per_1", "ses_1")), Some(owner()));
        let view = state.view("ses_1").unwrap();
        assert_eq!((view.activity, view.pending.permissions), (Activity::WaitingInput, 1));
        state.apply(event(
            r#"{"type":"permission.replied","properties":{"sessionID":"ses_1","requestID":"per_1","reply":"once"}}"#,
        ));
        assert_eq!(state.view("ses_1").unwrap().activity, Activity::Busy);
        state.apply(status("ses_1", "idle"));
        assert_eq!(state.view("ses_1").unwrap().activity, Activity::Idle);
    }

    #[test]
    fn a_prompted_session_is_busy_before_its_turn_is_seen_to_begin() {
        let mut state = tracking();
        state.expect_turn("ses_1");
        state.replace(BTreeMap::new(), Vec::new(), Vec::new(), HashMap::new());
        assert_eq!(state.view("ses_1").unwrap().activity, Activity::Busy);
        state.apply(status("ses_1", "busy"));
        state.apply(status("ses_1", "idle"));
        assert_eq!(state.view("ses_1").unwrap().activity, Activity::Idle);
        state.expect_turn("ses_1");
        state.expect_no_turn("ses_1");
        assert_eq!(state.view("ses_1").unwrap().activity, Activity::Idle);
    }

    #[test]
    fn a_request_without_a_turn_is_a_ghost() {
        let mut state = tracking();
        state.apply(asked("per_1", "ses_1"));
        assert_eq!(state.view("ses_1").unwrap().pending.permissions, 0);
        state.apply(status("ses_1", "busy"));
        assert_eq!(state.view("ses_1").unwrap().pending.permissions, 1);
        state.apply(event(r#"{"type":"session.idle","properties":{"sessionID":"ses_1"}}"#));
        state.apply(status("ses_1", "busy"));
        assert_eq!(state.view("ses_1").unwrap().pending.permissions, 0, "the aborted turn's request came back");
    }

    #[test]
    fn a_subagent_s_request_waits_for_the_session_it_works_for() {
        let mut state = tracking();
        let created =
            r#"{"type":"session.created","properties":{"sessionID":"ses_2","info":{"id":"ses_2","parentID":"ses_1"}}}"#;
        assert_eq!(state.apply(event(created)), None);
        state.apply(status("ses_1", "busy"));
        state.apply(status("ses_2", "busy"));
        assert_eq!(state.apply(asked("per_9", "ses_2")), Some(owner()));
        assert_eq!(state.view("ses_1").unwrap().activity, Activity::WaitingInput);
        assert_eq!(state.apply(asked("per_10", "ses_foreign")), None);
        assert_eq!(state.view("ses_1").unwrap().pending.permissions, 1);
    }

    #[test]
    fn a_list_is_good_until_something_newer_is_known() {
        let list = || {
            let of = |id: &str| serde_json::from_value(serde_json::json!({"id": id, "metadata": {"a": 1}})).unwrap();
            vec![of("ses_1"), of("ses_2"), of("ses_3"), Session { id: "ses_4".into(), ..Session::default() }]
        };
        let mut state = tracking();
        assert!(!state.is_listed());
        state.set_listed(list(), state.doubts);
        assert!(state.take_listed("ses_1").is_some() && state.take_listed("ses_1").is_none());
        state.apply(event(r#"{"type":"session.updated","properties":{"sessionID":"ses_2","info":{"id":"ses_2"}}}"#));
        assert_eq!((state.take_listed("ses_2"), state.take_listed("ses_4")), (None, None));
        let asked_before = state.doubts;
        state.doubt();
        assert!(!state.is_listed());
        state.set_listed(list(), asked_before);
        assert_eq!(state.take_listed("ses_3"), None, "a list from before the break is kept");
    }

    #[test]
    fn what_is_kept_of_a_session_is_what_it_was() {
        let session: Session = serde_json::from_value(serde_json::json!({
            "id": "ses_1", "directory": "/w/päth", "parentID": "ses_0", "title": "a \"b\"\u{1b}[2J", "agent": "plan",
            "model": {"providerID": "p", "id": "m/1"}, "cost": 0.1 + 0.2, "metadata": {"kubernetes.created": 1_764_000_000_123_i64},
            "tokens": {"input": 1, "output": 2, "reasoning": 3, "cache": {"read": 4, "write": 5}},
            "summary": {"additions": 1, "deletions": 2, "files": 3},
            "permission": [{"permission": "bash", "pattern": "*", "action": "ask"}],
            "time": {"created": 1, "updated": 2}, "slug": "not kept",
        }))
        .unwrap();
        let mut state = tracking();
        state.set_session(session.clone());
        let kept = state.view("ses_1").unwrap().session;
        assert_eq!(kept, Some(Session { unknown: serde_json::Map::new(), ..session }));
    }

    #[test]
    fn a_fetch_replaces_and_a_failure_is_told_once() {
        let mut state = tracking();
        state.apply(status("ses_1", "busy"));
        state.replace(BTreeMap::new(), Vec::new(), Vec::new(), HashMap::new());
        assert_eq!(state.view("ses_1").unwrap().activity, Activity::Idle);
        let error = r#"{"type":"session.error","properties":{"sessionID":"ses_1","error":{"name":"UnknownError","data":{"message":"Model not found"}}}}"#;
        assert_eq!(state.apply(event(error)), Some(owner()));
        assert_eq!(state.take_failure("ses_1").unwrap().message(), "Model not found");
        assert_eq!(state.take_failure("ses_1"), None);
        state.forget(&owner());
        assert!(state.is_empty() && state.view("ses_1").is_none());
    }
}
