//! The device's signing key, and the passwords of papers beside it.

use domain::Sha256;
use ipc::Secret;

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
