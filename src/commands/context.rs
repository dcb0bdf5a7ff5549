//! What every command is given: the connection flags, the cluster once it is needed, the printer and the clock.

use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;
use kube::runtime::watcher;
use tokio::sync::{self, MutexGuard, OnceCell};
use tokio_util::sync::CancellationToken;

use crate::api::GoDuration;
use crate::api::kinds::Kind;
use crate::cli::flags::Global;
use crate::cluster::{self, Cluster, ConnectOptions};
use crate::error::{Code, Error, Result};
use crate::output::Printer;

/// The surroundings of a command.
pub struct Context {
    /// Flags that every command takes.
    pub global: Global,
    /// Results and remarks.
    pub printer: Printer,
    pub(super) on_signal: Mutex<OnSignal>,
    cluster: OnceCell<Cluster>,
    /// Held by who asks the person at the terminal.
    person: sync::Mutex<()>,
}

/// The person at the terminal, who is asked one thing at a time: a second question would write over the first and share
/// its keys, and an answer go to whom it was not meant for.
pub struct Person<'a> {
    printer: &'a Printer,
    _turn: MutexGuard<'a, ()>,
}

impl Drop for Person<'_> {
    fn drop(&mut self) {
        self.printer.pause_waiting(false);
    }
}

/// What happens when INT or TERM arrives.
#[derive(Clone, Default)]
pub(super) enum OnSignal {
    /// The command is dropped where it stands.
    #[default]
    Drop,
    /// The command is dropped, and the user is told what goes on and how to come back to it.
    Leave {
        /// What goes on in the cluster.
        remains: String,
        /// The command to run.
        hint: String,
    },
    /// The command ends by itself; a second signal drops it.
    Cancel(CancellationToken),
}

impl Context {
    /// A context for one command line.
    pub fn new(global: Global, printer: Printer) -> Self {
        Self { global, printer, on_signal: Mutex::default(), cluster: OnceCell::new(), person: sync::Mutex::default() }
    }

    /// The same surroundings in another namespace.
    #[must_use]
    pub fn in_namespace(&self, namespace: &str) -> Self {
        let mut global = self.global.clone();
        global.connection.namespace = Some(namespace.to_owned());
        let connection = &global.connection;
        let printer = Printer::new(global.color, global.quiet)
            .with_flags(&connection.cluster_words(), &connection.namespace_words());
        Self::new(global, printer)
    }

    /// The cluster; the first call connects.
    pub async fn cluster(&self) -> Result<&Cluster> {
        self.cluster.get_or_try_init(|| async { cluster::connect(&self.connect_options()?).await }).await
    }

    fn connect_options(&self) -> Result<ConnectOptions> {
        let flags = self.global.connection.clone();
        let request_timeout = flags.request_timeout.as_deref().map(request_timeout).transpose()?.flatten();
        Ok(ConnectOptions {
            kubeconfig: flags.kubeconfig,
            context: flags.context,
            cluster: flags.cluster,
            user: flags.user,
            namespace: flags.namespace,
            as_user: flags.as_user,
            as_groups: flags.as_groups,
            as_uid: flags.as_uid,
            request_timeout,
            server: flags.server,
            insecure_skip_tls_verify: flags.insecure_skip_tls_verify,
            tls_server_name: flags.tls_server_name,
            certificate_authority: flags.certificate_authority,
            // A login plugin may talk with a person only where a person is, and reads nothing meant for us.
            stdin_in_use: !self.printer.streams().stdin,
        })
    }

    /// The person, once nobody else asks; meanwhile nothing is said about what the command waits for.
    pub async fn person(&self) -> Person<'_> {
        let turn = self.person.lock().await;
        self.printer.pause_waiting(true);
        Person { printer: &self.printer, _turn: turn }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// From now on a signal ends the command with these words: what goes on in the cluster, and how to come back to it.
    pub fn leaves_behind(&self, remains: impl Into<String>, hint: impl Into<String>) {
        self.set_on_signal(OnSignal::Leave { remains: remains.into(), hint: hint.into() });
    }

