use std::time::{Duration, Instant};

use kube::api::DeleteParams;
use kubectl_opencode::api::Session;
use kubectl_opencode::api::session::Activity;
use serde_json::json;

use crate::fake::Fault;
use crate::world::{World, reason};

#[tokio::test]
async fn a_session_runs_within_half_a_second_and_its_prompt_is_delivered() {
    let world = World::start().await;
    world.agent("dev").await;
    let begin = Instant::now();
    world.create::<Session>("fix", json!({"agentRef": {"name": "dev"}, "title": "Fix it", "prompt": "hello"})).await;
    let session = world.session_phase("fix", "Running").await;
    assert!(begin.elapsed() < Duration::from_millis(500), "took {:?}", begin.elapsed());
    let status = session.status.unwrap();
    let id = status.session_id.unwrap();
    let messages = world.fake.server.messages(&id);
    assert_eq!(messages[0]["parts"][0]["text"], "hello");
    assert_eq!(world.fake.server.sessions()[0]["title"], "Fix it");
    assert_eq!(reason(&status.conditions, "Ready"), "True/SessionRunning");
    let done = world.session("fix", "has a summary", |session| {
        let status = session.status.clone().unwrap_or_default();
        status.summary.is_some_and(|summary| summary.messages == 2) && status.activity == Some(Activity::Idle)
    });
    let summary = done.await.status.unwrap().summary.unwrap();
    assert_eq!((summary.cost.as_str(), summary.tokens.cache), ("0.500000", 0));
}

#[tokio::test]
async fn a_session_waits_for_its_agent_and_says_so() {
    let world = World::start().await;
    world.create::<Session>("early", json!({"agentRef": {"name": "dev"}})).await;
    let waits = world.session_phase("early", "Pending").await;
    assert_eq!(reason(&waits.status.unwrap().conditions, "AgentReady"), "False/AgentNotFound");
    world.agent("dev").await;
    world.session_phase("early", "Running").await;
}

