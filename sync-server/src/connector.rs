//! The door for the software in which a council drafts its acts.
//!
//! Such software posts a sitting with its papers as a form, the way it has long posted them to
//! i-delibRE. This is the public form of that interface and nothing else of it: `POST /seances.json`
//! and the three addresses by which a client tries its settings. What comes is a draft that the clerks
//! find on their desk; a machine publishes nothing and makes nobody a member.
//!
//! The door is shut unless the server is given a file of accounts. Each account is one council's, its
//! password is drawn by the server, and only the hash of it is kept. Nothing of a form is believed:
//! not a file's name, not its declared type, not its declared length.

pub mod accounts;
pub(crate) mod description;
pub(crate) mod form;
mod measured;
pub(crate) mod register;
mod unacceptable;

use std::path::PathBuf;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::limits::Limits;
use crate::post::{Letters, MailLanguage};
use crate::rate::Buckets;
use accounts::AccountFile;
pub(crate) use unacceptable::{Said, Unacceptable};

/// Largest form, in bytes, unless the operator says otherwise: a sitting of a large city's council with
/// its budget is 100 papers and 300 MB, three times that is still within reach of a slow line.
pub const LARGEST: u64 = 1024 * 1024 * 1024;

/// The interface that is spoken, as its own servers name it: clients look for 4.1 or 4.2.
pub(crate) const VERSION: &str = "4.2.0";

/// What the door is opened with.
#[derive(Debug, Clone)]
pub struct ConnectorConfig {
    /// File of the accounts that may post; it is read again whenever it changes.
    pub accounts: PathBuf,
    /// Largest form, in bytes.
    pub largest: u64,
}

/// The open door.
#[derive(Debug)]
pub(crate) struct Connector {
    pub(crate) accounts: AccountFile,
    pub(crate) largest: u64,
    pub(crate) words: Words,
    /// Sittings brought, by account: its user name and connection.
    pub(crate) rates: Buckets<(String, String)>,
    posts: Semaphore,
}

/// Titles of papers for which the form has none.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) convocation: String,
    pub(crate) annex: String,
}

impl Words {
    pub(crate) fn new(language: MailLanguage) -> Self {
        let letters = Letters::new(language);
        Self {
            convocation: letters.say("brought-convocation", &[]),
            annex: letters.say("brought-annex", &[]),
        }
    }
}

impl Connector {
    pub(crate) fn new(config: ConnectorConfig, limits: &Limits, language: MailLanguage) -> Self {
        Self {
            accounts: AccountFile::new(config.accounts),
            largest: config.largest,
            words: Words::new(language),
            rates: Buckets::new(limits.connector_rate),
            posts: Semaphore::new(limits.connector_posts),
        }
    }

    /// A turn to bring a form; held until it is answered.
    pub(crate) fn turn(&self) -> Result<SemaphorePermit<'_>, Unacceptable> {
        self.posts.try_acquire().map_err(|_| Unacceptable::TooMany { wait_ms: 10_000 })
    }
}
