//! Notes that are closed here, and the operations that carry keys.

use client::ports::{ClosedNote, KeyOpState, NotedDocument, Opened, Sight, StoreError};
use domain::Sha256;
use rusqlite::{Connection, OptionalExtension, params};
use wire::{Kind, Logged, NotePayload, Op};

use crate::error::Doing;
use crate::notes;

const READING: &str = "reading sealed notes";
const KEEPING: &str = "keeping sealed notes";

/// Takes a sealed note of the log. One's own is open here already; whether it was new.
pub(crate) fn take_note(db: &Connection, item: &Logged) -> Result<bool, StoreError> {
    let hash = item.op.hash();
    if notes::is_accepted(db, hash.as_bytes(), item.seq)? {
        return Ok(false);
    }
    let bytes = wire::encode(&item.op).doing(KEEPING)?;
    let seq = i64::try_from(item.seq).unwrap_or(i64::MAX);
    let known: bool = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM closed WHERE op_hash = ?1)")
        .and_then(|mut any| any.query_row([hash.as_bytes()], |row| row.get(0)))
        .doing(KEEPING)?;
    db.prepare_cached(
        "INSERT INTO closed (op_hash, seq, op) VALUES (?1, ?2, ?3)
         ON CONFLICT (op_hash) DO UPDATE SET seq = excluded.seq",
    )
    .and_then(|mut put| put.execute(params![hash.as_bytes(), seq, bytes]))
    .doing(KEEPING)?;
    Ok(!known)
}

/// Takes a list of devices or a letter of the log; whether it was new.
pub(crate) fn take_keys(db: &Connection, item: &Logged) -> Result<bool, StoreError> {
    let hash = item.op.hash();
    let seq = i64::try_from(item.seq).unwrap_or(i64::MAX);
    let known: bool = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM key_op WHERE op_hash = ?1)")
        .and_then(|mut any| any.query_row([hash.as_bytes()], |row| row.get(0)))
        .doing(KEEPING)?;
    keep(db, &item.op, Some(seq))?;
    Ok(!known)
}

/// Keeps this tablet's own list or letter, which goes into the outbox.
pub(crate) fn keep_own(db: &Connection, op: &Op) -> Result<(), StoreError> {
    match op.header.kind {
        Kind::Directory | Kind::Keys => keep(db, op, None),
        Kind::Note | Kind::Record | Kind::Receipt => Ok(()),
    }
}

fn keep(db: &Connection, op: &Op, seq: Option<i64>) -> Result<(), StoreError> {
    let bytes = wire::encode(op).doing(KEEPING)?;
    db.prepare_cached(
        "INSERT INTO key_op (op_hash, seq, op) VALUES (?1, ?2, ?3)
         ON CONFLICT (op_hash) DO UPDATE SET seq = coalesce(excluded.seq, seq), refused = 0",
    )
    .and_then(|mut put| put.execute(params![op.hash().as_bytes(), seq, bytes]))
    .doing(KEEPING)?;
    Ok(())
}

/// The server has taken the list or letter with this hash; nothing happens when it is none.
pub(crate) fn accepted(db: &Connection, hash: &[u8; 32], seq: u64) -> Result<(), StoreError> {
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    db.prepare_cached("UPDATE key_op SET seq = ?2 WHERE op_hash = ?1")
        .and_then(|mut put| put.execute(params![hash, seq]))
        .doing(KEEPING)?;
    Ok(())
}

/// The server has not taken it.
pub(crate) fn refused(db: &Connection, hash: &[u8; 32]) -> Result<(), StoreError> {
    db.prepare_cached("UPDATE key_op SET refused = 1 WHERE op_hash = ?1")
        .and_then(|mut put| put.execute([hash]))
        .doing(KEEPING)?;
    Ok(())
}

/// The log is read anew: until it is read to its end, nobody knows which of them it still holds.
pub(crate) fn doubt(db: &Connection) -> Result<(), StoreError> {
    db.execute("UPDATE key_op SET seq = NULL", []).doing(KEEPING)?;
    Ok(())
}

pub(crate) fn key_states(db: &Connection) -> Result<Vec<(Sha256, KeyOpState)>, StoreError> {
    let mut all = db
        .prepare_cached(
            "SELECT key_op.op_hash, key_op.seq, key_op.refused, outbox.device_seq
             FROM key_op LEFT JOIN outbox USING (op_hash)
             ORDER BY key_op.seq IS NULL, key_op.seq, outbox.device_seq IS NULL,
                      outbox.device_seq, key_op.op_hash",
        )
        .doing(READING)?;
    let mut rows = all.query([]).doing(READING)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(READING)? {
        let hash: [u8; 32] = row.get(0).doing(READING)?;
        let seq: Option<i64> = row.get(1).doing(READING)?;
        let refused: bool = row.get(2).doing(READING)?;
        let waiting: Option<i64> = row.get(3).doing(READING)?;
        let state = match (seq, refused, waiting) {
            (Some(seq), _, _) => KeyOpState::Logged(seq.unsigned_abs()),
            (None, true, _) => KeyOpState::Refused,
            (None, false, Some(_)) => KeyOpState::Waiting,
            (None, false, None) => KeyOpState::Lost,
        };
        found.push((Sha256::from_bytes(hash), state));
    }
    Ok(found)
}