    /// A failure that leaves work behind which goes on says so, as a signal does.
    pub(super) fn with_what_remains(&self, error: Error) -> Error {
        let cut_off = matches!(error.code, Code::ClusterUnreachable | Code::Unauthenticated | Code::Forbidden);
        let on_signal = self.on_signal.lock().map(|on_signal| on_signal.clone()).unwrap_or_default();
        match on_signal {
            OnSignal::Leave { remains, hint } if cut_off => error.because(remains).hint(hint),
            // By ctrl-c in the place of an answer, which is a key and no signal.
            OnSignal::Leave { remains, hint } if error.code == Code::Interrupted && error.hint.is_none() => {
                error.because(remains).hint(hint)
            }
            _ => error,
        }
    }

    /// From now on a signal cancels this token instead of dropping the command, so that it can end by itself.
    pub fn cancelled_by_signal(&self) -> CancellationToken {
        let token = CancellationToken::new();
        self.set_on_signal(OnSignal::Cancel(token.clone()));
        token
    }

    fn set_on_signal(&self, next: OnSignal) {
        if let Ok(mut on_signal) = self.on_signal.lock() {
            *on_signal = next;
        }
    }
}

/// Takes note of a failed watch, which goes on by itself: what passes is waited for, what does not is answered in the words
/// of `told`, which learns the verb that failed.
pub fn watch_failed(
    context: &Context,
    error: watcher::Error,
    told: impl FnOnce(&'static str, kube::Error) -> Error,
) -> Result<()> {
    let error = match error {
        watcher::Error::InitialListFailed(error) => told("list", error),
        watcher::Error::WatchStartFailed(error) => told("watch", error),
        error => {
            tracing::debug!("a watch ended: {error}");
            return Ok(());
        }
    };
    if error.code != Code::ClusterUnreachable {
        return Err(error);
    }
    context.printer.waiting_for(&format!("the cluster is tried again until it answers: {error}"));
    Ok(())
}

/// What the API server refused about a kind, in the product's words.
pub fn api_error(error: kube::Error, verb: &str, kind: &Kind, namespace: Option<&str>, name: Option<&str>) -> Error {
    let told = cluster::api_error(error, &asked(verb, kind, namespace, name));
    let noun = kind.noun;
    let hint = match (name, told.code) {
        _ if told.hint.is_some() => None,
        (Some(_), code) if code == kind.missing => Some(format!("kubectl opencode {noun} list")),
        (Some(name), code) if code == kind.exists => {
            Some(format!("choose another name, or see what is there: kubectl opencode {noun} get {name}"))
        }
        (_, Code::InvalidConfiguration) if told.causes.iter().any(|cause| cause.contains("unknown field")) => {
            Some(format!("kubectl explain {}.spec lists the fields", kind.resource))
        }
        _ => None,
    };
    match hint {
        Some(hint) => told.hint(hint),
        None => told,
    }
}

/// What is asked of the API server, for messages and hints.
pub fn asked<'a>(
    verb: &'a str,
    kind: &Kind,
    namespace: Option<&'a str>,
    name: Option<&'a str>,
) -> cluster::Request<'a> {
    cluster::Request { verb, resource: kind.resource, namespace, name }
}

/// `--request-timeout`: as kubectl reads it, a length of time or a bare number of seconds; 0 is no limit.
fn request_timeout(text: &str) -> Result<Option<Duration>> {
    let seconds = text.parse::<u64>().ok().map(Duration::from_secs);
    let limit = seconds.or_else(|| text.parse::<GoDuration>().ok().and_then(GoDuration::to_std));
    match limit {
        Some(limit) => Ok(Some(limit).filter(|limit| !limit.is_zero())),
        None => Err(Error::usage(format!("--request-timeout: \"{text}\" is no length of time"))
            .hint("write it with h, m and s, as in 30s or 2m")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_timeouts_are_read_as_kubectl_reads_them() {
        assert_eq!(request_timeout("10").unwrap(), Some(Duration::from_secs(10)));
        assert_eq!(request_timeout("1m30s").unwrap(), Some(Duration::from_secs(90)));
        assert_eq!(request_timeout("0").unwrap(), None);
        assert!(request_timeout("-1s").is_err());
        assert!(request_timeout("soon").is_err());
    }
}
