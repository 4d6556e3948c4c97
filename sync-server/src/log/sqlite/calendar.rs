//! Members' calendars and what stands in them.

use domain::{Convocation, CouncilId, MemberId, Record, Sha256};
use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{int, seq_of, unsigned};
use crate::log::{LogError, Subscribed, record_of};

pub(super) fn addresses(
    c: &Connection,
    council: CouncilId,
    member: MemberId,
) -> Result<u64, LogError> {
    let addresses = c
        .prepare_cached(
            "SELECT addresses FROM calendar JOIN council USING (council_no)
             WHERE council.id = ?1 AND member = ?2",
        )?
        .query_row(params![council.to_bytes(), member.to_bytes()], |row| unsigned(row, 0))
        .optional()?;
    Ok(addresses.unwrap_or(0))
}

pub(super) fn give(
    c: &Connection,
    council: CouncilId,
    member: MemberId,
    (nth, token_hash): (u64, Sha256),
    now_ms: i64,
) -> Result<(), LogError> {
    c.prepare_cached(
        "INSERT INTO calendar (council_no, member, addresses, token_hash, since_ms)
         SELECT council_no, ?2, ?3, ?4, ?5 FROM council WHERE id = ?1
         ON CONFLICT DO UPDATE SET addresses = excluded.addresses,
                                   token_hash = excluded.token_hash, since_ms = excluded.since_ms
         WHERE excluded.addresses > calendar.addresses
            OR (excluded.addresses = calendar.addresses AND calendar.token_hash IS NULL)",
    )?
    .execute(params![
        council.to_bytes(),
        member.to_bytes(),
        int(nth),
        token_hash.as_bytes(),
        now_ms
    ])?;
    Ok(())
}

pub(super) fn at(c: &Connection, token_hash: Sha256) -> Result<Option<Subscribed>, LogError> {
    let found = c
        .prepare_cached(
            "SELECT council.id, calendar.member,
                    (SELECT coalesce(max(r.place), 0) FROM record r
                     WHERE r.council_no = council.council_no AND r.entity = 'convocation')
             FROM calendar
             JOIN council USING (council_no)
             JOIN member m ON m.council_no = calendar.council_no AND m.id = calendar.member
             WHERE token_hash = ?1 AND m.revoked_ms IS NULL",
        )?
        .query_row([token_hash.as_bytes()], |row| {
            Ok(Subscribed {
                council: CouncilId::from_bytes(row.get(0)?),
                member: MemberId::from_bytes(row.get(1)?),
                latest: seq_of(row.get(2)?),
            })
        })
        .optional()?;
    Ok(found)
}

pub(super) fn convocations(
    c: &Connection,
    council: CouncilId,
) -> Result<Vec<(Convocation, i64)>, LogError> {
    let mut statement = c.prepare_cached(
        "SELECT e.payload, e.received_ms FROM record r
         JOIN council USING (council_no)
         JOIN entry e ON e.place = r.place
         WHERE council.id = ?1 AND r.entity = 'convocation' ORDER BY r.place",
    )?;
    let mut rows = statement.query([council.to_bytes()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let payload: Vec<u8> = row.get(0)?;
        if let Record::Convocation(convocation) = record_of(&payload)? {
            found.push((*convocation, row.get(1)?));
        }
    }
    Ok(found)
}
