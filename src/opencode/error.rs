//! What can go wrong between this client and an OpenCode server.

use std::io;
use std::time::Duration;

use crate::error::Code;

/// A failure of one call. Texts inside come from the server and are untrusted until rendered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No byte stream could be opened; the cause may carry the cluster's refusal.
    #[error("cannot reach the OpenCode server")]
    Unreachable(#[source] io::Error),
    /// The stream broke before the answer was complete.
    #[error("the link to the OpenCode server broke in {call}")]
    Broken {
        /// Method and path.
        call: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No complete answer in time.
    #[error("the OpenCode server did not answer {call} within {} s", after.as_secs_f32())]
    Timeout {
        /// Method and path.
        call: String,
        /// The limit that passed.
        after: Duration,
    },
    /// No byte for longer than any healthy event stream is silent.
    #[error("the OpenCode server's event stream was silent for {} s", after.as_secs_f32())]
    Silent {
        /// The limit that passed.
        after: Duration,
    },
    /// 401: no password was given, or a wrong one.
    #[error("the OpenCode server wants a password, or another one")]
    Unauthorized,
    /// The server answered with an error status.
    #[error("{name}: {message}")]
    Refused {
        /// Method and path.
        call: String,
        /// HTTP status.
        status: u16,
        /// `name` or `_tag` of the error.
        name: String,
        /// What the server says.
        message: String,
    },
    /// The answer is not JSON: how this server answers a path that it does not serve.
    #[error("the OpenCode server does not serve {call} (it answered {content_type})")]
    NotServed {
        /// Method and path.
        call: String,
        /// The answer's content type.
        content_type: String,
    },
    /// The answer is longer than this client is ready to hold.
    #[error("the answer to {call} is longer than {} MiB", limit >> 20)]
    TooLarge {
        /// Method and path.
        call: String,
        /// Most bytes that are read.
        limit: usize,
    },
    /// The answer is JSON of another shape than the API promises.
    #[error("cannot understand the OpenCode server's answer to {call}")]
    Malformed {
        /// Method and path.
        call: String,
        /// What did not fit.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// Whether the server says that the thing asked for does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }

    /// Whether the server could not be reached or did not answer: trying later may help.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Broken { .. } | Self::Timeout { .. } | Self::Silent { .. })
    }

    /// Whether the session was in the middle of a turn.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Refused { status: 409, .. })
    }

    /// Whether the byte stream was refused for good, so that trying again changes nothing.
    pub(super) fn is_denied(&self) -> bool {
        let Self::Unreachable(error) = self else { return false };
        matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::NotFound)
    }
}

impl From<Error> for crate::error::Error {
    fn from(error: Error) -> Self {
        // A connector may have said it in the product's own words already.
        if let Error::Unreachable(cause) = &error
            && let Some(own) = cause.get_ref().and_then(|inner| inner.downcast_ref::<Self>())
        {
            return own.clone();
        }
        let code = match &error {
            Error::Unreachable(cause) if cause.kind() == io::ErrorKind::PermissionDenied => Code::Forbidden,
            // What answers there is of another version, or no OpenCode server.
            Error::NotServed { .. } | Error::Malformed { .. } | Error::TooLarge { .. } => Code::Unsupported,
            Error::Refused { status: 404, call, .. } if call.contains("/session") => Code::SessionNotFound,
            Error::Refused { status: 404, .. } => Code::NotFound,
            Error::Refused { status: 409, .. } => Code::SessionBusy,
            // A wrong password is the Agent's, not the user's.
            Error::Unauthorized | Error::Refused { status: ..500, .. } => Code::InvalidConfiguration,
            _ => Code::AgentUnavailable,
        };
        let mut product = if let Error::Refused { call, status, .. } = &error {
            Self::new(code, format!("the OpenCode server refused {call} with status {status}")).because(&error)
        } else {
            Self::new(code, error.to_string())
        };
        if let Some(source) = std::error::Error::source(&error) {
            product = product.caused_by(source);
        }
        match error {
            Error::Unauthorized => product.hint(
                "put the server's password into one of the Agent's credentials with env OPENCODE_SERVER_PASSWORD",
            ),
            _ => product,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connector_s_own_words_survive() {
        let own = crate::error::Error::new(Code::Forbidden, "you may not").hint("ask");
        let error = Error::Unreachable(io::Error::new(io::ErrorKind::PermissionDenied, own));
        assert!(error.is_denied());
        let product = crate::error::Error::from(error);
        assert_eq!((product.code, product.message.as_str()), (Code::Forbidden, "you may not"));
        assert_eq!(product.hint.as_deref(), Some("ask"));
    }

    #[test]
    fn codes_tell_the_cases_apart() {
        let refused = |status| Error::Refused {
            call: "GET /session/ses_x".into(),
            status,
            name: "NotFoundError".into(),
            message: "Session not found: ses_x".into(),
        };
        let product = crate::error::Error::from(refused(404));
        assert_eq!(product.code, Code::SessionNotFound);
        assert_eq!(product.causes, ["NotFoundError: Session not found: ses_x"]);
        assert_eq!(crate::error::Error::from(refused(409)).code, Code::SessionBusy);
        assert_eq!(crate::error::Error::from(Error::Unauthorized).code, Code::InvalidConfiguration);
        let refused = Error::Unreachable(io::Error::new(io::ErrorKind::ConnectionRefused, "nothing listens"));
        let product = crate::error::Error::from(refused);
        assert_eq!((product.code, product.causes), (Code::AgentUnavailable, vec!["nothing listens".to_owned()]));
    }
}
