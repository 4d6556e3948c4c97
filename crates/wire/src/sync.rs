//! The one request that keeps a tablet and the log alike.

use domain::Sha256;
use minicbor::{Decode, Encode};

use crate::codec::bytes32;
use crate::op::Op;
use crate::problem::ProblemCode;

/// What a tablet sends: where it stands and what it has to give.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SyncRequest {
    /// [`crate::PROTOCOL`].
    #[n(0)]
    pub protocol: u32,
    /// Sequence number of the last entry applied; 0 at first.
    #[n(1)]
    pub cursor: u64,
    /// The [`SyncResponse::view`] last received; 0 at first. When what the member may see has
    /// changed since, the server answers from the beginning of the log.
    #[n(2)]
    pub view: u64,
    /// Operations in order of `device_seq`, at most [`crate::limits::BATCH`] bytes.
    #[n(3)]
    pub outbox: Vec<Op>,
    /// The number that this tablet would give its next operation, when it asks where the server has
    /// its line end ([`SyncResponse::line`]): once in each life of the app, before it sends anything.
    #[n(4)]
    pub next: Option<u64>,
}

/// Where a device's line ends: its last number that was answered, and for which operation. A tablet
/// put back to an earlier image finds here numbers that it does not know it has given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct LineEnd {
    /// The number.
    #[n(0)]
    pub device_seq: u64,
    /// Hash of the operation that was answered under it.
    #[n(1)]
    #[cbor(with = "bytes32")]
    pub op: Sha256,
}

/// What became of one operation of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Outcome {
    /// Durable in the log under this sequence number.
    #[n(0)]
    Accepted {
        /// Its place in the council's log.
        #[n(0)]
        seq: u64,
    },
    /// The record has changed meanwhile; a human decides.
    #[n(1)]
    Conflict {
        /// The version that stands now.
        #[n(0)]
        current: u64,
    },
    /// Never acceptable as it is.
    #[n(2)]
    Refused {
        /// Why.
        #[n(0)]
        code: ProblemCode,
    },
}

/// The answer to one operation.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Ack {
    /// Which one.
    #[n(0)]
    pub device_seq: u64,
    /// What became of it.
    #[n(1)]
    pub outcome: Outcome,
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Logged {
    /// Its place in the council's log; the only order that matters.
    #[n(0)]
    pub seq: u64,
    /// The server's clock when it became durable, Unix milliseconds.
    #[n(1)]
    pub received_ms: i64,
    /// For a catalogue record: the version this entry made. 0 otherwise.
    #[n(2)]
    pub record_version: u64,
    /// The operation.
    #[n(3)]
    pub op: Op,
}

/// What the server answers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SyncResponse {
    /// One answer per operation sent, in order. Fewer than were sent means: send the rest again.
    #[n(0)]
    pub acks: Vec<Ack>,
    /// Entries after the request's cursor that the member may see, in order.
    #[n(1)]
    pub items: Vec<Logged>,
    /// The cursor after these items; entries the member may not see are passed over by it.
    #[n(2)]
    pub cursor: u64,
    /// The last sequence number of the log.
    #[n(3)]
    pub head: u64,
    /// Whether more items wait after `cursor`.
    #[n(4)]
    pub more: bool,
    /// Names what the member may see; send it back.
    #[n(5)]
    pub view: u64,
    /// The server's clock, Unix milliseconds.
    #[n(6)]
    pub server_ms: i64,
    /// Where the line of the asking device ends, when it asked ([`SyncRequest::next`]) and anything
    /// of it was answered.
    #[n(7)]
    pub line: Option<LineEnd>,
}

/// "There is something new": losing it costs time, never data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Poke {
    /// The last sequence number of the log.
    #[n(0)]
    pub head: u64,
}
