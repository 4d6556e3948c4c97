//! Notes documents: their pieces, their snapshots, and the index that lists and search read.

use std::collections::{BTreeMap, BTreeSet};

use client::ports::{
    Apart, CarriedEntry, Draft, NoteIndexEntry, NotePieces, NotedDocument, StoreError, StoredEdit,
};
use domain::{MemberId, Sha256};
use ink::codec::{decode_strokes, encode_strokes};
use ink::{AnnotationId, Carried, Mark, MarkKind};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use wire::{Audience, DocKey, NotePayload, Op, Scope};

use crate::error::{Doing, corrupt};
use crate::fold::fold;
use crate::history;

const READING: &str = "reading notes";
const KEEPING: &str = "keeping notes";

/// Pieces that the log has lost and that were drafted again have numbers below this one, negated.
const DRAFTED_AGAIN: i64 = 1 << 40;

/// Reads `doc, scope, pdf` from three columns.
pub(crate) fn read_document(row: &Row<'_>, first: usize) -> Result<NotedDocument, StoreError> {
    let key: [u8; 16] = row.get(first).doing(READING)?;
    let scope: Vec<u8> = row.get(first + 1).doing(READING)?;
    let pdf: [u8; 32] = row.get(first + 2).doing(READING)?;
    let scope: Scope = wire::decode(&scope).doing(READING)?;
    Ok(NotedDocument { key: DocKey(key), scope, pdf: Sha256::from_bytes(pdf) })
}

/// Makes sure a notes document is known.
pub(crate) fn know(db: &Connection, document: &NotedDocument) -> Result<(), StoreError> {
    let scope = wire::encode(&document.scope).doing(KEEPING)?;
    db.prepare_cached(
        "INSERT OR IGNORE INTO noted (doc, pdf, scope, latest, indexed) VALUES (?1, ?2, ?3, 0, 0)",
    )
    .and_then(|mut put| put.execute(params![document.key.0, document.pdf.as_bytes(), scope]))
    .doing(KEEPING)?;
    Ok(())
}

/// Notes that a document has a new piece. `indexed` says that the index knows it already, which
/// holds only when the index was up to date before.
fn new_piece(db: &Connection, key: DocKey, piece: i64, indexed: bool) -> Result<(), StoreError> {
    db.prepare_cached(
        "UPDATE noted SET indexed = iif(?3 AND indexed = latest, ?2, indexed), latest = ?2
         WHERE doc = ?1",
    )
    .and_then(|mut put| put.execute(params![key.0, piece, indexed]))
    .doing(KEEPING)?;
    Ok(())
}

pub(crate) fn save_edit(db: &Connection, edit: &StoredEdit) -> Result<(), StoreError> {
    if let Some(apart) = &edit.apart {
        set_apart(db, apart)?;
    }
    for draft in &edit.drafts {
        save_draft(db, draft)?;
    }
    for id in &edit.settled {
        db.prepare_cached("DELETE FROM unshared WHERE annotation = ?1")
            .and_then(|mut delete| delete.execute([id.to_bytes()]))
            .doing(KEEPING)?;
    }
    if let Some(edit) = &edit.history {
        history::save(db, edit)?;
    }
    Ok(())
}

/// Refused pieces, and the drafts that build on them, leave their document; the raw operations stay.
fn set_apart(db: &Connection, apart: &Apart) -> Result<(), StoreError> {
    let Apart { document, marks, unshared } = apart;
    let key = document.key.0;
    db.execute("UPDATE piece SET apart = 1 WHERE doc = ?1 AND state = 'refused'", [key])
        .doing(KEEPING)?;
    db.execute("DELETE FROM piece WHERE doc = ?1 AND state = 'draft'", [key]).doing(KEEPING)?;
    db.execute("DELETE FROM snapshot WHERE doc = ?1", [key]).doing(KEEPING)?;
    put_notes(db, document, marks, 0)?;
    let audience = wire::encode(&document.scope.audience).doing(KEEPING)?;
    for id in unshared {
        db.execute(
            "INSERT OR REPLACE INTO unshared (annotation, audience) VALUES (?1, ?2)",
            params![id.to_bytes(), audience],
        )
        .doing(KEEPING)?;
    }
    Ok(())
}

