//! The lines of the audit log.

use deadpool_postgres::{Object, Transaction};
use domain::{CouncilId, DeviceId, MemberId};
use wire::ProblemCode;

use super::row::{get, optional_bytes, unsigned};
use crate::log::LogError;
use crate::log::audit::{By, Deed, KEPT_MS, Line};
use crate::log::sqlite::columns::int;

/// Writes a line of a council by its number.
pub(super) async fn write(
    t: &Transaction<'_>,
    council_no: i64,
    deed: &Deed,
    by: By,
) -> Result<(), LogError> {
    let add = t
        .prepare_cached(
            "INSERT INTO audit (council_no, at_ms, done, device, member, subject, detail)
             VALUES ($1, $2, $3, $4, (SELECT member FROM device WHERE id = $4), $5, $6)",
        )
        .await?;
    let device = by.device.map(DeviceId::to_bytes);
    let device = device.as_ref().map(|id| &id[..]);
    let subject = deed.subject.as_ref().map(|id| &id[..]);
    let done = deed.done.word();
    t.execute(&add, &[&council_no, &by.at_ms, &done, &device, &subject, &deed.detail]).await?;
    Ok(())
}

/// Writes a line of a council.
pub(super) async fn note(
    t: &Transaction<'_>,
    council: CouncilId,
    deed: &Deed,
    by: By,
) -> Result<(), LogError> {
    let find = "SELECT council_no FROM council WHERE id = $1";
    let row = t.query_opt(find, &[&&council.to_bytes()[..]]).await?;
    let nothing = LogError::refused(ProblemCode::NotFound, "This server has no such council.");
    write(t, get(&row.ok_or(nothing)?, 0)?, deed, by).await
}

pub(super) async fn lines(
    c: &Object,
    council: CouncilId,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<Line>, LogError> {
    let before = before.map_or(i64::MAX, int);
    let rows = c
        .query(
            "SELECT a.audit_no, a.at_ms, a.done, a.device, a.member, a.subject, a.detail
             FROM audit a JOIN council USING (council_no)
             WHERE council.id = $1 AND a.audit_no < $2 ORDER BY a.audit_no DESC LIMIT $3",
            &[&&council.to_bytes()[..], &before, &i64::from(limit)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Line {
                number: unsigned(row, 0)?,
                at_ms: get(row, 1)?,
                done: get(row, 2)?,
                device: optional_bytes(row, 3)?.map(DeviceId::from_bytes),
                member: optional_bytes(row, 4)?.map(MemberId::from_bytes),
                subject: optional_bytes(row, 5)?,
                detail: get(row, 6)?,
            })
        })
        .collect()
}

pub(super) async fn forget(t: &Transaction<'_>, now_ms: i64) -> Result<u64, LogError> {
    let forgotten = t
        .execute(
            "DELETE FROM audit WHERE at_ms <= least($1, (SELECT max(at_ms) FROM audit)) - $2",
            &[&now_ms, &KEPT_MS],
        )
        .await?;
    Ok(forgotten)
}
