//! Applying the log: entries and cursor in one transaction.

use client::ports::{Applied, Cursor, NotedDocument, StoreError};
use domain::{Record, Statement};
use rusqlite::{Connection, params};
use wire::{Kind, Logged, NotePayload, RecordPayload};

use crate::error::Doing;
use crate::settings::Versions;
use crate::{catalogue, evidence, notes, sealed, settings};

/// Applies entries and moves the cursor. Repeating it changes nothing more: records are compared
/// by version, notes by the hash of their operation.
pub(crate) fn apply(
    db: &Connection,
    items: &[Logged],
    cursor: Cursor,
) -> Result<Applied, StoreError> {
    let mut applied = Applied::default();
    if settings::cursor(db)?.view != cursor.view {
        notes::doubt(db)?;
        sealed::doubt(db)?;
        settings::save_read_anew(db, Some(&Versions::new()))?;
    }
    let mut anew = settings::read_anew(db)?;
    let mut behind = settings::behind(db)?;
    let behind_before = behind.len();
    let mut counted = false;
    for item in items {
        match item.op.header.kind {
            Kind::Record => {
                let record = wire::decode::<RecordPayload>(&item.op.payload)
                    .ok()
                    .and_then(|payload| Record::from_json(&payload.record).ok());
                let Some(record) = record else {
                    keep_unread(db, item)?;
                    continue;
                };
                evidence::keep_record(db, &record, item)?;
                if let Some(anew) = &mut anew {
                    let name = catalogue::name(record.entity(), record.id());
                    anew.insert(name, item.record_version);
                    counted = true;
                }
                if catalogue::put(db, &record, item.record_version, &mut behind)? {
                    applied.entries += 1;
                    applied.catalogue = true;
                }
            }
            Kind::Receipt => {
                let Ok(statement) = Statement::from_json(&item.op.payload) else {
                    keep_unread(db, item)?;
                    continue;
                };
                if evidence::keep_logged(db, (&statement).into(), item)? {
                    applied.entries += 1;
                    applied.catalogue = true;
                }
            }
            Kind::Directory | Kind::Keys => {
                applied.entries += u64::from(sealed::take_keys(db, item)?);
            }
            Kind::Note if item.op.header.epoch != 0 => {
                applied.entries += u64::from(sealed::take_note(db, item)?);
            }
            Kind::Note => {
                let Ok(payload) = NotePayload::open(&item.op) else {
                    keep_unread(db, item)?;
                    continue;
                };
                let document = NotedDocument {
                    key: item.op.header.document,
                    scope: item.op.header.scope,
                    pdf: payload.pdf,
                };
                if notes::log_piece(db, &document, &item.op, item.seq)? {
                    applied.entries += 1;
                    if !applied.notes.contains(&document.key) {
                        applied.notes.push(document.key);
                    }
                }
            }
        }
    }
    if counted {
        settings::save_read_anew(db, anew.as_ref())?;
    }
    if behind.len() != behind_before {
        settings::save_behind(db, &behind)?;
    }
    settings::save_cursor(db, cursor)?;
    Ok(applied)
}

/// Keeps an entry that this version cannot read, for one that can.
fn keep_unread(db: &Connection, item: &Logged) -> Result<(), StoreError> {
    let doing = "keeping an entry that cannot be read";
    let bytes = wire::encode(item).doing(doing)?;
    let seq = i64::try_from(item.seq).unwrap_or(i64::MAX);
    db.execute("INSERT OR IGNORE INTO unread (seq, op) VALUES (?1, ?2)", params![seq, bytes])
        .doing(doing)?;
    Ok(())
}