fn save_draft(db: &Connection, draft: &Draft) -> Result<(), StoreError> {
    know(db, &draft.document)?;
    db.prepare_cached("INSERT INTO piece (doc, changes, state) VALUES (?1, ?2, 'draft')")
        .and_then(|mut put| put.execute(params![draft.document.key.0, draft.change]))
        .doing(KEEPING)?;
    new_piece(db, draft.document.key, db.last_insert_rowid(), true)?;
    for mark in &draft.put {
        put_note(db, &draft.document, mark, mark.modified_ms)?;
    }
    for id in &draft.removed {
        remove_note(db, draft.document.key, *id)?;
    }
    draft.carried.iter().try_for_each(|carried| put_carried(db, draft.document.key, carried))
}

fn remove_note(db: &Connection, key: DocKey, id: AnnotationId) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM note WHERE doc = ?1 AND annotation = ?2")
        .and_then(|mut delete| delete.execute(params![key.0, id.to_bytes()]))
        .doing(KEEPING)?;
    Ok(())
}

/// Makes one sealed piece of drafts; false when one of them is not there, is not of this document,
/// or when together they are not these changes. The piece stands where the last draft stood: what
/// was made after it still comes after it, and what a snapshot covers stays covered.
pub(crate) fn seal_drafts(
    db: &Connection,
    document: &NotedDocument,
    drafts: &[i64],
    changes: &[u8],
    op: &[u8],
    hash: &Sha256,
) -> Result<bool, StoreError> {
    let mut drafted = Vec::with_capacity(changes.len());
    let mut find = db
        .prepare_cached(
            "SELECT changes FROM piece WHERE piece = ?1 AND doc = ?2 AND state = 'draft'",
        )
        .doing(KEEPING)?;
    for draft in drafts {
        let bytes: Option<Vec<u8>> = find
            .query_row(params![draft, document.key.0], |row| row.get(0))
            .optional()
            .doing(KEEPING)?;
        let Some(bytes) = bytes else { return Ok(false) };
        drafted.extend(bytes);
    }
    let Some((last, others)) = drafts.split_last() else { return Ok(false) };
    if drafted != changes {
        return Ok(false);
    }
    let mut delete = db.prepare_cached("DELETE FROM piece WHERE piece = ?1").doing(KEEPING)?;
    for draft in others {
        delete.execute([draft]).doing(KEEPING)?;
    }
    db.prepare_cached(
        "UPDATE piece SET state = 'sealed', changes = NULL, op = ?2, op_hash = ?3
         WHERE piece = ?1",
    )
    .and_then(|mut put| put.execute(params![last, op, hash.as_bytes()]))
    .doing(KEEPING)?;
    Ok(true)
}

/// A piece from the log; false when it was here already (this tablet's own, or a repeat).
pub(crate) fn log_piece(
    db: &Connection,
    document: &NotedDocument,
    op: &Op,
    seq: u64,
) -> Result<bool, StoreError> {
    let hash = op.hash();
    if accepted_rows(db, hash.as_bytes(), seq)? > 0 {
        return Ok(false);
    }
    know(db, document)?;
    let bytes = wire::encode(op).doing(KEEPING)?;
    db.prepare_cached(
        "INSERT INTO piece (doc, op, state, op_hash, seq) VALUES (?1, ?2, 'logged', ?3, ?4)",
    )
    .and_then(|mut put| {
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        put.execute(params![document.key.0, bytes, hash.as_bytes(), seq])
    })
    .doing(KEEPING)?;
    new_piece(db, document.key, db.last_insert_rowid(), false)?;
    Ok(true)
}

/// The server has taken the operation of this piece. A record has no piece.
pub(crate) fn accepted(db: &Connection, hash: &[u8; 32], seq: u64) -> Result<(), StoreError> {
    accepted_rows(db, hash, seq).map(drop)
}

/// Whether the operation with this hash is a piece here; it has its place in the log from now on.
pub(crate) fn is_accepted(db: &Connection, hash: &[u8; 32], seq: u64) -> Result<bool, StoreError> {
    Ok(accepted_rows(db, hash, seq)? > 0)
}

