//! The log: one append-only sequence per council, and who may write and read it.
//!
//! [`Log`] is what the server needs of a store. An implementation promises:
//! - `append` returns only when what it acknowledges is durable;
//! - sequence numbers of a council follow commit order, from 1, without gaps;
//! - the answer to a device's n-th operation is given once and repeated ever after;
//! - `pull` shows a member exactly what the member may see at that moment.
//!
//! `contract` in the tests holds every implementation to it; [`model::Model`] is the oracle.
//!
//! The server checks each signature here, in [`Examined`], before an operation can reach a log at
//! all. Tablets and courts can do the same: the keys of all devices stand in the log as cards, which
//! the council's office (the server's own device) signs.

pub mod audit;
pub mod examined;
pub mod model;
pub mod post;
pub mod postgres;
pub mod rules;
pub mod sqlite;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{Convocation, CouncilId, DeviceId, Entity, GroupId, MemberId, Record, Role, Sha256};
use futures_util::future::BoxFuture;
use wire::{Ack, LineEnd, Logged, ProblemCode, RecordPayload, WipeOrder};

pub use examined::Examined;

use audit::{By, Deed, Line};

/// An answer of the log, later.
pub type Reply<'a, T> = BoxFuture<'a, Result<T, LogError>>;

/// Why the log does not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// The disk is full; what was acknowledged before stands.
    #[error("The server's disk is full; nothing acknowledged is lost. Free some space.")]
    Full,
    /// The disk or the database fails.
    #[error("The server's database does not answer: {0}.")]
    Failing(String),
    /// The log says no; the person can be told.
    #[error("{message}")]
    Refused {
        /// What kind of refusal.
        code: ProblemCode,
        /// One clear sentence.
        message: &'static str,
    },
}

impl LogError {
    /// A refusal with its sentence.
    #[must_use]
    pub const fn refused(code: ProblemCode, message: &'static str) -> Self {
        Self::Refused { code, message }
    }
}

/// The founding of a council: its first clerk, the server's own device, which writes the first
/// records in that clerk's name, and the invitation with which the clerk comes in. All or nothing.
#[derive(Debug, Clone)]
pub struct Founding {
    /// The new council.
    pub council: CouncilId,
    /// Its name.
    pub name: String,
    /// The first clerk.
    pub clerk: MemberId,
    /// The server's device.
    pub device: NewDevice,
    /// Random number that names this copy of the log, not negative.
    pub incarnation: i64,
    /// The first records, by the server's device.
    pub records: Vec<Examined>,
    /// Hash of the clerk's invitation code.
    pub code_hash: Sha256,
    /// When that invitation expires, Unix milliseconds.
    pub expires_ms: i64,
}

/// A device that asks to be enrolled.
#[derive(Debug, Clone)]
pub struct NewDevice {
    /// Identifier it chose.
    pub id: DeviceId,
    /// Name the person knows it by.
    pub name: String,
    /// Its Ed25519 public key.
    pub key: [u8; 32],
}

/// Whether a device may act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Good,
    /// It sent two different operations under one number: it reads, it writes no more.
    Quarantined,
    /// It may nothing any more.
    Revoked,
}

/// A device as the log knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The device.
    pub id: DeviceId,
    /// Its council.
    pub council: CouncilId,
    /// Whose it is.
    pub member: MemberId,
    /// Its Ed25519 public key.
    pub key: [u8; 32],
    /// Whether it may act; [`Standing::Revoked`] also when its member is.
    pub standing: Standing,
    /// What its member may do now.
    pub role: Role,
}

/// A device as a clerk is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDevice {
    /// The device.
    pub id: DeviceId,
    /// Name the person knows it by.
    pub name: String,
    /// Whose it is.
    pub member: MemberId,
    /// When it joined, Unix milliseconds.
    pub enrolled_ms: i64,
    /// When it last opened a session; none when it has not.
    pub seen_ms: Option<i64>,
    /// Whether it may act; [`Standing::Revoked`] also when its member is.
    pub standing: Standing,
    /// When it was ordered to empty itself, Unix milliseconds.
    pub wipe_ms: Option<i64>,
    /// When it said that it had, Unix milliseconds.
    pub emptied_ms: Option<i64>,
}

/// Name of the device with which a server writes a council's first records.
pub const OWN_DEVICE: &str = "pupitre-server";

/// A device about which nobody has ordered anything.
const NO_ORDER: LogError =
    LogError::refused(ProblemCode::NotFound, "Nobody has ordered this device to be emptied.");

/// A session that is to be opened.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// SHA-256 of the token.
    pub token_hash: Sha256,
    /// The device.
    pub device: DeviceId,
    /// The challenge it answered; a second session on it is refused.
    pub nonce: [u8; 32],
    /// When it ends, Unix milliseconds.
    pub expires_ms: i64,
}

