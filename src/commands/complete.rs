//! What may stand where the cursor stands: what the parser knows, and names from the cluster or the kubeconfig.
//!
//! kubectl completes a plugin by running `kubectl_complete-NAME` with the words after the plugin's name, the last one
//! unfinished; that prints one candidate a line, with a tab before its description, and may end with `:N`, cobra's
//! directive (4: no file names). Source: `pkg/cmd/plugin/plugin_completion.go` of kubectl.

use std::ffi::OsString;
use std::time::Duration;

use clap::ArgAction;
use kube::config::Kubeconfig;

use super::Context;
use super::explain;
use super::list::chunk::{ACCEPT_TABLE, Chunk, Include, Query, cell};
use crate::api::kinds::{AGENT, Kind, SCHEDULE, SESSION, SESSION_TEMPLATE, TASK, TEMPLATE};
use crate::cli;
use crate::cli::completion::CompleteArgs;
use crate::cli::flags::{Connection, Global, Selection};
use crate::error::{Error, Result};
use crate::output::{ColorChoice, Printer, Untrusted};

/// Longest time for names from the cluster: a person waits at the keyboard.
const NAMES: Duration = Duration::from_secs(1);
/// Most names that are offered.
const MOST: u32 = 1000;

/// What the last word may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Nothing,
    Object(&'static Kind),
    Namespace,
    Context,
    Cluster,
    User,
    Topic,
}

/// A line as far as it is typed.
#[derive(Debug)]
struct Line {
    /// The commands in it: `["task", "get"]`.
    commands: Vec<String>,
    /// Its other words, without flags and their values.
    plain: Vec<String>,
    /// Flags and their values.
    flags: Vec<(String, String)>,
    /// The flag whose value the last word is.
    open: Option<String>,
}

/// Prints the candidates for the last word.
pub async fn complete(context: &Context, args: &CompleteArgs) -> Result<()> {
    let mut words: Vec<OsString> =
        std::iter::once("kubectl-opencode".into()).chain(args.words.iter().cloned()).collect();
    if words.len() == 1 {
        words.push(OsString::new());
    }
    let index = words.len() - 1;
    let known = clap_complete::engine::complete(&mut cli::command(&[]), words.clone(), index, None);
    let known = known.map_err(Error::unexpected)?;
    let mut lines: Vec<String> = known
        .iter()
        .filter(|candidate| !candidate.is_hide_set())
        .map(|candidate| {
            let value = candidate.get_value().to_string_lossy();
            candidate.get_help().map_or_else(|| value.to_string(), |help| format!("{value}\t{help}"))
        })
        .collect();
    let texts: Vec<_> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    if let Some((last, before)) = texts.split_last() {
        let line = Line::read(before);
        let (before_slash, typed) = match last.split_once('/') {
            Some((kind, name)) => (Some(kind), name),
            None => (None, last.as_str()),
        };
        let wanted = line.wants(last, before_slash);
        let prefix = before_slash.map(|kind| format!("{kind}/")).unwrap_or_default();
        // Whatever keeps the names away, the person at the keyboard has no use for it.
        let found = tokio::time::timeout(NAMES, names(context, &line, wanted)).await;
        for (name, about) in found.ok().and_then(Result::ok).unwrap_or_default() {
            if name.starts_with(typed) && !line.plain.contains(&name) {
                let about = if about.is_empty() { about } else { format!("\t{}", Untrusted(&about)) };
                lines.push(format!("{prefix}{}{about}", Untrusted(&name)));
            }
        }
    }
    lines.push(":4\n".to_owned());
    context.printer.print(&lines.join("\n"))
}