/// Keeps what a sealed piece carries.
pub(crate) fn keep_opened(
    db: &Connection,
    hash: &Sha256,
    changes: &[u8],
) -> Result<(), StoreError> {
    db.prepare_cached("UPDATE piece SET opened = ?2 WHERE op_hash = ?1")
        .and_then(|mut put| put.execute(params![hash.as_bytes(), changes]))
        .doing(KEEPING)?;
    Ok(())
}

fn accepted_rows(db: &Connection, hash: &[u8; 32], seq: u64) -> Result<usize, StoreError> {
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    // A server restored from a backup gives a number again that it had given to something else.
    db.prepare_cached("UPDATE piece SET seq = -piece WHERE seq = ?2 AND op_hash <> ?1")
        .and_then(|mut put| put.execute(params![hash, seq]))
        .doing(KEEPING)?;
    db.prepare_cached("UPDATE piece SET state = 'logged', seq = ?2 WHERE op_hash = ?1")
        .and_then(|mut put| put.execute(params![hash, seq]))
        .doing(KEEPING)
}

/// The log is read anew: until it is read to its end, nobody knows which pieces it still holds. Their
/// numbers become negative meanwhile.
pub(crate) fn doubt(db: &Connection) -> Result<(), StoreError> {
    db.execute("UPDATE piece SET seq = -piece WHERE state = 'logged' AND seq > 0", [])
        .doing(KEEPING)?;
    Ok(())
}

/// Drafts once more what the log, read to its end, no longer holds of the owner's own notes; how
/// many pieces that were. The pieces themselves stay where they are: a change that a document gets
/// twice counts once.
pub(crate) fn bring_back(db: &Connection, owner: MemberId) -> Result<u32, StoreError> {
    let mut find = db
        .prepare_cached(
            "SELECT noted.doc, noted.scope, noted.pdf, piece.piece, piece.op, piece.opened
             FROM piece JOIN noted USING (doc)
             WHERE piece.seq < 0 AND piece.seq > ?1 AND piece.state = 'logged'
             ORDER BY piece.piece",
        )
        .doing(READING)?;
    let mut lost = Vec::new();
    let mut rows = find.query([-DRAFTED_AGAIN]).doing(READING)?;
    while let Some(row) = rows.next().doing(READING)? {
        let document = read_document(row, 0)?;
        let piece: i64 = row.get(3).doing(READING)?;
        let op: Vec<u8> = row.get(4).doing(READING)?;
        let opened: Option<Vec<u8>> = row.get(5).doing(READING)?;
        if document.scope.owner == owner {
            lost.push((document, piece, op, opened));
        }
    }
    let mut count = 0;
    for (document, piece, op, opened) in lost {
        let plain = || Some(NotePayload::open(&wire::decode::<Op>(&op).ok()?).ok()?.changes);
        // What cannot be opened here stays as it is, for a version that can.
        let Some(changes) = opened.or_else(plain) else { continue };
        db.prepare_cached("INSERT INTO piece (doc, changes, state) VALUES (?1, ?2, 'draft')")
            .and_then(|mut put| put.execute(params![document.key.0, changes]))
            .doing(KEEPING)?;
        new_piece(db, document.key, db.last_insert_rowid(), true)?;
        db.prepare_cached("UPDATE piece SET seq = seq - ?2 WHERE piece = ?1")
            .and_then(|mut put| put.execute(params![piece, DRAFTED_AGAIN]))
            .doing(KEEPING)?;
        count += 1;
    }
    Ok(count)
}

/// The server has not taken the operation of this piece; the person keeps seeing it here.
pub(crate) fn refused(db: &Connection, hash: &[u8; 32]) -> Result<(), StoreError> {
    db.prepare_cached("UPDATE piece SET state = 'refused' WHERE op_hash = ?1")
        .and_then(|mut put| put.execute([hash]))
        .doing(KEEPING)?;
    Ok(())
}

