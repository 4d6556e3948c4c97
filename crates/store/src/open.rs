//! Opening the database: settings, identity, migrations. Nothing is ever deleted here.

use std::path::Path;
use std::time::Duration;

use client::ports::{StoreError, StoreErrorKind};
use rusqlite::{Connection, TransactionBehavior};

use crate::error::Doing;
use crate::tally;

/// Marks the file as a Pupitre tablet's store ("PupT").
const APPLICATION_ID: i32 = 0x5075_7054;

/// Every migration, oldest first; `user_version` counts those a file has had.
const MIGRATIONS: [&str; 9] = [
    include_str!("../../../migrations/client/0001_tablet.sql"),
    include_str!("../../../migrations/client/0002_audiences.sql"),
    include_str!("../../../migrations/client/0003_clerk.sql"),
    include_str!("../../../migrations/client/0004_carried.sql"),
    include_str!("../../../migrations/client/0005_convocations.sql"),
    include_str!("../../../migrations/client/0006_inspections.sql"),
    include_str!("../../../migrations/client/0007_changes_read.sql"),
    include_str!("../../../migrations/client/0008_messages.sql"),
    include_str!("../../../migrations/client/0009_sealed.sql"),
];

/// Schema that this version of the store writes.
pub const SCHEMA_VERSION: usize = MIGRATIONS.len();

/// Opens an encrypted database: every page is AES-256-CBC with HMAC-SHA-512 under this key, which is
/// written `x'…'` so that nothing is derived from it by thousands of rounds.
pub(crate) fn connect(path: &Path, key: &str) -> Result<Connection, StoreError> {
    let doing = "opening the store";
    let db = Connection::open(path).doing(doing)?;
    db.busy_timeout(Duration::from_secs(5)).doing(doing)?;
    db.pragma_update(None, "key", key).doing(doing)?;
    Ok(db)
}

/// Opens the database of a profile and brings its schema up to date.
pub(crate) fn open(path: &Path, key: &str) -> Result<Connection, StoreError> {
    let doing = "opening the store";
    let mut db = connect(path, key)?;
    keep_log(&db, true)?;
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).doing(doing)?;
    // FULL, not NORMAL: NORMAL may take back a durable stroke on power loss.
    db.pragma_update(None, "synchronous", "FULL").doing(doing)?;
    db.pragma_update(None, "temp_store", "MEMORY").doing(doing)?;
    // A page that falls out of the cache must be deciphered again: the search text of a thousand pages
    // fits; with the default of 2 MB a search took three times as long.
    db.pragma_update(None, "cache_size", -(12 << 10)).doing(doing)?;
    // What a large index leaves in the log is given back to the disk.
    db.pragma_update_and_check(None, "journal_size_limit", 16 << 20, |_| Ok(())).doing(doing)?;
    db.set_prepared_statement_cache_capacity(64);
    migrate(&mut db, &MIGRATIONS)?;
    // Afterwards: a migration that makes a table anew must not take its rows' children along.
    db.pragma_update(None, "foreign_keys", true).doing(doing)?;
    keep_log(&db, false)?;
    tally::begin(&db)?;
    Ok(db)
}

/// Whether the write-ahead log is left as it is when the connection is closed: a database that turns out to be
/// damaged is set aside as it was found.
pub(crate) fn keep_log(db: &Connection, keep: bool) -> Result<(), StoreError> {
    let asked = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    db.set_db_config(asked, keep).doing("opening the store")?;
    Ok(())
}

/// A new database in memory, for tests.
#[cfg(test)]
pub(crate) fn open_in_memory() -> Connection {
    let mut db = Connection::open_in_memory().unwrap();
    migrate(&mut db, &MIGRATIONS).unwrap();
    db
}

