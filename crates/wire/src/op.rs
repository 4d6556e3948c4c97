//! One signed operation: what a device adds to the council's log.

use std::collections::BTreeSet;

use domain::{
    CouncilId, DeviceId, GroupId, MemberId, MessageId, Role, Sha256, SittingId, Statement,
};
use minicbor::{Decode, Encode};
use ring::signature::{ED25519, UnparsedPublicKey};

use crate::codec::{bytes16, bytes32, bytes64};
use crate::{Malformed, limits};

/// Who may read what stands in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Audience {
    /// The owner alone, on all the owner's devices.
    #[n(0)]
    Private,
    /// The members of one group.
    #[n(1)]
    Group(
        #[n(0)]
        #[cbor(with = "bytes16")]
        GroupId,
    ),
    /// Everyone enrolled in the council.
    #[n(2)]
    Council,
    /// The clerks.
    #[n(3)]
    Administration,
    /// One person and the clerks: what happened to that person's convocation, a message to them.
    #[n(4)]
    Person(
        #[n(0)]
        #[cbor(with = "bytes16")]
        MemberId,
    ),
}

/// The access boundary: only the owner's devices write here, only the audience reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Scope {
    /// Whose scope it is.
    #[n(0)]
    #[cbor(with = "bytes16")]
    pub owner: MemberId,
    /// Who reads it.
    #[n(1)]
    pub audience: Audience,
}

/// What the payload is; the server reads records and receipts and no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Kind {
    /// A [`NotePayload`]: changes to one annotation document.
    #[n(0)]
    Note,
    /// A [`RecordPayload`]: a record of the catalogue, written by a clerk or the office.
    #[n(1)]
    Record,
    /// A `domain::Statement` as JSON: what happened to a convocation, or a message to somebody and
    /// what happened to it.
    #[n(2)]
    Receipt,
    /// The list of the owner's devices, signed by the owner's identity key. Everybody sees it; the
    /// server does not read it.
    #[n(3)]
    Directory,
    /// Wrapped keys, or a device that asks for them. The server does not read it.
    #[n(4)]
    Keys,
}

/// The last era of a scope. Each begins for people who are let into a group and read what is written from
/// then on: more than these a group of our councils never sees.
pub const ERAS: u16 = 1_023;

/// The era of an epoch. Epochs are counted within their era: the upper half of the number is the era, the
/// lower one counts from 1. Who reads an era reads all later ones, and not what was written in those before.
#[must_use]
pub const fn era(epoch: u32) -> u16 {
    let [high, low, _, _] = epoch.to_be_bytes();
    u16::from_be_bytes([high, low])
}

/// The epoch that comes before the first of an era.
#[must_use]
pub const fn before_era(era: u16) -> u32 {
    (era as u32) << 16
}

/// Names one document within the log without saying which PDF it belongs to: the first sixteen
/// bytes of a digest over scope and PDF, so that two devices of one owner, both offline, agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct DocKey(
    #[n(0)]
    #[cbor(with = "bytes16")]
    pub [u8; 16],
);

impl DocKey {
    /// The key of a member's notes, in one scope, on one exact PDF.
    #[must_use]
    pub fn of_notes(council: CouncilId, scope: Scope, pdf: &Sha256) -> Self {
        let mut text = b"pupitre/doc/1".to_vec();
        text.extend_from_slice(&council.to_bytes());
        scope.append_to(&mut text);
        text.extend_from_slice(pdf.as_bytes());
        Self::first_half_of(&text)
    }

    /// The same for what is written in a later era of the scope ([`era`]): another document, which builds
    /// on nothing of the one before. The key of the era in which a scope begins is that of
    /// [`DocKey::of_notes`].
    #[must_use]
    pub fn of_notes_in(council: CouncilId, scope: Scope, pdf: &Sha256, era: u16) -> Self {
        if era == 0 {
            return Self::of_notes(council, scope, pdf);
        }
        let mut text = b"pupitre/doc/2".to_vec();
        text.extend_from_slice(&council.to_bytes());
        scope.append_to(&mut text);
        text.extend_from_slice(pdf.as_bytes());
        text.extend_from_slice(&era.to_be_bytes());
        Self::first_half_of(&text)
    }

    /// The era of a scope in which the notes on this PDF have this key; none when they never have.
    #[must_use]
    pub fn era_of_notes(self, council: CouncilId, scope: Scope, pdf: &Sha256) -> Option<u16> {
        (0..=ERAS).find(|era| self == Self::of_notes_in(council, scope, pdf, *era))
    }

    /// The key of a member's list of devices, and of what the member's devices write to each other.
    #[must_use]
    pub const fn of_devices(member: MemberId) -> Self {
        Self(member.to_bytes())
    }

