use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use kube::ResourceExt;
use kube::api::DeleteParams;
use kubectl_opencode::api::{Agent, Task};
use serde_json::json;

use crate::world::{World, reason};

pub async fn running(world: &World, name: &str) -> (Task, String) {
    let task = world.task_phase(name, "Running").await;
    let pods = world.api::<Pod>();
    let pod = format!("{name}-pod");
    world.until("the Pod exists", async || pods.get_opt(&pod).await.unwrap()).await;
    let title = task.status.clone().unwrap().session.unwrap().title.unwrap();
    world.pod_status(&pod, json!({"phase": "Running"})).await;
    let id = world.fake.server.create(&title);
    world.fake.server.begin(&id);
    (task, id)
}

pub fn ended(code: i32) -> serde_json::Value {
    let state = json!({"terminated": {"exitCode": code, "reason": if code == 0 { "Completed" } else { "Error" },
        "finishedAt": jiff::Timestamp::now().to_string()}});
    json!({"phase": if code == 0 { "Succeeded" } else { "Failed" }, "containerStatuses": [{"name": "agent", "image": "x",
        "imageID": "x", "ready": false, "restartCount": 0, "state": state}]})
}

#[tokio::test]
async fn a_task_runs_to_its_end_with_id_and_summary() {
    let world = World::start().await;
    world.agent("dev").await;
    world.create::<Task>("t", json!({"agentRef": {"name": "dev"}, "description": "do \"it\""})).await;
    let (task, id) = running(&world, "t").await;
    assert_eq!(task.labels()["kubeopencode.io/agent"], "dev");
    let prompt = world.api::<ConfigMap>().get("t-context").await.unwrap().data.unwrap();
    assert_eq!(prompt["workspace-task.md"], "do \"it\"");
    let api = world.api::<Task>();
    world
        .until("the session is known while it runs", async || {
            let session = api.get("t").await.unwrap().status?.session?;
            (session.id.as_deref() == Some(id.as_str())).then_some(())
        })
        .await;
    world.fake.server.finish(&id, None);
    world.pod_status("t-pod", ended(0)).await;
    let status = world.task_phase("t", "Completed").await.status.unwrap();
    let summary = status.session.unwrap().summary.unwrap();
    assert_eq!((summary.message_count, summary.cost.as_deref()), (Some(1), Some("0.500000")));
    assert!(status.start_time.is_some() && status.completion_time.is_some());
}

#[tokio::test]
async fn a_session_error_fails_a_task_whose_pod_ended_well() {
    let world = World::start().await;
    world.agent("dev").await;
    world.create::<Task>("t", json!({"agentRef": {"name": "dev"}, "description": "x"})).await;
    let (_, id) = running(&world, "t").await;
    world.fake.server.finish(&id, Some(json!({"name": "APIError", "data": {"message": "no credit left"}})));
    world.pod_status("t-pod", ended(0)).await;
    let status = world.task_phase("t", "Failed").await.status.unwrap();
    assert_eq!(reason(&status.conditions, "Ready"), "False/SessionError");
    assert!(status.conditions.iter().any(|condition| condition.message.contains("no credit left")));
}

#[tokio::test]
async fn stop_aborts_the_session_and_the_pod_goes() {
    let world = World::start().await;
    world.agent("dev").await;
    world.create::<Task>("t", json!({"agentRef": {"name": "dev"}, "description": "x"})).await;
    let (_, id) = running(&world, "t").await;
    world.patch::<Task>("t", json!({"metadata": {"annotations": {"kubeopencode.io/stop": "true"}}})).await;
    let status = world.task_phase("t", "Completed").await.status.unwrap();
    assert!(!world.fake.server.is_in_turn(&id));
    assert_eq!(reason(&status.conditions, "Stopped"), "True/UserStopped");
    assert!(world.api::<Pod>().get_opt("t-pod").await.unwrap().is_none(), "the Pod was left");
}

#[tokio::test]
async fn deleting_a_running_task_aborts_its_session() {
    let world = World::start().await;
    world.agent("dev").await;
    world.create::<Task>("t", json!({"agentRef": {"name": "dev"}, "description": "x"})).await;
    let (_, id) = running(&world, "t").await;
    world.api::<Task>().delete("t", &DeleteParams::default()).await.unwrap();
    let api = world.api::<Task>();
    world.until("it is gone", async || api.get_opt("t").await.unwrap().is_none().then_some(())).await;
    assert!(!world.fake.server.is_in_turn(&id));
}

