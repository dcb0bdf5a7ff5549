//! The reconciler of Agent, for clusters without KubeOpenCode's own controller, and for the sandbox.
//!
//! [`resolve`] merges the template, [`desired`] builds the objects, [`status`] tells how it stands; names, labels and
//! conditions are the platform's. What is wrong with a spec is a condition and an Event here; the platform says nothing.

pub mod desired;
pub mod resolve;
pub mod status;

use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, PersistentVolumeClaim, Pod, Service};
use k8s_openapi::jiff::Timestamp;
use kube::runtime::reflector::{ObjectRef, Store};
use kube::{Resource, ResourceExt};
use serde_json::json;

use super::context::Context;
use super::feed::Guarded;
use super::queue::Action;
use crate::api::conditions::reasons;
use crate::api::session::{Activity, SessionPhase};
use crate::api::task::TaskPhase;
use crate::api::{Agent, AgentStatus, AgentTemplate, Session, Task, keys, names};
use crate::cluster;
use crate::error::{Code, Result};
use desired::Desired;
use status::Standby;

/// What the Agent reconciler works with.
pub struct Reconciler {
    /// Shared with the other reconcilers.
    pub context: Arc<Context>,
    /// Templates.
    pub templates: Store<Guarded<AgentTemplate>>,
    /// Deployments of servers.
    pub deployments: Store<Deployment>,
    /// Services of servers.
    pub services: Store<Service>,
    /// `ConfigMap`s of servers.
    pub config_maps: Store<ConfigMap>,
    /// Pods of servers, for what keeps them from getting ready.
    pub pods: Store<Pod>,
    /// Tasks, for standby.
    pub tasks: Store<Guarded<Task>>,
    /// Sessions, for standby; absent where nobody watches them.
    pub sessions: Option<Store<Guarded<Session>>>,
}

impl Reconciler {
    /// Brings one Agent a step further.
    pub async fn reconcile(&self, agent: &Agent) -> Result<Action> {
        if agent.meta().deletion_timestamp.is_some() {
            // What it owns goes with it.
            return Ok(Action::await_change());
        }
        let (namespace, name) = (agent.namespace().unwrap_or_default(), agent.name_any());
        let template = agent
            .spec
            .template_ref
            .as_ref()
            .and_then(|reference| self.templates.get(&ObjectRef::new(&reference.name).within(&namespace)));
        let template = template.as_ref().and_then(|template| template.0.as_ref().ok());
        let now = Timestamp::now();
        let resolved = resolve::resolve(agent, template);
        let desired = resolved.and_then(|resolved| desired::desired(agent, &resolved, &self.context.runtime));
        let desired = match desired {
            Ok(desired) => desired,
            Err(problem) => {
                self.refuse(agent, problem.to_string(), now).await?;
                return Ok(Action::await_change());
            }
        };
        self.label(agent).await?;
        let (idle_since, again_in) = match status::standby(agent, self.is_wanted(&namespace, &name), now) {
            Standby::Suspend => return self.suspend(agent, true, "StandbySuspended").await,
            Standby::Resume => return self.suspend(agent, false, "Resumed").await,
            Standby::Keep { idle_since, again_in } => (idle_since, again_in),
        };
        let deployment = self.deployments.get(&ObjectRef::new(&names::server_deployment(&name)).within(&namespace));
        let service = self.services.get(&ObjectRef::new(&names::server_service(&name)).within(&namespace));
        if let Err(error) = self.make(agent, &desired, deployment.as_deref(), service.as_deref()).await {
            // A quota, say, or a policy: nobody else tells whoever made the Agent.
            if matches!(error.code, Code::Forbidden | Code::InvalidConfiguration) {
                self.refuse(agent, error.to_string(), now).await?;
            }
            return Err(error);
        }
        let cluster_ip = service.as_ref().and_then(|service| service.spec.as_ref()?.cluster_ip.clone());
        let url = desired::url(agent, cluster_ip.as_deref(), &self.context.runtime);
        let trouble = self.trouble(&namespace, &name);
        let mut next = status::status(agent, deployment.as_deref(), trouble.as_deref(), url, now);
        next.idle_since = idle_since;
        self.write(agent, &next).await?;
        let seen = agent.status.as_ref().and_then(|status| status.observed_generation);
        if seen != agent.metadata.generation && !desired.left_out.is_empty() {
            let note = format!("this controller leaves out {}", desired.left_out.join(", "));
            self.context.reports.warning(agent, reasons::UNSUPPORTED, "Reconcile", note).await;
        }
        Ok(again_in.map_or_else(Action::await_change, Action::requeue))
    }

