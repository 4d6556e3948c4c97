//! Drafts become sealed operations, operations become entries of the log; nothing gets lost between.

use client::ports::{Conflict, Drafted, NotedDocument, StoreError};
use domain::Record;
use rusqlite::{Connection, OptionalExtension, params};
use wire::{Ack, Kind, LineEnd, NotePayload, Op, Outcome, RecordPayload};

use crate::error::{Doing, failed};
use crate::{evidence, notes, sealed, settings};

/// Room that an operation's payload keeps for what stands around the changes, in bytes.
const MARGIN: usize = 1_024;

pub(crate) fn drafts(db: &Connection) -> Result<Vec<Drafted>, StoreError> {
    let doing = "gathering drafts";
    let mut all = db
        .prepare_cached(
            "SELECT piece.piece, piece.changes, noted.doc, noted.scope, noted.pdf
             FROM piece JOIN noted USING (doc)
             WHERE piece.state = 'draft' ORDER BY piece.doc, piece.piece",
        )
        .doing(doing)?;
    let mut rows = all.query([]).doing(doing)?;
    let mut groups: Vec<Drafted> = Vec::new();
    while let Some(row) = rows.next().doing(doing)? {
        let piece: i64 = row.get(0).doing(doing)?;
        let changes: Vec<u8> = row.get(1).doing(doing)?;
        let document: NotedDocument = notes::read_document(row, 2)?;
        match groups.last_mut() {
            Some(group)
                if group.document == document
                    && group.changes.len() + changes.len() + MARGIN <= wire::limits::OP_PAYLOAD =>
            {
                group.drafts.push(piece);
                group.changes.extend(changes);
            }
            _ => groups.push(Drafted { document, drafts: vec![piece], changes }),
        }
    }
    groups.sort_by_key(|group| group.drafts.first().copied());
    Ok(groups)
}

pub(crate) fn seal(db: &Connection, op: &Op, drafts: &[i64]) -> Result<(), StoreError> {
    put(db, op, None, drafts)
}

pub(crate) fn seal_closed(
    db: &Connection,
    op: &Op,
    note: &NotePayload,
    drafts: &[i64],
) -> Result<(), StoreError> {
    put(db, op, Some(note), drafts)
}

/// Puts an operation into the outbox; `closed` is what it carries when its payload is sealed.
fn put(
    db: &Connection,
    op: &Op,
    closed: Option<&NotePayload>,
    drafts: &[i64],
) -> Result<(), StoreError> {
    let doing = "sealing an operation";
    let next = settings::next_device_seq(db)?;
    if op.header.device_seq != next {
        return Err(failed(doing, format!("operation {} is not {next}", op.header.device_seq)));
    }
    let hash = op.hash();
    let bytes = wire::encode(op).doing(doing)?;
    let seq = i64::try_from(op.header.device_seq).unwrap_or(i64::MAX);
    db.execute(
        "INSERT INTO outbox (device_seq, op, op_hash) VALUES (?1, ?2, ?3)",
        params![seq, bytes, hash.as_bytes()],
    )
    .doing(doing)?;
    if op.header.kind == Kind::Note {
        let payload = match closed {
            Some(note) => note.clone(),
            None => NotePayload::open(op).doing(doing)?,
        };
        let document =
            NotedDocument { key: op.header.document, scope: op.header.scope, pdf: payload.pdf };
        if !notes::seal_drafts(db, &document, drafts, &payload.changes, &bytes, &hash)? {
            return Err(failed(doing, "its drafts are not there as they were read"));
        }
        if closed.is_some() {
            notes::keep_opened(db, &hash, &payload.changes)?;
        }
    } else if !drafts.is_empty() {
        return Err(failed(doing, "only notes carry drafts"));
    } else {
        evidence::keep_own(db, op)?;
        sealed::keep_own(db, op)?;
    }
    settings::save_next_device_seq(db, next + 1)
}

/// Everything that waits for an answer, in order.
fn waiting(db: &Connection) -> Result<Vec<Op>, StoreError> {
    let doing = "reading the outbox";
    let mut all = db.prepare_cached("SELECT op FROM outbox ORDER BY device_seq").doing(doing)?;
    let mut rows = all.query([]).doing(doing)?;
    let mut ops = Vec::new();
    while let Some(row) = rows.next().doing(doing)? {
        let op: Vec<u8> = row.get(0).doing(doing)?;
        ops.push(wire::decode(&op).doing(doing)?);
    }
    Ok(ops)
}

