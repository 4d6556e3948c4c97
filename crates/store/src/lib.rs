//! What a tablet keeps, in one profile folder: implements the ports of `client`.
//!
//! ```text
//! PROFILE/pupitre.db      catalogue, notes, outbox, search index (SQLite, WAL, synchronous=FULL)
//! PROFILE/papers/ab/…     whole, verified PDFs by SHA-256
//! PROFILE/papers/parts/…  unfinished downloads
//! PROFILE/device.key      the device's signing key
//! PROFILE/lock            held while a process uses the profile
//! ```
//!
//! Every `&mut` call of [`SqliteStore`] is one transaction: after `Ok` it survives a kill and a
//! power cut. SQL stands in this crate and in the server's log, nowhere else.

mod catalogue;
mod clerk;
mod error;
mod evidence;
mod fold;
mod forget;
mod history;
mod inspections;
mod keys;
mod lock;
mod log;
mod notes;
mod open;
mod outbox;
mod papers;
mod search;
mod settings;
mod snippet;
mod sqlite;

pub use fold::fold;
pub use keys::FileKeys;
pub use open::SCHEMA_VERSION;
pub use papers::FilePapers;
pub use sqlite::SqliteStore;
