//! `logs`: what a Pod printed.
//!
//! A log that is followed outlives the link: each line is asked for with its time, and what comes after a break is asked for
//! from the time of the last line (`sinceTime` has whole seconds, so that lines which were printed are passed over). What
//! the kubelet says of a container that has no log yet is waited out (`validateContainerLogStatus`).

use std::time::Duration;

use futures::io::AsyncBufReadExt as _;
use futures::{AsyncBufRead, AsyncReadExt as _, StreamExt as _};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{ContainerStatus, Pod};
use kube::ResourceExt as _;
use kube::api::{Api, LogParams};

use super::list::objects;
use super::wait::{read, watch};
use super::{Context, agents, batch, outcome, target, transcript};
use crate::api::kinds::{AGENT, Kind, TASK};
use crate::api::names::{SERVER_CONTAINER, TASK_CONTAINER, task_pod};
use crate::api::{GoDuration, Task};
use crate::cli::flags::{LogOptions, Logs, Reference, Selection};
use crate::cli::task::Transcript;
use crate::cluster::{self, Request};
use crate::error::{Code, Error, Result};
use crate::output::log_line;

/// Pauses between tries to go on with a log, in milliseconds; the last one repeats.
const PAUSES: [u64; 5] = [250, 500, 1000, 2000, 5000];
/// Longest piece of a line that is kept in memory.
const LONGEST_LINE: u64 = 1 << 20;
/// What the kubelet says of a container that starts by itself in a moment.
const STARTING: [&str; 2] = ["ContainerCreating", "PodInitializing"];
/// Lines of two streams may stand in another order than their times; a clock that is set back goes further.
const OUT_OF_ORDER: SignedDuration = SignedDuration::from_secs(1);
/// How long a task may take to end after its log.
const END_AFTER_LOG: Duration = Duration::from_secs(5);

/// Lines of each of several logs, as kubectl has it.
const LINES_OF_EACH: i64 = 10;

/// Prints the log of one object, or of all that are selected: one after the other, or together as they come.
pub async fn run(context: &Context, kind: &'static Kind, args: &Logs) -> Result<()> {
    if let Some(name) = &args.name {
        return of(context, kind, name, &args.options).await;
    }
    let selection = Selection { selector: args.selector.clone(), field_selector: None };
    let names = objects::names_of(context, kind, &selection).await?;
    if names.is_empty() {
        context.printer.note(&batch::nothing_found(Some(&context.cluster().await?.namespace)));
    }
    let mut options = args.options.clone();
    let (count, most) = (names.len(), args.max_log_requests);
    if options.follow && usize::try_from(most).is_ok_and(|most| count > most) {
        // In kubectl's words, as the flag is kubectl's.
        return Err(Error::usage(format!(
            "you are attempting to follow {count} log streams, but maximum allowed concurrency is {most}, \
             use --max-log-requests to increase the limit"
        )));
    }
    if !options.follow {
        options.tail = options.tail.or(Some(LINES_OF_EACH));
    }
    let logs = names.iter().map(|name| of(context, kind, name, &options));
    let at_once = if options.follow { names.len().max(1) } else { 1 };
    let ended: Vec<_> = futures::stream::iter(logs).buffered(at_once).collect().await;
    let mut failures = batch::Failures::default();
    for error in ended.into_iter().filter_map(Result::err) {
        if batch::ends_everything(error.code) {
            return Err(error);
        }
        failures.add(error);
    }
    failures.into_result("cannot print the logs of")
}

async fn of(context: &Context, kind: &Kind, name: &str, options: &LogOptions) -> Result<()> {
    if kind == &AGENT { of_agent(context, name, options).await } else { of_task(context, name, options).await }
}

/// The log of a task's Pod. With `-f` it waits until there is one, and says how the task ended if not well; when the Pod is
/// gone, the conversation that the agent keeps is printed instead.
async fn of_task(context: &Context, name: &str, args: &LogOptions) -> Result<()> {
    what_task_printed(context, name, args).await?;
    if !args.follow {
        return Ok(());
    }
    let namespace = &context.cluster().await?.namespace;
    let ended = watch(context, &TASK, name, cluster::deadline(Some(END_AFTER_LOG)), |object| {
        let Some(object) = object else { return Err(super::wait::gone(&TASK, name, namespace)) };
        Ok(outcome::of_task(&read(object)?))
    });
    match ended.await {
        Ok(Ok(())) => {}
        Ok(Err(failure)) => context.printer.note(&failure.to_string()),
        Err(error) if error.code == Code::Timeout => context
            .printer
            .note(&format!("the log has ended and the task has not: kubectl opencode task wait {name} tells why")),
        Err(error) => context.printer.note(&format!("how the task ended is not known: {error}")),
    }
    Ok(())
}

