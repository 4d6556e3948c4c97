//! What the log knows of convocations: which there are, and which proxies stand.

use domain::{Answer, Convocation, Happening, MemberId, Receipt, Record};
use rusqlite::{Connection, OptionalExtension, params};
use wire::{DocKey, Outcome, ProblemCode, RecordPayload};

use super::append::{Author, add_entry};
use crate::log::{Examined, LogError};

fn knows_convocation(c: &Connection, council_no: i64, id: [u8; 16]) -> Result<bool, LogError> {
    let known = c
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM record
             WHERE council_no = ?1 AND entity = 'convocation' AND id = ?2)",
        )?
        .query_row(params![council_no, id], |row| row.get(0))?;
    Ok(known)
}

/// Takes a receipt of a convocation that stands in this log.
pub(super) fn add_receipt(
    c: &Connection,
    author: &mut Author,
    op: &Examined,
    receipt: &Receipt,
    now_ms: i64,
) -> Result<Outcome, LogError> {
    if !knows_convocation(c, author.council_no, receipt.convocation.to_bytes())? {
        return Ok(Outcome::Refused { code: ProblemCode::NotFound });
    }
    if let Err(code) = keep_proxy(c, author.council_no, receipt)? {
        return Ok(Outcome::Refused { code });
    }
    add_entry(c, author, op, 0, now_ms)
}

/// Whether a convocation is the next one of its sitting and was drawn from the sitting's record as
/// it stands: what is sent is what the log holds, to the signed byte.
pub(super) fn follows_the_log(
    c: &Connection,
    council_no: i64,
    convocation: &Convocation,
) -> Result<bool, LogError> {
    let hash: Option<[u8; 32]> = c
        .prepare_cached(
            "SELECT e.op_hash FROM record r JOIN entry e ON e.place = r.place
             WHERE r.council_no = ?1 AND r.entity = 'sitting' AND r.id = ?2",
        )?
        .query_row(params![council_no, convocation.sitting.to_bytes()], |row| row.get(0))
        .optional()?;
    let before = match convocation.number.checked_sub(1) {
        None => false,
        Some(0) => true,
        Some(before) => {
            knows_convocation(c, council_no, DocKey::of_convocation(convocation.sitting, before).0)?
        }
    };
    Ok(before && hash.is_some_and(|hash| hash == *convocation.sitting_op.as_bytes()))
}

/// Keeps in step which proxies stand; nobody bears two.
fn keep_proxy(
    c: &Connection,
    council_no: i64,
    receipt: &Receipt,
) -> Result<Result<(), ProblemCode>, LogError> {
    let (sitting, member) = (receipt.sitting.to_bytes(), receipt.member.to_bytes());
    match receipt.happening {
        Happening::Answered { answer: Answer::Proxy(bearer) } => {
            let taken = bears(c, council_no, sitting, bearer, receipt.member)?;
            if taken || bearer == receipt.member {
                return Ok(Err(ProblemCode::Conflict));
            }
            c.prepare_cached(
                "INSERT INTO proxy (council_no, sitting, giver, bearer) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET bearer = excluded.bearer, declined = 0",
            )?
            .execute(params![council_no, sitting, member, bearer.to_bytes()])?;
        }
        Happening::Answered { .. } => {
            c.prepare_cached(
                "DELETE FROM proxy WHERE council_no = ?1 AND sitting = ?2 AND giver = ?3",
            )?
            .execute(params![council_no, sitting, member])?;
        }
        Happening::Borne { giver, accepts } => {
            if accepts && bears(c, council_no, sitting, receipt.member, giver)? {
                return Ok(Err(ProblemCode::Conflict));
            }
            c.prepare_cached(
                "UPDATE proxy SET declined = ?5
                 WHERE council_no = ?1 AND sitting = ?2 AND giver = ?3 AND bearer = ?4",
            )?
            .execute(params![
                council_no,
                sitting,
                giver.to_bytes(),
                member,
                !accepts
            ])?;
        }
        Happening::Dispatched { .. }
        | Happening::Failed { .. }
        | Happening::Reminded { .. }
        | Happening::Delivered
        | Happening::Opened => {}
    }
    Ok(Ok(()))
}

/// Whether a member bears the proxy of somebody else than this giver.
fn bears(
    c: &Connection,
    council_no: i64,
    sitting: [u8; 16],
    bearer: MemberId,
    giver: MemberId,
) -> Result<bool, LogError> {
    let bears = c
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM proxy WHERE council_no = ?1 AND sitting = ?2
                            AND bearer = ?3 AND giver <> ?4 AND NOT declined)",
        )?
        .query_row(params![council_no, sitting, bearer.to_bytes(), giver.to_bytes()], |row| {
            row.get(0)
        })?;
    Ok(bears)
}

/// A convocation for another time or place asks anew: the proxies of the one before are gone.
pub(super) fn forget_proxies(
    c: &Connection,
    council_no: i64,
    convocation: &Convocation,
) -> Result<(), LogError> {
    let Some(before) = convocation.number.checked_sub(1).filter(|number| *number > 0) else {
        return Ok(());
    };
    let payload: Option<Vec<u8>> = c
        .prepare_cached(
            "SELECT e.payload FROM record r JOIN entry e ON e.place = r.place
             WHERE r.council_no = ?1 AND r.entity = 'convocation' AND r.id = ?2",
        )?
        .query_row(
            params![council_no, DocKey::of_convocation(convocation.sitting, before).0],
            |row| row.get(0),
        )
        .optional()?;
    let before = payload
        .and_then(|payload| wire::decode::<RecordPayload>(&payload).ok())
        .and_then(|payload| Record::from_json(&payload.record).ok());
    if let Some(Record::Convocation(before)) = before
        && (before.starts != convocation.starts || before.place != convocation.place)
    {
        c.prepare_cached("DELETE FROM proxy WHERE council_no = ?1 AND sitting = ?2")?
            .execute(params![council_no, convocation.sitting.to_bytes()])?;
    }
    Ok(())
}