/// Who comes with a session's token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The device and its member's role at this moment.
    pub device: Device,
    /// When the session ends, Unix milliseconds.
    pub expires_ms: i64,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// One answer per operation, in order, up to the first gap in the device's numbers.
    pub acks: Vec<Ack>,
    /// The council's last sequence number afterwards.
    pub head: u64,
    /// How many entries this batch added.
    pub added: u64,
}

/// Where a tablet stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Sequence number of the last entry it applied.
    pub cursor: u64,
    /// The view under which it got there.
    pub view: u64,
}

/// A page of the log as one member sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Entries in order.
    pub items: Vec<Logged>,
    /// The cursor after them, past what the member may not see.
    pub cursor: u64,
    /// The council's last sequence number.
    pub head: u64,
    /// Whether more may wait after `cursor`.
    pub more: bool,
    /// Names what the member may see.
    pub view: u64,
}

/// What an enrolled device is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Welcome {
    /// The council.
    pub council: CouncilId,
    /// Its name.
    pub council_name: String,
    /// The member.
    pub member: MemberId,
    /// The member's role.
    pub role: Role,
}

/// The council's office: the server's own device, founded with the council. It alone writes the
/// directory of devices, and witnesses what the server sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Its device; it writes in the first clerk's name.
    pub device: Device,
    /// Number of its last operation.
    pub last_seq: u64,
}

/// A device whose card must be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncarded {
    /// The device.
    pub device: Device,
    /// When it was enrolled, Unix milliseconds.
    pub enrolled_ms: i64,
    /// Version of the card that stands; 0 when there is none.
    pub version: u64,
}

/// A member's calendar that somebody looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subscribed {
    /// The council.
    pub council: CouncilId,
    /// The member.
    pub member: MemberId,
    /// Sequence number of the council's last convocation; 0 when there is none. As long as it is the
    /// same, so is the calendar.
    pub latest: u64,
}

/// Whom to shut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// One lost tablet.
    Device(DeviceId),
    /// A person, with all their devices.
    Member(CouncilId, MemberId),
}

/// Called with a council's new head.
pub type Listener = Arc<dyn Fn(CouncilId, u64) + Send + Sync>;