pub(crate) fn outbox(db: &Connection, max_bytes: usize) -> Result<Vec<Op>, StoreError> {
    let doing = "reading the outbox";
    let mut all = db.prepare_cached("SELECT op FROM outbox ORDER BY device_seq").doing(doing)?;
    let mut rows = all.query([]).doing(doing)?;
    let (mut ops, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next().doing(doing)? {
        let op: Vec<u8> = row.get(0).doing(doing)?;
        bytes += op.len();
        if !ops.is_empty() && (bytes > max_bytes || ops.len() >= wire::limits::BATCH_OPS) {
            break;
        }
        ops.push(wire::decode(&op).doing(doing)?);
    }
    Ok(ops)
}

pub(crate) fn overtaken(db: &Connection, line: &LineEnd) -> Result<Option<Vec<Op>>, StoreError> {
    let doing = "comparing the outbox with the server's line";
    let ops = waiting(db)?;
    let next = settings::next_device_seq(db)?;
    let first = ops.first().map_or(next, |op| op.header.device_seq);
    if line.device_seq < first {
        return Ok(None);
    }
    let known: Option<[u8; 32]> = db
        .prepare_cached("SELECT op_hash FROM outbox WHERE device_seq = ?1")
        .and_then(|mut find| {
            let seq = i64::try_from(line.device_seq).unwrap_or(i64::MAX);
            find.query_row([seq], |row| row.get(0)).optional()
        })
        .doing(doing)?;
    Ok((known != Some(*line.op.as_bytes())).then_some(ops))
}

pub(crate) fn renumber(db: &Connection, line: u64, ops: &[Op]) -> Result<(), StoreError> {
    let doing = "giving the outbox other numbers";
    let before = waiting(db)?;
    if before.len() != ops.len() {
        return Err(failed(doing, "the outbox is another than the one that was sealed anew"));
    }
    db.execute("DELETE FROM outbox", []).doing(doing)?;
    for ((old, new), number) in before.iter().zip(ops).zip(line + 1..) {
        if new.header.device_seq != number || new.header.document != old.header.document {
            return Err(failed(doing, "an operation is not the one it stands for"));
        }
        let (old_hash, hash) = (old.hash(), new.hash());
        let bytes = wire::encode(new).doing(doing)?;
        let seq = i64::try_from(number).unwrap_or(i64::MAX);
        db.execute(
            "INSERT INTO outbox (device_seq, op, op_hash) VALUES (?1, ?2, ?3)",
            params![seq, bytes, hash.as_bytes()],
        )
        .doing(doing)?;
        for table in ["piece", "evidence", "key_op"] {
            db.execute(
                &format!("UPDATE {table} SET op = ?2, op_hash = ?3 WHERE op_hash = ?1"),
                params![old_hash.as_bytes(), bytes, hash.as_bytes()],
            )
            .doing(doing)?;
        }
    }
    settings::save_next_device_seq(db, line + 1 + ops.len() as u64)
}

pub(crate) fn acknowledge(
    db: &Connection,
    acks: &[Ack],
    now_ms: i64,
) -> Result<Vec<Conflict>, StoreError> {
    let doing = "taking the server's answer";
    let mut conflicts = Vec::new();
    for ack in acks {
        let device_seq = i64::try_from(ack.device_seq).unwrap_or(i64::MAX);
        let waiting: Option<(Vec<u8>, [u8; 32])> = db
            .prepare_cached("SELECT op, op_hash FROM outbox WHERE device_seq = ?1")
            .and_then(|mut find| {
                find.query_row([device_seq], |row| Ok((row.get(0)?, row.get(1)?))).optional()
            })
            .doing(doing)?;
        // An answer that came twice: the operation has left already.
        let Some((bytes, hash)) = waiting else { continue };
        match &ack.outcome {
            Outcome::Accepted { seq } => {
                notes::accepted(db, &hash, *seq)?;
                sealed::accepted(db, &hash, *seq)?;
            }
            Outcome::Conflict { .. } | Outcome::Refused { .. } => {
                let op: Op = wire::decode(&bytes).doing(doing)?;
                notes::refused(db, &hash)?;
                evidence::refused(db, &hash)?;
                sealed::refused(db, &hash)?;
                let answer = format!("{:?}", ack.outcome);
                db.execute(
                    "INSERT OR REPLACE INTO set_aside (device_seq, op, answer, at_ms)
                     VALUES (?1, ?2, ?3, ?4)",
                    params![device_seq, bytes, answer, now_ms],
                )
                .doing(doing)?;
                let current = match &ack.outcome {
                    Outcome::Conflict { current } => Some(*current),
                    Outcome::Accepted { .. } | Outcome::Refused { .. } => None,
                };
                let device_seq = ack.device_seq;
                conflicts.push(Conflict { device_seq, subject: subject(&op), current });
            }
        }
        db.prepare_cached("DELETE FROM outbox WHERE device_seq = ?1")
            .and_then(|mut delete| delete.execute([device_seq]))
            .doing(doing)?;
    }
    Ok(conflicts)
}

/// Name of the thing an operation is about; empty for notes.
fn subject(op: &Op) -> String {
    let record = wire::decode::<RecordPayload>(&op.payload)
        .ok()
        .filter(|_| op.header.kind == Kind::Record)
        .and_then(|payload| Record::from_json(&payload.record).ok());
    match record {
        Some(Record::Council(council)) => council.name,
        Some(Record::Member(member)) => member.full_name(),
        Some(Record::Group(group)) => group.name,
        Some(Record::Body(body)) => body.name,
        Some(Record::Sitting(sitting)) => sitting.title,
        Some(Record::Convocation(convocation)) => convocation.title,
        Some(Record::Device(_)) => String::new(),
        None => String::new(),
    }
}

pub(crate) fn pending(db: &Connection) -> Result<u32, StoreError> {
    db.prepare_cached(
        "SELECT (SELECT count(*) FROM outbox)
              + (SELECT count(*) FROM piece WHERE state = 'draft')",
    )
    .and_then(|mut count| count.query_row([], |row| row.get(0)))
    .doing("counting what waits")
}
