use std::time::Duration;

use kube::Api;
use kube::api::{ApiResource, DeleteParams, DynamicObject, Patch, PatchParams};
use kubectl_opencode::api::session::Activity;
use kubectl_opencode::api::{Agent, AgentTemplate, Session};
use serde_json::json;

use super::{agent_on, deletion, on, prompted, refused};
use crate::fake::Fault;
use crate::faults::take_any_spec;
use crate::record::{Page, told};
use crate::world::World;

const SESSIONS: &str = "sessions.session.kubeopencode.io";

async fn busy(world: &World, name: &str) {
    let is_busy =
        |session: &Session| session.status.as_ref().and_then(|status| status.activity) == Some(Activity::Busy);
    world.session(name, "is busy", is_busy).await;
}

#[tokio::test]
async fn what_sessions_say() {
    let world = World::start().await;
    world.fake.server.hold_turns();
    let mut page = Page::default();

    page.situation("The Agent is not there, then not ready, then ready");
    world.create::<Session>("early", on("dev")).await;
    page.tell(&world, "session/early", &["AgentReady=False AgentNotFound", "Ready=False AgentNotFound"]).await;
    world.create::<Agent>("dev", json!({})).await;
    let not_ready = "AgentServerNotReady: the server of Agent dev is not ready: ";
    page.tell(&world, "session/early", &[&format!("AgentReady=False {not_ready}no Pod")]).await;
    world.serve("dev").await;
    page.tell(&world, "session/early", &["Normal Running", "AgentReady=True", "SessionReady=True", "Ready=True"]).await;

    page.situation("A turn asks, and fails");
    let id = world.running("works", prompted("dev")).await;
    world.fake.server.ask(&id, "per_1");
    page.tell(&world, "session/works", &["WaitingInput=True PermissionRequired: 1 "]).await;
    world.fake.server.ask(&id, "per_2");
    page.tell(&world, "session/works", &["WaitingInput=True PermissionRequired: 2 "]).await;
    world.fake.server.finish(&id, None);
    page.tell(&world, "session/works", &["WaitingInput=False"]).await;
    world.fake.server.begin(&id);
    busy(&world, "works").await;
    world.fake.server.finish(&id, Some(json!({"name": "APIError", "data": {"message": "no credit left"}})));
    page.tell(&world, "session/works", &["Warning TurnFailed"]).await;

    page.situation("A server loses a prompt");
    let forgetful = agent_on(&world, "forgetful", json!({})).await;
    forgetful.server.hold_turns();
    let id = world.running("prompted", prompted("forgetful")).await;
    busy(&world, "prompted").await;
    forgetful.server.lose_messages(&id);
    page.tell(&world, "session/prompted", &["Warning PromptLost"]).await;

    page.situation("Stopped by its user, and started on another Agent");
    let _other = agent_on(&world, "other", json!({})).await;
    world.patch::<Session>("works", json!({"spec": {"suspend": true}})).await;
    page.tell(&world, "session/works", &["Stopped=True", "Ready=False UserStopped", "Normal Stopped"]).await;
    world.patch::<Session>("works", json!({"spec": {"suspend": false, "agentRef": {"name": "other"}}})).await;
    page.tell(&world, "session/works", &["Warning AgentChanged", "Stopped=False"]).await;
    world.session_phase("works", "Running").await;

    page.situation("Out of time");
    world.create::<Session>("long", json!({"agentRef": {"name": "dev"}, "prompt": "work", "timeout": "1s"})).await;
    page.tell(&world, "session/long", &["Stopped=True", "Normal Completed"]).await;
    world.create::<Session>("idle", json!({"agentRef": {"name": "dev"}, "idleTimeout": "1s"})).await;
    page.tell(&world, "session/idle", &["Stopped=True", "Normal Completed"]).await;

    page.situation("The server forgot its conversations: without a volume, with one");
    let kept = agent_on(&world, "kept", json!({"persistence": {"sessions": {}}})).await;
    for (agent, name) in [("forgetful", "lost"), ("kept", "lost-too")] {
        world.running(name, on(agent)).await;
    }
    forgetful.server.forget();
    kept.server.forget();
    page.tell(&world, "session/lost", &["SessionReady=False", "Ready=False SessionLost", "Warning SessionLost"]).await;
    page.tell(&world, "session/lost-too", &["Ready=False SessionLost"]).await;

    page.situation("The Agent goes away in a turn, is suspended, is deleted");
    world.agent("goes").await;
    told(&world, "agent/goes", "ServerHealthy=True").await;
    world.running("stays", prompted("goes")).await;
    busy(&world, "stays").await;
    world.set_ready("goes", false).await;
    page.tell(&world, "session/stays", &["Warning AgentServerNotReady"]).await;
    world.patch::<Agent>("goes", json!({"spec": {"suspend": true}})).await;
    page.tell(&world, "session/stays", &["AgentReady=False AgentSuspended"]).await;
    let _gone = agent_on(&world, "gone", json!({})).await;
    world.running("alone", on("gone")).await;
    world.api::<Agent>().delete("gone", &DeleteParams::default()).await.unwrap();
    page.tell(&world, "session/alone", &["Ready=False AgentNotFound", "Warning AgentNotFound"]).await;

    page.situation("The Agent is on standby");
    world.create::<Agent>("naps", json!({"suspend": true, "standby": {"idleTimeout": "10m"}})).await;
    page.tell(&world, "agent/naps", &["Suspended=True Standby"]).await;
    world.create::<Session>("wakes", on("naps")).await;
    page.tell(&world, "session/wakes", &["Normal AgentResumed"]).await;
    let resumed = "AgentReady=False AgentServerNotReady: the Agent was on standby";
    page.tell(&world, "session/wakes", &[resumed]).await;

    page.situation("Fields that mean nothing, and fields that cannot change now");
    let nothing = json!({"timeout": "99999999999999h", "prompt": "a\0b"});
    world.patch::<Session>("early", json!({ "spec": nothing })).await;
    page.tell(&world, "session/early", &["SpecApplied=False InvalidValue"]).await;
    let moved = json!({"timeout": null, "prompt": null, "agentRef": {"name": "other"}, "directory": "elsewhere"});
    world.patch::<Session>("early", json!({ "spec": moved })).await;
    page.tell(&world, "session/early", &["SpecApplied=False NotWhileRunning"]).await;
    for spec in [json!({}), json!({"agentRef": {"name": "dev"}, "fallbackAgentRef": {"name": "other"}})] {
        page.row("session/x", "is refused", &refused::<Session>(&world, spec).await);
    }

    page.situation("What an earlier version of the definition let through");
    take_any_spec(&world, SESSIONS).await;
    world.create::<Session>("outside", json!({"agentRef": {"name": "dev"}, "directory": "../other"})).await;
    page.tell(&world, "session/outside", &["SpecApplied=False", "SessionReady=False"]).await;
    world.create::<Session>("dotted.name", json!({"templateRef": {"name": "base"}})).await;
    page.tell(&world, "session/dotted.name", &["Warning InvalidValue", "Ready=False InvalidValue"]).await;
    let objects: Api<DynamicObject> =
        Api::namespaced_with(world.client.clone(), "default", &ApiResource::erase::<Session>(&()));
    let odd = Patch::Merge(json!({"spec": {"title": ["none"]}}));
    objects.patch("works", &PatchParams::default(), &odd).await.unwrap();
    page.tell(&world, "session/works", &["SpecApplied=False Undecodable", "Warning Undecodable"]).await;

    page.is_as_in("sessions");
}

