//! Puts watches, queues and reconcilers together and runs them until cancelled.

use std::net::SocketAddr;
use std::sync::Arc;

use futures::FutureExt;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Pod, Service};
use kube::core::DeserializeGuard;
use kube::runtime::reflector::{ObjectRef, Store};
use kube::runtime::watcher;
use kube::{Client, Resource, ResourceExt};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::context::Context;
use super::feed::{Feed, Guarded, Listener};
use super::link::{Connections, Links, Reach};
use super::metrics::{self, Metrics};
use super::plant::Plant;
use super::queue::WorkQueue;
use super::report::Reports;
use super::runtime::AgentRuntime;
use super::{agent, lease, session, task};
use crate::api::{Agent, AgentTemplate, Session, Task, keys};
use crate::error::{Error, Result};

/// Sessions of one page of the first list.
const SESSIONS_PER_PAGE: u32 = 100;

/// What to run, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Run the Session reconciler.
    pub session: bool,
    /// Run the Agent reconciler.
    pub agent: bool,
    /// Run the Task reconciler.
    pub task: bool,
    /// Only this namespace; every namespace if absent.
    pub namespace: Option<String>,
    /// How Agents' servers are reached.
    pub reach: Reach,
    /// How Pods are built.
    pub runtime: AgentRuntime,
    /// Work only while holding the Lease.
    pub leader_election: bool,
    /// Serve `/healthz` and `/metrics` here.
    pub listen: Option<SocketAddr>,
    /// What takes time.
    pub limits: session::Limits,
}

/// Runs the reconcilers until `cancelled`.
///
/// # Errors
///
/// `invalid_configuration` when `options.listen` cannot be listened on; `preflight_failed` when `options` ask for Agents or
/// Tasks and KubeOpenCode's own controller works, now or later.
pub async fn run(client: Client, options: Options, cancelled: CancellationToken) -> Result<()> {
    let metrics = Arc::new(Metrics::default());
    // Before any work is begun.
    let listener = match options.listen {
        None => None,
        Some(address) => Some(metrics::listen(address).await?),
    };
    let alone = lease::until_platform_works(client.clone(), options.agent || options.task);
    let work = async {
        if options.leader_election {
            let namespace = lease_namespace(&client, &options);
            lease::while_leading(client.clone(), &namespace, &lease_name(&options), cancelled.clone(), |lead| {
                reconcile(client.clone(), options.clone(), metrics.clone(), lead)
            })
            .await
        } else {
            reconcile(client.clone(), options.clone(), metrics.clone(), cancelled.clone()).await
        }
    };
    let served = async {
        match listener {
            None => std::future::pending().await,
            Some(listener) => metrics::serve(listener, metrics.clone(), cancelled.clone()).await,
        }
    };
    tokio::select! {
        ended = work => ended,
        ended = served => ended,
        namespace = alone => Err(give_way(&client, &options, &namespace).await),
    }
}

/// Leaves the cluster to KubeOpenCode's own controller, which works in `namespace`.
pub async fn give_way(client: &Client, options: &Options, namespace: &str) -> Error {
    if options.task {
        task::hand_over(client, options.namespace.as_deref()).await;
    }
    lease::beside_platform(namespace)
}

/// The Lease of a job: controllers with one job take turns, and work beside those with another.
fn lease_name(options: &Options) -> String {
    let mut name = lease::NAME.to_owned();
    let jobs = [("-session", options.session), ("-agent", options.agent), ("-task", options.task)];
    if options.agent || options.task {
        name.extend(jobs.into_iter().filter(|(_, runs)| *runs).map(|(job, _)| job));
    }
    if let Some(namespace) = &options.namespace {
        // No job has a dot.
        name = format!("{name}.{namespace}");
    }
    name
}

/// Where the Lease is kept: where this process runs, or where it works.
fn lease_namespace(client: &Client, options: &Options) -> String {
    std::env::var("POD_NAMESPACE")
        .ok()
        .or_else(|| options.namespace.clone())
        .unwrap_or_else(|| client.default_namespace().to_owned())
}

