//! The bytes between tablet and server: signed operations, the one sync request, the small
//! control messages, and every limit both sides keep.
//!
//! CBOR with numbered fields (minicbor): a reader skips fields it does not know, so a newer peer
//! may add some; a field's number is never used again for something else. Bodies travel as
//! [`CONTENT_TYPE`]. What is signed does not depend on CBOR: see [`op::Header::signing_bytes`].
//!
//! | request | body -> answer |
//! | --- | --- |
//! | `POST /v1/enrol` | [`EnrolRequest`] -> [`Enrolled`] |
//! | `POST /v1/challenge` | [`ChallengeRequest`] -> [`Challenge`] |
//! | `POST /v1/session` | [`SessionRequest`] -> [`Session`] |
//! | `POST /v1/farewell` | [`FarewellRequest`] -> [`Farewell`] |
//! | `POST /v1/sync` | [`SyncRequest`] -> [`SyncResponse`] |
//! | `POST /v1/invitations` (clerk) | [`InviteRequest`] -> [`Invitation`] |
//! | `GET /v1/poke` | WebSocket; each binary message is one [`Poke`] |
//! | `HEAD`, `GET` (`Range`), `PUT /v1/blobs/{sha256}` | the PDF's bytes, see [`blob`] |
//!
//! Everything but enrolment, challenge, session and farewell carries `Authorization: Bearer TOKEN`. A refusal
//! is a [`Problem`] with the status of its code.
//!
//! Pure: no IO, no clock, no randomness.

pub mod blob;
mod codec;
pub mod control;
pub mod farewell;
pub mod limits;
pub mod op;
pub mod problem;
pub mod sync;

pub use control::{
    AuditLine, AuditPage, CalendarAddress, CalendarRequest, Challenge, ChallengeRequest,
    DeviceEntry, DeviceStanding, Devices, DevicesRequest, EnrolRequest, Enrolled, Invitation,
    InviteRequest, RevokeRequest, Session, SessionRequest,
};
pub use farewell::{Farewell, FarewellRequest, WipeOrder};
pub use op::{
    Audience, DocKey, ERAS, Header, Kind, NoteError, NotePayload, Op, OpError, RecordPayload,
    Scope, before_era, era,
};
pub use problem::{Problem, ProblemCode};
pub use sync::{Ack, LineEnd, Logged, Outcome, Poke, SyncRequest, SyncResponse};

/// Version of this protocol; raised only when an older peer could no longer follow.
pub const PROTOCOL: u32 = 1;

/// Content type of every CBOR body.
pub const CONTENT_TYPE: &str = "application/cbor";

/// The bytes of a message.
///
/// # Errors
/// [`Malformed`] when a value cannot be written, which no value built from these types causes.
pub fn encode<T: minicbor::Encode<()>>(message: &T) -> Result<Vec<u8>, Malformed> {
    minicbor::to_vec(message).map_err(|error| Malformed(error.to_string()))
}

/// Reads a message.
///
/// # Errors
/// [`Malformed`] when the bytes are no such message.
pub fn decode<'b, T: minicbor::Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, Malformed> {
    minicbor::decode(bytes).map_err(|error| Malformed(error.to_string()))
}

/// Bytes that are not the message that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("These bytes are not a message of this version: {0}.")]
pub struct Malformed(String);
