//! A controller that is killed at each of its calls, before or after it is carried out: whoever comes next ends what it
//! began, and nothing is done twice.

use std::time::Duration;

use kube::ResourceExt;
use kube::api::DeleteParams;
use kubectl_opencode::api::Session;
use kubectl_opencode::api::session::Activity;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::world::World;

/// Kills the controller if it reaches the armed step before `done`, and starts another; tells whether it was killed.
async fn survive(world: &mut World, dead: CancellationToken, done: impl AsyncFn(&World) -> bool) -> bool {
    let killed = loop {
        tokio::select! {
            biased;
            () = dead.cancelled() => break true,
            () = tokio::time::sleep(Duration::from_millis(10)) => {}
        }
        if done(world).await {
            break false;
        }
    };
    if killed {
        world.kill().await;
        world.gate.disarm();
        world.wake();
    } else {
        world.gate.spare();
    }
    world.until("the next controller is done", async || done(world).await.then_some(())).await;
    killed
}

async fn phase(world: &World, name: &str) -> Option<(String, Option<Activity>)> {
    let status = world.api::<Session>().get_opt(name).await.unwrap()?.status?;
    Some((status.phase?.as_str().to_owned(), status.activity))
}

async fn kill_at_every_step(after: bool) {
    let mut world = World::start().await;
    world.agent("dev").await;
    let mut steps = 0;
    for step in 0.. {
        let name = format!("s{step}");
        let dead = world.gate.arm(step, after);
        world.create::<Session>(&name, json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
        let runs = async |world: &World| {
            let session = world.api::<Session>().get_opt(&name).await.unwrap();
            let status = session.and_then(|session| session.status).unwrap_or_default();
            status.activity == Some(Activity::Idle) && status.summary.is_some_and(|summary| summary.messages >= 2)
        };
        let mut killed = survive(&mut world, dead, runs).await;
        let sessions = world.fake.server.sessions();
        assert_eq!(sessions.len(), 1, "step {step}: {sessions:#?}");
        let id = sessions[0]["id"].as_str().unwrap().to_owned();
        let asked = |world: &World| {
            world.fake.server.messages(&id).iter().filter(|message| message["info"]["role"] == "user").count()
        };
        assert_eq!(asked(&world), 1, "step {step}");

        world.fake.server.begin(&id);
        world
            .session(&name, "is busy", |session| {
                session.status.as_ref().and_then(|status| status.activity) == Some(Activity::Busy)
            })
            .await;
        let dead = world.gate.arm(step, after);
        world.patch::<Session>(&name, json!({"spec": {"suspend": true}})).await;
        let stopped = async |world: &World| phase(world, &name).await == Some(("Stopped".to_owned(), None));
        killed |= survive(&mut world, dead, stopped).await;
        assert!(!world.fake.server.is_in_turn(&id), "step {step}: the turn goes on");

        world.patch::<Session>(&name, json!({"spec": {"suspend": false}})).await;
        world.session_phase(&name, "Running").await;
        assert_eq!(asked(&world), 1, "step {step}: prompted again");

        let dead = world.gate.arm(step, after);
        world.api::<Session>().delete(&name, &DeleteParams::default()).await.unwrap();
        let gone = async |world: &World| world.api::<Session>().get_opt(&name).await.unwrap().is_none();
        killed |= survive(&mut world, dead, gone).await;
        assert!(world.fake.server.sessions().is_empty(), "step {step}: the OpenCode session is left");
        if !killed {
            steps = step;
            break;
        }
    }
    // Finalizer, session, prompt, status and Event at the least.
    assert!(steps >= 5, "the gate was not reached: {steps} steps");
}

#[tokio::test]
async fn a_controller_killed_before_any_of_its_calls_is_succeeded_by_one_that_ends_its_work() {
    kill_at_every_step(false).await;
}

#[tokio::test]
async fn a_controller_killed_after_any_of_its_calls_is_succeeded_by_one_that_does_nothing_twice() {
    kill_at_every_step(true).await;
}

#[tokio::test]
async fn of_two_controllers_one_works_and_the_other_takes_over() {
    let mut world = World::asleep().await;
    world.wake_electing();
    let first = world.running.take();
    world.wake_electing();
    world.agent_without_controller("dev").await;
    let ids: Vec<_> = {
        let mut ids = Vec::new();
        for index in 0..5 {
            ids.push(world.running(&format!("s{index}"), json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await);
        }
        ids
    };
    assert_eq!(world.fake.server.sessions().len(), 5);
    assert_eq!(world.fake.server.streams(), 1, "both follow the server");
    let prompts = world.fake.server.calls().iter().filter(|call| call.contains("prompt_async")).count();
    assert_eq!(prompts, 5);
    // Asked to end, the first gives the Lease back.
    let (cancelled, handle) = first.unwrap();
    cancelled.cancel();
    handle.await.unwrap().unwrap();
    let id = world.running("after", json!({"agentRef": {"name": "dev"}, "prompt": "work"})).await;
    assert!(!ids.contains(&id));
    assert_eq!(world.fake.server.sessions().len(), 6);
    let uids: std::collections::BTreeSet<_> = world
        .api::<Session>()
        .list(&kube::api::ListParams::default())
        .await
        .unwrap()
        .iter()
        .map(ResourceExt::uid)
        .collect();
    assert_eq!(uids.len(), 6);
}
