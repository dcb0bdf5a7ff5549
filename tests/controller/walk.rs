//! Random walks over everything that people, servers and kubelets do to Sessions: every change of phase that is ever seen
//! is one of [`TRANSITIONS`].

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, TryStreamExt};
use kube::api::{DeleteParams, PostParams, WatchEvent, WatchParams};
use kubectl_opencode::api::session::{SessionPhase, TRANSITIONS};
use kubectl_opencode::api::{Agent, Session};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;

use crate::world::World;

/// What happens next.
#[derive(Clone, Debug)]
enum Act {
    Suspend(usize, bool),
    Ready(bool),
    SuspendAgent(bool),
    ReplaceAgent,
    Forget,
    BeginTurn(usize),
    EndTurn(usize),
    KillController,
    Expire(usize),
    Wait,
}

fn act() -> impl Strategy<Value = Act> {
    let one = 0..SESSIONS;
    prop_oneof![
        4 => (one.clone(), any::<bool>()).prop_map(|(one, suspend)| Act::Suspend(one, suspend)),
        3 => any::<bool>().prop_map(Act::Ready),
        2 => any::<bool>().prop_map(Act::SuspendAgent),
        1 => Just(Act::ReplaceAgent),
        1 => Just(Act::Forget),
        2 => one.clone().prop_map(Act::BeginTurn),
        2 => one.clone().prop_map(Act::EndTurn),
        2 => Just(Act::KillController),
        1 => one.prop_map(Act::Expire),
        6 => Just(Act::Wait),
    ]
}

const SESSIONS: usize = 3;
const WALKS: usize = 4;
const STEPS: usize = 25;

type Seen = BTreeSet<(&'static str, &'static str)>;

async fn perform(world: &mut World, act: &Act) {
    let session = |one: &usize| format!("s{one}");
    let id = async |world: &World, one: &usize| {
        let found = world.api::<Session>().get(&session(one)).await.unwrap();
        found.status.and_then(|status| status.session_id)
    };
    match act {
        Act::Suspend(one, suspend) => {
            world.patch::<Session>(&session(one), json!({"spec": {"suspend": suspend}})).await;
        }
        Act::Ready(ready) => world.set_ready("dev", *ready).await,
        Act::SuspendAgent(suspend) => world.patch::<Agent>("dev", json!({"spec": {"suspend": suspend}})).await,
        Act::ReplaceAgent => {
            world.api::<Agent>().delete("dev", &DeleteParams::default()).await.unwrap();
            let again = serde_json::from_value(json!({"metadata": {"name": "dev"}, "spec": {}})).unwrap();
            world.api::<Agent>().create(&PostParams::default(), &again).await.unwrap();
        }
        Act::Forget => world.fake.server.forget(),
        Act::BeginTurn(one) => {
            if let Some(id) = id(world, one).await {
                world.fake.server.begin(&id);
            }
        }
        Act::EndTurn(one) => {
            if let Some(id) = id(world, one).await {
                world.fake.server.finish(&id, None);
            }
        }
        Act::KillController => {
            world.kill().await;
            world.wake_for_sessions();
        }
        Act::Expire(one) => world.patch::<Session>(&session(one), json!({"spec": {"timeout": "1ns"}})).await,
        Act::Wait => {
            // As long as a Session elsewhere takes to get through the controller.
            let name = format!("probe-{}", uuid::Uuid::new_v4().simple());
            world.create::<Session>(&name, json!({"agentRef": {"name": "none"}})).await;
            world.session_phase(&name, "Pending").await;
            world.api::<Session>().delete(&name, &DeleteParams::default()).await.unwrap();
        }
    }
}

/// One walk from a seed; answers the changes of phase that were seen.
async fn walk(number: u8) -> Seen {
    let mut world = World::asleep().await;
    world.wake_for_sessions();
    world.agent_without_controller("dev").await;
    let sessions = world.api::<Session>();
    let watch = sessions.watch(&WatchParams::default(), "0").await.unwrap();
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[number; 32]));
    for one in 0..SESSIONS {
        let spec = json!({"agentRef": {"name": "dev"}, "prompt": "work", "startDeadlineSeconds": one + 1});
        world.running(&format!("s{one}"), spec).await;
    }
    let mut acts = Vec::new();
    for _ in 0..STEPS {
        let act = act().new_tree(&mut runner).unwrap().current();
        perform(&mut world, &act).await;
        acts.push(act);
    }
    world.patch::<Session>("s0", json!({"spec": {"suspend": true}})).await;
    world.session_phase("s0", "Stopped").await;
    world.patch::<Session>("s0", json!({"spec": {"suspend": false}})).await;
    let is_stopped =
        |session: &Session| session.status.as_ref().and_then(|status| status.phase) == Some(SessionPhase::Stopped);
    world.session("s0", "has left Stopped", |session| !is_stopped(session)).await;
    // The watch has told everything when it tells of this.
    world.create::<Session>("last", json!({"agentRef": {"name": "none"}, "suspend": true})).await;
    let mut phases: BTreeMap<String, SessionPhase> = BTreeMap::new();
    let mut seen = Seen::new();
    let mut events = watch.boxed();
    while let Some(event) = events.try_next().await.unwrap() {
        let (WatchEvent::Added(session) | WatchEvent::Modified(session)) = event else { continue };
        let name = session.metadata.name.unwrap();
        if name == "last" {
            break;
        }
        let now = session.status.and_then(|status| status.phase).unwrap_or_default();
        let before = phases.insert(name.clone(), now).unwrap_or_default();
        if before != now {
            let known = TRANSITIONS.iter().any(|(from, to, _)| (*from, *to) == (before, now));
            assert!(known, "walk {number}: {name} went from {before:?} to {now:?} in {acts:?}");
            seen.insert((before.as_str(), now.as_str()));
        }
    }
    seen
}

#[tokio::test]
async fn no_walk_ever_sees_another_transition() {
    let mut seen = Seen::new();
    for number in 0..WALKS {
        seen.extend(walk(u8::try_from(number).unwrap()).await);
    }
    // Or it was no walk.
    assert!(seen.contains(&("Pending", "Running")) && seen.contains(&("Stopped", "Pending")), "{seen:?}");
}