impl Line {
    /// Reads the words before the last one, the program's name first.
    fn read(words: &[String]) -> Self {
        let root = cli::command(&[]);
        let mut at = &root;
        let mut line = Self { commands: Vec::new(), plain: Vec::new(), flags: Vec::new(), open: None };
        for word in words.iter().skip(1) {
            if let Some(flag) = line.open.take() {
                line.flags.push((flag, word.clone()));
            } else if let Some((flag, value)) = word.split_once('=').filter(|_| word.starts_with('-')) {
                line.flags.push((flag.to_owned(), value.to_owned()));
            } else if word.starts_with('-') {
                let is_flag = |arg: &&clap::Arg| {
                    arg.get_long().is_some_and(|long| *word == format!("--{long}"))
                        || arg.get_short().is_some_and(|short| *word == format!("-{short}"))
                };
                let arg = at.get_arguments().chain(root.get_arguments()).find(is_flag);
                let takes_value = arg.is_some_and(|arg| {
                    matches!(arg.get_action(), ArgAction::Set | ArgAction::Append) && !arg.is_require_equals_set()
                });
                line.open = takes_value.then(|| word.clone());
            } else if let Some(next) = at.find_subcommand(word).filter(|_| line.plain.is_empty()) {
                at = next;
                line.commands.push(next.get_name().to_owned());
            } else {
                line.plain.push(word.clone());
            }
        }
        line
    }

    fn wants(&self, last: &str, kind_before: Option<&str>) -> Wanted {
        let commands: Vec<_> = self.commands.iter().map(String::as_str).collect();
        match self.open.as_deref() {
            Some("--agent" | "-a" | "--fallback-agent") => return Wanted::Object(&AGENT),
            Some("--template") if ["session", "config"].contains(&commands.first().copied().unwrap_or_default()) => {
                return Wanted::Object(&SESSION_TEMPLATE);
            }
            Some("--template" | "--agent-template") => return Wanted::Object(&TEMPLATE),
            Some("--from") => return Wanted::Object(&SESSION),
            Some("--namespace" | "-n") => return Wanted::Namespace,
            Some("--context") => return Wanted::Context,
            Some("--cluster") => return Wanted::Cluster,
            Some("--user") => return Wanted::User,
            Some(_) => return Wanted::Nothing,
            None if last.starts_with('-') => return Wanted::Nothing,
            None => {}
        }
        if let Some(kind) = kind_before {
            return Kind::from_word(kind).map_or(Wanted::Nothing, Wanted::Object);
        }
        match commands.as_slice() {
            ["get" | "describe"] => {
                self.plain.first().and_then(|kind| Kind::from_word(kind)).map_or(Wanted::Nothing, Wanted::Object)
            }
            ["schedule", "runs"] if self.plain.is_empty() => Wanted::Object(&SCHEDULE),
            [_, "create" | "list" | "runs"] | ["session", "import" | "adopt"] => Wanted::Nothing,
            ["task", _] => Wanted::Object(&TASK),
            ["session", "send"] if !self.plain.is_empty() => Wanted::Nothing,
            ["session", _] | ["approvals" | "approve" | "reject" | "events"] => Wanted::Object(&SESSION),
            ["agent", _] => Wanted::Object(&AGENT),
            ["template", _] => Wanted::Object(&TEMPLATE),
            ["schedule", _] => Wanted::Object(&SCHEDULE),
            ["tunnel"] if self.plain.is_empty() => Wanted::Object(&AGENT),
            ["attach" | "exec" | "answer"] if self.plain.is_empty() => Wanted::Object(&SESSION),
            ["explain"] if self.plain.is_empty() => Wanted::Topic,
            _ => Wanted::Nothing,
        }
    }

    /// Which cluster the line is about, as whom.
    fn connection(&self) -> Connection {
        let value = |names: &[&str]| {
            self.flags.iter().rev().find(|(flag, _)| names.contains(&flag.as_str())).map(|(_, value)| value.clone())
        };
        Connection {
            namespace: value(&["-n", "--namespace"]),
            context: value(&["--context"]),
            kubeconfig: value(&["--kubeconfig"]).map(Into::into),
            cluster: value(&["--cluster"]),
            user: value(&["--user"]),
            as_user: value(&["--as"]),
            ..Connection::default()
        }
    }
}

