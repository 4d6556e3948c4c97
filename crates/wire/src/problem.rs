//! How the server says no.

use minicbor::{Decode, Encode};

/// What kind of refusal; wording stays free because nobody matches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum ProblemCode {
    /// The request cannot be read.
    #[n(0)]
    Malformed,
    /// The invitation is unknown, used or expired.
    #[n(1)]
    Invitation,
    /// No session, or an expired one: log in again.
    #[n(2)]
    Session,
    /// The device was revoked.
    #[n(3)]
    Revoked,
    /// The member's role does not allow it.
    #[n(4)]
    Forbidden,
    /// No such thing, or not for this member.
    #[n(5)]
    NotFound,
    /// A limit on size was passed.
    #[n(6)]
    TooLarge,
    /// Too many requests or connections: wait `retry_after_ms`.
    #[n(7)]
    TooMany,
    /// The record has changed meanwhile.
    #[n(8)]
    Conflict,
    /// The signature, sequence or digest does not fit.
    #[n(9)]
    Untrue,
    /// This version of the app is too old for the server.
    #[n(10)]
    Outdated,
    /// The server cannot store it now (full disk, failing disk).
    #[n(11)]
    Unavailable,
}

impl ProblemCode {
    /// The HTTP status that carries it.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed | Self::Untrue => 400,
            Self::Session => 401,
            Self::Invitation | Self::Revoked | Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::Outdated => 426,
            Self::TooMany => 429,
            Self::Unavailable => 503,
        }
    }

    /// Whether the same request may succeed later without anyone changing it.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Session | Self::TooMany | Self::Unavailable)
    }
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// What kind.
    #[n(0)]
    pub code: ProblemCode,
    /// One clear sentence in English, for logs and other software.
    #[n(1)]
    pub message: String,
    /// How long to wait before trying again, when that helps.
    #[n(2)]
    pub retry_after_ms: Option<u64>,
}