/// The log of every council. Each method is one transaction.
pub trait Log: Send + Sync + 'static {
    /// Founds a council.
    fn found(&self, founding: Founding, now_ms: i64) -> Reply<'_, ()>;

    /// The councils, oldest first.
    fn councils(&self) -> Reply<'_, Vec<CouncilId>>;

    /// Appends a device's operations in the order of its numbers; durable when it returns.
    fn append(&self, device: DeviceId, ops: Vec<Examined>, now_ms: i64) -> Reply<'_, Appended>;

    /// Reads on from a position, at most `max_bytes` of payload and envelope, at least one entry.
    fn pull(
        &self,
        council: CouncilId,
        member: MemberId,
        position: Position,
        max_bytes: usize,
    ) -> Reply<'_, Page>;

    /// A record as it stands, and its version.
    fn record(
        &self,
        council: CouncilId,
        entity: Entity,
        id: [u8; 16],
    ) -> Reply<'_, Option<(u64, Record)>>;

    /// Where a device's line ends: the last number that was answered and for which operation; none
    /// when nothing of it was, or a restored copy no longer knows.
    fn line_end(&self, device: DeviceId) -> Reply<'_, Option<LineEnd>>;

    /// The council's last sequence number.
    fn head(&self, council: CouncilId) -> Reply<'_, u64>;

    /// Keeps an invitation by the hash of its code, and whose it is.
    fn invite(
        &self,
        council: CouncilId,
        member: MemberId,
        code_hash: Sha256,
        expires_ms: i64,
        by: By,
    ) -> Reply<'_, ()>;

    /// Enrols a device with an invitation; the same device with the same key is welcomed again.
    fn enrol(&self, code_hash: Sha256, device: NewDevice, now_ms: i64) -> Reply<'_, Welcome>;

    /// The device, if it is enrolled.
    fn device(&self, device: DeviceId) -> Reply<'_, Option<Device>>;

    /// All devices of a council but the server's own, by member and day of joining.
    fn devices(&self, council: CouncilId) -> Reply<'_, Vec<KnownDevice>>;

    /// Opens a session; the device has then been seen.
    fn open_session(&self, session: NewSession, now_ms: i64) -> Reply<'_, ()>;

    /// Who holds the token of this hash, unless it has expired.
    fn bearer(&self, token_hash: Sha256, now_ms: i64) -> Reply<'_, Option<Bearer>>;

    /// Shuts a device or a member out and ends their sessions.
    fn revoke(&self, whom: Revocation, by: By) -> Reply<'_, ()>;

    /// Shuts the device of an order out, and keeps the order until the device has heard it. A later order
    /// changes nothing.
    fn order_wipe(&self, order: WipeOrder, by: By) -> Reply<'_, ()>;

    /// The order to empty a device.
    fn wipe_order(&self, device: DeviceId) -> Reply<'_, Option<WipeOrder>>;

    /// Appends what a device under such an order has not sent yet: its member's private notes, and
    /// nothing else, as [`rules::may_write_at_last`] says.
    fn append_last(&self, device: DeviceId, ops: Vec<Examined>, now_ms: i64)
    -> Reply<'_, Appended>;

    /// Notes that a device under such an order says that it is empty.
    fn emptied(&self, device: DeviceId, now_ms: i64) -> Reply<'_, ()>;

    /// The council's office: the device it was founded with, and the end of its line.
    fn office(&self, council: CouncilId) -> Reply<'_, Office>;

    /// Devices whose card in the directory is missing or does not say that they are shut out,
    /// oldest first.
    fn uncarded(&self, council: CouncilId) -> Reply<'_, Vec<Uncarded>>;

    /// Notes that a council now holds a paper.
    fn hold_paper(
        &self,
        council: CouncilId,
        sha256: Sha256,
        bytes: u64,
        now_ms: i64,
    ) -> Reply<'_, ()>;

    /// Length of a paper in bytes, if this council holds it.
    fn paper(&self, council: CouncilId, sha256: Sha256) -> Reply<'_, Option<u64>>;

    /// How many addresses a member's calendar has had; 0 when nobody has asked for one.
    fn calendar(&self, council: CouncilId, member: MemberId) -> Reply<'_, u64>;

    /// Gives a member's calendar its n-th address, by its hash; an earlier one than it has changes
    /// nothing.
    fn give_calendar(
        &self,
        council: CouncilId,
        member: MemberId,
        nth: u64,
        token_hash: Sha256,
        now_ms: i64,
    ) -> Reply<'_, ()>;

    /// Whose calendar stands at the address of this hash; nobody's once that person is shut out.
    fn calendar_at(&self, token_hash: Sha256) -> Reply<'_, Option<Subscribed>>;

    /// Every convocation of a council, in the order in which they became durable, with when.
    fn convocations(&self, council: CouncilId) -> Reply<'_, Vec<(Convocation, i64)>>;

    /// Writes a line into the audit log of a council for what was done outside this log. What is done
    /// through it writes its own, in the same transaction.
    fn note(&self, council: CouncilId, deed: Deed, by: By) -> Reply<'_, ()>;

    /// At most so many lines of a council's audit log, the last first; only those before a number,
    /// when it is given.
    fn audit(&self, council: CouncilId, before: Option<u64>, limit: u32) -> Reply<'_, Vec<Line>>;

    /// Forgets the lines of all councils that are older than [`audit::KEPT_MS`]; how many those were.
    fn forget_audit(&self, now_ms: i64) -> Reply<'_, u64>;

    /// Tells of entries that other processes add; a log that only this process writes has none.
    fn listen(&self, listener: Listener) {
        drop(listener);
    }
}

/// Names what a member may see: changes with role, groups and the copy of the log. Never 0, and
/// fits the signed integers in which tablets keep it.
#[must_use]
pub fn view_of(incarnation: i64, member: MemberId, role: Role, groups: &BTreeSet<GroupId>) -> u64 {
    let mut text = b"pupitre/view/1".to_vec();
    text.extend_from_slice(&incarnation.to_be_bytes());
    text.extend_from_slice(&member.to_bytes());
    text.push(match role {
        Role::Clerk => 0,
        Role::Official => 1,
        Role::Guest => 2,
    });
    for group in groups {
        text.extend_from_slice(&group.to_bytes());
    }
    let digest = ring::digest::digest(&ring::digest::SHA256, &text);
    let number = digest.as_ref().iter().take(8).fold(0, |n: u64, byte| n << 8 | u64::from(*byte));
    (number >> 1).max(1)
}

/// The record of an entry's payload.
pub(crate) fn record_of(payload: &[u8]) -> Result<Record, LogError> {
    wire::decode::<RecordPayload>(payload)
        .ok()
        .and_then(|payload| Record::from_json(&payload.record).ok())
        .ok_or_else(|| LogError::Failing("a record of the log cannot be read".to_owned()))
}

/// What one entry weighs in a page, in bytes: its payload and about its envelope.
#[must_use]
pub fn weight(payload: usize) -> usize {
    payload + 256
}
