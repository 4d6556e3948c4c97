//! How the server says no: a [`wire::Problem`] with the status of its code.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wire::{Problem, ProblemCode};

use crate::blobs::BlobError;
use crate::codes::NoRandom;
use crate::log::LogError;

/// After a failing disk, tablets try again in this time, in milliseconds.
const UNAVAILABLE_MS: u64 = 10_000;

/// A problem on its way out.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) Problem);

impl Refusal {
    pub(crate) fn new(code: ProblemCode, message: impl Into<String>) -> Self {
        Self(Problem { code, message: message.into(), retry_after_ms: None })
    }

    pub(crate) fn after(mut self, wait_ms: u64) -> Self {
        self.0.retry_after_ms = Some(wait_ms);
        self
    }

    pub(crate) fn revoked() -> Self {
        Self::new(
            ProblemCode::Revoked,
            "This device was revoked; ask the clerk for a new invitation.",
        )
    }

    pub(crate) fn too_many(message: &str, wait_ms: u64) -> Self {
        Self::new(ProblemCode::TooMany, message).after(wait_ms)
    }
}

impl From<LogError> for Refusal {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Refused { code, message } => Self::new(code, message),
            LogError::Full => {
                Self::new(ProblemCode::Unavailable, error.to_string()).after(UNAVAILABLE_MS)
            }
            LogError::Failing(_) => {
                // The cause is for the operator, not for whoever asks.
                tracing::error!(%error, "the log fails");
                Self::new(
                    ProblemCode::Unavailable,
                    "The server cannot read or write its log now; nothing acknowledged is lost.",
                )
                .after(UNAVAILABLE_MS)
            }
        }
    }
}

impl From<BlobError> for Refusal {
    fn from(error: BlobError) -> Self {
        let code = match &error {
            BlobError::Absent => ProblemCode::NotFound,
            BlobError::Offset { .. } | BlobError::Superseded => ProblemCode::Conflict,
            BlobError::TooLong => ProblemCode::TooLarge,
            BlobError::Digest => ProblemCode::Untrue,
            BlobError::Interrupted => ProblemCode::Malformed,
            BlobError::Full => ProblemCode::Unavailable,
            BlobError::Failing(cause) => {
                tracing::error!(%cause, "the store of papers fails");
                return Self::new(
                    ProblemCode::Unavailable,
                    "The server cannot read or write this paper now; what came is kept.",
                )
                .after(UNAVAILABLE_MS);
            }
        };
        let refusal = Self::new(code, error.to_string());
        if code == ProblemCode::Unavailable { refusal.after(UNAVAILABLE_MS) } else { refusal }
    }
}

impl From<NoRandom> for Refusal {
    fn from(error: NoRandom) -> Self {
        Self::new(ProblemCode::Unavailable, error.to_string()).after(UNAVAILABLE_MS)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = wire::encode(&self.0).unwrap_or_default();
        let mut response =
            (status, [(header::CONTENT_TYPE, wire::CONTENT_TYPE)], body).into_response();
        if let Some(wait) = self.0.retry_after_ms {
            let seconds = HeaderValue::from(wait.div_ceil(1_000));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}
