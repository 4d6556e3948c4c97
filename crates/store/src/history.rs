//! What can be taken back on a paper, and done again.

use client::ports::{HISTORY, HistoryEdit, StoreError, StoredHistory, Turn};
use domain::DocumentId;
use rusqlite::{Connection, params};

use crate::error::Doing;

const DOING: &str = "keeping what can be undone";

pub(crate) fn save(db: &Connection, edit: &HistoryEdit) -> Result<(), StoreError> {
    let HistoryEdit { paper, turn, steps } = edit;
    let undone = match *turn {
        Turn::Done => {
            take(db, *paper, true, i64::MAX)?;
            false
        }
        Turn::Undone(taken) => {
            take(db, *paper, false, i64::try_from(taken).unwrap_or(i64::MAX))?;
            true
        }
        Turn::Redone(taken) => {
            take(db, *paper, true, i64::try_from(taken).unwrap_or(i64::MAX))?;
            false
        }
    };
    if steps.is_empty() {
        return Ok(());
    }
    db.prepare_cached("INSERT INTO history (document, undone, steps) VALUES (?1, ?2, ?3)")
        .and_then(|mut put| put.execute(params![paper.to_bytes(), undone, steps]))
        .doing(DOING)?;
    db.prepare_cached(
        "DELETE FROM history WHERE document = ?1 AND undone = ?2 AND entry <= (
             SELECT entry FROM history WHERE document = ?1 AND undone = ?2
             ORDER BY entry DESC LIMIT 1 OFFSET ?3)",
    )
    .and_then(|mut trim| trim.execute(params![paper.to_bytes(), undone, HISTORY as i64]))
    .doing(DOING)?;
    Ok(())
}

/// Takes the last entries off one side.
fn take(db: &Connection, paper: DocumentId, undone: bool, count: i64) -> Result<(), StoreError> {
    db.prepare_cached(
        "DELETE FROM history WHERE entry IN (
             SELECT entry FROM history WHERE document = ?1 AND undone = ?2
             ORDER BY entry DESC LIMIT ?3)",
    )
    .and_then(|mut delete| delete.execute(params![paper.to_bytes(), undone, count]))
    .doing(DOING)?;
    Ok(())
}

pub(crate) fn history(db: &Connection, paper: DocumentId) -> Result<StoredHistory, StoreError> {
    let side = |undone: bool| {
        db.prepare_cached(
            "SELECT steps FROM history WHERE document = ?1 AND undone = ?2 ORDER BY entry",
        )
        .and_then(|mut all| {
            all.query_map(params![paper.to_bytes(), undone], |row| row.get(0))?.collect()
        })
        .doing("reading what can be undone")
    };
    Ok(StoredHistory { undo: side(false)?, redo: side(true)? })
}
