//! What goes wrong around the Session controller, and what it makes of it.

use std::time::Duration;

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::Api;
use kube::api::{ApiResource, DeleteParams, DynamicObject, Patch, PatchParams};
use kubectl_opencode::api::session::Activity;
use kubectl_opencode::api::{Agent, AgentTemplate, Session};
use serde_json::json;

use crate::fake::{Fake, Fault};
use crate::world::{World, reason};

fn is(activity: Activity) -> impl FnMut(&Session) -> bool {
    move |session| session.status.as_ref().and_then(|status| status.activity) == Some(activity)
}

#[tokio::test]
async fn watches_that_are_cut_and_expired_are_listed_anew() {
    let world = World::start().await;
    world.agent("dev").await;
    world.running("before", json!({"agentRef": {"name": "dev"}})).await;
    world.gate.refuse("watch=true", 4, 410);
    world.gate.cut_watches();
    world.until("the watches were refused", async || (world.gate.refused() >= 4).then_some(())).await;
    world.running("after", json!({"agentRef": {"name": "dev"}})).await;
}

#[tokio::test]
async fn an_api_server_that_is_overloaded_is_asked_again() {
    let world = World::start().await;
    world.agent("dev").await;
    world.gate.refuse("PATCH /apis/session.kubeopencode.io", 3, 429);
    world.running("s", json!({"agentRef": {"name": "dev"}, "prompt": "once"})).await;
    assert_eq!((world.gate.refused(), world.fake.server.sessions().len()), (3, 1));
}