    /// Brings the objects that the Agent is made of to what they should be.
    async fn make(
        &self,
        agent: &Agent,
        desired: &Desired,
        deployment: Option<&Deployment>,
        service: Option<&Service>,
    ) -> Result<()> {
        let (namespace, name) = (agent.namespace().unwrap_or_default(), agent.name_any());
        if let Some(config_map) = &desired.config_map {
            let live = self.config_maps.get(&ObjectRef::new(&names::server_context(&name)).within(&namespace));
            self.context.apply(config_map, live.as_deref()).await?;
        }
        if deployment.is_none() {
            for claim in &desired.claims {
                self.context.create::<PersistentVolumeClaim>(&namespace, claim).await?;
            }
        }
        self.context.apply(&desired.service, service).await?;
        self.context.apply(&desired.deployment, deployment).await
    }

    /// Says why the Agent cannot be made into a server.
    async fn refuse(&self, agent: &Agent, message: String, now: Timestamp) -> Result<()> {
        let next = status::broken(agent, &message, now);
        if self.context.write_status(agent, agent.status.as_ref(), &next).await? {
            self.context.reports.warning(agent, reasons::CONFIGURATION_ERROR, "Reconcile", message).await;
        }
        Ok(())
    }

    async fn write(&self, agent: &Agent, next: &AgentStatus) -> Result<()> {
        if !self.context.write_status(agent, agent.status.as_ref(), next).await? {
            return Ok(());
        }
        let before = agent.status.clone().unwrap_or_default();
        let reports = &self.context.reports;
        if before.deployment_name.is_none() && next.deployment_name.is_some() {
            let note =
                format!("Deployment {} and Service {}", names::server_deployment(&agent.name_any()), agent.name_any());
            reports.normal(agent, "DeploymentCreated", "Reconcile", note).await;
        }
        match (before.ready == Some(true), next.ready == Some(true), next.suspended == Some(true)) {
            (false, true, _) => reports.normal(agent, "Ready", "Reconcile", "the server is ready").await,
            (true, false, true) => reports.normal(agent, "Suspended", "Reconcile", "scaled to zero").await,
            (true, false, false) => {
                reports.warning(agent, "NotReady", "Reconcile", "no Pod of the server is ready").await;
            }
            _ => {}
        }
        Ok(())
    }

    /// What keeps the Agent's server from getting ready, if one of its Pods tells.
    fn trouble(&self, namespace: &str, name: &str) -> Option<String> {
        let is_of_agent = |pod: &Arc<Pod>| {
            pod.metadata.namespace.as_deref() == Some(namespace)
                && pod.metadata.deletion_timestamp.is_none()
                && pod.labels().get(keys::AGENT).is_some_and(|agent| agent == name)
        };
        self.pods.state().iter().filter(|pod| is_of_agent(pod)).find_map(|pod| cluster::trouble(pod))
    }

    /// The platform finds an Agent's template by this label.
    async fn label(&self, agent: &Agent) -> Result<()> {
        let wanted = agent.spec.template_ref.as_ref().map(|reference| &reference.name);
        if agent.labels().get(keys::AGENT_TEMPLATE) == wanted {
            return Ok(());
        }
        self.context.patch_metadata(agent, json!({"labels": {keys::AGENT_TEMPLATE: wanted}})).await
    }

    async fn suspend(&self, agent: &Agent, suspend: bool, reason: &str) -> Result<Action> {
        self.context.patch_spec(agent, json!({"suspend": suspend})).await?;
        let note = if suspend { "idle for its standby timeout" } else { "a Task or a Session wants it" };
        self.context.reports.normal(agent, reason, "Standby", note).await;
        Ok(Action::requeue(Duration::from_secs(1)))
    }

    /// Whether a Task is not finished, or a Session is in a turn, on this Agent.
    fn is_wanted(&self, namespace: &str, name: &str) -> bool {
        let by_task = self.tasks.find(|task| {
            task.0.as_ref().is_ok_and(|task| {
                let on_it = task.spec.agent_ref.as_ref().is_some_and(|agent| agent.name == name);
                let phase = task.status.as_ref().and_then(|status| status.phase.as_ref());
                on_it && task.namespace().as_deref() == Some(namespace) && !phase.is_some_and(TaskPhase::is_terminal)
            })
        });
        let by_session = self.sessions.as_ref().and_then(|sessions| {
            sessions.find(|session| {
                session.0.as_ref().is_ok_and(|session| {
                    let status = session.status.clone().unwrap_or_default();
                    let on_it = status.agent_ref.is_some_and(|agent| agent.name == name);
                    let in_turn = matches!(status.activity, Some(Activity::Busy | Activity::WaitingInput));
                    let runs = status.phase == Some(SessionPhase::Running);
                    on_it && runs && in_turn && session.namespace().as_deref() == Some(namespace)
                })
            })
        });
        by_task.is_some() || by_session.is_some()
    }
}
