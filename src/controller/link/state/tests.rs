use super::*;

fn owner() -> Owner {
    Owner { namespace: "n".into(), name: "s".into() }
}

fn event(text: &str) -> Event {
    Event::parse(text).unwrap().unwrap()
}

fn tracking() -> State {
    let mut state = State::default();
    state.track("ses_1", owner(), "/w");
    state
}

fn status(id: &str, kind: &str) -> Event {
    event(&format!(r#"{{"type":"session.status","properties":{{"sessionID":"{id}","status":{{"type":"{kind}"}}}}}}"#))
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
    let begun = state.begin_fetch(Duration::ZERO).unwrap();
    state.replace(begun, Fetched::default());
    assert_eq!(state.view("ses_1").unwrap().activity, Activity::Busy);
    state.apply(status("ses_1", "busy"));
    state.apply(status("ses_1", "idle"));
    assert_eq!(state.view("ses_1").unwrap().activity, Activity::Idle);
    state.expect_turn("ses_1");
    state.expect_no_turn("ses_1");
    assert_eq!(state.view("ses_1").unwrap().activity, Activity::Idle);
}

fn busy(id: &str) -> Fetched {
    Fetched { in_turn: [(id.to_owned(), SessionActivity::Busy)].into(), ..Fetched::default() }
}

fn asks(id: &str, session: &str) -> Fetched {
    let permission = serde_json::json!({"id": id, "sessionID": session, "permission": "bash"});
    Fetched { permissions: vec![serde_json::from_value(permission).unwrap()], ..busy(session) }
}

#[test]
fn what_events_have_told_since_a_fetch_began_is_newer() {
    let mut state = tracking();
    let begun = state.begin_fetch(Duration::ZERO).unwrap();
    state.apply(status("ses_1", "idle"));
    state.replace(begun, asks("per_1", "ses_1"));
    let view = state.view("ses_1").unwrap();
    assert_eq!((view.activity, view.pending.permissions), (Activity::Idle, 0), "the turn has ended since");

    let begun = state.begin_fetch(Duration::ZERO).unwrap();
    state.apply(status("ses_1", "busy"));
    state.apply(asked("per_2", "ses_1"));
    state.replace(begun, Fetched::default());
    assert_eq!(state.view("ses_1").unwrap().pending.permissions, 1, "it was asked for since");

    let begun = state.begin_fetch(Duration::ZERO).unwrap();
    state.apply(event(
        r#"{"type":"permission.replied","properties":{"sessionID":"ses_1","requestID":"per_2","reply":"once"}}"#,
    ));
    state.replace(begun, asks("per_2", "ses_1"));
    assert_eq!(state.view("ses_1").unwrap().activity, Activity::Busy, "it was answered since");
    // What a later one tells is taken at its word.
    let begun = state.begin_fetch(Duration::ZERO).unwrap();
    state.replace(begun, Fetched::default());
    assert_eq!(state.view("ses_1").unwrap().activity, Activity::Idle);
    assert!(state.turns_told.is_empty() && state.requests_told.is_empty(), "events are kept for ever");
}

#[test]
fn an_older_fetch_that_is_slow_changes_nothing() {
    let mut state = tracking();
    let slow = state.begin_fetch(Duration::ZERO).unwrap();
    assert!(state.begin_fetch(Duration::ZERO).is_none(), "one goes on");
    state.doubt();
    let quick = state.begin_fetch(Duration::ZERO).unwrap();
    state.replace(quick, Fetched::default());
    state.replace(slow, busy("ses_1"));
    assert_eq!(state.view("ses_1").unwrap().activity, Activity::Idle);
}

#[test]
fn turns_are_fetched_again_after_a_while_and_when_something_was_missed() {
    const WHILE: Duration = Duration::from_secs(3600);
    let mut state = tracking();
    assert!(!state.is_fetched_within(WHILE));
    let before = state.begin_fetch(Duration::ZERO).unwrap();
    state.doubt_turns();
    state.replace(before, Fetched::default());
    assert!(!state.is_fetched_within(WHILE), "it began before the doubt");
    let failing = state.begin_fetch(WHILE).unwrap();
    state.end_fetch(failing, false);
    assert!(!state.is_fetched_within(WHILE), "it told nothing");
    let begun = state.begin_fetch(Duration::ZERO).unwrap();
    state.replace(begun, Fetched::default());
    assert!(state.is_fetched_within(WHILE) && !state.is_fetched_within(Duration::ZERO));
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
fn subagents_are_forgotten_when_they_have_done_their_work() {
    let mut state = tracking();
    let child = |id: &str, of: &str| {
        event(&format!(
            r#"{{"type":"session.created","properties":{{"sessionID":"{id}","info":{{"id":"{id}","parentID":"{of}"}}}}}}"#
        ))
    };
    for (id, of) in [("ses_done", "ses_1"), ("ses_2", "ses_1"), ("ses_3", "ses_2")] {
        state.apply(child(id, of));
    }
    let fetch = |state: &mut State, told: Fetched, after: Duration| {
        let begun = state.begin_fetch(Duration::ZERO).unwrap();
        state.replace(begun, told);
        state.forget_parents(after);
        let mut known: Vec<_> = state.parents.keys().cloned().collect();
        known.sort();
        known
    };
    // A turn of theirs may be about to begin.
    assert_eq!(fetch(&mut state, Fetched::default(), Duration::MAX), ["ses_2", "ses_3", "ses_done"]);
    assert_eq!(fetch(&mut state, busy("ses_3"), Duration::ZERO), ["ses_2", "ses_3"]);
    assert_eq!(state.apply(asked("per_1", "ses_3")), Some(owner()));
    assert_eq!(fetch(&mut state, Fetched::default(), Duration::ZERO), [""; 0]);
    // One that is given more to do is known again before it asks.
    let updated = r#"{"type":"session.updated","properties":{"sessionID":"ses_done","info":{"id":"ses_done","parentID":"ses_1"}}}"#;
    assert_eq!(state.apply(event(updated)), None);
    assert_eq!(state.apply(asked("per_2", "ses_done")), Some(owner()));
}

#[test]
fn only_directories_in_use_are_asked_about() {
    let other = || Owner { name: "other".into(), ..owner() };
    let mut state = tracking();
    state.track("ses_2", other(), "/v");
    assert_eq!(state.directories(), ["/v".to_owned(), "/w".to_owned()].into());
    let fetch = |state: &mut State| {
        let begun = state.begin_fetch(Duration::ZERO).unwrap();
        state.replace(begun, Fetched::default());
    };
    fetch(&mut state);
    state.track("ses_3", owner(), "/v");
    assert!(state.is_fetched_within(Duration::MAX), "that directory was asked about");
    state.keep(|kept| *kept == owner());
    state.track("ses_3", owner(), "/w");
    assert_eq!(state.directories(), ["/w".to_owned()].into());
    fetch(&mut state);
    state.track("ses_4", owner(), "/v");
    assert!(!state.is_fetched_within(Duration::MAX), "nobody has asked about that one since");
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
    let begun = state.begin_fetch(Duration::ZERO).unwrap();
    state.replace(begun, Fetched::default());
    assert_eq!(state.view("ses_1").unwrap().activity, Activity::Idle);
    let error = r#"{"type":"session.error","properties":{"sessionID":"ses_1","error":{"name":"UnknownError","data":{"message":"Model not found"}}}}"#;
    assert_eq!(state.apply(event(error)), Some(owner()));
    assert_eq!(state.take_failure("ses_1").unwrap().message(), "Model not found");
    assert_eq!(state.take_failure("ses_1"), None);
    state.keep(|kept| *kept != owner());
    assert!(state.is_empty() && state.view("ses_1").is_none());
}
