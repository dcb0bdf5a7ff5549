use std::time::Duration;

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{DeleteParams, PostParams};
use kube::{Api, ResourceExt};
use kubectl_opencode::api::session::Activity;
use kubectl_opencode::api::{Agent, Session};
use serde_json::json;

use crate::fake::Fault;
use crate::world::{World, reason};

#[tokio::test]
async fn a_session_runs_and_its_prompt_is_delivered() {
    let world = World::start().await;
    world.agent("dev").await;
    world.create::<Session>("fix", json!({"agentRef": {"name": "dev"}, "title": "Fix it", "prompt": "hello"})).await;
    let session = world.session_phase("fix", "Running").await;
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
    let id = world.running("ask", json!({"agentRef": {"name": "dev"}, "prompt": "run it"})).await;
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
    let id = world.running("once", json!({"agentRef": {"name": "dev"}, "prompt": "once"})).await;
    assert_eq!(world.fake.server.sessions().len(), 1);
    assert_eq!(world.fake.server.messages(&id).iter().filter(|message| message["info"]["role"] == "user").count(), 1);
}

#[tokio::test]
async fn a_create_that_is_done_after_its_link_broke_creates_once() {
    let world = World::start().await;
    world.agent("dev").await;
    world.fake.server.fail_next("POST /session", Fault::DoneLater);
    let id = world.running("once", json!({"agentRef": {"name": "dev"}, "prompt": "once"})).await;
    let left: Vec<_> = world.fake.server.sessions().into_iter().map(|session| session["id"].clone()).collect();
    assert_eq!(left, [json!(id)]);
    assert_eq!(world.fake.server.messages(&id).iter().filter(|message| message["info"]["role"] == "user").count(), 1);
}

