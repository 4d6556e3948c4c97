//! SHA-256 as domain values.

use domain::Sha256;
use ring::digest::{Context, SHA256};

/// The digest of some bytes.
#[must_use]
pub fn of(bytes: &[u8]) -> Sha256 {
    let mut context = Context::new(&SHA256);
    context.update(bytes);
    of_context(context)
}

/// The digest of what a context has been fed.
pub(crate) fn of_context(context: Context) -> Sha256 {
    let digest = context.finish();
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    Sha256::from_bytes(bytes)
}
