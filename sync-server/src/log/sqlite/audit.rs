//! The lines of the audit log.

use domain::{CouncilId, DeviceId, MemberId};
use rusqlite::{Connection, params};

use super::columns::{int, unsigned};
use crate::log::LogError;
use crate::log::audit::{By, Deed, KEPT_MS, Line};

/// Writes a line of a council by its number.
pub(super) fn write(c: &Connection, council_no: i64, deed: &Deed, by: By) -> Result<(), LogError> {
    c.prepare_cached(
        "INSERT INTO audit (council_no, at_ms, done, device, member, subject, detail)
         VALUES (?1, ?2, ?3, ?4, (SELECT member FROM device WHERE id = ?4), ?5, ?6)",
    )?
    .execute(params![
        council_no,
        by.at_ms,
        deed.done.word(),
        by.device.map(DeviceId::to_bytes),
        deed.subject,
        deed.detail
    ])?;
    Ok(())
}

/// Writes a line of a council.
pub(super) fn note(
    c: &Connection,
    council: CouncilId,
    deed: &Deed,
    by: By,
) -> Result<(), LogError> {
    let council_no =
        c.query_row("SELECT council_no FROM council WHERE id = ?1", [council.to_bytes()], |row| {
            row.get(0)
        })?;
    write(c, council_no, deed, by)
}

pub(super) fn lines(
    c: &Connection,
    council: CouncilId,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<Line>, LogError> {
    let mut statement = c.prepare_cached(
        "SELECT a.audit_no, a.at_ms, a.done, a.device, a.member, a.subject, a.detail
         FROM audit a JOIN council USING (council_no)
         WHERE council.id = ?1 AND a.audit_no < ?2 ORDER BY a.audit_no DESC LIMIT ?3",
    )?;
    let before = before.map_or(i64::MAX, int);
    let lines = statement
        .query_map(params![council.to_bytes(), before, limit], |row| {
            Ok(Line {
                number: unsigned(row, 0)?,
                at_ms: row.get(1)?,
                done: row.get(2)?,
                device: row.get::<_, Option<[u8; 16]>>(3)?.map(DeviceId::from_bytes),
                member: row.get::<_, Option<[u8; 16]>>(4)?.map(MemberId::from_bytes),
                subject: row.get(5)?,
                detail: row.get(6)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(lines)
}

pub(super) fn forget(c: &Connection, now_ms: i64) -> Result<u64, LogError> {
    let forgotten = c.execute(
        "DELETE FROM audit WHERE at_ms <= min(?1, (SELECT max(at_ms) FROM audit)) - ?2",
        params![now_ms, KEPT_MS],
    )?;
    Ok(forgotten as u64)
}