#[tokio::test]
async fn a_prompt_whose_answer_is_lost_is_sent_once() {
    let world = World::start().await;
    world.agent("dev").await;
    world.fake.server.fail_next("prompt_async", Fault::AnswerLost);
    let id = world.running("once", json!({"agentRef": {"name": "dev"}, "prompt": "once"})).await;
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
    let first = world.running("s", json!({"agentRef": {"name": "dev"}, "prompt": "long work"})).await;
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
        let id = world.running(name, spec).await;
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
    let id = world.running("s", json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
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
async fn a_session_without_a_prompt_is_not_read_again_by_a_controller_that_restarts() {
    let mut world = World::start().await;
    world.agent("dev").await;
    let id = world.running("s", json!({"agentRef": {"name": "dev"}})).await;
    let summed = |session: &Session| session.status.as_ref().is_some_and(|status| status.summary.is_some());
    world.session("s", "is summed up", summed).await;
    world.sleep().await;
    let read = format!("GET /session/{id}/message");
    let server = world.fake.server.clone();
    let reads = || server.calls().iter().filter(|call| **call == read).count();
    let before = reads();
    world.wake();
    // Its turn is over when that of a Session after it is: they are looked at in order.
    world.running("after", json!({"agentRef": {"name": "dev"}})).await;
    world.session("after", "is summed up", summed).await;
    assert_eq!((before, reads()), (1, 1));
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
    world.fake.server.fail_next("POST /session", Fault::Slow(Duration::from_secs(120)));
    world.create::<Session>("slow", json!({"agentRef": {"name": "dev"}})).await;
    world
        .until("the slow call is made", async || {
            world.fake.server.calls().contains(&"POST /session".to_owned()).then_some(())
        })
        .await;
    world.running("quick", json!({"agentRef": {"name": "dev"}})).await;
    let slow = world.api::<Session>().get("slow").await.unwrap();
    assert_eq!(slow.status.and_then(|status| status.session_id), None);
}

fn is(activity: Activity) -> impl FnMut(&Session) -> bool {
    move |session| session.status.as_ref().and_then(|status| status.activity) == Some(activity)
}

#[tokio::test]
async fn what_a_session_does_is_written_however_often_it_changes() {
    let world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    let id = world.running("s", json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
    for turn in 0..6 {
        world.session("s", "is busy", is(Activity::Busy)).await;
        world.fake.server.ask(&id, &format!("per_{turn}"));
        world.session("s", "waits", is(Activity::WaitingInput)).await;
        world.fake.server.finish(&id, None);
        world.session("s", "is idle", is(Activity::Idle)).await;
        world.fake.server.begin(&id);
    }
}

#[tokio::test]
async fn the_sums_of_a_turn_that_ends_in_the_second_of_the_last_are_not_missed() {
    let world = World::start().await;
    world.agent("dev").await;
    world.create::<Session>("s", json!({"agentRef": {"name": "dev"}, "prompt": "one"})).await;
    let sums = |messages: i64| {
        move |session: &Session| {
            let summary = session.status.as_ref().and_then(|status| status.summary.as_ref());
            summary.is_some_and(|summary| summary.messages == messages)
        }
    };
    let first = world.session("s", "has two messages", sums(2)).await;
    let id = first.status.unwrap().session_id.unwrap();
    for messages in [4, 6] {
        world.fake.server.say(&id, "msg_more");
        world.fake.server.begin(&id);
        world.fake.server.finish(&id, None);
        world.session("s", "has two more messages", sums(messages)).await;
    }
}

#[tokio::test]
async fn a_prompt_that_a_killed_server_lost_is_sent_again_and_one_that_was_reverted_is_not() {
    let world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    let server = &world.fake.server;
    for name in ["lost", "reverted"] {
        let id = world.running(name, json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
        server.lose_messages(&id);
        if name == "reverted" {
            server.say(&id, "msg_another");
        }
        world.set_ready("dev", false).await;
        world.session_phase(name, "Pending").await;
        world.set_ready("dev", true).await;
        world.session_phase(name, "Running").await;
        let texts: Vec<_> = server.messages(&id).iter().map(|message| message["parts"][0]["text"].clone()).collect();
        let expected = if name == "lost" { json!(["work"]) } else { json!([null]) };
        assert_eq!(json!(texts), expected, "{name}");
    }
}

#[tokio::test]
async fn a_prompt_that_was_lost_while_no_controller_looked_is_sent_again_but_not_for_ever() {
    let mut world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    let id = world.running("s", json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
    world.sleep().await;
    world.fake.server.lose_all_but_the_envelope(&id);
    world.wake();
    let prompts = |world: &World| world.fake.server.calls().iter().filter(|call| call.contains("prompt_async")).count();
    for sent in 2..=4 {
        let text = json!("work");
        let is_whole = || world.fake.server.messages(&id).iter().any(|message| message["parts"][0]["text"] == text);
        world.until("the prompt is there", async || is_whole().then_some(())).await;
        assert_eq!((prompts(&world), world.fake.server.messages(&id).len()), (sent, 1));
        world.session("s", "is busy", is(Activity::Busy)).await;
        world.fake.server.lose_messages(&id);
    }
    let empty = |session: &Session| {
        let status = session.status.clone().unwrap_or_default();
        status.activity == Some(Activity::Idle) && status.summary.is_some_and(|summary| summary.messages == 0)
    };
    world.session("s", "is left alone", empty).await;
    assert_eq!(prompts(&world), 4);
}

#[tokio::test]
async fn what_keeps_a_session_from_starting_is_told_and_fails_it_in_time() {
    let world = World::start().await;
    world.agent("dev").await;
    for _ in 0..100 {
        world.fake.server.fail_next("POST /session", Fault::Status(500));
    }
    let spec = json!({"agentRef": {"name": "dev"}, "startDeadlineSeconds": 2});
    world.create::<Session>("s", spec).await;
    let told = world
        .session("s", "says why", |session| {
            let conditions = session.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
            reason(conditions, "SessionReady") == "False/SessionNotCreated"
        })
        .await;
    let status = told.status.unwrap();
    assert_eq!(reason(&status.conditions, "AgentReady"), "True/DeploymentReady");
    assert!(status.conditions.iter().any(|condition| condition.message.contains("made to fail")), "{status:#?}");
    let failed = world.session_phase("s", "Failed").await.status.unwrap();
    assert_eq!(reason(&failed.conditions, "Ready"), "False/StartDeadlineExceeded");
}

#[tokio::test]
async fn a_turn_that_could_not_be_aborted_is_aborted_when_the_server_is_back() {
    let mut world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    let id = world.running("s", json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
    world.session("s", "is busy", is(Activity::Busy)).await;
    // While it is away, so that it sees both at once.
    world.sleep().await;
    world.set_ready("dev", false).await;
    world.patch::<Session>("s", json!({"spec": {"suspend": true}})).await;
    world.wake();
    let stopped = world.session_phase("s", "Stopped").await;
    assert_eq!(stopped.status.unwrap().activity, Some(Activity::Busy), "nobody aborted it, and it does not say so");
    assert!(world.fake.server.is_in_turn(&id));
    world.set_ready("dev", true).await;
    world
        .session("s", "is quiet", |session| session.status.as_ref().is_some_and(|status| status.activity.is_none()))
        .await;
    assert!(!world.fake.server.is_in_turn(&id), "the turn goes on");
}

#[tokio::test]
async fn a_dedicated_agent_is_the_session_s_own_and_no_namesake() {
    let world = World::start().await;
    world
        .create::<kubectl_opencode::api::AgentTemplate>(
            "base",
            json!({"workspaceDir": "/workspace", "serviceAccountName": "default"}),
        )
        .await;
    world.create::<Agent>("ses-own", json!({})).await;
    world.serve("ses-own").await;
    world.create::<Session>("own", json!({"templateRef": {"name": "base"}})).await;
    let waits = world
        .session("own", "refuses", |session| {
            let conditions = session.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
            reason(conditions, "AgentReady") == "False/AgentNameTaken"
        })
        .await;
    assert!(world.fake.server.sessions().is_empty(), "it ran on somebody else's Agent");
    world.api::<Agent>().delete("ses-own", &DeleteParams::default()).await.unwrap();
    let agents = world.api::<Agent>();
    let uid = waits.uid().unwrap();
    world
        .until("it has an Agent of its own", async || {
            let agent = agents.get_opt("ses-own").await.unwrap()?;
            agent.owner_references().iter().any(|owner| owner.uid == uid).then_some(())
        })
        .await;
    world.session_phase("own", "Running").await;
}

#[tokio::test]
async fn deleting_a_session_that_never_started_waits_for_nobody() {
    let world = World::start().await;
    world.create::<Agent>("dev", json!({})).await;
    world.create::<Session>("s", json!({"agentRef": {"name": "dev"}})).await;
    world.session_phase("s", "Pending").await;
    world.api::<Session>().delete("s", &DeleteParams::default()).await.unwrap();
    let api = world.api::<Session>();
    world.until("it is deleted", async || api.get_opt("s").await.unwrap().is_none().then_some(())).await;
}

#[tokio::test]
async fn a_session_can_be_deleted_where_the_platform_was_taken_away() {
    let mut world = World::start().await;
    world.create::<Session>("s", json!({"agentRef": {"name": "dev"}})).await;
    world.session_phase("s", "Pending").await;
    world.sleep().await;
    let definitions: Api<CustomResourceDefinition> = Api::all(world.client.clone());
    definitions.delete("agents.kubeopencode.io", &DeleteParams::default()).await.unwrap();
    world.api::<Session>().delete("s", &DeleteParams::default()).await.unwrap();
    world.wake_for_sessions();
    let api = world.api::<Session>();
    world.until("it is deleted", async || api.get_opt("s").await.unwrap().is_none().then_some(())).await;
}

#[tokio::test]
async fn a_session_that_begins_ends_its_agent_s_standby_and_a_turn_keeps_it_awake() {
    let world = World::start().await;
    world.fake.server.hold_turns();
    world.create::<Agent>("dev", json!({"suspend": true, "standby": {"idleTimeout": "10m"}})).await;
    let agents = world.api::<Agent>();
    world
        .until("the Agent is suspended", async || {
            (agents.get("dev").await.unwrap().status?.suspended == Some(true)).then_some(())
        })
        .await;
    world.create::<Session>("s", json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
    world
        .until("it is resumed", async || (agents.get("dev").await.unwrap().spec.suspend == Some(false)).then_some(()))
        .await;
    world
        .patch::<Agent>("dev", json!({"metadata": {"annotations": {"kubeopencode.io/last-connection-active": null}}}))
        .await;
    world.serve("dev").await;
    world.session("s", "is busy", is(Activity::Busy)).await;
    world
        .until("it shows a sign of life", async || {
            agents.get("dev").await.unwrap().annotations().get("kubeopencode.io/last-connection-active").cloned()
        })
        .await;
}

#[tokio::test]
async fn a_session_takes_over_what_it_is_told_to_and_nobody_else_s() {
    let world = World::start().await;
    world.agent("dev").await;
    let id = world.fake.server.create("made by hand");
    world.fake.server.say(&id, "msg_1");
    let adopting = |name: &str| {
        let metadata = json!({"name": name, "annotations": {"session.kubeopencode.io/adopt": id}});
        let spec = json!({"agentRef": {"name": "dev"}, "startDeadlineSeconds": 2});
        serde_json::from_value::<Session>(
            json!({"apiVersion": "session.kubeopencode.io/v1alpha1", "kind": "Session", "metadata": metadata, "spec": spec}),
        )
        .unwrap()
    };
    let api = world.api::<Session>();
    api.create(&PostParams::default(), &adopting("mine")).await.unwrap();
    let status = world.session_phase("mine", "Running").await.status.unwrap();
    assert_eq!(status.session_id.as_deref(), Some(id.as_str()));
    api.create(&PostParams::default(), &adopting("yours")).await.unwrap();
    let status = world.session_phase("yours", "Failed").await.status.unwrap();
    let told = status.conditions.iter().find(|condition| condition.type_ == "SessionReady").unwrap();
    assert!(told.message.contains("it is that of Session default/mine"), "{told:?}");
    assert_eq!(world.fake.server.sessions().len(), 1);
}