/// As [`of_task`], without the outcome.
pub async fn what_task_printed(context: &Context, name: &str, args: &LogOptions) -> Result<()> {
    let task: Task =
        if args.follow { started(context, name).await? } else { agents::get(context, &TASK, name).await? };
    let known = task.status.as_ref().and_then(|status| status.pod_name.clone());
    if known.is_none() && outcome::of_task(&task).is_none() {
        return Err(Error::new(Code::NotFound, format!("task \"{name}\" has no output yet"))
            .because(format!("the task is {}", outcome::task_progress(&task)))
            .hint(format!("kubectl opencode task logs -f {name}")));
    }
    let pod = known.unwrap_or_else(|| task_pod(name));
    match Log::new(context, &format!("task {name}"), &pod, TASK_CONTAINER, args).print().await {
        Err(error) if error.code == Code::NotFound => instead(context, &task, error).await,
        result => result,
    }
}

/// The log of an agent's server, whether it is ready or not. One that crashes has ended before: what it printed then is
/// printed first.
async fn of_agent(context: &Context, agent: &str, args: &LogOptions) -> Result<()> {
    let cluster = context.cluster().await?;
    let pod = cluster::newest_server_pod(&cluster.client, &cluster.namespace, agent).await?;
    let (name, of) = (pod.name_any(), format!("agent {agent}"));
    let statuses = pod.status.as_ref().and_then(|status| status.container_statuses.as_deref()).unwrap_or_default();
    let server = statuses.iter().find(|status| status.name == SERVER_CONTAINER);
    let ready = server.is_some_and(|server| server.ready);
    if ready || args.previous || args.container.is_some() {
        return Log::new(context, &of, &name, SERVER_CONTAINER, args).print().await;
    }
    let why = cluster::trouble(&pod).unwrap_or_else(|| "its Pod is starting".to_owned());
    let told = format!("the server of agent \"{agent}\" is not ready: {why}");
    if let Some(init) = failing_init_container(&pod) {
        context.printer.note(&format!("{told}; the log of its init container \"{init}\":"));
        return Log::new(context, &of, &name, &init, args).print().await;
    }
    let ended = server.and_then(|server| server.last_state.as_ref()?.terminated.as_ref());
    let runs_again = server.and_then(|server| server.state.as_ref()).is_some_and(|state| state.running.is_some());
    match ended.filter(|_| runs_again) {
        Some(ended) => {
            let before = LogOptions { previous: true, follow: false, ..args.clone() };
            let code = ended.exit_code;
            context.printer.note(&format!("{told}; its last run ended with status {code}, the log of that run:"));
            Log::new(context, &of, &name, SERVER_CONTAINER, &before).print().await?;
            context.printer.note("the log of its present run:");
        }
        None => context.printer.note(&told),
    }
    Log::new(context, &of, &name, SERVER_CONTAINER, args).print().await
}

/// The init container that keeps a Pod from starting.
fn failing_init_container(pod: &Pod) -> Option<String> {
    let fails = |status: &&ContainerStatus| {
        let failed = |state: Option<&k8s_openapi::api::core::v1::ContainerState>| {
            state.and_then(|state| state.terminated.as_ref()).is_some_and(|ended| ended.exit_code != 0)
        };
        failed(status.state.as_ref()) || (!status.ready && failed(status.last_state.as_ref()))
    };
    pod.status.as_ref()?.init_container_statuses.iter().flatten().find(fails).map(|status| status.name.clone())
}

/// Waits until a task has a Pod, or has ended without one.
async fn started(context: &Context, name: &str) -> Result<Task> {
    let namespace = &context.cluster().await?.namespace;
    watch(context, &TASK, name, None, |object| {
        let Some(object) = object else { return Err(super::wait::gone(&TASK, name, namespace)) };
        let task: Task = read(object)?;
        let has_pod = task.status.as_ref().is_some_and(|status| status.pod_name.is_some());
        if has_pod || outcome::of_task(&task).is_some() {
            return Ok(Some(task));
        }
        context.printer.waiting_for(&format!("task \"{name}\" is {}", outcome::task_progress(&task)));
        Ok(None)
    })
    .await
}

