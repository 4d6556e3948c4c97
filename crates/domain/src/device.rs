//! The directory of devices: who signs with which key, so that a signature can be checked without
//! the server.
//!
//! A card is a record of the catalogue, written by the council's office (the server's own device,
//! founded with the council) when a device is enrolled or shut out. The office's own card is signed
//! by itself: its key is the root that everything else is checked against.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::ids::{DeviceId, MemberId};

/// A public key of 32 bytes (Ed25519 or X25519), 64 lower-case hexadecimal digits in text and JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A public key is 64 hexadecimal digits.")]
pub struct PublicKeyError;

impl PublicKey {
    /// The key of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::Sha256::from_bytes(self.0).fmt(f)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl TryFrom<String> for PublicKey {
    type Error = PublicKeyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digits: crate::Sha256 = text.parse().map_err(|_| PublicKeyError)?;
        Ok(Self(*digits.as_bytes()))
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

/// One device in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCard {
    /// The device.
    pub id: DeviceId,
    /// Whose it is; the office's device writes in the first clerk's name.
    pub member: MemberId,
    /// Ed25519 key with which it signs.
    pub signing_key: PublicKey,
    /// X25519 key to which secrets may be sealed, once the device has given one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement_key: Option<PublicKey>,
    /// When it was enrolled, by the server's clock.
    pub enrolled: Timestamp,
    /// When the office learnt that it is shut out; what it signed before stays believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_survives_its_json_and_a_false_key_does_not_pass() {
        let card = DeviceCard {
            id: DeviceId::from_bytes([1; 16]),
            member: MemberId::from_bytes([2; 16]),
            signing_key: PublicKey::from_bytes([0xab; 32]),
            agreement_key: None,
            enrolled: Timestamp::UNIX_EPOCH,
            revoked: None,
        };
        let json = serde_json::to_string(&card).unwrap();
        assert_eq!(serde_json::from_str::<DeviceCard>(&json).unwrap(), card);
        let short = json.replace(&"ab".repeat(32), &"ab".repeat(31));
        assert!(serde_json::from_str::<DeviceCard>(&short).is_err());
    }
}
