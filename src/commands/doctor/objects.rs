//! Whether the namespace's objects are taken care of, and the faults of the platform that can be seen in them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Api;
use kube::api::ListParams;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::describe::why;
use super::super::list::objects;
use super::super::stuck;
use super::super::wait::read;
use super::{Context, Finding};
use crate::api::kinds::{AGENT, Kind, SCHEDULE, SESSION, TASK, TEMPLATE};
use crate::api::task::TaskPhase;
use crate::api::validate::{self, Problem};
use crate::api::{Agent, AgentTemplate, CronTask, Session, Task, keys};
use crate::cli::flags::Listing;
use crate::error::{Code, Result};

/// How long a controller may take to notice an object, in seconds.
const NOTICED_WITHIN: i64 = 30;

/// Objects of one kind.
struct Found<K> {
    /// Those that can be read; `None` where they may not or could not be listed.
    objects: Option<Vec<K>>,
    /// What is wrong with the others.
    finding: Option<Finding>,
}

impl<K> Default for Found<K> {
    fn default() -> Self {
        Self { objects: None, finding: None }
    }
}

impl<K> Found<K> {
    /// The readable objects, after saying what is wrong with the others.
    fn told(self, findings: &mut Vec<Finding>) -> Option<Vec<K>> {
        findings.extend(self.finding);
        self.objects
    }
}

/// Looks at the objects of the namespace. What may not be listed is left to the findings about rights.
pub async fn examine(context: &Context, sessions: bool) -> Vec<Finding> {
    let now = context.now();
    let (agents, tasks, templates, schedules, sessions) = tokio::join!(
        found::<Agent>(context, &AGENT),
        found::<Task>(context, &TASK),
        found::<AgentTemplate>(context, &TEMPLATE),
        found::<CronTask>(context, &SCHEDULE),
        async { if sessions { found::<Session>(context, &SESSION).await } else { Found::default() } },
    );
    let mut findings = Vec::new();
    let agents = agents.told(&mut findings);
    let tasks = tasks.told(&mut findings);
    let templates = templates.told(&mut findings);
    let schedules = schedules.told(&mut findings);
    let sessions = sessions.told(&mut findings);

    let mut unnoticed = Vec::new();
    let mut noticed = false;
    let mut notice = |kind: &Kind, metadata: &ObjectMeta, has_status: bool| {
        noticed |= has_status;
        let age = metadata.creation_timestamp.as_ref().map(|created| now.as_second() - created.0.as_second());
        if !has_status && age.is_some_and(|age| age > NOTICED_WITHIN) {
            unnoticed.push(format!("{}/{}", kind.noun, metadata.name.as_deref().unwrap_or_default()));
        }
    };
    for agent in agents.iter().flatten() {
        notice(&AGENT, &agent.metadata, agent.status.is_some());
    }
    for task in tasks.iter().flatten() {
        notice(&TASK, &task.metadata, task.status.as_ref().is_some_and(|status| status.phase.is_some()));
    }
    if !unnoticed.is_empty() {
        findings.push(
            Finding::fail(
                "controller",
                format!("nobody takes care of {}: KubeOpenCode's controller does not run", some(&unnoticed)),
            )
            .hint("kubectl get pods -n kubeopencode-system"),
        );
    } else if noticed {
        findings.push(Finding::ok("controller", "agents and tasks are taken care of"));
    }
    let forgotten: Vec<_> = sessions
        .iter()
        .flatten()
        .filter(|session| session.status.is_none() && is_older(&session.metadata, now))
        .map(|session| format!("session/{}", session.metadata.name.as_deref().unwrap_or_default()))
        .collect();
    if !forgotten.is_empty() {
        let nobody = format!("nobody takes care of {}: the session controller does not run", some(&forgotten));
        findings.push(
            Finding::fail("session controller", nobody)
                .hint("kubectl opencode install --image IMAGE, or run kubectl opencode controller"),
        );
    }

    let is_stuck = |session: &&Session| stuck::for_seconds(&session.metadata, now).is_some();
    let stuck: Vec<_> = sessions.iter().flatten().filter(is_stuck).collect();
    if let Some(first) = stuck.first().and_then(|session| session.metadata.name.as_deref()) {
        let names: Vec<_> = stuck
            .iter()
            .map(|session| format!("session/{}", session.metadata.name.as_deref().unwrap_or_default()))
            .collect();
        let nobody =
            format!("nobody ends the deletion of {}: the session controller does not seem to run", some(&names));
        findings.push(Finding::fail("session controller", nobody).hint(stuck::remedy(first)));
    }

    if let Some(agents) = &agents {
        findings.extend(of_agents(agents, now));
    }
    let problems = |kind: &Kind, metadata: &ObjectMeta, problems: Vec<Problem>| {
        let name = metadata.name.as_deref().unwrap_or_default();
        let of = format!("{}/{name}", kind.noun);
        problems
            .into_iter()
            .map(move |problem| {
                Finding::warn("manifests", format!("{of}: {}: {}", problem.field, problem.message)).hint(problem.hint)
            })
            .collect::<Vec<_>>()
    };
    findings
        .extend(agents.iter().flatten().flat_map(|agent| problems(&AGENT, &agent.metadata, validate::agent(agent))));
    findings.extend(
        templates
            .iter()
            .flatten()
            .flat_map(|template| problems(&TEMPLATE, &template.metadata, validate::agent_template(template))),
    );
    findings.extend(
        schedules
            .iter()
            .flatten()
            .flat_map(|schedule| problems(&SCHEDULE, &schedule.metadata, validate::cron_task(schedule))),
    );
    if let Some(tasks) = &tasks {
        findings.extend(orphans(context, tasks).await);
    }
    findings
}