    /// The key of a catalogue record.
    #[must_use]
    pub const fn of_record(id: [u8; 16]) -> Self {
        Self(id)
    }

    /// The key of a sitting's n-th convocation, which is also its identifier: two clerks who convene
    /// at the same time write the same record, and the second one is told.
    #[must_use]
    pub fn of_convocation(sitting: SittingId, number: u32) -> Self {
        let mut text = b"pupitre/convocation/1".to_vec();
        text.extend_from_slice(&sitting.to_bytes());
        text.extend_from_slice(&number.to_be_bytes());
        Self::first_half_of(&text)
    }

    /// The key of a member's copy of a message and of what happens to it.
    #[must_use]
    pub fn of_message(message: MessageId, member: MemberId) -> Self {
        let mut text = b"pupitre/message/1".to_vec();
        text.extend_from_slice(&message.to_bytes());
        text.extend_from_slice(&member.to_bytes());
        Self::first_half_of(&text)
    }

    /// The key under which a statement stands.
    #[must_use]
    pub fn of_statement(statement: &Statement) -> Self {
        match statement {
            Statement::Receipt(receipt) => Self::of_record(receipt.convocation.to_bytes()),
            Statement::Message(message) => {
                Self::of_message(message.message, message.recipient.member)
            }
            Statement::MessageReceipt(receipt) => Self::of_message(receipt.message, receipt.member),
        }
    }

    fn first_half_of(text: &[u8]) -> Self {
        let digest = ring::digest::digest(&ring::digest::SHA256, text);
        let mut key = [0; 16];
        for (to, from) in key.iter_mut().zip(digest.as_ref()) {
            *to = *from;
        }
        Self(key)
    }
}

impl Scope {
    /// Whether a member sees what stands here. Its owner always does, as the author of every word.
    #[must_use]
    pub fn is_seen_by(self, member: MemberId, role: Role, groups: &BTreeSet<GroupId>) -> bool {
        match self.audience {
            Audience::Private => self.owner == member,
            Audience::Group(group) => self.owner == member || groups.contains(&group),
            Audience::Council => true,
            Audience::Administration => role == Role::Clerk,
            Audience::Person(person) => {
                role == Role::Clerk || self.owner == member || person == member
            }
        }
    }

    /// Writes the scope in the layout that is signed: 33 bytes.
    pub fn append_to(self, text: &mut Vec<u8>) {
        text.extend_from_slice(&self.owner.to_bytes());
        let (tag, whom) = match self.audience {
            Audience::Private => (0, [0; 16]),
            Audience::Group(group) => (1, group.to_bytes()),
            Audience::Council => (2, [0; 16]),
            Audience::Administration => (3, [0; 16]),
            Audience::Person(member) => (4, member.to_bytes()),
        };
        text.push(tag);
        text.extend_from_slice(&whom);
    }
}

/// What the server sees of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Header {
    /// The council whose log this is for.
    #[n(0)]
    #[cbor(with = "bytes16")]
    pub council: CouncilId,
    /// Whose, and for whom.
    #[n(1)]
    pub scope: Scope,
    /// Which document within the scope.
    #[n(2)]
    pub document: DocKey,
    /// The device that made and signed it.
    #[n(3)]
    #[cbor(with = "bytes16")]
    pub device: DeviceId,
    /// Counts the device's operations from 1 without gaps; a repeat is answered as the first time.
    #[n(4)]
    pub device_seq: u64,
    /// What the payload is.
    #[n(5)]
    pub kind: Kind,
    /// Key epoch the payload is encrypted under, counted within its [`era`]; 0 is plain.
    #[n(6)]
    pub epoch: u32,
    /// The device's clock when it was made, Unix milliseconds; for display only, never for order.
    #[n(7)]
    pub made_ms: i64,
}

/// One operation, signed by its device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Op {
    /// What the server sees.
    #[n(0)]
    pub header: Header,
    /// What it carries, opaque to the server when it is a [`Kind::Note`].
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub payload: Vec<u8>,
    /// Ed25519 signature over [`Header::signing_bytes`].
    #[n(2)]
    #[cbor(with = "bytes64")]
    pub signature: [u8; 64],
}

/// Why an operation is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpError {
    /// The signature is not the device's.
    #[error("The signature of this operation is not its device's.")]
    Signature,
    /// The payload is larger than [`limits::OP_PAYLOAD`].
    #[error("This operation is larger than {} bytes.", limits::OP_PAYLOAD)]
    TooLarge,
}

impl Header {
    /// The bytes that are signed: a fixed layout of header and payload digest, independent of CBOR.
    #[must_use]
    pub fn signing_bytes(&self, payload: &[u8]) -> Vec<u8> {
        let mut text = self.associated_bytes();
        text.extend_from_slice(ring::digest::digest(&ring::digest::SHA256, payload).as_ref());
        text
    }

