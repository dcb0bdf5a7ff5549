//! What people read of Sessions, Tasks and Agents in each situation, as pages: see [`crate::record`].

mod agents;
mod process;
mod repositories;
mod sessions;
mod tasks;

use kube::api::{ApiResource, DynamicObject, PostParams};
use kube::{Api, Resource};
use kubectl_opencode::api::Agent;
use serde_json::{Value, json};

use crate::fake::Fake;
use crate::world::World;

/// An Agent on a server of its own.
async fn agent_on(world: &World, name: &str, spec: Value) -> Fake {
    let fake = Fake::start().await;
    world.create::<Agent>(name, spec).await;
    world.serve_at(name, &format!("{name}-server-0"), fake.address).await;
    fake
}

/// When it was deleted.
fn deletion(object: &mut Value) -> Option<&mut Value> {
    object.pointer_mut("/metadata/deletionTimestamp")
}

fn on(agent: &str) -> Value {
    json!({"agentRef": {"name": agent}})
}

fn prompted(agent: &str) -> Value {
    json!({"agentRef": {"name": agent}, "prompt": "work"})
}

/// A Task of this Agent.
fn task(agent: &str) -> Value {
    json!({"agentRef": {"name": agent}, "description": "work"})
}

/// What the API server says to an object that it does not take.
async fn refused<K>(world: &World, spec: Value) -> String
where
    K: Resource<DynamicType = ()>,
{
    let objects: Api<DynamicObject> =
        Api::namespaced_with(world.client.clone(), "default", &ApiResource::erase::<K>(&()));
    let object =
        json!({"apiVersion": K::api_version(&()), "kind": K::kind(&()), "metadata": {"name": "x"}, "spec": spec});
    let answer = objects.create(&PostParams::default(), &serde_json::from_value(object).unwrap()).await;
    match answer {
        Err(kube::Error::Api(status)) => status.message.clone(),
        other => panic!("{other:?}"),
    }
}

/// What a container of a Task's Pod says of itself.
pub fn container(state: &Value) -> Value {
    json!([{"name": "agent", "image": "x", "imageID": "", "ready": false, "restartCount": 0, "state": state}])
}
