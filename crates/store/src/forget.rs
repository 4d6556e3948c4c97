//! Erasing what the member may no longer see: its rows, its words in the index, and what SQLite
//! would leave of them in free pages and in the write-ahead log.

use client::ports::{Forgotten, Sight, StoreError};
use domain::{Record, Role};
use rusqlite::{Connection, params};
use wire::Logged;

use crate::error::Doing;
use crate::{catalogue, notes, sealed};

const DOING: &str = "erasing what may no longer be seen";

pub(crate) fn unseen(db: &Connection, sight: &Sight) -> Result<Forgotten, StoreError> {
    let mut forgotten = Forgotten::default();
    for document in notes::all_documents(db)? {
        if !sight.sees(document.scope) {
            notes::forget(db, document.key)?;
            forgotten.pdfs.insert(document.pdf);
        }
    }
    unread(db, sight)?;
    sealed::forget(db, sight)?;
    if sight.role != Role::Clerk {
        for sitting in catalogue::sittings(db)? {
            if Record::Sitting(Box::new(sitting.clone())).is_restricted_to_clerks() {
                catalogue::forget_sitting(db, sitting.id)?;
                forgotten.catalogue = true;
            }
        }
    }
    Ok(forgotten)
}

/// Entries that could not be read have a header that can.
fn unread(db: &Connection, sight: &Sight) -> Result<(), StoreError> {
    let all: Vec<(i64, Vec<u8>)> = db
        .prepare_cached("SELECT seq, op FROM unread")
        .and_then(|mut all| all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .doing(DOING)?;
    for (seq, bytes) in all {
        let entry: Result<Logged, _> = wire::decode(&bytes);
        if entry.is_ok_and(|entry| !sight.sees(entry.op.header.scope)) {
            db.execute("DELETE FROM unread WHERE seq = ?1", params![seq]).doing(DOING)?;
        }
    }
    Ok(())
}

/// Whether anything is to be erased; so that the usual exchange costs one look.
pub(crate) fn is_needed(db: &Connection, sight: &Sight) -> Result<bool, StoreError> {
    let unseen = notes::all_documents(db)?.iter().any(|document| !sight.sees(document.scope));
    if unseen {
        return Ok(true);
    }
    let unread: bool = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM unread)")
        .and_then(|mut any| any.query_row([], |row| row.get(0)))
        .doing(DOING)?;
    let drafts = sight.role != Role::Clerk
        && catalogue::sittings(db)?
            .into_iter()
            .any(|sitting| Record::Sitting(Box::new(sitting)).is_restricted_to_clerks());
    Ok(unread || drafts || sealed::has_unseen(db, sight)?)
}

/// Overwrites what is deleted while `erase` runs, then empties the write-ahead log.
pub(crate) fn without_trace<T>(
    db: &mut Connection,
    erase: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    db.pragma_update_and_check(None, "secure_delete", true, |_| Ok(())).doing(DOING)?;
    let erased = erase(db);
    db.pragma_update_and_check(None, "secure_delete", false, |_| Ok(())).doing(DOING)?;
    let erased = erased?;
    // Nobody else reads this database, so the log can be emptied at once.
    db.pragma(None, "wal_checkpoint", "TRUNCATE", |_| Ok(())).doing(DOING)?;
    Ok(erased)
}
