//! What goes wrong between tablet and server.

use ipc::{ErrorCode, Problem};
use wire::ProblemCode;

/// Why a request did not succeed.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum RemoteError {
    /// No connection, or it broke: the network's fault.
    #[error("not reached: {0}")]
    Offline(String),
    /// The server's certificate does not prove that it is the one of this address.
    #[error("not trusted: {0}")]
    Untrusted(String),
    /// The server said no.
    #[error("refused: {0}")]
    Refused(wire::Problem),
    /// The server said something that is not of this protocol.
    #[error("unexpected: {0}")]
    Unexpected(String),
    /// The device's side failed (its key, its disk).
    #[error("{0}")]
    Here(Problem),
}

impl RemoteError {
    /// Everything HTTP can say about itself is about the way to the server.
    pub(crate) fn of_http(error: reqwest::Error) -> Self {
        if let Some(why) = untrusted(&error) {
            return Self::Untrusted(why);
        }
        let building = error.is_builder();
        let mut text = error.without_url().to_string();
        // The innermost cause is what helps in a log.
        if text.is_empty() {
            text.push_str("http");
        }
        if building { Self::Unexpected(text) } else { Self::Offline(text) }
    }

    /// How long the server asks to wait.
    pub(crate) fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::Refused(refusal) => refusal.retry_after_ms,
            Self::Offline(_) | Self::Untrusted(_) | Self::Unexpected(_) | Self::Here(_) => None,
        }
    }

    /// Whether the same request may succeed later without anyone doing anything.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Offline(_) | Self::Untrusted(_) | Self::Unexpected(_) => true,
            Self::Refused(refusal) => refusal.code.is_passing(),
            Self::Here(_) => false,
        }
    }
}

/// What TLS says against the server's certificate, if that is what failed.
fn untrusted(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(tls @ rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
            return Some(tls.to_string());
        }
        // An `io::Error` hides the error that it was made of from `source`.
        cause = match error.downcast_ref::<std::io::Error>() {
            Some(io) => io.get_ref().map(|within| within as &(dyn std::error::Error + 'static)),
            None => error.source(),
        };
    }
    None
}

impl From<RemoteError> for Problem {
    fn from(error: RemoteError) -> Self {
        tracing::info!(%error, "the server");
        match error {
            RemoteError::Offline(_) => ErrorCode::Offline.into(),
            RemoteError::Untrusted(_) => ErrorCode::Untrusted.into(),
            RemoteError::Unexpected(_) => ErrorCode::Server.into(),
            RemoteError::Here(problem) => problem,
            RemoteError::Refused(refusal) => match refusal.code {
                ProblemCode::Invitation => ErrorCode::InvitationRefused.into(),
                ProblemCode::Revoked => ErrorCode::Revoked.into(),
                ProblemCode::Forbidden => ErrorCode::Forbidden.into(),
                ProblemCode::NotFound => ErrorCode::NotFound.into(),
                ProblemCode::Conflict => ErrorCode::Conflict.into(),
                ProblemCode::Outdated => ErrorCode::Outdated.into(),
                ProblemCode::TooLarge => Self::about(ErrorCode::BadInput, refusal.message),
                ProblemCode::Malformed
                | ProblemCode::Session
                | ProblemCode::TooMany
                | ProblemCode::Untrue
                | ProblemCode::Unavailable => ErrorCode::Server.into(),
            },
        }
    }
}
