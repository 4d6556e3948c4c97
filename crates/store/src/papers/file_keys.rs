//! The keys of papers, in an encrypted database of their own: the store's thread need not be asked,
//! and a key that is forgotten leaves no trace.

use std::collections::BTreeMap;
use std::path::Path;

use client::ports::StoreError;
use client::sealed::FileKey;
use domain::Sha256;
use rusqlite::{Connection, OptionalExtension};
use zeroize::Zeroizing;

use crate::error::Doing;
use crate::open;
use crate::vault::{self, Purpose, Vault};

const DOING: &str = "looking for the key of a paper";
/// Keys kept in memory: every page that is drawn asks.
const KEPT: usize = 256;

/// One key for every paper.
pub(super) struct FileKeysDb {
    db: Connection,
    known: BTreeMap<Sha256, FileKey>,
}

impl FileKeysDb {
    pub(super) fn open(path: &Path, vault: &Vault) -> Result<Self, StoreError> {
        let doing = "opening the keys of papers";
        let db = open::connect(path, &vault.database_key(Purpose::Papers)?)?;
        // Rewritten in place and overwritten when forgotten: a log would keep what was.
        db.pragma_update_and_check(None, "journal_mode", "TRUNCATE", |_| Ok(())).doing(doing)?;
        db.pragma_update_and_check(None, "secure_delete", true, |_| Ok(())).doing(doing)?;
        db.pragma_update(None, "synchronous", "FULL").doing(doing)?;
        db.execute_batch(
            "CREATE TABLE IF NOT EXISTS file_key (
                 pdf BLOB NOT NULL PRIMARY KEY CHECK (length(pdf) = 32),
                 key BLOB NOT NULL CHECK (length(key) = 32)
             ) STRICT, WITHOUT ROWID;",
        )
        .doing(doing)?;
        Ok(Self { db, known: BTreeMap::new() })
    }

    pub(super) fn key(&mut self, pdf: &Sha256) -> Result<Option<FileKey>, StoreError> {
        if let Some(known) = self.known.get(pdf) {
            return Ok(Some(known.clone()));
        }
        let found = self
            .db
            .prepare_cached("SELECT key FROM file_key WHERE pdf = ?1")
            .and_then(|mut find| {
                find.query_row([pdf.as_bytes()], |row| row.get(0).map(FileKey::new)).optional()
            })
            .doing(DOING)?;
        if let Some(key) = &found {
            self.remember(pdf, key);
        }
        Ok(found)
    }

    fn remember(&mut self, pdf: &Sha256, key: &FileKey) {
        if self.known.len() >= KEPT {
            self.known.pop_first();
        }
        self.known.insert(*pdf, key.clone());
    }

    /// Makes the key of a paper that has none; durable when answered.
    pub(super) fn make(&mut self, pdf: &Sha256) -> Result<FileKey, StoreError> {
        let mut bytes = Zeroizing::new([0; 32]);
        vault::fill(&mut *bytes)?;
        let key = FileKey::new(*bytes);
        self.db
            .execute(
                "INSERT INTO file_key (pdf, key) VALUES (?1, ?2)",
                (pdf.as_bytes(), key.expose()),
            )
            .doing("keeping the key of a paper")?;
        self.remember(pdf, &key);
        Ok(key)
    }

    pub(super) fn forget(&mut self, pdf: &Sha256) -> Result<(), StoreError> {
        self.known.remove(pdf);
        self.db
            .execute("DELETE FROM file_key WHERE pdf = ?1", [pdf.as_bytes()])
            .doing("forgetting the key of a paper")?;
        Ok(())
    }
}