/// Runs the reconcilers until `cancelled`, alone.
async fn reconcile(
    client: Client,
    options: Options,
    metrics: Arc<Metrics>,
    cancelled: CancellationToken,
) -> Result<()> {
    metrics.leading(true);
    let _following = Standing(metrics.clone());
    let context = Arc::new(Context::new(
        client.clone(),
        options.runtime.clone(),
        Reports::new(client.clone(), std::env::var("POD_NAME").ok()),
        metrics,
    ));
    let mut plant = Plant { client, namespace: options.namespace.clone(), cancelled, tasks: JoinSet::new() };
    // By no other label: those of an Agent's `podSpec.labels` take the place of the platform's.
    let server_objects = watcher::Config::default().labels(keys::AGENT);

    let session_queue = WorkQueue::default();
    let agent_queue = WorkQueue::default();
    let task_queue = WorkQueue::default();

    let mut sessions = Feed::<Guarded<Session>>::new();
    let mut agents = Feed::<Guarded<Agent>>::new();
    let mut pods = Feed::<Pod>::new();
    let mut tasks = Feed::<Guarded<Task>>::new();
    let mut templates = Feed::<Guarded<AgentTemplate>>::new();

    if options.agent {
        let queue = agent_queue.clone();
        agents.listeners.push(Box::new(move |agent| ask(&queue, agent)));
        let queue = agent_queue.clone();
        tasks.listeners.push(Box::new(move |task: &Guarded<Task>| {
            if let Ok(task) = &task.0
                && let Some(agent) = &task.spec.agent_ref
            {
                queue.ask(&task.namespace().unwrap_or_default(), &agent.name);
            }
        }));
        let queue = agent_queue.clone();
        sessions.listeners.push(Box::new(move |session: &Guarded<Session>| {
            if let Ok(session) = &session.0 {
                queue.ask(&session.namespace().unwrap_or_default(), &session::agent_of(session));
            }
        }));
        let (queue, all) = (agent_queue.clone(), agents.store.clone());
        templates.listeners.push(Box::new(move |template: &Guarded<AgentTemplate>| {
            ask_agents_of(&queue, &all, template.meta().namespace.as_deref(), template.meta().name.as_deref());
        }));
        let mut config_maps = Feed::<ConfigMap>::new();
        let mut deployments = Feed::<Deployment>::new();
        let mut services = Feed::<Service>::new();
        config_maps.listeners.push(ask_owner(agent_queue.clone()));
        deployments.listeners.push(ask_owner(agent_queue.clone()));
        services.listeners.push(ask_owner(agent_queue.clone()));
        let queue = agent_queue.clone();
        pods.listeners.push(Box::new(move |pod: &Pod| {
            if let (Some(namespace), Some(agent)) = (&pod.metadata.namespace, pod.labels().get(keys::AGENT)) {
                queue.ask(namespace, agent);
            }
        }));
        let reconciler = Arc::new(agent::Reconciler {
            context: context.clone(),
            templates: templates.store.clone(),
            deployments: deployments.store.clone(),
            services: services.store.clone(),
            config_maps: config_maps.store.clone(),
            pods: pods.store.clone(),
            tasks: tasks.store.clone(),
            sessions: options.session.then(|| sessions.store.clone()),
        });
        let needed = vec![
            templates.listed.clone(),
            deployments.listed.clone(),
            services.listed.clone(),
            config_maps.listed.clone(),
            tasks.listed.clone(),
            pods.listed.clone(),
        ];
        plant.reconcile(&agents, agent_queue, needed, context.clone(), move |object| {
            let reconciler = reconciler.clone();
            async move { reconciler.reconcile(&object).await }.boxed()
        });
        plant.follow(config_maps, server_objects.clone());
        plant.follow(deployments, server_objects.clone());
        plant.follow(services, server_objects.clone());
    }
    if options.session {
        let by_agent = Arc::new(session::ByAgent::default());
        let (queue, all, places) = (session_queue.clone(), sessions.store.clone(), by_agent.clone());
        sessions.listeners.push(Box::new(move |session: &Guarded<Session>| {
            let is_there = all.get(&ObjectRef::from_obj(session)).is_some();
            let agent = session.0.as_ref().ok().filter(|_| is_there).map(session::agent_of);
            places.place(&session.namespace().unwrap_or_default(), &session.name_any(), agent);
            ask(&queue, session);
        }));
        let (queue, places) = (session_queue.clone(), by_agent.clone());
        agents.listeners.push(Box::new(move |agent: &Guarded<Agent>| {
            ask_sessions_of(&queue, &places, &agent.namespace().unwrap_or_default(), &agent.name_any());
        }));
        let queue = session_queue.clone();
        pods.listeners.push(Box::new(move |pod: &Pod| {
            let agent = pod.labels().get(keys::AGENT).map(String::as_str).unwrap_or_default();
            ask_sessions_of(&queue, &by_agent, &pod.namespace().unwrap_or_default(), agent);
        }));
        let queue = session_queue.clone();
        let connections = Connections::new(plant.client.clone(), options.reach);
        let links = Links::new(connections, Arc::new(move |owner| queue.ask(&owner.namespace, &owner.name)));
        let reconciler =
            session::Reconciler::new(context.clone(), agents.store.clone(), pods.store.clone(), links, &options.limits);
        let reconciler = Arc::new(reconciler);
        context.metrics.watch_sessions(sessions.store.clone());
        let needed = vec![agents.listed.clone(), pods.listed.clone()];
        let (listed, all, sweeper) = (sessions.listed.clone(), sessions.store.clone(), reconciler.clone());
        let orphan = options.limits.orphan;
        plant.tasks.spawn(async move {
            listed.wait().await;
            let mut seen = session::Seen::new();
            loop {
                tokio::time::sleep(orphan / 2).await;
                sweeper.forget_gone(&all);
                sweeper.sweep(&all, &mut seen, orphan).await;
            }
        });
        plant.reconcile(&sessions, session_queue, needed, context.clone(), move |object| {
            let reconciler = reconciler.clone();
            async move { reconciler.reconcile(&object).await }.boxed()
        });
    }
    if options.task {
        let waiting = Arc::new(task::WaitingRoom::default());
        let (queue, room) = (task_queue.clone(), waiting.clone());
        tasks.listeners.push(Box::new(move |task: &Guarded<Task>| {
            ask(&queue, task);
            if let Ok(task) = &task.0 {
                // A place may have become free for the others.
                for name in room.update(task) {
                    queue.ask(&task.namespace().unwrap_or_default(), &name);
                }
            }
        }));
        let queue = task_queue.clone();
        agents.listeners.push(Box::new(move |agent: &Guarded<Agent>| {
            let namespace = agent.meta().namespace.clone().unwrap_or_default();
            for task in waiting.of(&namespace, agent.meta().name.as_deref().unwrap_or_default()) {
                queue.ask(&namespace, &task);
            }
        }));
        let mut task_pods = Feed::<Pod>::new();
        let queue = task_queue.clone();
        task_pods.listeners.push(Box::new(move |pod: &Pod| {
            if let (Some(namespace), Some(task)) = (&pod.metadata.namespace, pod.labels().get(keys::TASK)) {
                queue.ask(namespace, task);
            }
        }));
        let reconciler = Arc::new(task::Reconciler {
            context: context.clone(),
            tasks: tasks.store.clone(),
            agents: agents.store.clone(),
            templates: templates.store.clone(),
            pods: task_pods.store.clone(),
            server_pods: pods.store.clone(),
            connections: Connections::new(plant.client.clone(), options.reach),
        });
        let needed =
            vec![agents.listed.clone(), templates.listed.clone(), task_pods.listed.clone(), pods.listed.clone()];
        plant.reconcile(&tasks, task_queue, needed, context.clone(), move |object| {
            let reconciler = reconciler.clone();
            async move { reconciler.reconcile(&object).await }.boxed()
        });
        plant.follow(task_pods, watcher::Config::default().labels(keys::TASK));
    }
    if options.agent || options.task {
        plant.follow(tasks, watcher::Config::default());
        plant.follow(templates, watcher::Config::default());
    }
    if options.session || options.agent || options.task {
        plant.follow(pods, server_objects);
    }
    if options.session {
        // Pages are read as they are sent, with what is not kept: smaller ones leave smaller holes.
        plant.follow(sessions, watcher::Config::default().page_size(SESSIONS_PER_PAGE));
    }
    plant.follow(agents, watcher::Config::default());
    plant.until_cancelled().await
}