#[tokio::test]
async fn a_silent_event_stream_is_replaced_and_what_it_did_not_say_is_fetched() {
    let world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    let id = world.running("s", json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
    world.session("s", "is busy", is(Activity::Busy)).await;
    world.fake.server.mute();
    world.fake.server.finish(&id, None);
    // A stream that says nothing for 30 s is dead.
    world.session("s", "is idle", is(Activity::Idle)).await;
}

#[tokio::test]
async fn a_server_whose_clock_is_wrong_does_not_end_sessions_early_or_create_twice() {
    for (ahead, name) in [(true, "ahead"), (false, "behind")] {
        let mut world = World::start().await;
        world.fake.server.set_clock(Duration::from_secs(7200), ahead);
        world.agent("dev").await;
        world.fake.server.fail_next("POST /session", Fault::AnswerLost);
        let id = world.running(name, json!({"agentRef": {"name": "dev"}, "prompt": "x", "idleTimeout": "10m"})).await;
        assert_eq!(world.fake.server.sessions().len(), 1, "{name}: created twice");
        // One that begins anew knows the clock by its first answer.
        world.sleep().await;
        world.wake();
        world.fake.server.begin(&id);
        world.fake.server.finish(&id, None);
        let idle = world.session(name, "has two answers", |session| {
            session.status.as_ref().is_some_and(|status| {
                status.activity == Some(Activity::Idle)
                    && status.summary.as_ref().is_some_and(|summary| summary.messages == 3)
            })
        });
        let status = idle.await.status.unwrap();
        let off = (jiff::Timestamp::now().as_second() - status.last_activity_time.unwrap().0.as_second()).abs();
        assert!(off < 60, "{name}: off by {off} s");
    }
}

#[tokio::test]
async fn a_long_transcript_is_summed_up() {
    let world = World::start().await;
    world.agent("dev").await;
    let id = world.fake.server.create("long");
    let text = "x".repeat(1 << 20);
    for index in 0..50 {
        world.fake.server.say_at_length(&id, &format!("msg_{index}"), &text);
    }
    let metadata = json!({"name": "s", "annotations": {"session.kubeopencode.io/adopt": id}});
    world.create_with::<Session>(metadata, json!({"agentRef": {"name": "dev"}})).await;
    world
        .session("s", "is summed up", |session| {
            let summary = session.status.as_ref().and_then(|status| status.summary.as_ref());
            summary.is_some_and(|summary| summary.messages == 50)
        })
        .await;
}

#[tokio::test]
async fn nonsense_in_a_spec_is_told_in_a_condition_and_harms_nobody_else() {
    let world = World::start().await;
    world.agent("dev").await;
    let elsewhere = Fake::start().await;
    world.create::<Agent>("other", json!({})).await;
    world.serve_at("other", "other-server-0", elsewhere.address).await;
    let id = world.running("s", json!({"agentRef": {"name": "dev"}})).await;
    world.patch::<Session>("s", json!({"spec": {"timeout": "99999999999999h"}})).await;
    let told = world.condition("s", "SpecApplied", "False/InvalidValue").await;
    let message =
        &told.status.unwrap().conditions.into_iter().find(|found| found.type_ == "SpecApplied").unwrap().message;
    assert!(message.contains("spec.timeout"), "{message}");
    let moved = json!({"timeout": null, "agentRef": {"name": "other"}, "directory": "elsewhere"});
    world.patch::<Session>("s", json!({"spec": moved})).await;
    let told = world.condition("s", "SpecApplied", "False/NotWhileRunning").await.status.unwrap();
    let message = &told.conditions.iter().find(|found| found.type_ == "SpecApplied").unwrap().message;
    assert!(message.contains("spec.agentRef") && message.contains("spec.directory"), "{message}");
    assert_eq!((told.session_id, told.agent_ref.unwrap().name.as_str()), (Some(id.clone()), "dev"));
    world.running("unharmed", json!({"agentRef": {"name": "dev"}})).await;
    // From its next start it is on the other Agent, with a conversation of its own there.
    world.patch::<Session>("s", json!({"spec": {"suspend": true}})).await;
    world.session_phase("s", "Stopped").await;
    world.patch::<Session>("s", json!({"spec": {"suspend": false}})).await;
    let again = world.session_phase("s", "Running").await.status.unwrap();
    assert_eq!(again.agent_ref.unwrap().name, "other");
    assert_eq!(elsewhere.server.sessions()[0]["id"], again.session_id.unwrap().as_str());
    assert_eq!(reason(&again.conditions, "SpecApplied"), "absent");
    assert_eq!(world.fake.server.sessions().len(), 2, "{id} was thrown away");
}

#[tokio::test]
async fn a_dedicated_agent_that_is_late_gives_way_and_the_reason_is_kept_over_a_stop() {
    let world = World::start().await;
    world.create::<AgentTemplate>("base", json!({"workspaceDir": "/workspace", "serviceAccountName": "default"})).await;
    world.agent("shared").await;
    let spec =
        json!({"templateRef": {"name": "base"}, "fallbackAgentRef": {"name": "shared"}, "startDeadlineSeconds": 1});
    let id = world.running("s", spec).await;
    let told = world.condition("s", "FellBack", "True/DedicatedAgentNotReady").await.status.unwrap();
    let message = &told.conditions.iter().find(|found| found.type_ == "FellBack").unwrap().message;
    // Where the machine is slow, the Agent was asked for and not yet seen.
    let reasons = ["the server of Agent ses-s is not ready", "Agent ses-s is being created"];
    assert!(reasons.iter().any(|reason| message.contains(reason)), "{message}");
    world.patch::<Session>("s", json!({"spec": {"suspend": true}})).await;
    world.session_phase("s", "Stopped").await;
    world.patch::<Session>("s", json!({"spec": {"suspend": false}})).await;
    let again = world.session_phase("s", "Running").await.status.unwrap();
    assert_eq!((again.session_id, again.agent_ref.unwrap().name.as_str()), (Some(id), "shared"));
    assert_eq!(reason(&again.conditions, "FellBack"), "True/DedicatedAgentNotReady");
    // What nobody waits for any more is not kept, nor made again; what has the same name and is somebody else's is.
    let agents = world.api::<Agent>();
    let is_gone = || async { agents.get_opt("ses-s").await.unwrap().is_none().then_some(()) };
    world.until("its own Agent is gone", is_gone).await;
    world.create::<Agent>("ses-s", json!({})).await;
    world.patch::<Session>("s", json!({"spec": {"title": "looked at again"}})).await;
    world
        .session("s", "was looked at", |session| {
            session.status.as_ref().and_then(|status| status.observed_generation) == session.metadata.generation
        })
        .await;
    assert!(agents.get("ses-s").await.unwrap().metadata.deletion_timestamp.is_none());
}

#[tokio::test]
async fn a_controller_that_may_not_delete_agents_serves_the_session_all_the_same() {
    let world = World::start().await;
    world.create::<AgentTemplate>("base", json!({"workspaceDir": "/workspace", "serviceAccountName": "default"})).await;
    world.agent("shared").await;
    world.gate.refuse("DELETE /apis/kubeopencode.io/", usize::MAX, 403);
    let spec =
        json!({"templateRef": {"name": "base"}, "fallbackAgentRef": {"name": "shared"}, "startDeadlineSeconds": 1});
    world.running("s", spec).await;
    world.until("it was refused", async || (world.gate.refused() > 0).then_some(())).await;
    world.patch::<Session>("s", json!({"spec": {"suspend": true}})).await;
    world.session_phase("s", "Stopped").await;
}

/// Lets the API server take any spec of these objects.
pub async fn take_any_spec(world: &World, objects: &str) {
    let any = json!([{"op": "replace", "path": "/spec/versions/0/schema/openAPIV3Schema/properties/spec",
        "value": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}},
        {"op": "add", "path": "/spec/versions/0/schema/openAPIV3Schema/x-kubernetes-validations", "value": []}]);
    let definitions: Api<CustomResourceDefinition> = Api::all(world.client.clone());
    let patch = Patch::Json::<()>(serde_json::from_value(any).unwrap());
    definitions.patch(objects, &PatchParams::default(), &patch).await.unwrap();
}

