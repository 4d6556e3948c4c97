//! The proof of a sitting's convocations: one file that can be checked with no server, no network
//! and no profile, and the same for people as a PDF.
//!
//! The file is text, one thing a line: `<link> <json>`. A link is the SHA-256 of the link before and
//! of the line's JSON bytes, so one changed byte breaks exactly the line it stands in. The last line
//! seals the last link with the signature of the device that wrote the file. In between stand the
//! cards of the devices, signed by the council's office, and every signed operation as it travelled:
//! the convocations (agenda, digests of the papers, recipients, rule) and all receipts. When the
//! council has named a time-stamping authority, its stamp on the chain stands before the seal.

mod authority;
pub(crate) mod file;
mod report;
pub mod revocations;
pub mod stamp;
mod verify;
pub(crate) mod write;

pub use verify::{Trust, verify, verify_trusting};

pub(crate) use write::prove;
