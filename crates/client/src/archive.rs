//! What a member takes along at the end of a mandate: the own notes in one file.
//!
//! The file is a ZIP that any program opens: the notes as a PDF and as Markdown for people, as JSON for
//! programs, and `signature.txt`, which makes a copy that was changed tell on itself. That one is written
//! like a proof (`<link> <json>` lines): whose archive it is, the cards of the office and of the device, the
//! digest of every other file, and the device's signature over the chain. Nothing else is needed to check it:
//! no server, no network, no profile.

mod sheet;
mod verify;
mod write;

pub use verify::verify;

pub(crate) use write::write;

/// Whether a file may be an archive: a ZIP.
#[must_use]
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}
