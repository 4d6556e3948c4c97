//! The small messages around enrolment and sessions.

use domain::{CouncilId, DeviceId, MemberId, Role};
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use crate::codec::{bytes16, bytes32, bytes64};
use crate::farewell::WipeOrder;

/// Brings a new device into the council with an invitation. Asking again with the same code,
/// device and key gives the same answer, so a lost answer costs nothing.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct EnrolRequest {
    /// [`crate::PROTOCOL`].
    #[n(0)]
    pub protocol: u32,
    /// The invitation's code as the clerk gave it; case and hyphens do not matter.
    #[n(1)]
    pub code: String,
    /// Identifier the device chose for itself.
    #[n(2)]
    #[cbor(with = "bytes16")]
    pub device: DeviceId,
    /// Name the person knows it by.
    #[n(3)]
    pub device_name: String,
    /// Ed25519 public key with which it will sign.
    #[n(4)]
    #[cbor(with = "bytes32")]
    pub signing_key: [u8; 32],
}

impl std::fmt::Debug for EnrolRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolRequest").field("device", &self.device).finish_non_exhaustive()
    }
}

/// The device is enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Enrolled {
    /// The council.
    #[n(0)]
    #[cbor(with = "bytes16")]
    pub council: CouncilId,
    /// The council's name.
    #[n(1)]
    pub council_name: String,
    /// The person the device belongs to.
    #[n(2)]
    #[cbor(with = "bytes16")]
    pub member: MemberId,
    /// What the person may do.
    #[n(3)]
    #[cbor(with = "role")]
    pub role: Role,
}

/// Asks for a challenge to sign.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ChallengeRequest {
    /// The device that wants a session.
    #[n(0)]
    #[cbor(with = "bytes16")]
    pub device: DeviceId,
}

/// Random bytes to sign once, within [`crate::limits::CHALLENGE_MS`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Challenge {
    /// The random bytes. An unknown device gets some too, so that devices cannot be guessed.
    #[n(0)]
    #[cbor(with = "bytes32")]
    pub nonce: [u8; 32],
}

impl Challenge {
    /// The bytes a device signs to answer.
    #[must_use]
    pub fn signing_bytes(&self, device: DeviceId) -> Vec<u8> {
        let mut text = b"pupitre/session/1".to_vec();
        text.extend_from_slice(&device.to_bytes());
        text.extend_from_slice(&self.nonce);
        text
    }
}

/// Answers a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SessionRequest {
    /// The device.
    #[n(0)]
    #[cbor(with = "bytes16")]
    pub device: DeviceId,
    /// The challenge's random bytes.
    #[n(1)]
    #[cbor(with = "bytes32")]
    pub nonce: [u8; 32],
    /// Ed25519 signature over [`Challenge::signing_bytes`].
    #[n(2)]
    #[cbor(with = "bytes64")]
    pub signature: [u8; 64],
}

/// A short session.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct Session {
    /// The bearer token.
    #[n(0)]
    pub token: String,
    /// When it ends, Unix milliseconds of the server's clock.
    #[n(1)]
    pub expires_ms: i64,
    /// The member's present role, which the clerk may have changed since enrolment.
    #[n(2)]
    #[cbor(with = "role")]
    pub role: Role,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("expires_ms", &self.expires_ms).finish_non_exhaustive()
    }
}

/// Asks for an invitation for a member.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct InviteRequest {
    /// Whom to invite.
    #[n(0)]
    #[cbor(with = "bytes16")]
    pub member: MemberId,
}

/// One use, expiring.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct Invitation {
    /// The code to hand over.
    #[n(0)]
    pub code: String,
    /// When it expires, Unix milliseconds.
    #[n(1)]
    pub expires_ms: i64,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation").field("expires_ms", &self.expires_ms).finish_non_exhaustive()
    }
}

/// Asks for the devices of the council.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DevicesRequest {}