fn is_older(metadata: &ObjectMeta, now: Timestamp) -> bool {
    metadata.creation_timestamp.as_ref().is_some_and(|created| now.as_second() - created.0.as_second() > NOTICED_WITHIN)
}

/// The first few of many.
fn some(names: &[String]) -> String {
    match names {
        [a, b, c, rest @ ..] if !rest.is_empty() => format!("{a}, {b}, {c} and {} more", rest.len()),
        all => all.join(", "),
    }
}

async fn found<K: DeserializeOwned>(context: &Context, kind: &'static Kind) -> Found<K> {
    let items = async {
        let namespace = context.cluster().await?.namespace.clone();
        objects::all(context, kind, Some(&namespace), &Listing::default()).await
    };
    match items.await {
        Ok(items) => readable(&items),
        Err(error) if error.code == Code::Forbidden => Found::default(),
        Err(error) => Found { finding: Some(Finding::of("objects", super::Verdict::Warn, &error)), objects: None },
    }
}

fn readable<K: DeserializeOwned>(items: &[Value]) -> Found<K> {
    let (mut readable, mut unreadable) = (Vec::new(), Vec::new());
    for item in items {
        match read(item) {
            Ok(object) => readable.push(object),
            Err(_) => unreadable.push(crate::output::reference(item)),
        }
    }
    let finding = || Finding::warn("manifests", format!("cannot understand {}", some(&unreadable)));
    Found { finding: (!unreadable.is_empty()).then(finding), objects: Some(readable) }
}

fn of_agents(agents: &[Agent], now: Timestamp) -> Vec<Finding> {
    let ready = agents.iter().filter(|agent| agent.is_ready()).count();
    let suspended = agents.iter().filter(|agent| agent.spec.suspend == Some(true)).count();
    if agents.is_empty() {
        return vec![
            Finding::warn("agents", "there is no agent in this namespace")
                .hint("kubectl opencode agent create default --wait"),
        ];
    }
    let mut findings = vec![Finding::ok("agents", format!("{ready} of {} ready, {suspended} suspended", agents.len()))];
    for agent in agents {
        let name = agent.metadata.name.as_deref().unwrap_or_default();
        let is_ready = agent.is_ready();
        if !is_ready && agent.spec.suspend != Some(true) && is_older(&agent.metadata, now) {
            let why = why::of_agent(agent, None, now);
            findings.push(
                Finding::warn("agents", format!("agent \"{name}\": {}", why.because))
                    .hint(format!("kubectl opencode describe agent {name}")),
            );
        }
    }
    findings
}

/// Tasks that run for ever because their Pod is gone: the platform does not notice (it does end those with a timeout).
async fn orphans(context: &Context, tasks: &[Task]) -> Vec<Finding> {
    let running = tasks.iter().filter_map(|task| {
        let status = task.status.as_ref()?;
        (status.phase == Some(TaskPhase::Running)).then_some(())?;
        Some((task.metadata.name.clone()?, status.pod_name.clone()?))
    });
    let running: Vec<_> = running.collect();
    if running.is_empty() {
        return Vec::new();
    }
    let Ok(there) = task_pods(context).await else { return Vec::new() };
    let lost: Vec<_> = running.into_iter().filter(|(_, pod)| !there.contains(pod)).map(|(task, _)| task).collect();
    lost.iter()
        .map(|task| {
            Finding::warn(
                "tasks",
                format!("task \"{task}\" is Running and its Pod is gone: it will never end by itself"),
            )
            .hint(format!("kubectl opencode task stop {task}"))
        })
        .collect()
}

/// Names of the Pods of tasks. Who may not list Pods hears so among the rights.
async fn task_pods(context: &Context) -> Result<BTreeSet<String>> {
    let cluster = context.cluster().await?;
    let pods: Api<Pod> = Api::namespaced(cluster.client.clone(), &cluster.namespace);
    let labels = format!("{}={}", keys::APP, keys::APP_VALUE);
    let request = crate::cluster::Request::new("list", "pods").namespace(&cluster.namespace);
    let listed = pods.list(&ListParams::default().labels(&labels)).await;
    let listed = listed.map_err(|error| crate::cluster::api_error(error, &request))?;
    Ok(listed.items.into_iter().filter_map(|pod| pod.metadata.name).collect())
}
