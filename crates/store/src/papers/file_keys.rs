//! The keys of papers, in an encrypted database of their own: the store's thread need not be asked,
//! and a key that is forgotten leaves no trace.

use std::collections::BTreeMap;
use std::path::Path;

use client::ports::StoreError;
use client::sealed::{FORMER_RECORD, FileKey};
use domain::Sha256;
use rusqlite::{Connection, OptionalExtension};
use zeroize::Zeroizing;

use crate::error::{Doing, failed};
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
        // How long the records of a file are; what stands here without it was sealed in the first form.
        let told: bool = db
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM pragma_table_info('file_key') WHERE name = 'record')",
                [],
                |row| row.get(0),
            )
            .doing(doing)?;
        if !told {
            db.execute_batch(&format!(
                "ALTER TABLE file_key ADD COLUMN record INTEGER NOT NULL DEFAULT {FORMER_RECORD};"
            ))
            .doing(doing)?;
        }
        Ok(Self { db, known: BTreeMap::new() })
    }

    pub(super) fn key(&mut self, pdf: &Sha256) -> Result<Option<FileKey>, StoreError> {
        if let Some(known) = self.known.get(pdf) {
            return Ok(Some(known.clone()));
        }
        let found: Option<([u8; 32], u32)> = self
            .db
            .prepare_cached("SELECT key, record FROM file_key WHERE pdf = ?1")
            .and_then(|mut find| {
                find.query_row([pdf.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional()
            })
            .doing(DOING)?;
        let unknown = || failed(DOING, "its records have a length of another version");
        let found = found
            .map(|(key, record)| {
                let record = usize::try_from(record).unwrap_or(usize::MAX);
                FileKey::of_records(key, record).ok_or_else(unknown)
            })
            .transpose()?;
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
        let record = u32::try_from(key.record()).unwrap_or(u32::MAX);
        self.db
            .execute(
                "INSERT INTO file_key (pdf, key, record) VALUES (?1, ?2, ?3)",
                (pdf.as_bytes(), key.expose(), record),
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

#[cfg(test)]
mod tests {
    use client::sealed::RECORD;

    use super::*;

    #[test]
    fn keys_of_an_earlier_version_are_of_its_records() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open(folder.path()).unwrap();
        let path = folder.path().join("keys.db");
        let former = open::connect(&path, &vault.database_key(Purpose::Papers).unwrap()).unwrap();
        former
            .execute_batch(
                "CREATE TABLE file_key (
                     pdf BLOB NOT NULL PRIMARY KEY CHECK (length(pdf) = 32),
                     key BLOB NOT NULL CHECK (length(key) = 32)
                 ) STRICT, WITHOUT ROWID;",
            )
            .unwrap();
        let (old, new) = (Sha256::from_bytes([1; 32]), Sha256::from_bytes([2; 32]));
        former
            .execute("INSERT INTO file_key VALUES (?1, ?2)", (old.as_bytes(), [7_u8; 32]))
            .unwrap();
        drop(former);
        for _ in 0..2 {
            let mut keys = FileKeysDb::open(&path, &vault).unwrap();
            let found = keys.key(&old).unwrap().unwrap();
            assert_eq!((found.record(), found.expose()), (FORMER_RECORD, &[7; 32]));
            let found = match keys.key(&new).unwrap() {
                Some(found) => found,
                None => keys.make(&new).unwrap(),
            };
            assert_eq!(found.record(), RECORD);
        }
    }
}