/// The conversation in place of a log whose Pod is gone.
async fn instead(context: &Context, task: &Task, gone: Error) -> Result<()> {
    let target = match target::of_task(context, task).await {
        Ok(target) => target,
        Err(error) => return Err(gone.because(error)),
    };
    context.printer.note("the task's Pod is gone; this is the conversation that the agent keeps");
    let wanted = Transcript {
        reference: Reference { reference: target.reference.clone(), session: None },
        tools: true,
        ..Transcript::default()
    };
    tracing::debug!("there is no log: {gone}");
    transcript::show(context, &target, &wanted).await
}

/// One container's log, and how much of it was printed.
struct Log<'a> {
    context: &'a Context,
    /// Whose it is, as commands take it: `task NAME`.
    of: &'a str,
    pod: &'a str,
    container: String,
    args: &'a LogOptions,
    /// Time of the newest line, and how many lines of that time were printed.
    printed: Option<(Timestamp, usize)>,
    /// After a break, until a line comes that was not printed: how many lines of the time of the newest one come again.
    repeated: Option<usize>,
}

/// How a try to read a log ended.
enum Ended {
    /// There is no more.
    Whole,
    /// There may be more, in a moment.
    Broken(Error),
}

impl<'a> Log<'a> {
    fn new(context: &'a Context, of: &'a str, pod: &'a str, container: &str, args: &'a LogOptions) -> Self {
        let container = args.container.clone().unwrap_or_else(|| container.to_owned());
        Self { context, of, pod, container, args, printed: None, repeated: None }
    }

    /// Prints it, with `-f` until the container has ended.
    async fn print(mut self) -> Result<()> {
        let mut failures = 0;
        loop {
            let before = self.printed;
            let error = match self.read().await? {
                Ended::Whole if !self.args.follow => return Ok(()),
                Ended::Whole => match self.life().await {
                    Life::Over => return Ok(()),
                    Life::Running => Error::new(Code::ClusterUnreachable, "the connection was closed"),
                    Life::ToCome => Error::new(Code::AgentUnavailable, "the container is yet to start"),
                },
                Ended::Broken(error) => error,
            };
            let yet_to_come = error.code == Code::AgentUnavailable;
            if !self.args.follow || (yet_to_come && self.is_over().await) {
                // What was there and is gone has ended.
                return if self.printed.is_some() { Ok(()) } else { Err(error) };
            }
            if self.printed != before {
                failures = 0;
            }
            match error.code {
                Code::AgentUnavailable => self.context.printer.waiting_for(&format!("waiting: {error}")),
                _ if failures == 1 => {
                    self.context.printer.warn(&format!("the log broke off, and is tried again: {error}"));
                }
                _ => {}
            }
            tokio::time::sleep(Duration::from_millis(PAUSES[failures.min(PAUSES.len() - 1)])).await;
            failures += 1;
        }
    }

    /// Reads what is there, from where it broke off.
    async fn read(&mut self) -> Result<Ended> {
        let cluster = self.context.cluster().await?;
        let api: Api<Pod> = Api::namespaced(cluster.client.clone(), &cluster.namespace);
        let from_start = self.printed.is_none();
        // The API server cuts a time down to whole seconds; the library would round it, perhaps up.
        let since_time = self.printed.map_or(self.args.since_time, |(time, _)| Some(time));
        let since_time = since_time.and_then(|time| Timestamp::from_second(time.as_second()).ok());
        let parameters = LogParams {
            container: Some(self.container.clone()),
            follow: self.args.follow,
            previous: self.args.previous,
            tail_lines: self.args.tail.filter(|_| from_start),
            since_seconds: self.args.since.and_then(GoDuration::to_std).filter(|_| from_start).map(seconds),
            since_time,
            timestamps: self.args.timestamps || self.args.follow,
            ..LogParams::default()
        };
        let request = Request::new("get", "pods/log").namespace(&cluster.namespace).name(self.pod);
        let log = match api.log_stream(self.pod, &parameters).await {
            Err(kube::Error::Api(status)) if may_come(status.code, &status.message) => {
                let error = Error::new(Code::AgentUnavailable, "there is no log yet").because(&status.message);
                return Ok(Ended::Broken(error.hint(self.look(&status.message))));
            }
            Err(error) => {
                let error = cluster::api_error(error, &request);
                // What was there and is gone has ended.
                let ended = !from_start && error.code == Code::NotFound;
                return match error.code {
                    _ if ended => Ok(Ended::Whole),
                    Code::ClusterUnreachable => Ok(Ended::Broken(error)),
                    _ => Err(error),
                };
            }
            Ok(log) => log,
        };
        self.repeated = self.printed.map(|(_, count)| count);
        let mut log = std::pin::pin!(log);
        loop {
            let line = match next_line(&mut log).await {
                Ok(Some(line)) => line,
                Ok(None) => return Ok(Ended::Whole),
                Err(error) => {
                    return Ok(Ended::Broken(cluster::api_error(kube::Error::ReadEvents(error), &request)));
                }
            };
            self.line(&line)?;
        }
    }