fn migrate(db: &mut Connection, migrations: &[&str]) -> Result<(), StoreError> {
    let doing = "bringing the store up to date";
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate).doing(doing)?;
    let version: i64 =
        tx.pragma_query_value(None, "user_version", |row| row.get(0)).doing(doing)?;
    let application: i32 =
        tx.pragma_query_value(None, "application_id", |row| row.get(0)).doing(doing)?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    if done > migrations.len() || (done > 0 && application != APPLICATION_ID) {
        return Err(StoreError {
            kind: StoreErrorKind::TooNew,
            doing,
            detail: format!("schema {version}, this version knows {}", migrations.len()),
        });
    }
    for migration in migrations.iter().skip(done) {
        tx.execute_batch(migration).doing(doing)?;
    }
    if done < migrations.len() {
        let newest = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
        tx.pragma_update(None, "user_version", newest).doing(doing)?;
        tx.pragma_update(None, "application_id", APPLICATION_ID).doing(doing)?;
    }
    tx.commit().doing(doing)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "x'0707070707070707070707070707070707070707070707070707070707070707'";

    #[test]
    fn a_store_of_a_newer_version_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pupitre.db");
        let db = open(&path, KEY).unwrap();
        db.pragma_update(None, "user_version", SCHEMA_VERSION as i64 + 1).unwrap();
        drop(db);
        let before = std::fs::read(&path).unwrap();
        assert_eq!(open(&path, KEY).unwrap_err().kind, StoreErrorKind::TooNew);
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_file_that_is_no_database_is_named_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pupitre.db");
        std::fs::write(&path, vec![0x5a; 8_192]).unwrap();
        assert_eq!(open(&path, KEY).unwrap_err().kind, StoreErrorKind::Corrupt);
        assert_eq!(std::fs::read(&path).unwrap(), vec![0x5a; 8_192]);
    }

    #[test]
    fn a_migration_that_fails_in_the_middle_leaves_the_version_before() {
        let mut db = Connection::open_in_memory().unwrap();
        migrate(&mut db, &["CREATE TABLE a (x INTEGER) STRICT;"]).unwrap();
        let broken = ["CREATE TABLE a (x INTEGER) STRICT;", "CREATE TABLE b (y ANY); NO SQL;"];
        assert!(migrate(&mut db, &broken).is_err());
        let tables: i64 = db
            .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'b'", [], |r| r.get(0))
            .unwrap();
        let version: i64 = db.pragma_query_value(None, "user_version", |r| r.get(0)).unwrap();
        assert_eq!((tables, version), (0, 1));
    }

    /// What a store of each past version held, oldest first: a migration comes with its own.
    const FIXTURES: [&str; SCHEMA_VERSION] = [
        include_str!("../../../migrations/client/fixtures/0001.sql"),
        include_str!("../../../migrations/client/fixtures/0002.sql"),
        include_str!("../../../migrations/client/fixtures/0003.sql"),
        include_str!("../../../migrations/client/fixtures/0004.sql"),
        include_str!("../../../migrations/client/fixtures/0005.sql"),
        include_str!("../../../migrations/client/fixtures/0006.sql"),
        include_str!("../../../migrations/client/fixtures/0007.sql"),
        include_str!("../../../migrations/client/fixtures/0008.sql"),
        include_str!("../../../migrations/client/fixtures/0009.sql"),
    ];

    /// Tables, indexes and triggers, whatever the white space they were written with.
    fn schema(db: &Connection) -> Vec<(String, String, String)> {
        let mut all = db
            .prepare("SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")
            .unwrap();
        all.query_map([], |row| {
            let sql: String = row.get(2)?;
            Ok((row.get(0)?, row.get(1)?, sql.split_whitespace().collect::<Vec<_>>().join(" ")))
        })
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
    }

    #[test]
    fn a_store_of_every_past_version_becomes_like_a_new_one() {
        let fresh = open_in_memory();
        for (version, fixture) in (1..).zip(FIXTURES) {
            let mut past = Connection::open_in_memory().unwrap();
            migrate(&mut past, &MIGRATIONS[..version]).unwrap();
            past.execute_batch(fixture).unwrap();
            migrate(&mut past, &MIGRATIONS).unwrap();
            assert_eq!(schema(&past), schema(&fresh), "from version {version}");
            let amiss: i64 = past
                .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
                .unwrap();
            let sound: String =
                past.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
            assert_eq!((amiss, sound.as_str()), (0, "ok"), "from version {version}");
        }
    }

    #[test]
    fn everything_a_past_version_kept_is_there_after_the_upgrade() {
        use client::ports::Store;
        for (version, fixture) in (1..).zip(FIXTURES) {
            let folder = tempfile::tempdir().unwrap();
            let mut past = Connection::open(folder.path().join("pupitre.db")).unwrap();
            migrate(&mut past, &MIGRATIONS[..version]).unwrap();
            past.execute_batch(fixture).unwrap();
            drop(past);

            let store = crate::SqliteStore::open(folder.path()).unwrap();
            assert!(crate::encrypt::is_sealed(&folder.path().join("pupitre.db")).unwrap());
            assert_eq!(store.profile().unwrap().unwrap().council_name, "Ville de Valbrune");
            assert!(store.preferences().unwrap().finger_draws);
            assert_eq!(store.members().unwrap()[0].full_name(), "Élodie Morel");
            let sittings = store.sittings().unwrap();
            assert_eq!(sittings[0].packet().count(), 2);
            let wanted: Vec<String> =
                store.wanted_papers(0).unwrap().into_iter().map(|paper| paper.title).collect();
            assert_eq!(wanted, ["Rapport 2"]);
            let notes = store.notes(None).unwrap();
            assert_eq!(notes.len(), 3);
            let pieces = store.note_pieces(notes[0].document.key).unwrap();
            let snapshot = pieces.snapshot.as_deref();
            assert_eq!(snapshot, Some(b"[logged;refused;pulled;]".as_slice()));
            assert_eq!(pieces.changes.concat(), b"sealed;drafted;");
            assert_eq!((store.outbox(9).unwrap().len(), store.drafts().unwrap().len()), (1, 1));
            assert_eq!(store.next_device_seq().unwrap(), 4);
            assert_eq!(store.cursor().unwrap().seq, 4);
            assert_eq!(store.search_pages("finance", 5).unwrap().len(), 2);
            assert_eq!(store.search_notes("paie", 5).unwrap().len(), 1);
            let reading = store.readings().unwrap()[0];
            assert_eq!((reading.page, reading.since), (4, u32::from(version >= 7)));
            assert!(store.last_sync().unwrap().is_some());
            if version >= 2 {
                let history = store.history(domain::DocumentId::from_bytes([1; 16])).unwrap();
                assert_eq!(history.undo.concat(), b"done");
                assert_eq!(history.redo.concat(), b"undone");
                assert_eq!(store.unshared().unwrap().len(), 1);
                assert_eq!(notes[2].arrived_ms, 1_795_000_000_005);
            }
            if version >= 3 {
                let draft = store.sitting_drafts().unwrap().remove(0);
                assert_eq!(
                    (draft.sitting.title.as_str(), draft.can_undo),
                    ("Conseil préparé", true)
                );
                let files = store.desk_files(draft.sitting.id).unwrap();
                assert_eq!(files[0].name, "03-annexe.pdf");
                assert_eq!(store.changes_seen().unwrap().len(), 1);
            }
            assert_eq!(store.carried().unwrap().len(), usize::from(version >= 4));
            let pdf = domain::Sha256::from_bytes([2; 32]);
            let inspection = store.inspection(&pdf).unwrap();
            assert_eq!(inspection.is_some(), version >= 6);
            assert!(inspection.is_none_or(|is| (is.sizes.len(), is.labels.len()) == (2, 2)));
            // What another tablet carried may lie unread among the pieces.
            assert_eq!(store.stale_documents().unwrap().is_empty(), version >= 4);
        }
    }
}
