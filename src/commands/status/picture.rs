//! What `status` shows, as text and as a value.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::list::filter::{agent_of, made, phase_of};
use super::super::list::objects::text_at;
use super::{Key, Known};
use crate::output::{Table, age};

/// What is left of an object for a picture.
pub fn brief(object: &Value) -> Value {
    let field = |pointer: &str| object.pointer(pointer).cloned().unwrap_or_default();
    let queued = field("/status/conditions").as_array().into_iter().flatten().find_map(|condition| {
        (condition["type"] == "Queued" && condition["status"] == "True").then(|| {
            let (reason, message) = (text_at(condition, "/reason"), text_at(condition, "/message"));
            if message.is_empty() { reason } else { format!("{reason}: {message}") }
        })
    });
    json!({
        "metadata": {"creationTimestamp": field("/metadata/creationTimestamp")},
        "agent": agent_of(object),
        "phase": phase_of(object),
        "activity": field("/status/activity"),
        "title": field("/spec/title"),
        "pending": field("/status/pending"),
        "why": queued,
        "started": field("/status/startTime"),
        "suspended": field("/spec/suspend"),
        "ready": field("/status/ready"),
        "limit": field("/spec/maxConcurrentTasks"),
    })
}

/// Everything that is known at one moment.
#[derive(Clone, Copy)]
pub struct Picture<'a> {
    /// Agents, tasks, sessions.
    pub known: &'a [Known; 3],
    /// Whether names need their namespace.
    pub namespaces: bool,
    /// The moment.
    pub now: Timestamp,
}

impl Picture<'_> {
    fn tasks(&self, phases: &'static [&'static str]) -> impl Iterator<Item = (&Key, &Value)> {
        self.known[1].iter().filter(move |(_, task)| phases.contains(&text_at(task, "/phase").as_str()))
    }

    fn sessions(&self) -> impl Iterator<Item = (&Key, &Value)> {
        let over = |session: &Value| ["Completed", "Failed", "Stopped"].contains(&text_at(session, "/phase").as_str());
        self.known[2].iter().filter(move |(_, session)| !over(session))
    }

    fn waiting(&self) -> impl Iterator<Item = (&Key, &Value)> {
        self.sessions().filter(|(_, session)| session["activity"] == "WaitingInput")
    }

    fn on_agent<'a>(agent: &'a Key, found: impl Iterator<Item = (&'a Key, &'a Value)>) -> usize {
        found.filter(|((namespace, _), object)| *namespace == agent.0 && object["agent"] == agent.1.as_str()).count()
    }

    /// For people.
    pub fn text(&self, colour: bool) -> String {
        let mut parts = Vec::new();
        let mut part = |table: Table| {
            if !table.is_empty() {
                parts.push(table.render(true, colour));
            }
        };
        let mut agents = self.table(["Agent", "Status", "Running", "Queued", "Sessions", "Age"]);
        for (key, agent) in &self.known[0] {
            let running = Self::on_agent(key, self.tasks(&["Running"]));
            let limit = agent["limit"].as_i64().filter(|limit| *limit > 0);
            let running = limit.map_or_else(|| running.to_string(), |limit| format!("{running}/{limit}"));
            let queued = Self::on_agent(key, self.tasks(&["Queued", "Pending"])).to_string();
            let sessions = Self::on_agent(key, self.sessions()).to_string();
            self.row(
                &mut agents,
                key,
                [state(agent).to_owned(), running, queued, sessions, age(made(agent), self.now)],
            );
        }
        part(agents);
        let mut tasks = self.table(["Task", "Phase", "Agent", "For", "Why"]);
        for (key, task) in self.tasks(&["Running", "Queued", "Pending"]) {
            let since = text_at(task, "/started").parse().ok().or_else(|| made(task));
            let text = |field| text_at(task, field);
            self.row(&mut tasks, key, [text("/phase"), text("/agent"), age(since, self.now), text("/why")]);
        }
        part(tasks);
        let mut sessions = self.table(["Session", "Phase", "Activity", "Agent", "Age", "Title"]);
        for (key, session) in self.sessions() {
            let text = |field| text_at(session, field);
            let cells =
                [text("/phase"), text("/activity"), text("/agent"), age(made(session), self.now), text("/title")];
            self.row(&mut sessions, key, cells);
        }
        part(sessions);
        let mut waiting = self.table(["Waits for you", "Because of", "See and answer it with"]);
        for (key, session) in self.waiting() {
            let place = if self.namespaces { format!("-n {} ", key.0) } else { String::new() };
            let see = format!("kubectl opencode {place}approvals {}", key.1);
            self.row(&mut waiting, key, [wants(&session["pending"]), see]);
        }
        part(waiting);
        parts.push(format!("{}\n", self.summary()));
        parts.join("\n")
    }

    fn table<const N: usize>(&self, headers: [&str; N]) -> Table {
        Table::new(self.namespaces.then_some("Namespace").into_iter().chain(headers))
    }

    fn row<const N: usize>(&self, table: &mut Table, key: &Key, cells: [String; N]) {
        table.row(self.namespaces.then(|| key.0.clone()).into_iter().chain([key.1.clone()]).chain(cells));
    }

    /// How many tasks are in each phase, and how many sessions wait.
    fn summary(&self) -> String {
        let counts: Vec<_> =
            self.counts().into_iter().map(|(phase, count)| format!("{count} {}", phase.to_lowercase())).collect();
        let tasks = if counts.is_empty() { "none".to_owned() } else { counts.join(", ") };
        format!(
            "tasks: {tasks}; sessions: {} open, {} waiting for you",
            self.sessions().count(),
            self.waiting().count()
        )
    }

    fn counts(&self) -> Vec<(String, usize)> {
        let mut counts: Vec<(String, usize)> = Vec::new();
        for task in self.known[1].values() {
            let phase = text_at(task, "/phase");
            match counts.iter_mut().find(|(known, _)| *known == phase) {
                Some((_, count)) => *count += 1,
                None => counts.push((phase, 1)),
            }
        }
        let order = ["Running", "Queued", "Pending", "Completed", "Failed"];
        counts.sort_by_key(|(phase, _)| order.iter().position(|known| known == phase).unwrap_or(order.len()));
        counts
    }

    /// For programs.
    pub fn value(&self) -> Value {
        let named = |key: &Key, fields: Value| {
            let mut object = json!({"namespace": key.0, "name": key.1});
            if let (Some(object), Value::Object(fields)) = (object.as_object_mut(), fields) {
                object.extend(fields);
            }
            object
        };
        let agents = self.known[0].iter().map(|(key, agent)| {
            named(
                key,
                json!({"state": state(agent), "running": Self::on_agent(key, self.tasks(&["Running"])), "limit": agent["limit"],
                    "queued": Self::on_agent(key, self.tasks(&["Queued", "Pending"])),
                    "sessions": Self::on_agent(key, self.sessions())}),
            )
        });
        let tasks = self.tasks(&["Running", "Queued", "Pending"]).map(|(key, task)| {
            named(key, json!({"phase": task["phase"], "agent": task["agent"], "why": task["why"], "startTime": task["started"]}))
        });
        let sessions = self.sessions().map(|(key, session)| {
            let fields = json!({"phase": session["phase"], "activity": session["activity"], "agent": session["agent"],
                "title": session["title"], "pending": session["pending"]});
            named(key, fields)
        });
        json!({
            "agents": agents.collect::<Vec<_>>(),
            "tasks": tasks.collect::<Vec<_>>(),
            "sessions": sessions.collect::<Vec<_>>(),
            "taskCounts": self.counts().into_iter().map(|(phase, count)| (phase, Value::from(count))).collect::<serde_json::Map<_, _>>(),
            "waiting": self.waiting().map(|(key, session)| named(key, json!({"pending": session["pending"]}))).collect::<Vec<_>>(),
        })
    }
}