    /// The command that goes on where there is no log yet: to wait for one that is about to come, else to see why it does not.
    fn look(&self, why: &str) -> String {
        let (noun, name) = self.of.split_once(' ').unwrap_or_default();
        let comes = STARTING.iter().any(|word| why.ends_with(word)) && !self.args.follow;
        let verb = if comes { "logs -f" } else { "describe" };
        format!("kubectl opencode {noun} {verb} {name}")
    }

    /// Prints one line, with its line feed if it has one, unless it was printed before.
    fn line(&mut self, line: &[u8]) -> Result<()> {
        let mut shown = line;
        if self.args.follow {
            let (time, rest) = split_time(line);
            if let Some(time) = time {
                if self.is_repeated(time) {
                    return Ok(());
                }
                self.repeated = None;
                match &mut self.printed {
                    Some((newest, count)) if time == *newest => *count += 1,
                    Some((newest, _)) if time < *newest && newest.duration_since(time) < OUT_OF_ORDER => {}
                    printed => *printed = Some((time, 1)),
                }
                if !self.args.timestamps {
                    shown = rest;
                }
            }
        }
        self.context.printer.done_waiting();
        let source = if self.args.prefix { format!("[pod/{}/{}] ", self.pod, self.container) } else { String::new() };
        if self.args.raw {
            return self.context.printer.print_bytes(&[source.as_bytes(), shown].concat());
        }
        let text = String::from_utf8_lossy(shown);
        match text.strip_suffix('\n') {
            Some(text) => self.context.printer.line(&format!("{source}{}", log_line(text))),
            None => self.context.printer.print(&format!("{source}{}", log_line(&text))),
        }
    }

    /// Whether a line of this time comes again after a break. At any other moment lines may stand in another order than
    /// their times, and all are new.
    fn is_repeated(&mut self, time: Timestamp) -> bool {
        let (Some((newest, _)), Some(repeated)) = (self.printed, &mut self.repeated) else { return false };
        if time == newest && *repeated > 0 {
            *repeated -= 1;
            return true;
        }
        time < newest
    }

    /// What an end of the log means: where the container goes on, it was an end of the link.
    async fn life(&self) -> Life {
        match self.pod().await {
            Ok(pod) => pod.map_or(Life::Over, |pod| life(&pod, &self.container)),
            Err(error) if error.code == Code::ClusterUnreachable => Life::Running,
            Err(_) => Life::Over,
        }
    }

    /// Whether the Pod has ended, so that a container of it that has no log will never have one.
    async fn is_over(&self) -> bool {
        self.pod().await.is_ok_and(|pod| pod.as_ref().is_none_or(has_ended))
    }

    async fn pod(&self) -> Result<Option<Pod>> {
        let cluster = self.context.cluster().await?;
        let api: Api<Pod> = Api::namespaced(cluster.client.clone(), &cluster.namespace);
        let request = Request::new("get", "pods").namespace(&cluster.namespace).name(self.pod);
        let found = api.get_opt(self.pod).await.map_err(|error| cluster::api_error(error, &request));
        found.inspect_err(|error| tracing::debug!("the state of Pod {} is not known: {error}", self.pod))
    }
}

/// What the kubelet and the API server say of a container whose log is yet to come. Since an image that cannot be pulled
/// may be mended, that is waited out, too.
fn may_come(code: u16, message: &str) -> bool {
    code == 400
        && ["is waiting to start", "is not available", "does not have a host assigned"]
            .iter()
            .any(|words| message.contains(words))
}