#[tokio::test]
async fn what_sessions_say_that_do_not_start_or_not_end() {
    let mut world = World::asleep().await;
    world.limits.orphan = Duration::from_millis(400);
    world.wake();
    let mut page = Page::default();
    world.agent("dev").await;

    page.situation("The server refuses, and goes on refusing until the start deadline");
    let broken = agent_on(&world, "broken", json!({})).await;
    for _ in 0..100 {
        broken.server.fail_next("POST /session", Fault::Status(500));
    }
    world.create::<Session>("refused", on("broken")).await;
    let obstacle = ["SessionReady=False", "Ready=False SessionNotCreated", "Warning SessionNotCreated"];
    page.tell(&world, "session/refused", &obstacle).await;
    world.age_condition(SESSIONS, "refused", "SessionReady");
    page.tell(&world, "session/refused", &["Ready=False StartDeadlineExceeded", "Warning StartDeadlineExceeded"]).await;

    page.situation("The server cannot be reached, breaks the link, wants a password that is not to be had");
    world.create::<Agent>("nowhere", json!({})).await;
    world.serve_at("nowhere", "nowhere-server-0", ([127, 0, 0, 1], 1).into()).await;
    world.create::<Session>("unreachable", on("nowhere")).await;
    page.tell(&world, "session/unreachable", &["SessionReady=False"]).await;
    let lossy = agent_on(&world, "lossy", json!({})).await;
    lossy.server.fail_next("POST /session", Fault::AnswerLost);
    world.create::<Session>("cut", on("lossy")).await;
    page.tell(&world, "session/cut", &["SessionReady=False", "Normal Running"]).await;
    let locked = agent_on(&world, "locked", json!({})).await;
    for _ in 0..100 {
        locked.server.fail_next("GET /", Fault::Status(401));
    }
    world.create::<Session>("locked-out", on("locked")).await;
    page.tell(&world, "session/locked-out", &["SessionReady=False"]).await;
    world.create::<Agent>("sealed", json!({})).await;
    let reference =
        json!({"name": "OPENCODE_SERVER_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "seal", "key": "password"}}});
    let labels = json!({"kubeopencode.io/agent": "sealed", "app.kubernetes.io/name": "kubeopencode-server"});
    let container = json!({"name": "opencode-server", "image": "x", "env": [reference]});
    world.pod("sealed-server-0", json!({"metadata": {"labels": labels}, "spec": {"containers": [container]}})).await;
    let ready = json!({"phase": "Running", "podIP": "127.0.0.1", "conditions": [{"type": "Ready", "status": "True"}]});
    world.pod_status("sealed-server-0", ready).await;
    world.create::<Session>("no-secret", on("sealed")).await;
    page.tell(&world, "session/no-secret", &["SessionReady=False"]).await;
    world.secret("seal", &json!({"other": "eA=="})).await;
    world.create::<Session>("no-key", on("sealed")).await;
    page.tell(&world, "session/no-key", &["SessionReady=False"]).await;

    page.situation("A conversation to take over is not there, is another's");
    let adopting = |name: &str, id: &str| json!({"name": name, "annotations": {"session.kubeopencode.io/adopt": id}});
    world.create_with::<Session>(adopting("takes", "ses_none"), on("dev")).await;
    page.tell(&world, "session/takes", &["SessionReady=False"]).await;
    let id = world.running("has", on("dev")).await;
    world.create_with::<Session>(adopting("wants", &id), on("dev")).await;
    page.tell(&world, "session/wants", &["SessionReady=False"]).await;

    page.situation("An Agent of its own cannot be made, is another's, is late");
    world.create::<AgentTemplate>("base", json!({"workspaceDir": "/workspace", "serviceAccountName": "default"})).await;
    world.gate.refuse("POST /apis/kubeopencode.io/v1alpha1/namespaces/default/agents", 1, 403);
    world.create::<Session>("own", json!({"templateRef": {"name": "base"}})).await;
    page.tell(&world, "session/own", &["AgentReady=False AgentNotFound: cannot"]).await;
    page.tell(&world, "session/own", &["AgentReady=False AgentNotFound: Agent"]).await;
    let agents = world.api::<Agent>();
    let profile = world.until("it is made", async || agents.get_opt("ses-own").await.unwrap()?.spec.profile);
    page.row("agent/ses-own", "spec.profile", &profile.await);
    world.create::<Agent>("ses-taken", json!({})).await;
    world.create::<Session>("taken", json!({"templateRef": {"name": "base"}})).await;
    page.tell(&world, "session/taken", &["AgentReady=False AgentNameTaken"]).await;
    world
        .create::<Session>("late", json!({"templateRef": {"name": "base"}, "fallbackAgentRef": {"name": "dev"}}))
        .await;
    let not_ready = "AgentReady=False AgentServerNotReady: the server of Agent ses-late is not ready: no Pod";
    page.tell(&world, "session/late", &[not_ready]).await;
    world.age_condition(SESSIONS, "late", "AgentReady");
    page.tell(&world, "session/late", &["FellBack=True", "Warning FellBack", "Normal DedicatedAgentDeleted"]).await;

    page.situation("Deleted while its server is away, and while it does not answer; what is left there goes later");
    let silent = agent_on(&world, "silent", json!({})).await;
    world.running("left", on("silent")).await;
    world.set_ready("silent", false).await;
    world.session_phase("left", "Pending").await;
    world.api::<Session>().delete("left", &DeleteParams::default()).await.unwrap();
    world.age(SESSIONS, "left", deletion);
    page.tell(&world, "session/left", &["Warning CleanupSkipped"]).await;
    world.set_ready("silent", true).await;
    page.tell(&world, "agent/silent", &["Normal OrphanRemoved"]).await;
    assert!(silent.server.sessions().is_empty());
    let mute = agent_on(&world, "mute", json!({})).await;
    world.running("hangs", on("mute")).await;
    world.sleep().await;
    mute.server.fail_next("GET /path", Fault::Slow(Duration::from_secs(120)));
    world.api::<Session>().delete("hangs", &DeleteParams::default()).await.unwrap();
    world.age(SESSIONS, "hangs", deletion);
    world.wake();
    page.tell(&world, "session/hangs", &["Warning CleanupSkipped"]).await;

    page.is_as_in("sessions-stuck");
}