#[tokio::test]
async fn an_agent_that_no_service_can_be_named_after_is_not_made() {
    let world = World::start().await;
    let own = |name: &str| -> Session {
        let spec = json!({"templateRef": {"name": "base"}});
        serde_json::from_value(json!({"metadata": {"name": name}, "spec": spec})).unwrap()
    };
    let sessions = world.api::<Session>();
    let create = async |name: &str| sessions.create(&kube::api::PostParams::default(), &own(name)).await;
    for name in ["a".repeat(60), "a.b".to_owned()] {
        let refused = create(&name).await.unwrap_err().to_string();
        assert!(refused.contains("at most 59 lower case letters"), "{refused}");
    }
    let longest = "a".repeat(59);
    create(&longest).await.unwrap();
    let agents = world.api::<Agent>();
    world.until("its Agent is made", async || agents.get_opt(&format!("ses-{longest}")).await.unwrap()).await;
    let generated = json!({"metadata": {"generateName": "g-"}, "spec": {"templateRef": {"name": "base"}}});
    sessions.create(&kube::api::PostParams::default(), &serde_json::from_value(generated).unwrap()).await.unwrap();

    // One from before the API server refused it.
    take_any_spec(&world, "sessions.session.kubeopencode.io").await;
    let old = "b".repeat(60);
    create(&old).await.unwrap();
    let failed = world.session_phase(&old, "Failed").await;
    assert_eq!(reason(&failed.status.unwrap().conditions, "Ready"), "False/InvalidValue");
    assert_eq!(agents.get_opt(&format!("ses-{old}")).await.unwrap().map(|_| ()), None);
    let definitions: Api<CustomResourceDefinition> = Api::all(world.client.clone());
    let current = serde_json::to_value(kubectl_opencode::api::session::crd()).unwrap();
    definitions
        .patch("sessions.session.kubeopencode.io", &PatchParams::default(), &Patch::Merge(current))
        .await
        .unwrap();
    sessions.delete(&old, &DeleteParams::default()).await.unwrap();
    world
        .until("it is gone all the same", async || sessions.get_opt(&old).await.unwrap().is_none().then_some(()))
        .await;
}

#[tokio::test]
async fn a_session_that_cannot_be_read_says_so_until_it_can_and_harms_nobody() {
    let world = World::start().await;
    world.agent("dev").await;
    world.running("runs", json!({"agentRef": {"name": "dev"}})).await;
    world.running("rests", json!({"agentRef": {"name": "dev"}, "suspend": false})).await;
    world.patch::<Session>("rests", json!({"spec": {"suspend": true}})).await;
    world.session_phase("rests", "Stopped").await;
    take_any_spec(&world, "sessions.session.kubeopencode.io").await;
    let objects: Api<DynamicObject> =
        Api::namespaced_with(world.client.clone(), "default", &ApiResource::erase::<Session>(&()));
    let title = async |name: &str, title: serde_json::Value| {
        let patch = Patch::Merge(json!({"spec": {"title": title}}));
        objects.patch(name, &PatchParams::default(), &patch).await.unwrap();
    };
    for name in ["runs", "rests"] {
        title(name, json!({"no": "title"})).await;
        let told = world
            .until("it is told", async || {
                let object = objects.get(name).await.unwrap();
                let conditions = object.data.pointer("/status/conditions")?.as_array()?.clone();
                assert!(
                    conditions.iter().any(|condition| condition["type"] == "Ready"),
                    "the others stay: {conditions:?}"
                );
                conditions.into_iter().find(|condition| condition["reason"] == "Undecodable")
            })
            .await;
        assert_eq!((&told["type"], &told["status"]), (&json!("SpecApplied"), &json!("False")));
        assert!(told["message"].as_str().unwrap().contains("cannot be read"), "{told}");
    }
    world.running("unharmed", json!({"agentRef": {"name": "dev"}})).await;
    for (name, phase) in [("runs", "Running"), ("rests", "Stopped")] {
        title(name, json!("a title")).await;
        let again = world.condition(name, "SpecApplied", "absent").await;
        assert_eq!(again.status.unwrap().phase.unwrap().as_str(), phase);
    }
    // One that is deleted while nobody can read it goes.
    title("rests", json!(["no title"])).await;
    objects.delete("rests", &DeleteParams::default()).await.unwrap();
    world.until("it is gone", async || objects.get_opt("rests").await.unwrap().is_none().then_some(())).await;
}

