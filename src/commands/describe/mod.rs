//! `describe`: one object with everything that belongs to it, and on top why it is as it is.
//!
//! The Pod, the Agent and the events are looked at too. What may not be read is left out with a note that names the right.

pub(super) mod why;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Event, Pod};
use kube::Api;
use kube::api::ListParams;
use serde_json::Value;

use super::batch::{self, Failures};
use super::events::{last_seen, times_seen};
use super::list::{self, objects};
use super::wait::read;
use super::{Context, agents, settings, target};
use crate::api::kinds::{AGENT, Kind, SCHEDULE, SESSION, SESSION_TEMPLATE, TASK};
use crate::api::{Agent, Session, Task, keys};
use crate::cli::describe::{Describe, DescribeNamed};
use crate::cli::flags::{Listing, Selection};
use crate::cluster::{self, Request};
use crate::error::{Code, Error, Result};
use crate::output::{Description, Table, age, span, to_yaml};
use why::Why;

/// Fields of a spec that stand above it under names of their own.
const SHOWN: [&str; 4] = ["agentRef", "templateRef", "description", "prompt"];

/// `describe KIND[,KIND] [NAME…]`, `describe KIND/NAME…`.
pub async fn run(context: &Context, args: &Describe) -> Result<()> {
    let mut failures = Failures::default();
    let mut first = true;
    for wanted in list::wanted(&args.kind, &args.names)? {
        describe(context, wanted.kind, &wanted.names, &args.selection, &mut first, &mut failures).await?;
    }
    failures.into_result("cannot describe")
}

/// `NOUN describe [NAME…]`.
pub async fn of_kind(context: &Context, kind: &'static Kind, args: &DescribeNamed) -> Result<()> {
    of_kinds(context, &[(kind, args.clone())]).await
}

