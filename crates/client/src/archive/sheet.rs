//! The lines of `signature.txt`.

use domain::{CouncilId, DeviceId, MemberId, PublicKey, Sha256, Timestamp};
use serde::{Deserialize, Serialize};

use crate::proof::file::{Entry, digest};

/// Name of the file that vouches for the others.
pub(super) const NAME: &str = "signature.txt";

/// Its first line.
pub(super) const MAGIC: &str = "pupitre-archive 1";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Line {
    /// Whose archive it is.
    Head(Head),
    /// A card of the directory of devices.
    Card(Entry),
    /// Another file of the archive.
    File(Listed),
    /// The end.
    Seal(Seal),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) council: CouncilId,
    pub(super) council_name: String,
    /// Key of the council's office, the root of the directory.
    pub(super) office: PublicKey,
    pub(super) member: MemberId,
    pub(super) name: String,
    pub(super) device: DeviceId,
    pub(super) written: Timestamp,
    pub(super) notes: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) sha256: Sha256,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seal {
    /// Files that are listed.
    pub(super) files: u32,
    /// Ed25519 signature over [`seal_bytes`] of the link before this line, hexadecimal.
    pub(super) signature: String,
}

/// What stands before the first link.
pub(super) fn first_link() -> Sha256 {
    digest(&[MAGIC.as_bytes()])
}

/// The bytes that the writing device signs.
pub(super) fn seal_bytes(last: &Sha256) -> Vec<u8> {
    let mut text = b"pupitre/archive/1".to_vec();
    text.extend_from_slice(last.as_bytes());
    text
}
