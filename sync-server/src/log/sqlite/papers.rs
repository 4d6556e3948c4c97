//! Which council holds which paper.

use domain::{CouncilId, Sha256};
use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{int, unsigned};
use crate::log::LogError;

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
