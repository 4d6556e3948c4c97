//! What the log knows of convocations: which there are, and which proxies stand.

use deadpool_postgres::Transaction;
use domain::{Answer, Convocation, Happening, MemberId, Receipt, Record};
use wire::{DocKey, Outcome, ProblemCode, RecordPayload};

use super::append::{Author, add_entry};
use super::row::{bytes, get};
use crate::log::{Examined, LogError};

async fn knows_convocation(
    t: &Transaction<'_>,
    council_no: i64,
    id: [u8; 16],
) -> Result<bool, LogError> {
    let row = t
        .query_one(
            "SELECT EXISTS (SELECT 1 FROM record
             WHERE council_no = $1 AND entity = 'convocation' AND id = $2)",
            &[&council_no, &&id[..]],
        )
        .await?;
    get(&row, 0)
}

/// Takes a receipt of a convocation that stands in this log.
pub(super) async fn add_receipt(
    t: &Transaction<'_>,
    author: &mut Author,
    op: &Examined,
    receipt: &Receipt,
    now_ms: i64,
) -> Result<Outcome, LogError> {
    if !knows_convocation(t, author.council_no, receipt.convocation.to_bytes()).await? {
        return Ok(Outcome::Refused { code: ProblemCode::NotFound });
    }
    if let Err(code) = keep_proxy(t, author.council_no, receipt).await? {
        return Ok(Outcome::Refused { code });
    }
    add_entry(t, author, op, 0, now_ms).await
}

/// Whether a convocation is the next one of its sitting and was drawn from the sitting's record as
/// it stands.
pub(super) async fn follows_the_log(
    t: &Transaction<'_>,
    council_no: i64,
    convocation: &Convocation,
) -> Result<bool, LogError> {
    let row = t
        .query_opt(
            "SELECT e.op_hash FROM record r
             JOIN entry e ON e.council_no = r.council_no AND e.seq = r.seq
             WHERE r.council_no = $1 AND r.entity = 'sitting' AND r.id = $2",
            &[&council_no, &&convocation.sitting.to_bytes()[..]],
        )
        .await?;
    let drawn = match row {
        Some(row) => bytes::<32>(&row, 0)? == *convocation.sitting_op.as_bytes(),
        None => false,
    };
    let before = match convocation.number.checked_sub(1) {
        None => false,
        Some(0) => true,
        Some(before) => {
            let id = DocKey::of_convocation(convocation.sitting, before).0;
            knows_convocation(t, council_no, id).await?
        }
    };
    Ok(before && drawn)
}

/// Keeps in step which proxies stand; nobody bears two.
async fn keep_proxy(
    t: &Transaction<'_>,
    council_no: i64,
    receipt: &Receipt,
) -> Result<Result<(), ProblemCode>, LogError> {
    let (sitting, member) = (receipt.sitting.to_bytes(), receipt.member.to_bytes());
    match receipt.happening {
        Happening::Answered { answer: Answer::Proxy(bearer) } => {
            let taken = bears(t, council_no, sitting, bearer, receipt.member).await?;
            if taken || bearer == receipt.member {
                return Ok(Err(ProblemCode::Conflict));
            }
            t.execute(
                "INSERT INTO proxy (council_no, sitting, giver, bearer) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (council_no, sitting, giver)
                 DO UPDATE SET bearer = excluded.bearer, declined = false",
                &[&council_no, &&sitting[..], &&member[..], &&bearer.to_bytes()[..]],
            )
            .await?;
        }
        Happening::Answered { .. } => {
            t.execute(
                "DELETE FROM proxy WHERE council_no = $1 AND sitting = $2 AND giver = $3",
                &[&council_no, &&sitting[..], &&member[..]],
            )
            .await?;
        }
        Happening::Borne { giver, accepts } => {
            if accepts && bears(t, council_no, sitting, receipt.member, giver).await? {
                return Ok(Err(ProblemCode::Conflict));
            }
            t.execute(
                "UPDATE proxy SET declined = $5
                 WHERE council_no = $1 AND sitting = $2 AND giver = $3 AND bearer = $4",
                &[&council_no, &&sitting[..], &&giver.to_bytes()[..], &&member[..], &!accepts],
            )
            .await?;
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
async fn bears(
    t: &Transaction<'_>,
    council_no: i64,
    sitting: [u8; 16],
    bearer: MemberId,
    giver: MemberId,
) -> Result<bool, LogError> {
    let row = t
        .query_one(
            "SELECT EXISTS (SELECT 1 FROM proxy WHERE council_no = $1 AND sitting = $2
                            AND bearer = $3 AND giver <> $4 AND NOT declined)",
            &[&council_no, &&sitting[..], &&bearer.to_bytes()[..], &&giver.to_bytes()[..]],
        )
        .await?;
    get(&row, 0)
}

/// A convocation for another time or place asks anew: the proxies of the one before are gone.
pub(super) async fn forget_proxies(
    t: &Transaction<'_>,
    council_no: i64,
    convocation: &Convocation,
) -> Result<(), LogError> {
    let Some(before) = convocation.number.checked_sub(1).filter(|number| *number > 0) else {
        return Ok(());
    };
    let id = DocKey::of_convocation(convocation.sitting, before).0;
    let row = t
        .query_opt(
            "SELECT e.payload FROM record r
             JOIN entry e ON e.council_no = r.council_no AND e.seq = r.seq
             WHERE r.council_no = $1 AND r.entity = 'convocation' AND r.id = $2",
            &[&council_no, &&id[..]],
        )
        .await?;
    let payload: Option<Vec<u8>> = row.map(|row| get(&row, 0)).transpose()?;
    let before = payload
        .and_then(|payload| wire::decode::<RecordPayload>(&payload).ok())
        .and_then(|payload| Record::from_json(&payload.record).ok());
    if let Some(Record::Convocation(before)) = before
        && (before.starts != convocation.starts || before.place != convocation.place)
    {
        t.execute(
            "DELETE FROM proxy WHERE council_no = $1 AND sitting = $2",
            &[&council_no, &&convocation.sitting.to_bytes()[..]],
        )
        .await?;
    }
    Ok(())
}