/// Where a container stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    ToCome,
    Running,
    Over,
}

/// Where a container stands, by what is written down of it, which may be older than its first line. Of a Pod that no node
/// has yet nothing is, and the API server answers an empty log (`LogLocation` in pkg/registry/core/pod/strategy.go).
fn life(pod: &Pod, container: &str) -> Life {
    if has_ended(pod) {
        return Life::Over;
    }
    let Some(status) = &pod.status else { return Life::ToCome };
    let lists = [&status.container_statuses, &status.init_container_statuses, &status.ephemeral_container_statuses];
    let Some(status) = lists.into_iter().flatten().flatten().find(|status| status.name == container) else {
        return Life::ToCome;
    };
    let state = status.state.clone().unwrap_or_default();
    let never_ran =
        status.restart_count == 0 && status.last_state.as_ref().is_none_or(|last| last.terminated.is_none());
    match (state.running, state.terminated) {
        (Some(_), _) => Life::Running,
        (None, None) if never_ran => Life::ToCome,
        _ => Life::Over,
    }
}

fn has_ended(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    matches!(phase, Some("Succeeded" | "Failed"))
}

fn seconds(length: Duration) -> i64 {
    i64::try_from(length.as_secs()).unwrap_or(i64::MAX).max(1)
}

/// The next line, whatever its bytes; one that is very long comes in pieces. None at the end.
async fn next_line(log: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    log.take(LONGEST_LINE).read_until(b'\n', &mut line).await?;
    Ok(Some(line).filter(|line| !line.is_empty()))
}

