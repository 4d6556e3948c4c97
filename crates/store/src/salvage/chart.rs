//! What a damaged database cannot be read without: its salt, where its tables begin, whose tablet it is. It is kept
//! beside, sealed by the vault, and written anew when a start finds it changed.

use std::collections::BTreeMap;
use std::path::Path;

use client::ports::StoreError;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::pages::Salt;
use crate::error::Doing;
use crate::vault::Vault;
use crate::{durable, settings};

const DOING: &str = "keeping what a damaged store is read by";
/// Name of the file, and what it is sealed for.
const NAME: &str = "pupitre.chart";
/// Longest one that is read, in bytes: ours has some twenty thousand.
const LONGEST: u64 = 4 * 1024 * 1024;

/// Everything that is kept.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chart {
    /// The first bytes of the file.
    pub(super) salt: Salt,
    /// Tables, indexes and triggers, as SQLite lists them.
    pub(super) things: Vec<Thing>,
    /// The settings that come from nowhere else and change seldom, as they stand in the store.
    pub(super) settings: BTreeMap<String, String>,
}

/// One line of SQLite's list.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Thing {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) table: String,
    /// Number of its first page; 0 when it has none.
    pub(super) root: i64,
    pub(super) sql: Option<String>,
}

impl Chart {
    /// The chart of a database that is open.
    pub(super) fn of(db: &Connection, salt: Salt) -> Result<Self, StoreError> {
        let mut all = db
            .prepare("SELECT type, name, tbl_name, coalesce(rootpage, 0), sql FROM sqlite_schema")
            .doing(DOING)?;
        let things = all
            .query_map([], |row| {
                Ok(Thing {
                    kind: row.get(0)?,
                    name: row.get(1)?,
                    table: row.get(2)?,
                    root: row.get(3)?,
                    sql: row.get(4)?,
                })
            })
            .and_then(Iterator::collect)
            .doing(DOING)?;
        Ok(Self { salt, things, settings: settings::precious(db)? })
    }

    /// The chart of a profile; none when there is none, or it is damaged, or this vault does not open it.
    pub(super) fn read(profile: &Path, vault: &Vault) -> Option<Self> {
        let path = profile.join(NAME);
        if std::fs::metadata(&path).ok()?.len() > LONGEST {
            return None;
        }
        let bytes = std::fs::read(path).ok()?;
        let (opened, was_sealed) = vault.unseal_file(NAME, bytes).ok()?;
        // Anybody can write a plain one.
        was_sealed.then(|| serde_json::from_slice(&opened).ok()).flatten()
    }

    /// Keeps it, unless the one that is kept says the same.
    pub(super) fn keep(&self, profile: &Path, vault: &Vault) -> Result<(), StoreError> {
        if Self::read(profile, vault).as_ref() == Some(self) {
            return Ok(());
        }
        let bytes = serde_json::to_vec(self).doing(DOING)?;
        let sealed = vault.seal_file(NAME, &bytes)?;
        durable::write(&profile.join(NAME), &sealed).doing(DOING)
    }
}