    /// The header in the layout that is signed. A sealed payload is sealed together with it, so that
    /// it opens under no other header.
    #[must_use]
    pub fn associated_bytes(&self) -> Vec<u8> {
        let mut text = b"pupitre/op/1".to_vec();
        text.extend_from_slice(&self.council.to_bytes());
        self.scope.append_to(&mut text);
        text.extend_from_slice(&self.document.0);
        text.extend_from_slice(&self.device.to_bytes());
        text.extend_from_slice(&self.device_seq.to_be_bytes());
        text.push(match self.kind {
            Kind::Note => 0,
            Kind::Record => 1,
            Kind::Receipt => 2,
            Kind::Directory => 3,
            Kind::Keys => 4,
        });
        text.extend_from_slice(&self.epoch.to_be_bytes());
        text.extend_from_slice(&self.made_ms.to_be_bytes());
        text
    }
}

impl Op {
    /// Seals a header and its payload; `sign` is the device's Ed25519 signature.
    #[must_use]
    pub fn seal(header: Header, payload: Vec<u8>, sign: impl FnOnce(&[u8]) -> [u8; 64]) -> Self {
        let signature = sign(&header.signing_bytes(&payload));
        Self { header, payload, signature }
    }

    /// Names this operation: two with the same hash are the same.
    #[must_use]
    pub fn hash(&self) -> Sha256 {
        let text = self.header.signing_bytes(&self.payload);
        let digest = ring::digest::digest(&ring::digest::SHA256, &text);
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(digest.as_ref()) {
            *to = *from;
        }
        Sha256::from_bytes(bytes)
    }

    /// Checks size and signature against the device's public key (32 bytes).
    ///
    /// # Errors
    /// [`OpError`], which of the two failed.
    pub fn verify(&self, public_key: &[u8; 32]) -> Result<(), OpError> {
        if self.payload.len() > limits::OP_PAYLOAD {
            return Err(OpError::TooLarge);
        }
        UnparsedPublicKey::new(&ED25519, public_key)
            .verify(&self.header.signing_bytes(&self.payload), &self.signature)
            .map_err(|_| OpError::Signature)
    }
}

/// Payload of [`Kind::Note`]: the PDF it belongs to and the Automerge changes, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct NotePayload {
    /// The exact PDF the notes stand on.
    #[n(0)]
    #[cbor(with = "bytes32")]
    pub pdf: Sha256,
    /// Automerge change chunks (types 1 and 2 only), concatenated.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub changes: Vec<u8>,
}

/// Why the payload of a note cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is closed under a key that this version does not have.
    #[error("These notes are closed under the key of epoch {0}.")]
    Closed(u32),
    /// It is no such payload.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The document it names is not that of its scope and PDF: notes put forward in another's name.
    #[error("These notes are not of the document that they name.")]
    OtherDocument,
}

impl NotePayload {
    /// The payload bytes of an operation with this header: the one place where notes are closed.
    ///
    /// # Errors
    /// [`NoteError::Closed`] for an epoch that this version has no key for.
    pub fn close(&self, header: &Header) -> Result<Vec<u8>, NoteError> {
        match header.epoch {
            0 => Ok(crate::encode(self)?),
            epoch => Err(NoteError::Closed(epoch)),
        }
    }

    /// The notes of an operation that nothing closes; those of a closed one are read by
    /// [`NotePayload::read`] once it is open.
    ///
    /// # Errors
    /// [`NoteError`]; keep the operation for a version that can open it.
    pub fn open(op: &Op) -> Result<Self, NoteError> {
        match op.header.epoch {
            0 => Self::read(&op.header, &op.payload),
            epoch => Err(NoteError::Closed(epoch)),
        }
    }

    /// The notes in the payload of an operation with this header, once nothing closes them. They are
    /// taken only for the document of the header's own scope, so that nobody writes into the notes of
    /// another.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] or [`NoteError::OtherDocument`].
    pub fn read(header: &Header, plain: &[u8]) -> Result<Self, NoteError> {
        let payload: Self = crate::decode(plain)?;
        let (council, scope) = (header.council, header.scope);
        if header.document != DocKey::of_notes_in(council, scope, &payload.pdf, era(header.epoch)) {
            return Err(NoteError::OtherDocument);
        }
        Ok(payload)
    }
}

/// Payload of [`Kind::Record`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RecordPayload {
    /// Version the author had seen; 0 for a new record. The server accepts only its current one.
    #[n(0)]
    pub if_version: u64,
    /// A `domain::Record` as JSON.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub record: Vec<u8>,
}