/// Names, and what is said of each.
async fn names(context: &Context, line: &Line, wanted: Wanted) -> Result<Vec<(String, String)>> {
    let plain = |names: Vec<String>| names.into_iter().map(|name| (name, String::new())).collect();
    let kubeconfig = || {
        let read = match line.connection().kubeconfig {
            Some(file) => Kubeconfig::read_from(file),
            None => Kubeconfig::read(),
        };
        read.map_err(|error| Error::usage("cannot read the kubeconfig").because(error))
    };
    match wanted {
        Wanted::Nothing => Ok(Vec::new()),
        Wanted::Topic => Ok(explain::topics().map(|(name, about)| (name.to_owned(), about.to_owned())).collect()),
        Wanted::Context => Ok(kubeconfig()?
            .contexts
            .into_iter()
            .map(|named| (named.name, named.context.map(|context| context.cluster).unwrap_or_default()))
            .collect()),
        Wanted::Cluster => Ok(plain(kubeconfig()?.clusters.into_iter().map(|named| named.name).collect())),
        Wanted::User => Ok(plain(kubeconfig()?.auth_infos.into_iter().map(|named| named.name).collect())),
        Wanted::Namespace => rows(context, line, |_| Query::path("/api/v1/namespaces", ACCEPT_TABLE)).await,
        Wanted::Object(kind) => {
            let of_kind =
                |namespace: &str| Query::collection(kind, Some(namespace), &Selection::default(), ACCEPT_TABLE);
            rows(context, line, of_kind).await
        }
    }
}

/// The names in a table, and its other cells but the age.
async fn rows(context: &Context, line: &Line, query: impl Fn(&str) -> Query) -> Result<Vec<(String, String)>> {
    let global = Global { connection: line.connection(), ..context.global.clone() };
    let asking = Context::new(global, Printer::new(ColorChoice::Never, true));
    let cluster = asking.cluster().await?;
    let request = query(&cluster.namespace).including(Include::Cells).with("limit", &MOST).request()?;
    let text = cluster.client.request_text(request).await;
    let text = text.map_err(|error| Error::usage("no names").because(error))?;
    let chunk = Chunk::parse(&text, context.now())?;
    let shown: Vec<_> = (1..chunk.columns.len())
        .filter(|&index| chunk.columns[index].priority == 0 && chunk.columns[index].name != "Age")
        .collect();
    let about = |row: &super::list::chunk::Row| {
        let cells = shown.iter().filter_map(|&index| row.cells.get(index)).map(cell);
        cells.filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ")
    };
    Ok(chunk.rows.iter().map(|row| (row.name(), about(row))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_offered_where_a_name_belongs() {
        let wanted = |line: &str| {
            let words: Vec<_> = line.split(' ').map(str::to_owned).collect();
            let (last, before) = words.split_last().unwrap();
            Line::read(before).wants(last, last.split_once('/').map(|(kind, _)| kind))
        };
        assert_eq!(wanted("k task get "), Wanted::Object(&TASK));
        assert_eq!(wanted("k tk delete a b"), Wanted::Object(&TASK));
        assert_eq!(wanted("k -n team task get -o wide "), Wanted::Object(&TASK));
        assert_eq!(wanted("k task create "), Wanted::Nothing);
        assert_eq!(wanted("k run hi --agent "), Wanted::Object(&AGENT));
        assert_eq!(wanted("k session create --template "), Wanted::Object(&SESSION_TEMPLATE));
        assert_eq!(wanted("k session create --agent-template "), Wanted::Object(&TEMPLATE));
        assert_eq!(wanted("k run hi --template "), Wanted::Object(&TEMPLATE));
        assert_eq!(wanted("k get sessions "), Wanted::Object(&SESSION));
        assert_eq!(wanted("k get session/"), Wanted::Object(&SESSION));
        assert_eq!(wanted("k attach task/"), Wanted::Object(&TASK));
        assert_eq!(wanted("k describe ct "), Wanted::Object(&SCHEDULE));
        assert_eq!(wanted("k schedule runs "), Wanted::Object(&SCHEDULE));
        assert_eq!(wanted("k task get --"), Wanted::Nothing);
        assert_eq!(wanted("k task list -n "), Wanted::Namespace);
        assert_eq!(wanted("k --context "), Wanted::Context);
        assert_eq!(wanted("k explain "), Wanted::Topic);
        assert_eq!(wanted("k task list -o "), Wanted::Nothing);
        assert_eq!(wanted("k ta"), Wanted::Nothing);
    }

    #[test]
    fn the_line_says_which_cluster_is_asked() {
        let words: Vec<_> = "k -n a task --context=c get".split(' ').map(str::to_owned).collect();
        let connection = Line::read(&words).connection();
        assert_eq!((connection.namespace.as_deref(), connection.context.as_deref()), (Some("a"), Some("c")));
    }
}
