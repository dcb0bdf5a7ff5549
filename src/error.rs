//! What went wrong, in the words of the product: one error type, one table of codes and exit statuses.
//!
//! Every failure that reaches a user is an [`Error`]: a [`Code`] that scripts can branch on, a message that says what
//! failed, the causes below it, and a hint with the command to run next. `output` renders it (text or JSON); `main`
//! turns it into the exit status. Texts inside may come from the cluster and are untrusted until they are rendered.

use std::fmt;

/// The stable, machine-readable name of a failure and, through [`Code::exit_status`], its exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The task ended in failure on the cluster.
    TaskFailed,
    /// The task was stopped, or its own time limit passed, on the cluster.
    TaskStopped,
    /// The session failed on the cluster.
    SessionFailed,
    /// The command line is wrong.
    Usage,
    /// No such task.
    TaskNotFound,
    /// No such session.
    SessionNotFound,
    /// No such agent.
    AgentNotFound,
    /// No such agent template.
    TemplateNotFound,
    /// No such schedule (`CronTask`).
    ScheduleNotFound,
    /// No such object of any other kind.
    NotFound,
    /// The server does not know who we are.
    Unauthenticated,
    /// The server knows us and refuses; the message names verb, resource and namespace.
    Forbidden,
    /// The API server cannot be reached.
    ClusterUnreachable,
    /// The agent's server cannot be reached, is suspended, or is not ready.
    AgentUnavailable,
    /// A task of that name exists already.
    TaskAlreadyExists,
    /// A session of that name exists already.
    SessionAlreadyExists,
    /// An object of that name and of another kind exists already.
    AlreadyExists,
    /// The session is in the middle of a turn.
    SessionBusy,
    /// The object was changed under us, or may not be changed now.
    Conflict,
    /// The object, the kubeconfig or the set-up is wrong.
    InvalidConfiguration,
    /// This server, platform or build cannot do that.
    Unsupported,
    /// A check made before the work did not pass.
    PreflightFailed,
    /// A bug of ours.
    Internal,
    /// `--timeout` passed.
    Timeout,
    /// Stopped by SIGINT; the work on the cluster goes on.
    Interrupted,
    /// Stopped by SIGTERM; the work on the cluster goes on.
    Terminated,
    /// The link to a remote terminal was lost for good.
    LinkLost,
    /// The reader of our standard output went away (`| head -1`): success, and silent.
    OutputClosed,
}

/// One row of the table of codes: the code, its name in JSON, its exit status, and whether trying again may help.
type Row = (Code, &'static str, u8, bool);

impl Code {
    /// The whole table, in the order in which `explain errors` prints it.
    pub const TABLE: &'static [Row] = &[
        (Code::OutputClosed, "output_closed", 0, false),
        (Code::TaskFailed, "task_failed", 1, false),
        (Code::TaskStopped, "task_stopped", 1, false),
        (Code::SessionFailed, "session_failed", 1, false),
        (Code::Usage, "usage", 2, false),
        (Code::TaskNotFound, "task_not_found", 3, false),
        (Code::SessionNotFound, "session_not_found", 3, false),
        (Code::AgentNotFound, "agent_not_found", 3, false),
        (Code::TemplateNotFound, "template_not_found", 3, false),
        (Code::ScheduleNotFound, "schedule_not_found", 3, false),
        (Code::NotFound, "not_found", 3, false),
        (Code::Unauthenticated, "unauthenticated", 4, false),
        (Code::Forbidden, "forbidden", 4, false),
        (Code::ClusterUnreachable, "cluster_unreachable", 5, true),
        (Code::AgentUnavailable, "agent_unavailable", 5, true),
        (Code::TaskAlreadyExists, "task_already_exists", 6, false),
        (Code::SessionAlreadyExists, "session_already_exists", 6, false),
        (Code::AlreadyExists, "already_exists", 6, false),
        (Code::SessionBusy, "session_busy", 6, true),
        (Code::Conflict, "conflict", 6, true),
        (Code::InvalidConfiguration, "invalid_configuration", 7, false),
        (Code::Unsupported, "unsupported", 7, false),
        (Code::PreflightFailed, "preflight_failed", 7, false),
        (Code::Internal, "internal", 70, false),
        (Code::Timeout, "timeout", 124, true),
        (Code::Interrupted, "interrupted", 130, true),
        (Code::Terminated, "terminated", 143, true),
        (Code::LinkLost, "link_lost", 255, true),
    ];

    fn row(self) -> &'static Row {
        const UNLISTED: Row = (Code::Internal, "internal", 70, false);
        Self::TABLE.iter().find(|row| row.0 == self).unwrap_or(&UNLISTED)
    }

    /// The name under which scripts see this code (`error.code` of the JSON form).
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The exit status of the program when it ends with this code.
    pub fn exit_status(self) -> u8 {
        self.row().2
    }

    /// Whether the same command may succeed when it is run again unchanged.
    pub fn is_retryable(self) -> bool {
        self.row().3
    }
}

/// A failure: what failed, why, and what to do next.
#[derive(Debug, Clone)]
pub struct Error {
    /// The code, which decides the exit status.
    pub code: Code,
    /// What failed, in one line without a full stop; untrusted until rendered.
    pub message: String,
    /// Why, outermost cause first; untrusted until rendered.
    pub causes: Vec<String>,
    /// The command to run or the thing to change next.
    pub hint: Option<String>,
}

/// The result of everything in this program that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A failure of kind `code`; `message` says what failed, in one line without a full stop.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), causes: Vec::new(), hint: None }
    }

    /// A mistake on the command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }

    /// A state that should not be possible: a bug of ours.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Code::Internal, message)
    }

    /// Nobody reads our output any more, which ends the program without a word.
    pub fn output_closed() -> Self {
        Self::new(Code::OutputClosed, Code::OutputClosed.name())
    }

    /// What fails only by a bug, in the words of what failed.
    pub fn unexpected(error: impl fmt::Display) -> Self {
        Self::internal(error.to_string())
    }

    /// Adds one line of why, below the causes already there.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.causes.push(cause.to_string());
        self
    }

    /// Adds an error and its whole chain of sources as causes.
    #[must_use]
    pub fn caused_by(mut self, cause: &(dyn std::error::Error + 'static)) -> Self {
        let mut next = Some(cause);
        while let Some(error) = next {
            let text = error.to_string();
            // rustls ends some of its texts with the address of its manual, which is not for our users.
            let text = text.split(": https://docs.rs/").next().unwrap_or_default().to_owned();
            // Many libraries repeat the source in their own text; a chain that says everything twice helps nobody.
            if !self.causes.last().is_some_and(|last| last.contains(&text)) {
                self.causes.push(text);
            }
            next = error.source();
        }
        self
    }

    /// Sets the hint: the command to run next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for cause in &self.causes {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_statuses_follow_the_documented_table() {
        let mut names: Vec<_> = Code::TABLE.iter().map(|row| row.1).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::TABLE.len());
        assert_eq!(Code::Forbidden.exit_status(), 4);
        assert_eq!(Code::Timeout.exit_status(), 124);
        assert!(Code::ClusterUnreachable.is_retryable());
    }

    #[test]
    fn a_chain_of_sources_becomes_causes_without_repetition() {
        let inner = std::io::Error::other("connection refused");
        let error = Error::new(Code::ClusterUnreachable, "cannot reach the API server").caused_by(&inner);
        assert_eq!(error.causes, ["connection refused"]);
    }
}