pub(crate) fn pieces(db: &Connection, document: DocKey) -> Result<NotePieces, StoreError> {
    let snapshot: Option<(Vec<u8>, i64)> = db
        .prepare_cached("SELECT bytes, covers FROM snapshot WHERE doc = ?1")
        .and_then(|mut find| {
            find.query_row([document.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        })
        .doing(READING)?;
    let (snapshot, mut last) = snapshot.map_or((None, 0), |(bytes, covers)| (Some(bytes), covers));
    let changes = changes_after(db, document, &mut last, true)?;
    Ok(NotePieces { snapshot, changes, covers: last.unsigned_abs() })
}

pub(crate) fn standing_pieces(db: &Connection, document: DocKey) -> Result<NotePieces, StoreError> {
    let mut last = 0;
    let changes = changes_after(db, document, &mut last, false)?;
    Ok(NotePieces { snapshot: None, changes, covers: last.unsigned_abs() })
}

/// Changes of the pieces after `last`, which becomes the last one read.
fn changes_after(
    db: &Connection,
    document: DocKey,
    last: &mut i64,
    with_refused: bool,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut changes = Vec::new();
    let mut after = db
        .prepare_cached(
            "SELECT piece, coalesce(changes, opened), op FROM piece
             WHERE doc = ?1 AND piece > ?2 AND apart = 0 AND (?3 OR state <> 'refused')
             ORDER BY piece",
        )
        .doing(READING)?;
    let mut rows = after.query(params![document.0, *last, with_refused]).doing(READING)?;
    while let Some(row) = rows.next().doing(READING)? {
        *last = row.get(0).doing(READING)?;
        let plain: Option<Vec<u8>> = row.get(1).doing(READING)?;
        changes.push(match plain {
            Some(plain) => plain,
            None => {
                let op: Op =
                    wire::decode(row.get_ref(2).and_then(|op| Ok(op.as_blob()?)).doing(READING)?)
                        .doing(READING)?;
                NotePayload::open(&op).doing(READING)?.changes
            }
        });
    }
    Ok(changes)
}

pub(crate) fn save_snapshot(
    db: &Connection,
    document: DocKey,
    snapshot: &[u8],
    covers: u64,
) -> Result<(), StoreError> {
    let covers = i64::try_from(covers).unwrap_or(i64::MAX);
    db.execute(
        "INSERT INTO snapshot (doc, bytes, covers) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET bytes = excluded.bytes, covers = excluded.covers
         WHERE excluded.covers >= snapshot.covers",
        params![document.0, snapshot, covers],
    )
    .doing(KEEPING)?;
    Ok(())
}

fn documents(
    db: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<NotedDocument>, StoreError> {
    let mut all = db.prepare_cached(sql).doing(READING)?;
    let mut rows = all.query(params).doing(READING)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(READING)? {
        found.push(read_document(row, 0)?);
    }
    Ok(found)
}

pub(crate) fn noted_documents(
    db: &Connection,
    pdf: &Sha256,
) -> Result<Vec<NotedDocument>, StoreError> {
    documents(db, "SELECT doc, scope, pdf FROM noted WHERE pdf = ?1 ORDER BY doc", [pdf.as_bytes()])
}

pub(crate) fn stale_documents(db: &Connection) -> Result<Vec<NotedDocument>, StoreError> {
    documents(db, "SELECT doc, scope, pdf FROM noted WHERE indexed < latest ORDER BY doc", [])
}

pub(crate) fn all_documents(db: &Connection) -> Result<Vec<NotedDocument>, StoreError> {
    documents(db, "SELECT doc, scope, pdf FROM noted ORDER BY doc", [])
}

pub(crate) fn refused_documents(db: &Connection) -> Result<Vec<NotedDocument>, StoreError> {
    documents(
        db,
        "SELECT doc, scope, pdf FROM noted WHERE EXISTS (
             SELECT 1 FROM piece
             WHERE piece.doc = noted.doc AND piece.state = 'refused' AND piece.apart = 0)
         ORDER BY doc",
        [],
    )
}

/// Erases a notes document with all its pieces.
pub(crate) fn forget(db: &Connection, document: DocKey) -> Result<(), StoreError> {
    for table in ["note", "carried", "snapshot", "piece", "noted"] {
        db.execute(&format!("DELETE FROM {table} WHERE doc = ?1"), [document.0])
            .doing("erasing notes")?;
    }
    Ok(())
}

pub(crate) fn unshared(db: &Connection) -> Result<BTreeMap<AnnotationId, Audience>, StoreError> {
    let mut all = db.prepare_cached("SELECT annotation, audience FROM unshared").doing(READING)?;
    let mut rows = all.query([]).doing(READING)?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next().doing(READING)? {
        let id = AnnotationId::from_bytes(row.get(0).doing(READING)?);
        let audience: Vec<u8> = row.get(1).doing(READING)?;
        found.insert(id, wire::decode(&audience).doing(READING)?);
    }
    Ok(found)
}

/// Makes the index of a document these marks and no others.
fn put_notes(
    db: &Connection,
    document: &NotedDocument,
    marks: &[Mark],
    now_ms: i64,
) -> Result<(), StoreError> {
    let kept: BTreeSet<AnnotationId> = marks.iter().map(|mark| mark.id).collect();
    let here: Vec<AnnotationId> = db
        .prepare_cached("SELECT annotation FROM note WHERE doc = ?1")
        .and_then(|mut all| {
            let id = |row: &Row<'_>| Ok(AnnotationId::from_bytes(row.get(0)?));
            all.query_map([document.key.0], id)?.collect()
        })
        .doing(READING)?;
    for gone in here.into_iter().filter(|id| !kept.contains(id)) {
        remove_note(db, document.key, gone)?;
    }
    for mark in marks {
        put_note(db, document, mark, now_ms)?;
    }
    Ok(())
}

pub(crate) fn index_notes(
    db: &Connection,
    document: &NotedDocument,
    marks: &[Mark],
    unreadable: u32,
    now_ms: i64,
) -> Result<(), StoreError> {
    know(db, document)?;
    put_notes(db, document, marks, now_ms)?;
    db.execute(
        "UPDATE noted SET indexed = latest, unreadable = ?2 WHERE doc = ?1",
        params![document.key.0, unreadable],
    )
    .doing(KEEPING)?;
    Ok(())
}

pub(crate) fn index_carried(
    db: &Connection,
    document: &NotedDocument,
    carried: &[Carried],
) -> Result<(), StoreError> {
    know(db, document)?;
    db.execute("DELETE FROM carried WHERE doc = ?1", [document.key.0]).doing(KEEPING)?;
    carried.iter().try_for_each(|carried| put_carried(db, document.key, carried))
}

fn put_carried(db: &Connection, document: DocKey, carried: &Carried) -> Result<(), StoreError> {
    let body = serde_json::to_string(carried).doing(KEEPING)?;
    db.prepare_cached(
        "INSERT INTO carried (doc, annotation, body) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET body = excluded.body",
    )
    .and_then(|mut put| put.execute(params![document.0, carried.id.to_bytes(), body]))
    .doing(KEEPING)?;
    Ok(())
}

pub(crate) fn carried(db: &Connection) -> Result<Vec<CarriedEntry>, StoreError> {
    let mut all = db
        .prepare_cached(
            "SELECT noted.doc, noted.scope, noted.pdf, carried.body
             FROM carried JOIN noted USING (doc) ORDER BY carried.doc, carried.annotation",
        )
        .doing(READING)?;
    let mut rows = all.query([]).doing(READING)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(READING)? {
        let document = read_document(row, 0)?;
        let body: String = row.get(3).doing(READING)?;
        let carried = serde_json::from_str(&body).doing(READING)?;
        found.push(CarriedEntry { document, carried });
    }
    Ok(found)
}

/// Puts a mark into the index, which arrived now unless it stands there like this.
fn put_note(
    db: &Connection,
    document: &NotedDocument,
    mark: &Mark,
    now_ms: i64,
) -> Result<(), StoreError> {
    let mut body = mark.clone();
    // Strokes are thirty times smaller in their own codec than in JSON.
    let strokes = match &mut body.kind {
        MarkKind::Ink { strokes, .. } => Some(encode_strokes(&std::mem::take(strokes))),
        MarkKind::Markup(_)
        | MarkKind::Shape(_)
        | MarkKind::Stamp(_)
        | MarkKind::Note { .. }
        | MarkKind::Text { .. } => None,
    };
    let words = fold(&format!("{}\n\n{}", mark.kind.words(), mark.text));
    let body = serde_json::to_string(&body).doing(KEEPING)?;
    db.prepare_cached(
        "INSERT INTO note (annotation, doc, owner, pdf, page, modified_ms, words, body, strokes,
             arrived_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (doc, annotation) DO UPDATE
         SET page = excluded.page, modified_ms = excluded.modified_ms, words = excluded.words,
             body = excluded.body, strokes = excluded.strokes, arrived_ms = excluded.arrived_ms
         WHERE body <> excluded.body OR strokes IS NOT excluded.strokes",
    )
    .and_then(|mut put| {
        put.execute(params![
            mark.id.to_bytes(),
            document.key.0,
            document.scope.owner.to_bytes(),
            document.pdf.as_bytes(),
            mark.page,
            mark.modified_ms,
            words.trim(),
            body,
            strokes,
            now_ms,
        ])
    })
    .doing(KEEPING)?;
    Ok(())
}

/// Columns that [`read_note`] reads, from `note JOIN noted USING (doc)`.
pub(crate) const NOTE_COLUMNS: &str =
    "noted.doc, noted.scope, noted.pdf, note.body, note.strokes, note.arrived_ms";

pub(crate) fn read_note(row: &Row<'_>) -> Result<NoteIndexEntry, StoreError> {
    let document = read_document(row, 0)?;
    let body: String = row.get(3).doing(READING)?;
    let mut mark: Mark = serde_json::from_str(&body).doing(READING)?;
    if let MarkKind::Ink { strokes, .. } = &mut mark.kind {
        let bytes: Option<Vec<u8>> = row.get(4).doing(READING)?;
        *strokes = decode_strokes(&bytes.unwrap_or_default())
            .map_err(|error| corrupt(READING, error.to_string()))?;
    }
    Ok(NoteIndexEntry { document, mark, arrived_ms: row.get(5).doing(READING)? })
}

fn entries(
    db: &Connection,
    rest: &str,
    params: impl Params,
) -> Result<Vec<NoteIndexEntry>, StoreError> {
    let sql = format!("SELECT {NOTE_COLUMNS} FROM note JOIN noted USING (doc) {rest}");
    let mut all = db.prepare_cached(&sql).doing(READING)?;
    let mut rows = all.query(params).doing(READING)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(READING)? {
        found.push(read_note(row)?);
    }
    Ok(found)
}

pub(crate) fn notes(
    db: &Connection,
    pdf: Option<&Sha256>,
) -> Result<Vec<NoteIndexEntry>, StoreError> {
    match pdf {
        Some(pdf) => {
            entries(db, "WHERE note.pdf = ?1 ORDER BY note.page, note.annotation", [pdf.as_bytes()])
        }
        None => entries(db, "ORDER BY note.pdf, note.page, note.annotation", []),
    }
}

pub(crate) fn notes_named(
    db: &Connection,
    id: AnnotationId,
) -> Result<Vec<NoteIndexEntry>, StoreError> {
    entries(db, "WHERE note.annotation = ?1 ORDER BY note.doc", [id.to_bytes()])
}

pub(crate) fn latest_notes(
    db: &Connection,
    owner: MemberId,
    limit: u32,
) -> Result<Vec<NoteIndexEntry>, StoreError> {
    entries(
        db,
        "WHERE note.owner = ?1 ORDER BY note.modified_ms DESC LIMIT ?2",
        params![owner.to_bytes(), limit],
    )
}

pub(crate) fn note_counts(
    db: &Connection,
    owner: MemberId,
) -> Result<BTreeMap<Sha256, u32>, StoreError> {
    db.prepare_cached(
        "SELECT pdf, count(DISTINCT annotation) FROM note WHERE owner = ?1 GROUP BY pdf",
    )
    .and_then(|mut all| {
        all.query_map([owner.to_bytes()], |row| Ok((Sha256::from_bytes(row.get(0)?), row.get(1)?)))?
            .collect()
    })
    .doing(READING)
}

pub(crate) fn unreadable(db: &Connection) -> Result<u32, StoreError> {
    db.prepare_cached(
        "SELECT coalesce(sum(unreadable), 0) + (SELECT count(*) FROM unread)
              + (SELECT count(*) FROM closed WHERE untrue) FROM noted",
    )
    .and_then(|mut sum| sum.query_row([], |row| row.get(0)))
    .doing(READING)
}
