use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use kube::Api;
use kube::api::{ApiResource, DeleteParams, DynamicObject, PostParams};
use kubectl_opencode::api::{Agent, AgentTemplate, Task};
use serde_json::json;

use super::{container, deletion, on, refused, task};
use crate::fake::Fake;
use crate::faults::take_any_spec;
use crate::record::{Page, told};
use crate::tasks::{ended, running};
use crate::world::World;

#[tokio::test]
async fn what_tasks_say() {
    let world = World::start().await;
    let mut page = Page::default();
    world.agent("dev").await;
    let create = async |name: &str, agent: &str| world.create::<Task>(name, task(agent)).await;
    let pods = world.api::<Pod>();
    let has_pod = async |name: &str| {
        let name = format!("{name}-pod");
        world.until("the Pod exists", async || pods.get_opt(&name).await.unwrap()).await;
        name
    };

    page.situation("What they are to run on is not there, or cannot be used");
    let credential = json!({"name": "c", "secretRef": {"name": "s", "key": "k"}});
    let template = json!({"workspaceDir": "/w", "serviceAccountName": "default", "credentials": [credential]});
    world.create::<AgentTemplate>("half", template).await;
    create("no-agent", "none").await;
    page.tell(&world, "task/no-agent", &["Ready=False", "Warning Failed"]).await;
    let from = |template: &str| json!({"templateRef": {"name": template}, "description": "work"});
    world.create::<Task>("no-template", from("none")).await;
    page.tell(&world, "task/no-template", &["Ready=False"]).await;
    world.create::<Agent>("odd", json!({"workspaceDir": "/a/../b"})).await;
    told(&world, "agent/odd", "ServerHealthy=False").await;
    create("odd-agent", "odd").await;
    page.tell(&world, "task/odd-agent", &["Ready=False"]).await;
    world.create::<Task>("half-template", from("half")).await;
    page.tell(&world, "task/half-template", &["Ready=False"]).await;
    page.row("task/x", "is refused", &refused::<Task>(&world, json!({"description": "work"})).await);
    world.gate.refuse("POST /api/v1/namespaces/default/pods", 1, 403);
    create("no-pod", "dev").await;
    page.tell(&world, "task/no-pod", &["Ready=False"]).await;
    world.gate.refuse("PATCH /api/v1/namespaces/default/configmaps/no-map-context", 1, 403);
    create("no-map", "dev").await;
    page.tell(&world, "task/no-map", &["Ready=False"]).await;

    page.situation("They wait");
    world.create::<Agent>("small", json!({"maxConcurrentTasks": 1})).await;
    told(&world, "agent/small", "ServerReady=False").await;
    create("first", "small").await;
    let not_ready = "AgentServerNotReady: the server of Agent small is not ready: no Pod";
    page.tell(&world, "task/first", &[&format!("Queued=True {not_ready}")]).await;
    world.create::<Agent>("asleep", json!({"suspend": true})).await;
    told(&world, "agent/asleep", "Suspended=True").await;
    create("sleeps", "asleep").await;
    page.tell(&world, "task/sleeps", &["Queued=True AgentSuspended", "Normal Queued"]).await;
    let stop = json!({"metadata": {"annotations": {"kubeopencode.io/stop": "true"}}});
    world.patch::<Task>("sleeps", stop.clone()).await;
    page.tell(&world, "task/sleeps", &["Stopped=True", "Queued=False", "Normal Stopped"]).await;
    world.serve("small").await;
    let (_, id) = running(&world, "first").await;
    create("second", "small").await;
    page.tell(&world, "task/second", &["Queued=True AgentAtCapacity"]).await;
    world.fake.server.finish(&id, None);
    world.pod_status("first-pod", ended(0)).await;
    page.tell(&world, "task/second", &["Queued=False CapacityAvailable"]).await;
    world.create::<Agent>("rationed", json!({"quota": {"maxTaskStarts": 1, "windowSeconds": 86_400}})).await;
    world.serve("rationed").await;
    told(&world, "agent/rationed", "ServerReady=True").await;
    create("one", "rationed").await;
    running(&world, "one").await;
    create("two", "rationed").await;
    page.tell(&world, "task/two", &["Queued=True QuotaExceeded"]).await;

    page.situation("They run and end, well and not");
    let contexts = json!([{"type": "Text", "text": "Be brief."}, {"type": "ConfigMap", "configMap": {"name": "m"}, "mountPath": "/m"}]);
    let spec = json!({"agentRef": {"name": "dev"}, "description": "work", "contexts": contexts});
    world.create::<Task>("good", spec).await;
    let (_, id) = running(&world, "good").await;
    let prompt = world.api::<ConfigMap>().get("good-context").await.unwrap().data.unwrap();
    page.text(&prompt["workspace-task.md"]);
    world.fake.server.finish(&id, None);
    world.pod_status("good-pod", ended(0)).await;
    page.tell(&world, "task/good", &["Normal PodCreated", "Warning Unsupported", "Normal Completed"]).await;
    create("poor", "dev").await;
    let (_, id) = running(&world, "poor").await;
    world.fake.server.finish(&id, Some(json!({"name": "APIError", "data": {"message": "no credit left"}})));
    world.pod_status("poor-pod", ended(0)).await;
    page.tell(&world, "task/poor", &["Ready=False", "Warning Failed"]).await;
    create("wordless", "dev").await;
    running(&world, "wordless").await;
    world.pod_status("wordless-pod", ended(0)).await;
    page.tell(&world, "task/wordless", &["Ready=False"]).await;
    create("sessionless", "dev").await;
    world.pod_status(&has_pod("sessionless").await, ended(0)).await;
    page.tell(&world, "task/sessionless", &["Ready=False"]).await;
    create("stopped", "dev").await;
    running(&world, "stopped").await;
    world.patch::<Task>("stopped", stop.clone()).await;
    page.tell(&world, "task/stopped", &["Stopped=True", "Normal Stopped"]).await;
    world.create::<Task>("long", json!({"agentRef": {"name": "dev"}, "description": "work", "timeout": "1s"})).await;
    page.tell(&world, "task/long", &["Stopped=True", "Normal Timeout"]).await;

    page.situation("Their Pod is another's, goes, does not start, fails");
    world.pod("taken-pod", json!({"spec": {"containers": [{"name": "x", "image": "x"}]}})).await;
    create("taken", "dev").await;
    page.tell(&world, "task/taken", &["Ready=False"]).await;
    create("lost", "dev").await;
    running(&world, "lost").await;
    pods.delete("lost-pod", &DeleteParams::default().grace_period(0)).await.unwrap();
    page.tell(&world, "task/lost", &["Ready=False"]).await;
    create("no-image", "dev").await;
    let waiting = json!({"waiting": {"reason": "InvalidImageName", "message": "couldn't parse image"}});
    let pending = json!({"phase": "Pending", "containerStatuses": container(&waiting)});
    world.pod_status(&has_pod("no-image").await, pending).await;
    page.tell(&world, "task/no-image", &["Ready=False"]).await;
    create("no-room", "dev").await;
    let pod = has_pod("no-room").await;
    let scheduled = json!({"type": "PodScheduled", "status": "False", "message": "0/3 nodes are available"});
    world.pod_status(&pod, json!({"phase": "Pending", "conditions": [scheduled]})).await;
    world.age("pods", &pod, |pod| pod.pointer_mut("/metadata/creationTimestamp"));
    page.tell(&world, "task/no-room", &["Ready=False"]).await;
    for (name, status) in [
        ("exits", ended(3)),
        ("evicted", json!({"phase": "Failed", "reason": "Evicted", "message": "The node was low on memory."})),
        ("mute", json!({"phase": "Failed"})),
    ] {
        create(name, "dev").await;
        world.pod_status(&has_pod(name).await, status).await;
        page.tell(&world, &format!("task/{name}"), &["Ready=False"]).await;
    }

    page.situation("The server forgot how they ended, or is away");
    world.create::<Agent>("away", json!({})).await;
    world.serve("away").await;
    let forgetful = Fake::start().await;
    world.create::<Agent>("forgetful", json!({})).await;
    world.serve("forgetful").await;
    world.api::<Pod>().delete("forgetful-server-0", &DeleteParams::default().grace_period(0)).await.unwrap();
    world.serve_at("forgetful", "forgetful-server-1", forgetful.address).await;
    create("forgotten", "forgetful").await;
    let task = world.task_phase("forgotten", "Running").await;
    world.pod_status(&has_pod("forgotten").await, json!({"phase": "Running"})).await;
    let id = forgetful.server.create(&task.status.unwrap().session.unwrap().title.unwrap());
    let tasks = world.api::<Task>();
    let known = async || {
        let session = tasks.get("forgotten").await.unwrap().status?.session?;
        (session.id.as_deref() == Some(id.as_str())).then_some(())
    };
    world.until("its session is known", known).await;
    forgetful.server.forget();
    world.pod_status("forgotten-pod", ended(0)).await;
    page.tell(&world, "task/forgotten", &["Warning OutcomeUnknown", "Normal Completed"]).await;
    for name in ["unread", "unstopped", "undeleted"] {
        create(name, "away").await;
        running(&world, name).await;
    }
    // Once a Session knows that the server is away, so do the Tasks.
    world.running("knows", on("away")).await;
    world.set_ready("away", false).await;
    world.session_phase("knows", "Pending").await;
    let mut long_ago = ended(0);
    long_ago["containerStatuses"][0]["state"]["terminated"]["finishedAt"] = json!("2026-01-01T00:00:00Z");
    world.pod_status("unread-pod", long_ago).await;
    page.tell(&world, "task/unread", &["Warning OutcomeUnknown"]).await;
    world.patch::<Task>("unstopped", stop).await;
    page.tell(&world, "task/unstopped", &["Warning AbortFailed", "Stopped=True"]).await;
    tasks.delete("undeleted", &DeleteParams::default()).await.unwrap();
    world.age("tasks.kubeopencode.io", "undeleted", deletion);
    page.tell(&world, "task/undeleted", &["Warning CleanupSkipped"]).await;

    page.situation("What another version of the definition let through");
    take_any_spec(&world, "agents.kubeopencode.io").await;
    let objects: Api<DynamicObject> =
        Api::namespaced_with(world.client.clone(), "default", &ApiResource::erase::<Agent>(&()));
    let unreadable = json!({"apiVersion": "kubeopencode.io/v1alpha1", "kind": "Agent", "metadata": {"name": "unreadable"},
        "spec": {"port": "http"}});
    objects.create(&PostParams::default(), &serde_json::from_value(unreadable).unwrap()).await.unwrap();
    page.tell(&world, "agent/unreadable", &["Warning Undecodable"]).await;
    create("on-unreadable", "unreadable").await;
    page.tell(&world, "task/on-unreadable", &["Ready=False"]).await;

    page.is_as_in("tasks");
}