/// As [`of_kind`], of a noun that stands for several.
pub async fn of_kinds(context: &Context, wanted: &[(&'static Kind, DescribeNamed)]) -> Result<()> {
    let mut failures = Failures::default();
    let mut first = true;
    for (kind, DescribeNamed { names, selection }) in wanted {
        describe(context, kind, names, selection, &mut first, &mut failures).await?;
    }
    failures.into_result("cannot describe")
}

async fn describe(
    context: &Context,
    kind: &'static Kind,
    names: &[String],
    selection: &Selection,
    first: &mut bool,
    failures: &mut Failures,
) -> Result<()> {
    let mut found = Vec::new();
    if names.is_empty() {
        let namespace = context.cluster().await?.namespace.clone();
        let listing = Listing { selection: selection.clone(), ..Listing::default() };
        found = objects::all(context, kind, Some(&namespace), &listing).await?;
        if found.is_empty() {
            context.printer.note(&batch::nothing_found(Some(&namespace)));
        }
    } else if selection.selector.is_some() || selection.field_selector.is_some() {
        return Err(Error::usage("names and selectors cannot be combined").hint("leave one out"));
    }
    for name in names {
        match objects::object(context, kind, name).await {
            Ok(object) => found.push(object),
            Err(error) => failures.add(error),
        }
    }
    for object in found {
        let text = of_object(context, kind, &object).await?.render();
        // kubectl leaves two lines between objects.
        context.printer.print(&format!("{}{text}", if *first { "" } else { "\n\n" }))?;
        *first = false;
    }
    Ok(())
}

async fn of_object(context: &Context, kind: &'static Kind, object: &Value) -> Result<Description> {
    let now = context.now();
    let surroundings = Surroundings::of(context, kind, object).await?;
    let why = surroundings.why(kind, object, now)?;
    let mut text = Description::default();
    if let Some(Why { because, next }) = why {
        text.field("Why", because);
        text.field_if("Next", next.map(|next| context.printer.to_type(&next)));
    }
    identity(&mut text, object, now);
    overview(&mut text, kind, object, now);
    surroundings.pod(&mut text);
    summary(&mut text, object);
    rest_of_spec(&mut text, object)?;
    if *kind == SESSION_TEMPLATE {
        let data = format!("/data/{}", settings::TEMPLATE_FILE);
        text.section("Sessions of it", |section| section.text(&objects::text_at(object, &data)));
    }
    conditions(&mut text, object, now, context.printer.colour());
    surroundings.events(&mut text, now, context.printer.colour());
    Ok(text)
}

/// What is looked at besides the object. What may not be read is an error of its own.
struct Surroundings {
    agent: Option<Agent>,
    pod: Option<Result<Pod>>,
    events: Result<Vec<Event>>,
}

impl Surroundings {
    async fn of(context: &Context, kind: &'static Kind, object: &Value) -> Result<Self> {
        let (pod, agent) = match kind.kind {
            "Task" => {
                let task: Task = read(object)?;
                let agent = agent(context, target::agent_of(&task)).await?;
                let pod = task.status.and_then(|status| status.pod_name);
                (pod_named(context, pod.as_deref()).await?, agent)
            }
            "Session" => {
                let session: Session = read(object)?;
                let status = session.status.unwrap_or_default();
                let named = status.agent_ref.or(session.spec.agent_ref);
                let agent = agent(context, named.as_ref().map(|agent| agent.name.as_str())).await?;
                let pod = match (&status.pod_name, &agent) {
                    (None, Some(agent)) => pod_of_server(context, agent).await?,
                    (name, _) => pod_named(context, name.as_deref()).await?,
                };
                (pod, agent)
            }
            "Agent" => (pod_of_server(context, &read(object)?).await?, None),
            _ => (None, None),
        };
        let events = optional(events(context, object).await)?;
        Ok(Self { agent, pod, events })
    }

    fn why(&self, kind: &Kind, object: &Value, now: Timestamp) -> Result<Option<Why>> {
        let pod = self.pod.as_ref().and_then(|pod| pod.as_ref().ok());
        let agent = self.agent.as_ref();
        Ok(match kind {
            kind if *kind == TASK => Some(why::of_task(&read(object)?, pod, agent, now)),
            kind if *kind == SESSION => Some(why::of_session(&read(object)?, pod, agent, now)),
            kind if *kind == AGENT => Some(why::of_agent(&read(object)?, pod, now)),
            kind if *kind == SCHEDULE => Some(why::of_schedule(&read(object)?, now)),
            _ => None,
        })
    }

    fn pod(&self, text: &mut Description) {
        match &self.pod {
            None => {}
            Some(Err(error)) => text.field("Pod", unreadable(error)),
            Some(Ok(pod)) => {
                text.field("Pod", pod.metadata.name.as_deref().unwrap_or_default());
                let status = pod.status.clone().unwrap_or_default();
                text.field_if("  Phase", status.phase.as_ref());
                text.field_if("  Node", pod.spec.as_ref().and_then(|spec| spec.node_name.as_ref()));
                for container in status.init_container_statuses.iter().chain(&status.container_statuses).flatten() {
                    text.field(&format!("  {}", container.name), container_state(container));
                }
            }
        }
    }

    fn events(&self, text: &mut Description, now: Timestamp, colour: bool) {
        match &self.events {
            Err(error) => text.field("Events", unreadable(error)),
            Ok(events) => text.section("Events", |section| {
                let mut table = Table::new(["Type", "Reason", "Age", "From", "Message"]);
                for event in events {
                    table.row(event_row(event, now));
                }
                if !table.is_empty() {
                    section.table(&table, colour);
                }
            }),
        }
    }
}

/// A refusal is for the reader; anything else ends the command.
fn optional<T>(found: Result<T>) -> Result<Result<T>> {
    match found {
        Err(error) if error.code != Code::Forbidden => Err(error),
        found => Ok(found),
    }
}

fn unreadable(error: &Error) -> String {
    let hint = error.hint.as_deref().map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("<{}{hint}>", error.message)
}

/// The agent of that name; none if it does not exist or may not be read.
async fn agent(context: &Context, name: Option<&str>) -> Result<Option<Agent>> {
    let Some(name) = name else { return Ok(None) };
    match agents::get(context, &AGENT, name).await {
        Err(error) if matches!(error.code, Code::Forbidden | Code::AgentNotFound) => Ok(None),
        agent => agent.map(Some),
    }
}

async fn pods(context: &Context) -> Result<Api<Pod>> {
    let cluster = context.cluster().await?;
    Ok(Api::namespaced(cluster.client.clone(), &cluster.namespace))
}

async fn pod_named(context: &Context, name: Option<&str>) -> Result<Option<Result<Pod>>> {
    let Some(name) = name else { return Ok(None) };
    let found = pods(context).await?.get_opt(name).await;
    let namespace = &context.cluster().await?.namespace;
    let found =
        found.map_err(|error| cluster::api_error(error, &Request::new("get", "pods").namespace(namespace).name(name)));
    match found {
        Err(error) if error.code == Code::NotFound => Ok(None),
        found => Ok(optional(found)?.transpose()),
    }
}

/// The newest Pod of an Agent's server.
async fn pod_of_server(context: &Context, agent: &Agent) -> Result<Option<Result<Pod>>> {
    let (cluster, name) = (context.cluster().await?, agent.metadata.name.as_deref().unwrap_or_default());
    let found = cluster::server_pods(&cluster.client, &cluster.namespace, name).await;
    let newest = |pods: Vec<Pod>| pods.into_iter().max_by_key(|pod| pod.metadata.creation_timestamp.clone());
    Ok(optional(found.map(newest))?.transpose())
}

/// The object's events, oldest first.
async fn events(context: &Context, object: &Value) -> Result<Vec<Event>> {
    let cluster = context.cluster().await?;
    let namespace = objects::text_at(object, "/metadata/namespace");
    let events: Api<Event> = Api::namespaced(cluster.client.clone(), &namespace);
    let uid = objects::text_at(object, "/metadata/uid");
    let mut found = events
        .list(&ListParams::default().fields(&format!("involvedObject.uid={uid}")))
        .await
        .map_err(|error| cluster::api_error(error, &Request::new("list", "events").namespace(&namespace)))?
        .items;
    found.sort_by_key(last_seen);
    Ok(found)
}

fn event_row(event: &Event, now: Timestamp) -> [String; 5] {
    let first =
        event.first_timestamp.as_ref().map(|time| time.0).or_else(|| event.event_time.as_ref().map(|time| time.0));
    let count = times_seen(event).unwrap_or(1);
    let last = age(last_seen(event), now);
    let when = if count > 1 { format!("{last} (x{count} over {})", age(first, now)) } else { last };
    let from = event.reporting_component.clone().filter(|from| !from.is_empty());
    let from = from.or_else(|| event.source.as_ref().and_then(|source| source.component.clone()));
    [
        event.type_.clone().unwrap_or_default(),
        event.reason.clone().unwrap_or_default(),
        when,
        from.unwrap_or_default(),
        event.message.clone().unwrap_or_default().trim().to_owned(),
    ]
}

fn container_state(container: &k8s_openapi::api::core::v1::ContainerStatus) -> String {
    let state = container.state.clone().unwrap_or_default();
    let now = if let Some(waiting) = state.waiting {
        format!("waiting{}", waiting.reason.map(|reason| format!(", {reason}")).unwrap_or_default())
    } else if let Some(end) = state.terminated {
        format!("ended with status {}", end.exit_code)
    } else if state.running.is_some() {
        if container.ready { "running, ready".to_owned() } else { "running, not ready".to_owned() }
    } else {
        "unknown".to_owned()
    };
    match container.restart_count {
        0 => now,
        1 => format!("{now}, restarted once"),
        count => format!("{now}, restarted {count} times"),
    }
}

fn identity(text: &mut Description, object: &Value, now: Timestamp) {
    text.field("Name", objects::text_at(object, "/metadata/name"));
    text.field("Namespace", objects::text_at(object, "/metadata/namespace"));
    let pairs = |pointer: &str| {
        let found = object.pointer(pointer).and_then(Value::as_object);
        let pairs = found.into_iter().flatten().filter(|(key, _)| {
            // The first is this text again, in full; the others have fields of their own.
            !matches!(
                key.as_str(),
                "kubectl.kubernetes.io/last-applied-configuration" | keys::REQUEST | keys::CREATED_BY
            )
        });
        pairs.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect::<Vec<_>>().join("\n")
    };
    text.field_if("Labels", Some(pairs("/metadata/labels")));
    text.field_if("Annotations", Some(pairs("/metadata/annotations")));
    let by = object.pointer("/metadata/annotations").and_then(|all| all.get(keys::CREATED_BY)).and_then(Value::as_str);
    let by = by.map(|by| format!(" by {by}")).unwrap_or_default();
    text.field_if("Created", time(object, "/metadata/creationTimestamp", now).map(|when| when + &by));
}

/// The time that stands at a pointer, and how long ago it was.
fn time(object: &Value, pointer: &str, now: Timestamp) -> Option<String> {
    let text = objects::text_at(object, pointer);
    let moment: Timestamp = text.parse().ok()?;
    let seconds = now.as_second() - moment.as_second();
    Some(if seconds < 0 {
        format!("{text} (in {})", span(-seconds))
    } else {
        format!("{text} ({} ago)", span(seconds))
    })
}

fn overview(text: &mut Description, kind: &Kind, object: &Value, now: Timestamp) {
    let at = |pointer: &str| Some(objects::text_at(object, pointer));
    let resolved = at("/status/agentRef/name").filter(|name| !name.is_empty());
    text.field_if("Agent", resolved.or_else(|| at("/spec/agentRef/name")));
    text.field_if("Template", at("/spec/templateRef/name"));
    text.field_if("Phase", at("/status/phase"));
    text.field_if("Activity", at("/status/activity"));
    if *kind == AGENT {
        let flag = |pointer: &str| object.pointer(pointer).and_then(Value::as_bool).map(|flag| flag.to_string());
        text.field_if("Ready", flag("/status/ready"));
        text.field_if("Suspended", flag("/spec/suspend"));
        text.field_if("URL", at("/status/url"));
    }
    text.field_if("Started", time(object, "/status/startTime", now));
    text.field_if("Last activity", time(object, "/status/lastActivityTime", now));
    text.field_if("Ended", time(object, "/status/completionTime", now));
    text.field_if("Last run", time(object, "/status/lastScheduleTime", now));
    text.field_if("Last success", time(object, "/status/lastSuccessfulTime", now));
    text.field_if("Next run", time(object, "/status/nextScheduleTime", now));
}

/// The OpenCode session and what it has used.
fn summary(text: &mut Description, object: &Value) {
    let at = |pointers: [&str; 2]| pointers.into_iter().find_map(|pointer| object.pointer(pointer));
    let words = |pointers: [&str; 2]| at(pointers).and_then(Value::as_str).map(str::to_owned);
    let number = |pointers: [&str; 2]| at(pointers).and_then(Value::as_i64);
    let id = words(["/status/sessionID", "/status/session/id"]);
    let title = words(["/spec/title", "/status/session/title"]);
    if id.is_none() && title.is_none() {
        return;
    }
    text.field("OpenCode session", id.as_deref().unwrap_or("<not told yet>"));
    text.field_if("  Title", title);
    let show = |value: Option<i64>| value.map(|value| value.to_string());
    text.field_if("  Messages", show(number(["/status/summary/messages", "/status/session/summary/messageCount"])));
    let tokens = at(["/status/summary/tokens", "/status/session/summary/tokenUsage"]);
    text.field_if(
        "  Tokens",
        tokens.map(|tokens| {
            let of = |name: &str| tokens.get(name).and_then(Value::as_i64).unwrap_or_default();
            format!("{} in, {} out, {} reasoning, {} cached", of("input"), of("output"), of("reasoning"), of("cache"))
        }),
    );
    text.field_if(
        "  Cost",
        words(["/status/summary/cost", "/status/session/summary/cost"]).map(|cost| format!("${cost}")),
    );
    let files = number(["/status/summary/files", "/status/session/summary/filesChanged"]);
    let lines = |name: &str| {
        let of_session = format!("/status/summary/{name}");
        let of_task = format!("/status/session/summary/{name}");
        number([&of_session, &of_task]).unwrap_or_default()
    };
    text.field_if("  Files", files.map(|files| format!("{files} (+{} -{})", lines("additions"), lines("deletions"))));
}

/// The prompt, and every field of the spec that was not shown yet: what a newer platform adds is never left out.
fn rest_of_spec(text: &mut Description, object: &Value) -> Result<()> {
    let Some(Value::Object(spec)) = object.get("spec") else { return Ok(()) };
    for prompt in ["description", "prompt"] {
        if let Some(prompt) = spec.get(prompt).and_then(Value::as_str) {
            text.section("Prompt", |section| section.text(prompt));
        }
    }
    let rest: serde_json::Map<_, _> = spec
        .iter()
        .filter(|(key, _)| !SHOWN.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if !rest.is_empty() {
        let yaml = to_yaml(&Value::Object(rest))?;
        text.section("Spec", |section| section.text(&yaml));
    }
    Ok(())
}

fn conditions(text: &mut Description, object: &Value, now: Timestamp, colour: bool) {
    let Some(Value::Array(conditions)) = object.pointer("/status/conditions") else { return };
    text.section("Conditions", |section| {
        let mut table = Table::new(["Type", "Status", "Since", "Reason", "Message"]);
        for condition in conditions {
            let at = |name: &str| condition.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let since = age(at("lastTransitionTime").parse().ok(), now);
            table.row([at("type"), at("status"), since, at("reason"), at("message")]);
        }
        if !table.is_empty() {
            section.table(&table, colour);
        }
    });
}