#[tokio::test]
async fn waiting_for_input_is_seen_and_ends_with_the_turn() {
    let world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    world.create::<Session>("ask", json!({"agentRef": {"name": "dev"}, "prompt": "run it"})).await;
    let session = world.session_phase("ask", "Running").await;
    let id = session.status.unwrap().session_id.unwrap();
    world.fake.server.ask(&id, "per_1");
    let waits = world.session("ask", "waits", |session| {
        session.status.as_ref().is_some_and(|status| status.activity == Some(Activity::WaitingInput))
    });
    let status = waits.await.status.unwrap();
    assert_eq!(status.pending.unwrap().permissions, 1);
    assert_eq!(reason(&status.conditions, "WaitingInput"), "True/PermissionRequired");
    world.fake.server.finish(&id, None);
    let idle = world.session("ask", "is idle", |session| {
        session.status.as_ref().is_some_and(|status| status.activity == Some(Activity::Idle))
    });
    let status = idle.await.status.unwrap();
    assert_eq!((status.pending, reason(&status.conditions, "WaitingInput").as_str()), (None, "False/NoInputNeeded"));
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_creates_once() {
    let world = World::start().await;
    world.agent("dev").await;
    world.fake.server.fail_next("POST /session", Fault::AnswerLost);
    world.create::<Session>("once", json!({"agentRef": {"name": "dev"}, "prompt": "once"})).await;
    let session = world.session_phase("once", "Running").await;
    assert_eq!(world.fake.server.sessions().len(), 1);
    let id = session.status.unwrap().session_id.unwrap();
    assert_eq!(world.fake.server.messages(&id).iter().filter(|message| message["info"]["role"] == "user").count(), 1);
}

#[tokio::test]
async fn a_prompt_whose_answer_is_lost_is_sent_once() {
    let world = World::start().await;
    world.agent("dev").await;
    world.fake.server.fail_next("prompt_async", Fault::AnswerLost);
    world.create::<Session>("once", json!({"agentRef": {"name": "dev"}, "prompt": "once"})).await;
    let session = world.session_phase("once", "Running").await;
    let id = session.status.unwrap().session_id.unwrap();
    assert_eq!(world.fake.server.sessions().len(), 1);
    assert_eq!(world.fake.server.messages(&id).iter().filter(|message| message["info"]["role"] == "user").count(), 1);
}

#[tokio::test]
async fn server_errors_are_retried_until_it_answers() {
    let world = World::start().await;
    world.agent("dev").await;
    for _ in 0..3 {
        world.fake.server.fail_next("POST /session", Fault::Status(500));
    }
    world.create::<Session>("patient", json!({"agentRef": {"name": "dev"}})).await;
    world.session_phase("patient", "Running").await;
    assert_eq!(world.fake.server.sessions().len(), 1);
}

#[tokio::test]
async fn stop_aborts_and_keeps_and_start_goes_on() {
    let world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    world.create::<Session>("s", json!({"agentRef": {"name": "dev"}, "prompt": "long work"})).await;
    let first = world.session_phase("s", "Running").await.status.unwrap().session_id.unwrap();
    assert!(world.fake.server.is_in_turn(&first));
    world.patch::<Session>("s", json!({"spec": {"suspend": true}})).await;
    let stopped = world.session_phase("s", "Stopped").await.status.unwrap();
    assert!(!world.fake.server.is_in_turn(&first), "the turn goes on");
    assert_eq!(reason(&stopped.conditions, "Stopped"), "True/UserStopped");
    world.patch::<Session>("s", json!({"spec": {"suspend": false}})).await;
    let again = world.session_phase("s", "Running").await.status.unwrap();
    assert_eq!(again.session_id.as_deref(), Some(first.as_str()));
    let asked = world.fake.server.messages(&first).iter().filter(|message| message["info"]["role"] == "user").count();
    assert_eq!(asked, 1, "the prompt was sent again");
    assert_eq!(reason(&again.conditions, "Stopped"), "False/Started");
}

#[tokio::test]
async fn deleting_aborts_then_deletes_and_retain_keeps() {
    let world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    for (name, policy) in [("gone", "Delete"), ("kept", "Retain")] {
        let spec = json!({"agentRef": {"name": "dev"}, "prompt": "work", "deletionPolicy": policy});
        world.create::<Session>(name, spec).await;
        let id = world.session_phase(name, "Running").await.status.unwrap().session_id.unwrap();
        world.api::<Session>().delete(name, &DeleteParams::default()).await.unwrap();
        let api = world.api::<Session>();
        world.until("it is deleted", async || api.get_opt(name).await.unwrap().is_none().then_some(())).await;
        assert!(!world.fake.server.is_in_turn(&id), "{name}: the turn goes on");
        let left = world.fake.server.sessions().iter().any(|session| session["id"] == id.as_str());
        assert_eq!(left, policy == "Retain", "{name}");
    }
    let calls = world.fake.server.calls();
    let at = |call: &str| calls.iter().position(|made| made.starts_with(call)).unwrap_or_else(|| panic!("no {call}"));
    assert!(at("POST /session/ses_9998/abort") < at("DELETE /session/ses_9998"));
    assert!(at("DELETE /pty/pty_1") < at("DELETE /session/ses_9998"), "its terminal was left");
}

#[tokio::test]
async fn a_lost_session_fails_and_starts_anew_when_asked() {
    let world = World::start().await;
    world.agent("dev").await;
    world.create::<Session>("s", json!({"agentRef": {"name": "dev"}})).await;
    let first = world.session_phase("s", "Running").await.status.unwrap().session_id;
    world.fake.server.forget();
    let failed = world.session_phase("s", "Failed").await.status.unwrap();
    assert_eq!(reason(&failed.conditions, "Ready"), "False/SessionLost");
    world.patch::<Session>("s", json!({"spec": {"suspend": true}})).await;
    world.session_phase("s", "Stopped").await;
    world.patch::<Session>("s", json!({"spec": {"suspend": false}})).await;
    let again = world.session_phase("s", "Running").await.status.unwrap();
    assert_ne!(again.session_id, first);
}

#[tokio::test]
async fn a_controller_that_restarts_finds_everything_again() {
    let mut world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    world.create::<Session>("s", json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
    let id = world.session_phase("s", "Running").await.status.unwrap().session_id.unwrap();
    world.sleep().await;
    world.fake.server.finish(&id, None);
    world.wake();
    world
        .session("s", "is idle", |session| {
            session.status.as_ref().is_some_and(|status| status.activity == Some(Activity::Idle))
        })
        .await;
    assert_eq!(world.fake.server.sessions().len(), 1);
}

#[tokio::test]
async fn one_stream_serves_many_sessions_and_a_cut_one_is_reopened() {
    let world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    for index in 0..20 {
        world.create::<Session>(&format!("s{index}"), json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
    }
    for index in 0..20 {
        world.session_phase(&format!("s{index}"), "Running").await;
    }
    assert_eq!(world.fake.server.streams(), 1);
    world.fake.server.cut_streams();
    // What ends while nobody listens is seen after the reconnect.
    let id = world.session_phase("s7", "Running").await.status.unwrap().session_id.unwrap();
    world.fake.server.finish(&id, None);
    world
        .session("s7", "is idle", |session| {
            session.status.as_ref().is_some_and(|status| status.activity == Some(Activity::Idle))
        })
        .await;
    world.until("the stream is open again", async || (world.fake.server.streams() == 1).then_some(())).await;
}

#[tokio::test]
async fn time_limits_end_a_session() {
    let world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    world.create::<Session>("long", json!({"agentRef": {"name": "dev"}, "prompt": "work", "timeout": "1s"})).await;
    world.create::<Session>("idle", json!({"agentRef": {"name": "dev"}, "idleTimeout": "1s"})).await;
    let long = world.session_phase("long", "Completed").await.status.unwrap();
    assert_eq!(reason(&long.conditions, "Stopped"), "True/Timeout");
    assert!(!world.fake.server.is_in_turn(&long.session_id.unwrap()));
    let idle = world.session_phase("idle", "Completed").await.status.unwrap();
    assert_eq!(reason(&idle.conditions, "Stopped"), "True/IdleTimeout");
}

#[tokio::test]
async fn a_call_that_hangs_holds_nobody_else_up() {
    let world = World::start().await;
    world.agent("dev").await;
    world.fake.server.fail_next("POST /session", Fault::Slow(Duration::from_secs(5)));
    world.create::<Session>("slow", json!({"agentRef": {"name": "dev"}})).await;
    world
        .until("the slow call is made", async || {
            world.fake.server.calls().contains(&"POST /session".to_owned()).then_some(())
        })
        .await;
    let begin = Instant::now();
    world.create::<Session>("quick", json!({"agentRef": {"name": "dev"}})).await;
    world.session_phase("quick", "Running").await;
    assert!(begin.elapsed() < Duration::from_secs(3), "took {:?}", begin.elapsed());
    world.session_phase("slow", "Running").await;
}
