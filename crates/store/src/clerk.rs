//! The clerk's desk: drafts of sittings with the states before and after, and files dropped for them.

use std::collections::BTreeMap;

use client::ports::{DRAFT_STEPS, KeptFile, SittingDraft, StoreError};
use domain::{Sitting, SittingId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::error::Doing;

const DOING: &str = "reading or keeping a draft";

const COLUMNS: &str = "d.base, d.away, d.at_ms, s.body,
    EXISTS (SELECT 1 FROM sitting_draft_step b WHERE b.sitting = d.sitting AND b.step < d.step),
    EXISTS (SELECT 1 FROM sitting_draft_step a WHERE a.sitting = d.sitting AND a.step > d.step)";
const TABLES: &str = "sitting_draft d JOIN sitting_draft_step s USING (sitting, step)";

fn draft(row: &Row<'_>) -> Result<(SittingDraft, String), rusqlite::Error> {
    let draft = SittingDraft {
        sitting: Sitting::untitled(SittingId::from_bytes([0; 16])),
        base: row.get::<_, i64>(0)?.unsigned_abs(),
        away: row.get(1)?,
        at_ms: row.get(2)?,
        can_undo: row.get(4)?,
        can_redo: row.get(5)?,
    };
    Ok((draft, row.get(3)?))
}

fn whole((draft, body): (SittingDraft, String)) -> Result<SittingDraft, StoreError> {
    let sitting = serde_json::from_str(&body).doing(DOING)?;
    Ok(SittingDraft { sitting, ..draft })
}

pub(crate) fn drafts(db: &Connection) -> Result<Vec<SittingDraft>, StoreError> {
    let all: Vec<_> = db
        .prepare_cached(&format!("SELECT {COLUMNS} FROM {TABLES} WHERE d.away = 0"))
        .and_then(|mut all| all.query_map([], draft)?.collect())
        .doing(DOING)?;
    let mut all: Vec<_> = all.into_iter().map(whole).collect::<Result<_, _>>()?;
    all.sort_by_key(|draft| (draft.sitting.starts, draft.sitting.id));
    Ok(all)
}

pub(crate) fn one(db: &Connection, id: SittingId) -> Result<Option<SittingDraft>, StoreError> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM {TABLES} WHERE d.sitting = ?1"))
        .and_then(|mut find| find.query_row([id.to_bytes()], draft).optional())
        .doing(DOING)?
        .map(whole)
        .transpose()
}

fn step(db: &Connection, id: SittingId) -> Result<Option<i64>, StoreError> {
    db.prepare_cached("SELECT step FROM sitting_draft WHERE sitting = ?1")
        .and_then(|mut find| find.query_row([id.to_bytes()], |row| row.get(0)).optional())
        .doing(DOING)
}

pub(crate) fn keep(
    db: &Connection,
    sitting: &Sitting,
    base: u64,
    at_ms: i64,
) -> Result<(), StoreError> {
    let id = sitting.id.to_bytes();
    let body = serde_json::to_string(sitting).doing(DOING)?;
    let next = step(db, sitting.id)?.map_or(0, |step| step + 1);
    let base = i64::try_from(base).unwrap_or(i64::MAX);
    db.prepare_cached(
        "INSERT INTO sitting_draft (sitting, base, step, at_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET base = excluded.base, step = excluded.step, away = 0,
         at_ms = excluded.at_ms",
    )
    .and_then(|mut put| put.execute(params![id, base, next, at_ms]))
    .doing(DOING)?;
    db.prepare_cached(
        "DELETE FROM sitting_draft_step WHERE sitting = ?1 AND (step >= ?2 OR step < ?3)",
    )
    .and_then(|mut cut| cut.execute(params![id, next, next - i64::from(DRAFT_STEPS)]))
    .doing(DOING)?;
    db.prepare_cached("INSERT INTO sitting_draft_step (sitting, step, body) VALUES (?1, ?2, ?3)")
        .and_then(|mut put| put.execute(params![id, next, body]))
        .doing(DOING)?;
    Ok(())
}

pub(crate) fn turn(
    db: &Connection,
    id: SittingId,
    redo: bool,
    at_ms: i64,
) -> Result<bool, StoreError> {
    let way = if redo { 1 } else { -1 };
    let turned = db
        .prepare_cached(
            "UPDATE sitting_draft SET step = step + ?2, at_ms = ?3 WHERE sitting = ?1 AND EXISTS (
                 SELECT 1 FROM sitting_draft_step s
                 WHERE s.sitting = ?1 AND s.step = sitting_draft.step + ?2)",
        )
        .and_then(|mut turn| turn.execute(params![id.to_bytes(), way, at_ms]))
        .doing(DOING)?;
    Ok(turned > 0)
}

pub(crate) fn put_away(db: &Connection, id: SittingId, away: bool) -> Result<(), StoreError> {
    db.execute(
        "UPDATE sitting_draft SET away = ?2 WHERE sitting = ?1",
        params![id.to_bytes(), away],
    )
    .doing(DOING)?;
    Ok(())
}

pub(crate) fn forget(db: &Connection, id: SittingId) -> Result<(), StoreError> {
    for table in ["sitting_draft_step", "sitting_draft"] {
        db.execute(&format!("DELETE FROM {table} WHERE sitting = ?1"), [id.to_bytes()])
            .doing(DOING)?;
    }
    Ok(())
}

pub(crate) fn files(db: &Connection, sitting: SittingId) -> Result<Vec<KeptFile>, StoreError> {
    let all: Vec<String> = db
        .prepare_cached("SELECT body FROM desk_file WHERE sitting = ?1 ORDER BY place")
        .and_then(|mut all| all.query_map([sitting.to_bytes()], |row| row.get(0))?.collect())
        .doing(DOING)?;
    all.iter().map(|body| serde_json::from_str(body).doing(DOING)).collect()
}

pub(crate) fn keep_file(
    db: &Connection,
    sitting: SittingId,
    file: &KeptFile,
) -> Result<(), StoreError> {
    let body = serde_json::to_string(file).doing(DOING)?;
    db.prepare_cached(
        "INSERT INTO desk_file (file, sitting, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (file) DO UPDATE SET sitting = excluded.sitting, body = excluded.body",
    )
    .and_then(|mut put| put.execute(params![file.file.as_bytes(), sitting.to_bytes(), body]))
    .doing(DOING)?;
    Ok(())
}

pub(crate) fn drop_files(db: &Connection, files: &[Uuid]) -> Result<(), StoreError> {
    for file in files {
        db.prepare_cached("DELETE FROM desk_file WHERE file = ?1")
            .and_then(|mut cut| cut.execute([file.as_bytes()]))
            .doing(DOING)?;
    }
    Ok(())
}

pub(crate) fn changes_seen(db: &Connection) -> Result<BTreeMap<SittingId, i64>, StoreError> {
    db.prepare_cached("SELECT sitting, at_ms FROM changes_seen")
        .and_then(|mut all| {
            all.query_map([], |row| Ok((SittingId::from_bytes(row.get(0)?), row.get(1)?)))?
                .collect()
        })
        .doing(DOING)
}

pub(crate) fn save_changes_seen(
    db: &Connection,
    sitting: SittingId,
    at_ms: i64,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO changes_seen (sitting, at_ms) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms",
    )
    .and_then(|mut put| put.execute(params![sitting.to_bytes(), at_ms]))
    .doing(DOING)?;
    Ok(())
}