#[tokio::test]
async fn a_pod_that_vanishes_fails_the_task_and_ends_its_turn() {
    let world = World::start().await;
    world.agent("dev").await;
    world.create::<Task>("t", json!({"agentRef": {"name": "dev"}, "description": "x"})).await;
    let (_, id) = running(&world, "t").await;
    world.api::<Pod>().delete("t-pod", &DeleteParams::default().grace_period(0)).await.unwrap();
    let status = world.task_phase("t", "Failed").await.status.unwrap();
    assert_eq!(reason(&status.conditions, "Ready"), "False/PodLost");
    assert!(!world.fake.server.is_in_turn(&id));
}

#[tokio::test]
async fn another_s_pod_is_not_adopted() {
    let world = World::start().await;
    world.agent("dev").await;
    world.pod("t-pod", json!({"spec": {"containers": [{"name": "x", "image": "x"}]}})).await;
    world.create::<Task>("t", json!({"agentRef": {"name": "dev"}, "description": "x"})).await;
    let status = world.task_phase("t", "Failed").await.status.unwrap();
    assert_eq!(reason(&status.conditions, "Ready"), "False/PodCreationError");
}

#[tokio::test]
async fn tasks_leave_the_queue_in_order_of_creation() {
    let world = World::start().await;
    world.create::<Agent>("dev", json!({"maxConcurrentTasks": 1})).await;
    for name in ["c", "b", "a"] {
        world.create::<Task>(name, json!({"agentRef": {"name": "dev"}, "description": "x"})).await;
        let task = world.task_phase(name, "Queued").await;
        assert_eq!(reason(&task.status.unwrap().conditions, "Queued"), "True/AgentServerNotReady");
        // Creation times have whole seconds.
        let created = task.metadata.creation_timestamp.unwrap().0.as_second();
        world.until("the next second", async || (jiff::Timestamp::now().as_second() > created).then_some(())).await;
    }
    world.serve("dev").await;
    for (name, next) in [("c", "b"), ("b", "a"), ("a", "")] {
        let (_, id) = running(&world, name).await;
        if !next.is_empty() {
            assert_eq!(
                reason(&world.task_phase(next, "Queued").await.status.unwrap().conditions, "Queued").split('/').next(),
                Some("True")
            );
        }
        world.fake.server.finish(&id, None);
        world.pod_status(&format!("{name}-pod"), ended(0)).await;
        world.task_phase(name, "Completed").await;
    }
}

#[tokio::test]
async fn a_controller_that_restarts_does_not_run_a_task_twice() {
    let mut world = World::start().await;
    world.agent("dev").await;
    world.create::<Task>("t", json!({"agentRef": {"name": "dev"}, "description": "x"})).await;
    let (_, id) = running(&world, "t").await;
    let uid = world.api::<Pod>().get("t-pod").await.unwrap().uid();
    world.sleep().await;
    world.fake.server.finish(&id, None);
    world.pod_status("t-pod", ended(0)).await;
    world.wake();
    world.task_phase("t", "Completed").await;
    assert_eq!(world.api::<Pod>().get("t-pod").await.unwrap().uid(), uid);
}

#[tokio::test]
async fn an_object_that_cannot_be_read_does_not_stop_the_others() {
    let world = World::start().await;
    world.agent("dev").await;
    // The platform's CRD takes any string for a duration, and any integer for the port of another version's Agent.
    world.create::<Task>("bad", json!({"agentRef": {"name": "dev"}, "description": "x", "timeout": "1d"})).await;
    world.create::<Task>("good", json!({"agentRef": {"name": "dev"}, "description": "x"})).await;
    world.task_phase("good", "Running").await;
}

#[tokio::test]
async fn a_pod_that_ended_well_without_a_session_is_not_believed() {
    let world = World::start().await;
    world.agent("dev").await;
    world.create::<Task>("t", json!({"agentRef": {"name": "dev"}, "description": "x"})).await;
    world.task_phase("t", "Running").await;
    let pods = world.api::<Pod>();
    world.until("the Pod exists", async || pods.get_opt("t-pod").await.unwrap()).await;
    world.pod_status("t-pod", ended(0)).await;
    let status = world.task_phase("t", "Failed").await.status.unwrap();
    assert_eq!(reason(&status.conditions, "Ready"), "False/SessionLost");
}

