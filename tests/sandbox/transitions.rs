//! Every transition that a Session makes, in a cluster with Agents, a Session controller and the real opencode.
//!
//! By default that is a sandbox of the test's own; with `TEST_KUBECONFIG=FILE` it is the cluster that the file names, and
//! [`lives`] runs there unchanged. Such a cluster needs KubeOpenCode, this program's `install`, a storage class for claims
//! that name none, and a model that opencode uses where an Agent configures none.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::StreamExt;
use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::core::v1::Namespace;
use kube::api::{DeleteParams, Patch, PatchParams, PostParams};
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client, Resource, ResourceExt};
use kubectl_opencode::api::session::{Activity, SessionPhase, SessionStatus, TRANSITIONS};
use kubectl_opencode::api::{Agent, Session, keys};
use kubectl_opencode::{cluster, opencode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::agents::is_idle;
use crate::home::{Home, client_of};

/// How long anything may take where images may have to be pulled.
const PATIENCE: Duration = Duration::from_secs(300);

/// The Agent of all Sessions.
const AGENT: &str = "dev";

/// Changes of phase, as [`SessionPhase::as_str`] writes them.
type Changes = BTreeSet<(&'static str, &'static str)>;

/// A namespace in which Sessions live.
struct Place {
    client: Client,
    namespace: String,
}

impl Place {
    fn api<K>(&self) -> Api<K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), &self.namespace)
    }

    async fn create<K>(&self, name: &str, spec: Value)
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>
            + Clone
            + DeserializeOwned
            + Serialize
            + std::fmt::Debug,
    {
        let object =
            json!({"apiVersion": K::api_version(&()), "kind": K::kind(&()), "metadata": {"name": name}, "spec": spec});
        self.api::<K>().create(&PostParams::default(), &serde_json::from_value(object).unwrap()).await.unwrap();
    }

    /// Merges into a spec.
    async fn change<K>(&self, name: &str, spec: Value)
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + std::fmt::Debug,
    {
        let patch = Patch::Merge(json!({"spec": spec}));
        self.api::<K>().patch(name, &PatchParams::default(), &patch).await.unwrap();
    }

    /// Waits until an object is as wanted; `None` is one that is not there.
    async fn until<K>(&self, name: &str, what: &str, is: impl Fn(Option<&K>) -> bool) -> Option<K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + std::fmt::Debug,
    {
        let api = self.api::<K>();
        let begin = Instant::now();
        loop {
            let found = api.get_opt(name).await.unwrap();
            if is(found.as_ref()) {
                return found;
            }
            assert!(begin.elapsed() < PATIENCE, "{name} is not {what}: {found:#?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until a Session has a phase, and answers its status.
    async fn is(&self, session: &str, phase: SessionPhase) -> SessionStatus {
        let found = self.until::<Session>(session, phase.as_str(), |found| {
            found.and_then(|session| session.status.as_ref()).and_then(|status| status.phase) == Some(phase)
        });
        found.await.unwrap().status.unwrap()
    }

    async fn suspend(&self, session: &str) {
        self.change::<Session>(session, json!({"suspend": true})).await;
        self.is(session, SessionPhase::Stopped).await;
    }

    /// Deletes a Session, and waits until nothing holds it any more.
    async fn delete(&self, session: &str) {
        self.api::<Session>().delete(session, &DeleteParams::default()).await.unwrap();
        self.until::<Session>(session, "gone", |found| found.is_none()).await;
    }

    /// The Agent's server, with every conversation of its own.
    async fn server(&self) -> opencode::Client {
        cluster::opencode(&self.client, &self.namespace, AGENT).await.unwrap()
    }

    /// Notes every change of phase in the namespace from now on.
    fn note_changes(&self) -> (Arc<Mutex<Changes>>, tokio::task::JoinHandle<()>) {
        let changes = Arc::new(Mutex::new(Changes::new()));
        let (noted, sessions) = (changes.clone(), self.api::<Session>());
        let task = tokio::spawn(async move {
            let mut phases = BTreeMap::new();
            let mut events = watcher(sessions, watcher::Config::default()).default_backoff().applied_objects().boxed();
            while let Some(event) = events.next().await {
                // It is watched anew.
                let Ok(session) = event else { continue };
                let now = session.status.as_ref().and_then(|status| status.phase).unwrap_or_default();
                let before = phases.insert(session.name_any(), now).unwrap_or_default();
                if before != now {
                    noted.lock().unwrap().insert((before.as_str(), now.as_str()));
                }
            }
        });
        (changes, task)
    }
}

/// Condition `type_` of a Session, as `status/reason: message`.
fn condition(status: &SessionStatus, type_: &str) -> String {
    let found = status.conditions.iter().find(|condition| condition.type_ == type_);
    found.map_or_else(String::new, |found| format!("{}/{}: {}", found.status, found.reason, found.message))
}

/// Takes Sessions through all [`TRANSITIONS`] in a namespace that has nothing yet.
async fn lives(client: &Client, namespace: &str) {
    use SessionPhase::{Completed, Failed, Pending, Running};
    let place = Place { client: client.clone(), namespace: namespace.to_owned() };
    let (changes, noting) = place.note_changes();
    let on = |more: Value| {
        let mut spec = json!({"agentRef": {"name": AGENT}, "startDeadlineSeconds": PATIENCE.as_secs()});
        spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        spec
    };

    // Created: it waits for its Agent, runs, and its prompt is answered.
    place.create::<Session>("talk", on(json!({"prompt": "%say good morning"}))).await;
    assert!(condition(&place.is("talk", Pending).await, "Ready").starts_with("False/AgentNotFound"));
    let agent = json!({"workspaceDir": "/workspace", "serviceAccountName": "default",
        "persistence": {"sessions": {"size": "1Gi"}}});
    place.create::<Agent>(AGENT, agent).await;
    let running = place.is("talk", Running).await;
    let id = running.session_id.clone().unwrap();
    assert_eq!(running.agent_ref.map(|agent| agent.name).as_deref(), Some(AGENT));
    let answered = |found: Option<&Session>| {
        found.is_some_and(|session| {
            let summary = session.status.as_ref().and_then(|status| status.summary.as_ref());
            is_idle(session) && summary.is_some_and(|summary| summary.messages >= 2)
        })
    };
    let talk = place.until::<Session>("talk", "answered", answered).await.unwrap();
    assert!(talk.finalizers().iter().any(|finalizer| finalizer == keys::SESSION_FINALIZER), "{talk:#?}");
    assert_eq!(talk.status.as_ref().unwrap().activity, Some(Activity::Idle));

    // Stopped, and started again: the conversation is kept.
    place.suspend("talk").await;
    assert_eq!(place.server().await.session(&id).await.unwrap().id, id);
    place.change::<Session>("talk", json!({"suspend": false})).await;
    assert_eq!(place.is("talk", Running).await.session_id.as_deref(), Some(&*id));

    // Without a server: waiting, stopped, out of time.
    place.create::<Session>("halted", on(json!({}))).await;
    place.create::<Session>("limited", on(json!({"deletionPolicy": "Retain"}))).await;
    place.is("halted", Running).await;
    let kept = place.is("limited", Running).await.session_id.unwrap();
    place.change::<Agent>(AGENT, json!({"suspend": true})).await;
    for name in ["talk", "halted", "limited"] {
        let waits = place.is(name, Pending).await;
        assert_eq!((waits.activity, waits.pod_name), (None, None));
    }
    let told = |found: Option<&Session>| {
        found.and_then(|session| session.status.as_ref()).is_some_and(|status| {
            condition(status, "AgentReady") == "False/AgentSuspended: Agent dev is suspended; resume it to go on"
        })
    };
    place.until::<Session>("talk", "told of the suspension", told).await;
    place.suspend("halted").await;
    place.change::<Session>("limited", json!({"timeout": "1ns"})).await;
    let completed = place.is("limited", Completed).await;
    assert!(condition(&completed, "Stopped").starts_with("True/Timeout"), "{completed:#?}");
    assert!(completed.completion_time.is_some(), "{completed:#?}");

    // The Agent is back: those who wait go on, those who ended do so when asked.
    place.change::<Agent>(AGENT, json!({"suspend": false})).await;
    assert_eq!(place.is("talk", Running).await.session_id.as_deref(), Some(&*id));
    place.change::<Session>("halted", json!({"suspend": false})).await;
    place.is("halted", Running).await;
    place.suspend("limited").await;
    place.change::<Session>("limited", json!({"suspend": false, "timeout": null})).await;
    assert_eq!(place.is("limited", Running).await.session_id.as_deref(), Some(&*kept));
    place.change::<Session>("limited", json!({"timeout": "1ns"})).await;
    place.is("limited", Completed).await;

    // Never started: failed, and why.
    let nowhere = json!({"agentRef": {"name": "nobody"}, "startDeadlineSeconds": 1});
    place.create::<Session>("late", nowhere).await;
    let failed = place.is("late", Failed).await;
    assert!(condition(&failed, "Ready").starts_with("False/StartDeadlineExceeded: not started within"), "{failed:#?}");
    place.suspend("late").await;

    // Deleted: the finalizer lets it go, and its conversation is deleted or kept as the policy says.
    place.delete("talk").await;
    place.delete("limited").await;
    let server = place.server().await;
    assert!(server.session(&id).await.unwrap_err().is_not_found());
    assert_eq!(server.session(&kept).await.unwrap().id, kept);

    // Its Agent is deleted under it, while its server runs: failed, and why; what is left can still be deleted.
    place.api::<Agent>().delete(AGENT, &DeleteParams::orphan()).await.unwrap();
    let failed = place.is("halted", Failed).await;
    assert!(condition(&failed, "Ready").starts_with("False/AgentNotFound"), "{failed:#?}");
    place.delete("halted").await;
    place.delete("late").await;

    let all: Changes = TRANSITIONS.iter().map(|(from, to, _)| (from.as_str(), to.as_str())).collect();
    let begin = Instant::now();
    while !changes.lock().unwrap().is_superset(&all) {
        assert!(begin.elapsed() < PATIENCE, "only {:?} were seen", changes.lock().unwrap());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    noting.abort();
    assert_eq!(*changes.lock().unwrap(), all, "there is no other transition");
}

#[tokio::test]
async fn sessions_go_through_every_transition() {
    if let Some(file) = std::env::var_os("TEST_KUBECONFIG") {
        let client = client_of(&PathBuf::from(file)).await;
        let namespaces = Api::<Namespace>::all(client.clone());
        let name = format!("sessions-{}", uuid::Uuid::new_v4().simple());
        let namespace = serde_json::from_value(json!({"metadata": {"name": name}})).unwrap();
        namespaces.create(&PostParams::default(), &namespace).await.unwrap();
        lives(&client, &name).await;
        namespaces.delete(&name, &DeleteParams::default()).await.unwrap();
        return;
    }
    let home = Home::new();
    home.sandbox(&["start"]).ok();
    lives(&home.client().await, "default").await;
}