fn state(agent: &Value) -> &'static str {
    match (agent["suspended"] == true, agent["ready"] == true) {
        (true, _) => "Suspended",
        (_, true) => "Ready",
        _ => "NotReady",
    }
}

/// What a session asks for.
fn wants(pending: &Value) -> String {
    let count = |field: &str, one: &str| match pending[field].as_u64().unwrap_or_default() {
        0 => None,
        1 => Some(format!("1 {one}")),
        more => Some(format!("{more} {one}s")),
    };
    let told: Vec<_> =
        [count("permissions", "permission"), count("questions", "question")].into_iter().flatten().collect();
    if told.is_empty() { "input".to_owned() } else { told.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(objects: &[Value]) -> Known {
        objects.iter().map(|object| (("n".to_owned(), text_at(object, "/metadata/name")), brief(object))).collect()
    }

    #[test]
    fn a_picture_shows_what_works_and_what_waits() {
        let meta = |name: &str| json!({"name": name, "creationTimestamp": "2026-01-01T00:00:00Z"});
        let agents =
            known(&[json!({"metadata": meta("dev"), "spec": {"maxConcurrentTasks": 2}, "status": {"ready": true}})]);
        let task = |name: &str, phase: &str| {
            json!({"metadata": meta(name), "spec": {"agentRef": {"name": "dev"}}, "status": {"phase": phase, "conditions": [
                {"type": "Queued", "status": if phase == "Queued" { "True" } else { "False" }, "reason": "AgentAtCapacity", "message": "2 of 2"}]}})
        };
        let tasks =
            known(&[task("a", "Running"), task("b", "Queued"), task("c", "Completed"), task("d\u{1b}", "Failed")]);
        let sessions =
            known(&[json!({"metadata": meta("s"), "spec": {"title": "t\u{1b}[2J"}, "status": {"phase": "Running",
            "agentRef": {"name": "dev"}, "activity": "WaitingInput", "pending": {"permissions": 1, "questions": 2}}})]);
        let now = "2026-01-01T00:01:00Z".parse().unwrap();
        let all = [agents, tasks, sessions];
        let picture = Picture { known: &all, namespaces: false, now };
        assert_eq!(
            picture.text(false),
            "AGENT   STATUS   RUNNING   QUEUED   SESSIONS   AGE\n\
             dev     Ready    1/2       1        1          60s\n\
             \n\
             TASK   PHASE     AGENT   FOR   WHY\n\
             a      Running   dev     60s\n\
             b      Queued    dev     60s   AgentAtCapacity: 2 of 2\n\
             \n\
             SESSION   PHASE     ACTIVITY       AGENT   AGE   TITLE\n\
             s         Running   WaitingInput   dev     60s   t\\x1b[2J\n\
             \n\
             WAITS FOR YOU   BECAUSE OF                  SEE AND ANSWER IT WITH\n\
             s               1 permission, 2 questions   kubectl opencode approvals s\n\
             \n\
             tasks: 1 running, 1 queued, 1 completed, 1 failed; sessions: 1 open, 1 waiting for you\n"
        );
        assert_eq!(picture.value()["waiting"][0]["pending"]["questions"], 2);
        assert!(Picture { namespaces: true, ..picture }.text(false).contains("kubectl opencode -n n approvals s"));
    }
}