#[tokio::test]
async fn rules_and_metadata_that_somebody_changed_are_put_right() {
    let world = World::start().await;
    world.agent("dev").await;
    let id = world.running("s", json!({"agentRef": {"name": "dev"}, "permissions": "Deny", "title": "Ours"})).await;
    world.fake.server.change(&id, |session| {
        session["permission"] = json!([{"permission": "*", "pattern": "*", "action": "allow"}]);
        session["metadata"] = json!({"theirs": 1});
        session["title"] = json!("Theirs");
    });
    let right = |session: &serde_json::Value| {
        session["permission"][0]["action"] == "deny"
            && session["metadata"]["kubernetes.session"] == "s"
            && session["metadata"]["theirs"] == 1
    };
    let find = || world.fake.server.sessions().into_iter().find(|session| session["id"] == id.as_str()).unwrap();
    world.until("it is put right", async || right(&find()).then_some(())).await;
    assert_eq!(find()["title"], "Theirs", "a title is people's");
}

#[tokio::test]
async fn orphans_are_removed_and_nobody_else_s() {
    let mut world = World::asleep().await;
    world.limits.orphan = Duration::from_millis(400);
    world.wake();
    world.fake.server.hold_turns();
    world.agent("dev").await;
    world.agent("other").await;
    let orphan = world.running("orphan", json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
    let kept = world.running("kept", json!({"agentRef": {"name": "dev"}, "deletionPolicy": "Retain"})).await;
    let lives = world.running("lives", json!({"agentRef": {"name": "dev"}})).await;
    let theirs = world.fake.server.create("made by hand");
    let fork = world.fake.server.fork(&orphan);
    // What a server makes for a request that was given up and sent again; one of them was spoken in by somebody.
    let of_lives = world.fake.server.sessions().into_iter().find(|session| session["id"] == lives.as_str()).unwrap();
    let twin = || {
        let twin = world.fake.server.create("lives");
        world.fake.server.change(&twin, |session| session["metadata"] = of_lives["metadata"].clone());
        twin
    };
    let (twin, spoken_in) = (twin(), twin());
    world.fake.server.say(&spoken_in, "msg_1");
    for name in ["orphan", "kept"] {
        // As somebody does who is tired of waiting. The controller may be faster at putting it back than we at deleting.
        world.api::<Session>().delete(name, &DeleteParams::default()).await.unwrap();
        let api = world.api::<Session>();
        world.until("it is gone", async || api.get_opt(name).await.unwrap().is_none().then_some(())).await;
    }
    // What a controller that gave up leaves behind.
    let left = world.fake.server.create("left");
    world.fake.server.change(&left, |session| {
        session["metadata"] = json!({"kubernetes.namespace": "default", "kubernetes.session": "long-gone",
            "kubernetes.uid": "u", "kubernetes.created": session["time"]["created"]});
    });
    world.fake.server.begin(&left);
    // And what the Session left behind that had the name before.
    let namesake_s = world.fake.server.create("lives");
    world.fake.server.change(&namesake_s, |session| {
        session["metadata"] = of_lives["metadata"].clone();
        session["metadata"]["kubernetes.uid"] = "u".into();
    });
    world.fake.server.say(&namesake_s, "msg_1");
    let ids = || -> Vec<String> {
        let all = world.fake.server.sessions();
        all.iter().map(|session| session["id"].as_str().unwrap().to_owned()).collect()
    };
    world
        .until("the orphans are removed", async || {
            [&left, &twin, &namesake_s].iter().all(|id| !ids().contains(id)).then_some(())
        })
        .await;
    assert!(!world.fake.server.is_in_turn(&left), "its turn goes on");
    for id in [&kept, &lives, &theirs, &fork, &spoken_in] {
        assert!(ids().contains(id), "{id} was removed");
    }
    assert!(!ids().contains(&orphan));
}

#[tokio::test]
async fn a_session_is_removed_though_its_server_cannot_list_the_terminals_of_its_folder() {
    let world = World::start().await;
    world.agent("dev").await;
    let id = world.running("s", json!({"agentRef": {"name": "dev"}})).await;
    world.fake.server.fail_next("GET /pty", Fault::Status(500));
    let api = world.api::<Session>();
    api.delete("s", &DeleteParams::default()).await.unwrap();
    world.until("it is gone", async || api.get_opt("s").await.unwrap().is_none().then_some(())).await;
    assert!(world.fake.server.sessions().is_empty(), "{id} is left");
    let lists = world.fake.server.calls().iter().filter(|call| *call == "GET /pty").count();
    assert_eq!(lists, 1);
}

#[tokio::test]
async fn a_session_that_goes_without_its_cleanup_is_not_kept() {
    let mut world = World::asleep().await;
    world.limits.orphan = Duration::from_millis(200);
    world.wake();
    world.agent("dev").await;
    world.running("gone", json!({"agentRef": {"name": "dev"}})).await;
    world.until("its server is followed", async || (world.fake.server.streams() > 0).then_some(())).await;
    world.vanish("sessions.session.kubeopencode.io", "gone");
    world.until("nobody follows its server", async || (world.fake.server.streams() == 0).then_some(())).await;
}

#[tokio::test]
async fn what_an_aborted_turn_left_behind_waits_for_nobody_in_a_later_one() {
    let world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    let id = world.running("s", json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
    world.fake.server.leave_asked(&id, "per_1");
    // Whatever is known of the server now was asked for, and not told by events.
    world.set_ready("dev", false).await;
    world.session_phase("s", "Pending").await;
    world.set_ready("dev", true).await;
    world.session("s", "is busy", is(Activity::Busy)).await;
}

#[tokio::test]
async fn a_server_killed_in_a_turn_or_with_a_question_open_is_waited_for() {
    let world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    let id = world.running("s", json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
    world.fake.server.ask(&id, "per_1");
    world.session("s", "waits", is(Activity::WaitingInput)).await;
    // With it die its turn and its question; the conversation is kept.
    world.fake.server.die(&id);
    world.set_ready("dev", false).await;
    let waits = world.session_phase("s", "Pending").await.status.unwrap();
    assert_eq!((waits.activity, waits.pending), (None, None));
    assert_eq!(reason(&waits.conditions, "WaitingInput"), "absent");
    world.set_ready("dev", true).await;
    let again = world.session_phase("s", "Running").await.status.unwrap();
    assert_eq!(again.session_id, Some(id));
    assert_eq!(world.fake.server.sessions().len(), 1);
}

#[tokio::test]
async fn an_agent_that_is_suspended_resumed_and_replaced_is_followed() {
    let world = World::start().await;
    world.agent("dev").await;
    let id = world.running("s", json!({"agentRef": {"name": "dev"}})).await;
    world.patch::<Agent>("dev", json!({"spec": {"suspend": true}})).await;
    world.condition("s", "AgentReady", "False/AgentSuspended").await;
    world.patch::<Agent>("dev", json!({"spec": {"suspend": false}})).await;
    world.session_phase("s", "Running").await;
    let pods = world.api::<k8s_openapi::api::core::v1::Pod>();
    pods.delete("dev-server-0", &DeleteParams::default().grace_period(0)).await.unwrap();
    world.session_phase("s", "Pending").await;
    world.serve_again("dev", "dev-server-1").await;
    let again = world.session_phase("s", "Running").await.status.unwrap();
    assert_eq!((again.session_id, again.pod_name.as_deref()), (Some(id), Some("dev-server-1")));
    world.api::<Agent>().delete("dev", &DeleteParams::default()).await.unwrap();
    let failed = world.session_phase("s", "Failed").await.status.unwrap();
    assert_eq!(reason(&failed.conditions, "Ready"), "False/AgentNotFound");
}

#[tokio::test]
async fn a_session_stopped_before_its_conversation_was_written_down_stops_and_knows_it() {
    let world = World::start().await;
    world.fake.server.hold_turns();
    world.agent("dev").await;
    // The prompt was sent, and the API server takes no status for a while.
    world.gate.refuse("sessions/s/status", 3, 429);
    world.create::<Session>("s", json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
    world.until("a status was refused", async || (world.gate.refused() > 0).then_some(())).await;
    world.patch::<Session>("s", json!({"spec": {"suspend": true}})).await;
    let status = world.session_phase("s", "Stopped").await.status.unwrap();
    let sessions = world.fake.server.sessions();
    assert_eq!(sessions.len(), 1, "{sessions:#?}");
    assert_eq!(status.session_id.as_deref(), sessions[0]["id"].as_str());
    assert!(!world.fake.server.is_in_turn(&status.session_id.unwrap()), "the turn goes on");
}
