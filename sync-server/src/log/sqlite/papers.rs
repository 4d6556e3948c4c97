//! Which council holds which paper, and which record.

use domain::{CouncilId, Entity, Record, Sha256};
use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{entity_text, int, unsigned};
use crate::log::{LogError, record_of};

pub(super) fn hold(
    c: &Connection,
    council: CouncilId,
    sha256: Sha256,
    bytes: u64,
    now_ms: i64,
) -> Result<(), LogError> {
    c.prepare_cached(
        "INSERT INTO paper (council_no, sha256, bytes, uploaded_ms)
         SELECT council_no, ?2, ?3, ?4 FROM council WHERE id = ?1
         ON CONFLICT DO NOTHING",
    )?
    .execute(params![council.to_bytes(), sha256.as_bytes(), int(bytes), now_ms])?;
    Ok(())
}

pub(super) fn held(
    c: &Connection,
    council: CouncilId,
    sha256: Sha256,
) -> Result<Option<u64>, LogError> {
    let bytes = c
        .prepare_cached(
            "SELECT bytes FROM paper JOIN council USING (council_no)
             WHERE council.id = ?1 AND sha256 = ?2",
        )?
        .query_row(params![council.to_bytes(), sha256.as_bytes()], |row| unsigned(row, 0))
        .optional()?;
    Ok(bytes)
}

pub(super) fn record(
    c: &Connection,
    council: CouncilId,
    entity: Entity,
    id: [u8; 16],
) -> Result<Option<(u64, Record)>, LogError> {
    let found: Option<(u64, Vec<u8>)> = c
        .prepare_cached(
            "SELECT r.version, e.payload FROM record r
             JOIN council USING (council_no)
             JOIN entry e ON e.place = r.place
             WHERE council.id = ?1 AND r.entity = ?2 AND r.id = ?3",
        )?
        .query_row(params![council.to_bytes(), entity_text(entity), id], |row| {
            Ok((unsigned(row, 0)?, row.get(1)?))
        })
        .optional()?;
    found.map(|(version, payload)| Ok((version, record_of(&payload)?))).transpose()
}