#[tokio::test]
async fn a_timeout_aborts_the_session_and_says_so() {
    let world = World::start().await;
    world.agent("dev").await;
    world.create::<Task>("t", json!({"agentRef": {"name": "dev"}, "description": "x", "timeout": "2s"})).await;
    let (_, id) = running(&world, "t").await;
    let status = world.task_phase("t", "Completed").await.status.unwrap();
    assert!(!world.fake.server.is_in_turn(&id), "the turn goes on");
    assert_eq!(reason(&status.conditions, "Stopped"), "True/Timeout");
}

#[tokio::test]
async fn a_pod_that_cannot_start_fails_the_task_with_its_reason() {
    let world = World::start().await;
    world.agent("dev").await;
    world.create::<Task>("t", json!({"agentRef": {"name": "dev"}, "description": "x"})).await;
    let pods = world.api::<Pod>();
    world.until("the Pod exists", async || pods.get_opt("t-pod").await.unwrap()).await;
    let waiting = json!({"waiting": {"reason": "InvalidImageName", "message": "couldn't parse image"}});
    let status = json!({"phase": "Pending", "containerStatuses": [{"name": "agent", "image": "x", "imageID": "",
        "ready": false, "restartCount": 0, "state": waiting}]});
    world.pod_status("t-pod", status).await;
    let status = world.task_phase("t", "Failed").await.status.unwrap();
    assert_eq!(reason(&status.conditions, "Ready"), "False/PodUnstartable");
    assert!(status.conditions.iter().any(|condition| condition.message.contains("couldn't parse image")));
    world.until("its Pod is gone", async || pods.get_opt("t-pod").await.unwrap().is_none().then_some(())).await;
}

#[tokio::test]
async fn a_quota_lets_so_many_start_in_its_window_and_remembers_deleted_ones() {
    let world = World::start().await;
    let quota = json!({"maxTaskStarts": 1, "windowSeconds": 60});
    world.create::<Agent>("dev", json!({"quota": quota})).await;
    world.serve("dev").await;
    world.create::<Task>("first", json!({"agentRef": {"name": "dev"}, "description": "x"})).await;
    let (_, id) = running(&world, "first").await;
    world.fake.server.finish(&id, None);
    world.pod_status("first-pod", ended(0)).await;
    world.task_phase("first", "Completed").await;
    world.api::<Task>().delete("first", &DeleteParams::default()).await.unwrap();
    world.create::<Task>("second", json!({"agentRef": {"name": "dev"}, "description": "x"})).await;
    let queued = world.task_phase("second", "Queued").await.status.unwrap();
    assert_eq!(reason(&queued.conditions, "Queued"), "True/QuotaExceeded");
    // The window passes: the start is as long ago as the platform would have written it.
    let past = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second() - 61).unwrap().to_string();
    let history = json!([{"taskName": "first", "taskNamespace": "default", "startTime": past}]);
    let patch = kube::api::Patch::Merge(json!({"status": {"taskStartHistory": history}}));
    world.api::<Agent>().patch_status("dev", &kube::api::PatchParams::default(), &patch).await.unwrap();
    world.task_phase("second", "Running").await;
    let recorded = world.api::<Agent>().get("dev").await.unwrap().status.unwrap().unknown["taskStartHistory"].clone();
    assert_eq!(recorded.as_array().unwrap().len(), 1, "{recorded}");
    assert_eq!(recorded[0]["taskName"], "second");
}

#[tokio::test]
async fn an_ended_task_can_be_deleted_without_its_controller() {
    let mut world = World::start().await;
    world.agent("dev").await;
    world.create::<Task>("t", json!({"agentRef": {"name": "dev"}, "description": "x"})).await;
    let (_, id) = running(&world, "t").await;
    world.fake.server.finish(&id, None);
    world.pod_status("t-pod", ended(0)).await;
    world.task_phase("t", "Completed").await;
    let api = world.api::<Task>();
    world.until("nothing holds it", async || api.get("t").await.unwrap().finalizers().is_empty().then_some(())).await;
    world.sleep().await;
    world.api::<Task>().delete("t", &DeleteParams::default()).await.unwrap();
    assert!(api.get_opt("t").await.unwrap().is_none());
}
