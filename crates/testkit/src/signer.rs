//! A device that signs: its key comes from a seed, so the same test makes the same bytes each time.

use domain::{CouncilId, DeviceId, Record};
use ring::signature::{Ed25519KeyPair, KeyPair};
use wire::{
    Audience, Challenge, DocKey, Header, Kind, NotePayload, Op, RecordPayload, Scope,
    SessionRequest,
};

/// A test's tablet: an Ed25519 key pair, an identifier, and the number of its next operation.
pub struct Signer {
    /// The device's identifier.
    pub device: DeviceId,
    /// Number that the next sealed operation gets, from 1.
    pub next: u64,
    keys: Ed25519KeyPair,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("device", &self.device).finish_non_exhaustive()
    }
}

impl Signer {
    /// The device of this seed; another seed is another device with another key.
    ///
    /// # Panics
    /// Never: ring takes any 32 bytes as an Ed25519 seed.
    #[must_use]
    #[allow(clippy::expect_used, reason = "any 32 bytes are an Ed25519 seed")]
    pub fn new(seed: u8) -> Self {
        let keys =
            Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("32 bytes are an Ed25519 seed");
        Self { device: DeviceId::new(u64::from(seed) + 1, [seed; 10]), next: 1, keys }
    }

    /// The public key that the server knows the device by.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        let mut key = [0; 32];
        for (to, from) in key.iter_mut().zip(self.keys.public_key().as_ref()) {
            *to = *from;
        }
        key
    }

    /// The device's signature over these bytes.
    #[must_use]
    pub fn sign(&self, text: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        for (to, from) in signature.iter_mut().zip(self.keys.sign(text).as_ref()) {
            *to = *from;
        }
        signature
    }

    /// Answers a challenge.
    #[must_use]
    pub fn answer(&self, challenge: &Challenge) -> SessionRequest {
        SessionRequest {
            device: self.device,
            nonce: challenge.nonce,
            signature: self.sign(&challenge.signing_bytes(self.device)),
        }
    }

    /// Seals the device's next operation.
    pub fn seal(
        &mut self,
        council: CouncilId,
        scope: Scope,
        document: DocKey,
        kind: Kind,
        payload: Vec<u8>,
    ) -> Op {
        let device_seq = self.next;
        self.next += 1;
        let header = Header {
            council,
            scope,
            document,
            device: self.device,
            device_seq,
            kind,
            epoch: 0,
            made_ms: 1_795_000_000_000,
        };
        Op::seal(header, payload, |text| self.sign(text))
    }

    /// Seals a note of `changes` on a PDF.
    ///
    /// # Panics
    /// Never: a note always has a CBOR form.
    #[allow(clippy::expect_used, reason = "a note always has a CBOR form")]
    pub fn note(
        &mut self,
        council: CouncilId,
        scope: Scope,
        pdf: domain::Sha256,
        changes: &[u8],
    ) -> Op {
        let payload = wire::encode(&NotePayload { pdf, changes: changes.to_vec() })
            .expect("a note has a CBOR form");
        let document = DocKey::of_notes(council, scope, &pdf);
        self.seal(council, scope, document, Kind::Note, payload)
    }

    /// Seals a catalogue record over the version its author saw (0 for a new one), for the
    /// audience that its content asks for.
    ///
    /// # Panics
    /// Never: a record always has a JSON form.
    #[allow(clippy::expect_used, reason = "a record always has a JSON form")]
    pub fn record(
        &mut self,
        council: CouncilId,
        author: domain::MemberId,
        if_version: u64,
        record: &Record,
    ) -> Op {
        let audience = if record.is_restricted_to_clerks() {
            Audience::Administration
        } else {
            Audience::Council
        };
        let json = record.to_json().expect("a record has a JSON form");
        let payload = wire::encode(&RecordPayload { if_version, record: json })
            .expect("a record's payload has a CBOR form");
        let document = DocKey::of_record(record.id().into_bytes());
        self.seal(council, Scope { owner: author, audience }, document, Kind::Record, payload)
    }
}
