//! A secret of 32 bytes for one device: HPKE (RFC 9180) in base mode, DHKEM(X25519, HKDF-SHA256),
//! HKDF-SHA256, ChaCha20-Poly1305.

use std::convert::Infallible;

use domain::{CouncilId, DeviceId, MemberId, PublicKey};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use wire::Scope;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Sealed;
use crate::bytes::sha256;

/// Length of a wrap: the encapsulated key and the sealed secret.
pub const WRAP: usize = 32 + 32 + 16;

/// A wrapped secret.
pub type Wrap = [u8; WRAP];

/// The X25519 secret of a device or of a recovery code, as the bytes it is derived from (RFC 9180,
/// `DeriveKeyPair`).
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct AgreementSecret([u8; 32]);

impl std::fmt::Debug for AgreementSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AgreementSecret")
    }
}

impl AgreementSecret {
    /// The secret of these bytes, which nobody can guess.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, to be kept.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The X25519 key to which secrets are wrapped.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let (_, public) = X25519HkdfSha256::derive_keypair(&self.0);
        PublicKey::from_bytes(public.to_bytes().into())
    }
}

/// What a wrap is for; a wrap that is put forward for anything else does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The key of an epoch.
    Epoch {
        /// The council.
        council: CouncilId,
        /// The scope.
        scope: Scope,
        /// The epoch, from 1.
        epoch: u32,
        /// For which device.
        device: DeviceId,
    },
    /// A member's identity key.
    Identity {
        /// The council.
        council: CouncilId,
        /// Whose.
        member: MemberId,
        /// Its public half.
        identity: PublicKey,
        /// For which device.
        device: DeviceId,
    },
}

impl Purpose {
    fn info(&self) -> Vec<u8> {
        match self {
            Self::Epoch { council, scope, epoch, device } => {
                let mut text = b"pupitre/wrap/epoch/1".to_vec();
                text.extend_from_slice(&council.to_bytes());
                scope.append_to(&mut text);
                text.extend_from_slice(&epoch.to_be_bytes());
                text.extend_from_slice(&device.to_bytes());
                text
            }
            Self::Identity { council, member, identity, device } => {
                let mut text = b"pupitre/wrap/identity/1".to_vec();
                text.extend_from_slice(&council.to_bytes());
                text.extend_from_slice(&member.to_bytes());
                text.extend_from_slice(identity.as_bytes());
                text.extend_from_slice(&device.to_bytes());
                text
            }
        }
    }
}

/// Wraps a secret to a device's X25519 key. `random` is used once.
///
/// # Errors
/// [`Sealed`] when the key is none that anything can be wrapped to.
pub fn wrap(
    secret: &[u8; 32],
    to: &PublicKey,
    purpose: &Purpose,
    random: [u8; 32],
) -> Result<Wrap, Sealed> {
    let to = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(to.as_bytes()).map_err(|_| Sealed)?;
    let (key, sealed) =
        hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &to,
            &purpose.info(),
            secret,
            &[],
            &mut Given { seed: random, blocks: 0 },
        )
        .map_err(|_| Sealed)?;
    let mut out = [0; WRAP];
    let all = key.to_bytes().into_iter().chain(sealed);
    for (to, from) in out.iter_mut().zip(all) {
        *to = from;
    }
    Ok(out)
}

/// The secret that was wrapped to this device for this purpose.
///
/// # Errors
/// [`Sealed`].
pub fn unwrap(
    wrap: &Wrap,
    with: &AgreementSecret,
    purpose: &Purpose,
) -> Result<Zeroizing<[u8; 32]>, Sealed> {
    let (key, sealed) = wrap.split_first_chunk::<32>().ok_or(Sealed)?;
    let key =
        <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(key.as_slice()).map_err(|_| Sealed)?;
    let (secret, _) = X25519HkdfSha256::derive_keypair(&with.0);
    let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &key,
        &purpose.info(),
        sealed,
        &[],
    )
    .map_err(|_| Sealed)?;
    let opened = Zeroizing::new(opened);
    let bytes: [u8; 32] = opened.as_slice().try_into().map_err(|_| Sealed)?;
    Ok(Zeroizing::new(bytes))
}

/// Random bytes that were given, as the generator that HPKE asks for; should it ask for more than
/// were given, it gets more that are derived from them.
struct Given {
    seed: [u8; 32],
    blocks: u64,
}

impl Drop for Given {
    fn drop(&mut self) {
        self.seed.zeroize();
    }
}

impl TryRng for Given {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for piece in out.chunks_mut(32) {
            let mut text = b"pupitre/given/1".to_vec();
            text.extend_from_slice(&self.seed);
            text.extend_from_slice(&self.blocks.to_be_bytes());
            self.blocks += 1;
            for (to, from) in piece.iter_mut().zip(sha256(&text)) {
                *to = from;
            }
            text.zeroize();
        }
        Ok(())
    }
}

impl TryCryptoRng for Given {}
