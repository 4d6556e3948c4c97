//! Members' calendars and what stands in them.

use deadpool_postgres::Object;
use domain::{Convocation, CouncilId, MemberId, Record, Sha256};

use super::row::{bytes, get, unsigned};
use crate::log::sqlite::columns::int;
use crate::log::{LogError, Subscribed, record_of};

pub(super) async fn addresses(
    c: &Object,
    council: CouncilId,
    member: MemberId,
) -> Result<u64, LogError> {
    let row = c
        .query_opt(
            "SELECT addresses FROM calendar JOIN council USING (council_no)
             WHERE council.id = $1 AND member = $2",
            &[&&council.to_bytes()[..], &&member.to_bytes()[..]],
        )
        .await?;
    row.map_or(Ok(0), |row| unsigned(&row, 0))
}

pub(super) async fn give(
    c: &Object,
    council: CouncilId,
    member: MemberId,
    (nth, token_hash): (u64, Sha256),
    now_ms: i64,
) -> Result<(), LogError> {
    c.execute(
        "INSERT INTO calendar (council_no, member, addresses, token_hash, since_ms)
         SELECT council_no, $2::bytea, $3::bigint, $4::bytea, $5::bigint FROM council
         WHERE id = $1
         ON CONFLICT (council_no, member) DO UPDATE
         SET addresses = excluded.addresses, token_hash = excluded.token_hash,
             since_ms = excluded.since_ms
         WHERE excluded.addresses > calendar.addresses
            OR (excluded.addresses = calendar.addresses AND calendar.token_hash IS NULL)",
        &[
            &&council.to_bytes()[..],
            &&member.to_bytes()[..],
            &int(nth),
            &&token_hash.as_bytes()[..],
            &now_ms,
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn at(c: &Object, token_hash: Sha256) -> Result<Option<Subscribed>, LogError> {
    let row = c
        .query_opt(
            "SELECT council.id, calendar.member,
                    (SELECT coalesce(max(r.seq), 0) FROM record r
                     WHERE r.council_no = council.council_no AND r.entity = 'convocation')
             FROM calendar
             JOIN council USING (council_no)
             JOIN member m ON m.council_no = calendar.council_no AND m.id = calendar.member
             WHERE token_hash = $1 AND m.revoked_ms IS NULL",
            &[&&token_hash.as_bytes()[..]],
        )
        .await?;
    row.map(|row| {
        Ok(Subscribed {
            council: CouncilId::from_bytes(bytes(&row, 0)?),
            member: MemberId::from_bytes(bytes(&row, 1)?),
            latest: unsigned(&row, 2)?,
        })
    })
    .transpose()
}

pub(super) async fn convocations(
    c: &Object,
    council: CouncilId,
) -> Result<Vec<(Convocation, i64)>, LogError> {
    let rows = c
        .query(
            "SELECT e.payload, e.received_ms FROM record r
             JOIN council USING (council_no)
             JOIN entry e ON e.council_no = r.council_no AND e.seq = r.seq
             WHERE council.id = $1 AND r.entity = 'convocation' ORDER BY r.seq",
            &[&&council.to_bytes()[..]],
        )
        .await?;
    let mut found = Vec::new();
    for row in rows {
        let payload: Vec<u8> = get(&row, 0)?;
        if let Record::Convocation(convocation) = record_of(&payload)? {
            found.push((*convocation, get(&row, 1)?));
        }
    }
    Ok(found)
}
