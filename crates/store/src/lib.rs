//! What a tablet keeps, in one profile folder: implements the ports of `client`.
//!
//! ```text
//! PROFILE/pupitre.db      catalogue, notes, outbox, search index (SQLCipher, WAL, synchronous=FULL)
//! PROFILE/pupitre.chart   what a damaged pupitre.db is read by, sealed
//! PROFILE/aside/1/…       a damaged pupitre.db as it was found
//! PROFILE/papers/ab/…     whole, verified PDFs by SHA-256, sealed
//! PROFILE/papers/parts/…  unfinished downloads, sealed; files dropped on the desk until they are read
//! PROFILE/papers/keys.db  the keys of papers (SQLCipher)
//! PROFILE/device.key      the device's signing key, sealed
//! PROFILE/papers.key      what opens papers that ask for a password, sealed
//! PROFILE/vault.json      the master key of all these, wrapped
//! PROFILE/vault.key       what it is wrapped by; only its owner can read it
//! PROFILE/lock            held while a process uses the profile
//! ```
//!
//! Every `&mut` call of [`SqliteStore`] is one transaction: after `Ok` it survives a kill and a
//! power cut. SQL stands in this crate and in the server's log, nowhere else.

mod catalogue;
mod clerk;
mod dumps;
mod durable;
mod encrypt;
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
mod salvage;
mod sealed;
mod search;
mod settings;
mod snippet;
mod sqlite;
mod tally;
mod vault;

// Builds the library that rusqlite links.
use sqlcipher as _;

pub use dumps::leave_no_dump;
pub use fold::fold;
pub use keys::FileKeys;
pub use open::SCHEMA_VERSION;
pub use papers::FilePapers;
pub use sqlite::SqliteStore;
pub use vault::Vault;
