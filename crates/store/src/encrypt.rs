//! A store of an earlier version, which is plain, becomes an encrypted one.
//!
//! It is exported beside, the copy is read through and compared, made durable, and only then takes
//! the plain one's name: killed at any moment, one of the two is there whole. What the plain file held
//! may stay on the medium until its blocks are written anew (SECURITY.md).

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use client::ports::StoreError;
use rusqlite::Connection;

use crate::error::{Doing, corrupt, failed};
use crate::{durable, open};

const DOING: &str = "encrypting the store";
/// How a plain database begins; an encrypted one begins with its random salt.
const PLAIN: &[u8; 16] = b"SQLite format 3\0";

/// Encrypts the store at `path` when it is plain, and clears what an attempt that was cut short has
/// left.
pub(crate) fn bring_over(path: &Path, key: &str) -> Result<(), StoreError> {
    let beside = path.with_extension("sealing");
    clear(&beside)?;
    if begins(path)? != Some(*PLAIN) {
        return Ok(());
    }
    let moved = export(path, &beside, key).and_then(|held| prove(&beside, key, &held));
    if moved.is_err() {
        // A full disk must not be kept full by what did not fit.
        clear(&beside)?;
    }
    moved?;
    File::open(&beside).and_then(|file| file.sync_all()).doing(DOING)?;
    std::fs::rename(&beside, path).doing(DOING)?;
    durable::folder_of(path).doing(DOING)
}

/// Whether there is a store that only its vault opens.
pub(crate) fn is_sealed(path: &Path) -> Result<bool, StoreError> {
    Ok(begins(path)?.is_some_and(|begins| begins != *PLAIN))
}

/// The first bytes of a file; none when there is no such file or fewer bytes.
pub(crate) fn begins(path: &Path) -> Result<Option<[u8; 16]>, StoreError> {
    let mut first = [0; 16];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut first));
    match read {
        Ok(()) => Ok(Some(first)),
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::UnexpectedEof
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error).doing(DOING),
    }
}

/// What a database holds: its two numbers, and every table with its rows, every other thing with none.
#[derive(Debug, PartialEq, Eq)]
struct Held {
    version: i64,
    application: i64,
    things: Vec<(String, String, i64)>,
}

fn export(path: &Path, beside: &Path, key: &str) -> Result<Held, StoreError> {
    let plain = Connection::open(path).doing(DOING)?;
    let held = held(&plain)?;
    let name = beside
        .to_str()
        .ok_or_else(|| failed(DOING, "the name of the folder cannot be given to the database"))?;
    plain.execute("ATTACH DATABASE ?1 AS sealed KEY ?2", (name, key)).doing(DOING)?;
    plain.query_row("SELECT sqlcipher_export('sealed')", [], |_| Ok(())).doing(DOING)?;
    plain.pragma_update(Some("sealed"), "user_version", held.version).doing(DOING)?;
    plain.pragma_update(Some("sealed"), "application_id", held.application).doing(DOING)?;
    plain.execute("DETACH DATABASE sealed", []).doing(DOING)?;
    plain.close().map_err(|(_, error)| error).doing(DOING)?;
    // The last to close writes the log into the database and takes it away: it must not stay beside an
    // encrypted store.
    if tailed(path, "-wal").exists() {
        return Err(failed(DOING, "the plain store is in use"));
    }
    Ok(held)
}

/// Reads the copy through: every page's seal, every index, every count.
fn prove(beside: &Path, key: &str, expected: &Held) -> Result<(), StoreError> {
    let copy = open::connect(beside, key)?;
    let mut broken = 0_u32;
    copy.pragma_query(None, "cipher_integrity_check", |_| {
        broken += 1;
        Ok(())
    })
    .doing(DOING)?;
    let sound: String =
        copy.pragma_query_value(None, "integrity_check", |row| row.get(0)).doing(DOING)?;
    if broken > 0 || sound != "ok" || held(&copy)? != *expected {
        return Err(corrupt(DOING, "the encrypted copy is not what the store was"));
    }
    Ok(())
}

fn held(db: &Connection) -> Result<Held, StoreError> {
    let number = |name| db.pragma_query_value(None, name, |row| row.get(0)).doing(DOING);
    let (version, application) = (number("user_version")?, number("application_id")?);
    let mut things = db
        .prepare(
            "SELECT type, name, rootpage > 0 FROM sqlite_schema
             WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' ORDER BY type, name",
        )
        .doing(DOING)?;
    let things = things
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .and_then(Iterator::collect::<Result<Vec<(String, String, bool)>, _>>)
        .doing(DOING)?;
    let counted = things.into_iter().map(|(kind, name, stored)| {
        let rows = if kind == "table" && stored {
            let quoted = name.replace('"', "\"\"");
            let count = format!("SELECT count(*) FROM \"{quoted}\"");
            db.query_row(&count, [], |row| row.get(0)).doing(DOING)?
        } else {
            0
        };
        Ok((kind, name, rows))
    });
    Ok(Held { version, application, things: counted.collect::<Result<_, StoreError>>()? })
}

/// Throws away what an attempt left.
fn clear(beside: &Path) -> Result<(), StoreError> {
    for tail in ["", "-journal", "-wal", "-shm"] {
        match std::fs::remove_file(tailed(beside, tail)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).doing(DOING);
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// The name of a file that SQLite keeps beside a database.
fn tailed(path: &Path, tail: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(tail);
    PathBuf::from(name)
}
