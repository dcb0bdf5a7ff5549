//! A reader of standard output that went away: every command ends well, and says nothing.

use kubectl_opencode::api::kinds::{AGENT, SESSION, TASK};
use serde_json::json;

use crate::cluster::Cluster;
use crate::home::Home;
use crate::leaves::{are_all_in, words};
use crate::program::Program;
use crate::sandbox::shared;

/// Commands that need no agent's server, in an order in which each finds what it needs.
const LINES: [&str; 82] = [
    "get tasks -A",
    "get tasks,sessions,agents",
    "task list -w",
    "task list -o json",
    "task list -o yaml",
    "task list -o name",
    "task list -o jsonpath={.items[*].metadata.name}",
    "task list -o custom-columns=N:.metadata.name",
    "task list --sort-by .metadata.name",
    "task get t",
    "task describe t",
    "describe task t",
    "task wait t -q",
    "task retry t -q",
    "task create hi -a dev -q",
    "task create hi -a dev --dry-run=client -o yaml",
    "task stop --all -q",
    "task delete v -q",
    "session create x -a dev -q",
    "session list",
    "session get s",
    "session describe s",
    "session edit s",
    "session set s --title x",
    "session label s a=b",
    "session annotate s a=b",
    "session clone s",
    "session stop s",
    "session start s",
    "session wait s --for idle -q",
    "session delete x",
    "session prune --finished -y -q",
    "events",
    "events -w",
    "agent create new",
    "agent list",
    "agent get dev",
    "agent describe dev",
    "agent wait dev -q",
    "agent logs dev",
    "agent restart dev --dry-run",
    "agent suspend dev",
    "agent resume dev",
    "agent delete new",
    "config resolve",
    "config set agent dev",
    "config view",
    "config unset agent",
    "template create session begin --mode plan",
    "template create tpl",
    "template list",
    "template get tpl",
    "template describe tpl",
    "template delete tpl",
    "schedule create c hi --schedule 0_0_*_*_* -a dev --dry-run=client",
    "schedule create c hi --schedule 0_0_*_*_* -a dev",
    "schedule list",
    "schedule get c",
    "schedule describe c",
    "schedule suspend c",
    "schedule resume c",
    "schedule trigger c",
    "schedule runs c -o json",
    "schedule delete c",
    "exec agent/dev -- echo hi",
    "doctor -q",
    "status",
    "status -w",
    "explain",
    "explain rbac",
    "version",
    "help",
    "version -o json",
    "completion bash",
    "completion kubectl",
    "install --print",
    "__complete -- task get t",
    "task --help",
    "--version",
    "session --help",
    "get tasks -w",
    "session list -w",
];

/// Commands about conversations, in an order in which each finds what it needs. SES is a conversation without an object.
const CONVERSATION_LINES: [&[&str]; 36] = [
    &["attach", "session/unread", "--list", "-o", "json"],
    &["session", "attach", "unread", "--list", "-o", "json"],
    &["agent", "attach", "dev", "--list", "-o", "json"],
    &["run", "--agent", "dev", "--name", "unread", "-q", "%say x"],
    &["task", "logs", "unread"],
    &["task", "transcript", "unread"],
    &["session", "send", "unread", "-q", "%say x"],
    &["session", "command", "-q", "unread", "/review", "%say x"],
    &["session", "chat", "unread", "-q"],
    &["session", "commands", "unread"],
    &["session", "transcript", "unread"],
    &["session", "transcript", "unread", "-f"],
    &["session", "todo", "unread"],
    &["session", "children", "unread"],
    &["session", "diff", "unread", "-q"],
    &["session", "export", "unread"],
    &["session", "endpoint", "unread", "-q"],
    &["session", "revert", "unread", "-q"],
    &["session", "unrevert", "unread"],
    &["session", "interrupt", "unread", "-q"],
    &["session", "fork", "unread", "-q"],
    &["session", "clone", "unread", "--history", "-q"],
    &["session", "import", "EXPORT", "-a", "dev", "-q"],
    &["session", "list", "--unmanaged"],
    &["session", "adopt", "SES", "-q"],
    &["session", "restart", "unread", "-q"],
    &["session", "move", "unread", "--to-agent", "unread-far", "-q"],
    &["play", "CAST"],
    &["approvals"],
    &["approvals", "-w"],
    &["approve", "unread-asks"],
    &["session", "approve", "unread-asks"],
    &["reject", "unread-asks"],
    &["session", "reject", "unread-asks"],
    &["answer", "unread-asks", "red"],
    &["session", "answer", "unread-asks", "red"],
];

