//! The key of one epoch, and what is sealed under it.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use wire::Header;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Sealed;

/// Payloads are padded to a multiple of this many bytes, so that their size tells little.
pub const BUCKET: usize = 256;
/// Most that sealing adds to a payload, in bytes.
pub const OVERHEAD: usize = 1 + NONCE + LENGTH + (BUCKET - 1) + TAG;

/// The form described here.
const FORM: u8 = 1;
const NONCE: usize = 24;
const LENGTH: usize = 4;
const TAG: usize = 16;

/// The key of one epoch of a scope.
///
/// What is sealed is one byte for the form (1), a nonce of 24 random bytes, and XChaCha20-Poly1305
/// over the payload's length (four bytes, big-endian), the payload and zeros up to a multiple of
/// [`BUCKET`]. Associated data: form and [`Header::associated_bytes`].
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct EpochKey([u8; 32]);

impl std::fmt::Debug for EpochKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EpochKey")
    }
}

impl EpochKey {
    /// The key of these bytes, which nobody can guess.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, to be wrapped.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals the payload of the operation with this header. `nonce` is random and used once.
    ///
    /// # Errors
    /// [`Sealed`] when the payload is longer than the cipher allows, which no operation is.
    pub fn seal(
        &self,
        header: &Header,
        payload: &[u8],
        nonce: [u8; NONCE],
    ) -> Result<Vec<u8>, Sealed> {
        let length = u32::try_from(payload.len()).map_err(|_| Sealed)?;
        let whole = (LENGTH + payload.len()).next_multiple_of(BUCKET);
        let mut padded = Zeroizing::new(Vec::with_capacity(whole));
        padded.extend_from_slice(&length.to_be_bytes());
        padded.extend_from_slice(payload);
        padded.resize(whole, 0);
        let text = Payload { msg: &padded, aad: &associated(header) };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), text).map_err(|_| Sealed)?;
        let mut out = Vec::with_capacity(1 + NONCE + sealed.len());
        out.push(FORM);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// The payload of the operation with this header.
    ///
    /// # Errors
    /// [`Sealed`].
    pub fn open(&self, header: &Header, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Sealed> {
        let (form, rest) = sealed.split_first().ok_or(Sealed)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE>().ok_or(Sealed)?;
        if *form != FORM || text.len() < TAG || !(text.len() - TAG).is_multiple_of(BUCKET) {
            return Err(Sealed);
        }
        let text = Payload { msg: text, aad: &associated(header) };
        let padded = self.cipher().decrypt(&XNonce::from(*nonce), text).map_err(|_| Sealed)?;
        let padded = Zeroizing::new(padded);
        let (length, rest) = padded.split_first_chunk::<LENGTH>().ok_or(Sealed)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Sealed)?;
        let payload = rest.get(..length).ok_or(Sealed)?;
        // One payload has one padding.
        let exact = (LENGTH + length).next_multiple_of(BUCKET) == padded.len();
        if !exact || rest.iter().skip(length).any(|byte| *byte != 0) {
            return Err(Sealed);
        }
        Ok(Zeroizing::new(payload.to_vec()))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(self.0))
    }
}

fn associated(header: &Header) -> Vec<u8> {
    let mut text = vec![FORM];
    text.extend_from_slice(&header.associated_bytes());
    text
}