/// Asks under which address the member's own calendar stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct CalendarRequest {
    /// Whether it shall have another address; the one before leads nowhere from then on.
    #[n(0)]
    pub renew: bool,
}

/// Where a member's calendar stands.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct CalendarAddress {
    /// Its path on this server. Whoever knows it can read the calendar.
    #[n(0)]
    pub path: String,
}

impl std::fmt::Debug for CalendarAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CalendarAddress")
    }
}

/// Shuts a device out.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RevokeRequest {
    /// Which.
    #[n(0)]
    #[cbor(with = "bytes16")]
    pub device: DeviceId,
    /// The order to empty it at its next contact; none leaves on it what it holds.
    #[n(1)]
    pub wipe: Option<WipeOrder>,
}

/// Whether a device may act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum DeviceStanding {
    /// It may.
    #[n(0)]
    Good,
    /// It reads and writes no more: it was copied, or put back to an older state.
    #[n(1)]
    Quarantined,
    /// It may nothing any more.
    #[n(2)]
    Revoked,
}

/// One device of a council.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DeviceEntry {
    /// The device.
    #[n(0)]
    #[cbor(with = "bytes16")]
    pub device: DeviceId,
    /// Name the person knows it by.
    #[n(1)]
    pub name: String,
    /// Whose it is.
    #[n(2)]
    #[cbor(with = "bytes16")]
    pub member: MemberId,
    /// When it joined, Unix milliseconds.
    #[n(3)]
    pub enrolled_ms: i64,
    /// When it last opened a session, Unix milliseconds; none when it has not.
    #[n(4)]
    pub seen_ms: Option<i64>,
    /// Whether it may act.
    #[n(5)]
    pub standing: DeviceStanding,
    /// When the server took the order to empty it, Unix milliseconds; none without one.
    #[n(6)]
    pub wipe_ms: Option<i64>,
    /// When the device said that it is empty, Unix milliseconds; none before.
    #[n(7)]
    pub emptied_ms: Option<i64>,
}

/// The devices of a council, by member and day of joining.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Devices {
    /// All of them, revoked ones too.
    #[n(0)]
    pub devices: Vec<DeviceEntry>,
}

/// One line of a council's audit log: who did what at its doors, and when.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AuditLine {
    /// Its number; later lines have higher ones.
    #[n(0)]
    pub number: u64,
    /// When, Unix milliseconds of the server.
    #[n(1)]
    pub at_ms: i64,
    /// What was done, as a word; a later server may know more of them.
    #[n(2)]
    pub done: String,
    /// The device that did it; none for the operator and the server itself.
    #[n(3)]
    pub device: Option<ByteArray<16>>,
    /// That device's member.
    #[n(4)]
    pub member: Option<ByteArray<16>>,
    /// Identifier of what it was done to: a member, a device, a sitting, as the word says.
    #[n(5)]
    pub subject: Option<ByteArray<16>>,
    /// A role, a device's name, a number; may be empty.
    #[n(6)]
    pub detail: String,
}

/// A page of a council's audit log, the last line first: the answer to `GET /v1/audit`, or to
/// `GET /v1/audit?before=NUMBER`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AuditPage {
    /// At most [`crate::limits::AUDIT_LINES`].
    #[n(0)]
    pub lines: Vec<AuditLine>,
    /// Whether there may be earlier ones.
    #[n(1)]
    pub more: bool,
}

mod role {
    use domain::Role;
    use minicbor::decode::{Decoder, Error as DecodeError};
    use minicbor::encode::{Encoder, Error as EncodeError, Write};

    pub(super) fn encode<C, W: Write>(
        role: &Role,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        e.u8(match role {
            Role::Clerk => 0,
            Role::Official => 1,
            Role::Guest => 2,
        })?;
        Ok(())
    }

    pub(super) fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Role, DecodeError> {
        match d.u8()? {
            0 => Ok(Role::Clerk),
            1 => Ok(Role::Official),
            2 => Ok(Role::Guest),
            _ => Err(DecodeError::message("an unknown role")),
        }
    }
}