#[test]
fn every_command_ends_silently_when_nobody_reads() {
    let cluster = Cluster::start();
    cluster.ready_agent("dev");
    // Nothing of it is lost by a restart, which would be a warning.
    cluster.patch(&AGENT, "dev", &json!({"spec": {"persistence": {"sessions": {}}}}));
    for name in ["t", "u", "v"] {
        cluster.create(&TASK, name, json!({"agentRef": {"name": "dev"}, "description": "x"}));
        cluster.status(&TASK, name, &json!({"phase": "Completed"}));
    }
    cluster.create(&SESSION, "s", json!({"agentRef": {"name": "dev"}}));
    cluster.status(&SESSION, "s", &json!({"phase": "Running", "activity": "Idle"}));
    cluster.event("s", "it runs");
    let program = cluster.program().with("KUBE_EDITOR", "sed -i 's/^spec:/spec:\\n  title: edited/'");
    for line in LINES {
        let words = words(line);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let seen = program.run_unread(&words);
        assert_eq!((seen.status, seen.stderr.as_str()), (0, ""), "{seen}");
    }
}

#[test]
fn every_command_about_a_conversation_ends_silently_when_nobody_reads() {
    let home = shared();
    for name in ["unread", "unread-left"] {
        let words = ["session", "create", name, "--agent", "dev", "--retain", "--wait"];
        home.inside(&words).ok();
    }
    home.inside(&["agent", "create", "unread-far", "--wait", "--timeout", "60s"]).ok();
    home.inside(&["session", "create", "unread-asks", "--agent", "dev", "--permissions", "ask", "--wait"]).ok();
    home.inside(&["session", "send", "unread", "%todo wash\n%task %say from below\n%say done"]).ok();
    let left = home.inside(&["session", "get", "unread-left", "-o", "jsonpath={.status.sessionID}"]).ok();
    home.inside(&["session", "delete", "unread-left"]).ok();
    let export = home.path().join("unread.json").to_str().unwrap().to_owned();
    home.inside(&["session", "export", "unread", "-o", "json", "-f", &export]).ok();
    let cast = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/terminal.cast");

    let kubeconfig = std::fs::read_to_string(home.state().join("kubeconfig")).unwrap();
    let program = Program::with_kubeconfig(&kubeconfig);
    let typed = program.file("typed", "%say x\n");
    let mut asked = false;
    for line in CONVERSATION_LINES {
        let request = if line.contains(&"answer") { "%question Which? | red | blue" } else { "%write unread.txt x" };
        if line.contains(&"unread-asks") || line[0] == "approvals" {
            if !asked {
                ask(&home, request);
            }
            // A list leaves what it shows.
            asked = line[0] == "approvals";
        }
        let filled = |word: &&'static str| match *word {
            "SES" => left.clone(),
            "EXPORT" => export.clone(),
            "CAST" => cast.to_owned(),
            word => word.to_owned(),
        };
        let words: Vec<_> = line.iter().map(filled).collect();
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let stdin = std::fs::File::open(&typed).unwrap();
        let seen = program.run_unread_with(&words, stdin);
        assert_eq!((seen.status, seen.stderr.as_str()), (0, ""), "{seen}");
    }
    home.inside(&["agent", "delete", "unread-far", "--force"]).ok();
}

/// Has the session that asks wait for a person, once its last turn is over.
fn ask(home: &Home, prompt: &str) {
    home.inside(&["session", "wait", "unread-asks", "--for", "idle", "--timeout", "60s"]).ok();
    home.inside(&["session", "send", "unread-asks", "--no-wait", prompt]).ok();
    home.inside(&["session", "wait", "unread-asks", "--for", "waiting-input", "--timeout", "60s"]).ok();
}

#[test]
fn no_command_is_left_unread() {
    let conversations = CONVERSATION_LINES.iter().map(|line| line.iter().map(ToString::to_string).collect());
    let table: Vec<Vec<String>> = LINES.iter().map(|line| words(line)).chain(conversations).collect();
    are_all_in(
        &table,
        &[
            ("agent shell", "it needs a terminal"),
            ("tunnel", "it runs until it is interrupted"),
            ("controller", "it runs until it is interrupted"),
            ("session share", "it needs the service that shows shared conversations"),
            ("session unshare", "it needs the service that shows shared conversations"),
            ("sandbox", "it makes a cluster of its own"),
            ("__generate", "it writes files"),
        ],
    );
}
