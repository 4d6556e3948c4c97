//! A device that is shut out and shall be emptied: the order, and what it may still say.

use domain::{CouncilId, DeviceId};
use minicbor::{Decode, Encode};
use ring::signature::{ED25519, UnparsedPublicKey};

use crate::codec::{bytes16, bytes64};
use crate::control::SessionRequest;
use crate::op::Op;
use crate::sync::Ack;

/// The order to empty a device, signed by the device of whoever gave it: a clerk, or the member whose
/// device it is. It names council and device, so that it counts nowhere else, and it may come twice: there
/// is nothing left to empty then.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct WipeOrder {
    /// The council.
    #[n(0)]
    #[cbor(with = "bytes16")]
    pub council: CouncilId,
    /// The device that is to be emptied.
    #[n(1)]
    #[cbor(with = "bytes16")]
    pub device: DeviceId,
    /// The device that orders it.
    #[n(2)]
    #[cbor(with = "bytes16")]
    pub by: DeviceId,
    /// That device's clock, Unix milliseconds; to be shown.
    #[n(3)]
    pub ordered_ms: i64,
    /// Ed25519 signature by [`WipeOrder::by`] over [`WipeOrder::signing_bytes`].
    #[n(4)]
    #[cbor(with = "bytes64")]
    pub signature: [u8; 64],
}

impl WipeOrder {
    /// Signs an order; `sign` is the ordering device's Ed25519 signature.
    #[must_use]
    pub fn signed(
        council: CouncilId,
        device: DeviceId,
        by: DeviceId,
        ordered_ms: i64,
        sign: impl FnOnce(&[u8]) -> [u8; 64],
    ) -> Self {
        let mut order = Self { council, device, by, ordered_ms, signature: [0; 64] };
        order.signature = sign(&order.signing_bytes());
        order
    }

    /// The bytes that are signed: a fixed layout, of no other message.
    #[must_use]
    pub fn signing_bytes(&self) -> Vec<u8> {
        let mut text = b"pupitre/wipe/1".to_vec();
        text.extend_from_slice(&self.council.to_bytes());
        text.extend_from_slice(&self.device.to_bytes());
        text.extend_from_slice(&self.by.to_bytes());
        text.extend_from_slice(&self.ordered_ms.to_be_bytes());
        text
    }

    /// Whether this key signed it: that of [`WipeOrder::by`], or, beside it, that of the council's office.
    #[must_use]
    pub fn is_signed_by(&self, public_key: &[u8; 32], signature: &[u8; 64]) -> bool {
        UnparsedPublicKey::new(&ED25519, public_key)
            .verify(&self.signing_bytes(), signature)
            .is_ok()
    }
}

/// A device that is shut out asks whether it is to be emptied, brings the private notes that it has not
/// sent yet, and says at last that it is empty. It may nothing else: no session, nothing to read.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FarewellRequest {
    /// [`crate::PROTOCOL`].
    #[n(0)]
    pub protocol: u32,
    /// Proves the device, as for a session.
    #[n(1)]
    pub answered: SessionRequest,
    /// Operations in order of `device_seq`, as in a [`crate::SyncRequest`]; private notes are taken.
    #[n(2)]
    pub outbox: Vec<Op>,
    /// Whether its keys are destroyed.
    #[n(3)]
    pub emptied: bool,
}

/// What such a device is told.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Farewell {
    /// The order.
    #[n(0)]
    pub order: WipeOrder,
    /// The signature of the council's office over the same bytes, for a device that does not know yet who
    /// ordered it; none when the server has lost its key.
    #[n(1)]
    pub vouched: Option<minicbor::bytes::ByteArray<64>>,
    /// One answer per operation sent, as in a [`crate::SyncResponse`].
    #[n(2)]
    pub acks: Vec<Ack>,
}

#[cfg(test)]
mod tests {
    use ring::signature::{Ed25519KeyPair, KeyPair as _};

    use super::*;

    #[test]
    fn an_order_is_believed_only_as_it_was_signed() {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let key: [u8; 32] = pair.public_key().as_ref().try_into().unwrap();
        let id = |byte| DeviceId::from_bytes([byte; 16]);
        let council = CouncilId::from_bytes([1; 16]);
        let order = WipeOrder::signed(council, id(2), id(3), 4, |text| {
            pair.sign(text).as_ref().try_into().unwrap()
        });
        assert!(order.is_signed_by(&key, &order.signature));
        let other = Ed25519KeyPair::from_seed_unchecked(&[8; 32]).unwrap();
        let other: [u8; 32] = other.public_key().as_ref().try_into().unwrap();
        assert!(!order.is_signed_by(&other, &order.signature));
        for changed in [
            WipeOrder { council: CouncilId::from_bytes([9; 16]), ..order.clone() },
            WipeOrder { device: id(9), ..order.clone() },
            WipeOrder { by: id(9), ..order.clone() },
            WipeOrder { ordered_ms: 5, ..order.clone() },
        ] {
            assert!(!changed.is_signed_by(&key, &order.signature), "{changed:?}");
        }
        let bytes = crate::encode(&order).unwrap();
        assert_eq!(crate::decode::<WipeOrder>(&bytes).unwrap(), order);
    }
}