pub(crate) fn key_op(db: &Connection, hash: &Sha256) -> Result<Option<Op>, StoreError> {
    let bytes: Option<Vec<u8>> = db
        .prepare_cached("SELECT op FROM key_op WHERE op_hash = ?1")
        .and_then(|mut find| find.query_row([hash.as_bytes()], |row| row.get(0)).optional())
        .doing(READING)?;
    bytes.map(|bytes| wire::decode(&bytes).doing(READING)).transpose()
}

pub(crate) fn closed(db: &Connection) -> Result<Vec<ClosedNote>, StoreError> {
    let mut all =
        db.prepare_cached("SELECT op, untrue FROM closed ORDER BY seq, op_hash").doing(READING)?;
    let mut rows = all.query([]).doing(READING)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(READING)? {
        let bytes: Vec<u8> = row.get(0).doing(READING)?;
        let untrue = row.get(1).doing(READING)?;
        found.push(ClosedNote { op: wire::decode(&bytes).doing(READING)?, untrue });
    }
    Ok(found)
}

pub(crate) fn let_in(db: &Connection, all: &[(Sha256, Opened)]) -> Result<(), StoreError> {
    for (hash, opened) in all {
        let closed: Option<(Vec<u8>, i64)> = db
            .prepare_cached("SELECT op, seq FROM closed WHERE op_hash = ?1")
            .and_then(|mut find| {
                find.query_row([hash.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional()
            })
            .doing(KEEPING)?;
        // It was let in before.
        let Some((bytes, seq)) = closed else { continue };
        match opened {
            Opened::Note(note) => let_one_in(db, &bytes, seq, note, hash)?,
            Opened::Untrue => {
                db.prepare_cached("UPDATE closed SET untrue = 1 WHERE op_hash = ?1")
                    .and_then(|mut put| put.execute([hash.as_bytes()]))
                    .doing(KEEPING)?;
            }
        }
    }
    Ok(())
}

fn let_one_in(
    db: &Connection,
    bytes: &[u8],
    seq: i64,
    note: &NotePayload,
    hash: &Sha256,
) -> Result<(), StoreError> {
    let op: Op = wire::decode(bytes).doing(KEEPING)?;
    let document = NotedDocument { key: op.header.document, scope: op.header.scope, pdf: note.pdf };
    notes::log_piece(db, &document, &op, seq.unsigned_abs())?;
    notes::keep_opened(db, hash, &note.changes)?;
    db.prepare_cached("DELETE FROM closed WHERE op_hash = ?1")
        .and_then(|mut delete| delete.execute([hash.as_bytes()]))
        .doing(KEEPING)?;
    Ok(())
}

/// Notes that wait for their key.
pub(crate) fn waiting(db: &Connection) -> Result<u32, StoreError> {
    db.prepare_cached("SELECT count(*) FROM closed WHERE NOT untrue")
        .and_then(|mut count| count.query_row([], |row| row.get(0)))
        .doing(READING)
}

/// Hashes of sealed notes and of keys that this member may no longer see.
fn unseen(db: &Connection, table: &str, sight: &Sight) -> Result<Vec<[u8; 32]>, StoreError> {
    let mut all = db.prepare(&format!("SELECT op_hash, op FROM {table}")).doing(READING)?;
    let mut rows = all.query([]).doing(READING)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(READING)? {
        let bytes: Vec<u8> = row.get(1).doing(READING)?;
        let op: Result<Op, _> = wire::decode(&bytes);
        if op.is_ok_and(|op| !sight.sees(op.header.scope)) {
            found.push(row.get(0).doing(READING)?);
        }
    }
    Ok(found)
}

/// Whether there is anything that this member may no longer see.
pub(crate) fn has_unseen(db: &Connection, sight: &Sight) -> Result<bool, StoreError> {
    Ok(!unseen(db, "closed", sight)?.is_empty() || !unseen(db, "key_op", sight)?.is_empty())
}

/// Erases it.
pub(crate) fn forget(db: &Connection, sight: &Sight) -> Result<(), StoreError> {
    for table in ["closed", "key_op"] {
        for hash in unseen(db, table, sight)? {
            db.execute(&format!("DELETE FROM {table} WHERE op_hash = ?1"), [hash])
                .doing("erasing what may no longer be seen")?;
        }
    }
    Ok(())
}