/// Says in the metrics that this process works no more, however its work ends.
struct Standing(Arc<Metrics>);

impl Drop for Standing {
    fn drop(&mut self) {
        self.0.leading(false);
        self.0.streams(0);
    }
}

fn ask<K>(queue: &WorkQueue, object: &Guarded<K>)
where
    K: Resource<DynamicType = ()>,
{
    if let (Some(namespace), Some(name)) = (&object.meta().namespace, &object.meta().name) {
        queue.ask(namespace, name);
    }
}

fn ask_owner<K: Resource>(queue: WorkQueue) -> Listener<K> {
    Box::new(move |object| {
        let owners = object.meta().owner_references.iter().flatten();
        for owner in owners.filter(|owner| owner.kind == Agent::kind(&())) {
            queue.ask(object.meta().namespace.as_deref().unwrap_or_default(), &owner.name);
        }
    })
}

fn ask_sessions_of(queue: &WorkQueue, sessions: &session::ByAgent, namespace: &str, agent: &str) {
    for session in sessions.of(namespace, agent) {
        queue.ask(namespace, &session);
    }
}

fn ask_agents_of(queue: &WorkQueue, agents: &Store<Guarded<Agent>>, namespace: Option<&str>, template: Option<&str>) {
    for agent in agents.state() {
        let DeserializeGuard(Ok(agent)) = &*agent else { continue };
        let named = agent.spec.template_ref.as_ref().map(|reference| reference.name.as_str());
        if agent.metadata.namespace.as_deref() == namespace && named == template && named.is_some() {
            queue.ask(namespace.unwrap_or_default(), &agent.name_any());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_job_has_a_lease_of_its_own() {
        let of = |session, agent, task, namespace: Option<&str>| {
            lease_name(&Options {
                session,
                agent,
                task,
                namespace: namespace.map(str::to_owned),
                reach: Reach::Direct,
                runtime: AgentRuntime::cluster(),
                leader_election: true,
                listen: None,
                limits: session::Limits::default(),
            })
        };
        // The one that the Role of deploy/controller.yaml allows.
        assert_eq!(of(true, false, false, None), "kubectl-opencode-controller");
        assert_eq!(of(true, false, false, Some("task")), "kubectl-opencode-controller.task");
        assert_eq!(of(false, true, true, None), "kubectl-opencode-controller-agent-task");
        assert_eq!(of(true, false, true, Some("b")), "kubectl-opencode-controller-session-task.b");
    }
}
