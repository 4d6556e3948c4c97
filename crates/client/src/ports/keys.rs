//! The device's keys, and the passwords of papers beside them.

use domain::Sha256;
use ipc::Secret;
use zeroize::Zeroizing;

/// The secrets of a device beside its signing key. All other keys are wrapped to the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeviceSecret {
    /// The X25519 secret to which keys are wrapped ([`seal::AgreementSecret`]).
    Agreement,
    /// The member's identity ([`seal::Identity`]), on a device that was taken in.
    Identity,
}

/// Signs for this device. The key itself never leaves the implementation.
pub trait Keys: Send + Sync + 'static {
    /// Ed25519 public key; the key is made when there is none yet.
    ///
    /// # Errors
    /// The key cannot be read or made.
    fn public_key(&self) -> Result<[u8; 32], KeysError>;

    /// Ed25519 signature.
    ///
    /// # Errors
    /// The key cannot be read.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeysError>;

    /// A secret of this device; none when it has none of that name yet.
    ///
    /// # Errors
    /// It cannot be read.
    fn secret(&self, which: DeviceSecret) -> Result<Option<Zeroizing<[u8; 32]>>, KeysError>;

    /// Keeps a secret of this device, durably and where only its owner reads, in the place of the one
    /// before.
    ///
    /// # Errors
    /// It cannot be written.
    fn keep_secret(&self, which: DeviceSecret, secret: &[u8; 32]) -> Result<(), KeysError>;

    /// What opens an encrypted paper, when a person has said it on this tablet.
    fn password(&self, pdf: &Sha256) -> Option<Secret>;

    /// Remembers what opens an encrypted paper, durably and where only its owner reads.
    ///
    /// # Errors
    /// It cannot be written.
    fn keep_password(&self, pdf: &Sha256, password: &Secret) -> Result<(), KeysError>;
}

/// The key cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("The key of this device cannot be used: {0}.")]
pub struct KeysError(pub String);
