//! Opening the database: settings, identity, migrations.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

/// Marks the file as a Pupitre server's log ("PupS").
const APPLICATION_ID: i32 = 0x5075_7053;

/// Every migration, oldest first; `user_version` counts those a file has had.
pub const MIGRATIONS: &[&str] = &[
    include_str!("../../../../migrations/server/0001_log.sql"),
    include_str!("../../../../migrations/server/0002_standing.sql"),
    include_str!("../../../../migrations/server/0003_seen.sql"),
    include_str!("../../../../migrations/server/0004_convocations.sql"),
    include_str!("../../../../migrations/server/0005_post.sql"),
    include_str!("../../../../migrations/server/0006_calendar.sql"),
    include_str!("../../../../migrations/server/0007_messages.sql"),
    include_str!("../../../../migrations/server/0008_keys.sql"),
    include_str!("../../../../migrations/server/0009_held.sql"),
    include_str!("../../../../migrations/server/0010_audit.sql"),
    include_str!("../../../../migrations/server/0011_wipe.sql"),
];

/// Why a database is not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite cannot open or read it.
    #[error("The server's database cannot be opened: {0}.")]
    Database(#[from] rusqlite::Error),
    /// A newer server made it.
    #[error(
        "{path} was written by a newer version of pupitre-server (schema {found}, this one knows \
         {known}); nothing was changed. Start the newer version."
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema this server knows.
        known: u32,
    },
    /// It is some other program's database.
    #[error("{path} is not a database of pupitre-server; nothing was changed.")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The writer's thread does not start.
    #[error("The server's writer thread cannot be started: {0}.")]
    Thread(std::io::Error),
}

/// Opens the database for writing and brings its schema up to date.
///
/// # Errors
/// [`OpenError`].
pub fn open(path: &Path) -> Result<Connection, OpenError> {
    let mut connection = Connection::open(path)?;
    prepare(&connection)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // FULL, not NORMAL: NORMAL may take back an acknowledged commit on power loss.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    // A migration that makes a table anew must not take its rows' children along.
    connection.pragma_update(None, "foreign_keys", false)?;
    migrate(&mut connection, path)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// Opens an existing database for reading only.
///
/// # Errors
/// [`OpenError`]; also when there is no such file.
pub fn open_read_only(path: &Path) -> Result<Connection, OpenError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    prepare(&connection)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // 16 MiB each; beyond that the system's own cache does as well.
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Applies the migrations a file has not had yet, each in one transaction with its number.
fn migrate(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let found = check_version(connection, path)?;
    for (index, migration) in (0..).zip(MIGRATIONS) {
        if index < found {
            continue;
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have been faster.
        if version(&transaction)? > index {
            continue;
        }
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", index + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

/// The schema of a database, if it is ours and not newer than this server.
///
/// # Errors
/// [`OpenError::Foreign`], [`OpenError::Newer`].
pub fn check_version(connection: &Connection, path: &Path) -> Result<u32, OpenError> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |r| r.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
    if application != APPLICATION_ID && tables > 0 {
        return Err(OpenError::Foreign { path: path.to_owned() });
    }
    let found = version(connection)?;
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    if found > known {
        return Err(OpenError::Newer { path: path.to_owned(), found, known });
    }
    Ok(found)
}

fn version(connection: &Connection) -> Result<u32, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_a_newer_server_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log.sqlite");
        open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();

        let error = open(&path).unwrap_err();

        assert!(matches!(error, OpenError::Newer { found: 99, .. }), "{error}");
        assert!(error.to_string().contains("newer version"), "{error}");
    }

    #[test]
    fn another_programs_database_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log.sqlite");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();

        assert!(matches!(open(&path), Err(OpenError::Foreign { .. })));
    }

    #[test]
    fn the_settings_that_durability_rests_on_are_set() {
        let dir = tempfile::tempdir().unwrap();
        let connection = open(&dir.path().join("log.sqlite")).unwrap();
        let synchronous: i64 =
            connection.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
        let journal: String =
            connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!((synchronous, journal.as_str()), (2, "wal"));
    }

    #[test]
    fn a_log_of_the_first_version_keeps_every_entry_and_record() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log.sqlite");
        let past = Connection::open(&path).unwrap();
        past.execute_batch(MIGRATIONS[0]).unwrap();
        past.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        past.pragma_update(None, "user_version", 1).unwrap();
        past.execute_batch(
            "INSERT INTO council VALUES (1, zeroblob(16), 'Valbrune', 1, 7);
             INSERT INTO member VALUES (1, zeroblob(16), 'clerk', NULL);
             INSERT INTO device (device_no, id, council_no, member, name, signing_key, enrolled_ms,
                                 last_seq)
             VALUES (1, zeroblob(16), 1, zeroblob(16), 'serveur', zeroblob(32), 5, 1);
             INSERT INTO entry VALUES (1099511627777, 1, 1, 'record', zeroblob(16), 'council', NULL,
                                       zeroblob(16), 0, 3, 4, 1, zeroblob(32), zeroblob(64), x'00');
             INSERT INTO record VALUES (1, 'council', zeroblob(16), 1, 1099511627777, 1);",
        )
        .unwrap();
        drop(past);

        let now = open(&path).unwrap();

        let kept: (i64, i64, i64) = now
            .query_row(
                "SELECT e.received_ms, r.version, d.carded
                 FROM record r JOIN entry e USING (place) JOIN device d USING (device_no)",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!(kept, (4, 1, 0));
        let amiss: i64 = now
            .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
            .unwrap();
        let guarded: bool = now.pragma_query_value(None, "foreign_keys", |row| row.get(0)).unwrap();
        assert!(amiss == 0 && guarded);
    }
}