/// The time that the kubelet puts before a line (RFC 3339), and the line. Its own remarks carry none.
fn split_time(line: &[u8]) -> (Option<Timestamp>, &[u8]) {
    let Some(blank) = line.iter().take(40).position(|byte| *byte == b' ') else { return (None, line) };
    let time = std::str::from_utf8(&line[..blank]).ok().and_then(|time| time.parse().ok());
    if time.is_some() { (time, &line[blank + 1..]) } else { (None, line) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::flags::Global;
    use crate::output::printer_tests::captured;
    use serde_json::json;

    #[test]
    fn a_log_that_comes_is_followed_and_one_that_does_not_is_described() {
        let (printer, ..) = captured(false);
        let context = Context::new(Global::default(), printer);
        let says = |of: &str, follow: bool, why: &str| {
            let args = LogOptions { follow, ..LogOptions::default() };
            Log::new(&context, of, "p", "c", &args)
                .look(&format!("container \"c\" in pod \"p\" is waiting to start{why}"))
        };
        assert_eq!(says("task t", false, ": ContainerCreating"), "kubectl opencode task logs -f t");
        assert_eq!(says("task t", true, ": ContainerCreating"), "kubectl opencode task describe t");
        assert_eq!(says("task t", false, ": image can't be pulled"), "kubectl opencode task describe t");
        assert_eq!(
            says("agent dev", false, ": trying and failing to pull image"),
            "kubectl opencode agent describe dev"
        );
    }

    #[test]
    fn what_was_printed_is_not_printed_again_after_a_break() {
        let (printer, out, _) = captured(false);
        let context = Context::new(Global::default(), printer);
        let args = LogOptions { follow: true, ..LogOptions::default() };
        let mut log = Log::new(&context, "task t", "p", "c", &args);
        for line in ["2026-01-02T03:04:05.1Z a\n", "2026-01-02T03:04:05.2Z b\n", "2026-01-02T03:04:05.2Z b\n"] {
            log.line(line.as_bytes()).unwrap();
        }
        log.repeated = log.printed.map(|(_, count)| count);
        for line in [
            "2026-01-02T03:04:05.1Z a\n",
            "2026-01-02T03:04:05.2Z b\n",
            "2026-01-02T03:04:05.2Z b\n",
            "2026-01-02T03:04:05.2Z b\n",
            "2026-01-02T03:04:06Z \u{1b}[2Jc\n",
        ] {
            log.line(line.as_bytes()).unwrap();
        }
        assert_eq!(out.text(), "a\nb\nb\nb\n\\x1b[2Jc\n");
    }

    #[test]
    fn lines_whose_times_run_backwards_are_printed() {
        let (printer, out, _) = captured(false);
        let context = Context::new(Global::default(), printer);
        let args = LogOptions { follow: true, ..LogOptions::default() };
        let mut log = Log::new(&context, "t", "p", "c", &args);
        let before = ["2026-01-02T03:04:05.000010Z out\n", "2026-01-02T03:04:05.000005Z err\n"];
        for line in before {
            log.line(line.as_bytes()).unwrap();
        }
        log.repeated = log.printed.map(|(_, count)| count);
        for line in before.into_iter().chain([
            "2026-01-02T03:04:05.000011Z more\n",
            "2026-01-02T03:04:05.000009Z late\n",
            "2026-01-02T03:03:05Z the clock was set\n",
        ]) {
            log.line(line.as_bytes()).unwrap();
        }
        assert_eq!(out.text(), "out\nerr\nmore\nlate\nthe clock was set\n");
        assert_eq!(log.printed.unwrap().0.to_string(), "2026-01-02T03:03:05Z", "from where it would go on");
    }

    #[test]
    fn a_container_that_ran_and_waits_to_run_again_has_ended() {
        let pod = |list: &str, status: serde_json::Value| -> Pod {
            let mut whole = json!({"name": "c", "image": "i", "imageID": "", "ready": false, "restartCount": 0});
            whole.as_object_mut().unwrap().extend(status.as_object().unwrap().clone());
            serde_json::from_value(json!({"metadata": {}, "status": {list: [whole]}})).unwrap()
        };
        let waiting = json!({"waiting": {"reason": "x"}});
        let ended = json!({"terminated": {"exitCode": 1}});
        for (status, expected) in [
            (json!({"state": {"running": {}}, "restartCount": 3}), Life::Running),
            (json!({"state": waiting}), Life::ToCome),
            (json!({"state": waiting, "lastState": ended, "restartCount": 1}), Life::Over),
            (json!({"state": ended}), Life::Over),
        ] {
            for list in ["containerStatuses", "initContainerStatuses"] {
                assert_eq!(life(&pod(list, status.clone()), "c"), expected, "{list} {status}");
            }
        }
        let unscheduled =
            |phase: &str| serde_json::from_value(json!({"metadata": {}, "status": {"phase": phase}})).unwrap();
        assert_eq!(life(&unscheduled("Pending"), "c"), Life::ToCome);
        assert_eq!(life(&unscheduled("Failed"), "c"), Life::Over);
    }

    #[test]
    fn times_are_told_from_text() {
        assert_eq!(split_time(b"2026-01-02T03:04:05.678901234Z x y").1, b"x y");
        assert_eq!(split_time(b"rpc error: x"), (None, &b"rpc error: x"[..]));
        assert_eq!(split_time(b"\xff\xfe"), (None, &b"\xff\xfe"[..]));
    }

    #[tokio::test]
    async fn lines_need_not_be_text_nor_short() {
        let piece = vec![b'x'; usize::try_from(LONGEST_LINE).unwrap() + 2];
        let whole = [b"a\xff\n".as_slice(), &piece, b"\nlast"].concat();
        let mut log = futures::io::Cursor::new(whole);
        let mut lengths = Vec::new();
        while let Some(line) = next_line(&mut log).await.unwrap() {
            lengths.push(line.len());
        }
        assert_eq!(lengths, [3, 1 << 20, 3, 4]);
    }

    #[test]
    fn an_init_container_that_fails_is_found() {
        let pod = |init: &serde_json::Value| -> Pod {
            serde_json::from_value(json!({"metadata": {"name": "p"}, "status": {"initContainerStatuses": [init]}}))
                .unwrap()
        };
        let status = |ready: bool, state: serde_json::Value, last: serde_json::Value| {
            json!({"name": "git-init-0", "ready": ready,
            "restartCount": 1, "image": "", "imageID": "", "state": state, "lastState": last})
        };
        let ended = |code: i32| json!({"terminated": {"exitCode": code}});
        assert_eq!(failing_init_container(&pod(&status(false, ended(1), json!({})))).as_deref(), Some("git-init-0"));
        let backing_off = status(false, json!({"waiting": {"reason": "CrashLoopBackOff"}}), ended(1));
        assert!(failing_init_container(&pod(&backing_off)).is_some());
        assert!(failing_init_container(&pod(&status(true, ended(0), ended(1)))).is_none());
    }
}
