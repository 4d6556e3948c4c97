//! The file's lines.

use domain::{CouncilId, DeviceId, MemberId, PublicKey, Sha256, SittingId, Timestamp};
use serde::{Deserialize, Serialize};

/// The first line; a file that begins otherwise is no proof.
pub(super) const MAGIC: &str = "pupitre-proof 1";

/// One thing in a proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Line {
    /// What is proved, and by whom the file was written.
    Head(Head),
    /// A card of the directory of devices.
    Card(Entry),
    /// A convocation or a receipt.
    Entry(Entry),
    /// An authority's stamp on everything before it.
    Stamp(Stamp),
    /// The end.
    Seal(Seal),
}

/// What is proved, and by whom the file was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) council: CouncilId,
    pub(super) council_name: String,
    pub(super) sitting: SittingId,
    pub(super) title: String,
    /// Zone in which days are counted.
    pub(super) zone: String,
    /// Key of the council's office, the root of the directory.
    pub(super) office: PublicKey,
    pub(super) written: Timestamp,
    pub(super) by: MemberId,
    pub(super) device: DeviceId,
}

/// A signed operation with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) seq: u64,
    pub(crate) received_ms: i64,
    /// CBOR of the operation, hexadecimal.
    pub(crate) op: String,
}

/// An authority's stamp (RFC 3161) on the link before this line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// Where the authority was asked.
    pub(super) url: String,
    /// Its token, DER, hexadecimal.
    pub(super) token: String,
    /// The roots that the council trusts, DER, hexadecimal.
    pub(super) roots: Vec<String>,
}

/// The end of a proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seal {
    /// Cards and entries in the file.
    pub(super) entries: u32,
    /// Ed25519 signature over [`seal_bytes`] of the link before this line, hexadecimal.
    pub(super) signature: String,
}

/// What stands before the first link.
pub(super) fn first_link() -> Sha256 {
    digest(&[MAGIC.as_bytes()])
}

/// The link of a line.
pub(crate) fn link(before: &Sha256, json: &[u8]) -> Sha256 {
    digest(&[before.as_bytes(), json])
}

/// The bytes that the writing device signs.
pub(super) fn seal_bytes(root: &Sha256) -> Vec<u8> {
    let mut text = b"pupitre/proof/1".to_vec();
    text.extend_from_slice(root.as_bytes());
    text
}

/// The digest of these bytes, one after the other.
pub(crate) fn digest(parts: &[&[u8]]) -> Sha256 {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    parts.iter().for_each(|part| context.update(part));
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    Sha256::from_bytes(bytes)
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // A String takes everything.
        write!(text, "{byte:02x}").ok();
        text
    })
}

/// The bytes of lower-case hexadecimal digits; none when they are not.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect()
}
